"""The catalogue as files for people and other systems."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lienthong.catalogue.files.spreadsheet import write_xlsx
from lienthong.catalogue.files.yaml_file import write_yaml
from lienthong.catalogue.queries.versions import procedures_as_data
from lienthong.catalogue.states import FileFormat


def export_procedures(
    codes: Iterable[str] | None,
    *,
    file_format: FileFormat,
    now: datetime,
    drafts: bool = False,
) -> bytes:
    """Return procedures as a file. What is imported again from it changes nothing.

    Args:
        codes: Which; None for all.
        format: YAML, or a workbook with a sheet for each part.
        now: Moment noted in a workbook as its own.
        drafts: Whether drafts come too.
    """
    procedures = procedures_as_data(codes, drafts=drafts)
    return write_yaml(procedures) if file_format is FileFormat.YAML else write_xlsx(procedures, now=now)

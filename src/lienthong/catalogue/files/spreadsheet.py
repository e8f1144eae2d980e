"""Procedures as a spreadsheet: one sheet for each part, every code text, lists of choices in the cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import python_calamine
import xlsxwriter
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from lienthong.catalogue.definition import ProcedureData, as_plain
from lienthong.catalogue.files import columns
from lienthong.catalogue.files.cells import FILE_LANGUAGE
from lienthong.catalogue.files.reading import FeeChannel, UnreadableFile
from lienthong.catalogue.files.spreadsheet_safety import look_through
from lienthong.catalogue.states import (
    ApplicantKind,
    Channel,
    Confidence,
    ItemKind,
    OnlineLevel,
    ReceivingLevel,
    StepKind,
    StepLevel,
    StepPlace,
    StepRole,
    SupplementRule,
    VersionStatus,
)
from lienthong.kernel.days import format_day, parse_day
from lienthong.kernel.text import fold
from lienthong.rules.deadline_text import allowance_in_words
from lienthong.rules.deadlines import Allowance, Unit

_CODE, _VERSION_FROM = gettext_lazy("Mã thủ tục"), gettext_lazy("Phiên bản từ ngày")
_YES, _NO = "có", "không"
_WIDE = {"name", "conditions", "source", "notes", "who", "gives", "text", "condition", "note", "allowance_text"}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet: its name, the headings by key, and the words that a column allows."""

    part: str
    name: Any
    headings: Mapping[str, Any]
    choices: Mapping[str, type[TextChoices]]


_PROCEDURES = _Sheet(
    "procedures", gettext_lazy("Thủ tục"), columns.PROCEDURE, {"code_confidence": Confidence, "confidence": Confidence}
)
_VERSIONS = _Sheet(
    "versions",
    gettext_lazy("Phiên bản"),
    {
        **columns.VERSION,
        **{f"decision.{key}": label for key, label in columns.DECISION.items()},
        **{f"start_page.{key}": label for key, label in columns.START_PAGE.items()},
    },
    {
        "status": VersionStatus, "level": ReceivingLevel, "online_level": OnlineLevel, "supplement_rule": SupplementRule,
        "confidence": Confidence, "decision.confidence": Confidence, "online_level_confidence": Confidence,
        "supplement_confidence": Confidence,
    },
)  # fmt: skip
_PARTS = (
    _Sheet("items", gettext_lazy("Giấy tờ"), columns.ITEM, {"kind": ItemKind}),
    _Sheet(
        "steps",
        gettext_lazy("Bước"),
        columns.STEP,
        {"kind": StepKind, "role": StepRole, "place": StepPlace, "agency_level": StepLevel},
    ),
    _Sheet("fees", gettext_lazy("Phí, lệ phí"), columns.FEE, {"channel": FeeChannel, "confidence": Confidence}),
    _Sheet("results", gettext_lazy("Kết quả"), columns.RESULT, {}),
    _Sheet("legal_basis", gettext_lazy("Căn cứ pháp lý"), {"text": gettext_lazy("Căn cứ")}, {}),
)
_LISTS: dict[str, Any] = {
    "predecessors": None, "applicants": ApplicantKind, "channels": Channel, "competent": StepLevel,
}  # fmt: skip
_FLAGS = {"instant", "joint", "required", "digital"}


def write_xlsx(procedures: Iterable[ProcedureData], *, now: datetime) -> bytes:
    """Write procedures as a workbook.

    Args:
        procedures: What to write.
        now: Moment noted as the workbook's own.
    """
    plain = [as_plain(procedure) for procedure in procedures]
    content = BytesIO()
    with override(FILE_LANGUAGE), xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"title": _("Danh mục thủ tục hành chính"), "created": now.replace(tzinfo=None)})
        _write_sheet(book, _PROCEDURES, plain, keyed=0)
        versions = [(one["code"], version) for one in plain for version in one["versions"]]
        _write_sheet(book, _VERSIONS, [{"#code": code, **_flat(version)} for code, version in versions], keyed=1)
        for sheet in _PARTS:
            rows = [
                {"#code": code, "#from": version["valid_from"], **(row if isinstance(row, dict) else {"text": row})}
                for code, version in versions
                for row in version[sheet.part]
            ]
            _write_sheet(book, sheet, rows, keyed=2)
    return content.getvalue()


def _flat(version: dict[str, Any]) -> dict[str, Any]:
    decision = version["decision"] or {}
    return {
        **version,
        **{f"decision.{key}": decision.get(key) for key in columns.DECISION},
        **{f"start_page.{key}": version["start_page"][key] for key in columns.START_PAGE},
    }


def _write_sheet(book: xlsxwriter.Workbook, sheet: _Sheet, rows: Sequence[Mapping[str, Any]], *, keyed: int) -> None:
    page = book.add_worksheet(str(sheet.name))
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    number = book.add_format({"num_format": "0", "valign": "top"})
    heading = book.add_format({"bold": True, "num_format": "@", "text_wrap": True, "bottom": 1, "valign": "top"})
    keys = {"#code": _CODE, "#from": _VERSION_FROM}
    headings = {**{key: keys[key] for key in list(keys)[:keyed]}, **sheet.headings}
    for place, (key, label) in enumerate(headings.items()):
        page.set_column(place, place, 60 if key in _WIDE else 18, text)
        page.write_string(0, place, str(label), heading)
        if key in sheet.choices:
            words = [str(label) for label in sheet.choices[key].labels]
            page.data_validation(1, place, 5000, place, {"validate": "list", "source": words, "ignore_blank": True})
    page.freeze_panes(1, max(keyed, 1))
    for line, row in enumerate(rows, start=1):
        for place, key in enumerate(headings):
            value = _cell(sheet, key, row.get(key))
            if isinstance(value, int):
                page.write_number(line, place, value, number)
            elif value:
                page.write_string(line, place, value, text)


def _cell(sheet: _Sheet, key: str, value: Any) -> str | int:
    if value is None:
        return ""
    if key in _LISTS:
        words = dict(_LISTS[key].choices) if _LISTS[key] else {}
        return "; ".join(str(words.get(one, one)) for one in value)
    if key == "allowance":
        return _allowance_words(value)
    if key in _FLAGS:
        return _YES if value else _NO
    if key in sheet.choices and value:
        return str(sheet.choices[key](value).label)
    if isinstance(value, date):
        return format_day(value)
    return value if isinstance(value, int) else str(value)


def _allowance_words(value: Any) -> str:
    parts = value if isinstance(value, list) else [value]
    return allowance_in_words([Allowance(part["amount"], Unit(part["unit"])) for part in parts])


def read_xlsx(content: bytes) -> list[Any]:
    """Read the procedures of a workbook as plain mappings.

    Raises:
        UnreadableFile: Not a workbook, one that would unfold without measure, or one without our sheets.
    """
    look_through(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
        tables = {fold(name): book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except (python_calamine.CalamineError, OSError, ValueError) as unreadable:
        raise UnreadableFile(_("Tệp không đọc được theo Excel (.xlsx). Hãy mở bằng Excel và lưu lại.")) from unreadable
    with override(FILE_LANGUAGE):
        missing = [str(sheet.name) for sheet in (_PROCEDURES, _VERSIONS) if fold(str(sheet.name)) not in tables]
    if missing:
        raise UnreadableFile(
            _("Tệp thiếu trang tính: %(names)s. Hãy xuất một thủ tục để lấy mẫu.") % {"names": ", ".join(missing)}
        )
    procedures = [_unlisted(row) for row in _records(tables, _PROCEDURES)]
    versions = [_unflat(row) for row in _records(tables, _VERSIONS)]
    for sheet in _PARTS:
        _hang(versions, sheet, _records(tables, sheet))
    _hang_versions(procedures, versions)
    return procedures


def _records(tables: Mapping[str, list[list[Any]]], sheet: _Sheet) -> Iterator[dict[str, Any]]:
    with override(FILE_LANGUAGE):
        rows = tables.get(fold(str(sheet.name)), [])
        known = {fold(str(_CODE)): "#code", fold(str(_VERSION_FROM)): "#from"}
        known |= {fold(str(label)): key for key, label in sheet.headings.items()}
    if not rows:
        return
    keys = [known.get(fold(str(cell)), str(cell)) for cell in rows[0]]
    for line, row in enumerate(rows[1:], start=2):
        record = {key: value for key, value in zip(keys, row, strict=False) if key and value != ""}
        if record:
            yield {**record, "#where": _("trang “%(sheet)s”, dòng %(line)s") % {"sheet": sheet.name, "line": line}}


def _unlisted(row: dict[str, Any]) -> dict[str, Any]:
    return {**{key: value for key, value in row.items() if key != "#where"}, "versions": []}


def _unflat(row: dict[str, Any]) -> dict[str, Any]:
    version: dict[str, Any] = {sheet.part: [] for sheet in _PARTS}
    for key, value in row.items():
        part, _dot, name = key.partition(".")
        if name and part in {"decision", "start_page"}:
            version.setdefault(part, {})[name] = value
        else:
            version[key] = value
    return version


def _hang(versions: list[dict[str, Any]], sheet: _Sheet, rows: Iterable[dict[str, Any]]) -> None:
    homes = {(_key(version.get("#code")), _key(version.get("valid_from"))): version for version in versions}
    for row in rows:
        home = homes.get((_key(row.pop("#code", "")), _key(row.pop("#from", ""))))
        where = row.pop("#where")
        if home is None:
            raise UnreadableFile(
                _("Ở %(where)s: không có phiên bản nào mang mã và ngày này trong trang “%(sheet)s”.")
                % {"where": where, "sheet": _VERSIONS.name}
            )
        home[sheet.part].append(row.get("text", "") if sheet.part == "legal_basis" else row)


def _hang_versions(procedures: list[dict[str, Any]], versions: list[dict[str, Any]]) -> None:
    homes = {_key(procedure.get("code")): procedure for procedure in procedures}
    for version in versions:
        home, where = homes.get(_key(version.pop("#code", ""))), version.pop("#where")
        if home is None:
            raise UnreadableFile(
                _("Ở %(where)s: không có thủ tục nào mang mã này trong trang “%(sheet)s”.")
                % {"where": where, "sheet": _PROCEDURES.name}
            )
        home["versions"].append(version)


def _key(value: Any) -> str:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    try:
        return parse_day(str(value)).isoformat()
    except ValueError:
        return str(value).strip()

"""Whether a file of transfers is what the standard says: asked before it is kept, line by line, against the official schema."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from lxml import etree

from lienthong.payments.outgoing.credit_transfers import NAMESPACE
from lienthong.payments.outgoing.values import OrderRefused

_PACKAGE: Final = "pain001"
_SCHEMA: Final = Path("templates") / "pain.001.001.09" / "pain.001.001.09.xsd"
_LINE: Final = f"{{{NAMESPACE}}}CdtTrfTxInf"


class SchemaMissing(LookupError):
    """The official schema is not installed, so no file may leave; the message says how to get it."""


def check_credit_transfers(file: Path) -> int:
    """Hold a written file against the schema of ``pain.001.001.09``.

    Returns:
        How many transfers stand in it.

    Raises:
        OrderRefused: The file is not what the standard says; the message quotes line and reason.
        SchemaMissing: There is no schema to hold it against.
    """
    count = 0
    try:
        with file.open("rb") as content:
            walk = etree.iterparse(
                content, events=("end",), tag=_LINE, schema=_schema(), no_network=True, resolve_entities=False,
                load_dtd=False,
            )  # fmt: skip
            for _event, element in walk:
                count += 1
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as wrong:
        raise OrderRefused(
            f"Lệnh chi vừa lập không đúng lược đồ pain.001.001.09 nên không được xuất: {wrong}"
        ) from wrong
    return count


@cache
def _schema() -> Any:
    # The package is only asked where it lies: importing it would load a whole application.
    found = find_spec(_PACKAGE)
    file = Path(found.origin).parent / _SCHEMA if found and found.origin else None
    if file is None or not file.is_file():
        raise SchemaMissing(
            "Không tìm thấy lược đồ pain.001.001.09 (gói pain001). Hãy chạy lại ./lienthong up để cài đủ thư viện."
        )
    return etree.XMLSchema(etree.parse(str(file), etree.XMLParser(no_network=True, resolve_entities=False)))

"""XML of strangers, read piece by piece: no document types, no entities, no network, no tree that grows.

What a document type could do (entities that multiply, files read from outside) is stopped before the real reader begins:
it may only stand before the first element, so the beginning is looked at by a second, smaller parser.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

from lxml import etree

from lienthong.payments.incoming.refusals import DamagedAnswer, DangerousAnswer, EmptyAnswer

_PIECE: Final = 64 * 1024
# Before its first element no message of a bank has more to say.
_LONGEST_BEGINNING: Final = 1024 * 1024
# What is read is let go of at once, so that a true answer of whatever length never holds more than a few kilobytes.
_MOST_HELD: Final = 256 * 1024
_ROOT: Final = "Document"


class _BegunError(Exception):
    """The first element was reached."""


def root_name(file: Path) -> tuple[str, str]:
    """Return name space and name of the first element, having made sure that nothing is declared before it.

    Raises:
        EmptyAnswer, DamagedAnswer: No XML.
        DangerousAnswer: It declares a document type.
    """
    found: list[str] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def begin(name: str, _attributes: dict[str, str]) -> None:
        found.append(name)
        raise _BegunError

    def declare(*_facts: Any) -> None:
        raise DangerousAnswer(
            "Tệp khai báo kiểu tài liệu (DOCTYPE). Tệp của ngân hàng không có phần này; có thể tệp đã bị cài mã độc nên "
            "không được đọc. Hãy lấy lại trực tiếp từ ngân hàng."
        )

    parser.StartElementHandler, parser.StartDoctypeDeclHandler = begin, declare
    read = 0
    try:
        with file.open("rb") as content:
            while piece := content.read(_PIECE):
                read += len(piece)
                parser.Parse(piece, False)
                if read > _LONGEST_BEGINNING:
                    raise DangerousAnswer("Tệp có phần mở đầu dài bất thường nên không được đọc.")
            if not read:
                raise EmptyAnswer("Tệp rỗng. Hãy lấy lại từ ngân hàng.")
            parser.Parse(b"", True)
    except _BegunError:
        space, _gap, name = found[0].rpartition(" ")
        return space, name
    except (expat.ExpatError, LookupError, ValueError) as broken:
        if isinstance(broken, DangerousAnswer | EmptyAnswer):
            raise
        raise DamagedAnswer(
            f"Tệp không phải XML đọc được, hoặc sai bảng mã ({broken}). Hãy lấy lại từ ngân hàng."
        ) from broken
    raise DamagedAnswer("Tệp XML không có nội dung. Hãy lấy lại từ ngân hàng.")


def walk(file: Path, names: tuple[str, ...]) -> Iterator[Any]:
    """Yield elements of these local names as each ends, whatever their name space. Call ``root_name`` first.

    Whoever is given an element lets go of it (``forget``). What is never given out, because no answer has it or has it so often,
    stays; the file is read no further once that grows.

    Raises:
        DamagedAnswer: The file breaks off, nests too deeply, or holds bytes that are not its encoding.
        DangerousAnswer: It goes on and on about something else.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"), tag=tuple(f"{{*}}{name}" for name in (_ROOT, *names)), resolve_entities=False,
        no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    root = None
    try:
        with file.open("rb") as content:
            while piece := content.read(_PIECE):
                parser.feed(piece)
                for event, element in parser.read_events():
                    if root is None:
                        root = element
                    if event == "end" and element is not root:
                        yield element
                if root is not None and len(etree.tostring(root)) > _MOST_HELD:
                    raise DangerousAnswer(
                        "Tệp có phần không thuộc sao kê, báo kết quả dài bất thường nên không được đọc. Hãy lấy lại từ ngân hàng."
                    )
            parser.close()
            yield from (element for event, element in parser.read_events() if event == "end" and element is not root)
    except etree.XMLSyntaxError as broken:
        raise DamagedAnswer(
            f"Tệp XML bị hỏng hoặc chưa tải hết ({broken.msg}). Hãy lấy lại từ ngân hàng.", row=broken.lineno or None
        ) from broken


def local(element: Any) -> str:
    """Return the name of an element without its name space."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: Any, *path: str) -> Any | None:
    """Return the first element down a path of local names; None where it is not there."""
    for name in path:
        for candidate in element:
            tag = candidate.tag
            if isinstance(tag, str) and tag.endswith(name) and tag.rpartition("}")[2] == name:
                element = candidate
                break
        else:
            return None
    return element


def text(element: Any, *path: str) -> str:
    """Return the text of the first element down a path; empty where it is not there."""
    found = child(element, *path)
    return (found.text or "").strip() if found is not None else ""


def children(element: Any, name: str) -> list[Any]:
    """Return the elements of one local name right under another."""
    return [candidate for candidate in element if local(candidate) == name]


def forget(element: Any) -> None:
    """Empty an element that was read, and take away its elder siblings of the same name."""
    element.clear(keep_tail=False)
    forget_elders(element)


def forget_elders(element: Any) -> None:
    """Take away the elder siblings of the same name of an element, which were read."""
    parent = element.getparent()
    while (elder := element.getprevious()) is not None and elder.tag == element.tag:
        parent.remove(elder)

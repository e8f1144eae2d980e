"""The facts of a proposal as options of the terminal and as keys of a file: how each is read, and how the schema describes it.

Options are text, files hold words, whole numbers, true and false: both are understood alike. What cannot be is refused in a
sentence that names the key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from lienthong.kernel.days import parse_day
from lienthong.kernel.identity import UnreadablePersonalId, read_personal_id
from lienthong.kernel.money import parse_dong
from lienthong.kernel.text import UncleanText, clean_line, whole_number
from lienthong.ops.assess_files import FactsRefused
from lienthong.ops.payroll_reading import month_of_text
from lienthong.rules.social_assistance.plain_facts import LARGEST_AMOUNT, FactRefused, flag, shown
from lienthong.rules.social_assistance.plain_file import FileRefused, read_plain_file

Schema = dict[str, Any]
Read = Callable[[str, Any], Any]
LONGEST_LINE: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One fact of a proposal.

    Attributes:
        name: The key of a file; an option has dashes.
        words: What it is, in Vietnamese.
        read: Gives the value, or refuses it; an empty one is none.
        schema: Of the value in a file.
        needed: Nothing is proposed without it.
    """

    name: str
    words: str
    read: Read
    schema: Schema
    needed: bool = False

    @property
    def option(self) -> str:
        """The option of the terminal."""
        return f"--{self.name.replace('_', '-')}"


def line(name: str, words: str, *, needed: bool = False, at_most: int = LONGEST_LINE) -> Field:
    """Describe words on one line."""

    def read(key: str, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise FactRefused(key, f"“{shown(value)}” phải là một dòng chữ.")
        try:
            return clean_line(str(value), at_most=at_most)
        except UncleanText as unclean:
            raise FactRefused(key, str(unclean)) from None

    return Field(name=name, words=words, read=read, schema={"type": ["string", "integer"]}, needed=needed)


def day(name: str, words: str, *, needed: bool = False) -> Field:
    """Describe a day."""
    schema = {"type": "string", "description": "ngày, ví dụ 27/11/2026 hoặc 2026-11-27"}
    return Field(name=name, words=words, read=_day, schema=schema, needed=needed)


def month(name: str, words: str, *, needed: bool = False) -> Field:
    """Describe a month; its value is the first day."""
    schema = {"type": "string", "description": "tháng, ví dụ 11/2026"}
    return Field(name=name, words=words, read=_month, schema=schema, needed=needed)


def dong(name: str, words: str, *, needed: bool = False) -> Field:
    """Describe an amount in whole đồng."""
    schema = {"type": ["integer", "string"], "minimum": 0, "maximum": LARGEST_AMOUNT}
    return Field(name=name, words=f"{words}, đồng", read=_dong, schema=schema, needed=needed)


def whole(name: str, words: str, *, needed: bool = False) -> Field:
    """Describe a whole number from 0."""
    return Field(name=name, words=words, read=_whole, schema={"type": "integer", "minimum": 0}, needed=needed)


def yes_no(name: str, words: str, *, needed: bool = False) -> Field:
    """Describe yes or no: true, false, có, không."""
    return Field(name=name, words=words, read=flag, schema={"type": "boolean"}, needed=needed)


def numbers(name: str, words: str) -> Field:
    """Describe numbers of records: a list in a file, with commas at the terminal."""
    schema = {"type": "array", "items": {"type": "integer", "minimum": 1}}
    return Field(name=name, words=words, read=_numbers, schema=schema)


def person_number(name: str, words: str, *, needed: bool = False) -> Field:
    """Describe a personal identity number; in a file it is text, for it may begin with zeros."""
    return Field(name=name, words=words, read=_person_number, schema={"type": "string"}, needed=needed)


def code(name: str, words: str, codes: Iterable[str], *, needed: bool = False) -> Field:
    """Describe one code out of a list."""
    known = [str(one) for one in codes]

    def read(key: str, value: Any) -> str:
        if value in known:
            return str(value)
        raise FactRefused(key, f"không có mã “{shown(value)}”. Các mã: {', '.join(known)}.")

    return Field(name=name, words=words, read=read, schema={"enum": known}, needed=needed)


def plain(name: str, words: str, *, needed: bool = False) -> Field:
    """Describe an answer to a question of the rules, which read it themselves: a code, yes or no, đồng, a list."""
    return Field(name=name, words=words, read=_plain, schema={}, needed=needed)


def read_fields(
    fields: Sequence[Field], *, file: Path | None, options: Mapping[str, str], example: str
) -> dict[str, Any]:
    """Return what a file and the options say, by the names of the fields; an option goes before the file.

    Raises:
        FactRefused: A value cannot be.
        FactsRefused: The file cannot be read, says something that is not asked, or something needed is told nowhere.
    """
    told: dict[str, Any] = {**(_from_file(file, fields) if file else {}), **options}
    given = {name: value for name, value in told.items() if value is not None and value != ""}
    missing = [one for one in fields if one.needed and one.name not in given]
    if missing:
        asked = "; ".join(f"{one.option} ({one.words})" for one in missing)
        raise FactsRefused(f"Còn thiếu: {asked}. Ghi bằng tùy chọn hoặc trong tệp --facts. Ví dụ: {example}")
    by_name = {one.name: one for one in fields}
    return {name: by_name[name].read(name, value) for name, value in given.items()}


def schema_of(fields: Sequence[Field]) -> Schema:
    """Describe the file that holds these facts."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [one.name for one in fields if one.needed],
        "properties": {one.name: _described(one) for one in fields},
    }


def _described(one: Field) -> Schema:
    more = one.schema.get("description")
    return {**one.schema, "description": f"{one.words} ({more})" if more else one.words}


def _from_file(file: Path, fields: Sequence[Field]) -> dict[str, Any]:
    try:
        content = dict(read_plain_file(file.read_bytes()))
    except OSError:
        raise FactsRefused(f"Không mở được tệp {file}. Hãy kiểm tra đường dẫn.") from None
    except FileRefused as refusal:
        raise FactsRefused(f"Tệp {file.name}: {refusal}") from None
    names = [one.name for one in fields]
    for name in content:
        if name not in names:
            raise FactsRefused(
                f"Tệp {file.name}: mục {shown(name)}: không có mục này. Các mục: {', '.join(names) or 'không có'}."
            )
    return content


def _day(key: str, value: Any) -> date:
    try:
        return parse_day(str(value))
    except ValueError as unreadable:
        raise FactRefused(key, str(unreadable)) from None


def _month(key: str, value: Any) -> date:
    found = month_of_text(str(value))
    if found is None:
        raise FactRefused(key, f"“{shown(value)}” không phải một tháng. Viết tháng/năm, ví dụ 11/2026.")
    return found


def _dong(key: str, value: Any) -> int:
    try:
        amount = int(parse_dong(str(value)))
    except ValueError as unreadable:
        raise FactRefused(key, str(unreadable)) from None
    if not 0 <= amount <= LARGEST_AMOUNT:
        raise FactRefused(key, f"“{shown(value)}” phải từ 0 đến {LARGEST_AMOUNT} đồng.")
    return amount


def _whole(key: str, value: Any) -> int:
    found = whole_number(str(value), digits=9) if not isinstance(value, bool) else None
    if found is None:
        raise FactRefused(key, f"“{shown(value)}” phải là số nguyên từ 0, ví dụ 3.")
    return found


def _numbers(key: str, value: Any) -> tuple[int, ...]:
    parts = value if isinstance(value, list) else str(value).split(",")
    return tuple(_whole(key, str(one).strip()) for one in parts)


def _person_number(key: str, value: Any) -> str:
    try:
        return read_personal_id(str(value)).number
    except UnreadablePersonalId as unreadable:
        raise FactRefused(key, str(unreadable)) from None


def _plain(key: str, value: Any) -> Any:
    """Read an option as the value of a file is read; what a file holds has been read so already."""
    if not isinstance(value, str):
        return value
    try:
        return read_plain_file(f"{key}: {value}".encode())[key]
    except FileRefused:
        return value

"""Facts of a person to and from plain values, as files, forms and stored assessments have them.

Left out or empty is unknown. Everything else is either understood exactly or refused in a sentence that names the key, the value
and what to do; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final

from lienthong.kernel.days import BirthDate, DatePrecision, format_day
from lienthong.kernel.identity import Sex
from lienthong.kernel.money import Dong
from lienthong.rules.social_assistance.facts import (
    AMOUNTS,
    CHILD_FIELDS,
    CHOICES,
    FIELDS,
    FLAGS,
    MOST_CHILDREN,
    ChildFacts,
    PersonFacts,
)

LARGEST_AMOUNT: Final = 10**9
EARLIEST_YEAR: Final = 1880
_SHOWN: Final = 60
TRUE_WORDS: Final = frozenset({"true", "yes", "có"})
FALSE_WORDS: Final = frozenset({"false", "no", "không"})


class FactRefused(ValueError):
    """A value that is no fact; ``key`` says which, and the sentence what is wrong and what to do."""

    def __init__(self, key: str, sentence: str) -> None:
        self.key, self.sentence = key, sentence
        super().__init__(f"Mục {key}: {sentence}")


def person_from_plain(content: Mapping[str, Any]) -> PersonFacts:
    """Read the facts of a person.

    Args:
        content: By the names of :class:`PersonFacts`; ``children`` a list of mappings by the names of :class:`ChildFacts`.

    Raises:
        FactRefused: An unknown key, a value of the wrong kind, a date that does not exist, a negative amount, or facts that
            contradict each other.
    """
    _only(content, FIELDS, "")
    found: dict[str, Any] = {name: choice(name, content.get(name), kind) for name, kind in CHOICES.items()}
    found |= {name: flag(name, content.get(name)) for name in FLAGS}
    found |= {name: dong(name, content.get(name)) for name in AMOUNTS}
    if found["is_pregnant"] and found["sex"] is Sex.MALE:
        raise FactRefused("is_pregnant", "ghi là có, nhưng giới tính (sex) là nam. Hãy sửa một trong hai.")
    return PersonFacts(
        birth_date=birth_date("birth_date", content.get("birth_date")), children=_children(content), **found
    )


def _children(content: Mapping[str, Any]) -> tuple[ChildFacts, ...] | None:
    children = content.get("children")
    if children is None or children == "":
        return None
    if isinstance(children, (str, bytes, Mapping)) or not isinstance(children, Sequence):
        raise FactRefused("children", f"“{shown(children)}” phải là danh sách; không nuôi con thì ghi [].")
    if len(children) > MOST_CHILDREN:
        raise FactRefused("children", f"có {len(children)} người con; nhiều nhất là {MOST_CHILDREN}.")
    return tuple(_child(child, f"children.{place}") for place, child in enumerate(children, 1))


def _child(content: Any, key: str) -> ChildFacts:
    if not isinstance(content, Mapping):
        raise FactRefused(key, f"“{shown(content)}” phải là các cặp tên và giá trị: {', '.join(CHILD_FIELDS)}.")
    _only(content, CHILD_FIELDS, f"{key}.")
    return ChildFacts(
        birth_date=birth_date(f"{key}.birth_date", content.get("birth_date")),
        is_studying=flag(f"{key}.is_studying", content.get("is_studying")),
    )


def _only(content: Mapping[str, Any], names: Sequence[str], start: str) -> None:
    for name in content:
        if name not in names:
            raise FactRefused(f"{start}{shown(name)}", f"không có mục này. Các mục: {', '.join(names)}.")


def shown(value: Any) -> str:
    """Give a value as it can stand in a sentence: short, and without letters that are not written.

    Examples:
        >>> shown("x" * 100)[-3:], shown("a\\x00b")
        ('xx…', 'a·b')
    """
    text = "".join(letter if letter.isprintable() else "·" for letter in str(value)[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def choice(key: str, value: Any, kind: type[StrEnum]) -> Any:
    """Read one code out of a list.

    Raises:
        FactRefused: There is no such code; the sentence names those there are.
    """
    if _is_empty(value):
        return None
    if isinstance(value, str) and value.strip() in set(kind):
        return kind(value.strip())
    raise FactRefused(key, f"không có mã “{shown(value)}”. Các mã: {', '.join(kind)}.")


def flag(key: str, value: Any) -> bool | None:
    """Read yes or no: true, false, có, không.

    Raises:
        FactRefused: It is neither.
    """
    if _is_empty(value) or isinstance(value, bool):
        return None if _is_empty(value) else bool(value)
    text = value.strip().lower() if isinstance(value, str) else ""
    if text in TRUE_WORDS or text in FALSE_WORDS:
        return text in TRUE_WORDS
    raise FactRefused(key, f"“{shown(value)}” phải là true (có) hoặc false (không); chưa biết thì bỏ trống.")


def dong(key: str, value: Any) -> Dong | None:
    """Read a whole amount of đồng from 0.

    Raises:
        FactRefused: It is none, is negative, or larger than any benefit.
    """
    if _is_empty(value):
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise FactRefused(
            key, f"“{shown(value)}” phải là số nguyên đồng, không dấu chấm, ví dụ 540000; không có thì ghi 0."
        )
    if value < 0:
        raise FactRefused(key, f"“{shown(value)}” là số âm; phải từ 0 đồng trở lên.")
    if value > LARGEST_AMOUNT:
        raise FactRefused(key, f"“{shown(value)}” quá lớn; nhiều nhất là {LARGEST_AMOUNT} đồng mỗi tháng.")
    return Dong(value)


def birth_date(key: str, value: Any) -> BirthDate | None:
    """Read a date of birth: the day, only the month, or only the year.

    Args:
        key: Of the fact.
        value: Text such as 12/03/1954, 03/1954, 1954 or their ISO forms; a year may be a number.

    Raises:
        FactRefused: It is no date, or one that cannot be.
    """
    if _is_empty(value):
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise FactRefused(key, f"“{shown(value)}” phải là ngày, ví dụ 12/03/1954; chỉ biết năm thì ghi 1954.")
    try:
        found = BirthDate.parse(shown(value))
    except ValueError as unreadable:
        raise FactRefused(key, f"“{shown(value)}”: {unreadable}") from None
    if found.year < EARLIEST_YEAR:
        raise FactRefused(key, f"“{shown(value)}” là năm quá xa; ngày sinh phải từ năm {EARLIEST_YEAR}.")
    return found


def check_day(facts: PersonFacts, on: date) -> None:
    """Refuse dates of birth that lie after the day of the assessment.

    Raises:
        FactRefused: Somebody is not born yet.
    """
    births = {"birth_date": facts.birth_date}
    births |= {f"children.{place}.birth_date": child.birth_date for place, child in enumerate(facts.children or (), 1)}
    for key, birth in births.items():
        if birth is not None and birth.earliest > on:
            raise FactRefused(key, f"“{birth}” sau ngày xét {format_day(on)}. Hãy kiểm tra ngày sinh hoặc ngày xét.")


def person_as_plain(facts: PersonFacts) -> dict[str, Any]:
    """Write facts as JSON values; ``person_from_plain`` reads them back. Unknown facts are left out."""
    found: dict[str, Any] = {}
    for name in FIELDS:
        value = getattr(facts, name)
        if value is not None:
            found[name] = [_child_as_plain(child) for child in value] if name == "children" else _bare(value)
    return found


def _child_as_plain(child: ChildFacts) -> dict[str, Any]:
    return {name: _bare(value) for name in CHILD_FIELDS if (value := getattr(child, name)) is not None}


def _bare(value: Any) -> Any:
    if isinstance(value, BirthDate):
        length = {DatePrecision.YEAR: 4, DatePrecision.MONTH: 7, DatePrecision.DAY: 10}[value.precision]
        return value.day.isoformat()[:length]
    return value.value if isinstance(value, StrEnum) else value

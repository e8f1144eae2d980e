"""What if the law said another number: changes of parameters from a file or a form, and the law with them.

A change names a parameter as its file does (``base_level``, ``coefficients:severe_disability``, ``ages:social_pension_from``,
``combination:…``, ``merit:standard``), gives the other value as people write it, and the day it would apply from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from lienthong.kernel.days import format_day, parse_day
from lienthong.kernel.legal import LegalReference
from lienthong.kernel.money import Dong
from lienthong.rules.merit.levels import LevelTable, LevelTables, load_tables, rounded
from lienthong.rules.parameters import PARAMETERS_FOLDER, NoValueInForce, Parameter, load_parameter, load_yaml
from lienthong.rules.social_assistance.law import FOLDER, AssistanceLaw, law_on
from lienthong.rules.social_assistance.plain_facts import shown
from lienthong.rules.social_assistance.plain_file import read_plain_file

BASE_LEVEL: Final = "base_level"
PENSION_LEVEL: Final = "social_pension:level"
MERIT_STANDARD: Final = "merit:standard"
DRAFT: Final = LegalReference(document="Phương án giả định")
MOST_CHANGES: Final = 40
_COEFFICIENTS: Final = ("coefficients", "care_support", "institutions")
_AGES: Final = "ages"
_CHOICES: Final = "combination"
_NOT_CHANGED: Final = "conditions"
_TENTHS: Final = 10
_LOWEST_LEVEL, _HIGHEST_LEVEL = 10_000, 100_000_000
_HIGHEST_TENTHS: Final = 200
_HIGHEST_AGE, _HIGHEST_MONTHS = 120, 600
_FILE_KEYS: Final = ("name", "note", "on", "changes")
_CHANGE_KEYS: Final = ("parameter", "value", "from")


class ChangeRefused(ValueError):
    """A change that cannot be; ``key`` says where, and the sentence what is wrong and what to do."""

    def __init__(self, key: str, sentence: str) -> None:
        self.key, self.sentence = key, sentence
        super().__init__(f"Mục {key}: {sentence}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Another value of one parameter. Thay đổi giả định.

    Attributes:
        value: Đồng, tenths, years or months as the parameter counts them, or a word.
        applied_from: None: from the first day that is reckoned.
    """

    parameter: str
    value: int | str
    applied_from: date | None = None

    def applies_on(self, day: date) -> bool:
        """Tell whether the change holds on a day."""
        return self.applied_from is None or self.applied_from <= day


@dataclass(frozen=True, slots=True, kw_only=True)
class Changeable:
    """A parameter that can be changed, with its name in words and how its value is written today."""

    name: str
    words: str
    unit: str
    today: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A file of changes."""

    name: str
    note: str
    on: date | None
    changes: tuple[Change, ...]


_CHOICE_WORDS: Final = {
    "highest": "chỉ mức cao nhất", "both": "cả hai", "full": "toàn bộ", "difference": "phần chênh lệch", "yes": "có", "no": "không",
}  # fmt: skip
"""How the words of ``combination.yaml`` are told; a change is still written by the word itself."""


@lru_cache
def parameter_names() -> tuple[str, ...]:
    """Name every parameter that can be changed, in the order of the law."""
    folder = PARAMETERS_FOLDER / FOLDER
    names = [BASE_LEVEL, PENSION_LEVEL]
    names += [f"{file}:{key}" for file in (*_COEFFICIENTS, _AGES) for key in load_yaml(folder / f"{file}.yaml")]
    names += [f"{_CHOICES}:{key}" for key in load_yaml(folder / f"{_CHOICES}.yaml") if key != _NOT_CHANGED]
    return (*names, MERIT_STANDARD)


def changeable_on(day: date) -> tuple[Changeable, ...]:
    """Name every parameter with its value of a day; those without one that day are left out."""
    found = []
    for name in parameter_names():
        parameter = _parameter(name)
        value = parameter.value_if_any(day)
        if value is not None:
            unit, today = _unit_words(name), written(name, value.value)
            if isinstance(value.value, str):
                unit, today = "", f"{_CHOICE_WORDS[today]}, ghi {today}" if today in _CHOICE_WORDS else today
            found.append(Changeable(name=name, words=parameter.vi, unit=unit, today=today))
    return tuple(found)


def words_of(name: str) -> str:
    """Give the name of a parameter in words."""
    return _parameter(name).vi


def written(name: str, value: int | str) -> str:
    """Write a value as people do: a coefficient with its comma, an amount with its points."""
    if not isinstance(value, int):
        return {"ended": "bãi bỏ"}.get(value, value)
    if _kind(name) in _COEFFICIENTS:
        whole, tenth = divmod(value, _TENTHS)
        return f"{whole},{tenth}"
    if _kind(name) == _AGES:
        return str(value)
    return f"{value:,}".replace(",", ".")


def read_change(content: Any, key: str) -> Change:
    """Read one change.

    Args:
        content: ``parameter``, ``value`` and, where it does not apply from the beginning, ``from``.
        key: Where it stands, for the refusal.

    Raises:
        ChangeRefused: No such parameter, a value that it cannot have, or a day that there is not.
    """
    if not isinstance(content, Mapping):
        raise ChangeRefused(key, "phải là các cặp tên và giá trị: parameter, value, from.")
    for one in content:
        if one not in _CHANGE_KEYS:
            raise ChangeRefused(f"{key}.{shown(one)}", f"không có mục này. Các mục: {', '.join(_CHANGE_KEYS)}.")
    name = str(content.get("parameter") or "").strip()
    if name not in parameter_names():
        raise ChangeRefused(f"{key}.parameter", f"không có tham số “{shown(name)}”.{_nearest(name)}")
    return Change(
        parameter=name,
        value=read_value(name, content.get("value"), f"{key}.value"),
        applied_from=_day(content.get("from"), f"{key}.from"),
    )


def read_value(name: str, value: Any, key: str) -> int | str:
    """Read a value of a parameter as people write it.

    Raises:
        ChangeRefused: The parameter cannot have it.
    """
    if value is None or not str(value).strip():
        raise ChangeRefused(key, f"chưa ghi giá trị mới của “{words_of(name)}”.")
    kind, text = _kind(name), str(value).strip()
    if kind == _CHOICES:
        known = {str(one.value) for one in _parameter(name).values} | _words_in_unit(name)
        if text not in known:
            raise ChangeRefused(
                key, f"“{shown(text)}” không phải lựa chọn của “{words_of(name)}”: {', '.join(sorted(known))}."
            )
        return text
    if kind in _COEFFICIENTS:
        return _tenths(name, text, key)
    number = _whole(text)
    if number is None or isinstance(value, bool):
        raise ChangeRefused(key, f"“{shown(text)}” phải là số nguyên, ví dụ {_example(name)}.")
    if kind == _AGES:
        most = _HIGHEST_MONTHS if name.endswith("_months") else _HIGHEST_AGE
        unit = "tháng" if name.endswith("_months") else "tuổi"
        if not 0 <= number <= most:
            raise ChangeRefused(key, f"“{shown(text)}” không thể là “{words_of(name)}”; phải từ 0 đến {most} {unit}.")
        return number
    if not _LOWEST_LEVEL <= number <= _HIGHEST_LEVEL or number % _TENTHS:
        raise ChangeRefused(
            key,
            f"“{shown(text)}” không thể là “{words_of(name)}”; phải là bội số của 10, từ {_LOWEST_LEVEL} đến {_HIGHEST_LEVEL} đồng.",
        )
    return number


def read_draft(content: bytes) -> Draft:
    """Read a file of changes, YAML or JSON.

    Raises:
        FileRefused: No such file can be read.
        ChangeRefused: A key, a parameter or a value that cannot be.
    """
    found = read_plain_file(content)
    for one in found:
        if one not in _FILE_KEYS:
            raise ChangeRefused(shown(one), f"không có mục này. Các mục: {', '.join(_FILE_KEYS)}.")
    return Draft(
        name=str(found.get("name") or "").strip(),
        note=str(found.get("note") or "").strip(),
        on=_day(found.get("on"), "on"),
        changes=read_changes(found.get("changes")),
    )


def read_changes(content: Any) -> tuple[Change, ...]:
    """Read a list of changes.

    Raises:
        ChangeRefused: There is none, there are too many, one is not understood, or two give one parameter from one day on.
    """
    if isinstance(content, (str, bytes, Mapping)) or not isinstance(content, Sequence) or not content:
        raise ChangeRefused("changes", "phải có ít nhất một thay đổi, mỗi thay đổi gồm parameter và value.")
    if len(content) > MOST_CHANGES:
        raise ChangeRefused("changes", f"có {len(content)} thay đổi; nhiều nhất là {MOST_CHANGES}.")
    changes = tuple(read_change(one, f"changes.{place}") for place, one in enumerate(content, 1))
    seen: set[tuple[str, date | None]] = set()
    for place, one in enumerate(changes, 1):
        if (one.parameter, one.applied_from) in seen:
            raise ChangeRefused(
                f"changes.{place}", f"“{one.parameter}” đã có một giá trị khác áp dụng từ cùng ngày. Hãy bỏ một."
            )
        seen.add((one.parameter, one.applied_from))
    return changes


def as_plain(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Write changes as JSON values; ``read_changes`` reads them back."""
    found = []
    for one in changes:
        value: int | str = one.value
        if _kind(one.parameter) in _COEFFICIENTS and isinstance(value, int):
            value = written(one.parameter, value)
        plain: dict[str, Any] = {"parameter": one.parameter, "value": value}
        if one.applied_from is not None:
            plain["from"] = one.applied_from.isoformat()
        found.append(plain)
    return found


def law_with(day: date, changes: Iterable[Change]) -> AssistanceLaw:
    """Give the law of social assistance of a day with the changes that apply to it.

    Raises:
        NoValueInForce: Something is not recorded for the day.
        ChangeRefused: What is changed does not exist on that day, or does not fit together.
    """
    law = law_on(day)
    latest = _latest(changes, day)
    coefficients, ages, options = (
        {name.partition(":")[2]: value for name, value in latest.items() if _kind(name) in kinds}
        for kinds in (_COEFFICIENTS, (_AGES,), (_CHOICES,))
    )
    base, pension = latest.get(BASE_LEVEL), latest.get(PENSION_LEVEL)
    if pension is not None and law.social_pension_level is None:
        raise ChangeRefused(PENSION_LEVEL, f"ngày {format_day(day)} chưa có trợ cấp hưu trí xã hội.")
    try:
        return law.with_values(
            base_level=None if base is None else int(base),
            social_pension_level=None if pension is None else int(pension),
            coefficients={name: int(value) for name, value in coefficients.items()},
            ages={name: int(value) for name, value in ages.items()},
            options={name: str(value) for name, value in options.items()},
            reference=DRAFT,
        )
    except KeyError as unknown:
        raise ChangeRefused(
            str(unknown.args[0]), f"chưa áp dụng vào ngày {format_day(day)}, nên không đổi được."
        ) from None
    except ValueError as impossible:
        raise ChangeRefused("changes", str(impossible)) from None


def tables_with(day: date, changes: Iterable[Change]) -> LevelTables | None:
    """Give the levels of people with merit with another standard; None where nothing of them is changed on the day.

    Every level is multiplied by the new standard over the one of the day and rounded, as the decrees do.

    Raises:
        NoValueInForce: No standard or table is recorded for the day.
    """
    standard = _latest(changes, day).get(MERIT_STANDARD)
    if standard is None:
        return None
    now = load_parameter("merit/standard").value_on(day)
    to = load_parameter("merit/conditions:rounding").value_on(day)
    return MappingProxyType(
        {name: _multiplied(tables, day, int(standard), now, to) for name, tables in load_tables().items()}
    )


def _multiplied(tables: tuple[LevelTable, ...], day: date, new: int, old: int, to: int) -> tuple[LevelTable, ...]:
    there_are = [one for one in tables if one.applied_from <= day]
    if not there_are:
        raise NoValueInForce(f"Chưa có bảng mức hưởng người có công cho ngày {format_day(day)}.")
    last = there_are[-1]
    levels: dict[str | int, Dong] = {key: rounded(amount * new, old, to) for key, amount in last.levels.items()}
    return (replace(last, levels=MappingProxyType(levels), reference=DRAFT),)


def _latest(changes: Iterable[Change], day: date) -> dict[str, int | str]:
    """Give the value of each changed parameter that applies last."""
    applying = [one for one in changes if one.applies_on(day)]
    return {one.parameter: one.value for one in sorted(applying, key=lambda one: one.applied_from or date.min)}


def _parameter(name: str) -> Parameter:
    return load_parameter("merit/standard" if name == MERIT_STANDARD else f"{FOLDER}/{name}")


def _kind(name: str) -> str:
    return name.partition(":")[0]


def _unit_words(name: str) -> str:
    if _kind(name) in _COEFFICIENTS:
        return "lần mức chuẩn"
    if _kind(name) == _AGES:
        return "tháng" if name.endswith("_months") else "tuổi"
    return "" if _kind(name) == _CHOICES else "đồng/tháng"


def _words_in_unit(name: str) -> set[str]:
    """Take the words that may be chosen from the unit, which explains each: ``"highest: …; both: …"``."""
    return {part.partition(":")[0].strip() for part in _parameter(name).unit.split(";") if ":" in part}


def _tenths(name: str, text: str, key: str) -> int:
    try:
        number = Decimal(text.replace(",", ".")) * _TENTHS
    except InvalidOperation:
        raise ChangeRefused(key, f"“{shown(text)}” phải là hệ số, ví dụ 1,5.") from None
    if not number.is_finite() or number != number.to_integral_value() or not 0 <= number <= _HIGHEST_TENTHS:
        most = written(name, _HIGHEST_TENTHS)
        raise ChangeRefused(
            key, f"“{shown(text)}” không thể là “{words_of(name)}”; hệ số có một số lẻ, từ 0 đến {most}."
        )
    return int(number)


def _whole(text: str) -> int | None:
    bare = text.replace(".", "").replace(" ", "")
    groups = text.split(".")
    if len(groups) > 1 and any(len(one) != 3 for one in groups[1:]):
        return None
    return int(bare) if bare.isdecimal() and len(bare) <= 12 else None


def _example(name: str) -> str:
    return "70" if _kind(name) == _AGES else "600000"


def _day(value: Any, key: str) -> date | None:
    if value is None or not str(value).strip():
        return None
    try:
        return parse_day(str(value).strip())
    except ValueError as unreadable:
        raise ChangeRefused(key, f"“{shown(value)}” không phải là ngày: {unreadable}") from None


def _nearest(name: str) -> str:
    """Say what may have been meant: names with the same end, else the kinds there are."""
    last = name.rpartition(":")[2]
    alike = [one for one in parameter_names() if last and (last in one or one.rpartition(":")[2] in last)]
    if alike:
        return f" Có phải: {', '.join(alike[:5])}?"
    kinds = (BASE_LEVEL, PENSION_LEVEL, *(f"{file}:…" for file in (*_COEFFICIENTS, _AGES, _CHOICES)), MERIT_STANDARD)
    return f" Các tham số: {', '.join(kinds)}."

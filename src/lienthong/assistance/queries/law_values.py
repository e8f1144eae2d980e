"""Numbers of the law that apply from before they were in force, or that changed from a month on, with their sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from lienthong.assistance.states import Programme
from lienthong.kernel.days import format_day
from lienthong.kernel.legal import Confidence
from lienthong.kernel.money import format_dong
from lienthong.rules.merit.levels import load_tables
from lienthong.rules.parameters import PARAMETERS_FOLDER, Parameter, load_parameter, load_yaml

_FOLDERS: Final = {Programme.SOCIAL: "social_assistance", Programme.MERIT: "merit"}
_LEFT_OUT: Final = frozenset({"rows", "funeral_support", "timing"})
_TABLE_WORDS: Final = {
    "monthly": "bảng mức trợ cấp, phụ cấp ưu đãi hằng tháng",
    "war_invalid": "bảng mức trợ cấp thương binh theo tỷ lệ",
    "war_invalid_type_b": "bảng mức trợ cấp thương binh loại B theo tỷ lệ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LawValue:
    """One number, word or table of the law that begins on a day. Một mức mới.

    Attributes:
        words: What it is.
        old: What applied the day before, in words; empty where there was none.
        new: What applies from the day, in words; empty of a table.
        in_force_on: The day its instrument came into force.
    """

    words: str
    old: str
    new: str
    applied_from: date
    in_force_on: date
    reference: str
    confidence: str
    note: str

    @property
    def is_late(self) -> bool:
        """Whether it applies from before it was in force, so that arrears are due."""
        return self.applied_from < self.in_force_on

    def as_plain(self) -> dict[str, str]:
        """Return it as JSON values."""
        return {
            "words": self.words, "old": self.old, "new": self.new, "applied_from": self.applied_from.isoformat(),
            "in_force_on": self.in_force_on.isoformat(), "reference": self.reference, "confidence": self.confidence,
            "note": self.note,
        }  # fmt: skip


def values_from(programme: str, month: date, *, on: date) -> list[LawValue]:
    """Return what began to apply from a month up to a day, as far as it was in force by then; what only says the same is left out.

    Args:
        programme: Of which programme.
        month: The first month, by its first day.
        on: What was not in force by this day is left out.
    """
    return [one for one in _values(Programme(programme)) if month <= one.applied_from <= on and one.in_force_on <= on]


def late_months(programme: str, *, on: date) -> list[date]:
    """Return the months from which something applied that was in force only later, newest first; to choose from."""
    late = {
        one.applied_from.replace(day=1)
        for one in _values(Programme(programme))
        if one.is_late and one.in_force_on <= on
    }
    return sorted(late, reverse=True)


def known_before(values: list[LawValue]) -> date | None:
    """Return the last day on which none of these values was in force: the law before them."""
    return min(one.in_force_on for one in values) - timedelta(days=1) if values else None


@cache
def _values(programme: Programme) -> tuple[LawValue, ...]:
    found = [value for parameter in _parameters(programme) for value in _of_parameter(parameter)]
    if programme == Programme.MERIT:
        found += [
            LawValue(
                words=_TABLE_WORDS[name], old="", new="", applied_from=table.applied_from,
                in_force_on=table.in_force_on or table.applied_from, reference=str(table.reference),
                confidence=str(table.confidence), note=table.note or "",
            )
            for name, tables in load_tables().items()
            for table in tables
        ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.applied_from, one.words)))


def _parameters(programme: Programme) -> Iterator[Parameter]:
    folder = _FOLDERS[programme]
    for file in sorted((PARAMETERS_FOLDER / folder).glob("*.yaml")):
        if file.stem in _LEFT_OUT:
            continue
        content: Any = load_yaml(file)
        if "values" in content:
            yield load_parameter(f"{folder}/{file.stem}")
        else:
            yield from (load_parameter(f"{folder}/{file.stem}:{name}") for name in content)


def _of_parameter(parameter: Parameter) -> Iterator[LawValue]:
    before = ""
    for value in parameter.values:
        words = _in_words(value.value, parameter.unit)
        yield LawValue(
            words=parameter.vi, old=before, new=words, applied_from=value.applied_from,
            in_force_on=value.in_force_on or value.applied_from, reference=str(value.reference),
            confidence=str(Confidence(value.confidence)), note=value.note or "",
        )  # fmt: skip
        before = words


def _in_words(value: int | str, unit: str) -> str:
    if isinstance(value, int) and unit.startswith("VND"):
        return format_dong(value)
    if isinstance(value, int) and unit.startswith("tenths"):
        whole, tenth = divmod(value, 10)
        return f"{whole},{tenth}"
    return str(value)


def value_words(value: dict[str, str]) -> str:
    """Word one value that was kept."""
    change = f"{value['old']} → {value['new']}" if value["old"] and value["new"] else value["new"]
    if value["old"] and value["old"] == value["new"]:
        change = f"giữ nguyên {value['new']}"
    days = (
        f"áp dụng từ {format_day(date.fromisoformat(value['applied_from']))}, "
        f"có hiệu lực từ {format_day(date.fromisoformat(value['in_force_on']))}"
    )
    return f"{value['words']}{': ' + change if change else ''} ({value['reference']}; {days})"


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfLaw:
    """A month from which values of a programme apply. Tháng có mức mới.

    Attributes:
        is_late: Whether one of them was in force only later, so that arrears are due.
        documents: The instruments.
    """

    programme: str
    month: date
    is_late: bool
    documents: tuple[str, ...]


def months_of_law(programme: str, *, on: date, since: date) -> list[MonthOfLaw]:
    """Return the months from which values apply that were in force by a day, newest first.

    Args:
        programme: Of which programme.
        on: The day.
        since: Only months from this one on.
    """
    by_month: dict[date, list[LawValue]] = {}
    for one in _values(Programme(programme)):
        if one.in_force_on <= on and since <= one.applied_from <= on:
            by_month.setdefault(one.applied_from.replace(day=1), []).append(one)
    return [
        MonthOfLaw(
            programme=programme, month=month, is_late=any(one.is_late for one in by_month[month]),
            documents=tuple(dict.fromkeys(one.reference.partition(",")[0] for one in by_month[month])),
        )
        for month in sorted(by_month, reverse=True)
    ]  # fmt: skip

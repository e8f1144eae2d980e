"""The poverty standard of a day: lines, thresholds, indicators, and the numbers inside their definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from lienthong.kernel.days import format_day
from lienthong.kernel.legal import Confidence, LegalReference
from lienthong.rules.parameters import (
    PARAMETERS_FOLDER,
    DatedValue,
    NoValueInForce,
    Parameter,
    load_parameter,
    load_yaml,
)
from lienthong.rules.poverty.facts import Area

_ABSENT = "none"  # a value recorded as "unknown" was not read; both are None to whoever asks
_LESS_SURE: Final = (Confidence.VERIFIED, Confidence.SECONDARY, Confidence.MEMORY)

DIMENSIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "employment": "Việc làm",
        "health": "Y tế",
        "education": "Giáo dục",
        "housing": "Nhà ở",
        "water": "Nước sinh hoạt và vệ sinh",
        "environment": "Nước sinh hoạt, vệ sinh và môi trường",
        "information": "Thông tin",
    }
)


class NoStandard(LookupError):
    """No such standard, or none for the day; the message names those there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator of deprivation of one period, with the sentence of the law.

    Chỉ số thiếu hụt.

    Attributes:
        code: The name that the ministry's software uses, such as ``dependentPerson``.
        number: Its place in the annex, from 1.
        dimension: Code of the basic social service; ``DIMENSIONS`` has the words.
    """

    code: str
    number: int
    dimension: str
    name: str
    definition: str
    reference: LegalReference
    confidence: Confidence

    @property
    def field(self) -> str:
        """The code as forms and columns write it: ``dependent_person``."""
        return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """Ages, ratios and lists inside the definitions; ``below`` and ``above`` exclude the number itself."""

    child_below_age: int
    insured_from_age: int
    adult_from_age: int
    grown_from_age: int
    adult_until_age: int
    adult_level: str
    grown_level: str
    preschool_from_age: int
    primary_from_age: int
    lower_secondary_from_age: int
    school_below_age: int
    dependency_percent: int
    dependent_allowances: frozenset[str]
    deprived_work: frozenset[str]
    asked_about_work_from_age: int
    weak_structures: int
    area_per_person: int
    clean_water: frozenset[str]
    hygienic_toilets: frozenset[str]
    dependant_below_age: int
    dependant_above_age: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PovertyStandard:
    """One multidimensional poverty standard with the values of one day of its period.

    Chuẩn nghèo đa chiều.

    Attributes:
        id: ``2016-2021``, ``2022-2026`` or ``2027-2030``.
        valid_until: Exclusive.
        values_on: The day whose values these are.
        lines: Poor or near-poor at most at this income, đồng for one person and month.
        lines_alone: Poor at most at this income, whatever the deprivations; empty where the standard has no such line.
        average_ceilings: The income up to which a living standard is average; None where the text was not read.
        low_income_worker_ceilings: The same for low-income workers; None where there is none or the text was not read.
        a_thresholds: Points of form B1 that stand for the line; None where the text was not read.
        confidence: That of the least sure among lines, thresholds and indicators.
        references: The article of each value, by its name in this class.
    """

    id: str
    valid_from: date
    valid_until: date | None
    values_on: date
    lines: Mapping[Area, int]
    lines_alone: Mapping[Area, int]
    average_ceilings: Mapping[Area, int | None]
    low_income_worker_ceilings: Mapping[Area, int | None]
    a_thresholds: Mapping[Area, int | None]
    points_of_an_indicator: int
    minimum_deprivations: int
    indicators: tuple[Indicator, ...]
    definitions: Definitions
    confidence: Confidence
    references: Mapping[str, LegalReference]

    @property
    def last_day(self) -> date | None:
        """The last day of the period."""
        return None if self.valid_until is None else self.valid_until - timedelta(days=1)

    @property
    def has_points(self) -> bool:
        """Whether the thresholds of form B1 are known."""
        return all(threshold is not None for threshold in self.a_thresholds.values())

    def indicator(self, code: str) -> Indicator:
        """Give one indicator.

        Raises:
            KeyError: The standard has no such indicator.
        """
        for one in self.indicators:
            if one.code == code:
                return one
        raise KeyError(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvincialLines:
    """Higher lines of a province, and higher ceilings of average living; the higher of the two holds.

    Chuẩn nghèo, mức sống trung bình của tỉnh.

    Attributes:
        average_reference: Of the ceilings, where another resolution than that of the lines sets them.
    """

    rural: int | None = None
    urban: int | None = None
    average_rural: int | None = None
    average_urban: int | None = None
    reference: LegalReference
    average_reference: LegalReference | None = None

    def of(self, area: Area) -> int | None:
        """Give the line of an area; None where the province set none."""
        return self.rural if area is Area.RURAL else self.urban

    def average_of(self, area: Area) -> int | None:
        """Give the ceiling of average living of an area; None where the province set none."""
        return self.average_rural if area is Area.RURAL else self.average_urban


def standard_ids() -> tuple[str, ...]:
    """Name every standard, oldest first."""
    return tuple(str(value.value) for value in _periods() if value.value != _ABSENT)


@cache
def standard(standard_id: str) -> PovertyStandard:
    """Give a standard with the values of the last day of its period.

    Chuẩn nghèo đa chiều.

    Raises:
        NoStandard: There is none of this name.
    """
    periods = _periods()
    for place, value in enumerate(periods):
        if value.value == standard_id and standard_id != _ABSENT:
            until = periods[place + 1].applied_from if place + 1 < len(periods) else None
            return standard_on(value.applied_from if until is None else until - timedelta(days=1))
    raise NoStandard(f"Không có chuẩn nghèo “{standard_id}”. Các chuẩn hiện có: {', '.join(standard_ids())}.")


@cache
def standard_on(day: date) -> PovertyStandard:
    """Give the standard that applies on a day, with the values of that day.

    Raises:
        NoStandard: None is recorded for the day.
    """
    periods = _periods()
    places = [place for place, value in enumerate(periods) if value.applied_from <= day]
    if not places or periods[places[-1]].value == _ABSENT:
        raise NoStandard(
            f"Chưa có chuẩn nghèo cho ngày {format_day(day)}. Các chuẩn hiện có: {', '.join(standard_ids())}. "
            "Hãy bổ sung tệp parameters/poverty/standard.yaml."
        )
    period = periods[places[-1]]
    until = periods[places[-1] + 1].applied_from if places[-1] + 1 < len(periods) else None
    reading = _Reading(day)
    indicators = _indicators(str(period.value), day)
    reading.confidences += [one.confidence for one in indicators]
    return PovertyStandard(
        id=str(period.value),
        valid_from=period.applied_from,
        valid_until=until,
        values_on=day,
        lines=reading.known_by_area("lines", "line"),
        lines_alone=reading.known_by_area("lines_alone", "line_alone"),
        average_ceilings=reading.by_area("average_ceilings", "average_ceiling"),
        low_income_worker_ceilings=reading.by_area("low_income_worker_ceilings", "low_income_worker_ceiling"),
        a_thresholds=reading.by_area("a_thresholds", "a", file="thresholds"),
        points_of_an_indicator=reading.number("points_of_an_indicator", file="thresholds"),
        minimum_deprivations=reading.number("minimum_deprivations", file="thresholds"),
        indicators=indicators,
        definitions=_definitions(day),
        confidence=max(reading.confidences, key=_LESS_SURE.index),
        references=MappingProxyType(reading.references),
    )


class _Reading:
    """Takes values of one day and keeps their sources."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.references: dict[str, LegalReference] = {}
        self.confidences: list[Confidence] = []

    def _take(self, name: str, parameter: str) -> int | None:
        found = load_parameter(f"poverty/{parameter}").dated_value_on(self.day)
        self.references.setdefault(name, found.reference)
        if found.value != _ABSENT and name != "low_income_worker_ceilings":  # no part of the class
            self.confidences.append(found.confidence)
        return found.value if isinstance(found.value, int) else None

    def by_area(self, name: str, suffix: str, *, file: str = "lines") -> Mapping[Area, int | None]:
        return MappingProxyType({area: self._take(name, f"{file}:{area}_{suffix}") for area in Area})

    def known_by_area(self, name: str, suffix: str) -> Mapping[Area, int]:
        found = self.by_area(name, suffix)
        return MappingProxyType({area: value for area, value in found.items() if value is not None})

    def number(self, name: str, *, file: str) -> int:
        found = self._take(name, f"{file}:{name}")
        if found is None:
            raise NoValueInForce(f"Chưa có giá trị “{name}” cho ngày {format_day(self.day)} (tệp {file}.yaml).")
        return found


def _periods() -> tuple[DatedValue, ...]:
    return load_parameter("poverty/standard").values


def _definitions(day: date) -> Definitions:
    found: dict[str, Any] = {}
    for name, kind in Definitions.__annotations__.items():
        parameter: Parameter = load_parameter(f"poverty/definitions:{name}")
        if kind.startswith("frozenset"):
            found[name] = frozenset(word.strip() for word in parameter.text_on(day).split(","))
        else:
            found[name] = parameter.dated_value_on(day).value
    return Definitions(**found)


def _indicators(standard_id: str, day: date) -> tuple[Indicator, ...]:
    name = f"poverty/indicators/{standard_id}"
    found = []
    for code, content in load_yaml(PARAMETERS_FOLDER / f"{name}.yaml").items():
        text = load_parameter(f"{name}:{code}").dated_value_on(day)
        found.append(
            Indicator(
                code=code,
                number=content["number"],
                dimension=content["dimension"],
                name=content["vi"],
                definition=str(text.value),
                reference=text.reference,
                confidence=text.confidence,
            )
        )
    return tuple(sorted(found, key=lambda one: one.number))

"""The law of one day as far as people with merit are concerned: levels, once-only and yearly amounts, bounds of conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Final

from lienthong.kernel.days import add_months
from lienthong.kernel.legal import Confidence, LegalReference
from lienthong.kernel.money import Dong, format_dong
from lienthong.rules.merit.facts import School
from lienthong.rules.merit.levels import (
    MONTHLY,
    WAR_INVALID,
    WAR_INVALID_TYPE_B,
    LevelTables,
    load_tables,
    rounded,
    rows_on,
    table_on,
)
from lienthong.rules.parameters import PARAMETERS_FOLDER, DatedValue, NoValueInForce, load_parameter, load_yaml

ORDINANCE: Final = "02/2020/UBTVQH14"
_TENTHS: Final = 10


@cache
def ordinance(place: str) -> LegalReference:
    """Refer to a place of the ordinance: ``"Điều 24 khoản 1 điểm a"``."""
    return LegalReference.parse(f"{ORDINANCE}, {place}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One amount of the law with its source.

    Mức hưởng.
    """

    code: str
    amount: Dong
    words: str
    reference: LegalReference
    confidence: Confidence
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Rates, ages and numbers inside the conditions; the number itself is included where it is the least."""

    monthly_rate: int
    severe_rate: int
    survivor_rate: int
    infertile_rate: int
    full_study_rate: int
    half_study_war_invalid_rate: int
    half_study_sick_soldier_rate: int
    grown_age: int
    low_income_tenths: int
    other_low_income_tenths: int
    survivor_allowances: int
    beside_one_martyr: int
    martyrs_alone: int
    months_at_death: int
    odd_months_full_unit: int
    rounding: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeritLaw:
    """Everything that the rules for people with merit take from the law of a day.

    Pháp luật ưu đãi người có công của một ngày.

    Attributes:
        monthly: By code of the row of annex I.
        by_rate: By name of the table and rate of bodily injury.
        bands: By beginning of the codes, each row with the rates that it is for, lowest first.
        once: By code, in đồng.
        injuries: The rates of bodily injury with the code of what is paid once.
        yearly: By code; None where nothing is recorded for the day.
        grown_until: Who was born up to this day has reached the age of a grown child.
        sources: Of the bounds, by name.
    """

    on: date
    known_on: date | None
    standard: DatedValue
    monthly: Mapping[str, Level]
    by_rate: Mapping[str, Mapping[int, Level]]
    bands: Mapping[str, tuple[tuple[int, int, str], ...]]
    once: Mapping[str, Level]
    injuries: tuple[tuple[int, int, str], ...]
    yearly: Mapping[str, Level | None]
    bounds: Bounds
    grown_until: date
    sources: Mapping[str, DatedValue]

    def band(self, beginning: str, rate: int) -> Level | None:
        """Give the level of a rate among rows such as ``sick_soldier``; None where no row is for it."""
        for low, high, code in self.bands[beginning]:
            if low <= rate <= high:
                return self.monthly[code]
        return None

    def injury(self, rate: int) -> Level | None:
        """Give what is paid once for an injury below the monthly rates; None where it is too light."""
        for low, high, code in self.injuries:
            if low <= rate <= high:
                return self.once[code]
        return None

    def low_income(self, *, of_martyr: bool) -> Dong:
        """Give the income below which a child disabled after eighteen is supported, đồng a month; it is not rounded."""
        tenths = self.bounds.low_income_tenths if of_martyr else self.bounds.other_low_income_tenths
        return Dong(-(-int(self.standard.value) * tenths // _TENTHS))


STUDY_YEARLY: Final[Mapping[School, str]] = MappingProxyType(
    {
        School.PRESCHOOL: "study_preschool",
        School.GENERAL: "study_general",
        School.BOARDING_OR_HIGHER: "study_boarding_or_higher",
    }
)
WORSHIP: Final = "worship"


@cache
def _recorded_law(on: date, known_on: date | None) -> MeritLaw:
    return _law(on, known_on, load_tables())


def merit_law(on: date, *, known_on: date | None = None, tables: LevelTables | None = None) -> MeritLaw:
    """Gather the law of a day.

    Args:
        on: The day the amounts are for.
        known_on: Apply only what was in force on this day, to repeat a decision of that time; None applies all.
        tables: Levels in the place of the recorded ones, such as an annex that an office has typed in.

    Raises:
        NoValueInForce: No levels are recorded for ``on``; the message names the folder to complete.
    """
    return _recorded_law(on, known_on) if tables is None else _law(on, known_on, tables)


def _law(on: date, known_on: date | None, tables: LevelTables) -> MeritLaw:
    rows = rows_on(on)
    table = table_on(tables, MONTHLY, on, known_on=known_on)
    standard = load_parameter("merit/standard").dated_value_on(on, known_on=known_on)
    sources = {name: load_parameter(f"merit/conditions:{name}").dated_value_on(on) for name in Bounds.__annotations__}
    bounds = Bounds(**{name: int(source.value) for name, source in sources.items()})
    once = {
        code: _of_standard("one_off", code, on=on, known_on=known_on, standard=standard, rounding=sources["rounding"])
        for code in _paid_once()
    }
    return MeritLaw(
        on=on,
        known_on=known_on,
        standard=standard,
        monthly=MappingProxyType(
            {
                code: Level(
                    code=code,
                    amount=table.levels[code],
                    words=row.words,
                    reference=LegalReference.parse(f"{table.reference} mục {row.group}"),
                    confidence=table.confidence,
                    note=table.note,
                )
                for code, row in rows.items()
            }
        ),
        by_rate=MappingProxyType(
            {name: _by_rate(tables, name, on, known_on) for name in (WAR_INVALID, WAR_INVALID_TYPE_B)}
        ),
        bands=MappingProxyType(
            {
                beginning: tuple(
                    sorted(
                        (row.rates[0], row.rates[1], code)
                        for code, row in rows.items()
                        if row.rates and code.startswith(beginning)
                    )
                )
                for beginning in ("sick_soldier", "agent_orange", "affected_child")
            }
        ),
        once=MappingProxyType(once),
        injuries=tuple(
            sorted(
                (int(code.split("_")[1]), int(code.split("_")[2]), code) for code in once if code.startswith("injury_")
            )
        ),
        yearly=MappingProxyType(
            {
                WORSHIP: _worship(on, known_on),
                **{
                    code: _yearly_of_standard(
                        code, on=on, known_on=known_on, standard=standard, rounding=sources["rounding"]
                    )
                    for code in STUDY_YEARLY.values()
                },
            }
        ),
        bounds=bounds,
        grown_until=_last_birthday(on, bounds.grown_age),
        sources=MappingProxyType(sources),
    )


@cache
def _paid_once() -> tuple[str, ...]:
    return tuple(load_yaml(PARAMETERS_FOLDER / "merit" / "one_off.yaml"))


def _by_rate(tables: LevelTables, name: str, on: date, known_on: date | None) -> Mapping[int, Level]:
    table = table_on(tables, name, on, known_on=known_on)
    words = "Trợ cấp thương binh" if name == WAR_INVALID else "Trợ cấp thương binh loại B"
    return MappingProxyType(
        {
            int(rate): Level(
                code=name,
                amount=amount,
                words=f"{words} {rate}%",
                reference=table.reference,
                confidence=table.confidence,
                note=table.note,
            )
            for rate, amount in table.levels.items()
        }
    )


def _of_standard(
    file: str, code: str, *, on: date, known_on: date | None, standard: DatedValue, rounding: DatedValue
) -> Level:
    parameter = load_parameter(f"merit/{file}:{code}")
    multiple = parameter.dated_value_on(on, known_on=known_on)
    tenths = int(multiple.value)
    whole, tenth = divmod(tenths, _TENTHS)
    times = f"{whole},{tenth}" if tenth else str(whole)
    words = parameter.vi[0].upper() + parameter.vi[1:]
    exact, to = int(standard.value) * tenths, int(rounding.value)
    sources = (multiple, standard, rounding) if exact % (_TENTHS * to) else (multiple, standard)
    weaker = max(sources, key=lambda value: list(Confidence).index(value.confidence))
    return Level(
        code=code,
        amount=rounded(exact, _TENTHS, to),
        words=f"{words} ({times} lần mức chuẩn {format_dong(int(standard.value))})",
        reference=multiple.reference,
        confidence=weaker.confidence,
        note=weaker.note,
    )


def _yearly_of_standard(
    code: str, *, on: date, known_on: date | None, standard: DatedValue, rounding: DatedValue
) -> Level | None:
    try:
        return _of_standard("yearly", code, on=on, known_on=known_on, standard=standard, rounding=rounding)
    except NoValueInForce:
        return None


def _worship(on: date, known_on: date | None) -> Level | None:
    parameter = load_parameter(f"merit/yearly:{WORSHIP}")
    try:
        found = parameter.dated_value_on(on, known_on=known_on)
    except NoValueInForce:
        return None
    return Level(
        code=WORSHIP,
        amount=Dong(int(found.value)),
        words=parameter.vi[0].upper() + parameter.vi[1:],
        reference=found.reference,
        confidence=found.confidence,
        note=found.note if found.confidence is not Confidence.VERIFIED else None,
    )


def _last_birthday(on: date, years: int) -> date:
    """Give the last day of birth of whoever has reached an age; 29 February counts as 28 February in other years."""
    months = 12 * years
    found = add_months(on, -months)
    while add_months(date.fromordinal(found.toordinal() + 1), months) <= on:
        found = date.fromordinal(found.toordinal() + 1)
    return found

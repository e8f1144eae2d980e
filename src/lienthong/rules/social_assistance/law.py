"""The law of monthly social assistance as it applies to one day: levels, coefficients, ages, and what is chosen where
the texts leave it open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Final

from lienthong.kernel.legal import Confidence, LegalReference
from lienthong.kernel.money import Dong, format_dong
from lienthong.rules.parameters import PARAMETERS_FOLDER, DatedValue, NoValueInForce, load_parameter, load_yaml

ENDED: Final = "ended"
FOLDER: Final = "social_assistance"
BASE_LEVEL: Final = "base_level"
SOCIAL_PENSION_LEVEL: Final = "social_pension_level"
_COEFFICIENT_FILES: Final = ("coefficients", "care_support", "institutions")
_OPTIONS: Final = (
    "conditions", "pension_beside_allowance", "social_pension_beside_other_benefit",
    "social_pension_with_lower_pension", "handed_over_without_request", "carer_supports_of_one_person",
)  # fmt: skip
_WORDS_OF_OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "pension_beside_allowance": ("highest", "both"),
    "social_pension_beside_other_benefit": ("highest", "both"),
    "social_pension_with_lower_pension": ("full", "difference"),
    "handed_over_without_request": ("yes", "no"),
    "carer_supports_of_one_person": ("highest",),
}
_NOT_BEFORE_THE_SOCIAL_PENSION: Final = frozenset(_OPTIONS[2:5])


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvincialLevels:
    """Higher levels of a province beside those that are recorded, for a draft of a resolution or for another province.

    Mức của Hội đồng nhân dân tỉnh.

    Attributes:
        base_level: Đồng a month; None where the province set none.
        social_pension_level: Đồng a month.
        coefficients: Tenths of the base level, by the name of the coefficient.

    Legal source:
        20/2021/NĐ-CP, Điều 4 khoản 3 điểm a.
    """

    base_level: Dong | None = None
    social_pension_level: Dong | None = None
    coefficients: tuple[tuple[str, int], ...] = ()
    reference: LegalReference


@dataclass(frozen=True, kw_only=True)
class AssistanceLaw:
    """Every value that an assessment needs, of one day and as it was known on another.

    Pháp luật về trợ giúp xã hội áp dụng cho một ngày.

    Attributes:
        on: The day the values apply to.
        known_on: Only what was in force on this day; None: everything recorded.
        base_level: Đồng a month; the national or the provincial one, whichever is higher.
        social_pension_level: None before there was a social pension.
        coefficients: By name; one that ended stands here as ``ENDED``.
        ages: By name, in years; months where the name says so.
        options: By name, what is chosen where the texts leave it open.
    """

    on: date
    known_on: date | None
    base_level: DatedValue
    social_pension_level: DatedValue | None
    coefficients: Mapping[str, DatedValue]
    ages: Mapping[str, DatedValue]
    options: Mapping[str, DatedValue]

    def __post_init__(self) -> None:
        if self.base % 10:
            raise ValueError(
                f"Mức chuẩn {format_dong(self.base)} không chia hết cho 10, nên hệ số có một số lẻ không ra số đồng nguyên."
            )
        for name, words in _WORDS_OF_OPTIONS.items():
            if name in self.options and self.options[name].value not in words:
                raise ValueError(f"“{self.options[name].value}” của {name} phải là một trong: {', '.join(words)}.")

    @property
    def base(self) -> int:
        """The standard level in đồng a month.

        Mức chuẩn trợ giúp xã hội.
        """
        return int(self.base_level.value)

    @property
    def social_pension(self) -> int:
        """The level of the social pension in đồng a month; 0 before there was one."""
        return 0 if self.social_pension_level is None else int(self.social_pension_level.value)

    def tenths(self, name: str) -> int:
        """Give a coefficient in tenths; 0 where it has ended."""
        value = self.coefficients[name].value
        return value if isinstance(value, int) else 0

    def amount(self, tenths: int) -> Dong:
        """Give so many tenths of the standard level."""
        return Dong(self.base * tenths // 10)

    def age(self, name: str) -> int:
        """Give an age."""
        return int(self.ages[name].value)

    def age_if_any(self, name: str) -> int | None:
        """Give an age, or None where the law has none yet."""
        return self.age(name) if name in self.ages else None

    def chooses(self, name: str, word: str) -> bool:
        """Say whether a word is chosen where the texts leave it open; never where nothing is chosen yet."""
        return name in self.options and self.options[name].value == word

    @cached_property
    def year_thresholds(self) -> tuple[int, ...]:
        """The ages in years at which the assessment of a person can change, lowest first."""
        return tuple(sorted({int(one.value) for name, one in self.ages.items() if not name.endswith("_months")}))

    def at(self, article: str, clause: str | None = None, point: str | None = None) -> LegalReference:
        """Refer to a place in the decree whose conditions apply."""
        return _reference(str(self.options["conditions"].value), article, clause, point)

    def with_values(
        self,
        *,
        base_level: int | None = None,
        social_pension_level: int | None = None,
        coefficients: Mapping[str, int] | None = None,
        ages: Mapping[str, int] | None = None,
        options: Mapping[str, str] | None = None,
        reference: LegalReference,
    ) -> AssistanceLaw:
        """Give the same law with other numbers, to reckon what a draft would cost.

        Giả định thay đổi tham số.

        Args:
            base_level: Đồng a month.
            social_pension_level: Đồng a month.
            coefficients: Tenths by name.
            ages: Years, or months, by name.
            options: Words by name.
            reference: What the numbers are taken from.

        Raises:
            KeyError: There is no coefficient, age or option of that name.
        """

        def other(
            values: Mapping[str, DatedValue], changed: Mapping[str, int | str] | None
        ) -> Mapping[str, DatedValue]:
            made = {name: _assumed(values[name], value, reference) for name, value in (changed or {}).items()}
            return MappingProxyType({**values, **made})

        pension = self.social_pension_level
        if social_pension_level is not None:
            pension = _assumed(pension or self.base_level, social_pension_level, reference)
        return replace(
            self,
            base_level=self.base_level if base_level is None else _assumed(self.base_level, base_level, reference),
            social_pension_level=pension,
            coefficients=other(self.coefficients, coefficients),
            ages=other(self.ages, ages),
            options=other(self.options, options),
        )


@lru_cache(maxsize=65_536)
def law_on(day: date, *, known_on: date | None = None, provincial: ProvincialLevels | None = None) -> AssistanceLaw:
    """Give the law that applies to a day.

    Args:
        day: The day, or any day of the month, that is assessed.
        known_on: Leave out what was not yet in force on this day, to repeat what was paid then.
        provincial: Levels of the province beside those that are recorded.

    Raises:
        NoValueInForce: Something is not recorded for the day; the message names the file and the key.
        ValueError: The province sets a coefficient that there is not.
    """
    strange = {name for name, _ in provincial.coefficients} - set(coefficient_names()) if provincial else set()
    if strange:
        raise ValueError(f"Không có hệ số {', '.join(sorted(strange))}. Các hệ số: {', '.join(coefficient_names())}.")
    if provincial is not None:
        return _law(day, known_on, provincial)
    try:
        same = _recorded_law(*stretch_of(day, known_on=known_on))
    except NoValueInForce:
        return _law(day, known_on, None)  # the refusal names the day that was asked for
    return replace(same, on=day, known_on=known_on)


def stretch_of(day: date, *, known_on: date | None = None) -> tuple[date, date | None]:
    """Say since when the law has been what it is on a day, and since when that is known: two days of one stretch have one law."""
    return _last_change(day), known_on and _last_change(known_on)


@lru_cache(maxsize=512)
def _recorded_law(day: date, known_on: date | None) -> AssistanceLaw:
    return _law(day, known_on, None)


@lru_cache(maxsize=1)
def _days_of_change() -> tuple[date, ...]:
    """Give the days on which a recorded value begins to apply or comes into force, oldest first."""
    names = [BASE_LEVEL, "social_pension:level"]
    names += [f"{file}:{name}" for file in (*_COEFFICIENT_FILES, "ages", "provincial") for name in _names_in(file)]
    names += [f"combination:{name}" for name in _OPTIONS]
    values = [value for name in names for value in load_parameter(f"{FOLDER}/{name}").values]
    return tuple(
        sorted({value.applied_from for value in values} | {one.in_force_on for one in values if one.in_force_on})
    )


def _last_change(day: date) -> date:
    """Give the last day up to ``day`` from which the law has been what it is; before the first, the day itself."""
    place = bisect_right(_days_of_change(), day)
    return _days_of_change()[place - 1] if place else day


def _law(day: date, known_on: date | None, provincial: ProvincialLevels | None) -> AssistanceLaw:
    def needed(name: str) -> DatedValue:
        return load_parameter(f"{FOLDER}/{name}").dated_value_on(day, known_on=known_on)

    def if_any(name: str) -> DatedValue | None:
        return load_parameter(f"{FOLDER}/{name}").value_if_any(day, known_on=known_on)

    coefficients = {
        name: _higher(needed(f"{file}:{name}"), _provincial(name, day, known_on, provincial))
        for file in _COEFFICIENT_FILES
        for name in _names_in(file)
    }
    pension = if_any("social_pension:level")
    ages = {name: if_any(f"ages:{name}") for name in _names_in("ages")}
    options = {
        name: if_any(f"combination:{name}") if name in _NOT_BEFORE_THE_SOCIAL_PENSION else needed(f"combination:{name}")
        for name in _OPTIONS
    }
    return AssistanceLaw(
        on=day,
        known_on=known_on,
        base_level=_higher(needed(BASE_LEVEL), _provincial(BASE_LEVEL, day, known_on, provincial)),
        social_pension_level=pension and _higher(pension, _provincial(SOCIAL_PENSION_LEVEL, day, known_on, provincial)),
        coefficients=MappingProxyType(coefficients),
        ages=_those_there_are(ages),
        options=_those_there_are(options),
    )


def higher_of_province(national: DatedValue, name: str, *, on: date, known_on: date | None = None) -> DatedValue:
    """Give the higher of a national value and of what is recorded for the province, with its source.

    Mức cao hơn của Hội đồng nhân dân tỉnh.

    Args:
        national: The value of the decree.
        name: Under which the province's stands in ``provincial.yaml``.
        on: The day it applies to.
        known_on: Leave out what was not yet in force on this day.

    Legal source:
        20/2021/NĐ-CP, Điều 4 khoản 3 điểm a.
    """
    return _higher(national, _provincial(name, on, known_on, None))


def notices_of(used: Iterable[tuple[str, DatedValue]]) -> tuple[str, ...]:
    """Say of every value that was not read in the official text how it was established.

    Args:
        used: Names in Vietnamese, with their values.
    """
    found = (value_notice(name, value) for name, value in used if value.confidence is not Confidence.VERIFIED)
    return tuple(dict.fromkeys(found))


def value_notice(name: str, value: DatedValue) -> str:
    """Say of one value how it was established.

    Args:
        name: In Vietnamese.
        value: With its source.
    """
    sentence = f"{name[0].upper()}{name[1:]} ({value.reference}): {value.confidence.in_words}."
    return f"{sentence} {value.note}" if value.note else sentence


def vietnamese_name(parameter: str) -> str:
    """Give the name of a parameter of this room in words."""
    return load_parameter(f"{FOLDER}/{parameter}").vi


@lru_cache
def coefficient_name(name: str) -> str:
    """Give the name of a coefficient in words."""
    return next(vietnamese_name(f"{file}:{name}") for file in _COEFFICIENT_FILES if name in _names_in(file))


def coefficient_names() -> tuple[str, ...]:
    """Name every coefficient."""
    return tuple(name for file in _COEFFICIENT_FILES for name in _names_in(file))


def _those_there_are(values: Mapping[str, DatedValue | None]) -> Mapping[str, DatedValue]:
    return MappingProxyType({name: value for name, value in values.items() if value is not None})


def _provincial(
    name: str, day: date, known_on: date | None, levels: ProvincialLevels | None
) -> tuple[DatedValue | None, ...]:
    recorded = None
    if name in _names_in("provincial"):
        recorded = load_parameter(f"{FOLDER}/provincial:{name}").value_if_any(day, known_on=known_on)
    if levels is None:
        return (recorded,)
    given = {
        BASE_LEVEL: levels.base_level,
        SOCIAL_PENSION_LEVEL: levels.social_pension_level,
        **dict(levels.coefficients),
    }
    value = given.get(name)
    if value is None:
        return (recorded,)
    own = DatedValue(applied_from=day, value=value, reference=levels.reference, confidence=Confidence.VERIFIED)
    return (recorded, own)


def _higher(national: DatedValue, provincial: Iterable[DatedValue | None]) -> DatedValue:
    """Take the higher of the national and the provincial values; what has ended stays ended."""
    highest = national
    for one in provincial:
        if (
            one is not None
            and isinstance(highest.value, int)
            and isinstance(one.value, int)
            and one.value > highest.value
        ):
            highest = one
    return highest


def _assumed(value: DatedValue, other: int | str, reference: LegalReference) -> DatedValue:
    return replace(value, value=other, reference=reference, confidence=Confidence.VERIFIED, note=None)


@lru_cache
def _names_in(file: str) -> tuple[str, ...]:
    return tuple(load_yaml(PARAMETERS_FOLDER / FOLDER / f"{file}.yaml"))


@lru_cache(maxsize=1024)
def _reference(document: str, article: str, clause: str | None, point: str | None) -> LegalReference:
    return LegalReference(document=document, article=article, clause=clause, point=point)

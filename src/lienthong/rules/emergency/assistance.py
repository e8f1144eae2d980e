"""What an emergency decision grants, by whom and within which time; and the sheet on which conditions are tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lienthong.kernel.decisions import Decision, Reason
from lienthong.kernel.legal import Confidence, LegalReference
from lienthong.kernel.money import Dong, format_dong
from lienthong.rules.allowances import Allowance, Unit
from lienthong.rules.emergency.facts import Cause, ProvincialLevels
from lienthong.rules.parameters import DatedValue, Parameter, load_parameter
from lienthong.rules.social_assistance.law import BASE_LEVEL, higher_of_province

NOTHING: Final = Dong(0)


class Decider(StrEnum):
    """Who decides.

    Người có thẩm quyền quyết định.
    """

    COMMUNE_CHAIR = "commune_chair"
    DISTRICT_CHAIR = "district_chair"

    @property
    def in_words(self) -> str:
        """Vietnamese words for a reason or a screen."""
        return _DECIDER_WORDS[self]


_DECIDER_WORDS: Final[Mapping[Decider, str]] = MappingProxyType(
    {
        Decider.COMMUNE_CHAIR: "Chủ tịch Ủy ban nhân dân cấp xã",
        Decider.DISTRICT_CHAIR: "Chủ tịch Ủy ban nhân dân cấp huyện",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyAssistance:
    """What is granted once, in money or in rice.

    Trợ giúp xã hội khẩn cấp.

    Attributes:
        amount: Đồng; zero where rice is given. It is the least that the law lays down.
        rice_kg: Kilograms; zero where money is given.
        within: Time in which it is to be decided.
        notices: What whoever reads the result must know.
    """

    amount: Dong = NOTHING
    rice_kg: int = 0
    words: str
    decided_by: Decider
    within: Allowance
    notices: tuple[str, ...] = ()


@dataclass(slots=True)
class EmergencySheet:
    """Tries conditions for one decision and keeps what it took from the law.

    Attributes:
        on: Whose day's conditions and amounts apply: that of the event.
        known_on: Apply only what was in force on this day.
        received_on: Whose day's authority and time limit apply: that on which it was asked for; None: ``on``.
    """

    on: date
    known_on: date | None
    received_on: date | None = None
    reasons: list[Reason] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def number(self, name: str) -> DatedValue:
        """Take a number of ``parameters/emergency/amounts``, or the higher one that is recorded for the province under its name.

        Raises:
            NoValueInForce: None is recorded for the day.
        """
        return self._take(load_parameter(f"emergency/amounts:{name}"), of_province=name)

    def base_level(self, provincial: ProvincialLevels | None) -> tuple[Dong, LegalReference]:
        """Take the standard level of social assistance, of the province where that is higher.

        Raises:
            NoValueInForce: None is recorded for the day.
        """
        found = self._take(load_parameter("social_assistance/base_level"), of_province=BASE_LEVEL)
        local = provincial.base_level if provincial else None
        return higher(Dong(int(found.value)), found.reference, local, provincial)

    def tries(self, words: str, holds: bool | None, article: LegalReference, lacking: str = "") -> None:
        """Write down a condition, and what is missing to know it."""
        self.reasons.append(Reason(words, holds, article))
        if holds is None and lacking:
            self.missing.append(lacking)

    def tries_cause(self, cause: Cause | None, allowed: Iterable[Cause], article: LegalReference) -> None:
        """Write down whether what happened is among the causes that an article names."""
        causes = tuple(allowed)
        words = f"Nguyên nhân là {', '.join(one.in_words for one in causes)}"
        self.tries(words, None if cause is None else cause in causes, article, "nguyên nhân")

    def decides(
        self, kind: str, *, amount: Dong = NOTHING, rice_kg: int = 0, words: str = ""
    ) -> Decision[EmergencyAssistance]:
        """Close the sheet: refused, open, or granted with who decides and within which time.

        Args:
            kind: Begins the names in ``parameters/emergency/deciding``.
            amount: Đồng.
            rice_kg: Kilograms.
            words: How it came about.

        Raises:
            NoValueInForce: Nobody is recorded to decide on the day on which it was asked for.
        """
        if any(reason.holds is False for reason in self.reasons):
            return Decision.refused(reasons=self.reasons)
        if self.missing:
            return Decision.unknown(missing=self.missing, reasons=self.reasons)
        asked_on = self.received_on or self.on
        decider = self._take(load_parameter(f"emergency/deciding:{kind}_decider"), on=asked_on)
        limit = load_parameter(f"emergency/deciding:{kind}_days")
        days = self._take(limit, on=asked_on)
        return Decision.granted(
            EmergencyAssistance(
                amount=amount,
                rice_kg=rice_kg,
                words=words,
                decided_by=Decider(str(decider.value)),
                within=Allowance(int(days.value), Unit(limit.unit)),
                notices=tuple(dict.fromkeys(self.notices)),
            ),
            reasons=self.reasons,
        )

    def _take(self, parameter: Parameter, *, on: date | None = None, of_province: str = "") -> DatedValue:
        found = parameter.dated_value_on(on or self.on, known_on=self.known_on)
        found = higher_of_province(found, of_province, on=on or self.on, known_on=self.known_on)
        if found.confidence is not Confidence.VERIFIED:
            self.notices.append(
                f"{parameter.vi[0].upper()}{parameter.vi[1:]} theo {found.reference} {found.confidence.in_words}. "
                f"{found.note or ''}".strip()
            )
        return found


def higher(
    national: Dong, reference: LegalReference, provincial: Dong | None, levels: ProvincialLevels | None
) -> tuple[Dong, LegalReference]:
    """Give the higher of a national and a provincial amount, with its source."""
    if provincial is not None and levels is not None and provincial > national:
        return provincial, levels.reference
    return national, reference


def times_base(multiple: int, base: Dong, reference: LegalReference) -> str:
    """Word how a multiple of the standard level came about."""
    return f"{multiple} lần mức chuẩn {format_dong(base)} ({reference})"

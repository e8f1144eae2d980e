"""Social assistance: funeral support."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lienthong.kernel.days import BirthDate
from lienthong.kernel.decisions import Decision
from lienthong.kernel.money import Dong


@dataclass(frozen=True, slots=True, kw_only=True)
class FuneralFacts:
    """What is known about a death and the request; None is unknown, not false."""

    birth_date: BirthDate | None = None
    died_on: date | None = None
    received_monthly_social_assistance: bool | None = None
    child_of_poor_single_parent: bool | None = None
    received_survivor_or_other_monthly_benefit: bool | None = None
    claimant_arranged_funeral: bool | None = None
    highest_other_funeral_support: Dong | None = None


def funeral_support(facts: FuneralFacts, *, on: date) -> Decision[Dong]:
    raise NotImplementedError

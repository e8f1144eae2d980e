"""Those who have claims as people with merit, as columns for the rules; almost everybody has none and is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from lienthong.assistance.models import MeritClaim
from lienthong.kernel.days import BirthDate, DatePrecision
from lienthong.people.models import Person
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.merit.columns import MeritColumns, columns_from_facts
from lienthong.rules.merit.facts import MeritFacts
from lienthong.rules.merit.plain_facts import merit_from_plain
from lienthong.rules.poverty.plain_facts import FactRefused
from lienthong.rules.social_assistance.columns import PersonColumns

MERIT_PREFIX: Final = "merit."
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimantColumns:
    """People with claims.

    Attributes:
        rows: Where each lies in the register, in ascending order.
        facts: What is known of each, to reason one by one.
        claims: The recognised claims of each, by number, in the order of their facts.
    """

    rows: npt.NDArray[np.intp]
    facts: tuple[MeritFacts, ...]
    claims: tuple[tuple[int, ...], ...]
    columns: MeritColumns

    def __len__(self) -> int:
        return len(self.rows)


def claimants_on(
    on: date,
    ids: Numbers,
    persons: PersonColumns,
    *,
    told: Iterable[tuple[int, str, Any]],
    is_part: bool,
) -> ClaimantColumns:
    """Gather everybody with a recognised claim on a day.

    Args:
        on: The day.
        ids: Everybody in the register, in ascending order.
        persons: What is known of them, for their degree of disability.
        told: Person, name and value of every recorded circumstance whose name begins with ``MERIT_PREFIX``.
        is_part: Whether the register is only a part of everybody.
    """
    rows = MeritClaim.objects.valid_on(on).filter(withdrawn_at=None)
    if is_part:
        rows = rows.filter(person_id__in=ids.tolist())
    claims: dict[int, list[Any]] = defaultdict(list)
    numbers: dict[int, list[int]] = defaultdict(list)
    for person, number, data in rows.order_by("valid_from", "pk").values_list("person_id", "pk", "data"):
        claims[person].append(data)
        numbers[person].append(number)
    people = np.array(sorted(claims), dtype=np.int64)
    places = np.searchsorted(ids, people)
    people, places = people[places < len(ids)], places[places < len(ids)]
    is_there = ids[places] == people
    people, places = people[is_there], places[is_there]
    plain: dict[int, dict[str, Any]] = {person: {"claims": claims[person]} for person in people.tolist()}
    for person, name, value in told:
        if person in plain:
            plain[person][name.removeprefix(MERIT_PREFIX)] = value
    _born(plain)
    levels = list(DisabilityLevel)
    for person, code in zip(people.tolist(), persons.disability[places].tolist(), strict=True):
        if code >= 0:
            plain[person].setdefault("disability", levels[code])
    facts = tuple(_read(plain[person]) for person in people.tolist())
    held = tuple(tuple(numbers[person]) for person in people.tolist())
    return ClaimantColumns(rows=places, facts=facts, claims=held, columns=columns_from_facts(facts))


def _born(plain: dict[int, dict[str, Any]]) -> None:
    rows = Person.objects.filter(pk__in=list(plain)).exclude(birth_on=None).order_by("pk")
    for person, born, precision in rows.values_list("pk", "birth_on", "birth_precision"):
        assert born is not None
        plain[person]["birth_date"] = str(BirthDate(born, DatePrecision(precision)))


def _read(plain: dict[str, Any]) -> MeritFacts:
    """Read the facts of one claimant; where a recorded value is no fact any more, only the claims count."""
    try:
        return merit_from_plain(plain)
    except FactRefused:
        return merit_from_plain({"claims": plain["claims"]})

"""One person of the demo who receives, or could: what is known of them, since when, and what became of the benefit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from typing import Any

from lienthong.ops.demo.assistance.folk import Someone


class Kind(Enum):
    """Why somebody was looked at first."""

    MERIT = auto()
    DISABLED = auto()
    OLD = auto()
    LONELY = auto()
    ORPHAN = auto()
    SINGLE_PARENT = auto()
    SMALL_CHILD = auto()
    HIV = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A dated fact by its name in the rules, as plain files hold it."""

    name: str
    value: Any
    since: date
    until: date | None = None
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A certificate of disability."""

    level: str
    kind: str
    number: str
    issued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A ground for benefits of people with merit, by its plain names."""

    data: dict[str, Any]
    decision_number: str
    since: date


@dataclass(slots=True, kw_only=True)
class Case:
    """A person with everything that the programmes know.

    Attributes:
        decided_on: When the benefit was decided on; None for whoever could receive and has not asked.
        payee: Who receives the money, and on which ground.
        difficult_since: Since when the person lives in an especially difficult area; None for never.
    """

    someone: Someone
    kind: Kind
    decided_on: date | None
    known: list[Known] = field(default_factory=list)
    paper: Paper | None = None
    claim: Claim | None = None
    payee: Someone
    payee_ground: str = "self"
    carer: Someone | None = None
    lives_in_difficult_area: bool = False

    def knows(self, name: str, value: Any, *, since: date, evidence: str, until: date | None = None) -> None:
        """Add a fact, unless something is known under its name already."""
        if all(one.name != name for one in self.known):
            self.known.append(Known(name=name, value=value, since=since, until=until, evidence=evidence))

    def value_on(self, name: str, day: date) -> Any:
        """Return what is known of a fact on a day; None is unknown."""
        for one in self.known:
            if one.name == name and one.since <= day and (one.until is None or day < one.until):
                return one.value
        return None

    def turning_points(self) -> Iterator[date]:
        """Yield the days on which something known of the person changes."""
        for one in self.known:
            yield one.since
            if one.until is not None:
                yield one.until
        if self.paper is not None:
            yield self.paper.issued_on
        if self.claim is not None:
            yield self.claim.since

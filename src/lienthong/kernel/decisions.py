"""Decisions with their reasons; unknown is not false."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from lienthong.kernel.legal import LegalReference

T = TypeVar("T")


class Outcome(StrEnum):
    """How a rule answered.

    Kết luận: đủ điều kiện, không đủ điều kiện, chưa đủ thông tin.
    """

    GRANTED = "granted"
    REFUSED = "refused"
    UNKNOWN = "unknown"

    @property
    def in_words(self) -> str:
        """Vietnamese words for a screen or a printed decision."""
        return _OUTCOME_WORDS[self]


_OUTCOME_WORDS = {
    Outcome.GRANTED: "đủ điều kiện",
    Outcome.REFUSED: "không đủ điều kiện",
    Outcome.UNKNOWN: "chưa đủ thông tin",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition that was tried: its words, whether it holds (None: not known), and the article it comes from.

    Lý do.
    """

    text: str
    holds: bool | None
    reference: LegalReference | None = None

    def __str__(self) -> str:
        return f"{self.text} ({self.reference})" if self.reference else self.text


@dataclass(frozen=True, slots=True)
class Decision(Generic[T]):
    """What a rule answered, with every condition tried and, when it could not answer, the facts it lacked.

    Kết luận kèm lý do.

    A granted decision has a value; an unknown one names at least one missing fact; a refused one gives a reason.
    """

    outcome: Outcome
    value: T | None
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.outcome is Outcome.GRANTED) != (self.value is not None):
            raise ValueError("Only a granted decision carries a value, and it always does.")
        if (self.outcome is Outcome.UNKNOWN) != bool(self.missing):
            raise ValueError("Only an unknown decision names missing facts, and it always does.")
        if self.outcome is Outcome.REFUSED and not any(reason.holds is False for reason in self.reasons):
            raise ValueError("A refusal gives at least one reason that does not hold.")

    @classmethod
    def granted(cls, value: T, *, reasons: Iterable[Reason] = ()) -> Decision[T]:
        """Decide for the person, with the value granted."""
        return cls(Outcome.GRANTED, value, tuple(reasons))

    @classmethod
    def refused(cls, *, reasons: Iterable[Reason]) -> Decision[T]:
        """Decide against, with the reasons that did not hold among those tried."""
        return cls(Outcome.REFUSED, None, tuple(reasons))

    @classmethod
    def unknown(cls, *, missing: Iterable[str], reasons: Iterable[Reason] = ()) -> Decision[T]:
        """Leave open, naming the facts that would decide it."""
        return cls(Outcome.UNKNOWN, None, tuple(reasons), tuple(missing))

    @property
    def references(self) -> tuple[LegalReference, ...]:
        """The articles of all reasons, each once, in the order they were tried."""
        return tuple(dict.fromkeys(reason.reference for reason in self.reasons if reason.reference))

"""How a programme has people paid: it registers a source, and each run asks it what is owed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from lienthong.rules.payment_calendar import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What a programme says is owed in total for one month to one person under one benefit. Khoản phải chi.

    Attributes:
        person_id: Whose benefit.
        payee_id: Who receives the money; None where an organisation does.
        payee_organization_id: The organisation that receives it for the person; None where somebody does.
        unit_id: The commune that pays.
        benefit: Code inside the source.
        for_month: First day of the month.
        amount: Đồng, not negative: the total of that month, before the deduction. 0 where nothing is owed any more.
        deduction: Of it kept back to recover an overpayment; only in the run's own month.
        words: How it was computed, in a Vietnamese sentence or two.
        basis: What it was computed from, as JSON.
        matter: Of what is paid once, for which decision: each is paid, and taken back, for itself. Empty for what is paid each
            month.
    """

    person_id: int
    payee_id: int | None = None
    payee_organization_id: int | None = None
    unit_id: int
    benefit: str
    for_month: date
    amount: int
    deduction: int = 0
    words: str = ""
    basis: Mapping[str, Any] = field(default_factory=dict)
    matter: str = ""


class PayableSource:
    """Base of every source. Nguồn chi trả.

    Attributes:
        code: Text that names the source for ever.
        label: Vietnamese words.
        programme: Whose calendar of payments holds.
    """

    code: str
    label: str
    programme: Programme

    def benefits(self) -> Mapping[str, str]:
        """Return the Vietnamese words of each benefit by its code."""
        raise NotImplementedError

    def owed(self, month: date, *, since: date, changed_since: datetime | None) -> Iterator[Owed]:
        """Yield what is owed: everything for each month from ``since`` to ``month``, and every month that a change touches.

        A month that is not yielded between ``since`` and ``month`` is owed nothing. Earlier months are asked for only where
        something was recorded at or after ``changed_since``; there a total of 0 must be yielded too. Rows beyond that are
        harmless: what has been paid already is subtracted. With a ``since`` after ``month`` only changes are asked for.

        Args:
            month: First day of the run's month.
            since: First day of the first month that is asked for in full.
            changed_since: The moment from which changes count; None before the first run.
        """
        raise NotImplementedError

    def known_on(self, month: date, *, on: date) -> str:
        """Return under which version of its rules the source computes a month on a day, in a few characters; kept with the run."""
        return ""

    def paid_because_of_death(self) -> frozenset[str]:
        """Return the benefits that are paid because the person has died: their months lie after the death."""
        return frozenset()

    def explains_to(self, user: Any, *, on: date) -> frozenset[int] | None:
        """Return the communes in which the programme lets the user see on what ground money is owed; None is every one.

        Who pays sees who is paid how much and where. The ground (words, parts of an amount, category) is the programme's.
        """
        return frozenset()

    def why_stopped(self, month: date, pairs: Sequence[tuple[int, str]]) -> Mapping[tuple[int, str], str]:
        """Return why persons under a benefit are no longer owed anything for a month, by (person, benefit), where known."""
        return {}


_SOURCES: dict[str, PayableSource] = {}


def register(source: PayableSource) -> None:
    """Let each run ask ``source``. A second source of one code is refused."""
    if _SOURCES.setdefault(source.code, source) is not source:
        raise ValueError(f"{source.code} is a source already")


def registered() -> dict[str, PayableSource]:
    """Return every source by its code, in the order of registration."""
    return dict(_SOURCES)


def label_of(code: str) -> str:
    """Return the Vietnamese words of a source; the code itself where nobody registered it."""
    source = _SOURCES.get(code)
    return source.label if source else code


def benefit_label(code: str, benefit: str) -> str:
    """Return the Vietnamese words of a benefit of a source; its code where nobody knows it."""
    source = _SOURCES.get(code)
    return source.benefits().get(benefit, benefit) if source else benefit

"""The decision of the rules as a page tells it: one sentence, then sum by sum, reason by reason, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lienthong.assistance.queries.sentences import unnumbered
from lienthong.kernel.decisions import Outcome
from lienthong.kernel.money import format_dong
from lienthong.office.assistance.wording import month_words
from lienthong.rules.social_assistance.assessing import Assessment, BenefitLine
from lienthong.rules.social_assistance.changes import ComingChange
from lienthong.rules.social_assistance.explaining import sources_of
from lienthong.rules.social_assistance.words import coefficient

OUTCOME_TONES = {Outcome.GRANTED: "done", Outcome.REFUSED: "refused", Outcome.UNKNOWN: "wait"}


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One sum: what it is, how it is reckoned, where that stands."""

    words: str
    reckoning: str
    amount: int
    sources: list[str]
    notices: list[str]


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that could still change the answer, and the form that records it; no address where nobody records it here."""

    fact: str
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Told:
    """An assessment in words."""

    outcome: str
    words: str
    tone: str
    verdict: str
    amount: int | None
    lines: list[ToldLine]
    sentences: list[str]
    missing: list[Missing]
    missing_url: str
    notices: list[str]


def told(assessment: Assessment, address_of: Callable[[str], str], missing_url: str = "") -> Told:
    """Say what the rules say of a person.

    Args:
        assessment: Their answer.
        address_of: Gives the form that records a fact, by its name; empty where there is none.
        missing_url: The form that asks for all of them together; empty where the user records none.
    """
    sentences = [unnumbered(one) for one in assessment.in_words]
    return Told(
        outcome=assessment.outcome.value,
        words=_outcome_words(assessment.outcome),
        tone=OUTCOME_TONES[assessment.outcome],
        verdict=sentences[0] if sentences else "",
        amount=assessment.amount,
        lines=[_line(one) for one in assessment.lines],
        sentences=sentences[1:],
        missing=[Missing(one.fact, one.text, address_of(one.fact)) for one in assessment.missing],
        missing_url=missing_url,
        notices=list(assessment.notices),
    )


def _outcome_words(outcome: Outcome) -> str:
    return {
        Outcome.GRANTED: _("Được hưởng"),
        Outcome.REFUSED: _("Không được hưởng"),
        Outcome.UNKNOWN: _("Chưa kết luận được"),
    }[outcome]


def _line(line: BenefitLine) -> ToldLine:
    reckoning = ""
    if line.tenths is not None:
        reckoning = _("hệ số %(coefficient)s × mức chuẩn %(level)s") % {
            "coefficient": coefficient(line.tenths), "level": format_dong(line.level),
        }  # fmt: skip
    return ToldLine(
        words=line.category.in_words,
        reckoning=reckoning,
        amount=line.amount,
        sources=[f"{source.what}: {source.reference}" for source in sources_of(line)],
        notices=list(line.notices),
    )


def told_line(line: Mapping[str, Any]) -> ToldLine:
    """Say a line that a rate keeps: its sentence names it before the first colon and says how it was reckoned after it."""
    name, colon, rest = str(line.get("words", "")).partition(": ")
    return ToldLine(
        words=name if colon else "",
        reckoning=rest if colon else name,
        amount=int(line.get("amount", 0)),
        sources=[],
        notices=[str(one) for one in line.get("notices", ())],
    )


def coming_told(one: ComingChange) -> dict[str, Any]:
    """Say one birthday ahead that changes what is owed."""
    years, months = divmod(one.months, 12)
    reached = _("%(n)s tuổi") % {"n": years} if not months else _("%(n)s tháng tuổi") % {"n": one.months}
    child = one.whose.partition(".")[2]
    words = {"age": reached, "n": child}
    return {
        "on": one.on,
        "is_certain": one.is_certain,
        "words": (_("con thứ %(n)s đủ %(age)s") if child else _("đủ %(age)s")) % words,
        "before": one.before,
        "after": one.after,
        "month": month_words(one.first_month),
    }

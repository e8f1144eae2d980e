"""What the law, as it is known on a day, gives for what was decided once by the law of an earlier day. Chênh lệch khoản chi một lần.

A decision keeps its amount and how it was explained. Which facts it was decided on is told by the amount itself: the facts under
which the rules give it by the law of the day of the decision are those under which they are asked again. Where none does, or
several that would now differ, nobody knows, and a person must look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from lienthong.assistance.models import DeathGrant, EmergencyGrant, FuneralSupport, standing_top_ups
from lienthong.assistance.queries.facts import History, history_of
from lienthong.assistance.queries.funerals import after_emergency, by_article_eleven, with_merit
from lienthong.assistance.states import EmergencyGrantKind, Programme
from lienthong.kernel.days import add_months, local_day
from lienthong.kernel.decisions import Decision
from lienthong.kernel.money import Dong, format_dong
from lienthong.rules.emergency.kinds import EmergencyKind, decide_emergency, emergency_from_plain
from lienthong.rules.merit.at_death import FUNERAL, DeathFacts, death_payments
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.social_assistance.funeral import FuneralFacts, funeral_support
from lienthong.rules.social_assistance.pension_funeral import PensionFuneralFacts, pension_funeral

NOTHING_ELSE: Final = Dong(0)
_HIGHER: Final = " cao hơn mức theo văn bản khác"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One sum of a decision as a law gives it, before what was given otherwise is taken off. Một khoản theo quy định."""

    amount: int
    words: str
    reference: str


Parts = Mapping[str, Part]
Way = Callable[[date], Parts]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnceDue:
    """What a decision came to so far, and what it comes to by a law. Mức đã quyết định và mức theo quy định mới.

    Attributes:
        old: With what was added to it since, đồng.
        new: The same by the law; None where it is not known on which facts it was decided.
        lines: What of it is more, each part with words, amount and article.
    """

    old: int
    new: int | None
    lines: tuple[dict[str, Any], ...] = ()


def grants_in_months(programme: str, first: date, last: date) -> Iterator[QuerySet[Any]]:
    """Yield the decisions in money that stand and can be paid, of deaths and events in some months, with ``who`` they are about.

    Rice is no money: what a law changes of it is handed out, not added.
    """
    end = add_months(last, 1)
    died, happened = Q(died_on__gte=first, died_on__lt=end), Q(happened_on__gte=first, happened_on__lt=end)
    if programme == Programme.SOCIAL:
        supports = FuneralSupport.objects.filter(died, withdrawn_at=None, payee__isnull=False, unit__isnull=False)
        yield supports.annotate(who=Coalesce("deceased_id", "payee_id"))
        emergencies = EmergencyGrant.objects.filter(happened, withdrawn_at=None)
        yield emergencies.exclude(kind=EmergencyGrantKind.RICE).annotate(who=F("person_id"))
    else:
        yield DeathGrant.objects.filter(died, withdrawn_at=None).annotate(who=F("deceased_id"))


def event_on(grant: Any) -> date:
    """Return the day of whose law a decision is: of the death, or of what happened."""
    found: date = grant.happened_on if isinstance(grant, EmergencyGrant) else grant.died_on
    return found


def due_by_law(grant: Any, *, known_on: date, history: History | None = None) -> OnceDue:
    """Return what a decision comes to by the law that was in force on a day.

    For one funeral only the highest sum is due, by whichever article: what stands of it otherwise is taken off.

    Args:
        grant: The decision.
        known_on: The day up to which laws are in force.
        history: Of whoever died, where somebody with merit did; None: it is asked for.

    Raises:
        NoValueInForce: Nothing is recorded for the day of the event.
    """
    recorded = _recorded(grant)
    stands = Counter(recorded)
    for one in standing_top_ups(grant):
        stands.update({line["code"]: line["amount"] for line in one.lines})
    old = stands.total()
    decided_on = local_day(grant.granted_at)
    told = [
        (given, way(known_on))
        for way in _ways(grant, history)
        if _explains(grant, given := _given(way, decided_on), recorded)
    ]
    if len({_amounts(now) for _before, now in told}) > 1:
        told = [pair for pair in told if _is_told(pair[0], grant.reasons)]
    if len({_amounts(now) for _before, now in told}) != 1:
        return OnceDue(old=old, new=None)
    given, now = told[0]
    if now.keys() != given.keys():
        return OnceDue(old=old, new=None)
    lines, new = [], 0
    for code, part in now.items():
        amount = _raised(grant, code, stands[code], given=given[code].amount, now=part.amount)
        new += amount
        if amount > stands[code]:
            lines.append(_line(code, part, had=stands[code], more=amount - stands[code]))
    return OnceDue(old=old, new=new, lines=tuple(lines))


def _raised(grant: Any, code: str, had: int, *, given: int, now: int) -> int:
    if now == given:
        return had
    otherwise = max(0, _for_funeral(grant) - had) if _is_of_funeral(grant, code) else 0
    left = max(0, now - otherwise)
    return max(had, left) if now > given else min(had, left)


def _line(code: str, part: Part, *, had: int, more: int) -> dict[str, Any]:
    words = f"{part.words}, trừ {format_dong(Dong(had))} đã quyết định"
    return {"code": code, "words": words, "amount": more, "reference": part.reference}


def _recorded(grant: Any) -> dict[str, int]:
    """Return what was decided, by the code of each sum."""
    if isinstance(grant, DeathGrant):
        return {line["code"]: line["amount"] for line in grant.lines}
    return {str(grant.benefit): grant.amount}


def _is_of_funeral(grant: Any, code: str) -> bool:
    if isinstance(grant, EmergencyGrant):
        return bool(grant.kind == EmergencyGrantKind.DEATH)
    return code == FUNERAL


def _for_funeral(grant: Any) -> int:
    """Return what stands for the same funeral in all, by whichever article."""
    number = grant.deceased.personal_id_number if isinstance(grant, DeathGrant) else grant.deceased_number
    found: Iterable[Any] = (
        one for ask in (by_article_eleven, after_emergency, with_merit) for one in ask(grant.deceased, number or "")
    )
    return sum(one.amount for one in found)


def _explains(grant: Any, parts: Parts, recorded: Mapping[str, int]) -> bool:
    """Tell whether a law gives what was decided; of a funeral what was given otherwise may have been taken off."""
    return parts.keys() == recorded.keys() and all(
        part.amount == recorded[code]
        or (part.amount > recorded[code] and _is_of_funeral(grant, code) and not isinstance(grant, FuneralSupport))
        for code, part in parts.items()
    )


def _amounts(parts: Parts) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((code, part.amount) for code, part in parts.items()))


def _is_told(parts: Parts, reasons: Iterable[str]) -> bool:
    return all(any(part.words in reason for reason in reasons) for part in parts.values())


def _given(way: Way, on: date) -> Parts:
    try:
        return way(on)
    except NoValueInForce:  # this law came later than the decision
        return {}


def _ways(grant: Any, history: History | None) -> list[Way]:
    """Return on which facts a decision may have been taken, each as what a law that is known on a day gives for them."""
    if isinstance(grant, FuneralSupport):
        return [*(_by_assistance(grant, inside) for inside in (False, True)), _by_pension(grant)]
    if isinstance(grant, EmergencyGrant):
        return [lambda known_on: _of_emergency(grant, known_on)]
    person = (history or history_of(grant.deceased_id)).merit_facts_on(grant.died_on)
    facts = DeathFacts(person=person, was_receiving=True, arranged_funeral=True, other_support=NOTHING_ELSE)
    codes = {line["code"] for line in grant.lines}
    return [
        lambda known_on: {
            line.code: Part(amount=line.amount, words=line.words, reference=str(line.reference))
            for line in death_payments(facts, on=grant.died_on, known_on=known_on).lines
            if line.code in codes
        }
    ]


def _by_assistance(grant: FuneralSupport, in_institution: bool) -> Way:
    facts = FuneralFacts(
        died_on=grant.died_on, received_monthly_social_assistance=True, child_of_poor_single_parent=False,
        received_survivor_or_other_monthly_benefit=False, claimant_arranged_funeral=True,
        highest_other_funeral_support=NOTHING_ELSE, in_institution=in_institution,
    )  # fmt: skip
    return lambda known_on: _of_funeral(grant, funeral_support(facts, on=grant.died_on, known_on=known_on))


def _by_pension(grant: FuneralSupport) -> Way:
    facts = PensionFuneralFacts(
        received_social_pension=True, requested_in_writing=False, was_eligible=True, claimant_arranged_funeral=True,
        highest_other_funeral_support=NOTHING_ELSE,
    )  # fmt: skip
    return lambda known_on: _of_funeral(grant, pension_funeral(facts, on=grant.died_on, known_on=known_on))


def _of_funeral(grant: FuneralSupport, decision: Decision[Dong]) -> Parts:
    if decision.value is None:
        return {}
    told = next(one for one in decision.reasons if _HIGHER in one.text)
    words = told.text.partition(_HIGHER)[0]
    return {str(grant.benefit): Part(amount=decision.value, words=words, reference=str(told.reference or ""))}


def _of_emergency(grant: EmergencyGrant, known_on: date) -> Parts:
    content = {**grant.facts, "happened_on": grant.happened_on}
    emergency = emergency_from_plain(EmergencyKind(grant.kind), content)
    decided_on = local_day(grant.granted_at)
    decision = decide_emergency(emergency, on=decided_on, known_on=known_on, received_on=decided_on)
    if decision.value is None:
        return {}
    reference = next((str(one) for one in decision.references), "")
    part = Part(amount=decision.value.amount, words=decision.value.words, reference=reference)
    return {str(grant.benefit): part}

"""What others may ask for because somebody died: put on the list of those who are entitled and have not asked.

Nothing is granted by it: whoever arranged the funeral, or a relative, asks at the desk.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q

from lienthong.assistance.models import EmergencyGrant, Entitlement, Finding, FuneralSupport
from lienthong.assistance.queries.facts import History, history_of
from lienthong.assistance.services.death_grants import due_at_death, granted_codes
from lienthong.assistance.services.refusals import AlreadyReceived
from lienthong.assistance.states import Benefit, FindingKind, FindingState, Programme
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import OPEN_STATES, WAITING_STATES
from lienthong.kernel.days import local_day
from lienthong.kernel.decisions import Decision
from lienthong.kernel.logic import Answer
from lienthong.kernel.money import Dong, format_dong
from lienthong.people import queries as people
from lienthong.people.models import Person
from lienthong.people.states import HouseholdRelation
from lienthong.rules.merit.at_death import FUNERAL, GRANT, DeathFacts
from lienthong.rules.parameters import NoValueInForce, load_parameter
from lienthong.rules.social_assistance.categories import AssistanceCategory
from lienthong.rules.social_assistance.funeral import FuneralFacts, funeral_support
from lienthong.rules.social_assistance.pension_funeral import PensionFuneralFacts, pension_funeral
from lienthong.rules.social_assistance.timing import month_of

OF_NO_DEATH: Final = "no-death"
"""The ground of a finding of a death that was taken back: a later death is offered anew."""
ASSISTANCE, INSTITUTION, PENSION = "assistance", "institution", "pension"
REQUESTED, CHILD, SURVIVOR = "requested", "child", "survivor"
"""In which circumstance the support of a funeral is offered: the ground of the finding, and the answer of the dossier."""
SOCIAL_PENSION: Final = "1.014027"
_GRANTED_WORDS: Final = {
    GRANT: "Trợ cấp một lần đối với thân nhân đã được quyết định; còn trợ cấp mai táng.",
    FUNERAL: "Trợ cấp mai táng đã được quyết định; còn trợ cấp một lần đối với thân nhân.",
}
_Circumstance = tuple[str, Decision[Dong]]


def offer_after_death(person: Person, rows: list[Entitlement], *, now: datetime) -> None:
    """Say what may be asked for because somebody died, where it was neither offered nor granted yet.

    Args:
        person: Who died.
        rows: What the death has just ended.
        now: The moment.
    """
    assert person.died_on is not None
    history = history_of(person.pk)
    if history.amount_of(Programme.MERIT, month_of(person.died_on), [Benefit.MONTHLY]):
        _offer_of_merit(person, history, person.died_on, now=now)
    _offer_funeral(person, rows, history, person.died_on, now=now)


def _offer_of_merit(person: Person, history: History, died_on: date, *, now: datetime) -> None:
    """Offer the relatives what the death of somebody with merit brings once, and who arranged it the funeral.

    Legal source:
        131/2021/NĐ-CP, Điều 122, 123.
    """
    if not _is_known(person, Programme.MERIT, Benefit.AT_DEATH):
        _offer_what_is_left(person, history, died_on, now=now)


def offer_other_part(deceased_id: int, *, now: datetime) -> None:
    """Offer what is left of a death of which one part was just granted: relatives and whoever arranged the funeral may be two.

    Nothing is offered before the death is recorded, which offers it then, nor while another dossier asks for it.

    Legal source:
        131/2021/NĐ-CP, Điều 122, 123.
    """
    person = Person.objects.get(pk=deceased_id)
    waiting = Finding.objects.filter(person=person, benefit=Benefit.AT_DEATH).exclude(ground=OF_NO_DEATH)
    if person.died_on and not waiting.filter(state__in=(FindingState.OPEN, FindingState.DRAFTED)).exists():
        _offer_what_is_left(person, history_of(person.pk), person.died_on, now=now)


def _offer_what_is_left(person: Person, history: History, died_on: date, *, now: datetime) -> None:
    granted = granted_codes(person.pk)
    facts = DeathFacts(
        person=history.merit_facts_on(died_on), was_receiving=True,
        arranged_funeral=False if FUNERAL in granted else None,
    )  # fmt: skip
    try:
        found = due_at_death(facts, person.pk, died_on=died_on, on=local_day(now))
    except (NoValueInForce, AlreadyReceived):
        return
    lines = [line for line in found.lines if line.code not in granted]
    if not lines and not found.decision.missing:
        return
    paying = Entitlement.objects.filter(person=person, programme=Programme.MERIT, benefit=Benefit.MONTHLY)
    _put(
        person, paying.order_by("-pk").values_list("unit_id", flat=True)[0], now=now,
        programme=Programme.MERIT, benefit=Benefit.AT_DEATH, missing=list(found.decision.missing),
        amount=sum(line.amount for line in lines) or None,
        reasons=[
            *(_GRANTED_WORDS[code] for code in sorted(granted)),
            *(f"{line.words}: {format_dong(line.amount)} ({line.reference})." for line in lines),
            *(str(reason) for reason in found.decision.reasons if reason.holds), *found.notices,
        ],
    )  # fmt: skip


def _offer_funeral(person: Person, rows: list[Entitlement], history: History, died_on: date, *, now: datetime) -> None:
    """Offer the support of the funeral to whoever arranged it."""
    number = person.personal_id_number
    supported = FuneralSupport.objects.filter(
        Q(deceased=person) | (Q(deceased_number=number) if number else Q(pk=0)), withdrawn_at=None
    )
    in_emergency = EmergencyGrant.objects.filter(deceased=person, withdrawn_at=None)
    if supported.exists() or _is_known(person, Programme.SOCIAL, Benefit.FUNERAL) or in_emergency.exists():
        return
    social = [row for row in rows if row.programme == Programme.SOCIAL]
    unit_id = social[0].unit_id if social else history.unit_on(died_on)
    if social or history.was_in_institution(died_on):
        found: _Circumstance | None = _of_received(history, died_on, known_on=local_day(now))
    else:
        found = _of_others(person, history, died_on, known_on=local_day(now))
    if found is None or unit_id is None:
        return
    circumstance, decision = found
    _put(
        person, unit_id, now=now, programme=Programme.SOCIAL, benefit=Benefit.FUNERAL, amount=decision.value,
        reasons=[str(reason) for reason in decision.reasons if reason.holds], missing=list(decision.missing),
        ground=circumstance,
    )  # fmt: skip


def _of_received(history: History, died_on: date, *, known_on: date) -> _Circumstance:
    if history.was_in_institution(died_on):
        cared_for = FuneralFacts(died_on=died_on, received_monthly_social_assistance=False, in_institution=True)
        return INSTITUTION, funeral_support(cared_for, on=died_on, known_on=known_on)
    if history.received_pension_in(month_of(died_on)):
        pension = PensionFuneralFacts(received_social_pension=True)
        return PENSION, pension_funeral(pension, on=died_on, known_on=known_on)
    facts = FuneralFacts(died_on=died_on, received_monthly_social_assistance=True, in_institution=False)
    return ASSISTANCE, funeral_support(facts, on=died_on, known_on=known_on)


def _of_others(person: Person, history: History, died_on: date, *, known_on: date) -> _Circumstance | None:
    """Try who had only asked, who was the child of a poor single parent, and who was old and had another benefit.

    Legal source:
        176/2025/NĐ-CP; 20/2021/NĐ-CP, Điều 11 khoản 1 điểm b, c.
    """
    try:
        if _waits_for_pension(person):
            asked = PensionFuneralFacts(received_social_pension=False, requested_in_writing=True)
            return REQUESTED, pension_funeral(asked, on=died_on, known_on=known_on)
        is_child = bool(single_parents_of(person, died_on))
        has_benefit = None if is_child else _has_other_benefit(history, died_on)
        if not is_child and has_benefit is False:
            return None
        facts = FuneralFacts(
            birth_date=history.birth_date, died_on=died_on, received_monthly_social_assistance=False,
            child_of_poor_single_parent=is_child, received_survivor_or_other_monthly_benefit=has_benefit,
            in_institution=False,
        )  # fmt: skip
        return CHILD if is_child else SURVIVOR, funeral_support(facts, on=died_on, known_on=known_on)
    except NoValueInForce:
        return None  # a death of before there was such a law


def _waits_for_pension(person: Person) -> bool:
    number = person.personal_id_number
    if not number:
        return False
    own = Q(answers__person_number=number) | Q(
        Q(answers__person_number="") | ~Q(answers__has_key="person_number"), applicant_number=number
    )
    states = (*OPEN_STATES, *WAITING_STATES)
    return Dossier.objects.filter(own, procedure_code=SOCIAL_PENSION, state__in=states).exists()


def single_parents_of(person: Person, died_on: date) -> list[int]:
    """Return the heads of household whose child the person was and who received as a poor single parent in that month."""
    household = people.household_of(person, died_on)
    members = people.members_on(household, died_on) if household else []
    if not any(one.person_id == person.pk and one.relation == HouseholdRelation.CHILD for one in members):
        return []
    heads = [one.person_id for one in members if one.relation == HouseholdRelation.HEAD]
    wanted = AssistanceCategory.SINGLE_PARENT.value
    return [head for head in heads if wanted in history_of(head).categories_of(month_of(died_on))]


def _has_other_benefit(history: History, died_on: date) -> Answer:
    """Ask of whoever was old enough and had a pension or a benefit that is told; whoever had merit is offered more."""
    age = load_parameter("social_assistance/funeral_support:age_with_other_benefit").value_on(died_on)
    born = history.birth_date
    if born is None or born.age_on(died_on).at_least(age) is False:
        return False
    facts = history.facts_on(died_on)
    if history.amount_of(Programme.MERIT, month_of(died_on), [Benefit.MONTHLY]):
        return False
    if facts.other_benefit:
        return True
    return None if facts.pension else False


def _is_known(person: Person, programme: Programme, benefit: Benefit) -> bool:
    known = Finding.objects.filter(person=person, programme=programme, benefit=benefit)
    return known.exclude(ground=OF_NO_DEATH).exists()


def _put(person: Person, unit_id: int, *, now: datetime, missing: list[str], **said: Any) -> None:
    Finding.objects.create(
        person=person, unit_id=unit_id, kind=FindingKind.NOT_RECEIVING, missing=missing, is_certain=not missing,
        found_on=local_day(now), run_id=f"death:{person.pk}", state=FindingState.OPEN, **said,
    )  # fmt: skip

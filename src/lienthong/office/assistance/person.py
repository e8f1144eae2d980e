"""The page of a person: what is paid and how it was reckoned, what the rules say today, what is known and missing, what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lienthong.assistance import policies
from lienthong.assistance.queries import certificates, people
from lienthong.assistance.queries import emergency as queries
from lienthong.assistance.queries.fact_words import fact_label, fact_words
from lienthong.assistance.queries.facts import History, KnownFacts, history_of
from lienthong.assistance.queries.findings import offered_after_death
from lienthong.assistance.queries.merit_months import merit_on
from lienthong.assistance.queries.paid_once import once_of
from lienthong.assistance.queries.receiving import paid_next
from lienthong.assistance.queries.sentences import each_words
from lienthong.assistance.services.circumstances import RECORDED
from lienthong.assistance.states import LIVE_STATES, NOT_MONTHLY, EntitlementState, PayeeGround, Programme, ProposalKind
from lienthong.infra.http import HouseRequest, allowed, note_read, reads
from lienthong.kernel.days import add_months
from lienthong.office.assistance.certificates import certificate_words, renewal_words
from lienthong.office.assistance.deaths import may_record_death
from lienthong.office.assistance.emergency_told import entries_of, rows_of
from lienthong.office.assistance.merit_words import claim_words, relatives_told
from lienthong.office.assistance.money import payments_told, receivers_told
from lienthong.office.assistance.paid_once_told import told_once
from lienthong.office.assistance.papers_told import dossier_told, dossiers_of, papers_told
from lienthong.office.assistance.stories import told_story
from lienthong.office.assistance.told import Told, ToldLine, coming_told, told, told_line
from lienthong.office.assistance.wording import (
    STATE_TONES,
    birth_words,
    days_span,
    last_month_before,
    months_span,
    this_month,
)
from lienthong.office.pages import office_page
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.social_assistance.assessing import assess
from lienthong.rules.social_assistance.changes import coming_changes
from lienthong.rules.social_assistance.facts import FIELDS
from lienthong.rules.social_assistance.words import age
from lienthong.units import queries as units

YEARS_AHEAD: Final = 10
RATES_SHOWN: Final = 24
_OF_PEOPLE: Final = ("birth_date", "sex", "disability")
"""Facts that every programme reads."""


@dataclass(frozen=True, slots=True)
class RateTold:
    """What an entitlement comes to in some months."""

    months: str
    amount: int
    words: str


@dataclass(frozen=True, slots=True)
class EntitlementTold:
    """One benefit of a person in words."""

    id: int
    benefit: str
    state: str
    tone: str
    is_live: bool
    amount: int | None
    each: str
    months: str
    payee_words: str
    unit: str
    lines: list[ToldLine]
    words: str
    notices: list[str]
    rates: list[RateTold]
    decision: str
    decided_on: date
    dossier: str
    dossier_url: str
    because: str
    acts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A fact that is known: what, the answer, where it came from, and the form that records it."""

    name: str
    label: str
    words: str
    source: str
    url: str
    change: str
    is_no: bool


@allowed(policies.sees_assistance)
@reads
def person_page(request: HouseRequest, person_id: int) -> HttpResponse:
    person = people.get_person(person_id, as_=request.user, on=request.today)
    history = history_of(person.pk)
    entitlements = people.entitlements_of(person.pk, as_=request.user, on=request.today)
    proposals = list(people.proposals_of(person.pk, as_=request.user, on=request.today))
    acts = people.acts_for(person, as_=request.user, on=request.today)
    emergencies = queries.grants_of(person.pk, as_=request.user, on=request.today)
    once = once_of(person, acts)
    note_read(request, f"person:{person.pk}", "assistance")
    month = this_month(request.today)
    dossiers = dossiers_of(
        request, person, [*(one.dossier_code for one in entitlements), *(one.dossier_code for one in emergencies)]
    )
    addresses = {one.code: reverse("office:dossier", args=[one.public_id]) for one in dossiers}
    programmes = acts.programmes | {one.programme for one in entitlements}
    paid = [
        entitlement_told(
            one,
            month,
            acts_of(one, request),
            dossier_url=addresses.get(one.dossier_code, ""),
        )
        for one in entitlements
    ]
    context = {
        "person": person_told(person, history, on=request.today),
        "standing": _standing(paid),
        "paid": paid,
        "total": sum(one.amount or 0 for one in paid if one.is_live and not one.each),
        "waiting": [_waiting(one) for one in people.waiting_of(proposals)],
        "proposals": proposals,
        "known": known_rows(history.known_on(request.today), person.pk, acts),
        "certificates": [
            _certificate(one, person, acts, request.today, is_followed=place > 0)
            for place, one in enumerate(people.certificates_of(person.pk))
        ],
        "claims": [claim_words(one) for one in people.merit_claims_of(person.pk)] if acts.sees_merit else [],
        "relatives": relatives_told(person, user=request.user, on=request.today) if acts.sees_merit else [],
        "happened": told_story(_story(person.pk, entitlements, proposals, [*emergencies, *once], acts))[::-1],
        "emergencies": rows_of(emergencies, request=request),
        "emergency_entries": entries_of(person) if acts.records else [],
        "may_record": acts.records,
        "may_claim_merit": acts.claims_merit,
        "may_grant": person.died_on is None and (acts.records or acts.claims_merit),
        "after_death": _after_death(person, request),
        "may_record_death": person.died_on is None and may_record_death(acts),
        "may_withdraw_death": person.died_on is not None and may_record_death(acts),
        "once": told_once(once, request),
        "payments": payments_told(person.pk, programmes=programmes),
        "receivers": receivers_told(person, entitlements, user=request.user, on=request.today),
        "dossiers": [dossier_told(one) for one in dossiers],
        "papers": papers_told(request, person, dossiers, acts, programmes=acts.programmes),
        "may_add_papers": acts.records or acts.claims_merit,
        **_rules(person, history, request, acts),
    }
    context["noes"] = sum(one.is_no for one in context["known"])
    context["is_as_paid"] = _is_as_paid(context["told"], entitlements, paid)
    return office_page(request, "office/assistance/person.html", context)


def _story(person_id: int, entitlements: Any, proposals: Any, once: Sequence[Any], acts: people.Acts) -> Any:
    """Return what happened to the person; of what is paid to them for somebody else that one's page tells."""
    recorded = [*entitlements, *(one for one in once if one.subject_id == person_id)]
    return people.story_of(person_id, recorded, proposals, programmes=acts.programmes)


def _after_death(person: Any, request: HouseRequest) -> list[tuple[str, str]]:
    """Return what may be asked for because the person died, each with its finding."""
    if person.died_on is None:
        return []
    offered = offered_after_death(person.pk, as_=request.user, on=request.today)
    return [
        (capfirst(str(one.get_benefit_display())), reverse("office:assistance_finding", args=[one.pk]))
        for one in offered
    ]


def _rules(person: Any, history: History, request: HouseRequest, acts: people.Acts) -> dict[str, Any]:
    """Return what the rules say today of somebody living; of the dead they say nothing any more."""
    if person.died_on is not None:
        return {"told": None, "sees_social": False}
    return rules_today(history, request.today, person.pk, acts)


def rules_today(
    history: History, on: date, person_id: int, acts: people.Acts, *, next_page: str = "person"
) -> dict[str, Any]:
    """Return what the rules say of a person on a day: social assistance, merit where there are claims, birthdays ahead."""
    facts = history.facts_on(on)
    found: dict[str, Any] = {"told": None, "not_told": "", "merit": None, "coming": [], "sees_social": acts.sees_social}
    try:
        if acts.sees_social:
            found["told"] = told_on(history, on, person_id, may_record=acts.records, next_page=next_page)
            until = add_months(on, 12 * YEARS_AHEAD)
            found["coming"] = [coming_told(one) for one in coming_changes(facts, on=on, until=until)]
        if history.claims and acts.sees_merit:
            found["merit"] = merit_on(history, on, known_on=on)
    except NoValueInForce as missing:
        found["not_told"] = str(missing)
    return found


def told_on(history: History, on: date, person_id: int, *, may_record: bool, next_page: str = "person") -> Told:
    """Return the decision of the rules of a day in words, each missing fact with the form that records it."""
    missing = reverse("office:assistance_missing", args=[person_id]) + f"?next={next_page}" if may_record else ""
    return told(
        assess(history.facts_on(on), on=on, known_on=on),
        lambda fact: address_of_fact(fact, person_id, next_page) if may_record else "",
        missing,
    )


def address_of_fact(fact: str, person_id: int, next_page: str = "person") -> str:
    """Return the form that records a fact of ``PersonFacts``; empty where another register holds it."""
    name = fact.split(".", maxsplit=1)[0]
    if name in RECORDED:
        return reverse("office:assistance_fact", args=[person_id, name]) + f"?next={next_page}"
    return ""


def person_told(person: Any, history: History, *, on: date) -> dict[str, Any]:
    """Say who somebody is, in the words of a header."""
    birth = history.birth_date
    unit_id = history.unit_on(on)
    home = next(
        (row for row in history.residences if row.valid_from <= on and (row.valid_until or date.max) > on), None
    )
    place = units.heir_on(person.unit, on) if unit_id else None
    return {
        "id": person.pk,
        "name": person.full_name,
        "number": person.personal_id_number,
        "birth": birth_words(person),
        "age": age(birth.age_on(on)) if birth and birth.latest <= on else "",
        "sex": person.get_sex_display().lower(),
        "died_on": person.died_on,
        "place": ", ".join(filter(None, [home.hamlet if home else "", place.name if place else ""])),
        "household": person.household_code,
        "class_words": _class_words(history, on),
    }


def entitlement_told(one: Any, month: date, acts: list[tuple[str, str]], *, dossier_url: str = "") -> EntitlementTold:
    """Say one benefit with what it comes to in a month and how that was reckoned."""
    state = EntitlementState(one.state)
    rate = _rate_of(one, month)
    shown = rate or next(iter(one.current_rates[-1:]), None)
    ground = str(PayeeGround(one.payee_ground).label)
    payee = _("trả cho %(name)s") % {"name": one.receiver}
    if one.payee_ground == PayeeGround.INSTITUTION:
        payee, ground = _("chi trả cho cơ sở %(name)s") % {"name": one.receiver}, ""
    return EntitlementTold(
        id=one.pk,
        benefit=str(one.get_benefit_display()).capitalize(),
        state=str(state.label),
        tone=STATE_TONES[state],
        is_live=one.state in LIVE_STATES,
        amount=rate.amount if rate else None,
        each=each_words(one.benefit),
        months=months_span(one.first_month, one.last_month),
        payee_words=payee if one.payee_ground == PayeeGround.SELF or not ground else f"{payee} ({ground})",
        unit=one.unit.name,
        lines=[told_line(line) for line in shown.basis.get("lines", ())] if shown else [],
        words=shown.words if shown and not shown.basis.get("lines") else "",
        notices=_notices(shown.basis) if shown else [],
        rates=[_rate(rate) for rate in one.current_rates[-RATES_SHOWN:]],
        decision=one.decision_number,
        decided_on=one.decided_on,
        dossier=one.dossier_code,
        dossier_url=dossier_url,
        because=one.ended_because,
        acts=acts,
    )


def acts_of(one: Any, request: HouseRequest) -> list[tuple[str, str]]:
    """Return what the user may propose for a benefit, each with its form."""
    words = {
        ProposalKind.ADJUST: _("Tính lại mức"),
        ProposalKind.SUSPEND: _("Tạm dừng"),
        ProposalKind.RESUME: _("Hưởng trở lại"),
        ProposalKind.STOP: _("Thôi hưởng"),
        ProposalKind.MOVE: _("Chuyển nơi hưởng"),
        ProposalKind.CHANGE_PAYEE: _("Thay người nhận"),
        ProposalKind.RECOVER: _("Thu hồi tiền hưởng thừa"),
        ProposalKind.REINSTATE: _("Phục hồi hưởng"),
    }
    return [
        (words[kind], reverse("office:assistance_act", args=[one.pk, kind.value]))
        for kind in people.proposable(one, as_=request.user, on=request.today)
    ]


def known_rows(known: KnownFacts, person_id: int, acts: people.Acts) -> list[KnownRow]:
    """Return every fact that is known and that the user may see, in the order of the rules, with where it came from."""
    rows = []
    for name in FIELDS if acts.sees_social else _OF_PEOPLE:
        value = getattr(known.facts, name)
        if value is None:
            continue
        source = known.sources.get(name)
        record = source.record.partition(":") if source else ("", "", "")
        url = ""
        if acts.records and record[0] == "circumstance":
            url = reverse("office:assistance_fact_correct", args=[int(record[2])]) + "?next=person"
        rows.append(
            KnownRow(
                name=name,
                label=fact_label(name),
                words=fact_words(name, value),
                source=source.words if source else "",
                url=url,
                change=_("Đính chính"),
                is_no=value is False or value in (0, ()),
            )
        )
    return rows


def _standing(paid: Sequence[EntitlementTold]) -> tuple[str, str]:
    live = [one for one in paid if one.is_live]
    if any(one.tone == "done" for one in live):
        return _("đang hưởng"), "done"
    if live:
        return _("đang tạm dừng"), "soon"
    return (_("đã thôi hưởng"), "ended") if paid else (_("chưa hưởng"), "draft")


def _is_as_paid(told_today: Told | None, entitlements: Sequence[Any], paid: Sequence[EntitlementTold]) -> bool:
    """Tell whether the rules give today exactly what is paid, so that nothing has to be told twice."""
    social = [
        one.amount or 0
        for row, one in zip(entitlements, paid, strict=True)
        if row.programme == Programme.SOCIAL and one.is_live
    ]
    return told_today is not None and bool(social) and told_today.amount == sum(social)


def _waiting(one: Any) -> dict[str, Any]:
    return {
        "url": reverse("office:assistance_proposal", args=[one.pk]),
        "words": one.words,
        "prepared_by": one.prepared_by.full_name,
        "prepared_at": one.prepared_at,
    }


def _certificate(one: Any, person: Any, acts: Any, on: date, *, is_followed: bool) -> dict[str, Any]:
    one.person = person
    due, tone = ("", "") if is_followed else renewal_words(certificates.renewal_of(one, on=on), on)
    withdraw = reverse("office:assistance_certificate_withdraw", args=[person.pk, one.pk]) if acts.records else ""
    return {
        "words": f"{certificate_words(one)}; {days_span(one.valid_from, one.valid_until)}",
        "due": due,
        "due_tone": tone,
        "url": withdraw,
    }


def _class_words(history: History, on: date) -> str:
    known = history.known_on(on).facts.poverty
    return fact_words("poverty", known) if known else ""


def _notices(basis: Mapping[str, Any]) -> list[str]:
    """Return what is to be said of the whole; what a line says of itself is not said twice."""
    said = {str(words) for line in basis.get("lines", ()) for words in line.get("notices", ())}
    return [str(words) for words in basis.get("notices", ()) if str(words) not in said]


def _rate(rate: Any) -> RateTold:
    return RateTold(
        months=months_span(rate.first_month, last_month_before(rate.end_month)), amount=rate.amount, words=rate.words
    )


def _rate_of(one: Any, month: date) -> Any:
    """Return what is paid in a month; of what is paid once or each year what is paid next, or was paid last."""
    if one.benefit not in NOT_MONTHLY:
        return next((rate for rate in one.current_rates if _covers(rate, month)), None)
    return paid_next(one.current_rates, month)


def _covers(rate: Any, month: date) -> bool:
    return bool(rate.first_month <= month and (rate.end_month is None or month < rate.end_month))

"""``./lienthong benefits show PERSON``: what somebody receives and how it was reckoned, what the rules say, what waits, what was paid."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from lienthong.accounts.models import User
from lienthong.assistance.models import Entitlement, EntitlementRate
from lienthong.assistance.queries import emergency, paid_once, people
from lienthong.assistance.queries.fact_words import fact_label, plain_words
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.queries.merit_months import merit_on
from lienthong.assistance.queries.recovering import unfinished
from lienthong.assistance.services.circumstances import programme_of
from lienthong.assistance.states import LIVE_STATES, Benefit, EntitlementState, PayeeGround
from lienthong.kernel.days import add_months, format_day, local_day
from lienthong.kernel.money import format_dong
from lienthong.ops.assess_results import merit_as_json, merit_in_words, social_assistance_as_json
from lienthong.ops.benefits_reading import (
    beneficiary_of,
    benefit_words,
    note_read,
    officer_of,
    proposal_as_plain,
    say_proposal,
)
from lienthong.ops.console import say
from lienthong.ops.payroll_reading import read_month, say_json
from lienthong.payments.queries.persons import payments_of_person
from lienthong.payments.states import Channel, LineState
from lienthong.people.models import Person
from lienthong.rules.merit.lines import MeritAssessment
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.social_assistance.assessing import Assessment, assess

VERB: Final = "show"
EXAMPLE: Final = "./lienthong benefits show 019180000123 --month 11/2026 --as TEN_DANG_NHAP"
_PAYMENTS_SHOWN: Final = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What the rules say of a person on a day, as far as the account sees the programme; or what they lack."""

    on: date
    social: Assessment | None = None
    merit: MeritAssessment | None = None
    problem: str = ""


def add_verb(verbs: Any) -> ArgumentParser:
    """Add the verb to the command."""
    parser: ArgumentParser = verbs.add_parser(
        VERB, help="một người: các khoản hưởng và cách tính, quy định nói gì, đề xuất đang chờ, đã chi"
    )
    parser.add_argument("person", metavar="SỐ_ĐỊNH_DANH", help="số định danh của người hưởng")
    parser.add_argument(
        "--month", default="", metavar="MM/YYYY", help="mức và tiền chi của tháng nào (mặc định: tháng này)"
    )
    parser.add_argument("--as", dest="user", default="", metavar="USERNAME", help="tài khoản của người xem")
    parser.add_argument("--json", action="store_true", help="in mọi thông tin dạng JSON")
    return parser


def show(options: dict[str, Any], *, now: datetime) -> None:
    """Tell everything that the page of the person tells the account; that it was read is written down."""
    on = local_day(now)
    user = officer_of(options["user"], on=on, example=EXAMPLE)
    this_month = on.replace(day=1)
    month = read_month(options["month"]) if options["month"] else this_month
    person = beneficiary_of(options["person"], user, on=on)
    acts = people.acts_for(person, as_=user, on=on)
    rules = _rules(person, acts, day=on if month == this_month else month, on=on)
    rows = people.proposals_of(person.pk, as_=user, on=on).select_related("person", "unit", "prepared_by", "decided_by")
    waiting = people.waiting_of(rows)
    told = _as_plain(person, user, acts, month=month, on=on)
    if options["month"]:
        told["payments"] = [one for one in told["payments"] if one["month"] == f"{month:%m/%Y}"]
    note_read(user, f"person:{person.pk}", "assistance", command=f"benefits {VERB}", now=now)
    if options["json"]:
        say_json(told | {"rules": _rules_as_plain(rules), "proposals": [proposal_as_plain(one) for one in waiting]})
        return
    for line in _lines(told, rules):
        say(line)
    say(f"Đề xuất đang chờ: {len(waiting)}")
    for one in waiting:
        say_proposal(one)


def _as_plain(person: Person, user: User, acts: people.Acts, *, month: date, on: date) -> dict[str, Any]:
    entitlements = people.entitlements_of(person.pk, as_=user, on=on)
    programmes = acts.programmes | {one.programme for one in entitlements}
    payments = payments_of_person(person.pk).filter(source__in=programmes)
    return {
        "person": _person(person),
        "month": f"{month:%m/%Y}",
        "entitlements": [_entitlement(one, month) for one in entitlements],
        "payments": [_payment(one) for one in payments[:_PAYMENTS_SHOWN]],
        "recoveries": [
            {"id": one.recovery.pk, "benefit": one.recovery.entitlement.benefit, "kept": one.kept, "left": one.left}
            for one in unfinished(person_id=person.pk)
            if one.recovery.entitlement.programme in programmes
        ],
        **_records(person, user, acts, on),
    }


def _rules_as_plain(rules: _Rules) -> dict[str, Any]:
    return {
        "on": rules.on.isoformat(),
        "social_assistance": social_assistance_as_json(rules.social) if rules.social else None,
        "merit": merit_as_json(rules.merit) if rules.merit else None,
        "problem": rules.problem,
    }


def _rules(person: Person, acts: people.Acts, *, day: date, on: date) -> _Rules:
    history = history_of(person.pk)
    try:
        social = assess(history.facts_on(day), on=day, known_on=on) if acts.sees_social else None
        merit = merit_on(history, day, known_on=on) if acts.sees_merit and history.claims else None
    except NoValueInForce as missing:
        return _Rules(on=day, problem=str(missing))
    return _Rules(on=day, social=social, merit=merit)


def _person(person: Person) -> dict[str, Any]:
    return {
        "name": person.full_name, "number": person.personal_id_number,
        "birth": person.birth_on.isoformat() if person.birth_on else None, "birth_precision": person.birth_precision,
        "sex": person.sex, "commune": person.unit.code if person.unit else None,
        "died_on": person.died_on.isoformat() if person.died_on else None,
    }  # fmt: skip


def _entitlement(one: Entitlement, month: date) -> dict[str, Any]:
    rates: list[EntitlementRate] = one.current_rates  # type: ignore[attr-defined]
    return {
        "id": one.pk, "programme": one.programme, "benefit": one.benefit, "state": one.state, "commune": one.unit.code,
        "first_month": f"{one.first_month:%m/%Y}", "last_month": f"{one.last_month:%m/%Y}" if one.last_month else None,
        "amount": next((rate.amount for rate in rates if _covers(rate, month)), None),
        "payee": str(one.receiver), "payee_ground": one.payee_ground, "decision_number": one.decision_number,
        "decided_on": one.decided_on.isoformat(), "dossier": one.dossier_code, "ended_because": one.ended_because,
        "rates": [
            {
                "first_month": f"{rate.first_month:%m/%Y}",
                "last_month": f"{add_months(rate.end_month, -1):%m/%Y}" if rate.end_month else None,
                "amount": rate.amount, "words": rate.words, "lines": list(rate.basis.get("lines", ())),
            }
            for rate in rates
        ],
    }  # fmt: skip


def _covers(rate: EntitlementRate, month: date) -> bool:
    return rate.first_month <= month and (rate.end_month is None or month < rate.end_month)


def _payment(line: Any) -> dict[str, Any]:
    return {
        "month": f"{line.for_month:%m/%Y}", "programme": line.source, "benefit": line.benefit, "amount": line.amount,
        "deducted": line.deducted, "receiver": str(line.receiver), "channel": line.channel, "state": line.state,
        "paid_on": line.paid_on.isoformat() if line.paid_on else None, "why": line.why,
    }  # fmt: skip


def _records(person: Person, user: User, acts: people.Acts, on: date) -> dict[str, Any]:
    """Give what is recorded of the person, each with the number by which a verb names it."""
    facts = [one for one in people.circumstances_of(person.pk) if one.withdrawn_at is None]
    certificates = people.certificates_of(person.pk) if acts.sees_social else ()
    claims = people.merit_claims_of(person.pk) if acts.sees_merit else ()
    once = [*paid_once.once_of(person, acts), *emergency.grants_of(person.pk, as_=user, on=on)]
    return {
        "facts": [
            {
                "id": one.pk, "name": one.name, "label": fact_label(one.name), "value": one.value,
                "words": plain_words(one.name, one.value), "evidence": one.evidence, **_days(one),
            }
            for one in facts
            if programme_of(one.name) in acts.programmes
        ],
        "certificates": [
            {
                "id": one.pk, "number": one.number, "level": one.level, "kind": one.kind,
                "issued_on": one.issued_on.isoformat(), **_days(one),
            }
            for one in certificates
        ],
        "claims": [
            {"id": one.pk, "data": one.data, "decision_number": one.decision_number, **_days(one)} for one in claims
        ],
        "once": [
            {
                "decision": str(one.what.value), "id": one.pk, "given": paid_once.given_words(one),
                "ground": paid_once.ground_words(one), "receiver": str(one.receiver or ""),
                "withdrawn": one.withdrawn_at is not None,
            }
            for one in once
        ],
    }  # fmt: skip


def _days(row: Any) -> dict[str, str | None]:
    last = row.valid_until - timedelta(days=1) if row.valid_until else None
    return {"first_day": row.valid_from.isoformat(), "last_day": last.isoformat() if last else None}


def _lines(told: dict[str, Any], rules: _Rules) -> Iterator[str]:
    person = told["person"]
    died = f", đã chết ngày {format_day(date.fromisoformat(person['died_on']))}" if person["died_on"] else ""
    yield f"{person['name']}, số định danh {person['number']}{died}"
    yield f"Các khoản hưởng, mức của tháng {told['month']}:"
    yield from _entitlement_lines(told["entitlements"])
    yield f"Theo quy định, ngày {format_day(rules.on)}:"
    yield from (f"  {sentence}" for sentence in _sentences(rules))
    yield from _record_lines(told)
    yield f"Đã và đang chi ({len(told['payments'])}):"
    for one in told["payments"]:
        channel = Channel(one["channel"]).label if one["channel"] else "–"
        paid = f", nhận ngày {format_day(date.fromisoformat(one['paid_on']))}" if one["paid_on"] else ""
        why = f". {one['why']}" if one["why"] else ""
        yield (
            f"  {one['month']}: {_benefit(one['benefit'])}, {format_dong(one['amount'] - one['deducted'])}, {channel}, "
            f"{LineState(one['state']).label}{paid}{why}"
        )


def _record_lines(told: dict[str, Any]) -> Iterator[str]:
    """Name what is recorded, each with the number by which a verb names it."""
    if told["facts"]:
        yield "Thông tin đã ghi:"
        yield from (f"  {one['label']}: {one['words']} (số {one['id']}); {one['evidence']}" for one in told["facts"])
    if told["certificates"]:
        yield "Giấy xác nhận khuyết tật:"
        yield from (f"  {one['number']} (số {one['id']})" for one in told["certificates"])
    if told["once"]:
        yield "Quyết định chi một lần:"
    for one in told["once"]:
        withdrawn = ", đã thu hồi" if one["withdrawn"] else ""
        yield f"  {one['decision']} (số {one['id']}): {one['given']} cho {one['receiver'] or 'chưa ghi'}{withdrawn}"


def _entitlement_lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    for one in rows:
        amount = format_dong(one["amount"]) if one["amount"] is not None else "không chi tháng này"
        last = f" đến hết tháng {one['last_month']}" if one["last_month"] else ""
        yield (
            f"  {benefit_words(one['benefit'])} (số {one['id']}): {amount}; {EntitlementState(one['state']).label} từ tháng "
            f"{one['first_month']}{last}; trả cho {one['payee']} ({PayeeGround(one['payee_ground']).label}); quyết định "
            f"{one['decision_number'] or one['dossier'] or 'chưa ghi số'} ngày {format_day(date.fromisoformat(one['decided_on']))}"
        )
        if one["ended_because"]:
            yield f"    Vì: {one['ended_because']}"
        if one["state"] in LIVE_STATES:
            for rate in one["rates"]:
                until = f" đến {rate['last_month']}" if rate["last_month"] else ""
                yield f"    Từ {rate['first_month']}{until}: {format_dong(rate['amount'])}. {rate['words']}"


def _sentences(rules: _Rules) -> Iterator[str]:
    if rules.problem:
        yield rules.problem
    if rules.social:
        yield from rules.social.in_words
    if rules.merit:
        yield from merit_in_words(rules.merit)


def _benefit(code: str) -> str:
    return str(Benefit(code).label) if code in set(Benefit) else code

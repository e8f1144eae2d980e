"""Freezing a decision as it is told the person: every word of its paper, in the transaction of whoever decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.utils.translation import override

from lienthong.accounts.models import User
from lienthong.assistance.models import DecisionSheet, Entitlement
from lienthong.assistance.papers import DecisionSheetPaper, SheetFact, SheetMonths
from lienthong.assistance.policies import FIELDS
from lienthong.assistance.queries.decision_reasons import Reasons, reasons_on
from lienthong.assistance.queries.decision_words import months_told, outcome_words, payees_told
from lienthong.assistance.queries.facts import History, history_of
from lienthong.assistance.states import Benefit, Programme, ProposalKind
from lienthong.dossiers.printing import form_head
from lienthong.kernel.days import BirthDate, DatePrecision, format_day, local_day
from lienthong.people.models import Person
from lienthong.rules.complaints import remedies_on
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.social_assistance.timing import deciding_authority_on, month_of
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit
from lienthong.units.states import AgencyLevel

OWN_PAGE: Final = "/benefits/"
# What is given once, and ways back: the proposal says all of it.
_SAID_BEFORE: Final = frozenset({
    ProposalKind.EMERGENCY, ProposalKind.REINSTATE, ProposalKind.WITHDRAW_DEATH, ProposalKind.REVOKE_ONCE,
    ProposalKind.NAME_PAYEE, ProposalKind.TOP_UP,
})  # fmt: skip
_BY_THE_RULES: Final = frozenset({ProposalKind.GRANT, ProposalKind.ADJUST, ProposalKind.MERIT_CLAIM})
_LEVELS: Final = {"cấp xã": AgencyLevel.COMMUNE, "cấp huyện": AgencyLevel.DISTRICT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Điều vừa được quyết định về một người.

    Attributes:
        kind: What was proposed or asked for.
        is_granted: Whether it was done.
        payload: What was to be done, as the proposal keeps it.
        words: What would happen, as the proposal words it.
        reasons: What the proposal gives as its reasons, where the rules are not asked.
        told: Why, where it is known already; None: as the rules say it, or ``reasons``.
        history: What was known, where it is not what the registers say now; None: that.
        note: Why it was refused, or what whoever decided added.
        entitlement_ids: Of the benefits that it touches.
        person_id: Who is told.
        about_id: Who died, where it is their death that is decided about.
        asked: What was decided upon; empty: the kind and the benefit.
        sums: What is paid once.
        as_of: By the law and the facts of which days; empty: those of the day of the decision.
    """

    kind: str
    is_granted: bool
    person_id: int
    unit_id: int
    programme: str
    benefit: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    reasons: Sequence[str] = ()
    history: History | None = None
    number: str = ""
    note: str = ""
    prepared_by: str = ""
    entitlement_ids: Sequence[int] = ()
    proposal_id: int | None = None
    dossier_code: str = ""
    about_id: int | None = None
    asked: str = ""
    told: Reasons | None = None
    sums: Sequence[SheetMonths] = ()
    as_of: str = ""


def keep_sheet(decided: Decided, *, acting_user: User | None, now: datetime) -> DecisionSheet:
    """Freeze what the person is told of a decision.

    Thông báo kết quả xét trợ cấp. Runs inside the transaction of whoever decides, after it was carried out. Without
    ``acting_user`` it tells what follows from an earlier decision; whoever is competent signs the paper.
    """
    with override("vi"):
        paper = _paper(decided, acting_user=acting_user, now=now)
    return DecisionSheet.objects.create(
        person_id=decided.person_id, about_id=decided.about_id, unit_id=decided.unit_id, programme=decided.programme,
        benefit=decided.benefit, kind=decided.kind, is_granted=decided.is_granted, proposal_id=decided.proposal_id,
        dossier_code=decided.dossier_code, decision_number=decided.number, outcome=paper.outcome, data=paper.as_json(),
        decided_by=acting_user, decided_at=now,
    )  # fmt: skip


def _paper(decided: Decided, *, acting_user: User | None, now: datetime) -> DecisionSheetPaper:
    on = local_day(now)
    person = Person.objects.select_related("unit").get(pk=decided.person_id)
    rows = _rows(decided.entitlement_ids)
    unit = AdministrativeUnit.objects.get(pk=decided.unit_id)
    head = _head(unit, decided.programme, on)
    remedies, notices = _remedies(head["agency_lines"][-1], on)
    told = _told(decided, on)
    reasons = told.reasons if decided.is_granted else (decided.note, *told.reasons)
    months = (*decided.sums, *months_told(rows, since=_since(decided.payload), on=on)) if decided.is_granted else ()
    return DecisionSheetPaper(
        **head,
        number=decided.number,
        dossier_code=decided.dossier_code,
        addressee=person.full_name,
        birth=str(BirthDate(person.birth_on, DatePrecision(person.birth_precision))) if person.birth_on else "",
        id_number=person.personal_id_number or "",
        address=_address(person, on),
        asked=decided.asked or _asked(decided),
        is_granted=decided.is_granted,
        outcome=_outcome(decided, rows, months),
        payees=payees_told(rows) if decided.is_granted else (),
        months=months,
        categories=told.categories if decided.is_granted else (),
        articles=told.articles,
        reasons=tuple(filter(None, reasons)),
        others=told.others,
        facts=tuple(SheetFact(label=one.label, words=one.words, source=one.source) for one in told.facts),
        noes=told.noes,
        missing=told.missing,
        remedies=remedies,
        notices=(*told.notices, *notices),
        prepared_by=decided.prepared_by,
        decided_by=acting_user.full_name if acting_user else "",
        decided_as=_decided_as(decided.programme),
        decided_at=now,
        as_of=decided.as_of or f"Xét theo quy định có hiệu lực và thông tin đã biết đến ngày {format_day(on)}.",
    )  # fmt: skip


def _told(decided: Decided, on: date) -> Reasons:
    if decided.told is not None:
        return decided.told
    if decided.kind not in _BY_THE_RULES:
        return Reasons(reasons=tuple(decided.reasons))
    return reasons_on(decided.history or history_of(decided.person_id), decided.programme, on)


def _outcome(decided: Decided, rows: Sequence[Entitlement], months: Sequence[SheetMonths]) -> str:
    if decided.is_granted and decided.words and (decided.asked or decided.kind in _SAID_BEFORE):
        return decided.words
    if not decided.is_granted and decided.asked and not decided.benefit:
        return f"Không chấp thuận: {decided.asked}."
    return outcome_words(
        decided.kind, rows, months, is_granted=decided.is_granted, benefit=decided.benefit, payload=decided.payload
    )


def _rows(ids: Iterable[int]) -> list[Entitlement]:
    rows = Entitlement.objects.filter(pk__in=list(ids)).select_related("payee", "payee_organization", "person", "unit")
    return list(rows.order_by("pk"))


def _since(payload: Mapping[str, Any]) -> date | None:
    told = payload.get("from_month") or payload.get("first_month")
    return month_of(date.fromisoformat(told)) if told else None


def _asked(decided: Decided) -> str:
    words = str(ProposalKind(decided.kind).label)
    if decided.benefit:
        words += f": {Benefit(decided.benefit).label}"
    if decided.about_id:
        words += f" ({Person.objects.get(pk=decided.about_id).full_name})"
    return words[:1].upper() + words[1:]


def _address(person: Person, on: date) -> str:
    place = units.heir_on(person.unit, on) if person.unit else None
    return place.name if place else ""


def _head(unit: AdministrativeUnit, programme: str, on: date) -> dict[str, Any]:
    level = AgencyLevel.PROVINCE
    if programme == Programme.SOCIAL:
        who = deciding_authority_on(on).name
        level = next((level for ending, level in _LEVELS.items() if who.endswith(ending)), AgencyLevel.COMMUNE)
    try:
        agency = units.competent_agency(field_code=FIELDS[Programme(programme)], level=level, unit=unit, on=on)
    except units.NobodyCompetent:
        place = settings.PROVINCE_NAME.removeprefix("tỉnh ").strip()
        return {"agency_lines": (f"Ủy ban nhân dân {unit.name}",), "place": place, "issued_on": on}
    return form_head(agency, on)


def _decided_as(programme: str) -> str:
    return "Chủ tịch" if programme == Programme.SOCIAL else "Lãnh đạo cơ quan"


def _remedies(agency: str, on: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    money = (
        "Tiền chưa tới, hoặc số tiền khác thông báo này: gửi phản ánh ở mục “Trợ cấp của tôi”, địa chỉ "
        f"{settings.PUBLIC_URL}{OWN_PAGE}, hoặc đến Ủy ban nhân dân xã, mang theo căn cước."
    )
    try:
        found = remedies_on(on, to=agency)
    except NoValueInForce:
        return (f"Nếu không đồng ý, Ông/Bà gửi khiếu nại tới {agency} theo Luật Khiếu nại.", money), ()
    return (*found.sentences, money), found.notices

"""Recognising claims of people with merit and their relatives: proposed in the commune, decided at the province.

Công nhận người có công, thân nhân. With the claim everything that follows from it is granted or adjusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.events import MeritClaimRecognised
from lienthong.assistance.models import Entitlement, MeritClaim, Proposal
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.queries.merit_months import merit_benefits_on
from lienthong.assistance.services.changing import adjust
from lienthong.assistance.services.granting import Grant, grant
from lienthong.assistance.services.proposing import person_of, propose
from lienthong.assistance.services.refusals import AlreadyReceived, FactWrong, NotYours
from lienthong.assistance.states import LIVE_STATES, Benefit, PayeeGround, Programme, ProposalKind
from lienthong.infra.events import record
from lienthong.kernel.days import format_day, local_day
from lienthong.rules.merit.facts import Category
from lienthong.rules.merit.plain_facts import merit_from_plain
from lienthong.rules.poverty.plain_facts import FactRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeClaim:
    """Đề xuất công nhận một diện người có công hoặc thân nhân.

    Attributes:
        data: One claim by its plain names in ``rules.merit``.
        valid_from: From when it is to count.
    """

    person_id: int
    data: Mapping[str, Any]
    valid_from: date
    valid_until: date | None = None
    payee_id: int | None = None
    payee_ground: str = PayeeGround.SELF


def propose_claim(command: ProposeClaim, *, acting_user: User, now: datetime) -> Proposal:
    """Propose to recognise a claim.

    Raises:
        RecordUnknown: There is no such person.
        NotYours: The user works on merit neither in the commune nor at the province.
        FactWrong: The claim says what cannot be.
    """
    on = local_day(now)
    with transaction.atomic():
        person = person_of(command.person_id)
        if person.unit_id is None or not policies.proposes(
            acting_user, person.unit_id, on=on, programme=Programme.MERIT
        ):
            raise NotYours(_("Chỉ cán bộ phụ trách người có công của xã hoặc của sở đề xuất được."))
        category = _checked(command.data, command.valid_from, command.valid_until, on)
        payload = {
            "data": dict(command.data),
            "valid_from": command.valid_from.isoformat(),
            "valid_until": command.valid_until.isoformat() if command.valid_until else None,
            "payee_id": command.payee_id,
            "payee_ground": str(command.payee_ground),
        }
        words = _("Công nhận %(category)s, hưởng từ ngày %(day)s.") % {
            "category": category.in_words,
            "day": format_day(command.valid_from),
        }
        return propose(
            ProposalKind.MERIT_CLAIM, person_id=person.pk, unit_id=person.unit_id, programme=Programme.MERIT, benefit="",
            payload=payload, reasons=[words], words=words, acting_user=acting_user, now=now,
        )  # fmt: skip


def _checked(data: Mapping[str, Any], valid_from: date, valid_until: date | None, on: date) -> Category:
    try:
        facts = merit_from_plain({"claims": [dict(data)]})
    except FactRefused as refused:
        raise FactWrong(str(refused)) from refused
    if valid_from > on:
        raise FactWrong(_("Ngày bắt đầu hưởng không thể sau hôm nay. Hãy sửa lại ngày."))
    if valid_until is not None and valid_until <= valid_from:
        raise FactWrong(_("Ngày kết thúc phải sau ngày bắt đầu. Hãy sửa lại ngày."))
    return facts.claims[0].category


@dataclass(frozen=True, slots=True, kw_only=True)
class RecogniseClaim:
    """Quyết định công nhận một diện, và ai nhận tiền."""

    person_id: int
    unit_id: int
    data: Mapping[str, Any]
    valid_from: date
    decision_number: str
    prepared_by_id: int
    valid_until: date | None = None
    payee_id: int | None = None
    payee_ground: str = PayeeGround.SELF


def recognise_claim(command: RecogniseClaim, *, acting_user: User, now: datetime) -> MeritClaim:
    """Record a claim, grant each benefit that follows from it, and adjust those that are received already.

    Runs inside the transaction of whoever approves at the province.

    Raises:
        FactWrong: The claim is recorded already, or the decision has no number.
    """
    on = local_day(now)
    category = _checked(command.data, command.valid_from, command.valid_until, on)
    if not command.decision_number.strip():
        raise FactWrong(_("Ghi số quyết định công nhận."))
    data = dict(command.data)
    person_of(command.person_id)
    same = MeritClaim.objects.filter(person_id=command.person_id, data=data, valid_until=None, withdrawn_at=None)
    if same.exists():
        raise FactWrong(_("Diện này đã được công nhận cho người này rồi."))
    row = MeritClaim.objects.create(
        person_id=command.person_id, category=category, relation=str(data.get("relation") or ""), data=data,
        decision_number=command.decision_number.strip(), valid_from=command.valid_from, valid_until=command.valid_until,
        prepared_by_id=command.prepared_by_id, recorded_by=acting_user, recorded_at=now,
    )  # fmt: skip
    fact = MeritClaimRecognised(
        person_id=row.person_id, claim_id=row.pk, decision_number=row.decision_number, valid_from=row.valid_from
    )
    record(fact, stream=f"assistance-person:{row.person_id}", actor_id=acting_user.pk, at=now)
    adjust(row.person_id, from_month=row.valid_from, reason=category.in_words, acting_user_id=acting_user.pk, now=now)
    _grant_what_follows(row, command, acting_user=acting_user, now=now)
    return row


def _grant_what_follows(row: MeritClaim, command: RecogniseClaim, *, acting_user: User, now: datetime) -> None:
    received = set(
        Entitlement.objects.filter(
            person_id=row.person_id, programme=Programme.MERIT, state__in=LIVE_STATES
        ).values_list("benefit", flat=True)
    )
    for benefit in merit_benefits_on(history_of(row.person_id), local_day(now)):
        if benefit in received:
            continue
        try:
            grant(
                Grant(
                    person_id=row.person_id, programme=Programme.MERIT, benefit=benefit, unit_id=command.unit_id,
                    payee_id=command.payee_id, payee_ground=command.payee_ground, decision_number=row.decision_number,
                ),
                acting_user=acting_user, now=now,
            )  # fmt: skip
        except AlreadyReceived:
            if benefit != Benefit.ONE_OFF:  # what is paid once was paid by an earlier decision
                raise

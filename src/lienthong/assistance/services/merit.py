"""Recognising claims of people with merit and their relatives: proposed in the commune, decided at the province.

Công nhận người có công, thân nhân. With the claim everything that follows from it is granted or adjusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.events import MeritClaimEnded, MeritClaimRecognised
from lienthong.assistance.models import MeritClaim, Proposal
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.queries.merit_months import merit_benefits_on
from lienthong.assistance.services.changing import adjust
from lienthong.assistance.services.merit_following import Follow, end_what_no_longer_follows, grant_what_follows
from lienthong.assistance.services.proposing import person_of, propose
from lienthong.assistance.services.refusals import AlreadyReceived, FactWrong, NotYours, RecordUnknown
from lienthong.assistance.states import PayeeGround, Programme, ProposalKind
from lienthong.infra.events import record
from lienthong.kernel.days import format_day, local_day
from lienthong.kernel.text import fold
from lienthong.rules.merit.facts import Category
from lienthong.rules.merit.plain_facts import merit_from_plain
from lienthong.rules.poverty.plain_facts import FactRefused

ONE_FOR_ALL_RELATIVES: Final = frozenset(
    {
        Category.MARTYR_RECOGNISED, Category.UNPAID_ACTIVIST_BEFORE_1945, Category.UNPAID_ACTIVIST_OF_1945,
        Category.UNPAID_HEROIC_MOTHER, Category.UNPAID_HERO, Category.UNPAID_IMPRISONED,
        Category.UNPAID_RESISTANCE_PARTICIPANT, Category.UNPAID_HELPER,
    }
)  # fmt: skip
"""Grounds that bring one sum, once, whoever of the relatives asks."""


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
    """Quyết định công nhận một diện, và ai nhận tiền.

    Attributes:
        first_month: Nothing that follows is paid before this month; None: from the day on which the claim counts.
    """

    person_id: int
    unit_id: int
    data: Mapping[str, Any]
    valid_from: date
    decision_number: str
    prepared_by_id: int
    valid_until: date | None = None
    payee_id: int | None = None
    payee_ground: str = PayeeGround.SELF
    dossier_code: str = ""
    first_month: date | None = None


def recognise_claim(command: RecogniseClaim, *, acting_user: User, now: datetime) -> MeritClaim:
    """Record a claim, grant each benefit that follows from it, and adjust those that are received already.

    Runs inside the transaction of whoever approves at the province.

    Raises:
        FactWrong: The claim is recorded already, or the decision has no number.
        AlreadyReceived: It brings one sum for all relatives, and another relative was recognised for the same person.
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
    _refuse_other_relative(command.person_id, category, data)
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
    follow = Follow(
        person_id=row.person_id, unit_id=command.unit_id, payee_id=command.payee_id, payee_ground=command.payee_ground,
        decision_number="" if command.dossier_code else row.decision_number, dossier_code=command.dossier_code,
        first_month=command.first_month,
    )  # fmt: skip
    grant_what_follows(follow, acting_user=acting_user, now=now)
    return row


def _refuse_other_relative(person_id: int, category: Category, data: Mapping[str, Any]) -> None:
    origin = fold(str(data.get("origin") or ""))
    if category not in ONE_FOR_ALL_RELATIVES or not origin:
        return
    others = MeritClaim.objects.select_for_update(of=("self",)).filter(category=category, withdrawn_at=None)
    for other in others.exclude(person=person_id).select_related("person").order_by("pk"):
        if fold(str(other.data.get("origin") or "")) == origin:
            raise AlreadyReceived(
                _(
                    "Khoản một lần của %(origin)s đã công nhận cho %(name)s theo quyết định %(number)s; các thân nhân hưởng chung một khoản. "
                    "Nếu là hai người có công trùng tên, hãy ghi thêm số hồ sơ của từng người."
                )
                % {"origin": data["origin"], "name": other.person.full_name, "number": other.decision_number}
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeClaim:
    """Quyết định thay đổi nội dung một diện đã công nhận, như tỷ lệ tổn thương cơ thể sau khi giám định lại.

    Attributes:
        data: The claim as it is from ``valid_from`` on, by its plain names in ``rules.merit``.
    """

    claim_id: int
    unit_id: int
    data: Mapping[str, Any]
    valid_from: date
    decision_number: str
    prepared_by_id: int
    dossier_code: str = ""


def change_claim(command: ChangeClaim, *, acting_user: User, now: datetime) -> MeritClaim:
    """End a claim and let another of the same category follow it; grant, adjust and end what follows from that.

    Thay đổi nội dung diện hưởng. Runs inside the transaction of whoever approves at the province.

    Raises:
        RecordUnknown: There is no such claim.
        FactWrong: It does not hold on that day, begins on it or later, or would say the same.
    """
    old = MeritClaim.objects.select_for_update().filter(pk=command.claim_id, withdrawn_at=None).first()
    if old is None:
        raise RecordUnknown(_("Không có diện hưởng này. Hãy mở lại trang."))
    if command.valid_from <= old.valid_from or (old.valid_until is not None and old.valid_until <= command.valid_from):
        raise FactWrong(
            _("Diện này được công nhận từ ngày %(day)s; ngày thay đổi phải sau ngày đó. Hãy sửa lại ngày.")
            % {"day": format_day(old.valid_from)}
        )
    if dict(command.data) == old.data:
        raise FactWrong(_("Nội dung mới giống nội dung đã công nhận nên không có gì để thay đổi."))
    before, until = merit_benefits_on(history_of(old.person_id), local_day(now)), old.valid_until
    old.valid_until = command.valid_from
    old.save(update_fields=["valid_until"])
    ended = MeritClaimEnded(
        person_id=old.person_id,
        claim_id=old.pk,
        decision_number=command.decision_number,
        valid_until=command.valid_from,
    )
    record(ended, stream=f"assistance-person:{old.person_id}", actor_id=acting_user.pk, at=now)
    new = RecogniseClaim(
        person_id=old.person_id, unit_id=command.unit_id, data=command.data, valid_from=command.valid_from,
        valid_until=until, decision_number=command.decision_number, prepared_by_id=command.prepared_by_id,
        dossier_code=command.dossier_code,
    )  # fmt: skip
    row = recognise_claim(new, acting_user=acting_user, now=now)
    end_what_no_longer_follows(
        row.person_id, before=before, from_month=command.valid_from, reason=command.decision_number,
        acting_user=acting_user, now=now,
    )  # fmt: skip
    return row

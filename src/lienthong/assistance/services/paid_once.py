"""What was decided once is taken back, or paid to somebody else: inside the transaction of whoever decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance.models import WITHDRAWN, EmergencyGrant, FuneralSupport, TopUp, standing_top_ups
from lienthong.assistance.queries.paid_once import RECORDS, key_of, lines_of
from lienthong.assistance.services.emergency import given_words
from lienthong.assistance.services.funeral import hold_funeral_of
from lienthong.assistance.services.once_differing import settle_once_differing
from lienthong.assistance.services.refusals import AlreadySettled, PayeeWrong, RecordUnknown, reason_given
from lienthong.assistance.states import EmergencyGrantKind, EmergencyGrantState, EmergencyPayee, OnceKind
from lienthong.assistance.ways_back_events import (
    DeathGrantRevoked,
    EmergencyGrantRevoked,
    FuneralSupportRevoked,
    OncePayeeNamed,
    TopUpRevoked,
)
from lienthong.infra.events import Fact, record
from lienthong.kernel.days import local_day
from lienthong.payments.services.answers import hold_answers
from lienthong.payments.services.preparing import hold_runs
from lienthong.people.models import Person


def locked_once(kind: str, grant_id: int) -> Any:
    """Return a decision that stands and of which something can be undone still, locked.

    Raises:
        RecordUnknown: There is none, or nobody of the registers is known whose it is.
        AlreadySettled: It was taken back before, or its rice was handed out.
    """
    row = hold_once(kind, grant_id)
    if row is None or row.subject_id is None or row.unit_id is None:
        raise RecordUnknown(_("Không có quyết định này. Hãy mở lại trang."))
    if row.withdrawn_at is not None:
        raise AlreadySettled(_("Quyết định này đã được thu hồi. Hãy mở lại trang để xem."))
    if isinstance(row, EmergencyGrant) and row.state == EmergencyGrantState.HANDED_OUT:
        raise AlreadySettled(_("Gạo theo quyết định này đã phát nên không làm lại được. Hãy mở lại trang để xem."))
    return row


def hold_once(kind: str, grant_id: int) -> Any:
    """Return a decision, locked, whatever became of it; None where there is none."""
    model: Any = RECORDS[OnceKind(kind)]
    return model.objects.select_for_update(of=("self",)).select_related("payee").filter(pk=grant_id).first()


def locked_with_funeral(kind: str, grant_id: int) -> Any:
    """Return a decision as ``locked_once`` does; where it is for a funeral, nobody decides on that otherwise meanwhile.

    Raises:
        RecordUnknown, AlreadySettled: As for ``locked_once``.
    """
    model: Any = RECORDS[OnceKind(kind)]
    if (found := model.objects.filter(pk=grant_id).first()) is not None:
        hold_funeral_of(found)
    return locked_once(kind, grant_id)


def revoke_once(kind: str, grant_id: int, *, reason: str, acting_user: User, now: datetime) -> Any:
    """Take a decision back, and what was added to it. What was paid of either is overpaid from the next run on.

    Thu hồi quyết định chi một lần.

    Raises:
        RecordUnknown, AlreadySettled: As for ``locked_once``.
    """
    row = locked_with_funeral(kind, grant_id)
    added = [] if isinstance(row, TopUp) else list(standing_top_ups(row).select_for_update())
    for one in (*added, row):
        one.withdrawn_at, one.withdrawn_by, one.withdrawn_because = now, acting_user, reason_given(reason)
        fields = [*WITHDRAWN]
        if isinstance(one, EmergencyGrant):
            one.state = EmergencyGrantState.REVOKED
            fields.append("state")
        one.save(update_fields=fields)
        record(_revoked(one), stream=one.stream, actor_id=acting_user.pk, at=now)
    if not isinstance(row, TopUp):
        settle_once_differing(row.subject_id, str(row.benefit), acting_user_id=acting_user.pk, now=now)
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePayee:
    """Thay người nhận một khoản chi một lần chưa trả.

    Attributes:
        ground: As what somebody receives what was given in an emergency; of other decisions nothing is said.
    """

    kind: str
    grant_id: int
    payee_id: int
    ground: str = ""
    reason: str


def name_payee(command: NamePayee, *, acting_user: User, now: datetime) -> Any:
    """Let somebody else receive what was decided once and not paid yet; the next run pays them.

    Thay người nhận. Nothing of what is owed changes, so that it is paid once all the same.

    Raises:
        RecordUnknown: There is no such decision.
        AlreadySettled: It was taken back, or is paid or on its way.
        PayeeWrong: Whoever should receive it cannot.
    """
    if hold_runs():
        raise AlreadySettled(
            _("Đang tổng hợp một đợt chi trả nên chưa thay người nhận được. Hãy duyệt lại khi đã lập xong danh sách.")
        )
    hold_answers()  # what a run counts as paid is not changed meanwhile
    row = locked_once(command.kind, command.grant_id)
    payee = check_naming(row, command, on=local_day(now))
    row.payee, row.payee_named_at = payee, now
    fields = ["payee", "payee_named_at"]
    if isinstance(row, FuneralSupport):
        row.payee_name = payee.full_name
        fields.append("payee_name")
    if isinstance(row, EmergencyGrant):
        row.payee_ground = command.ground
        fields.append("payee_ground")
    row.save(update_fields=fields)
    fact = OncePayeeNamed(
        what=str(row.what.value), grant_id=row.pk, payee_id=payee.pk, reason=reason_given(command.reason)
    )
    record(fact, stream=row.stream, actor_id=acting_user.pk, at=now)
    return row


def check_naming(row: Any, command: NamePayee, *, on: date) -> Person:
    """Return who is to receive a decision, where they may and nothing of it is paid or on its way.

    Raises:
        AlreadySettled: A run pays it, or has paid; or it is known by its payee alone.
        PayeeWrong: Nobody of that number, dead, who receives it already, or without a ground.
    """
    line = lines_of([row]).get(key_of(row))
    if line is not None and line.is_live:
        raise AlreadySettled(
            _("Khoản này đã chi, hoặc đang trong một đợt chi trả, cho %(name)s nên không thay người nhận được.")
            % {"name": line.receiver}
        )
    if line is not None and not row.is_paid_apart and len(line.basis.get("supports", ())) > 1:
        raise AlreadySettled(
            _(
                "Khoản này được chi chung với khoản khác của cùng tháng nên không thay riêng người nhận được. Hãy thu hồi và giải quyết lại."
            )
        )
    if isinstance(row, FuneralSupport) and row.deceased_id is None:  # lines know it by its payee alone
        raise AlreadySettled(
            _("Chưa biết người chết trong dữ liệu dân cư nên không thay người nhận được. Hãy đề xuất thu hồi quyết định này, rồi giải quyết hồ sơ của người nhận mới.")
        )  # fmt: skip
    payee = Person.objects.filter(pk=command.payee_id).first()
    if payee is None:
        raise PayeeWrong(_("Người nhận không có trong dữ liệu dân cư. Hãy kiểm tra lại số định danh."))
    if payee.pk == row.payee_id:
        raise PayeeWrong(_("Người này đang là người nhận khoản này. Hãy ghi người khác."))
    if payee.died_on is not None and payee.died_on <= on:
        raise PayeeWrong(_("Người nhận đã chết. Hãy ghi người nhận khác."))
    if isinstance(row, EmergencyGrant) and row.kind == EmergencyGrantKind.PROTECTION and payee.pk == row.person_id:
        raise PayeeWrong(_("Chăm sóc tạm thời chi cho người, gia đình nhận chăm sóc. Hãy ghi người đó."))
    if isinstance(row, EmergencyGrant) and (
        command.ground not in set(EmergencyPayee)
        or (command.ground == EmergencyPayee.SELF) != (payee.pk == row.person_id)
    ):
        raise PayeeWrong(_("Hãy chọn đúng tư cách của người nhận: chính người được hỗ trợ, hay người khác."))
    return payee


def _revoked(row: Any) -> Fact:
    if isinstance(row, EmergencyGrant):
        return EmergencyGrantRevoked(
            grant_id=row.pk,
            person_id=row.person_id,
            given=given_words(row.amount, row.rice_kg),
            reason=row.withdrawn_because,
        )
    if isinstance(row, TopUp):
        return TopUpRevoked(top_up_id=row.pk, amount=row.amount, reason=row.withdrawn_because)
    of = FuneralSupportRevoked if isinstance(row, FuneralSupport) else DeathGrantRevoked
    return of(dossier_code=row.dossier_code, amount=row.amount, reason=row.withdrawn_because)

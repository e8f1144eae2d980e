"""What changes or ends a benefit that is being received: the inner verbs of approved proposals and dossiers.

Each runs inside the transaction of whoever decides, holds the row, and tells the benefit's stream.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from lienthong.assistance.events import (
    EntitlementAdjusted,
    EntitlementEnded,
    EntitlementMoved,
    EntitlementResumed,
    EntitlementSuspended,
    PayeeChanged,
)
from lienthong.assistance.models import Entitlement
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.services.payees import check_other_payee
from lienthong.assistance.services.rates import RateChange, computed, refresh_rates, replace_rates
from lienthong.assistance.services.refusals import AlreadySettled, MonthWrong, RecordUnknown, reason_given
from lienthong.assistance.states import LIVE_STATES, EntitlementState
from lienthong.infra.events import record
from lienthong.kernel.days import add_months, local_day
from lienthong.rules.social_assistance.timing import month_of
from lienthong.units.models import AdministrativeUnit


def locked(entitlement_id: int) -> Entitlement:
    """Return a benefit that is received or suspended, locked until the end of the transaction.

    Raises:
        RecordUnknown: There is none.
        AlreadySettled: It has ended.
    """
    row = locked_at_any_time(entitlement_id)
    if row.state not in LIVE_STATES:
        raise AlreadySettled(_("Khoản này đã thôi hưởng nên không thay đổi được nữa. Hãy mở lại trang để xem."))
    return row


def locked_at_any_time(entitlement_id: int) -> Entitlement:
    """Return a benefit, ended or not, locked until the end of the transaction.

    Raises:
        RecordUnknown: There is none.
    """
    row: Entitlement | None = Entitlement.objects.select_for_update().filter(pk=entitlement_id).first()
    if row is None:
        raise RecordUnknown(_("Không có quyết định hưởng này. Hãy mở lại trang."))
    return row


def adjust(
    person_id: int, *, from_month: date, reason: str, acting_user_id: int | None, now: datetime,
    known_on: date | None = None,
) -> list[RateChange]:  # fmt: skip
    """Compute everything that a person receives anew from a month on, and tell each benefit whose amount changes.

    Điều chỉnh mức hưởng: từ tháng có sự thay đổi.

    Args:
        person_id: Of the person.
        from_month: The month of what changed, by any of its days.
        reason: What changed.
        acting_user_id: Who decided; None for what the law itself changes.
        now: The moment.
        known_on: Apply only the law that was in force on this day.
    """
    changes = refresh_rates(person_id, from_month=from_month, acting_user_id=acting_user_id, now=now, known_on=known_on)
    for change in changes:
        record(
            EntitlementAdjusted(
                entitlement_id=change.entitlement.pk,
                first_month=change.first_month,
                amount=change.amount,
                reason=reason,
                rate_ids=[rate.pk for rate in change.rates],
            ),
            stream=change.entitlement.stream,
            actor_id=acting_user_id,
            at=now,
        )
    return changes


def suspend(
    row: Entitlement, *, first_month: date, reason: str, for_refusal: bool, acting_user_id: int | None, now: datetime
) -> None:
    """Pay nothing from a month on for the time being.

    Tạm dừng hưởng.

    Raises:
        AlreadySettled: It is suspended already.
        MonthWrong: The month lies before the first that is paid.
    """
    if row.state == EntitlementState.SUSPENDED:
        raise AlreadySettled(_("Khoản này đang tạm dừng rồi. Hãy mở lại trang để xem."))
    first_month = month_of(first_month)
    if first_month < row.first_month:
        raise MonthWrong(_("Tháng tạm dừng không thể trước tháng bắt đầu hưởng. Hãy sửa lại tháng."))
    row.state, row.suspended_from = EntitlementState.SUSPENDED, first_month
    row.suspended_for_refusal_on = local_day(now) if for_refusal else None
    row.save(update_fields=["state", "suspended_from", "suspended_for_refusal_on"])
    _write_anew(row, first_month, acting_user_id=acting_user_id, now=now)
    suspended = EntitlementSuspended(entitlement_id=row.pk, first_month=first_month, reason=reason)
    record(suspended, stream=row.stream, actor_id=acting_user_id, at=now)


def resume(row: Entitlement, *, first_month: date, reason: str, acting_user_id: int | None, now: datetime) -> None:
    """Pay again from a month on, by the facts and the law as they are known now.

    Hưởng trở lại. The months between stay unpaid, unless the decision names an earlier month.

    Raises:
        AlreadySettled: It is not suspended.
        MonthWrong: The month lies before the suspension.
    """
    if row.state != EntitlementState.SUSPENDED or row.suspended_from is None:
        raise AlreadySettled(_("Khoản này không tạm dừng nên không cần cho hưởng trở lại."))
    first_month = month_of(first_month)
    if first_month < row.suspended_from:
        raise MonthWrong(_("Tháng hưởng trở lại không thể trước tháng tạm dừng. Hãy sửa lại tháng."))
    row.state, row.suspended_from, row.suspended_for_refusal_on = EntitlementState.ACTIVE, None, None
    row.save(update_fields=["state", "suspended_from", "suspended_for_refusal_on"])
    _write_anew(row, first_month, acting_user_id=acting_user_id, now=now)
    resumed = EntitlementResumed(entitlement_id=row.pk, first_month=first_month, reason=reason)
    record(resumed, stream=row.stream, actor_id=acting_user_id, at=now)


def stop(row: Entitlement, *, last_month: date, reason: str, acting_user_id: int | None, now: datetime) -> None:
    """End a benefit after a month; what was to be paid later is superseded.

    Thôi hưởng. Of a benefit that ended before it began, its first month is the last and nothing is paid for it.
    """
    last_month = month_of(last_month)
    never = last_month < row.first_month
    row.state, row.last_month = EntitlementState.ENDED, max(last_month, row.first_month)
    row.ended_because = reason_given(reason)
    row.suspended_from = None
    row.save(update_fields=["state", "last_month", "ended_because", "suspended_from"])
    after = row.first_month if never else add_months(last_month, 1)
    replace_rates(row, [], from_month=after, acting_user_id=acting_user_id, now=now)
    ended = EntitlementEnded(
        entitlement_id=row.pk, person_id=row.person_id, last_month=row.last_month, reason=row.ended_because
    )
    record(ended, stream=row.stream, actor_id=acting_user_id, at=now)


def move(row: Entitlement, *, unit_id: int, reason: str, acting_user_id: int | None, now: datetime) -> None:
    """Let another commune pay from the next list on.

    Chuyển nơi hưởng. What depends on the place is computed anew from this month.

    Raises:
        AlreadySettled: It pays already.
        RecordUnknown: There is no such commune.
    """
    if row.unit_id == unit_id:
        raise AlreadySettled(_("Xã này đang chi trả khoản này rồi, không cần chuyển."))
    if not AdministrativeUnit.objects.filter(pk=unit_id).exists():
        raise RecordUnknown(_("Không có xã này. Hãy chọn lại nơi chuyển đến."))
    before, row.unit_id = row.unit_id, unit_id
    row.save(update_fields=["unit"])
    moved = EntitlementMoved(entitlement_id=row.pk, from_unit_id=before, to_unit_id=unit_id, reason=reason)
    record(moved, stream=row.stream, actor_id=acting_user_id, at=now)
    adjust(
        row.person_id,
        from_month=local_day(now),
        reason=_("Thay đổi nơi cư trú"),
        acting_user_id=acting_user_id,
        now=now,
    )


def change_payee(row: Entitlement, *, payee_id: int, ground: str, acting_user_id: int | None, now: datetime) -> None:
    """Let somebody else receive the money from the next list on.

    Thay người nhận tiền. Of a benefit that has ended it is who receives what was not paid yet.

    Raises:
        PayeeWrong: Whoever should receive it cannot.
    """
    check_other_payee(row, payee_id, ground, on=local_day(now))
    row.payee_id, row.payee_ground = payee_id, ground
    row.save(update_fields=["payee", "payee_ground"])
    changed = PayeeChanged(entitlement_id=row.pk, payee_id=payee_id, ground=ground)
    record(changed, stream=row.stream, actor_id=acting_user_id, at=now)


def _write_anew(row: Entitlement, first_month: date, *, acting_user_id: int | None, now: datetime) -> None:
    spans = computed(row, history_of(row.person_id), from_month=first_month, on=local_day(now), keeps_suspended=False)
    replace_rates(row, spans, from_month=first_month, acting_user_id=acting_user_id, now=now)

"""Grant a mandate to an officer, and end it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from lienthong.accounts import policies
from lienthong.accounts.events import MandateEnded, MandateGranted, MandateWithdrawn, stream_of
from lienthong.accounts.models import Mandate, User
from lienthong.accounts.services.changing import (
    AccountRefusal,
    NoSuchAccount,
    OutsideMandate,
    OwnAccount,
    actor_id_of,
    lock_account,
)
from lienthong.accounts.states import AccountKind, Role
from lienthong.infra.events import record
from lienthong.kernel.days import Span, format_day, local_day
from lienthong.units.models import Agency


class NotAnOfficer(AccountRefusal):
    """Mandates are for officers whose account is in use."""

    def __init__(self, account: User) -> None:
        why = "đã đóng" if not account.is_active else f"là tài khoản {AccountKind(account.kind).label}"
        super().__init__(
            f"Không phân công được: tài khoản {account.username} {why}. Chỉ cán bộ đang làm việc nhận phân công."
        )


class NoSuchAgency(AccountRefusal):
    """There is no agency of that code on the first day of the mandate."""

    def __init__(self, code: str, day: date) -> None:
        super().__init__(
            f"Ngày {format_day(day)} không có cơ quan mang mã {code}. Hãy kiểm tra ngày bắt đầu, hoặc chọn cơ quan khác."
        )


class MandateSpanWrong(AccountRefusal):
    """The mandate would end before it begins."""

    def __init__(self, last_on: date) -> None:
        super().__init__(
            f"Ngày cuối cùng {format_day(last_on)} trước ngày bắt đầu. Hãy sửa một trong hai ngày, hoặc để trống ngày cuối."
        )


class MandateOverlaps(AccountRefusal):
    """The officer holds the same role in the same agency on some of these days already."""

    def __init__(self, held: Mandate) -> None:
        super().__init__(
            f"Người này đã là {held.role_words} ở {held.agency.name} {held.span}. "
            "Hãy kết thúc phân công đó trước, hoặc chọn ngày bắt đầu sau nó."
        )


class MandateOver(AccountRefusal):
    """The mandate ends on that day or earlier already."""

    def __init__(self, mandate: Mandate) -> None:
        super().__init__(f"Phân công này đã kết thúc ({mandate.span}); chỉ rút ngắn được, không kéo dài bằng cách này.")


class EndsInThePast(AccountRefusal):
    """What was done in the meantime was done rightly: a mandate cannot be ended backwards."""

    def __init__(self, earliest: date) -> None:
        super().__init__(
            f"Ngày cuối cùng sớm nhất có thể chọn là {format_day(earliest)}: việc đã làm trước đó vẫn giữ nguyên hiệu lực."
        )


class BegunToday(AccountRefusal):
    """A mandate that began today holds until tonight."""

    def __str__(self) -> str:
        return (
            "Phân công này bắt đầu hôm nay nên sớm nhất hết hôm nay mới kết thúc. "
            "Nếu cần chặn ngay, hãy đóng tài khoản hoặc kết thúc các phiên đăng nhập."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantMandate:
    """A new mandate.

    Attributes:
        user_id: The officer.
        role: What they may do.
        agency_code: Where, by the code that holds on ``valid_from``.
        fields: Only in these fields of work; empty means all.
        valid_from: First day.
        valid_until: First day on which it holds no more; None for no end.
        basis: The decision that it rests on, in words.
    """

    user_id: int
    role: Role
    agency_code: str
    valid_from: date
    valid_until: date | None = None
    fields: tuple[str, ...] = ()
    basis: str = ""


@transaction.atomic
def grant_mandate(command: GrantMandate, *, acting_user: User | None, now: datetime) -> Mandate:
    """Give an officer a role in an agency for a span of days.

    Phân công, ủy quyền.

    Args:
        command: The mandate.
        acting_user: The administrator who grants it, never the officer themselves; None for the system itself.
        now: The moment.

    Raises:
        NoSuchAccount: The officer is not there, or not theirs to see.
        OwnAccount: Nobody grants anything to themselves.
        NotAnOfficer: The account is closed or speaks for a citizen or a firm.
        MandateSpanWrong: It would end before it begins.
        NoSuchAgency: No agency has that code on the first day.
        OutsideMandate: The administrator does not govern the agency.
        MandateOverlaps: The officer holds that role there on some of these days.
    """
    today = local_day(now)
    account = lock_account(command.user_id, acting_user=acting_user, on=today)
    if acting_user is not None and acting_user.pk == account.pk:
        raise OwnAccount
    if not policies.is_staff(account):
        raise NotAnOfficer(account)
    if command.valid_until is not None and command.valid_until <= command.valid_from:
        raise MandateSpanWrong(command.valid_until - timedelta(days=1))
    agency = Agency.objects.valid_on(command.valid_from).filter(code=command.agency_code).first()
    if agency is None:
        raise NoSuchAgency(command.agency_code, command.valid_from)
    if acting_user is not None and not policies.may_grant_in(acting_user, account, agency.pk, on=today):
        raise OutsideMandate(agency.name)
    _refuse_overlap(account, agency, command)

    mandate: Mandate = Mandate.objects.create(
        user=account,
        role=command.role,
        agency=agency,
        fields=sorted(set(command.fields)),
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        basis=command.basis,
        granted_by=acting_user,
    )
    record(granting_of(mandate), stream=stream_of(account.pk), actor_id=actor_id_of(acting_user), at=now)
    return mandate


@transaction.atomic
def end_mandate(*, mandate_id: int, last_on: date, reason: str, acting_user: User | None, now: datetime) -> Mandate:
    """End a mandate after its last day; one that has not begun is withdrawn altogether.

    Kết thúc phân công.

    Args:
        mandate_id: Which mandate.
        last_on: The last day on which it counts; yesterday at the earliest, which ends it at once.
        reason: Why, for the history of the account.
        acting_user: The administrator who ends it, never the officer themselves; None for the system itself.
        now: The moment.

    Returns:
        The mandate as it stands, or as it stood before it was withdrawn.

    Raises:
        NoSuchAccount: The mandate is not there, or not theirs to see.
        OwnAccount: Nobody changes their own mandates.
        OutsideMandate: The administrator does not govern the agency.
        EndsInThePast: The day lies before yesterday.
        BegunToday: It began today and cannot end before tonight.
        MandateOver: It ends then, or earlier, already.
    """
    today = local_day(now)
    mandate: Mandate | None = Mandate.objects.select_related("agency").filter(pk=mandate_id).first()
    if mandate is None:
        raise NoSuchAccount
    account = lock_account(mandate.user_id, acting_user=acting_user, on=today)
    mandate.refresh_from_db(from_queryset=Mandate.objects.select_related("agency"))
    if acting_user is not None:
        if acting_user.pk == account.pk:
            raise OwnAccount
        if not policies.may_grant_in(acting_user, account, mandate.agency_id, on=today):
            raise OutsideMandate(mandate.agency.name)

    if mandate.valid_from > today:
        withdrawn = MandateWithdrawn(**_facts_of(mandate), valid_until=mandate.valid_until, reason=reason)
        record(withdrawn, stream=stream_of(account.pk), actor_id=actor_id_of(acting_user), at=now)
        Mandate.objects.filter(pk=mandate.pk).delete()
        return mandate
    yesterday = today - timedelta(days=1)
    if last_on < yesterday:
        raise EndsInThePast(max(yesterday, mandate.valid_from))
    valid_until = last_on + timedelta(days=1)
    if valid_until <= mandate.valid_from:
        raise BegunToday
    if mandate.valid_until is not None and mandate.valid_until <= valid_until:
        raise MandateOver(mandate)
    mandate.valid_until = valid_until
    mandate.save(update_fields=["valid_until"])
    ended = MandateEnded(**_facts_of(mandate), valid_until=valid_until, reason=reason)
    record(ended, stream=stream_of(account.pk), actor_id=actor_id_of(acting_user), at=now)
    return mandate


def granting_of(mandate: Mandate) -> MandateGranted:
    """Return the fact that a mandate was granted."""
    return MandateGranted(
        **_facts_of(mandate), fields=mandate.fields, valid_until=mandate.valid_until, basis=mandate.basis
    )


def _refuse_overlap(account: User, agency: Agency, command: GrantMandate) -> None:
    wanted = Span(command.valid_from, command.valid_until)
    held = account.mandates.filter(role=command.role, agency=agency).select_related("agency")
    clash = next((mandate for mandate in held if mandate.span.overlaps(wanted)), None)
    if clash is not None:
        raise MandateOverlaps(clash)


def _facts_of(mandate: Mandate) -> dict[str, Any]:
    """Return what every fact about a mandate tells of it, in the words of its day."""
    return {
        "mandate_id": mandate.pk,
        "role": mandate.role,
        "role_name": mandate.role_words,
        "agency_code": mandate.agency.code,
        "agency_name": mandate.agency.name,
        "valid_from": mandate.valid_from,
        "span": str(mandate.span),
    }

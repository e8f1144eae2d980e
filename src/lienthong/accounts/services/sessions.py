"""Begin a session after a sign-in, remember that it is used, and end it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import transaction

from lienthong.accounts import policies
from lienthong.accounts.devices import device_of
from lienthong.accounts.events import SessionEnded, SignedIn, stream_of
from lienthong.accounts.models import SignIn, User
from lienthong.accounts.services.changing import AccountRefusal, OutsideMandate, lock_account
from lienthong.accounts.states import EndReason
from lienthong.infra.events import record
from lienthong.kernel.days import local_day


class NoSuchSession(AccountRefusal):
    """The session is not there, or over already."""

    def __str__(self) -> str:
        return "Phiên đăng nhập này đã kết thúc từ trước. Tải lại trang để xem các phiên còn lại."


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginSession:
    """A browser that has just proved whose account it acts for.

    Attributes:
        user_id: The account.
        session_key: The key of Django's new session.
        address: From which network address; None where the server does not tell.
        user_agent: What the browser says of itself.
    """

    user_id: int
    session_key: str
    address: str | None
    user_agent: str


@transaction.atomic
def begin_session(command: BeginSession, *, now: datetime) -> SignIn:
    """Write down that somebody signed in, from where and with what.

    Đăng nhập.
    """
    sign_in = SignIn.objects.create(
        user_id=command.user_id,
        session_key=command.session_key,
        address=command.address,
        device=device_of(command.user_agent),
        began_at=now,
        seen_at=now,
    )
    fact = SignedIn(sign_in_id=sign_in.pk, device=sign_in.device)
    record(fact, stream=stream_of(command.user_id), actor_id=command.user_id, at=now)
    return sign_in


def note_seen(*, sign_in_id: int, now: datetime) -> bool:
    """Remember that a session is in use.

    Returns:
        Whether it may go on: an ended session may not.
    """
    return SignIn.objects.filter(pk=sign_in_id, ended_at=None).update(seen_at=now) == 1


def move_session(*, sign_in_id: int, session_key: str) -> None:
    """Follow a session to its new key, which a changed password gives it."""
    SignIn.objects.filter(pk=sign_in_id, ended_at=None).update(session_key=session_key)


@transaction.atomic
def end_session(
    *, sign_in_id: int, acting_user: User, now: datetime, because: EndReason = EndReason.BY_OWNER
) -> SignIn:
    """End one session at once: one's own, or as administrator that of a member of staff.

    Kết thúc phiên đăng nhập.

    Args:
        sign_in_id: Which session.
        acting_user: The owner or an administrator.
        now: The moment.
        because: Why, where the owner ends it; an administrator's reason is always BY_ADMINISTRATOR.

    Raises:
        NoSuchSession: It is not there, or over already.
        NoSuchAccount: It is of an account that they may not know of.
        OutsideMandate: Its account also works for agencies that the administrator does not govern.
    """
    running = SignIn.objects.filter(pk=sign_in_id, ended_at=None)
    owner_id = running.values_list("user_id", flat=True).first()
    if owner_id is None:
        raise NoSuchSession
    if owner_id != acting_user.pk:
        today = local_day(now)
        account = lock_account(owner_id, acting_user=acting_user, on=today)
        if not policies.may_change_account(acting_user, account, on=today):
            raise OutsideMandate
        because = EndReason.BY_ADMINISTRATOR
    sign_in = running.select_for_update(of=("self",)).first()
    if sign_in is None:
        raise NoSuchSession
    _end([sign_in], because=because, actor_id=acting_user.pk, now=now)
    return sign_in


@transaction.atomic
def end_other_sessions(*, acting_user: User, keep_sign_in_id: int | None, now: datetime) -> int:
    """End every session of one's own account but the one in use.

    Returns:
        How many were ended.
    """
    return end_sessions(
        acting_user, because=EndReason.BY_OWNER, now=now, keep_sign_in_id=keep_sign_in_id, actor_id=acting_user.pk
    )


@transaction.atomic
def forget_dead_sessions(*, now: datetime) -> int:
    """Delete sessions of Django that have expired, and wrong passwords that lock nobody any more.

    The record of who signed in stays.

    Returns:
        How many sessions were deleted.
    """
    AccessAttempt.objects.filter(attempt_time__lt=now - timedelta(days=1)).delete()
    deleted, _ = Session.objects.filter(expire_date__lt=now).delete()
    return deleted


def end_sessions(
    account: User,
    *,
    because: EndReason,
    now: datetime,
    keep_sign_in_id: int | None = None,
    actor_id: int | None = None,
) -> int:
    """End the sessions of an account inside the caller's transaction; with an actor, each with an event of its own.

    Returns:
        How many were ended.
    """
    running = SignIn.objects.select_for_update(of=("self",)).filter(user=account, ended_at=None)
    sign_ins = [sign_in for sign_in in running.order_by("id") if sign_in.pk != keep_sign_in_id]
    _end(sign_ins, because=because, actor_id=actor_id, now=now)
    return len(sign_ins)


def _end(sign_ins: list[SignIn], *, because: EndReason, actor_id: int | None, now: datetime) -> None:
    Session.objects.filter(pk__in=[sign_in.session_key for sign_in in sign_ins]).delete()
    for sign_in in sign_ins:
        sign_in.ended_at, sign_in.ended_because = now, because
        if actor_id is not None:
            fact = SessionEnded(
                sign_in_id=sign_in.pk, device=sign_in.device, because=because, because_name=str(because.label)
            )
            record(fact, stream=stream_of(sign_in.user_id), actor_id=actor_id, at=now)
    SignIn.objects.bulk_update(sign_ins, ["ended_at", "ended_because"])

"""Change one's own password, and give somebody else one that opens the door once."""

import secrets
from datetime import datetime

from axes.utils import reset as lift_lockout
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from lienthong.accounts import policies
from lienthong.accounts.events import PasswordChanged, PasswordReset, stream_of
from lienthong.accounts.models import User
from lienthong.accounts.services.changing import AccountRefusal, actor_id_of, lock_account_to_change, lock_applicant
from lienthong.accounts.services.sessions import end_sessions
from lienthong.accounts.states import AccountKind, EndReason
from lienthong.infra.events import record
from lienthong.kernel.days import local_day

# Letters and figures that nobody misreads on paper or over the telephone.
_PLAIN_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_WHY_WEAK = {
    "password_too_short": "cần ít nhất 12 ký tự",
    "password_too_common": "là mật khẩu nhiều người dùng, dễ bị đoán",
    "password_entirely_numeric": "chỉ gồm chữ số, như số định danh hay số điện thoại",
    "password_too_similar": "quá giống tên hoặc tên đăng nhập của bạn",
}


class WrongPassword(AccountRefusal):
    """The current password was not given rightly."""

    def __str__(self) -> str:
        return "Mật khẩu hiện tại chưa đúng. Kiểm tra phím Caps Lock và bộ gõ tiếng Việt, rồi gõ lại."


class WeakPassword(AccountRefusal):
    """The new password is too easy."""

    def __init__(self, codes: list[str]) -> None:
        whys = [_WHY_WEAK.get(code, "chưa đủ mạnh") for code in codes]
        super().__init__(f"Mật khẩu mới {'; '.join(dict.fromkeys(whys))}. Một câu ngắn dễ nhớ là mật khẩu tốt.")


class SamePassword(AccountRefusal):
    """The new password is the old one."""

    def __str__(self) -> str:
        return "Mật khẩu mới trùng mật khẩu hiện tại. Hãy chọn một mật khẩu khác."


def check_strength(password: str, *, user: User) -> None:
    """Refuse a password that is easy to guess.

    Raises:
        WeakPassword: It is too short, too common, or too much like the owner's names.
    """
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise WeakPassword([str(error.code) for error in weak.error_list]) from weak


def one_time_password() -> str:
    """Return a random password of four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_PLAIN_LETTERS) for _ in range(4)) for _ in range(4))


@transaction.atomic
def change_password(*, current: str, new: str, acting_user: User, keep_sign_in_id: int | None, now: datetime) -> User:
    """Change one's own password; every other session of the account ends.

    Đổi mật khẩu.

    Args:
        current: The password in use.
        new: The password wanted.
        acting_user: The owner.
        keep_sign_in_id: The session from which it is changed.
        now: The moment.

    Raises:
        WrongPassword: ``current`` is not the password in use.
        SamePassword: Both are the same.
        WeakPassword: The new one is too easy.
    """
    account = User.objects.select_for_update().get(pk=acting_user.pk)
    if not account.check_password(current):
        raise WrongPassword
    if current == new:
        raise SamePassword
    check_strength(new, user=account)
    account.set_password(new)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    end_sessions(account, because=EndReason.PASSWORD_CHANGED, now=now, keep_sign_in_id=keep_sign_in_id)
    record(PasswordChanged(), stream=stream_of(account.pk), actor_id=account.pk, at=now)
    return account


@transaction.atomic
def reset_password(*, user_id: int, acting_user: User | None, now: datetime) -> str:
    """Give an account a password that must be changed at the next sign-in; its sessions end, its lock is lifted.

    Cấp lại mật khẩu.

    Args:
        user_id: Which account.
        acting_user: The administrator, or the desk for a citizen or firm; None for the system itself.
        now: The moment.

    Returns:
        The password, to be handed over; it is stored nowhere.

    Raises:
        NoSuchAccount: The account is not there, or not theirs to see.
        OwnAccount: The own password is changed, not reset.
        OutsideMandate: The account also works for agencies that the administrator does not govern.
    """
    today = local_day(now)
    if acting_user is not None and policies.may_serve_applicants(acting_user, on=today) and _is_applicant(user_id):
        account = lock_applicant(user_id, acting_user=acting_user, on=today)
    else:
        account = lock_account_to_change(user_id, acting_user=acting_user, on=today)
    password = one_time_password()
    account.set_password(password)
    account.must_change_password = True
    account.save(update_fields=["password", "must_change_password"])
    lift_lockout(username=account.username)
    end_sessions(account, because=EndReason.PASSWORD_CHANGED, now=now)
    record(PasswordReset(), stream=stream_of(account.pk), actor_id=actor_id_of(acting_user), at=now)
    return password


def _is_applicant(user_id: int) -> bool:
    return User.objects.filter(pk=user_id).exclude(kind=AccountKind.STAFF).exists()

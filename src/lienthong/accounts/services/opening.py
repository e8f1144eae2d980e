"""Open an account for an officer, a citizen or a firm, and close it."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from lienthong.accounts import policies
from lienthong.accounts.events import AccountClosed, AccountOpened, stream_of
from lienthong.accounts.models import User
from lienthong.accounts.services.changing import AccountRefusal, actor_id_of, lock_account_to_change, may_open_for
from lienthong.accounts.services.passwords import check_strength, one_time_password
from lienthong.accounts.services.sessions import end_sessions
from lienthong.accounts.states import AccountKind, EndReason
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.kernel.text import fold, person_sort_key, sort_key

_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,58})[a-z0-9]")


class MayNotOpenAccounts(AccountRefusal):
    """Administrators open accounts for officers, desks for those whom they serve."""

    def __str__(self) -> str:
        return (
            "Tài khoản cán bộ do người quản trị mở, tài khoản người dân và tổ chức do bộ phận một cửa mở. "
            "Việc này chưa được phân công cho bạn."
        )


class UnusableUsername(AccountRefusal):
    """The username has letters or a length that it may not have."""

    def __str__(self) -> str:
        return (
            "Tên đăng nhập gồm 3 đến 60 ký tự: chữ thường không dấu, chữ số, dấu chấm, gạch ngang hoặc gạch dưới; "
            "bắt đầu và kết thúc bằng chữ hoặc số. Ví dụ: an.nguyenvan."
        )


class UsernameTaken(AccountRefusal):
    """Somebody else has the username."""

    def __init__(self, username: str) -> None:
        super().__init__(f"Tên đăng nhập “{username}” đã có người dùng. Hãy thêm một chữ số, ví dụ {username}2.")


class LinkMissing(AccountRefusal):
    """A citizen's account needs a person, a firm's an organization, an officer's neither a firm."""

    def __init__(self, kind: AccountKind) -> None:
        needed = {
            AccountKind.CITIZEN: "gắn với đúng một người trong sổ đăng ký",
            AccountKind.ORGANIZATION: "gắn với đúng một tổ chức có mã số thuế",
            AccountKind.STAFF: "không gắn với tổ chức nào",
        }[kind]
        super().__init__(f"Tài khoản {kind.label} phải {needed}. Hãy chọn lại rồi mở tài khoản.")


class AlreadyHasAccount(AccountRefusal):
    """The citizen or the firm has an account in use."""

    def __init__(self, account: User) -> None:
        super().__init__(
            f"{account.full_name} đã có tài khoản, tên đăng nhập {account.username}. Nếu quên mật khẩu, hãy cấp lại."
        )


class AlreadyClosed(AccountRefusal):
    """The account was closed before."""

    def __str__(self) -> str:
        return "Tài khoản này đã đóng từ trước, không có gì thay đổi."


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount:
    """A new account.

    Attributes:
        username: What its owner types to sign in; capitals count as small letters.
        kind: Whom it speaks for.
        full_name: The owner's name; for a firm, the name of the firm.
        phone: Where the owner is reached.
        email: Where the owner is reached.
        person_id: The person, for a citizen; the representative, for a firm.
        organization_id: The organization, for a firm.
        password: None has one made that must be changed at the first sign-in.
    """

    username: str
    kind: AccountKind
    full_name: str
    phone: str = ""
    email: str = ""
    person_id: int | None = None
    organization_id: int | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The new account, and the password to hand over once, where one was made."""

    user: User
    one_time_password: str | None


@transaction.atomic
def open_account(command: OpenAccount, *, acting_user: User | None, now: datetime) -> Opened:
    """Open an account. It has no rights until a mandate is granted.

    Mở tài khoản.

    Args:
        command: The new account.
        acting_user: The administrator, or the desk for a citizen or firm; None for the system itself (set-up, demo).
        now: The moment.

    Raises:
        MayNotOpenAccounts: It is not theirs to open today.
        UnusableUsername: The username has a letter or length that it may not have.
        UsernameTaken: Somebody else has it.
        LinkMissing: The kind of account needs another link.
        AlreadyHasAccount: The citizen or the firm has one in use.
        WeakPassword: The given password is too easy.
    """
    if acting_user is not None and not _may_open(command, acting_user, on=local_day(now)):
        raise MayNotOpenAccounts
    username = command.username.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise UnusableUsername
    if not _is_linked_rightly(command):
        raise LinkMissing(command.kind)
    if command.kind != AccountKind.STAFF:
        _refuse_second(command)
    locks.hold(f"username:{username}")
    if User.objects.filter(username=username).exists():
        raise UsernameTaken(username)

    is_firm = command.kind == AccountKind.ORGANIZATION
    user = User(
        username=username,
        kind=command.kind,
        full_name=command.full_name,
        name_key=fold(command.full_name),
        sort_key=sort_key(command.full_name) if is_firm else person_sort_key(command.full_name),
        phone=command.phone,
        email=command.email,
        person_id=command.person_id,
        organization_id=command.organization_id,
        must_change_password=command.password is None,
        created_at=now,
    )
    password = command.password
    if password is None:
        password = one_time_password()
    else:
        check_strength(password, user=user)
    user.set_password(password)
    user.save()

    fact = AccountOpened(username=username, kind=command.kind)
    record(fact, stream=stream_of(user.pk), actor_id=actor_id_of(acting_user), at=now)
    return Opened(user=user, one_time_password=password if command.password is None else None)


@transaction.atomic
def close_account(*, user_id: int, reason: str, acting_user: User | None, now: datetime) -> User:
    """Close an account for good: it cannot sign in, its sessions end at once, its mandates count no more.

    Đóng tài khoản.

    Args:
        user_id: Which account.
        reason: Why, for its history.
        acting_user: The administrator who closes it; None for the system itself.
        now: The moment.

    Raises:
        NoSuchAccount: It is not there, or not theirs to see.
        OwnAccount: Nobody closes the own account.
        OutsideMandate: It also works for agencies that the administrator does not govern.
        AlreadyClosed: It was closed before.
    """
    account = lock_account_to_change(user_id, acting_user=acting_user, on=local_day(now))
    if not account.is_active:
        raise AlreadyClosed
    account.is_active = False
    account.save(update_fields=["is_active"])
    end_sessions(account, because=EndReason.ACCOUNT_CLOSED, now=now)
    record(AccountClosed(reason=reason), stream=stream_of(account.pk), actor_id=actor_id_of(acting_user), at=now)
    return account


def _may_open(command: OpenAccount, acting_user: User, *, on: date) -> bool:
    if command.kind == AccountKind.STAFF:
        return policies.may_manage_accounts(acting_user, on=on)
    return may_open_for(acting_user, command.person_id, command.kind, on=on)


def _refuse_second(command: OpenAccount) -> None:
    whose = (
        {"person": command.person_id}
        if command.kind == AccountKind.CITIZEN
        else {"organization": command.organization_id}
    )
    locks.hold(f"account-of:{whose}")
    held = User.objects.filter(kind=command.kind, is_active=True, **whose).first()
    if held is not None:
        raise AlreadyHasAccount(held)


def _is_linked_rightly(command: OpenAccount) -> bool:
    match command.kind:
        case AccountKind.CITIZEN:
            return command.person_id is not None and command.organization_id is None
        case AccountKind.ORGANIZATION:
            return command.organization_id is not None
        case AccountKind.STAFF:
            return command.organization_id is None

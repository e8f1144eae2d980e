"""What every change of somebody's account begins with: lock it, and ask whether this user may change it."""

from datetime import date

from lienthong.accounts import policies
from lienthong.accounts.models import User
from lienthong.accounts.queries import reader_for
from lienthong.accounts.states import AccountKind
from lienthong.infra.missing import NotFound
from lienthong.people import queries as people


class AccountRefusal(Exception):
    """Base of every expected refusal: its text is a sentence for people."""


class NoSuchAccount(AccountRefusal, NotFound):
    """The account does not exist, or this user may not know of it. Where nobody shows it, it is a page not found."""

    def __str__(self) -> str:
        return "Không tìm thấy tài khoản này trong các cơ quan bạn quản trị. Hãy quay lại danh sách cán bộ."


class OwnAccount(AccountRefusal):
    """An administrator tried to administer the own account."""

    def __str__(self) -> str:
        return "Bạn không thể tự thay đổi quyền hay trạng thái tài khoản của mình. Hãy nhờ một người quản trị khác."


class OutsideMandate(AccountRefusal):
    """The administrator does not govern the agencies that this change touches."""

    def __init__(self, agency_name: str = "") -> None:
        where = f"“{agency_name}”" if agency_name else "một cơ quan ngoài phạm vi bạn quản trị"
        super().__init__(f"Việc này thuộc {where}. Hãy nhờ người quản trị tài khoản của cơ quan đó, hoặc của cấp trên.")


def lock_account(user_id: int, *, acting_user: User | None, on: date) -> User:
    """Lock and return an account that ``acting_user`` may know of; None acts for the system itself.

    Raises:
        NoSuchAccount: It is not there, or not theirs to see.
    """
    accounts = User.objects.select_for_update(of=("self",))
    if acting_user is not None:
        accounts = accounts.filter(policies.visible_accounts(acting_user, on=on))
    account = accounts.filter(pk=user_id).first()
    if account is None:
        raise NoSuchAccount
    return account


def lock_account_to_change(user_id: int, *, acting_user: User | None, on: date) -> User:
    """Lock and return an account of which ``acting_user`` may change everything.

    Raises:
        NoSuchAccount: It is not there, or not theirs to see.
        OwnAccount: It is their own.
        OutsideMandate: It also works for agencies that they do not govern.
    """
    account = lock_account(user_id, acting_user=acting_user, on=on)
    if acting_user is None:
        return account
    if acting_user.pk == account.pk:
        raise OwnAccount
    if not policies.may_change_account(acting_user, account, on=on):
        raise OutsideMandate
    return account


def lock_applicant(user_id: int, *, acting_user: User, on: date) -> User:
    """Lock and return the account of a citizen or a firm whom ``acting_user`` serves at the desk.

    Raises:
        NoSuchAccount: It is not there, is no applicant's, or the citizen is not one that this desk may see.
    """
    accounts = User.objects.select_for_update(of=("self",)).exclude(kind=AccountKind.STAFF)
    account = accounts.filter(pk=user_id).first()
    if account is None or not may_open_for(acting_user, account.person_id, account.kind, on=on):
        raise NoSuchAccount
    return account


def may_open_for(user: User, person_id: int | None, kind: str, *, on: date) -> bool:
    """Tell whether a desk may give this person, or a firm, an account or a new password."""
    if not policies.may_serve_applicants(user, on=on):
        return False
    if kind != AccountKind.CITIZEN:
        return True
    try:
        people.get_person(person_id or 0, reader_for(user, on=on))
    except people.PersonUnknown:
        return False
    return True


def actor_id_of(acting_user: User | None) -> int | None:
    """Return who is written down as the actor of an event; None for the system itself."""
    return None if acting_user is None else acting_user.pk

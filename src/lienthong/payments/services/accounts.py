"""Where a person or an organisation is paid: recorded, checked by name, confirmed by a second person, followed, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import add_months, format_day, local_day
from lienthong.payments import policies
from lienthong.payments.account_events import (
    AccountEnded,
    AccountRecorded,
    AccountVerified,
    HolderChecked,
    HolderConfirmed,
)
from lienthong.payments.account_numbers import NumberRefused, read_number
from lienthong.payments.banks import banks
from lienthong.payments.holder_names import check_holder
from lienthong.payments.models import PAYABLE, Payee, PaymentAccount
from lienthong.payments.queries.accounts import PaymentAccountNotFound, held_by, is_payable, waits_for_second
from lienthong.payments.states import NUMBERED_CHANNELS, AccountSource, Channel, NameCheck
from lienthong.people.models import Organization, Person

AHEAD_AT_MOST_MONTHS = 3
_LONGEST_HOLDER = 140


class AccountRefused(Exception):
    """The account cannot be recorded or changed so; the message says why, and what to do."""


class NotYourPerson(AccountRefused):
    """The user keeps no accounts of this person's commune, or there is no such person."""

    def __init__(self) -> None:
        super().__init__(
            _("Không có người này, hoặc người này không thuộc xã, phường bạn phụ trách. Hãy tìm lại theo số định danh.")
        )


class NotYourOrganization(AccountRefused):
    """The user keeps no accounts where this organisation lies, or there is none."""

    def __init__(self) -> None:
        super().__init__(
            _("Không có tổ chức này, hoặc tổ chức không thuộc nơi bạn phụ trách. Hãy tìm lại theo mã số thuế.")
        )


class AccountNumberWrong(AccountRefused):
    """The number cannot be one of this channel."""


class BankUnclear(AccountRefused):
    """No bank or wallet is told, or one of another kind."""


class AccountDayWrong(AccountRefused):
    """The day is too far ahead, or not after the account that it follows."""


class SameAccount(AccountRefused):
    """It is what the person has already, or what waits to be confirmed."""

    def __init__(self, since: date, *, waits: bool) -> None:
        words = (
            _("Đúng nơi này đã được ghi từ ngày %s và đang chờ xác nhận; không có gì thay đổi.")
            if waits
            else _("Đang nhận tiền đúng ở nơi này từ ngày %s; không có gì thay đổi.")
        )
        super().__init__(words % format_day(since))


class AccountOver(AccountRefused):
    """The account is no longer in use."""

    def __init__(self) -> None:
        super().__init__(_("Tài khoản này đã thôi dùng. Hãy ghi tài khoản mới."))


class NothingToConfirm(AccountRefused):
    """It is confirmed, or its holder is not known to be the person."""

    def __init__(self) -> None:
        super().__init__(_("Tài khoản này không chờ người thứ hai: đã xác nhận rồi, hoặc chưa rõ tên chủ tài khoản."))


class SecondPersonNeeded(AccountRefused):
    """Whoever recorded where the money goes does not also vouch for it."""

    def __init__(self) -> None:
        super().__init__(_("Tài khoản do bạn ghi hoặc xác minh; người thứ hai phải xác nhận."))


class HolderAlreadyChecked(AccountRefused):
    """The name is the person's own already; there is nothing to look at again."""

    def __init__(self) -> None:
        super().__init__(_("Tên chủ tài khoản đã trùng với người nhận. Nếu tài khoản đổi chủ, hãy ghi tài khoản mới."))


class HolderMissing(AccountRefused):
    """No name was given."""

    def __init__(self) -> None:
        super().__init__(_("Hãy ghi tên chủ tài khoản đúng như ngân hàng trả lời."))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAccount:
    """Where a person or an organisation wants to be paid from a day on. Ghi nơi nhận tiền.

    Attributes:
        person_id: Who is paid; None where an organisation is.
        organization_id: The organisation that is paid.
        bank_code: Six digits of the bank or wallet; empty for post and cash.
        holder_name: As the bank tells it; empty where nobody knows, and for post and cash.
        client_key: Key of this one form.
    """

    person_id: int | None = None
    organization_id: int | None = None
    channel: Channel
    source: AccountSource
    valid_from: date
    bank_code: str = ""
    number: str = ""
    holder_name: str = ""
    client_key: UUID | None = None


@transaction.atomic
def record_account(command: RecordAccount, *, acting_user: User, now: datetime) -> PaymentAccount:
    """Record where a person or an organisation is to be paid from a day on.

    Ghi, thay đổi nơi nhận tiền. The holder's name is compared with theirs: another one is not paid, the same or a similar one
    waits until a second person confirms the account. What they had before is used until then. Cash and the post wait for nobody.

    Raises:
        NotYourPerson, NotYourOrganization: There is none, or not in a commune of the user.
        BankUnclear, AccountNumberWrong: Bank or number cannot be.
        AccountDayWrong: The day is too far ahead, or they have an account from that day or later.
        SameAccount: Nothing would change.
        KeyAlreadyUsed: This form was sent before.
    """
    payee = _payee(command, acting_user, now)
    return write_account(payee, command, acting_user=acting_user, now=now)


def write_account(
    payee: Payee, command: RecordAccount, *, acting_user: User, now: datetime, import_id: int | None = None,
    recorded_by: User | None = None,
) -> PaymentAccount:  # fmt: skip
    """Record an account of somebody whose accounts the user keeps; ``record_account`` says the rest.

    With ``recorded_by`` another person brought it, and the user is the second one who vouches for it: also for what waits at the
    same place, whose place it takes.
    """
    _hold_accounts_of(payee)
    bank_code, number = checked_place(command)
    last_day = add_months(local_day(now), AHEAD_AT_MOST_MONTHS)
    if command.valid_from > last_day:
        raise AccountDayWrong(
            _("Chỉ ghi được trước %(months)s tháng, tới ngày %(day)s.")
            % {"months": AHEAD_AT_MOST_MONTHS, "day": format_day(last_day)}
        )
    _check_new(payee, command, number, by_two=recorded_by not in {None, acting_user})
    is_numbered = command.channel in NUMBERED_CHANNELS
    holder = command.holder_name.strip() if is_numbered else str(payee)[:_LONGEST_HOLDER]
    name_check = check_holder(holder, str(payee)) if is_numbered else NameCheck.SAME
    vouched = not is_numbered or (recorded_by not in {None, acting_user} and name_check == NameCheck.SAME)
    account = PaymentAccount(
        **held_by(payee), channel=command.channel, bank_code=bank_code, number=number, holder_name=holder,
        source=command.source, name_check=name_check, verified_at=now if vouched else None,
        verified_by=acting_user if vouched else None, valid_from=command.valid_from, recorded_at=now,
        recorded_by=recorded_by or acting_user,
    )  # fmt: skip
    theirs = PaymentAccount.objects.filter(**held_by(payee))
    there = Q(channel=account.channel, bank_code=bank_code, number=number)
    waiting = theirs.exclude(PAYABLE).filter(Q(valid_from__lte=account.valid_from) | there, valid_until=None)
    for one in [*waiting, *(theirs.filter(PAYABLE).valid_on(account.valid_from) if vouched else ())]:
        _end(one, account.valid_from, reason=_("Có nơi nhận tiền mới."), acting_user=acting_user, now=now)
    account.save()
    fact = AccountRecorded(
        account_id=account.pk, person_id=account.person_id, organization_id=account.organization_id,
        channel=command.channel, source=command.source, name_check=name_check, valid_from=command.valid_from, import_id=import_id,
    )  # fmt: skip
    record(fact, stream=account.stream, actor_id=acting_user.pk, at=now, client_key=command.client_key)
    return account


def checked_place(command: RecordAccount) -> tuple[str, str]:
    """Return bank and number of an account as they are kept.

    Raises:
        BankUnclear, AccountNumberWrong: They cannot be.
    """
    if command.channel not in NUMBERED_CHANNELS:
        return "", ""
    bank = banks().get(command.bank_code)
    if bank is None or bank.kind != command.channel.value:
        raise BankUnclear(
            _("Chưa chọn đúng ngân hàng hoặc ví cho hình thức “%s”. Hãy chọn lại trong danh sách.")
            % command.channel.label
        )
    try:
        return bank.code, read_number(command.number, channel=command.channel)
    except NumberRefused as refused:
        raise AccountNumberWrong(str(refused)) from refused


@transaction.atomic
def check_holder_again(account_id: int, *, holder_name: str, acting_user: User, now: datetime) -> PaymentAccount:
    """Write down the holder as the bank answers, for an account whose holder was not known or was another.

    Xác minh chủ tài khoản. Who recorded the account does not also say that its name fits after all.

    Raises:
        PaymentAccountNotFound: There is none that the user keeps.
        AccountOver: It is no longer in use.
        HolderAlreadyChecked: The name fits already, and the account is in use.
        HolderMissing: No name was given.
        SecondPersonNeeded: The user recorded it.
        AccountDayWrong: Another place is in use from a later day.
    """
    account = _locked(account_id, acting_user, now)
    if account.name_check == NameCheck.SAME and account.verified_at is not None:
        raise HolderAlreadyChecked
    if not holder_name.strip():
        raise HolderMissing
    if account.recorded_by_id == acting_user.pk:
        raise SecondPersonNeeded
    account.holder_name = holder_name.strip()[:_LONGEST_HOLDER]
    account.name_check = check_holder(account.holder_name, str(account.payee))
    vouched = account.name_check in {NameCheck.SAME, NameCheck.SIMILAR}
    account.verified_at, account.verified_by = (now, acting_user) if vouched else (None, None)
    account.confirmed_at = account.confirmed_by = None
    if is_payable(account):
        _follow(account, acting_user=acting_user, now=now)
    account.save(
        update_fields=[
            "holder_name", "name_check", "verified_at", "verified_by", "confirmed_at", "confirmed_by", "valid_from",
        ]
    )  # fmt: skip
    fact = HolderChecked(account_id=account.pk, name_check=account.name_check)
    record(fact, stream=account.stream, actor_id=acting_user.pk, at=now)
    return account


@transaction.atomic
def confirm_account(account_id: int, *, reason: str, acting_user: User, now: datetime) -> PaymentAccount:
    """Say as the second person that an account is the payee's own; from now on it follows the one before.

    Xác nhận nơi nhận tiền. Of a name that is only similar, that it is theirs.

    Raises:
        PaymentAccountNotFound: There is none that the user keeps.
        AccountOver: It is no longer in use.
        NothingToConfirm: Its name does not fit, or it is confirmed.
        SecondPersonNeeded: The user recorded or verified it.
        AccountDayWrong: Another place is in use from a later day.
    """
    account = _locked(account_id, acting_user, now)
    if not waits_for_second(account):
        raise NothingToConfirm
    if acting_user.pk in {account.recorded_by_id, account.verified_by_id}:
        raise SecondPersonNeeded
    fact: AccountVerified | HolderConfirmed
    if account.name_check == NameCheck.SAME:
        account.verified_at, account.verified_by = now, acting_user
        fact = AccountVerified(account_id=account.pk, reason=reason.strip())
    else:
        account.confirmed_at, account.confirmed_by = now, acting_user
        fact = HolderConfirmed(account_id=account.pk, reason=reason.strip())
    _follow(account, acting_user=acting_user, now=now)
    account.save(update_fields=["verified_at", "verified_by", "confirmed_at", "confirmed_by", "valid_from"])
    record(fact, stream=account.stream, actor_id=acting_user.pk, at=now)
    return account


@transaction.atomic
def end_account(account_id: int, *, ends_on: date, reason: str, acting_user: User, now: datetime) -> PaymentAccount:
    """Stop paying somebody at a place from a day on. What was sent there stays as it was.

    Thôi dùng tài khoản. One that still waits is withdrawn, on its first day or before it too.

    Raises:
        PaymentAccountNotFound: There is none that the user keeps.
        AccountOver: It is ended already.
        AccountDayWrong: Money may go there, and the day is not after its first one.
    """
    account = _locked(account_id, acting_user, now)
    if is_payable(account) and ends_on <= account.valid_from:
        raise AccountDayWrong(
            _("Ngày thôi dùng phải sau ngày bắt đầu %s. Nếu ghi nhầm, hãy ghi tài khoản đúng từ ngày hôm sau.")
            % format_day(account.valid_from)
        )
    _end(account, ends_on, reason=reason.strip(), acting_user=acting_user, now=now)
    return account


def _payee(command: RecordAccount, user: User, now: datetime) -> Payee:
    payee: Payee | None
    if command.organization_id is not None:
        payee = Organization.objects.filter(pk=command.organization_id).first()
    else:
        payee = Person.objects.filter(pk=command.person_id or 0).first()
    if payee is None or not policies.records_accounts(user, payee.unit_id, on=local_day(now)):
        raise NotYourPerson if command.organization_id is None else NotYourOrganization
    return payee


def _locked(account_id: int, user: User, now: datetime) -> PaymentAccount:
    rows = PaymentAccount.objects.select_related("person", "organization")
    account: PaymentAccount | None = rows.filter(pk=account_id).first()
    if account is not None:
        _hold_accounts_of(account.payee)
        account = rows.select_for_update(of=("self",)).get(pk=account_id)
    if account is None or not policies.records_accounts(user, account.payee.unit_id, on=local_day(now)):
        raise PaymentAccountNotFound
    if account.valid_until is not None:
        raise AccountOver
    return account


def _hold_accounts_of(payee: Payee) -> None:
    """Let nobody else change where somebody is paid until the transaction ends."""
    locks.hold(f"payment-accounts-of:{payee._meta.model_name}:{payee.pk}")


def _check_new(payee: Payee, command: RecordAccount, number: str, *, by_two: bool) -> None:
    theirs = PaymentAccount.objects.filter(**held_by(payee))
    holder = command.holder_name.strip()
    for one in theirs.valid_on(command.valid_from).filter(valid_until=None).order_by("pk"):
        is_there = (one.channel, one.bank_code, one.number) == (command.channel, command.bank_code, number)
        waits = not is_payable(one)
        if waits and by_two:
            continue  # a second person vouches for it now
        if is_there and (holder in {"", one.holder_name} or command.channel not in NUMBERED_CHANNELS):
            raise SameAccount(one.valid_from, waits=waits)
    later = theirs.filter(PAYABLE, valid_from__gte=command.valid_from).order_by("valid_from").last()
    if later is not None:
        raise AccountDayWrong(
            _("Đã có nơi nhận tiền từ ngày %s. Hãy chọn một ngày sau ngày đó.") % format_day(later.valid_from)
        )


def _follow(account: PaymentAccount, *, acting_user: User, now: datetime) -> None:
    """Let an account that waited take the place of the one in use: never of days that are over."""
    in_use = PaymentAccount.objects.filter(PAYABLE, **held_by(account.payee)).exclude(pk=account.pk)
    in_use = in_use.filter(Q(valid_until=None) | Q(valid_until__gt=account.valid_from))
    before = in_use.order_by("-valid_from").first()
    if before is None:
        return
    day = max(account.valid_from, local_day(now))
    if before.valid_from >= day:
        raise AccountDayWrong(
            _(
                "Đã có nơi nhận tiền dùng từ ngày %s. Hãy thôi dùng nơi đó trước, hoặc ghi lại tài khoản này từ một ngày sau ngày đó."
            )
            % format_day(before.valid_from)
        )
    if before.valid_until is None or before.valid_until > day:
        _end(before, day, reason=_("Có nơi nhận tiền mới."), acting_user=acting_user, now=now)
    account.valid_from = before.valid_until


def _end(account: PaymentAccount, ends_on: date, *, reason: str, acting_user: User, now: datetime) -> None:
    first_over = account.valid_from + timedelta(days=1)  # one that waited may be withdrawn before it began
    account.valid_until = max(ends_on, first_over)
    account.save(update_fields=["valid_until"])
    fact = AccountEnded(
        account_id=account.pk, person_id=account.person_id, organization_id=account.organization_id,
        valid_until=account.valid_until, reason=reason,
    )  # fmt: skip
    record(fact, stream=account.stream, actor_id=acting_user.pk, at=now)

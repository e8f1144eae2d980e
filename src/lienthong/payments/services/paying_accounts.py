"""From which accounts the province pays, and what each bank wants and sends: written down by one person, approved by another."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import local_day
from lienthong.kernel.text import clean_line
from lienthong.payments import policies
from lienthong.payments.banks import bank_of
from lienthong.payments.file_events import (
    BankTemplateApproved,
    BankTemplateRecorded,
    PayingAccountApproved,
    PayingAccountEnded,
    PayingAccountRecorded,
)
from lienthong.payments.models import BankTemplate, PayingAccount
from lienthong.payments.services.refusals import PaymentRefused
from lienthong.payments.states import FileKind
from lienthong.payments.templates import in_template, out_template

_NUMBER: Final = re.compile(r"[0-9A-Za-z]{4,34}", re.ASCII)


class PayingAccountMissing(NotFound):
    """There is no such account, or none that this user may see."""


class PayingAccountRefused(PaymentRefused):
    """The account cannot be set so; the message says why."""


class NotYoursToSet(PayingAccountRefused):
    """The user neither keeps nor approves the accounts of the province."""

    def __init__(self) -> None:
        super().__init__(_("Chỉ kế toán ghi, lãnh đạo sở duyệt tài khoản chi của tỉnh và mẫu tệp của ngân hàng."))


class BankTemplateMissing(NotFound):
    """There is no such template, or none that this user may see."""


class SignedAlready(PayingAccountRefused):
    """It is approved, or ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPayingAccount:
    """An account from which the province pays. Tài khoản chi."""

    bank_code: str
    number: str
    holder_name: str
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBankTemplate:
    """What a bank wants and sends. Mẫu tệp của ngân hàng; attributes as in ``BankTemplate``."""

    bank_code: str
    name: str
    order_kind: FileKind = FileKind.PAIN001
    plain_letters: bool = True
    columns: Sequence[Mapping[str, str]] = ()
    first_row: int = 2
    sheet: str = ""
    incoming: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def record_paying_account(command: RecordPayingAccount, *, acting_user: User, now: datetime) -> PayingAccount:
    """Put down an account; nothing is paid from it before a leader has approved it.

    Ghi tài khoản chi.

    Raises:
        NotYoursToSet: The user is no accountant of the competent agency.
        UnknownBank: No bank of that number.
        PayingAccountRefused: Number or name say nothing, or the account is there already.
    """
    if not policies.prepares(acting_user, on=local_day(now)):
        raise NotYoursToSet
    bank = bank_of(command.bank_code)
    number, holder = command.number.replace(" ", ""), clean_line(command.holder_name, at_most=140)
    if not _NUMBER.fullmatch(number) or not holder:
        raise PayingAccountRefused(_("Số tài khoản chi gồm 4 đến 34 chữ và số, và phải có tên chủ tài khoản."))
    same = PayingAccount.objects.filter(bank_code=bank.code, number=number, valid_until=None)
    if same.exists():
        raise PayingAccountRefused(_("Tài khoản chi này đã có. Hãy duyệt, hoặc thôi dùng rồi ghi lại."))
    account = PayingAccount.objects.create(
        bank_code=bank.code, bank_name=bank.short, number=number, holder_name=holder, valid_from=command.valid_from,
        recorded_by=acting_user, recorded_at=now,
    )  # fmt: skip
    fact = PayingAccountRecorded(account_id=account.pk, bank_code=bank.code, valid_from=command.valid_from)
    record(fact, stream=account.stream, actor_id=acting_user.pk, at=now)
    return account


@transaction.atomic
def approve_paying_account(account_id: int, *, acting_user: User, now: datetime) -> PayingAccount:
    """Approve an account, as a leader who did not put it down.

    Duyệt tài khoản chi.

    Raises:
        PayingAccountMissing, NotYoursToSet, SignedAlready: The account or the user is wrong.
    """
    account = _locked(account_id, acting_user, now)
    if not policies.approves(acting_user, on=local_day(now)) or account.recorded_by_id == acting_user.pk:
        raise NotYoursToSet
    if account.approved_at or account.valid_until:
        raise SignedAlready(_("Tài khoản chi này đã được duyệt hoặc đã thôi dùng."))
    account.approved_by, account.approved_at = acting_user, now
    account.save(update_fields=["approved_by", "approved_at"])
    fact = PayingAccountApproved(account_id=account.pk, bank_code=account.bank_code)
    record(fact, stream=account.stream, actor_id=acting_user.pk, at=now)
    return account


@transaction.atomic
def end_paying_account(account_id: int, *, valid_until: date, acting_user: User, now: datetime) -> PayingAccount:
    """Pay from an account no more from a day on.

    Thôi dùng tài khoản chi.

    Raises:
        PayingAccountMissing, NotYoursToSet, SignedAlready: The account or the user is wrong.
        PayingAccountRefused: The day lies before its first, or in the past.
    """
    account = _locked(account_id, acting_user, now)
    today = local_day(now)
    if not (policies.prepares(acting_user, on=today) or policies.approves(acting_user, on=today)):
        raise NotYoursToSet
    if account.valid_until:
        raise SignedAlready(_("Tài khoản chi này đã thôi dùng."))
    if valid_until <= account.valid_from or valid_until < today:
        raise PayingAccountRefused(_("Ngày thôi dùng phải sau ngày bắt đầu và không trước hôm nay."))
    account.valid_until = valid_until
    account.save(update_fields=["valid_until"])
    fact = PayingAccountEnded(account_id=account.pk, bank_code=account.bank_code, valid_until=valid_until)
    record(fact, stream=account.stream, actor_id=acting_user.pk, at=now)
    return account


@transaction.atomic
def record_bank_template(command: RecordBankTemplate, *, acting_user: User, now: datetime) -> BankTemplate:
    """Put down what a bank wants and sends; what is in use stays so until a leader has approved the new one.

    Ghi mẫu tệp của ngân hàng. Put down twice the same, nothing changes; of two that wait, the later one counts.

    Raises:
        NotYoursToSet: The user is no accountant of the competent agency.
        UnknownBank: No bank of that number.
        TemplateRefused: A column or label cannot be.
        PayingAccountRefused: Orders of that form are not made.
    """
    if not policies.prepares(acting_user, on=local_day(now)):
        raise NotYoursToSet
    bank = bank_of(command.bank_code)
    if command.order_kind not in {FileKind.PAIN001, FileKind.XLSX}:
        raise PayingAccountRefused(_("Lệnh chi chỉ xuất dạng pain.001 hoặc Excel."))
    out_template(command.columns, sheet=command.sheet, first_row=command.first_row, plain_letters=command.plain_letters)
    in_template(command.incoming)
    locks.hold(f"bank-template:{bank.code}")
    wanted = {
        "name": clean_line(command.name, at_most=140) or bank.short, "order_kind": command.order_kind,
        "plain_letters": command.plain_letters, "columns": [dict(column) for column in command.columns],
        "first_row": command.first_row, "sheet": command.sheet, "incoming": dict(command.incoming),
    }  # fmt: skip
    of_bank = BankTemplate.objects.filter(bank_code=bank.code)
    last = of_bank.filter(superseded_at=None).order_by("version").last()
    if last is not None and all(getattr(last, name) == value for name, value in wanted.items()):
        return last
    version = (of_bank.aggregate(last=Max("version"))["last"] or 0) + 1
    of_bank.filter(superseded_at=None, approved_at=None).update(superseded_at=now)
    template = BankTemplate.objects.create(
        bank_code=bank.code,
        **wanted,
        version=version,
        recorded_by=acting_user,
        recorded_at=now,
    )
    fact = BankTemplateRecorded(
        template_id=template.pk, bank_code=bank.code, version=version, order_kind=command.order_kind
    )
    record(fact, stream=template.stream, actor_id=acting_user.pk, at=now)
    return template


@transaction.atomic
def approve_bank_template(template_id: int, *, acting_user: User, now: datetime) -> BankTemplate:
    """Approve what a bank wants and sends, as a leader who did not put it down; the one before is kept as an earlier version.

    Duyệt mẫu tệp của ngân hàng.

    Raises:
        BankTemplateMissing, NotYoursToSet, SignedAlready: The template or the user is wrong.
        TemplateRefused: A column cannot be, by what is asked of templates now.
    """
    found = BankTemplate.objects.filter(pk=template_id).first() if _sees(acting_user, now) else None
    if found is None:
        raise BankTemplateMissing
    locks.hold(f"bank-template:{found.bank_code}")
    template: BankTemplate = BankTemplate.objects.select_for_update(of=("self",)).get(pk=template_id)
    if not policies.approves(acting_user, on=local_day(now)) or template.recorded_by_id == acting_user.pk:
        raise NotYoursToSet
    if template.approved_at or template.superseded_at:
        raise SignedAlready(_("Mẫu này đã được duyệt hoặc đã có mẫu khác thay. Hãy mở lại trang."))
    out_template(template.columns, sheet=template.sheet, first_row=template.first_row)
    in_use = BankTemplate.objects.filter(bank_code=template.bank_code, superseded_at=None, approved_at__isnull=False)
    in_use.update(superseded_at=now)
    template.approved_by, template.approved_at = acting_user, now
    template.save(update_fields=["approved_by", "approved_at"])
    fact = BankTemplateApproved(
        template_id=template.pk, bank_code=template.bank_code, version=template.version, order_kind=template.order_kind
    )
    record(fact, stream=template.stream, actor_id=acting_user.pk, at=now)
    return template


def _sees(user: User, now: datetime) -> bool:
    return policies.sees_province(user, on=local_day(now))


def _locked(account_id: int, user: User, now: datetime) -> PayingAccount:
    account: PayingAccount | None = None
    if _sees(user, now):
        account = PayingAccount.objects.select_for_update(of=("self",)).filter(pk=account_id).first()
    if account is None:
        raise PayingAccountMissing
    return account

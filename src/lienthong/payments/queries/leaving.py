"""What of a released run leaves for which bank, post or cashier: groups with their sums, and the lines one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from lienthong.payments.line_keys import key_of
from lienthong.payments.models import BankTemplate, PayingAccount, PaymentFile, PaymentLine, PaymentRun
from lienthong.payments.outgoing.papers import ListRow
from lienthong.payments.outgoing.values import Transfer
from lienthong.payments.sources import benefit_label
from lienthong.payments.states import NUMBERED_CHANNELS, Channel, FileKind, LineState
from lienthong.people.models import Residence
from lienthong.units.models import AdministrativeUnit

LISTED_CHANNELS = (Channel.POST, Channel.CASH)
_AT_ONCE = 2_000


class NoPayingAccount(LookupError):
    """No account of the province is approved, so nothing can be paid by bank."""

    def __str__(self) -> str:
        return _(
            "Chưa có tài khoản chi nào của tỉnh được duyệt. Hãy ghi và duyệt một tài khoản chi trước khi xuất tệp."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferGroup:
    """The transfers of a run that go out in one file.

    Attributes:
        account: The province's account that pays.
        banks: Numbers of the receivers' banks.
    """

    channel: Channel
    account: PayingAccount
    banks: tuple[str, ...]
    lines: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGroup:
    """The lines of a run that one commune pays over the counter."""

    channel: Channel
    unit: AdministrativeUnit
    part: int
    lines: int
    amount: int


def leaving(run: PaymentRun) -> QuerySet[PaymentLine]:
    """Return the lines of a run for which money leaves: neither held nor cancelled, and not wholly kept back."""
    kept = Q(state__in=(LineState.HELD, LineState.CANCELLED, LineState.PLANNED)) | Q(amount=F("deducted"))
    return PaymentLine.objects.filter(run=run).exclude(kept)


def lines_without_file(run: PaymentRun) -> int:
    """Return how many lines of a released run leave by a way for which no file was made yet."""
    made = PaymentFile.objects.filter(run=run).exclude(kind=FileKind.XLSX, bank_code="")
    return leaving(run).count() - sum(made.values_list("lines", flat=True))


def transfer_groups(run: PaymentRun, *, on: date) -> list[TransferGroup]:
    """Return the files of transfers that a run still needs: receivers whose bank stands in a file already are left out.

    Receivers are paid from the province's account at their own bank where it has one there, all others from the account that
    was in use first.

    Raises:
        NoPayingAccount: There are transfers and no account to pay them from.
    """
    sums = (
        leaving(run)
        .filter(channel__in=NUMBERED_CHANNELS)
        .values_list("channel", "bank_code")
        .annotate(lines=Count("pk"), amount=Sum(F("amount") - F("deducted")))
        .order_by("channel", "bank_code")
    )
    accounts = paying_accounts(on=on)
    covered = covered_banks(run)
    found: dict[tuple[str, int], list[tuple[str, int, int]]] = {}
    for channel, bank_code, lines, amount in sums:
        if (channel, bank_code) in covered:
            continue
        if not accounts:
            raise NoPayingAccount
        account = next((one for one in accounts if one.bank_code == bank_code), accounts[0])
        found.setdefault((channel, accounts.index(account)), []).append((bank_code, lines, amount))
    return [
        TransferGroup(
            channel=Channel(channel),
            account=accounts[place],
            banks=tuple(bank_code for bank_code, _lines, _amount in parts),
            lines=sum(lines for _bank, lines, _amount in parts),
            amount=sum(amount for _bank, _lines, amount in parts),
        )
        for (channel, place), parts in sorted(found.items())
    ]


def covered_banks(run: PaymentRun) -> set[tuple[str, str]]:
    """Return the ways and receivers' banks that stand in a file of the run. An account approved later changes nothing for them."""
    made = PaymentFile.objects.filter(run=run).exclude(bank_code="").values_list("channel", "banks")
    return {(channel, bank) for channel, banks in made for bank in banks}


def paying_accounts(*, on: date) -> list[PayingAccount]:
    """Return the approved accounts of the province on a day, the one in use longest first."""
    return list(PayingAccount.objects.valid_on(on).filter(approved_at__isnull=False).order_by("valid_from", "pk"))


def template_of(bank_code: str) -> BankTemplate | None:
    """Return the template of a bank that is in use: the approved one."""
    return BankTemplate.objects.filter(bank_code=bank_code, superseded_at=None, approved_at__isnull=False).first()


def transfers(run: PaymentRun, channel: Channel, banks: Sequence[str]) -> Iterator[Transfer]:
    """Yield the transfers of a group in the order of the run; they are read as they are wanted."""
    rows = (
        leaving(run)
        .filter(channel=channel, bank_code__in=banks)
        .order_by("number")
        .values_list(
            "pk", "source", "benefit", "for_month", F("amount") - F("deducted"), "holder_name", "bank_code",
            "account_number", "person_id", "payee_id", "person__full_name",
        )
    )  # fmt: skip
    for pk, source, benefit, month, amount, holder, bank_code, account, person, payee, name in rows.iterator(_AT_ONCE):
        purpose = f"{benefit_label(source, benefit)} T{month:%m/%Y}"
        yield Transfer(
            key=key_of(pk),
            amount=amount,
            holder=holder,
            bank_code=bank_code,
            account=account,
            purpose=purpose if person == payee else f"{purpose} của {name}",
        )


def list_groups(run: PaymentRun) -> list[ListGroup]:
    """Return the lists of communes that a run needs, in the order of the dictionary."""
    sums = (
        leaving(run)
        .filter(channel__in=LISTED_CHANNELS)
        .values_list("channel", "unit_id")
        .annotate(lines=Count("pk"), amount=Sum(F("amount") - F("deducted")))
        .order_by("channel", "unit__sort_key", "unit_id")
    )
    counted = list(sums)
    units = AdministrativeUnit.objects.in_bulk({unit for _channel, unit, _lines, _amount in counted})
    parts: dict[str, int] = {}
    groups = []
    for channel, unit, lines, amount in counted:
        parts[channel] = parts.get(channel, 0) + 1
        groups.append(
            ListGroup(channel=Channel(channel), unit=units[unit], part=parts[channel], lines=lines, amount=amount)
        )
    return groups


def list_rows(run: PaymentRun, channel: Channel, unit_id: int, *, on: date) -> Iterator[ListRow]:
    """Yield the rows of a commune's list: hamlet by hamlet, each in the order of names."""
    lived = Residence.objects.valid_on(on).filter(person=OuterRef("payee")).order_by("kind", "pk")
    rows = (
        leaving(run)
        .filter(channel=channel, unit=unit_id)
        .annotate(
            hamlet=Coalesce(Subquery(lived.values("hamlet")[:1]), Value("")),
            address=Coalesce(Subquery(lived.values("address")[:1]), "payee_organization__address", Value("")),
        )
        .order_by("hamlet", "person__sort_key", "number")
        .values_list(
            "pk", "source", "benefit", "for_month", F("amount") - F("deducted"), "person__full_name", "person_id",
            "payee_id", Coalesce("payee__full_name", "payee_organization__name"),
            Coalesce("payee__personal_id_number", "payee_organization__tax_code"), "hamlet", "address",
        )
    )  # fmt: skip
    for pk, source, benefit, month, amount, name, person, payee, payee_name, number, hamlet, address in rows:
        yield ListRow(
            key=key_of(pk),
            person=name,
            payee="" if person == payee else payee_name,
            number=number,
            address=", ".join(filter(None, (address, hamlet))),
            benefit=_("%(benefit)s, tháng %(month)s")
            % {"benefit": benefit_label(source, benefit), "month": f"{month.month}/{month.year}"},
            amount=amount,
        )

"""Files of runs: those that went to banks, and the lists of communes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from lienthong.infra.missing import NotFound
from lienthong.payments import policies
from lienthong.payments.models import BankTemplate, PayingAccount, PaymentFile
from lienthong.payments.states import Channel, FileKind
from lienthong.units import queries as units


class PaymentFileNotFound(NotFound):
    """There is no such file, or none that this user may have."""


class BankTemplateNotFound(NotFound):
    """There is no such template, or none that this user may see."""


@dataclass(frozen=True, slots=True)
class FileFilter:
    """Which files of a run a list shows. Empty means all."""

    channel: str = ""
    kind: str = ""
    bank: str = ""
    commune: str = ""


def files_of(run_id: int, *, user: Any, on: date, asked: FileFilter = FileFilter()) -> QuerySet[PaymentFile]:
    """Return the files of a run that the user may have: all of them at the province, its own lists in a commune."""
    rows = PaymentFile.objects.filter(run=run_id).filter(_visible_to(user, on=on))
    if asked.channel in Channel.values:
        rows = rows.filter(channel=asked.channel)
    if asked.kind in FileKind.values:
        rows = rows.filter(kind=asked.kind)
    if asked.bank:
        rows = rows.filter(bank_code=asked.bank)
    if asked.commune:
        rows = rows.filter(units.of_code("unit", asked.commune, on=on))
    return rows.select_related("file", "unit", "made_by").order_by("channel", "bank_code", "part", "kind")


def get_file(file_id: int, *, user: Any, on: date) -> PaymentFile:
    """Load a file that the user may have.

    Raises:
        PaymentFileNotFound: There is none for this user.
    """
    rows = PaymentFile.objects.filter(_visible_to(user, on=on)).select_related("file", "run", "unit")
    file: PaymentFile | None = rows.filter(pk=file_id).first()
    if file is None:
        raise PaymentFileNotFound
    return file


def _visible_to(user: Any, *, on: date) -> Q:
    # What goes to a bank names people of every commune.
    if policies.sees_province(user, on=on):
        return Q()
    return units.within("unit", policies.communes_of(user, on=on), on=on)


PAYING_STATES = ("used", "waiting", "ended")
"""How an account of the province stands on a day: paid from, waiting for its approval, no longer used."""


def every_paying_account(user: Any, *, on: date, bank: str = "", state: str = "") -> QuerySet[PayingAccount]:
    """Return the accounts of the province, those in use first.

    Args:
        user: Who asks.
        on: The day.
        bank: Code of one bank; empty for all.
        state: One of ``PAYING_STATES``; empty for all.
    """
    rows = PayingAccount.objects.select_related("recorded_by", "approved_by")
    if not policies.sees_province(user, on=on):
        return rows.none()
    is_over = Q(valid_until__lte=on)
    states = {
        "used": ~is_over & Q(approved_at__isnull=False),
        "waiting": ~is_over & Q(approved_at=None),
        "ended": is_over,
    }
    rows = rows.filter(states.get(state, Q()))
    if bank:
        rows = rows.filter(bank_code=bank)
    return rows.order_by("valid_until", "bank_code", "-valid_from")


def bank_templates(user: Any, *, on: date, bank: str = "") -> QuerySet[BankTemplate]:
    """Return the templates of banks that are in use, and those that wait to be approved; of one bank, by its code, or of all."""
    rows = BankTemplate.objects.filter(superseded_at=None).select_related("recorded_by", "approved_by")
    if bank:
        rows = rows.filter(bank_code=bank)
    return rows.order_by("bank_code", "version") if policies.sees_province(user, on=on) else rows.none()


def get_bank_template(template_id: int, *, user: Any, on: date) -> BankTemplate:
    """Load a template that is in use or waits.

    Raises:
        BankTemplateNotFound: There is none that this user may see.
    """
    found = bank_templates(user, on=on).filter(pk=template_id).first()
    if found is None:
        raise BankTemplateNotFound
    return found

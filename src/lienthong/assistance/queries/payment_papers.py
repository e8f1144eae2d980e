"""What a person was paid, as a paper confirms it: payments that arrived, with where, when and under which name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, Final

from django.db.models import F

from lienthong.assistance.states import Benefit
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import BirthDate, DatePrecision, add_months, format_day
from lienthong.kernel.money import dong_in_words, format_dong
from lienthong.payments.line_keys import key_of
from lienthong.payments.models import PaymentLine
from lienthong.payments.outgoing.confirmation import ConfirmationPaper, ConfirmedRow
from lienthong.payments.queries.own import place_of
from lienthong.payments.queries.persons import payments_of_person
from lienthong.payments.states import Ground, LineState
from lienthong.people.models import Person

MONTHS_CONFIRMED: Final = 24


class NothingPaid(NotFound):
    """No payment arrived in the time that a confirmation covers."""


def confirmation_of(
    person: Person, *, on: date, programmes: Collection[str] | None, head: dict[str, Any], made_by: str
) -> ConfirmationPaper:
    """Return the confirmation of what arrived within two years.

    Args:
        person: Of whom; whoever calls has asked whether the user may see them.
        on: The day of issue, the last that is covered.
        programmes: Only of these; None: of all, as the person sees it.
        head: What the paper begins with (``form_head``).
        made_by: Who signs; empty where the person prints it.

    Raises:
        NothingPaid: Nothing arrived.
    """
    first = add_months(on, -MONTHS_CONFIRMED)
    lines = payments_of_person(person.pk).filter(state=LineState.PAID, paid_on__gt=first, paid_on__lte=on)
    lines = lines.exclude(amount=F("deducted"))  # of what was wholly kept back nothing arrived
    if programmes is not None:
        lines = lines.filter(source__in=programmes)
    rows = list(lines.order_by("-paid_on", "-for_month", "-pk"))
    if not rows:
        raise NothingPaid(person.pk)
    total = sum(one.net for one in rows)
    return ConfirmationPaper(
        **head,
        name=person.full_name,
        birth=str(BirthDate(person.birth_on, DatePrecision(person.birth_precision))) if person.birth_on else "",
        id_number=person.personal_id_number or "",
        first=min(one.paid_on for one in rows if one.paid_on),
        last=max(one.paid_on for one in rows if one.paid_on),
        rows=tuple(_row(one, person.pk) for one in rows),
        total=format_dong(total),
        total_in_words=dong_in_words(total),
        made_by=made_by,
    )


def _row(line: PaymentLine, person_id: int) -> ConfirmedRow:
    ground = "" if line.ground == Ground.REGULAR else str(Ground(line.ground).label)
    whose = ""
    if line.person_id != person_id:
        whose = f"nhận thay {line.person.full_name}"
    elif line.payee_id != person_id:
        whose = f"trả cho {line.receiver}"
    benefit = str(Benefit(line.benefit).label) if line.benefit in set(Benefit) else line.benefit
    return ConfirmedRow(
        month=f"{line.for_month:%m/%Y}",
        benefit=f"{benefit[:1].upper()}{benefit[1:]}",
        whose="; ".join(filter(None, [ground, whose])),
        amount=format_dong(line.net),
        paid_on=format_day(line.paid_on) if line.paid_on else "",
        place=place_of(line.channel, line.bank_code, line.account_number),
        reference=key_of(line.pk),
    )

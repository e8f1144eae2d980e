"""What each payment of one's own is for, how it was reckoned, why arrears, why something was kept back: in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lienthong.assistance.models import Recovery
from lienthong.assistance.states import RecoveryState
from lienthong.kernel.days import format_day
from lienthong.kernel.money import Dong, format_dong
from lienthong.payments import sources
from lienthong.payments.models import PaymentLine
from lienthong.payments.queries.own import OwnPayment
from lienthong.payments.states import Ground

_Month = tuple[str, int, str, date, str]
_REFERENCES = ("level_reference", "reference", "coefficient_reference")


@dataclass(frozen=True, slots=True)
class ReasonedPayment:
    """One payment with its reasons. Khoản chi kèm cách tính.

    Attributes:
        benefit: What it is, in words.
        reckoning: How the sum of the month was reckoned, sentence by sentence with the articles, as it was frozen with the payment.
        arrears: From which to which sum the month was reckoned anew and by which law; empty of what is no arrears.
        deduction: What was kept back and why; empty where nothing was.
    """

    payment: OwnPayment
    benefit: str
    reckoning: tuple[str, ...]
    arrears: str
    deduction: str


def reasoned(payments: Sequence[OwnPayment]) -> list[ReasonedPayment]:
    """Return payments with their reasons; asks twice at most, however many there are."""
    lines = [one.line for one in payments]
    before = _paid_before([line for line in lines if line.ground == Ground.ARREARS])
    recoveries = _recoveries({line.person_id for line in lines if line.deducted})
    return [
        ReasonedPayment(
            payment=one,
            benefit=str(capfirst(sources.benefit_label(one.line.source, one.line.benefit))),
            reckoning=_reckoning(one.line),
            arrears=_arrears(one.line, before),
            deduction=_deduction(one.line, recoveries),
        )
        for one in payments
    ]


def _reckoning(line: PaymentLine) -> tuple[str, ...]:
    found = [line.words] if line.words else []
    for part in _parts(line):
        words, reference = str(part.get("words") or ""), str(part.get("reference") or "")
        if words and words not in line.words:
            found.append(words if not reference or reference in words else f"{words} ({reference})")
    return tuple(found)


def _arrears(line: PaymentLine, before: Mapping[_Month, Sequence[PaymentLine]]) -> str:
    if line.ground != Ground.ARREARS:
        return ""
    paid = line.owed - line.amount
    if paid <= 0:
        return _("Truy lĩnh: tháng này trước đó chưa được chi.")
    known = {reference for one in before.get(_month_of(line), ()) if one.pk < line.pk for reference in _laws(one)}
    told = {
        "paid": format_dong(Dong(paid)), "owed": format_dong(Dong(line.owed)), "amount": format_dong(Dong(line.amount)),
        "law": "; ".join(reference for reference in _laws(line) if reference not in known),
    }  # fmt: skip
    if not told["law"] or not known:
        return _("Truy lĩnh: trước đã tính %(paid)s, nay tính lại là %(owed)s, chi thêm %(amount)s.") % told
    return (
        _("Truy lĩnh: trước đã tính %(paid)s, nay tính lại là %(owed)s theo %(law)s, chi thêm %(amount)s.") % told
    )  # fmt: skip


def _deduction(line: PaymentLine, recoveries: Mapping[tuple[str, int, str], Sequence[Recovery]]) -> str:
    if not line.deducted:
        return ""
    amount = format_dong(Dong(line.deducted))
    theirs = recoveries.get((line.source, line.person_id, line.benefit), ())
    began = [one for one in theirs if one.first_month <= line.for_month]
    if not began:
        return _("Giữ lại %(amount)s để thu hồi tiền hưởng thừa.") % {"amount": amount}
    told = {
        "amount": amount, "reason": began[-1].reason.rstrip("."), "number": began[-1].decision_number,
        "day": format_day(began[-1].decided_on),
    }  # fmt: skip
    if not began[-1].decision_number:
        return _("Giữ lại %(amount)s để thu hồi tiền hưởng thừa: %(reason)s (quyết định ngày %(day)s).") % told
    return _("Giữ lại %(amount)s để thu hồi tiền hưởng thừa: %(reason)s (quyết định %(number)s ngày %(day)s).") % told


def _paid_before(arrears: Sequence[PaymentLine]) -> dict[_Month, list[PaymentLine]]:
    """Return what was paid of the months of which some lines are arrears; those lines are among it."""
    if not arrears:
        return {}
    rows = PaymentLine.objects.filter(
        person__in={line.person_id for line in arrears},
        for_month__in={line.for_month for line in arrears},
        is_live=True,
    )
    found: dict[_Month, list[PaymentLine]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(_month_of(row), []).append(row)
    return found


def _recoveries(person_ids: set[int]) -> dict[tuple[str, int, str], list[Recovery]]:
    if not person_ids:
        return {}
    rows = Recovery.objects.filter(entitlement__person__in=person_ids).exclude(state=RecoveryState.CANCELLED)
    found: dict[tuple[str, int, str], list[Recovery]] = {}
    for row in rows.select_related("entitlement").order_by("pk"):
        of = row.entitlement
        found.setdefault((of.programme, of.person_id, of.benefit), []).append(row)
    return found


def _month_of(line: PaymentLine) -> _Month:
    return (line.source, line.person_id, line.benefit, line.for_month, line.matter)


def _parts(line: PaymentLine) -> list[Mapping[str, Any]]:
    parts = line.basis.get("lines", []) if isinstance(line.basis, dict) else []
    return [one for one in parts if isinstance(one, dict)]


def _laws(line: PaymentLine) -> list[str]:
    """Return the articles on which a payment rests, the level first, each once."""
    found = (str(part.get(name) or "") for name in _REFERENCES for part in _parts(line))
    return list(dict.fromkeys(filter(None, found)))

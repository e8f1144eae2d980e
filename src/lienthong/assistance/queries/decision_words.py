"""The words of a decision: its result in one sentence, what it comes to month by month, who is paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from lienthong.assistance.models import Entitlement, EntitlementRate
from lienthong.assistance.papers import SheetLine, SheetMonths
from lienthong.assistance.queries.months import horizon
from lienthong.assistance.states import Benefit, PayeeGround, ProposalKind
from lienthong.kernel.days import add_months
from lienthong.kernel.money import format_dong

_EACH: Final = {Benefit.YEARLY: "mỗi năm", Benefit.ONE_OFF: "một lần"}
_MONTHS_AT_MOST: Final = 12
"""So many spans stand on a paper; birthdays and laws known ahead seldom make more than three."""


def months_told(rows: Sequence[Entitlement], *, since: date | None, on: date) -> tuple[SheetMonths, ...]:
    """Return what benefits come to from a month on, each span with its reckoning.

    Args:
        rows: The benefits that a decision touches.
        since: The first month that it changes; None: the first of each benefit.
        on: The day of the decision, from which rates are computed ahead.
    """
    found = []
    for row in rows:
        first = max(since or row.first_month, row.first_month)
        rates = EntitlementRate.objects.filter(entitlement=row, superseded_at=None).exclude(end_month__lte=first)
        found += [_span(row, rate, first, on) for rate in rates.order_by("first_month") if rate.amount]
    return tuple(found[:_MONTHS_AT_MOST])


def _span(row: Entitlement, rate: EntitlementRate, first: date, on: date) -> SheetMonths:
    begin, end = max(rate.first_month, first), rate.end_month
    goes_on = end is None or (end >= horizon(on) and row.last_month is None)
    last = None if goes_on or end is None else add_months(end, -1)
    lines = rate.basis.get("lines", ())
    return SheetMonths(
        benefit=_capital(str(Benefit(row.benefit).label)),
        months=_months(begin, last),
        amount=f"{format_dong(rate.amount)} {_EACH.get(Benefit(row.benefit), 'mỗi tháng')}",
        lines=tuple(_line(one) for one in lines) or (SheetLine(words=rate.words, amount="", source=""),),
    )


def _line(line: Mapping[str, Any]) -> SheetLine:
    words = str(line.get("words", ""))
    reference = str(line.get("reference", ""))
    return SheetLine(
        words=words.rstrip("."),
        amount=format_dong(int(line.get("amount", 0))),
        source="" if reference in words else reference,
    )


def _months(first: date, last: date | None) -> str:
    if last is None:
        return f"Từ tháng {first:%m/%Y}"
    return f"Tháng {first:%m/%Y}" if last == first else f"Từ tháng {first:%m/%Y} đến hết tháng {last:%m/%Y}"


def once_told(benefit: str, amount: int, lines: Iterable[SheetLine]) -> SheetMonths:
    """Return what is paid once, as the table of a paper tells it."""
    words = _capital(str(Benefit(benefit).label))
    return SheetMonths(benefit=words, months="Một lần", amount=format_dong(amount), lines=tuple(lines))


def payees_told(rows: Sequence[Entitlement]) -> tuple[str, ...]:
    """Say who is paid where that is somebody else."""
    return tuple(
        f"{_capital(str(Benefit(row.benefit).label))}: trả cho {row.receiver} ({PayeeGround(row.payee_ground).label})."
        for row in rows
        if row.payee_id != row.person_id
    )


def outcome_words(
    kind: str, rows: Sequence[Entitlement], months: Sequence[SheetMonths], *, is_granted: bool, benefit: str,
    payload: Mapping[str, Any],
) -> str:  # fmt: skip
    """Say the result in one sentence."""
    what = str(Benefit(benefit).label) if benefit else ", ".join(str(Benefit(row.benefit).label) for row in rows)
    if not is_granted:
        return _refused(kind, what)
    return _GRANTED[ProposalKind(kind)](what, rows, months, payload)


def _refused(kind: str, what: str) -> str:
    if kind in {ProposalKind.GRANT, ProposalKind.MERIT_CLAIM, ProposalKind.EMERGENCY}:
        return f"Không được hưởng {what}." if what else "Không được hưởng khoản đã đề nghị."
    return (
        f"Không chấp thuận: {ProposalKind(kind).label}{f', {what}' if what else ''}. Việc chi trả giữ nguyên như trước."
    )


def _grant(what: str, rows: Sequence[Entitlement], months: Sequence[SheetMonths], _payload: Mapping[str, Any]) -> str:
    return f"Được hưởng {what}: {_first(months)}." if months else f"Được hưởng {what}."


def _adjust(_what: str, rows: Sequence[Entitlement], months: Sequence[SheetMonths], payload: Mapping[str, Any]) -> str:
    if not months:
        return f"Mức hưởng được tính lại từ tháng {_month(payload, 'from_month')}: không còn khoản nào được hưởng."
    told = "; ".join(f"{one.benefit.lower()} {_lower(one.months)} là {one.amount}" for one in _firsts(months))
    return f"Mức hưởng được tính lại: {told}."


def _suspend(what: str, _rows: Any, _months_: Any, payload: Mapping[str, Any]) -> str:
    return f"Tạm dừng {what} từ tháng {_month(payload, 'first_month')}."


def _resume(what: str, _rows: Any, months: Sequence[SheetMonths], payload: Mapping[str, Any]) -> str:
    paid = f": {_first(months)}" if months else ""
    return f"Được hưởng trở lại {what} từ tháng {_month(payload, 'first_month')}{paid}."


def _stop(what: str, rows: Sequence[Entitlement], _months_: Any, payload: Mapping[str, Any]) -> str:
    last = _month(payload, "last_month") or (f"{rows[0].last_month:%m/%Y}" if rows and rows[0].last_month else "")
    return f"Thôi hưởng {what}; tháng cuối được hưởng là tháng {last}." if last else f"Thôi hưởng {what}."


def _move(what: str, rows: Sequence[Entitlement], _months_: Any, _payload: Mapping[str, Any]) -> str:
    place = rows[0].unit.name if rows else ""
    return f"Chuyển nơi chi trả: từ kỳ chi trả tới, {place} chi trả {what}."


def _change_payee(what: str, rows: Sequence[Entitlement], _months_: Any, _payload: Mapping[str, Any]) -> str:
    payee = f"{rows[0].receiver} ({PayeeGround(rows[0].payee_ground).label})" if rows else ""
    return f"Thay người nhận tiền của {what}: từ kỳ chi trả tới, người nhận là {payee}."


def _recover(what: str, _rows: Any, _months_: Any, payload: Mapping[str, Any]) -> str:
    return (
        f"Thu hồi {format_dong(payload['amount'])} đã hưởng thừa của {what}: từ tháng {_month(payload, 'first_month')}, mỗi tháng "
        f"khấu trừ {format_dong(payload['monthly'])}."
    )


def _recognise(what: str, rows: Sequence[Entitlement], months: Sequence[SheetMonths], _payload: Any) -> str:
    told = "; ".join(f"{one.benefit.lower()} {_lower(one.months)}, {one.amount}" for one in _firsts(months))
    return f"Được công nhận, và được hưởng: {told}." if told else "Được công nhận."


_GRANTED: Final = {
    ProposalKind.GRANT: _grant, ProposalKind.ADJUST: _adjust, ProposalKind.SUSPEND: _suspend, ProposalKind.RESUME: _resume,
    ProposalKind.STOP: _stop, ProposalKind.MOVE: _move, ProposalKind.CHANGE_PAYEE: _change_payee,
    ProposalKind.RECOVER: _recover, ProposalKind.MERIT_CLAIM: _recognise,
}  # fmt: skip


def _firsts(months: Sequence[SheetMonths]) -> list[SheetMonths]:
    """Keep the first span of each benefit."""
    return list({one.benefit: one for one in reversed(months)}.values())[::-1]


def _first(months: Sequence[SheetMonths]) -> str:
    firsts = _firsts(months)
    if len(firsts) == 1:
        return f"{_lower(firsts[0].months)}, {firsts[0].amount}"
    return "; ".join(f"{one.benefit.lower()} {_lower(one.months)}, {one.amount}" for one in firsts)


def _month(payload: Mapping[str, Any], name: str) -> str:
    return f"{date.fromisoformat(payload[name]):%m/%Y}" if payload.get(name) else ""


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"

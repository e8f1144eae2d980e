"""Where a person is paid and what was paid, as their page tells it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from lienthong.assistance.states import LIVE_STATES, Benefit, PayeeGround
from lienthong.kernel.days import format_day
from lienthong.office.assistance.wording import days_span, month_words
from lienthong.office.payments.payees import recording_page_of
from lienthong.payments import policies as payments_policies
from lienthong.payments.queries.accounts import accounts_of
from lienthong.payments.queries.persons import payments_of_person
from lienthong.payments.states import NUMBERED_CHANNELS, Channel, Ground, LineState, NameCheck

PAYMENTS_SHOWN: Final = 36
LINE_TONES: Final = {
    LineState.PLANNED: "wait", LineState.HELD: "soon", LineState.SENT: "wait", LineState.PAID: "done",
    LineState.FAILED: "late", LineState.RETURNED: "late", LineState.UNCOLLECTED: "soon", LineState.CANCELLED: "ended",
}  # fmt: skip
_SHOWN_OF_A_NUMBER: Final = 4


def payments_told(person_id: int, *, programmes: Collection[str]) -> list[dict[str, Any]]:
    """Return what a person was and is being paid by the programmes that are seen, newest first."""
    lines = payments_of_person(person_id).filter(source__in=programmes)
    return [_payment(line, person_id) for line in lines[:PAYMENTS_SHOWN]]


def receivers_told(person: Any, entitlements: Sequence[Any], *, user: Any, on: date) -> list[dict[str, Any]]:
    """Return who receives a person's money, each with where they are, were and will be paid; of a number only its end.

    Whoever receives something and is paid nowhere today is told so: what is owed is held back until somebody records it.
    """
    live = [one for one in entitlements if one.state in LIVE_STATES]
    grounds = {one.receiver: str(PayeeGround(one.payee_ground).label) for one in live}
    receivers = dict.fromkeys((person, *grounds))
    found = [_receiver(one, grounds.get(one), one == person, user=user, on=on) for one in receivers]
    return [one for one in found if one["is_paid"] or one["accounts"] or len(found) == 1]


def _receiver(payee: Any, ground: str | None, is_self: bool, *, user: Any, on: date) -> dict[str, Any]:
    accounts = accounts_of(payee)
    in_use = any(one.valid_from <= on and (one.valid_until is None or one.valid_until > on) for one in accounts)
    records = payments_policies.records_accounts(user, payee.unit_id, on=on)
    return {
        "other": "" if is_self else f"{payee} ({ground})",
        "accounts": [_account(one, on) for one in accounts],
        "is_paid": ground is not None,
        "is_held": ground is not None and not in_use,
        "url": recording_page_of(payee) if records else "",
    }


def _payment(line: Any, person_id: int) -> dict[str, Any]:
    state = LineState(line.state)
    for_other = _("nhận thay %(name)s") % {"name": line.person.full_name} if line.person_id != person_id else ""
    to_other = _("trả cho %(name)s") % {"name": line.receiver} if line.payee_id != person_id else ""
    ground = "" if line.ground == Ground.REGULAR else str(Ground(line.ground).label)
    paid = _("ngày %(day)s") % {"day": format_day(line.paid_on)} if line.paid_on else ""
    return {
        "month": month_words(line.for_month),
        "note": "; ".join(filter(None, [ground, for_other, to_other])),
        "benefit": str(Benefit(line.benefit).label) if line.benefit in set(Benefit) else line.benefit,
        "amount": line.amount - line.deducted,
        "channel": str(Channel(line.channel).label) if line.channel else "–",
        "state": str(state.label),
        "tone": LINE_TONES[state],
        "detail": "; ".join(filter(None, [paid, line.why])),
    }


def _account(one: Any, on: date) -> dict[str, str]:
    channel = Channel(one.channel)
    number = f" …{one.number[-_SHOWN_OF_A_NUMBER:]}" if one.number else ""
    holder = f", {one.holder_name}" if one.holder_name else ""
    words = f"{channel.label}{number}{holder}; {days_span(one.valid_from, one.valid_until)}"
    if one.valid_until is not None and one.valid_until <= on:
        return {"words": words, "state": _("không còn dùng"), "tone": "ended"}
    if channel not in NUMBERED_CHANNELS:
        return {"words": words, "state": _("đang dùng"), "tone": "done"}
    check = NameCheck(one.name_check)
    is_good = one.verified_at is not None and (check == NameCheck.SAME or one.confirmed_at is not None)
    state = _("đã xác minh") if is_good else str(check.label) if one.verified_at else _("chưa xác minh")
    return {"words": words, "state": state, "tone": "done" if is_good else "soon"}

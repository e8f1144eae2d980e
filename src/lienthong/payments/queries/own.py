"""What a citizen sees of payments: their own and those that they receive for somebody else, from lists that were sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from lienthong.accounts.models import Mandate
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import add_months, format_day, local_day, local_moment
from lienthong.kernel.money import format_dong
from lienthong.payments.banks import banks
from lienthong.payments.models import PAYABLE, PaymentAccount, PaymentLine
from lienthong.payments.queries.accounts import is_payable
from lienthong.payments.queries.bookings import open_differences
from lienthong.payments.states import NUMBERED_CHANNELS, UNPAID_STATES, Channel, HoldReason, LineState, RunState

SENT_STATES = (RunState.RELEASED, RunState.CLOSED)
"""Before a list is sent, it may still change: nobody is told of it."""
_SHOWN_DIGITS = 4
_TOLD_DAYS = 60


class OwnPaymentNotFound(NotFound):
    """There is no such payment, or it is not this person's."""


@dataclass(frozen=True, slots=True)
class OwnPayment:
    """One payment as the person is told of it. Khoản chi của tôi.

    Attributes:
        net: What reaches the person, đồng.
        state: In plain words, with what happens next.
        tone: How it is marked: done, wait, soon or late.
        place: Where the money goes, only the last digits of a number.
    """

    line: PaymentLine
    net: int
    state: str
    next_step: str
    tone: str
    place: str

    @property
    def has_arrived(self) -> bool:
        """Whether the money was received."""
        return self.line.state == LineState.PAID


@dataclass(frozen=True, slots=True)
class RecordedForMe:
    """A place that an officer recorded for somebody, so that they see it and can object. Nơi nhận tiền cơ quan ghi cho tôi.

    Attributes:
        place: Where it lies, only the last digits of a number.
        office: Where the officer worked that day; empty where nobody knows.
        recorded_on: The day.
        waits: Whether money does not go there yet.
    """

    account_id: int
    place: str
    office: str
    recorded_on: date
    waits: bool


def recorded_for(person_id: int, *, on: date) -> list[RecordedForMe]:
    """Return the places that others recorded for a person and that wait, or were recorded or confirmed lately; newest first."""
    lately = local_moment(on - timedelta(days=_TOLD_DAYS), time())
    is_new = Q(recorded_at__gte=lately) | Q(verified_at__gte=lately) | Q(confirmed_at__gte=lately)
    rows = PaymentAccount.objects.filter(is_new | ~PAYABLE, person=person_id, recorded_by__isnull=False)
    rows = rows.filter(Q(valid_until=None) | Q(valid_until__gt=on)).exclude(recorded_by__person=person_id)
    mandates = Prefetch("recorded_by__mandates", Mandate.objects.select_related("agency").order_by("id"))
    found = []
    for one in rows.prefetch_related(mandates).order_by("-pk"):
        day = local_day(one.recorded_at)
        held = next((mandate for mandate in one.recorded_by.mandates.all() if mandate.span.contains(day)), None)
        place, office = place_of_account(one), held.agency.name if held else ""
        found.append(RecordedForMe(one.pk, place, office, day, waits=not is_payable(one)))
    return found


def own_payments(
    person_id: int, *, source: str = "", benefit: str = "", of_person: int | None = None, limit: int = 60
) -> list[OwnPayment]:
    """Return the payments of a person, or to them for somebody else, newest month first.

    Args:
        person_id: Who asks.
        source: Only of this programme.
        benefit: Only of this benefit.
        of_person: Only what belongs to this person.
        limit: So many at most.
    """
    lines = PaymentLine.objects.filter(_own(person_id), run__state__in=SENT_STATES)
    wanted = {"source": source, "benefit": benefit, "person": of_person}
    lines = lines.filter(**{name: value for name, value in wanted.items() if value})
    lines = lines.select_related("run", "person", "payee_organization").order_by(
        "-for_month", "-run__month", "-run__number", "-part", "-pk"
    )
    return _all_told(list(lines[:limit]))


def get_own_payment(line_id: int, *, person_id: int | None) -> OwnPayment:
    """Load one payment of a person, or to them for somebody else.

    Raises:
        OwnPaymentNotFound: There is none that was sent.
    """
    rows = PaymentLine.objects.filter(_own(person_id or 0), pk=line_id, run__state__in=SENT_STATES)
    line = rows.select_related("run", "person", "payee_organization").first()
    if line is None:
        raise OwnPaymentNotFound
    return _all_told([line])[0]


def months_with_money(person_ids: Iterable[int], *, source: str) -> set[tuple[int, str, date]]:
    """Return for which months money of a programme is paid or on its way, by person and benefit."""
    lines = PaymentLine.objects.filter(person_id__in=list(person_ids), source=source, is_live=True)
    return set(lines.order_by().values_list("person_id", "benefit", "for_month"))


def _all_told(lines: Sequence[PaymentLine]) -> list[OwnPayment]:
    differences, again = open_differences([line.pk for line in lines]), _paid_again(lines)
    return [told(line, difference=differences.get(line.pk, 0), again=again.get(line.pk)) for line in lines]


def _paid_again(lines: Sequence[PaymentLine]) -> dict[int, PaymentLine]:
    """Return, of lines that did not arrive, the one that pays each again: paid or on its way, over as many lists as it took."""
    unpaid = [line for line in lines if line.state in UNPAID_STATES]
    if not unpaid:
        return {}
    later = PaymentLine.objects.filter(person__in={line.person_id for line in unpaid}, carried_from__isnull=False)
    later = later.filter(run__state__in=SENT_STATES).exclude(state=LineState.CANCELLED)
    carrying = {line.carried_from_id: line for line in later.order_by("pk")}
    found = {}
    for line in unpaid:
        last = carrying.get(line.pk)
        while last is not None and not last.is_live:
            last = carrying.get(last.pk)
        if last is not None:
            found[line.pk] = last
    return found


def told(line: PaymentLine, *, difference: int = 0, again: PaymentLine | None = None) -> OwnPayment:
    """Put a payment into plain words. Of what an institution is paid, the person has nothing to do and no number to see.

    Args:
        line: The payment.
        difference: What the bank took for it beyond what was right, in đồng; below 0 it paid the person too little.
        again: The later payment that carries what did not arrive.
    """
    state, next_step, tone = _state(line) if again is None else _carried(again)
    if line.state == LineState.PAID and difference < 0:
        state, tone = (
            _("%(state)s, còn thiếu %(amount)s") % {"state": state, "amount": format_dong(-difference)},
            "soon",
        )
        next_step = _("Cơ quan chi trả đang yêu cầu ngân hàng chi nốt, bạn chưa phải làm gì.")
    place = place_of(line.channel, line.bank_code, line.account_number)
    if line.payee_organization is not None:
        next_step, place = "", _("chi trả cho cơ sở %(name)s") % {"name": line.payee_organization}
        if line.state in {LineState.PLANNED, LineState.SENT} and line.channel not in NUMBERED_CHANNELS:
            state = _("Chờ cơ sở đến nhận")
    return OwnPayment(line, line.net, state, next_step, tone, place)


def place_of(channel: str, bank_code: str, number: str) -> str:
    """Say where money goes: the bank's name and the last digits, never the whole number."""
    if channel not in Channel.values:
        return ""
    if channel not in NUMBERED_CHANNELS:
        return str(Channel(channel).label)
    bank = banks().get(bank_code)
    return _("%(bank)s, số đuôi %(digits)s") % {
        "bank": bank.short if bank else Channel(channel).label,
        "digits": number[-_SHOWN_DIGITS:],
    }


def place_of_account(account: PaymentAccount) -> str:
    """Say where an account lies."""
    return place_of(account.channel, account.bank_code, account.number)


def _own(person_id: int) -> Q:
    return Q(person=person_id) | Q(payee=person_id)


def _held(line: PaymentLine) -> tuple[str, str, str]:
    """Tell why a line is held back, and what to do where there is anything to do."""
    if line.why_code == HoldReason.PERSON_DIED:
        return (
            _("Không chi: người hưởng đã mất trước tháng này"),
            _("Nếu ghi nhầm là đã mất, hãy báo ngay cho xã."),
            "wait",
        )
    if line.why_code == HoldReason.NO_LONGER_OWED:
        return (
            _("Chưa chi: mức hưởng của tháng này đã thay đổi"),
            _("Phần còn được hưởng, nếu có, được chi ở đợt sau. Thấy chưa đúng, hãy hỏi xã."),
            "wait",
        )
    why = HoldReason(line.why_code).label if line.why_code in HoldReason.values else line.why
    match line.why_code:
        case HoldReason.NO_ACCOUNT:
            step = _("Hãy khai nơi nhận tiền ở trang này hoặc tại xã; khoản này được chi ở đợt sau.")
        case HoldReason.PAYEE_DIED:
            step = _("Xã phải ghi người nhận khác. Hãy đến xã nói ai nhận thay; khoản này được chi ở đợt sau.")
        case HoldReason.ACCOUNT_NOT_USED:
            step = _(
                "Khoản này được chi ở đợt sau, vào nơi nhận tiền đang dùng. Chưa khai nơi mới thì hãy khai ở trang này hoặc tại xã."
            )
        case HoldReason.NAME_DIFFERS:
            step = _(
                "Hãy khai ở trang này hoặc tại xã một tài khoản đứng tên người nhận; khoản này được chi ở đợt sau."
            )
        case HoldReason.NOT_VERIFIED | HoldReason.NAME_UNKNOWN | HoldReason.NAME_UNCONFIRMED:
            step = _(
                "Cơ quan chi trả đang kiểm tra tài khoản, bạn chưa phải làm gì; kiểm tra xong, khoản này được chi ở đợt sau."
            )
        case _:
            step = _("Hãy hỏi xã vì sao; khoản này được chi ở đợt sau.")
    return _("Chưa chuyển được: %(why)s") % {"why": why}, step, "late"


def _carried(again: PaymentLine) -> tuple[str, str, str]:
    """Tell of what did not arrive that a later list pays it: what was to be done about it is done."""
    if again.paid_on is None:
        return _("Chưa nhận được ở đợt này; đang được chi ở đợt sau"), "", "wait"
    words = _("Chưa nhận được ở đợt này; đã nhận ở đợt sau ngày %(day)s")
    return words % {"day": format_day(again.paid_on)}, "", "done"


def _state(line: PaymentLine) -> tuple[str, str, str]:
    match line.state:
        case LineState.PAID:
            day = format_day(line.paid_on) if line.paid_on else ""
            return _("Đã nhận ngày %(day)s") % {"day": day}, "", "done"
        case LineState.PLANNED | LineState.SENT if line.channel in NUMBERED_CHANNELS:
            day = format_day(local_day(line.run.released_at)) if line.run.released_at else ""
            return _("Đã chuyển ngày %(day)s, chờ ngân hàng báo kết quả") % {"day": day}, "", "wait"
        case LineState.PLANNED | LineState.SENT:
            return _("Chờ bạn đến nhận"), _("Mang theo căn cước đến điểm chi trả của xã."), "soon"
        case LineState.UNCOLLECTED:
            carried = f"{add_months(line.run.month, 1):%m/%Y}"
            return (
                _("Chưa đến nhận"),
                _("Khoản này được chi cùng tháng %(month)s. Ba tháng liền không nhận thì có thể bị tạm dừng.") % {"month": carried},
                "soon",
            )  # fmt: skip
        case LineState.HELD:
            return _held(line)
        case LineState.FAILED | LineState.RETURNED:
            return (
                _("Ngân hàng không chuyển được: %(why)s") % {"why": line.why},
                _("Hãy kiểm tra tài khoản nhận tiền; khoản này được chi lại ở đợt sau."),
                "late",
            )
        case _:
            return _("Đã hủy trong đợt này"), _("Nếu vẫn phải chi, khoản này có trong đợt sau."), "wait"

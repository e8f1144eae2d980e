"""What citizens see of their own benefits, and of those that they receive for somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from lienthong.assistance.models import EmergencyGrant, Entitlement, EntitlementRate
from lienthong.assistance.queries.certificates import due_of_people, renewal_of
from lienthong.assistance.queries.months import CATEGORY_WORDS
from lienthong.assistance.queries.own_reasons import ReasonedPayment, reasoned
from lienthong.assistance.queries.receiving import paid_next
from lienthong.assistance.queries.sentences import each_words
from lienthong.assistance.states import LIVE_STATES, NOT_MONTHLY, EntitlementState
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import add_months, format_day, local_day
from lienthong.kernel.money import Dong, format_dong
from lienthong.payments.queries.own import own_payments
from lienthong.rules.social_assistance.timing import month_of

MONTHS_SHOWN = 36
NOTICE_DAYS = 60


class OwnBenefitNotFound(NotFound):
    """There is no such benefit, or this person neither has nor receives it."""


@dataclass(frozen=True, slots=True)
class OwnBenefit:
    """A benefit with what it comes to now. Khoản tôi được hưởng.

    Attributes:
        rate: Of this month, or the last or first there is; of what is paid once or each year the one that is paid next, or was
            last. None where nothing is reckoned yet.
        is_for_another: Whether whoever asks receives it for the person.
    """

    entitlement: Entitlement
    rate: EntitlementRate | None
    rates: tuple[EntitlementRate, ...]
    is_for_another: bool

    @property
    def amount(self) -> int:
        """What this month comes to, or the next year, in đồng; 0 of what has ended."""
        return self.rate.amount if self.rate and self.is_live else 0

    @property
    def is_own(self) -> bool:
        """Whether it is money of whoever asks: not received for another, and not paid to an institution."""
        return not self.is_for_another and self.entitlement.payee_organization_id is None

    @property
    def each(self) -> str:
        """How often it is paid, in words; empty where that is each month."""
        return each_words(self.entitlement.benefit)

    @property
    def ground(self) -> str:
        """On which ground it is received, in words; empty where nothing is reckoned."""
        basis = self.rate.basis if self.rate else {}
        return CATEGORY_WORDS.get(str(basis.get("category", "")), "")

    @property
    def is_live(self) -> bool:
        """Whether it goes on, paid or suspended."""
        return self.entitlement.state in LIVE_STATES

    @property
    def sentence(self) -> str:
        """How it stands, in one plain sentence."""
        row = self.entitlement
        if row.state == EntitlementState.SUSPENDED and row.suspended_from:
            return _("Đang tạm dừng từ tháng %(month)s. Hãy liên hệ Ủy ban nhân dân xã để được hưởng trở lại.") % {
                "month": f"{row.suspended_from:%m/%Y}"
            }
        if row.state == EntitlementState.ENDED and not self.rates:
            return _("Đã thôi hưởng, không được hưởng tháng nào. %(why)s") % {"why": row.ended_because}
        if row.state == EntitlementState.ENDED and row.last_month:
            return _("Đã thôi hưởng, tháng cuối là %(month)s. %(why)s") % {
                "month": f"{row.last_month:%m/%Y}",
                "why": row.ended_because,
            }
        if self.rate is not None and not self.rate.amount and row.benefit not in NOT_MONTHLY:
            return _("Tháng này không chi. %(why)s") % {"why": self.rate.words}
        return _("Đang hưởng, từ tháng %(month)s.") % {"month": f"{row.first_month:%m/%Y}"}


@dataclass(frozen=True, slots=True)
class OwnEmergency:
    """What was given once after an emergency. Khoản trợ giúp khẩn cấp của tôi.

    Attributes:
        is_for_another: Whether whoever asks receives it for the person.
    """

    grant: EmergencyGrant
    is_for_another: bool

    @property
    def given(self) -> str:
        """What it is: money, or rice."""
        row = self.grant
        return _("%(n)s kg gạo") % {"n": row.rice_kg} if row.rice_kg else format_dong(Dong(row.amount))

    @property
    def sentence(self) -> str:
        """How it stands, in one plain sentence."""
        row = self.grant
        if row.withdrawn_at is not None:
            day = format_day(local_day(row.withdrawn_at))
            return _("Quyết định đã được thu hồi ngày %(day)s: %(because)s.") % {
                "day": day, "because": row.withdrawn_because,
            }  # fmt: skip
        if row.handed_out_on is not None:
            return _("Đã phát gạo ngày %(day)s.") % {"day": format_day(row.handed_out_on)}
        if row.rice_kg:
            return _("Ủy ban nhân dân xã báo ngày và nơi nhận gạo.")
        day = format_day(local_day(row.granted_at))
        return _("Quyết định ngày %(day)s. Khi danh sách chi đã chuyển, khoản này có trong “Tiền đã chi gần đây”.") % {
            "day": day
        }


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """One month of a benefit: what is due, and what was paid of it. Một tháng hưởng."""

    month: date
    due: int
    rate: EntitlementRate | None
    payments: tuple[ReasonedPayment, ...]
    words: str


def own_benefits(person_id: int | None, *, on: date) -> list[OwnBenefit]:
    """Return what a person has and what they receive for others: what goes on first."""
    if person_id is None:
        return []
    rows = Entitlement.objects.filter(_own(person_id)).select_related("person", "payee", "payee_organization", "unit")
    found = list(rows.order_by("programme", "-first_month", "pk"))
    return sorted((_told(row, person_id, on) for row in found), key=lambda one: (not one.is_live, one.is_for_another))


def own_emergencies(person_id: int | None) -> list[OwnEmergency]:
    """Return what a person was given after emergencies, or receives for somebody else, newest first."""
    if person_id is None:
        return []
    rows = EmergencyGrant.objects.filter(_own(person_id)).select_related("person").order_by("-granted_at", "-pk")
    return [OwnEmergency(row, row.person_id != person_id) for row in rows]


def own_notices(person_id: int | None, *, on: date) -> list[str]:
    """Say what will be needed soon of a person and of those for whom they receive: certificates that must be issued anew."""
    if person_id is None:
        return []
    people = Entitlement.objects.filter(_own(person_id), state__in=LIVE_STATES).values("person")
    found = []
    for row in due_of_people(people, on=on):
        renewal = renewal_of(row, on=on)
        if renewal.due_on is None or renewal.due_on > on + timedelta(days=NOTICE_DAYS):
            continue
        sentence = _(
            "Giấy xác nhận khuyết tật số %(number)s của %(name)s phải xác định lại trước ngày %(day)s. Hãy đến Ủy ban nhân dân xã."
        )
        if renewal.is_expiry and renewal.due_on <= on:
            sentence = _(
                "Giấy xác nhận khuyết tật số %(number)s của %(name)s đã hết giá trị từ ngày %(day)s. Hãy đến Ủy ban nhân dân xã để xác định lại."
            )
        found.append(sentence % {"number": row.number, "name": row.person.full_name, "day": format_day(renewal.due_on)})
    return found


def get_own_benefit(entitlement_id: int, *, person_id: int | None, on: date) -> OwnBenefit:
    """Load a benefit that a person has, or receives for somebody else.

    Raises:
        OwnBenefitNotFound: There is none for this person.
    """
    rows = Entitlement.objects.filter(_own(person_id or 0), pk=entitlement_id)
    row = rows.select_related("person", "payee", "payee_organization", "unit").first()
    if row is None or person_id is None:
        raise OwnBenefitNotFound
    return _told(row, person_id, on)


def own_months(benefit: OwnBenefit, *, person_id: int, on: date) -> list[OwnMonth]:
    """Return the months of a benefit up to this one or the last that was paid, newest first, with what was paid for each."""
    row = benefit.entitlement
    paid = own_payments(
        person_id, source=row.programme, benefit=row.benefit, of_person=row.person_id, limit=4 * MONTHS_SHOWN
    )
    reasons = reasoned(paid)
    found: list[OwnMonth] = []
    until = min(month_of(on), row.last_month or month_of(on))
    month = max([until, *(one.line.for_month for one in paid)])
    while month >= row.first_month and len(found) < MONTHS_SHOWN:
        rate = next((one for one in benefit.rates if _covers(one, month)), None)
        payments = tuple(one for one in reasons if one.payment.line.for_month == month)
        due = rate.amount if rate else 0
        if due or payments or row.state == EntitlementState.SUSPENDED:
            found.append(OwnMonth(month, due, rate, payments, _words(due, payments, month, on)))
        month = add_months(month, -1)
    return found


def _words(due: int, payments: Sequence[ReasonedPayment], month: date, on: date) -> str:
    """Say why nothing was paid yet, where nothing was."""
    if payments:
        return ""
    if not due:
        return _("Tháng này không chi.")
    if month >= month_of(on):
        return _("Danh sách chi tháng này chưa chuyển.")
    return _("Chưa thấy khoản chi. Nếu đã quá kỳ chi trả, hãy gửi phản ánh.")


def _own(person_id: int) -> Q:
    return Q(person=person_id) | Q(payee=person_id)


def _told(row: Entitlement, person_id: int, on: date) -> OwnBenefit:
    rates = tuple(EntitlementRate.objects.filter(entitlement=row, superseded_at=None).order_by("first_month"))
    month = month_of(on)
    if row.benefit in NOT_MONTHLY:
        return OwnBenefit(row, paid_next(rates, month), rates, row.person_id != person_id)
    now = next((one for one in rates if _covers(one, month)), None)
    begun = [one for one in rates if one.first_month <= month]
    return OwnBenefit(row, now or (begun[-1] if begun else next(iter(rates), None)), rates, row.person_id != person_id)


def _covers(rate: EntitlementRate, month: date) -> bool:
    return rate.first_month <= month and (rate.end_month is None or month < rate.end_month)

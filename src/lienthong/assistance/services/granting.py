"""Granting a benefit: what a proposal that is approved and a dossier that is approved both do, in their transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance.events import EntitlementGranted
from lienthong.assistance.models import Entitlement, EntitlementRate
from lienthong.assistance.queries.facts import History, history_of
from lienthong.assistance.queries.merit_months import merit_first_month, merit_on
from lienthong.assistance.queries.months import RateSpan, is_paid_here, starts_of
from lienthong.assistance.services.changing import adjust
from lienthong.assistance.services.payees import check_payee
from lienthong.assistance.services.rates import computed
from lienthong.assistance.services.refusals import AlreadyReceived, MonthWrong, NotOwed, PayeeWrong
from lienthong.assistance.states import (
    LIVE_STATES,
    MERIT_BENEFITS,
    SOCIAL_BENEFITS,
    Benefit,
    EntitlementState,
    PayeeGround,
    Programme,
)
from lienthong.infra.events import record
from lienthong.kernel.days import add_months, local_day
from lienthong.people.models import Organization, Person
from lienthong.rules.merit.lines import MeritAssessment
from lienthong.rules.social_assistance.assessing import Assessment, assess
from lienthong.rules.social_assistance.categories import Payee
from lienthong.rules.social_assistance.timing import month_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Quyết định cho hưởng một khoản.

    Attributes:
        payee_id: Who receives the money; None: the person.
        payee_organization_id: The institution that is paid for caring for the person; only of that benefit.
        first_month: Not before this month, where the decision says so; None: by the rules.
    """

    person_id: int
    programme: str
    benefit: str
    unit_id: int
    payee_id: int | None = None
    payee_organization_id: int | None = None
    payee_ground: str = PayeeGround.SELF
    first_month: date | None = None
    decision_number: str = ""
    dossier_code: str = ""
    source: str = ""


def grant(command: Grant, *, acting_user: User, now: datetime) -> Entitlement:
    """Grant one benefit from the month that the rules name, with its rates as far ahead as they are computed.

    Quyết định hưởng. Runs inside the transaction of whoever decides.

    Raises:
        NotOwed: The rules do not give it, or lack a fact.
        AlreadyReceived: The person receives it already.
        PayeeWrong: The payee has died, is somebody else without a ground, or is no institution where one is paid.
        MonthWrong: The first month lies before the rules'.
    """
    on = local_day(now)
    person = _person(command.person_id)
    _check_benefit(command)
    _check_payee(command, on)
    history = history_of(person.pk)
    starts = _after_earlier(command, _owed(history, command, on))
    row = _row(command, min(starts.values()), on)
    spans = _once(command, computed(row, history, from_month=row.first_month, on=on, starts=starts))
    _check_spans(spans)
    _end_after_once(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as duplicate:
        raise AlreadyReceived(
            _("Người này đang hưởng khoản này rồi. Hãy điều chỉnh quyết định đang có.")
        ) from duplicate
    EntitlementRate.objects.bulk_create(
        EntitlementRate(
            entitlement=row, first_month=span.first_month, end_month=span.end_month, amount=span.amount,
            basis=dict(span.basis), words=span.words, recorded_at=now, recorded_by=acting_user,
        )
        for span in spans
    )  # fmt: skip
    amount = next((span.amount for span in spans if span.first_month <= month_of(on) < span.end_month), spans[0].amount)
    record(
        EntitlementGranted(
            entitlement_id=row.pk,
            person_id=person.pk,
            programme=row.programme,
            benefit=row.benefit,
            first_month=row.first_month,
            amount=amount,
            decision_number=row.decision_number,
            dossier_code=row.dossier_code,
            source=row.source,
        ),
        stream=row.stream,
        actor_id=acting_user.pk,
        at=now,
    )
    if (
        row.programme == Programme.MERIT
    ):  # what is received beside it depends on it, also of the months that have gone by
        reason = _("Được hưởng %(benefit)s theo chế độ ưu đãi người có công") % {"benefit": Benefit(row.benefit).label}
        adjust(person.pk, from_month=row.first_month, reason=reason, acting_user_id=acting_user.pk, now=now)
    return row


def _person(person_id: int) -> Person:
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise NotOwed(_("Không có người này trong dữ liệu dân cư. Hãy ghi nhận người này trước."))
    if person.died_on is not None:
        raise NotOwed(_("Người này đã chết nên không quyết định cho hưởng được. Hãy xét hỗ trợ chi phí mai táng."))
    return person


def _check_benefit(command: Grant) -> None:
    of_society = (*SOCIAL_BENEFITS, Benefit.INSTITUTION)
    fitting = of_society if command.programme == Programme.SOCIAL else MERIT_BENEFITS
    if command.benefit not in fitting:
        raise NotOwed(_("Chương trình này không có khoản hưởng như vậy. Hãy chọn lại khoản hưởng."))
    live = Entitlement.objects.filter(
        person_id=command.person_id, programme=command.programme, benefit=command.benefit, state__in=LIVE_STATES
    )
    if live.exists():
        raise AlreadyReceived(_("Người này đang hưởng khoản này rồi. Hãy điều chỉnh quyết định đang có."))


def _check_payee(command: Grant, on: date) -> None:
    is_institutions = command.benefit == Benefit.INSTITUTION
    if is_institutions != (command.payee_organization_id is not None):
        raise PayeeWrong(
            _("Trợ cấp nuôi dưỡng trong cơ sở, và chỉ khoản này, trả cho cơ sở. Hãy ghi mã số thuế của cơ sở.")
        )
    if is_institutions:
        if not Organization.objects.filter(pk=command.payee_organization_id or 0).exists():
            raise PayeeWrong(_("Không có cơ sở này trong danh sách tổ chức. Hãy đăng ký tổ chức trước."))
        return
    check_payee(command.person_id, command.payee_id, command.payee_ground, benefit=command.benefit, on=on)


def _owed(history: History, command: Grant, on: date) -> dict[str, date]:
    """Return the first month of each category that is granted, by the law in force on the day of the decision.

    Raises:
        NotOwed: Nothing of this benefit is due for certain.
    """
    if command.programme == Programme.MERIT:
        found = merit_on(history, on, known_on=on)
        if not any(line.kind == command.benefit for line in found.lines):
            raise NotOwed(_not_owed_merit(found))
        return {"": max(merit_first_month(history, on, command.benefit), command.first_month or date.min)}
    assessment = assess(history.facts_on(on), on=on, known_on=on)
    if not any(is_paid_here(line.category, command.benefit) for line in assessment.lines):
        raise NotOwed(_not_owed(assessment))
    starts = starts_of(history, command.benefit, decided_on=on)
    if command.first_month is not None:
        if command.first_month < min(starts.values()):
            raise MonthWrong(
                _("Theo quy định chỉ được hưởng từ tháng %(month)s. Hãy sửa tháng bắt đầu hưởng.")
                % {"month": f"{min(starts.values()):%m/%Y}"}
            )
        starts = {name: max(month, command.first_month) for name, month in starts.items()}
    return starts


def _after_earlier(command: Grant, starts: dict[str, date]) -> dict[str, date]:
    """Let nothing begin in a month that an earlier entitlement of the same kind still pays.

    One that ended before it began has no rate left: it pays no month, its last one neither.
    """
    if command.benefit == Benefit.ONE_OFF:
        return starts
    rates = EntitlementRate.objects.filter(entitlement=OuterRef("pk"), superseded_at=None)
    earlier = Entitlement.objects.filter(
        Exists(rates), person_id=command.person_id, programme=command.programme, benefit=command.benefit,
        last_month__isnull=False,
    )  # fmt: skip
    last = earlier.order_by("-last_month").values_list("last_month", flat=True).first()
    if last is None:
        return starts
    return {name: max(month, add_months(last, 1)) for name, month in starts.items()}


def _once(command: Grant, spans: list[RateSpan]) -> list[RateSpan]:
    """Leave of what is paid once the one month.

    Raises:
        AlreadyReceived: Earlier decisions paid all of it.
    """
    if command.benefit != Benefit.ONE_OFF:
        return spans
    if not any(span.basis["lines"] for span in spans[:1]):
        raise AlreadyReceived(_("Khoản trợ cấp một lần này đã được quyết định trước đây, không hưởng lần nữa."))
    return spans[:1]


def _not_owed(assessment: Assessment) -> str:
    if any(line.category.payee is Payee.INSTITUTION for line in assessment.lines):
        return _(
            "Người này đang được nuôi dưỡng trong cơ sở trợ giúp xã hội: tiền nuôi dưỡng thuộc cơ sở, không trả cho cá nhân."
        )
    told = f"Chưa thể quyết định cho hưởng. {assessment.in_words[0].removeprefix('1. ')}"
    if assessment.missing:
        return f"{told} Cần biết thêm: {'; '.join(one.text for one in assessment.missing)}."
    return f"{told} Xem từng điều kiện ở phần xét điều kiện hưởng."


def _not_owed_merit(found: MeritAssessment) -> str:
    failed = [str(reason) for reason in found.reasons if reason.holds is False]
    told = f"Chưa rõ: {'; '.join(found.missing)}." if found.missing else f"{'; '.join(failed)}."
    return f"Chưa thể quyết định cho hưởng khoản này. {told}"


def _row(command: Grant, first_month: date, on: date) -> Entitlement:
    return Entitlement(
        person_id=command.person_id,
        programme=command.programme,
        benefit=command.benefit,
        unit_id=command.unit_id,
        payee_id=None if command.payee_organization_id else command.payee_id or command.person_id,
        payee_organization_id=command.payee_organization_id,
        payee_ground=PayeeGround.INSTITUTION if command.payee_organization_id else command.payee_ground,
        first_month=first_month,
        decision_number=command.decision_number,
        dossier_code=command.dossier_code,
        decided_on=on,
        source=command.source,
    )


def _check_spans(spans: list[RateSpan]) -> None:
    if not any(span.amount for span in spans):
        raise NotOwed(
            _("Theo quy định không tháng nào được hưởng khoản này. Hãy kiểm tra lại thông tin và tháng bắt đầu.")
        )


def _end_after_once(row: Entitlement) -> None:
    """What is paid once has ended when it is granted; its one month is paid all the same."""
    if row.benefit == Benefit.ONE_OFF:
        row.state, row.last_month, row.ended_because = EntitlementState.ENDED, row.first_month, _("Trợ cấp một lần")

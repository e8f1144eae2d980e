"""What the demo has granted and paid since July 2024: month by month, signed by four, changed by two laws, and work left."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings

from lienthong.accounts.models import User
from lienthong.accounts.queries import demo_accounts
from lienthong.assistance.models import EmergencyGrant, Entitlement, EntitlementRate, Proposal, Recovery
from lienthong.assistance.states import (
    Benefit,
    EntitlementState,
    Programme,
    ProposalKind,
    ProposalState,
    RecoveryState,
)
from lienthong.infra.events import broken_links
from lienthong.infra.models import Event
from lienthong.kernel.days import add_months, local_day
from lienthong.ops.demo.assistance.calendar import days_of, months_of
from lienthong.ops.demo.assistance.lately import AWAY_AT
from lienthong.ops.demo.province import SCALES
from lienthong.payments import health
from lienthong.payments.models import Overpayment, PaymentComplaint, PaymentFile, PaymentLine, PaymentRun, Statement
from lienthong.payments.states import ComplaintState, FileKind, Ground, LineState, RunState, StatementFormat
from lienthong.people.models import Person
from lienthong.rules.payment_calendar import Programme as Calendar
from lienthong.rules.payment_calendar import payment_calendar
from tests.databases import Databases
from tests.ops.demo.standing import province_stands
from tests.ops.demo.test_building import TINY

TODAY = date(2026, 11, 30)
SCALE = replace(TINY, people=3_500, dossiers=40, reviews_poverty=True, pays_benefits=True)
JULY_2024, JULY_2026 = date(2024, 7, 1), date(2026, 7, 1)
# What the decrees say, written down here once more: the level of assistance, and what a martyr's relative receives.
LEVEL = {2021: 360_000, 2024: 500_000, 2026: 540_000}
OF_A_MARTYR = {2023: 2_055_000, 2024: 2_789_000, 2026: 3_012_000}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(databases: Databases, django_db_blocker: Any) -> Iterator[None]:
    with province_stands(databases, django_db_blocker, SCALE, today=TODAY):
        yield


@pytest.fixture
def demo(built: None, db: None) -> None:
    """The paying province."""


def lines(month: date, **wanted: Any) -> list[PaymentLine]:
    """Return lines of the run of a month."""
    return list(PaymentLine.objects.filter(run__month=month, **wanted).order_by("number"))


class TestTheRuns:
    def test_29_months_were_sent_and_the_next_waits_for_its_check(self, demo: None) -> None:
        states = dict(PaymentRun.objects.order_by("month").values_list("month", "state"))
        months = [add_months(JULY_2024, number) for number in range(30)]

        assert list(states) == months
        assert [states[month] for month in months[:28]] == [RunState.CLOSED] * 28
        assert [states[month] for month in months[28:]] == [RunState.RELEASED, RunState.PREPARED]

    def test_four_people_signed_each(self, demo: None) -> None:
        columns = ("prepared_by", "checked_by", "approved_by", "released_by")
        for run in PaymentRun.objects.exclude(state=RunState.PREPARED).order_by("month"):
            assert len({getattr(run, f"{name}_id") for name in columns} - {None}) == 4, run

    def test_three_banks_had_their_orders_and_answered(self, demo: None) -> None:
        orders = PaymentFile.objects.filter(kind=FileKind.PAIN001)
        answered = set(Statement.objects.exclude(bank_code="").order_by("pk").values_list("format", flat=True))

        assert len(set(orders.order_by("pk").values_list("bank_code", flat=True))) == 3
        assert answered == {StatementFormat.CAMT053, StatementFormat.MT940, StatementFormat.PAIN002}
        assert Statement.objects.filter(format=StatementFormat.LIST).count() >= 29

    def test_what_did_not_arrive_went_into_the_next_run(self, demo: None) -> None:
        unpaid = PaymentLine.objects.filter(
            run__state=RunState.CLOSED, state__in=(LineState.FAILED, LineState.RETURNED, LineState.UNCOLLECTED)
        )
        carried = PaymentLine.objects.filter(ground=Ground.CARRIED)

        assert unpaid.filter(state=LineState.UNCOLLECTED).count() > 20
        assert unpaid.exclude(state=LineState.UNCOLLECTED).exists()
        assert not unpaid.filter(resumed_by=None).exists()
        assert set(unpaid.order_by("pk").values_list("pk", flat=True)) <= set(
            carried.order_by("pk").values_list("carried_from", flat=True)
        )

    def test_every_check_of_the_doctor_is_content(self, demo: None) -> None:
        told = Event.objects.filter(stream__regex="^(payment|entitlement|statement|budget|assistance)")

        assert list(health.runs_with_other_totals()) == []
        assert list(health.months_paid_twice()) == []
        assert list(health.runs_told_otherwise()) == []
        assert list(broken_links(told.order_by("stream", "sequence"))) == []

    def test_each_budget_covered_what_was_paid(self, demo: None) -> None:
        assert not PaymentRun.objects.exclude(shortfalls=[]).exists()
        assert not PaymentRun.objects.filter(notices__icontains="Chưa có dự toán").exists()


class TestTheLawOfJuly2024:
    def test_the_first_month_was_paid_by_the_old_law(self, demo: None) -> None:
        social = lines(JULY_2024, source=Programme.SOCIAL)
        merit = [one for one in lines(JULY_2024, source=Programme.MERIT) if of_one_martyr(one)]

        assert len(social) > 20
        assert {one.amount % (LEVEL[2021] // 2) for one in social} == {0}
        assert {one.amount for one in merit} == {OF_A_MARTYR[2023]}

    def test_the_second_month_brought_the_new_amounts_and_what_july_lacked(self, demo: None) -> None:
        august = add_months(JULY_2024, 1)
        paid = {(one.source, one.person_id, one.benefit): one for one in lines(JULY_2024)}
        arrears = lines(august, ground=Ground.ARREARS, for_month=JULY_2024)
        checked = 0
        for one in arrears:
            before = paid.get((one.source, one.person_id, one.benefit))
            if before is None:
                continue
            checked += 1
            if one.source == Programme.SOCIAL:
                assert one.amount * LEVEL[2021] == before.amount * (LEVEL[2024] - LEVEL[2021])
            elif of_one_martyr(before):
                assert one.amount == OF_A_MARTYR[2024] - OF_A_MARTYR[2023]

        assert checked > 50
        assert checked >= 0.95 * len(paid)


class TestTheLawOfJuly2026:
    def test_it_came_into_force_in_october_and_november_paid_what_four_months_lacked(self, demo: None) -> None:
        november = date(2026, 11, 1)
        arrears = lines(november, ground=Ground.ARREARS)
        by_month = Counter(one.for_month for one in arrears if one.for_month >= JULY_2026)

        assert set(by_month) == {add_months(JULY_2026, number) for number in range(4)}
        assert min(by_month.values()) > 150

    def test_to_the_dong(self, demo: None) -> None:
        paid = defaultdict(int)
        for one in PaymentLine.objects.filter(run__month__lt=date(2026, 11, 1), is_live=True, for_month__gte=JULY_2026):
            paid[one.source, one.person_id, one.benefit, one.for_month] += one.amount
        checked = 0
        for one in lines(date(2026, 11, 1), ground=Ground.ARREARS, for_month__gte=JULY_2026):
            before = paid[one.source, one.person_id, one.benefit, one.for_month]
            if not before or not one.is_live:
                continue
            checked += 1
            if one.source == Programme.SOCIAL:
                assert (before + one.amount) * LEVEL[2024] == before * LEVEL[2026]
            elif before == OF_A_MARTYR[2024]:
                assert one.amount == OF_A_MARTYR[2026] - OF_A_MARTYR[2024]

        assert checked > 400

    def test_earlier_rates_are_followed_and_kept(self, demo: None) -> None:
        followed = EntitlementRate.objects.exclude(superseded_at=None)
        moments = {
            local_day(one).isoformat() for one in followed.order_by("pk").values_list("superseded_at", flat=True)
        }

        assert {"2024-07-01", "2026-10-01", "2026-10-05"} <= moments


class TestTheSocialPension:
    def test_the_allowance_of_the_old_was_handed_over(self, demo: None) -> None:
        june, august = date(2025, 6, 1), date(2025, 8, 1)
        before = {one.person_id for one in lines(june) if one.basis["category"] == "elderly_without_pension"}
        after = {one.person_id: one for one in lines(august, ground=Ground.REGULAR)}
        still = before & set(after)

        assert len(before) > 5
        assert len(still) >= 0.8 * len(before)
        assert {after[pk].basis["category"] for pk in still} == {"social_pension"}

    def test_many_more_came_in(self, demo: None) -> None:
        assert len(lines(date(2026, 11, 1), ground=Ground.REGULAR)) > 1.5 * len(lines(date(2025, 6, 1)))


class TestLately:
    def test_somebody_is_suspended_and_somebody_receives_again(self, demo: None) -> None:
        decided = Proposal.objects.filter(state=ProposalState.APPROVED)

        assert decided.filter(kind=ProposalKind.SUSPEND).count() >= 3
        assert Entitlement.objects.filter(state=EntitlementState.SUSPENDED).count() >= 2
        back = decided.get(kind=ProposalKind.RESUME)
        assert back.entitlement is not None
        assert back.entitlement.state == EntitlementState.ACTIVE
        unpaid = {add_months(date(2026, 12, 1), -AWAY_AT), add_months(date(2026, 12, 1), -AWAY_AT + 1)}
        assert not PaymentLine.objects.filter(
            person=back.person_id, benefit=back.benefit, for_month__in=unpaid
        ).exists()

    def test_some_moved_and_one_waits_for_the_leader_of_the_new_commune(self, demo: None) -> None:
        moves = Proposal.objects.filter(kind=ProposalKind.MOVE)
        moved = moves.filter(state=ProposalState.APPROVED)

        assert moved.count() >= 2
        assert all(one.entitlement and one.entitlement.unit_id == one.unit_id for one in moved.order_by("pk"))
        assert moves.filter(state=ProposalState.PENDING).exists()

    def test_an_overpayment_is_kept_back_month_by_month(self, demo: None) -> None:
        recovery = Recovery.objects.get(state=RecoveryState.OPEN)
        line = PaymentLine.objects.get(
            person=recovery.entitlement.person_id, run__month=date(2026, 12, 1), ground=Ground.REGULAR,
            benefit=recovery.entitlement.benefit,
        )  # fmt: skip

        assert line.deducted == recovery.monthly < recovery.amount

    def test_who_died_receives_no_more_and_the_funeral_is_supported(self, demo: None) -> None:
        told = Event.objects.filter(name="EntitlementEnded", at__date=date(2026, 11, 27)).order_by("pk")
        died = set(told.values_list("payload__person_id", flat=True))

        dead = Person.objects.filter(pk__in=died, died_on=date(2026, 11, 23))
        assert dead.exists()
        assert not PaymentLine.objects.filter(person__in=dead, for_month=date(2026, 12, 1)).exists()

    def test_two_are_paid_once_by_what_they_have_done(self, demo: None) -> None:
        once = Entitlement.objects.filter(programme=Programme.MERIT, benefit=Benefit.ONE_OFF)

        assert {line["code"] for one in once for rate in one.rates.all() for line in rate.basis["lines"]} == {
            "helper_resistance_medal", "injury_11_15",
        }  # fmt: skip


class TestThisMorning:
    def test_there_is_something_to_do_for_everybody(self, demo: None) -> None:
        newest = date(2026, 12, 1)

        assert Proposal.objects.filter(state=ProposalState.PENDING).exists()
        assert Proposal.objects.filter(state=ProposalState.APPROVED).exists()
        assert Proposal.objects.filter(state=ProposalState.REFUSED).exists()
        complaints = PaymentComplaint.objects.order_by("pk").values_list("state", flat=True)
        assert set(complaints) == set(ComplaintState)
        assert PaymentRun.objects.get(month=newest).lines_total > 200
        assert PaymentLine.objects.filter(run__month=date(2026, 11, 1), state=LineState.SENT).exists()
        assert not Overpayment.objects.filter(run__month__lt=date(2026, 6, 1), state="open").exists()

    def test_a_storm_left_money_and_rice_of_which_some_is_handed_out_and_some_waits(self, demo: None) -> None:
        given = EmergencyGrant.objects.all()

        assert {"rice", "injury"} <= set(given.values_list("kind", flat=True))
        assert set(given.filter(kind="rice").values_list("state", flat=True)) == {"granted", "handed_out"}
        assert all(one.prepared_by_id != one.granted_by_id for one in given)
        assert Proposal.objects.filter(kind=ProposalKind.EMERGENCY, state=ProposalState.PENDING).count() == 2

    def test_a_beneficiary_can_sign_in(self, demo: None) -> None:
        user = User.objects.get(username="demo.nguoihuong")
        months = PaymentLine.objects.filter(person=user.person_id, ground=Ground.REGULAR, state=LineState.PAID)

        assert user.check_password(settings.DEMO_PASSWORD)
        assert Entitlement.objects.filter(person=user.person_id, state=EntitlementState.ACTIVE).exists()
        assert months.exists()
        assert {"demo.nguoihuong", "demo.ketoan", "demo.trogiup"} <= {one.username for one in demo_accounts(on=TODAY)}

    def test_nothing_happens_today_or_later(self, demo: None) -> None:
        told = Event.objects.filter(stream__regex="^(payment|entitlement|statement|budget|assistance)")

        assert not told.filter(at__date__gte=TODAY).exists()


def of_one_martyr(line: PaymentLine) -> bool:
    return line.benefit == "monthly" and line.basis["category"] == "martyr_1"


def test_lists_are_handed_over_in_time_and_reported_in_time() -> None:
    for days in months_of(TODAY):
        calendar = payment_calendar(Calendar.SOCIAL_ASSISTANCE, days.month)
        assert local_day(days.settled) <= calendar.last_report_day
        if not days.is_last:
            assert local_day(days.released) <= calendar.last_hand_over_day


def test_nothing_of_a_month_happens_before_the_month_before_is_settled() -> None:
    for number in range(200):
        days, following = (days_of(add_months(JULY_2024, number + ahead)) for ahead in (0, 1))
        assert days.prepared < days.checked < days.approved < days.released
        assert local_day(days.released) < days.booked < local_day(days.answered) < local_day(days.settled)
        assert days.settled < following.prepared


def test_no_answer_comes_before_its_day_whatever_day_is_today() -> None:
    for number in range(366):
        today = TODAY + timedelta(days=number)
        *_, sent, last = months_of(today)
        assert local_day(sent.released) < sent.booked <= local_day(sent.answered) <= local_day(sent.settled)
        assert sent.settled < last.prepared
        assert local_day(last.prepared) < today


def test_the_small_province_has_thousands_who_receive() -> None:
    assert SCALES["small"].pays_benefits
    assert SCALES["small"].people >= 36_000

"""What lists, comparisons and programmes are told, and to whom."""

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.payments.models import PaymentAccount, PaymentLine
from lienthong.payments.queries.comparing import UNLIKE, Difference, compared_people, how_many, run_comparison
from lienthong.payments.queries.overpayments import OverpaymentNotFound, get_overpayment, overpayments, state_counts
from lienthong.payments.queries.overview import month_overview
from lienthong.payments.queries.persons import (
    NotCollected,
    deducted_total,
    payments_of_person,
    uncollected_in_a_row,
)
from lienthong.payments.queries.run_lines import LineFilter, LineNotFound, filtered_lines, get_line, unpaid_lines
from lienthong.payments.queries.runs import RunNotFound, actions_of, all_runs, get_run, run_of_month, waits_for
from lienthong.payments.states import LineState, RunAction
from tests.payments.house import DECEMBER, NOVEMBER, OCTOBER, House

pytestmark = pytest.mark.django_db
ALL = LineFilter()


@pytest.fixture
def two_months(house: House) -> dict[str, Any]:
    """November paid; in December one is new, one stopped, one has more, one is as before, one is held."""
    people = {name: house.person(full_name=f"Lê Thị {name}") for name in ("Mới", "Dừng", "Tăng", "Giữ")}
    people["Thiếu"] = house.person(account=False, full_name="Lê Thị Thiếu")
    for name in ("Dừng", "Tăng", "Giữ"):
        house.owe(people[name], 500_000)
    november = house.pay()
    house.later(days=20)
    for name, amount in {"Mới": 400_000, "Tăng": 600_000, "Giữ": 500_000, "Thiếu": 300_000}.items():
        house.owe(people[name], amount, DECEMBER)
    return {**people, "november": november, "december": house.prepare(DECEMBER)}


def test_compares_with_the_month_before_and_says_why(house: House, two_months: dict[str, Any]) -> None:
    on, run = house.world.today, two_months["december"]

    counted = run_comparison(run, house.accountant, on=on)
    listed = compared_people(run, house.accountant, on=on)

    assert {difference: (row.count, row.before, row.now) for difference, row in counted.items()} == {
        Difference.NEW: (2, 0, 700_000), Difference.STOPPED: (1, 500_000, 0),
        Difference.CHANGED: (1, 500_000, 600_000), Difference.ELSEWHERE: (0, 0, 0), Difference.SAME: (1, 500_000, 500_000),
        Difference.ONCE: (0, 0, 0),
    }  # fmt: skip
    by_name = {row.person_name: row for row in listed}
    assert list(by_name) == ["Lê Thị Dừng", "Lê Thị Mới", "Lê Thị Tăng", "Lê Thị Thiếu"]
    assert by_name["Lê Thị Tăng"].why == "Trước: Mức 500000 đồng. Nay: Mức 600000 đồng."
    assert (by_name["Lê Thị Thiếu"].is_held, by_name["Lê Thị Mới"].is_held) == (True, False)
    assert "không còn đưa vào" in by_name["Lê Thị Dừng"].why
    assert by_name["Lê Thị Dừng"].benefit_label == "Trợ cấp hằng tháng"


def test_who_is_paid_elsewhere_is_a_group_of_its_own_also_beside_another_amount_and_after_a_month_held(
    house: House,
) -> None:
    stays, redirected, raised, held = (
        house.person(full_name=f"Lê Thị {name}") for name in ("An", "Bình", "Chi", "Dung")
    )
    for month in (OCTOBER, NOVEMBER):
        if month == NOVEMBER:
            PaymentAccount.objects.filter(person=held).update(verified_at=None)
        for person in (stays, redirected, raised, held):
            house.owe(person, 500_000, month)
        house.pay(month)
        house.later(days=20)
    for person in (redirected, raised, held):
        PaymentAccount.objects.filter(person=person).update(number=f"99{person.pk:08d}", verified_at=house.now)
    for person in (stays, redirected, raised, held):
        house.owe(person, 600_000 if person == raised else 500_000, DECEMBER)
    run, on = house.prepare(DECEMBER), house.world.today

    counted = run_comparison(run, house.accountant, on=on)
    listed = compared_people(run, house.accountant, on=on, differences=[Difference.ELSEWHERE])

    assert {one: counted[one].count for one in (Difference.CHANGED, Difference.ELSEWHERE, Difference.SAME)} == {
        Difference.CHANGED: 1, Difference.ELSEWHERE: 3, Difference.SAME: 3,
    }  # fmt: skip
    assert [row.person_name for row in listed] == ["Lê Thị Bình", "Lê Thị Chi", "Lê Thị Dung"]
    assert all(f"99{row.person_id:08d}." in row.why and "Nơi nhận trước: " in row.why for row in listed)
    assert how_many(counted, UNLIKE) == len(compared_people(run, house.accountant, on=on)) == 3
    assert how_many(counted, [Difference.SAME]) == 3


def test_why_somebody_stopped_is_told_by_the_source_or_by_a_death(
    house: House, two_months: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    on, run, person = house.world.today, two_months["december"], two_months["Dừng"]
    person.died_on = date(2026, 11, 20)
    person.save()
    stopped = [Difference.STOPPED]

    assert "20/11/2026" in compared_people(run, house.accountant, on=on, differences=stopped)[0].why
    monkeypatch.setattr(
        house.source, "why_stopped", lambda month, pairs: dict.fromkeys(pairs, "Thôi hưởng theo quyết định 12.")
    )
    (row,) = compared_people(run, house.accountant, on=on, differences=stopped)
    assert row.why == "Thôi hưởng theo quyết định 12."


def test_what_is_paid_once_is_neither_stopped_nor_new_also_beside_what_is_paid_each_month(house: House) -> None:
    monthly, last, this = (house.person(full_name=f"Lê Thị {name}") for name in ("Tháng", "Trước", "Nay"))
    house.owe(monthly, 500_000)
    house.owe(last, 10_000_000, matter="funeral:1")
    house.pay()
    house.later(days=20)
    house.owe(monthly, 500_000, DECEMBER)
    house.owe(this, 7_000_000, DECEMBER, matter="funeral:2")
    run, on = house.prepare(DECEMBER), house.world.today

    counted = run_comparison(run, house.accountant, on=on)
    listed = compared_people(run, house.accountant, on=on, differences=[Difference.ONCE])

    assert {one: (row.count, row.before, row.now) for one, row in counted.items() if row.count} == {
        Difference.SAME: (1, 500_000, 500_000), Difference.ONCE: (2, 10_000_000, 7_000_000),
    }  # fmt: skip
    assert [(row.person_name, row.why) for row in listed] == [
        ("Lê Thị Nay", "Mức 7000000 đồng."), ("Lê Thị Trước", "Mức 10000000 đồng."),
    ]  # fmt: skip
    assert compared_people(run, house.accountant, on=on) == []


def test_what_was_paid_again_in_the_same_month_is_compared_once(house: House) -> None:
    person = house.person()
    house.owe(person, 500_000)
    (line,) = house.lines(house.pay())
    house.answer(line, LineState.FAILED)
    house.pay()
    house.later(days=20)
    house.owe(person, 500_000, DECEMBER)

    counted = run_comparison(house.prepare(DECEMBER), house.accountant, on=house.world.today)

    assert counted[Difference.SAME].before == 500_000


def test_totals_by_programme_commune_channel_and_state(
    house: House, two_months: dict[str, Any], django_assert_num_queries: Any
) -> None:
    assert house.accountant.mandates_on(house.world.today)
    month_overview(two_months["december"], house.accountant, on=house.world.today)

    with django_assert_num_queries(3):
        overview = month_overview(two_months["december"], house.accountant, on=house.world.today)

    assert (overview.whole.lines, overview.whole.amount) == (3, 1_500_000)
    assert [(total.label, total.lines) for total in overview.by_benefit] == [("Trợ cấp hằng tháng", 3)]
    assert [(total.label, total.net) for total in overview.by_source] == [("Trợ giúp xã hội", 1_500_000)]
    assert [(total.label, total.amount) for total in overview.by_unit] == [(house.unit.name, 1_500_000)]
    assert [(total.key, total.lines) for total in overview.by_channel] == [("bank", 3)]
    assert {total.key: total.lines for total in overview.by_state} == {"planned": 3, "held": 1}


def test_a_commune_sees_its_own_lines_and_nobody_elses(house: House, two_months: dict[str, Any]) -> None:
    on, run = house.world.today, two_months["december"]
    own = house.world.officer(Role.PROCESSOR, "H55.05443")
    elsewhere = house.world.officer(Role.PROCESSOR, "H55.05482")
    (line, *_rest) = house.lines(run)

    assert filtered_lines(own, ALL, on=on, run=run).count() == 4
    assert filtered_lines(elsewhere, ALL, on=on, run=run).count() == 0
    assert month_overview(run, elsewhere, on=on).whole.lines == 0
    assert compared_people(run, elsewhere, on=on) == []
    assert get_line(line.pk, own, on=on).pk == line.pk
    with pytest.raises(LineNotFound):
        get_line(line.pk, elsewhere, on=on)
    with pytest.raises(RunNotFound):
        get_run(run.pk, house.world.citizen(), on=on)


def test_a_page_of_lines_or_of_differences_is_one_question(
    house: House, two_months: dict[str, Any], django_assert_num_queries: Any
) -> None:
    on, run = house.world.today, two_months["december"]
    run_comparison(run, house.head, on=on)

    with django_assert_num_queries(1):
        page = filtered_lines(house.head, ALL, on=on, run=run)[:50]
        assert all((line.person.full_name, line.payee.full_name, line.unit.name, line.run.month) for line in page)
    with django_assert_num_queries(1):
        run_comparison(run, house.head, on=on)
    with django_assert_num_queries(1):
        compared_people(run, house.head, on=on)


def test_lists_are_narrowed_by_name_number_and_state(house: House, two_months: dict[str, Any]) -> None:
    on, run = house.world.today, two_months["december"]

    def shown(**asked: Any) -> list[str]:
        return [line.person.full_name for line in filtered_lines(house.head, LineFilter(**asked), on=on, run=run)]

    assert shown(q="tang") == ["Lê Thị Tăng"]
    number = PaymentLine.objects.get(run=run, person=two_months["Mới"]).account_number
    assert shown(q=number) == ["Lê Thị Mới"]
    assert shown(state="held") == ["Lê Thị Thiếu"]
    assert len(shown(commune=house.unit.code, source="social-assistance", channel="bank", ground="regular")) == 3


def test_work_lists_show_what_waits_until_a_run_looks_at_it_again(
    house: House, two_months: dict[str, Any], django_assert_num_queries: Any
) -> None:
    on = house.world.today
    line = house.lines(two_months["november"])[0]
    house.answer(line, LineState.FAILED)
    payee = line.payee.full_name
    unpaid_lines(house.head, ALL, on=on).count()

    with django_assert_num_queries(1):
        waiting = {(row.payee.full_name, row.state) for row in unpaid_lines(house.head, ALL, on=on)}
    assert waiting == {("Lê Thị Thiếu", LineState.HELD), (payee, LineState.FAILED)}
    house.cancel(two_months["december"])
    house.prepare(DECEMBER)
    assert not unpaid_lines(house.head, LineFilter(state=LineState.FAILED), on=on)


def test_overpayments_wait_for_a_decision(house: House) -> None:
    person = house.person()
    house.owe(person, 500_000)
    house.pay()
    house.owe(person, 200_000)
    house.prepare()

    on = house.world.today
    (found,) = overpayments(house.head, on=on)
    assert (found.amount, state_counts(house.head, on=on)) == (300_000, {"open": 1})
    assert get_overpayment(found.pk, house.head, on=on) == found
    assert not overpayments(house.head, on=on, state="settled")
    elsewhere = house.world.officer(Role.PROCESSOR, "H55.05482")
    assert not overpayments(elsewhere, on=on)
    with pytest.raises(OverpaymentNotFound):
        get_overpayment(found.pk, elsewhere, on=on)


def test_a_person_reads_the_newest_month_first(
    house: House, two_months: dict[str, Any], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        months = [
            (line.for_month, line.run.month, line.payee.full_name) for line in payments_of_person(two_months["Tăng"].pk)
        ]

    assert [row[0] for row in months] == [DECEMBER, NOVEMBER]


def test_a_programme_reads_what_was_kept_back(house: House) -> None:
    person = house.person()
    house.owe(person, 500_000, deduction=100_000)
    house.pay()

    assert deducted_total("social-assistance", person.pk, "allowance") == 100_000
    assert deducted_total("merit", person.pk, "allowance") == 0


def test_counts_months_in_a_row_that_nobody_collected(house: House) -> None:
    person, other = house.person(), house.person()
    months = [date(2026, 9, 1), date(2026, 10, 1), NOVEMBER]
    for month in months:
        house.owe(person, 500_000, month)
        house.owe(other, 500_000, month)
        for line in house.lines(house.pay(month)):
            arrived = line.person_id == other.pk and line.for_month == months[1]
            house.answer(line, LineState.PAID if arrived else LineState.UNCOLLECTED, "Người hưởng chưa đến nhận.")

    assert uncollected_in_a_row("social-assistance", NOVEMBER, at_least=3) == [
        NotCollected(person_id=person.pk, benefit="allowance", months=3)
    ]
    assert uncollected_in_a_row("social-assistance", NOVEMBER, person_ids=[other.pk])[0].months == 1
    assert uncollected_in_a_row("merit", NOVEMBER) == []


def test_tells_each_officer_what_they_may_do_with_a_run(house: House, two_months: dict[str, Any]) -> None:
    on, run = house.world.today, two_months["december"]

    assert actions_of(run, house.head, on=on) == [RunAction.CHECK, RunAction.CANCEL]
    assert actions_of(run, house.leader, on=on) == [RunAction.CANCEL]
    assert waits_for(house.head, on=on) == [run]
    assert waits_for(house.leader, on=on) == []
    house.check(run)
    run.refresh_from_db()
    assert actions_of(run, house.leader, on=on) == [RunAction.APPROVE, RunAction.CANCEL]
    assert [one.month for one in all_runs(house.leader, on=on)] == [DECEMBER, NOVEMBER]
    assert run_of_month(DECEMBER, 1, house.leader, on=on) == run
    with pytest.raises(RunNotFound):
        run_of_month(DECEMBER, 2, house.leader, on=on)

"""What may be spent in a quarter: written down by one person, approved by another."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.payments import sources
from lienthong.payments.models import Budget
from lienthong.payments.queries import budgets as queries
from lienthong.payments.services import budgets as services
from lienthong.payments.sources import PayableSource
from lienthong.rules.payment_calendar import Programme
from tests.factories.payments import PaymentLineFactory, PaymentRunFactory
from tests.world import COMMUNE, World

pytestmark = pytest.mark.django_db

AGENCY = "H55.SYT"
QUARTER = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def _a_programme(monkeypatch: pytest.MonkeyPatch) -> None:
    class Allowances(PayableSource):
        code, label, programme = "allowances", "Trợ cấp thử nghiệm", Programme.SOCIAL_ASSISTANCE

    monkeypatch.setattr(sources, "_SOURCES", {"allowances": Allowances()})


@pytest.fixture
def accountant(world: World) -> User:
    return world.officer(Role.ACCOUNTANT, AGENCY)


def prepared(world: World, by: User, **changes: Any) -> Budget:
    facts: dict[str, Any] = {
        "source": "allowances", "quarter": date(2026, 11, 16), "amount": 5_000_000_000, "reference": "12/QĐ-UBND",
    }  # fmt: skip
    return services.prepare_budget(services.PrepareBudget(**facts | changes), acting_user=by, now=world.now)


def test_counts_once_another_person_has_approved_it(world: World, accountant: User) -> None:
    budget = prepared(world, accountant)
    assert budget.quarter == QUARTER
    assert queries.budget_lines([QUARTER])[0].given is None
    assert queries.budget_lines([QUARTER])[0].waiting == 5_000_000_000

    services.approve_budget(budget.pk, acting_user=world.officer(Role.LEADER, AGENCY), now=world.now)
    cut = prepared(world, accountant, amount=-1_000_000_000, reference="15/QĐ-UBND")
    services.approve_budget(cut.pk, acting_user=world.officer(Role.LEADER, AGENCY), now=world.now)

    line = queries.budget_lines([QUARTER])[0]
    assert (line.given, line.waiting, line.left, line.in_words) == (4_000_000_000, 0, 4_000_000_000, "IV/2026")


def test_live_lines_of_the_quarter_take_of_it(world: World) -> None:
    run = PaymentRunFactory(released=True, month=date(2026, 12, 1))
    PaymentLineFactory(run=run, source="allowances", amount=700_000, deducted=100_000)
    PaymentLineFactory(run=run, source="allowances", failed=True)
    PaymentLineFactory(run=PaymentRunFactory(released=True, month=date(2026, 9, 1)), source="allowances")

    found = {(one.quarter, one.source): one.taken for one in queries.budget_lines([QUARTER, date(2026, 7, 1)])}

    assert found == {(QUARTER, "allowances"): 600_000, (date(2026, 7, 1), "allowances"): 500_000}
    assert queries.years_of_budgets(on=world.today) == [2026]


def test_who_wrote_it_down_does_not_approve_it(world: World, accountant: User) -> None:
    budget = prepared(world, accountant)

    with pytest.raises(services.NotYoursToBudget):
        services.approve_budget(budget.pk, acting_user=accountant, now=world.now)
    both = world.officer(Role.LEADER, AGENCY)
    Budget.objects.filter(pk=budget.pk).update(prepared_by=both)
    with pytest.raises(services.PreparedByYou):
        services.approve_budget(budget.pk, acting_user=both, now=world.now)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"source": "nothing"}, services.UnknownProgramme),
        ({"amount": 0}, services.AmountWrong),
        ({"amount": 10**15}, services.AmountWrong),
    ],
)
def test_what_cannot_be_a_budget_is_refused(
    world: World, accountant: User, wrong: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        prepared(world, accountant, **wrong)


def test_the_same_decision_comes_once(world: World, accountant: User) -> None:
    prepared(world, accountant)

    with pytest.raises(services.SetAlready, match="Trợ cấp thử nghiệm"):
        prepared(world, accountant, amount=1)


def test_is_taken_back_before_it_is_approved_and_the_log_keeps_it(world: World, accountant: User) -> None:
    budget = prepared(world, accountant)
    stream = budget.stream
    services.withdraw_budget(budget.pk, reason="Ghi nhầm số", acting_user=accountant, now=world.now)
    assert not Budget.objects.exists()
    assert list(Event.objects.filter(stream=stream).order_by("sequence").values_list("name", flat=True)) == [
        "BudgetPrepared", "BudgetWithdrawn",
    ]  # fmt: skip

    again = prepared(world, accountant)
    services.approve_budget(again.pk, acting_user=world.officer(Role.LEADER, AGENCY), now=world.now)
    with pytest.raises(services.ApprovedAlready):
        services.withdraw_budget(again.pk, reason="", acting_user=accountant, now=world.now)


def test_a_commune_keeps_no_budgets(world: World) -> None:
    with pytest.raises(services.NotYoursToBudget):
        prepared(world, world.officer(Role.PROCESSOR, COMMUNE))

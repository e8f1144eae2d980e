"""The run after a new law carries what the preview said, to the đồng, and pays no month twice."""

from __future__ import annotations

from datetime import date

import pytest

from lienthong.assistance.models import Entitlement, LawChange, LawChangeRow
from lienthong.assistance.payables import SOCIAL_ASSISTANCE
from lienthong.assistance.states import LawRowState
from lienthong.infra.working import told_moment
from lienthong.payments.models import PaymentLine
from lienthong.payments.states import Ground
from tests.assistance.known import disabled
from tests.assistance.test_law_changes import JULY, applied, reckoned, recorded
from tests.factories.payments import PaymentAccountFactory
from tests.payments.house import House
from tests.world import World

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
def house(world: World) -> House:
    return House(world, SOCIAL_ASSISTANCE)  # type: ignore[arg-type]


@pytest.fixture
def rows(world: World) -> list[Entitlement]:
    """Two people who were paid by the old law since July and since September."""
    made = [recorded(world, disabled(world)), recorded(world, disabled(world), since=date(2026, 9, 1))]
    for row in made:
        PaymentAccountFactory(person=row.person)
    return made


def lines(ground: Ground) -> list[tuple[int, date, int]]:
    found = PaymentLine.objects.filter(run__month=DECEMBER, ground=ground, state="planned")
    return sorted(found.values_list("person_id", "for_month", "amount"))


def test_the_next_run_carries_the_arrears_of_the_preview(world: World, house: House, rows: list[Entitlement]) -> None:
    house.pay(NOVEMBER, since=JULY)
    paid = PaymentLine.objects.count()

    with told_moment(house.later(days=1)):
        change = reckoned(world)
        applied(world, change)
    house.later(days=15)
    house.prepare(DECEMBER)

    preview = sorted(
        (row.person_id, row.month, row.new - row.old)
        for row in LawChangeRow.objects.filter(state=LawRowState.DONE)
        if row.new is not None
    )
    assert paid == 8
    assert len(preview) == 8
    assert lines(Ground.ARREARS) == preview
    assert sum(amount for *_rest, amount in preview) == change.amount == LawChange.objects.get().arrears == 480_000
    assert [amount for *_rest, amount in lines(Ground.REGULAR)] == [810_000, 810_000]


def test_without_an_approval_the_next_run_knows_nothing_of_it(
    world: World, house: House, rows: list[Entitlement]
) -> None:
    house.pay(NOVEMBER, since=JULY)
    reckoned(world)
    house.later(days=15)
    house.prepare(DECEMBER)

    assert lines(Ground.ARREARS) == []
    assert [amount for *_rest, amount in lines(Ground.REGULAR)] == [750_000, 750_000]

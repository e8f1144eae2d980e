"""Whatever is owed, changed, paid, lost and cancelled in whatever order: in the end each month is paid exactly once.

The source here tells a change once and never repeats a month by itself: payments must know the rest.
"""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lienthong.payments import sources
from lienthong.payments.models import Overpayment, PaymentLine, PaymentRun
from lienthong.payments.states import OPEN_STATES, LineState, OverpaymentState
from lienthong.people.models import Person
from tests.payments.house import DECEMBER, JANUARY, NOVEMBER, House, OwingSource
from tests.world import World

pytestmark = pytest.mark.django_db
MONTHS = (date(2026, 9, 1), date(2026, 10, 1), NOVEMBER)
AMOUNTS = (0, 300_000, 500_000)

owing = st.tuples(st.just("owe"), st.sampled_from(MONTHS), st.sampled_from(AMOUNTS))
running = st.tuples(st.just("run"), st.sampled_from((NOVEMBER, DECEMBER)), st.sampled_from(("pay", "cancel", "leave")))
answering = st.tuples(
    st.just("answer"), st.integers(0, 3), st.sampled_from((LineState.FAILED, LineState.RETURNED, LineState.PAID))
)
steps = st.lists(st.one_of(owing, running, answering), min_size=5, max_size=16)


class Undone(Exception):
    pass


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=steps)
@example([  # lowered, then given back: what is paid again is the lower total
    ("owe", MONTHS[1], 500_000), ("run", NOVEMBER, "pay"), ("owe", MONTHS[1], 300_000), ("run", DECEMBER, "pay"),
    ("answer", 0, LineState.RETURNED),
])  # fmt: skip
@example([  # a cancelled run had raised what it did not pay
    ("owe", MONTHS[0], 300_000), ("run", NOVEMBER, "pay"), ("answer", 0, LineState.FAILED), ("owe", MONTHS[0], 500_000),
    ("run", DECEMBER, "cancel"),
])  # fmt: skip
def test_pays_in_the_end_exactly_what_is_owed(
    province: None, monkeypatch: pytest.MonkeyPatch, steps: list[tuple[Any, ...]]
) -> None:
    try:
        with transaction.atomic():
            _play(monkeypatch, steps)
            raise Undone
    except Undone:
        pass


def _play(monkeypatch: pytest.MonkeyPatch, steps: list[tuple[Any, ...]]) -> None:
    source = OwingSource()
    monkeypatch.setattr(sources, "_SOURCES", {source.code: source})
    house = House(World(), source)
    person = house.person()
    house.pay(MONTHS[0])  # from here on a change is told once
    for step in steps:
        house.later(days=2)  # so that what was asked before is not asked again for being recent
        _step(house, person, step)
        _nothing_is_held_twice()
    for run in PaymentRun.objects.filter(state__in=OPEN_STATES).order_by("pk"):
        house.release(house.approve(house.check(run)))
    house.pay(JANUARY)
    for month in MONTHS:
        _is_exact(house, person.pk, month)


def _step(house: House, person: Person, step: tuple[Any, ...]) -> None:
    match step:
        case ("owe", month, amount):
            house.owe(person, amount, month)
        case ("run", month, how):
            waiting = PaymentRun.objects.filter(month=month, state__in=OPEN_STATES).first()
            run = waiting or house.prepare(month)
            if how == "pay":
                house.release(house.approve(house.check(run)))
            elif how == "cancel":
                house.cancel(run)
        case ("answer", place, state):
            sent = list(
                PaymentLine.objects.filter(state__in=(LineState.SENT, LineState.PAID), run__released_at__isnull=False)
                .order_by("pk")
            )  # fmt: skip
            if sent:
                house.answer(sent[place % len(sent)], state)


def _nothing_is_held_twice() -> None:
    held = PaymentLine.objects.filter(is_live=True).values("person", "for_month").annotate(held=Sum("amount"))
    for row in held.order_by():
        most = PaymentLine.objects.filter(person=row["person"], for_month=row["for_month"]).order_by("-amount")
        # Parts add up to the highest total that was ever owed, never to more.
        assert row["held"] <= max(AMOUNTS), (row, list(most.values_list("amount", "part", "state")))


def _is_exact(house: House, person_id: int, month: date) -> None:
    known = house.source.totals.get((person_id, "allowance", month))
    owed = known[0].amount if known else 0
    live = PaymentLine.objects.filter(person=person_id, for_month=month, is_live=True)
    paid = live.aggregate(paid=Sum("amount", default=0))["paid"]
    over = Overpayment.objects.filter(person=person_id, for_month=month, state=OverpaymentState.OPEN)
    too_much = over.aggregate(over=Sum("amount", default=0))["over"]
    assert paid - too_much == owed, list(
        PaymentLine.objects.filter(person=person_id, for_month=month).order_by("pk").values_list(
            "run", "amount", "owed", "state", "resumed_by"
        )
    )  # fmt: skip

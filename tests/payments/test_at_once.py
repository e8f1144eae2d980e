"""Two people press at the same moment: one of them is served, and no month is paid twice."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.db.models import Sum

from lienthong.infra.working import WorkedElsewhere
from lienthong.payments.models import PaymentLine, PaymentRun
from lienthong.payments.services import collecting
from lienthong.payments.services.collecting import collect_run
from lienthong.payments.services.moving import RunTarget
from lienthong.payments.services.preparing import PrepareRun, prepare_run
from lienthong.payments.services.recording import TickResults, record_ticks
from lienthong.payments.services.refusals import MonthHasOpenRun, NotPossibleNow, PaymentRefused, StaleRun
from lienthong.payments.services.signing import cancel_run, release_run
from lienthong.payments.states import Ground, LineState, RunState
from tests.factories.payments import PaymentAccountFactory
from tests.payments.house import DECEMBER, NOVEMBER, House

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do works at the same moment, each on a connection of its own. Return what each gave, or what it raised."""
    ready, said = threading.Barrier(len(works)), [None] * len(works)

    def do(place: int) -> None:
        try:
            ready.wait()
            said[place] = works[place]()
        except (PaymentRefused, WorkedElsewhere) as refusal:
            said[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=do, args=[place]) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


def kinds(said: list[Any]) -> set[type]:
    return {type(one) for one in said}


@pytest.fixture
def owing(house: House) -> House:
    for _number in range(20):
        person = house.person()
        house.owe(person, 500_000)
        house.owe(person, 500_000, DECEMBER)
    return house


def test_two_accountants_open_one_run_of_a_month(owing: House) -> None:
    commands = [PrepareRun(month=NOVEMBER, client_key=uuid4()) for _one in range(2)]
    who = (owing.accountant, owing.another_accountant)

    said = at_once(
        *(
            lambda command=command, user=user: prepare_run(command, acting_user=user, now=owing.now)
            for command, user in zip(commands, who, strict=True)
        )
    )

    assert kinds(said) == {PaymentRun, MonthHasOpenRun}
    assert PaymentRun.objects.count() == 1


def test_what_is_ticked_while_a_run_is_collected_is_not_paid_again(house: House) -> None:
    person = house.person(account=False)
    PaymentAccountFactory(person=person, cash=True)
    house.owe(person, 500_000)
    (line,) = house.lines(house.pay())
    house.answer(line, LineState.UNCOLLECTED)
    december = house.open(DECEMBER)

    def collect() -> None:
        try:
            house.collect(december)
        finally:
            connections.close_all()

    collecting_hand = threading.Thread(target=collect)
    with transaction.atomic():
        record_ticks(TickResults(paid=(line.pk,)), acting_user=house.accountant, now=house.now)
        collecting_hand.start()
        collecting_hand.join(1)
        assert collecting_hand.is_alive(), "it waits until the tick is written"
    collecting_hand.join()

    december.refresh_from_db()
    line.refresh_from_db()
    assert (december.state, house.lines(december)) == (RunState.PREPARED, [])
    assert (line.state, line.is_live, line.resumed_by_id) == (LineState.PAID, True, None)


def test_a_form_that_is_sent_twice_opens_one_run(owing: House) -> None:
    command = PrepareRun(month=NOVEMBER, client_key=uuid4())

    said = at_once(*[lambda: prepare_run(command, acting_user=owing.accountant, now=owing.now)] * 2)

    assert {run.pk for run in said} == {PaymentRun.objects.get().pk}


def test_a_run_that_two_workers_collect_is_listed_once(owing: House) -> None:
    run = owing.open()

    said = at_once(*[lambda: collect_run(run.pk)] * 3)

    assert kinds(said) <= {type(None), WorkedElsewhere}
    assert type(None) in kinds(said)
    assert PaymentLine.objects.count() == 20
    run.refresh_from_db()
    assert run.state == RunState.PREPARED


def test_two_months_collected_at_once_never_hold_the_same_month(owing: House) -> None:
    runs = [owing.open(NOVEMBER), owing.open(DECEMBER, since=NOVEMBER)]

    def until_done(run: PaymentRun) -> None:
        while True:
            try:
                collect_run(run.pk)
            except WorkedElsewhere:
                continue
            return

    at_once(*(lambda run=run: until_done(run) for run in runs))

    held = (
        PaymentLine.objects.filter(is_live=True).order_by().values("person", "for_month").annotate(paid=Sum("amount"))
    )
    assert {row["paid"] for row in held} == {500_000}
    assert held.count() == 40


def test_a_run_is_released_once_by_whoever_is_first(owing: House) -> None:
    run = owing.approve(owing.check(owing.prepare()))
    third = owing.world.officer(owing.accountant.mandates.get().role, "H55.SYT", another=True)
    targets = [RunTarget(run_id=run.pk, seen=run.version, client_key=uuid4()) for _one in range(2)]
    who = (owing.another_accountant, third)

    said = at_once(
        *(
            lambda target=target, user=user: release_run(target, acting_user=user, now=owing.now)
            for target, user in zip(targets, who, strict=True)
        )
    )

    assert PaymentRun in kinds(said)
    assert kinds(said) <= {PaymentRun, StaleRun, NotPossibleNow}
    assert len([one for one in said if isinstance(one, PaymentRun)]) == 1
    run.refresh_from_db()
    assert run.released_by in who


def test_a_run_is_either_released_or_cancelled(owing: House) -> None:
    run = owing.approve(owing.check(owing.prepare()))
    one, other = (RunTarget(run_id=run.pk, seen=run.version, client_key=uuid4()) for _one in range(2))

    said = at_once(
        lambda: release_run(one, acting_user=owing.another_accountant, now=owing.now),
        lambda: cancel_run(other, reason="Phát hiện sai sót", acting_user=owing.leader, now=owing.now),
    )

    assert len([result for result in said if isinstance(result, PaymentRun)]) == 1
    run.refresh_from_db()
    expected = LineState.SENT if run.state == RunState.RELEASED else LineState.CANCELLED
    assert set(PaymentLine.objects.values_list("state", flat=True)) == {expected}


def test_money_that_comes_back_while_a_list_is_made_waits_for_the_next_one(
    owing: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = owing.lines(owing.pay())[0]
    check = collecting.check_budgets

    def meanwhile(run: PaymentRun) -> list[str]:
        at_once(lambda: owing.answer(line, LineState.RETURNED))  # committed before the list is
        return check(run)

    monkeypatch.setattr(collecting, "check_budgets", meanwhile)
    december = owing.prepare(DECEMBER)
    monkeypatch.setattr(collecting, "check_budgets", check)
    assert not PaymentLine.objects.filter(run=december, for_month=NOVEMBER).exists()
    line.refresh_from_db()
    assert (line.state, line.resumed_by) == (LineState.RETURNED, None)

    owing.cancel(december)
    again = owing.prepare(DECEMBER).lines.get(for_month=NOVEMBER)
    assert (again.ground, again.carried_from_id, again.amount) == (Ground.CARRIED, line.pk, 500_000)

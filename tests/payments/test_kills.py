"""Whatever moment a process dies at: nothing is listed twice, nothing is lost, and the same work done again finishes it."""

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Count, Sum

from lienthong.infra.models import Event
from lienthong.infra.working import told_moment
from lienthong.kernel.text import fold, person_sort_key
from lienthong.payments.health import months_paid_twice, runs_told_otherwise, runs_with_other_totals
from lienthong.payments.models import PaymentAccount, PaymentLine, PaymentRun
from lienthong.payments.services.collecting import collect_run
from lienthong.payments.services.moving import RunTarget
from lienthong.payments.services.signing import release_run
from lienthong.payments.sources import Owed
from lienthong.payments.states import AccountSource, Channel, LineState, NameCheck, RunState
from lienthong.people.models import Person
from lienthong.people.states import Sex
from tests.factories.payments import BANK
from tests.payments.house import NOVEMBER, House, OwingSource
from tests.payments.killing import Stage, keep_killing

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.kills]
PEOPLE = 1_200
OCTOBER = date(2026, 10, 1)
SEED = 20_261_130


class CrowdSource(OwingSource):
    """Owes the same to a crowd in each month of the run, computed as it goes: rows come as from a table."""

    def owed(self, month: date, *, since: date, changed_since: datetime | None) -> Iterator[Owed]:
        for person_id, unit_id in Person.objects.order_by("pk").values_list("pk", "unit_id").iterator(chunk_size=200):
            yield Owed(
                person_id=person_id, payee_id=person_id, unit_id=unit_id, benefit="allowance", for_month=month,
                amount=amount_of(person_id), words="Mức chuẩn nhân hệ số.", basis={"person": person_id},
            )  # fmt: skip


def amount_of(person_id: int) -> int:
    return 400_000 + person_id % 7 * 50_000


def fill(house: House, people: int) -> None:
    """Put a crowd in the house; every twentieth has no account."""
    Person.objects.bulk_create(
        Person(
            full_name=f"Người {number}", name_key=fold(f"Người {number}"), sort_key=person_sort_key(f"Người {number}"),
            sex=Sex.FEMALE, birth_on=date(1950, 1, 1), unit=house.unit,
        )
        for number in range(people)
    )  # fmt: skip
    PaymentAccount.objects.bulk_create(
        PaymentAccount(
            person_id=person_id, channel=Channel.BANK, bank_code=BANK, number=f"{person_id:010d}", holder_name="NGUOI",
            source=AccountSource.DECLARED, name_check=NameCheck.SAME, verified_at=house.now, verified_by=house.head,
            valid_from=date(2026, 1, 1), recorded_at=house.now,
        )
        for person_id in Person.objects.order_by("pk").values_list("pk", flat=True)
        if person_id % 20
    )  # fmt: skip


@pytest.fixture
def crowd(world: Any, monkeypatch: pytest.MonkeyPatch) -> House:
    """A house with a crowd; October is released, and each tenth of its lines failed."""
    from lienthong.payments import sources

    source = CrowdSource()
    monkeypatch.setattr(sources, "_SOURCES", {source.code: source})
    house = House(world, source)
    fill(house, PEOPLE)
    october = house.pay(OCTOBER)
    PaymentLine.objects.filter(run=october, number__endswith="0", state=LineState.SENT).update(
        state=LineState.FAILED, is_live=False, why="Tài khoản đã đóng."
    )
    return house


def preparing(house: House) -> Stage:
    expected: list[tuple[int, int]] = []

    def set_up() -> int:
        return house.open(NOVEMBER).pk

    def work(run_id: int) -> None:
        with told_moment(house.now):
            collect_run(run_id)

    def check(run_id: int, is_done: bool) -> None:
        run = PaymentRun.objects.get(pk=run_id)
        lines = PaymentLine.objects.filter(run=run)
        told = Event.objects.filter(stream=run.stream, name="PaymentRunPrepared").count()
        if run.state == RunState.COLLECTING:
            assert not is_done
            assert (lines.count(), told) == (0, 0), "half of a list is there"
            return
        found = lines.aggregate(lines=Count("pk"), amount=Sum("amount"))
        assert (run.state, told) == (RunState.PREPARED, 1)
        assert run.lines_total + run.held_lines == found["lines"]
        expected.append((found["lines"], found["amount"]))
        assert expected[-1] == expected[0], "the list depends on when a process was killed"
        in_all = PaymentLine.objects.filter(is_live=True).values("person", "for_month").annotate(paid=Sum("amount"))
        assert all(row["paid"] == amount_of(row["person"]) for row in in_all.order_by())
        assert [*runs_with_other_totals(), *months_paid_twice(), *runs_told_otherwise()] == []

    def tear_down(run_id: int) -> None:
        house.cancel(PaymentRun.objects.get(pk=run_id))

    return Stage(name="preparing", set_up=set_up, work=work, check=check, tear_down=tear_down)


def releasing(house: House) -> Stage:
    months = iter([date(2026 + (10 + place) // 12, (10 + place) % 12 + 1, 1) for place in range(200)])

    def set_up() -> RunTarget:
        month = next(months)
        house.now = house.now.replace(year=month.year, month=month.month)
        run = house.approve(house.check(house.prepare(month)))
        return RunTarget(run_id=run.pk, seen=run.version, client_key=uuid4())

    def work(target: RunTarget) -> None:
        release_run(target, acting_user=house.another_accountant, now=house.now)

    def check(target: RunTarget, is_done: bool) -> None:
        run = PaymentRun.objects.get(pk=target.run_id)
        states = dict(
            PaymentLine.objects.filter(run=run).exclude(state=LineState.HELD).order_by().values_list("state").annotate(
                Count("pk")
            )
        )  # fmt: skip
        told = Event.objects.filter(stream=run.stream, name="PaymentRunReleased").count()
        if run.state == RunState.APPROVED:
            assert not is_done
            assert (states, told) == ({LineState.PLANNED: run.lines_total}, 0)
        else:
            assert (run.state, told) == (RunState.RELEASED, 1)
            assert states == {LineState.SENT: run.lines_total}
            assert run.version == target.seen + 1

    return Stage(name="releasing", set_up=set_up, work=work, check=check)


@pytest.mark.parametrize(
    ("stage", "rounds", "by_chance", "least"), [(preparing, 2, 110, 160), (releasing, 2, 80, 95)]
)  # fmt: skip
def test_nothing_is_twice_and_nothing_lost_whenever_a_process_is_killed(
    crowd: House, stage: Callable[[House], Stage], rounds: int, by_chance: int, least: int
) -> None:
    kills = keep_killing(stage(crowd), rounds=rounds, by_chance=by_chance, luck=random.Random(SEED))

    assert kills >= least, f"only {kills} kills"

"""What follows by itself: a death ends benefits after its month, time adds months, a full recovery closes."""

from datetime import date

import pytest

from lienthong.assistance.models import Finding, Recovery
from lienthong.assistance.services import extending, following
from lienthong.assistance.services.changing import locked, stop
from lienthong.assistance.states import EntitlementState
from lienthong.assistance.tasks import follow_death
from lienthong.infra.events import Event, record
from lienthong.payments.models import PaymentLine
from lienthong.people.events import DeathRecorded
from tests.assistance.known import amount_in, disabled, granted, leader, processor, rates_of
from tests.world import World, at


def test_a_death_ends_everything_after_its_month_and_names_the_support_of_the_funeral(world: World) -> None:
    row = granted(world, disabled(world))
    person = row.person
    world.now = at("2027-02-10 09:00")
    person.died_on = date(2026, 12, 30)
    person.save()
    record(DeathRecorded(died_on=person.died_on), stream=f"person:{person.pk}", actor_id=None, at=world.now)
    event = Event.objects.get(name="DeathRecorded")

    follow_death(event_id=event.pk)
    follow_death(event_id=event.pk)

    row.refresh_from_db()
    assert (row.state, row.last_month) == (EntitlementState.ENDED, date(2026, 12, 1))
    assert "đã chết" in row.ended_because
    assert rates_of(row) == [("2026-11", "2027-01", 810_000)]
    finding = Finding.objects.get()
    assert (finding.benefit, finding.unit_id, finding.kind) == ("funeral", row.unit_id, "not_receiving")
    assert any("trợ cấp xã hội hàng tháng" in reason for reason in finding.reasons)
    assert finding.missing


def test_a_death_that_is_told_late_takes_back_what_was_owed_until_another_end(world: World) -> None:
    row = granted(world, disabled(world))
    person = row.person
    world.now = at("2027-04-10 09:00")
    stop(locked(row.pk), last_month=date(2027, 3, 1), reason="Từ chối nhận", acting_user_id=None, now=world.now)
    person.died_on = date(2026, 12, 20)
    person.save()

    assert following.follow_death(person.pk, now=world.now) == [row]
    assert following.follow_death(person.pk, now=world.now) == []

    row.refresh_from_db()
    assert (row.state, row.last_month) == (EntitlementState.ENDED, date(2026, 12, 1))
    assert rates_of(row) == [("2026-11", "2027-01", 810_000)]


def test_a_death_before_the_first_month_of_what_has_ended_leaves_nothing_owed(world: World) -> None:
    row = granted(world, disabled(world))
    world.now = at("2027-02-10 09:00")
    stop(locked(row.pk), last_month=date(2027, 1, 1), reason="Từ chối nhận", acting_user_id=None, now=world.now)
    row.person.died_on = date(2026, 9, 20)
    row.person.save()

    assert following.follow_death(row.person_id, now=world.now) == [row]
    assert following.follow_death(row.person_id, now=world.now) == []
    assert rates_of(row) == []


def test_a_death_after_the_end_changes_nothing(world: World) -> None:
    row = granted(world, disabled(world))
    world.now = at("2027-04-10 09:00")
    stop(locked(row.pk), last_month=date(2027, 1, 1), reason="Từ chối nhận", acting_user_id=None, now=world.now)
    row.person.died_on = date(2027, 1, 20)
    row.person.save()

    assert following.follow_death(row.person_id, now=world.now) == []


def test_a_death_of_somebody_who_receives_nothing_changes_nothing(world: World) -> None:
    person = disabled(world)
    assert following.follow_death(person.pk, now=world.now) == []
    person.died_on = date(2026, 11, 1)
    person.save()
    assert following.follow_death(person.pk, now=world.now) == []
    assert not Finding.objects.exists()


def test_rates_are_computed_further_before_they_end(world: World) -> None:
    row = granted(world, disabled(world))
    assert extending.people_to_extend(world.today) == []
    world.now = at("2028-02-01 02:20")
    assert extending.people_to_extend(world.today) == [row.person_id]
    extending.extend_rates(row.person_id, now=world.now)
    assert extending.people_to_extend(world.today) == []
    assert amount_in(row, date(2029, 12, 1)) == 810_000


@pytest.mark.parametrize(("kept", "state"), [(100_000, "open"), (200_000, "settled")])
def test_a_recovery_closes_once_everything_was_kept_back(world: World, kept: int, state: str) -> None:
    row = granted(world, disabled(world))
    Recovery.objects.create(
        entitlement=row, amount=200_000, monthly=100_000, first_month=date(2026, 12, 1), reason="Hưởng thừa",
        decided_on=world.today, prepared_by=processor(world), decided_by=leader(world), recorded_at=world.now,
    )  # fmt: skip
    line(row.person_id, row.payee_id, row.unit_id, kept)
    following.close_recoveries(now=world.now)
    assert Recovery.objects.get().state == state


def line(person_id: int, payee_id: int, unit_id: int, deducted: int) -> PaymentLine:
    from tests.factories import payments

    return payments.PaymentLineFactory(
        source="social-assistance", benefit="personal", person_id=person_id, payee_id=payee_id, unit_id=unit_id,
        for_month=date(2026, 12, 1), amount=810_000, deducted=deducted,
    )  # fmt: skip


def test_the_support_of_a_funeral_settles_what_the_death_had_named(world: World) -> None:
    row = granted(world, disabled(world, number="019080000071"))
    row.person.died_on = date(2026, 11, 10)
    row.person.save()
    following.follow_death(row.person_id, now=world.now)
    assert Finding.objects.get().state == "open"
    answers = {**world.request().answers, "deceased_number": "019080000071", "died_on": "2026-11-10"}
    world.approve(world.receive(answers=answers))
    assert Finding.objects.get().state == "settled"

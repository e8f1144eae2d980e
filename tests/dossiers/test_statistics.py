"""What counts as late: time that the applicant took is not the office's, time that the office asked for is."""

from datetime import date, timedelta

from lienthong.dossiers.statistics import Figures, figures
from lienthong.kernel.days import local_day
from tests.stories import answer, approve, ask, extend
from tests.world import World, at


def counted(first: date, until: date) -> Figures:
    (row,) = figures(first=first, until=until, now=at("2027-02-01 08:00"))
    return row


YEAR = (date(2026, 1, 1), date(2027, 1, 1))


def test_time_that_the_applicant_took_to_complete_the_papers_makes_nothing_late(world: World) -> None:
    dossier = ask(world, world.receive())
    assert dossier.promised_due_at is not None
    world.now = dossier.promised_due_at + timedelta(days=20)
    dossier = answer(world, dossier)
    dossier = approve(world, dossier)

    assert dossier.finished_at is not None
    assert dossier.finished_at > dossier.promised_due_at, "the promise on the receipt stays what it was"
    assert (counted(*YEAR).late, counted(*YEAR).early) == (0, 1)


def test_a_letter_of_apology_does_not_make_it_punctual(world: World) -> None:
    dossier = world.receive()
    assert dossier.promised_due_at is not None
    dossier = extend(world, dossier, local_day(dossier.promised_due_at) + timedelta(days=7))
    world.now = dossier.promised_due_at + timedelta(days=1)
    approve(world, dossier)

    assert (counted(*YEAR).late, counted(*YEAR).late_extended) == (1, 0)


def test_a_dossier_that_waited_for_papers_was_within_time_then_whatever_came_later(world: World) -> None:
    dossier = ask(world, world.receive())
    assert dossier.promised_due_at is not None
    month_end = dossier.promised_due_at + timedelta(days=3)
    period = (date(2026, 1, 1), local_day(month_end))
    assert (counted(*period).within, counted(*period).past) == (1, 0)

    world.now = month_end + timedelta(days=5)
    answer(world, dossier)

    assert (counted(*period).within, counted(*period).past) == (1, 0)


def test_papers_asked_for_after_the_time_had_run_out_stop_nothing(world: World) -> None:
    dossier = world.receive()
    assert dossier.promised_due_at is not None
    world.now = dossier.promised_due_at + timedelta(days=2)
    dossier = ask(world, dossier)
    period = (date(2026, 1, 1), local_day(world.now) + timedelta(days=1))
    assert (counted(*period).within, counted(*period).past) == (0, 1)

    world.now += timedelta(days=5)
    approve(world, answer(world, dossier))

    assert counted(*YEAR).late == 1

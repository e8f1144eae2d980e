"""The published figures, counted again from the log alone by a fold that knows nothing of the row of a dossier."""

import contextlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lienthong.catalogue.models import ProcedureVersion
from lienthong.dossiers import statistics
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services import ActionNotPossible, TooLateToExtend
from lienthong.dossiers.services.clock import NewDayNotLater, NewDayOff
from lienthong.dossiers.statistics import Figures, figures, records_behind
from lienthong.infra.models import Event
from lienthong.kernel.days import local_day, local_moment
from tests.stories import (
    answer,
    approve,
    ask,
    claim,
    extend,
    file_online,
    hand_over,
    receive_online,
    refuse,
    stop,
    withdraw,
)
from tests.world import FUNERAL_SUPPORT, WORK_PERMIT, World, at

PERIODS = [
    (date(2026, 10, 1), date(2026, 11, 1)),
    (date(2026, 11, 1), date(2026, 12, 1)),
    (date(2026, 12, 1), date(2027, 1, 1)),
    (date(2026, 10, 1), date(2027, 1, 1)),
    (date(2026, 11, 16), date(2026, 11, 17)),
]
DIMENSIONS = ("all", "field", "agency", "channel", "procedure", "month")


@dataclass
class Told:
    """What the events of one dossier tell that a figure asks for."""

    facts: dict[str, Any] = field(default_factory=dict)
    received_at: datetime | None = None
    dues: list[tuple[datetime, datetime | None, bool]] = field(default_factory=list)
    current: datetime | None = None
    finished_at: datetime | None = None
    is_settled: bool = False
    is_extended: bool = False

    def due_at(self, end: datetime) -> datetime | None:
        """Return when it was due by the law as things stood at a moment; None where there was no such day."""
        due, stands = None, False
        for since, becomes, pauses in self.dues:
            if since < end:
                stands = pauses and due is not None and since < due
                due = due if pauses else becomes
        return None if stands else due


def fold() -> Iterator[Told]:
    """Read the log once, event by event."""
    told: dict[str, Told] = {}
    for event in Event.objects.filter(stream__startswith="dossier:").order_by("stream", "sequence"):
        one, payload = told.setdefault(event.stream, Told()), event.payload
        match event.name:
            case "DossierReceived":
                one.facts, one.received_at = payload, event.at
                one.current = moment(payload["promised_due_at"])
                one.dues.append((event.at, one.current, False))
            case "SupplementRequested":
                one.current = None
                one.dues.append((event.at, None, True))
            case "SupplementAnswered":
                one.current = moment(payload["current_due_at"])
                one.dues.append((event.at, moment(payload["legal_due_at"]), False))
            case "DeadlineExtended":
                one.is_extended = True
                one.current = moment(payload["current_due_at"])
            case "DossierApproved" | "DossierRefused":
                one.finished_at, one.is_settled = event.at, True
            case "DossierStopped" | "DossierWithdrawn":
                one.finished_at = event.at
    yield from (one for one in told.values() if one.received_at is not None)


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def group_of(one: Told, by: str) -> str:
    assert one.received_at is not None
    return {
        "all": "",
        "field": one.facts["field_code"],
        "agency": str(one.facts["receiving_agency_id"]),
        "channel": one.facts["channel"],
        "procedure": one.facts["procedure_code"],
        "month": f"{local_day(one.received_at):%Y-%m}",
    }[by]


def naive_figures(*, first: date, until: date, by: str, now: datetime) -> list[Figures]:
    """Count as a clerk with the book before them would: one dossier after the other."""
    start, end = local_moment(first), min(local_moment(until), now)
    rows: dict[str, dict[str, int]] = {}
    for one in fold():
        assert one.received_at is not None
        if one.received_at >= end or (one.finished_at is not None and one.finished_at < start):
            continue
        row = rows.setdefault(group_of(one, by), dict.fromkeys(statistics.FIGURE_NAMES, 0))
        row["carried_over" if one.received_at < start else "received"] += 1
        if one.received_at >= start and one.facts["channel"] == "online":
            row["online"] += 1
        due = one.due_at(end)
        if one.finished_at is None or one.finished_at >= end:
            row["past" if due is not None and due < end else "within"] += 1
        elif not one.is_settled:
            row["closed"] += 1
        elif due is None:
            row["without_deadline"] += 1
        else:
            finished, promised = local_day(one.finished_at), local_day(due)
            row["early" if finished < promised else "on_time" if finished == promised else "late"] += 1
            if one.is_extended and one.current is not None and finished > local_day(one.current):
                row["late_extended"] += 1
    return [Figures(group, **row) for group, row in sorted(rows.items())]


def live(world: World, chance: random.Random) -> None:
    """Let one dossier live through something, from the moment that the world calls now."""
    code = chance.choice([FUNERAL_SUPPORT, WORK_PERMIT])
    door = chance.random()
    if door < 0.1:
        file_online(world)
        return
    dossier = receive_online(world) if door < 0.35 else world.receive(code, now=world.now)
    if chance.random() < 0.3:
        world.now += timedelta(days=chance.randint(0, 3))
        dossier = claim(world, dossier)
    if chance.random() < 0.25:
        world.now += timedelta(days=chance.randint(0, 4))
        dossier = ask(world, dossier)
        if chance.random() < 0.2:
            return
        world.now += timedelta(days=chance.randint(0, 9))
        dossier = answer(world, dossier)
    if chance.random() < 0.3:
        dossier = promise_a_later_day(world, dossier)
        if dossier.extensions and dossier.current_due_at is not None and chance.random() < 0.4:
            world.now = dossier.current_due_at + timedelta(days=chance.randint(0, 3))
    if dossier.promised_due_at is not None and chance.random() < 0.3:
        world.now = max(world.now, dossier.promised_due_at - timedelta(hours=chance.randint(0, 6)))
    else:
        world.now += timedelta(days=chance.randint(0, 14), hours=chance.randint(-1, 5))
    end = chance.choice([approve, approve, approve, refuse, stop, withdraw, None])
    if end is None:
        return
    dossier = end(world, dossier)
    if end in (approve, refuse) and chance.random() < 0.5:
        hand_over(world, dossier)


def promise_a_later_day(world: World, dossier: Dossier) -> Dossier:
    """Move the promised day, where the law still allows it."""
    for days in range(7, 12):
        if dossier.current_due_at is not None:
            with contextlib.suppress(NewDayNotLater, NewDayOff, TooLateToExtend, ActionNotPossible):
                return extend(world, dossier, local_day(dossier.current_due_at) + timedelta(days=days))
    return dossier


@pytest.fixture
def history(world: World, request: pytest.FixtureRequest) -> World:
    """Forty dossiers of three months, in a world whose law sets no time limit for some."""
    chance = random.Random(request.param)
    limits = ProcedureVersion.objects.filter(procedure__code=WORK_PERMIT)
    usual = limits.values_list("allowance", flat=True).get(valid_until=None)
    for number in range(40):
        limits.filter(valid_until=None).update(allowance=[] if number % 2 == 0 else usual)
        world.now = at("2026-10-06 08:00") + timedelta(days=chance.randint(0, 60), hours=chance.randint(0, 8))
        live(world, chance)
    return world


@pytest.mark.parametrize("history", [1, 2026], indirect=True)
def test_the_figures_are_what_the_log_tells_add_up_and_open_their_records(history: World) -> None:
    now, seen = at("2027-02-01 08:00"), set[str]()

    for first, until in PERIODS:
        whole = figures(first=first, until=until, now=now)
        for by in DIMENSIONS:
            counted = figures(first=first, until=until, by=by, now=now)
            assert counted == naive_figures(first=first, until=until, by=by, now=now), (first, until, by)
            assert all(row.reconciles for row in counted)
            for name in statistics.FIGURE_NAMES:
                assert sum(getattr(row, name) for row in counted) == sum(getattr(row, name) for row in whole)
                for row in counted:
                    number = records(name, by=by, group=row.group, first=first, until=until, now=now)
                    assert number == getattr(row, name), (first, until, by, row.group, name)
                    seen |= {name} if number else set()

    assert seen == set(statistics.FIGURE_NAMES), "the generated histories show every figure"


def records(name: str, *, by: str, group: str, first: date, until: date, now: datetime) -> int:
    """Open the records behind one figure and count them."""
    behind = Dossier.objects.filter(records_behind(name, first=first, until=until, now=now))
    if by != "all":
        inside = statistics.in_group(by, group)
        assert inside is not None
        behind = behind.filter(inside)
    return behind.count()


def test_a_period_that_is_not_over_is_counted_up_to_now(world: World) -> None:
    chance = random.Random(5)
    for number in range(12):
        world.now = at("2026-11-02 08:00") + timedelta(days=number)
        live(world, chance)
    now = max(Event.objects.order_by("at").values_list("at", flat=True)) + timedelta(seconds=1)

    for by in DIMENSIONS:
        counted = figures(first=date(2026, 11, 1), until=date(2027, 1, 1), by=by, now=now)
        assert counted == naive_figures(first=date(2026, 11, 1), until=date(2027, 1, 1), by=by, now=now)


def test_the_share_in_time_leaves_out_what_has_no_time_limit(world: World) -> None:
    ProcedureVersion.objects.filter(procedure__code=WORK_PERMIT, valid_until=None).update(allowance=[])
    approve(world, world.receive(WORK_PERMIT))
    approve(world, world.receive())
    refuse(world, world.receive())

    (row,) = figures(first=date(2026, 11, 1), until=date(2026, 12, 1), now=at("2026-11-17 08:00"))

    assert (row.without_deadline, row.early, row.share_in_time) == (1, 2, 1.0)


@pytest.mark.django_db
def test_nothing_counted_is_no_rate() -> None:
    assert figures(first=date(2026, 1, 1), until=date(2026, 2, 1), now=at("2026-11-16 08:00")) == []
    nothing = statistics.nothing()
    assert (nothing.share_in_time, nothing.share_online) == (None, None)


@pytest.mark.parametrize(
    ("by", "group"),
    [
        ("", ""),
        ("nonsense", "x"),
        ("agency", "x"),
        ("agency", "9" * 30),
        ("agency", "²"),
        ("month", "2026-13"),
        ("month", "9999-01"),
    ],
)
def test_a_group_that_is_none_opens_nothing_of_its_own(by: str, group: str) -> None:
    assert statistics.in_group(by, group) is None

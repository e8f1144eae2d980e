"""What is granted and changed for many at once is what one by one would have been: the same rates, the same facts told."""

from datetime import date
from typing import Any

from lienthong.assistance.models import Entitlement, EntitlementRate
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.queries.months import starts_of
from lienthong.assistance.services.bulk import GrantOfMany, Rewrite, grant_many, rewrite_many
from lienthong.assistance.services.changing import adjust
from lienthong.assistance.services.granting import grant
from lienthong.assistance.states import Benefit, EntitlementState
from lienthong.infra.models import Event
from lienthong.kernel.days import local_day
from lienthong.people.models import Person
from tests.assistance.known import asked, disabled, known, leader, rates_of
from tests.factories.assistance import CircumstanceFactory
from tests.world import COMMUNE, World, at

ELDERLY_SOON = date(1967, 6, 20)


def in_bulk(world: World, *people: Person, **changes: Any) -> list[Entitlement]:
    """Grant to many what one by one would have been granted."""
    on = local_day(world.now)
    grants = []
    for person in people:
        history = history_of(person.pk)
        starts = starts_of(history, Benefit.PERSONAL, decided_on=on)
        row = Entitlement(
            person=person, programme="social-assistance", benefit=Benefit.PERSONAL, payee=person, decided_on=on,
            unit_id=world.agency(COMMUNE).unit_id, first_month=min(starts.values(), default=on.replace(day=1)), **changes,
        )  # fmt: skip
        grants.append(
            GrantOfMany(row=row, history=history, starts=starts, known_on=on, at=world.now, by=leader(world).pk)
        )
    return grant_many(grants)


def told(row: Entitlement) -> list[tuple[str, dict[str, Any]]]:
    """Return the facts of a benefit without what tells it from another."""
    own = {"entitlement_id", "person_id", "rate_ids"}
    rows = Event.objects.filter(stream=row.stream).order_by("sequence")
    return [(one.name, {key: value for key, value in one.payload.items() if key not in own}) for one in rows]


def test_grants_of_many_are_those_of_one(world: World) -> None:
    one, other = disabled(world, born=ELDERLY_SOON), disabled(world, born=ELDERLY_SOON)

    alone = grant(asked(world, one), acting_user=leader(world), now=world.now)
    (many,) = in_bulk(world, other)

    assert rates_of(many) == rates_of(alone)
    assert told(many) == told(alone)
    first, second = (row.rates.order_by("first_month").first() for row in (many, alone))
    assert first is not None
    assert second is not None
    assert (first.words, first.basis["lines"]) == (second.words, second.basis["lines"])


def test_of_whom_the_rules_give_nothing_nothing_is_written(world: World) -> None:
    assert in_bulk(world, known(world)) == []
    assert not Event.objects.filter(name="EntitlementGranted").exists()


def test_a_law_changes_many_as_it_changes_one(world: World) -> None:
    world.now = at("2026-09-01 09:00")
    alone, many = in_bulk(world, disabled(world), disabled(world))
    assert rates_of(many) == [("2026-09", "2028-09", 750_000)]
    world.now = at("2026-10-05 08:00")
    reason, day = "Mức chuẩn mới", local_day(world.now)

    adjust(alone.person_id, from_month=day, reason=reason, acting_user_id=None, now=world.now, known_on=day)
    rewrite_many([
        Rewrite(
            row=many, history=history_of(many.person_id), from_month=day, known_on=day, reason=reason, at=world.now, by=None
        )
    ])  # fmt: skip

    assert rates_of(many) == rates_of(alone)
    assert told(many) == told(alone)
    assert EntitlementRate.objects.filter(entitlement=many).exclude(superseded_at=None).count() == 1


def test_where_nothing_changes_only_the_months_ahead_are_added(world: World) -> None:
    (row,) = in_bulk(world, disabled(world))
    world.now = at("2027-01-04 08:00")
    day = local_day(world.now)

    rewrite_many([
        Rewrite(row=row, history=history_of(row.person_id), from_month=day, known_on=day, reason="", at=world.now, by=None)
    ])  # fmt: skip

    assert rates_of(row) == [("2026-11", "2028-11", 810_000), ("2028-11", "2029-01", 810_000)]
    assert [name for name, _payload in told(row)] == ["EntitlementGranted"]


def test_what_is_lost_ends_once_the_last_month_has_come_and_not_before(world: World) -> None:
    person = known(world, facts={"poverty": "poor", "has_hiv": None})
    CircumstanceFactory(
        person=person, name="has_hiv", value=True, valid_from=date(2026, 1, 1), valid_until=date(2027, 2, 10)
    )
    CircumstanceFactory(person=person, name="has_hiv", value=False, valid_from=date(2027, 2, 10))
    (row,) = in_bulk(world, person)

    def rewritten(moment: str) -> None:
        world.now = at(moment)
        day = local_day(world.now)
        rewrite_many([
            Rewrite(
                row=row, history=history_of(person.pk), from_month=day, known_on=day, reason="Không còn đủ điều kiện",
                at=world.now, by=leader(world).pk,
            )
        ])  # fmt: skip
        row.refresh_from_db()

    rewritten("2026-12-01 08:00")
    assert row.state == EntitlementState.ACTIVE
    assert [one[1] for one in rates_of(row) if one[2]][-1] == "2027-03"
    EntitlementRate.objects.filter(entitlement=row, superseded_at=None).update(superseded_at=world.now)
    EntitlementRate.objects.create(
        entitlement=row, first_month=date(2026, 11, 1), end_month=date(2028, 11, 1), amount=810_000, words="",
        basis={"lines": []}, recorded_at=world.now,
    )  # fmt: skip

    rewritten("2027-02-15 08:00")
    assert (row.state, row.last_month) == (EntitlementState.ENDED, date(2027, 2, 1))

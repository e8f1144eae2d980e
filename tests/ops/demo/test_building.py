"""A demo province is the same for a seed and a day, can be built as of any day, and is refused in words where it cannot."""

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from lienthong.accounts.models import User
from lienthong.dossiers import integrity
from lienthong.dossiers.models import Dossier
from lienthong.infra.models import Event
from lienthong.ops.demo.province import SCALES, Province, Scale, WrongDay
from lienthong.people.models import Person
from lienthong.poverty.models import HouseholdReview, ReviewRound
from lienthong.poverty.states import RoundKind

TODAY = date(2026, 11, 23)
TINY = SCALES["tiny"]


WITH_REVIEWS = replace(TINY, people=2_500, dossiers=40, reviews_poverty=True)


def build(*, seed: int = 5, today: date = TODAY, scale: Scale = TINY) -> None:
    Province(scale=scale, seed=seed, today=today, say=lambda words: None).build()


def digest() -> str:
    """Return what was invented, without what the database and the password hasher choose."""
    people = Person.objects.order_by("pk").values_list("full_name", "personal_id_number", "birth_on", "household_code")
    told = Event.objects.filter(stream__startswith="dossier:").order_by("pk").values_list("name", "at", "payload__code")
    rows = Dossier.objects.order_by("pk").values_list("code", "state", "applicant_name", "promised_due_at", "pauses")
    users = User.objects.order_by("pk").values_list("username", "full_name")
    reviews = HouseholdReview.objects.order_by("pk").values_list(
        "head_name", "class_before", "final_class", "visit_state", "a_points", "b_points", "deprivations"
    )
    invented = [list(people), list(told), list(rows), list(users), list(reviews)]
    return hashlib.sha256(repr(invented).encode()).hexdigest()


@pytest.mark.slow
def test_the_same_seed_and_day_give_the_same_province_and_another_seed_another(world: Any) -> None:
    digests = []
    for seed in (5, 5, 6):
        with transaction.atomic():
            build(seed=seed, scale=WITH_REVIEWS)
            digests.append(digest())
            transaction.set_rollback(True)

    assert digests[0] == digests[1]
    assert digests[2] != digests[0]


@pytest.mark.slow
@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 2, 17), date(2026, 6, 7), date(2027, 5, 3)])
def test_a_province_can_be_built_on_a_holiday_on_a_sunday_and_at_the_turn_of_the_year(world: Any, today: date) -> None:
    build(today=today)

    assert list(integrity.rows_that_differ_from_their_events()) == []
    assert Dossier.objects.filter(received_at__year=2022).count() == 861


@pytest.mark.slow
@pytest.mark.parametrize("today", [date(2026, 2, 17), date(2028, 1, 5)])
def test_between_the_rounds_every_review_is_over_but_the_months_requests(world: Any, today: date) -> None:
    build(today=today, scale=WITH_REVIEWS)

    assert not ReviewRound.objects.filter(kind=RoundKind.PERIODIC, closed_at=None).exists()
    assert ReviewRound.objects.filter(kind=RoundKind.REGULAR).count() == 1


def test_a_day_before_the_communes_of_now_is_refused_in_words() -> None:
    with pytest.raises(WrongDay, match="chọn một ngày từ 01/10/2025"):
        Province(scale=TINY, seed=1, today=date(2024, 5, 6), say=lambda words: None)


def test_a_database_with_people_is_not_filled_a_second_time(world: Any) -> None:
    world.citizen()

    with pytest.raises(CommandError, match="đã có người"):
        call_command("demo", verbosity=0)


@pytest.mark.parametrize("day", ["hôm nay", "2026-13-40"])
def test_a_day_that_cannot_be_read_is_refused_in_words(db: None, day: str) -> None:
    with pytest.raises(CommandError, match="Không hiểu ngày"):
        call_command("demo", on=day, verbosity=0)

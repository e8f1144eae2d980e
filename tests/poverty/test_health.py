"""The doctor finds what no longer says what was approved and decided; the database keeps it from happening."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection

from lienthong.poverty import health
from lienthong.poverty.models import FormVersion, HouseholdReview, HouseholdStanding
from tests.factories.poverty import (
    FormVersionFactory,
    HouseholdReviewFactory,
    HouseholdStandingFactory,
    PointsTableFactory,
    scored,
)
from tests.poverty.village import Village
from tests.world import World, at

pytestmark = pytest.mark.django_db


def test_finds_nothing_amiss_after_a_decision(world: World) -> None:
    village = Village(world)
    village.household()
    village.meet(now=at("2026-11-02 09:00"))
    village.post(now=at("2026-11-03 09:00"))
    village.prepare(now=world.now)
    village.sign(now=world.now)

    assert list(health.households_decided_otherwise()) == []
    assert list(health.households_scored_otherwise()) == []


def test_finds_a_table_that_nobody_approved() -> None:
    table = PointsTableFactory()

    assert table.name in "".join(health.tables_changed_after_approval())


def test_finds_a_row_that_says_another_class_than_its_score() -> None:
    review = HouseholdReviewFactory()
    scored(review)
    HouseholdReview.objects.filter(pk=review.pk).update(surveyed_class="not_poor")

    assert review.household.code in "".join(health.households_scored_otherwise())


@pytest.mark.parametrize("changes", [{"household_class": "near_poor"}, {"valid_from": date(2020, 1, 1)}])
def test_a_class_that_was_held_is_only_ended(changes: dict[str, object]) -> None:
    standing = HouseholdStandingFactory()

    HouseholdStanding.objects.filter(pk=standing.pk).update(valid_until=date(2026, 12, 1))
    with pytest.raises(IntegrityError, match="chỉ được kết thúc"):
        HouseholdStanding.objects.filter(pk=standing.pk).update(**changes)


def test_a_published_form_is_not_edited() -> None:
    version = FormVersionFactory()

    with pytest.raises(IntegrityError, match="phát hành phiên bản mới"), connection.cursor():
        FormVersion.objects.filter(pk=version.pk).update(xml="<other/>")

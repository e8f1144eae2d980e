"""The doctor finds what no longer says what was approved and decided; the database keeps it from happening."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from lienthong.poverty import health
from lienthong.poverty.models import FormSource, FormVersion, HouseholdReview, HouseholdStanding
from tests.factories.poverty import (
    FormVersionFactory,
    HouseholdReviewFactory,
    HouseholdStandingFactory,
    PointsTableFactory,
    VisitFactory,
    scored,
)
from tests.factories.poverty_standards import AreaDesignationFactory, ProvincialLineFactory
from tests.factories.units import AdministrativeUnitFactory
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


def test_the_file_of_a_published_form_is_only_added() -> None:
    source = FormSource.objects.create(form_version=FormVersionFactory(), content=b"PK")

    with pytest.raises(IntegrityError), transaction.atomic():
        FormSource.objects.filter(pk=source.pk).update(content=b"other")
    with pytest.raises(IntegrityError), transaction.atomic():
        source.delete()


@pytest.mark.parametrize(
    ("factory", "changes"),
    [
        (ProvincialLineFactory, {"amount": 1}),
        (AreaDesignationFactory, {"area": "rural"}),
        (PointsTableFactory, {"is_superseded": True}),
        (PointsTableFactory, {"state": "draft", "approved_by": None}),
        (VisitFactory, {"answers": {"size": 9}}),
        (HouseholdStandingFactory, {"certificate_number": "other"}),
    ],
)
def test_what_is_settled_stays(factory: Any, changes: dict[str, Any]) -> None:
    given: dict[Any, dict[str, Any]] = {
        AreaDesignationFactory: {"unit": AdministrativeUnitFactory.create()} if "area" in changes else {},
        HouseholdStandingFactory: {"certificate_number": "05443-2026-0001"},
    }
    row = factory(**given.get(factory, {}))

    with pytest.raises(IntegrityError):
        type(row).objects.filter(pk=row.pk).update(**changes)

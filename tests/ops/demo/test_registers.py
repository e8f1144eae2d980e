"""The register of the demo province: its own people, verified twice, with something left for every screen."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from lienthong.ops.demo.registers.files import HEADS, LISTS, Files, Wanted
from lienthong.ops.demo.registers.house import House, people_of_the_province
from lienthong.people.models import Person
from lienthong.verification.models import Batch, Case, PopulationCopy, QualityFigure, ReviewSample, ThresholdChoice
from lienthong.verification.states import BatchState, CaseState, CopyState
from tests.databases import Databases
from tests.ops.demo.standing import province_stands
from tests.ops.demo.test_building import TINY

TODAY = date(2026, 11, 23)
WANTED = Wanted(households=160, support=50)


@pytest.fixture(scope="module")
def built(databases: Databases, django_db_blocker: Any) -> Iterator[None]:
    with province_stands(databases, django_db_blocker, replace(TINY, records=WANTED), today=TODAY):
        yield


@pytest.fixture
def verified(built: None, db: None) -> None:
    """The province that verified its register."""


@pytest.mark.slow
@pytest.mark.usefixtures("verified")
def test_the_register_was_verified_month_by_month_and_people_have_begun_to_decide() -> None:
    first, last = Batch.objects.order_by("pk")
    states = set(Case.objects.values_list("state", flat=True))

    assert (first.state, last.state) == (BatchState.DONE, BatchState.DONE)
    before, copy = PopulationCopy.objects.order_by("as_of")
    assert (before.state, copy.state) == (CopyState.SUPERSEDED, CopyState.READY)
    assert (first.population_copy, last.population_copy) == (before, copy)
    assert (copy.added > 0, copy.removed) == (True, 0)
    assert last.totals["entries"] == 210
    assert last.totals["register"]["verified"] > first.totals["register"]["verified"]
    assert {CaseState.OPEN, CaseState.DECIDED} <= states
    assert {row.date().isoformat() for row in Batch.objects.values_list("finished_at", flat=True)} == {
        "2026-08-10", "2026-11-20"
    }  # fmt: skip
    months = sorted({row.month for row in QualityFigure.objects.order_by("month")})
    closed, open_ = ReviewSample.objects.order_by("pk")
    choice = ThresholdChoice.objects.get()

    assert months == [date(2026, month, 1) for month in (8, 9, 10, 11)]
    assert (closed.closed_at is not None, open_.closed_at) == (True, None)
    assert all(sum(row.alive_entries for row in QualityFigure.objects.filter(month=month)) > 0 for month in months)
    assert choice.confirmed_by not in {None, choice.proposed_by}


@pytest.mark.slow
@pytest.mark.usefixtures("verified")
def test_the_register_is_about_people_of_the_province_and_its_files_are_the_same_again() -> None:
    def files(house: House) -> Files:
        return Files(house, wanted=WANTED, seed=5)

    house = people_of_the_province(seed=5)
    one, again = files(house), files(people_of_the_province(seed=5))
    register = one.register("medium")
    known = set(Person.objects.values_list("personal_id_number", flat=True))

    assert register.equals(again.register("medium"))
    assert one.population.equals(again.population)
    assert set(one.population["cccd"]) <= known
    assert register.columns == list(HEADS.values())
    assert register["Danh sách"].value_counts().sort("count")["count"].to_list() == [50, 160]
    assert set(register["Danh sách"]) == set(LISTS.values())
    assert register.select(pl.col("Mã hồ sơ").n_unique()).item() == 210

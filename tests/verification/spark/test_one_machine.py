"""The Splink model on DuckDB: the same model as on a cluster, on the machine that one has."""

import polars as pl
import pytest

from lienthong.verification.linkage.learnt import Learnt
from lienthong.verification.linkage.places import Places
from lienthong.verification.linkage.sides import Population, Register
from lienthong.verification.linkage.verdicts import link
from lienthong.verification.spark.preparing import HEAD_COLUMNS, HOUSEHOLD, SCHEMA, prepare_entries, prepare_people
from lienthong.verification.spark.run import on_duckdb
from tests.verification.spark.invented import f1, province, share_of_same_links

pytestmark = pytest.mark.filterwarnings("ignore")  # those of Splink are not ours


def test_finds_whom_our_engine_finds() -> None:
    given = province(people=20_000, records=3_000)
    places = Places.read(given.places)
    population = Population.prepare(given.population, places=places)
    ours = link(Register.prepare(given.register, population=population, places=places), population)

    theirs = on_duckdb(given.register, given.population, given.places, model=ours.model)

    assert theirs.schema == ours.verdicts.schema
    assert share_of_same_links(ours.verdicts, theirs) >= 0.98
    assert f1(theirs, given.truth) >= 0.98
    linked = theirs.filter("is_linked")
    assert given.population["number"].gather(linked["population_row"]).equals(linked["number"], null_equal=False)


def test_finds_them_too_with_weights_that_splink_learns() -> None:
    given = province(people=20_000, records=3_000)

    found = on_duckdb(given.register, given.population, given.places)

    assert f1(found, given.truth) >= 0.98
    assert found.equals(on_duckdb(given.register, given.population, given.places))


def test_parts_read_apart_are_prepared_as_the_whole() -> None:
    given = province(people=2_000, records=300)
    places = Places.read(given.places)
    cut = 700
    first, rest = given.population.head(cut), given.population.slice(cut)
    apart = Learnt.together(Population.prepare(part, places=places).learnt for part in (first, rest))
    other_way = Learnt.together(Population.prepare(part, places=places).learnt for part in (rest, first))

    parts = [
        prepare_people(first, first=0, places=places, learnt=apart),
        prepare_people(rest, first=cut, places=places, learnt=other_way),
    ]
    whole = prepare_people(given.population, first=0, places=places, learnt=apart)

    assert pl.concat(parts).drop(HEAD_COLUMNS).equals(whole.drop(HEAD_COLUMNS))


def test_both_sides_have_the_same_columns() -> None:
    given = province(people=2_000, records=300)
    places = Places.read(given.places)
    learnt = Population.prepare(given.population, places=places).learnt

    people = prepare_people(given.population, first=0, places=places, learnt=learnt)
    entries = prepare_entries(given.register, first=0, places=places, learnt=learnt)

    assert people.drop(HOUSEHOLD).schema == entries.schema == pl.Schema(SCHEMA)


@pytest.mark.parametrize(
    ("records", "people", "columns"),
    [(0, 300, None), (20, 0, None), (1, 300, None), (20, 2, None), (50, 300, ("full_name",))],
)
def test_answers_for_tables_too_small_to_learn_from(records: int, people: int, columns: tuple[str, ...] | None) -> None:
    given = province(people=2_000, records=300)
    register, population = given.register.head(records), given.population.head(people)
    if columns:
        register, population = register.select("record_id", *columns), population.select("number", *columns)

    found = on_duckdb(register, population, None)

    assert found["record_id"].to_list() == register["record_id"].cast(pl.String).to_list()
    assert found["status"].null_count() == 0
    if not people:
        assert set(found["status"]) == {"not_found"}

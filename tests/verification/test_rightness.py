"""The engine against the truth of an invented province: right often enough, sure only where it may be, and always the same."""

from functools import cache

import polars as pl
import pytest

from lienthong.ops.bench.verification import faithfulness, marks
from lienthong.ops.bench.verification.by_engine import POPULATION_COLUMNS, REGISTER_COLUMNS
from lienthong.ops.invented.province import Invented, Size, invent_province
from lienthong.verification.linkage import Linkage, Places, Population, Register, link

PEOPLE, RECORDS = 80_000, 12_000


@cache
def invented() -> Invented:
    return invent_province(Size(people=PEOPLE, records=RECORDS, seed=4, tiers=("medium",)))


@cache
def linked(*, is_shuffled: bool = False) -> Linkage:
    places = Places.read(invented().communes.as_frame())
    people = in_columns(invented().reference.frame, POPULATION_COLUMNS, is_shuffled=is_shuffled)
    records = in_columns(invented().registers["medium"].frame, REGISTER_COLUMNS, is_shuffled=is_shuffled)
    population = Population.prepare(people, places=places)
    return link(Register.prepare(records, population=population, places=places), population)


def in_columns(frame: pl.DataFrame, columns: dict[str, str], *, is_shuffled: bool) -> pl.DataFrame:
    texts = pl.col(*[name for name in columns if name != "chu_ho"]).cast(pl.String)
    named = frame.with_columns(texts).rename(columns)
    return named.sample(fraction=1, shuffle=True, seed=3) if is_shuffled else named


def verdicts() -> pl.DataFrame:
    return (
        linked()
        .verdicts.with_columns(rid=pl.col("record_id").cast(pl.Int32))
        .join(invented().registers["medium"].truth, on="rid")
    )


def test_nearly_everybody_is_found_and_nearly_nobody_is_mistaken() -> None:
    links = verdicts().select("rid", cccd=pl.when("is_linked").then("number"))

    found = marks.accuracy(links, invented().registers["medium"].truth)

    assert found.f1 >= 0.995, found.as_plain_data()
    assert found.precision >= 0.998


def test_what_is_accepted_at_99_per_cent_is_hardly_ever_wrong() -> None:
    accepted = verdicts().filter(pl.col("probability") >= 0.99, "is_linked")

    assert accepted.height > 0.94 * RECORDS
    assert (accepted["number"] == accepted["cccd"]).fill_null(False).mean() >= 0.9985  # type: ignore[operator]


def test_the_dead_are_noticed() -> None:
    noticed = marks.detection(verdicts()["status"] == "dead", verdicts()["dead"])

    assert noticed["precision"] >= 0.98
    assert noticed["recall"] >= 0.97


def test_another_order_of_both_files_gives_the_same_verdicts() -> None:
    here, there = (run.verdicts.sort("record_id") for run in (linked(), linked(is_shuffled=True)))

    assert faithfulness.differences(here, there)["read"] == 0


@pytest.mark.parametrize("column", ["status", "number", "probability"])
def test_every_record_has_a_verdict_in_its_order(column: str) -> None:
    assert linked().verdicts.height == invented().registers["medium"].frame.height
    assert linked().verdicts["record_id"].to_list() == [str(rid) for rid in range(linked().verdicts.height)]
    assert column in linked().verdicts.columns

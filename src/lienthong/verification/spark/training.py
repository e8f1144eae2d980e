"""Weights learnt by Splink, where no model of the engine is given: on a sample, here, whoever runs the model.

A cluster is no place to learn some sixty shares: they are as well known from ten thousand records. Chances are learnt from
records and people drawn at random; shares of true pairs from the same records and the people who agree with them under a
training rule, each field under rules that do not fix it.
"""

import logging
from typing import Any, Protocol

import polars as pl

from lienthong.verification.linkage import levels
from lienthong.verification.spark import settings
from lienthong.verification.spark.engines import OnDuckDB
from lienthong.verification.spark.settings import ENTRIES, PEOPLE, RECORD, Weights

RECORDS_TO_LEARN_FROM, PEOPLE_TO_LEARN_FROM = 10_000, 100_000
RANDOM_PAIRS = 1e6
# Names are learnt under dates, dates under names, both under numbers.
TRAINING_RULES = (("name_bag", "short_year"), ("short_year", "month_day", "commune"), ("number",))


class Tables(Protocol):
    """Where the tables of the two sides lie."""

    def read(self, sql: str) -> pl.DataFrame:
        """Bring the answer of a query here."""


def learn_weights(tables: Tables, *, people: int) -> Weights:
    """Learn the shares of pairs at each level; where the tables hold no pairs to learn from, what is usual stays.

    Args:
        tables: With the tables ``entries`` and ``people``.
        people: Number of people.
    """
    ((records,),) = tables.read(f"select count(*) as number from {ENTRIES}").rows()
    drawn = f"select * from {ENTRIES} where {_one_in(records, RECORDS_TO_LEARN_FROM)}"
    # In one order, so that the same pairs are drawn in every run.
    entries = tables.read(drawn).sort(RECORD)
    anybody = tables.read(f"select * from {PEOPLE} where {_one_in(people, PEOPLE_TO_LEARN_FROM)}").sort(RECORD)
    agreeing = " union ".join(
        f"select p.{RECORD} from ({drawn}) e join {PEOPLE} p on {_equal('e', 'p', columns)}"
        for columns in TRAINING_RULES
    )
    likely = tables.read(f"select p.* from {PEOPLE} p join ({agreeing}) a on p.{RECORD} = a.{RECORD}").sort(RECORD)

    chances = _linker(entries, anybody, people=people, weights=Weights.usual())
    chances.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=1)
    learnt = _shares(chances)
    if likely.height:
        linker = _linker(entries, likely, people=people, weights=learnt)
        _learn_true_pairs(linker, entries, likely)
        learnt = Weights(true=_shares(linker).true, random=learnt.random)
    return learnt


def _learn_true_pairs(linker: Any, entries: pl.DataFrame, people: pl.DataFrame) -> None:
    from splink import block_on

    for columns in TRAINING_RULES:
        # Splink refuses a rule that no pair meets.
        if entries.drop_nulls(columns).join(people, on=columns, how="semi").height:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*columns), fix_u_probabilities=True
            )


def _linker(entries: pl.DataFrame, people_drawn: pl.DataFrame, *, people: int, weights: Weights) -> Any:
    from splink import Linker

    engine = OnDuckDB(threads=1)
    engine.take(ENTRIES, entries)
    engine.take(PEOPLE, people_drawn)
    tables = [engine.api.register(name, table_name=name) for name in (ENTRIES, PEOPLE)]
    model = settings.model_settings(dialect="duckdb", people=people, weights=weights)
    return Linker(tables, model, log_level=logging.ERROR)


def _shares(linker: Any) -> Weights:
    """Take m and u out of a linker; a level never seen keeps what it had."""
    usual = Weights.usual()
    true, random = ({field: dict(of) for field, of in each.items()} for each in (usual.true, usual.random))
    written = {
        each["output_column_name"]: each["comparison_levels"]
        for each in linker.misc.save_model_to_json()["comparisons"]
    }
    for comparison in levels.COMPARISONS:
        field = comparison.field.value
        for level, found in zip(comparison.levels, written[field][1:], strict=True):
            true[field][level.code] = found.get("m_probability", true[field][level.code])
            random[field][level.code] = found.get("u_probability", random[field][level.code])
    return Weights(true=true, random=random)


def _one_in(number: int, wanted: int) -> str:
    """Choose about so many of a table's rows, spread over all of it and the same in every run."""
    return f"{RECORD} % {max(1, number // wanted)} = 0"


def _equal(left: str, right: str, columns: tuple[str, ...]) -> str:
    return " and ".join(f"{left}.{column} = {right}.{column}" for column in columns)

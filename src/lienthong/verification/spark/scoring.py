"""The Splink model over two prepared tables, the same on a cluster and on one machine: candidates with their weights.

What surrounds Splink is SQL that both dialects read: heads of households joined, frequencies counted in the population
alone, the rules of rescue for records that found no good candidate, the few best people of each record.
"""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl

from lienthong.verification.linkage import levels
from lienthong.verification.spark import settings
from lienthong.verification.spark.preparing import HEAD_COLUMNS, HOUSEHOLD, SCHEMA
from lienthong.verification.spark.settings import ENTRIES, PEOPLE, RECORD, Dialect, Weights
from lienthong.verification.spark.training import learn_weights

PREPARED_PEOPLE = "prepared_people"  # as the parts have them, before heads are joined
HEADS = "heads"
FIRST, RESCUE = "first", "rescue"  # passes

# A candidate this unlikely, in bits after the prior, takes nothing from the others.
WEAKEST_BITS = -12.0
MOST_CANDIDATES = 8
# Records whose best candidate is less likely than this look further, by the rules of rescue.
GOOD_BITS = 4.0


class Engine(Protocol):
    """What runs SQL: DuckDB, or a session of Spark."""

    dialect: Dialect
    api: Any

    def make(self, name: str, sql: str) -> None:
        """Keep the answer of a query under a name."""

    def read(self, sql: str) -> pl.DataFrame:
        """Bring the answer of a query here."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What the model says.

    Attributes:
        pairs: Columns record, person, bits (what the fields of the pair say together, without the prior), and for each
            field ``<field>_bits``; the best of each record first.
        concerned: Rows of the people whom a verdict speaks of, ascending: candidates, the heads of their households,
            and who holds a number that a record has.
    """

    pairs: pl.DataFrame
    concerned: pl.Series

    @classmethod
    def of_nobody(cls) -> "Scores":
        """Return what is said where one side is empty."""
        bits = dict.fromkeys((f"{each.field}_bits" for each in levels.COMPARISONS), pl.Float64)
        pairs = pl.DataFrame(schema={"record": pl.Int64, "person": pl.Int64, "bits": pl.Float64, **bits})
        return cls(pairs, pl.Series("person", [], dtype=pl.Int64))


def score(engine: Engine, *, people: int, weights: Weights | None) -> Scores:
    """Score the candidates of every record.

    Args:
        engine: With the tables ``entries`` and ``prepared_people`` made.
        people: Number of people.
        weights: Shares of pairs at each level; without them Splink learns them from a sample.
    """
    _join_heads(engine)
    linker = _linker(engine, people=people, weights=weights or learn_weights(engine, people=people))
    prior = linker._settings_obj._probability_two_random_records_match
    prior_bits = math.log2(prior / (1 - prior))
    found = {FIRST: _best(engine, linker, FIRST, prior_bits)}
    if _block_rescue(engine, linker, prior_bits):
        found[RESCUE] = _best(engine, linker, RESCUE, prior_bits)
    pairs = pl.concat(found.values()).unique(["record", "person"], keep="any")
    pairs = pairs.sort("record", "bits", "person", descending=[False, True, False])
    return Scores(pairs, _concerned(engine, list(found)))


def _join_heads(engine: Engine) -> None:
    """Give each person the name of the head of their household, who may stand in another part of the population."""
    own = ", ".join(f"p.{name}" for name in SCHEMA if name not in HEAD_COLUMNS)
    engine.make(
        HEADS,
        f"select {HOUSEHOLD}, max({RECORD}) as head, max_by(name_bag, {RECORD}) as head_bag, "
        f"max_by(name_ends, {RECORD}) as head_ends from {PREPARED_PEOPLE} "
        f"where is_head and {HOUSEHOLD} is not null group by {HOUSEHOLD}",
    )
    engine.make(
        PEOPLE,
        f"select {own}, h.head_bag, h.head_ends from {PREPARED_PEOPLE} p left join {HEADS} h "
        f"on p.{HOUSEHOLD} = h.{HOUSEHOLD}",
    )


def _linker(engine: Engine, *, people: int, weights: Weights) -> Any:
    from splink import Linker

    model = settings.model_settings(dialect=engine.dialect, people=people, weights=weights)
    linker = Linker(
        [engine.api.register(name, table_name=name) for name in (ENTRIES, PEOPLE)], model, log_level=logging.ERROR
    )
    for column in settings.frequency_columns():
        name = f"frequency_of_{column}"
        engine.make(
            name,
            f"select {column}, cast(count(*) as double) / {people} as tf_{column} from {PEOPLE} "
            f"where {column} is not null group by {column}",
        )
        linker.table_management.register_term_frequency_lookup(engine.api.register(name, table_name=name), column)
    return linker


def _block_rescue(engine: Engine, linker: Any, prior_bits: float) -> bool:
    """Lay out the further candidates of the records that have no good one yet; say whether there are any."""
    good = f"select 1 from best_{FIRST} b where b.record = e.{RECORD} and b.bits >= {GOOD_BITS - prior_bits}"
    engine.make("entries_left", f"select e.* from {ENTRIES} e where not exists ({good})")
    pairs = " union ".join(
        f"select '0' as match_key, concat('{ENTRIES}-__-', l.{RECORD}) as join_key_l, "
        f"concat('{PEOPLE}-__-', r.{RECORD}) as join_key_r from entries_left l join {PEOPLE} r on {rule}"
        for rule in settings.blocking_rules(rescue=True)
    )
    engine.make("pairs_in_rescue", pairs)
    if not engine.read("select 1 as one from pairs_in_rescue limit 1").height:
        return False
    table = engine.api.register("pairs_in_rescue", table_name="pairs_in_rescue")
    linker.table_management.register_blocked_pairs_for_predict(table)
    return True


def _best(engine: Engine, linker: Any, name: str, prior_bits: float) -> pl.DataFrame:
    """Let Splink score the pairs that are laid out, and bring the best few of each record here."""
    predicted = linker.inference.predict(threshold_match_weight=WEAKEST_BITS)
    frequent = {each.field for each in levels.COMPARISONS if any(settings.varies(level) for level in each.levels)}
    bits = [
        f"mw_{each.field}{f' + mw_tf_adj_{each.field}' if each.field in frequent else ''} as {each.field}_bits"
        for each in levels.COMPARISONS
    ]
    ranked = f"row_number() over (partition by {RECORD}_l order by match_weight desc, {RECORD}_r) as place"
    engine.make(
        f"best_{name}",
        f"select {RECORD}_l as record, {RECORD}_r as person, match_weight - ({prior_bits}) as bits, {', '.join(bits)} "
        f"from (select *, {ranked} from {predicted.physical_name}) ranked where place <= {MOST_CANDIDATES}",
    )
    return engine.read(f"select * from best_{name}").with_columns(pl.col("record", "person").cast(pl.Int64))


def _concerned(engine: Engine, names: Sequence[str]) -> pl.Series:
    """Name the people whom a verdict may speak of."""
    candidates = " union ".join(f"select person from best_{name}" for name in names)
    heads = (
        f"select h.head as person from ({candidates}) c join {PREPARED_PEOPLE} p on p.{RECORD} = c.person "
        f"join {HEADS} h on p.{HOUSEHOLD} = h.{HOUSEHOLD}"
    )
    owners = f"select p.{RECORD} as person from {ENTRIES} e join {PEOPLE} p on e.number = p.number"
    return engine.read(f"{candidates} union {heads} union {owners}")["person"].cast(pl.Int64).sort()

"""The same person twice, within a register and between registers, by the same levels and weights."""

import numpy as np
import polars as pl

from lienthong.verification.linkage.blocking import candidates
from lienthong.verification.linkage.comparing import compare, measure_names
from lienthong.verification.linkage.levels import BLOCKING_RULES, OWN_EVIDENCE
from lienthong.verification.linkage.places import Places
from lienthong.verification.linkage.sides import Population, Register
from lienthong.verification.linkage.vocabulary import Field
from lienthong.verification.linkage.weights import (
    Evidence,
    Model,
    first_model,
    level_words,
    log_chances,
)

_USUAL_SHARE = 0.01  # of records that are somebody's second one
_SHOWN_FROM = 0.5
_LEAST_OWN_EVIDENCE = 4.0  # bits


def duplicates(frame: pl.DataFrame, *, places: Places, model: Model | None = None) -> pl.DataFrame:
    """Find pairs of records that are one person. Trùng người trong một sổ và giữa các sổ.

    Args:
        frame: The rows of one register or of several put together; ``record_id`` is unique over all.
        places: Which communes of today an old code means.
        model: What a run against the population learnt; the usual shares where None.

    Returns:
        ``record_id``, ``other_record_id``, ``probability``, ``explanation``; the surest first.
    """
    if frame.height < 2:
        return pl.DataFrame(
            schema={
                "record_id": pl.String,
                "other_record_id": pl.String,
                "probability": pl.Float64,
                "explanation": pl.String,
            }
        )
    others = Population.prepare(_as_population(frame), places=places)
    register = Register.prepare(frame, population=others, places=places)
    others.number, others.old_number, others.is_head = register.number, register.old_number, register.is_head
    others.head_codes = np.full(others.number_of_rows, -1)
    pairs = candidates(
        register, others, np.arange(register.number_of_rows), [rule for rule in BLOCKING_RULES if not rule.rescue]
    )
    pairs = pairs.where(pairs.records < pairs.people)
    compare(register, others, pairs)
    measure_names(register, others, pairs, np.ones(len(pairs), np.bool_))
    model = model or first_model(register, others)
    evidence = Evidence(pairs, log_chances(register, others, pairs, model.chances))
    score = evidence.weigh(model)[0] + np.log2(_USUAL_SHARE / register.number_of_rows)
    probability = 1 / (1 + np.exp2(-np.clip(score.astype(np.float64), -60, 60)))
    own, _ = evidence.weigh(model, OWN_EVIDENCE)
    found = np.flatnonzero((probability >= _SHOWN_FROM) & (own > _LEAST_OWN_EVIDENCE))
    chosen = pairs.where(found)
    same = pl.concat_str(
        [level_words(field, chosen.levels[field]) for field in (Field.NUMBER, Field.NAME, Field.BIRTH, Field.COMMUNE)],
        separator="; ",
        ignore_nulls=True,
    )
    return pl.DataFrame(
        {
            "record_id": register.record_ids.gather(chosen.records),
            "other_record_id": register.record_ids.gather(chosen.people),
            "probability": probability[found],
            "explanation": pl.select(same).to_series() if len(found) else pl.Series([], dtype=pl.String),
        }
    ).sort("probability", "record_id", "other_record_id", descending=[True, False, False])


def _as_population(frame: pl.DataFrame) -> pl.DataFrame:
    """Let the rows stand for the people with whom they are compared."""
    wanted = ("record_id", "number", "full_name", "birth_date", "sex", "ethnicity", "commune_code", "household_id")
    return frame.select(pl.col(name) for name in wanted if name in frame.columns)

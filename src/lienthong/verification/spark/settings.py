"""The engine's one declaration of comparison levels and blocking rules, written as settings of a Splink model.

Nothing is declared here: a level or a rule added in ``linkage.levels`` is in the model of either dialect at once.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lienthong.verification.linkage import levels
from lienthong.verification.linkage.levels import BlockingRule, Comparison, Level

Dialect = Literal["duckdb", "spark"]
Probabilities = Mapping[str, Mapping[str, float]]  # by field, by code of the level

# Splink puts the table whose name sorts first on the left, and on the left of a condition stands the register.
ENTRIES, PEOPLE = "entries", "people"
RECORD = "record"
COMMUNE, OTHER_COMMUNES = "commune", ("commune_2", "commune_3")
ONE_PERSON = "one_person"  # a value that one person alone has
NUMBER_DIGITS = 12
UNKNOWN_DAYS = "(0, 101)"

_COLUMN = re.compile(r"\b([a-z_0-9]+)_[lr]\b")
_RARELY = 0.01  # by chance, before a sample of random pairs says better
_SMALLEST = 1e-12  # a probability of nothing has no logarithm

# What the engine measures by functions of its own, said in SQL that both dialects read.
_MEASURES = {
    levels.NAME_DISTANCE: "damerau_levenshtein(name_plain_l, name_plain_r)",
    levels.NUMBER_DISTANCE: "("
    + " + ".join(
        f"(case when substr(number_text_l, {place}, 1) = substr(number_text_r, {place}, 1) then 0 else 1 end)"
        for place in range(1, NUMBER_DIGITS + 1)
    )
    + ")",
}
# How common an agreement is depends here on both values of a pair, which Splink does not ask: its model takes one chance
# for all.
OF_A_PAIR = ("name_misspelt",)


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of true and of random pairs at each level, as a model of the engine has them.

    Attributes:
        true: Share of true pairs, m.
        random: Share of random pairs, u.
    """

    true: Probabilities
    random: Probabilities

    @classmethod
    def of(cls, model: Mapping[str, Any]) -> "Weights":
        """Take them from a model of the engine, as plain data."""
        fields = model["fields"].items()
        return cls(
            {field: {level["level"]: level["m"] for level in given} for field, given in fields},
            {field: {level["level"]: level["u"] for level in given} for field, given in fields},
        )

    @classmethod
    def usual(cls) -> "Weights":
        """Return what is usual before any data are seen."""
        return cls(
            {each.field.value: {level.code: level.usual for level in each.levels} for each in levels.COMPARISONS},
            {
                each.field.value: {level.code: _usual_chance(level) for level in each.levels}
                for each in levels.COMPARISONS
            },
        )


def model_settings(*, dialect: Dialect, people: int, weights: Weights) -> dict[str, Any]:
    """Return the settings of the Splink model.

    Args:
        dialect: Whose SQL it is.
        people: Number of people in the population.
        weights: Shares of pairs at each level.
    """
    return {
        "link_type": "link_only",
        "sql_dialect": dialect,
        "unique_id_column_name": RECORD,
        "probability_two_random_records_match": 1 / max(people, 2),
        "comparisons": [_comparison(each, people=people, weights=weights) for each in levels.COMPARISONS],
        "blocking_rules_to_generate_predictions": blocking_rules(rescue=False),
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
    }


def blocking_rules(*, rescue: bool) -> list[str]:
    """Return the rules as conditions; a rule over communes is written once for each commune an old code may mean.

    Args:
        rescue: The rules for records without a good candidate, or the others.
    """
    return [sql for rule in levels.BLOCKING_RULES if rule.rescue is rescue for sql in _rule(rule)]


def frequency_columns() -> list[str]:
    """Return the columns whose values say how common an agreement is by chance."""
    return list(dict.fromkeys(level.frequency for each in levels.COMPARISONS for level in each.levels if varies(level)))


def varies(level: Level) -> bool:
    """Say whether the chance of a level is that of the value on which a pair agrees."""
    return bool(level.frequency and level.condition) and level.frequency not in (ONE_PERSON, *OF_A_PAIR)


def columns_asked_for() -> set[str]:
    """Return every prepared column that a condition, a frequency or a rule speaks of."""
    asked = set(frequency_columns())
    for comparison in levels.COMPARISONS:
        conditions = [_in_sql(comparison.silent), *(_in_sql(level.condition) for level in comparison.levels)]
        asked |= set(comparison.needs) | {name for sql in conditions for name in _COLUMN.findall(sql)}
    for rule in levels.BLOCKING_RULES:
        asked |= set(rule.columns)
    return asked


def _comparison(comparison: Comparison, *, people: int, weights: Weights) -> dict[str, Any]:
    lacking = [f"{column}_{side} is null" for column in comparison.needs for side in "lr"]
    silent = " or ".join([*lacking, *([f"({comparison.silent})"] if comparison.silent else [])])
    return {
        "output_column_name": comparison.field.value,
        "comparison_levels": [
            {"sql_condition": silent, "label_for_charts": "không so được", "is_null_level": True},
            *(_level(comparison, level, people=people, weights=weights) for level in comparison.levels),
        ],
    }


def _level(comparison: Comparison, level: Level, *, people: int, weights: Weights) -> dict[str, Any]:
    field = comparison.field.value
    written: dict[str, Any] = {"sql_condition": _in_sql(level.condition) or "ELSE", "label_for_charts": level.words}
    if level.frequency == ONE_PERSON:
        written |= {"u_probability": 1 / max(people, 2), "fix_u_probability": True}
    elif level.chance:
        written |= {"u_probability": level.chance, "fix_u_probability": True}
    if varies(level):
        # One in all people is the rarest a value can be.
        written |= {"tf_adjustment_column": level.frequency, "tf_minimum_u_value": 1 / max(people, 2)}
        written |= {"tf_adjustment_weight": 1.0, "disable_tf_exact_match_detection": True}
    written["m_probability"] = max(weights.true[field][level.code], _SMALLEST)
    written.setdefault("u_probability", max(weights.random[field][level.code], _SMALLEST))
    return written


def _usual_chance(level: Level) -> float:
    return level.chance or (_RARELY if level.condition else 1 - _RARELY)


def _rule(rule: BlockingRule) -> Iterator[str]:
    for commune in (COMMUNE, *OTHER_COMMUNES) if COMMUNE in rule.columns else (COMMUNE,):
        equal = [f"l.{commune if column == COMMUNE else column} = r.{column}" for column in rule.columns]
        known = [f"{side}.month_day not in {UNKNOWN_DAYS}" for side in "lr"] if rule.known_day else []
        yield " and ".join([*equal, *known])


def _in_sql(condition: str) -> str:
    for measure, sql in _MEASURES.items():
        condition = condition.replace(measure, sql)
    return condition

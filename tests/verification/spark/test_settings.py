"""One declaration, two engines: the Splink model names exactly the levels and rules that our engine has."""

from dataclasses import replace

import pytest
from splink import SettingsCreator

from lienthong.verification.linkage import levels
from lienthong.verification.linkage.levels import BLOCKING_RULES, COMPARISONS, SEX, BlockingRule, Level
from lienthong.verification.linkage.vocabulary import FieldVerdict
from lienthong.verification.linkage.weights import Model, flattened, usual_shares
from lienthong.verification.spark.preparing import SCHEMA
from lienthong.verification.spark.settings import (
    OF_A_PAIR,
    ONE_PERSON,
    Dialect,
    Weights,
    blocking_rules,
    columns_asked_for,
    frequency_columns,
    model_settings,
)

DIALECTS: tuple[Dialect, ...] = ("duckdb", "spark")


def levels_in(settings: dict) -> dict[str, list[str]]:
    """Return the words of the levels of each field, without the one where it says nothing."""
    return {
        comparison["output_column_name"]: [
            level["label_for_charts"] for level in comparison["comparison_levels"] if not level.get("is_null_level")
        ]
        for comparison in settings["comparisons"]
    }


@pytest.mark.parametrize("dialect", DIALECTS)
def test_names_exactly_the_declared_levels_in_their_order(dialect: Dialect) -> None:
    declared = {each.field.value: [level.words for level in each.levels] for each in COMPARISONS}

    assert levels_in(model_settings(dialect=dialect, people=1_000, weights=Weights.usual())) == declared


@pytest.mark.parametrize("dialect", DIALECTS)
def test_splink_takes_the_settings(dialect: Dialect) -> None:
    settings = model_settings(dialect=dialect, people=1_000, weights=Weights.usual())

    taken = SettingsCreator.from_path_or_dict(settings).get_settings(dialect)

    assert [each.output_column_name for each in taken.comparisons] == [each.field.value for each in COMPARISONS]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_new_level_is_in_the_model_of_both(dialect: Dialect, monkeypatch: pytest.MonkeyPatch) -> None:
    new = Level("unsure", "một bên ghi chưa rõ", FieldVerdict.SIMILAR, "sex_l = 2 or sex_r = 2", 0.01)
    longer = replace(SEX, levels=(SEX.levels[0], new, *SEX.levels[1:]))
    monkeypatch.setattr(levels, "COMPARISONS", tuple(longer if each is SEX else each for each in COMPARISONS))

    assert levels_in(model_settings(dialect=dialect, people=1_000, weights=Weights.usual()))["sex"] == [
        level.words for level in longer.levels
    ]


def test_every_rule_is_a_condition_once_or_once_per_commune() -> None:
    for rescue in (False, True):
        declared = [rule for rule in BLOCKING_RULES if rule.rescue is rescue]
        conditions = blocking_rules(rescue=rescue)

        assert len(conditions) == sum(3 if "commune" in rule.columns else 1 for rule in declared)
        for rule in declared:
            assert " and ".join(f"l.{column} = r.{column}" for column in rule.columns) in " ; ".join(conditions)


def test_a_new_rule_is_among_the_conditions(monkeypatch: pytest.MonkeyPatch) -> None:
    new = BlockingRule("number_day", "sáu số cuối và ngày tháng sinh", ("number_tail", "month_day"), known_day=True)
    monkeypatch.setattr(levels, "BLOCKING_RULES", (*BLOCKING_RULES, new))

    assert blocking_rules(rescue=False)[-1] == (
        "l.number_tail = r.number_tail and l.month_day = r.month_day"
        " and l.month_day not in (0, 101) and r.month_day not in (0, 101)"
    )


def test_every_column_asked_for_is_prepared() -> None:
    assert columns_asked_for() <= set(SCHEMA)


def test_every_frequency_is_that_of_a_column_or_of_a_pair() -> None:
    declared = {level.frequency for each in COMPARISONS for level in each.levels if level.frequency}

    assert declared <= {*frequency_columns(), ONE_PERSON, *OF_A_PAIR}
    assert set(frequency_columns()) <= set(SCHEMA)


def test_takes_its_weights_from_a_model_of_the_engine() -> None:
    shares = usual_shares()
    model = Model(shares, flattened(shares), shares)

    settings = model_settings(dialect="spark", people=1_000, weights=Weights.of(model.as_plain_data()))

    sex = next(each for each in settings["comparisons"] if each["output_column_name"] == "sex")
    written = [level["m_probability"] for level in sex["comparison_levels"] if not level.get("is_null_level")]
    assert written == pytest.approx(list(model.true_shares(SEX.field)))
    number = next(each for each in settings["comparisons"] if each["output_column_name"] == "number")
    assert number["comparison_levels"][1]["u_probability"] == 1 / 1_000

"""Disability: old medical conclusions, renewal at six, time limits, the council's vote."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lienthong.kernel.days import BirthDate
from lienthong.kernel.decisions import Decision, Outcome
from lienthong.people.states import DisabilityLevel as RecordedLevel
from lienthong.rules.disability import (
    Certificate,
    CouncilVote,
    DisabilityKind,
    DisabilityLevel,
    MedicalConclusion,
    SelfCare,
    Step,
    council_concludes,
    form_for,
    level_from_conclusion,
    renewal_due_on,
    time_limit,
)
from lienthong.rules.parameters import NoValueInForce, load_yaml

CASES: dict[str, list[dict[str, Any]]] = load_yaml(Path(__file__).parent / "cases.yaml")
TODAY = date(2026, 10, 1)
SEVERE, MILD, EXTREME = DisabilityLevel.SEVERE, DisabilityLevel.MILD, DisabilityLevel.EXTREMELY_SEVERE


def check(found: Decision[Any], expected: dict[str, Any], value: object) -> None:
    assert found.outcome is Outcome(expected.get("outcome", "granted"))
    assert found.value == value
    assert expected.get("missing", "") in " ".join(found.missing)
    assert set(expected.get("articles", [])) <= {str(reference) for reference in found.references}


@pytest.mark.parametrize("case", CASES["conclusions"], ids=[case["name"] for case in CASES["conclusions"]])
def test_old_conclusion(case: dict[str, Any]) -> None:
    given = dict(case["given"])
    if "self_care" in given:
        given["self_care"] = SelfCare(given["self_care"])
    level = case["expect"].get("level")

    check(level_from_conclusion(MedicalConclusion(**given)), case["expect"], level and DisabilityLevel(level))


@pytest.mark.parametrize("case", CASES["renewals"], ids=[case["name"] for case in CASES["renewals"]])
def test_renewal(case: dict[str, Any]) -> None:
    given = dict(case["given"])
    if "birth_date" in given:
        given["birth_date"] = BirthDate.parse(given["birth_date"])
    if "level" in given:
        given["level"] = DisabilityLevel(given["level"])
    if "form_items" in given:
        given["form_items"] = frozenset(given["form_items"])

    check(renewal_due_on(Certificate(**given), on=TODAY), case["expect"], case["expect"].get("due"))


def test_a_loss_beyond_a_hundred_percent_is_refused() -> None:
    with pytest.raises(ValueError, match="không thể có"):
        MedicalConclusion(loss_percent=101)


@pytest.mark.parametrize(
    ("step", "words", "article"),
    [
        (Step.ASSESS, "20 ngày làm việc", "01/2019/TT-BLĐTBXH, Điều 5 khoản 2"),
        (Step.CERTIFY, "5 ngày làm việc", "01/2019/TT-BLĐTBXH, Điều 6 khoản 1"),
        (Step.CERTIFY_AFTER_MEDICAL, "5 ngày làm việc", "01/2019/TT-BLĐTBXH, Điều 6 khoản 2"),
        (Step.ANSWER_OBJECTION, "5 ngày làm việc", "01/2019/TT-BLĐTBXH, Điều 6 khoản 1"),
        (Step.EXCHANGE, "5 ngày làm việc", "01/2019/TT-BLĐTBXH, Điều 9 khoản 2"),
        (Step.WITHDRAW, "5 ngày làm việc", "01/2019/TT-BLĐTBXH, Điều 9 khoản 3"),
    ],
)
def test_time_limits(step: Step, words: str, article: str) -> None:
    found = time_limit(step, on=TODAY)

    assert (found.allowance.in_words, str(found.source.reference)) == (words, article)
    with pytest.raises(NoValueInForce, match=r"disability/time_limits\.yaml"):
        time_limit(step, on=date(2019, 3, 14))


@pytest.mark.parametrize(
    ("born", "form"), [("02/10/2020", "02"), ("01/10/2020", "03"), ("2020", None), ("2015", "03"), ("2021", "02")]
)
def test_the_form_is_chosen_by_the_sixth_birthday(born: str, form: str | None) -> None:
    assert form_for(BirthDate.parse(born), on=TODAY) == form


def test_only_severe_and_extremely_severe_disabilities_carry_the_allowance() -> None:
    assert [level for level in DisabilityLevel if level.carries_allowance] == [EXTREME, SEVERE]
    assert all(level.in_words for level in DisabilityLevel)


def test_there_are_six_kinds() -> None:
    assert len({kind.in_words for kind in DisabilityKind}) == 6


def test_levels_are_written_as_people_are_recorded() -> None:
    assert {level.value for level in DisabilityLevel} == {*RecordedLevel.values, "none"}


@pytest.mark.parametrize(
    ("votes", "chair", "outcome", "level"),
    [
        ({SEVERE: 4}, SEVERE, Outcome.GRANTED, SEVERE),
        ({SEVERE: 3}, SEVERE, Outcome.REFUSED, None),
        ({SEVERE: 3, MILD: 1}, MILD, Outcome.GRANTED, SEVERE),
        ({SEVERE: 3, MILD: 3}, MILD, Outcome.GRANTED, MILD),
        ({SEVERE: 2, MILD: 2, EXTREME: 1}, EXTREME, Outcome.UNKNOWN, None),
    ],
)
def test_the_council_concludes_by_majority_and_the_chair(
    votes: dict[DisabilityLevel, int], chair: DisabilityLevel, outcome: Outcome, level: DisabilityLevel | None
) -> None:
    found = council_concludes(CouncilVote(members=6, votes=votes, chair=chair))

    assert (found.outcome, found.value) == (outcome, level)

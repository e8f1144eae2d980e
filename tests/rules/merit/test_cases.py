"""What people with merit are due, by the cases in cases/*.yaml."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lienthong.kernel.decisions import Outcome
from lienthong.rules.merit.assessing import assess_merit, grant_at_death
from lienthong.rules.merit.facts import Category, MeritClaim, MeritFacts, Relation
from lienthong.rules.merit.lines import LineKind
from lienthong.rules.merit.plain_facts import merit_as_plain, merit_from_plain
from lienthong.rules.parameters import NoValueInForce, load_yaml
from lienthong.rules.poverty.plain_facts import FactRefused

CASES: list[dict[str, Any]] = [
    case for file in sorted((Path(__file__).parent / "cases").glob("*.yaml")) for case in load_yaml(file)
]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    expected = case["expect"]
    facts = merit_from_plain({**case.get("person", {}), "claims": case["claims"]})

    found = assess_merit(facts, on=case["on"], known_on=case.get("known_on"))

    assert found.outcome is Outcome(expected.get("outcome", "granted"))
    assert {kind: found.total(kind) for kind in LineKind} == {kind: expected.get(kind.value, 0) for kind in LineKind}
    assert list(found.missing) == expected.get("missing", [])
    assert set(expected.get("articles", [])) <= {str(reference) for reference in found.references}
    if "notices" in expected:
        assert len(found.notices) == expected["notices"]
    assert found.decision.outcome is found.outcome
    assert merit_from_plain(merit_as_plain(facts)) == facts


def test_names_are_unique() -> None:
    names = [case["name"] for case in CASES]

    assert len(names) >= 60
    assert len(set(names)) == len(names)


def test_every_category_has_a_case() -> None:
    assert {claim["category"] for case in CASES for claim in case["claims"]} == set(Category)


def test_what_social_assistance_is_compared_with_leaves_out_the_attendant() -> None:
    claim = MeritClaim(category=Category.WAR_INVALID, rate=81, has_especially_severe_condition=False)

    found = assess_merit(MeritFacts(claims=(claim,), lives_at_home=True), on=date(2024, 7, 1))

    assert found.monthly_amount == 7_240_000 + 1_399_000
    assert found.monthly_total == found.monthly_amount + 2_789_000


def test_a_line_reads_as_a_sentence_with_its_articles() -> None:
    facts = MeritFacts(claims=(MeritClaim(category=Category.WAR_INVALID, rate=20),))

    (line,) = assess_merit(facts, on=date(2024, 7, 1)).lines

    assert str(line).replace("\u00a0", " ") == (
        "Trợ cấp một lần cho người bị thương từ 16% đến 20% (8 lần mức chuẩn 2.789.000 ₫): 22.312.000 ₫ "
        "(75/2021/NĐ-CP, Điều 15 khoản 5; 75/2021/NĐ-CP, Phụ lục VI)"
    )


def test_a_level_that_was_not_read_says_so() -> None:
    facts = MeritFacts(claims=(MeritClaim(category=Category.IMPRISONED),))

    (notice,) = assess_merit(facts, on=date(2026, 7, 1)).notices

    assert notice.startswith("Mức theo 321/2026/NĐ-CP, Phụ lục I mục 9 chưa kiểm chứng. Chưa đọc được phụ lục")


def test_before_the_ordinance_there_is_no_level() -> None:
    facts = MeritFacts(claims=(MeritClaim(category=Category.IMPRISONED),))

    for on, known_on in ((date(2021, 6, 30), None), (date(2021, 8, 1), date(2021, 9, 14))):
        with pytest.raises(NoValueInForce, match=r"parameters/merit/levels"):
            assess_merit(facts, on=on, known_on=known_on)


@pytest.mark.parametrize(
    ("claims", "amount"),
    [
        ([MeritClaim(category=Category.WAR_INVALID, rate=85, has_especially_severe_condition=False)], 27_000_000),
        (
            [MeritClaim(category=Category.AGENT_ORANGE_RESISTER, rate=85, has_especially_severe_condition=False)],
            19_074_000,
        ),
        ([MeritClaim(category=Category.HEROIC_MOTHER)], 32_112_000),
        ([MeritClaim(category=Category.ACTIVIST_BEFORE_1945, was_detached=True, seniority_units=2)], 12_525_000),
        ([MeritClaim(category=Category.RELATIVE_OF_MARTYR, relation=Relation.PARENT, number_of_martyrs=1)], 8_367_000),
        ([MeritClaim(category=Category.HERO), MeritClaim(category=Category.IMPRISONED)], 12_030_000),
    ],
)
def test_three_months_are_paid_when_a_recipient_dies(claims: list[MeritClaim], amount: int) -> None:
    assert grant_at_death(MeritFacts(claims=tuple(claims)), on=date(2024, 7, 1)).value == amount


@pytest.mark.parametrize(
    "claim",
    [
        MeritClaim(
            category=Category.RELATIVE_OF_MARTYR,
            relation=Relation.REMARRIED_SPOUSE,
            has_cared_for_martyrs_family=True,
        ),
        MeritClaim(category=Category.WAR_INVALID, rate=20),
        MeritClaim(category=Category.WORSHIPPER_OF_MARTYR, number_of_martyrs=1, martyr_has_recipient=False),
    ],
)
def test_nothing_is_paid_when_somebody_else_dies(claim: MeritClaim) -> None:
    assert grant_at_death(MeritFacts(claims=(claim,)), on=date(2024, 7, 1)).outcome is Outcome.REFUSED


def test_the_sum_at_death_is_open_while_the_rate_is() -> None:
    facts = MeritFacts(claims=(MeritClaim(category=Category.WAR_INVALID),))

    assert grant_at_death(facts, on=date(2024, 7, 1)).missing == ("tỷ lệ tổn thương cơ thể",)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"claims": [{"category": "king"}]}, "không có mã “king”"),
        ({"claims": [{"rate": 21}]}, "phải nêu diện"),
        ({"claims": [{"category": "hero", "size": 1}]}, "không có mục này"),
        ({"claims": [{"category": "war_invalid", "rate": 101}]}, "không thể có"),
        ({"claims": [{"category": "war_invalid", "rate": "20,5"}]}, "không phải số"),
        ({"claims": "hero"}, "danh sách"),
        ({"claims": ["hero"]}, "cặp tên và giá trị"),
        ({"birth_date": "31/02/2000"}, "chỉ có 29 ngày"),
        ({"age": 3}, "không có mục này"),
    ],
)
def test_what_is_no_fact_is_refused(content: dict[str, Any], sentence: str) -> None:
    with pytest.raises(FactRefused, match=sentence):
        merit_from_plain(content)

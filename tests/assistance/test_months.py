"""Whatever happens to a person, what is stored for a month is what the rules give for it."""

import itertools
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from lienthong.assistance.models import Circumstance, DisabilityCertificate
from lienthong.assistance.queries.facts import History
from lienthong.assistance.queries.months import months_of_span, owed_months, spans_of
from lienthong.assistance.states import SOCIAL_BENEFITS
from lienthong.people.models import Person
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.social_assistance.months import monthly_amounts

FIRST, UNTIL = date(2025, 1, 1), date(2028, 1, 1)
DAYS = some.dates(date(2024, 6, 1), date(2027, 6, 1))
FACTS: dict[str, list[object]] = {
    "poverty": ["poor", "near_poor", "other"],
    "has_supporter": [True, False],
    "is_studying": [True, False],
    "has_hiv": [True, False],
    "marital": ["never_married", "widowed", "married"],
    "lives_in_difficult_area": [True, False],
    "pension": [0, 400_000],
    "other_benefit": [0, 900_000],
    "has_stable_income": [True, False],
    "in_institution": [False],
    "care": ["none", "household", "taken_in"],
    "is_pregnant": [False],
    "is_abandoned": [False],
    "father": ["caring", "dead"],
    "mother": ["caring", "dead"],
    "received_as_orphan": [False],
    "supporter_receives_allowance": [False],
    "eligible_for_institution": [True, False],
    "spouse_receives_care_support": [False],
    "pension_request": ["none", "written"],
    "children": [[], [{"birth_date": "2015-03-04", "is_studying": True}], [{"birth_date": "2024-02-29"}]],
}


@some.composite
def histories(draw: some.DrawFn) -> History:
    """Return somebody whose facts change on some days."""
    born = draw(some.sampled_from([date(1944, 5, 17), date(1951, 2, 28), date(1966, 8, 31), date(1990, 1, 1), date(2010, 3, 9),
                                   date(2023, 11, 30)]))  # fmt: skip
    person = Person(pk=1, full_name="Hoàng Thị Thử", sex="female", birth_on=born, birth_precision="day")
    rows: list[Circumstance] = []
    for name, values in FACTS.items():
        days = sorted({date(2020, 1, 1), *draw(some.lists(DAYS, max_size=1))})
        for begin, end in zip(days, [*days[1:], None], strict=True):
            rows.append(
                Circumstance(
                    person=person, name=name, value=draw(some.sampled_from(values)), valid_from=begin, valid_until=end,
                    evidence="Biên bản",
                )
            )  # fmt: skip
    level = draw(some.sampled_from([None, *DisabilityLevel]))
    certificates = []
    if level:
        day = draw(DAYS)
        certificates.append(
            DisabilityCertificate(person=person, level=level, number="1", issued_on=day, valid_from=day)
        )
        rows.append(
            Circumstance(
                person=person,
                name="disability",
                value="none",
                valid_from=date(2020, 1, 1),
                valid_until=day,
                evidence="-",
            )
        )
    else:
        rows.append(
            Circumstance(person=person, name="disability", value="none", valid_from=date(2020, 1, 1), evidence="-")
        )
    return History(person, circumstances=rows, certificates=certificates)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(histories())
def test_the_rates_of_a_month_add_up_to_what_the_rules_give(history: History) -> None:
    months = list(months_of_span(FIRST, UNTIL))
    expected = monthly_amounts(history.facts_on, months)

    found = owed_months(history, months)
    assert [one.amount for one in found] == [one.amount for one in expected]
    assert [one.lines for one in found] == [one.lines for one in expected]

    spans = [span for benefit in SOCIAL_BENEFITS for span in spans_of(found, history, benefit)]
    for one in expected:
        total = sum(span.amount for span in spans if span.first_month <= one.month < span.end_month)
        if one.amount is not None:
            assert total == one.amount
        else:
            assert one.lowest <= total <= one.highest


@pytest.mark.parametrize("benefit", SOCIAL_BENEFITS)
def test_spans_follow_each_other_without_a_gap(benefit: str) -> None:
    person = Person(pk=1, full_name="Hoàng Thị Thử", sex="female", birth_on=date(1951, 2, 28), birth_precision="day")
    history = History(person)
    months = owed_months(history, months_of_span(FIRST, UNTIL))
    spans = spans_of(months, history, benefit)
    assert spans[0].first_month == FIRST
    assert spans[-1].end_month == UNTIL
    assert all(one.end_month == other.first_month for one, other in itertools.pairwise(spans))

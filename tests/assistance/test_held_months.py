"""Cases that a lawyer can read: what goes on while a fact lacks, and what ends all the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from lienthong.assistance.models import Circumstance, EntitlementRate
from lienthong.assistance.queries.facts import History
from lienthong.assistance.queries.months import RateSpan, held_before, months_of_span, owed_months, spans_of
from lienthong.assistance.states import Benefit
from lienthong.people.models import Person
from tests.assistance.known import PLAIN

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases" / "held_months.yaml").read_text("utf-8"))


def month(text: Any) -> date:
    return date.fromisoformat(f"{text}-01")


def history(case: dict[str, Any]) -> History:
    rows = []
    for name, told in {**PLAIN, **case["facts"]}.items():
        since, until, value = told if isinstance(told, list) and len(told) == 3 else (date(2020, 1, 1), None, told)
        if value is not None:
            rows.append(Circumstance(name=name, value=value, valid_from=since, valid_until=until, evidence="Biên bản"))
    person = Person(
        pk=1, full_name="Hoàng Thị Thử", sex=case.get("sex", "male"), birth_on=case["born"], birth_precision="day"
    )
    return History(person, circumstances=rows)


def paid_before(case: dict[str, Any]) -> list[EntitlementRate]:
    told = case["before"]
    amount = told["level"] if told["tenths"] is None else told["level"] * told["tenths"] // 10
    reference = "20/2021/NĐ-CP, Điều 5"
    line = {
        "code": told["category"], "tenths": told["tenths"], "level": told["level"], "amount": amount, "reference": reference,
        "coefficient_reference": reference, "level_reference": reference, "notices": [],
    }  # fmt: skip
    return [EntitlementRate(first_month=date(2021, 7, 1), end_month=month(case["first"]), amount=amount, basis={"lines": [line]})]  # fmt: skip


def spans(case: dict[str, Any]) -> list[RateSpan]:
    known = history(case)
    first = month(case["first"])
    before = held_before(paid_before(case), first) if "before" in case else None
    owed = owed_months(known, months_of_span(first, month(case["until"])))
    return spans_of(owed, known, Benefit.PERSONAL, before=before)


def of_month(found: list[RateSpan], asked: Any) -> RateSpan:
    return next(one for one in found if one.first_month <= month(asked) < one.end_month)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["it"])
def test_what_is_held_is_what_the_law_gives_in_the_month(case: dict[str, Any]) -> None:
    found = spans(case)
    assert {one: of_month(found, one).amount for one in case["months"]} == case["months"]
    assert {one: of_month(found, one).basis["is_open"] for one in case["open"]} == case["open"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["it"])
def test_what_is_held_says_of_what_it_consists_and_never_holds_nothing(case: dict[str, Any]) -> None:
    for span in spans(case):
        assert span.amount == sum(line["amount"] for line in span.basis["lines"])
        assert "Tạm giữ mức 0" not in span.words
        if span.basis["is_open"] and span.amount:
            assert "Tạm giữ mức" in span.words
            assert "mức chuẩn" in span.words or span.basis["category"] == "social_pension"


def test_a_sum_that_was_taken_over_without_a_level_stays_as_it_was_decided() -> None:
    case = {"born": date(1990, 5, 20), "facts": {"disability": None}, "first": "2026-05", "until": "2026-12"}
    line = {"code": "personal", "amount": 700_000, "words": "Mức theo danh sách", "reference": ""}
    rates = [
        EntitlementRate(first_month=date(2026, 1, 1), end_month=date(2026, 5, 1), amount=700_000, basis={"lines": [line], "is_open": True})
    ]  # fmt: skip
    known = history(case)
    owed = owed_months(known, months_of_span(date(2026, 5, 1), date(2026, 12, 1)))
    found = spans_of(owed, known, Benefit.PERSONAL, before=held_before(rates, date(2026, 5, 1)))
    assert [span.amount for span in found] == [700_000]


def test_what_was_held_before_lines_were_kept_goes_on_from_the_last_that_were_decided() -> None:
    case = CASES[3]
    (decided,) = paid_before({"before": {"category": "disability", "tenths": 15, "level": 500_000}, "first": "2026-05"})
    bare = EntitlementRate(
        first_month=date(2026, 5, 1), end_month=date(2026, 8, 1), amount=750_000, basis={"lines": [], "is_open": True}
    )
    known = history(case)
    owed = owed_months(known, months_of_span(date(2026, 8, 1), date(2026, 10, 1)))
    found = spans_of(owed, known, Benefit.PERSONAL, before=held_before([decided, bare], date(2026, 8, 1)))
    assert [span.amount for span in found] == [810_000]

"""Cases that a lawyer can read: what goes on while a fact lacks, and what ends all the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from lienthong.assistance.models import Circumstance, EntitlementRate, MeritClaim
from lienthong.assistance.queries.facts import History
from lienthong.assistance.queries.merit_holding import held_merit_before
from lienthong.assistance.queries.merit_months import merit_spans
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


def test_what_is_held_says_how_the_level_of_the_month_is_known() -> None:
    known, held = (of_month(spans(CASES[3]), one).basis["lines"][0] for one in ("2026-04", "2026-07"))
    complete = history({**CASES[3], "facts": {"disability": "severe"}})
    (july,) = owed_months(complete, [date(2026, 7, 1)])

    assert held["notices"] == [july.lines[0].notices[0]] != known["notices"]
    assert held["level_reference"] == str(july.lines[0].level_reference) != known["level_reference"]


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


SURVIVOR = {"category": "relative_of_martyr", "relation": "child", "number_of_martyrs": 1}


def child_of_a_martyr(**facts: Any) -> History:
    claim = MeritClaim(pk=5, person_id=1, data=SURVIVOR, valid_from=date(2023, 1, 1), category=SURVIVOR["category"])
    rows = [
        Circumstance(name=f"merit.{name}", value=value, valid_from=date(2023, 1, 1), evidence="-")
        for name, value in {"is_orphan": False, **facts}.items()
    ]  # fmt: skip
    person = Person(pk=1, full_name="Hoàng Thị Thử", sex="male", birth_on=date(2008, 5, 15), birth_precision="day")
    return History(person, circumstances=rows, claims=[claim])


def merit(known: History, first: str = "2026-03", until: str = "2027-03", **more: Any) -> list[RateSpan]:
    return merit_spans(
        known, Benefit.MONTHLY, list(months_of_span(month(first), month(until))), first_month=date(2023, 1, 1), **more
    )


class TestMerit:
    def test_a_martyrs_child_of_whom_nobody_asked_keeps_the_allowance_at_eighteen(self) -> None:
        found = merit(child_of_a_martyr())

        assert {one: of_month(found, one).amount for one in ("2026-04", "2026-05", "2026-07")} == {
            "2026-04": 2_789_000, "2026-05": 2_789_000, "2026-07": 3_012_000,
        }  # fmt: skip
        assert {one: of_month(found, one).basis["is_open"] for one in ("2026-04", "2026-05", "2026-07")} == {
            "2026-04": False, "2026-05": True, "2026-07": True,
        }  # fmt: skip
        assert "Tạm giữ mức 2.789.000" in of_month(found, "2026-05").words
        assert all(span.amount == sum(line["amount"] for line in span.basis["lines"]) for span in found)

    def test_who_is_known_not_to_study_has_it_no_more(self) -> None:
        found = merit(child_of_a_martyr(school="none", disability="none"))

        assert [(span.amount, span.basis["is_open"]) for span in found] == [(2_789_000, False), (0, False)]

    def test_it_goes_on_from_what_was_decided_before(self) -> None:
        known = child_of_a_martyr()
        (decided, *_rest) = merit(known, "2026-03", "2026-05")
        rate = EntitlementRate(
            first_month=decided.first_month, end_month=decided.end_month, amount=decided.amount, basis=decided.basis
        )
        held = held_merit_before([rate], month("2026-05"), benefit=Benefit.MONTHLY, first_month=date(2023, 1, 1))

        assert [span.amount for span in merit(known, "2026-05", "2026-06", before=held)] == [2_789_000]
        assert [span.amount for span in merit(known, "2026-05", "2026-06")] == [0]

    def test_another_benefit_that_is_open_leaves_the_allowance_closed(self) -> None:
        known = child_of_a_martyr(school="general", disability="none")
        known.circumstances = [one for one in known.circumstances if one.name != "merit.is_orphan"]

        assert [(span.amount, span.basis["is_open"]) for span in merit(known)] == [(2_789_000, False), (3_012_000, False)]  # fmt: skip

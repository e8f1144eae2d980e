"""What suspends and ends benefits of people with merit: the grounds of the ordinance, not those of social assistance."""

from datetime import date
from typing import Any

import pytest

from lienthong.rules.merit.conduct import MeritConduct, merit_end_of, merit_suspension_reasons

ON = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("conduct", "articles"),
    [
        ({}, []),
        ({"imprisoned_on": ON}, ["02/2020/UBTVQH14, Điều 54 khoản 1"]),
        ({"imprisoned_on": date(2026, 11, 17)}, []),
        ({"absent_on": date(2026, 1, 1)}, ["02/2020/UBTVQH14, Điều 54 khoản 2"]),
        ({"died_on": ON}, []),
    ],
)
def test_prison_and_absence_suspend(conduct: dict[str, Any], articles: list[str]) -> None:
    reasons = merit_suspension_reasons(MeritConduct(**conduct), on=ON)
    assert [str(one.reference) for one in reasons] == articles


@pytest.mark.parametrize(
    ("conduct", "month", "words"),
    [
        ({"died_on": ON}, date(2026, 11, 1), "Người hưởng đã chết (ngày 16/11/2026) (131/2021/NĐ-CP, Điều 122)"),
        ({"died_on": date(2026, 11, 17)}, None, ""),
        ({"withdrawn_on": date(2026, 9, 30)}, date(2026, 9, 1), "chấm dứt hưởng chế độ ưu đãi"),
        ({"ineligible_on": date(2026, 9, 1)}, date(2026, 9, 1), "Không còn đủ điều kiện hưởng"),
        ({"died_on": ON, "withdrawn_on": date(2026, 9, 30)}, date(2026, 9, 1), "chấm dứt"),
        ({"imprisoned_on": date(2026, 1, 1), "absent_on": date(2026, 1, 1)}, None, ""),
    ],
)
def test_death_withdrawal_and_lost_conditions_end(conduct: dict[str, Any], month: date | None, words: str) -> None:
    end = merit_end_of(MeritConduct(**conduct), on=ON)
    assert (end.last_month if end else None) == month
    assert words in (str(end.reason) if end else "")

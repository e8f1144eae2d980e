"""From which month suspended benefits are paid again, by 131/2021/NĐ-CP, Điều 119."""

from datetime import date

import pytest

from lienthong.kernel.decisions import Outcome
from lienthong.rules.merit.resuming import ResumeGround, resumes_from

ASKED = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("ground", "known", "month", "article"),
    [
        (ResumeGround.SERVED, {"released_on": date(2026, 9, 1)}, date(2026, 10, 1), "Điều 119 khoản 1 điểm a"),
        (ResumeGround.SERVED, {"released_on": date(2026, 9, 30)}, date(2026, 10, 1), "Điều 119 khoản 1 điểm a"),
        (ResumeGround.SERVED, {"released_on": date(2025, 12, 31)}, date(2026, 1, 1), "Điều 119 khoản 1 điểm a"),
        (ResumeGround.RETURNED, {"released_on": date(2026, 9, 1)}, date(2026, 12, 1), "Điều 119 khoản 1 điểm b"),
        (ResumeGround.CLEARED, {"suspended_from": date(2026, 3, 1)}, date(2026, 3, 1), "Điều 119 khoản 2"),
    ],
)
def test_the_month_follows_from_the_ground(
    ground: ResumeGround, known: dict[str, date], month: date, article: str
) -> None:
    found = resumes_from(ground, asked_on=ASKED, **known)
    assert found.value == month
    assert article in str(found.reasons[0])


@pytest.mark.parametrize("ground", [ResumeGround.SERVED, ResumeGround.CLEARED])
def test_a_day_that_decides_and_is_not_told_is_asked_for(ground: ResumeGround) -> None:
    found = resumes_from(ground, asked_on=ASKED)
    assert found.outcome is Outcome.UNKNOWN
    assert len(found.missing) == 1

"""The calendar of payments: hand-over, report, carrying over, two months at once."""

from datetime import date
from itertools import pairwise

import pytest

from lienthong.kernel.decisions import Outcome
from lienthong.kernel.money import Dong
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.payment_calendar import (
    Occasion,
    Programme,
    Uncollected,
    carry_over,
    months_paid_together,
    payment_calendar,
)

SOCIAL, PENSION, MERIT = Programme.SOCIAL_ASSISTANCE, Programme.SOCIAL_PENSION, Programme.MERIT


@pytest.mark.parametrize(
    ("programme", "month", "hand_over", "report", "articles"),
    [
        (SOCIAL, date(2024, 7, 1), date(2024, 6, 24), date(2024, 7, 19), ["20/2021/NĐ-CP, Điều 34 khoản 4", "20/2021/NĐ-CP, Điều 34 khoản 5"]),
        (SOCIAL, date(2024, 1, 31), date(2023, 12, 24), date(2024, 1, 19), ["20/2021/NĐ-CP, Điều 34 khoản 4", "20/2021/NĐ-CP, Điều 34 khoản 5"]),
        (MERIT, date(2024, 3, 15), date(2024, 2, 24), date(2024, 3, 19), ["44/2022/TT-BTC, Điều 8"]),
        (PENSION, date(2025, 7, 1), date(2025, 6, 24), date(2025, 7, 19), ["20/2021/NĐ-CP, Điều 34 khoản 4", "20/2021/NĐ-CP, Điều 34 khoản 5"]),
    ],
)  # fmt: skip
def test_the_days_of_a_month(
    programme: Programme, month: date, hand_over: date, report: date, articles: list[str]
) -> None:
    found = payment_calendar(programme, month)

    assert (found.last_hand_over_day, found.last_report_day) == (hand_over, report)
    assert [str(reference) for reference in found.references] == articles
    assert found.month.day == 1


def test_what_was_read_in_the_law_has_no_notice_and_what_was_not_has() -> None:
    assert payment_calendar(SOCIAL, date(2024, 7, 1)).notices == ()
    assert payment_calendar(MERIT, date(2024, 7, 1)).notices == ()
    (commune, _) = payment_calendar(SOCIAL, date(2025, 7, 1)).notices
    assert "theo nguồn thứ cấp" in commune
    assert "chưa kiểm chứng" in payment_calendar(MERIT, date(2022, 9, 1)).notices[0]
    assert "335/2026/NĐ-CP" in payment_calendar(SOCIAL, date(2026, 11, 1)).notices[0]
    assert "335/2026/NĐ-CP" not in payment_calendar(SOCIAL, date(2026, 11, 1), known_on=date(2026, 10, 4)).notices[0]


def test_the_report_of_a_month_comes_before_the_next_lists_are_handed_over() -> None:
    months = [payment_calendar(SOCIAL, date(2024, month, 1)) for month in range(1, 13)]

    for this, after in pairwise(months):
        assert this.last_report_day < after.last_hand_over_day < after.month == this.carried_into


def test_there_was_no_social_pension_before_july_2025() -> None:
    with pytest.raises(NoValueInForce, match=r"payment/calendar\.yaml"):
        payment_calendar(PENSION, date(2025, 6, 1))


def open_months(*months: tuple[int, int]) -> list[Uncollected]:
    return [Uncollected(month=date(year, month, 1), amount=Dong(500_000)) for year, month in months]


def test_what_was_not_collected_goes_into_the_next_month() -> None:
    found = carry_over(open_months((2024, 12)), programme=SOCIAL, month=date(2024, 12, 1))

    assert found is not None
    assert (found.into, found.months, found.amount) == (date(2025, 1, 1), (date(2024, 12, 1),), 500_000)
    assert (found.months_in_a_row, found.suspension_due) == (1, False)
    assert str(found.reference) == "20/2021/NĐ-CP, Điều 34 khoản 5"


@pytest.mark.parametrize(
    ("months", "in_a_row", "due"),
    [
        ([(2024, 7), (2024, 8)], 2, False),
        ([(2024, 6), (2024, 7), (2024, 8)], 3, True),
        ([(2024, 5), (2024, 6), (2024, 8)], 1, False),
        ([(2024, 8), (2024, 8)], 1, False),
        ([(2024, 5), (2024, 6), (2024, 7)], 0, False),
    ],
)
def test_three_months_in_a_row_are_a_ground_for_suspension(
    months: list[tuple[int, int]], in_a_row: int, due: bool
) -> None:
    found = carry_over(open_months(*months), programme=SOCIAL, month=date(2024, 8, 20))

    assert found is not None
    assert (found.months_in_a_row, found.suspension_due) == (in_a_row, due)
    assert found.amount == 500_000 * len(months)
    assert str(found.suspension_reference) == "02/2021/TT-BLĐTBXH, Điều 2 khoản 3 điểm a"


def test_for_people_with_merit_no_ground_for_suspension_was_found() -> None:
    found = carry_over(open_months((2024, 6), (2024, 7), (2024, 8)), programme=MERIT, month=date(2024, 8, 1))

    assert found is not None
    assert (found.months_in_a_row, found.suspension_due, found.suspension_reference) == (3, False, None)


def test_nothing_open_is_nothing_carried() -> None:
    assert carry_over([], programme=SOCIAL, month=date(2024, 8, 1)) is None


def test_a_month_that_was_not_reported_and_an_amount_that_is_none_are_refused() -> None:
    with pytest.raises(ValueError, match="09/2024 chưa được báo cáo"):
        carry_over(open_months((2024, 9)), programme=SOCIAL, month=date(2024, 8, 1))
    with pytest.raises(ValueError, match="phải lớn hơn 0"):
        carry_over([Uncollected(month=date(2024, 8, 1), amount=Dong(0))], programme=SOCIAL, month=date(2024, 8, 1))


@pytest.mark.parametrize(
    ("programme", "month", "occasion", "new_year", "outcome"),
    [
        (MERIT, date(2026, 1, 1), Occasion.LUNAR_NEW_YEAR, date(2026, 2, 17), Outcome.GRANTED),
        (MERIT, date(2026, 2, 1), Occasion.LUNAR_NEW_YEAR, date(2026, 2, 17), Outcome.GRANTED),
        (MERIT, date(2025, 12, 1), Occasion.LUNAR_NEW_YEAR, date(2026, 2, 17), Outcome.REFUSED),
        (MERIT, date(2026, 3, 1), Occasion.LUNAR_NEW_YEAR, date(2026, 2, 17), Outcome.REFUSED),
        (MERIT, date(2026, 1, 1), Occasion.LUNAR_NEW_YEAR, None, Outcome.UNKNOWN),
        (MERIT, date(2026, 9, 1), Occasion.DISASTER, None, Outcome.GRANTED),
        (MERIT, date(2026, 9, 1), Occasion.NONE, None, Outcome.REFUSED),
        (SOCIAL, date(2026, 1, 1), Occasion.LUNAR_NEW_YEAR, date(2026, 2, 17), Outcome.REFUSED),
    ],
)
def test_two_months_may_be_paid_at_once_to_people_with_merit(
    programme: Programme, month: date, occasion: Occasion, new_year: date | None, outcome: Outcome
) -> None:
    found = months_paid_together(programme, month, occasion=occasion, new_year_on=new_year)

    assert found.outcome is outcome
    if found.value:
        assert found.value == (month, month.replace(month=month.month + 1))
    assert {str(reference) for reference in found.references} == {"44/2022/TT-BTC, Điều 8"}

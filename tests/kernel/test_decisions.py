"""A decision gives its reasons; unknown is not false."""

import pytest

from lienthong.kernel.decisions import Decision, Outcome, Reason
from lienthong.kernel.legal import LegalReference

ARTICLE = LegalReference.parse("20/2021/NĐ-CP, Điều 11 khoản 1 điểm a")
HOLDS = Reason("đang hưởng trợ cấp", True, ARTICLE)
FAILS = Reason("đứng ra tổ chức mai táng", False, ARTICLE)


def test_a_grant_carries_its_value_and_each_article_once() -> None:
    decision = Decision.granted(7_200_000, reasons=[HOLDS, HOLDS])

    assert (decision.outcome, decision.value, decision.references) == (Outcome.GRANTED, 7_200_000, (ARTICLE,))


def test_a_refusal_needs_a_reason_that_does_not_hold() -> None:
    with pytest.raises(ValueError, match="refusal"):
        Decision[int].refused(reasons=[HOLDS])

    assert Decision[int].refused(reasons=[HOLDS, FAILS]).value is None


def test_an_open_decision_names_what_would_decide_it() -> None:
    with pytest.raises(ValueError, match="missing"):
        Decision[int].unknown(missing=[])

    assert Decision[int].unknown(missing=["ngày sinh"]).missing == ("ngày sinh",)


def test_a_grant_of_nothing_is_no_grant() -> None:
    with pytest.raises(ValueError, match="value"):
        Decision(Outcome.GRANTED, None, ())
    with pytest.raises(ValueError, match="value"):
        Decision(Outcome.REFUSED, 5, (FAILS,))


def test_zero_is_a_value() -> None:
    assert Decision.granted(0).value == 0


def test_a_reason_prints_its_article() -> None:
    assert str(HOLDS) == "đang hưởng trợ cấp (20/2021/NĐ-CP, Điều 11 khoản 1 điểm a)"
    assert str(Reason("không có căn cứ", None)) == "không có căn cứ"


def test_every_outcome_has_words() -> None:
    assert {outcome.in_words for outcome in Outcome} == {"đủ điều kiện", "không đủ điều kiện", "chưa đủ thông tin"}

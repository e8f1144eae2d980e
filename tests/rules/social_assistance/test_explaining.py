"""What a citizen reads: whose money it is, what to do next, and nothing that contradicts the decision."""

from datetime import date
from typing import Any

from lienthong.rules.social_assistance.assessing import assess
from lienthong.rules.social_assistance.facts import PersonFacts
from lienthong.rules.social_assistance.plain_facts import person_as_plain, person_from_plain
from tests.rules.social_assistance.worlds import ORDINARY

ON = date(2026, 11, 1)


def told(**given: Any) -> tuple[str, ...]:
    return read(person_from_plain({**person_as_plain(ORDINARY), **given}))


def read(facts: PersonFacts) -> tuple[str, ...]:
    """Return the sentences with plain spaces."""
    return tuple(sentence.replace("\xa0", " ") for sentence in assess(facts, on=ON).in_words)


def test_whoever_is_paid_is_named_with_their_own_sum() -> None:
    said = told(
        birth_date="1950-01-01", poverty="poor", has_supporter=False, eligible_for_institution=True, care="taken_in"
    )

    assert said[0].endswith(
        "người này được hưởng 1.620.000 ₫ mỗi tháng; hộ gia đình, cá nhân chăm sóc được hỗ trợ 810.000 ₫ mỗi tháng."
    )


def test_care_in_an_institution_is_the_institutions() -> None:
    said = told(birth_date="1990-01-01", in_institution=True)

    assert said[0].endswith("cơ sở trợ giúp xã hội nuôi dưỡng người này được nhận 2.160.000 ₫ mỗi tháng.")


def test_who_lacks_only_the_request_is_told_so_at_once() -> None:
    said = told(birth_date="1951-03-01", pension_request="none")

    assert said[0].endswith("không được hưởng khoản trợ cấp, hỗ trợ hàng tháng nào trong các khoản đã xét.")
    assert said[1].startswith("2. Đủ các điều kiện khác để hưởng trợ cấp hưu trí xã hội. Muốn hưởng, hãy nộp văn bản")
    assert not any("Muốn hưởng" in one for one in told(birth_date="1970-03-01", pension_request="none"))


def test_nothing_is_said_to_be_received_beside_a_higher_benefit() -> None:
    said = told(birth_date="1940-03-01", disability="severe", other_benefit=1_500_000, pension_request="written")

    assert "không được hưởng" in said[0]
    assert not any("Chỉ hưởng mức cao hơn trong trợ cấp xã hội" in one for one in said)
    assert any("Chưa đạt điều kiện “trợ cấp xã hội 1.080.000 ₫ cao hơn" in one for one in said)


def test_categories_of_another_age_stand_in_one_sentence_behind_the_others() -> None:
    said = [one for one in told(birth_date="1980-03-01") if not one.partition(". ")[2].startswith("Lưu ý")]

    assert said[-1].partition(". ")[2].startswith("Không ở độ tuổi của các diện: “Trẻ em dưới 16 tuổi")
    assert not any("vì diện này cần: dưới 16 tuổi" in one for one in said)


def test_children_whom_nobody_reported_promise_nothing() -> None:
    said = read(person_from_plain({"birth_date": "1951-03-01", "sex": "female"}))

    assert said[0] == ("1. Theo pháp luật áp dụng cho ngày 01/11/2026, chưa kết luận được, vì còn thiếu thông tin.")
    assert said[1].startswith("2. Để kết luận, cần biết thêm:")

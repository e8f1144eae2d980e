"""How to complain: the days of the law, where they stand, and how sure we are of them."""

from datetime import date

from lienthong.rules.complaints import remedies_on

COMMITTEE = "Ủy ban nhân dân xã Phú Lương"


def test_says_to_whom_within_how_many_days_and_where_it_stands() -> None:
    found = remedies_on(date(2026, 11, 16), to=COMMITTEE)

    assert f"gửi khiếu nại tới {COMMITTEE} trong 90 ngày" in found.sentences[0]
    assert "02/2011/QH13, Điều 9" in found.sentences[0]
    assert "kết luận trong 10 ngày làm việc (20/2021/NĐ-CP, Điều 8 khoản 1)" in found.sentences[2]


def test_what_was_not_read_in_the_official_text_is_said() -> None:
    before, after = (remedies_on(day, to=COMMITTEE).notices for day in (date(2024, 1, 1), date(2026, 1, 1)))

    assert any("chưa kiểm chứng" in one and "Điều 9" in one for one in before)
    assert not any("niêm yết" in one for one in before), "the ten days of 2021 were read"
    assert any("niêm yết" in one and "theo nguồn thứ cấp" in one for one in after)

"""The papers of the village's part, read back by a reader that is not ours."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from lienthong.documents.printing import render_form
from lienthong.poverty import printing
from lienthong.poverty.queries.decisions import certificates_of
from tests.poverty.village import AFTER_POSTING, NEAR_POOR, ChangedResult, Village
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def village(world: World) -> Village:
    village = Village(world)
    village.household(head_name="Hoàng Nguyễn Thị Ngọc Ỷ")
    return village


def words_of(data: Any, *, demo: bool = False) -> str:
    reader = PdfReader(BytesIO(render_form(data, demo=demo)), strict=True)
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_minutes_tell_who_agreed_and_what_changed(village: Village) -> None:
    household = village.review.households.get()
    change = ChangedResult(
        review_id=household.pk, class_to=NEAR_POOR, reason="Con đã đi làm", votes_for=30, votes_against=2
    )
    meeting = village.meet(changes=(change,), opinions="Đề nghị làm lại đường")

    words = words_of(printing.minutes(meeting), demo=True)

    for told in (
        "Hoàng Nguyễn Thị Ngọc Ỷ", "hộ cận nghèo", "30 đồng ý, 2 không đồng ý", "Con đã đi làm", "Đề nghị làm lại đường",
        "36 trên 40 người dự đồng ý (90,00 %)", "được thông qua", "Dữ liệu trình diễn",
    ):  # fmt: skip
        assert told in words


def test_minutes_without_agreement_say_that_it_is_done_again(village: Village) -> None:
    words = words_of(printing.minutes(village.meet(agreed=19)))

    assert "chưa đạt 50 % nên các hộ trong danh sách được khảo sát lại" in words


def test_the_notice_shows_the_list_of_its_day(village: Village) -> None:
    village.meet()
    posting = village.post()
    village.review.households.update(head_name="Tên khác")

    words = words_of(printing.posting_notice(posting))

    assert "Hoàng Nguyễn Thị Ngọc Ỷ" in words
    assert "từ ngày 16 tháng 11 năm 2026 đến hết ngày 19 tháng 11 năm 2026" in words
    assert "Tổng số: 1 hộ, trong đó 1 hộ nghèo, 0 hộ cận nghèo" in words


def test_a_decision_is_a_draft_until_it_is_signed(village: Village) -> None:
    village.meet()
    village.post()
    (prepared,) = village.prepare(now=AFTER_POSTING)
    assert "Dự thảo, chưa ký" in words_of(printing.decision_paper(prepared, on=AFTER_POSTING.date()))

    (signed,) = village.sign(now=AFTER_POSTING)
    words = words_of(printing.decision_paper(signed, on=AFTER_POSTING.date()))
    assert "Dự thảo" not in words
    assert "125/QĐ-UBND" in words
    assert f"{village.review.unit.code}-2027-0001" in words


def test_each_certificate_is_a_page_with_its_number(village: Village) -> None:
    village.household(NEAR_POOR)
    (decision,) = village.decide()

    paper = printing.certificates(decision, certificates_of(village.review))

    reader = PdfReader(BytesIO(render_form(paper)), strict=True)
    assert len(reader.pages) == 2
    assert [one.number[-4:] for one in paper.certificates] == ["0001", "0002"]
    assert paper.certificates[0].qr.content.endswith("/household/look-up/")

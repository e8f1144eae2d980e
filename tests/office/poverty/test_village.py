"""The village's part as officers see it: from the minutes to the certificates, and closed to everybody else."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from lienthong.accounts.states import Role
from lienthong.poverty.models import Objection, RecognitionDecision
from lienthong.poverty.states import CommuneState, ObjectionState, VisitState
from tests.poverty.village import NEAR_POOR, NOT_POOR, POOR, Village
from tests.screens import enter
from tests.stories import ANOTHER_COMMUNE
from tests.world import HOME_AFFAIRS, World, at

pytestmark = pytest.mark.django_db
BASE = "/office/poverty/communes"


@pytest.fixture
def village(world: World) -> Village:
    return Village(world)


def address(village: Village, rest: str) -> str:
    return f"{BASE}/{village.review.pk}/{rest}"


def pdf_words(page: Any) -> str:
    content = b"".join(page.answer.streaming_content)
    return " ".join(one.extract_text() for one in PdfReader(BytesIO(content)).pages)


def test_a_commune_goes_from_the_minutes_to_the_report(village: Village) -> None:
    kept, exits = village.household(head_name="Ma Văn Sình"), village.household(head_name="Lý Thị Mẩy")
    browser = enter(village.clerk)

    page = browser.open(address(village, "village/"))
    assert page.lead.startswith("0 thôn, tổ dân phố đã họp xong, còn 1")
    assert "Chưa họp: Xóm 1" in page.words
    page = page.follow("Ghi biên bản").press(
        "Ghi biên bản", held_at="8:30", place="Nhà văn hóa", chair="Ma Văn Chủ", secretary="Lò Thị Ký", attendees="40", agreed="35",
        **{f"to_{exits.pk}": NOT_POOR, f"for_{exits.pk}": "33", f"against_{exits.pk}": "2", f"why_{exits.pk}": "Con đã đi làm"},
    )  # fmt: skip
    assert "35 trên 40 người đồng ý, kết quả được thông qua" in page.notices
    assert "Con đã đi làm" in page.follow("Xóm 1").words
    assert browser.open(address(village, "")).follow("Niêm yết danh sách").path == address(village, "posting/")

    page = page.follow("Niêm yết danh sách").press("Ghi nhận niêm yết", places="Nhà văn hóa các xóm")
    assert "còn 3 ngày làm việc (đến hết thứ Năm 19/11/2026)" in page.lead
    assert [row[-1] for row in page.rows()] == ["hộ không nghèo", "hộ nghèo"]

    village.world.now = at("2026-11-20 09:00")
    browser = enter(village.clerk)
    page = browser.open(address(village, "decision/"))
    assert "1 hộ nghèo, 0 hộ cận nghèo; 1 hộ đổi so với trước, 1 hộ giữ nguyên" in page.words
    page = page.press("Trình ký")
    assert "Bạn là người trình nên người khác phải ký" in page.words
    assert "Ký quyết định" not in page.buttons()

    page = enter(village.chair).open(address(village, "decision/"))
    page = page.press("Ký quyết định", number_recognize="125/QĐ-UBND", number_exit="126/QĐ-UBND")
    assert "Đã ký quyết định" in page.notices
    certificate = pdf_words(page.follow("In 1 giấy chứng nhận"))
    assert "Ma Văn Sình" in certificate
    assert "125/QĐ-UBND" in certificate
    assert "Lý Thị Mẩy" in pdf_words(page.follow("126/QĐ-UBND"))

    page = page.press("Báo cáo tỉnh")
    village.review.refresh_from_db()
    assert village.review.state == CommuneState.REPORTED
    assert village.again(kept).final_class == POOR


def test_what_was_typed_stays_when_the_meeting_is_refused(village: Village) -> None:
    household = village.household(head_name="Ma Văn Sình")
    page = enter(village.clerk).open(address(village, "meetings/new/?hamlet=X%C3%B3m+1"))

    page = page.press(
        "Ghi biên bản", held_at="8:30", place="Nhà văn hóa", chair="Ma Văn Chủ", secretary="Lò Thị Ký", attendees="40", agreed="41",
        **{f"to_{household.pk}": NEAR_POOR},
    )  # fmt: skip

    assert page.status == 422
    assert any("41" in error for error in page.errors)
    assert page.form("Ghi biên bản")[1][f"to_{household.pk}"] == [NEAR_POOR]


def test_numbers_and_hours_say_beside_themselves_what_is_wrong(village: Village) -> None:
    village.household()
    page = enter(village.clerk).open(address(village, "meetings/new/?hamlet=X%C3%B3m+1"))

    page = page.press(
        "Ghi biên bản",
        held_at="sáng",
        place="A",
        chair="Ma Văn Chủ",
        secretary="Lò Thị Ký",
        attendees="bốn mươi",
        agreed="1",
    )

    assert "08:30" in page.error_beside("held_at")
    assert "bốn mươi" in page.error_beside("attendees")


def test_a_meeting_that_does_not_agree_says_what_comes_next(village: Village) -> None:
    village.household()
    page = enter(village.clerk).open(address(village, "meetings/new/?hamlet=X%C3%B3m+1"))

    page = page.press(
        "Ghi biên bản", held_at="8:30", place="A", chair="Ma Văn Chủ", secretary="Lò Thị Ký", attendees="40", agreed="9"
    )

    assert "phải khảo sát và họp lại" in page.notices
    assert "Ghi biên bản" not in page.links()


def test_an_objection_is_taken_in_rechecked_and_answered(village: Village) -> None:
    household = village.household(head_name="Ma Văn Sình")
    village.meet()
    village.post()
    browser = enter(village.clerk)

    page = browser.open(address(village, "objections/")).follow("Nhận ý kiến")
    page = page.press(
        "Nhận ý kiến", review=str(household.pk), raised_by="Nông Thị Hỏi", content="Nhà tôi đã có nhà mới"
    )
    assert "phải trả lời đến hết ngày 19/11/2026" in page.notices
    page = page.press("Giao phúc tra", enumerator=str(village.clerk.pk))
    assert "Đang chờ" in page.words
    type(household).objects.filter(pk=household.pk).update(visit_state=VisitState.VISITED, surveyed_class=NEAR_POOR)
    page = browser.open(page.path).press("Trả lời", outcome="upheld", answer="Phúc tra thấy đúng")
    assert "Hãy niêm yết lại" in page.notices
    assert "Kết quả được sửa từ hộ nghèo thành hộ cận nghèo" in " ".join(
        pdf_words(page.follow("In văn bản trả lời")).split()
    )

    assert Objection.objects.get().state == ObjectionState.ANSWERED
    page = browser.open(address(village, "posting/"))
    assert "1 kết quả đã đổi sau lần niêm yết này" in page.words
    assert "lần 2" in page.press("Ghi nhận niêm yết").lead


def test_what_the_chair_sends_back_says_why(village: Village) -> None:
    village.household()
    village.meet()
    village.post()
    village.world.now = at("2026-11-20 09:00")
    village.prepare(now=village.world.now)

    page = enter(village.chair).open(address(village, "decision/")).press("Trả lại", reason="Sai nhân khẩu")

    assert "Sai nhân khẩu" in page.words
    assert RecognitionDecision.objects.get().sent_back_reason == "Sai nhân khẩu"


PAGES = ["village/", "village/hamlet/?hamlet=X%C3%B3m+1", "posting/", "objections/", "decision/", "posting/1.pdf"]


@pytest.mark.parametrize("page", PAGES)
def test_only_who_sees_the_commune_opens_its_pages(village: Village, page: str) -> None:
    village.household()
    village.meet()
    village.post()
    world = village.world
    inside = [village.clerk, village.chair, world.officer(Role.AUDITOR), world.officer(Role.RECEIVER)]
    outside = [world.officer(Role.LEADER, ANOTHER_COMMUNE), village.enumerator, world.citizen()]

    assert [enter(user).open(address(village, page)).status for user in inside] == [200] * 4
    assert [enter(user).open(address(village, page)).status for user in outside] == [404] * 3


def test_who_only_reads_is_offered_nothing_to_do(village: Village) -> None:
    village.household()
    village.meet()
    auditor = enter(village.world.officer(Role.AUDITOR))

    for page in ("village/", "posting/", "objections/", "decision/"):
        buttons = auditor.open(address(village, page)).buttons()
        assert not {"Ghi nhận niêm yết", "Trình ký", "Ký quyết định", "Báo cáo tỉnh"} & set(buttons)
    assert auditor.open(address(village, "meetings/new/?hamlet=X%C3%B3m+1")).status == 404


def test_the_province_looks_and_does_not_touch(village: Village) -> None:
    village.household()
    province = enter(village.world.officer(Role.PROCESSOR, HOME_AFFAIRS))
    status = {
        page: province.open(address(village, page)).status for page in ("village/", "decision/", "objections/new/")
    }

    assert set(status.values()) <= {200, 404}
    assert status["objections/new/"] == 404


@pytest.mark.parametrize("page", ["village/", "posting/", "objections/", "decision/"])
def test_every_list_goes_out_as_a_sheet(village: Village, page: str) -> None:
    village.household()
    village.meet()
    village.post()

    answer = enter(village.clerk).get(address(village, page) + "?format=xlsx")

    assert answer.status_code == 200
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")


@pytest.mark.parametrize("page", ["village/", "posting/", "objections/", "decision/"])
def test_no_page_asks_more_for_more_households(village: Village, page: str, queries_of: Any) -> None:
    browser = enter(village.clerk)
    village.household()
    village.meet()
    village.post()
    few = queries_of(browser, address(village, page))
    for _number in range(6):
        village.household(NEAR_POOR, proposed_class=NEAR_POOR)

    assert queries_of(browser, address(village, page)) <= few + 1

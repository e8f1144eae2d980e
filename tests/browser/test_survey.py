"""An enumerator at a household with a phone: the list, form B in the browser, a draft over a reload, and what the office sees."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from lienthong.poverty.models import HouseholdReview, Visit, VisitFlag
from lienthong.poverty.states import FlagKind, HouseholdClass, VisitState
from tests.browser.conftest import DESK, PASSWORD, PHONE, Visitor
from tests.poverty.filled import Field, members, set_field
from tests.world import World

pytestmark = pytest.mark.browser

Comers = Callable[..., Visitor]
MINE = "/office/poverty/visits/"


@pytest.fixture
def field(world: World) -> Field:
    field = set_field(world)
    HouseholdReview.objects.filter(pk=field.review.pk).update(enumerator=field.enumerator, head_name="Lường Văn Ỷ")
    for facts in (
        {"revisit": True, "head_name": "Hoàng Thị Ngọc Khánh Huyền Trang", "hamlet": "Tổ dân phố Phan Đình Phùng 12"},
        {"requested": True, "head_name": "Bế Thị Ẳng"},
        {"visited": True, "head_name": "Nông Văn Ổn", "hamlet": "Xóm 10"},
    ):  # fmt: skip
        field.household(enumerator=field.enumerator, **facts)
    return field


def keep(visitor: Visitor, name: str) -> None:
    """Keep a picture where LIENTHONG_LOOK names a folder: to be looked at, not kept."""
    if folder := os.environ.get("LIENTHONG_LOOK"):
        visitor.page.screenshot(path=f"{folder}/survey-{name}.png", full_page=True)


class Form:
    """A survey form before somebody: questions by their words, inside one part of the form where these words come twice."""

    def __init__(self, page: Page, part: Locator | None = None) -> None:
        self.page, self.place = page, part or page.locator(".webform")

    def question(self, words: str) -> Locator:
        label = self.page.locator("label").filter(has_text=re.compile(rf"^\W*{re.escape(words)}"))
        return self.place.locator(".question-container").filter(has=label).first

    def write(self, words: str, typed: str) -> None:
        """Type as a person does: the fields for numbers and days look at each key."""
        field = self.question(words).locator("input, textarea").first
        field.fill("")
        field.press_sequentially(typed)
        field.press("Tab")
        self.page.keyboard.press("Escape")

    def choose(self, words: str, *choices: str) -> None:
        for choice in choices:
            self.question(words).get_by_text(choice, exact=True).click()

    def pick(self, words: str, choice: str) -> None:
        self.question(words).get_by_role("combobox").click()
        self.page.get_by_role("option", name=choice, exact=True).click()

    def person(self, number: int) -> Form:
        """Return the part of the form that is about one member."""
        return Form(self.page, self.page.locator(".p-panel.is-repeat").nth(number - 1))

    def is_kept(self) -> None:
        self.page.get_by_text("Đã giữ bản nháp lúc").wait_for()


def on_the_day(visitor: Visitor, field: Field) -> Visitor:
    """Let the clock of the phone show the day of the house; whoever visits tomorrow is refused."""
    visitor.page.clock.set_fixed_time(field.now)
    return visitor


def describe(form: Form, name: str, relation: str, sex: str, born: str) -> None:
    """Answer what is asked of everybody."""
    form.write("Họ và tên", name)
    form.pick("Quan hệ với chủ hộ", relation)
    form.choose("Giới tính", sex)
    form.choose("Giấy tờ ghi ngày sinh", "Có đủ ngày, tháng, năm")
    form.write("Ngày sinh", born)
    form.choose("Hiện có thẻ bảo hiểm y tế", "Không")
    form.pick("Đang hưởng trợ cấp xã hội", "Không hưởng")
    form.choose("Khuyết tật", "Không")
    form.choose("Có sử dụng dịch vụ internet", "Không")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_page_is_sound(field: Field, come_by: Comers, width: int) -> None:
    enumerator = come_by(field.enumerator, width=width)
    keep(enumerator.open(MINE).is_sound(), f"mine-{width}")
    keep(enumerator.open(f"{MINE}?text=kh%C3%B4ng").is_sound(), f"none-{width}")
    enumerator.open(f"{MINE}{field.review.pk}/phieu-b/")
    Form(enumerator.page).question("Chọn hộ").wait_for()
    keep(enumerator.is_sound(), f"form-{width}")


def test_a_household_is_filled_in_left_taken_up_sent_and_scored(field: Field, come_by: Comers) -> None:
    field.enumerator.set_password(PASSWORD)
    field.enumerator.save()
    enumerator = on_the_day(come_by(width=PHONE), field).open("/sign-in/")
    enumerator.press("Đăng nhập", username=field.enumerator.username, password=PASSWORD).open(MINE)
    enumerator.page.locator(f"a[href$='/{field.review.pk}/phieu-b/']").click()
    form = Form(enumerator.page)
    expect(form.question("Chọn hộ")).to_contain_text("Lường Văn Ỷ")

    describe(form.person(1), "Lường Văn Ỷ", "Chủ hộ", "Nam", "17/05/1980")
    form.person(1).pick("Bằng cấp cao nhất", "Tốt nghiệp tiểu học")
    form.person(1).pick("Việc làm hiện nay", "Tự làm, kinh doanh, làm nông")
    form.person(1).choose("Công việc chính", "Nông, lâm nghiệp, thủy sản")
    form.person(1).choose("Đang hưởng lương hưu", "Không")
    form.is_kept()
    enumerator.page.wait_for_timeout(2500)  # what was answered last is kept within a second
    enumerator.open(MINE).page.locator(f"a[href$='/{field.review.pk}/phieu-b/']").click()
    expect(form.person(1).question("Họ và tên").locator("input").first).to_have_value("Lường Văn Ỷ")
    expect(enumerator.page.locator("[data-part='opening']")).to_be_hidden()
    expect(form.person(1).question("Ngày sinh").locator("input").first).to_have_value("17/05/1980")

    enumerator.page.get_by_role("button", name="Thêm Nhân khẩu").click()
    describe(form.person(2), "Lường Thị Hoàng Yến", "Con", "Nữ", "02/09/2016")
    form.person(2).choose("Dinh dưỡng", "Thấp còi (chiều cao theo tuổi)")
    form.person(2).pick("Hiện đang học", "Tiểu học")
    enumerator.page.get_by_role("button", name="Gửi phiếu").click()
    enumerator.page.get_by_text("câu chưa đúng").wait_for()
    keep(enumerator, "wrong-390")

    form.choose("Đã ghi đủ mọi người", "Đã ghi đủ")
    for structure in ("Tường", "Cột (trụ", "Mái"):
        form.choose(structure, "Không bền chắc")
    form.write("Diện tích ở", "15,5")
    form.pick("Nguồn nước sinh hoạt", "Nước khe, mó không được bảo vệ")
    form.pick("Loại nhà tiêu", "Không có nhà tiêu")
    form.choose("Phương tiện tiếp cận", "Radio")
    form.choose("Rác thải của hộ", "Không được thu gom, xử lý")
    form.choose("Tivi màu", "no")
    form.write("Ghi chú của điều tra viên", "Nhà ở ven suối, lối vào khó đi khi mưa lũ.")
    enumerator.page.get_by_text("Dự kiến: hộ nghèo.").wait_for()
    keep(enumerator.is_sound(), "filled-390")
    expect(enumerator.page.get_by_text("câu chưa đúng")).to_be_hidden()
    enumerator.page.get_by_role("button", name="Gửi phiếu").click()
    enumerator.page.wait_for_url(f"**{MINE}")
    assert "Đã nhận phiếu." in enumerator.page.locator("body").inner_text()
    keep(enumerator.is_sound(), "sent-390")

    review = HouseholdReview.objects.get(pk=field.review.pk)
    visit = Visit.objects.get(review=review)
    assert [one["full_name"] for one in visit.answers["members"]] == ["Lường Văn Ỷ", "Lường Thị Hoàng Yến"]
    assert (visit.answers["housing_area_m2"], visit.answers["remarks"][:7]) == ("15.5", "Nhà ở v")
    assert (review.visit_state, review.surveyed_class, review.size) == (VisitState.VISITED, HouseholdClass.POOR, 2)
    assert not VisitFlag.objects.filter(visit=visit, kind=FlagKind.COMPUTED_OTHERWISE).exists()
    office = come_by(field.officer).open(f"/office/poverty/communes/{field.commune.pk}/households/")
    assert "hộ nghèo" in office.words
    keep(office, "office-1280")


def test_a_correction_begins_with_what_was_sent_and_replaces_it(field: Field, come_by: Comers) -> None:
    field.send(field.xml(roster_complete="yes", people=members(2), ended_at=field.now - timedelta(hours=2)))
    enumerator = on_the_day(come_by(field.enumerator, width=PHONE), field).open(MINE).follow("Sửa phiếu B")
    form = Form(enumerator.page)
    expect(form.person(1).question("Họ và tên").locator("input").first).to_have_value("Ma Văn Sình")
    expect(form.person(2).question("Ngày sinh").locator("input").first).to_have_value("01/01/1991")
    expect(form.question("Diện tích ở").locator("input").first).to_have_value("40")
    keep(enumerator.is_sound(), "correction-390")

    form.write("Diện tích ở", "77")
    enumerator.page.get_by_role("button", name="Gửi phiếu").click()
    enumerator.page.wait_for_url(f"**{MINE}")

    review = HouseholdReview.objects.get(pk=field.review.pk)
    visit = Visit.objects.get(review=review, is_current=True)
    assert (float(visit.answers["housing_area_m2"]), len(visit.answers["members"])) == (77, 2)
    assert Visit.objects.filter(review=review).count() == 2
    assert (review.visit_state, review.surveyed_class) == (VisitState.VISITED, HouseholdClass.POOR)

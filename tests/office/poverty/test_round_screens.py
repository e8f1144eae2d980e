"""Rounds, communes and work lists as officers use them; nobody opens another commune's."""

from typing import Any

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.poverty.models import CommuneReview, HouseholdReview, ReviewRequest, ReviewRound
from lienthong.poverty.states import CommuneState, VisitState
from tests.factories.people import HouseholdFactory
from tests.factories.poverty import (
    CommuneReviewFactory,
    HouseholdReviewFactory,
    PointsTableFactory,
    ReviewRequestFactory,
    ReviewRoundFactory,
    VisitFlagFactory,
    listed_household,
)
from tests.screens import Page, enter
from tests.world import World

PROVINCE = "H55.SNNMT"
OTHER_COMMUNE = "H55.05500"


@pytest.fixture
def department(world: World) -> User:
    return world.officer(Role.PROCESSOR, PROVINCE)


@pytest.fixture
def officer(world: World) -> User:
    return world.officer(Role.PROCESSOR)


@pytest.fixture
def review(world: World) -> CommuneReview:
    return CommuneReviewFactory(unit=world.agency("H55.05443").unit)


def page_of(review: CommuneReview, rest: str = "") -> str:
    return f"/office/poverty/communes/{review.pk}/{rest}"


class TestTheDoor:
    def test_leads_the_province_to_rounds_or_its_dashboard(self, department: User) -> None:
        page = enter(department).open("/office/poverty/")

        assert page.status == 200
        assert "Hộ nghèo" in page.links()

    def test_leads_a_commune_to_its_own_round(self, officer: User, review: CommuneReview) -> None:
        assert enter(officer).open("/office/poverty/").path == page_of(review)

    def test_tells_a_commune_without_a_round_what_to_wait_for(self, officer: User) -> None:
        assert "Khi tỉnh mở một đợt" in enter(officer).open("/office/poverty/").words

    def test_is_closed_to_who_has_nothing_to_do_there(self, world: World) -> None:
        assert enter(world.officer(Role.CATALOGUE_EDITOR)).open("/office/poverty/").status == 404
        assert enter(world.citizen()).open("/office/poverty/").status == 404


class TestOpeningARound:
    def test_shows_what_it_would_be_before_anything_is_written(self, department: User) -> None:
        page = enter(department).open("/office/poverty/rounds/open/")

        assert "01/09/2026 – 14/12/2026" in page.words
        assert "92 theo địa giới ngày 01/09/2026" in page.words
        assert "chưa có bảng nào được duyệt" in page.words
        assert not ReviewRound.objects.exists()

    def test_previews_another_year(self, department: User) -> None:
        page = enter(department).open("/office/poverty/rounds/open/")
        page = page.press(
            "Xem trước", period="2022", starts_on_day="1", starts_on_month="9", starts_on_year="2022", ends_on_day="14",
            ends_on_month="12", ends_on_year="2022",
        )  # fmt: skip

        assert "178 theo địa giới ngày 01/09/2022" in page.words
        assert not ReviewRound.objects.exists()

    def test_leads_to_its_progress_and_says_that_points_cannot_be_computed(self, department: User) -> None:
        page = enter(department).open("/office/poverty/rounds/open/").press("Mở đợt", instrument="Kế hoạch 156/KH-UBND")

        assert page.path == f"/office/poverty/rounds/{ReviewRound.objects.get().pk}/"
        assert "Đã mở đợt" in page.notices
        assert "Chưa tính được điểm" in page.words
        assert len(page.rows("Tiến độ theo xã")) == 92

    def test_twice_leads_to_the_one_that_is_there(self, department: User) -> None:
        ReviewRoundFactory()

        page = enter(department).open("/office/poverty/rounds/open/").press("Mở đợt")

        assert page.status == 422
        assert "đã có đợt rà soát" in page.errors[0]

    def test_of_a_month_begins_on_the_fifteenth(self, department: User) -> None:
        page = enter(department).open("/office/poverty/rounds/open/?kind=regular")

        assert "15/11/2026 – 30/11/2026" in page.words

    def test_is_for_the_province_only(self, world: World, officer: User) -> None:
        for user in (officer, world.officer(Role.AUDITOR, PROVINCE)):
            assert enter(user).open("/office/poverty/rounds/open/").status == 404

    def test_takes_a_table_and_closes(self, department: User) -> None:
        found = CommuneReviewFactory(round=ReviewRoundFactory(points_table=None)).round
        PointsTableFactory(superseded=True)
        browser = enter(department)
        address = f"/office/poverty/rounds/{found.pk}/"

        page = browser.open(f"{address}do/table/").press("Dùng bảng điểm này")
        assert "Bảng điểm cũ, chỉ để thử" in page.words
        page = browser.open(f"{address}do/close/").press("Đóng đợt")

        assert "Đã đóng đợt" in page.notices
        assert browser.open(f"{address}do/other/").status == 404

    def test_that_is_over_waits_for_no_table(self, department: User, world: World) -> None:
        running, closed = (
            CommuneReviewFactory(round=ReviewRoundFactory(points_table=None, period=period, closed_at=closed_at)).round
            for period, closed_at in (("2026", None), ("2025", world.now))
        )
        browser = enter(department)

        assert "Chưa tính được điểm" in browser.open(f"/office/poverty/rounds/{running.pk}/").words
        assert "Chưa tính được điểm" not in browser.open(f"/office/poverty/rounds/{closed.pk}/").words


class TestProgressOfTheProvince:
    def test_is_a_table_with_a_file(self, department: User, review: CommuneReview) -> None:
        HouseholdReviewFactory(commune_review=review)
        browser = enter(department)

        page = browser.open(f"/office/poverty/rounds/{review.round_id}/")
        assert page.rows("Tiến độ theo xã")[0][2] == "1"
        answer = browser.get(f"/office/poverty/rounds/{review.round_id}/?format=xlsx")
        assert answer.content.startswith(b"PK")
        assert browser.get("/office/poverty/rounds/?format=xlsx").content.startswith(b"PK")

    def test_keeps_its_questions_for_many_communes(
        self, department: User, review: CommuneReview, queries_of: Any
    ) -> None:
        browser, address = enter(department), f"/office/poverty/rounds/{review.round_id}/"
        few = queries_of(browser, address)
        for _ in range(8):
            HouseholdReviewFactory(commune_review=CommuneReviewFactory(round=review.round))

        assert queries_of(browser, address) == few

    def test_a_commune_does_not_see_it(self, officer: User, review: CommuneReview) -> None:
        assert enter(officer).open(f"/office/poverty/rounds/{review.round_id}/").status == 404


class TestTheCommune:
    def test_goes_from_the_list_to_the_meeting_by_one_button_at_a_time(
        self, world: World, officer: User, review: CommuneReview
    ) -> None:
        listed_household(review.unit)
        browser = enter(officer)

        page = browser.open(page_of(review)).press("Lập danh sách")
        assert "Đã thêm 1 hộ" in page.notices
        page = page.press("Chốt danh sách")
        assert "Còn 1 hộ chưa khảo sát" in page.words
        assert "Kết thúc khảo sát" not in " ".join(page.buttons())
        HouseholdReview.objects.update(visit_state=VisitState.VISITED, surveyed_class="poor")
        page = browser.open(page_of(review)).press("Kết thúc khảo sát")

        review.refresh_from_db()
        assert review.state == CommuneState.MEETING

    def test_says_that_there_is_nobody(self, officer: User, review: CommuneReview) -> None:
        page = enter(officer).open(page_of(review)).press("Xã không có hộ nào")

        assert "Đã xác nhận" in page.notices

    def test_leads_from_what_is_missing_to_the_households(self, officer: User, review: CommuneReview) -> None:
        review.state = CommuneState.VISITING
        review.save()
        VisitFlagFactory(visit__review=HouseholdReviewFactory(commune_review=review, visited=True))
        HouseholdReviewFactory(commune_review=review)

        page = enter(officer).open(page_of(review)).follow("Còn 1 hộ có dấu hiệu")

        assert page.heading == "Dấu hiệu cần kiểm tra"
        assert len(page.rows("Chưa xem")) == 1

    def test_a_press_that_comes_too_late_says_so(self, officer: User, review: CommuneReview) -> None:
        page = enter(officer).send(page_of(review, "do/meeting/"), {})

        assert "không thể chuyển sang" in page.notices

    def test_records_totals(self, officer: User, review: CommuneReview) -> None:
        page = enter(officer).open(page_of(review, "totals/")).press("Ghi", households="1.850", population="7012")
        review.refresh_from_db()
        assert (review.households_total, review.population_total) == (1850, 7012)
        assert "1.850" in page.words

        page = enter(officer).open(page_of(review, "totals/")).press("Ghi", households="nhiều")
        assert page.status == 422

    def test_adds_a_household_by_its_code(self, officer: User, review: CommuneReview) -> None:
        household = HouseholdFactory(unit=review.unit)
        browser = enter(officer)

        page = browser.open(page_of(review, "add/")).press("Thêm vào danh sách", code=household.code)
        assert household.code in page.words
        page = browser.open(page_of(review, "add/")).press("Thêm vào danh sách", code="HT-không-có")
        assert "Không có hộ nào" in page.error_beside("code")

    def test_records_and_withdraws_a_request(self, world: World, review: CommuneReview) -> None:
        household = HouseholdFactory(unit=review.unit)
        receiver = enter(world.officer(Role.RECEIVER))

        page = receiver.open(page_of(review, "requests/")).press(
            "Ghi giấy đề nghị", code=household.code, kind="recognize"
        )
        assert len(page.rows("Giấy đề nghị")) == 1
        page = page.press("Hộ rút")

        assert ReviewRequest.objects.get().withdrawn_on == world.today
        assert page.rows("Giấy đề nghị") == []

    def test_an_auditor_reads_and_has_no_buttons(self, world: World, review: CommuneReview) -> None:
        auditor = enter(world.officer(Role.AUDITOR))

        assert auditor.open(page_of(review)).buttons() == []
        assert auditor.open(page_of(review, "totals/")).status == 404

    def test_another_commune_finds_nothing_at_any_address(self, world: World, review: CommuneReview) -> None:
        row = HouseholdReviewFactory(commune_review=review, visited=True)
        ReviewRequestFactory(household=row.household)
        stranger = enter(world.officer(Role.PROCESSOR, OTHER_COMMUNE))

        for rest in (
            "",
            "totals/",
            "add/",
            "requests/",
            "households/",
            "households/print/",
            f"households/{row.pk}/do/gone/",
        ):
            assert stranger.open(page_of(review, rest)).status == 404, rest
        for rest in ("do/list/", "households/assign/", f"households/{row.pk}/do/revisit/"):
            assert stranger.send(page_of(review, rest), {"reason": "x"}).status == 404, rest

    def test_an_enumerator_sees_no_list_of_the_commune(self, world: World, review: CommuneReview) -> None:
        enumerator = enter(world.officer(Role.ENUMERATOR))

        assert enumerator.open(page_of(review, "households/")).status == 404


class TestTheWorkList:
    @pytest.fixture
    def households(self, review: CommuneReview, officer: User) -> list[HouseholdReview]:
        return [
            HouseholdReviewFactory(commune_review=review, hamlet="Xóm 2", head_name="Ma Văn Ân"),
            HouseholdReviewFactory(commune_review=review, hamlet="Xóm 10", near_poor=True, enumerator=officer),
            HouseholdReviewFactory(commune_review=review, hamlet="Xóm 10", visited=True, line_may_jump=True),
            HouseholdReviewFactory(commune_review=review, hamlet="", requested=True, area="urban"),
        ]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("", 4), ("hamlet=Xóm 10", 2), ("hamlet=-", 1), ("enumerator=none", 3), ("visit=visited", 1), ("before=near_poor", 1),
            ("result=poor", 1), ("result=unknown", 3), ("area=urban", 1), ("jump=yes", 1), ("source=request", 1), ("flagged=yes", 0),
            ("visit=nonsense", 4), ("enumerator=abc", 4), ("result=nonsense", 0),
        ],
    )  # fmt: skip
    def test_narrows_by_its_address(
        self, officer: User, review: CommuneReview, households: list[HouseholdReview], query: str, found: int
    ) -> None:
        page = enter(officer).open(page_of(review, f"households/?{query}"))

        assert len(page.rows("Hộ rà soát")) == found

    def test_gives_marked_households_to_an_enumerator_and_stays_where_it_was(
        self, world: World, officer: User, review: CommuneReview, households: list[HouseholdReview]
    ) -> None:
        enumerator = world.officer(Role.ENUMERATOR)
        page = enter(officer).open(page_of(review, "households/?enumerator=none"))

        page = page.press(
            "Giao", verb="assign", enumerator=str(enumerator.pk), household=[str(row.pk) for row in households]
        )

        assert "Đã giao 3 hộ" in page.notices
        assert "1 hộ được giữ nguyên" in page.notices
        assert page.answer.request["QUERY_STRING"] == "enumerator=none"

    def test_gives_a_hamlet(self, world: World, officer: User, review: CommuneReview, households: list[Any]) -> None:
        enumerator = world.officer(Role.ENUMERATOR)

        page = enter(officer).open(page_of(review, "households/?hamlet=Xóm 2"))
        page = page.press("Giao cả thôn", enumerator=str(enumerator.pk))

        assert "Đã giao 1 hộ" in page.notices

    def test_asks_whom_before_it_gives(self, officer: User, review: CommuneReview, households: list[Any]) -> None:
        page = enter(officer).open(page_of(review, "households/")).press("Giao", household=[str(households[0].pk)])

        assert "Chưa chọn điều tra viên" in page.notices

    def test_goes_into_a_sheet_and_on_paper(self, officer: User, review: CommuneReview, households: list[Any]) -> None:
        browser = enter(officer)

        assert browser.get(page_of(review, "households/?format=xlsx")).content.startswith(b"PK")
        paper = browser.open(page_of(review, "households/print/"))
        headings = [" ".join(one.get_text(" ").split()) for one in paper.soup.find_all("h2")]
        assert [one.split(" – ")[0] for one in headings] == ["Chưa rõ thôn", "Xóm 2", "Xóm 10", "Xóm 10"]

    def test_keeps_its_questions_for_many_households(
        self, officer: User, review: CommuneReview, households: list[Any], queries_of: Any
    ) -> None:
        browser, address = enter(officer), page_of(review, "households/")
        few = queries_of(browser, address)
        HouseholdReviewFactory.create_batch(20, commune_review=review, enumerator=officer)

        assert queries_of(browser, address) == few

    def test_marks_gone_back_and_once_more(
        self, officer: User, review: CommuneReview, households: list[HouseholdReview]
    ) -> None:
        browser, address = enter(officer), page_of(review, f"households/{households[0].pk}/do/")

        assert "Đã ghi hộ không còn" in browser.open(f"{address}gone/").press("Ghi hộ", reason="moved_away").notices
        assert "Hộ đã trở lại" in browser.open(f"{address}back/").press("Đưa hộ").notices
        page = browser.open(f"{address}revisit/").press("Yêu cầu khảo sát lại", reason="Xem lại")
        assert "chưa khảo sát xong" in page.errors[0] or page.status == 422
        assert browser.open(f"{address}nonsense/").status == 404

    def test_puts_hamlet_two_before_hamlet_ten(
        self, officer: User, review: CommuneReview, households: list[Any]
    ) -> None:
        page = enter(officer).open(page_of(review, "households/"))

        found = [
            row[2].removesuffix(" nông thôn").removesuffix(", chuẩn có thể đổi") for row in page.rows("Hộ rà soát")
        ]
        assert [one.split(" nông")[0].split(" thành")[0] for one in found] == [
            "chưa rõ thôn",
            "Xóm 2",
            "Xóm 10",
            "Xóm 10",
        ]

    def test_says_what_to_do_when_it_is_empty(self, officer: User, review: CommuneReview) -> None:
        page: Page = enter(officer).open(page_of(review, "households/"))

        assert "Lập danh sách ở trang của xã" in page.words

"""The households that somebody visits, as they see them; nobody sees those of another."""

from typing import Any

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.poverty.models import CommuneReview, HouseholdReview
from lienthong.poverty.states import CommuneState, FormKind, HouseholdClass
from tests.factories.poverty import CommuneReviewFactory, HouseholdReviewFactory, ReviewRoundFactory, VisitFactory
from tests.screens import Page, enter, plain
from tests.world import COMMUNE, World

MINE = "/office/poverty/visits/"
OTHER_COMMUNE = "H55.05500"


@pytest.fixture
def enumerator(world: World) -> User:
    return world.officer(Role.ENUMERATOR)


@pytest.fixture
def commune(world: World) -> CommuneReview:
    return CommuneReviewFactory(unit=world.agency(COMMUNE).unit, visiting=True)


@pytest.fixture
def give(commune: CommuneReview, enumerator: User) -> Any:
    """Return a function that puts a household on the list and gives it to the enumerator."""

    def make(**facts: Any) -> HouseholdReview:
        return HouseholdReviewFactory(**{"commune_review": commune, "enumerator": enumerator, **facts})

    return make


def row_of(page: Page, name: str) -> list[str]:
    [found] = [
        [plain(cell) for cell in row.find_all("td")]
        for row in page.main.select("tr[data-row]")
        if name in row.get_text()
    ]
    return found


class TestTheList:
    def test_sums_up_what_is_done_and_what_is_left(self, enumerator: User, give: Any) -> None:
        give(), give(visited=True, surveyed_class=HouseholdClass.NOT_POOR), give(revisit=True), give(visited=True)

        page = enter(enumerator).open(MINE)

        assert page.lead == "Đã khảo sát 2 trong 4 hộ, 1 hộ cần khảo sát lại, 1 hộ còn thiếu phiếu C."
        assert "Số liệu chưa khớp" in page.words

    def test_goes_hamlet_by_hamlet_the_second_before_the_tenth(self, enumerator: User, give: Any) -> None:
        for hamlet in ("Xóm 10", "", "Xóm 2"):
            give(hamlet=hamlet)

        captions = [plain(table.caption) for table in enter(enumerator).open(MINE).main.select("table")]

        assert [caption.rsplit(" – ", 1)[0] for caption in captions] == ["Xóm 2", "Xóm 10", "Chưa rõ thôn"]

    @pytest.mark.parametrize(
        ("facts", "filled", "form"),
        [
            ({"requested": True}, [], "A"),
            ({"requested": True}, [FormKind.A], "B"),
            ({}, [], "B"),
            ({"revisit": True, "requested": True}, [FormKind.A], "A"),
            ({"revisit": True}, [FormKind.B], "B"),
            ({"visited": True}, [FormKind.B], "C"),
        ],
    )
    def test_leads_to_the_form_that_is_next(
        self, enumerator: User, give: Any, facts: dict[str, Any], filled: list[FormKind], form: str
    ) -> None:
        review = give(head_name="Bế Thị Ẳng", **facts)
        for done in filled:
            VisitFactory(review=review, form_id=done)

        page = enter(enumerator).open(MINE)

        assert row_of(page, "Bế Thị Ẳng")[3] == f"Điền phiếu {form}"
        assert page.link(f"Điền phiếu {form}") == f"{MINE}{review.pk}/phieu-{form.lower()}/"

    def test_has_no_next_form_where_nothing_is_left(self, enumerator: User, give: Any) -> None:
        give(head_name="Bế Thị Một", screened_out=True)
        done = give(head_name="Bế Thị Hai", visited=True)
        for form in (FormKind.B, FormKind.C):
            VisitFactory(review=done, form_id=form, visited_by=enumerator)

        page = enter(enumerator).open(MINE)

        assert row_of(page, "Bế Thị Một")[3] == "–"
        assert row_of(page, "Bế Thị Hai")[3] == "Sửa phiếu B Sửa phiếu C"

    def test_offers_no_correction_of_what_somebody_else_filled(self, world: World, enumerator: User, give: Any) -> None:
        VisitFactory(review=give(revisit=True), visited_by=world.officer(Role.ENUMERATOR, another=True))

        assert "Sửa phiếu" not in enter(enumerator).open(MINE).words

    def test_says_why_there_is_no_form_before_and_after_the_visits(
        self, enumerator: User, give: Any, commune: CommuneReview
    ) -> None:
        give(head_name="Bế Thị Ẳng")
        for state, words in ((CommuneState.LISTING, "chưa bắt đầu khảo sát"), (CommuneState.MEETING, "đã qua bước")):
            CommuneReview.objects.update(state=state)
            page = enter(enumerator).open(MINE)
            assert words in page.words
            assert not [link for link in page.links() if link.startswith("Điền phiếu")]
        CommuneReview.objects.update(state=CommuneState.DECIDED)
        assert "Bạn chưa được giao hộ nào" in enter(enumerator).open(MINE).words

    def test_lets_a_recheck_be_filled_while_the_list_hangs_out(
        self, enumerator: User, give: Any, commune: CommuneReview
    ) -> None:
        give(revisit=True)
        CommuneReview.objects.update(state=CommuneState.POSTED)

        assert "Điền phiếu B" in enter(enumerator).open(MINE).links()

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("text=be+thi", {"Bế Thị Ẳng"}),
            ("text=ẲNG", {"Bế Thị Ẳng"}),
            ("visit=revisit", {"Lý A Sính"}),
            ("hamlet=Xóm+2", {"Lý A Sính"}),
            ("visit=nonsense&page=99999999999", {"Bế Thị Ẳng", "Lý A Sính"}),
            ("text=khong+ai", set()),
        ],
    )
    def test_is_narrowed_by_its_address(self, enumerator: User, give: Any, query: str, found: set[str]) -> None:
        give(head_name="Bế Thị Ẳng")
        give(head_name="Lý A Sính", revisit=True, hamlet="Xóm 2")

        page = enter(enumerator).open(f"{MINE}?{query}")

        assert {name for name in ("Bế Thị Ẳng", "Lý A Sính") if name in page.words} == found

    def test_finds_by_the_code_of_the_household(self, enumerator: User, give: Any) -> None:
        review = give(head_name="Bế Thị Ẳng")
        give(head_name="Lý A Sính")

        page = enter(enumerator).open(f"{MINE}?text={review.household.code}")

        assert "Bế Thị Ẳng" in page.words
        assert "Lý A Sính" not in page.words

    def test_shows_what_is_given_to_nobody_when_asked(self, enumerator: User, give: Any) -> None:
        give(enumerator=None, head_name="Bế Thị Ẳng")

        page = enter(enumerator).open(MINE)
        assert "Bế Thị Ẳng" not in page.words

        assert "Bế Thị Ẳng" in page.follow("Chưa giao cho ai").words

    def test_says_what_to_wait_for_while_it_is_empty(self, enumerator: User) -> None:
        assert "hộ được giao sẽ hiện ở đây" in enter(enumerator).open(MINE).words

    def test_goes_on_paper_and_into_a_file(self, enumerator: User, give: Any) -> None:
        give(head_name="Bế Thị Ẳng")
        browser = enter(enumerator)

        assert "Bế Thị Ẳng" in browser.get(f"{MINE}print/").content.decode()
        assert browser.get(f"{MINE}?format=xlsx").content.startswith(b"PK")
        assert browser.get(f"{MINE}print/?text=khong+ai").status_code == 200

    def test_keeps_its_questions_for_many_households(self, enumerator: User, give: Any, queries_of: Any) -> None:
        give()
        browser = enter(enumerator)
        few = queries_of(browser, MINE)
        for _ in range(8):
            VisitFactory(review=give(visited=True), visited_by=enumerator)

        assert queries_of(browser, MINE) == few


class TestWhoSeesIt:
    def test_not_another_enumerator_of_the_commune(self, world: World, give: Any) -> None:
        give(head_name="Bế Thị Ẳng")

        page = enter(world.officer(Role.ENUMERATOR, another=True)).open(MINE)

        assert "Bế Thị Ẳng" not in page.words
        assert "Bế Thị Ẳng" not in page.browser.open(f"{MINE}?whose=nobody").words

    def test_not_the_enumerator_of_another_commune(self, world: World, give: Any) -> None:
        give(enumerator=None, head_name="Bế Thị Ẳng")

        page = enter(world.officer(Role.ENUMERATOR, OTHER_COMMUNE)).open(f"{MINE}?whose=nobody")

        assert "Bế Thị Ẳng" not in page.words

    def test_nobody_who_visits_nowhere(self, world: World) -> None:
        for role in (Role.RECEIVER, Role.AUDITOR, Role.CATALOGUE_EDITOR):
            assert enter(world.officer(role)).open(MINE).status == 404
        assert enter(world.citizen()).open(MINE).status == 404

    def test_leads_there_from_the_door(self, enumerator: User) -> None:
        assert enter(enumerator).open("/office/poverty/").path == MINE

    def test_not_what_belongs_to_a_round_that_is_closed(self, enumerator: User, give: Any, world: World) -> None:
        closed = CommuneReviewFactory(
            unit=world.agency(COMMUNE).unit, visiting=True, round=ReviewRoundFactory(regular=True, closed=True)
        )
        give(commune_review=closed, head_name="Bế Thị Ẳng")

        assert "Bế Thị Ẳng" not in enter(enumerator).open(MINE).words

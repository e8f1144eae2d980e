"""Flags, forms that were set aside and visits in words, as officers meet them; nobody reads another commune's answers."""

from typing import Any

import pytest
from django.utils.text import capfirst

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.poverty.models import HouseholdReview, Submission, SubmissionMedia, Visit, VisitFlag
from lienthong.poverty.services import checks
from lienthong.poverty.states import FlagKind, SubmissionState, VisitState
from tests.factories.poverty import (
    CommuneReviewFactory,
    FormVersionFactory,
    HouseholdReviewFactory,
    VisitFactory,
    VisitFlagFactory,
)
from tests.poverty.filled import Field, members, set_field
from tests.screens import Page, enter, plain
from tests.world import World

FLAGS = "/office/poverty/flags/"
ASIDE = "/office/poverty/set-aside/"
READ = "/office/poverty/visits/read/"
PROVINCE = "H55.SNNMT"
OTHER_COMMUNE = "H55.05500"


@pytest.fixture
def field(world: World) -> Field:
    return set_field(world)


@pytest.fixture
def elsewhere(world: World) -> User:
    return world.officer(Role.PROCESSOR, OTHER_COMMUNE)


@pytest.fixture
def flag(field: Field) -> VisitFlag:
    """A visit that took three minutes."""
    field.visit(minutes=3)
    visit = Visit.objects.get()
    checks.check_visit(visit.pk, now=field.now)
    return VisitFlag.objects.get(kind=FlagKind.TOO_FAST)


@pytest.fixture
def lost(field: Field) -> Submission:
    """A form of a household that is on no list."""
    field.send(field.xml().replace(field.review.household.code.encode(), b"H-KHONG-CO"))
    return Submission.objects.get(state=SubmissionState.SET_ASIDE)


def facts(page: Page) -> dict[str, str]:
    return {plain(row.dt): plain(row.dd) for row in page.main.select(".govuk-summary-list__row")}


def _visit(field: Field, **facts: Any) -> Visit:
    visit: Visit = VisitFactory(review=field.household(**facts), submission__form_version=field.form())
    return visit


class TestAVisitInWords:
    def test_says_question_and_answer(self, field: Field) -> None:
        field.visit(remarks="Nhà dột, mưa là ướt", location="21.59 105.84 40 8")

        page = enter(field.officer).open(f"{READ}{Visit.objects.get().pk}/")

        said = facts(page)
        assert said["Tường"] == "Không bền chắc"
        assert said["Ghi chú của điều tra viên"] == "Nhà dột, mưa là ướt"
        assert said["Khu vực"] == "nông thôn"
        assert "21.59000, 105.84000 (sai số 8 m)" in page.words
        assert field.form().version in page.words
        assert "Nhân khẩu 1: Ma Văn Sình" in page.words

    def test_is_linked_from_the_page_of_the_household(self, field: Field) -> None:
        field.visit()

        page = enter(field.officer).open(f"/office/poverty/households/{field.review.pk}/")

        assert f"{READ}{Visit.objects.get().pk}/" in page.answer.content.decode()

    def test_is_for_who_was_there_and_the_commune(self, world: World, field: Field, elsewhere: User) -> None:
        field.visit()
        address = f"{READ}{Visit.objects.get().pk}/"
        another = field.another_enumerator()
        HouseholdReview.objects.update(
            enumerator=another
        )  # who goes as a control does not read the first one's answers

        assert enter(field.enumerator).open(address).status == 200
        assert enter(world.officer(Role.AUDITOR, PROVINCE)).open(address).status == 200
        for somebody in (another, elsewhere, world.citizen(), world.officer(Role.CATALOGUE_EDITOR)):
            assert enter(somebody).open(address).status == 404

    def test_does_not_fall_over_a_form_of_which_nothing_is_known(self, field: Field) -> None:
        visit = VisitFactory(
            review=field.review,
            answers={"a": "1"},
            submission__form_version=FormVersionFactory(version="1", standard_id="2016-2021"),
        )
        SubmissionMedia.objects.create(submission=visit.submission, name="nhà.png", file=None)

        page = enter(field.officer).open(f"{READ}{visit.pk}/")

        assert "Ngoài các câu hỏi của phiếu" in page.words
        assert enter(field.officer).open(f"{READ}{visit.pk}/photos/nhà.png").status == 404


class TestFlags:
    def test_are_listed_and_counted(self, field: Field, flag: VisitFlag) -> None:
        page = enter(field.officer).open(FLAGS)

        assert page.lead.startswith("1 dấu hiệu chưa ai xem")
        assert field.review.head_name in page.rows()[0][0]
        assert "Khảo sát trong 3 phút" in page.rows()[0][1]

    def test_are_reached_from_the_page_of_the_commune(self, field: Field, flag: VisitFlag) -> None:
        page = enter(field.officer).open(f"/office/poverty/communes/{field.commune.pk}/")

        assert "(1 hộ)" in page.words
        assert f"{FLAGS}?commune={field.commune.pk}" in page.answer.content.decode()

    def test_are_narrowed_by_the_address(self, field: Field, flag: VisitFlag) -> None:
        VisitFlagFactory(visit=_visit(field, hamlet="Xóm 9"), kind=FlagKind.COPIED)
        browser = enter(field.officer)

        assert len(browser.open(FLAGS).rows()) == 2
        for query in ("kind=copied", "hamlet=Xóm 9", f"enumerator={field.enumerator.pk}", f"kind=too_fast&commune={field.commune.pk}"):  # fmt: skip
            assert len(browser.open(f"{FLAGS}?{query}").rows()) == 1
        for query in ("commune=1;drop", "commune=999999", "enumerator=x", "kind=x"):
            assert browser.open(f"{FLAGS}?{query}").status == 200

    def test_are_exported(self, field: Field, flag: VisitFlag) -> None:
        assert enter(field.officer).get(f"{FLAGS}?format=xlsx")["Content-Type"].endswith("sheet")

    def test_are_cleared_with_a_note(self, field: Field, flag: VisitFlag) -> None:
        page = enter(field.officer).open(FLAGS).follow(field.review.head_name)

        refused = page.press("Ghi kết luận", note=" ")
        assert refused.status == 422
        assert refused.errors
        done = page.press("Ghi kết luận", note="Hộ một người, trả lời nhanh")

        flag.refresh_from_db()
        assert flag.note == "Hộ một người, trả lời nhanh"
        assert "Đã ghi kết luận" in done.notices
        assert "Hộ một người" in enter(field.officer).open(f"{FLAGS}{flag.pk}/").words

    def test_send_somebody_again(self, field: Field, flag: VisitFlag) -> None:
        page = enter(field.officer).open(f"{FLAGS}{flag.pk}/")

        page.press("Yêu cầu khảo sát lại", **{"again-reason": "Xem lại mái nhà"})

        field.review.refresh_from_db()
        assert field.review.visit_state == VisitState.REVISIT
        assert field.review.revisit_reason == "Xem lại mái nhà"
        page = enter(field.officer).open(f"{FLAGS}{flag.pk}/")
        assert "Đã yêu cầu khảo sát lại" in page.words
        assert "Yêu cầu khảo sát lại" not in page.buttons()

    def test_refuse_what_somebody_else_changed_meanwhile(self, field: Field, flag: VisitFlag) -> None:
        page = enter(field.officer).open(f"{FLAGS}{flag.pk}/")

        refused = page.press("Yêu cầu khảo sát lại", seen="999", **{"again-reason": "Xem lại"})

        assert refused.status == 422
        assert refused.errors

    def test_of_copied_answers_lay_both_side_by_side(self, field: Field) -> None:
        other = field.household(head_name="Bế Văn Ỷ")
        field.visit(other, people=members(3))
        field.visit(people=members(3), remarks="Nhà khác")
        visit = Visit.objects.get(review=field.review)
        checks.check_visit(visit.pk, now=field.now)
        copied = VisitFlag.objects.get(visit=visit, kind=FlagKind.COPIED)

        page = enter(field.officer).open(f"{FLAGS}{copied.pk}/")

        rows = {row[0]: row[1:] for row in page.rows("Hai phiếu cạnh nhau")}
        assert rows["Tường Nhà ở và sinh hoạt"] == ["Không bền chắc", "Không bền chắc"]
        assert rows["Ghi chú của điều tra viên Ảnh và vị trí"] == ["Nhà khác", "–"]
        assert [plain(mark) for mark in page.main.select("mark")].count("Nhà khác") == 1

    def test_of_ones_own_visit_are_for_somebody_else(self, field: Field, flag: VisitFlag) -> None:
        Visit.objects.update(visited_by=field.officer)

        page = enter(field.officer).open(f"{FLAGS}{flag.pk}/")

        assert "Ghi kết luận" not in page.buttons()
        assert "nhờ người khác xem" in page.words

    def test_are_not_for_other_communes_or_enumerators(
        self, world: World, field: Field, flag: VisitFlag, elsewhere: User
    ) -> None:
        review = HouseholdReviewFactory(
            commune_review=CommuneReviewFactory(unit=world.agency(OTHER_COMMUNE).unit, visiting=True)
        )
        VisitFlagFactory(visit=VisitFactory(review=review, submission__form_version=field.form()))

        assert len(enter(elsewhere).open(FLAGS).rows()) == 1
        assert len(enter(world.officer(Role.AUDITOR, PROVINCE)).open(FLAGS).rows()) == 2
        for somebody in (elsewhere, field.enumerator):
            assert enter(somebody).open(f"{FLAGS}{flag.pk}/").status == 404
            assert enter(somebody).send(f"{FLAGS}{flag.pk}/", {"verb": "clear", "note": "x"}).status == 404
        assert "Ghi kết luận" not in enter(world.officer(Role.AUDITOR)).open(f"{FLAGS}{flag.pk}/").buttons()

    def test_ask_as_often_for_many_as_for_one(
        self, field: Field, flag: VisitFlag, django_assert_max_num_queries: Any
    ) -> None:
        for _number in range(8):
            VisitFlagFactory(visit=_visit(field), kind=FlagKind.COPIED)
        browser = enter(field.officer)
        browser.open(FLAGS)

        with django_assert_max_num_queries(14):
            browser.open(FLAGS)


class TestSetAside:
    def test_says_why_and_what_the_form_says(self, field: Field, lost: Submission) -> None:
        page = enter(field.officer).open(ASIDE)
        assert "H-KHONG-CO" in page.words
        page = page.follow("H-KHONG-CO")

        assert capfirst(lost.reason) in page.words
        assert facts(page)["Tường"] == "Không bền chắc"
        assert page.heading.endswith("Ma Văn Sình")

    def test_is_counted_on_the_page_of_the_commune(self, field: Field, lost: Submission) -> None:
        page = enter(field.officer).open(f"/office/poverty/communes/{field.commune.pk}/")

        assert "(1 đang chờ)" in page.words
        assert page.follow("Phiếu để riêng").rows()

    def test_is_given_to_a_household_of_the_list(self, field: Field, lost: Submission) -> None:
        HouseholdReview.objects.update(head_name="MA VĂN SÌNH")
        page = enter(field.officer).open(f"{ASIDE}{lost.pk}/")
        assert f"MA VĂN SÌNH, Xóm 1: {field.review.household.code}" in page.words

        done = page.press("Gắn vào hộ này", code=field.review.household.code)

        assert "Đã gắn phiếu vào hộ MA VĂN SÌNH" in done.notices
        assert Visit.objects.get().review == field.review

    def test_is_asked_about_where_it_names_another_head(self, field: Field, lost: Submission) -> None:
        other = field.household(head_name="Nguyễn Thị Thu Tú")
        page = enter(field.officer).open(f"{ASIDE}{lost.pk}/").press("Gắn vào hộ này", code=other.household.code)
        assert "còn hộ được chọn là của Nguyễn Thị Thu Tú" in page.error_beside("code")
        assert not Visit.objects.exists()

        done = page.press("Gắn vào hộ này", code=other.household.code, is_surely_theirs="on")

        assert "Đã gắn phiếu vào hộ Nguyễn Thị Thu Tú" in done.notices

    def test_is_refused_beside_the_field(self, field: Field, lost: Submission) -> None:
        page = enter(field.officer).open(f"{ASIDE}{lost.pk}/").press("Gắn vào hộ này", code="KHONG-CO")

        assert page.status == 422
        assert "không có trong danh sách đang mở" in page.error_beside("code")

    def test_is_not_used_for_a_reason(self, field: Field, lost: Submission) -> None:
        page = enter(field.officer).open(f"{ASIDE}{lost.pk}/")

        assert page.press("Không dùng phiếu này", note="").status == 422
        page.press("Không dùng phiếu này", note="Điền thử khi tập huấn")

        lost.refresh_from_db()
        assert (lost.state, lost.reason) == (SubmissionState.DISCARDED, "Điền thử khi tập huấn")
        again = page.press("Gắn vào hộ này", code=field.review.household.code)
        assert again.status == 422
        assert "vừa được người khác xử lý" in again.words

    def test_is_only_read_by_who_does_not_run_the_commune(self, world: World, lost: Submission) -> None:
        page = enter(world.officer(Role.AUDITOR)).open(f"{ASIDE}{lost.pk}/")

        assert page.status == 200
        assert page.buttons() == []

    def test_is_not_for_other_communes_or_citizens(self, world: World, lost: Submission, elsewhere: User) -> None:
        for somebody in (elsewhere, world.citizen(), world.officer(Role.ENUMERATOR)):
            assert enter(somebody).open(f"{ASIDE}{lost.pk}/").status == 404
        assert enter(elsewhere).open(ASIDE).rows() == []

    def test_is_exported(self, field: Field, lost: Submission) -> None:
        assert enter(field.officer).get(f"{ASIDE}?format=xlsx")["Content-Type"].endswith("sheet")

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from lienthong.accounts import queries
from lienthong.accounts.models import SignIn, User
from lienthong.accounts.states import Role
from lienthong.infra.models import ReadRecord
from tests.factories.accounts import PASSWORD, MandateFactory, SignInFactory, UserFactory, officer, signed_in

pytestmark = pytest.mark.django_db

NEW = "mưa rào tháng sáu"


def text_of(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def change_password(browser: Client, *, current: str = PASSWORD, new: str = NEW, repeated: str = NEW) -> Any:
    return browser.post(
        "/account/password/",
        {"current_password": current, "new_password": new, "repeated_password": repeated, "next": ""},
    )


class TestOwnAccount:
    def test_shows_an_officer_what_they_may_do_today(self) -> None:
        user = officer(Role.PROCESSOR)

        page = text_of(signed_in(user).get("/account/"))

        assert "Cán bộ thụ lý, Sở Thử nghiệm" in page
        assert "1 thiết bị đang đăng nhập" in page
        assert "Xem nhật ký" not in page

    def test_shows_a_citizen_the_way_to_the_record_of_readings(self) -> None:
        assert "Xem nhật ký" in text_of(signed_in(UserFactory(citizen=True)).get("/account/"))


class TestChangePassword:
    def test_keeps_this_browser_in_under_a_new_key_and_throws_the_others_out(self) -> None:
        user = officer()
        here, elsewhere = signed_in(user), signed_in(user)
        key = here.session.session_key

        answer = change_password(here)

        assert answer.url == "/account/"
        assert here.get("/account/").status_code == 200
        assert here.session.session_key != key
        assert elsewhere.get("/account/").status_code == 302
        kept = SignIn.objects.get(user=user, ended_at=None)
        assert kept.session_key == here.session.session_key

    def test_works_at_the_next_sign_in(self, client: Client) -> None:
        user = officer()
        change_password(signed_in(user))

        assert client.post("/sign-in/", {"username": user.username, "password": PASSWORD}).status_code == 422
        assert client.post("/sign-in/", {"username": user.username, "password": NEW}).status_code == 302

    def test_is_no_place_to_guess_in(self) -> None:
        browser = signed_in(officer())

        answers = [change_password(browser, current=f"đoán {number}").status_code for number in range(5)]

        assert answers == [422, 422, 422, 422, 429]

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"current": "sai"}, "Mật khẩu hiện tại chưa đúng"),
            ({"repeated": "khác hẳn đi"}, "Hai lần gõ mật khẩu mới chưa giống nhau"),
            ({"new": "ngắn", "repeated": "ngắn"}, "cần ít nhất 12 ký tự"),
            ({"new": PASSWORD, "repeated": PASSWORD}, "trùng mật khẩu hiện tại"),
            ({"new": "079085001234", "repeated": "079085001234"}, "chỉ gồm chữ số"),
            ({"current": ""}, "Chưa có “Mật khẩu hiện tại”"),
        ],
    )
    def test_says_what_is_wrong_beside_the_field(self, typed: dict[str, str], told: str) -> None:
        answer = change_password(signed_in(officer()), **typed)

        assert answer.status_code == 422
        assert told in text_of(answer)


class TestOwnSessions:
    def test_lists_devices_and_marks_this_one(self) -> None:
        user = officer()
        browser = signed_in(user)
        SignInFactory(user=user, device="Firefox trên Linux", address="10.1.2.3", seen_at=timezone.now())

        page = text_of(browser.get("/account/sessions/"))

        assert "Chrome trên Windows thiết bị này" in page
        assert "Firefox trên Linux" in page
        assert "10.1.2.3" in page

    def test_ends_all_others_in_one_press(self) -> None:
        user = officer()
        here, there, everywhere = signed_in(user), signed_in(user), signed_in(user)

        answer = here.post("/account/sessions/end-others/", follow=True)

        assert "Đã kết thúc 2 phiên đăng nhập khác." in text_of(answer)
        assert [browser.get("/account/").status_code for browser in (here, there, everywhere)] == [200, 302, 302]

    def test_ends_this_one_as_a_sign_out(self) -> None:
        user = officer()
        browser = signed_in(user)

        browser.post(f"/account/sessions/{SignIn.objects.get(user=user).pk}/end/")

        assert browser.get("/account/").status_code == 302

    @pytest.mark.parametrize("kind", ["officer", "citizen"])
    def test_of_somebody_else_look_like_none(self, kind: str) -> None:
        others = SignInFactory()
        browser = signed_in(officer() if kind == "officer" else UserFactory(citizen=True))

        assert browser.post(f"/account/sessions/{others.pk}/end/").status_code == 404
        assert browser.post("/account/sessions/999999/end/", follow=True).status_code == 200
        others.refresh_from_db()
        assert others.ended_at is None

    def test_costs_the_same_number_of_queries_for_one_and_for_twenty(self, django_assert_num_queries: Any) -> None:
        user = officer()
        browser = signed_in(user)
        SignInFactory.create_batch(20, user=user, seen_at=timezone.now())

        with django_assert_num_queries(4):  # session, user, running, past
            browser.get("/account/sessions/")


class TestWhoLookedAtMyData:
    AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

    @pytest.fixture
    def citizen(self) -> User:
        return UserFactory(citizen=True)

    def look(self, actor: User | None, subject: str, *, at: datetime = AT) -> None:
        ReadRecord.objects.create(
            actor_id=actor.pk if actor else None,
            subject=subject,
            action="view",
            path="/office/receive/1.001776/",
            at=at,
        )

    def test_names_an_officer_with_the_role_of_that_day(self, citizen: User) -> None:
        mover = officer(Role.PROCESSOR, full_name="Ma Thị Chuyên Viên")
        first = mover.mandates.get()
        first.valid_until = date(2026, 11, 22)
        first.save()
        MandateFactory(user=mover, role=Role.LEADER, valid_from=date(2026, 11, 22))
        self.look(mover, f"person:{citizen.person_id}")

        page = text_of(signed_in(citizen).get("/account/readings/"))

        assert f"Ma Thị Chuyên Viên Cán bộ thụ lý, {first.agency.name}" in page
        assert "20/11/2026 09:00" in page
        assert "Thông tin cá nhân Tiếp nhận hồ sơ" in page
        assert "ãnh đạo ký duyệt" not in page

    def test_does_not_name_anybody_who_is_no_officer(self, citizen: User) -> None:
        self.look(UserFactory(citizen=True, full_name="Hàng Xóm"), f"person:{citizen.person_id}")
        self.look(None, f"person:{citizen.person_id}")

        page = text_of(signed_in(citizen).get("/account/readings/"))

        assert "Một tài khoản công dân" in page
        assert "Người có mã tra cứu" in page
        assert "Hàng Xóm" not in page

    def test_leaves_out_the_own_looks_and_those_at_others(self, citizen: User) -> None:
        self.look(citizen, f"person:{citizen.person_id}")
        self.look(officer(), "person:999999")

        assert "Chưa có ai xem dữ liệu của bạn" in text_of(signed_in(citizen).get("/account/readings/"))

    def test_is_for_citizens_and_firms(self) -> None:
        assert signed_in(UserFactory(firm=True)).get("/account/readings/").status_code == 200
        assert signed_in(officer()).get("/account/readings/").status_code == 404

    def test_costs_the_same_number_of_queries_whoever_looked(
        self, citizen: User, django_assert_num_queries: Any
    ) -> None:
        browser = signed_in(citizen)
        for minute in range(30):
            self.look(officer(), f"person:{citizen.person_id}", at=self.AT + timedelta(minutes=minute))
        rows = queries.readings_of([f"person:{citizen.person_id}"], owner_id=citizen.pk)

        with django_assert_num_queries(3):  # rows, officers, mandates with agencies
            assert len(queries.told(rows)) == 30
        with django_assert_num_queries(7):  # session, user, own dossiers, count, and the three
            browser.get("/account/readings/")

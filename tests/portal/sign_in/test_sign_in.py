import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from lienthong.accounts.models import SignIn, User
from lienthong.accounts.states import Role
from tests.factories.accounts import PASSWORD, UserFactory, officer, signed_in

pytestmark = pytest.mark.django_db


def attempt(browser: Client, *, username: str, password: str = PASSWORD, **more: str) -> Any:
    return browser.post("/sign-in/", {"username": username, "password": password, **more})


def is_signed_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


class TestSignIn:
    def test_leads_officers_to_their_work_and_citizens_to_the_portal(self, client: Client) -> None:
        receiver, administrator = officer(Role.RECEIVER), officer(Role.ADMINISTRATOR)
        newcomer, citizen = UserFactory(), UserFactory(citizen=True)

        destinations = [
            attempt(Client(), username=user.username).url for user in (receiver, administrator, newcomer, citizen)
        ]

        assert destinations == ["/office/", "/office/", "/office/", "/"]

    def test_reads_a_name_in_capitals_and_a_password_in_either_unicode_form(self, client: Client) -> None:
        UserFactory(username="an.nguyen")

        answer = attempt(client, username=" An.Nguyen", password=unicodedata.normalize("NFD", PASSWORD))

        assert answer.status_code == 302

    def test_says_the_same_for_an_unknown_name_a_wrong_password_and_a_closed_account(self) -> None:
        UserFactory(username="co-that")
        UserFactory(username="da-dong", closed=True)

        answers = [
            attempt(Client(), username="khong-co"),
            attempt(Client(), username="co-that", password="sai"),
            attempt(Client(), username="da-dong"),
        ]

        assert {answer.status_code for answer in answers} == {422}
        told = {str(answer.context["form"].non_field_errors()) for answer in answers}
        assert len(told) == 1
        assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in told.pop()

    def test_never_sends_a_password_back(self, client: Client) -> None:
        answer = attempt(client, username="khong-co", password="bí mật của tôi")

        assert "bí mật của tôi" not in answer.content.decode()

    def test_says_which_field_is_empty(self, client: Client) -> None:
        page = attempt(client, username="", password="").content.decode()

        assert "Chưa có “Tên đăng nhập”" in page
        assert "Chưa có “Mật khẩu”" in page

    @pytest.mark.parametrize("name", ["'; DROP TABLE accounts_user; --", "😀" * 30, "Ỷ" * 60, "x" * 5000, "\u202e"])
    def test_takes_any_name_without_harm(self, client: Client, name: str) -> None:
        assert attempt(client, username=name).status_code == 422

    def test_gives_the_session_a_new_key(self, client: Client) -> None:
        """A key that somebody slipped into the browser beforehand is worth nothing afterwards."""
        session = client.session
        session["planted"] = True
        session.save()
        planted = session.session_key

        attempt(client, username=officer().username)

        assert client.session.session_key != planted
        assert not Session.objects.filter(pk=planted).exists()

    def test_remembers_device_and_address(self) -> None:
        user = officer()

        signed_in(user)

        sign_in = SignIn.objects.get(user=user)
        assert (sign_in.device, sign_in.address) == ("Chrome trên Windows", "127.0.0.1")

    def test_of_another_person_in_the_same_browser_ends_the_first_session(self) -> None:
        first, second = officer(), officer()
        browser = signed_in(first)

        attempt(browser, username=second.username)

        assert SignIn.objects.get(user=first).ended_because == "signed_out"
        assert SignIn.objects.get(user=second).ended_at is None

    def test_shows_nobody_the_door_twice(self) -> None:
        assert signed_in(officer()).get("/sign-in/").status_code == 302


class TestNext:
    @pytest.mark.parametrize("address", ["/account/sessions/", "/office/?list=queue", "/kept-form/"])
    def test_leads_on_to_where_somebody_wanted_to_go(self, client: Client, address: str) -> None:
        assert attempt(client, username=officer().username, next=address).url == address

    @pytest.mark.parametrize(
        "address",
        [
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example/",
            "\\\\evil.example",
            "javascript:alert(1)",
            "http:///evil.example",
            "evil.example",
            " //evil.example",
            "/\t/evil.example",
        ],
    )
    def test_never_leads_out_of_the_house(self, client: Client, address: str) -> None:
        assert attempt(client, username=officer().username, next=address).url == "/office/"

    def test_is_carried_through_a_wrong_password(self, client: Client) -> None:
        page = attempt(client, username="khong-co", next="/account/sessions/").content.decode()

        assert 'name="next" value="/account/sessions/"' in page

    def test_a_guest_is_sent_to_sign_in_and_back(self, client: Client) -> None:
        assert client.get("/account/sessions/").url == "/sign-in/?next=/account/sessions/"

    def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(self, client: Client) -> None:
        answer = client.get("/account/sessions/", headers={"HX-Request": "true"})

        assert answer.headers["HX-Redirect"] == "/sign-in/?next=/account/sessions/"


class TestLockout:
    def fail(self, times: int, *, username: str) -> list[Any]:
        return [attempt(Client(), username=username, password=f"đoán {number}") for number in range(times)]

    def test_comes_with_the_fifth_wrong_password_whatever_the_browser(self) -> None:
        user = officer()

        answers = self.fail(5, username=user.username)

        assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]
        assert "trong 15 phút nữa" in answers[-1].content.decode()
        assert answers[-1].headers["Retry-After"] == "900"

    def test_holds_against_the_right_password_too(self, client: Client) -> None:
        user = officer()
        self.fail(5, username=user.username)

        answer = attempt(client, username=user.username)

        assert answer.status_code == 429
        assert not is_signed_in(client)

    def test_tells_nothing_about_whether_the_name_exists(self) -> None:
        assert self.fail(5, username="khong-co")[-1].status_code == 429

    def test_counts_capitals_and_small_letters_as_one_name(self) -> None:
        names = ["an.nguyen", "An.Nguyen", "AN.NGUYEN", " an.nguyen", "an.nguyeN"]

        answers = [attempt(Client(), username=name, password="sai") for name in names]

        assert answers[-1].status_code == 429

    def test_ends_after_fifteen_minutes_and_trying_meanwhile_does_not_prolong_it(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user = officer()
        self.fail(5, username=user.username)
        now = timezone.now()

        monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=14))
        monkeypatch.setattr("axes.handlers.proxy.now", timezone.now)
        still = attempt(client, username=user.username)
        monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=16))
        monkeypatch.setattr("axes.handlers.proxy.now", timezone.now)
        open_again = attempt(client, username=user.username)

        assert still.status_code == 429
        assert "trong 1 phút nữa" in still.content.decode() or "trong 2 phút nữa" in still.content.decode()
        assert open_again.status_code == 302

    def test_leaves_others_alone(self, client: Client) -> None:
        self.fail(5, username=officer().username)

        assert attempt(client, username=officer().username).status_code == 302

    def test_a_right_password_forgets_the_wrong_ones(self, client: Client) -> None:
        user = officer()
        self.fail(4, username=user.username)
        attempt(client, username=user.username)

        assert self.fail(1, username=user.username)[-1].status_code == 422


class TestSignOut:
    def test_ends_the_session_and_forgets_everything(self) -> None:
        user = officer()
        browser = signed_in(user)

        browser.post("/sign-out/")

        assert not is_signed_in(browser)
        assert SignIn.objects.get(user=user).ended_because == "signed_out"
        assert not Session.objects.exists()

    def test_needs_a_press_and_not_a_link(self) -> None:
        browser = signed_in(officer())

        answer = browser.get("/sign-out/")

        assert answer.status_code == 405
        assert "Việc này chỉ làm được bằng nút bấm" in answer.content.decode()
        assert is_signed_in(browser)

    def test_does_no_harm_to_a_guest(self, client: Client) -> None:
        assert client.post("/sign-out/").status_code == 302


class TestOneTimePassword:
    @pytest.fixture
    def newcomer(self) -> User:
        return officer(must_change_password=True)

    def test_opens_only_the_page_that_changes_it(self, newcomer: User) -> None:
        browser = signed_in(newcomer)

        assert browser.get("/account/sessions/").url == "/account/password/?next=%2Faccount%2Fsessions%2F"
        assert browser.post("/account/sessions/end-others/").url == "/account/password/?next=%2F"
        assert "mật khẩu dùng một lần" in browser.get("/account/password/").content.decode()

    def test_once_changed_leads_on(self, newcomer: User) -> None:
        browser = signed_in(newcomer)
        new = "mưa rào tháng sáu"

        answer = browser.post(
            "/account/password/",
            {
                "current_password": PASSWORD,
                "new_password": new,
                "repeated_password": new,
                "next": "/account/sessions/",
            },
        )

        assert answer.url == "/account/sessions/"
        assert browser.get("/account/sessions/").status_code == 200

    def test_lets_somebody_sign_out_and_choose_a_language(self, newcomer: User) -> None:
        browser = signed_in(newcomer)

        assert browser.post("/i18n/", {"language": "en", "next": "/account/password/"}).url == "/account/password/"
        assert browser.post("/sign-out/").url == "/"


class TestDemoAccounts:
    @pytest.fixture(autouse=True)
    def _demo_people(self) -> None:
        officer(Role.LEADER, username="demo.lanh-dao", full_name="Triệu Thị Lãnh Đạo")
        officer(Role.RECEIVER, username="that.that", full_name="Không Phải Mẫu")

    def test_are_listed_with_what_each_is_for_in_a_demo_province(self, client: Client, settings: Any) -> None:
        settings.DEMO_MODE = True

        page = client.get("/sign-in/").content.decode()

        assert "Triệu Thị Lãnh Đạo" in page
        assert "Lãnh đạo ký duyệt, Sở Thử nghiệm" in page
        assert settings.DEMO_PASSWORD in page
        assert "Không Phải Mẫu" not in page

    def test_are_never_named_in_a_real_province(self, client: Client, settings: Any) -> None:
        settings.DEMO_MODE = False

        page = client.get("/sign-in/").content.decode()

        assert "Triệu Thị Lãnh Đạo" not in page
        assert settings.DEMO_PASSWORD not in page


class TestLanguage:
    def test_is_vietnamese_whatever_the_browser_was_installed_with(self, client: Client) -> None:
        answer = client.get("/sign-in/", headers={"Accept-Language": "en-US,en;q=0.9"})

        assert '<html lang="vi"' in answer.content.decode()
        assert answer.headers["Content-Language"] == "vi"

    def test_is_english_once_chosen(self, client: Client) -> None:
        client.post("/i18n/", {"language": "en", "next": "/sign-in/"})

        assert '<html lang="en"' in client.get("/sign-in/").content.decode()

    def test_is_changed_by_a_press_and_leads_nowhere_else(self, client: Client) -> None:
        assert client.get("/i18n/").status_code == 405
        assert client.post("/i18n/", {"language": "en", "next": "https://evil.example/"}).url == "/"

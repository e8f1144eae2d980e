from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.infra.http import KEPT_FORM, KEPT_FORM_LIMIT
from tests.factories.accounts import PASSWORD, UserFactory, officer

pytestmark = pytest.mark.django_db

FORM = "/office/accounts/open/"
TYPED = {"full_name": "Nguyễn Thị Ỷ", "username": "y.nguyenthi", "phone": "0912345678", "email": ""}


class Browser(Client):
    """A client that insists on CSRF tokens and fills in forms as a person would."""

    def __init__(self) -> None:
        super().__init__(enforce_csrf_checks=True)

    def fill(self, page: str, typed: dict[str, Any], *, to: str = "", **more: Any) -> Any:
        token = BeautifulSoup(self.get(page).content, "html.parser").select_one("main [name=csrfmiddlewaretoken]")
        assert token is not None
        return self.post(to or page, {"csrfmiddlewaretoken": token["value"], **typed}, **more)

    def sign_in(self, user: User, *, onward: str = "") -> Any:
        return self.fill("/sign-in/", {"username": user.username, "password": PASSWORD, "next": onward})

    def press(self, answer: Any, words: str, **more: Any) -> Any:
        """Press the button that says ``words`` on the page of ``answer``."""
        page = BeautifulSoup(answer.content, "html.parser")
        button = next(button for button in page.select("main button") if words in button.text)
        form = button.find_parent("form")
        assert form is not None
        fields: dict[str, list[str]] = {}
        for field in form.select("input[name]"):
            fields.setdefault(str(field["name"]), []).append(str(field.get("value", "")))
        if button.get("name"):
            fields[str(button["name"])] = [str(button["value"])]
        return self.post(str(form.get("action") or answer.request["PATH_INFO"]), fields, **more)


@pytest.fixture
def administrator() -> User:
    return officer(Role.ADMINISTRATOR)


@pytest.fixture
def browser(administrator: User) -> Browser:
    """An administrator's browser with a form on the screen, whose session then dies."""
    browser = Browser()
    browser.sign_in(administrator)
    return browser


def post_after_death(browser: Browser, typed: dict[str, Any]) -> Any:
    page = BeautifulSoup(browser.get(FORM).content, "html.parser").select_one("main [name=csrfmiddlewaretoken]")
    assert page is not None
    Session.objects.all().delete()
    return browser.post(FORM, {"csrfmiddlewaretoken": page["value"], **typed})


class TestAFormPostedAfterTheSessionDied:
    def test_is_kept_offered_after_sign_in_and_sent_to_where_it_belongs(
        self, browser: Browser, administrator: User
    ) -> None:
        refused = post_after_death(browser, TYPED)
        assert refused.url == "/sign-in/?next=/kept-form/"
        assert "được giữ lại" in browser.get(refused.url).content.decode()

        arrived = browser.sign_in(administrator, onward="/kept-form/")
        assert arrived.url == "/kept-form/"
        offered = browser.get("/kept-form/")
        assert "Nguyễn Thị Ỷ" in offered.content.decode()
        done = browser.press(offered, "Gửi lại", follow=True)

        assert User.objects.get(username="y.nguyenthi").full_name == "Nguyễn Thị Ỷ"
        assert "Đã mở tài khoản" in done.content.decode()

    def test_goes_through_a_307_so_that_the_browser_sends_it_itself(
        self, browser: Browser, administrator: User
    ) -> None:
        post_after_death(browser, TYPED)
        browser.sign_in(administrator)

        sent = browser.press(browser.get("/kept-form/"), "Gửi lại")

        assert (sent.status_code, sent.url) == (307, FORM)
        assert KEPT_FORM not in browser.session, "it is given out once"

    def test_keeps_every_value_of_a_field(self, browser: Browser, administrator: User) -> None:
        post_after_death(browser, {**TYPED, "fields_of_work": ["một", "hai", "một"]})
        browser.sign_in(administrator)

        page = BeautifulSoup(browser.get("/kept-form/").content, "html.parser")

        values = [field["value"] for field in page.select("[name=fields_of_work]")]
        assert values == ["một", "hai", "một"]

    def test_keeps_what_would_break_a_page(self, browser: Browser, administrator: User) -> None:
        nasty = '"><script>alert("Ỷ")</script>😀' + "x" * 300
        post_after_death(browser, {**TYPED, "full_name": nasty})
        browser.sign_in(administrator)

        html = browser.get("/kept-form/").content.decode()

        assert "<script>alert" not in html
        page = BeautifulSoup(html, "html.parser")
        assert page.select_one("[name=full_name]")["value"] == nasty  # type: ignore[index]

    def test_loses_its_files_and_says_so(self, browser: Browser, administrator: User) -> None:
        paper = SimpleUploadedFile("giấy.pdf", b"%PDF-1.7")
        post_after_death(browser, {**TYPED, "paper": paper})
        browser.sign_in(administrator)

        assert "Tệp đính kèm không giữ lại được" in browser.get("/kept-form/").content.decode()

    def test_can_be_dropped(self, browser: Browser, administrator: User) -> None:
        post_after_death(browser, TYPED)
        browser.sign_in(administrator)

        dropped = browser.press(browser.get("/kept-form/"), "Bỏ biểu mẫu này")

        assert dropped.url == "/office/"
        assert browser.get("/office/").url == "/office/accounts/"
        assert KEPT_FORM not in browser.session
        assert not User.objects.filter(username="y.nguyenthi").exists()

    def test_is_not_given_to_another_account(self, browser: Browser) -> None:
        post_after_death(browser, TYPED)
        browser.sign_in(officer(Role.ADMINISTRATOR))

        answer = browser.get("/kept-form/", follow=True)

        assert "Nguyễn Thị Ỷ" not in answer.content.decode()
        assert "Không còn biểu mẫu nào được giữ lại" in answer.content.decode()
        assert KEPT_FORM not in browser.session, "it is not even in the session"

    def test_is_not_shown_to_a_guest(self, browser: Browser) -> None:
        post_after_death(browser, TYPED)

        assert browser.get("/kept-form/").url == "/sign-in/?next=/kept-form/"

    def test_is_not_kept_for_a_browser_that_never_showed_anybodys_pages(self) -> None:
        stranger = Browser()

        answer = stranger.fill("/sign-in/", TYPED, to=FORM)

        assert answer.url == f"/sign-in/?next={FORM}"
        assert KEPT_FORM not in stranger.session

    def test_is_not_kept_when_it_holds_a_password(self, browser: Browser) -> None:
        post_after_death(browser, {**TYPED, "new_password": "bí mật của tôi"})

        assert KEPT_FORM not in browser.session

    def test_is_not_kept_when_it_is_too_long_for_a_session(self, browser: Browser) -> None:
        answer = post_after_death(browser, {**TYPED, "full_name": "x" * KEPT_FORM_LIMIT})

        assert answer.url == f"/sign-in/?next={FORM}"
        assert KEPT_FORM not in browser.session

    def test_never_leads_out_of_the_house(self, browser: Browser, administrator: User) -> None:
        post_after_death(browser, TYPED)
        browser.sign_in(administrator)
        session = browser.session
        session[KEPT_FORM] = {**session[KEPT_FORM], "path": "//evil.example/"}
        session.save()

        assert browser.press(browser.get("/kept-form/"), "Gửi lại").url == "/"

    def test_a_forged_note_of_whose_browser_it_is_counts_for_nothing(self, administrator: User) -> None:
        stranger = Browser()
        stranger.cookies["lienthong_last_account"] = str(administrator.pk)

        stranger.fill("/sign-in/", TYPED, to=FORM)

        assert KEPT_FORM not in stranger.session


class TestAFormWhoseTokenHasDied:
    """Another tab signed in meanwhile, so that the token of this page is no longer the browser's."""

    def post_with_a_dead_token(self, browser: Browser, typed: dict[str, Any], **headers: str) -> Any:
        return browser.post(FORM, {"csrfmiddlewaretoken": "x" * 64, **typed}, headers=headers)

    def test_keeps_what_was_typed_in_the_page_and_sends_it_again(self, browser: Browser) -> None:
        expired = self.post_with_a_dead_token(browser, TYPED, origin="http://testserver")

        assert expired.status_code == 403
        assert "phiên làm việc đã hết" in expired.content.decode()
        done = browser.press(expired, "Gửi lại")

        assert "Đã mở tài khoản" in done.content.decode()
        assert User.objects.filter(username="y.nguyenthi").exists()

    def test_can_be_a_mere_press_without_a_field(self, browser: Browser) -> None:
        expired = browser.post("/account/sessions/end-others/", headers={"origin": "http://testserver"})

        assert browser.press(expired, "Gửi lại").url == "/account/sessions/"

    def test_leads_back_to_the_page_it_came_from_when_it_cannot_be_sent_again(self, browser: Browser) -> None:
        typed = {"current_password": "bí mật"}
        local = {"origin": "http://testserver", "referer": "http://testserver/account/password/?next=/x/"}
        strange = {"origin": "http://testserver", "referer": "https://evil.example/account/"}

        known, unknown = (browser.post("/account/password/", typed, headers=one) for one in (local, strange))

        assert 'href="/account/password/?next=/x/"' in known.content.decode()
        assert "evil.example" not in unknown.content.decode()

    def test_names_whose_session_it_would_now_be_sent_from(self, browser: Browser, administrator: User) -> None:
        expired = self.post_with_a_dead_token(browser, TYPED, origin="http://testserver")

        assert f"Bạn đang đăng nhập với tên {administrator.full_name}" in expired.content.decode()

    @pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}, {"origin": "null"}])
    def test_offers_nothing_that_another_site_has_sent(self, browser: Browser, headers: dict[str, str]) -> None:
        """Else a press on our own page would do what the other site wants."""
        expired = self.post_with_a_dead_token(browser, TYPED, **headers)

        assert expired.status_code == 403
        assert "y.nguyenthi" not in expired.content.decode()
        assert "Mở lại trang" in expired.content.decode()

    def test_never_writes_a_password_into_the_page(self) -> None:
        page = Browser().post(
            "/sign-in/", {"username": "an", "password": "bí mật của tôi"}, headers={"origin": "http://testserver"}
        )

        assert page.status_code == 403
        assert "bí mật của tôi" not in page.content.decode()

    def test_is_followed_by_the_kept_form_when_nobody_is_signed_in_any_more(
        self, browser: Browser, administrator: User
    ) -> None:
        expired = self.post_with_a_dead_token(browser, TYPED, origin="http://testserver")
        Session.objects.all().delete()

        again = browser.press(expired, "Gửi lại")
        assert again.url == "/sign-in/?next=/kept-form/"
        browser.sign_in(administrator)
        done = browser.press(browser.get("/kept-form/"), "Gửi lại", follow=True)

        assert "Đã mở tài khoản" in done.content.decode()


def test_a_citizens_idle_session_keeps_the_form_too() -> None:
    citizen = UserFactory(citizen=True)
    browser = Browser()
    browser.sign_in(citizen)
    session = browser.session
    session["seen_at"] = "2022-01-04T08:00:00+07:00"
    session.save()

    answer = browser.fill("/sign-in/", TYPED, to="/account/sessions/end-others/")

    assert answer.url == "/sign-in/?next=/kept-form/"

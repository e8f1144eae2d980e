"""What happens to every request."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from lienthong.infra.middleware import RefuseNulBytes, VisitorAddress
from tests.factories.accounts import officer, signed_in

pytestmark = pytest.mark.django_db

NUL = "\0"
FORM = "application/x-www-form-urlencoded"


def passes(**request: Any) -> bool:
    """Tell whether a request made by hand gets past the refusal of NUL bytes."""
    made = RequestFactory().generic(**{"method": "GET", "path": "/", **request})
    return RefuseNulBytes(lambda _: HttpResponse("past"))(made).content == b"past"


class TestVisitorAddress:
    @pytest.mark.parametrize(
        ("https", "forwarded", "address"),
        [
            (True, "203.0.113.9", "203.0.113.9"),
            (True, "10.9.9.9, 203.0.113.9", "203.0.113.9"),
            (True, "203.0.113.9, 2001:db8::1", "2001:db8::1"),
            (True, "không phải địa chỉ", "127.0.0.1"),
            (True, "", "127.0.0.1"),
            (False, "203.0.113.9", "127.0.0.1"),
        ],
    )
    def test_is_what_the_web_server_in_front_says_last(
        self, settings: Any, https: bool, forwarded: str, address: str
    ) -> None:
        settings.HTTPS = https
        request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded})

        VisitorAddress(lambda _: HttpResponse())(request)

        assert request.META["REMOTE_ADDR"] == address


class TestNulBytes:
    @pytest.mark.parametrize(
        "address",
        [
            "/sign-in/%00",
            "/office/accounts/%00/",
            "/%00/office/",
            "/sign-in/?next=%00",
            "/sign-in/?%00=x",
            "/sign-in/?next=/x%00y&next=z",
        ],
    )
    def test_in_the_address_are_refused_with_a_sentence(self, client: Client, address: str) -> None:
        answer = client.get(address)

        assert answer.status_code == 400
        assert "ký tự không nhìn thấy" in answer.content.decode()

    @pytest.mark.parametrize("body", ["username=a%00b&password=x", "a%00b=x", "username=a\0b", "x=1&x=%00"])
    def test_in_a_form_are_refused(self, client: Client, body: str) -> None:
        answer = client.post("/sign-in/", body, content_type=FORM)

        assert answer.status_code == 400
        assert "gõ lại bằng tay" in answer.content.decode()

    @pytest.mark.parametrize("typed", [{"username": "a\0b"}, {"a\0b": "x"}, {"username": ["x", "\0"]}])
    def test_in_a_multipart_form_are_refused(self, client: Client, typed: dict[str, Any]) -> None:
        assert client.post("/sign-in/", typed).status_code == 400

    def test_in_a_multipart_form_in_base64_are_refused(self, client: Client) -> None:
        body = (
            b"--edge\r\nContent-Disposition: form-data; name=username\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\nYQBi\r\n--edge--\r\n"
        )

        assert client.post("/sign-in/", body, content_type="multipart/form-data; boundary=edge").status_code == 400

    def test_inside_a_file_are_what_files_are_made_of(self, client: Client) -> None:
        paper = SimpleUploadedFile("ảnh.png", b"\x89PNG\0\0\0\rIHDR")

        assert client.post("/sign-in/", {"username": "x", "paper": paper}).status_code == 422

    def test_in_the_name_of_a_file_never_arrive(self, client: Client) -> None:
        body = (
            b'--edge\r\nContent-Disposition: form-data; name=paper; filename="a\0b.pdf"\r\n\r\nx\r\n'
            b"--edge\r\nContent-Disposition: form-data; name=username\r\n\r\nx\r\n--edge--\r\n"
        )

        assert client.post("/sign-in/", body, content_type="multipart/form-data; boundary=edge").status_code in {
            400,
            422,
        }

    @pytest.mark.parametrize("name", ["HTTP_USER_AGENT", "HTTP_REFERER", "HTTP_HX_REQUEST", "HTTP_X_ANYTHING"])
    def test_in_a_header_are_refused(self, client: Client, name: str) -> None:
        assert client.get("/sign-in/", **{name: "a\0b"}).status_code == 400  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "cookie",
        [
            "lienthong_session=a\0b",
            'lienthong_session="a\\000b"',
            'django_language="\\000"',
            'csrftoken="\\000"; lienthong_session=x',
        ],
    )
    def test_in_a_cookie_are_refused_in_whatever_disguise(self, cookie: str) -> None:
        assert Client().get("/sign-in/", headers={"Cookie": cookie}).status_code == 400

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    @pytest.mark.parametrize("body", [b'{"name": "a\\u0000b"}', b'{"a": "\\\\\\u0000"}', b'{"name": "a\0b"}'])
    def test_in_json_are_refused(self, method: str, body: bytes) -> None:
        assert not passes(method=method, data=body, content_type="application/json")
        assert not passes(method=method, data=body, content_type="application/vnd.api+json; charset=utf-8")

    def test_that_are_only_spoken_of_pass(self) -> None:
        spoken_of = json.dumps({"note": "viết \\u0000 trong JSON"}).encode()
        assert b"\\\\u0000" in spoken_of

        assert passes(method="POST", data=spoken_of, content_type="application/json")
        assert passes(method="POST", data="note=%2500", content_type=FORM)
        assert passes(path="/a%2500b/")

    def test_are_refused_on_a_page_that_needs_neither_user_nor_session(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            answer = Client().get("/sign-in/%00")

        assert "<h1>" in answer.content.decode()


class TestSecurityHeaders:
    @pytest.mark.parametrize("address", ["/sign-in/", "/khong-co/", "/sign-in/%00", "/account/"])
    def test_stand_on_every_page_even_on_refusals(self, client: Client, address: str) -> None:
        headers = client.get(address).headers

        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
        assert "unsafe" not in policy
        assert "*" not in policy

    def test_a_page_has_no_script_or_style_that_they_would_stop(self, client: Client) -> None:
        from bs4 import BeautifulSoup

        page = BeautifulSoup(client.get("/sign-in/").content, "html.parser")

        assert [script for script in page.select("script") if not script.get("src")] == []
        assert page.select("style") == []
        assert page.select("[style]") == []
        assert [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)] == []

    def test_cookies_are_out_of_reach_of_scripts_and_other_sites(self) -> None:
        browser = signed_in(officer())
        browser.get("/account/")

        for name in ("lienthong_session", "lienthong_last_account"):
            assert browser.cookies[name]["httponly"], name
            assert browser.cookies[name]["samesite"] == "Lax", name

    def test_a_page_of_somebody_is_left_in_no_cache(self, client: Client) -> None:
        assert signed_in(officer()).get("/account/").headers["Cache-Control"] == "private, no-store"
        assert "Cache-Control" not in client.get("/khong-co/").headers


class TestTheClock:
    def test_is_read_once_for_a_request(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[HttpRequest] = []
        monkeypatch.setattr(
            "lienthong.infra.middleware.RefuseNulBytes.__call__",
            lambda self, request: seen.append(request) or self.get_response(request),
        )

        client.get("/sign-in/")

        (request,) = seen
        moment, day = request.received_at, request.today  # type: ignore[attr-defined]
        assert moment.tzinfo is not None
        assert (moment.astimezone().date() - day).days in {-1, 0}, "the day is that of Vietnam"


@pytest.mark.parametrize("address", ["/sign-out/", "/i18n/", "/account/sessions/end-others/"])
def test_the_address_of_a_button_says_that_it_wants_to_be_pressed(address: str) -> None:
    answer = signed_in(officer()).get(address)

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "Hãy quay lại trang trước và bấm nút ở đó." in answer.content.decode()
    assert '<a href="/">Về trang đầu</a>' in answer.content.decode()

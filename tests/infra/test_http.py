"""What a view declares, and the pages for what went wrong."""

from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.exception import convert_exception_to_response
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from lienthong.infra import http
from lienthong.infra.missing import NotFound
from lienthong.infra.models import ReadRecord

TODAY = date(2026, 11, 23)
TOMORROW = datetime(2026, 11, 24, tzinfo=UTC)


def request_of(user: Any, method: str = "GET", **headers: str) -> Any:
    request = RequestFactory().generic(method, "/somewhere/", headers=headers)
    request.user = user
    request.session = {}  # type: ignore[assignment]
    request.today = TODAY  # type: ignore[attr-defined]
    return request


class Officer:
    is_authenticated = True
    pk = 7
    full_name = "Lò Thị Bảy"


def says_yes(request: HttpRequest) -> HttpResponse:
    return HttpResponse("yes")


@http.public
@http.reads
def writing_view(request: HttpRequest) -> HttpResponse:
    Session.objects.create(session_key="x", expire_date=TOMORROW)
    return HttpResponse("written")


@http.public
@http.writes
def form_view(request: HttpRequest) -> HttpResponse:
    Session.objects.create(session_key="x", expire_date=TOMORROW)
    return HttpResponse("written")


@http.public
@http.reads
def missing_view(request: HttpRequest) -> HttpResponse:
    raise NotFound


@http.public
@http.reads
def failing_view(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@http.public
@http.reads
def forbidden_view(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Hồ sơ này thuộc cơ quan khác.")


@http.public
@http.reads
def personal_view(request: http.HouseRequest) -> HttpResponse:
    http.note_read(request, "person:1")
    http.note_read(request, "person:1")
    http.note_read(request, "dossier:2", "print")
    return HttpResponse("read", status=int(request.GET.get("status", 200)))


urlpatterns = [
    path("writing/", writing_view),
    path("form/", form_view),
    path("missing/", missing_view),
    path("failing/", failing_view),
    path("forbidden/", forbidden_view),
    path("personal/", personal_view),
    path("sign-in/", personal_view, name="sign_in"),
    path("sign-out/", personal_view, name="sign_out"),
]
handler400, handler403 = http.bad_request, http.forbidden
handler404, handler500 = http.not_found, http.server_error


class TestReadsAndWrites:
    @pytest.mark.django_db
    @pytest.mark.urls("tests.infra.test_http")
    def test_a_view_that_reads_cannot_write(self, client: Client) -> None:
        with pytest.raises(http.GetMayNotWrite, match="INSERT INTO"):
            client.get("/writing/")

    @pytest.mark.django_db
    @pytest.mark.urls("tests.infra.test_http")
    def test_a_form_writes_on_post(self, client: Client) -> None:
        assert client.post("/form/").status_code == 200
        assert Session.objects.exists()

    @pytest.mark.django_db
    @pytest.mark.urls("tests.infra.test_http")
    def test_a_form_never_writes_on_get(self, client: Client) -> None:
        with pytest.raises(http.GetMayNotWrite):
            client.get("/form/")

    @pytest.mark.django_db
    @pytest.mark.urls("tests.infra.test_http")
    @pytest.mark.parametrize(("address", "method"), [("/writing/", "post"), ("/form/", "put"), ("/form/", "delete")])
    def test_other_methods_are_refused(self, client: Client, address: str, method: str) -> None:
        assert getattr(client, method)(address).status_code == 405

    @pytest.mark.parametrize(
        "sql", ["insert into x", " (UPDATE x)", "\n delete from x", "TRUNCATE x", "drop table x", "Alter table x"]
    )
    def test_every_way_to_write_is_known(self, sql: str) -> None:
        with pytest.raises(http.GetMayNotWrite):
            http._refuse_writes(lambda *_: None, sql, [], False, {})

    @pytest.mark.django_db
    @pytest.mark.urls("tests.infra.test_http")
    def test_what_a_query_does_not_find_is_a_page_not_found(self, client: Client) -> None:
        answer = client.get("/missing/")

        assert answer.status_code == 404
        assert "Không tìm thấy trang này" in answer.content.decode()


class TestAllowed:
    def test_lets_in_for_whom_the_gate_holds_and_shows_others_nothing(self) -> None:
        open_gate = http.allowed(lambda user: user.pk == 7)(says_yes)
        shut_gate = http.allowed(lambda user: user.pk == 8)(says_yes)

        assert open_gate(request_of(Officer())).content == b"yes"
        assert shut_gate(request_of(Officer())).status_code == 404

    def test_tells_the_day_to_a_gate_that_asks_for_it(self) -> None:
        days: list[date] = []

        def gate(user: Any, *, on: date) -> bool:
            days.append(on)
            return True

        http.allowed(gate)(says_yes)(request_of(Officer()))

        assert days == [TODAY]

    def test_sends_guests_to_sign_in_without_asking_the_gate(self) -> None:
        def gate(user: Any) -> bool:
            raise AssertionError("a guest was let to the gate")

        answer = http.allowed(gate)(says_yes)(request_of(AnonymousUser()))

        assert answer.url == "/sign-in/?next=/somewhere/"  # type: ignore[attr-defined]

    def test_leaves_the_declared_access_on_the_view(self) -> None:
        def gate(user: Any) -> bool:
            return True

        assert http.allowed(gate)(http.reads(says_yes)).access is gate  # type: ignore[attr-defined]
        assert http.reads(http.allowed(gate)(says_yes)).access is gate  # type: ignore[attr-defined]
        assert http.public(http.reads(says_yes)).access == "public"  # type: ignore[attr-defined]


class TestLocalAddress:
    @pytest.mark.parametrize("address", ["/", "/office/?list=queue", "/hồ-sơ/"])
    def test_stays_in_the_house(self, address: str) -> None:
        assert http.local_address(address, default="/x/") == address

    @pytest.mark.parametrize("address", [None, "", "//evil.example", "/\\evil.example", "https://evil.example", "x"])
    def test_else_takes_the_default(self, address: str | None) -> None:
        assert http.local_address(address, default="/x/") == "/x/"


@pytest.mark.django_db
@pytest.mark.urls("tests.infra.test_http")
class TestErrorPages:
    @pytest.fixture
    def client(self) -> Client:
        return Client(raise_request_exception=False)

    def test_an_error_of_ours_says_that_nothing_was_saved_and_shows_no_detail(self, client: Client) -> None:
        answer = client.get("/failing/")

        assert answer.status_code == 500
        assert "hãy xem lại trước khi gửi lần nữa" in answer.content.decode()
        assert "ZeroDivisionError" not in answer.content.decode()

    def test_a_refusal_says_why(self, client: Client) -> None:
        answer = client.get("/forbidden/")

        assert answer.status_code == 403
        assert "Hồ sơ này thuộc cơ quan khác." in answer.content.decode()

    def test_an_unknown_address_says_what_to_do(self, client: Client) -> None:
        answer = client.get("/khong-co/")

        assert answer.status_code == 404
        assert "kiểm tra lại địa chỉ" in answer.content.decode()

    @pytest.mark.parametrize("answer", [http.not_found, http.forbidden, http.bad_request, http.server_error])
    def test_each_is_drawn_even_before_anybody_knows_who_asks(self, answer: Any) -> None:
        assert "<h1>" in answer(RequestFactory().get("/x/")).content.decode()

    def test_a_form_too_large_is_refused_with_a_sentence(self, client: Client, settings: Any) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

        answer = client.post("/form/", "note=" + "x" * 2000, content_type="application/x-www-form-urlencoded")

        assert answer.status_code == 400
        assert "chưa có gì được lưu" in answer.content.decode()

    @pytest.mark.parametrize("sends", ["fields", "text", "files"])
    def test_too_much_at_once_is_refused_with_how_much_there_may_be(
        self, client: Client, settings: Any, sends: str
    ) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
        typed: dict[str, Any] = {
            "fields": {f"field{number}": "x" for number in range(1500)},
            "text": {"note": "x" * 2_000_000},
            "files": {f"file{number}": SimpleUploadedFile("a.pdf", b"x") for number in range(101)},
        }[sends]
        words = {"fields": "nhiều hơn 1000 mục", "text": "nặng hơn 1 MB", "files": "nhiều hơn 100 tệp"}[sends]

        answer = client.post("/form/", typed)

        assert answer.status_code == 400
        assert words in answer.content.decode()

    def test_a_broken_multipart_form_is_refused_with_a_sentence(self, client: Client) -> None:
        answer = client.post("/form/", b"no boundary at all", content_type="multipart/form-data")

        assert answer.status_code == 400
        assert "không đủ hoặc không đọc được" in answer.content.decode()

    def test_an_address_that_is_not_ours_is_refused_with_a_sentence(self, client: Client) -> None:
        answer = client.get("/form/", headers={"host": "somewhere.example"})

        assert answer.status_code == 400
        assert "kiểm tra lại tên trên thanh địa chỉ" in answer.content.decode()

    @pytest.mark.urls("lienthong.config.urls")
    @pytest.mark.django_db
    def test_what_was_wrong_is_said_in_the_chosen_language(self, client: Client) -> None:
        client.cookies["django_language"] = "en"

        answer = client.post("/sign-in/", b"no boundary at all", content_type="multipart/form-data")

        assert answer.status_code == 400
        assert "incomplete or unreadable" in answer.content.decode()


def test_the_page_for_an_error_of_ours_needs_no_database() -> None:
    """Without the mark that opens the database, any query fails this test."""
    request = RequestFactory().get("/x/")
    request.user = property(lambda _: 1 / 0)  # type: ignore[assignment]

    assert http.server_error(request).status_code == 500


@pytest.mark.urls("tests.infra.test_http")
@pytest.mark.parametrize(
    ("cause", "status"),
    [
        (psycopg.OperationalError("connection refused"), 503),
        (psycopg.errors.AdminShutdown("terminating connection"), 503),
        (psycopg.errors.CannotConnectNow("the database system is starting up"), 503),
        (psycopg.errors.DeadlockDetected("deadlock detected"), 500),
        (ZeroDivisionError(), 500),
    ],
)
def test_while_the_database_is_away_pages_say_when_to_come_again(cause: Exception, status: int) -> None:
    """Without the mark that opens the database, any query fails this test."""

    def fails(_request: HttpRequest) -> HttpResponse:
        raise (OperationalError() if isinstance(cause, psycopg.Error) else cause) from cause

    request = RequestFactory().get("/x/")
    request.user = property(lambda _: 1 / 0)  # type: ignore[assignment]
    answer = convert_exception_to_response(fails)(request)

    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("15" if status == 503 else None)
    assert ("Hệ thống đang khởi động lại" in answer.content.decode()) is (status == 503)


@pytest.mark.django_db
@pytest.mark.urls("tests.infra.test_http")
class TestReadsOfPersonalData:
    def test_are_written_down_once_for_each_record_shown(self, client: Client) -> None:
        client.get("/personal/")

        rows = ReadRecord.objects.order_by("id").values_list("actor_id", "subject", "action", "path", "address")
        assert list(rows) == [
            (None, "person:1", "view", "/personal/", "127.0.0.1"),
            (None, "dossier:2", "print", "/personal/", "127.0.0.1"),
        ]

    def test_are_not_when_nothing_was_shown(self, client: Client) -> None:
        client.get("/personal/?status=404")

        assert not ReadRecord.objects.exists()

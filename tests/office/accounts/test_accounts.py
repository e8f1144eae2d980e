from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from lienthong.accounts.models import Mandate, SignIn, User
from lienthong.accounts.states import Role
from lienthong.kernel.days import format_day, local_day
from tests.factories.accounts import PASSWORD, MandateFactory, SignInFactory, officer, signed_in
from tests.factories.units import AgencyFactory

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def day_parts(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


@pytest.fixture
def today() -> date:
    return local_day(timezone.now())


@pytest.fixture
def administrator() -> User:
    return officer(Role.ADMINISTRATOR, full_name="Đỗ Quản Trị")


@pytest.fixture
def colleague(administrator: User) -> User:
    agency = administrator.mandates.get().agency
    return MandateFactory(agency=agency, user__full_name="Nguyễn Thị Hường", user__username="huong.nt").user


@pytest.fixture
def browser(administrator: User) -> Client:
    return signed_in(administrator)


class TestStaffList:
    def test_sums_up_in_a_sentence_and_lists_by_name(self, browser: Client, colleague: User) -> None:
        page = text_of(browser.get("/office/accounts/"))

        assert "2 người đang được phân công, 0 chưa được phân công, 0 tài khoản đã đóng" in page
        assert page.index("Nguyễn Thị Hường") < page.index("Cán bộ tiếp nhận và trả kết quả Sở Thử nghiệm")

    def test_keeps_the_search_in_the_address(self, browser: Client, colleague: User) -> None:
        page = text_of(browser.get("/office/accounts/?q=hường&role=receiver"))

        assert "Nguyễn Thị Hường" in page
        assert "Đỗ Quản Trị" not in page.split("Dùng gần nhất")[1]

    def test_says_why_it_is_empty_and_what_to_do(self, browser: Client) -> None:
        page = text_of(browser.get("/office/accounts/?q=khong-co-ai"))

        assert "Không có cán bộ nào khớp với điều kiện tìm" in page
        assert "Xem tất cả" in page

    @pytest.mark.parametrize(
        "query", ["agency=abc", "agency=٣", f"agency={10**30}", "role=boss", "state=x", "page=0", "page=999", "page=a"]
    )
    def test_reads_nonsense_in_the_address_as_nothing(self, browser: Client, query: str) -> None:
        assert browser.get(f"/office/accounts/?{query}").status_code == 200

    def test_costs_the_same_number_of_queries_for_two_officers_and_for_a_full_page(
        self, browser: Client, administrator: User, django_assert_max_num_queries: Any
    ) -> None:
        agency = administrator.mandates.get().agency
        for mandate in MandateFactory.create_batch(60, agency=agency):
            SignInFactory(user=mandate.user)

        # session, user, mandates; agencies for each of list, counts and choice; counts; page count, rows, their
        # mandates; agencies to choose from
        with django_assert_max_num_queries(11):
            browser.get("/office/accounts/")


class TestAccountPage:
    def test_shows_mandates_sessions_and_what_happened(
        self, browser: Client, administrator: User, colleague: User
    ) -> None:
        signed_in(colleague)

        page = text_of(browser.get(f"/office/accounts/{colleague.pk}/"))

        assert "Cán bộ tiếp nhận và trả kết quả" in page
        assert "Chrome trên Windows" in page
        assert "Đăng nhập bằng Chrome trên Windows." in page

    def test_keeps_past_mandates_apart(self, browser: Client, colleague: User) -> None:
        MandateFactory(user=colleague, role=Role.LEADER, valid_until=date(2023, 1, 1))

        page = text_of(browser.get(f"/office/accounts/{colleague.pk}/"))

        past = page.index("Đã từng được phân công")
        assert "Lãnh đạo ký duyệt" in page[past:]
        assert "đến hết 31/12/2022" in page[past:]

    def test_of_the_administrator_offers_no_change(self, browser: Client, administrator: User) -> None:
        page = text_of(browser.get(f"/office/accounts/{administrator.pk}/"))

        assert "Quyền của bạn do người quản trị khác phân công" in page
        assert "Cấp lại mật khẩu" not in page
        assert "Đóng tài khoản" not in page

    def test_of_somebody_who_also_works_elsewhere_says_who_may_change_it(
        self, browser: Client, colleague: User
    ) -> None:
        MandateFactory(user=colleague, role=Role.LEADER)

        page = text_of(browser.get(f"/office/accounts/{colleague.pk}/"))

        assert "chỉ người quản trị cấp trên mới cấp lại mật khẩu" in page

    def test_costs_the_same_number_of_queries_however_long_the_history(
        self, browser: Client, colleague: User, django_assert_max_num_queries: Any
    ) -> None:
        for _day in range(5):
            signed_in(colleague)
        for year in range(2010, 2020):
            MandateFactory(
                user=colleague, role=Role.LEADER, valid_from=date(year, 1, 1), valid_until=date(year, 12, 31)
            )

        # session, user, mandates; agencies three times; account; fields; mandates of it; events, their actors; sessions
        # running and past; last use; may it be changed
        with django_assert_max_num_queries(15):
            browser.get(f"/office/accounts/{colleague.pk}/")


class TestOpenAccount:
    TYPED = {"full_name": "Lò  Thị Ỷ", "username": "Y.LoThi", "phone": "+84 912 345 678", "email": ""}

    def test_shows_the_password_once_and_keeps_it_nowhere(self, browser: Client, client: Client) -> None:
        answer = browser.post("/office/accounts/open/", self.TYPED)

        opened = User.objects.get(username="y.lothi")
        assert (opened.full_name, opened.phone) == ("Lò Thị Ỷ", "0912345678")
        passwords = [node.text for node in BeautifulSoup(answer.content, "html.parser").select("dd.code")]
        assert passwords[0] == "y.lothi"
        assert client.post("/sign-in/", {"username": "y.lothi", "password": passwords[1]}).status_code == 302
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert passwords[1] not in browser.get(f"/office/accounts/{opened.pk}/").content.decode()

    def test_says_beside_the_field_that_a_name_is_taken_and_keeps_what_was_typed(
        self, browser: Client, colleague: User
    ) -> None:
        answer = browser.post("/office/accounts/open/", {**self.TYPED, "username": colleague.username})

        assert answer.status_code == 422
        assert "“huong.nt” đã có người dùng" in text_of(answer)
        assert 'value="Lò  Thị Ỷ"' in answer.content.decode()

    @pytest.mark.parametrize("name", ["", "x" * 300, "O'Brien 😀", "a\u202eb"])
    def test_takes_any_full_name_without_harm(self, browser: Client, name: str) -> None:
        assert browser.post("/office/accounts/open/", {**self.TYPED, "full_name": name}).status_code in {200, 422}


class TestGrantMandate:
    @pytest.fixture
    def typed(self, administrator: User, today: date) -> dict[str, str]:
        return {
            "role": Role.PROCESSOR,
            "agency": administrator.mandates.get().agency.code,
            **day_parts("valid_from", today),
            "basis": "QĐ 12/QĐ-SLĐ",
        }

    def test_tells_role_agency_and_span(
        self, browser: Client, colleague: User, typed: dict[str, str], today: date
    ) -> None:
        agency = colleague.mandates.get().agency

        answer = browser.post(
            f"/office/accounts/{colleague.pk}/grant/",
            {**typed, **day_parts("last_on", today + timedelta(days=30))},
            follow=True,
        )

        mandate = Mandate.objects.get(user=colleague, role=Role.PROCESSOR)
        assert mandate.valid_until == today + timedelta(days=31), "the last day is included"
        assert f"cán bộ thụ lý, {agency.name}, từ {format_day(today)}" in text_of(answer)

    def test_offers_only_agencies_that_the_administrator_governs(self, browser: Client, colleague: User) -> None:
        elsewhere = AgencyFactory(name="Sở Ở Xa")

        page = browser.get(f"/office/accounts/{colleague.pk}/grant/").content.decode()

        assert elsewhere.name not in page

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"role": ""}, "Chưa chọn “Vai trò”"),
            ({"role": "boss"}, "không còn trong danh sách"),
            ({"agency": "H99.XA"}, "không còn trong danh sách"),
            ({"valid_from_year": "22"}, "Năm cần đủ 4 chữ số"),
            ({"valid_from_day": "31", "valid_from_month": "2", "valid_from_year": "2026"}, "chỉ có 28 ngày"),
            ({"valid_from_year": "3000"}, "cần trong khoảng từ 01/01/1900 đến 31/12/2100"),
            ({"last_on_day": "1", "last_on_month": "1", "last_on_year": "2020"}, "trước ngày bắt đầu"),
        ],
    )
    def test_says_what_is_wrong_beside_the_field(
        self, browser: Client, colleague: User, typed: dict[str, str], changes: dict[str, str], told: str
    ) -> None:
        answer = browser.post(f"/office/accounts/{colleague.pk}/grant/", {**typed, **changes})

        assert answer.status_code == 422
        assert told in text_of(answer)

    def test_is_refused_for_the_own_account(self, browser: Client, administrator: User, typed: dict[str, str]) -> None:
        answer = browser.post(f"/office/accounts/{administrator.pk}/grant/", typed)

        assert "Hãy nhờ một người quản trị khác" in text_of(answer)
        assert Mandate.objects.filter(user=administrator).count() == 1


class TestEndMandate:
    def test_asks_for_the_last_day_and_a_reason(self, browser: Client, colleague: User, today: date) -> None:
        mandate = colleague.mandates.get()

        answer = browser.post(
            f"/office/accounts/mandates/{mandate.pk}/end/",
            {**day_parts("last_on", today), "reason": "chuyển công tác"},
            follow=True,
        )

        mandate.refresh_from_db()
        assert mandate.valid_until == today + timedelta(days=1)
        assert "Lý do: chuyển công tác" in text_of(answer)

    def test_withdraws_one_that_has_not_begun(self, browser: Client, colleague: User, today: date) -> None:
        future = MandateFactory(
            user=colleague,
            agency=colleague.mandates.get().agency,
            role=Role.LEADER,
            valid_from=today + timedelta(days=9),
        )

        page = text_of(browser.get(f"/office/accounts/mandates/{future.pk}/end/"))
        browser.post(f"/office/accounts/mandates/{future.pk}/end/", {"reason": "nhầm người"})

        assert "Hủy phân công chưa có hiệu lực" in page
        assert not Mandate.objects.filter(pk=future.pk).exists()

    def test_cannot_be_backdated(self, browser: Client, colleague: User, today: date) -> None:
        answer = browser.post(
            f"/office/accounts/mandates/{colleague.mandates.get().pk}/end/",
            {**day_parts("last_on", today - timedelta(days=5)), "reason": "…"},
        )

        assert "sớm nhất có thể chọn" in text_of(answer)


class TestResetPassword:
    def test_throws_the_officer_out_and_shows_a_password_once(self, browser: Client, colleague: User) -> None:
        colleagues_browser = signed_in(colleague)

        answer = browser.post(f"/office/accounts/{colleague.pk}/reset-password/")

        assert colleagues_browser.get("/account/").status_code == 302
        password = BeautifulSoup(answer.content, "html.parser").select("dd.code")[1].text
        fresh = Client()
        assert fresh.post("/sign-in/", {"username": "huong.nt", "password": PASSWORD}).status_code == 422
        assert fresh.post("/sign-in/", {"username": "huong.nt", "password": password}).status_code == 302
        assert fresh.get("/office/accounts/").url.startswith("/account/password/")

    def test_happens_on_a_press_only(self, browser: Client, colleague: User) -> None:
        browser.get(f"/office/accounts/{colleague.pk}/reset-password/")

        colleague.refresh_from_db()
        assert colleague.check_password(PASSWORD)


class TestCloseAccount:
    def test_asks_why_and_tells_it_on_the_page(self, browser: Client, colleague: User) -> None:
        refused = browser.post(f"/office/accounts/{colleague.pk}/close/", {"reason": ""})
        closed = browser.post(f"/office/accounts/{colleague.pk}/close/", {"reason": "nghỉ hưu"}, follow=True)

        assert "Chưa có “Lý do”" in text_of(refused)
        assert "Tài khoản được đóng: nghỉ hưu" in text_of(closed)
        assert "Đã đóng" in text_of(closed)


class TestEndSession:
    def test_throws_the_officer_out(self, browser: Client, colleague: User) -> None:
        colleagues_browser = signed_in(colleague)

        answer = browser.post(f"/office/accounts/sessions/{SignIn.objects.get(user=colleague).pk}/end/", follow=True)

        assert colleagues_browser.get("/account/").status_code == 302
        assert "người quản trị kết thúc" in text_of(answer)

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.test import RequestFactory

from lienthong.accounts import policies, services
from lienthong.accounts.models import User
from lienthong.accounts.services import OpenAccount, Opened
from lienthong.accounts.states import AccountKind, Role
from lienthong.infra.events import events_of
from tests.factories.accounts import MandateFactory, SignInFactory, UserFactory, officer
from tests.factories.units import AgencyFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def open_account(*, acting_user: User | None = None, **facts: object) -> Opened:
    command = OpenAccount(**{"username": "an.nguyen", "kind": AccountKind.STAFF, "full_name": "Nguyễn Văn An", **facts})
    return services.open_account(command, acting_user=acting_user, now=NOW)


class TestOpenAccount:
    def test_gives_a_password_that_opens_the_door_once(self) -> None:
        opened = open_account()

        assert opened.one_time_password is not None
        assert opened.user.check_password(opened.one_time_password)
        assert opened.user.must_change_password

    def test_makes_every_one_time_password_anew(self) -> None:
        passwords = {open_account(username=f"nguoi.{number}").one_time_password for number in range(20)}

        assert len(passwords) == 20

    def test_a_given_password_need_not_be_changed(self) -> None:
        opened = open_account(password="một câu chỉ mình biết")

        assert opened.one_time_password is None
        assert not opened.user.must_change_password

    def test_writes_one_event_that_never_holds_the_password(self) -> None:
        opened = open_account()

        (event,) = events_of(f"account:{opened.user.pk}")
        assert event.name == "AccountOpened"
        assert event.payload == {"username": "an.nguyen", "kind": "staff"}

    def test_has_no_rights_until_a_mandate_is_granted(self) -> None:
        assert policies.agencies_of(open_account().user, on=TODAY) == frozenset()

    def test_puts_names_in_vietnamese_order_by_given_name(self) -> None:
        for number, name in enumerate(["Trần Văn Bình", "Lê Thị Ánh", "Đỗ Văn An", "Nguyễn Ẩn"]):
            open_account(username=f"nguoi.{number}", full_name=name)

        names = list(User.objects.order_by("sort_key").values_list("full_name", flat=True))

        assert names == ["Đỗ Văn An", "Lê Thị Ánh", "Nguyễn Ẩn", "Trần Văn Bình"]

    def test_reads_capitals_in_a_username_as_small_letters(self) -> None:
        assert open_account(username=" An.Nguyen ").user.username == "an.nguyen"

    @pytest.mark.parametrize(
        "username", ["ab", "nguyễn.an", "an nguyen", ".an.nguyen", "an.nguyen.", "a" * 61, "an'--", "", "an@x"]
    )
    def test_refuses_a_username_that_cannot_be_typed_everywhere(self, username: str) -> None:
        with pytest.raises(services.UnusableUsername, match=r"Ví dụ: an\.nguyenvan"):
            open_account(username=username)

    def test_refuses_a_username_that_somebody_has(self) -> None:
        open_account()

        with pytest.raises(services.UsernameTaken, match=r"an\.nguyen2"):
            open_account(username="AN.NGUYEN")

    @pytest.mark.parametrize("password", ["ngắn", "123456789012", "an.nguyen.1234"])
    def test_refuses_a_password_that_is_easily_guessed(self, password: str) -> None:
        with pytest.raises(services.WeakPassword, match=r"Mật khẩu mới .+\. Một câu ngắn"):
            open_account(password=password)

    @pytest.mark.parametrize("kind", [AccountKind.CITIZEN, AccountKind.ORGANIZATION])
    def test_refuses_an_applicant_who_is_linked_to_nobody(self, kind: AccountKind) -> None:
        with pytest.raises(services.LinkMissing, match="gắn với"):
            open_account(kind=kind)

    def test_is_for_administrators_alone(self) -> None:
        assert open_account(acting_user=officer(Role.ADMINISTRATOR)).user.pk
        for role in set(Role) - {Role.ADMINISTRATOR}:
            with pytest.raises(services.MayNotOpenAccounts):
                open_account(acting_user=officer(role), username=f"nguoi.{role}")


class TestCloseAccount:
    def test_ends_its_sessions_and_its_rights_at_once(self) -> None:
        administrator = officer(Role.ADMINISTRATOR)
        leaver = MandateFactory(agency=administrator.mandates.get().agency).user
        session = SignInFactory(user=leaver)

        closed = services.close_account(user_id=leaver.pk, reason="nghỉ hưu", acting_user=administrator, now=NOW)

        session.refresh_from_db()
        assert (session.ended_at, session.ended_because) == (NOW, "account_closed")
        assert policies.agencies_of(closed, on=TODAY) == frozenset()
        assert [event.name for event in events_of(f"account:{leaver.pk}")] == ["AccountClosed"]

    def test_is_refused_for_the_own_account(self) -> None:
        administrator = officer(Role.ADMINISTRATOR)

        with pytest.raises(services.OwnAccount):
            services.close_account(user_id=administrator.pk, reason="…", acting_user=administrator, now=NOW)

    def test_is_refused_a_second_time(self) -> None:
        with pytest.raises(services.AlreadyClosed):
            services.close_account(user_id=UserFactory(closed=True).pk, reason="…", acting_user=None, now=NOW)


class TestAnAdministratorSees:
    def names(self, administrator: User) -> set[str]:
        visible = policies.visible_accounts(administrator, on=TODAY)
        return set(User.objects.filter(visible).values_list("full_name", flat=True))

    def test_the_staff_of_governed_agencies_now_and_before_and_those_without_a_mandate(self) -> None:
        administrator = officer(Role.ADMINISTRATOR, full_name="Quản Trị")
        own = administrator.mandates.get().agency
        MandateFactory(user__full_name="Ở Đây", agency=own)
        MandateFactory(user__full_name="Phòng Dưới", agency=AgencyFactory(parent=own))
        MandateFactory(user__full_name="Đã Chuyển", agency=own, valid_until=date(2023, 1, 1))
        MandateFactory(user__full_name="Ở Nơi Khác")
        UserFactory(full_name="Mới Vào")
        UserFactory(full_name="Công Dân", citizen=True)

        assert self.names(administrator) == {"Quản Trị", "Ở Đây", "Phòng Dưới", "Đã Chuyển", "Mới Vào"}

    def test_nobody_else_once_the_mandate_is_over(self) -> None:
        former = MandateFactory(user__full_name="Cựu Quản Trị", role=Role.ADMINISTRATOR, valid_until=TODAY).user
        UserFactory(full_name="Mới Vào")

        assert self.names(former) == {"Cựu Quản Trị"}

    def test_an_agency_still_after_the_law_renamed_it(self) -> None:
        old = AgencyFactory(code="H99.X", valid_until=date(2025, 7, 1))
        renamed = AgencyFactory(code="H99.X", valid_from=date(2025, 7, 1))
        administrator = officer(Role.ADMINISTRATOR, agency=renamed, full_name="Quản Trị")
        MandateFactory(user__full_name="Trước Khi Đổi Tên", agency=old, valid_until=date(2025, 7, 1))

        assert self.names(administrator) == {"Quản Trị", "Trước Khi Đổi Tên"}


class TestResetPassword:
    def test_ends_every_session_and_asks_for_a_new_password(self) -> None:
        administrator = officer(Role.ADMINISTRATOR)
        forgetful = MandateFactory(agency=administrator.mandates.get().agency).user
        session = SignInFactory(user=forgetful)

        password = services.reset_password(user_id=forgetful.pk, acting_user=administrator, now=NOW)

        forgetful.refresh_from_db()
        session.refresh_from_db()
        assert forgetful.check_password(password)
        assert forgetful.must_change_password
        assert session.ended_because == "password_changed"
        (event,) = events_of(f"account:{forgetful.pk}")
        assert (event.name, event.payload) == ("PasswordReset", {})

    def test_lifts_the_lock_of_the_name(self) -> None:
        forgetful = UserFactory(username="hay-quen")
        for _attempt in range(5):
            request = RequestFactory().post("/sign-in/")
            request.session = {}
            authenticate(request, username="hay-quen", password="sai")

        password = services.reset_password(user_id=forgetful.pk, acting_user=None, now=NOW)

        request = RequestFactory().post("/sign-in/")
        assert authenticate(request, username="hay-quen", password=password) == forgetful

    def test_is_refused_where_the_officer_also_works_beyond_the_administrators_reach(self) -> None:
        """Who takes over an account takes over all its mandates: a commune must not take over the province."""
        administrator = officer(Role.ADMINISTRATOR)
        leader = MandateFactory(agency=administrator.mandates.get().agency).user
        MandateFactory(user=leader, role=Role.LEADER)

        with pytest.raises(services.OutsideMandate, match="cấp trên"):
            services.reset_password(user_id=leader.pk, acting_user=administrator, now=NOW)

    def test_is_refused_for_citizens_and_for_the_own_account(self) -> None:
        administrator = officer(Role.ADMINISTRATOR)

        with pytest.raises(services.NoSuchAccount):
            services.reset_password(user_id=UserFactory(citizen=True).pk, acting_user=administrator, now=NOW)
        with pytest.raises(services.OwnAccount):
            services.reset_password(user_id=administrator.pk, acting_user=administrator, now=NOW)


class TestChangePassword:
    def change(self, user: User, **facts: object) -> User:
        given = {"current": "chè xanh buổi sáng", "new": "mưa rào tháng sáu", "keep_sign_in_id": None, **facts}
        return services.change_password(acting_user=user, now=NOW, **given)

    def test_keeps_this_session_and_ends_the_others(self) -> None:
        user = UserFactory()
        here, elsewhere = SignInFactory(user=user), SignInFactory(user=user)

        changed = self.change(user, keep_sign_in_id=here.pk)

        here.refresh_from_db()
        elsewhere.refresh_from_db()
        assert changed.check_password("mưa rào tháng sáu")
        assert here.ended_at is None
        assert elsewhere.ended_because == "password_changed"

    def test_refuses_a_wrong_current_password(self) -> None:
        with pytest.raises(services.WrongPassword, match="Caps Lock"):
            self.change(UserFactory(), current="sai mất rồi")

    def test_refuses_the_same_password_again(self) -> None:
        with pytest.raises(services.SamePassword):
            self.change(UserFactory(), new="chè xanh buổi sáng")

    def test_says_everything_that_makes_a_password_weak(self) -> None:
        with pytest.raises(services.WeakPassword, match="ít nhất 12 ký tự; là mật khẩu nhiều người dùng"):
            self.change(UserFactory(), new="password")


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_open_one_account() -> None:
    both_ready = Barrier(2)

    def attempt(name: str) -> str:
        both_ready.wait()
        try:
            return open_account(full_name=name).user.full_name
        except services.UsernameTaken as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as administrators:
        answers = list(administrators.map(attempt, ["Nguyễn Văn Một", "Nguyễn Văn Hai"]))

    (opened,) = User.objects.values_list("full_name", flat=True)
    assert opened in answers
    assert "Tên đăng nhập “an.nguyen” đã có người dùng. Hãy thêm một chữ số, ví dụ an.nguyen2." in answers

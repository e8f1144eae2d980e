from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from lienthong.accounts import services
from lienthong.accounts.models import User
from lienthong.accounts.services import OpenAccount
from lienthong.accounts.states import AccountKind, Role
from lienthong.infra.events import events_of
from lienthong.infra.models import ReadRecord
from tests.factories.accounts import MandateFactory, SignInFactory, UserFactory, officer, signed_in
from tests.factories.people import OrganizationFactory, PersonFactory
from tests.factories.units import AdministrativeUnitFactory, AgencyFactory, WorkCalendarVersionFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/office/accounts/applicants/"
NUMBER = "019085001234"


def text_of(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def handed_over(answer: Any) -> list[str]:
    return [node.text for node in BeautifulSoup(answer.content, "html.parser").select("dd.code")]


@pytest.fixture(autouse=True)
def _calendar() -> None:
    """The navigation of a desk counts what is due soon."""
    WorkCalendarVersionFactory()


@pytest.fixture
def citizen() -> Any:
    return PersonFactory(full_name="Vi Văn Thắng", number=NUMBER)


@pytest.fixture
def desk() -> Client:
    """A receiver of the province, who serves everybody."""
    return signed_in(officer(Role.RECEIVER))


class TestAtTheDesk:
    def test_a_citizen_gets_an_account_under_their_own_number(self, desk: Client, citizen: Any) -> None:
        before = text_of(desk.get(ADDRESS, {"number": "0190 8500 1234"}))
        answer = desk.post(ADDRESS, {"number": NUMBER})

        assert "Vi Văn Thắng" in before
        assert "Chưa có" in before
        username, password = handed_over(answer)
        account = User.objects.get(username=username)
        assert (username, account.person, account.kind) == (NUMBER, citizen, AccountKind.CITIZEN)
        newcomer = Client()
        assert newcomer.post("/sign-in/", {"username": username, "password": password}).status_code == 302
        assert newcomer.get("/account/").url.startswith("/account/password/"), "the first thing is an own password"

    def test_a_firm_gets_one_under_its_tax_code(self, desk: Client) -> None:
        firm = OrganizationFactory(tax_code="0100233488", name="Công ty TNHH Chè Thái Nguyên")

        username, _password = handed_over(desk.post(ADDRESS, {"number": "0100 233 488"}))

        assert User.objects.get(username=username).organization == firm

    def test_who_has_an_account_gets_a_new_password_instead_and_is_thrown_out_everywhere(
        self, desk: Client, citizen: Any
    ) -> None:
        account = UserFactory(citizen=True, person=citizen, username="thang.vi")
        session = SignInFactory(user=account)

        username, password = handed_over(desk.post(ADDRESS, {"number": NUMBER}))

        account.refresh_from_db()
        session.refresh_from_db()
        assert username == "thang.vi"
        assert account.check_password(password)
        assert session.ended_because == "password_changed"
        assert [event.name for event in events_of(f"account:{account.pk}")] == ["PasswordReset"]

    def test_every_look_up_of_a_person_is_written_down(self, desk: Client, citizen: Any) -> None:
        desk.get(ADDRESS, {"number": NUMBER})

        look = ReadRecord.objects.get()
        assert (look.subject, look.action) == (f"person:{citizen.pk}", "lookup")

    @pytest.mark.parametrize("number", ["999999999999", "12", "abc", "'; --", "٠١٩", "x" * 500, "0100233488"])
    def test_an_unknown_number_says_what_to_check(self, desk: Client, citizen: Any, number: str) -> None:
        answer = desk.get(ADDRESS, {"number": number})

        assert answer.status_code == 200
        assert "Kiểm tra lại từng số" in text_of(answer)

    def test_a_commune_serves_its_own_people_only(self, citizen: Any) -> None:
        here, elsewhere = AdministrativeUnitFactory(), AdministrativeUnitFactory()
        PersonFactory(full_name="Ở Xã Này", number="019085005678", lives_in=here)
        PersonFactory(full_name="Ở Xã Khác", number="019085009999", lives_in=elsewhere)
        browser = signed_in(officer(agency=AgencyFactory(committee=True, unit=here)))

        assert "Ở Xã Này" in text_of(browser.get(ADDRESS, {"number": "019085005678"}))
        assert "Ở Xã Khác" not in text_of(browser.get(ADDRESS, {"number": "019085009999"}))


class TestTheService:
    def open_for(self, person: Any, *, acting_user: User, now: Any) -> None:
        command = OpenAccount(
            username=NUMBER, kind=AccountKind.CITIZEN, full_name=person.full_name, person_id=person.pk
        )
        services.open_account(command, acting_user=acting_user, now=now)

    @pytest.fixture
    def now(self) -> Any:
        from django.utils import timezone

        return timezone.now()

    @pytest.mark.parametrize("role", [role for role in Role if role not in {Role.RECEIVER, Role.DESK_HEAD}])
    def test_opens_nothing_for_anybody_but_the_desk(self, citizen: Any, role: Role, now: Any) -> None:
        with pytest.raises(services.MayNotOpenAccounts):
            self.open_for(citizen, acting_user=officer(role), now=now)

    def test_opens_no_second_account(self, citizen: Any, now: Any) -> None:
        UserFactory(citizen=True, person=citizen, username="thang.vi")

        with pytest.raises(services.AlreadyHasAccount, match=r"tên đăng nhập thang\.vi"):
            self.open_for(citizen, acting_user=officer(), now=now)

    def test_opens_a_new_one_where_the_old_was_closed(self, citizen: Any, now: Any) -> None:
        UserFactory(citizen=True, person=citizen, closed=True)

        self.open_for(citizen, acting_user=officer(), now=now)

        assert User.objects.get(username=NUMBER).is_active

    def test_renews_no_password_of_an_officer_or_of_a_citizen_of_another_commune(self, citizen: Any, now: Any) -> None:
        commune_desk = officer(agency=AgencyFactory(committee=True))
        strangers = PersonFactory(lives_in=AdministrativeUnitFactory())
        account = UserFactory(citizen=True, person=strangers)
        colleague = MandateFactory(agency=commune_desk.mandates.get().agency).user

        for victim in (account, colleague):
            with pytest.raises(services.NoSuchAccount):
                services.reset_password(user_id=victim.pk, acting_user=commune_desk, now=now)


@pytest.mark.parametrize("who", [*(role for role in Role if role not in {Role.RECEIVER, Role.DESK_HEAD}), "citizen"])
def test_the_page_is_for_the_desk_alone(who: Any, citizen: Any) -> None:
    browser = signed_in(officer(Role(who)) if who in Role.values else UserFactory(citizen=True))

    assert browser.get(ADDRESS, {"number": NUMBER}).status_code == 404
    assert browser.post(ADDRESS, {"number": NUMBER}).status_code == 404
    assert not User.objects.filter(username=NUMBER).exists()

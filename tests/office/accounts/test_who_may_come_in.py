"""Every address of the door and of the administration, walked as everybody, against somebody else's account."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from lienthong.accounts.models import Mandate, SignIn, User
from lienthong.accounts.states import Role
from tests.factories.accounts import MandateFactory, SignInFactory, UserFactory, officer, signed_in

pytestmark = pytest.mark.django_db

OPEN_TO_ALL = ["/sign-in/"]
OWN = ["/account/", "/account/password/", "/account/sessions/"]
ADMINISTRATION = ["/office/accounts/", "/office/accounts/open/"]
ABOUT_SOMEBODY = [
    "/office/accounts/{user}/",
    "/office/accounts/{user}/grant/",
    "/office/accounts/{user}/reset-password/",
    "/office/accounts/{user}/close/",
    "/office/accounts/mandates/{mandate}/end/",
]
PRESSES = [
    "/office/accounts/open/",
    "/office/accounts/{user}/grant/",
    "/office/accounts/{user}/reset-password/",
    "/office/accounts/{user}/close/",
    "/office/accounts/mandates/{mandate}/end/",
    "/office/accounts/sessions/{session}/end/",
    "/account/sessions/{session}/end/",
]
WITHOUT_ADMINISTRATION = [*(role for role in Role if role != Role.ADMINISTRATOR), "no mandate", "citizen", "firm"]


@pytest.fixture
def victim() -> dict[str, int]:
    """Somebody else, far away, with a mandate and a session."""
    mandate = MandateFactory()
    return {
        "user": mandate.user_id,
        "mandate": mandate.pk,
        "session": SignInFactory(user=mandate.user).pk,
    }


def somebody(who: Any) -> User:
    if who in Role.values:
        return officer(Role(who))
    return UserFactory(**({} if who == "no mandate" else {who: True}))


def main_of(answer: Any) -> str:
    return str(BeautifulSoup(answer.content, "html.parser").main)


def traces(victim: dict[str, int]) -> Any:
    return (
        User.objects.filter(pk=victim["user"]).values().get(),
        Mandate.objects.filter(pk=victim["mandate"]).values().get(),
        SignIn.objects.filter(pk=victim["session"]).values().get(),
        User.objects.count(),
        Mandate.objects.count(),
    )


@pytest.mark.parametrize("who", WITHOUT_ADMINISTRATION)
def test_who_administers_nothing_finds_nothing_there(who: str, victim: dict[str, int]) -> None:
    browser = signed_in(somebody(who))

    found = {
        address: browser.get(address.format(**victim)).status_code for address in [*ADMINISTRATION, *ABOUT_SOMEBODY]
    }

    assert set(found.values()) == {404}, found
    assert {browser.get(address).status_code for address in OWN} == {200}


@pytest.mark.parametrize("who", [*WITHOUT_ADMINISTRATION, Role.ADMINISTRATOR])
def test_nobody_changes_an_account_beyond_their_reach(who: str, victim: dict[str, int]) -> None:
    browser = signed_in(somebody(who))
    before = traces(victim)
    facts = {"reason": "x", "last_on_day": "1", "last_on_month": "1", "last_on_year": "2099"}

    answers = {address: browser.post(address.format(**victim), facts).status_code for address in PRESSES}

    if who == Role.ADMINISTRATOR:
        assert answers.pop("/office/accounts/open/") == 422
    assert set(answers.values()) == {404}, answers
    assert traces(victim) == before


def test_an_administrator_sees_nothing_of_an_account_beyond_their_reach(victim: dict[str, int]) -> None:
    browser = signed_in(officer(Role.ADMINISTRATOR))

    assert {browser.get(address.format(**victim)).status_code for address in ABOUT_SOMEBODY} == {404}
    assert {browser.get(address).status_code for address in ADMINISTRATION} == {200}


def test_a_guest_is_sent_to_sign_in(client: Client, victim: dict[str, int]) -> None:
    for address in [*OWN, *ADMINISTRATION, *ABOUT_SOMEBODY, "/kept-form/", "/account/readings/"]:
        assert client.get(address.format(**victim)).url.startswith("/sign-in/?next="), address
    for address in PRESSES:
        assert client.post(address.format(**victim)).url.startswith("/sign-in/?next="), address
    for address in OPEN_TO_ALL:
        assert client.get(address).status_code == 200


def test_what_is_not_there_looks_like_what_is_not_yours(victim: dict[str, int]) -> None:
    browser = signed_in(officer(Role.ADMINISTRATOR))
    nothing = {"user": 999_999_999, "mandate": 999_999_999, "session": 999_999_999}

    for address in ABOUT_SOMEBODY:
        there, not_there = browser.get(address.format(**victim)), browser.get(address.format(**nothing))
        assert there.status_code == not_there.status_code == 404
        assert main_of(there) == main_of(not_there)


def test_a_number_too_large_for_the_database_is_not_found() -> None:
    browser = signed_in(officer(Role.ADMINISTRATOR))

    for address in ABOUT_SOMEBODY:
        huge = 10**30
        assert browser.get(address.format(user=huge, mandate=huge)).status_code == 404, address

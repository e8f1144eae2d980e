from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from lienthong.accounts.models import SignIn
from lienthong.accounts.states import Role
from lienthong.infra.events import events_of
from tests.factories.accounts import PASSWORD, UserFactory, officer, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that moves the clock of every request forward."""
    start = timezone.now()
    passed = timedelta()

    def forward(**time: float) -> datetime:
        nonlocal passed
        passed += timedelta(**time)
        return start + passed

    monkeypatch.setattr("lienthong.infra.middleware.timezone.now", lambda: start + passed)
    return forward


def is_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


class TestIdleEnd:
    @pytest.mark.parametrize(("minutes", "stays"), [(29, True), (31, False)])
    def test_signs_an_officer_out_after_half_an_hour(self, clock: Any, minutes: int, stays: bool) -> None:
        browser = signed_in(officer())
        clock(minutes=minutes)

        assert is_in(browser) is stays

    @pytest.mark.parametrize(("minutes", "stays"), [(19, True), (21, False)])
    def test_signs_a_citizen_out_sooner(self, clock: Any, minutes: int, stays: bool) -> None:
        browser = signed_in(UserFactory(citizen=True))
        clock(minutes=minutes)

        assert is_in(browser) is stays

    def test_counts_from_the_last_thing_done(self, clock: Any) -> None:
        browser = signed_in(officer())
        for _half_hour in range(5):
            clock(minutes=25)
            assert is_in(browser)

    def test_says_at_the_door_why(self, clock: Any) -> None:
        user = officer()
        browser = signed_in(user)
        clock(minutes=45)

        answer = browser.get("/account/", follow=True)

        assert "một lúc lâu không thao tác" in answer.content.decode()
        assert "một lúc lâu không thao tác" not in browser.get("/sign-in/").content.decode(), "it is said once"
        assert SignIn.objects.get(user=user).ended_because == "idle"
        assert [event.name for event in events_of(f"account:{user.pk}")] == ["SignedIn", "SessionEnded"]

    def test_leaves_nothing_of_the_old_session(self, clock: Any) -> None:
        browser = signed_in(officer())
        old = browser.session.session_key
        clock(minutes=45)

        browser.get("/account/")

        assert not Session.objects.filter(pk=old).exists()

    def test_does_not_hinder_signing_in_again(self, clock: Any) -> None:
        user = officer()
        browser = signed_in(user)
        clock(minutes=45)

        answer = browser.post("/sign-in/", {"username": user.username, "password": PASSWORD, "next": "/account/"})

        assert answer.url == "/account/"
        assert is_in(browser)


class TestLastUse:
    def test_is_noted_at_most_once_a_minute(self, clock: Any, django_assert_num_queries: Any) -> None:
        user = officer()
        browser = signed_in(user)
        first = SignIn.objects.get(user=user).seen_at

        clock(seconds=59)
        with django_assert_num_queries(4):  # session, user, mandates, running sessions
            browser.get("/account/")
        assert SignIn.objects.get(user=user).seen_at == first

        clock(seconds=1)
        with django_assert_num_queries(8):  # and the note; the session in its savepoint
            browser.get("/account/")
        assert SignIn.objects.get(user=user).seen_at == first + timedelta(minutes=1)


class TestASessionEndedElsewhere:
    def test_is_refused_at_once(self) -> None:
        user = officer()
        office, phone = signed_in(user), signed_in(user)
        sign_in = SignIn.objects.filter(user=user).latest("id")

        office.post(f"/account/sessions/{sign_in.pk}/end/")

        assert not is_in(phone)
        assert is_in(office)

    def test_does_not_come_back_when_only_its_row_was_ended(self, clock: Any) -> None:
        user = officer()
        browser = signed_in(user)
        SignIn.objects.update(ended_at=timezone.now())

        clock(minutes=2)

        assert not is_in(browser)

    def test_ends_when_the_account_is_closed(self) -> None:
        user = officer(Role.LEADER)
        browser = signed_in(user)
        user.is_active = False
        user.save()

        assert not is_in(browser)

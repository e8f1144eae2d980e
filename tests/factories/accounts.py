"""Accounts, mandates and sign-ins for tests."""

from datetime import UTC, date, datetime
from typing import Any

import factory
from django.test import Client

from lienthong.accounts.models import Mandate, SignIn, User
from lienthong.accounts.states import AccountKind, Role
from lienthong.kernel.text import fold, person_sort_key
from tests.factories.units import AgencyFactory

PASSWORD = "chè xanh buổi sáng"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """An officer without a mandate; ``citizen`` and ``firm`` come to be served. The password is PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"can-bo.{number}")
    kind = AccountKind.STAFF
    full_name = factory.Sequence(lambda number: f"Hoàng Thị Thử {number}")
    name_key = factory.LazyAttribute(lambda user: fold(user.full_name))
    sort_key = factory.LazyAttribute(lambda user: person_sort_key(user.full_name))
    password = factory.django.Password(PASSWORD)
    created_at = datetime(2022, 1, 4, 1, 0, tzinfo=UTC)

    class Params:
        citizen = factory.Trait(
            username=factory.Sequence(lambda number: f"cong-dan.{number}"),
            kind=AccountKind.CITIZEN,
            person=factory.SubFactory("tests.factories.people.PersonFactory"),
        )
        firm = factory.Trait(
            username=factory.Sequence(lambda number: f"to-chuc.{number}"),
            kind=AccountKind.ORGANIZATION,
            organization=factory.SubFactory("tests.factories.people.OrganizationFactory"),
        )
        closed = factory.Trait(is_active=False)


class MandateFactory(factory.django.DjangoModelFactory[Mandate]):
    """A receiver in an agency of their own, since 2022 and without end."""

    class Meta:
        model = Mandate

    user = factory.SubFactory(UserFactory)
    role = Role.RECEIVER
    agency = factory.SubFactory(AgencyFactory)
    fields: list[str] = []
    valid_from = date(2022, 1, 4)


class SignInFactory(factory.django.DjangoModelFactory[SignIn]):
    """A session that runs."""

    class Meta:
        model = SignIn

    user = factory.SubFactory(UserFactory)
    session_key = factory.Sequence(lambda number: f"{number:032d}")
    address = "10.0.0.7"
    device = "Chrome trên Windows"
    began_at = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    seen_at = factory.SelfAttribute("began_at")


def officer(role: Role = Role.RECEIVER, *, agency: Any = None, **facts: Any) -> User:
    """Return an officer who holds one mandate."""
    user = UserFactory(**facts)
    MandateFactory(user=user, role=role, **({"agency": agency} if agency is not None else {}))
    return user


def signed_in(user: User) -> Client:
    """Return a browser in which somebody signed in through the door."""
    browser = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36")
    answer = browser.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return browser

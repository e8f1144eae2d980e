"""The doctor sees every right that nobody granted, and every granted one that was changed behind the log."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from lienthong.accounts import services
from lienthong.accounts.health import mandates_not_granted
from lienthong.accounts.models import Mandate, User
from lienthong.accounts.services import GrantMandate
from lienthong.accounts.services.bulk import StaffAccount, StaffMandate, load_staff
from lienthong.accounts.states import Role
from lienthong.infra.health import checks
from tests.factories.accounts import MandateFactory, UserFactory
from tests.factories.units import AgencyFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def granted(user: User | None = None, **facts: object) -> Mandate:
    command = GrantMandate(
        **{
            "user_id": (user or UserFactory()).pk,
            "role": Role.RECEIVER,
            "agency_code": AgencyFactory().code,
            "valid_from": TODAY,
            "fields": ("employment", "children"),
            **facts,
        }
    )
    return services.grant_mandate(command, acting_user=None, now=NOW)


def ended(mandate: Mandate, *, last_on: date = TODAY) -> None:
    services.end_mandate(mandate_id=mandate.pk, last_on=last_on, reason="Chuyển việc", acting_user=None, now=NOW)


def test_finds_nothing_amiss_where_every_mandate_was_granted_shortened_or_taken_back() -> None:
    granted(valid_until=TODAY + timedelta(days=30))
    ended(granted())
    ended(granted(valid_from=TODAY + timedelta(days=1)))
    agency = AgencyFactory()
    begun = StaffMandate(Role.LEADER, agency.pk, TODAY, None)
    load_staff([StaffAccount(username="an", full_name="Lò Thị An", mandates=[begun])], basis="Quyết định 1", now=NOW)
    assert list(mandates_not_granted()) == []
    assert mandates_not_granted in checks().values()


def test_names_a_right_that_nobody_granted() -> None:
    granted()
    slipped_in = MandateFactory()
    (sentence,) = mandates_not_granted()
    assert sentence.startswith(
        f"Phân công số {slipped_in.pk} của tài khoản số {slipped_in.user_id}: không ai phân công"
    )


def test_names_a_granted_right_that_is_gone() -> None:
    granted().delete()
    (sentence,) = mandates_not_granted()
    assert "nhật ký còn, trong bảng không còn" in sentence


@pytest.mark.parametrize(
    "change",
    [
        lambda: {"role": Role.LEADER},
        lambda: {"fields": []},
        lambda: {"valid_from": TODAY - timedelta(days=400)},
        lambda: {"valid_until": TODAY + timedelta(days=400)},
        lambda: {"user": UserFactory()},
        lambda: {"agency": AgencyFactory()},
        lambda: {"granted_by": UserFactory()},
    ],
    ids=["role", "fields", "first day", "end", "officer", "agency", "who granted it"],
)
def test_names_a_right_that_was_changed_behind_the_log(change: Callable[[], dict[str, object]]) -> None:
    mandate = granted()
    granted()
    Mandate.objects.filter(pk=mandate.pk).update(**change())
    (sentence,) = mandates_not_granted()
    assert "khác với nhật ký" in sentence


def test_names_an_ended_right_that_was_prolonged() -> None:
    mandate = granted()
    ended(mandate)
    Mandate.objects.filter(pk=mandate.pk).update(valid_until=None)
    assert len(list(mandates_not_granted())) == 1

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError

from lienthong.accounts import policies, services
from lienthong.accounts.models import Mandate, User
from lienthong.accounts.services import GrantMandate
from lienthong.accounts.states import Role
from lienthong.infra.events import events_of, sentence_of
from lienthong.infra.models import Event
from tests.factories.accounts import MandateFactory, UserFactory, officer
from tests.factories.units import AgencyFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def grant(user: User, *, agency_code: str, acting_user: User | None, **facts: object) -> Mandate:
    command = GrantMandate(
        **{"user_id": user.pk, "role": Role.PROCESSOR, "agency_code": agency_code, "valid_from": TODAY, **facts}
    )
    return services.grant_mandate(command, acting_user=acting_user, now=NOW)


class TestAMandateCounts:
    @pytest.mark.parametrize(
        ("day", "counts"),
        [
            (date(2026, 3, 1) - timedelta(days=1), False),
            (date(2026, 3, 1), True),
            (date(2026, 6, 30), True),
            (date(2026, 7, 1), False),
        ],
        ids=["the day before", "on the first day", "on the last day", "the day after"],
    )
    def test_only_inside_its_span(self, day: date, counts: bool) -> None:
        mandate = MandateFactory(valid_from=date(2026, 3, 1), valid_until=date(2026, 7, 1))

        assert policies.holds(mandate.user, role=Role.RECEIVER, agency_id=mandate.agency_id, on=day) is counts
        assert policies.agencies_of(mandate.user, on=day) == ({mandate.agency_id} if counts else frozenset())

    def test_for_ever_when_it_has_no_end(self) -> None:
        mandate = MandateFactory(valid_until=None)

        assert policies.holds(mandate.user, role=Role.RECEIVER, agency_id=mandate.agency_id, on=date(3000, 1, 1))

    def test_not_for_a_closed_account(self) -> None:
        closed = officer(closed=True)
        agency_id = closed.mandates.get().agency_id

        assert not policies.holds(closed, role=Role.RECEIVER, agency_id=agency_id, on=TODAY)
        assert not policies.is_staff(closed)

    def test_in_no_other_role_and_no_other_agency(self) -> None:
        receiver = officer(Role.RECEIVER)
        agency_id = receiver.mandates.get().agency_id

        assert not policies.holds(receiver, role=Role.LEADER, agency_id=agency_id, on=TODAY)
        assert not policies.holds(receiver, role=Role.RECEIVER, agency_id=agency_id + 1, on=TODAY)

    def test_only_in_its_fields_when_it_names_some(self) -> None:
        mandate = MandateFactory(fields=["employment"])
        question = {"role": Role.RECEIVER, "agency_id": mandate.agency_id, "on": TODAY}

        assert policies.holds(mandate.user, field_code="employment", **question)
        assert not policies.holds(mandate.user, field_code="training", **question)
        assert policies.holds(mandate.user, **question), "the role as such is held"

    def test_in_every_field_when_it_names_none(self) -> None:
        mandate = MandateFactory(fields=[])

        assert policies.holds(
            mandate.user, role=Role.RECEIVER, agency_id=mandate.agency_id, on=TODAY, field_code="employment"
        )

    def test_nothing_for_nobody(self) -> None:
        assert policies.mandates_of(None, on=TODAY) == []

    def test_agencies_can_be_asked_for_by_role(self) -> None:
        user = officer(Role.RECEIVER)
        led = MandateFactory(user=user, role=Role.LEADER)

        assert policies.agencies_of(user, on=TODAY, roles=[Role.LEADER]) == {led.agency_id}


class TestGrantMandate:
    def test_lets_the_officer_act_and_writes_one_event(self) -> None:
        administrator = officer(Role.ADMINISTRATOR)
        agency = administrator.mandates.get().agency
        newcomer = UserFactory()

        mandate = grant(
            newcomer, agency_code=agency.code, acting_user=administrator, fields=("b", "a", "b"), basis="QĐ 12/QĐ-SLĐ"
        )

        assert mandate.fields == ["a", "b"]
        assert mandate.granted_by == administrator
        assert policies.holds(newcomer, role=Role.PROCESSOR, agency_id=agency.pk, on=TODAY)
        (event,) = events_of(f"account:{newcomer.pk}")
        assert (event.name, event.actor_id) == ("MandateGranted", administrator.pk)
        assert sentence_of(event) == f"Được phân công cán bộ thụ lý, {agency.name}, từ 23/11/2026."

    def test_reaches_the_agencies_below(self) -> None:
        administrator = officer(Role.ADMINISTRATOR)
        division = AgencyFactory(parent=administrator.mandates.get().agency)
        team = AgencyFactory(parent=division)

        mandate = grant(UserFactory(), agency_code=team.code, acting_user=administrator)

        assert mandate.agency == team

    def test_refuses_an_agency_that_the_administrator_does_not_govern(self) -> None:
        elsewhere = AgencyFactory(name="Sở Ở Xa")

        with pytest.raises(services.OutsideMandate, match="Sở Ở Xa"):
            grant(UserFactory(), agency_code=elsewhere.code, acting_user=officer(Role.ADMINISTRATOR))

    def test_refuses_an_administrator_who_would_grant_to_themselves(self) -> None:
        administrator = officer(Role.ADMINISTRATOR)
        code = administrator.mandates.get().agency.code

        with pytest.raises(services.OwnAccount, match="một người quản trị khác"):
            grant(administrator, agency_code=code, acting_user=administrator, role=Role.LEADER)

    def test_the_database_refuses_it_as_well(self) -> None:
        administrator = officer(Role.ADMINISTRATOR)

        with pytest.raises(IntegrityError, match="mandate_is_granted_by_somebody_else"):
            MandateFactory(user=administrator, role=Role.LEADER, granted_by=administrator)

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
    def test_refuses_everybody_who_is_no_administrator(self, role: Role) -> None:
        colleague = officer(role)

        with pytest.raises(services.NoSuchAccount):
            grant(UserFactory(), agency_code=colleague.mandates.get().agency.code, acting_user=colleague)

    def test_refuses_a_closed_account(self) -> None:
        administrator = officer(Role.ADMINISTRATOR)
        closed = UserFactory(closed=True, username="da-nghi")

        with pytest.raises(services.NotAnOfficer, match="da-nghi đã đóng"):
            grant(closed, agency_code=administrator.mandates.get().agency.code, acting_user=administrator)

    def test_refuses_a_mandate_that_ends_before_it_begins(self) -> None:
        administrator = officer(Role.ADMINISTRATOR)
        code = administrator.mandates.get().agency.code

        with pytest.raises(services.MandateSpanWrong, match="22/11/2026 trước ngày bắt đầu"):
            grant(UserFactory(), agency_code=code, acting_user=administrator, valid_until=TODAY)

    def test_refuses_a_day_on_which_the_agency_does_not_exist(self) -> None:
        ended = AgencyFactory(code="H99.CU", valid_until=date(2025, 3, 1))

        with pytest.raises(services.NoSuchAgency, match=r"23/11/2026 không có cơ quan mang mã H99\.CU"):
            grant(UserFactory(), agency_code=ended.code, acting_user=None)

    def test_refuses_the_same_role_twice_in_the_same_days(self) -> None:
        held = MandateFactory(role=Role.PROCESSOR, valid_until=date(2027, 1, 1))

        with pytest.raises(services.MandateOverlaps, match="đến hết 31/12/2026"):
            grant(held.user, agency_code=held.agency.code, acting_user=None)
        follows = grant(held.user, agency_code=held.agency.code, acting_user=None, valid_from=date(2027, 1, 1))

        assert follows.valid_from == held.valid_until


class TestEndMandate:
    def end(self, mandate: Mandate, *, last_on: date, acting_user: User | None = None) -> Mandate:
        return services.end_mandate(
            mandate_id=mandate.pk, last_on=last_on, reason="chuyển công tác", acting_user=acting_user, now=NOW
        )

    def test_counts_to_its_last_day_and_no_longer(self) -> None:
        mandate = self.end(MandateFactory(), last_on=TODAY)
        user = User.objects.get(pk=mandate.user_id)

        assert policies.holds(user, role=Role.RECEIVER, agency_id=mandate.agency_id, on=TODAY)
        assert not policies.holds(user, role=Role.RECEIVER, agency_id=mandate.agency_id, on=TODAY + timedelta(days=1))
        (event,) = events_of(f"account:{mandate.user_id}")
        assert "Lý do: chuyển công tác" in sentence_of(event)

    def test_ends_at_once_with_yesterday_as_its_last_day(self) -> None:
        mandate = self.end(MandateFactory(), last_on=TODAY - timedelta(days=1))
        user = User.objects.get(pk=mandate.user_id)

        assert not policies.holds(user, role=Role.RECEIVER, agency_id=mandate.agency_id, on=TODAY)

    def test_cannot_be_ended_backwards(self) -> None:
        with pytest.raises(services.EndsInThePast, match="22/11/2026"):
            self.end(MandateFactory(), last_on=TODAY - timedelta(days=2))

    def test_that_began_today_holds_until_tonight(self) -> None:
        begun_today = MandateFactory(valid_from=TODAY)

        with pytest.raises(services.BegunToday, match="sớm nhất hết hôm nay"):
            self.end(begun_today, last_on=TODAY - timedelta(days=1))

    def test_is_never_made_longer(self) -> None:
        with pytest.raises(services.MandateOver, match="chỉ rút ngắn được"):
            self.end(MandateFactory(valid_until=TODAY), last_on=TODAY)

    def test_that_has_not_begun_is_withdrawn_and_its_history_stays(self) -> None:
        future = MandateFactory(valid_from=date(2027, 1, 1))

        self.end(future, last_on=TODAY)

        assert not Mandate.objects.filter(pk=future.pk).exists()
        (event,) = events_of(f"account:{future.user_id}")
        assert event.name == "MandateWithdrawn"

    def test_is_not_ended_by_its_holder(self) -> None:
        administrator = officer(Role.ADMINISTRATOR)

        with pytest.raises(services.OwnAccount):
            self.end(administrator.mandates.get(), last_on=TODAY, acting_user=administrator)

    def test_is_not_ended_by_an_administrator_of_another_agency(self) -> None:
        administrator, stranger = officer(Role.ADMINISTRATOR), MandateFactory()

        with pytest.raises(services.NoSuchAccount):
            self.end(stranger, last_on=TODAY, acting_user=administrator)

        assert Event.objects.count() == 0

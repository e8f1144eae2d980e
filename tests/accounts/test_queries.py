from datetime import date
from typing import Any

import pytest

from lienthong.accounts import queries
from lienthong.accounts.queries import StaffFilter
from lienthong.accounts.states import Role
from tests.factories.accounts import MandateFactory, SignInFactory, UserFactory, officer
from tests.factories.units import AgencyFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


class TestColleagues:
    def test_are_those_who_hold_the_role_there_today_in_that_field(self) -> None:
        agency = AgencyFactory()
        anywhere = MandateFactory(agency=agency, role=Role.PROCESSOR, user__full_name="Mọi Lĩnh Vực").user
        in_field = MandateFactory(
            agency=agency, role=Role.PROCESSOR, fields=["employment"], user__full_name="Lò Ánh"
        ).user
        MandateFactory(agency=agency, role=Role.PROCESSOR, fields=["training"])
        MandateFactory(agency=agency, role=Role.LEADER)
        MandateFactory(agency=agency, role=Role.PROCESSOR, valid_until=TODAY)
        MandateFactory(agency=agency, role=Role.PROCESSOR, user__closed=True)
        MandateFactory(role=Role.PROCESSOR)

        found = queries.colleagues(agency.pk, role=Role.PROCESSOR, on=TODAY, field_code="employment")

        assert found == [in_field, anywhere], "by given name"

    def test_of_any_field_when_none_is_asked_for(self) -> None:
        mandate = MandateFactory(fields=["training"])

        assert queries.colleagues(mandate.agency_id, role=Role.RECEIVER, on=TODAY) == [mandate.user]


class TestStaffList:
    def names(self, administrator: Any, **wanted: Any) -> list[str]:
        rows = queries.staff_list(StaffFilter(**wanted), as_=administrator, on=TODAY)
        return [row.full_name for row in rows]

    @pytest.fixture
    def administrator(self) -> Any:
        return officer(Role.ADMINISTRATOR, full_name="Đỗ Quản Trị", username="quan-tri")

    @pytest.fixture
    def colleagues(self, administrator: Any) -> None:
        agency = administrator.mandates.get().agency
        MandateFactory(agency=agency, user__full_name="Nguyễn Thị Hường", user__username="huong.nt")
        MandateFactory(agency=agency, role=Role.LEADER, user__full_name="Trần Văn Đức", user__username="duc.tv")
        UserFactory(full_name="Lò Mới Vào")
        MandateFactory(agency=agency, user__full_name="Ma Đã Nghỉ", user__closed=True)

    @pytest.mark.parametrize(
        ("wanted", "names"),
        [
            ({}, ["Trần Văn Đức", "Nguyễn Thị Hường", "Ma Đã Nghỉ", "Đỗ Quản Trị", "Lò Mới Vào"]),
            ({"text": "huong"}, ["Nguyễn Thị Hường"]),
            ({"text": "HƯỜNG nguyễn"}, ["Nguyễn Thị Hường"]),
            ({"text": "duc.tv"}, ["Trần Văn Đức"]),
            ({"text": "'; --"}, []),
            ({"role": Role.LEADER}, ["Trần Văn Đức"]),
            ({"state": "idle"}, ["Lò Mới Vào"]),
            ({"state": "closed"}, ["Ma Đã Nghỉ"]),
            ({"state": "working", "role": Role.RECEIVER}, ["Nguyễn Thị Hường"]),
        ],
    )
    def test_narrows_by_name_role_and_state_in_vietnamese_order(
        self, administrator: Any, colleagues: None, wanted: dict[str, Any], names: list[str]
    ) -> None:
        assert self.names(administrator, **wanted) == names

    def test_narrows_by_agency(self, administrator: Any, colleagues: None) -> None:
        below = AgencyFactory(parent=administrator.mandates.get().agency)
        MandateFactory(agency=below, user__full_name="Ở Phòng Dưới")

        assert self.names(administrator, agency_id=below.pk) == ["Ở Phòng Dưới"]

    def test_counts_add_up_to_the_list(self, administrator: Any, colleagues: None) -> None:
        counts = queries.staff_counts(as_=administrator, on=TODAY)

        assert (counts.working, counts.idle, counts.closed) == (3, 1, 1)
        assert counts.working + counts.idle + counts.closed == len(self.names(administrator))

    def test_costs_the_same_number_of_queries_for_three_officers_and_for_sixty(
        self, administrator: Any, django_assert_num_queries: Any
    ) -> None:
        agency = administrator.mandates.get().agency
        for mandate in MandateFactory.create_batch(60, agency=agency):
            SignInFactory(user=mandate.user)

        with django_assert_num_queries(4):  # own mandates, agencies, rows with last use, their mandates
            rows = list(queries.staff_list(StaffFilter(), as_=administrator, on=TODAY))
            assert all(row.mandates_now[0].agency.name for row in rows)


class TestGetUser:
    def test_not_there_and_not_yours_look_the_same(self) -> None:
        administrator, stranger = officer(Role.ADMINISTRATOR), officer()

        for user_id in (stranger.pk, 999_999):
            with pytest.raises(queries.AccountNotFound):
                queries.get_user(user_id, as_=administrator, on=TODAY)

    def test_everybody_may_see_their_own(self) -> None:
        user = UserFactory(citizen=True)

        assert queries.get_user(user.pk, as_=user, on=TODAY) == user

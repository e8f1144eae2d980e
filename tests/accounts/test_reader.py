"""Whose personal data an account may read."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from lienthong.accounts.models import User
from lienthong.accounts.queries import reader_for
from lienthong.accounts.states import Role
from lienthong.units.models import AdministrativeUnit, UnitChange, UnitSuccession
from lienthong.units.states import AgencyLevel, Share
from tests.factories.accounts import MandateFactory, UserFactory, officer
from tests.factories.units import AdministrativeUnitFactory, AgencyFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
MERGER = date(2025, 7, 1)


def codes_of(user: Any, *, on: date = TODAY) -> frozenset[str] | None:
    return reader_for(user, on=on).unit_codes


def commune_officer(unit: AdministrativeUnit, role: Role = Role.RECEIVER) -> User:
    return officer(role, agency=AgencyFactory(committee=True, unit=unit))


def became(old: AdministrativeUnit, new: AdministrativeUnit, share: Share = Share.WHOLE) -> None:
    change, _made = UnitChange.objects.get_or_create(code="sap-nhap", on=MERGER, instrument="NQ", title="Sắp xếp")
    UnitSuccession.objects.create(change=change, predecessor=old, successor=new, share=share)


class TestReader:
    def test_of_a_guest_reads_nothing(self) -> None:
        reader = reader_for(AnonymousUser(), on=TODAY)

        assert (reader.user_id, reader.unit_codes, reader.own_person_id) == (None, frozenset(), None)

    def test_of_a_citizen_reads_their_own(self) -> None:
        citizen = UserFactory(citizen=True)

        reader = reader_for(citizen, on=TODAY)

        assert (reader.user_id, reader.unit_codes) == (citizen.pk, frozenset())
        assert reader.own_person_id == citizen.person_id

    def test_of_a_firm_reads_nobodys(self) -> None:
        assert reader_for(UserFactory(firm=True), on=TODAY).own_person_id is None

    def test_of_the_province_reads_everybodys(self) -> None:
        assert codes_of(officer(Role.PROCESSOR)) is None

    def test_of_a_commune_reads_its_own_people(self) -> None:
        unit = AdministrativeUnitFactory(code="05100")

        assert codes_of(commune_officer(unit)) == {"05100"}

    def test_of_several_communes_reads_the_people_of_all(self) -> None:
        user = commune_officer(AdministrativeUnitFactory(code="05100"))
        MandateFactory(user=user, agency=AgencyFactory(committee=True, unit=AdministrativeUnitFactory(code="05200")))

        assert codes_of(user) == {"05100", "05200"}

    def test_follows_a_commune_to_what_it_was_made_of(self) -> None:
        new = AdministrativeUnitFactory(code="05103", valid_from=MERGER)
        for code in ("05100", "05101", "05102"):
            became(AdministrativeUnitFactory(code=code, valid_until=MERGER), new)

        assert codes_of(commune_officer(new)) == {"05100", "05101", "05102", "05103"}

    def test_leaves_out_a_code_that_now_names_another_commune(self) -> None:
        divided = AdministrativeUnitFactory(code="05467", valid_until=MERGER)
        heir = AdministrativeUnitFactory(code="05500", valid_from=MERGER)
        namesake = AdministrativeUnitFactory(code="05467", valid_from=MERGER)
        became(divided, heir, Share.PART)
        became(divided, namesake, Share.PART)

        assert codes_of(commune_officer(heir)) == {"05500"}
        assert codes_of(commune_officer(namesake)) == {"05467"}

    def test_of_a_district_read_the_people_of_its_communes(self) -> None:
        district = AdministrativeUnitFactory(district=True)
        AdministrativeUnitFactory(code="05100", parent=district)
        AdministrativeUnitFactory(code="05200")
        user = officer(agency=AgencyFactory(unit=district, level=AgencyLevel.DISTRICT))

        assert codes_of(user) == {"05100"}

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.CATALOGUE_EDITOR])
    def test_of_a_role_that_deals_with_no_people_reads_nobodys(self, role: Role) -> None:
        assert codes_of(officer(role)) == frozenset()

    def test_counts_only_inside_the_span_of_the_mandate(self) -> None:
        former = MandateFactory(valid_until=TODAY).user

        assert codes_of(former) == frozenset()

    def test_of_a_closed_account_reads_nothing(self) -> None:
        assert codes_of(officer(closed=True)) == frozenset()

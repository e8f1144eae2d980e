"""Organisations are known by their tax codes and found by their names."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.infra.models import Event
from lienthong.people import queries
from lienthong.people import services as people
from lienthong.people.models import Organization
from lienthong.people.services import RegisterOrganization
from lienthong.people.services.organization import TaxCodeTaken, TaxCodeWrong
from lienthong.people.services.refusals import TextRefused
from lienthong.units.models import AdministrativeUnit
from lienthong.units.queries import UnitUnknown
from tests.factories.people import OrganizationFactory, PersonFactory
from tests.people.conftest import NOW, OFFICER

pytestmark = pytest.mark.django_db

TAX_CODE = "0100233488"


def register(**told: object) -> Organization:
    told = {"tax_code": TAX_CODE, "name": "Công ty TNHH Chè Tân Cương"} | told
    return people.register_organization(RegisterOrganization(**told), acting_user_id=OFFICER, now=NOW)  # type: ignore[arg-type]


def test_registers_a_firm_with_its_place_and_representative(tan_cuong: AdministrativeUnit) -> None:
    director = PersonFactory()

    register(tax_code=" 01.0023 3488 ", unit_code="05503", representative_id=director.pk)

    firm = queries.organization_by_tax_code("0100233488")
    assert (firm.name_key, firm.unit, firm.representative) == ("cong ty tnhh che tan cuong", tan_cuong, director)
    assert Event.objects.get().stream == f"organization:{firm.pk}"


@pytest.mark.parametrize("typed", ["0314409058002", "0314409058-002", "0314 409 058 002"])
def test_a_branch_has_three_more_digits(typed: str) -> None:
    assert register(tax_code=typed).tax_code == "0314409058-002"
    assert queries.organization_by_tax_code(typed).tax_code == "0314409058-002"


@pytest.mark.parametrize(
    ("told", "refusal", "says"),
    [
        ({"tax_code": "0100233480"}, TaxCodeWrong, "sai chữ số kiểm tra"),
        ({"tax_code": "123"}, TaxCodeWrong, "Mã gồm 10 chữ số"),
        ({"tax_code": ""}, TaxCodeWrong, "Mã gồm 10 chữ số"),
        ({"name": " "}, TextRefused, "Chưa nhập tên tổ chức"),
        ({"name": "x" * 256}, TextRefused, "tối đa 255"),
        ({"unit_code": "00000"}, UnitUnknown, "00000"),
        ({"representative_id": 0}, queries.PersonUnknown, "Không tìm thấy"),
    ],
)
def test_refuses_in_words(told: dict[str, object], refusal: type[Exception], says: str) -> None:
    with pytest.raises(refusal, match=says):
        register(**told)
    assert not Organization.objects.exists()


def test_a_tax_code_is_registered_once() -> None:
    key = uuid4()
    command = RegisterOrganization(tax_code=TAX_CODE, name="Hợp tác xã")
    people.register_organization(command, acting_user_id=OFFICER, now=NOW, client_key=key)

    with pytest.raises(TaxCodeTaken, match=TAX_CODE):
        register()
    again = people.register_organization(command, acting_user_id=OFFICER, now=NOW, client_key=key)
    assert again == Organization.objects.get()


def test_a_name_full_of_digits_still_fits() -> None:
    assert register(name="1 " * 127).name.startswith("1 1")


def test_says_that_a_tax_code_is_unknown() -> None:
    with pytest.raises(queries.OrganizationUnknown, match=TAX_CODE):
        queries.organization_by_tax_code(TAX_CODE)


@pytest.mark.parametrize(
    "text", ["chè tân cương", "CHE TAN CUONG", "che tan cuogn", "0100233488", "0100", "cong ty tnhh che tan cuong"]
)
def test_finds_a_firm_as_people_type_it(text: str) -> None:
    register()
    OrganizationFactory(name="Công ty Cổ phần Gang thép")

    assert queries.search_organizations(text)[0].tax_code == TAX_CODE


@pytest.mark.parametrize("text", ["", "  ", "zzz", "%", "\\"])
def test_finds_no_firm_for_nonsense(text: str) -> None:
    register()

    assert queries.search_organizations(text) == []


def test_searches_organizations_in_one_query() -> None:
    for _several in range(3):
        OrganizationFactory()

    with CaptureQueriesContext(connection) as captured:
        found = queries.search_organizations("cong ty")
        assert {firm.unit.name for firm in found if firm.unit}

    assert len(found) == 3
    assert len(captured) == 1

"""Organisations: firms, cooperatives, schools and public bodies, known by their tax codes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.vn import mst

from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.kernel.text import fold, sort_key
from lienthong.people.events import OrganizationRegistered
from lienthong.people.models import Organization, Person
from lienthong.people.queries.facts import PersonUnknown
from lienthong.people.queries.organizations import plain_tax_code
from lienthong.people.services.once import done_before
from lienthong.people.services.refusals import PeopleRefusal, line, refused_by
from lienthong.units.queries import unit_on

_NAME_LENGTH = 255
_SORT_KEY_LENGTH = 600


class TaxCodeWrong(PeopleRefusal):
    """The text is no tax code."""


class TaxCodeTaken(PeopleRefusal):
    """An organisation with that tax code is recorded already."""

    def __init__(self, tax_code: str) -> None:
        super().__init__(f"Mã số thuế {tax_code} đã có trong hệ thống. Hãy tìm tổ chức theo mã đó thay vì đăng ký mới.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterOrganization:
    """Everything that is told about an organisation when it is first recorded. Đăng ký tổ chức."""

    tax_code: str
    name: str
    unit_code: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    representative_id: int | None = None


@transaction.atomic
def register_organization(
    command: RegisterOrganization, *, acting_user_id: int | None, now: datetime, client_key: UUID | None = None
) -> Organization:
    """Record an organisation under its tax code.

    Đăng ký tổ chức.

    Args:
        command: What is told.
        acting_user_id: Who records; None for the system.
        now: When.
        client_key: Key of the form: a second press returns the organisation that the first recorded.

    Raises:
        TaxCodeWrong: The tax code has the wrong length or check digit.
        TaxCodeTaken: It is recorded already.
        PersonUnknown, UnitUnknown: There is no such representative, or no such unit today.
        TextRefused: A text is missing or too long.
    """
    if before := done_before(client_key):
        return Organization.objects.get(tax_code=before["tax_code"])
    tax_code = read_tax_code(command.tax_code)
    name = line(command.name, what="Tên tổ chức", at_most=_NAME_LENGTH, required=True)
    representative = None
    if command.representative_id is not None:
        representative = Person.objects.filter(pk=command.representative_id).first()
        if representative is None:
            raise PersonUnknown
    columns = {
        "name_key": fold(name),
        "sort_key": sort_key(name)[:_SORT_KEY_LENGTH],
        "unit": unit_on(command.unit_code, local_day(now)) if command.unit_code else None,
        "address": line(command.address, what="Địa chỉ", at_most=300),
        "phone": line(command.phone, what="Điện thoại", at_most=20),
        "email": line(command.email, what="Thư điện tử", at_most=254),
    }
    with refused_by("people_organization_tax_code_key", lambda: TaxCodeTaken(tax_code)):
        organization = Organization.objects.create(
            tax_code=tax_code, name=name, representative=representative, **columns
        )
    registered = OrganizationRegistered(tax_code=tax_code)
    stream = f"organization:{organization.pk}"
    record(registered, stream=stream, actor_id=acting_user_id, at=now, client_key=client_key)
    return organization


def read_tax_code(text: str) -> str:
    """Give a tax code as it is kept.

    Mã số thuế: ten digits with a check digit, a branch with three more.

    Raises:
        TaxCodeWrong: Wrong length or check digit.
    """
    code = plain_tax_code(text)
    try:
        mst.validate(code)
    except InvalidChecksum as wrong:
        raise TaxCodeWrong(f"Mã số thuế {code} sai chữ số kiểm tra. Hãy đối chiếu lại với giấy đăng ký.") from wrong
    except ValidationError as wrong:
        raise TaxCodeWrong(
            f"Mã số thuế “{code[:20]}” không đúng. Mã gồm 10 chữ số, chi nhánh thêm 3 chữ số. Hãy kiểm tra lại."
        ) from wrong
    return code

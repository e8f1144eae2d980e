"""The register of dossiers of an agency for a period, as the circular has it."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q

from lienthong.documents.form_data import RegisterBook, RegisterRow
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.printing import form_head
from lienthong.dossiers.states import DossierState, ReturnWay
from lienthong.kernel.days import local_day, local_moment
from lienthong.units import queries as units

ROWS_AT_MOST = 5000


def register_of(
    *, agency_id: int, fields: Sequence[str] = (), first: date, until: date, keeper_name: str, now: datetime
) -> RegisterBook:
    """Return the register of an agency's desk: every dossier received in the period, by number.

    Sổ theo dõi hồ sơ.

    Args:
        agency_id: Whose desk.
        fields: Only these fields of work; none for all.
        first: First day of the period.
        until: Day after its last day.
        keeper_name: Who keeps the book.
        now: The moment of printing.
    """
    agency = units.get_agency(agency_id)
    kept = Q(field_code__in=list(fields)) if fields else Q()
    names = units.agency_names()
    found = (
        Dossier.objects.filter(
            kept, receiving_agency=agency_id, received_at__gte=local_moment(first), received_at__lt=local_moment(until)
        )
        .select_related("version", "agency")
        .order_by("received_at", "code")[:ROWS_AT_MOST]
    )
    return RegisterBook(
        **form_head(agency, local_day(now)),
        receiving_unit=agency.name,
        first_day=first,
        last_day=date.fromordinal(until.toordinal() - 1),
        rows=tuple(_row(number, dossier, names) for number, dossier in enumerate(found, start=1)),
        keeper_name=keeper_name,
    )


def _lead_of(dossier: Dossier) -> int:
    """Return the agency that decides or decided: the last that held the dossier and is not its desk."""
    others = [agency_id for agency_id in dossier.agency_ids if agency_id != dossier.receiving_agency_id]
    return others[-1] if others else dossier.receiving_agency_id or 0


def _row(number: int, dossier: Dossier, names: dict[str, str]) -> RegisterRow:
    if dossier.received_at is None:
        raise ValueError("the register lists received dossiers only")
    return RegisterRow(
        sequence=number,
        dossier_code=dossier.code or "",
        procedure_name=dossier.version.name,
        applicant_name=dossier.applicant_name,
        address_and_phone=", ".join(filter(None, [dossier.applicant_address, dossier.applicant_phone])),
        lead_agency=names.get(str(_lead_of(dossier)), ""),
        received_at=dossier.received_at,
        promised_at=dossier.promised_due_at,
        returned_at=dossier.returned_at,
        return_way=str(ReturnWay(dossier.return_way).label) if dossier.returned_at else "",
        note="" if dossier.state == DossierState.RETURNED else str(DossierState(dossier.state).label),
    )

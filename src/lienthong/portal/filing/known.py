"""What the registers know of whoever files, so that nothing that was declared once is asked again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lienthong.accounts.states import AccountKind
from lienthong.catalogue.states import ApplicantKind
from lienthong.dossiers.services import Applicant
from lienthong.people import queries as people
from lienthong.units import queries as units


@dataclass(frozen=True, slots=True)
class Known:
    """Who is signed in, as an applicant, with the place they live or sit in; None where that is not known."""

    applicant: Applicant
    unit: Any


def known_of(user: Any, *, on: date) -> Known:
    """Return what is known of the person or the firm behind an account."""
    if user.kind == AccountKind.ORGANIZATION:
        firm = user.organization
        applicant = Applicant(
            name=firm.name,
            number=firm.tax_code,
            phone=user.phone or firm.phone,
            email=user.email or firm.email,
            address=firm.address,
            organization_id=firm.pk,
        )
        return Known(applicant, units.heir_on(firm.unit, on))
    person = user.person
    residence = people.residence_on(person, on)
    place = residence.unit if residence else person.unit
    lines = [residence.address, residence.hamlet] if residence else []
    applicant = Applicant(
        name=person.full_name,
        number=person.personal_id_number,
        phone=user.phone or person.phone,
        email=user.email or person.email,
        address=", ".join(filter(None, [*lines, place.name if place else ""])),
        person_id=person.pk,
    )
    return Known(applicant, units.heir_on(place, on))


def own_kinds(user: Any) -> frozenset[str]:
    """Return as which kinds of applicant an account may ask for itself."""
    if user.kind == AccountKind.ORGANIZATION:
        return frozenset({ApplicantKind.ORGANIZATION, ApplicantKind.PUBLIC_BODY})
    return frozenset({ApplicantKind.CITIZEN})


def is_own(draft: Any, user: Any) -> bool:
    """Tell whether a draft is for whoever writes it, and not for somebody else."""
    if user.kind == AccountKind.ORGANIZATION:
        return draft.organization_id is not None and draft.organization_id == user.organization_id
    return draft.person_id is not None and draft.person_id == user.person_id

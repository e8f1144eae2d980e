"""Decisions as they were told: those an officer may see, and those of whoever is signed in."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.models import DecisionSheet, Entitlement
from lienthong.assistance.states import Benefit, PayeeGround
from lienthong.infra.missing import NotFound


class SheetNotFound(NotFound):
    """There is no such decision, or none that this user may see."""


def sheets_of(person_id: int, *, as_: User, on: date) -> QuerySet[DecisionSheet]:
    """Return the decisions about a person, or about their death, that an officer may see, newest first."""
    mine = Q(person=person_id) | Q(about=person_id)
    rows = DecisionSheet.objects.filter(policies.visible_to(as_, on=on), mine)
    return rows.select_related("decided_by").order_by("-decided_at", "-pk")


def sheet_of_proposal(proposal_id: int) -> DecisionSheet | None:
    """Return how a decided proposal was told; whoever may see the proposal may see it. None where nothing was."""
    return DecisionSheet.objects.filter(proposal=proposal_id).first()


def get_sheet(sheet_id: int, *, as_: User, on: date) -> DecisionSheet:
    """Load a decision that an officer may see.

    Raises:
        SheetNotFound: There is none.
    """
    found = DecisionSheet.objects.filter(policies.visible_to(as_, on=on), pk=sheet_id).first()
    if found is None:
        raise SheetNotFound
    return found


def own_sheets(person_id: int | None) -> QuerySet[DecisionSheet]:
    """Return the decisions about somebody, and about those for whom they stand, newest first.

    A guardian reads what was decided for the person, whoever takes in and cares what was decided for the care. Somebody who
    was only authorised to fetch the money does not: the paper names facts that are nobody else's.
    """
    if person_id is None:
        return DecisionSheet.objects.none()
    received = Entitlement.objects.filter(
        person=OuterRef("person"), programme=OuterRef("programme"), benefit=OuterRef("benefit"), payee=person_id
    )
    stands = Exists(received.filter(payee_ground=PayeeGround.GUARDIAN)) | (
        Q(benefit=Benefit.CARER) & Exists(received.filter(payee_ground=PayeeGround.CARER))
    )
    rows = DecisionSheet.objects.filter(Q(person=person_id) | stands)
    return rows.select_related("person").order_by("-decided_at", "-pk")


def sheets_of_benefit(row: Entitlement, person_id: int | None) -> QuerySet[DecisionSheet]:
    """Return the decisions about one benefit that somebody may read, and those about all of its programme."""
    about = Q(benefit=row.benefit) | Q(benefit="")
    return own_sheets(person_id).filter(about, person=row.person_id, programme=row.programme)


def get_own_sheet(sheet_id: int, *, person_id: int | None) -> DecisionSheet:
    """Load a decision about somebody, or about whom they stand for.

    Raises:
        SheetNotFound: There is none for this person.
    """
    found = own_sheets(person_id).filter(pk=sheet_id).first()
    if found is None:
        raise SheetNotFound
    return found

"""Decisions as they were told: those an officer may see, and those of whoever is signed in."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat, TruncDate

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.events import EntitlementEnded, PayeeChanged
from lienthong.assistance.models import DecisionSheet, Entitlement
from lienthong.assistance.states import Benefit, PayeeGround
from lienthong.infra.missing import NotFound
from lienthong.infra.models import Event


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

    A guardian reads what was decided for the person, whoever takes in and cares what was decided for the care: both what was
    decided while they stood for the person, until the decision that ended it. Somebody who was only authorised to fetch the
    money does not: the paper names facts that are nobody else's.
    """
    if person_id is None:
        return DecisionSheet.objects.none()
    received = _received_then(person_id)
    stands = Exists(received.filter(payee_ground=PayeeGround.GUARDIAN)) | (
        Q(benefit=Benefit.CARER) & Exists(received.filter(payee_ground=PayeeGround.CARER))
    )
    rows = DecisionSheet.objects.annotate(decided_on=TruncDate("decided_at")).filter(Q(person=person_id) | stands)
    return rows.select_related("person").order_by("-decided_at", "-pk")


def _received_then(payee_id: int) -> QuerySet[Entitlement]:
    """Return what somebody received for the person of the outer sheet when that was decided.

    From the decision by which they became the payee, else the grant, to the one by which the benefit ended.
    """
    told = Event.objects.filter(stream=Concat(Value("entitlement:"), Cast(OuterRef("pk"), TextField())))
    last = told.order_by("-sequence").values("at")
    rows = Entitlement.objects.annotate(
        became_at=Subquery(last.filter(name=PayeeChanged.__name__)[:1]),
        ended_at=Subquery(last.filter(name=EntitlementEnded.__name__)[:1]),
    )
    return rows.filter(
        Q(became_at__lte=OuterRef("decided_at")) | Q(became_at=None, decided_on__lte=OuterRef("decided_on")),
        Q(last_month=None) | Q(ended_at__gte=OuterRef("decided_at")),
        person=OuterRef("person"), programme=OuterRef("programme"), benefit=OuterRef("benefit"), payee=payee_id,
    )  # fmt: skip


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

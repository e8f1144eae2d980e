"""A household asks to be reviewed: written down until a round takes it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.people.models import Household
from lienthong.poverty import policies
from lienthong.poverty.events import ReviewAsked
from lienthong.poverty.models import ReviewRequest
from lienthong.poverty.queries.listing import places_of
from lienthong.poverty.round_events import RequestWithdrawn
from lienthong.poverty.services.listing import HouseholdNotHere
from lienthong.poverty.services.stages import NotYourCommune, ReviewRefused
from lienthong.poverty.states import RequestKind
from lienthong.units.models import AdministrativeUnit

RECEIVING_ROLES = policies.RUNNING_ROLES | {Role.RECEIVER}


class AskedAlready(ReviewRefused):
    """The household has asked the same, and nobody has looked yet."""

    def __init__(self, code: str) -> None:
        words = _("Hộ %(code)s đã có giấy đề nghị cùng nội dung đang chờ rà soát, không cần ghi lần nữa.")
        super().__init__(words % {"code": code})


class NotReceivedYet(ReviewRefused):
    """The day of receipt lies ahead."""

    def __init__(self) -> None:
        super().__init__(_("Ngày nhận không thể sau hôm nay."))


class RequestGone(ReviewRefused):
    """There is no such request that waits."""

    def __init__(self) -> None:
        super().__init__(
            _("Giấy đề nghị này không còn chờ: đã rút, hoặc đã vào một đợt rà soát. Tải lại trang để xem.")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRequest:
    """Who asks for what. ``dossier_code`` where it came by a dossier; the same dossier is written down once."""

    unit_id: int
    household_code: str
    kind: RequestKind
    received_on: date
    note: str = ""
    dossier_code: str = ""


def record_request(command: RecordRequest, *, acting_user: User, now: datetime) -> ReviewRequest:
    """Write down that a household asks to be reviewed; the next list of its commune takes it up.

    Ghi giấy đề nghị rà soát.

    Args:
        command: Who asks for what, where.
        acting_user: Who received it.
        now: When it is written down.

    Returns:
        The request; the one that is there already when the same dossier comes again.

    Raises:
        NotYourCommune: The user neither receives nor runs the review there.
        HouseholdNotHere: No household of that code lives in the commune.
        AskedAlready: It asked the same and waits.
        NotReceivedYet: The day of receipt lies ahead.

    Legal source:
        24/2021/QĐ-TTg; 07/2021/TT-BLĐTBXH.
    """
    day, code = local_day(now), command.household_code.strip()
    if command.unit_id not in policies.communes_of(acting_user, on=day, roles=RECEIVING_ROLES):
        raise NotYourCommune
    if command.received_on > day:
        raise NotReceivedYet
    with transaction.atomic():
        locks.hold(f"review-request:{code}")
        if command.dossier_code:
            known: ReviewRequest | None = ReviewRequest.objects.filter(dossier_code=command.dossier_code).first()
            if known is not None:
                return known
        household = _household_of(command.unit_id, code, day)
        waiting = ReviewRequest.objects.filter(household=household, kind=command.kind, review=None, withdrawn_on=None)
        if waiting.exists():
            raise AskedAlready(code)
        request = ReviewRequest.objects.create(
            household=household, unit_id=command.unit_id, kind=command.kind, received_on=command.received_on,
            dossier_code=command.dossier_code, note=command.note.strip()[:500], received_by=acting_user,
        )  # fmt: skip
        fact = ReviewAsked(request_id=request.pk, household_code=code, kind=str(RequestKind(command.kind).label))
        record(fact, stream=stream_of(request.pk), actor_id=acting_user.pk, at=now)
        return request


def take_up_dossier(
    *,
    household: Household,
    unit_id: int,
    kind: RequestKind,
    dossier_code: str,
    received_at: datetime,
    actor_id: int | None,
) -> ReviewRequest:
    """Write down what a dossier asks for, as the consequence of its receipt; whoever received it had the right to.

    The same dossier is written down once, and joins a request of the household that waits already without another one.

    Raises:
        AskedAlready: The household asked the same by another way and waits.
    """
    with transaction.atomic():
        locks.hold(f"review-request:{household.code}")
        known: ReviewRequest | None = ReviewRequest.objects.filter(dossier_code=dossier_code).first()
        if known is not None:
            return known
        waiting = ReviewRequest.objects.filter(household=household, kind=kind, review=None, withdrawn_on=None)
        if waiting.exists():
            raise AskedAlready(household.code)
        request = ReviewRequest.objects.create(
            household=household, unit_id=unit_id, kind=kind, received_on=local_day(received_at),
            dossier_code=dossier_code, received_by_id=actor_id,
        )  # fmt: skip
        fact = ReviewAsked(request_id=request.pk, household_code=household.code, kind=str(RequestKind(kind).label))
        record(fact, stream=stream_of(request.pk), actor_id=actor_id, at=received_at)
        return request


def withdraw_request(request_id: int, *, acting_user: User, now: datetime) -> ReviewRequest:
    """Write down that a household takes its request back, as long as no round has taken it up.

    Raises:
        RequestGone: There is none that waits, or none of the user's communes.
    """
    day = local_day(now)
    mine = policies.communes_of(acting_user, on=day, roles=RECEIVING_ROLES)
    with transaction.atomic():
        waiting = ReviewRequest.objects.select_for_update(of=("self",)).filter(review=None, withdrawn_on=None)
        request: ReviewRequest | None = waiting.filter(pk=request_id, unit__in=mine).first()
        if request is None:
            raise RequestGone
        request.withdrawn_on = day
        request.save(update_fields=["withdrawn_on"])
        record(RequestWithdrawn(request_id=request.pk), stream=stream_of(request.pk), actor_id=acting_user.pk, at=now)
        return request


def stream_of(request_id: int) -> str:
    """Name the event stream of a request."""
    return f"review-request:{request_id}"


def _household_of(unit_id: int, code: str, day: date) -> Household:
    places = places_of(AdministrativeUnit.objects.get(pk=unit_id), day)
    households = Household.objects.valid_on(day).filter(unit__in=places.whole | places.divided, code=code)
    household: Household | None = households.first()
    if household is None:
        raise HouseholdNotHere(code)
    return household

"""A household asks to be reviewed: written down until a round takes it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
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
    day = local_day(now)
    if command.unit_id not in policies.communes_of(acting_user, on=day, roles=RECEIVING_ROLES):
        raise NotYourCommune
    if command.received_on > day:
        raise NotReceivedYet
    places = places_of(AdministrativeUnit.objects.get(pk=command.unit_id), day)
    living_here = Household.objects.valid_on(day).filter(unit__in=places.whole | places.divided)
    return _write_down(command, living_here, actor_id=acting_user.pk, now=now)


def take_up_dossier(command: RecordRequest, *, actor_id: int | None, now: datetime) -> ReviewRequest:
    """Write down what a dossier asks for, as the consequence of its receipt; whoever received it had the right to.

    The same dossier is written down once.

    Raises:
        HouseholdNotHere: There is no household of that code.
        AskedAlready: It asked the same by another way and waits.
    """
    return _write_down(command, Household.objects.valid_on(local_day(now)), actor_id=actor_id, now=now)


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


@transaction.atomic
def _write_down(
    command: RecordRequest, households: QuerySet[Household], *, actor_id: int | None, now: datetime
) -> ReviewRequest:
    code = command.household_code.strip()
    locks.hold(f"review-request:{code}")
    if command.dossier_code:
        known: ReviewRequest | None = ReviewRequest.objects.filter(dossier_code=command.dossier_code).first()
        if known is not None:
            return known
    household: Household | None = households.filter(code=code).first()
    if household is None:
        raise HouseholdNotHere(code)
    same = ReviewRequest.objects.filter(household=household, kind=command.kind, review=None, withdrawn_on=None)
    if same.exists():
        raise AskedAlready(code)
    request = ReviewRequest.objects.create(
        household=household, unit_id=command.unit_id, kind=command.kind, received_on=command.received_on,
        dossier_code=command.dossier_code, note=command.note.strip()[:500], received_by_id=actor_id,
    )  # fmt: skip
    asked = ReviewAsked(request_id=request.pk, household_code=code, kind=str(RequestKind(command.kind).label))
    record(asked, stream=stream_of(request.pk), actor_id=actor_id, at=now)
    return request

"""What devices sent, as screens ask for it: set aside, flagged, waiting for photos."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, F, Q, QuerySet

from lienthong.accounts.models import User
from lienthong.infra.missing import NotFound
from lienthong.poverty import policies
from lienthong.poverty.models import EnumeratorDevice, Submission, VisitFlag
from lienthong.poverty.states import SubmissionState


class SubmissionNotFound(NotFound):
    """There is no such submission, or none that this user may see."""


class DeviceNotFound(NotFound):
    """There is no such device, or none that this user may see."""


def submissions_seen_by(user: User, *, on: date) -> QuerySet[Submission]:
    """Return the submissions of the communes that a user sees, newest first."""
    if policies.sees_province(user, on=on):
        seen = Q()
    else:
        seen = Q(unit__in=policies.communes_of(user, on=on)) | Q(sent_by=user)
    rows = Submission.objects.filter(seen).select_related("form_version", "sent_by", "device", "unit")
    return rows.defer("xml", "form_version__xml").order_by("-received_at", "-pk")


def set_aside(user: User, *, on: date) -> QuerySet[Submission]:
    """Return what waits for an officer of the user's communes."""
    return submissions_seen_by(user, on=on).filter(state=SubmissionState.SET_ASIDE)


def get_submission(submission_id: int, *, as_: User, on: date) -> Submission:
    """Return one submission that the user may see.

    Raises:
        SubmissionNotFound: None.
    """
    found = submissions_seen_by(as_, on=on).defer(None).filter(pk=submission_id).first()
    if found is None:
        raise SubmissionNotFound(submission_id)
    return found


def open_flags(user: User, *, on: date) -> QuerySet[VisitFlag]:
    """Return the flags of counting visits that nobody has looked at, newest first."""
    seen = policies.visible_to(user, on=on, path="visit__review__commune_review__unit")
    flags = VisitFlag.objects.filter(seen, cleared_at=None, visit__is_current=True)
    flags = flags.select_related("visit__review__commune_review__unit", "visit__review__household", "visit__visited_by")
    return flags.defer("visit__answers").order_by("-raised_at", "-pk")


def devices_of(user: User, *, on: date) -> QuerySet[EnumeratorDevice]:
    """Return the devices of the communes that a user runs and their own, those in use first; for the province all.

    ``sent`` on each is how many submissions came from it.
    """
    devices = EnumeratorDevice.objects.select_related("user", "unit").annotate(sent=Count("submissions"))
    if not policies.sees_province(user, on=on):
        runs = policies.communes_of(user, on=on, roles=policies.RUNNING_ROLES)
        devices = devices.filter(Q(unit__in=runs) | Q(user=user))
    return devices.order_by(F("revoked_at").desc(nulls_first=True), "unit__sort_key", "user__sort_key", "name", "pk")


def get_device(device_id: int, *, as_: User, on: date) -> EnumeratorDevice:
    """Return one device that the user sees.

    Raises:
        DeviceNotFound: None.
    """
    found = devices_of(as_, on=on).filter(pk=device_id).first()
    if found is None:
        raise DeviceNotFound(device_id)
    return found

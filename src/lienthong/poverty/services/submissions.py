"""Taking in what devices send: each filled form once, letter for letter, or a sentence and the device keeps its copy."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.poverty import policies
from lienthong.poverty.events import SubmissionSetAside
from lienthong.poverty.models import CommuneReview, EnumeratorDevice, FormVersion, HouseholdReview, Submission
from lienthong.poverty.queries.results import household_with_code
from lienthong.poverty.queries.visiting import AGAIN_IN, may_be_visited
from lienthong.poverty.services.photos import Photo, expect_photos, keep_photos
from lienthong.poverty.services.refusals import (
    AnswersImpossible,
    FormUnknown,
    NotAnEnumerator,
    PhotoRefused,
    SameIdOtherAnswers,
    SubmissionBroken,
    SubmissionRefused,
)
from lienthong.poverty.services.scoring import table_of
from lienthong.poverty.services.visits import held_lists, record_visit
from lienthong.poverty.states import CommuneState, SubmissionState, VisitState
from lienthong.poverty.survey.answers import problems_of
from lienthong.poverty.survey.reading import Submission as Reading
from lienthong.poverty.survey.reading import SubmissionUnreadable, read_submission
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit

__all__ = [
    "AnswersImpossible",
    "FormUnknown",
    "NotAnEnumerator",
    "Photo",
    "PhotoRefused",
    "ReceiveSubmission",
    "Received",
    "SameIdOtherAnswers",
    "SubmissionBroken",
    "SubmissionRefused",
    "receive_submission",
]
LONGEST_INSTANCE_ID = 120
LONGEST_HOUSEHOLD_CODE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveSubmission:
    """A filled form as a device sends it. Phiếu gửi về.

    Attributes:
        xml: Letter for letter.
        media: Photos that came along; others may follow with the same XML.
    """

    xml: bytes
    media: Sequence[Photo] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """What became of it: ``is_new`` at the first sending, ``is_complete`` once every photo is there."""

    submission: Submission
    is_new: bool

    @property
    def is_complete(self) -> bool:
        """Whether nothing of it is missing."""
        return self.submission.completed_at is not None

    @property
    def in_words(self) -> str:
        """A sentence for whoever sent it."""
        if self.submission.state == SubmissionState.SET_ASIDE:
            return _("Đã nhận phiếu; xã, phường sẽ xem vì: %(reason)s") % {"reason": self.submission.reason}
        return _("Đã nhận phiếu.") if self.is_complete else _("Đã nhận phiếu, còn chờ ảnh gửi tiếp.")


@transaction.atomic
def receive_submission(
    command: ReceiveSubmission, *, acting_user: User, now: datetime, device: EnumeratorDevice | None = None
) -> Received:
    """Take in a filled form: a visit of its household, scored, or set aside for an officer. Sent again, it changes nothing.

    Nhận phiếu khảo sát.

    Args:
        command: The XML and the photos.
        acting_user: The enumerator.
        now: When it arrived.
        device: The phone; None for the form on the web.

    Raises:
        SubmissionRefused: Nothing was stored; the sentence says what is wrong and that the device keeps its copy.
    """
    today = local_day(now)
    reading, text = _read(command.xml)
    version = _version_of(reading)
    communes = policies.enumerates_in(acting_user, on=today)
    table = table_of(version.points_table)
    problems = problems_of(reading.answers, form_id=reading.form_id, on=today, points_table=table)
    submission = Submission(
        instance_id=reading.instance_id,
        deprecated_id=(reading.deprecated_id or "")[:LONGEST_INSTANCE_ID],
        form_version=version,
        xml=text,
        digest=hashlib.sha256(command.xml).hexdigest(),
        sent_by=acting_user,
        device=device,
        unit_id=device.unit_id if device else next(iter(communes), None),
        household_code=str(reading.answers.get("household", ""))[:LONGEST_HOUSEHOLD_CODE],
        received_at=now,
        completed_at=None if reading.attachments else now,
    )
    if is_new := bool(communes) and not problems and _kept_once(submission):
        expect_photos(submission, reading.attachments)
        _place(submission, reading, communes, by=acting_user, now=now)
    else:
        submission = _known(submission, AnswersImpossible(problems) if problems else NotAnEnumerator())
    if command.media and submission.completed_at is None:
        keep_photos(submission, command.media, by=acting_user.pk, now=now)
    return Received(submission, is_new)


def _read(xml: bytes) -> tuple[Reading, str]:
    try:
        reading = read_submission(xml)
        return reading, xml.decode("utf-8-sig")
    except UnicodeDecodeError as other:
        raise SubmissionBroken(
            _(
                "Phiếu không viết bằng UTF-8 nên không đọc được. Phiếu vẫn còn trên máy: hãy cập nhật ứng dụng rồi gửi lại."
            )
        ) from other
    except SubmissionUnreadable as broken:
        raise SubmissionBroken(str(broken)) from broken


def _version_of(reading: Reading) -> FormVersion:
    versions = FormVersion.objects.select_related("points_table").defer("xml", "points_table__content")
    version = versions.filter(form_id=reading.form_id, version=reading.version).first()
    if version is None or len(reading.instance_id) > LONGEST_INSTANCE_ID:
        raise FormUnknown(reading.form_id, reading.version)
    return version


def _known(sent: Submission, refusal: SubmissionRefused) -> Submission:
    """Return what was taken in before under the same instance, locked, if it says the same."""
    known = Submission.objects.select_for_update().filter(instance_id=sent.instance_id).first()
    if known is None:
        raise refusal
    if known.digest != sent.digest:
        raise SameIdOtherAnswers
    return known


_KEEP = """
INSERT INTO poverty_submission (instance_id, deprecated_id, form_version_id, xml, digest, state, reason, sent_by_id,
    device_id, unit_id, household_code, received_at, completed_at)
VALUES (%s, %s, %s, %s, %s, 'accepted', '', %s, %s, %s, %s, %s, %s)
ON CONFLICT (instance_id) DO NOTHING RETURNING id
"""


def _kept_once(submission: Submission) -> bool:
    """Keep a submission unless the same instance is there; whoever sends it at the same time waits for the first."""
    one = submission
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            [
                one.instance_id, one.deprecated_id, one.form_version_id, one.xml, one.digest, one.sent_by_id, one.device_id,
                one.unit_id, one.household_code, one.received_at, one.completed_at,
            ],
        )  # fmt: skip
        row = cursor.fetchone()
    if row is not None:
        one.pk, one._state.adding = row[0], False
    return row is not None


def _place(submission: Submission, reading: Reading, communes: frozenset[int], *, by: User, now: datetime) -> None:
    """Find the household on an open list; what cannot be placed is set aside with the reason, never refused."""
    code = str(reading.answers.get("household", ""))
    reviews = held_lists(submission, code)
    review, reason = chosen_review(reviews, communes, by=by, today=local_day(now))
    if submission.device_id is None:
        _give_to_its_commune(submission, review, reviews, communes, today=local_day(now))
    if review is not None:
        record_visit(submission, reading, review, visited_by=by, now=now)
        return
    submission.state, submission.reason = SubmissionState.SET_ASIDE, reason[:500]
    submission.save(update_fields=["state", "reason"])
    fact = SubmissionSetAside(submission_id=submission.pk, digest=submission.digest)
    record(fact, stream=f"survey-submission:{submission.pk}", actor_id=by.pk, at=now)


def _give_to_its_commune(
    submission: Submission, review: HouseholdReview | None, reviews: Sequence[HouseholdReview], communes: frozenset[int], *,
    today: date,
) -> None:  # fmt: skip
    """Let the right commune look after a form that came from no phone of a commune.

    It is that of the open list with the household, one of the sender's before others; else where the household lives; else
    where the sender visits: of several communes one whose list is open, and of these the first by code.
    """
    own = [one for one in reviews if one.commune_review.unit_id in communes]
    if listed := review or next(iter([*own, *reviews]), None):
        unit_id = listed.commune_review.unit_id
    else:
        household = household_with_code(submission.household_code, on=today)
        place = units.heir_on(household.unit, today) if household else None
        unit_id = place.pk if place else _commune_of_sender(communes)
    if unit_id != submission.unit_id:
        submission.unit_id = unit_id
        submission.save(update_fields=["unit"])


def _commune_of_sender(communes: frozenset[int]) -> int:
    open_lists = CommuneReview.objects.filter(
        unit=OuterRef("pk"), round__closed_at=None, state__in=(CommuneState.VISITING, *AGAIN_IN)
    )
    mine = AdministrativeUnit.objects.filter(pk__in=communes).order_by(Exists(open_lists).desc(), "code", "pk")
    return int(mine.values_list("pk", flat=True)[:1].get())


def chosen_review(
    reviews: Sequence[HouseholdReview], communes: frozenset[int], *, by: User, today: date
) -> tuple[HouseholdReview | None, str]:
    """Return the list entry of a household that this sender may fill, or the reason why there is none."""
    own = [review for review in reviews if review.commune_review.unit_id in communes]
    if not own:
        return None, _("hộ không có trong danh sách rà soát đang mở của xã, phường nơi người gửi khảo sát.")
    theirs = [
        review
        for review in own
        if review.enumerator_id in {None, by.pk} or policies.runs_commune(by, review.commune_review.unit_id, on=today)
    ]
    if open_one := next((review for review in theirs if may_be_visited(review)), None):
        return open_one, ""
    if not theirs and any(may_be_visited(review) for review in own):
        return None, _("hộ đã được giao cho người khác khảo sát.")
    closed = (theirs or own)[0]
    if closed.visit_state == VisitState.GONE:
        return None, _("hộ đã được ghi là không còn ở địa bàn.")
    state = CommuneState(closed.commune_review.state)
    if state == CommuneState.LISTING:
        return None, _("xã, phường chưa bắt đầu khảo sát.")
    return None, _("danh sách của xã, phường đã qua bước khảo sát (%(state)s).") % {"state": state.label}

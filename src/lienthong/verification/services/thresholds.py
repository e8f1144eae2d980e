"""Choosing the threshold: one officer proposes it on the figures of a batch, another confirms it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.verification import policies
from lienthong.verification.events import ThresholdChosen
from lienthong.verification.models import ThresholdChoice
from lienthong.verification.queries.thresholds import (
    get_batch_with_figures,
    get_waiting_choice,
    operating_points,
    threshold_in_force,
    waiting_choice,
)
from lienthong.verification.review_events import ThresholdDiscarded, ThresholdProposed

LEAST, MOST = 0.5, 0.99999
LEAST_REASON = 10


class ThresholdRefused(Exception):
    """The threshold cannot be chosen so; the message says why, and what to do."""


class NotYourThreshold(ThresholdRefused):
    """Only the province's officers choose."""


class ThresholdOutOfRange(ThresholdRefused):
    """Below one half a link is more likely wrong than right; at one nothing is accepted."""


class NoReasonGiven(ThresholdRefused):
    """A choice without a reason says nothing to whoever asks later."""


class ThresholdWaiting(ThresholdRefused):
    """Another choice waits."""


class ProposedByConfirmer(ThresholdRefused):
    """Four eyes: whoever proposed does not confirm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseThreshold:
    """A threshold for the batches to come. Đề xuất ngưỡng chấp nhận.

    Attributes:
        batch_id: Whose figures it is chosen on.
        threshold: From this probability on a link is accepted.
        reason: Why, for whoever confirms and whoever asks later.
    """

    batch_id: int
    threshold: float
    reason: str


@transaction.atomic
def choose_threshold(command: ChooseThreshold, *, acting_user: User, now: datetime) -> ThresholdChoice:
    """Propose a threshold. Until another officer confirms it the old one holds.

    Đề xuất ngưỡng chấp nhận.

    Raises:
        NoSuchBatch: There is no finished batch with this id.
        NotYourThreshold: The user is no officer of the province.
        ThresholdOutOfRange: It is below one half, or so high that nothing would be accepted.
        NoReasonGiven: The reason is missing or too short to say anything.
        ThresholdWaiting: Another choice waits.
    """
    locks.hold("verification:threshold")
    _may_choose(acting_user, now)
    batch = get_batch_with_figures(command.batch_id)
    if not LEAST <= command.threshold <= MOST:
        raise ThresholdOutOfRange(
            _("Ngưỡng phải từ 50 % đến 99,999 %. Dưới 50 %, một kết quả được nhận thường sai hơn đúng.")
        )
    reason = " ".join(command.reason.split())
    if len(reason) < LEAST_REASON:
        raise NoReasonGiven(
            _("Ghi lý do chọn ngưỡng, ít nhất %(n)s chữ cái, để người xác nhận hiểu.") % {"n": LEAST_REASON}
        )
    if waiting := waiting_choice():
        raise ThresholdWaiting(
            _("Đang có ngưỡng do %(who)s đề xuất chờ xác nhận. Hãy xác nhận hoặc hủy trước khi đề xuất ngưỡng khác.")
            % {"who": waiting.proposed_by.full_name}
        )
    (point,) = operating_points(batch, [command.threshold])
    choice = ThresholdChoice.objects.create(
        batch=batch,
        threshold=command.threshold,
        figures={"links": point.links, "expected_wrong": round(point.expected_wrong, 1)},
        reason=reason,
        proposed_by=acting_user,
        proposed_at=now,
    )
    fact = ThresholdProposed(choice_id=choice.pk, batch_id=batch.pk, threshold=command.threshold, reason=reason)
    record(fact, stream=batch.stream, actor_id=acting_user.pk, at=now)
    return choice


@transaction.atomic
def confirm_threshold(choice_id: int, *, acting_user: User, now: datetime) -> ThresholdChoice:
    """Let a proposed threshold hold for the batches made from now on. Finished batches stay as they are.

    Xác nhận ngưỡng chấp nhận.

    Raises:
        NoSuchChoice: None with this id waits.
        NotYourThreshold: The user is no officer of the province.
        ProposedByConfirmer: The user proposed it.
    """
    locks.hold("verification:threshold")
    _may_choose(acting_user, now)
    choice = get_waiting_choice(choice_id)
    if choice.proposed_by_id == acting_user.pk:
        raise ProposedByConfirmer(_("Bạn đã đề xuất ngưỡng này nên không tự xác nhận được. Hãy nhờ một cán bộ khác."))
    before = threshold_in_force()
    choice.confirmed_by, choice.confirmed_at = acting_user, now
    choice.save(update_fields=["confirmed_by", "confirmed_at"])
    fact = ThresholdChosen(batch_id=choice.batch_id, before=before, threshold=choice.threshold, reason=choice.reason)
    record(fact, stream=choice.batch.stream, actor_id=acting_user.pk, at=now)
    return choice


@transaction.atomic
def discard_threshold(choice_id: int, *, acting_user: User, now: datetime) -> None:
    """Throw away a proposed threshold. The old one holds on.

    Hủy ngưỡng chưa xác nhận.

    Raises:
        NoSuchChoice: None with this id waits.
        NotYourThreshold: The user is no officer of the province.
    """
    locks.hold("verification:threshold")
    _may_choose(acting_user, now)
    choice = get_waiting_choice(choice_id)
    choice.discarded_at = now
    choice.save(update_fields=["discarded_at"])
    record(ThresholdDiscarded(choice_id=choice.pk), stream=choice.batch.stream, actor_id=acting_user.pk, at=now)


def _may_choose(user: User, now: datetime) -> None:
    if not policies.runs_batches(user, on=local_day(now)):
        raise NotYourThreshold(_("Chỉ cán bộ của sở chọn được ngưỡng. Hãy gửi ý kiến cho sở."))

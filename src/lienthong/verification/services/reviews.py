"""Clerical review of a sample: drawn so that it can be drawn again, judged blind by two people and, where they differ, a third."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.verification import policies, sampling
from lienthong.verification.events import LinkJudged, ReviewSampleDrawn
from lienthong.verification.models import Judgement, ReviewItem, ReviewSample
from lienthong.verification.queries.reviews import (
    get_item,
    get_sample,
    items_to_judge,
    settled_judgements,
    verdicts_by_stratum,
)
from lienthong.verification.queries.thresholds import get_batch_with_figures
from lienthong.verification.review_events import SampleClosed
from lienthong.verification.states import Judged

FEWEST, MOST = 20, 5000


class ReviewRefused(Exception):
    """A review cannot go on so; the message says why, and what to do."""


class NotAReviewer(ReviewRefused):
    """Only the province's officers draw and judge samples."""


class SampleSizeOutOfRange(ReviewRefused):
    """Too few to say anything, or more than people will judge."""


class SampleStillOpen(ReviewRefused):
    """The sample before is not closed."""


class NothingToDraw(ReviewRefused):
    """No record of the batch has somebody beside whom it could be laid."""


class AlreadyJudged(ReviewRefused):
    """The user has judged this record."""


class NoJudgementNeeded(ReviewRefused):
    """Two agree already, or the sample is closed."""


class NotAllJudged(ReviewRefused):
    """Some records still lack a judgement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawSample:
    """A sample of a batch to be judged. Rút mẫu rà soát.

    Attributes:
        batch_id: Of which batch.
        size: How many records.
        seed: Number that the draw begins with, to draw a sample again; None for a new one.
    """

    batch_id: int
    size: int
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeLink:
    """What somebody says of one record of a sample. Nhận định.

    Attributes:
        sample_id, position: Which record.
        judged: Same person, different people, or not sure.
        note: What led to it.
    """

    sample_id: int
    position: int
    judged: Judged
    note: str = ""


@transaction.atomic
def draw_sample(command: DrawSample, *, acting_user: User, now: datetime) -> ReviewSample:
    """Draw records of a batch by status and band of probability.

    Rút mẫu rà soát. Records for which the engine names nobody are left out: there is nothing to lay beside them.

    Raises:
        NoSuchBatch: There is no finished batch with this id.
        NotAReviewer: The user is no officer of the province.
        SampleSizeOutOfRange: Fewer than twenty or more than five thousand.
        SampleStillOpen: A sample of the batch is being judged.
        NothingToDraw: No record can be judged.
    """
    _may_review(acting_user, now)
    batch = get_batch_with_figures(command.batch_id)
    locks.hold(f"verification:review:{batch.pk}")
    if not FEWEST <= command.size <= MOST:
        raise SampleSizeOutOfRange(
            _("Cỡ mẫu từ %(least)s đến %(most)s bản ghi. 400 bản ghi thường đủ cho một quyết định về ngưỡng.")
            % {"least": FEWEST, "most": MOST}
        )
    if batch.samples.filter(closed_at=None).exists():
        raise SampleStillOpen(
            _("Đợt này đang có một mẫu chưa xét xong. Hãy xét và khép mẫu đó trước khi rút mẫu khác.")
        )
    rows = list(verdicts_by_stratum(batch))
    if not rows:
        raise NothingToDraw(_("Đợt này không có bản ghi nào có người để so, nên không có gì để rà soát."))
    seed = command.seed if command.seed is not None else _new_seed(f"{batch.stream} {now.isoformat()}")
    drawn = sampling.draw(rows, wanted=command.size, seed=seed)
    sizes: dict[sampling.StratumKey, int] = {}
    for key, _verdict_id in rows:
        sizes[key] = sizes.get(key, 0) + 1
    sample = ReviewSample.objects.create(
        batch=batch,
        seed=seed,
        size=sum(len(ids) for ids in drawn.values()),
        strata={key.text: {"links": sizes[key], "drawn": len(drawn.get(key, ()))} for key in sorted(sizes)},
        drawn_by=acting_user,
        drawn_at=now,
    )
    stratum_of = {verdict_id: key.text for key, ids in drawn.items() for verdict_id in ids}
    order = sampling.mixed(list(stratum_of), seed=seed)
    ReviewItem.objects.bulk_create(
        [
            ReviewItem(sample=sample, verdict_id=verdict_id, position=place, stratum=stratum_of[verdict_id])
            for place, verdict_id in enumerate(order, start=1)
        ]
    )
    fact = ReviewSampleDrawn(sample_id=sample.pk, batch_id=batch.pk, seed=seed, size=sample.size)
    record(fact, stream=sample.stream, actor_id=acting_user.pk, at=now)
    return sample


@transaction.atomic
def judge_link(command: JudgeLink, *, acting_user: User, now: datetime) -> Judgement:
    """Say of one record of a sample whether it is the person beside it. What was said stays said.

    Nhận định một bản ghi.

    Raises:
        NoSuchSample: There is no such record in a sample.
        NotAReviewer: The user is no officer of the province.
        AlreadyJudged: The user has judged it.
        NoJudgementNeeded: Two agree already, or the sample is closed.
    """
    _may_review(acting_user, now)
    item = get_item(command.sample_id, command.position)
    locks.hold(f"verification:review-item:{item.pk}")
    said = dict(item.judgements.order_by("id").values_list("judge_id", "judged"))
    if acting_user.pk in said:
        raise AlreadyJudged(
            _("Bạn đã nhận định bản ghi này; nhận định đã ghi thì không đổi. Hãy xét bản ghi tiếp theo.")
        )
    if item.sample.closed_at is not None or not items_to_judge(item.sample).filter(pk=item.pk).exists():
        raise NoJudgementNeeded(_("Bản ghi này đã đủ nhận định. Hãy xét bản ghi tiếp theo."))
    try:
        with transaction.atomic():
            judgement = Judgement.objects.create(
                item=item, judge=acting_user, judged=command.judged, note=command.note.strip()[:500], judged_at=now
            )
    except IntegrityError as error:
        raise AlreadyJudged(_("Bạn đã nhận định bản ghi này. Hãy xét bản ghi tiếp theo.")) from error
    fact = LinkJudged(sample_id=item.sample_id, item_id=item.pk)
    record(fact, stream=item.sample.stream, actor_id=acting_user.pk, at=now)
    return judgement


@transaction.atomic
def close_sample(sample_id: int, *, acting_user: User, now: datetime) -> ReviewSample:
    """Close a sample once every record has been settled; from then on its result is final.

    Khép mẫu rà soát.

    Raises:
        NoSuchSample: There is none with this id.
        NotAReviewer: The user is no officer of the province.
        NotAllJudged: Some records still lack a judgement.
    """
    _may_review(acting_user, now)
    sample = get_sample(sample_id)
    locks.hold(f"verification:review:{sample.batch_id}")
    sample = get_sample(sample_id)
    if sample.closed_at is not None:
        return sample
    if left := items_to_judge(sample).count():
        raise NotAllJudged(
            _("Còn %(n)s bản ghi chưa đủ nhận định (hai người giống nhau, hoặc người thứ ba). Hãy xét nốt rồi khép.")
            % {"n": left}
        )
    sample.closed_at = now
    sample.save(update_fields=["closed_at"])
    settled = settled_judgements(sample)
    fact = SampleClosed(
        sample_id=sample.pk, judged=len(settled), disagreed=sum(one.times > 2 for one in settled.values())
    )
    record(fact, stream=sample.stream, actor_id=acting_user.pk, at=now)
    return sample


def _may_review(user: User, now: datetime) -> None:
    if not policies.runs_batches(user, on=local_day(now)):
        raise NotAReviewer(_("Chỉ cán bộ của sở rút mẫu và nhận định. Hãy gửi ý kiến cho sở."))


def _new_seed(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:7], 16)

"""How the demo province came to trust the engine: a sample judged blind by two, a threshold chosen by two, doubles sought."""

from datetime import datetime, timedelta
from random import Random

from lienthong.accounts.models import User
from lienthong.verification.adapters.duplicates import find_duplicates
from lienthong.verification.models import Batch
from lienthong.verification.services.duplicates import seek_duplicates
from lienthong.verification.services.reviews import DrawSample, JudgeLink, close_sample, draw_sample, judge_link
from lienthong.verification.services.thresholds import ChooseThreshold, choose_threshold, confirm_threshold
from lienthong.verification.states import Judged

SAMPLE = 20
DIFFERENT_SHARE = 0.04
THRESHOLD = 0.99
REASON = "Theo biểu đồ hiệu chuẩn của đợt đầu: từ 99 % trở lên gần như không nhận nhầm người; dữ liệu minh họa."


def judge_sample(batch: Batch, reviewers: tuple[User, User], *, luck: Random, now: datetime) -> None:
    """Draw a sample of a batch, have both judge every record of it, and close it."""
    sample = draw_sample(
        DrawSample(batch_id=batch.pk, size=SAMPLE, seed=luck.randrange(10_000)), acting_user=reviewers[0], now=now
    )
    for position in range(1, sample.size + 1):
        said = Judged.DIFFERENT if luck.random() < DIFFERENT_SHARE else Judged.SAME
        for minutes, reviewer in enumerate(reviewers):
            command = JudgeLink(sample_id=sample.pk, position=position, judged=said)
            judge_link(command, acting_user=reviewer, now=now + timedelta(minutes=2 * position + minutes))
    close_sample(sample.pk, acting_user=reviewers[0], now=now + timedelta(hours=2))


def choose_by_two(batch: Batch, proposer: User, confirmer: User, *, now: datetime) -> None:
    """Propose the threshold on the figures of a batch and have another officer confirm it."""
    command = ChooseThreshold(batch_id=batch.pk, threshold=THRESHOLD, reason=REASON)
    choice = choose_threshold(command, acting_user=proposer, now=now)
    confirm_threshold(choice.pk, acting_user=confirmer, now=now + timedelta(hours=1))


def draw_open_sample(batch: Batch, reviewer: User, *, luck: Random, now: datetime) -> None:
    """Draw a sample that nobody has judged yet, so that there is something to judge."""
    draw_sample(DrawSample(batch_id=batch.pk, size=SAMPLE, seed=luck.randrange(10_000)), acting_user=reviewer, now=now)


def seek(now: datetime) -> None:
    """Look for two records of one person over all registers."""
    seek_duplicates(find=find_duplicates, now=now)

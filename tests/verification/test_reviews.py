"""A sample that people judge blind, and what it says of the whole."""

import itertools
import random
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.verification.models import Batch, Judgement, ReviewItem, ReviewSample, Verdict
from lienthong.verification.queries.reviews import (
    NoSuchSample,
    judged_by,
    next_item,
    sample_result,
    samples_of,
    settled_judgements,
    without_candidate,
)
from lienthong.verification.services import reviews
from lienthong.verification.services.reviews import DrawSample, JudgeLink
from lienthong.verification.states import Judged
from tests.verification.registers import NOW, make_batch, make_entry, make_register, make_verdict
from tests.world import COMMUNE, HOME_AFFAIRS, World

SAME, DIFFERENT, UNSURE = Judged.SAME, Judged.DIFFERENT, Judged.UNSURE


@pytest.fixture
def batch(world: World) -> Batch:
    """A hundred and twenty records of which ninety name somebody; every tenth name is wrong."""
    register = make_register()
    batch, chance = make_batch(register), random.Random(3)
    for number in range(120):
        named = number < 90
        status = chance.choice(["verified", "name_differs", "moved"]) if named else "not_found"
        snapshot = {"full_name": "Ma Thị Lan", "birth_date": "19850501", "sex": "Nữ"} if named else {}
        probability = chance.choice([0.6, 0.97, 0.992, 0.9999]) if named else 0.1
        entry = make_entry(register, full_name="Ma Thị Lan" if number % 10 else "Lý Văn Sủ")
        make_verdict(batch, entry, status, probability=probability, snapshot=snapshot)
    return batch


@pytest.fixture
def judges(world: World) -> list[User]:
    return [world.officer(Role.PROCESSOR, HOME_AFFAIRS, another=place > 0) for place in range(3)]


def draw(batch: Batch, judge: User, size: int = 40, seed: int | None = 5) -> ReviewSample:
    return reviews.draw_sample(DrawSample(batch_id=batch.pk, size=size, seed=seed), acting_user=judge, now=NOW)


def say(item: ReviewItem, judge: User, judged: Judged) -> None:
    command = JudgeLink(sample_id=item.sample_id, position=item.position, judged=judged)
    reviews.judge_link(command, acting_user=judge, now=NOW)


def test_a_sample_is_drawn_by_status_and_band_and_again_from_its_seed(batch: Batch, judges: list[User]) -> None:
    sample = draw(batch, judges[0])

    assert sample.size == 40 == sample.items.count()
    assert sum(counts["links"] for counts in sample.strata.values()) == 90
    drawn = Counter(sample.items.order_by("id").values_list("stratum", flat=True))
    assert {text: counts["drawn"] for text, counts in sample.strata.items() if counts["drawn"]} == drawn
    assert without_candidate(batch) == 30
    sample.closed_at = NOW
    sample.save()
    again, other = draw(batch, judges[1]), None
    again.closed_at = NOW
    again.save()
    other = draw(batch, judges[1], seed=6)

    def verdicts_of(one: ReviewSample) -> list[int]:
        return list(one.items.order_by("position").values_list("verdict_id", flat=True))

    assert verdicts_of(again) == verdicts_of(sample) != verdicts_of(other)
    assert list(samples_of(batch)) == [other, again, sample]


def test_the_order_says_nothing_about_the_strata(batch: Batch, judges: list[User]) -> None:
    strata = list(draw(batch, judges[0], size=80).items.order_by("position").values_list("stratum", flat=True))

    assert strata != sorted(strata)
    assert sum(one != other for one, other in itertools.pairwise(strata)) > len(set(strata)) * 2


def test_two_who_agree_settle_a_record_and_a_third_settles_what_two_dispute(batch: Batch, judges: list[User]) -> None:
    first, second, third = judges
    sample = draw(batch, first, size=20)
    items = list(sample.items.order_by("position"))
    say(items[0], first, SAME)
    say(items[0], second, SAME)
    say(items[1], first, SAME)
    say(items[1], second, DIFFERENT)

    assert settled_judgements(sample)[items[0].pk].judged == SAME
    assert items[1].pk not in settled_judgements(sample)
    assert next_item(sample, judge_id=third.pk) == items[1]
    with pytest.raises(reviews.NoJudgementNeeded):
        say(items[0], third, DIFFERENT)
    say(items[1], third, DIFFERENT)
    assert settled_judgements(sample)[items[1].pk].judged == DIFFERENT
    for judge, judged in zip(judges, (SAME, DIFFERENT, UNSURE), strict=True):
        say(items[2], judge, judged)
    assert settled_judgements(sample)[items[2].pk].judged == UNSURE
    assert next_item(sample, judge_id=first.pk) == items[3]
    assert (judged_by(sample, first.pk), judged_by(sample, third.pk)) == (3, 2)


def test_nobody_judges_the_same_record_twice(batch: Batch, judges: list[User]) -> None:
    item = draw(batch, judges[0]).items.get(position=1)
    say(item, judges[0], SAME)

    with pytest.raises(reviews.AlreadyJudged, match="không đổi"):
        say(item, judges[0], DIFFERENT)
    assert Judgement.objects.count() == 1


def test_the_log_says_who_judged_but_not_what(batch: Batch, judges: list[User]) -> None:
    say(draw(batch, judges[0]).items.get(position=1), judges[0], SAME)

    assert set(Event.objects.get(name="LinkJudged").payload) == {"sample_id", "item_id"}


def judge_all(sample: ReviewSample, judges: list[User]) -> None:
    for item in sample.items.select_related("verdict__entry").order_by("position"):
        right = item.verdict.entry.full_name == "Ma Thị Lan"
        for judge in judges[:2]:
            say(item, judge, SAME if right else DIFFERENT)


def test_the_result_of_a_sample_of_everything_is_the_truth(batch: Batch, judges: list[User]) -> None:
    sample = draw(batch, judges[0], size=90)
    judge_all(sample, judges)
    closed = reviews.close_sample(sample.pk, acting_user=judges[0], now=NOW)

    with CaptureQueriesContext(connection) as captured:
        result = sample_result(closed)

    assert len(captured) <= 4
    named = Verdict.objects.exclude(snapshot={})
    accepted = named.filter(probability__gte=0.99)
    right = accepted.filter(entry__full_name="Ma Thị Lan").count()
    all_right = named.filter(entry__full_name="Ma Thị Lan").count()
    assert result.precision is not None and result.recall is not None
    assert result.precision.rate == pytest.approx(right / accepted.count())
    assert result.precision.low == pytest.approx(result.precision.high)
    assert result.recall.rate == pytest.approx(right / all_right)
    assert (result.judged, result.unsure, result.left) == (90, 0, 0)
    assert (result.tried, result.wrong) == (accepted.count(), accepted.count() - right)
    assert result.most_errors is None
    assert [(one.low, one.high) for one in result.bands] == [(0.5, 0.8), (0.95, 0.99), (0.99, 0.999), (0.999, 1.0)]
    assert sum(one.links for one in result.bands) == 90


def test_a_part_of_a_sample_gives_an_interval_that_holds_the_truth(batch: Batch, judges: list[User]) -> None:
    sample = draw(batch, judges[0], size=50)
    judge_all(sample, judges)

    result = sample_result(sample)

    accepted = Verdict.objects.exclude(snapshot={}).filter(probability__gte=0.99)
    truth = accepted.filter(entry__full_name="Ma Thị Lan").count() / accepted.count()
    assert result.precision is not None
    assert result.precision.low < truth < result.precision.high


def test_nothing_judged_is_no_figure(batch: Batch, judges: list[User]) -> None:
    result = sample_result(draw(batch, judges[0]))

    assert (result.precision, result.recall, result.most_errors) == (None, None, None)
    assert result.left == 40


def test_no_error_found_says_how_many_there_may_be(batch: Batch, judges: list[User]) -> None:
    sample = draw(batch, judges[0], size=30)
    for item in sample.items.order_by("position"):
        for judge in judges[:2]:
            say(item, judge, SAME)

    result = sample_result(sample)

    assert result.wrong == 0
    assert result.most_errors == pytest.approx(1 - 0.05 ** (1 / result.tried))


def test_a_sample_closes_only_when_all_is_settled(batch: Batch, judges: list[User]) -> None:
    sample = draw(batch, judges[0], size=20)
    with pytest.raises(reviews.NotAllJudged, match="20 bản ghi"):
        reviews.close_sample(sample.pk, acting_user=judges[0], now=NOW)
    with pytest.raises(reviews.SampleStillOpen):
        draw(batch, judges[0])
    judge_all(sample, judges)

    reviews.close_sample(sample.pk, acting_user=judges[0], now=NOW)
    reviews.close_sample(sample.pk, acting_user=judges[0], now=NOW)

    assert Event.objects.get(name="SampleClosed").payload == {"sample_id": sample.pk, "judged": 20, "disagreed": 0}


@pytest.mark.parametrize("size", [0, 19, 5001])
def test_a_sample_too_small_or_too_great_is_refused(batch: Batch, judges: list[User], size: int) -> None:
    with pytest.raises(reviews.SampleSizeOutOfRange, match="20"):
        draw(batch, judges[0], size=size)


def test_a_batch_that_names_nobody_has_nothing_to_judge(world: World, judges: list[User]) -> None:
    with pytest.raises(reviews.NothingToDraw):
        draw(make_batch(make_register()), judges[0])


def test_communes_and_auditors_neither_draw_nor_judge(world: World, batch: Batch, judges: list[User]) -> None:
    item = draw(batch, judges[0]).items.get(position=1)
    for role, agency in ((Role.LEADER, COMMUNE), (Role.AUDITOR, HOME_AFFAIRS)):
        with pytest.raises(reviews.NotAReviewer):
            draw(batch, world.officer(role, agency))
        with pytest.raises(reviews.NotAReviewer):
            say(item, world.officer(role, agency), SAME)


def test_what_is_not_there_cannot_be_judged(batch: Batch, judges: list[User]) -> None:
    for sample_id, position in ((0, 1), (draw(batch, judges[0]).pk, 999)):
        with pytest.raises(NoSuchSample):
            reviews.judge_link(
                JudgeLink(sample_id=sample_id, position=position, judged=SAME), acting_user=judges[0], now=NOW
            )

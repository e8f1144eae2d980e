"""A threshold is a decision with figures, proposed by one and confirmed by another."""

import random

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.verification.models import Batch, ThresholdChoice, Verdict
from lienthong.verification.queries.thresholds import (
    POINTS,
    NoSuchBatch,
    NoSuchChoice,
    operating_points,
    threshold_in_force,
    waiting_choice,
)
from lienthong.verification.services import thresholds
from lienthong.verification.services.thresholds import ChooseThreshold
from lienthong.verification.states import BatchState
from tests.verification.registers import NOW, make_batch, make_entry, make_register, make_verdict
from tests.world import COMMUNE, HOME_AFFAIRS, World

REASON = "Sai không quá ba bản ghi trong một vạn"


@pytest.fixture
def batch(world: World) -> Batch:
    register = make_register()
    batch, chance = make_batch(register), random.Random(7)
    for _number in range(60):
        linked = chance.random() < 0.9
        probability = 1 - 10 ** -chance.uniform(0.1, 5)
        make_verdict(batch, make_entry(register), "verified" if linked else "not_found", probability=probability)
    return batch


def proposal(batch: Batch, threshold: float = 0.995, reason: str = REASON) -> ChooseThreshold:
    return ChooseThreshold(batch_id=batch.pk, threshold=threshold, reason=reason)


def test_every_point_says_how_many_links_and_how_many_errors(batch: Batch) -> None:
    with CaptureQueriesContext(connection) as captured:
        points = operating_points(batch)

    assert len(captured) == 1
    shares = [one.probability for one in Verdict.objects.filter(is_linked=True).order_by("id")]
    for point, threshold in zip(points, POINTS, strict=True):
        kept = [share for share in shares if share >= threshold]
        assert (point.threshold, point.links, point.left) == (threshold, len(kept), len(shares) - len(kept))
        assert point.expected_wrong == pytest.approx(sum(1 - share for share in kept))


def test_a_batch_without_verdicts_has_points_too(world: World) -> None:
    assert [one.links for one in operating_points(make_batch(make_register()))] == [0] * len(POINTS)


def test_the_threshold_changes_only_when_a_second_officer_confirms(world: World, batch: Batch) -> None:
    first, second = (world.officer(Role.PROCESSOR, HOME_AFFAIRS, another=place > 0) for place in range(2))

    choice = thresholds.choose_threshold(proposal(batch), acting_user=first, now=NOW)
    assert threshold_in_force() == 0.99
    with pytest.raises(thresholds.ProposedByConfirmer, match="không tự xác nhận"):
        thresholds.confirm_threshold(choice.pk, acting_user=first, now=NOW)
    thresholds.confirm_threshold(choice.pk, acting_user=second, now=NOW)

    assert threshold_in_force() == 0.995
    assert waiting_choice() is None
    told = Event.objects.filter(stream=batch.stream).order_by("sequence").values_list("name", "payload__threshold")
    assert list(told) == [("ThresholdProposed", 0.995), ("ThresholdChosen", 0.995)]
    assert Event.objects.get(name="ThresholdChosen").payload["before"] == 0.99
    with pytest.raises(NoSuchChoice):
        thresholds.confirm_threshold(choice.pk, acting_user=second, now=NOW)


def test_the_database_refuses_whoever_confirms_their_own(world: World, batch: Batch) -> None:
    officer = world.officer(Role.PROCESSOR, HOME_AFFAIRS)
    choice = thresholds.choose_threshold(proposal(batch), acting_user=officer, now=NOW)

    with pytest.raises(IntegrityError, match="threshold_confirmed_by_another"), transaction.atomic():
        ThresholdChoice.objects.filter(pk=choice.pk).update(confirmed_by=officer, confirmed_at=NOW)


def test_one_choice_waits_at_a_time_and_can_be_thrown_away(world: World, batch: Batch) -> None:
    officer = world.officer(Role.LEADER, HOME_AFFAIRS)
    choice = thresholds.choose_threshold(proposal(batch), acting_user=officer, now=NOW)

    with pytest.raises(thresholds.ThresholdWaiting, match=officer.full_name):
        thresholds.choose_threshold(proposal(batch, 0.9), acting_user=officer, now=NOW)
    thresholds.discard_threshold(choice.pk, acting_user=officer, now=NOW)
    thresholds.choose_threshold(proposal(batch, 0.9), acting_user=officer, now=NOW)

    assert threshold_in_force() == 0.99


@pytest.mark.parametrize("threshold", [0.0, 0.499, 1.0, 7.0])
def test_a_threshold_that_accepts_errors_or_nothing_is_refused(world: World, batch: Batch, threshold: float) -> None:
    with pytest.raises(thresholds.ThresholdOutOfRange, match="50 %"):
        thresholds.choose_threshold(
            proposal(batch, threshold), acting_user=world.officer(Role.PROCESSOR, HOME_AFFAIRS), now=NOW
        )


def test_a_choice_without_a_reason_is_refused(world: World, batch: Batch) -> None:
    with pytest.raises(thresholds.NoReasonGiven, match="lý do"):
        thresholds.choose_threshold(
            proposal(batch, reason="  vì  "), acting_user=world.officer(Role.PROCESSOR, HOME_AFFAIRS), now=NOW
        )


def test_communes_and_auditors_do_not_choose(world: World, batch: Batch) -> None:
    for role, agency in ((Role.LEADER, COMMUNE), (Role.AUDITOR, HOME_AFFAIRS)):
        with pytest.raises(thresholds.NotYourThreshold):
            thresholds.choose_threshold(proposal(batch), acting_user=world.officer(role, agency), now=NOW)


def test_a_batch_that_is_not_done_says_nothing_of_a_threshold(world: World) -> None:
    running = make_batch(make_register(), state=BatchState.SENT)

    with pytest.raises(NoSuchBatch):
        thresholds.choose_threshold(proposal(running), acting_user=world.officer(Role.PROCESSOR, HOME_AFFAIRS), now=NOW)

"""What a threshold means in links and errors, and which one holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, Sum

from lienthong.infra.missing import NotFound
from lienthong.verification.models import Batch, ThresholdChoice, Verdict
from lienthong.verification.models.batches import START_THRESHOLD
from lienthong.verification.sampling import band_end, edges_with
from lienthong.verification.states import BatchState

# The points to choose from; every batch is shown at the same ones.
POINTS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999)


class NoSuchBatch(NotFound):
    """There is no finished batch with this id."""


class NoSuchChoice(NotFound):
    """No threshold with this id waits."""


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """What happens at one threshold. Điểm làm việc.

    Attributes:
        threshold: From this probability on.
        links: Links accepted without a person.
        expected_wrong: How many of them are wrong, by what the engine says of each.
        left: Records with a person found that go to the work list.
    """

    threshold: float
    links: int
    expected_wrong: float
    left: int


def threshold_in_force() -> float:
    """Return the threshold for a batch made now: the one confirmed last, 0.99 before the first.

    Ngưỡng đang dùng.
    """
    chosen = confirmed_choices().first()
    return chosen.threshold if chosen else START_THRESHOLD


def confirmed_choices() -> QuerySet[ThresholdChoice]:
    """Return what was chosen, newest first."""
    choices = ThresholdChoice.objects.filter(confirmed_at__isnull=False).select_related(
        "proposed_by", "confirmed_by", "batch"
    )
    return choices.order_by("-confirmed_at", "-id")


def waiting_choice() -> ThresholdChoice | None:
    """Return the threshold that waits for a second officer."""
    waiting = ThresholdChoice.objects.filter(confirmed_at=None, discarded_at=None)
    return waiting.select_related("proposed_by", "batch").order_by("id").first()


def get_waiting_choice(choice_id: int) -> ThresholdChoice:
    """Return a threshold that waits, locked.

    Raises:
        NoSuchChoice: None with this id waits.
    """
    waiting = ThresholdChoice.objects.select_for_update(of=("self",)).select_related("batch", "proposed_by")
    choice = waiting.filter(pk=choice_id, confirmed_at=None, discarded_at=None).first()
    if choice is None:
        raise NoSuchChoice
    return choice


def batches_with_figures() -> QuerySet[Batch]:
    """Return the finished batches, newest first."""
    done = Batch.objects.filter(state=BatchState.DONE).select_related("register", "population_copy")
    return done.order_by("-finished_at", "-id")


def get_batch_with_figures(batch_id: int) -> Batch:
    """Return a finished batch.

    Raises:
        NoSuchBatch: There is none with this id.
    """
    batch = batches_with_figures().filter(pk=batch_id).first()
    if batch is None:
        raise NoSuchBatch
    return batch


def operating_points(batch: Batch, thresholds: Sequence[float] = POINTS) -> list[OperatingPoint]:
    """Return what each threshold would have meant for a batch, in one pass over its verdicts."""
    linked = Verdict.objects.filter(batch=batch, is_linked=True)
    asked: dict[str, Any] = {
        f"links_{place}": Count("pk", filter=Q(probability__gte=one)) for place, one in enumerate(thresholds)
    }
    asked |= {
        f"wrong_{place}": Sum(1.0 - F("probability"), filter=Q(probability__gte=one), default=0.0)
        for place, one in enumerate(thresholds)
    }
    found = linked.aggregate(all=Count("pk"), **asked)
    return [
        OperatingPoint(one, found[f"links_{place}"], found[f"wrong_{place}"], found["all"] - found[f"links_{place}"])
        for place, one in enumerate(thresholds)
    ]


@dataclass(frozen=True, slots=True)
class Band:
    """The records of a batch whose probability lies in one band. Dải xác suất của một đợt.

    Attributes:
        low: Lower end.
        high: Upper end.
        records: How many.
        stated: Mean of what the engine says of them; None where there are none.
    """

    low: float
    high: float
    records: int
    stated: float | None


def bands_of(batch: Batch) -> list[Band]:
    """Return the bands of a batch, in one pass over the verdicts that name somebody."""
    edges = edges_with(batch.threshold)
    named = Verdict.objects.filter(batch=batch).exclude(snapshot={}).exclude(snapshot__full_name=None)
    asked: dict[str, Any] = {}
    for place, low in enumerate(edges):
        inside = Q(probability__gte=low)
        if place + 1 < len(edges):
            inside &= Q(probability__lt=edges[place + 1])
        asked |= {f"records_{place}": Count("pk", filter=inside), f"stated_{place}": Avg("probability", filter=inside)}
    found = named.aggregate(**asked)
    return [
        Band(low, band_end(low, edges), found[f"records_{place}"], found[f"stated_{place}"])
        for place, low in enumerate(edges)
    ]

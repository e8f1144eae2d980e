"""Samples that people judge: what is still to be judged, what was settled, what it says of the whole batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from lienthong.infra.missing import NotFound
from lienthong.verification.beside import Line, fields_of, lay_beside
from lienthong.verification.estimates import Interval, Stratum, most_errors, recall, stratified, wilson
from lienthong.verification.models import Batch, Judgement, ReviewItem, ReviewSample, Verdict
from lienthong.verification.quality import NOBODY_TO_COMPARE
from lienthong.verification.queries.cases import places_of
from lienthong.verification.sampling import StratumKey, band_end, band_of, edges_with
from lienthong.verification.states import Judged


class NoSuchSample(NotFound):
    """There is no such sample, or no such record in it."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What people came to say of one record. Kết luận về một bản ghi của mẫu.

    Attributes:
        judged: What two of them say; not sure where three say three things.
        times: How many judged it.
    """

    judged: Judged
    times: int


@dataclass(frozen=True, slots=True)
class BandResult:
    """What people found among the accepted and the other links of one band. Kết quả một dải xác suất."""

    low: float
    high: float
    links: int
    judged: int
    right: int
    observed: Interval | None


@dataclass(frozen=True, slots=True)
class SampleResult:
    """What a sample says of its batch. Kết quả rà soát mẫu.

    Attributes:
        threshold: From which probability on a link counts as accepted.
        precision: Share of the accepted links that are right.
        recall: Share of the right persons whom the engine names that are accepted.
        judged: Records with a settled answer of yes or no.
        unsure: Records of which nobody could tell.
        tried: Accepted links that were judged.
        wrong: Of those, how many are wrong.
        most_errors: Greatest rate of errors that fits with none found; None where some were.
        bands: Band by band.
        left: Records that still lack a judgement.
    """

    threshold: float
    precision: Interval | None
    recall: Interval | None
    judged: int
    unsure: int
    tried: int
    wrong: int
    most_errors: float | None
    bands: tuple[BandResult, ...]
    left: int


def samples_of(batch: Batch) -> QuerySet[ReviewSample]:
    """Return the samples of a batch, newest first."""
    return batch.samples.select_related("drawn_by").order_by("-drawn_at", "-id")


def get_sample(sample_id: int) -> ReviewSample:
    """Return a sample with its batch.

    Raises:
        NoSuchSample: There is none with this id.
    """
    sample = ReviewSample.objects.select_related("batch__register").filter(pk=sample_id).first()
    if sample is None:
        raise NoSuchSample
    return sample


def get_item(sample_id: int, position: int) -> ReviewItem:
    """Return a record of a sample, by its place.

    Raises:
        NoSuchSample: There is none there.
    """
    items = ReviewItem.objects.select_related("sample", "verdict__entry__commune")
    item = items.filter(sample=sample_id, position=position).first()
    if item is None:
        raise NoSuchSample
    return item


def verdicts_by_stratum(batch: Batch) -> Iterator[tuple[StratumKey, int]]:
    """Yield the stratum and id of each verdict of a batch that names somebody to lay beside the record."""
    edges = edges_with(batch.threshold)
    verdicts = Verdict.objects.filter(batch=batch).exclude(snapshot={}).exclude(snapshot__full_name=None)
    for status, probability, verdict_id in verdicts.order_by("id").values_list("status", "probability", "id"):
        yield StratumKey(status, band_of(probability, edges)), verdict_id


def without_candidate(batch: Batch) -> int:
    """Count the verdicts of a batch that name nobody, so that nobody can judge them."""
    return Verdict.objects.filter(batch=batch).filter(Q(snapshot={}) | Q(snapshot__full_name=None)).count()


def items_to_judge(sample: ReviewSample) -> QuerySet[ReviewItem]:
    """Return the records that still need a judgement: fewer than two, or two that differ."""
    counted = sample.items.annotate(
        given=Count("judgements"),
        kinds=Count("judgements__judged", distinct=True),
    )
    return counted.filter(Q(given__lt=2) | Q(given=2, kinds=2)).order_by("position")


def next_item(sample: ReviewSample, *, judge_id: int) -> ReviewItem | None:
    """Return the first record that this judge may still judge. Whether others did is not told."""
    mine = Judgement.objects.filter(judge=judge_id, item__sample=sample).values("item")
    return items_to_judge(sample).exclude(pk__in=mine).first()


def judged_by(sample: ReviewSample, judge_id: int) -> int:
    """Count what somebody has judged of a sample."""
    return Judgement.objects.filter(item__sample=sample, judge=judge_id).count()


def settled_judgements(sample: ReviewSample) -> dict[int, Settled]:
    """Return what was settled, by id of the record."""
    said: dict[int, list[str]] = {}
    for item_id, judged in (
        Judgement.objects.filter(item__sample=sample).order_by("id").values_list("item_id", "judged")
    ):
        said.setdefault(item_id, []).append(judged)
    return {item_id: settled for item_id, words in said.items() if (settled := _settle(words)) is not None}


def sample_result(sample: ReviewSample, *, threshold: float | None = None) -> SampleResult:
    """Say what a sample tells of its batch, as far as it has been judged.

    Args:
        sample: The sample.
        threshold: Links from this probability on count as accepted; that of the batch where None. Only the lower end of
            a band can be asked, so that no band lies on both sides.
    """
    limit = sample.batch.threshold if threshold is None else threshold
    edges = edges_with(sample.batch.threshold)
    settled = settled_judgements(sample)
    judged: Counter[str] = Counter()
    right: Counter[str] = Counter()
    unsure = 0
    for item_id, stratum in sample.items.order_by("id").values_list("id", "stratum"):
        if item_id not in settled:
            continue
        if settled[item_id].judged == Judged.UNSURE:
            unsure += 1
            continue
        judged[stratum] += 1
        right[stratum] += settled[item_id].judged == Judged.SAME
    accepted: list[Stratum] = []
    others: list[Stratum] = []
    by_band: dict[float, list[Stratum]] = {}
    for text, counts in sample.strata.items():
        key = StratumKey.read(text)
        part = Stratum(counts["links"], judged[text], right[text])
        (accepted if _is_accepted(key, limit) else others).append(part)
        by_band.setdefault(key.low, []).append(part)
    tried = sum(one.judged for one in accepted)
    wrong = tried - sum(one.hits for one in accepted)
    return SampleResult(
        threshold=limit,
        precision=stratified(accepted),
        recall=recall(accepted, others),
        judged=sum(judged.values()),
        unsure=unsure,
        tried=tried,
        wrong=wrong,
        most_errors=most_errors(tried) if not wrong else None,
        bands=tuple(_band(low, by_band[low], edges) for low in sorted(by_band)),
        left=items_to_judge(sample).count(),
    )


def lines_to_judge(item: ReviewItem) -> list[Line]:
    """Return a record beside the person whom the engine names, and nothing of what the engine thinks of the two.

    Trang nhận định mù.
    """
    ours, theirs = fields_of(item.verdict.entry), item.verdict.snapshot
    codes = [code for code in (ours["commune_code"], theirs.get("commune_code")) if code]
    return lay_beside(ours, theirs, places=places_of(codes))


def _is_accepted(key: StratumKey, threshold: float) -> bool:
    return key.low >= threshold and key.status not in NOBODY_TO_COMPARE


def _band(low: float, strata: list[Stratum], edges: tuple[float, ...]) -> BandResult:
    judged, right = sum(one.judged for one in strata), sum(one.hits for one in strata)
    # With one stratum alone the two are the same.
    observed = stratified(strata) if len(strata) > 1 else wilson(right, judged)
    return BandResult(low, band_end(low, edges), sum(one.size for one in strata), judged, right, observed)


def _settle(words: list[str]) -> Settled | None:
    word, times = Counter(words).most_common(1)[0]
    if times >= 2:
        return Settled(Judged(word), len(words))
    return Settled(Judged.UNSURE, len(words)) if len(words) > 2 else None

"""Quality, counted by the database and counted again record by record by the pure definitions."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.kernel.days import local_day
from lienthong.units.queries import communes_on
from lienthong.verification.linkage.vocabulary import Status
from lienthong.verification.models import DuplicatePair, QualityFigure, RegisterEntry, Verdict
from lienthong.verification.quality import Answer, Part, RecordFacts, Standing, standing
from lienthong.verification.queries.quality import (
    PARTS,
    QualityCounts,
    counted_by_commune,
    quality_figures,
    records_behind,
)
from lienthong.verification.services.quality import count_quality, freeze_quality
from lienthong.verification.states import PairState
from tests.verification.registers import (
    NOW,
    TODAY,
    make_batch,
    make_copy,
    make_entry,
    make_register,
    make_verdict,
    moment,
    random_register,
)
from tests.world import COMMUNE, HOME_AFFAIRS, World


def facts_of(entry: RegisterEntry) -> RecordFacts:
    """Gather what is known of an entry one question at a time, as no query of the house does."""
    verdict = Verdict.objects.filter(entry=entry, is_current=True).select_related("batch__population_copy").first()
    copy = verdict.batch.population_copy if verdict else None
    seen_on = copy.as_of if copy else local_day(verdict.judged_at) if verdict else None
    pairs = DuplicatePair.objects.filter(state=PairState.OPEN)
    return RecordFacts(
        number=entry.number,
        full_name=entry.full_name,
        birth_date=entry.birth_date,
        sex=entry.sex,
        ethnicity=entry.ethnicity,
        commune_code=entry.commune_code,
        status=Status(verdict.status) if verdict else None,
        tags=[Status(tag) for tag in verdict.tags] if verdict else [],
        data_as_of=seen_on,
        is_prechecked=entry.findings is not None,
        findings=entry.findings or [],
        in_open_pair=pairs.filter(entry=entry).exists() or pairs.filter(other=entry).exists(),
    )


def answer_of(judged: Standing, part: str) -> Answer:
    return judged.whole if part == "whole" else getattr(judged, part)  # type: ignore[no-any-return]


@pytest.mark.parametrize("seed", [1, 20261129])
def test_the_database_counts_as_the_definitions_say(world: World, seed: int) -> None:
    communes = [*communes_on(TODAY)[:3], None]
    registers = [make_register("bao-tro"), make_register("ho-ngheo")]
    for place, register in enumerate(registers):
        random_register(register, communes, size=150, seed=seed + place)
    chance = random.Random(seed)
    ids = list(RegisterEntry.objects.order_by("id").values_list("id", flat=True))
    for number in range(40):
        first, second = sorted(chance.sample(ids, 2))
        state = PairState.OPEN if number % 3 else PairState.GONE
        DuplicatePair.objects.get_or_create(
            entry_id=first, other_id=second, defaults={"probability": 0.9, "state": state, "found_at": NOW}
        )
    expected: dict[tuple[int, int | None], Counter[str]] = {}
    for entry in RegisterEntry.objects.filter(is_current=True).order_by("id"):
        judged = standing(facts_of(entry), on=TODAY)
        row = expected.setdefault((entry.register_id, entry.commune_id), Counter())
        row["entries"] += 1
        for part in PARTS:
            row[f"{part} {answer_of(judged, part)}"] += 1

    with CaptureQueriesContext(connection) as captured:
        rows = counted_by_commune([one.pk for one in registers], on=TODAY)

    assert len(captured) == 1
    counted = {
        (row["register_id"], row["commune_id"]): Counter(
            {
                "entries": row["entries"],
                **{f"{part} {one}": row["detail"][part][one] for part in PARTS for one in Answer},
            }
        )
        for row in rows
    }
    assert {key: +value for key, value in counted.items()} == expected
    total = sum(expected.values(), Counter())
    assert all(total[f"{part} {answer}"] for part in (Part.CORRECT, Part.CLEAN, Part.ALIVE) for answer in Answer)
    province = world.officer(Role.PROCESSOR, HOME_AFFAIRS)
    for part in PARTS:
        for answer in Answer:
            behind = records_behind(province, part=part, answer=answer, on=TODAY)
            assert behind.count() == total[f"{part} {answer}"], (part, answer)


def test_a_month_is_frozen_as_it_was_counted_last_and_never_counted_again(world: World) -> None:
    register = make_register()
    copy = make_copy(date(2026, 10, 1))
    entries = [make_entry(register) for _number in range(3)]
    verdicts = [make_verdict(make_batch(register, copy), entry) for entry in entries]

    assert count_quality(now=moment("2026-10-30")) == 1
    verdicts[0].status = Status.DEAD
    verdicts[0].save(update_fields=["status"])
    assert count_quality(now=moment("2026-10-31")) == 1
    assert freeze_quality(now=moment("2026-10-31")) == 0
    verdicts[1].status = Status.DEAD
    verdicts[1].save(update_fields=["status"])
    count_quality(now=moment("2026-11-01"))
    assert freeze_quality(now=moment("2026-11-01")) == 1
    assert freeze_quality(now=moment("2026-11-02")) == 0

    october, november = QualityFigure.objects.order_by("month")
    assert (october.entries, october.alive_entries, october.detail["alive"]["no"]) == (3, 2, 1)
    assert october.frozen_at is not None
    assert (november.alive_entries, november.frozen_at) == (1, None)
    assert [one.payload["month"] for one in Event.objects.filter(name="QualityFrozen").order_by("id")] == ["2026-10-01"]


def test_only_some_registers_are_counted_when_asked(world: World) -> None:
    first, second = make_register("bao-tro"), make_register("ho-ngheo")
    make_entry(first)
    make_entry(second)

    count_quality(register_ids=[first.pk], now=NOW)

    assert list(QualityFigure.objects.order_by("id").values_list("register_id", flat=True)) == [first.pk]


def test_each_sees_the_figures_of_their_own_place(world: World) -> None:
    register = make_register()
    home, away = world.agency(COMMUNE).unit, communes_on(TODAY).exclude(code=world.agency(COMMUNE).unit.code)[0]
    for commune in (home, home, away, None):
        make_entry(register, commune)
    count_quality(now=NOW)

    def seen_by(role: Role, agency: str) -> int:
        return sum(row[4] for row in quality_figures(world.officer(role, agency), on=TODAY))

    assert seen_by(Role.PROCESSOR, HOME_AFFAIRS) == 4
    assert seen_by(Role.LEADER, COMMUNE) == 2
    clerk = world.officer(Role.RECEIVER, COMMUNE)
    assert records_behind(clerk, part="whole", answer="unknown", on=TODAY).count() == 2
    assert records_behind(clerk, part="whole", answer="unknown", on=TODAY, commune_id=away.pk).count() == 0
    assert records_behind(world.citizen(), part="whole", answer="unknown", on=TODAY).count() == 0


def test_counts_of_groups_add_up_and_nothing_known_is_no_rate() -> None:
    counts = QualityCounts()
    assert counts.parts["whole"].rate is None

    counts.add(3, {part: {"yes": 1, "no": 1, "unknown": 1} for part in PARTS})
    counts.add(1, {part: {"yes": 1, "no": 0, "unknown": 0} for part in PARTS})

    assert counts.entries == 4
    assert counts.parts[Part.CORRECT].rate == pytest.approx(2 / 3)


def test_what_was_counted_more_than_a_year_ago_is_not_shown(world: World) -> None:
    make_entry(make_register())
    for back in (0, 330, 400):
        count_quality(now=NOW - timedelta(days=back))

    months = {row[0] for row in quality_figures(world.officer(Role.PROCESSOR, HOME_AFFAIRS), on=TODAY)}

    assert months == {date(2026, 11, 1), date(2025, 12, 1)}

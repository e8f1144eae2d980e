"""Pairs of records that may be one person: found by the engine, decided by people."""

import itertools
from datetime import date
from uuid import uuid4

import polars as pl
import pytest
from django.db import IntegrityError, transaction

from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.units.queries import communes_on
from lienthong.verification import tasks
from lienthong.verification.adapters.duplicates import find_duplicates
from lienthong.verification.models import Case, DuplicatePair, QualityFigure, RegisterEntry
from lienthong.verification.queries.cases import twins_of
from lienthong.verification.queries.duplicates import (
    BETWEEN,
    WITHIN,
    NoSuchPair,
    get_pair,
    narrowed,
    next_open_pair,
    visible_pairs,
)
from lienthong.verification.services import duplicates
from lienthong.verification.services.case_moves import CaseTarget
from lienthong.verification.services.decide import settle_double
from lienthong.verification.services.duplicates import DecidePair, Finder
from lienthong.verification.services.publishing import publish
from lienthong.verification.states import PairState
from tests.verification.registers import NOW, TODAY, make_batch, make_entry, make_register, make_verdict
from tests.world import COMMUNE, HOME_AFFAIRS, World


def same_name(frame: pl.DataFrame, *, on: date) -> pl.DataFrame:
    """Stand in for the engine: two records of one name are one person."""
    pairs = frame.join(frame, on="full_name", suffix="_other").filter(pl.col("record_id") < pl.col("record_id_other"))
    return pairs.select(
        "record_id",
        pl.col("record_id_other").alias("other_record_id"),
        pl.lit(0.97).alias("probability"),
        pl.lit("cùng họ tên").alias("explanation"),
    )


def nothing(frame: pl.DataFrame, *, on: date) -> pl.DataFrame:
    return same_name(frame, on=on).clear()


def seek(find: Finder = same_name) -> None:
    duplicates.seek_duplicates(find=find, now=NOW)


@pytest.fixture
def entries(world: World) -> list[RegisterEntry]:
    """Two registers: one person twice in the first, and once more in the second, in another commune."""
    first, second = make_register("bao-tro"), make_register("ho-ngheo")
    home = world.agency(COMMUNE).unit
    away = communes_on(TODAY).exclude(code=home.code)[0]
    return [
        make_entry(first, home),
        make_entry(first, home),
        make_entry(second, away),
        make_entry(second, away, full_name="Lý Văn Sủ"),
        make_entry(second, away, is_current=False),
    ]


def test_pairs_are_found_inside_and_between_registers_once(entries: list[RegisterEntry]) -> None:
    seek()
    seek()

    pairs = DuplicatePair.objects.order_by("entry_id", "other_id")
    assert [(one.entry_id, one.other_id) for one in pairs] == [
        (entries[0].pk, entries[1].pk),
        (entries[0].pk, entries[2].pk),
        (entries[1].pk, entries[2].pk),
    ]
    told = Event.objects.filter(name="DuplicatesSought").order_by("sequence")
    assert [(one.payload["entries"], one.payload["open_pairs"], one.payload["new_pairs"]) for one in told] == [
        (4, 3, 3),
        (4, 3, 0),
    ]
    assert narrowed(DuplicatePair.objects.all(), where=WITHIN).count() == 1
    assert narrowed(DuplicatePair.objects.all(), where=BETWEEN).count() == 2
    assert narrowed(DuplicatePair.objects.all(), register_id=entries[3].register_id, state="open").count() == 2


def test_the_order_of_the_engine_does_not_matter(entries: list[RegisterEntry]) -> None:
    def turned(frame: pl.DataFrame, *, on: date) -> pl.DataFrame:
        found = same_name(frame, on=on)
        return pl.concat(
            [
                found,
                found.rename({"record_id": "other_record_id", "other_record_id": "record_id"}).select(found.columns),
            ]
        ).reverse()

    seek(turned)

    assert DuplicatePair.objects.count() == 3


def test_what_the_engine_no_longer_finds_is_set_aside_and_comes_back(entries: list[RegisterEntry]) -> None:
    seek()
    seek(nothing)
    assert set(DuplicatePair.objects.order_by("id").values_list("state", flat=True)) == {PairState.GONE}

    seek()
    assert set(DuplicatePair.objects.order_by("id").values_list("state", flat=True)) == {PairState.OPEN}


def test_no_records_are_no_duplicates(world: World) -> None:
    seek()

    assert DuplicatePair.objects.count() == 0


def test_the_record_that_does_not_stay_becomes_a_case_and_nothing_is_deleted(
    world: World, entries: list[RegisterEntry]
) -> None:
    make_verdict(make_batch(entries[0].register), entries[1])
    seek()
    pair = DuplicatePair.objects.get(entry=entries[0], other=entries[1])
    clerk = world.officer(Role.PROCESSOR, COMMUNE)

    command = DecidePair(pair_id=pair.pk, kept_entry_id=entries[0].pk, note="cùng hộ")
    decided = duplicates.decide_pair(command, acting_user=clerk, now=NOW)

    assert (decided.state, decided.kept_id, decided.decided_by) == (PairState.SAME, entries[0].pk, clerk)
    case = Case.objects.get()
    assert (case.entry_id, case.kind, case.state) == (entries[1].pk, "duplicate", "open")
    assert RegisterEntry.objects.filter(is_current=True).count() == 4
    assert Event.objects.get(name="PairDecided").payload["case_id"] == case.pk
    with pytest.raises(duplicates.PairAlreadyDecided, match=clerk.full_name):
        duplicates.decide_pair(command, acting_user=clerk, now=NOW)
    seek(nothing)
    decided.refresh_from_db()
    assert decided.state == PairState.SAME


@pytest.mark.parametrize("status", ["verified", "name_differs"])
def test_a_later_batch_leaves_the_double_that_a_person_found_until_it_is_settled(
    world: World, entries: list[RegisterEntry], status: str
) -> None:
    make_verdict(make_batch(entries[0].register), entries[1])
    seek()
    pair = DuplicatePair.objects.get(entry=entries[0], other=entries[1])
    clerk = world.officer(Role.PROCESSOR, COMMUNE)
    case = duplicates.decide_pair(
        DecidePair(pair_id=pair.pk, kept_entry_id=entries[0].pk), acting_user=clerk, now=NOW
    ).case
    assert case is not None
    later = make_batch(entries[0].register)
    make_verdict(later, entries[1], status=status, is_current=False)

    publish(later, now=NOW)

    case.refresh_from_db()
    assert (case.kind, case.state) == ("duplicate", "open")
    assert [twin.pk for twin in twins_of(case)] == [entries[0].pk]
    target = CaseTarget(case_id=case.pk, seen=case.version, client_key=uuid4())
    settled = settle_double(target, twin_id=entries[0].pk, keep_this=False, note="cùng hộ", acting_user=clerk, now=NOW)
    assert (settled.state, settled.effect) == ("decided", "payment_alert")


def test_an_open_case_is_not_opened_twice_and_a_record_without_a_verdict_has_none(
    world: World, entries: list[RegisterEntry]
) -> None:
    province = world.officer(Role.PROCESSOR, HOME_AFFAIRS)
    make_verdict(make_batch(entries[0].register), entries[0])
    seek()
    cases = []
    for pair in DuplicatePair.objects.order_by("entry_id", "other_id"):
        command = DecidePair(pair_id=pair.pk, kept_entry_id=pair.other_id)
        cases.append(duplicates.decide_pair(command, acting_user=province, now=NOW).case)

    assert cases[0] == cases[1] is not None
    assert cases[2] is None
    assert Case.objects.count() == 1


def test_two_people_stay_two_people(world: World, entries: list[RegisterEntry]) -> None:
    seek()
    pair = DuplicatePair.objects.order_by("id")[0]

    decided = duplicates.decide_pair(
        DecidePair(pair_id=pair.pk, kept_entry_id=None), acting_user=world.officer(Role.LEADER, HOME_AFFAIRS), now=NOW
    )
    seek()

    decided.refresh_from_db()
    assert (decided.state, decided.kept, decided.case) == (PairState.DIFFERENT, None, None)


def test_a_third_record_cannot_be_kept(world: World, entries: list[RegisterEntry]) -> None:
    seek()
    pair = DuplicatePair.objects.get(entry=entries[0], other=entries[1])
    command = DecidePair(pair_id=pair.pk, kept_entry_id=entries[2].pk)

    with pytest.raises(duplicates.KeepsNeither):
        duplicates.decide_pair(command, acting_user=world.officer(Role.PROCESSOR, HOME_AFFAIRS), now=NOW)
    with pytest.raises(IntegrityError, match="pair_keeps"), transaction.atomic():
        DuplicatePair.objects.filter(pk=pair.pk).update(kept=entries[2].pk)


def test_a_commune_sees_only_pairs_of_its_own_records(world: World, entries: list[RegisterEntry]) -> None:
    seek()
    clerk, province = world.officer(Role.PROCESSOR, COMMUNE), world.officer(Role.PROCESSOR, HOME_AFFAIRS)

    (own,) = visible_pairs(clerk, on=TODAY)
    assert (own.entry_id, own.other_id) == (entries[0].pk, entries[1].pk)
    assert visible_pairs(province, on=TODAY).count() == 3
    assert visible_pairs(world.citizen(), on=TODAY).count() == 0
    between = DuplicatePair.objects.get(entry=entries[0], other=entries[2])
    with pytest.raises(NoSuchPair):
        get_pair(clerk, between.pk, on=TODAY)
    with pytest.raises(NoSuchPair):
        duplicates.decide_pair(DecidePair(pair_id=between.pk, kept_entry_id=None), acting_user=clerk, now=NOW)


def test_an_auditor_sees_and_does_not_decide(world: World, entries: list[RegisterEntry]) -> None:
    seek()
    pair, auditor = DuplicatePair.objects.order_by("id")[0], world.officer(Role.AUDITOR, HOME_AFFAIRS)

    assert get_pair(auditor, pair.pk, on=TODAY) == pair
    with pytest.raises(duplicates.NotYourPair):
        duplicates.decide_pair(DecidePair(pair_id=pair.pk, kept_entry_id=None), acting_user=auditor, now=NOW)


def test_the_next_pair_follows_and_begins_again_at_the_end(world: World, entries: list[RegisterEntry]) -> None:
    seek()
    province = world.officer(Role.PROCESSOR, HOME_AFFAIRS)
    pairs = list(visible_pairs(province, on=TODAY))

    assert [next_open_pair(province, one, on=TODAY) for one in pairs] == [pairs[1], pairs[2], pairs[0]]


def test_the_engine_itself_finds_the_same_person_in_two_registers(entries: list[RegisterEntry]) -> None:
    first, second = entries[0].register, entries[2].register
    home = entries[0].commune
    # Among few people every name is common: only many tell how rare one is.
    families, middles, givens = ("Ma", "Lý", "Nông", "Triệu", "Vi"), ("Văn", "Thị", "Đức"), ("An", "Bình", "Cúc", "Dần")
    people = itertools.product(families, middles, givens, range(1950, 1960))
    RegisterEntry.objects.bulk_create(
        RegisterEntry(
            register=first, record_key=f"P{place}", digest=f"{place:032x}", full_name=f"{family} {middle} {given}",
            birth_date=f"{place % 28 + 1:02d}/{place % 12 + 1:02d}/{year}", sex="Nam", commune_code="05443", commune=home,
        )
        for place, (family, middle, given, year) in enumerate(people)
    )  # fmt: skip
    make_entry(first, home, full_name="Hoàng Thị Phượng Ngân", birth_date="17/08/1961", number="019161004321")
    make_entry(second, home, full_name="HOÀNG THỊ PHƯỢNG NGÂN", birth_date="17/8/1961", number="19161004321")

    seek(find_duplicates)
    before = list(
        DuplicatePair.objects.order_by("id").values_list("entry_id", "other_id", "probability", "explanation")
    )
    seek(find_duplicates)

    ngan = DuplicatePair.objects.select_related("entry", "other").filter(entry__full_name__startswith="Hoàng").get()
    assert ngan.other.full_name == "HOÀNG THỊ PHƯỢNG NGÂN"
    assert ngan.probability > 0.99
    assert "đúng số" in ngan.explanation
    assert before == list(
        DuplicatePair.objects.order_by("id").values_list("entry_id", "other_id", "probability", "explanation")
    )


def test_the_night_counts_freezes_and_looks_for_duplicates(entries: list[RegisterEntry]) -> None:
    midnight = int(NOW.timestamp())

    tasks.keep_quality(midnight)
    tasks.keep_quality(midnight)
    tasks.seek_duplicates(midnight)

    assert QualityFigure.objects.count() == 2
    assert Event.objects.filter(name="DuplicatesSought").count() == 1

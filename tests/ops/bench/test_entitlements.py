"""The benchmark of entitlements compares what it says it compares."""

from dataclasses import fields, replace

import numpy as np
import pytest

from lienthong.ops.bench.entitlements import by_openfisca, measuring
from lienthong.ops.bench.entitlements.inventing import invent_merit, invent_persons
from lienthong.ops.bench.entitlements.timing import interleaved
from lienthong.ops.bench.order import Order
from lienthong.rules.merit import vectorised as merit
from lienthong.rules.merit.columns import with_claims

QUICK = Order(server_url="", is_quick=True, is_fresh=False, say=lambda _text: None)


def test_it_says_how_often_it_reads_the_columns_and_finds_nobody_different() -> None:
    report = measuring.measure(QUICK)
    whole, alone, peer, peer_alone = report.measures

    assert whole.floor and whole.ratio == pytest.approx(whole.ours / whole.floor)
    assert len(whole.detail["our_seconds"]) == len(whole.detail["floor_seconds"]) == measuring.TIMES_QUICK
    assert alone.ours == peer_alone.ours == 0
    assert peer_alone.detail["granted"] > 0
    assert peer.detail["floor"] == "OpenFisca"


def test_the_floor_reads_every_column_that_the_rules_have() -> None:
    persons, people = invent_persons(500, 1), invent_merit(500, 2)
    before = measuring.read_everything(persons, people)

    for room, name in ((persons, "is_pregnant"), (people, "lives_at_home")):
        column = getattr(room, name).copy()
        column[0] += 1
        other = [replace(one, **{name: column}) if one is room else one for one in (persons, people)]
        assert measuring.read_everything(*other) == before + 1


def test_the_province_is_the_same_each_time() -> None:
    one, other = invent_persons(300, 7), invent_persons(300, 7)

    for column in fields(one):
        if column.name != "children":
            assert np.array_equal(getattr(one, column.name), getattr(other, column.name))


def test_both_runs_take_turns() -> None:
    done: list[str] = []
    one, other = interleaved(lambda: done.append("a"), lambda: done.append("b"), times=3)

    assert done == list("ababab")
    assert len(one.seconds) == len(other.seconds) == 3


def test_openfisca_counts_a_birthday_on_the_first_of_the_month() -> None:
    system = by_openfisca.tax_benefit_system()
    births = np.array(["2010-08-01", "2010-08-02", "1966-08-01", "1966-08-02"], dtype="datetime64[D]")

    found = by_openfisca.allowances(system, births, np.zeros(4, dtype=np.int_), month="2026-08")

    assert found.tolist() == [1_080_000, 1_350_000, 1_350_000, 1_080_000]


def test_whoever_has_no_claim_is_left_out_and_stays_unknown() -> None:
    people = invent_merit(400, 3)
    rows, few = with_claims(people)

    assert 0 < len(few) == len(rows) < 400
    found = merit.assess_columns(people, on=measuring.TODAY)
    without = np.setdiff1d(np.arange(400), rows)
    assert {merit.OUTCOMES[place] for place in found.outcomes[without]} == {"unknown"}
    assert not found.monthly_total[without].any()

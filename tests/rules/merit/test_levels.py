"""The tables of levels are whole, and another file of the same shape can take their place."""

import itertools
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
import yaml

from lienthong.kernel.legal import Confidence
from lienthong.rules.merit.assessing import assess_merit
from lienthong.rules.merit.columns import columns_from_facts
from lienthong.rules.merit.facts import Category, MeritClaim, MeritFacts
from lienthong.rules.merit.levels import (
    FOLDER,
    MONTHLY,
    TABLES,
    WAR_INVALID,
    load_tables,
    rows_on,
    table_on,
    tables_from,
)
from lienthong.rules.merit.vectorised import assess_columns
from lienthong.rules.parameters import NoValueInForce, UnreadableParameter, load_parameter, load_yaml

STARTS = [date(2021, 7, 1), date(2023, 7, 1), date(2024, 7, 1), date(2026, 7, 1)]
LAST = STARTS[-1]


def contents() -> dict[str, Any]:
    return {file.name: deepcopy(load_yaml(file)) for file in FOLDER.glob("*.yaml")}


@pytest.mark.parametrize("name", TABLES)
def test_there_is_a_table_from_each_change_on(name: str) -> None:
    assert [table.applied_from for table in load_tables()[name]] == STARTS


@pytest.mark.parametrize("name", TABLES)
def test_amounts_are_whole_thousands_and_never_fall(name: str) -> None:
    before: dict[str | int, int] = {}
    for table in load_tables()[name]:
        assert all(amount % 1000 == 0 for amount in table.levels.values())
        assert all(table.levels[key] > amount for key, amount in before.items())
        before = dict(table.levels)


@pytest.mark.parametrize("name", ["war_invalid", "war_invalid_type_b"])
@pytest.mark.parametrize("start", STARTS)
def test_more_injured_is_more_paid(name: str, start: date) -> None:
    levels = table_on(load_tables(), name, start).levels

    amounts = [levels[rate] for rate in range(21, 101)]
    assert amounts == sorted(set(amounts))


@pytest.mark.parametrize("name", TABLES)
def test_every_annex_follows_the_standard(name: str) -> None:
    standard = load_parameter("merit/standard")
    tables = load_tables()[name]
    for before, after in itertools.pairwise(tables):
        old, new = standard.value_on(before.applied_from), standard.value_on(after.applied_from)
        for key, amount in after.levels.items():
            assert abs(amount - before.levels[key] * new / old) <= 3000, key


def test_the_derived_table_says_what_it_is() -> None:
    table = table_on(load_tables(), MONTHLY, LAST)

    assert (table.derived_from, table.confidence) == (date(2024, 7, 1), Confidence.MEMORY)
    assert table.note
    assert table.levels["martyr_3"] == 3 * 3_012_000
    assert table.levels["war_invalid_special_attendant"] == 3_868_000


def test_an_office_can_put_the_annex_in_the_place_of_what_was_derived() -> None:
    files = contents()
    entry = files["321-2026.yaml"][WAR_INVALID]["values"][LAST]
    del entry["derived_from"], entry["note"]
    entry |= {"confidence": "verified", "levels": {rate: 1_000_000 + rate for rate in range(21, 101)}}
    tables = tables_from(yaml.safe_load(yaml.safe_dump(files)))
    facts = MeritFacts(claims=(MeritClaim(category=Category.WAR_INVALID, rate=45),))

    found = assess_merit(facts, on=LAST, tables=tables)

    assert (found.monthly_amount, found.notices) == (1_000_045, ())
    assert assess_columns(columns_from_facts([facts]), on=LAST, tables=tables).monthly.tolist() == [1_000_045]
    assert assess_merit(facts, on=LAST).monthly_amount == 4_346_000


def broken(change: str) -> dict[str, Any]:
    files = contents()
    entry = files["77-2024.yaml"][MONTHLY]["values"][date(2024, 7, 1)]
    if change == "row":
        del entry["levels"]["hero"]
    elif change == "unknown":
        entry["levels"]["king"] = 1
    elif change == "fraction":
        entry["levels"]["hero"] = 1.5
    elif change == "negative":
        entry["levels"]["hero"] = -1
    elif change == "source":
        del entry["reference"]
    elif change == "both":
        entry["derived_from"] = date(2023, 7, 1)
    elif change == "twice":
        files["other.yaml"] = {MONTHLY: files["77-2024.yaml"][MONTHLY]}
    elif change == "origin":
        files["321-2026.yaml"][MONTHLY]["values"][LAST]["derived_from"] = date(2020, 1, 1)
    elif change == "table":
        files["77-2024.yaml"]["yearly"] = {}
    elif change == "rate":
        del files["77-2024.yaml"][WAR_INVALID]["values"][date(2024, 7, 1)]["levels"][45]
    elif change == "day":
        files["77-2024.yaml"][MONTHLY]["values"]["soon"] = entry
    return files


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("row", r"77-2024\.yaml.*thiếu hero"),
        ("rate", r"war_invalid.*thiếu 45"),
        ("unknown", "không có dòng hoặc tỷ lệ “king”"),
        ("fraction", "dòng hero: mức phải là số nguyên"),
        ("negative", "dòng hero: mức phải là số nguyên"),
        ("source", "thiếu căn cứ"),
        ("both", "hoặc các mức"),
        ("twice", "đã có bảng khác áp dụng từ ngày 01/07/2024"),
        ("origin", "không có bảng gốc ngày 01/01/2020"),
        ("table", "chỉ được có các bảng"),
        ("day", "cần một ngày"),
    ],
)
def test_a_table_that_is_not_whole_is_refused_in_words(change: str, sentence: str) -> None:
    with pytest.raises(UnreadableParameter, match=sentence):
        tables_from(broken(change))


def test_rows_have_words_and_bands_do_not_overlap() -> None:
    rows = rows_on(date(2024, 7, 1))

    assert all(row.words for row in rows.values())
    with pytest.raises(NoValueInForce):
        rows_on(date(2021, 6, 30))
    for beginning, first in (("sick_soldier", 41), ("agent_orange", 21), ("affected_child", 61)):
        bands = sorted(row.rates for code, row in rows.items() if row.rates and code.startswith(beginning))
        covered = [rate for low, high in bands for rate in range(low, high + 1)]
        assert covered == list(range(first, 101))

"""The files of places and agencies are complete and agree with each other, whatever the database does with them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

import lienthong.units

FOLDER = Path(lienthong.units.__file__).parent / "data"
CONFIDENCES = {"verified", "secondary", "memory"}
COMMUNE_KINDS = {"commune", "ward", "township"}
THAI_NGUYEN, BAC_KAN = "19", "06"
SPLIT_COMMUNES = {"05461", "05467", "05932"}
Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


UNITS = rows("administrative_units.csv")
CHANGES = rows("unit_changes.csv")
EDGES = rows("unit_successions.csv")
AGENCIES = rows("agencies.csv")
TAKEOVERS = rows("agency_successions.csv")
ASSIGNMENTS = rows("field_assignments.csv")
FILES = {
    "administrative_units.csv": UNITS,
    "unit_changes.csv": CHANGES,
    "unit_successions.csv": EDGES,
    "agencies.csv": AGENCIES,
    "agency_successions.csv": TAKEOVERS,
    "field_assignments.csv": ASSIGNMENTS,
}


def holds_on(row: Row, day: str) -> bool:
    return row["valid_from"] <= day and (not row["valid_until"] or day < row["valid_until"])


def on_day(table: list[Row], code: str, day: str) -> Row | None:
    found = [row for row in table if row["code"] == code and holds_on(row, day)]
    assert len(found) <= 1, (code, day)
    return found[0] if found else None


def covers(outer: Row, inner: Row) -> bool:
    if outer["valid_from"] > inner["valid_from"]:
        return False
    return not outer["valid_until"] or bool(inner["valid_until"] and inner["valid_until"] <= outer["valid_until"])


def communes_on(province: str, day: str) -> list[Row]:
    within = {province}
    within |= {
        u["code"] for u in UNITS if u["kind"] == "district" and u["parent_code"] == province and holds_on(u, day)
    }
    return [u for u in UNITS if u["kind"] in COMMUNE_KINDS and u["parent_code"] in within and holds_on(u, day)]


@pytest.mark.parametrize(
    ("day", "thai_nguyen", "bac_kan"),
    [("2022-06-30", 178, 108), ("2024-01-01", 177, 108), ("2025-06-30", 172, 108), ("2025-07-01", 92, 0)],
)
def test_communes_are_counted_exactly_on_the_four_days(day: str, thai_nguyen: int, bac_kan: int) -> None:
    assert len(communes_on(THAI_NGUYEN, day)) == thai_nguyen
    assert len(communes_on(BAC_KAN, day)) == bac_kan


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        ("2024-01-01", {"commune": 126, "ward": 41, "township": 10}),
        ("2025-06-30", {"commune": 121, "ward": 41, "township": 10}),
        ("2025-07-01", {"commune": 77, "ward": 15}),
    ],
)
def test_kinds_of_commune_agree_with_the_resolutions(day: str, kinds: dict[str, int]) -> None:
    assert Counter(unit["kind"] for unit in communes_on(THAI_NGUYEN, day)) == kinds


def test_districts_end_with_the_thirtieth_of_june_2025() -> None:
    districts = [unit for unit in UNITS if unit["kind"] == "district"]
    assert len([unit for unit in districts if holds_on(unit, "2025-06-30")]) == 17
    assert not [unit for unit in districts if holds_on(unit, "2025-07-01")]


@pytest.mark.parametrize("name", FILES)
def test_codes_and_days_are_well_formed(name: str) -> None:
    for row in FILES[name]:
        for column, value in row.items():
            assert value == value.strip(), row
            if column.endswith("valid_from") or column == "on":
                date.fromisoformat(value)
            if column == "valid_until" and value:
                assert date.fromisoformat(value) > date.fromisoformat(row["valid_from"]), row


def test_unit_codes_have_the_length_of_their_level() -> None:
    lengths = {"province": 2, "district": 3}
    for unit in UNITS:
        assert re.fullmatch(rf"\d{{{lengths.get(unit['kind'], 5)}}}", unit["code"]), unit


@pytest.mark.parametrize("table", [UNITS, AGENCIES], ids=["units", "agencies"])
def test_a_code_has_one_row_a_day(table: list[Row]) -> None:
    spans: dict[str, list[tuple[str, str]]] = {}
    for row in table:
        spans.setdefault(row["code"], []).append((row["valid_from"], row["valid_until"] or "9999-12-31"))
    for code, pairs in spans.items():
        ordered = sorted(pairs)
        for (_, until), (following, _) in pairwise(ordered):
            assert until <= following, code


def test_the_parent_of_a_unit_holds_for_its_whole_span() -> None:
    for unit in UNITS:
        if unit["kind"] == "province":
            assert unit["parent_code"] == ""
            continue
        parent = on_day(UNITS, unit["parent_code"], unit["valid_from"])
        assert parent is not None
        assert covers(parent, unit), unit


def test_a_name_begins_with_its_kind() -> None:
    words = {"province": "Tỉnh", "commune": "Xã", "ward": "Phường", "township": "Thị trấn"}
    for unit in UNITS:
        if unit["kind"] == "district":
            assert unit["name"].startswith(("Huyện ", "Thành phố ", "Thị xã "))
        else:
            assert unit["name"].startswith(words[unit["kind"]] + " "), unit


def bare_name(unit: Row) -> str:
    return re.sub(r"^(Thị trấn|Xã|Phường) ", "", unit["name"])


def test_all_new_communes_reuse_a_code_and_half_of_them_under_another_name() -> None:
    renamed = 0
    for unit in communes_on(THAI_NGUYEN, "2025-07-01"):
        before = on_day(UNITS, unit["code"], "2025-06-30")
        assert before is not None, unit
        renamed += bare_name(before) != bare_name(unit)
    assert renamed == 46


def test_every_edge_joins_a_unit_that_ends_to_one_that_begins_on_the_day_of_the_change() -> None:
    units = {(unit["code"], unit["valid_from"]): unit for unit in UNITS}
    days = {change["change"]: change["on"] for change in CHANGES}
    assert len(days) == len(CHANGES)
    for edge in EDGES:
        predecessor = units[edge["predecessor_code"], edge["predecessor_valid_from"]]
        successor = units[edge["successor_code"], edge["successor_valid_from"]]
        assert predecessor["valid_until"] == successor["valid_from"] == days[edge["change"]], edge


def test_no_edge_is_given_twice() -> None:
    pairs = [
        (e["predecessor_code"], e["predecessor_valid_from"], e["successor_code"], e["successor_valid_from"])
        for e in EDGES
    ]
    assert len(set(pairs)) == len(pairs)


def test_every_unit_that_ended_has_an_edge_out_and_every_later_one_an_edge_in() -> None:
    out = {(edge["predecessor_code"], edge["predecessor_valid_from"]) for edge in EDGES}
    into = {(edge["successor_code"], edge["successor_valid_from"]) for edge in EDGES}
    for unit in UNITS:
        key = (unit["code"], unit["valid_from"])
        assert (key in out) == bool(unit["valid_until"]), unit
        assert (key in into) == (unit["valid_from"] > "2020-03-01"), unit


def test_the_change_of_2025_has_283_edges_of_which_six_are_parts_of_three_communes() -> None:
    edges = [edge for edge in EDGES if edge["change"] == "2025-communes"]
    assert Counter(edge["share_kind"] for edge in edges) == {"whole": 277, "part": 6}
    assert len({edge["predecessor_code"] for edge in edges}) == 280
    assert len({edge["successor_code"] for edge in edges}) == 92


def test_a_part_edge_belongs_to_a_divided_unit_and_a_whole_edge_to_an_undivided_one() -> None:
    parts = Counter(edge["predecessor_code"] for edge in EDGES if edge["share_kind"] == "part")
    assert parts == dict.fromkeys(SPLIT_COMMUNES, 2)
    ways = Counter((edge["predecessor_code"], edge["predecessor_valid_from"]) for edge in EDGES)
    for edge in EDGES:
        way_count = ways[edge["predecessor_code"], edge["predecessor_valid_from"]]
        assert (edge["share_kind"], edge["share_percent"], way_count) in {("whole", "100", 1), ("part", "", 2)}, edge


def test_agency_codes_can_begin_a_dossier_number() -> None:
    for agency in AGENCIES:
        assert re.fullmatch(r"[A-Y]\d{2}(\.[A-Z0-9]+)*", agency["code"]), agency
        assert len(agency["code"]) <= 35
        assert agency["phone"] == ""


def test_the_parent_and_the_place_of_an_agency_hold_for_its_whole_span() -> None:
    for agency in AGENCIES:
        place = on_day(UNITS, agency["unit_code"], agency["valid_from"])
        assert place is not None
        assert covers(place, agency), agency
        if agency["parent_code"]:
            parent = on_day(AGENCIES, agency["parent_code"], agency["valid_from"])
            assert parent is not None, agency
            assert covers(parent, agency), agency


def test_the_department_of_2022_ended_in_march_2025_and_five_agencies_took_over() -> None:
    department = on_day(AGENCIES, "H55.LDTBXH", "2022-11-30")
    assert department is not None
    assert department["valid_until"] == "2025-03-01"
    successors = {edge["successor_code"] for edge in TAKEOVERS if edge["predecessor_code"] == "H55.LDTBXH"}
    assert successors == {"H55.SNV", "H55.SYT", "H55.SGDDT", "H55.SNNMT", "H55.CAT"}


def test_takeovers_join_agencies_that_exist() -> None:
    agencies = {(agency["code"], agency["valid_from"]): agency for agency in AGENCIES}
    for edge in TAKEOVERS:
        predecessor = agencies[edge["predecessor_code"], edge["predecessor_valid_from"]]
        successor = agencies[edge["successor_code"], edge["successor_valid_from"]]
        assert predecessor["valid_until"] == edge["on"], edge
        assert holds_on(successor, edge["on"]), edge


def test_assignments_name_agencies_of_their_level_for_their_whole_span() -> None:
    for assignment in ASSIGNMENTS:
        if assignment["level"] == "commune":
            assert assignment["agency_code"] == ""
            continue
        for column in ("agency_code", "division_code"):
            if column == "division_code" and not assignment[column]:
                continue
            agency = on_day(AGENCIES, assignment[column], assignment["valid_from"])
            assert agency is not None, assignment
            assert agency["level"] == assignment["level"], assignment
            assert covers(agency, assignment), assignment


def test_every_field_has_one_provincial_agency_on_every_day_since_the_register_opens() -> None:
    fields = {assignment["field_code"] for assignment in ASSIGNMENTS}
    for field in fields:
        spans = sorted(
            (a["valid_from"], a["valid_until"])
            for a in ASSIGNMENTS
            if a["field_code"] == field and a["level"] == "province"
        )
        assert spans[0][0] == "2020-03-01", field
        assert spans[-1][1] == "", field
        for (_, until), (following, _) in pairwise(spans):
            assert until == following, field


@pytest.mark.parametrize("name", FILES)
def test_every_row_says_how_sure_it_is(name: str) -> None:
    for row in FILES[name]:
        assert row["confidence"] in CONFIDENCES, row
        if "source" in row:
            assert row["source"], row

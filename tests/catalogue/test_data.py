"""The files of procedures are complete, well formed and add up, whatever the database does with them."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

import lienthong.catalogue
import lienthong.units

FOLDER = Path(lienthong.catalogue.__file__).parent / "data"
ASSIGNMENTS = Path(lienthong.units.__file__).parent / "data" / "field_assignments.csv"
CONFIDENCES = {"verified", "secondary", "memory"}
LEVELS = ("commune", "district", "province")
COUNTED = {"process", "consult", "post_notice", "review", "decide"}
UNITS = {"working_day", "calendar_day", "working_hour", "month"}
HOURS_A_DAY = 8
TWO_LEVELS_FROM = date(2025, 7, 1)
Procedure = dict[str, Any]
Version = dict[str, Any]


def read(path: Path) -> list[Procedure]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    procedures: list[Procedure] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    return procedures


FILES = {path.stem: read(path) for path in sorted((FOLDER / "procedures").glob("*.yaml"))}
PROCEDURES = [procedure for procedures in FILES.values() for procedure in procedures]
VERSIONS = [(procedure, version) for procedure in PROCEDURES for version in procedure["versions"]]
PUBLISHED = [(procedure, version) for procedure, version in VERSIONS if procedure["status"] == "published"]
BY_CODE = {procedure["code"]: procedure for procedure in PROCEDURES}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fields() -> list[dict[str, str]]:
    return table(FOLDER / "fields.csv")


def in_force(day: date) -> list[tuple[Procedure, Version]]:
    return [
        (procedure, version)
        for procedure, version in PUBLISHED
        if version["valid_from"] <= day and (version["valid_until"] is None or day < version["valid_until"])
    ]


def at(procedure: Procedure, version: Version) -> str:
    return f"{procedure['code']} {version['valid_from']}"


def test_there_are_187_procedures_in_the_files_of_the_sixteen_fields() -> None:
    assert {field["code"] for field in fields()} == set(FILES)
    assert len(FILES) == 16
    assert len(PROCEDURES) == 187


def test_fields_have_a_vietnamese_and_an_english_name_and_a_competent_agency() -> None:
    assigned = {row["field_code"] for row in table(ASSIGNMENTS)}
    for field in fields():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", field["code"])
        assert field["name_vi"]
        assert field["name_en"]
        assert field["code"] in assigned


def test_codes_are_well_formed_and_given_once() -> None:
    assert len(BY_CODE) == len(PROCEDURES)
    for procedure in PROCEDURES:
        provisional = procedure.get("code_status") == "unknown"
        assert re.fullmatch(r"LT\.[A-Z]+\.\d\d" if provisional else r"[1-6]\.\d{6}", procedure["code"])
    assert sum(code.startswith("LT.") for code in BY_CODE) == 8


def test_procedures_stand_in_the_order_of_their_codes() -> None:
    for procedures in FILES.values():
        codes = [procedure["code"] for procedure in procedures]
        assert codes == sorted(codes)


def test_forty_five_verified_records_are_all_published() -> None:
    verified = [procedure for procedure in PROCEDURES if procedure["confidence"] == "verified"]
    assert len(verified) == 45
    assert {procedure["status"] for procedure in verified} == {"published"}
    assert Counter(procedure["status"] for procedure in PROCEDURES) == {"published": 140, "draft": 47}


def test_predecessors_are_procedures_that_ended_when_their_successor_began() -> None:
    for procedure in PROCEDURES:
        for code in procedure["predecessors"]:
            last = BY_CODE[code]["versions"][-1]
            assert last["valid_until"] == procedure["versions"][0]["valid_from"], (code, procedure["code"])


def test_versions_follow_each_other_without_overlap() -> None:
    for procedure in PROCEDURES:
        assert procedure["versions"]
        for version in procedure["versions"]:
            assert version["valid_until"] is None or version["valid_until"] > version["valid_from"], at(
                procedure, version
            )
        for earlier, later in pairwise(procedure["versions"]):
            assert earlier["valid_until"] is not None, procedure["code"]
            assert earlier["valid_until"] <= later["valid_from"], procedure["code"]


def test_published_versions_say_everything() -> None:
    for procedure, version in PUBLISHED:
        for key in ("items", "steps", "results", "legal_basis", "allowance", "allowance_text", "channels", "source"):
            assert version[key], (at(procedure, version), key)
        assert version["decision"]["issuer"], at(procedure, version)
        assert version["start_page"]["who"], at(procedure, version)
        assert version["start_page"]["gives"], at(procedure, version)


@pytest.mark.parametrize("name", FILES)
def test_every_value_says_how_sure_it_is_and_where_it_is_from(name: str) -> None:
    for procedure in FILES[name]:
        assert {procedure["confidence"], procedure["code_confidence"]} <= CONFIDENCES
        for version in procedure["versions"]:
            assert {version["confidence"], version["supplement_confidence"]} <= CONFIDENCES
            assert version["source"], at(procedure, version)
            assert all(fee["confidence"] in CONFIDENCES for fee in version["fees"])
            if version["decision"]:
                assert version["decision"]["confidence"] in CONFIDENCES
            if "online_level_then" in version:
                assert version["online_level_confidence"] in CONFIDENCES


def test_the_words_of_the_closed_lists_are_used() -> None:
    for procedure, version in VERSIONS:
        where = at(procedure, version)
        assert version["level"] in {"commune", "province", "province_or_commune"}, where
        assert set(version["competent"]) <= set(LEVELS), where
        assert set(version["applicants"]) <= {"citizen", "organization", "public_body"}, where
        assert version["online_level"] in {"full", "partial", "information"}, where
        assert set(version["channels"]) <= {"counter", "online", "post"}, where
        assert version["supplement_rule"] in {"restart", "resume"}, where
        assert all(part["unit"] in UNITS and part["amount"] > 0 for part in version["allowance"]), where
        assert ("online" in version["channels"]) or version["online_level"] != "full", where


def test_items_are_numbered_and_have_the_copies_of_their_kind() -> None:
    for procedure, version in VERSIONS:
        where = at(procedure, version)
        assert [item["number"] for item in version["items"]] == list(range(1, len(version["items"]) + 1)), where
        for item in version["items"]:
            assert item["name"] == item["name"].strip(), where
            assert not re.search(r"\.(docx?|pdf|xlsx?)\b", item["name"], re.IGNORECASE), (where, item["name"])
            match item["kind"]:
                case "submit_original" | "present_only" | "e_form":
                    assert item["originals"] >= 1, (where, item["name"])
                case "submit_copy" | "submit_certified_copy":
                    assert item["originals"] == 0, (where, item["name"])
                    assert item["copies"] >= 1, (where, item["name"])
                case kind:
                    assert kind == "data_lookup", where
                    assert (item["originals"], item["copies"]) == (0, 0), (where, item["name"])
            if item["form"]:
                assert item["form"].casefold() in item["name"].casefold(), (where, item["form"])


def test_steps_begin_with_the_intake_and_end_with_the_return() -> None:
    for procedure, version in VERSIONS:
        steps, where = version["steps"], at(procedure, version)
        if not steps:
            assert not version["allowance"], where
            continue
        assert [step["number"] for step in steps] == list(range(1, len(steps) + 1)), where
        assert (steps[0]["kind"], steps[-1]["kind"]) == ("intake", "return"), where
        for step in steps[1:-1]:
            assert step["kind"] in COUNTED, where
            assert step["place"] == "competent", where
            assert step["agency_level"] in version["competent"], where
            assert step["role"] in {"processor", "division_head", "leader"}, where
        for step in (steps[0], steps[-1]):
            assert (step["role"], step["place"]) == ("receiver", "receiving"), where
        assert [step["kind"] for step in steps].count("decide") == 1, where
        assert steps[-2]["kind"] == "decide", where


def hours(allowance: dict[str, Any]) -> int:
    """An allowance of working time in working hours."""
    return int(allowance["amount"]) * (HOURS_A_DAY if allowance["unit"] == "working_day" else 1)


def test_the_time_of_the_steps_fills_the_parts_of_the_allowance_exactly() -> None:
    for procedure, version in VERSIONS:
        where = at(procedure, version)
        steps = iter([step["allowance"] for step in version["steps"] if step["kind"] in COUNTED])
        for part in version["allowance"]:
            working = part["unit"] == "working_day"
            left = hours(part) if working else part["amount"]
            while left > 0:
                step = next(steps)
                assert step["unit"] in ({"working_day", "working_hour"} if working else {part["unit"]}), where
                left -= hours(step) if working else step["amount"]
            assert left == 0, where
        assert next(steps, None) is None, where


def test_a_chain_is_joint_when_another_level_takes_part() -> None:
    for procedure, version in VERSIONS:
        others = set(version["competent"]) - {version["level"]}
        if version["level"] == "province_or_commune":
            others = set(version["competent"]) - {"province"}
        assert version["joint"] == bool(others), at(procedure, version)


def test_no_chain_runs_through_a_district_after_june_2025() -> None:
    for procedure, version in VERSIONS:
        if version["valid_until"] is None or version["valid_until"] > TWO_LEVELS_FROM:
            assert "district" not in version["competent"], at(procedure, version)


@pytest.mark.parametrize("day", [date(2022, 11, 30), date(2025, 4, 1), date(2026, 11, 23)])
def test_some_agency_is_competent_at_every_level_of_every_chain(day: date) -> None:
    assigned = {
        (row["field_code"], row["level"])
        for row in table(ASSIGNMENTS)
        if row["valid_from"] <= day.isoformat() and (not row["valid_until"] or day.isoformat() < row["valid_until"])
    }
    field_of = {procedure["code"]: field for field, procedures in FILES.items() for procedure in procedures}
    for procedure, version in in_force(day):
        for level in version["competent"]:
            assert (field_of[procedure["code"]], level) in assigned, at(procedure, version)


def test_102_services_in_force_at_the_end_of_november_2022_are_of_level_four() -> None:
    marked = [version for _, version in in_force(date(2022, 11, 30)) if version.get("online_level_then") == 4]
    assert len(marked) == 102
    assert all("online" in version["channels"] for version in marked)
    assert all("online_level_then" not in version for _, version in in_force(date(2026, 11, 23)))


def test_some_procedures_of_every_main_field_are_in_force_in_2022_and_in_2026() -> None:
    for day, count in ((date(2022, 11, 30), 102), (date(2026, 11, 23), 123)):
        codes = [procedure["code"] for procedure, _ in in_force(day)]
        assert len(codes) == len(set(codes)) == count
    assert {"1.001776", "1.001731", "1.001699"} <= {p["code"] for p, _ in in_force(date(2022, 9, 13))}
    assert {"1.001776", "1.001731", "1.001699"} <= {p["code"] for p, _ in in_force(date(2026, 11, 23))}


@pytest.mark.parametrize(
    ("code", "day", "parts"),
    [
        (
            "1.001776",
            date(2022, 11, 30),
            ["7 working_day", "2 working_day", "3 working_day", "7 working_day", "3 working_day"],
        ),
        ("1.001776", date(2025, 7, 1), ["10 working_day"]),
        ("1.001731", date(2022, 11, 30), ["2 working_day", "3 working_day"]),
        ("1.001699", date(2022, 11, 30), ["20 working_day", "5 working_day"]),
        ("1.010803", date(2022, 11, 30), ["5 working_day", "7 working_day", "12 calendar_day"]),
        ("1.010822", date(2022, 11, 30), ["12 calendar_day"]),
        ("1.011607", date(2026, 11, 23), ["15 calendar_day"]),
        ("1.014199", date(2026, 11, 23), ["10 working_day"]),
        ("3.000527", date(2026, 11, 23), ["3 working_day"]),
    ],
)
def test_known_time_limits_are_kept_with_their_unit(code: str, day: date, parts: list[str]) -> None:
    version = next(version for procedure, version in in_force(day) if procedure["code"] == code)
    assert [f"{part['amount']} {part['unit']}" for part in version["allowance"]] == parts


def test_an_unknown_fee_is_not_said_to_be_free() -> None:
    for procedure, version in VERSIONS:
        for fee in version["fees"]:
            assert fee["amount"] >= 0
            assert (fee["amount"] == 0) == fee["note"].startswith("Miễn phí"), at(procedure, version)


def test_texts_are_composed_and_free_of_stray_spaces() -> None:
    for path in FOLDER.rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        assert text == unicodedata.normalize("NFC", text), path.name
        assert not re.search(r"[^\n ] {2,}[^ |]", text) or path.suffix == ".md", path.name

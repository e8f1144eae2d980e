"""The shipped form B in ODK's own engine beside the rules: every field that the form computes, on generated households."""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from lienthong.poverty.survey.answers import computed_from, facts_from
from lienthong.poverty.survey.compiling import compile_form
from lienthong.poverty.survey.reading import Submission, read_submission
from lienthong.poverty.survey.workbooks import shipped_source
from lienthong.rules.poverty.classifying import classify
from lienthong.rules.poverty.facts import HouseholdFacts
from lienthong.rules.poverty.points import CHOICES, column_for, is_dependant, is_pensioner
from lienthong.rules.poverty.standards import PovertyStandard, standard
from tests.poverty.survey.households import HOUSEHOLDS_CSV, VISITS, chains
from tests.poverty.survey.tables import OLD_TABLE, REGION

CHECKOUT = Path(__file__).resolve().parents[3]
ORACLE = Path(__file__).parent / "oracle" / "answer_forms.mjs"
PROCESSES = 2


def node() -> str:
    """Where Node is; the test fails with a sentence where it or the engine is missing, for a second opinion is no luxury."""
    found = shutil.which("node") or shutil.which("node", path=str(Path(sys.prefix) / "node"))
    if found is None or not (CHECKOUT / "node_modules/@getodk/xforms-engine").exists():
        pytest.fail("Node or @getodk/xforms-engine is missing. Run ./lienthong up once, or npm ci in the checkout.")
    return found


def answered(tmp_path: Path, law: PovertyStandard, *, count: int, length: int) -> list[Submission]:
    """Let the engine fill the form; two processes, each with every second chain."""
    form = compile_form(
        shipped_source("phieu-b"), standard=law, version="1", points_table=OLD_TABLE, region_column=REGION
    )
    everything = list(chains(seed=4, count=count, length=length))
    running = []
    for part in range(PROCESSES):
        work = tmp_path / f"work-{part}.json"
        of_part = [asdict(chain) for chain in everything[part::PROCESSES]]
        work.write_text(
            json.dumps({"form": form.xml, "attachments": {"households.csv": HOUSEHOLDS_CSV}, "chains": of_part}),
            "utf-8",
        )
        output = (tmp_path / f"filled-{part}.txt").open("wb")
        process = subprocess.Popen(
            [node(), str(ORACLE), str(work)], stdout=output, stderr=subprocess.PIPE, cwd=CHECKOUT,
            env={**os.environ, "TZ": "Asia/Ho_Chi_Minh"},
        )  # fmt: skip
        running.append((process, output))
    filled: list[Submission] = []
    for part, (process, output) in enumerate(running):
        _, errors = process.communicate()
        output.close()
        assert process.returncode == 0, errors.decode()[-2000:]
        lines = (tmp_path / f"filled-{part}.txt").read_bytes().splitlines()
        filled += [read_submission(line) for line in lines]
    assert len(filled) == count * length
    return filled


def expected(facts: HouseholdFacts, law: PovertyStandard) -> dict[str, Any]:
    """Everything that form B computes, by the rules."""
    assert facts.area is not None
    result = classify(facts, law, points_table=OLD_TABLE, column=column_for(facts.area, REGION))
    assert result.points is not None
    found: dict[str, Any] = {
        "ages": [member.age for member in facts.members],
        "size": len(facts.members),
        "dependants": sum(is_dependant(member, law.definitions) is True for member in facts.members),
        "pensioners": sum(is_pensioner(member, law.definitions) is True for member in facts.members),
        "a_points": result.a_points,
        "b_points": result.b_points,
        "deprivations": result.deprivation_count,
        "result": result.poverty_class,
    }
    for item in result.points.items:
        found[f"a_{item.feature}"] = item.points
        if item.feature in CHOICES and item.feature not in ("wall", "pillar", "roof"):
            found[item.feature] = item.level
    for indicator, one in zip(law.indicators, result.deprivations, strict=True):
        found[f"d_{indicator.field}"] = None if one.is_deprived is None else int(one.is_deprived)
    return found


def differences(filled: list[Submission], law: PovertyStandard) -> list[str]:
    wrong = []
    for number, submission in enumerate(filled):
        facts = facts_from(submission.answers, on=VISITS[0])
        computed = computed_from(submission.answers)
        for name, value in expected(facts, law).items():
            if computed.get(name) != value:
                wrong.append(
                    f"household {number}: {name} is {computed.get(name)!r} in the form, {value!r} by the rules"
                )
    return wrong


def test_the_form_computes_what_the_rules_say(tmp_path: Path) -> None:
    law = standard("2022-2026")
    filled = answered(tmp_path, law, count=14, length=15)
    assert differences(filled, law)[:20] == []
    # The comparison would notice: by another law the same answers give other fields.
    other = replace(law, definitions=replace(law.definitions, weak_structures=1, area_per_person=9))
    noticed = {line.split()[2] for line in differences(filled, other)}
    assert noticed >= {"d_housing_quality", "d_housing_area", "deprivations"}


@pytest.mark.slow
def test_the_form_computes_what_the_rules_say_of_ten_thousand_households(tmp_path: Path) -> None:
    law = standard("2022-2026")
    filled = answered(tmp_path, law, count=100, length=100)
    assert len(filled) >= 10_000
    assert differences(filled, law)[:20] == []
    results = Counter(submission.answers.get("result") for submission in filled)
    assert min(results[one] for one in ("poor", "near_poor", "not_poor", None)) > 50, results
    for indicator in law.indicators:
        assert {submission.answers.get(f"d_{indicator.field}") for submission in filled} >= {"0", "1"}, indicator.code

"""The worked cases, one by one, by the scalar function and by its twin."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lienthong.rules.deadline_text import read_allowance, read_moment
from lienthong.rules.deadlines import due_at
from lienthong.rules.deadlines_vectorised import due_moments
from lienthong.rules.parameters import load_yaml
from lienthong.rules.working_time import official_calendar

CASES: list[dict[str, Any]] = load_yaml(Path(__file__).parent / "one_stop_vectors.yaml")


def moment(value: object) -> str:
    return str(value).replace(" ", "T")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    start, due = read_moment(moment(case["start"])), read_moment(moment(case["due"]))

    result = due_at(start=start, allowance=read_allowance(case["allowance"]), calendar=official_calendar())

    assert result.due_at == due
    assert result.due_at is not None
    assert result.due_at.isoformat().endswith("+07:00")


def test_the_twin_agrees_on_all_of_them() -> None:
    chains = [read_allowance(case["allowance"]) for case in CASES]
    parts = max(map(len, chains))
    starts = np.array([read_moment(moment(case["start"])).timestamp() for case in CASES]).astype("datetime64[s]")
    amounts = np.full((len(chains), parts), -1)
    units = np.full((len(chains), parts), "", dtype="U12")
    for row, chain in enumerate(chains):
        for column, part in enumerate(chain):
            amounts[row, column], units[row, column] = part.amount, part.unit.value

    due = due_moments(starts, amounts, units, official_calendar())

    expected = np.array([read_moment(moment(case["due"])).timestamp() for case in CASES]).astype("datetime64[s]")
    assert (due == expected).all()

"""A province under every programme in one pass, beside one reading of its columns; read out of PostgreSQL; and beside OpenFisca."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, Final

import numpy as np

from lienthong.kernel.decisions import Outcome
from lienthong.ops.bench import machine
from lienthong.ops.bench.entitlements.inventing import TODAY, invent_merit, invent_persons
from lienthong.ops.bench.entitlements.register import FLOOR as REGISTER_FLOOR
from lienthong.ops.bench.entitlements.register import measure_register
from lienthong.ops.bench.entitlements.timing import interleaved
from lienthong.ops.bench.order import Order
from lienthong.ops.bench.report import Measure, Report, grouped
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.merit import vectorised as merit
from lienthong.rules.merit.columns import MeritColumns
from lienthong.rules.social_assistance import vectorised as social
from lienthong.rules.social_assistance.assessing import assess
from lienthong.rules.social_assistance.columns import (
    FALSE,
    ChildColumns,
    PersonColumns,
    code_of,
    facts_at,
)
from lienthong.rules.social_assistance.facts import (
    FLAGS,
    Care,
    MaritalState,
    ParentState,
    PensionRequest,
    PovertyStanding,
)

COUNT, COUNT_QUICK = 1_300_000, 20_000
PEER, PEER_QUICK = 200_000, 5_000
SAMPLE, SAMPLE_QUICK = 5_000, 300
TIMES, TIMES_QUICK = 9, 3
SEED = 202021  # the decree on social assistance
MOST_TIMES: Final = 5.0
MONTH: Final = TODAY.replace(day=1)

FLOOR = "một lượt numpy đọc đúng các cột ấy (tổng mỗi cột): việc ít nhất mà phép tính nào cũng phải làm"


def measure(order: Order) -> Report:
    """Measure the pass over everybody, compare a sample with the rules for one person, and measure beside OpenFisca."""
    count, sample = (COUNT_QUICK, SAMPLE_QUICK) if order.is_quick else (COUNT, SAMPLE)
    times = TIMES_QUICK if order.is_quick else TIMES
    persons, people = invent_persons(count, SEED), invent_merit(count, SEED + 1)
    order.say(
        f"{grouped(count)} người, {grouped(len(people.claims))} diện người có công, mọi chương trình trong một lượt"
    )
    assess_everybody(persons, people)  # the law of the day is read once
    floor, ours = interleaved(
        lambda: read_everything(persons, people), lambda: assess_everybody(persons, people), times=times
    )
    bare, _again = interleaved(
        lambda: touch_everything(persons, people), lambda: read_everything(persons, people), times=times
    )
    order.say(f"{grouped(sample)} người từng người một để so")
    differing = _differing(persons, sample)
    registers = list(measure_register(order, times)) if order.server_url else []
    ratio = ours.middle / floor.middle
    peers = list(_beside_openfisca(order, times))
    return Report(
        name="entitlements",
        floor=f"{FLOOR}; đọc từ cơ sở dữ liệu: {REGISTER_FLOOR}; OpenFisca: cùng một trợ cấp viết theo sổ tay của OpenFisca",
        meaning=(
            f"Xét lại trợ cấp của mọi người trong một tỉnh mất {grouped(ours.middle)} giây, nên đổi một mức chuẩn, một hệ số hay "
            f"một độ tuổi là biết ngay ai thêm, ai bớt; bằng {grouped(ratio)} lần đọc qua dữ liệu một lượt."
            if not differing
            else f"Có {differing} người khác với cách tính từng người: phải sửa trước khi dùng."
        ),
        measures=[
            Measure(
                what=f"{grouped(count)} người: trợ giúp xã hội, hưu trí xã hội, người có công",
                ours=ours.middle, unit="giây", floor=floor.middle, ratio=ratio,
                target=f"≤ {grouped(MOST_TIMES)}×", is_met=ratio <= MOST_TIMES,
                detail={
                    "people": count, "claims": len(people.claims), "children": len(persons.children),
                    "people_per_second": count / ours.middle, **ours.detail("our"), **floor.detail("floor"),
                    "times_a_bare_reading": round(ours.middle / bare.middle, 1), **bare.detail("bare_reading"),
                },
            ),
            Measure(
                what="Khác với cách tính từng người", ours=differing, unit=f"trên {grouped(sample)}", target="0",
                is_met=differing == 0, detail={"sample": sample, "differences": differing},
            ),
            *registers,
            *peers,
        ],
        machine=machine.facts(database=False),
        is_quick=order.is_quick,
    )  # fmt: skip


def read_everything(persons: PersonColumns, people: MeritColumns) -> int:
    """Add up every column that the rules read, once, in whole numbers wide enough for money."""
    return sum(int(column.sum(dtype=np.int64)) for column in _columns(persons, people))


def touch_everything(persons: PersonColumns, people: MeritColumns) -> int:
    """Only look at every column, in its own width: what the memory alone takes."""
    return max(int(column.max()) for column in _columns(persons, people) if len(column))


def _columns(persons: PersonColumns, people: MeritColumns) -> Iterator[Any]:
    for room in (persons, persons.children, people, people.claims):
        for one in fields(room):
            column = getattr(room, one.name)
            if isinstance(column, np.ndarray):
                yield column


def assess_everybody(
    persons: PersonColumns, people: MeritColumns
) -> tuple[social.AssessedColumns, merit.AssessedColumns]:
    """Apply every programme to everybody."""
    return social.assess_columns(persons, on=TODAY), merit.assess_columns(people, on=TODAY)


def _differing(persons: PersonColumns, sample: int) -> int:
    """Count of how many the rules for one person say something else; half of them are people who may be owed something."""
    found = social.assess_columns(persons, on=TODAY)
    rng = np.random.default_rng(SEED)
    owed = np.flatnonzero(found.outcome != social.OUTCOMES.index(Outcome.REFUSED))
    chosen = np.concatenate(
        [
            rng.choice(len(persons), sample // 2, replace=False),
            rng.choice(owed, min(sample // 2, len(owed)), replace=False),
        ]
    )
    differing = 0
    for row in chosen.tolist():
        alone = assess(facts_at(persons, row), on=TODAY)
        same = (int(found.lowest[row]), int(found.highest[row])) == (alone.lowest, alone.highest)
        differing += not (same and social.OUTCOMES[found.outcome[row]] is alone.outcome)
    return differing


def only_disability(persons: PersonColumns) -> PersonColumns:
    """Leave every other ground out, so that the one benefit is all that there can be."""
    count = len(persons)

    def all_of(code: int) -> Any:
        return np.full(count, code, dtype=np.int8)

    flags: dict[str, Any] = {name: all_of(FALSE) for name in FLAGS}
    nobody = np.zeros(0, dtype=np.int32)
    born = persons.birth_earliest
    return replace(
        persons,
        birth_latest=born,
        poverty=all_of(code_of(PovertyStanding.OTHER)),
        father=all_of(code_of(ParentState.CARING)),
        mother=all_of(code_of(ParentState.CARING)),
        marital=all_of(code_of(MaritalState.MARRIED)),
        care=all_of(code_of(Care.NONE)),
        pension_request=all_of(code_of(PensionRequest.NONE)),
        pension=np.zeros(count, dtype=np.int64),
        other_benefit=np.zeros(count, dtype=np.int64),
        has_known_children=np.ones(count, dtype=np.int8),
        children=ChildColumns(
            parent=nobody, birth_earliest=nobody, birth_latest=nobody, is_studying=np.zeros(0, dtype=np.int8)
        ),
        **flags,
    )


def _beside_openfisca(order: Order, times: int) -> Iterator[Measure]:
    """Compute one benefit of the same people with OpenFisca, with all our rules, and compare every answer."""
    try:
        from lienthong.ops.bench.entitlements import by_openfisca as peer
    except ImportError:
        order.say("OpenFisca không có trong môi trường này (chỉ có trong môi trường phát triển); bỏ qua phép so")
        return
    count = PEER_QUICK if order.is_quick else PEER
    order.say(f"{grouped(count)} người, trợ cấp khuyết tật, bên cạnh OpenFisca")
    persons = only_disability(invent_persons(count, SEED + 2))
    system = peer.tax_benefit_system()
    births = persons.birth_earliest.astype("datetime64[D]")
    theirs_of = {one.name: place for place, one in enumerate(peer.Degree)}
    degrees = np.array([theirs_of.get(one.value, theirs_of["mild"]) for one in DisabilityLevel])[persons.disability]
    answers: dict[str, Any] = {}

    def theirs() -> None:
        answers["theirs"] = peer.allowances(system, births, degrees, month=f"{MONTH:%Y-%m}")

    def ours() -> None:
        answers["ours"] = social.assess_columns(persons, on=MONTH)

    theirs()
    ours()
    slow, fast = interleaved(theirs, ours, times=times)
    differing = int(np.sum(answers["theirs"] != answers["ours"].amount))
    yield Measure(
        what=f"{grouped(count)} người, trợ cấp khuyết tật, bên cạnh OpenFisca",
        ours=fast.middle, unit="giây", floor=slow.middle, ratio=fast.middle / slow.middle,
        target="nhanh hơn", is_met=fast.middle < slow.middle,
        detail={"floor": "OpenFisca", "people": count, **fast.detail("our"), **slow.detail("openfisca")},
    )  # fmt: skip
    yield Measure(
        what="Khác với OpenFisca", ours=differing, unit=f"trên {grouped(count)}", target="0", is_met=differing == 0,
        detail={"granted": int(np.count_nonzero(answers["theirs"])), "differences": differing},
    )  # fmt: skip

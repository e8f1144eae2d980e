"""How many durable moves of dossiers a second, beside a bare UPDATE, INSERT and COMMIT of the same shape and durability.

A move is a whole service call by a signed-in officer: lock, authorise, check the table of moves, count the step's time
limit, chain and append the event, write the row that follows. Dossiers go their whole way through five steps. Rounds of
ours and of the floor take turns, so that whatever else the machine does hits both.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import count as iter_count
from itertools import cycle
from statistics import median
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connection, connections

from lienthong.accounts.states import Role
from lienthong.dossiers import integrity
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services import Target
from lienthong.dossiers.states import ReturnWay
from lienthong.infra.models import Event
from lienthong.ops.bench import clients, desk, machine, receipts, scratch
from lienthong.ops.bench.order import Order
from lienthong.ops.bench.report import Measure, Report, grouped

TARGET_RATIO = 2.0
MANY = 8
MOVES_PER_DOSSIER = 6
WARM_UP = 2 * MOVES_PER_DOSSIER
# More moves in a second than a client will make; each client gets dossiers for so many.
FASTEST = {1: 2500, MANY: 800}

FLOOR = (
    "UPDATE một dòng + INSERT một dòng + COMMIT bằng psycopg trên bảng cùng cột, cùng chỉ mục, cùng độ bền ghi, "
    "cùng số máy khách, xen kẽ từng lượt với phép đo của ta"
)


def measure(order: Order) -> Report:
    """Measure moves with one and with eight clients, and receipts at one desk."""
    seconds, rounds = (0.3, 2) if order.is_quick else (2.0, 5)
    needed = {many: int(FASTEST[many] * seconds / MOVES_PER_DOSSIER) + 4 for many in (1, MANY)}
    total = rounds * sum(many * per_client for many, per_client in needed.items())
    order.say(f"Hồ sơ để đo: {total}")
    original = scratch.prepared(
        order.server_url, "moves", {"dossiers": total, "clients": MANY},
        build=lambda: desk.fill(dossiers=total, clients=MANY), fresh=order.is_fresh, say=order.say,
    )  # fmt: skip
    with scratch.copy_of(original) as url:
        scratch.point_django_at(url)
        facts = machine.facts()
        _make_floor()
        place, measures = 0, []
        for many in (1, MANY):
            order.say(f"Chuyển hồ sơ, {many} máy khách")
            pairs = []
            for number in range(rounds):
                pairs.append(_round(number, url, first=place, per_client=needed[many], many=many, seconds=seconds))
                place += many * needed[many]
            measures.append(_summed(pairs, many))
        measures.append(_lost(sum(measure.detail["moves"] for measure in measures)))
        order.say("Tiếp nhận cùng lúc tại một quầy")
        measures += receipts.measure(url, seconds=seconds * 2, many=MANY)
        connections.close_all()
    return Report(
        name="moves", floor=FLOOR, meaning=_meaning(measures), measures=measures, machine=facts, is_quick=order.is_quick
    )


def _round(
    number: int, url: str, *, first: int, per_client: int, many: int, seconds: float
) -> tuple[list[clients.Counted], list[clients.Counted]]:
    """Run ours and the floor once, the one that begins changing from round to round."""

    def ours(client: int) -> clients.Work:
        return _ours(client, first=first + client * per_client, count=per_client)

    def floor(client: int) -> clients.Work:
        return _floor(url, first=first + client * per_client, count=per_client)

    def run(make: clients.MakeWork) -> list[clients.Counted]:
        return clients.run(make, clients=many, seconds=seconds, warm_up=WARM_UP)

    if number % 2:
        beside = run(floor)
        return run(ours), beside
    return run(ours), run(floor)


def _ours(client: int, *, first: int, count: int) -> clients.Work:
    waiting = list(Dossier.objects.order_by("pk")[first : first + count])
    officers = {role: desk.officer(role, client) for role in desk.ROLES}
    moves = _moves(waiting, officers)
    return lambda: next(moves)


def _moves(waiting: list[Dossier], officers: dict[Role, Any]) -> Iterator[None]:
    """Take one dossier after the other through its steps; each ``next`` is one service call."""
    now, spent = desk.NOW, iter_count(1)
    for first in waiting:
        dossier = first
        for role in (Role.PROCESSOR, Role.DIVISION_HEAD):
            dossier = dossiers.claim(_target(dossier), acting_user=officers[role], now=now + _a_bit(spent))
            yield
            passing = dossiers.PassOn(target=_target(dossier), proposal="Đề nghị phê duyệt")
            dossier = dossiers.pass_on(passing, acting_user=officers[role], now=now + _a_bit(spent))
            yield
        approval = dossiers.Approve(target=_target(dossier), document_number="12/GP-SNV")
        dossier = dossiers.approve(approval, acting_user=officers[Role.LEADER], now=now + _a_bit(spent))
        yield
        handing = dossiers.ReturnResult(target=_target(dossier), way=ReturnWay.COUNTER, recipient="Người nộp")
        dossiers.return_result(handing, acting_user=officers[Role.RECEIVER], now=now + _a_bit(spent))
        yield


def _a_bit(spent: Iterator[int]) -> timedelta:
    return timedelta(milliseconds=next(spent))


def _target(dossier: Dossier) -> Target:
    return Target(dossier_id=dossier.pk, seen=dossier.sequence, client_key=uuid4())


def _make_floor() -> None:
    """Make tables of the same columns and indexes, filled with the same rows; only foreign keys are left out."""
    with connection.cursor() as cursor:
        for name in ("dossiers_dossier", "infra_event"):
            cursor.execute(f"CREATE TABLE floor_{name} (LIKE {name} INCLUDING ALL)")
        cursor.execute("INSERT INTO floor_dossiers_dossier SELECT * FROM dossiers_dossier")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


_FLOOR_UPDATE = """
UPDATE floor_dossiers_dossier SET state = %s, agency_id = %s, holder_id = %s, step = %s, step_role = %s, step_due_at = %s,
    sequence = %s, head_hash = %s, updated_at = %s WHERE id = %s
"""
_FLOOR_INSERT = """
INSERT INTO floor_infra_event (stream, sequence, name, payload, actor_id, at, client_key, previous_hash, hash)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def _floor(url: str, *, first: int, count: int) -> clients.Work:
    """Return the bare work: what a move writes, ready-made, and nothing decided."""
    link = psycopg.connect(url)
    found = link.execute("SELECT id FROM floor_dossiers_dossier ORDER BY id OFFSET %s LIMIT %s", [first, count])
    # Each row is written six times in a row, as a dossier is by its six moves.
    rows = cycle([row for (row,) in found.fetchall() for _ in range(MOVES_PER_DOSSIER)])
    numbers = iter_count(1)
    payload = json.dumps(
        {
            "from_step": 2, "to_step": 3, "to_name": "Lãnh đạo phòng xem xét, trình ký", "step_role": "division_head",
            "agency_id": 12, "step_due_at": "2026-11-23T10:00:00.000000+00:00", "proposal": "Đề nghị phê duyệt", "note": "",
        },
        ensure_ascii=False,
    )  # fmt: skip
    roles, digest, now = ("processor", "division_head", "leader"), "a" * 64, desk.NOW
    link.commit()

    def work() -> None:
        number, row = next(numbers), next(rows)
        turn = number % 3
        holder = number % 2 or None
        link.execute(
            _FLOOR_UPDATE, ["in_progress", 12 + turn, holder, 2 + turn, roles[turn], now, number, digest, now, row]
        )
        link.execute(
            _FLOOR_INSERT,
            [f"dossier:{row}", 1000 + number, "StepPassed", payload, 5, now, uuid4(), digest, digest],
        )
        link.commit()

    return work


def _summed(pairs: list[tuple[list[clients.Counted], list[clients.Counted]]], many: int) -> Measure:
    ours = [clients.rate(mine) for mine, _beside in pairs]
    floor = [clients.rate(beside) for _mine, beside in pairs]
    ratios = [beside / mine for mine, beside in zip(ours, floor, strict=True)]
    ratio = median(ratios)
    return Measure(
        what=f"Lượt xử lý, {many} máy khách",
        ours=median(ours),
        unit="lượt/giây",
        floor=median(floor),
        ratio=ratio,
        target=f"≤ {grouped(TARGET_RATIO)}×",
        is_met=ratio <= TARGET_RATIO,
        detail={
            "clients": many,
            "rounds_ours": [round(one) for one in ours],
            "rounds_floor": [round(one) for one in floor],
            "ratios": [round(one, 2) for one in ratios],
            "cpu_us_ours": _cpu([one for mine, _beside in pairs for one in mine]),
            "cpu_us_floor": _cpu([one for _mine, beside in pairs for one in beside]),
            "moves": sum(one.pieces + WARM_UP for mine, _beside in pairs for one in mine),
        },
    )


def _cpu(results: list[clients.Counted]) -> int:
    return round(sum(one.cpu_seconds for one in results) / max(sum(one.pieces for one in results), 1) * 1e6)


def _lost(moves: int) -> Measure:
    """Compare what the clients say they did with what the log says, and every row with its events."""
    told = Event.objects.filter(stream__startswith="dossier:").count() - 2 * Dossier.objects.count()
    differing = len(list(integrity.rows_that_differ_from_their_events()))
    return Measure(
        what="Lượt bị mất, hồ sơ khác nhật ký",
        ours=abs(moves - told) + differing,
        unit="lượt",
        target="0",
        is_met=moves == told and not differing,
        detail={"moves": moves, "in_the_log": told, "rows_that_differ": differing},
    )


def _meaning(measures: list[Measure]) -> str:
    one, many = measures[0], measures[1]
    return (
        f"Một lượt xử lý trọn vẹn tốn {grouped(one.ratio or 0)} lần một lần ghi trần khi một mình, "
        f"{grouped(many.ratio or 0)} lần khi {MANY} người cùng làm. {grouped(many.ours)} lượt mỗi giây là hơn nhu cầu của "
        "một tỉnh nhiều lần; giới hạn là bộ xử lý của máy này (máy khách và PostgreSQL chung lõi) và tốc độ ghi bền của đĩa."
    )

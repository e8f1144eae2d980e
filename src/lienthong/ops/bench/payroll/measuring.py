"""Everything that is measured of a month of payments, as one report."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.test import override_settings

from lienthong.ops.bench import machine, scratch
from lienthong.ops.bench.order import Order
from lienthong.ops.bench.payroll import floors, granted, inventing, stages
from lienthong.ops.bench.payroll.stages import Ran, apart
from lienthong.ops.bench.report import Measure, Report, grouped
from lienthong.payments import sources
from lienthong.payments.health import months_paid_twice, runs_told_otherwise, runs_with_other_totals
from lienthong.payments.models import PaymentLine

LINES, LINES_QUICK = 200_000, 2_000
TIMES = 4
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
MOST_TIMES_THE_FLOOR, MOST_GROWTH, MOST_GB = 7.0, 4.6, 0.4

FLOOR = (
    "mỗi bước có mốc riêng trong cùng lần đo, trên bảng cùng cột, ràng buộc kiểm tra, chỉ mục, độ bền ghi, không khóa ngoại: "
    + "; ".join(f"{stage}: {words}" for stage, words in floors.WORDS.items())
)
WORDS = {
    "prepare": "Lập danh sách", "sign": "Kiểm tra và duyệt", "release": "Chuyển chi trả", "export": "Xuất tệp cho ngân hàng",
    "take_in": "Nhập và đối soát trả lời", "next": "Lập danh sách tháng sau",
}  # fmt: skip


def measure(order: Order) -> Report:
    """Measure a month of so many lines, and of a quarter of them."""
    lines = LINES_QUICK if order.is_quick else LINES
    with_grants = list(granted.measure(order))
    _owe()
    facts = machine.facts(database=False)
    small = _month(lines // TIMES, order)
    large = _month(lines, order, with_floors=True)
    measures = [
        *(_stage(stage, large, lines) for stage in WORDS),
        *(_memory(stage, small, large, lines, is_quick=order.is_quick) for stage in WORDS),
        *(_growth(stage, small.costs[stage], large.costs[stage]) for stage in WORDS),
        *with_grants,
        Measure(
            what="Khoản mất, trùng hoặc sai số tiền", ours=large.wrong, unit="khoản", target="0", is_met=not large.wrong,
            detail=large.counts,
        ),
    ]  # fmt: skip
    whole = sum(ran.seconds for stage, ran in large.costs.items() if stage != "next")
    return Report(
        name="payroll", floor=FLOOR,
        meaning=(
            f"Một tháng {grouped(lines)} khoản đi từ danh sách đến đối soát xong mất {grouped(whole)} giây máy làm; bốn người ký mất lâu hơn. "
            "Máy dừng lúc nào cũng làm lại được từ đầu trong chừng ấy thời gian."
            if not large.wrong else "Có khoản mất hoặc trùng: phải sửa trước khi dùng."
        ),
        measures=measures, machine=facts, is_quick=order.is_quick,
    )  # fmt: skip


def _owe() -> None:
    if inventing.CrowdSource.code not in sources.registered():
        sources.register(inventing.CrowdSource())


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What a month of lines cost, stage by stage, and whether it is right.

    Attributes:
        costs: By stage.
        floors: The least that anybody would have to do, by stage; empty where it was not measured.
        line_bytes: How large a line itself is, written out.
        wrong: How many lines are lost, there twice or of another amount.
        counts: How many lines ended how.
    """

    costs: Mapping[str, Ran]
    floors: Mapping[str, Ran]
    line_bytes: float
    wrong: int
    counts: Mapping[str, int]


def _month(lines: int, order: Order, *, with_floors: bool = False) -> Month:
    """Let a month of so many lines go its way, and prepare the next."""
    order.say(f"{grouped(lines)} người, mỗi người một khoản")
    original = scratch.prepared(
        order.server_url, f"payroll{lines}", {"people": lines}, build=partial(inventing.fill, lines), fresh=order.is_fresh,
        say=order.say,
    )  # fmt: skip
    with (
        scratch.copy_of(original) as url,
        tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as name,
        override_settings(FILES_DIR=Path(name) / "files"),
    ):
        scratch.point_django_at(url)
        folder, costs = Path(name), {}
        for stage in ("prepare", "sign", "release", "export"):
            order.say(WORDS[stage])
            costs[stage] = apart(partial(getattr(stages, stage), NOVEMBER))
            if stage == "prepare":
                apart(partial(_keep_lines, NOVEMBER, folder))
        apart(partial(stages.let_the_bank_answer, NOVEMBER, folder))
        order.say(WORDS["take_in"])
        costs["take_in"] = apart(partial(stages.take_in, NOVEMBER, folder))
        order.say(WORDS["next"])
        costs["next"] = apart(partial(stages.prepare, DECEMBER))
        beside = _floors(folder, order) if with_floors else {}
        wrong, counts = _wrong(lines)
        connections.close_all()
        line_bytes = (folder / f"lines{NOVEMBER:%m}").stat().st_size / lines
    return Month(costs=costs, floors=beside, line_bytes=line_bytes, wrong=wrong, counts=counts)


def _keep_lines(month: date, folder: Path) -> None:
    floors.copy_out(floors.LINES, folder / f"lines{month:%m}", condition=f"run_id = {stages.run_of(month).pk}")


def _floors(folder: Path, order: Order) -> dict[str, Ran]:
    """Do the least of each stage, each in a process of its own as the stage itself."""
    order.say("Mốc của từng bước")
    november, december = folder / f"lines{NOVEMBER:%m}", folder / f"lines{DECEMBER:%m}"
    booked, answers = folder / "booked", [folder / "report.xml", folder / "statement.xml"]
    apart(partial(_keep_lines, DECEMBER, folder))
    apart(partial(floors.copy_out, floors.STATEMENT_LINES, booked, condition="true"))
    apart(floors.prepare_rest)
    work: dict[str, Callable[[], None]] = {
        "prepare": partial(floors.copy_in, floors.LINES, november), "sign": floors.sign, "release": floors.release,
        "export": partial(floors.export, NOVEMBER, folder / "orders"), "take_in": partial(floors.take_in, answers, booked),
    }  # fmt: skip
    costs = {stage: apart(one) for stage, one in work.items()}
    apart(floors.let_go_of_what_did_not_arrive)
    return {**costs, "next": apart(partial(floors.copy_in, floors.LINES, december))}


def _wrong(people: int) -> tuple[int, Mapping[str, int]]:
    """Count people who hold, in any state that is not over, another amount for a month than they are owed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT person_id, for_month FROM payments_paymentline"
            " WHERE is_live OR (resumed_by_id IS NULL AND state <> 'cancelled') GROUP BY person_id, for_month"
            " HAVING sum(amount) = 500000 + person_id %% 5 * 125000) AS exact",
            [],
        )
        exact = cursor.fetchone()[0]
    wrong = abs(2 * people - exact)
    wrong += sum(1 for check in (runs_with_other_totals, months_paid_twice, runs_told_otherwise) for _found in check())
    states = PaymentLine.objects.order_by().values_list("run__month", "state", "pk").iterator()
    counts: dict[str, int] = {}
    for month, state, _pk in states:
        counts[f"{month:%m} {state}"] = counts.get(f"{month:%m} {state}", 0) + 1
    return wrong, counts


def _stage(stage: str, month: Month, lines: int) -> Measure:
    """Put the seconds of a stage beside those of its floor; only the list itself has a limit set by them."""
    ran, floor = month.costs[stage], month.floors[stage]
    ratio = ran.seconds / floor.seconds
    is_small, is_quick_enough = ran.peak_gb <= MOST_GB, ratio <= MOST_TIMES_THE_FLOOR
    limits = stage == "prepare"
    return Measure(
        what=f"{WORDS[stage]}: {grouped(lines)} khoản", ours=ran.seconds, unit="giây", floor=floor.seconds, ratio=ratio,
        target=(f"≤ {grouped(MOST_TIMES_THE_FLOOR)}× mốc, " if limits else "") + f"≤ {MOST_GB} GB",
        is_met=is_small and (is_quick_enough or not limits),
        detail={
            **ran.memory(), "lines_per_second": round(lines / ran.seconds), "floor": floors.WORDS[stage],
        },
    )  # fmt: skip


def _memory(stage: str, small: Month, large: Month, lines: int, *, is_quick: bool) -> Measure:
    """Say by how many bytes the memory of a stage grows for each line more, beside the size of a line itself."""
    more = lines - lines // TIMES
    grown = max(large.costs[stage].peak_gb - small.costs[stage].peak_gb, 0.0) * 1024**3 / more
    return Measure(
        what=f"{WORDS[stage]}: bộ nhớ tăng thêm cho mỗi khoản", ours=grown, unit="byte", floor=large.line_bytes,
        ratio=grown / large.line_bytes, target="≤ chính khoản ấy",
        is_met=None if is_quick else grown <= large.line_bytes,  # of few lines, what every process grows by is more
        detail={
            "small_peak_gb": round(small.costs[stage].peak_gb, 4), "large_peak_gb": round(large.costs[stage].peak_gb, 4),
            "line_bytes": round(large.line_bytes),
        },
    )  # fmt: skip


def _growth(stage: str, small: Ran, large: Ran) -> Measure:
    times = large.seconds / small.seconds
    return Measure(
        what=f"{WORDS[stage]}: {TIMES} lần số khoản, mấy lần thời gian", ours=times, unit="lần", target=f"≤ {MOST_GROWTH}",
        is_met=times <= MOST_GROWTH,
        detail={"small": round(small.seconds, 3), "large": round(large.seconds, 3)},
    )  # fmt: skip

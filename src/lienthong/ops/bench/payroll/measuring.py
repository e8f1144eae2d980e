"""Everything that is measured of a month of payments, as one report."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.test import override_settings

from lienthong.ops.bench import machine, scratch
from lienthong.ops.bench.order import Order
from lienthong.ops.bench.payroll import inventing, stages
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
    "COPY đúng các dòng ấy vào một bảng cùng cột, cùng ràng buộc kiểm tra, cùng chỉ mục, cùng độ bền ghi, cùng lần đo: không tính, "
    "không so với tháng trước, không khóa ngoại"
)
WORDS = {
    "prepare": "Lập danh sách", "sign": "Kiểm tra và duyệt", "release": "Chuyển chi trả", "export": "Xuất tệp cho ngân hàng",
    "take_in": "Nhập và đối soát trả lời", "next": "Lập danh sách tháng sau",
}  # fmt: skip
GROWING = ("prepare", "export", "take_in", "next")


def measure(order: Order) -> Report:
    """Measure a month of so many lines, and of a quarter of them."""
    lines = LINES_QUICK if order.is_quick else LINES
    _owe()
    facts = machine.facts(database=False)
    small, _floor, _wrong, _small_counts = _month(lines // TIMES, order)
    large, floor, wrong, counts = _month(lines, order)
    measures = [
        _prepared(large["prepare"], floor, lines),
        *(
            Measure(
                what=f"{words}: {grouped(lines)} khoản", ours=large[stage].seconds, unit="giây",
                target=f"≤ {MOST_GB} GB", is_met=large[stage].peak_gb <= MOST_GB,
                detail={"peak_gb": round(large[stage].peak_gb, 3), "lines_per_second": round(lines / large[stage].seconds)},
            )
            for stage, words in WORDS.items() if stage != "prepare"
        ),
        *(_growth(stage, small[stage], large[stage]) for stage in GROWING),
        Measure(what="Khoản mất, trùng hoặc sai số tiền", ours=wrong, unit="khoản", target="0", is_met=not wrong, detail=counts),
    ]  # fmt: skip
    whole = sum(ran.seconds for stage, ran in large.items() if stage != "next")
    return Report(
        name="payroll", floor=FLOOR,
        meaning=(
            f"Một tháng {grouped(lines)} khoản đi từ danh sách đến đối soát xong mất {grouped(whole)} giây máy làm; bốn người ký mất lâu hơn. "
            "Máy dừng lúc nào cũng làm lại được từ đầu trong chừng ấy thời gian."
            if not wrong else "Có khoản mất hoặc trùng: phải sửa trước khi dùng."
        ),
        measures=measures, machine=facts, is_quick=order.is_quick,
    )  # fmt: skip


def _owe() -> None:
    if inventing.CrowdSource.code not in sources.registered():
        sources.register(inventing.CrowdSource())


def _month(lines: int, order: Order) -> tuple[dict[str, Ran], Ran, int, Mapping[str, int]]:
    """Let a month of so many lines go its way, and prepare the next. Return what each stage cost, the floor, and what is wrong."""
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
        apart(partial(stages.let_the_bank_answer, NOVEMBER, folder))
        order.say(WORDS["take_in"])
        costs["take_in"] = apart(partial(stages.take_in, NOVEMBER, folder))
        order.say(WORDS["next"])
        costs["next"] = apart(partial(stages.prepare, DECEMBER))
        apart(partial(stages.copy_out, NOVEMBER, folder / "lines"))
        order.say("Mốc")
        floor = apart(partial(stages.copy_in, folder / "lines"))
        wrong, counts = _wrong(lines)
        connections.close_all()
    return costs, floor, wrong, counts


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


def _prepared(ran: Ran, floor: Ran, lines: int) -> Measure:
    ratio = ran.seconds / floor.seconds
    return Measure(
        what=f"{WORDS['prepare']}: {grouped(lines)} khoản", ours=ran.seconds, unit="giây", floor=floor.seconds, ratio=ratio,
        target=f"≤ {grouped(MOST_TIMES_THE_FLOOR)}× mốc, ≤ {MOST_GB} GB",
        is_met=ratio <= MOST_TIMES_THE_FLOOR and ran.peak_gb <= MOST_GB,
        detail={"peak_gb": round(ran.peak_gb, 3), "lines_per_second": round(lines / ran.seconds)},
    )  # fmt: skip


def _growth(stage: str, small: Ran, large: Ran) -> Measure:
    times = large.seconds / small.seconds
    return Measure(
        what=f"{WORDS[stage]}: {TIMES} lần số khoản, mấy lần thời gian", ours=times, unit="lần", target=f"≤ {MOST_GROWTH}",
        is_met=times <= MOST_GROWTH,
        detail={"small": round(small.seconds, 3), "large": round(large.seconds, 3), "small_peak_gb": round(small.peak_gb, 3)},
    )  # fmt: skip

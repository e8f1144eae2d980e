"""The list of a month as a province has it: benefits with their rates and grounds, asked of the programmes themselves."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from lienthong.assistance.states import Benefit, Programme
from lienthong.infra import bulk
from lienthong.ops.bench import scratch
from lienthong.ops.bench.order import Order
from lienthong.ops.bench.payroll import floors, inventing, stages
from lienthong.ops.bench.payroll.inventing import NOW
from lienthong.ops.bench.payroll.stages import Ran, apart
from lienthong.ops.bench.report import Measure, grouped
from lienthong.payments.models import PaymentLine
from lienthong.people.models import Person

PEOPLE, PEOPLE_QUICK = 60_000, 600
MOST_MINUTES: Final = 5
MOST_GB: Final = 0.4
_MONTHS: Final = {
    date(2026, 11, 1): "Tháng đầu: từng tháng từ tháng 7 có mức mới", date(2026, 12, 1): "Tháng sau: cả những gì đã đổi",
}  # fmt: skip
_SINCE: Final = date(2024, 7, 1)
_RATES: Final = ((_SINCE, date(2026, 7, 1), 500_000), (date(2026, 7, 1), None, 540_000))
_WORDS: Final = "Mức chuẩn {base} đồng nhân hệ số {tenths} phần mười của nhóm người khuyết tật nặng."


def measure(order: Order) -> Iterator[Measure]:
    """Measure the list of a first month and of the month after it, of people with benefits of their own."""
    people = PEOPLE_QUICK if order.is_quick else PEOPLE
    order.say(f"{grouped(people)} người hưởng với quyết định, mức và căn cứ của chương trình")
    original = scratch.prepared(
        order.server_url, "payrollgranted", {"people": people}, build=partial(_fill, people), fresh=order.is_fresh, say=order.say,
    )  # fmt: skip
    with scratch.copy_of(original) as url, tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as name:
        scratch.point_django_at(url)
        for month, words in _MONTHS.items():
            ran = apart(partial(stages.prepare, month))
            kept = Path(name) / f"{month:%m}"
            apart(partial(floors.copy_out, floors.LINES, kept, condition=f"run_id = {stages.run_of(month).pk}"))
            floor = apart(partial(floors.copy_in, floors.LINES, kept))
            yield _told(words, ran, floor, PaymentLine.objects.filter(run__month=month).count(), people)


def _told(words: str, ran: Ran, floor: Ran, lines: int, people: int) -> Measure:
    return Measure(
        what=f"Danh sách của {grouped(people)} người hưởng thật. {words}", ours=ran.seconds, unit="giây", floor=floor.seconds,
        ratio=ran.seconds / floor.seconds, target=f"≤ {MOST_MINUTES} phút, ≤ {MOST_GB} GB",
        is_met=lines >= people and ran.seconds <= 60 * MOST_MINUTES and ran.peak_gb <= MOST_GB,
        detail={
            "lines": lines, "lines_per_second": round(lines / ran.seconds), **ran.memory(), "floor": floors.WORDS["prepare"],
        },
    )  # fmt: skip


def _fill(people: int) -> None:
    inventing.fill(people)
    first = bulk.take_ids("assistance_entitlement", people)
    everybody = list(Person.objects.order_by("pk").values_list("pk", "unit_id"))
    bulk.copy_lines(
        "assistance_entitlement",
        ("id", "person_id", "programme", "benefit", "unit_id", "payee_id", "payee_ground", "state", "first_month",
         "ended_because", "dossier_code", "decision_number", "decided_on", "source"),
        (
            bulk.line((
                first + place, person, Programme.SOCIAL, Benefit.PERSONAL, unit, person, "self", "active", _SINCE,
                "", "", f"{place}/QĐ-UBND", _SINCE, "đo tốc độ",
            ))
            for place, (person, unit) in enumerate(everybody)
        ),
    )  # fmt: skip
    bulk.copy_lines(
        "assistance_entitlementrate",
        ("entitlement_id", "first_month", "end_month", "amount", "basis", "words", "recorded_at"),
        (
            bulk.line((
                first + place, since, end, base * tenths // 10, json.dumps(_basis(base, tenths)),
                _WORDS.format(base=base, tenths=tenths), NOW,
            ))
            for place in range(people) for tenths in [10 + place % 4 * 5] for since, end, base in _RATES
        ),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _basis(base: int, tenths: int) -> dict[str, object]:
    words = _WORDS.format(base=base, tenths=tenths)
    line = {"code": "6b", "words": words, "amount": base * tenths // 10, "reference": "20/2021/NĐ-CP, Điều 6 khoản 1"}
    return {
        "category": "6b",
        "lines": [line],
        "known_on": "2026-11-01",
        "facts": "0" * 16,
        "starts": {"6b": f"{_SINCE}"},
    }

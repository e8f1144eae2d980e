"""Counting how good registers are, every night, and keeping each month as it was on its last night."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from lienthong.infra import locks
from lienthong.infra.events import canonical, record
from lienthong.kernel.days import local_day
from lienthong.verification.events import QualityFrozen
from lienthong.verification.models import QualityFigure, Register
from lienthong.verification.quality import Part
from lienthong.verification.queries.quality import counted_by_commune


@transaction.atomic
def count_quality(*, register_ids: Iterable[int] | None = None, now: datetime) -> int:
    """Count the running month anew. What stood there for it is replaced; other months are not touched.

    Đếm chỉ số đúng, đủ, sạch, sống của tháng đang chạy.

    Args:
        register_ids: Only these registers; None for all.
        now: The moment.

    Returns:
        How many rows were written, one per register and commune.
    """
    locks.hold("verification:quality")
    today = local_day(now)
    month = today.replace(day=1)
    wanted = list(Register.objects.order_by("id").values_list("id", flat=True))
    if register_ids is not None:
        wanted = [one for one in wanted if one in set(register_ids)]
    frozen = set(_frozen(month).values_list("register_id", flat=True))
    wanted = [one for one in wanted if one not in frozen]
    rows = [
        QualityFigure(
            register_id=row["register_id"],
            commune_id=row["commune_id"],
            month=month,
            entries=row["entries"],
            **{f"{part}_entries": row["detail"][part]["yes"] for part in Part},
            detail=row["detail"],
            counted_at=now,
        )
        for row in counted_by_commune(wanted, on=today)
    ]
    QualityFigure.objects.filter(month=month, register__in=wanted, frozen_at=None).delete()
    QualityFigure.objects.bulk_create(rows, batch_size=2000)
    return len(rows)


@transaction.atomic
def freeze_quality(*, now: datetime) -> int:
    """Freeze every month that is over, as it was counted last while it ran. A second call finds nothing to do.

    Chốt chỉ số chất lượng của tháng đã qua.

    Returns:
        How many months of registers were frozen.
    """
    locks.hold("verification:quality")
    running = local_day(now).replace(day=1)
    open_rows = QualityFigure.objects.filter(month__lt=running, frozen_at=None).order_by("register_id", "month", "id")
    by_month: dict[tuple[int, date], list[QualityFigure]] = {}
    for row in open_rows.select_related("register"):
        by_month.setdefault((row.register_id, row.month), []).append(row)
    for (register_id, month), rows in by_month.items():
        QualityFigure.objects.filter(register=register_id, month=month, frozen_at=None).update(frozen_at=now)
        told = {str(row.commune_id): [row.entries, row.detail] for row in rows}
        fact = QualityFrozen(
            register_id=register_id,
            month=month,
            communes=len(rows),
            digest=hashlib.sha256(canonical(told).encode()).hexdigest(),
        )
        record(fact, stream=rows[0].register.stream, actor_id=None, at=now)
    return len(by_month)


def _frozen(month: date) -> QuerySet[QualityFigure]:
    return QualityFigure.objects.filter(month=month, frozen_at__isnull=False)

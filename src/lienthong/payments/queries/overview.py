"""What a run comes to, by programme, commune, channel and state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from lienthong.payments import policies, sources
from lienthong.payments.models import PaymentRun
from lienthong.payments.states import Channel, LineState
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit

_TOTALS = """
SELECT source, benefit, place, channel, state, grouping(source), grouping(place), grouping(channel), grouping(state),
    count(*), sum(amount)::bigint, sum(deducted)::bigint, count(DISTINCT person_id)
FROM payments_paymentline
    LEFT JOIN unnest(%(before)s::bigint[], %(heirs)s::bigint[]) AS became (unit_before, heir) ON unit_before = unit_id,
    LATERAL (SELECT COALESCE(heir, unit_id)) AS placed (place)
WHERE run_id = %(run)s AND (%(units)s::bigint[] IS NULL OR unit_id = ANY(%(units)s))
    AND (state <> 'held' OR NOT %(planned)s) AND (%(source)s = '' OR source = %(source)s)
GROUP BY GROUPING SETS ((source, benefit), (place), (channel), (state), ())
ORDER BY source, benefit, place, channel, state
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """How many lines of how many people, and how much: before deductions, and kept back, in đồng."""

    key: str
    label: str
    lines: int = 0
    people: int = 0
    amount: int = 0
    deducted: int = 0

    @property
    def net(self) -> int:
        """What reaches people."""
        return self.amount - self.deducted


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The totals of a run as far as the user may see it. Tổng hợp đợt chi trả.

    ``by_unit`` has the commune's id as key, ``by_benefit`` source and benefit joined by a colon. Held lines are in ``by_state``
    only.
    """

    whole: Total
    by_source: tuple[Total, ...]
    by_benefit: tuple[Total, ...]
    by_unit: tuple[Total, ...]
    by_channel: tuple[Total, ...]
    by_state: tuple[Total, ...]


def seen_units(user: Any, *, on: date, commune: str = "") -> list[int] | None:
    """Return the communes whose lines the user may see, with those that were absorbed by them, or of them those of one code.

    None is all.
    """
    if commune:
        rows = AdministrativeUnit.objects.filter(policies.visible_to(user, on=on, path="pk"))
        return sorted(rows.filter(units.of_code("pk", commune, on=on)).values_list("pk", flat=True))
    if policies.sees_province(user, on=on):
        return None
    return sorted(units.with_absorbed(policies.communes_of(user, on=on), on=on))


def month_overview(run: PaymentRun, user: Any, *, on: date, source: str = "", map_on: date | None = None) -> Overview:
    """Return what a run comes to, by programme, benefit, commune, channel and state.

    Args:
        run: Of which.
        user: Who asks; only what they may see is counted.
        on: Today.
        source: Of one programme; empty: of all.
        map_on: Draw it on the map of this day: what was absorbed whole counts to its heir. None: each line where it was paid.
    """
    heirs = units.successions().sole_heirs(map_on) if map_on else {}
    with connection.cursor() as cursor:
        values = {
            "run": run.pk, "units": seen_units(user, on=on), "source": source, "before": list(heirs),
            "heirs": list(heirs.values()),
        }  # fmt: skip
        cursor.execute(_TOTALS, {**values, "planned": True})
        rows = cursor.fetchall()
        cursor.execute(_TOTALS, {**values, "planned": False})
        every = cursor.fetchall()
    benefits = [row for row in rows if not row[5]]
    by_commune = [row for row in rows if not row[6]]
    names = dict(AdministrativeUnit.objects.filter(pk__in=[row[2] for row in by_commune]).values_list("pk", "name"))
    by_benefit = tuple(_total(f"{row[0]}:{row[1]}", sources.benefit_label(row[0], row[1]), row) for row in benefits)
    by_unit = [_total(str(row[2]), names.get(row[2], str(row[2])), row) for row in by_commune]
    whole = next((row for row in rows if all(row[5:9])), None)
    return Overview(
        whole=_total("", "", whole) if whole else Total(key="", label=""),
        by_source=_by_source(benefits),
        by_benefit=by_benefit,
        by_unit=tuple(sorted(by_unit, key=lambda total: (-total.amount, total.label))),
        by_channel=tuple(
            _total(row[3], str(Channel(row[3]).label) if row[3] else "", row) for row in rows if not row[7]
        ),
        by_state=tuple(_total(row[4], str(LineState(row[4]).label), row) for row in every if not row[8]),
    )


def _by_source(benefits: Sequence[tuple[Any, ...]]) -> tuple[Total, ...]:
    """Add the benefits of each source up; somebody with two benefits counts twice among ``people``."""
    totals = []
    for code in dict.fromkeys(row[0] for row in benefits):
        own = [row for row in benefits if row[0] == code]
        totals.append(
            Total(
                key=code, label=sources.label_of(code), lines=sum(row[9] for row in own), people=sum(row[12] for row in own),
                amount=sum(row[10] for row in own), deducted=sum(row[11] for row in own),
            )
        )  # fmt: skip
    return tuple(totals)


def _total(key: str, label: str, row: Sequence[Any]) -> Total:
    return Total(key=key, label=label, lines=row[9], people=row[12], amount=row[10] or 0, deducted=row[11] or 0)

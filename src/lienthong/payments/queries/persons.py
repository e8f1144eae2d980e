"""What a person was and is paid, for the page of a person, for the person, and for the programme that owes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum

from lienthong.payments import policies
from lienthong.payments.models import PaymentLine
from lienthong.payments.states import LineState

_IN_A_ROW = """
WITH missed AS (
    SELECT person_id, benefit, for_month FROM payments_paymentline
    WHERE source = %(source)s AND for_month <= %(month)s AND (%(people)s::bigint[] IS NULL OR person_id = ANY(%(people)s))
    GROUP BY person_id, benefit, for_month
    HAVING bool_or(state = 'uncollected') AND NOT bool_or(state = 'paid')
),
rows AS (
    SELECT person_id, benefit, for_month, for_month
        - make_interval(months => (row_number() OVER (PARTITION BY person_id, benefit ORDER BY for_month))::int) AS island
    FROM missed
)
SELECT person_id, benefit, count(*) FROM rows
GROUP BY person_id, benefit, island HAVING max(for_month) = %(month)s AND count(*) >= %(least)s
ORDER BY person_id, benefit
"""

_UP_TO_EACH_MONTH = """
WITH missed AS (
    SELECT source, person_id, benefit, for_month FROM payments_paymentline WHERE person_id = ANY(%(people)s)
    GROUP BY source, person_id, benefit, for_month
    HAVING bool_or(state = 'uncollected') AND NOT bool_or(state = 'paid')
),
rows AS (
    SELECT *, for_month - make_interval(
        months => (row_number() OVER (PARTITION BY source, person_id, benefit ORDER BY for_month))::int
    ) AS island
    FROM missed
)
SELECT source, person_id, benefit, for_month,
    row_number() OVER (PARTITION BY source, person_id, benefit, island ORDER BY for_month)
FROM rows
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCollected:
    """How many months in a row, up to the one asked for, a person did not collect a benefit."""

    person_id: int
    benefit: str
    months: int


def payments_of_person(person_id: int) -> QuerySet[PaymentLine]:
    """Return what a person is paid, or receives for somebody, newest month first; nothing of what was cancelled.

    Lịch sử chi trả của một người. Whoever calls has asked whether the user may see this person.
    """
    return _shown(Q(person=person_id) | Q(payee=person_id))


def payments_to_organization(organization_id: int, *, user: Any, on: date) -> QuerySet[PaymentLine]:
    """Return what an organisation is paid for those whom the user may see, newest month first; nothing of what was cancelled.

    Lịch sử chi trả cho một tổ chức. Whoever calls has asked whether the user may see this organisation.
    """
    return _shown(Q(payee_organization=organization_id) & policies.visible_to(user, on=on))


def _shown(whose: Q) -> QuerySet[PaymentLine]:
    return (
        PaymentLine.objects.filter(whose)
        .exclude(state=LineState.CANCELLED)
        .select_related("run", "person", "payee", "payee_organization", "unit")
        .defer("basis")
        .order_by("-for_month", "-run__month", "-run__number", "-number")
    )


def deducted_total(source: str, person_id: int, benefit: str) -> int:
    """Return how many đồng live lines keep back of a person's benefit, of whatever month."""
    lines = PaymentLine.objects.filter(source=source, person=person_id, benefit=benefit, is_live=True)
    total: int = lines.aggregate(total=Sum("deducted", default=0))["total"]
    return total


def uncollected_in_a_row(
    source: str, month: date, *, at_least: int = 1, person_ids: Collection[int] | None = None
) -> list[NotCollected]:
    """Return who did not collect a benefit for so many months in a row up to ``month``.

    A month counts where money lay ready and was not collected, and none arrived for it later.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _IN_A_ROW,
            {
                "source": source, "month": month.replace(day=1), "least": at_least,
                "people": None if person_ids is None else list(person_ids),
            },
        )  # fmt: skip
        return [NotCollected(person_id=row[0], benefit=row[1], months=row[2]) for row in cursor.fetchall()]


def months_missed(person_ids: Collection[int]) -> dict[tuple[str, int, str, date], int]:
    """Return of every month that these people did not collect which one in a row it is, by (source, person, benefit, month)."""
    with connection.cursor() as cursor:
        cursor.execute(_UP_TO_EACH_MONTH, {"people": list(person_ids)})
        return {(row[0], row[1], row[2], row[3]): row[4] for row in cursor.fetchall()}

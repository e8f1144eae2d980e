"""What ``./lienthong doctor`` asks of entitlements: whether months, decisions and money hang together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.db import connection

from lienthong.infra.health import register_check

_SHOWN: Final = 20

_WITHOUT_RATE: Final = """
SELECT e.id, to_char(now() AT TIME ZONE 'Asia/Ho_Chi_Minh', 'MM/YYYY') FROM assistance_entitlement e
WHERE e.state = 'active' AND e.benefit NOT IN ('one_off', 'yearly')
    AND e.first_month <= date_trunc('month', now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
    AND NOT EXISTS (
        SELECT FROM assistance_entitlementrate r WHERE r.entitlement_id = e.id AND r.superseded_at IS NULL
            AND r.first_month <= date_trunc('month', now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
            AND (r.end_month IS NULL OR r.end_month > date_trunc('month', now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
    )
ORDER BY e.id LIMIT %s
"""
_AFTER_THE_END: Final = """
SELECT DISTINCT e.id, to_char(e.last_month, 'MM/YYYY') FROM assistance_entitlement e
JOIN assistance_entitlementrate r ON r.entitlement_id = e.id AND r.superseded_at IS NULL AND r.amount > 0
WHERE e.last_month IS NOT NULL AND (r.end_month IS NULL OR r.end_month > (e.last_month + interval '1 month')::date)
ORDER BY e.id LIMIT %s
"""
_WHILE_SUSPENDED: Final = """
SELECT DISTINCT e.id, to_char(e.suspended_from, 'MM/YYYY') FROM assistance_entitlement e
JOIN assistance_entitlementrate r ON r.entitlement_id = e.id AND r.superseded_at IS NULL AND r.amount > 0
WHERE e.state = 'suspended' AND (r.end_month IS NULL OR r.end_month > e.suspended_from)
ORDER BY e.id LIMIT %s
"""
_DEAD: Final = """
SELECT e.id, to_char(p.died_on, 'DD/MM/YYYY') FROM assistance_entitlement e JOIN people_person p ON p.id = e.person_id
WHERE e.state <> 'ended' AND p.died_on IS NOT NULL ORDER BY e.id LIMIT %s
"""
_ONE_SUM: Final = """
SELECT r.entitlement_id, to_char(r.first_month, 'MM/YYYY') FROM assistance_entitlementrate r
WHERE r.superseded_at IS NULL AND jsonb_array_length(r.basis->'lines') > 0
    AND r.amount <> (SELECT sum((line->>'amount')::bigint) FROM jsonb_array_elements(r.basis->'lines') AS line)
ORDER BY 1, r.first_month LIMIT %s
"""
_UNTOLD: Final = """
SELECT e.id, e.decision_number FROM assistance_entitlement e
WHERE NOT EXISTS (SELECT FROM infra_event v WHERE v.stream = 'entitlement:' || e.id AND v.name = 'EntitlementGranted')
ORDER BY e.id LIMIT %s
"""


def _found(question: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, [_SHOWN])
        return list(cursor.fetchall())


def active_without_a_rate() -> Iterator[str]:
    """Name benefits that are received and of which no amount is known for this month."""
    for pk, month in _found(_WITHOUT_RATE):
        yield f"Quyết định hưởng {pk}: đang hưởng nhưng không có mức cho tháng {month}; hãy tính lại mức hưởng"


def paid_after_the_end() -> Iterator[str]:
    """Name benefits that have ended and still pay a month."""
    for pk, month in _found(_AFTER_THE_END):
        yield f"Quyết định hưởng {pk}: đã thôi hưởng sau tháng {month} nhưng còn mức cho tháng sau"


def paid_while_suspended() -> Iterator[str]:
    """Name benefits that are suspended and still pay a month."""
    for pk, month in _found(_WHILE_SUSPENDED):
        yield f"Quyết định hưởng {pk}: tạm dừng từ tháng {month} nhưng còn mức cho tháng sau đó"


def received_by_the_dead() -> Iterator[str]:
    """Name benefits of people who have died."""
    for pk, day in _found(_DEAD):
        yield f"Quyết định hưởng {pk}: người hưởng chết ngày {day} nhưng chưa thôi hưởng"


def sums_that_differ() -> Iterator[str]:
    """Name rates whose lines do not add up to their amount."""
    for pk, month in _found(_ONE_SUM):
        yield f"Quyết định hưởng {pk}: mức từ tháng {month} khác tổng các khoản trong căn cứ"


def granted_by_nobody() -> Iterator[str]:
    """Name benefits that nobody granted by the log."""
    for pk, number in _found(_UNTOLD):
        yield f"Quyết định hưởng {pk} ({number}): không ai quyết định theo nhật ký"


def register_checks() -> None:
    """Offer these checks to the doctor."""
    register_check("Mỗi khoản đang hưởng có mức cho tháng này", active_without_a_rate)
    register_check("Không khoản nào còn mức sau khi thôi hưởng", paid_after_the_end)
    register_check("Không khoản nào còn mức khi tạm dừng", paid_while_suspended)
    register_check("Không người đã chết nào còn hưởng", received_by_the_dead)
    register_check("Mức hưởng bằng tổng các khoản trong căn cứ", sums_that_differ)
    register_check("Mỗi quyết định hưởng có trong nhật ký", granted_by_nobody)

"""What ``./lienthong doctor`` asks of accounts: is every right the one that somebody granted?"""

from collections.abc import Iterator

from django.db import connection

from lienthong.infra.health import register_check

_SHOWN = 20

# Each mandate as the log tells it, beside the row: where the two differ, one of them was changed without the other.
_DIFFERING = """
WITH told AS MATERIALIZED (
    SELECT id AS event_id, name, stream, actor_id, payload, (payload->>'mandate_id')::bigint AS mandate_id
    FROM infra_event WHERE name IN ('MandateGranted', 'MandateEnded', 'MandateWithdrawn')
),
ended AS (
    SELECT DISTINCT ON (mandate_id) mandate_id, name, payload FROM told
    WHERE name <> 'MandateGranted' ORDER BY mandate_id, event_id DESC
),
granted AS (
    SELECT told.mandate_id, told.stream, told.payload->>'role_name' AS role_name,
        jsonb_build_array(told.stream, told.actor_id, told.payload->'role', told.payload->'agency_code',
            told.payload->'fields', told.payload->'valid_from', coalesce(ended.payload, told.payload)->'valid_until') AS says
    FROM told LEFT JOIN ended USING (mandate_id)
    WHERE told.name = 'MandateGranted' AND ended.name IS DISTINCT FROM 'MandateWithdrawn'
),
held AS (
    SELECT mandate.id AS mandate_id, 'account:' || mandate.user_id AS stream, mandate.role AS role_name,
        jsonb_build_array('account:' || mandate.user_id, mandate.granted_by_id, mandate.role, agency.code,
            mandate.fields, mandate.valid_from, mandate.valid_until) AS says
    FROM accounts_mandate AS mandate JOIN units_agency AS agency ON agency.id = mandate.agency_id
)
SELECT mandate_id, coalesce(held.stream, granted.stream), held.says IS NULL, granted.says IS NULL
FROM held FULL JOIN granted USING (mandate_id)
WHERE held.says IS DISTINCT FROM granted.says ORDER BY mandate_id LIMIT %s
"""


def mandates_not_granted() -> Iterator[str]:
    """Name the mandates that say something else than the log, or that only one of the two knows."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERING, [_SHOWN])
        for mandate_id, stream, is_gone, is_untold in cursor.fetchall():
            what = f"Phân công số {mandate_id} của tài khoản số {stream.removeprefix('account:')}"
            if is_gone:
                yield f"{what}: nhật ký còn, trong bảng không còn"
            elif is_untold:
                yield f"{what}: không ai phân công theo nhật ký. Hãy kết thúc phân công này và hỏi ai đã thêm."
            else:
                yield f"{what}: vai trò, cơ quan, lĩnh vực hoặc thời gian khác với nhật ký"


def register_checks() -> None:
    """Offer these checks to the doctor."""
    register_check("Mỗi phân công đúng như nhật ký", mandates_not_granted)

"""What ``./lienthong doctor`` asks of social assistance: was every support granted, for that amount, and can it be paid?"""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Q

from lienthong.assistance.models import FuneralSupport
from lienthong.infra.health import register_check

_SHOWN = 20

_GRANTED_OTHERWISE = """
WITH told AS MATERIALIZED (
    SELECT stream, payload->>'dossier_code' AS dossier_code, jsonb_build_array(payload->'dossier_code',
        payload->'died_on', payload->'amount', payload->'reasons', actor_id) AS says
    FROM infra_event WHERE name = 'FuneralSupportGranted'
),
there AS (
    SELECT 'funeral-support:' || id AS stream, dossier_code,
        jsonb_build_array(dossier_code, died_on, amount, reasons, granted_by) AS says
    FROM assistance_funeralsupport
)
SELECT coalesce(there.dossier_code, told.dossier_code), there.says IS NULL, told.says IS NULL
FROM there FULL JOIN told USING (stream)
WHERE there.says IS DISTINCT FROM told.says ORDER BY 1 LIMIT %s
"""

_EMERGENCIES_OTHERWISE = """
WITH told AS MATERIALIZED (
    SELECT stream, payload->>'grant_id' AS grant_id, jsonb_build_array(payload->'person_id', payload->'kind',
        payload->'happened_on', payload->'amount', payload->'rice_kg', actor_id) AS says
    FROM infra_event WHERE name = 'EmergencyGranted'
),
there AS (
    SELECT 'emergency-grant:' || id AS stream, id::text AS grant_id,
        jsonb_build_array(person_id, kind, happened_on, amount, rice_kg, granted_by_id) AS says
    FROM assistance_emergencygrant
)
SELECT coalesce(there.grant_id, told.grant_id), there.says IS NULL, told.says IS NULL
FROM there FULL JOIN told USING (stream)
WHERE there.says IS DISTINCT FROM told.says ORDER BY 1 LIMIT %s
"""


_TOP_UPS_OTHERWISE = """
WITH told AS MATERIALIZED (
    SELECT payload->>'top_up_id' AS top_up_id, jsonb_build_array(payload->'grant_id', payload->'before', payload->'amount',
        actor_id) AS says
    FROM infra_event WHERE name = 'TopUpGranted'
),
there AS (
    SELECT id::text AS top_up_id, jsonb_build_array(coalesce(funeral_support_id, death_grant_id, emergency_grant_id), before,
        amount, granted_by_id) AS says
    FROM assistance_topup
)
SELECT coalesce(there.top_up_id, told.top_up_id), there.says IS NULL, told.says IS NULL
FROM there FULL JOIN told USING (top_up_id)
WHERE there.says IS DISTINCT FROM told.says ORDER BY 1 LIMIT %s
"""


def top_ups_granted_otherwise() -> Iterator[str]:
    """Name the top-ups that say something else than the log, or that only one of the two knows."""
    with connection.cursor() as cursor:
        cursor.execute(_TOP_UPS_OTHERWISE, [_SHOWN])
        for number, is_gone, is_untold in cursor.fetchall():
            what = f"Bổ sung chênh lệch số {number} trong bảng"
            if is_gone:
                yield f"{what}: nhật ký còn, trong bảng không còn"
            elif is_untold:
                yield f"{what}: không ai quyết định theo nhật ký"
            else:
                yield f"{what}: quyết định gốc, số tiền hoặc người quyết định khác với nhật ký"


def emergencies_granted_otherwise() -> Iterator[str]:
    """Name the emergency grants that say something else than the log, or that only one of the two knows."""
    with connection.cursor() as cursor:
        cursor.execute(_EMERGENCIES_OTHERWISE, [_SHOWN])
        for number, is_gone, is_untold in cursor.fetchall():
            what = f"Trợ giúp khẩn cấp số {number} trong bảng"
            if is_gone:
                yield f"{what}: nhật ký còn, trong bảng không còn"
            elif is_untold:
                yield f"{what}: không ai quyết định theo nhật ký"
            else:
                yield f"{what}: người, loại, ngày, số tiền, số gạo hoặc người quyết định khác với nhật ký"


def supports_granted_otherwise() -> Iterator[str]:
    """Name the supports that say something else than the log, or that only one of the two knows."""
    with connection.cursor() as cursor:
        cursor.execute(_GRANTED_OTHERWISE, [_SHOWN])
        for code, is_gone, is_untold in cursor.fetchall():
            what = f"Hỗ trợ chi phí mai táng theo hồ sơ {code}"
            if is_gone:
                yield f"{what}: nhật ký còn, trong bảng không còn"
            elif is_untold:
                yield f"{what}: không ai quyết định theo nhật ký"
            else:
                yield f"{what}: số tiền, ngày chết, lý do hoặc người quyết định khác với nhật ký"


def supports_that_nobody_is_paid() -> Iterator[str]:
    """Name the supports that no run of payments can pay: nobody of the registers receives them, or no commune pays."""
    rows = FuneralSupport.objects.filter(Q(payee=None) | Q(unit=None), withdrawn_at=None).order_by("granted_at", "pk")
    for support in rows[:_SHOWN]:
        lacks = "người nhận trong dữ liệu dân cư" if support.payee_id is None else "nơi chi trả"
        yield f"Hỗ trợ chi phí mai táng theo hồ sơ {support.dossier_code}: không đợt nào trả được, vì chưa biết {lacks}"


def register_checks() -> None:
    """Offer these checks to the doctor."""
    register_check("Mỗi khoản hỗ trợ chi phí mai táng đúng như nhật ký", supports_granted_otherwise)
    register_check("Mỗi khoản trợ giúp khẩn cấp đúng như nhật ký", emergencies_granted_otherwise)
    register_check("Mỗi khoản bổ sung chênh lệch đúng như nhật ký", top_ups_granted_otherwise)
    register_check("Khoản hỗ trợ chi phí mai táng nào cũng có người nhận và nơi chi trả", supports_that_nobody_is_paid)

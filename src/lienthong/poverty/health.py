"""What ``./lienthong doctor`` asks of the review: do tables, classes and scores still say what was approved and decided?"""

from collections.abc import Iterator

from django.db import connection

from lienthong.infra.health import register_check
from lienthong.poverty.models import PointsTableVersion
from lienthong.poverty.services.points import digest_of
from lienthong.poverty.states import ApprovalState

_SHOWN = 20

_APPROVED_DIGESTS = (
    "SELECT (payload->>'table_id')::bigint, payload->>'digest' FROM infra_event WHERE name = 'PointsTableApproved'"
)
_DECIDED_WITHOUT_STANDING = """
SELECT household.code, review.final_class, standing.household_class
FROM poverty_householdreview AS review
JOIN poverty_recognitiondecision AS decision ON decision.id = review.decision_id AND decision.state = 'signed'
JOIN people_household AS household ON household.id = review.household_id
LEFT JOIN poverty_householdstanding AS standing ON standing.review_id = review.id
WHERE review.final_class IS NOT NULL AND review.visit_state <> 'gone'
    AND standing.household_class IS DISTINCT FROM review.final_class
ORDER BY household.code LIMIT %s
"""
_SCORED_OTHERWISE = """
SELECT household.code, review.surveyed_class, score.outcome
FROM poverty_householdreview AS review
JOIN poverty_score AS score ON score.id = review.deciding_score_id
JOIN people_household AS household ON household.id = review.household_id
WHERE review.visit_state = 'visited' AND (score.outcome IS DISTINCT FROM review.surveyed_class
    OR score.a_points IS DISTINCT FROM review.a_points OR score.b_points IS DISTINCT FROM review.b_points)
ORDER BY household.code LIMIT %s
"""


def tables_changed_after_approval() -> Iterator[str]:
    """Name the points tables whose content is not what the log says was approved."""
    with connection.cursor() as cursor:
        cursor.execute(_APPROVED_DIGESTS)
        approved = dict(cursor.fetchall())
    for version in PointsTableVersion.objects.filter(state=ApprovalState.APPROVED).order_by("pk"):
        if approved.get(version.pk) != version.digest or version.digest != digest_of(
            version.content, tuple(version.columns)
        ):
            yield f"Bảng điểm “{version.name}” (chuẩn {version.standard_id}, phiên bản {version.number}): khác với lúc duyệt"


def households_decided_otherwise() -> Iterator[str]:
    """Name the households that hold another class than the signed decision gave them."""
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED_WITHOUT_STANDING, [_SHOWN])
        for code, decided, held in cursor.fetchall():
            yield f"Hộ {code}: quyết định ghi {decided}, phân loại theo thời gian ghi {held or 'chưa có'}"


def households_scored_otherwise() -> Iterator[str]:
    """Name the households whose row says something else than the score that decides."""
    with connection.cursor() as cursor:
        cursor.execute(_SCORED_OTHERWISE, [_SHOWN])
        for code, shown, computed in cursor.fetchall():
            yield f"Hộ {code}: danh sách ghi {shown or 'chưa rõ'}, kết quả chấm điểm là {computed or 'chưa rõ'}, hoặc khác điểm"


def register_checks() -> None:
    """Offer these checks to the doctor."""
    register_check("Bảng điểm B1 đúng như lúc duyệt", tables_changed_after_approval)
    register_check("Phân loại hộ đúng như quyết định đã ký", households_decided_otherwise)
    register_check("Danh sách rà soát đúng như kết quả chấm điểm", households_scored_otherwise)

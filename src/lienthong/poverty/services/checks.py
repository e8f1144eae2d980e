"""What makes a visit worth a second look. Nothing here changes a result: a person looks, and clears or sends somebody again.

Each check is one statement over the visits of the commune; thresholds are parameters (``poverty/checks``). Numbers far out are
told by the median and the median absolute deviation, which a few wild values do not move.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import local_day
from lienthong.people.models import HouseholdMembership
from lienthong.poverty import policies
from lienthong.poverty.events import FlagCleared
from lienthong.poverty.models import Visit, VisitFlag
from lienthong.poverty.states import AreaKind, FlagKind, FormKind, SubmissionState
from lienthong.rules.parameters import load_parameter

_METRES_PER_DEGREE = 111_320
# The median absolute deviation of a normal distribution, times this, is its standard deviation.
_AS_DEVIATION = 1.4826


class FlagRefused(Exception):
    """Base of why a flag is not cleared, in words."""


class NoteNeeded(FlagRefused):
    """Nobody may clear a flag without saying what they found."""

    def __init__(self) -> None:
        super().__init__(_("Chưa ghi kết luận. Hãy ghi ngắn gọn đã xem gì và vì sao không cần khảo sát lại."))


class NotYours(FlagRefused):
    """The user may see the flag and not clear it."""

    def __init__(self) -> None:
        super().__init__(_("Chỉ cán bộ phụ trách rà soát của xã, phường mới kết luận. Hãy báo người phụ trách."))


class OwnVisit(FlagRefused):
    """Whoever made the visit does not judge it."""

    def __init__(self) -> None:
        super().__init__(_("Đây là lượt khảo sát của chính bạn. Hãy nhờ người khác xem và kết luận."))


class FlagNotFound(NotFound):
    """There is no such flag, or none that this user may see."""


def threshold(name: str, on: date) -> int:
    """Return a threshold of the checks as it holds on a day."""
    return int(load_parameter(f"poverty/checks:{name}").dated_value_on(on).value)


@transaction.atomic
def check_visit(visit_id: int, *, now: datetime) -> list[VisitFlag]:
    """Try every check on one visit and raise what is found. Done again, it raises nothing twice.

    Kiểm tra một lượt khảo sát.

    Returns:
        The flags that were found.
    """
    visits = Visit.objects.select_related("review__commune_review", "review__household", "submission")
    visit = visits.filter(pk=visit_id, form_id=FormKind.B).first()
    if visit is None:
        return []
    flags = [
        VisitFlag(visit=visit, kind=kind, words=words[:500], raised_at=now)
        for kind, check in _CHECKS.items()
        for words in check(visit, local_day(visit.ended_at))
    ]
    VisitFlag.objects.bulk_create(flags, ignore_conflicts=True)
    return flags


@transaction.atomic
def flag_missing_photos(*, now: datetime) -> int:
    """Flag the counting visits whose photos have not come for a day.

    Thiếu ảnh.

    Returns:
        How many were flagged.
    """
    before = now - timedelta(hours=threshold("photo_wait_hours", local_day(now)))
    visits = Visit.objects.filter(
        is_current=True,
        submission__state=SubmissionState.ACCEPTED,
        submission__completed_at=None,
        submission__received_at__lt=before,
    ).exclude(flags__kind=FlagKind.MEDIA_MISSING)
    flags = [
        VisitFlag(
            visit=visit,
            kind=FlagKind.MEDIA_MISSING,
            words="Ảnh ghi trong phiếu chưa được gửi về. Hãy nhắc điều tra viên mở máy và gửi tiếp.",
            raised_at=now,
        )
        for visit in visits.order_by("pk")
    ]
    VisitFlag.objects.bulk_create(flags, ignore_conflicts=True)
    return len(flags)


@transaction.atomic
def clear_flag(flag_id: int, *, note: str, acting_user: User, now: datetime) -> None:
    """Note that an officer has looked at a flag and why nothing follows from it. Done twice, the first note stays.

    Xem xong một dấu hiệu.

    Raises:
        FlagNotFound: None that the user may see.
        FlagRefused: In words.
    """
    today = local_day(now)
    seen = policies.visible_to(acting_user, on=today, path="visit__review__commune_review__unit")
    flags = VisitFlag.objects.select_for_update(of=("self",)).select_related("visit__review__commune_review")
    flag = flags.filter(seen, pk=flag_id).first()
    if flag is None:
        raise FlagNotFound(flag_id)
    review = flag.visit.review
    if not policies.runs_commune(acting_user, review.commune_review.unit_id, on=today):
        raise NotYours
    if flag.visit.visited_by_id == acting_user.pk:
        raise OwnVisit
    if not note.strip():
        raise NoteNeeded
    if flag.cleared_at is None:
        flag.cleared_at, flag.cleared_by, flag.note = now, acting_user, note.strip()[:300]
        flag.save(update_fields=["cleared_at", "cleared_by", "note"])
        fact = FlagCleared(review_id=review.pk, flag_id=flag.pk, kind=str(FlagKind(flag.kind).label))
        record(fact, stream=review.stream, actor_id=acting_user.pk, at=now)


def _too_fast(visit: Visit, on: date) -> Iterator[str]:
    spent = visit.ended_at - visit.started_at
    if spent < timedelta(minutes=threshold("quick_visit_minutes", on)):
        minutes, seconds = divmod(int(spent.total_seconds()), 60)
        yield f"Khảo sát trong {minutes} phút {seconds} giây."


def _copied(visit: Visit, on: date) -> Iterator[str]:
    mine = Visit.objects.filter(
        review__commune_review=visit.review.commune_review, form_id=visit.form_id, visited_by=visit.visited_by,
        is_current=True,
    ).exclude(review=visit.review)  # fmt: skip
    same = mine.filter(answers_digest=visit.answers_digest)
    names = list(same.order_by("ended_at", "pk").values_list("review__head_name", flat=True)[:3])
    if not names:
        return
    members, total = len(visit.answers.get("members") or ()), mine.count() + 1
    share = 100 * (same.count() + 1) / total
    is_many = total >= threshold("compared_from_visits", on) and share > threshold("copied_share_percent", on)
    if members >= threshold("copied_from_members", on) or is_many:
        yield f"Mọi câu trả lời giống hệt hộ {', '.join(names)}."


_DISTANCE_FROM_THE_MIDDLE = """
WITH seen AS (
    SELECT v.id, {number} AS number FROM poverty_score s JOIN poverty_visit v ON v.id = s.visit_id
    JOIN poverty_householdreview r ON r.id = v.review_id
    WHERE r.commune_review_id = %s AND v.is_current AND v.form_id = %s
), middle AS (
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY number) AS value, count(*) AS visits
    FROM seen WHERE number IS NOT NULL
), spread AS (
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(number - middle.value)) AS value
    FROM seen, middle WHERE number IS NOT NULL
)
SELECT seen.number, middle.value, spread.value, middle.visits FROM seen, middle, spread
WHERE seen.id = %s AND seen.number IS NOT NULL
"""
# What is compared, the words for it, and a spread below which nobody is far out.
_MEMBERS = "jsonb_array_length(s.facts->'members')::float"
_AREA = "(s.facts->>'housing_area_m2')::float / nullif(jsonb_array_length(s.facts->'members'), 0)"
_NUMBERS = ((_MEMBERS, "Số nhân khẩu", "người", 1.0), (_AREA, "Diện tích ở mỗi người", "m²", 4.0))


def _outlier(visit: Visit, on: date) -> Iterator[str]:
    told = []
    for number, what, unit, least in _NUMBERS:
        with connection.cursor() as cursor:
            statement = _DISTANCE_FROM_THE_MIDDLE.format(number=number)
            cursor.execute(statement, [visit.review.commune_review_id, visit.form_id, visit.pk])
            row = cursor.fetchone()
        if row is None or row[3] < threshold("compared_from_visits", on):
            continue
        value, middle, spread, _visits = row
        if abs(value - middle) > threshold("outlier_deviations", on) * max(spread * _AS_DEVIATION, least):
            told.append(f"{what}: {_plain(value)} {unit}, trung vị của xã là {_plain(middle)} {unit}.")
    if told:
        yield " ".join(told)


def _far_away(visit: Visit, on: date) -> Iterator[str]:
    if visit.latitude is None or visit.longitude is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY v.latitude),"
            " percentile_cont(0.5) WITHIN GROUP (ORDER BY v.longitude), count(*)"
            " FROM poverty_visit v JOIN poverty_householdreview r ON r.id = v.review_id"
            " WHERE r.commune_review_id = %s AND v.latitude IS NOT NULL AND v.is_current AND v.id <> %s",
            [visit.review.commune_review_id, visit.pk],
        )
        latitude, longitude, count = cursor.fetchone()
        if count < threshold("compared_from_visits", on):
            return
        cursor.execute(f"SELECT {_METRES}", [visit.latitude, latitude, visit.longitude, longitude, latitude])
        (metres,) = cursor.fetchone()
    if metres > threshold("far_away_metres", on) + (visit.accuracy_m or 0):
        yield f"Vị trí cách nơi các hộ khác của xã được khảo sát khoảng {metres / 1000:.0f} km."


# Near enough at the distances of a commune: a degree of longitude is shorter by the cosine of the latitude.
_METRES = (
    f"{_METRES_PER_DEGREE} * sqrt(power(%s - %s::float, 2) + power((%s - %s::float) * cos(radians(%s::float)), 2))"
)


def _same_place(visit: Visit, on: date) -> Iterator[str]:
    if visit.latitude is None or visit.longitude is None:
        return
    reach = threshold("same_place_metres", on) / _METRES_PER_DEGREE
    near = Visit.objects.filter(
        review__commune_review=visit.review.commune_review,
        form_id=visit.form_id,
        is_current=True,
        visited_by=visit.visited_by,
        latitude__range=(visit.latitude - reach, visit.latitude + reach),
        longitude__range=(visit.longitude - reach, visit.longitude + reach),
    ).exclude(review=visit.review)
    households = near.count()
    if households >= threshold("same_place_households", on):
        yield f"Vị trí trùng với {households} hộ khác do cùng một người khảo sát."


def _contradiction(visit: Visit, on: date) -> Iterator[str]:
    told = []
    members = len(visit.answers.get("members") or ())
    registered = HouseholdMembership.objects.valid_on(on).filter(household=visit.review.household).count()
    if registered and abs(members - registered) >= threshold("register_members_apart", on):
        told.append(f"Phiếu ghi {members} nhân khẩu, sổ hộ có {registered}.")
    area = visit.answers.get("area")
    if area in AreaKind.values and area != visit.review.area:
        told.append(f"Máy ghi khu vực {AreaKind(area).label}, danh sách ghi {AreaKind(visit.review.area).label}.")
    if told:
        yield " ".join(told)


_CHECKS: dict[FlagKind, Callable[[Visit, date], Iterator[str]]] = {
    FlagKind.TOO_FAST: _too_fast,
    FlagKind.COPIED: _copied,
    FlagKind.OUTLIER: _outlier,
    FlagKind.FAR_AWAY: _far_away,
    FlagKind.SAME_PLACE: _same_place,
    FlagKind.CONTRADICTION: _contradiction,
}


def _plain(value: float) -> str:
    """Return a number as people here write it."""
    return f"{value:.3g}".replace(".", ",")

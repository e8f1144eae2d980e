"""Questions about administrative units: which one a code meant on a day, and what became of it."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from lienthong.kernel.days import Span, format_day
from lienthong.kernel.text import fold
from lienthong.units.models import AdministrativeUnit, UnitSuccession
from lienthong.units.states import COMMUNE_KINDS

_LEAST_SIMILAR = 0.5


class UnitUnknown(LookupError):
    """No unit had this code on this day; the message says when the code was in use."""


@dataclass(frozen=True, slots=True)
class Descendant:
    """What a unit, or a part of it, had become by a day.

    ``is_certain`` holds when all of the unit lies in this one; otherwise somebody must say which part is meant.
    """

    unit: AdministrativeUnit
    is_certain: bool


def get_unit(unit_id: int) -> AdministrativeUnit:
    """Return one place.

    Raises:
        UnitUnknown: There is none.
    """
    unit: AdministrativeUnit | None = AdministrativeUnit.objects.filter(pk=unit_id).first()
    if unit is None:
        raise UnitUnknown(f"Không có đơn vị hành chính số {unit_id}. Hãy chọn lại trong danh sách.")
    return unit


def unit_on(code: str, day: date) -> AdministrativeUnit:
    """Return the unit that had ``code`` on ``day``, with the units above it.

    Raises:
        UnitUnknown: There was none.
    """
    units = AdministrativeUnit.objects.valid_on(day)
    unit: AdministrativeUnit | None = units.select_related("parent__parent").filter(code=code).first()
    if unit is None:
        raise UnitUnknown(_when_in_use(code, day))
    return unit


def unit_now(code: str, day: date) -> AdministrativeUnit:
    """Return the unit that has a code on a day; where none has, what the last one that had it has become by then.

    Raises:
        UnitUnknown: There was none, or it was divided; the message names the parts.
    """
    try:
        return unit_on(code, day)
    except UnitUnknown:
        rows = AdministrativeUnit.objects.filter(code=code, valid_until__lte=day).order_by("-valid_until")
        last: AdministrativeUnit | None = rows.first()
        if last is None:
            raise
    heirs = [one.unit for one in descendants_on(last, day)]
    if len(heirs) != 1:
        names = ", ".join(f"{one.name} ({one.code})" for one in heirs) or "chưa rõ nơi nào"
        raise UnitUnknown(f"{last.name} (mã {code}) đã chia về nhiều nơi: {names}. Hãy chọn một mã trong số này.")
    return heirs[0]


def _when_in_use(code: str, day: date) -> str:
    rows = AdministrativeUnit.objects.filter(code=code).order_by("valid_from")
    spans = "; ".join(f"{row.name} {Span(row.valid_from, row.valid_until)}" for row in rows)
    known = f"Mã này chỉ thuộc về: {spans}." if spans else "Hãy kiểm tra lại mã."
    return f"Ngày {format_day(day)} không có đơn vị hành chính nào mang mã {code}. {known}"


def successors_of(unit: AdministrativeUnit) -> list[UnitSuccession]:
    """Return the direct edges to what followed the unit, each with its share and change."""
    edges = UnitSuccession.objects.filter(predecessor=unit).select_related("successor", "change")
    return list(edges.order_by("successor__sort_key"))


def predecessors_of(unit: AdministrativeUnit) -> list[UnitSuccession]:
    """Return the direct edges from what the unit was made of, each with its share and change."""
    edges = UnitSuccession.objects.filter(successor=unit).select_related("predecessor", "change")
    return list(edges.order_by("predecessor__sort_key"))


def descendants_on(unit: AdministrativeUnit, day: date) -> list[Descendant]:
    """Return what the unit had become by ``day``, through every change on the way, by name.

    A unit that still is what it was is its own only descendant. One that was divided has several, none of them
    certain, unless its parts came together again.

    Raises:
        ValueError: The unit began after ``day``.
    """
    if day < unit.valid_from:
        raise ValueError(f"{unit.name} chỉ có từ {format_day(unit.valid_from)}, sau ngày {format_day(day)}.")
    found = list(
        AdministrativeUnit.objects.raw(
            """
            WITH RECURSIVE line (id) AS (
                SELECT %(unit)s::bigint
                UNION
                SELECT edge.successor_id
                FROM line
                JOIN units_administrativeunit AS was ON was.id = line.id AND was.valid_until <= %(day)s
                JOIN units_unitsuccession AS edge ON edge.predecessor_id = line.id
            )
            SELECT u.* FROM line JOIN units_administrativeunit AS u USING (id)
            WHERE u.valid_from <= %(day)s AND (u.valid_until IS NULL OR u.valid_until > %(day)s)
            ORDER BY u.sort_key
            """,
            {"unit": unit.pk, "day": day},
        )
    )
    return [Descendant(heir, is_certain=len(found) == 1) for heir in found]


def commune_heirs_on(day: date) -> list[tuple[str, AdministrativeUnit]]:
    """Return, for every code that a commune had by ``day``, what that commune has become: ``descendants_on`` for all at once.

    A commune that was divided stands there once for each part; one that still is what it was, with itself.
    """
    found = AdministrativeUnit.objects.raw(
        """
        WITH RECURSIVE line (origin, id) AS (
            SELECT id, id FROM units_administrativeunit WHERE kind = ANY(%(kinds)s) AND valid_from <= %(day)s
            UNION
            SELECT line.origin, edge.successor_id
            FROM line
            JOIN units_administrativeunit AS was ON was.id = line.id AND was.valid_until <= %(day)s
            JOIN units_unitsuccession AS edge ON edge.predecessor_id = line.id
        )
        SELECT u.*, origin.code AS former_code
        FROM line
        JOIN units_administrativeunit AS origin ON origin.id = line.origin
        JOIN units_administrativeunit AS u ON u.id = line.id
        WHERE u.valid_from <= %(day)s AND (u.valid_until IS NULL OR u.valid_until > %(day)s)
        ORDER BY origin.code, origin.id, u.sort_key
        """,
        {"kinds": [str(kind) for kind in COMMUNE_KINDS], "day": day},
    )
    return [(unit.former_code, unit) for unit in found]  # type: ignore[attr-defined]


def heir_on(unit: AdministrativeUnit | None, day: date) -> AdministrativeUnit | None:
    """Return what a place is on a day; None where it was divided, for only who lives there knows which part is meant."""
    if unit is None or day < unit.valid_from:
        return None
    heirs = descendants_on(unit, day)
    return heirs[0].unit if len(heirs) == 1 else None


def communes_on(day: date, *, province_code: str | None = None) -> QuerySet[AdministrativeUnit]:
    """Return the communes, wards and townships of a day in Vietnamese order, each with the unit above it.

    Args:
        day: The day.
        province_code: Only those of this province; None for all.
    """
    communes = AdministrativeUnit.objects.valid_on(day).filter(kind__in=COMMUNE_KINDS)
    if province_code is not None:
        communes = communes.filter(Q(parent__code=province_code) | Q(parent__parent__code=province_code))
    return cast("QuerySet[AdministrativeUnit]", communes.select_related("parent").order_by("sort_key", "code"))


def search_units(text: str, *, on: date, limit: int = 20) -> list[AdministrativeUnit]:
    """Return the units of a day whose name or code fits, best first: with or without diacritics, and with small errors.

    Args:
        text: A code, a name, or a part of one.
        on: The day.
        limit: How many at most.
    """
    key = fold(text)
    if not key:
        return []
    rank = Case(
        When(code=text.strip(), then=Value(0)),
        When(search_key=key, then=Value(1)),
        When(search_key__endswith=f" {key}", then=Value(2)),
        When(search_key__contains=key, then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    units = (
        AdministrativeUnit.objects.valid_on(on)
        .select_related("parent__parent")
        .annotate(rank=rank, similarity=TrigramWordSimilarity(key, "search_key"))
        .filter(Q(rank__lt=4) | Q(similarity__gte=_LEAST_SIMILAR))
        .order_by("rank", F("similarity").desc(), "sort_key", "code")
    )
    return list(units[:limit])

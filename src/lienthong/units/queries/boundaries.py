"""Questions about borders: the shapes of units for a map, and whose they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from lienthong.units.models import AdministrativeUnit, UnitBoundary, UnitSuccession
from lienthong.units.states import UnitKind


def boundaries_of(unit_ids: Iterable[int]) -> dict[int, Any]:
    """Return the polygons of each unit that has any, by the id of the unit. A unit is one of a span of days already."""
    return dict(UnitBoundary.objects.filter(unit__in=list(unit_ids)).order_by("unit").values_list("unit", "polygons"))


def boundary_sources(unit_ids: Iterable[int]) -> list[str]:
    """Return where the borders of these units come from, each source once."""
    rows = UnitBoundary.objects.filter(unit__in=list(unit_ids))
    return list(rows.order_by("source").values_list("source", flat=True).distinct())


def districts_of(unit_ids: Iterable[int]) -> dict[int, str]:
    """Return the district of each commune, or the one in which most of it lay before there were none.

    Huyện, hoặc huyện cũ.
    """
    ids = list(unit_ids)
    own = AdministrativeUnit.objects.filter(pk__in=ids, parent__kind=UnitKind.DISTRICT).order_by("pk")
    found = dict(own.values_list("pk", "parent__name"))
    former: dict[int, Counter[str]] = {}
    edges = (
        UnitSuccession.objects.filter(successor__in=[one for one in ids if one not in found])
        .filter(predecessor__parent__kind=UnitKind.DISTRICT)
        .order_by("successor", "predecessor__sort_key", "id")
    )
    for commune, district in edges.values_list("successor", "predecessor__parent__name"):
        former.setdefault(commune, Counter())[district] += 1
    return found | {commune: names.most_common(1)[0][0] for commune, names in former.items()}

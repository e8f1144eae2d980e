"""The words in which reports count: each figure is a key, a set of households, and what is counted of them.

The keys are those in which a commune's report is frozen (``services.reporting``): ``poor``, ``poor.people``,
``movement.<movement>``, ``deprivation.<class>.<indicator>``, ``cause.<class>.<cause>``, ``ethnicity.<class>.<name>``,
``<class>.no_labour``, ``<class>.merit``; and besides ``before.<class>``, the class held when the list was made, and
``<class>.minority``. Only communes that have decided count: the others have no figures, which is not the same as none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Q

from lienthong.poverty.models import CommuneReview
from lienthong.poverty.movements import EXITS, STAYS
from lienthong.poverty.queries.placement import Placement
from lienthong.poverty.queries.rounds import DECIDED_STATES
from lienthong.poverty.states import LISTED_CLASSES, CommuneState, HouseholdClass

MAJORITY = "Kinh"
HOUSEHOLDS_TOTAL = "households_total"
# Where no unit of the map is known.
Figures = Counter[str]
ByPlace = dict[int | None, Figures]


class Family(StrEnum):
    """What is counted in one question."""

    CLASS = "class"
    MOVEMENT = "movement"
    DEPRIVATION = "deprivation"
    CAUSE = "cause"
    ETHNICITY = "ethnicity"


_COUNTED = """
WITH whole (commune_review_id, unit_id) AS (
    SELECT * FROM unnest(%(communes)s::bigint[], %(units)s::bigint[])
), shown (id, unit_id) AS (
    SELECT * FROM unnest(%(households)s::bigint[], %(places)s::bigint[])
), counted AS (
    SELECT coalesce(whole.unit_id, shown.unit_id) AS place, h.*
    FROM poverty_householdreview AS h
    JOIN whole ON whole.commune_review_id = h.commune_review_id
    LEFT JOIN shown ON whole.unit_id IS NULL AND shown.id = h.id
)
"""
_QUESTIONS: Mapping[Family, str] = {
    Family.CLASS: """
        SELECT place, final_class, count(*), coalesce(sum(size), 0), count(*) FILTER (WHERE has_no_labour),
               count(*) FILTER (WHERE has_merit_member),
               count(*) FILTER (WHERE ethnicity <> '' AND ethnicity <> %(majority)s)
        FROM counted WHERE final_class IS NOT NULL GROUP BY place, final_class
    """,
    Family.MOVEMENT: "SELECT place, movement, class_before, count(*) FROM counted GROUP BY place, movement, class_before",
    Family.DEPRIVATION: """
        SELECT place, final_class, code, count(*) FROM counted, unnest(deprivations) AS code
        WHERE final_class = ANY(%(listed)s) GROUP BY place, final_class, code
    """,
    Family.CAUSE: """
        SELECT place, final_class, code, count(*) FROM counted, unnest(causes) AS code
        WHERE final_class = ANY(%(listed)s) GROUP BY place, final_class, code
    """,
    Family.ETHNICITY: """
        SELECT place, final_class, ethnicity, count(*) FROM counted
        WHERE final_class = ANY(%(listed)s) GROUP BY place, final_class, ethnicity
    """,
}


def is_decided(review: CommuneReview) -> bool:
    """Tell whether the households of a commune have their classes."""
    return review.state in DECIDED_STATES


def figures_now(placement: Placement, families: Iterable[Family]) -> ByPlace:
    """Count what the communes have decided, as it stands now, by place on the map: one question for each family."""
    decided = [pk for pk, review in placement.communes.items() if is_decided(review)]
    facts: dict[str, Any] = {
        "communes": decided,
        "units": [placement.whole.get(pk) for pk in decided],
        "households": _array(placement.shown),
        "places": _array(placement.shown.values()),
        "listed": [str(one) for one in LISTED_CLASSES],
        "majority": MAJORITY,
    }
    found: ByPlace = {}
    with connection.cursor() as cursor:
        for family in sorted(set(families)):
            cursor.execute(_COUNTED + _QUESTIONS[family], facts)
            for at, *values in cursor.fetchall():
                _add(found.setdefault(at, Counter()), family, values)
    return found


def _array(ids: Iterable[int]) -> str:
    """Write ids as PostgreSQL reads an array: the driver takes ten times as long over a list of 35,000."""
    return "{" + ",".join(map(str, ids)) + "}"


def _add(figures: Figures, family: Family, values: list[Any]) -> None:
    if family == Family.CLASS:
        listed, households, people, no_labour, merit, minority = values
        figures[listed] += households
        for name, count in (("people", people), ("no_labour", no_labour), ("merit", merit), ("minority", minority)):
            figures[f"{listed}.{name}"] += count
    elif family == Family.MOVEMENT:
        movement, before, households = values
        figures[f"movement.{movement or 'none'}"] += households
        figures[f"before.{before}"] += households
    else:
        listed, code, households = values
        figures[f"{family}.{listed}.{code}"] += households


def figures_reported(placement: Placement) -> ByPlace:
    """Add up what the communes have reported, as it was frozen. A commune that was divided stays unplaced as a whole."""
    found: ByPlace = {}
    for pk, review in placement.communes.items():
        if review.state == CommuneState.REPORTED:
            figures = found.setdefault(placement.whole.get(pk), Counter())
            figures.update({key: count for key, count in review.frozen.items() if isinstance(count, int)})
            figures.update(_derived(review.frozen))
    return found


def _derived(frozen: Mapping[str, Any]) -> Counter[str]:
    """Return the figures that follow from those that were frozen: what each list held before, and how many are of a minority."""
    figures: Counter[str] = Counter()
    for listed in LISTED_CLASSES:
        figures[f"before.{listed}"] = sum(
            int(frozen.get(f"movement.{one}", 0)) for one in (STAYS[listed], *EXITS[listed])
        )
        prefix = f"ethnicity.{listed}."
        figures[f"{listed}.minority"] = sum(
            int(count)
            for key, count in frozen.items()
            if key.startswith(prefix) and key.removeprefix(prefix) not in ("", MAJORITY)
        )
    return Counter({key: count for key, count in figures.items() if key not in frozen})


def behind(key: str) -> Q:
    """Return the filter on household reviews for those that a figure counts.

    Raises:
        ValueError: There is no such figure, or no single households stand behind it.
    """
    head, _dot, rest = key.partition(".")
    if head == "movement":
        return Q(movement__in=("", rest)) if rest == "none" else Q(movement=rest)
    if head == "before":
        return Q(class_before=rest)
    if head in HouseholdClass.values:
        return Q(final_class=head) & _narrowed(rest, key)
    listed, _dot, code = rest.partition(".")
    if listed in HouseholdClass.values and head in ("deprivation", "cause", "ethnicity"):
        wanted: dict[str, Q] = {
            "deprivation": Q(deprivations__contains=[code]),
            "cause": Q(causes__contains=[code]),
            "ethnicity": Q(ethnicity=code),
        }
        return Q(final_class=listed) & wanted[head]
    raise ValueError(f"no households stand behind {key!r}")


def _narrowed(rest: str, key: str) -> Q:
    match rest:
        case "" | "people":
            return Q()
        case "no_labour":
            return Q(has_no_labour=True)
        case "merit":
            return Q(has_merit_member=True)
        case "minority":
            return ~Q(ethnicity__in=("", MAJORITY))
    raise ValueError(f"no households stand behind {key!r}")

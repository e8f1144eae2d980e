"""Findings of the review of everybody as officers work through them, and how far a review is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.models import Finding, LeftOutReview, Scenario
from lienthong.assistance.states import BECAUSE_OF_DEATH, NOT_MONTHLY, FindingState, Programme, ReviewState
from lienthong.dossiers import policies as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import DossierState, Outcome
from lienthong.infra.missing import NotFound
from lienthong.kernel.text import whole_number
from lienthong.units import queries as units

CERTAIN, ASK = "certain", "ask"
ALL_STATES: Final = "all"
_CAME_TO_NOTHING: Final = frozenset({DossierState.REFUSED_INTAKE, DossierState.WITHDRAWN, DossierState.STOPPED})
SCENARIO_STATES: Final = {
    "computed": Q(results__isnull=False, problem=""),
    "waiting": Q(results__isnull=True, problem=""),
    "problem": ~Q(problem=""),
}
"""How a draft of the law stands, by the name of the filter, with its condition."""
# Every parameter but that of merit is one of social assistance.
_CHANGES_OF: Final[dict[str, str]] = {
    Programme.MERIT: '"parameter": "merit:',
    Programme.SOCIAL: '"parameter": "(?!merit:)',
}
_RUNNING: Final = (ReviewState.WAITING, ReviewState.RUNNING)


class NoSuchFinding(NotFound):
    """There is none that this user may see."""


class NoSuchReview(NotFound):
    """There is none."""


class NoSuchScenario(NotFound):
    """There is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFilter:
    """What the list shows; empty means all, except of ``state``: those to be worked on."""

    commune: str = ""
    kind: str = ""
    programme: str = ""
    certainty: str = ""
    state: str = FindingState.OPEN.value


@dataclass(slots=True)
class FindingCounts:
    """How many rows each choice of a filter would show, the other filters staying as they are.

    Attributes:
        amount: Đồng a month by the rules; what is paid once or once a year is left out.
    """

    total: int = 0
    amount: int = 0
    by: dict[str, Counter[str]] = field(
        default_factory=lambda: {name: Counter() for name in ("kind", "programme", "certainty", "state")}
    )


def findings_asked(user: User, asked: FindingFilter, *, on: date) -> QuerySet[Finding]:
    """Return the findings that a user may see and asked for: the certain ones first, the largest amounts first."""
    rows = _narrowed(_seen(user, asked, on=on), asked)
    return rows.select_related("person", "unit", "decided_by").order_by("-is_certain", "kind", "-amount", "pk")


def finding_counts(user: User, asked: FindingFilter, *, on: date) -> FindingCounts:
    """Count what each choice of a filter would show."""
    found = FindingCounts()
    seen = _seen(user, asked, on=on)
    rows = seen.order_by().values_list("kind", "programme", "is_certain", "state").annotate(n=Count("pk"))
    for kind, programme, is_certain, state, n in rows:
        values = {"kind": kind, "programme": programme, "certainty": CERTAIN if is_certain else ASK, "state": state}
        fits = {name: not getattr(asked, name) or value == getattr(asked, name) for name, value in values.items()}
        fits["state"] = asked.state in {ALL_STATES, state}
        for name, value in values.items():
            if all(does for other, does in fits.items() if other != name):
                found.by[name][value] += n
        if all(fits.values()):
            found.total += n
    monthly = _narrowed(seen, asked).exclude(benefit__in=NOT_MONTHLY)
    found.amount = monthly.aggregate(sum=Sum("amount"))["sum"] or 0
    return found


def findings_to_work_on(user: User, *, on: date) -> int:
    """Count the open findings of the communes in which this user runs a programme."""
    own = Q(pk__in=[])
    for programme in policies.ALL:
        if communes := policies.communes_of(user, on=on, roles=policies.RUNNING_ROLES, programme=programme):
            own |= Q(programme=programme) & units.within("unit", communes, on=on)
    return Finding.objects.filter(own, state=FindingState.OPEN).count()


def get_finding(finding_id: int, *, as_: User, on: date) -> Finding:
    """Return a finding.

    Raises:
        NoSuchFinding: There is none that this user may see.
    """
    rows = Finding.objects.filter(policies.visible_to(as_, on=on), pk=finding_id)
    row = rows.select_related("person", "unit", "decided_by", "entitlement").first()
    if row is None:
        raise NoSuchFinding
    return row


def offered_after_death(person_id: int, *, as_: User, on: date) -> list[Finding]:
    """Return what may still be asked for because somebody died, as far as this user sees it: the funeral, the relatives' grant."""
    rows = Finding.objects.filter(policies.visible_to(as_, on=on), person=person_id, benefit__in=BECAUSE_OF_DEATH)
    return list(rows.filter(state__in=(FindingState.OPEN, FindingState.DRAFTED)).order_by("pk"))


def dossier_begun(row: Finding) -> Dossier | None:
    """Return the dossier that was begun for a finding, draft or received; None where there is none or it came to nothing."""
    if row.draft_id is None:
        return None
    begun = Dossier.objects.filter(pk=row.draft_id).select_related("receiving_agency").first()
    if begun is None or begun.state in _CAME_TO_NOTHING or begun.outcome == Outcome.REFUSED:
        return None
    return begun


def sees_dossier(user: User, begun: Dossier, *, on: date) -> bool:
    """Tell whether a user may open the dossier that was begun for a finding."""
    return Dossier.objects.filter(dossiers.visible_to(user, on=on), pk=begun.pk).exists()


def latest_review(user: User, *, on: date) -> LeftOutReview | None:
    """Return the last review that reached what this user sees; the running one where one runs."""
    return _reviews(user, on=on).order_by("-asked_at", "-pk").first()


def get_review(review_id: int, *, as_: User, on: date) -> LeftOutReview:
    """Return a review.

    Raises:
        NoSuchReview: There is none that this user may see.
    """
    row = _reviews(as_, on=on).filter(pk=review_id).select_related("unit", "asked_by").first()
    if row is None:
        raise NoSuchReview
    return row


def is_running(review: LeftOutReview) -> bool:
    """Tell whether a review is still being made."""
    return review.state in _RUNNING


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioFilter:
    """Which drafts of the law a list shows. Empty means all; ``state`` is one of ``SCENARIO_STATES``, ``programme`` one whose numbers it changes."""

    programme: str = ""
    state: str = ""


def scenarios(asked: ScenarioFilter = ScenarioFilter()) -> QuerySet[Scenario]:
    """Return the drafts of the law that are kept, newest first."""
    rows = Scenario.objects.select_related("created_by").order_by("-created_at", "-pk")
    if asked.state in SCENARIO_STATES:
        rows = rows.filter(SCENARIO_STATES[asked.state])
    if asked.programme in _CHANGES_OF:
        changed = {"changes_text__regex": _CHANGES_OF[asked.programme]}
        rows = rows.annotate(changes_text=Cast("changes", TextField())).filter(**changed)
    return rows


def get_scenario(scenario_id: int) -> Scenario:
    """Return a draft of the law.

    Raises:
        NoSuchScenario: There is none.
    """
    row = scenarios().filter(pk=scenario_id).first()
    if row is None:
        raise NoSuchScenario
    return row


def _reviews(user: User, *, on: date) -> QuerySet[LeftOutReview]:
    own: Any = Q()
    if not policies.sees_province(user, on=on):
        communes = {pk for one in policies.ALL for pk in policies.communes_of(user, on=on, programme=one)}
        own = Q(unit=None) | units.within("unit", communes, on=on)
    return LeftOutReview.objects.filter(own)


def _seen(user: User, asked: FindingFilter, *, on: date) -> QuerySet[Finding]:
    rows = Finding.objects.filter(policies.visible_to(user, on=on))
    commune = whole_number(asked.commune)
    return rows if commune is None else rows.filter(units.within("unit", [commune], on=on))


def _narrowed(rows: QuerySet[Finding], asked: FindingFilter) -> QuerySet[Finding]:
    wanted: dict[str, Any] = {"kind": asked.kind, "programme": asked.programme}
    wanted["state"] = "" if asked.state == ALL_STATES else asked.state
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return rows.filter(is_certain=asked.certainty == CERTAIN) if asked.certainty in {CERTAIN, ASK} else rows

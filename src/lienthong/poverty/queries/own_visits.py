"""What somebody who visits households has to do: their households, the form that is next, and answers they may correct."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from django.db.models import Case, CharField, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When

from lienthong.accounts.models import User
from lienthong.documents.models import StoredFile
from lienthong.infra.missing import NotFound
from lienthong.kernel.text import fold, natural_key
from lienthong.poverty import policies
from lienthong.poverty.models import FormVersion, HouseholdReview, SubmissionMedia, Visit
from lienthong.poverty.queries.forms import form_in_use, get_form_version
from lienthong.poverty.queries.visiting import VISITABLE
from lienthong.poverty.queries.worklist import NO_HAMLET, HouseholdReviewNotFound
from lienthong.poverty.states import LISTED_CLASSES, CommuneState, FormKind, ListingSource, VisitState
from lienthong.poverty.survey.compiling import HOUSEHOLDS_COLUMNS

# Once decided, a household is off the list of who visits.
BEFORE_THE_DECISION = (CommuneState.LISTING, CommuneState.VISITING, CommuneState.MEETING, CommuneState.POSTED)
STILL_TO_VISIT = (VisitState.TO_VISIT, VisitState.REVISIT)
MINE, NOBODYS = "", "nobody"
SHEET_MISSING = "sheet"


class NothingToCorrect(NotFound):
    """There are no answers that this user may correct."""


class PhotoNotFound(NotFound):
    """There is no such photo, or it has not arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFilter:
    """What the list shows; empty means all.

    ``whose`` is ``MINE`` or ``NOBODYS`` (given to nobody), ``visit`` a ``VisitState`` or ``SHEET_MISSING`` (form C is still
    to fill), ``hamlet`` a name or ``NO_HAMLET``, ``text`` part of a name or of a household's code.
    """

    whose: str = ""
    visit: str = ""
    hamlet: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class OwnCounts:
    """How much there is to do; ``by`` has the number of households for each choice of a filter."""

    total: int
    done: int
    by: Mapping[str, Mapping[str, int]]


def own_order(user: User, asked: OwnFilter, *, on: date) -> list[int]:
    """Return which households a user visits, by hamlet (Xóm 2 before Xóm 10) and name. Hộ của điều tra viên."""
    rows = _base(user, asked.whose, on=on).filter(_asked(asked))
    wanted = fold(asked.text)
    found = [
        (not hamlet, natural_key(hamlet), sort_key, pk)
        for pk, hamlet, sort_key, name, code in rows.values_list(
            "pk", "hamlet", "head_sort_key", "head_name", "household__code"
        )
        if wanted in fold(name) or wanted in code.lower()
    ]
    return [pk for *_order, pk in sorted(found)]


def own_households(review_ids: Sequence[int]) -> list[HouseholdReview]:
    """Return households in the order given, each with ``next_form`` and its counting visits as ``counting``."""
    current = (
        Visit.objects.filter(is_current=True).only("pk", "review_id", "form_id", "visited_by_id").order_by("form_id")
    )
    rows = _with_next_form(HouseholdReview.objects.filter(pk__in=review_ids))
    rows = rows.select_related("household", "commune_review__unit", "commune_review__round__points_table")
    rows = rows.defer("commune_review__frozen", "commune_review__round__points_table__content")
    found = {row.pk: row for row in rows.prefetch_related(Prefetch("visits", queryset=current, to_attr="counting"))}
    return [found[pk] for pk in review_ids if pk in found]


def own_counts(user: User, asked: OwnFilter, *, on: date) -> OwnCounts:
    """Return how many households there are for each choice, whatever else is asked."""
    by: dict[str, dict[str, int]] = {"visit": {}, "hamlet": {}}
    total = done = 0
    rows: QuerySet[Any] = _base(user, asked.whose, on=on).order_by()
    for visit, hamlet, form, count in rows.values_list("visit_state", "hamlet", "next_form").annotate(Count("pk")):
        total += count
        done += count if visit not in STILL_TO_VISIT else 0
        _add(by["visit"], visit, count)
        _add(by["hamlet"], hamlet or NO_HAMLET, count)
        if form == FormKind.C:
            _add(by["visit"], SHEET_MISSING, count)
    return OwnCounts(total, done, by)


def nobodys_count(user: User, *, on: date) -> int:
    """Return how many households of the user's communes are given to nobody."""
    return _base(user, NOBODYS, on=on).count()


def get_household_to_fill(review_id: int, *, as_: User, on: date) -> HouseholdReview:
    """Load a household whose forms the user may fill, with ``next_form``; whether it is the time is ``may_be_visited``.

    Raises:
        HouseholdReviewNotFound: There is none, or it is given to somebody else and the user does not run the commune.
    """
    runs = policies.communes_of(as_, on=on, roles=policies.RUNNING_ROLES)
    own = Q(enumerator=as_) | Q(enumerator=None) | Q(commune_review__unit__in=runs)
    rows = _visiting(HouseholdReview.objects.filter(own), as_, on=on)
    rows = _with_next_form(rows).select_related(
        "household", "commune_review__unit", "commune_review__round__points_table"
    )
    found = rows.filter(pk=review_id).first()
    if found is None:
        raise HouseholdReviewNotFound(review_id)
    return found


def version_to_fill(review: HouseholdReview, form_id: str, *, version: str = "") -> FormVersion | None:
    """Return the version of a form to fill for a household: the one in use, or the one that is named.

    Raises:
        FormNotFound: There is no such version.
    """
    if version:
        return get_form_version(form_id, version)
    return form_in_use(form_id, review.commune_review.round.standard_id)


def visit_to_correct(review: HouseholdReview, form_id: str, *, as_: User, on: date) -> Visit:
    """Load the counting visit whose answers a user may correct: their own, or any of a commune that they run.

    Who goes as a control does not see what the first one wrote.

    Raises:
        NothingToCorrect: There is none.
    """
    rows = Visit.objects.filter(review=review, form_id=form_id, is_current=True)
    if not policies.runs_commune(as_, review.commune_review.unit_id, on=on):
        rows = rows.filter(visited_by=as_)
    found = rows.select_related("submission__form_version").defer("answers", "submission__form_version__xml").first()
    if found is None:
        raise NothingToCorrect(review.pk, form_id)
    return found


def photos_of(visit: Visit) -> list[SubmissionMedia]:
    """Return the photos of a visit that have arrived, by name."""
    media = SubmissionMedia.objects.filter(submission=visit.submission_id, file__isnull=False)
    return list(media.select_related("file").order_by("name"))


def photo_of(visit: Visit, name: str) -> StoredFile:
    """Return one photo of a visit.

    Raises:
        PhotoNotFound: There is none of that name, or it has not arrived.
    """
    for media in photos_of(visit):
        if media.name == name and media.file is not None:
            return media.file
    raise PhotoNotFound(name)


def xml_for(review: HouseholdReview, version: FormVersion) -> str:
    """Return the XForm in which the household is chosen already."""
    return version.xml.replace("<household/>", f"<household>{escape(review.household.code)}</household>", 1)


def csv_for(review: HouseholdReview) -> str:
    """Return the list from which a form chooses, of this one household."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HOUSEHOLDS_COLUMNS)
    code = review.household.code
    label = ", ".join(filter(None, (review.head_name, review.hamlet, code)))
    writer.writerow([code, label, review.head_name, review.hamlet, review.area, review.class_before, review.pk])
    return text.getvalue()


def _base(user: User, whose: str, *, on: date) -> QuerySet[HouseholdReview]:
    if whose == NOBODYS:
        rows = HouseholdReview.objects.filter(VISITABLE, enumerator=None)
    else:
        rows = HouseholdReview.objects.filter(enumerator=user)
    return _with_next_form(_visiting(rows, user, on=on).exclude(visit_state=VisitState.GONE))


def _visiting(rows: QuerySet[HouseholdReview], user: User, *, on: date) -> QuerySet[HouseholdReview]:
    return rows.filter(
        commune_review__unit__in=policies.enumerates_in(user, on=on),
        commune_review__round__closed_at=None,
        commune_review__state__in=BEFORE_THE_DECISION,
    )


def _with_next_form(rows: QuerySet[HouseholdReview]) -> QuerySet[HouseholdReview]:
    """Tell which form comes next: A where the household asked and is no listed one, then B, then C for who came out listed."""
    has = {
        f"has_{name}": Exists(Visit.objects.filter(review=OuterRef("pk"), is_current=True, form_id=form))
        for name, form in (("a", FormKind.A), ("b", FormKind.B), ("c", FormKind.C))
    }
    asked = Q(source=ListingSource.REQUEST)
    again = Q(visit_state=VisitState.REVISIT)
    return rows.annotate(**has).annotate(
        next_form=Case(
            When(Q(visit_state=VisitState.SCREENED_OUT), then=Value("")),
            When(again & asked & Q(has_b=False), then=Value(FormKind.A.value)),
            When(again, then=Value(FormKind.B.value)),
            When(asked & Q(has_a=False, has_b=False), then=Value(FormKind.A.value)),
            When(Q(visit_state=VisitState.TO_VISIT), then=Value(FormKind.B.value)),
            When(Q(surveyed_class__in=LISTED_CLASSES, has_c=False), then=Value(FormKind.C.value)),
            default=Value(""),
            output_field=CharField(),
        )
    )


def _asked(asked: OwnFilter) -> Q:
    narrowed = Q()
    if asked.visit == SHEET_MISSING:
        narrowed &= Q(next_form=FormKind.C)
    elif asked.visit in VisitState.values:
        narrowed &= Q(visit_state=asked.visit)
    if asked.hamlet:
        narrowed &= Q(hamlet="" if asked.hamlet == NO_HAMLET else asked.hamlet)
    return narrowed


def _add(counts: dict[str, int], key: str, count: int) -> None:
    counts[key] = counts.get(key, 0) + count

"""Which version of a form is in use, which forms and which households a device is given."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from lienthong.accounts.models import User
from lienthong.infra.missing import NotFound
from lienthong.poverty import policies
from lienthong.poverty.models import FormSource, FormVersion, HouseholdReview, ReviewRound, Submission
from lienthong.poverty.queries.visiting import VISITABLE
from lienthong.poverty.states import AreaKind, FormKind, HouseholdClass
from lienthong.poverty.survey.compiling import HOUSEHOLDS_COLUMNS
from lienthong.poverty.survey.workbooks import as_xlsx, shipped_source
from lienthong.rules.poverty.standards import NoStandard, standard_on

_ZIP = b"PK"


class FormNotFound(NotFound):
    """There is no such version of a form."""


@dataclass(frozen=True, slots=True)
class Usage:
    """How many filled forms came in on a version, and from how many devices; the browser is none."""

    submissions: int = 0
    devices: int = 0


def form_in_use(form_id: str, standard_id: str) -> FormVersion | None:
    """Return the version of a form that is filled now under a standard."""
    return FormVersion.objects.filter(form_id=form_id, standard_id=standard_id, replaced_at=None).first()


def form_versions(standard_id: str) -> QuerySet[FormVersion]:
    """Return every version of the forms of a standard, newest first, without its XML."""
    versions = FormVersion.objects.select_related("published_by", "points_table").defer("xml", "points_table__content")
    return versions.filter(standard_id=standard_id).order_by("form_id", "-published_at", "-pk")


def usage_of(version_ids: Collection[int]) -> dict[int, Usage]:
    """Return what came in on each of the versions; one on which nothing came is left out."""
    counted = (
        Submission.objects.filter(form_version__in=version_ids)
        .order_by()
        .values_list("form_version")
        .annotate(Count("pk"), Count("device", distinct=True))
    )
    return {version_id: Usage(submissions, devices) for version_id, submissions, devices in counted}


def version_before(version: FormVersion) -> FormVersion | None:
    """Return the version of the same form and standard that this one replaced."""
    earlier = FormVersion.objects.filter(form_id=version.form_id, standard_id=version.standard_id, pk__lt=version.pk)
    return earlier.order_by("-pk").first()


def source_of(version: FormVersion) -> FormSource | None:
    """Return the file from which a version was compiled; None for one of before files were kept."""
    return FormSource.objects.filter(form_version=version).first()


def xlsx_of(source: FormSource) -> bytes:
    """Return a form to be changed in Excel and published again: its sheets as text, without formulas or pictures."""
    content = bytes(source.content)
    return as_xlsx(content if content.startswith(_ZIP) else content.decode())


@dataclass(frozen=True, slots=True)
class FormToChange:
    """A form as an XLSX, and the version in use from which it comes; None where it is the form that comes with the house."""

    xlsx: bytes
    version: FormVersion | None


def form_to_change(form_id: str, standard_id: str) -> FormToChange:
    """Return the form that an office changes next: the one in use under a standard, else the one that comes with the house.

    Raises:
        FormNotFound: The review knows no such form.
    """
    if form_id not in FormKind.values:
        raise FormNotFound(form_id)
    in_use = form_in_use(form_id, standard_id)
    source = source_of(in_use) if in_use is not None else None
    if source is None:
        return FormToChange(as_xlsx(shipped_source(form_id)), None)
    return FormToChange(xlsx_of(source), in_use)


def get_form_version(form_id: str, version: str) -> FormVersion:
    """Return one version, in use or replaced.

    Raises:
        FormNotFound: There is none.
    """
    found = FormVersion.objects.filter(form_id=form_id, version=version).first()
    if found is None:
        raise FormNotFound(form_id, version)
    return found


def form_lists(user: User, *, on: date) -> list[FormVersion]:
    """Return the forms that a device of this user should have: of each form one, under the standard of the newest open round.

    Danh sách phiếu của máy. Where the user's communes are in no round, those of the standard of the day.
    """
    standard_id = _standard_for(user, on=on)
    if standard_id is None:
        return []
    versions = FormVersion.objects.filter(standard_id=standard_id, replaced_at=None).defer("xml")
    return list(versions.order_by("form_id"))


def _standard_for(user: User, *, on: date) -> str | None:
    rounds = ReviewRound.objects.filter(closed_at=None, communes__unit__in=policies.enumerates_in(user, on=on))
    newest = rounds.order_by("-starts_on", "-pk").values_list("standard_id", flat=True).first()
    if newest is not None:
        return newest
    try:
        return standard_on(on).id
    except NoStandard:
        return None


def households_to_visit(user: User, *, on: date) -> QuerySet[HouseholdReview]:
    """Return the households that a user may visit now: given to them, or to nobody in their communes. Newest round first."""
    return (
        HouseholdReview.objects.filter(
            VISITABLE,
            Q(enumerator=user) | Q(enumerator=None),
            commune_review__unit__in=policies.enumerates_in(user, on=on),
            commune_review__round__closed_at=None,
        )
        .select_related("household", "commune_review__round")
        .order_by("-commune_review__round__starts_on", "hamlet", "head_sort_key", "pk")
    )


def households_csv(user: User, *, on: date) -> str:
    """Return the list from which a form chooses its household; each household once, by the newest round.

    Danh sách hộ trên máy. ``__version`` is for devices that keep lists as entities.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*HOUSEHOLDS_COLUMNS, "__version"])
    given: set[str] = set()
    for review in households_to_visit(user, on=on):
        code = review.household.code
        if code in given:
            continue
        given.add(code)
        label = ", ".join(filter(None, (review.head_name, review.hamlet, code)))
        writer.writerow(
            [
                code, label, review.head_name, review.hamlet, AreaKind(review.area).value,
                HouseholdClass(review.class_before).value, review.pk, review.version,
            ]
        )  # fmt: skip
    return text.getvalue()


def md5_of(text: str) -> str:
    """Return the sum by which a device sees that a file has changed; it protects nothing."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

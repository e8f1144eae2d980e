"""The results of a round in the layout of the ministry's software, which its own import reads back."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from lienthong.people.states import Sex
from lienthong.poverty.models import HouseholdReview, ReviewRound
from lienthong.poverty.states import HouseholdClass, VisitState

COLUMNS: Final = (
    "date", "family.hostName", "family.code", "family.coDanTocTaiCho", "family.hostGender", "family.numberOfMembers",
    "quickReview.result", "b1Point", "b2Point", "classify", "reviewer",
)  # fmt: skip
# Its software knows three classes; an average living standard is no poverty.
CLASSES: Final = {
    HouseholdClass.POOR: "Hộ nghèo",
    HouseholdClass.NEAR_POOR: "Hộ cận nghèo",
    HouseholdClass.AVERAGE: "Hộ không nghèo",
    HouseholdClass.NOT_POOR: "Hộ không nghèo",
}


def ministry_reviews(
    round_: ReviewRound, *, seen: Q, unit_ids: Collection[int] | None = None
) -> QuerySet[HouseholdReview]:
    """Return the households of a round on which the chair has decided, by commune, hamlet and head.

    The layout has no word for a result on its way: what the ministry reads there is the class of the household.

    Args:
        round_: Which.
        seen: What the reader may see: ``policies.visible_to(user, on=…)``.
        unit_ids: Only these communes; None for all.
    """
    rows = HouseholdReview.objects.filter(seen, commune_review__round=round_).exclude(visit_state=VisitState.GONE)
    rows = rows.exclude(final_class=None)
    if unit_ids is not None:
        rows = rows.filter(commune_review__unit__in=unit_ids)
    rows = rows.select_related("household", "enumerator", "commune_review__unit")
    rows = rows.annotate(visited_at=Max("visits__ended_at", filter=Q(visits__is_current=True)))
    return rows.order_by("commune_review__unit__code", "hamlet", "head_sort_key", "pk")


def ministry_row(review: Any) -> list[Any]:
    """Return one household in the order of ``COLUMNS``; whether it is of a local ethnic group is not recorded here."""
    result = HouseholdClass(review.final_class)
    visited = timezone.localtime(review.visited_at).strftime("%d/%m/%Y") if review.visited_at else ""
    return [
        visited,
        review.head_name,
        review.household.code,
        "",
        str(Sex(review.head_sex).label) if review.head_sex in {Sex.MALE, Sex.FEMALE} else "",
        review.size,
        "Không khảo sát tiếp" if review.visit_state == VisitState.SCREENED_OUT else "Khảo sát tiếp",
        review.a_points,
        review.b_points,
        CLASSES[result],
        review.enumerator.full_name if review.enumerator else "",
    ]


def ministry_workbook(reviews: QuerySet[HouseholdReview]) -> bytes:
    """Return a workbook with a sheet for each commune, named by its code; the import of a commune finds its own."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
    written = False
    for code, rows in _by_commune(reviews):
        page = _sheet(book, code, head)
        written = True
        for line, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                if isinstance(value, int):
                    page.write_number(line, place, value)
                else:
                    page.write_string(line, place, value or "", text)
    if not written:
        _sheet(book, "00000", head)
    book.close()
    return buffer.getvalue()


def _by_commune(reviews: QuerySet[HouseholdReview]) -> Iterator[tuple[str, list[list[Any]]]]:
    code = ""
    rows: list[list[Any]] = []
    for review in reviews:
        own = review.commune_review.unit.code
        if rows and own != code:
            yield code, rows
            rows = []
        code = own
        rows.append(ministry_row(review))
    if rows:
        yield code, rows


def _sheet(book: Any, name: str, head: Any) -> Any:
    page = book.add_worksheet(name)
    for place, words in enumerate(COLUMNS):
        page.write_string(0, place, words, head)
        page.set_column(place, place, 26 if place in {1, 10} else 16)
    page.freeze_panes(1, 0)
    return page

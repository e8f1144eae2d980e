"""What officers see of the application of a new law: the changes, each by commune, and person by person and month by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from lienthong.assistance import policies
from lienthong.assistance.models import REFERENCES, EntitlementRate, LawChange, LawChangeRow
from lienthong.assistance.queries.law_values import MonthOfLaw, months_of_law, values_from
from lienthong.assistance.queries.once_by_law import grants_in_months
from lienthong.assistance.states import LawRowState
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import add_months, local_moment

MONTHS_OFFERED = 36
BY_LAW = (LawRowState.LAW, LawRowState.DONE)
COLUMNS = ("Xã, phường", "Họ và tên", "Số định danh", "Khoản", "Tháng", "Mức đã ghi", "Mức mới", "Chênh lệch", "Đã chi tháng đó", "Cách xử lý", "Căn cứ")  # fmt: skip


class LawChangeNotFound(NotFound):
    """There is no such application of a new law, or none that this user may see."""


@dataclass(frozen=True, slots=True)
class CommuneSum:
    """What a change comes to in one commune."""

    unit_id: int
    name: str
    people: int
    months: int
    amount: int
    apart: int


def law_changes_seen(user: Any, *, on: date, programme: str = "", state: str = "") -> QuerySet[LawChange]:
    """Return the changes of the programmes that a user sees in the whole province, newest first.

    Args:
        user: Who asks.
        on: The day.
        programme: Only of this programme; empty for all.
        state: Only in this state; empty for all.
    """
    rows = LawChange.objects.filter(programme__in=policies.programmes_seen(user, on=on))
    for name, value in (("programme", programme), ("state", state)):
        if value:
            rows = rows.filter(**{name: value})
    return rows.select_related("prepared_by", "decided_by").order_by("-prepared_at", "-pk")


def get_law_change(change_id: int, *, user: Any, on: date) -> LawChange:
    """Load a change that the user may see.

    Raises:
        LawChangeNotFound: There is none for this user.
    """
    change: LawChange | None = law_changes_seen(user, on=on).filter(pk=change_id).first()
    if change is None:
        raise LawChangeNotFound
    return change


def months_to_choose(user: Any, *, on: date) -> list[MonthOfLaw]:
    """Return the months from which levels changed, of the programmes for which the user prepares."""
    since = add_months(on.replace(day=1), -MONTHS_OFFERED)
    return [
        one
        for programme in policies.ALL
        if policies.runs_province(user, on=on, programme=programme)
        for one in months_of_law(str(programme), on=on, since=since)
    ]


def months_not_looked_at(user: Any, *, on: date) -> list[MonthOfLaw]:
    """Return the months from which a law reaches back that nobody has reckoned or declined yet, where it may touch somebody.

    It may where rates were written down before its values were in force; what was reckoned afterwards knew them.
    """
    late = [one for one in months_to_choose(user, on=on) if one.is_late]
    if not late:
        return []
    seen = set(LawChange.objects.order_by().values_list("programme", "from_month"))
    return [one for one in late if (one.programme, one.month) not in seen and _may_touch(one, on=on)]


def _may_touch(one: MonthOfLaw, *, on: date) -> bool:
    in_force_on = max(
        value.in_force_on
        for value in values_from(one.programme, one.month, on=on)
        if value.is_late and value.applied_from.replace(day=1) == one.month
    )
    granted = Q(granted_at__lt=local_moment(in_force_on))
    if any(
        rows.filter(granted).exists() for rows in grants_in_months(one.programme, one.month, in_force_on.replace(day=1))
    ):
        return True
    rows = EntitlementRate.objects.filter(
        Q(end_month=None) | Q(end_month__gt=one.month), entitlement__programme=one.programme,
        recorded_at__lt=local_moment(in_force_on), first_month__lt=in_force_on, superseded_at=None,
    )  # fmt: skip
    return rows.exists()


def sums_by_commune(change: LawChange) -> list[CommuneSum]:
    """Return what a change comes to in each commune, in the order of the dictionary."""
    by_law = Q(state__in=BY_LAW)
    rows = LawChangeRow.objects.filter(change=change).order_by("unit__sort_key", "unit_id")
    found = rows.values_list("unit_id", "unit__name").annotate(
        people=Count("person", distinct=True, filter=by_law), months=Count("pk", filter=by_law),
        amount=Sum(F("new") - F("old"), filter=by_law), apart=Count("person", distinct=True, filter=~by_law),
    )  # fmt: skip
    return [
        CommuneSum(pk, name, people, months, amount or 0, apart) for pk, name, people, months, amount, apart in found
    ]


def rows_of_change(change: LawChange, *, unit_id: int | None = None, shown: str = "") -> QuerySet[LawChangeRow]:
    """Return the rows of a change, person by person.

    Args:
        change: Of which change.
        unit_id: Only of this commune.
        shown: ``law`` for what is applied, ``apart`` for what somebody must look at; else all.
    """
    rows = LawChangeRow.objects.filter(change=change)
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    if shown == "law":
        rows = rows.filter(state__in=BY_LAW)
    elif shown == "apart":
        rows = rows.exclude(state__in=BY_LAW)
    return rows.select_related("person", "unit", "entitlement", *REFERENCES.values()).order_by(
        "unit__sort_key", "person__sort_key", "person_id", "entitlement_id", "month", "pk"
    )


def table_of(change: LawChange, rows: QuerySet[LawChangeRow]) -> Iterator[tuple[Any, ...]]:
    """Yield rows as they stand in a spreadsheet, under ``COLUMNS``."""
    why = "; ".join(dict.fromkeys(value["reference"] for value in change.values))
    for row in rows.iterator(chunk_size=2_000):
        yield (
            row.unit.name, row.person.full_name, row.person.personal_id_number or "", row.get_benefit_display(),
            f"{row.month:%m/%Y}", row.old, row.new, row.difference, _("có") if row.was_paid else _("chưa"),
            row.handling, why,
        )  # fmt: skip

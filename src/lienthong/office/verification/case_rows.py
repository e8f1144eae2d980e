"""A case as one row of a list, and the list that stands in an address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthong.verification.linkage.vocabulary import Status
from lienthong.verification.queries.cases import AGES, CaseFilter, is_id
from lienthong.verification.sides import COLUMNS, accepted_changes
from lienthong.verification.states import FIELD_WORDS, STATUS_WORDS, CaseState

ROWS_ON_A_PAGE = 50
LONGEST_FILTER = 120
KIND_TONES = {
    Status.DEAD: "late", Status.DUPLICATE: "late", Status.NUMBER_OF_ANOTHER: "soon", Status.NUMBER_WRONG: "soon",
    Status.NUMBER_MISSING: "soon", Status.SEVERAL_CANDIDATES: "wait", Status.NOT_FOUND: "wait",
}  # fmt: skip
STATE_TONES = {
    CaseState.OPEN: "open", CaseState.PROPOSED: "soon", CaseState.WAITING_POLICE: "wait", CaseState.VISIT: "wait",
    CaseState.DECIDED: "done", CaseState.CLOSED: "ended",
}  # fmt: skip
FIELD_OF_COLUMN = {column: field for field, (column, _name) in COLUMNS.items()}
_WEEK, _MONTH = 14, 60


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What a list shows of a case."""

    id: int
    version: int
    url: str
    name: str
    birth: str
    number: str
    key: str
    list_name: str
    village: str
    place: str
    kind: str
    tone: str
    state: str
    state_tone: str
    probability: float | None
    changes: list[tuple[str, str, str]]
    age: str
    age_tone: str
    may_accept: bool
    note: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of a list walked by id."""

    rows: list[CaseRow]
    after: str | None


def asked_in(query: QueryDict) -> CaseFilter:
    """Read the list that an address names; what makes no sense there is left out."""
    usual = asdict(CaseFilter())
    return CaseFilter(
        **{name: query.get(name, default)[:LONGEST_FILTER].replace("\0", "") for name, default in usual.items()}
    )


def address_of(asked: CaseFilter, **more: str) -> str:
    """Return the part of an address that names a list, with its question mark; empty for the usual list."""
    usual = asdict(CaseFilter())
    said = {name: value for name, value in {**asdict(asked), **more}.items() if value != usual.get(name, "")}
    return f"?{urlencode(said)}" if said else ""


def page_of_cases(cases: QuerySet[Any], asked: CaseFilter, *, after: str, now: datetime) -> CasePage:
    """Return a page of a list ordered by id, from behind the case that ``after`` names."""
    if is_id(after):
        cases = cases.filter(pk__gt=int(after))
    found = list(with_sides(cases)[: ROWS_ON_A_PAGE + 1])
    rows = rows_of(found[:ROWS_ON_A_PAGE], asked, now=now)
    return CasePage(rows, str(rows[-1].id) if len(found) > ROWS_ON_A_PAGE else None)


def with_sides(cases: QuerySet[Any]) -> QuerySet[Any]:
    """Return cases with what a row shows of them, in the same question."""
    return cases.select_related("entry", "verdict", "commune")


def rows_of(cases: Iterable[Any], asked: CaseFilter, *, now: datetime) -> list[CaseRow]:
    """Turn cases into rows."""
    return [_row(case, asked, now) for case in cases]


def change_words(changes: dict[str, list[str]]) -> list[tuple[str, str, str]]:
    """Return changes of an entry as (what, from, to) in words."""
    nothing = _("không ghi")
    return [
        (str(FIELD_WORDS[FIELD_OF_COLUMN[column]]), old or nothing, new or nothing)
        for column, (old, new) in changes.items()
        if column in FIELD_OF_COLUMN
    ]


def in_order(name: str) -> list[tuple[int, str]]:
    """Return by what names are sorted that hold numbers: Xóm 2 before Xóm 10."""
    return [(int(piece), "") if piece.isdecimal() else (0, piece) for piece in re.split(r"(\d+)", name)]


def age_words(opened_at: datetime, *, now: datetime) -> tuple[str, str]:
    """Say how long a case has been open, and in which tone: after a month it is late."""
    days = max((now - opened_at).days, 0)
    tone = "late" if days >= (AGES["old"][0] or 0) else "soon" if days >= (AGES["month"][0] or 0) else "open"
    if days == 0:
        return _("mở hôm nay"), tone
    if days < _WEEK:
        return ngettext("mở %(n)s ngày trước", "mở %(n)s ngày trước", days) % {"n": days}, tone
    if days < _MONTH:
        return ngettext("mở %(n)s tuần trước", "mở %(n)s tuần trước", days // 7) % {"n": days // 7}, tone
    return ngettext("mở %(n)s tháng trước", "mở %(n)s tháng trước", days // 30) % {"n": days // 30}, tone


def _row(case: Any, asked: CaseFilter, now: datetime) -> CaseRow:
    entry, verdict, kind = case.entry, case.verdict, Status(case.kind)
    offered = accepted_changes(entry, verdict) if case.state in {CaseState.OPEN, CaseState.VISIT} else case.proposal
    age, age_tone = age_words(case.opened_at, now=now)
    return CaseRow(
        id=case.pk, version=case.version,
        url=reverse("office:verification_case", args=[case.pk]) + address_of(asked),
        name=entry.full_name or _("không ghi tên"), birth=entry.birth_date, number=verdict.found_number or entry.number, key=entry.record_key,
        list_name=entry.list_name, village=case.village, place=case.commune.name if case.commune else "",
        kind=str(STATUS_WORDS[kind]), tone=KIND_TONES.get(kind, "open"),
        state=str(CaseState(case.state).label), state_tone=STATE_TONES[CaseState(case.state)],
        probability=case.probability if verdict.is_linked else None,
        changes=change_words(offered), age=age, age_tone=age_tone,
        may_accept=case.state == CaseState.OPEN and bool(offered) and kind not in {Status.DEAD, Status.DUPLICATE},
        note=case.note,
    )  # fmt: skip

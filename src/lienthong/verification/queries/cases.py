"""Questions about cases: who sees which, in what order, how many of what, what lies beside each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from lienthong.accounts.models import User
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import local_day
from lienthong.units.models import AdministrativeUnit
from lienthong.verification import policies
from lienthong.verification.linkage import Variant, variants
from lienthong.verification.models import Batch, Case, DuplicatePair, Inquiry, RegisterEntry, Verdict
from lienthong.verification.states import (
    BULK_KINDS,
    ENDED_CASES,
    OPEN_CASES,
    STATUS_CHOICES,
    CaseState,
    PairState,
)

# Days a case has been open, from and up to (not including); the last one has no end.
AGES: dict[str, tuple[int, int | None]] = {"week": (0, 7), "month": (7, 30), "old": (30, None)}
DONE = "done"
WORK_STATES = (CaseState.OPEN, CaseState.PROPOSED, CaseState.WAITING_POLICE, CaseState.VISIT)


_LONGEST_ID = 18


def is_id(text: str) -> bool:
    """Tell whether a text of an address can be the id of a row."""
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID


class CaseNotFound(NotFound):
    """There is no such case, or none that this user may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What of the cases is asked for, as it stands in the address of the list. Empty means all."""

    state: str = CaseState.OPEN
    kind: str = ""
    village: str = ""
    age: str = ""
    batch: str = ""
    commune: str = ""


def visible_cases(user: User, *, on: date) -> QuerySet[Case]:
    """Return the cases that a user may see, in no order yet."""
    return Case.objects.filter(policies.visible_to(user, on=on))


def filtered_cases(user: User, asked: CaseFilter, *, now: datetime) -> QuerySet[Case]:
    """Return the cases of a list: those that fit, oldest first by number, which is a total order."""
    rows = visible_cases(user, on=local_day(now)).filter(_narrowed(asked, now))
    return rows.order_by("id")


def get_case(case_id: int, *, user: User, on: date) -> Case:
    """Return a case with its entry, verdict, batch and commune.

    Raises:
        CaseNotFound: There is none, or none that this user may see.
    """
    rows = visible_cases(user, on=on).select_related(
        "entry__register", "entry__commune", "verdict__batch", "commune", "proposed_by", "decided_by"
    )
    case = rows.filter(pk=case_id).first()
    if case is None:
        raise CaseNotFound(case_id)
    return case


def neighbours(case: Case, asked: CaseFilter, *, user: User, now: datetime) -> tuple[int | None, int | None]:
    """Return the case before and the case after this one in the list, by their ids."""
    rows = filtered_cases(user, asked, now=now)
    before = rows.filter(pk__lt=case.pk).order_by("-id").values_list("pk", flat=True).first()
    after = rows.filter(pk__gt=case.pk).values_list("pk", flat=True).first()
    return before, after


def next_case(case_id: int, asked: CaseFilter, *, user: User, now: datetime) -> int | None:
    """Return the case to go on with after one was decided: the next in the list, else the first that is left."""
    rows = filtered_cases(user, asked, now=now).exclude(pk=case_id).values_list("pk", flat=True)
    return rows.filter(pk__gt=case_id).first() or rows.first()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases there are by each filter, with the other filters kept. Số việc theo từng cách lọc."""

    states: dict[str, int]
    kinds: dict[str, int]
    villages: dict[str, int]
    batches: dict[str, int]
    ages: dict[str, int]


def counts(user: User, asked: CaseFilter, *, now: datetime) -> Counts:
    """Count the cases by each filter. One question each: a count keeps all filters but its own."""
    rows = visible_cases(user, on=local_day(now))

    def by(column: str, without: str) -> dict[str, int]:
        left = rows.filter(_narrowed(replace(asked, **{without: ""}), now)).order_by()
        return {str(key): n for key, n in left.values_list(column).annotate(n=Count("pk")).order_by(column)}

    states = by("state", "state")
    ages = rows.filter(_narrowed(replace(asked, age=""), now)).aggregate(
        **{name: Count("pk", filter=_aged(name, now)) for name in AGES}
    )
    return Counts(
        states={**{name: states.get(name, 0) for name in WORK_STATES}, DONE: sum(states.get(s, 0) for s in ENDED_CASES)},
        kinds=by("kind", "kind"), villages=by("village", "village"), batches=by("verdict__batch", "batch"), ages=ages,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CommuneProgress:
    """How far a commune is with its cases. Tiến độ của một xã."""

    commune_id: int | None
    name: str
    left: int
    proposed: int
    old: int
    done: int

    @property
    def total(self) -> int:
        """All cases of the commune, ended ones too."""
        return self.left + self.done

    @property
    def share(self) -> float:
        """The share of them that is done."""
        return self.done / self.total if self.total else 1.0


def progress_by_commune(user: User, *, now: datetime) -> list[CommuneProgress]:
    """Return how far each commune is that the user may see; those of no commune last."""
    rows = (
        visible_cases(user, on=local_day(now))
        .values("commune", "commune__name", "commune__sort_key")
        .annotate(
            left=Count("pk", filter=Q(state__in=OPEN_CASES)),
            proposed=Count("pk", filter=Q(state=CaseState.PROPOSED)),
            old=Count("pk", filter=Q(state__in=OPEN_CASES) & _aged("old", now)),
            done=Count("pk", filter=Q(state__in=ENDED_CASES)),
        )
        .order_by(F("commune__sort_key").asc(nulls_last=True), "commune")
    )
    return [
        CommuneProgress(row["commune"], row["commune__name"] or "", row["left"], row["proposed"], row["old"], row["done"])
        for row in rows
    ]  # fmt: skip


def acceptable(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Keep the cases that may be accepted in bulk: open, of a kind that is, certain from their batch's threshold on."""
    return rows.filter(
        state=CaseState.OPEN, kind__in=[*BULK_KINDS], verdict__is_linked=True,
        probability__gte=F("verdict__batch__threshold"),
    )  # fmt: skip


def waiting_for_second(user: User, *, now: datetime) -> QuerySet[Case]:
    """Return the proposals that this user may decide as the second person: none of their own."""
    rows = visible_cases(user, on=local_day(now)).filter(state=CaseState.PROPOSED)
    if not policies.decides_numbers(user, on=local_day(now)):
        return rows.none()
    return rows.exclude(proposed_by=user).order_by("id")


def twins_of(case: Case) -> list[RegisterEntry]:
    """Return the other current records of the same person: by a current verdict, or because somebody has said so."""
    number = case.verdict.found_number
    kept = DuplicatePair.objects.filter(case=case, state=PairState.SAME, kept=OuterRef("pk"))
    same = Verdict.objects.filter(entry=OuterRef("pk"), is_current=True, found_number=number).exclude(found_number="")
    rows = RegisterEntry.objects.filter(Exists(same) | Exists(kept), is_current=True).exclude(pk=case.entry_id)
    return list(rows.select_related("register", "commune").order_by("id")[:10])


def questions_for(entry: RegisterEntry, *, on: date) -> list[Variant]:
    """Return the questions that may find the person of an entry, the most promising first."""
    said: dict[str, str | None] = {"number": entry.number, "full_name": entry.full_name, "birth_date": entry.birth_date}
    return variants(said, this_year=on.year)


def inquiries_of(case: Case) -> list[Inquiry]:
    """Return what was asked about the person of a case, newest first."""
    return list(Inquiry.objects.filter(case=case).select_related("asked_by").order_by("-id"))


def person_found_by_inquiry(case: Case) -> Mapping[str, Any] | None:
    """Return whom the last fruitful inquiry about a case found; None where there was none."""
    found = (
        Inquiry.objects.filter(case=case).exclude(person={}).order_by("-id").values_list("person", flat=True).first()
    )
    return dict(found) if found else None


def batch_numbers(batch_ids: list[str]) -> dict[str, str]:
    """Return the numbers of batches by id, for the words of a filter."""
    rows = Batch.objects.filter(pk__in=[one for one in batch_ids if is_id(one)])
    return {str(batch.pk): batch.number for batch in rows.order_by("id")}


def places_of(codes: Iterable[str]) -> dict[str, str]:
    """Return the name of the place that each code means now, or meant last."""
    rows = AdministrativeUnit.objects.filter(code__in=set(codes)).order_by("valid_from", "id")
    return dict(rows.values_list("code", "name"))


def commune_name(commune_id: str) -> str:
    """Return the name of a commune for the words of a filter; empty where there is none."""
    if not is_id(commune_id):
        return ""
    return AdministrativeUnit.objects.filter(pk=int(commune_id)).values_list("name", flat=True).first() or ""


def _narrowed(asked: CaseFilter, now: datetime) -> Q:
    found = Q()
    if asked.state == DONE:
        found &= Q(state__in=ENDED_CASES)
    elif asked.state in WORK_STATES:
        found &= Q(state=asked.state)
    if asked.kind in dict(STATUS_CHOICES):
        found &= Q(kind=asked.kind)
    if asked.village:
        found &= Q(village=asked.village)
    if asked.age in AGES:
        found &= _aged(asked.age, now)
    if is_id(asked.batch):
        found &= Q(verdict__batch=int(asked.batch))
    if is_id(asked.commune):
        found &= Q(commune=int(asked.commune))
    return found


def _aged(name: str, now: datetime) -> Q:
    youngest, oldest = AGES[name]
    found = Q(opened_at__lte=now - timedelta(days=youngest))
    return found if oldest is None else found & Q(opened_at__gt=now - timedelta(days=oldest))

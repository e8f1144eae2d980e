"""Everybody whom the house knows as columns for the rules: one streaming pass over the people, a few over what few have.

Unknown stays unknown here; what the review takes as given is filled in by ``assumptions.py``. The dead and those who have
moved away stay in, for they may still receive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from django.db.models import Q, QuerySet, Sum

from lienthong.assistance.models import Circumstance, DisabilityCertificate, EntitlementRate
from lienthong.assistance.queries.binary_copy import copied_columns
from lienthong.assistance.queries.register_merit import MERIT_PREFIX, ClaimantColumns, claimants_on
from lienthong.assistance.queries.register_query import COLUMNS, places_on, statement
from lienthong.assistance.queries.turned_sixteen import AS_CHILD, AS_STUDENT, PaidMonths, was_paid_at_sixteen
from lienthong.assistance.states import Programme
from lienthong.people.models import Condition, Person
from lienthong.people.states import ConditionKind
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.merit.lines import OWN_KINDS
from lienthong.rules.parameters import load_parameter
from lienthong.rules.social_assistance.changes import REPLACED
from lienthong.rules.social_assistance.columns import (
    EVER,
    FALSE,
    NEVER,
    NO_AMOUNT,
    NO_CODE,
    TRUE,
    UNKNOWN,
    ChildColumns,
    PersonColumns,
    code_of,
    day_number,
)
from lienthong.rules.social_assistance.facts import AMOUNTS, CHOICES, FIELDS, FLAGS, PensionRequest
from lienthong.rules.social_assistance.plain_facts import FactRefused, person_from_plain
from lienthong.rules.social_assistance.timing import month_of

_EPOCH: Final = date(1970, 1, 1).toordinal()
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterColumns:
    """Everybody on a day, in ascending order of their ids.

    Sổ toàn dân dưới dạng cột, để xét cùng lúc.

    Attributes:
        unit: The commune lived in on the day, on the map of that day; 0 for none.
        paid_in: The commune lived in, or lived in last, as it is on that day.
        died: Day of death in days since 1970; ``EVER`` of the living.
        ethnicity: Place in ``ethnicities``; the first is "not told".
        persons: What is recorded, as the rules of social assistance read it.
        hints: Who has which recorded condition.
        claimants: Those who have claims as people with merit, or as their relatives.
    """

    on: date
    person: Numbers
    unit: Numbers
    paid_in: Numbers
    household: Numbers
    died: npt.NDArray[np.int32]
    ethnicity: npt.NDArray[np.int16]
    ethnicities: tuple[str, ...]
    persons: PersonColumns
    hints: Mapping[ConditionKind, Flags]
    claimants: ClaimantColumns

    def __len__(self) -> int:
        return len(self.person)

    @property
    def is_dead(self) -> Flags:
        """Who died before the day: of their last day they still live."""
        dead: Flags = self.died < day_number(self.on)
        return dead

    @property
    def is_here(self) -> Flags:
        """Who lives in a commune of the house on the day."""
        here: Flags = (self.unit > 0) & ~self.is_dead
        return here

    def rows_of(self, ids: Iterable[int]) -> npt.NDArray[np.intp]:
        """Give the rows of people who are in the register, in the order asked; others are left out."""
        wanted = np.fromiter(ids, dtype=np.int64)
        return _places(self.person, wanted)[1]


def register_on(on: date, *, unit_id: int | None = None, person_ids: Iterable[int] | None = None) -> RegisterColumns:
    """Read everybody as they stand on a day.

    Args:
        on: The day.
        unit_id: Only those who live in this commune or in what it took over, lived there last, or are paid by it.
        person_ids: Only these.
    """
    told_ethnicities = Person.objects.exclude(ethnicity="").order_by("ethnicity")
    ethnicities = ("", *told_ethnicities.values_list("ethnicity", flat=True).distinct())
    places = places_on(on)
    found = copied_columns(statement(on, ethnicities, places, unit_id=unit_id, person_ids=person_ids), COLUMNS)
    ids = found["person"]
    chosen = None if unit_id is None and person_ids is None else ids.tolist()
    told = list(_circumstances(on, chosen))
    columns = _bare_columns(found, knows_areas=places.knows_areas)
    conditions = _conditions(on, chosen)
    columns = _with_registers(
        _with_circumstances(columns, ids, told), columns, ids, on=on, chosen=chosen, conditions=conditions
    )
    columns = _with_what_is_paid(columns, ids, on, chosen)
    merit_told = [one for one in told if one[1].startswith(MERIT_PREFIX)]
    return RegisterColumns(
        on=on,
        person=ids,
        unit=found["unit"],
        paid_in=np.where(found["unit"] > 0, found["unit"], found["lived_in"]),
        household=found["household"],
        died=found["died"],
        ethnicity=np.maximum(found["ethnicity"] - 1, 0).astype(np.int16),
        ethnicities=ethnicities,
        persons=columns,
        hints=_hints(ids, conditions),
        claimants=claimants_on(on, ids, columns, told=merit_told, is_part=chosen is not None),
    )


def _bare_columns(found: Mapping[str, npt.NDArray[Any]], *, knows_areas: bool) -> PersonColumns:
    count = len(found["person"])
    nobody = np.zeros(0, dtype=np.int32)
    columns: dict[str, Any] = {name: np.full(count, NO_CODE, dtype=np.int8) for name in CHOICES}
    columns |= {name: np.full(count, UNKNOWN, dtype=np.int8) for name in FLAGS}
    columns |= {name: np.full(count, NO_AMOUNT, dtype=np.int64) for name in AMOUNTS}
    columns |= {
        "sex": found["sex"].astype(np.int8), "poverty": found["poverty"].astype(np.int8),
        "birth_earliest": found["birth_earliest"].astype(np.int32), "birth_latest": found["birth_latest"].astype(np.int32),
        "has_known_children": np.zeros(count, dtype=np.int8),
        "children": ChildColumns(
            parent=nobody, birth_earliest=nobody, birth_latest=nobody, is_studying=np.zeros(0, dtype=np.int8)
        ),
    }  # fmt: skip
    if knows_areas:
        here = found["difficult"].astype(np.int8)
        columns["lives_in_difficult_area"] = np.where(found["places"] > 0, here, np.int8(UNKNOWN))
    return PersonColumns(**columns)


def _of(rows: Any, chosen: list[int] | None, path: str = "person_id") -> Any:
    return rows if chosen is None else rows.filter(**{f"{path}__in": chosen})


def _with_registers(
    told: PersonColumns,
    recorded: PersonColumns,
    ids: Numbers,
    *,
    on: date,
    chosen: list[int] | None,
    conditions: list[tuple[int, str, str]],
) -> PersonColumns:
    """Let registers count before what was told: class, place, sex, certificates, conditions."""
    filled: dict[str, Any] = {}
    for name, unknown in (("sex", NO_CODE), ("poverty", NO_CODE), ("lives_in_difficult_area", UNKNOWN)):
        column = getattr(recorded, name)
        filled[name] = np.where(column == unknown, getattr(told, name), column)
    degrees = {one.value: code_of(one) for one in DisabilityLevel}
    levels = {person: level for person, kind, level in conditions if kind == ConditionKind.DISABILITY}
    certificates = _of(DisabilityCertificate.objects.valid_on(on).filter(withdrawn_at=None), chosen)
    levels |= dict(certificates.order_by("valid_from", "pk").values_list("person_id", "level"))
    known = {person: degrees[level] for person, level in levels.items() if level in degrees}
    filled["disability"] = _put(told.disability, ids, known)
    has_hiv = {person: TRUE for person, kind, _level in conditions if kind == ConditionKind.HIV}
    filled["has_hiv"] = _put(told.has_hiv, ids, has_hiv)
    return replace(told, **filled)


def _with_what_is_paid(columns: PersonColumns, ids: Numbers, on: date, chosen: list[int] | None) -> PersonColumns:
    """Take what the house itself has paid: to people with merit now, and to the elderly and to children before."""
    rates = _of(EntitlementRate.objects.filter(superseded_at=None), chosen, "entitlement__person_id")
    month = month_of(on)
    merit = rates.filter(_covers(month), entitlement__programme=Programme.MERIT, entitlement__benefit__in=OWN_KINDS)
    sums = merit.values_list("entitlement__person_id").order_by("entitlement__person_id").annotate(sum=Sum("amount"))
    paid = _put(np.full(len(ids), NO_AMOUNT, dtype=np.int64), ids, dict(sums))
    filled: dict[str, Any] = {"other_benefit": np.maximum(columns.other_benefit, paid)}
    social = rates.filter(entitlement__programme=Programme.SOCIAL)
    begins = load_parameter("social_assistance/social_pension:level").values[0].applied_from
    if on >= begins:
        before = social.filter(_covers(month_of(begins - timedelta(days=1))), amount__gt=0)
        elderly = before.filter(_line_of(REPLACED)).order_by("pk").values_list("entitlement__person_id", flat=True)
        handed_over = dict.fromkeys(elderly, code_of(PensionRequest.HANDED_OVER))
        filled["pension_request"] = _where_unknown(columns.pension_request, NO_CODE, ids, handed_over)
    received = dict.fromkeys(_paid_at_sixteen(social.filter(amount__gt=0), columns, ids), TRUE)
    filled["received_as_orphan"] = _where_unknown(columns.received_as_orphan, UNKNOWN, ids, received)
    return replace(columns, **filled)


def _paid_at_sixteen(social: QuerySet[EntitlementRate], columns: PersonColumns, ids: Numbers) -> Iterator[int]:
    """Yield who was paid as a child without care when turning sixteen."""
    paid: dict[int, list[PaidMonths]] = {}
    rows = social.filter(_line_of([AS_CHILD, AS_STUDENT])).order_by("pk")
    for person, first, end, lines in rows.values_list(
        "entitlement__person_id", "first_month", "end_month", "basis__lines"
    ):
        codes = frozenset(str(line["code"]) for line in lines)
        paid.setdefault(person, []).append(PaidMonths(codes, first, end))
    among, places = _places(ids, np.fromiter(paid, dtype=np.int64))
    for person, place in zip(np.array(list(paid), dtype=np.int64)[among].tolist(), places.tolist(), strict=True):
        earliest, latest = columns.birth_earliest[place], columns.birth_latest[place]
        if earliest == NEVER or latest == EVER:
            continue
        first, last = (date.fromordinal(_EPOCH + int(day)) for day in (earliest, latest))
        if was_paid_at_sixteen(first, last, paid[person]):
            yield person


def _covers(month: date) -> Q:
    return Q(first_month__lte=month) & (Q(end_month=None) | Q(end_month__gt=month))


def _line_of(categories: Iterable[str]) -> Q:
    found = Q(pk__in=[])
    for one in categories:
        found |= Q(basis__contains={"lines": [{"code": str(one)}]})
    return found


def _put(column: npt.NDArray[Any], ids: Numbers, values: Mapping[int, int]) -> npt.NDArray[Any]:
    """Write a value for each of some people into a copy of a column."""
    if not values:
        return column
    among, places = _places(ids, np.fromiter(values, dtype=np.int64))
    filled = column.copy()
    filled[places] = np.fromiter(values.values(), dtype=column.dtype)[among]
    return filled


def _where_unknown(column: npt.NDArray[Any], unknown: int, ids: Numbers, values: Mapping[int, int]) -> npt.NDArray[Any]:
    return np.where(column == unknown, _put(column, ids, values), column)


def _circumstances(on: date, chosen: list[int] | None) -> Iterator[tuple[int, str, Any]]:
    rows = _of(Circumstance.objects.valid_on(on).filter(withdrawn_at=None), chosen).order_by("person_id", "pk")
    yield from rows.values_list("person_id", "name", "value").iterator(chunk_size=20_000)


def _with_circumstances(columns: PersonColumns, ids: Numbers, told: list[tuple[int, str, Any]]) -> PersonColumns:
    """Put what is recorded of people into the columns; a value that is no fact any more stays unknown."""
    by_name: dict[str, list[tuple[int, Any]]] = {}
    for person, name, value in told:
        if name in FIELDS:
            by_name.setdefault(name, []).append((person, value))
    filled: dict[str, Any] = {}
    for name, pairs in by_name.items():
        read = [(person, _read(name, value)) for person, value in pairs]
        known = [(person, value) for person, value in read if value is not None]
        among, places = _places(ids, np.array([person for person, _value in known], dtype=np.int64))
        values = [value for (_person, value), is_there in zip(known, among, strict=True) if is_there]
        if name == "children":
            filled |= _children(columns, places, values)
        elif name == "birth_date":
            filled |= _births(columns, places, values)
        else:
            column = getattr(columns, name).copy()
            column[places] = [_code(name, value) for value in values]
            filled[name] = column
    return replace(columns, **filled)


def _read(name: str, value: Any) -> Any:
    try:
        return getattr(person_from_plain({name: value}), name)
    except FactRefused:
        return None


def _code(name: str, value: Any) -> int:
    if name in AMOUNTS:
        return int(value)
    return (TRUE if value else FALSE) if name in FLAGS else code_of(value)


def _births(columns: PersonColumns, places: npt.NDArray[np.intp], values: list[Any]) -> dict[str, Any]:
    earliest, latest = columns.birth_earliest.copy(), columns.birth_latest.copy()
    for place, value in zip(places.tolist(), values, strict=True):
        if earliest[place] == NEVER:
            earliest[place], latest[place] = day_number(value.earliest), day_number(value.latest)
    return {"birth_earliest": earliest, "birth_latest": latest}


def _children(columns: PersonColumns, places: npt.NDArray[np.intp], values: list[Any]) -> dict[str, Any]:
    known = columns.has_known_children.copy()
    known[places] = 1
    rows = sorted(zip(places.tolist(), values, strict=True), key=lambda one: one[0])
    raised = [(row, child) for row, children in rows for child in children]
    born = [child.birth_date for _row, child in raised]
    return {
        "has_known_children": known,
        "children": ChildColumns(
            parent=np.array([row for row, _child in raised], dtype=np.int32),
            birth_earliest=np.array([day_number(one.earliest) if one else NEVER for one in born], dtype=np.int32),
            birth_latest=np.array([day_number(one.latest) if one else EVER for one in born], dtype=np.int32),
            is_studying=np.array(
                [
                    UNKNOWN if child.is_studying is None else _code("is_studying", child.is_studying)
                    for _row, child in raised
                ],
                dtype=np.int8,
            ),
        ),
    }


def _conditions(on: date, chosen: list[int] | None) -> list[tuple[int, str, str]]:
    rows = _of(Condition.objects.valid_on(on), chosen).order_by("-pk")
    return list(rows.values_list("person_id", "kind", "level"))


def _hints(ids: Numbers, conditions: list[tuple[int, str, str]]) -> dict[ConditionKind, Flags]:
    nobody = np.zeros(len(ids), dtype=np.bool_)
    return {
        kind: _put(nobody, ids, {person: True for person, held, _level in conditions if held == kind})
        for kind in ConditionKind
    }


def _places(ids: Numbers, wanted: Numbers) -> tuple[Flags, npt.NDArray[np.intp]]:
    """Say which of some ids are among those of the register, and where those lie."""
    if not len(ids):
        return np.zeros(len(wanted), dtype=np.bool_), np.zeros(0, dtype=np.intp)
    places = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    among: Flags = ids[places] == wanted
    return among, places[among]

"""Which household a row of an existing list means: by code, by the head's number, by name and birth; never by a guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from lienthong.kernel.days import BirthDate, format_day
from lienthong.people.models import Household, HouseholdMembership, Person
from lienthong.people.queries.numbers import birth_date_of
from lienthong.people.states import HouseholdRelation
from lienthong.poverty.list_reading import ListRow
from lienthong.poverty.models import HouseholdStanding, ListImportRow
from lienthong.poverty.states import HouseholdClass, ImportState, RowOutcome
from lienthong.units.models import AdministrativeUnit


@dataclass(slots=True)
class Match:
    """What a row means: the household, or a person who heads none yet, or nothing known; or why it cannot be told."""

    row: ListRow
    outcome: RowOutcome
    household_id: int | None = None
    person_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Member:
    household_id: int
    household_code: str
    unit_id: int
    person_id: int
    name_key: str
    number: str
    birth: BirthDate | None
    is_head: bool


class _Register:
    """The households and people that the rows of a list may mean, read at once."""

    def __init__(self, rows: Sequence[ListRow], unit: AdministrativeUnit, on: date) -> None:
        self.unit, self.on = unit, on
        codes = {row.code for row in rows if row.code}
        numbers = {row.head_number for row in rows if row.head_number}
        names = {row.name_key for row in rows if row.head_name}
        self.by_code: dict[str, set[int]] = defaultdict(set)
        households = Household.objects.valid_on(on).filter(code__in=codes).order_by("pk")
        for pk, code in households.values_list("pk", "code"):
            self.by_code[code].add(pk)
        other_names = ListImportRow.objects.filter(
            household_code__in=codes - set(self.by_code), household__isnull=False, list_import__unit=unit,
            list_import__state=ImportState.COMMITTED,
        ).order_by("pk")  # fmt: skip
        for code, pk in other_names.values_list("household_code", "household_id"):
            self.by_code[code].add(pk)
        self.people = {
            number: pk
            for pk, number in Person.objects.filter(personal_id_number__in=numbers)
            .order_by("-pk")
            .values_list("pk", "personal_id_number")
        }
        named = Person.objects.filter(unit=unit, name_key__in=names).order_by("pk").values_list("pk", flat=True)
        members = self._members(
            {pk for found in self.by_code.values() for pk in found}, {*self.people.values(), *named}
        )
        self.of_household: dict[int, list[_Member]] = defaultdict(list)
        self.of_person: dict[int, _Member] = {}
        self.heads: dict[str, list[_Member]] = defaultdict(list)
        for member in members:
            self.of_household[member.household_id].append(member)
            self.of_person[member.person_id] = member
            if member.is_head and member.unit_id == unit.pk:
                self.heads[member.name_key].append(member)

    def _members(self, household_ids: Iterable[int], person_ids: Iterable[int]) -> list[_Member]:
        rows = HouseholdMembership.objects.valid_on(self.on).select_related("person", "household")
        found = {}
        for narrowed in (rows.filter(household__in=list(household_ids)), rows.filter(person__in=list(person_ids))):
            for one in narrowed.order_by("pk"):
                person, household = one.person, one.household
                found[one.pk] = _Member(
                    household.pk, household.code, household.unit_id, person.pk, person.name_key,
                    person.personal_id_number, birth_date_of(person), one.relation == HouseholdRelation.HEAD,
                )  # fmt: skip
        return list(found.values())


def match_rows(rows: Sequence[ListRow], unit: AdministrativeUnit, *, on: date) -> list[Match]:
    """Find what each row means in a commune on a day, and what it would change.

    Args:
        rows: Of one list.
        unit: The commune.
        on: The day from which the classes hold.
    """
    register = _Register(rows, unit, on)
    matches = [_match(row, register) for row in rows]
    taken: dict[int, int] = {}
    for match in matches:
        if match.household_id is None or match.outcome == RowOutcome.REFUSED:
            continue
        if match.household_id in taken:
            words = {"first": taken[match.household_id]}
            match.outcome, match.reason = RowOutcome.REFUSED, _("cùng một hộ với dòng %(first)s") % words
        taken.setdefault(match.household_id, match.row.number)
    _compare(matches, on)
    return matches


def _match(row: ListRow, register: _Register) -> Match:
    if row.refusals:
        return Match(row, RowOutcome.REFUSED, reason="; ".join(one.rstrip(".") for one in row.refusals))
    by_code = register.by_code.get(row.code, set()) if row.code else set()
    person_id = register.people.get(row.head_number) if row.head_number else None
    member = register.of_person.get(person_id) if person_id is not None else None
    if len(by_code) > 1:
        return _refused(row, _("mã hộ %(code)s chỉ nhiều hộ; cần số định danh của chủ hộ") % {"code": row.code})
    if by_code:
        return _by_code(row, next(iter(by_code)), member, register)
    if member is not None:
        return _in_commune(row, member, register)
    if person_id is not None:
        row.notes.append(_("người này có trong sổ, chưa thuộc hộ nào; sẽ là chủ hộ mới"))
        return Match(row, RowOutcome.CREATED, person_id=person_id)
    return _by_name(row, register)


def _by_code(row: ListRow, household_id: int, member: _Member | None, register: _Register) -> Match:
    own = register.of_household.get(household_id, [])
    if member is not None and member.household_id != household_id:
        words = {"code": row.code, "other": member.household_code}
        return _refused(row, _("mã hộ %(code)s và số định danh chỉ hai hộ khác nhau (hộ kia là %(other)s)") % words)
    if own and own[0].unit_id != register.unit.pk:
        return _refused(row, _("mã hộ %(code)s thuộc xã, phường khác") % {"code": row.code})
    if row.head_name and own and row.name_key not in {one.name_key for one in own}:
        return _refused(
            row,
            _("mã hộ %(code)s có trong sổ nhưng không có ai tên như trong tệp; hãy xem lại mã hộ") % {"code": row.code},
        )
    return Match(row, RowOutcome.MATCHED, household_id)


def _in_commune(row: ListRow, member: _Member, register: _Register) -> Match:
    if member.unit_id != register.unit.pk:
        return _refused(row, _("chủ hộ đang thuộc hộ %s ở xã, phường khác") % member.household_code)
    if row.head_name and member.name_key != row.name_key:
        return _refused(row, _("số định danh thuộc người mang tên khác; hãy xem lại số và tên"))
    if not member.is_head:
        row.notes.append(_("trong sổ người này không phải chủ hộ"))
    return Match(row, RowOutcome.MATCHED, member.household_id)


def _by_name(row: ListRow, register: _Register) -> Match:
    if not row.head_name:
        return _refused(row, _("không có hộ nào mang mã %(code)s, và tệp không ghi chủ hộ") % {"code": row.code})
    named = register.heads.get(row.name_key, [])
    if row.head_number:
        # A number that nobody has: whoever bears another number is somebody else.
        named = [one for one in named if not one.number]
    if row.birth is None:
        if named:
            words = {"n": len(named)}
            return _refused(
                row,
                _(
                    "xã có %(n)s chủ hộ cùng tên, tệp không đủ để biết có phải cùng người; cần ngày sinh hoặc số định danh"
                )
                % words,
            )
        return Match(row, RowOutcome.CREATED)
    fitting = [one for one in named if one.birth is not None and _may_be_same(one.birth, row.birth)]
    unknown = [one for one in named if one.birth is None]
    if len(fitting) == 1 and not unknown:
        return Match(row, RowOutcome.MATCHED, fitting[0].household_id)
    if fitting or unknown:
        count = len(fitting) + len(unknown)
        return _refused(row, _("xã có %(n)s chủ hộ có thể là người này; cần số định danh để biết chắc") % {"n": count})
    return Match(row, RowOutcome.CREATED)


def _compare(matches: Sequence[Match], on: date) -> None:
    """See what the matched rows would change, and refuse to write over a decision."""
    ids = [match.household_id for match in matches if match.household_id is not None]
    standings = {
        one.household_id: one for one in HouseholdStanding.objects.valid_on(on).filter(household__in=ids).order_by("pk")
    }
    for match in matches:
        standing = standings.get(match.household_id) if match.outcome == RowOutcome.MATCHED else None
        if standing is None:
            continue
        if standing.household_class == match.row.household_class:
            match.outcome = RowOutcome.UNCHANGED
        elif standing.decision_id is not None or standing.valid_from == on:
            words = {"held": HouseholdClass(standing.household_class).label, "day": format_day(standing.valid_from)}
            match.outcome = RowOutcome.REFUSED
            match.reason = (
                _("hộ đã được công nhận là %(held)s từ %(day)s theo quyết định; danh sách nhập không thay quyết định")
                if standing.decision_id is not None
                else _("hộ đã ghi là %(held)s từ đúng ngày %(day)s; hãy chọn ngày khác nếu phân loại đã đổi")
            ) % words


def _refused(row: ListRow, reason: str) -> Match:
    return Match(row, RowOutcome.REFUSED, reason=reason)


def _may_be_same(one: BirthDate, other: BirthDate) -> bool:
    """Tell whether two dates of birth, known to the day, month or year, can be one."""
    return one.earliest <= other.latest and other.earliest <= one.latest

"""Whom the rows of a register mean, what is wrong with each, and what the rules give instead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from lienthong.assistance.models import Entitlement, TakeOverRow
from lienthong.assistance.queries.facts import History, histories_of
from lienthong.assistance.queries.merit_months import merit_on
from lienthong.assistance.queries.months import paid_here
from lienthong.assistance.register_file import RegisterRow
from lienthong.assistance.states import LIVE_STATES, Programme
from lienthong.kernel.days import add_months
from lienthong.kernel.money import format_dong
from lienthong.kernel.text import fold
from lienthong.people.models import Person
from lienthong.rules.merit.lines import LineKind
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.social_assistance.assessing import assess
from lienthong.units.models import AdministrativeUnit

_AT_ONCE: Final = 500


def matched(
    rows: Sequence[RegisterRow], unit: AdministrativeUnit, programme: str, month: date, *, known_on: date
) -> list[TakeOverRow]:
    """Find whom each row means, and compare what it says with the law in force on a day."""
    by_number = _people_by_number(rows)
    by_name = _people_by_name(rows, unit)
    lines = [_line(row, by_number, by_name) for row in rows]
    benefits = [row.benefit for row in rows]
    refuse_dead(lines)
    refuse_received(lines, benefits, programme)
    _refuse_twice(lines, benefits)
    for start in range(0, len(lines), _AT_ONCE):
        part = lines[start : start + _AT_ONCE]
        histories = histories_of([line.person_id for line in part if line.person_id and not line.problems])
        for line in part:
            if line.person_id in histories and not line.problems:
                _compare(line, histories[line.person_id], programme, month, known_on)
    return lines


def _people_by_number(rows: Sequence[RegisterRow]) -> dict[str, list[Person]]:
    numbers = {number for row in rows for number in (row.personal_id, row.payee_id_number) if number}
    found: dict[str, list[Person]] = defaultdict(list)
    for person in Person.objects.filter(personal_id_number__in=numbers).order_by("pk"):
        found[person.personal_id_number].append(person)
    return found


def _people_by_name(rows: Sequence[RegisterRow], unit: AdministrativeUnit) -> dict[str, list[Person]]:
    names = {fold(row.name) for row in rows if not row.personal_id}
    names |= {fold(row.payee_name) for row in rows if row.payee_name and not row.payee_id_number}
    found: dict[str, list[Person]] = defaultdict(list)
    for person in Person.objects.filter(name_key__in=names, unit=unit).order_by("pk"):
        found[person.name_key].append(person)
    return found


def _line(row: RegisterRow, by_number: Mapping[str, list[Person]], by_name: Mapping[str, list[Person]]) -> TakeOverRow:
    problems = list(row.problems)
    person = _person(row, by_number, by_name, problems)
    payee = _payee(row, person, by_number, by_name, problems)
    said = {
        **row.said,
        "category_code": row.category,
        "benefit": row.benefit,
        "payee_ground_code": row.payee_ground,
        "since_day": row.since.isoformat() if row.since else "",
    }
    return TakeOverRow(number=row.number, said=said, person=person, payee=payee, amount=row.amount, problems=problems)


def _person(
    row: RegisterRow, by_number: Mapping[str, list[Person]], by_name: Mapping[str, list[Person]], problems: list[str]
) -> Person | None:
    if row.personal_id:
        found = by_number.get(row.personal_id, [])
        if found and row.name and found[0].name_key != fold(row.name):
            words = {"number": row.personal_id, "name": found[0].full_name}
            problems.append(_("số định danh %(number)s trong dữ liệu dân cư là của %(name)s") % words)
    else:
        found = [
            person
            for person in by_name.get(fold(row.name), [])
            if row.birth is None or (person.birth_on and person.birth_on.year == row.birth.year)
        ]
    if not found:
        problems.append(_("không tìm thấy người này trong dữ liệu dân cư"))
        return None
    if len(found) > 1:
        problems.append(_("có %(n)s người cùng tên trong xã; ghi số định danh") % {"n": len(found)})
        return None
    return found[0]


def _payee(
    row: RegisterRow, person: Person | None, by_number: Mapping[str, list[Person]],
    by_name: Mapping[str, list[Person]], problems: list[str],
) -> Person | None:  # fmt: skip
    if not (row.payee_name or row.payee_id_number):
        return person
    found = by_number.get(row.payee_id_number, []) if row.payee_id_number else by_name.get(fold(row.payee_name), [])
    if len(found) != 1:
        problems.append(_("không tìm thấy đúng một người nhận tiền; ghi số định danh người nhận"))
        return None
    return found[0]


def refuse_dead(lines: Sequence[TakeOverRow]) -> None:
    """Write down with each row that its person, or who receives the money, has died."""
    for line in lines:
        if line.person is not None and line.person.died_on is not None:
            line.problems.append(_("người này đã chết theo dữ liệu dân cư"))
        elif line.payee is not None and line.payee.died_on is not None:
            line.problems.append(_("người nhận tiền đã chết theo dữ liệu dân cư; ghi người nhận khác"))


def refuse_received(lines: Sequence[TakeOverRow], benefits: Sequence[str], programme: str) -> None:
    """Write down with each row that its person receives the benefit already."""
    people = [line.person_id for line in lines if line.person_id]
    live = Entitlement.objects.filter(person__in=people, programme=programme, state__in=LIVE_STATES)
    received = set(live.values_list("person_id", "benefit"))
    for line, benefit in zip(lines, benefits, strict=True):
        if (line.person_id, benefit) in received:
            line.problems.append(_("người này đang hưởng khoản này trong hệ thống rồi"))


def _refuse_twice(lines: Sequence[TakeOverRow], benefits: Sequence[str]) -> None:
    seen: dict[tuple[int, str], TakeOverRow] = {}
    for line, benefit in zip(lines, benefits, strict=True):
        if line.person_id is None:
            continue
        first = seen.setdefault((line.person_id, benefit), line)
        if first is not line:
            line.problems.append(_("trùng người với dòng %(n)s") % {"n": first.number})


def _compare(line: TakeOverRow, history: History, programme: str, month: date, known_on: date) -> None:
    """Say what the rules give for the first month, and how it differs."""
    day = add_months(month, 1) - timedelta(days=1)
    benefit = line.said["benefit"]
    try:
        if programme == Programme.MERIT:
            found = merit_on(history, day, known_on=known_on)
            lines = [one for one in found.lines if one.kind == LineKind(benefit)]
            line.by_rules = None if found.missing else sum(one.amount for one in lines)
            missing = list(found.missing)
        else:
            assessment = assess(history.facts_on(day), on=day, known_on=known_on)
            least, most = paid_here(assessment, benefit)
            line.by_rules = least if least == most else None
            missing = [one.text for one in assessment.missing]
    except NoValueInForce as unknown:
        line.note = str(unknown)
        return
    if line.by_rules is None:
        line.note = _("Chưa so được với quy định, còn thiếu: %(what)s.") % {"what": "; ".join(missing)}
    elif line.by_rules != line.amount:
        line.note = _("Theo quy định là %(rules)s, danh sách ghi %(listed)s.") % {
            "rules": format_dong(line.by_rules),
            "listed": format_dong(line.amount or 0),
        }


def differs(line: TakeOverRow) -> bool:
    """Tell whether the rules are known to give another amount."""
    return line.by_rules is not None and line.by_rules != line.amount

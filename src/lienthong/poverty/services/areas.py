"""Which hamlets are rural and which urban: designations, one by one or from a file, by four eyes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra import locks
from lienthong.kernel.days import format_day
from lienthong.kernel.text import clean_line
from lienthong.poverty.models import AreaDesignation
from lienthong.poverty.queries.areas import hamlet_key
from lienthong.poverty.services import approvals
from lienthong.poverty.services.approvals import StandardRefused
from lienthong.poverty.states import ApprovalState, AreaKind
from lienthong.units.models import AdministrativeUnit
from lienthong.units.states import COMMUNE_KINDS

MOST_AT_ONCE = 2_000


class DesignationsRefused(StandardRefused):
    """Some rows cannot be taken; ``problems`` has a sentence for each, and nothing was written."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        rest = len(self.problems) - 1
        more = _(" Và %(n)s lỗi khác.") % {"n": rest} if rest else ""
        super().__init__(self.problems[0] + more)


class DesignationOverlaps(StandardRefused):
    """Another approved designation holds for the same place on some of the days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Designate:
    """A place, or one hamlet of it, is rural or urban from a day on. Xếp khu vực cho địa bàn.

    Attributes:
        hamlet: Empty for the whole place.
        where: How the row is named in a refusal, such as "Dòng 7".
    """

    unit_id: int
    hamlet: str
    area: AreaKind
    instrument: str
    valid_from: date
    valid_until: date | None = None
    where: str = ""


@transaction.atomic
def prepare_designations(commands: Iterable[Designate], *, acting_user: User, now: datetime) -> list[AreaDesignation]:
    """Put designations down for a second person, all of them or none.

    Lập đề nghị xếp khu vực.

    Raises:
        NotYourStandard: The user is no officer of the competent agency.
        DesignationsRefused: With everything that is wrong.
    """
    approvals.may_prepare(acting_user, now)
    wanted = list(commands)
    units = {
        unit.pk: unit
        for unit in AdministrativeUnit.objects.filter(
            pk__in={one.unit_id for one in wanted}, kind__in=COMMUNE_KINDS
        ).order_by("pk")
    }
    if problems := _problems(wanted, units):
        raise DesignationsRefused(problems)
    rows = AreaDesignation.objects.bulk_create(
        AreaDesignation(
            unit=units[one.unit_id],
            hamlet=clean_line(one.hamlet, at_most=120) if one.hamlet.strip() else "",
            area=one.area,
            instrument=clean_line(one.instrument, at_most=200),
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            prepared_by=acting_user,
            prepared_at=now,
        )
        for one in wanted
    )
    for row in rows:
        approvals.tell(row, what=_what(row), state=str(ApprovalState.DRAFT.label), acting_user=acting_user, now=now)
    return rows


@transaction.atomic
def approve_designations(designation_ids: Iterable[int], *, acting_user: User, now: datetime) -> list[AreaDesignation]:
    """Let prepared designations hold, all of them or none.

    Duyệt xếp khu vực.

    Raises:
        StandardChangeUnknown: One of them is not there.
        NotYourStandard, PreparedByApprover, AlreadyDecided: The user or the state does not allow it.
        DesignationOverlaps: Another approved one holds for the place on some of the days.
    """
    locks.hold("poverty:areas")
    approved = []
    for designation_id in sorted(set(designation_ids)):
        row = approvals.locked(AreaDesignation, designation_id)
        approvals.must_be(row, ApprovalState.DRAFT)
        _refuse_overlap(row)
        approvals.approve(row, what=_what(row), acting_user=acting_user, now=now)
        approved.append(row)
    return approved


@transaction.atomic
def refuse_designations(
    designation_ids: Iterable[int], *, reason: str, acting_user: User, now: datetime
) -> list[AreaDesignation]:
    """Turn prepared designations down. Không duyệt xếp khu vực.

    Raises:
        StandardChangeUnknown, StandardRefused: As in ``approvals.refuse``.
    """
    refused = []
    for designation_id in sorted(set(designation_ids)):
        row = approvals.locked(AreaDesignation, designation_id)
        approvals.refuse(row, what=_what(row), reason=reason, acting_user=acting_user, now=now)
        refused.append(row)
    return refused


@transaction.atomic
def end_designation(designation_id: int, *, ends_on: date, acting_user: User, now: datetime) -> AreaDesignation:
    """Let an approved designation end; somebody other than who prepared it.

    Kết thúc xếp khu vực.

    Args:
        designation_id: Which.
        ends_on: First day on which it no longer holds.
        acting_user: Who ends it.
        now: When.

    Raises:
        StandardChangeUnknown, StandardRefused: As in ``approvals.end``.
    """
    locks.hold("poverty:areas")
    row = approvals.locked(AreaDesignation, designation_id)
    approvals.end(row, what=_what(row), ends_on=ends_on, acting_user=acting_user, now=now)
    return row


def _problems(wanted: Sequence[Designate], units: dict[int, AdministrativeUnit]) -> list[str]:
    if not wanted:
        return [_("Chưa có địa bàn nào. Hãy chọn ít nhất một thôn, tổ dân phố.")]
    if len(wanted) > MOST_AT_ONCE:
        return [_("Mỗi lần nhiều nhất %(n)s địa bàn. Hãy chia thành nhiều lần.") % {"n": MOST_AT_ONCE}]
    problems, seen = [], set()
    for one in wanted:
        unit, where = units.get(one.unit_id), f"{one.where}: " if one.where else ""
        if unit is None:
            problems.append(where + _("không có xã, phường này."))
            continue
        name = f"{one.hamlet or unit.name}"
        if not one.instrument.strip():
            problems.append(where + _("%(name)s chưa ghi văn bản xếp khu vực.") % {"name": name})
        if one.valid_until is not None and one.valid_until <= one.valid_from:
            problems.append(where + _("%(name)s có ngày kết thúc không sau ngày bắt đầu.") % {"name": name})
        if one.valid_from < unit.valid_from or (unit.valid_until is not None and one.valid_from >= unit.valid_until):
            problems.append(
                where
                + _("%(unit)s không tồn tại vào ngày %(day)s; hãy chọn đơn vị của ngày ấy.")
                % {"unit": unit.name, "day": format_day(one.valid_from)}
            )
        key = (one.unit_id, hamlet_key(one.hamlet))
        if key in seen:
            problems.append(where + _("%(name)s được nêu hai lần.") % {"name": name})
        seen.add(key)
    return problems


def _refuse_overlap(row: AreaDesignation) -> None:
    others = AreaDesignation.objects.filter(unit=row.unit_id, state=ApprovalState.APPROVED).order_by("valid_from", "pk")
    for other in others:
        if hamlet_key(other.hamlet) != hamlet_key(row.hamlet):
            continue
        ends_before = other.valid_until is not None and other.valid_until <= row.valid_from
        begins_after = row.valid_until is not None and row.valid_until <= other.valid_from
        if not ends_before and not begins_after:
            words = {"name": row.hamlet or row.unit.name, "day": format_day(other.valid_from)}
            raise DesignationOverlaps(
                _("%(name)s đã được xếp khu vực từ ngày %(day)s. Hãy ghi ngày kết thúc cho lần xếp ấy trước.") % words
            )


def _what(row: AreaDesignation) -> str:
    place = f"{row.hamlet}, {row.unit.name}" if row.hamlet else row.unit.name
    return _("Khu vực của %(place)s là %(area)s") % {"place": place, "area": AreaKind(row.area).label}

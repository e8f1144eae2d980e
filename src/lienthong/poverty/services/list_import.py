"""Taking in an existing list of poor and near-poor households: read, staged and shown, then written whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.kernel.days import format_day, local_day
from lienthong.people import services as people
from lienthong.people.models import Household
from lienthong.people.states import HouseholdRelation, ResidenceKind
from lienthong.poverty import policies
from lienthong.poverty.events import ListImported
from lienthong.poverty.list_columns import FIELDS, guess_columns, lacking
from lienthong.poverty.list_reading import ListRow, read_rows
from lienthong.poverty.models import HouseholdStanding, ListImport, ListImportRow
from lienthong.poverty.queries.imports import ListImportUnknown, remembered_columns
from lienthong.poverty.queries.list_matching import Match, match_rows
from lienthong.poverty.states import HouseholdClass, ImportState, RowOutcome
from lienthong.units.models import AdministrativeUnit
from lienthong.units.states import COMMUNE_KINDS
from lienthong.verification import store
from lienthong.verification.store import Arrived
from lienthong.verification.tables import Table, TableRefused, read_table
from lienthong.verification.tables.refusals import SheetMissing
from lienthong.verification.tables.table import ROW_NUMBER

MOST_ROWS = 50_000
_PREVIEW_ROWS = 6
_AT_ONCE = 1_000


class ImportRefused(Exception):
    """The list cannot be taken so; the message says why, and what to do."""


class NotYourCommune(ImportRefused):
    """The user runs the review neither of the province nor of this commune."""


class ImportDayWrong(ImportRefused):
    """The day has not come, or the commune was not there."""


class TooManyRows(ImportRefused):
    """No commune has so many households."""


class ColumnsUnclear(ImportRefused):
    """Columns that a list cannot do without are not told, or one is told twice."""


class ImportMovedOn(ImportRefused):
    """The import is already written or thrown away."""


class LoadedByYou(ImportRefused):
    """Who loaded a list does not also write it: a class is worth money, so two people answer for it."""

    def __init__(self) -> None:
        super().__init__(_("Danh sách này do bạn nạp; người thứ hai của xã hoặc của tỉnh phải ghi nhận."))


class RowsRefused(ImportRefused):
    """Rows were refused and nobody said to leave them out."""


class NothingToWrite(ImportRefused):
    """No row changes anything."""


class RegisterChanged(ImportRefused):
    """What the rows mean has changed since they were shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginImport:
    """A file with the list of a commune. Nhập danh sách có sẵn.

    Attributes:
        valid_from: From when the classes hold.
        class_of_all: The class of every row where no column tells it, or empty.
    """

    file: Arrived
    file_name: str
    unit_id: int
    valid_from: date
    class_of_all: str = ""


@transaction.atomic
def begin_import(command: BeginImport, *, acting_user: User, now: datetime) -> ListImport:
    """Read a file and guess its columns. Nothing else is written yet.

    Raises:
        NotYourCommune, ImportDayWrong, TooManyRows: The commune, the day or the size is wrong.
        TableRefused: The file is no table.
    """
    unit = AdministrativeUnit.objects.filter(pk=command.unit_id, kind__in=COMMUNE_KINDS).first()
    if unit is None:
        raise NotYourCommune(_("Không có xã, phường này. Hãy chọn lại."))
    _may_import(acting_user, unit.pk, now)
    if command.valid_from > local_day(now):
        raise ImportDayWrong(
            _("Ngày %s chưa đến. Hãy chọn ngày không muộn hơn hôm nay.") % format_day(command.valid_from)
        )
    if command.valid_from < unit.valid_from or (
        unit.valid_until is not None and command.valid_from >= unit.valid_until
    ):
        words = {"unit": unit.name, "first": format_day(unit.valid_from)}
        raise ImportDayWrong(_("%(unit)s có từ ngày %(first)s. Hãy chọn ngày mà đơn vị này tồn tại.") % words)
    table = _table(command.file.sha256, command.file_name, unit)
    if table.frame.height > MOST_ROWS:
        words = {"rows": f"{table.frame.height:,}".replace(",", "."), "most": f"{MOST_ROWS:,}".replace(",", ".")}
        raise TooManyRows(
            _(
                "Tệp có %(rows)s dòng, mỗi lần nhận nhiều nhất %(most)s. Hãy kiểm tra có đúng tệp không, hoặc chia theo thôn."
            )
            % words
        )
    remembered = remembered_columns(table.signature)
    return ListImport.objects.create(
        unit=unit,
        file_name=command.file_name[-255:],
        sha256=command.file.sha256,
        valid_from=command.valid_from,
        class_of_all=command.class_of_all,
        signature=table.signature,
        mapping=guess_columns(table, remembered=remembered),
        reading=_reading_of(table, is_remembered=bool(remembered)),
        loaded_by=acting_user,
        loaded_at=now,
    )


@transaction.atomic
def stage_import(import_id: int, columns: Mapping[str, str], *, acting_user: User, now: datetime) -> ListImport:
    """Say for every row what would become of it, by the columns that a person confirmed.

    Raises:
        ListImportUnknown: There is none that the user may see.
        ImportMovedOn: It is already written or thrown away.
        ColumnsUnclear: A needed column is not told, or one is told twice.
    """
    held = _locked(import_id, acting_user, now, states=(ImportState.READ, ImportState.STAGED))
    chosen = {field: head for field, head in columns.items() if head}
    heads = set(held.reading["heads"])
    if strange := [head for field, head in chosen.items() if field not in FIELDS or head not in heads]:
        raise ColumnsUnclear(_("Tệp không có cột “%s”. Hãy chọn lại.") % strange[0])
    if doubled := [head for head, times in Counter(chosen.values()).items() if times > 1]:
        raise ColumnsUnclear(_("Cột “%s” được chọn cho hai mục. Mỗi cột chỉ dùng một lần.") % doubled[0])
    if missing := lacking(chosen, class_of_all=held.class_of_all):
        raise ColumnsUnclear(_("Chưa chỉ ra cột: %s.") % ", ".join(missing))
    held.mapping, held.state = chosen, ImportState.STAGED
    held.save(update_fields=["mapping", "state"])
    _write_rows(held, _matches(held))
    return held


@transaction.atomic
def commit_import(import_id: int, *, leaves_out_refused: bool, acting_user: User, now: datetime) -> ListImport:
    """Write a staged list: new households, and the class of each from the chosen day on. All of it or nothing.

    Nhập danh sách hộ nghèo, hộ cận nghèo.

    Args:
        import_id: Which.
        leaves_out_refused: Somebody has seen the refused rows and wants the others all the same.
        acting_user: Who.
        now: When.

    Raises:
        ListImportUnknown: There is none that the user may see.
        ImportMovedOn: It is not staged, or written already.
        LoadedByYou: The user loaded it; another must write it.
        RowsRefused: Rows were refused and nobody said to leave them out.
        NothingToWrite: No row changes anything.
        RegisterChanged: What the rows mean has changed since they were shown; they are staged anew, nothing is written.
        PeopleRefusal: A new household cannot be recorded; nothing is written.
    """
    held = _locked(import_id, acting_user, now, states=(ImportState.STAGED,))
    if held.loaded_by_id == acting_user.pk:
        raise LoadedByYou
    shown = list(held.rows.order_by("row_number"))
    counts = Counter(row.outcome for row in shown)
    if not counts[RowOutcome.MATCHED] + counts[RowOutcome.CREATED]:
        raise NothingToWrite(_("Không có dòng nào làm thay đổi dữ liệu, nên không ghi gì."))
    if counts[RowOutcome.REFUSED] and not leaves_out_refused:
        raise RowsRefused(
            _("Có %s dòng không nhận. Đánh dấu “Bỏ các dòng không nhận” nếu vẫn ghi các dòng còn lại.")
            % counts[RowOutcome.REFUSED]
        )
    matches = _matches(held)
    if [(one.row.number, one.outcome, one.household_id) for one in matches] != [
        (row.row_number, row.outcome, row.household_id) for row in shown
    ]:
        raise RegisterChanged(_("Sổ hộ vừa thay đổi nên kết quả từng dòng không còn như đã xem. Hãy xác nhận cột lại."))
    _write_standings(held, matches, acting_user=acting_user, now=now)
    held.state, held.committed_by, held.committed_at = ImportState.COMMITTED, acting_user, now
    held.save(update_fields=["state", "committed_by", "committed_at"])
    fact = ListImported(
        import_id=held.pk, digest=held.sha256, valid_from=held.valid_from, matched=counts[RowOutcome.MATCHED],
        created=counts[RowOutcome.CREATED], unchanged=counts[RowOutcome.UNCHANGED], refused=counts[RowOutcome.REFUSED],
    )  # fmt: skip
    record(fact, stream=held.stream, actor_id=acting_user.pk, at=now)
    return held


@transaction.atomic
def cancel_import(import_id: int, *, acting_user: User, now: datetime) -> ListImport:
    """Throw an unwritten import away; its rows stay to be read.

    Raises:
        ListImportUnknown, ImportMovedOn: There is none, or it is written already.
    """
    held = _locked(import_id, acting_user, now, states=(ImportState.READ, ImportState.STAGED))
    held.state = ImportState.CANCELLED
    held.save(update_fields=["state"])
    return held


def _may_import(user: User, unit_id: int, now: datetime) -> None:
    on = local_day(now)
    if not policies.runs_province(user, on=on) and not policies.runs_commune(user, unit_id, on=on):
        raise NotYourCommune(_("Bạn không phụ trách giảm nghèo ở xã, phường này nên không nhập danh sách được."))


def _locked(import_id: int, user: User, now: datetime, *, states: Sequence[ImportState]) -> ListImport:
    held: ListImport | None = (
        ListImport.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=import_id).first()
    )
    if held is None:
        raise ListImportUnknown
    try:
        _may_import(user, held.unit_id, now)
    except NotYourCommune as refusal:
        raise ListImportUnknown from refusal
    if held.state not in states:
        raise ImportMovedOn(_("Danh sách này %s, không làm lại được.") % ImportState(held.state).label)
    return held


def _table(sha256: str, name: str, unit: AdministrativeUnit) -> Table:
    """Read the file; of a workbook with a sheet for each commune, the sheet of this one."""
    path = store.present(store.file_path(sha256))
    try:
        return read_table(path, name=name, sheet=unit.code)
    except SheetMissing:
        return read_table(path, name=name)


def _reading_of(table: Table, *, is_remembered: bool) -> dict[str, object]:
    preview = [[row[head] for head in table.heads] for row in islice(table.frame.iter_rows(named=True), _PREVIEW_ROWS)]
    return {
        "heads": list(table.heads),
        "rows": table.frame.height,
        "source": table.source,
        "notices": list(table.notices),
        "skipped": [str(one) for one in table.skipped[:100]],
        "preview": preview,
        "is_remembered": is_remembered,
    }


def _matches(held: ListImport) -> list[Match]:
    table = _table(held.sha256, held.file_name, held.unit)
    rows = read_rows(
        table.frame.iter_rows(named=True), held.mapping, row_number=ROW_NUMBER, class_of_all=held.class_of_all
    )
    return match_rows(rows, held.unit, on=held.valid_from)


def _write_rows(held: ListImport, matches: Sequence[Match]) -> None:
    held.rows.all().delete()
    ListImportRow.objects.bulk_create(
        (
            ListImportRow(
                list_import=held,
                row_number=match.row.number,
                household_code=match.row.code,
                head_name=match.row.head_name,
                household_class=match.row.household_class or "",
                details=match.row.details(),
                outcome=match.outcome,
                household_id=match.household_id if match.outcome != RowOutcome.REFUSED else None,
                reason=match.reason[:600],
                notes=[note[:300] for note in match.row.notes],
            )
            for match in matches
        ),
        batch_size=_AT_ONCE,
    )


def _write_standings(held: ListImport, matches: Sequence[Match], *, acting_user: User, now: datetime) -> None:
    made: dict[int, int] = {}
    for match in matches:
        if match.outcome == RowOutcome.CREATED:
            made[match.row.number] = _new_household(held, match, acting_user=acting_user, now=now).pk
    rows = {row.row_number: row for row in held.rows.filter(row_number__in=made).order_by("pk")}
    for number, new_id in made.items():
        rows[number].household_id = new_id
    ListImportRow.objects.bulk_update(rows.values(), ["household"], batch_size=_AT_ONCE)
    wanted: dict[int, HouseholdClass | None] = {}
    for match in matches:
        household_id = made.get(match.row.number, match.household_id)
        if household_id is not None and match.outcome in {RowOutcome.MATCHED, RowOutcome.CREATED}:
            wanted[household_id] = match.row.household_class
    day = held.valid_from
    current = HouseholdStanding.objects.select_for_update().valid_on(day).filter(household__in=wanted).order_by("pk")
    HouseholdStanding.objects.filter(pk__in=[row.pk for row in current]).update(valid_until=day)
    later: dict[int, date] = {}
    follows = HouseholdStanding.objects.filter(household__in=wanted, valid_from__gt=day).order_by("-valid_from")
    for household, begins in follows.values_list("household_id", "valid_from"):
        later[household] = begins
    HouseholdStanding.objects.bulk_create(
        (
            HouseholdStanding(
                household_id=one,
                household_class=household_class or HouseholdClass.NOT_POOR,
                valid_from=day,
                valid_until=later.get(one),
                source=held.source,
            )
            for one, household_class in wanted.items()
        ),
        batch_size=_AT_ONCE,
    )


def _new_household(held: ListImport, match: Match, *, acting_user: User, now: datetime) -> Household:
    row: ListRow = match.row
    person_id = match.person_id
    if person_id is None:
        command = people.RegisterPerson(
            full_name=row.head_name,
            sex=row.sex,
            birth=row.birth,
            ethnicity=row.ethnicity,
            number=row.head_number,
            residence=people.FirstResidence(
                kind=ResidenceKind.PERMANENT, unit_code=held.unit.code, hamlet=row.hamlet, since=held.valid_from
            ),
        )
        person_id = people.register_person(command, acting_user_id=acting_user.pk, now=now).person.pk
    head = people.Member(person_id=person_id, relation=HouseholdRelation.HEAD)
    formed = people.FormHousehold(
        unit_code=held.unit.code, members=(head,), on=held.valid_from, hamlet=row.hamlet
    )  # fmt: skip
    return people.form_household(formed, acting_user_id=acting_user.pk, now=now)


__all__ = [
    "BeginImport",
    "ColumnsUnclear",
    "ImportDayWrong",
    "ImportMovedOn",
    "ImportRefused",
    "LoadedByYou",
    "NotYourCommune",
    "NothingToWrite",
    "RegisterChanged",
    "RowsRefused",
    "TableRefused",
    "TooManyRows",
    "begin_import",
    "cancel_import",
    "commit_import",
    "stage_import",
]

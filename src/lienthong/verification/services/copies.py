"""Load a copy of the population data: prepared whole, told what it adds, changes and takes away, in use from one moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.infra.templatetags.formats import number
from lienthong.infra.working import Progress, alone, is_cut_off, moment
from lienthong.kernel.days import format_day, local_day
from lienthong.verification import batch_events, policies, store
from lienthong.verification.adapters.local_copy import (
    DIGESTS,
    INDEX,
    PEOPLE,
    PLACES,
    Difference,
    difference,
    digests_of,
)
from lienthong.verification.linkage import Places, Population
from lienthong.verification.models import PopulationCopy
from lienthong.verification.places import places_on
from lienthong.verification.states import CopyState
from lienthong.verification.tables import TableKind, TableRefused, canonical_frame, guess_mapping, read_table

# In a month a province changes a few people in a hundred; a file that loses more is mostly half of one.
MOST_REMOVED, MOST_CHANGED, FEWEST_ROWS = 0.05, 0.5, 0.5
REASON_AT_MOST = 500


class CopyRefused(Exception):
    """Why a copy of the population data is not taken, in words."""


class NotForYou(CopyRefused):
    """The user loads no copies on this day."""

    def __init__(self) -> None:
        super().__init__(
            _("Chỉ cán bộ được phân công ở cơ quan cấp tỉnh mới nạp dữ liệu dân cư. Hãy hỏi người phụ trách.")
        )


class OlderThanTheLast(CopyRefused):
    """Data of an earlier day than those in use would bring back what has been overtaken."""

    def __init__(self, as_of: date, newest: date) -> None:
        super().__init__(
            _(
                "Dữ liệu đến ngày %(as_of)s không mới hơn bản đang dùng (đến ngày %(newest)s) nên không nạp. Hãy lấy bản mới hơn."
            )
            % {"as_of": format_day(as_of), "newest": format_day(newest)}
        )


class FromTheFuture(CopyRefused):
    """The data cannot be of a day that has not come."""

    def __init__(self, as_of: date) -> None:
        super().__init__(
            _("Ngày dữ liệu %(as_of)s còn chưa tới. Ghi ngày mà dữ liệu được trích.") % {"as_of": format_day(as_of)}
        )


class LoadedAlready(CopyRefused):
    """The same file is in use."""

    def __init__(self, copy: PopulationCopy) -> None:
        super().__init__(
            _("Tệp này chính là bản đang dùng, nạp lúc %(at)s. Không có gì thay đổi.")
            % {"at": f"{copy.loaded_at:%d/%m/%Y}"}
        )


class LoadingAlready(CopyRefused):
    """Another copy is being loaded."""

    def __init__(self) -> None:
        super().__init__(_("Đang nạp một bản sao khác. Chờ bản đó xong rồi nạp tiếp."))


class TooMuchIsGone(CopyRefused):
    """So many people are gone or changed against the copy in use that the file is more likely half of one."""

    def __init__(self, told: Difference, *, rows: int, before: PopulationCopy) -> None:
        super().__init__(
            _(
                "Tệp có %(rows)s người, bản đang dùng có %(before)s: bớt %(removed)s, đổi %(changed)s. Nhiều như vậy thường là"
                " tệp thiếu phần hoặc sai cột, nên bản này chưa được dùng. Hãy kiểm tra tệp có đủ các xã và đúng các cột. Nếu"
                " tệp đúng, nạp lại, đánh dấu “Vẫn nạp bản này” và ghi lý do."
            )
            % {
                "rows": number(rows), "before": number(before.rows), "removed": number(told.removed),
                "changed": number(told.changed),
            }
        )  # fmt: skip


class NoReasonGiven(CopyRefused):
    """Whoever loads a copy in spite of what it loses says why."""

    def __init__(self) -> None:
        super().__init__(_("Ghi lý do vẫn nạp bản này: vì sao số người bớt hoặc đổi nhiều là đúng."))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadCopy:
    """Load a file of the population. Nạp bản sao dữ liệu dân cư.

    Args:
        file: What ``store.take_in`` took in.
        file_name: The sender's name of it.
        as_of: The day that the data describe.
        is_insisted: To be used even where a large part of the people is gone or changed. Vẫn nạp bản này.
        reason: Why it is right all the same; kept in the note of the copy.
    """

    file: store.Arrived
    file_name: str
    as_of: date
    is_insisted: bool = False
    reason: str = ""


@transaction.atomic
def load_population_copy(command: LoadCopy, *, acting_user: User, now: datetime) -> PopulationCopy:
    """Take a file of the population in; a job prepares it, and it is in use only when it is whole.

    Raises:
        CopyRefused: Not for this user, older than what is in use, the same file, of a future day, one is loading, or no
            reason is given where one is needed.
    """
    today = local_day(now)
    if not policies.runs_batches(acting_user, on=today):
        raise NotForYou
    reason = command.reason.strip()[:REASON_AT_MOST] if command.is_insisted else ""
    if command.is_insisted and not reason:
        raise NoReasonGiven
    locks.hold("population copies")
    if command.as_of > today:
        raise FromTheFuture(command.as_of)
    newest = PopulationCopy.objects.filter(state=CopyState.READY).first()
    if newest is not None and newest.sha256 == command.file.sha256:
        raise LoadedAlready(newest)
    if newest is not None and command.as_of <= newest.as_of:
        raise OlderThanTheLast(command.as_of, newest.as_of)
    if PopulationCopy.objects.filter(state=CopyState.LOADING).exists():
        raise LoadingAlready
    # While a copy is being loaded its note holds nothing but the reason to use it whatever it loses.
    copy = PopulationCopy.objects.create(
        note=reason, as_of=command.as_of, sha256=command.file.sha256, file_name=command.file_name[:255], previous=newest,
        loaded_by=acting_user, loaded_at=now, progress={"stage": _("Chờ đọc dữ liệu"), "share": 0.0, "began": now.isoformat()},
    )  # fmt: skip
    fact = batch_events.PopulationCopyArrived(copy_id=copy.pk, as_of=copy.as_of, sha256=copy.sha256)
    record(fact, stream=copy.stream, actor_id=acting_user.pk, at=now)
    return copy


def prepare_population_copy(copy_id: int) -> None:
    """Read and prepare a copy that arrived; what the job does. Killed, it begins again and leaves nothing half."""
    with alone(f"population_copy:{copy_id}"):
        copy = PopulationCopy.objects.select_related("previous").get(pk=copy_id)
        if copy.state != CopyState.LOADING:
            return
        try:
            _prepare(copy)
        except (TableRefused, store.FileGone, CopyRefused) as refusal:
            _failed(copy_id, str(refusal))
        except Exception:
            if is_cut_off():
                raise
            _failed(copy_id, _("Có lỗi khi chuẩn bị dữ liệu; bản đang dùng vẫn giữ nguyên. Hãy báo quản trị viên."))
            raise


def prepare_copy(people: pl.DataFrame, places: pl.DataFrame, folder: Path) -> None:
    """Write everything that a copy consists of into an empty folder.

    Args:
        people: Canonical columns of the population.
        places: Columns ``old`` and ``new``.
        folder: Where to; the caller makes it appear when it is whole.
    """
    people.write_parquet(folder / PEOPLE)
    places.write_parquet(folder / PLACES)
    digests_of(people).write_parquet(folder / DIGESTS)
    Population.prepare(people, places=Places.read(places)).save(folder / INDEX)


def _prepare(copy: PopulationCopy) -> None:
    progress = Progress(copy, now=moment())
    progress(_("Đọc tệp"), 0.05)
    table = read_table(store.present(store.file_path(copy.sha256)), name=copy.file_name)
    mapping = guess_mapping(table, kind=TableKind.POPULATION).require(table)
    progress(_("Chuẩn hóa dữ liệu dân cư"), 0.3)
    made = canonical_frame(table, mapping)
    people = made.frame
    skipped = table.rows_skipped + sum(one.count for one in made.skipped if one not in table.skipped)
    told = _difference(copy, people)
    if copy.previous is not None and not copy.note and loses_much(told, rows=people.height, before=copy.previous.rows):
        raise TooMuchIsGone(told, rows=people.height, before=copy.previous)
    progress(_("Lập chỉ mục"), 0.5)
    key = f"{copy.as_of:%Y%m%d}-{copy.sha256[:16]}"
    with store.whole_folder(store.copy_folder(key)) as part:
        prepare_copy(people, places_on(local_day(copy.loaded_at)), part)
    with transaction.atomic():
        locks.hold("population copies")
        copy = PopulationCopy.objects.select_for_update().get(pk=copy.pk)
        if copy.state != CopyState.LOADING:
            return
        now = moment()
        PopulationCopy.objects.filter(state=CopyState.READY).update(state=CopyState.SUPERSEDED)
        copy.rows, copy.skipped, copy.folder, copy.mapping = people.height, skipped, key, mapping.as_plain_data()
        copy.added, copy.changed, copy.removed = told.added, told.changed, told.removed
        copy.state, copy.ready_at, copy.note = CopyState.READY, now, _note(copy, made.notices)
        copy.progress = {**copy.progress, "stage": _("Hoàn thành"), "share": 1.0}
        copy.save()
        fact = batch_events.PopulationCopyLoaded(
            copy_id=copy.pk, as_of=copy.as_of, sha256=copy.sha256, rows=copy.rows, **asdict(told)
        )
        record(fact, stream=copy.stream, actor_id=copy.loaded_by_id, at=now)


def loses_much(told: Difference, *, rows: int, before: int) -> bool:
    """Tell whether a copy loses or changes so many people that a person has to look before it is used.

    Args:
        told: What it brings against the copy before.
        rows: People in it.
        before: People in the copy before.
    """
    return told.removed > before * MOST_REMOVED or told.changed > before * MOST_CHANGED or rows < before * FEWEST_ROWS


def _note(copy: PopulationCopy, notices: Iterable[str]) -> str:
    """Keep the reason to use the copy all the same, above what reading it gave."""
    reason = [_("Vẫn nạp bản này. Lý do: %(reason)s") % {"reason": copy.note}] if copy.note else []
    return "\n".join([*reason, *notices])[:1000]


def _difference(copy: PopulationCopy, people: pl.DataFrame) -> Difference:
    """Say what the copy brings; against nothing, everybody is new."""
    if copy.previous is None or not (store.copy_folder(copy.previous.folder) / DIGESTS).exists():
        return Difference(added=people.height, changed=0, removed=0)
    return difference(digests_of(people), pl.read_parquet(store.copy_folder(copy.previous.folder) / DIGESTS))


def _failed(copy_id: int, reason: str) -> None:
    with transaction.atomic():
        copy = PopulationCopy.objects.select_for_update().get(pk=copy_id)
        if copy.state != CopyState.LOADING:
            return
        copy.state, copy.note = CopyState.FAILED, reason[:1000]
        copy.save()
        record(
            batch_events.PopulationCopyFailed(copy_id=copy_id, reason=copy.note),
            stream=copy.stream,
            actor_id=None,
            at=moment(),
        )

"""Versions of the survey forms: tried, published, replaced; never edited."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import format_moment, local_day
from lienthong.poverty import policies
from lienthong.poverty.events import FormPublished
from lienthong.poverty.models import FormSource, FormVersion, PointsTableVersion
from lienthong.poverty.queries.forms import form_in_use, source_of
from lienthong.poverty.queries.standards import rules_table
from lienthong.poverty.states import ApprovalState, FormKind
from lienthong.poverty.survey.compiling import CompiledForm, FormDoesNotCompile, compile_form, form_id_of
from lienthong.poverty.survey.workbooks import SHIPPED, shipped_source
from lienthong.rules.poverty.standards import standard

RURAL_REGION = "northern_midlands_mountains"


class FormRefused(Exception):
    """Base of why a form is not published, in words."""


class NotForYou(FormRefused):
    """The user does not run the review of the province."""

    def __init__(self) -> None:
        super().__init__(_("Chỉ cán bộ phụ trách giảm nghèo của tỉnh mới phát hành phiếu. Hãy nhờ người phụ trách."))


class NotThisForm(FormRefused):
    """The file holds another form than the one that is replaced, or none of ours."""

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(
            _(
                "Tệp chứa phiếu có mã “%(found)s”, không phải “%(wanted)s”. Hãy xem lại cột form_id của trang settings, "
                "hoặc chọn đúng tệp."
            )
            % {"found": found, "wanted": wanted}
        )


class NotOurForm(FormRefused):
    """The file holds a form that the review does not know."""

    def __init__(self, found: str) -> None:
        super().__init__(
            _(
                "Trang “settings”, cột form_id: mã “%(found)s” không phải phiếu của đợt rà soát. Hãy ghi một trong các mã: "
                "%(known)s."
            )
            % {"found": found, "known": ", ".join(FormKind.values)}
        )


class TableNotApproved(FormRefused):
    """The points table has no second person's approval, or belongs to another standard."""

    def __init__(self) -> None:
        super().__init__(
            _("Bảng điểm này chưa được duyệt hoặc thuộc chuẩn khác. Hãy chọn bảng điểm đã duyệt của chuẩn.")
        )


class TableWithoutRegion(FormRefused):
    """The points table has no column for the countryside of this province."""

    def __init__(self) -> None:
        super().__init__(
            _("Bảng điểm không có cột nông thôn của vùng này. Hãy nạp bảng điểm có cột đó rồi phát hành phiếu.")
        )


class NothingNew(FormRefused):
    """The form is in use word for word."""

    def __init__(self, in_use: FormVersion) -> None:
        self.in_use = in_use
        super().__init__(
            _(
                "Không có gì mới: phiếu này giống hệt phiên bản %(version)s đang dùng từ %(since)s, nên không phát hành thêm."
            )
            % {"version": in_use.version, "since": format_moment(in_use.published_at)}
        )


class ReplacedMeanwhile(FormRefused):
    """Another version was published after this one had been compared."""

    def __init__(self, in_use: FormVersion | None) -> None:
        super().__init__(
            _(
                "Trong lúc bạn xem, phiên bản %(version)s đã được đưa vào dùng; chưa phát hành gì. Hãy xem khác gì phiên bản đó "
                "rồi quyết định."
            )
            % {"version": in_use.version if in_use is not None else "–"}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishForm:
    """Ask for a new version of a form. Yêu cầu phát hành phiếu.

    Attributes:
        standard_id: The standard whose numbers go into it.
        form_id: Which form is replaced; empty takes the one that ``source`` says it is.
        source: Bytes of an XLSX that was changed; None takes the form that comes with the house.
        source_name: Its name.
        points_table: For form B; None leaves the points of B1 unknown.
        region_column: The rural column of the table that holds in this province.
        instead_of: The version with which it was compared, empty where none was in use; None asks for no comparison.
    """

    standard_id: str
    form_id: str = ""
    source: bytes | None = None
    source_name: str = ""
    points_table: PointsTableVersion | None = None
    region_column: str = RURAL_REGION
    instead_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A form as it would be published, and what it would replace. Phiếu đọc thử.

    Attributes:
        points_table: The table that is compiled into it; None for forms that do not score.
        is_new: Whether it differs from the version in use.
    """

    compiled: CompiledForm
    points_table: PointsTableVersion | None
    in_use: FormVersion | None
    is_new: bool


def try_form(command: PublishForm, *, acting_user: User | None, now: datetime) -> Trial:
    """Compile a form and say what it would replace. Nothing is stored.

    Đọc thử phiếu khảo sát.

    Raises:
        FormRefused: In words; a form that does not compile says where and why.
    """
    _refuse_strangers(command, acting_user, now)
    return _tried(replace(command, form_id=_form_id(command)), now)


@transaction.atomic
def publish_form(command: PublishForm, *, acting_user: User | None, now: datetime) -> FormVersion:
    """Compile a form and put it in use; the version in use until now is replaced, and what was filled on it still counts.

    Phát hành phiếu khảo sát.

    Args:
        command: Which form, under which standard, from which source.
        acting_user: Runs the review of the province; None is the house itself, as when it is started first.
        now: When.

    Raises:
        FormRefused: In words; a form that does not compile says where and why.
    """
    _refuse_strangers(command, acting_user, now)
    command = replace(command, form_id=_form_id(command))
    locks.hold(f"survey-form:{command.form_id}")
    trial = _tried(command, now)
    compiled, in_use = trial.compiled, trial.in_use
    if in_use is not None and not trial.is_new:
        raise NothingNew(in_use)
    if command.instead_of is not None and command.instead_of != (in_use.version if in_use is not None else ""):
        raise ReplacedMeanwhile(in_use)
    if in_use is not None:
        in_use.replaced_at = now
        in_use.save(update_fields=["replaced_at"])
    version = FormVersion.objects.create(
        form_id=compiled.form_id,
        version=compiled.version,
        title=compiled.title[:200],
        standard_id=command.standard_id,
        points_table=trial.points_table,
        xml=compiled.xml,
        md5=compiled.md5,
        source_name=command.source_name[:255],
        published_at=now,
        published_by=acting_user,
    )
    FormSource.objects.create(form_version=version, content=_bytes_of(command), warnings=list(compiled.warnings))
    fact = FormPublished(form_id=version.form_id, version=version.version, md5=version.md5)
    actor_id = acting_user.pk if acting_user else None
    record(fact, stream=f"survey-form:{version.form_id}", actor_id=actor_id, at=now)
    return version


def publish_shipped_forms(
    *,
    standard_id: str,
    now: datetime,
    points_table: PointsTableVersion | None = None,
    region_column: str = RURAL_REGION,
    acting_user: User | None = None,
) -> list[FormVersion]:
    """Publish the three forms with a points table, except those that are in use word for word already.

    Phát hành các phiếu có sẵn. A form that an office made keeps what the office changed; one that cannot take the table gives
    way to the form that comes with the house.

    Returns:
        What is new.
    """
    published = []
    for form_id in SHIPPED:
        command = PublishForm(
            form_id=form_id, standard_id=standard_id, points_table=points_table, region_column=region_column
        )
        for one in _ways_to_publish(command):
            try:
                published.append(publish_form(one, acting_user=acting_user, now=now))
            except NothingNew:
                pass
            except FormRefused:
                if one is command:
                    raise
                continue
            break
    return published


def _ways_to_publish(command: PublishForm) -> list[PublishForm]:
    """Return what is tried in turn: the file from which an office made the form in use, then the form of the house."""
    in_use = form_in_use(command.form_id, command.standard_id)
    if in_use is None or not in_use.source_name:
        return [command]
    source = source_of(in_use)
    if source is None:  # of before files were kept: it stays as long as its table does
        return [] if in_use.points_table_id == _table_id(command) else [command]
    return [replace(command, source=bytes(source.content), source_name=in_use.source_name), command]


def _refuse_strangers(command: PublishForm, acting_user: User | None, now: datetime) -> None:
    if acting_user is not None and not policies.runs_province(acting_user, on=local_day(now)):
        raise NotForYou
    table = command.points_table
    if table is not None and (table.state != ApprovalState.APPROVED or table.standard_id != command.standard_id):
        raise TableNotApproved
    if table is not None and command.region_column not in table.columns:
        raise TableWithoutRegion


def _form_id(command: PublishForm) -> str:
    if command.form_id:
        return command.form_id
    try:
        found = form_id_of(command.source or b"")
    except FormDoesNotCompile as broken:
        raise FormRefused(str(broken)) from broken
    if found not in FormKind.values:
        raise NotOurForm(found)
    return found


def _tried(command: PublishForm, now: datetime) -> Trial:
    """Compile under the next number; and under the number in use, to see whether anything else differs."""
    compiled = _compiled(command, _next_version(command.form_id, now))
    if compiled.form_id not in FormKind.values or compiled.form_id != command.form_id:
        raise NotThisForm(compiled.form_id, command.form_id)
    table = command.points_table if compiled.form_id == FormKind.B else None
    in_use = form_in_use(command.form_id, command.standard_id)
    is_new = (
        in_use is None
        or in_use.points_table_id != _table_id(command)
        or _compiled(command, in_use.version).md5 != in_use.md5
    )
    return Trial(compiled=compiled, points_table=table, in_use=in_use, is_new=is_new)


def _table_id(command: PublishForm) -> int | None:
    """Return the table that goes into the form; only form B takes one."""
    table = command.points_table
    return table.pk if table is not None and command.form_id == FormKind.B else None


def _bytes_of(command: PublishForm) -> bytes:
    return command.source if command.source is not None else shipped_source(command.form_id).encode()


def _compiled(command: PublishForm, version: str) -> CompiledForm:
    table = rules_table(command.points_table) if command.points_table is not None else None
    try:
        return compile_form(
            command.source if command.source is not None else shipped_source(command.form_id),
            standard=standard(command.standard_id),
            version=version,
            points_table=table,
            region_column=command.region_column if table is not None else None,
        )
    except FormDoesNotCompile as broken:
        raise FormRefused(str(broken)) from broken


def _next_version(form_id: str, now: datetime) -> str:
    """Number by day, as devices like it: ``2026112901`` is the first of that day."""
    day = f"{local_day(now):%Y%m%d}"
    today = FormVersion.objects.filter(form_id=form_id, version__startswith=day).values_list("version", flat=True)
    numbers = [int(version[len(day) :]) for version in today if version[len(day) :].isdigit()]
    return f"{day}{max(numbers, default=0) + 1:02d}"

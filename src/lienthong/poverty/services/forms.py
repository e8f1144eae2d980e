"""Versions of the survey forms: compiled, published, replaced; never edited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.poverty import policies
from lienthong.poverty.events import FormPublished
from lienthong.poverty.models import FormVersion, PointsTableVersion
from lienthong.poverty.queries.standards import rules_table
from lienthong.poverty.states import ApprovalState, FormKind
from lienthong.poverty.survey.compiling import CompiledForm, FormDoesNotCompile, compile_form
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


class TableNotApproved(FormRefused):
    """The points table has no second person's approval, or belongs to another standard."""

    def __init__(self) -> None:
        super().__init__(
            _("Bảng điểm này chưa được duyệt hoặc thuộc chuẩn khác. Hãy chọn bảng điểm đã duyệt của chuẩn.")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishForm:
    """Ask for a new version of a form. Yêu cầu phát hành phiếu.

    Attributes:
        source: Bytes of an XLSX that was changed; None takes the form that comes with the house.
        source_name: Its name.
        points_table: For form B; None leaves the points of B1 unknown.
        region_column: The rural column of the table that holds in this province.
    """

    form_id: str
    standard_id: str
    source: bytes | None = None
    source_name: str = ""
    points_table: PointsTableVersion | None = None
    region_column: str = RURAL_REGION


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
    if acting_user is not None and not policies.runs_province(acting_user, on=local_day(now)):
        raise NotForYou
    table = command.points_table
    if table is not None and (table.state != ApprovalState.APPROVED or table.standard_id != command.standard_id):
        raise TableNotApproved
    locks.hold(f"survey-form:{command.form_id}")
    compiled = _compiled(command, _next_version(command.form_id, now))
    if compiled.form_id not in FormKind.values or compiled.form_id != command.form_id:
        raise NotThisForm(compiled.form_id, command.form_id)
    in_use = FormVersion.objects.filter(form_id=command.form_id, standard_id=command.standard_id, replaced_at=None)
    in_use.update(replaced_at=now)
    version = FormVersion.objects.create(
        form_id=compiled.form_id,
        version=compiled.version,
        title=compiled.title[:200],
        standard_id=command.standard_id,
        points_table=table if compiled.form_id == FormKind.B else None,
        xml=compiled.xml,
        md5=compiled.md5,
        source_name=command.source_name[:255],
        published_at=now,
        published_by=acting_user,
    )
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
    """Publish the forms that come with the house, except those that are in use word for word already.

    Phát hành các phiếu có sẵn.

    Returns:
        What is new.
    """
    published = []
    for form_id in SHIPPED:
        command = PublishForm(
            form_id=form_id,
            standard_id=standard_id,
            points_table=points_table if form_id == FormKind.B else None,
            region_column=region_column,
        )
        used = FormVersion.objects.filter(form_id=form_id, standard_id=standard_id, replaced_at=None).first()
        if used is None or _compiled(command, used.version).md5 != used.md5:
            published.append(publish_form(command, acting_user=acting_user, now=now))
    return published


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

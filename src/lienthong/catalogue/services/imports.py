"""Taking procedures in from a file: staged, reported row by row, and committed whole or not at all.

What comes in by a file comes in as a draft: it is read by a second pair of eyes and published like any other.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.catalogue.checks import unit_conflicts
from lienthong.catalogue.comparison import differences
from lienthong.catalogue.definition import ProcedureData, VersionData
from lienthong.catalogue.events import CATALOGUE, ProceduresImported
from lienthong.catalogue.files.reading import Reading, UnreadableFile, read_procedure
from lienthong.catalogue.files.spreadsheet import read_xlsx
from lienthong.catalogue.files.yaml_file import read_yaml
from lienthong.catalogue.findings import Finding, Severity, errors_of
from lienthong.catalogue.models import Field, Procedure, ProcedureVersion, StagedImport
from lienthong.catalogue.queries.overviews import staged_import
from lienthong.catalogue.queries.versions import data_of, with_parts
from lienthong.catalogue.services.drafts import add_draft, change_draft, hold_procedure
from lienthong.catalogue.states import FileFormat, VersionStatus
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.days import format_day

MOST_BYTES = 10_000_000
_MOST_PROCEDURES = 3000


class Verdict(TextChoices):
    """What an import does with one row. Kết luận của dòng."""

    ADDED = "added", gettext_lazy("thêm dự thảo mới")
    CHANGED = "changed", gettext_lazy("sửa dự thảo")
    SAME = "same", gettext_lazy("không đổi")
    REFUSED = "refused", gettext_lazy("không nhận")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One version of the file, with what becomes of it and everything a person should know about it."""

    code: str
    name: str
    version: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import would do, or did. ``refusal`` is set where the file could not be read at all."""

    rows: tuple[ReportRow, ...] = ()
    refusal: str = ""

    @property
    def may_be_confirmed(self) -> bool:
        """Whether there is something to do and nothing in the way."""
        return not self.refusal and not self.count(Verdict.REFUSED) and self.changes > 0

    @property
    def changes(self) -> int:
        """How many drafts are added or changed."""
        return self.count(Verdict.ADDED) + self.count(Verdict.CHANGED)

    def count(self, verdict: Verdict) -> int:
        """Say how many rows have a verdict."""
        return sum(row.verdict is verdict for row in self.rows)


class ImportRefused(Exception):
    """Nothing was taken in.

    Attributes:
        report: Why, row by row.
    """

    def __init__(self, report: ImportReport) -> None:
        super().__init__(
            report.refusal
            or _("Tệp có %(count)s dòng không nhận được, nên chưa dòng nào được nhập. Hãy sửa các dòng đó và tải lại.")
            % {"count": report.count(Verdict.REFUSED)}
        )
        self.report = report


@dataclass(frozen=True, slots=True)
class _Change:
    procedure: ProcedureData
    data: VersionData
    draft: ProcedureVersion | None


@dataclass(slots=True)
class _Plan:
    rows: list[ReportRow] = field(default_factory=list)
    changes: list[_Change] = field(default_factory=list)
    refusal: str = ""

    @property
    def report(self) -> ImportReport:
        return ImportReport(tuple(self.rows), self.refusal)


@transaction.atomic
def stage_import(
    *, file_name: str, content: bytes, file_format: FileFormat, actor_id: int, now: datetime
) -> StagedImport:
    """Keep an uploaded file until its report has been read. Nothing is taken in yet."""
    return StagedImport.objects.create(
        file_name=file_name[:200],
        format=file_format,
        content=content,
        uploaded_by=actor_id,
        uploaded_at=now,
    )


def report_of(staged: StagedImport) -> ImportReport:
    """Return what confirming an uploaded file would do, as things stand now."""
    return _plan(bytes(staged.content), FileFormat(staged.format)).report


@transaction.atomic
def confirm_import(import_id: int, *, actor_id: int, now: datetime) -> ImportReport:
    """Take in an uploaded file, whole or not at all. Confirming twice does it once.

    Raises:
        NoSuchProcedure: There is no such file, or somebody else uploaded it.
        ImportRefused: A row cannot be taken.
    """
    staged = StagedImport.objects.select_for_update().get(pk=staged_import(import_id, uploaded_by=actor_id).pk)
    if staged.confirmed_at is not None:
        return report_of(staged)
    report = import_procedures(
        file_name=staged.file_name,
        content=bytes(staged.content),
        file_format=FileFormat(staged.format),
        actor_id=actor_id,
        now=now,
    )
    staged.confirmed_at = now
    staged.save(update_fields=["confirmed_at"])
    return report


@transaction.atomic
def import_procedures(
    *, file_name: str, content: bytes, file_format: FileFormat, actor_id: int, now: datetime
) -> ImportReport:
    """Take in the procedures of a file as drafts, whole or not at all.

    Nhập thủ tục từ tệp.

    Returns:
        Every version of the file with what became of it.

    Raises:
        ImportRefused: The file cannot be read, or a row cannot be taken.
    """
    locks.hold("catalogue")
    plan = _plan(content, file_format)
    if plan.refusal or plan.report.count(Verdict.REFUSED):
        raise ImportRefused(plan.report)
    for change in plan.changes:
        procedure = _procedure_for(change.procedure)
        if change.draft is None:
            add_draft(procedure, change.data, actor_id=actor_id, now=now)
        else:
            change_draft(change.draft, change.data, actor_id=actor_id, now=now)
    if plan.changes:
        fact = ProceduresImported(
            file_name=file_name,
            added=plan.report.count(Verdict.ADDED),
            changed=plan.report.count(Verdict.CHANGED),
            digest=hashlib.sha256(content).hexdigest(),
        )
        record(fact, stream=CATALOGUE, actor_id=actor_id, at=now)
    return plan.report


def _procedure_for(data: ProcedureData) -> Procedure:
    procedure, is_new = Procedure.objects.get_or_create(
        code=data.code,
        defaults={
            "field": Field.objects.get(code=data.field),
            "code_confidence": data.code_confidence,
            "confidence": data.confidence,
        },
    )
    if is_new:
        procedure.predecessors.set(Procedure.objects.filter(code__in=data.predecessors))
    return hold_procedure(procedure.code)


def _plan(content: bytes, file_format: FileFormat) -> _Plan:
    plan = _Plan()
    try:
        readings = _read(content, file_format)
    except UnreadableFile as unreadable:
        plan.refusal = str(unreadable)
        return plan
    known = _known([reading.code for reading in readings])
    fields = set(Field.objects.values_list("code", flat=True))
    codes = set(Procedure.objects.values_list("code", flat=True)) | {reading.code for reading in readings}
    seen: set[str] = set()
    for reading in readings:
        findings = [*reading.findings, *_misplaced(reading, fields=fields, codes=codes, seen=seen)]
        if errors_of(findings):
            plan.rows.append(_refused(reading, findings))
        else:
            _plan_procedure(plan, reading.procedure, known.get(reading.code, []), findings)
        seen.add(reading.code)
    return plan


def _read(content: bytes, file_format: FileFormat) -> list[Reading]:
    if not content:
        raise UnreadableFile(_("Tệp rỗng. Hãy chọn lại tệp."))
    if len(content) > MOST_BYTES:
        raise UnreadableFile(
            _("Tệp nặng quá %(limit)s MB. Hãy chia thành nhiều tệp.") % {"limit": MOST_BYTES // 1_000_000}
        )
    raw = read_yaml(content) if file_format is FileFormat.YAML else read_xlsx(content)
    if not raw:
        raise UnreadableFile(_("Tệp không có thủ tục nào."))
    if len(raw) > _MOST_PROCEDURES:
        raise UnreadableFile(_("Mỗi lần nhập tối đa %(most)s thủ tục.") % {"most": _MOST_PROCEDURES})
    return [read_procedure(one) for one in raw]


def _known(codes: list[str]) -> dict[str, list[ProcedureVersion]]:
    known: dict[str, list[ProcedureVersion]] = {}
    versions = ProcedureVersion.objects.filter(procedure__code__in=codes).exclude(status=VersionStatus.WITHDRAWN)
    for version in with_parts(versions).order_by("valid_from"):
        known.setdefault(version.procedure.code, []).append(version)
    return known


def _misplaced(reading: Reading, *, fields: set[str], codes: set[str], seen: set[str]) -> list[Finding]:
    findings = []
    if reading.code in seen:
        findings.append(Finding(_("Mã này đã có ở trên trong cùng tệp.")))
    if reading.procedure.field and reading.procedure.field not in fields:
        known = ", ".join(sorted(fields))
        findings.append(
            Finding(
                _("Không có lĩnh vực “%(field)s”. Hãy dùng một trong: %(known)s.")
                % {"field": reading.procedure.field, "known": known}
            )
        )
    findings += [
        Finding(_("Không có thủ tục mã %(code)s để thay thế.") % {"code": code}, "", Severity.WARNING)
        for code in reading.procedure.predecessors
        if code not in codes
    ]
    return findings


def _refused(reading: Reading, findings: list[Finding]) -> ReportRow:
    versions = reading.procedure.versions
    return ReportRow(reading.code, versions[-1].name if versions else "", "", Verdict.REFUSED, tuple(findings))


def _plan_procedure(
    plan: _Plan, procedure: ProcedureData, known: list[ProcedureVersion], findings: list[Finding]
) -> None:
    if known and known[0].procedure.field.code != procedure.field:
        findings = [
            *findings,
            Finding(
                _("Lĩnh vực trong tệp là “%(ours)s”, trong danh mục là “%(theirs)s”. Nhập tệp không đổi lĩnh vực.")
                % {"ours": procedure.field, "theirs": known[0].procedure.field.code},
                "",
                Severity.WARNING,
            ),
        ]
    by_day = {version.valid_from: version for version in known}
    for data in procedure.versions:
        place = _("phiên bản từ %(day)s") % {"day": format_day(data.valid_from)}
        about = [*findings, *(replace(one, place=place) for one in unit_conflicts(data.allowance, data.allowance_text))]
        verdict, extra = _verdict(by_day.get(data.valid_from), data)
        if errors_of(about) and verdict is not Verdict.SAME:
            verdict = Verdict.REFUSED
        if verdict in {Verdict.ADDED, Verdict.CHANGED}:
            plan.changes.append(_Change(procedure, data, by_day.get(data.valid_from)))
        plan.rows.append(ReportRow(procedure.code, data.name, str(data.span), verdict, (*about, *extra)))


def _verdict(ours: ProcedureVersion | None, data: VersionData) -> tuple[Verdict, list[Finding]]:
    if ours is None:
        return Verdict.ADDED, []
    changes = differences(data_of(ours), data)
    if not changes:
        return Verdict.SAME, []
    parts = ", ".join(change.part.lower() for change in changes)
    if ours.status == VersionStatus.DRAFT:
        return Verdict.CHANGED, [Finding(_("Sẽ đổi: %(parts)s.") % {"parts": parts}, "", Severity.WARNING)]
    return Verdict.REFUSED, [
        Finding(
            _("Phiên bản này đã công bố nên không sửa được; tệp ghi khác ở: %(parts)s. Hãy đổi “có hiệu lực từ” để thành phiên bản mới.")
            % {"parts": parts}
        )
    ]  # fmt: skip

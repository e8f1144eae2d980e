"""From the plain mappings of a file to procedures, with a finding for everything that cannot be taken as it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.catalogue.definition import (
    ANY_CHANNEL,
    DecisionData,
    FeeData,
    ItemData,
    ProcedureData,
    ResultData,
    StepData,
    VersionData,
)
from lienthong.catalogue.files import columns
from lienthong.catalogue.files.cells import Cells
from lienthong.catalogue.findings import Finding
from lienthong.catalogue.states import (
    ApplicantKind,
    Channel,
    Confidence,
    ItemKind,
    OnlineLevel,
    ReceivingLevel,
    StepKind,
    StepLevel,
    StepPlace,
    StepRole,
    SupplementRule,
    VersionStatus,
)
from lienthong.kernel.days import format_day

# A code stands in addresses and names of files.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MOST_ROWS = 200
_PARTS = ("decision", "start_page", "items", "steps", "fees", "results", "legal_basis")


class UnreadableFile(ValueError):
    """The file cannot be read as a whole; the message says what is wrong, where, and what to do."""


class FeeChannel(TextChoices):
    """For which channel a fee holds. Cách thức nộp được áp dụng mức thu."""

    COUNTER = Channel.COUNTER.value, Channel.COUNTER.label
    ONLINE = Channel.ONLINE.value, Channel.ONLINE.label
    POST = Channel.POST.value, Channel.POST.label
    ANY = ANY_CHANNEL, gettext_lazy("mọi cách thức")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one procedure. ``procedure`` may not be used where a finding is an error."""

    code: str
    procedure: ProcedureData
    findings: tuple[Finding, ...]


def read_procedure(raw: Any, *, field: str = "") -> Reading:
    """Read one procedure from the mapping of a file.

    Args:
        raw: The mapping.
        field: Code of the field where the mapping names none.
    """
    findings: list[Finding] = []
    cells = Cells(
        raw, place="", labels=columns.PROCEDURE, findings=findings, others=("status", "code_status", "versions")
    )
    status = cells.choice("status", VersionStatus, VersionStatus.DRAFT) or VersionStatus.DRAFT
    confidence = cells.choice("confidence", Confidence, Confidence.SECONDARY) or Confidence.SECONDARY
    rows = cells.rows("versions")
    if not rows:
        cells.complain(_("Thủ tục chưa có phiên bản nào."))
    if len(rows) > _MOST_ROWS:
        cells.complain(_("Mỗi thủ tục tối đa %(most)s phiên bản.") % {"most": _MOST_ROWS})
        rows = []
    versions = sorted(
        (_version(row, status=status, confidence=confidence, findings=findings) for row in rows),
        key=lambda one: one.valid_from,
    )
    _refuse_overlaps(versions, cells)
    code = cells.text("code", at_most=30, required=True)
    if code and not CODE.fullmatch(code):
        cells.complain(
            _("“Mã thủ tục” chỉ gồm chữ không dấu, số, dấu chấm và gạch nối; đang là “%(code)s”.") % {"code": code}
        )
    procedure = ProcedureData(
        code=code,
        field=cells.text("field", at_most=40, required=not field) or field,
        code_confidence=cells.choice("code_confidence", Confidence, Confidence.SECONDARY) or Confidence.SECONDARY,
        confidence=confidence,
        predecessors=cells.texts("predecessors", at_most=30),
        versions=tuple(versions),
    )
    return Reading(procedure.code or str(cells.raw.get("code") or "?")[:30], procedure, tuple(findings))


def _refuse_overlaps(versions: list[VersionData], cells: Cells) -> None:
    for earlier, later in pairwise(versions):
        if earlier.valid_until is None or earlier.valid_until > later.valid_from:
            cells.complain(
                _("Hai phiên bản chồng nhau: bản từ %(first)s chưa hết hiệu lực khi bản từ %(second)s bắt đầu. Hãy ghi ngày hết hiệu lực của bản trước.")
                % {"first": format_day(earlier.valid_from), "second": format_day(later.valid_from)}
            )  # fmt: skip


def _version(raw: Any, *, status: VersionStatus, confidence: Confidence, findings: list[Finding]) -> VersionData:
    start = raw.get("valid_from") if isinstance(raw, Mapping) else None
    day = format_day(start) if isinstance(start, date) else str(start or "?")[:20]
    place = _("phiên bản từ %(day)s") % {"day": day}
    cells = Cells(raw, place=place, labels=columns.VERSION, findings=findings, others=_PARTS)
    start_page = Cells(cells.raw.get("start_page") or {}, place=place, labels=columns.START_PAGE, findings=findings)
    valid_from, valid_until = cells.day("valid_from", required=True), cells.day("valid_until")
    if valid_from and valid_until and valid_until <= valid_from:
        cells.complain(
            _("Ngày hết hiệu lực %(until)s phải sau ngày có hiệu lực %(start)s.")
            % {"until": format_day(valid_until), "start": format_day(valid_from)}
        )
        valid_until = None
    version = VersionData(
        valid_from=valid_from or date.min,
        valid_until=valid_until,
        status=cells.choice("status", VersionStatus, status) or status,
        name=cells.text("name", at_most=600, required=True),
        decision=_decision(cells.raw.get("decision"), place=place, findings=findings),
        receiving_level=cells.choice("level", ReceivingLevel) or ReceivingLevel.PROVINCE,
        competent_levels=cells.choices("competent", StepLevel),
        handled_by=cells.text("handled_by", at_most=200),
        applicants=cells.choices("applicants", ApplicantKind),
        channels=cells.choices("channels", Channel),
        online_level=cells.choice("online_level", OnlineLevel, OnlineLevel.INFORMATION) or OnlineLevel.INFORMATION,
        online_level_then=cells.whole("online_level_then", at_most=4) if cells.says("online_level_then") else None,
        online_level_confidence=_maybe(cells, "online_level_confidence"),
        is_instant=cells.flag("instant", default=False),
        is_joint=cells.flag("joint", default=False),
        allowance=cells.allowance("allowance"),
        allowance_text=cells.text("allowance_text", at_most=400),
        supplement_rule=cells.choice("supplement_rule", SupplementRule, SupplementRule.RESTART)
        or SupplementRule.RESTART,
        supplement_confidence=_maybe(cells, "supplement_confidence"),
        sets=cells.whole("sets", default=1, at_most=100) or 1,
        conditions=cells.text("conditions", at_most=6000, lines=True),
        who=start_page.text("who", at_most=400),
        gives=start_page.text("gives", at_most=400),
        legal_basis=_legal_basis(cells),
        source=cells.text("source", at_most=4000, lines=True),
        notes=cells.text("notes", at_most=4000, lines=True),
        confidence=cells.choice("confidence", Confidence, confidence) or confidence,
    )
    return replace(
        version,
        items=tuple(_item(*row) for row in _rows(cells, "items", columns.ITEM, _("giấy tờ %(number)s"))),
        steps=tuple(_step(*row) for row in _rows(cells, "steps", columns.STEP, _("bước %(number)s"))),
        fees=_ended_by_the_next(
            tuple(_fee(*row, version.valid_from) for row in _rows(cells, "fees", columns.FEE, _("mức thu %(number)s")))
        ),
        results=tuple(_result(*row) for row in _rows(cells, "results", columns.RESULT, _("kết quả %(number)s"))),
    )


def _maybe(cells: Cells, key: str) -> str:
    confidence = cells.choice(key, Confidence, Confidence.SECONDARY) if cells.says(key) else None
    return confidence.value if confidence else ""


def _rows(cells: Cells, key: str, labels: dict[str, Any], words: str) -> list[tuple[int, Cells]]:
    rows = cells.rows(key)
    if len(rows) > _MOST_ROWS:
        cells.complain(_("Phần “%(key)s” tối đa %(most)s dòng.") % {"key": key, "most": _MOST_ROWS})
        rows = []
    return [
        (
            number,
            Cells(row, place=f"{cells.place}, {words % {'number': number}}", labels=labels, findings=cells.findings),
        )
        for number, row in enumerate(rows, start=1)
    ]


def _legal_basis(cells: Cells) -> tuple[str, ...]:
    basis = cells.raw.get("legal_basis")
    listed = basis if isinstance(basis, list) else [basis] if basis else []
    reader = Cells(
        {"legal_basis": listed},
        place=cells.place,
        labels={"legal_basis": _("Căn cứ pháp lý")},
        findings=cells.findings,
    )
    return reader.texts("legal_basis", at_most=600)


def _decision(raw: Any, *, place: str, findings: list[Finding]) -> DecisionData | None:
    if not raw or (isinstance(raw, Mapping) and not any(raw.values())):
        return None
    cells = Cells(raw, place=place, labels=columns.DECISION, findings=findings)
    return DecisionData(
        number=cells.text("number", at_most=60),
        signed_on=cells.day("signed_on"),
        issuer=cells.text("issuer", at_most=200),
        confidence=cells.choice("confidence", Confidence, Confidence.SECONDARY) or Confidence.SECONDARY,
    )


def _item(number: int, cells: Cells) -> ItemData:
    kind = cells.choice("kind", ItemKind) or ItemKind.ORIGINAL
    return ItemData(
        number=cells.whole("number", default=number, at_most=_MOST_ROWS) or number,
        name=cells.text("name", at_most=1000, required=True),
        form_code=cells.text("form", at_most=60),
        kind=kind,
        originals=cells.whole("originals", default=int(kind is ItemKind.ORIGINAL), at_most=100) or 0,
        copies=cells.whole("copies", default=int(kind in {ItemKind.COPY, ItemKind.CERTIFIED_COPY}), at_most=100) or 0,
        is_required=cells.flag("required", default=True),
        condition=cells.text("condition", at_most=400),
    )


def _step(number: int, cells: Cells) -> StepData:
    parts = cells.allowance("allowance")
    if len(parts) > 1:
        cells.complain(_("Mỗi bước chỉ một thời hạn; hãy tách thành nhiều bước."))
    role, level = cells.choice("role", StepRole), cells.choice("agency_level", StepLevel, StepLevel.PROVINCE)
    return StepData(
        number=cells.whole("number", default=number, at_most=_MOST_ROWS) or number,
        name=cells.text("name", at_most=300, required=True),
        kind=cells.choice("kind", StepKind) or StepKind.PROCESS,
        role=role.value if role else "",
        place=cells.choice("place", StepPlace, StepPlace.RECEIVING) or StepPlace.RECEIVING,
        agency_level=level.value if level and cells.says("agency_level") else "",
        allowance=parts[0] if parts else None,
    )


def _fee(_number: int, cells: Cells, version_from: date) -> FeeData:
    channel = cells.choice("channel", FeeChannel, FeeChannel.ANY) or FeeChannel.ANY
    return FeeData(
        amount=cells.whole("amount") or 0,
        channel=channel.value,
        note=cells.text("note", at_most=300),
        valid_from=cells.day("valid_from") or version_from,
        valid_until=cells.day("valid_until"),
        confidence=cells.choice("confidence", Confidence, Confidence.SECONDARY) or Confidence.SECONDARY,
    )


def _ended_by_the_next(fees: tuple[FeeData, ...]) -> tuple[FeeData, ...]:
    """End each fee without an end on the first day of the next one for the same thing."""

    def until(fee: FeeData) -> date | None:
        later = [
            other.valid_from
            for other in fees
            if (other.channel, other.note) == (fee.channel, fee.note) and other.valid_from > fee.valid_from
        ]
        return fee.valid_until or min(later, default=None)

    return tuple(replace(fee, valid_until=until(fee)) for fee in fees)


def _result(number: int, cells: Cells) -> ResultData:
    return ResultData(
        number=cells.whole("number", default=number, at_most=_MOST_ROWS) or number,
        name=cells.text("name", at_most=400, required=True),
        code=cells.text("code", at_most=30),
        is_digital=cells.flag("digital", default=True),
    )

"""Reports as papers: what stands on them, from the same rows as the screen."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from lienthong.accounts.policies import mandates_of
from lienthong.dossiers.printing import form_head
from lienthong.infra.templatetags.formats import number
from lienthong.office.poverty import report_rows as rows
from lienthong.office.poverty.report_choices import Chosen, divided_words, state_words
from lienthong.poverty.queries.reports import Basis, Line, Rows, Table
from lienthong.poverty.report_paper import ReportPaper


def table_paper(table: Table, lines: list[Line], asked: Chosen, *, by: Any, on: date) -> ReportPaper:
    """Return a table of a report as a paper."""
    shown = [rows.shown_line(line, table, asked) for line in (*lines, table.total)]
    basis = (
        _("Số liệu đã báo cáo và chốt của các xã, phường.")
        if table.basis == Basis.REPORTED
        else _("Số liệu theo danh sách hộ tại ngày in.")
    )
    notes = [basis, *divided_words(asked)]
    if table.broken:
        names = ", ".join(rows.name_of(line, table) for line in table.broken)
        notes.insert(0, _("Bảng KHÔNG CÂN ở: %(names)s.") % {"names": names})
    said = [f"{line.name}: {line.note}" for line in shown if line.note and line is not shown[-1]]
    by_code = [line.code for line in shown] if table.report.rows == Rows.COMMUNE else []
    return ReportPaper(
        **_head(by, on),
        **_scope(asked),
        report_title=str(table.report.title),
        groups=tuple((name, str(count)) for name, count in rows.heads_of(table)),
        columns=(rows.row_heading(table.report), *(str(column.label) for column in table.columns)),
        rows=tuple(
            (f"{line.name} ({by_code[place]})" if by_code and by_code[place] else line.name, *(cell.words for cell in line.cells))
            for place, line in enumerate(shown)
        ),
        has_total=True,
        figures=True,
        notes=(*notes, *said),
        prepared_by=by.full_name,
    )  # fmt: skip


def household_paper(
    households: list[rows.ShownHousehold], asked: Chosen, *, title: str, by: Any, on: date
) -> ReportPaper:
    """Return a list of households as a paper."""
    return ReportPaper(
        **_head(by, on),
        **_scope(asked),
        report_title=title,
        groups=(),
        columns=(
            _("Chủ hộ"), _("Mã hộ"), _("Xã, phường"), _("Thôn, tổ"), _("Dân tộc"), _("Nhân khẩu"), _("Điểm B1 / B2"),
            _("Thiếu hụt"), _("Nguyên nhân"), _("Biến động"),
        ),
        rows=tuple(
            (
                one.name, one.code, one.unit, one.hamlet, one.ethnicity, str(one.size or ""), one.points, one.deprivations, one.causes,
                one.movement,
            )
            for one in households
        ),
        has_total=False,
        figures=False,
        notes=(_("Tổng số: %(count)s hộ.") % {"count": number(len(households))},),
        prepared_by=by.full_name,
    )  # fmt: skip


def _scope(asked: Chosen) -> dict[str, Any]:
    return {
        "round_words": asked.round_words,
        "map_words": asked.map_words,
        "unit_words": asked.unit_words,
        "state_words": state_words(asked),
    }


def _head(by: Any, on: date) -> dict[str, Any]:
    mandates = mandates_of(by, on=on)
    if mandates:
        return form_head(mandates[0].agency, on)
    place = settings.PROVINCE_NAME.partition(" ")[2]
    return {"agency_lines": (settings.PROVINCE_NAME,), "place": place, "issued_on": on}

"""How good the registers are: figures by month and commune, and the records behind each figure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest, allowed, note_read, reads
from lienthong.infra.sheets import sheet_response
from lienthong.infra.templatetags.formats import percent
from lienthong.office.pages import office_page
from lienthong.office.verification.addresses import number_in
from lienthong.verification import charts, policies
from lienthong.verification.quality import DEFINITIONS, LABELS, SCORE_DEFINITION, Answer, Part
from lienthong.verification.queries.quality import (
    PARTS,
    WHOLE,
    QualityCounts,
    all_registers,
    column,
    last_counted,
    quality_figures,
    records_behind,
)

ROWS_ON_A_PAGE = 50
EXPORT_AT_MOST = 20_000
TONES = {Answer.YES: "done", Answer.NO: "late", Answer.UNKNOWN: "wait"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One part in a table: the rate, how many are not good, and where those are."""

    rate: float | None
    no: int
    unknown: int
    url: str


@dataclass(frozen=True, slots=True)
class FigureOfPart:
    """One figure at the top of the page."""

    rate: float | None
    words: str
    period: str
    compared: str
    url: str


def part_words(part: str) -> str:
    """Return a part as people call it."""
    return _("Đạt cả bốn phần") if part == WHOLE else str(LABELS[Part(part)])


def answer_words(part: str, answer: str) -> str:
    """Return how a part stands, in words."""
    return f"{part_words(part)}: {_answer_choices()[Answer(answer)].lower()}"


@allowed(policies.sees_verification)
@reads
def quality_page(request: HouseRequest) -> HttpResponse:
    register_id = number_in(request.GET, "register")
    rows = quality_figures(request.user, on=request.today, register_id=register_id)
    months = sorted({row[0] for row in rows})
    month = next((one for one in months if f"{one:%Y-%m}" == request.GET.get("month")), months[-1] if months else None)
    by_month = {one: _sum(row for row in rows if row[0] == one) for one in months}
    by_commune: dict[tuple[int | None, str], QualityCounts] = {}
    for row in rows:
        if row[0] == month:
            by_commune.setdefault((row[2], row[3]), QualityCounts()).add(row[4], row[5])
    is_running = month is not None and month == request.today.replace(day=1)
    if request.GET.get("format") == "xlsx":
        return _export(month, by_commune)
    total = by_month[month] if month is not None else QualityCounts()
    before = by_month.get(_month_before(month)) if month is not None else None
    context = {
        "month_words": _month_words(month) if month is not None else "",
        "counted_at": last_counted(register_id=register_id) if is_running else None,
        "is_running": is_running,
        "months": [(f"{one:%Y-%m}", f"{one.month}/{one.year}") for one in months],
        "month": f"{month:%Y-%m}" if month is not None else "",
        "registers": [("", _("Tất cả")), *((str(pk), name) for pk, name in all_registers())],
        "total": total,
        "figures": [_figure(part, total, before, register_id, is_running) for part in (WHOLE, *Part)],
        "headings": [part_words(part) for part in (WHOLE, *Part)],
        "communes": [
            (name or _("Chưa rõ xã"), counts.entries, _cells(counts, register_id, commune_id, is_running))
            for (commune_id, name), counts in by_commune.items()
        ],
        "chart": _chart(by_month) if months else "",
        "chart_columns": [_("Tháng"), *(part_words(part) for part in (WHOLE, *Part))],
        "chart_rows": [
            [f"{one.month}/{one.year}", *(percent(counts.parts[part].rate) for part in (WHOLE, *Part))]
            for one, counts in by_month.items()
        ],
        "chart_title": _trend_sentence(by_month),
        "definitions": [*DEFINITIONS.values(), SCORE_DEFINITION],
    }
    return office_page(request, "office/verification/quality.html", context)


@allowed(policies.sees_verification)
@reads
def quality_records(request: HouseRequest) -> HttpResponse:
    part = request.GET.get("part", WHOLE)
    part = part if part in PARTS else WHOLE
    answer = request.GET.get("answer", Answer.NO)
    answer = answer if answer in set(Answer) else Answer.NO
    register_id, commune_id = number_in(request.GET, "register"), number_in(request.GET, "commune")
    entries = records_behind(
        request.user, part=part, answer=answer, on=request.today, register_id=register_id, commune_id=commune_id
    )
    subject = f"verification-quality:{part}:{answer}:{register_id or ''}:{commune_id if commune_id is not None else ''}"
    if request.GET.get("format") == "xlsx":
        note_read(request, subject, "export")
        return _export_records(entries[:EXPORT_AT_MOST])
    total = entries.order_by().count()
    after = number_in(request.GET, "after")
    found = list((entries.filter(pk__gt=after) if after is not None else entries)[: ROWS_ON_A_PAGE + 1])
    shown = found[:ROWS_ON_A_PAGE]
    if shown:
        note_read(request, subject, "list")
    context = {
        "summary": answer_words(part, answer),
        "total": total,
        "rows": [(entry, _answers(entry)) for entry in shown],
        "parts": [(one, part_words(one)) for one in (WHOLE, *Part)],
        "answers": [(one.value, words) for one, words in _answer_choices().items()],
        "registers": [("", _("Tất cả")), *((str(pk), name) for pk, name in all_registers())],
        "headings": [part_words(one) for one in Part],
        "after": str(shown[-1].pk) if len(found) > ROWS_ON_A_PAGE else None,
        "commune": shown[0].commune if commune_id and shown else None,
        "part": part,
        "answer": answer,
        "export_at_most": EXPORT_AT_MOST,
    }
    return office_page(request, "office/verification/quality_records.html", context)


def _answer_choices() -> dict[Answer, str]:
    return {Answer.NO: _("Chưa đạt"), Answer.UNKNOWN: _("Chưa biết"), Answer.YES: _("Đạt")}


def _answers(entry: Any) -> list[tuple[str, str, str]]:
    words = _answer_choices()
    said = [Answer(getattr(entry, column(part))) for part in Part]
    return [(part_words(part), words[answer], TONES[answer]) for part, answer in zip(Part, said, strict=True)]


def _sum(rows: Any) -> QualityCounts:
    counts = QualityCounts()
    for _month, _register, _commune, _name, entries, detail in rows:
        counts.add(entries, detail)
    return counts


def _figure(
    part: str, total: QualityCounts, before: QualityCounts | None, register_id: int | None, is_running: bool
) -> FigureOfPart:
    tally = total.parts[part]
    known = tally.yes + tally.no
    period = _("%(yes)s trong %(known)s bản ghi đã rõ, %(unknown)s chưa biết") % {
        "yes": _number(tally.yes),
        "known": _number(known),
        "unknown": _number(tally.unknown),
    }
    earlier = before.parts[part].rate if before is not None else None
    compared = _("tháng trước %(rate)s") % {"rate": percent(earlier)} if earlier is not None else ""
    url = _records_url(part, Answer.NO, register_id) if is_running and tally.no else ""
    return FigureOfPart(tally.rate, part_words(part).lower(), period, compared, url)


def _cells(counts: QualityCounts, register_id: int | None, commune_id: int | None, is_running: bool) -> list[Cell]:
    cells = []
    for part in (WHOLE, *Part):
        tally = counts.parts[part]
        url = _records_url(part, Answer.NO, register_id, commune_id or 0) if is_running and tally.no else ""
        cells.append(Cell(tally.rate, tally.no, tally.unknown, url))
    return cells


def _records_url(part: str, answer: str, register_id: int | None, commune_id: int | None = None) -> str:
    query: dict[str, Any] = {"part": str(part), "answer": str(answer)}
    if register_id is not None:
        query["register"] = register_id
    if commune_id is not None:
        query["commune"] = commune_id
    return f"{reverse('office:verification_quality_records')}?{urlencode(query)}"


def _chart(by_month: dict[date, QualityCounts]) -> Any:
    return charts.quality_by_month(
        [charts.MonthRates(f"{month.month}/{month.year}", tuple(_rates(counts))) for month, counts in by_month.items()]
    )


def _rates(counts: QualityCounts) -> list[tuple[str, float | None]]:
    rates = [(part, counts.parts[part].rate) for part in (WHOLE, *Part)]
    return [(part_words(part), None if rate is None else round(rate * 100, 2)) for part, rate in rates]


def _trend_sentence(by_month: dict[date, QualityCounts]) -> str:
    known = [(month, rate) for month, counts in by_month.items() if (rate := counts.parts[WHOLE].rate) is not None]
    if not known:
        return _("Chưa có bản ghi nào rõ kết quả cả bốn phần")
    (first, was), (last, now) = known[0], known[-1]
    words = {
        "now": percent(now, 1), "was": percent(was, 1), "first": f"{first.month}/{first.year}", "last": f"{last.month}/{last.year}",
    }  # fmt: skip
    if first == last:
        return _("Tháng %(last)s: %(now)s bản ghi đạt cả bốn phần") % words
    return _("Từ tháng %(first)s đến tháng %(last)s, tỷ lệ đạt cả bốn phần từ %(was)s thành %(now)s") % words


def _month_words(month: date) -> str:
    return _("Tháng %(month)s/%(year)s") % {"month": month.month, "year": month.year}


def _month_before(month: date) -> date:
    return date(month.year - (month.month == 1), month.month - 1 or 12, 1)


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def _export(month: date | None, by_commune: dict[tuple[int | None, str], QualityCounts]) -> HttpResponse:
    columns = [_("Xã, phường"), _("Số bản ghi")]
    for part in (WHOLE, *Part):
        columns += [answer_words(part, answer) for answer in Answer]
    rows = [
        [
            name or _("Chưa rõ xã"),
            counts.entries,
            *(getattr(counts.parts[part], answer) for part in (WHOLE, *Part) for answer in Answer),
        ]
        for (_commune_id, name), counts in by_commune.items()
    ]
    name = f"chat-luong-{month:%Y-%m}.xlsx" if month is not None else "chat-luong.xlsx"
    return sheet_response(name, columns=columns, rows=rows)


def _export_records(entries: Any) -> HttpResponse:
    columns = [_("Sổ"), _("Mã bản ghi"), _("Họ và tên"), _("Ngày sinh"), _("Số định danh"), _("Xã, phường")]
    columns += [part_words(part) for part in Part]
    rows = [
        [
            entry.register.name,
            entry.record_key,
            entry.full_name,
            entry.birth_date,
            entry.number,
            entry.commune.name if entry.commune else entry.commune_code,
            *(words for _part, words, _tone in _answers(entry)),
        ]
        for entry in entries
    ]
    return sheet_response("ban-ghi.xlsx", columns=columns, rows=rows)

"""Standards as pages tell them: lines, rule, indicators, and how sure the source is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.catalogue.states import Confidence
from lienthong.infra.templatetags.formats import dong
from lienthong.kernel.days import format_day
from lienthong.poverty.states import ApprovalState
from lienthong.rules.poverty.facts import Area
from lienthong.rules.poverty.standards import DIMENSIONS, PovertyStandard, standard, standard_ids

TONES = {
    ApprovalState.DRAFT: "wait", ApprovalState.APPROVED: "done", ApprovalState.REFUSED: "late",
    ApprovalState.WITHDRAWN: "ended",
}  # fmt: skip


# Seven columns of points beside each other leave no room for the full names of the regions.
COLUMN_HEADS = {
    "red_river_delta": gettext_lazy("ĐB sông Hồng"),
    "northern_midlands_mountains": gettext_lazy("TDMN phía Bắc"),
    "north_central_coast": gettext_lazy("BTB, DHMT"),
    "central_highlands": gettext_lazy("Tây Nguyên"),
    "southeast": gettext_lazy("Đông Nam Bộ"),
    "mekong_delta": gettext_lazy("ĐBSCL"),
    "urban": gettext_lazy("Thành thị"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """One standard on the timeline."""

    id: str
    words: str
    when: str
    is_current: bool


def periods(*, on: date) -> list[Period]:
    """Return every standard in order, with the days it applies."""
    found = []
    for law in map(standard, standard_ids()):
        last = format_day(law.last_day) if law.last_day else "…"
        is_current = law.valid_from <= on and (law.valid_until is None or on < law.valid_until)
        when = f"{format_day(law.valid_from)} – {last}"
        found.append(Period(law.id, law.id.replace("-", "–"), when, is_current))
    return found


def chosen_period(asked: str, *, on: date) -> tuple[Period, str]:
    """Return the standard that an address asks for, else that of the day; and the id of that of the day."""
    known = {one.id: one for one in periods(on=on)}
    current = next((one.id for one in known.values() if one.is_current), list(known)[-1])
    return known.get(asked, known[current]), current


def period_choices(*, on: date) -> list[tuple[str, str]]:
    """Return every standard as a filter offers it."""
    return [(one.id, f"{one.words} ({one.when})") for one in periods(on=on)]


def state_of(row: Any) -> tuple[str, str]:
    """Return the words and the tone of where something stands that needs two people."""
    state = ApprovalState(row.state)
    return str(state.label), TONES[state]


def line_rows(law: PovertyStandard) -> list[list[str]]:
    """Return the amounts of a standard: name, rural, urban, source."""
    kinds = (
        ("lines", _("Chuẩn nghèo về thu nhập"), law.lines),
        ("lines_alone", _("Mức mà chỉ riêng thu nhập đã là hộ nghèo"), law.lines_alone),
        ("average_ceilings", _("Mức sống trung bình, đến"), law.average_ceilings),
        ("low_income_worker_ceilings", _("Người lao động có thu nhập thấp, đến"), law.low_income_worker_ceilings),
    )
    rows = [
        [words, *(_amount(amounts.get(area)) for area in Area), _source(law, name)]
        for name, words, amounts in kinds
        if (amounts and any(amounts.get(area) is not None for area in Area))
        or name in {"lines", "average_ceilings"}
    ]  # fmt: skip
    points = [law.a_thresholds.get(area) for area in Area]
    told = [_("%s điểm") % one if one is not None else _("chưa đọc được văn bản") for one in points]
    return [*rows, [_("Ngưỡng điểm B1 thay cho chuẩn thu nhập, đến"), *told, _source(law, "a_thresholds")]]


def rule_sentences(law: PovertyStandard) -> list[str]:
    """Say in sentences how a household is classed."""
    minimum = law.minimum_deprivations
    sentences = [
        _("Hộ nghèo: thu nhập bình quân từ chuẩn trở xuống và thiếu hụt từ %(n)s chỉ số trở lên.") % {"n": minimum},
        _("Hộ cận nghèo: thu nhập bình quân từ chuẩn trở xuống và thiếu hụt dưới %(n)s chỉ số.") % {"n": minimum},
        _("Mỗi chỉ số thiếu hụt tính %(points)s điểm B2, nên %(n)s chỉ số là %(total)s điểm.")
        % {"points": law.points_of_an_indicator, "n": minimum, "total": minimum * law.points_of_an_indicator},
    ]
    if law.lines_alone:
        sentences.insert(0, _("Hộ có thu nhập rất thấp là hộ nghèo dù thiếu hụt bao nhiêu chỉ số."))
    if not law.has_points:
        sentences.append(_("Chưa biết ngưỡng điểm B1 của chuẩn này: chỉ phân loại được khi biết thu nhập."))
    return sentences


def indicator_rows(law: PovertyStandard) -> list[dict[str, str]]:
    """Return the indicators with definition, source, and how sure it is."""
    return [
        {
            "number": str(one.number),
            "name": one.name,
            "code": one.code,
            "dimension": DIMENSIONS[one.dimension],
            "definition": one.definition,
            "reference": str(one.reference),
            "confidence": str(Confidence(one.confidence).label),
            "tone": "done" if one.confidence == "verified" else "soon",
        }
        for one in law.indicators
    ]


def not_yet_sure(law: PovertyStandard) -> bool:
    """Tell whether any part of a standard was not compared with the text of the law."""
    return law.confidence != "verified"


def _amount(amount: int | None) -> str:
    return _("chưa đọc được văn bản") if amount is None else dong(amount)


def _source(law: PovertyStandard, name: str) -> str:
    reference = law.references.get(name)
    return str(reference) if reference is not None else ""


def days_words(row: Any) -> str:
    """Write the days of a row whose end is exclusive, as people say them."""
    first = format_day(row.valid_from)
    if row.valid_until is None:
        return _("từ %s") % first
    return f"{first} – {format_day(date.fromordinal(row.valid_until.toordinal() - 1))}"

"""A filled form on a page: what was asked and answered, and what the form worked out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lienthong.poverty.states import AreaKind, HouseholdClass
from lienthong.poverty.survey.wording import FormWords, Told, in_words, number_in_words, told, words_of
from lienthong.rules.poverty.standards import NoStandard, standard

_CHOSEN_LIKE = {"highest_qualification": "qualification", "best_job": "job"}
_DEPRIVED, _POINTS = "d_", "a_"


@dataclass(frozen=True, slots=True)
class ToldForm:
    """A filled form: answers under their headings, and rows of what was computed."""

    parts: list[Told]
    computed: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Beside:
    """One question and what two forms answered."""

    part: str
    question: str
    ours: str
    theirs: str

    @property
    def differs(self) -> bool:
        """Whether the two answered otherwise."""
        return self.ours != self.theirs


def told_form(version: Any, answers: Mapping[str, Any]) -> ToldForm:
    """Say what a filled form says, in the words of the version that was filled."""
    words = words_of(version.xml)
    parts = [part if part.title else Told(_("Ngoài các câu hỏi của phiếu"), part.rows, part.names) for part in told(words, answers)]  # fmt: skip
    return ToldForm(parts, _computed(version, words, answers))


def side_by_side(ours: ToldForm, theirs: ToldForm) -> list[Beside]:
    """Lay two filled forms beside each other, question by question, heading by heading."""
    rows: list[Beside] = []
    own, other = _by_place(ours), _by_place(theirs)
    for place in {**own, **other}:
        rows.append(Beside(place[0], place[1], own.get(place, "–"), other.get(place, "–")))
    return rows


def _by_place(form: ToldForm) -> dict[tuple[str, str], str]:
    found = {(part.title.partition(":")[0], question): answer for part in form.parts for question, answer in part.rows}
    return found | {(_("Phiếu tự tính"), question): answer for question, answer in form.computed}


def _computed(version: Any, words: FormWords, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    choices = {one.name: one for one in words.questions}
    labels = computed_labels(version.standard_id, version.points_table)
    rows = []
    for name in (name for name in words.computed if name in labels):
        value = answers.get(name)
        if not isinstance(value, str) or not value:
            continue
        if name.startswith(_DEPRIVED):
            value = {"1": _("có thiếu hụt"), "0": _("không thiếu hụt")}.get(value, value)
        elif name == "result" and value in HouseholdClass.values:
            value = str(HouseholdClass(value).label)
        elif name == "area" and value in AreaKind.values:
            value = str(AreaKind(value).label)
        elif name in _CHOSEN_LIKE:
            value = {"lower": _("thấp hơn trung học phổ thông"), "none": _("không có việc phi nông nghiệp")}.get(value) or (
                in_words(choices[_CHOSEN_LIKE[name]], value) if _CHOSEN_LIKE[name] in choices else value
            )  # fmt: skip
        else:
            value = number_in_words(value)
        rows.append((labels[name], value))
    return rows


def computed_labels(standard_id: str, points_table: Any) -> dict[str, str]:
    """Return the words for what forms compute; what is only a step on the way has none."""
    labels = {
        "area": _("Khu vực"), "size": _("Số nhân khẩu"), "dependants": _("Số người phụ thuộc"),
        "pensioners": _("Số người hưởng lương hưu"), "highest_qualification": _("Bằng cấp cao nhất trong hộ"),
        "best_job": _("Việc làm tốt nhất trong hộ"),
    }  # fmt: skip
    for feature in points_table.content.get("features", []) if points_table is not None else []:
        labels[_POINTS + feature["code"]] = _("Điểm mục “%(name)s”") % {"name": feature["label"]}
    labels["a_points"] = _("Tổng điểm B1")
    try:
        indicators = standard(standard_id).indicators
    except NoStandard:
        indicators = ()
    labels |= {_DEPRIVED + one.field: one.name for one in indicators}
    return labels | {
        "deprivations": _("Số chỉ số thiếu hụt"),
        "b_points": _("Tổng điểm B2"),
        "result": _("Kết quả trên phiếu"),
    }

"""Survey forms in words: what a version asks under each heading, how it is answered, what it works out, what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from lienthong.office.poverty.told import computed_labels
from lienthong.poverty.survey.wording import FormWords, Question, changes_between, words_of


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its words, its name in the file, how it is answered, and from what."""

    label: str
    name: str
    how: str
    choices: str


@dataclass(frozen=True, slots=True)
class Part:
    """The questions under one heading."""

    title: str
    questions: list[Asked]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a version asks or works out otherwise than another."""

    what: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ToldForm:
    """A form as a page tells it.

    Attributes:
        computed: Words and name of what people read of what it works out.
        steps: Names of what is only a step on the way.
    """

    words: FormWords
    parts: list[Part]
    computed: list[tuple[str, str]]
    steps: list[str]

    @property
    def questions(self) -> int:
        """How many questions it has."""
        return len(self.words.questions)


def told_form(xml: str, *, standard_id: str, points_table: Any) -> ToldForm:
    """Tell what a compiled form asks and works out."""
    words = words_of(xml)
    labels = computed_labels(standard_id, points_table)
    parts = [
        Part(title or _("Câu hỏi"), [_asked(one) for one in words.questions if one.part == title])
        for title in dict.fromkeys(one.part for one in words.questions)
    ]
    computed = [(labels[name], name) for name in words.computed if name in labels]
    return ToldForm(words, parts, computed, [name for name in words.computed if name not in labels])


def differences(before: ToldForm, after: ToldForm) -> list[Difference]:
    """Say what a form asks or works out otherwise than another."""
    asked = changes_between(before.words, after.words)
    old, new = ({name: label for label, name in form.computed} for form in (before, after))
    return [
        *(Difference(_("hỏi thêm"), label) for label in asked.added),
        *(Difference(_("bỏ câu hỏi"), label) for label in asked.removed),
        *(Difference(_("hỏi khác"), now, _("trước: %s") % was) for was, now in asked.reworded),
        *(Difference(_("lựa chọn khác"), label, choices) for label, choices in asked.other_choices),
        *(Difference(_("tính thêm"), label) for name, label in new.items() if name not in old),
        *(Difference(_("thôi tính"), label) for name, label in old.items() if name not in new),
    ]


def origin_of(version: Any) -> str:
    """Say where a version comes from: the house, or a file of an office."""
    return _("tệp %s") % version.source_name if version.source_name else _("phiếu có sẵn")


def _asked(question: Question) -> Asked:
    return Asked(question.label, question.name, _how(question), "; ".join(question.choices.values()))


def _how(question: Question) -> str:
    if question.is_chosen and not question.choices:
        return _("chọn trong danh sách trên máy")
    if question.is_chosen:
        return _("chọn nhiều") if question.is_many else _("chọn một")
    kinds = {
        "int": _("số nguyên"), "decimal": _("số thập phân"), "date": _("ngày"), "time": _("giờ"), "dateTime": _("ngày giờ"),
        "geopoint": _("vị trí"), "binary": _("ảnh hoặc tệp"), "barcode": _("mã vạch"),
    }  # fmt: skip
    return kinds.get(question.kind, _("chữ"))

"""The questions of the self-check: five for everybody, and then only those whose answer could still change the result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.infra import forms
from lienthong.kernel.identity import Sex
from lienthong.kernel.money import Dong
from lienthong.portal.benefits import self_check_merit as merit
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.social_assistance import words
from lienthong.rules.social_assistance.facts import (
    AMOUNTS,
    CHOICES,
    FLAGS,
    Care,
    ChildFacts,
    MaritalState,
    ParentState,
    PensionRequest,
    PersonFacts,
    PovertyStanding,
)

FOR_EVERYBODY: Final = ("birth_date", "sex", "poverty", "disability", merit.GROUND)
UNKNOWN: Final = "unknown"
MOST_CHILDREN_ASKED: Final = 6
_OF_A_CHILD: Final = re.compile(r"children\.([1-6])\.(birth_date|is_studying)")

_CHOICES: Final[Mapping[str, type[StrEnum]]] = {
    "sex": Sex,
    "poverty": PovertyStanding,
    "disability": DisabilityLevel,
    "father": ParentState,
    "mother": ParentState,
    "marital": MaritalState,
    "care": Care,
}
_LABELS: Final[Mapping[str, Any]] = {
    "birth_date": gettext_lazy("Ngày sinh"),
    "sex": gettext_lazy("Nam hay nữ?"),
    "poverty": gettext_lazy("Hộ gia đình thuộc loại nào?"),
    "disability": gettext_lazy("Có giấy xác nhận khuyết tật không, mức độ nào?"),
    "is_abandoned": gettext_lazy("Có phải trẻ bị bỏ rơi, chưa có người nhận làm con nuôi không?"),
    "father": gettext_lazy("Cha hiện thế nào?"),
    "mother": gettext_lazy("Mẹ hiện thế nào?"),
    "received_as_orphan": gettext_lazy("Khi đủ 16 tuổi có đang hưởng trợ cấp trẻ em không có nguồn nuôi dưỡng không?"),
    "is_studying": gettext_lazy("Có đang đi học không?"),
    "has_hiv": gettext_lazy("Có nhiễm HIV không?"),
    "marital": gettext_lazy("Tình trạng hôn nhân"),
    "children": gettext_lazy("Đang nuôi mấy người con?"),
    "has_supporter": gettext_lazy("Có con, cháu hoặc người khác có nghĩa vụ phụng dưỡng không?"),
    "supporter_receives_allowance": gettext_lazy("Người có nghĩa vụ phụng dưỡng có đang hưởng trợ cấp xã hội không?"),
    "lives_in_difficult_area": gettext_lazy("Có sống ở xã, thôn đặc biệt khó khăn không?"),
    "pension": gettext_lazy("Lương hưu hoặc trợ cấp bảo hiểm xã hội mỗi tháng"),
    "other_benefit": gettext_lazy("Trợ cấp hằng tháng khác (như ưu đãi người có công), khoản cao nhất"),
    "has_stable_income": gettext_lazy("Có lương hoặc thu nhập ổn định hằng tháng không?"),
    "in_institution": gettext_lazy("Có đang được nuôi dưỡng trong cơ sở trợ giúp xã hội không?"),
    "eligible_for_institution": gettext_lazy("Có đủ điều kiện vào cơ sở trợ giúp xã hội mà được nhận về chăm sóc không?"),
    "care": gettext_lazy("Ai đang chăm sóc tại nhà?"),
    "is_pregnant": gettext_lazy("Có đang mang thai không?"),
    "spouse_receives_care_support": gettext_lazy("Vợ hoặc chồng đã được hỗ trợ khi mang thai, nuôi con nhỏ chưa?"),
}  # fmt: skip
_HINTS: Final[Mapping[str, Any]] = {
    "poverty": gettext_lazy("Theo giấy chứng nhận hộ nghèo, hộ cận nghèo còn giá trị"),
    "has_hiv": gettext_lazy("Câu trả lời không được lưu ở đâu cả"),
    "children": gettext_lazy("Con dưới 16 tuổi, hoặc từ 16 đến 22 tuổi đang đi học"),
    "lives_in_difficult_area": gettext_lazy("Trưởng thôn hoặc Ủy ban nhân dân xã biết; chưa rõ thì chọn “Không rõ”"),
    "pension": gettext_lazy("Đồng một tháng; không có thì ghi 0"),
    "other_benefit": gettext_lazy("Đồng một tháng; không có thì ghi 0"),
}


class SelfCheckForm(forms.Form):
    """What is asked of whoever wants to know; a question left open is unknown, not no."""

    asked = django_forms.CharField(widget=django_forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, today: date, also: Iterable[str] = ()) -> None:
        names = ",".join(known_names(also))
        super().__init__(data and {**data.dict(), "asked": names}, initial={"asked": names})
        self.names = [*FOR_EVERYBODY, *(name for name in known_names(also) if name not in FOR_EVERYBODY)]
        for name in self.names:
            self.fields[_field_name(name)] = _field(name, today)
        self.fields["birth_date"].required = True

    @property
    def first_questions(self) -> list[Any]:
        """The questions for everybody, as they are drawn."""
        return [self[_field_name(name)] for name in FOR_EVERYBODY]

    @property
    def more_questions(self) -> list[Any]:
        """The questions that follow from the answers, as they are drawn."""
        return [self[_field_name(name)] for name in self.names[len(FOR_EVERYBODY) :]]

    def facts(self) -> PersonFacts:
        """Give the facts as they were answered; the social pension is taken to be asked for."""
        found: dict[str, Any] = {"pension_request": PensionRequest.WRITTEN}
        for name in self.names:
            if not name.startswith(("children", merit.PREFIX)):
                found[name] = _fact(name, self.cleaned_data.get(_field_name(name)))
        return PersonFacts(children=self._children(), **found)

    def merit_answers(self) -> dict[str, Any]:
        """Give what was answered about merit, by names without their prefix."""
        names = [name for name in self.names if name.startswith(merit.PREFIX)]
        return {name.removeprefix(merit.PREFIX): self.cleaned_data.get(_field_name(name)) for name in names}

    def clean(self) -> dict[str, Any]:
        """Ask again for a number that is none."""
        data: dict[str, Any] = super().clean() or {}
        numbers = [name for name in self.names if name in merit.NUMBERS]
        for name in numbers:
            if wrong := merit.wrong_number(data.get(_field_name(name)) or ""):
                self.add_error(_field_name(name), wrong)
        return data

    def _children(self) -> tuple[ChildFacts, ...] | None:
        count = self.cleaned_data.get("children", "")
        if not count or count == UNKNOWN:
            return None
        return tuple(
            ChildFacts(
                birth_date=self.cleaned_data.get(f"child_{place}_birth_date"),
                is_studying=_flag(self.cleaned_data.get(f"child_{place}_is_studying")),
            )
            for place in range(1, int(count) + 1)
        )


def known_names(names: Iterable[str]) -> list[str]:
    """Keep what is a question of this form, each once: the list comes back from the browser."""
    return [
        name for name in dict.fromkeys(names) if name in _LABELS or name in merit.NAMES or _OF_A_CHILD.fullmatch(name)
    ]


def _field_name(name: str) -> str:
    found = _OF_A_CHILD.fullmatch(name)
    return f"child_{found[1]}_{found[2]}" if found else name.replace(".", "_")


def _field(name: str, today: date) -> django_forms.Field:
    if name in merit.NAMES:
        return merit.merit_field(name)
    of_a_child = _OF_A_CHILD.fullmatch(name)
    if of_a_child:
        place, what = of_a_child.groups()
        if what == "birth_date":
            label = _("Ngày sinh của người con thứ %(place)s") % {"place": place}
            return forms.BirthDateField(label=label, latest=today, required=False, autocomplete="off")
        return _yes_or_no(_("Người con thứ %(place)s có đang đi học không?") % {"place": place})
    label, hint = _LABELS[name], _HINTS.get(name, "")
    if name == "birth_date":
        return forms.BirthDateField(label=label, latest=today, required=False, autocomplete="off")
    if name in AMOUNTS:
        return forms.MoneyField(label=label, help_text=hint, required=False)
    if name == "children":
        counts = [
            (str(number), str(number) if number else _("Không nuôi con")) for number in range(MOST_CHILDREN_ASKED + 1)
        ]
        return forms.ChoiceField(
            label=label, help_text=hint, choices=[*counts, (UNKNOWN, _("Không rõ"))], required=False, inline=True
        )  # fmt: skip
    if name in _CHOICES:
        return forms.ChoiceField(label=label, help_text=hint, choices=_choices(name), required=False)
    return _yes_or_no(label, hint)


def _choices(name: str) -> Sequence[tuple[str, str]]:
    kind = _CHOICES[name]
    found = [(one.value, _capital(words.value(one))) for one in kind]
    if name == "disability":
        found = [
            (DisabilityLevel.NONE.value, _("Không khuyết tật")),
            *(one for one in found if one[0] != DisabilityLevel.NONE.value),
        ]
    return [*found, (UNKNOWN, _("Không rõ"))]


def _yes_or_no(label: Any, hint: Any = "") -> django_forms.Field:
    choices = [("yes", _("Có")), ("no", _("Không")), (UNKNOWN, _("Không rõ"))]
    return forms.ChoiceField(label=label, help_text=hint, choices=choices, required=False, inline=True)


def _fact(name: str, answer: Any) -> Any:
    if name in FLAGS:
        return _flag(answer)
    if name in AMOUNTS:
        return None if answer is None else Dong(answer)
    if name in CHOICES:
        return _CHOICES[name](answer) if answer and answer != UNKNOWN else None
    return answer


def _flag(answer: Any) -> bool | None:
    return {"yes": True, "no": False}.get(str(answer))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

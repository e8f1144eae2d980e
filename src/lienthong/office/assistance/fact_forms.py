"""The forms that record what is known of a person: one question each, in the words of the rules, with its days and paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.assistance.queries.fact_words import fact_label
from lienthong.assistance.queries.facts import MERIT_PREFIX
from lienthong.infra import forms
from lienthong.kernel.days import BirthDate
from lienthong.office.sent_once import SentOnce
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.merit.facts import PERSON_FLAGS
from lienthong.rules.merit.words import SCHOOLS, SUSPENSIONS
from lienthong.rules.social_assistance import words
from lienthong.rules.social_assistance.facts import AMOUNTS, CHOICES, FLAGS, MOST_CHILDREN
from lienthong.rules.social_assistance.plain_facts import LARGEST_AMOUNT

ALL_FLAGS = frozenset(FLAGS) | {f"{MERIT_PREFIX}{name}" for name in PERSON_FLAGS}
YES_NO = (("yes", gettext_lazy("có")), ("no", gettext_lazy("không")))
ROWS_AT_LEAST = 3
MERIT_INCOME = f"{MERIT_PREFIX}monthly_income"
MERIT_CHOICES = {
    f"{MERIT_PREFIX}school": [(one.value, said) for one, said in SCHOOLS.items()],
    f"{MERIT_PREFIX}suspension": [(one.value, said) for one, said in SUSPENSIONS.items()],
}
LONGEST_EVIDENCE = 200


class SpanForm(SentOnce):
    """Days and paper of a fact. The last day is typed, the database keeps the day after it."""

    valid_from = forms.DayField(
        label=gettext_lazy("Từ ngày"), help_text=gettext_lazy("Ngày đầu tiên đúng như vậy. Ví dụ: 27 11 2026")
    )
    last_day = forms.DayField(
        label=gettext_lazy("Đến hết ngày"), required=False, help_text=gettext_lazy("Để trống khi vẫn còn đúng")
    )
    evidence = forms.LineField(
        label=gettext_lazy("Giấy tờ, căn cứ"), max_length=LONGEST_EVIDENCE, help_text=gettext_lazy("Ví dụ: giấy khai sinh số 12/2020")
    )  # fmt: skip


class FactForm(SpanForm):
    """One fact. ``name`` is one of ``PersonFacts``; ``plain`` is its value as it is stored."""

    def __init__(
        self, *args: Any, name: str, rows: int = 0, corrects: bool = False, follows: bool = False, **kwargs: Any
    ) -> None:
        plain = kwargs.pop("plain", None)
        super().__init__(*args, **kwargs)
        self.name = name
        answers = _children_fields(plain, rows) if name == "children" else {"value": _value_field(name, plain)}
        self.answer_names = tuple(answers)
        rest = dict(self.fields)
        self.fields.clear()
        self.fields.update({**answers, **rest})
        if follows:
            self.fields["ends_earlier"] = forms.AgreementField(
                label=_("Lần ghi trước, còn để ngỏ, kết thúc vào ngày liền trước"), required=False, initial=True
            )
        if corrects:
            self.fields["reason"] = forms.LineField(label=_("Vì sao sửa"), max_length=200)

    @property
    def child_rows(self) -> list[tuple[int, Any, Any]]:
        """The rows of children: number, date of birth, whether they study."""
        many = sum(name.startswith("birth_") for name in self.fields)
        return [(place, self[f"birth_{place}"], self[f"study_{place}"]) for place in range(1, many + 1)]

    @property
    def plain_value(self) -> Any:
        """The answer as it is stored: a code, true or false, đồng, or the children."""
        if self.name == "children":
            return self._children()
        value = self.cleaned_data["value"]
        return value == "yes" if self.name in ALL_FLAGS else value

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        first, last = data.get("valid_from"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Ngày cuối không thể trước ngày đầu. Kiểm tra lại hai ngày."))
        if self.name == "children" and not self.errors:
            found = self._children()
            if data.get("no_child") and found:
                self.add_error("no_child", _("Đã ghi con ở dưới thì không đánh dấu ô này. Bỏ một trong hai."))
            if not data.get("no_child") and not found:
                self.add_error("no_child", _("Ghi ít nhất một người con, hoặc đánh dấu là không nuôi con nào."))
        return data

    def _children(self) -> list[dict[str, Any]]:
        found = []
        for place in range(1, MOST_CHILDREN + 1):
            birth, study = self.cleaned_data.get(f"birth_{place}"), self.cleaned_data.get(f"study_{place}")
            if birth or study:
                child: dict[str, Any] = {"birth_date": str(birth)} if birth else {}
                found.append(child | ({"is_studying": study == "yes"} if study else {}))
        return found


class MissingForm(SentOnce):
    """Every fact that is still asked for, answered in one interview with one paper; what stays empty stays unknown."""

    def __init__(self, *args: Any, names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = tuple(names)
        for name in self.names:
            field = _no_children_field() if name == "children" else _value_field(name, None)
            field.required = False
            self.fields[name] = field
        self.fields["valid_from"] = forms.DayField(
            label=_("Đúng từ ngày"), help_text=_("Ngày đầu tiên mà các câu trả lời trên đúng. Ví dụ: 27 11 2026")
        )
        self.fields["evidence"] = forms.LineField(
            label=_("Giấy tờ, căn cứ"),
            max_length=LONGEST_EVIDENCE,
            help_text=_("Ví dụ: đơn đề nghị, biên bản xác minh"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and not self.answers:
            self.add_error(None, _("Chưa trả lời câu nào. Trả lời ít nhất một câu rồi ghi."))
        return data

    @property
    def answers(self) -> dict[str, Any]:
        """The plain values of what was answered."""
        found: dict[str, Any] = {}
        for name in self.names:
            value = self.cleaned_data.get(name)
            if value is None or value is False or value == "":
                continue
            found[name] = [] if name == "children" else value == "yes" if name in ALL_FLAGS else value
        return found


def _no_children_field() -> django_forms.Field:
    return forms.AgreementField(label=_("Không nuôi con nào (có con thì ghi ở biểu mẫu riêng)"), required=False)


def _value_field(name: str, plain: Any) -> django_forms.Field:
    label = fact_label(name)
    if name in ALL_FLAGS:
        initial = None if plain is None else "yes" if plain else "no"
        return forms.ChoiceField(label=label, choices=YES_NO, inline=True, initial=initial)
    if name in CHOICES:
        only = [DisabilityLevel.NONE] if name == "disability" else CHOICES[name]
        return forms.ChoiceField(label=label, choices=[(one.value, words.value(one)) for one in only], initial=plain)
    if name in MERIT_CHOICES:
        return forms.ChoiceField(label=label, choices=MERIT_CHOICES[name], initial=plain)
    if name in AMOUNTS or name == MERIT_INCOME:
        hint = _("Đồng mỗi tháng; ghi 0 khi không có")
        return forms.MoneyField(label=label, at_most=LARGEST_AMOUNT, help_text=hint, initial=plain)
    raise ValueError(f"{name} is no fact that is recorded by itself")


def _children_fields(plain: Any, rows: int) -> dict[str, django_forms.Field]:
    known: list[Mapping[str, Any]] = list(plain or ())
    many = min(MOST_CHILDREN, max(rows, len(known), ROWS_AT_LEAST))
    fields: dict[str, django_forms.Field] = {
        "no_child": forms.AgreementField(label=_("Không nuôi con nào"), required=False, initial=plain == [])
    }
    for place in range(1, many + 1):
        child = known[place - 1] if place <= len(known) else {}
        study = child.get("is_studying")
        fields[f"birth_{place}"] = forms.BirthDateField(
            label=_("Ngày sinh của con thứ %(n)s") % {"n": place}, required=False, initial=_birth(child),
            autocomplete="off", help_text="",
        )  # fmt: skip
        fields[f"study_{place}"] = forms.ChoiceField(
            label=_("Con thứ %(n)s có đang đi học không") % {"n": place}, required=False, inline=True,
            choices=(*YES_NO, ("", _("chưa biết"))), initial="" if study is None else "yes" if study else "no",
        )  # fmt: skip
    return fields


def _birth(child: Mapping[str, Any]) -> BirthDate | None:
    return BirthDate.parse(str(child["birth_date"])) if child.get("birth_date") else None


class EndForm(SentOnce):
    """The last day on which a fact held."""

    last_day = forms.DayField(label=gettext_lazy("Đúng đến hết ngày"))

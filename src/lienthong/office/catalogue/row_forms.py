"""The forms of single rows of a draft: a paper, a step, a fee, a result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.catalogue.comparison import fee_in_words, item_in_words, result_in_words, step_in_words
from lienthong.catalogue.definition import FeeData, ItemData, ResultData, StepData, VersionData
from lienthong.catalogue.files.reading import FeeChannel
from lienthong.catalogue.findings import Part
from lienthong.catalogue.states import Confidence, ItemKind, StepKind, StepLevel, StepPlace, StepRole
from lienthong.infra import forms
from lienthong.office.catalogue.forms import YES, AllowanceField, spoken

_COUNTS = [(str(number), str(number)) for number in range(11)]


class RowForm(forms.Form):
    """A form of one row. ``reading`` says what it shows, ``to_row`` what was typed."""

    @classmethod
    def reading(cls, row: Any) -> dict[str, Any]:
        """Return what the form shows for a row."""
        return {name: getattr(row, name) for name in cls.base_fields}

    def to_row(self, data: VersionData) -> Any:
        """Return the row that was typed, still without its place."""
        raise NotImplementedError


class ItemForm(RowForm):
    """One paper."""

    name = forms.NoteField(label=_("Tên giấy tờ"), max_length=1000, rows=2)
    form_code = forms.LineField(label=_("Mẫu số"), max_length=60, width=20, required=False)
    kind = forms.ChoiceField(label=_("Nộp thế nào"), choices=spoken(ItemKind.choices))
    originals = forms.ChoiceField(label=_("Số bản chính"), choices=_COUNTS, select=True)
    copies = forms.ChoiceField(label=_("Số bản sao"), choices=_COUNTS, select=True)
    is_required = forms.ChoiceField(label=_("Bắt buộc"), choices=YES, inline=True)
    condition = forms.LineField(
        label=_("Chỉ khi"), max_length=400, required=False, help_text=_("Ví dụ: người nộp là tổ chức")
    )

    @classmethod
    def reading(cls, row: ItemData) -> dict[str, Any]:
        return {
            **super().reading(row),
            "originals": str(row.originals),
            "copies": str(row.copies),
            "is_required": "yes" if row.is_required else "no",
        }

    def to_row(self, data: VersionData) -> ItemData:
        given = self.cleaned_data
        return ItemData(
            number=0,
            name=" ".join(given["name"].split()),
            form_code=given["form_code"],
            kind=ItemKind(given["kind"]),
            originals=int(given["originals"]),
            copies=int(given["copies"]),
            is_required=given["is_required"] == "yes",
            condition=given["condition"],
        )


class StepForm(RowForm):
    """One step."""

    name = forms.LineField(label=_("Tên bước"), max_length=300)
    kind = forms.ChoiceField(label=_("Loại bước"), choices=spoken(StepKind.choices), select=True)
    role = forms.ChoiceField(label=_("Ai làm"), choices=spoken(StepRole.choices))
    place = forms.ChoiceField(label=_("Ở đâu"), choices=spoken(StepPlace.choices))
    agency_level = forms.ChoiceField(
        label=_("Cấp của cơ quan có thẩm quyền"),
        choices=[("", _("Không nêu")), *spoken(StepLevel.choices)],
        required=False,
        inline=True,
    )
    allowance = AllowanceField(
        label=_("Trong bao lâu"),
        required=False,
        help_text=_("Ví dụ: 3 ngày làm việc, 4 giờ làm việc. Để trống nếu bước này không có thời hạn riêng."),
    )

    def clean_allowance(self) -> Any:
        parts = self.cleaned_data["allowance"]
        if len(parts) > 1:
            raise ValidationError(_now("Mỗi bước chỉ một thời hạn. Hãy tách thành nhiều bước."))
        return parts

    @classmethod
    def reading(cls, row: StepData) -> dict[str, Any]:
        return {**super().reading(row), "allowance": row.allowance or ()}

    def to_row(self, data: VersionData) -> StepData:
        given = self.cleaned_data
        return StepData(
            number=0,
            name=given["name"],
            kind=StepKind(given["kind"]),
            role=given["role"],
            place=StepPlace(given["place"]),
            agency_level=given["agency_level"] if given["place"] == StepPlace.COMPETENT else "",
            allowance=given["allowance"][0] if given["allowance"] else None,
        )


class FeeForm(RowForm):
    """One amount."""

    amount = forms.MoneyField(label=_("Mức thu"), help_text=_("Ghi 0 nếu không thu"))
    note = forms.LineField(label=_("Thu về việc gì"), max_length=300, required=False)
    channel = forms.ChoiceField(label=_("Áp dụng khi nộp"), choices=spoken(FeeChannel.choices))
    valid_from = forms.DayField(label=_("Từ ngày"))
    valid_until = forms.DayField(label=_("Đến trước ngày"), required=False)
    confidence = forms.ChoiceField(label=_("Độ tin cậy"), choices=spoken(Confidence.choices))

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        until, start = given.get("valid_until"), given.get("valid_from")
        if until and start and until <= start:
            self.add_error("valid_until", _now("Ngày kết thúc phải sau ngày bắt đầu."))
        return given

    def to_row(self, data: VersionData) -> FeeData:
        given = {**self.cleaned_data, "confidence": Confidence(self.cleaned_data["confidence"])}
        return FeeData(**given)


class ResultForm(RowForm):
    """One thing that is given."""

    name = forms.LineField(label=_("Tên kết quả"), max_length=400)
    code = forms.LineField(label=_("Mã kết quả"), max_length=30, width=20, required=False, spellcheck=False)
    is_digital = forms.ChoiceField(label=_("Có bản điện tử"), choices=YES, inline=True)

    @classmethod
    def reading(cls, row: ResultData) -> dict[str, Any]:
        return {**super().reading(row), "is_digital": "yes" if row.is_digital else "no"}

    def to_row(self, data: VersionData) -> ResultData:
        given = self.cleaned_data
        return ResultData(number=0, name=given["name"], code=given["code"], is_digital=given["is_digital"] == "yes")


@dataclass(frozen=True, slots=True)
class RowPart:
    """A part of a draft that is made of rows: their form, their words, and what a new row starts from."""

    part: Part
    form: type[RowForm]
    words: Callable[[Any], str]
    one: Any
    none: Any
    fresh: dict[str, Any]

    def rows(self, data: VersionData) -> tuple[Any, ...]:
        """Return the rows of a version."""
        rows: tuple[Any, ...] = getattr(data, self.part.value)
        return rows

    def put_into(self, data: VersionData, rows: list[Any]) -> VersionData:
        """Return the version with other rows, numbered anew."""
        if self.part is not Part.FEES:
            rows = [replace(row, number=number) for number, row in enumerate(rows, start=1)]
        changed: dict[str, Any] = {self.part.value: tuple(rows)}
        return replace(data, **changed)


ROW_PARTS: dict[str, RowPart] = {
    one.part.value: one
    for one in (
        RowPart(
            Part.ITEMS,
            ItemForm,
            item_in_words,
            _("giấy tờ"),
            _("Chưa có giấy tờ nào"),
            {"kind": ItemKind.ORIGINAL, "originals": "1", "copies": "0", "is_required": "yes"},
        ),
        RowPart(
            Part.STEPS,
            StepForm,
            step_in_words,
            _("bước"),
            _("Chưa có bước nào"),
            {"kind": StepKind.PROCESS, "role": StepRole.PROCESSOR, "place": StepPlace.COMPETENT},
        ),
        RowPart(
            Part.FEES,
            FeeForm,
            fee_in_words,
            _("mức thu"),
            _("Chưa có mức thu nào"),
            {"channel": FeeChannel.ANY, "confidence": Confidence.VERIFIED},
        ),
        RowPart(
            Part.RESULTS, ResultForm, result_in_words, _("kết quả"), _("Chưa có kết quả nào"), {"is_digital": "yes"}
        ),
    )
}

"""The forms by which a draft is written, one for each part; each knows how its part reads and how it is put back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.catalogue.definition import VersionData
from lienthong.catalogue.files.reading import CODE
from lienthong.catalogue.findings import Part
from lienthong.catalogue.states import (
    ApplicantKind,
    Channel,
    Confidence,
    OnlineLevel,
    ReceivingLevel,
    StepLevel,
    SupplementRule,
)
from lienthong.infra import forms
from lienthong.rules.deadline_text import allowance_in_words, read_allowance
from lienthong.rules.deadlines import Allowance

YES = [("yes", _("Có")), ("no", _("Không"))]


def spoken(choices: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Return choices as they stand in a form, each beginning with a capital letter."""
    return [(value, capfirst(label)) for value, label in choices]


class AllowanceField(forms.LineField):
    """A time limit in words: "5 ngày làm việc", "5 ngày làm việc + 12 ngày". Returns its parts."""

    def __init__(self, **rest: Any) -> None:
        rest.setdefault("help_text", _("Ví dụ: 5 ngày làm việc, hoặc 5 ngày làm việc + 12 ngày"))
        super().__init__(max_length=200, **rest)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return ()
        try:
            return read_allowance(text)
        except ValueError as unreadable:
            raise ValidationError(
                _now(
                    "Thời hạn “%(text)s” không đọc được. Hãy viết như “5 ngày làm việc” hoặc “5 ngày làm việc + 12 ngày”."
                )
                % {"text": text},
                code="unreadable",
            ) from unreadable

    def prepare_value(self, value: Any) -> Any:
        return allowance_in_words(value) if isinstance(value, tuple | list | Allowance) else value


class PartForm(forms.Form):
    """A form of one part of a draft."""

    part: ClassVar[Part]

    @classmethod
    def reading(cls, data: VersionData) -> dict[str, Any]:
        """Return what the form shows for a version."""
        return {name: getattr(data, name) for name in cls.base_fields}

    def put_into(self, data: VersionData) -> VersionData:
        """Return the version with what was typed."""
        return replace(data, **{name: self._plain(value) for name, value in self.cleaned_data.items()})

    @staticmethod
    def _plain(value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value


class FactsForm(PartForm):
    """What the procedure is called, since when, for whom, where and how it is handed in."""

    part = Part.FACTS

    name = forms.NoteField(label=_("Tên thủ tục"), max_length=600, rows=2)
    valid_from = forms.DayField(label=_("Có hiệu lực từ ngày"))
    valid_until = forms.DayField(
        label=_("Hết hiệu lực từ ngày"),
        required=False,
        help_text=_("Ngày đầu tiên không còn hiệu lực. Để trống nếu chưa biết."),
    )
    receiving_level = forms.ChoiceField(label=_("Nộp ở"), choices=spoken(ReceivingLevel.choices))
    competent_levels = forms.ChoicesField(
        label=_("Các cấp tham gia giải quyết"), choices=spoken(StepLevel.choices), required=False
    )
    handled_by = forms.LineField(
        label=_("Cơ quan ngoài tỉnh giải quyết"),
        required=False,
        help_text=_("Chỉ điền khi hồ sơ không nộp ở đây, ví dụ: Bảo hiểm xã hội tỉnh Thái Nguyên."),
    )
    applicants = forms.ChoicesField(label=_("Ai làm được"), choices=spoken(ApplicantKind.choices))
    channels = forms.ChoicesField(label=_("Nộp bằng cách nào"), choices=spoken(Channel.choices))
    online_level = forms.ChoiceField(label=_("Mức độ trực tuyến"), choices=spoken(OnlineLevel.choices))
    is_joint = forms.ChoiceField(label=_("Liên thông với cấp khác"), choices=YES, inline=True)
    is_instant = forms.ChoiceField(label=_("Trả kết quả ngay"), choices=YES, inline=True)
    sets = forms.ChoiceField(
        label=_("Số bộ hồ sơ"), choices=[(str(number), str(number)) for number in range(1, 6)], inline=True
    )
    conditions = forms.NoteField(label=_("Yêu cầu, điều kiện"), max_length=6000, rows=4, required=False)

    @classmethod
    def reading(cls, data: VersionData) -> dict[str, Any]:
        words = {True: "yes", False: "no"}
        return {
            **super().reading(data),
            "is_joint": words[data.is_joint],
            "is_instant": words[data.is_instant],
            "sets": str(data.sets),
        }

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        until, start = given.get("valid_until"), given.get("valid_from")
        if until and start and until <= start:
            self.add_error("valid_until", _now("Ngày hết hiệu lực phải sau ngày có hiệu lực."))
        return given

    def put_into(self, data: VersionData) -> VersionData:
        given = self.cleaned_data
        return replace(
            super().put_into(data),
            name=" ".join(given["name"].split()),
            receiving_level=ReceivingLevel(given["receiving_level"]),
            online_level=OnlineLevel(given["online_level"]),
            is_joint=given["is_joint"] == "yes",
            is_instant=given["is_instant"] == "yes",
            sets=int(given["sets"]),
        )


class StartPageForm(PartForm):
    """The two sentences a citizen reads first."""

    part = Part.START_PAGE

    who = forms.LineField(
        label=_("Ai làm được thủ tục này"),
        max_length=400,
        required=False,
        help_text=_("Một câu, như nói với người hàng xóm: Người lo mai táng cho người đang hưởng trợ cấp xã hội."),
    )
    gives = forms.LineField(
        label=_("Người đó nhận được gì"),
        max_length=400,
        required=False,
        help_text=_("Một câu: Khoản hỗ trợ chi phí mai táng, trả một lần."),
    )


class TimeForm(PartForm):
    """How long it may take, by the law and in words."""

    part = Part.TIME

    allowance = AllowanceField(label=_("Thời hạn giải quyết"), required=False)
    allowance_text = forms.LineField(
        label=_("Thời hạn theo lời văn bản"),
        max_length=400,
        required=False,
        help_text=_("Chép đúng như trong văn bản, để so với đơn vị ở trên."),
    )
    supplement_rule = forms.ChoiceField(
        label=_("Sau khi người nộp bổ sung đủ, thời hạn"), choices=spoken(SupplementRule.choices)
    )

    def put_into(self, data: VersionData) -> VersionData:
        return replace(super().put_into(data), supplement_rule=SupplementRule(self.cleaned_data["supplement_rule"]))


class LawForm(PartForm):
    """What it rests on, and how sure that is."""

    part = Part.LAW

    legal_basis = forms.NoteField(
        label=_("Căn cứ pháp lý"),
        max_length=6000,
        rows=4,
        required=False,
        help_text=_("Mỗi dòng một căn cứ, ví dụ: 20/2021/NĐ-CP, Điều 11"),
    )
    source = forms.NoteField(label=_("Nguồn"), max_length=4000, rows=2, required=False)
    notes = forms.NoteField(label=_("Ghi chú của người biên soạn"), max_length=4000, rows=3, required=False)
    confidence = forms.ChoiceField(label=_("Độ tin cậy"), choices=spoken(Confidence.choices))

    @classmethod
    def reading(cls, data: VersionData) -> dict[str, Any]:
        return {**super().reading(data), "legal_basis": "\n".join(data.legal_basis)}

    def put_into(self, data: VersionData) -> VersionData:
        lines = self.cleaned_data["legal_basis"].splitlines()
        return replace(
            super().put_into(data),
            legal_basis=tuple(line.strip() for line in lines if line.strip()),
            confidence=Confidence(self.cleaned_data["confidence"]),
        )


PART_FORMS: dict[str, type[PartForm]] = {
    form.part.value: form for form in (FactsForm, StartPageForm, TimeForm, LawForm)
}


class AddProcedureForm(forms.Form):
    """A procedure that the catalogue does not hold yet."""

    code = forms.LineField(
        label=_("Mã thủ tục"), max_length=30, width=20, spellcheck=False, help_text=_("Mã quốc gia, ví dụ 1.001731")
    )
    name = forms.NoteField(label=_("Tên thủ tục"), max_length=600, rows=2)
    field = forms.ChoiceField(label=_("Lĩnh vực"), select=True)
    receiving_level = forms.ChoiceField(label=_("Nộp ở"), choices=spoken(ReceivingLevel.choices))

    def __init__(self, *args: Any, fields_of_work: list[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["field"].choices = [("", _now("Chọn lĩnh vực")), *fields_of_work]  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not CODE.fullmatch(code):
            raise ValidationError(_now("Mã thủ tục chỉ gồm chữ không dấu, số, dấu chấm và gạch nối. Ví dụ: 1.001731."))
        return code


class PublishForm(forms.Form):
    """The publishing decision."""

    decision_number = forms.LineField(
        label=_("Số quyết định công bố"), max_length=60, width=20, help_text=_("Ví dụ: 512/QĐ-UBND"), spellcheck=False
    )
    signed_on = forms.DayField(label=_("Ngày ký"))
    issuer = forms.LineField(label=_("Cơ quan ban hành"), max_length=200)
    valid_from = forms.DayField(
        label=_("Có hiệu lực từ ngày"), help_text=_("Phiên bản đang có hiệu lực sẽ kết thúc vào ngày liền trước.")
    )


class WithdrawForm(forms.Form):
    """The decision that ends a procedure."""

    decision_number = forms.LineField(
        label=_("Số quyết định bãi bỏ"), max_length=60, width=20, help_text=_("Ví dụ: 600/QĐ-UBND"), spellcheck=False
    )
    from_on = forms.DayField(
        label=_("Không còn hiệu lực từ ngày"),
        help_text=_(
            "Ngày đầu tiên không nhận hồ sơ mới, sớm nhất là hôm nay. Hồ sơ đã tiếp nhận vẫn được giải quyết tiếp."
        ),
    )
    reason = forms.NoteField(label=_("Lý do, để người dân đọc"), max_length=500, rows=3)
    replaced_by = forms.LineField(
        label=_("Mã thủ tục thay thế"),
        required=False,
        max_length=200,
        spellcheck=False,
        help_text=_("Nhiều mã cách nhau bằng dấu phẩy"),
    )

    def codes(self) -> tuple[str, ...]:
        """Return the codes of the successors."""
        return tuple(code.strip() for code in self.cleaned_data["replaced_by"].split(",") if code.strip())


class UploadForm(forms.Form):
    """A file of procedures."""

    file = forms.FilesField(
        label=_("Tệp thủ tục"),
        several=False,
        at_most=1,
        limit_bytes=10 * 1024 * 1024,
        kinds=(".xlsx", ".yaml", ".yml"),
        help_text=_("XLSX hoặc YAML, tối đa 10 MB, theo mẫu của tệp xuất ra."),
    )

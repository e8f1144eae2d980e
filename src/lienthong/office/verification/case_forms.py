"""The forms of a case. Each carries the version that was seen and a key, so that nothing is done twice."""

from __future__ import annotations

from typing import Any
from uuid import uuid4, uuid5

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.infra import forms
from lienthong.office.sent_once import SentOnce
from lienthong.verification.services.cases import SEXES, CaseTarget
from lienthong.verification.sides import TYPED, plain_value
from lienthong.verification.states import CloseReason, Looked


class CaseForm(SentOnce):
    """Base: the hidden fields of every action on a case; alone it is a press of a key."""

    seen = django_forms.IntegerField(widget=django_forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, case: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"seen": case.version, "client_key": uuid4()})
        super().__init__(*args, **kwargs)
        self.case = case
        self.prepare()

    def prepare(self) -> None:
        """Add what depends on the case."""

    def plain_fields(self) -> list[Any]:
        """Return the fields that are drawn one under the other."""
        return list(self.visible_fields())

    def target(self) -> CaseTarget:
        """Return the case as this form saw it."""
        data = self.cleaned_data
        # One page of a list has one key for all its rows.
        key = uuid5(data["client_key"], str(self.case.pk))
        return CaseTarget(case_id=self.case.pk, seen=data["seen"], client_key=key)

    def look_again(self, case: Any) -> None:
        """Let the form be sent once more against the case as it stands now; what was typed stays."""
        self.case = case
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["seen"] = str(case.version)  # type: ignore[index]
        self.data["client_key"] = str(uuid4())  # type: ignore[index]


class AskForm(CaseForm):
    """Which question is put."""

    place = django_forms.IntegerField(widget=django_forms.HiddenInput, min_value=0, max_value=99)


class CorrectForm(CaseForm):
    """What our register should say."""

    number = forms.LineField(
        label=gettext_lazy("Số định danh"), required=False, max_length=60, width=20, spellcheck=False,
        help_text=gettext_lazy("12 chữ số. Đổi số thì người thứ hai quyết định."),
    )  # fmt: skip
    full_name = forms.LineField(label=gettext_lazy("Họ và tên"), required=False)
    birth_date = forms.LineField(
        label=gettext_lazy("Ngày sinh"), required=False, max_length=60, width=20, spellcheck=False,
        help_text=gettext_lazy("Ví dụ: 05/07/1960; chỉ biết tháng hoặc năm thì 07/1960 hoặc 1960."),
    )  # fmt: skip
    sex = forms.ChoiceField(
        label=gettext_lazy("Giới tính"), required=False, inline=True, choices=[(one, one) for one in SEXES]
    )
    ethnicity = forms.LineField(label=gettext_lazy("Dân tộc"), required=False, max_length=60, width=20)
    note = forms.NoteField(
        label=gettext_lazy("Căn cứ"), required=False, max_length=500, rows=2,
        help_text=gettext_lazy("Giấy tờ nào nói vậy, xem ngày nào."),
    )  # fmt: skip

    def prepare(self) -> None:
        """Begin from what the register says now."""
        for column in TYPED:
            self.fields[column].initial = plain_value(column, getattr(self.case.entry, column))

    def typed(self) -> dict[str, str]:
        """Return what was typed where it differs from what the form began with."""
        data = self.cleaned_data
        return {
            column: data[column] for column in TYPED if column in data and data[column] != self.fields[column].initial
        }


class ReasonForm(CaseForm):
    """An action that must say why."""

    note = forms.NoteField(label=gettext_lazy("Lý do"), max_length=500, rows=3)


class VisitedForm(CaseForm):
    """What a visit found."""

    note = forms.NoteField(
        label=gettext_lazy("Kết quả xác minh"), max_length=800, rows=4,
        help_text=gettext_lazy("Gặp ai, xem giấy tờ gì, đúng hay khác chỗ nào."),
    )  # fmt: skip


class CloseForm(CaseForm):
    """Why a case ends without a change."""

    reason = forms.ChoiceField(label=gettext_lazy("Lý do"), choices=CloseReason.choices)
    note = forms.NoteField(label=gettext_lazy("Ghi chú"), required=False, max_length=500, rows=2)


class DeathForm(CaseForm):
    """How somebody made sure."""

    looked = forms.ChoiceField(label=gettext_lazy("Căn cứ xác nhận"), choices=Looked.choices)
    note = forms.NoteField(
        label=gettext_lazy("Ghi chú"), required=False, max_length=500, rows=2,
        help_text=gettext_lazy("Số trích lục, ngày mất, người xác nhận."),
    )  # fmt: skip


class PoliceAnswerForm(CaseForm):
    """What the police answered."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Công an trả lời"),
        choices=[
            ("corrected", gettext_lazy("Đã chỉnh sửa dữ liệu dân cư")),
            ("refused", gettext_lazy("Không chỉnh sửa, dữ liệu dân cư đúng")),
        ],
    )
    note = forms.NoteField(label=gettext_lazy("Ghi chú"), required=False, max_length=500, rows=2)


class DoubleForm(CaseForm):
    """Which of two records stays."""

    twin = forms.ChoiceField(label=gettext_lazy("Bản ghi kia"))
    keep = forms.ChoiceField(label=gettext_lazy("Giữ lại"))
    note = forms.NoteField(label=gettext_lazy("Căn cứ"), required=False, max_length=500, rows=2)

    def __init__(self, *args: Any, twins: list[Any], **kwargs: Any) -> None:
        self.twins = twins
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        """Offer the other records of the same person."""
        named = [
            (
                str(twin.pk),
                _("%(key)s, %(list)s, %(place)s")
                % {
                    "key": twin.record_key,
                    "list": twin.list_name or twin.register.name,
                    "place": twin.commune.name if twin.commune else _("chưa rõ xã"),
                },
            )
            for twin in self.twins
        ]
        forms.choose_from(self, "twin", named)
        if len(named) == 1:
            self.fields["twin"].initial = named[0][0]
        this = _("Bản ghi này: %(key)s") % {"key": self.case.entry.record_key}
        forms.choose_from(self, "keep", [("this", this), ("other", _("Bản ghi kia"))])

"""One small form per action on a dossier. Each carries the version that was seen and a key, so that nothing is done twice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from lienthong.documents import services as documents
from lienthong.dossiers import handlers
from lienthong.dossiers.services import MarkedItem, Target
from lienthong.dossiers.states import ItemMark, ReturnWay
from lienthong.infra import forms
from lienthong.infra.questions import answer_text, answer_value, question_field
from lienthong.office.sent_once import SentOnce


class ActForm(SentOnce):
    """Base: the hidden fields of every action."""

    seen = django_forms.IntegerField(widget=django_forms.HiddenInput)

    def __init__(self, *args: Any, dossier: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"seen": dossier.sequence, "client_key": uuid4()})
        super().__init__(*args, **kwargs)
        self.dossier = dossier
        self.prepare()

    def prepare(self) -> None:
        """Add what depends on the dossier."""

    def plain_fields(self) -> list[Any]:
        """Return the fields that are drawn one under the other, for the template."""
        return [bound for bound in self.visible_fields() if not bound.name.startswith(("mark_", "remark_", "item_"))]

    def item_rows(self) -> list[tuple[Any, Any, Any]]:
        """Return the items that the action is about; none but for a supplement."""
        return []

    def take_files(self, *, by: int, now: datetime) -> None:
        """Look at what was uploaded with the form; most actions have no files."""

    @property
    def was_stale(self) -> bool:
        """Whether the form was made for an earlier state of the dossier."""
        seen = self.cleaned_data.get("seen")
        return isinstance(seen, int) and seen != self.dossier.sequence

    def look_again(self, dossier: Any) -> None:
        """Let the form be sent once more against the dossier as it stands now; what was typed stays."""
        self.dossier = dossier
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["seen"] = str(dossier.sequence)  # type: ignore[index]

    def target(self) -> Target:
        """Return the dossier as this form saw it."""
        data = self.cleaned_data
        return Target(dossier_id=self.dossier.pk, seen=data["seen"], client_key=data["client_key"])


class ReasonForm(ActForm):
    """An action that must say why."""

    reason = forms.NoteField(label=_("Lý do"), rows=4, max_length=2000)


class ClaimForm(ActForm):
    """Nothing but the action itself."""


class PassOnForm(ActForm):
    proposal = forms.NoteField(label=_("Ý kiến đề xuất"), rows=3, max_length=2000, required=False)
    note = forms.LineField(label=_("Ghi chú bàn giao"), max_length=300, required=False)


class AppraisalForm(ActForm):
    """What the officer establishes, as the handler of the procedure asks it; all of it may be completed later."""

    def prepare(self) -> None:
        """Ask what the handler asks, with what was recorded before."""
        for question in handlers.for_procedure(self.dossier.procedure_code).appraised():
            name = f"appraised_{question.name}"
            self.fields[name] = question_field(
                question.kind, label=question.label, required=False, hint=question.hint, choices=question.choices
            )
            self.initial[name] = answer_value(question.kind, self.dossier.appraisal.get(question.name))

    def told(self) -> dict[str, str]:
        """Return what was established as it is kept."""
        asked = handlers.for_procedure(self.dossier.procedure_code).appraised()
        return {one.name: answer_text(self.cleaned_data.get(f"appraised_{one.name}")) for one in asked}


class ApproveForm(ActForm):
    document_number = forms.LineField(
        label=_("Số, ký hiệu văn bản kết quả"),
        max_length=60,
        required=False,
        help_text=_("Ví dụ: 1234/QĐ-SNV"),
        width=20,
    )
    note = forms.NoteField(label=_("Ghi chú"), rows=2, max_length=1000, required=False)
    result = forms.FilesField(label=_("Văn bản kết quả đã ký"), required=False, at_most=5)

    def take_files(self, *, by: int, now: datetime) -> None:
        """Store the signed result; what cannot be kept is said beside the field."""
        self.stored: tuple[UUID, ...] = ()
        for file in self.cleaned_data.get("result") or ():
            upload = documents.Upload(content=file, name=file.name, declared_type=file.content_type or "")
            try:
                self.stored += (documents.store_upload(upload, by=by, now=now).pk,)
            except documents.FileRefused as refusal:
                self.show(refusal, field="result")


class RefuseForm(ReasonForm):
    document_number = forms.LineField(label=_("Số, ký hiệu văn bản từ chối"), max_length=60, required=False, width=20)


class ExtendForm(ReasonForm):
    new_day = forms.DayField(label=_("Ngày hẹn lại"))
    document = forms.LineField(label=_("Số văn bản xin lỗi"), max_length=60, required=False, width=20)
    legal_basis = forms.LineField(
        label=_("Căn cứ pháp lý"),
        max_length=300,
        required=False,
        help_text=_("Cần khi hẹn lại lần nữa hoặc quá sát hạn"),
    )


class AssignForm(ActForm):
    colleague = forms.ChoiceField(label=_("Giao cho"), choices=())

    def __init__(self, *args: Any, colleagues: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.choose_from(self, "colleague", colleagues)
        if not colleagues:
            self.fields["colleague"].help_text = _(
                "Chưa có ai được phân công cho bước này ở cơ quan đang giữ hồ sơ. Báo người quản trị tài khoản."
            )


class ReturnForm(ActForm):
    way = forms.ChoiceField(label=_("Hình thức trả"), choices=ReturnWay.choices)
    recipient = forms.LineField(label=_("Người nhận"), max_length=255)
    proof = forms.LineField(
        label=_("Giấy ủy quyền"), max_length=255, required=False, help_text=_("Chỉ khi người nhận không phải chủ hồ sơ")
    )

    def prepare(self) -> None:
        """Propose what the applicant chose at intake."""
        self.initial = {**self.initial, "way": self.dossier.return_way, "recipient": self.dossier.applicant_name}


class SupplementForm(ReasonForm):
    """Which papers are wrong or missing, each with a remark; everything in one go."""

    legal_basis = forms.LineField(
        label=_("Căn cứ pháp lý"), max_length=300, required=False, help_text=_("Bắt buộc từ lần yêu cầu thứ hai")
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a request that names no paper, and a paper that nobody can know how to mend."""
        data = super().clean()
        if not self.marked():
            self.add_error(
                f"mark_{self.rows[0].number}" if self.rows else None,
                _("Hãy đánh dấu ít nhất một giấy tờ cần bổ sung; người nộp chỉ sửa được giấy tờ được đánh dấu."),
            )
        for item in self.marked():
            if not item.comment:
                self.add_error(f"remark_{item.number}", _("Ghi rõ cần sửa gì, để người nộp làm đúng ngay lần đầu."))
        return data

    def prepare(self) -> None:
        """Add a mark and a remark for each item of the checklist."""
        self.rows = list(self.dossier.items.order_by("number"))
        choices = [
            ("", _("không cần bổ sung")),
            *((mark.value, mark.label) for mark in (ItemMark.MISSING, ItemMark.WRONG)),
        ]
        for row in self.rows:
            mark = forms.ChoiceField(choices=choices, required=False, inline=True, label=row.name)
            self.fields[f"mark_{row.number}"] = mark
            self.fields[f"remark_{row.number}"] = forms.LineField(label=_("Cần sửa gì"), max_length=500, required=False)

    def marked(self) -> list[MarkedItem]:
        """Return the items that were marked."""
        return [
            MarkedItem(row.number, ItemMark(mark), self.cleaned_data.get(f"remark_{row.number}", ""))
            for row in self.rows
            if (mark := self.cleaned_data.get(f"mark_{row.number}"))
        ]

    def item_rows(self) -> list[tuple[Any, Any, Any]]:
        """Return each item with its two bound fields, for the template."""
        return [(row, self[f"mark_{row.number}"], self[f"remark_{row.number}"]) for row in self.rows]


class CompletionForm(SupplementForm):
    """The same before receipt; no time limit runs yet, so no law has to allow it."""

    legal_basis = None  # type: ignore[assignment]

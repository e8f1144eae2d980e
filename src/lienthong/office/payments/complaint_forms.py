"""Forms of complaints about money."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.infra import forms
from lienthong.office.sent_once import SentOnce
from lienthong.payments.services.complaints import RaiseComplaint


class ComplaintForm(SentOnce):
    """What somebody says about their money."""

    line = forms.ChoiceField(label=gettext_lazy("Về khoản chi nào"), choices=(), select=True, required=False)
    text = forms.NoteField(
        label=gettext_lazy("Nội dung phản ánh"), max_length=2000,
        help_text=gettext_lazy("Khoản của tháng nào, thiếu hay chưa nhận được, đã hỏi ở đâu."),
    )  # fmt: skip

    def __init__(self, *args: Any, lines: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.choose_from(
            self, "line", [("", _("Không rõ, hoặc chưa có khoản nào")), *((str(pk), words) for pk, words in lines)]
        )

    def to_command(self, person_id: int) -> RaiseComplaint:
        """Return the command."""
        data = self.cleaned_data
        return RaiseComplaint(
            person_id=person_id, text=data["text"], line_id=int(data["line"]) if data["line"] else None,
            client_key=data["client_key"],
        )  # fmt: skip


class AnswerForm(forms.Form):
    """What is answered."""

    prefix = "answer"
    text = forms.NoteField(
        label=gettext_lazy("Trả lời"), max_length=2000,
        help_text=gettext_lazy("Khoản tiền đang ở đâu, vì sao, bao giờ nhận được. Người hưởng đọc nguyên văn."),
    )  # fmt: skip


class ReopenForm(forms.Form):
    """Why the answer did not settle it."""

    prefix = "reopen"
    reason = forms.NoteField(label=gettext_lazy("Vì sao mở lại"), max_length=300, rows=2)

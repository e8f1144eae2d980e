"""What is asked of citizens about their benefits: where they want to be paid, and what they have to say."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.infra import forms
from lienthong.kernel.days import add_months
from lienthong.payments.banks import banks
from lienthong.payments.services.accounts import RecordAccount
from lienthong.payments.states import NUMBERED_CHANNELS, AccountSource, Channel

NOW, NEXT_MONTH = "now", "next_month"


def _place_choices() -> list[tuple[str, str]]:
    places = [(one.code, f"{one.short} – {one.name}") for one in banks().values()]
    return [("", _("– chọn trong danh sách –")), *places]


def _channels() -> list[tuple[str, str]]:
    return [(one.value, str(one.label)[:1].upper() + str(one.label)[1:]) for one in Channel]


class SentOnceForm(forms.Form):
    """A form with a key, so that pressing twice does it once."""

    client_key = django_forms.UUIDField(widget=django_forms.HiddenInput, initial=uuid4)


class OwnAccountForm(SentOnceForm):
    """Where somebody wants to be paid."""

    channel = forms.ChoiceField(label=gettext_lazy("Bạn muốn nhận tiền bằng cách nào?"), choices=_channels)
    bank_code = forms.ChoiceField(
        label=gettext_lazy("Ngân hàng, ví điện tử"),
        help_text=gettext_lazy("Nhận qua bưu điện hoặc tiền mặt thì bỏ qua"),
        choices=_place_choices,
        select=True,
        required=False,
    )
    number = forms.LineField(
        label=gettext_lazy("Số tài khoản, số điện thoại của ví"),
        help_text=gettext_lazy("Đủ chữ số, kể cả số 0 ở đầu"),
        max_length=40,
        width=20,
        autocomplete="off",
        spellcheck=False,
        required=False,
    )
    holder_name = forms.LineField(
        label=gettext_lazy("Tên chủ tài khoản"),
        help_text=gettext_lazy("Phải là tên của bạn, ghi đúng như trên thẻ hoặc ứng dụng ngân hàng"),
        max_length=120,
        required=False,
    )
    begins = forms.ChoiceField(
        label=gettext_lazy("Dùng từ khi nào?"),
        choices=[(NEXT_MONTH, gettext_lazy("Từ đầu tháng sau")), (NOW, gettext_lazy("Từ hôm nay"))],
    )

    def clean(self) -> dict[str, Any]:
        """Ask for bank, number and holder where money goes to a number."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("channel") in NUMBERED_CHANNELS:
            needed = {
                "bank_code": _("Chọn ngân hàng hoặc ví giữ tài khoản này."),
                "number": _("Chưa có số tài khoản. Hãy ghi đủ các chữ số, kể cả số 0 ở đầu."),
                "holder_name": _("Chưa có tên chủ tài khoản. Hãy ghi đúng như trên thẻ hoặc ứng dụng ngân hàng."),
            }
            for name, words in needed.items():
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return data

    def to_command(self, person_id: int, *, today: date) -> RecordAccount:
        """Return the command."""
        data = self.cleaned_data
        begins = today if data["begins"] == NOW else add_months(today.replace(day=1), 1)
        return RecordAccount(
            person_id=person_id, channel=Channel(data["channel"]), source=AccountSource.DECLARED, valid_from=begins,
            bank_code=data["bank_code"], number=data["number"], holder_name=data["holder_name"],
            client_key=data["client_key"],
        )  # fmt: skip


class ComplaintForm(SentOnceForm):
    """What somebody has to say about a payment."""

    text = forms.NoteField(
        label=gettext_lazy("Bạn muốn phản ánh điều gì?"),
        help_text=gettext_lazy("Ví dụ: chưa nhận được tiền, nhận thiếu, chuyển sai tài khoản"),
        max_length=2000,
        rows=5,
    )


class ReopenForm(forms.Form):
    """Why the answer does not settle it."""

    reason = forms.NoteField(label=gettext_lazy("Vì sao chưa được?"), max_length=300, rows=3)

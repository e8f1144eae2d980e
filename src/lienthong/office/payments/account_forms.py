"""Forms of where somebody is paid."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.infra import forms
from lienthong.office.poverty.standard_forms import MEGABYTE
from lienthong.office.sent_once import SentOnce
from lienthong.payments.banks import banks
from lienthong.payments.services.account_import import LoadAccounts
from lienthong.payments.services.accounts import RecordAccount
from lienthong.payments.states import NUMBERED_CHANNELS, AccountSource, Channel
from lienthong.verification import store

LIMIT = 10 * MEGABYTE


def bank_choices() -> list[tuple[str, str]]:
    """Return every bank and wallet to choose from."""
    return [("", "—"), *((bank.code, f"{bank.short} – {bank.name}") for bank in banks().values())]


class AccountForm(SentOnce):
    """Where somebody wants to be paid."""

    channel = forms.ChoiceField(label=_("Hình thức nhận tiền"), choices=Channel.choices)
    bank_code = forms.ChoiceField(label=_("Ngân hàng, ví điện tử"), choices=bank_choices, select=True, required=False)
    number = forms.LineField(
        label=_("Số tài khoản, số điện thoại của ví"), required=False, max_length=40, width=20, spellcheck=False,
        help_text=_("Đủ chữ số, kể cả số 0 ở đầu"),
    )  # fmt: skip
    holder_name = forms.LineField(
        label=_("Tên chủ tài khoản"), required=False, max_length=120,
        help_text=_("Đúng như ngân hàng ghi; để trống nếu chưa hỏi được, khi đó chưa chi vào tài khoản này"),
    )  # fmt: skip
    source = forms.ChoiceField(label=_("Nguồn thông tin"), choices=AccountSource.choices)
    valid_from = forms.DayField(label=_("Dùng từ ngày"))

    def clean(self) -> dict[str, Any]:
        """Ask for bank and number where money goes to a number."""
        data = super().clean()
        if data.get("channel") in NUMBERED_CHANNELS:
            for name, words in (
                ("bank_code", _("Chọn ngân hàng hoặc ví giữ tài khoản này.")),
                ("number", _("Chưa có số tài khoản. Hãy ghi đủ các chữ số, kể cả số 0 ở đầu.")),
            ):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return data

    def to_command(self, **whose: int) -> RecordAccount:
        """Return the command; ``whose`` names the person or the organisation."""
        data = self.cleaned_data
        return RecordAccount(
            **whose, channel=Channel(data["channel"]), source=AccountSource(data["source"]),
            valid_from=data["valid_from"], bank_code=data["bank_code"], number=data["number"],
            holder_name=data["holder_name"], client_key=data["client_key"],
        )  # fmt: skip


class ConfirmForm(forms.Form):
    """On what a second person confirms that an account is the payee's own."""

    reason = forms.NoteField(
        label=_("Căn cứ"), max_length=300, rows=2, help_text=_("Đã xem giấy tờ nào, hỏi ai, ngày nào.")
    )


class HolderForm(forms.Form):
    """The holder as the bank answers."""

    holder_name = forms.NameField(label=_("Tên chủ tài khoản ngân hàng trả lời"), max_length=120)


class EndForm(forms.Form):
    """From when and why an account is not used any more."""

    ends_on = forms.DayField(label=_("Thôi dùng từ ngày"))
    reason = forms.NoteField(label=_("Lý do"), max_length=300, rows=2)


class AccountsFileForm(forms.Form):
    """A workbook of many accounts."""

    source = forms.ChoiceField(label=_("Nguồn thông tin"), choices=AccountSource.choices)
    valid_from = forms.DayField(label=_("Dùng từ ngày"))
    file = forms.FilesField(
        label=_("Tệp danh sách tài khoản"), several=False, at_most=1, kinds=(".xlsx",), limit_bytes=LIMIT,
        help_text=_("XLSX theo tệp mẫu, tối đa 10 MB và 20.000 dòng"),
    )  # fmt: skip

    def to_command(self) -> LoadAccounts:
        """Take the file in and return the command.

        Raises:
            FileNotTaken: The file is empty or too large.
        """
        upload, day = self.cleaned_data["file"][0], self.cleaned_data["valid_from"]
        return LoadAccounts(
            file=store.take_in(upload, name=str(upload.name)), file_name=str(upload.name),
            source=AccountSource(self.cleaned_data["source"]), valid_from=day,
        )  # fmt: skip

"""The forms of the administration of accounts."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.accounts.services import GrantMandate, OpenAccount
from lienthong.accounts.states import AccountKind, Role
from lienthong.infra.forms import ChoiceField, ChoicesField, DayField, EmailField, Form, LineField, PhoneField
from lienthong.infra.widgets import Line

WHAT_A_ROLE_DOES: dict[str, Any] = {
    Role.RECEIVER: gettext_lazy("nhận hồ sơ ở quầy, yêu cầu hoàn thiện, trả kết quả"),
    Role.PROCESSOR: gettext_lazy("thẩm định hồ sơ và đề xuất kết quả"),
    Role.DIVISION_HEAD: gettext_lazy("phân công hồ sơ trong phòng, kiểm tra đề xuất"),
    Role.LEADER: gettext_lazy("ký kết quả hoặc trả lại"),
    Role.DESK_HEAD: gettext_lazy("điều hành quầy, phân công người tiếp nhận"),
    Role.CATALOGUE_EDITOR: gettext_lazy("soạn và công bố thủ tục"),
    Role.ADMINISTRATOR: gettext_lazy("mở tài khoản, phân công, cấp lại mật khẩu"),
    Role.AUDITOR: gettext_lazy("xem hồ sơ và nhật ký, không thay đổi được gì"),
    Role.ACCOUNTANT: gettext_lazy("lập danh sách chi trả, chuyển chi trả, đối soát với ngân hàng"),
}


def role_choices() -> list[tuple[str, str]]:
    """Return every role as it begins a line."""
    return [(role.value, capfirst(str(role.label))) for role in Role]


class OpenAccountForm(Form):
    """A new officer."""

    full_name = LineField(label=gettext_lazy("Họ và tên"), max_length=120, autocomplete="off", spellcheck=False)
    username = LineField(
        label=gettext_lazy("Tên đăng nhập"),
        help_text=gettext_lazy("Chữ thường không dấu, chữ số, dấu chấm. Ví dụ: an.nguyenvan"),
        max_length=60,
        autocomplete="off",
        spellcheck=False,
        widget=Line(width=20, attrs={"autocapitalize": "none"}),
    )
    phone = PhoneField(required=False, autocomplete="off")
    email = EmailField(required=False, autocomplete="off")

    def to_command(self) -> OpenAccount:
        facts = self.cleaned_data
        return OpenAccount(
            username=facts["username"],
            kind=AccountKind.STAFF,
            full_name=facts["full_name"],
            phone=facts["phone"],
            email=facts["email"],
        )


class GrantMandateForm(Form):
    """A mandate: what, where, in which fields, from when to when, on which ground."""

    role = ChoiceField(label=gettext_lazy("Vai trò"), choices=role_choices, hints=WHAT_A_ROLE_DOES)
    agency = ChoiceField(label=gettext_lazy("Cơ quan"), select=True)
    fields_of_work = ChoicesField(
        label=gettext_lazy("Chỉ trong các lĩnh vực"),
        help_text=gettext_lazy("Không chọn lĩnh vực nào nghĩa là mọi lĩnh vực của cơ quan."),
        required=False,
    )
    valid_from = DayField(label=gettext_lazy("Từ ngày"))
    last_on = DayField(
        label=gettext_lazy("Đến hết ngày"),
        help_text=gettext_lazy("Để trống nếu chưa biết ngày kết thúc."),
        required=False,
    )
    basis = LineField(
        label=gettext_lazy("Căn cứ"),
        help_text=gettext_lazy("Số và ngày của quyết định phân công, nếu có"),
        max_length=200,
        required=False,
    )

    def __init__(
        self, *args: Any, agencies: Iterable[tuple[str, str]], fields_of_work: Iterable[tuple[str, str]], **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        self._choose_from("agency", [("", _("Chọn cơ quan")), *agencies])
        self._choose_from("fields_of_work", list(fields_of_work))

    def _choose_from(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def to_command(self, user_id: int) -> GrantMandate:
        facts = self.cleaned_data
        last_on: date | None = facts["last_on"]
        return GrantMandate(
            user_id=user_id,
            role=Role(facts["role"]),
            agency_code=facts["agency"],
            fields=tuple(facts["fields_of_work"]),
            valid_from=facts["valid_from"],
            valid_until=None if last_on is None else last_on + timedelta(days=1),
            basis=facts["basis"],
        )


class EndMandateForm(Form):
    """When a mandate ends, and why."""

    last_on = DayField(
        label=gettext_lazy("Ngày cuối cùng còn hiệu lực"),
        help_text=gettext_lazy("Để dừng ngay, điền ngày hôm qua."),
    )
    reason = LineField(label=gettext_lazy("Lý do"), max_length=200)


class WithdrawMandateForm(Form):
    """Why a mandate that has not begun is taken back."""

    reason = LineField(label=gettext_lazy("Lý do"), max_length=200)


class CloseAccountForm(Form):
    """Why an account is closed."""

    reason = LineField(
        label=gettext_lazy("Lý do"), help_text=gettext_lazy("Ví dụ: nghỉ hưu từ 01/12/2026"), max_length=200
    )

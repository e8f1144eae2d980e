"""The forms at the door."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.infra.forms import Form, LineField
from lienthong.infra.widgets import Line
from lienthong.kernel.text import nfc


class PasswordField(forms.CharField):
    """A password: as typed, spaces and all, in one Unicode form; never sent back into the page."""

    def __init__(self, *, autocomplete: str, **rest: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete, "class": "govuk-input--width-20"})
        super().__init__(strip=False, max_length=200, widget=widget, **rest)
        self.error_messages["required"] = _("Chưa có “%(label)s”. Hãy điền mục này.") % {"label": self.label}

    def to_python(self, value: Any) -> str:
        return nfc(str(super().to_python(value) or ""))


class SignInForm(Form):
    """Who comes."""

    username = LineField(
        label=gettext_lazy("Tên đăng nhập"),
        max_length=60,
        autocomplete="username",
        spellcheck=False,
        widget=Line(width=20, attrs={"autocapitalize": "none"}),
    )
    password = PasswordField(label=gettext_lazy("Mật khẩu"), autocomplete="current-password")


class ChangePasswordForm(Form):
    """A new password, typed twice since it cannot be read."""

    current_password = PasswordField(label=gettext_lazy("Mật khẩu hiện tại"), autocomplete="current-password")
    new_password = PasswordField(
        label=gettext_lazy("Mật khẩu mới"),
        help_text=gettext_lazy("Ít nhất 12 ký tự. Một câu ngắn chỉ mình bạn biết vừa dễ nhớ vừa khó đoán."),
        autocomplete="new-password",
    )
    repeated_password = PasswordField(label=gettext_lazy("Gõ lại mật khẩu mới"), autocomplete="new-password")

    def clean_repeated_password(self) -> str:
        repeated: str = self.cleaned_data["repeated_password"]
        if repeated != self.cleaned_data.get("new_password", repeated):
            raise forms.ValidationError(_("Hai lần gõ mật khẩu mới chưa giống nhau. Hãy gõ lại cả hai."), code="differ")
        return repeated

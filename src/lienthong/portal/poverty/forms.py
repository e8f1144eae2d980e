"""What is asked of somebody who looks their household up without an account."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from lienthong.infra import forms


class LookUpForm(forms.Form):
    """The household's code, and the personal number of somebody who belongs to it."""

    code = forms.LineField(
        label=gettext_lazy("Mã hộ"),
        help_text=gettext_lazy("In trên giấy chứng nhận hoặc trên danh sách niêm yết, ví dụ HG00001234"),
        max_length=20,
        autocomplete="off",
        spellcheck=False,
        width=20,
    )
    number = forms.LineField(
        label=gettext_lazy("Số định danh cá nhân của một người trong hộ"),
        help_text=gettext_lazy("12 chữ số, giữ số 0 ở đầu"),
        max_length=20,
        autocomplete="off",
        spellcheck=False,
        width=20,
    )

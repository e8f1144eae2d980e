"""The form that changes one day of the working calendar."""

from django.utils.translation import gettext_lazy as _

from lienthong.infra import forms
from lienthong.rules.working_time import DayKind

KINDS = [
    (DayKind.OFF.value, _("nghỉ cả ngày")),
    (DayKind.WORKING.value, _("làm việc, làm bù")),
    (DayKind.MORNING_ONLY.value, _("chỉ làm buổi sáng")),
    (DayKind.AFTERNOON_ONLY.value, _("chỉ làm buổi chiều")),
    (DayKind.RECEPTION_ONLY.value, _("chỉ tiếp nhận, không tính thời hạn")),
    ("usual", _("trở lại như ngày thường trong tuần")),
]


class DayForm(forms.Form):
    """One day, what it becomes, why, and on which paper."""

    day = forms.DayField(label=_("Ngày"))
    kind = forms.ChoiceField(label=_("Ngày này là ngày"), choices=KINDS)
    reason = forms.LineField(label=_("Lý do"), max_length=300, help_text=_("Ví dụ: nghỉ bù Giỗ Tổ Hùng Vương"))
    reference = forms.LineField(
        label=_("Căn cứ"), max_length=200, required=False, help_text=_("Ví dụ: 10065/VPCP-KGVX")
    )
    agency = forms.ChoiceField(label=_("Áp dụng cho"), choices=(), select=True, required=False)

    def kind_of_day(self) -> DayKind | None:
        """Return what the day becomes; None for an ordinary day of the week."""
        value = self.cleaned_data["kind"]
        return None if value == "usual" else DayKind(value)

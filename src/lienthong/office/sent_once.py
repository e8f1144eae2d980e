"""Forms that do something once, however often they are sent."""

from typing import Any
from uuid import uuid4

from django import forms as django_forms
from django.utils.translation import gettext as _

from lienthong.infra import forms


class SentOnce(forms.Form):
    """A form with the key of one intended action: pressing twice, or sending again after signing in, does it once."""

    client_key = django_forms.UUIDField(widget=django_forms.HiddenInput, initial=uuid4)

    def clean(self) -> dict[str, Any]:
        """Say in words what a broken hidden field means to whoever sent the form."""
        data: dict[str, Any] = super().clean() or {}
        broken = [field.name for field in self.hidden_fields() if field.name in self.errors]
        for name in broken:
            del self.errors[name]
        if broken:
            self.add_error(None, _("Biểu mẫu chưa tới đủ hoặc đã cũ. Mở lại trang này rồi gửi lại."))
        return data

"""An uploaded form between its preview and the word that puts it in use.

Nothing of it is stored: the preview page carries it, signed for whoever uploaded it, and gives it back when they agree.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.infra import forms
from lienthong.poverty.survey.workbooks import LARGEST_FILE_BYTES
from lienthong.rules.poverty.standards import standard_ids

_SALT = "poverty.survey-form"


class PreviewGone(ValueError):
    """What came back is not what a preview gave to this person."""

    def __init__(self) -> None:
        super().__init__(_("Trang xem trước đã cũ hoặc không còn đủ. Hãy chọn lại tệp rồi đọc thử lần nữa."))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldForm:
    """A file, and what it was compared with: the version in use (empty for none) and the points table."""

    content: bytes
    name: str
    standard_id: str
    instead_of: str = ""
    table_id: int | None = None

    def sealed(self, user: Any) -> str:
        """Write it for a hidden field of the preview."""
        return _signer(user).sign_object(
            {
                "content": b64encode(self.content).decode(), "name": self.name, "standard_id": self.standard_id,
                "instead_of": self.instead_of, "table_id": self.table_id,
            },
            compress=True,
        )  # fmt: skip


def opened(sealed: str, user: Any) -> HeldForm:
    """Read what a preview gave to this person.

    Raises:
        PreviewGone: It was given to somebody else, cut off, or changed.
    """
    try:
        held = _signer(user).unsign_object(sealed)
    except signing.BadSignature as wrong:
        raise PreviewGone from wrong
    return HeldForm(**held | {"content": b64decode(held["content"])})


def _signer(user: Any) -> signing.Signer:
    return signing.Signer(salt=f"{_SALT}:{user.pk}")


class SurveyFormForm(forms.Form):
    """A form that was changed in Excel, and the standard for which it is."""

    file = forms.FilesField(
        label=gettext_lazy("Tệp phiếu"), several=False, at_most=1, kinds=(".xlsx",),
        help_text=format_lazy(gettext_lazy("XLSX theo mẫu, tối đa {limit} MB"), limit=LARGEST_FILE_BYTES >> 20),
    )  # fmt: skip
    standard_id = forms.ChoiceField(label=gettext_lazy("Chuẩn nghèo"), choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.choose_from(self, "standard_id", [(one, one.replace("-", "–")) for one in reversed(standard_ids())])

    def to_held(self) -> HeldForm:
        """Return the file with its standard, not yet compared with anything."""
        upload = self.cleaned_data["file"][0]
        return HeldForm(
            content=upload.read(), name=str(upload.name)[:255], standard_id=self.cleaned_data["standard_id"]
        )

"""What an applicant is asked while following a dossier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.dossiers.checklist import Paper
from lienthong.dossiers.services import Target
from lienthong.dossiers.states import Satisfaction
from lienthong.infra import forms
from lienthong.portal.papers import PaperField

MOST_TRIPS = 50


class SecretField(forms.LineField):
    """The tracking secret as people type it: small letters, spaces and dashes do not matter."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace(" ", "").replace("-", "").upper()


class SecretForm(forms.Form):
    """The secret alone: the address says which dossier."""

    secret = SecretField(
        label=gettext_lazy("Mã tra cứu"),
        help_text=gettext_lazy("8 chữ và số, in trên giấy tiếp nhận hồ sơ"),
        max_length=40,
        autocomplete="off",
        spellcheck=False,
        width=10,
    )


class TrackForm(SecretForm):
    """Number and secret, as printed on the receipt."""

    code = forms.LineField(
        label=gettext_lazy("Số hồ sơ"),
        help_text=gettext_lazy("Ví dụ: H55.05443-261123-0018"),
        max_length=60,
        autocomplete="off",
        spellcheck=False,
        width=20,
    )
    field_order = ["code", "secret"]


class ActForm(forms.Form):
    """Base of every action: which version of the dossier was seen, and a key so that nothing is done twice."""

    seen = django_forms.IntegerField(widget=django_forms.HiddenInput)
    client_key = django_forms.UUIDField(widget=django_forms.HiddenInput)

    def __init__(self, *args: Any, dossier: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"seen": dossier.sequence, "client_key": uuid4()})
        super().__init__(*args, **kwargs)
        self.dossier = dossier

    def target(self) -> Target:
        """Return the dossier as this form saw it."""
        data = self.cleaned_data
        return Target(dossier_id=self.dossier.pk, seen=data["seen"], client_key=data["client_key"])


class WithdrawForm(ActForm):
    """Taking a request back."""

    reason = forms.NoteField(label=gettext_lazy("Vì sao bạn rút hồ sơ?"), max_length=1000, rows=3, required=False)
    agreed = forms.AgreementField(label=gettext_lazy("Tôi muốn rút hồ sơ này"))


class RateForm(ActForm):
    """What the applicant thought of how the dossier was handled."""

    level = forms.ChoiceField(
        label=gettext_lazy("Bạn hài lòng đến mức nào với việc giải quyết hồ sơ này?"), choices=Satisfaction.choices
    )
    trips = forms.LineField(
        label=gettext_lazy("Bạn đã phải đi lại mấy lần?"),
        help_text=gettext_lazy("Tính cả lần nộp và lần nhận kết quả; không phải đi thì ghi 0"),
        required=False,
        max_length=10,
        width=4,
    )
    comment = forms.NoteField(
        label=gettext_lazy("Bạn muốn góp ý gì?"),
        help_text=gettext_lazy("Ý kiến được giữ riêng, không hiện trong hồ sơ"),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trips"].widget.attrs["inputmode"] = "numeric"

    def clean_trips(self) -> int | None:
        """Read the number of trips."""
        text = self.cleaned_data["trips"]
        if not text:
            return None
        if not (text.isascii() and text.isdigit()) or int(text) > MOST_TRIPS:
            raise django_forms.ValidationError(
                _("Số lần đi lại là một số từ 0 đến %(most)s; đang là “%(text)s”.") % {"most": MOST_TRIPS, "text": text}
            )
        return int(text)


class AnswerForm(ActForm):
    """New files for each paper that was asked for, all in one go."""

    def __init__(self, *args: Any, papers: Sequence[Paper], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for paper in papers:
            self.fields[self.name_of(paper)] = PaperField(label=_("Chọn tệp cho giấy tờ này"))

    @staticmethod
    def name_of(paper: Paper) -> str:
        """Return the name of the field for one paper."""
        return f"paper_{paper.number}"

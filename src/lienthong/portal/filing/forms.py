"""The questions of a request, one small form each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.dossiers.handlers import Question
from lienthong.dossiers.services import Applicant, ChangeDraft
from lienthong.dossiers.states import ReturnWay
from lienthong.infra import forms
from lienthong.infra.questions import answer_text, answer_value, question_field
from lienthong.portal.filing.places import Places

SELF, PERSON, ORGANIZATION = "self", "person", "organization"
ELSEWHERE = "elsewhere"


class PartForm(forms.Form):
    """One part of a draft. Who saves and leaves may leave gaps; what is there must be right all the same."""

    def allow_gaps(self) -> None:
        """Ask for nothing that is still empty."""
        for field in self.fields.values():
            field.required = False


class WhereForm(PartForm):
    """Where the request is handed in: near by as radios, any other commune from a list."""

    place = forms.ChoiceField(label=gettext_lazy("Bạn muốn nộp hồ sơ ở đâu?"))
    commune = forms.ChoiceField(
        label=gettext_lazy("Xã, phường khác"),
        help_text=gettext_lazy("Chỉ chọn ở đây khi đã đánh dấu “Nơi khác” ở trên"),
        select=True,
        required=False,
    )
    client_key = django_forms.UUIDField(widget=django_forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, places: Places, agency: Any = None, **kwargs: Any) -> None:
        chosen = agency or places.proposed or (places.desks[0] if places.desks and not places.committees else None)
        near = [*([places.proposed] if places.proposed else []), *places.desks]
        initial: dict[str, Any] = {}
        if chosen is not None:
            initial = {"place": str(chosen.pk)} if chosen in near else {"place": ELSEWHERE, "commune": str(chosen.pk)}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.places = places
        others = [agency for agency in places.committees if agency != places.proposed]
        place, commune = self.fields["place"], self.fields["commune"]
        place.choices = [(str(agency.pk), agency.name) for agency in near] + (  # type: ignore[attr-defined]
            [(ELSEWHERE, _("Nơi khác"))] if others else []
        )
        if places.proposed is not None:
            place.widget.hints = {str(places.proposed.pk): _("Nơi bạn đang cư trú")}
        commune.choices = [("", _("– chọn xã, phường –"))] + [(str(one.pk), one.name) for one in others]  # type: ignore[attr-defined]
        if not others:
            del self.fields["commune"]
        elif not near:
            del self.fields["place"]
            commune.label, commune.help_text = _("Bạn muốn nộp hồ sơ ở xã, phường nào?"), ""
            commune.required = True

    def clean(self) -> dict[str, Any]:
        """Ask for the commune only of those who go elsewhere."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("place") == ELSEWHERE and not data.get("commune") and self.fields["place"].required:
            self.add_error("commune", _("Chưa chọn xã, phường. Hãy chọn nơi nộp trong danh sách."))
        return data

    def agency(self) -> Any:
        """Return the agency that was chosen; None where nothing was."""
        data = self.cleaned_data
        text = data.get("commune") if data.get("place", ELSEWHERE) == ELSEWHERE else data["place"]
        return self.places.find(int(text)) if text else None


class WhoForm(PartForm):
    """For whom the request is made, where there is a choice."""

    whom = forms.ChoiceField(label=gettext_lazy("Bạn nộp hồ sơ này cho ai?"))

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], hints: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whom"].choices = choices  # type: ignore[attr-defined]
        self.fields["whom"].widget.hints = hints


class ApplicantForm(PartForm):
    """Who the applicant is, as far as nobody knows it yet, and how to reach whoever files."""

    name = forms.NameField(label=gettext_lazy("Họ và tên chủ hồ sơ"), autocomplete="off")
    number = forms.PersonalIdField(
        label=gettext_lazy("Số định danh cá nhân của chủ hồ sơ"),
        help_text=gettext_lazy("12 chữ số trên thẻ căn cước; trẻ em chưa có số thì để trống"),
        required=False,
    )
    phone = forms.PhoneField(help_text=gettext_lazy("Cơ quan báo tin qua số này khi cần"))
    email = forms.EmailField(required=False)
    address = forms.LineField(
        label=gettext_lazy("Địa chỉ"),
        help_text=gettext_lazy("Số nhà, đường, thôn hoặc tổ dân phố, xã hoặc phường"),
        max_length=400,
        autocomplete="street-address",
    )

    def __init__(self, *args: Any, whom: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.whom = whom
        if whom == SELF:
            del self.fields["name"], self.fields["number"]
        elif whom == ORGANIZATION:
            self.fields["name"].label = _("Tên tổ chức, doanh nghiệp")
            self.fields["number"] = forms.TaxCodeField()
            self.order_fields(["name", "number", "phone", "email", "address"])

    def to_applicant(self, known: Applicant) -> Applicant:
        """Return who asks: what is known of the account, or what was typed of somebody else."""
        data = {name: str(value or "") for name, value in self.cleaned_data.items()}
        base = known if self.whom == SELF else Applicant(name=data["name"], number=data["number"])
        return replace(base, phone=data["phone"], email=data["email"], address=data["address"])


class DetailsForm(PartForm):
    """What the handler of the procedure asks, and what the applicant wants to add."""

    summary = forms.NoteField(
        label=gettext_lazy("Bạn muốn nói rõ thêm điều gì?"),
        help_text=gettext_lazy("Ví dụ: hoàn cảnh, mong muốn về cách giải quyết"),
        max_length=1000,
        rows=3,
        required=False,
    )

    def __init__(self, *args: Any, questions: Sequence[Question], answers: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        for question in self.questions:
            name = f"answer_{question.name}"
            self.fields[name] = question_field(
                question.kind,
                label=question.label,
                required=question.is_required,
                hint=question.hint,
                choices=question.choices,
            )
            self.initial.setdefault(name, answer_value(question.kind, answers.get(question.name)))
        self.order_fields([f"answer_{question.name}" for question in self.questions])

    def answers(self) -> dict[str, str]:
        """Return the answers as they are kept."""
        return {
            question.name: answer_text(self.cleaned_data.get(f"answer_{question.name}")) for question in self.questions
        }

    def show_missing(self, sentences: Sequence[str]) -> None:
        """Put each sentence of the handler beside the question that it speaks of."""
        by_length = sorted(self.questions, key=lambda question: -len(question.label))
        for sentence in sentences:
            named = next((question for question in by_length if question.label in sentence), None)
            self.add_error(f"answer_{named.name}" if named else None, sentence)


class ReturnForm(PartForm):
    """How the result comes back."""

    return_way = forms.ChoiceField(label=gettext_lazy("Bạn muốn nhận kết quả bằng cách nào?"))
    return_address = forms.LineField(
        label=gettext_lazy("Địa chỉ nhận qua bưu chính"),
        help_text=gettext_lazy("Chỉ cần khi nhận qua bưu chính: tên người nhận, số nhà, đường, thôn, xã hoặc phường"),
        max_length=400,
        required=False,
    )

    def __init__(self, *args: Any, ways: Sequence[tuple[str, str]], hints: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["return_way"].choices = ways  # type: ignore[attr-defined]
        self.fields["return_way"].widget.hints = hints

    def clean(self) -> dict[str, Any]:
        """A parcel needs an address."""
        data: dict[str, Any] = super().clean() or {}
        wants_post = data.get("return_way") == ReturnWay.POST
        if wants_post and not data.get("return_address") and self.fields["return_way"].required:
            self.add_error("return_address", _("Chưa có địa chỉ nhận. Hãy điền nơi bưu tá giao kết quả."))
        return data

    def to_change(self, draft_id: UUID) -> ChangeDraft:
        """Return the change that the service takes."""
        data = self.cleaned_data
        way = data["return_way"] or None
        address = data["return_address"] if way == ReturnWay.POST else ""
        return ChangeDraft(draft_id=draft_id, return_way=way, return_address=address)


class SendForm(forms.Form):
    """The declaration, with a key so that it is sent once, and when the page last saw the draft change."""

    agreed = forms.AgreementField(
        label=gettext_lazy(
            "Tôi cam đoan nội dung khai và giấy tờ gửi kèm là đúng sự thật và chịu trách nhiệm về cam đoan này"
        )
    )
    client_key = django_forms.UUIDField(widget=django_forms.HiddenInput, initial=uuid4)
    as_seen = django_forms.CharField(widget=django_forms.HiddenInput, max_length=40)

    def saw(self, changed_at: datetime) -> bool:
        """Tell whether the page showed the draft as it is: nobody declares what another tab has changed since."""
        return bool(self.cleaned_data["as_seen"] == changed_at.isoformat())

"""The form of the desk: who asks, what is asked, which papers are there."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms as django_forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.catalogue.states import Channel
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.handlers import ProcedureHandler
from lienthong.dossiers.services import Applicant, Request
from lienthong.dossiers.states import ReturnWay
from lienthong.infra import forms
from lienthong.infra.questions import answer_text, question_field
from lienthong.office.checklist import AskedPaper, ChecklistForm
from lienthong.office.intake.communes import is_of_a_commune


class ReceiveForm(ChecklistForm):
    """Everything of one request on one screen."""

    name = forms.NameField(label=gettext_lazy("Họ và tên, hoặc tên tổ chức"), autocomplete="off")
    number = forms.ApplicantNumberField(
        help_text=gettext_lazy("Người chưa có số, như trẻ em hay người nước ngoài, thì để trống"), required=False
    )
    phone = forms.PhoneField(required=False, autocomplete="off")
    email = forms.EmailField(required=False, autocomplete="off")
    address = forms.LineField(label=gettext_lazy("Địa chỉ"), max_length=400, required=False, autocomplete="off")
    representative_name = forms.NameField(
        label=gettext_lazy("Người nộp thay"),
        help_text=gettext_lazy("Chỉ ghi khi người nộp không phải chủ hồ sơ"),
        max_length=120,
        required=False,
    )
    summary = forms.NoteField(
        label=gettext_lazy("Nội dung yêu cầu giải quyết"), max_length=1000, rows=2, required=False
    )
    channel = forms.ChoiceField(label=gettext_lazy("Cách thức nộp"), inline=True)
    return_way = forms.ChoiceField(
        label=gettext_lazy("Nhận kết quả"),
        choices=ReturnWay.choices,
        initial=ReturnWay.COUNTER.value,
        inline=True,
    )
    return_address = forms.LineField(label=gettext_lazy("Địa chỉ nhận qua bưu chính"), max_length=400, required=False)
    hold = forms.AgreementField(label=gettext_lazy("Giữ lại ở bước tiếp nhận, chưa chuyển xử lý ngay"), required=False)
    desk = forms.ChoiceField(label=gettext_lazy("Nơi tiếp nhận"), inline=True)
    commune = forms.ChoiceField(label=gettext_lazy("Xã, phường giải quyết"), select=True)

    def __init__(
        self,
        *args: Any,
        version: Any,
        handler: ProcedureHandler,
        desks: Sequence[Any],
        communes: Sequence[Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.version, self.handler, self.elsewhere = version, handler, ""
        self.desks_of_communes = {str(desk.pk) for desk in desks if is_of_a_commune(desk)}
        self.questions = list(handler.questions())
        at_desk = [value for value in version.channels if value != Channel.ONLINE] or [Channel.COUNTER.value]
        self._offer("channel", [(value, capfirst(Channel(value).label)) for value in at_desk])
        self._offer("desk", [(str(desk.pk), desk.name) for desk in desks])
        self._ask_for_commune(communes)
        for question in self.questions:
            self.fields[f"answer_{question.name}"] = question_field(
                question.kind,
                label=question.label,
                required=question.is_required,
                hint=question.hint,
                choices=question.choices,
            )
        self.lay_out([_asked(item) for item in version.items.order_by("number")])

    def clean(self) -> dict[str, Any]:
        """Ask for the commune wherever the desk does not say it."""
        data: dict[str, Any] = super().clean() or {}
        is_left_out = self.asks_for_commune and not data.get("commune") and "commune" not in self.errors
        if is_left_out and self._is_far(data):
            self.add_error("commune", _("Chưa chọn xã, phường giải quyết. Hãy chọn một nơi trong danh sách."))
        return data

    @property
    def asks_for_commune(self) -> bool:
        """Whether the clerk has to say which commune decides."""
        return "commune" in self.fields

    def answers(self) -> list[Any]:
        """Return the bound fields of the handler's questions, for the template."""
        return [self[f"answer_{question.name}"] for question in self.questions]

    def refuse_what_is_missing(self, *, on: date) -> None:
        """Say everything that is missing at once: papers beside their line, answers that cannot be right above."""
        asked = {paper.number: paper for paper in self.papers}
        items = self.given_items()
        self.refuse_contradictions()
        for item in dossiers.missing_papers(self.version, items):
            self.miss(asked[item.number])
        for item in dossiers.unclear_papers(self.version, items):
            self.wonder(asked[item.number])
        if not any(name.startswith("answer_") for name in self.errors):
            for sentence in self.handler.missing(self._answers(), on=on):
                self.add_error(None, sentence)
            self.elsewhere = self.handler.elsewhere(self._answers())

    def chosen(self, name: str) -> str:
        """Return the desk or the channel: the chosen one, or the only one there is."""
        return str(self.cleaned_data[name] or self.fields[name].initial)

    def to_request(self, *, person_id: int | None, organization_id: int | None) -> Request:
        """Return the request that the service takes."""
        data = self.cleaned_data
        return Request(
            applicant=Applicant(
                name=data["name"], number=data["number"], phone=data["phone"], email=data["email"],
                address=data["address"], person_id=person_id, organization_id=organization_id,
            ),
            representative_name=data["representative_name"],
            summary=data["summary"],
            answers=self._answers(),
            items=self.given_items(),
            return_way=data["return_way"],
            return_address=data["return_address"],
            unit_id=int(data["commune"]) if data.get("commune") and self._is_far(data) else None,
        )  # fmt: skip

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Offer the choices of a field, the first one chosen; where there is but one, nothing is asked."""
        forms.choose_from(self, name, choices)
        field = self.fields[name]
        field.initial = choices[0][0]
        if len(choices) == 1:
            field.required, field.widget = False, django_forms.HiddenInput()

    def _ask_for_commune(self, communes: Sequence[Any]) -> None:
        """Offer the communes that may decide; where there are none to choose from, nothing is asked."""
        if not communes:
            del self.fields["commune"]
            return
        choices = [(str(commune.pk), commune.name) for commune in communes]
        forms.choose_from(self, "commune", [("", _("– chọn xã, phường –")), *choices])
        if self.desks_of_communes:
            self.fields["commune"].required = False
            self.fields["commune"].help_text = _("Chỉ cần khi tiếp nhận ở quầy cấp tỉnh")

    def _is_far(self, data: dict[str, Any]) -> bool:
        """Whether the request is handed in elsewhere than at a commune."""
        return str(data.get("desk") or self.fields["desk"].initial) not in self.desks_of_communes

    def _answers(self) -> dict[str, str]:
        return {
            question.name: answer_text(self.cleaned_data.get(f"answer_{question.name}")) for question in self.questions
        }


def _asked(item: Any) -> AskedPaper:
    notes = [capfirst(item.get_kind_display())]
    if not item.is_required:
        notes.append(_("không bắt buộc"))
    if item.condition:
        notes.append(_("chỉ khi: %s") % item.condition)
    return AskedPaper(
        number=item.number, name=item.name, note=", ".join(notes), originals=item.originals, copies=item.copies,
        may_not_apply=dossiers.needed_in_some_cases(item),
    )  # fmt: skip

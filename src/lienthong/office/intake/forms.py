"""The form of the desk: who asks, what is asked, which papers are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from lienthong.catalogue.states import Channel
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.handlers import ProcedureHandler
from lienthong.dossiers.services import Applicant, GivenItem, Request
from lienthong.dossiers.states import ReturnWay
from lienthong.infra import forms
from lienthong.infra.questions import answer_text, question_field
from lienthong.office.intake.scans import Scan
from lienthong.office.sent_once import SentOnce

MOST_OF_ONE_PAPER = 99


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One line of the checklist: what is required, and the fields that say what was given."""

    item: Any
    given: Any
    originals: Any
    certified: Any
    copies: Any
    files: Any
    scans: Sequence[Scan]


class ReceiveForm(SentOnce):
    """Everything of one request on one screen."""

    name = forms.LineField(label=_("Họ và tên, hoặc tên tổ chức"), max_length=255, autocomplete="off")
    number = forms.LineField(
        label=_("Số định danh cá nhân hoặc mã số thuế"), max_length=20, required=False, autocomplete="off", width=20
    )
    phone = forms.PhoneField(required=False, autocomplete="off")
    email = forms.EmailField(required=False, autocomplete="off")
    address = forms.LineField(label=_("Địa chỉ"), max_length=400, required=False, autocomplete="off")
    representative_name = forms.LineField(
        label=_("Người nộp thay"),
        help_text=_("Chỉ ghi khi người nộp không phải chủ hồ sơ"),
        max_length=120,
        required=False,
    )
    summary = forms.NoteField(label=_("Nội dung yêu cầu giải quyết"), max_length=1000, rows=2, required=False)
    channel = forms.ChoiceField(label=_("Cách thức nộp"), choices=[], inline=True)
    return_way = forms.ChoiceField(
        label=_("Nhận kết quả"), choices=ReturnWay.choices, initial=ReturnWay.COUNTER.value, inline=True
    )
    return_address = forms.LineField(label=_("Địa chỉ nhận qua bưu chính"), max_length=400, required=False)
    desk = forms.ChoiceField(label=_("Nơi tiếp nhận"), inline=True)
    hold = forms.AgreementField(label=_("Giữ lại ở bước tiếp nhận, chưa chuyển xử lý ngay"), required=False)

    def __init__(
        self,
        *args: Any,
        items: Sequence[Any],
        handler: ProcedureHandler,
        channels: Sequence[str],
        desks: Sequence[Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.required_items = list(items)
        self.handler = handler
        self.questions = list(handler.questions())
        self.scans: Mapping[int, Sequence[Scan]] = {}
        at_desk = [(value, label) for value, label in Channel.choices if value in channels and value != Channel.ONLINE]
        self._offer("channel", at_desk or [(Channel.COUNTER.value, Channel.COUNTER.label)])
        self._offer("desk", [(str(desk.pk), desk.name) for desk in desks])
        for question in self.questions:
            self.fields[f"answer_{question.name}"] = question_field(
                question.kind,
                label=question.label,
                required=question.is_required,
                hint=question.hint,
                choices=question.choices,
            )
        for item in self.required_items:
            self._add_item(item)

    def _offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        """Offer the choices of a field, the first one chosen; where there is but one, nothing is asked."""
        field = self.fields[name]
        field.choices, field.initial = choices, choices[0][0]  # type: ignore[attr-defined]
        if len(choices) == 1:
            field.required, field.widget = False, django_forms.HiddenInput()

    def _add_item(self, item: Any) -> None:
        counts = {"originals": item.originals, "certified": 0, "copies": item.copies}
        label = {
            "given": _("Đã nhận"),
            "originals": _("Bản chính"),
            "certified": _("Bản sao chứng thực"),
            "copies": _("Bản chụp"),
        }
        self.fields[f"item_{item.number}_given"] = django_forms.BooleanField(required=False, label=label["given"])
        for kind, usual in counts.items():
            self.fields[f"item_{item.number}_{kind}"] = django_forms.IntegerField(
                required=False, min_value=0, max_value=MOST_OF_ONE_PAPER, initial=usual, label=label[kind],
                error_messages={
                    "min_value": _("Số bản không thể âm."),
                    "max_value": _("Số bản tối đa là 99. Kiểm tra lại."),
                    "invalid": _("Số bản là một số, ví dụ 1."),
                },
            )  # fmt: skip
        self.fields[f"item_{item.number}_files"] = forms.FilesField(
            required=False, label=_("Tệp đã quét"), help_text=""
        )

    def papers(self) -> list[PaperRow]:
        """Return the checklist line by line, for the template."""
        return [
            PaperRow(
                item=item,
                given=self[f"item_{item.number}_given"],
                originals=self[f"item_{item.number}_originals"],
                certified=self[f"item_{item.number}_certified"],
                copies=self[f"item_{item.number}_copies"],
                files=self[f"item_{item.number}_files"],
                scans=self.scans.get(item.number, ()),
            )
            for item in self.required_items
        ]

    def answers(self) -> list[Any]:
        """Return the bound fields of the handler's questions, for the template."""
        return [self[f"answer_{question.name}"] for question in self.questions]

    def uploads(self, number: int) -> list[Any]:
        """Return the files chosen for a paper in this try."""
        return self.cleaned_data.get(f"item_{number}_files") or []

    def kept_tokens(self, number: int) -> list[str]:
        """Return the tokens of the scans that an earlier try has brought for a paper."""
        return list(self.data.getlist(f"item_{number}_kept"))  # type: ignore[attr-defined]  -- a request's form data

    def take(self, scans: Mapping[int, Sequence[Scan]], *, version: Any, on: date) -> None:
        """Add the scans, and refuse whatever is missing, everything at once: papers beside their line, answers above."""
        self.scans = scans
        for item in dossiers.missing_papers(version, self._given_items()):
            self.add_error(
                f"item_{item.number}_given",
                _("Thiếu “%(name)s”. Nhận đủ rồi đánh dấu và ghi số bản, hoặc chọn tệp đã quét.") % {"name": item.name},
            )
        if not any(name.startswith("answer_") for name in self.errors):
            for sentence in self.handler.missing(self._answers(), on=on):
                self.add_error(None, sentence)

    def desk_id(self) -> int:
        """Return the agency at whose desk the request is received."""
        return int(self.cleaned_data["desk"] or self.fields["desk"].initial)

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
            items=self._given_items(),
            return_way=data["return_way"],
            return_address=data["return_address"],
        )  # fmt: skip

    def _answers(self) -> dict[str, str]:
        return {
            question.name: answer_text(self.cleaned_data.get(f"answer_{question.name}")) for question in self.questions
        }

    def _given_items(self) -> list[GivenItem]:
        return [self._given(item.number) for item in self.required_items]

    def _given(self, number: int) -> GivenItem:
        files = tuple(scan.file_id for scan in self.scans.get(number, ()))
        data = self.cleaned_data
        if not data.get(f"item_{number}_given"):
            return GivenItem(number=number, files=files)
        return GivenItem(
            number=number,
            originals=data.get(f"item_{number}_originals") or 0,
            certified_copies=data.get(f"item_{number}_certified") or 0,
            copies=data.get(f"item_{number}_copies") or 0,
            files=files,
        )

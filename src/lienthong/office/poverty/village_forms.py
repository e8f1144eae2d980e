"""Forms of the village's part: a meeting with its changed results, a posting, an objection and its answer, a decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.infra import forms
from lienthong.kernel.days import local_moment
from lienthong.office.poverty.round_forms import typed_number
from lienthong.office.sent_once import SentOnce
from lienthong.poverty.queries.village import result_of
from lienthong.poverty.services.decisions import NUMBER_AT_MOST, PrepareDecision, SignDecision
from lienthong.poverty.services.meetings import PEOPLE_AT_MOST, ChangedResult, RecordMeeting
from lienthong.poverty.services.objections import AnswerObjection, ReceiveObjection, StartRecheck
from lienthong.poverty.services.postings import PostList
from lienthong.poverty.states import DecisionKind, HouseholdClass, ObjectionOutcome

_STAYS = ("", _("giữ nguyên"))


def _people(label: Any, *, required: bool = True, help_text: Any = "") -> forms.LineField:
    return forms.LineField(
        label=label, required=required, max_length=20, width=5, help_text=help_text, spellcheck=False
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One household in the table of a meeting, with the fields that change its result."""

    household: Any
    result: HouseholdClass | None
    class_to: Any
    votes_for: Any
    votes_against: Any
    reason: Any


class MeetingForm(SentOnce):
    """What the minutes say, and for each household of the hamlet whether the village made it another class."""

    held_on = forms.DayField(label=_("Ngày họp"))
    held_at = forms.LineField(label=_("Giờ họp"), max_length=5, width=5, help_text=_("Ví dụ: 08:30"), spellcheck=False)
    place = forms.LineField(label=_("Địa điểm"), help_text=_("Ví dụ: Nhà văn hóa xóm"))
    chair = forms.NameField(label=_("Chủ trì"), max_length=120)
    secretary = forms.NameField(label=_("Thư ký"), max_length=120)
    supervisor = forms.NameField(label=_("Đại diện Mặt trận Tổ quốc giám sát"), max_length=120, required=False)
    attendees = _people(_("Số người dự"))
    households_present = _people(_("Số hộ trong danh sách có mặt"), required=False)
    agreed = _people(_("Số người đồng ý với kết quả"), help_text=_("Sau khi đã nghe từng hộ và các thay đổi"))
    opinions = forms.NoteField(label=_("Ý kiến khác"), required=False, max_length=2000)

    def __init__(self, *args: Any, households: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.households = households
        for household in households:
            name = {"name": household.head_name}
            others = [(one.value, one.label) for one in HouseholdClass if one != result_of(household)]
            self.fields[f"to_{household.pk}"] = forms.ChoiceField(
                label=_now("Kết quả mới của hộ %(name)s") % name, choices=[_STAYS, *others], select=True, required=False
            )
            self.fields[f"for_{household.pk}"] = _people(_now("Đồng ý, hộ %(name)s") % name, required=False)
            self.fields[f"against_{household.pk}"] = _people(_now("Không đồng ý, hộ %(name)s") % name, required=False)
            self.fields[f"why_{household.pk}"] = forms.LineField(
                label=_now("Lý do, hộ %(name)s") % name, max_length=500, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Read the numbers and the hour; each wrong one says so beside itself."""
        data = super().clean()
        for name in list(data):
            if name in ("attendees", "agreed", "households_present") or name.startswith(("for_", "against_")):
                try:
                    data[name] = typed_number(data[name], label=self.fields[name].label, most=PEOPLE_AT_MOST)
                except ValidationError as unreadable:
                    self.add_error(name, unreadable)
        if "held_at" in data:
            try:
                data["held_at"] = time.fromisoformat(data["held_at"].replace("h", ":").zfill(5))
            except ValueError:
                self.add_error("held_at", _now("Giờ họp ghi như 08:30."))
        return data

    def rows(self) -> Iterator[Row]:
        """Return the table, in the order of the list."""
        for household in self.households:
            pk = household.pk
            yield Row(
                household,
                result_of(household),
                self[f"to_{pk}"],
                self[f"for_{pk}"],
                self[f"against_{pk}"],
                self[f"why_{pk}"],
            )

    def plain_fields(self) -> list[Any]:
        """Return the fields of the minutes themselves."""
        return [self[name] for name in self.base_fields if name != "client_key"]

    def to_command(self, review_id: int, hamlet: str) -> RecordMeeting:
        """Return what was filled in."""
        data = self.cleaned_data
        changes = [
            ChangedResult(
                review_id=household.pk,
                class_to=HouseholdClass(data[f"to_{household.pk}"]),
                reason=data[f"why_{household.pk}"],
                votes_for=data[f"for_{household.pk}"],
                votes_against=data[f"against_{household.pk}"],
            )
            for household in self.households
            if data[f"to_{household.pk}"]
        ]
        return RecordMeeting(
            commune_review_id=review_id,
            hamlet=hamlet,
            held_at=_moment(data["held_on"], data["held_at"]),
            place=data["place"],
            chair=data["chair"],
            secretary=data["secretary"],
            supervisor=data["supervisor"],
            attendees=data["attendees"],
            households_present=data["households_present"],
            agreed=data["agreed"],
            opinions=data["opinions"],
            changes=tuple(changes),
            client_key=data["client_key"],
        )


def _moment(day: date, at: time) -> datetime:
    return local_moment(day, at)


class CorrectForm(forms.Form):
    """What was written down wrong for one household."""

    class_to = forms.ChoiceField(label=_("Kết quả đúng theo biên bản"), choices=HouseholdClass.choices)
    reason = forms.NoteField(label=_("Lý do sửa"), max_length=500, rows=2)

    def to_command(self, review_id: int) -> ChangedResult:
        """Return the change."""
        data = self.cleaned_data
        return ChangedResult(review_id=review_id, class_to=HouseholdClass(data["class_to"]), reason=data["reason"])


class PostingForm(SentOnce):
    """From when and where the list hangs out."""

    posted_on = forms.DayField(label=_("Niêm yết từ ngày"))
    places = forms.LineField(
        label=_("Nơi niêm yết"),
        max_length=300,
        help_text=_("Ví dụ: nhà văn hóa các xóm, trụ sở Ủy ban nhân dân xã, loa truyền thanh"),
    )

    def to_command(self, review_id: int) -> PostList:
        """Return what was filled in."""
        data = self.cleaned_data
        return PostList(
            commune_review_id=review_id,
            posted_on=data["posted_on"],
            places=data["places"],
            client_key=data["client_key"],
        )


class ObjectionForm(SentOnce):
    """Who objects to which result."""

    review = forms.ChoiceField(label=_("Về hộ nào"), choices=(), select=True, required=False)
    raised_by = forms.NameField(label=_("Người nêu ý kiến"), max_length=120)
    contact = forms.LineField(label=_("Địa chỉ, điện thoại liên hệ"), max_length=120, required=False)
    raised_on = forms.DayField(label=_("Ngày nhận"))
    content = forms.NoteField(label=_("Nội dung ý kiến"), max_length=2000)

    def __init__(self, *args: Any, households: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(str(one.pk), f"{one.head_name}, {one.hamlet} ({one.household.code})") for one in households]
        forms.choose_from(self, "review", [("", _now("Một hộ chưa có trong danh sách")), *listed])

    def to_command(self, review_id: int) -> ReceiveObjection:
        """Return what was filled in."""
        data = self.cleaned_data
        return ReceiveObjection(
            commune_review_id=review_id,
            review_id=int(data["review"]) if data["review"] else None,
            raised_by=data["raised_by"],
            contact=data["contact"],
            raised_on=data["raised_on"],
            content=data["content"],
            client_key=data["client_key"],
        )


class RecheckForm(forms.Form):
    """Who sees the household again."""

    review = forms.ChoiceField(label=_("Phúc tra hộ nào"), choices=(), select=True)
    enumerator = forms.ChoiceField(label=_("Giao cho"), choices=(), select=True)
    reason = forms.NoteField(label=_("Cần xem kỹ điều gì"), max_length=300, rows=2, required=False)

    def __init__(self, *args: Any, households: Sequence[Any], enumerators: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if households:
            listed = [(str(one.pk), f"{one.head_name}, {one.hamlet} ({one.household.code})") for one in households]
            forms.choose_from(self, "review", [("", _now("Chọn hộ")), *listed])
        else:
            del self.fields["review"]
        forms.choose_from(
            self, "enumerator", [("", _now("Chọn người đi")), *((str(one.pk), one.full_name) for one in enumerators)]
        )

    def to_command(self, objection_id: int) -> StartRecheck:
        """Return what was chosen."""
        data = self.cleaned_data
        return StartRecheck(
            objection_id=objection_id,
            enumerator_id=int(data["enumerator"]),
            review_id=int(data["review"]) if data.get("review") else None,
            reason=data["reason"],
        )


class AnswerForm(forms.Form):
    """What is answered, and the new result where the objection is upheld."""

    outcome = forms.ChoiceField(label=_("Kết quả giải quyết"), choices=ObjectionOutcome.choices)
    class_to = forms.ChoiceField(
        label=_("Kết quả mới của hộ"), choices=[("", _("không đổi")), *HouseholdClass.choices], select=True, required=False,
        help_text=_("Chỉ chọn khi chấp nhận khiếu nại"),
    )  # fmt: skip
    answer = forms.NoteField(label=_("Nội dung trả lời"), max_length=2000)

    def to_command(self, objection_id: int) -> AnswerObjection:
        """Return what was filled in."""
        data = self.cleaned_data
        upheld = data["outcome"] == ObjectionOutcome.UPHELD
        return AnswerObjection(
            objection_id=objection_id,
            outcome=ObjectionOutcome(data["outcome"]),
            answer=data["answer"],
            class_to=HouseholdClass(data["class_to"]) if data["class_to"] and upheld else None,
        )


class PrepareForm(SentOnce):
    """From which day the classes hold."""

    applies_from = forms.DayField(label=_("Áp dụng từ ngày"))

    def to_command(self, review_id: int) -> PrepareDecision:
        """Return what was filled in."""
        data = self.cleaned_data
        return PrepareDecision(
            commune_review_id=review_id, applies_from=data["applies_from"], client_key=data["client_key"]
        )


class SignForm(SentOnce):
    """The number of each decision and the day on the paper."""

    signed_on = forms.DayField(label=_("Ngày ký"))

    def __init__(self, *args: Any, decisions: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for decision in decisions:
            self.fields[f"number_{decision.kind}"] = forms.LineField(
                label=_now("Số quyết định %(what)s") % {"what": decision.get_kind_display()},
                max_length=NUMBER_AT_MOST, width=20, help_text=_now("Ví dụ: 125/QĐ-UBND"), spellcheck=False,
            )  # fmt: skip

    def plain_fields(self) -> list[Any]:
        """Return what is drawn: the numbers first, then the day."""
        return sorted(self.visible_fields(), key=lambda bound: bound.name == "signed_on")

    def to_command(self, review_id: int) -> SignDecision:
        """Return what was filled in."""
        data = self.cleaned_data
        numbers = {kind: data[f"number_{kind}"] for kind in DecisionKind if f"number_{kind}" in data}
        return SignDecision(
            commune_review_id=review_id, numbers=numbers, signed_on=data["signed_on"], client_key=data["client_key"]
        )


class BackForm(forms.Form):
    """Why the decisions are sent back."""

    reason = forms.NoteField(label=_("Lý do trả lại"), max_length=500, rows=2)

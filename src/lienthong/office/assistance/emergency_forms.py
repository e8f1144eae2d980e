"""The forms of emergency assistance: what happened, as each kind asks for it, and the day on which rice was handed out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.assistance.services.emergency import Deceased, GrantEmergency
from lienthong.assistance.states import EMERGENCY_GROUNDS, EmergencyGrantKind, EmergencyPayee
from lienthong.infra import forms
from lienthong.kernel.text import whole_number
from lienthong.office.assistance.proposal_forms import PayeeFields
from lienthong.rules.emergency.course import Course
from lienthong.rules.emergency.facts import Cause, Damage, ProtectedGroup
from lienthong.rules.emergency.kinds import EmergencyKind, emergency_from_plain
from lienthong.rules.poverty.classes import PovertyClass

YES_NO: Final = (("yes", gettext_lazy("Có")), ("no", gettext_lazy("Không")))
_FLAGS: Final = {"yes": True, "no": False}
_CAUSES: Final[dict[str, tuple[Cause, ...]]] = {
    EmergencyGrantKind.RICE: (
        Cause.LUNAR_NEW_YEAR, Cause.NATURAL_DISASTER, Cause.FIRE, Cause.CROP_FAILURE, Cause.LEAN_SEASON,
        Cause.FORCE_MAJEURE,
    ),
    EmergencyGrantKind.INJURY: (
        Cause.NATURAL_DISASTER, Cause.FIRE, Cause.TRAFFIC_ACCIDENT, Cause.WORK_ACCIDENT, Cause.FORCE_MAJEURE,
    ),
    EmergencyGrantKind.DEATH: (
        Cause.NATURAL_DISASTER, Cause.FIRE, Cause.EPIDEMIC, Cause.TRAFFIC_ACCIDENT, Cause.WORK_ACCIDENT,
        Cause.FORCE_MAJEURE,
    ),
    EmergencyGrantKind.HOUSE: (Cause.NATURAL_DISASTER, Cause.FIRE, Cause.FORCE_MAJEURE),
}  # fmt: skip
_WITH_MEETING: Final = (EmergencyGrantKind.RICE, EmergencyGrantKind.INJURY, EmergencyGrantKind.HOUSE)
_LARGEST: Final = 1000


class WholeField(forms.LineField):
    """A small whole number."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        found = whole_number(text, digits=4) if text else None
        if text and (found is None or found > _LARGEST):
            raise ValidationError(_("Ghi một số nguyên từ 0 đến %(n)s, ví dụ 3.") % {"n": _LARGEST}, code="whole")
        return found if text else ""


class EmergencyForm(PayeeFields):
    """What happened to whom, what the village did, and who receives what is given."""

    happened_on = forms.DayField(label=gettext_lazy("Ngày xảy ra"))
    cause = forms.ChoiceField(label=gettext_lazy("Nguyên nhân"), select=True)

    def __init__(self, *args: Any, kind: EmergencyGrantKind, person: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"happened_on": person.died_on} if kind == EmergencyGrantKind.DEATH else {})
        super().__init__(*args, **kwargs)
        self.kind, self.person = kind, person
        if kind in _CAUSES:
            forms.choose_from(self, "cause", [("", _("chọn nguyên nhân")), *_choices(_CAUSES[kind])])
        else:
            self._ask_days()
        grounds = EMERGENCY_GROUNDS[kind]
        forms.choose_from(self, "ground", [(one.value, one.label) for one in grounds])
        self.fields["ground"].label = _("Ai nhận")
        self.fields["payee_number"].help_text = _("Để trống khi chính người này nhận")
        if kind in {EmergencyGrantKind.DEATH, EmergencyGrantKind.PROTECTION}:
            self.fields["payee_number"].help_text = ""
        if kind == EmergencyGrantKind.DEATH:
            self.fields["happened_on"].label = _("Ngày chết, mất tích")
        if kind == EmergencyGrantKind.RICE:
            self.fields["happened_on"].help_text = _("Dịp Tết thì ghi ngày mùng 1 Tết")
        self.facts = _facts_of(kind)
        self.fields |= self.facts
        if kind in _WITH_MEETING:
            self.fields |= _course_fields()
        self.order_fields(
            ["happened_on", "last_day", "cause", *self.facts, "listed_on", "met_on", "urgent_reason", "ground"]
        )

    def _ask_days(self) -> None:
        """Ask from when to when somebody is cared for, instead of a cause."""
        del self.fields["cause"]
        self.fields["happened_on"].label = _("Ngày đầu ở hộ nhận chăm sóc")
        self.fields["last_day"] = forms.DayField(label=_("Ngày cuối ở hộ nhận chăm sóc"))

    def clean(self) -> dict[str, Any]:
        """Ask for another receiver where one is needed, and for what a choice makes necessary."""
        data = super().clean()
        names_nobody = not data.get("payee_number") and not data.get("payee_name")
        represents = data.get("ground") == EmergencyPayee.HOUSEHOLD and self.kind != EmergencyGrantKind.DEATH
        if represents and names_nobody:  # whose page it is represents the household
            self.errors.pop("payee_number", None)
            self.errors.pop("payee_name", None)
        met, listed = data.get("met_on"), data.get("listed_on")
        if met and listed and met < listed:
            self.add_error("met_on", _("Ngày họp thôn không thể trước ngày lập danh sách. Hãy kiểm tra lại hai ngày."))
        first, last = data.get("happened_on"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Ngày cuối không thể trước ngày đầu. Hãy kiểm tra lại hai ngày."))
        if data.get("buried_by_others") == "yes" and data.get("actual_cost") is None:
            self.add_error("actual_cost", _("Ghi chi phí mai táng thực tế."))
        return data

    def to_command(self, unit_id: int, payee_id: int | None) -> GrantEmergency:
        data, kind = self.cleaned_data, EmergencyKind(self.kind.value)
        facts = {name: _plain(data[name]) for name in ("cause", *self.facts) if name in data}
        if kind is EmergencyKind.PROTECTION:
            facts |= {"from_day": data["happened_on"], "until_day": data["last_day"] + timedelta(days=1)}
        if kind is EmergencyKind.INJURY and facts.get("at_residence") is True:
            facts.pop("has_carer", None)
        is_death = kind is EmergencyKind.DEATH
        return GrantEmergency(
            person_id=(payee_id or self.person.pk) if is_death else self.person.pk,
            unit_id=unit_id,
            emergency=emergency_from_plain(kind, {**facts, "happened_on": data["happened_on"]}),
            payee_id=payee_id,
            payee_ground=data["ground"],
            deceased=self._deceased() if is_death else None,
            course=Course(
                listed_on=data.get("listed_on"), met_on=data.get("met_on"), urgent_reason=data.get("urgent_reason") or ""
            ),
        )  # fmt: skip

    def _deceased(self) -> Deceased:
        person = self.person
        return Deceased(name=person.full_name, number=person.personal_id_number, person_id=person.pk)


class HandOutForm(forms.Form):
    """On which day rice was handed out."""

    handed_out_on = forms.DayField(label=gettext_lazy("Ngày phát gạo"))

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"handed_out_on": on})
        super().__init__(*args, **kwargs)


def _facts_of(kind: EmergencyGrantKind) -> dict[str, Any]:
    """Return the fields of the facts that a kind asks for, by the names of the rules."""
    if kind == EmergencyGrantKind.RICE:
        return {
            "is_short_of_food": _yes_no(_("Hộ có thiếu đói không?")),
            "persons": WholeField(label=_("Số người thiếu đói trong hộ"), max_length=20, width=5),
            "months": WholeField(
                label=_("Số tháng đề nghị hỗ trợ"), max_length=20, width=5, required=False,
                help_text=_("Dịp Tết để trống: mỗi đợt một tháng"),
            ),
        }  # fmt: skip
    if kind == EmergencyGrantKind.INJURY:
        return {
            "treated_days": WholeField(label=_("Số ngày điều trị tại cơ sở y tế"), max_length=20, width=5),
            "at_residence": _yes_no(_("Bị thương tại nơi cư trú?")),
            "has_carer": _yes_no(
                _("Có người thân thích chăm sóc?"), required=False, help_text=_("Cần khi bị thương ở nơi khác")
            ),
        }
    if kind == EmergencyGrantKind.DEATH:
        return {
            "buried_by_others": _yes_no(_("Cơ quan, tổ chức, cá nhân khác đứng ra mai táng, không phải gia đình?")),
            "actual_cost": forms.MoneyField(
                label=_("Chi phí mai táng thực tế"), required=False, at_least=1, at_most=10**9,
                help_text=_("Cần khi người khác mai táng; theo hóa đơn, chứng từ"),
            ),
        }  # fmt: skip
    if kind == EmergencyGrantKind.PROTECTION:
        groups = [one for one in ProtectedGroup if one is not ProtectedGroup.NONE]
        return {
            "group": forms.ChoiceField(label=_("Thuộc diện cần bảo vệ khẩn cấp nào?"), choices=_choices(groups)),
            "relatives_can_care": _yes_no(
                _("Người thân thích có khả năng chăm sóc?"), required=False,
                help_text=_("Cần khi là trẻ em có cả cha và mẹ chết, mất tích"),
            ),
            "needs_protection": _yes_no(
                _("Có cần được bảo vệ khẩn cấp trong khi chờ đưa về nơi cư trú hoặc vào cơ sở?"), required=False,
                help_text=_("Cần khi là nạn nhân"),
            ),
            "decided_by_province": _yes_no(
                _("Có quyết định của Chủ tịch Ủy ban nhân dân cấp tỉnh?"), required=False,
                help_text=_("Cần khi là đối tượng khác"),
            ),
            "has_health_insurance": _yes_no(_("Có thẻ bảo hiểm y tế?"), required=False),
        }  # fmt: skip
    return {
        "damage": forms.ChoiceField(label=_("Thiệt hại về nhà ở"), choices=_choices(Damage)),
        "has_other_home": _yes_no(
            _("Hộ còn nơi ở khác?"), required=False, help_text=_("Cần khi nhà bị đổ, sập, trôi, cháy hoàn toàn")
        ),
        "is_habitable": _yes_no(
            _("Nhà hư hỏng còn ở được?"), required=False, help_text=_("Cần khi nhà bị hư hỏng nặng")
        ),
        "ordered_to_move": _yes_no(
            _("Có quyết định di dời của cơ quan có thẩm quyền?"), required=False, help_text=_("Cần khi phải di dời")
        ),
        "poverty_class": forms.ChoiceField(
            label=_("Phân loại hộ ngày xảy ra"), required=False, select=True,
            choices=[("", _("theo kết quả rà soát")), *_choices(PovertyClass)],
            help_text=_("Chỉ dùng khi kết quả rà soát chưa có hộ này"),
        ),
        "in_difficulty": _yes_no(
            _("Hộ có hoàn cảnh khó khăn, không có khả năng tự khắc phục?"), required=False,
            help_text=_("Cần khi hộ không thuộc danh sách hộ nghèo, hộ cận nghèo"),
        ),
    }  # fmt: skip


def _course_fields() -> dict[str, Any]:
    return {
        "listed_on": forms.DayField(label=_("Ngày trưởng thôn lập danh sách"), required=False),
        "met_on": forms.DayField(label=_("Ngày thôn, tổ dân phố họp xét"), required=False),
        "urgent_reason": forms.LineField(
            label=_("Lý do rất khẩn cấp, không qua họp thôn"), required=False, max_length=300,
            help_text=_("Chỉ ghi khi chưa họp được; Chủ tịch Ủy ban nhân dân cấp xã quyết định ngay"),
        ),
    }  # fmt: skip


def _yes_no(label: str, **rest: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=YES_NO, inline=True, **rest)


def _choices(kind: Iterable[Any]) -> list[tuple[str, str]]:
    return [(one.value, f"{one.in_words[:1].upper()}{one.in_words[1:]}") for one in kind]


def _plain(value: Any) -> Any:
    if value in _FLAGS:
        return _FLAGS[value]
    return None if value == "" else value

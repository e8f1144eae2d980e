"""The forms that propose: what happened or is wanted, with its month or day. Each shows the months before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.assistance.services import proposing, proposing_changes, proposing_ways_back
from lienthong.assistance.services.recovering import StartRecovery
from lienthong.assistance.states import GROUNDS_OF_PEOPLE, PayeeGround, Programme, ProposalKind
from lienthong.infra import forms
from lienthong.kernel.days import add_months, format_day
from lienthong.kernel.money import format_dong
from lienthong.office.sent_once import SentOnce

STOPS: Final = {
    Programme.SOCIAL: (
        ("died_on", gettext_lazy("đã chết")),
        ("missing_on", gettext_lazy("bị tuyên bố mất tích")),
        ("ineligible_on", gettext_lazy("không còn đủ điều kiện")),
        ("imprisoned_on", gettext_lazy("chấp hành án phạt tù")),
        ("declined_on", gettext_lazy("từ chối nhận")),
    ),
    Programme.MERIT: (
        ("died_on", gettext_lazy("đã chết")),
        ("ineligible_on", gettext_lazy("không còn đủ điều kiện")),
        ("withdrawn_on", gettext_lazy("có quyết định chấm dứt hưởng chế độ ưu đãi")),
    ),
}
SUSPENDS: Final = {
    Programme.SOCIAL: (
        ("uncollected", gettext_lazy("không nhận tiền nhiều tháng liên tục")),
        ("refuses_review_on", gettext_lazy("không chấp hành xác định lại mức độ khuyết tật, điều kiện hưởng")),
        ("detained_on", gettext_lazy("bị tạm giam")),
    ),
    Programme.MERIT: (
        ("imprisoned_on", gettext_lazy("chấp hành hình phạt tù")),
        ("absent_on", gettext_lazy("xuất cảnh trái phép hoặc mất tích")),
    ),
}
"""What happened, by the law of each programme: the names are those of the commands."""
MOST_MONTHS = 240


class ReasonForm(SentOnce):
    """A reason in a line."""

    reason = forms.LineField(label=gettext_lazy("Lý do"), max_length=300)


class MonthField(forms.ChoiceField):
    """One of the months around a day, as a drop-down list. Returns its first day."""

    def __init__(self, *, on: date, back: int, ahead: int, empty: str = "", **rest: Any) -> None:
        first = on.replace(day=1)
        months = [add_months(first, step) for step in range(-back, ahead + 1)]
        choices = [(one.isoformat(), _("tháng %(month)s") % {"month": f"{one:%m/%Y}"}) for one in months]
        if empty:
            choices.insert(0, ("", empty))
        super().__init__(choices=choices, select=True, initial="" if empty else first.isoformat(), **rest)

    def clean(self, value: Any) -> Any:
        return date.fromisoformat(text) if (text := super().clean(value)) else None


class AdjustForm(ReasonForm):
    """From which month everything is reckoned anew."""

    def __init__(self, *args: Any, row: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields["from_month"] = MonthField(
            on=on, back=24, ahead=0, label=_("Tính lại từ tháng"), help_text=_("Tháng có sự thay đổi")
        )

    def verb(self, **who: Any) -> Any:
        data = self.cleaned_data
        command = proposing.ProposeAdjustment(
            person_id=self.row.person_id,
            from_month=data["from_month"],
            reason=data["reason"],
            programme=self.row.programme,
        )
        return proposing.propose_adjustment(command, **who)


class SuspendForm(SentOnce):
    """On which ground nothing is paid for the time being."""

    ground = forms.ChoiceField(label=gettext_lazy("Vì sao tạm dừng"))
    months = forms.LineField(
        label=gettext_lazy("Số tháng liên tục không nhận tiền"), required=False, max_length=3, width=5,
        help_text=gettext_lazy("Chỉ ghi khi chọn lý do không nhận tiền"),
    )  # fmt: skip
    on = forms.DayField(label=gettext_lazy("Từ ngày"), required=False)
    note = forms.LineField(label=gettext_lazy("Ghi chú"), required=False, max_length=300)

    def __init__(self, *args: Any, row: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        forms.choose_from(self, "ground", SUSPENDS[row.programme])
        if row.programme == Programme.MERIT:
            del self.fields["months"]
        else:
            self.fields["on"].help_text = _("Ngày không chấp hành, hoặc ngày bị tạm giam")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        ground, months = data.get("ground"), data.get("months") or ""
        if ground == "uncollected" and not (months.isascii() and months.isdigit() and 0 < int(months) <= MOST_MONTHS):
            self.add_error("months", _("Ghi số tháng liên tục không nhận tiền, ví dụ 3."))
        if ground and ground != "uncollected" and not data.get("on") and "on" not in self.errors:
            self.add_error("on", _("Ghi ngày xảy ra sự việc."))
        return data

    def verb(self, **who: Any) -> Any:
        data = self.cleaned_data
        happened: dict[str, Any] = (
            {"uncollected_months": int(data["months"])}
            if data["ground"] == "uncollected"
            else {data["ground"]: data["on"]}
        )
        command = proposing_changes.ProposeSuspension(entitlement_id=self.row.pk, note=data["note"], **happened)
        return proposing_changes.propose_suspension(command, **who)


class ResumeForm(ReasonForm):
    """From which month it is paid again."""

    def __init__(self, *args: Any, row: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields["first_month"] = MonthField(on=on, back=24, ahead=3, label=_("Hưởng trở lại từ tháng"))

    def verb(self, **who: Any) -> Any:
        data = self.cleaned_data
        command = proposing_changes.ProposeResumption(
            entitlement_id=self.row.pk, first_month=data["first_month"], reason=data["reason"]
        )
        return proposing_changes.propose_resumption(command, **who)


class StopForm(SentOnce):
    """What ended the right, and on which day."""

    ground = forms.ChoiceField(label=gettext_lazy("Vì sao thôi hưởng"))
    on = forms.DayField(label=gettext_lazy("Ngày xảy ra"))
    note = forms.LineField(label=gettext_lazy("Ghi chú"), required=False, max_length=300)

    def __init__(self, *args: Any, row: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        forms.choose_from(self, "ground", STOPS[row.programme])

    def verb(self, **who: Any) -> Any:
        data = self.cleaned_data
        command = proposing_changes.ProposeStop(
            entitlement_id=self.row.pk, note=data["note"], **{data["ground"]: data["on"]}
        )
        return proposing_changes.propose_stop(command, **who)


class ReinstateForm(ReasonForm):
    """Why it was wrong to end it."""

    def __init__(self, *args: Any, row: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row

    def verb(self, **who: Any) -> Any:
        command = proposing_ways_back.ProposeReinstatement(
            entitlement_id=self.row.pk, reason=self.cleaned_data["reason"]
        )
        return proposing_ways_back.propose_reinstatement(command, **who)


class MoveForm(ReasonForm):
    """Which commune pays from now on."""

    unit = forms.ChoiceField(label=gettext_lazy("Chuyển đến xã, phường"), select=True)

    def __init__(self, *args: Any, row: Any, on: date, communes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        others = [one for one in communes if one[0] != str(row.unit_id)]
        forms.choose_from(self, "unit", [("", _("chọn xã, phường")), *others])
        self.order_fields(["unit", "reason"])

    def verb(self, **who: Any) -> Any:
        data = self.cleaned_data
        command = proposing_changes.ProposeMove(
            entitlement_id=self.row.pk, unit_id=int(data["unit"]), reason=data["reason"]
        )
        return proposing_changes.propose_move(command, **who)


class RecoverForm(ReasonForm):
    """How much is kept back, and how much of it each month. What runs found overpaid is chosen, never typed."""

    amount = forms.MoneyField(label=gettext_lazy("Tổng số phải thu"), at_least=1, at_most=10**9)
    monthly = forms.MoneyField(label=gettext_lazy("Khấu trừ mỗi tháng"), at_least=1, at_most=10**9)

    def __init__(
        self,
        *args: Any,
        row: Any,
        on: date,
        overpaid: Sequence[Any] = (),
        unfinished: Sequence[Any] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.left = {str(one.recovery.pk): one.left for one in unfinished}
        self.amounts = {str(one.pk): one.amount for one in overpaid}
        if self.amounts:
            del self.fields["amount"]
            words = _("tháng %(month)s: %(amount)s")
            self.fields["overpayments"] = forms.ChoicesField(
                label=_("Các khoản chi thừa cần thu"),
                choices=[
                    (str(one.pk), words % {"month": f"{one.for_month:%m/%Y}", "amount": format_dong(one.amount)})
                    for one in overpaid
                ],
                initial=list(self.amounts),
                help_text=_("Tất cả là %(total)s; tổng số phải thu là tổng các khoản được chọn")
                % {"total": format_dong(sum(self.amounts.values()))},
            )
        self.fields["first_month"] = MonthField(on=on, back=0, ahead=12, label=_("Khấu trừ từ tháng"))
        if self.left:
            words = _("phần còn lại của quyết định thu hồi %(number)s, %(benefit)s: %(amount)s")
            told = [
                (
                    str(one.recovery.pk),
                    words
                    % {
                        "number": one.recovery.decision_number or format_day(one.recovery.decided_on),
                        "benefit": one.recovery.entitlement.get_benefit_display(), "amount": format_dong(one.left),
                    },
                )
                for one in unfinished
            ]  # fmt: skip
            self.fields["instead_of"] = forms.ChoiceField(
                choices=[("", _("không, thu khoản ghi ở dưới")), *told], required=False,
                label=_("Thu phần còn lại của một khoản đã thôi hưởng"),
            )  # fmt: skip
            for name in ("overpayments", "amount"):
                if name in self.fields:
                    self.fields[name].required = False
        self.order_fields(["instead_of", "overpayments", "amount", "monthly", "first_month", "reason"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        other = "overpayments" if self.amounts else "amount"
        if not data.get("instead_of") and not data.get(other) and other not in self.errors:
            self.add_error(other, _("Ghi số phải thu, hoặc chọn phần còn lại của một khoản đã thôi hưởng."))
        return data

    def verb(self, **who: Any) -> Any:
        data = self.cleaned_data
        instead = data.get("instead_of") or ""
        chosen = [] if instead else data.get("overpayments", [])
        amount = self.left[instead] if instead else sum(self.amounts[one] for one in chosen) or data["amount"]
        command = StartRecovery(
            amount=amount, monthly=data["monthly"], first_month=data["first_month"], reason=data["reason"],
            overpayment_ids=tuple(int(one) for one in chosen), instead_of=int(instead) if instead else None,
        )  # fmt: skip
        return proposing_changes.propose_recovery(self.row.pk, command, **who)


class PayeeFields(SentOnce):
    """Who receives the money: the person, or somebody else by number and name."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Ai nhận tiền"), choices=[(one.value, one.label) for one in GROUNDS_OF_PEOPLE]
    )
    payee_number = forms.PersonalIdField(
        label=gettext_lazy("Số định danh của người nhận thay"), required=False,
        help_text=gettext_lazy("Để trống khi chính người hưởng nhận"),
    )  # fmt: skip
    payee_name = forms.NameField(
        label=gettext_lazy("Họ và tên của người nhận thay"), required=False, max_length=120,
        help_text=gettext_lazy("Ghi đúng như trên giấy tờ, để chắc số định danh không bị gõ nhầm"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        other = data.get("ground") not in {None, "", PayeeGround.SELF}
        if other and not data.get("payee_number") and "payee_number" not in self.errors:
            self.add_error("payee_number", _("Ghi số định danh của người nhận thay."))
        if other and not data.get("payee_name") and "payee_name" not in self.errors:
            self.add_error("payee_name", _("Ghi họ và tên của người nhận thay."))
        return data


class PayeeForm(PayeeFields):
    """Who receives the money from now on."""

    reason = forms.LineField(label=gettext_lazy("Lý do"), max_length=300)

    def __init__(self, *args: Any, row: Any, on: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"ground": row.payee_ground})
        super().__init__(*args, **kwargs)
        self.row = row
        self.payee_id: int | None = None

    def verb(self, **who: Any) -> Any:
        data = self.cleaned_data
        command = proposing_changes.ProposePayee(
            entitlement_id=self.row.pk, payee_id=self.payee_id or self.row.person_id, ground=data["ground"],
            reason=data["reason"],
        )  # fmt: skip
        return proposing_changes.propose_payee(command, **who)


ACT_FORMS: dict[str, Any] = {
    ProposalKind.ADJUST: AdjustForm,
    ProposalKind.SUSPEND: SuspendForm,
    ProposalKind.RESUME: ResumeForm,
    ProposalKind.STOP: StopForm,
    ProposalKind.MOVE: MoveForm,
    ProposalKind.CHANGE_PAYEE: PayeeForm,
    ProposalKind.RECOVER: RecoverForm,
    ProposalKind.REINSTATE: ReinstateForm,
}

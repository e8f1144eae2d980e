"""Forms of rounds and lists: the plan of a round, totals of a commune, one household, a request."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.infra import forms
from lienthong.poverty.states import GoneReason, RequestKind, RoundKind

MOST = 10_000_000
_WHOLE = re.compile(r"\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+")


def typed_number(text: str, *, label: Any, most: int = MOST) -> int | None:
    """Read a whole number with or without dots or spaces between thousands; None where nothing was written.

    Raises:
        ValidationError: It is none, or too large; "1.50" is none.
    """
    if not text:
        return None
    number = int(re.sub(r"\D", "", text)) if text.isascii() and _WHOLE.fullmatch(text) else None
    if number is None or number > most:
        words = _now("“%(label)s” là một số nguyên từ 0 đến %(most)s, ví dụ 1.850; đang có “%(text)s”.")
        limit = f"{most:,}".replace(",", ".")
        raise ValidationError(words % {"label": label, "most": limit, "text": text}, code="unreadable")
    return number


class WholeNumberField(forms.LineField):
    """A whole number, with or without dots between thousands. Returns an integer, or None."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(max_length=12, **rest)
        self.widget.attrs.update({"inputmode": "numeric", "class": "govuk-input--width-10"})

    def to_python(self, value: Any) -> Any:
        return typed_number(super().to_python(value), label=self.label)


class RoundForm(forms.Form):
    """When a round takes place, and what orders it."""

    period = forms.LineField(label=_("Kỳ"), max_length=7)
    starts_on = forms.DayField(label=_("Ngày bắt đầu"))
    ends_on = forms.DayField(label=_("Ngày kết thúc"))
    instrument = forms.LineField(
        label=_("Kế hoạch, văn bản"),
        required=False,
        max_length=200,
        help_text=_("Ví dụ: Kế hoạch số 156/KH-UBND ngày 25/8/2026"),
    )

    def __init__(self, *args: Any, kind: RoundKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].help_text = (
            _now("Năm rà soát, ví dụ 2026") if kind == RoundKind.PERIODIC else _now("Năm và tháng, ví dụ 2026-11")
        )


class TotalsForm(forms.Form):
    """How many households and people live in the commune."""

    households = WholeNumberField(label=_("Tổng số hộ của xã"), help_text=_("Mọi hộ đang cư trú, không chỉ hộ rà soát"))
    population = WholeNumberField(label=_("Tổng số nhân khẩu"), required=False)


class HouseholdForm(forms.Form):
    """One household by its code."""

    code = forms.LineField(label=_("Mã hộ"), max_length=20)


class RequestForm(forms.Form):
    """What a household asks for, by word or on paper."""

    code = forms.LineField(label=_("Mã hộ"), max_length=20)
    kind = forms.ChoiceField(label=_("Nội dung đề nghị"), choices=RequestKind.choices)
    received_on = forms.DayField(label=_("Ngày nhận"))
    note = forms.LineField(label=_("Ghi chú"), required=False, max_length=500)


class GoneForm(forms.Form):
    """Why a household is no longer there."""

    reason = forms.ChoiceField(label=_("Vì sao không còn ở địa bàn?"), choices=GoneReason.choices)


class RevisitForm(forms.Form):
    """What must be looked at once more, and by whom."""

    reason = forms.LineField(label=_("Cần xem lại điều gì?"), max_length=300)
    enumerator = forms.ChoiceField(label=_("Ai đi?"), choices=(), required=False, select=True)

    def __init__(self, *args: Any, enumerators: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(one.pk), one.full_name) for one in enumerators]
        forms.choose_from(self, "enumerator", [("", _now("Người đã khảo sát")), *people])

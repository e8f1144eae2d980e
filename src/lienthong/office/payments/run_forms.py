"""Forms of runs: the month to prepare, and each signature with the version that was seen."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms as django_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.infra import forms
from lienthong.kernel.days import add_months
from lienthong.office.sent_once import SentOnce
from lienthong.payments.services.moving import RunTarget
from lienthong.payments.services.preparing import PrepareRun

MONTHS_OFFERED = range(2, -13, -1)


def month_choices(on: date) -> list[tuple[str, str]]:
    """Return the months to choose from, the latest first."""
    first = on.replace(day=1)
    days = (add_months(first, step) for step in MONTHS_OFFERED)
    return [(day.isoformat(), _("Tháng %s") % f"{day:%m/%Y}") for day in days]


class PrepareForm(SentOnce):
    """Which month is paid."""

    month = forms.ChoiceField(label=gettext_lazy("Chi trả cho tháng"), choices=(), select=True)
    since = forms.ChoiceField(
        label=gettext_lazy("Tính lại đầy đủ từ tháng"), choices=(), select=True, required=False,
        help_text=gettext_lazy("Thường để trống. Thay đổi của các tháng trước vẫn được tính; chọn khi muốn tính lại tất cả mọi người."),
    )  # fmt: skip

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = month_choices(on)
        forms.choose_from(self, "month", months)
        forms.choose_from(self, "since", [("", _("Không tính lại")), *months])
        self.initial.setdefault("month", on.replace(day=1).isoformat())

    def to_command(self) -> PrepareRun:
        """Return the command."""
        data = self.cleaned_data
        return PrepareRun(
            month=date.fromisoformat(data["month"]),
            since=date.fromisoformat(data["since"]) if data["since"] else None,
            client_key=data["client_key"],
        )


class MoveForm(SentOnce):
    """One move of a run, as of the version that was seen."""

    seen = django_forms.IntegerField(widget=django_forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, run: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"seen": run.version, "client_key": uuid4()})
        super().__init__(*args, **kwargs)
        self.run = run

    def target(self) -> RunTarget:
        """Return the run as this form saw it."""
        data = self.cleaned_data
        return RunTarget(run_id=self.run.pk, seen=data["seen"], client_key=data["client_key"])


class CancelForm(MoveForm):
    """Why a run is cancelled."""

    reason = forms.NoteField(label=gettext_lazy("Lý do hủy"), max_length=500, rows=2)

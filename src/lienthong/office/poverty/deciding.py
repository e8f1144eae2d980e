"""One page, several verbs of the second person: approve, refuse, withdraw, end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest
from lienthong.infra.missing import NotFound
from lienthong.office.poverty import standard_words as words
from lienthong.office.poverty.standard_forms import EndForm, ReasonForm
from lienthong.poverty import policies
from lienthong.poverty.services.approvals import StandardRefused
from lienthong.poverty.states import ApprovalState

Verb = Callable[[], Any]


class Unread(Exception):
    """A form of the page was not filled in; it says so itself."""

    def __init__(self, form: Any) -> None:
        super().__init__()
        self.form = form


def decided(request: HouseRequest, verbs: dict[str, Verb]) -> Any:
    """Do the verb that was pressed and say so; return None when it is done, else the form to show."""
    if request.method != "POST":
        return ReasonForm()
    verb = verbs.get(request.POST.get("verb", ""))
    form: Any = ReasonForm(request.POST)
    if verb is None:
        form.show(StandardRefused(_("Trang đã cũ. Hãy mở lại trang này rồi chọn lại.")))
        return form
    try:
        verb()
    except Unread as unread:
        return unread.form
    except (StandardRefused, NotFound) as refusal:
        form = ReasonForm(request.POST if request.POST.get("verb") in {"refuse", "withdraw"} else {"why-reason": " . "})
        form.show(refusal)
        form.errors.pop("reason", None)
        return form
    messages.success(request, _("Đã ghi."))
    return None


def reason_of(request: HouseRequest) -> str:
    """Return the reason that was typed; the page is shown again where there is none."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Unread(form)
    return str(form.cleaned_data["reason"])


def ends_on(request: HouseRequest) -> date:
    """Return the first day on which it no longer holds; the page is shown again where none was typed."""
    form = EndForm(request.POST)
    if not form.is_valid():
        raise Unread(form)
    last_day: date = form.cleaned_data["last_day"]
    return date.fromordinal(last_day.toordinal() + 1)


def who(request: HouseRequest) -> dict[str, Any]:
    """Return who acts, and when."""
    return {"acting_user": request.user, "now": request.received_at}


def may_decide(request: HouseRequest, row: Any, form: Any) -> dict[str, Any]:
    """Say what this user may still decide about a row."""
    is_own = row.prepared_by_id == request.user.pk
    approves = policies.approves_standards(request.user, on=request.today) and not is_own
    is_draft, holds = row.state == ApprovalState.DRAFT, row.state == ApprovalState.APPROVED
    ends = isinstance(form, EndForm)
    return {
        "form": form,
        "reason_form": ReasonForm() if ends else form,
        "end_form": form if ends else EndForm(),
        "state": words.state_of(row),
        "is_own": is_own,
        "may_approve": approves and is_draft,
        "may_refuse": is_draft and (approves or (is_own and policies.runs_province(request.user, on=request.today))),
        "may_end": approves and holds,
        "waits_for_another": is_draft and not approves,
    }

"""What is done with one household of a list: it is gone, it is back, it is visited once more."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, note_read, writes
from lienthong.kernel.text import whole_number
from lienthong.office.pages import office_page
from lienthong.office.poverty.round_forms import GoneForm, RevisitForm
from lienthong.poverty import policies
from lienthong.poverty.queries import rounds as queries
from lienthong.poverty.queries.enumerators import enumerators_of
from lienthong.poverty.queries.worklist import household_of
from lienthong.poverty.services import assigning, listing
from lienthong.poverty.services.stages import ReviewRefused
from lienthong.poverty.states import GoneReason


@allowed(policies.runs_a_commune)
@writes
def household_act(request: HouseRequest, review_id: int, household_id: int, action: str) -> HttpResponse:
    review = queries.get_commune_review(review_id, as_=request.user, on=request.today)
    row = household_of(review, household_id)
    words = _words().get(action)
    if words is None:
        raise queries.CommuneReviewNotFound(review_id)
    form = _form(action, request, review)
    back = reverse("office:poverty_household", args=[row.pk])
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            _do(action, row, form, request)
        except ReviewRefused as refusal:
            if form is None:
                messages.warning(request, str(refusal))
                return redirect(back)
            form.show(refusal)
        else:
            messages.success(request, words["done"])
            return redirect(back)
    note_read(request, f"household-review:{row.pk}")
    context = {
        **words,
        "form": form,
        "seen": row.version,
        "caption": f"{row.head_name}, {row.hamlet or review.unit.name}",
        "back": back,
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return office_page(request, "office/poverty/act.html", context, status=status)


def _words() -> dict[str, dict[str, Any]]:
    return {
        "gone": {
            "heading": _("Hộ không còn ở địa bàn"),
            "what": _("Hộ không phải khảo sát nữa. Có thể ghi lại nếu hộ vẫn ở địa bàn."),
            "press": _("Ghi hộ không còn"),
            "done": _("Đã ghi hộ không còn ở địa bàn."),
        },
        "back": {
            "heading": _("Hộ vẫn ở địa bàn?"),
            "what": _("Bỏ ghi nhận không còn; hộ trở lại danh sách khảo sát."),
            "press": _("Đưa hộ trở lại danh sách"),
            "done": _("Hộ đã trở lại danh sách."),
        },
        "revisit": {
            "heading": _("Yêu cầu khảo sát lại"),
            "what": _("Người đi thấy lý do này trong danh sách của mình. Chọn người khác nếu cần khảo sát đối chứng."),
            "press": _("Yêu cầu khảo sát lại"),
            "done": _("Đã yêu cầu khảo sát lại."),
        },
    }


def _form(action: str, request: HouseRequest, review: Any) -> forms.Form | None:
    data = request.POST if request.method == "POST" else None
    if action == "gone":
        return GoneForm(data)
    if action == "revisit":
        return RevisitForm(data, enumerators=enumerators_of(review.unit_id, on=request.today))
    return None


def _do(action: str, row: Any, form: Any, request: HouseRequest) -> None:
    seen = whole_number(request.POST.get("seen", ""), digits=9) or 0
    user, now = request.user, request.received_at
    if action == "gone":
        listing.mark_gone(row.pk, GoneReason(form.cleaned_data["reason"]), seen=seen, acting_user=user, now=now)
    elif action == "back":
        listing.undo_gone(row.pk, seen=seen, acting_user=user, now=now)
    else:
        chosen = form.cleaned_data["enumerator"]
        assigning.ask_revisit(
            row.pk, form.cleaned_data["reason"], seen=seen, enumerator_id=int(chosen) if chosen else None,
            acting_user=user, now=now,
        )  # fmt: skip

"""What makes visits worth a second look: a list to work through, answers side by side, cleared with a note or visited again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import format_moment
from lienthong.kernel.text import natural_key, whole_number
from lienthong.office.pages import office_page, page_number
from lienthong.office.poverty.filters import CHOICES_AT_MOST, address_of, asked_in, hamlet_choices
from lienthong.office.poverty.round_forms import RevisitForm
from lienthong.office.poverty.told import side_by_side, told_form
from lienthong.poverty import policies
from lienthong.poverty.queries import visits as queries
from lienthong.poverty.queries.enumerators import enumerators_of
from lienthong.poverty.queries.visits import FlagCounts, FlagFilter
from lienthong.poverty.services import assigning, checks
from lienthong.poverty.services.stages import ReviewRefused
from lienthong.poverty.states import CommuneState, FlagKind, VisitState

ROWS_ON_A_PAGE = 50
REVISITED_FROM = (VisitState.VISITED, VisitState.SCREENED_OUT)


class ClearForm(forms.Form):
    """What was looked at, and why nothing follows."""

    note = forms.NoteField(label="", max_length=300, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = _("Đã xem gì, vì sao không cần khảo sát lại?")


@allowed(policies.sees_poverty)
@reads
def flag_list(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET, FlagFilter)
    rows = queries.flags_asked(request.user, asked, on=request.today)
    if request.GET.get("format") == "xlsx":
        return _export(request, list(rows))
    counts = queries.flag_counts(request.user, asked, on=request.today)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))
    _note(request, page)
    context = {
        "asked": asked,
        "page": page,
        "counts": counts,
        "address": address_of(asked),
        "is_narrowed": asked != FlagFilter(),
        "is_wide": len(counts.communes) > 1 and not asked.commune,
        "commune": int(asked.commune) if asked.commune in counts.communes else None,
        "commune_words": counts.communes.get(asked.commune, ""),
        **_choices(counts),
    }
    return office_page(request, "office/poverty/flags.html", context)


@allowed(policies.sees_poverty)
@writes
def flag_page(request: HouseRequest, flag_id: int) -> HttpResponse:
    flag = queries.get_flag(flag_id, as_=request.user, on=request.today)
    visit = queries.get_visit(flag.visit_id, as_=request.user, on=request.today)
    review = visit.review
    people = enumerators_of(review.commune_review.unit_id, on=request.today)
    sent = request.POST if request.method == "POST" else None
    is_revisit = sent is not None and sent.get("verb") == "revisit"
    clear = ClearForm(None if is_revisit else sent)
    again = RevisitForm(
        sent if is_revisit else None, enumerators=people, initial={"reason": flag.words}, prefix="again"
    )
    if sent is not None and (again if is_revisit else clear).is_valid():
        try:
            words = _revisit(request, review.pk, again) if is_revisit else _clear(request, flag.pk, clear)
        except (ReviewRefused, checks.FlagRefused) as refusal:
            (again if is_revisit else clear).show(refusal)
        else:
            messages.success(request, words)
            return redirect(reverse("office:poverty_flags") + f"?commune={review.commune_review_id}")
    note_read(request, f"household-review:{review.pk}", "answers")
    ours = told_form(visit.submission.form_version, visit.answers)
    runs = policies.runs_commune(request.user, review.commune_review.unit_id, on=request.today)
    is_open = flag.cleared_at is None and visit.is_current and review.commune_review.round.closed_at is None
    context = {
        "flag": flag,
        "visit": visit,
        "review": review,
        "round": review.commune_review.round,
        "others": [
            (other, side_by_side(ours, told_form(other.submission.form_version, other.answers)))
            for other in queries.visits_beside(flag, visit)
        ],
        "more": [one for one in queries.flags_of(visit) if one.pk != flag.pk],
        "clear": clear,
        "again": again,
        "seen": review.version,
        "may_clear": runs and is_open and visit.visited_by_id != request.user.pk,
        "is_own": runs and is_open and visit.visited_by_id == request.user.pk,
        "may_revisit": runs and is_open and review.visit_state in REVISITED_FROM and CommuneState(review.commune_review.state) in assigning.REVISIT_STATES,
        "is_asked": is_open and review.visit_state == VisitState.REVISIT,
        "back": reverse("office:poverty_flags") + f"?commune={review.commune_review_id}",
    }  # fmt: skip
    status = 422 if sent is not None else 200
    return office_page(request, "office/poverty/flag.html", context, status=status)


def _clear(request: HouseRequest, flag_id: int, form: ClearForm) -> str:
    checks.clear_flag(flag_id, note=form.cleaned_data["note"], acting_user=request.user, now=request.received_at)
    return _("Đã ghi kết luận; dấu hiệu không còn trong danh sách.")


def _revisit(request: HouseRequest, review_id: int, form: RevisitForm) -> str:
    chosen = form.cleaned_data["enumerator"]
    assigning.ask_revisit(
        review_id, form.cleaned_data["reason"],
        seen=whole_number(request.POST.get("seen", ""), digits=9) or 0,
        enumerator_id=int(chosen) if chosen else None, acting_user=request.user, now=request.received_at,
    )  # fmt: skip
    return _("Đã yêu cầu khảo sát lại. Dấu hiệu hết khi có phiếu mới.")


def _choices(counts: FlagCounts) -> dict[str, Any]:
    """Return the choices of each filter; a filter of one choice is left out, and so is one of too many."""
    everybody = ("", _("Tất cả"))
    by = counts.by
    communes = sorted(by["commune"].items(), key=lambda one: natural_key(counts.communes[one[0]]))
    people = sorted((counts.people[pk], pk, n) for pk, n in by["enumerator"].items() if pk)
    found: dict[str, list[Any]] = {
        "communes": [(pk, counts.communes[pk], n) for pk, n in communes],
        "kinds": [(one.value, one.label, by["kind"][one]) for one in FlagKind if by["kind"].get(one)],
        "hamlets": hamlet_choices(by["hamlet"]),
        "people": [(pk, name, n) for name, pk, n in people],
    }
    return {
        name: [everybody, *rows] if 1 < len(rows) <= CHOICES_AT_MOST else []
        for name, rows in found.items()
    }  # fmt: skip


def _note(request: HouseRequest, rows: Any, action: str = "view") -> None:
    for review_id in dict.fromkeys(one.visit.review.commune_review_id for one in rows):
        note_read(request, f"poverty-households:{review_id}", action)


def _export(request: HouseRequest, rows: list[Any]) -> HttpResponse:
    _note(request, rows, "export")
    return sheet_response(
        "dau-hieu-can-kiem-tra.xlsx",
        columns=[_("Dấu hiệu"), _("Cụ thể"), _("Mã hộ"), _("Chủ hộ"), _("Xã, phường"), _("Thôn, tổ dân phố"), _("Đợt rà soát"), _("Người khảo sát"), _("Khảo sát lúc"), _("Phát hiện lúc")],
        rows=[
            [
                str(FlagKind(one.kind).label), one.words, one.visit.review.household.code, one.visit.review.head_name,
                one.visit.review.commune_review.unit.name, one.visit.review.hamlet, str(one.visit.review.commune_review.round.period),
                one.visit.visited_by.full_name if one.visit.visited_by else "", format_moment(one.visit.ended_at), format_moment(one.raised_at),
            ]
            for one in rows
        ],
    )  # fmt: skip

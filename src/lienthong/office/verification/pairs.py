"""Records that may be one person: the list of pairs, and one pair side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.infra.templatetags.formats import percent
from lienthong.office.pages import office_page, page_number
from lienthong.office.verification.addresses import number_in
from lienthong.office.verification.quality_forms import PairForm
from lienthong.verification import policies
from lienthong.verification.beside import fields_of, lay_beside
from lienthong.verification.queries import duplicates
from lienthong.verification.queries.cases import places_of
from lienthong.verification.queries.quality import all_registers
from lienthong.verification.services import duplicates as services
from lienthong.verification.states import PairState

ROWS_ON_A_PAGE = 25
EXPORT_AT_MOST = 20_000
FIRST, SECOND, NEITHER = "first", "second", "neither"
TONES = {PairState.OPEN: "open", PairState.SAME: "done", PairState.DIFFERENT: "done", PairState.GONE: "ended"}


@allowed(policies.sees_verification)
@reads
def pair_list(request: HouseRequest) -> HttpResponse:
    every = duplicates.visible_pairs(request.user, on=request.today)
    state = request.GET.get("state", PairState.OPEN)
    pairs = duplicates.narrowed(
        every, state=state, where=request.GET.get("where", ""), register_id=number_in(request.GET, "register")
    )
    if request.GET.get("format") == "xlsx":
        note_read(request, "verification-pairs", "export")
        return _export(pairs[:EXPORT_AT_MOST])
    page = Paginator(pairs, ROWS_ON_A_PAGE).get_page(page_number(request))
    if page.object_list:
        note_read(request, f"verification-pairs:{state}", "list")
    context = {
        "page": page,
        "rows": [(pair, PairState(pair.state).label, TONES[PairState(pair.state)]) for pair in page],
        "total": page.paginator.count,
        "states": [*PairState.choices, ("all", _("Tất cả"))],
        "wheres": [("", _("Tất cả")), (duplicates.WITHIN, _("Trong một sổ")), (duplicates.BETWEEN, _("Giữa hai sổ"))],
        "registers": [("", _("Tất cả")), *((str(pk), name) for pk, name in all_registers())],
        "is_open": state == PairState.OPEN,
    }
    return office_page(request, "office/verification/pairs.html", context)


@allowed(policies.sees_verification)
@writes
def pair_page(request: HouseRequest, pair_id: int) -> HttpResponse:
    pair = duplicates.get_pair(request.user, pair_id, on=request.today)
    form = PairForm(request.POST or None, kept=[FIRST, SECOND, NEITHER])
    if form.is_valid():
        kept = {FIRST: pair.entry_id, SECOND: pair.other_id, NEITHER: None}[form.cleaned_data["kept"]]
        command = services.DecidePair(pair_id=pair_id, kept_entry_id=kept, note=form.cleaned_data["note"])
        try:
            decided = services.decide_pair(command, acting_user=request.user, now=request.received_at)
        except services.PairRefused as refusal:
            form.show(refusal)
        else:
            messages.success(request, _said(decided))
            following = duplicates.next_open_pair(request.user, decided, on=request.today)
            return (
                redirect("office:verification_pair", following.pk)
                if following
                else redirect("office:verification_duplicates")
            )
    note_read(request, f"verification-pair:{pair.pk}")
    works_both = all(
        policies.works_in(request.user, entry.commune_id, on=request.today) for entry in (pair.entry, pair.other)
    )
    sides = fields_of(pair.entry), fields_of(pair.other)
    context = {
        "pair": pair,
        "lines": lay_beside(*sides, places=places_of(side["commune_code"] for side in sides)),
        "probability": percent(pair.probability),
        "state": (PairState(pair.state).label, TONES[PairState(pair.state)]),
        "may_decide": works_both and pair.state == PairState.OPEN,
        "form": form,
    }
    return office_page(request, "office/verification/pair.html", context, status=422 if form.errors else 200)


def _said(pair: Any) -> str:
    if pair.state == PairState.DIFFERENT:
        return _("Đã ghi: hai người khác nhau. Hai bản ghi cùng ở lại trong sổ.")
    if pair.case is None:
        return _(
            "Đã ghi bản ghi được giữ. Bản ghi kia chưa xác thực nên chưa có việc cần xử lý; hãy báo nơi quản lý sổ."
        )
    return _("Đã ghi bản ghi được giữ. Bản ghi kia nằm trong việc cần xử lý của xã.")


def _export(pairs: Any) -> HttpResponse:
    columns = [_("Độ tin cậy"), _("Trạng thái")]
    for side in (_("thứ nhất"), _("thứ hai")):
        columns += [
            f"{what} {side}" for what in (_("Sổ"), _("Mã bản ghi"), _("Họ và tên"), _("Ngày sinh"), _("Số định danh"))
        ]
    columns.append(_("Vì sao nghi trùng"))
    rows = [
        [
            pair.probability,
            str(PairState(pair.state).label),
            *(
                value
                for entry in (pair.entry, pair.other)
                for value in (entry.register.name, entry.record_key, entry.full_name, entry.birth_date, entry.number)
            ),
            pair.explanation,
        ]
        for pair in pairs
    ]
    return sheet_response("nghi-trung.xlsx", columns=columns, rows=rows)

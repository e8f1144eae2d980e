"""Registers that an office kept elsewhere: a file comes in, every row is told and compared, a second person takes it over whole."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.assistance import policies
from lienthong.assistance.queries import taking_over as queries
from lienthong.assistance.queries.taking_over import TakeOverFilter
from lienthong.assistance.services import taking_over as services
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import Programme, TakeOverState
from lienthong.infra import forms
from lienthong.infra.http import HouseRequest, allowed, note_read, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.kernel.days import add_months
from lienthong.office.assistance.asked import commune_of_assistance
from lienthong.office.assistance.gates import takes_over
from lienthong.office.pages import office_page, page_number
from lienthong.office.payments.asked import choices
from lienthong.office.poverty.filters import asked_in
from lienthong.office.poverty.standard_forms import MEGABYTE, table_file
from lienthong.office.sent_once import SentOnce
from lienthong.units import queries as units
from lienthong.verification import store
from lienthong.verification.store import FileNotTaken
from lienthong.verification.tables import TableRefused

ROWS_ON_A_PAGE: Final = 100
LIMIT: Final = 30 * MEGABYTE
_TONES: Final = {TakeOverState.STAGED: "wait", TakeOverState.APPROVED: "done", TakeOverState.REFUSED: "ended"}


class RegisterForm(forms.Form):
    """The register of one commune."""

    unit = forms.ChoiceField(label=gettext_lazy("Xã, phường"), choices=(), select=True)
    programme = forms.ChoiceField(label=gettext_lazy("Chương trình"), choices=Programme.choices)
    month = forms.ChoiceField(
        label=gettext_lazy("Chi trả từ hệ thống này bắt đầu từ tháng"), choices=(), select=True,
        help_text=gettext_lazy("Các tháng trước đã chi ở nơi khác và không chi lại"),
    )  # fmt: skip
    file = table_file(
        gettext_lazy("Tệp danh sách"), limit=LIMIT,
        help_text=gettext_lazy("XLSX, XLS, ODS hoặc CSV, tối đa 30 MB, một xã, một chương trình. Cần cột họ tên và mức hưởng; nên có số định danh."),
    )  # fmt: skip

    def __init__(self, *args: Any, communes: list[tuple[str, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        forms.choose_from(self, "unit", communes)
        months = [add_months(today.replace(day=1), step) for step in range(4)]
        forms.choose_from(self, "month", [(month.isoformat(), f"{month:%m/%Y}") for month in months])
        if len(communes) == 1:
            self.initial.setdefault("unit", communes[0][0])

    def to_command(self) -> services.StageRegister:
        """Take the file in and return the command.

        Raises:
            FileNotTaken: The file is empty or too large.
        """
        given = self.cleaned_data
        upload = given["file"][0]
        return services.StageRegister(
            file=store.take_in(upload, name=str(upload.name)), file_name=str(upload.name), unit_id=int(given["unit"]),
            programme=given["programme"], month=date.fromisoformat(given["month"]),
        )  # fmt: skip


class RefuseForm(SentOnce):
    """Why a register is not taken over."""

    reason = forms.LineField(label=gettext_lazy("Lý do"), max_length=200)


@allowed(takes_over)
@reads
def take_over_list(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET, TakeOverFilter)
    rows = queries.take_overs(request.user, on=request.today, asked=asked)
    if request.GET.get("format") == "xlsx":
        return sheet_response(
            "danh-sach-tiep-nhan.xlsx",
            columns=[_("Tệp"), _("Xã, phường"), _("Chương trình"), _("Số dòng"), _("Chưa nhận được"), _("Khác quy định"), _("Trạng thái"), _("Người nạp")],
            rows=[
                (
                    row.file_name, row.unit.name, str(Programme(row.programme).label), row.rows, row.problems, row.differing,
                    str(TakeOverState(row.state).label), row.prepared_by.full_name,
                )
                for row in rows
            ],
        )  # fmt: skip
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))
    context = {
        "page": page,
        "rows": [(row, _TONES[TakeOverState(row.state)]) for row in page],
        "states": [("", _("Tất cả")), *TakeOverState.choices],
        "programmes": [("", _("Tất cả")), *Programme.choices],
        "is_narrowed": asked != TakeOverFilter(),
        **choices(request, commune_of_assistance(request, asked.commune)),
    }
    return office_page(request, "office/assistance/take_overs.html", context)


@allowed(takes_over)
@writes
def new_take_over(request: HouseRequest) -> HttpResponse:
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RegisterForm(*posted, communes=_communes(request), today=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            held = services.stage_register(form.to_command(), acting_user=request.user, now=request.received_at)
        except (TableRefused, FileNotTaken, services.RegisterRefused) as refusal:
            form.show(refusal, field="file")
        except AssistanceRefusal as refusal:
            form.show(refusal)
        else:
            return redirect("office:assistance_take_over", held.pk)
    return office_page(
        request, "office/assistance/new_take_over.html", {"form": form}, status=422 if form.errors else 200
    )


def _communes(request: HouseRequest) -> list[tuple[str, str]]:
    found = units.communes_on(request.today)
    if not policies.sees_province(request.user, on=request.today):
        own = {
            one
            for programme in policies.ALL
            for one in policies.communes_of(
                request.user, on=request.today, roles=policies.RUNNING_ROLES, programme=programme
            )
        }
        found = found.filter(pk__in=own)
    return [(str(unit.pk), f"{unit.name} ({unit.code})") for unit in found]


@allowed(takes_over)
@writes
def take_over(request: HouseRequest, take_over_id: int) -> HttpResponse:
    held = queries.get_take_over(take_over_id, as_=request.user, on=request.today)
    only = request.GET.get("only", "")
    if request.GET.get("format") == "xlsx":
        note_read(request, held.stream, "export")
        return _sheet(queries.rows_of(held, only=only))
    verb = request.POST.get("verb", "")
    form = RefuseForm(request.POST) if verb == "refuse" else RefuseForm()
    if verb == "approve" or (verb == "refuse" and form.is_valid()):
        _decide(request, held.pk, form, refuses=verb == "refuse")
        return redirect("office:assistance_take_over", held.pk)
    note_read(request, held.stream)
    page = Paginator(queries.rows_of(held, only=only), ROWS_ON_A_PAGE).get_page(page_number(request))
    is_own = held.prepared_by_id == request.user.pk
    decides = policies.decides(request.user, held.unit_id, on=request.today, programme=held.programme)
    is_staged = held.state == TakeOverState.STAGED
    context = {
        "held": held,
        "tone": _TONES[TakeOverState(held.state)],
        "page": page,
        "rows": list(page),
        "form": form,
        "is_own": is_own,
        "may_decide": is_staged and decides and not is_own,
        "may_approve": is_staged and decides and not is_own and not held.problems,
        "is_staged": is_staged,
        "kinds": [("", _("Tất cả")), ("problems", _("Chưa nhận được")), ("differing", _("Cần xem mức hưởng"))],
    }
    return office_page(request, "office/assistance/take_over.html", context, status=422 if form.errors else 200)


def _sheet(rows: Any) -> HttpResponse:
    return sheet_response(
        "tung-dong.xlsx",
        columns=[_("Dòng số"), _("Người hưởng"), _("Mức đang hưởng"), _("Mức theo quy định"), _("Vướng mắc"), _("So với quy định")],
        rows=[
            (
                row.number, row.person.full_name if row.person else row.said.get("name", ""), row.amount, row.by_rules,
                "; ".join(row.problems), row.note,
            )
            for row in rows
        ],
    )  # fmt: skip


def _decide(request: HouseRequest, take_over_id: int, form: RefuseForm, *, refuses: bool) -> None:
    who = {"acting_user": request.user, "now": request.received_at}
    try:
        if refuses:
            services.refuse_register(take_over_id, reason=form.cleaned_data["reason"], **who)
            messages.success(request, _("Đã ghi: không tiếp nhận danh sách này."))
        else:
            held = services.approve_register(take_over_id, **who)
            messages.success(request, _("Đã tiếp nhận %(n)s người đang hưởng.") % {"n": held.rows})
    except AssistanceRefusal as refusal:
        messages.warning(request, str(refusal))

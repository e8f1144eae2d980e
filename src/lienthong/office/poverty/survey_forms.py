"""Survey forms: which version is in use, what it asks, and a changed one that is looked at before it is put in use."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.infra.sheets import XLSX
from lienthong.office.pages import office_page
from lienthong.office.poverty import form_words as words
from lienthong.office.poverty.deciding import who
from lienthong.office.poverty.held_form import HeldForm, PreviewGone, SurveyFormForm, opened
from lienthong.office.poverty.standard_words import chosen_period, period_choices
from lienthong.poverty import policies
from lienthong.poverty.queries import forms as queries
from lienthong.poverty.queries.rounds import column_of
from lienthong.poverty.queries.standards import points_table_for
from lienthong.poverty.services import forms as services
from lienthong.poverty.states import FormKind

XFORM = "text/xml; charset=utf-8"
HELD = "held"


@allowed(policies.sees_poverty)
@reads
def form_list(request: HouseRequest) -> HttpResponse:
    period, current = chosen_period(request.GET.get("standard", ""), on=request.today)
    versions = list(queries.form_versions(period.id))
    usage = queries.usage_of([one.pk for one in versions])
    rows = [(one, usage.get(one.pk, queries.Usage()), words.origin_of(one)) for one in versions]
    in_use = {row[0].form_id: row for row in rows if row[0].replaced_at is None}
    context = {
        "period": period,
        "current": current,
        "choices": period_choices(on=request.today),
        "kinds": [(kind.value, kind.label, in_use.get(kind.value)) for kind in FormKind],
        "scoring": FormKind.B.value,
        "earlier": [row for row in rows if row[0].replaced_at is not None],
        "is_empty": not rows,
        "may_publish": policies.runs_province(request.user, on=request.today),
    }
    return office_page(request, "office/poverty/survey_forms.html", context)


@allowed(policies.sees_poverty)
@reads
def form_to_change(request: HouseRequest, form_id: str) -> HttpResponse:
    period, _current = chosen_period(request.GET.get("standard", ""), on=request.today)
    return _download(f"{form_id}.xlsx", queries.form_to_change(form_id, period.id).xlsx, XLSX)


@allowed(policies.sees_poverty)
@reads
def form_page(request: HouseRequest, form_id: str, version: str) -> HttpResponse:
    shown = queries.get_form_version(form_id, version)
    source = queries.source_of(shown)
    wanted = request.GET.get("format")
    if wanted == "xml":
        return _download(f"{shown.form_id}-{shown.version}.xml", shown.xml.encode(), XFORM)
    if wanted == "xlsx" and source is not None:
        return _download(f"{shown.form_id}-{shown.version}.xlsx", queries.xlsx_of(source), XLSX)
    told = _told(shown)
    before = queries.version_before(shown)
    context = {
        "version": shown,
        "kind": FormKind(shown.form_id).label,
        "origin": words.origin_of(shown),
        "usage": queries.usage_of([shown.pk]).get(shown.pk, queries.Usage()),
        "told": told,
        "before": before,
        "differences": words.differences(_told(before), told) if before is not None else [],
        "has_source": source is not None,
        "warnings": source.warnings if source is not None else [],
        "scores": shown.form_id == FormKind.B,
        "may_publish": policies.runs_province(request.user, on=request.today),
    }
    return office_page(request, "office/poverty/survey_form.html", context)


@allowed(policies.runs_province)
@writes
def upload_form(request: HouseRequest) -> HttpResponse:
    if request.method == "POST" and HELD in request.POST:
        return _publish(request)
    period, _current = chosen_period(request.GET.get("standard", ""), on=request.today)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = SurveyFormForm(*posted, initial={"standard_id": period.id})
    if request.method == "POST" and form.is_valid():
        held = form.to_held()
        try:
            trial = services.try_form(_command(request, held), **who(request))
            if trial.in_use is not None and not trial.is_new:
                raise services.NothingNew(trial.in_use)
        except services.FormRefused as refusal:
            form.show(refusal, field="file")
        else:
            return _preview(request, held, trial)
    return _ask(request, form)


def _publish(request: HouseRequest) -> HttpResponse:
    try:
        return _published(request, opened(request.POST[HELD], request.user))
    except services.NothingNew as refusal:
        messages.info(request, str(refusal))
        return redirect("office:poverty_form", refusal.in_use.form_id, refusal.in_use.version)
    except (PreviewGone, services.FormRefused) as refusal:
        return _ask(request, SurveyFormForm(), refusal)


def _published(request: HouseRequest, held: HeldForm) -> HttpResponse:
    """Put in use what the preview showed; where it would replace something else by now, show that first."""
    command = _command(request, held)
    notice = _("Trong lúc bạn xem, bảng điểm đang dùng đã khác; chưa phát hành gì. Hãy xem lại rồi quyết định.")
    if held.table_id == _pk(command.points_table):
        try:
            version = services.publish_form(replace(command, instead_of=held.instead_of), **who(request))
        except services.ReplacedMeanwhile as refusal:
            notice = str(refusal)
        else:
            messages.success(
                request,
                _("Đã đưa vào dùng %(title)s, phiên bản %(version)s. Máy khảo sát nhận ở lần cập nhật phiếu sau.")
                % {"title": version.title, "version": version.version},
            )
            return redirect("office:poverty_form", version.form_id, version.version)
    return _preview(request, held, services.try_form(command, **who(request)), notice=notice)


def _command(request: HouseRequest, held: HeldForm) -> services.PublishForm:
    table = points_table_for(held.standard_id, request.today)
    return services.PublishForm(
        standard_id=held.standard_id, source=held.content, source_name=held.name, points_table=table,
        region_column=column_of(table, request.today),
    )  # fmt: skip


def _ask(request: HouseRequest, form: SurveyFormForm, refusal: Exception | None = None) -> HttpResponse:
    standard_id = form["standard_id"].value() or ""
    context = {"form": form, "refusal": refusal, "kinds": FormKind.choices, "standard_id": standard_id}
    is_refused = refusal is not None or (form.is_bound and form.errors)
    return office_page(request, "office/poverty/upload_form.html", context, status=422 if is_refused else 200)


def _preview(request: HouseRequest, held: HeldForm, trial: services.Trial, *, notice: str = "") -> HttpResponse:
    compiled, in_use = trial.compiled, trial.in_use
    told = words.told_form(compiled.xml, standard_id=held.standard_id, points_table=trial.points_table)
    compared = replace(
        held,
        instead_of=in_use.version if in_use is not None else "",
        table_id=_pk(points_table_for(held.standard_id, request.today)),
    )
    context = {
        "compiled": compiled,
        "kind": FormKind(compiled.form_id).label,
        "held": compared,
        "sealed": compared.sealed(request.user),
        "standard": held.standard_id.replace("-", "–"),
        "scores": compiled.form_id == FormKind.B,
        "points_table": trial.points_table,
        "told": told,
        "before": in_use,
        "differences": words.differences(_told(in_use), told) if in_use is not None else [],
        "warnings": compiled.warnings,
        "notice": notice,
    }
    return office_page(request, "office/poverty/try_form.html", context, status=422 if notice else 200)


def _told(version: Any) -> words.ToldForm:
    return words.told_form(version.xml, standard_id=version.standard_id, points_table=version.points_table)


def _pk(row: Any) -> int | None:
    return row.pk if row is not None else None


def _download(name: str, content: bytes, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

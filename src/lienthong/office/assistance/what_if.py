"""What if the law said another number: drafts, what each costs and whom it reaches, side by side."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lienthong.assistance import charts, policies
from lienthong.assistance.queries import findings as queries
from lienthong.assistance.queries.findings import ScenarioFilter
from lienthong.assistance.services import scenarios as services
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import Programme
from lienthong.infra.http import HouseRequest, allowed, reads, writes
from lienthong.infra.sheets import sheet_response
from lienthong.infra.templatetags.formats import dong, number
from lienthong.kernel.days import format_day
from lienthong.kernel.text import whole_number
from lienthong.office.assistance.what_if_forms import DraftForm, initial_of, rows_asked
from lienthong.office.assistance.what_if_parts import parts_of, reaches_nobody, signed
from lienthong.office.pages import office_page, page_number
from lienthong.office.payments.asked import Select, choices
from lienthong.office.poverty.filters import asked_in
from lienthong.rules.drafts import ChangeRefused, changeable_on, read_changes, words_of, written
from lienthong.rules.parameters import NoValueInForce
from lienthong.verification.queries.batches import advance_of

ROWS_ON_A_PAGE = 50
AT_ONCE = 4
"""So many drafts stand beside each other on a screen."""


def _group_words() -> dict[str, str]:
    return {
        "benefit": _("Theo khoản"), "payee": _("Theo nơi nhận tiền"), "commune": _("Theo xã, phường"),
        "sex": _("Theo giới"), "ethnicity": _("Theo dân tộc"), "age": _("Theo tuổi"),
    }  # fmt: skip


@allowed(policies.sees_province)
@reads
def scenario_list(request: HouseRequest) -> HttpResponse:
    asked = asked_in(request.GET, ScenarioFilter)
    rows = queries.scenarios(asked)
    if request.GET.get("format") == "xlsx":
        return _export_list(rows)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(page_number(request))
    chosen = [pk for one in request.GET.getlist("with")[:AT_ONCE] if (pk := whole_number(one, digits=9)) is not None]
    compared = [one for one in queries.scenarios().filter(pk__in=chosen) if one.results]
    context = {
        "page": page,
        "rows": [_row(one) for one in page],
        "may_draft": policies.drafts_law(request.user, on=request.today),
        "compared": _comparison(compared) if len(compared) > 1 else None,
        "is_one": len(chosen) == 1,
        "chosen": chosen,
        "states": [
            ("", _("Tất cả")), ("computed", _("Đã tính")), ("waiting", _("Đang tính")), ("problem", _("Chưa tính được")),
        ],
        "is_narrowed": bool(asked.state),
        **choices(
            request,
            Select("programme", _("Chương trình"), asked.programme, tuple((one.value, str(capfirst(one.label))) for one in Programme)),
        ),
    }  # fmt: skip
    return office_page(request, "office/assistance/what_if.html", context)


@allowed(policies.drafts_law)
@writes
def new_scenario(request: HouseRequest) -> HttpResponse:
    changeable = changeable_on(request.today)
    sent = request.POST if request.method == "POST" else None
    if sent is None:
        form = _begun(request, changeable)
    elif sent.get("verb") == "add":
        form = DraftForm(initial=_typed(sent), changeable=changeable, rows=rows_asked(sent) + 1)
    else:
        form = DraftForm(sent, changeable=changeable, rows=rows_asked(sent))
        if form.is_valid():
            command = services.KeepScenario(
                name=form.cleaned_data["name"], note=form.cleaned_data["note"], changes=form.cleaned_data["changes"],
                as_of=form.cleaned_data["as_of"],
            )  # fmt: skip
            try:
                scenario = services.keep_scenario(command, acting_user=request.user, now=request.received_at)
            except (AssistanceRefusal, ChangeRefused, NoValueInForce) as refusal:
                form.show(refusal)
            else:
                return redirect("office:assistance_scenario", scenario.pk)
    return office_page(
        request, "office/assistance/what_if_new.html", {"form": form}, status=422 if form.errors else 200
    )


@allowed(policies.sees_province)
@writes
def scenario_page(request: HouseRequest, scenario_id: int) -> HttpResponse:
    scenario = queries.get_scenario(scenario_id)
    if request.method == "POST" and request.POST.get("verb") == "remove":
        try:
            services.remove_scenario(scenario_id, acting_user=request.user, now=request.received_at)
        except AssistanceRefusal as refusal:
            messages.warning(request, str(refusal))
            return redirect("office:assistance_scenario", scenario_id)
        messages.success(request, _("Đã xóa phương án “%(name)s”.") % {"name": scenario.name})
        return redirect("office:assistance_what_if")
    if scenario.results is None:
        context = {
            "scenario": scenario,
            "changes": _changes(scenario),
            "is_waiting": not scenario.problem,
            "advance": advance_of(scenario.progress, now=request.received_at),
        }
        return office_page(request, "office/assistance/what_if_working.html", context)
    if request.GET.get("format") == "xlsx":
        return _export(scenario)
    results = scenario.results
    months = [(_month(one["month"]), one["before"], one["after"]) for one in results["months"]]
    context = {
        "scenario": scenario,
        "changes": _changes(scenario),
        "results": results,
        "figures": _figures(results),
        "reaches_nobody": reaches_nobody(results["groups"]),
        "parts": parts_of(results["groups"], _group_words(), on=scenario.as_of),
        "chart": charts.cost_by_month(months),
        "chart_title": _chart_title(results),
        "chart_columns": [_("Tháng"), _("Hiện nay"), _("Theo phương án"), _("Chênh lệch")],
        "chart_rows": [(month, dong(now), dong(then), signed(then - now)) for month, now, then in months],
        "may_draft": policies.drafts_law(request.user, on=request.today),
        "month": _month(results["month"]),
    }
    return office_page(request, "office/assistance/what_if_scenario.html", context)


def _begun(request: HouseRequest, changeable: Any) -> DraftForm:
    earlier = whole_number(request.GET.get("from", ""), digits=9)
    scenario = queries.scenarios().filter(pk=earlier).first() if earlier is not None else None
    if scenario is None:
        return DraftForm(initial={"as_of": request.today}, changeable=changeable, rows=1)
    changes = read_changes(scenario.changes)
    name = _("%(name)s (sửa)") % {"name": scenario.name}
    initial = initial_of(changes, name=name[:200], note=scenario.note, as_of=request.today)
    return DraftForm(initial=initial, changeable=changeable, rows=len(changes))


def _typed(sent: Any) -> dict[str, Any]:
    """Return what was typed so far, so that adding a row loses nothing."""
    found: dict[str, Any] = {name: value for name, value in sent.items() if name not in {"verb", "csrfmiddlewaretoken"}}
    with suppress(ValueError):
        found["as_of"] = date(*(int(sent.get(f"as_of_{part}") or 0) for part in ("year", "month", "day")))
    return found


def _row(one: Any) -> dict[str, Any]:
    results = one.results
    return {
        "scenario": one,
        "changes": "; ".join(_changes(one)),
        "month": results and signed(results["whole"]["difference"]),
        "year": results and signed(results["year"]["difference"]),
        "gained": results and results["whole"]["gained"],
        "lost": results and results["whole"]["lost"],
        "state": _("chưa tính được") if one.problem else "" if results else _("đang tính"),
        "tone": "late" if one.problem else "wait",
    }


def _changes(scenario: Any) -> list[str]:
    try:
        changes = read_changes(scenario.changes)
    except ChangeRefused as refusal:
        return [str(refusal)]
    found = []
    for one in changes:
        words = f"{words_of(one.parameter)}: {written(one.parameter, one.value)}"
        if one.applied_from:
            words += " " + _("từ ngày %(day)s") % {"day": format_day(one.applied_from)}
        found.append(words[:1].upper() + words[1:])
    return found


def _comparison(compared: list[Any]) -> dict[str, Any]:
    def of(words: str, read: Any) -> tuple[str, list[str]]:
        return words, [read(one.results) for one in compared]

    return {
        "names": [(one.pk, one.name) for one in compared],
        "rows": [
            of(_("Chi mỗi tháng theo phương án"), lambda one: dong(one["whole"]["amount_after"])),
            of(_("Chênh lệch mỗi tháng"), lambda one: signed(one["whole"]["difference"])),
            of(_("Chênh lệch 12 tháng"), lambda one: signed(one["year"]["difference"])),
            of(_("Người được hưởng"), lambda one: number(one["whole"]["people_after"])),
            of(_("Người thêm"), lambda one: number(one["whole"]["gained"])),
            of(_("Người bớt"), lambda one: number(one["whole"]["lost"])),
            of(_("Tháng được phân tích"), lambda one: _month(one["month"])),
        ],
    }


def _figures(results: dict[str, Any]) -> list[dict[str, str]]:
    whole, year, period = results["whole"], results["year"], _("tháng %(month)s") % {"month": _month(results["month"])}
    people = _("hiện nay %(before)s, theo phương án %(after)s người")
    return [
        {
            "number": _short(whole["difference"]), "words": _("mỗi tháng"), "period": period,
            "compared": _("hiện nay %(before)s") % {"before": dong(whole["amount_before"])},
        },
        {
            "number": _short(year["difference"]), "words": _("trong 12 tháng"), "period": "",
            "compared": _("hiện nay %(before)s") % {"before": dong(year["before"])},
        },
        {
            "number": number(whole["gained"]), "words": _("người được thêm vào"), "period": period,
            "compared": people % {"before": number(whole["people_before"]), "after": number(whole["people_after"])},
        },
        {"number": number(whole["lost"]), "words": _("người không còn được hưởng"), "period": period, "compared": ""},
        {
            "number": number(results["more"]), "words": _("người tăng mức"), "period": period,
            "compared": _("%(n)s người giảm mức") % {"n": number(results["less"])},
        },
    ]  # fmt: skip


def _chart_title(results: dict[str, Any]) -> str:
    difference = results["year"]["difference"]
    if difference == 0:
        return _("Trong 12 tháng, chi không thay đổi")
    words = (
        _("Trong 12 tháng, chi nhiều hơn %(amount)s") if difference > 0 else _("Trong 12 tháng, chi ít hơn %(amount)s")
    )
    return words % {"amount": dong(abs(difference))}


def _short(amount: int) -> str:
    """Write a large amount so that it stands on one line: +81 triệu, +1,07 tỷ."""
    for least, words in ((10**9, _("%(n)s tỷ ₫")), (10**6, _("%(n)s triệu ₫"))):
        if abs(amount) >= least:
            text = f"{amount / least:+.3g}".replace(".", ",")
            return words % {"n": text if "e" not in text else f"{amount // least:+,}".replace(",", ".")}
    return signed(amount)


def _month(text: str) -> str:
    year, month, _day = text.split("-")
    return f"{month}/{year}"


def _export_list(rows: Any) -> HttpResponse:
    return sheet_response(
        "cac-phuong-an.xlsx",
        columns=[
            _("Phương án"), _("Thay đổi"), _("Tính với dữ liệu của ngày"), _("Chênh lệch mỗi tháng, đồng"),
            _("Chênh lệch 12 tháng, đồng"), _("Thêm"), _("Bớt"), _("Trạng thái"),
        ],
        rows=(
            (
                one.name, row["changes"], format_day(one.as_of), *(
                    (one.results["whole"]["difference"], one.results["year"]["difference"]) if one.results else ("", "")
                ),
                "" if row["gained"] is None else row["gained"], "" if row["lost"] is None else row["lost"],
                row["state"] or _("đã tính"),
            )
            for one in rows
            for row in [_row(one)]
        ),
    )  # fmt: skip


def _export(scenario: Any) -> HttpResponse:
    words = {"whole": _("Tất cả"), **_group_words()}
    groups = {"whole": [scenario.results["whole"]], **scenario.results["groups"]}
    return sheet_response(
        f"phuong-an-{scenario.pk}.xlsx",
        columns=[
            _("Phương án"), _("Phân theo"), _("Nhóm"), _("Người hiện nay"), _("Người theo phương án"), _("Thêm"), _("Bớt"),
            _("Đồng mỗi tháng hiện nay"), _("Đồng mỗi tháng theo phương án"), _("Chênh lệch mỗi tháng, đồng"),
        ],
        rows=(
            (
                scenario.name, words[name], one["words"], one["people_before"], one["people_after"], one["gained"], one["lost"],
                one["amount_before"], one["amount_after"], one["difference"],
            )
            for name, lines in groups.items()
            for one in lines
        ),
    )  # fmt: skip

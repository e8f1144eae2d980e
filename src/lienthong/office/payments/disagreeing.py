"""Lines of a run that no longer agree with what is owed: counted in one sentence, and listed with what they would come to now."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from lienthong.infra.http import HouseRequest, allowed, note_read, reads
from lienthong.infra.sheets import sheet_response
from lienthong.infra.templatetags.formats import dong, number
from lienthong.office.pages import office_page
from lienthong.office.payments.asked import choices, page_of, programme_select
from lienthong.payments import policies
from lienthong.payments.queries import runs as queries
from lienthong.payments.queries.agreeing import Disagreement, disagreeing_lines
from lienthong.payments.sources import benefit_label


@allowed(policies.sees_payments)
@reads
def disagreeing(request: HouseRequest, run_id: int) -> HttpResponse:
    run = queries.get_run(run_id, request.user, on=request.today)
    source = request.GET.get("source", "")[:40]
    found = [one for one in disagreement_of(request, run) if not source or one.line.source == source]
    if request.GET.get("format") == "xlsx":
        note_read(request, f"{run.stream}:disagreeing", "export")
        return _export(run, found)
    page = page_of(request, found)
    context = {
        "run": run,
        "name": str(run),
        "page": page,
        "rows": [(one, benefit_label(one.line.source, one.line.benefit)) for one in page],
        "told": told(found),
        **choices(request, programme_select(source)),
    }
    return office_page(request, "office/payments/disagreeing.html", context)


def disagreement_of(request: HouseRequest, run: Any) -> list[Disagreement]:
    """Return the lines of a run that no longer agree, as far as this user sees them."""
    return disagreeing_lines(run, user=request.user, on=request.today)


def told(found: list[Disagreement]) -> str:
    """Say how many lines no longer agree, and what becomes of them when the run leaves; nothing where all of them do."""
    held = [one.line for one in found if one.hold is not None]
    words = []
    if held:
        words.append(
            _(
                "%(n)s khoản, %(amount)s, không còn chi được như lúc lập: khi chuyển chi trả, các khoản này được giữ lại."
            )
            % {"n": number(len(held)), "amount": dong(sum(line.net for line in held))}
        )
    if more := len(found) - len(held):
        words.append(_("%s khoản nay phải chi nhiều hơn: phần thêm được chi ở đợt sau.") % number(more))
    return " ".join(words)


def _export(run: Any, found: list[Disagreement]) -> HttpResponse:
    columns = [
        _("Số thứ tự"), _("Người hưởng"), _("Số định danh"), _("Xã, phường"), _("Khoản"), _("Của tháng"), _("Đã lập"),
        _("Nay phải chi"), _("Khi chuyển chi trả"), _("Vì sao"),
    ]  # fmt: skip
    lines = [
        (
            one.line.number, one.line.person.full_name, one.line.person.personal_id_number, one.line.unit.name,
            benefit_label(one.line.source, one.line.benefit), f"{one.line.for_month:%m/%Y}", one.line.amount, one.now,
            _("giữ lại") if one.hold else _("vẫn chi, phần thêm ở đợt sau"), one.why,
        )
        for one in found
    ]  # fmt: skip
    return sheet_response(f"khong-con-khop-{run.month:%Y-%m}-{run.number}.xlsx", columns=columns, rows=lines)

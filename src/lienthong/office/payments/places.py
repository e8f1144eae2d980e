"""Where an officer can go inside payments: the second level of the navigation, shown on its own pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthong.infra.http import HouseRequest
from lienthong.infra.templatetags.formats import number
from lienthong.payments import policies
from lienthong.payments.queries.accounts import accounts_to_confirm
from lienthong.payments.queries.complaints import complaints_to_answer
from lienthong.payments.queries.runs import waits_for
from lienthong.payments.queries.statements import strange_counts


def places_of(user: Any, *, on: date) -> list[tuple[str, str]]:
    """Return name of the address and label of every group of pages that is for this user."""
    of_province = policies.sees_province(user, on=on)
    sees = of_province or bool(policies.communes_of(user, on=on))
    places = [
        (sees, "office:payments_runs", _("Các đợt chi trả")),
        (sees, "office:payments_unpaid", _("Chưa nhận được tiền")),
        (of_province, "office:payments_statements", _("Sao kê")),
        (of_province, "office:payments_strange", _("Dòng sao kê chưa rõ")),
        (sees, "office:payments_accounts", _("Nơi nhận tiền")),
        (keeps_accounts(user, on=on), "office:payments_account_imports", _("Nhập danh sách tài khoản")),
        (of_province, "office:payments_budgets", _("Dự toán")),
        (of_province, "office:payments_paying_accounts", _("Tài khoản chi")),
        (sees, "office:payments_overpayments", _("Khoản chi thừa")),
        (sees, "office:payments_complaints", _("Phản ánh")),
    ]
    return [(name, label) for shown, name, label in places if shown]


def is_of_runs(path: str, root: str) -> bool:
    """Tell whether a page belongs to the runs, whose address every other page of payments begins with."""
    return path == root or path.startswith((f"{root}runs/", f"{root}lines/"))


def keeps_accounts(user: Any, *, on: date) -> bool:
    """Tell whether the user keeps the accounts of anybody."""
    in_communes = policies.communes_of(user, on=on, roles=policies.ACCOUNT_KEEPING_ROLES)
    return policies.records_accounts(user, None, on=on) or bool(in_communes)


def works_with_receivers(user: Any, *, on: date) -> bool:
    """Tell whether the user puts down who came for their money, and answers complaints, anywhere."""
    in_communes = policies.communes_of(user, on=on, roles=policies.COMMUNE_WORKING_ROLES)
    return policies.answers_complaints(user, None, on=on) or bool(in_communes)


def waits_in_payments(request: HouseRequest, *, with_runs: bool = True) -> list[tuple[str, str]]:
    """Return what of payments waits for this officer, each as a sentence that opens its list; nothing where nothing does.

    Args:
        request: Who asks, and when.
        with_runs: Name the runs to be signed too.
    """
    user, on = request.user, request.today
    if not policies.sees_payments(user, on=on):
        return []
    found = []
    if with_runs and policies.sees_province(user, on=on) and (runs := waits_for(user, on=on)):
        words = ngettext("%(n)s đợt chi trả chờ bạn ký", "%(n)s đợt chi trả chờ bạn ký", len(runs))
        found.append((words % {"n": len(runs)}, reverse("office:payments_runs")))
    if keeps_accounts(user, on=on) and (waiting := accounts_to_confirm(user, on=on)):
        words = ngettext(
            "%(n)s nơi nhận tiền chờ người thứ hai xác nhận", "%(n)s nơi nhận tiền chờ người thứ hai xác nhận", waiting
        )
        found.append((words % {"n": number(waiting)}, reverse("office:payments_accounts") + "?check=unconfirmed"))
    if works_with_receivers(user, on=on) and (open_ones := complaints_to_answer(user, on=on)):
        words = ngettext("%(n)s phản ánh về chi trả chờ trả lời", "%(n)s phản ánh về chi trả chờ trả lời", open_ones)
        found.append((words % {"n": number(open_ones)}, reverse("office:payments_complaints")))
    if policies.prepares(user, on=on):
        counts = strange_counts(user, on=on)
        if strange := counts.get("all", 0):
            words = ngettext("%(n)s dòng sao kê chưa rõ", "%(n)s dòng sao kê chưa rõ", strange)
            found.append((words % {"n": number(strange)}, reverse("office:payments_strange")))
        if different := counts.get("different", 0):
            words = ngettext(
                "%(n)s khoản chi còn chênh lệch với ngân hàng",
                "%(n)s khoản chi còn chênh lệch với ngân hàng",
                different,
            )
            found.append((words % {"n": number(different)}, f"{reverse('office:payments_strange')}?stage=different"))
    return found

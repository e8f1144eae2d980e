"""Where an officer can go inside payments: the second level of the navigation, shown on its own pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lienthong.payments import policies


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


def keeps_accounts(user: Any, *, on: date) -> bool:
    """Tell whether the user keeps the accounts of anybody."""
    in_communes = policies.communes_of(user, on=on, roles=policies.COMMUNE_WORKING_ROLES)
    return policies.records_accounts(user, None, on=on) or bool(in_communes)

"""Where an officer can go inside the poverty review: the second level of the navigation, shown on its own pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lienthong.poverty import policies


def places_of(user: Any, *, on: date) -> list[tuple[str, str]]:
    """Return name of the address and label of every group of pages that is for this user."""
    of_province = policies.sees_province(user, on=on)
    runs_province = policies.runs_province(user, on=on)
    of_commune = bool(policies.communes_of(user, on=on))
    runs_commune = policies.runs_a_commune(user, on=on)
    visits = policies.is_enumerator(user, on=on)
    places = [
        (of_province, "office:poverty_province", _("Toàn tỉnh")),
        (of_province, "office:poverty_rounds", _("Các đợt rà soát")),
        (visits, "office:poverty_visits", _("Hộ tôi khảo sát")),
        (of_province or of_commune, "office:poverty_flags", _("Dấu hiệu cần kiểm tra")),
        (of_province or of_commune, "office:poverty_set_aside", _("Phiếu để riêng")),
        (of_province or visits, "office:poverty_devices", _("Máy khảo sát")),
        (of_province or of_commune, "office:poverty_reports", _("Báo cáo")),
        (runs_province or runs_commune, "office:poverty_imports", _("Nhập danh sách")),
        (of_province or of_commune, "office:poverty_standards", _("Chuẩn nghèo, bảng điểm")),
        (of_province or of_commune, "office:poverty_forms", _("Phiếu khảo sát")),
        (of_province or of_commune, "office:poverty_areas", _("Khu vực thành thị, nông thôn")),
    ]
    return [(name, label) for shown, name, label in places if shown]

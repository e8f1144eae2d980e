"""The second level of the navigation: where somebody of social assistance or merit goes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lienthong.assistance import policies
from lienthong.assistance.states import Programme


def works_on_merit(user: Any, *, on: date) -> bool:
    """Tell whether the user sees claims of people with merit: of a commune, or of the province."""
    programme = Programme.MERIT
    return policies.sees_assistance(user, on=on) and (
        str(programme) in policies.programmes_seen(user, on=on)
        or bool(policies.communes_of(user, on=on, programme=programme))
    )


def places_of(user: Any, *, on: date) -> list[tuple[str, str]]:
    """Return the pages for this user, each by the name of its address and its label."""
    found = [
        ("office:assistance", _("Người hưởng")),
        ("office:assistance_proposals", _("Đề xuất")),
        ("office:assistance_people", _("Tìm người")),
        ("office:assistance_certificates", _("Giấy khuyết tật")),
    ]
    if works_on_merit(user, on=on):
        found.append(("office:assistance_claims", _("Người có công")))
    found.append(("office:assistance_areas", _("Địa bàn khó khăn")))
    if policies.sees_province(user, on=on):
        found.append(("office:assistance_laws", _("Áp dụng mức mới")))
    return found if policies.sees_assistance(user, on=on) else []

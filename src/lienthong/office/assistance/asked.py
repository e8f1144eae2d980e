"""What lists of social assistance are asked for in their address, beside their links."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lienthong.assistance.queries.beneficiaries import communes_to_choose
from lienthong.infra.http import HouseRequest
from lienthong.office.payments.asked import Select


def commune_of_assistance(request: HouseRequest, value: str) -> Select | None:
    """Offer the communes of which the user sees beneficiaries; None where there is nothing to choose."""
    communes = communes_to_choose(request.user, on=request.today)
    return Select("commune", _("Xã, phường"), value, tuple(communes)) if len(communes) > 1 else None

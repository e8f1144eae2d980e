"""The benefit, payment and complaint of somebody, behind the addresses that everybody walks."""

from __future__ import annotations

from typing import Any

from lienthong.accounts.models import User
from tests.factories.assistance import EntitlementFactory, EntitlementRateFactory
from tests.factories.payments import PaymentComplaintFactory, PaymentLineFactory
from tests.world import COMMUNE, World


def benefit_routes(world: World, owner: User) -> dict[str, dict[str, Any]]:
    """Return by address what belongs to the owner."""
    unit = world.agency(COMMUNE).unit
    entitlement = EntitlementFactory(person=owner.person, unit=unit)
    EntitlementRateFactory(entitlement=entitlement)
    line = PaymentLineFactory(person=owner.person, benefit="personal", unit=unit)
    complaint = {"complaint_id": PaymentComplaintFactory(person=owner.person, line=line, unit=unit).pk}
    return {
        "portal:benefits_one": {"entitlement_id": entitlement.pk},
        "portal:benefits_complain_about": {"line_id": line.pk},
        "portal:benefits_complaint": complaint,
        "portal:benefits_reopen": complaint,
        "portal:benefits_close": complaint,
    }

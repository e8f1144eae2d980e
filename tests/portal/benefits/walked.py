"""The benefit, payment and complaint of somebody, behind the addresses that everybody walks."""

from __future__ import annotations

from typing import Any

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.assistance.services.decision_sheets import Decided, keep_sheet
from lienthong.assistance.states import Programme, ProposalKind
from tests.factories.assistance import EntitlementFactory, EntitlementRateFactory
from tests.factories.payments import PaymentComplaintFactory, PaymentLineFactory
from tests.world import COMMUNE, World


def benefit_routes(world: World, owner: User) -> dict[str, dict[str, Any]]:
    """Return by address what belongs to the owner."""
    unit = world.agency(COMMUNE).unit
    entitlement = EntitlementFactory(person=owner.person, unit=unit)
    EntitlementRateFactory(entitlement=entitlement)
    line = PaymentLineFactory(person=owner.person, benefit="personal", unit=unit)
    decided = Decided(
        kind=ProposalKind.STOP, is_granted=False, person_id=entitlement.person_id, unit_id=unit.pk,
        programme=Programme.SOCIAL, benefit="personal", note="Vẫn đủ điều kiện", entitlement_ids=[entitlement.pk],
    )  # fmt: skip
    sheet = keep_sheet(decided, acting_user=world.officer(Role.LEADER, COMMUNE), now=world.now)
    assert sheet is not None
    complaint = {"complaint_id": PaymentComplaintFactory(person=owner.person, line=line, unit=unit).pk}
    return {
        "portal:benefits_one": {"entitlement_id": entitlement.pk},
        "portal:benefits_sheet": {"sheet_id": sheet.pk},
        "portal:benefits_complain_about": {"line_id": line.pk},
        "portal:benefits_complaint": complaint,
        "portal:benefits_reopen": complaint,
        "portal:benefits_close": complaint,
    }

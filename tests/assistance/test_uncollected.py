"""Three months without collecting are put on the list of the commune, by the month that was closed; people decide."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement, Finding, Proposal
from lienthong.assistance.services.finding_acts import propose_from
from lienthong.assistance.services.findings import save_findings
from lienthong.assistance.services.uncollected import note_uncollected
from lienthong.assistance.states import FindingKind, FindingState
from lienthong.payments.models import PaymentLine, PaymentRun
from lienthong.payments.states import RunState
from tests.factories.assistance import EntitlementFactory, EntitlementRateFactory
from tests.factories.payments import PaymentLineFactory, PaymentRunFactory
from tests.screens import enter
from tests.world import COMMUNE, World

pytestmark = pytest.mark.django_db
MONTHS = [date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)]


@pytest.fixture
def row(world: World) -> Entitlement:
    row = EntitlementFactory(first_month=MONTHS[0], unit=world.agency(COMMUNE).unit)
    EntitlementRateFactory(entitlement=row)
    return row


def closed(row: Entitlement, month: date, **facts: Any) -> PaymentRun:
    run = PaymentRunFactory(month=month, released=True)
    PaymentRun.objects.filter(pk=run.pk).update(state=RunState.CLOSED)
    told = {
        "channel": "cash",
        "bank_code": "",
        "account_number": "",
        "holder_name": "",
        "benefit": "personal",
        "unit": row.unit,
    }
    PaymentLineFactory(run=run, person=row.person, **{**told, "state": "uncollected", "why": "Không đến nhận", **facts})
    return run


def test_after_three_months_a_suspension_is_proposed_by_a_person(world: World, row: Entitlement) -> None:
    runs = [closed(row, month) for month in MONTHS]
    assert note_uncollected(runs[1].pk, now=world.now) == 0
    assert note_uncollected(runs[2].pk, now=world.now) == 1
    assert note_uncollected(runs[2].pk, now=world.now) == 0

    finding = Finding.objects.get()
    page = enter(world.officer(Role.PROCESSOR)).open(f"/office/assistance/findings/{finding.pk}/")
    assert "Đề xuất tạm dừng" in page.words
    assert (finding.kind, finding.entitlement, finding.unit) == (FindingKind.UNCOLLECTED, row, row.unit)
    assert "liên tục 3 tháng" in finding.reasons[0]
    proposal = propose_from(finding.pk, acting_user=world.officer(Role.PROCESSOR), now=world.now)
    assert (proposal.kind, proposal.entitlement) == ("suspend", row)
    assert Proposal.objects.count() == 1


def test_whoever_collects_is_off_the_list(world: World, row: Entitlement) -> None:
    runs = [closed(row, month) for month in MONTHS]
    note_uncollected(runs[2].pk, now=world.now)
    PaymentLine.objects.filter(for_month=MONTHS[2]).update(
        state="paid", is_live=True, why="", paid_on=date(2026, 10, 20)
    )

    note_uncollected(runs[2].pk, now=world.now)

    assert Finding.objects.get().state == FindingState.SETTLED


def test_a_review_of_everybody_leaves_it_open(world: World, row: Entitlement) -> None:
    runs = [closed(row, month) for month in MONTHS]
    note_uncollected(runs[2].pk, now=world.now)

    save_findings([], people=[row.person_id], on=world.today, unit_id=None, run_id="2", now=world.now)

    assert Finding.objects.get().state == FindingState.OPEN

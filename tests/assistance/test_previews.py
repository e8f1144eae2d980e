"""What a proposal would do is shown month by month as it will be, and nothing beyond what is decided."""

from datetime import date

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.services.previewing import preview_proposal
from lienthong.assistance.services.proposing_changes import ProposeMove, propose_move, propose_recovery
from lienthong.assistance.services.recovering import StartRecovery
from tests.assistance.known import disabled, granted, leader, processor
from tests.assistance.test_changing import OTHER_COMMUNE
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_benefit_that_only_moves_changes_no_month(world: World) -> None:
    row = granted(world, disabled(world))
    command = ProposeMove(
        entitlement_id=row.pk, unit_id=world.agency(OTHER_COMMUNE).unit_id, reason="Chuyển nơi thường trú"
    )

    preview = preview_proposal(
        lambda: propose_move(command, acting_user=processor(world), now=world.now),
        person_id=row.person_id, acting_user=world.officer(Role.LEADER, OTHER_COMMUNE), now=world.now,
    )  # fmt: skip

    (benefit,) = preview.benefits
    assert not preview.changes
    assert all(one.before == one.after for one in benefit.months)
    stored = row.rates.filter(superseded_at=None).order_by("-first_month").first()
    assert stored is not None
    assert stored.end_month is None or benefit.months[-1].last < stored.end_month


def test_what_is_kept_back_is_told_beside_amounts_that_stay(world: World) -> None:
    row = granted(world, disabled(world))
    command = StartRecovery(
        amount=600_000,
        monthly=100_000,
        first_month=date(2026, 12, 1),
        reason="Hưởng thừa tháng 9",
    )

    preview = preview_proposal(
        lambda: propose_recovery(row.pk, command, acting_user=processor(world), now=world.now),
        person_id=row.person_id, acting_user=leader(world), now=world.now,
    )  # fmt: skip

    assert (preview.keeps_back, preview.changes) == (True, False)
    assert "100.000" in preview.words

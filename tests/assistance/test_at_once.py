"""Two people who press at the same moment: one approval counts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement
from lienthong.assistance.services.deciding import DecideProposal, approve_proposal
from lienthong.assistance.services.proposing import propose_grant
from lienthong.assistance.services.refusals import AlreadySettled
from tests.assistance.known import asked, disabled, processor
from tests.world import COMMUNE, World


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_grants_and_the_other_is_told(world: World) -> None:
    proposal = propose_grant(asked(world, disabled(world)), acting_user=processor(world), now=world.now)
    chairs = [world.officer(Role.LEADER, COMMUNE, another=True) for _ in range(2)]

    def approve(chair: User) -> str:
        try:
            approve_proposal(DecideProposal(proposal_id=proposal.pk), acting_user=chair, now=world.now)
        except AlreadySettled:
            return "told"
        finally:
            connection.close()
        return "granted"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(approve, chairs)) == ["granted", "told"]
    assert Entitlement.objects.count() == 1

"""Whoever prepares does not decide, whoever decides does not return: the service says so, and the database refuses it."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lienthong.accounts.models import Mandate, User
from lienthong.accounts.states import Role
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services.deliver import DecidedByTheSame
from lienthong.dossiers.states import DossierState, ReturnWay
from tests.world import World, target


def test_the_row_says_who_prepared_who_decided_and_who_returned(world: World) -> None:
    dossier = world.approve(world.receive())
    command = dossiers.ReturnResult(target=target(dossier), way=ReturnWay.COUNTER, recipient="")
    dossier = dossiers.return_result(command, acting_user=world.officer(Role.RECEIVER), now=world.now)

    assert world.officer(Role.PROCESSOR).pk in dossier.preparer_ids
    assert world.officer(Role.RECEIVER).pk not in dossier.preparer_ids, "handing over from the desk is no preparation"
    assert dossier.decided_by is not None
    assert User.objects.get(pk=dossier.decided_by).mandates.get().role == Role.LEADER
    assert dossier.returned_by == world.officer(Role.RECEIVER).pk


def test_whoever_decided_does_not_hand_the_result_over(world: World) -> None:
    dossier = world.approve(world.receive())
    decider = User.objects.get(pk=dossier.decided_by)
    Mandate.objects.create(
        user=decider, role=Role.RECEIVER, agency=dossier.receiving_agency, valid_from=date(2026, 1, 1)
    )

    command = dossiers.ReturnResult(target=target(dossier), way=ReturnWay.COUNTER, recipient="")
    with pytest.raises(DecidedByTheSame, match="người khác"):
        dossiers.return_result(command, acting_user=decider, now=world.now)

    dossier.refresh_from_db()
    assert dossier.state == DossierState.DECIDED


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("dossier_decided_by_another", lambda dossier: {"decided_by": dossier.preparer_ids[0]}),
        ("dossier_returned_by_another", lambda dossier: {"returned_by": dossier.decided_by}),
    ],
)
def test_the_database_refuses_one_pair_of_eyes(world: World, constraint: str, columns: Any) -> None:
    dossier = world.approve(world.receive())

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Dossier.objects.filter(pk=dossier.pk).update(**columns(dossier))

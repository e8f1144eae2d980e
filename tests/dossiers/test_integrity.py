"""What doctor finds when somebody changes rows behind the back of the log."""

from typing import Any

import pytest

from lienthong.dossiers import integrity
from lienthong.dossiers.models import Dossier, SubmittedItem
from lienthong.dossiers.services import GivenItem
from lienthong.infra.models import Event
from tests.stories import answer, ask, file_online, receive_online
from tests.world import World


@pytest.mark.parametrize(
    "columns",
    [
        {"applicant_name": "Nguyễn Văn Tráo"},
        {"applicant_number": "019190000009"},
        {"answers": {"deceased_name": "Người khác"}},
        {"return_address": "Nhà người khác"},
        {"return_way": "post"},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_a_request_changed_behind_the_log_is_found(world: World, columns: dict[str, Any]) -> None:
    dossier = receive_online(world)
    assert list(integrity.rows_that_differ_from_their_events()) == []

    Dossier.objects.filter(pk=dossier.pk).update(**columns)

    (found,) = integrity.rows_that_differ_from_their_events()
    assert dossier.code and dossier.code in found
    assert "không còn như khi nộp" in found


def test_a_paper_taken_off_the_checklist_is_found(world: World) -> None:
    dossier = world.receive()

    SubmittedItem.objects.filter(dossier=dossier, number=1).update(originals=0, is_given=False)

    assert len(list(integrity.rows_that_differ_from_their_events())) == 1


def test_that_a_paper_does_not_apply_cannot_be_written_in_behind_the_log(world: World) -> None:
    brought = [GivenItem(number=1, originals=1), GivenItem(number=2, copies=1)]
    dossier = world.receive(items=[*brought, GivenItem(number=3, is_not_applicable=True)])
    assert list(integrity.rows_that_differ_from_their_events()) == []

    SubmittedItem.objects.filter(dossier=dossier, number=3).update(is_not_applicable=False)

    assert len(list(integrity.rows_that_differ_from_their_events())) == 1


def test_what_an_applicant_lawfully_changes_is_no_finding(world: World) -> None:
    file_online(world, "Lường Thị Ẻn")
    answer(world, ask(world, world.receive()))

    assert list(integrity.rows_that_differ_from_their_events()) == []


def test_the_log_holds_no_name_of_an_applicant(world: World) -> None:
    receive_online(world, "Lường Thị Ẻn")

    assert not [
        row for row in Event.objects.filter(stream__startswith="dossier:").order_by("id") if "Ẻn" in str(row.payload)
    ]

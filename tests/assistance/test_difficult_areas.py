"""Especially difficult communes and hamlets: two people, the days of the places, never twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import DifficultArea, DifficultAreaDraft
from lienthong.assistance.services import difficult_areas as services
from lienthong.assistance.services.refusals import ReasonMissing
from lienthong.assistance.states import ProposalState
from tests.world import COMMUNE, World

pytestmark = pytest.mark.django_db
HEALTH = "H55.SYT"


@pytest.fixture
def put(world: World) -> Any:
    def prepare(hamlet: str = "Xóm Mỏ", **changes: Any) -> DifficultAreaDraft:
        known = {
            "unit_id": world.agency(COMMUNE).unit_id, "hamlet": hamlet, "reference": "861/QĐ-TTg",
            "valid_from": date(2025, 7, 1),
        }  # fmt: skip
        officer = changes.pop("by", world.officer(Role.PROCESSOR, HEALTH))
        return services.prepare_area(services.PrepareArea(**{**known, **changes}), acting_user=officer, now=world.now)

    return prepare


def test_an_area_holds_when_another_has_approved_it(put: Any, world: World) -> None:
    draft = put()
    assert not DifficultArea.objects.exists()

    area = services.approve_area(draft.pk, acting_user=world.officer(Role.LEADER, HEALTH), now=world.now)

    draft.refresh_from_db()
    assert (area.hamlet, area.reference, area.valid_from) == ("Xóm Mỏ", "861/QĐ-TTg", date(2025, 7, 1))
    assert draft.state == ProposalState.APPROVED


def test_whoever_put_it_down_does_not_approve(put: Any, world: World) -> None:
    leader = world.officer(Role.LEADER, HEALTH)
    draft = put(by=leader)

    with pytest.raises(services.PreparedByDecider, match="người khác"):
        services.approve_area(draft.pk, acting_user=leader, now=world.now)
    services.refuse_area(draft.pk, reason="Lập nhầm xóm", acting_user=leader, now=world.now)
    draft.refresh_from_db()
    assert draft.state == ProposalState.WITHDRAWN


def test_only_the_competent_agency_prepares_and_only_its_heads_approve(put: Any, world: World) -> None:
    for other in (world.officer(Role.LEADER), world.officer(Role.LEADER, "H55.SNV")):
        with pytest.raises(services.NotYourAreas):
            put(by=other)
        with pytest.raises(services.NotYourAreas):
            services.approve_area(put().pk, acting_user=other, now=world.now)


def test_an_area_is_decided_once(put: Any, world: World) -> None:
    draft, leader = put(), world.officer(Role.LEADER, HEALTH)
    services.refuse_area(draft.pk, reason="Không có trong danh sách", acting_user=leader, now=world.now)

    with pytest.raises(services.AlreadyDecided, match="không duyệt"):
        services.approve_area(draft.pk, acting_user=leader, now=world.now)


def test_the_same_place_is_not_recorded_twice_for_one_day(put: Any, world: World) -> None:
    leader = world.officer(Role.LEADER, HEALTH)
    services.approve_area(put().pk, acting_user=leader, now=world.now)

    with pytest.raises(services.AreaOverlaps, match="Xóm Mỏ"):
        services.approve_area(put(valid_from=date(2026, 1, 1)).pk, acting_user=leader, now=world.now)


def test_texts_and_days_must_be_there(put: Any) -> None:
    with pytest.raises(services.AreaRefused, match="văn bản"):
        put(reference=" ")
    with pytest.raises(services.AreaDaysWrong, match="Ngày cuối"):
        put(valid_until=date(2025, 7, 1))
    with pytest.raises(services.AreaDaysWrong, match="không tồn tại"):
        put(valid_from=date(2020, 1, 1))


def test_a_refusal_needs_a_reason(put: Any, world: World) -> None:
    with pytest.raises(ReasonMissing, match="lý do"):
        services.refuse_area(put().pk, reason="x", acting_user=world.officer(Role.LEADER, HEALTH), now=world.now)

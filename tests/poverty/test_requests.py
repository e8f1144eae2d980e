"""Households ask to be reviewed: once for each thing, where they live, until a list takes them up."""

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.poverty.models import ReviewRequest
from lienthong.poverty.services import requests
from lienthong.poverty.services.listing import HouseholdNotHere
from lienthong.poverty.services.requests import RecordRequest, record_request, withdraw_request
from lienthong.poverty.services.stages import NotYourCommune
from lienthong.poverty.states import RequestKind
from tests.factories.people import HouseholdFactory
from tests.world import World

OTHER_COMMUNE = "H55.05500"


@pytest.fixture
def receiver(world: World) -> User:
    return world.officer(Role.RECEIVER)


@pytest.fixture
def asked(world: World) -> RecordRequest:
    household = HouseholdFactory(unit=world.agency("H55.05443").unit)
    return RecordRequest(
        unit_id=household.unit_id,
        household_code=household.code,
        kind=RequestKind.RECOGNIZE,
        received_on=date(2026, 11, 10),
    )


def again(asked: RecordRequest, **changes: Any) -> RecordRequest:
    from dataclasses import replace

    return replace(asked, **changes)


def test_is_written_down_and_told_without_a_name(world: World, receiver: User, asked: RecordRequest) -> None:
    request = record_request(asked, acting_user=receiver, now=world.now)

    assert (request.received_by, request.review_id) == (receiver, None)
    told = Event.objects.get(stream=requests.stream_of(request.pk))
    assert told.payload["household_code"] == asked.household_code


def test_not_twice_while_it_waits(world: World, receiver: User, asked: RecordRequest) -> None:
    record_request(asked, acting_user=receiver, now=world.now)

    with pytest.raises(requests.AskedAlready):
        record_request(asked, acting_user=receiver, now=world.now)
    record_request(again(asked, kind=RequestKind.AVERAGE), acting_user=receiver, now=world.now)


def test_the_same_dossier_is_written_down_once(world: World, receiver: User, asked: RecordRequest) -> None:
    by_dossier = again(asked, dossier_code="H55-2026-000001")

    first = record_request(by_dossier, acting_user=receiver, now=world.now)

    assert record_request(by_dossier, acting_user=receiver, now=world.now) == first
    assert ReviewRequest.objects.count() == 1


def test_not_for_a_household_that_lives_elsewhere(world: World, receiver: User, asked: RecordRequest) -> None:
    elsewhere = HouseholdFactory(unit=world.agency(OTHER_COMMUNE).unit)

    with pytest.raises(HouseholdNotHere):
        record_request(again(asked, household_code=elsewhere.code), acting_user=receiver, now=world.now)


def test_not_ahead_of_its_day_and_not_for_another_commune(world: World, receiver: User, asked: RecordRequest) -> None:
    with pytest.raises(requests.NotReceivedYet):
        record_request(again(asked, received_on=date(2026, 12, 1)), acting_user=receiver, now=world.now)
    with pytest.raises(NotYourCommune):
        record_request(asked, acting_user=world.officer(Role.PROCESSOR, OTHER_COMMUNE), now=world.now)


def test_can_be_withdrawn_and_made_anew(world: World, receiver: User, asked: RecordRequest) -> None:
    request = record_request(asked, acting_user=receiver, now=world.now)
    with pytest.raises(requests.RequestGone):
        withdraw_request(request.pk, acting_user=world.officer(Role.PROCESSOR, OTHER_COMMUNE), now=world.now)

    assert withdraw_request(request.pk, acting_user=receiver, now=world.now).withdrawn_on == world.today

    with pytest.raises(requests.RequestGone):
        withdraw_request(request.pk, acting_user=receiver, now=world.now)
    record_request(asked, acting_user=receiver, now=world.now)

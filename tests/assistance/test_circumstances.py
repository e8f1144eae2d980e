"""Dated facts: what is recorded, by whom, for which days, and what happens when it was wrong."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import Circumstance
from lienthong.assistance.services import circumstances as services
from lienthong.assistance.services.refusals import ReasonMissing
from lienthong.infra.events import KeyAlreadyUsed
from lienthong.infra.models import Event
from lienthong.people.models import Person
from tests.factories.people import PersonFactory
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(world: World) -> Person:
    return PersonFactory(unit=world.agency(COMMUNE).unit)


@pytest.fixture
def put(world: World, person: Person) -> Any:
    def record(name: str = "has_supporter", value: Any = False, **changes: Any) -> Circumstance:
        known = {"valid_from": date(2024, 3, 1), "evidence": "Biên bản xác minh số 12"}
        command = services.RecordCircumstance(person_id=person.pk, name=name, value=value, **{**known, **changes})
        officer = changes.pop("by", None) or world.officer(Role.PROCESSOR)
        return services.record_circumstance(command, acting_user=officer, now=world.now)

    return record


def test_a_fact_is_kept_with_its_days_and_paper(put: Any, world: World, person: Person) -> None:
    row = put(valid_until=date(2028, 7, 1))

    assert (row.name, row.value, row.valid_from, row.valid_until) == (
        "has_supporter", False, date(2024, 3, 1), date(2028, 7, 1),
    )  # fmt: skip
    assert (row.evidence, row.recorded_by) == ("Biên bản xác minh số 12", world.officer(Role.PROCESSOR))
    event = Event.objects.get(stream=services.stream_of(person.pk))
    assert event.name == "CircumstanceRecorded"
    assert "False" not in str(event.payload.values()), "the log says that something was recorded, not what"


def test_children_are_kept_as_plain_values(put: Any) -> None:
    row = put("children", [{"birth_date": "12/03/2020", "is_studying": True}, {"birth_date": "2023"}])

    assert row.value == [{"birth_date": "2020-03-12", "is_studying": True}, {"birth_date": "2023"}]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("father", "asleep", "không có mã"),
        ("pension", -5, "số âm"),
        ("has_hiv", "", "Chưa trả lời"),
        ("children", [{"birth_date": "31/02/2020"}], "31/02/2020"),
    ],
)
def test_what_is_no_answer_is_refused_in_words(put: Any, name: str, value: Any, words: str) -> None:
    with pytest.raises(services.ValueRefused, match=words):
        put(name, value)
    assert not Circumstance.objects.exists()


def test_a_man_is_not_pregnant(world: World, put: Any, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(sex="male")

    with pytest.raises(services.ValueRefused, match="giới tính"):
        put("is_pregnant", True)


@pytest.mark.parametrize("name", ["birth_date", "sex", "nonsense", "merit.claims"])
def test_what_another_register_holds_is_not_recorded_here(put: Any, name: str) -> None:
    with pytest.raises(services.FactNotRecordedHere, match="dữ liệu dân cư"):
        put(name, "x")


def test_a_degree_of_disability_needs_its_certificate(put: Any) -> None:
    with pytest.raises(services.ValueRefused, match="giấy xác nhận"):
        put("disability", "severe")
    assert put("disability", "none").value == "none"


def test_what_the_rules_of_merit_ask_is_recorded_too(put: Any, world: World) -> None:
    assert put("merit.is_lonely", True).value is True
    with pytest.raises(services.ValueRefused, match="đang theo học"):
        put("merit.school", "kitchen")


def test_overlapping_days_are_refused_and_the_sentence_says_since_when(put: Any) -> None:
    put()

    with pytest.raises(services.SpanOverlaps, match="01/03/2024"):
        put(value=True, valid_from=date(2025, 1, 1))


def test_the_one_before_may_end_where_the_new_one_begins(put: Any) -> None:
    before = put()

    after = put(value=True, valid_from=date(2025, 1, 1), ends_earlier=True)

    before.refresh_from_db()
    assert (before.valid_until, after.valid_until) == (date(2025, 1, 1), None)


def test_the_days_must_be_possible(put: Any, world: World) -> None:
    with pytest.raises(services.SpanRefused, match="chưa đến"):
        put(valid_from=date(2026, 12, 1))
    with pytest.raises(services.SpanRefused, match="Ngày cuối"):
        put(valid_until=date(2024, 3, 1))


def test_a_fact_without_a_paper_is_refused(put: Any) -> None:
    with pytest.raises(services.EvidenceMissing, match="giấy tờ"):
        put(evidence="  ")


def test_only_the_commune_of_the_person_records(world: World, person: Person, put: Any) -> None:
    command = services.RecordCircumstance(
        person_id=person.pk, name="has_hiv", value=False, valid_from=date(2024, 3, 1), evidence="Giấy xét nghiệm"
    )
    for officer in (world.officer(Role.PROCESSOR, ANOTHER_COMMUNE), world.officer(Role.RECEIVER)):
        with pytest.raises(services.NotYourPerson, match=person.full_name):
            services.record_circumstance(command, acting_user=officer, now=world.now)


def test_of_somebody_who_lives_nowhere_nothing_is_recorded(world: World, person: Person, put: Any) -> None:
    Person.objects.filter(pk=person.pk).update(unit=None)

    with pytest.raises(services.NotYourPerson, match="nơi cư trú"):
        put()


def test_what_was_wrong_is_withdrawn_and_followed_never_edited(world: World, person: Person, put: Any) -> None:
    wrong = put()
    command = services.CorrectCircumstance(
        circumstance_id=wrong.pk, value=True, valid_from=date(2024, 2, 1), evidence="Biên bản số 13",
        reason="Ghi nhầm người con ở xa",
    )  # fmt: skip

    right = services.correct_circumstance(command, acting_user=world.officer(Role.PROCESSOR), now=world.now)

    wrong.refresh_from_db()
    assert wrong.value is False
    assert wrong.withdrawn_at == world.now
    assert (right.value, right.withdrawn_at) == (True, None)
    told = (
        Event.objects.filter(stream=services.stream_of(person.pk)).order_by("sequence").values_list("name", flat=True)
    )
    assert list(told) == ["CircumstanceRecorded", "CircumstanceWithdrawn", "CircumstanceRecorded"]


def test_a_correction_that_fails_leaves_what_was_there(world: World, put: Any) -> None:
    row = put()
    command = services.CorrectCircumstance(
        circumstance_id=row.pk, value=True, valid_from=date(2027, 1, 1), evidence="x", reason="ghi nhầm năm"
    )

    with pytest.raises(services.SpanRefused):
        services.correct_circumstance(command, acting_user=world.officer(Role.PROCESSOR), now=world.now)

    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_a_fact_ends(world: World, put: Any) -> None:
    row = put()

    services.end_circumstance(
        row.pk, ends_on=date(2026, 5, 1), acting_user=world.officer(Role.PROCESSOR), now=world.now
    )

    row.refresh_from_db()
    assert row.valid_until == date(2026, 5, 1)
    with pytest.raises(services.SpanRefused):
        services.end_circumstance(
            row.pk, ends_on=date(2026, 8, 1), acting_user=world.officer(Role.PROCESSOR), now=world.now
        )


def test_a_withdrawal_needs_a_reason_and_is_done_once(world: World, put: Any) -> None:
    row, officer = put(), world.officer(Role.PROCESSOR)

    with pytest.raises(ReasonMissing, match="lý do"):
        services.withdraw_circumstance(row.pk, reason="x", acting_user=officer, now=world.now)
    services.withdraw_circumstance(row.pk, reason="Nhầm người", acting_user=officer, now=world.now)
    with pytest.raises(services.CircumstanceUnknown):
        services.withdraw_circumstance(row.pk, reason="Nhầm người", acting_user=officer, now=world.now)


def test_a_form_sent_twice_records_once(put: Any) -> None:
    key = uuid4()
    put(client_key=key)

    with pytest.raises((KeyAlreadyUsed, services.SpanOverlaps)):
        put(client_key=key)
    assert Circumstance.objects.count() == 1

"""Lasting conditions are facts with days and papers."""

from datetime import date, timedelta

import pytest

from lienthong.infra.models import Event
from lienthong.people import services as people
from lienthong.people.models import Condition, Person
from lienthong.people.services import EndCondition, RecordCondition
from lienthong.people.services.condition import ConditionAlreadyRecorded, ConditionUnknown, LevelUnknown
from lienthong.people.services.refusals import DayInTheFuture, EndsBeforeItBegins
from lienthong.people.states import ConditionKind, DisabilityLevel
from tests.factories.people import PersonFactory
from tests.people.conftest import NOW, OFFICER, TODAY

pytestmark = pytest.mark.django_db

ASSESSED_ON = date(2024, 6, 1)


def record(person: Person, level: str = DisabilityLevel.SEVERE, **told: object) -> Condition:
    told = {"kind": ConditionKind.DISABILITY, "valid_from": ASSESSED_ON, "level": level} | told
    command = RecordCondition(person_id=person.pk, **told)  # type: ignore[arg-type]
    return people.record_condition(command, acting_user_id=OFFICER, now=NOW)


def test_records_a_degree_with_its_paper_once() -> None:
    person = PersonFactory()

    assert record(person, evidence="Giấy xác nhận 12/2024") == record(person, evidence="Giấy xác nhận 12/2024")
    assert Event.objects.get().payload["level"] == "severe"


def test_a_new_degree_ends_the_one_before() -> None:
    person = PersonFactory()
    first = record(person)

    record(person, DisabilityLevel.EXTREMELY_SEVERE, valid_from=date(2026, 1, 1))

    assert Condition.objects.get(pk=first.pk).valid_until == date(2026, 1, 1)
    assert person.conditions.valid_on(TODAY).get().level == "extremely_severe"


def test_different_conditions_hold_beside_each_other() -> None:
    person = PersonFactory()
    record(person)
    record(person, "", kind=ConditionKind.ORPHAN)

    assert person.conditions.valid_on(TODAY).count() == 2


def test_refuses_what_the_law_or_the_calendar_does_not_know() -> None:
    person = PersonFactory()
    record(person, valid_from=date(2024, 6, 1), valid_until=date(2025, 6, 1))

    with pytest.raises(LevelUnknown, match="đặc biệt nặng, nặng, nhẹ"):
        record(person, "rất nặng")
    with pytest.raises(ConditionAlreadyRecorded, match="khuyết tật đã được ghi"):
        record(person, valid_from=date(2025, 5, 1))
    with pytest.raises(DayInTheFuture):
        record(person, valid_from=TODAY + timedelta(days=1))
    with pytest.raises(EndsBeforeItBegins):
        record(person, valid_from=TODAY, valid_until=TODAY)


def test_ends_a_condition_once() -> None:
    person = PersonFactory()
    record(person)
    end = EndCondition(person_id=person.pk, kind=ConditionKind.DISABILITY, on=TODAY)

    with pytest.raises(EndsBeforeItBegins):
        people.end_condition(
            EndCondition(person_id=person.pk, kind=ConditionKind.DISABILITY, on=ASSESSED_ON),
            acting_user_id=OFFICER,
            now=NOW,
        )
    assert people.end_condition(end, acting_user_id=OFFICER, now=NOW).valid_until == TODAY
    with pytest.raises(ConditionUnknown):
        people.end_condition(end, acting_user_id=OFFICER, now=NOW)

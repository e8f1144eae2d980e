"""What others may ask for because somebody died is offered once: to relatives of people with merit, and whoever arranged the funeral."""

from datetime import date
from typing import Any

import pytest

from lienthong.assistance.merit_table import DIED
from lienthong.assistance.models import DeathGrant, Finding
from lienthong.assistance.services.finding_acts import draft_dossier, propose_from
from lienthong.assistance.services.finding_dossiers import NoDossier, beginning_of
from lienthong.assistance.services.findings import review_at_once
from lienthong.assistance.services.following import follow_death
from lienthong.assistance.states import DeathGrantPart
from lienthong.people.models import Person
from tests.assistance.known import known, processor
from tests.factories.assistance import EntitlementFactory, EntitlementRateFactory, MeritClaimFactory
from tests.factories.people import HouseholdMembershipFactory, PersonFactory
from tests.world import COMMUNE, World

NUMBER, DIED_ON = "019050000111", date(2026, 11, 4)


def receives(person: Person, *, amount: int, lines: tuple[str, ...] = (), **changes: Any) -> None:
    row = EntitlementFactory(person=person, unit=person.unit, first_month=date(2026, 8, 1), **changes)
    basis = {"category": "", "lines": [{"code": code} for code in lines]}
    EntitlementRateFactory(entitlement=row, amount=amount, basis=basis)


def offered(world: World, person: Person) -> list[Finding]:
    person.died_on = DIED_ON
    person.save()
    for _twice in range(2):
        follow_death(person.pk, now=world.now)
    return list(Finding.objects.filter(person=person).order_by("pk"))


def war_invalid(world: World) -> Person:
    person = known(world, born=date(1940, 3, 1), number=NUMBER)
    MeritClaimFactory(person=person)
    receives(person, amount=4_000_000, programme="merit", benefit="monthly")
    return person


def test_the_relatives_of_a_war_invalid_are_offered_what_the_death_brings(world: World) -> None:
    (finding,) = offered(world, war_invalid(world))

    assert (finding.programme, finding.benefit, finding.kind) == ("merit", "at_death", "not_receiving")
    assert finding.amount is not None
    assert finding.amount > 0
    assert not finding.is_certain
    assert any("đứng ra tổ chức mai táng" in one for one in finding.missing)
    with pytest.raises(NoDossier, match="hồ sơ của thân nhân"):
        propose_from(finding.pk, acting_user=processor(world), now=world.now)
    review_at_once(now=world.now)
    finding.refresh_from_db()
    assert finding.state == "open", "a review looks for no such thing"
    draft = draft_dossier(finding.pk, acting_user=processor(world), now=world.now)
    assert draft.procedure_code == DIED
    assert draft.answers == {"deceased_number": NUMBER, "died_on": "2026-11-04", "asks": "once"}
    assert draft.applicant_name == ""


def test_what_was_granted_for_the_death_is_offered_no_more(world: World) -> None:
    person = war_invalid(world)
    (finding,) = offered(world, person)
    known(world, born=date(1955, 3, 1), number="019085001234")
    answers = {
        "deceased_number": NUMBER, "died_on": "2026-11-04", "asks": "once", "person_number": "", "arranged_funeral": "yes",
        "other_support": "0",
    }  # fmt: skip

    world.approve(world.receive(DIED, answers=answers, unit_id=world.agency(COMMUNE).unit_id))

    finding.refresh_from_db()
    assert finding.state == "settled"
    assert offered(world, person) == [finding]


def ask_once(world: World, *, arranged: str) -> None:
    answers = {
        "deceased_number": NUMBER, "died_on": "2026-11-04", "asks": "once", "person_number": "", "arranged_funeral": arranged,
        "other_support": "0",
    }  # fmt: skip
    world.approve(world.receive(DIED, answers=answers, unit_id=world.agency(COMMUNE).unit_id))


@pytest.mark.parametrize("is_recorded_first", [True, False])
def test_the_funeral_is_still_offered_when_only_the_relatives_were_granted_theirs(
    world: World, is_recorded_first: bool
) -> None:
    person = war_invalid(world)
    before = offered(world, person) if is_recorded_first else []
    known(world, born=date(1955, 3, 1), number="019085001234")

    ask_once(world, arranged="no")

    assert DeathGrant.objects.get().part == DeathGrantPart.RELATIVES
    person.refresh_from_db()
    *settled, left = offered(world, person)
    assert [one.pk for one in settled] == [one.pk for one in before]
    assert all(one.state == "settled" for one in settled)
    assert (left.state, left.amount) == ("open", None)
    assert "còn trợ cấp mai táng" in left.reasons[0]
    assert not any("đối với thân nhân khi" in one for one in left.reasons)
    assert any("đứng ra tổ chức mai táng" in one for one in left.missing)

    ask_once(world, arranged="yes")

    left.refresh_from_db()
    assert left.state == "settled"
    assert set(DeathGrant.objects.values_list("part", flat=True)) == {DeathGrantPart.RELATIVES, DeathGrantPart.FUNERAL}
    assert len(offered(world, person)) == len(before) + 1


def test_the_relatives_are_still_offered_theirs_when_only_the_funeral_was_granted(world: World) -> None:
    person = war_invalid(world)
    DeathGrant.objects.create(
        dossier_code="H55.2026.1", deceased=person, died_on=DIED_ON, payee=PersonFactory(), unit=person.unit,
        part=DeathGrantPart.FUNERAL, amount=23_400_000, lines=[], reasons=[], granted_at=world.now, granted_by=1,
    )  # fmt: skip

    (left,) = offered(world, person)

    assert left.amount and left.is_certain
    assert "còn trợ cấp một lần đối với thân nhân" in left.reasons[0]
    assert not any("mai táng (" in one for one in left.reasons)


@pytest.mark.parametrize(("relation", "count"), [("child", 1), ("other", 0)])
def test_the_funeral_of_the_child_of_a_poor_single_parent_is_offered(world: World, relation: str, count: int) -> None:
    mother, child = known(world), known(world, born=date(2015, 1, 1))
    receives(mother, amount=540_000, lines=("single_parent",))
    household = HouseholdMembershipFactory(person=mother).household
    HouseholdMembershipFactory(person=child, household=household, relation=relation)

    found = offered(world, child)

    assert len(found) == count
    for finding in found:
        assert (finding.benefit, finding.ground, finding.unit_id) == ("funeral", "child", child.unit_id)
        assert any("con của người đơn thân nghèo" in one for one in finding.reasons)
        begun = beginning_of(finding, world.today)
        assert (begun.code, begun.answers) == ("1.001731", {"circumstance": "child"})


@pytest.mark.parametrize(
    ("born", "facts", "asked"),
    [
        (date(1946, 11, 4), {"pension": 3_000_000}, [True]),
        (date(1946, 11, 4), {"other_benefit": 1_000_000}, [False]),
        (date(1946, 11, 5), {"pension": 3_000_000}, []),
        (date(1946, 11, 4), {}, []),
    ],
)
def test_the_funeral_of_the_old_with_another_benefit_is_offered(
    world: World, born: date, facts: dict[str, int], asked: list[bool]
) -> None:
    found = offered(world, known(world, born=born, facts=facts, number=NUMBER))

    assert [any("trợ cấp tuất" in one for one in finding.missing) for finding in found] == asked
    for finding in found:
        draft = draft_dossier(finding.pk, acting_user=processor(world), now=world.now)
        assert (draft.procedure_code, draft.answers["circumstance"]) == ("1.001731", "survivor")
        assert draft.answers["deceased_birth"] == born.isoformat()


def test_the_funeral_of_whoever_had_asked_for_the_pension_is_offered(world: World) -> None:
    person = known(world, born=date(1948, 3, 2), number=NUMBER)
    answers = {"request": "grant", "person_number": NUMBER}
    world.receive("1.014027", desk=COMMUNE, answers=answers, unit_id=world.agency(COMMUNE).unit_id)

    (finding,) = offered(world, person)

    begun = beginning_of(finding, world.today)
    assert (begun.code, begun.answers) == ("1.014028", {"circumstance": "requested"})
    assert any("đủ điều kiện hưởng trợ cấp hưu trí xã hội" in one for one in finding.missing)

"""Nobody with merit is left out: what is due each month, each year and once, and the dossier that begins from it."""

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement, Finding, LeftOutReview
from lienthong.assistance.queries.left_out import left_out
from lienthong.assistance.queries.left_out_reasons import PAID_ELSEWHERE, Found, explained
from lienthong.assistance.services import finding_acts, findings
from lienthong.assistance.services.finding_dossiers import NoDossier, begins_with_dossier
from lienthong.assistance.services.refusals import NotYours
from lienthong.assistance.states import Benefit, FindingKind, FindingState, Programme
from lienthong.people.models import Person
from tests.assistance.known import processor
from tests.factories.assistance import (
    CircumstanceFactory,
    EntitlementFactory,
    EntitlementRateFactory,
    MeritClaimFactory,
)
from tests.factories.people import PersonFactory
from tests.world import COMMUNE, World

WORSHIP = {"category": "worshipper_of_martyr", "origin": "Hoàng Văn Liệt", "number_of_martyrs": 2, "martyr_has_recipient": False}  # fmt: skip
RESISTANCE = {"category": "resistance_participant", "resistance_months": 24}
NUMBER = "019150004321"


def claimant(world: World, data: dict[str, Any], **person: Any) -> Person:
    found = PersonFactory(birth_on=date(1950, 2, 1), lives_in=world.agency(COMMUNE).unit, number=NUMBER, **person)
    MeritClaimFactory(person=found, category=data["category"], relation=data.get("relation", ""), data=data)
    return found


def found_of(world: World, person: Person) -> list[Found]:
    merit = [one for one in left_out(world.today).chosen if one.programme is Programme.MERIT]
    told = explained(left_out(world.today), merit)
    return [one for one in told if one.person_id == person.pk]


def receives(person: Person, benefit: str, amount: int, *, claim: int | None = None, **changes: Any) -> Entitlement:
    row = EntitlementFactory(person=person, unit=person.unit, programme=Programme.MERIT, benefit=benefit, **changes)
    lines = [{"code": "resistance_participant", "claim": claim, "amount": amount, "words": "Trợ cấp", "reference": ""}]
    EntitlementRateFactory(entitlement=row, amount=amount, basis={"category": "", "lines": lines})
    return row


def test_who_worships_martyrs_and_receives_nothing_is_found_with_the_sum_of_a_year(world: World) -> None:
    (finding,) = found_of(world, claimant(world, WORSHIP))
    assert (finding.kind, finding.benefit, finding.amount) == (FindingKind.NOT_RECEIVING, Benefit.YEARLY, 2_800_000)
    assert finding.is_certain
    assert any("Trợ cấp thờ cúng 2 liệt sĩ" in sentence for sentence in finding.reasons)


@pytest.mark.parametrize(("amount", "kind"), [(2_800_000, None), (1_400_000, FindingKind.AMOUNT_DIFFERS)])
def test_the_next_yearly_payment_is_compared_whatever_month_it_is(
    world: World, amount: int, kind: FindingKind | None
) -> None:
    person = claimant(world, WORSHIP)
    row = EntitlementFactory(
        person=person, unit=person.unit, programme=Programme.MERIT, benefit=Benefit.YEARLY, first_month=date(2026, 8, 1)
    )
    for first, end, sum_ in (((2026, 8), (2026, 9), amount), ((2026, 9), (2027, 1), 0), ((2027, 1), (2027, 2), amount)):
        EntitlementRateFactory(
            entitlement=row, first_month=date(*first, 1), end_month=date(*end, 1), amount=sum_, basis={"lines": []}
        )
    found = found_of(world, person)
    assert [one.kind for one in found] == ([kind] if kind else [])
    if kind:
        assert (found[0].amount, found[0].paid) == (2_800_000, amount)
        assert found[0].reasons[0].startswith("Kỳ trả hằng năm tháng 01/2027")


def test_a_yearly_sum_that_is_no_longer_due_is_found(world: World) -> None:
    person = claimant(world, {**WORSHIP, "martyr_has_recipient": True})
    receives(person, Benefit.YEARLY, 1_400_000)
    (finding,) = found_of(world, person)
    assert (finding.kind, finding.amount, finding.paid) == (FindingKind.NO_LONGER, 0, 1_400_000)


def test_what_is_paid_once_and_was_not_is_asked_about(world: World) -> None:
    (finding,) = found_of(world, claimant(world, RESISTANCE))
    assert (finding.kind, finding.benefit, finding.is_certain) == (FindingKind.NOT_RECEIVING, Benefit.ONE_OFF, False)
    assert finding.missing == (PAID_ELSEWHERE,)
    assert finding.amount > 0


@pytest.mark.parametrize("is_by_claim", [True, False])
def test_what_was_paid_once_is_not_found_again(world: World, is_by_claim: bool) -> None:
    person = claimant(world, RESISTANCE)
    claim = person.merit_claims.get().pk if is_by_claim else None
    receives(
        person, Benefit.ONE_OFF, 3_000_000, claim=claim, state="ended", last_month=date(2026, 8, 1),
        first_month=date(2026, 8, 1),
    )  # fmt: skip
    assert found_of(world, person) == []


def test_of_two_sums_the_one_that_was_not_paid_is_found(world: World) -> None:
    person = claimant(world, RESISTANCE)
    first = person.merit_claims.get()
    MeritClaimFactory(
        person=person, category="martyr_death_notice", data={"category": "martyr_death_notice", "origin": "Hoàng Văn A"}
    )
    receives(
        person, Benefit.ONE_OFF, 3_000_000, claim=first.pk, state="ended", last_month=date(2026, 8, 1),
        first_month=date(2026, 8, 1),
    )  # fmt: skip
    (finding,) = found_of(world, person)
    assert sum("báo tử" in sentence and "₫" in sentence for sentence in finding.reasons) == 1
    assert not any("thâm niên" in sentence and "₫" in sentence for sentence in finding.reasons[:3])


def reviewed(world: World, person: Person) -> Finding:
    findings.make_review(LeftOutReview.objects.create(on=world.today, asked_at=world.now).pk)
    return Finding.objects.get(person=person, programme=Programme.MERIT)


@pytest.mark.parametrize(
    ("data", "facts", "code", "answers"),
    [
        (WORSHIP, {}, "1.010803", {"origin": "Hoàng Văn Liệt", "number_of_martyrs": "2", "martyr_has_recipient": "no"}),
        (RESISTANCE, {}, "1.010819", {"case": "resistance_participant", "resistance_months": "24"}),
        ({"category": "hero"}, {}, "1.010805", {"case": "hero"}),
        ({"category": "affected_child", "origin": "Ma Văn Cha", "rate": 70}, {}, "1.010817", {"origin": "Ma Văn Cha", "rate": "70"}),
        ({"category": "relative_of_martyr", "relation": "spouse", "number_of_martyrs": 1, "origin": "LS 12"}, {"is_lonely": False},
         "1.010801", {"case": "relative", "relation": "spouse", "number_of_martyrs": "1", "origin": "LS 12"}),
        ({"category": "relative_of_sick_soldier", "relation": "parent", "rate": 71, "has_died": True}, {"is_lonely": False},
         "1.010824", {"asks": "survivor", "relation": "parent"}),
        ({"category": "relative_of_hero", "relation": "child"}, {"school": "preschool"}, "1.010821", {"case": "held"}),
    ],
)  # fmt: skip
def test_a_dossier_begins_in_the_procedure_of_the_ground(
    world: World, data: dict[str, Any], facts: dict[str, Any], code: str, answers: dict[str, str]
) -> None:
    person = claimant(world, data)
    for name, value in facts.items():
        CircumstanceFactory(person=person, name=f"merit.{name}", value=value)
    row = reviewed(world, person)
    assert begins_with_dossier(row, world.today)

    draft = finding_acts.draft_dossier(row.pk, acting_user=processor(world), now=world.now)

    assert (draft.procedure_code, draft.person_id, draft.unit_id) == (code, person.pk, person.unit_id)
    assert {name: draft.answers.get(name) for name in answers} == answers
    assert (draft.answers["person_number"], draft.answers.get("deceased_number")) == (NUMBER, None)
    row.refresh_from_db()
    assert (row.state, row.draft_id) == (FindingState.DRAFTED, draft.pk)


def test_a_drafted_dossier_pays_what_was_left_out_without_recognising_it_twice(world: World) -> None:
    person = claimant(world, {"category": "hero"})
    row = reviewed(world, person)
    draft = finding_acts.draft_dossier(row.pk, acting_user=processor(world), now=world.now)
    dossier = world.receive(draft.procedure_code, answers=draft.answers, unit_id=draft.unit_id)

    world.approve(dossier)

    assert person.merit_claims.count() == 1
    paid = Entitlement.objects.get(person=person)
    assert (paid.benefit, paid.dossier_code, paid.first_month) == (Benefit.MONTHLY, dossier.code, date(2021, 8, 1))


def test_a_sick_soldier_alone_is_proposed_and_has_no_procedure_of_the_desk(world: World) -> None:
    person = claimant(world, {"category": "sick_soldier", "rate": 61})
    row = reviewed(world, person)
    assert not begins_with_dossier(row, world.today)
    with pytest.raises(NoDossier, match="Không có thủ tục nào"):
        finding_acts.draft_dossier(row.pk, acting_user=processor(world), now=world.now)


def test_who_works_on_social_protection_alone_drafts_nothing_of_merit(world: World) -> None:
    row = reviewed(world, claimant(world, {"category": "hero"}))
    officer = world.officer(Role.PROCESSOR, fields=["social-protection"])
    with pytest.raises(NotYours):
        finding_acts.draft_dossier(row.pk, acting_user=officer, now=world.now)

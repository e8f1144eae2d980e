"""A merger in the middle of a year: the commune that takes over sees, proposes, decides; what was divided waits for somebody who knows."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from lienthong.accounts.states import Role
from lienthong.assistance import policies
from lienthong.assistance.models import Entitlement, Finding
from lienthong.assistance.queries import beneficiaries, findings
from lienthong.assistance.queries.facts import facts_of, facts_of_many, history_of
from lienthong.assistance.queries.proposals import get_proposal, waiting_for
from lienthong.assistance.queries.register_columns import register_on
from lienthong.assistance.services import finding_acts
from lienthong.assistance.services.divided_places import note_divided_places
from lienthong.assistance.services.findings import review_at_once
from lienthong.assistance.services.proposing import propose_grant
from lienthong.assistance.services.proposing_changes import ProposeSuspension, propose_suspension
from lienthong.assistance.services.refusals import NotYours
from lienthong.assistance.states import FindingKind, FindingState, Programme
from lienthong.people.models import Person, Residence
from lienthong.rules.social_assistance.columns import facts_at
from lienthong.rules.social_assistance.facts import FIELDS
from lienthong.units.models import AdministrativeUnit
from tests.assistance.known import approved, asked, disabled, granted, processor
from tests.assistance.register_folk import settle
from tests.factories.assistance import DifficultAreaFactory, EntitlementFactory, EntitlementRateFactory
from tests.factories.people import PersonFactory
from tests.factories.units import AdministrativeUnitFactory
from tests.mergers import HEIR, divide, merge
from tests.screens import enter
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, World, at

pytestmark = pytest.mark.django_db
D, BEFORE = date(2026, 12, 1), date(2026, 11, 30)


def merged(world: World) -> AdministrativeUnit:
    heir = merge(world.agency(COMMUNE).unit, world.agency(ANOTHER_COMMUNE).unit, on=D)
    world.now = at("2026-12-10 09:00")
    return heir


class TestWhoAnswers:
    def test_the_officer_of_the_new_commune_sees_and_proposes_for_who_was_paid_by_the_old_one(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row = granted(world, disabled(world))
        old = row.unit_id
        heir = merged(world)
        officer, stranger = world.officer(Role.PROCESSOR, HEIR), world.officer(Role.PROCESSOR, "H55.05500")

        asked_for = beneficiaries.BeneficiaryFilter(commune=str(heir.pk))
        shown = beneficiaries.beneficiaries(officer, asked_for, month=D, on=world.today)
        assert [one.pk for one in shown] == [row.pk]
        nothing = beneficiaries.beneficiaries(stranger, beneficiaries.BeneficiaryFilter(), month=D, on=world.today)
        assert list(nothing) == []
        monkeypatch.setattr(timezone, "now", lambda: world.now)
        page = enter(officer).open("/office/assistance/")
        assert f"Xã Hợp Nhất (trước là {row.unit.name})" in page.words
        command = ProposeSuspension(entitlement_id=row.pk, refuses_review_on=world.today)
        with pytest.raises(NotYours):
            propose_suspension(command, acting_user=stranger, now=world.now)
        proposal = propose_suspension(command, acting_user=officer, now=world.now)

        approved(world, proposal, by=world.officer(Role.LEADER, HEIR))
        row.refresh_from_db()
        assert (row.state, row.unit_id) == ("suspended", old)

    def test_what_was_proposed_before_is_decided_after(self, world: World) -> None:
        proposal = propose_grant(asked(world, disabled(world)), acting_user=processor(world), now=world.now)
        merged(world)
        leader = world.officer(Role.LEADER, HEIR)

        assert waiting_for(leader, on=world.today) == 1
        assert get_proposal(proposal.pk, as_=leader, on=world.today) == proposal
        assert waiting_for(world.officer(Role.LEADER, "H55.05500"), on=world.today) == 0
        approved(world, proposal, by=leader)
        assert Entitlement.objects.get().person_id == proposal.person_id

    def test_an_open_finding_is_worked_on_by_the_new_commune(self, world: World) -> None:
        disabled(world)
        review_at_once(now=world.now)
        finding = Finding.objects.get()
        merged(world)
        officer = world.officer(Role.PROCESSOR, HEIR)

        assert findings.findings_to_work_on(officer, on=world.today) == 1
        assert finding_acts.propose_from(finding.pk, acting_user=officer, now=world.now).person_id == finding.person_id
        draft_of = world.officer(Role.PROCESSOR, "H55.05500")
        assert findings.findings_to_work_on(draft_of, on=world.today) == 0

    def test_the_next_review_names_the_new_commune(self, world: World) -> None:
        disabled(world)
        review_at_once(now=world.now)
        heir = merged(world)

        review_at_once(now=world.now, unit_id=heir.pk)

        finding = Finding.objects.get()
        assert (finding.unit_id, finding.state) == (heir.pk, FindingState.OPEN)

    def test_before_the_day_the_old_commune_answers_alone(self, world: World) -> None:
        row = granted(world, disabled(world))
        heir = merge(row.unit, on=D)

        assert policies.proposes(processor(world), row.unit_id, on=BEFORE, programme=Programme.SOCIAL)
        assert not policies.proposes(processor(world), heir.pk, on=BEFORE, programme=Programme.SOCIAL)

    def test_the_merger_of_july_2025_holds(self, world: World) -> None:
        old = AdministrativeUnit.objects.filter(
            valid_until=date(2025, 7, 1), edges_out__successor=world.agency(COMMUNE).unit
        )
        whole = next(one for one in old.order_by("code") if one.edges_out.count() == 1)
        EntitlementRateFactory(entitlement=EntitlementFactory(unit=whole))

        seen = Entitlement.objects.filter(policies.visible_to(processor(world), on=world.today))

        assert seen.count() == 1


class TestDifficultAreas:
    def test_a_decree_on_the_old_commune_holds_until_the_day_and_says_nothing_of_the_new_one(self) -> None:
        old, other = AdministrativeUnitFactory(), AdministrativeUnitFactory()
        person, away = PersonFactory(lives_in=old), PersonFactory(lives_in=other)
        DifficultAreaFactory(unit=old)
        heir = merge(old, on=D)

        assert history_of(person.pk).facts_on(BEFORE).lives_in_difficult_area is True
        assert facts_of(person.pk, D).lives_in_difficult_area is None, "no list of the new map is there"
        DifficultAreaFactory()
        assert facts_of(person.pk, D).lives_in_difficult_area is None, "nobody decided on the new commune yet"
        assert facts_of(away.pk, D).lives_in_difficult_area is False
        area = DifficultAreaFactory(unit=heir, valid_from=D)
        history = history_of(person.pk)
        assert history.facts_on(D).lives_in_difficult_area is True
        assert history.known_on(D).sources["lives_in_difficult_area"].record == f"area:{area.pk}"
        assert history.facts_on(BEFORE).lives_in_difficult_area is True

    def test_a_decree_that_ended_with_the_old_commune_leaves_it_not_difficult(self) -> None:
        old = AdministrativeUnitFactory()
        person = PersonFactory(lives_in=old)
        DifficultAreaFactory(unit=old, valid_until=D)
        DifficultAreaFactory()
        merge(old, on=D)

        assert facts_of(person.pk, BEFORE).lives_in_difficult_area is True
        assert facts_of(person.pk, D).lives_in_difficult_area is False

    def test_of_a_commune_that_was_divided_nobody_knows(self) -> None:
        old = AdministrativeUnitFactory()
        person = PersonFactory(lives_in=old)
        first, _second = divide(old, on=D)
        DifficultAreaFactory(unit=first, valid_from=D)

        assert facts_of(person.pk, D).lives_in_difficult_area is None

    @pytest.mark.parametrize("on", [BEFORE, D, date(2027, 3, 1)])
    @pytest.mark.parametrize("seed", [11, 12, 13])
    def test_everybody_is_known_in_columns_as_one_by_one(self, seed: int, on: date) -> None:
        places = [AdministrativeUnitFactory() for _ in range(4)]
        people = settle(80, seed, units=places)
        DifficultAreaFactory(unit=places[1])
        DifficultAreaFactory(unit=places[2], hamlet="Xóm 2")
        heir = merge(places[0], places[1], on=D, code="99009")
        if seed != 11:
            DifficultAreaFactory(unit=heir, hamlet="Xóm Nà Mạ", valid_from=D)
        divide(places[2], on=date(2027, 1, 1))

        register = register_on(on)
        columns = {person: facts_at(register.persons, row) for row, person in enumerate(register.person.tolist())}
        alone = facts_of_many([one.pk for one in people], on)

        assert [
            (pk, name, getattr(columns[pk], name), getattr(alone[pk], name))
            for pk in alone
            for name in FIELDS
            if getattr(columns[pk], name) != getattr(alone[pk], name)
        ] == []
        if on >= D:
            assert not set(register.unit.tolist()) & {places[0].pk, places[1].pk}

    def test_what_a_person_lives_in_is_asked_once_for_all_and_only_where_a_place_has_ended(
        self, django_assert_max_num_queries: object
    ) -> None:
        old = AdministrativeUnitFactory()
        people = [PersonFactory(lives_in=old).pk for _ in range(5)]
        merge(old, on=D)

        with django_assert_max_num_queries(11):  # type: ignore[operator]
            facts_of_many(people, D)


class TestACommuneThatWasDivided:
    def test_the_commune_where_the_person_lives_now_proposes_to_pay(self, world: World) -> None:
        row = granted(world, disabled(world))
        east, _west = divide(row.unit, on=D)
        world.now = at("2026-12-10 09:00")
        Person.objects.filter(pk=row.person_id).update(unit=east)
        Residence.objects.filter(person=row.person_id).update(valid_until=D)
        Residence.objects.create(person_id=row.person_id, unit=east, kind="permanent", valid_from=D)

        assert note_divided_places(now=world.now) == 1
        assert note_divided_places(now=world.now) == 0
        finding = Finding.objects.get()
        assert (finding.kind, finding.unit_id, finding.is_certain) == (FindingKind.PLACE_DIVIDED, east.pk, True)
        assert "Xã Phía Tây" in finding.reasons[0]
        officer = world.officer(Role.PROCESSOR, HEIR)
        proposal = finding_acts.propose_from(finding.pk, acting_user=officer, now=world.now)
        approved(world, proposal, by=world.officer(Role.LEADER, HEIR))

        row.refresh_from_db()
        assert row.unit_id == east.pk
        note_divided_places(now=world.now)
        finding.refresh_from_db()
        assert finding.state == FindingState.SETTLED

    def test_where_nobody_knows_the_home_it_stays_with_the_province_and_is_not_guessed(self, world: World) -> None:
        row = granted(world, disabled(world))
        _east, west = divide(row.unit, on=D)
        world.now = at("2026-12-10 09:00")

        note_divided_places(now=world.now)

        finding = Finding.objects.get()
        assert (finding.unit_id, finding.is_certain) == (row.unit_id, False)
        for code in (HEIR, "H99.99002"):
            officer = world.officer(Role.PROCESSOR, code)
            assert not Finding.objects.filter(policies.visible_to(officer, on=world.today)).exists()
        province = world.officer(Role.LEADER, "H55.SYT")
        assert Finding.objects.filter(policies.visible_to(province, on=world.today)).count() == 1
        Person.objects.filter(pk=row.person_id).update(unit=west)
        assert note_divided_places(now=world.now) == 0
        finding.refresh_from_db()
        assert (finding.unit_id, finding.is_certain) == (west.pk, True)

    def test_a_review_of_everybody_leaves_it_open(self, world: World) -> None:
        row = granted(world, disabled(world))
        divide(row.unit, on=D)
        world.now = at("2026-12-10 09:00")
        note_divided_places(now=world.now)

        review_at_once(now=world.now)

        assert Finding.objects.get(kind=FindingKind.PLACE_DIVIDED).state == FindingState.OPEN

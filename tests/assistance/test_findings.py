"""Findings are kept once, worked through, and settled by themselves; what was set aside stays so until its ground changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance import finding_tasks as tasks
from lienthong.assistance.finding_events import LeftOutReviewAsked
from lienthong.assistance.models import Circumstance, Entitlement, Finding, LeftOutReview, Proposal
from lienthong.assistance.services import finding_acts, finding_dossiers, findings
from lienthong.assistance.services.rates import differing_since
from lienthong.assistance.services.refusals import AlreadySettled, NotOwed, NotYours, ReasonMissing
from lienthong.assistance.states import FindingKind, FindingState, ProposalKind, ReviewState
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import DossierState
from lienthong.infra.models import Event
from lienthong.infra.working import WorkedElsewhere
from lienthong.people.models import Person
from lienthong.units.models import AdministrativeUnit
from tests.assistance.known import approved, disabled, granted, home_affairs, rates_of
from tests.assistance.register_folk import settle
from tests.factories.assistance import (
    CircumstanceFactory,
    DisabilityCertificateFactory,
    EntitlementFactory,
    EntitlementRateFactory,
    MeritClaimFactory,
)
from tests.factories.people import PersonFactory
from tests.world import HOME_AFFAIRS, World, at

ANOTHER = "H55.05500"


@pytest.fixture
def commune(world: World) -> AdministrativeUnit:
    unit = world.agency("H55.05443").unit
    assert unit is not None
    return unit


def review(world: World, unit: AdministrativeUnit | None = None, *, days: int = 0) -> findings.Saved:
    row = LeftOutReview.objects.create(on=world.today + timedelta(days=days), unit=unit, asked_at=world.now)
    saved = findings.make_review(row.pk)
    assert saved is not None
    return saved


def old_woman(unit: AdministrativeUnit, *, pension: int | None = 0) -> Person:
    person = PersonFactory(birth_on=date(1948, 3, 2), lives_in=unit, number="019148001234")
    if pension is not None:
        CircumstanceFactory(person=person, name="pension", value=pension)
    return person


def test_a_finding_is_kept_once_however_often_it_is_found(world: World, commune: AdministrativeUnit) -> None:
    person = old_woman(commune)

    first, second = review(world), review(world)

    row = Finding.objects.get(person=person)
    assert (first.opened, second.opened, second.kept) == (1, 0, 1)
    assert (row.state, row.unit_id, row.amount, row.is_certain) == (FindingState.OPEN, commune.pk, 540_000, True)
    assert row.reasons and len(row.ground) == 64


def test_a_review_made_twice_changes_nothing(world: World, commune: AdministrativeUnit) -> None:
    old_woman(commune)
    row = LeftOutReview.objects.create(on=world.today, asked_at=world.now)

    assert findings.make_review(row.pk) is not None
    assert findings.make_review(row.pk) is None
    row.refresh_from_db()
    assert (row.state, row.counts) == (ReviewState.DONE, {"not_receiving": 1})
    assert row.progress["share"] > 0.8


def test_what_is_over_is_settled_by_itself(world: World, commune: AdministrativeUnit) -> None:
    person = old_woman(commune)
    review(world)
    entitlement = EntitlementFactory(person=person, unit=commune)
    EntitlementRateFactory(entitlement=entitlement, amount=540_000, basis={"category": "social_pension", "lines": []})

    saved = review(world)

    row = Finding.objects.get(person=person)
    assert (saved.settled, row.state) == (1, FindingState.SETTLED)
    assert "không còn thấy" in row.note


def test_what_was_set_aside_comes_back_only_when_its_ground_changes(world: World, commune: AdministrativeUnit) -> None:
    person, officer = old_woman(commune), world.officer(Role.PROCESSOR)
    review(world)
    row = Finding.objects.get(person=person)

    finding_acts.dismiss(row.pk, reason="Gia đình không muốn nhận", acting_user=officer, now=world.now)
    assert review(world, days=30).set_aside == 1
    row.refresh_from_db()
    assert (row.state, row.note, row.decided_by_id) == (FindingState.DISMISSED, "Gia đình không muốn nhận", officer.pk)

    Circumstance.objects.filter(person=person).update(withdrawn_at=world.now)
    CircumstanceFactory(person=person, name="pension", value=200_000)
    assert review(world).opened == 1
    assert Finding.objects.filter(person=person).count() == 2
    assert Event.objects.filter(name="FindingDismissed").count() == 1


def test_a_finding_that_changes_is_brought_up_to_date(world: World, commune: AdministrativeUnit) -> None:
    person = old_woman(commune, pension=None)
    review(world)
    CircumstanceFactory(person=person, name="pension", value=0)

    assert review(world).changed == 1
    row = Finding.objects.get(person=person)
    assert (row.is_certain, row.missing) == (True, [])


def test_a_review_of_one_commune_leaves_the_others_alone(world: World, commune: AdministrativeUnit) -> None:
    other = world.agency(ANOTHER).unit
    assert other is not None
    PersonFactory(birth_on=date(1948, 3, 2), lives_in=other)
    here = old_woman(commune)
    review(world)
    Finding.objects.update(ground="")

    saved = review(world, commune)

    assert saved.people == 1
    assert Finding.objects.exclude(ground="").get().person_id == here.pk
    assert Finding.objects.filter(state=FindingState.OPEN).count() == 2


def test_the_law_of_a_day_that_is_not_recorded_is_told_and_nothing_is_stored(world: World) -> None:
    row = LeftOutReview.objects.create(on=date(1990, 1, 1), asked_at=world.now)

    assert findings.make_review(row.pk) is None
    row.refresh_from_db()
    assert row.state == ReviewState.FAILED
    assert "Hãy bổ sung tệp" in row.problem


def test_a_large_register_is_kept_in_one_go(world: World) -> None:
    settle(200, 11)

    saved = review(world)

    assert saved.opened == Finding.objects.count() > 20
    assert review(world).opened == 0


class TestAskingForAReview:
    def test_the_province_asks_for_all_and_a_commune_for_itself(
        self, world: World, commune: AdministrativeUnit
    ) -> None:
        leader, officer = world.officer(Role.LEADER, HOME_AFFAIRS), world.officer(Role.PROCESSOR)

        whole = findings.ask_review(unit_id=None, acting_user=leader, now=world.now)
        part = findings.ask_review(unit_id=commune.pk, acting_user=officer, now=world.now)

        assert (whole.unit_id, part.unit_id) == (None, commune.pk)
        assert Event.objects.filter(name=LeftOutReviewAsked.__name__).count() == 2
        event = Event.objects.filter(name=LeftOutReviewAsked.__name__).latest("pk")
        tasks.make_review(event_id=event.pk)
        part.refresh_from_db()
        assert part.state == ReviewState.DONE

    def test_nobody_asks_for_another_commune_or_for_all_from_a_commune(self, world: World) -> None:
        officer, other = world.officer(Role.PROCESSOR), world.agency(ANOTHER).unit
        assert other is not None

        for unit_id in (None, other.pk):
            with pytest.raises(findings.ReviewRefused, match="xã mình phụ trách"):
                findings.ask_review(unit_id=unit_id, acting_user=officer, now=world.now)

    def test_one_of_the_whole_province_waits_at_a_time(self, world: World) -> None:
        leader = world.officer(Role.LEADER, HOME_AFFAIRS)
        findings.ask_review(unit_id=None, acting_user=leader, now=world.now)

        with pytest.raises(findings.ReviewRefused, match="đang chờ"):
            findings.ask_review(unit_id=None, acting_user=leader, now=world.now)

    def test_pressed_twice_for_a_commune_it_is_one(self, world: World, commune: AdministrativeUnit) -> None:
        officer, later = world.officer(Role.PROCESSOR), world.now + timedelta(minutes=3)

        first = findings.ask_review(unit_id=commune.pk, acting_user=officer, now=world.now)
        assert findings.ask_review(unit_id=commune.pk, acting_user=officer, now=later) == first, "it waits"
        findings.make_review(first.pk)
        again = world.now + timedelta(seconds=1)
        assert findings.ask_review(unit_id=commune.pk, acting_user=officer, now=again) == first, "done meanwhile"

        assert findings.ask_review(unit_id=commune.pk, acting_user=officer, now=later) != first
        assert Event.objects.filter(name=LeftOutReviewAsked.__name__).count() == 2

    def test_each_week_one_is_made_by_itself(self, world: World, commune: AdministrativeUnit) -> None:
        old_woman(commune)

        tasks.weekly_review(timestamp=int(world.now.timestamp()))

        assert LeftOutReview.objects.get().state == ReviewState.DONE
        assert Finding.objects.count() == 1

    def test_what_cannot_begin_leaves_nothing_running(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        @contextmanager
        def held(name: str) -> Iterator[None]:
            raise WorkedElsewhere(name)
            yield

        monkeypatch.setattr(findings, "alone", held)

        with pytest.raises(WorkedElsewhere):
            tasks.weekly_review(timestamp=int(world.now.timestamp()))

        assert not LeftOutReview.objects.exists()

    def test_one_that_goes_wrong_says_so_and_may_be_made_again(
        self, world: World, commune: AdministrativeUnit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old_woman(commune)
        row = LeftOutReview.objects.create(on=world.today, unit=commune, asked_at=world.now)

        def breaks(*_facts: object, **_more: object) -> None:
            raise ZeroDivisionError

        with monkeypatch.context() as patched:
            patched.setattr(findings, "left_out", breaks)
            with pytest.raises(ZeroDivisionError):
                findings.make_review(row.pk)
        row.refresh_from_db()
        assert (row.state, row.problem) == (ReviewState.FAILED, findings.WENT_WRONG)

        assert findings.make_review(row.pk) is not None
        row.refresh_from_db()
        assert (row.state, row.problem) == (ReviewState.DONE, "")

    def test_one_that_was_cut_off_is_not_running_for_ever(self, world: World, commune: AdministrativeUnit) -> None:
        killed = LeftOutReview.objects.create(
            on=world.today, unit=commune, asked_at=world.now, state=ReviewState.RUNNING
        )

        findings.review_at_once(now=world.now)

        killed.refresh_from_db()
        assert (killed.state, killed.problem) == (ReviewState.FAILED, findings.CUT_OFF)


class TestWorkingThroughAFinding:
    def test_a_dossier_is_begun_with_what_is_known(self, world: World, commune: AdministrativeUnit) -> None:
        person, officer = old_woman(commune, pension=None), world.officer(Role.PROCESSOR)
        review(world)
        row = Finding.objects.get()

        draft = finding_acts.draft_dossier(row.pk, acting_user=officer, now=world.now)

        assert (draft.procedure_code, draft.state) == (finding_dossiers.SOCIAL_PENSION, DossierState.DRAFT)
        assert (draft.applicant_name, draft.applicant_number, draft.person_id) == (
            person.full_name,
            "019148001234",
            person.pk,
        )
        row.refresh_from_db()
        assert (row.state, row.draft_id) == (FindingState.DRAFTED, draft.pk)
        assert review(world).opened == 0
        assert Dossier.objects.count() == 1

    def test_a_disabled_child_asks_by_the_other_procedure(self, world: World, commune: AdministrativeUnit) -> None:
        person = PersonFactory(birth_on=date(2020, 1, 1), lives_in=commune)
        CircumstanceFactory(person=person, name="disability", value="severe")
        review(world)
        row = Finding.objects.get(person=person)

        draft = finding_acts.draft_dossier(row.pk, acting_user=world.officer(Role.PROCESSOR), now=world.now)

        assert draft.procedure_code == finding_dossiers.SOCIAL_ASSISTANCE

    def test_who_is_dead_begins_no_dossier_but_a_proposal_to_stop(
        self, world: World, commune: AdministrativeUnit
    ) -> None:
        person = PersonFactory(lives_in=commune, died_on=world.today - timedelta(days=20))
        EntitlementRateFactory(entitlement=EntitlementFactory(person=person, unit=commune))
        review(world)
        row, officer = Finding.objects.get(), world.officer(Role.PROCESSOR)

        with pytest.raises(finding_acts.NoDossier):
            finding_acts.draft_dossier(row.pk, acting_user=officer, now=world.now)
        proposal = finding_acts.propose_from(row.pk, acting_user=officer, now=world.now)

        assert (proposal.kind, proposal.person_id) == (ProposalKind.STOP, person.pk)
        row.refresh_from_db()
        assert (row.kind, row.state) == (FindingKind.DEAD, FindingState.DRAFTED)

    def test_of_two_programmes_one_is_ended_by_two_people_and_the_other_stands(
        self, world: World, commune: AdministrativeUnit
    ) -> None:
        children = [{"birth_date": f"{year}-05-01"} for year in (2012, 2013, 2014)]
        social = granted(
            world, disabled(world, facts={"poverty": "poor", "marital": "widowed", "children": children})
        )  # fmt: skip
        MeritClaimFactory(person=social.person, data={"category": "affected_child", "rate": 70})
        merit = EntitlementFactory(
            person=social.person, unit=commune, programme="merit", benefit="monthly", first_month=date(2026, 8, 1)
        )
        EntitlementRateFactory(entitlement=merit, amount=1_807_000, basis={"category": "", "lines": []})
        review(world)
        found = Finding.objects.get()

        assert (found.kind, found.programme, found.paid) == (FindingKind.DOUBLE, "merit", 1_807_000)
        proposal = finding_acts.propose_from(found.pk, acting_user=world.officer(Role.PROCESSOR), now=world.now)
        assert Entitlement.objects.filter(state="active").count() == 2, "nothing ends by itself"
        approved(world, proposal, by=home_affairs(world))
        review(world, days=31)

        assert (proposal.kind, list(Entitlement.objects.filter(state="active"))) == (ProposalKind.STOP, [social])
        assert not Finding.objects.filter(state=FindingState.OPEN).exists()

    def test_an_amount_is_put_right_from_the_first_month_that_is_wrong(
        self, world: World, commune: AdministrativeUnit
    ) -> None:
        row = granted(world, disabled(world))
        world.now = at("2027-03-15 09:00")
        row.person.disability_certificates.update(valid_until=date(2027, 1, 20))
        DisabilityCertificateFactory(person=row.person, level="extremely_severe", valid_from=date(2027, 1, 20))
        review(world)
        found = Finding.objects.get(person=row.person, kind=FindingKind.AMOUNT_DIFFERS)

        proposal = finding_acts.propose_from(found.pk, acting_user=world.officer(Role.PROCESSOR), now=world.now)

        assert proposal.payload["from_month"] == "2027-01-01"
        assert "từ tháng 01/2027 là 1.080.000" in proposal.words
        approved(world, proposal)
        assert rates_of(row)[:1] == [("2026-11", "2027-01", 810_000)]

    def test_a_sum_differs_since_the_first_month_after_the_last_that_agrees(
        self, world: World, commune: AdministrativeUnit
    ) -> None:
        row = granted(world, disabled(world))
        world.now = at("2027-03-15 09:00")
        assert differing_since(row, on=world.today) is None
        row.rates.update(superseded_at=world.now)
        EntitlementRateFactory(
            entitlement=row, first_month=date(2026, 11, 1), end_month=date(2027, 2, 1), amount=810_000
        )
        EntitlementRateFactory(
            entitlement=row, first_month=date(2027, 2, 1), end_month=date(2028, 11, 1), amount=750_000
        )

        assert differing_since(row, on=world.today) == date(2027, 2, 1)

    def test_a_grant_is_proposed_only_with_every_fact_recorded(self, world: World, commune: AdministrativeUnit) -> None:
        old_woman(commune)
        review(world)

        with pytest.raises(NotOwed):
            finding_acts.propose_from(
                Finding.objects.get().pk, acting_user=world.officer(Role.PROCESSOR), now=world.now
            )
        assert Finding.objects.get().state == FindingState.OPEN
        assert not Proposal.objects.exists()

    def test_another_commune_and_the_province_do_not_work_on_it(
        self, world: World, commune: AdministrativeUnit
    ) -> None:
        old_woman(commune)
        review(world)
        row = Finding.objects.get()

        for officer in (world.officer(Role.PROCESSOR, ANOTHER), world.officer(Role.LEADER, HOME_AFFAIRS)):
            with pytest.raises(NotYours):
                finding_acts.dismiss(row.pk, reason="Không cần", acting_user=officer, now=world.now)

    def test_it_is_set_aside_with_a_reason_and_once(self, world: World, commune: AdministrativeUnit) -> None:
        old_woman(commune)
        review(world)
        row, officer = Finding.objects.get(), world.officer(Role.PROCESSOR)

        with pytest.raises(ReasonMissing):
            finding_acts.dismiss(row.pk, reason=" . ", acting_user=officer, now=world.now)
        finding_acts.dismiss(row.pk, reason="Đã chuyển đi nơi khác", acting_user=officer, now=world.now)
        with pytest.raises(AlreadySettled, match="bỏ qua"):
            finding_acts.dismiss(row.pk, reason="Đã chuyển đi nơi khác", acting_user=officer, now=world.now)

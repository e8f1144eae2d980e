"""A law in force in October that applies from July: reckoned, approved by another, written, never edited, once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import (
    Circumstance,
    DisabilityCertificate,
    Entitlement,
    EntitlementRate,
    LawChange,
    LawChangeRow,
)
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.queries.law_differences import NewLaw, preview_law
from lienthong.assistance.queries.law_values import late_months, values_from
from lienthong.assistance.services import law_changes as services
from lienthong.assistance.services.law_changes import ProposeLawChange
from lienthong.assistance.services.rates import computed
from lienthong.assistance.services.refusals import AlreadySettled, DecidesOwnProposal, NotYours
from lienthong.assistance.states import LawChangeState, LawRowState, Programme
from lienthong.kernel.days import local_moment
from tests.assistance.known import amount_in, disabled, rates_of
from tests.factories.assistance import (
    CircumstanceFactory,
    EntitlementFactory,
    EntitlementRateFactory,
    MeritClaimFactory,
)
from tests.factories.payments import PaymentLineFactory, PaymentRunFactory
from tests.world import COMMUNE, HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db
JULY, NOVEMBER = date(2026, 7, 1), date(2026, 11, 1)
IN_SEPTEMBER = date(2026, 9, 10)
HEALTH = "H55.SYT"


def recorded(
    world: World, person: Any, *, programme: str = Programme.SOCIAL, benefit: str = "personal", since: date = JULY,
    **changes: Any,
) -> Entitlement:  # fmt: skip
    """Return a benefit with rates as they were computed in September, before the new law was in force."""
    row = EntitlementFactory(
        person=person,
        programme=programme,
        benefit=benefit,
        unit=world.agency(COMMUNE).unit,
        first_month=since,
        **changes,
    )
    spans = computed(row, history_of(person.pk), from_month=since, on=IN_SEPTEMBER, known_on=IN_SEPTEMBER)
    for span in spans:
        EntitlementRateFactory(
            entitlement=row, first_month=span.first_month, end_month=span.end_month, amount=span.amount,
            basis=dict(span.basis), words=span.words, recorded_at=local_moment(IN_SEPTEMBER),
        )  # fmt: skip
    return row


@pytest.fixture
def row(world: World) -> Entitlement:
    return recorded(world, disabled(world))


def reckoned(world: World, programme: str = Programme.SOCIAL) -> LawChange:
    change = services.propose_law_change(
        ProposeLawChange(programme=programme, from_month=JULY), acting_user=preparer(world, programme), now=world.now
    )
    services.reckon_law_change(change.pk)
    change.refresh_from_db()
    return change


def preparer(world: World, programme: str = Programme.SOCIAL) -> Any:
    return world.officer(Role.PROCESSOR, HEALTH if programme == Programme.SOCIAL else HOME_AFFAIRS)


def approver(world: World, programme: str = Programme.SOCIAL) -> Any:
    return world.officer(Role.LEADER, HEALTH if programme == Programme.SOCIAL else HOME_AFFAIRS)


def applied(world: World, change: LawChange) -> LawChange:
    services.approve_law_change(change.pk, acting_user=approver(world, change.programme), now=world.now)
    services.apply_law_change(change.pk)
    change.refresh_from_db()
    return change


class TestValues:
    def test_names_what_applies_from_before_it_was_in_force(self) -> None:
        on = date(2026, 11, 16)

        assert JULY in late_months(Programme.SOCIAL, on=on)
        assert JULY in late_months(Programme.MERIT, on=on)
        words = [(one.words, one.old, one.new) for one in values_from(Programme.SOCIAL, JULY, on=on)]
        assert ("mức chuẩn trợ giúp xã hội", "500.000\u00a0₫", "540.000\u00a0₫") in words

    def test_leaves_out_what_is_not_in_force_yet(self) -> None:
        assert values_from(Programme.SOCIAL, JULY, on=date(2026, 10, 4)) == []


class TestReckoning:
    def test_lists_the_difference_of_each_month(self, world: World, row: Entitlement) -> None:
        change = reckoned(world)

        rows = list(LawChangeRow.objects.order_by("month").values_list("month", "old", "new", "state"))
        assert [(f"{month:%m}", old, new) for month, old, new, _state in rows] == [
            ("07", 750_000, 810_000), ("08", 750_000, 810_000), ("09", 750_000, 810_000), ("10", 750_000, 810_000),
            ("11", 750_000, 810_000),
        ]  # fmt: skip
        assert {state for *_rest, state in rows} == {LawRowState.LAW}
        assert (change.state, change.people, change.months, change.amount) == (
            LawChangeState.PREPARED, 1, 5, 300_000,
        )  # fmt: skip

    def test_counts_as_arrears_only_months_whose_money_went_out(self, world: World, row: Entitlement) -> None:
        for month in (JULY, date(2026, 8, 1)):
            PaymentLineFactory(
                run=PaymentRunFactory(month=month, released=True), person=row.person, benefit="personal", amount=750_000
            )

        assert reckoned(world).arrears == 120_000

    def test_changes_nothing_by_itself(self, world: World, row: Entitlement) -> None:
        before = rates_of(row)

        reckoned(world)

        assert rates_of(row) == before
        assert not EntitlementRate.objects.exclude(superseded_at=None).exists()

    def test_puts_apart_what_has_another_cause_too(self, world: World, row: Entitlement) -> None:
        EntitlementRateFactory(entitlement=EntitlementFactory(person=disabled(world), first_month=JULY), amount=400_000)

        change = reckoned(world)

        assert change.people == 1
        assert change.apart == 1

    def test_who_was_granted_in_the_late_months_is_in_it(self, world: World) -> None:
        person = disabled(world)
        person.circumstances.filter(name="in_institution").update(withdrawn_at=world.now)
        CircumstanceFactory(person=person, name="in_institution", value=False, valid_from=date(2026, 8, 12))
        recorded(world, person, since=date(2026, 8, 1))

        change = reckoned(world)

        assert set(LawChangeRow.objects.values_list("state", flat=True)) == {LawRowState.LAW}
        assert (change.months, change.apart, change.amount) == (4, 0, 240_000)

    def test_raises_what_is_held_while_a_fact_lacks_like_everything_else(self, world: World, row: Entitlement) -> None:
        Circumstance.objects.filter(person=row.person, name__in=["in_institution"]).update(withdrawn_at=world.now)

        change = reckoned(world)

        assert set(LawChangeRow.objects.values_list("state", "old", "new")) == {(LawRowState.LAW, 750_000, 810_000)}
        assert (change.people, change.apart) == (1, 0)
        applied(world, change)
        assert [amount_in(row, month) for month in (JULY, NOVEMBER)] == [810_000, 810_000]

    def test_raises_what_is_held_of_a_survivors_child(self, world: World) -> None:
        person = disabled(world, born=date(2008, 3, 9), since=date(2026, 10, 20))
        data = {"category": "relative_of_martyr", "relation": "child", "number_of_martyrs": 1}
        MeritClaimFactory(person=person, category="relative_of_martyr", relation="child", data=data)
        CircumstanceFactory(person=person, name="merit.is_orphan", value=False)
        DisabilityCertificate.objects.filter(person=person).update(withdrawn_at=world.now)
        row = recorded(world, person, programme=Programme.MERIT, benefit="monthly", since=date(2026, 1, 1))
        assert amount_in(row, NOVEMBER) == 2_789_000

        change = reckoned(world, Programme.MERIT)

        assert set(LawChangeRow.objects.values_list("state", "old", "new")) == {(LawRowState.LAW, 2_789_000, 3_012_000)}
        applied(world, change)
        assert [amount_in(row, month) for month in (JULY, NOVEMBER)] == [3_012_000, 3_012_000]

    def test_a_bare_sum_that_was_taken_over_stays_open_while_a_fact_lacks(self, world: World, row: Entitlement) -> None:
        EntitlementRate.objects.filter(entitlement=row).update(superseded_at=world.now)
        line = {"code": "personal", "amount": 750_000, "words": "Mức theo danh sách", "reference": ""}
        basis = {"category": "", "lines": [line], "starts": {}, "is_open": True}
        EntitlementRateFactory(entitlement=row, first_month=date(2026, 6, 1), amount=700_000, basis=basis)
        DisabilityCertificate.objects.filter(person=row.person).update(withdrawn_at=world.now)

        reckoned(world)

        assert set(LawChangeRow.objects.values_list("state", flat=True)) == {LawRowState.OPEN}

    def test_of_a_suspended_benefit_only_the_months_before(self, world: World, row: Entitlement) -> None:
        Entitlement.objects.filter(pk=row.pk).update(state="suspended", suspended_from=date(2026, 9, 1))
        EntitlementRate.objects.filter(entitlement=row).update(superseded_at=world.now)
        EntitlementRateFactory(entitlement=row, first_month=JULY, end_month=date(2026, 9, 1), amount=750_000)
        EntitlementRateFactory(entitlement=row, first_month=date(2026, 9, 1), amount=0)

        assert reckoned(world).months == 2

    def test_a_category_that_began_later_does_so_by_the_new_law_too_though_suspended_since(self, world: World) -> None:
        row = recorded(world, disabled(world))
        code = row.rates.all()[0].basis["lines"][0]["code"]
        EntitlementRate.objects.filter(entitlement=row).update(superseded_at=world.now)
        row.state, row.suspended_from = "suspended", date(2026, 10, 1)
        row.save()
        spans = computed(
            row, history_of(row.person_id), from_month=JULY, on=IN_SEPTEMBER, known_on=IN_SEPTEMBER,
            starts={code: date(2026, 8, 1)},
        )  # fmt: skip
        for span in spans:
            EntitlementRateFactory(
                entitlement=row, first_month=span.first_month, end_month=span.end_month, amount=span.amount,
                basis=dict(span.basis), words=span.words,
            )  # fmt: skip
        assert spans[-1].basis["suspended"]

        reckoned(world)

        assert list(LawChangeRow.objects.order_by("month").values_list("month", "state", "old", "new")) == [
            (date(2026, month, 1), LawRowState.LAW, 750_000, 810_000) for month in (8, 9)
        ]

    def test_goes_on_where_it_was_cut_off(
        self, world: World, row: Entitlement, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        recorded(world, disabled(world))
        monkeypatch.setattr(services, "PEOPLE_AT_ONCE", 1)
        real, calls = services.differences_of, []

        def dies(law: NewLaw, ids: Any) -> Any:
            calls.append(ids)
            if len(calls) == 2:
                raise KeyboardInterrupt
            return real(law, ids)

        monkeypatch.setattr(services, "differences_of", dies)
        with pytest.raises(KeyboardInterrupt):
            reckoned(world)
        services.reckon_law_change(LawChange.objects.get().pk)

        assert LawChangeRow.objects.count() == 10
        assert LawChange.objects.get().people == 2

    def test_the_preview_says_the_same_and_writes_nothing(self, world: World, row: Entitlement) -> None:
        law = services.new_law(ProposeLawChange(programme=Programme.SOCIAL, from_month=JULY), on=world.today)

        found = list(preview_law(law))

        assert [(one.old, one.new) for one in found] == [(750_000, 810_000)] * 5
        assert not LawChange.objects.exists()

    def test_people_with_merit_by_their_tables(self, world: World) -> None:
        claim = MeritClaimFactory()
        recorded(world, claim.person, programme=Programme.MERIT, benefit="monthly")

        change = reckoned(world, Programme.MERIT)

        rows = LawChangeRow.objects.all()
        assert rows.count() == 5
        assert all(one.new > one.old and one.state == LawRowState.LAW for one in rows)
        assert change.amount == sum(one.new - one.old for one in rows)


class TestDeciding:
    def test_needs_a_second_person(self, world: World, row: Entitlement) -> None:
        leader = approver(world)
        change = services.propose_law_change(
            ProposeLawChange(programme=Programme.SOCIAL, from_month=JULY), acting_user=leader, now=world.now
        )
        services.reckon_law_change(change.pk)

        with pytest.raises(DecidesOwnProposal, match="người khác duyệt"):
            services.approve_law_change(change.pk, acting_user=leader, now=world.now)

    def test_is_for_the_competent_agency(self, world: World, row: Entitlement) -> None:
        with pytest.raises(NotYours):
            services.propose_law_change(
                ProposeLawChange(programme=Programme.SOCIAL, from_month=JULY),
                acting_user=world.officer(Role.PROCESSOR), now=world.now,
            )  # fmt: skip

    def test_a_month_without_a_new_law_is_refused_with_those_that_have_one(self, world: World) -> None:
        with pytest.raises(services.NothingNew, match="07/2026"):
            services.propose_law_change(
                ProposeLawChange(programme=Programme.SOCIAL, from_month=date(2026, 8, 1)),
                acting_user=preparer(world), now=world.now,
            )  # fmt: skip

    def test_one_at_a_time(self, world: World, row: Entitlement) -> None:
        reckoned(world)

        with pytest.raises(AlreadySettled, match="chưa xong"):
            reckoned(world)

    def test_refused_leaves_everything(self, world: World, row: Entitlement) -> None:
        change = reckoned(world)

        services.refuse_law_change(
            change.pk, reason="Chờ văn bản chính thức", acting_user=approver(world), now=world.now
        )

        assert amount_in(row, JULY) == 750_000
        with pytest.raises(AlreadySettled):
            services.approve_law_change(change.pk, acting_user=approver(world), now=world.now)


class TestApplying:
    def test_new_rates_follow_the_old_ones(self, world: World, row: Entitlement) -> None:
        change = applied(world, reckoned(world))

        assert change.state == LawChangeState.APPLIED
        assert [amount for _first, _end, amount in rates_of(row)] == [810_000]
        old = EntitlementRate.objects.exclude(superseded_at=None).order_by("pk")
        assert {one.amount for one in old} == {750_000}
        assert set(LawChangeRow.objects.values_list("state", flat=True)) == {LawRowState.DONE}
        new = EntitlementRate.objects.get(superseded_at=None)
        assert new.basis["lines"][0]["level_reference"].startswith("335/2026/NĐ-CP")

    def test_once_more_changes_nothing(self, world: World, row: Entitlement) -> None:
        change = applied(world, reckoned(world))
        rates = EntitlementRate.objects.count()

        services.apply_law_change(change.pk)
        again = reckoned(world)

        assert EntitlementRate.objects.count() == rates
        assert (again.people, again.months) == (0, 0)

    def test_whoever_changed_in_between_is_left_for_a_person_to_look_at(self, world: World, row: Entitlement) -> None:
        change = reckoned(world)
        Circumstance.objects.filter(person=row.person, name="in_institution").update(withdrawn_at=world.now)
        CircumstanceFactory(person=row.person, name="in_institution", value=True, valid_from=JULY)

        applied(world, change)

        assert set(LawChangeRow.objects.values_list("state", flat=True)) == {LawRowState.CHANGED}
        assert amount_in(row, JULY) == 750_000

    def test_goes_on_where_it_was_cut_off(
        self, world: World, row: Entitlement, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = recorded(world, disabled(world))
        change = reckoned(world)
        monkeypatch.setattr(services, "APPLIED_AT_ONCE", 1)
        real, calls = services._apply_to, []

        def dies(one: LawChange, ids: Any) -> None:
            calls.append(ids)
            real(one, ids)
            if len(calls) == 2:
                raise KeyboardInterrupt

        monkeypatch.setattr(services, "_apply_to", dies)
        with pytest.raises(KeyboardInterrupt):
            applied(world, change)
        assert sorted((amount_in(row, JULY), amount_in(other, JULY))) == [750_000, 810_000]

        services.apply_law_change(change.pk)

        assert (amount_in(row, JULY), amount_in(other, JULY)) == (810_000, 810_000)
        assert EntitlementRate.objects.filter(superseded_at=None).count() == 2

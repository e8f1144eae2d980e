"""What is held while a fact lacks is on the list with its questions, and goes when the fact is recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import (
    Circumstance,
    DecisionSheet,
    Entitlement,
    Finding,
    LawChange,
    LawChangeRow,
    Proposal,
)
from lienthong.assistance.monthly_tasks import note_what_days_bring
from lienthong.assistance.queries import lacking
from lienthong.assistance.queries.own import own_benefits
from lienthong.assistance.services import extending, run_out
from lienthong.assistance.services.circumstances import RecordCircumstance, record_circumstance
from lienthong.assistance.services.finding_acts import dismiss
from lienthong.assistance.services.findings import review_at_once
from lienthong.assistance.services.lacking_facts import note_lacking_facts
from lienthong.assistance.services.merit_following import Follow, grant_what_follows
from lienthong.assistance.states import Benefit, FindingKind, FindingState, LawRowState, Programme
from lienthong.assistance.tasks import extend_rates
from lienthong.rules.parameters import NoValueInForce
from tests.assistance.known import amount_in, granted, home_affairs, known, processor
from tests.factories.assistance import CircumstanceFactory, MeritClaimFactory
from tests.screens import enter
from tests.world import COMMUNE, World, at

LIST = "/office/assistance/findings/"
SCHOOL = "người con thứ 1 có đang đi học hay không"


def single_parent(world: World, *, born: str = "2011-02-10", **child: Any) -> Entitlement:
    """Return a poor widow with one child, who turns sixteen in February 2027."""
    facts = {"poverty": "poor", "marital": "widowed", "children": [{"birth_date": born, **child}]}
    return granted(world, known(world, born=date(1985, 1, 1), facts=facts))


def noted(world: World, day: str) -> list[Finding]:
    world.now = at(f"{day} 02:40")
    note_lacking_facts(now=world.now)
    return list(Finding.objects.filter(kind=FindingKind.LACKS_FACTS, state=FindingState.OPEN).order_by("pk"))


def test_three_months_before_the_birthday_school_is_asked_for(world: World) -> None:
    row = single_parent(world)

    assert noted(world, "2026-11-02") == []
    (finding,) = noted(world, "2026-11-16")

    assert (finding.entitlement_id, finding.missing) == (row.pk, [SCHOOL])
    assert (finding.paid, finding.amount, finding.is_certain) == (540_000, 540_000, False)
    assert "Từ tháng 02/2027" in finding.reasons[0]
    assert noted(world, "2026-11-17") == [finding]


def test_it_is_settled_by_itself_when_the_fact_is_recorded_and_the_months_say_so(world: World) -> None:
    row = single_parent(world)
    noted(world, "2027-03-01")
    assert row.rates.filter(superseded_at=None, basis__is_open=True).exists()
    command = RecordCircumstance(
        person_id=row.person_id, name="children", value=[{"birth_date": "2011-02-10", "is_studying": True}],
        valid_from=date(2027, 2, 1), evidence="Giấy xác nhận của trường", ends_earlier=True,
    )  # fmt: skip
    record_circumstance(command, acting_user=processor(world), now=world.now)

    assert noted(world, "2027-03-02") == []
    assert Finding.objects.get(kind=FindingKind.LACKS_FACTS).state == FindingState.SETTLED
    assert not Proposal.objects.filter(state="pending").exists()
    assert amount_in(row, date(2027, 3, 1)) == 540_000
    assert not row.rates.filter(superseded_at=None, basis__is_open=True).exists()


def test_a_review_of_everybody_leaves_it_alone(world: World) -> None:
    single_parent(world)
    (finding,) = noted(world, "2027-03-01")

    review_at_once(now=world.now)

    finding.refresh_from_db()
    assert finding.state == FindingState.OPEN


def test_what_was_set_aside_stays_so_while_the_same_lacks(world: World) -> None:
    single_parent(world)
    (finding,) = noted(world, "2027-03-01")
    dismiss(finding.pk, reason="Đã hẹn gia đình", acting_user=processor(world), now=world.now)

    assert noted(world, "2027-03-02") == []


def test_the_next_step_is_to_record_the_fact_and_not_to_stop(world: World) -> None:
    row = single_parent(world)
    (finding,) = noted(world, "2026-11-16")
    browser = enter(world.officer(Role.PROCESSOR))
    page = browser.open(f"{LIST}{finding.pk}/")

    assert SCHOOL.capitalize() in page.words
    assert "Ghi thông tin còn thiếu" in page.words
    assert "Đề xuất thôi hưởng" not in page.words
    refused = browser.send(f"{LIST}{finding.pk}/", {"verb": "propose"})
    assert (refused.status, "Đủ thông tin thì phát hiện tự hết" in refused.words) == (422, True)
    row.refresh_from_db()
    assert row.state == "active"


def test_the_school_of_a_grown_child_is_asked_anew_each_school_year(world: World) -> None:
    row = single_parent(world, born="2009-02-10", is_studying=True)
    Circumstance.objects.filter(person=row.person, name="children").update(valid_until=date(2026, 9, 5))
    CircumstanceFactory(
        person=row.person, name="children", value=[{"birth_date": "2009-02-10", "is_studying": True}],
        valid_from=date(2026, 9, 5),
    )  # fmt: skip

    assert noted(world, "2027-08-31") == []
    (finding,) = noted(world, "2027-09-01")
    assert (finding.missing, finding.is_certain) == ([SCHOOL], False)
    assert "năm học 2027–2028" in finding.reasons[0]


def test_a_child_below_sixteen_is_not_asked_for_its_school(world: World) -> None:
    single_parent(world, born="2018-02-10", is_studying=True)
    assert noted(world, "2027-09-02") == []


def test_a_martyrs_child_is_asked_for_before_it_turns_eighteen(world: World) -> None:
    person = known(world, born=date(2009, 1, 15))
    data = {"category": "relative_of_martyr", "relation": "child", "number_of_martyrs": 1}
    MeritClaimFactory(person=person, category="relative_of_martyr", relation="child", data=data)
    CircumstanceFactory(person=person, name="merit.is_orphan", value=False)
    unit = world.agency(COMMUNE).unit_id
    grant_what_follows(Follow(person_id=person.pk, unit_id=unit), acting_user=home_affairs(world), now=world.now)
    row = Entitlement.objects.get(programme=Programme.MERIT, benefit=Benefit.MONTHLY)
    assert amount_in(row, date(2027, 2, 1)) == 3_012_000

    (finding,) = noted(world, "2026-11-16")

    assert finding.missing == ["nơi đang học (hoặc không đi học)", "mức độ khuyết tật"]
    assert (finding.programme, finding.paid) == (Programme.MERIT, 3_012_000)
    for name in ("merit.school", "merit.disability"):
        CircumstanceFactory(person=person, name=name, value="none", valid_from=date(2026, 11, 16))
    assert noted(world, "2026-11-18") == []


class TestRunOut:
    def small_child(self, world: World) -> Entitlement:
        """Return a poor child in a difficult area that turns three in December 2026."""
        facts = {"poverty": "poor", "lives_in_difficult_area": True, "marital": "never_married"}
        return granted(world, known(world, born=date(2023, 12, 20), facts=facts))

    def test_what_a_birthday_ends_has_ended_after_the_month_of_the_birthday(self, world: World) -> None:
        row = self.small_child(world)

        note_what_days_bring(timestamp=int(at("2026-11-30 02:40").timestamp()))
        row.refresh_from_db()
        assert row.state == "active"

        for _again in range(2):
            note_what_days_bring(timestamp=int(at("2027-01-02 02:40").timestamp()))
        row.refresh_from_db()
        assert (row.state, row.last_month) == ("ended", date(2026, 12, 1))
        assert "từ tháng 01/2027" in row.ended_because
        assert amount_in(row, date(2026, 12, 1)) == 810_000
        sheet = DecisionSheet.objects.get(kind="stop")
        assert (sheet.person_id, sheet.decided_by) == (row.person_id, None)
        assert "tháng cuối được hưởng là tháng 12/2026" in sheet.outcome
        page = enter(world.officer(Role.PROCESSOR))
        assert sheet.outcome in page.open(f"/office/assistance/people/{row.person_id}/").words
        assert page.open(f"/office/assistance/decisions/{sheet.pk}.pdf").status == 200

    def test_nobody_is_told_that_a_month_without_money_is_received(self, world: World) -> None:
        row = self.small_child(world)

        (december,), (january,) = (
            own_benefits(row.person_id, on=day) for day in (date(2026, 12, 31), date(2027, 1, 1))
        )

        assert december.sentence == "Đang hưởng, từ tháng 11/2026."
        assert january.sentence == "Tháng này không chi. Theo quy định không có khoản nào được hưởng."

    def test_another_benefit_may_follow_it(self, world: World) -> None:
        row = self.small_child(world)
        note_what_days_bring(timestamp=int(at("2027-01-02 02:40").timestamp()))
        world.now = at("2027-03-10 09:00")
        for name, value in (("father", "dead"), ("mother", "dead")):
            Circumstance.objects.filter(person=row.person, name=name).update(valid_until=date(2027, 2, 1))
            CircumstanceFactory(person=row.person, name=name, value=value, valid_from=date(2027, 2, 1))

        assert granted(world, row.person).first_month == date(2027, 3, 1)

    def test_what_is_held_or_suspended_goes_on(self, world: World) -> None:
        held = single_parent(world)
        small = self.small_child(world)
        Entitlement.objects.filter(pk=small.pk).update(state="suspended", suspended_from=date(2026, 12, 1))

        note_what_days_bring(timestamp=int(at("2027-03-02 02:40").timestamp()))

        assert {held.state for held in Entitlement.objects.filter(pk__in=[held.pk, small.pk])} == {
            "active",
            "suspended",
        }

    def test_what_an_open_change_of_the_law_raises_does_not_end(self, world: World) -> None:
        row = self.small_child(world)
        change = LawChange.objects.create(
            programme=Programme.SOCIAL, from_month=date(2027, 1, 1), until_month=date(2027, 1, 1),
            known_before=date(2026, 12, 31), known_on=date(2027, 1, 1), values=[], state="prepared",
            prepared_by=processor(world), prepared_at=world.now,
        )  # fmt: skip
        LawChangeRow.objects.create(
            change=change, person=row.person, entitlement=row, benefit=row.benefit, unit=row.unit,
            month=date(2027, 1, 1), old=0, new=540_000, was_paid=False, state=LawRowState.LAW,
        )  # fmt: skip
        states = []
        for state in ("reckoning", "prepared", "refused"):
            LawChange.objects.filter(pk=change.pk).update(state=state)
            note_what_days_bring(timestamp=int(at("2027-01-02 02:40").timestamp()))
            row.refresh_from_db()
            states.append(row.state)
        assert states == ["active", "active", "ended"]


class TestEachForItself:
    @pytest.fixture
    def unknown_for(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[Entitlement], None]:
        """Let the law lack of one benefit, as where its values are not recorded."""

        def lacks(row: Entitlement) -> None:
            for module, name in ((run_out, "last_month_due"), (lacking, "_asked"), (extending, "_extend")):
                monkeypatch.setattr(module, name, self._failing(getattr(module, name), row))

        return lacks

    @staticmethod
    def _failing(real: Callable[..., Any], row: Entitlement) -> Callable[..., Any]:
        def act(one: Any, *args: Any, **named: Any) -> Any:
            if getattr(one, "entitlement", one).pk == row.pk:
                raise NoValueInForce("Chưa ghi mức nào")
            return real(one, *args, **named)

        return act

    def test_a_benefit_that_cannot_end_keeps_no_other_and_no_other_list_from_being_done(
        self, world: World, unknown_for: Callable[[Entitlement], None]
    ) -> None:
        stuck, other = (TestRunOut().small_child(world) for _ in range(2))
        held = single_parent(world)
        unknown_for(stuck)

        with pytest.raises(ExceptionGroup, match="failed for some"):
            note_what_days_bring(timestamp=int(at("2027-01-02 02:40").timestamp()))

        for row in (stuck, other):
            row.refresh_from_db()
        assert (stuck.state, other.state) == ("active", "ended")
        assert [one.entitlement for one in Finding.objects.filter(kind=FindingKind.LACKS_FACTS)] == [held]

    def test_a_finding_stays_while_the_law_is_not_recorded_and_others_are_listed(
        self, world: World, unknown_for: Callable[[Entitlement], None]
    ) -> None:
        first = single_parent(world)
        noted(world, "2026-11-16")
        second = single_parent(world)
        unknown_for(first)

        with pytest.raises(ExceptionGroup, match="not recorded"):
            noted(world, "2026-11-17")

        assert set(Finding.objects.filter(state=FindingState.OPEN).values_list("entitlement_id", flat=True)) == {
            first.pk, second.pk,
        }  # fmt: skip

    def test_rates_of_others_go_on_ahead(self, world: World, unknown_for: Callable[[Entitlement], None]) -> None:
        stuck, other = single_parent(world), single_parent(world)
        ends = max(rate.end_month for rate in other.rates.all() if rate.end_month)
        unknown_for(stuck)

        with pytest.raises(ExceptionGroup, match="failed for some"):
            extend_rates(timestamp=int(at("2028-02-01 02:20").timestamp()))

        until = [max(one.end_month for one in row.rates.all() if one.end_month) for row in (stuck, other)]
        assert until[0] == ends < until[1]

"""A dossier on its way: steps, hands, supplements, extensions, decisions, and what may not be done."""

from datetime import date
from uuid import uuid4

import pytest

from lienthong.accounts.states import Role
from lienthong.documents.states import FormCode
from lienthong.dossiers import integrity, queries, routing
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.checklist import checklist_of
from lienthong.dossiers.models import Dossier, Rating
from lienthong.dossiers.services import DossierRefusal, GivenItem, MarkedItem, Target
from lienthong.dossiers.services.answer import ItemNotOpen, StillMissing
from lienthong.dossiers.services.clock import ExtendedBefore, NewDayNotLater, NewDayOff, TooLateToExtend
from lienthong.dossiers.services.decide import NotAtDecision, PreparedByTheSame
from lienthong.dossiers.services.deliver import RatedBefore
from lienthong.dossiers.services.moving import NothingToDo
from lienthong.dossiers.services.receive import ReasonMissing
from lienthong.dossiers.services.route import DecisionStep, NotThisColleague
from lienthong.dossiers.services.supplement import NothingMarked, SecondRoundNeedsBasis
from lienthong.dossiers.states import MOVES, Action, DossierState, ItemMark, Outcome, ReturnWay, Satisfaction
from lienthong.infra.events import Event
from lienthong.rules.working_time import DayKind
from lienthong.units import services as units
from lienthong.units.services import DayChange, PublishCalendar
from tests.world import HOME_AFFAIRS, World, at, target


def ask(world: World, dossier: Dossier, *, number: int = 2, basis: str = "", now: str = "2026-11-17 10:00") -> Dossier:
    """Ask for a paper again."""
    command = dossiers.RequestSupplement(
        target=target(dossier), items=[MarkedItem(number, ItemMark.WRONG, "mờ, không đọc được")], reason="Giấy chứng tử mờ", legal_basis=basis
    )  # fmt: skip
    return dossiers.request_supplement(command, acting_user=world.officer(Role.PROCESSOR), now=at(now))


def answer(world: World, dossier: Dossier, *, number: int = 2, now: str = "2026-11-20 15:00") -> Dossier:
    command = dossiers.AnswerSupplement(
        target=target(dossier), items=[GivenItem(number=number, copies=1)], secret=dossier.secret
    )
    return dossiers.answer_supplement(command, acting_user=None, now=at(now))


class TestSteps:
    def test_a_dossier_runs_from_intake_to_the_hands_of_the_applicant(self, world: World) -> None:
        dossier = world.approve(world.receive())
        assert (dossier.state, dossier.outcome) == (DossierState.DECIDED, Outcome.APPROVED)

        command = dossiers.ReturnResult(target=target(dossier), way=ReturnWay.COUNTER, recipient="Hoàng Văn Ẩn")
        dossier = dossiers.return_result(command, acting_user=world.officer(Role.RECEIVER), now=world.now)

        assert dossier.state == DossierState.RETURNED
        assert dossier.returned_at == world.now

    def test_an_officer_takes_a_dossier_out_of_the_queue_and_puts_it_back(self, world: World) -> None:
        processor = world.officer(Role.PROCESSOR)
        dossier = dossiers.claim(target(world.receive()), acting_user=processor, now=world.now)
        assert dossier.holder_id == processor.pk

        dossier = dossiers.release(target(dossier), acting_user=processor, now=world.now)
        assert dossier.holder_id is None

    def test_nobody_works_on_what_a_colleague_holds(self, world: World) -> None:
        dossier = dossiers.claim(target(world.receive()), acting_user=world.officer(Role.PROCESSOR), now=world.now)
        colleague = world.officer(Role.PROCESSOR, another=True)

        with pytest.raises(dossiers.NotAllowed):
            dossiers.pass_on(dossiers.PassOn(target=target(dossier)), acting_user=colleague, now=world.now)

    def test_a_head_gives_a_dossier_to_an_officer_of_the_step(self, world: World) -> None:
        dossier, colleague = world.receive(), world.officer(Role.PROCESSOR)

        dossier = dossiers.assign(
            target(dossier), colleague_id=colleague.pk, acting_user=world.officer(Role.LEADER), now=world.now
        )

        assert dossier.holder_id == colleague.pk

    def test_a_head_cannot_give_it_to_somebody_without_a_mandate(self, world: World) -> None:
        dossier, stranger = world.receive(), world.officer(Role.PROCESSOR, HOME_AFFAIRS)

        with pytest.raises(NotThisColleague):
            dossiers.assign(
                target(dossier), colleague_id=stranger.pk, acting_user=world.officer(Role.LEADER), now=world.now
            )

    def test_a_dossier_that_is_sent_back_returns_to_who_had_done_the_step(self, world: World) -> None:
        dossier = world.to_decision(world.receive())

        dossier = dossiers.send_back(
            target(dossier), reason="Thiếu biên bản xác minh", acting_user=world.decider(dossier), now=world.now
        )

        assert dossier.step_role == Role.PROCESSOR
        assert dossier.holder_id == world.officer(Role.PROCESSOR).pk

    def test_the_step_that_decides_is_not_passed_on(self, world: World) -> None:
        dossier = world.to_decision(world.receive())

        with pytest.raises(DecisionStep):
            dossiers.pass_on(dossiers.PassOn(target=target(dossier)), acting_user=world.decider(dossier), now=world.now)

    def test_nothing_is_approved_before_the_step_that_decides(self, world: World) -> None:
        dossier = world.receive()

        with pytest.raises(NotAtDecision):
            dossiers.approve(
                dossiers.Approve(target=target(dossier)), acting_user=world.officer(Role.PROCESSOR), now=world.now
            )

    def test_whoever_prepared_does_not_approve(self, world: World) -> None:
        dossier = world.receive()
        processor = world.officer(Role.PROCESSOR)
        leader_mandate = world.officer(Role.LEADER, another=True).mandates.get()
        leader_mandate.user = processor
        leader_mandate.save()
        dossier = world.to_decision(dossier)
        processor = type(processor).objects.get(pk=processor.pk)

        with pytest.raises(PreparedByTheSame):
            dossiers.approve(dossiers.Approve(target=target(dossier)), acting_user=processor, now=world.now)

    def test_a_refusal_is_a_result_with_a_reason(self, world: World) -> None:
        dossier = world.to_decision(world.receive())
        decider = world.decider(dossier)
        with pytest.raises(ReasonMissing):
            dossiers.refuse(dossiers.Refuse(target=target(dossier), reason="  "), acting_user=decider, now=world.now)

        dossier = dossiers.refuse(
            dossiers.Refuse(target=target(dossier), reason="Không thuộc đối tượng"), acting_user=decider, now=world.now
        )

        assert (dossier.state, dossier.outcome) == (DossierState.DECIDED, Outcome.REFUSED)
        assert dossier.finished_at == world.now


class TestTwoAtOnce:
    def test_the_second_of_two_officers_is_told_and_changes_nothing(self, world: World) -> None:
        dossier = world.receive()
        seen_by_both = target(dossier)
        dossiers.claim(seen_by_both, acting_user=world.officer(Role.PROCESSOR), now=world.now)

        late = Target(dossier_id=dossier.pk, seen=seen_by_both.seen, client_key=uuid4())
        with pytest.raises((dossiers.StaleDossier, dossiers.NotAllowed)):
            dossiers.claim(late, acting_user=world.officer(Role.PROCESSOR, another=True), now=world.now)

    def test_a_stale_page_of_the_same_officer_changes_nothing(self, world: World) -> None:
        dossier, processor = world.receive(), world.officer(Role.PROCESSOR)
        old = target(dossier)
        dossiers.claim(target(dossier), acting_user=processor, now=world.now)

        with pytest.raises(dossiers.StaleDossier, match="vừa được người khác xử lý"):
            dossiers.pass_on(dossiers.PassOn(target=old), acting_user=processor, now=world.now)

    def test_a_double_click_does_the_move_once(self, world: World) -> None:
        dossier, processor = world.receive(), world.officer(Role.PROCESSOR)
        once = target(dossier)

        first = dossiers.pass_on(dossiers.PassOn(target=once), acting_user=processor, now=world.now)
        again = dossiers.pass_on(dossiers.PassOn(target=once), acting_user=processor, now=world.now)

        assert again.sequence == first.sequence
        assert Event.objects.filter(stream=dossier.stream, name="StepPassed").count() == 2


class TestSupplement:
    def test_the_clock_stands_while_the_applicant_is_asked(self, world: World) -> None:
        dossier = ask(world, world.receive())

        assert dossier.state == DossierState.AWAITING_SUPPLEMENT
        assert dossier.current_due_at is None
        assert dossier.promised_due_at == at("2026-11-23 17:00")

    def test_only_the_marked_items_are_open(self, world: World) -> None:
        dossier = ask(world, world.receive())

        assert list(dossier.items.filter(is_open=True).values_list("number", flat=True)) == [2]
        command = dossiers.AnswerSupplement(
            target=target(dossier), items=[GivenItem(number=1, originals=1)], secret=dossier.secret
        )
        with pytest.raises(ItemNotOpen):
            dossiers.answer_supplement(command, acting_user=None, now=world.now)

    def test_everything_asked_for_comes_at_once(self, world: World) -> None:
        dossier = ask(world, world.receive())

        with pytest.raises(StillMissing, match="giấy chứng tử"):
            dossiers.answer_supplement(
                dossiers.AnswerSupplement(target=target(dossier), items=[], secret=dossier.secret),
                acting_user=None,
                now=world.now,
            )

    def test_a_paper_that_was_said_not_to_apply_has_to_come_once_an_officer_asks_for_it(self, world: World) -> None:
        brought = [GivenItem(number=1, originals=1), GivenItem(number=2, copies=1)]
        dossier = world.receive(items=[*brought, GivenItem(number=3, is_not_applicable=True)])
        assert checklist_of(dossier)[2].is_not_applicable

        dossier = ask(world, dossier, number=3)
        assert not checklist_of(dossier)[2].is_not_applicable, "an officer has found that it does apply"
        still_not = dossiers.AnswerSupplement(
            target=target(dossier), items=[GivenItem(number=3, is_not_applicable=True)], secret=dossier.secret
        )
        with pytest.raises(StillMissing, match="thôi hưởng trợ cấp"):
            dossiers.answer_supplement(still_not, acting_user=None, now=at("2026-11-20 15:00"))
        assert list(integrity.rows_that_differ_from_their_events()) == []

        dossier = answer(world, dossier, number=3)
        row = dossier.items.get(number=3)
        assert (row.is_given, row.is_not_applicable) == (True, False)
        assert list(integrity.rows_that_differ_from_their_events()) == []

    def test_the_time_limit_restarts_by_the_rule_of_the_procedure(self, world: World) -> None:
        dossier = answer(world, ask(world, world.receive()))

        # five working days from Friday 20 November; the 24th is a holiday
        assert dossier.current_due_at == at("2026-11-30 17:00")
        assert dossier.promised_due_at == at("2026-11-23 17:00"), "the promise on the receipt is never rewritten"

    def test_a_wrong_secret_answers_nothing(self, world: World) -> None:
        dossier = ask(world, world.receive())

        command = dossiers.AnswerSupplement(
            target=target(dossier), items=[GivenItem(number=2, copies=1)], secret="ABCDEFGH"
        )
        with pytest.raises(dossiers.NotAllowed):
            dossiers.answer_supplement(command, acting_user=None, now=world.now)

    def test_nothing_marked_is_no_request(self, world: World) -> None:
        dossier = world.receive()

        with pytest.raises(NothingMarked):
            dossiers.request_supplement(
                dossiers.RequestSupplement(target=target(dossier), items=[], reason="Thiếu"),
                acting_user=world.officer(Role.PROCESSOR),
                now=world.now,
            )

    def test_a_second_round_needs_its_legal_basis(self, world: World) -> None:
        dossier = answer(world, ask(world, world.receive()))

        with pytest.raises(SecondRoundNeedsBasis):
            ask(world, dossier, now="2026-11-23 09:00")
        assert ask(world, dossier, basis="61/2018/NĐ-CP, Điều 19", now="2026-11-23 09:00").supplement_rounds == 2

    def test_every_state_of_the_promise_stays_readable(self, world: World) -> None:
        dossier = answer(world, ask(world, world.receive()))

        history = queries.deadline_history(dossier)

        assert [line.due_at for line in history] == [at("2026-11-23 17:00"), None, at("2026-11-30 17:00")]
        assert history[2].trace


class TestExtension:
    def extend(
        self, world: World, dossier: Dossier, *, day: str = "2026-11-27", basis: str = "", now: str = "2026-11-18 09:00"
    ) -> Dossier:
        command = dossiers.ExtendDeadline(
            target=target(dossier),
            new_due_on=date.fromisoformat(day),
            reason="Chờ xác minh tại cơ sở",
            legal_basis=basis,
        )
        return dossiers.extend_deadline(command, acting_user=world.decider(dossier), now=at(now))

    def test_the_new_day_ends_when_the_office_closes_on_it(self, world: World) -> None:
        dossier = world.to_decision(world.receive())
        morning = DayChange(day=date(2026, 11, 27), kind=DayKind.MORNING_ONLY, reason="Họp toàn ngành")
        command = PublishCalendar(agency_code=None, changes=(morning,), note="Họp toàn ngành")
        units.publish_calendar(command, acting_user_id=1, now=world.now)

        assert self.extend(world, dossier).current_due_at == at("2026-11-27 11:30")

    def test_apologises_and_keeps_the_first_promise(self, world: World) -> None:
        dossier = self.extend(world, world.to_decision(world.receive()))

        assert dossier.current_due_at == at("2026-11-27 17:00")
        assert dossier.promised_due_at == at("2026-11-23 17:00")

    def test_not_on_the_day_itself(self, world: World) -> None:
        dossier = world.to_decision(world.receive())

        with pytest.raises(TooLateToExtend, match="ít nhất 1 ngày"):
            self.extend(world, dossier, now="2026-11-23 08:00")
        assert self.extend(world, dossier, now="2026-11-22 23:00").extensions == 1

    def test_not_twice_without_a_legal_basis(self, world: World) -> None:
        dossier = self.extend(world, world.to_decision(world.receive()))

        with pytest.raises(ExtendedBefore):
            self.extend(world, dossier, day="2026-12-01")

    @pytest.mark.parametrize("day", ["2026-11-23", "2026-11-20", "2026-11-24", "2026-11-28"])
    def test_only_to_a_later_working_day(self, world: World, day: str) -> None:
        with pytest.raises((NewDayNotLater, NewDayOff)):
            self.extend(world, world.to_decision(world.receive()), day=day)


class TestEnds:
    def test_the_applicant_withdraws_with_the_secret(self, world: World) -> None:
        dossier = world.receive()

        dossier = dossiers.withdraw(target(dossier), acting_user=None, now=world.now, secret=dossier.secret)

        assert dossier.state == DossierState.WITHDRAWN

    def test_nothing_is_stopped_after_a_result(self, world: World) -> None:
        dossier = world.approve(world.receive())

        with pytest.raises((dossiers.ActionNotPossible, dossiers.NotAllowed)):
            dossiers.stop(target(dossier), reason="muộn", acting_user=world.officer(Role.LEADER), now=world.now)

    def test_a_rating_is_given_once_and_kept_apart_from_the_log(self, world: World) -> None:
        dossier = world.approve(world.receive())
        command = dossiers.RateDossier(
            target=target(dossier), level=Satisfaction.VERY_SATISFIED, comment="Nhanh", secret=dossier.secret
        )

        dossier = dossiers.rate(command, acting_user=None, now=world.now)

        assert Rating.objects.get(dossier=dossier).level == "5"
        assert Event.objects.get(stream=dossier.stream, name="DossierRated").payload == {}
        again = dossiers.RateDossier(target=target(dossier), level=Satisfaction.NEUTRAL, secret=dossier.secret)
        with pytest.raises(RatedBefore):
            dossiers.rate(again, acting_user=None, now=world.now)


class TestSenselessMoves:
    """What no screen offers is not done by a form made by hand either."""

    def test_a_dossier_is_not_sent_back_to_the_desk_that_has_received_it(self, world: World) -> None:
        with pytest.raises(NothingToDo):
            dossiers.send_back(
                target(world.receive()), reason="x", acting_user=world.officer(Role.PROCESSOR), now=world.now
            )

    def test_what_one_holds_is_not_claimed_again_and_what_nobody_holds_not_released(self, world: World) -> None:
        processor = world.officer(Role.PROCESSOR)
        dossier = world.receive()
        with pytest.raises(NothingToDo):
            dossiers.release(target(dossier), acting_user=processor, now=world.now)
        dossier = dossiers.claim(target(dossier), acting_user=processor, now=world.now)
        with pytest.raises(NothingToDo):
            dossiers.claim(target(dossier), acting_user=processor, now=world.now)

    def test_the_desk_does_not_stop_the_clock_of_what_it_still_holds(self, world: World) -> None:
        dossier = world.receive(hand_over=False)
        assert queries.actions_for(dossier, user=world.officer(Role.RECEIVER), now=world.now)
        with pytest.raises(DossierRefusal):
            ask(world, dossier)


class TestTable:
    @pytest.mark.parametrize("action", [one for one in MOVES if DossierState.RETURNED not in MOVES[one].origin])
    def test_a_move_out_of_a_wrong_state_is_refused_in_words(self, world: World, action: Action) -> None:
        dossier = world.approve(world.receive())
        Dossier.objects.filter(pk=dossier.pk).update(state=DossierState.RETURNED, returned_at=world.now)
        dossier.refresh_from_db()
        assert action not in queries.actions_for(dossier, user=world.officer(Role.RECEIVER), now=world.now)

    def test_every_action_has_a_legal_source_and_a_word(self) -> None:
        for action, move in MOVES.items():
            assert move.source
            assert str(action.label)

    def test_every_state_can_be_left_or_is_an_end(self) -> None:
        left = {state for move in MOVES.values() for state in move.origin if move.target}

        assert set(DossierState) - left == {
            DossierState.RETURNED,
            DossierState.REFUSED_INTAKE,
            DossierState.WITHDRAWN,
            DossierState.STOPPED,
        }


class TestProjection:
    def test_the_row_is_the_sum_of_its_events(self, world: World) -> None:
        world.approve(answer(world, ask(world, world.receive())), now=at("2026-11-26 10:00"))
        world.receive(hand_over=False)

        assert list(integrity.rows_that_differ_from_their_events()) == []

    def test_a_row_changed_behind_the_back_of_the_log_is_found(self, world: World) -> None:
        dossier = world.receive()
        Dossier.objects.filter(pk=dossier.pk).update(promised_due_at=at("2027-01-04 17:00"))

        found = list(integrity.rows_that_differ_from_their_events())

        assert len(found) == 1
        assert "promised_due_at" in found[0]

    def test_a_gap_in_the_numbers_is_found(self, world: World) -> None:
        dossier = world.receive()
        Dossier.objects.filter(pk=dossier.pk).update(code="H55.XXXX-261116-0001")

        assert len(list(integrity.gaps_in_numbers())) == 1

    def test_the_log_cannot_be_changed_or_emptied(self, world: World) -> None:
        from django.db import IntegrityError, transaction

        world.receive()

        for change in (lambda: Event.objects.update(name="X"), lambda: Event.objects.all().delete()):
            with pytest.raises(IntegrityError, match="chỉ được ghi thêm"), transaction.atomic():
                change()

    def test_the_current_step_is_known_by_its_version(self, world: World) -> None:
        dossier = world.receive()

        assert routing.step_of(dossier).role == dossier.step_role


def test_the_signed_result_is_kept_with_the_approval(world: World) -> None:
    from io import BytesIO

    from lienthong.documents import queries as papers
    from lienthong.documents import services as documents
    from lienthong.documents.printing import render_form
    from lienthong.dossiers import printing

    dossier = world.to_decision(world.receive())
    pdf = render_form(printing.form_for(dossier, FormCode.RECEIPT))
    stored = documents.store_upload(
        documents.Upload(content=BytesIO(pdf), name="quyết định.pdf"), by=None, now=world.now
    )

    command = dossiers.Approve(target=target(dossier), files=(stored.pk,))
    dossiers.approve(command, acting_user=world.decider(dossier), now=world.now)

    assert [one.role for one in papers.attachments_of(dossier.stream)] == [dossiers.RESULT]

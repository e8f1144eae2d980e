"""Receiving a request at the desk."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError

from lienthong.accounts.states import Role
from lienthong.catalogue.queries import ProcedureNotInForce
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier, DossierCounter, SubmittedItem
from lienthong.dossiers.services import Applicant, GivenItem, ItemsMissing
from lienthong.dossiers.services.moving import FormUsedElsewhere
from lienthong.dossiers.states import DossierState
from lienthong.infra.events import Event
from tests.world import COMMUNE, FUNERAL_SUPPORT, HOME_AFFAIRS, PROVINCE_DESK, WORK_PERMIT, World, at

ALWAYS_NEEDED = (GivenItem(number=1, originals=1), GivenItem(number=2, copies=1))


class TestReceiveDossier:
    def test_numbers_the_dossier_by_agency_and_day(self, world: World) -> None:
        first, second = world.receive(), world.receive()

        assert first.code == f"{COMMUNE}-261116-0001"
        assert second.code == f"{COMMUNE}-261116-0002"

    def test_begins_each_day_and_each_agency_with_number_one(self, world: World) -> None:
        world.receive()
        elsewhere = world.receive(WORK_PERMIT)
        next_day = world.receive(now=at("2026-11-17 09:00"))

        assert elsewhere.code == f"{PROVINCE_DESK}-261116-0001"
        assert next_day.code == f"{COMMUNE}-261117-0001"

    def test_promises_a_day_counted_in_working_time(self, world: World) -> None:
        dossier = world.receive(now=at("2026-11-18 16:59"))

        # five working days after Wednesday, and 24 November is a holiday
        assert dossier.promised_due_at == at("2026-11-26 17:00")
        assert dossier.current_due_at == dossier.promised_due_at

    def test_keeps_the_calendar_and_the_version_it_was_received_under(self, world: World) -> None:
        dossier = world.receive()

        assert dossier.calendar_id is not None
        assert dossier.version.valid_from <= world.today

    def test_hands_over_to_the_first_step_at_once(self, world: World) -> None:
        dossier = world.receive()

        assert dossier.state == DossierState.IN_PROGRESS
        assert dossier.step == 2
        assert dossier.holder_id is None

    def test_stays_with_the_clerk_when_it_is_held_back(self, world: World) -> None:
        dossier = world.receive(hand_over=False)

        assert dossier.state == DossierState.RECEIVED
        assert dossier.step == 1
        assert dossier.holder_id == world.officer(Role.RECEIVER).pk
        assert dossier.hand_over_due_at == at("2026-11-16 17:00")

    def test_a_receipt_after_three_is_handed_over_the_next_morning(self, world: World) -> None:
        friday = world.receive(hand_over=False, now=at("2026-11-20 15:01"))
        before = world.receive(hand_over=False, now=at("2026-11-20 14:59"))

        assert friday.hand_over_due_at is not None
        assert friday.hand_over_due_at.date() == date(2026, 11, 23)
        assert before.hand_over_due_at == at("2026-11-20 17:00")

    def test_a_provincial_procedure_goes_to_the_department_that_is_competent_today(self, world: World) -> None:
        dossier = world.receive(WORK_PERMIT)

        assert dossier.agency is not None
        assert dossier.agency.code.startswith(HOME_AFFAIRS)

    def test_lists_every_missing_item_at_once(self, world: World) -> None:
        with pytest.raises(ItemsMissing) as refusal:
            world.receive(items=[], answers={})

        assert len(refusal.value.missing) == 2 + 1 + 5
        assert "Mẫu số 04" in str(refusal.value)
        assert "Chưa rõ có cần “Bản sao quyết định" in str(refusal.value)
        assert "Ngày chết" in str(refusal.value)

    def test_a_paper_that_some_cases_need_is_not_left_out_silently(self, world: World) -> None:
        with pytest.raises(ItemsMissing) as refusal:
            world.receive(items=ALWAYS_NEEDED)

        assert [sentence[:31] for sentence in refusal.value.missing] == ["Chưa rõ có cần “Bản sao quyết đ"]

    def test_a_paper_that_some_cases_need_may_be_said_not_to_apply(self, world: World) -> None:
        dossier = world.receive(items=[*ALWAYS_NEEDED, GivenItem(number=3, is_not_applicable=True)])

        assert list(dossier.items.order_by("number").values_list("is_given", "is_not_applicable")) == [
            (True, False), (True, False), (False, True),
        ]  # fmt: skip

    def test_a_paper_that_every_case_needs_cannot_be_said_not_to_apply(self, world: World) -> None:
        items = [ALWAYS_NEEDED[0], *(GivenItem(number=number, is_not_applicable=True) for number in (2, 3))]

        with pytest.raises(ItemsMissing) as refusal:
            world.receive(items=items)

        assert refusal.value.missing == ["Bản sao giấy chứng tử của đối tượng"]

    def test_what_is_both_given_and_said_not_to_apply_is_given(self, world: World) -> None:
        dossier = world.receive(items=[*ALWAYS_NEEDED, GivenItem(number=3, copies=1, is_not_applicable=True)])

        assert dossier.items.get(number=3).is_given
        assert not dossier.items.get(number=3).is_not_applicable

    def test_the_database_holds_no_paper_that_is_both_given_and_said_not_to_apply(self, world: World) -> None:
        rows = SubmittedItem.objects.filter(dossier=world.receive(), number=3)

        with pytest.raises(IntegrityError, match="submitted_item_given_or_not_applicable"):
            rows.update(is_not_applicable=True)

    def test_a_refusal_leaves_no_trace_and_takes_no_number(self, world: World) -> None:
        with pytest.raises(ItemsMissing):
            world.receive(items=[])

        assert Dossier.objects.count() == 0
        assert DossierCounter.objects.count() == 0

    def test_refuses_an_officer_outside_their_mandate(self, world: World) -> None:
        command = dossiers.ReceiveDossier(
            procedure_code=FUNERAL_SUPPORT, receiving_agency_id=world.agency(COMMUNE).pk, channel="counter",
            request=world.request(), client_key=uuid4(),
        )  # fmt: skip

        for stranger in (world.officer(Role.RECEIVER, PROVINCE_DESK), world.officer(Role.PROCESSOR), world.citizen()):
            with pytest.raises(dossiers.NotAllowed):
                dossiers.receive_dossier(command, acting_user=stranger, now=world.now)

    def test_refuses_a_procedure_no_longer_in_force(self, world: World) -> None:
        with pytest.raises(ProcedureNotInForce, match="Không có thủ tục"):
            dossiers.receive_dossier(
                dossiers.ReceiveDossier(
                    procedure_code="9.999999", receiving_agency_id=world.agency(COMMUNE).pk, channel="counter",
                    request=world.request(), client_key=uuid4(),
                ),
                acting_user=world.officer(Role.RECEIVER),
                now=world.now,
            )  # fmt: skip

    def test_refuses_a_way_of_filing_that_the_procedure_does_not_offer(self, world: World) -> None:
        command = dossiers.ReceiveDossier(
            procedure_code=FUNERAL_SUPPORT, receiving_agency_id=world.agency(COMMUNE).pk, channel="pigeon",
            request=world.request(), client_key=uuid4(),
        )  # fmt: skip

        with pytest.raises((dossiers.DossierRefusal, ValueError)):
            dossiers.receive_dossier(command, acting_user=world.officer(Role.RECEIVER), now=world.now)

    def test_a_double_click_receives_once(self, world: World) -> None:
        key = uuid4()

        first, again = world.receive(key=key), world.receive(key=key)

        assert again.pk == first.pk
        assert Dossier.objects.count() == 1
        assert DossierCounter.objects.get().last == 1

    def test_a_form_sent_again_for_somebody_else_is_not_taken_for_the_first(self, world: World) -> None:
        key = uuid4()
        world.receive(key=key)

        with pytest.raises(FormUsedElsewhere):
            world.receive(key=key, applicant=Applicant(name="Người Thứ Hai"))

        assert Dossier.objects.count() == 1

    def test_writes_the_events_and_no_more(self, world: World) -> None:
        dossier = world.receive()

        names = [event.name for event in Event.objects.filter(stream=dossier.stream).order_by("sequence")]
        assert names == ["DossierReceived", "StepPassed"]

    def test_tells_how_the_promise_was_counted(self, world: World) -> None:
        dossier = world.receive()

        event = Event.objects.get(stream=dossier.stream, name="DossierReceived")
        assert any("không tính" in line for line in event.payload["trace"])

    @pytest.mark.parametrize("name", ["Nguyễn Thị 'Ỷ' \"Ẵ\"", "Bé 🐘 Voi", "Đ" * 255, "Robert'); DROP TABLE--"])
    def test_keeps_names_exactly_as_they_are_written(self, world: World, name: str) -> None:
        dossier = world.receive(applicant=Applicant(name=name))

        assert Dossier.objects.get(pk=dossier.pk).applicant_name == name

    def test_a_dossier_of_2022_goes_through_the_district(self, world: World) -> None:
        world.now = at("2022-09-05 16:30")

        dossier = world.receive(desk="H55.05443")

        assert dossier.promised_due_at == at("2022-09-12 17:00")
        steps = [step.agency_level for step in dossiers_steps(dossier)]
        assert "district" in steps


def dossiers_steps(dossier: Dossier) -> list:  # type: ignore[type-arg]
    from lienthong.dossiers import routing

    return list(routing.steps_of(dossier))


def test_a_procedure_of_an_outside_agency_is_not_received_here(world: World) -> None:
    from lienthong.catalogue.models import ProcedureVersion
    from lienthong.dossiers.services.receive import HandledElsewhere

    outside = (
        ProcedureVersion.objects.valid_on(world.today)
        .filter(status="published")
        .exclude(handled_by="")
        .order_by("pk")
        .first()
    )
    assert outside is not None

    with pytest.raises(HandledElsewhere, match="nộp ở đó"):
        world.receive(outside.procedure.code, desk=PROVINCE_DESK)

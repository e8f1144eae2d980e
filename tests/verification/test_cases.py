"""Decisions on cases: nothing is written before it is decided, an identity number never by one person alone."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.verification import sources
from lienthong.verification.linkage.vocabulary import FieldVerdict, Status
from lienthong.verification.models import Case, RegisterEntry
from lienthong.verification.queries.cases import CaseNotFound
from lienthong.verification.services import cases
from lienthong.verification.services.corrections import digest_of
from lienthong.verification.states import (
    ALERTS_PAYMENT,
    BULK_KINDS,
    CASE_MOVES,
    CaseAction,
    CaseEffect,
    CaseState,
    CloseReason,
    Looked,
)
from tests.stories import ANOTHER_COMMUNE
from tests.verification.cases import Caseload, many, target, theirs


def facts(case: Case) -> list[str]:
    return list(Event.objects.filter(stream=case.stream).order_by("sequence").values_list("name", flat=True))


def entry_of(case: Case) -> RegisterEntry:
    return RegisterEntry.objects.get(pk=case.entry_id)


class TestAccept:
    def test_writes_what_the_population_has_and_keeps_the_old_value(self, caseload: Caseload) -> None:
        case = cases.accept(target(caseload.case()), acting_user=caseload.officer, now=caseload.now)

        assert entry_of(case).full_name == "Ma Thị Hường"
        assert case.proposal == {"full_name": ["Ma Thị Hương", "Ma Thị Hường"]}
        assert (case.state, case.decided_by) == (CaseState.DECIDED, caseload.officer)
        assert facts(case) == ["VerdictDecided", "EntryCorrected"]

    def test_says_nothing_of_the_person_in_the_log(self, caseload: Caseload) -> None:
        case = cases.accept(target(caseload.case()), acting_user=caseload.officer, now=caseload.now)

        told = str(list(Event.objects.filter(stream=case.stream).order_by("id").values_list("payload", flat=True)))
        assert "Hương" not in told
        assert "Hường" not in told

    def test_of_a_number_is_only_a_proposal(self, caseload: Caseload) -> None:
        case = cases.accept(target(caseload.number_case()), acting_user=caseload.officer, now=caseload.now)

        assert (case.state, case.decided_by, case.touches_number) == (CaseState.PROPOSED, None, True)
        assert entry_of(case).number == ""
        assert facts(case) == ["VerdictProposed"]

    def test_takes_a_birth_date_as_people_write_it(self, caseload: Caseload) -> None:
        case = caseload.case(Status.BIRTH_DIFFERS, differs="birth", found=theirs(birth_date="19610507"))

        cases.accept(target(case), acting_user=caseload.officer, now=caseload.now)

        assert entry_of(case).birth_date == "07/05/1961"

    def test_leaves_what_is_the_same_written_otherwise(self, caseload: Caseload) -> None:
        case = caseload.case(
            differs="birth", verdict=FieldVerdict.EQUAL_NORMALISED, found=theirs(birth_date="19600705")
        )

        with pytest.raises(cases.NothingToAccept):
            cases.accept(target(case), acting_user=caseload.officer, now=caseload.now)

    @pytest.mark.parametrize("kind", [Status.NOT_FOUND, Status.SEVERAL_CANDIDATES])
    def test_of_nobody_is_refused(self, caseload: Caseload, kind: Status) -> None:
        with pytest.raises(cases.NothingToAccept):
            cases.accept(target(caseload.case(kind, linked=False)), acting_user=caseload.officer, now=caseload.now)

    @pytest.mark.parametrize("kind", ALERTS_PAYMENT)
    def test_of_the_dead_and_the_double_asks_to_look_first(self, caseload: Caseload, kind: Status) -> None:
        with pytest.raises(cases.LookFirst):
            cases.accept(target(caseload.case(kind)), acting_user=caseload.officer, now=caseload.now)

    def test_does_not_overwrite_what_changed_since_it_was_proposed(self, caseload: Caseload) -> None:
        case = cases.accept(target(caseload.number_case()), acting_user=caseload.officer, now=caseload.now)
        RegisterEntry.objects.filter(pk=case.entry_id).update(number="019085009999")

        with pytest.raises(cases.EntryChanged):
            cases.approve(target(case), acting_user=caseload.head, now=caseload.now)

        assert entry_of(case).number == "019085009999"


class TestFourEyes:
    def test_a_second_person_writes_the_number(self, caseload: Caseload) -> None:
        case = cases.accept(target(caseload.number_case()), acting_user=caseload.officer, now=caseload.now)

        case = cases.approve(target(case), acting_user=caseload.head, now=caseload.now)

        assert entry_of(case).number == "019085001234"
        assert (case.proposed_by, case.decided_by) == (caseload.officer, caseload.head)
        assert facts(case) == ["VerdictProposed", "VerdictDecided", "EntryCorrected"]

    def test_whoever_proposes_does_not_decide(self, caseload: Caseload) -> None:
        case = cases.accept(target(caseload.number_case()), acting_user=caseload.head, now=caseload.now)

        with pytest.raises(cases.ProposedBySame):
            cases.approve(target(case), acting_user=caseload.head, now=caseload.now)

    def test_only_a_head_decides(self, caseload: Caseload) -> None:
        case = cases.accept(target(caseload.number_case()), acting_user=caseload.officer, now=caseload.now)
        colleague = caseload.world.officer(Role.PROCESSOR, another=True)

        with pytest.raises(cases.NotTheSecond):
            cases.approve(target(case), acting_user=colleague, now=caseload.now)

    def test_the_database_refuses_one_person_for_both(self, caseload: Caseload) -> None:
        case = cases.accept(target(caseload.number_case()), acting_user=caseload.officer, now=caseload.now)

        with pytest.raises(IntegrityError, match="case_number_decided_by_another"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(decided_by=caseload.officer)
        with pytest.raises(IntegrityError, match="case_number_needs_two"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(state=CaseState.DECIDED, closed_at=caseload.now)
        with pytest.raises(IntegrityError, match="case_number_is_marked"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(touches_number=False)

    def test_a_proposal_sent_back_is_open_again_and_nothing_is_written(self, caseload: Caseload) -> None:
        case = cases.accept(target(caseload.number_case()), acting_user=caseload.officer, now=caseload.now)

        case = cases.send_back(target(case), reason="Xem lại căn cước", acting_user=caseload.head, now=caseload.now)

        assert (case.state, case.proposal, case.proposed_by) == (CaseState.OPEN, {}, None)
        assert entry_of(case).number == ""

    def test_sending_back_needs_a_reason(self, caseload: Caseload) -> None:
        case = cases.accept(target(caseload.number_case()), acting_user=caseload.officer, now=caseload.now)

        with pytest.raises(cases.ReasonNeeded):
            cases.send_back(target(case), reason=" ", acting_user=caseload.head, now=caseload.now)


class TestCorrectOurs:
    def test_writes_what_was_typed(self, caseload: Caseload) -> None:
        typed = {"full_name": "Ma Thị Hường", "birth_date": "6/7/1960", "sex": "Nữ"}

        case = cases.correct_ours(
            target(caseload.case()),
            typed=typed,
            note="Theo giấy khai sinh",
            acting_user=caseload.officer,
            now=caseload.now,
        )

        assert (entry_of(case).full_name, entry_of(case).birth_date) == ("Ma Thị Hường", "06/07/1960")
        assert case.note == "Theo giấy khai sinh"

    def test_of_a_number_waits_for_the_second_person(self, caseload: Caseload) -> None:
        typed = {"number": "019160005678", "full_name": "Ma Thị Hường"}

        case = cases.correct_ours(
            target(caseload.case()), typed=typed, note="", acting_user=caseload.officer, now=caseload.now
        )

        assert case.state == CaseState.PROPOSED
        assert entry_of(case).full_name == "Ma Thị Hương"

    @pytest.mark.parametrize(
        ("typed", "column"),
        [
            ({"number": "01908500123"}, "number"),
            ({"number": "090123456"}, "number"),
            ({"birth_date": "31/02/1960"}, "birth_date"),
            ({"birth_date": "hôm qua"}, "birth_date"),
            ({"sex": "khác"}, "sex"),
            ({"full_name": ""}, "full_name"),
            ({"ethnicity": "x" * 61}, "ethnicity"),
        ],
    )
    def test_refuses_what_cannot_be_and_says_where(
        self, caseload: Caseload, typed: dict[str, str], column: str
    ) -> None:
        with pytest.raises(cases.TypedWrong) as refusal:
            cases.correct_ours(
                target(caseload.case()), typed=typed, note="", acting_user=caseload.officer, now=caseload.now
            )

        assert refusal.value.column == column
        assert len(str(refusal.value)) > 20

    def test_of_nothing_is_refused(self, caseload: Caseload) -> None:
        with pytest.raises(cases.NothingTyped):
            cases.correct_ours(
                target(caseload.case()), typed={"full_name": "Ma Thị Hương"}, note="", acting_user=caseload.officer,
                now=caseload.now,
            )  # fmt: skip


class TestPayments:
    def test_a_death_alerts_only_after_somebody_has_looked(self, caseload: Caseload) -> None:
        case = caseload.case(Status.DEAD, differs="")
        assert case.effect == CaseEffect.NONE

        case = cases.confirm_death(
            target(case), looked=Looked.DEATH_CERTIFICATE, note="", acting_user=caseload.officer, now=caseload.now
        )

        assert case.effect == CaseEffect.PAYMENT_ALERT
        assert facts(case) == ["DeathConfirmed", "PaymentAlertRaised"]

    def test_the_database_refuses_an_alert_that_nobody_decided(self, caseload: Caseload) -> None:
        case = caseload.case(Status.DEAD, differs="")

        with pytest.raises(IntegrityError, match="case_effect_after_a_person"), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(effect=CaseEffect.PAYMENT_ALERT)
        absent = cases.close(
            target(caseload.case(Status.NOT_FOUND, differs="")), reason=CloseReason.NOT_ENOUGH_KNOWN,
            acting_user=caseload.officer, now=caseload.now,
        )  # fmt: skip
        with pytest.raises(IntegrityError, match="case_effect_of_dead_or_double"), transaction.atomic():
            Case.objects.filter(pk=absent.pk).update(effect=CaseEffect.PAYMENT_ALERT)

    @pytest.mark.parametrize("kind", [kind for kind in Status if kind not in ALERTS_PAYMENT])
    def test_no_other_kind_reaches_a_payment_whatever_is_decided(self, caseload: Caseload, kind: Status) -> None:
        verbs: list[Callable[..., Case]] = [
            lambda **who: cases.confirm_death(target(case), looked=Looked.FAMILY, note="", **who),
            lambda **who: cases.settle_double(target(case), twin_id=case.entry_id, keep_this=False, note="", **who),
            lambda **who: cases.accept(target(case), **who),
            lambda **who: cases.order_visit(target(case), **who),
            lambda **who: cases.report_visit(target(case), note="Không gặp", **who),
            lambda **who: cases.close(target(case), reason=CloseReason.NOT_ENOUGH_KNOWN, **who),
        ]
        case = caseload.case(kind, linked=kind not in {Status.NOT_FOUND, Status.SEVERAL_CANDIDATES})

        for verb in verbs:
            try:
                case = verb(acting_user=caseload.officer, now=caseload.now)
            except cases.CaseRefused:
                continue

        assert case.effect == CaseEffect.NONE
        assert not Event.objects.filter(name="PaymentAlertRaised").exists()

    def test_of_two_records_the_one_that_goes_is_alerted(self, caseload: Caseload) -> None:
        one, other = (caseload.case(Status.DUPLICATE, differs="") for _ in range(2))

        case = cases.settle_double(
            target(one), twin_id=other.entry_id, keep_this=True, note="", acting_user=caseload.officer, now=caseload.now
        )

        alert = Event.objects.get(stream=case.stream, name="PaymentAlertRaised")
        assert alert.payload["record_key"] == other.entry.record_key

    def test_a_commune_does_not_end_the_record_of_another(self, caseload: Caseload) -> None:
        ours = caseload.case(Status.DUPLICATE, differs="")
        abroad = caseload.case(Status.DUPLICATE, differs="", commune=ANOTHER_COMMUNE)
        who: dict[str, Any] = {"acting_user": caseload.officer, "now": caseload.now, "note": ""}

        with pytest.raises(cases.TwinOfAnotherCommune):
            cases.settle_double(target(ours), twin_id=abroad.entry_id, keep_this=True, **who)

        assert cases.settle_double(target(ours), twin_id=abroad.entry_id, keep_this=False, **who).effect

    def test_a_record_that_is_no_twin_is_not_ended(self, caseload: Caseload) -> None:
        case, stranger = caseload.case(Status.DUPLICATE, differs=""), caseload.entry()

        with pytest.raises(cases.NotATwin):
            cases.settle_double(
                target(case),
                twin_id=stranger.pk,
                keep_this=True,
                note="",
                acting_user=caseload.officer,
                now=caseload.now,
            )


class TestUndo:
    def test_writes_back_what_one_person_decided(self, caseload: Caseload) -> None:
        case = cases.accept(target(caseload.case()), acting_user=caseload.officer, now=caseload.now)

        case = cases.undo(target(case), acting_user=caseload.officer, now=caseload.now)

        assert entry_of(case).full_name == "Ma Thị Hương"
        assert (case.state, case.decision, case.decided_by) == (CaseState.OPEN, "", None)
        assert facts(case)[-2:] == ["CaseUndone", "EntryCorrected"]

    def test_takes_a_proposal_back_before_the_second_person(self, caseload: Caseload) -> None:
        case = cases.accept(target(caseload.number_case()), acting_user=caseload.officer, now=caseload.now)

        assert cases.undo(target(case), acting_user=caseload.officer, now=caseload.now).state == CaseState.OPEN

    def test_not_after_the_second_person(self, caseload: Caseload) -> None:
        case = cases.accept(target(caseload.number_case()), acting_user=caseload.officer, now=caseload.now)
        case = cases.approve(target(case), acting_user=caseload.head, now=caseload.now)

        for user in (caseload.officer, caseload.head):
            with pytest.raises(cases.FinalAlready):
                cases.undo(target(case), acting_user=user, now=caseload.now)

    def test_not_after_payments_were_alerted(self, caseload: Caseload) -> None:
        case = cases.confirm_death(
            target(caseload.case(Status.DEAD, differs="")), looked=Looked.FAMILY, note="", acting_user=caseload.officer,
            now=caseload.now,
        )  # fmt: skip

        with pytest.raises(cases.FinalAlready):
            cases.undo(target(case), acting_user=caseload.officer, now=caseload.now)

    def test_not_by_somebody_else(self, caseload: Caseload) -> None:
        case = cases.accept(target(caseload.case()), acting_user=caseload.officer, now=caseload.now)

        with pytest.raises(cases.NotYoursToUndo):
            cases.undo(target(case), acting_user=caseload.head, now=caseload.now)

    def test_not_when_a_later_batch_has_opened_the_record_anew(self, caseload: Caseload) -> None:
        case = cases.close(
            target(caseload.case()), reason=CloseReason.OURS_IS_RIGHT, acting_user=caseload.officer, now=caseload.now
        )
        Case.objects.create(
            verdict=case.verdict, entry=case.entry, commune=case.commune, kind=case.kind, probability=1,
            opened_at=caseload.now,
        )  # fmt: skip

        with pytest.raises(cases.AnotherCaseOpen):
            cases.undo(target(case), acting_user=caseload.officer, now=caseload.now)


class TestOnceAndInOrder:
    def test_a_double_press_decides_once(self, caseload: Caseload) -> None:
        pressed = target(caseload.case())

        first = cases.accept(pressed, acting_user=caseload.officer, now=caseload.now)
        second = cases.accept(pressed, acting_user=caseload.officer, now=caseload.now)

        assert (first.pk, first.version) == (second.pk, second.version)
        assert facts(second) == ["VerdictDecided", "EntryCorrected"]

    def test_of_two_officers_at_once_the_second_is_told(self, caseload: Caseload) -> None:
        case = caseload.case()
        mine, yours = target(case), target(case)
        cases.accept(mine, acting_user=caseload.officer, now=caseload.now)

        with pytest.raises(cases.StaleCase):
            cases.close(yours, reason=CloseReason.OURS_IS_RIGHT, acting_user=caseload.head, now=caseload.now)

    def test_a_key_serves_one_action(self, caseload: Caseload) -> None:
        first = target(caseload.case())
        cases.accept(first, acting_user=caseload.officer, now=caseload.now)
        other = caseload.case()
        again = cases.CaseTarget(case_id=other.pk, seen=0, client_key=first.client_key)

        with pytest.raises(cases.KeyUsedElsewhere):
            cases.accept(again, acting_user=caseload.officer, now=caseload.now)

        assert entry_of(other).full_name == "Ma Thị Hương"

    def test_another_communes_case_is_as_if_it_were_not_there(self, caseload: Caseload) -> None:
        case = caseload.case(commune=ANOTHER_COMMUNE)

        with pytest.raises(CaseNotFound):
            cases.accept(target(case), acting_user=caseload.officer, now=caseload.now)

    def test_an_auditor_reads_and_does_not_decide(self, caseload: Caseload) -> None:
        with pytest.raises(cases.NotYourCase):
            cases.accept(target(caseload.case()), acting_user=caseload.world.officer(Role.AUDITOR), now=caseload.now)

    def test_what_is_decided_is_not_decided_again(self, caseload: Caseload) -> None:
        case = cases.accept(target(caseload.case()), acting_user=caseload.officer, now=caseload.now)

        with pytest.raises(cases.NotPossibleNow, match="Đã quyết định"):
            cases.accept(target(case), acting_user=caseload.officer, now=caseload.now)

    def test_the_table_of_moves_names_every_action(self) -> None:
        assert set(CASE_MOVES) == set(CaseAction)


class TestPoliceAndVisit:
    def test_what_the_police_should_change_is_kept_the_other_way_round(self, caseload: Caseload) -> None:
        case = cases.ask_police(target(caseload.case()), acting_user=caseload.officer, now=caseload.now)

        assert case.state == CaseState.WAITING_POLICE
        assert case.proposal == {"full_name": ["Ma Thị Hường", "Ma Thị Hương"]}
        assert entry_of(case).full_name == "Ma Thị Hương"

    @pytest.mark.parametrize("number", ["", "090001849"])
    def test_nobody_asks_to_have_a_number_emptied_or_an_old_one_put_in_its_place(
        self, caseload: Caseload, number: str
    ) -> None:
        case = cases.ask_police(
            target(caseload.number_case(number=number)), acting_user=caseload.officer, now=caseload.now
        )

        assert case.proposal == {}

    def test_of_nobody_nothing_is_asked(self, caseload: Caseload) -> None:
        with pytest.raises(cases.NothingToAsk):
            cases.ask_police(
                target(caseload.case(Status.NOT_FOUND, linked=False)), acting_user=caseload.officer, now=caseload.now
            )

    @pytest.mark.parametrize(("is_corrected", "state"), [(True, CaseState.CLOSED), (False, CaseState.OPEN)])
    def test_their_answer_ends_it_or_opens_it_again(
        self, caseload: Caseload, is_corrected: bool, state: CaseState
    ) -> None:
        case = cases.ask_police(target(caseload.case()), acting_user=caseload.officer, now=caseload.now)

        case = cases.take_police_answer(
            target(case), is_corrected=is_corrected, acting_user=caseload.officer, now=caseload.now
        )

        assert case.state == state

    def test_a_visit_is_reported_and_then_decided(self, caseload: Caseload) -> None:
        case = cases.order_visit(target(caseload.case()), acting_user=caseload.officer, now=caseload.now)
        with pytest.raises(cases.ReasonNeeded):
            cases.report_visit(target(case), note="", acting_user=caseload.officer, now=caseload.now)

        case = cases.report_visit(target(case), note="Đã xem căn cước", acting_user=caseload.officer, now=caseload.now)

        assert (case.state, case.note) == (CaseState.OPEN, "Đã xem căn cước")


class TestBulk:
    def test_writes_what_touches_no_number_and_proposes_the_rest(self, caseload: Caseload) -> None:
        names, numbers = [caseload.case() for _ in range(3)], [caseload.number_case() for _ in range(2)]

        report = cases.bulk_accept(many(*names, *numbers), acting_user=caseload.officer, now=caseload.now)

        assert (report.decided, report.proposed, report.skipped) == (3, 2, 0)
        assert {entry_of(case).full_name for case in names} == {"Ma Thị Hường"}
        assert {entry_of(case).number for case in numbers} == {""}
        assert facts(names[0]) == ["VerdictDecided", "EntryCorrected"]

    def test_the_second_person_agrees_in_bulk_and_never_to_their_own(self, caseload: Caseload) -> None:
        theirs_, own = caseload.number_case(), caseload.number_case()
        cases.bulk_accept(many(theirs_), acting_user=caseload.officer, now=caseload.now)
        cases.bulk_accept(many(own), acting_user=caseload.head, now=caseload.now)
        shown = [Case.objects.get(pk=one.pk) for one in (theirs_, own)]

        report = cases.bulk_approve(many(*shown), acting_user=caseload.head, now=caseload.now)

        assert (report.decided, report.skipped) == (1, 1)
        assert entry_of(theirs_).number == "019085001234"
        assert entry_of(own).number == ""

    def test_leaves_a_case_that_changed_since_it_was_shown(self, caseload: Caseload) -> None:
        changed, same = caseload.case(), caseload.case()
        shown = many(changed, same)
        cases.order_visit(target(changed), acting_user=caseload.head, now=caseload.now)

        report = cases.bulk_accept(shown, acting_user=caseload.officer, now=caseload.now)

        assert (report.decided, report.skipped) == (1, 1)
        assert entry_of(changed).full_name == "Ma Thị Hương"

    def test_leaves_what_is_less_certain_than_the_threshold(self, caseload: Caseload) -> None:
        report = cases.bulk_accept(
            many(caseload.case(probability=0.98)), acting_user=caseload.officer, now=caseload.now
        )

        assert (report.decided, report.skipped) == (0, 1)

    @pytest.mark.parametrize("kind", [kind for kind in Status if kind not in BULK_KINDS])
    def test_leaves_what_is_looked_at_one_by_one(self, caseload: Caseload, kind: Status) -> None:
        report = cases.bulk_accept(
            many(caseload.case(kind, probability=1)), acting_user=caseload.officer, now=caseload.now
        )

        assert (report.decided, report.proposed, report.skipped) == (0, 0, 1)

    def test_a_double_press_writes_once(self, caseload: Caseload) -> None:
        command = many(caseload.case())

        cases.bulk_accept(command, acting_user=caseload.officer, now=caseload.now)
        again = cases.bulk_accept(command, acting_user=caseload.officer, now=caseload.now)

        assert (again.decided, again.proposed) == (0, 0)
        assert Event.objects.filter(name="CasesBulkAccepted").count() == 1

    def test_of_another_commune_nothing_is_touched(self, caseload: Caseload) -> None:
        case = caseload.case(commune=ANOTHER_COMMUNE)

        report = cases.bulk_accept(many(case), acting_user=caseload.officer, now=caseload.now)

        assert report.skipped == 1
        assert entry_of(case).full_name == "Ma Thị Hương"

    def test_of_nothing_and_of_too_many_is_refused(self, caseload: Caseload) -> None:
        with pytest.raises(cases.NothingMarked):
            cases.bulk_accept(many(), acting_user=caseload.officer, now=caseload.now)
        with pytest.raises(cases.TooManyAtOnce, match="5000"):
            cases.bulk_accept(
                cases.ManyCases(shown=tuple((n, 0) for n in range(5001)), client_key=uuid4()),
                acting_user=caseload.officer,
                now=caseload.now,
            )


class TestTheProgrammesRegister:
    def test_is_corrected_in_the_same_transaction(self, caseload: Caseload, monkeypatch: pytest.MonkeyPatch) -> None:
        told = []

        class Programme(sources.RegisterSource):
            key = "programme"
            fails = False

            def apply_correction(self, record_key: str, changes: Any, *, acting_user: Any, now: Any) -> None:
                if self.fails:
                    raise RuntimeError("the register is closed")
                told.append((record_key, dict(changes)))

        programme = Programme()
        monkeypatch.setitem(sources._SOURCES, "programme", programme)
        case, other = caseload.case(), caseload.case()
        caseload.register.source_key = "programme"
        caseload.register.save()

        cases.accept(target(case), acting_user=caseload.officer, now=caseload.now)
        programme.fails = True
        with pytest.raises(RuntimeError):
            cases.accept(target(other), acting_user=caseload.officer, now=caseload.now)

        assert told == [(case.entry.record_key, {"full_name": ("Ma Thị Hương", "Ma Thị Hường")})]
        assert entry_of(other).full_name == "Ma Thị Hương"
        assert facts(other) == []


def test_the_digest_in_the_log_does_not_tell_a_number_without_the_key_of_the_house() -> None:
    plain = hashlib.blake2b(b"number=019160000001", digest_size=16).hexdigest()

    assert digest_of({"number": "019160000001"}) == digest_of({"number": "019160000001"}) != plain

"""Disability at the desk: the officer records what the council concluded, the approval issues the certificate and money follows."""

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import DisabilityCertificate, Entitlement
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.procedures.disability import ASSESS_DISABILITY, REISSUE_CERTIFICATE
from lienthong.dossiers import handlers, integrity
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.services.decide import PreparedByTheSame
from lienthong.infra.models import Event
from lienthong.kernel.decisions import Outcome
from lienthong.people.models import Person
from tests.assistance.known import amount_in, disabled, granted, granted_in_october, known
from tests.factories.assistance import DisabilityCertificateFactory
from tests.screens import enter
from tests.world import COMMUNE, World, target

NUMBER = "019085001234"
COUNCIL = {
    "concluded_by": "council", "concluded_on": "2026-11-13", "members": "6", "votes_severe": "5", "votes_mild": "1",
    "chair": "severe", "disputed": "no", "biased": "no", "kind": "movement", "number": "27/GXN",
}  # fmt: skip
EXTREME = {**COUNCIL, "votes_severe": "0", "votes_extremely_severe": "5", "chair": "extremely_severe"}
MILD = {**COUNCIL, "votes_severe": "1", "votes_mild": "5", "chair": "mild"}
OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)


def received(world: World, code: str = ASSESS_DISABILITY, **answers: Any) -> Dossier:
    asked = {"request": "first"} if code == ASSESS_DISABILITY else {"why": "lost"}
    full = {"person_number": "", **asked, **answers}
    return world.receive(code, desk=COMMUNE, answers=full, unit_id=world.agency(COMMUNE).unit_id)


def appraised(world: World, dossier: Dossier, told: dict[str, str]) -> Dossier:
    command = dossiers.RecordAppraisal(target=target(dossier), told=told)
    return dossiers.record_appraisal(command, acting_user=world.officer(Role.PROCESSOR), now=world.now)


def proposed(world: World, dossier: Dossier) -> Any:
    return handlers.for_procedure(dossier.procedure_code).proposal(dossier, on=world.today)


def certificate_of(person: Person) -> DisabilityCertificate:
    return DisabilityCertificate.objects.get(person=person, valid_until=None)


def test_the_approval_issues_what_the_council_concluded(world: World) -> None:
    person = known(world, number=NUMBER)
    dossier = received(world)
    assert "Hội đồng" in proposed(world, dossier).missing[0]

    dossier = appraised(world, dossier, COUNCIL)
    decision = proposed(world, dossier)
    assert decision.outcome is Outcome.GRANTED
    assert any("Điều 16 khoản 3" in str(reason) for reason in decision.reasons)
    assert any("Mẫu số 03" in str(reason) for reason in decision.reasons)
    world.approve(dossier)

    row = certificate_of(person)
    assert (row.level, row.kind, row.number, row.issued_on) == ("severe", "movement", "27/GXN", world.today)
    assert row.issued_by_id == dossier.unit_id


def test_whoever_recorded_the_conclusion_does_not_sign(world: World) -> None:
    known(world, number=NUMBER)
    dossier = appraised(world, received(world), COUNCIL)
    processor = world.officer(Role.PROCESSOR)
    assert processor.pk in dossier.preparer_ids
    dossier = world.to_decision(dossier)
    Dossier.objects.filter(pk=dossier.pk).update(step_role=Role.PROCESSOR)
    with pytest.raises(PreparedByTheSame):
        dossiers.approve(dossiers.Approve(target=target(dossier)), acting_user=processor, now=world.now)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"disputed": "yes"}, "Hội đồng giám định y khoa"),
        ({"number": ""}, "số Giấy xác nhận"),
        ({"kind": ""}, "dạng khuyết tật"),
        ({"votes_severe": "2", "votes_mild": "0"}, "hai phần ba"),
        ({"votes_severe": "0", "votes_mild": "0", "votes_none": "6", "chair": "none"}, "Có khuyết tật"),
    ],
)
def test_no_certificate_without_a_conclusion_that_stands(world: World, changes: dict[str, str], sentence: str) -> None:
    known(world, number=NUMBER)
    dossier = appraised(world, received(world), {**COUNCIL, **changes})
    with pytest.raises(ProgrammeRefusal, match=sentence):
        world.approve(dossier)
    assert not DisabilityCertificate.objects.exists()


def test_the_medical_council_decides_where_somebody_objected(world: World) -> None:
    person = known(world, number=NUMBER)
    told = {**COUNCIL, "concluded_by": "medical", "level": "extremely_severe"}
    world.approve(appraised(world, received(world), told))
    assert certificate_of(person).level == "extremely_severe"


def test_an_old_medical_conclusion_is_translated(world: World) -> None:
    person = known(world, number=NUMBER)
    told = {
        "concluded_by": "earlier",
        "concluded_on": "2010-05-04",
        "loss_percent": "85",
        "kind": "sight",
        "number": "3",
    }
    world.approve(appraised(world, received(world), told))
    assert certificate_of(person).level == "extremely_severe"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"members": "sáu"}, "số nguyên"),
        ({"concluded_on": "2026-12-01"}, "không thể sau hôm nay"),
        ({"votes_severe": "9"}, "10 phiếu"),
        ({"chair": "none"}, "không có phiếu nào"),
        ({"form_items": "một"}, "Mẫu số 02"),
        ({"valid_until": "2026-11-16"}, "phải sau hôm nay"),
        ({"loss_percent": "101"}, "từ 0 đến 100"),
    ],
)
def test_what_cannot_be_is_not_recorded(world: World, changes: dict[str, str], sentence: str) -> None:
    known(world, number=NUMBER)
    dossier = received(world)
    with pytest.raises(dossiers.AppraisalWrong, match=sentence):
        appraised(world, dossier, {**COUNCIL, **changes})
    assert Dossier.objects.get(pk=dossier.pk).appraisal == {}


class TestMoneyFollows:
    def test_a_higher_degree_adjusts_from_the_month_of_the_certificate(self, world: World) -> None:
        row = granted_in_october(world, disabled(world, number=NUMBER))
        world.approve(appraised(world, received(world, request="again"), EXTREME))
        assert (amount_in(row, OCTOBER), amount_in(row, NOVEMBER)) == (810_000, 1_080_000)
        told = Event.objects.get(stream=row.stream, name="EntitlementAdjusted")
        assert "27/GXN" in told.payload["reason"]

    def test_a_mild_degree_ends_the_allowance_after_the_month(self, world: World) -> None:
        row = granted_in_october(world, disabled(world, number=NUMBER))
        world.approve(appraised(world, received(world, request="again"), MILD))
        row.refresh_from_db()
        assert (row.state, row.last_month) == ("ended", NOVEMBER)
        assert "27/GXN" in row.ended_because
        assert (amount_in(row, NOVEMBER), amount_in(row, DECEMBER)) == (810_000, 0)

    def test_what_does_not_rest_on_the_degree_goes_on(self, world: World) -> None:
        person = disabled(
            world,
            number=NUMBER,
            facts={"poverty": "poor", "marital": "widowed", "children": [{"birth_date": "12/03/2020"}]},
        )
        row = granted(world, person)
        world.approve(appraised(world, received(world, request="again"), MILD))
        row.refresh_from_db()
        assert row.state == "active"
        assert amount_in(row, DECEMBER) == 540_000

    def test_a_refusal_leaves_the_certificate_before_in_force(self, world: World) -> None:
        person = disabled(world, number=NUMBER)
        dossier = appraised(world, received(world, request="again"), {**COUNCIL, "disputed": "yes"})
        with pytest.raises(ProgrammeRefusal):
            world.approve(dossier)
        assert certificate_of(person).issued_on == date(2026, 3, 10)


class TestPaperMadeAnew:
    def test_the_same_degree_gets_another_number(self, world: World) -> None:
        person = disabled(world, number=NUMBER)
        row = granted(world, person)
        before = certificate_of(person)
        dossier = received(world, REISSUE_CERTIFICATE)
        assert "số Giấy xác nhận" in proposed(world, dossier).missing[0]
        world.approve(appraised(world, dossier, {"number": "31/GXN"}))

        before.refresh_from_db()
        after = certificate_of(person)
        assert (after.number, after.level, after.kind) == ("31/GXN", before.level, before.kind)
        assert before.valid_until == world.today
        assert amount_in(row, DECEMBER) == 810_000

    def test_a_last_day_stays_and_comes_back_with_the_paper_before(self, world: World) -> None:
        person = known(world, number=NUMBER)
        before = DisabilityCertificateFactory(
            person=person, valid_from=date(2025, 1, 5), valid_until=date(2027, 1, 5), level="severe"
        )
        world.approve(appraised(world, received(world, REISSUE_CERTIFICATE), {"number": "31/GXN"}))
        before.refresh_from_db()
        after = DisabilityCertificate.objects.get(number="31/GXN")
        assert (before.valid_until, after.valid_until) == (world.today, date(2027, 1, 5))

    def test_a_child_of_six_is_assessed_first(self, world: World) -> None:
        person = known(world, born=date(2020, 5, 1), number=NUMBER)
        DisabilityCertificateFactory(person=person, valid_from=date(2023, 1, 5), level="severe")
        dossier = appraised(world, received(world, REISSUE_CERTIFICATE), {"number": "31/GXN"})
        assert proposed(world, dossier).outcome is Outcome.REFUSED
        with pytest.raises(ProgrammeRefusal, match="xác định lại do đủ tuổi"):
            world.approve(dossier)

    def test_nothing_is_made_anew_where_nothing_is_kept(self, world: World) -> None:
        known(world, number=NUMBER)
        with pytest.raises(ProgrammeRefusal, match="còn hiệu lực"):
            world.approve(appraised(world, received(world, REISSUE_CERTIFICATE), {"number": "31/GXN"}))


@pytest.mark.parametrize("code", [ASSESS_DISABILITY, REISSUE_CERTIFICATE])
def test_a_dossier_that_came_without_the_form_issues_nothing_by_itself(world: World, code: str) -> None:
    world.approve(world.receive(code, desk=COMMUNE))
    assert not DisabilityCertificate.objects.exists()
    assert not Entitlement.objects.exists()


class TestOnThePage:
    def test_the_officer_records_the_conclusion_and_the_page_shows_it(self, world: World) -> None:
        known(world, number=NUMBER)
        dossier = received(world)
        page = enter(world.officer(Role.PROCESSOR)).open(f"/office/dossiers/{dossier.public_id}/do/appraise/")
        told = {f"appraised_{name}": answer for name, answer in COUNCIL.items() if name != "concluded_on"}
        day = {
            "appraised_concluded_on_day": "13", "appraised_concluded_on_month": "11", "appraised_concluded_on_year": "2026",
        }  # fmt: skip
        page = page.press("Ghi kết quả thẩm định", **told, **day)

        dossier.refresh_from_db()
        assert dossier.appraisal == COUNCIL
        assert "Kết quả thẩm định" in page.words
        assert "27/GXN" in page.words
        assert not list(integrity.rows_that_differ_from_their_events())

    def test_what_was_changed_behind_the_log_is_found(self, world: World) -> None:
        known(world, number=NUMBER)
        dossier = appraised(world, received(world), COUNCIL)
        Dossier.objects.filter(pk=dossier.pk).update(appraisal=EXTREME)
        assert any("kết quả thẩm định" in one for one in integrity.rows_that_differ_from_their_events())

    def test_a_procedure_that_needs_none_offers_none(self, world: World) -> None:
        dossier = world.receive()
        page = enter(world.officer(Role.PROCESSOR)).open(f"/office/dossiers/{dossier.public_id}/")
        assert "Ghi kết quả thẩm định" not in page.words

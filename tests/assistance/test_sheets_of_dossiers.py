"""Whatever a desk decides by the law is told on a paper, in one way for all procedures; of a death whoever is paid or asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from lienthong.accounts.states import Role
from lienthong.assistance.merit_table import DIED, PROCEDURES, RESUMED
from lienthong.assistance.models import DecisionSheet, Entitlement
from lienthong.assistance.papers import DecisionSheetPaper, sheet_of
from lienthong.assistance.procedures.care_places import ADMISSION, LEAVING
from lienthong.assistance.procedures.disability import ASSESS_DISABILITY
from lienthong.assistance.procedures.emergency import EMERGENCY_FUNERAL, EMERGENCY_HOUSE
from lienthong.assistance.procedures.monthly import MONTHLY_ALLOWANCE
from lienthong.assistance.procedures.pension_funeral import PENSION_FUNERAL
from lienthong.assistance.procedures.told import ToldHandler
from lienthong.assistance.procedures.urgent_care import URGENT_CARE
from lienthong.assistance.queries.decision_sheets import get_own_sheet, own_sheets, sheets_of
from lienthong.assistance.services import changing
from lienthong.assistance.services.emergency import Deceased
from lienthong.assistance.states import Benefit, ProposalKind
from lienthong.documents.printing import render_form
from lienthong.dossiers import handlers
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.people.models import Person
from lienthong.rules.emergency.kinds import EmergencyKind
from lienthong.units.models import Agency
from tests.assistance import emergencies
from tests.assistance.known import disabled, granted_in_october, known, processor
from tests.factories.assistance import EntitlementFactory, EntitlementRateFactory, MeritClaimFactory
from tests.world import COMMUNE, FUNERAL_SUPPORT, PROVINCE_DESK, World, at, target

pytestmark = pytest.mark.django_db
APPLICANT, DEAD = "019085001234", "019055000019"
MONEY = "\N{NO-BREAK SPACE}₫"
DEATH = {
    "deceased_name": "Hoàng Thị Ổn", "deceased_number": DEAD, "died_on": "2026-11-08", "outcome": "dead",
    "cause": "natural_disaster", "buried_by": "household", "actual_cost": "",
}  # fmt: skip
HOUSE = {
    "happened_on": "2026-11-08", "cause": "natural_disaster", "damage": "lost", "has_other_home": "no", "is_habitable": "",
    "ordered_to_move": "", "in_difficulty": "", "met_on": "", "urgent_reason": "",
}  # fmt: skip
COUNCIL = {
    "concluded_by": "council", "concluded_on": "2026-11-13", "members": "6", "votes_severe": "5", "votes_mild": "1",
    "chair": "severe", "disputed": "no", "biased": "no", "kind": "movement", "number": "27/GXN",
}  # fmt: skip


def received(world: World, code: str, *, desk: str | None = COMMUNE, **answers: Any) -> Dossier:
    return world.receive(code, desk=desk, answers=answers, unit_id=world.agency(COMMUNE).unit_id)


def appraised(world: World, dossier: Dossier, told: dict[str, str]) -> Dossier:
    officer = world.officer(Role.PROCESSOR, Agency.objects.get(pk=dossier.agency_id).code)
    command = dossiers.RecordAppraisal(target=target(dossier), told=told)
    return dossiers.record_appraisal(command, acting_user=officer, now=world.now)


def refused(world: World, dossier: Dossier, reason: str = "Không thuộc trường hợp được hỗ trợ") -> Dossier:
    dossier = world.to_decision(dossier)
    command = dossiers.Refuse(target=target(dossier), reason=reason, document_number="77/TB-UBND")
    return dossiers.refuse(command, acting_user=world.decider(dossier), now=world.now)


def sheets(dossier: Dossier) -> list[DecisionSheet]:
    return list(DecisionSheet.objects.filter(dossier_code=dossier.code).order_by("pk"))


def sheet(dossier: Dossier) -> DecisionSheet:
    (found,) = sheets(dossier)
    return found


def paper(dossier: Dossier) -> DecisionSheetPaper:
    found = sheet_of(sheet(dossier).data)
    assert render_form(found).startswith(b"%PDF")
    return found


def applicant() -> Person:
    return Person.objects.get(personal_id_number=APPLICANT)


def test_no_procedure_of_the_programmes_decides_without_telling() -> None:
    ours = [one for one in handlers.registered().values() if type(one).__module__.startswith("lienthong.assistance.")]
    assert len(ours) > 20
    assert all(isinstance(one, ToldHandler) for one in ours)
    assert all("decided" not in vars(type(one)) for one in ours), "told in one place"


def test_a_funeral_is_told_to_whoever_is_paid_with_amount_article_facts_and_day(world: World) -> None:
    dead = emergencies.dweller(world, number=DEAD, full_name="Hoàng Thị Ổn")
    answers = {**world.request().answers, "deceased_name": "Hoàng Thị Ổn", "deceased_number": DEAD}
    dossier = world.approve(world.receive(FUNERAL_SUPPORT, answers=answers))

    told = paper(dossier)
    assert told.outcome == f"Được hỗ trợ chi phí mai táng: 10.800.000{MONEY}, một lần."
    assert told.addressee == "Hoàng Văn Ẩn"
    assert told.asked.endswith(": Hoàng Thị Ổn")
    assert any("Điều 11 khoản 1" in one for one in told.articles)
    assert any("20 lần mức chuẩn" in one for one in told.reasons)
    assert any((one.label, one.words) == ("Họ và tên người chết", "Hoàng Thị Ổn") for one in told.facts)
    assert told.as_of.startswith("Xét theo quy định áp dụng cho ngày chết")
    assert [one.amount for one in told.months] == [f"10.800.000{MONEY}"]
    assert told.prepared_by
    assert (sheet(dossier).person, sheet(dossier).about) == (applicant(), dead)
    assert sheet(dossier).benefit == Benefit.FUNERAL


def test_the_payee_opens_it_and_it_stands_at_the_page_of_whoever_died(world: World) -> None:
    dead = emergencies.dweller(world, number=DEAD, full_name="Hoàng Thị Ổn")
    dossier = world.approve(received(world, EMERGENCY_FUNERAL, **DEATH))

    assert get_own_sheet(sheet(dossier).pk, person_id=applicant().pk) == sheet(dossier)
    assert not own_sheets(dead.pk)
    assert list(sheets_of(dead.pk, as_=processor(world), on=world.today)) == [sheet(dossier)]


def test_a_paper_is_in_vietnamese_whatever_the_officer_reads(world: World) -> None:
    with override("en"):
        dossier = world.approve(world.receive(FUNERAL_SUPPORT))
    assert paper(dossier).outcome.startswith("Được hỗ trợ chi phí mai táng")


def test_a_refused_funeral_begins_with_the_reason_and_says_which_condition_fails(world: World) -> None:
    known(world, number=APPLICANT)
    answers = {**world.request().answers, "circumstance": "none"}
    told = paper(refused(world, world.receive(FUNERAL_SUPPORT, answers=answers)))

    assert told.outcome == "Không được hưởng hỗ trợ chi phí mai táng."
    assert told.reasons[0] == "Không thuộc trường hợp được hỗ trợ"
    assert any(one.startswith("Chưa đạt điều kiện “người mất") for one in told.reasons)
    assert not told.months


def test_a_refusal_to_somebody_whom_the_registers_do_not_know_has_nobody_to_tell(world: World) -> None:
    answers = {**world.request().answers, "circumstance": "none"}
    assert not sheets(refused(world, world.receive(FUNERAL_SUPPORT, answers=answers)))


def test_an_emergency_death_is_told_to_whoever_is_paid_also_of_somebody_missing(world: World) -> None:
    missing = emergencies.dweller(world, number=DEAD, full_name="Hoàng Thị Ổn")
    dossier = world.approve(received(world, EMERGENCY_FUNERAL, **{**DEATH, "outcome": "missing"}))

    told = paper(dossier)
    assert told.outcome == f"Được hỗ trợ mai táng khẩn cấp: 27.000.000{MONEY}, một lần."
    assert told.as_of.startswith("Xét theo quy định áp dụng cho ngày xảy ra 08/11/2026")
    assert (sheet(dossier).person, sheet(dossier).about) == (applicant(), missing)


def test_a_proposed_emergency_death_is_told_to_whoever_is_paid_too(world: World) -> None:
    payee, dead = emergencies.dweller(world), emergencies.dweller(world, full_name="Hoàng Thị Ổn")
    command = emergencies.asked(
        world, payee, EmergencyKind.DEATH, payee_ground="household",
        deceased=Deceased(name="Hoàng Thị Ổn", person_id=dead.pk),
    )  # fmt: skip
    emergencies.granted(world, command)

    found = DecisionSheet.objects.get()
    assert (found.person, found.about) == (payee, dead)
    assert sheet_of(found.data).asked == "Hỗ trợ mai táng khẩn cấp: Hoàng Thị Ổn"


def test_a_lost_house_is_told_with_its_reckoning(world: World) -> None:
    person = emergencies.dweller(world, number=APPLICANT, full_name="Hoàng Văn Ẩn")
    dossier = world.approve(received(world, EMERGENCY_HOUSE, **{**HOUSE, "in_difficulty": "yes"}))

    told = paper(dossier)
    assert told.outcome.startswith("Được hỗ trợ về nhà ở: ")
    assert told.months[0].lines[0].words
    assert (sheet(dossier).person, sheet(dossier).about) == (person, None)


def test_the_funeral_of_a_pensioner_is_told_to_who_arranged_it(world: World) -> None:
    facts = {"pension_request": "written"}
    dead = known(world, born=date(1950, 1, 5), full_name="Hoàng Thị Ổn", number=DEAD, facts=facts)
    answers = {
        "deceased_name": "Hoàng Thị Ổn", "deceased_number": DEAD, "died_on": "2026-11-12", "circumstance": "requested",
        "was_eligible": "", "arranged_funeral": "yes", "other_support": "0",
    }  # fmt: skip
    dossier = world.approve(received(world, PENSION_FUNERAL, **answers))

    assert "10.800.000" in paper(dossier).outcome
    assert sheet(dossier).about == dead


def test_a_stop_because_of_a_death_is_told_to_whoever_told_it(world: World) -> None:
    known(world, number=APPLICANT)
    dead = disabled(world, number=DEAD, full_name="Hoàng Thị Ổn")
    granted_in_october(world, dead)
    answers = {"person_number": DEAD, "request": "stop", "ending": "died_on", "changed_on": "2026-11-12"}
    dossier = world.approve(received(world, MONTHLY_ALLOWANCE, **answers))

    told = paper(dossier)
    assert "tháng cuối được hưởng là tháng 11/2026" in told.outcome
    assert "Hoàng Thị Ổn" in told.asked
    assert any("tháng 11/2026" in one for one in told.reasons)
    assert (sheet(dossier).person, sheet(dossier).about) == (applicant(), dead)


def test_a_certificate_is_told_with_how_the_council_concluded(world: World) -> None:
    person = known(world, number=APPLICANT)
    dossier = received(world, ASSESS_DISABILITY, person_number="", request="first")
    told = paper(world.approve(appraised(world, dossier, COUNCIL)))

    assert told.outcome.startswith("Được cấp Giấy xác nhận khuyết tật số 27/GXN: ")
    assert any("Đa số biểu quyết" in one for one in told.reasons)
    assert any(one.source == "Kết quả thẩm định trong hồ sơ" for one in told.facts)
    assert sheet(dossier).person == person


def test_no_disability_is_told_as_a_refusal(world: World) -> None:
    known(world, number=APPLICANT)
    none = {**COUNCIL, "votes_severe": "0", "votes_mild": "0", "votes_none": "6", "chair": "none", "number": ""}
    dossier = appraised(world, received(world, ASSESS_DISABILITY, person_number="", request="first"), none)
    told = paper(refused(world, dossier, "Không có khuyết tật"))

    assert told.outcome.startswith("Không chấp thuận: ")
    assert not told.is_granted


def test_an_admission_tells_where_to_and_what_ends(world: World) -> None:
    person = disabled(world, number=DEAD)
    granted_in_october(world, person)
    entered = {"institution": "Trung tâm Điều dưỡng tỉnh", "admitted_on": "2026-11-10", "ground": "1", "decision": "45"}
    dossier = world.approve(appraised(world, received(world, ADMISSION, person_number=DEAD), entered))
    assert paper(dossier).outcome == "Được tiếp nhận vào Trung tâm Điều dưỡng tỉnh từ ngày 10/11/2026."
    assert sheet(dossier).benefit == Benefit.PERSONAL

    left = {"left_on": "2026-11-15", "decision": "12/QĐ-TT"}
    leaving = appraised(world, received(world, LEAVING, desk=PROVINCE_DESK, person_number=DEAD), left)
    told = paper(world.approve(leaving))
    assert told.outcome.startswith("Dừng trợ giúp tại cơ sở")
    assert any(one.amount.startswith("810.000") for one in told.months)


def test_urgent_care_tells_since_when(world: World) -> None:
    known(world, number=APPLICANT)
    ward = known(world, number=DEAD, born=date(2020, 1, 4))
    dossier = received(world, URGENT_CARE, person_number=DEAD)
    dossier = world.approve(appraised(world, dossier, {"since": "2026-11-10", "record": "Biên bản số 3"}))
    assert paper(dossier).outcome == "Được nhận chăm sóc, nuôi dưỡng tạm thời từ ngày 10/11/2026."
    assert sheet(dossier).person == ward


def test_a_recognised_war_invalid_is_told_the_ground_each_amount_and_its_article(world: World) -> None:
    person = known(world, number=APPLICANT)
    answers = {"person_number": "", "rate": "61 %", "has_especially_severe_condition": "no"}
    dossier = world.approve(received(world, "1.010806", desk=None, **answers))

    told = paper(dossier)
    assert told.outcome.startswith("Được công nhận, và được hưởng: ")
    assert "thương binh" in told.categories[0].casefold()
    assert any("Điều" in line.source or "Điều" in line.words for one in told.months for line in one.lines)
    assert told.articles
    assert any(one.label == "Diện được công nhận" for one in told.facts)
    assert (sheet(dossier).person, sheet(dossier).kind) == (person, ProposalKind.MERIT_CLAIM)


def test_a_refused_merit_request_says_what_fails(world: World) -> None:
    known(world, number=APPLICANT)
    dossier = received(world, "1.010806", desk=None, person_number="", rate="15")
    told = paper(refused(world, dossier, "Thương tật chưa được xác nhận"))
    assert told.outcome == f"Không chấp thuận: {dossier.version.name}."
    assert told.reasons[0] == "Thương tật chưa được xác nhận"


def test_a_death_grant_is_told_to_the_payee_and_the_allowance_to_the_relative(world: World) -> None:
    known(world, born=date(1955, 3, 1), number=APPLICANT)
    child = known(world, born=date(2012, 1, 4), number="019212000077")
    dead = known(world, born=date(1950, 3, 1), number=DEAD)
    MeritClaimFactory(person=dead)
    row = EntitlementFactory(
        person=dead, unit=dead.unit, programme="merit", benefit="monthly", first_month=date(2026, 8, 1)
    )
    EntitlementRateFactory(entitlement=row, amount=4_000_000, basis={"category": "", "lines": []})
    dossier = world.approve(
        received(
            world, DIED, desk=None, deceased_number=DEAD, died_on="2026-11-04", asks="both", arranged_funeral="yes",
            other_support="0", person_number="019212000077", relation="child", is_orphan="no", payee_ground="guardian",
        )
    )  # fmt: skip

    once, monthly = sheets(dossier)
    told = sheet_of(once.data)
    assert told.outcome.startswith("Được hưởng trợ cấp một lần và trợ cấp mai táng: ")
    assert any("Điều 25 khoản 4" in line.source for line in told.months[0].lines)
    assert (once.person, once.about, once.benefit) == (applicant(), dead, Benefit.AT_DEATH)
    assert sheet_of(monthly.data).outcome.startswith("Được công nhận, và được hưởng: ")
    assert (monthly.person, monthly.about) == (child, None)


def test_what_is_paid_again_is_told_with_its_month(world: World) -> None:
    known(world, number=APPLICANT)
    world.approve(
        received(world, "1.010806", desk=None, person_number="", rate="61", has_especially_severe_condition="no")
    )
    row = Entitlement.objects.get(benefit="monthly")
    world.now = at("2027-01-05 09:00")
    changing.suspend(
        changing.locked(row.pk), first_month=date(2027, 1, 1), reason="Chấp hành hình phạt tù", for_refusal=False,
        acting_user_id=None, now=world.now,
    )  # fmt: skip
    world.now = at("2027-05-12 09:00")
    dossier = received(world, RESUMED, desk=None, person_number="", ground="served", released_on="2027-03-20")
    told = paper(world.approve(dossier))
    assert told.outcome.startswith("Được hưởng trở lại trợ cấp ưu đãi hằng tháng từ tháng 04/2027: ")
    assert any("hưởng lại từ tháng 04/2027" in one for one in told.reasons)


def test_every_merit_procedure_calls_the_paper_by_its_own_name() -> None:
    assert {type(handlers.for_procedure(code)).programme for code in PROCEDURES} == {"merit"}  # type: ignore[attr-defined]

"""What a person is told of a decision: result, reasons, facts, how to complain; frozen, and printed alike for ever."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import Error, transaction
from pypdf import PdfReader

from lienthong.assistance.models import Circumstance, DecisionSheet, DisabilityCertificate, Entitlement
from lienthong.assistance.papers import DecisionSheetPaper, sheet_of
from lienthong.assistance.procedures.monthly import MONTHLY_ALLOWANCE
from lienthong.assistance.procedures.moved import MOVED_ALLOWANCE
from lienthong.assistance.queries.decision_sheets import SheetNotFound, get_own_sheet, get_sheet, own_sheets
from lienthong.assistance.services import changing
from lienthong.assistance.services.deciding import DecideProposal, refuse_proposal
from lienthong.assistance.services.proposing import ProposeAdjustment, propose_adjustment, propose_grant
from lienthong.assistance.services.proposing_changes import (
    ProposeStop,
    ProposeSuspension,
    propose_stop,
    propose_suspension,
)
from lienthong.assistance.states import Benefit, PayeeGround, ProposalKind
from lienthong.documents.printing import render_form
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.people.models import Person
from lienthong.rules.parameters import load_parameter
from tests.assistance.known import approved, asked, disabled, granted, granted_in_october, leader, processor
from tests.factories.assistance import DisabilityCertificateFactory
from tests.factories.people import PersonFactory
from tests.world import COMMUNE, World, target

pytestmark = pytest.mark.django_db
NUMBER = "019085001234"


def sheet_about(person: Person) -> DecisionSheet:
    return DecisionSheet.objects.filter(person=person).latest("pk")


def paper_about(person: Person) -> DecisionSheetPaper:
    return sheet_of(sheet_about(person).data)


def words_of(pdf: bytes) -> str:
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def received(world: World, code: str, **answers: Any) -> Dossier:
    full = {"person_number": "", "request": "grant", **answers}
    return world.receive(code, desk=COMMUNE, answers=full, unit_id=world.agency(COMMUNE).unit_id)


def refuse_dossier(world: World, dossier: Dossier, reason: str) -> Dossier:
    dossier = world.to_decision(dossier)
    command = dossiers.Refuse(target=target(dossier), reason=reason, document_number="77/TB-UBND")
    return dossiers.refuse(command, acting_user=world.decider(dossier), now=world.now)


def test_a_grant_is_told_with_amount_month_category_articles_and_facts(world: World) -> None:
    person = disabled(world, number=NUMBER)
    granted(world, person)

    paper = paper_about(person)

    assert paper.outcome == ("Được hưởng trợ cấp hằng tháng: từ tháng 11/2026, 810.000\N{NO-BREAK SPACE}₫ mỗi tháng.")
    assert "khuyết tật" in paper.categories[0].casefold()
    assert any("20/2021/NĐ-CP, Điều 5" in one for one in paper.articles)
    assert any(one.startswith("Đủ điều kiện vì") for one in paper.reasons)
    assert any("cao tuổi" in one for one in paper.others), "what else was tried is told"
    assert any("khuyết tật" in one.label and one.source for one in paper.facts)
    assert any("10 ngày làm việc" in one for one in paper.remedies)
    assert (paper.number, paper.decided_by, paper.prepared_by) == (
        "12/QĐ-UBND", leader(world).full_name, processor(world).full_name,
    )  # fmt: skip


def test_it_prints_alike_in_five_years_whatever_the_facts_and_the_names_are_by_then(world: World) -> None:
    person = disabled(world, number=NUMBER)
    granted(world, person)
    before = render_form(sheet_of(sheet_about(person).data))

    Person.objects.filter(pk=person.pk).update(full_name="Tên Khác")
    Circumstance.objects.filter(person=person, name="pension").update(withdrawn_at=world.now + timedelta(days=1800))

    assert render_form(sheet_of(sheet_about(person).data)) == before
    words = words_of(before)
    assert "THÔNG BÁO" in words
    assert "810.000 ₫" in words
    assert "Nếu không đồng ý" in words


def test_a_decision_that_was_told_is_never_changed(world: World) -> None:
    sheet = sheet_about(granted(world, disabled(world)).person)
    for change in (lambda: DecisionSheet.objects.filter(pk=sheet.pk).update(outcome="Khác"), sheet.delete):
        with pytest.raises(Error), transaction.atomic():
            change()


def test_a_refusal_begins_with_the_reason_and_nothing_is_promised(world: World) -> None:
    person = disabled(world)
    proposal = propose_grant(asked(world, person), acting_user=processor(world), now=world.now)
    refuse_proposal(
        DecideProposal(proposal_id=proposal.pk, note="Chưa có biên bản niêm yết"),
        acting_user=leader(world),
        now=world.now,
    )

    paper = paper_about(person)

    assert paper.outcome.startswith("Không được hưởng trợ cấp")
    assert paper.reasons[0] == "Chưa có biên bản niêm yết"
    assert (paper.months, paper.categories, paper.is_granted) == ((), (), False)


def test_a_suspension_and_a_stop_are_told_with_their_months_and_reasons(world: World) -> None:
    row = granted(world, disabled(world))
    suspend = ProposeSuspension(entitlement_id=row.pk, uncollected_months=3)
    approved(world, propose_suspension(suspend, acting_user=processor(world), now=world.now))
    assert paper_about(row.person).outcome.endswith("từ tháng 12/2026.")
    assert any("3 tháng" in one or "03 tháng" in one for one in paper_about(row.person).reasons)

    stop = ProposeStop(entitlement_id=row.pk, declined_on=world.today)
    approved(world, propose_stop(stop, acting_user=processor(world), now=world.now), "15/QĐ-UBND")
    assert "tháng cuối được hưởng là tháng 11/2026" in paper_about(row.person).outcome
    assert sheet_about(row.person).kind == ProposalKind.STOP


def test_an_adjustment_names_the_new_amount_and_the_month(world: World) -> None:
    row = granted(world, disabled(world))
    DisabilityCertificate.objects.filter(person=row.person).update(valid_until=date(2026, 12, 1))
    DisabilityCertificateFactory(person=row.person, level="extremely_severe", valid_from=date(2026, 12, 1))
    command = ProposeAdjustment(person_id=row.person_id, from_month=date(2026, 12, 1), reason="Cấp lại giấy xác nhận")
    approved(world, propose_adjustment(command, acting_user=processor(world), now=world.now))

    paper = paper_about(row.person)

    assert paper.asked == "Điều chỉnh mức hưởng"
    assert "từ tháng 12/2026 là 1.080.000\N{NO-BREAK SPACE}₫ mỗi tháng" in paper.outcome
    assert next(one.amount for one in paper.months) == "1.080.000\N{NO-BREAK SPACE}₫ mỗi tháng"


def test_an_approved_dossier_is_told_like_a_proposal(world: World) -> None:
    person = disabled(world, number=NUMBER)
    dossier = world.approve(received(world, MONTHLY_ALLOWANCE))

    paper = paper_about(person)

    assert (paper.number, paper.dossier_code) == ("1234/QĐ-UBND", dossier.code)
    assert "810.000\N{NO-BREAK SPACE}₫ mỗi tháng" in paper.outcome


def test_a_refused_dossier_is_told_with_what_it_told_itself(world: World) -> None:
    person = disabled(world, number=NUMBER, facts={"pension": None})
    refuse_dossier(world, received(world, MONTHLY_ALLOWANCE, pension="5000000"), "Lương hưu cao hơn trợ cấp")

    paper = paper_about(person)

    assert paper.outcome.startswith("Không được hưởng")
    assert paper.reasons[0] == "Lương hưu cao hơn trợ cấp"
    assert any(one.words == "5.000.000\N{NO-BREAK SPACE}₫" for one in paper.facts)
    assert not Circumstance.objects.filter(person=person, name="pension").exists()


def test_a_move_by_a_dossier_names_the_commune_that_pays(world: World) -> None:
    row = granted(world, disabled(world, number="019085007777"))
    other = world.agency("H55.05455").unit
    Entitlement.objects.filter(pk=row.pk).update(unit=other)
    world.approve(received(world, MOVED_ALLOWANCE, person_number="019085007777"))

    assert world.agency(COMMUNE).unit.name in paper_about(row.person).outcome


def test_each_reads_their_own_and_officers_those_of_their_commune(world: World) -> None:
    row = granted(world, disabled(world))
    sheet = sheet_about(row.person)

    assert get_own_sheet(sheet.pk, person_id=row.person_id) == sheet
    assert get_sheet(sheet.pk, as_=processor(world), on=world.today) == sheet
    with pytest.raises(SheetNotFound):
        get_own_sheet(sheet.pk, person_id=PersonFactory().pk)
    with pytest.raises(SheetNotFound):
        get_sheet(sheet.pk, as_=world.officer("processor", "H55.05455"), on=world.today)
    assert not own_sheets(None)


def test_a_guardian_reads_what_somebody_who_only_fetches_the_money_does_not(world: World) -> None:
    guardian, neighbour = PersonFactory(), PersonFactory()
    first, second = disabled(world), disabled(world)
    granted(world, first, payee_id=guardian.pk, payee_ground=PayeeGround.GUARDIAN)
    granted(world, second, payee_id=neighbour.pk, payee_ground=PayeeGround.AUTHORISED)

    assert [one.person_id for one in own_sheets(guardian.pk)] == [first.pk]
    assert not own_sheets(neighbour.pk)
    assert paper_about(second).payees[0].endswith("(người được ủy quyền).")
    assert sheet_about(first).benefit == Benefit.PERSONAL


def test_the_time_limits_on_it_are_those_of_the_parameters(world: World) -> None:
    paper = paper_about(granted(world, disabled(world)).person)
    days = load_parameter("complaint/time_limits:complain").value_on(world.today)
    assert f"{days} ngày" in paper.remedies[0]
    assert any("Điều 9" in one for one in paper.notices)


def payee_changed(world: World, row: Entitlement, payee_id: int, ground: str = PayeeGround.GUARDIAN) -> None:
    changing.change_payee(
        changing.locked_at_any_time(row.pk), payee_id=payee_id, ground=ground, acting_user_id=None, now=world.now
    )


def test_a_guardian_reads_only_what_was_decided_in_their_time(world: World) -> None:
    first, second = PersonFactory(), PersonFactory()
    row = granted_in_october(world, disabled(world), payee_id=first.pk, payee_ground=PayeeGround.GUARDIAN)
    (grant,) = own_sheets(first.pk)

    payee_changed(world, row, second.pk)
    assert not own_sheets(first.pk), "who is no guardian any more reads nothing"
    assert not own_sheets(second.pk), "what was decided before they were is not theirs"
    with pytest.raises(SheetNotFound):
        get_own_sheet(grant.pk, person_id=second.pk)

    world.now += timedelta(days=1)
    stop = ProposeStop(entitlement_id=row.pk, declined_on=world.today)
    approved(world, propose_stop(stop, acting_user=processor(world), now=world.now), "15/QĐ-UBND")
    assert [one.kind for one in own_sheets(second.pk)] == [ProposalKind.STOP]

    world.now += timedelta(days=60)
    granted(world, row.person)
    assert [one.kind for one in own_sheets(second.pk)] == [ProposalKind.STOP], "the end of the benefit ends it"
    assert len(own_sheets(row.person_id)) == 3

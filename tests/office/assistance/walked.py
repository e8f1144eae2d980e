"""Somebody of the commune with everything that the addresses of social assistance open, for the walk over all addresses."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from lienthong.accounts.states import Role
from lienthong.assistance.models import (
    Circumstance,
    DecisionSheet,
    FuneralSupport,
    LawChange,
    LawChangeRow,
    LeftOutReview,
)
from lienthong.assistance.queries.evidence import ROLE
from lienthong.assistance.services.difficult_areas import PrepareArea, prepare_area
from lienthong.documents.services import Upload, attach, store_upload
from tests.assistance.emergencies import asked as emergency
from tests.assistance.emergencies import dweller
from tests.assistance.emergencies import granted as emergency_granted
from tests.documents.specimens import pdf
from tests.factories.assistance import (
    DisabilityCertificateFactory,
    FindingFactory,
    MeritClaimFactory,
    ScenarioFactory,
    TakeOverFactory,
)
from tests.office.assistance.people import HEALTH, elder, entitled, granted, proposed
from tests.world import COMMUNE, World, at


def assistance_routes(world: World) -> dict[str, dict[str, Any]]:
    """Return what each address takes: records of somebody else's that the walk may try to open."""
    asked = proposed(world, entitled(world, "Nông Thị Chờ"))
    row = granted(world, entitled(world, "Nông Thị Hưởng"))
    person = {"person_id": row.person_id}
    certificate = DisabilityCertificateFactory(person=elder(world, "Nông Thị Giấy"))
    MeritClaimFactory(person=row.person)
    recorded = Circumstance.objects.filter(person=row.person_id, name="pension").get()
    draft = prepare_area(
        PrepareArea(unit_id=world.agency(COMMUNE).unit_id, hamlet="Xóm Mỏ", reference="861/QĐ-TTg", valid_from=date(2025, 7, 1)),
        acting_user=world.officer(Role.PROCESSOR, HEALTH), now=world.now,
    )  # fmt: skip
    unit = world.agency(COMMUNE).unit
    finding = FindingFactory(person=row.person, unit=unit, reasons=["Đủ điều kiện."])
    review = LeftOutReview.objects.create(on=world.today, unit=unit, asked_at=world.now)
    scenario = ScenarioFactory(
        changes=[{"parameter": "base_level", "value": 600_000}], created_by=world.officer(Role.PROCESSOR)
    )
    buried = elder(world, "Nông Thị Mất", died_on=date(2026, 10, 2))
    support = FuneralSupport.objects.create(
        dossier_code="H55.261002-001", deceased=buried, deceased_name=buried.full_name, died_on=date(2026, 10, 2),
        payee_name="Nông Văn Lo", unit=unit, amount=10_800_000, reasons=[], granted_at=world.now, granted_by=1,
    )  # fmt: skip
    raised = _raised_by_law(world, payee=row.person)
    file = store_upload(Upload(content=io.BytesIO(pdf()), name="giay.pdf"), by=None, now=world.now)
    attached = attach(f"circumstance:{recorded.pk}", ROLE, file, by=None, now=world.now)
    of_person = ("person", "paid", "evidence_new", "facts", "grant", "claim_new", "death", "missing", "certificate_new")
    return {
        **{f"office:assistance_{name}": person for name in of_person},
        "office:assistance_sheet": {"sheet_id": DecisionSheet.objects.get(person=row.person_id).pk},
        "office:assistance_evidence_file": {**person, "file_id": file.pk},
        "office:assistance_evidence_remove": {**person, "attachment_id": attached.pk},
        "office:assistance_fact": {**person, "name": "has_hiv"},
        "office:assistance_fact_correct": {"circumstance_id": recorded.pk},
        "office:assistance_fact_close": {"circumstance_id": recorded.pk, "action": "end"},
        "office:assistance_certificate_withdraw": {
            "person_id": certificate.person_id, "certificate_id": certificate.pk,
        },
        "office:assistance_death_withdraw": {"person_id": buried.pk},
        "office:assistance_once_revoke": {"kind": "funeral", "grant_id": support.pk},
        "office:assistance_once_payee": {"kind": "funeral", "grant_id": support.pk},
        "office:assistance_once_top_up": {"kind": "funeral", "grant_id": raised.pk},
        "office:assistance_act": {"entitlement_id": row.pk, "action": "stop"},
        "office:assistance_emergency": {"grant_id": emergency_granted(world, emergency(world, dweller(world))).pk},
        "office:assistance_emergency_new": {**person, "kind": "house"},
        "office:assistance_proposal": {"proposal_id": asked.pk},
        "office:assistance_area": {"draft_id": draft.pk},
        "office:assistance_finding": {"finding_id": finding.pk},
        "office:assistance_findings_review": {"review_id": review.pk},
        "office:assistance_scenario": {"scenario_id": scenario.pk},
        "office:assistance_take_over": {"take_over_id": TakeOverFactory(unit=world.agency(COMMUNE).unit).pk},
    }  # fmt: skip


def _raised_by_law(world: World, *, payee: Any) -> FuneralSupport:
    """Return the support of a funeral of August for which an approved law of October gives more."""
    died_on, user, unit = date(2026, 8, 10), world.officer(Role.PROCESSOR, HEALTH), world.agency(COMMUNE).unit
    buried = elder(world, "Nông Thị Khuất", died_on=died_on)
    support = FuneralSupport.objects.create(
        dossier_code="H55.260820-001", deceased=buried, deceased_name=buried.full_name, died_on=died_on, payee=payee,
        payee_name=payee.full_name, unit=unit, amount=10_000_000, reasons=[], granted_at=at("2026-08-20 09:00"), granted_by=1,
    )  # fmt: skip
    change = LawChange.objects.create(
        programme="social-assistance", from_month=date(2026, 7, 1), until_month=date(2026, 11, 1),
        known_before=date(2026, 10, 4), known_on=world.today, values=[], state="applied", prepared_by=user,
        prepared_at=world.now, decided_by=world.officer(Role.LEADER, HEALTH), decided_at=world.now,
    )  # fmt: skip
    LawChangeRow.objects.create(
        change=change, person=buried, funeral_support=support, benefit="funeral", unit=unit, month=date(2026, 8, 1),
        old=10_000_000, new=10_800_000, was_paid=False, state="apart",
    )  # fmt: skip
    return support

"""Dated facts, entitlements, rates, proposals and findings for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import factory

from lienthong.assistance.models import (
    Circumstance,
    DifficultArea,
    DisabilityCertificate,
    Entitlement,
    EntitlementRate,
    Finding,
    MeritClaim,
    Proposal,
    Scenario,
    TakeOver,
)
from lienthong.assistance.states import Benefit, EntitlementState, FindingKind, PayeeGround, Programme, ProposalKind
from lienthong.rules.disability import DisabilityKind, DisabilityLevel
from lienthong.rules.merit.facts import Category
from tests.factories.accounts import UserFactory
from tests.factories.people import OrganizationFactory, PersonFactory
from tests.factories.units import AdministrativeUnitFactory

RECORDED_AT = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


class CircumstanceFactory(factory.django.DjangoModelFactory[Circumstance]):
    """Somebody who is known to have nobody to support them, since 2021."""

    class Meta:
        model = Circumstance

    person = factory.SubFactory(PersonFactory)
    name = "has_supporter"
    value = False
    valid_from = date(2021, 1, 1)
    evidence = "Biên bản xác minh"
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = RECORDED_AT


class DisabilityCertificateFactory(factory.django.DjangoModelFactory[DisabilityCertificate]):
    """A certificate of a severe disability, since 2021."""

    class Meta:
        model = DisabilityCertificate

    person = factory.SubFactory(PersonFactory)
    level = DisabilityLevel.SEVERE
    kind = DisabilityKind.MOVEMENT
    number = factory.Sequence(lambda number: f"GXN-{number:05d}")
    issued_on = factory.SelfAttribute("valid_from")
    valid_from = date(2021, 8, 1)
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = RECORDED_AT


class MeritClaimFactory(factory.django.DjangoModelFactory[MeritClaim]):
    """A war invalid of 61 percent, recognised in 2021."""

    class Meta:
        model = MeritClaim

    person = factory.SubFactory(PersonFactory)
    category = Category.WAR_INVALID
    data = factory.LazyAttribute(
        lambda claim: {"category": claim.category, "rate": 61, "has_especially_severe_condition": False}
    )
    decision_number = factory.Sequence(lambda number: f"{number}/QĐ-NCC")
    valid_from = date(2021, 8, 1)
    prepared_by = factory.SubFactory(UserFactory)
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = RECORDED_AT


class DifficultAreaFactory(factory.django.DjangoModelFactory[DifficultArea]):
    """A whole commune that is especially difficult."""

    class Meta:
        model = DifficultArea

    unit = factory.SubFactory(AdministrativeUnitFactory)
    reference = "861/QĐ-TTg"
    valid_from = date(2021, 6, 4)
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = RECORDED_AT


class EntitlementFactory(factory.django.DjangoModelFactory[Entitlement]):
    """Somebody who receives the monthly allowance themselves since October 2026. ``ended`` no longer does."""

    class Meta:
        model = Entitlement

    person = factory.SubFactory(PersonFactory)
    programme = Programme.SOCIAL
    benefit = Benefit.PERSONAL
    unit = factory.SubFactory(AdministrativeUnitFactory)
    payee = factory.Maybe("payee_organization", None, factory.SelfAttribute("person"))
    payee_organization = None
    first_month = date(2026, 10, 1)
    decided_on = date(2026, 10, 12)
    decision_number = factory.Sequence(lambda number: f"{number + 1}/QĐ-UBND")

    class Params:
        in_institution = factory.Trait(
            benefit=Benefit.INSTITUTION, payee_ground=PayeeGround.INSTITUTION,
            payee_organization=factory.SubFactory(OrganizationFactory),
        )  # fmt: skip
        ended = factory.Trait(state=EntitlementState.ENDED, last_month=date(2026, 10, 1), ended_because="Đã chết")


class EntitlementRateFactory(factory.django.DjangoModelFactory[EntitlementRate]):
    """540 000 đồng a month, without end."""

    class Meta:
        model = EntitlementRate

    entitlement = factory.SubFactory(EntitlementFactory)
    first_month = factory.SelfAttribute("entitlement.first_month")
    amount = 540_000
    basis = factory.LazyFunction(
        lambda: {
            "category": "disability",
            "lines": [
                {
                    "code": "disability", "words": "Người khuyết tật nặng", "amount": 540_000,
                    "reference": "20/2021/NĐ-CP, Điều 6 khoản 1", "confidence": "verified",
                }
            ],
        }
    )  # fmt: skip
    words = "Người khuyết tật nặng: 540.000 đồng"
    recorded_at = RECORDED_AT


class ProposalFactory(factory.django.DjangoModelFactory[Proposal]):
    """A proposal to grant the allowance that waits."""

    class Meta:
        model = Proposal

    kind = ProposalKind.GRANT
    person = factory.SubFactory(PersonFactory)
    unit = factory.SubFactory(AdministrativeUnitFactory)
    programme = Programme.SOCIAL
    benefit = Benefit.PERSONAL
    payload: dict[str, Any] = {}
    reasons: list[str] = []
    words = "Đề xuất hưởng trợ cấp xã hội hằng tháng"
    prepared_by = factory.SubFactory(UserFactory)
    prepared_at = RECORDED_AT


class FindingFactory(factory.django.DjangoModelFactory[Finding]):
    """Somebody who should receive and does not."""

    class Meta:
        model = Finding

    person = factory.SubFactory(PersonFactory)
    unit = factory.SubFactory(AdministrativeUnitFactory)
    kind = FindingKind.NOT_RECEIVING
    programme = Programme.SOCIAL
    benefit = Benefit.PERSONAL
    amount = 540_000
    reasons: list[str] = ["Người khuyết tật nặng"]
    missing: list[str] = []
    found_on = date(2026, 11, 2)
    run_id = "2026-11"


class ScenarioFactory(factory.django.DjangoModelFactory[Scenario]):
    """What a standard level of 600 000 đồng would cost."""

    class Meta:
        model = Scenario

    name = "Nâng mức chuẩn lên 600.000 đồng"
    changes = factory.LazyFunction(lambda: {"base_level": 600_000})
    as_of = date(2026, 11, 1)
    created_by = factory.SubFactory(UserFactory)
    created_at = RECORDED_AT


class TakeOverFactory(factory.django.DjangoModelFactory[TakeOver]):
    """A register of one row that waits."""

    class Meta:
        model = TakeOver

    unit = factory.SubFactory(AdministrativeUnitFactory)
    programme = Programme.SOCIAL
    file_name = "trợ cấp.xlsx"
    digest = factory.Sequence(lambda number: f"{number:064x}")
    month = date(2026, 12, 1)
    rows = 1
    problems = 0
    differing = 0
    prepared_by = factory.SubFactory(UserFactory)
    prepared_at = RECORDED_AT

"""A household whose score was computed by the rules, with everything that explains it; a decision that was signed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import factory

from lienthong.poverty.models import HouseholdReview, RecognitionDecision, Score
from lienthong.poverty.states import DecisionKind, DecisionState
from lienthong.rules.poverty.classifying import classify
from lienthong.rules.poverty.facts import Area, HouseholdFacts, MemberFacts
from lienthong.rules.poverty.recording import as_json
from lienthong.rules.poverty.standards import standard
from tests.factories.poverty import CommuneReviewFactory, scored


class RecognitionDecisionFactory(factory.django.DjangoModelFactory[RecognitionDecision]):
    """A signed decision that recognises households."""

    class Meta:
        model = RecognitionDecision

    commune_review = factory.SubFactory(CommuneReviewFactory, decided=True)
    kind = DecisionKind.RECOGNIZE
    number = factory.Sequence(lambda number: f"{number + 1}/QĐ-UBND")
    signed_on = date(2026, 11, 10)
    applies_from = date(2026, 11, 10)
    state = DecisionState.SIGNED
    prepared_by = factory.SubFactory("tests.factories.accounts.UserFactory")
    prepared_at = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)
    signed_by = factory.SubFactory("tests.factories.accounts.UserFactory")
    signed_at = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)


def explained(review: HouseholdReview, *, a_points: int = 120, **facts: Any) -> Score:
    """Give a household a score of three deprivations (insurance, water, toilet) by the rules themselves."""
    member = MemberFacts(
        age=45, sex="male", work="self_employed", job="farm", has_health_insurance=False, studying="none",
        qualification="upper_secondary", monthly_allowance="none", is_disabled_or_ill=False, receives_pension=False,
        uses_internet=True,
    )  # fmt: skip
    told = classify(
        HouseholdFacts(
            area=Area.RURAL, members=(member,), wall="durable", pillar="durable", roof="durable",
            housing_area_m2=Decimal(40), water_source="surface", toilet="none", devices=frozenset({"tv"}),
        ),
        standard("2022-2026"),
        a_points=a_points,
    )  # fmt: skip
    return scored(
        review, result=as_json(told), a_points=told.a_points, b_points=told.b_points,
        deprivations=list(told.deprived_codes), outcome=told.poverty_class, **facts,
    )  # fmt: skip

"""A household whose score was computed by the rules, with everything that explains it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lienthong.poverty.models import HouseholdReview, Score
from lienthong.rules.poverty.classifying import classify
from lienthong.rules.poverty.facts import Area, HouseholdFacts, MemberFacts
from lienthong.rules.poverty.recording import as_json
from lienthong.rules.poverty.standards import standard
from tests.factories.poverty import scored


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

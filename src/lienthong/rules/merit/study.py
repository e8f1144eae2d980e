"""Support with studies: each month at boarding schools, vocational and higher education, and a sum for each year of studies."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from lienthong.rules.merit.facts import Category, MeritClaim, MeritFacts, Relation, School
from lienthong.rules.merit.law import STUDY_YEARLY, MeritLaw, ordinance
from lienthong.rules.merit.lines import LineKind, Sheet
from lienthong.rules.merit.own import LACKS_RATE
from lienthong.rules.merit.survivors import LACKS_DECEASED_RATE, LACKS_RELATION

LACKS_YEARLY_LEVEL: Final = "mức trợ cấp theo học hằng năm của ngày này (tệp parameters/merit/yearly.yaml)"

_ARTICLES: Final[Mapping[Category, str]] = MappingProxyType(
    {
        Category.HERO: "Điều 21 khoản 4",
        Category.WAR_INVALID: "Điều 24 khoản 4",
        Category.WAR_INVALID_TYPE_B: "Điều 24 khoản 4",
        Category.RELATIVE_OF_ACTIVIST_BEFORE_1945: "Điều 10 khoản 2",
        Category.RELATIVE_OF_ACTIVIST_OF_1945: "Điều 13 khoản 2",
        Category.RELATIVE_OF_MARTYR: "Điều 16 khoản 7",
        Category.RELATIVE_OF_HERO: "Điều 22 khoản 2",
        Category.RELATIVE_OF_WAR_INVALID: "Điều 25 khoản 3",
        Category.RELATIVE_OF_SICK_SOLDIER: "Điều 28 khoản 3",
        Category.RELATIVE_OF_AGENT_ORANGE_RESISTER: "Điều 31 khoản 5",
    }
)
_BY_RATE: Final = frozenset(
    {
        Category.RELATIVE_OF_WAR_INVALID,
        Category.RELATIVE_OF_SICK_SOLDIER,
        Category.RELATIVE_OF_AGENT_ORANGE_RESISTER,
    }
)
NO_KIN_OF_MARTYR: Final = frozenset({Relation.REMARRIED_SPOUSE, Relation.HEIR, Relation.WORSHIPPER})
FULL: Final = "study_full"
HALF: Final = "study_half"


def study_support(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    """Write down what is due for studies by one claim; nothing is asked of whoever does not study.

    Trợ cấp ưu đãi khi theo học.

    Legal source:
        02/2020/UBTVQH14, Điều 5 khoản 2 điểm đ, and the article of each group.
        75/2021/NĐ-CP, Phụ lục I mục 11 (each month), Điều 8 (each year).
    """
    if claim.category not in _ARTICLES or facts.school is None or facts.school is School.NONE:
        return
    row = _row(sheet, claim, law)
    if row is None:
        return
    article = ordinance(_ARTICLES[claim.category])
    if facts.school is School.BOARDING_OR_HIGHER:
        sheet.pay(LineKind.STUDY, law.monthly[row], article)
    yearly = law.yearly[STUDY_YEARLY[facts.school]]
    if yearly is None:
        sheet.lacks(LACKS_YEARLY_LEVEL)
    else:
        sheet.pay(LineKind.YEARLY, yearly, article)


def _row(sheet: Sheet, claim: MeritClaim, law: MeritLaw) -> str | None:
    """Name the row of the monthly level; None where studies are not supported, or a fact is missing."""
    if claim.category is Category.HERO:
        return FULL
    if claim.category in {Category.WAR_INVALID, Category.WAR_INVALID_TYPE_B}:
        if claim.rate is None:
            sheet.lacks(LACKS_RATE)
            return None
        return FULL if claim.rate >= law.bounds.monthly_rate else None
    if claim.relation is None:
        sheet.lacks(LACKS_RELATION)
        return None
    if claim.category is Category.RELATIVE_OF_MARTYR:
        return None if claim.relation in NO_KIN_OF_MARTYR else FULL
    if claim.relation is not Relation.CHILD:
        return None
    if claim.category not in _BY_RATE:
        return FULL
    if claim.rate is None:
        sheet.lacks(LACKS_DECEASED_RATE)
        return None
    if claim.rate >= law.bounds.full_study_rate:
        return FULL
    is_sick_soldiers = claim.category is Category.RELATIVE_OF_SICK_SOLDIER
    least = law.bounds.half_study_sick_soldier_rate if is_sick_soldiers else law.bounds.half_study_war_invalid_rate
    return HALF if claim.rate >= least else None

"""Whether a household is deprived in each indicator, why, and what would have to be known.

Thiếu hụt dịch vụ xã hội cơ bản. What is unknown leaves an indicator open only while it could change the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lienthong.kernel.legal import LegalReference
from lienthong.rules.poverty import words
from lienthong.rules.poverty.facts import HouseholdFacts, MemberFacts, Qualification, Study
from lienthong.rules.poverty.standards import Definitions, Indicator, PovertyStandard
from lienthong.rules.poverty.words import listed, member_in_words, number_in_words

STUDY_RANK: Final[Mapping[str, int]] = {level: rank for rank, level in enumerate(Study)}
QUALIFICATION_RANK: Final[Mapping[str, int]] = {level: rank for rank, level in enumerate(Qualification)}
_NO_MEMBERS = "danh sách thành viên của hộ"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorResult:
    """What one indicator says of a household.

    Attributes:
        is_deprived: None while an unknown fact could change the answer.
        why: A Vietnamese sentence with the members, by position and age, and the numbers.
        missing: The facts that would settle it; empty unless ``is_deprived`` is None.
    """

    code: str
    number: int
    dimension: str
    name: str
    is_deprived: bool | None
    why: str
    missing: tuple[str, ...] = ()
    reference: LegalReference


@dataclass(frozen=True, slots=True)
class _Found:
    is_deprived: bool | None
    why: str
    missing: tuple[str, ...] = ()


def deprivations(
    facts: HouseholdFacts, standard: PovertyStandard, *, given: Mapping[str, bool | None] | None = None
) -> tuple[IndicatorResult, ...]:
    """Try every indicator of a standard.

    Các chỉ số thiếu hụt của một hộ.

    Args:
        facts: What is known of the household.
        standard: Whose indicators and definitions.
        given: Answers recorded already, by code; they take the place of what the facts would say, unless None.

    Returns:
        One result for each indicator, in the order of the annex.
    """
    found = []
    for indicator in standard.indicators:
        answer = (given or {}).get(indicator.code)
        if answer is None:
            result = _TESTS[indicator.code](facts, standard.definitions)
        else:
            result = _Found(answer, f"{'Thiếu hụt' if answer else 'Không thiếu hụt'} theo phiếu đã ghi.")
        found.append(_result(indicator, result))
    return tuple(found)


def _result(indicator: Indicator, found: _Found) -> IndicatorResult:
    return IndicatorResult(
        code=indicator.code,
        number=indicator.number,
        dimension=indicator.dimension,
        name=indicator.name,
        is_deprived=found.is_deprived,
        why=found.why,
        missing=found.missing,
        reference=indicator.reference,
    )


def _any_member(
    facts: HouseholdFacts,
    deprived: Callable[[MemberFacts], bool | None],
    *,
    says: Callable[[MemberFacts], str],
    nobody: str,
    lacks: Callable[[MemberFacts], str],
) -> _Found:
    """Deprived when one member is; open while none is and one might be."""
    if not facts.members:
        return _Found(None, "Chưa biết các thành viên của hộ.", (_NO_MEMBERS,))
    answers = [(position, member, deprived(member)) for position, member in enumerate(facts.members, 1)]
    certain = [f"{member_in_words(position, member)}: {says(member)}" for position, member, answer in answers if answer]
    if certain:
        return _Found(True, _sentence(listed(certain)))
    open_ones = [(position, member) for position, member, answer in answers if answer is None]
    if open_ones:
        missing = tuple(f"{lacks(member)} của {member_in_words(position, member)}" for position, member in open_ones)
        return _Found(None, f"Chưa biết {listed(missing)}.", missing)
    return _Found(False, nobody)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _employment(facts: HouseholdFacts, law: Definitions) -> _Found:
    def deprived(member: MemberFacts) -> bool | None:
        if member.work is not None:
            return member.work in law.deprived_work
        return None if member.age is None or member.age >= law.asked_about_work_from_age else False

    return _any_member(
        facts,
        deprived,
        says=lambda member: words.WORK[member.work or ""],
        nobody="Không thành viên nào thiếu việc làm hoặc làm công không có hợp đồng lao động.",
        lacks=lambda member: "tình trạng việc làm",
    )


def is_dependent_person(member: MemberFacts, law: Definitions) -> bool | None:
    """Say whether a member counts as dependent in the indicator; None while a fact is missing."""
    if member.age is not None and member.age < law.child_below_age:
        return True
    if member.monthly_allowance is not None and member.monthly_allowance in law.dependent_allowances:
        return True
    return None if member.age is None or member.monthly_allowance is None else False


def _dependent_person(facts: HouseholdFacts, law: Definitions) -> _Found:
    size = len(facts.members)
    if not size:
        return _Found(None, "Chưa biết các thành viên của hộ.", (_NO_MEMBERS,))
    answers = [is_dependent_person(member, law) for member in facts.members]
    certain = answers.count(True)
    possible = certain + answers.count(None)
    limit = law.dependency_percent * size
    if certain * 100 <= limit < possible * 100:
        missing = tuple(
            f"tuổi, trợ cấp xã hội hàng tháng của {member_in_words(position, member)}"
            for position, (member, answer) in enumerate(zip(facts.members, answers, strict=True), 1)
            if answer is None
        )
        return _Found(None, f"{certain} đến {possible} người phụ thuộc trên {size} nhân khẩu: chưa rõ.", missing)
    is_deprived = certain * 100 > limit
    number = f"{certain}" if certain == possible else f"{certain} đến {possible}"
    relation = "lớn hơn" if is_deprived else "không lớn hơn"
    return _Found(
        is_deprived, f"{number} người phụ thuộc trên {size} nhân khẩu, tỷ lệ {relation} {law.dependency_percent}%."
    )


def _nutrition(facts: HouseholdFacts, law: Definitions) -> _Found:
    def deprived(member: MemberFacts) -> bool | None:
        if member.nutrition == "normal" or (member.age is not None and member.age >= law.child_below_age):
            return False
        return None if member.nutrition is None or member.age is None else True

    return _any_member(
        facts,
        deprived,
        says=lambda member: words.NUTRITION[member.nutrition or ""],
        nobody=f"Không có trẻ em dưới {law.child_below_age} tuổi suy dinh dưỡng.",
        lacks=lambda member: "tuổi" if member.nutrition else "kết quả đo dinh dưỡng",
    )


def _health_insurance(facts: HouseholdFacts, law: Definitions) -> _Found:
    def deprived(member: MemberFacts) -> bool | None:
        if member.has_health_insurance or (member.age is not None and member.age < law.insured_from_age):
            return False
        return None if member.has_health_insurance is None or member.age is None else True

    return _any_member(
        facts,
        deprived,
        says=lambda member: "không có bảo hiểm y tế",
        nobody=f"Mọi thành viên từ đủ {law.insured_from_age} tuổi đều có bảo hiểm y tế.",
        lacks=lambda member: "bảo hiểm y tế" if member.has_health_insurance is None else "tuổi",
    )


def _is_educated(member: MemberFacts, *, level: str) -> bool | None:
    studying = None if member.studying is None else STUDY_RANK[member.studying] >= STUDY_RANK[level]
    completed = (
        None if member.qualification is None else QUALIFICATION_RANK[member.qualification] >= QUALIFICATION_RANK[level]
    )
    if studying or completed:
        return True
    return None if studying is None or completed is None else False


def _adult_education(facts: HouseholdFacts, law: Definitions) -> _Found:
    def deprived(member: MemberFacts) -> bool | None:
        if member.age is None:
            return False if _is_educated(member, level=law.grown_level) else None
        if not law.adult_from_age <= member.age <= law.adult_until_age:
            return False
        level = law.grown_level if member.age >= law.grown_from_age else law.adult_level
        educated = _is_educated(member, level=level)
        return None if educated is None else not educated

    def says(member: MemberFacts) -> str:
        return f"{_studies(member)}, đã hoàn thành: {words.QUALIFICATION[member.qualification or 'none']}"

    return _any_member(
        facts,
        deprived,
        says=says,
        nobody=f"Mọi thành viên từ {law.adult_from_age} đến {law.adult_until_age} tuổi đang học hoặc có bằng cấp phù hợp.",
        lacks=lambda member: "tuổi, bậc đang học, bằng cấp" if member.age is None else "bậc đang học, bằng cấp",
    )


def _studies(member: MemberFacts) -> str:
    level = member.studying or Study.NONE
    return "không đi học" if level == Study.NONE else f"đang học {words.STUDY[level]}"


def level_of_age(age: int, law: Definitions) -> str:
    """Give the level at which a child of an age should study."""
    if age >= law.lower_secondary_from_age:
        return Study.LOWER_SECONDARY
    return Study.PRIMARY if age >= law.primary_from_age else Study.PRESCHOOL


def _child_school_attendance(facts: HouseholdFacts, law: Definitions) -> _Found:
    def deprived(member: MemberFacts) -> bool | None:
        if member.age is None:
            highest = STUDY_RANK[Study.LOWER_SECONDARY]
            return False if member.studying is not None and STUDY_RANK[member.studying] >= highest else None
        if not law.preschool_from_age <= member.age < law.school_below_age:
            return False
        if member.studying is None:
            return None
        return STUDY_RANK[member.studying] < STUDY_RANK[level_of_age(member.age, law)]

    def says(member: MemberFacts) -> str:
        return f"{_studies(member)}, đúng tuổi là {words.STUDY[level_of_age(member.age or 0, law)]}"

    return _any_member(
        facts,
        deprived,
        says=says,
        nobody=f"Mọi trẻ em từ {law.preschool_from_age} đến dưới {law.school_below_age} tuổi đi học đúng bậc học trở lên.",
        lacks=lambda member: "tuổi, bậc đang học" if member.age is None else "bậc đang học",
    )


def _housing_quality(facts: HouseholdFacts, law: Definitions) -> _Found:
    built = {"wall": facts.wall, "pillar": facts.pillar, "roof": facts.roof}
    weak = [words.STRUCTURES[part] for part, material in built.items() if material == "not_durable"]
    unknown = [words.STRUCTURES[part] for part, material in built.items() if material is None]
    if len(weak) >= law.weak_structures:
        return _Found(True, f"{len(weak)} trên 3 kết cấu chính không bền chắc: {', '.join(weak)}.")
    if len(weak) + len(unknown) < law.weak_structures:
        named = f": {', '.join(weak)}" if weak else ""
        return _Found(False, f"{len(weak)} kết cấu chính không bền chắc{named}; ít hơn {law.weak_structures}.")
    return _Found(
        None, f"Chưa biết vật liệu của {', '.join(unknown)}.", tuple(f"vật liệu của {part}" for part in unknown)
    )


def _housing_area(facts: HouseholdFacts, law: Definitions) -> _Found:
    size, area = len(facts.members), facts.housing_area_m2
    missing = (*([] if size else [_NO_MEMBERS]), *([] if area is not None else ["diện tích nhà ở"]))
    if area is None or missing:
        return _Found(None, f"Chưa biết {', '.join(missing)}.", missing)
    is_deprived = area < law.area_per_person * size
    relation = "nhỏ hơn" if is_deprived else "không nhỏ hơn"
    return _Found(
        is_deprived,
        f"{number_in_words(area)} m² cho {size} nhân khẩu, bình quân {relation} {law.area_per_person} m² một người.",
    )


def _clean_water(facts: HouseholdFacts, law: Definitions) -> _Found:
    source = facts.water_source
    if source is None:
        return _Found(None, "Chưa biết nguồn nước sinh hoạt.", ("nguồn nước sinh hoạt",))
    is_deprived = source not in law.clean_water
    return _Found(
        is_deprived, f"Dùng {words.WATER_SOURCE[source]}: {'không phải ' if is_deprived else ''}nguồn nước sạch."
    )


def _hygienic_toilet(facts: HouseholdFacts, law: Definitions) -> _Found:
    toilet = facts.toilet
    if toilet is None:
        return _Found(None, "Chưa biết loại nhà tiêu.", ("loại nhà tiêu",))
    is_deprived = toilet not in law.hygienic_toilets
    return _Found(
        is_deprived, f"Nhà tiêu: {words.TOILET[toilet]}; {'không hợp vệ sinh' if is_deprived else 'hợp vệ sinh'}."
    )


def _telecommunication(facts: HouseholdFacts, law: Definitions) -> _Found:
    if not facts.members:
        return _Found(None, "Chưa biết các thành viên của hộ.", (_NO_MEMBERS,))
    for position, member in enumerate(facts.members, 1):
        if member.uses_internet:
            return _Found(False, _sentence(f"{member_in_words(position, member)} sử dụng internet"))
    missing = tuple(
        f"việc sử dụng internet của {member_in_words(position, member)}"
        for position, member in enumerate(facts.members, 1)
        if member.uses_internet is None
    )
    if missing:
        return _Found(None, f"Chưa biết {listed(missing)}.", missing)
    return _Found(True, f"Không ai trong {len(facts.members)} thành viên sử dụng internet.")


def _information_access_assets(facts: HouseholdFacts, law: Definitions) -> _Found:
    if facts.devices is None:
        return _Found(None, "Chưa biết các phương tiện thông tin.", ("phương tiện thông tin của hộ",))
    if not facts.devices:
        return _Found(True, "Không có phương tiện thông tin nào.")
    return _Found(False, f"Có {', '.join(_devices(facts))}.")


def _devices(facts: HouseholdFacts) -> Iterator[str]:
    return (name for code, name in words.DEVICES.items() if code in (facts.devices or ()))


def _waste_treatment(facts: HouseholdFacts, law: Definitions) -> _Found:
    if facts.waste is None:
        return _Found(None, "Chưa biết rác thải được xử lý thế nào.", ("việc xử lý rác thải",))
    return _Found(facts.waste == "untreated", f"Rác thải {words.WASTE[facts.waste]}.")


_TESTS: Final[Mapping[str, Callable[[HouseholdFacts, Definitions], _Found]]] = {
    "employment": _employment,
    "dependentPerson": _dependent_person,
    "nutrition": _nutrition,
    "healthInsurance": _health_insurance,
    "adultEducation": _adult_education,
    "childSchoolAttendance": _child_school_attendance,
    "housingQuality": _housing_quality,
    "housingArea": _housing_area,
    "cleanWater": _clean_water,
    "hygienicToilet": _hygienic_toilet,
    "telecommunication": _telecommunication,
    "informationAccessAssets": _information_access_assets,
    "wasteTreatment": _waste_treatment,
}

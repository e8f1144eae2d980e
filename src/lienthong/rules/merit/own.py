"""What a person with merit is due for themselves: allowance, supplement, attendant, extra, and what is paid once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from lienthong.kernel.decisions import Reason
from lienthong.kernel.legal import LegalReference
from lienthong.kernel.money import Dong
from lienthong.rules.merit.facts import Category, MeritClaim, MeritFacts
from lienthong.rules.merit.law import Level, MeritLaw, ordinance
from lienthong.rules.merit.levels import WAR_INVALID, WAR_INVALID_TYPE_B, rounded
from lienthong.rules.merit.lines import LineKind, Sheet

LACKS_RATE: Final = "tỷ lệ tổn thương cơ thể"
LACKS_SEVERITY: Final = "có vết thương hoặc bệnh tật đặc biệt nặng hay không"
LACKS_HOME: Final = "người có công sống ở gia đình hay tại cơ sở nuôi dưỡng"
LACKS_LONELY: Final = "có sống cô đơn (độc thân, không còn thân nhân) hay không"
LACKS_DETACHED: Final = "diện thoát ly hay không thoát ly"
LACKS_SENIORITY: Final = "số thâm niên được tính phụ cấp"
LACKS_INFERTILITY: Final = "có vô sinh hoặc sinh con dị dạng, dị tật do nhiễm chất độc hóa học hay không"
LACKS_RESISTANCE: Final = "thời gian tham gia kháng chiến"

_TYPE_B: Final = LegalReference(document="131/2021/NĐ-CP", article="184", clause="4", point="a")
_INJURED: Final = LegalReference(document="75/2021/NĐ-CP", article="15", clause="5")


def _activist_before_1945(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    article = ordinance("Điều 9 khoản 2")
    sheet.reasons.append(Reason(_group(claim), True, article))
    if claim.was_detached is None:
        sheet.lacks(LACKS_DETACHED)
    elif not claim.was_detached:
        sheet.pay(LineKind.MONTHLY, law.monthly["undetached_activist"], article)
    else:
        sheet.pay(LineKind.MONTHLY, law.monthly["detached_activist"], article)
        unit = law.monthly["detached_activist_seniority"]
        if claim.seniority_units is None:
            sheet.lacks(LACKS_SENIORITY)
        elif claim.seniority_units:
            sheet.pay(
                LineKind.SUPPLEMENT,
                unit,
                article,
                amount=Dong(claim.seniority_units * unit.amount),
                words=f"Phụ cấp {claim.seniority_units} thâm niên",
            )


def _heroic_mother(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    sheet.reasons.append(Reason(_group(claim), True, ordinance("Điều 18")))
    sheet.pay(LineKind.MONTHLY, law.monthly["heroic_mother"], ordinance("Điều 18 khoản 2"))
    sheet.pay(LineKind.SUPPLEMENT, law.monthly["heroic_mother_supplement"], ordinance("Điều 18 khoản 3"))
    article = ordinance("Điều 18 khoản 4")
    if sheet.asks("Sống ở gia đình nên có người phục vụ", facts.lives_at_home, article, LACKS_HOME):
        sheet.pay(LineKind.ATTENDANT, law.monthly["heroic_mother_attendant"], article)
    if sheet.asks("Sống cô đơn", facts.is_lonely, ordinance("Điều 16 khoản 4"), LACKS_LONELY):
        sheet.pay(LineKind.EXTRA, law.monthly["extra_of_martyr"], ordinance("Điều 18 khoản 1"))


def _war_invalid(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    least = law.bounds.monthly_rate
    article = ordinance("Điều 24 khoản 1 điểm a")
    if claim.rate is None:
        sheet.lacks(LACKS_RATE)
    elif claim.rate >= least:
        sheet.reasons.append(Reason(f"{_group(claim)}, tổn thương cơ thể {claim.rate}%", True, article))
        sheet.pay(LineKind.MONTHLY, law.by_rate[WAR_INVALID][claim.rate], article)
        _severe(sheet, claim, facts, law, beginning="war_invalid", articles=_WAR_INVALID_ARTICLES)
    elif injury := law.injury(claim.rate):
        sheet.reasons.append(
            Reason(f"Bị thương, tổn thương cơ thể {claim.rate}%: hưởng trợ cấp một lần", True, _INJURED)
        )
        sheet.pay(LineKind.ONE_OFF, injury, _INJURED)
    else:
        sheet.refuses(f"Tổn thương cơ thể {claim.rate}%, chưa đến mức được trợ cấp", _INJURED)


def _war_invalid_type_b(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    if claim.rate is None:
        sheet.lacks(LACKS_RATE)
    elif sheet.asks(
        f"{_group(claim)}, tổn thương cơ thể {claim.rate}%, từ {law.bounds.monthly_rate}% trở lên",
        claim.rate >= law.bounds.monthly_rate,
        ordinance("Điều 23 khoản 3"),
        LACKS_RATE,
    ):
        sheet.pay(LineKind.MONTHLY, law.by_rate[WAR_INVALID_TYPE_B][claim.rate], _TYPE_B)
        _severe(sheet, claim, facts, law, beginning="war_invalid", articles=_TYPE_B_ARTICLES)


def _sick_soldier(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    article = ordinance("Điều 27 khoản 1 điểm a")
    if claim.rate is None:
        sheet.lacks(LACKS_RATE)
        return
    level = law.band("sick_soldier", claim.rate)
    sheet.reasons.append(
        Reason(f"{_group(claim)}, tổn thương cơ thể {claim.rate}%, có mức hưởng", level is not None, article)
    )
    if level is not None:
        sheet.pay(LineKind.MONTHLY, level, article)
        _severe(sheet, claim, facts, law, beginning="sick_soldier", articles=_SICK_SOLDIER_ARTICLES)


def _agent_orange_resister(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    if claim.rate is None:
        sheet.lacks(f"{LACKS_RATE} (0 nếu không mắc bệnh)")
        return
    by_disease = law.band("agent_orange", claim.rate)
    by_infertility = law.band("agent_orange", max(claim.rate, law.bounds.infertile_rate))
    article = ordinance(f"Điều 30 khoản 1 điểm {'a' if by_disease is by_infertility else 'b'}")
    level: Level | None = by_disease
    if by_disease is not by_infertility:
        flag = claim.has_infertility_or_affected_child
        if flag is None:
            sheet.asks(f"{_group(claim)}: vô sinh hoặc sinh con dị dạng, dị tật", None, article, LACKS_INFERTILITY)
            return
        level = by_infertility if flag else by_disease
        article = article if flag else ordinance("Điều 30 khoản 1 điểm a")
    sheet.reasons.append(
        Reason(f"{_group(claim)}, tổn thương cơ thể {claim.rate}%, có mức hưởng", level is not None, article)
    )
    if level is not None:
        sheet.pay(LineKind.MONTHLY, level, article)
        _severe(sheet, claim, facts, law, beginning="agent_orange", articles=_AGENT_ORANGE_ARTICLES)


_WAR_INVALID_ARTICLES: Final = tuple(ordinance(f"Điều 24 khoản 1 điểm {point}") for point in "cdb")
_TYPE_B_ARTICLES: Final = (
    _TYPE_B,
    _TYPE_B,
    LegalReference(document="131/2021/NĐ-CP", article="184", clause="4", point="b"),
)
_SICK_SOLDIER_ARTICLES: Final = tuple(ordinance(f"Điều 27 khoản 1 điểm {point}") for point in "cdb")
_AGENT_ORANGE_ARTICLES: Final = tuple(ordinance(f"Điều 30 khoản {clause}") for clause in "223")


def _severe(
    sheet: Sheet,
    claim: MeritClaim,
    facts: MeritFacts,
    law: MeritLaw,
    *,
    beginning: str,
    articles: tuple[LegalReference, ...],
) -> None:
    """Add the supplement and the attendant of whoever is injured severely.

    Args:
        sheet: To write on.
        claim: With a known rate.
        facts: Of the person.
        law: Of the day.
        beginning: Of the codes of the rows.
        articles: Of the supplement, of the special supplement, of the attendant.
    """
    if claim.rate is None or claim.rate < law.bounds.severe_rate:
        return
    supplement, special, attendant = articles
    is_special = claim.has_especially_severe_condition
    sheet.asks("Có vết thương hoặc bệnh tật đặc biệt nặng", is_special, special, LACKS_SEVERITY)
    if is_special is not None:
        code = f"{beginning}_special_supplement" if is_special else f"{beginning}_supplement"
        sheet.pay(LineKind.SUPPLEMENT, law.monthly[code], special if is_special else supplement)
    if sheet.asks("Sống ở gia đình nên có người phục vụ", facts.lives_at_home, attendant, LACKS_HOME):
        ordinary, higher = f"{beginning}_attendant", f"{beginning}_special_attendant"
        if higher not in law.monthly:
            sheet.pay(LineKind.ATTENDANT, law.monthly[ordinary], attendant)
        elif is_special is not None:
            sheet.pay(LineKind.ATTENDANT, law.monthly[higher if is_special else ordinary], attendant)


def _resistance_participant(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    article = ordinance("Điều 36 khoản 1")
    if claim.resistance_months is None:
        sheet.lacks(LACKS_RESISTANCE)
    elif sheet.asks(
        f"{_group(claim)}, {claim.resistance_months} tháng", claim.resistance_months > 0, article, LACKS_RESISTANCE
    ):
        halves = half_units(claim.resistance_months, full_from=law.bounds.odd_months_full_unit)
        unit = law.once["resistance_participant"]
        times = f"{halves // 2}{',5' if halves % 2 else ''}"
        sheet.pay(
            LineKind.ONE_OFF,
            unit,
            article,
            amount=rounded(unit.amount * halves, 2, law.bounds.rounding),
            words=f"{unit.words}, {times} thâm niên",
        )


def half_units(months: int, *, full_from: int) -> int:
    """Count the half years of resistance: an odd part of a year is a whole one from so many months, else half of one.

    Args:
        months: Whole months.
        full_from: From how many odd months a part counts as a year.

    Examples:
        >>> [half_units(months, full_from=6) for months in (12, 13, 17, 18, 24)]
        [2, 3, 3, 4, 4]
    """
    years, odd = divmod(months, 12)
    if odd == 0:
        return 2 * years
    return 2 * years + (2 if odd >= full_from else 1)


def _helper_before_1945(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    _helper(sheet, claim, facts, law, article=ordinance("Điều 39 khoản 1 điểm a"))


def _helper_with_order(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    _helper(sheet, claim, facts, law, article=ordinance("Điều 39 khoản 2 điểm a"))


def _helper(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw, *, article: LegalReference) -> None:
    sheet.reasons.append(Reason(_group(claim), True, article))
    sheet.pay(LineKind.MONTHLY, law.monthly[claim.category.value], article)
    if sheet.asks("Sống cô đơn", facts.is_lonely, article, LACKS_LONELY):
        sheet.pay(LineKind.EXTRA, law.monthly["extra_of_helper"], article)


def _helper_with_medal(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    article = ordinance("Điều 39 khoản 3 điểm a")
    sheet.reasons.append(Reason(_group(claim), True, article))
    sheet.pay(LineKind.ONE_OFF, law.once["helper_resistance_medal"], article)


def _affected_child(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    article = ordinance("Điều 31 khoản 1")
    if claim.rate is None:
        sheet.lacks(LACKS_RATE)
        return
    level = law.band("affected_child", claim.rate)
    sheet.reasons.append(
        Reason(f"{_group(claim)}, tổn thương cơ thể {claim.rate}%, có mức hưởng", level is not None, article)
    )
    if level is not None:
        sheet.pay(LineKind.MONTHLY, level, article)


def _simple(code: str, place: str) -> Callable[[Sheet, MeritClaim, MeritFacts, MeritLaw], None]:
    def rule(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
        sheet.reasons.append(Reason(_group(claim), True, ordinance(place)))
        sheet.pay(LineKind.MONTHLY, law.monthly[code], ordinance(place))

    return rule


def _group(claim: MeritClaim) -> str:
    words = claim.category.in_words
    return f"Là {words}"


OWN_RULES: Final[Mapping[Category, Callable[[Sheet, MeritClaim, MeritFacts, MeritLaw], None]]] = MappingProxyType(
    {
        Category.ACTIVIST_BEFORE_1945: _activist_before_1945,
        Category.ACTIVIST_OF_1945: _simple("activist_of_1945", "Điều 12 khoản 1 điểm b"),
        Category.HEROIC_MOTHER: _heroic_mother,
        Category.HERO: _simple("hero", "Điều 21 khoản 1"),
        Category.WAR_INVALID: _war_invalid,
        Category.WAR_INVALID_TYPE_B: _war_invalid_type_b,
        Category.SICK_SOLDIER: _sick_soldier,
        Category.AGENT_ORANGE_RESISTER: _agent_orange_resister,
        Category.IMPRISONED: _simple("imprisoned", "Điều 33 khoản 2"),
        Category.RESISTANCE_PARTICIPANT: _resistance_participant,
        Category.HELPER_BEFORE_1945: _helper_before_1945,
        Category.HELPER_RESISTANCE_ORDER: _helper_with_order,
        Category.HELPER_RESISTANCE_MEDAL: _helper_with_medal,
        Category.AFFECTED_CHILD: _affected_child,
    }
)

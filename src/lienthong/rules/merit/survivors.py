"""What a relative of a person with merit is due: the survivor's allowance, the extra for who has nobody, worship, sums paid once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from lienthong.kernel.decisions import Reason
from lienthong.kernel.legal import LegalReference
from lienthong.kernel.money import Dong
from lienthong.rules.merit.facts import Category, MeritClaim, MeritFacts, Relation
from lienthong.rules.merit.grown_children import child_is_supported
from lienthong.rules.merit.law import WORSHIP, MeritLaw, ordinance
from lienthong.rules.merit.lines import Condition, LineKind, Sheet
from lienthong.rules.merit.own import LACKS_LONELY

LACKS_RELATION: Final = "quan hệ với người có công"
LACKS_DEATH: Final = "người có công đã chết hay chưa"
LACKS_RECEIVING: Final = "người hoạt động cách mạng có đang hưởng chế độ khi chết hay không"
LACKS_MARTYRS: Final = "số liệt sĩ"
LACKS_ORPHAN: Final = "có mồ côi cả cha và mẹ hay không"
LACKS_PENSION_AGE: Final = "vợ hoặc chồng đã đủ tuổi theo khoản 2 Điều 169 của Bộ luật Lao động hay chưa"
LACKS_CARE: Final = (
    "có nuôi con liệt sĩ đến tuổi trưởng thành, chăm sóc cha mẹ liệt sĩ, hoặc vì hoạt động cách mạng mà không chăm sóc được "
    "hay không"
)
LACKS_RECIPIENT: Final = "liệt sĩ còn thân nhân hưởng trợ cấp tuất hằng tháng hay không"
LACKS_DECEASED_RATE: Final = "tỷ lệ tổn thương cơ thể của người có công"
LACKS_WORSHIP_LEVEL: Final = "mức trợ cấp thờ cúng liệt sĩ của ngày này (tệp parameters/merit/yearly.yaml)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Survivors:
    """The relatives of one group: who, by which article, on which rows."""

    relations: frozenset[Relation]
    article: str
    extra_article: str
    row: str
    extra_row: str
    needs_rate: bool = False
    needs_receiving: bool = False


_SPOUSE_AND_CHILD: Final = frozenset({Relation.SPOUSE, Relation.CHILD})
KIN_OF_MARTYR: Final = frozenset({Relation.PARENT, Relation.SPOUSE, Relation.CHILD, Relation.FOSTERER})
_CLOSE: Final = frozenset({Relation.PARENT, Relation.SPOUSE, Relation.CHILD})

_SURVIVORS: Final[Mapping[Category, _Survivors]] = MappingProxyType(
    {
        Category.RELATIVE_OF_ACTIVIST_BEFORE_1945: _Survivors(
            relations=_SPOUSE_AND_CHILD,
            article="Điều 10 khoản 3 điểm a",
            extra_article="Điều 10 khoản 3 điểm a",
            row="survivor_of_activist_before_1945",
            extra_row="extra_of_activist_before_1945",
            needs_receiving=True,
        ),
        Category.RELATIVE_OF_ACTIVIST_OF_1945: _Survivors(
            relations=_SPOUSE_AND_CHILD,
            article="Điều 13 khoản 3 điểm a",
            extra_article="Điều 13 khoản 3 điểm a",
            row="survivor_of_activist_of_1945",
            extra_row="extra_of_activist_of_1945",
            needs_receiving=True,
        ),
        Category.RELATIVE_OF_WAR_INVALID: _Survivors(
            relations=_CLOSE,
            article="Điều 25 khoản 2 điểm a",
            extra_article="Điều 25 khoản 2 điểm b",
            row="survivor_of_war_invalid",
            extra_row="extra_of_war_invalid",
            needs_rate=True,
        ),
        Category.RELATIVE_OF_SICK_SOLDIER: _Survivors(
            relations=_CLOSE,
            article="Điều 28 khoản 2 điểm a",
            extra_article="Điều 28 khoản 2 điểm b",
            row="survivor_of_sick_soldier",
            extra_row="extra_of_sick_soldier",
            needs_rate=True,
        ),
        Category.RELATIVE_OF_AGENT_ORANGE_RESISTER: _Survivors(
            relations=_CLOSE,
            article="Điều 31 khoản 3 điểm a",
            extra_article="Điều 31 khoản 3 điểm b",
            row="survivor_of_agent_orange",
            extra_row="extra_of_agent_orange",
            needs_rate=True,
        ),
    }
)


def _survivor(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    rule = _SURVIVORS[claim.category]
    article = ordinance(rule.article)
    conditions = [Condition("Người có công đã chết", claim.has_died, article, (LACKS_DEATH,))]
    if rule.needs_receiving:
        words = "Người hoạt động cách mạng đang hưởng chế độ khi chết"
        conditions.append(Condition(words, claim.died_while_receiving, article, (LACKS_RECEIVING,)))
    if rule.needs_rate:
        least = law.bounds.survivor_rate
        holds = None if claim.rate is None else claim.rate >= least
        words = f"Người có công có tỷ lệ tổn thương cơ thể từ {least}% trở lên"
        conditions.append(Condition(words, holds, article, (LACKS_DECEASED_RATE,)))
    conditions += _kin(sheet, claim, facts, law, relations=rule.relations, article=article, needs_age=rule.needs_rate)
    if sheet.asks_all(conditions):
        sheet.pay(LineKind.MONTHLY, law.monthly[rule.row], article)
        _extra(sheet, claim, facts, law, row=rule.extra_row, article=ordinance(rule.extra_article))


def _kin(
    sheet: Sheet,
    claim: MeritClaim,
    facts: MeritFacts,
    law: MeritLaw,
    *,
    relations: frozenset[Relation],
    article: LegalReference,
    needs_age: bool,
) -> list[Condition]:
    """List what is asked of the relative: the relation, of a child the age, of a spouse (where it is asked) as well."""
    if claim.relation is None:
        return [Condition("Là thân nhân thuộc diện hưởng trợ cấp tuất hằng tháng", None, article, (LACKS_RELATION,))]
    is_kin = claim.relation in relations
    conditions = [Condition(f"Là {_relative(claim)}, thuộc diện hưởng trợ cấp tuất hằng tháng", is_kin, article, ())]
    if is_kin and claim.relation is Relation.CHILD:
        of_martyr = claim.category is Category.RELATIVE_OF_MARTYR
        answer = child_is_supported(facts, law, of_martyr=of_martyr, article=article)
        sheet.reasons += answer.reasons
        words = "Là con chưa đủ 18 tuổi, còn đi học hoặc bị khuyết tật nặng trở lên"
        conditions.append(Condition(words, answer.holds, article, answer.missing))
    if is_kin and claim.relation is Relation.SPOUSE and needs_age:
        words = "Vợ hoặc chồng đã đủ tuổi theo khoản 2 Điều 169 của Bộ luật Lao động"
        conditions.append(Condition(words, facts.has_reached_pension_age, article, (LACKS_PENSION_AGE,)))
    return conditions


def _extra(
    sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw, *, row: str, article: LegalReference
) -> None:
    """Add the extra for a lonely adult, or for a child that has lost both parents."""
    if claim.relation is Relation.CHILD:
        holds = sheet.asks("Mồ côi cả cha và mẹ", facts.is_orphan, article, LACKS_ORPHAN)
    else:
        holds = sheet.asks("Sống cô đơn", facts.is_lonely, article, LACKS_LONELY)
    if holds:
        sheet.pay(LineKind.EXTRA, law.monthly[row], article)


def _martyr(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    if claim.relation is Relation.REMARRIED_SPOUSE:
        article = ordinance("Điều 16 khoản 10 điểm a")
        words = "Đã nuôi con liệt sĩ, chăm sóc cha mẹ liệt sĩ hoặc vì hoạt động cách mạng mà không chăm sóc được"
        if sheet.asks(words, claim.has_cared_for_martyrs_family, article, LACKS_CARE):
            sheet.pay(LineKind.MONTHLY, law.monthly["remarried_spouse_of_martyr"], article)
        return
    article = ordinance(f"Điều 16 khoản 3 điểm {'b' if claim.relation is Relation.SPOUSE else 'a'}")
    number = claim.number_of_martyrs
    conditions = _kin(sheet, claim, facts, law, relations=KIN_OF_MARTYR, article=article, needs_age=False)
    if number is None:
        conditions.append(Condition("Biết số liệt sĩ", None, article, (LACKS_MARTYRS,)))
    if sheet.asks_all(conditions) and number is not None:
        sheet.pay(LineKind.MONTHLY, law.monthly[martyr_row(number)], article)
        _extra(sheet, claim, facts, law, row="extra_of_martyr", article=ordinance("Điều 16 khoản 4"))


def martyr_row(number: int) -> str:
    """Name the row for the relative of so many martyrs; three and more share one."""
    return f"martyr_{min(number, 3)}"


def _worshipper(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    article = ordinance("Điều 15 khoản 4")
    level, number = law.yearly[WORSHIP], claim.number_of_martyrs
    has_none = None if claim.martyr_has_recipient is None else not claim.martyr_has_recipient
    words = "Liệt sĩ không còn thân nhân hưởng trợ cấp tuất hằng tháng"
    conditions = [Condition(words, has_none, article, (LACKS_RECIPIENT,))]
    if number is None:
        conditions.append(Condition("Biết số liệt sĩ", None, article, (LACKS_MARTYRS,)))
    if level is None:
        conditions.append(Condition("Có mức trợ cấp thờ cúng của ngày này", None, article, (LACKS_WORSHIP_LEVEL,)))
    if sheet.asks_all(conditions) and level is not None and number is not None:
        sheet.pay(
            LineKind.YEARLY,
            level,
            article,
            amount=Dong(level.amount * number),
            words=f"Trợ cấp thờ cúng {number} liệt sĩ",
        )


_ONCE: Final[Mapping[Category, tuple[str, str]]] = MappingProxyType(
    {
        Category.MARTYR_RECOGNISED: ("martyr_recognised", "Điều 16 khoản 2"),
        Category.MARTYR_DEATH_NOTICE: ("martyr_death_notice", "Điều 15 khoản 1"),
        Category.UNPAID_HEROIC_MOTHER: ("unpaid_heroic_mother", "Điều 19 khoản 1"),
        Category.UNPAID_HERO: ("unpaid_hero", "Điều 22 khoản 3"),
        Category.UNPAID_IMPRISONED: ("unpaid_imprisoned", "Điều 34 khoản 1"),
        Category.UNPAID_RESISTANCE_PARTICIPANT: ("unpaid_resistance_participant", "Điều 37 khoản 1"),
        Category.UNPAID_HELPER: ("unpaid_helper", "Điều 40 khoản 1"),
    }
)
_UNPAID_ACTIVISTS: Final[Mapping[Category, tuple[str, str]]] = MappingProxyType(
    {
        Category.UNPAID_ACTIVIST_BEFORE_1945: ("activist_before_1945", "Điều 10 khoản 4"),
        Category.UNPAID_ACTIVIST_OF_1945: ("activist_of_1945", "Điều 13 khoản 4"),
    }
)


def _once(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    code, place = _ONCE[claim.category]
    sheet.reasons.append(Reason(f"Là {claim.category.in_words}", True, ordinance(place)))
    sheet.pay(LineKind.ONE_OFF, law.once[code], ordinance(place))


def _unpaid_activist(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    beginning, place = _UNPAID_ACTIVISTS[claim.category]
    if claim.relation is None:
        sheet.lacks(LACKS_RELATION)
        return
    who = "worshipper" if claim.relation is Relation.WORSHIPPER else "relative"
    sheet.reasons.append(Reason(f"Là {claim.category.in_words}: {_relative(claim)}", True, ordinance(place)))
    sheet.pay(LineKind.ONE_OFF, law.once[f"{beginning}_{who}"], ordinance(place))


def _hero(sheet: Sheet, claim: MeritClaim, facts: MeritFacts, law: MeritLaw) -> None:
    sheet.refuses("Pháp lệnh không quy định trợ cấp tuất hằng tháng cho thân nhân của Anh hùng", ordinance("Điều 22"))


def _relative(claim: MeritClaim) -> str:
    return claim.relation.in_words if claim.relation else "thân nhân"


SURVIVOR_RULES: Final[Mapping[Category, Callable[[Sheet, MeritClaim, MeritFacts, MeritLaw], None]]] = MappingProxyType(
    {
        **dict.fromkeys(_SURVIVORS, _survivor),
        Category.RELATIVE_OF_MARTYR: _martyr,
        Category.RELATIVE_OF_HERO: _hero,
        Category.WORSHIPPER_OF_MARTYR: _worshipper,
        **dict.fromkeys(_ONCE, _once),
        **dict.fromkeys(_UNPAID_ACTIVISTS, _unpaid_activist),
    }
)
"""A rule for each claim of a relative."""

OF_OTHERS: Final = frozenset(_SURVIVORS)
"""Claims that bring the survivor's allowance of somebody who was no martyr."""

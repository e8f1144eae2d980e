"""The decisions on emergency assistance, one function for each kind."""

from __future__ import annotations

from datetime import date
from typing import Final

from lienthong.kernel.days import add_months
from lienthong.kernel.decisions import Decision
from lienthong.kernel.legal import LegalReference
from lienthong.kernel.money import Dong, format_dong
from lienthong.rules.emergency.assistance import EmergencyAssistance, EmergencySheet, higher, times_base
from lienthong.rules.emergency.facts import (
    Cause,
    Damage,
    DeathFacts,
    HousingFacts,
    HungerFacts,
    InjuryFacts,
    ProtectedGroup,
    ProtectionFacts,
    ProvincialLevels,
)
from lienthong.rules.poverty.classes import PovertyClass

_DECREE: Final = "20/2021/NĐ-CP"
_HUNGER: Final = (
    Cause.LUNAR_NEW_YEAR,
    Cause.NATURAL_DISASTER,
    Cause.FIRE,
    Cause.CROP_FAILURE,
    Cause.LEAN_SEASON,
    Cause.FORCE_MAJEURE,
)
_INJURY: Final = (
    Cause.NATURAL_DISASTER,
    Cause.FIRE,
    Cause.TRAFFIC_ACCIDENT,
    Cause.WORK_ACCIDENT,
    Cause.FORCE_MAJEURE,
)
_DEATH: Final = (*_INJURY[:2], Cause.EPIDEMIC, *_INJURY[2:])
_HOUSING: Final = (Cause.NATURAL_DISASTER, Cause.FIRE, Cause.FORCE_MAJEURE)
_MONEY_MINIMUM: Final = "Đây là mức tối thiểu; Hội đồng nhân dân tỉnh có thể quy định cao hơn."


def _article(number: str, clause: str, point: str | None = None) -> LegalReference:
    return LegalReference(document=_DECREE, article=number, clause=clause, point=point)


def rice_support(
    facts: HungerFacts, *, on: date, known_on: date | None = None, received_on: date | None = None
) -> Decision[EmergencyAssistance]:
    """Decide on rice for a household without food.

    Hỗ trợ lương thực (gạo).

    Args:
        facts: What is known.
        on: Day of the event; selects the text and the values.
        known_on: Apply only what was in force on this day; None applies all.
        received_on: As for ``EmergencySheet``.

    Returns:
        Kilograms for the whole household and time. More months than the law allows are cut to those it allows.

    Raises:
        NoValueInForce: Nothing is recorded for ``on``.

    Legal source:
        20/2021/NĐ-CP, Điều 12 khoản 1 (how much), khoản 3 (who decides).
    """
    sheet = EmergencySheet(on=on, known_on=known_on, received_on=received_on)
    article = _article("12", "1")
    sheet.tries("Hộ thiếu đói", facts.is_short_of_food, article, "hộ có thiếu đói hay không")
    sheet.tries_cause(facts.cause, _HUNGER, article)
    sheet.tries("Biết số người thiếu đói", True if facts.persons else None, article, "số người thiếu đói")
    kilograms = int(sheet.number("rice_kg").value)
    if facts.cause is Cause.LUNAR_NEW_YEAR:
        months = int(sheet.number("rice_months_at_tet").value)
    else:
        most = int(sheet.number("rice_months_at_most").value)
        sheet.tries("Biết số tháng hỗ trợ", True if facts.months else None, article, "số tháng đề nghị hỗ trợ")
        months = min(facts.months or 0, most)
        if facts.months and facts.months > most:
            sheet.notices.append(f"Đề nghị {facts.months} tháng; mỗi đợt hỗ trợ không quá {most} tháng.")
    persons = facts.persons or 0
    sheet.notices.append(
        "Nếu xã thiếu nguồn lực, Chủ tịch Ủy ban nhân dân cấp xã có văn bản đề nghị cấp trên trợ giúp (Điều 12 khoản 3)."
    )
    return sheet.decides(
        "rice",
        rice_kg=kilograms * persons * months,
        words=f"{kilograms} kg gạo × {persons} người × {months} tháng",
    )


def injury_support(
    facts: InjuryFacts,
    *,
    on: date,
    known_on: date | None = None,
    provincial: ProvincialLevels | None = None,
    received_on: date | None = None,
) -> Decision[EmergencyAssistance]:
    """Decide on support for somebody who was seriously injured.

    Hỗ trợ chi phí điều trị người bị thương nặng.

    Args:
        facts: What is known.
        on: Day of the injury; selects the standard level.
        known_on: Apply only what was in force on this day; None applies all.
        provincial: Higher levels of the province.
        received_on: As for ``EmergencySheet``.

    Raises:
        NoValueInForce: Nothing is recorded for ``on``.

    Legal source:
        20/2021/NĐ-CP, Điều 2 khoản 2 (serious), Điều 13 khoản 1 (at home), khoản 2 (elsewhere, without relatives).
    """
    sheet = EmergencySheet(on=on, known_on=known_on, received_on=received_on)
    least = sheet.number("treated_days")
    multiple = sheet.number("injury_multiple")
    sheet.tries_cause(facts.cause, _INJURY, _article("13", "1"))
    sheet.tries(
        f"Bị thương nặng: điều trị tại cơ sở y tế từ {least.value} ngày trở lên",
        None if facts.treated_days is None else facts.treated_days >= int(least.value),
        least.reference,
        "số ngày điều trị tại cơ sở y tế",
    )
    if facts.at_residence:
        sheet.tries("Bị thương tại nơi cư trú", True, _article("13", "1"))
    elif facts.at_residence is None:
        sheet.tries("Bị thương tại nơi cư trú", None, _article("13", "1"), "bị thương tại nơi cư trú hay ở nơi khác")
    else:
        sheet.tries(
            "Bị thương ngoài nơi cư trú, không có người thân thích chăm sóc",
            None if facts.has_carer is None else not facts.has_carer,
            _article("13", "2"),
            "có người thân thích chăm sóc hay không",
        )
    base, reference = sheet.base_level(provincial)
    sheet.notices.append(_MONEY_MINIMUM)
    return sheet.decides(
        "injury_elsewhere" if facts.at_residence is False else "injury",
        amount=Dong(int(multiple.value) * base),
        words=times_base(int(multiple.value), base, reference),
    )


def death_support(
    facts: DeathFacts,
    *,
    on: date,
    known_on: date | None = None,
    provincial: ProvincialLevels | None = None,
    received_on: date | None = None,
) -> Decision[EmergencyAssistance]:
    """Decide on support where somebody died or is missing.

    Hỗ trợ chi phí mai táng khi có người chết, mất tích.

    Args:
        facts: What is known.
        on: Day of the death; selects the standard level.
        known_on: Apply only what was in force on this day; None applies all.
        provincial: Higher levels of the province.
        received_on: As for ``EmergencySheet``.

    Returns:
        A multiple of the standard level to the household; to others who bury, the real cost and at least that.

    Raises:
        NoValueInForce: Nothing is recorded for ``on``.

    Legal source:
        20/2021/NĐ-CP, Điều 14 khoản 1 (household), khoản 2 (others), khoản 3 (who decides).
    """
    sheet = EmergencySheet(on=on, known_on=known_on, received_on=received_on)
    multiple = sheet.number("death_multiple")
    article = _article("14", "2" if facts.buried_by_others else "1")
    sheet.tries_cause(facts.cause, _DEATH, _article("14", "1"))
    base, reference = sheet.base_level(provincial)
    least = Dong(int(multiple.value) * base)
    amount, words = least, times_base(int(multiple.value), base, reference)
    if facts.buried_by_others is None:
        sheet.tries("Biết ai đứng ra mai táng", None, article, "gia đình hay cơ quan, tổ chức, cá nhân khác mai táng")
    elif facts.buried_by_others:
        cost = facts.actual_cost
        sheet.tries(
            "Biết chi phí mai táng thực tế", True if cost is not None else None, article, "chi phí mai táng thực tế"
        )
        if cost is not None and cost > least:
            amount, words = cost, f"chi phí thực tế {format_dong(cost)}, cao hơn {words}"
    else:
        sheet.tries("Hộ gia đình có người chết, mất tích", True, article)
    sheet.notices += [
        _MONEY_MINIMUM,
        "Nếu người chết cũng được hỗ trợ mai táng theo văn bản khác thì chỉ hưởng một mức cao nhất (Điều 11 khoản 2).",
    ]
    return sheet.decides("death", amount=amount, words=words)


_DAMAGES: Final = {
    Damage.LOST: ("1", "house_lost"),
    Damage.RELOCATION: ("2", "house_relocation"),
    Damage.BADLY_DAMAGED: ("3", "house_repair"),
}


def housing_support(
    facts: HousingFacts,
    *,
    on: date,
    known_on: date | None = None,
    provincial: ProvincialLevels | None = None,
    received_on: date | None = None,
) -> Decision[EmergencyAssistance]:
    """Decide on support for a house that was lost, must be left, or was badly damaged.

    Hỗ trợ làm nhà ở, di dời, sửa chữa nhà ở.

    Args:
        facts: What is known.
        on: Day of the damage.
        known_on: Apply only what was in force on this day; None applies all.
        provincial: Higher levels of the province.
        received_on: As for ``EmergencySheet``.

    Raises:
        NoValueInForce: Nothing is recorded for ``on``.

    Legal source:
        20/2021/NĐ-CP, Điều 15 khoản 1 (lost), khoản 2 (relocation, of any household), khoản 3 (repair), khoản 4 (who decides).
    """
    sheet = EmergencySheet(on=on, known_on=known_on, received_on=received_on)
    if facts.damage is None:
        sheet.tries(
            "Biết thiệt hại về nhà ở", None, _article("15", "1"), "thiệt hại: mất nhà, phải di dời hay hư hỏng nặng"
        )
        sheet.tries_cause(facts.cause, _HOUSING, _article("15", "1"))
        return sheet.decides("house")
    clause, name = _DAMAGES[facts.damage]
    article = _article("15", clause)
    sheet.tries_cause(facts.cause, _HOUSING, article)
    if facts.damage is Damage.RELOCATION:
        words = "Phải di dời khẩn cấp theo quyết định của cơ quan có thẩm quyền"
        sheet.tries(words, facts.ordered_to_move, article, "có quyết định di dời của cơ quan có thẩm quyền hay không")
    else:
        _tries_household(sheet, facts, article)
    if facts.damage is Damage.LOST:
        holds = None if facts.has_other_home is None else not facts.has_other_home
        words = "Nhà bị đổ, sập, trôi, cháy hoàn toàn mà không còn nơi ở"
        sheet.tries(words, holds, article, "còn nơi ở khác hay không")
    if facts.damage is Damage.BADLY_DAMAGED:
        holds = None if facts.is_habitable is None else not facts.is_habitable
        sheet.tries("Nhà bị hư hỏng nặng mà không ở được", holds, article, "nhà còn ở được hay không")
    national = sheet.number(name)
    local = getattr(provincial, name) if provincial else None
    amount, reference = higher(Dong(int(national.value)), national.reference, local, provincial)
    sheet.notices.append(_MONEY_MINIMUM)
    return sheet.decides("house", amount=amount, words=f"{format_dong(amount)} mỗi hộ ({reference})")


def _tries_household(sheet: EmergencySheet, facts: HousingFacts, article: LegalReference) -> None:
    """Write down whether the household is poor, near-poor or in difficult circumstances."""
    is_poor = (
        None if facts.poverty_class is None else facts.poverty_class in {PovertyClass.POOR, PovertyClass.NEAR_POOR}
    )
    holds = True if is_poor or facts.in_difficulty else (None if None in {is_poor, facts.in_difficulty} else False)
    lacking = "phân loại hộ" if is_poor is None else "hộ có hoàn cảnh khó khăn hay không"
    sheet.tries("Là hộ nghèo, hộ cận nghèo hoặc hộ gia đình có hoàn cảnh khó khăn", holds, article, lacking)


def temporary_protection(
    facts: ProtectionFacts,
    *,
    on: date,
    known_on: date | None = None,
    provincial: ProvincialLevels | None = None,
    received_on: date | None = None,
) -> Decision[EmergencyAssistance]:
    """Decide on food for somebody under urgent protection whom a household has taken in.

    Nhận chăm sóc, nuôi dưỡng tạm thời tại cộng đồng.

    Args:
        facts: What is known; ``until_day`` must be known for the amount.
        on: Day whose values apply: the first day.
        known_on: Apply only what was in force on this day; None applies all.
        provincial: Higher levels of the province.
        received_on: As for ``EmergencySheet``.

    Returns:
        Money for food over all days, those within three months. Treatment and transport are paid by their own bills.

    Raises:
        NoValueInForce: Nothing is recorded for ``on``.

    Legal source:
        20/2021/NĐ-CP, Điều 16 (children), Điều 18 khoản 2, 3 (who, how long), Điều 19 khoản 2, Điều 21 (who decides).
        02/2021/TT-BLĐTBXH, Điều 3 (amounts).
    """
    sheet = EmergencySheet(on=on, known_on=known_on, received_on=received_on)
    _tries_group(sheet, facts)
    months, food = sheet.number("protection_months"), sheet.number("protection_food")
    local = provincial.food_per_day if provincial else None
    per_day, reference = higher(Dong(int(food.value)), food.reference, local, provincial)
    days = 0
    if facts.from_day is None or facts.until_day is None:
        words = "Biết thời gian sống tại hộ nhận chăm sóc"
        sheet.tries(words, None, months.reference, "ngày bắt đầu và ngày kết thúc chăm sóc tạm thời")
    else:
        end = min(facts.until_day, add_months(facts.from_day, int(months.value)))
        days = (end - facts.from_day).days
        if end < facts.until_day:
            sheet.notices.append(
                f"Chăm sóc tạm thời không quá {months.value} tháng; sau đó chuyển hộ khác hoặc đưa vào cơ sở trợ giúp xã hội "
                f"({months.reference})."
            )
    if facts.has_health_insurance is False:
        sheet.notices.append(
            "Chưa có thẻ bảo hiểm y tế: chi phí điều trị được hỗ trợ bằng mức quỹ bảo hiểm y tế chi trả "
            "(02/2021/TT-BLĐTBXH, Điều 3 khoản 2)."
        )
    sheet.notices.append("Chi phí điều trị, đưa về nơi cư trú hoặc đến cơ sở được thanh toán riêng theo chứng từ.")
    return sheet.decides(
        "protection", amount=Dong(days * per_day), words=f"{format_dong(per_day)} × {days} ngày ({reference})"
    )


def _tries_group(sheet: EmergencySheet, facts: ProtectionFacts) -> None:
    if facts.group is None:
        sheet.tries("Là đối tượng cần bảo vệ khẩn cấp", None, _article("18", "2"), "thuộc diện cần bảo vệ khẩn cấp nào")
        return
    if facts.group is ProtectedGroup.NONE:
        sheet.tries("Là đối tượng cần bảo vệ khẩn cấp", False, _article("18", "2"))
        return
    words, holds, point, lacking = {
        ProtectedGroup.ORPHAN: (
            "Trẻ em có cả cha và mẹ chết, mất tích, không có người thân thích chăm sóc được",
            None if facts.relatives_can_care is None else not facts.relatives_can_care,
            "a",
            "người thân thích có khả năng chăm sóc hay không",
        ),
        ProtectedGroup.VICTIM: (
            "Nạn nhân bạo lực gia đình, xâm hại, buôn bán, cưỡng bức lao động cần được bảo vệ khẩn cấp",
            facts.needs_protection,
            "b",
            "có cần được bảo vệ khẩn cấp hay không",
        ),
        ProtectedGroup.VAGRANT: ("Trẻ em, người lang thang xin ăn chờ đưa về nơi cư trú hoặc vào cơ sở", True, "c", ""),
        ProtectedGroup.OTHER: (
            "Đối tượng khác theo quyết định của Chủ tịch Ủy ban nhân dân cấp tỉnh",
            facts.decided_by_province,
            "d",
            "có quyết định của Chủ tịch Ủy ban nhân dân cấp tỉnh hay không",
        ),
    }[facts.group]
    sheet.tries(words, holds, _article("18", "2", point), lacking)

"""The kinds of emergency assistance by one name each: their facts from and to plain values, and the decision on them.

Empty is unknown. Everything else is either understood exactly or refused in a sentence; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from lienthong.kernel.days import parse_day
from lienthong.kernel.decisions import Decision
from lienthong.rules.emergency.assistance import EmergencyAssistance
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
from lienthong.rules.emergency.granting import (
    death_support,
    housing_support,
    injury_support,
    rice_support,
    temporary_protection,
)
from lienthong.rules.poverty.classes import PovertyClass
from lienthong.rules.social_assistance.plain_facts import FactRefused, choice, dong, flag, shown

EmergencyFacts = HungerFacts | InjuryFacts | DeathFacts | HousingFacts | ProtectionFacts


class EmergencyKind(StrEnum):
    """What is given.

    Loại trợ giúp xã hội khẩn cấp.
    """

    RICE = "rice"
    INJURY = "injury"
    DEATH = "death"
    HOUSE = "house"
    PROTECTION = "protection"

    @property
    def in_words(self) -> str:
        """Vietnamese words for a reason or a screen."""
        return _KIND_WORDS[self]


_KIND_WORDS: Final[Mapping[EmergencyKind, str]] = MappingProxyType(
    {
        EmergencyKind.RICE: "hỗ trợ lương thực",
        EmergencyKind.INJURY: "hỗ trợ người bị thương nặng",
        EmergencyKind.DEATH: "hỗ trợ chi phí mai táng khẩn cấp",
        EmergencyKind.HOUSE: "hỗ trợ làm nhà ở, sửa chữa nhà ở",
        EmergencyKind.PROTECTION: "nhận chăm sóc, nuôi dưỡng tạm thời",
    }
)
_FACTS: Final[Mapping[EmergencyKind, type[Any]]] = MappingProxyType(
    {
        EmergencyKind.RICE: HungerFacts,
        EmergencyKind.INJURY: InjuryFacts,
        EmergencyKind.DEATH: DeathFacts,
        EmergencyKind.HOUSE: HousingFacts,
        EmergencyKind.PROTECTION: ProtectionFacts,
    }
)

CHOICES: Final[Mapping[str, type[StrEnum]]] = MappingProxyType(
    {"cause": Cause, "damage": Damage, "poverty_class": PovertyClass, "group": ProtectedGroup}
)
NUMBERS: Final = ("persons", "months", "treated_days")
AMOUNTS: Final = ("actual_cost",)
DAYS: Final = ("from_day", "until_day")
LARGEST_NUMBER: Final = 1000
QUESTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cause": "nguyên nhân",
        "is_short_of_food": "hộ có thiếu đói hay không",
        "persons": "số người thiếu đói trong hộ",
        "months": "số tháng đề nghị hỗ trợ",
        "treated_days": "số ngày điều trị tại cơ sở y tế",
        "at_residence": "bị thương tại nơi cư trú hay ở nơi khác",
        "has_carer": "bị thương ở nơi khác thì có người thân thích chăm sóc hay không",
        "buried_by_others": "cơ quan, tổ chức, cá nhân khác đứng ra mai táng, không phải gia đình",
        "actual_cost": "chi phí mai táng thực tế khi người khác mai táng, đồng",
        "damage": "thiệt hại về nhà ở",
        "poverty_class": "phân loại hộ; không ghi thì lấy mục poverty của người này",
        "in_difficulty": "hộ có hoàn cảnh khó khăn hay không",
        "has_other_home": "còn nơi ở khác hay không",
        "is_habitable": "nhà hư hỏng còn ở được hay không",
        "ordered_to_move": "có quyết định di dời của cơ quan có thẩm quyền hay không",
        "group": "thuộc diện cần bảo vệ khẩn cấp nào",
        "relatives_can_care": "trẻ mồ côi: người thân thích có khả năng chăm sóc hay không",
        "needs_protection": "nạn nhân: có cần được bảo vệ khẩn cấp hay không",
        "decided_by_province": "đối tượng khác: có quyết định của Chủ tịch Ủy ban nhân dân cấp tỉnh hay không",
        "has_health_insurance": "có thẻ bảo hiểm y tế hay không",
        "from_day": "ngày đầu ở hộ nhận chăm sóc",
        "until_day": "ngày sau ngày cuối ở hộ nhận chăm sóc",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergency:
    """What happened to whom, as one kind of assistance asks for it.

    Attributes:
        happened_on: Day of the event, of which the law and the amounts are; None: the day of the decision.
    """

    kind: EmergencyKind
    facts: EmergencyFacts
    happened_on: date | None = None


def names_of(kind: EmergencyKind) -> tuple[str, ...]:
    """Give the names of the facts that a kind asks for."""
    return tuple(one.name for one in fields(_FACTS[kind]))


def emergency_from_plain(kind: EmergencyKind, content: Mapping[str, Any]) -> Emergency:
    """Read the facts of one kind.

    Args:
        kind: Which.
        content: By the names of its facts, and ``happened_on``.

    Raises:
        FactRefused: An unknown name or code, or a number or day that cannot be.
    """
    names = names_of(kind)
    for name in content:
        if name not in {*names, "happened_on"}:
            raise FactRefused(shown(name), f"không có mục này. Các mục: {', '.join((*names, 'happened_on'))}.")
    found = {name: _fact(name, content.get(name)) for name in names}
    try:
        facts = _FACTS[kind](**found)
    except ValueError as impossible:
        raise FactRefused(kind.value, str(impossible)) from None
    return Emergency(kind=kind, facts=facts, happened_on=_day("happened_on", content.get("happened_on")))


def emergency_as_plain(facts: EmergencyFacts) -> dict[str, Any]:
    """Write facts as JSON values; ``emergency_from_plain`` reads them back. Unknown facts are left out."""
    found = {one.name: getattr(facts, one.name) for one in fields(facts)}
    return {name: _bare(value) for name, value in found.items() if value is not None}


def decide_emergency(
    emergency: Emergency, *, on: date, known_on: date | None = None, provincial: ProvincialLevels | None = None,
    received_on: date | None = None,
) -> Decision[EmergencyAssistance]:  # fmt: skip
    """Decide on one kind of emergency assistance, by the law of the day of the event.

    Who decides, and within which time, is as the law stood on the day on which it was asked for: a district that is no more
    decides nothing.

    Args:
        emergency: What is known.
        on: Day of the decision; of the event where that is not known.
        known_on: Apply only what was in force on this day; None applies all.
        provincial: Higher levels of the province beside those that are recorded.
        received_on: Day on which it was asked for; None: ``on``.

    Raises:
        NoValueInForce: Nothing is recorded for the day.
    """
    received_on = received_on or on
    day = emergency.happened_on or on
    if isinstance(emergency.facts, HungerFacts):
        return rice_support(emergency.facts, on=day, known_on=known_on, received_on=received_on)
    by_kind: dict[EmergencyKind, Callable[..., Decision[EmergencyAssistance]]] = {
        EmergencyKind.INJURY: injury_support,
        EmergencyKind.DEATH: death_support,
        EmergencyKind.HOUSE: housing_support,
        EmergencyKind.PROTECTION: temporary_protection,
    }
    return by_kind[emergency.kind](
        emergency.facts, on=day, known_on=known_on, provincial=provincial, received_on=received_on
    )


def _fact(name: str, value: Any) -> Any:
    if name in CHOICES:
        return choice(name, value, CHOICES[name])
    if name in NUMBERS:
        return _whole(name, value)
    if name in AMOUNTS:
        return dong(name, value)
    return _day(name, value) if name in DAYS else flag(name, value)


def _whole(name: str, value: Any) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_NUMBER:
        raise FactRefused(name, f"“{shown(value)}” phải là số nguyên từ 0 đến {LARGEST_NUMBER}.")
    return value


def _day(name: str, value: Any) -> date | None:
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value
    try:
        return parse_day(str(value))
    except ValueError as unreadable:
        raise FactRefused(name, str(unreadable)) from None


def _bare(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value

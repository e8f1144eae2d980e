"""A file of facts about one person becomes the facts of every programme, or a sentence that says what is wrong with it.

What stands at the top is read by social assistance; a programme that asks more has a section of its own (``SECTIONS``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from lienthong.kernel.days import format_day
from lienthong.kernel.decisions import Decision, Outcome
from lienthong.kernel.money import Dong, format_dong
from lienthong.rules.emergency.assistance import EmergencyAssistance
from lienthong.rules.emergency.kinds import Emergency, EmergencyKind, decide_emergency, emergency_from_plain
from lienthong.rules.merit.assessing import assess_merit
from lienthong.rules.merit.facts import MeritFacts
from lienthong.rules.merit.lines import MeritAssessment
from lienthong.rules.merit.plain_facts import merit_from_plain
from lienthong.rules.poverty.plain_facts import FactRefused as OtherFactRefused
from lienthong.rules.social_assistance.assessing import Assessment, assess
from lienthong.rules.social_assistance.facts import FIELDS, PersonFacts, PovertyStanding
from lienthong.rules.social_assistance.plain_facts import FactRefused, check_day, person_from_plain, shown
from lienthong.rules.social_assistance.plain_file import FileRefused, read_plain_file
from lienthong.rules.social_assistance.plain_funeral import (
    Funeral,
    FuneralDecisions,
    decide_funeral,
    funeral_from_plain,
)

MERIT: Final = "merit"
EMERGENCY: Final = "emergency"
FUNERAL: Final = "funeral"
SECTIONS: Final = (MERIT, EMERGENCY, FUNERAL)
_SHARED: Final = ("birth_date", "disability")
"""Facts at the top that a section takes over where it does not say them itself."""
_SHARED_WITH_FUNERAL: Final = ("birth_date", "in_institution")
_POVERTY_CLASSES: Final = {
    PovertyStanding.POOR: "poor", PovertyStanding.NEAR_POOR: "near_poor", PovertyStanding.OTHER: "not_poor",
}  # fmt: skip
"""What the poverty of the person says of the household whose house was struck."""


class FactsRefused(ValueError):
    """The file cannot be taken; the sentence says which file, which key, what is wrong and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a file says of one person."""

    person: PersonFacts
    merit: MeritFacts | None = None
    emergencies: tuple[Emergency, ...] = ()
    funeral: Funeral | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """What every programme says of one person.

    Attributes:
        merit: None where the file says nothing of merit.
        emergencies: The decision on each kind of emergency assistance that the file asks for; paid once, so in no total.
        funeral: What the laws say of the funeral that the file asks for; paid once, so in no total.

    Legal source:
        20/2021/NĐ-CP, Điều 6 khoản 2 (of benefits by several instruments the highest).
    """

    social_assistance: Assessment
    merit: MeritAssessment | None = None
    emergencies: Mapping[EmergencyKind, Decision[EmergencyAssistance]] = field(default_factory=dict)
    funeral: FuneralDecisions | None = None

    @property
    def monthly_total(self) -> Dong | None:
        """Đồng a month of all programmes, of two that never stand beside each other the higher; None while one is not certain."""
        amount = self.social_assistance.amount
        if self.merit is None or amount is None:
            return amount
        if self.merit.outcome is Outcome.UNKNOWN:
            return None
        return Dong(amount + self.merit.monthly_total - self._lower)

    @property
    def _lower(self) -> int:
        """What is not paid beside the other; social assistance that is not the higher was left out by its own rules."""
        return 0 if self.merit is None else min(self.social_assistance.beside_none, self.merit.monthly_amount)

    @property
    def monthly_total_notices(self) -> tuple[str, ...]:
        """What the total leaves out, in Vietnamese sentences."""
        if self.merit is None or self.monthly_total is None or not self._lower:
            return ()
        social, merit = format_dong(self.social_assistance.beside_none), format_dong(self.merit.monthly_amount)
        told = (
            f"Chỉ được hưởng một mức cao nhất: trợ cấp xã hội {social} cao hơn trợ cấp ưu đãi người có công {merit}, nên tổng "
            f"cộng không tính {merit}. Nếu đang hưởng cả hai, phải có quyết định thôi hưởng một khoản "
            "(20/2021/NĐ-CP, Điều 6 khoản 2)."
        )
        return (told,)


def read_facts(path: Path, *, on: date) -> Facts:
    """Read a file of facts, YAML or JSON.

    Args:
        path: Of the file.
        on: The day of the assessment: nobody is born after it.

    Raises:
        FactsRefused: The file cannot be read, is neither YAML nor JSON, or says something that cannot be.
    """
    try:
        content = dict(read_plain_file(path.read_bytes()))
    except FileNotFoundError:
        raise FactsRefused(f"Không có tệp {path}. Hãy kiểm tra đường dẫn.") from None
    except OSError as unreadable:
        raise FactsRefused(f"{path}: không đọc được tệp ({unreadable.strerror}).") from None
    except FileRefused as refusal:
        raise FactsRefused(f"{path.name}: {refusal}") from None
    merit, emergency, funeral = (content.pop(section, None) for section in SECTIONS)
    try:
        _check_keys(content)
        person = person_from_plain(content)
        check_day(person, on)
        return Facts(
            person=person,
            merit=None if merit is None else _merit(merit, content),
            emergencies=() if emergency is None else _emergencies(emergency, person, on),
            funeral=None if funeral is None else _funeral(funeral, content, on),
        )
    except FactRefused as refusal:
        raise FactsRefused(f"{path.name}: {refusal}") from None


def _check_keys(content: dict[str, Any]) -> None:
    for name in content:
        if name not in FIELDS:
            raise FactRefused(shown(name), f"không có mục này. Các mục: {', '.join([*FIELDS, *SECTIONS])}.")


def _merit(content: Any, top: dict[str, Any]) -> MeritFacts:
    if not isinstance(content, dict):
        raise FactRefused(
            MERIT, f"“{shown(content)}” phải là các cặp tên và giá trị, ví dụ claims: [{{category: war_invalid}}]."
        )
    shared: dict[str, Any] = {name: top[name] for name in _SHARED if name in top}
    try:
        return merit_from_plain({**shared, **content})
    except OtherFactRefused as refusal:
        raise FactRefused(f"{MERIT}.{refusal.field}", refusal.sentence) from None


def _emergencies(content: Any, person: PersonFacts, on: date) -> tuple[Emergency, ...]:
    if not isinstance(content, dict):
        example = "injury: {cause: fire, treated_days: 5, at_residence: true}"
        raise FactRefused(EMERGENCY, f"“{shown(content)}” phải là các cặp tên và giá trị, ví dụ {example}.")
    return tuple(_emergency(name, facts, person, on) for name, facts in content.items())


def _emergency(name: str, content: Any, person: PersonFacts, on: date) -> Emergency:
    key = f"{EMERGENCY}.{shown(name)}"
    if name not in set(EmergencyKind):
        raise FactRefused(key, f"không có mục này. Các mục: {', '.join(EmergencyKind)}.")
    if not isinstance(content, dict):
        raise FactRefused(key, f"“{shown(content)}” phải là các cặp tên và giá trị.")
    kind = EmergencyKind(name)
    shared: dict[str, Any] = {}
    if kind is EmergencyKind.HOUSE and person.poverty is not None:
        shared["poverty_class"] = _POVERTY_CLASSES[person.poverty]
    try:
        found = emergency_from_plain(kind, {**shared, **content})
    except FactRefused as refusal:
        raise FactRefused(f"{key}.{refusal.key}", refusal.sentence) from None
    if found.happened_on is not None and found.happened_on > on:
        words = f"“{format_day(found.happened_on)}” sau ngày xét {format_day(on)}. Hãy kiểm tra lại hai ngày."
        raise FactRefused(f"{key}.happened_on", words)
    return found


def _funeral(content: Any, top: dict[str, Any], on: date) -> Funeral:
    if not isinstance(content, dict):
        example = "died_on: 10/08/2026, received_monthly_social_assistance: true"
        raise FactRefused(FUNERAL, f"“{shown(content)}” phải là các cặp tên và giá trị, ví dụ {example}.")
    shared: dict[str, Any] = {name: top[name] for name in _SHARED_WITH_FUNERAL if name in top}
    try:
        found = funeral_from_plain({**shared, **content})
    except FactRefused as refusal:
        raise FactRefused(f"{FUNERAL}.{refusal.key}", refusal.sentence) from None
    died_on = found.assistance.died_on
    if died_on is not None and died_on > on:
        words = f"“{format_day(died_on)}” sau ngày xét {format_day(on)}. Hãy kiểm tra lại hai ngày."
        raise FactRefused(f"{FUNERAL}.died_on", words)
    return found


def assess_facts(facts: Facts, *, on: date, known_on: date | None = None) -> Assessed:
    """Work out what a person is owed by every programme.

    What the person receives each month for merit is the benefit by another instrument that social assistance is compared
    with; where the file names another one besides, the higher of the two.

    Args:
        facts: What a file says.
        on: The day.
        known_on: Apply only what was in force on this day.

    Raises:
        NoValueInForce: Something is not recorded for the day; the message names the file to complete.
    """
    emergencies = {one.kind: decide_emergency(one, on=on, known_on=known_on) for one in facts.emergencies}
    funeral = decide_funeral(facts.funeral, on=on, known_on=known_on) if facts.funeral else None
    person, merit = facts.person, None
    if facts.merit is not None:
        merit = assess_merit(facts.merit, on=on, known_on=known_on)
        person = replace(person, other_benefit=_other_benefit(person.other_benefit, merit))
    social_assistance = assess(person, on=on, known_on=known_on)
    return Assessed(social_assistance=social_assistance, merit=merit, emergencies=emergencies, funeral=funeral)


def _other_benefit(named: Dong | None, merit: MeritAssessment) -> Dong | None:
    if merit.outcome is Outcome.UNKNOWN:
        return None
    return max(named or Dong(0), merit.monthly_amount)

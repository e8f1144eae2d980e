"""What one person is due under the law on people with merit, with every condition that was tried."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from lienthong.kernel.decisions import Decision, Outcome, Reason
from lienthong.kernel.legal import Confidence
from lienthong.kernel.money import Dong, format_dong
from lienthong.rules.merit.combining import beside_sick_soldier, combine, open_questions, shut_out
from lienthong.rules.merit.facts import Category, MeritFacts, Relation, Suspension
from lienthong.rules.merit.law import MeritLaw, merit_law, ordinance
from lienthong.rules.merit.levels import LevelTables
from lienthong.rules.merit.lines import LineKind, MeritAssessment, MeritLine, Sheet
from lienthong.rules.merit.own import OWN_RULES
from lienthong.rules.merit.study import study_support
from lienthong.rules.merit.survivors import SURVIVOR_RULES
from lienthong.rules.parameters import DatedValue

_SUSPENSIONS: Final = {
    Suspension.IN_PRISON: ("Đang chấp hành hình phạt tù nên tạm đình chỉ hưởng chế độ", "Điều 54 khoản 1"),
    Suspension.ABSENT: ("Xuất cảnh trái phép hoặc mất tích nên tạm đình chỉ hưởng chế độ", "Điều 54 khoản 2"),
    Suspension.ENDED: ("Đã bị chấm dứt hưởng chế độ ưu đãi", "Điều 54"),
}
_RULES: Final = {**OWN_RULES, **SURVIVOR_RULES}
LACKS_CLAIM: Final = "diện người có công hoặc thân nhân người có công"


def assess_merit(
    facts: MeritFacts, *, on: date, known_on: date | None = None, tables: LevelTables | None = None
) -> MeritAssessment:
    """Work out what a person is due as a person with merit, or as the relative of one.

    Chế độ trợ cấp, phụ cấp ưu đãi người có công với cách mạng.

    Args:
        facts: What is known on that day.
        on: The day, or any day of the month, that the amounts are for.
        known_on: Apply only what was in force on this day, to repeat a decision of that time; None applies all.
        tables: Levels in the place of the recorded ones, such as an annex that an office has typed in.

    Returns:
        The lines that are certain, each with amount and article. UNKNOWN while a missing fact could add or change a line;
        REFUSED where nothing is due.

    Raises:
        NoValueInForce: No levels are recorded for ``on``; the message names the folder to complete.

    Deviations:
        The funeral grant, health insurance, convalescence and aids are not part of it. From July 2026 the levels are derived
        (confidence ``memory``), as the annexes of 321/2026/NĐ-CP were not read. What a unit of resistance brings is rounded
        before it is multiplied.

    Legal source:
        02/2020/UBTVQH14, Điều 6 (what may stand beside what), Điều 8 to 40 (groups), Điều 54 (suspension).
        75/2021/NĐ-CP, Điều 3, 4, 8, 13, 15 and annexes I to IV, VI; 55/2023/NĐ-CP; 77/2024/NĐ-CP; 321/2026/NĐ-CP.
    """
    law = merit_law(on, known_on=known_on, tables=tables)
    if facts.suspension is not None:
        words, place = _SUSPENSIONS[facts.suspension]
        return _refused([Reason(words, False, ordinance(place))])
    if not facts.claims:
        return MeritAssessment(outcome=Outcome.UNKNOWN, lines=(), reasons=(), missing=(LACKS_CLAIM,), notices=())
    sheet = _sheet(facts, law)
    combine(sheet, facts.claims, law)
    missing = tuple(dict.fromkeys(sheet.missing))
    if not sheet.lines and not missing:
        return _refused(sheet.reasons)
    by_claim: dict[int, list[MeritLine]] = {}
    for line in sheet.lines:
        by_claim.setdefault(line.claim, []).append(line)
    notices = [line.notice for line in sheet.lines if line.notice]
    notices += _notices_of_conditions(sheet, facts, law)
    notices += open_questions(facts.claims, by_claim)
    return MeritAssessment(
        outcome=Outcome.UNKNOWN if missing else Outcome.GRANTED,
        lines=tuple(sorted(sheet.lines, key=lambda line: (line.claim, list(LineKind).index(line.kind)))),
        reasons=tuple(dict.fromkeys(sheet.reasons)),
        missing=missing,
        notices=tuple(dict.fromkeys(notices)),
    )


def _sheet(facts: MeritFacts, law: MeritLaw) -> Sheet:
    """Try every claim; one that gives way to another as a whole is not looked into."""
    whole = Sheet(claim=0)
    for place, claim in enumerate(facts.claims):
        sheet = Sheet(claim=place)
        if way := shut_out(claim, facts.claims):
            words, article = way
            sheet.refuses(f"{claim.category.in_words}: {words}", article)
        elif not beside_sick_soldier(sheet, claim, facts.claims, law):
            _RULES[claim.category](sheet, claim, facts, law)
            study_support(sheet, claim, facts, law)
        whole.lines += sheet.lines
        whole.reasons += sheet.reasons
        whole.missing += sheet.missing
    return whole


def _notices_of_conditions(sheet: Sheet, facts: MeritFacts, law: MeritLaw) -> list[str]:
    """Word what is not certain of the numbers inside the conditions that were used."""
    found = []
    income = law.sources["other_low_income_tenths"]
    if any(reason.reference == income.reference for reason in sheet.reasons):
        found.append(f"Điều kiện thu nhập {income.confidence.in_words}. {income.note or ''}".strip())
    odd = law.sources["odd_months_full_unit"]
    has_odd = any((facts.claims[line.claim].resistance_months or 0) % 12 for line in sheet.lines)
    if has_odd and odd.confidence is not Confidence.VERIFIED:
        found.append(f"Cách tính tháng lẻ {odd.confidence.in_words}. {odd.note or ''}".strip())
    return found


def _refused(reasons: list[Reason]) -> MeritAssessment:
    return MeritAssessment(
        outcome=Outcome.REFUSED, lines=(), reasons=tuple(dict.fromkeys(reasons)), missing=(), notices=()
    )


_WITH_SUPPLEMENT: Final = {
    Category.ACTIVIST_BEFORE_1945: "Điều 10 khoản 3 điểm b",
    Category.HEROIC_MOTHER: "Điều 19 khoản 2",
    Category.WAR_INVALID: "Điều 25 khoản 4",
    Category.WAR_INVALID_TYPE_B: "Điều 25 khoản 4",
    Category.SICK_SOLDIER: "Điều 28 khoản 4",
}
_WITHOUT_SUPPLEMENT: Final = {
    Category.ACTIVIST_OF_1945: "Điều 13 khoản 3 điểm b",
    Category.RELATIVE_OF_MARTYR: "Điều 16 khoản 11",
    Category.HERO: "Điều 22 khoản 4",
    Category.AGENT_ORANGE_RESISTER: "Điều 31 khoản 6",
    Category.AFFECTED_CHILD: "Điều 31 khoản 6",
    Category.IMPRISONED: "Điều 34 khoản 2",
    Category.HELPER_BEFORE_1945: "Điều 40 khoản 2",
    Category.HELPER_RESISTANCE_ORDER: "Điều 40 khoản 2",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SumAtDeath:
    """The sum for the relatives, and how well the levels behind it are known.

    Attributes:
        confidence: The weakest of what was counted.
        notices: What is not certain of what was counted, each once.
    """

    decision: Decision[Dong]
    confidence: Confidence
    notices: tuple[str, ...]


def grant_at_death(
    facts: MeritFacts, *, on: date, known_on: date | None = None, tables: LevelTables | None = None
) -> Decision[Dong]:
    """Return the decision of :func:`sum_at_death` alone.

    Raises:
        NoValueInForce: No levels are recorded for ``on``.
    """
    return sum_at_death(facts, on=on, known_on=known_on, tables=tables).decision


def sum_at_death(
    facts: MeritFacts, *, on: date, known_on: date | None = None, tables: LevelTables | None = None
) -> SumAtDeath:
    """Work out what the relatives receive once when a person who was receiving monthly benefits has died.

    Trợ cấp một lần khi người đang hưởng trợ cấp hằng tháng chết.

    Args:
        facts: Of the person who died, as they were.
        on: Day of death.
        known_on: As for :func:`assess_merit`.
        tables: As for :func:`assess_merit`.

    Returns:
        Three months of the allowance, and of the supplement for the groups where the ordinance names it; the extra for whoever
        had nobody is left out. It is one sum for all relatives.

    Raises:
        NoValueInForce: No levels are recorded for ``on``.

    Legal source:
        02/2020/UBTVQH14, Điều 10 khoản 3, 13 khoản 3, 16 khoản 11, 19 khoản 2, 22 khoản 4, 25 khoản 4, 28 khoản 4,
        31 khoản 6, 34 khoản 2, 40 khoản 2.
    """
    # Attendant and extra are no part of the sum, so what decides about them is not asked.
    asked = replace(facts, lives_at_home=False, is_lonely=False, is_orphan=False)
    assessment = assess_merit(asked, on=on, known_on=known_on, tables=tables)
    law = merit_law(on, known_on=known_on, tables=tables)
    months, source = law.bounds.months_at_death, law.sources["months_at_death"]
    amount, reasons = 0, []
    counted = [source.confidence]
    notices = [] if source.confidence is Confidence.VERIFIED else [_months_notice(source)]
    for line in assessment.lines:
        claim = facts.claims[line.claim]
        place = _WITH_SUPPLEMENT.get(claim.category) or _WITHOUT_SUPPLEMENT.get(claim.category)
        is_counted = line.kind is LineKind.MONTHLY or (
            line.kind is LineKind.SUPPLEMENT and claim.category in _WITH_SUPPLEMENT
        )
        if place is None or not is_counted or claim.relation is Relation.REMARRIED_SPOUSE:
            continue
        amount += months * line.amount
        counted.append(line.confidence)
        notices += [line.notice] if line.notice else []
        words = f"{months} tháng: {line.words} {format_dong(line.amount)}"
        reasons.append(Reason(words, True, ordinance(place)))
    if assessment.missing:
        decision: Decision[Dong] = Decision.unknown(missing=assessment.missing, reasons=[*reasons, *assessment.reasons])
    elif not reasons:
        words = "Người chết không hưởng trợ cấp hằng tháng thuộc diện có trợ cấp một lần khi chết"
        decision = Decision.refused(reasons=[*assessment.reasons, Reason(words, False, ordinance("Điều 25 khoản 4"))])
    else:
        decision = Decision.granted(Dong(amount), reasons=reasons)
    weakest = max(counted, key=list(Confidence).index)
    return SumAtDeath(decision=decision, confidence=weakest, notices=tuple(dict.fromkeys(notices)))


def _months_notice(source: DatedValue) -> str:
    return f"Số tháng trợ cấp một lần {source.confidence.in_words}. {source.note or ''}".strip()

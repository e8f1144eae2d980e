"""What the death of somebody with merit brings: a sum of some months and the costs of the funeral, once; and relatives' allowances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from lienthong.kernel.days import add_months
from lienthong.kernel.decisions import Decision, Outcome, Reason
from lienthong.kernel.legal import Confidence, LegalReference
from lienthong.kernel.money import Dong, format_dong
from lienthong.rules.merit.assessing import sum_at_death
from lienthong.rules.merit.facts import Category, MeritClaim, MeritFacts, Relation
from lienthong.rules.parameters import DatedValue, load_parameter

LACKS_RECEIVING: Final = "người chết có đang hưởng trợ cấp ưu đãi hằng tháng hay không"
LACKS_ARRANGED: Final = "người đề nghị có đứng ra tổ chức mai táng hay không"
LACKS_OTHER: Final = "số tiền trợ cấp mai táng theo chế độ khác (0 nếu không có)"
GRANT: Final = "grant_at_death"
FUNERAL: Final = "funeral"

SURVIVOR_CATEGORIES: Final[Mapping[Category, Category]] = MappingProxyType(
    {
        Category.ACTIVIST_BEFORE_1945: Category.RELATIVE_OF_ACTIVIST_BEFORE_1945,
        Category.ACTIVIST_OF_1945: Category.RELATIVE_OF_ACTIVIST_OF_1945,
        Category.WAR_INVALID: Category.RELATIVE_OF_WAR_INVALID,
        Category.WAR_INVALID_TYPE_B: Category.RELATIVE_OF_WAR_INVALID,
        Category.SICK_SOLDIER: Category.RELATIVE_OF_SICK_SOLDIER,
        Category.AGENT_ORANGE_RESISTER: Category.RELATIVE_OF_AGENT_ORANGE_RESISTER,
    }
)
"""As whose relative somebody may receive a survivor's allowance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathFacts:
    """What is known of the death and of who asks; None is unknown, not false.

    Attributes:
        person: What was known of the person who died, on that day.
        was_receiving: Whether the person received a monthly allowance of merit in the month of the death.
        arranged_funeral: Whether who asks arranged the funeral.
        other_support: Đồng of what another scheme gives for the funeral.
        given_before: Đồng that was granted for the same funeral already, here; only what the allowance is more is left.
    """

    person: MeritFacts
    was_receiving: bool | None = None
    arranged_funeral: bool | None = None
    other_support: Dong | None = None
    given_before: Dong | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathLine:
    """One sum that is paid once. Khoản chi một lần khi người có công từ trần."""

    code: str
    amount: Dong
    words: str
    reference: LegalReference
    confidence: Confidence
    notice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathPayments:
    """What is paid once after a death, with what was tried.

    Attributes:
        lines: What is certain.
        decision: The same as a decision about the sum.
        notices: What whoever decides must know.
    """

    lines: tuple[DeathLine, ...]
    decision: Decision[Dong]
    notices: tuple[str, ...]


def death_payments(facts: DeathFacts, *, on: date, known_on: date | None = None) -> DeathPayments:
    """Work out what is paid once when somebody with merit who was receiving has died.

    Trợ cấp một lần, trợ cấp mai táng khi người có công đang hưởng trợ cấp ưu đãi từ trần.

    Args:
        facts: Of the death and of who asks.
        on: Day of death.
        known_on: As for ``grant_at_death``.

    Returns:
        The sum for all relatives, and the costs of the funeral for who arranged it, where no other scheme gives as much.

    Raises:
        NoValueInForce: No levels are recorded for ``on``.

    Deviations:
        The level of the funeral is that of social insurance, recorded from memory; every result says so.

    Legal source:
        02/2020/UBTVQH14 as for ``grant_at_death``; 75/2021/NĐ-CP, Điều 13 khoản 1; 131/2021/NĐ-CP, Điều 122, 123.
    """
    article = LegalReference(document="131/2021/NĐ-CP", article="122")
    receiving = Reason("Người chết đang hưởng trợ cấp ưu đãi hằng tháng", facts.was_receiving, article)
    if facts.was_receiving is False:
        return DeathPayments(lines=(), decision=Decision.refused(reasons=[receiving]), notices=())
    summed = sum_at_death(facts.person, on=on, known_on=known_on)
    once = summed.decision
    reasons, missing = [receiving, *once.reasons], [*once.missing]
    if facts.was_receiving is None:
        missing.insert(0, LACKS_RECEIVING)
    lines = []
    if once.outcome is Outcome.GRANTED and once.value is not None:
        reference = next(reason.reference for reason in once.reasons if reason.reference)
        words = "Trợ cấp một lần đối với thân nhân khi người có công từ trần"
        lines.append(
            DeathLine(
                code=GRANT, amount=once.value, words=words, reference=reference, confidence=summed.confidence,
                notice=" ".join(summed.notices) or None,
            )
        )  # fmt: skip
    tried, lacking, line = _funeral(facts, on, known_on)
    reasons += tried
    missing += lacking
    lines += [line] if line else []
    notices = tuple(line.notice for line in lines if line.notice)
    if missing:
        decision: Decision[Dong] = Decision.unknown(missing=missing, reasons=reasons)
    elif lines:
        decision = Decision.granted(Dong(sum(line.amount for line in lines)), reasons=reasons)
    else:
        decision = Decision.refused(reasons=reasons)
    return DeathPayments(lines=tuple(lines), decision=decision, notices=notices)


def _funeral(facts: DeathFacts, on: date, known_on: date | None) -> tuple[list[Reason], list[str], DeathLine | None]:
    """Try the costs of the funeral: what was tried, what is missing, and the sum."""
    multiple, level = (
        load_parameter(f"merit/death:{name}").dated_value_on(on, known_on=known_on)
        for name in ("funeral_multiple", "reference_level")
    )
    amount = Dong(int(multiple.value) * int(level.value))
    article = LegalReference(document="131/2021/NĐ-CP", article="122")
    arranged = Reason("Người đề nghị là người đứng ra tổ chức mai táng", facts.arranged_funeral, article)
    before = facts.given_before or Dong(0)
    other = before if before >= amount else facts.other_support  # what was given already needs no answer
    other = None if other is None else max(other, before)
    words = f"Trợ cấp mai táng {format_dong(amount)} cao hơn mức theo chế độ khác"
    higher = Reason(words, None if other is None else other < amount, multiple.reference)
    if arranged.holds is False or higher.holds is False:
        return [arranged, higher], [], None
    missing = [LACKS_ARRANGED] if arranged.holds is None else []
    missing += [LACKS_OTHER] if higher.holds is None else []
    if missing:
        return [arranged, higher], missing, None
    times = f"{multiple.value} lần mức {format_dong(int(level.value))}, {level.reference}"
    weaker = max((multiple, level), key=_weakness)
    times += f"; trừ {format_dong(before)} đã hỗ trợ mai táng, chỉ hưởng một mức cao nhất" if before else ""
    line = DeathLine(
        code=FUNERAL, amount=Dong(amount - before), words=f"Trợ cấp mai táng ({times})", reference=multiple.reference,
        confidence=weaker.confidence, notice=_notice(weaker),
    )  # fmt: skip
    return [arranged, higher], [], line


def _weakness(value: DatedValue) -> int:
    return list(Confidence).index(value.confidence)


def _notice(value: DatedValue) -> str | None:
    if value.confidence is Confidence.VERIFIED:
        return None
    return f"Mức trợ cấp mai táng {value.confidence.in_words}. {value.note or ''}".strip()


def survivors_claims(
    person: MeritFacts, *, relation: Relation, was_receiving: bool | None, origin: str
) -> tuple[MeritClaim, ...]:
    """Return the grounds on which a relative may be due a survivor's allowance, by the grounds of the person who died.

    Args:
        person: What was known of the person who died.
        relation: Of the relative.
        was_receiving: Whether the person received a monthly allowance at death.
        origin: Names the person who died, so that two grounds through one person are seen as such.
    """
    found = []
    for claim in person.claims:
        category = SURVIVOR_CATEGORIES.get(claim.category)
        if category is not None:
            of_activist = claim.category in {Category.ACTIVIST_BEFORE_1945, Category.ACTIVIST_OF_1945}
            base = MeritClaim(category=category, relation=relation, has_died=True, origin=origin, rate=claim.rate)
            found.append(replace(base, died_while_receiving=was_receiving if of_activist else None))
    return tuple(found)


def survivor_starts(died_on: date) -> tuple[date, DatedValue]:
    """Return from which month a survivor's allowance is paid, and the value of the law that says so."""
    after = load_parameter("merit/death:survivor_starts_after").dated_value_on(died_on)
    return add_months(died_on.replace(day=1), int(after.value)), after

"""What a person is owed each month, with every category tried, what is missing, and the words for it.

Xét trợ giúp xã hội hàng tháng.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from lienthong.kernel.days import format_day
from lienthong.kernel.decisions import Decision, Outcome, Reason
from lienthong.kernel.legal import LegalReference
from lienthong.kernel.logic import Answer
from lienthong.kernel.money import Dong
from lienthong.rules.social_assistance import explaining
from lienthong.rules.social_assistance.branches import Branch, branches, missing_facts
from lienthong.rules.social_assistance.categories import AssistanceCategory, BenefitGroup, BenefitKind, Payee
from lienthong.rules.social_assistance.combining import Share, never_beside_other, try_all, with_exclusions
from lienthong.rules.social_assistance.facts import PersonFacts
from lienthong.rules.social_assistance.law import AssistanceLaw, ProvincialLevels, law_on, notices_of
from lienthong.rules.social_assistance.trying import Case, Tried, is_born
from lienthong.rules.social_assistance.words import question


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitLine:
    """One sum of money a month.

    Khoản trợ cấp, hỗ trợ hàng tháng.

    Attributes:
        tenths: Of the standard level, all children together; None for a fixed amount.
        times: Children it is paid for.
        level: The standard level, or the level of the social pension, in đồng a month.
        amount: Đồng a month.
        reference: Where the category is defined.
        coefficient_reference: Where the number is set.
        payee: To whom it belongs.
        notices: Which of its numbers rest on something else than the official text.
    """

    kind: BenefitKind
    category: AssistanceCategory
    tenths: int | None
    times: int
    level: Dong
    amount: Dong
    reference: LegalReference
    coefficient_reference: LegalReference
    level_reference: LegalReference
    payee: Payee
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryResult:
    """One category that was tried, and why it holds or not.

    Attributes:
        lowest: Đồng a month it would give by itself at least; 0 while it does not hold for certain.
        highest: Đồng a month it would give by itself at most.
        is_paid: Whether it is among the lines.
        is_of_another_age: Whether the person's age alone rules it out.
    """

    category: AssistanceCategory
    holds: Answer
    reasons: tuple[Reason, ...]
    reference: LegalReference
    lowest: Dong
    highest: Dong
    is_paid: bool
    is_of_another_age: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingFact:
    """A fact that could still change the answer.

    Attributes:
        fact: Its name in ``PersonFacts``; ``children.2.is_studying`` is one of the second child.
    """

    fact: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What one person is owed each month under the law of one day.

    Kết quả xét trợ giúp xã hội hàng tháng.

    Attributes:
        amount: Đồng a month, all lines together; 0 when refused, None while unknown.
        lowest: The least that the unknown facts allow.
        highest: The most.
        beside_none: Đồng a month of the lines that are never paid beside a benefit by another instrument, as for merit.
        lines: What is paid; empty unless granted.
        categories: Every category tried, in the order of the law.
        groups: The least and the most of each group, as the unknown facts allow.
        combination: How benefits stand beside each other here.
        missing: Exactly the unknown facts that could change the amount.
        notices: What rests on a source that is not the official text, or on a choice where the text is open.
    """

    on: date
    known_on: date | None
    outcome: Outcome
    amount: Dong | None
    lowest: Dong
    highest: Dong
    beside_none: Dong
    lines: tuple[BenefitLine, ...]
    categories: tuple[CategoryResult, ...]
    groups: Mapping[BenefitGroup, tuple[int, int]]
    combination: tuple[Reason, ...]
    missing: tuple[MissingFact, ...]
    notices: tuple[str, ...]

    @property
    def in_words(self) -> tuple[str, ...]:
        """The result for the citizen, sentence by sentence, numbered."""
        return explaining.in_words(self)

    @property
    def references(self) -> tuple[LegalReference, ...]:
        """Every article applied, each once."""
        found = [one.reference for line in self.lines for one in explaining.sources_of(line)]
        found += [reason.reference for reason in self.combination if reason.reference]
        found += [reason.reference for one in self.categories for reason in one.reasons if reason.reference]
        return tuple(dict.fromkeys(found))

    def category(self, category: AssistanceCategory) -> CategoryResult:
        """Give the result of one category."""
        return next(one for one in self.categories if one.category is category)

    @property
    def decision(self) -> Decision[Dong]:
        """The same as the decision that every rule of the house gives."""
        reasons = [reason for one in self.categories for reason in one.reasons] + list(self.combination)
        if self.outcome is Outcome.GRANTED and self.amount:
            return Decision.granted(self.amount, reasons=reasons)
        if self.outcome is Outcome.UNKNOWN:
            return Decision.unknown(missing=[one.text for one in self.missing], reasons=reasons)
        return Decision.refused(reasons=reasons)


def assess(
    facts: PersonFacts,
    *,
    on: date,
    known_on: date | None = None,
    law: AssistanceLaw | None = None,
    provincial: ProvincialLevels | None = None,
) -> Assessment:
    """Work out what one person is owed each month.

    Xét trợ cấp xã hội hàng tháng, trợ cấp hưu trí xã hội, hỗ trợ chăm sóc và trợ cấp nuôi dưỡng.

    Args:
        facts: What is known of the person on that day. A fact that is None is unknown, not false.
        on: The day of the assessment: its age, and the law that applies to it.
        known_on: Apply only what was in force on this day, to repeat a decision of that time; None applies all.
        law: Other values than those of the day, as of a draft; ``known_on`` and ``provincial`` are then not looked at.
        provincial: Higher levels of the province beside those that are recorded.

    Returns:
        GRANTED with the amount and its lines, REFUSED, or UNKNOWN with the lowest and highest amount and the facts that
        could still change it. A fact that could change nothing is not asked for.

    Raises:
        NoValueInForce: Something is not recorded for ``on``; the message names the file and the key to complete.

    Deviations:
        Vietnamese citizenship is taken for granted. Categories that a province adds are not known.
        Children and pregnancies that nobody reported are not assumed of whoever is below 10, pregnancies neither of men nor
        from 60. For days from 1 July 2026 the conditions of 20/2021/NĐ-CP are applied, as 335/2026/NĐ-CP was not read.

    Legal source:
        20/2021/NĐ-CP, Điều 4, 5, 6, 20 and 25; 41/2024/QH15, Điều 21; 176/2025/NĐ-CP; 335/2026/NĐ-CP, Điều 4.
    """
    law = law or law_on(on, known_on=known_on, provincial=provincial)
    if not is_born(facts.birth_date, on):
        return _not_born(facts, on, law)
    case = Case(facts, law, on, None if facts.birth_date is None else facts.birth_date.age_on(on))
    found = branches(case)
    tried = with_exclusions(found[0].found if found[0].case == case else try_all(case))
    lowest = min(min(one.worst.total, one.best.total) for one in found)
    highest = max(max(one.worst.total, one.best.total) for one in found)
    is_known = lowest == highest
    shares = found[0].worst.shares if is_known else ()
    outcome = Outcome.UNKNOWN if not is_known else (Outcome.GRANTED if highest else Outcome.REFUSED)
    paid = {share.category for share in shares}
    missing = () if is_known else tuple(MissingFact(fact=one, text=question(one)) for one in missing_facts(found))
    return Assessment(
        on=on,
        known_on=law.known_on,
        outcome=outcome,
        amount=Dong(highest) if is_known else None,
        lowest=Dong(lowest),
        highest=Dong(highest),
        beside_none=Dong(sum(one.level.amount for one in shares if never_beside_other(one.category, law))),
        lines=tuple(_line(share, tried, law) for share in shares),
        categories=tuple(_result(one, paid) for one in tried),
        groups={group: _bounds(found, group) for group in BenefitGroup},
        combination=explaining.combination(tried, facts, law, shares),
        missing=missing,
        notices=explaining.notices(tried, facts, law, shares, found),
    )


def _bounds(found: tuple[Branch, ...], group: BenefitGroup) -> tuple[int, int]:
    amounts = [one.of_group(group) for branch in found for one in (branch.worst, branch.best)]
    return min(amounts), max(amounts)


def _not_born(facts: PersonFacts, on: date, law: AssistanceLaw) -> Assessment:
    reason = Reason(f"Đã sinh vào ngày {format_day(on)}: ngày sinh {facts.birth_date}", False)
    return Assessment(
        on=on, known_on=law.known_on, outcome=Outcome.REFUSED, amount=Dong(0), lowest=Dong(0), highest=Dong(0),
        beside_none=Dong(0), lines=(), categories=(), groups=dict.fromkeys(BenefitGroup, (0, 0)), combination=(reason,), missing=(), notices=(),
    )  # fmt: skip


def _line(share: Share, tried: tuple[Tried, ...], law: AssistanceLaw) -> BenefitLine:
    category, level = share.category, share.level
    is_fixed = level.coefficient is None
    base = law.social_pension_level if is_fixed else law.base_level
    value = base if is_fixed else law.coefficients[str(level.coefficient)]
    assert base is not None and value is not None
    return BenefitLine(
        kind=category.kind,
        category=category,
        tenths=level.tenths,
        times=level.times,
        level=Dong(int(base.value)),
        amount=Dong(level.amount),
        reference=next(one.reference for one in tried if one.category is category),
        coefficient_reference=value.reference,
        level_reference=base.reference,
        payee=category.payee,
        notices=notices_of(explaining.values_of(level, law)),
    )


def _result(one: Tried, paid: set[AssistanceCategory]) -> CategoryResult:
    return CategoryResult(
        category=one.category,
        holds=one.holds,
        reasons=tuple(Reason(condition.text, condition.holds, condition.reference) for condition in one.conditions),
        reference=one.reference,
        lowest=Dong(one.lowest.amount),
        highest=Dong(one.highest.amount),
        is_paid=one.category in paid,
        is_of_another_age=any(condition.is_age and condition.holds is False for condition in one.conditions),
    )

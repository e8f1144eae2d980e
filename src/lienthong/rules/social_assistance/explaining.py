"""The words of an assessment: how benefits stand beside each other, what to beware of, and the sentences for the citizen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lienthong.kernel.days import format_day
from lienthong.kernel.decisions import Outcome, Reason
from lienthong.kernel.legal import LegalReference
from lienthong.kernel.logic import Answer
from lienthong.kernel.money import format_dong
from lienthong.rules.parameters import DatedValue
from lienthong.rules.social_assistance import words
from lienthong.rules.social_assistance.branches import Branch
from lienthong.rules.social_assistance.categories import ALLOWANCE_CATEGORIES, CARER_CATEGORIES, BenefitGroup, Payee
from lienthong.rules.social_assistance.categories import AssistanceCategory as C
from lienthong.rules.social_assistance.combining import Share, highest_allowance
from lienthong.rules.social_assistance.facts import PensionRequest, PersonFacts
from lienthong.rules.social_assistance.law import (
    BASE_LEVEL,
    AssistanceLaw,
    coefficient_name,
    notices_of,
    vietnamese_name,
)
from lienthong.rules.social_assistance.supports import PENSION_LAW, REQUESTED
from lienthong.rules.social_assistance.trying import Level, Tried

if TYPE_CHECKING:
    from lienthong.rules.social_assistance.assessing import Assessment, BenefitLine, CategoryResult

_RECEIVE: Final[Mapping[Payee, str]] = {
    Payee.PERSON: "người này được hưởng",
    Payee.CARER: "hộ gia đình, cá nhân chăm sóc được hỗ trợ",
    Payee.INSTITUTION: "cơ sở trợ giúp xã hội nuôi dưỡng người này được nhận",
}
_PAYEES: Final[Mapping[Payee, str]] = {
    Payee.PERSON: "trả cho người này",
    Payee.CARER: "trả cho hộ gia đình, cá nhân chăm sóc",
    Payee.INSTITUTION: "trả cho cơ sở trợ giúp xã hội",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A place in the law that a line rests on, and what it says there."""

    what: str
    reference: LegalReference


def sources_of(line: BenefitLine) -> tuple[Source, ...]:
    """Name the places in the law that a line rests on."""
    found = [Source("căn cứ", line.reference)]
    if line.tenths is not None:
        found.append(Source("hệ số", line.coefficient_reference))
    found.append(Source("mức chuẩn" if line.tenths is not None else "mức", line.level_reference))
    return tuple(found)


def combination(
    found: tuple[Tried, ...], facts: PersonFacts, law: AssistanceLaw, shares: tuple[Share, ...]
) -> tuple[Reason, ...]:
    """Say how the benefits that hold stand beside each other."""
    may_have_allowance = any(one.holds is not False for one in found if one.category in ALLOWANCE_CATEGORIES)
    if facts.in_institution:
        text = "Được nuôi dưỡng trong cơ sở trợ giúp xã hội nên không hưởng trợ cấp xã hội hàng tháng tại cộng đồng"
        reason = Reason(text, True, law.at("25", "5"))
        return (reason,) if may_have_allowance else ()
    chosen = highest_allowance(
        {one.category: one.lowest for one in _held(found) if one.category in ALLOWANCE_CATEGORIES}
    )
    amount = sum(share.level.amount for share in chosen)
    reasons = [*_among_allowances(found, chosen, law.at("6", "2"))]
    if may_have_allowance:
        reasons += _beside_others(amount, facts, law)
    reasons += _beside_social_pension(found, amount, facts, law, shares)
    if {C.DISABILITY, C.PREGNANT_OR_RAISING_INFANT} <= {share.category for share in shares}:
        text = "Đang hưởng trợ cấp khuyết tật vẫn được hỗ trợ chăm sóc khi mang thai, nuôi con nhỏ"
        reasons.append(Reason(text, True, law.at("20", "2", "b")))
    return tuple(reasons)


def _held(found: tuple[Tried, ...]) -> list[Tried]:
    return [one for one in found if one.holds and one.lowest.amount]


def _among_allowances(found: tuple[Tried, ...], chosen: tuple[Share, ...], rule: LegalReference) -> Iterator[Reason]:
    names = [share.category.in_words for share in chosen]
    if len(names) > 1:
        yield Reason(f"Người đơn thân nghèo được hưởng cả hai chế độ: {words.quoted(names)}", True, rule)
    left = [
        one.category.in_words
        for one in _held(found)
        if one.category in ALLOWANCE_CATEGORIES and one.category.in_words not in names
    ]
    if left:
        yield Reason(f"Chỉ hưởng một mức trợ cấp cao nhất, nên không cộng: {words.quoted(left)}", True, rule)


def _beside_social_pension(
    found: tuple[Tried, ...], amount: int, facts: PersonFacts, law: AssistanceLaw, shares: tuple[Share, ...]
) -> Iterator[Reason]:
    pension = next(one for one in found if one.category is C.SOCIAL_PENSION)
    paid = sum(share.level.amount for share in shares if share.category.group is BenefitGroup.PERSONAL)
    if pension.holds and amount and paid == max(amount, pension.lowest.amount):
        text = (
            f"Chỉ hưởng mức cao hơn trong trợ cấp xã hội {format_dong(amount)} và trợ cấp hưu trí xã hội "
            f"{format_dong(pension.lowest.amount)}"
        )
        yield Reason(text, True, LegalReference(document=PENSION_LAW))
    if pension.holds is not False and law.chooses("social_pension_beside_other_benefit", "highest"):
        name, what = "Trợ cấp hưu trí xã hội", "trợ cấp theo văn bản khác"
        yield from _higher_than(name, pension.highest.amount, facts.other_benefit, what, law.at("6", "2"))


def _beside_others(amount: int, facts: PersonFacts, law: AssistanceLaw) -> Iterator[Reason]:
    rule = law.at("6", "2")
    yield from _higher_than("Trợ cấp xã hội", amount, facts.other_benefit, "trợ cấp theo văn bản khác", rule)
    if law.chooses("pension_beside_allowance", "highest"):
        what = "lương hưu, trợ cấp bảo hiểm xã hội hàng tháng"
        yield from _higher_than("Trợ cấp xã hội", amount, facts.pension, what, rule)


def _higher_than(name: str, amount: int, other: int | None, what: str, rule: LegalReference) -> Iterator[Reason]:
    if other == 0:
        return
    known = f" {format_dong(other)}" if other is not None else " (chưa biết mức)"
    mine = f" {format_dong(amount)}" if amount else ""
    holds: Answer = None if other is None or not amount else amount > other
    yield Reason(f"{name}{mine} cao hơn {what}{known}", holds, rule)


def notices(
    found: tuple[Tried, ...],
    facts: PersonFacts,
    law: AssistanceLaw,
    shares: tuple[Share, ...],
    ways: tuple[Branch, ...],
) -> tuple[str, ...]:
    """Say what rests on a source that is not the official text, or on a choice where the text is open."""
    used = [*_values_used(found, law, shares), *_choices_made(found, facts, law)]
    told = list(notices_of([*used, ("điều kiện hưởng", law.options["conditions"])]))
    lines = {tuple(share.category for share in branch.worst.shares) for branch in ways}
    if shares and len(lines) > 1:
        told.append("Chưa rõ hưởng theo căn cứ nào trong các căn cứ có cùng mức, vì còn thông tin chưa biết.")
    return tuple(told)


def _values_used(
    found: tuple[Tried, ...], law: AssistanceLaw, shares: tuple[Share, ...]
) -> Iterator[tuple[str, DatedValue]]:
    levels = [share.level for share in shares]
    if not shares:
        levels = [level for one in found if one.holds is not False for level in (one.lowest, one.highest)]
    levels = [level for level in levels if level.amount]
    for level in levels:
        yield from values_of(level, law)


def values_of(level: Level, law: AssistanceLaw) -> Iterator[tuple[str, DatedValue]]:
    """Name the numbers that an amount comes from, with their values."""
    if level.coefficient:
        yield vietnamese_name(BASE_LEVEL), law.base_level
        yield coefficient_name(level.coefficient), law.coefficients[level.coefficient]
    elif law.social_pension_level:
        yield vietnamese_name("social_pension:level"), law.social_pension_level


def _choices_made(found: tuple[Tried, ...], facts: PersonFacts, law: AssistanceLaw) -> Iterator[tuple[str, DatedValue]]:
    possible = {one.category for one in found if one.holds is not False}
    made = {
        "pension_beside_allowance": bool(facts.pension) and bool(possible & set(ALLOWANCE_CATEGORIES)),
        "social_pension_beside_other_benefit": bool(facts.other_benefit) and C.SOCIAL_PENSION in possible,
        "social_pension_with_lower_pension": bool(facts.pension) and C.SOCIAL_PENSION in possible,
        "handed_over_without_request": facts.pension_request is PensionRequest.HANDED_OVER
        and C.SOCIAL_PENSION in possible,
        "carer_supports_of_one_person": len(possible & set(CARER_CATEGORIES)) > 1,
    }
    yield from (
        (vietnamese_name(f"combination:{name}"), law.options[name])
        for name, is_made in made.items()
        if is_made and name in law.options
    )


def in_words(assessment: Assessment) -> tuple[str, ...]:
    """Write the result for the citizen, sentence by sentence, numbered."""
    return tuple(f"{place}. {sentence}" for place, sentence in enumerate(_sentences(assessment), 1))


def _sentences(assessment: Assessment) -> Iterator[str]:
    yield _conclusion(assessment)
    if assessment.missing:
        yield f"Để kết luận, cần biết thêm: {words.listed(one.text for one in assessment.missing)}."
    yield from _to_do(assessment)
    for line in assessment.lines:
        yield _of_line(line)
        yield _because(assessment.category(line.category))
    unpaid = [one for one in assessment.categories if not one.is_paid]
    for one in unpaid:
        if one.holds:
            yield f"Đủ điều kiện “{one.category.in_words}” ({one.reference}) nhưng không trả riêng, theo nguyên tắc dưới đây."
    yield from (_of_combination(reason) for reason in assessment.combination)
    for one in unpaid:
        if one.holds is None:
            yield f"Chưa rõ có thuộc diện “{one.category.in_words}” ({one.reference}) hay không: {_of(one, None)}."
    yield from _what_failed([one for one in unpaid if one.holds is False])
    yield from (f"Lưu ý: {notice}" for notice in assessment.notices)


def _what_failed(failed: Sequence[CategoryResult]) -> Iterator[str]:
    """Say why the other categories do not hold: first those that lack least, last and together those of another age."""
    of_this_age = [one for one in failed if not one.is_of_another_age]
    for one in sorted(of_this_age, key=lambda one: sum(reason.holds is False for reason in one.reasons)):
        yield f"Không thuộc diện “{one.category.in_words}” ({one.reference}), vì diện này cần: {_of(one, False)}."
    if others := [one.category.in_words for one in failed if one.is_of_another_age]:
        yield f"Không ở độ tuổi của các diện: {words.quoted(others)}."


def _to_do(assessment: Assessment) -> Iterator[str]:
    """Say what the person can do where nothing but their own request is lacking."""
    pension = next((one for one in assessment.categories if one.category is C.SOCIAL_PENSION), None)
    if pension is not None and pension.holds is False:
        lacking = [reason.text for reason in pension.reasons if reason.holds is False]
        if len(lacking) == 1 and lacking[0].startswith(REQUESTED):
            yield (
                "Đủ các điều kiện khác để hưởng trợ cấp hưu trí xã hội. Muốn hưởng, hãy nộp văn bản đề nghị tại "
                "Ủy ban nhân dân xã, phường nơi cư trú."
            )


def _conclusion(assessment: Assessment) -> str:
    as_known = (
        f", theo các văn bản đã có hiệu lực đến ngày {format_day(assessment.known_on)}" if assessment.known_on else ""
    )
    start = f"Theo pháp luật áp dụng cho ngày {format_day(assessment.on)}{as_known}, "
    if assessment.outcome is Outcome.UNKNOWN:
        return f"{start}chưa kết luận được{_range(assessment)}, vì còn thiếu thông tin."
    if assessment.outcome is Outcome.REFUSED:
        return f"{start}người này không được hưởng khoản trợ cấp, hỗ trợ hàng tháng nào trong các khoản đã xét."
    by_payee: dict[Payee, int] = {}
    for line in assessment.lines:
        by_payee[line.payee] = by_payee.get(line.payee, 0) + line.amount
    return f"{start}{'; '.join(f'{_RECEIVE[payee]} {format_dong(amount)} mỗi tháng' for payee, amount in by_payee.items())}."


def _range(assessment: Assessment) -> str:
    """Say between which amounts it is; children whom nobody reported make no upper bound that anybody should expect."""
    lowest = format_dong(assessment.lowest)
    if any(one.fact == "children" for one in assessment.missing):
        return f": mức hưởng ít nhất {lowest} mỗi tháng" if assessment.lowest else ""
    return f": mức hưởng từ {lowest} đến {format_dong(assessment.highest)} mỗi tháng"


def _of_line(line: BenefitLine) -> str:
    reckoning = ""
    if line.tenths is not None:
        each = (
            f"{words.coefficient(line.tenths // line.times)} × {line.times} con"
            if line.times > 1
            else words.coefficient(line.tenths)
        )
        reckoning = f"hệ số {each} × mức chuẩn {format_dong(line.level)} = "
    sources = words.listed(f"{source.what}: {source.reference}" for source in sources_of(line))
    return (
        f"{line.category.in_words}: {reckoning}{format_dong(line.amount)} mỗi tháng, {_PAYEES[line.payee]} ({sources})."
    )


def _because(result: CategoryResult) -> str:
    held = [_inside(reason.text) for reason in result.reasons if reason.holds]
    return (
        f"Đủ điều kiện vì: {words.listed(held)}." if held else "Đủ điều kiện theo mọi khả năng của thông tin còn thiếu."
    )


def _of_combination(reason: Reason) -> str:
    """Say how benefits stand beside each other; what does not hold is quoted, so that no "không" denies another."""
    if reason.holds is False:
        return f"Chưa đạt điều kiện “{_inside(reason.text)}”{_at(reason)}."
    unknown = "" if reason.holds else ": chưa rõ"
    return f"{reason.text}{unknown}{_at(reason)}."


def _at(reason: Reason) -> str:
    return f" ({reason.reference})" if reason.reference else ""


def _of(result: CategoryResult, holds: Answer) -> str:
    return words.listed(_inside(reason.text) for reason in result.reasons if reason.holds is holds)


def _inside(text: str) -> str:
    """Write a condition as it stands inside a sentence."""
    return f"{text[:1].lower()}{text[1:]}"

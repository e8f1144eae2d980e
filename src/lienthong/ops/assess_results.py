"""What ``./lienthong assess`` prints: JSON with everything, or sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lienthong.assistance.queries.decision_reasons import condition_words
from lienthong.kernel.days import format_day
from lienthong.kernel.decisions import Decision, Reason
from lienthong.kernel.money import Dong, format_dong
from lienthong.ops.assess_files import EMERGENCY, FUNERAL, Assessed
from lienthong.rules.emergency.assistance import EmergencyAssistance
from lienthong.rules.merit.lines import MeritAssessment, MeritLine
from lienthong.rules.social_assistance.assessing import Assessment, BenefitLine, CategoryResult
from lienthong.rules.social_assistance.plain_funeral import FuneralDecisions

_HOLDS_WORDS: Final = {True: "đạt", False: "không đạt", None: "chưa rõ"}


def as_json(found: Assessed) -> dict[str, Any]:
    """Give the result as JSON values."""
    answer = social_assistance_as_json(found.social_assistance)
    if found.merit is not None:
        answer["merit"] = merit_as_json(found.merit)
    if found.emergencies:
        answer[EMERGENCY] = {kind.value: _emergency(one) for kind, one in found.emergencies.items()}
    if found.funeral is not None:
        answer[FUNERAL] = _funeral(found.funeral)
    answer["monthly_total"] = found.monthly_total
    answer["monthly_total_notices"] = list(found.monthly_total_notices)
    return answer


def social_assistance_as_json(found: Assessment) -> dict[str, Any]:
    """Give what the rules of social assistance say as JSON values."""
    return {
        "on": found.on.isoformat(),
        "known_on": found.known_on.isoformat() if found.known_on else None,
        "outcome": found.outcome.value,
        "outcome_in_words": found.outcome.in_words,
        "amount": found.amount,
        "lowest": found.lowest,
        "highest": found.highest,
        "lines": [_line(line) for line in found.lines],
        "categories": [_category(one) for one in found.categories],
        "combination": [_reason(reason) for reason in found.combination],
        "articles": [str(reference) for reference in found.references],
        "missing": [{"fact": one.fact, "text": one.text} for one in found.missing],
        "notices": list(found.notices),
        "sentences": list(found.in_words),
    }


def _line(line: BenefitLine) -> dict[str, Any]:
    return {
        "kind": line.kind.value,
        "category": line.category.value,
        "name": line.category.in_words,
        "tenths": line.tenths,
        "times": line.times,
        "level": line.level,
        "amount": line.amount,
        "payee": line.payee.value,
        "article": str(line.reference),
        "coefficient_article": str(line.coefficient_reference),
        "level_article": str(line.level_reference),
        "notices": list(line.notices),
    }


def _category(one: CategoryResult) -> dict[str, Any]:
    return {
        "category": one.category.value,
        "name": one.category.in_words,
        "holds": one.holds,
        "is_paid": one.is_paid,
        "article": str(one.reference),
        "lowest": one.lowest,
        "highest": one.highest,
        "reasons": [_reason(reason) for reason in one.reasons],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "text": reason.text,
        "holds": reason.holds,
        "reference": str(reason.reference) if reason.reference else None,
    }


def merit_as_json(found: MeritAssessment) -> dict[str, Any]:
    """Give what the rules of merit say as JSON values."""
    return {
        "outcome": found.outcome.value,
        "outcome_in_words": found.outcome.in_words,
        "monthly_amount": found.monthly_amount,
        "monthly_total": found.monthly_total,
        "yearly_total": found.yearly_total,
        "one_off_total": found.one_off_total,
        "lines": [_merit_line(line) for line in found.lines],
        "reasons": [_reason(reason) for reason in found.reasons],
        "missing": list(found.missing),
        "notices": list(found.notices),
    }


def _merit_line(line: MeritLine) -> dict[str, Any]:
    return {
        "kind": line.kind.value,
        "text": line.words,
        "amount": line.amount,
        "article": str(line.article),
        "level_article": str(line.reference),
    }


def _emergency(found: Decision[EmergencyAssistance]) -> dict[str, Any]:
    given = found.value
    return {
        "outcome": found.outcome.value,
        "outcome_in_words": found.outcome.in_words,
        "amount": given.amount if given else None,
        "rice_kg": given.rice_kg if given else None,
        "text": given.words if given else "",
        "decided_by": given.decided_by.value if given else None,
        "within": given.within.in_words if given else "",
        "reasons": [_reason(reason) for reason in found.reasons],
        "articles": [str(reference) for reference in found.references],
        "missing": list(found.missing),
        "notices": list(given.notices) if given else [],
    }


def _funeral(found: FuneralDecisions) -> dict[str, Any]:
    return {
        "on": found.on.isoformat(),
        "outcome": found.outcome.value,
        "outcome_in_words": found.outcome.in_words,
        "amount": found.amount,
        "assistance": _of_law(found.assistance),
        "pension": _of_law(found.pension) if found.pension is not None else None,
    }


def _of_law(found: Decision[Dong]) -> dict[str, Any]:
    return {
        "outcome": found.outcome.value,
        "outcome_in_words": found.outcome.in_words,
        "amount": found.value,
        "reasons": [_reason(reason) for reason in found.reasons],
        "articles": [str(reference) for reference in found.references],
        "missing": list(found.missing),
    }


def in_words(found: Assessed) -> Iterator[str]:
    """Give the result as sentences."""
    yield from found.social_assistance.in_words
    if found.merit is not None:
        yield ""
        yield from merit_in_words(found.merit)
        if found.monthly_total is not None:
            yield f"Tổng cộng mỗi tháng: {format_dong(found.monthly_total)}."
            yield from (f"Lưu ý: {notice}" for notice in found.monthly_total_notices)
    for kind, one in found.emergencies.items():
        yield ""
        yield f"Trợ giúp khẩn cấp, {kind.in_words}: {one.outcome.in_words}."
        yield from (f"- {reason}: {_HOLDS_WORDS[reason.holds]}." for reason in one.reasons)
        if one.missing:
            yield f"Còn thiếu: {'; '.join(one.missing)}."
        if one.value is not None:
            yield f"Được hỗ trợ một lần: {_given(one.value)}. {one.value.decided_by.in_words} quyết định trong {one.value.within.in_words}."
            yield from (f"Lưu ý: {notice}" for notice in one.value.notices)
    if found.funeral is not None:
        yield ""
        yield from _funeral_in_words(found.funeral)


def _funeral_in_words(found: FuneralDecisions) -> Iterator[str]:
    yield f"Hỗ trợ chi phí mai táng, theo pháp luật của ngày {format_day(found.on)}: {found.outcome.in_words}."
    laws = (("trợ giúp xã hội", found.assistance), ("trợ cấp hưu trí xã hội", found.pension))
    for name, one in laws:
        if one is None:
            continue
        yield f"Theo quy định về {name}: {one.outcome.in_words}."
        yield from (f"- {reason}: {_HOLDS_WORDS[reason.holds]}." for reason in one.reasons)
        if one.missing:
            yield f"Còn thiếu: {'; '.join(one.missing)}."
    if found.amount is not None:
        yield f"Được hỗ trợ một lần: {format_dong(found.amount)}; có nhiều mức thì chỉ hưởng một mức cao nhất."


def _given(found: EmergencyAssistance) -> str:
    what = f"{found.rice_kg} kg gạo" if found.rice_kg else format_dong(found.amount)
    return f"{what} ({found.words})"


def merit_in_words(merit: MeritAssessment) -> Iterator[str]:
    """Give what the rules of merit say as sentences."""
    yield f"Người có công với cách mạng: {merit.outcome.in_words}."
    yield from (f"- {line}." for line in merit.lines)
    yield from (f"- {condition_words(reason)}" for reason in merit.reasons if reason.holds is False)
    if merit.missing:
        yield f"Còn thiếu: {'; '.join(merit.missing)}."
    yield from (f"Lưu ý: {notice}" for notice in merit.notices)

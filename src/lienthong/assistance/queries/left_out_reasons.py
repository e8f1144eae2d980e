"""Why somebody was chosen, sentence by sentence: the rules for one person over the same facts as the pass over everybody."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from lienthong.assistance.assumptions import assume
from lienthong.assistance.queries.left_out import COMPARED, GROUPS, Pass
from lienthong.assistance.queries.left_out_chosen import ANY, Chosen
from lienthong.assistance.queries.left_out_merit import yearly_day
from lienthong.assistance.queries.months import paid_here
from lienthong.assistance.queries.receiving import Paid, next_yearly
from lienthong.assistance.states import Benefit, FindingKind, Programme
from lienthong.kernel.days import add_months, format_day
from lienthong.kernel.money import Dong, format_dong
from lienthong.people.states import ConditionKind
from lienthong.rules.merit.assessing import assess_merit
from lienthong.rules.merit.facts import MeritFacts
from lienthong.rules.merit.lines import OWN_KINDS, LineKind, MeritAssessment
from lienthong.rules.merit.plain_facts import merit_as_plain
from lienthong.rules.social_assistance.assessing import Assessment, assess
from lienthong.rules.social_assistance.columns import facts_at
from lienthong.rules.social_assistance.facts import PersonFacts, PovertyStanding
from lienthong.rules.social_assistance.plain_facts import person_as_plain

_NOT_OF_KIND: Final = "Không thuộc diện"
PAID_ELSEWHERE: Final = "khoản trợ cấp một lần này đã được chi trả theo quyết định trước đây, ngoài hệ thống, hay chưa"
_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding with its reasons.

    Attributes:
        amount: Đồng a month: what the rules give of this benefit, at most while something is to be asked.
        paid: Đồng a month that is paid now.
        reasons: Vietnamese sentences, the conclusion first.
        missing: What to ask, one question each; nothing where it is certain.
        assumed: What was taken as given because nothing is recorded.
        ground: Digest of what the finding rests on; another one is another finding.
        entitlement_id: What is paid; None where nothing is.
    """

    person_id: int
    unit_id: int
    kind: FindingKind
    programme: Programme
    benefit: Benefit
    is_certain: bool
    amount: int
    paid: int
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    assumed: tuple[str, ...]
    ground: str
    entitlement_id: int | None


def explained(found: Pass, chosen: Iterable[Chosen] | None = None) -> Iterator[Found]:
    """Give reasons for everybody who was chosen, or for some of them, one after the other.

    Where the rules for one person see it otherwise than the pass over everybody, nothing is given; that never happens, and
    tests hold both together.
    """
    for one in found.chosen if chosen is None else chosen:
        if one.kind is FindingKind.DEAD:
            yield _dead(found, one)
        elif one.kind is FindingKind.DOUBLE:
            yield from _double(found, one)
        elif one.programme is Programme.MERIT:
            yield from _merit(found, one)
        elif one.kind is FindingKind.NOT_RECEIVING:
            yield from _not_receiving(found, one)
        else:
            yield from _wrongly_paid(found, one)


def _dead(found: Pass, one: Chosen) -> Found:
    died = date.fromordinal(int(found.register.died[one.row]) + _EPOCH)
    sentence = (
        f"Đã chết ngày {format_day(died)}, nhưng vẫn được tính hưởng {format_dong(one.paid)} mỗi tháng từ tháng "
        f"{found.month:%m/%Y} trở đi."
    )
    return _found(found, one, benefit=Benefit(one.benefit), reasons=[sentence], ground={"died": died.isoformat()})


def _not_receiving(found: Pass, one: Chosen) -> Iterator[Found]:
    facts, assumed = _facts(found, one.row)
    alone = assess(facts, on=found.on, known_on=found.on)
    for benefit in _open_benefits(alone) if one.benefit == ANY else (Benefit(one.benefit),):
        lowest, highest = paid_here(alone, benefit)
        if highest == 0:
            continue
        yield _found(
            found, one, benefit=benefit, amount=highest, reasons=_told(alone, lambda _category: False),
            missing=[fact.text for fact in alone.missing] if not one.is_certain else [], assumed=assumed,
            ground={"facts": _known(found, one.row), "categories": _categories(alone, benefit), "certain": lowest == highest},
        )  # fmt: skip
        if not one.is_certain:
            return  # what is to be asked is asked once


def _open_benefits(alone: Assessment) -> list[Benefit]:
    """Name the benefits that may be due, what a person would receive for themselves first."""
    return [benefit for benefit in GROUPS if paid_here(alone, benefit)[1] > 0]


def _wrongly_paid(found: Pass, one: Chosen) -> Iterator[Found]:
    facts, assumed = _facts(found, one.row)
    last = add_months(found.month, 1) - timedelta(days=1)
    at_end, at_start = (assess(facts, on=day, known_on=found.on) for day in (last, found.month - timedelta(days=1)))
    paid = found.receiving.of_person(one.row, Programme.SOCIAL)
    asked = COMPARED if facts.in_institution is True else GROUPS
    for benefit in sorted(set(paid) & set(asked)) if one.benefit == ANY else (one.benefit,):
        held = paid.get(benefit)
        lowest, highest = _of_month(at_end, at_start, benefit)
        if held is None or held.is_suspended or lowest <= held.amount <= highest:
            continue
        kind = _kind(facts, last, benefit, highest, known_on=found.on)
        yield _found(
            found, one, kind=kind, benefit=Benefit(benefit), amount=highest, paid=held, assumed=assumed,
            reasons=[_comparison(found, held, lowest, highest), *_of_kind(kind, facts), *_told(at_end, lambda code, held=held: code == held.category)],
            missing=[fact.text for fact in at_end.missing],
            ground={"facts": _known(found, one.row), "owed": [lowest, highest], "paid": held.amount},
        )  # fmt: skip


def _of_month(at_end: Assessment, at_start: Assessment, benefit: str) -> tuple[int, int]:
    """Give what a month brings: what is due at its end, else what was due when it began (whoever ceases is paid to its end)."""
    (low, high), (low_before, high_before) = paid_here(at_end, benefit), paid_here(at_start, benefit)
    if low > 0:
        return low, high
    return (low_before if high == 0 else min(low, low_before)), max(high, high_before)


def _kind(facts: PersonFacts, last: date, benefit: str, highest: int, *, known_on: date) -> FindingKind:
    """Say what it is that no longer fits: another benefit of the house, the class of the household, or something else."""
    if highest > 0:
        return FindingKind.AMOUNT_DIFFERS
    if facts.other_benefit:
        alone = assess(replace(facts, other_benefit=Dong(0)), on=last, known_on=known_on)
        if paid_here(alone, benefit)[1] > 0:
            return FindingKind.DOUBLE
    if facts.poverty not in {None, PovertyStanding.POOR}:
        poor = assess(replace(facts, poverty=PovertyStanding.POOR), on=last, known_on=known_on)
        if paid_here(poor, benefit)[1] > 0:
            return FindingKind.CLASS_CHANGED
    return FindingKind.NO_LONGER


def _of_kind(kind: FindingKind, facts: PersonFacts) -> Iterator[str]:
    if kind is FindingKind.DOUBLE:
        yield f"Đang hưởng trợ cấp khác do hệ thống chi trả: {format_dong(facts.other_benefit or 0)} mỗi tháng."
    if kind is FindingKind.CLASS_CHANGED:
        yield "Khoản này dành cho hộ nghèo, hộ cận nghèo; phân loại của hộ nay đã khác."


def _comparison(found: Pass, held: Paid, lowest: int, highest: int) -> str:
    rule = "không được hưởng" if highest == 0 else f"được hưởng {format_dong(highest)}"
    if lowest < highest:
        rule = f"được hưởng nhiều nhất {format_dong(highest)}"
    return (
        f"Từ tháng {found.month:%m/%Y}, đang được tính {format_dong(held.amount)} mỗi tháng; theo quy định thì {rule}."
    )


def _double(found: Pass, one: Chosen) -> Iterator[Found]:
    """Say both amounts, which is higher, and that people decide which ends: nothing ends by itself."""
    facts, assumed = _facts(found, one.row)
    alone = assess(facts, on=add_months(found.month, 1) - timedelta(days=1), known_on=found.on)
    social = int(found.receiving.paid_of(Programme.SOCIAL, Benefit.PERSONAL)[one.row])
    merit = sum(int(found.receiving.paid_of(Programme.MERIT, kind)[one.row]) for kind in OWN_KINDS)
    if alone.beside_none <= merit:
        return
    of_merit = f"trợ cấp ưu đãi người có công {format_dong(merit)}"
    both = f"trợ cấp xã hội {format_dong(social)} và {of_merit}"
    higher = f"trợ cấp xã hội {format_dong(alone.beside_none)} cao hơn {of_merit}"
    yield _found(
        found, one, benefit=Benefit(one.benefit), assumed=assumed,
        reasons=[
            f"Từ tháng {found.month:%m/%Y}, đang được tính cả hai khoản mỗi tháng: {both}.",
            f"Chỉ được hưởng một mức cao nhất (20/2021/NĐ-CP, Điều 6 khoản 2); theo quy định thì {higher}.",
            "Phải có quyết định thôi hưởng một trong hai khoản; chưa có quyết định thì cả hai vẫn được chi trả.",
            *_told(alone, lambda _category: False),
        ],
        ground={"facts": _known(found, one.row), "owed": alone.beside_none, "paid": [social, merit]},
    )  # fmt: skip


def _merit(found: Pass, one: Chosen) -> Iterator[Found]:
    claimants = found.register.claimants
    facts = claimants.facts[int(claimants.rows.searchsorted(one.row))]
    alone = assess_merit(facts, on=found.on, known_on=found.on)
    benefit = _merit_benefit(alone) if one.benefit == ANY else Benefit(one.benefit)
    held = found.receiving.of(one.row, Programme.MERIT, benefit)
    if held is not None and benefit == Benefit.YEARLY:
        alone = assess_merit(facts, on=yearly_day(found.month), known_on=found.on)
    owed = one.amount if one.lines else int(alone.total(LineKind(benefit.value)))
    if held is not None and held.amount == owed:
        return
    reasons = [_merit_comparison(found, held, owed, benefit)] if held is not None else []
    missing = [*alone.missing, *([PAID_ELSEWHERE] if one.lines else [])]
    yield _found(
        found, one, benefit=benefit, amount=owed, paid=held, reasons=[*reasons, *_told_of_merit(alone, facts, benefit, one.lines)],
        missing=missing, ground={"facts": merit_as_plain(facts), "owed": owed, "paid": held.amount if held else 0},
    )  # fmt: skip


def _merit_comparison(found: Pass, held: Paid, owed: int, benefit: Benefit) -> str:
    if benefit != Benefit.YEARLY:
        return _comparison(found, held, owed, owed)
    rule = f"được hưởng {format_dong(owed)}" if owed else "không được hưởng"
    year = next_yearly(found.month)
    return f"Kỳ trả hằng năm tháng {year:%m/%Y} đang được tính {format_dong(held.amount)}; theo quy định thì {rule}."


def _merit_benefit(alone: MeritAssessment) -> Benefit:
    return next((Benefit(line.kind.value) for line in alone.lines if line.kind.is_monthly), Benefit.MONTHLY)


def _told_of_merit(
    alone: MeritAssessment, facts: MeritFacts, benefit: Benefit, lines: tuple[str, ...]
) -> Iterator[str]:
    """Say by which grounds something is due, and what: everything that is paid each month, or what is paid otherwise."""
    asked = LineKind(benefit.value)
    yield from (f"Có diện: {claim.category.in_words}." for claim in facts.claims)
    told = lines or tuple(
        str(line) for line in alone.lines if line.kind is asked or (asked.is_monthly and line.kind.is_monthly)
    )
    yield from (f"{line}." for line in told)
    yield from (
        f"{reason.text} ({reason.reference})." if reason.reference else f"{reason.text}." for reason in alone.reasons
    )
    yield from (f"Lưu ý: {notice}" for notice in alone.notices)


def _facts(found: Pass, row: int) -> tuple[PersonFacts, tuple[str, ...]]:
    """Give the facts of the pass, and the sentences of what is assumed of them."""
    hints = [kind for kind in ConditionKind if found.register.hints[kind][row]]
    receives = found.receiving.holds(row, Programme.SOCIAL)
    facts, made = assume(facts_at(found.register.persons, row), hints=hints, receives=receives)
    return facts, tuple(one.words for one in made)


def _told(alone: Assessment, keeps: Any) -> list[str]:
    """Take the sentences of an assessment, without its numbers, and without the categories that nobody thought of."""
    others = [one.category.in_words for one in alone.categories if not keeps(str(one.category))]
    sentences = [sentence.partition(". ")[2] for sentence in alone.in_words]
    left = tuple(f"{_NOT_OF_KIND} “{name}”" for name in others)
    return [sentence for sentence in sentences if not sentence.startswith(left)]


def _categories(alone: Assessment, benefit: Benefit) -> list[str]:
    return sorted(
        str(one.category)
        for one in alone.categories
        if one.holds is not False and one.category.group.value == benefit.value
    )


def _known(found: Pass, row: int) -> dict[str, Any]:
    return person_as_plain(facts_at(found.register.persons, row))


def _found(
    found: Pass, one: Chosen, *, benefit: Benefit, reasons: Iterable[str], ground: dict[str, Any],
    kind: FindingKind | None = None, amount: int | None = None, paid: Paid | None = None, missing: Iterable[str] = (),
    assumed: Iterable[str] = (),
) -> Found:  # fmt: skip
    held = paid or found.receiving.of(one.row, one.programme, benefit)
    said = {
        "kind": kind or one.kind,
        "programme": one.programme,
        "benefit": benefit,
        "missing": list(missing),
        **ground,
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
    register = found.register
    return Found(
        person_id=int(register.person[one.row]),
        unit_id=held.unit_id if held else int(register.paid_in[one.row]),
        kind=kind or one.kind,
        programme=one.programme,
        benefit=benefit,
        is_certain=one.is_certain,
        amount=one.amount if amount is None else amount,
        paid=held.amount if held else 0,
        reasons=tuple(reasons),
        missing=() if one.is_certain else tuple(missing),
        assumed=tuple(assumed),
        ground=hashlib.sha256(text.encode()).hexdigest(),
        entitlement_id=held.entitlement_id if held else None,
    )

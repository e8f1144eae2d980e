"""What goes on being paid while facts lack: the category and coefficient that were decided, at the level of each month. Tạm giữ.

A new decree raises what is held like everything else; only what was taken over without a level stays the sum that it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from lienthong.kernel.legal import LegalReference
from lienthong.kernel.money import Dong
from lienthong.rules.social_assistance.assessing import Assessment, BenefitLine, CategoryResult
from lienthong.rules.social_assistance.categories import AssistanceCategory, BenefitGroup
from lienthong.rules.social_assistance.changes import REPLACED
from lienthong.rules.social_assistance.law import BASE_LEVEL, AssistanceLaw, notices_of, vietnamese_name

SOCIAL_PENSION: Final = "social_pension:level"
SUCCESSORS: Final[Mapping[AssistanceCategory, AssistanceCategory]] = {
    AssistanceCategory.CHILD_WITHOUT_CARE: AssistanceCategory.STUDENT_WITHOUT_CARE,
    **dict.fromkeys(REPLACED, AssistanceCategory.SOCIAL_PENSION),
}
"""What the law lets follow by itself where a category ends: at sixteen, and when the social pension took over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What was paid for the month before, as it can go on. Mức tạm giữ.

    Attributes:
        lines: By category and coefficient.
        amount: Đồng a month that rest on no line, as of a list that was taken over.
    """

    lines: tuple[BenefitLine, ...] = ()
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is paid for one month while facts lack. Mức của tháng khi chưa đủ thông tin.

    Attributes:
        is_open: Whether the missing facts can change it; not where another benefit of the person is what they leave open.
    """

    held: Held
    amount: int
    is_open: bool


def hold(
    held: Held, *, at_end: Assessment, at_start: Assessment, group: BenefitGroup, law: AssistanceLaw
) -> Kept:  # fmt: skip
    """Let go on what was paid, within what is possible in a month.

    What is certain to be lost in the month is paid for it still and ends from the next, as when everything is known.

    Args:
        held: What was paid for the month before.
        at_end: By the facts of the last day of the month.
        at_start: By those of the day before it.
        group: Of the benefit.
        law: Of the month.

    Legal source:
        20/2021/NĐ-CP, Điều 8 khoản 2 (end from the month after).
    """
    (lowest, highest), (lowest_before, highest_before) = at_end.groups[group], at_start.groups[group]
    stands: tuple[Assessment, ...] = (at_end, at_start)
    if highest == 0:
        lowest, highest, stands = lowest_before, highest_before, (at_start,)
    elif lowest == 0:
        highest = max(highest, highest_before)
    lines = tuple(found for line in held.lines if (found := _at(line, stands, law)) is not None)
    total = held.amount + sum(line.amount for line in lines)
    amount = min(max(total, lowest), highest)
    if amount != total:
        lines = _lines_of(amount, lines, stands, group, law)
    rest = amount - sum(line.amount for line in lines)
    return Kept(held=Held(lines=lines, amount=rest), amount=amount, is_open=lowest < highest)


def _at(line: BenefitLine, stands: Sequence[Assessment], law: AssistanceLaw) -> BenefitLine | None:
    """Give a line as it is under the law of a month; None where it, and what follows it, is certain to hold no more."""
    for one in stands:
        for category in (line.category, SUCCESSORS.get(line.category)):
            result = _result(one, category) if category else None
            if category and result is not None and result.highest:
                return _line(line, category, result, law)
    return None


def _result(one: Assessment, category: AssistanceCategory) -> CategoryResult | None:
    return next((found for found in one.categories if found.category is category), None)


def _line(
    line: BenefitLine, category: AssistanceCategory, result: CategoryResult, law: AssistanceLaw
) -> BenefitLine:  # fmt: skip
    told = at_level(replace(line, category=category), law)
    amount = min(max(told.amount, result.lowest), result.highest)
    tenths = None if category is AssistanceCategory.SOCIAL_PENSION else _tenths(amount, law)
    is_same = category is line.category and tenths == line.tenths
    return replace(
        told,
        kind=category.kind,
        tenths=tenths,
        times=line.times if is_same else 1,
        amount=Dong(amount),
        reference=result.reference,
        coefficient_reference=line.coefficient_reference if is_same else result.reference,
        payee=category.payee,
    )


def at_level(line: BenefitLine, law: AssistanceLaw) -> BenefitLine:
    """Give the same category and coefficient at the level of a law, with what is to be said of that level."""
    name, level, amount = BASE_LEVEL, law.base_level, line.amount if line.tenths is None else law.amount(line.tenths)
    if line.category is AssistanceCategory.SOCIAL_PENSION and law.social_pension_level:
        name, level, amount = SOCIAL_PENSION, law.social_pension_level, Dong(law.social_pension)
    words = vietnamese_name(name)
    others = [notice for notice in line.notices if not notice.lower().startswith(words.lower())]
    return replace(
        line,
        level=Dong(int(level.value)),
        amount=amount,
        level_reference=level.reference,
        notices=(*notices_of([(words, level)]), *others),
    )


def _lines_of(
    amount: int, lines: Sequence[BenefitLine], stands: Sequence[Assessment], group: BenefitGroup, law: AssistanceLaw
) -> tuple[BenefitLine, ...]:
    """Say of which category a bound is that took the place of what was held; nothing where several together make it."""
    if not amount:
        return ()
    for one in stands:
        for result in one.categories:
            if result.category.group is group and amount in (result.lowest, result.highest):
                model = lines[0] if lines else _bare(result, law)
                line = _line(model, result.category, result, law)
                return (replace(line, amount=Dong(amount), tenths=line.tenths and _tenths(amount, law), times=1),)
    return ()


def _tenths(amount: int, law: AssistanceLaw) -> int | None:
    tenths = amount * 10 // law.base
    return tenths if law.amount(tenths) == amount else None


def _bare(result: CategoryResult, law: AssistanceLaw) -> BenefitLine:
    return BenefitLine(
        kind=result.category.kind, category=result.category, tenths=None, times=1, level=Dong(law.base), amount=Dong(0),
        reference=result.reference, coefficient_reference=result.reference, level_reference=law.base_level.reference,
        payee=result.category.payee, notices=(),
    )  # fmt: skip


def held_of(amount: int, lines: Iterable[Mapping[str, Any]]) -> Held:
    """Read what a stored rate paid as what can go on.

    Args:
        amount: Of the rate, đồng a month.
        lines: Of its basis.
    """
    read = tuple(found for line in lines if (found := _stored(line)) is not None)
    rest = amount - sum(line.amount for line in read)
    return Held(lines=read, amount=rest) if rest >= 0 else Held(amount=amount)


def _stored(line: Mapping[str, Any]) -> BenefitLine | None:
    """Read a stored line; None of one that says no level, as of a list that was taken over."""
    if line.get("level") is None or line["code"] not in set(AssistanceCategory):
        return None
    category = AssistanceCategory(line["code"])
    return BenefitLine(
        kind=category.kind, category=category, tenths=line["tenths"], times=line.get("times", 1),
        level=Dong(line["level"]), amount=Dong(line["amount"]), reference=LegalReference.parse(line["reference"]),
        coefficient_reference=LegalReference.parse(line["coefficient_reference"]),
        level_reference=LegalReference.parse(line["level_reference"]), payee=category.payee, notices=tuple(line["notices"]),
    )  # fmt: skip

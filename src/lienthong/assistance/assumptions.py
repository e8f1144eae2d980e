"""What the review of everybody takes as given where nothing is recorded: each with its sentence, none silently.

A register of a province knows little of most people. Where nothing is recorded, the review assumes what is so of almost
everybody, or what the person would be asked to do; where the records hint at something else, it leaves the fact unknown,
and the finding says what is to be asked. No decision rests on an assumption: whoever decides asks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from lienthong.people.states import ConditionKind
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.social_assistance.columns import (
    NO_AMOUNT,
    NO_CODE,
    UNKNOWN,
    PersonColumns,
    code_of,
)
from lienthong.rules.social_assistance.facts import (
    AMOUNTS,
    FLAGS,
    Care,
    MaritalState,
    ParentState,
    PensionRequest,
    PersonFacts,
    PovertyStanding,
)

Flags = npt.NDArray[np.bool_]
CHILDREN: Final = "children"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One fact that is taken as given where nothing is recorded.

    Attributes:
        name: Of the fact in the rules.
        value: As the rules have it.
        words: One Vietnamese sentence for whoever reads the finding.
        hints: Conditions of a person under which it is not assumed but asked.
        of_recipients: Whether it is assumed of whoever receives already, too. What an allowance rests on is not: it was
            established when it was decided, and nobody loses one because a record is missing.
    """

    name: str
    value: Any
    words: str
    hints: tuple[ConditionKind, ...] = ()
    of_recipients: bool = False


ASSUMPTIONS: Final = (
    Assumption(
        name="poverty", value=PovertyStanding.OTHER,
        words="Chưa ghi phân loại hộ, nên coi như không thuộc hộ nghèo, hộ cận nghèo.",
    ),
    Assumption(
        name="disability", value=DisabilityLevel.NONE,
        words="Chưa ghi Giấy xác nhận khuyết tật, nên coi như không khuyết tật.", hints=(ConditionKind.DISABILITY,),
    ),
    Assumption(
        name="is_abandoned", value=False, words="Chưa ghi bị bỏ rơi, nên coi như không.", hints=(ConditionKind.ORPHAN,)
    ),
    Assumption(
        name="father", value=ParentState.CARING, words="Chưa ghi hoàn cảnh của cha, nên coi như cha đang nuôi dưỡng.",
        hints=(ConditionKind.ORPHAN,),
    ),
    Assumption(
        name="mother", value=ParentState.CARING, words="Chưa ghi hoàn cảnh của mẹ, nên coi như mẹ đang nuôi dưỡng.",
        hints=(ConditionKind.ORPHAN,),
    ),
    Assumption(
        name="received_as_orphan", value=False,
        words="Chưa ghi đã hưởng trợ cấp trẻ em không có nguồn nuôi dưỡng, nên coi như chưa.", hints=(ConditionKind.ORPHAN,),
    ),
    Assumption(
        name="is_studying", value=False, words="Chưa ghi đang đi học, nên coi như không.", hints=(ConditionKind.ORPHAN,)
    ),
    Assumption(
        name="has_hiv", value=False, words="Chưa ghi nhiễm HIV, nên coi như không.", hints=(ConditionKind.HIV,)
    ),
    Assumption(
        name="marital", value=MaritalState.MARRIED, words="Chưa ghi tình trạng hôn nhân, nên coi như có vợ, có chồng.",
        hints=(ConditionKind.SINGLE_PARENT,),
    ),
    Assumption(
        name=CHILDREN, value=(), words="Chưa ghi con đang nuôi, nên coi như không nuôi con.",
        hints=(ConditionKind.SINGLE_PARENT,),
    ),
    Assumption(name="has_supporter", value=True, words="Chưa ghi người có nghĩa vụ phụng dưỡng, nên coi như có."),
    Assumption(
        name="supporter_receives_allowance", value=False,
        words="Chưa ghi người phụng dưỡng đang hưởng trợ cấp, nên coi như không.", of_recipients=True),
    Assumption(
        name="lives_in_difficult_area", value=False,
        words="Nơi ở không có trong danh sách xã, thôn đặc biệt khó khăn đã nạp.",
    ),
    Assumption(
        name="other_benefit", value=0,
        words="Hệ thống không ghi trợ cấp hằng tháng theo văn bản khác, nên coi như không có.", hints=(ConditionKind.MERIT,), of_recipients=True),
    Assumption(name="in_institution", value=False, words="Chưa ghi đang ở cơ sở trợ giúp xã hội, nên coi như ở nhà.", of_recipients=True),
    Assumption(
        name="eligible_for_institution", value=False,
        words="Chưa ghi đủ điều kiện vào cơ sở trợ giúp xã hội, nên coi như không.", of_recipients=True),
    Assumption(name="care", value=Care.NONE, words="Chưa ghi người nhận chăm sóc, nên coi như không có."),
    Assumption(name="is_pregnant", value=False, words="Chưa ghi đang mang thai, nên coi như không."),
    Assumption(
        name="spouse_receives_care_support", value=False,
        words="Chưa ghi vợ, chồng đang hưởng hỗ trợ chăm sóc, nên coi như không.", of_recipients=True),
    Assumption(
        name="pension_request", value=PensionRequest.WRITTEN,
        words="Chưa ghi văn bản đề nghị hưởng trợ cấp hưu trí xã hội: người hưởng cần nộp văn bản này.", of_recipients=True),
)  # fmt: skip
"""The pension is not among them: who has reached the age is asked, unless something is recorded. Nor is steady income."""

RECEIVING_PENSION = Assumption(
    name="pension", value=0, of_recipients=True,
    words="Đang hưởng trợ cấp mà chưa ghi lương hưu, nên coi như khi quyết định đã xác nhận không có lương hưu.",
)  # fmt: skip
"""Assumed of whoever receives an allowance or the social pension already: it was established when it was decided."""


def assume(
    facts: PersonFacts, *, hints: Collection[ConditionKind] = (), receives: bool = False
) -> tuple[PersonFacts, tuple[Assumption, ...]]:
    """Fill in what is assumed of one person.

    Args:
        facts: As recorded.
        hints: Conditions that the person has on the day.
        receives: Whether the person receives an allowance or the social pension.

    Returns:
        The facts, and what of them is assumed.
    """
    chosen = [one for one in (*ASSUMPTIONS, RECEIVING_PENSION) if one.of_recipients] if receives else ASSUMPTIONS
    made = tuple(
        one for one in chosen if getattr(facts, one.name) is None and not any(hint in hints for hint in one.hints)
    )
    return replace(facts, **{one.name: one.value for one in made}), made


def assume_columns(columns: PersonColumns, *, hints: Mapping[ConditionKind, Flags], receives: Flags) -> PersonColumns:
    """Fill in what is assumed of everybody; the same as :func:`assume` person by person.

    Args:
        columns: As recorded.
        hints: Who has which condition.
        receives: Who receives an allowance or the social pension.
    """
    filled: dict[str, Any] = {}
    for one in (*ASSUMPTIONS, RECEIVING_PENSION):
        name = "has_known_children" if one.name == CHILDREN else one.name
        column = filled.get(name, getattr(columns, name))
        where = column == _unknown(name)
        for hint in one.hints:
            if hint in hints:
                where = where & ~hints[hint]
        if one is RECEIVING_PENSION:
            where = where & receives
        elif not one.of_recipients:
            where = where & ~receives
        filled[name] = np.where(where, np.asarray(_code(one), dtype=column.dtype), column)
    return replace(columns, **filled)


def _unknown(name: str) -> int:
    if name == "has_known_children":
        return 0
    if name in AMOUNTS:
        return NO_AMOUNT
    return UNKNOWN if name in FLAGS else NO_CODE


def _code(one: Assumption) -> int:
    if one.name == CHILDREN:
        return 1
    if one.name in AMOUNTS:
        return int(one.value)
    return 2 * int(one.value) if one.name in FLAGS else code_of(one.value)


assert {one.name for one in ASSUMPTIONS} <= {one.name for one in fields(PersonFacts)}

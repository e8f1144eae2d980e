"""What the form of a monthly allowance asks about a person, and how answers become facts of the rules.

Every question may stay empty: what the registers know is not asked a second time, and the proposal names exactly what is
still missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from lienthong.assistance.procedures.applicants import YES_NO
from lienthong.dossiers.handlers import Question
from lienthong.kernel.money import parse_dong
from lienthong.rules.social_assistance.facts import FLAGS, Care, MaritalState, ParentState
from lienthong.rules.social_assistance.plain_facts import FactRefused, person_from_plain
from lienthong.rules.social_assistance.words import question, value

_KNOWN: Final = "Để trống nếu hệ thống đã có hoặc chưa rõ"
_ASKED_FLAGS: Final = (
    "has_supporter", "supporter_receives_allowance", "is_studying", "is_abandoned", "received_as_orphan", "has_hiv",
    "has_stable_income", "in_institution", "eligible_for_institution", "is_pregnant", "spouse_receives_care_support",
)  # fmt: skip
_ASKED_CHOICES: Final = {"marital": MaritalState, "care": Care, "father": ParentState, "mother": ParentState}
_AMOUNTS: Final = ("pension", "other_benefit")
# What a register would say if it were so: only that it is not so may be told here.
_DENIALS: Final[Mapping[str, tuple[Any, str]]] = {
    "disability": ("none", "Không có Giấy xác nhận khuyết tật"),
    "poverty": ("other", "Hộ không thuộc danh sách hộ nghèo, hộ cận nghèo"),
    "lives_in_difficult_area": (False, "Không ở xã, thôn đặc biệt khó khăn"),
}
_STUDIES: Final = "đang học"
_NONE: Final = frozenset({"không", "khong", "0"})


def fact_questions() -> tuple[Question, ...]:
    """Return the questions about the person."""
    asked = [
        Question(name, sentence, kind="choice", hint=_KNOWN, is_required=False, choices=(("yes", "Đúng"),))
        for name, (_, sentence) in _DENIALS.items()
    ]
    asked += [
        Question(
            name, _label(name), kind="choice", hint=_KNOWN, is_required=False,
            choices=tuple((str(one), _capital(value(one))) for one in kind),
        )
        for name, kind in _ASKED_CHOICES.items()
    ]  # fmt: skip
    asked += [
        Question(name, _label(name), kind="choice", hint=_KNOWN, is_required=False, choices=YES_NO)
        for name in _ASKED_FLAGS
    ]
    asked += [
        Question(name, _label(name), kind="money", hint="Đồng mỗi tháng; không có thì ghi 0", is_required=False)
        for name in _AMOUNTS
    ]
    children = Question(
        "children", "Ngày sinh những người con đang nuôi",
        hint="Ví dụ: 12/03/2015 đang học, 04/05/2022; không nuôi con thì ghi không", is_required=False,
    )  # fmt: skip
    return (*asked, children)


def _label(name: str) -> str:
    return _capital(question(name))


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def facts_in(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that the answers tell, by their plain names.

    Raises:
        FactRefused: An answer cannot be understood; the sentence says which and what to do.
    """
    found: dict[str, Any] = {}
    for name in (*_DENIALS, *_ASKED_CHOICES, *_ASKED_FLAGS, *_AMOUNTS, "children"):
        told = str(answers.get(name) or "").strip()
        if told:
            found[name] = _fact(name, told)
    person_from_plain(found)
    return found


def _fact(name: str, told: str) -> Any:
    if name in _DENIALS:
        return _DENIALS[name][0]
    if name in FLAGS:
        return told == "yes"
    if name == "children":
        return _children(told)
    if name in _AMOUNTS:
        try:
            return int(parse_dong(told))
        except ValueError as unreadable:
            raise FactRefused(name, str(unreadable)) from unreadable
    return told


def _children(told: str) -> list[dict[str, Any]]:
    if told.casefold() in _NONE:
        return []
    children = []
    for one in re.split(r"[,;]", told):
        birth = one.replace(_STUDIES, "").strip()
        if birth:
            children.append({"birth_date": birth, "is_studying": _STUDIES in one})
    return children

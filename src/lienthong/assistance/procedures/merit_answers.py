"""What the forms for people with merit ask, and how the answers become a claim and facts of the rules.

Every fact of the person may stay open: what is recorded is not asked a second time, and the proposal names what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from lienthong.assistance.merit_table import CASE, Case, MeritProcedure
from lienthong.assistance.procedures.applicants import YES_NO
from lienthong.assistance.procedures.beneficiary import PAYEE, PERSON, wrong_with_day, wrong_with_person
from lienthong.assistance.queries.facts import MERIT_PREFIX
from lienthong.dossiers.handlers import Question
from lienthong.kernel.money import parse_dong
from lienthong.rules.merit.facts import CLAIM_FLAGS, CLAIM_NUMBERS, Relation
from lienthong.rules.merit.plain_facts import merit_from_plain
from lienthong.rules.merit.words import CLAIM_QUESTIONS, PERSON_QUESTIONS, SCHOOLS, question
from lienthong.rules.poverty.plain_facts import FactRefused

SINCE: Final = "counts_from"
_KNOWN: Final = "Để trống nếu hệ thống đã có hoặc chưa rõ"


def questions_of(procedure: MeritProcedure) -> tuple[Question, ...]:
    """Return who it is about, what is asked for, what its ground and the person are asked, since when, and who is paid."""
    cases = procedure.cases
    asked: list[Question] = [PERSON]
    if len(cases) > 1:
        choices = tuple((one.name, one.words) for one in cases)
        asked.append(Question(CASE, "Trường hợp đề nghị", kind="choice", choices=choices))
    asked += [_of_claim(name, cases) for name in _each(case.asks for case in cases)]
    asked += [person_question(name) for name in _each(case.facts for case in cases)]
    asked.append(since_of(procedure))
    if any(case.category for case in cases):
        asked.append(PAYEE)
    return tuple(asked)


def since_of(procedure: MeritProcedure) -> Question:
    """Return the question since when it counts."""
    hint = "Theo quyết định, biên bản hoặc giấy xác nhận; để trống thì tính từ ngày nhận đủ hồ sơ"
    return Question(SINCE, procedure.since, kind="day", hint=hint, is_required=False)


def _each(groups: Any) -> list[str]:
    return list(dict.fromkeys(name for group in groups for name in group))


def _of_claim(name: str, cases: Sequence[Case]) -> Question:
    label = _capital(question(name))
    hint = "" if len(cases) == 1 else "Trả lời nếu trường hợp đề nghị cần"
    if name in CLAIM_FLAGS:
        return Question(name, label, kind="choice", choices=YES_NO, hint=hint, is_required=False)
    if name == "relation":
        return relation_question(dict.fromkeys(one for case in cases for one in case.relations), hint=hint)
    return Question(name, label, hint=hint, is_required=False)


def relation_question(relations: Iterable[Relation], *, hint: str = "") -> Question:
    """Return the question how a relative stands to the person with merit."""
    choices = tuple((one.value, _capital(one.in_words)) for one in relations)
    label = _capital(question("relation"))
    return Question("relation", label, kind="choice", choices=choices, hint=hint, is_required=False)


def person_question(name: str) -> Question:
    """Return the question for a fact of the person, which may stay open."""
    label = _capital(question(name))
    if name == "school":
        choices = tuple((one.value, _capital(words)) for one, words in SCHOOLS.items())
        return Question(name, label, kind="choice", choices=choices, hint=_KNOWN, is_required=False)
    if name == "monthly_income":
        return Question(name, label, kind="money", hint="Đồng mỗi tháng; không có thì ghi 0", is_required=False)
    return Question(name, label, kind="choice", choices=YES_NO, hint=_KNOWN, is_required=False)


def case_in(procedure: MeritProcedure, answers: Mapping[str, Any]) -> Case | None:
    """Return what is asked for; None where a form of several cases does not say."""
    if len(procedure.cases) == 1:
        return procedure.cases[0]
    return next((one for one in procedure.cases if one.name == answers.get(CASE)), None)


def wrong_with(procedure: MeritProcedure, answers: Mapping[str, Any], on: date) -> list[str]:
    """Name everything that the form must say and does not, or that cannot be."""
    found = wrong_with_person(answers)
    case = case_in(procedure, answers)
    if case is None:
        return ["Chưa trả lời: Trường hợp đề nghị", *found]
    for name in case.asks:
        if name not in CLAIM_FLAGS and not str(answers.get(name) or "").strip():
            found.append(f"Chưa trả lời: {_capital(question(name))}")
    told = str(answers.get("relation") or "")
    if "relation" in case.asks and told and told not in {one.value for one in case.relations}:
        found.append(
            f"{_capital(question('relation'))}: quan hệ này không thuộc trường hợp “{case.words}”; hãy chọn lại"
        )
    found += wrong_with_day(answers, since_of(procedure), on)
    try:
        claim_in(case, answers)
        facts_in(case, answers)
    except FactRefused as refused:
        found.append(told_of(refused))
    return found


def told_of(refused: FactRefused) -> str:
    """Say which answer cannot be understood, in the words in which it was asked."""
    asked = PERSON_QUESTIONS.get(refused.field) or CLAIM_QUESTIONS.get(refused.field)
    return f"{_capital(asked)}: {refused.sentence}" if asked else refused.sentence


def claim_in(case: Case, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the answers and the procedure say of the ground, by its plain names; without the category where it changes one.

    Raises:
        FactRefused: An answer cannot be understood; the sentence says which and what to do.
    """
    found: dict[str, Any] = {"category": case.category.value} if case.category else {}
    for name in case.asks:
        text = str(answers.get(name) or "").strip()
        if text:
            found[name] = _fact(name, text)
    found |= case.fixed
    checked = {"category": next(iter(case.changes)).value, **found} if case.changes else found
    if checked:
        merit_from_plain({"claims": [checked]})
    return found


def facts_in(case: Case, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told of the person, by the names under which it is recorded.

    Raises:
        FactRefused: An answer cannot be understood.
    """
    found: dict[str, Any] = dict(case.fixed_facts)
    for name in case.facts:
        text = str(answers.get(name) or "").strip()
        if text:
            found[name] = _income(text) if name == "monthly_income" else text if name == "school" else text == "yes"
    merit_from_plain(found)
    return {f"{MERIT_PREFIX}{name}": value for name, value in found.items()}


def _fact(name: str, text: str) -> Any:
    if name in CLAIM_FLAGS:
        return text == "yes"
    if name in CLAIM_NUMBERS:
        number = text.removesuffix("%").strip()
        if not (number.isascii() and number.isdigit()):
            raise FactRefused(name, f"“{text}” không phải số nguyên; hãy ghi bằng chữ số.")
        return int(number)
    if name == "relation":
        return Relation(text).value if text in set(Relation) else text
    return text


def _income(text: str) -> int:
    try:
        return int(parse_dong(text))
    except ValueError as unreadable:
        raise FactRefused("monthly_income", str(unreadable)) from unreadable


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"

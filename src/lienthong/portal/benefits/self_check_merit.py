"""The questions of the self-check for people with merit and their relatives: the ground, and then only what matters for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms as django_forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lienthong.assistance.merit_table import procedure_of
from lienthong.infra import forms
from lienthong.rules.merit.asking import names_of
from lienthong.rules.merit.assessing import assess_merit
from lienthong.rules.merit.facts import (
    CLAIM_FIELDS,
    CLAIM_FLAGS,
    CLAIM_NUMBERS,
    PERSON_FLAGS,
    Category,
    MeritClaim,
    MeritFacts,
    Relation,
    School,
)
from lienthong.rules.merit.lines import LineKind, MeritAssessment
from lienthong.rules.merit.words import SCHOOLS, question
from lienthong.rules.social_assistance.facts import PersonFacts

PREFIX: Final = "merit."
GROUND: Final = f"{PREFIX}category"
NONE: Final = ""
_UNKNOWN: Final = "unknown"
_LARGEST: Final = 1_000
_NOT_A_PERSONS: Final = frozenset({Category.MARTYR_DEATH_NOTICE})
NAMES: Final = frozenset(
    {GROUND, f"{PREFIX}relation", f"{PREFIX}school", f"{PREFIX}monthly_income"}
    | {f"{PREFIX}{name}" for name in (*CLAIM_FLAGS, *CLAIM_NUMBERS, *PERSON_FLAGS)}
)
"""Everything that may be asked."""
NUMBERS: Final = frozenset(f"{PREFIX}{name}" for name in CLAIM_NUMBERS)


@dataclass(frozen=True, slots=True)
class MeritTold:
    """One sum in words: how much, how often, of what, by which article."""

    amount: int
    each: str
    words: str
    article: str
    notice: str


def merit_field(name: str) -> django_forms.Field:
    """Return the field of a question."""
    bare = name.removeprefix(PREFIX)
    if name == GROUND:
        grounds = [(one.value, capfirst(one.in_words)) for one in Category if one not in _NOT_A_PERSONS]
        return forms.ChoiceField(
            label=_("Có phải người có công với cách mạng, hoặc thân nhân của người có công không?"),
            help_text=_("Chọn một diện; không phải thì để nguyên"), choices=[(NONE, _("Không")), *grounds], required=False,
            select=True,
        )  # fmt: skip
    label = str(capfirst(question(bare)))
    if bare == "relation":
        choices = [(one.value, capfirst(one.in_words)) for one in Relation]
        return forms.ChoiceField(label=label, choices=[*choices, (_UNKNOWN, _("Không rõ"))], required=False)
    if bare == "school":
        schools = [(one.value, capfirst(words)) for one, words in SCHOOLS.items()]
        return forms.ChoiceField(label=label, choices=[*schools, (_UNKNOWN, _("Không rõ"))], required=False)
    if bare == "monthly_income":
        return forms.MoneyField(label=label, required=False)
    if bare in CLAIM_NUMBERS:
        return forms.LineField(label=label, max_length=4, width=5, required=False)
    choices = [("yes", _("Có")), ("no", _("Không")), (_UNKNOWN, _("Không rõ"))]
    return forms.ChoiceField(label=label, choices=choices, required=False, inline=True)


def wrong_number(text: str) -> str:
    """Say what is wrong with an answer that must be a number; nothing where it is one, or is empty."""
    if not text or (text.isascii() and text.isdigit() and int(text) <= _LARGEST):
        return ""
    return _("Ghi một số nguyên từ 0 đến %(most)s.") % {"most": _LARGEST}


def merit_facts(answers: Mapping[str, Any], person: PersonFacts) -> MeritFacts | None:
    """Give the facts as they were answered, by names without prefix; None for who is nobody of merit.

    Raises:
        ValueError: A number that cannot be; the sentence says which.
    """
    told = {name: _fact(name, value) for name, value in answers.items()}
    category = told.pop("category", None)
    if category is None:
        return None
    claim = {name: told.pop(name) for name in list(told) if name in CLAIM_FIELDS}
    return MeritFacts(
        claims=(MeritClaim(category=category, **claim),),
        birth_date=person.birth_date,
        disability=person.disability,
        **told,
    )


def _fact(name: str, answer: Any) -> Any:
    if answer is None or answer in {"", _UNKNOWN}:
        return None
    if name in CLAIM_NUMBERS:
        return int(answer)
    if name in CLAIM_FLAGS or name in PERSON_FLAGS:
        return answer == "yes"
    kinds = {"category": Category, "relation": Relation, "school": School}
    return kinds[name](answer) if name in kinds else answer


def asked_next(facts: MeritFacts, found: MeritAssessment) -> list[str]:
    """Name what could still change the result; of a child also where it studies."""
    names = list(names_of(found.missing))
    if facts.claims[0].relation is Relation.CHILD and facts.school is None:
        names.append("school")
    return [f"{PREFIX}{name}" for name in dict.fromkeys(names) if f"{PREFIX}{name}" in NAMES]


def assessed(facts: MeritFacts, *, on: date) -> MeritAssessment:
    """Return what the rules give, by what is in force today."""
    return assess_merit(facts, on=on, known_on=on)


def told_lines(found: MeritAssessment) -> list[MeritTold]:
    """Say each sum that is certain."""
    each = {LineKind.YEARLY: _("mỗi năm"), LineKind.ONE_OFF: _("một lần")}
    return [
        MeritTold(line.amount, each.get(line.kind, _("mỗi tháng")), line.words, f"{line.article}; {line.reference}", line.notice or "")
        for line in found.lines
    ]  # fmt: skip


def procedures_for(facts: MeritFacts, found: MeritAssessment) -> Iterable[str]:
    """Name the procedures in which what is due, or may be, is asked for."""
    claim = facts.claims[0]
    kinds = {line.kind for line in found.lines} or ({LineKind.MONTHLY} if found.missing else set())
    for kind in sorted(kinds):
        if (begins := procedure_of(claim.category, claim.relation, kind)) is not None:
            yield begins[0]

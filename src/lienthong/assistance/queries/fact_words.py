"""Facts of a person as an officer reads them: the question in a short label, the answer in words."""

from __future__ import annotations

import re
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lienthong.assistance.queries.facts import MERIT_PREFIX
from lienthong.kernel.days import BirthDate
from lienthong.kernel.money import format_dong
from lienthong.rules.merit import words as merit_words
from lienthong.rules.social_assistance import words
from lienthong.rules.social_assistance.facts import AMOUNTS, CHOICES, FLAGS, ChildFacts
from lienthong.rules.social_assistance.plain_facts import FactRefused, person_from_plain

_SHARED: Final = frozenset({f"{MERIT_PREFIX}disability"})
"""Facts of people with merit that social assistance asks in the same words."""


def fact_label(name: str) -> str:
    """Return what a fact asks, as a label: the question of the rules with a capital."""
    if name.startswith(MERIT_PREFIX) and name not in _SHARED:
        return str(capfirst(merit_words.question(name.removeprefix(MERIT_PREFIX))))
    return str(capfirst(words.question(name.removeprefix(MERIT_PREFIX))))


def fact_words(name: str, value: Any) -> str:
    """Say a fact of ``PersonFacts`` in words; unknown is said, not left empty."""
    if value is None:
        return _("chưa biết")
    if name in FLAGS:
        return words.answer(value)
    if name in CHOICES:
        return words.value(value)
    if name in AMOUNTS:
        return format_dong(value) if value else _("không có")
    if name == "children":
        return _children_words(value)
    return str(value)


def denied_words(name: str) -> str:
    """Name what is known not to be so, as it follows "không": a question without its "hay không".

    Examples:
        >>> denied_words("has_hiv"), denied_words("is_studying"), denied_words("pension")
        ('nhiễm HIV/AIDS', 'đang đi học', 'hưởng lương hưu, trợ cấp bảo hiểm xã hội hàng tháng')
    """
    if name in _DENIED:
        return _DENIED[name]
    text = re.sub(r" hay (không|chưa)$", "", words.question(name))
    return re.sub(r"(^| )có (đang )", r"\1\2", re.sub(r"^có (phải )?(?!đang )", "", text))


_DENIED: Final = {
    "children": "đang nuôi con",
    "pension": "hưởng lương hưu, trợ cấp bảo hiểm xã hội hàng tháng",
    "other_benefit": "hưởng trợ cấp hàng tháng theo văn bản khác",
}


def plain_words(name: str, value: Any) -> str:
    """Say a stored plain value of a fact in words; what is no fact any more is shown as it stands."""
    if name.startswith(MERIT_PREFIX) and name not in _SHARED:
        return _merit_value_words(name.removeprefix(MERIT_PREFIX), value)
    name = name.removeprefix(MERIT_PREFIX)
    try:
        facts = person_from_plain({name: value})
    except FactRefused:
        return str(value)
    return fact_words(name, getattr(facts, name))


def _merit_value_words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return words.answer(value)
    if name == "monthly_income":
        return format_dong(value) if value else _("không có")
    choices = {"school": merit_words.SCHOOLS, "suspension": merit_words.SUSPENSIONS}
    said = {one.value: words for one, words in choices.get(name, {}).items()}  # type: ignore[attr-defined]
    return str(said.get(value, value))


def _children_words(children: tuple[ChildFacts, ...]) -> str:
    if not children:
        return _("không nuôi con nào")
    told = "; ".join(_child_words(child) for child in children)
    return _("%(n)s con: %(children)s") % {"n": len(children), "children": told}


def _child_words(child: ChildFacts) -> str:
    born = _birth_words(child.birth_date)
    if child.is_studying is None:
        return born
    return f"{born}, {_('đang đi học') if child.is_studying else _('không đi học')}"


def _birth_words(birth: BirthDate | None) -> str:
    return _("sinh %(day)s") % {"day": birth} if birth else _("chưa biết ngày sinh")

"""Why the rules decide as they do, sorted as a paper tells it: what fits, what does not and why, what was known, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from lienthong.assistance.queries.fact_words import denied_words, fact_label, fact_words, plain_words
from lienthong.assistance.queries.facts import MERIT_PREFIX, History
from lienthong.assistance.queries.merit_months import merit_on
from lienthong.assistance.queries.sentences import NOT_FITTING, unnumbered
from lienthong.assistance.states import Programme
from lienthong.kernel.days import format_day
from lienthong.kernel.decisions import Decision, Outcome, Reason
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.social_assistance.assessing import assess
from lienthong.rules.social_assistance.explaining import sources_of
from lienthong.rules.social_assistance.facts import FIELDS

_NOTICE = "Lưu ý: "
_MISSING = "Để kết luận, cần biết thêm"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTold:
    """A fact that was known, and from where."""

    label: str
    words: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """What the rules say of a person, part by part.

    Attributes:
        others: What was tried and does not fit, each with its reason.
        noes: What is known not to be so.
    """

    categories: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    facts: tuple[FactTold, ...] = ()
    noes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def reasons_on(history: History, programme: str, on: date) -> Reasons:
    """Return what the rules of a programme say of a person on a day; nothing where the law of the day is not recorded."""
    try:
        return _social(history, on) if programme == Programme.SOCIAL else _merit(history, on)
    except NoValueInForce as missing:
        return Reasons(missing=(str(missing),))


def reasons_in(decision: Decision[Any] | None) -> Reasons:
    """Return what a decision of the rules says by itself; nothing where they were not asked."""
    if decision is None:
        return Reasons()
    told = [one for one in decision.reasons if not one.text.startswith(_NOTICE)]
    failed = tuple(condition_words(one) for one in told if not one.holds)
    is_granted = decision.outcome is Outcome.GRANTED
    return Reasons(
        articles=_once(str(one.reference) for one in told if one.reference and (one.holds or not is_granted)),
        reasons=(*(() if is_granted else failed), *(f"{str(one).rstrip('.')}." for one in told if one.holds)),
        others=failed if is_granted else (),
        missing=decision.missing,
        notices=(
            *(one.text.removeprefix(_NOTICE) for one in decision.reasons if one not in told),
            *getattr(decision.value, "notices", ()),
        ),
    )


def condition_words(reason: Reason) -> str:
    """Say one condition and whether it holds; it is quoted, so that no "không" denies another.

    Examples:
        >>> condition_words(Reason("Không có lương hưu", False))
        'Chưa đạt điều kiện “không có lương hưu”.'
    """
    quoted = f"“{reason.text[:1].lower()}{reason.text[1:]}”{f' ({reason.reference})' if reason.reference else ''}"
    if reason.holds is None:
        return f"Chưa rõ điều kiện {quoted}."
    return f"Đạt điều kiện {quoted}." if reason.holds else f"Chưa đạt điều kiện {quoted}."


def _social(history: History, on: date) -> Reasons:
    found = assess(history.facts_on(on), on=on, known_on=on)
    sentences = [unnumbered(one) for one in found.in_words]
    yes, noes = _facts(history, on)
    paid = [one for line in found.lines for one in sources_of(line)]
    tried = [one.reference for one in found.categories if one.holds is not False] if not paid else []
    return Reasons(
        categories=_once(line.category.in_words for line in found.lines),
        articles=_once([*(f"{one.reference} ({one.what})" for one in paid), *(str(one) for one in tried)]),
        reasons=tuple(one for one in sentences if not one.startswith((*NOT_FITTING, _NOTICE, _MISSING))),
        others=tuple(one for one in sentences if one.startswith(NOT_FITTING)),
        facts=yes,
        noes=noes,
        missing=tuple(one.text for one in found.missing),
        notices=found.notices,
    )


def _facts(history: History, on: date) -> tuple[tuple[FactTold, ...], tuple[str, ...]]:
    known = history.known_on(on)
    yes, noes = [], []
    for name in FIELDS:
        value = getattr(known.facts, name)
        if value is None:
            continue
        source = known.sources.get(name)
        if value is False or value in (0, ()):
            noes.append(denied_words(name))
        else:
            told_from = source.words if source else ""
            yes.append(FactTold(label=fact_label(name), words=fact_words(name, value), source=told_from))
    return tuple(yes), tuple(noes)


def _merit(history: History, on: date) -> Reasons:
    found = merit_on(history, on, known_on=on)
    categories, facts = merit_grounds(history, on)
    return Reasons(
        categories=categories,
        articles=_once(part for line in found.lines for part in (str(line.article), str(line.reference))),
        reasons=(*(f"{line}." for line in found.lines), *(condition_words(one) for one in found.reasons if one.holds)),
        others=tuple(condition_words(one) for one in found.reasons if not one.holds),
        facts=facts,
        missing=found.missing,
        notices=found.notices,
    )


def merit_grounds(history: History, on: date) -> tuple[tuple[str, ...], tuple[FactTold, ...]]:
    """Return on which recognised grounds somebody stands on a day, and what is known besides."""
    return _once(one.get_category_display() for one in _claims(history, on)), tuple(_merit_facts(history, on))


def _claims(history: History, on: date) -> list[Any]:
    return [one for one in history.claims if one.valid_from <= on and (one.valid_until or date.max) > on]


def _merit_facts(history: History, on: date) -> Iterator[FactTold]:
    if history.birth_date:
        yield FactTold(label=fact_label("birth_date"), words=str(history.birth_date), source="")
    for one in _claims(history, on):
        relation = f", {one.get_relation_display()}" if one.relation else ""
        words = f"{one.get_category_display()}{relation}, từ {format_day(one.valid_from)}"
        yield FactTold(label="Diện được công nhận", words=words, source=f"Quyết định {one.decision_number}")
    for row in history.circumstances:
        is_held = row.valid_from <= on and (row.valid_until or date.max) > on
        if is_held and row.name.startswith(MERIT_PREFIX):
            yield FactTold(label=fact_label(row.name), words=plain_words(row.name, row.value), source=row.evidence)


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))

"""The questions that a procedure asks besides its papers, as form fields, and their answers as kept text.

A question is told by plain values, so that the desk, the portal and whoever else asks draw it alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms as django_forms

from lienthong.infra import forms
from lienthong.kernel.days import format_day
from lienthong.kernel.money import format_dong

_LATEST_DAY = date(2100, 1, 1)


def question_field(
    kind: str,
    *,
    label: str,
    required: bool = True,
    hint: str = "",
    choices: Iterable[tuple[str, str]] = (),
) -> django_forms.Field:
    """Return the form field that asks one question.

    Args:
        kind: ``line note day personal_id money choice``; anything else is a line.
        label: The question as people read it.
        required: Whether it must be answered.
        hint: One sentence above the field; empty leaves the field's own.
        choices: Value and words of each answer, for a choice.
    """
    words: dict[str, Any] = {"label": label, "required": required}
    if hint:
        words["help_text"] = hint
    match kind:
        case "day":
            return forms.DayField(latest=_LATEST_DAY, **words)
        case "note":
            return forms.NoteField(**words)
        case "money":
            return forms.MoneyField(**words)
        case "personal_id":
            return forms.PersonalIdField(**words)
        case "choice":
            return forms.ChoiceField(choices=list(choices), **words)
        case _:
            return forms.LineField(**words)


def answer_text(value: Any) -> str:
    """Return an answer as the text that is kept: days in ISO form, nothing as empty text."""
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def answer_value(kind: str, text: Any) -> Any:
    """Return a kept answer as the value that its field shows; None where it does not read as one."""
    text = str(text or "")
    try:
        match kind:
            case "day":
                return date.fromisoformat(text) if text else None
            case "money":
                return int(text) if text else None
            case _:
                return text
    except ValueError:
        return None


def answer_words(kind: str, text: Any, *, choices: Iterable[tuple[str, str]] = ()) -> str:
    """Return a kept answer as people read it: days as they are written here, choices by their words."""
    kept = str(text or "")
    if kind == "choice":
        return str(dict(choices).get(kept, kept))
    value = answer_value(kind, kept)
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, int):
        return format_dong(value)
    return kept

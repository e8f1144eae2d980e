"""What a filled form says in words: each question as the form asks it, each answer as people chose it.

The words come from the XForm that was filled, so that a visit of three years ago reads as it was asked then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from lienthong.kernel.days import format_day

CONTROLS: Final = frozenset({"input", "select", "select1", "upload", "range", "rank", "trigger"})
_CHOOSING_MANY: Final = frozenset({"select", "rank"})
_CHOOSING: Final = _CHOOSING_MANY | {"select1"}
_MADE_BY_THE_DEVICE: Final = frozenset({"start", "end", "today", "deviceid", "username", "phonenumber", "instanceName"})
_INSTANCE: Final = re.compile(r"instance\('([^']+)'\)")
_ITEXT: Final = re.compile(r"jr:itext\('([^']+)'\)")
_WHOLE: Final = re.compile(r"-?\d+")
_DECIMAL: Final = re.compile(r"-?\d+\.\d+")
_BY_THOUSANDS_FROM: Final = 10_000  # below it, a number may be a year


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a form. Câu hỏi.

    Attributes:
        path: Where its answer lies in the filled form.
        part: The heading under which it is asked.
        kind: The type of its answer as the form declares it: ``date``, ``int``, ``geopoint``, ``binary`` …
        choices: Words of each choice; empty where there is nothing to choose, or the choices come from a list.
        is_chosen: Whether something is chosen, from ``choices`` or from a list that the device holds.
        is_many: Whether several may be chosen.
    """

    name: str
    path: str
    label: str
    part: str
    kind: str
    choices: Mapping[str, str]
    is_chosen: bool
    is_many: bool


@dataclass(frozen=True, slots=True)
class FormWords:
    """The questions of a form in the order in which it asks them, and the repeats with their headings."""

    questions: tuple[Question, ...]
    repeats: Mapping[str, str]
    computed: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """Answers under one heading. ``names`` are those of the questions, in the same order as ``rows``."""

    title: str
    rows: tuple[tuple[str, str], ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What another version of a form asks otherwise."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    reworded: tuple[tuple[str, str], ...]
    other_choices: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.reworded or self.other_choices)


def words_of(xml: str) -> FormWords:
    """Read the questions of an XForm; a text that is none has no questions."""
    try:
        root = fromstring(xml)
    except (ParseError, ValueError):
        return FormWords((), {}, ())
    texts = {
        text.get("id", ""): _text(value)
        for text in _all(root, "text")
        for value in text
        if _tag(value) == "value" and not value.get("form")
    }
    lists = {
        one.get("id", ""): dict(_choices(one, texts, "name"))
        for one in _all(root, "instance")
        if one.get("id") and not one.get("src")
    }
    binds = {one.get("nodeset", "").strip(): one for one in _all(root, "bind")}
    body = next(_all(root, "body"), None)
    found: list[Question] = []
    repeats: dict[str, str] = {}
    notes: list[str] = []
    if body is not None:
        for control, part in _controls(body, "", texts, repeats):
            path = (control.get("ref") or "").strip()
            bind = binds.get(path)
            if bind is not None and bind.get("readonly", "") == "true()":
                notes.append(path.rpartition("/")[2])  # a note asks nothing
                continue
            found.append(
                Question(
                    name=path.rpartition("/")[2],
                    path=path,
                    label=_label(control, texts) or path.rpartition("/")[2],
                    part=part,
                    kind=bind.get("type", "") if bind is not None else "",
                    choices=_choices_of(control, texts, lists),
                    is_chosen=_tag(control) in _CHOOSING,
                    is_many=_tag(control) in _CHOOSING_MANY,
                )
            )
    asked = {one.path for one in found}
    computed = [path.rpartition("/")[2] for path, bind in binds.items() if bind.get("calculate") and path not in asked]
    return FormWords(
        tuple(found), repeats, tuple(name for name in computed if name not in _MADE_BY_THE_DEVICE), tuple(notes)
    )


def told(words: FormWords, answers: Mapping[str, Any]) -> list[Told]:
    """Say what was answered, question by question; what was not asked or not answered is left out.

    Args:
        words: Of the version that was filled.
        answers: As ``survey.reading`` reads them: groups opened, repeats as lists.
    """
    repeated = {path.rpartition("/")[2]: title for path, title in words.repeats.items()}
    paths = {name: path for path in words.repeats for name in [path.rpartition("/")[2]]}
    done: set[str] = set()
    parts: list[Told] = []
    for title in dict.fromkeys(one.part for one in words.questions):
        here = [one for one in words.questions if one.part == title]
        inside = next((name for name, path in paths.items() if here[0].path.startswith(f"{path}/")), "")
        if not inside:
            parts.append(_part(title, here, answers))
        elif inside not in done:
            done.add(inside)
            own = [one for one in words.questions if one.path.startswith(f"{paths[inside]}/")]
            entries = answers.get(inside)
            for number, entry in enumerate(entries if isinstance(entries, list) else [], start=1):
                name = str(entry.get("full_name", ""))
                heading = f"{repeated[inside]} {number}" + (f": {name}" if name else "")
                parts.append(_part(heading, own, entry))
    known = (
        {one.name for one in words.questions}
        | set(words.computed)
        | set(words.notes)
        | set(repeated)
        | _MADE_BY_THE_DEVICE
    )
    rest = [(name, str(value)) for name, value in answers.items() if name not in known and not isinstance(value, list)]
    parts.append(Told("", tuple(rest), tuple(name for name, _value in rest)))
    return [part for part in parts if part.rows]


def changes_between(before: FormWords, after: FormWords) -> Changes:
    """Compare what two versions of a form ask."""
    old, new = ({one.name: one for one in words.questions} for words in (before, after))
    both = [(old[name], one) for name, one in new.items() if name in old]
    return Changes(
        added=tuple(one.label for name, one in new.items() if name not in old),
        removed=tuple(one.label for name, one in old.items() if name not in new),
        reworded=tuple((one.label, other.label) for one, other in both if one.label != other.label),
        other_choices=tuple(
            (other.label, ", ".join(_choice_changes(one.choices, other.choices)))
            for one, other in both
            if one.choices != other.choices
        ),
    )


def in_words(question: Question, value: str) -> str:
    """Write one answer as people read it."""
    if question.choices:
        chosen = value.split() if question.is_many else [value]
        return ", ".join(question.choices.get(one, one) for one in chosen)
    if question.kind in {"date", "dateTime"}:
        return _day(value)
    if question.kind == "geopoint":
        return _place(value)
    if question.kind in {"int", "decimal"}:
        return number_in_words(value)
    return value


def number_in_words(value: str) -> str:
    """Write a number with a comma, and dots between thousands where it cannot be a year."""
    if _DECIMAL.fullmatch(value):
        return value.rstrip("0").rstrip(".").replace(".", ",")
    if _WHOLE.fullmatch(value) and len(value) < 16 and abs(int(value)) >= _BY_THOUSANDS_FROM:
        return f"{int(value):,}".replace(",", ".")
    return value


def _part(title: str, questions: list[Question], answers: Mapping[str, Any]) -> Told:
    said = [(one, answers.get(one.name)) for one in questions]
    given = [(one, value) for one, value in said if isinstance(value, str) and value]
    return Told(title, tuple((one.label, in_words(one, value)) for one, value in given), tuple(one.name for one, _value in given))  # fmt: skip


def _choice_changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    yield from (f"+ {words}" for name, words in after.items() if name not in before)
    yield from (f"− {words}" for name, words in before.items() if name not in after)
    yield from (f"{before[name]} → {words}" for name, words in after.items() if before.get(name, words) != words)


def _controls(
    element: Element, part: str, texts: Mapping[str, str], repeats: dict[str, str]
) -> Iterator[tuple[Element, str]]:
    """Go through the body; what stands in a group or a repeat is asked under its heading."""
    for child in element:
        tag = _tag(child)
        if tag in CONTROLS:
            yield child, part
        elif tag == "repeat":
            repeats[(child.get("nodeset") or "").strip()] = part
            yield from _controls(child, part, texts, repeats)
        elif tag == "group":
            yield from _controls(child, _label(child, texts) or part, texts, repeats)


def _choices_of(control: Element, texts: Mapping[str, str], lists: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    for child in control:
        if _tag(child) == "itemset":
            named = _INSTANCE.search(child.get("nodeset") or "")
            return dict(lists.get(named.group(1), {})) if named else {}
    return dict(_choices(control, texts, "value"))


def _choices(element: Element, texts: Mapping[str, str], key: str) -> Iterator[tuple[str, str]]:
    for item in _all(element, "item"):
        parts = {_tag(one): one for one in item}
        if key not in parts:
            continue
        name = _text(parts[key])
        if "itextId" in parts:
            yield name, texts.get(_text(parts["itextId"]), name)
        else:
            yield name, _label(item, texts) or name


def _label(element: Element, texts: Mapping[str, str]) -> str:
    for child in element:
        if _tag(child) == "label":
            named = _ITEXT.search(child.get("ref") or "")
            return texts.get(named.group(1), "") if named else _text(child)
    return ""


def _text(element: Element) -> str:
    """Return the words of a label; where it repeats an answer stands an ellipsis, and its stars are left out."""
    pieces = [element.text or ""]
    for child in element:
        pieces += ["…" if _tag(child) == "output" else "".join(child.itertext()), child.tail or ""]
    return " ".join("".join(pieces).replace("**", "").split())


def _day(value: str) -> str:
    try:
        return format_day(date.fromisoformat(value[:10]))
    except ValueError:
        return value


def _place(value: str) -> str:
    numbers = value.split()
    if len(numbers) < 2:
        return value
    place = "; ".join(one.replace(".", ",") for one in numbers[:2])
    if len(numbers) > 3:
        try:
            return f"{place} (± {round(float(numbers[3]))} m)"
        except (ValueError, OverflowError):
            return place
    return place


def _all(root: Element, tag: str) -> Iterator[Element]:
    return (one for one in root.iter() if _tag(one) == tag)


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]

"""The English of the house: every sentence of screens and code gathered, and its translations kept.

Vietnamese is the language of the sentences themselves, so it needs no file. No gettext tools are needed: Python is read
by its syntax tree, templates by Django's own reader, and the file is written by Babel.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LANGUAGE = "en"
HEADER = "# English of Liên Thông. The msgid is the Vietnamese sentence itself.\n# Gathered by ./lienthong messages."
FIRST_DAY = datetime(2026, 11, 23, tzinfo=UTC)

# How many of the first arguments are sentences.
FUNCTIONS = {"gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "ngettext_lazy": 2}
_LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_CALL_IN_TEMPLATE = re.compile(rf"(?<!\w)(?:n?gettext|_)\(({_LITERAL}(?:,\s*{_LITERAL})*)", re.DOTALL)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|%%")

MsgId = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence (or its singular and plural) and where it stands."""

    msgid: MsgId
    file: str
    line: int


def po_file(checkout: Path) -> Path:
    """Return the file of translations."""
    return checkout / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def gather(checkout: Path) -> list[Sentence]:
    """Return every sentence of the source, file by file."""
    found = []
    for path in sorted((checkout / "src" / "lienthong").rglob("*.py")):
        if "migrations" not in path.parts:
            found += list(_in_python(path.read_text(encoding="utf-8"), str(path.relative_to(checkout))))
    for path in sorted((checkout / "templates").rglob("*.html")):
        found += list(_in_template(path.read_text(encoding="utf-8"), str(path.relative_to(checkout))))
    return found


def translating_names(tree: ast.AST) -> dict[str, int]:
    """Return the names by which a module calls the functions that translate, with how many sentences each takes."""
    return {
        alias.asname or alias.name: FUNCTIONS[alias.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in FUNCTIONS
    }


def translations(checkout: Path) -> Catalog:
    """Return what is translated already; nothing where there is no file yet."""
    file = po_file(checkout)
    if not file.exists():
        return Catalog(locale=LANGUAGE)
    with file.open("rb") as po:
        return read_po(po, locale=LANGUAGE)


def update(checkout: Path) -> Catalog:
    """Write the file of translations anew: new sentences empty, lost ones gone, every other translation kept."""
    old = translations(checkout)
    new = Catalog(
        locale=LANGUAGE,
        project="Liên Thông",
        header_comment=HEADER,
        creation_date=FIRST_DAY,
        revision_date=FIRST_DAY,
        version="1",
        msgid_bugs_address="-",
        last_translator="Liên Thông",
        language_team="Liên Thông",
        fuzzy=False,
    )
    for sentence in gather(checkout):
        known = old.get(sentence.msgid)
        new.add(sentence.msgid, _kept(known, sentence.msgid), locations=[(sentence.file, sentence.line)])
    file = po_file(checkout)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as po:
        write_po(po, new, width=0, include_lineno=False, sort_by_file=True)
    return new


def untranslated(catalog: Catalog) -> list[str]:
    """Return the sentences that have no English."""
    return [_first(message.id) for message in catalog if message.id and not _is_said(message.string)]


def mismatched(catalog: Catalog) -> list[str]:
    """Return the sentences whose English does not hold the same places for values."""
    wrong = []
    for message in catalog:
        if not message.id or not _is_said(message.string):
            continue
        wanted = set(_PLACEHOLDER.findall(_last(message.id)))
        if set(_PLACEHOLDER.findall(_last(message.string))) != wanted:
            wrong.append(_first(message.id))
    return wrong


def _kept(known: Message | None, msgid: MsgId) -> MsgId:
    """Return the translation to keep; one that was said without a plural serves for both numbers."""
    if known is None or not _is_said(known.string):
        return ("", "") if isinstance(msgid, tuple) else ""
    if isinstance(msgid, tuple):
        return (_first(known.string), _last(known.string))
    return _last(known.string)


def _in_python(source: str, file: str) -> Iterator[Sentence]:
    tree = ast.parse(source)
    names = translating_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            texts = tuple(
                argument.value
                for argument in node.args[: names[node.func.id]]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            )
            if texts:
                yield Sentence(texts if len(texts) > 1 else texts[0], file, node.lineno)


def _in_template(source: str, file: str) -> Iterator[Sentence]:
    readable = templatize(source, origin=file)
    for call in _CALL_IN_TEMPLATE.finditer(readable):
        texts = ast.literal_eval(f"({call[1]},)")
        line = readable.count("\n", 0, call.start()) + 1
        yield Sentence(texts if len(texts) > 1 else texts[0], file, line)


def _is_said(string: object) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


def _first(msgid: object) -> str:
    return str(msgid[0] if isinstance(msgid, (tuple, list)) else msgid)


def _last(msgid: object) -> str:
    return str(msgid[-1] if isinstance(msgid, (tuple, list)) else msgid)

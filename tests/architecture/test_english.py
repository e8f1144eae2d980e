"""Whatever the house says in Vietnamese, it can say in English: gathered by ``./lienthong messages``."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from lienthong.ops import messages

CHECKOUT = Path(__file__).resolve().parents[2]
SCREENS = [
    path
    for folder in ("portal", "office")
    for path in sorted((CHECKOUT / "src/lienthong" / folder).rglob("*.py"))
    if path.name != "apps.py"
]
VIETNAMESE = re.compile("[ăâđêôơư\u00e0-\u00fd\u1ea0-\u1ef9]", re.IGNORECASE)


@pytest.fixture(scope="module")
def english() -> Catalog:
    return messages.translations(CHECKOUT)


def test_every_sentence_of_screens_and_code_is_in_the_file(english: Catalog) -> None:
    unknown = {sentence.msgid for sentence in messages.gather(CHECKOUT) if english.get(sentence.msgid) is None}

    assert unknown == set(), "run ./lienthong messages"


def test_every_sentence_has_its_english(english: Catalog) -> None:
    assert messages.untranslated(english) == [], "fill them in in locale/en/LC_MESSAGES/django.po"


def test_english_holds_the_same_values(english: Catalog) -> None:
    assert messages.mismatched(english) == []


def test_nothing_is_fuzzy_or_obsolete(english: Catalog) -> None:
    assert [message.id for message in english if message.id and message.fuzzy] == []
    assert not english.obsolete


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: str(path.relative_to(CHECKOUT / "src/lienthong")))
def test_a_screen_says_nothing_that_cannot_be_translated(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = messages.translating_names(tree)
    said = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in told
        for part in ast.walk(node)
    }
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    mute = [
        f"{node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and VIETNAMESE.search(node.value)
        and id(node) not in said | docstrings
    ]

    assert mute == [], "wrap it in gettext, or in gettext_noop where it is translated later"

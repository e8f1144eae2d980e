"""Whatever the house says in Vietnamese, it can say in English: gathered by ``./lienthong messages``."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from lienthong.ops import messages

CHECKOUT = Path(__file__).resolve().parents[2]


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

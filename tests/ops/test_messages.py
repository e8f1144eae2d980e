"""Sentences are gathered from code and templates, and translations that are there are kept."""

from pathlib import Path

import pytest

from lienthong.infra.assets import compile_translations
from lienthong.ops import messages

CODE = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext as counted

title = gettext_lazy("Việc của tôi")

def said(name: str, n: int) -> str:
    other(_("Hồ sơ " "của %(name)s") % {"name": name})
    return counted("Còn %(n)s việc", "Còn %(n)s việc", n)

def other(text: str) -> str:
    return _(text)
"""
PAGE = """{% load i18n %}{% comment %}{% translate "Không ai thấy" %}{% endcomment %}
<h1>{% translate "Đúng hạn 100%" %}</h1>
{% blocktranslate count n=n trimmed %}
  {{ n }} hồ sơ của {{ name }}
{% plural %}
  {{ n }} hồ sơ của {{ name }}
{% endblocktranslate %}
{% button _("Gửi") %}
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout of one module and one page."""
    for path, text in {"src/lienthong/office/views.py": CODE, "templates/office/page.html": PAGE}.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


def test_gathers_every_sentence_of_code_and_templates(checkout: Path) -> None:
    found = {sentence.msgid for sentence in messages.gather(checkout)}

    assert found == {
        "Việc của tôi",
        "Hồ sơ của %(name)s",
        ("Còn %(n)s việc", "Còn %(n)s việc"),
        "Đúng hạn 100%%",
        ("%(n)s hồ sơ của %(name)s", "%(n)s hồ sơ của %(name)s"),
        "Gửi",
    }


def test_keeps_what_is_translated_and_drops_what_is_said_no_more(checkout: Path) -> None:
    messages.update(checkout)
    file = messages.po_file(checkout)
    told = file.read_text(encoding="utf-8").replace('msgid "Gửi"\nmsgstr ""', 'msgid "Gửi"\nmsgstr "Send"')
    file.write_text(told.replace("Việc của tôi", "Việc cũ"), encoding="utf-8")

    catalog = messages.update(checkout)

    assert catalog.get("Gửi").string == "Send"  # type: ignore[union-attr]
    assert catalog.get("Việc cũ") is None
    assert "Việc của tôi" in messages.untranslated(catalog)
    assert "Gửi" not in messages.untranslated(catalog)


def test_gathering_twice_changes_nothing(checkout: Path) -> None:
    messages.update(checkout)
    before = messages.po_file(checkout).read_bytes()

    messages.update(checkout)

    assert messages.po_file(checkout).read_bytes() == before


def test_notices_english_that_loses_a_value(checkout: Path) -> None:
    catalog = messages.update(checkout)
    catalog["Hồ sơ của %(name)s"].string = "A dossier"

    assert messages.mismatched(catalog) == ["Hồ sơ của %(name)s"]


def test_the_file_compiles(checkout: Path) -> None:
    messages.update(checkout)

    assert compile_translations(checkout / "locale") == 1

"""Questions of a procedure are asked alike everywhere, and their answers are kept as text."""

from __future__ import annotations

from datetime import date

import pytest

from lienthong.infra import forms
from lienthong.infra.questions import answer_text, answer_value, answer_words, question_field

CHOICES = (("yes", "Có"), ("no", "Không"))


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("line", forms.LineField),
        ("note", forms.NoteField),
        ("day", forms.DayField),
        ("money", forms.MoneyField),
        ("personal_id", forms.PersonalIdField),
        ("choice", forms.ChoiceField),
    ],
)
def test_each_kind_of_question_has_its_field(kind: str, field: type) -> None:
    asked = question_field(kind, label="Ngày chết", required=False, choices=CHOICES)

    assert type(asked) is field
    assert asked.label == "Ngày chết"
    assert not asked.required


def test_a_question_without_a_hint_keeps_the_hint_of_its_field() -> None:
    assert "27 11 2026" in str(question_field("day", label="Ngày chết").help_text)
    assert question_field("day", label="Ngày chết", hint="Theo trích lục").help_text == "Theo trích lục"


@pytest.mark.parametrize(
    ("kind", "value", "kept", "words"),
    [
        ("day", date(2026, 11, 2), "2026-11-02", "02/11/2026"),
        ("money", 1000000, "1000000", "1.000.000 ₫"),
        ("choice", "yes", "yes", "Có"),
        ("line", "Hoàng Thị Ổn", "Hoàng Thị Ổn", "Hoàng Thị Ổn"),
        ("day", None, "", ""),
    ],
)
def test_an_answer_is_kept_as_text_shown_again_and_read(kind: str, value: object, kept: str, words: str) -> None:
    assert answer_text(value) == kept
    assert answer_value(kind, kept) == (value if value is not None else None)
    assert answer_words(kind, kept, choices=CHOICES).replace("\xa0", " ") == words


def test_a_kept_answer_that_no_longer_reads_as_its_kind_asks_again() -> None:
    assert answer_value("day", "ngày kia") is None
    assert answer_words("day", "ngày kia") == "ngày kia"
    assert answer_value("money", "nhiều") is None

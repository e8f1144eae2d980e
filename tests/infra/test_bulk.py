"""Lines for the database come back as they were."""

import pytest
from django.db import connection

from lienthong.infra import bulk

TEXTS = ("", "540.000\u00a0₫", "a\tb", "a\nb", "a\r\nb", "C:\\tmp\\n", "\\N", "\\", 'Nguyễn "Thị" Ộ', "\\\t\\\n")


@pytest.mark.django_db
def test_any_text_comes_back() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE said (number integer, words text) ON COMMIT DROP")
        bulk.copy_lines("said", ("number", "words"), (bulk.line((place, text)) for place, text in enumerate(TEXTS)))
        cursor.execute("SELECT words FROM said ORDER BY number")

        assert tuple(words for (words,) in cursor.fetchall()) == TEXTS


@pytest.mark.django_db
def test_nothing_and_lists_and_truths_come_back() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE said (words text, numbers integer[], is_so boolean) ON COMMIT DROP")
        bulk.copy_lines("said", ("words", "numbers", "is_so"), [bulk.line((None, [1, 2], True))])
        cursor.execute("SELECT words, numbers, is_so FROM said")

        assert cursor.fetchall() == [(None, [1, 2], True)]

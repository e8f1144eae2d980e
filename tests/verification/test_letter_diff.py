"""Letters that differ are marked, and only those; who cannot see the marks is told the words."""

import unicodedata

import pytest

from lienthong.verification.letter_diff import LONGEST, letter_diff


def marked(ours: str, theirs: str) -> tuple[list[str], list[str]]:
    diff = letter_diff(ours=ours, theirs=theirs)
    return [one.text for one in diff.ours if one.differs], [one.text for one in diff.theirs if one.differs]


@pytest.mark.parametrize(
    ("ours", "theirs", "here", "there"),
    [
        ("Ma Thị Hương", "Ma Thị Hường", ["ơ"], ["ờ"]),
        ("MA THỊ HƯƠNG", "Ma Thị Hương", [], []),
        ("Lê An", "Lê Thị An", [], ["Thị"]),
        ("Lê Thị An", "Lê An", ["Thị"], []),
        ("Nguyễn Văn Lam", "Nguyễn Văn Nam", ["L"], ["N"]),
        ("019085001234", "019085001243", ["34"], ["43"]),
        ("12/05/1960", "21/05/1960", ["12"], ["21"]),
        ("19085001234", "019085001234", [], ["0"]),
        ("", "Tày", [], ["Tày"]),
        ("", "", [], []),
    ],
)
def test_marks_the_letters_that_differ(ours: str, theirs: str, here: list[str], there: list[str]) -> None:
    assert marked(ours, theirs) == (here, there)


def test_the_same_letters_written_in_two_ways_of_unicode_are_no_difference() -> None:
    apart = unicodedata.normalize("NFD", "Nguyễn Thị Ổn")

    diff = letter_diff(ours=apart, theirs="Nguyễn Thị Ổn")

    assert diff.words == ()
    assert [piece.differs for piece in diff.ours] == [False]


def test_the_pieces_give_both_texts_back() -> None:
    diff = letter_diff(ours="Hoàng  Văn Ẩn (con)", theirs="Hoàng Thị Ẩn")

    assert "".join(piece.text for piece in diff.ours) == "Hoàng  Văn Ẩn (con)"
    assert "".join(piece.text for piece in diff.theirs) == "Hoàng Thị Ẩn"


def test_words_that_differ_are_told_as_pairs() -> None:
    assert letter_diff(ours="Lường Thị Hoa", theirs="Lương Thị Hòa").words == (("Lường", "Lương"), ("Hoa", "Hòa"))
    assert letter_diff(ours="Lê An", theirs="Lê Thị An").words == (("", "Thị"),)


def test_a_text_that_nobody_reads_letter_by_letter_is_left_unmarked() -> None:
    diff = letter_diff(ours="a" * (LONGEST + 1), theirs="b")

    assert [piece.differs for piece in (*diff.ours, *diff.theirs)] == [False, False]
    assert diff.words == (("a" * (LONGEST + 1), "b"),)

"""MT940 as banks send it, and as it is refused."""

from datetime import date
from pathlib import Path

import pytest

from lienthong.payments.incoming.refusals import (
    AnswerRefused,
    DamagedAnswer,
    SumsDiffer,
    WrongAmount,
    WrongCurrency,
)
from lienthong.payments.line_keys import line_named_in
from tests.payments.incoming.statements import SWIFT, read, text_file

PAGES = """:20:LT1
:25:970405/0805000123456
:28C:00042/1
:60F:C260907VND1000000,
:61:2609070907D40000,NTRFNONREF//FT1
:62M:C260907VND960000,
-
:20:LT1
:25:970405/0805000123456
:28C:00042/2
:60M:C260907VND960000,
:61:2609070907D500000,NTRFNONREF//FT2
:62F:C260907VND460000,
:64:C260907VND460000,
-
"""


def test_a_plain_statement_is_read(tmp_path: Path) -> None:
    (statement,) = read(text_file(tmp_path, SWIFT))

    assert statement.head.statement_id == "2026/00042"
    assert [(line.reference, line.amount, line.text, line.bank_reference) for line in statement.lines] == [
        ("LT00000000000195", -540_000, "TRO CAP", "FT1")
    ]


@pytest.mark.parametrize(
    "before", ["", "\ufeff", "{1:F01VBAAVNVXAXXX0000000000}{2:I940X}{4:\r\n", "{1:F01VBAAVNVXAXXX}{4:"]
)
def test_envelopes_and_marks_of_order_do_not_matter(tmp_path: Path, before: str) -> None:
    (statement,) = read(text_file(tmp_path, before + SWIFT.replace("-\n", "-}\n")))

    assert statement.head.closing == 460_000


TRAILER = "-}{5:{MAC:12345678}{CHK:123456789ABC}}"
HEADS = "{1:F01VBAAVNVXAXXX0000000000}{2:I940VBAAVNVXXXXXN}{3:{108:A1}}{4:"


@pytest.mark.parametrize("between", ["\n", "\n\n", ""])
@pytest.mark.parametrize("last", [":86:TRO CAP\n", ":62F:C260907VND460000,\n", ":86:SO DU CUOI\n"])
def test_messages_follow_each_other_in_their_envelopes(tmp_path: Path, between: str, last: str) -> None:
    first = SWIFT.replace("-\n", "") + (last if last.endswith("CUOI\n") else "")
    second = SWIFT.replace(":28C:00042", ":28C:00043").replace("-\n", TRAILER)
    content = f"{HEADS}\n{first}{TRAILER}{between}{HEADS}\n{second}\n"

    statements = read(text_file(tmp_path, content))

    assert [(one.head.statement_id, one.lines[0].text) for one in statements] == [
        ("2026/00042", "TRO CAP"), ("2026/00043", "TRO CAP"),
    ]  # fmt: skip


def test_words_after_the_end_of_a_message_belong_to_nothing(tmp_path: Path) -> None:
    with pytest.raises(DamagedAnswer):
        read(text_file(tmp_path, SWIFT.replace("-\n", f":86:CUOI\n{TRAILER}\nLOI\n")))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("166?00CHUYEN TIEN?20TRO CAP LT000000?2100000195?22DA CHI", "166CHUYEN TIENTRO CAP LT00000000000195DA CHI"),
        ("?20TRO CAP LT000000\n?2100000195", "TRO CAP LT00000000000195"),
        ("?20LT00000000000195?2112345 THANG 9", "LT00000000000195 12345 THANG 9"),
        ("?20TRO CAP?21THANG 9", "TRO CAP THANG 9"),
        ("CO PHAI 20?", "CO PHAI 20?"),
    ],
)
def test_numbered_parts_are_words_and_cut_no_name(tmp_path: Path, words: str, said: str) -> None:
    (statement,) = read(
        text_file(tmp_path, SWIFT.replace("NTRFLT00000000000195", "NTRFNONREF").replace("TRO CAP", words))
    )

    assert statement.lines[0].text == said
    assert line_named_in(said) == (1 if "195" in said else None)


def test_pages_of_one_statement_belong_together(tmp_path: Path) -> None:
    (statement,) = read(text_file(tmp_path, PAGES))

    assert (statement.head.opening, statement.head.closing, statement.head.lines) == (1_000_000, 460_000, 2)
    assert statement.head.account == "0805000123456"


@pytest.mark.parametrize(
    ("was", "now", "error"),
    [
        (":60M:C260907VND960000,", ":60M:C260907VND960001,", SumsDiffer),
        (":62M:C260907VND960000,", ":62M:C260907VND960009,", SumsDiffer),
        (":60M:", ":60F:", DamagedAnswer),
        (":28C:00042/2", ":28C:00043/1", DamagedAnswer),
    ],
)
def test_pages_that_do_not_chain_are_refused(tmp_path: Path, was: str, now: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(text_file(tmp_path, PAGES.replace(was, now)))


@pytest.mark.parametrize(
    ("mark", "amount", "is_reversal"), [("D", -540_000, False), ("RD", 540_000, True), ("RC", -540_000, True)]
)
def test_marks_say_the_way_and_who_takes_back(tmp_path: Path, mark: str, amount: int, is_reversal: bool) -> None:
    closing = 1_000_000 + amount
    content = SWIFT.replace("0907D", f"0907{mark}").replace("VND460000", f"VND{closing}")

    (statement,) = read(text_file(tmp_path, content))
    assert (statement.lines[0].amount, statement.lines[0].is_reversal) == (amount, is_reversal)


def test_a_booking_over_new_year_has_the_right_year(tmp_path: Path) -> None:
    content = SWIFT.replace(":61:2609070907", ":61:2612310102").replace("62F:C260907", "62F:C270102")

    (statement,) = read(text_file(tmp_path, content))
    assert statement.lines[0].booked_on == date(2027, 1, 2)


def test_a_name_that_a_full_line_broke_is_whole_again(tmp_path: Path) -> None:
    words = "TRA TRO CAP XA HOI THANG 9 NAM 2026 XA PHU BINH TINH TN LT0000000"
    assert len(words) == 65
    content = SWIFT.replace("NTRFLT00000000000195", "NTRFNONREF").replace("TRO CAP", f"{words}\n0000195 DA CHI")

    (statement,) = read(text_file(tmp_path, content))
    assert line_named_in(statement.lines[0].text) == 1


@pytest.mark.parametrize(
    ("was", "now", "error", "words"),
    [
        ("D540000,", "D540000,50", WrongAmount, "phần lẻ"),
        ("D540000,", "D540.000,", WrongAmount, "không phải số tiền"),
        ("D540000,", "D-540000,", WrongAmount, "âm"),
        ("VND1000000", "USD1000000", WrongCurrency, "USD"),
        (":62F:C260907VND460000,", "", DamagedAnswer, "62F"),
        ("VND460000", "VND470000", SumsDiffer, "lệch"),
        (":61:2609070907D", ":61:2613070907D", AnswerRefused, "không phải ngày"),
        (":61:2609070907D", ":61:hom nay D", DamagedAnswer, "bút toán"),
        (":60F:C260907VND1000000,\n", "", DamagedAnswer, "60F"),
        (":25:0805000123456\n", "", AnswerRefused, ":25:"),
        (":86:TRO CAP", ":86:TRỢ CẤP \x00", DamagedAnswer, "văn bản"),
        (":86:TRO CAP", ":86:" + "x" * 5_000, DamagedAnswer, "dài"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(
    tmp_path: Path, was: str, now: str, error: type[Exception], words: str
) -> None:
    assert was in SWIFT
    with pytest.raises(error, match=words):
        read(text_file(tmp_path, SWIFT.replace(was, now)))


def test_other_encodings_are_refused_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(DamagedAnswer, match="Dòng 6"):
        read(
            text_file(
                tmp_path, SWIFT.replace("TRO CAP", "Trợ cấp é").replace("ợ", "o").replace("ấ", "a").encode("latin-1")
            )
        )


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.93])
def test_a_truncated_file_is_refused(tmp_path: Path, share: float) -> None:
    with pytest.raises(AnswerRefused):
        read(text_file(tmp_path, SWIFT[: int(len(SWIFT) * share)]))

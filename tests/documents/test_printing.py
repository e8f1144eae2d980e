"""The printed forms, read back by a reader that is not ours."""

import hashlib
import io
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from lienthong.documents.editions import NoEditionInForce
from lienthong.documents.form_data import FormData
from lienthong.documents.printing import _UNPRINTABLE, MISSING_LETTER, day_in_words, printable, render_form
from tests.documents import papers
from tests.documents.papers import PAPERS, RECEIPT

A5 = (420, 595)
A4_LANDSCAPE = (842, 595)
VOWELS = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf), strict=True)


def words_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in read(pdf).pages)


def squeezed(text: str) -> str:
    """The text without white space, where a line breaks being nobody's business."""
    return re.sub(r"[\s\u200b]+", "", unicodedata.normalize("NFC", text)).casefold()


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from value.split("\n")
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from texts_in(item)


def moments_in(value: Any) -> Iterator[datetime]:
    if isinstance(value, datetime):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from moments_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from moments_in(item)


@pytest.mark.parametrize("paper", PAPERS)
def test_every_word_of_the_data_stands_on_the_paper(paper: str) -> None:
    data = PAPERS[paper]
    printed = squeezed(words_of(render_form(data)))

    # The receipt shows the procedure's number in its QR code alone; only the supplement request prints what is wrong.
    hidden = {"1.001776"} | ({"Ảnh chụp mờ, không đọc được số giấy"} if paper == "receipt" else set())
    told = set(texts_in(data)) - hidden
    assert [text for text in told if squeezed(text) not in printed] == []


@pytest.mark.parametrize("paper", PAPERS)
def test_every_moment_of_the_data_stands_on_the_paper(paper: str) -> None:
    printed = squeezed(words_of(render_form(PAPERS[paper])))

    for moment in moments_in(PAPERS[paper]):
        words = f"{moment:%H} giờ {moment:%M} phút, {day_in_words(moment.date())}"
        short = f"{moment:%H:%M} {moment:%d/%m/%Y}"
        assert squeezed(words) in printed or squeezed(short) in printed


@pytest.mark.parametrize("paper", PAPERS)
def test_the_text_is_composed_as_it_is_read_back(paper: str) -> None:
    words = words_of(render_form(PAPERS[paper]))

    assert unicodedata.is_normalized("NFC", words)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in words
    assert "Độc lập - Tự do - Hạnh phúc" in words
    assert "Thái Nguyên, ngày 23 tháng 11 năm 2026" in words


@pytest.mark.parametrize("paper", PAPERS)
def test_is_made_for_archives_and_for_screen_readers(paper: str) -> None:
    reader = read(render_form(PAPERS[paper]))
    catalog = reader.root_object
    described = catalog["/Metadata"].get_data().decode()

    assert "<pdfaid:part>2</pdfaid:part>" in described
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in described
    assert "<pdfuaid:part>1</pdfuaid:part>" in described
    assert catalog["/Lang"].startswith("vi")
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/StructTreeRoot"]
    assert reader.metadata and reader.metadata.title
    assert all(
        "/FontFile3" in font["/FontDescriptor"] or "/FontFile2" in font["/FontDescriptor"] for font in fonts_of(reader)
    )


def fonts_of(reader: PdfReader) -> Iterator[Any]:
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            yield from (inner.get_object() for inner in font["/DescendantFonts"])


@pytest.mark.parametrize("paper", PAPERS)
def test_has_the_size_that_the_circular_says(paper: str) -> None:
    expected = A4_LANDSCAPE if paper == "register" else A5

    for page in read(render_form(PAPERS[paper])).pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == expected


@pytest.mark.parametrize("paper", [paper for paper in PAPERS if paper != "register"])
def test_a_usual_dossier_fits_on_one_page(paper: str) -> None:
    assert len(read(render_form(PAPERS[paper])).pages) == 1


@pytest.mark.parametrize("house", ["http://localhost:8000", "https://motcua.thainguyen.gov.vn"])
def test_the_address_of_a_receipt_can_be_copied_and_opened(house: str) -> None:
    address = f"{house}/track/5f0b8f4e-3c63-4a57-9d52-0d1f6c1d7c11/"
    pdf = render_form(replace(RECEIPT, tracking_url=address))

    page = read(pdf).pages[0]
    assert address in page.extract_text().splitlines()
    assert [note.get_object()["/A"]["/URI"] for note in page["/Annots"]] == [address]
    assert overhang(pdf) <= 0
    assert len(read(pdf).pages) == 1


def test_a_long_address_breaks_after_a_stroke_with_no_letter_in_between() -> None:
    address = f"https://{'motcua.' * 9}vn/track/5f0b8f4e-3c63-4a57-9d52-0d1f6c1d7c11/"

    words = words_of(render_form(replace(RECEIPT, tracking_url=address)))

    assert address in words.replace("/\n", "/")


def test_the_codes_are_pictures_with_words() -> None:
    tree = read(render_form(RECEIPT))
    words = [
        found["/Alt"]
        for number in range(1, len(tree.xref[0]) + 1)
        if isinstance(found := tree.get_object(number), dict) and "/Alt" in found
    ]

    assert sorted(words) == [
        f"Mã QR của giấy này: {papers.CODE}",
        f"Mã QR mở trang tra cứu hồ sơ {papers.CODE}",
    ]


def test_the_same_data_give_the_same_bytes() -> None:
    assert render_form(RECEIPT) == render_form(replace(RECEIPT))


def test_the_same_data_give_the_same_bytes_in_another_process() -> None:
    ours = hashlib.sha256(render_form(RECEIPT)).hexdigest()
    program = (
        "import hashlib; from tests.documents.papers import RECEIPT;"
        "from lienthong.documents.printing import render_form;"
        "print(hashlib.sha256(render_form(RECEIPT)).hexdigest())"
    )
    checkout = Path(__file__).parents[2]
    other = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": f"{checkout / 'src'}:{checkout}", "TZ": "America/New_York"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert other.stdout.strip() == ours


def test_demo_data_say_so_on_every_page() -> None:
    many = papers.register(40)

    assert all("Dữ liệu trình diễn" in page.extract_text() for page in read(render_form(many, demo=True)).pages)
    assert "Dữ liệu trình diễn" not in words_of(render_form(many))


class TestLongContent:
    def test_thirty_items_flow_over_pages_with_their_heading(self) -> None:
        reader = read(render_form(replace(RECEIPT, items=papers.items(30))))

        assert 2 <= len(reader.pages) <= 3
        for number, page in enumerate(reader.pages[:2], start=1):
            assert "Tên giấy tờ" in page.extract_text()
            assert f"Trang {number}/{len(reader.pages)}" in page.extract_text()
        printed = squeezed(" ".join(page.extract_text() for page in reader.pages))
        assert all(squeezed(f"{item.number}{item.name}") in printed for item in papers.items(30))

    @pytest.mark.parametrize("paper", PAPERS)
    def test_names_of_300_characters_are_printed_whole_and_inside_the_page(self, paper: str) -> None:
        name = ("Nguyễn Phúc Bảo Ường Ỡ " * 20)[:300].strip()
        data = PAPERS[paper]
        longer = {
            field.name: name
            for field in fields(data)
            if field.name in {"applicant_name", "addressee", "recipient_name", "owner_name", "summary", "lead_agency"}
        }
        if paper == "register":
            longer = {"rows": tuple(replace(row, applicant_name=name) for row in papers.register(3).rows)}
        pdf = render_form(replace(data, **longer))

        assert squeezed(name) in squeezed(words_of(pdf))
        assert overhang(pdf) <= 0

    def test_a_word_of_300_letters_breaks_inside_the_page(self) -> None:
        word, address = "Ậ" * 300, f"https://{'x' * 300}.vn/{'0' * 300}"
        pdf = render_form(
            replace(RECEIPT, applicant_name=word, email=f"{'x' * 120}@{'y' * 60}.vn", summary=word, address=address)
        )

        assert squeezed(words_of(pdf)).count(squeezed(word)) == 2
        assert overhang(pdf) <= 0

    def test_a_thousand_dossiers_fill_a_register(self) -> None:
        reader = read(render_form(papers.register(1000)))

        assert "H55.19-261123-1000" in words_of_page(reader, -2) + words_of_page(reader, -1)
        assert all("Mã hồ sơ" in page.extract_text() for page in reader.pages[:-1])


def words_of_page(reader: PdfReader, number: int) -> str:
    return reader.pages[number].extract_text()


def overhang(pdf: bytes) -> float:
    """How far, in points, the text that begins farthest right begins beyond the right edge of its page."""
    beyond: list[float] = []
    for page in read(pdf).pages:
        width = float(page.mediabox.width)
        page.extract_text(
            visitor_text=lambda text, _cm, tm, _font, _size, width=width: (
                beyond.append(tm[4] - width) if text.strip() else None
            )
        )
    return max(beyond)


class TestLetters:
    def test_every_vietnamese_letter_with_every_tone(self) -> None:
        letters = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES] + ["đ", "Đ"]
        text = " ".join(letters)

        assert printable(text) == text
        assert squeezed(text) in squeezed(words_of(render_form(replace(RECEIPT, summary=text))))

    def test_decomposed_letters_are_composed(self) -> None:
        data = replace(RECEIPT, applicant_name=unicodedata.normalize("NFD", papers.APPLICANT))

        assert render_form(data) == render_form(RECEIPT)

    def test_every_letter_that_counts_as_printable_can_be_printed(self) -> None:
        letters = [chr(code) for code in range(0x20, 0x2600) if not _UNPRINTABLE.match(chr(code))]
        carried = ["a" + letter if unicodedata.combining(letter) else letter for letter in letters]
        lines = [
            "".join(f"{letter} " for letter in carried[start : start + 40]) for start in range(0, len(carried), 40)
        ]

        assert len(letters) > 2000
        render_form(replace(papers.SUPPLEMENT, reason="\n".join(lines)))

    @pytest.mark.parametrize("letter", ["😀", "王", "ꦀ", "\ue000", "\x00", "\x07", "\ufffe"])
    def test_what_no_font_knows_is_a_box_and_not_an_error(self, letter: str) -> None:
        words = words_of(render_form(replace(RECEIPT, applicant_name=f"Nguyễn {letter} An")))

        assert squeezed(f"Nguyễn {MISSING_LETTER} An") in squeezed(words)

    def test_invisible_letters_are_left_out(self) -> None:
        assert printable("Nguyễn\u200b\u202e Văn\u2066 An\ufeff") == "Nguyễn Văn An"

    @pytest.mark.parametrize(
        "text",
        [
            "Nguyễn Văn \"Tý\" 'Sửu' “Dần” <b>Mão</b> &amp; C:\\Thìn",
            "#let x = 1; #panic() $a^2$ *b* _c_ `d` @e <f> = g - h + i / j // k /* l */ [m] {n} \\ ~ --- ...",
            "= Tiêu đề",
            "- mục",
            "1. mục",
            '#image("/etc/passwd") #read("frame.typ")',
        ],
    )
    def test_what_looks_like_markup_is_only_text(self, text: str) -> None:
        data = replace(RECEIPT, applicant_name=text, summary=text, items=(replace(RECEIPT.items[0], name=text),))

        assert squeezed(words_of(render_form(data))).count(squeezed(text)) == 3


class TestEditions:
    @pytest.mark.parametrize(
        ("paper", "before", "after"),
        [
            ("receipt", "Mẫu số 01 – Thông tư số 01/2018/TT-VPCP", "Mẫu số 01 – Thông tư số 03/2025/TT-VPCP"),
            ("apology", "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ", "VĂN BẢN XIN LỖI"),
            ("control", "Mẫu số 05 – Thông tư số 01/2018/TT-VPCP", "Mẫu số 06 – Thông tư số 03/2025/TT-VPCP"),
            ("register", "Mẫu số 06 – Thông tư số 01/2018/TT-VPCP", "Mẫu số 07 – Thông tư số 03/2025/TT-VPCP"),
        ],
    )
    def test_the_day_of_issue_chooses_the_edition(self, paper: str, before: str, after: str) -> None:
        old = words_of(render_form(replace(PAPERS[paper], issued_on=date(2025, 9, 14))))
        new = words_of(render_form(replace(PAPERS[paper], issued_on=date(2025, 9, 15))))

        assert before in old and after not in old
        assert after in new and before not in new

    @pytest.mark.parametrize("data", [papers.RESULT_SLIP, replace(papers.STOP, issued_on=date(2022, 9, 5))])
    def test_a_form_that_no_circular_has_carries_no_number(self, data: FormData) -> None:
        assert "Mẫu số" not in words_of(render_form(data)).replace("Mẫu số 1d", "")

    def test_before_the_first_edition_nothing_is_printed(self) -> None:
        with pytest.raises(NoEditionInForce, match=r"05/01/2019.*editions\.yaml"):
            render_form(replace(RECEIPT, issued_on=date(2019, 1, 5)))

    def test_a_refusal_after_receipt_is_called_so(self) -> None:
        assert "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ" in words_of(render_form(PAPERS["refusal"]))
        assert "PHIẾU TỪ CHỐI GIẢI QUYẾT HỒ SƠ" in words_of(render_form(PAPERS["refusal_later"]))


class TestMoments:
    @pytest.mark.parametrize(
        ("day", "words"),
        [
            (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
            (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
            (date(2026, 11, 23), "ngày 23 tháng 11 năm 2026"),
        ],
    )
    def test_days_are_written_as_official_papers_do(self, day: date, words: str) -> None:
        assert day_in_words(day) == words

    def test_moments_are_those_of_vietnamese_clocks(self) -> None:
        from datetime import UTC

        data = replace(RECEIPT, received_at=datetime(2026, 11, 23, 1, 5, tzinfo=UTC))

        assert "08 giờ 05 phút, ngày 23 tháng 11 năm 2026" in words_of(render_form(data))

    def test_without_a_time_limit_the_paper_says_so(self) -> None:
        assert "không quy định thời hạn" in words_of(render_form(replace(RECEIPT, promised_at=None)))


@pytest.mark.parametrize("paper", PAPERS)
def test_what_is_not_given_leaves_room_or_nothing(paper: str) -> None:
    optional = {field.name: "" for field in fields(PAPERS[paper]) if field.default == ""}

    words = words_of(render_form(replace(PAPERS[paper], **optional)))

    assert "None" not in words and "none" not in words

"""Orders as workbooks of a bank's own columns, and lists that people sign."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from lienthong.documents.printing import render_form
from lienthong.payments.outgoing.papers import ROWS_ON_A_PAGE, ROWS_ON_FIRST_PAGE, ListRow, payment_list
from lienthong.payments.outgoing.values import OrderRefused
from lienthong.payments.outgoing.workbook import MOST_ROWS, write_transfer_workbook
from lienthong.payments.templates import InTemplate, OutTemplate, TemplateRefused, in_template, out_template
from tests.payments.orders import order, transfer

AGRIBANK = out_template(
    [
        {"heading": "STT", "field": "number"}, {"heading": "So TK", "field": "account"}, {"heading": "Ten", "field": "holder"},
        {"heading": "So tien", "field": "amount"}, {"heading": "ND", "field": "purpose"}, {"heading": "Loai tien", "text": "VND"},
        {"heading": "Ma dong", "field": "key"},
    ],
    sheet="CHI LUONG",
)  # fmt: skip


def test_a_workbook_has_the_banks_columns_and_identifiers_are_text(tmp_path: Path) -> None:
    transfers = [transfer(1, account="000123"), transfer(2, 1_080_000, holder="=1+1 Lò Văn Ỷ")]
    file = tmp_path / "chi.xlsx"
    write_transfer_workbook(order(transfers), transfers, template=AGRIBANK, to=file)

    rows = python_calamine.CalamineWorkbook.from_path(str(file)).get_sheet_by_name("CHI LUONG").to_python()
    assert rows[0] == ["STT", "So TK", "Ten", "So tien", "ND", "Loai tien", "Ma dong"]
    assert rows[1] == ["1", "000123", "Nguyen Thi Anh", 540_000, "Tro cap xa hoi thang 9/2026", "VND", transfers[0].key]
    assert rows[2][2] == "1+1 Lo Van Y"


def test_the_same_order_gives_the_same_workbook(tmp_path: Path) -> None:
    transfers = [transfer(line) for line in range(1, 30)]
    for name in ("a.xlsx", "b.xlsx"):
        write_transfer_workbook(order(transfers), transfers, template=OutTemplate(), to=tmp_path / name)

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_more_lines_than_a_sheet_holds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OrderRefused, match=r"pain\.001"):
        write_transfer_workbook(order([], lines=MOST_ROWS + 1), [], template=AGRIBANK, to=tmp_path / "chi.xlsx")


NEEDED = [{"heading": name, "field": name} for name in ("key", "account", "holder", "amount")]


@pytest.mark.parametrize(
    ("columns", "more", "words"),
    [
        (NEEDED[:1], {}, "thiếu trường bắt buộc"),
        ([*NEEDED, {"heading": "L", "field": "salary"}], {}, "salary"),
        ([*NEEDED, NEEDED[0]], {}, "hai lần"),
        ([*NEEDED, {"heading": "L"}], {}, "Cột thứ 5"),
        ([*NEEDED, {"field": "number"}], {}, "Cột thứ 5"),
        (NEEDED, {"first_row": 1}, "Dòng đầu"),
        (NEEDED, {"sheet": "a/b"}, "trang tính"),
    ],
)
def test_a_template_that_cannot_work_says_why(columns: list[dict[str, str]], more: dict[str, Any], words: str) -> None:
    with pytest.raises(TemplateRefused, match=words):
        out_template(columns, **more)


def test_heads_stand_right_above_the_first_row(tmp_path: Path) -> None:
    file = tmp_path / "chi.xlsx"
    write_transfer_workbook(order([transfer(1)]), [transfer(1)], template=out_template(NEEDED, first_row=6), to=file)

    rows = python_calamine.CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert rows[4] == ["key", "account", "holder", "amount"]
    assert rows[5][1] == "0123456789"


def test_a_template_of_statements_needs_both_balances() -> None:
    assert in_template({}) == InTemplate()
    with pytest.raises(TemplateRefused, match="số dư cuối kỳ"):
        in_template(
            {"columns": {"booked_on": "N", "debit": "C", "credit": "T"}, "labels": {"account": "TK", "opening": "D"}}
        )


def rows_of_a_list(count: int) -> list[ListRow]:
    return [
        ListRow(
            key=f"LT{number:014d}", person=f"Nguyễn Văn Thử {number}", payee="", number="019045000123",
            address="Xóm Đồng Tâm", benefit="Trợ cấp xã hội, tháng 9/2026", amount=540_000 + number,
        )
        for number in range(1, count + 1)
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 8, 9, 20, 47])
def test_pages_of_a_list_add_up_to_its_total(count: int) -> None:
    paper = payment_list(
        rows_of_a_list(count), agency_lines=("Sở Nội vụ",), place="Thái Nguyên", issued_on=date(2026, 9, 3),
        month=date(2026, 9, 1), channel_words="qua bưu điện", unit="xã Phú Bình", message_id="LT-1",
    )  # fmt: skip

    assert [row for page in paper.pages for row in page.rows] == rows_of_a_list(count)
    assert paper.pages[-1].amount_so_far == sum(page.amount for page in paper.pages) == paper.amount
    assert len(paper.pages[0].rows) <= ROWS_ON_FIRST_PAGE
    assert all(len(page.rows) <= ROWS_ON_A_PAGE for page in paper.pages)
    assert [page.first for page in paper.pages][:2] == [1, 9][: len(paper.pages)]


def test_a_list_is_drawn_with_its_total_in_words() -> None:
    paper = payment_list(
        rows_of_a_list(30), agency_lines=("Sở Nội vụ",), place="Thái Nguyên", issued_on=date(2026, 9, 3),
        month=date(2026, 9, 1), channel_words="bằng tiền mặt", unit="xã Phú Bình", message_id="LT-1",
    )  # fmt: skip

    assert paper.amount_words == "Mười sáu triệu hai trăm nghìn bốn trăm sáu mươi lăm đồng"
    assert render_form(paper).startswith(b"%PDF")
    assert render_form(paper) == render_form(paper)

"""What the post or a cashier hands back: which lines of the list were paid, which not collected. Kết quả chi trả."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from lienthong.kernel.text import fold
from lienthong.payments.incoming.cells import clean
from lienthong.payments.incoming.refusals import AnswerRefused, ColumnsWrong, WrongAmount
from lienthong.payments.incoming.sheets import Row, amount_in, day_in, find_heads, is_blank, name_in, rows_of
from lienthong.payments.incoming.values import PaidResult
from lienthong.payments.line_keys import line_of

HEADS: Final[Mapping[str, str]] = {
    "key": "Mã dòng",
    "amount": "Số tiền",
    "result": "Kết quả",
    "on": "Ngày nhận",
    "reason": "Lý do chưa nhận",
}
PAID_WORDS: Final = "Đã nhận"
UNCOLLECTED_WORDS: Final = "Chưa nhận"
_RESULTS: Final = {
    "da nhan": True, "da chi": True, "da tra": True, "x": True,
    "chua nhan": False, "chua chi": False, "chua tra": False, "khong den nhan": False,
}  # fmt: skip
_TOTALS: Final = ("cong", "tong")


def read_paid_list(file: Path) -> Iterator[PaidResult]:
    """Yield the result of each line; lines without one are left for later.

    Raises:
        AnswerRefused: With row, column and reason. What was yielded before is worth nothing.
    """
    rows = rows_of(file)
    _number, places = find_heads(rows, HEADS, seen=[])
    seen: dict[int, int] = {}
    for number, row in rows:
        if is_blank(row[places["key"]]):
            words = next((fold(cell) for cell in row if isinstance(cell, str) and cell.strip()), "")
            if words and not words.startswith(_TOTALS) and not is_blank(row[places["result"]]):
                raise AnswerRefused("dòng có kết quả nhưng không ghi mã dòng.", row=number, column=HEADS["key"])
            continue
        result = _result(row, number, places)
        if result is None:
            continue
        if earlier := seen.get(result.line_id):
            raise AnswerRefused(f"mã dòng đã ghi ở dòng {earlier}.", row=number, column=HEADS["key"])
        seen[result.line_id] = number
        yield result
    if not seen:
        raise ColumnsWrong(
            f"Không có dòng nào ghi kết quả. Hãy ghi “{PAID_WORDS}” hoặc “{UNCOLLECTED_WORDS}” ở cột “{HEADS['result']}”."
        )


def _result(row: Row, number: int, places: Mapping[str, int]) -> PaidResult | None:
    key = name_in(row[places["key"]], row=number, column=HEADS["key"], at_most=64)
    line_id = line_of(key)
    if line_id is None:
        raise AnswerRefused(f"“{key[:30]}” không phải mã dòng của danh sách.", row=number, column=HEADS["key"])
    if is_blank(row[places["result"]]):
        return None
    words = clean(str(row[places["result"]]), at_most=40)
    is_paid = _RESULTS.get(fold(words))
    if is_paid is None:
        raise AnswerRefused(
            f"không hiểu “{words}”; ghi “{PAID_WORDS}” hoặc “{UNCOLLECTED_WORDS}”.", row=number, column=HEADS["result"]
        )
    amount = amount_in(row[places["amount"]], row=number, column=HEADS["amount"], as_text=False)
    if not amount:
        raise WrongAmount("số tiền bằng 0.", row=number, column=HEADS["amount"])
    if is_paid and is_blank(row[places["on"]]):
        raise AnswerRefused("đã nhận nhưng không ghi ngày.", row=number, column=HEADS["on"])
    on = day_in(row[places["on"]], row=number, column=HEADS["on"]) if is_paid else None
    reason = "" if is_paid or is_blank(row[places["reason"]]) else clean(str(row[places["reason"]]), at_most=300)
    return PaidResult(number, line_id, amount, is_paid, on, reason)

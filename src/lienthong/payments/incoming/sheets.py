"""A workbook of strangers, row by row: safe to open, cells as they stand, and where each of them is.

Đọc sổ Excel. Numbers that name something must be text, or zeros in front of them are lost; amounts must be numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import python_calamine

from lienthong.kernel.days import parse_day
from lienthong.kernel.money import parse_dong
from lienthong.kernel.text import fold
from lienthong.payments.incoming.cells import MOST_AMOUNT, clean
from lienthong.payments.incoming.refusals import (
    AnswerRefused,
    ColumnsWrong,
    DamagedAnswer,
    DangerousAnswer,
    EmptyAnswer,
    TooManyLines,
    WrongAmount,
    ZerosLost,
)
from lienthong.payments.incoming.values import MOST_LINES
from lienthong.verification.tables import TableRefused
from lienthong.verification.tables.refusals import FileTooLarge
from lienthong.verification.tables.workbook_safety import look_through

Row = list[Any]
_HEAD_WITHIN: Final = 60
_MOST_COLUMNS: Final = 200
_YEARS: Final = range(2000, 2100)


def rows_of(file: Path) -> Iterator[tuple[int, Row]]:
    """Yield number and cells of each row of the first sheet that holds anything; numbers are those that Excel shows.

    Raises:
        AnswerRefused: No workbook, a locked or broken one, one that would unfold beyond measure, or too many rows.
    """
    if not file.stat().st_size:
        raise EmptyAnswer("Tệp rỗng. Hãy lấy lại từ nơi gửi.")
    try:
        look_through(file)
    except FileTooLarge as bomb:
        raise DangerousAnswer(str(bomb)) from bomb
    except TableRefused as broken:
        raise DamagedAnswer(str(broken)) from broken
    try:
        with python_calamine.CalamineWorkbook.from_path(str(file)) as book:
            yield from _rows(book)
    except (AnswerRefused, GeneratorExit, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except python_calamine.PasswordError as locked:
        raise DamagedAnswer("Tệp được đặt mật khẩu nên không đọc được. Hãy bỏ mật khẩu rồi nạp lại.") from locked
    except BaseException as broken:  # the reader's panics are no Exception
        raise DamagedAnswer("Tệp Excel không đọc được đến hết. Hãy mở bằng Excel, lưu lại rồi nạp.") from broken


def _rows(book: Any) -> Iterator[tuple[int, Row]]:
    sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    filled = [sheet for sheet in sheets if sheet.start is not None]
    if not filled:
        raise EmptyAnswer("Mọi trang tính đều trống. Hãy lấy lại từ nơi gửi.")
    sheet = filled[0]
    if sheet.end[0] + 1 > MOST_LINES:
        limit = f"{MOST_LINES:,}".replace(",", ".")
        raise TooManyLines(
            f"trang tính “{sheet.name}” có {sheet.end[0] + 1} dòng, nhiều nhất {limit}. Hãy kiểm tra có đúng tệp không.",
            row=sheet.end[0] + 1,
        )
    if sheet.end[1] + 1 > _MOST_COLUMNS:
        raise ColumnsWrong(f"Trang tính “{sheet.name}” có {sheet.end[1] + 1} cột, nhiều nhất {_MOST_COLUMNS}.")
    # Every row comes, empty ones above the first too; columns count from A.
    yield from enumerate(sheet.iter_rows(), start=1)


def find_heads(
    rows: Iterator[tuple[int, Row]], heads: Mapping[str, str], *, seen: list[tuple[int, Row]]
) -> tuple[int, dict[str, int]]:
    """Walk to the row of heads and return its number and the place of each field.

    Args:
        rows: From the first row on; stands behind the heads afterwards.
        heads: Our fields with the head of their column.
        seen: Rows above the heads are put here.

    Raises:
        ColumnsWrong: A head is not there, or twice.
    """
    wanted = {fold(head): field for field, head in heads.items()}
    best: tuple[int, int, dict[str, list[int]]] = (0, 0, {})
    for number, row in rows:
        found: dict[str, list[int]] = {}
        for place, cell in enumerate(row):
            if isinstance(cell, str) and (field := wanted.get(fold(cell).strip(" :*"))):
                found.setdefault(field, []).append(place)
        if len(found) == len(wanted):
            if doubled := [heads[field] for field, places in found.items() if len(places) > 1]:
                raise ColumnsWrong(f"cột “{doubled[0]}” có hai lần; hãy bỏ bớt một cột.", row=number)
            return number, {field: places[0] for field, places in found.items()}
        if len(found) > best[0]:
            best = (len(found), number, found)
        seen.append((number, row))
        if number >= _HEAD_WITHIN:
            break
    missing = ", ".join(f"“{head}”" for field, head in heads.items() if field not in best[2])
    where = f" (dòng {best[1]} có một phần các cột)" if best[0] > 1 else ""
    raise ColumnsWrong(f"Không tìm thấy cột {missing}{where}. Hãy dùng đúng mẫu cột đã thống nhất với ngân hàng.")


def is_blank(cell: Any) -> bool:
    """Tell whether nothing stands in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def amount_in(cell: Any, *, row: int, column: str, as_text: bool) -> int:
    """Read an amount: a whole number above 0 in a cell of numbers, or text where the template says so.

    Raises:
        WrongAmount: Text, a fraction, a negative or endless number.
    """
    if isinstance(cell, str):
        if not as_text:
            raise WrongAmount(
                f"số tiền “{clean(cell, at_most=30)}” là văn bản, không phải số. Hãy để ô ở dạng số.",
                row=row,
                column=column,
            )
        try:
            value: float | int = parse_dong(cell)
        except ValueError as unreadable:
            raise WrongAmount(str(unreadable), row=row, column=column) from unreadable
    elif isinstance(cell, bool) or not isinstance(cell, int | float):
        raise WrongAmount(f"“{clean(str(cell), at_most=30)}” không phải số tiền.", row=row, column=column)
    else:
        value = cell
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 -- what is not equal to itself is no number
        raise WrongAmount("không phải số tiền.", row=row, column=column)
    if value != int(value):
        raise WrongAmount(f"số tiền {value} có phần lẻ; đồng không có xu.", row=row, column=column)
    if value < 0:
        raise WrongAmount(f"số tiền {int(value)} âm.", row=row, column=column)
    if value > MOST_AMOUNT:
        raise WrongAmount(f"số tiền {value} lớn bất thường.", row=row, column=column)
    return int(value)


def name_in(cell: Any, *, row: int, column: str, at_most: int) -> str:
    """Read what names something (an account, a reference): text only.

    Raises:
        ZerosLost: It is a number, so that zeros in front may be gone.
    """
    if is_blank(cell):
        return ""
    if not isinstance(cell, str):
        raise ZerosLost(
            f"“{clean(str(cell), at_most=30)}” là số chứ không phải văn bản, các số 0 ở đầu có thể đã mất. "
            "Hãy đặt cột ở dạng văn bản (Text) và lấy lại từ phần mềm gốc.",
            row=row, column=column,
        )  # fmt: skip
    return clean(cell.lstrip("'"), at_most=at_most)


def day_in(cell: Any, *, row: int, column: str) -> date:
    """Read a day: a cell of days, or text such as 05/09/2026.

    Raises:
        AnswerRefused: It is no day of this time.
    """
    if isinstance(cell, datetime):
        day: date | None = cell.date()
    elif isinstance(cell, date):
        day = cell
    elif isinstance(cell, str):
        try:
            day = parse_day(cell.strip().split(" ")[0])
        except ValueError:
            day = None
    else:
        day = None
    if day is None or day.year not in _YEARS:
        raise AnswerRefused(
            f"“{clean(str(cell), at_most=30)}” không phải ngày. Hãy ghi dạng 05/09/2026.", row=row, column=column
        )
    return day

"""Points tables as files: the form to fill in, and reading what came back with every problem named by its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from lienthong.rules.poverty.points import CHOICES, COLUMNS, NUMBERS, Feature, Kind, Level, PointsTable
from lienthong.rules.poverty.points_reading import ROW_COLUMNS, check_points_table, table_from_rows
from lienthong.verification.tables.file_kind import FileKind, kind_of
from lienthong.verification.tables.labels import column_letters, key_of_label
from lienthong.verification.tables.refusals import NotATable, TableRefused
from lienthong.verification.tables.separated import read_separated
from lienthong.verification.tables.table import ROW_NUMBER, Grid
from lienthong.verification.tables.workbook import read_workbook

MOST_ROWS: Final = 2_000
HEADS: Final = {
    "feature": "Mã đặc điểm",
    "feature_label": "Tên đặc điểm",
    "kind": "Cách lấy",
    "level": "Mã mức",
    "level_label": "Tên mức",
    "minimum": "Từ",
    "maximum": "Đến",
    **COLUMNS,
}
_KINDS: Final = {"tu tinh": Kind.DERIVED.value, "hoi": Kind.ASKED.value}
_FEATURE_LABELS: Final = {
    "household_size": "Số nhân khẩu của hộ",
    "dependants": "Số người phụ thuộc",
    "pensioners": "Số người hưởng lương hưu",
    "highest_qualification": "Bằng cấp cao nhất của thành viên",
    "best_job": "Việc làm tốt nhất của thành viên",
    "wall": "Tường nhà",
    "pillar": "Cột nhà",
    "roof": "Mái nhà",
}
_LEVEL_LABELS: Final = {
    "college": "Cao đẳng trở lên",
    "vocational": "Sơ cấp, trung cấp nghề",
    "upper_secondary": "Trung học phổ thông",
    "lower": "Thấp hơn hoặc chưa có",
    "public": "Công chức, viên chức",
    "non_farm": "Việc phi nông nghiệp khác",
    "none": "Nông nghiệp hoặc không có việc",
    "durable": "Bền chắc",
    "not_durable": "Không bền chắc",
}
_LAST_NUMBERS: Final = {"household_size": (1, 9), "dependants": (0, 5), "pensioners": (0, 2)}
_ROW_IN_WORDS: Final = re.compile(r"\bdòng (\d+)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """One thing that is wrong with the file of a points table, and where.

    Lỗi của tệp bảng điểm.

    Attributes:
        sheet: Of a workbook; what was read of other files.
        row: As Excel numbers it; None where it concerns the whole sheet.
        column: Its name as people call it; None where it concerns no single one.
    """

    sheet: str
    row: int | None
    column: str | None
    sentence: str

    def __str__(self) -> str:
        row = f"dòng {self.row}" if self.row else ""
        column = f"cột “{self.column}”" if self.column else ""
        place = ", ".join(filter(None, [self.sheet, row, column]))
        return f"{place[:1].upper()}{place[1:]}: {self.sentence}"


class PointsFileRefused(ValueError):
    """The file makes no points table; ``problems`` has all of them."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        self.problems = tuple(problems)
        count = f"Bảng điểm có {len(self.problems)} lỗi, chưa nạp gì." if len(self.problems) > 1 else ""
        super().__init__(f"{count} {self.problems[0]}".strip())


def read_points_file(path: Path, *, version: str, name: str, is_superseded: bool = False) -> PointsTable:
    """Read a points table from XLSX, XLS, ODS or CSV.

    Args:
        path: Where the file lies.
        version: How the table will be named.
        name: What its sender calls the file.
        is_superseded: Whether it is of an earlier period.

    Raises:
        TableRefused: It is no table at all.
        PointsFileRefused: With everything that is wrong.
    """
    try:
        grid = _grid(path)
    except TableRefused as refusal:
        raise type(refusal)(str(refusal).replace(path.name, name)) from refusal
    sheet = grid.source.partition(", ")[2] or "tệp CSV"
    heads, rows, numbers, head_row = _under_heads(grid, sheet)
    problems = _of_heads(heads, head_row, sheet)
    if not problems:
        problems = [
            _placed(problem, numbers, head_row, heads, sheet) for problem in check_points_table(rows, first_row=1)
        ]
    if problems:
        raise PointsFileRefused(problems)
    return table_from_rows(rows, version=version, is_superseded=is_superseded, first_row=1)


def _grid(path: Path) -> Grid:
    kind = kind_of(path)
    if kind is FileKind.PARQUET:
        raise NotATable(f"Tệp “{path.name}” là Parquet. Bảng điểm nhận tệp XLSX hoặc CSV theo mẫu.")
    grid = read_separated(path) if kind is FileKind.TEXT else read_workbook(path, kind=kind)
    if grid.frame.height > MOST_ROWS:
        raise NotATable(
            f"Tệp “{path.name}” có {grid.frame.height} dòng; một bảng điểm chỉ có vài trăm. Hãy kiểm tra có đúng tệp không."
        )
    return grid


def _under_heads(grid: Grid, sheet: str) -> tuple[list[str], list[dict[str, Any]], list[int], int]:
    """Find the row of heads, and give the rows below it by our names, with their numbers in the file."""
    columns = [column for column in grid.frame.columns if column != ROW_NUMBER]
    heads: list[str] = []
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    head_row = 0
    for record in grid.frame.iter_rows(named=True):
        cells = [str(record[column] or "").strip() for column in columns]
        if not any(cells):
            continue
        if not heads:
            named = [_our_name(cell) or "" for cell in cells]
            if sum(map(bool, named)) >= 3:
                heads = [ours or cell for ours, cell in zip(named, cells, strict=True)]
                head_row = int(record[ROW_NUMBER])
            continue
        row = {head: cell for head, cell in zip(heads, cells, strict=True) if head}
        row["kind"] = _KINDS.get(key_of_label(row.get("kind", "")), row.get("kind", ""))
        rows.append(row)
        numbers.append(int(record[ROW_NUMBER]))
    if not heads:
        words = ", ".join(HEADS[name] for name in ROW_COLUMNS)
        raise PointsFileRefused(
            [
                FileProblem(
                    sheet=sheet, row=None, column=None,
                    sentence=f"không thấy dòng tiêu đề với các cột {words}. Hãy tải mẫu về và điền vào mẫu.",
                )
            ]
        )  # fmt: skip
    return heads, rows, numbers, head_row


def _our_name(head: str) -> str | None:
    key = key_of_label(head)
    return next((name for name, words in HEADS.items() if key in {key_of_label(words), key_of_label(name)}), None)


def _of_heads(heads: Sequence[str], head_row: int, sheet: str) -> list[FileProblem]:
    problems = [
        FileProblem(sheet=sheet, row=head_row, column=words, sentence="thiếu cột này; hãy thêm vào bảng.")
        for name, words in HEADS.items()
        if name not in heads
    ]
    for place, head in enumerate(heads):
        if head in HEADS and head in heads[:place]:
            sentence = f"cột này có hai lần (lần thứ hai ở cột {column_letters(place)}); hãy bỏ một cột."
            problems.append(FileProblem(sheet=sheet, row=head_row, column=HEADS[head], sentence=sentence))
        elif head and head not in HEADS:
            sentence = "không biết cột này; hãy bỏ, hoặc sửa tên cho đúng mẫu."
            problems.append(FileProblem(sheet=sheet, row=head_row, column=head, sentence=sentence))
    return problems


def _placed(problem: Any, numbers: Sequence[int], head_row: int, heads: Sequence[str], sheet: str) -> FileProblem:
    """Give a problem of the rows, counted from 1, the numbers that the rows have in the file."""

    def number(place: int) -> int:
        return numbers[place - 1] if 1 <= place <= len(numbers) else head_row

    return FileProblem(
        sheet=sheet,
        row=None if problem.row is None else number(problem.row),
        column=HEADS.get(problem.column, problem.column),
        sentence=_ROW_IN_WORDS.sub(lambda found: f"dòng {number(int(found[1]))}", problem.sentence),
    )


def rows_of(table: PointsTable) -> list[list[Any]]:
    """Give a table as the rows of its file, in the order of ``HEADS``."""
    return [
        [
            feature.code,
            feature.label,
            "tự tính" if feature.kind is Kind.DERIVED else "hỏi",
            level.code,
            level.label,
            level.minimum,
            level.maximum,
            *(level.points.get(column) for column in COLUMNS),
        ]
        for feature in table.features
        for level in feature.levels
    ]


def table_workbook(table: PointsTable) -> bytes:
    """Return a table as the workbook that ``read_points_file`` reads."""
    return _workbook(rows_of(table))


def template_workbook() -> bytes:
    """Return the form to fill in: a row for each level that is derived from other answers, without points."""
    rows = []
    for code in (*NUMBERS, *CHOICES):
        levels = _number_levels(code) if code in NUMBERS else _choice_levels(code)
        feature = Feature(code=code, label=_FEATURE_LABELS[code], kind=Kind.DERIVED, levels=levels)
        rows += rows_of(PointsTable(version="", features=(feature,), columns=()))
    return _workbook(rows)


def _number_levels(code: str) -> tuple[Level, ...]:
    first, last = _LAST_NUMBERS[code]
    return tuple(
        Level(
            code=f"from_{number}" if number == last else f"exactly_{number}",
            label=f"{number} người trở lên" if number == last else f"{number} người",
            minimum=number,
            maximum=None if number == last else number,
            points={},
        )
        for number in range(first, last + 1)
    )


def _choice_levels(code: str) -> tuple[Level, ...]:
    return tuple(Level(code=level, label=_LEVEL_LABELS[level], points={}) for level in CHOICES[code])


_EXPLAINED: Final = (
    "Mỗi dòng là một mức của một đặc điểm; mỗi cột vùng là số điểm, số nguyên từ 0 trở lên.",
    "Mã đặc điểm, mã mức: chữ thường không dấu, số, dấu gạch dưới. Cách lấy: “tự tính” (từ câu trả lời khác) hoặc “hỏi”.",
    "Đặc điểm tính theo số: ghi Từ và Đến; mức cuối để trống Đến. Các mức phải nối nhau, không hở, không chồng.",
    "Có thể đổi các mức theo số, và thêm đặc điểm “hỏi” với mã tự đặt; phiếu khảo sát sẽ hỏi đúng các mức ấy.",
    "Đặc điểm “tự tính” không cho điểm thì xóa cả nhóm dòng, hoặc ghi 0 ở mọi mức.",
)


def _workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet("Bảng điểm")
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    text, points = book.add_format({"num_format": "@"}), book.add_format({"num_format": "0"})
    for place, words in enumerate(HEADS.values()):
        page.write_string(0, place, words, head)
        page.set_column(place, place, 26 if place in {1, 4} else 16)
    for line, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, int):
                page.write_number(line, place, value, points)
            else:
                page.write_string(line, place, value or "", text if place < len(ROW_COLUMNS) - 2 else points)
    page.freeze_panes(1, 2)
    notes = book.add_worksheet("Cách điền")
    notes.set_column(0, 0, 110)
    for line, sentence in enumerate(_EXPLAINED):
        notes.write_string(line, 0, sentence)
    book.close()
    return buffer.getvalue()

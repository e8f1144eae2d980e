"""Spreadsheets out: row by row, whole or refused."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from io import BytesIO

import openpyxl
import pytest

from lienthong.infra import sheets


def read(content: bytes) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True))


def test_text_stays_text_and_numbers_stay_numbers() -> None:
    content = sheets.sheet(["Số", "Tên", "Tiền"], [("001", "=1+1", 540_000), (None, True, 1.5)])

    assert read(content) == [("Số", "Tên", "Tiền"), ("001", "=1+1", 540_000), ("", "True", 1.5)]


def test_memory_does_not_grow_with_the_rows() -> None:
    def peak_of(count: int) -> int:
        rows: Iterator[tuple[int, str, str]] = ((n, f"Nguyễn Thị Hòa {n}", f"0191540{n:05d}") for n in range(count))
        tracemalloc.start()
        content = sheets.sheet(["Số", "Tên", "Định danh"], rows)
        peak = tracemalloc.get_traced_memory()[1] - 2 * len(content)
        tracemalloc.stop()
        return peak

    assert peak_of(6_000) < peak_of(1_000) + 300_000


def test_a_list_longer_than_a_sheet_is_refused_and_never_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "ROWS_AT_MOST", 2)

    assert len(read(sheets.sheet(["Số"], [("1",), ("2",)]))) == 3
    with pytest.raises(sheets.TooManyRows, match="dài hơn 2 dòng"):
        sheets.sheet(["Số"], iter([("1",), ("2",), ("3",)]))

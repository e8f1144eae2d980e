"""Write a long table into a workbook in seconds.

XlsxWriter makes the workbook with its heads, widths and formats; the rows, of which there are hundreds of thousands, are
put in as columns of text. Cell by cell they would take longer than the whole comparison. Trang tính dài.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO

import polars as pl
import xlsxwriter

from lienthong.verification.tables.labels import column_letters

MOST_ROWS = 1_048_575
_LONGEST_CELL = 32_767
_BATCH = 20_000
_UNSPEAKABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"
# Excel reads _x0041_ as a letter; a text that happens to look so is written with its first mark spelt out.
_LOOKS_ESCAPED = r"(_x[0-9A-Fa-f]{4}_)"
_STYLE = rb'<col min="(\d+)" max="(\d+)"[^>]*? style="(\d+)"'


def write_long_sheet(
    frame: pl.DataFrame, *, path: Path, title: str, widths: Mapping[str, int], shares: Sequence[str] = ()
) -> None:
    """Write a frame; beyond Excel's last row it goes on in another sheet.

    Args:
        frame: Text columns, and those of ``shares``.
        path: Where.
        title: Name of the sheet.
        widths: Width of columns, 18 where none is given.
        shares: Columns of numbers from 0 to 1. All others are text, and stay text whatever they look like.
    """
    parts = [frame.slice(start, MOST_ROWS) for start in range(0, max(frame.height, 1), MOST_ROWS)]
    skeleton = _skeleton(parts, title, widths, shares)
    with (
        zipfile.ZipFile(skeleton) as bones,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as book,
    ):
        for entry in bones.infolist():
            found = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", entry.filename)
            if found:
                with book.open(entry.filename, "w", force_zip64=True) as sheet:
                    _fill(sheet, bones.read(entry), parts[int(found[1]) - 1], shares)
            else:
                book.writestr(entry.filename, bones.read(entry))


def _skeleton(parts: Sequence[pl.DataFrame], title: str, widths: Mapping[str, int], shares: Sequence[str]) -> BytesIO:
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
        text, share = book.add_format({"num_format": "@"}), book.add_format({"num_format": "0.0000"})
        for number, part in enumerate(parts, start=1):
            sheet = book.add_worksheet(title if number == 1 else f"{title} {number}")
            for place, column in enumerate(part.columns):
                sheet.set_column(place, place, widths.get(column, 18), share if column in shares else text)
                sheet.write_string(0, place, column, head)
            sheet.freeze_panes(1, 1)
            sheet.autofilter(0, 0, part.height, len(part.columns) - 1)
    return made


def _fill(sheet: IO[bytes], bones: bytes, part: pl.DataFrame, shares: Sequence[str]) -> None:
    styles = {
        place: int(style)
        for first, last, style in re.findall(_STYLE, bones)
        for place in range(int(first) - 1, int(last))
    }
    last = f"{column_letters(len(part.columns) - 1)}{part.height + 1}".encode()
    before, after = bones.split(b"</sheetData>")
    sheet.write(re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1:' + last + b'"/>', before, count=1))
    line = pl.col("_line")
    cells = [
        _cell(part[name], column_letters(place), styles.get(place, 0), line, is_share=name in shares)
        for place, name in enumerate(part.columns)
    ]
    row = pl.concat_str([pl.lit('<row r="'), line, pl.lit('">'), *cells, pl.lit("</row>")])
    for start in range(0, part.height, _BATCH):
        batch = part.slice(start, _BATCH).with_columns(
            pl.int_range(start + 2, pl.len() + start + 2).cast(pl.String).alias("_line")
        )
        sheet.write("".join(batch.select(row).to_series().to_list()).encode())
    sheet.write(b"</sheetData>" + after)


def _cell(column: pl.Series, letters: str, style: int, line: pl.Expr, *, is_share: bool) -> pl.Expr:
    value = pl.col(column.name)
    opening = [pl.lit(f'<c r="{letters}'), line, pl.lit(f'" s="{style}"')]
    if is_share:
        written = pl.concat_str([*opening, pl.lit("><v>"), value.cast(pl.String), pl.lit("</v></c>")])
        is_empty = value.is_null() | value.is_nan() | value.is_infinite()
    else:
        text = (
            value.str.head(_LONGEST_CELL)
            .str.replace_all(_UNSPEAKABLE, "")
            .str.replace_all(_LOOKS_ESCAPED, "_x005F${1}")
            .str.replace_many(["&", "<", ">"], ["&amp;", "&lt;", "&gt;"])
        )
        preserved = pl.lit(' t="inlineStr"><is><t xml:space="preserve">')
        written = pl.concat_str([*opening, preserved, text, pl.lit("</t></is></c>")])
        is_empty = value.is_null()
    return pl.when(is_empty).then(pl.lit("")).otherwise(written)

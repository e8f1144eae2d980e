"""The columns that the engine asks for, out of a table and its mapping. Dữ liệu chuẩn.

Values stay as the file has them, as text: what they mean is the engine's business. Only what the file spreads over
several columns is joined, and rows that hold nobody are set apart, each with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from lienthong.verification.tables.mapping import BySex, ColumnMapping, FirstOf, Joined, Source
from lienthong.verification.tables.refusals import EmptyFile, RecordIdsRefused
from lienthong.verification.tables.table import ROW_NUMBER, SkippedRows, Table, in_ranges, name_rows
from lienthong.verification.tables.vocabulary import TableKind

REGISTER_COLUMNS = (
    "record_id", "list_name", "number", "full_name", "birth_date", "sex", "ethnicity", "commune_code", "village",
    "household_id", "head_name",
)  # fmt: skip
POPULATION_COLUMNS = (
    "number", "old_number", "full_name", "birth_date", "sex", "ethnicity", "commune_code", "household_id", "is_head",
    "life_status",
)  # fmt: skip
_YES = ("true", "1", "x", "có", "co", "yes", "chủ hộ", "chu ho", "c", "đúng")
_HEAD_WORDS = ("chủ hộ", "chu ho", "ch", "01", "1", "chủ", "bản thân chủ hộ")
_DEAD = r"(?i)chết|chet|đã mất|da mat|tử vong|tu vong|qua đời|^mất$|khai tử|dead|deceased|^0$|đã xóa"
_GROUP = (
    r"(?i)^\s*(([IVXLC]+|[A-Z]|\d+)\s*[.\-)/:]\s*)?(xã|phường|thị trấn|thôn|xóm|tổ dân phố|tdp|tổ|bản|ấp|khối|khu|huyện|thành phố|"
    r"hộ nghèo|hộ cận nghèo|danh sách|đối tượng|nhóm)\b"
)
_MARKS_OF_NO = ("0", "-", "không", "khong", "k", "false", "no")


@dataclass(frozen=True, slots=True)
class Canonical:
    """Our columns, and the account of every row. Dữ liệu chuẩn.

    Attributes:
        frame: Our columns; for a register also ``row_number``.
        skipped: Every row of the file that is no record, in the order of the file, with its reason.
        notices: What a person should look at.
        rows_in_file: Rows of the file altogether: those of ``frame`` and those skipped.
    """

    frame: pl.DataFrame
    skipped: tuple[SkippedRows, ...]
    notices: tuple[str, ...]
    rows_in_file: int


def canonical_frame(table: Table, mapping: ColumnMapping) -> Canonical:
    """Give our columns.

    Args:
        table: What was read.
        mapping: Which of its columns are ours; as a person has confirmed it, or as it was guessed.

    Raises:
        RecordIdsRefused: A record id stands twice or is absent; the sentence names the rows.
        EmptyFile: No row holds anybody.
    """
    columns = {
        TableKind.REGISTER: (*REGISTER_COLUMNS, "relation"),
        TableKind.POPULATION: (*POPULATION_COLUMNS, "relation"),
        TableKind.COMMUNES: ("old", "new"),
    }[mapping.kind]
    frame = table.frame.select(*(_value(mapping, field).cast(pl.String).alias(field) for field in columns), ROW_NUMBER)
    frame, skipped = _without_nobody(frame, mapping)
    if not frame.height:
        raise EmptyFile("Không có dòng nào ghi họ tên hay số định danh. Hãy kiểm tra tiêu đề và ánh xạ cột.")
    notices = [*table.notices, *_odd_numbers(frame)]
    if mapping.kind is TableKind.REGISTER:
        frame = _register(frame, mapping)
    elif mapping.kind is TableKind.POPULATION:
        frame = _population(frame)
    skipped = sorted([*table.skipped, *skipped], key=lambda rows: rows.first)
    return Canonical(frame, tuple(skipped), tuple(notices), table.rows_in_file)


def _value(mapping: ColumnMapping, field: str) -> pl.Expr:
    source = mapping.columns.get(field)
    if field == "sex" and source is None and isinstance(mapping.columns.get("birth_date"), BySex):
        source = mapping.columns["birth_date"]
    return _expression(source, field)


def _expression(source: Source | None, field: str) -> pl.Expr:
    if source is None:
        return pl.lit(None, dtype=pl.String)
    if isinstance(source, str):
        return pl.col(source)
    if isinstance(source, FirstOf):
        return pl.coalesce(source.columns)
    if isinstance(source, BySex):
        male, female = _is_marked(source.male), _is_marked(source.female)
        if field != "sex":
            return pl.when(male).then(pl.col(source.male)).when(female).then(pl.col(source.female))
        return pl.when(male & ~female).then(pl.lit("Nam")).when(female & ~male).then(pl.lit("Nữ"))
    if field == "birth_date" and isinstance(source, Joined) and len(source.columns) == 3:
        return _date(*source.columns)
    return pl.concat_str(source.columns, separator=" ", ignore_nulls=True).replace("", None)


def _is_marked(head: str) -> pl.Expr:
    return pl.col(head).is_not_null() & ~pl.col(head).str.strip_chars().str.to_lowercase().is_in(_MARKS_OF_NO)


def _date(day: str, month: str, year: str) -> pl.Expr:
    """Join day, month and year; what is unknown is left out from the left."""
    parts = [pl.col(head).str.strip_chars() for head in (day, month, year)]
    known = [part.is_not_null() & ~part.is_in(["0", "00", "-", "?"]) for part in parts]
    return (
        pl.when(~known[2])
        .then(None)
        .when(known[0] & known[1])
        .then(pl.concat_str([parts[0].str.zfill(2), parts[1].str.zfill(2), parts[2]], separator="/"))
        .when(known[1])
        .then(pl.concat_str([parts[1].str.zfill(2), parts[2]], separator="/"))
        .otherwise(parts[2])
    )


def _without_nobody(frame: pl.DataFrame, mapping: ColumnMapping) -> tuple[pl.DataFrame, list[SkippedRows]]:
    """Set apart rows that hold nobody: names of groups, and rows with neither a name nor a number."""
    if mapping.kind is TableKind.COMMUNES:
        half = pl.col("old").is_null() | pl.col("new").is_null()
        lost = frame.filter(half)[ROW_NUMBER].to_list()
        return frame.filter(~half), in_ranges(lost, "thiếu mã xã cũ hoặc mã xã mới")
    has_id = pl.col("record_id").is_not_null() if mapping.kind is TableKind.REGISTER else pl.lit(value=False)
    nothing_else = pl.col("number").is_null() & pl.col("birth_date").is_null() & pl.col("sex").is_null()
    doubtful = frame.filter(~has_id & nothing_else)
    groups = doubtful.filter(pl.col("full_name").str.contains(_GROUP))[ROW_NUMBER]
    nobody = frame.filter(~has_id & pl.col("number").is_null() & pl.col("full_name").is_null())[ROW_NUMBER]
    if not len(groups) + len(nobody):
        return frame, []
    skipped = [
        *in_ranges(groups.to_list(), "dòng tên nhóm, không phải người"),
        *in_ranges(nobody.to_list(), "không có họ tên và số định danh"),
    ]
    return frame.filter(~pl.col(ROW_NUMBER).is_in(pl.concat([groups, nobody]).implode())), skipped


def _odd_numbers(frame: pl.DataFrame) -> list[str]:
    if "number" not in frame.columns:
        return []
    negative = frame.filter(pl.col("number").str.contains(r"^\s*[-−]\s*\d"))[ROW_NUMBER].to_list()
    scientific = frame.filter(pl.col("number").str.contains(r"^\s*\d([.,]\d+)?[eE]\+?\d+\s*$"))[ROW_NUMBER].to_list()
    sentences = []
    if negative:
        sentences.append(f"{len(negative)} số định danh là số âm ({name_rows(negative)}). Hãy xem lại các dòng ấy.")
    if scientific:
        sentences.append(
            f"{len(scientific)} số định danh ở dạng lũy thừa như 1.9E+10 ({name_rows(scientific)}): Excel đã làm mất các chữ "
            "số cuối. Hãy lấy lại số từ giấy tờ."
        )
    return sentences


def _register(frame: pl.DataFrame, mapping: ColumnMapping) -> pl.DataFrame:
    if mapping.columns.get("record_id") is None:
        frame = frame.with_columns(pl.col(ROW_NUMBER).cast(pl.String).alias("record_id"))
    else:
        _refuse_record_ids(frame)
    if mapping.columns.get("relation") is not None:
        frame = _with_heads(frame, mapping)
    return frame.select(*REGISTER_COLUMNS, ROW_NUMBER)


def _refuse_record_ids(frame: pl.DataFrame) -> None:
    absent = frame.filter(pl.col("record_id").is_null())[ROW_NUMBER].to_list()
    if absent:
        raise RecordIdsRefused(
            f"Thiếu mã bản ghi ở {name_rows(absent)}. Hãy điền mã, hoặc ghi record_id: null trong tệp ánh xạ để dùng số dòng."
        )
    doubled = frame.filter(pl.col("record_id").is_duplicated())
    if doubled.height:
        groups = doubled.group_by("record_id", maintain_order=True).agg(ROW_NUMBER)
        named = "; ".join(f"“{key}” ở {name_rows(rows)}" for key, rows in groups.head(5).iter_rows())
        raise RecordIdsRefused(
            f"{groups.height} mã bản ghi bị trùng: {named}. Hãy sửa cho mỗi dòng một mã, hoặc ghi record_id: null trong tệp "
            "ánh xạ để dùng số dòng."
        )


def _is_head() -> pl.Expr:
    return pl.col("relation").str.strip_chars().str.to_lowercase().is_in(_HEAD_WORDS).fill_null(value=False)


def _with_heads(frame: pl.DataFrame, mapping: ColumnMapping) -> pl.DataFrame:
    """Name the head beside each member, where the file only says who is one: "Quan hệ với chủ hộ"."""
    household = (
        pl.col("household_id")
        if mapping.columns.get("household_id") is not None
        # Without a code a household begins at its head and ends before the next one.
        else pl.when(_is_head().cum_sum() > 0).then(_is_head().cum_sum().cast(pl.String))
    )
    frame = frame.with_columns(household.alias("household_id"))
    if mapping.columns.get("head_name") is not None:
        return frame
    head = pl.col("full_name").filter(_is_head()).first().over("household_id")
    return frame.with_columns(pl.when(pl.col("household_id").is_not_null()).then(head).alias("head_name"))


def _population(frame: pl.DataFrame) -> pl.DataFrame:
    is_dead = _of_words(frame["life_status"], pl.col("word").str.strip_chars().str.contains(_DEAD))
    life = pl.select(pl.when(is_dead).then(pl.lit("chet")).otherwise(pl.lit("song"))).to_series()
    if frame["is_head"].null_count() < frame.height:
        heads = _of_words(frame["is_head"], pl.col("word").str.strip_chars().str.to_lowercase().is_in(_YES))
    else:
        heads = _of_words(frame["relation"], pl.col("word").str.strip_chars().str.to_lowercase().is_in(_HEAD_WORDS))
    return frame.with_columns(heads.alias("is_head"), life.alias("life_status")).select(POPULATION_COLUMNS)


def _of_words(cells: pl.Series, question: pl.Expr) -> pl.Series:
    """Answer a question once for each distinct word, not once for each of a million people."""
    words = cells.unique().drop_nulls()
    answers = pl.DataFrame({"word": words}).select(question.alias("answer"))["answer"] if len(words) else words
    return cells.replace_strict(words, answers, default=False, return_dtype=pl.Boolean).fill_null(value=False)

"""Results: one row for each record, identifiers as text, whole or not at all."""

from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.verification.tables import long_sheet, read_table, write_results
from lienthong.verification.tables.refusals import ResultRefused
from lienthong.verification.tables.results import COLUMNS

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)


def verdicts(**columns: list[object]) -> pl.DataFrame:
    rows = len(next(iter(columns.values())))
    base: dict[str, list[object]] = {
        "record_id": [str(place) for place in range(rows)], "status": ["verified"] * rows, "number": [None] * rows,
        "probability": [0.5] * rows, "name_verdict": ["equal"] * rows, "explanation": ["Khớp."] * rows,
    }  # fmt: skip
    return pl.DataFrame({**base, **columns}, schema_overrides={"number": pl.String, "record_id": pl.String})


def test_the_columns_are_those_that_were_agreed() -> None:
    assert COLUMNS == (
        "rid", "status", "cccd", "probability", "number_verdict", "old_number_verdict", "name_verdict", "birth_verdict",
        "sex_verdict", "ethnicity_verdict", "commune_verdict", "head_verdict", "explanation",
    )  # fmt: skip


def test_a_workbook_holds_identifiers_as_text_and_formulas_as_words(tmp_path: Path) -> None:
    frame = verdicts(
        record_id=["007", "=1+1"],
        number=["019161004321", None],
        explanation=["=CMD()", "<&> _x0041_ http://x \x0b"],
        probability=[0.9987, 0.0],
    )
    write_results(frame, path=tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    rows = list(sheet.iter_rows())

    assert tuple(cell.value for cell in rows[0]) == COLUMNS
    assert [rows[1][0].value, rows[1][2].value, rows[1][3].value] == ["007", "019161004321", 0.9987]
    assert (rows[1][0].data_type, rows[1][2].data_type, rows[2][0].data_type, rows[1][12].data_type) == ("s",) * 4
    assert rows[2][2].value is None
    assert read_table(tmp_path / "a.xlsx").frame["explanation"][1] == "<&> _x0041_ http://x "
    assert sheet.freeze_panes == "B2"
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_parquet_holds_nothing_where_nobody_was_found(tmp_path: Path) -> None:
    write_results(verdicts(number=["019161004321", None]), path=tmp_path / "a.parquet")
    frame = pl.read_parquet(tmp_path / "a.parquet")

    assert frame.columns == list(COLUMNS)
    assert frame["cccd"].to_list() == ["019161004321", None]
    assert frame.schema["rid"] == pl.String


@given(st.lists(st.tuples(TEXT, st.from_regex(r"\A0\d{11}\Z")), min_size=1, max_size=5))
@pytest.mark.parametrize("kind", ["xlsx", "parquet"])
def test_what_is_written_is_what_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, kind: str, people: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("results") / f"a.{kind}"
    write_results(verdicts(record_id=[one for one, _ in people], number=[number for _, number in people]), path=path)
    table = read_table(path)

    assert table.frame["cccd"].to_list() == [number for _, number in people]
    assert table.frame["rid"].to_list() == [one for one, _ in people]


@pytest.mark.parametrize(
    ("name", "words"), [("a.csv", "đuôi .xlsx hoặc .parquet"), ("không-có/a.xlsx", "Không có thư mục")]
)
def test_results_go_only_where_they_can(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(ResultRefused, match=words):
        write_results(verdicts(number=[None]), path=tmp_path / name)


def test_a_result_that_fails_half_way_leaves_the_old_one_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.parquet"
    write_results(verdicts(number=["019161004321"]), path=path)
    before = path.read_bytes()

    def full(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(ResultRefused, match="chỗ trống"):
        write_results(verdicts(number=[None]), path=path)

    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["a.parquet"]


def test_what_is_longer_than_a_sheet_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_sheet, "MOST_ROWS", 3)
    monkeypatch.setattr(long_sheet, "_BATCH", 2)
    write_results(verdicts(number=[None] * 7), path=tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")

    assert book.sheetnames == ["Kết quả", "Kết quả 2", "Kết quả 3"]
    found = [[row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] for sheet in book.worksheets]
    assert found == [["0", "1", "2"], ["3", "4", "5"], ["6"]]

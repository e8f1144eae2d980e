"""Parquet: every type as text, and two million rows within bounds."""

import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from lienthong.verification.tables import read_table
from lienthong.verification.tables.refusals import DamagedFile, EmptyFile
from tests.verification.tables.files import records

TWO_MILLION = 2_000_000
MEGABYTES = 1_600


def test_every_type_is_written_as_a_person_would(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "rid": pl.Series([7, None], dtype=pl.Int32),
            "so": [19161004321.0, float("nan")],
            "he_so": [1.5, 2.0],
            "ngay_sinh": [date(1961, 6, 5), None],
            "luc": [datetime(2020, 1, 2), datetime(2020, 1, 2, 3, 4, 5)],
            "chu_ho": [True, False],
            "tien": pl.Series([Decimal("540000.00"), Decimal("1.25")], dtype=pl.Decimal(12, 2)),
            "loai": pl.Series(["HN", "HN"], dtype=pl.Categorical),
            "trong": ["  ", ""],
            "ho_ten": ["Lý A Páo", " Hà Thị Na"],
            "nhieu": [[1], [2]],
        }
    )
    frame.write_parquet(tmp_path / "a.parquet")
    table = read_table(tmp_path / "a.parquet")

    assert records(table) == [
        ["7", "19161004321", "1.5", "1961-06-05", "2020-01-02", "true", "540000", "HN", None, "Lý A Páo"],
        [None, None, "2", None, "2020-01-02T03:04:05", "false", "1.25", "HN", None, " Hà Thị Na"],
    ]
    assert table.notices == ("Bỏ qua cột nhiều tầng: “nhieu”.",)


def test_no_rows_and_broken_pages_are_refused(tmp_path: Path) -> None:
    pl.DataFrame({"ho_ten": []}, schema={"ho_ten": pl.String}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(EmptyFile, match="không có dòng"):
        read_table(tmp_path / "a.parquet")

    pl.DataFrame({"ho_ten": ["Lý A Páo"] * 1000}).write_parquet(tmp_path / "b.parquet")
    content = bytearray((tmp_path / "b.parquet").read_bytes())
    content[-40:-10] = b"\xff" * 30
    (tmp_path / "b.parquet").write_bytes(content)
    with pytest.raises(DamagedFile):
        read_table(tmp_path / "b.parquet")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "quoted.csv", "parquet"])
def test_two_million_rows_stay_within_bounds(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"people.{kind}"
    place = pl.int_range(TWO_MILLION, eager=True)
    frame = pl.DataFrame(
        {
            "cccd": pl.Series([f"0191{number:08d}" for number in place]),
            "ho_ten": pl.Series(["Nguyễn Thị Hạnh", "Trần Văn Đức"] * (TWO_MILLION // 2)),
            "ngay_sinh": pl.Series(["19610605", "19580000"] * (TWO_MILLION // 2)),
            "gioi_tinh": pl.Series(["Nữ", "Nam"] * (TWO_MILLION // 2)),
            "ma_xa": pl.Series(["11085", "11120"] * (TWO_MILLION // 2)),
        }
    )
    if kind == "parquet":
        frame.write_parquet(path)
    else:
        frame.write_csv(path, quote_style="always" if kind == "quoted.csv" else "necessary")
    del frame
    program = (
        "import sys; from pathlib import Path;"
        "from lienthong.verification.tables import *;"
        "table = read_table(Path(sys.argv[1]));"
        "guess = guess_mapping(table, kind=TableKind.POPULATION);"
        "frame = canonical_frame(table, guess.require(table)).frame;"
        # getrusage would count what the process that started this one held.
        "held = Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0];"
        "print(frame.height, frame['number'][-1], int(held) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    rows, last, megabytes = done.stdout.split()
    assert (rows, last) == (str(TWO_MILLION), "019101999999")
    assert int(megabytes) < MEGABYTES

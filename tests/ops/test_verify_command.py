"""``./lienthong verify`` as somebody types it: two files, a report, and refusals with exit code 2."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from lienthong.verification.linkage.vocabulary import Status
from lienthong.verification.tables.results import COLUMNS

CHECKOUT = Path(__file__).resolve().parents[2]
SURNAMES = ["NÔNG", "TRẦN", "LÝ", "HÀ", "VI", "NGUYỄN", "HOÀNG", "MA"]
MIDDLE = ["THỊ", "VĂN"]
GIVEN = ["HẠNH", "ĐỨC", "PÁO", "NA", "TÚ", "MƠ", "QUYÊN", "SƠN", "TUẤN", "HUỆ", "BÌNH"]
PEOPLE = 2_400


def people() -> pl.DataFrame:
    """Invent a small population: households of three, nobody's number twice."""
    rows = []
    for place in range(PEOPLE):
        is_woman, year = place % 2 == 0, 1930 + place * 7 % 80
        century = (0 if year < 2000 else 2) + is_woman
        name = f"{SURNAMES[place // 3 % 8]} {MIDDLE[not is_woman]} {GIVEN[place * 5 % 11]}"
        birth = f"{year}{place % 12 + 1:02d}{place * 11 % 28 + 1:02d}"
        rows.append(
            (
                f"019{century}{year % 100:02d}{place:06d}", None, name, birth, "Nữ" if is_woman else "Nam", "Tày",
                f"{11001 + place % 9 * 3:05d}", place // 3, place % 3 == 0, "chet" if place % 200 == 7 else "song",
            )
        )  # fmt: skip
    heads = ["cccd", "cmnd", "ho_ten", "ngay_sinh", "gioi_tinh", "dan_toc", "ma_xa", "ho_id", "chu_ho", "trang_thai"]
    return pl.DataFrame(rows, schema=heads, orient="row", schema_overrides={"cmnd": pl.String})


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out a population, a register with and without numbers, and a map of communes."""
    folder = tmp_path_factory.mktemp("verify")
    population = people()
    population.write_parquet(folder / "dan-cu.parquet")
    some = population.gather_every(6)
    heads = population.filter(pl.col("chu_ho")).select("ho_id", pl.col("ho_ten").alias("head"))
    register = some.join(heads, on="ho_id", maintain_order="left").select(
        pl.int_range(pl.len()).alias("rid"),
        pl.lit("HN").alias("danh_sach"),
        pl.when(pl.int_range(pl.len()) % 3 != 1).then(pl.col("cccd")).alias("so_giay_to"),
        "ho_ten",
        pl.col("ngay_sinh").str.to_date("%Y%m%d").dt.to_string("%d/%m/%Y"),
        "gioi_tinh", "dan_toc", "ma_xa", "ho_id", pl.col("head").alias("chu_ho"),
    )  # fmt: skip
    register.write_parquet(folder / "danh-sach.parquet")
    register.write_csv(folder / "danh-sach.csv", separator=";")
    some.select("cccd").write_parquet(folder / "truth.parquet")
    (folder / "xa.csv").write_text("old,new\n05432,11001\n05435,11001\n", encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Type the command where no database can be reached."""
    environment = {
        **os.environ, "PYTHONPATH": str(CHECKOUT / "src"), "LIENTHONG_DATA_DIR": str(folder / "data"),
        "LIENTHONG_DATABASE_URL": "postgresql://nobody@/nowhere?host=/nonexistent",
    }  # fmt: skip
    command = [sys.executable, "-m", "lienthong", "verify", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=folder)


def report(folder: Path, *arguments: str) -> dict[str, Any]:
    done = run(folder, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_writes_one_row_for_each_row_of_the_register(files: Path) -> None:
    told = report(files, "danh-sach.parquet", "dan-cu.parquet", "--communes", "xa.csv", "--out", "a.parquet")
    results, truth = pl.read_parquet(files / "a.parquet"), pl.read_parquet(files / "truth.parquet")

    assert results.columns == list(COLUMNS)
    assert results["rid"].to_list() == [str(place) for place in range(truth.height)]
    assert told["records"] == truth.height
    assert told["linked"] == results["cccd"].count() > 0.95 * truth.height
    assert (results["cccd"] == truth["cccd"]).sum() > 0.95 * truth.height
    assert sum(told["statuses"].values()) == told["records"]
    assert set(told["statuses"]) == {status.value for status in Status}
    assert told["register"]["rows_in_file"] == told["register"]["records"] + told["register"]["rows_skipped"]
    assert {"read_register", "read_population", "prepare_population", "link", "write", "total"} <= set(told["seconds"])
    assert told["peak_memory_mb"] > 50


def test_the_same_register_as_text_gives_the_same_verdicts(files: Path) -> None:
    report(files, "danh-sach.parquet", "dan-cu.parquet", "--out", "one.parquet")
    report(files, "danh-sach.csv", "dan-cu.parquet", "--out", "two.parquet")

    assert pl.read_parquet(files / "one.parquet").equals(pl.read_parquet(files / "two.parquet"))


def test_a_workbook_of_results_holds_numbers_as_text(files: Path) -> None:
    report(files, "danh-sach.parquet", "dan-cu.parquet", "--out", "a.xlsx")
    sheet = openpyxl.load_workbook(files / "a.xlsx").active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))

    assert rows[0] == COLUMNS
    assert len(rows) == 1 + PEOPLE // 6
    assert all(isinstance(row[2], str) and len(row[2]) == 12 for row in rows[1:] if row[2] is not None)


def test_a_prepared_population_is_taken_again_and_gives_the_same(files: Path) -> None:
    first = report(files, "danh-sach.parquet", "dan-cu.parquet", "--prepared", "kept", "--out", "first.parquet")
    second = report(files, "danh-sach.parquet", "dan-cu.parquet", "--prepared", "kept", "--out", "second.parquet")

    assert "prepare_population" in first["seconds"]
    assert "load_prepared" in second["seconds"]
    assert second["population"] == first["population"]
    assert pl.read_parquet(files / "first.parquet").equals(pl.read_parquet(files / "second.parquet"))


@pytest.mark.parametrize("change", ["population", "prepared", "note"])
def test_a_prepared_population_of_something_else_is_prepared_anew(files: Path, change: str) -> None:
    report(files, "danh-sach.parquet", "dan-cu.parquet", "--prepared", "old")
    population = "dan-cu.parquet"
    if change == "population":
        population = "later.parquet"
        people().slice(0, PEOPLE - 1).write_parquet(files / population)
    elif change == "prepared":
        (files / "old").write_bytes(b"not ours")
    else:
        (files / "old.json").unlink()

    assert "prepare_population" in report(files, "danh-sach.parquet", population, "--prepared", "old")["seconds"]


def test_columns_of_any_name_are_taken_by_a_mapping_file(files: Path) -> None:
    register = pl.read_parquet(files / "danh-sach.parquet")
    odd = register.rename({name: f"k{place}" for place, name in enumerate(register.columns)})
    odd.write_csv(files / "odd.csv")
    names = [
        "record_id",
        "list_name",
        "number",
        "full_name",
        "birth_date",
        "sex",
        "ethnicity",
        "commune_code",
        "household_id",
        "head_name",
    ]
    (files / "map.yaml").write_text(
        "".join(f"{name}: k{place}\n" for place, name in enumerate(names)), encoding="utf-8"
    )
    report(files, "danh-sach.parquet", "dan-cu.parquet", "--out", "plain.parquet")
    told = report(files, "odd.csv", "dan-cu.parquet", "--map", "map.yaml", "--out", "odd.parquet")

    assert set(told["register"]["confidence"].values()) == {1.0}
    assert pl.read_parquet(files / "odd.parquet").equals(pl.read_parquet(files / "plain.parquet"))


def test_says_in_words_what_came_of_it(files: Path) -> None:
    done = run(files, "danh-sach.csv", "dan-cu.parquet")

    assert done.returncode == 0, done.stderr
    assert "Danh sách: danh-sach.csv (CSV, UTF-8, dấu phân cách chấm phẩy): 401 dòng, 400 bản ghi" in done.stdout
    assert "bỏ qua dòng 1: dòng tiêu đề cột" in done.stdout
    assert "400 bản ghi, đã tìm được người cho" in done.stdout
    assert "Thêm --out" in done.stdout
    assert done.stderr.startswith("Đọc danh sách …\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Thiếu tệp danh sách hoặc tệp dân cư"),
        (("danh-sach.csv",), "Thiếu tệp danh sách hoặc tệp dân cư"),
        (("danh-sach.csv", "dan-cu.parquet", "--fast"), "Không hiểu các tùy chọn"),
        (("không-có.xlsx", "dan-cu.parquet"), "Không mở được tệp “không-có.xlsx”"),
        (("danh-sach.csv", "không-có.parquet"), "Không mở được tệp “không-có.parquet”"),
        (("danh-sach.csv", "danh-sach.csv"), "là cùng một tệp"),
        (("danh-sach.csv", "xa.csv"), "Không tìm thấy cột"),
        (("xa.csv", "dan-cu.parquet"), "Không tìm thấy cột"),
        (("danh-sach.csv", "dan-cu.parquet", "--out", "a.doc"), "phải có đuôi .xlsx hoặc .parquet"),
        (("danh-sach.csv", "dan-cu.parquet", "--out", "không/a.xlsx"), "Không có thư mục"),
        (("danh-sach.csv", "dan-cu.parquet", "--out", "dan-cu.parquet"), "là tệp đầu vào"),
        (("danh-sach.csv", "dan-cu.parquet", "--prepared", "./danh-sach.csv"), "là tệp đầu vào"),
        (("danh-sach.csv", "dan-cu.parquet", "--map", "không.yaml"), "Không mở được tệp ánh xạ"),
        (("danh-sach.csv", "dan-cu.parquet", "--communes", "danh-sach.csv"), "Không tìm thấy cột: mã xã cũ"),
        (("danh-sach.csv", "dan-cu.parquet", "--engine", "warp"), "Chọn local hoặc spark"),
        (("danh-sach.csv", "dan-cu.parquet", "--engine", "spark"), "Thiếu --master"),
        (("danh-sach.csv", "dan-cu.parquet", "--engine", "spark", "--master", "spark://127.0.0.1:1"), "Spark"),
        (("danh-sach.csv", "dan-cu.parquet", "--prepared", "không/kept"), "Không có thư mục"),
    ],
)
def test_refuses_bad_input_in_a_sentence(files: Path, arguments: tuple[str, ...], sentence: str) -> None:
    done = run(files, *arguments)

    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert sentence in done.stderr.rpartition("✗")[2]


def test_starts_without_the_applications(files: Path) -> None:
    program = (
        "import sys; sys.argv = ['lienthong', 'verify', '--help']; from lienthong.__main__ import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print('models' if any(name.endswith('.models') and name.startswith('lienthong') for name in sys.modules) else 'none')"
    )
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT / "src"), "LIENTHONG_DATA_DIR": str(files / "data")}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)

    assert done.stdout.splitlines()[-1] == "none", done.stderr

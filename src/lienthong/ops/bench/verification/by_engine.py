"""Our engine: files in, verdicts out, as ``./lienthong verify`` works."""

from pathlib import Path
from typing import Any

import polars as pl

from lienthong.ops.bench.verification.stopwatch import Stopwatch
from lienthong.ops.invented.province import COMMUNES_FILE, POPULATION_FILE, register_file
from lienthong.verification.linkage import Places, Population, Register, link

PREPARED = "prepared"
SHUFFLE_SEED = 5
ROWS_WRITTEN_TOGETHER = 20_000  # for little memory

REGISTER_COLUMNS = {
    "rid": "record_id", "danh_sach": "list_name", "so_giay_to": "number", "ho_ten": "full_name", "ngay_sinh": "birth_date",
    "gioi_tinh": "sex", "dan_toc": "ethnicity", "ma_xa": "commune_code", "ho_id": "household_id", "chu_ho": "head_name",
}  # fmt: skip
POPULATION_COLUMNS = {
    "cccd": "number", "cmnd": "old_number", "ho_ten": "full_name", "ngay_sinh": "birth_date", "gioi_tinh": "sex",
    "dan_toc": "ethnicity", "ma_xa": "commune_code", "ho_id": "household_id", "chu_ho": "is_head", "trang_thai": "life_status",
}  # fmt: skip


def link_files(
    *, folder: Path, tier: str, found: Path, watch: Stopwatch, prepared: bool = False, shuffled: bool = False
) -> dict[str, Any]:
    """Link a register file with the population file and write the verdicts.

    Args:
        folder: Where the province lies.
        tier: Which register.
        found: Where to write the verdicts, in the order of the file.
        watch: Where the time is noted.
        prepared: Whether to load the population as ``prepare`` left it.
        shuffled: Whether to bring both files in another order.
    """
    places = read_places(folder)
    population = Population.load(folder / PREPARED) if prepared else _population(folder, shuffled=shuffled)
    watch.lap("population")
    frame = read_register(folder, tier, shuffled=shuffled)
    register = Register.prepare(frame, population=population, places=places)
    watch.lap("register")
    linkage = link(register, population)
    watch.lap("link")
    linkage.verdicts.write_parquet(found, row_group_size=ROWS_WRITTEN_TOGETHER)
    return {"records": frame.height}


def prepare(*, folder: Path, tier: str, found: Path, watch: Stopwatch) -> dict[str, Any]:
    """Prepare the population and save it, as loading a monthly copy does."""
    _population(folder, shuffled=False).save(folder / PREPARED)
    watch.lap("prepare")
    kept = folder / PREPARED
    files = [kept] if kept.is_file() else [file for file in kept.rglob("*") if file.is_file()]
    return {"megabytes": round(sum(file.stat().st_size for file in files) / 1e6)}


def read_population(folder: Path, *, shuffled: bool = False) -> pl.DataFrame:
    """Read the population file into canonical columns."""
    return _read(folder / POPULATION_FILE, POPULATION_COLUMNS, shuffled=shuffled)


def read_register(folder: Path, tier: str, *, shuffled: bool = False) -> pl.DataFrame:
    """Read the register of a tier into canonical columns."""
    return _read(register_file(folder, tier), REGISTER_COLUMNS, shuffled=shuffled)


def read_places(folder: Path) -> Places:
    """Read what became of the communes."""
    return Places.read(pl.read_parquet(folder / COMMUNES_FILE))


def _population(folder: Path, *, shuffled: bool) -> Population:
    return Population.prepare(read_population(folder, shuffled=shuffled), places=read_places(folder))


def _read(file: Path, columns: dict[str, str], *, shuffled: bool) -> pl.DataFrame:
    as_kept = ("ho_id", "chu_ho")  # a whole number and, in the population, a flag: the engine takes them as they are
    columns_wanted = [
        pl.col(name).alias(ours) if name in as_kept else pl.col(name).cast(pl.String).alias(ours)
        for name, ours in columns.items()
    ]
    frame = pl.read_parquet(file).select(columns_wanted)
    return frame.sample(fraction=1.0, shuffle=True, seed=SHUFFLE_SEED) if shuffled else frame

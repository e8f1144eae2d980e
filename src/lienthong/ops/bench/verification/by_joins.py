"""The floor, and what is done today: DuckDB reads both files and joins them on what must be equal."""

import os
from pathlib import Path
from typing import Any

import duckdb

from lienthong.ops.bench.verification.stopwatch import Stopwatch
from lienthong.ops.invented.province import POPULATION_FILE, register_file

_FLOOR = """
SELECT count(*) FROM '{people}' p JOIN '{records}' r ON p.cccd = r.so_giay_to AND p.ho_ten = upper(trim(r.ho_ten))
"""
# An equal number is believed; without one, an equal name and date of birth that nobody else has.
_TODAY = """
COPY (
    WITH read AS (
        SELECT rid, so_giay_to, upper(trim(ho_ten)) AS name, strftime(try_strptime(ngay_sinh, '%d/%m/%Y'), '%Y%m%d') AS birth
        FROM '{records}'
    ), by_number AS (
        SELECT r.rid, p.cccd FROM read r JOIN '{people}' p ON p.cccd = r.so_giay_to
    ), alone AS (
        SELECT ho_ten, ngay_sinh, any_value(cccd) AS cccd FROM '{people}' GROUP BY ALL HAVING count(*) = 1
    )
    SELECT * FROM by_number
    UNION ALL
    SELECT r.rid, a.cccd FROM read r JOIN alone a ON a.ho_ten = r.name AND a.ngay_sinh = r.birth
    WHERE r.rid NOT IN (SELECT rid FROM by_number)
) TO '{found}' (FORMAT parquet)
"""


def floor(*, folder: Path, tier: str, found: Path, watch: Stopwatch) -> dict[str, Any]:
    """Read both files and join on number and name: the least that any way of linking must do."""
    ((joined,),) = _connection().execute(_with_files(_FLOOR, folder, tier, found)).fetchall()
    watch.lap("join")
    return {"joined": joined}


def today(*, folder: Path, tier: str, found: Path, watch: Stopwatch) -> dict[str, Any]:
    """Link by equal number, then by equal name and date of birth: what is done today."""
    _connection().execute(_with_files(_TODAY, folder, tier, found))
    watch.lap("join")
    return {}


def _connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": os.cpu_count() or 1})


def _with_files(query: str, folder: Path, tier: str, found: Path) -> str:
    return query.format(people=folder / POPULATION_FILE, records=register_file(folder, tier), found=found)

"""A small invented province in the columns of the engine."""

from dataclasses import dataclass
from functools import cache

import polars as pl

from lienthong.ops.invented.province import Size, invent_province

_REGISTER = {
    "rid": "record_id", "danh_sach": "list_name", "so_giay_to": "number", "ho_ten": "full_name", "ngay_sinh": "birth_date",
    "gioi_tinh": "sex", "dan_toc": "ethnicity", "ma_xa": "commune_code", "ho_id": "household_id", "chu_ho": "head_name",
}  # fmt: skip
_POPULATION = {
    "cccd": "number", "cmnd": "old_number", "ho_ten": "full_name", "ngay_sinh": "birth_date", "gioi_tinh": "sex",
    "dan_toc": "ethnicity", "ma_xa": "commune_code", "ho_id": "household_id", "chu_ho": "is_head",
    "trang_thai": "life_status",
}  # fmt: skip


@dataclass(frozen=True)
class Province:
    register: pl.DataFrame
    population: pl.DataFrame
    places: pl.DataFrame
    truth: pl.DataFrame  # record_id, number


@cache
def province(*, people: int, records: int) -> Province:
    made = invent_province(Size(people=people, records=records, seed=11, tiers=("medium",)))
    register = made.registers["medium"]
    truth = register.truth.select(pl.col("rid").cast(pl.String).alias("record_id"), pl.col("cccd").alias("number"))
    return Province(
        register.frame.rename(_REGISTER), made.reference.frame.rename(_POPULATION), made.communes.as_frame(), truth
    )


def f1(verdicts: pl.DataFrame, truth: pl.DataFrame) -> float:
    both = truth.join(verdicts.select("record_id", found="number"), on="record_id")
    right = both.filter(pl.col("number") == pl.col("found")).height
    return float(2 * right / (both["number"].count() + both["found"].count()))


def share_of_same_links(ours: pl.DataFrame, theirs: pl.DataFrame) -> float:
    return float(ours["number"].eq_missing(theirs["number"]).mean())  # type: ignore[arg-type]

"""A population file and a register about the same people, as offices would send them."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from lienthong.ops.demo.registers.house import House
from lienthong.ops.invented import dirt as dirts
from lienthong.ops.invented.entries import Entries, choose_entries
from lienthong.ops.invented.reference import Reference, reference_of
from lienthong.ops.invented.registers import write_register

LISTS = {"HN": "Hộ nghèo, hộ cận nghèo", "BTXH": "Bảo trợ xã hội"}
HEADS = {
    "key": "Mã hồ sơ", "danh_sach": "Danh sách", "ho_ten": "Họ và tên", "ngay_sinh": "Ngày sinh", "gioi_tinh": "Giới tính",
    "dan_toc": "Dân tộc", "so_giay_to": "Số định danh cá nhân", "ma_xa": "Mã xã", "village": "Thôn, xóm", "ho_id": "Mã hộ",
    "chu_ho": "Họ tên chủ hộ",
}  # fmt: skip
# More than are asked for, because the shares of the two lists are not those of the generator.
DRAWN_FOR_ONE = 1.15
# What a copy of the population brings against the one of some months ago.
ENTERED_SINCE_ONE_IN, DIED_SINCE_ONE_IN = 150, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How many records of each list."""

    households: int
    support: int


class Files:
    """Writes one register in several states of tidiness about the people of one house.

    Args:
        house: The people.
        wanted: How many records of each list.
        seed: The same seed gives the same files.
    """

    def __init__(self, house: House, *, wanted: Wanted, seed: int) -> None:
        self._house, self._seed = house, seed
        entries = choose_entries(
            np.random.default_rng([seed, 51]), house.folk, communes=house.communes,
            count=int((wanted.households + wanted.support) * DRAWN_FOR_ONE),
        )  # fmt: skip
        self._entries, self._wanted = entries, wanted
        self._reference: Reference = reference_of(
            np.random.default_rng([seed, 52]), house.folk, communes=house.communes, kinds={}
        )

    @property
    def population(self) -> pl.DataFrame:
        """The population file."""
        return self._reference.frame

    @property
    def population_before(self) -> pl.DataFrame:
        """The population file of some months ago: some people were not in it yet, some had not died."""
        people = self.population.with_row_index("place")
        lived = (pl.col("trang_thai") == "chet") & (pl.col("place") % DIED_SINCE_ONE_IN == 0)
        return (
            people.filter(pl.col("place") % ENTERED_SINCE_ONE_IN != 0)
            .with_columns(trang_thai=pl.when(lived).then(pl.lit("song")).otherwise("trang_thai"))
            .drop("place")
        )

    def register(self, tier: str) -> pl.DataFrame:
        """Return the register in a tier of dirt, with the heads that offices give their columns."""
        written = write_register(
            np.random.default_rng([self._seed, 53]), self._house.folk, self._entries, communes=self._house.communes,
            dirt=dirts.dirt_of(tier), reference=self._reference,
        ).frame  # fmt: skip
        hamlets = pl.Series(_hamlets(self._house, self._entries), dtype=pl.String)
        frame = written.with_columns(
            village=hamlets,
            key=pl.format("{}-{}", "danh_sach", (pl.col("rid") + 1).cast(pl.String).str.zfill(6)),
            ho_id=pl.when(pl.col("ho_id").is_not_null()).then(
                pl.format("HN{}", pl.col("ho_id").cast(pl.String).str.zfill(6))
            ),
        )
        parts = [
            frame.filter(pl.col("danh_sach") == code).head(count)
            for code, count in (("HN", self._wanted.households), ("BTXH", self._wanted.support))
        ]
        named = pl.concat(parts).with_columns(pl.col("danh_sach").replace_strict(LISTS))
        return named.select(pl.col(name).cast(pl.String).alias(head) for name, head in HEADS.items())


def _hamlets(house: House, entries: Entries) -> list[str | None]:
    found: list[str | None] = house.hamlets[entries.home].tolist()
    return found

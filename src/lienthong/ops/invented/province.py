"""The whole invented province as files: population, communes, registers by tier, truth by tier."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from lienthong.ops.console import Note
from lienthong.ops.invented import dirt as dirts
from lienthong.ops.invented.communes import Communes, invent_communes
from lienthong.ops.invented.entries import choose_entries
from lienthong.ops.invented.folk import invent_folk
from lienthong.ops.invented.reference import Reference, reference_of
from lienthong.ops.invented.registers import Registers, write_register

PEOPLE, RECORDS, SEED = 1_300_000, 190_000, 20250701
PEOPLE_OF_A_PROVINCE = 1_300_000
POPULATION_FILE, COMMUNES_FILE = "pop.parquet", "communes.parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a province is invented.

    Attributes:
        people: People in the population.
        records: Records of the registers.
        seed: The same seed and sizes give the same province.
        tiers: Which tiers of dirt; the people of the registers are the same in all.
        kinds: Other kinds of dirt put on, by name.
    """

    people: int = PEOPLE
    records: int = RECORDS
    seed: int = SEED
    tiers: Sequence[str] = ("easy", "medium", "hard")
    kinds: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """The province in memory."""

    communes: Communes
    reference: Reference
    registers: dict[str, Registers]


def invent_province(size: Size, *, say: Note = lambda _words: None) -> Invented:
    """Invent a province. Chance is drawn apart for each step, so that a change in one leaves the others as they were."""
    population_kinds = dirts.kind_rates(size.kinds)
    provinces = max(1, round(size.people / PEOPLE_OF_A_PROVINCE))
    communes = invent_communes(_chance(size, 1), provinces=provinces)
    folk = invent_folk(
        _chance(size, 2), size.people, communes=communes, same_name_siblings=population_kinds["same_name_siblings"]
    )
    say(f"{folk.inside} người trong {len(communes)} xã cũ")
    reference = reference_of(_chance(size, 3), folk, communes=communes, kinds=population_kinds)
    entries = choose_entries(_chance(size, 4), folk, count=size.records, communes=communes)
    registers = {}
    for tier in size.tiers:
        say(f"{len(entries)} hồ sơ, mức {tier}")
        registers[tier] = write_register(
            _chance(size, 5 + dirts.tiers().index(tier)), folk, entries, communes=communes,
            dirt=dirts.dirt_of(tier, kinds=size.kinds), reference=reference,
        )  # fmt: skip
    return Invented(communes=communes, reference=reference, registers=registers)


def write_province(size: Size, *, folder: Path, say: Note = lambda _words: None) -> None:
    """Invent a province and write its files: pop, communes, reg_TIER and truth_TIER, all Parquet."""
    invented = invent_province(size, say=say)
    folder.mkdir(parents=True, exist_ok=True)
    invented.communes.as_frame().write_parquet(folder / COMMUNES_FILE)
    _write(invented.reference.frame, folder / POPULATION_FILE)
    for tier, registers in invented.registers.items():
        _write(registers.frame, register_file(folder, tier))
        _write(registers.truth, truth_file(folder, tier))


def register_file(folder: Path, tier: str) -> Path:
    """Return where the register of a tier lies."""
    return folder / f"reg_{tier}.parquet"


def truth_file(folder: Path, tier: str) -> Path:
    """Return where the truth about a tier lies."""
    return folder / f"truth_{tier}.parquet"


def _chance(size: Size, step: int) -> np.random.Generator:
    return np.random.default_rng([size.seed, step])


def _write(frame: pl.DataFrame, file: Path) -> None:
    frame.write_parquet(file, compression="zstd", row_group_size=131_072)

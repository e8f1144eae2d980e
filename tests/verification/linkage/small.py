"""Small populations and registers: a village from a seed, people and records by hand, and how one pair compares."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from lienthong.verification.linkage import Linkage, Places, Population, Register, link
from lienthong.verification.linkage.comparing import SILENT, Pairs, compare, measure_names
from lienthong.verification.linkage.vocabulary import Field
from lienthong.verification.linkage.weights import comparison_of

POPULATION_COLUMNS = (
    "number", "old_number", "full_name", "birth_date", "sex", "ethnicity", "commune_code", "household_id", "is_head",
    "life_status",
)  # fmt: skip
REGISTER_COLUMNS = (
    "record_id", "number", "full_name", "birth_date", "sex", "ethnicity", "commune_code", "household_id", "head_name",
)  # fmt: skip
NO_PLACES = Places.read(None)

SURNAMES = ("Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Nông", "Ma", "Lý", "Dương", "Đặng", "Triệu")
MIDDLE_NAMES = {"Nam": ("Văn", "Văn", "Đức", "Hữu", "Minh", "Quang"), "Nữ": ("Thị", "Thị", "Thị", "Thu", "Ngọc", "Kim")}
GIVEN_NAMES = {
    "Nam": ("Hùng", "Dũng", "Cường", "Tuấn", "Sơn", "Hải", "Long", "Nam", "Quân", "Thắng", "Bình", "Tài"),
    "Nữ": ("Lan", "Mai", "Hoa", "Hương", "Hạnh", "Thảo", "Yến", "Liên", "Nga", "Trang", "Bích", "Thúy"),
}
COMMUNES = ("05443", "05446", "05449")
ETHNICITIES = ("Kinh", "Kinh", "Tày", "Nùng")


@cache
def village(size: int = 600, seed: int = 1) -> pl.DataFrame:
    """Invent people who live in households of two to five, in three communes. Nobody among them exists."""
    chance = random.Random(seed)
    rows: list[dict[str, Any]] = []
    for home in itertools.count(1):
        if len(rows) >= size:
            break
        surname, commune = chance.choice(SURNAMES), chance.choice(COMMUNES)
        ethnicity = chance.choice(ETHNICITIES)
        for place in range(chance.randint(2, 5)):
            sex = chance.choice(("Nam", "Nữ"))
            family = surname if place != 1 else chance.choice(SURNAMES)
            middle, given = chance.choice(MIDDLE_NAMES[sex]), chance.choice(GIVEN_NAMES[sex])
            year = chance.randint(1940, 1970) if place < 2 else chance.randint(1971, 1999)
            rows.append(
                {
                    "number": f"019{int(sex == 'Nữ')}{year % 100:02d}{len(rows):06d}",
                    "old_number": f"09{len(rows):07d}" if year < 1990 else None,
                    "full_name": f"{family} {middle} {given}".upper(),
                    "birth_date": f"{year}{chance.randint(1, 12):02d}{chance.randint(2, 28):02d}",
                    "sex": sex,
                    "ethnicity": ethnicity,
                    "commune_code": commune,
                    "household_id": str(home),
                    "is_head": place == 0,
                    "life_status": "song",
                }
            )
    return people(*rows[:size])


def people(*rows: dict[str, Any]) -> pl.DataFrame:
    """Return a frame of the population; what a row does not say is unknown."""
    return pl.DataFrame(
        [{name: row.get(name) for name in POPULATION_COLUMNS} for row in rows],
        schema={name: pl.Boolean if name == "is_head" else pl.String for name in POPULATION_COLUMNS},
    )


def records(*rows: dict[str, Any]) -> pl.DataFrame:
    """Return a frame of a register; records are called R0, R1, … where they do not say otherwise."""
    return pl.DataFrame(
        [{"record_id": f"R{place}"} | {name: row.get(name) for name in REGISTER_COLUMNS if name in row}
         for place, row in enumerate(rows)],
        schema=dict.fromkeys(REGISTER_COLUMNS, pl.String),
    )  # fmt: skip


def record_of(population: pl.DataFrame, row: int, **otherwise: str | None) -> dict[str, Any]:
    """Write down a person as a careful clerk does, but for what is said otherwise."""
    person = population.row(row, named=True)
    birth = person["birth_date"]
    head = population.filter(pl.col("is_head") & (pl.col("household_id") == person["household_id"]))
    written = {
        "number": person["number"],
        "full_name": person["full_name"].title(),
        "birth_date": f"{birth[6:]}/{birth[4:6]}/{birth[:4]}",
        "sex": person["sex"],
        "ethnicity": person["ethnicity"],
        "commune_code": person["commune_code"],
        "household_id": person["household_id"],
        "head_name": (head["full_name"][0] or "").title() if head.height else None,
    }
    return written | otherwise


def register_of(population: pl.DataFrame, rows: Sequence[int]) -> pl.DataFrame:
    """Write down some people, each as a record that is called by the row of the person."""
    return records(*({"record_id": f"P{row}"} | record_of(population, row) for row in rows))


def prepared(
    register: pl.DataFrame, population: pl.DataFrame, places: Places = NO_PLACES
) -> tuple[Register, Population]:
    """Prepare both sides."""
    there = Population.prepare(population, places=places)
    return Register.prepare(register, population=there, places=places), there


def linked(register: pl.DataFrame, population: pl.DataFrame, places: Places = NO_PLACES) -> Linkage:
    """Link two frames."""
    return link(*prepared(register, population, places))


def verdict_on(record: dict[str, Any], population: pl.DataFrame, *beside: dict[str, Any]) -> dict[str, Any]:
    """Return the verdict on one record in the company of some others."""
    company = [record_of(population, row) for row in range(0, population.height, 7)]
    return linked(records(record, *company, *beside), population).verdicts.row(0, named=True)


def level_of(field: Field, record: dict[str, Any], person: dict[str, Any], places: Places = NO_PLACES) -> str:
    """Return the code of the level at which a field of one record and one person agrees; empty where it says nothing."""
    register, population = prepared(records(record), pl.concat([people(person), village(60)]), places)
    pairs = Pairs(np.array([0]), np.array([0]))
    compare(register, population, pairs)
    measure_names(register, population, pairs, np.array([True]))
    level = int(pairs.levels[field][0])
    return "" if level == SILENT else comparison_of(field).levels[level].code

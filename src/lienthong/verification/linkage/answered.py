"""Records beside the people that somebody else found for them: compared as a run here compares, with nothing to search.

What the police give back is read, compared and worded by the same rules as a copy of the population that lies here, so
that the same record gets the same word whichever way it was asked. So sánh người đã được tìm thấy.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from lienthong.verification.linkage.comparing import Pairs, compare, measure_names
from lienthong.verification.linkage.dates import read_birth_dates, read_compact_dates
from lienthong.verification.linkage.few_values import read_ethnicities
from lienthong.verification.linkage.learnt import Learnt
from lienthong.verification.linkage.linking import EXACT, Linker
from lienthong.verification.linkage.names import read_population_names
from lienthong.verification.linkage.places import Places
from lienthong.verification.linkage.sides import Population, Register
from lienthong.verification.linkage.verdicts import in_words
from lienthong.verification.linkage.vocabulary import FieldVerdict, Status

_DIGITS = 12
# What cannot differ where the answer leaves the field empty.
_NEEDS = {Status.NAME_DIFFERS: "name", Status.BIRTH_DIFFERS: "birth", Status.NUMBER_WRONG: "number"}


def compare_found(asked: pl.DataFrame, found: pl.DataFrame, *, places: Places) -> pl.DataFrame:
    """Compare each record with the person found for it, row by row.

    Args:
        asked: Canonical columns of a register.
        found: Canonical columns of the population, as many rows: the person of each record, in whatever form it is
            written. A column that is empty was not answered and says nothing.
        places: Which communes of today an old code means, on either side.

    Returns:
        The columns of ``Linkage.verdicts``.
    """
    people = found.with_columns(
        _whole_number(pl.col("number")),
        _compact(found["birth_date"]).alias("birth_date"),
        _communes_of_today(asked["commune_code"], found["commune_code"], places).alias("commune_code"),
    )
    learnt = _learnt(asked, people, places)
    population = Population.prepare(people, places=places, learnt=learnt)
    register = Register.prepare(asked, population=learnt, places=places)
    rows = np.arange(register.number_of_rows)
    pairs = Pairs(rows, rows)
    compare(register, population, pairs)
    measure_names(register, population, pairs, np.ones(len(pairs), np.bool_))
    linker = Linker(register, population, None, None)
    linker.is_asked[:], linker.stage[:] = True, EXACT
    linker.probability[:] = linker.total_probability[:] = 1.0
    linker.candidate, linker.levels = rows, pairs.levels
    linker.person, linker.owner = _one_row_each(population, register)
    is_dead = population.is_dead.copy()
    np.logical_or.at(is_dead, linker.person, population.is_dead)
    population.is_dead = is_dead
    return _without_the_unanswered(in_words(linker))


def _learnt(asked: pl.DataFrame, people: pl.DataFrame, places: Places) -> Learnt:
    """Return how to read both sides: an ethnic group that none of these few people has is known too, and differs."""
    _, _, vocabulary = read_population_names(people["full_name"])
    _, ethnicities = read_ethnicities(pl.concat([people["ethnicity"], asked["ethnicity"]]), None)
    # Without a map there is nothing but the record itself to say that its code is one.
    codes = [people["commune_code"]] if places.successors else [people["commune_code"], asked["commune_code"]]
    _, communes = places.number(pl.concat(codes))
    year = read_compact_dates(people["birth_date"]).year
    return Learnt(vocabulary, ethnicities, communes, int(year.max(initial=-1)))


def _one_row_each(population: Population, register: Register) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return per record the row that stands for its person, and for whoever holds the number that it has; -1 for nobody.

    A person who was found for two records has two rows here.
    """
    rows = np.arange(population.number_of_rows)
    first: dict[int, int] = {}
    for row, number in enumerate(population.number.tolist()):
        if number >= 0:
            first.setdefault(number, row)
    person = np.array(
        [first.get(number, row) for row, number in zip(rows.tolist(), population.number.tolist(), strict=True)],
        np.int64,
    )
    owner = np.array([first.get(number, -1) for number in register.number.tolist()], np.int64)
    return person, owner


def _whole_number(number: pl.Expr) -> pl.Expr:
    """Give the digits alone, with the leading zeros that a spreadsheet lost."""
    digits = number.str.replace(r"[.,]0+$", "").str.replace_all(r"\D", "")
    return pl.when(digits.str.len_chars().is_between(10, _DIGITS)).then(digits.str.zfill(_DIGITS)).alias("number")


def _compact(dates: pl.Series) -> pl.Series:
    """Write dates of birth in the form of the population: YYYYMMDD, 0000 for what is not known of the day."""
    read = read_birth_dates(dates.fill_null(""), newest_year=2099)
    eight = read_compact_dates(dates)
    year = np.where(eight.year >= 0, eight.year, read.year)
    month_day = np.where(eight.year >= 0, eight.month_day, read.month_day)
    texts = [f"{y:04}{md:04}" if y >= 0 else None for y, md in zip(year.tolist(), month_day.tolist(), strict=True)]
    return pl.Series(texts, dtype=pl.String)


def _communes_of_today(ours: pl.Series, theirs: pl.Series, places: Places) -> pl.Series:
    """Write their communes as of today; an old one that was divided is the part that our record may lie in, if any."""
    said: list[str | None] = []
    for our, their in zip(ours.to_list(), theirs.to_list(), strict=True):
        theirs_today = _today(their, places)
        common = [code for code in theirs_today if code in _today(our, places)]
        said.append(next(iter(common or theirs_today), None))
    return pl.Series(said, dtype=pl.String)


def _today(code: str | None, places: Places) -> list[str]:
    if not code or not code.strip():
        return []
    whole = code.strip().zfill(5)
    return list(places.successors.get(whole, (whole,)))


def _without_the_unanswered(verdicts: pl.DataFrame) -> pl.DataFrame:
    """Take away what would hold only because the answer leaves a field empty."""
    order = [status.value for status in Status]
    statuses, tags = [], []
    for row in verdicts.iter_rows(named=True):
        held = {row["status"], *row["tags"]}
        held -= {
            status.value for status, field in _NEEDS.items() if row[f"{field}_verdict"] == FieldVerdict.MISSING_THERE
        }
        holding = sorted(held, key=order.index) or [Status.VERIFIED.value]
        statuses.append(holding[0])
        tags.append(holding[1:])
    return verdicts.with_columns(
        pl.Series("status", statuses, dtype=pl.String), pl.Series("tags", tags, dtype=pl.List(pl.String))
    )

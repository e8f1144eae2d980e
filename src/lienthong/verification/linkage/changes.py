"""What a new run must look at again, when little changed on either side."""

import numpy as np
import numpy.typing as npt
import polars as pl

from lienthong.verification.linkage.blocking import candidates
from lienthong.verification.linkage.comparing import Pairs, Rows, compare, measure_names
from lienthong.verification.linkage.levels import BLOCKING_RULES
from lienthong.verification.linkage.sides import Population, Register
from lienthong.verification.linkage.weights import Evidence, Model, log_chances

Flags = npt.NDArray[np.bool_]

_MAY_COMPETE = 8.0  # bits; a changed person less like the record than this cannot win it, nor cast doubt


def affected_rows(
    register: Register,
    population: Population,
    *,
    changed_people: Flags,
    previous: pl.DataFrame,
    model: Model,
    changed_records: Flags | None = None,
) -> npt.NDArray[np.int64]:
    """Find the records whose verdict may be another after a change.

    Args:
        changed_people: Per row of the population, whether the person is new or changed since the previous run.
        previous: What was found then: ``record_id``, ``number`` and ``runner_up`` (12 digits, null for none). Records
            that are not in it are new, and looked at; those that are in it and no longer in the register are gone.
        model: What that run learnt.
        changed_records: Per row of the register, whether it says something else now; None for no more than the new ones.

    Returns:
        Rows of the register: new and changed records; those found in the home of a record that is gone or says
        something else; those whose person or runner-up changed or is gone; those that a changed person may be; whoever
        shares a household with any of them; and, since one person is one record, whoever was or nearly was a person
        whom one of all these was or may be.
    """
    previous = previous.unique("record_id", keep="last", maintain_order=True)
    known = register.record_ids.to_frame("record_id").join(previous, on="record_id", how="left", maintain_order="left")
    numbers = population.texts["number"].cast(pl.String)
    changed_people = changed_people | _under_a_changed_head(population, changed_people)

    affected = ~register.record_ids.is_in(previous["record_id"].implode()).to_numpy()
    if changed_records is not None:
        affected |= changed_records
    gone = previous.filter(~pl.col("record_id").is_in(register.record_ids.implode()))["number"]
    left = pl.concat([gone, known["number"].filter(pl.Series(affected))]).drop_nulls()
    affected |= _found_among(known, _at_home_with(population, numbers, left))
    unchanged = numbers.filter(pl.Series(~changed_people))
    affected |= ~_found_among(known, unchanged, or_nobody=True, both=True)
    met = _alike(register, population, np.arange(register.number_of_rows), model, among=changed_people)
    affected[met.records] = True
    households = np.unique(register.household[affected & (register.household >= 0)])
    affected |= np.isin(register.household, households)

    released = pl.concat([left, known["number"].filter(pl.Series(affected)).drop_nulls()])
    may_be = numbers.gather(_alike(register, population, np.flatnonzero(affected), model).people)
    affected |= _found_among(known, released)
    affected |= known["number"].is_in(may_be.implode()).fill_null(value=False).to_numpy()
    return np.flatnonzero(affected)


def _under_a_changed_head(population: Population, changed: Flags) -> Flags:
    """Say who lives in a household whose head changed: the head's name is compared for every member."""
    homes = np.unique(population.household[changed & population.is_head])
    return np.isin(population.household, homes[homes >= 0])


def _found_among(known: pl.DataFrame, numbers: pl.Series, *, or_nobody: bool = False, both: bool = False) -> Flags:
    """Say which records were found to be, or nearly to be, one of some people; with ``both`` the first and the second."""
    person, second = (known[column].is_in(numbers.implode()).fill_null(or_nobody) for column in ("number", "runner_up"))
    return ((person & second) if both else (person | second)).to_numpy()


def _at_home_with(population: Population, numbers: pl.Series, people: pl.Series) -> pl.Series:
    """Return the numbers of everybody in the households of these people: members speak for each other."""
    homes = np.unique(population.household[numbers.is_in(people.implode()).fill_null(value=False).to_numpy()])
    return numbers.filter(pl.Series(np.isin(population.household, homes[homes >= 0])))


def _alike(
    register: Register, population: Population, records: Rows, model: Model, *, among: Flags | None = None
) -> Pairs:
    """Return the pairs in which the person may win the record, or cast doubt on who does."""
    rules = [rule for rule in BLOCKING_RULES if not rule.rescue]
    met = candidates(register, population, records, rules, among=among)
    compare(register, population, met)
    measure_names(register, population, met, np.ones(len(met), np.bool_))
    likeness, _ = Evidence(met, log_chances(register, population, met, model.chances)).weigh(model)
    return met.where(np.flatnonzero(likeness > _MAY_COMPETE))

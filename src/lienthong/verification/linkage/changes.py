"""What a new run must look at again, when little changed on either side."""

import numpy as np
import numpy.typing as npt
import polars as pl

from lienthong.verification.linkage.blocking import candidates
from lienthong.verification.linkage.comparing import compare, measure_names
from lienthong.verification.linkage.levels import BLOCKING_RULES
from lienthong.verification.linkage.sides import Population, Register
from lienthong.verification.linkage.weights import Evidence, Model, log_chances

_MAY_COMPETE = 8.0  # bits; a changed person less like the record than this cannot win it, nor cast doubt


def affected_rows(
    register: Register,
    population: Population,
    *,
    changed_people: npt.NDArray[np.bool_],
    previous: pl.DataFrame,
    model: Model,
) -> npt.NDArray[np.int64]:
    """Find the records whose verdict may be another after a change.

    Args:
        changed_people: Per row of the population, whether the person is new or changed since the previous run.
        previous: What was found then for records that are the same now: ``record_id``, ``number`` and ``runner_up``
            (12 digits, null for none). Records that are not in it are new or changed, and looked at.
        model: What that run learnt.

    Returns:
        Rows of the register: new and changed records; those whose person or runner-up changed or is gone; those that a
        changed person may be; and whoever shares a household with any of them.
    """
    known = register.record_ids.to_frame("record_id").join(previous, on="record_id", how="left", maintain_order="left")
    seen = register.record_ids.is_in(previous["record_id"].implode()).to_numpy()
    affected = ~seen
    unchanged = population.texts["number"].filter(pl.Series(~changed_people))
    for column in ("number", "runner_up"):
        stays = known[column].is_in(unchanged.implode()).fill_null(value=False)
        affected |= (known[column].is_not_null() & ~stays).to_numpy()
    everyone = np.arange(register.number_of_rows)
    rules = [rule for rule in BLOCKING_RULES if not rule.rescue]
    met = candidates(register, population, everyone, rules, among=changed_people)
    compare(register, population, met)
    measure_names(register, population, met, np.ones(len(met), np.bool_))
    likeness, _ = Evidence(met, log_chances(register, population, met, model.chances)).weigh(model)
    affected[met.records[likeness > _MAY_COMPETE]] = True
    households = np.unique(register.household[affected & (register.household >= 0)])
    affected |= np.isin(register.household, households)
    return np.flatnonzero(affected)

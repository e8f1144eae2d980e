"""A register against the population, from prepared columns to the person behind each record."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from lienthong.verification.linkage.blocking import candidates
from lienthong.verification.linkage.comparing import SILENT, THREADS, Pairs, Rows, compare, level_number, measure_names
from lienthong.verification.linkage.deciding import Best, Floats, best_of, compete
from lienthong.verification.linkage.hashing import are_in, combine
from lienthong.verification.linkage.levels import BLOCKING_RULES, OWN_EVIDENCE
from lienthong.verification.linkage.memory import give_back_freed_memory
from lienthong.verification.linkage.sides import Population, Register
from lienthong.verification.linkage.vocabulary import Field
from lienthong.verification.linkage.weights import (
    Bits,
    Evidence,
    Model,
    comparison_of,
    flattened,
    learn_shares,
    log_chances,
    prepare_frequencies,
    sample_chances,
    share_households,
    usual_shares,
)

NOTHING, EXACT, BLOCKED, HOUSEHOLD = range(4)  # the stage at which a record was decided
MOST_PROBABLE = 0.9999
Progress = Callable[[str, float], None]

ENOUGH_OF_ONE_PERSON = 8.0  # bits of own evidence beside an equal number, so that nothing else is looked for
LEAST_OWN_EVIDENCE = -4.0  # bits; a number or a household alone never makes a link
LINKED_FROM = 0.5  # probability
_WORTH_SPELLING = 8.0  # bits that a pair must be able to reach for the distance of its names to be measured
_HOPELESS = 3.0
_SURE = 0.95
_SETTLED = 0.995
_AT_ONCE = 45_000  # pairs
_ROUNDS = 3
_STEPS = 40
_TEACHES = 1e-4  # probability
_USUALLY_PRESENT, _USUAL = 0.93, 10.0  # share of records, and for how many of them that counts
_CLAIMED = -7.0  # bits: about one record in a hundred is a second record of somebody


def _say_nothing(stage: str, share: float) -> None:
    """Report progress to nobody."""


class Linker:
    """One run. Each stage leaves what it decided for the next."""

    def __init__(
        self, register: Register, population: Population, model: Model | None, progress: Progress | None
    ) -> None:
        self.register, self.population, self.given = register, population, model
        self.progress = progress or _say_nothing
        # Of nobody, every share is asked as of one.
        self.people = max(population.number_of_rows, 1)
        count = register.number_of_rows
        self.is_asked = np.zeros(count, np.bool_)
        self.person = np.full(count, -1)
        self.probability = np.zeros(count)
        self.stage = np.zeros(count, np.int8)
        self.candidate, self.runner_up = np.full(count, -1), np.full(count, -1)
        self.total_probability, self.runner_up_probability = np.zeros(count), np.zeros(count)
        self.owner = np.full(count, -1)  # who holds the number that the record has
        self.levels = {name: np.full(count, -1, np.int8) for name in Field}
        self.bits = {name: np.zeros(count, np.float32) for name in Field}
        self.runner_up_bits = {name: np.zeros(count, np.float32) for name in Field}

    def run(self, only: Rows | None) -> None:
        """Decide every record, or only some."""
        rows = np.arange(self.register.number_of_rows) if only is None else only
        self.is_asked[rows] = True
        give_back_freed_memory()
        self.progress("exact", 0.3)
        prepare_frequencies(self.register, self.population)
        self._learn_and_settle_exact(rows)
        self.progress("blocked", 0.45)
        self._find_candidates(rows[self.person[rows] < 0])
        give_back_freed_memory()
        self.progress("weigh", 0.65)
        self._weigh(rows[self.person[rows] < 0])
        self.progress("rescue", 0.75)
        self._rescue(rows)
        self.progress("household", 0.85)
        give_back_freed_memory()
        self._households(rows)

    def let_stand(self, previous: pl.DataFrame, only: Rows) -> None:
        """Take over whom the records that are not asked about were found to be, for what they say about the others."""
        people = pl.DataFrame({"number": self.population.texts["number"].cast(pl.String)}).with_row_index("person")
        found = (
            self.register.record_ids.to_frame("record_id")
            .join(previous.unique("record_id", keep="last"), on="record_id", how="left", maintain_order="left")
            .join(people.unique("number", keep="first"), on="number", how="left", maintain_order="left")
            .with_columns(pl.col("person").cast(pl.Int64).fill_null(-1), pl.col("probability").fill_null(0.0))
        )
        stands = (found["person"] >= 0).to_numpy()
        stands[only] = False
        self.person[stands] = found["person"].to_numpy()[stands]
        self.probability[stands] = found["probability"].to_numpy()[stands]

    # --- exact numbers ---------------------------------------------------------------------------------------------

    def _learn_and_settle_exact(self, rows: Rows) -> None:
        """Settle records whose number is held by somebody who is evidently the same person; learn from them."""
        rules = [rule for rule in BLOCKING_RULES if rule.code in ("number", "old_number")]
        pairs = candidates(self.register, self.population, rows, rules)
        compare(self.register, self.population, pairs)
        measure_names(self.register, self.population, pairs, np.ones(len(pairs), np.bool_))
        self._keep_owners(pairs)
        self.model = self.given or self._first_model(pairs)
        evidence = Evidence(pairs, log_chances(self.register, self.population, pairs, self.model.chances))
        own = evidence.bits(self.model.careful, OWN_EVIDENCE)
        best = best_of(
            self.register.number_of_rows, pairs.records, self.population.number[pairs.people], own.astype(np.float64)
        )
        settled = np.flatnonzero(best.pair >= 0)
        settled = settled[own[best.pair[settled]] > ENOUGH_OF_ONE_PERSON]
        chosen = evidence.where(best.pair[settled])
        self.person[settled] = chosen.pairs.people
        self.probability[settled] = best.probability[settled] = best.total[settled] = MOST_PROBABLE
        self.stage[settled] = EXACT
        self._remember(settled, chosen, best._replace(runner_up=np.full(len(best.pair), -1)), evidence)

    def find_owners(self, rows: Rows) -> None:
        """Look up who holds the number of each record."""
        rules = [rule for rule in BLOCKING_RULES if rule.code == "number"]
        self._keep_owners(candidates(self.register, self.population, rows, rules))

    def _keep_owners(self, pairs: Pairs) -> None:
        number = self.register.number[pairs.records]
        held = (number >= 0) & (number == self.population.number[pairs.people])
        self.owner[pairs.records[held]] = pairs.people[held]

    def _first_model(self, pairs: Pairs) -> Model:
        """Learn from records whose number says who they are, as far as the rest of them agrees."""
        chances, usual = sample_chances(self.register, self.population), usual_shares()
        evidence = Evidence(pairs, log_chances(self.register, self.population, pairs, chances))
        same = (evidence.bits(usual, OWN_EVIDENCE) > ENOUGH_OF_ONE_PERSON).astype(np.float64)
        learnt = learn_shares(pairs, same, usual, strength=20.0)
        # Among pairs found by their number the number says nothing about how often it is right.
        careful = learnt | {name: usual[name] for name in (Field.NUMBER, Field.OLD_NUMBER)}
        return Model(careful, flattened(careful), chances)

    # --- candidates ------------------------------------------------------------------------------------------------

    def _find_candidates(self, rows: Rows) -> None:
        pairs = candidates(self.register, self.population, rows, [rule for rule in BLOCKING_RULES if not rule.rescue])
        self.evidence = self._hopeful(pairs)

    def _hopeful(self, pairs: Pairs) -> Evidence:
        """Compare pairs, and drop those that no weight can save. Some at a time, which takes less memory."""
        self.population.forget_columns()
        with ThreadPoolExecutor(THREADS) as threads:
            return Evidence.joined(list(threads.map(self._hopeful_part, pairs.parts(_AT_ONCE))))

    def _hopeful_part(self, pairs: Pairs) -> Evidence:
        compare(self.register, self.population, pairs)
        evidence = Evidence(pairs, log_chances(self.register, self.population, pairs, self.model.chances))
        total, _ = evidence.weigh(self.model)
        of_name = evidence.bits(self.model.careful, [Field.NAME])
        most = _most_a_slip_may_weigh(self.model, self.people)
        may_be_slip = (total - of_name + most > _WORTH_SPELLING) & (of_name < most)
        kept = np.flatnonzero((total > _HOPELESS) | may_be_slip)
        evidence, total, may_be_slip = evidence.where(kept), total[kept], may_be_slip[kept]
        before = evidence.pairs.levels[Field.NAME].copy()
        measure_names(self.register, self.population, evidence.pairs, may_be_slip)
        slips = np.flatnonzero(evidence.pairs.levels[Field.NAME] != before)
        again = evidence.pairs.where(slips)
        logs = log_chances(self.register, self.population, again, self.model.chances)
        for name, log in logs.items():
            evidence.logs[name][slips] = log
        total[slips], _ = Evidence(again, logs).weigh(self.model)
        return evidence.where(total > _HOPELESS)

    def _weigh(self, rows: Rows) -> None:
        """Learn the weights from the candidates themselves, then let candidates compete."""
        if not self.given:
            learning = self.evidence
            for _ in range(_ROUNDS):
                probabilities = self._learn(learning, rows)
                # Pairs that are as good as lost teach nothing.
                learning = learning.where(np.flatnonzero(probabilities > _TEACHES))
        probabilities, _ = self._compete(self.evidence)
        self._take(self.evidence, probabilities, stage=BLOCKED)

    def _learn(self, evidence: Evidence, rows: Rows) -> Floats:
        """One round of expectation and maximisation; return the probability of each pair."""
        model = self.model
        total, careless = evidence.weigh(model)
        self.model = replace(model, share_present=self._share_present(evidence.pairs, total, rows))
        probabilities, _ = self._compete(evidence, total)
        is_careless = probabilities * careless
        share = (is_careless.sum() + 20 * model.share_careless) / (probabilities.sum() + 20)
        self.model = replace(
            self.model,
            careful=learn_shares(evidence.pairs, probabilities - is_careless, model.careful, strength=100.0),
            careless=learn_shares(evidence.pairs, is_careless, model.careless, strength=100.0),
            share_careless=float(np.clip(share, 0.01, 0.99)),
        )
        return probabilities

    def _share_present(self, pairs: Pairs, total: Bits, rows: Rows) -> float:
        """Say how many of these records have their person in the population: the share that explains the evidence best."""
        _, absent = compete(
            self.register.number_of_rows, pairs.records,
            total.astype(np.float64) - np.log2(self.people), 0.0,
        )  # fmt: skip
        odds = (1 - absent[rows]) / np.maximum(absent[rows], 1e-300)
        present = self.model.share_present
        for _ in range(_STEPS if len(rows) else 0):
            found = float(np.sum(present * odds / (present * odds + 1 - present)))
            # A handful of records says little about how many are there.
            present = (found + _USUAL * _USUALLY_PRESENT) / (len(rows) + _USUAL)
        return float(np.clip(present, 0.05, 0.999))

    def _rescue(self, rows: Rows) -> None:
        """Look farther for records that found nobody: by keys that many share, so only for few records."""
        lost = rows[(self.stage[rows] != EXACT) & (self.probability[rows] < LINKED_FROM)]
        pairs = candidates(self.register, self.population, lost, [rule for rule in BLOCKING_RULES if rule.rescue])
        known = self.evidence.pairs
        # Both come in order of record and person.
        pairs = pairs.where(~are_in(pairs.keys, known.keys))
        self.evidence = Evidence.joined([self.evidence, self._hopeful(pairs)])
        if not self.given:
            undecided = rows[self.stage[rows] != EXACT]
            present = self._share_present(self.evidence.pairs, self.evidence.weigh(self.model)[0], undecided)
            self.model = replace(self.model, share_present=present)
        probabilities, _ = self._compete(self.evidence)
        self._take(self.evidence, probabilities, stage=BLOCKED)

    def _compete(self, evidence: Evidence, total: Bits | None = None) -> tuple[Floats, Floats]:
        present = self.model.share_present
        total = evidence.weigh(self.model)[0] if total is None else total
        scores = total + np.log2(present / self.people)
        return compete(self.register.number_of_rows, evidence.pairs.records, scores, np.log2(1 - present))

    def _take(self, evidence: Evidence, probabilities: Floats, *, stage: int) -> None:
        """Give each record its best candidate, where that is good enough."""
        pairs = evidence.pairs
        best = best_of(self.register.number_of_rows, pairs.records, self.population.number[pairs.people], probabilities)
        rows = np.flatnonzero(best.pair >= 0)
        chosen = evidence.where(best.pair[rows])
        own, _ = chosen.weigh(self.model, OWN_EVIDENCE)
        good = (best.probability[rows] >= LINKED_FROM) & (own > LEAST_OWN_EVIDENCE)
        self.person[rows] = np.where(good, chosen.pairs.people, -1)
        self.probability[rows] = np.minimum(best.probability[rows], MOST_PROBABLE)
        self.stage[rows] = stage
        self._remember(rows, chosen, best, evidence)

    def _remember(self, rows: Rows, chosen: Evidence, best: Best, evidence: Evidence) -> None:
        """Keep, per record, its best candidate with the evidence for it, and who came second."""
        second = best.runner_up[rows]
        self.candidate[rows] = chosen.pairs.people
        self.total_probability[rows] = best.total[rows]
        self.runner_up[rows] = np.where(second >= 0, evidence.pairs.people[second], -1)
        for name, levels in chosen.pairs.levels.items():
            self.levels[name][rows] = levels
        self.runner_up_probability[rows] = best.runner_up_probability[rows]
        for name, bits in chosen.by_field(self.model).items():
            self.bits[name][rows] = bits
        has_second = rows[second >= 0]
        for name, bits in evidence.where(second[second >= 0]).by_field(self.model).items():
            self.runner_up_bits[name][has_second] = bits

    # --- households ------------------------------------------------------------------------------------------------

    def _households(self, rows: Rows) -> None:
        """Let the members of a household that was found speak for the others, and one person be one record."""
        register, population = self.register, self.population
        sure = (self.person >= 0) & (self.probability >= _SURE)
        open_ = np.zeros(register.number_of_rows, np.bool_)
        open_[rows] = True
        open_ &= (self.stage != EXACT) & ((self.person < 0) | (self.probability < _SETTLED))
        if not self.given:
            self.model = replace(self.model, share_at_home=self._share_at_home(sure))
        homes = self._homes(sure, open_)
        at_home = Pairs(homes["record"].to_numpy(), homes["person"].to_numpy())
        compare(register, population, at_home)
        measure_names(register, population, at_home, np.ones(len(at_home), np.bool_))
        # That they live there is the prior; the commune and the head would say it again.
        for name in (Field.COMMUNE, Field.HEAD):
            at_home.levels[name][:] = SILENT
        logs = log_chances(register, population, at_home, self.model.chances)
        share_households(register, population, at_home, logs, np.arange(len(at_home)))
        known = self.evidence.pairs
        others = self.evidence.where(np.flatnonzero(open_[known.records]))
        del self.evidence  # only the search needed the others
        others = others.where(~are_in(others.pairs.keys, at_home.keys))
        evidence = Evidence.joined([Evidence(at_home, logs), others])
        scores = (
            evidence.weigh(self.model)[0]
            + self._priors(len(at_home), evidence.pairs)
            + self._claims(sure, evidence.pairs)
        )
        probabilities, _ = compete(
            register.number_of_rows, evidence.pairs.records, scores, np.log2(1 - self.model.share_present)
        )
        self._take(evidence, probabilities, stage=HOUSEHOLD)

    def _priors(self, at_home: int, pairs: Pairs) -> Floats:
        """Give log2 of the prior of each pair: the members of the home share most of it, everybody else the rest.

        Args:
            at_home: How many pairs, the first ones, are with members of the home.
        """
        size = np.bincount(pairs.records[:at_home], minlength=self.register.number_of_rows)
        present, home = self.model.share_present, self.model.share_at_home
        inside = present * home / np.maximum(size, 1)
        outside = np.where(size > 0, present * (1 - home), present) / self.people
        priors: Floats = np.log2(np.concatenate([inside[pairs.records[:at_home]], outside[pairs.records[at_home:]]]))
        return priors

    def _claims(self, sure: npt.NDArray[np.bool_], pairs: Pairs) -> Floats:
        """Count against a person that another record surely is this person."""
        claims = np.bincount(self.person[sure], minlength=self.population.number_of_rows)
        own = (self.person[pairs.records] == pairs.people) & sure[pairs.records]
        return np.where(claims[pairs.people] - own > 0, _CLAIMED, 0.0)

    def _share_at_home(self, sure: npt.NDArray[np.bool_]) -> float:
        """Say how often a member of a household lives where another member of it was found."""
        found = np.flatnonzero(sure & (self.register.household >= 0))
        ours, theirs = self.register.household[found], self.population.household[self.person[found]]
        _, household, size = np.unique(ours, return_inverse=True, return_counts=True)
        _, together, same = np.unique(combine(ours, theirs), return_inverse=True, return_counts=True)
        asked = size[household] > 1
        at_home = (same[together] > 1)[asked].sum()
        return float((at_home + 8.5) / (asked.sum() + 10))

    def _homes(self, sure: npt.NDArray[np.bool_], open_: npt.NDArray[np.bool_]) -> pl.DataFrame:
        """Return, per open record, the people of the households in which others of its household were found."""
        register, population = self.register, self.population
        found = np.flatnonzero(sure & (register.household >= 0))
        homes = (
            pl.DataFrame({"ours": register.household[found], "household": population.household[self.person[found]]})
            .filter(pl.col("household") >= 0)
            .unique()
        )
        waiting = np.flatnonzero(open_ & (register.household >= 0))
        asked = pl.DataFrame({"ours": register.household[waiting], "record": waiting}).join(homes, on="ours")
        members = population.members_of(asked["household"].to_numpy())
        return asked.join(members, on="household").select("record", "person").unique().sort("record", "person")


def _most_a_slip_may_weigh(model: Model, people: int) -> float:
    """Return what a misspelt name weighs at most."""
    return float(np.log2(model.true_shares(Field.NAME)[_TYPO] * people))


_TYPO = level_number(comparison_of(Field.NAME), "typo")

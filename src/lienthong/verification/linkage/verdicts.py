"""What an officer reads: per record its status, per field how it compares, and why."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from lienthong.verification.linkage.comparing import THREADS, Pairs, compare
from lienthong.verification.linkage.levels import COMPARISONS, Comparison
from lienthong.verification.linkage.linking import HOUSEHOLD, Linker, Progress
from lienthong.verification.linkage.sides import Population, Register
from lienthong.verification.linkage.vocabulary import FIELD_WORDS, Field, FieldVerdict, Status
from lienthong.verification.linkage.weights import Model, comparison_of, level_words, words_at

Flags = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.int64]

STAGES = ("none", "exact", "blocked", "household")
BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0)
_SEVERAL_FROM = 0.2
_MOST_NAMED = 3
_MEANINGS = {
    Status.DEAD.value: "Dữ liệu dân cư ghi người này đã mất. ",
    Status.NUMBER_OF_ANOTHER.value: "Số ghi trong sổ là số của người khác. ",
    Status.NUMBER_WRONG.value: "Số ghi trong sổ không phải số của người này, cũng không phải số của ai. ",
    Status.NUMBER_MISSING.value: "Sổ chưa có số 12 chữ số. ",
}
_AT_ONCE = 25_000  # sentences put together at a time, for little memory


@dataclass(frozen=True)
class Linkage:
    """What a run found.

    Attributes:
        verdicts: One row per record, in the register's order. Columns: ``record_id``, ``status``, ``tags`` (what else
            holds), ``number`` (the person's 12 digits, null without a link), ``probability``, ``is_linked``, ``stage``;
            per field ``<field>_verdict``, ``<field>_level`` and ``<field>_weight`` (bits); ``runner_up`` (digits),
            ``runner_up_probability``, ``runner_up_reason``; ``population_row`` (-1 for none), ``explanation``.
        model: What was learnt.
    """

    verdicts: pl.DataFrame
    model: Model

    @property
    def calibration(self) -> list[dict[str, Any]]:
        """Per band of probability: how many records with a candidate, and their mean probability."""
        asked = self.verdicts.filter(pl.col("stage") != "none")
        bands = []
        for low, high in itertools.pairwise(BANDS):
            inside = asked.filter((pl.col("probability") >= low) & (pl.col("probability") < high))
            mean = inside["probability"].mean()
            bands.append({"from": low, "until": high, "records": inside.height, "stated": mean})
        return bands


def link(
    register: Register,
    population: Population,
    *,
    only: Rows | None = None,
    previous: pl.DataFrame | None = None,
    model: Model | None = None,
    progress: Progress | None = None,
) -> Linkage:
    """Find the person behind each record. Đối chiếu sổ với dữ liệu dân cư.

    Args:
        register: The prepared register.
        population: The prepared population.
        only: Rows to decide; the others come back undecided. For a run over what changed.
        previous: What an earlier run found, of which the rows that are not decided now still stand: ``record_id``,
            ``number``, ``probability``. They still claim their people and speak for their households.
        model: What an earlier run learnt; learnt anew where it is None.
        progress: Told the stage and the share done.
    """
    linker = Linker(register, population, model, progress)
    if only is not None and previous is not None:
        linker.let_stand(previous, only)
    linker.run(only)
    linker.progress("explain", 0.93)
    return Linkage(in_words(linker), linker.model)


def in_words(linker: Linker) -> pl.DataFrame:
    """Word what a run has decided: the verdicts of ``Linkage``."""
    register, population = linker.register, linker.population
    asked = np.flatnonzero(linker.candidate >= 0)
    pairs = Pairs(asked, linker.candidate[asked], {name: levels[asked] for name, levels in linker.levels.items()})
    _look_again_at_homes(linker, pairs)
    seen = {comparison.field: np.full(register.number_of_rows, -2, np.int8) for comparison in COMPARISONS}
    for name, levels in seen.items():
        levels[asked] = pairs.levels[name]
    with ThreadPoolExecutor(THREADS) as threads:
        of_fields = [
            threads.submit(_field_verdicts, linker, comparison, seen[comparison.field]) for comparison in COMPARISONS
        ]
        statuses, tags = _statuses(linker, pairs)
    found = np.where(linker.is_asked, linker.person, -1)
    columns: dict[str, Any] = {
        "record_id": register.record_ids,
        "status": statuses,
        "tags": tags,
        "number": _numbers_of(population, found),
        "probability": np.where(linker.is_asked, linker.probability, 0.0),
        "is_linked": found >= 0,
        "stage": words_at(linker.stage, STAGES),
    }
    for comparison, verdicts in zip(COMPARISONS, of_fields, strict=True):
        word = comparison.field.value
        columns[f"{word}_verdict"] = verdicts.result()
        columns[f"{word}_level"] = words_at(seen[comparison.field], [level.code for level in comparison.levels])
        columns[f"{word}_weight"] = linker.bits[comparison.field]
    columns["runner_up"] = _numbers_of(population, linker.runner_up)
    columns["runner_up_probability"] = linker.runner_up_probability
    columns["runner_up_reason"] = _why_second(linker)
    columns["population_row"] = found
    frame = pl.DataFrame(columns).with_columns(_what_the_status_means(columns).alias("meaning"))
    differences = _differences(seen)
    starts = range(0, max(frame.height, 1), _AT_ONCE)
    with ThreadPoolExecutor(THREADS) as threads:
        told = list(
            threads.map(
                lambda start: _explanation(frame.slice(start, _AT_ONCE), differences.slice(start, _AT_ONCE)), starts
            )
        )
    return frame.drop("meaning").with_columns(pl.concat(told, rechunk=False).alias("explanation"))


def _look_again_at_homes(linker: Linker, pairs: Pairs) -> None:
    """Compare commune and head where the household stage left them out, for the officer to see."""
    at_home = np.flatnonzero(linker.stage[pairs.records] == HOUSEHOLD)
    again = Pairs(pairs.records[at_home], pairs.people[at_home])
    compare(linker.register, linker.population, again)
    for name in (Field.COMMUNE, Field.HEAD):
        pairs.levels[name][at_home] = again.levels[name]


# --- statuses ------------------------------------------------------------------------------------------------------


def _statuses(linker: Linker, pairs: Pairs) -> tuple[pl.Series, pl.Series]:
    """Return the status of each record and the others that hold beside it."""
    held = _what_holds(linker, pairs)
    order = list(Status)
    table = np.stack([held[status] for status in order])
    first = np.where(table.any(axis=0), table.argmax(axis=0), order.index(Status.NOT_FOUND))
    words = [status.value for status in order]
    beside = table & (np.arange(len(order))[:, None] != first)
    masks = (beside.astype(np.int64) << np.arange(len(order))[:, None]).sum(axis=0)
    kinds, kind_of = np.unique(masks, return_inverse=True)
    told = [[word for number, word in enumerate(words) if mask >> number & 1] for mask in kinds.tolist()]
    return words_at(first, words), pl.Series(told, dtype=pl.List(pl.String)).gather(kind_of)


def _what_holds(linker: Linker, pairs: Pairs) -> dict[Status, Flags]:
    register, population, person = linker.register, linker.population, linker.person
    count = register.number_of_rows
    linked = (person >= 0) & linker.is_asked

    def at(field: Field, *codes: str) -> Flags:
        """Say for which linked records a field is at one of these levels; "-" is where it says nothing."""
        numbers = [-1 if code == "-" else _number(field, code) for code in codes]
        found = np.zeros(count, np.bool_)
        found[pairs.records] = np.isin(pairs.levels[field], numbers)
        return found & linked

    def of_the_person(values: Flags) -> Flags:
        """Say for which linked records something holds of the person."""
        found = np.zeros(count, np.bool_)
        found[linked] = values[person[linked]]
        return found

    owner = linker.owner
    claims = np.bincount(person[person >= 0], minlength=population.number_of_rows)
    of_another = linked & (owner >= 0) & (owner != person)
    number_right = at(Field.NUMBER, "exact")
    name_right, birth_right = at(Field.NAME, "exact"), at(Field.BIRTH, "exact")
    held = {
        Status.DEAD: of_the_person(population.is_dead),
        Status.DUPLICATE: of_the_person(claims > 1),
        Status.NUMBER_OF_ANOTHER: of_another,
        Status.NAME_DIFFERS: linked & ~name_right,
        Status.BIRTH_DIFFERS: linked & ~birth_right & ~_both_know_the_year_only(linker, linked),
        Status.SEX_DIFFERS: at(Field.SEX, "other"),
        Status.NUMBER_WRONG: linked & ~of_another & ~number_right & (register.number >= 0)
        | linked & register.is_number_odd,
        Status.NUMBER_MISSING: linked & (register.number < 0) & ~register.is_number_odd,
        Status.ETHNICITY_DIFFERS: at(Field.ETHNICITY, "other"),
        Status.MOVED: at(Field.COMMUNE, "other"),
    }
    held[Status.VERIFIED] = linked & ~np.any(list(held.values()), axis=0)
    several = ~linked & (linker.total_probability >= 0.5)
    several |= (
        ~linked & (linker.probability >= _SEVERAL_FROM) & (linker.runner_up_probability >= linker.probability / 2)
    )
    held[Status.SEVERAL_CANDIDATES] = several
    held[Status.NOT_FOUND] = ~linked & ~several
    return held


def _both_know_the_year_only(linker: Linker, linked: Flags) -> Flags:
    """Say where neither side has day and month, and the year is the same: nothing differs there."""
    rows = np.flatnonzero(linked)
    person, register, population = linker.person[rows], linker.register, linker.population
    both = np.zeros(len(linked), np.bool_)
    both[rows] = (
        (register.year[rows] == population.year[person])
        & (register.month_day[rows] == 0)
        & (population.month_day[person] == 0)
    )
    return both


# --- fields --------------------------------------------------------------------------------------------------------


def _field_verdicts(linker: Linker, comparison: Comparison, levels: npt.NDArray[np.int8]) -> pl.Series:
    """Return the verdict of one field for each record with a candidate."""
    words = [level.verdict.value for level in comparison.levels]
    verdicts = words_at(levels, words)
    silent = levels == -1
    missing_here = silent & ~_has(linker.register, comparison, slice(None))
    missing_there = np.zeros(len(levels), np.bool_)
    with_candidate = np.flatnonzero(linker.candidate >= 0)
    missing_there[with_candidate] = ~_has(linker.population, comparison, linker.candidate[with_candidate])
    missing_there &= silent & ~missing_here
    literally = np.zeros(len(levels), np.bool_)
    if comparison.field in (Field.NUMBER, Field.NAME, Field.BIRTH, Field.COMMUNE):
        best = np.flatnonzero(levels == 0)
        literally[best] = _literally_equal(linker, comparison.field, best)
    # Who is the head of their own household has the name compared already.
    own_head = silent & ~missing_here & ~missing_there
    return pl.select(
        pl.when(pl.Series(missing_here)).then(pl.lit(FieldVerdict.MISSING_HERE.value))
        .when(pl.Series(missing_there)).then(pl.lit(FieldVerdict.MISSING_THERE.value))
        .when(pl.Series(literally | own_head)).then(pl.lit(FieldVerdict.EQUAL.value))
        .when(pl.Series((levels == 0) & (comparison.field is Field.COMMUNE))).then(pl.lit(FieldVerdict.EQUAL_NORMALISED.value))
        .otherwise(verdicts)
    ).to_series()  # fmt: skip


def _has(side: Register | Population, comparison: Comparison, rows: Rows | slice) -> Flags:
    has: Flags = np.logical_and.reduce([side.has(name, rows) for name in comparison.needs])
    return has


def _literally_equal(linker: Linker, field: Field, rows: Rows) -> Flags:
    """Say where what was typed is what the population has, but for capitals."""
    column = {
        Field.NUMBER: "number",
        Field.NAME: "full_name",
        Field.BIRTH: "birth_date",
        Field.COMMUNE: "commune_code",
    }[field]
    ours = linker.register.texts[column].gather(rows)
    if field is Field.NUMBER:  # equal in value, and all digits were typed
        return ours.str.contains(r"^\d{12}$").fill_null(value=False).to_numpy()
    theirs = linker.population.texts[column].gather(linker.candidate[rows]).cast(pl.String)
    if field is Field.BIRTH:
        theirs = theirs.str.slice(6, 2) + "/" + theirs.str.slice(4, 2) + "/" + theirs.str.slice(0, 4)
    if field is Field.NAME:
        ours, theirs = (side.str.to_uppercase() for side in (ours, theirs))
    return (ours == theirs).fill_null(value=False).to_numpy()


def _differences(seen: dict[Field, npt.NDArray[np.int8]]) -> pl.Series:
    """Return, per record, what does not agree: put together once for each combination of levels."""
    shift = max(len(comparison.levels) for comparison in COMPARISONS) + 2
    combined = np.zeros(len(seen[Field.NAME]), np.int64)
    for comparison in COMPARISONS:
        combined = combined * shift + np.maximum(seen[comparison.field], 0)  # saying nothing is no difference
    kinds, first, kind_of = np.unique(combined, return_index=True, return_inverse=True)
    said = [
        level_words(comparison.field, np.where(seen[comparison.field][first] > 0, seen[comparison.field][first], -1))
        for comparison in COMPARISONS
    ]
    told = pl.DataFrame({str(number): words for number, words in enumerate(said)}).select(
        pl.concat_str(pl.all(), separator="; ", ignore_nulls=True)
    )
    return told.to_series().gather(kind_of) if len(kinds) else pl.Series([], dtype=pl.String)


def _explanation(frame: pl.DataFrame, differences: pl.Series) -> pl.Series:
    named = frame.select(
        "is_linked", "status", "meaning", "stage", "runner_up", "runner_up_reason", "probability",
        differences.alias("differences"),
    )  # fmt: skip
    rounded = (pl.col("probability") * 100).round(2)
    percent = (
        pl.when(rounded > 0).then(rounded.cast(pl.String).str.replace(r"\.", ",")).otherwise(pl.lit("dưới 0,01")) + " %"
    )
    how = pl.col("stage").replace_strict(
        {
            "exact": "Cùng số và cùng người",
            "household": "Tìm qua người cùng hộ",
            "blocked": "Tìm qua họ tên, ngày sinh, nơi ở",
        },
        default="",
    )
    told = (
        pl.when(pl.col("differences") == "")
        .then(pl.lit("mọi thông tin so được đều khớp"))
        .otherwise(pl.lit("chưa khớp ") + pl.col("differences"))
    )
    second = (
        pl.when(pl.col("runner_up").is_not_null() & (pl.col("runner_up_reason") != ""))
        .then(pl.lit(" Người gần nhất khác ") + pl.col("runner_up_reason") + ".").otherwise(pl.lit(""))
    )  # fmt: skip
    return named.select(
        pl.when("is_linked").then(pl.col("meaning") + how + ": " + told + ". Xác suất " + percent + "." + second)
        .when(pl.col("status") == Status.SEVERAL_CANDIDATES.value)
        .then("Có vài người giống như nhau, cần người xem. Người giống nhất: " + told + ". Xác suất " + percent + ".")
        .when(pl.col("stage") != "none")
        .then("Không thấy ai đủ giống. Người giống nhất chỉ đạt " + percent + ": " + told + ".")
        .otherwise(pl.lit("Không thấy ai giống trong dữ liệu dân cư."))
    ).to_series()  # fmt: skip


def _what_the_status_means(columns: dict[str, Any]) -> pl.Series:
    """Say what the fields do not: a death, a second record of the same person and which, a number of somebody else."""
    meanings = columns["status"].replace_strict(_MEANINGS, default="", return_dtype=pl.String)
    twice = columns["status"].eq(Status.DUPLICATE.value).arg_true()
    if not len(twice):
        return pl.Series(meanings)
    person = pl.Series(columns["population_row"])
    named = pl.DataFrame({"record": columns["record_id"], "person": person}).filter(
        person.is_in(person.gather(twice).implode())
    )
    records_of: dict[int, list[str]] = dict(named.group_by("person", maintain_order=True).agg("record").iter_rows())
    told = []
    for record, found in zip(columns["record_id"].gather(twice), person.gather(twice), strict=True):
        others = [other for other in records_of[found] if other != record][:_MOST_NAMED]
        told.append(f"Hồ sơ {', '.join(others) or record} cũng là người này. ")
    return pl.Series(meanings.scatter(twice, told))


def _why_second(linker: Linker) -> pl.Series:
    """Say in which field the runner-up lost most against the best candidate."""
    fields = list(Field)
    lost = np.stack([linker.bits[name] - linker.runner_up_bits[name] for name in fields])
    worst = lost.argmax(axis=0)
    told = np.where((linker.runner_up >= 0) & (lost.max(axis=0) > 1), worst, -1)
    reasons = words_at(told, [f"thua ở {FIELD_WORDS[name]}" for name in fields])
    return reasons.fill_null("")


def _numbers_of(population: Population, people: Rows) -> pl.Series:
    chosen = pl.Series(people)
    return population.texts["number"].gather(pl.select(pl.when(chosen >= 0).then(chosen)).to_series())


def _number(field: Field, code: str) -> int:
    return next(number for number, level in enumerate(comparison_of(field).levels) if level.code == code)

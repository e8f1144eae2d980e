"""Splink 5 on DuckDB, as its documentation would have a newcomer do it."""

import logging
import os
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from lienthong.ops.bench.verification.stopwatch import Stopwatch
from lienthong.ops.invented.province import COMMUNES_FILE, POPULATION_FILE, register_file

LEAST_PROBABILITY = 0.001
PAIRS_FOR_U = 1e7
SEED = 1
RECALL_OF_EXACT_RULES = 0.85

# Lower case, no diacritics, single spaces: what one writes in SQL without knowing the language.
_NAME = "replace(strip_accents(lower(trim(regexp_replace(nfc_normalize({column}), '[\\s.]+', ' ', 'g')))), 'đ', 'd')"
_PARTS = """
split_part(name, ' ', 1) AS surname, split_part(name, ' ', -1) AS given,
nullif(array_to_string(string_split(name, ' ')[2:-2], ' '), '') AS middle
"""
_PEOPLE = """
CREATE TABLE people AS
SELECT cccd AS unique_id, cccd AS number, cmnd AS old_number, name, {parts},
    CASE WHEN ngay_sinh LIKE '%0000' THEN NULL
         ELSE substr(ngay_sinh, 1, 4) || '-' || substr(ngay_sinh, 5, 2) || '-' || substr(ngay_sinh, 7, 2) END AS birth,
    substr(ngay_sinh, 1, 4) AS year, gioi_tinh AS sex, dan_toc AS ethnicity, ma_xa AS commune, head
FROM (
    SELECT p.*, {name} AS name, {head} AS head FROM '{people}' p
    LEFT JOIN (SELECT ho_id, any_value(ho_ten) AS head_name FROM '{people}' WHERE chu_ho GROUP BY 1) h USING (ho_id)
)
"""
_RECORDS = """
CREATE TABLE records AS
SELECT rid::varchar AS unique_id, CASE WHEN length(so_giay_to) = 12 THEN so_giay_to END AS number,
    CASE WHEN length(so_giay_to) = 9 THEN so_giay_to END AS old_number, name, {parts}, strftime(day, '%Y-%m-%d') AS birth,
    nullif(coalesce(strftime(day, '%Y'), regexp_extract(ngay_sinh, '(19|20)\\d\\d$')), '') AS year,
    gioi_tinh AS sex, dan_toc AS ethnicity, coalesce(c.new, ma_xa) AS commune, head
FROM (
    SELECT *, {name} AS name, {head} AS head,
        try_strptime(ngay_sinh, ['%d/%m/%Y', '%d-%m-%Y', '%Y-%m-%d', '%d.%m.%Y'])::date AS day
    FROM '{records}'
) r LEFT JOIN (SELECT old, min(new) AS new FROM '{communes}' GROUP BY 1) c ON r.ma_xa = c.old
"""
_BEST = """
COPY (
    SELECT rid::int AS rid, cccd, probability FROM (
        SELECT CASE WHEN source_dataset_l = 'people' THEN unique_id_r ELSE unique_id_l END AS rid,
            CASE WHEN source_dataset_l = 'people' THEN unique_id_l ELSE unique_id_r END AS cccd,
            match_probability AS probability, match_weight AS weight
        FROM {predicted}
    ) QUALIFY row_number() OVER (PARTITION BY rid ORDER BY weight DESC, cccd) = 1
) TO '{found}' (FORMAT parquet)
"""


def generic(*, folder: Path, tier: str, found: Path, watch: Stopwatch) -> dict[str, Any]:
    """Link with comparisons of the library, trained as its documentation says."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect(config={"threads": os.cpu_count() or 1})
    connection.execute("SET enable_progress_bar = false")
    files = {
        "people": folder / POPULATION_FILE,
        "records": register_file(folder, tier),
        "communes": folder / COMMUNES_FILE,
    }
    names = {"name": _NAME.format(column="ho_ten"), "parts": _PARTS}
    connection.execute(_PEOPLE.format(**files, **names, head=_NAME.format(column="head_name")))
    connection.execute(_RECORDS.format(**files, **names, head=_NAME.format(column="chu_ho")))
    watch.lap("prepare")
    api = DuckDBAPI(connection=connection)
    tables = [api.register(name, dataset_display_name=name) for name in ("people", "records")]
    ((people,),) = connection.execute("SELECT count(*) FROM people").fetchall()
    linker = Linker(tables, _settings(people))
    exact = [block_on("number"), block_on("name", "birth"), block_on("old_number")]
    linker.training.estimate_probability_two_random_records_match(exact, recall=RECALL_OF_EXACT_RULES)
    linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS_FOR_U, seed=SEED)
    for rule in (block_on("name", "year"), block_on("birth", "commune"), block_on("number")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    watch.lap("train")
    predicted = linker.inference.predict(threshold_match_probability=LEAST_PROBABILITY)
    watch.lap("predict")
    connection.execute(_BEST.format(predicted=predicted.physical_name, found=found))
    watch.lap("best")
    return {}


def _settings(people: int) -> SettingsCreator:
    frequent = {"term_frequency_adjustments": True}
    names = [comparisons.NameComparison(part).configure(**frequent) for part in ("given", "surname", "middle", "head")]
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            *names,
            comparisons.DateOfBirthComparison("birth", input_is_string=True),
            comparisons.DamerauLevenshteinAtThresholds("number", [1, 2]),
            _equal_or_not("old_number", people),
            comparisons.ExactMatch("sex"),
            comparisons.ExactMatch("ethnicity").configure(**frequent),
            comparisons.ExactMatch("commune").configure(**frequent),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("number"), block_on("old_number"), block_on("name", "year"), block_on("given", "birth"),
            block_on("name", "commune"), block_on("surname", "given", "year", "commune"), block_on("birth", "commune"),
            block_on("head", "given"),
        ],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )  # fmt: skip


def _equal_or_not(column: str, people: int) -> Any:
    """Compare a number that one person alone has: by chance it agrees once in as many as there are people."""
    by_chance = 1 / people
    return comparisons.CustomComparison(
        [
            levels.NullLevel(column),
            levels.ExactMatchLevel(column).configure(
                u_probability=by_chance, m_probability=0.94, fix_u_probability=True
            ),
            levels.ElseLevel().configure(u_probability=1 - by_chance, m_probability=0.06),
        ],
        f"{column}_comparison",
    )

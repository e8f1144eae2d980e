"""A register against a population past one machine: ``./lienthong verify --engine spark --master URL``.

The declaration of the engine makes a Splink model; the cluster normalises, blocks, compares and weighs; the candidates of
each record come back, and the engine's own code lets them compete and words the verdict.
"""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from lienthong.verification.linkage.places import Places
from lienthong.verification.linkage.sides import Population
from lienthong.verification.linkage.weights import Model
from lienthong.verification.spark import cluster, parts
from lienthong.verification.spark.deciding import NOBODY_AT_ALL, Found, verdicts
from lienthong.verification.spark.engines import OnDuckDB, OnSpark
from lienthong.verification.spark.preparing import prepare_entries, prepare_people
from lienthong.verification.spark.scoring import PREPARED_PEOPLE, Scores, score
from lienthong.verification.spark.settings import ENTRIES, Weights


def run(
    register: pl.DataFrame,
    population: pl.DataFrame | Path,
    places: pl.DataFrame | None,
    *,
    master: str,
    model: Model | None = None,
    folder: Path | None = None,
    configuration: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """Verify a register on a Spark cluster.

    Args:
        register: The register, in canonical columns.
        population: The population, in canonical columns; a Parquet file of them where it is too large for this machine.
        places: Communes, with the columns old and new.
        master: Address of the cluster, ``spark://host:7077``.
        model: What a run of the engine learnt; without one Splink learns the weights from a sample first.
        folder: A folder that every machine of the cluster sees at this path, for what is prepared; this machine's own
            folder of temporary files without one, which does for a cluster on one machine.
        configuration: More settings of Spark.

    Returns:
        The verdicts, one row per record in the register's order, in the columns of the engine.

    Raises:
        SparkMissing: PySpark or Java is not installed.
        MasterUnreachable: No cluster answers.
    """
    known = Places.read(places)
    if not register.height:
        return _of_nobody(register, known)
    with cluster.session(master=master, configuration=configuration) as spark:
        work = Path(tempfile.mkdtemp(prefix="lienthong-spark-", dir=folder))
        try:
            people = parts.lay_out(population, file=work / "population.parquet")
            entries = parts.lay_out(register, file=work / "register.parquet")
            size = sum(part.length for part in people)
            if not size:
                return _of_nobody(register, known)
            cluster.divide_work(spark, rows=size)
            learnt = parts.learn(spark, people, places=known)
            parts.prepare_all(spark, people, entries, places=known, learnt=learnt, folder=work)
            engine = OnSpark(session=spark, folder=work)
            engine.take(PREPARED_PEOPLE, work / PREPARED_PEOPLE)
            engine.take(ENTRIES, work / ENTRIES)
            scores = score(engine, people=size, weights=Weights.of(model.as_plain_data()) if model else None)
            concerned = parts.read_rows(spark, people, scores.concerned.to_numpy())
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return verdicts(Found(scores, register, concerned, size), places=known, learnt=learnt, model=model)


def on_duckdb(
    register: pl.DataFrame, population: pl.DataFrame, places: pl.DataFrame | None, *, model: Model | None = None
) -> pl.DataFrame:
    """Do the same with DuckDB in this process: the peer that the engine is measured beside.

    Args and returns as of ``run``.
    """
    known = Places.read(places)
    if not (register.height and population.height):
        return _of_nobody(register, known)
    learnt = Population.prepare(population, places=known).learnt
    engine = OnDuckDB()
    engine.take(PREPARED_PEOPLE, prepare_people(population, first=0, places=known, learnt=learnt))
    engine.take(ENTRIES, prepare_entries(register, first=0, places=known, learnt=learnt))
    scores = score(engine, people=population.height, weights=Weights.of(model.as_plain_data()) if model else None)
    found = Found(scores, register, population[scores.concerned], population.height)
    return verdicts(found, places=known, learnt=learnt, model=model)


def _of_nobody(register: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Return the verdicts where nobody is there to be found, or nothing to be asked."""
    learnt = Population.prepare(NOBODY_AT_ALL, places=places).learnt
    found = Found(Scores.of_nobody(), register, NOBODY_AT_ALL, 1)
    return verdicts(found, places=places, learnt=learnt, model=None)

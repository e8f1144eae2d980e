"""Where the Splink model runs: DuckDB in this process, or a session of Spark."""

from pathlib import Path
from typing import Any

import polars as pl

from lienthong.verification.spark.settings import Dialect


class OnDuckDB:
    """Tables in the memory of this process.

    Args:
        threads: How many to use; one where sums must come out the same to the last digit. All cores without it.
    """

    dialect: Dialect = "duckdb"

    def __init__(self, *, threads: int | None = None) -> None:
        import duckdb
        from splink.backends.duckdb import DuckDBAPI

        self._connection = duckdb.connect(config={"threads": threads} if threads else {})
        self.api: Any = DuckDBAPI(connection=self._connection)

    def take(self, name: str, table: pl.DataFrame) -> None:
        """Copy a table into the engine."""
        self._connection.register("taken", table.to_arrow())
        self.make(name, "select * from taken")
        self._connection.unregister("taken")

    def make(self, name: str, sql: str) -> None:
        """Keep the answer of a query under a name."""
        self._connection.execute(f"create or replace table {name} as {sql}")

    def read(self, sql: str) -> pl.DataFrame:
        """Bring the answer of a query here."""
        return pl.DataFrame(self._connection.sql(sql).to_arrow_table())


class OnSpark:
    """Tables as Parquet in a folder that every machine of the cluster sees."""

    dialect: Dialect = "spark"

    def __init__(self, *, session: Any, folder: Path) -> None:
        from splink.backends.spark import SparkAPI

        self._session, self._folder = session, folder
        session.sparkContext.setCheckpointDir(str(folder / "checkpoints"))
        self.api: Any = SparkAPI(
            spark_session=session,
            break_lineage_method="parquet",
            num_partitions_on_repartition=int(session.conf.get("spark.sql.shuffle.partitions")),
        )

    def take(self, name: str, files: Path) -> None:
        """Name a folder of Parquet files."""
        self._session.read.parquet(str(files)).createOrReplaceTempView(name)

    def make(self, name: str, sql: str) -> None:
        """Keep the answer of a query under a name; on disk, so that no later step computes it again."""
        files = self._folder / name
        self._session.sql(sql).write.mode("overwrite").parquet(str(files))
        self.take(name, files)

    def read(self, sql: str) -> pl.DataFrame:
        """Bring the answer of a query here."""
        return pl.DataFrame(self._session.sql(sql).toArrow())

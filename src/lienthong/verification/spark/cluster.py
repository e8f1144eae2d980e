"""A session on a Spark cluster, and the refusals of a machine that has none."""

import importlib.util
import logging
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

INSTALL = ".venv/bin/python -m pip install --require-hashes --no-deps -r requirements-spark.lock"
LARGEST_PIECE = 500_000  # people in one piece of a table
FEWEST_PIECES = 2
SOURCE = Path(__file__).resolve().parents[3]

# What differs from Spark's own defaults; ``configuration`` goes before these, the cluster's own files do not.
_CONFIGURATION = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    # The step that compares is too wide to be one Java method; Spark would try, fail, and say so at length.
    "spark.sql.codegen.maxFields": "50",
}


class SparkMissing(Exception):
    """PySpark or Java is not on this machine. Thiếu PySpark hoặc Java."""


class MasterUnreachable(Exception):
    """No Spark master answers. Không nối được với máy chủ Spark."""


@contextmanager
def session(*, master: str, configuration: Mapping[str, str] | None = None) -> Iterator[Any]:
    """Yield a session of Spark on a cluster.

    The machines of the cluster must see this checkout and its ``.venv`` at the same path: normalisation runs there.

    Args:
        master: Address of the master, ``spark://host:7077``; ``local[2]`` for one machine without a cluster.
        configuration: More settings of Spark.

    Raises:
        SparkMissing: PySpark or Java is not there.
        MasterUnreachable: Nobody answers at that address.
    """
    ensure_installed()
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession
    from splink.backends.spark import similarity_jar_location

    # The Python that every machine runs; PySpark asks the environment for it and would else take the machine's own.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    logging.getLogger("py4j").setLevel(logging.ERROR)
    builder = SparkSession.builder.master(master).appName("lienthong verify")
    for name, value in {
        **_CONFIGURATION,
        "spark.jars": similarity_jar_location(),  # the distance between two spellings
        "spark.executorEnv.PYTHONPATH": str(SOURCE),
        **(configuration or {}),
    }.items():
        builder = builder.config(name, value)
    try:
        opened = builder.getOrCreate()
    except PySparkException as error:
        raise MasterUnreachable(_unreachable(master, str(error))) from error
    except Exception as error:  # py4j hands on whatever the JVM threw
        raise MasterUnreachable(_unreachable(master, str(error).splitlines()[0] if str(error) else "")) from error
    try:
        yield opened
    finally:
        opened.stop()


def divide_work(spark: Any, *, rows: int) -> None:
    """Choose into how many pieces the cluster divides its tables: enough for every core, none too large for memory."""
    pieces = max(spark.sparkContext.defaultParallelism, FEWEST_PIECES, -(-rows // LARGEST_PIECE))
    spark.conf.set("spark.sql.shuffle.partitions", str(pieces))


def ensure_installed() -> None:
    """Refuse with the one command that helps, where PySpark or Java is missing."""
    if importlib.util.find_spec("pyspark") is None:
        raise SparkMissing(_("Chưa cài PySpark. Cài bằng một lệnh, ở thư mục mã nguồn:\n    %s") % INSTALL)
    if shutil.which("java") is None:
        raise SparkMissing(
            _("Spark cần Java 17 trở lên. Cài bằng một lệnh:\n    %s") % "sudo apt-get install default-jre-headless"
        )


def _unreachable(master: str, said: str) -> str:
    return _(
        "Không nối được với cụm Spark tại %(master)s. Kiểm tra địa chỉ và cụm đã chạy chưa. Spark nói: %(said)s"
    ) % {
        "master": master,
        "said": said,
    }

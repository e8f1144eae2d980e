"""The Splink model on a real cluster: a master and two workers on loopback."""

import importlib.util
import shutil
from pathlib import Path

import pytest

from lienthong.verification.linkage.places import Places
from lienthong.verification.linkage.sides import Population, Register
from lienthong.verification.linkage.verdicts import link
from lienthong.verification.spark.cluster import MasterUnreachable, session
from lienthong.verification.spark.run import run
from tests.verification.spark.clusters import QUICK_JAVA, cluster
from tests.verification.spark.invented import f1, province, share_of_same_links

pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore"),  # those of Splink and PySpark are not ours
    pytest.mark.skipif(
        importlib.util.find_spec("pyspark") is None or shutil.which("java") is None,
        reason="needs PySpark and Java; ./lienthong test --spark installs the one and names the other",
    ),
]
QUICK = {"spark.driver.extraJavaOptions": QUICK_JAVA, "spark.executor.extraJavaOptions": QUICK_JAVA}


@pytest.fixture(autouse=True)
def on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")


def test_finds_on_a_cluster_whom_our_engine_finds(tmp_path: Path) -> None:
    given = province(people=20_000, records=3_000)
    places = Places.read(given.places)
    population = Population.prepare(given.population, places=places)
    ours = link(Register.prepare(given.register, population=population, places=places), population)

    with cluster(tmp_path) as master:
        there = run(
            given.register, given.population, given.places, master=master, model=ours.model, folder=tmp_path,
            configuration=QUICK,
        )  # fmt: skip

    assert there.schema == ours.verdicts.schema
    assert there["record_id"].equals(ours.verdicts["record_id"])
    assert share_of_same_links(ours.verdicts, there) >= 0.98
    assert f1(there, given.truth) >= 0.98
    assert (there["status"] == ours.verdicts["status"]).mean() >= 0.97
    assert not list(tmp_path.glob("lienthong-spark-*"))


def test_says_where_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    from pyspark.sql import SparkSession

    def give_up(_builder: object) -> None:
        raise RuntimeError("All masters are unresponsive! Giving up.")

    monkeypatch.setattr(SparkSession.Builder, "getOrCreate", give_up)

    with (
        pytest.raises(MasterUnreachable, match=r"spark://nobody:7077.*All masters are unresponsive"),
        session(master="spark://nobody:7077"),
    ):
        pass

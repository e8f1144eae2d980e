"""A real standalone cluster of Spark on loopback: a master and workers, each a process of its own, ended by its id."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 120  # a busy machine takes its time
# A process that lives a minute is not worth compiling well.
QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


@contextmanager
def cluster(folder: Path, *, workers: int = 2) -> Iterator[str]:
    """Start a master and workers of one core each on free ports, and give the address of the master."""
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = {
        **os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": QUICK_JAVA, "SPARK_WORKER_DIR": str(folder), "PYSPARK_PYTHON": sys.executable,
    }  # fmt: skip
    running: list[subprocess.Popen[bytes]] = []

    def start(name: str, *arguments: str) -> Path:
        log = folder / f"{name}.log"
        command = [str(home / "bin" / "spark-class"), *arguments, "--webui-port", "0"]
        with log.open("wb") as file:
            running.append(subprocess.Popen(command, env=environment, stdout=file, stderr=subprocess.STDOUT))
        return log

    try:
        master = "org.apache.spark.deploy.master.Master"
        log = start("master", master, "--host", "127.0.0.1", "--port", "0")
        address = _wait_for(r"Starting Spark master at (spark://\S+)", log, times=1, running=running)
        for number in range(workers):
            worker = "org.apache.spark.deploy.worker.Worker"
            start(f"worker-{number}", worker, "--host", "127.0.0.1", "--cores", "1", "--memory", "1500m", address)
        _wait_for(r"(Registering worker)", log, times=workers, running=running)
        yield address
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(pattern: str, log: Path, *, times: int, running: list["subprocess.Popen[bytes]"]) -> str:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        found = re.findall(pattern, log.read_text(errors="replace"))
        if len(found) >= times:
            return str(found[0])
        if any(process.poll() is not None for process in running):
            break
        time.sleep(0.1)
    raise AssertionError(f"the cluster did not start:\n{log.read_text(errors='replace')}")

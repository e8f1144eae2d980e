"""The stages of a month, each done by a process of its own that says how long it took and how much memory it held."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

from django.db import connection, connections

from lienthong.accounts.models import User
from lienthong.documents.vault import open_content
from lienthong.infra.working import told_moment
from lienthong.kernel.days import local_day
from lienthong.ops.bench.payroll.inventing import NOW
from lienthong.ops.simulated_bank.answering import Wishes, answer
from lienthong.ops.simulated_bank.orders import read_order
from lienthong.ops.simulated_bank.writing import write_report, write_statement
from lienthong.payments.models import PaymentFile, PaymentRun
from lienthong.payments.services.collecting import collect_run
from lienthong.payments.services.exporting import export_run
from lienthong.payments.services.importing import ImportAnswer, import_answer
from lienthong.payments.services.moving import RunTarget
from lienthong.payments.services.preparing import PrepareRun, prepare_run
from lienthong.payments.services.signing import approve_run, check_run, release_run
from lienthong.payments.states import FileKind


@dataclass(frozen=True, slots=True)
class Ran:
    """What a stage cost: seconds, and the most memory in GB that its process held, and the process of the server that served it.

    The server's own is None where it runs on another machine; what it shares with its other processes is part of it.
    """

    seconds: float
    peak_gb: float
    server_gb: float | None = None

    def memory(self) -> dict[str, float | None]:
        """Return both, as a report keeps them."""
        return {"peak_gb": round(self.peak_gb, 3), "server_gb": self.server_gb and round(self.server_gb, 3)}


def apart(work: Callable[[], None]) -> Ran:
    """Do work in a process of its own.

    Raises:
        RuntimeError: It did not come to its end.
    """
    connections.close_all()
    here, there = get_context("fork").Pipe(duplex=False)
    process = get_context("fork").Process(target=_run, args=(work, there))
    process.start()
    there.close()
    try:
        ran: Ran = here.recv()
    except EOFError as end:
        raise RuntimeError("the stage did not come to its end; its trace is above") from end
    finally:
        process.join()
    return ran


def _run(work: Callable[[], None], told: Connection) -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # what the parent held once is not ours
    began = time.perf_counter()
    work()
    seconds = time.perf_counter() - began
    ran = Ran(seconds, _peak_gb("self"), _server_gb())
    connections.close_all()
    told.send(ran)
    told.close()


def _peak_gb(process: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024**2


def _server_gb() -> float | None:
    """Return what the server's process behind this connection held at most; it began with the stage, as the connection did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), inet_server_addr() IS NULL OR inet_server_addr() <<= '127.0.0.0/8'")
        process, is_here = cursor.fetchone()
    return _peak_gb(str(process)) if is_here else None


def prepare(month: date) -> None:
    """Open a run and collect its lines."""
    command = PrepareRun(month=month, client_key=UUID(int=month.toordinal()))
    run = prepare_run(command, acting_user=_officer("bench.lap"), now=_moment(month))
    with told_moment(_moment(month)):
        collect_run(run.pk)


def sign(month: date) -> None:
    """Check and approve a run."""
    for place, (verb, name) in enumerate(((check_run, "bench.kiemtra"), (approve_run, "bench.duyet"))):
        verb(_target(month, place), acting_user=_officer(name), now=_moment(month))


def release(month: date) -> None:
    """Release a run."""
    release_run(_target(month, 2), acting_user=_officer("bench.chuyen"), now=_moment(month))


def export(month: date) -> None:
    """Write every file of a run."""
    export_run(run_of(month).pk, acting_user=_officer("bench.lap"), now=_moment(month))


def let_the_bank_answer(month: date, folder: Path) -> None:
    """Let the simulated bank answer the run's order: some transfers rejected, some given back."""
    order = PaymentFile.objects.get(run=run_of(month), kind=FileKind.PAIN001)
    path = folder / "order.xml"
    with open_content(order.sha256) as content:
        path.write_bytes(content.read())
    said = answer(read_order(path), Wishes(), on=local_day(_moment(month)))
    write_report(said, to=folder / "report.xml")
    write_statement(said, to=folder / "statement.xml", statement_id=f"SK{month:%m}")


def take_in(month: date, folder: Path) -> None:
    """Take in and reconcile the report and the statement."""
    for name in ("report.xml", "statement.xml"):
        with (folder / name).open("rb") as content:
            command = ImportAnswer(content=content, name=name)
            import_answer(command, acting_user=_officer("bench.lap"), now=_moment(month))


def run_of(month: date) -> PaymentRun:
    """Return the run of a month."""
    return PaymentRun.objects.get(month=month)


def _target(month: date, place: int) -> RunTarget:
    run = run_of(month)
    return RunTarget(run_id=run.pk, seen=run.version, client_key=UUID(int=month.toordinal() * 10 + place))


def _officer(name: str) -> User:
    return User.objects.get(username=name)


def _moment(month: date) -> datetime:
    return NOW + timedelta(days=(month - date(NOW.year, NOW.month, 1)).days)

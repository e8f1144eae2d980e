"""Several clients at once, each a process of its own with its own connection, let loose at the same moment."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from django.db import connections

Work = Callable[[], Any]
MakeWork = Callable[[int], Work]


@dataclass(frozen=True, slots=True)
class Counted:
    """What one client did: how many pieces in how many seconds, with how much time of the processor, and the answers."""

    pieces: int
    seconds: float
    cpu_seconds: float
    answers: Sequence[Any]


class ClientFailed(Exception):
    """A client ended with an error; its text is what the client said."""


def run(make_work: MakeWork, *, clients: int, seconds: float, warm_up: int) -> list[Counted]:
    """Let ``clients`` processes repeat a piece of work for some seconds.

    Args:
        make_work: Called in each process with its number; returns what it repeats.
        clients: How many processes.
        seconds: How long each works.
        warm_up: Pieces done before the clock starts, so that plans are made and caches filled.

    Raises:
        ClientFailed: One of them could not go on.
    """
    connections.close_all()  # a forked process must open its own
    context = get_context("fork")
    start, queue = context.Barrier(clients), context.Queue()
    processes = [
        context.Process(
            target=_client,
            args=(number, make_work),
            kwargs={"seconds": seconds, "warm_up": warm_up, "start": start, "queue": queue},
        )
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    results = [queue.get() for _ in processes]
    for process in processes:
        process.join()
    failures = [result for result in results if isinstance(result, str)]
    if failures:
        raise ClientFailed(failures[0])
    return results


def rate(results: Sequence[Counted]) -> float:
    """Return the pieces per second of all clients together."""
    return sum(one.pieces for one in results) / max(one.seconds for one in results)


def _client(  # noqa: PLR0917 - a process is started with a plain tuple
    number: int, make_work: MakeWork, seconds: float, warm_up: int, start: Any, queue: Any
) -> None:
    try:
        work = make_work(number)
        answers = [work() for _ in range(warm_up)]
        start.wait(120)
        began, cpu = time.perf_counter(), time.process_time()
        ends, pieces = began + seconds, 0
        while time.perf_counter() < ends:
            answers.append(work())
            pieces += 1
        queue.put(Counted(pieces, time.perf_counter() - began, time.process_time() - cpu, answers))
    except Exception as trouble:
        start.abort()
        queue.put(f"{type(trouble).__name__}: {trouble}")

"""Kills a process in the middle of a stage of payments, again and again, and looks each time at what is there.

A stage is work that a process does alone: a test declares what is set up, what the process does, and what must hold at any
moment. ``keep_killing`` forks the process, ends it by SIGKILL, checks, and begins the same work again until it is done; then
the next round is set up. A process is killed after each of its statements in turn, then at moments of chance.
"""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, connections

from lienthong.infra.working import WorkedElsewhere

LONGEST = 60.0  # seconds that undisturbed work may take


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage that may be killed at any moment.

    Attributes:
        name: For the report.
        set_up: Makes a state in which there is work; returns what it is about.
        work: What the process does with that; may begin anew wherever an earlier one was killed.
        check: Raises where something does not hold, after each kill and at the end; told whether the work was done.
        tear_down: What follows a finished round, so that the next can be set up.
    """

    name: str
    set_up: Callable[[], Any]
    work: Callable[[Any], None]
    check: Callable[[Any, bool], None]
    tear_down: Callable[[Any], None] = lambda about: None


def keep_killing(stage: Stage, *, by_chance: int, rounds: int = 1, luck: random.Random) -> int:
    """Kill a stage after each statement for so many rounds, then so often by chance. Return how many kills there were."""
    kills = 0
    for _round in range(rounds):
        about = stage.set_up()
        place, is_killed = 0, True
        while is_killed:
            place += 1
            is_killed = run_and_kill(lambda about=about: stage.work(about), after_statement=place)  # type: ignore[misc]
            kills += is_killed
            stage.check(about, not is_killed)
        stage.tear_down(about)
    about, took = stage.set_up(), None
    began = time.monotonic()
    run_and_kill(lambda: stage.work(about))
    took = time.monotonic() - began
    stage.check(about, True)
    stage.tear_down(about)
    while by_chance > 0:
        about, is_killed = stage.set_up(), True
        while is_killed:
            # Somewhat beyond the end too: the moments around the commit are the ones to be afraid of.
            span = took * luck.uniform(0.0, 1.05) if by_chance > 0 else LONGEST
            is_killed = run_and_kill(lambda about=about: stage.work(about), after_seconds=span)  # type: ignore[misc]
            kills += is_killed
            by_chance -= is_killed
            stage.check(about, not is_killed)
        stage.tear_down(about)
    return kills


def run_and_kill(
    work: Callable[[], None], *, after_statement: int | None = None, after_seconds: float = LONGEST
) -> bool:
    """Do work in a process of its own and kill it there.

    Args:
        work: The work.
        after_statement: Kill it when its n-th statement has been answered.
        after_seconds: Kill it after so long.

    Returns:
        Whether it was killed; False where it had finished before.
    """
    connections.close_all()  # a forked process would write into the connection of this one
    child = os.fork()
    if child == 0:
        _be_the_process(work, after_statement)
    ends = time.monotonic() + after_seconds
    while time.monotonic() < ends:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return _was_killed(status)
        time.sleep(0.001)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    _ended, status = os.waitpid(child, 0)
    return _was_killed(status)


def _wait_until_the_server_let_go() -> None:
    """Wait for the last statement of the killed process, which may be its commit: what is checked then stands still."""
    ends = time.monotonic() + LONGEST
    while time.monotonic() < ends:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.005)
    raise AssertionError("the server still works for the killed process")


def _was_killed(status: int) -> bool:
    _wait_until_the_server_let_go()
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0, "the process failed, see its trace above"
    return False


def _be_the_process(work: Callable[[], None], after_statement: int | None) -> None:
    code = 1
    try:
        if after_statement is None:
            _patiently(work)
        else:
            counted = 0

            def count(execute: Any, *arguments: Any) -> Any:
                nonlocal counted
                answer = execute(*arguments)
                counted += 1
                if counted == after_statement:
                    os.kill(os.getpid(), signal.SIGKILL)
                return answer

            with connection.execute_wrapper(count):
                _patiently(work)
        code = 0
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(code)


def _patiently(work: Callable[[], None]) -> None:
    """Wait while the server still finishes the last statement of a process that was killed."""
    ends = time.monotonic() + LONGEST
    while True:
        try:
            work()
        except (WorkedElsewhere, OperationalError):
            if time.monotonic() > ends:
                raise
            time.sleep(0.01)
        else:
            return

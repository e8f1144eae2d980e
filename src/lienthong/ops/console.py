"""What a command says at the terminal: one line for each step, with its time."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Note = Callable[[str], None]


def say(text: str) -> None:
    """Print a line at once, also into a pipe; whoever closes the pipe early has seen enough, and the work goes on."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def step(title: str) -> Iterator[Note]:
    """Show a step while it runs and tick it off, with its seconds, when it is done.

    Yields:
        A function that adds a remark to the line.
    """
    began = time.monotonic()
    remarks: list[str] = []
    _draft(f"  {title} …")
    try:
        yield remarks.append
    except BaseException:
        _draft("")
        say(f"✗ {title}")
        raise
    _draft("")
    remark = f": {', '.join(remarks)}" if remarks else ""
    say(f"✓ {title}{remark} ({seconds(time.monotonic() - began)})")


def seconds(span: float) -> str:
    """Return "1,2 giây"."""
    return f"{span:.1f} giây".replace(".", ",")


def _draft(text: str) -> None:
    """Write a line that the next one overwrites; a log file gets finished lines only."""
    if sys.stdout.isatty():
        sys.stdout.write(f"\r\033[K{text}")
        sys.stdout.flush()

"""What a benchmark is told before it begins."""

from dataclasses import dataclass

from lienthong.ops.console import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How to measure.

    Attributes:
        server_url: A database on the server to measure on; benchmarks make databases of their own beside it.
        is_quick: Small data and short rounds, to see that the benchmark itself works.
        is_fresh: Make the data anew even where an earlier run has left them.
        say: Takes a line about what is being done.
    """

    server_url: str
    is_quick: bool
    is_fresh: bool
    say: Note

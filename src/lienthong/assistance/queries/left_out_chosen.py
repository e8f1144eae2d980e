"""What the pass over everybody chooses: a person, and for what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lienthong.assistance.states import FindingKind, Programme

ANY: Final = "any"
"""Stands for every benefit of a person where unknown facts leave open which of them differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A person whom the pass over everybody has chosen, and for what.

    Attributes:
        row: In the register.
        benefit: Which benefit; ``ANY`` where unknown facts leave that open.
        is_certain: Whether nothing unknown could change it; False: ask.
        amount: Đồng each time it is paid: what the rules give, at most where it is to be asked.
        paid: Đồng each time it is paid: what is set now.
        lines: What it is made of, in words, where that is not everything that the rules give of the benefit.
    """

    row: int
    kind: FindingKind
    programme: Programme
    benefit: str
    is_certain: bool
    amount: int
    paid: int
    lines: tuple[str, ...] = ()

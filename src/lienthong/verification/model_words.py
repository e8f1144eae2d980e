"""How the engine weighs, in words that an officer understands. Pure; reads what a batch kept of its model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, log2
from typing import Any

from django.utils.translation import gettext as _

from lienthong.verification.linkage.levels import BLOCKING_RULES
from lienthong.verification.linkage.vocabulary import Field
from lienthong.verification.states import FIELD_WORDS

_SMALLEST = 1e-9


@dataclass(frozen=True, slots=True)
class LevelWeight:
    """How much one outcome of one comparison says. Trọng số của một mức so sánh.

    Attributes:
        field: The field in words.
        level: The outcome in words.
        among_same: Share of records about the same person that come out so.
        by_chance: Share of two people taken at random that come out so.
        bits: Logarithm (base 2) of the one by the other.
    """

    field: str
    level: str
    among_same: float
    by_chance: float
    bits: float

    @property
    def in_words(self) -> str:
        """What the weight does to the odds."""
        times = 2 ** abs(self.bits)
        shown = f"{times:,.0f}".replace(",", ".") if times >= 10 else f"{times:.1f}".replace(".", ",")
        if self.bits >= 0:
            return _("khả năng cùng một người tăng %(times)s lần") % {"times": shown}
        return _("khả năng cùng một người giảm %(times)s lần") % {"times": shown}


def weights_of(model: Mapping[str, Any]) -> list[LevelWeight]:
    """Read the weight of each level of each field from the plain data of a model; nothing of what is no model."""
    weights = []
    fields = model.get("fields")
    for name, levels in fields.items() if isinstance(fields, Mapping) else ():
        words = str(FIELD_WORDS.get(Field(name), name)) if name in set(Field) else str(name)
        for level in levels:
            same, chance = float(level["m"]), float(level["u"])
            bits = log2(max(same, _SMALLEST) / max(chance, _SMALLEST))
            if isfinite(bits):
                weights.append(LevelWeight(words, _capital(str(level["words"])), same, chance, bits))
    return weights


def blocking_in_words() -> list[tuple[str, bool]]:
    """Return which pairs are looked at at all: each rule in words, and whether only the still unmatched are tried by it."""
    return [(_capital(rule.words), rule.rescue) for rule in BLOCKING_RULES]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]

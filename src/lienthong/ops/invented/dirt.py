"""How dirty a register is: rates by tier, and other kinds of dirt that are put on by name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from lienthong.rules.parameters import load_yaml

Rates = Mapping[str, float]


class UnknownDirt(ValueError):
    """There is no such tier or kind of dirt; the text says which there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dirt:
    """Rates per record at average care.

    Attributes:
        tier: Name of the tier.
        valid: Share of records with the person's own number.
        noise: By how much all errors are multiplied.
        kinds: Rate of each other kind of dirt; 0 where it was not asked for.
    """

    tier: str
    valid: float
    noise: float
    kinds: Rates = field(default_factory=dict)

    @property
    def names(self) -> dict[str, float]:
        """Rates of the slips in a name."""
        typists = self.kind("other_typists") / 2
        return {**table("names"), "beside": typists, "keys": typists, "misread": self.kind("misread") / 2}

    @property
    def dates(self) -> dict[str, float]:
        """Rates of the slips in a date of birth."""
        return {**table("dates"), "d_misread": self.kind("misread") / 4}

    def kind(self, name: str) -> float:
        """Return the rate of another kind of dirt."""
        return self.kinds.get(name, 0.0)


@cache
def tables() -> dict[str, Any]:
    """Return ``dirt.yaml``."""
    content: dict[str, Any] = load_yaml(Path(__file__).with_name("dirt.yaml"))
    return content


def table(name: str) -> dict[str, float]:
    """Return one table of rates."""
    rates: dict[str, float] = tables()[name]
    return rates


def tiers() -> list[str]:
    """Return the names of the tiers, the cleanest first."""
    return list(tables()["tiers"])


def kinds() -> dict[str, str]:
    """Return the other kinds of dirt, each in Vietnamese words."""
    return {name: kind["vi"] for name, kind in tables()["kinds"].items()}


def dirt_of(tier: str, *, kinds: Collection[str] = ()) -> Dirt:
    """Return the dirt of a tier, with other kinds of dirt put on.

    Raises:
        UnknownDirt: A name that is not in ``dirt.yaml``.
    """
    known = tables()["kinds"]
    strange = [name for name in kinds if name not in known]
    if tier not in tables()["tiers"] or strange:
        raise UnknownDirt(
            f"Không có mức “{tier}” hoặc kiểu nhiễu {strange}. Các mức: {', '.join(tiers())}; các kiểu: {', '.join(known)}."
        )
    return Dirt(tier=tier, **tables()["tiers"][tier], kinds={name: known[name]["rate"] for name in kinds})


def kind_rates(kinds: Collection[str]) -> dict[str, float]:
    """Return the rates of those kinds of dirt that lie in the population itself, 0 for what was not asked for."""
    return {name: kind["rate"] if name in kinds else 0.0 for name, kind in tables()["kinds"].items()}

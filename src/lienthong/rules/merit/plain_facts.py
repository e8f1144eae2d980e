"""Facts of people with merit to and from plain values, as files, forms and stored decisions have them.

Empty is unknown. Everything else is either understood exactly or refused in a sentence; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from lienthong.kernel.days import BirthDate
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.merit.facts import (
    CLAIM_FIELDS,
    CLAIM_FLAGS,
    CLAIM_NUMBERS,
    PERSON_FIELDS,
    PERSON_FLAGS,
    Category,
    MeritClaim,
    MeritFacts,
    Relation,
    School,
    Suspension,
)
from lienthong.rules.poverty.plain_facts import LARGEST_INCOME, FactRefused, choice, flag, whole

_CLAIM_CHOICES: Final[Mapping[str, type[StrEnum]]] = {"category": Category, "relation": Relation}
_PERSON_CHOICES: Final[Mapping[str, type[StrEnum]]] = {
    "school": School,
    "disability": DisabilityLevel,
    "suspension": Suspension,
}
_LARGEST_NUMBER: Final = 1000


def merit_from_plain(content: Mapping[str, Any]) -> MeritFacts:
    """Read the facts of a person.

    Args:
        content: By the names of :class:`MeritFacts`; ``claims`` a list of mappings by the names of :class:`MeritClaim`.

    Raises:
        FactRefused: An unknown name or code, a claim without its category, or a number or day that cannot be.
    """
    _only(content, PERSON_FIELDS)
    claims = content.get("claims") or ()
    if isinstance(claims, (str, bytes, Mapping)) or not isinstance(claims, Sequence):
        raise FactRefused("claims", "phải là danh sách các diện hưởng.")
    found: dict[str, Any] = {name: choice(name, content.get(name), kind) for name, kind in _PERSON_CHOICES.items()}
    found |= {name: flag(name, content.get(name)) for name in PERSON_FLAGS}
    return MeritFacts(
        claims=tuple(_claim(one) for one in claims),
        birth_date=_birth_date(content.get("birth_date")),
        monthly_income=whole("monthly_income", content.get("monthly_income"), most=LARGEST_INCOME),
        **found,
    )


def merit_as_plain(facts: MeritFacts) -> dict[str, Any]:
    """Write facts as JSON values; ``merit_from_plain`` reads them back. Unknown facts are left out."""
    found = {
        name: _bare(value) for name in PERSON_FIELDS if name != "claims" and (value := getattr(facts, name)) is not None
    }
    found["claims"] = [
        {name: _bare(value) for name in CLAIM_FIELDS if (value := getattr(claim, name)) is not None}
        for claim in facts.claims
    ]
    return found


def _claim(content: Any) -> MeritClaim:
    if not isinstance(content, Mapping):
        raise FactRefused("claims", "mỗi diện hưởng phải là các cặp tên và giá trị.")
    _only(content, CLAIM_FIELDS)
    found: dict[str, Any] = {name: choice(name, content.get(name), kind) for name, kind in _CLAIM_CHOICES.items()}
    if found["category"] is None:
        raise FactRefused("category", f"phải nêu diện người có công. Các mã: {', '.join(Category)}.")
    found |= {name: flag(name, content.get(name)) for name in CLAIM_FLAGS}
    found |= {name: whole(name, content.get(name), most=_LARGEST_NUMBER) for name in CLAIM_NUMBERS}
    origin = content.get("origin")
    try:
        return MeritClaim(**found, origin=None if origin is None or origin == "" else str(origin))
    except ValueError as impossible:
        raise FactRefused("claims", str(impossible)) from None


def _birth_date(value: Any) -> BirthDate | None:
    if value is None or not str(value).strip():
        return None
    try:
        return BirthDate.parse(str(value))
    except ValueError as unreadable:
        raise FactRefused("birth_date", str(unreadable)) from None


def _only(content: Mapping[str, Any], names: Sequence[str]) -> None:
    for name in content:
        if name not in names:
            raise FactRefused(str(name), f"không có mục này. Các mục: {', '.join(names)}.")


def _bare(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return str(value) if isinstance(value, BirthDate) else value

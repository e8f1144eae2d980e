"""Which fact each sentence of what is missing asks for, so that a form asks only what could still change the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from lienthong.rules.merit import grown_children, own, study, survivors
from lienthong.rules.merit.lines import LineKind

_OF_CLAIM: Final = {
    own.LACKS_RATE: "rate",
    f"{own.LACKS_RATE} (0 nếu không mắc bệnh)": "rate",
    own.LACKS_SEVERITY: "has_especially_severe_condition",
    own.LACKS_DETACHED: "was_detached",
    own.LACKS_SENIORITY: "seniority_units",
    own.LACKS_INFERTILITY: "has_infertility_or_affected_child",
    own.LACKS_RESISTANCE: "resistance_months",
    survivors.LACKS_RELATION: "relation",
    survivors.LACKS_DEATH: "has_died",
    survivors.LACKS_RECEIVING: "died_while_receiving",
    survivors.LACKS_MARTYRS: "number_of_martyrs",
    survivors.LACKS_CARE: "has_cared_for_martyrs_family",
    survivors.LACKS_RECIPIENT: "martyr_has_recipient",
    survivors.LACKS_DECEASED_RATE: "rate",
}
_OF_PERSON: Final = {
    own.LACKS_HOME: "lives_at_home",
    own.LACKS_LONELY: "is_lonely",
    survivors.LACKS_ORPHAN: "is_orphan",
    survivors.LACKS_PENSION_AGE: "has_reached_pension_age",
    grown_children.LACKS_SCHOOL: "school",
    grown_children.LACKS_USED: "has_used_study_benefit",
    grown_children.LACKS_DISABILITY: "disability",
    grown_children.LACKS_BEFORE: "disabled_before_18",
    grown_children.LACKS_INCOME: "monthly_income",
}
ASKS_FOR: Final[Mapping[str, str]] = MappingProxyType({**_OF_CLAIM, **_OF_PERSON})


def names_of(missing: Iterable[str]) -> tuple[str, ...]:
    """Name the facts of a claim or a person that are asked for, each once; what no question asks for is left out."""
    return tuple(dict.fromkeys(ASKS_FOR[one] for one in missing if one in ASKS_FOR))


_ONLY_OF: Final[Mapping[str, frozenset[LineKind]]] = MappingProxyType(
    {
        own.LACKS_HOME: frozenset({LineKind.ATTENDANT}),
        own.LACKS_LONELY: frozenset({LineKind.EXTRA}),
        own.LACKS_SENIORITY: frozenset({LineKind.SUPPLEMENT}),
        own.LACKS_SEVERITY: frozenset({LineKind.SUPPLEMENT, LineKind.ATTENDANT}),
        survivors.LACKS_ORPHAN: frozenset({LineKind.EXTRA}),
        survivors.LACKS_RECIPIENT: frozenset({LineKind.YEARLY}),
        survivors.LACKS_WORSHIP_LEVEL: frozenset({LineKind.YEARLY}),
        study.LACKS_YEARLY_LEVEL: frozenset({LineKind.YEARLY}),
    }
)


def missing_of(missing: Iterable[str], kind: LineKind) -> tuple[str, ...]:
    """Leave of what is missing what could still change a benefit of one kind."""
    return tuple(one for one in missing if kind in _ONLY_OF.get(one, frozenset(LineKind)))

"""The allowance of disabled people written for OpenFisca, as its handbook says: variables, formulas, dated parameters.

OpenFisca is a library of the bench (AGPL): nothing that runs a house imports this module. The numbers are read from the house's
own parameters, so that both apply the same law. Variables are named by their classes there, and formulas take the person first.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from lienthong.rules.parameters import load_parameter

Person: Final = build_entity(key="person", plural="persons", label="Người", roles=None, is_person=True)
COEFFICIENTS: Final = tuple(
    f"{degree}_disability{age}" for degree in ("severe", "extremely_severe") for age in ("_child", "", "_elderly")
)
_TENTHS: Final = 10


class Degree(Enum):
    """Degree of disability, as the house's own vocabulary has it."""

    extremely_severe = "extremely_severe"
    severe = "severe"
    mild = "mild"


class birth(Variable):  # type: ignore[misc]  # noqa: N801
    """Day of birth."""

    value_type = date
    entity = Person
    definition_period = DateUnit.ETERNITY


class degree(Variable):  # type: ignore[misc]  # noqa: N801
    """Degree of disability."""

    value_type = Enum
    possible_values = Degree
    default_value = Degree.mild
    entity = Person
    definition_period = DateUnit.MONTH


class age(Variable):  # type: ignore[misc]  # noqa: N801
    """Years completed on the first day of the month."""

    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH

    def formula(person: Any, period: Any) -> Any:  # noqa: N805
        """Count months, and leave out the one that is not completed."""
        born = person("birth", period)
        born_in = born.astype("datetime64[M]")
        months = (np.datetime64(str(period.start), "M") - born_in).astype(int)
        return (months - (born > born_in.astype("datetime64[D]"))) // 12


class disability_allowance(Variable):  # type: ignore[misc]  # noqa: N801
    """Monthly allowance, đồng (20/2021/NĐ-CP, Điều 5 khoản 6, Điều 6 khoản 1 điểm e)."""

    value_type = int
    entity = Person
    definition_period = DateUnit.MONTH

    def formula(person: Any, period: Any, parameters: Any) -> Any:  # noqa: N805
        """Multiply the standard level by the coefficient of degree and age."""
        law = parameters(period)
        years, degrees = person("age", period), person("degree", period)
        bands = [years < law.child_below, years >= law.elderly_from]
        severe = np.select(bands, [law.severe_disability_child, law.severe_disability_elderly], law.severe_disability)
        extremely = np.select(
            bands,
            [law.extremely_severe_disability_child, law.extremely_severe_disability_elderly],
            law.extremely_severe_disability,
        )
        tenths = np.select([degrees == Degree.severe, degrees == Degree.extremely_severe], [severe, extremely], 0)
        return law.base_level * tenths // _TENTHS


def tax_benefit_system() -> Any:
    """Build the system once, as a service does when it starts."""
    system = TaxBenefitSystem([Person])
    system.add_variables(birth, degree, age, disability_allowance)
    names = {
        "base_level": "social_assistance/base_level",
        "child_below": "social_assistance/ages:child_below",
        "elderly_from": "social_assistance/ages:elderly_from",
    }
    names |= {name: f"social_assistance/coefficients:{name}" for name in COEFFICIENTS}
    system.parameters = ParameterNode("", data={key: _dated(name) for key, name in names.items()})
    return system


def allowances(
    system: Any, births: npt.NDArray[np.datetime64], degrees: npt.NDArray[np.int_], *, month: str
) -> npt.NDArray[np.int64]:
    """Compute the allowance of everybody for a month, from columns as a register holds them.

    Args:
        system: As built once.
        births: Days of birth.
        degrees: Place in :class:`Degree`.
        month: As ``2026-08``.
    """
    simulation = SimulationBuilder().build_default_simulation(system, count=len(births))
    simulation.set_input("birth", month, births)
    simulation.set_input("degree", month, Degree.encode(degrees))
    found: npt.NDArray[np.int64] = simulation.calculate("disability_allowance", month)
    return found


def _dated(name: str) -> dict[str, Any]:
    return {"values": {value.applied_from.isoformat(): {"value": value.value} for value in load_parameter(name).values}}

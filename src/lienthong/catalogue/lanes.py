"""Who does the steps of a process, as lanes: the desk where it is handed in, and the competent agency of each level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lienthong.catalogue.definition import StepData
from lienthong.catalogue.states import StepLevel, StepPlace, StepRole
from lienthong.catalogue.wording import part_in_words


@dataclass(frozen=True, slots=True)
class Lane:
    """One place of work. ``key`` never changes for the same place, so that drawings can be compared."""

    key: str
    name: str


def lane_of(step: StepData) -> Lane:
    """Return the lane of a step."""
    if step.place is StepPlace.RECEIVING:
        return Lane("receiving", _("Bộ phận một cửa"))
    level = dict(StepLevel.choices).get(step.agency_level)
    name = _("Cơ quan %(level)s") % {"level": level} if level else _("Cơ quan có thẩm quyền")
    return Lane(f"competent-{step.agency_level or 'any'}", name)


def lanes_of(steps: Sequence[StepData]) -> tuple[Lane, ...]:
    """Return the lanes of a process in the order in which a request comes to them."""
    return tuple(dict.fromkeys(lane_of(step) for step in steps))


def role_in_words(step: StepData) -> str:
    """Say who does a step."""
    return str(dict(StepRole.choices).get(step.role, step.role)).capitalize()


def time_in_words(step: StepData) -> str:
    """Say how long a step may take; nothing where the step has no time of its own."""
    return part_in_words(step.allowance) if step.allowance else ""

"""The numpy twin of ``deadlines.due_at``: many due moments at once, identical to the scalar function."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lienthong.rules.working_time import WorkCalendar


def due_moments(
    starts: npt.NDArray[np.datetime64],
    amounts: npt.ArrayLike,
    units: npt.ArrayLike,
    calendar: WorkCalendar,
    *,
    pause_starts: npt.NDArray[np.datetime64] | None = None,
    pause_ends: npt.NDArray[np.datetime64] | None = None,
    pause_restarts: npt.NDArray[Any] | None = None,
) -> npt.NDArray[np.datetime64]:
    raise NotImplementedError

"""What verification asks of whoever holds the population data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import polars as pl

Progress = Callable[[str, float], None]

# Every column of an answer. One row for each record that is answered, in the order in which they were asked.
FIELDS = ("number", "old_number", "name", "birth", "sex", "ethnicity", "commune", "head")
SNAPSHOT = (
    "number", "old_number", "full_name", "birth_date", "sex", "ethnicity", "commune_code", "head_name", "life_status",
)  # fmt: skip
ANSWER_SCHEMA: dict[str, Any] = {
    "record_id": pl.String,
    "status": pl.String,
    "tags": pl.List(pl.String),
    "number": pl.String,
    "probability": pl.Float64,
    "is_linked": pl.Boolean,
    "stage": pl.String,
    **{f"{name}_verdict": pl.String for name in FIELDS},
    **{f"{name}_weight": pl.Float32 for name in FIELDS},
    "runner_up": pl.String,
    "runner_up_probability": pl.Float64,
    "runner_up_reason": pl.String,
    "explanation": pl.String,
    # The person as the population has them, in its own words; empty where nobody was found.
    "snapshot": pl.Struct(dict.fromkeys(SNAPSHOT, pl.String)),
}


@dataclass(frozen=True, slots=True)
class Since:
    """What was there the last time, so that only what changed on either side is asked anew. Phần thay đổi.

    Attributes:
        copy_key: The prepared copy of the last time.
        verdicts: What it answered.
        changed: Ids of the records that are new or changed since.
        model: How it weighed.
    """

    copy_key: str
    verdicts: pl.DataFrame
    changed: frozenset[str]
    model: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: verdicts in the columns of ``ANSWER_SCHEMA``, and how it was weighed. Kết quả trả lời."""

    verdicts: pl.DataFrame
    model: dict[str, Any] = field(default_factory=dict)
    calibration: list[Any] = field(default_factory=list)


class PopulationPort(Protocol):
    """Whoever can say who a record is: a copy of the data that lies here, or the police by an exchange of files.

    Cổng hỏi dữ liệu dân cư. Asked twice the same it answers the same; it answers no record that it was not asked for
    and none twice; a record that it has no answer for yet is left out.
    """

    def ask(self, register: pl.DataFrame, *, since: Since | None = None, progress: Progress | None = None) -> Answer:
        """Return verdicts on the records of a register.

        Args:
            register: Canonical columns of a register.
            since: Ask only about what changed since; None asks about all.
            progress: Told the stage in words and the share done.
        """
        ...


class PopulationQuery(Protocol):
    """Whoever answers about one person at a time, as the police's query service does.

    Cổng hỏi từng người. Everything that is asked must agree exactly, but for capital letters; what is empty is not asked.
    """

    def find(self, *, number: str, full_name: str, birth_date: str, at_most: int) -> list[dict[str, str]]:
        """Return the people who agree, each in the columns of a snapshot.

        Args:
            number: 12 or 9 digits.
            full_name: The whole name.
            birth_date: ``dd/mm/yyyy``, or ``yyyy`` for the year alone.
            at_most: How many at most; one more than this never comes back.
        """
        ...

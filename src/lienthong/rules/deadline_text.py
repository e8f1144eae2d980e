"""Deadlines from and to text: allowances, moments, pauses, office hours, and the answer as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lienthong.rules.deadlines import Allowance, Due, Pause, PauseRule


def read_allowance(text: str) -> tuple[Allowance, ...]: raise NotImplementedError        # "5 working_day + 12 calendar_day", "5 ngày làm việc + 12 ngày"
def write_allowance(allowance: Allowance | Sequence[Allowance]) -> str: raise NotImplementedError   # "5 working_day + 12 calendar_day"
def allowance_in_words(allowance: Allowance | Sequence[Allowance]) -> str: raise NotImplementedError   # "5 ngày làm việc + 12 ngày"
def read_moment(text: str) -> datetime: raise NotImplementedError                        # "2022-09-05T16:30" local; an offset is honoured
def read_pause(text: str, *, rule: PauseRule = PauseRule.RESUME) -> Pause: raise NotImplementedError   # "START/END", "START/" = open
def as_plain_data(due: Due) -> dict[str, Any]: raise NotImplementedError                 # {"due_at": "…+07:00" | None, "trace": [str, …], "remaining": str | None}
def answer(*, start: str, amount: str, unit: str = "working_day", pauses: Sequence[str] = (), office_hours: str | None = None, pause_rule: str = "resume") -> dict[str, Any]: raise NotImplementedError

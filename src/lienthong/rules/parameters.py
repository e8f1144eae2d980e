"""Dated, sourced values of the law, read from ``rules/parameters/**.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lienthong.kernel.legal import Confidence, LegalReference


class NoValueInForce(LookupError):
    """No value is recorded for the day; the message names the file to complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedValue:
    applied_from: date
    value: int
    reference: LegalReference
    confidence: Confidence
    signed_on: date | None = None
    in_force_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    name: str          # "social_assistance/base_level" or "working_time/intake#hand_over_hour"
    vi: str
    unit: str
    values: tuple[DatedValue, ...]

    def value_on(self, day: date, *, known_on: date | None = None) -> int: raise NotImplementedError
    def dated_value_on(self, day: date, *, known_on: date | None = None) -> DatedValue: raise NotImplementedError


def load_parameter(name: str) -> Parameter: raise NotImplementedError

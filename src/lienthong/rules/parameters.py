"""Dated, sourced values of the law, read from ``rules/parameters/**/*.yaml``.

A file holds one parameter (``vi``, ``unit``, ``values``) or several by name. Each value carries the day from which it
applies, its reference and how sure we are of it. The days on which the instrument was signed and came into force stand once
for all its values in ``rules/instruments.yaml``; a value may say its own.
A table that is empty on purpose (``values: {}``) says that nothing is recorded yet, as of a province's own levels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from lienthong.kernel.days import format_day
from lienthong.kernel.legal import Confidence, LegalReference

PARAMETERS_FOLDER = Path(__file__).parent / "parameters"
INSTRUMENTS_FILE = Path(__file__).parent / "instruments.yaml"


class NoValueInForce(LookupError):
    """No value is recorded for the day; the message names the file to complete."""


class UnreadableParameter(ValueError):
    """A parameter file lacks something or says it twice; the message names the file and the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A law, decree or circular with its days. Văn bản quy phạm pháp luật: ngày ký, ngày có hiệu lực.

    A day is None where it is not known, and ``note`` says so. ``confidence`` speaks of the days.
    """

    number: str
    vi: str
    confidence: Confidence
    signed_on: date | None = None
    in_force_on: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedValue:
    """One value with the day from which it applies, its source, and the days of its instrument where they are known.

    Giá trị theo thời gian: ngày ký, ngày có hiệu lực, ngày áp dụng.
    """

    applied_from: date
    value: int | str
    reference: LegalReference
    confidence: Confidence
    signed_on: date | None = None
    in_force_on: date | None = None
    note: str | None = None

    def is_known_on(self, day: date) -> bool:
        """Say whether the instrument was in force on a day, which may be later than the day it applies from."""
        return (self.in_force_on or self.applied_from) <= day


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One number or text of the law through time, in one unit.

    Tham số pháp luật.
    """

    name: str
    vi: str
    unit: str
    values: tuple[DatedValue, ...]

    def dated_value_on(self, day: date, *, known_on: date | None = None) -> DatedValue:
        """Give the value that applies on a day, with its source.

        Args:
            day: The day the value is applied to.
            known_on: Leave out what was not yet in force on this day, so that a decision of that time can be applied
                again; None takes everything recorded.

        Raises:
            NoValueInForce: Nothing is recorded for the day.
        """
        found = self.value_if_any(day, known_on=known_on)
        if found is None:
            raise NoValueInForce(
                f"Chưa có giá trị “{self.vi}” cho ngày {format_day(day)}"
                f"{f', theo văn bản có hiệu lực đến ngày {format_day(known_on)}' if known_on else ''}. "
                f"Hãy bổ sung tệp {_file_of(self.name).relative_to(PARAMETERS_FOLDER.parent).as_posix()}"
                f"{f', mục {self.key}' if self.key else ''}."
            )
        return found

    def value_if_any(self, day: date, *, known_on: date | None = None) -> DatedValue | None:
        """Give the value that applies on a day, or None where nothing is recorded for it; see ``dated_value_on``."""
        applicable = [
            value
            for value in self.values
            if value.applied_from <= day and (known_on is None or value.is_known_on(known_on))
        ]
        return applicable[-1] if applicable else None

    @property
    def key(self) -> str:
        """The name inside a file of several; empty where the file holds this one alone."""
        return self.name.partition(":")[2]

    def value_on(self, day: date, *, known_on: date | None = None) -> int:
        """Give the whole number that applies on a day, in the parameter's unit.

        Raises:
            NoValueInForce: Nothing is recorded for the day.
            TypeError: The parameter is a text.
        """
        value = self.dated_value_on(day, known_on=known_on).value
        if isinstance(value, str):
            raise TypeError(f"{self.name} is a text; ask text_on().")
        return value

    def text_on(self, day: date, *, known_on: date | None = None) -> str:
        """Give the text that applies on a day.

        Raises:
            NoValueInForce: Nothing is recorded for the day.
        """
        return str(self.dated_value_on(day, known_on=known_on).value)


@cache
def load_parameter(name: str) -> Parameter:
    """Read one parameter.

    Args:
        name: The file without its ending, below ``rules/parameters``; behind a colon the name inside a file of several:
            ``"social_assistance/base_level"``, ``"working_time/intake:hand_over_hour"``.

    Raises:
        UnreadableParameter: There is no such parameter, or it lacks unit, values or sources.
    """
    content: Any = load_yaml(_file_of(name))
    inside = name.partition(":")[2]
    if inside:
        content = content.get(inside)
    if not isinstance(content, Mapping):
        raise UnreadableParameter(f"Không có tham số “{name}”.")
    if not content.get("vi") or not content.get("unit") or not isinstance(content.get("values"), Mapping):
        raise UnreadableParameter(f"Tham số “{name}” phải có tên (vi), đơn vị (unit) và giá trị (values).")
    values = [_dated_value(name, day, entry) for day, entry in content["values"].items()]
    return Parameter(
        name=name,
        vi=content["vi"],
        unit=content["unit"],
        values=tuple(sorted(values, key=lambda value: value.applied_from)),
    )


def _file_of(name: str) -> Path:
    return PARAMETERS_FOLDER / f"{name.partition(':')[0]}.yaml"


def _dated_value(name: str, day: object, entry: Any) -> DatedValue:
    if not isinstance(day, date) or not isinstance(entry, Mapping) or type(entry.get("value")) not in {int, str}:
        raise UnreadableParameter(f"Tham số “{name}”, mục {day}: cần một ngày và một giá trị (số nguyên hoặc chữ).")
    if not entry.get("reference") or not entry.get("confidence"):
        raise UnreadableParameter(
            f"Tham số “{name}”, mục {day}: thiếu căn cứ (reference) hoặc độ tin cậy (confidence)."
        )
    reference = LegalReference.parse(entry["reference"])
    signed_on, in_force_on = instrument_days(reference, entry)
    return DatedValue(
        applied_from=day,
        value=entry["value"],
        reference=reference,
        confidence=Confidence(entry["confidence"]),
        signed_on=signed_on,
        in_force_on=in_force_on,
        note=entry.get("note"),
    )


def instrument_days(reference: LegalReference, entry: Mapping[str, Any]) -> tuple[date | None, date | None]:
    """Give the days on which what an entry rests on was signed and came into force: its own, or those of its instrument."""
    instrument = instrument_of(reference)
    return (
        entry.get("signed_on", instrument and instrument.signed_on),
        entry.get("in_force_on", instrument and instrument.in_force_on),
    )


def instrument_of(reference: LegalReference) -> Instrument | None:
    """Give the instrument that a reference names first, of whatever article or annex; None where it is not recorded."""
    return instruments().get(reference.document.partition(",")[0])


@cache
def instruments() -> Mapping[str, Instrument]:
    """Read the instruments by number.

    Raises:
        UnreadableParameter: An instrument lacks its name or confidence, or a day without saying why; or says what is not known here.
    """
    found = {}
    for number, entry in load_yaml(INSTRUMENTS_FILE).items():
        if not isinstance(entry, Mapping) or not entry.get("vi") or not entry.get("confidence"):
            raise UnreadableParameter(f"Văn bản “{number}”: thiếu tên (vi) hoặc độ tin cậy (confidence).")
        if not {"signed_on", "in_force_on"} <= set(entry) and not entry.get("note"):
            raise UnreadableParameter(
                f"Văn bản “{number}”: thiếu ngày ký (signed_on) hoặc ngày có hiệu lực (in_force_on); "
                "nếu chưa biết, hãy ghi lý do (note)."
            )
        if strange := set(entry) - {field.name for field in fields(Instrument)}:
            raise UnreadableParameter(f"Văn bản “{number}”: không có mục “{min(strange)}”.")
        found[number] = Instrument(number=number, **{**entry, "confidence": Confidence(entry["confidence"])})
    return MappingProxyType(found)


class _StrictLoader(yaml.CSafeLoader):
    """Refuses a key written twice, which plain YAML would overwrite, and reads "on", "off", "yes", "no" as words."""


def _mapping_without_duplicates(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if key in seen:
            raise UnreadableParameter(f"Mục “{key}” ghi hai lần ({str(key_node.start_mark).strip()}).")
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_BOOLEAN = "tag:yaml.org,2002:bool"
_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOLEAN]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_StrictLoader.add_implicit_resolver(_BOOLEAN, re.compile("true|false"), ["t", "f"])
_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_duplicates)


def load_yaml(file: Path) -> Any:
    """Read a file of data; a key may stand only once, and "on", "off", "yes", "no" are words.

    Raises:
        UnreadableParameter: No such file, or a key stands twice.
    """
    if not file.is_file():
        raise UnreadableParameter(f"Không có tệp tham số {file.name}.")
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 - a safe loader

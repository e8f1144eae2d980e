"""The JSON Schema of what ``./lienthong classify`` reads and prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lienthong.ops.classify_files import CODE, HOUSEHOLD_CODE, MOST_POINTS
from lienthong.rules.poverty.classes import PovertyClass, Route
from lienthong.rules.poverty.facts import HOUSEHOLD_CHOICES, MEMBER_CHOICES, MEMBER_FLAGS, Device
from lienthong.rules.poverty.plain_facts import LARGEST_AREA_M2, LARGEST_INCOME, NO_DEVICE, OLDEST, SEXES
from lienthong.rules.poverty.points import COLUMNS
from lienthong.rules.poverty.standards import standard, standard_ids

Schema = dict[str, Any]

_FLAG: Schema = {"enum": ["1", "0", ""], "description": "1 có, 0 không, trống là chưa biết"}
_WHOLE_OR_NULL: Schema = {"type": ["integer", "null"]}
_FLAG_OR_NULL: Schema = {"type": ["boolean", "null"]}
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}


def schema() -> Schema:
    """Describe both files, row by row with cells as text, and the output."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lienthong classify",
        "standards": list(standard_ids()),
        "regions": list(COLUMNS),
        "$defs": {"household_row": _household_row(), "member_row": _member_row(), "output": _output()},
        "$ref": "#/$defs/output",
    }


def _choice(codes: Iterable[str]) -> Schema:
    return {"enum": [*codes, ""], "description": "trống là chưa biết"}


def _number(words: str, most: int) -> Schema:
    return {"type": "string", "pattern": r"^\d*([.,]\d+)?$", "description": f"{words}, từ 0 đến {most}"}


def _indicators() -> list[str]:
    return list(dict.fromkeys(one.code for each in standard_ids() for one in standard(each).indicators))


def _household_row() -> Schema:
    return {
        "type": "object",
        "required": [CODE, "area"],
        "properties": {
            CODE: {"type": "string", "minLength": 1, "description": "mã hộ, giữ nguyên số 0 ở đầu"},
            **{name: _choice(kind) for name, kind in HOUSEHOLD_CHOICES.items()},
            "housing_area_m2": _number("diện tích nhà ở, m²", LARGEST_AREA_M2),
            "devices": {
                "type": "string",
                "description": f"các mã cách nhau bằng dấu cách: {', '.join(Device)}; {NO_DEVICE} là không có",
            },
            "income_per_person": _number("thu nhập bình quân, đồng/người/tháng", LARGEST_INCOME),
            "a_points": _number("tổng điểm B1 đã chấm", MOST_POINTS),
            **dict.fromkeys(_indicators(), _FLAG),
        },
        "additionalProperties": {"type": "string", "description": "mức của một đặc điểm mà bảng điểm hỏi"},
    }


def _member_row() -> Schema:
    return {
        "type": "object",
        "required": [HOUSEHOLD_CODE],
        "properties": {
            HOUSEHOLD_CODE: {"type": "string", "minLength": 1},
            "age": _number("tuổi tròn vào ngày rà soát", OLDEST),
            "sex": _choice(SEXES),
            **{name: _choice(kind) for name, kind in MEMBER_CHOICES.items()},
            **dict.fromkeys(MEMBER_FLAGS, _FLAG),
        },
    }


def _output() -> Schema:
    classes = [one.value for one in PovertyClass]
    reason = {
        "type": "object",
        "required": ["text", "holds", "reference"],
        "properties": {"text": {"type": "string"}, "holds": _FLAG_OR_NULL, "reference": {"type": ["string", "null"]}},
    }
    household: Schema = {
        "type": "object",
        "required": ["code", "class", "possible_classes", "route", "a_points", "b_points", "deprivations", "undecided",
                     "reasons", "missing"],
        "properties": {
            "code": {"type": "string"},
            "class": {"enum": [*classes, None]},
            "class_in_words": {"type": "string"},
            "possible_classes": {"type": "array", "items": {"enum": classes}},
            "route": {"enum": [one.value for one in Route]},
            "income_per_person": _WHOLE_OR_NULL,
            "a_points": _WHOLE_OR_NULL,
            "b_points": _WHOLE_OR_NULL,
            "deprivations": {"type": "array", "items": {"enum": _indicators()}},
            "undecided": {"type": "array", "items": {"enum": _indicators()}},
            "is_low_income_worker": _FLAG_OR_NULL,
            "reasons": {"type": "array", "items": reason},
            "missing": _TEXTS,
            "points": {"type": "array", "items": {"type": "object"}},
            "what_would_change": _TEXTS,
            "notices": _TEXTS,
        },
    }  # fmt: skip
    return {
        "type": "object",
        "required": ["standard", "counts", "households"],
        "properties": {
            "standard": {"enum": list(standard_ids())},
            "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
            "reasons": {"enum": ["full", "short"]},
            "households": {"type": "array", "items": household},
        },
    }

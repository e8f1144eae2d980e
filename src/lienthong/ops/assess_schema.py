"""The JSON Schema of the file that ``./lienthong assess`` reads and of what it prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from lienthong.kernel.decisions import Outcome
from lienthong.ops.assess_files import EMERGENCY, FUNERAL, MERIT
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.emergency import kinds as emergency
from lienthong.rules.emergency.assistance import Decider
from lienthong.rules.emergency.kinds import EmergencyKind
from lienthong.rules.merit.facts import CLAIM_FLAGS, CLAIM_NUMBERS, PERSON_FLAGS, Category, Relation, School, Suspension
from lienthong.rules.merit.lines import LineKind
from lienthong.rules.social_assistance import plain_funeral as funeral
from lienthong.rules.social_assistance import words
from lienthong.rules.social_assistance.categories import AssistanceCategory, BenefitKind, Payee
from lienthong.rules.social_assistance.facts import AMOUNTS, CHOICES, FLAGS, MOST_CHILDREN
from lienthong.rules.social_assistance.plain_facts import LARGEST_AMOUNT

Schema = dict[str, Any]

_BIRTH_DATE: Schema = {
    "type": ["string", "integer", "null"],
    "description": "ngày sinh 12/03/1954 hoặc 1954-03-12; chỉ biết tháng 03/1954 hoặc 1954-03; chỉ biết năm 1954",
}
_FLAG: Schema = {"type": ["boolean", "null"]}
_DAY: Schema = {"type": ["string", "null"]}
_WHOLE: Schema = {"type": "integer", "minimum": 0}
_WHOLE_OR_NULL: Schema = {"type": ["integer", "null"], "minimum": 0}
_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_FLAG_OR_NULL: Schema = {"type": ["boolean", "null"]}


def schema() -> Schema:
    """Describe the file of facts and the result."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lienthong assess",
        "description": "Mục nào không ghi, để trống hoặc null là chưa biết, không phải là không.",
        "$defs": {
            "facts": _facts(),
            "child": _child(),
            MERIT: _merit_facts(),
            EMERGENCY: _emergency_facts(),
            FUNERAL: _funeral_facts(),
            "output": _output(),
        },
        "$ref": "#/$defs/facts",
    }


def _facts() -> Schema:
    properties: dict[str, Schema] = {"birth_date": _BIRTH_DATE}
    properties |= {name: _choice(kind, words.QUESTIONS[name]) for name, kind in CHOICES.items()}
    properties |= {name: {**_FLAG, "description": words.QUESTIONS[name]} for name in FLAGS}
    properties |= {
        name: {**_WHOLE_OR_NULL, "maximum": LARGEST_AMOUNT, "description": f"{words.QUESTIONS[name]}, đồng mỗi tháng"}
        for name in AMOUNTS
    }
    properties["children"] = {
        "type": ["array", "null"],
        "maxItems": MOST_CHILDREN,
        "items": {"$ref": "#/$defs/child"},
        "description": "những người con đang nuôi; không nuôi con thì ghi []",
    }
    properties |= {name: {"$ref": f"#/$defs/{name}"} for name in (MERIT, EMERGENCY, FUNERAL)}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _child() -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {"birth_date": _BIRTH_DATE, "is_studying": {**_FLAG, "description": "đang đi học hay không"}},
    }


def _choice(kind: type[StrEnum], description: str) -> Schema:
    named = "; ".join(f"{one.value}: {words.value(one)}" for one in kind)
    return {"enum": [*(one.value for one in kind), None], "description": f"{description} ({named})"}


def _codes(kind: Iterable[StrEnum]) -> Schema:
    return {"enum": [*(one.value for one in kind), None]}


def _merit_facts() -> Schema:
    claim: dict[str, Schema] = {
        "category": {"enum": [one.value for one in Category]},
        "relation": _codes(Relation),
        "origin": {"type": ["string", "null"], "description": "tên gọi của người có công mà diện này theo"},
    }
    claim |= dict.fromkeys(CLAIM_FLAGS, _FLAG) | dict.fromkeys(CLAIM_NUMBERS, _WHOLE_OR_NULL)
    person: dict[str, Schema] = {
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["category"],
                "properties": claim,
            },
        },
        "birth_date": {**_BIRTH_DATE, "description": "không ghi thì lấy của người này"},
        "disability": {**_codes(DisabilityLevel), "description": "không ghi thì lấy của người này"},
        "school": _codes(School),
        "suspension": _codes(Suspension),
        "monthly_income": _WHOLE_OR_NULL,
    }
    person |= dict.fromkeys(PERSON_FLAGS, _FLAG)
    return {
        "type": "object",
        "description": "diện người có công, thân nhân người có công; không có mục này thì không xét",
        "additionalProperties": False,
        "properties": person,
    }


def _emergency_facts() -> Schema:
    return {
        "type": "object",
        "description": "trợ giúp xã hội khẩn cấp, mỗi loại một mục; không có mục nào thì không xét loại đó",
        "additionalProperties": False,
        "properties": {kind.value: _emergency_kind(kind) for kind in EmergencyKind},
    }


def _emergency_kind(kind: EmergencyKind) -> Schema:
    happened: Schema = {**_DAY, "description": "ngày xảy ra sự việc; không ghi thì lấy ngày xét"}
    return {
        "type": "object",
        "description": kind.in_words,
        "additionalProperties": False,
        "properties": {"happened_on": happened} | {name: _emergency_fact(name) for name in emergency.names_of(kind)},
    }


def _emergency_fact(name: str) -> Schema:
    description = {"description": emergency.QUESTIONS[name]}
    if name in emergency.CHOICES:
        codes = emergency.CHOICES[name]
        named = "; ".join(f"{one.value}: {one.in_words}" for one in codes)  # type: ignore[attr-defined]
        return {**_codes(codes), "description": f"{emergency.QUESTIONS[name]} ({named})"}
    if name in emergency.NUMBERS:
        return {**_WHOLE_OR_NULL, "maximum": emergency.LARGEST_NUMBER, **description}
    if name in emergency.AMOUNTS:
        return {**_WHOLE_OR_NULL, "maximum": LARGEST_AMOUNT, **description}
    return {**(_DAY if name in emergency.DAYS else _FLAG), **description}


def _funeral_facts() -> Schema:
    return {
        "type": "object",
        "description": "hỗ trợ chi phí mai táng của một người đã mất; không có mục này thì không xét",
        "additionalProperties": False,
        "properties": {
            name: {**_funeral_fact(name), "description": words} for name, words in funeral.QUESTIONS.items()
        },
    }


def _funeral_fact(name: str) -> Schema:
    if name in funeral.BIRTHS:
        return _BIRTH_DATE
    if name in funeral.AMOUNTS:
        return {**_WHOLE_OR_NULL, "maximum": LARGEST_AMOUNT}
    return _DAY if name in funeral.DAYS else _FLAG


def _object(properties: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "required": list(properties), "properties": dict(properties)}


def _output() -> Schema:
    outcome: Schema = {"enum": [one.value for one in Outcome]}
    category: Schema = {"enum": [one.value for one in AssistanceCategory]}
    reason = _object({"text": _TEXT, "holds": _FLAG_OR_NULL, "reference": {"type": ["string", "null"]}})
    line = _object(
        {
            "kind": {"enum": [one.value for one in BenefitKind]}, "category": category, "name": _TEXT,
            "tenths": _WHOLE_OR_NULL, "times": _WHOLE, "level": _WHOLE, "amount": _WHOLE,
            "payee": {"enum": [one.value for one in Payee]}, "article": _TEXT, "coefficient_article": _TEXT,
            "level_article": _TEXT, "notices": _TEXTS,
        }
    )  # fmt: skip
    tried = _object(
        {
            "category": category, "name": _TEXT, "holds": _FLAG_OR_NULL, "is_paid": {"type": "boolean"},
            "article": _TEXT, "lowest": _WHOLE, "highest": _WHOLE, "reasons": {"type": "array", "items": reason},
        }
    )  # fmt: skip
    merit_line = _object(
        {
            "kind": {"enum": [one.value for one in LineKind]}, "text": _TEXT, "amount": _WHOLE, "article": _TEXT,
            "level_article": _TEXT,
        }
    )  # fmt: skip
    merit = _object(
        {
            "outcome": outcome, "outcome_in_words": _TEXT, "monthly_amount": _WHOLE, "monthly_total": _WHOLE,
            "yearly_total": _WHOLE, "one_off_total": _WHOLE, "lines": {"type": "array", "items": merit_line},
            "reasons": {"type": "array", "items": reason}, "missing": _TEXTS, "notices": _TEXTS,
        }
    )  # fmt: skip
    found = _object(
        {
            "on": {"type": "string", "format": "date"},
            "known_on": {"type": ["string", "null"], "format": "date"},
            "outcome": outcome, "outcome_in_words": _TEXT,
            "amount": {**_WHOLE_OR_NULL, "description": "đồng mỗi tháng; null khi chưa đủ thông tin"},
            "lowest": _WHOLE, "highest": _WHOLE, "lines": {"type": "array", "items": line},
            "categories": {"type": "array", "items": tried}, "combination": {"type": "array", "items": reason},
            "articles": _TEXTS, "missing": {"type": "array", "items": _object({"fact": _TEXT, "text": _TEXT})},
            "notices": _TEXTS, "sentences": _TEXTS, "monthly_total": _WHOLE_OR_NULL,
            "monthly_total_notices": _TEXTS,
        }
    )  # fmt: skip
    found["properties"][MERIT] = merit
    emergency_result = _object(
        {
            "outcome": outcome, "outcome_in_words": _TEXT, "amount": _WHOLE_OR_NULL, "rice_kg": _WHOLE_OR_NULL,
            "text": _TEXT, "decided_by": _codes(Decider), "within": _TEXT, "reasons": {"type": "array", "items": reason},
            "articles": _TEXTS, "missing": _TEXTS, "notices": _TEXTS,
        }
    )  # fmt: skip
    found["properties"][EMERGENCY] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {kind.value: emergency_result for kind in EmergencyKind},
    }
    of_law = _object(
        {
            "outcome": outcome, "outcome_in_words": _TEXT, "amount": _WHOLE_OR_NULL,
            "reasons": {"type": "array", "items": reason}, "articles": _TEXTS, "missing": _TEXTS,
        }
    )  # fmt: skip
    found["properties"][FUNERAL] = _object(
        {
            "on": {"type": "string", "format": "date"}, "outcome": outcome, "outcome_in_words": _TEXT,
            "amount": {**_WHOLE_OR_NULL, "description": "đồng, một lần, mức cao nhất; null khi chưa chắc chắn"},
            "assistance": of_law, "pension": {"anyOf": [of_law, {"type": "null"}]},
        }
    )  # fmt: skip
    return found

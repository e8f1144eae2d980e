"""A classification as JSON, to be kept beside a score for ever.

The form has a number. A change that old records could not be read with gets the next number, and the reader keeps both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from lienthong.kernel.decisions import Reason
from lienthong.kernel.legal import LegalReference
from lienthong.rules.poverty.classes import PovertyClass, Route
from lienthong.rules.poverty.classifying import Classification
from lienthong.rules.poverty.facts import Area
from lienthong.rules.poverty.indicators import IndicatorResult
from lienthong.rules.poverty.points import ItemPoints, PointsScore

FORM: Final = 1
# How the rules of this room count. Who changes an answer that they give raises it, so that each score tells which rules made it.
RULES: Final = 1


class UnreadableRecord(ValueError):
    """A record of a form that this version does not know."""


def as_json(classification: Classification) -> dict[str, Any]:
    """Write a classification as JSON values.

    Bản ghi kết quả phân loại.
    """
    one = classification
    return {
        "form": FORM,
        "rules": RULES,
        "standard": one.standard_id,
        "area": one.area and one.area.value,
        "class": one.poverty_class and one.poverty_class.value,
        "possible_classes": [each.value for each in one.possible_classes],
        "route": one.route.value,
        "a_points": one.a_points,
        "b_points": one.b_points,
        "deprivation_count": one.deprivation_count,
        "undecided_count": one.undecided_count,
        "income_per_person": one.income_per_person,
        "is_low_income_worker": one.is_low_income_worker,
        "deprivations": [
            {
                "code": each.code, "number": each.number, "dimension": each.dimension, "name": each.name,
                "is_deprived": each.is_deprived, "why": each.why, "missing": list(each.missing),
                "reference": _reference(each.reference),
            }
            for each in one.deprivations
        ],
        "points": one.points and _points(one.points),
        "reasons": [
            {"text": each.text, "holds": each.holds, "reference": each.reference and _reference(each.reference)}
            for each in one.reasons
        ],
        "missing": list(one.missing),
        "what_would_change": list(one.what_would_change),
        "notices": list(one.notices),
    }  # fmt: skip


def from_json(content: Mapping[str, Any]) -> Classification:
    """Read a classification back.

    Raises:
        UnreadableRecord: It has a form that is not known here.
    """
    if content.get("form") != FORM:
        raise UnreadableRecord(f"Không đọc được kết quả phân loại dạng {content.get('form')}.")
    return Classification(
        standard_id=content["standard"],
        area=Area(content["area"]) if content["area"] else None,
        poverty_class=PovertyClass(content["class"]) if content["class"] else None,
        possible_classes=tuple(PovertyClass(each) for each in content["possible_classes"]),
        route=Route(content["route"]),
        a_points=content["a_points"],
        b_points=content["b_points"],
        deprivation_count=content["deprivation_count"],
        undecided_count=content["undecided_count"],
        income_per_person=content["income_per_person"],
        is_low_income_worker=content["is_low_income_worker"],
        deprivations=tuple(
            IndicatorResult(
                **{**each, "missing": tuple(each["missing"]), "reference": LegalReference(**each["reference"])}
            )
            for each in content["deprivations"]
        ),
        points=_points_from(content["points"]) if content["points"] else None,
        reasons=tuple(
            Reason(each["text"], each["holds"], LegalReference(**each["reference"]) if each["reference"] else None)
            for each in content["reasons"]
        ),
        missing=tuple(content["missing"]),
        what_would_change=tuple(content["what_would_change"]),
        notices=tuple(content["notices"]),
    )


def _reference(reference: LegalReference) -> dict[str, str | None]:
    return asdict(reference)


def _points(points: PointsScore) -> dict[str, Any]:
    found = asdict(points)
    return {
        **found,
        "items": [{**item, "missing": list(item["missing"])} for item in found["items"]],
        "missing": list(points.missing),
    }


def _points_from(content: Mapping[str, Any]) -> PointsScore:
    items = tuple(ItemPoints(**{**item, "missing": tuple(item["missing"])}) for item in content["items"])
    return PointsScore(**{**content, "items": items, "missing": tuple(content["missing"])})

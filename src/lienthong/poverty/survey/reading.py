"""Reading what a device sends: from XML that anybody may have written to plain answers, or a sentence why not.

What the answers mean is asked in ``answers.py``.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from lienthong.kernel.days import LOCAL_ZONE
from lienthong.kernel.text import nfc

Answers: TypeAlias = dict[str, Any]  # name → text; a repeat → list of such

LARGEST_BYTES: Final = 2 * 1024 * 1024
REPEATS: Final = frozenset({"members"})
PHOTO: Final = "photo"
_DEEPEST: Final = 12
_MOST_ELEMENTS: Final = 20_000
_LONGEST_ID: Final = 200
_KEEP: Final = "Phiếu vẫn còn trên máy: hãy gửi lại, nếu vẫn lỗi thì báo cán bộ phụ trách."


class SubmissionUnreadable(ValueError):
    """What was sent cannot be read as a filled form; the message says why and that the device keeps its copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a form was filled, as the device measured it. Vị trí.

    Attributes:
        accuracy_m: Radius in metres; None where the device does not say.
    """

    latitude: float
    longitude: float
    accuracy_m: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A filled form as it was sent.

    Phiếu đã điền.

    Attributes:
        version: Of the form; empty where the device names none.
        instance_id: What makes a second sending recognisable.
        deprecated_id: The instance that this one replaces.
        answers: By name, groups opened; unanswered questions are absent. ``members`` is a list.
        attachments: Names of the files that belong to it.
    """

    form_id: str
    version: str
    instance_id: str
    deprecated_id: str | None
    answers: Answers
    started_at: datetime | None
    ended_at: datetime | None
    location: Location | None
    attachments: tuple[str, ...]


def read_submission(xml: bytes) -> Submission:
    """Read one filled form.

    Raises:
        SubmissionUnreadable: It is too large, broken, hides entities, or is no filled form.
    """
    root = _parsed(xml)
    form_id = root.get("id", "").strip()
    if not form_id:
        raise SubmissionUnreadable(f"Nội dung gửi lên không phải phiếu khảo sát: không ghi mã phiếu. {_KEEP}")
    meta = next((child for child in root if _name(child) == "meta"), None)
    ids = {} if meta is None else {_name(child): (child.text or "").strip() for child in meta}
    instance_id = ids.get("instanceID") or root.get("instanceID", "").strip()
    if not instance_id:
        raise SubmissionUnreadable(f"Phiếu không có mã lần điền (instanceID) nên không thể nhận. {_KEEP}")
    if len(instance_id) > _LONGEST_ID or len(form_id) > _LONGEST_ID:
        raise SubmissionUnreadable(f"Mã phiếu hoặc mã lần điền dài quá {_LONGEST_ID} ký tự. {_KEEP}")
    answers = _answers(root)
    return Submission(
        form_id=form_id,
        version=next((text.strip() for name, text in root.items() if name.rpartition("}")[2] == "version"), ""),
        instance_id=instance_id,
        deprecated_id=ids.get("deprecatedID") or None,
        answers=answers,
        started_at=_moment(answers.get("start")),
        ended_at=_moment(answers.get("end")),
        location=_location(answers.get("location")),
        attachments=tuple(dict.fromkeys(_attachments(answers))),
    )


def _parsed(xml: bytes) -> Element:
    if len(xml) > LARGEST_BYTES:
        raise SubmissionUnreadable(
            f"Phiếu nặng hơn {LARGEST_BYTES // 1024 // 1024} MB. Ảnh phải gửi thành tệp riêng, không nằm trong phiếu. {_KEEP}"
        )
    depth = elements = 0
    root: Element | None = None
    try:
        for event, element in iterparse(io.BytesIO(xml), events=("start", "end"), forbid_dtd=True):
            if event == "end":
                depth -= 1
                continue
            root = element if root is None else root
            depth, elements = depth + 1, elements + 1
            if depth > _DEEPEST or elements > _MOST_ELEMENTS:
                raise SubmissionUnreadable(f"Phiếu lồng quá sâu hoặc có quá nhiều mục, không giống phiếu nào. {_KEEP}")
    except DefusedXmlException as hidden:
        raise SubmissionUnreadable(f"Phiếu chứa khai báo DTD hoặc thực thể XML, không được nhận. {_KEEP}") from hidden
    except (ParseError, ValueError, LookupError) as broken:  # LookupError: an encoding that nobody knows
        if isinstance(broken, SubmissionUnreadable):
            raise
        raise SubmissionUnreadable(f"Phiếu bị hỏng trên đường gửi, XML không đọc được ({broken}). {_KEEP}") from broken
    if root is None:
        raise SubmissionUnreadable(f"Nội dung gửi lên trống. {_KEEP}")
    return root


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _answers(group: Element) -> Answers:
    """Open the groups; a name that stands in two groups keeps its first answer."""
    found: Answers = {}
    for child in group:
        name = _name(child)
        if name == "meta":
            continue
        if name in REPEATS:
            found.setdefault(name, []).append(_answers(child))
        elif len(child):
            for inner, value in _answers(child).items():
                found.setdefault(inner, value)
        elif text := nfc((child.text or "").strip()):
            found.setdefault(name, text)
    return found


def _moment(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL_ZONE)


def _location(text: object) -> Location | None:
    """Read "latitude longitude altitude accuracy"; a place that is none on earth is no place."""
    try:
        numbers = [float(Decimal(part)) for part in str(text or "").split()]
    except (InvalidOperation, OverflowError, ValueError):  # ValueError: a signaling NaN
        return None
    if len(numbers) < 2 or not (abs(numbers[0]) <= 90 and abs(numbers[1]) <= 180):
        return None
    accuracy = numbers[3] if len(numbers) > 3 and 0 <= numbers[3] < float("inf") else None
    return Location(latitude=numbers[0], longitude=numbers[1], accuracy_m=accuracy)


def _attachments(answers: Answers) -> Iterator[str]:
    for name, value in answers.items():
        if isinstance(value, list):
            for one in value:
                yield from _attachments(one)
        elif name == PHOTO or name.startswith(f"{PHOTO}_"):
            yield str(value)

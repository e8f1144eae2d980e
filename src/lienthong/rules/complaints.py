"""What somebody may do who does not agree with a decision on a benefit, and within which time, in the words of a letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from lienthong.kernel.legal import Confidence
from lienthong.rules.parameters import DatedValue, load_parameter

_LIMITS: Final = "complaint/time_limits"


@dataclass(frozen=True, slots=True)
class Remedies:
    """How to complain, sentence by sentence, and which of its numbers rest on another source than the official text.

    Cách khiếu nại.
    """

    sentences: tuple[str, ...]
    notices: tuple[str, ...]


def remedies_on(day: date, *, to: str) -> Remedies:
    """Say how to complain about a decision of a day.

    Args:
        day: The day of the decision.
        to: Who decided, as in a sentence: "Ủy ban nhân dân phường Phan Đình Phùng".

    Raises:
        NoValueInForce: No time limit is recorded for the day.

    Legal source:
        02/2011/QH13, Điều 9, 27, 28; 20/2021/NĐ-CP, Điều 8 khoản 1.
    """
    complain, accept, answer = (_limit(name, day) for name in ("complain", "accept", "answer"))
    posted = _limit("objection_to_posting", day)
    return Remedies(
        sentences=(
            (
                f"Nếu không đồng ý, Ông/Bà gửi khiếu nại tới {to} trong {complain.value} ngày, kể từ ngày nhận được quyết định "
                f"hoặc biết có quyết định ({complain.reference})."
            ),
            (
                f"{to} thụ lý trong {accept.value} ngày kể từ ngày nhận được khiếu nại ({accept.reference}) và giải quyết trong "
                f"{answer.value} ngày kể từ ngày thụ lý ({answer.reference})."
            ),
            f"Khiếu nại về kết quả xét duyệt đang niêm yết được kết luận trong {posted.value} ngày làm việc ({posted.reference}).",
        ),
        notices=tuple(
            dict.fromkeys(
                _notice(name, value)
                for name, value in (
                    ("complain", complain),
                    ("accept", accept),
                    ("answer", answer),
                    ("objection_to_posting", posted),
                )
                if value.confidence is not Confidence.VERIFIED
            )
        ),
    )


def _limit(name: str, day: date) -> DatedValue:
    return load_parameter(f"{_LIMITS}:{name}").dated_value_on(day)


def _notice(name: str, value: DatedValue) -> str:
    words = load_parameter(f"{_LIMITS}:{name}").vi
    sentence = f"{words[:1].upper()}{words[1:]} ({value.reference}): {value.confidence.in_words}."
    return f"{sentence} {value.note}" if value.note else sentence

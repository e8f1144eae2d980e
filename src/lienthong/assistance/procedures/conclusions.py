"""What a council concluded of a disability, as the officer records it, and how it reads for the rules. Kết luận của Hội đồng."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from lienthong.assistance.procedures.applicants import YES_NO
from lienthong.dossiers.handlers import Question
from lienthong.kernel.days import parse_day
from lienthong.kernel.decisions import Decision
from lienthong.rules.disability import (
    CouncilVote,
    DisabilityKind,
    DisabilityLevel,
    MedicalConclusion,
    SelfCare,
    level_from_conclusion,
)
from lienthong.rules.disability_conclusions import council_stands, medical_council_concludes

_LEVELS: Final = tuple((one.value, f"{one.in_words[:1].upper()}{one.in_words[1:]}") for one in DisabilityLevel)
_KINDS: Final = tuple((one.value, f"{one.in_words[:1].upper()}{one.in_words[1:]}") for one in DisabilityKind)
_BY: Final = (
    ("council", "Hội đồng xác định mức độ khuyết tật của xã"),
    ("medical", "Hội đồng giám định y khoa"),
    ("earlier", "Kết luận giám định y khoa có trước Nghị định 28/2012/NĐ-CP"),
)
_SELF_CARE: Final = (
    (SelfCare.NONE.value, "Không còn khả năng tự phục vụ"),
    (SelfCare.WITH_HELP.value, "Tự phục vụ được nếu có người, phương tiện trợ giúp một phần"),
    (SelfCare.ABLE.value, "Có khả năng tự phục vụ sinh hoạt"),
)
_VOTES: Final = {f"votes_{one.value}": one for one in DisabilityLevel}
_COUNTS: Final = {"members": "Số thành viên Hội đồng"} | {
    name: f"Số phiếu: {level.in_words}" for name, level in _VOTES.items()
}
_OF_COUNCIL: Final = "Khi Hội đồng của xã kết luận"
_OF_MEDICAL: Final = "Khi Hội đồng giám định y khoa kết luận"
_OF_EARLIER: Final = "Theo kết luận giám định y khoa cũ"
_ITEM: Final = re.compile(r"[0-9]{1,2}(\.[0-9]{1,2})?")

APPRAISED: Final = (
    Question("concluded_by", "Ai kết luận", kind="choice", choices=_BY, is_required=False),
    Question("concluded_on", "Ngày kết luận", kind="day", is_required=False, hint="Theo biên bản họp hoặc biên bản giám định"),
    *(Question(name, label, hint=_OF_COUNCIL, is_required=False) for name, label in _COUNTS.items()),
    Question("chair", "Chủ tịch Hội đồng biểu quyết", kind="choice", choices=_LEVELS, hint=_OF_COUNCIL, is_required=False),
    Question(
        "disputed", "Sau niêm yết có người không đồng ý hoặc khiếu nại", kind="choice", choices=YES_NO, hint=_OF_COUNCIL,
        is_required=False,
    ),
    Question(
        "biased", "Có bằng chứng việc xác định thiếu khách quan, chính xác", kind="choice", choices=YES_NO, hint=_OF_COUNCIL,
        is_required=False,
    ),
    Question("level", "Mức độ khuyết tật được kết luận", kind="choice", choices=_LEVELS, hint=_OF_MEDICAL, is_required=False),
    Question("self_care", "Khả năng tự phục vụ", kind="choice", choices=_SELF_CARE, hint=_OF_EARLIER, is_required=False),
    Question("loss_percent", "Suy giảm khả năng lao động (%)", hint=_OF_EARLIER, is_required=False),
    Question("kind", "Dạng khuyết tật", kind="choice", choices=_KINDS, is_required=False),
    Question(
        "form_items", "Mục khuyết tật đặc biệt nặng trong phiếu Mẫu số 02", is_required=False,
        hint="Chỉ với trẻ dưới 6 tuổi, ví dụ: 1.1, 1.5; quyết định có phải xác định lại khi đủ 6 tuổi hay không",
    ),
    Question(
        "valid_until", "Ngày giấy không còn hiệu lực", kind="day", is_required=False, hint="Để trống nếu giấy không có thời hạn"
    ),
)  # fmt: skip
"""Everything may stay empty until it is known; what is needed for a decision is named by the proposal."""


def conclusion_in(told: Mapping[str, Any]) -> Decision[DisabilityLevel]:
    """Return the degree that was concluded, by whoever decides it, or what is still missing.

    Raises:
        NoValueInForce: A value of the law is not recorded.
        ValueError: A day cannot be read.
    """
    by, day = str(told.get("concluded_by") or ""), str(told.get("concluded_on") or "")
    concluded_on = parse_day(day) if day else None
    if by == "council":
        return _of_council(told, concluded_on)
    if by == "medical":
        level = str(told.get("level") or "")
        return medical_council_concludes(DisabilityLevel(level) if level else None, concluded_on=concluded_on)
    if by == "earlier":
        loss, care = _count(told, "loss_percent"), str(told.get("self_care") or "")
        return level_from_conclusion(
            MedicalConclusion(concluded_on=concluded_on, self_care=SelfCare(care) if care else None, loss_percent=loss)
        )
    return Decision.unknown(
        missing=["kết luận của Hội đồng xác định mức độ khuyết tật (ghi ở việc “Ghi kết quả thẩm định”)"]
    )


def conclusion_of(told: Mapping[str, Any]) -> DisabilityLevel:
    """Return the degree of a conclusion that is known to stand.

    Raises:
        ValueError: It does not.
    """
    level = conclusion_in(told).value
    if level is None:
        raise ValueError("The conclusion does not stand.")
    return DisabilityLevel(level)


def _of_council(told: Mapping[str, Any], concluded_on: date | None) -> Decision[DisabilityLevel]:
    members, chair = _count(told, "members"), str(told.get("chair") or "")
    votes = {level: _count(told, name) or 0 for name, level in _VOTES.items()}
    missing = [] if concluded_on else ["ngày họp của Hội đồng xác định mức độ khuyết tật"]
    missing += [] if members else ["số thành viên Hội đồng"]
    missing += [] if any(votes.values()) else ["số phiếu biểu quyết cho từng mức độ"]
    missing += [] if chair else ["biểu quyết của Chủ tịch Hội đồng"]
    if missing or not members:
        return Decision.unknown(missing=missing)
    vote = CouncilVote(members=members, votes=votes, chair=DisabilityLevel(chair))
    return council_stands(vote, is_disputed=_yes(told, "disputed"), is_biased=_yes(told, "biased"))


def wrong_with(told: Mapping[str, Any], *, on: date) -> list[str]:
    """Return a sentence for each thing recorded that cannot be; what is empty is not wrong."""
    found = [
        f"“{label}” ghi “{told[name]}”: cần một số nguyên không âm"
        for name, label in (*_COUNTS.items(), ("loss_percent", "Suy giảm khả năng lao động (%)"))
        if told.get(name) and not str(told[name]).isdecimal()
    ]
    found += _wrong_with_days(told, on)
    items = [one.strip() for one in str(told.get("form_items") or "").split(",") if one.strip()]
    found += [
        f"Mục “{one}” không phải số mục của Mẫu số 02; ghi như 1.1, 1.5" for one in items if not _ITEM.fullmatch(one)
    ]
    return found if found else _wrong_with_votes(told)


def _wrong_with_days(told: Mapping[str, Any], on: date) -> list[str]:
    found = []
    concluded, until = str(told.get("concluded_on") or ""), str(told.get("valid_until") or "")
    if concluded and parse_day(concluded) > on:
        found.append("Ngày kết luận không thể sau hôm nay; kiểm tra lại")
    if until and parse_day(until) <= on:
        found.append("Ngày giấy không còn hiệu lực phải sau hôm nay; để trống nếu giấy không có thời hạn")
    return found


def _wrong_with_votes(told: Mapping[str, Any]) -> list[str]:
    found = []
    members = _count(told, "members")
    votes = {level: _count(told, name) or 0 for name, level in _VOTES.items()}
    if members is not None and sum(votes.values()) > members:
        found.append(f"Có {sum(votes.values())} phiếu mà Hội đồng chỉ có {members} thành viên; kiểm tra lại số phiếu")
    chair = str(told.get("chair") or "")
    if chair and any(votes.values()) and not votes[DisabilityLevel(chair)]:
        found.append("Chủ tịch Hội đồng biểu quyết mức độ không có phiếu nào; kiểm tra lại số phiếu")
    loss = _count(told, "loss_percent")
    if loss is not None and loss > 100:
        found.append(f"Suy giảm khả năng lao động {loss}% không thể có; phải từ 0 đến 100")
    return found


def _count(told: Mapping[str, Any], name: str) -> int | None:
    text = str(told.get(name) or "").strip()
    return int(text) if text.isdecimal() else None


def _yes(told: Mapping[str, Any], name: str) -> bool | None:
    return {"yes": True, "no": False}.get(str(told.get(name) or ""))

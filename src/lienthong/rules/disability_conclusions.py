"""Whose conclusion of a disability counts: the commune's council, or the medical assessment council.

Kết luận mức độ khuyết tật.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from lienthong.kernel.days import format_day
from lienthong.kernel.decisions import Decision, Outcome, Reason
from lienthong.kernel.legal import LegalReference
from lienthong.rules.disability import (
    Certificate,
    CouncilVote,
    DisabilityLevel,
    council_concludes,
    renewal_due_on,
)

_LAW: Final = "51/2010/QH12"
_CIRCULAR: Final = "01/2019/TT-BLĐTBXH"
_MEDICAL: Final = "kết luận của Hội đồng giám định y khoa"


def council_stands(vote: CouncilVote, *, is_disputed: bool | None, is_biased: bool | None) -> Decision[DisabilityLevel]:
    """Say what the commune's council concluded, and whether its conclusion is the one that counts.

    Kết luận của Hội đồng xác định mức độ khuyết tật sau niêm yết.

    Args:
        vote: How the council voted.
        is_disputed: Whether the person or their representative does not agree, or somebody complained.
        is_biased: Whether there is evidence that the assessment was not objective or not right.

    Returns:
        The degree. UNKNOWN where the council reached none, where it is disputed or biased (the medical assessment council
        decides then), or while nobody has said whether it is. REFUSED without a quorum.

    Raises:
        NoValueInForce: The quorum is not recorded.

    Legal source:
        51/2010/QH12, Điều 15 khoản 2 (medical assessment council), Điều 16 khoản 3; 01/2019/TT-BLĐTBXH, Điều 6 khoản 1
        (posting, objections).
    """
    concluded = council_concludes(vote)
    if concluded.outcome is not Outcome.GRANTED or concluded.value is None:
        return concluded
    reasons, missing = list(concluded.reasons), []
    tried = (
        ("b", "Người khuyết tật, người đại diện đồng ý với kết luận; không có khiếu nại", is_disputed, "vì có người không đồng ý"),
        ("c", "Không có bằng chứng việc xác định thiếu khách quan, chính xác", is_biased, "vì việc xác định thiếu khách quan"),
    )  # fmt: skip
    for point, words, objects, why in tried:
        holds = None if objects is None else not objects
        reasons.append(Reason(words, holds, LegalReference(document=_LAW, article="15", clause="2", point=point)))
        if objects:
            missing.append(f"{_MEDICAL}, {why}")
    if is_disputed is None or is_biased is None:
        missing.append("sau niêm yết có ai không đồng ý, khiếu nại hoặc cho là thiếu khách quan hay không")
    if missing:
        return Decision.unknown(missing=missing, reasons=reasons)
    return Decision.granted(concluded.value, reasons=reasons)


def medical_council_concludes(level: DisabilityLevel | None, *, concluded_on: date | None) -> Decision[DisabilityLevel]:
    """Say what the medical assessment council concluded where the commune's council could not, or was not agreed with.

    Kết luận của Hội đồng giám định y khoa.

    Legal source:
        51/2010/QH12, Điều 15 khoản 2; 01/2019/TT-BLĐTBXH, Điều 6 khoản 2.
    """
    missing = []
    if level is None:
        missing.append(f"mức độ khuyết tật trong {_MEDICAL}")
    if concluded_on is None:
        missing.append(f"ngày {_MEDICAL}")
    if level is None or concluded_on is None:
        return Decision.unknown(missing=missing)
    words = f"Hội đồng giám định y khoa kết luận ngày {format_day(concluded_on)}: {level.in_words}"
    return Decision.granted(
        level, reasons=[Reason(words, True, LegalReference(document=_LAW, article="15", clause="2"))]
    )


def issue_again(
    certificate: Certificate | None, *, asked: Sequence[str], on: date
) -> Decision[DisabilityLevel]:  # fmt: skip
    """Say whether a certificate is made anew as it is kept, without another assessment.

    Cấp đổi, cấp lại Giấy xác nhận khuyết tật theo hồ sơ đang lưu.

    Args:
        certificate: That is in force on the day; None where there is none.
        asked: Why, as it is told, such as that the paper was lost.
        on: The day.

    Returns:
        The degree, which stays as it is. REFUSED where none is in force, or where it is due to be assessed anew because the
        child is six. UNKNOWN while that cannot be said, or nobody said why.

    Raises:
        NoValueInForce: The age is not recorded for ``on``.

    Legal source:
        01/2019/TT-BLĐTBXH, Điều 8 khoản 1, khoản 2 điểm c; Điều 9 khoản 2.
    """
    stored = LegalReference(document=_CIRCULAR, article="9", clause="2")
    if certificate is None or certificate.level is None:
        words = "Có Giấy xác nhận khuyết tật còn hiệu lực trong hồ sơ đang lưu"
        return Decision.refused(reasons=[Reason(words, False, stored)])
    reasons = [Reason(f"Giấy đang lưu còn hiệu lực: {certificate.level.in_words}", True, stored)]
    renewal = renewal_due_on(certificate, on=on)
    if renewal.outcome is Outcome.GRANTED and renewal.value is not None:
        age = renewal.reasons[0].reference
        is_due = renewal.value <= on
        words = f"Chưa đến ngày phải xác định lại do đủ tuổi ({format_day(renewal.value)})"
        reasons.append(Reason(words, not is_due, age))
        if is_due:
            return Decision.refused(reasons=reasons)
    if renewal.outcome is Outcome.UNKNOWN and _may_be_due(certificate, on=on):
        return Decision.unknown(missing=renewal.missing, reasons=[*reasons, *renewal.reasons])
    if not asked:
        return Decision.unknown(missing=["lý do đổi, cấp lại"], reasons=reasons)
    reasons += [Reason(why, True, LegalReference(document=_CIRCULAR, article="8")) for why in asked]
    return Decision.granted(certificate.level, reasons=reasons)


def _may_be_due(certificate: Certificate, *, on: date) -> bool:
    """Whether the day of the renewal may have come: with no birth date it may."""
    known = Certificate(
        birth_date=certificate.birth_date, issued_on=certificate.issued_on, level=DisabilityLevel.SEVERE
    )
    latest = renewal_due_on(known, on=on)
    return latest.outcome is Outcome.UNKNOWN or (latest.value is not None and latest.value <= on)

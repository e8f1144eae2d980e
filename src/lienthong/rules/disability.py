"""Disability: kinds, levels, what an old medical conclusion means, when a child's certificate is made anew, time limits.

Khuyết tật: dạng, mức độ, Giấy xác nhận khuyết tật.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lienthong.kernel.days import BirthDate, DatePrecision, add_months, format_day
from lienthong.kernel.decisions import Decision, Reason
from lienthong.kernel.legal import LegalReference
from lienthong.rules.allowances import Allowance, Unit
from lienthong.rules.parameters import DatedValue, load_parameter

_LAW = "51/2010/QH12"
_DECREE = "28/2012/NĐ-CP"
_UNCLEAR = (
    "khả năng tự phục vụ hoặc mức suy giảm khả năng lao động trong kết luận; nếu kết luận không nói rõ thì "
    "Hội đồng xác định mức độ khuyết tật cấp xã xác định (28/2012/NĐ-CP, Điều 4 khoản 4)"
)


class DisabilityLevel(StrEnum):
    """The degree of a disability, or that there is none.

    Mức độ khuyết tật: đặc biệt nặng, nặng, nhẹ.
    """

    EXTREMELY_SEVERE = "extremely_severe"
    SEVERE = "severe"
    MILD = "mild"
    NONE = "none"

    @property
    def in_words(self) -> str:
        """Vietnamese words for a reason or a screen."""
        return _LEVEL_WORDS[self]

    @property
    def carries_allowance(self) -> bool:
        """Whether the degree gives a right to the monthly social allowance (20/2021/NĐ-CP, Điều 5 khoản 6)."""
        return self in {DisabilityLevel.EXTREMELY_SEVERE, DisabilityLevel.SEVERE}


_LEVEL_WORDS: Final[Mapping[DisabilityLevel, str]] = MappingProxyType(
    {
        DisabilityLevel.EXTREMELY_SEVERE: "khuyết tật đặc biệt nặng",
        DisabilityLevel.SEVERE: "khuyết tật nặng",
        DisabilityLevel.MILD: "khuyết tật nhẹ",
        DisabilityLevel.NONE: "không khuyết tật",
    }
)


class DisabilityKind(StrEnum):
    """What a disability affects.

    Dạng khuyết tật (51/2010/QH12, Điều 3 khoản 1).
    """

    MOVEMENT = "movement"
    HEARING_SPEECH = "hearing_speech"
    SIGHT = "sight"
    NERVOUS_MENTAL = "nervous_mental"
    INTELLECTUAL = "intellectual"
    OTHER = "other"

    @property
    def in_words(self) -> str:
        """Vietnamese words for a reason or a screen."""
        return _KIND_WORDS[self]


_KIND_WORDS: Final[Mapping[DisabilityKind, str]] = MappingProxyType(
    {
        DisabilityKind.MOVEMENT: "khuyết tật vận động",
        DisabilityKind.HEARING_SPEECH: "khuyết tật nghe, nói",
        DisabilityKind.SIGHT: "khuyết tật nhìn",
        DisabilityKind.NERVOUS_MENTAL: "khuyết tật thần kinh, tâm thần",
        DisabilityKind.INTELLECTUAL: "khuyết tật trí tuệ",
        DisabilityKind.OTHER: "khuyết tật khác",
    }
)


class SelfCare(StrEnum):
    """What a medical council concluded of a person's ability to look after themselves.

    Khả năng tự phục vụ.
    """

    NONE = "none"
    WITH_HELP = "with_help"
    ABLE = "able"


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicalConclusion:
    """A conclusion of the medical assessment council; what it does not say is None.

    Kết luận của Hội đồng giám định y khoa.

    Attributes:
        loss_percent: Loss of working capacity in whole percent, 0 to 100.
    """

    concluded_on: date | None = None
    self_care: SelfCare | None = None
    loss_percent: int | None = None

    def __post_init__(self) -> None:
        if self.loss_percent is not None and not 0 <= self.loss_percent <= 100:
            raise ValueError(f"Mức suy giảm khả năng lao động {self.loss_percent}% không thể có; phải từ 0 đến 100.")


def level_from_conclusion(conclusion: MedicalConclusion) -> Decision[DisabilityLevel]:
    """Translate an old medical conclusion into a degree of disability.

    Mức độ khuyết tật theo kết luận của Hội đồng giám định y khoa trước đây.

    Either the ability to look after oneself or the loss of working capacity is enough; where both are told, the more
    severe of the two holds.

    Returns:
        The degree. REFUSED for a conclusion from the day on which the decree came into force: the commune's council
        assesses then. UNKNOWN where the conclusion tells neither, or its day is not known; so the council assesses as well.

    Raises:
        NoValueInForce: The bounds are not recorded.

    Legal source:
        28/2012/NĐ-CP, Điều 4 khoản 3 (what counts), khoản 4 (unclear conclusions).
    """
    since = load_parameter("disability/conclusions:extremely_severe_percent").values[0].applied_from
    reference = LegalReference(document=_DECREE, article="4", clause="3")
    if conclusion.concluded_on is None:
        return Decision.unknown(missing=["ngày kết luận của Hội đồng giám định y khoa"])
    is_old = conclusion.concluded_on < since
    reasons = [
        Reason(
            f"Kết luận ngày {format_day(conclusion.concluded_on)}, trước ngày {format_day(since)}", is_old, reference
        )
    ]
    if not is_old:
        return Decision.refused(reasons=reasons)
    found = [level for level in (_by_self_care(conclusion), _by_loss(conclusion, on=since)) if level is not None]
    if not found:
        return Decision.unknown(
            reasons=reasons,
            missing=[_UNCLEAR],
        )
    level = min(found, key=list(DisabilityLevel).index)
    point = {DisabilityLevel.EXTREMELY_SEVERE: "a", DisabilityLevel.SEVERE: "b"}.get(level, "c")
    told = []
    if conclusion.loss_percent is not None:
        told.append(f"suy giảm khả năng lao động {conclusion.loss_percent}%")
    if conclusion.self_care is not None:
        told.append(_SELF_CARE_WORDS[conclusion.self_care])
    reasons.append(
        Reason(
            f"Kết luận: {', '.join(told)}, nên là {level.in_words}",
            True,
            LegalReference(document=_DECREE, article="4", clause="3", point=point),
        )
    )
    return Decision.granted(level, reasons=reasons)


_SELF_CARE_WORDS: Final[Mapping[SelfCare, str]] = MappingProxyType(
    {
        SelfCare.NONE: "không còn khả năng tự phục vụ",
        SelfCare.WITH_HELP: "tự phục vụ được nếu có người, phương tiện trợ giúp một phần",
        SelfCare.ABLE: "có khả năng tự phục vụ sinh hoạt",
    }
)


def _by_self_care(conclusion: MedicalConclusion) -> DisabilityLevel | None:
    if conclusion.self_care is None:
        return None
    return {
        SelfCare.NONE: DisabilityLevel.EXTREMELY_SEVERE,
        SelfCare.WITH_HELP: DisabilityLevel.SEVERE,
        SelfCare.ABLE: DisabilityLevel.MILD,
    }[conclusion.self_care]


def _by_loss(conclusion: MedicalConclusion, *, on: date) -> DisabilityLevel | None:
    if conclusion.loss_percent is None:
        return None
    if conclusion.loss_percent >= load_parameter("disability/conclusions:extremely_severe_percent").value_on(on):
        return DisabilityLevel.EXTREMELY_SEVERE
    if conclusion.loss_percent >= load_parameter("disability/conclusions:severe_percent").value_on(on):
        return DisabilityLevel.SEVERE
    return DisabilityLevel.MILD


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A disability certificate as far as its renewal asks.

    Giấy xác nhận khuyết tật.

    Attributes:
        form_items: Items of part IV of form 02 for which an extremely severe disability was found, such as ``1.1``.
    """

    birth_date: BirthDate | None = None
    issued_on: date | None = None
    level: DisabilityLevel | None = None
    form_items: frozenset[str] | None = None


def renewal_due_on(certificate: Certificate, *, on: date) -> Decision[date]:
    """Say from which day a child's certificate is to be made anew because the child turns six.

    Cấp lại Giấy xác nhận khuyết tật khi đủ 6 tuổi.

    Args:
        certificate: What is known of it.
        on: Day whose text holds.

    Returns:
        The sixth birthday. REFUSED where nothing is due: the certificate was issued from that day on, or an extremely
        severe disability is among those that the circular leaves out. UNKNOWN with the missing facts; where only the month
        or year of birth is known, the last day that it can be is named.

    Raises:
        NoValueInForce: The age is not recorded for ``on``.

    Legal source:
        01/2019/TT-BLĐTBXH, Điều 8 khoản 2 điểm c.
    """
    age = load_parameter("disability/certificate:renewal_age").dated_value_on(on)
    reference = age.reference
    if certificate.birth_date is None:
        return Decision.unknown(missing=["ngày sinh"])
    earliest = add_months(certificate.birth_date.earliest, 12 * int(age.value))
    latest = add_months(certificate.birth_date.latest, 12 * int(age.value))
    reasons: list[Reason] = []
    missing: list[str] = []
    if certificate.issued_on is None:
        missing.append("ngày cấp Giấy xác nhận khuyết tật")
    elif certificate.issued_on >= latest:
        return Decision.refused(reasons=[Reason(f"Giấy xác nhận cấp khi chưa đủ {age.value} tuổi", False, reference)])
    elif certificate.issued_on >= earliest:
        missing.append(f"ngày sinh đầy đủ (mới biết {certificate.birth_date})")
    else:
        reasons.append(Reason(f"Giấy xác nhận cấp khi chưa đủ {age.value} tuổi", True, reference))
    is_left_out = _is_left_out(certificate, on=on)
    reasons.append(
        Reason(
            "Không thuộc trường hợp khuyết tật đặc biệt nặng được loại trừ (Mục IV Mẫu số 02)",
            None if is_left_out is None else not is_left_out,
            reference,
        )
    )
    if is_left_out:
        return Decision.refused(reasons=reasons)
    if is_left_out is None:
        missing.append(
            "mức độ khuyết tật" if certificate.level is None else "mục khuyết tật đặc biệt nặng trong phiếu Mẫu số 02"
        )
    if certificate.birth_date.precision is not DatePrecision.DAY and not missing:
        missing.append(f"ngày sinh đầy đủ (mới biết {certificate.birth_date}); chậm nhất là ngày {format_day(latest)}")
    if missing:
        return Decision.unknown(missing=missing, reasons=reasons)
    return Decision.granted(earliest, reasons=reasons)


def _is_left_out(certificate: Certificate, *, on: date) -> bool | None:
    if certificate.level is None:
        return None
    if certificate.level is not DisabilityLevel.EXTREMELY_SEVERE:
        return False
    if certificate.form_items is None:
        return None
    left_out = load_parameter("disability/certificate:lasting_items").text_on(on)
    return bool(certificate.form_items & {item.strip() for item in left_out.split(",")})


class Step(StrEnum):
    """A step towards a certificate that has its own time limit.

    Bước xác định mức độ khuyết tật, cấp Giấy xác nhận khuyết tật.
    """

    ASSESS = "assess"
    CERTIFY = "certify"
    CERTIFY_AFTER_MEDICAL = "certify_after_medical"
    ANSWER_OBJECTION = "answer_objection"
    EXCHANGE = "exchange"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimit:
    """How long a step may take, with its source.

    Thời hạn.
    """

    allowance: Allowance
    source: DatedValue


def time_limit(step: Step, *, on: date) -> TimeLimit:
    """Give the time that a step may take.

    Thời hạn xác định mức độ khuyết tật, cấp Giấy xác nhận khuyết tật.

    Raises:
        NoValueInForce: None is recorded for the day.

    Legal source:
        01/2019/TT-BLĐTBXH, Điều 5 khoản 2, Điều 6, Điều 9.
    """
    parameter = load_parameter(f"disability/time_limits:{step.value}")
    source = parameter.dated_value_on(on)
    return TimeLimit(allowance=Allowance(int(source.value), Unit(parameter.unit)), source=source)


def form_for(birth_date: BirthDate, *, on: date) -> str | None:
    """Name the form by which the council assesses: 02 for a child below six, 03 from six; None while the birthday decides.

    Phiếu xác định mức độ khuyết tật (Mẫu số 02, Mẫu số 03).

    Raises:
        NoValueInForce: The age is not recorded for ``on``.
        ValueError: The day lies before the birth.

    Legal source:
        01/2019/TT-BLĐTBXH, Điều 3 khoản 2, khoản 3.
    """
    age = load_parameter("disability/certificate:renewal_age").value_on(on)
    is_older = birth_date.age_on(on).at_least(age)
    if is_older is None:
        return None
    return "03" if is_older else "02"


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilVote:
    """A vote of the commune's council.

    Biểu quyết của Hội đồng xác định mức độ khuyết tật.

    Attributes:
        members: How many the council has.
        votes: How many of those present are for each degree, the chair's vote among them.
        chair: The chair's own vote.
    """

    members: int
    votes: Mapping[DisabilityLevel, int]
    chair: DisabilityLevel


def council_concludes(vote: CouncilVote) -> Decision[DisabilityLevel]:
    """Say what the council concluded.

    Kết luận của Hội đồng xác định mức độ khuyết tật.

    Returns:
        The degree with most votes, and among equals the chair's. REFUSED without a quorum. UNKNOWN where the equal ones do
        not include the chair's: the medical assessment council decides then.

    Raises:
        NoValueInForce: The quorum is not recorded.

    Legal source:
        51/2010/QH12, Điều 16 khoản 3 (quorum, majority, the chair), Điều 15 khoản 2 điểm a (no conclusion).
    """
    quorum = load_parameter("disability/certificate:quorum_thirds").values[0]
    present = sum(vote.votes.values())
    reference = LegalReference(document=_LAW, article="16", clause="3")
    has_quorum = 3 * present >= int(quorum.value) * vote.members
    reasons = [Reason(f"Có ít nhất hai phần ba thành viên dự họp ({present}/{vote.members})", has_quorum, reference)]
    if not has_quorum:
        return Decision.refused(reasons=reasons)
    most = max(vote.votes.values())
    winners = [level for level, count in vote.votes.items() if count == most]
    if len(winners) == 1 or vote.chair in winners:
        level = winners[0] if len(winners) == 1 else vote.chair
        reasons.append(Reason(f"Đa số biểu quyết {level.in_words} ({most}/{present})", True, reference))
        return Decision.granted(level, reasons=reasons)
    return Decision.unknown(
        reasons=reasons,
        missing=["kết luận của Hội đồng giám định y khoa, vì Hội đồng cấp xã không đưa ra được kết luận"],
    )

"""What can happen to a complaint about money. The words themselves stand in the row, not here."""

from dataclasses import dataclass

from lienthong.infra.events import Fact, register_fact


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentComplaintRaised(Fact):
    """Nhận một phản ánh về chi trả."""

    sentence = "Đã nhận phản ánh."
    complaint_id: int
    person_id: int
    line_id: int | None = None
    by_the_person: bool = False


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentComplaintAnswered(Fact):
    """Trả lời một phản ánh về chi trả."""

    sentence = "Đã trả lời phản ánh."
    complaint_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentComplaintReopened(Fact):
    """Mở lại một phản ánh vì câu trả lời chưa giải quyết được."""

    sentence = "Mở lại phản ánh. {reason}"
    complaint_id: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentComplaintClosed(Fact):
    """Đóng một phản ánh về chi trả."""

    sentence = "Đã đóng phản ánh."
    complaint_id: int

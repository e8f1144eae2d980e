"""What happens when a law that applies from before it was in force is applied to what is recorded."""

from dataclasses import dataclass
from datetime import date

from lienthong.assistance.states import Programme
from lienthong.infra.events import Fact, register_fact


@register_fact
@dataclass(frozen=True, kw_only=True)
class LawChangeOpened(Fact):
    """Bắt đầu tính chênh lệch theo mức mới."""

    sentence = "Bắt đầu tính chênh lệch của chương trình {programme} theo mức mới, áp dụng từ tháng {from_month}."
    coded = {"programme": Programme}
    change_id: int
    programme: str
    from_month: date
    known_before: date
    known_on: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class LawChangePrepared(Fact):
    """Đã tính xong chênh lệch, chờ duyệt."""

    sentence = "Đã tính chênh lệch của {people} người, {amount} đồng, trong đó truy lĩnh {arrears} đồng; {apart} người phải xem riêng."
    change_id: int
    people: int
    months: int
    amount: int
    arrears: int
    apart: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class LawChangeApproved(Fact):
    """Duyệt áp dụng mức mới."""

    sentence = "Duyệt áp dụng mức mới. {decision_number}"
    change_id: int
    decision_number: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class LawChangeRefused(Fact):
    """Không áp dụng mức mới theo bảng tính này."""

    sentence = "Không áp dụng theo bảng tính này: {reason}"
    change_id: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class LawChangeApplied(Fact):
    """Đã ghi mức mới cho mọi người có trong bảng tính."""

    sentence = (
        "Đã ghi mức mới cho {applied} khoản; {changed} khoản có thông tin thay đổi sau khi tính nên phải xem riêng."
    )
    change_id: int
    applied: int
    changed: int

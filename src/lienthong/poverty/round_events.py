"""What else can happen to rounds and lists. Ids and counts only, as in ``events``."""

from dataclasses import dataclass

from lienthong.infra.events import Fact, register_fact


@register_fact
@dataclass(frozen=True, kw_only=True)
class RoundTableTaken(Fact):
    """Đợt rà soát nhận bảng điểm được duyệt sau khi mở đợt."""

    sentence = "Đợt rà soát dùng bảng điểm B1 phiên bản {number}."
    round_id: int
    table_id: int
    number: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class TotalsRecorded(Fact):
    """Ghi tổng số hộ, số nhân khẩu của xã."""

    sentence = "Ghi toàn xã có {households} hộ, {population} nhân khẩu."
    commune_review_id: int
    households: int
    population: int | None


@register_fact
@dataclass(frozen=True, kw_only=True)
class VisitsTakenBack(Fact):
    """Thôi giao hộ cho điều tra viên."""

    sentence = "Thôi giao {households} hộ."
    commune_review_id: int
    households: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class HouseholdBack(Fact):
    """Hộ vẫn ở địa bàn: bỏ ghi không còn."""

    sentence = "Hộ vẫn ở địa bàn: bỏ ghi nhận không còn."
    review_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class RequestWithdrawn(Fact):
    """Hộ rút giấy đề nghị rà soát."""

    sentence = "Hộ rút giấy đề nghị rà soát."
    request_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class ReviewHistoryLoaded(Fact):
    """Nạp kết quả rà soát của các kỳ đã qua, không phải từng việc một."""

    sentence = "Nạp kết quả rà soát kỳ {period}: {communes} xã, phường, {households} hộ trong danh sách ({source})."
    round_id: int
    period: str
    communes: int
    households: int
    source: str

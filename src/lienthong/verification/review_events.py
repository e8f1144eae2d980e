"""What can happen when people review the engine: samples, the threshold, pairs of records. Ids and counts only."""

from dataclasses import dataclass

from lienthong.infra.events import Fact, register_fact


@register_fact
@dataclass(frozen=True, kw_only=True)
class SampleClosed(Fact):
    """Khép mẫu rà soát."""

    sentence = "Đã khép mẫu rà soát: {judged} bản ghi có nhận định, {disagreed} bản ghi phải hỏi người thứ ba."
    sample_id: int
    judged: int
    disagreed: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class ThresholdProposed(Fact):
    """Đề xuất ngưỡng chấp nhận, chờ người thứ hai xác nhận."""

    sentence = "Đã đề xuất ngưỡng chấp nhận {threshold}: {reason}"
    choice_id: int
    batch_id: int
    threshold: float
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class ThresholdDiscarded(Fact):
    """Hủy ngưỡng chưa được xác nhận."""

    sentence = "Ngưỡng chấp nhận chưa xác nhận đã bị hủy."
    choice_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class DuplicatesSought(Fact):
    """Tìm bản ghi trùng trong các sổ và giữa các sổ."""

    sentence = "Đã tìm bản ghi trùng: {open_pairs} cặp chờ quyết định, trong đó {new_pairs} cặp mới."
    entries: int
    open_pairs: int
    new_pairs: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class PairDecided(Fact):
    """Quyết định về một cặp bản ghi nghi trùng."""

    sentence = "Đã quyết định về một cặp bản ghi nghi trùng."
    pair_id: int
    state: str
    kept_entry_id: int | None
    case_id: int | None

"""What can happen in verification. Ids, counts and digests only: nothing here says who a person is."""

from dataclasses import dataclass
from datetime import date

from lienthong.infra.events import Fact, register_fact


@register_fact
@dataclass(frozen=True, kw_only=True)
class ThresholdChosen(Fact):
    """Chọn ngưỡng chấp nhận."""

    sentence = "Ngưỡng chấp nhận được chọn là {threshold}, trước đó {before}."
    batch_id: int
    before: float
    threshold: float
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class VerdictProposed(Fact):
    """Đề xuất cách xử lý một kết quả. ``columns``: những trường sẽ đổi, không ghi giá trị."""

    sentence = "Đã đề xuất cách xử lý, chờ người thứ hai quyết định."
    case_id: int
    verdict_id: int
    decision: str
    columns: list[str]


@register_fact
@dataclass(frozen=True, kw_only=True)
class VerdictDecided(Fact):
    """Quyết định về một kết quả."""

    sentence = "Đã quyết định về kết quả xác thực."
    case_id: int
    verdict_id: int
    decision: str
    columns: list[str]


@register_fact
@dataclass(frozen=True, kw_only=True)
class VerdictSentBack(Fact):
    """Người thứ hai không đồng ý với đề xuất."""

    sentence = "Đề xuất được trả lại: {reason}"
    case_id: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class CasesBulkAccepted(Fact):
    """Chấp nhận hàng loạt các kết quả trên ngưỡng."""

    sentence = "Đã chấp nhận {accepted} kết quả từ ngưỡng {threshold} trở lên."
    batch_id: int | None
    threshold: float
    accepted: int
    case_ids_digest: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentAlertRaised(Fact):
    """Cảnh báo cơ quan chi trả sau khi có người xem."""

    sentence = "Đã cảnh báo chi trả: {kind}."
    case_id: int
    register_id: int
    record_key: str
    kind: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class QualityFrozen(Fact):
    """Chốt chỉ số đúng, đủ, sạch, sống của một tháng."""

    sentence = "Đã chốt chỉ số chất lượng tháng {month}."
    register_id: int
    month: date
    communes: int
    digest: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class ReviewSampleDrawn(Fact):
    """Rút mẫu rà soát."""

    sentence = "Đã rút mẫu rà soát {size} bản ghi."
    sample_id: int
    batch_id: int
    seed: int
    size: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class LinkJudged(Fact):
    """Một người rà soát đã nhận định một bản ghi trong mẫu."""

    sentence = "Đã nhận định một bản ghi trong mẫu."
    sample_id: int
    item_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class EntryCorrected(Fact):
    """Sửa bản ghi của sổ. Giá trị cũ và mới chỉ ghi mã băm; giá trị đọc được nằm ở việc đã quyết định."""

    sentence = "Đã sửa bản ghi của sổ theo quyết định."
    entry_id: int
    case_id: int
    columns: list[str]
    before_digest: str
    after_digest: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class PoliceAsked(Fact):
    """Đề nghị Công an chỉnh sửa dữ liệu dân cư."""

    sentence = "Đã đưa vào danh sách đề nghị Công an chỉnh sửa."
    case_id: int
    columns: list[str]


@register_fact
@dataclass(frozen=True, kw_only=True)
class PoliceAnswered(Fact):
    """Công an trả lời đề nghị chỉnh sửa."""

    sentence = "Đã ghi trả lời của Công an."
    case_id: int
    is_corrected: bool


@register_fact
@dataclass(frozen=True, kw_only=True)
class VisitOrdered(Fact):
    """Đưa vào danh sách đi xác minh."""

    sentence = "Đã đưa vào danh sách đi xác minh."
    case_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class VisitReported(Fact):
    """Ghi kết quả đi xác minh."""

    sentence = "Đã ghi kết quả đi xác minh."
    case_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class CaseClosed(Fact):
    """Khép việc, không sửa gì."""

    sentence = "Đã khép việc, không sửa gì."
    case_id: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class CaseUndone(Fact):
    """Hoàn tác, việc mở lại."""

    sentence = "Đã hoàn tác, việc mở lại."
    case_id: int
    from_state: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class DeathConfirmed(Fact):
    """Cán bộ xác nhận người trong sổ đã mất."""

    sentence = "Đã xác nhận người này đã mất sau khi kiểm tra."
    case_id: int
    looked: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class DoubleSettled(Fact):
    """Chọn bản ghi giữ lại khi một người có hai hồ sơ."""

    sentence = "Đã chọn bản ghi giữ lại trong hai bản ghi của một người."
    case_id: int
    kept_entry_id: int
    dropped_entry_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class PopulationInquired(Fact):
    """Hỏi dữ liệu dân cư từng người. ``answers``: số người trả về, không ghi là ai."""

    sentence = "Đã hỏi dữ liệu dân cư: {answers} người khớp."
    case_id: int
    inquiry_id: int
    answers: int

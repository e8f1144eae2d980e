"""What can happen to a dossier: frozen facts in the past tense, each complete enough to rebuild the dossier from them."""

from dataclasses import dataclass, field
from datetime import datetime

from lienthong.infra.events import Fact, register_fact


@register_fact
@dataclass(frozen=True, kw_only=True)
class DossierSubmitted(Fact):
    """Hồ sơ được nộp trực tuyến."""

    sentence = "Hồ sơ được gửi tới nơi tiếp nhận."
    procedure_code: str
    version_id: int
    field_code: str
    channel: str
    receiving_agency_id: int
    answer_due_at: datetime
    request_digest: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class CompletionRequested(Fact):
    """Đề nghị hoàn thiện trước khi tiếp nhận. ``version_id``: the one that holds now, where it is not that of the request."""

    sentence = "Nơi tiếp nhận đề nghị hoàn thiện hồ sơ: {reason}"
    items: list[int]
    reason: str
    version_id: int | None = None
    request_digest: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class DossierCompleted(Fact):
    """Người nộp gửi lại hồ sơ đã hoàn thiện."""

    sentence = "Hồ sơ đã được hoàn thiện và gửi lại."
    items: list[int]
    answer_due_at: datetime
    request_digest: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class DossierReceived(Fact):
    """Tiếp nhận hồ sơ; thời hạn bắt đầu chạy. ``request_digest``: see ``digests``, here and wherever a request changes."""

    sentence = "Hồ sơ được tiếp nhận, số {code}."
    code: str
    procedure_code: str
    version_id: int
    field_code: str
    channel: str
    receiving_agency_id: int
    calendar_id: int
    promised_due_at: datetime | None
    hand_over_due_at: datetime
    step: int
    step_role: str
    step_due_at: datetime | None
    agency_id: int
    holder_id: int | None
    trace: list[str] = field(default_factory=list)
    request_digest: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class IntakeRefused(Fact):
    """Từ chối tiếp nhận hồ sơ."""

    sentence = "Hồ sơ bị từ chối tiếp nhận: {reason}"
    reason: str
    receiving_agency_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class StepPassed(Fact):
    """Chuyển bước; khi rời bước tiếp nhận là chuyển xử lý."""

    sentence = "Hồ sơ được chuyển sang bước {to_step}: {to_name}."
    from_step: int
    to_step: int
    to_name: str
    step_role: str
    agency_id: int
    step_due_at: datetime | None
    proposal: str = ""
    note: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class AppraisalRecorded(Fact):
    """Ghi kết quả thẩm định; nội dung để ngoài nhật ký, ở đây chỉ có mã băm của nó."""

    sentence = "Cán bộ thụ lý đã ghi kết quả thẩm định hồ sơ."
    step: int
    appraisal_digest: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class SentBack(Fact):
    """Trả lại bước trước."""

    sentence = "Hồ sơ được trả lại bước {to_step}: {reason}"
    from_step: int
    to_step: int
    step_role: str
    agency_id: int
    holder_id: int | None
    step_due_at: datetime | None
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class DossierClaimed(Fact):
    """Cán bộ nhận xử lý."""

    sentence = "Cán bộ nhận xử lý hồ sơ."
    holder_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class DossierReleased(Fact):
    """Cán bộ thôi xử lý, hồ sơ về hàng chờ."""

    sentence = "Hồ sơ trở về hàng chờ chung."
    reason: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class DossierAssigned(Fact):
    """Phân công xử lý."""

    sentence = "Hồ sơ được phân công cho cán bộ xử lý."
    holder_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class SupplementRequested(Fact):
    """Yêu cầu bổ sung, hoàn thiện hồ sơ; thời hạn tạm dừng."""

    sentence = "Cơ quan giải quyết yêu cầu bổ sung: {reason}"
    items: list[int]
    reason: str
    round: int
    rule: str
    legal_basis: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class SupplementAnswered(Fact):
    """Đã nộp bổ sung đầy đủ; thời hạn chạy lại. ``legal_due_at`` leaves letters of apology out, ``current_due_at`` keeps them."""

    sentence = "Đã nhận đủ phần bổ sung; hạn trả kết quả tính lại."
    items: list[int]
    due_before: datetime | None
    legal_due_at: datetime | None
    current_due_at: datetime | None
    step_due_at: datetime | None
    trace: list[str] = field(default_factory=list)
    request_digest: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class DeadlineExtended(Fact):
    """Xin lỗi và hẹn lại ngày trả kết quả."""

    sentence = "Cơ quan giải quyết xin lỗi và hẹn lại ngày trả: {reason}"
    due_before: datetime
    current_due_at: datetime
    reason: str
    document: str = ""
    legal_basis: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class DossierApproved(Fact):
    """Phê duyệt kết quả giải quyết."""

    sentence = "Hồ sơ được phê duyệt; kết quả đã sẵn sàng."
    document_number: str = ""
    note: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class DossierRefused(Fact):
    """Từ chối giải quyết hồ sơ, có lý do bằng văn bản."""

    sentence = "Hồ sơ bị từ chối giải quyết: {reason}"
    reason: str
    document_number: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class DossierStopped(Fact):
    """Dừng giải quyết hồ sơ."""

    sentence = "Hồ sơ dừng giải quyết: {reason}"
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class DossierWithdrawn(Fact):
    """Rút hồ sơ theo yêu cầu của người nộp."""

    sentence = "Người nộp rút hồ sơ."
    reason: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class ResultReturned(Fact):
    """Trả kết quả."""

    sentence = "Kết quả đã được trả cho {recipient}."
    way: str
    recipient: str
    proof: str = ""


@register_fact
@dataclass(frozen=True, kw_only=True)
class DossierRated(Fact):
    """Người nộp đánh giá; nội dung để riêng để bảo vệ người đánh giá."""

    sentence = "Người nộp đã đánh giá việc giải quyết."

"""What can happen to copies, registers, batches and exchanged files. Ids, counts and digests only."""

from dataclasses import dataclass
from datetime import date

from lienthong.infra.events import Fact, register_fact


@register_fact
@dataclass(frozen=True, kw_only=True)
class PopulationCopyLoaded(Fact):
    """Nạp bản sao dữ liệu dân cư."""

    sentence = (
        "Đã nạp bản sao dữ liệu dân cư đến ngày {as_of}: {rows} người, thêm {added}, đổi {changed}, bớt {removed}."
    )
    copy_id: int
    as_of: date
    sha256: str
    rows: int
    added: int
    changed: int
    removed: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class PopulationCopyArrived(Fact):
    """Nhận tệp dữ liệu dân cư. Một công việc nền chuẩn bị bản sao."""

    sentence = "Đã nhận tệp dữ liệu dân cư đến ngày {as_of}."
    copy_id: int
    as_of: date
    sha256: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class PopulationCopyFailed(Fact):
    """Nạp bản sao không thành."""

    sentence = "Nạp bản sao dữ liệu dân cư không thành: {reason}"
    copy_id: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class RegisterOpened(Fact):
    """Lập một sổ để xác thực."""

    sentence = "Đã lập sổ {code} để xác thực."
    register_id: int
    code: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class BatchCreated(Fact):
    """Lập đợt xác thực."""

    sentence = "Đã lập đợt xác thực {number}."
    batch_id: int
    number: str
    register_id: int
    kind: str
    file_sha256: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class ColumnsConfirmed(Fact):
    """Xác nhận cột của tệp."""

    sentence = "Đã xác nhận cột của tệp."
    batch_id: int
    mapping_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class BatchChecked(Fact):
    """Kiểm tra trước khi gửi."""

    sentence = "Đã kiểm tra trước khi gửi: {rows} bản ghi, {found} bản ghi có điều cần xem."
    batch_id: int
    rows: int
    found: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class BatchStarted(Fact):
    """Bắt đầu chạy đợt xác thực. Một công việc nền làm phần còn lại."""

    sentence = "Đợt xác thực bắt đầu chạy."
    batch_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class BatchRead(Fact):
    """Đọc xong tệp của đợt."""

    sentence = "Đã đọc tệp: {rows} dòng dữ liệu, bỏ qua {skipped} dòng."
    batch_id: int
    rows: int
    skipped: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class BatchSent(Fact):
    """Gửi một đợt cho Công an bằng tệp. Một công việc nền viết tệp."""

    sentence = "Đợt xác thực được gửi Công an bằng tệp."
    batch_id: int
    file_format: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class ExchangeFileWritten(Fact):
    """Viết xong tệp gửi Công an."""

    sentence = "Đã viết tệp gửi Công an: {rows} bản ghi."
    batch_id: int
    exchange_id: int
    rows: int
    file_sha256: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class ReturnTakenIn(Fact):
    """Ghi xong một tệp Công an trả; mỗi dòng được tính đúng một lần."""

    sentence = (
        "Đã ghi tệp Công an trả: {rows} dòng, nhận {matched}, trùng lần trước {unchanged}, lặp {duplicate}, "
        "khóa lạ {unknown}, về muộn {late}, không đọc được {unreadable}."
    )
    batch_id: int
    exchange_id: int
    rows: int
    matched: int
    unchanged: int
    duplicate: int
    unknown: int
    late: int
    unreadable: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class BatchReturned(Fact):
    """Nhận tệp Công an trả. Một công việc nền ghi kết quả."""

    sentence = "Đã nhận tệp Công an trả."
    batch_id: int
    exchange_id: int
    file_sha256: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class RestAwaited(Fact):
    """Còn bản ghi chưa được trả."""

    sentence = "Còn {missing} bản ghi chờ Công an trả."
    batch_id: int
    missing: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class ReturnRefused(Fact):
    """Không nhận được tệp trả về."""

    sentence = "Tệp trả về chưa dùng được: {reason}"
    batch_id: int
    exchange_id: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class BatchFinished(Fact):
    """Đợt xác thực hoàn thành."""

    sentence = "Đợt xác thực hoàn thành: {verdicts} kết quả, {opened} việc mới cần xử lý."
    batch_id: int
    verdicts: int
    opened: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class BatchFailed(Fact):
    """Đợt xác thực dừng vì lỗi."""

    sentence = "Đợt xác thực dừng: {reason}"
    batch_id: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class BatchCancelled(Fact):
    """Hủy đợt xác thực."""

    sentence = "Đợt xác thực đã bị hủy."
    batch_id: int

"""What happens to runs of payments, and to money that was paid beyond what is owed."""

from dataclasses import dataclass
from datetime import date

from lienthong.infra.events import Fact, register_fact


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentRunOpened(Fact):
    """Mở một đợt chi trả, bắt đầu tổng hợp."""

    sentence = "Mở đợt chi trả số {number} của tháng {month}; bắt đầu tổng hợp."
    run_id: int
    month: date
    number: int
    since: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentRunStopped(Fact):
    """Tổng hợp xong nhưng phải dừng, ví dụ vì thiếu dự toán; chưa lập danh sách."""

    sentence = "Đợt chi trả dừng lại: {reason}"
    run_id: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentRunRetried(Fact):
    """Tổng hợp lại một đợt đã dừng."""

    sentence = "Tổng hợp lại đợt chi trả."
    run_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentRunPrepared(Fact):
    """Danh sách chi trả đã lập; số tiền và mã của danh sách được chốt."""

    sentence = "Đã lập danh sách {lines} khoản, {amount} đồng; tạm giữ {held_lines} khoản."
    run_id: int
    lines: int
    amount: int
    deducted: int
    held_lines: int
    held_amount: int
    overpayments: int
    digest: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentRunChecked(Fact):
    """Kiểm tra xong danh sách."""

    sentence = "Đã kiểm tra danh sách {lines} khoản, {amount} đồng."
    run_id: int
    lines: int
    amount: int
    digest: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentRunApproved(Fact):
    """Duyệt chi."""

    sentence = "Duyệt chi {lines} khoản, {amount} đồng."
    run_id: int
    lines: int
    amount: int
    digest: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentLinesHeldOut(Fact):
    """Giữ lại các khoản của người đã mất khi chuyển chi trả."""

    sentence = "Giữ lại {lines} khoản, {amount} đồng, vì người hưởng hoặc người nhận đã mất sau khi lập danh sách."
    run_id: int
    lines: int
    amount: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentLinesNoLongerOwed(Fact):
    """Giữ lại các khoản nhiều hơn số phải chi lúc chuyển chi trả."""

    sentence = "Giữ lại {lines} khoản, {amount} đồng, vì số phải chi đã giảm sau khi lập danh sách."
    run_id: int
    lines: int
    amount: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentLinesWithoutPlace(Fact):
    """Giữ lại các khoản có nơi nhận tiền không còn được chi lúc chuyển chi trả."""

    sentence = "Giữ lại {lines} khoản, {amount} đồng, vì nơi nhận tiền không còn được chi sau khi lập danh sách."
    run_id: int
    lines: int
    amount: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentRunReleased(Fact):
    """Chuyển chi trả: các khoản được giao cho ngân hàng, bưu điện."""

    sentence = "Chuyển chi trả {lines} khoản, {amount} đồng."
    run_id: int
    lines: int
    amount: int
    digest: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentRunClosed(Fact):
    """Khóa sổ một đợt chi trả."""

    sentence = "Khóa sổ: {paid} khoản đã nhận, {unpaid} khoản chưa nhận chuyển sang đợt sau."
    run_id: int
    paid: int
    unpaid: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentRunCancelled(Fact):
    """Hủy một đợt chưa chuyển chi trả; mọi khoản của đợt trở lại như chưa lập."""

    sentence = "Hủy đợt chi trả: {reason}"
    run_id: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class OverpaymentFound(Fact):
    """Phát hiện đã chi quá số phải chi của một tháng."""

    sentence = "Tháng {for_month} đã chi thừa {amount} đồng."
    overpayment_id: int
    run_id: int
    source: str
    benefit: str
    person_id: int
    for_month: date
    amount: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class OverpaymentWithdrawn(Fact):
    """Khoản chi thừa không còn vì số phải chi đã đổi."""

    sentence = "Khoản chi thừa của tháng {for_month} không còn."
    overpayment_id: int
    run_id: int
    for_month: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class OverpaymentSettlementProposed(Fact):
    """Đề nghị ghi một khoản chi thừa đã được xử lý; người thứ hai xác nhận."""

    sentence = "Đề nghị ghi khoản chi thừa {amount} đồng đã xử lý: {note}"
    overpayment_id: int
    amount: int
    note: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class OverpaymentProposalRefused(Fact):
    """Người thứ hai không xác nhận khoản chi thừa đã được xử lý."""

    sentence = "Không xác nhận khoản chi thừa đã xử lý. {reason}"
    overpayment_id: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class OverpaymentSettled(Fact):
    """Xử lý xong một khoản chi thừa."""

    sentence = "Khoản chi thừa {amount} đồng đã được xử lý."
    overpayment_id: int
    amount: int

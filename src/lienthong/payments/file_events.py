"""What can happen to files that leave, to answers that come back, and to lines that nobody understands. No name, no account."""

from dataclasses import dataclass
from datetime import date

from lienthong.infra.events import Fact, register_fact
from lienthong.payments.states import Channel, FileKind, LineState, Resolution, StatementFormat, UploadState


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentFilesAsked(Fact):
    """Yêu cầu lập tệp của một đợt đã chuyển chi trả."""

    sentence = "Yêu cầu lập tệp cho ngân hàng, bưu điện và xã."
    run_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentFileMade(Fact):
    """Lập một tệp chi trả để giao cho ngân hàng, bưu điện, nơi chi tiền mặt."""

    sentence = "Lập tệp {message_id}: {kind}, {channel}, {lines} khoản, {amount} đồng."
    coded = {"kind": FileKind, "channel": Channel}
    file_id: int
    run_id: int
    channel: str
    kind: str
    message_id: str
    lines: int
    amount: int
    sha256: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class StatementUploadAsked(Fact):
    """Tải lên một tệp trả lời của ngân hàng để đọc và đối soát."""

    sentence = "Tải lên tệp của ngân hàng để đọc và đối soát."
    upload_id: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class StatementUploadEnded(Fact):
    """Đọc xong một tệp trả lời đã tải lên: nhập, đã có, không nhận, hoặc dừng vì lỗi."""

    sentence = "Đọc xong tệp của ngân hàng: {state}."
    coded = {"state": UploadState}
    upload_id: int
    state: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class StatementImported(Fact):
    """Nhập một sao kê, báo kết quả hoặc kết quả chi trả và đối soát từng dòng."""

    sentence = "Nhập {format} số {number}: {lines} dòng; {paid} đã nhận, {returned} hoàn trả, {failed} không thành công, {uncollected} chưa nhận, {strange} dòng cần xem."
    coded = {"format": StatementFormat}
    statement_id: int
    format: str
    number: str
    lines: int
    paid: int
    returned: int
    failed: int
    uncollected: int
    strange: int
    sha256: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentsAnswered(Fact):
    """Ngân hàng, bưu điện hoặc nơi chi tiền mặt trả lời các khoản của một đợt."""

    sentence = (
        "Có kết quả: {paid} khoản đã nhận, {returned} bị hoàn trả, {failed} không thành công, {uncollected} chưa nhận."
    )
    run_id: int
    statement_id: int
    paid: int
    returned: int
    failed: int
    uncollected: int


@register_fact
@dataclass(frozen=True, kw_only=True)
class PaymentTickReversed(Fact):
    """Đảo kết quả đã nhận ghi nhầm của một khoản tiền mặt, bưu điện."""

    sentence = "Đảo kết quả đã nhận của một khoản, nay {becomes}: {reason}"
    coded = {"becomes": LineState}
    run_id: int
    payment_line_id: int
    statement_line_id: int
    becomes: str
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class StrangeLineProposed(Fact):
    """Đề nghị cách xử lý một dòng sao kê chưa khớp, chờ người thứ hai xác nhận."""

    sentence = "Dòng {number}: đề nghị {resolution}. Lý do: {reason}"
    coded = {"resolution": Resolution}
    statement_line_id: int
    number: int
    resolution: str
    payment_line_id: int | None
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class StrangeLineResolved(Fact):
    """Xử lý xong một dòng sao kê chưa khớp."""

    sentence = "Dòng {number}: {resolution}. Lý do: {reason}"
    coded = {"resolution": Resolution}
    statement_line_id: int
    number: int
    resolution: str
    payment_line_id: int | None
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class StrangeLineReopened(Fact):
    """Không xác nhận đề nghị, hoặc mở lại dòng đã xử lý; dòng sao kê chờ xử lý lại."""

    sentence = "Dòng {number}: chờ xử lý lại. {reason}"
    statement_line_id: int
    number: int
    reason: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class PayingAccountRecorded(Fact):
    """Ghi một tài khoản chi của tỉnh, chờ người thứ hai duyệt."""

    sentence = "Ghi tài khoản chi tại ngân hàng {bank_code}, dùng từ ngày {valid_from}."
    account_id: int
    bank_code: str
    valid_from: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class PayingAccountApproved(Fact):
    """Duyệt một tài khoản chi."""

    sentence = "Duyệt tài khoản chi tại ngân hàng {bank_code}."
    account_id: int
    bank_code: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class PayingAccountEnded(Fact):
    """Thôi dùng một tài khoản chi."""

    sentence = "Thôi dùng tài khoản chi tại ngân hàng {bank_code} từ ngày {valid_until}."
    account_id: int
    bank_code: str
    valid_until: date


@register_fact
@dataclass(frozen=True, kw_only=True)
class BankTemplateRecorded(Fact):
    """Ghi mẫu tệp của một ngân hàng; mẫu trước được giữ lại."""

    sentence = "Ghi mẫu tệp phiên bản {version} của ngân hàng {bank_code}: {order_kind}. Chờ duyệt."
    coded = {"order_kind": FileKind}
    template_id: int
    bank_code: str
    version: int
    order_kind: str


@register_fact
@dataclass(frozen=True, kw_only=True)
class BankTemplateApproved(Fact):
    """Duyệt mẫu tệp của một ngân hàng; từ lúc này các tệp theo mẫu ấy."""

    sentence = "Duyệt mẫu tệp phiên bản {version} của ngân hàng {bank_code}: {order_kind}."
    coded = {"order_kind": FileKind}
    template_id: int
    bank_code: str
    version: int
    order_kind: str

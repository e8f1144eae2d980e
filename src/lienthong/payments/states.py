"""Closed lists of payments, and the literal table of what a run goes through."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """By which way money reaches a person. Kênh chi trả."""

    BANK = "bank", _("tài khoản ngân hàng")
    WALLET = "wallet", _("ví điện tử")
    MOBILE_MONEY = "mobile_money", _("tiền di động")
    POST = "post", _("bưu điện")
    CASH = "cash", _("tiền mặt")


# Channels in which money goes to a number that somebody must have verified.
NUMBERED_CHANNELS = (Channel.BANK, Channel.WALLET, Channel.MOBILE_MONEY)


class AccountSource(TextChoices):
    """Who told the account. Nguồn của tài khoản nhận tiền."""

    VNEID = "vneid", _("tài khoản an sinh trên VNeID")
    DECLARED = "declared", _("người hưởng khai")
    POST = "post", _("bưu điện cung cấp")


class NameCheck(TextChoices):
    """How the holder's name stands beside the payee's. Đối chiếu tên chủ tài khoản."""

    SAME = "same", _("trùng tên")
    SIMILAR = "similar", _("gần giống")
    DIFFERENT = "different", _("khác tên")
    UNKNOWN = "unknown", _("chưa biết tên chủ tài khoản")


class RunState(TextChoices):
    """How far a run of payments is. Trạng thái đợt chi trả."""

    COLLECTING = "collecting", _("đang tổng hợp")
    PREPARED = "prepared", _("đã lập, chờ kiểm tra")
    CHECKED = "checked", _("đã kiểm tra, chờ duyệt")
    APPROVED = "approved", _("đã duyệt, chờ chuyển tiền")
    RELEASED = "released", _("đã chuyển chi trả")
    CLOSED = "closed", _("đã khóa sổ")
    CANCELLED = "cancelled", _("đã hủy")


class RunAction(TextChoices):
    """What is done to a run. Thao tác với đợt chi trả."""

    PREPARE = "prepare", _("lập danh sách")
    CHECK = "check", _("kiểm tra")
    APPROVE = "approve", _("duyệt")
    RELEASE = "release", _("chuyển chi trả")
    CLOSE = "close", _("khóa sổ")
    CANCEL = "cancel", _("hủy")


# From which states an action goes where.
RUN_MOVES: dict[RunAction, tuple[tuple[RunState, ...], RunState]] = {
    RunAction.PREPARE: ((RunState.COLLECTING,), RunState.PREPARED),
    RunAction.CHECK: ((RunState.PREPARED,), RunState.CHECKED),
    RunAction.APPROVE: ((RunState.CHECKED,), RunState.APPROVED),
    RunAction.RELEASE: ((RunState.APPROVED,), RunState.RELEASED),
    RunAction.CLOSE: ((RunState.RELEASED,), RunState.CLOSED),
    RunAction.CANCEL: (
        (RunState.COLLECTING, RunState.PREPARED, RunState.CHECKED, RunState.APPROVED),
        RunState.CANCELLED,
    ),
}
# Runs that are not yet released: one for each month.
OPEN_STATES = (RunState.COLLECTING, RunState.PREPARED, RunState.CHECKED, RunState.APPROVED)


class Ground(TextChoices):
    """Why a line is in a run. Lý do có trong đợt."""

    REGULAR = "regular", _("tháng này")
    ARREARS = "arrears", _("truy lĩnh")
    CARRIED = "carried", _("chi lại khoản chưa nhận")


class LineState(TextChoices):
    """What became of a line. Trạng thái khoản chi."""

    PLANNED = "planned", _("chờ chuyển")
    HELD = "held", _("tạm giữ")
    SENT = "sent", _("đã chuyển, chờ kết quả")
    PAID = "paid", _("đã nhận")
    FAILED = "failed", _("chuyển không thành công")
    RETURNED = "returned", _("bị hoàn trả")
    UNCOLLECTED = "uncollected", _("chưa đến nhận")
    CANCELLED = "cancelled", _("đã hủy")


# Lines that hold the money of a person, benefit and month: nobody else may pay it.
LIVE_STATES = (LineState.PLANNED, LineState.SENT, LineState.PAID)
# Lines whose money has not arrived: the next run tries again.
UNPAID_STATES = (LineState.HELD, LineState.FAILED, LineState.RETURNED, LineState.UNCOLLECTED)
# Lines that the next run looks at again: unpaid ones, and those of a run that was cancelled.
RESUMED_STATES = (*UNPAID_STATES, LineState.CANCELLED)


class HoldReason(TextChoices):
    """Why a line is held back. Lý do tạm giữ."""

    PAYEE_DIED = "payee_died", _("người nhận đã mất")
    PERSON_DIED = "person_died", _("người hưởng đã mất trước tháng này")
    NO_LONGER_OWED = "no_longer_owed", _("số phải chi đã giảm sau khi lập danh sách")
    ACCOUNT_NOT_USED = "account_not_used", _("nơi nhận tiền không còn được chi khi chuyển")
    NO_ACCOUNT = "no_account", _("chưa có tài khoản nhận tiền, cũng chưa chọn nhận tiền mặt")
    NOT_VERIFIED = "not_verified", _("tài khoản chưa được xác minh")
    NAME_UNKNOWN = "name_unknown", _("chưa biết tên chủ tài khoản")
    NAME_DIFFERS = "name_differs", _("tên chủ tài khoản khác tên người nhận")
    NAME_UNCONFIRMED = "name_unconfirmed", _("tên chủ tài khoản gần giống, chưa có người thứ hai xác nhận")


# What an officer reads on a line that is held: what is wrong and what to do.
HOLD_SENTENCES: dict[HoldReason, str] = {
    HoldReason.PAYEE_DIED: "Người nhận tiền đã mất. Hãy ghi người nhận khác, ví dụ người thừa kế.",
    HoldReason.PERSON_DIED: "Người hưởng đã mất trước tháng này nên không chi. Nếu ghi nhầm, hãy rút ghi nhận đã chết.",
    HoldReason.NO_LONGER_OWED: "Số phải chi đã giảm sau khi lập danh sách. Phần còn phải chi, nếu có, được chi ở đợt sau.",
    HoldReason.ACCOUNT_NOT_USED: "Nơi nhận tiền đã thôi dùng, hoặc tên chủ không còn khớp, sau khi lập danh sách. Đợt sau chi vào nơi nhận đang dùng.",
    HoldReason.NO_ACCOUNT: "Người nhận chưa có tài khoản nhận tiền, cũng chưa chọn nhận tiền mặt. Hãy ghi nơi nhận tiền.",
    HoldReason.NOT_VERIFIED: "Tài khoản nhận tiền chưa được người thứ hai xác minh. Hãy mở “Nơi nhận tiền” và nhờ người khác người ghi xác nhận.",
    HoldReason.NAME_UNKNOWN: "Chưa biết tên chủ tài khoản. Hãy hỏi ngân hàng rồi đối chiếu tên.",
    HoldReason.NAME_DIFFERS: "Tên chủ tài khoản khác tên người nhận. Hãy hỏi lại người nhận và ghi tài khoản đúng.",
    HoldReason.NAME_UNCONFIRMED: "Tên chủ tài khoản chỉ gần giống tên người nhận. Hãy nhờ người thứ hai xác nhận.",
}


class OverpaymentState(TextChoices):
    """What became of money that was paid beyond what is owed. Trạng thái khoản chi thừa."""

    OPEN = "open", _("chờ xử lý")
    SETTLED = "settled", _("đã xử lý")
    WITHDRAWN = "withdrawn", _("không còn thừa")


class FileKind(TextChoices):
    """Kinds of file handed to who pays. Loại tệp chi trả."""

    PAIN001 = "pain001", _("lệnh chuyển tiền ISO 20022")
    CSV = "csv", _("danh sách CSV")
    XLSX = "xlsx", _("danh sách Excel theo mẫu của ngân hàng")
    LIST = "list", _("danh sách ký nhận")


class StatementFormat(TextChoices):
    """Formats in which banks answer. Định dạng sao kê."""

    CAMT053 = "camt053", _("sao kê ISO 20022 (camt.053)")
    PAIN002 = "pain002", _("báo kết quả ISO 20022 (pain.002)")
    MT940 = "mt940", _("sao kê SWIFT MT940")
    CSV = "csv", _("tệp CSV của ngân hàng")
    XLSX = "xlsx", _("tệp Excel của ngân hàng")
    LIST = "list", _("kết quả của bưu điện, nơi chi tiền mặt")
    TICKS = "ticks", _("kết quả ghi trên màn hình")


class UploadState(TextChoices):
    """What became of a file that a bank answered with. Trạng thái tệp trả lời đã tải lên."""

    WAITING = "waiting", _("đang đọc")
    TAKEN = "taken", _("đã nhập")
    KNOWN = "known", _("đã nhập trước đó")
    REFUSED = "refused", _("không nhận")
    STOPPED = "stopped", _("dừng vì lỗi")


class Match(TextChoices):
    """How a line of a statement found its payment. Cách khớp sao kê."""

    REFERENCE = "reference", _("theo mã tham chiếu")
    ACCOUNT = "account", _("theo tài khoản và số tiền")
    BY_HAND = "by_hand", _("do cán bộ khớp")
    NONE = "none", _("chưa khớp")
    NOT_OURS = "not_ours", _("không thuộc chi trả")


class Strange(TextChoices):
    """Why a line of a statement was not taken by itself. Dòng sao kê lạ."""

    UNKNOWN = "unknown", _("không tìm thấy khoản chi")
    PARTIAL = "partial", _("số tiền khác khoản chi")
    DUPLICATE = "duplicate", _("khoản chi đã được ghi trước đó")
    CONTRADICTS = "contradicts", _("trái với trạng thái của khoản chi")


class Resolution(TextChoices):
    """What a person makes of a strange line. Cách xử lý dòng sao kê lạ."""

    PAID = "paid", _("ghi khoản chi đã nhận")
    RETURNED = "returned", _("ghi khoản chi bị hoàn trả")
    NOTED = "noted", _("thuộc khoản chi này, không đổi trạng thái")
    NOT_OURS = "not_ours", _("không thuộc chi trả")


class ComplaintState(TextChoices):
    """How far a complaint about money is. Trạng thái phản ánh về chi trả."""

    OPEN = "open", _("chờ trả lời")
    ANSWERED = "answered", _("đã trả lời")
    CLOSED = "closed", _("đã đóng")


class AccountImportState(TextChoices):
    """How far a file of accounts is. Trạng thái danh sách tài khoản nhập."""

    READING = "reading", _("đang đọc")
    REFUSED = "refused", _("không nhận")
    STAGED = "staged", _("chờ người thứ hai ghi")
    WRITING = "writing", _("đang ghi")
    COMMITTED = "committed", _("đã ghi")
    DISCARDED = "discarded", _("đã bỏ")


class AccountRowOutcome(TextChoices):
    """What becomes of one row of a file of accounts. Kết quả một dòng."""

    CREATED = "created", _("ghi mới")
    CHANGED = "changed", _("thay nơi đang nhận")
    UNCHANGED = "unchanged", _("không đổi")
    REFUSED = "refused", _("không nhận")

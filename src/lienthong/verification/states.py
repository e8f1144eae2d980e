"""Closed lists of verification: copies, batches, cases, exchanges, and the literal tables of moves."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lienthong.verification.linkage.vocabulary import Field, FieldVerdict, MinistryStatus, Status


class CopyState(TextChoices):
    """How far a copy of the population data is. Trạng thái bản sao dữ liệu dân cư."""

    LOADING = "loading", _("Đang nạp")
    READY = "ready", _("Sẵn sàng")
    FAILED = "failed", _("Nạp không thành")
    SUPERSEDED = "superseded", _("Đã có bản mới hơn")


class BatchKind(TextChoices):
    """Whether everything is compared or only what changed. Loại đợt."""

    FULL = "full", _("Toàn bộ sổ")
    DELTA = "delta", _("Chỉ phần thay đổi")


class BatchMode(TextChoices):
    """Where the population data are. Cách xác thực."""

    LOCAL_COPY = "local_copy", _("Bản sao dữ liệu dân cư tại tỉnh")
    POLICE_EXCHANGE = "police_exchange", _("Tệp trao đổi với Công an tỉnh")


class BatchState(TextChoices):
    """How far a batch is. Trạng thái đợt xác thực."""

    DRAFT = "draft", _("Mới lập")
    MAPPED = "mapped", _("Đã xác nhận cột")
    CHECKED = "checked", _("Đã kiểm tra trước khi gửi")
    RUNNING = "running", _("Đang chạy")
    SENT = "sent", _("Đã gửi, chờ trả")
    RETURNED = "returned", _("Đã nhận trả, đang ghi")
    DONE = "done", _("Hoàn thành")
    FAILED = "failed", _("Dừng vì lỗi")
    CANCELLED = "cancelled", _("Đã hủy")


class BatchAction(TextChoices):
    """Everything that can be done to a batch. Thao tác với đợt xác thực."""

    CONFIRM_COLUMNS = "confirm_columns", _("Xác nhận cột")
    CHECK = "check", _("Kiểm tra trước khi gửi")
    RUN = "run", _("Chạy đối chiếu")
    SEND = "send", _("Xuất tệp gửi Công an")
    TAKE_RETURN = "take_return", _("Nhận tệp trả")
    AWAIT_REST = "await_rest", _("Chờ phần còn lại")
    FINISH = "finish", _("Hoàn thành")
    FAIL = "fail", _("Dừng vì lỗi")
    CANCEL = "cancel", _("Hủy đợt")


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the table: from where, to where."""

    origin: tuple[BatchState, ...]
    target: BatchState


_B = BatchState

MOVES: dict[BatchAction, Move] = {
    BatchAction.CONFIRM_COLUMNS: Move((_B.DRAFT, _B.MAPPED, _B.CHECKED), _B.MAPPED),
    BatchAction.CHECK: Move((_B.MAPPED, _B.CHECKED), _B.CHECKED),
    BatchAction.RUN: Move((_B.CHECKED, _B.FAILED), _B.RUNNING),
    BatchAction.SEND: Move((_B.CHECKED,), _B.SENT),
    BatchAction.TAKE_RETURN: Move((_B.SENT, _B.RETURNED, _B.DONE), _B.RETURNED),
    BatchAction.AWAIT_REST: Move((_B.RETURNED,), _B.SENT),
    BatchAction.FINISH: Move((_B.RUNNING, _B.RETURNED), _B.DONE),
    BatchAction.FAIL: Move((_B.DRAFT, _B.MAPPED, _B.CHECKED, _B.RUNNING, _B.SENT, _B.RETURNED), _B.FAILED),
    BatchAction.CANCEL: Move((_B.DRAFT, _B.MAPPED, _B.CHECKED, _B.RUNNING, _B.SENT, _B.FAILED), _B.CANCELLED),
}

ENDED_BATCHES = (_B.DONE, _B.CANCELLED)
WORKING_BATCHES = (_B.RUNNING, _B.RETURNED)
AWAITED_BATCHES = (_B.RUNNING, _B.SENT, _B.RETURNED)


class CaseState(TextChoices):
    """How far a record that needs a person is. Trạng thái việc cần xử lý."""

    OPEN = "open", _("Chờ xử lý")
    PROPOSED = "proposed", _("Chờ người thứ hai quyết định")
    DECIDED = "decided", _("Đã quyết định")
    WAITING_POLICE = "waiting_police", _("Chờ Công an chỉnh sửa")
    VISIT = "visit", _("Cần đến tận nơi")
    CLOSED = "closed", _("Đã khép")


OPEN_CASES = (CaseState.OPEN, CaseState.PROPOSED, CaseState.WAITING_POLICE, CaseState.VISIT)
ENDED_CASES = (CaseState.DECIDED, CaseState.CLOSED)


class Decision(TextChoices):
    """What an officer does with a verdict. Quyết định với một kết quả."""

    ACCEPT = "accept", _("Chấp nhận kết quả")
    CORRECT_OURS = "correct_ours", _("Sửa dữ liệu của ta")
    ASK_POLICE = "ask_police", _("Đề nghị Công an chỉnh sửa")
    VISIT = "visit", _("Đến tận nơi kiểm tra")
    CLOSE = "close", _("Khép, không sửa gì")


class CaseAction(TextChoices):
    """Everything that can be done to a case. Thao tác với việc cần xử lý."""

    PROPOSE = "propose", _("Đề xuất")
    DECIDE = "decide", _("Quyết định")
    APPROVE = "approve", _("Đồng ý đề xuất")
    SEND_BACK = "send_back", _("Trả lại đề xuất")
    ASK_POLICE = "ask_police", _("Đề nghị Công an chỉnh sửa")
    POLICE_CORRECTED = "police_corrected", _("Công an đã chỉnh sửa")
    POLICE_REFUSED = "police_refused", _("Công an không chỉnh sửa")
    VISIT = "visit", _("Đưa vào danh sách đi xác minh")
    VISITED = "visited", _("Ghi kết quả xác minh")
    CLOSE = "close", _("Khép, không sửa gì")
    UNDO = "undo", _("Hoàn tác")


@dataclass(frozen=True, slots=True)
class CaseMove:
    """One line of the table of cases: from where, to where."""

    origin: tuple[CaseState, ...]
    target: CaseState


_C = CaseState
# What nobody has decided for good: waiting for the police or for a visit keeps no one from deciding.
_UNDECIDED = (_C.OPEN, _C.VISIT, _C.WAITING_POLICE)

CASE_MOVES: dict[CaseAction, CaseMove] = {
    CaseAction.PROPOSE: CaseMove(_UNDECIDED, _C.PROPOSED),
    CaseAction.DECIDE: CaseMove(_UNDECIDED, _C.DECIDED),
    CaseAction.APPROVE: CaseMove((_C.PROPOSED,), _C.DECIDED),
    CaseAction.SEND_BACK: CaseMove((_C.PROPOSED,), _C.OPEN),
    CaseAction.ASK_POLICE: CaseMove((_C.OPEN, _C.VISIT), _C.WAITING_POLICE),
    CaseAction.POLICE_CORRECTED: CaseMove((_C.WAITING_POLICE,), _C.CLOSED),
    CaseAction.POLICE_REFUSED: CaseMove((_C.WAITING_POLICE,), _C.OPEN),
    CaseAction.VISIT: CaseMove((_C.OPEN, _C.WAITING_POLICE), _C.VISIT),
    CaseAction.VISITED: CaseMove((_C.VISIT,), _C.OPEN),
    CaseAction.CLOSE: CaseMove(_UNDECIDED, _C.CLOSED),
    CaseAction.UNDO: CaseMove((_C.PROPOSED, _C.WAITING_POLICE, _C.VISIT, _C.DECIDED, _C.CLOSED), _C.OPEN),
}


class CloseReason(TextChoices):
    """Why a case ends without a change. Lý do khép."""

    OURS_IS_RIGHT = "ours_is_right", _("Dữ liệu của ta đúng, đã xem giấy tờ")
    NOT_ENOUGH_KNOWN = "not_enough_known", _("Chưa đủ căn cứ, chờ đợt xác thực sau")
    NO_LONGER_LISTED = "no_longer_listed", _("Người này không còn trong sổ")
    SOMEBODY_ELSE = "somebody_else", _("Người tìm được là người khác")


class Looked(TextChoices):
    """How an officer made sure that somebody is dead. Căn cứ xác nhận đã mất."""

    DEATH_CERTIFICATE = "death_certificate", _("Đã xem trích lục khai tử")
    FAMILY = "family", _("Đã gặp gia đình")
    VILLAGE_HEAD = "village_head", _("Trưởng thôn, tổ trưởng xác nhận")


class CaseEffect(TextChoices):
    """What a decided case says to who pays. Tác động tới chi trả."""

    NONE = "", _("Không")
    PAYMENT_ALERT = "payment_alert", _("Cảnh báo chi trả")


class Direction(TextChoices):
    """Which way a file went. Chiều của tệp trao đổi."""

    OUTGOING = "outgoing", _("Gửi đi")
    RETURNED = "returned", _("Nhận về")


class RowOutcome(TextChoices):
    """What became of one row of a returned file. Kết quả của một dòng trả về."""

    MATCHED = "matched", _("Đã ghi nhận")
    UNCHANGED = "unchanged", _("Trùng với lần trả trước")
    DUPLICATE = "duplicate", _("Dòng lặp trong tệp")
    UNKNOWN = "unknown", _("Khóa không có trong đợt")
    LATE = "late", _("Về muộn, đã có đợt mới hơn")
    UNREADABLE = "unreadable", _("Không đọc được")


class Judged(TextChoices):
    """What a reviewer says about a link, blind to the score. Nhận định khi rà soát mẫu."""

    SAME = "same", _("Cùng một người")
    DIFFERENT = "different", _("Hai người khác nhau")
    UNSURE = "unsure", _("Chưa đủ căn cứ")


class PairState(TextChoices):
    """How far two records that may be one person are. Trạng thái cặp bản ghi nghi trùng."""

    OPEN = "open", _("Chờ quyết định")
    SAME = "same", _("Cùng một người")
    DIFFERENT = "different", _("Hai người khác nhau")
    GONE = "gone", _("Không còn nghi trùng")


# The words of the engine, as officers read them.
STATUS_WORDS = {
    Status.VERIFIED: _("Khớp"),
    Status.DEAD: _("Đã mất theo dữ liệu dân cư"),
    Status.DUPLICATE: _("Một người có hai hồ sơ"),
    Status.NUMBER_OF_ANOTHER: _("Số định danh là của người khác"),
    Status.NAME_DIFFERS: _("Lệch họ tên"),
    Status.BIRTH_DIFFERS: _("Lệch ngày sinh"),
    Status.SEX_DIFFERS: _("Lệch giới tính"),
    Status.NUMBER_WRONG: _("Số định danh ghi sai"),
    Status.NUMBER_MISSING: _("Thiếu số, đã tìm được người"),
    Status.ETHNICITY_DIFFERS: _("Lệch dân tộc"),
    Status.MOVED: _("Đã chuyển nơi ở hoặc xã đã sáp nhập"),
    Status.SEVERAL_CANDIDATES: _("Nhiều người có thể đúng"),
    Status.NOT_FOUND: _("Không thấy trong dữ liệu dân cư"),
}
STATUS_CHOICES = [(status.value, STATUS_WORDS[status]) for status in Status]

MINISTRY_WORDS = {
    MinistryStatus.NOT_SENT: _("Chưa gửi rà soát"),
    MinistryStatus.PENDING: _("Chờ xác thực"),
    MinistryStatus.VERIFIED: _("Đã xác thực"),
    MinistryStatus.MISMATCH: _("Lệch thông tin"),
    MinistryStatus.NOT_FOUND: _("Không thấy thông tin"),
    MinistryStatus.NO_ID: _("Không có CCCD"),
}

FIELD_WORDS = {
    Field.NUMBER: _("Số định danh"),
    Field.OLD_NUMBER: _("Số chứng minh nhân dân cũ"),
    Field.NAME: _("Họ và tên"),
    Field.BIRTH: _("Ngày sinh"),
    Field.SEX: _("Giới tính"),
    Field.ETHNICITY: _("Dân tộc"),
    Field.COMMUNE: _("Xã, phường"),
    Field.HEAD: _("Chủ hộ"),
}

FIELD_VERDICT_WORDS = {
    FieldVerdict.EQUAL: _("Trùng khớp"),
    FieldVerdict.EQUAL_NORMALISED: _("Khớp sau chuẩn hóa"),
    FieldVerdict.SIMILAR: _("Gần giống"),
    FieldVerdict.DIFFERENT: _("Khác"),
    FieldVerdict.MISSING_HERE: _("Sổ không ghi"),
    FieldVerdict.MISSING_THERE: _("Dân cư không ghi"),
}

# What a person must look at. Everything but a record that agrees in all.
NEEDS_A_PERSON = tuple(status for status in Status if status is not Status.VERIFIED)

# Statuses whose acceptance writes or replaces an identity number: a second person decides.
TOUCHES_NUMBER = (Status.NUMBER_OF_ANOTHER, Status.NUMBER_WRONG, Status.NUMBER_MISSING)


# Acceptance that a whole list may get at once, and whether it is ticked from the start. What decides an age or an
# allowance is ticked by hand; the dead, the double, the uncertain and the absent are looked at one by one.
BULK_KINDS = {
    Status.NUMBER_MISSING: True,
    Status.NUMBER_WRONG: True,
    Status.NUMBER_OF_ANOTHER: True,
    Status.ETHNICITY_DIFFERS: True,
    Status.NAME_DIFFERS: True,
    Status.BIRTH_DIFFERS: False,
    Status.SEX_DIFFERS: False,
    Status.MOVED: False,
}

# The only kinds whose decision reaches a payment, and only after a person has looked or chosen. Not found is not among
# them: it says more about the search than about the person.
ALERTS_PAYMENT = (Status.DEAD, Status.DUPLICATE)

"""States of a dossier and the moves between them, as one literal table."""

from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DossierState(TextChoices):
    """Trạng thái hồ sơ."""

    DRAFT = "draft", _("Nháp")
    SUBMITTED = "submitted", _("Chờ tiếp nhận")
    INCOMPLETE = "incomplete", _("Chờ hoàn thiện trước khi tiếp nhận")
    RECEIVED = "received", _("Đã tiếp nhận")
    IN_PROGRESS = "in_progress", _("Đang giải quyết")
    AWAITING_SUPPLEMENT = "awaiting_supplement", _("Chờ bổ sung")
    DECIDED = "decided", _("Đã có kết quả")
    RETURNED = "returned", _("Đã trả kết quả")
    REFUSED_INTAKE = "refused_intake", _("Từ chối tiếp nhận")
    WITHDRAWN = "withdrawn", _("Đã rút")
    STOPPED = "stopped", _("Dừng giải quyết")


OPEN_STATES = (DossierState.RECEIVED, DossierState.IN_PROGRESS, DossierState.AWAITING_SUPPLEMENT)
WAITING_STATES = (DossierState.SUBMITTED, DossierState.INCOMPLETE)
ENDED_STATES = (
    DossierState.RETURNED, DossierState.REFUSED_INTAKE, DossierState.WITHDRAWN, DossierState.STOPPED,
)  # fmt: skip

# National status codes of one-stop systems, as deployed provincial systems send them (secondary source).
NATIONAL_STATUS = {
    DossierState.SUBMITTED: "1",
    DossierState.INCOMPLETE: "5",
    DossierState.RECEIVED: "2",
    DossierState.REFUSED_INTAKE: "3",
    DossierState.IN_PROGRESS: "4",
    DossierState.AWAITING_SUPPLEMENT: "5",
    DossierState.WITHDRAWN: "7",
    DossierState.STOPPED: "8",
    DossierState.DECIDED: "9",
    DossierState.RETURNED: "10",
}


class Outcome(TextChoices):
    """What was decided. Kết quả giải quyết."""

    APPROVED = "approved", _("Chấp thuận")
    REFUSED = "refused", _("Từ chối giải quyết")


class Clock(Enum):
    """What a move does to the time limit."""

    NONE = "none"
    START = "start"
    PAUSE = "pause"
    CONTINUE = "continue"
    EXTEND = "extend"
    STOP = "stop"


class By(Enum):
    """Who may make a move: the applicant's side, the desk, or whoever holds the role of the current step."""

    APPLICANT = "applicant"
    DESK = "desk"
    APPLICANT_OR_DESK = "applicant_or_desk"
    STEP = "step"
    DECIDER = "decider"
    HEAD = "head"


class Action(TextChoices):
    """Everything that can be done to a dossier. Thao tác."""

    SUBMIT = "submit", _("Nộp hồ sơ")
    REQUEST_COMPLETION = "request_completion", _("Đề nghị hoàn thiện")
    COMPLETE = "complete", _("Gửi lại hồ sơ đã hoàn thiện")
    RECEIVE = "receive", _("Tiếp nhận hồ sơ")
    REFUSE_INTAKE = "refuse_intake", _("Từ chối tiếp nhận")
    PASS_ON = "pass_on", _("Chuyển bước tiếp theo")
    APPRAISE = "appraise", _("Ghi kết quả thẩm định")
    SEND_BACK = "send_back", _("Trả lại bước trước")
    CLAIM = "claim", _("Nhận xử lý")
    RELEASE = "release", _("Thôi xử lý")
    ASSIGN = "assign", _("Phân công")
    REQUEST_SUPPLEMENT = "request_supplement", _("Yêu cầu bổ sung")
    ANSWER_SUPPLEMENT = "answer_supplement", _("Nộp bổ sung")
    EXTEND = "extend", _("Xin lỗi và hẹn lại ngày trả")
    APPROVE = "approve", _("Phê duyệt")
    REFUSE = "refuse", _("Từ chối giải quyết")
    STOP = "stop", _("Dừng giải quyết")
    WITHDRAW = "withdraw", _("Rút hồ sơ")
    RETURN_RESULT = "return_result", _("Trả kết quả")
    RATE = "rate", _("Đánh giá")


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the table: from where, to where, by whom, what the clock does, and by which rule."""

    origin: tuple[DossierState, ...]
    target: DossierState | None
    by: By
    clock: Clock
    source: str


_S = DossierState
_RUNNING = (_S.RECEIVED, _S.IN_PROGRESS)

# ``target`` None: the state stays. Sources: 61/2018/NĐ-CP as far as 118/2025/NĐ-CP kept it (see docs/decisions).
MOVES: dict[Action, Move] = {
    Action.SUBMIT: Move((_S.DRAFT,), _S.SUBMITTED, By.APPLICANT, Clock.NONE, "61/2018/NĐ-CP, Điều 16"),
    Action.REQUEST_COMPLETION: Move((_S.SUBMITTED,), _S.INCOMPLETE, By.DESK, Clock.NONE, "61/2018/NĐ-CP, Điều 17 khoản 2"),
    Action.COMPLETE: Move((_S.INCOMPLETE,), _S.SUBMITTED, By.APPLICANT_OR_DESK, Clock.NONE, "61/2018/NĐ-CP, Điều 17 khoản 2"),
    Action.RECEIVE: Move((_S.DRAFT, _S.SUBMITTED), _S.RECEIVED, By.DESK, Clock.START, "61/2018/NĐ-CP, Điều 17 khoản 3"),
    Action.REFUSE_INTAKE: Move((_S.DRAFT, _S.SUBMITTED), _S.REFUSED_INTAKE, By.DESK, Clock.NONE, "61/2018/NĐ-CP, Điều 17 khoản 1 điểm b"),
    Action.PASS_ON: Move(_RUNNING, _S.IN_PROGRESS, By.STEP, Clock.NONE, "61/2018/NĐ-CP, Điều 18, Điều 19"),
    Action.APPRAISE: Move((_S.IN_PROGRESS,), None, By.STEP, Clock.NONE, "61/2018/NĐ-CP, Điều 19 khoản 2"),
    Action.SEND_BACK: Move((_S.IN_PROGRESS,), None, By.STEP, Clock.NONE, "61/2018/NĐ-CP, Điều 19"),
    Action.CLAIM: Move(_RUNNING, None, By.STEP, Clock.NONE, "61/2018/NĐ-CP, Điều 19 khoản 1"),
    Action.RELEASE: Move(_RUNNING, None, By.STEP, Clock.NONE, "61/2018/NĐ-CP, Điều 19 khoản 1"),
    Action.ASSIGN: Move(_RUNNING, None, By.HEAD, Clock.NONE, "61/2018/NĐ-CP, Điều 19 khoản 1"),
    Action.REQUEST_SUPPLEMENT: Move((_S.IN_PROGRESS,), _S.AWAITING_SUPPLEMENT, By.STEP, Clock.PAUSE, "61/2018/NĐ-CP, Điều 19 khoản 4"),
    Action.ANSWER_SUPPLEMENT: Move(
        (_S.AWAITING_SUPPLEMENT,), _S.IN_PROGRESS, By.APPLICANT_OR_DESK, Clock.CONTINUE, "61/2018/NĐ-CP, Điều 19 khoản 4"
    ),
    Action.EXTEND: Move((_S.IN_PROGRESS,), None, By.HEAD, Clock.EXTEND, "61/2018/NĐ-CP, Điều 19 khoản 9"),
    Action.APPROVE: Move((_S.IN_PROGRESS,), _S.DECIDED, By.DECIDER, Clock.STOP, "61/2018/NĐ-CP, Điều 19 khoản 3"),
    Action.REFUSE: Move((_S.IN_PROGRESS,), _S.DECIDED, By.DECIDER, Clock.STOP, "61/2018/NĐ-CP, Điều 19 khoản 8"),
    Action.STOP: Move((*_RUNNING, _S.AWAITING_SUPPLEMENT), _S.STOPPED, By.HEAD, Clock.STOP, "03/2025/TT-VPCP, Mẫu số 05"),
    Action.WITHDRAW: Move(
        (_S.SUBMITTED, _S.INCOMPLETE, *_RUNNING, _S.AWAITING_SUPPLEMENT), _S.WITHDRAWN, By.APPLICANT_OR_DESK, Clock.STOP,
        "61/2018/NĐ-CP, Điều 17",
    ),
    Action.RETURN_RESULT: Move((_S.DECIDED,), _S.RETURNED, By.DESK, Clock.NONE, "61/2018/NĐ-CP, Điều 20"),
    Action.RATE: Move(
        (_S.DECIDED, _S.RETURNED, _S.REFUSED_INTAKE), None, By.APPLICANT_OR_DESK, Clock.NONE, "61/2018/NĐ-CP, Điều 31"
    ),
}  # fmt: skip


class ItemMark(TextChoices):
    """What the officer found of a submitted item. Kết quả kiểm tra thành phần."""

    UNCHECKED = "unchecked", _("chưa kiểm tra")
    ACCEPTED = "accepted", _("đạt")
    MISSING = "missing", _("còn thiếu")
    WRONG = "wrong", _("chưa đúng")


class ReturnWay(TextChoices):
    """How a result is handed over. Hình thức nhận kết quả."""

    COUNTER = "counter", _("tại bộ phận một cửa")
    POST = "post", _("qua bưu chính công ích")
    ONLINE = "online", _("bản điện tử trên cổng")


class Satisfaction(TextChoices):
    """Five levels of satisfaction. Mức độ hài lòng."""

    VERY_SATISFIED = "5", _("Rất hài lòng")
    SATISFIED = "4", _("Hài lòng")
    NEUTRAL = "3", _("Bình thường")
    DISSATISFIED = "2", _("Không hài lòng")
    VERY_DISSATISFIED = "1", _("Rất không hài lòng")

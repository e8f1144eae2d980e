"""What payments refuse, worded for whoever asked."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from lienthong.infra.missing import NotFound
from lienthong.payments.states import RunAction, RunState


class PaymentRefused(Exception):
    """Base of what payments refuse; the message says what is wrong and what to do."""


class RunUnknown(NotFound):
    """There is no such run, or none for this user."""


class NotYourRun(PaymentRefused):
    """The user holds no mandate for this."""

    def __init__(self, action: RunAction) -> None:
        who = {
            RunAction.PREPARE: _("kế toán chi trả của sở phụ trách bảo trợ xã hội"),
            RunAction.CHECK: _("trưởng phòng của sở phụ trách bảo trợ xã hội"),
            RunAction.APPROVE: _("lãnh đạo sở phụ trách bảo trợ xã hội"),
            RunAction.RELEASE: _("kế toán chi trả của sở phụ trách bảo trợ xã hội"),
            RunAction.CLOSE: _("kế toán chi trả của sở phụ trách bảo trợ xã hội"),
            RunAction.CANCEL: _("kế toán, trưởng phòng hoặc lãnh đạo sở phụ trách bảo trợ xã hội"),
        }[action]
        super().__init__(_("Chỉ %(who)s làm được việc này.") % {"who": who})


class SignedBySamePerson(PaymentRefused):
    """Four different people sign a run."""

    def __init__(self, done: RunAction) -> None:
        words = {
            RunAction.PREPARE: _("Bạn đã lập danh sách này"),
            RunAction.CHECK: _("Bạn đã kiểm tra danh sách này"),
            RunAction.APPROVE: _("Bạn đã duyệt danh sách này"),
        }[done]
        super().__init__(
            _("%(done)s. Lập, kiểm tra, duyệt và chuyển chi trả phải là bốn người khác nhau; hãy nhờ người khác.")
            % {"done": words}
        )


class NotPossibleNow(PaymentRefused):
    """The state of the run does not allow it."""

    def __init__(self, action: RunAction, state: RunState) -> None:
        super().__init__(
            _("Đợt này %(state)s nên chưa thể %(action)s. Hãy mở lại trang để xem.")
            % {"state": state.label, "action": action.label}
        )


class StaleRun(PaymentRefused):
    """The run changed since the user saw it."""

    def __init__(self) -> None:
        super().__init__(_("Đợt chi trả đã thay đổi sau khi bạn mở trang. Hãy mở lại trang, xem rồi làm lại."))


class KeyUsedElsewhere(PaymentRefused):
    """The key of the form belongs to another action."""

    def __init__(self) -> None:
        super().__init__(_("Biểu mẫu này đã được gửi cho một việc khác. Mở lại trang rồi làm lại."))


class MonthHasOpenRun(PaymentRefused):
    """A run of the month waits already."""

    def __init__(self, month: date, number: int, state: RunState) -> None:
        super().__init__(
            _("Tháng %(month)s đang có đợt số %(number)s (%(state)s). Hãy chuyển chi trả hoặc hủy đợt đó trước.")
            % {"month": f"{month:%m/%Y}", "number": number, "state": state.label}
        )


class MonthWrong(PaymentRefused):
    """The month, or the month to compute from, cannot be."""


class NobodyOwes(PaymentRefused):
    """No programme registered a source."""

    def __init__(self) -> None:
        super().__init__(_("Chưa có chương trình nào đăng ký nguồn chi trả, nên không có gì để lập danh sách."))


class SourceWrong(PaymentRefused):
    """A source says what cannot be."""


class ReasonNeeded(PaymentRefused):
    """A reason belongs to this."""

    def __init__(self) -> None:
        super().__init__(_("Hãy ghi lý do, ít nhất 5 chữ, để người xem sau hiểu."))


class ListChanged(PaymentRefused):
    """The lines are not those that were prepared."""

    def __init__(self) -> None:
        super().__init__(
            _("Danh sách không còn đúng như lúc lập. Chưa chuyển gì; hãy hủy đợt, lập lại và báo quản trị viên.")
        )


class LinesUnanswered(PaymentRefused):
    """Lines wait for an answer of who pays."""

    def __init__(self, count: int) -> None:
        super().__init__(
            _("Còn %(count)s khoản chưa có kết quả. Hãy nhập sao kê hoặc báo cáo của nơi chi trả trước khi khóa sổ.")
            % {"count": count}
        )


class OverpaymentRefused(PaymentRefused):
    """The overpayment cannot be settled so."""

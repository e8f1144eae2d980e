"""Why an answer of a bank is not taken although it is whole: user, account, number, day or order do not fit."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lienthong.kernel.days import format_day, local_day
from lienthong.payments.banks import bank_name
from lienthong.payments.incoming.values import StatementHead
from lienthong.payments.models import Statement
from lienthong.payments.services.refusals import PaymentRefused


class ImportRefused(PaymentRefused):
    """The answer cannot be taken; nothing of it is stored."""


class NotYoursToImport(ImportRefused):
    """The user is no accountant of the competent agency."""

    def __init__(self) -> None:
        super().__init__(_("Chỉ kế toán chi trả của sở phụ trách bảo trợ xã hội nhập được sao kê."))


class AnswerTooLarge(ImportRefused):
    """It is larger than any statement."""

    def __init__(self) -> None:
        super().__init__(_("Tệp lớn hơn 1 GB. Hãy lấy sao kê từng ngày."))


class AccountNotOurs(ImportRefused):
    """The statement is of an account from which the province does not pay, or not at the bank that was chosen."""

    def __init__(self, number: str, *, chosen: str = "") -> None:
        if chosen:
            words = _(
                "Tài khoản %(number)s của sao kê không phải tài khoản chi đã duyệt của tỉnh tại %(bank)s. Hãy kiểm tra tệp và ngân "
                "hàng đã chọn."
            )
        else:
            words = _(
                "Tài khoản %(number)s của sao kê không phải tài khoản chi đã duyệt của tỉnh. Hãy kiểm tra có đúng tệp không."
            )
        super().__init__(words % {"number": number[:40], "bank": bank_name(chosen) if chosen else ""})


class AccountNotInUse(ImportRefused):
    """The province did not pay from the account on any day of the statement."""

    def __init__(self, head: StatementHead) -> None:
        super().__init__(
            _(
                "Từ ngày %(first)s đến ngày %(last)s, tài khoản %(number)s không phải tài khoản chi của tỉnh: chưa dùng hoặc đã thôi "
                "dùng. Hãy kiểm tra tệp và các ngày của tài khoản chi."
            )
            % {
                "number": head.account[:40], "first": format_day(head.first_day), "last": format_day(head.last_day),
            }
        )  # fmt: skip


class AccountOfManyBanks(ImportRefused):
    """The province has an account of this number at several banks, and the file does not say at which."""

    def __init__(self, number: str) -> None:
        super().__init__(
            _("Tỉnh có tài khoản chi số %(number)s ở nhiều ngân hàng, tệp không ghi ngân hàng nào. Hãy chọn ngân hàng rồi nạp lại.")
            % {"number": number[:40]}
        )  # fmt: skip


class NumberUsedElsewhere(ImportRefused):
    """Another statement of this account has the number."""

    def __init__(self, earlier: Statement) -> None:
        super().__init__(
            _(
                "Sao kê số %(number)s của tài khoản %(account)s đã được nhập ngày %(day)s với nội dung khác. "
                "Hãy hỏi ngân hàng bản nào đúng; chưa nhập gì."
            )
            % {
                "number": earlier.number, "account": earlier.account_number,
                "day": format_day(local_day(earlier.imported_at)),
            }
        )  # fmt: skip


class OrderUnknown(ImportRefused):
    """The report answers an order that no file of ours is."""

    def __init__(self, message_id: str) -> None:
        super().__init__(
            _("Báo kết quả trả lời lệnh “%(number)s”, không phải lệnh chi nào đã xuất từ đây.")
            % {"number": message_id[:40]}
        )


class StatementFromTomorrow(ImportRefused):
    """It speaks of days that have not come."""

    def __init__(self, head: StatementHead) -> None:
        super().__init__(
            _("Sao kê ghi đến ngày %(day)s, sau hôm nay. Hãy kiểm tra ngày trong tệp.")
            % {"day": format_day(head.last_day)}
        )

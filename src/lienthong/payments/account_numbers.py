"""How an account is written: digits and letters of a bank, the telephone number of a wallet. Pure."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from lienthong.payments.states import Channel

_BETWEEN = re.compile(r"[\s.\-]")
_OF_A_BANK = re.compile(r"[0-9A-Z]{5,19}")
_TELEPHONE = re.compile(r"0[35789][0-9]{8}")
_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)


class NumberRefused(ValueError):
    """The number cannot be one of this channel; the sentence says why and what to do."""


def read_number(text: str, *, channel: Channel) -> str:
    """Read an account number as people write it, and return it as it is sent to a bank.

    Số tài khoản. Cash and post have none.

    Args:
        text: What was typed or stands in a cell.
        channel: The kind of account.

    Raises:
        NumberRefused: It is missing, shortened by a spreadsheet, or cannot be such a number.

    Examples:
        >>> read_number("0071 0012-34567", channel=Channel.BANK)
        '0071001234567'
    """
    if channel in {Channel.CASH, Channel.POST}:
        return ""
    number = _BETWEEN.sub("", text).upper()
    if not number:
        raise NumberRefused(_("Chưa có số tài khoản. Hãy ghi đủ các chữ số, kể cả số 0 ở đầu."))
    if _SCIENTIFIC.fullmatch(text.strip()) and "E" in number:
        raise NumberRefused(
            _("Bảng tính đã rút gọn thành “%s”, chữ số cuối đã mất. Hãy nhập lại dưới dạng văn bản.") % text
        )
    if channel in {Channel.WALLET, Channel.MOBILE_MONEY}:
        return _telephone(number)
    if not _OF_A_BANK.fullmatch(number):
        raise NumberRefused(
            _(
                "Số tài khoản ngân hàng có từ 5 đến 19 chữ số hoặc chữ cái không dấu; đang có “%s”. Kiểm tra lại từng số."
            )
            % number[:40]
        )
    return number


def _telephone(number: str) -> str:
    if _TELEPHONE.fullmatch(number):
        return number
    if number.isascii() and number.isdigit() and len(number) == 9 and number[0] in "35789":
        raise NumberRefused(_("Ví và tiền di động dùng số điện thoại 10 chữ số; đang có 9. Kiểm tra số 0 ở đầu."))
    raise NumberRefused(
        _("Ví và tiền di động dùng số điện thoại 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09; đang có “%s”.")
        % number[:40]
    )

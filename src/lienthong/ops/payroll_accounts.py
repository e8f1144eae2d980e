"""``./lienthong payroll account show | add | confirm | check | end | vietqr``: where somebody is paid, by identity number or tax code."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from django.utils import timezone

from lienthong.accounts.models import User
from lienthong.kernel.days import format_day
from lienthong.ops.console import say
from lienthong.ops.payroll_reading import payee_of, read_amount, read_day, say_json, today
from lienthong.ops.terminal_command import refuse
from lienthong.payments import vietqr
from lienthong.payments.banks import bank_name, find_bank
from lienthong.payments.models import Payee, PaymentAccount
from lienthong.payments.queries.accounts import (
    account_on,
    accounts_of,
    is_organization,
    is_payable,
    waits_for_second,
)
from lienthong.payments.services.accounts import (
    RecordAccount,
    check_holder_again,
    confirm_account,
    end_account,
    record_account,
)
from lienthong.payments.states import NUMBERED_CHANNELS, AccountSource, Channel

EXAMPLE = "./lienthong payroll account show 019154000001 --as TEN_DANG_NHAP"


def add_verbs(verbs: Any) -> list[ArgumentParser]:
    """Add what is done with accounts; return the parsers."""
    show = verbs.add_parser("show", help="mọi nơi nhận tiền của một người hoặc tổ chức, nơi đang dùng trước")
    add = verbs.add_parser("add", help="ghi nơi nhận tiền từ một ngày; số tài khoản chờ người thứ hai xác nhận")
    add.add_argument("--channel", default=Channel.BANK.value, metavar="HÌNH_THỨC", help=", ".join(Channel.values))
    add.add_argument("--bank", default="", metavar="NGÂN_HÀNG", help="mã 6 chữ số hoặc tên viết tắt của ngân hàng, ví")
    add.add_argument("--account", default="", metavar="SỐ", help="số tài khoản, đủ chữ số kể cả số 0 ở đầu")
    add.add_argument("--holder", default="", metavar="TÊN", help="tên chủ tài khoản đúng như ngân hàng ghi")
    add.add_argument(
        "--source", default=AccountSource.DECLARED.value, metavar="NGUỒN", help=", ".join(AccountSource.values)
    )
    add.add_argument("--from", dest="since", default="", metavar="NGÀY", help="dùng từ ngày (mặc định: hôm nay)")
    confirm = verbs.add_parser("confirm", help="người thứ hai xác nhận tài khoản đang chờ; nơi đang dùng tự thôi dùng")
    confirm.add_argument("--reason", required=True, help="căn cứ: đã xem giấy tờ nào, hỏi ai, ngày nào")
    check = verbs.add_parser("check", help="ghi tên chủ tài khoản ngân hàng trả lời (người khác với người ghi)")
    check.add_argument("--holder", default="", metavar="TÊN", help="tên chủ tài khoản ngân hàng trả lời")
    end = verbs.add_parser("end", help="thôi dùng một nơi nhận tiền từ một ngày; nơi đang chờ thì rút lại")
    end.add_argument("--on", default="", metavar="NGÀY", help="thôi dùng từ ngày (mặc định: hôm nay)")
    end.add_argument("--reason", default="", help="vì sao")
    for verb in (confirm, check, end):
        verb.add_argument(
            "--account", default="", metavar="SỐ",
            help="nơi nào, khi có nhiều nơi: số tài khoản hoặc các số cuối; cash, post nếu không có số",
        )  # fmt: skip
    code = verbs.add_parser("vietqr", help="mã VietQR của tài khoản đang dùng, để thử chuyển hoặc đối chiếu tên")
    code.add_argument("--amount", default="", metavar="SỐ_TIỀN", help="số tiền ghi sẵn trong mã")
    code.add_argument("--purpose", default="", metavar="NỘI_DUNG", help="nội dung chuyển, nhiều nhất 25 ký tự")
    code.add_argument("--to", type=Path, metavar="FILE.svg", help="ghi hình mã ra tệp này")
    found: list[ArgumentParser] = [show, add, confirm, check, end, code]
    for verb in found:
        verb.add_argument("number", metavar="SỐ", help="số định danh của người nhận tiền, hoặc mã số thuế của tổ chức")
    return found


def account(options: dict[str, Any], user: User) -> None:
    """Do what was asked of somebody's accounts."""
    payee = payee_of(options["number"], user)
    acts = {"show": _show, "add": _add, "confirm": _confirm, "check": _check, "end": _end, "vietqr": _vietqr}
    acts[options["act"]](options, payee, user)


def _show(options: dict[str, Any], payee: Payee, user: User) -> None:
    found = accounts_of(payee)
    if options["json"]:
        say_json([_as_plain(one) for one in found])
        return
    say(f"{payee}: " + ("chưa có nơi nhận tiền." if not found else f"{len(found)} nơi nhận tiền."))
    for one in found:
        say(f"  {_words(one)}")


def _add(options: dict[str, Any], payee: Payee, user: User) -> None:
    channel, source = options["channel"], options["source"]
    if channel not in Channel.values:
        refuse(f"Không có hình thức “{channel}”. Chọn một trong: {', '.join(Channel.values)}.")
    if source not in AccountSource.values:
        refuse(f"Không có nguồn “{source}”. Chọn một trong: {', '.join(AccountSource.values)}.")
    bank = find_bank(options["bank"])
    if bank is None and options["bank"]:
        refuse(f"Không biết ngân hàng “{options['bank']}”. Ghi mã 6 chữ số hoặc tên viết tắt, ví dụ Agribank.")
    person_id, organization_id = (None, payee.pk) if is_organization(payee) else (payee.pk, None)
    command = RecordAccount(
        person_id=person_id, organization_id=organization_id, channel=Channel(channel), source=AccountSource(source),
        valid_from=read_day(options["since"]) if options["since"] else today(), bank_code=bank.code if bank else "",
        number=options["account"], holder_name=options["holder"],
    )  # fmt: skip
    kept = record_account(command, acting_user=user, now=timezone.now())
    _tell(options, kept, f"✓ {payee}: {_words(kept)}")


def _confirm(options: dict[str, Any], payee: Payee, user: User) -> None:
    if not any(map(waits_for_second, accounts_of(payee))):
        refuse(f"{payee} không có nơi nhận tiền nào chờ xác nhận.")
    waiting = _open_one(payee, options["account"], first=waits_for_second)
    kept = confirm_account(waiting.pk, reason=options["reason"], acting_user=user, now=timezone.now())
    _tell(options, kept, f"✓ {payee}: {_words(kept)}")


def _check(options: dict[str, Any], payee: Payee, user: User) -> None:
    asked = _open_one(payee, options["account"], first=lambda one: not is_payable(one))
    kept = check_holder_again(asked.pk, holder_name=options["holder"], acting_user=user, now=timezone.now())
    _tell(options, kept, f"✓ {payee}: {_words(kept)}")


def _end(options: dict[str, Any], payee: Payee, user: User) -> None:
    ended = end_account(
        _open_one(payee, options["account"]).pk, ends_on=read_day(options["on"]) if options["on"] else today(),
        reason=options["reason"], acting_user=user, now=timezone.now(),
    )  # fmt: skip
    _tell(options, ended, f"✓ {payee}: {_words(ended)}")


def _vietqr(options: dict[str, Any], payee: Payee, user: User) -> None:
    current = _current(payee)
    if current.channel not in NUMBERED_CHANNELS:
        refuse(f"{payee} nhận tiền qua {current.get_channel_display()}, không có tài khoản để tạo mã.")
    amount = read_amount(options["amount"]) if options["amount"] else None
    try:
        said = vietqr.payload(
            bank_code=current.bank_code, account=current.number, amount=amount, purpose=options["purpose"]
        )
    except vietqr.NoCodePossible as refusal:
        refuse(str(refusal))
    to: Path | None = options["to"]
    if to is not None:
        to.write_text(vietqr.picture(said), encoding="utf-8")
    if options["json"]:
        say_json({**_as_plain(current), "vietqr": said, "file": str(to) if to else None})
    else:
        say(said)


def _current(payee: Payee) -> PaymentAccount:
    current = account_on(payee, today())
    if current is None:
        _refuse_none(payee)
    return current


def _open_one(
    payee: Payee, asked: str, *, first: Callable[[PaymentAccount], bool] = lambda one: True
) -> PaymentAccount:
    """Return the one place that is meant of those that nobody has ended: asked for, or else what comes first; never one of several by chance."""
    found = [one for one in accounts_of(payee) if one.valid_until is None]
    if not found:
        _refuse_none(payee)
    if asked:
        end = asked.replace(" ", "")
        meant = [one for one in found if (one.number.endswith(end) if one.number else one.channel == end)]
    else:
        meant = [one for one in found if first(one)] or found
    if len(meant) != 1:
        why = f"không có nơi nào là “{asked}”" if not meant else "có nhiều nơi nhận tiền"
        refuse(f"{payee}: {why}. Ghi --account một trong: {'; '.join(map(_words, meant or found))}.")
    return meant[0]


def _refuse_none(payee: Payee) -> NoReturn:
    refuse(f"{payee} hiện không có nơi nhận tiền. Ghi bằng: ./lienthong payroll account add …")


def _tell(options: dict[str, Any], account: PaymentAccount, words: str) -> None:
    if options["json"]:
        say_json(_as_plain(account))
    else:
        say(words)


def _words(account: PaymentAccount) -> str:
    place = " ".join(filter(None, (bank_name(account.bank_code) if account.bank_code else "", account.number)))
    until = f" đến trước {format_day(account.valid_until)}" if account.valid_until else ""
    payable = "chi được" if is_payable(account) else f"chưa chi: {account.get_name_check_display()}"
    if waits_for_second(account):
        payable = "chờ người thứ hai xác nhận"
    if account.valid_until:
        payable = "thôi dùng"
    return f"{account.get_channel_display()} {place} từ {format_day(account.valid_from)}{until}; {payable}".replace(
        "  ", " "
    )


def _as_plain(account: PaymentAccount) -> dict[str, Any]:
    return {
        "id": account.pk, "channel": account.channel, "bank": account.bank_code, "number": account.number,
        "holder": account.holder_name, "source": account.source, "name_check": account.name_check,
        "payable": is_payable(account) and account.valid_until is None, "valid_from": account.valid_from.isoformat(),
        "valid_until": account.valid_until.isoformat() if account.valid_until else None,
    }  # fmt: skip

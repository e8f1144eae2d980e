"""``./lienthong payroll paying list | add | approve | end``: the accounts from which the province pays, by two people."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from lienthong.accounts.models import User
from lienthong.kernel.days import format_day
from lienthong.ops.console import say
from lienthong.ops.payroll_reading import read_day, say_json, today
from lienthong.ops.terminal_command import refuse
from lienthong.payments.banks import bank_name, find_bank
from lienthong.payments.models import PayingAccount
from lienthong.payments.queries.files import PAYING_STATES, every_paying_account
from lienthong.payments.services.paying_accounts import (
    RecordPayingAccount,
    approve_paying_account,
    end_paying_account,
    record_paying_account,
)

EXAMPLE = "./lienthong payroll paying list --as TEN_DANG_NHAP"


def add_verbs(verbs: Any) -> list[ArgumentParser]:
    """Add what is done with the province's accounts; return the parsers."""
    list_ = verbs.add_parser("list", help="tài khoản chi của tỉnh, đang dùng trước")
    list_.add_argument("--state", default="", metavar="TÌNH_TRẠNG", help=", ".join(PAYING_STATES))
    add = verbs.add_parser("add", help="ghi tài khoản chi; lãnh đạo duyệt rồi mới chi từ đây")
    for verb in (list_, add):
        verb.add_argument("--bank", default="", metavar="NGÂN_HÀNG", help="mã 6 chữ số hoặc tên viết tắt")
    add.add_argument("--account", default="", metavar="SỐ", help="số tài khoản")
    add.add_argument("--holder", default="", metavar="TÊN", help="tên chủ tài khoản đúng như ngân hàng ghi")
    add.add_argument("--from", dest="since", default="", metavar="NGÀY", help="dùng từ ngày (mặc định: hôm nay)")
    approve = verbs.add_parser("approve", help="duyệt một tài khoản chi người khác đã ghi (lãnh đạo)")
    end = verbs.add_parser("end", help="thôi chi từ một tài khoản")
    end.add_argument("--on", default="", metavar="NGÀY", help="thôi dùng từ ngày (mặc định: hôm nay)")
    for verb in (approve, end):
        verb.add_argument("id", type=int, metavar="SỐ", help="số của tài khoản chi, xem bằng paying list")
    return [list_, add, approve, end]


def paying(options: dict[str, Any], user: User) -> None:
    """Do what was asked of the province's accounts."""
    {"list": _list, "add": _add, "approve": _approve, "end": _end}[options["act"]](options, user)


def _list(options: dict[str, Any], user: User) -> None:
    if options["state"] and options["state"] not in PAYING_STATES:
        refuse(f"Không có tình trạng “{options['state']}”. Chọn một trong: {', '.join(PAYING_STATES)}.")
    bank = _bank_of(options["bank"]) if options["bank"] else ""
    found = list(every_paying_account(user, on=today(), bank=bank, state=options["state"]))
    if options["json"]:
        say_json([_as_plain(one) for one in found])
        return
    for one in found:
        say(f"  {_words(one)}")
    say(f"{len(found)} tài khoản chi.")


def _add(options: dict[str, Any], user: User) -> None:
    command = RecordPayingAccount(
        bank_code=_bank_of(options["bank"]), number=options["account"], holder_name=options["holder"],
        valid_from=read_day(options["since"]) if options["since"] else today(),
    )  # fmt: skip
    _tell(options, record_paying_account(command, acting_user=user, now=timezone.now()))


def _approve(options: dict[str, Any], user: User) -> None:
    _tell(options, approve_paying_account(options["id"], acting_user=user, now=timezone.now()))


def _end(options: dict[str, Any], user: User) -> None:
    until = read_day(options["on"]) if options["on"] else today()
    _tell(options, end_paying_account(options["id"], valid_until=until, acting_user=user, now=timezone.now()))


def _bank_of(told: str) -> str:
    bank = find_bank(told)
    if bank is None:
        refuse(f"Không biết ngân hàng “{told}”. Ghi mã 6 chữ số hoặc tên viết tắt, ví dụ Agribank.")
    return bank.code


def _tell(options: dict[str, Any], account: PayingAccount) -> None:
    if options["json"]:
        say_json(_as_plain(account))
    else:
        say(f"✓ {_words(account)}")


def _words(one: PayingAccount) -> str:
    until = f" đến trước {format_day(one.valid_until)}" if one.valid_until else ""
    state = "đã duyệt" if one.approved_at else "chờ duyệt"
    span = f"từ {format_day(one.valid_from)}{until}"
    return f"#{one.pk} {bank_name(one.bank_code)} {one.number}, {one.holder_name}, {span}; {state}"


def _as_plain(one: PayingAccount) -> dict[str, Any]:
    return {
        "id": one.pk, "bank": one.bank_code, "number": one.number, "holder": one.holder_name,
        "approved": one.approved_at is not None, "valid_from": one.valid_from.isoformat(),
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
    }  # fmt: skip

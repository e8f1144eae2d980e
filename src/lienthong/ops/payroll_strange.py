"""``./lienthong payroll strange list | propose | confirm | decline | reopen | close``: lines of statements that wait for people, settled by two."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from lienthong.accounts.models import User
from lienthong.ops.console import say
from lienthong.ops.payroll_reading import dong, say_json, today
from lienthong.ops.terminal_command import refuse
from lienthong.payments import policies
from lienthong.payments.line_keys import key_of, line_of
from lienthong.payments.models import StatementLine
from lienthong.payments.queries.bookings import open_differences
from lienthong.payments.queries.statements import StrangeFilter, strange_lines
from lienthong.payments.services.closing_differences import CloseDifference, propose_closing
from lienthong.payments.services.resolving import (
    ProposeResolution,
    confirm_resolution,
    decline_resolution,
    propose_resolution,
    reopen_line,
)
from lienthong.payments.states import Match, Resolution, Strange

EXAMPLE = "./lienthong payroll strange list --as TEN_DANG_NHAP"


def add_verbs(verbs: Any) -> list[ArgumentParser]:
    """Add what is done with strange lines; return the parsers."""
    list_ = verbs.add_parser("list", help="các dòng sao kê chưa khớp, chờ người xử lý")
    propose = verbs.add_parser(
        "propose", help="đề nghị một dòng là gì; khi khoản chi đổi trạng thái thì người thứ hai xác nhận"
    )
    words = "; ".join(f"{one.value}: {one.label}" for one in Resolution)
    propose.add_argument("--is", dest="resolution", default="", metavar="CÁCH", help=words)
    propose.add_argument("--key", default="", metavar="MÃ", help="mã dòng chi; bỏ trống nếu sao kê đã ghi đúng mã")
    confirm = verbs.add_parser("confirm", help="xác nhận đề nghị của người khác")
    decline = verbs.add_parser("decline", help="không xác nhận; dòng lại chờ xử lý")
    reopen = verbs.add_parser("reopen", help="mở lại một dòng đã xử lý nhầm mà chưa làm đổi khoản chi nào")
    close = verbs.add_parser("close", help="đề nghị thôi đòi một chênh lệch với ngân hàng; người thứ hai xác nhận")
    close.add_argument("key", metavar="MÃ", help="mã dòng chi, xem bằng strange list")
    for verb in (propose, decline, reopen, close):
        verb.add_argument("--reason", default="", metavar="LÝ_DO", help="vì sao")
    for verb in (propose, confirm, decline, reopen):
        verb.add_argument("id", type=int, metavar="SỐ", help="số của dòng, xem bằng strange list")
    return [list_, propose, confirm, decline, reopen, close]


def strange(options: dict[str, Any], user: User) -> None:
    """Do what was asked of strange lines."""
    acts = {
        "list": _list, "propose": _propose, "confirm": _confirm, "decline": _decline, "reopen": _reopen, "close": _close,
    }  # fmt: skip
    acts[options["act"]](options, user)


def _list(options: dict[str, Any], user: User) -> None:
    rows = list(strange_lines(user, StrangeFilter(), on=today()))
    if options["json"]:
        say_json([_as_plain(row) for row in rows])
        return
    for row in rows:
        say(
            f"#{row.pk} {row.statement.number or row.statement_id} dòng {row.number}: {dong(row.amount)}, "
            f"{row.reference or row.text}: {Strange(row.strange).label}" + (" (đã có đề nghị)" if row.proposed else "")
        )
    say(f"{len(rows)} dòng chờ xử lý.")
    differences = open_differences() if policies.sees_province(user, on=today()) else {}
    for line_id, amount in sorted(differences.items()):
        way = "ra khỏi tài khoản chi thừa" if amount > 0 else "ra khỏi tài khoản chi thiếu"
        say(f"{key_of(line_id)}: {way} {dong(abs(amount))}.")


def _propose(options: dict[str, Any], user: User) -> None:
    if options["resolution"] not in Resolution.values:
        refuse(f"Không có cách “{options['resolution']}”. Ghi --is với một trong: {', '.join(Resolution.values)}.")
    command = ProposeResolution(
        statement_line_id=options["id"], resolution=Resolution(options["resolution"]), key=options["key"],
        reason=options["reason"],
    )  # fmt: skip
    _tell(options, propose_resolution(command, acting_user=user, now=timezone.now()))


def _confirm(options: dict[str, Any], user: User) -> None:
    _tell(options, confirm_resolution(options["id"], acting_user=user, now=timezone.now()))


def _decline(options: dict[str, Any], user: User) -> None:
    _tell(options, decline_resolution(options["id"], reason=options["reason"], acting_user=user, now=timezone.now()))


def _reopen(options: dict[str, Any], user: User) -> None:
    _tell(options, reopen_line(options["id"], reason=options["reason"], acting_user=user, now=timezone.now()))


def _close(options: dict[str, Any], user: User) -> None:
    line_id = line_of(options["key"])
    if line_id is None:
        refuse(f"“{options['key']}” không phải mã dòng chi. Xem: ./lienthong payroll strange list --as …")
    command = CloseDifference(payment_line_id=line_id, reason=options["reason"])
    _tell(options, propose_closing(command, acting_user=user, now=timezone.now()))


def _tell(options: dict[str, Any], row: StatementLine) -> None:
    if options["json"]:
        say_json(_as_plain(row))
    elif row.match != Match.NONE:
        say(f"✓ Dòng #{row.pk} đã xử lý: {Match(row.match).label}.")
    elif row.proposed:
        say(f"✓ Dòng #{row.pk}: đề nghị {Resolution(row.proposed).label}; người thứ hai xác nhận.")
    else:
        say(f"✓ Dòng #{row.pk} lại chờ xử lý.")


def _as_plain(row: StatementLine) -> dict[str, Any]:
    return {
        "id": row.pk, "statement": row.statement.number, "number": row.number, "amount": row.amount,
        "booked_on": row.booked_on.isoformat() if row.booked_on else None, "reference": row.reference, "text": row.text,
        "why": row.strange, "payment": key_of(row.named_line_id) if row.named_line_id else None, "proposed": row.proposed,
        "match": row.match,
    }  # fmt: skip

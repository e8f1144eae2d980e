"""``./lienthong payroll tick | reverse``: who came for cash and post, by the names of the lines on the list; a mistake taken back."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from lienthong.accounts.models import User
from lienthong.ops.console import say
from lienthong.ops.payroll_reading import read_day, say_json, today
from lienthong.ops.terminal_command import refuse
from lienthong.payments.incoming.refusals import AnswerRefused
from lienthong.payments.line_keys import key_of, line_of
from lienthong.payments.services.recording import TickResults, record_ticks
from lienthong.payments.services.reversing import ReverseTick, reverse_tick


def add_verbs(verbs: Any) -> list[ArgumentParser]:
    """Add the verbs; return their parsers."""
    tick = verbs.add_parser(
        "tick", help="đánh dấu ai đã nhận, ai chưa nhận tiền mặt, bưu điện, theo mã dòng chi trên danh sách"
    )
    tick.add_argument("keys", nargs="*", metavar="MÃ", help="mã dòng chi đã nhận: LT và 14 chữ số")
    tick.add_argument("--on", default="", metavar="NGÀY", help="ngày nhận (mặc định: hôm nay)")
    tick.add_argument("--uncollected", nargs="+", default=[], metavar="MÃ", help="mã dòng chi chưa đến nhận")
    tick.add_argument(
        "--reason", default="", metavar="LÝ_DO", help="vì sao chưa nhận, ghi chung cho các dòng chưa nhận"
    )
    reverse = verbs.add_parser("reverse", help="đảo một kết quả đã nhận ghi nhầm (người khác với người ghi)")
    reverse.add_argument("key", metavar="MÃ", help="mã dòng chi: LT và 14 chữ số")
    reverse.add_argument("--reason", default="", metavar="LÝ_DO", help="nhầm ở đâu")
    return [tick, reverse]


def tick(options: dict[str, Any], user: User) -> None:
    """Put down who came for their money and who did not; all of it, or nothing."""
    command = TickResults(
        paid=tuple(_lines(options["keys"])), uncollected=dict.fromkeys(_lines(options["uncollected"]), options["reason"]),
        on=read_day(options["on"]) if options["on"] else today(),
    )  # fmt: skip
    try:
        recorded = record_ticks(command, acting_user=user, now=timezone.now())
    except AnswerRefused as refusal:
        refuse(f"{refusal} Chưa ghi gì.")
    found = recorded.outcome
    if options["json"]:
        say_json({"already": recorded.already, "paid": found.paid, "uncollected": found.uncollected})
    elif recorded.already:
        say("= Kết quả này đã được ghi trước đó, không có gì thay đổi.")
    else:
        say(f"✓ Đã ghi {found.paid} khoản đã nhận, {found.uncollected} khoản chưa nhận.")


def reverse(options: dict[str, Any], user: User) -> None:
    """Take one tick back."""
    (line_id,) = _lines([options["key"]])
    line = reverse_tick(ReverseTick(line_id=line_id, reason=options["reason"]), acting_user=user, now=timezone.now())
    if options["json"]:
        say_json({"line": key_of(line.pk), "state": line.state})
    else:
        say(f"✓ {key_of(line.pk)}: đã đảo kết quả, {line.get_state_display()}.")


def _lines(keys: Iterable[str]) -> list[int]:
    found = []
    for key in keys:
        line_id = line_of(key)
        if line_id is None:
            refuse(f"“{key}” không phải mã dòng chi. Mã gồm LT và 14 chữ số, ghi trong danh sách chi.")
        found.append(line_id)
    return found

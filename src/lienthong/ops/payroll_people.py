"""``./lienthong payroll complaint | overpayment``: what people say of their money, and what was paid beyond what is owed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from lienthong.accounts.models import User
from lienthong.kernel.days import format_day, local_day
from lienthong.ops.console import say
from lienthong.ops.payroll_reading import dong, person_of, read_source, say_json, today
from lienthong.ops.terminal_command import refuse
from lienthong.payments import policies, sources
from lienthong.payments.line_keys import key_of, line_of
from lienthong.payments.models import Overpayment, PaymentComplaint
from lienthong.payments.queries.complaints import ComplaintFilter, filtered_complaints
from lienthong.payments.queries.overpayments import get_overpayment, overpayments
from lienthong.payments.services.complaints import RaiseComplaint, answer_complaint, raise_complaint
from lienthong.payments.services.overpayments import confirm_settlement, propose_settlement, refuse_settlement
from lienthong.payments.states import ComplaintState, OverpaymentState

COMPLAINT_EXAMPLE = "./lienthong payroll complaint list --as TEN_DANG_NHAP"
OVERPAYMENT_EXAMPLE = "./lienthong payroll overpayment list --as TEN_DANG_NHAP"
ALL = "all"


def add_complaint_verbs(verbs: Any) -> list[ArgumentParser]:
    """Add what is done with complaints; return the parsers."""
    listed = verbs.add_parser("list", help="phản ánh về chi trả, cũ nhất trước")
    _narrow(listed, ComplaintState.values, ComplaintState.OPEN)
    open_ = verbs.add_parser("open", help="ghi phản ánh của một người")
    open_.add_argument("number", metavar="SỐ_ĐỊNH_DANH", help="số định danh của người phản ánh")
    open_.add_argument("--text", default="", help="điều người ấy phản ánh")
    open_.add_argument("--line", default="", metavar="MÃ", help="mã dòng chi được nhắc đến (LT và 14 chữ số)")
    answer = verbs.add_parser("answer", help="trả lời một phản ánh")
    answer.add_argument("id", type=int, metavar="SỐ", help="số của phản ánh, xem bằng complaint list")
    answer.add_argument("--text", default="", help="nội dung trả lời")
    return [listed, open_, answer]


def add_overpayment_verbs(verbs: Any) -> list[ArgumentParser]:
    """Add what is done with overpayments; return the parsers."""
    listed = verbs.add_parser("list", help="khoản chi thừa, cũ nhất trước")
    _narrow(listed, OverpaymentState.values, OverpaymentState.OPEN)
    settle = verbs.add_parser("settle", help="ghi khoản chi thừa đã được nộp lại đủ; người thứ hai xác nhận")
    settle.add_argument("id", type=int, metavar="SỐ", help="số của khoản chi thừa, xem bằng overpayment list")
    settle.add_argument("--paper", default="", metavar="CHỨNG_TỪ", help="giấy nộp tiền, phiếu thu: số và ngày")
    confirm = verbs.add_parser("confirm", help="người thứ hai xác nhận khoản chi thừa đã được nộp lại")
    confirm.add_argument("id", type=int, metavar="SỐ", help="số của khoản chi thừa, xem bằng overpayment list")
    refuse_ = verbs.add_parser("refuse", help="không xác nhận: tiền chưa được nộp lại")
    refuse_.add_argument("id", type=int, metavar="SỐ", help="số của khoản chi thừa, xem bằng overpayment list")
    refuse_.add_argument("--reason", default="", help="vì sao")
    return [listed, settle, confirm, refuse_]


def complaint(options: dict[str, Any], user: User) -> None:
    """Do what was asked of complaints."""
    {"list": _list_complaints, "open": _open, "answer": _answer}[options["act"]](options, user)


def overpayment(options: dict[str, Any], user: User) -> None:
    """Do what was asked of overpayments."""
    {"list": _list_overpayments, "settle": _settle, "confirm": _confirm, "refuse": _refuse}[options["act"]](
        options, user
    )


def _narrow(parser: ArgumentParser, states: list[str], usual: str) -> None:
    parser.add_argument("--state", default=str(usual), metavar="TRẠNG_THÁI", help=", ".join((*states, ALL)))
    parser.add_argument("--commune", default="", metavar="MÃ", help="chỉ một xã, phường")
    parser.add_argument("--source", default="", metavar="MÃ", help="chỉ một chương trình")


def _state(options: dict[str, Any], states: list[str]) -> str:
    if options["state"] not in (*states, ALL):
        refuse(f"Không có trạng thái “{options['state']}”. Chọn một trong: {', '.join((*states, ALL))}.")
    return str(options["state"])


def _list_complaints(options: dict[str, Any], user: User) -> None:
    asked = ComplaintFilter(
        commune=options["commune"], source=read_source(options["source"]), state=_state(options, ComplaintState.values)
    )
    rows = list(filtered_complaints(user, asked, on=today()))
    if options["json"]:
        say_json([_complaint_as_plain(row) for row in rows])
        return
    for row in rows:
        unit = row.unit.name if row.unit else "–"
        say(
            f"#{row.pk} {row.person.full_name}, {unit}, {format_day(local_day(row.made_at))}, {row.get_state_display()}: {row.text}"
        )
    say(f"{len(rows)} phản ánh.")


def _open(options: dict[str, Any], user: User) -> None:
    line_id = line_of(options["line"]) if options["line"] else None
    if options["line"] and line_id is None:
        refuse(f"“{options['line']}” không phải mã dòng chi. Mã gồm LT và 14 chữ số, ghi trong danh sách chi.")
    person = person_of(options["number"], user)
    command = RaiseComplaint(person_id=person.pk, text=options["text"], line_id=line_id)
    row = raise_complaint(command, acting_user=user, now=timezone.now())
    _tell_complaint(options, row, f"✓ Đã ghi phản ánh #{row.pk} của {person.full_name}.")


def _answer(options: dict[str, Any], user: User) -> None:
    row = answer_complaint(options["id"], answer=options["text"], acting_user=user, now=timezone.now())
    _tell_complaint(options, row, f"✓ Đã trả lời phản ánh #{row.pk} của {row.person.full_name}.")


def _tell_complaint(options: dict[str, Any], row: PaymentComplaint, words: str) -> None:
    if options["json"]:
        say_json(_complaint_as_plain(row))
    else:
        say(words)


def _complaint_as_plain(row: PaymentComplaint) -> dict[str, Any]:
    return {
        "id": row.pk, "person": row.person.full_name, "commune": row.unit.code if row.unit else None, "state": row.state,
        "text": row.text, "answer": row.answer, "line": key_of(row.line_id) if row.line_id else None,
        "made_on": local_day(row.made_at).isoformat(),
    }  # fmt: skip


def _list_overpayments(options: dict[str, Any], user: User) -> None:
    state = _state(options, OverpaymentState.values)
    rows = list(
        overpayments(
            user, on=today(), state="" if state == ALL else state, commune=options["commune"],
            source=read_source(options["source"]),
        )
    )  # fmt: skip
    sees = policies.reasons_seen(user, on=today())
    for row in rows:
        row.words = row.words if sees(row.source, row.person.unit_id) else ""
    if options["json"]:
        say_json([_overpayment_as_plain(row) for row in rows])
        return
    for row in rows:
        benefit = sources.benefit_label(row.source, row.benefit)
        say(
            f"#{row.pk} {row.person.full_name}: {benefit} tháng {row.for_month:%m/%Y}, thừa {dong(row.amount)}; {row.get_state_display()}. {row.words}"
        )
    say(f"{len(rows)} khoản, {dong(sum(row.amount for row in rows))}.")


def _settle(options: dict[str, Any], user: User) -> None:
    row = _to_settle(options, user)
    paper = options["paper"].strip()
    if not paper:
        refuse("Thiếu --paper CHỨNG_TỪ: tiền được nộp lại theo giấy nào, ngày nào.")
    row = propose_settlement(row.pk, note=f"Đã nộp lại tiền: {paper}", acting_user=user, now=timezone.now())
    _tell_overpayment(options, row, f"{row.note}. Chờ người thứ hai xác nhận.")


def _confirm(options: dict[str, Any], user: User) -> None:
    row = _to_settle(options, user)
    row = confirm_settlement(row.pk, seen_amount=row.amount, seen_note=row.note, acting_user=user, now=timezone.now())
    _tell_overpayment(options, row, f"{row.note}. Đã xác nhận.")


def _refuse(options: dict[str, Any], user: User) -> None:
    row = _to_settle(options, user)
    row = refuse_settlement(row.pk, reason=options["reason"], acting_user=user, now=timezone.now())
    _tell_overpayment(options, row, "chưa được xác nhận, vẫn chờ xử lý.")


def _to_settle(options: dict[str, Any], user: User) -> Overpayment:
    row = get_overpayment(options["id"], user, on=today())
    if not policies.settles_overpayments(user, on=today()):
        refuse("Chỉ kế toán chi trả của sở phụ trách bảo trợ xã hội ghi được khoản chi thừa đã nộp lại.")
    return row


def _tell_overpayment(options: dict[str, Any], row: Overpayment, words: str) -> None:
    if options["json"]:
        say_json(_overpayment_as_plain(row))
    else:
        say(f"✓ Khoản chi thừa #{row.pk} của {row.person.full_name}, {dong(row.amount)}: {words}")


def _overpayment_as_plain(row: Overpayment) -> dict[str, Any]:
    return {
        "id": row.pk, "person": row.person.full_name, "commune": row.person.unit.code if row.person.unit else None,
        "source": row.source, "benefit": row.benefit, "for_month": f"{row.for_month:%m/%Y}", "amount": row.amount,
        "state": row.state, "why": row.words, "note": row.note,
        "proposed_by": row.proposed_by.username if row.proposed_by else None,
    }  # fmt: skip

"""``./lienthong payroll budget show | set | approve | withdraw``: what may be spent in a quarter, by two people."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from lienthong.accounts.models import User
from lienthong.ops.console import say
from lienthong.ops.payroll_reading import dong, read_amount, read_quarter, read_source, say_json, today
from lienthong.ops.terminal_command import refuse
from lienthong.payments import policies
from lienthong.payments.models import Budget
from lienthong.payments.queries.budgets import BudgetLine, budget_lines, quarter_words
from lienthong.payments.services.budgets import (
    PrepareBudget,
    approve_budget,
    first_day_of_quarter,
    prepare_budget,
    withdraw_budget,
)

EXAMPLE = "./lienthong payroll budget show IV/2026 --as TEN_DANG_NHAP"


def add_verbs(verbs: Any) -> list[ArgumentParser]:
    """Add what is done with budgets; return the parsers."""
    show = verbs.add_parser("show", help="dự toán, đã chi và còn lại của từng chương trình trong một quý")
    show.add_argument("quarter", nargs="?", default="", metavar="QUÝ/NĂM", help="mặc định: quý này")
    show.add_argument("--source", default="", metavar="MÃ", help="chỉ một chương trình")
    set_ = verbs.add_parser("set", help="ghi số tiền một văn bản giao cho chương trình trong quý; người khác duyệt")
    set_.add_argument("source", metavar="MÃ", help="mã chương trình, xem bằng budget show")
    set_.add_argument("quarter", metavar="QUÝ/NĂM", help="ví dụ IV/2026")
    set_.add_argument("amount", metavar="SỐ_TIỀN", help="đồng; điều chỉnh giảm thì ghi số âm, sau dấu --")
    set_.add_argument("--reference", default="", metavar="VĂN_BẢN", help="quyết định giao dự toán")
    approve = verbs.add_parser("approve", help="duyệt một dự toán người khác đã ghi")
    withdraw = verbs.add_parser("withdraw", help="bỏ một dự toán chưa duyệt")
    withdraw.add_argument("--reason", default="", help="vì sao bỏ")
    for verb in (approve, withdraw):
        verb.add_argument("id", type=int, metavar="SỐ", help="số của dự toán, xem bằng budget show")
    return [show, set_, approve, withdraw]


def budget(options: dict[str, Any], user: User) -> None:
    """Do what was asked of budgets."""
    {"show": _show, "set": _set, "approve": _approve, "withdraw": _withdraw}[options["act"]](options, user)


def _show(options: dict[str, Any], user: User) -> None:
    if not policies.sees_province(user, on=today()):
        refuse("Chỉ cán bộ chi trả của tỉnh và kiểm toán xem được dự toán.")
    quarter = read_quarter(options["quarter"]) if options["quarter"] else first_day_of_quarter(today())
    lines = budget_lines([quarter], source=read_source(options["source"]))
    if options["json"]:
        say_json([_line_as_plain(line) for line in lines])
        return
    for line in lines:
        given = (
            "chưa có dự toán"
            if line.given is None or line.left is None
            else f"{dong(line.given)}, còn {dong(line.left)}"
        )
        say(f"{line.label} ({line.source}), quý {line.in_words}: {given}; đã chi {dong(line.taken)}")
        for one in line.decisions:
            say(f"  #{one.pk}: {dong(one.amount)} theo {one.reference}" + ("" if one.approved_at else ", chờ duyệt"))


def _set(options: dict[str, Any], user: User) -> None:
    if not options["reference"].strip():
        refuse("Thiếu --reference VĂN_BẢN: quyết định nào giao số tiền này.")
    command = PrepareBudget(
        source=read_source(options["source"]), quarter=read_quarter(options["quarter"]), amount=read_amount(options["amount"]),
        reference=options["reference"],
    )  # fmt: skip
    kept = prepare_budget(command, acting_user=user, now=timezone.now())
    _tell(
        options,
        kept,
        f"✓ Đã ghi dự toán #{kept.pk}: {_words(kept)}. Lãnh đạo duyệt: ./lienthong payroll budget approve {kept.pk} --as …",
    )


def _approve(options: dict[str, Any], user: User) -> None:
    kept = approve_budget(options["id"], acting_user=user, now=timezone.now())
    _tell(options, kept, f"✓ Đã duyệt dự toán #{kept.pk}: {_words(kept)}.")


def _withdraw(options: dict[str, Any], user: User) -> None:
    withdraw_budget(options["id"], reason=options["reason"], acting_user=user, now=timezone.now())
    if options["json"]:
        say_json({"id": options["id"], "withdrawn": True})
    else:
        say(f"✓ Đã bỏ dự toán #{options['id']}; việc này vẫn còn trong nhật ký.")


def _tell(options: dict[str, Any], budget: Budget, words: str) -> None:
    if options["json"]:
        say_json(_as_plain(budget))
    else:
        say(words)


def _words(budget: Budget) -> str:
    return f"{dong(budget.amount)} cho {budget.source}, quý {quarter_words(budget.quarter)}, theo {budget.reference}"


def _as_plain(budget: Budget) -> dict[str, Any]:
    return {
        "id": budget.pk, "source": budget.source, "quarter": quarter_words(budget.quarter), "amount": budget.amount,
        "reference": budget.reference, "approved": budget.approved_at is not None,
    }  # fmt: skip


def _line_as_plain(line: BudgetLine) -> dict[str, Any]:
    return {
        "source": line.source, "label": line.label, "quarter": line.in_words, "given": line.given, "taken": line.taken,
        "left": line.left, "waiting": line.waiting, "decisions": [_as_plain(one) for one in line.decisions],
    }  # fmt: skip

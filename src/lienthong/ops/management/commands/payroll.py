"""``./lienthong payroll VERB``: runs of payments from the terminal, with the same verbs and refusals as on the screens."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.utils import timezone

from lienthong.accounts.models import User
from lienthong.infra.missing import NotFound
from lienthong.infra.working import WorkedElsewhere
from lienthong.ops import (
    command_list,
    payroll_accounts,
    payroll_budgets,
    payroll_files,
    payroll_paying,
    payroll_people,
    payroll_strange,
    payroll_templates,
    payroll_ticks,
)
from lienthong.ops.console import say, step
from lienthong.ops.payroll_reading import dong, read_month, today
from lienthong.ops.terminal_command import TerminalCommand, refuse
from lienthong.payments.models import PaymentRun
from lienthong.payments.queries.agreeing import disagreeing_lines
from lienthong.payments.queries.comparing import Difference, compared_people, run_comparison
from lienthong.payments.queries.overview import month_overview
from lienthong.payments.queries.runs import all_runs, run_of_month
from lienthong.payments.services.accounts import AccountRefused
from lienthong.payments.services.budgets import BudgetRefused
from lienthong.payments.services.collecting import collect_run
from lienthong.payments.services.complaints import ComplaintRefused
from lienthong.payments.services.moving import RunTarget
from lienthong.payments.services.preparing import PrepareRun, collect_again, prepare_run
from lienthong.payments.services.refusals import PaymentRefused
from lienthong.payments.services.signing import approve_run, cancel_run, check_run, close_run, release_run
from lienthong.payments.states import OPEN_STATES, RunState

EXAMPLE = "./lienthong payroll prepare 11/2026 --as TEN_DANG_NHAP"
_WORDS = {
    Difference.NEW: "mới",
    Difference.STOPPED: "thôi",
    Difference.CHANGED: "đổi mức",
    Difference.ELSEWHERE: "đổi nơi nhận",
    Difference.SAME: "như trước",
    Difference.ONCE: "chi một lần",
}
_SIGNING: dict[str, tuple[Callable[..., PaymentRun], str]] = {
    "check": (check_run, "đã kiểm tra"),
    "approve": (approve_run, "đã duyệt"),
    "release": (release_run, "đã chuyển chi trả"),
    "close": (close_run, "đã khóa sổ"),
}


@dataclass(frozen=True, slots=True)
class _Group:
    """A verb that has verbs of its own: what it is about, how they are added, what does them, a line that works."""

    words: str
    add: Callable[[Any], list[ArgumentParser]]
    do: Callable[[dict[str, Any], User], None]
    example: str


_GROUPS = {
    "account": _Group(
        "nơi nhận tiền của một người: show, add, confirm, check, end, vietqr", payroll_accounts.add_verbs, payroll_accounts.account,
        payroll_accounts.EXAMPLE,
    ),
    "paying": _Group(
        "tài khoản chi của tỉnh: list, add, approve, end", payroll_paying.add_verbs, payroll_paying.paying,
        payroll_paying.EXAMPLE,
    ),
    "strange": _Group(
        "dòng sao kê chưa khớp: list, propose, confirm, decline", payroll_strange.add_verbs, payroll_strange.strange,
        payroll_strange.EXAMPLE,
    ),
    "budget": _Group(
        "dự toán quý: show, set, approve, withdraw", payroll_budgets.add_verbs, payroll_budgets.budget,
        payroll_budgets.EXAMPLE,
    ),
    "complaint": _Group(
        "phản ánh về chi trả: list, open, answer", payroll_people.add_complaint_verbs, payroll_people.complaint,
        payroll_people.COMPLAINT_EXAMPLE,
    ),
    "overpayment": _Group(
        "khoản chi thừa: list, settle", payroll_people.add_overpayment_verbs, payroll_people.overpayment,
        payroll_people.OVERPAYMENT_EXAMPLE,
    ),
}  # fmt: skip


class Command(TerminalCommand):
    help = command_list.lines()["payroll"]
    example = EXAMPLE

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="VIỆC")
        runs = verbs.add_parser("runs", help="các đợt chi trả: tháng, trạng thái, số khoản, số tiền")
        prepare = verbs.add_parser("prepare", help="mở đợt của tháng và lập danh sách, hoặc lập tiếp đợt đang dở")
        prepare.add_argument(
            "--supplementary",
            action="store_true",
            help="tháng đã có đợt được chuyển: lập thêm đợt bổ sung cho phần chưa chi",
        )
        prepare.add_argument("--since", default="", metavar="MM/YYYY", help="hỏi lại đầy đủ từ tháng này")
        check = verbs.add_parser("check", help="kiểm tra danh sách (trưởng phòng)")
        approve = verbs.add_parser("approve", help="duyệt chi (lãnh đạo)")
        release = verbs.add_parser("release", help="chuyển chi trả (kế toán khác người lập)")
        close = verbs.add_parser("close", help="khóa sổ đợt khi mọi khoản đã có kết quả (kế toán)")
        cancel = verbs.add_parser("cancel", help="hủy một đợt chưa chuyển chi trả")
        cancel.add_argument("--reason", default="", help="vì sao hủy")
        compare = verbs.add_parser("compare", help="so với tháng trước: ai mới, ai thôi, ai đổi mức, vì sao")
        compare.add_argument("--limit", type=int, default=20, help="nêu tên bao nhiêu người (mặc định: 20)")
        disagreeing = verbs.add_parser(
            "disagreeing", help="các khoản không còn khớp số phải chi từ khi lập danh sách, vì sao"
        )
        by_month, others = payroll_files.add_verbs(verbs)
        others += [payroll_templates.add_verb(verbs), *payroll_ticks.add_verbs(verbs)]
        for verb in (prepare, check, approve, release, close, cancel, compare, disagreeing, *by_month):
            verb.add_argument("month", metavar="MM/YYYY", help="tháng chi trả, ví dụ 11/2026")
        for verb in (check, approve, release, close, cancel, compare, disagreeing, *by_month):
            verb.add_argument("--number", type=int, default=0, help="đợt số mấy của tháng (mặc định: đợt cuối)")
        others += self._add_groups(verbs)
        every = (runs, prepare, check, approve, release, close, cancel, compare, disagreeing, *by_month, *others)
        for verb in every:
            verb.add_argument("--as", dest="user", default="", metavar="USERNAME", help="tài khoản của người làm")
            verb.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
        self.speak(*every)

    def _add_groups(self, verbs: Any) -> list[ArgumentParser]:
        """Add the verbs that have verbs of their own; return the parsers of those."""
        found: list[ArgumentParser] = []
        for name, group in _GROUPS.items():
            parser = verbs.add_parser(name, help=group.words)
            self.speak(parser)
            found += group.add(parser.add_subparsers(dest="act", metavar="VIỆC"))
        return found

    def handle(self, *args: Any, **options: Any) -> None:
        verbs: dict[str, Callable[[dict[str, Any], User], None]] = {
            "runs": _runs, "prepare": _prepare, "compare": _compare, "cancel": _cancel, "disagreeing": _disagreeing, **dict.fromkeys(_SIGNING, _sign),
            "export": _export, "import": payroll_files.take_in, "results": payroll_files.results,
            "tick": payroll_ticks.tick, "reverse": payroll_ticks.reverse, "template": payroll_templates.template,
            **{name: group.do for name, group in _GROUPS.items()},
        }  # fmt: skip
        if options["verb"] not in verbs:
            refuse(f"Chưa nêu việc: {', '.join(verbs)}. Ví dụ: {EXAMPLE}")
        group = _GROUPS.get(options["verb"])
        if group is not None and not options["act"]:
            refuse(f"Chưa nêu việc của {options['verb']}. Ví dụ: {group.example}")
        try:
            verbs[options["verb"]](options, _user(options["user"]))
        except (PaymentRefused, AccountRefused, BudgetRefused, ComplaintRefused) as refusal:
            refuse(str(refusal))
        except NotFound:
            if group is not None:
                refuse(f"Không có số này, hoặc không thuộc phần việc của bạn. Ví dụ: {group.example}")
            if options["verb"] == "reverse":
                refuse("Không có khoản chi này, hoặc không thuộc phần việc của bạn. Kiểm tra mã dòng chi.")
            refuse("Không có đợt chi trả này, hoặc bạn không được xem. Xem các đợt: ./lienthong payroll runs --as …")


def _runs(options: dict[str, Any], user: User) -> None:
    runs = [_as_plain(run) for run in all_runs(user, on=today())]
    if options["json"]:
        say(json.dumps(runs, ensure_ascii=False, indent=1))
        return
    if not runs:
        say("Chưa có đợt chi trả nào, hoặc bạn không được xem.")
    for run in runs:
        say(
            f"{run['month']} đợt {run['number']}: {run['state_label']}; {run['lines']} khoản, {dong(run['net'])}; "
            f"tạm giữ {run['held']} khoản" + (f". {run['stopped']}" if run["stopped"] else "")
        )


def _prepare(options: dict[str, Any], user: User) -> None:
    month = read_month(options["month"])
    since = read_month(options["since"]) if options["since"] else None
    now = timezone.now()
    waiting = PaymentRun.objects.filter(month=month, state=RunState.COLLECTING).first()
    if waiting is None:
        _must_be_meant(month, is_meant=options["supplementary"])
        waiting = prepare_run(PrepareRun(month=month, since=since, client_key=uuid4()), acting_user=user, now=now)
    elif waiting.stopped:
        waiting = collect_again(_target(waiting), acting_user=user, now=now)
    if options["json"]:
        _collect(waiting)
    else:
        with step(f"Lập danh sách chi trả {waiting}") as note:
            _collect(waiting)
            waiting.refresh_from_db()
            note(f"{waiting.lines_total} khoản, {dong(waiting.net_total)}, tạm giữ {waiting.held_lines} khoản")
    waiting.refresh_from_db()
    if waiting.stopped:
        refuse(waiting.stopped)
    if options["json"]:
        _tell(waiting)
        return
    for notice in waiting.notices:
        say(f"! {notice}")
    say(f"  Tiếp theo, trưởng phòng kiểm tra: ./lienthong payroll check {month:%m/%Y} --as TEN_DANG_NHAP")


def _must_be_meant(month: date, *, is_meant: bool) -> None:
    """Refuse to open a run beside one of the month that has left, unless that is what was asked for."""
    left = PaymentRun.objects.filter(month=month, state__in=(RunState.RELEASED, RunState.CLOSED)).order_by("-number")
    last = None if is_meant or PaymentRun.objects.filter(month=month, state__in=OPEN_STATES).exists() else left.first()
    if last is not None:
        refuse(
            f"Tháng {month:%m/%Y} đã có đợt {last.number} ({last.get_state_display()}). Đợt lập bây giờ là đợt bổ sung, chỉ gồm phần "
            "chưa chi; nếu đúng ý, thêm --supplementary."
        )


def _collect(run: PaymentRun) -> None:
    """Collect here, or wait for the worker that was quicker."""
    while True:
        try:
            collect_run(run.pk)
        except WorkedElsewhere:
            time.sleep(0.5)
        else:
            return


def _sign(options: dict[str, Any], user: User) -> None:
    verb, done = _SIGNING[options["verb"]]
    run = _run(options, user)
    found = disagreeing_lines(run, user=user, on=today())
    held = run.held_lines
    run = verb(_target(run), acting_user=user, now=timezone.now())
    if options["json"]:
        _tell(run)
        return
    say(f"✓ Đợt {run.number} tháng {run.month:%m/%Y} {done}: {run.lines_total} khoản, {dong(run.net_total)}.")
    if run.held_lines > held:
        say(f"! Giữ lại {run.held_lines - held} khoản không còn chi được như lúc lập; đợt sau xét lại.")
    elif found:
        say(
            f"! {len(found)} khoản không còn khớp số phải chi. Xem: ./lienthong payroll disagreeing {run.month:%m/%Y} --as …"
        )


def _disagreeing(options: dict[str, Any], user: User) -> None:
    run = _run(options, user)
    found = disagreeing_lines(run, user=user, on=today())
    if options["json"]:
        told = [
            {
                "number": one.line.number, "name": one.line.person.full_name, "commune": one.line.unit.name,
                "benefit": f"{one.line.source}:{one.line.benefit}", "for_month": f"{one.line.for_month:%m/%Y}",
                "prepared": one.line.amount, "now": one.now, "held": one.hold is not None, "why": one.why,
            }
            for one in found
        ]  # fmt: skip
        say(json.dumps(told, ensure_ascii=False, indent=1))
        return
    if not found:
        say("Mọi khoản chờ chuyển vẫn đúng với số phải chi lúc này.")
    for one in found:
        held = "giữ lại khi chuyển" if one.hold else "vẫn chi, phần thêm ở đợt sau"
        say(
            f"{one.line.number}. {one.line.person.full_name}, {one.line.unit.name}, tháng {one.line.for_month:%m/%Y}: "
            f"{dong(one.line.amount)} → {dong(one.now)} ({held}). {one.why}"
        )


def _cancel(options: dict[str, Any], user: User) -> None:
    run = cancel_run(_target(_run(options, user)), reason=options["reason"], acting_user=user, now=timezone.now())
    if options["json"]:
        _tell(run)
    else:
        say(f"✓ Đã hủy đợt {run.number} tháng {run.month:%m/%Y}; đợt sau xét lại mọi khoản của đợt này.")


def _export(options: dict[str, Any], user: User) -> None:
    payroll_files.export(options, _run(options, user), user)


def _compare(options: dict[str, Any], user: User) -> None:
    run, on = _run(options, user), today()
    counted = run_comparison(run, user, on=on)
    people = compared_people(run, user, on=on, limit=max(options["limit"], 0))
    if options["json"]:
        overview = month_overview(run, user, on=on)
        told = {
            "run": _as_plain(run),
            "by_source": [{"source": one.key, "lines": one.lines, "net": one.net} for one in overview.by_source],
            "differences": {
                str(kind): {"count": row.count, "before": row.before, "now": row.now} for kind, row in counted.items()
            },
            "people": [
                {
                    "difference": str(one.difference), "name": one.person_name, "commune": one.unit_name,
                    "benefit": f"{one.source}:{one.benefit}", "before": one.before, "now": one.now, "held": one.is_held,
                    "elsewhere": one.is_elsewhere, "why": one.why,
                }
                for one in people
            ],
        }  # fmt: skip
        say(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for kind, row in counted.items():
        say(f"{_WORDS[kind]}: {row.count} khoản; tháng trước {dong(row.before)}, tháng này {dong(row.now)}")
    for one in people:
        amounts = " → ".join("–" if amount is None else dong(amount) for amount in (one.before, one.now))
        held = " (tạm giữ)" if one.is_held else ""
        say(f"  {_WORDS[one.difference]}: {one.person_name}, {one.unit_name}: {amounts}{held}. {one.why}")


def _tell(run: PaymentRun) -> None:
    say(json.dumps(_as_plain(run), ensure_ascii=False, indent=1))


def _as_plain(run: PaymentRun) -> dict[str, Any]:
    return {
        "month": f"{run.month:%m/%Y}", "number": run.number, "state": run.state, "state_label": run.get_state_display(),
        "lines": run.lines_total, "amount": run.amount_total, "deducted": run.deducted_total, "net": run.net_total,
        "held": run.held_lines, "held_amount": run.held_amount, "since": f"{run.since:%m/%Y}", "digest": run.digest,
        "stopped": run.stopped, "shortfalls": run.shortfalls, "notices": run.notices,
    }  # fmt: skip


def _run(options: dict[str, Any], user: User) -> PaymentRun:
    month, on = read_month(options["month"]), today()
    if options["number"]:
        return run_of_month(month, options["number"], user, on=on)
    last = all_runs(user, on=on).filter(month=month).first()
    if last is None:
        refuse(f"Tháng {month:%m/%Y} chưa có đợt chi trả nào, hoặc bạn không được xem.")
    return last


def _target(run: PaymentRun) -> RunTarget:
    return RunTarget(run_id=run.pk, seen=run.version, client_key=uuid4())


def _user(username: str) -> User:
    if not username:
        refuse(f"Thiếu --as USERNAME: việc này phải ghi do ai làm. Ví dụ: {EXAMPLE}")
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        refuse(f"Không có tài khoản “{username}” đang hoạt động. Hãy kiểm tra tên đăng nhập.")
    return user

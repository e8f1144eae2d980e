"""``./lienthong benefits proposals | decide``: what waits for a decision, and deciding it; whoever proposed does not decide."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any, Final

from lienthong.accounts.models import User
from lienthong.assistance.models import Proposal
from lienthong.assistance.queries import proposals as queries
from lienthong.assistance.queries.proposals import ProposalFilter
from lienthong.assistance.services import deciding as services
from lienthong.assistance.services.previewing import preview_of
from lienthong.assistance.states import Programme, ProposalKind, ProposalState
from lienthong.kernel.days import local_day
from lienthong.kernel.text import UncleanText, clean_line
from lienthong.ops.benefits_preview import preview_as_plain, say_preview
from lienthong.ops.benefits_reading import commune_of, note_read, officer_of, proposal_as_plain, say_proposal
from lienthong.ops.console import say
from lienthong.ops.payroll_reading import say_json
from lienthong.ops.terminal_command import refuse

LIST: Final = "proposals"
DECIDE: Final = "decide"
EXAMPLE: Final = "./lienthong benefits decide 12 --approve --number 125/QĐ-UBND --as TEN_DANG_NHAP"
ALL: Final = "all"
_WAYS: Final = ("approve", "refuse", "withdraw", "dry_run")


def add_verbs(verbs: Any) -> list[ArgumentParser]:
    """Add the verbs to the command; return the parsers."""
    listed: ArgumentParser = verbs.add_parser(LIST, help="các đề xuất: đang chờ, đã duyệt, không duyệt, đã rút")
    states = (*ProposalState.values, ALL)
    listed.add_argument("--state", default=ProposalState.PENDING.value, metavar="TRẠNG_THÁI", help=", ".join(states))
    listed.add_argument("--kind", default="", metavar="LOẠI", help=", ".join(ProposalKind.values))
    listed.add_argument("--programme", default="", metavar="MÃ", help=", ".join(Programme.values))
    listed.add_argument("--commune", default="", metavar="MÃ", help="chỉ một xã, phường, theo mã hôm nay hoặc mã cũ")
    listed.add_argument("--person", default="", metavar="TÊN_HOẶC_SỐ", help="tên hoặc số định danh, một phần cũng được")
    decide: ArgumentParser = verbs.add_parser(DECIDE, help="duyệt, không duyệt hoặc rút một đề xuất")
    decide.add_argument("id", type=int, metavar="SỐ", help="số của đề xuất, xem bằng benefits proposals")
    decide.add_argument("--approve", action="store_true", help="duyệt; cần --number")
    decide.add_argument("--refuse", action="store_true", help="không duyệt; cần --note là lý do")
    decide.add_argument("--withdraw", action="store_true", help="người lập rút đề xuất; cần --note là lý do")
    decide.add_argument("--dry-run", action="store_true", help="cho xem duyệt thì mức hưởng đổi ra sao, không ghi gì")
    decide.add_argument("--number", default="", metavar="SỐ_QUYẾT_ĐỊNH", help="số quyết định, ví dụ 125/QĐ-UBND")
    decide.add_argument("--note", default="", help="ghi chú, hoặc lý do không duyệt, lý do rút")
    for parser in (listed, decide):
        parser.add_argument("--as", dest="user", default="", metavar="USERNAME", help="tài khoản của người làm")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")
    return [listed, decide]


def show_proposals(options: dict[str, Any], *, now: datetime) -> None:
    """List the proposals that the account may see, the oldest first while they wait."""
    on = local_day(now)
    user = officer_of(options["user"], on=on, example=f"./lienthong benefits {LIST} --as TEN_DANG_NHAP")
    asked = ProposalFilter(
        state=_one_of("state", options["state"], (*ProposalState.values, ALL)),
        kind=_one_of("kind", options["kind"], ("", *ProposalKind.values)),
        programme=_one_of("programme", options["programme"], ("", *Programme.values)),
        commune=str(commune_of(options["commune"], on=on).pk) if options["commune"] else "",
        q=options["person"],
    )
    rows = list(queries.proposals(user, asked, on=on))
    note_read(user, f"assistance-proposals:{asked.commune}", "list", command=f"benefits {LIST}", now=now)
    if options["json"]:
        say_json([{**proposal_as_plain(one), "may_decide": queries.may_decide(user, one, on=on)} for one in rows])
        return
    for one in rows:
        say_proposal(one)
    say(f"{len(rows)} đề xuất.")


def decide(options: dict[str, Any], *, now: datetime) -> None:
    """Approve, refuse or withdraw a proposal, or show what approving it would do."""
    user = officer_of(options["user"], on=local_day(now), example=EXAMPLE)
    ways = [one for one in _WAYS if options[one]]
    if len(ways) != 1:
        refuse(f"Chọn đúng một trong: --approve, --refuse, --withdraw, --dry-run. Ví dụ: {EXAMPLE}")
    proposal = queries.get_proposal(options["id"], as_=user, on=local_day(now))
    note_read(user, f"person:{proposal.person_id}", "assistance", command=f"benefits {DECIDE}", now=now)
    if options["dry_run"]:
        _show(options, proposal, user, now)
        return
    _decide(
        ways[0], proposal, user, number=_line("number", options["number"]), note=_line("note", options["note"]), now=now
    )
    proposal = queries.get_proposal(proposal.pk, as_=user, on=local_day(now))
    if options["json"]:
        say_json(proposal_as_plain(proposal))
        return
    say(f"✓ {str(proposal.get_state_display()).capitalize()}:")
    say_proposal(proposal)


def _decide(way: str, proposal: Proposal, user: User, *, number: str, note: str, now: datetime) -> None:
    if way == "approve":
        if not number:
            refuse(f"Thiếu --number: quyết định được ký với số nào. Ví dụ: {EXAMPLE}")
        command = services.DecideProposal(proposal_id=proposal.pk, decision_number=number, note=note)
        services.approve_proposal(command, acting_user=user, now=now)
    elif way == "refuse":
        command = services.DecideProposal(proposal_id=proposal.pk, note=note)
        services.refuse_proposal(command, acting_user=user, now=now)
    else:
        if not note:
            refuse("Thiếu --note: vì sao rút đề xuất.")
        services.withdraw_proposal(proposal.pk, reason=note, acting_user=user, now=now)


def _show(options: dict[str, Any], proposal: Proposal, user: User, now: datetime) -> None:
    if proposal.state != ProposalState.PENDING:
        refuse(f"Đề xuất này {proposal.get_state_display()}. Xem các đề xuất đang chờ: ./lienthong benefits {LIST}")
    preview = preview_of(proposal, acting_user=user, now=now)
    if options["json"]:
        say_json({**proposal_as_plain(proposal), **preview_as_plain(preview)})
        return
    say(f"Đề xuất #{proposal.pk}, nếu duyệt hôm nay. {proposal.person.full_name}: {preview.words}")
    say_preview(preview)


def _one_of(option: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        refuse(f"--{option}: không có mã “{value}”. Các mã: {', '.join(filter(None, known))}.")
    return value


def _line(option: str, text: str) -> str:
    try:
        return clean_line(text, at_most=60 if option == "number" else 300)
    except UncleanText as unclean:
        refuse(f"--{option}: {unclean}")

"""``./lienthong entitled --findings | --draft | --propose | --dismiss``: the work list of a commune, and what an officer does about a finding."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any, Final

from lienthong.accounts.models import User
from lienthong.assistance.models import Finding
from lienthong.assistance.queries import findings as queries
from lienthong.assistance.queries.findings import FindingFilter
from lienthong.assistance.services import finding_acts
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import Benefit, FindingKind, FindingState, Programme
from lienthong.catalogue.queries import ProcedureNotInForce
from lienthong.dossiers.services import DossierRefusal
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import local_day
from lienthong.kernel.money import format_dong
from lienthong.ops.benefits_reading import note_read, officer_of, proposal_as_plain, say_proposal
from lienthong.ops.console import say
from lienthong.ops.payroll_reading import say_json
from lienthong.ops.terminal_command import refuse
from lienthong.rules.parameters import NoValueInForce

EXAMPLE: Final = "./lienthong entitled --draft 12 --as TEN_DANG_NHAP"
_WAYS: Final = ("findings", "draft", "propose", "dismiss")


def add_options(parser: ArgumentParser) -> None:
    """Add what is done with findings that were kept."""
    parser.add_argument(
        "--findings", action="store_true", help="danh sách việc đã lưu: ai, khoản nào, số của phát hiện"
    )
    parser.add_argument("--draft", type=int, metavar="SỐ", help="lập hồ sơ nháp từ phát hiện này")
    parser.add_argument("--propose", type=int, metavar="SỐ", help="lập đề xuất từ phát hiện này, người khác duyệt")
    parser.add_argument("--dismiss", type=int, metavar="SỐ", help="bỏ qua phát hiện này; cần --reason")
    parser.add_argument("--reason", default="", help="vì sao bỏ qua")
    parser.add_argument("--as", dest="user", default="", metavar="USERNAME", help="tài khoản của người làm")


def asked_of(options: dict[str, Any]) -> str:
    """Return what is asked of kept findings; empty where everybody is to be reviewed."""
    ways = [one for one in _WAYS if options[one] not in {None, False}]
    if len(ways) > 1:
        refuse(f"Chọn một trong: --findings, --draft, --propose, --dismiss. Ví dụ: {EXAMPLE}")
    return ways[0] if ways else ""


def work_on(way: str, options: dict[str, Any], *, unit_id: int | None, now: datetime) -> None:
    """List the findings that wait, begin a dossier, propose what follows from one, or set it aside."""
    on = local_day(now)
    user = officer_of(options["user"], on=on, example=EXAMPLE)
    if way == "findings":
        note_read(user, f"findings:commune={unit_id or ''}", "list", command="entitled --findings", now=now)
        _list(user, unit_id, on, as_json=options["json"])
        return
    try:
        row = queries.get_finding(options[way], as_=user, on=on)
        note_read(user, f"person:{row.person_id}", "finding", command=f"entitled --{way}", now=now)
        _done(way, row, options, user, now)
    except (AssistanceRefusal, DossierRefusal, ProcedureNotInForce, NoValueInForce) as refusal:
        refuse(str(refusal))
    except NotFound:
        refuse(
            f"Không có phát hiện số {options[way]}, hoặc không thuộc phần việc của bạn. Xem: ./lienthong entitled --findings"
        )


def _done(way: str, row: Finding, options: dict[str, Any], user: User, now: datetime) -> None:
    who: dict[str, Any] = {"acting_user": user, "now": now}
    if way == "draft":
        draft = finding_acts.draft_dossier(row.pk, **who)
        desk = draft.receiving_agency.name if draft.receiving_agency else "bộ phận một cửa"
        told = {
            "finding": row.pk,
            "draft": str(draft.public_id),
            "procedure": draft.procedure_code,
            "desk": desk,
        }
        words = f"✓ Đã lập hồ sơ nháp {told['procedure']} cho {row.person.full_name}. {desk} tiếp nhận ở mục Bản nháp của quầy."
    elif way == "propose":
        proposal = finding_acts.propose_from(row.pk, **who)
        told, words = {"finding": row.pk, "proposal": proposal_as_plain(proposal)}, ""
    else:
        dismissed = finding_acts.dismiss(row.pk, reason=options["reason"], **who)
        told = {"finding": row.pk, "state": dismissed.state, "note": dismissed.note}
        words = f"✓ Đã bỏ qua phát hiện của {row.person.full_name}: {dismissed.note}"
    if options["json"]:
        say_json(told)
    elif words:
        say(words)
    else:
        say("✓ Đã đề xuất, chờ người khác duyệt:")
        say_proposal(proposal)


def _list(user: User, unit_id: int | None, on: date, *, as_json: bool) -> None:
    asked = FindingFilter(commune="" if unit_id is None else str(unit_id))
    rows = list(queries.findings_asked(user, asked, on=on))
    if as_json:
        say_json([_plain(one) for one in rows])
        return
    for one in rows:
        certainty = "chắc chắn" if one.is_certain else "cần hỏi thêm"
        say(
            f"#{one.pk} {one.person.full_name}, {one.unit.name}: {FindingKind(one.kind).label} ({certainty}), "
            f"{Benefit(one.benefit).label}, theo quy định {_dong(one.amount)}, đang tính {_dong(one.paid)}. "
            f"{' '.join(one.reasons)}"
        )
    say(f"{len(rows)} phát hiện đang chờ xử lý.")


def _dong(amount: int | None) -> str:
    return "chưa rõ" if amount is None else format_dong(amount)


def _plain(one: Finding) -> dict[str, Any]:
    return {
        "id": one.pk, "person": {"name": one.person.full_name, "number": one.person.personal_id_number},
        "commune": one.unit.code, "kind": one.kind, "programme": str(Programme(one.programme)), "benefit": one.benefit,
        "certain": one.is_certain, "amount": one.amount, "paid": one.paid, "state": str(FindingState(one.state)),
        "reasons": list(one.reasons), "missing": list(one.missing), "assumed": list(one.assumed),
    }  # fmt: skip

"""How accounts, lines, runs and complaints are shown: words and tone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from lienthong.payments.queries.accounts import is_payable
from lienthong.payments.states import (
    NUMBERED_CHANNELS,
    AccountImportState,
    AccountRowOutcome,
    ComplaintState,
    LineState,
    NameCheck,
    RunState,
)

RUN_TONES = {
    RunState.COLLECTING: "wait", RunState.PREPARED: "open", RunState.CHECKED: "open", RunState.APPROVED: "soon",
    RunState.RELEASED: "wait", RunState.CLOSED: "done", RunState.CANCELLED: "ended",
}  # fmt: skip
LINE_TONES = {
    LineState.PLANNED: "open", LineState.HELD: "soon", LineState.SENT: "wait", LineState.PAID: "done",
    LineState.FAILED: "late", LineState.RETURNED: "late", LineState.UNCOLLECTED: "soon", LineState.CANCELLED: "ended",
}  # fmt: skip
COMPLAINT_TONES = {ComplaintState.OPEN: "open", ComplaintState.ANSWERED: "wait", ComplaintState.CLOSED: "done"}
IMPORT_TONES = {
    AccountImportState.READING: "wait", AccountImportState.REFUSED: "late", AccountImportState.STAGED: "open",
    AccountImportState.WRITING: "wait", AccountImportState.COMMITTED: "done", AccountImportState.DISCARDED: "ended",
}  # fmt: skip
ROW_TONES = {
    AccountRowOutcome.CREATED: "done", AccountRowOutcome.CHANGED: "open", AccountRowOutcome.UNCHANGED: "ended",
    AccountRowOutcome.REFUSED: "late",
}  # fmt: skip
CHECK_TONES = {
    NameCheck.SAME: "done", NameCheck.SIMILAR: "soon", NameCheck.DIFFERENT: "late", NameCheck.UNKNOWN: "wait",
}  # fmt: skip


def account_standing(account: Any) -> tuple[str, str]:
    """Say in words and tone whether money may go to an account, and if not, why."""
    if account.valid_until is not None:
        return _("thôi dùng"), "ended"
    if is_payable(account):
        return (_("chi được") if account.channel in NUMBERED_CHANNELS else _("nhận trực tiếp")), "done"
    words = {
        NameCheck.DIFFERENT: (_("khác tên, chưa chi"), "late"),
        NameCheck.SAME: (_("chờ người thứ hai"), "soon"),
        NameCheck.SIMILAR: (_("gần giống, chờ người thứ hai"), "soon"),
        NameCheck.UNKNOWN: (_("chưa biết tên chủ"), "wait"),
    }
    return words[NameCheck(account.name_check)]

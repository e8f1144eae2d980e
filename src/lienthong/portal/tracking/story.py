"""A dossier told to its applicant: how it stands in one sentence, what happened, what to do now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lienthong.accounts.queries import Happening
from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.states import SupplementRule
from lienthong.catalogue.wording import time_limit_in_words
from lienthong.dossiers import queries as dossiers
from lienthong.dossiers.deadlines import current_due
from lienthong.dossiers.states import DossierState, Outcome, ReturnWay
from lienthong.infra.times import moment_in_words
from lienthong.kernel.days import format_day, local_day

# What officers do among themselves: it is kept, but it says nothing to whoever waits.
UNTOLD = frozenset({"DossierReleased", "DossierAssigned"})


@dataclass(frozen=True, slots=True)
class Told:
    """One event as its applicant reads it; ``note`` is the reason where there is one."""

    at: datetime
    sentence: str
    who: str
    note: str = ""


def told(happenings: Sequence[Happening]) -> list[Told]:
    """Tell what happened, oldest first: the order in which a person tells it.

    Args:
        happenings: As the log has them, newest first.
    """
    return [_told(one) for one in reversed(happenings) if one.name not in UNTOLD]


def ahead(dossier: Any) -> Told | None:
    """Say what comes next and when; None where nothing is promised."""
    match DossierState(dossier.state):
        case DossierState.SUBMITTED if dossier.answer_due_at:
            return Told(dossier.answer_due_at, _("Nơi tiếp nhận trả lời bạn"), "")
        case DossierState.RECEIVED | DossierState.IN_PROGRESS if dossier.current_due_at:
            return Told(dossier.current_due_at, _("Trả kết quả"), "")
        case _:
            return None


def sentence_of(dossier: Any, happenings: Sequence[Happening], *, now: datetime) -> str:
    """Say in one sentence, or two, how a dossier stands."""
    return _SENTENCES[DossierState(dossier.state)](dossier, happenings, now)


def clock_goes_on(dossier: Any, *, now: datetime) -> str:
    """Say how the time limit goes on when everything that was asked for is handed in."""
    if dossier.state == DossierState.INCOMPLETE:
        return _("Thời hạn giải quyết bắt đầu tính khi hồ sơ được tiếp nhận.")
    version = catalogue.get_version(dossier.version_id)
    if not version.allowance:
        return _("Khi bạn nộp đủ, cơ quan giải quyết tiếp ngay.")
    due = current_due(dossier, until=now).due_at
    promised = _(" Nộp đủ ngay bây giờ thì hẹn trả %(moment)s.") % {"moment": moment_in_words(due)} if due else ""
    if SupplementRule(version.supplement_rule) is SupplementRule.RESTART:
        allowance = time_limit_in_words(catalogue.allowance_of(version))
        return _("Khi bạn nộp đủ, thời hạn %(allowance)s được tính lại từ đầu.") % {"allowance": allowance} + promised
    left = dossiers.remaining_allowance(dossier)
    return (_("Khi bạn nộp đủ, thời hạn tính tiếp: còn %(left)s.") % {"left": left} if left else "") + promised


def _told(one: Happening) -> Told:
    match one.name:
        case "SentBack":
            return Told(one.at, _("Hồ sơ được xem lại ở bước trước."), one.who)
        case "StepPassed":
            sentence = _("Hồ sơ chuyển sang bước: %(step)s.") % {"step": one.payload.get("to_name", "")}
            return Told(one.at, sentence, one.who)
        case "DossierClaimed":
            return Told(one.at, _("Cán bộ nhận giải quyết hồ sơ."), one.who)
        case "DossierApproved":
            number = one.payload.get("document_number", "")
            note = _("Văn bản số %(number)s") % {"number": number} if number else ""
            return Told(one.at, _("Hồ sơ được chấp thuận; kết quả đã sẵn sàng."), one.who, note)
        case "DossierWithdrawn":
            return Told(one.at, _("Bạn đã rút hồ sơ."), one.who, one.payload.get("reason", ""))
        case _:
            return Told(one.at, one.sentence, one.who)


def _submitted(dossier: Any, happenings: Sequence[Happening], now: datetime) -> str:
    due = dossier.answer_due_at
    words = {"agency": _name(dossier.receiving_agency), "moment": moment_in_words(due) if due else ""}
    if due is not None and now > due:
        return _("%(agency)s đã nhận hồ sơ bạn gửi nhưng chậm trả lời: lẽ ra phải trả lời trước %(moment)s.") % words
    return _("%(agency)s đã nhận hồ sơ bạn gửi và đang xem. Bạn được trả lời trước %(moment)s.") % words


def _incomplete(dossier: Any, happenings: Sequence[Happening], now: datetime) -> str:
    reason = _reason(happenings, "CompletionRequested")
    return _("Nơi tiếp nhận đề nghị bạn hoàn thiện hồ sơ trước khi tiếp nhận: %(reason)s") % {"reason": reason}


def _running(dossier: Any, happenings: Sequence[Happening], now: datetime) -> str:
    words = {"agency": _name(dossier.agency)}
    due = dossier.current_due_at
    if due is not None and now > due:
        return _("%(agency)s đang giải quyết hồ sơ và đã trễ hẹn với bạn.") % words
    return _("%(agency)s đang giải quyết hồ sơ. Bạn chưa cần làm gì.") % words


def _awaiting(dossier: Any, happenings: Sequence[Happening], now: datetime) -> str:
    reason = _reason(happenings, "SupplementRequested")
    return _("Hồ sơ đang chờ bạn bổ sung: %(reason)s Thời hạn tạm dừng cho tới khi bạn nộp đủ.") % {
        "reason": reason if reason.endswith(".") else f"{reason}."
    }


def _decided(dossier: Any, happenings: Sequence[Happening], now: datetime) -> str:
    if dossier.outcome == Outcome.REFUSED:
        return _("Hồ sơ bị từ chối giải quyết: %(reason)s") % {"reason": _reason(happenings, "DossierRefused")}
    words = {"agency": _name(dossier.receiving_agency), "address": dossier.return_address}
    match ReturnWay(dossier.return_way):
        case ReturnWay.POST:
            return _("Hồ sơ đã được chấp thuận. Kết quả được gửi qua bưu chính tới: %(address)s.") % words
        case ReturnWay.ONLINE:
            return _("Hồ sơ đã được chấp thuận. Bản điện tử của kết quả nằm ở trang này khi được trả.")
        case _:
            return _("Hồ sơ đã được chấp thuận. Mời bạn đến %(agency)s nhận kết quả, mang theo giấy tiếp nhận.") % words


def _returned(dossier: Any, happenings: Sequence[Happening], now: datetime) -> str:
    day = format_day(local_day(dossier.returned_at))
    if dossier.outcome == Outcome.REFUSED:
        reason = _reason(happenings, "DossierRefused")
        return _("Hồ sơ bị từ chối giải quyết: %(reason)s Văn bản đã được trả ngày %(day)s.") % {
            "reason": reason,
            "day": day,
        }
    return _("Kết quả đã được trả ngày %(day)s. Hồ sơ kết thúc.") % {"day": day}


def _refused_intake(dossier: Any, happenings: Sequence[Happening], now: datetime) -> str:
    return _("Nơi tiếp nhận không nhận hồ sơ này: %(reason)s") % {"reason": _reason(happenings, "IntakeRefused")}


def _withdrawn(dossier: Any, happenings: Sequence[Happening], now: datetime) -> str:
    day = format_day(local_day(dossier.finished_at)) if dossier.finished_at else ""
    return _("Bạn đã rút hồ sơ này ngày %(day)s. Khi cần, bạn nộp hồ sơ mới.") % {"day": day}


def _stopped(dossier: Any, happenings: Sequence[Happening], now: datetime) -> str:
    return _("Hồ sơ dừng giải quyết: %(reason)s") % {"reason": _reason(happenings, "DossierStopped")}


def _draft(dossier: Any, happenings: Sequence[Happening], now: datetime) -> str:
    raise ValueError("a draft has no story yet")


_SENTENCES: dict[DossierState, Callable[[Any, Sequence[Happening], datetime], str]] = {
    DossierState.DRAFT: _draft,
    DossierState.SUBMITTED: _submitted,
    DossierState.INCOMPLETE: _incomplete,
    DossierState.RECEIVED: _running,
    DossierState.IN_PROGRESS: _running,
    DossierState.AWAITING_SUPPLEMENT: _awaiting,
    DossierState.DECIDED: _decided,
    DossierState.RETURNED: _returned,
    DossierState.REFUSED_INTAKE: _refused_intake,
    DossierState.WITHDRAWN: _withdrawn,
    DossierState.STOPPED: _stopped,
}


def to_do(dossier: Any) -> str:
    """Say what the applicant has to do first; empty where there is nothing."""
    match DossierState(dossier.state):
        case DossierState.AWAITING_SUPPLEMENT:
            return _("Nộp bổ sung giấy tờ; thời hạn đang tạm dừng")
        case DossierState.INCOMPLETE:
            return _("Hoàn thiện giấy tờ rồi gửi lại")
        case DossierState.DECIDED if dossier.return_way == ReturnWay.COUNTER:
            return _("Đến %(agency)s nhận kết quả") % {"agency": _name(dossier.receiving_agency)}
        case _:
            return ""


def _reason(happenings: Sequence[Happening], name: str) -> str:
    return next((str(one.payload.get("reason", "")) for one in happenings if one.name == name), "")


def _name(agency: Any) -> str:
    return agency.name if agency is not None else _("Cơ quan giải quyết")

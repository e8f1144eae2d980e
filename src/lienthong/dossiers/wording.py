"""How a dossier stands, in words and a tone, the same on every screen. A tone chooses a shape and a colour."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lienthong.dossiers import routing
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.queries import DUE_SOON_WORKING_DAYS, time_left_of
from lienthong.dossiers.states import DossierState, Outcome
from lienthong.infra.times import hours_in_words, moment_in_words
from lienthong.rules.timeliness import TimeLeft, Timeliness, classify

STATE_TONES = {
    DossierState.DRAFT: "draft",
    DossierState.SUBMITTED: "open",
    DossierState.INCOMPLETE: "wait",
    DossierState.RECEIVED: "open",
    DossierState.IN_PROGRESS: "open",
    DossierState.AWAITING_SUPPLEMENT: "wait",
    DossierState.DECIDED: "done",
    DossierState.RETURNED: "done",
    DossierState.REFUSED_INTAKE: "refused",
    DossierState.WITHDRAWN: "ended",
    DossierState.STOPPED: "ended",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Words with their tone and, for a time, the exact moment."""

    words: str
    tone: str
    detail: str = ""


def state_of(dossier: Dossier) -> Standing:
    """Say in which state a dossier is; a refusal to settle is said, not hidden behind "there is a result"."""
    state = DossierState(dossier.state)
    if dossier.outcome == Outcome.REFUSED:
        words = _("Từ chối giải quyết, đã trả") if state is DossierState.RETURNED else _("Từ chối giải quyết")
        return Standing(words, "refused")
    return Standing(str(state.label), STATE_TONES[state])


def place_of(dossier: Dossier) -> str:
    """Say where a dossier lies: with an officer, in a queue, at the desk, or with the applicant. Nơi đang giữ hồ sơ."""
    match DossierState(dossier.state):
        case DossierState.AWAITING_SUPPLEMENT | DossierState.INCOMPLETE | DossierState.DRAFT:
            return _("chờ người nộp")
        case DossierState.SUBMITTED:
            return _("quầy một cửa, chờ tiếp nhận")
        case DossierState.DECIDED:
            return _("quầy một cửa, chờ trả kết quả")
        case DossierState.RECEIVED | DossierState.IN_PROGRESS:
            return dossier.holder.full_name if dossier.holder else _("hàng chờ chung, chưa ai nhận")
        case _:
            return _("đã kết thúc")


def current_step(dossier: Dossier) -> int | None:
    """Return the number of the step that is being done: the return of the result once it is decided."""
    if dossier.state == DossierState.DECIDED:
        return routing.steps_of(dossier)[-1].number
    running = {DossierState.RECEIVED, DossierState.IN_PROGRESS, DossierState.AWAITING_SUPPLEMENT}
    return dossier.step if dossier.state in running else None


def time_of(dossier: Dossier, *, now: datetime) -> Standing:
    """Say how much time a dossier has left, or how it ended against the time limit of the law."""
    due = dossier.current_due_at
    if dossier.state == DossierState.AWAITING_SUPPLEMENT:
        return Standing(_("đồng hồ tạm dừng, chờ bổ sung"), "wait")
    if dossier.state == DossierState.SUBMITTED and dossier.answer_due_at is not None:
        late = now > dossier.answer_due_at
        return Standing(
            _("chờ tiếp nhận"),
            "late" if late else "open",
            _("trả lời trước %s") % moment_in_words(dossier.answer_due_at),
        )
    if due is None:
        return Standing(_("chưa tính hạn"), "draft")
    if dossier.finished_at is not None:
        return _ended(dossier)
    left = time_left_of(dossier, now=now)
    if left is None:
        return Standing(_("chưa tính hạn"), "draft")
    tone = "late" if left.is_late else "soon" if left.working_days < DUE_SOON_WORKING_DAYS else "open"
    return Standing(left_in_words(left), tone, _("đến %s") % moment_in_words(due))


def left_in_words(left: TimeLeft) -> str:
    """Say how much time is left, or how late it is ("còn 2 ngày làm việc", "trễ 1 ngày")."""
    if left.calendar_days_late:
        days = left.calendar_days_late
        return ngettext("trễ %(days)s ngày", "trễ %(days)s ngày", days) % {"days": days}
    if left.is_late:
        return _("quá giờ hẹn hôm nay")
    if left.working_days:
        days = left.working_days
        return ngettext("còn %(days)s ngày làm việc", "còn %(days)s ngày làm việc", days) % {"days": days}
    return _("còn %(time)s làm việc") % {"time": hours_in_words(left.working_time)}


def _ended(dossier: Dossier) -> Standing:
    if not dossier.outcome or dossier.finished_at is None or dossier.legal_due_at is None:
        return Standing(_("đã kết thúc"), "ended")
    words = {
        Timeliness.EARLY: (_("xong trước hạn"), "done"),
        Timeliness.ON_TIME: (_("xong đúng hạn"), "done"),
        Timeliness.LATE: (_("xong trễ hạn"), "late"),
    }[classify(dossier.finished_at, dossier.legal_due_at)]
    return Standing(words[0], words[1], _("hạn %s") % moment_in_words(dossier.legal_due_at))

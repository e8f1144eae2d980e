"""Moving the promised day, once, with an apology and a reason."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lienthong.accounts.models import User
from lienthong.dossiers.events import DeadlineExtended
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.refusals import DossierRefusal
from lienthong.dossiers.services.moving import Target, make_move
from lienthong.dossiers.services.receive import ReasonMissing
from lienthong.dossiers.states import Action
from lienthong.infra.events import Fact
from lienthong.kernel.days import format_day, format_moment, local_day
from lienthong.rules.parameters import load_parameter
from lienthong.rules.working_time import OutsideCalendar
from lienthong.units import queries as units


class TooLateToExtend(DossierRefusal):
    """The apology must go out at least one day before the promised day."""

    def __init__(self, due: datetime, *, days: int) -> None:
        super().__init__(
            f"Hồ sơ hẹn trả {format_moment(due)}: văn bản xin lỗi phải gửi trước hạn ít nhất {days} ngày."
            " Nêu căn cứ pháp lý nếu luật cho phép hẹn lại muộn hơn."
        )


class ExtendedBefore(DossierRefusal):
    """A new day may be promised only so often."""

    def __init__(self, allowed: int) -> None:
        super().__init__(f"Hồ sơ đã được hẹn lại {allowed} lần; chỉ được hẹn lại thêm khi nêu căn cứ pháp lý.")


class NewDayNotLater(DossierRefusal):
    """The new day is not later than the day promised now."""

    def __init__(self) -> None:
        super().__init__("Ngày hẹn lại phải sau hạn hiện tại. Chọn một ngày muộn hơn.")


class NewDayOff(DossierRefusal):
    """The new day is not a working day."""

    def __init__(self, following: date) -> None:
        super().__init__(f"Ngày hẹn lại là ngày nghỉ. Ngày làm việc gần nhất sau đó là {format_day(following)}.")


class NewDayUnknown(DossierRefusal):
    """The calendar does not reach the new day; the message of the calendar says how far it reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendDeadline:
    """Lệnh xin lỗi và hẹn lại ngày trả kết quả."""

    target: Target
    new_due_on: date
    reason: str
    document: str = ""
    legal_basis: str = ""


def extend_deadline(command: ExtendDeadline, *, acting_user: User, now: datetime) -> Dossier:
    """Apologise and promise a later day. The first promise stays and keeps being counted against.

    Xin lỗi và hẹn lại ngày trả kết quả. The new day ends when the office closes on it.

    Raises:
        ReasonMissing: No reason was given.
        ExtendedBefore: It is the second time and no legal basis was named.
        TooLateToExtend: The notice before the due day is too short and no legal basis was named.
        NewDayNotLater, NewDayOff, NewDayUnknown: The new moment is not later, not on a working day, or beyond the calendar.

    Legal source:
        61/2018/NĐ-CP, Điều 19 khoản 9.
    """

    def decide(dossier: Dossier) -> Fact:
        due = dossier.current_due_at
        if not command.reason.strip():
            raise ReasonMissing
        if due is None:
            raise NewDayNotLater
        today, has_basis = local_day(now), bool(command.legal_basis.strip())
        allowed = load_parameter("working_time/intake:extensions_allowed").value_on(today)
        notice = timedelta(days=load_parameter("working_time/intake:extension_notice").value_on(today))
        if dossier.extensions >= allowed and not has_basis:
            raise ExtendedBefore(allowed)
        if today + notice > local_day(due) and not has_basis:
            raise TooLateToExtend(due, days=notice.days)
        _, calendar = units.work_calendar(dossier.receiving_agency_id)
        if command.new_due_on <= local_day(due):
            raise NewDayNotLater
        try:
            is_working_day = calendar.is_working_day(command.new_due_on)
        except OutsideCalendar as outside:
            raise NewDayUnknown(str(outside)) from outside
        if not is_working_day:
            raise NewDayOff(calendar.next_working_day(command.new_due_on))
        return DeadlineExtended(
            due_before=due,
            current_due_at=calendar.closing_at(command.new_due_on),
            reason=command.reason.strip(),
            document=command.document.strip(),
            legal_basis=command.legal_basis.strip(),
        )

    return make_move(command.target, Action.EXTEND, decide, acting_user=acting_user, now=now)

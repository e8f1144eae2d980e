"""The applicant's answer: what was asked for is handed in, and the clock goes on by the rule of the procedure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lienthong.accounts.models import User
from lienthong.dossiers import routing
from lienthong.dossiers.deadlines import current_due, intake_answer_due
from lienthong.dossiers.digests import request_digest
from lienthong.dossiers.events import DossierCompleted, SupplementAnswered
from lienthong.dossiers.models import Dossier, SubmittedItem
from lienthong.dossiers.refusals import DossierRefusal
from lienthong.dossiers.services.moving import Target, make_move
from lienthong.dossiers.services.request import GivenItem, write_items
from lienthong.dossiers.states import Action, ItemMark
from lienthong.infra.events import Fact
from lienthong.infra.models import Event
from lienthong.units import queries as units


class StillMissing(DossierRefusal):
    """Not every item that was asked for is handed in."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        super().__init__(f"Còn thiếu {len(self.names)} thành phần: {'; '.join(self.names)}. Nộp đủ trong một lần.")


class ItemNotOpen(DossierRefusal):
    """An item was changed that nobody asked for."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Thành phần “{name}” không được yêu cầu bổ sung nên không sửa được.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSupplement:
    """Lệnh nộp bổ sung. ``secret`` lets a guest who holds the tracking secret answer."""

    target: Target
    items: Sequence[GivenItem]
    secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteDossier:
    """Lệnh gửi lại hồ sơ đã hoàn thiện, trước khi tiếp nhận."""

    target: Target
    items: Sequence[GivenItem]
    secret: str = ""


def answer_supplement(command: AnswerSupplement, *, acting_user: User | None, now: datetime) -> Dossier:
    """Hand in everything that was asked for; the time limit restarts or goes on by the rule of the procedure.

    Nộp bổ sung hồ sơ. The promise on the receipt stays as it was printed; the current due moment is computed anew
    from the receipt and every pause.

    Raises:
        ItemNotOpen: An item was handed in that is not open to the applicant.
        StillMissing: An open item was left out; that it does not apply is no answer, for an officer has found it does.

    Legal source:
        61/2018/NĐ-CP, Điều 19 khoản 4.
    """

    def decide(dossier: Dossier) -> Fact:
        items = _take_open_items(dossier, command.items, acting_user=acting_user, now=now)
        due = current_due(dossier, until=now)
        apologised = _apologised_due(dossier)
        # A day that was promised in a letter of apology is not taken back by counting anew.
        again = max(due.due_at, apologised) if due.due_at and apologised else due.due_at
        _, calendar = units.work_calendar(dossier.receiving_agency_id)
        return SupplementAnswered(
            items=sorted(item.number for item in command.items),
            due_before=apologised or dossier.promised_due_at,
            legal_due_at=due.due_at,
            current_due_at=again,
            step_due_at=routing.step_due(routing.step_of(dossier), entered_at=now, calendar=calendar),
            trace=[line.text for line in due.trace],
            request_digest=request_digest(dossier, items),
        )

    return make_move(
        command.target, Action.ANSWER_SUPPLEMENT, decide, acting_user=acting_user, now=now, secret=command.secret
    )


def complete_dossier(command: CompleteDossier, *, acting_user: User | None, now: datetime) -> Dossier:
    """Send a request again that the desk wanted completed before receiving it.

    Hoàn thiện hồ sơ trước khi tiếp nhận.

    Raises:
        ItemNotOpen: An item was handed in that is not open to the applicant.
        StillMissing: An open item was left out.
    """

    def decide(dossier: Dossier) -> Fact:
        items = _take_open_items(dossier, command.items, acting_user=acting_user, now=now)
        return DossierCompleted(
            items=sorted(item.number for item in command.items),
            answer_due_at=intake_answer_due(dossier, now=now),
            request_digest=request_digest(dossier, items),
        )

    return make_move(command.target, Action.COMPLETE, decide, acting_user=acting_user, now=now, secret=command.secret)


def _apologised_due(dossier: Dossier) -> datetime | None:
    """Return the day that the last letter of apology promised; None where there was none."""
    if not dossier.extensions:
        return None
    letters = Event.objects.filter(stream=dossier.stream, name="DeadlineExtended").order_by("-sequence")
    text = letters.values_list("payload__current_due_at", flat=True).first()
    return datetime.fromisoformat(text) if text else None


def _take_open_items(
    dossier: Dossier, given: Sequence[GivenItem], *, acting_user: User | None, now: datetime
) -> list[SubmittedItem]:
    """Write what was asked for onto the checklist, close it again, and return the whole checklist."""
    rows = {row.number: row for row in dossier.items.order_by("number")}
    for item in given:
        if item.number not in rows or not rows[item.number].is_open:
            raise ItemNotOpen(rows[item.number].name if item.number in rows else str(item.number))
    there = {item.number for item in given if item.is_given}
    left_out = [row.name for row in rows.values() if row.is_open and row.number not in there]
    if left_out:
        raise StillMissing(left_out)
    items = write_items(dossier, given, acting_user=acting_user, now=now)
    SubmittedItem.objects.filter(dossier=dossier, number__in=there).update(is_open=False, mark=ItemMark.UNCHECKED)
    return items

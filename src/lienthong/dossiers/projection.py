"""The row of a dossier as the sum of its events: one small function per fact, used by every move and by every rebuild.

Services record facts and let this module change the row, so the row can never say what the events do not.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Field

from lienthong.dossiers import events
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import DossierState, Outcome
from lienthong.infra.events import EMPTY_HASH, Fact
from lienthong.infra.models import Event
from lienthong.kernel.days import local_time

# The columns that events alone decide. Everything else (who applies, what is asked) is what the applicant wrote.
PROJECTED = (
    "code", "version_id", "procedure_code", "field_code", "channel", "state", "receiving_agency_id", "agency_id",
    "agency_ids", "holder_id", "step", "step_role", "step_due_at", "calendar_id", "submitted_at", "answer_due_at",
    "received_at", "hand_over_due_at", "promised_due_at", "legal_due_at", "current_due_at", "pauses", "supplement_rounds",
    "extensions", "preparer_ids", "decided_by", "returned_by", "outcome", "finished_at", "returned_at", "sequence", "head_hash",
)  # fmt: skip

Payload = dict[str, Any]
_APPLY: dict[str, Callable[[Dossier, Payload, int | None, datetime], None]] = {}


def apply(dossier: Dossier, name: str, payload: Payload, *, actor_id: int | None, at: datetime) -> None:
    """Change the row by one fact. A fact unknown to this version is refused loudly."""
    _APPLY[name](dossier, payload, actor_id, at)


def rebuild(rows: Iterable[Event], *, onto: Dossier) -> Dossier:
    """Return ``onto`` with its projected columns computed anew from the events of its stream."""
    for name in PROJECTED:
        setattr(onto, name, _column(name).get_default())
    onto.state, onto.sequence, onto.head_hash = DossierState.DRAFT, 0, EMPTY_HASH
    for row in rows:
        apply(onto, row.name, row.payload, actor_id=row.actor_id, at=row.at)
        onto.sequence, onto.head_hash = row.sequence, row.hash
    return onto


def _column(name: str) -> "Field[Any, Any]":
    column = Dossier._meta.get_field(name.removesuffix("_id"))
    if not isinstance(column, Field):
        raise TypeError(f"{name} is no column of a dossier")
    return column


def _on(fact: type[Fact]) -> Callable[[Callable[[Dossier, Payload, int | None, datetime], None]], Callable[..., None]]:
    def register(function: Callable[[Dossier, Payload, int | None, datetime], None]) -> Callable[..., None]:
        _APPLY[fact.__name__] = function
        return function

    return register


@_on(events.DossierSubmitted)
def _submitted(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    _take_request(dossier, payload)
    dossier.state = DossierState.SUBMITTED
    dossier.submitted_at = at
    dossier.answer_due_at = _moment(payload["answer_due_at"])
    _hold(dossier, agency_id=payload["receiving_agency_id"], holder_id=None)


@_on(events.CompletionRequested)
def _completion_requested(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    dossier.state = DossierState.INCOMPLETE
    dossier.version_id = payload.get("version_id") or dossier.version_id
    dossier.answer_due_at = None


@_on(events.DossierCompleted)
def _completed(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    dossier.state = DossierState.SUBMITTED
    dossier.answer_due_at = _moment(payload["answer_due_at"])


@_on(events.DossierReceived)
def _received(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    _take_request(dossier, payload)
    dossier.state = DossierState.RECEIVED
    dossier.code = payload["code"]
    dossier.calendar_id = payload["calendar_id"]
    dossier.submitted_at = dossier.submitted_at or at
    dossier.answer_due_at = None
    dossier.received_at = at
    dossier.promised_due_at = dossier.legal_due_at = dossier.current_due_at = _moment(payload["promised_due_at"])
    dossier.hand_over_due_at = _moment(payload["hand_over_due_at"])
    _enter_step(dossier, payload["step"], payload)
    _hold(dossier, agency_id=payload["agency_id"], holder_id=payload["holder_id"])


@_on(events.IntakeRefused)
def _intake_refused(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    dossier.state = DossierState.REFUSED_INTAKE
    dossier.answer_due_at = None
    dossier.receiving_agency_id = payload["receiving_agency_id"]
    _hold(dossier, agency_id=payload["receiving_agency_id"], holder_id=None)


@_on(events.StepPassed)
def _step_passed(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    is_handed_over_by_desk = dossier.state == DossierState.RECEIVED
    if not is_handed_over_by_desk and actor_id is not None and actor_id not in dossier.preparer_ids:
        dossier.preparer_ids = [*dossier.preparer_ids, actor_id]
    dossier.state = DossierState.IN_PROGRESS
    dossier.hand_over_due_at = None
    _enter_step(dossier, payload["to_step"], payload)
    _hold(dossier, agency_id=payload["agency_id"], holder_id=None)


@_on(events.AppraisalRecorded)
def _appraised(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    """Let whoever established what the decision rests on be among those who prepared it."""
    if actor_id is not None and actor_id not in dossier.preparer_ids:
        dossier.preparer_ids = [*dossier.preparer_ids, actor_id]


@_on(events.SentBack)
def _sent_back(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    _enter_step(dossier, payload["to_step"], payload)
    _hold(dossier, agency_id=payload["agency_id"], holder_id=payload["holder_id"])


@_on(events.DossierClaimed)
@_on(events.DossierAssigned)
def _taken(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    dossier.holder_id = payload["holder_id"]


@_on(events.DossierReleased)
def _released(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    dossier.holder_id = None


@_on(events.SupplementRequested)
def _supplement_requested(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    dossier.state = DossierState.AWAITING_SUPPLEMENT
    # A time limit that had run out is stopped by no pause: it stays beside it, as it would after it.
    ran_out = dossier.legal_due_at is not None and dossier.legal_due_at <= at
    due = payload_moment(dossier.legal_due_at) if dossier.legal_due_at and ran_out else None
    pause = {"from": payload_moment(at), "until": None, "rule": payload["rule"], "due": due}
    dossier.pauses = [*dossier.pauses, pause]
    dossier.supplement_rounds = payload["round"]
    dossier.current_due_at = dossier.step_due_at = None


@_on(events.SupplementAnswered)
def _supplement_answered(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    dossier.state = DossierState.IN_PROGRESS
    dossier.legal_due_at = _moment(payload["legal_due_at"])
    due = payload_moment(dossier.legal_due_at) if dossier.legal_due_at else None
    dossier.pauses = [*dossier.pauses[:-1], {**dossier.pauses[-1], "until": payload_moment(at), "due": due}]
    dossier.current_due_at = _moment(payload["current_due_at"])
    dossier.step_due_at = _moment(payload["step_due_at"])


@_on(events.DeadlineExtended)
def _extended(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    dossier.current_due_at = _moment(payload["current_due_at"])
    dossier.extensions += 1


@_on(events.DossierApproved)
def _approved(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    _decide(dossier, Outcome.APPROVED, actor_id, at)


@_on(events.DossierRefused)
def _refused(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    _decide(dossier, Outcome.REFUSED, actor_id, at)


@_on(events.DossierStopped)
def _stopped(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    _close(dossier, DossierState.STOPPED, at)


@_on(events.DossierWithdrawn)
def _withdrawn(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    _close(dossier, DossierState.WITHDRAWN, at)


@_on(events.ResultReturned)
def _returned(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    dossier.state = DossierState.RETURNED
    dossier.returned_at = at
    dossier.returned_by = actor_id
    dossier.holder_id = None


@_on(events.DossierRated)
def _rated(dossier: Dossier, payload: Payload, actor_id: int | None, at: datetime) -> None:
    """Change nothing: what the applicant thought is kept apart from the dossier."""


def _take_request(dossier: Dossier, payload: Payload) -> None:
    for name in ("version_id", "procedure_code", "field_code", "channel", "receiving_agency_id"):
        setattr(dossier, name, payload[name])


def _enter_step(dossier: Dossier, number: int, payload: Payload) -> None:
    dossier.step = number
    dossier.step_role = payload["step_role"]
    dossier.step_due_at = _moment(payload["step_due_at"])


def _hold(dossier: Dossier, *, agency_id: int, holder_id: int | None) -> None:
    dossier.agency_id = agency_id
    dossier.holder_id = holder_id
    if agency_id not in dossier.agency_ids:
        dossier.agency_ids = [*dossier.agency_ids, agency_id]


def _decide(dossier: Dossier, outcome: Outcome, actor_id: int | None, at: datetime) -> None:
    dossier.state = DossierState.DECIDED
    dossier.outcome = outcome
    dossier.decided_by = actor_id
    dossier.finished_at = at
    dossier.step_due_at = None
    dossier.holder_id = None
    dossier.agency_id = dossier.receiving_agency_id


def _close(dossier: Dossier, state: DossierState, at: datetime) -> None:
    dossier.state = state
    dossier.finished_at = at
    dossier.holder_id = None
    dossier.step_due_at = dossier.answer_due_at = None


def payload_moment(moment: datetime) -> str:
    """Return a moment as the ISO text that is kept in JSON, in local time with its offset."""
    return local_time(moment).isoformat()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

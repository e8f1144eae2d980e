"""One dossier's life told in memory: the same verbs as the services have, each ending in the very same facts.

Nothing is checked here, for the course of a life asks only for what the law allows; that the services would have recorded
the same, and would have allowed it, is what a test proves by leading dossiers through both.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from lienthong.catalogue.definition import StepData
from lienthong.dossiers import events
from lienthong.dossiers.digests import request_digest
from lienthong.dossiers.models import Dossier, Rating, SubmittedItem
from lienthong.dossiers.services.bulk import Story, Told
from lienthong.dossiers.states import ItemMark, ReturnWay, Satisfaction
from lienthong.infra.events import Fact
from lienthong.kernel.days import local_day
from lienthong.ops.demo.law import Law, VersionFacts
from lienthong.rules.allowances import Pause


class Life:
    """A dossier that lives in memory until its story is loaded.

    Args:
        law: What the law says.
        version: The version of the procedure.
        dossier: A new row with what the applicant wrote.
    """

    def __init__(self, law: Law, version: VersionFacts, dossier: Dossier, *, code: str) -> None:
        self.law, self.version, self.dossier, self.code = law, version, dossier, code
        self.told: list[Told] = []
        self.papers: tuple[SubmittedItem, ...] = version.papers
        self.rating: Rating | None = None
        self.step: StepData = version.steps[0]
        self.agency_id: int = dossier.receiving_agency_id or 0
        self.holder_id: int | None = None
        self.due_at: datetime | None = None
        self.pauses: list[Pause] = []
        self._received_at: datetime | None = None
        self._promised: datetime | None = None
        self._who_passed: dict[int, int | None] = {}
        self._asked: list[int] = []

    def story(self) -> Story:
        """Return everything for ``load_stories``."""
        return Story(self.dossier, self.told, self.papers, self.rating)

    def submit(self, *, at: datetime) -> None:
        """Be sent online."""
        self._tell(
            events.DossierSubmitted(
                procedure_code=self.version.code,
                version_id=self.version.id,
                field_code=self.version.field_code,
                channel=self.dossier.channel,
                receiving_agency_id=self.agency_id,
                answer_due_at=self.law.intake_answer_due(at),
                request_digest=request_digest(self.dossier, self.papers),
            ),
            self.dossier.submitted_by_id,
            at,
        )

    def receive(self, *, by: int, at: datetime) -> None:
        """Be received, numbered, promised and handed over at once."""
        version, desk_id, first = self.version, self.agency_id, self.version.steps[0]
        self._received_at, (promised, trace) = at, self.law.promise(version, at)
        self.due_at = self._promised = promised
        received = events.DossierReceived(
            code=self.code,
            procedure_code=version.code,
            version_id=version.id,
            field_code=version.field_code,
            channel=self.dossier.channel,
            receiving_agency_id=desk_id,
            calendar_id=self.law.calendar_id,
            promised_due_at=promised,
            hand_over_due_at=self.law.hand_over_due(at),
            step=first.number,
            step_role=first.role,
            step_due_at=self.law.step_due(first, at),
            agency_id=desk_id,
            holder_id=by,
            trace=list(trace),
            request_digest=request_digest(self.dossier, self.papers),
        )
        self._tell(received, by, at)
        self.pass_on(by=by, at=at)

    def refuse_intake(self, *, reason: str, by: int, at: datetime) -> None:
        """Be refused at the desk."""
        self._tell(events.IntakeRefused(reason=reason, receiving_agency_id=self.agency_id), by, at)

    def claim(self, *, by: int, at: datetime) -> None:
        """Be taken out of the queue."""
        self._tell(events.DossierClaimed(holder_id=by), by, at)
        self.holder_id = by

    def pass_on(self, *, by: int, at: datetime, proposal: str = "") -> None:
        """Go to the next step."""
        left, self.step = self.step, self._step_after(self.step)
        self.agency_id = self._agency_for(self.step, at)
        self._tell(
            events.StepPassed(
                from_step=left.number,
                to_step=self.step.number,
                to_name=self.step.name,
                step_role=self.step.role,
                agency_id=self.agency_id,
                step_due_at=self.law.step_due(self.step, at),
                proposal=proposal,
            ),
            by,
            at,
        )
        self._who_passed[left.number] = by
        self.holder_id = None

    def send_back(self, *, reason: str, by: int, at: datetime) -> None:
        """Go back to the step before, to whoever had done it."""
        left = self.step
        self.step = [step for step in self.version.steps if step.number < left.number][-1]
        self.agency_id = self._agency_for(self.step, at)
        self.holder_id = self._who_passed.get(self.step.number)
        self._tell(
            events.SentBack(
                from_step=left.number,
                to_step=self.step.number,
                step_role=self.step.role,
                agency_id=self.agency_id,
                holder_id=self.holder_id,
                step_due_at=self.law.step_due(self.step, at),
                reason=reason,
            ),
            by,
            at,
        )

    def ask(self, *, items: Sequence[int], comment: str, reason: str, by: int, at: datetime) -> None:
        """Wait for the applicant, the clock standing."""
        rule = self.version.supplement_rule
        fact = events.SupplementRequested(
            items=sorted(items), reason=reason, round=len(self.pauses) + 1, rule=rule.value
        )
        self._tell(fact, by, at)
        self._asked = sorted(items)
        self.pauses.append(Pause(start=at, end=None, rule=rule))
        self._mark(mark=ItemMark.WRONG, comment=comment, is_open=True)
        self.due_at = None

    def answer(self, *, at: datetime) -> None:
        """Get everything that was asked for; the clock goes on."""
        assert self._received_at is not None
        self.pauses[-1] = Pause(start=self.pauses[-1].start, end=at, rule=self.pauses[-1].rule)
        self.due_at, trace = self.law.current_due(self.version, self._received_at, self.pauses)
        fact = events.SupplementAnswered(
            items=self._asked,
            due_before=self._promised,
            legal_due_at=self.due_at,
            current_due_at=self.due_at,
            step_due_at=self.law.step_due(self.step, at),
            trace=list(trace),
            request_digest=request_digest(self.dossier, self.papers),
        )
        self._mark(mark=ItemMark.UNCHECKED, is_open=False)
        self._tell(fact, self.dossier.submitted_by_id, at)

    def extend(self, *, new_day: date, reason: str, document: str, by: int, at: datetime) -> None:
        """Be promised for a later day, with an apology."""
        assert self.due_at is not None
        new_due_at = self.law.calendar.closing_at(new_day)
        fact = events.DeadlineExtended(
            due_before=self.due_at, current_due_at=new_due_at, reason=reason, document=document
        )
        self._tell(fact, by, at)
        self.due_at = new_due_at

    def approve(self, *, number: str, by: int, at: datetime) -> None:
        """Be granted."""
        self._tell(events.DossierApproved(document_number=number), by, at)

    def refuse(self, *, reason: str, number: str, by: int, at: datetime) -> None:
        """Be refused, in writing."""
        self._tell(events.DossierRefused(reason=reason, document_number=number), by, at)

    def stop(self, *, reason: str, by: int, at: datetime) -> None:
        """Be stopped."""
        self._tell(events.DossierStopped(reason=reason), by, at)

    def withdraw(self, *, reason: str, by: int, at: datetime) -> None:
        """Be taken back."""
        self._tell(events.DossierWithdrawn(reason=reason), by, at)

    def return_result(self, *, by: int, at: datetime) -> None:
        """Be handed over."""
        way = ReturnWay(self.dossier.return_way)
        self._tell(events.ResultReturned(way=way.value, recipient=self.dossier.applicant_name), by, at)

    def rate(self, *, level: Satisfaction, trips: int, comment: str, at: datetime) -> None:
        """Be rated by the applicant."""
        self.rating = Rating(level=level.value, trips=trips, comment=comment, rated_at=at)
        self._tell(events.DossierRated(), self.dossier.submitted_by_id, at)

    def _tell(self, fact: Fact, by: int | None, at: datetime) -> None:
        self.told.append(Told(fact, by, at))

    def _step_after(self, step: StepData) -> StepData:
        return next(one for one in self.version.steps if one.number > step.number)

    def _agency_for(self, step: StepData, at: datetime) -> int:
        unit_id, desk_id = self.dossier.unit_id, self.dossier.receiving_agency_id
        assert unit_id is not None and desk_id is not None
        return self.law.agency_for(
            step, field_code=self.version.field_code, desk_id=desk_id, unit_id=unit_id, on=local_day(at)
        )

    def _mark(self, **columns: Any) -> None:
        """Change the papers that were asked for; those of the version itself stay as they are."""
        self.papers = tuple(_changed(one, columns) if one.number in self._asked else one for one in self.papers)


def _changed(paper: SubmittedItem, columns: dict[str, Any]) -> SubmittedItem:
    known = {name: value for name, value in paper.__dict__.items() if name != "_state"}
    return SubmittedItem(**{**known, **columns})

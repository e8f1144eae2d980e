"""Invented stories of dossiers: real procedures, real steps, exact time limits; only people and events are made up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.definition import StepData
from lienthong.catalogue.models import ProcedureVersion
from lienthong.catalogue.states import StepKind
from lienthong.dossiers import events, handlers
from lienthong.dossiers.models import Dossier, Rating
from lienthong.dossiers.services.bulk import Story, Told
from lienthong.dossiers.services.request import CODE_ALPHABET, SECRET_LENGTH
from lienthong.dossiers.states import ReturnWay, Satisfaction
from lienthong.infra.events import Fact
from lienthong.kernel.days import local_day, local_moment
from lienthong.kernel.text import fold
from lienthong.ops.demo import law
from lienthong.ops.demo.staff import Staff
from lienthong.rules.deadlines import Pause, PauseRule, due_at, hand_over_due
from lienthong.rules.parameters import load_parameter
from lienthong.rules.working_time import WorkCalendar
from lienthong.units.models import AdministrativeUnit, Agency

OPENS, CLOSES = time(8, 0), time(16, 30)
A_WHILE, LONG_AGO = timedelta(minutes=12), timedelta(days=30)
CLAIMED_SHARE, SENT_BACK_SHARE, APOLOGY_SHARE, RETURNED_SHARE = 0.5, 0.02, 0.7, 0.9
REFUSED_AT_INTAKE_SHARE = 0.012
ANSWERS = {
    "deceased_name": "Người chết trong dữ liệu minh họa",
    "circumstance": "assistance",
    "arranged_funeral": "yes",
    "other_support": "0",
}


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks: an invented person or firm."""

    name: str
    number: str
    phone: str
    address: str
    person_id: int | None = None
    organization_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One dossier to invent: which procedure, where, by whom, when, and whether it came online."""

    version: ProcedureVersion
    desk: Agency
    unit: AdministrativeUnit
    applicant: Applicant
    received_at: datetime
    is_online: bool
    submitted_by: int | None = None


@dataclass
class Teller:
    """Tells one story after another, each complete up to ``now``.

    Args:
        staff: Who does the steps.
        now: Nothing happens after it.
        seed: The same seed tells the same stories.
        calendar: The working calendar of the province with the id of its version.
    """

    staff: Staff
    now: datetime
    seed: int
    calendar_id: int
    calendar: WorkCalendar
    _numbers: dict[tuple[str, date], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng([self.seed, 11])

    def tell(self, wishes: Sequence[Wish]) -> Iterator[Story]:
        """Tell the stories in the order of receipt, so that numbers follow time."""
        for wish in sorted(wishes, key=lambda one: one.received_at):
            yield self._story(wish)

    def _story(self, wish: Wish) -> Story:
        dossier = self._dossier(wish)
        told = list(self._beginning(wish, dossier))
        items = [law.submitted(item) for item in law.items_of(wish.version.pk)]
        rating = None
        if wish.is_online and self.rng.random() < REFUSED_AT_INTAKE_SHARE and not self._is_counted(wish):
            reason = "Không thuộc thẩm quyền giải quyết của cơ quan này"
            refused = events.IntakeRefused(reason=reason, receiving_agency_id=wish.desk.pk)
            told.append(Told(refused, self.staff.officer("receiver", wish.desk.pk), wish.received_at))
        elif wish.received_at <= self.now:
            told += self._course(wish, dossier)
        told = [line for line in told if line.at <= self.now]
        if told and told[-1].fact.__class__ is events.ResultReturned and self.rng.random() < 0.4:
            rated_at = told[-1].at + timedelta(hours=int(self.rng.integers(1, 60)))
            if rated_at <= self.now:
                told.append(Told(events.DossierRated(), wish.submitted_by, rated_at))
                rating = self._rating(rated_at)
        return Story(dossier=dossier, told=told, items=items, rating=rating)

    def _is_counted(self, wish: Wish) -> bool:
        """Whether the dossier is one of those that were reported as received in 2022."""
        return local_day(wish.received_at).year != local_day(self.now).year

    def _dossier(self, wish: Wish) -> Dossier:
        version, applicant = wish.version, wish.applicant
        handler = handlers.for_procedure(version.procedure.code)
        answers: dict[str, Any] = {}
        if handler.questions():
            died_on = local_day(wish.received_at) - timedelta(days=int(self.rng.integers(3, 40)))
            answers = {**ANSWERS, "died_on": died_on.isoformat()}
        created = wish.received_at - timedelta(hours=20 if wish.is_online else 0)
        return Dossier(
            public_id=UUID(bytes=self.rng.bytes(16), version=4),
            secret="".join(CODE_ALPHABET[place] for place in self.rng.integers(0, len(CODE_ALPHABET), SECRET_LENGTH)),
            version=version,
            procedure_code=version.procedure.code,
            field_code=version.procedure.field.code,
            channel="online" if wish.is_online else "counter",
            receiving_agency=wish.desk,
            unit=wish.unit,
            person_id=applicant.person_id,
            organization_id=applicant.organization_id,
            submitted_by_id=wish.submitted_by,
            applicant_name=applicant.name,
            applicant_key=fold(applicant.name),
            applicant_number=applicant.number,
            applicant_phone=applicant.phone,
            applicant_address=applicant.address,
            answers=answers,
            return_way="online" if wish.is_online and self.rng.random() < 0.5 else "counter",
            created_at=created,
            updated_at=created,
        )

    def _beginning(self, wish: Wish, dossier: Dossier) -> Iterator[Told]:
        if not wish.is_online:
            return
        sent = wish.received_at - timedelta(hours=int(self.rng.integers(1, 20)), minutes=int(self.rng.integers(0, 60)))
        hours = load_parameter("working_time/intake:online_answer").value_on(local_day(sent))
        answer = due_at(start=sent, allowance=law.hours(hours), calendar=self.calendar).due_at or sent
        fact = events.DossierSubmitted(
            procedure_code=dossier.procedure_code,
            version_id=wish.version.pk,
            field_code=dossier.field_code,
            channel="online",
            receiving_agency_id=wish.desk.pk,
            answer_due_at=answer,
        )
        yield Told(fact, wish.submitted_by, sent)

    def _course(self, wish: Wish, dossier: Dossier) -> list[Told]:
        """Tell what happened from the receipt to the return."""
        rng, steps, desk = self.rng, catalogue.steps_of(wish.version.pk), wish.desk
        receiver = self.staff.officer("receiver", desk.pk)
        promised, trace = law.promise_of(wish.version.pk, wish.received_at, self.calendar)
        told = [Told(self._received(wish, steps[0], receiver, promised, trace), receiver, wish.received_at)]
        if rng.random() < 0.02:
            fact = events.DossierWithdrawn(reason="Người nộp đổi ý")
            return [*told, Told(fact, receiver, self._later(wish.received_at, 1))]
        finish = self._finish(wish.received_at, promised)
        middle = [step for step in steps[1:] if step.kind != StepKind.RETURN]
        moments = self._between(wish.received_at, finish, len(middle))
        doer, before = receiver, steps[0]
        for place, step in enumerate(middle):
            at = moments[place] if place == 0 else max(self._in_office(moments[place]), told[-1].at + A_WHILE)
            agency_id = law.agency_for(
                step.place, step.agency_level, dossier.field_code, desk.pk, wish.unit, local_day(at)
            )
            proposal = "Đề nghị phê duyệt" if step.kind == StepKind.DECIDE else ""
            passed = events.StepPassed(
                from_step=before.number,
                to_step=step.number,
                to_name=step.name,
                step_role=step.role,
                agency_id=agency_id,
                step_due_at=law.step_due(step, at, self.calendar),
                proposal=proposal,
            )
            told.append(Told(passed, doer, at))
            doer, before = self.staff.officer(step.role, agency_id), step
            if place == 0 and rng.random() < 0.08:
                more, delay = self._supplement(wish, step, doer, at, promised)
                told += more
                moments = [one if one <= at else one + delay for one in moments]
                finish += delay
            if rng.random() < CLAIMED_SHARE:
                told.append(Told(events.DossierClaimed(holder_id=doer), doer, told[-1].at + A_WHILE))
            if step.kind == StepKind.DECIDE and rng.random() < SENT_BACK_SHARE:
                told += self._back_and_forth(told, step, doer)
        finish = max(self._in_office(finish), told[-1].at + A_WHILE)
        told += self._apology(promised, finish, doer)
        told.append(Told(self._decision(wish), doer, max(finish, told[-1].at + A_WHILE)))
        finish = told[-1].at
        if finish < self.now - LONG_AGO or rng.random() < RETURNED_SHARE:
            at = self._later(finish, int(rng.integers(0, 4)))
            returned = events.ResultReturned(way=ReturnWay(dossier.return_way).value, recipient=dossier.applicant_name)
            told.append(Told(returned, receiver, max(at, finish + timedelta(minutes=15))))
        return told

    def _back_and_forth(self, told: list[Told], step: StepData, decider: int) -> list[Told]:
        """Tell that the decider wanted something mended, and that it came back the same way."""
        came = next(line for line in reversed(told) if isinstance(line.fact, events.StepPassed))
        passed = came.fact
        before = next(line.fact for line in reversed(told) if line.at < came.at and hasattr(line.fact, "step_role"))
        at = self._in_office(told[-1].at + timedelta(hours=2))
        back = events.SentBack(
            from_step=step.number,
            to_step=passed.from_step,
            step_role=before.step_role,
            agency_id=before.agency_id,
            holder_id=came.actor_id,
            step_due_at=None,
            reason="Dự thảo kết quả thiếu căn cứ, đề nghị bổ sung",
        )
        at = max(at, told[-1].at + A_WHILE)
        return [Told(back, decider, at), Told(passed, came.actor_id, self._later(at, 1))]

    def _apology(self, promised: datetime | None, finish: datetime, decider: int) -> list[Told]:
        """Tell, for most of what will be late, that the office apologised in time and promised another day."""
        if promised is None or local_day(finish) <= local_day(promised) or self.rng.random() > APOLOGY_SHARE:
            return []
        at = self._in_office(local_moment(local_day(promised) - timedelta(days=2), CLOSES))
        return [
            Told(
                events.DeadlineExtended(
                    due_before=promised,
                    current_due_at=self.calendar.closing_at(local_day(finish)),
                    reason="Cần xác minh thêm tại cơ sở",
                    document="12/PXL",
                ),
                decider,
                at,
            )
        ]

    def _received(
        self, wish: Wish, first: StepData, receiver: int, promised: datetime | None, trace: tuple[str, ...]
    ) -> Fact:
        return events.DossierReceived(
            code=self._code(wish.desk, local_day(wish.received_at)),
            procedure_code=wish.version.procedure.code,
            version_id=wish.version.pk,
            field_code=wish.version.procedure.field.code,
            channel="online" if wish.is_online else "counter",
            receiving_agency_id=wish.desk.pk,
            calendar_id=self.calendar_id,
            promised_due_at=promised,
            hand_over_due_at=hand_over_due(wish.received_at, self.calendar),
            step=first.number,
            step_role=first.role,
            step_due_at=law.step_due(first, wish.received_at, self.calendar),
            agency_id=wish.desk.pk,
            holder_id=receiver,
            trace=list(trace),
        )

    def _supplement(
        self, wish: Wish, step: StepData, doer: int, at: datetime, promised: datetime | None
    ) -> tuple[list[Told], timedelta]:
        """Tell that something was asked for and answered some days later, and how long everything was delayed by it."""
        asked = self._in_office(at + timedelta(hours=3))
        answered = self._later(asked, int(self.rng.integers(2, 7)))
        rule = PauseRule(wish.version.supplement_rule)
        pauses = (Pause(start=asked, end=answered, rule=rule),)
        allowance = law.allowance_of(wish.version.pk)
        due = (
            due_at(start=wish.received_at, allowance=allowance, calendar=self.calendar, pauses=pauses)
            if allowance
            else None
        )
        asking = events.SupplementRequested(
            items=[1], reason="Tờ khai thiếu chữ ký của người đề nghị", round=1, rule=rule.value
        )
        answer = events.SupplementAnswered(
            items=[1],
            due_before=promised,
            current_due_at=due.due_at if due else None,
            step_due_at=law.step_due(step, answered, self.calendar),
            trace=[line.text for line in due.trace] if due else [],
        )
        return [Told(asking, doer, asked), Told(answer, wish.submitted_by, answered)], answered - at

    def _decision(self, wish: Wish) -> Fact:
        number = f"{int(self.rng.integers(100, 4000))}/QĐ-UBND"
        if self.rng.random() < 0.04:
            return events.DossierRefused(reason="Chưa đủ điều kiện theo quy định", document_number=number)
        return events.DossierApproved(document_number=number)

    def _finish(self, received: datetime, promised: datetime | None) -> datetime:
        """Return when it will be settled: mostly before the promised day, often on it, seldom late."""
        day = local_day(promised) if promised else local_day(received) + timedelta(days=3)
        luck = self.rng.random()
        if luck < 0.72:
            span = max((day - local_day(received)).days, 1)
            day -= timedelta(days=int(self.rng.integers(1, max(2, span // 2 + 1))))
        elif luck > 0.965:
            day += timedelta(days=int(self.rng.integers(1, 6)))
        return max(
            self._in_office(local_moment(max(day, local_day(received)), CLOSES)), received + timedelta(minutes=45)
        )

    def _between(self, start: datetime, finish: datetime, count: int) -> list[datetime]:
        """Return moments for the steps: the first at once, the others spread up to the end."""
        span = (finish - start) / (count + 1)
        moments = [start]
        for number in range(1, count):
            moments.append(max(self._in_office(start + span * number), moments[-1] + timedelta(minutes=10)))
        return moments

    def _later(self, moment: datetime, days: int) -> datetime:
        later = self._in_office(moment + timedelta(days=days))
        return later if later > moment else moment + timedelta(minutes=15)

    def _in_office(self, moment: datetime) -> datetime:
        """Return a moment at which somebody is at work, on or before the given one where the day is off."""
        day = local_day(moment)
        while not self.calendar.is_working_day(day):
            day -= timedelta(days=1)
        opens, closes = local_moment(day, OPENS), local_moment(day, CLOSES)
        return min(max(moment, opens), closes) if day == local_day(moment) else closes

    def _code(self, desk: Agency, day: date) -> str:
        prefix = desk.legal_code or desk.code
        number = self._numbers[prefix, day] = self._numbers.get((prefix, day), 0) + 1
        return f"{prefix}-{day:%y%m%d}-{number:04d}"

    def _rating(self, at: datetime) -> Rating:
        level = self.rng.choice(Satisfaction.values, p=[0.46, 0.38, 0.1, 0.04, 0.02])
        return Rating(level=level, trips=int(self.rng.integers(0, 3)), comment="", rated_at=at)

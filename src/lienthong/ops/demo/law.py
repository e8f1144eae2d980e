"""What the law says of an invented story, asked of the catalogue and the register of agencies once and then remembered."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.definition import StepData
from lienthong.catalogue.models import ProcedureVersion, RequiredItem
from lienthong.catalogue.states import ApplicantKind, StepPlace, VersionStatus
from lienthong.dossiers import handlers, routing
from lienthong.dossiers.models import SubmittedItem
from lienthong.dossiers.services import GivenItem
from lienthong.dossiers.services.request import needed_in_every_case, needed_in_some_cases
from lienthong.dossiers.states import ItemMark
from lienthong.kernel.days import local_day, local_moment
from lienthong.ops.demo.hours import Hours
from lienthong.rules.allowances import Allowance, Pause, PauseRule, Unit
from lienthong.rules.deadlines import due_at
from lienthong.rules.parameters import load_parameter
from lienthong.rules.timeliness import hand_over_due
from lienthong.rules.working_time import WorkCalendar
from lienthong.units import queries as units
from lienthong.units.models import Agency
from lienthong.units.states import AgencyLevel

Promise = tuple[datetime | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFacts:
    """A version of a procedure as far as stories need it."""

    id: int
    code: str
    field_code: str
    valid_from: date
    valid_until: date | None
    receiving_level: str
    for_citizens: bool
    is_online: bool
    online_level_then: int | None
    has_questions: bool
    allowance: tuple[Allowance, ...]
    supplement_rule: PauseRule
    steps: tuple[StepData, ...]
    papers: tuple[SubmittedItem, ...]

    @property
    def reaches_the_province(self) -> bool:
        """Whether an agency of the province does one of the steps."""
        return any(step.agency_level == AgencyLevel.PROVINCE for step in self.steps)

    @property
    def first_paper(self) -> int:
        """Number of the first paper that is handed in."""
        return next((paper.number for paper in self.papers if paper.is_given), 1)

    def as_handed_in(self) -> list[GivenItem]:
        """Return the papers as a complete request brings them through the services."""
        return [
            GivenItem(
                number=paper.number,
                originals=paper.originals,
                copies=paper.copies,
                is_not_applicable=paper.is_not_applicable,
            )
            for paper in self.papers
            if paper.is_given or paper.is_not_applicable
        ]


@dataclass
class Law:
    """Answers for the stories of a province.

    Args:
        calendar_id: The calendar that every desk follows.
        calendar: What it says.
    """

    calendar_id: int
    calendar: WorkCalendar
    _promises: dict[tuple[int, date], Promise] = field(default_factory=dict)
    _hand_overs: dict[tuple[date, bool], datetime] = field(default_factory=dict)
    _competent: dict[tuple[str, str, int, date], int] = field(default_factory=dict)

    @classmethod
    def of_the_province(cls) -> "Law":
        """Return the law with the calendar that holds now."""
        return cls(*units.work_calendar(None))

    @cached_property
    def versions(self) -> dict[int, VersionFacts]:
        """Every published version that an agency of ours settles, by its id."""
        found = catalogue.with_parts(ProcedureVersion.objects.filter(status=VersionStatus.PUBLISHED, handled_by=""))
        return {version.pk: _facts_of(version) for version in found.order_by("procedure__code", "valid_from")}

    @cached_property
    def agencies(self) -> dict[int, Agency]:
        """Every agency with its place, by its id."""
        return Agency.objects.select_related("unit").in_bulk()

    def promise(self, version: VersionFacts, received_at: datetime) -> Promise:
        """Return the promise of a receipt with its trace."""
        if not version.allowance:
            return None, ()
        if version.allowance[0].unit is Unit.WORKING_HOUR or version.allowance[0].amount == 0:
            return self._promise(version, received_at)
        key = version.id, local_day(received_at)
        if key not in self._promises:
            # Days are counted from the day after, so that every dossier of a day is promised the same.
            self._promises[key] = self._promise(version, local_moment(key[1]))
        return self._promises[key]

    def current_due(self, version: VersionFacts, received_at: datetime, pauses: Sequence[Pause]) -> Promise:
        """Return when a dossier is due after its pauses, with the trace."""
        if not version.allowance:
            return None, ()
        due = due_at(start=received_at, allowance=version.allowance, calendar=self.calendar, pauses=pauses)
        return due.due_at, tuple(line.text for line in due.trace)

    def hand_over_due(self, received_at: datetime) -> datetime:
        """Return by when a desk hands a dossier on; the answer changes at one hour of the day only."""
        day = local_day(received_at)
        hour = load_parameter("working_time/intake:hand_over_hour").value_on(day)
        key = day, received_at > local_moment(day).replace(hour=hour)
        if key not in self._hand_overs:
            self._hand_overs[key] = hand_over_due(received_at, self.calendar)
        return self._hand_overs[key]

    def intake_answer_due(self, sent_at: datetime) -> datetime:
        """Return until when the desk answers a request that was sent online."""
        hours = load_parameter("working_time/intake:online_answer").value_on(local_day(sent_at))
        return self._hours.worked_after(sent_at, 60 * hours)

    def step_due(self, step: StepData, entered_at: datetime) -> datetime | None:
        """Return when a step should be done."""
        if step.allowance is not None and step.allowance.unit is Unit.WORKING_HOUR and step.allowance.amount:
            return self._hours.worked_after(entered_at, 60 * step.allowance.amount)
        return routing.step_due(step, entered_at=entered_at, calendar=self.calendar)

    def agency_for(self, step: StepData, *, field_code: str, desk_id: int, unit_id: int, on: date) -> int:
        """Return the id of the agency that does a step on a day."""
        if step.place == StepPlace.RECEIVING:
            return desk_id
        since = self._days_of_change[bisect_right(self._days_of_change, on) - 1]
        key = step.agency_level, field_code, unit_id, since
        if key not in self._competent:
            self._competent[key] = units.competent_agency_id(
                field_code=field_code, level=AgencyLevel(step.agency_level), unit_id=unit_id, on=on
            )
        return self._competent[key]

    def learn(self, version_id: int, *, desk_id: int, unit_id: int, first: date, until: date) -> None:
        """Remember who does the steps of a version, for a desk and a place, on all days of a span."""
        version = self.versions[version_id]
        days = {first, *(day for day in self._days_of_change if first < day <= until)}
        for step in version.steps:
            for day in days:
                self.agency_for(step, field_code=version.field_code, desk_id=desk_id, unit_id=unit_id, on=day)

    def code_prefix(self, desk_id: int) -> str:
        """Return how the numbers of a desk begin."""
        desk = self.agencies[desk_id]
        return desk.legal_code or desk.code

    def _promise(self, version: VersionFacts, start: datetime) -> Promise:
        return self.current_due(version, start, ())

    @cached_property
    def _hours(self) -> Hours:
        """The line of working minutes, on which hours are counted by one look instead of day by day."""
        return Hours(self.calendar, first=date(2021, 1, 1), until=date(2040, 12, 31))

    @cached_property
    def _days_of_change(self) -> list[date]:
        """The days on which any agency began: between two of them, who is competent does not change."""
        return sorted({agency.valid_from for agency in self.agencies.values()})


def _facts_of(version: ProcedureVersion) -> VersionFacts:
    return VersionFacts(
        id=version.pk,
        code=version.procedure.code,
        field_code=version.procedure.field.code,
        valid_from=version.valid_from,
        valid_until=version.valid_until,
        receiving_level=version.receiving_level,
        for_citizens=ApplicantKind.CITIZEN in version.applicants,
        is_online="online" in version.channels,
        online_level_then=version.online_level_then,
        has_questions=bool(handlers.for_procedure(version.procedure.code).questions()),
        allowance=catalogue.allowance_of(version),
        supplement_rule=PauseRule(version.supplement_rule),
        steps=catalogue.steps_of(version.pk),
        papers=_handed_in(version),
    )


def _handed_in(version: ProcedureVersion) -> tuple[SubmittedItem, ...]:
    """Return the checklist as a complete request gives it; where the law asks for nothing outright, its first paper.

    No invented case is one of those that need a paper more.
    """
    papers = [_paper(item) for item in version.items.all()]
    if papers and not any(paper.is_given for paper in papers):
        papers[0].is_given, papers[0].copies, papers[0].is_not_applicable = True, 1, False
    return tuple(papers)


def _paper(item: RequiredItem) -> SubmittedItem:
    given = needed_in_every_case(item)
    return SubmittedItem(
        number=item.number,
        name=item.name,
        originals=item.originals if given else 0,
        copies=max(item.copies, 0 if item.originals else 1) if given else 0,
        is_given=given,
        is_not_applicable=needed_in_some_cases(item),
        mark=ItemMark.UNCHECKED.value,
    )

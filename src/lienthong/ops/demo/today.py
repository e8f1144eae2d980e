"""What lies on the desks this morning, told by the services themselves: every list has something in it that can be worked on.

Everything happened before today began; nothing lies in the future of whoever starts the house early.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum, auto
from random import Random

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.catalogue.states import StepKind
from lienthong.dossiers.services import Applicant as RequestApplicant
from lienthong.dossiers.services import Request
from lienthong.dossiers.states import Satisfaction
from lienthong.kernel.days import local_day, local_moment
from lienthong.ops.demo import course
from lienthong.ops.demo.applicants import Applicant, Applicants
from lienthong.ops.demo.hours import Hours
from lienthong.ops.demo.law import Law, VersionFacts
from lienthong.ops.demo.staff import Staff
from lienthong.ops.demo.verbs import Verbs
from lienthong.ops.demo.wishes import answers_of

FUNERAL, CARD, ALLOWANCE = "1.001731", "1.001653", "1.001776"
PERMIT, RENEWAL, UNEMPLOYMENT = "1.014199", "1.014201", "1.001978"
EVENING = time(20, 15)
BETWEEN = (12, 40)
LONGEST_AGO = 150
# The next move of a dossier comes within this part of the time that is left until this morning.
PART_OF_THE_TIME_LEFT = 5


class Who(Enum):
    """Who asks: the citizen or the firm of the demo, or anybody else."""

    CITIZEN = auto()
    FIRM = auto()
    NEIGHBOUR = auto()
    OTHER_FIRM = auto()


class Stage(Enum):
    """How far it has come."""

    DRAFT = auto()
    SUBMITTED = auto()
    INCOMPLETE = auto()
    QUEUE = auto()
    CLAIMED = auto()
    REVIEW = auto()
    TO_DECIDE = auto()
    SENT_BACK = auto()
    EXTENDED = auto()
    AWAITING = auto()
    WITHDRAWN = auto()
    REFUSED = auto()
    DECIDED = auto()
    RETURNED = auto()
    RATED = auto()


@dataclass(frozen=True, slots=True)
class Scene:
    """One dossier of this morning. ``due_in`` counts working days from today to the day it is due."""

    code: str
    who: Who
    stage: Stage
    due_in: int = 4
    is_online: bool = False


AT_THE_COMMUNE = (
    Scene(FUNERAL, Who.CITIZEN, Stage.SUBMITTED, is_online=True),
    Scene(CARD, Who.CITIZEN, Stage.INCOMPLETE, is_online=True),
    Scene(ALLOWANCE, Who.CITIZEN, Stage.AWAITING, is_online=True),
    Scene(ALLOWANCE, Who.CITIZEN, Stage.TO_DECIDE, 3, is_online=True),
    Scene(CARD, Who.CITIZEN, Stage.RETURNED, 0, is_online=True),
    Scene(FUNERAL, Who.CITIZEN, Stage.DRAFT, is_online=True),
    Scene(FUNERAL, Who.NEIGHBOUR, Stage.QUEUE, 0),
    Scene(CARD, Who.NEIGHBOUR, Stage.QUEUE, 1),
    Scene(ALLOWANCE, Who.NEIGHBOUR, Stage.QUEUE, 7),
    Scene(CARD, Who.NEIGHBOUR, Stage.QUEUE, -1),
    Scene(ALLOWANCE, Who.NEIGHBOUR, Stage.CLAIMED, 2),
    Scene(CARD, Who.NEIGHBOUR, Stage.TO_DECIDE, 0),
    Scene(FUNERAL, Who.NEIGHBOUR, Stage.TO_DECIDE, 1),
    Scene(ALLOWANCE, Who.NEIGHBOUR, Stage.TO_DECIDE, -2),
    Scene(FUNERAL, Who.NEIGHBOUR, Stage.SENT_BACK, 2),
    Scene(ALLOWANCE, Who.NEIGHBOUR, Stage.EXTENDED, 1),
    Scene(ALLOWANCE, Who.NEIGHBOUR, Stage.AWAITING),
    Scene(FUNERAL, Who.NEIGHBOUR, Stage.DECIDED, 2),
    Scene(CARD, Who.NEIGHBOUR, Stage.DECIDED, 1),
    Scene(CARD, Who.NEIGHBOUR, Stage.REFUSED, 2),
    Scene(FUNERAL, Who.NEIGHBOUR, Stage.WITHDRAWN, 2),
    Scene(FUNERAL, Who.NEIGHBOUR, Stage.RATED, 1),
    Scene(ALLOWANCE, Who.CITIZEN, Stage.DRAFT, is_online=True),
    Scene(ALLOWANCE, Who.NEIGHBOUR, Stage.QUEUE, 0),
    Scene(ALLOWANCE, Who.NEIGHBOUR, Stage.CLAIMED, 0),
    Scene(ALLOWANCE, Who.NEIGHBOUR, Stage.CLAIMED, -1),
    Scene(FUNERAL, Who.NEIGHBOUR, Stage.TO_DECIDE, 0),
    Scene(CARD, Who.NEIGHBOUR, Stage.TO_DECIDE, -1),
    Scene(ALLOWANCE, Who.NEIGHBOUR, Stage.EXTENDED, -1),
    Scene(ALLOWANCE, Who.NEIGHBOUR, Stage.EXTENDED, -6),
    Scene(FUNERAL, Who.NEIGHBOUR, Stage.AWAITING),
    Scene(ALLOWANCE, Who.NEIGHBOUR, Stage.DECIDED, 0),
)
AT_THE_PROVINCE = (
    Scene(PERMIT, Who.FIRM, Stage.SUBMITTED, is_online=True),
    Scene(RENEWAL, Who.FIRM, Stage.AWAITING, is_online=True),
    Scene(PERMIT, Who.FIRM, Stage.REVIEW, 2, is_online=True),
    Scene(PERMIT, Who.FIRM, Stage.DECIDED, 1, is_online=True),
    Scene(PERMIT, Who.FIRM, Stage.DRAFT, is_online=True),
    Scene(PERMIT, Who.OTHER_FIRM, Stage.QUEUE, 0),
    Scene(RENEWAL, Who.OTHER_FIRM, Stage.QUEUE, -1),
    Scene(UNEMPLOYMENT, Who.NEIGHBOUR, Stage.QUEUE, 6),
    Scene(PERMIT, Who.OTHER_FIRM, Stage.CLAIMED, 1),
    Scene(PERMIT, Who.OTHER_FIRM, Stage.REVIEW, 0),
    Scene(UNEMPLOYMENT, Who.NEIGHBOUR, Stage.REVIEW, 2),
    Scene(RENEWAL, Who.OTHER_FIRM, Stage.TO_DECIDE, 0),
    Scene(PERMIT, Who.OTHER_FIRM, Stage.TO_DECIDE, 2),
    Scene(PERMIT, Who.OTHER_FIRM, Stage.TO_DECIDE, -1),
    Scene(PERMIT, Who.OTHER_FIRM, Stage.SENT_BACK, 1),
    Scene(UNEMPLOYMENT, Who.NEIGHBOUR, Stage.EXTENDED, 1),
    Scene(PERMIT, Who.OTHER_FIRM, Stage.AWAITING),
    Scene(RENEWAL, Who.OTHER_FIRM, Stage.DECIDED, 1),
    Scene(UNEMPLOYMENT, Who.NEIGHBOUR, Stage.RATED, 1),
    Scene(RENEWAL, Who.FIRM, Stage.DRAFT, is_online=True),
    Scene(RENEWAL, Who.OTHER_FIRM, Stage.QUEUE, 0),
    Scene(PERMIT, Who.OTHER_FIRM, Stage.CLAIMED, 0),
    Scene(PERMIT, Who.OTHER_FIRM, Stage.CLAIMED, -1),
    Scene(PERMIT, Who.OTHER_FIRM, Stage.REVIEW, -1),
    Scene(RENEWAL, Who.OTHER_FIRM, Stage.TO_DECIDE, -3),
    Scene(PERMIT, Who.OTHER_FIRM, Stage.EXTENDED, -1),
    Scene(UNEMPLOYMENT, Who.NEIGHBOUR, Stage.EXTENDED, -6),
    Scene(RENEWAL, Who.OTHER_FIRM, Stage.AWAITING),
    Scene(PERMIT, Who.OTHER_FIRM, Stage.DECIDED, 0),
)


@dataclass
class Today:
    """Plays the scenes of one morning.

    Args:
        now: The beginning of today.
        neighbours: The first and the last place of the people of the demo commune in the list of applicants.
    """

    law: Law
    hours: Hours
    staff: Staff
    applicants: Applicants
    citizen: User
    firm: User
    now: datetime
    luck: Random
    commune_id: int
    neighbours: tuple[int, int]

    def play(self, scenes: tuple[Scene, ...], *, desk_id: int) -> None:
        """Tell what became of each scene up to this morning."""
        versions = {
            version.code: version
            for version in self.law.versions.values()
            if version.valid_from <= local_day(self.now)
            and (version.valid_until is None or version.valid_until > local_day(self.now))
        }
        for scene in scenes:
            if scene.code in versions:
                self._play(scene, versions[scene.code], desk_id)

    def _play(self, scene: Scene, version: VersionFacts, desk_id: int) -> None:
        received = self._received(scene, version)
        sent_at = self._sent_at(scene, received)
        account = {Who.CITIZEN: self.citizen, Who.FIRM: self.firm}.get(scene.who) if scene.is_online else None
        request = self._request(scene, version, at=sent_at or self.hours.moment(received))
        verbs = Verbs(version, desk_id=desk_id, request=request, applicant=account)
        if scene.stage is Stage.DRAFT:
            verbs.draft(at=sent_at or self.now)
            return
        if sent_at is not None:
            verbs.submit(at=sent_at)
        if scene.stage is not Stage.SUBMITTED:
            until = self.hours.opening(local_day(self.now))
            _Morning(verbs, self.staff, self.hours, self.law, self.luck, received, until).lead_to(scene.stage)

    def _received(self, scene: Scene, version: VersionFacts) -> int:
        """Return a minute of receipt from which the dossier is due on the wanted day, as near to it as can be."""
        days = self.hours.days
        today = next(place for place, day in enumerate(days) if day >= local_day(self.now))
        wanted = days[today + scene.due_in]
        for ago in range(1, LONGEST_AGO):
            minute = self.hours.opening(days[today - ago]) + self.luck.randint(*BETWEEN)
            due, _trace = self.law.promise(version, self.hours.moment(minute))
            if due is None or local_day(due) <= wanted:
                return minute
        raise LookupError(f"{version.code} is never due on {wanted}")

    def _sent_at(self, scene: Scene, received: int) -> datetime | None:
        if not scene.is_online:
            return None
        if scene.stage in {Stage.DRAFT, Stage.SUBMITTED}:
            return self._evening_before(local_day(self.now))
        return self._evening_before(local_day(self.hours.moment(received)))

    def _evening_before(self, day: date) -> datetime:
        return local_moment(day - timedelta(days=1), EVENING) + timedelta(minutes=self.luck.randint(0, 90))

    def _request(self, scene: Scene, version: VersionFacts, *, at: datetime) -> Request:
        applicant = self._applicant(scene.who)
        told = answers_of(self.luck, on=local_day(at), longest_ago=20)
        items = version.as_handed_in()
        if scene.stage is Stage.DRAFT:
            items = [item for item in items if item.is_given][:1]
        at_home = applicant.unit_id if applicant.person_id else None
        return Request(
            applicant=RequestApplicant(
                name=applicant.name, number=applicant.number, phone=applicant.phone, address=applicant.address,
                person_id=applicant.person_id, organization_id=applicant.organization_id,
            ),
            items=items,
            answers=told if version.has_questions else {},
            unit_id=at_home or (self.commune_id if version.receiving_level == "commune" else None),
        )  # fmt: skip

    def _applicant(self, who: Who) -> Applicant:
        if who is Who.CITIZEN:
            return self.applicants.person(self.applicants.person_of(self.citizen.pk))
        if who is Who.FIRM:
            return next(firm for firm in self.applicants.firms if firm.user_id == self.firm.pk)
        if who is Who.OTHER_FIRM:
            return self.luck.choice([firm for firm in self.applicants.firms if firm.user_id is None])
        return self.applicants.person(self.luck.randrange(*self.neighbours))


@dataclass
class _Morning:
    """Leads one dossier from its receipt to a stage, its moves spread over the time until this morning."""

    verbs: Verbs
    staff: Staff
    hours: Hours
    law: Law
    luck: Random
    minute: int
    until: int
    _prepared: set[int] = field(default_factory=set)

    def lead_to(self, stage: Stage) -> None:
        verbs, clerk = self.verbs, self.staff.one(Role.RECEIVER.value, self.verbs.agency_id, luck=self.luck)
        if stage is Stage.INCOMPLETE:
            verbs.complete_first(reason="ảnh chụp bị mờ, không đọc được", by=clerk, at=self._at())
            return
        verbs.receive(by=clerk, at=self.hours.moment(self.minute))
        if stage is Stage.EXTENDED and verbs.due_at is not None:
            self.until = min(self.until, self.hours.opening(local_day(verbs.due_at)))  # an apology goes out in time
        if stage is Stage.QUEUE:
            return
        if stage is Stage.WITHDRAWN:
            verbs.withdraw(reason=course.REASON_TO_WITHDRAW, by=clerk, at=self._at())
            return
        verbs.claim(by=self._doer(), at=self._at())
        if stage is Stage.CLAIMED:
            return
        if stage is Stage.AWAITING:
            verbs.ask(
                items=[verbs.version.first_paper], comment="thiếu chữ ký", reason=course.REASON_TO_ASK,
                by=self._doer(), at=self._at(),
            )  # fmt: skip
            return
        self._pass_on()
        if stage is Stage.REVIEW:
            return
        while verbs.step.kind is not StepKind.DECIDE:
            self._pass_on()
        self._decide(stage, clerk)

    def _decide(self, stage: Stage, clerk: int) -> None:
        verbs = self.verbs
        if stage is Stage.TO_DECIDE:
            return
        decider = self.staff.one(verbs.step.role, verbs.agency_id, luck=self.luck, not_one_of=self._prepared)
        if stage is Stage.SENT_BACK:
            verbs.send_back(reason=course.REASON_TO_SEND_BACK, by=decider, at=self._at())
        elif stage is Stage.EXTENDED:
            assert verbs.due_at is not None
            day = self.hours.day_at(self.hours.day_after(self.hours.minute(verbs.due_at), 3))
            verbs.extend(
                new_day=day, reason=course.REASON_TO_EXTEND, document="07/PXL",
                by=decider, at=self._at(),
            )  # fmt: skip
        elif stage is Stage.REFUSED:
            verbs.refuse(reason=course.REASON_TO_REFUSE, number="118/QĐ", by=decider, at=self._at())
        else:
            verbs.approve(number=f"{self.luck.randint(100, 900)}/QĐ", by=decider, at=self._at())
        if stage in {Stage.RETURNED, Stage.RATED}:
            verbs.return_result(by=clerk, at=self._at())
        if stage is Stage.RATED:
            verbs.rate(level=Satisfaction.VERY_SATISFIED, trips=1, comment="Nhanh hơn ngày hẹn.", at=self._at())

    def _pass_on(self) -> None:
        doer = self._doer()
        self._prepared.add(doer)
        self.verbs.pass_on(by=doer, at=self._at(), proposal="Đề nghị phê duyệt")

    def _doer(self) -> int:
        holder = self.verbs.holder_id
        return holder or self.staff.one(self.verbs.step.role, self.verbs.agency_id, luck=self.luck)

    def _at(self) -> datetime:
        shortest, longest = BETWEEN
        self.minute += self.luck.randint(shortest, max(longest, (self.until - self.minute) // PART_OF_THE_TIME_LEFT))
        return self.hours.moment(self.minute)

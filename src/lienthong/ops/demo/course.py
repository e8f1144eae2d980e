"""How the life of a dossier goes: what happens, in which order, how long each thing takes, and who does it.

The course is chosen by chance but never breaks the law's table of moves. It leads whoever tells the story: ``Life``, which
remembers the facts for a bulk load, or ``Verbs``, which calls the services.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from random import Random
from typing import Protocol

from lienthong.accounts.states import Role
from lienthong.catalogue.definition import StepData
from lienthong.catalogue.states import StepKind
from lienthong.dossiers.states import Satisfaction
from lienthong.kernel.days import local_day
from lienthong.ops.demo.hours import Hours
from lienthong.ops.demo.law import Law, VersionFacts
from lienthong.ops.demo.staff import Staff


class Ending(Enum):
    """How a life ends."""

    GRANTED = auto()
    REFUSED = auto()
    REFUSED_AT_INTAKE = auto()
    WITHDRAWN = auto()
    STOPPED = auto()


class Telling(Protocol):
    """Whoever tells the story; each verb is one move of the dossier."""

    version: VersionFacts
    step: StepData
    agency_id: int
    holder_id: int | None
    due_at: datetime | None

    def submit(self, *, at: datetime) -> None: ...
    def receive(self, *, by: int, at: datetime) -> None: ...
    def refuse_intake(self, *, reason: str, by: int, at: datetime) -> None: ...
    def claim(self, *, by: int, at: datetime) -> None: ...
    def pass_on(self, *, by: int, at: datetime, proposal: str = "") -> None: ...
    def send_back(self, *, reason: str, by: int, at: datetime) -> None: ...
    def ask(self, *, items: Sequence[int], comment: str, reason: str, by: int, at: datetime) -> None: ...
    def answer(self, *, at: datetime) -> None: ...
    def extend(self, *, new_day: date, reason: str, document: str, by: int, at: datetime) -> None: ...
    def approve(self, *, number: str, by: int, at: datetime) -> None: ...
    def refuse(self, *, reason: str, number: str, by: int, at: datetime) -> None: ...
    def stop(self, *, reason: str, by: int, at: datetime) -> None: ...
    def withdraw(self, *, reason: str, by: int, at: datetime) -> None: ...
    def return_result(self, *, by: int, at: datetime) -> None: ...
    def rate(self, *, level: Satisfaction, trips: int, comment: str, at: datetime) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """How likely things are. Shares of all dossiers."""

    refused: float = 0.035
    withdrawn: float = 0.012
    stopped: float = 0.004
    supplemented: float = 0.045
    sent_back: float = 0.03
    claimed: float = 0.5
    on_the_day: float = 0.22
    late: float = 0.015
    returned: float = 0.97
    rated: float = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What will happen to one dossier, if there is time.

    Attributes:
        ending: How it ends.
        pace: How much of the time limit is used; above 1 it comes late.
        is_supplemented: Whether something is asked for on the way.
        is_sent_back: Whether the decider wants something mended.
        is_returned: Whether the result is collected.
        is_rated: Whether the applicant rates it.
    """

    ending: Ending = Ending.GRANTED
    pace: float = 0.6
    is_supplemented: bool = False
    is_sent_back: bool = False
    is_returned: bool = True
    is_rated: bool = False


SLOW = 1.0
REASON_AT_INTAKE = "Không thuộc thẩm quyền giải quyết của cơ quan này"
REASON_TO_REFUSE = "Chưa đủ điều kiện theo quy định"
REASON_TO_ASK = "Tờ khai thiếu chữ ký của người đề nghị"
REASON_TO_SEND_BACK = "Dự thảo kết quả thiếu căn cứ, đề nghị bổ sung"
REASON_TO_EXTEND = "Cần xác minh thêm tại cơ sở"
REASON_TO_STOP = "Người nộp đã được giải quyết ở nơi khác"
REASON_TO_WITHDRAW = "Người nộp đổi ý"
COMMENTS = ("", "", "", "Cán bộ hướng dẫn tận tình.", "Nhanh hơn ngày hẹn.", "Nên nhắn tin khi có kết quả.")
LEVELS = (Satisfaction.VERY_SATISFIED, Satisfaction.SATISFIED, Satisfaction.NEUTRAL, Satisfaction.DISSATISFIED)


def draw_plan(luck: Random, mood: Mood) -> Plan:
    """Draw what will happen."""
    endings = (
        (Ending.REFUSED, mood.refused), (Ending.WITHDRAWN, mood.withdrawn), (Ending.STOPPED, mood.stopped),
    )  # fmt: skip
    fate, ending = luck.random(), Ending.GRANTED
    for one, share in endings:
        if fate < share:
            ending = one
            break
        fate -= share
    fate = luck.random()
    if fate < mood.late:
        pace = SLOW + luck.uniform(0.05, 0.9)
    else:
        pace = luck.uniform(0.93, 0.999) if fate < mood.late + mood.on_the_day else luck.uniform(0.15, 0.85)
    return Plan(
        ending=ending,
        pace=pace,
        is_supplemented=luck.random() < mood.supplemented,
        is_sent_back=luck.random() < mood.sent_back,
        is_returned=luck.random() < mood.returned,
        is_rated=luck.random() < mood.rated,
    )


class NotYet(Exception):
    """The next thing lies in the future: so far the story goes."""


class Course:
    """Leads one dossier through its life.

    Args:
        telling: Who tells it.
        hours: When people work.
        law: Only its calendar is asked.
        staff: Who works.
        luck: Where chance comes from.
        until: Nothing happens at or after it.
    """

    def __init__(
        self, telling: Telling, *, hours: Hours, law: Law, staff: Staff, luck: Random, until: datetime, claimed: float
    ) -> None:
        self.telling, self.hours, self.law, self.staff = telling, hours, law, staff
        self.luck, self.until, self.claimed = luck, until, claimed
        self.minute = 0
        self._prepared: set[int] = set()
        self._did: dict[tuple[str, int], int] = {}

    def run(self, plan: Plan, *, received: int, sent_at: datetime | None) -> None:
        """Live until the end, or until the present.

        Args:
            plan: What happens.
            received: The working minute of the receipt.
            sent_at: When it was sent, for a request filed online.
        """
        try:
            if sent_at is not None:
                self._not_yet(sent_at)
                self.telling.submit(at=sent_at)
            self._live(plan, received)
        except NotYet:
            return

    def _live(self, plan: Plan, received: int) -> None:
        clerk = self._one(Role.RECEIVER)
        if plan.ending is Ending.REFUSED_AT_INTAKE:
            self.telling.refuse_intake(reason=REASON_AT_INTAKE, by=clerk, at=self._at(received))
            return
        self.telling.receive(by=clerk, at=self._at(received))
        finish = self._finish(plan, received)
        steps = [step for step in self.telling.version.steps[1:] if step.kind is not StepKind.RETURN]
        for place, step in enumerate(steps):
            left = len(steps) - place
            leave = self.minute + max(2, int((finish - self.minute) / left * self.luck.uniform(0.6, 1.0)))
            if place == 0:
                if plan.ending in {Ending.WITHDRAWN, Ending.STOPPED}:
                    self._break_off(plan.ending, clerk, leave)
                    return
                if plan.is_supplemented and step.role not in {Role.RECEIVER, Role.DESK_HEAD}:
                    finish = self._supplement(plan, leave)
                    leave = self.minute + max(2, (finish - self.minute) // left)
            if step.kind is StepKind.DECIDE:
                self._decide(plan, finish)
            else:
                self._pass_on(leave, proposal="Đề nghị phê duyệt" if left == 2 else "")
        self._after(plan, clerk)

    def _break_off(self, ending: Ending, clerk: int, leave: int) -> None:
        if ending is Ending.WITHDRAWN:
            self.telling.withdraw(reason=REASON_TO_WITHDRAW, by=clerk, at=self._at(leave))
            return
        self.telling.stop(reason=REASON_TO_STOP, by=self._one(Role.LEADER), at=self._at(leave))

    def _pass_on(self, leave: int, *, proposal: str) -> None:
        doer = self._doer()
        self._maybe_claim(doer, leave)
        self._note(doer)
        self.telling.pass_on(by=doer, at=self._at(leave), proposal=proposal)

    def _supplement(self, plan: Plan, leave: int) -> int:
        """Ask for a paper and get it some days later. Return when the dossier will be finished after that."""
        doer = self._doer()
        paper = self.telling.version.first_paper
        self.telling.ask(
            items=[paper],
            comment="thiếu chữ ký",
            reason=REASON_TO_ASK,
            by=doer,
            at=self._at((self.minute + leave) // 2),
        )
        answered = self.hours.day_after(self.minute, self.luck.randint(2, 6)) + self.luck.randint(10, 400)
        self.telling.answer(at=self._at(answered))
        return self._finish(plan, answered)

    def _decide(self, plan: Plan, finish: int) -> None:
        decider = self._doer()
        if plan.is_sent_back and len(self._prepared) > 0:
            self.telling.send_back(reason=REASON_TO_SEND_BACK, by=decider, at=self._at((self.minute + finish) // 2))
            mender = self._doer()
            self._note(mender)
            self.telling.pass_on(by=mender, at=self._at((self.minute + finish) // 2), proposal="Đã bổ sung căn cứ")
            decider = self._doer()
        self._maybe_claim(decider, finish)
        self._apologise(decider, finish)
        number = f"{self.luck.randint(100, 4000)}/QĐ"
        if plan.ending is Ending.REFUSED:
            self.telling.refuse(reason=REASON_TO_REFUSE, number=number, by=decider, at=self._at(finish))
        else:
            self.telling.approve(number=number, by=decider, at=self._at(finish))

    def _apologise(self, decider: int, finish: int) -> None:
        """Promise a later day in time, where it will be late and there still is time for it."""
        due = self.telling.due_at
        if due is None or self.hours.moment(finish) <= due:
            return
        latest = self.hours.opening(local_day(due)) - 1  # the end of the working day before
        if latest <= self.minute + 1 or self.luck.random() < 0.25:
            return
        new_day = self.hours.day_at(self.hours.day_after(finish, 1))
        self.telling.extend(
            new_day=new_day, reason=REASON_TO_EXTEND,
            document=f"{self.luck.randint(1, 90)}/PXL", by=decider, at=self._at(min(latest, self.minute + 60)),
        )  # fmt: skip

    def _after(self, plan: Plan, clerk: int) -> None:
        if not plan.is_returned:
            return
        waited = self.luck.choice((0, 0, 1, 1, 2, 4))
        returned = (
            self.minute + 25 if not waited else self.hours.day_after(self.minute, waited) + self.luck.randint(5, 420)
        )
        self.telling.return_result(by=clerk, at=self._at(returned))
        if plan.is_rated:
            level = self.luck.choices(LEVELS, (46, 40, 10, 4))[0]
            at = self._at(self.minute + self.luck.randint(5, 900))
            self.telling.rate(
                level=level, trips=self.luck.choice((0, 1, 1, 2)), comment=self.luck.choice(COMMENTS), at=at
            )

    def _finish(self, plan: Plan, since: int) -> int:
        """Return the working minute in which the dossier is to be finished."""
        due = self.telling.due_at
        end = self.hours.minute(due) if due else self.hours.day_after(since, self.luck.randint(1, 6)) + 200
        return max(since + 8 * len(self.telling.version.steps), since + int((end - since) * plan.pace))

    def _maybe_claim(self, doer: int, leave: int) -> None:
        if self.telling.holder_id is None and self.luck.random() < self.claimed:
            self.telling.claim(by=doer, at=self._at(self.minute + max(1, (leave - self.minute) // 3)))

    def _doer(self) -> int:
        """Return who does the current step: its holder, or somebody with its role; a decider has prepared nothing."""
        if self.telling.holder_id is not None:
            return self.telling.holder_id
        step, agency_id = self.telling.step, self.telling.agency_id
        if step.kind is StepKind.DECIDE:
            return self.staff.one(step.role, agency_id, luck=self.luck, not_one_of=self._prepared)
        # Whoever has reviewed it before reviews it again, so that another leader is left to decide.
        return self._did.get((step.role, agency_id)) or self.staff.one(step.role, agency_id, luck=self.luck)

    def _note(self, doer: int) -> None:
        self._prepared.add(doer)
        self._did[self.telling.step.role, self.telling.agency_id] = doer

    def _one(self, role: Role) -> int:
        return self.staff.one(role.value, self.telling.agency_id, luck=self.luck)

    def _at(self, minute: int) -> datetime:
        """Return the moment of a minute, later than everything before."""
        self.minute = max(minute, self.minute + 1)
        if self.minute >= self.hours.length:
            raise NotYet
        moment = self.hours.moment(self.minute)
        self._not_yet(moment)
        return moment

    def _not_yet(self, moment: datetime) -> None:
        if moment >= self.until:
            raise NotYet

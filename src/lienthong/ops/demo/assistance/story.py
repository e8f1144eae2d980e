"""How the demo province has granted and paid since July 2024."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from lienthong.accounts.models import User
from lienthong.assistance.models import (
    Circumstance,
    DisabilityCertificate,
    Entitlement,
    EntitlementRate,
    MeritClaim,
)
from lienthong.assistance.states import Programme
from lienthong.kernel.days import add_months, local_moment
from lienthong.ops.demo.assistance.areas import draw_areas
from lienthong.ops.demo.assistance.benefits import Benefits
from lienthong.ops.demo.assistance.calendar import RunDays, months_of
from lienthong.ops.demo.assistance.cases import Case
from lienthong.ops.demo.assistance.channels import BANKS, Channels
from lienthong.ops.demo.assistance.emergencies import leave_emergencies
from lienthong.ops.demo.assistance.folk import Folk, Someone
from lienthong.ops.demo.assistance.lately import Lately
from lienthong.ops.demo.assistance.morning import Morning
from lienthong.ops.demo.assistance.needs import Needs
from lienthong.ops.demo.assistance.paying import Payments
from lienthong.ops.demo.assistance.timeline import FIRST_MONTH, LAWS, MERGER, TAKEN_OVER, Happening, Timeline, What
from lienthong.ops.demo.assistance.writing import Recording
from lienthong.ops.demo.poverty.officers import Officers
from lienthong.ops.demo.staff import DEMO_COMMUNE, Staff
from lienthong.payments.models import PaymentAccount, PaymentFile, PaymentLine, PaymentRun, StatementLine
from lienthong.payments.states import Channel
from lienthong.people.models import Person
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit
from lienthong.units.states import UnitKind

MERIT_OFFICER, MERIT_LEADER = "demo.chuyenvien", "demo.lanhdao"
SOCIAL_OFFICER, SOCIAL_LEADER = "demo.trogiup", "demo.trogiup.lanhdao"
QUARTERS: Final = (1, 4, 7, 10)
# After so many happenings at once the tables have another size.
MANY: Final = 200
EVERY_OF_A_LARGE_PROVINCE: Final = 20
# Months after whose runs there are so many more lines that the planner is told.
LOOKED_AT: Final = (1, 7, 8, 10)
STAY_AWAY, AWAY_MONTHS = 2, 4
BEFORE_THE_MERGER = MERGER - timedelta(days=1)


class AssistanceStory:
    """Tells it.

    Args:
        staff: Officers of the demo.
        seed: The same seed gives the same story.
        today: The day that is today.
        now: When it is told: as the day begins.
        is_large: Of a large province only some of the households are told of.
    """

    def __init__(self, staff: Staff, *, seed: int, today: date, now: datetime, is_large: bool = False) -> None:
        self._staff, self._seed, self._today, self._now = staff, seed, today, now
        self._every = EVERY_OF_A_LARGE_PROVINCE if is_large else 1

    @transaction.atomic
    def tell(self) -> None:
        """Tell everything. People, places, officers and the review of poor households are there."""
        folk = Folk(every=self._every)
        officers = Officers(today=self._today, now=self._now, seed=self._seed)
        cases = self._record(folk, officers)
        ours = units.communes_on(BEFORE_THE_MERGER, province_code=settings.PROVINCE_CODE)
        timeline = Timeline(
            folk, ours_then=frozenset(ours.values_list("pk", flat=True)), today=self._today, seed=self._seed
        )
        benefits = Benefits(officers, self._staff.user(MERIT_LEADER).pk, self._today)
        channels = Channels(officers, seed=self._seed, today=self._today)
        payments = Payments(self._staff, self._seed, self._today)
        ward = units.agency_on(DEMO_COMMUNE, self._today).unit_id
        months = list(months_of(self._today))
        happenings = timeline.of(cases)
        _forget_deaths(happenings)
        telling = _Telling(
            happenings,
            benefits,
            channels,
            payments,
            ward=ward,
            last=months[-1].month,
            signers={Programme.MERIT: self._merit_officers(), Programme.SOCIAL: self._social_officers()},
            lately=Lately(officers, self._merit_officers(), ward, months[-1].month, benefits.forget),
        )
        payments.open_accounts(local_moment(TAKEN_OVER, time(8)))
        for days in months:
            telling.month(days)
        telling.finish(self._now)
        leave_emergencies(self._staff, ward=ward, today=self._today)
        Morning(self._staff, folk, cases, ward, self._today).leave(telling.staying_away())

    def _record(self, folk: Folk, officers: Officers) -> list[Case]:
        ward = units.agency_on(DEMO_COMMUNE, self._today).unit_id
        lived_in = frozenset(one.place_on(self._today)[0] for one in folk.people)
        areas = draw_areas(self._seed, lived_in=lived_in, without=ward)
        wards = AdministrativeUnit.objects.filter(kind=UnitKind.WARD).values_list("pk", flat=True)
        difficult = frozenset(area.unit_id for area in areas)
        cases = Needs(folk, self._today, self._seed, frozenset(wards), difficult).draw()
        users = self._merit_officers()
        recording = Recording(officers, users, today=self._today, seed=self._seed)
        recording.areas(areas, users)
        recording.cases(cases)
        _look_at(Circumstance, DisabilityCertificate, MeritClaim)
        return cases

    def _merit_officers(self) -> tuple[User, User]:
        return self._staff.user(MERIT_OFFICER), self._staff.user(MERIT_LEADER)

    def _social_officers(self) -> tuple[User, User]:
        return self._staff.user(SOCIAL_OFFICER), self._staff.user(SOCIAL_LEADER)


class _Telling:
    """Goes through the months: what happens until a run is prepared, then the run."""

    def __init__(
        self, happenings: Sequence[Happening], benefits: Benefits, channels: Channels, payments: Payments, *,
        ward: int, last: date, signers: Mapping[Programme, tuple[User, User]], lately: Lately,
    ) -> None:  # fmt: skip
        self._left, self._laws = deque(happenings), deque(LAWS)
        self._benefits, self._channels, self._payments = benefits, channels, payments
        self._paid: set[int] = set()
        self._sent: tuple[PaymentRun, RunDays] | None = None
        self._signers, self._lately = signers, lately
        self._dying = frozenset(one.case.someone.id for one in happenings if one.what is What.DIED)
        self._ward, self._away_from = ward, add_months(last, -AWAY_MONTHS)
        self._away: frozenset[int] = frozenset()

    def month(self, days: RunDays) -> None:
        """Tell one month up to its run."""
        self._until(days.prepared)
        if self._sent is not None:
            self._settle(*self._sent, is_newest=days.is_last)
        if days.month.month in QUARTERS or days.month == FIRST_MONTH:
            self._payments.give_budget(days.month)
        self._lately.before(days, spared=self._dying | self._away)
        run = self._payments.prepare(days)
        if not days.is_last:
            self._payments.sign_and_send(run, days)
        self._sent = run, days
        if days.month.month in LOOKED_AT:
            _look_at(PaymentLine, StatementLine, PaymentFile)

    def finish(self, moment: datetime) -> None:
        """Let happen what happened after the newest run was prepared."""
        self._happen(moment)

    def _settle(self, run: PaymentRun, days: RunDays, *, is_newest: bool) -> None:
        """Let banks, post and cashiers answer; of the newest month one bank and the cashier of the demo's ward have not."""
        away = self.staying_away() if days.month >= self._away_from else frozenset()
        self._payments.hear_banks(run, days, without=BANKS[2:] if is_newest else ())
        self._payments.hear_counters(run, days, staying_away=away, without=self._ward if is_newest else None)
        if not is_newest:
            self._payments.close(run, days)

    def staying_away(self) -> frozenset[int]:
        """Return a few who have been paid in cash for long and do not come any more."""
        if not self._away:
            cash = PaymentAccount.objects.filter(channel=Channel.CASH, valid_until=None, valid_from__lt=self._away_from)
            ids = cash.order_by("pk").values_list("person_id", flat=True)
            in_ward, elsewhere = ids.filter(person__unit=self._ward), ids.exclude(person__unit=self._ward)
            self._away = frozenset((*in_ward[:STAY_AWAY], *elsewhere[:STAY_AWAY]))
        return self._away

    def _until(self, moment: datetime) -> None:
        """Let everything happen that happened before a moment, laws among it."""
        while self._laws and local_moment(self._laws[0].on, time(7, 30)) < moment:
            law = self._laws.popleft()
            self._happen(local_moment(law.on, time(7)))
            if law.on == MERGER:
                self._benefits.merge()
            if law.reaches_back:
                self._benefits.land_by_two(law, *self._signers[law.programmes[0]])
            else:
                self._benefits.land(law)
        self._happen(moment)

    def _happen(self, moment: datetime) -> None:
        part = []
        while self._left and self._left[0].at < moment:
            part.append(self._left.popleft())
        if not part:
            return
        begun = self._benefits.happen(part)
        payees: dict[int, tuple[Someone, date]] = {}
        for case, since in begun:
            for one in {case.payee.id: case.payee, **({case.carer.id: case.carer} if case.carer else {})}.values():
                if one.id not in self._paid:
                    self._paid.add(one.id)
                    payees[one.id] = one, since
        PaymentAccount.objects.bulk_create(self._channels.of(payees.values()), batch_size=1000)
        if len(part) > MANY:
            _look_at(Entitlement, EntitlementRate, PaymentAccount)


def _forget_deaths(happenings: Sequence[Happening]) -> None:
    """Let the register not know yet who has died, where that is told some days after."""
    dead = [one.case.someone.id for one in happenings if one.what is What.DIED]
    Person.objects.filter(pk__in=dead).update(died_on=None)


def _look_at(*models: type[Model]) -> None:
    """Let the planner know how many rows there are now: it would go on thinking that the tables are empty."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in models)}")

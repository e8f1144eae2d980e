"""Put a demo province together: people, firms, officers, and the dossiers of 2022, of the last year and of this morning."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from random import Random

import numpy as np
from django.db import transaction

from lienthong.assistance.procedures.pension_funeral import PENSION_FUNERAL
from lienthong.infra import dispatch
from lienthong.kernel.days import format_day, local_moment
from lienthong.ops.console import Note
from lienthong.ops.demo import applicants as asking
from lienthong.ops.demo import papers
from lienthong.ops.demo import today as morning
from lienthong.ops.demo.applicants import Applicants
from lienthong.ops.demo.assistance.story import AssistanceStory
from lienthong.ops.demo.course import Mood
from lienthong.ops.demo.history import History, load, load_large, load_sent
from lienthong.ops.demo.hours import Hours
from lienthong.ops.demo.law import Law, VersionFacts
from lienthong.ops.demo.population import load_population
from lienthong.ops.demo.poverty.story import PovertyStory
from lienthong.ops.demo.registers.files import Wanted
from lienthong.ops.demo.registers.story import CHAPTERS, CHAPTERS_OF_A_LARGE_PROVINCE, RegisterStory
from lienthong.ops.demo.staff import DEMO_COMMUNE, PROVINCE_DESK, Staff
from lienthong.ops.demo.wishes import Demand, Wishes, draw
from lienthong.poverty.procedures import KINDS as ASKING_FOR_A_REVIEW
from lienthong.units import queries as units
from lienthong.units.models import Agency
from lienthong.units.states import AgencyKind

FIRST_DAY_OF_2022, AFTER_2022 = date(2022, 1, 4), date(2022, 12, 1)
# What the department reported of 2022 up to the end of November: dossiers of procedures that were open online on the
# highest level, and how many of them were filed online. Requests that the desk did not take in count in neither.
OPEN_ONLINE_2022, FILED_ONLINE_2022, NOT_TAKEN_IN_2022 = 861, 587, 16
HIGHEST_LEVEL = 4
# The province as it is now: since this day its communes have been what they are.
EARLIEST = date(2025, 10, 1)
LATEST = date(2039, 12, 31)
SHORTEST_YEAR = timedelta(days=75)
# How the work of 2022 went: everything in time, as it was reported.
THEN, NOW = Mood(late=0.0, stopped=0.0, supplemented=0.0), Mood()
# The last weeks before this morning: most of what came in then still lies on the desks, and some of it is late.
LATELY = Mood(late=0.12, on_the_day=0.4, supplemented=0.14, sent_back=0.06, claimed=0.6, returned=0.75)
WORKING_DAYS_LATELY = 15
# Requests sent online in the evening, for each desk where visitors sign in.
SENT_LAST_EVENING = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How large a province is invented.

    Attributes:
        people: How many people.
        firms: How many firms.
        dossiers: How many dossiers besides those of 2022 and of this morning.
        lately: How many of these came in the last weeks, so that most of them are still running.
        first: First day of these dossiers; None for the beginning of the year.
        communes: How many communes receive dossiers; None for all.
        applicants: How many people at most are drawn from as applicants.
        is_large: Whether the stories are told by several processes at once.
        records: Records of the register that is verified; None for no verification.
        reviews_poverty: Whether the province reviewed its poor households.
        pays_benefits: Whether it has paid social assistance and people with merit since July 2024; what it grants rests on the
            reviews of poor households.
    """

    people: int
    firms: int
    dossiers: int
    lately: int = 0
    first: date | None = None
    communes: int | None = None
    applicants: int = 20_000
    is_large: bool = False
    records: Wanted | None = None
    reviews_poverty: bool = False
    pays_benefits: bool = False


SCALES = {
    # People, officers and dossiers alone, in some seconds.
    "tiny": Scale(people=1_500, firms=12, dossiers=90, communes=4),
    "small": Scale(
        people=40_000,
        firms=40,
        dossiers=750,
        lately=120,
        communes=8,
        records=Wanted(households=450, support=150),
        reviews_poverty=True,
        pays_benefits=True,
    ),
    "large": Scale(
        people=1_300_000,
        firms=400,
        dossiers=1_000_000,
        first=date(2025, 7, 2),
        applicants=200_000,
        is_large=True,
        # As many as were sent to be verified in 2022.
        records=Wanted(households=150_000, support=39_232),
        reviews_poverty=True,
        pays_benefits=True,
    ),
}


class WrongDay(Exception):
    """The province cannot be invented as of this day."""

    def __init__(self, day: date) -> None:
        super().__init__(
            f"Không dựng được tỉnh minh họa của ngày {format_day(day)}: chọn một ngày từ {format_day(EARLIEST)} đến "
            f"{format_day(LATEST)}, khi tỉnh đã có các xã, phường như bây giờ."
        )


class Province:
    """One demo province for a size, a seed and a day.

    Args:
        scale: How large.
        seed: The same seed, size and day give the same people and the same stories.
        today: The day that is today; everything has happened before it began.
        say: Takes a line for each step.
    """

    def __init__(self, *, scale: Scale, seed: int, today: date, say: Note) -> None:
        if not EARLIEST <= today <= LATEST:
            raise WrongDay(today)
        self.scale, self.seed, self.today, self.say = scale, seed, today, say
        self.now = local_moment(today)
        self.staff = Staff(seed=seed, now=self.now)

    def build(self) -> None:
        """Invent everything and write it. The database holds places, agencies and procedures already."""
        self.say(f"Dân cư: {self.scale.people} người")
        then, now = self._communes_then(), self._communes_now()
        crowded = frozenset() if self.scale.communes is None else {agency.unit_id for agency in (*then, *now)}
        load_population(self.scale.people, today=self.today, seed=self.seed, now=self.now, crowded=crowded)
        self.say("Cán bộ, tổ chức, tài khoản")
        with transaction.atomic():
            self.staff.open_all(communes=[agency.code for agency in (*then, *now)], since=FIRST_DAY_OF_2022)
            asking.register_firms(self.scale.firms, unit_code=_unit_code(DEMO_COMMUNE), now=self.now)
            home = units.agency_on(DEMO_COMMUNE, self.today).unit_id
            asking.open_accounts(unit_id=home, today=self.today, now=self.now)
        law = Law.of_the_province()
        self.say(f"Hồ sơ năm 2022: {OPEN_ONLINE_2022}, trong đó {FILED_ONLINE_2022} nộp trực tuyến")
        self._load_2022(law, then)
        self.say(f"Hồ sơ gần đây: {self.scale.dossiers}")
        hours = self._hours(law, first=self._first_day(), until=self.today)
        people = Applicants(on=self.today, most=self.scale.applicants)
        self._load_recent(law, hours, people, now)
        if self.scale.records is not None:
            self.say(f"Xác thực sổ: {self.scale.records.households + self.scale.records.support} hồ sơ")
            self._verify(self.scale.records)
        if self.scale.reviews_poverty:
            self.say("Rà soát hộ nghèo, hộ cận nghèo từ năm 2022")
            PovertyStory(
                self.staff, seed=self.seed, today=self.today, now=self.now, is_large=self.scale.is_large
            ).tell()
        if self.scale.pays_benefits:
            self.say("Trợ cấp, chi trả hằng tháng từ tháng 7/2024")
            AssistanceStory(
                self.staff, seed=self.seed, today=self.today, now=self.now, is_large=self.scale.is_large
            ).tell()
        # What was invented so far is history; printed forms are made for what lies on the desks this morning.
        dispatch.skip_what_is_there()
        self.say("Hồ sơ đang chờ sáng nay")
        self._load_morning(law, hours, people)
        self.say("Giấy tờ kèm hồ sơ đang giải quyết")
        papers.attach_to_running(self.staff, luck=Random(self.seed))

    def _load_2022(self, law: Law, communes: list[Agency]) -> None:
        hours = self._hours(law, first=FIRST_DAY_OF_2022, until=date(2023, 12, 31))
        people = Applicants(on=date(2022, 7, 1), most=self.scale.applicants)

        def demand(count: int, *, online: int, refused: float) -> Demand:
            return Demand(
                count=count, first=FIRST_DAY_OF_2022, until=AFTER_2022, province_desk=_desk_of(PROVINCE_DESK),
                communes=[(one.pk, one.unit_id, 1.0) for one in communes], takes=_settled_by_the_department,
                online=online, refused=refused, seed=self.seed,
            )  # fmt: skip

        counted = draw(
            demand(OPEN_ONLINE_2022, online=FILED_ONLINE_2022, refused=0.0), law=law, hours=hours, applicants=people
        )
        not_taken_in = draw(
            demand(NOT_TAKEN_IN_2022, online=NOT_TAKEN_IN_2022, refused=1.0), law=law, hours=hours, applicants=people
        )
        load(self._history("2022", counted, THEN))
        load(self._history("2022, not taken in", not_taken_in, THEN))

    def _load_recent(self, law: Law, hours: Hours, people: Applicants, communes: list[Agency]) -> None:
        shares = np.random.default_rng([self.seed, 17]).lognormal(0, 0.5, len(communes))
        shares = np.where([one.code == DEMO_COMMUNE for one in communes], shares.sum() * 0.4, shares)
        today = hours.opening(self.today)
        since = hours.days[hours.days.index(hours.day_at(today)) - WORKING_DAYS_LATELY]
        wishes = draw(
            Demand(
                count=self.scale.dossiers, first=self._first_day(), until=self.today,
                province_desk=_desk_of(PROVINCE_DESK),
                communes=[(one.pk, one.unit_id, share) for one, share in zip(communes, shares, strict=True)],
                takes=self._takes_now, online=0.55, refused=0.02, seed=self.seed,
                lately=self.scale.lately, lately_since=since,
            ),
            law=law, hours=hours, applicants=people,
        )  # fmt: skip
        history = self._history("recent", wishes, NOW)
        if self.scale.is_large:
            load_large(history, say=self.say)
        else:
            load(replace(history, lately=LATELY, lately_since=hours.opening(since)))

    def _verify(self, wanted: Wanted) -> None:
        story = RegisterStory(self.staff, wanted=wanted, seed=self.seed, today=self.today)
        story.tell(CHAPTERS_OF_A_LARGE_PROVINCE if self.scale.is_large else CHAPTERS)

    def _load_morning(self, law: Law, hours: Hours, people: Applicants) -> None:
        commune, desk = units.agency_on(DEMO_COMMUNE, self.today), units.agency_on(PROVINCE_DESK, self.today)
        played = morning.Today(
            law=law, hours=hours, staff=self.staff, applicants=people, citizen=self.staff.user("demo.congdan"),
            firm=self.staff.user("demo.doanhnghiep"), now=self.now, luck=Random(self.seed),
            commune_id=commune.unit_id, neighbours=people.living_in(commune.unit_id),
        )  # fmt: skip
        played.play(morning.AT_THE_COMMUNE, desk_id=commune.pk)
        played.play(morning.AT_THE_PROVINCE, desk_id=desk.pk)
        for level in ("commune", "province"):
            wishes = draw(
                Demand(
                    count=SENT_LAST_EVENING, first=self.today, until=self.today + timedelta(days=9),
                    province_desk=_desk_of(PROVINCE_DESK), communes=[(commune.pk, commune.unit_id, 1.0)],
                    takes=partial(_is_sent_to, level), online=1.0, refused=0.0, seed=self.seed,
                ),
                law=law, hours=hours, applicants=people,
            )  # fmt: skip
            load_sent(self._history(f"sent to the {level}", wishes, NOW))

    def _history(self, name: str, wishes: Wishes, mood: Mood) -> History:
        return History(name=name, wishes=wishes, staff=self.staff, mood=mood, until=self.now, seed=self.seed)

    def _takes_now(self, version: VersionFacts) -> bool:
        return not (_is_answered_elsewhere(version) or (self.scale.is_large and version.has_questions))

    def _first_day(self) -> date:
        if self.scale.first is not None:
            return self.scale.first
        return min(date(self.today.year, 1, 2), self.today - SHORTEST_YEAR)

    def _hours(self, law: Law, *, first: date, until: date) -> Hours:
        """Return the working time of a span, with enough before and after it to be late in."""
        return Hours(law.calendar, first=first - timedelta(days=400), until=until + timedelta(days=400))

    def _communes_now(self) -> list[Agency]:
        found = list(
            units.agencies_on(self.today, kind=AgencyKind.COMMUNE_COMMITTEE).filter(valid_from__lte=self._first_day())
        )
        return _some(found, self.scale.communes)

    def _communes_then(self) -> list[Agency]:
        """Return committees of 2022 whose commune stayed as it was all the year, in the province of then."""
        found = units.agencies_on(FIRST_DAY_OF_2022, kind=AgencyKind.COMMUNE_COMMITTEE)
        lasting = found.filter(valid_until__gte=date(2023, 12, 31), code__startswith="H55.")
        return _some(list(lasting), 5)


def _some(agencies: list[Agency], how_many: int | None) -> list[Agency]:
    """Return so many agencies, spread over the list, that of the demo commune always among them."""
    ordered = sorted(agencies, key=lambda agency: (agency.code != DEMO_COMMUNE, agency.code))
    if how_many is None or how_many >= len(ordered):
        return ordered
    return [ordered[0], *ordered[1 :: max(1, len(ordered) // (how_many - 1))][: how_many - 1]]


def _desk_of(code: str) -> Callable[[date], int]:
    rows = list(Agency.objects.filter(code=code).order_by("valid_from"))

    def on(day: date) -> int:
        found: int = next(
            row.pk for row in rows if row.valid_from <= day and (row.valid_until is None or day < row.valid_until)
        )
        return found

    return on


def _unit_code(committee: str) -> str:
    return committee.rpartition(".")[2]


def _settled_by_the_department(version: VersionFacts) -> bool:
    """Tell whether a version counts in the report of 2022: open online on the highest level, settled at the province."""
    return version.online_level_then == HIGHEST_LEVEL and version.is_online and version.reaches_the_province


def _is_sent_to(level: str, version: VersionFacts) -> bool:
    return version.is_online and version.receiving_level == level and not _is_answered_elsewhere(version)


def _is_answered_elsewhere(version: VersionFacts) -> bool:
    """Tell whether the answer rests on a review or on who was paid, so that no story can be told of the dossier alone."""
    return version.code in ASKING_FOR_A_REVIEW or version.code == PENSION_FUNERAL

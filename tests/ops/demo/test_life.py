"""What is told in memory is what the services would have recorded: each course is led through both and compared."""

from dataclasses import replace
from datetime import date, datetime
from random import Random
from typing import Any

import pytest

from lienthong.accounts.models import User
from lienthong.dossiers import integrity
from lienthong.dossiers.models import Dossier, Rating
from lienthong.dossiers.services import Applicant as RequestApplicant
from lienthong.dossiers.services import Request
from lienthong.dossiers.services.bulk import load_stories
from lienthong.infra.models import Event
from lienthong.kernel.days import local_day
from lienthong.ops.demo.applicants import Applicant
from lienthong.ops.demo.course import Course, Ending, Plan
from lienthong.ops.demo.hours import Hours
from lienthong.ops.demo.law import Law, VersionFacts
from lienthong.ops.demo.life import Life
from lienthong.ops.demo.staff import Staff
from lienthong.ops.demo.verbs import Verbs
from lienthong.ops.demo.wishes import Wish, row_of
from lienthong.units import queries as units
from tests.world import COMMUNE, PROVINCE_DESK, World, at

NOW = at("2026-11-16 00:00")
# Columns of a row that tell which of the two it is.
OWN = {"id", "public_id", "secret", "code", "head_hash"}

PLANS = {
    "ordinary": Plan(pace=0.5, is_rated=True),
    "on the last day": Plan(pace=0.99),
    "late, with an apology": Plan(pace=1.6),
    "supplemented": Plan(is_supplemented=True, is_rated=True),
    "sent back": Plan(is_sent_back=True),
    "everything at once": Plan(pace=0.95, is_supplemented=True, is_sent_back=True, is_rated=True),
    "refused": Plan(ending=Ending.REFUSED),
    "withdrawn": Plan(ending=Ending.WITHDRAWN),
    "stopped": Plan(ending=Ending.STOPPED),
}
# One step of an office; three; a chain through commune and province; four reviews by leaders; hours as the first step.
PROCEDURES = [
    ("1.001653", COMMUNE), ("1.001776", COMMUNE), ("1.014199", PROVINCE_DESK), ("1.001978", PROVINCE_DESK),
    ("1.010814", COMMUNE), ("1.010816", COMMUNE), ("2.000286", COMMUNE), ("LT.GDNN.01", PROVINCE_DESK),
]  # fmt: skip


@pytest.fixture
def law(world: World) -> Law:
    return Law.of_the_province()


@pytest.fixture
def staff(world: World) -> Staff:
    staff = Staff(seed=1, now=NOW)
    staff.open_all(communes=[COMMUNE], since=date(2022, 1, 4))
    return staff


def in_force(law: Law, code: str, day: date) -> VersionFacts:
    return next(
        version
        for version in law.versions.values()
        if version.code == code
        and version.valid_from <= day
        and (version.valid_until is None or day < version.valid_until)
    )


class Both:
    """Leads one course through memory and through the services."""

    def __init__(self, world: World, law: Law, staff: Staff, *, day: date = date(2026, 3, 9)) -> None:
        self.world, self.law, self.staff, self.day = world, law, staff, day
        self.hours = Hours(law.calendar, first=date(2021, 1, 1), until=date(2027, 12, 31))

    def lead(
        self, code: str, desk: str, plan: Plan, *, account: User | None, seed: int, until: datetime = NOW
    ) -> tuple[Dossier, Dossier]:
        version, agency = in_force(self.law, code, self.day), units.agency_on(desk, self.day)
        received = self.hours.opening(self.day) + 95
        sent_at = self.hours.moment(received - 60) if account else None
        applicant = Applicant(
            "Nông Thị Ỷ", "nong thi y", "019190900001", "0900000001", "Xóm 1", agency.unit_id,
            person_id=account.person_id if account else None, user_id=account.pk if account else None,
        )  # fmt: skip
        wish = Wish(
            version=version, desk_id=agency.pk, unit_id=agency.unit_id, applicant=applicant, received=received,
            is_online=account is not None, is_refused_at_intake=False, code=f"H55.X-260309-{seed + 1:04d}",
        )  # fmt: skip
        row = row_of(wish, luck=Random(seed), created_at=sent_at or self.hours.moment(received))
        life = Life(self.law, version, row, code=wish.code)
        self._run(life, plan, seed=seed, received=received, sent_at=sent_at, until=until)
        load_stories([life.story()])

        request = Request(
            applicant=RequestApplicant(
                name=row.applicant_name, number=row.applicant_number, phone=row.applicant_phone,
                address=row.applicant_address, person_id=row.person_id,
            ),
            items=version.as_handed_in(), answers=row.answers, unit_id=row.unit_id, return_way=row.return_way,
        )  # fmt: skip
        verbs = Verbs(version, desk_id=agency.pk, request=request, applicant=account)
        self._run(verbs, plan, seed=seed, received=received, sent_at=sent_at, until=until)
        return Dossier.objects.get(pk=life.dossier.pk), Dossier.objects.get(pk=verbs.dossier.pk)

    def _run(self, telling: Any, plan: Plan, *, seed: int, received: int, sent_at: Any, until: datetime) -> None:
        course = Course(
            telling, hours=self.hours, law=self.law, staff=self.staff, luck=Random(seed), until=until, claimed=0.5
        )
        course.run(plan, received=received, sent_at=sent_at)


def told(dossier: Dossier) -> list[tuple[Any, ...]]:
    """Return the events of a dossier without what tells it from another."""
    rows = Event.objects.filter(stream=dossier.stream).order_by("sequence")
    return [
        (row.sequence, row.name, {**row.payload, "code": "", **digest(row)}, row.actor_id, row.at) for row in rows
    ]  # fmt: skip


def digest(row: Event) -> dict[str, bool]:
    """Return whether the fact keeps a digest: the secret of each dossier makes its own."""
    return {"request_digest": bool(row.payload["request_digest"])} if "request_digest" in row.payload else {}


def columns(dossier: Dossier) -> dict[str, Any]:
    return {
        field.attname: getattr(dossier, field.attname)
        for field in Dossier._meta.concrete_fields
        if field.attname not in OWN
    }


def papers(dossier: Dossier) -> list[tuple[Any, ...]]:
    names = (
        "number",
        "name",
        "originals",
        "certified_copies",
        "copies",
        "is_given",
        "is_not_applicable",
        "mark",
        "comment",
        "is_open",
    )
    return list(dossier.items.order_by("number").values_list(*names))


def rating(dossier: Dossier) -> list[tuple[Any, ...]]:
    return list(Rating.objects.filter(dossier=dossier).values_list("level", "trips", "comment", "rated_at"))


def assert_told_alike(in_memory: Dossier, by_services: Dossier) -> None:
    assert told(in_memory) == told(by_services)
    assert columns(in_memory) == columns(by_services)
    assert papers(in_memory) == papers(by_services)
    assert rating(in_memory) == rating(by_services)


@pytest.mark.parametrize(("code", "desk"), PROCEDURES)
def test_each_procedure_is_told_as_the_services_record_it(
    world: World, law: Law, staff: Staff, code: str, desk: str
) -> None:
    both = Both(world, law, staff)
    for seed, plan in enumerate(PLANS.values()):
        assert_told_alike(*both.lead(code, desk, plan, account=None, seed=seed))

    assert list(integrity.rows_that_differ_from_their_events()) == []


@pytest.mark.parametrize("name", PLANS)
def test_what_is_filed_online_is_told_as_the_services_record_it(
    world: World, law: Law, staff: Staff, name: str
) -> None:
    citizen = world.citizen()
    in_memory, by_services = Both(world, law, staff).lead("1.001776", COMMUNE, PLANS[name], account=citizen, seed=5)

    assert in_memory.channel == "online"
    assert in_memory.submitted_by_id == citizen.pk
    assert_told_alike(in_memory, by_services)


@pytest.mark.parametrize("minute", [30, 130, 900, 1800])
def test_a_story_that_is_not_over_stands_where_the_services_would_have_left_it(
    world: World, law: Law, staff: Staff, minute: int
) -> None:
    both = Both(world, law, staff)
    until = both.hours.moment(both.hours.opening(both.day) + 95 + minute)

    in_memory, by_services = both.lead("1.014199", PROVINCE_DESK, PLANS["sent back"], account=None, seed=3, until=until)

    assert in_memory.finished_at is None
    assert_told_alike(in_memory, by_services)


def test_the_work_of_2022_was_done_in_the_district_and_the_department_of_then(
    world: World, law: Law, staff: Staff
) -> None:
    both = Both(world, law, staff, day=date(2022, 3, 8))

    in_memory, by_services = both.lead("1.010803", COMMUNE, PLANS["ordinary"], account=None, seed=4)

    assert_told_alike(in_memory, by_services)
    codes = [agency.code for agency in map(units.get_agency, in_memory.agency_ids)]
    assert "H55.LDTBXH" in codes
    assert any(code.startswith("H55.164") for code in codes), codes


def test_a_request_refused_at_the_desk_is_told_alike(world: World, law: Law, staff: Staff) -> None:
    plan = replace(PLANS["ordinary"], ending=Ending.REFUSED_AT_INTAKE)

    in_memory, by_services = Both(world, law, staff).lead("1.001776", COMMUNE, plan, account=world.citizen(), seed=1)

    assert in_memory.code is None
    assert_told_alike(in_memory, by_services)


def test_days_are_promised_alike_at_any_hour_of_the_day(law: Law) -> None:
    hours = Hours(law.calendar, first=date(2026, 1, 1), until=date(2026, 12, 31))
    version = in_force(law, "1.014199", date(2026, 9, 1))
    luck = Random(7)
    for _ in range(200):
        moment = hours.moment(luck.randrange(hours.length))
        exact = law.current_due(version, moment, ())
        assert law.promise(version, moment) == exact
        assert local_day(moment) <= local_day(exact[0] or moment)

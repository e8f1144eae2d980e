"""Work that is left for this morning, left by the services themselves: visits, flags, objections, requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from random import Random
from uuid import UUID

from django.conf import settings

from lienthong.accounts.models import User
from lienthong.kernel.days import local_moment
from lienthong.ops.demo.poverty import answers as filling
from lienthong.ops.demo.poverty.answers import Answers, Asked
from lienthong.ops.demo.poverty.fates import Course, Fate
from lienthong.ops.demo.poverty.homes import living_on
from lienthong.ops.demo.poverty.officers import Officers
from lienthong.ops.demo.poverty.visiting import asked_at
from lienthong.ops.demo.poverty.writing import Known
from lienthong.ops.demo.staff import Staff
from lienthong.people.models import Household
from lienthong.poverty.models import CommuneReview, HouseholdReview, ReviewRound, Visit, VisitFlag
from lienthong.poverty.queries.forms import form_in_use
from lienthong.poverty.queries.rounds import usual_dates, usual_period
from lienthong.poverty.queries.standing import classes_on
from lienthong.poverty.services.assigning import AssignVisits, ask_revisit, assign_visits
from lienthong.poverty.services.checks import check_visit, clear_flag
from lienthong.poverty.services.listing import make_list
from lienthong.poverty.services.objections import ReceiveObjection, receive_objection
from lienthong.poverty.services.requests import RecordRequest, record_request
from lienthong.poverty.services.rounds import OpenRound, open_round
from lienthong.poverty.services.stages import move_commune
from lienthong.poverty.services.submissions import ReceiveSubmission, receive_submission
from lienthong.poverty.states import (
    LISTED_CLASSES,
    CommuneState,
    FlagKind,
    FormKind,
    HouseholdClass,
    RequestKind,
    RoundKind,
    VisitState,
)
from lienthong.rules.poverty.standards import standard

OFFICER, ENUMERATORS = "demo.xa.chuyenvien", ("demo.xa.dieutravien", "demo.xa.dieutravien2")
FIRST_HAS, LEFT_FOR_TODAY, NOT_GIVEN_OUT = 0.6, (7, 3), 2
TOO_FAST = timedelta(minutes=3, seconds=40)
COPIED_FROM = 3
DAYS_OF_VISITS = 12
ASKING_IN_THE_WARD, ASKING_ELSEWHERE, COMMUNES_THAT_ASK = 3, 2, 6
OBJECTION = (
    "Hộ nhà tôi có con đang điều trị dài ngày ở bệnh viện, đề nghị xem lại vì danh sách ghi không còn thuộc hộ nghèo."
)
NOTES = (
    "Đề nghị rà soát vì lao động chính mất việc",
    "Mới có người ốm nặng, đề nghị xã xem xét",
    "Nhà dột nát sau mưa bão",
)
CHECKED = "Đã gọi hỏi trưởng xóm và xem ảnh, đúng thực tế"


@dataclass(slots=True)
class Morning:
    """Leaves the work.

    Args:
        staff: Officers of the demo.
        officers: Who works in each commune.
        officer: Of the province.
        known: What is known of everybody.
        today: The day that is today.
        ward: Id of the demo ward.
    """

    staff: Staff
    officers: Officers
    officer: User
    known: Known
    today: date
    ward: int

    def play_round(self, round_: ReviewRound, fates: Sequence[Fate], communes: Mapping[int, CommuneReview]) -> None:
        """Visit in the demo ward as far as it is, and let somebody object where the list hangs out."""
        ward = _Ward(self, round_, communes[self.ward], {fate.home: fate for fate in fates})
        ward.play()
        self._object(communes)

    def _object(self, communes: Mapping[int, CommuneReview]) -> None:
        posted = HouseholdReview.objects.filter(
            commune_review__in=[one.pk for one in communes.values() if one.state == CommuneState.POSTED],
            commune_review__decisions=None,
        ).exclude(visit_state=VisitState.GONE)
        left = posted.exclude(proposed_class__in=LISTED_CLASSES).filter(class_before__in=LISTED_CLASSES)
        review = left.order_by("pk").first() or posted.order_by("pk").first()
        if review is None:
            return
        yesterday = self.today - timedelta(days=1)
        command = ReceiveObjection(
            commune_review_id=review.commune_review_id, review_id=review.pk, raised_by=review.head_name,
            contact="0900000002", raised_on=yesterday, content=OBJECTION,
        )  # fmt: skip
        officer = _user(self.officers.of(review.commune_review.unit_id).officer)
        receive_objection(command, acting_user=officer, now=local_moment(yesterday, time(9, 40)))

    def play_regular_round(self) -> None:
        """Open the round of the month, with requests of some communes on its lists, and one that came too late."""
        period = usual_period(RoundKind.REGULAR, self.today)
        if usual_dates(RoundKind.REGULAR, period)[0] >= self.today:
            period = usual_period(RoundKind.REGULAR, self.today.replace(day=1) - timedelta(days=1))
        first, last = usual_dates(RoundKind.REGULAR, period)
        command = OpenRound(
            kind=RoundKind.REGULAR, period=period, starts_on=first, ends_on=last, province_code=settings.PROVINCE_CODE,
            instrument="Rà soát thường xuyên (dữ liệu minh họa)",
        )  # fmt: skip
        round_ = open_round(command, acting_user=self.officer, now=local_moment(first, time(8)))
        luck = Random(f"{self.known.seed}/{period}/regular")
        asking = self._free_households(luck)
        for unit_id, households in asking.items():
            officer = _user(self.officers.of(unit_id).officer)
            many = ASKING_IN_THE_WARD if unit_id == self.ward else ASKING_ELSEWHERE
            for household in households[:many]:
                self._ask(household, unit_id, first, officer, luck, at=local_moment(first, time(9)))
            review = round_.communes.get(unit=unit_id)
            if make_list(review, acting_user=officer, now=local_moment(first, time(10))).households:
                move_commune(review, CommuneState.VISITING, acting_user=officer, now=local_moment(first, time(10, 30)))
        if late := asking.get(self.ward, [])[ASKING_IN_THE_WARD:]:
            yesterday = self.today - timedelta(days=1)
            officer = self.staff.user(OFFICER)
            self._ask(late[0], self.ward, yesterday, officer, luck, at=local_moment(yesterday, time(14)))

    def _ask(self, household: Household, unit_id: int, day: date, by: User, luck: Random, *, at: datetime) -> None:
        command = RecordRequest(
            unit_id=unit_id, household_code=household.code, kind=RequestKind.RECOGNIZE, received_on=day,
            note=luck.choice(NOTES),
        )  # fmt: skip
        record_request(command, acting_user=by, now=at)

    def _free_households(self, luck: Random) -> dict[int, list[Household]]:
        """Return some households of the ward and of the communes with most people that are on no list."""
        homes = self.known.homes
        counts: dict[int, int] = {}
        for unit_id in homes.units_now.tolist():
            counts[unit_id] = counts.get(unit_id, 0) + 1
        chosen = sorted(counts, key=lambda one: (one != self.ward, -counts[one], one))[:COMMUNES_THAT_ASK]
        found: dict[int, list[Household]] = {}
        for unit_id in chosen:
            free = Household.objects.filter(unit=unit_id).exclude(
                poverty_reviews__commune_review__round__closed_at=None
            )
            rows = list(free.order_by("pk"))
            listed = classes_on([one.pk for one in rows], self.today)
            rows = [one for one in rows if listed.get(one.pk) not in LISTED_CLASSES and self._is_alive(one)]
            found[unit_id] = luck.sample(rows, min(len(rows), ASKING_IN_THE_WARD + 1))
        return found

    def _is_alive(self, household: Household) -> bool:
        return household.memberships.filter(person__died_on=None).exists()


@dataclass(slots=True)
class _Ward:
    """Lets two enumerators visit in the demo ward; each has households left."""

    morning: Morning
    round_: ReviewRound
    review: CommuneReview
    fates: Mapping[int, Fate]

    def play(self) -> None:
        officer, first, second = (self.morning.staff.user(name) for name in (OFFICER, *ENUMERATORS))
        rows = list(self.review.households.select_related("household").order_by("hamlet", "head_sort_key", "pk"))
        given = rows[: max(len(rows) - NOT_GIVEN_OUT, 0)]
        cut = round(len(given) * FIRST_HAS)
        day = max(self.round_.starts_on, self.morning.today - timedelta(days=DAYS_OF_VISITS + 1))
        visits: list[Visit] = []
        for enumerator, mine, left in (
            (first, given[:cut], LEFT_FOR_TODAY[0]),
            (second, given[cut:], LEFT_FOR_TODAY[1]),
        ):
            if mine:
                ids = tuple(row.pk for row in mine)
                command = AssignVisits(commune_review_id=self.review.pk, enumerator_id=enumerator.pk, review_ids=ids)
                assign_visits(command, acting_user=officer, now=local_moment(day, time(9)))
            visits += self._visits(mine[: max(len(mine) - left, 0)], enumerator, day)
        self._look(visits, officer)
        self._again(visits, officer)
        self._set_aside(first)

    def _visits(self, rows: Sequence[HouseholdReview], enumerator: User, first: date) -> list[Visit]:
        made, luck = [], Random(f"{self.morning.known.seed}/{enumerator.username}")
        first_answers: Answers | None = None
        is_copied = False
        days = max((self.morning.today - first).days - 1, 1)
        for place, row in enumerate(sorted(rows, key=lambda one: one.pk)):
            day = first + timedelta(days=1 + place * (days - 1) // max(len(rows), 1))
            home = int(self.morning.known.homes.codes.index(row.household.code))
            living = living_on(self.morning.known.members[home], day)
            if not living or (fate := self.fates[home]).course == Course.GONE:
                continue
            asked = self._asked(row, home, day, luck)
            if fate.course == Course.SCREENED_OUT:
                self._send(FormKind.A, filling.screening(asked), enumerator, asked)
                continue
            if place == 1:
                asked = replace(asked, ended_at=asked.started_at + TOO_FAST)
            answers = filling.survey(
                asked, fate.surveyed, standard(self.round_.standard_id), asks_income=self.round_.points_table is None
            )
            if first_answers is not None and not is_copied:
                answers, is_copied = _copy(first_answers, answers), True
            elif first_answers is None and len(living) >= COPIED_FROM:
                first_answers = answers
            self._send(FormKind.B, answers, enumerator, asked)
            made.append(Visit.objects.get(review=row, form_id=FormKind.B, is_current=True))
        return made

    def _asked(self, row: HouseholdReview, home: int, day: date, luck: Random) -> Asked:
        known = self.morning.known
        living, place = living_on(known.members[home], day), known.places.get(self.morning.ward)
        row.commune_review = self.review
        return asked_at(row, living, day=day, place=place, seed=known.seed, luck=luck)

    def _send(self, form_id: FormKind, answers: Answers, by: User, asked: Asked) -> None:
        version = form_in_use(form_id, self.round_.standard_id)
        assert version is not None, "forms are published before anybody visits"
        instance_id = f"uuid:{UUID(int=asked.luck.getrandbits(128), version=4)}"
        xml = filling.as_xml(form_id.value, version.version, instance_id, answers)
        receive_submission(
            ReceiveSubmission(xml=xml.encode()), acting_user=by, now=asked.ended_at + timedelta(minutes=30)
        )

    def _look(self, visits: Sequence[Visit], officer: User) -> None:
        """Check everything, and look at all but two of what is found: one copied, one too fast."""
        left = {FlagKind.COPIED, FlagKind.TOO_FAST}
        for visit in visits:
            check_visit(visit.pk, now=visit.ended_at + timedelta(hours=2))
        for flag in VisitFlag.objects.filter(visit__in=[one.pk for one in visits]).order_by("pk"):
            if flag.kind in left:
                left.remove(FlagKind(flag.kind))
            else:
                clear_flag(flag.pk, note=CHECKED, acting_user=officer, now=flag.raised_at + timedelta(hours=12))

    def _again(self, visits: Sequence[Visit], officer: User) -> None:
        """Send somebody once more where nothing is flagged."""
        clean = (one for one in visits if not VisitFlag.objects.filter(visit=one).exists())
        if (visit := next(clean, None)) is not None:
            now = local_moment(self.morning.today - timedelta(days=1), time(15))
            ask_revisit(visit.review_id, "Diện tích ở ghi khác sổ địa chính, đo lại giúp", acting_user=officer, now=now)

    def _set_aside(self, enumerator: User) -> None:
        """Send a form for a household that is on no list: it waits for an officer."""
        known = self.morning.known
        listed = set(self.review.households.values_list("household__code", flat=True))
        others = Household.objects.filter(unit=self.morning.ward).exclude(code__in=listed).order_by("pk")
        day, luck = self.morning.today - timedelta(days=2), Random(f"{known.seed}/set aside")
        for household in others[:20]:
            home = known.homes.codes.index(household.code)
            living = living_on(known.homes.members([home]).get(home, []), day)
            if living:
                row = HouseholdReview(
                    household=household, commune_review=self.review, area="urban", hamlet=household.hamlet
                )
                place = known.places.get(self.morning.ward)
                asked = asked_at(row, living, day=day, place=place, seed=known.seed, luck=luck)
                answers = filling.survey(
                    asked, HouseholdClass.NEAR_POOR, standard(self.round_.standard_id), asks_income=False
                )
                self._send(FormKind.B, answers, enumerator, asked)
                return


def _copy(first: Answers, own: Answers) -> Answers:
    """Return what somebody writes who has not asked: the answers of another household under the names of this one."""
    kept = ("start", "end", "household", "area", "visited_on", "location")
    members = [
        {**theirs, "full_name": (mine or theirs)["full_name"]}
        for theirs, mine in zip_longest(first["members"], own["members"][: len(first["members"])])
    ]
    return {**first, **{name: own[name] for name in kept if name in own}, "members": members}


def _user(user_id: int) -> User:
    found: User = User.objects.get(pk=user_id)
    return found

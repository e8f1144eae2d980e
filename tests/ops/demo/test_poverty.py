"""The poverty review of the demo: figures that add up from year to year, explanations behind them, work for this morning."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lienthong.accounts.models import User
from lienthong.ops.demo.poverty.answers import as_xml
from lienthong.people.models import Household
from lienthong.poverty.models import (
    CommuneReview,
    HouseholdReview,
    HouseholdStanding,
    Objection,
    PointsTableVersion,
    ReviewRequest,
    ReviewRound,
    Score,
    Submission,
    Visit,
    VisitFlag,
)
from lienthong.poverty.movements import accounts
from lienthong.poverty.services.postings import digest_of
from lienthong.poverty.services.reporting import figures_of
from lienthong.poverty.states import (
    LISTED_CLASSES,
    CommuneState,
    FlagKind,
    FormKind,
    HouseholdClass,
    RoundKind,
    SubmissionState,
    VisitState,
)
from lienthong.poverty.survey.reading import read_submission
from lienthong.rules.poverty.recording import from_json
from lienthong.units.models import UnitBoundary
from tests.databases import Databases
from tests.ops.demo.standing import province_stands
from tests.ops.demo.test_building import TINY

TODAY = date(2026, 11, 23)
SCALE = replace(TINY, people=2_500, dossiers=40, reviews_poverty=True)


@pytest.fixture(scope="module")
def built(databases: Databases, django_db_blocker: Any) -> Iterator[None]:
    with province_stands(databases, django_db_blocker, SCALE, today=TODAY):
        yield


@pytest.fixture
def reviewed(built: None, db: None) -> None:
    """The province that reviewed its households."""


def periodic() -> Iterator[ReviewRound]:
    yield from ReviewRound.objects.filter(kind=RoundKind.PERIODIC).order_by("starts_on")


def ward() -> CommuneReview:
    return CommuneReview.objects.get(unit__code="05443", round__kind=RoundKind.PERIODIC, round__period="2026")


@pytest.mark.slow
@pytest.mark.usefixtures("reviewed")
def test_every_year_begins_with_what_the_year_before_ended_with_and_every_list_adds_up() -> None:
    closed = [one for one in periodic() if one.closed_at]
    assert [(one.period, one.communes.count()) for one in closed] == [
        ("2022", 178), ("2023", 177), ("2024", 177), ("2025", 92)
    ]  # fmt: skip
    for round_ in closed:
        reviews = HouseholdReview.objects.filter(commune_review__round=round_)
        after = Counter(reviews.filter(final_class__in=LISTED_CLASSES).values_list("final_class", flat=True))
        standing = Counter(
            HouseholdStanding.objects.valid_on(date(int(round_.period) + 1, 1, 1))
            .filter(review__commune_review__round=round_, household_class__in=LISTED_CLASSES)
            .values_list("household_class", flat=True)
        )
        assert after == standing, round_
        on_list = HouseholdStanding.objects.valid_on(round_.starts_on).filter(household_class__in=LISTED_CLASSES)
        if round_.period in {"2022", "2025"}:  # before 2025 the neighbour is another province
            assert set(on_list.values_list("household", flat=True)) == set(
                reviews.filter(class_before__in=LISTED_CLASSES).values_list("household", flat=True)
            )
        for account in accounts((movement, 1) for movement in reviews.values_list("movement", flat=True)):
            assert account.opening == reviews.filter(class_before=account.listed).count()
            assert account.closing == after[account.listed]
        for commune in round_.communes.all():
            assert commune.state == CommuneState.REPORTED
            assert commune.frozen == figures_of(commune)
            for posting in commune.postings.all():
                assert posting.digest == digest_of(posting.households)


@pytest.mark.slow
@pytest.mark.usefixtures("reviewed")
def test_poverty_falls_and_every_result_opens_to_what_the_rules_say() -> None:
    shares = []
    for round_ in periodic():
        reviews = HouseholdReview.objects.filter(commune_review__round=round_)
        total = sum(round_.communes.values_list("households_total", flat=True))
        shares.append(reviews.filter(final_class__in=LISTED_CLASSES).count() / total)
    assert shares[0] > shares[1] > shares[2]
    visited = HouseholdReview.objects.filter(visit_state=VisitState.VISITED)
    assert not visited.filter(deciding_score=None).exists()
    for score in Score.objects.select_related("visit__review"):
        found = from_json(score.result)
        assert found.poverty_class is not None
        assert found.poverty_class.value == score.outcome
        assert found.deprived_codes == tuple(score.deprivations)
    assert set(Score.objects.values_list("outcome", flat=True)) == {str(one) for one in HouseholdClass}
    for visit in Visit.objects.select_related("submission__form_version"):
        assert read_submission(visit.submission.xml.encode()).answers == visit.answers
        assert visit.submission.digest == hashlib.sha256(visit.submission.xml.encode()).hexdigest()


@pytest.mark.slow
@pytest.mark.usefixtures("reviewed")
def test_work_of_every_kind_waits_this_morning() -> None:
    here = ward()
    waiting = here.households.filter(visit_state=VisitState.TO_VISIT)
    table = PointsTableVersion.objects.get()

    assert here.state == CommuneState.VISITING
    assert waiting.filter(enumerator__username="demo.xa.dieutravien").count() >= 5
    assert waiting.filter(enumerator=None).exists()
    assert here.households.filter(visit_state=VisitState.REVISIT).count() == 1
    assert sorted(VisitFlag.objects.filter(cleared_at=None).values_list("kind", flat=True)) == [
        FlagKind.COPIED, FlagKind.TOO_FAST
    ]  # fmt: skip
    assert Submission.objects.filter(state=SubmissionState.SET_ASIDE, unit=here.unit).count() == 1
    assert ReviewRequest.objects.filter(unit=here.unit, review=None, withdrawn_on=None).count() == 1
    assert Objection.objects.get().commune_review.state == CommuneState.POSTED
    assert (table.is_superseded, here.round.points_table) == (True, table)
    assert ReviewRound.objects.get(kind=RoundKind.REGULAR).period == "2026-11"
    assert UnitBoundary.objects.count() == 92


@pytest.mark.slow
@pytest.mark.usefixtures("reviewed")
def test_the_citizen_has_a_result_to_look_at() -> None:
    person = User.objects.get(username="demo.congdan").person
    assert person is not None
    household = Household.objects.get(code=person.household_code)

    decided = household.poverty_reviews.exclude(decision=None).order_by("pk").values_list("final_class", flat=True)

    assert list(decided) == [HouseholdClass.NEAR_POOR] * 3


def test_what_is_written_as_xml_is_read_again_word_for_word() -> None:
    answers = {
        "start": "2026-11-02T08:00:00+07:00", "end": "2026-11-02T08:30:00+07:00", "household": "HGD1", "area": "rural",
        "visited_on": "2026-11-02", "members": [{"full_name": "Nông Thị <Ỷ> & con", "sex": "female"}], "wall": "durable",
    }  # fmt: skip

    reading = read_submission(as_xml(FormKind.B.value, "2026110101", "uuid:1", answers).encode())

    assert (reading.answers, reading.form_id, reading.instance_id) == (answers, "phieu-b", "uuid:1")

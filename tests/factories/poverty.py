"""Rounds, lists, visits and scores of the poverty review for tests.

``listed_household`` gives a household with a head and a class that it holds, ``household_review`` one on the list of a commune.
"""

from datetime import UTC, date, datetime
from typing import Any

import factory

from lienthong.kernel.text import person_sort_key
from lienthong.people.models import Household
from lienthong.poverty.models import (
    CommuneReview,
    FormVersion,
    HouseholdReview,
    HouseholdStanding,
    PointsTableVersion,
    ReviewRequest,
    ReviewRound,
    Score,
    Submission,
    Visit,
    VisitFlag,
)
from lienthong.poverty.states import (
    ApprovalState,
    AreaKind,
    CommuneState,
    FlagKind,
    FormKind,
    GoneReason,
    HouseholdClass,
    ListingSource,
    RequestKind,
    RoundKind,
    VisitState,
)
from tests.factories.people import HouseholdFactory, HouseholdMembershipFactory, PersonFactory
from tests.factories.units import AdministrativeUnitFactory

STANDARD = "2022-2026"
COLUMN = "northern_midlands_mountains"
OPENED_AT = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
VISITED_AT = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)


def _points(code: str, rural: int, urban: int) -> dict[str, Any]:
    return {"code": code, "label": code, "minimum": None, "maximum": None, "points": {COLUMN: rural, "urban": urban}}


class PointsTableFactory(factory.django.DjangoModelFactory[PointsTableVersion]):
    """An approved table of one feature; ``draft`` waits for the second person, ``superseded`` serves trials only."""

    class Meta:
        model = PointsTableVersion

    standard_id = STANDARD
    number = factory.Sequence(lambda number: number + 1)
    name = "Bảng điểm thử nghiệm"
    source = "Văn bản thử nghiệm"
    columns = [COLUMN, "urban"]
    content = factory.LazyFunction(
        lambda: {
            "features": [
                {
                    "code": "best_job",
                    "label": "Việc làm",
                    "kind": "choice",
                    "levels": [_points("public", 30, 35), _points("non_farm", 20, 25), _points("none", 0, 0)],
                }
            ]
        }
    )
    digest = factory.Sequence(lambda number: f"{number:064d}")
    valid_from = date(2022, 1, 1)
    state = ApprovalState.APPROVED
    prepared_by = factory.SubFactory("tests.factories.accounts.UserFactory")
    prepared_at = datetime(2021, 12, 1, 2, 0, tzinfo=UTC)
    approved_by = factory.SubFactory("tests.factories.accounts.UserFactory")
    approved_at = datetime(2021, 12, 2, 2, 0, tzinfo=UTC)

    class Params:
        draft = factory.Trait(state=ApprovalState.DRAFT, approved_by=None, approved_at=None)
        superseded = factory.Trait(is_superseded=True, name="Bảng điểm 2016–2020 (một phần)")


class ReviewRoundFactory(factory.django.DjangoModelFactory[ReviewRound]):
    """The periodic round of 2026 with an approved table; ``regular`` is that of November 2026, ``closed`` is over."""

    class Meta:
        model = ReviewRound
        django_get_or_create = ("kind", "period")

    kind = RoundKind.PERIODIC
    period = "2026"
    standard_id = STANDARD
    points_table = factory.SubFactory(PointsTableFactory)
    points_column = COLUMN
    starts_on = date(2026, 9, 1)
    ends_on = date(2026, 12, 14)
    opened_at = OPENED_AT

    class Params:
        regular = factory.Trait(
            kind=RoundKind.REGULAR, period="2026-11", starts_on=date(2026, 11, 15), ends_on=date(2026, 11, 30)
        )
        closed = factory.Trait(closed_at=datetime(2026, 12, 20, 2, 0, tzinfo=UTC))


class CommuneReviewFactory(factory.django.DjangoModelFactory[CommuneReview]):
    """A commune that lists; the traits are named as the stages. The round is one for all of a test."""

    class Meta:
        model = CommuneReview

    round = factory.SubFactory(ReviewRoundFactory)
    unit = factory.SubFactory(AdministrativeUnitFactory)
    state = CommuneState.LISTING

    class Params:
        visiting = factory.Trait(state=CommuneState.VISITING, listed_at=OPENED_AT)
        meeting = factory.Trait(state=CommuneState.MEETING, listed_at=OPENED_AT)
        posted = factory.Trait(state=CommuneState.POSTED, listed_at=OPENED_AT)
        decided = factory.Trait(state=CommuneState.DECIDED, listed_at=OPENED_AT)


class HouseholdStandingFactory(factory.django.DjangoModelFactory[HouseholdStanding]):
    """A household is poor since 2026 and until further notice; ``near_poor``, and ``ended`` at the beginning of 2025."""

    class Meta:
        model = HouseholdStanding

    household = factory.SubFactory(HouseholdFactory)
    household_class = HouseholdClass.POOR
    valid_from = date(2026, 1, 1)
    source = "Danh sách năm 2025"

    class Params:
        near_poor = factory.Trait(household_class=HouseholdClass.NEAR_POOR)
        ended = factory.Trait(valid_from=date(2022, 1, 1), valid_until=date(2025, 1, 1))


class HouseholdReviewFactory(factory.django.DjangoModelFactory[HouseholdReview]):
    """A poor household of Xóm 1 that waits for its visit.

    ``near_poor`` and ``requested`` say why it is there; ``visited`` (class ``poor`` by survey), ``screened_out``, ``revisit`` and
    ``gone`` how far it is.
    """

    class Meta:
        model = HouseholdReview

    commune_review = factory.SubFactory(CommuneReviewFactory)
    household = factory.SubFactory(
        HouseholdFactory, unit=factory.SelfAttribute("..commune_review.unit"), hamlet=factory.SelfAttribute("..hamlet")
    )
    head_name = factory.Sequence(
        lambda number: f"Ma Văn Thử {'abcdefghij'[number % 10]}{'abcdefghij'[number // 10 % 10]}"
    )
    head_sort_key = factory.LazyAttribute(lambda review: person_sort_key(review.head_name))
    head_sex = "male"
    ethnicity = "Tày"
    size = 4
    hamlet = "Xóm 1"
    area = AreaKind.RURAL
    source = ListingSource.CURRENT_LIST
    class_before = HouseholdClass.POOR

    class Params:
        near_poor = factory.Trait(class_before=HouseholdClass.NEAR_POOR)
        requested = factory.Trait(source=ListingSource.REQUEST, class_before=HouseholdClass.NOT_POOR)
        visited = factory.Trait(visit_state=VisitState.VISITED, surveyed_class=HouseholdClass.POOR)
        screened_out = factory.Trait(visit_state=VisitState.SCREENED_OUT, surveyed_class=HouseholdClass.NOT_POOR)
        revisit = factory.Trait(visit_state=VisitState.REVISIT, revisit_reason="Số liệu chưa khớp")
        gone = factory.Trait(visit_state=VisitState.GONE, gone_reason=GoneReason.MOVED_AWAY)


class ReviewRequestFactory(factory.django.DjangoModelFactory[ReviewRequest]):
    """A household asked by word to be recognised as poor."""

    class Meta:
        model = ReviewRequest

    household = factory.SubFactory(HouseholdFactory)
    unit = factory.SelfAttribute("household.unit")
    kind = RequestKind.RECOGNIZE
    received_on = date(2026, 9, 10)


class FormVersionFactory(factory.django.DjangoModelFactory[FormVersion]):
    """A version of form B that is not a compiled form: enough for what hangs on it."""

    class Meta:
        model = FormVersion
        django_get_or_create = ("form_id", "version")

    form_id = FormKind.B
    version = "2026090101"
    title = "Phiếu B"
    standard_id = STANDARD
    xml = "<html/>"
    md5 = "0" * 32
    published_at = OPENED_AT


class SubmissionFactory(factory.django.DjangoModelFactory[Submission]):
    """A form as it was sent, taken in."""

    class Meta:
        model = Submission

    instance_id = factory.Sequence(lambda number: f"uuid:00000000-0000-4000-8000-{number:012d}")
    form_version = factory.SubFactory(FormVersionFactory)
    xml = "<data/>"
    digest = factory.Sequence(lambda number: f"{number:064d}")
    received_at = VISITED_AT
    completed_at = VISITED_AT


class VisitFactory(factory.django.DjangoModelFactory[Visit]):
    """A visit of half an hour that counts."""

    class Meta:
        model = Visit

    review = factory.SubFactory(HouseholdReviewFactory, visited=True)
    submission = factory.SubFactory(SubmissionFactory)
    form_id = FormKind.B
    started_at = datetime(2026, 10, 5, 1, 30, tzinfo=UTC)
    ended_at = VISITED_AT
    answers: dict[str, Any] = {}
    answers_digest = factory.Sequence(lambda number: f"{number:064d}")


class ScoreFactory(factory.django.DjangoModelFactory[Score]):
    """A score that makes poor: 100 points of B1, 40 of B2."""

    class Meta:
        model = Score

    visit = factory.SubFactory(VisitFactory)
    standard_id = STANDARD
    points_column = COLUMN
    area = AreaKind.RURAL
    facts: dict[str, Any] = {}
    result: dict[str, Any] = {}
    a_points = 100
    b_points = 40
    deprivations = ["employment", "healthInsurance", "cleanWater", "hygienicToilet"]
    outcome = HouseholdClass.POOR
    computed_at = VISITED_AT

    class Params:
        near_poor = factory.Trait(
            b_points=20, deprivations=["employment", "cleanWater"], outcome=HouseholdClass.NEAR_POOR
        )
        not_poor = factory.Trait(a_points=180, b_points=0, deprivations=[], outcome=HouseholdClass.NOT_POOR)
        unknown = factory.Trait(a_points=None, b_points=20, outcome=None)


class VisitFlagFactory(factory.django.DjangoModelFactory[VisitFlag]):
    """A visit that was too fast; nobody has looked yet."""

    class Meta:
        model = VisitFlag

    visit = factory.SubFactory(VisitFactory)
    kind = FlagKind.TOO_FAST
    words = "Khảo sát trong 2 phút"
    raised_at = VISITED_AT


def listed_household(
    unit: Any,
    *,
    name: str = "Ma Văn Sình",
    hamlet: str = "Xóm 1",
    household_class: str = HouseholdClass.POOR,
    **standing: Any,
) -> Household:
    """Return a household of a commune, with its head alone, that holds a class."""
    household = HouseholdFactory(unit=unit, hamlet=hamlet)
    head = PersonFactory(full_name=name, ethnicity="Tày", lives_in=unit)
    HouseholdMembershipFactory(household=household, person=head)
    HouseholdStandingFactory(household=household, household_class=household_class, **standing)
    return household


def household_review(commune_review: CommuneReview, **facts: Any) -> HouseholdReview:
    """Return a household on the list of a commune. Facts are columns and traits of ``HouseholdReviewFactory``."""
    return HouseholdReviewFactory(commune_review=commune_review, **facts)


def scored(review: HouseholdReview, **facts: Any) -> Score:
    """Give a household on a list a visit and the score that decides. Facts are those of ``ScoreFactory``."""
    score: Score = ScoreFactory(visit__review=review, area=review.area, **facts)
    review.deciding_score, review.surveyed_class, review.visit_state = score, score.outcome, VisitState.VISITED
    review.a_points, review.b_points, review.deprivations = score.a_points, score.b_points, score.deprivations
    review.save()
    return score

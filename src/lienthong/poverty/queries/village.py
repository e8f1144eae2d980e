"""The village's part: hamlets with their households and meetings, the result of each household so far, what keeps the list from being posted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lienthong.kernel.text import natural_key
from lienthong.poverty.models import CommuneReview, HouseholdReview, Posting, ResultChange, VillageMeeting
from lienthong.poverty.queries.stages import Missing, guards
from lienthong.poverty.states import LISTED_CLASSES, CommuneState, HouseholdClass, VisitState

NAMED_AT_MOST = 5
STILL_TO_VISIT = (VisitState.TO_VISIT, VisitState.REVISIT)


def result_of(review: HouseholdReview) -> HouseholdClass | None:
    """Return the class that a household comes to at this point: decided, proposed by the village, or as surveyed.

    Who was screened out by form A asks for nothing more and is on no list. None where it is not known, and for who is gone.
    """
    if review.visit_state == VisitState.GONE:
        return None
    if found := review.final_class or review.proposed_class or review.surveyed_class:
        return HouseholdClass(found)
    if review.visit_state == VisitState.SCREENED_OUT:
        before = HouseholdClass(review.class_before)
        return HouseholdClass.NOT_POOR if before in LISTED_CLASSES else before
    return None


@dataclass(slots=True)
class Hamlet:
    """A hamlet of a commune with how far it is.

    Args:
        households: Households on the list that are still there.
        gone: Households that are not.
        waiting: Those of ``households`` that must still be visited.
        unknown: Those that were visited and whose class is not known.
        without_result: Those with a class on which no accepted meeting has spoken yet.
        changed: Results that the village or a recheck made another.
        classes: How many come to which class.
        meeting: The last meeting; None where there was none.
    """

    name: str
    households: int = 0
    gone: int = 0
    waiting: int = 0
    unknown: int = 0
    without_result: int = 0
    changed: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    meeting: VillageMeeting | None = None

    @property
    def is_done(self) -> bool:
        """Whether the village has agreed to a result for each household."""
        agreed = self.meeting is not None and self.meeting.is_accepted
        return not self.households or (agreed and not (self.waiting or self.unknown or self.without_result))

    @property
    def may_meet(self) -> bool:
        """Whether there is a result for each household to meet about."""
        return bool(self.households) and not (self.waiting or self.unknown)


def hamlets_of(review: CommuneReview) -> list[Hamlet]:
    """Return the hamlets that have households on the list, by name; two queries and one for the changes."""
    meetings: dict[str, VillageMeeting] = {}
    for meeting in review.meetings.order_by("hamlet", "number"):
        meetings[meeting.hamlet] = meeting
    changed = set(ResultChange.objects.filter(review__commune_review=review).values_list("review_id", flat=True))
    hamlets: dict[str, Hamlet] = {}
    for household in results_of(review):
        hamlet = hamlets.setdefault(household.hamlet, Hamlet(household.hamlet, meeting=meetings.get(household.hamlet)))
        if household.visit_state == VisitState.GONE:
            hamlet.gone += 1
            continue
        result = result_of(household)
        hamlet.households += 1
        hamlet.waiting += household.visit_state in STILL_TO_VISIT
        hamlet.unknown += household.visit_state not in STILL_TO_VISIT and result is None
        hamlet.without_result += result is not None and household.proposed_class is None
        hamlet.changed += household.pk in changed
        hamlet.classes[result or ""] += 1
    return sorted(hamlets.values(), key=lambda hamlet: natural_key(hamlet.name))


def results_of(review: CommuneReview, hamlet: str | None = None) -> QuerySet[HouseholdReview]:
    """Return the households of a commune's list, or of one hamlet, in the order of the list."""
    rows = review.households.select_related("household")
    if hamlet is not None:
        rows = rows.filter(hamlet=hamlet)
    return rows.order_by("hamlet", "head_sort_key", "pk")


def changes_of(review: CommuneReview) -> dict[int, list[ResultChange]]:
    """Return the changes of results by household, oldest first."""
    found: dict[int, list[ResultChange]] = {}
    rows = ResultChange.objects.filter(review__commune_review=review).select_related("meeting", "objection")
    for change in rows.order_by("changed_at", "pk"):
        found.setdefault(change.review_id, []).append(change)
    return found


def meetings_of(review: CommuneReview, hamlet: str | None = None) -> list[VillageMeeting]:
    """Return the meetings of a commune, or of one hamlet, newest first."""
    rows = review.meetings.select_related("recorded_by")
    if hamlet is not None:
        rows = rows.filter(hamlet=hamlet)
    return list(rows.order_by("-held_at", "-pk"))


def latest_posting(review: CommuneReview) -> Posting | None:
    """Return the last posting of a commune's list; None where it was never posted."""
    return review.postings.select_related("posted_by").order_by("-number").first()


def postings_of(review: CommuneReview) -> list[Posting]:
    """Return every posting of a commune's list, the last first."""
    return list(
        review.postings.select_related("posted_by", "commune_review__unit", "commune_review__round").order_by("-number")
    )


def changed_since_posting(review: CommuneReview, posting: Posting | None = None) -> list[HouseholdReview]:
    """Return the households whose result is not the one that hangs out: then the list has to be posted again."""
    posting = posting or latest_posting(review)
    shown = {row["review"]: row["class"] for row in posting.households} if posting else {}
    return [
        household
        for household in results_of(review)
        if household.visit_state != VisitState.GONE and shown.get(household.pk) != result_of(household)
    ]


def missing_for_posting(review: CommuneReview) -> list[Missing]:
    """Return everything that keeps the list of a commune from being posted, all at once."""
    missing = []
    hamlets = hamlets_of(review)
    unmet = [hamlet.name for hamlet in hamlets if hamlet.households and hamlet.meeting is None]
    refused = [hamlet.name for hamlet in hamlets if hamlet.meeting is not None and not hamlet.meeting.is_accepted]
    later = [
        hamlet.name
        for hamlet in hamlets
        if hamlet.without_result and hamlet.meeting is not None and hamlet.meeting.is_accepted
    ]
    waiting = sum(hamlet.waiting for hamlet in hamlets)
    unknown = sum(hamlet.unknown for hamlet in hamlets)
    if unmet:
        missing.append(Missing(_("Chưa họp: %(hamlets)s.") % {"hamlets": named(unmet)}))
    if refused:
        words = _("Buổi họp cuối chưa đạt tỷ lệ đồng ý: %(hamlets)s. Hãy khảo sát, họp lại.")
        missing.append(Missing(words % {"hamlets": named(refused)}))
    if later:
        words = _("Có hộ chưa được họp thôn xem xét: %(hamlets)s. Hãy họp lại thôn này.")
        missing.append(Missing(words % {"hamlets": named(later)}))
    if waiting:
        missing.append(
            Missing(
                _("Còn %(n)s hộ đang chờ khảo sát lại.") % {"n": waiting}, waiting, {"visit": VisitState.REVISIT.value}
            )
        )
    if unknown:
        missing.append(Missing(_("Còn %(n)s hộ chưa rõ phân loại.") % {"n": unknown}, unknown))
    return missing


def named(names: Iterable[str]) -> str:
    """Write names in one sentence: the first few, then how many more."""
    shown = [name or _("chưa rõ thôn") for name in names]
    if len(shown) <= NAMED_AT_MOST:
        return ", ".join(shown)
    more = _("và %(n)s nơi nữa") % {"n": len(shown) - NAMED_AT_MOST}
    return f"{', '.join(shown[:NAMED_AT_MOST])} {more}"


@guards(CommuneState.MEETING, CommuneState.POSTED)
def _list_was_posted(review: CommuneReview, reason: str) -> Iterable[Missing]:
    """Posting is what moves a commune on; nobody gets there by the button alone."""
    missing = missing_for_posting(review)
    if not missing and (latest_posting(review) is None or changed_since_posting(review)):
        missing = [Missing(_("Danh sách hiện tại chưa được niêm yết. Hãy lập thông báo niêm yết."))]
    return missing


@guards(CommuneState.VISITING, CommuneState.MEETING)
def _every_class_is_known(review: CommuneReview, reason: str) -> Iterable[Missing]:
    unknown = (
        review.households.filter(visit_state=VisitState.VISITED)
        .filter(Q(proposed_class=None, surveyed_class=None))
        .count()
    )
    if unknown:
        words = _("Còn %(n)s hộ đã khảo sát nhưng chưa rõ phân loại. Hãy bổ sung phiếu hoặc thu nhập của các hộ này.")
        yield Missing(words % {"n": unknown}, unknown, {"class": "unknown"})

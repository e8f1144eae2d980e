"""What a decision rests on and what it does: what is still missing, which households it names, how the lists move."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from lienthong.kernel.days import format_day
from lienthong.poverty.models import CommuneReview, HouseholdReview, HouseholdStanding, RecognitionDecision
from lienthong.poverty.movements import ListAccount, accounts, movement_of
from lienthong.poverty.queries.objections import open_objections
from lienthong.poverty.queries.stages import Missing, guards
from lienthong.poverty.queries.village import (
    changed_since_posting,
    latest_posting,
    missing_for_posting,
    result_of,
    results_of,
)
from lienthong.poverty.states import (
    LISTED_CLASSES,
    CommuneState,
    DecisionKind,
    DecisionState,
    HouseholdClass,
    Movement,
    RoundKind,
    VisitState,
)
from lienthong.rules.parameters import load_parameter

REGULAR_DECISION = "poverty/review:regular_decision"
PERIODIC_APPLIES_FROM = "poverty/review:periodic_applies_from"
_EXITS = (Movement.POOR_EXITS, Movement.NEAR_POOR_EXITS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the round comes to for one household: its class (None when gone), its movement, the decision that names it."""

    household: HouseholdReview
    result: HouseholdClass | None
    movement: Movement
    kind: DecisionKind | None


def outcomes_of(review: CommuneReview) -> list[Outcome]:
    """Return what the round comes to for each household of the list, in the order of the list."""
    return [_outcome(household) for household in results_of(review)]


def _outcome(household: HouseholdReview) -> Outcome:
    result = result_of(household)
    is_gone = household.visit_state == VisitState.GONE
    before = HouseholdClass(household.class_before)
    if not is_gone and result is None:
        return Outcome(household, None, Movement.NONE, None)
    movement = movement_of(before, result, ever_listed=household.ever_listed, is_gone=is_gone)
    kind = None
    if result in LISTED_CLASSES:
        kind = DecisionKind.RECOGNIZE
    elif movement in _EXITS:
        kind = DecisionKind.EXIT
    return Outcome(household, result, movement, kind)


def kinds_needed(outcomes: Iterable[Outcome]) -> list[DecisionKind]:
    """Return which decisions a round needs; where nobody is on a list any more and nobody leaves one, the first says so."""
    named = {outcome.kind for outcome in outcomes}
    return [kind for kind in DecisionKind if kind in named] or [DecisionKind.RECOGNIZE]


def accounts_of(outcomes: Iterable[Outcome]) -> tuple[ListAccount, ...]:
    """Return the account of both lists as the round comes out."""
    return accounts((outcome.movement, 1) for outcome in outcomes)


def missing_for_decision(review: CommuneReview, *, on: date) -> list[Missing]:
    """Return everything that keeps a decision from being prepared or signed on a day, all at once."""
    posting = latest_posting(review)
    if posting is None:
        return [Missing(_("Danh sách chưa được niêm yết."))]
    missing = list(missing_for_posting(review))
    if on < posting.ends_on:
        words = _("Niêm yết lần %(number)s còn đến hết ngày %(day)s.")
        last = format_day(posting.ends_on - timedelta(days=1))
        missing.append(Missing(words % {"number": posting.number, "day": last}))
    if left := open_objections(review).count():
        missing.append(Missing(_("Còn %(n)s khiếu nại, kiến nghị chưa trả lời.") % {"n": left}, left))
    if changed := changed_since_posting(review, posting):
        words = _("%(n)s kết quả đã đổi sau lần niêm yết cuối. Hãy niêm yết lại.")
        missing.append(Missing(words % {"n": len(changed)}, len(changed)))
    return missing


def current_decisions(review: CommuneReview) -> list[RecognitionDecision]:
    """Return the decisions of a commune that wait for a signature or are signed."""
    rows = review.decisions.exclude(state=DecisionState.SENT_BACK).select_related("prepared_by", "signed_by")
    return list(rows.order_by("-kind", "pk"))


def all_decisions(review: CommuneReview) -> list[RecognitionDecision]:
    """Return every decision of a commune, those sent back included, oldest first."""
    return list(review.decisions.select_related("prepared_by", "signed_by").order_by("prepared_at", "pk"))


def certificates_of(review: CommuneReview) -> list[HouseholdStanding]:
    """Return the certificates that the decisions of a commune gave out, in their order."""
    rows = HouseholdStanding.objects.filter(decision__commune_review=review).exclude(certificate_number="")
    return list(rows.select_related("household", "review", "decision").order_by("certificate_number"))


def decision_due_on(review: CommuneReview) -> date | None:
    """Return the day by which a regular round is decided; None for a periodic one, which follows the plan.

    Legal source:
        24/2021/QĐ-TTg (fifteen days).
    """
    if review.round.kind != RoundKind.REGULAR:
        return None
    days = load_parameter(REGULAR_DECISION).value_on(review.round.starts_on)
    return review.round.starts_on + timedelta(days=days)


def default_applies_from(review: CommuneReview, *, on: date) -> date:
    """Return from which day a decision usually applies: the new year after a periodic round, today after a regular one."""
    if review.round.kind == RoundKind.REGULAR:
        return on
    month, day = load_parameter(PERIODIC_APPLIES_FROM).text_on(review.round.starts_on).split("-")
    return date(int(review.round.period[:4]) + 1, int(month), int(day))


def later_standings(household_ids: Iterable[int], *, applies_from: date) -> list[HouseholdStanding]:
    """Return classes of these households that begin on or after a day, before which nothing new can be put."""
    rows = HouseholdStanding.objects.filter(Q(valid_from__gte=applies_from), household_id__in=list(household_ids))
    return list(rows.select_related("household").order_by("household__code"))


@guards(CommuneState.POSTED, CommuneState.DECIDED)
def _decisions_are_signed(review: CommuneReview, reason: str) -> Iterable[Missing]:
    decisions = current_decisions(review)
    if not decisions or any(decision.state != DecisionState.SIGNED for decision in decisions):
        yield Missing(_("Quyết định công nhận chưa được ký."))


@guards(CommuneState.DECIDED, CommuneState.REPORTED)
def _figures_are_frozen(review: CommuneReview, reason: str) -> Iterable[Missing]:
    if not review.frozen:
        yield Missing(_("Số liệu chưa được chốt. Hãy bấm “Báo cáo tỉnh” ở trang quyết định của xã."))

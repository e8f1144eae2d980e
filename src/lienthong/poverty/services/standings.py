"""What a signed decision does to every household of a list, set by set: class, movement, certificate, and one fact each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import F
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra import locks
from lienthong.infra.events import Head, Link, append, link_to
from lienthong.infra.models import Event
from lienthong.poverty.events import HouseholdClassDecided
from lienthong.poverty.models import CommuneReview, HouseholdReview, HouseholdStanding, RecognitionDecision
from lienthong.poverty.queries.decisions import Outcome
from lienthong.poverty.states import LISTED_CLASSES, GoneReason, HouseholdClass, Movement, VisitState

_AT_ONCE = 1000


def decide_households(
    review: CommuneReview, outcomes: Sequence[Outcome], decisions: Sequence[RecognitionDecision], *,
    acting_user: User, now: datetime,
) -> None:  # fmt: skip
    """Give every household of a list its final class, movement and standing, and tell it.

    A class that goes on is a new row all the same: each round recognises anew and gives a certificate of its own. Whoever is
    on no list before and after keeps what is recorded, unless the class itself differs. A household that dissolved holds
    nothing more; one that moved takes its class along, once the register places it elsewhere.
    """
    applies_from = decisions[0].applies_from
    by_kind = {decision.kind: decision for decision in decisions}
    # The order in which rows are held is the same for everybody.
    list(HouseholdReview.objects.select_for_update().filter(commune_review=review).order_by("pk").values_list("pk"))
    standing = {
        row.household_id: row
        for row in HouseholdStanding.objects.select_for_update()
        .valid_on(applies_from)
        .filter(household_id__in=[outcome.household.household_id for outcome in outcomes])
        .order_by("pk")
    }
    ended, begun = [], []
    for outcome in outcomes:
        current = standing.get(outcome.household.household_id)
        follows = _follows(outcome, current)
        if current is not None and (follows or _ends(outcome, review)):
            ended.append(current.pk)
        if follows and outcome.result is not None:
            decision = by_kind.get(outcome.kind or "")
            begun.append(_standing(outcome, outcome.result, decision, review, applies_from=applies_from))
    HouseholdStanding.objects.filter(pk__in=ended).update(valid_until=applies_from)
    _number_certificates(begun, review, year=applies_from.year)
    HouseholdStanding.objects.bulk_create(begun, batch_size=_AT_ONCE)
    _write_results(outcomes, by_kind)
    _tell(outcomes, decisions[0], acting_user=acting_user, now=now)


def _follows(outcome: Outcome, current: HouseholdStanding | None) -> bool:
    """Tell whether a new standing begins: always by decision, otherwise only where the class becomes another."""
    if outcome.result is None:
        return False
    if outcome.kind is not None:
        return True
    if current is None:
        return outcome.result == HouseholdClass.AVERAGE
    return current.household_class != outcome.result


def _ends(outcome: Outcome, review: CommuneReview) -> bool:
    household = outcome.household
    if household.visit_state != VisitState.GONE:
        return False
    return household.gone_reason == GoneReason.DISSOLVED or household.household.unit_id == review.unit_id


def _standing(
    outcome: Outcome, result: HouseholdClass, decision: RecognitionDecision | None, review: CommuneReview, *,
    applies_from: date,
) -> HouseholdStanding:  # fmt: skip
    source = "" if decision else _("Kết quả %(round)s") % {"round": review.round}
    return HouseholdStanding(
        household_id=outcome.household.household_id,
        household_class=result,
        valid_from=applies_from,
        review=outcome.household,
        decision=decision,
        source=source,
    )


def _number_certificates(begun: Sequence[HouseholdStanding], review: CommuneReview, *, year: int) -> None:
    """Number the certificates of a commune through the year, in the order of the list: 05443-2027-0001."""
    locks.hold(f"poverty-certificates:{review.unit.code}:{year}")
    begins = f"{review.unit.code}-{year}-"
    number = HouseholdStanding.objects.filter(certificate_number__startswith=begins).count()
    for standing in begun:
        if standing.household_class in LISTED_CLASSES:
            number += 1
            standing.certificate_number = f"{begins}{number:04d}"


def _write_results(outcomes: Sequence[Outcome], by_kind: dict[str, RecognitionDecision]) -> None:
    groups: dict[tuple[HouseholdClass | None, Movement, str], list[int]] = {}
    for outcome in outcomes:
        groups.setdefault((outcome.result, outcome.movement, outcome.kind or ""), []).append(outcome.household.pk)
    for (result, movement, kind), ids in groups.items():
        HouseholdReview.objects.filter(pk__in=ids).update(
            final_class=result, movement=movement, decision=by_kind.get(kind), version=F("version") + 1
        )


def _tell(outcomes: Sequence[Outcome], decision: RecognitionDecision, *, acting_user: User, now: datetime) -> None:
    told = [outcome for outcome in outcomes if outcome.result is not None]
    ends = Event.objects.filter(stream__in=[outcome.household.stream for outcome in told])
    rows = ends.order_by("stream", "-sequence").distinct("stream").values_list("stream", "sequence", "hash")
    heads = {stream: Head(sequence, hash_) for stream, sequence, hash_ in rows}
    links: list[Link] = []
    for outcome in told:
        household = outcome.household
        fact = HouseholdClassDecided(
            household_code=household.household.code,
            review_id=household.pk,
            household_class=str(outcome.result),
            class_before=household.class_before,
            valid_from=decision.applies_from,
        )
        head = heads.get(household.stream, Head())
        links.append(link_to(head, fact, stream=household.stream, actor_id=acting_user.pk, at=now))
    for start in range(0, len(links), _AT_ONCE):
        append(links[start : start + _AT_ONCE])

"""What follows when a ground for merit benefits, or a fact that they hang on, has changed: granted, or ended."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from lienthong.accounts.models import User
from lienthong.assistance.models import Entitlement
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.queries.merit_months import merit_benefits_on
from lienthong.assistance.services.changing import locked, stop
from lienthong.assistance.services.granting import Grant, grant
from lienthong.assistance.services.refusals import AlreadyReceived
from lienthong.assistance.states import LIVE_STATES, Benefit, PayeeGround, Programme
from lienthong.kernel.days import add_months, local_day
from lienthong.rules.social_assistance.timing import month_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """Những khoản được hưởng theo các diện đã công nhận, và ai nhận tiền.

    Attributes:
        first_month: Nothing is paid before this month; None: as the claims say.
    """

    person_id: int
    unit_id: int
    payee_id: int | None = None
    payee_ground: str = PayeeGround.SELF
    decision_number: str = ""
    dossier_code: str = ""
    first_month: date | None = None


def grant_what_follows(command: Follow, *, acting_user: User, now: datetime) -> list[Entitlement]:
    """Grant each benefit that is due by the recognised claims and is not received yet.

    Runs inside the transaction of whoever decides.
    """
    live = Entitlement.objects.filter(
        person_id=command.person_id, programme=Programme.MERIT, state__in=LIVE_STATES
    ).values_list("benefit", flat=True)
    received, granted = set(live), []
    for benefit in merit_benefits_on(history_of(command.person_id), local_day(now)):
        if benefit in received:
            continue
        one = Grant(
            person_id=command.person_id, programme=Programme.MERIT, benefit=benefit, unit_id=command.unit_id,
            payee_id=command.payee_id, payee_ground=command.payee_ground, decision_number=command.decision_number,
            dossier_code=command.dossier_code, first_month=command.first_month,
        )  # fmt: skip
        try:
            granted.append(grant(one, acting_user=acting_user, now=now))
        except AlreadyReceived:
            if benefit != Benefit.ONE_OFF:  # what is paid once was paid by an earlier decision
                raise
    return granted


def end_what_no_longer_follows(
    person_id: int, *, before: Collection[str], from_month: date, reason: str, acting_user: User, now: datetime
) -> list[Entitlement]:
    """End each benefit that was due before a change and is not due after it; what rests on no recorded claim is left alone.

    Args:
        person_id: Of the person.
        before: The benefits that were due before the change.
        from_month: The first month that is not paid, by any of its days.
        reason: Stands in what ends.
        acting_user: Who decides.
        now: The moment.
    """
    lost = set(before) - set(merit_benefits_on(history_of(person_id), local_day(now)))
    rows = Entitlement.objects.filter(
        person_id=person_id, programme=Programme.MERIT, state__in=LIVE_STATES, benefit__in=lost
    )
    ended = [locked(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]
    for row in ended:
        stop(
            row, last_month=add_months(month_of(from_month), -1), reason=reason, acting_user_id=acting_user.pk, now=now
        )
    return ended

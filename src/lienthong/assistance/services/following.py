"""What follows by itself: deaths end benefits, what was kept back closes a recovery."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from lienthong.assistance.models import (
    Entitlement,
    EntitlementRate,
    Recovery,
)
from lienthong.assistance.services.changing import stop
from lienthong.assistance.services.death_offers import offer_after_death
from lienthong.assistance.services.recovering import close_recovery
from lienthong.assistance.services.surviving import ask_of_parents, end_support_of_carer
from lienthong.assistance.states import (
    LIVE_STATES,
    Benefit,
    Programme,
    RecoveryState,
)
from lienthong.kernel.days import add_months, local_day
from lienthong.payments.models import PaymentLine
from lienthong.people.models import Person
from lienthong.rules.merit.conduct import MeritConduct, merit_end_of
from lienthong.rules.social_assistance.timing import Conduct, end_of


@transaction.atomic
def follow_death(
    person_id: int, *, now: datetime, acting_user_id: int | None = None, reason: str = ""
) -> list[Entitlement]:
    """End everything that a person who died received after the month of the death, and say what others may ask for.

    Thôi hưởng do chết. The register of deaths is the ground; what was paid for later months becomes an overpayment. Doing it
    again changes nothing.

    Args:
        person_id: Of the person.
        now: The moment.
        acting_user_id: Who told the death; None where the register did.
        reason: Why the benefits end; empty: what the rules say of a death.

    Returns:
        What has ended: theirs, and what they received for caring for somebody else.
    """
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None or person.died_on is None:
        return []
    end = end_of(Conduct(died_on=person.died_on), on=local_day(now), known_on=local_day(now))
    if end is None:
        return []
    rows = list(
        Entitlement.objects.select_for_update().filter(_goes_on_after(end.last_month), person=person).order_by("pk")
    )
    of_merit = merit_end_of(MeritConduct(died_on=person.died_on), on=local_day(now)) or end
    for row in rows:
        told = reason or str((of_merit if row.programme == Programme.MERIT else end).reason)
        stop(row, last_month=end.last_month, reason=told, acting_user_id=acting_user_id, now=now)
    offer_after_death(person, rows, now=now)
    ask_of_parents(person, now=now)
    return rows + end_support_of_carer(person, acting_user_id=acting_user_id, now=now)


def _goes_on_after(month: date) -> Q:
    """Tell apart what is received still, and what had ended later than it does now: something is owed for a month after."""
    rates = EntitlementRate.objects.filter(entitlement=OuterRef("pk"), superseded_at=None, amount__gt=0)
    later = Exists(rates.filter(Q(end_month=None) | Q(end_month__gt=add_months(month, 1))))
    return Q(state__in=LIVE_STATES) | Q(Q(last_month__gt=month) & ~Q(benefit=Benefit.ONE_OFF), later)


@transaction.atomic
def close_recoveries(*, now: datetime) -> int:
    """Close the recoveries of which everything has been kept back, and return how many.

    Thu đủ tiền hưởng thừa.
    """
    closed = 0
    rows = (
        Recovery.objects.select_for_update(of=("self",)).filter(state=RecoveryState.OPEN).select_related("entitlement")
    )
    for row in rows.order_by("pk"):
        entitlement = row.entitlement
        mine = {"entitlement__person": entitlement.person_id, "entitlement__benefit": entitlement.benefit}
        all_of = Recovery.objects.filter(**mine, entitlement__programme=entitlement.programme)
        counted = all_of.exclude(state=RecoveryState.CANCELLED)
        total = counted.aggregate(sum=Sum(F("amount") - F("elsewhere")))["sum"] or 0
        lines = PaymentLine.objects.filter(
            source=entitlement.programme, person=entitlement.person_id, benefit=entitlement.benefit, is_live=True
        )
        if (lines.aggregate(sum=Sum("deducted"))["sum"] or 0) >= total:
            close_recovery(row, reason=_("đã khấu trừ đủ"), acting_user_id=None, now=now)
            closed += 1
    return closed

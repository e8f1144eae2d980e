"""Who did not collect for so many months that the law lets the benefit be suspended: put on the commune's list, decided by people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Max

from lienthong.assistance.models import Entitlement, Finding
from lienthong.assistance.states import LIVE_STATES, EntitlementState, FindingKind, FindingState, Programme
from lienthong.kernel.days import local_day
from lienthong.payments.models import PaymentRun
from lienthong.payments.queries.persons import uncollected_in_a_row
from lienthong.payments.states import RunState
from lienthong.rules.social_assistance.timing import Conduct, suspension_reasons

WORKED_ON: Final = (FindingState.OPEN, FindingState.DRAFTED)


@transaction.atomic
def note_uncollected(run_id: int, *, now: datetime) -> int:
    """List who is to be suspended by the month that a run closed, and return how many are new; doing it again changes nothing.

    Không nhận trợ cấp liên tục nhiều tháng. For people with merit no such ground was found in the texts.

    Raises:
        NoValueInForce: The rules are not recorded for the month.
    """
    run, on = PaymentRun.objects.get(pk=run_id), local_day(now)
    found: dict[int, list[str]] = {}
    for one in uncollected_in_a_row(Programme.SOCIAL, run.month):
        reasons = [
            str(reason) for reason in suspension_reasons(Conduct(uncollected_months=one.months), on=on, known_on=on)
        ]
        row = Entitlement.objects.filter(  # what an institution does not fetch is no fault of whom it cares for
            programme=Programme.SOCIAL, person=one.person_id, benefit=one.benefit, state=EntitlementState.ACTIVE,
            payee_organization=None,
        ).first()  # fmt: skip
        if reasons and row is not None:
            found[row.pk] = reasons
    open_rows = Finding.objects.filter(kind=FindingKind.UNCOLLECTED, state__in=WORKED_ON)
    open_rows.exclude(entitlement__in=list(found)).update(
        state=FindingState.SETTLED,
        note=f"Đã nhận tiền, hoặc đã xử lý, theo đợt chi tháng {run.month:%m/%Y}.",
        decided_at=now,
    )
    known = set(open_rows.order_by("pk").values_list("entitlement_id", flat=True))
    rows = Entitlement.objects.filter(pk__in=set(found) - known).order_by("pk")
    made = [
        Finding(
            person_id=row.person_id, unit_id=row.unit_id, kind=FindingKind.UNCOLLECTED, programme=row.programme,
            benefit=row.benefit, reasons=found[row.pk], missing=[], entitlement=row, found_on=on, run_id=f"run:{run.pk}",
        )
        for row in rows
    ]  # fmt: skip
    Finding.objects.bulk_create(made)
    return len(made)


def months_uncollected(entitlement_id: int, *, on: date) -> int:
    """Return for how many months in a row a benefit was not collected, up to the last month that was closed."""
    row = Entitlement.objects.filter(pk=entitlement_id, state__in=LIVE_STATES).first()
    closed = PaymentRun.objects.filter(state=RunState.CLOSED, month__lte=on)
    month = closed.aggregate(last=Max("month"))["last"]
    if row is None or month is None:
        return 0
    found = uncollected_in_a_row(row.programme, month, person_ids=[row.person_id])
    return next((one.months for one in found if one.benefit == row.benefit), 0)

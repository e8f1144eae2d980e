"""What was paid once below a new law: on the work list of the commune once the law is approved, until two people have decided."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from lienthong.assistance.models import Entitlement, Finding, LawChange, LawChangeRow
from lienthong.assistance.queries.top_ups import DECIDED, is_raised, law_in_words, may_be_raised
from lienthong.assistance.services.uncollected import WORKED_ON
from lienthong.assistance.states import DECIDED_AGAIN, FindingKind, FindingState, LawRowState
from lienthong.kernel.days import local_day
from lienthong.kernel.money import Dong, format_dong


def note_once_differing(change: LawChange, *, now: datetime) -> int:
    """List for each commune what was paid once and comes to more by an approved law, and return how many are new.

    Khoản chi một lần thấp hơn mức mới. Runs inside the transaction that finishes the change.
    """
    rows = LawChangeRow.objects.filter(change=change, state=LawRowState.APART, benefit__in=DECIDED_AGAIN)
    found: dict[tuple[int, str], list[LawChangeRow]] = defaultdict(list)
    for row in rows.order_by("person_id", "pk"):
        if row.difference is not None and row.difference > 0:
            found[row.person_id, row.benefit].append(row)
    waiting = Finding.objects.filter(kind=FindingKind.ONCE_DIFFERS, programme=change.programme, state__in=WORKED_ON)
    known = set(waiting.order_by("pk").values_list("person_id", "benefit"))
    made = [
        Finding(
            person_id=person_id, unit_id=mine[0].unit_id, kind=FindingKind.ONCE_DIFFERS, programme=change.programme,
            benefit=benefit, amount=sum(one.new or 0 for one in mine), paid=sum(one.old for one in mine), missing=[],
            reasons=[_words(one, change) for one in mine], entitlement=mine[0].entitlement, found_on=local_day(now),
            run_id=f"law:{change.pk}",
        )
        for (person_id, benefit), mine in found.items()
        if (person_id, benefit) not in known
    ]  # fmt: skip
    Finding.objects.bulk_create(made)
    return len(made)


def _words(row: LawChangeRow, change: LawChange) -> str:
    old, new = format_dong(Dong(row.old)), format_dong(Dong(row.new or 0))
    return f"{law_in_words(change)}. Sự việc tháng {row.month:%m/%Y}: đã quyết định {old}, theo mức mới là {new}."


def settle_once_differing(person_id: int, benefit: str, *, acting_user_id: int | None, now: datetime) -> None:
    """Settle the finding about what somebody was paid once, where nothing of it is below the law any more."""
    rows = LawChangeRow.objects.filter(person=person_id, benefit=benefit, change__state__in=DECIDED).order_by("pk")
    if any(is_raised(one) for one in Entitlement.objects.filter(pk__in=rows.values("entitlement"))):
        return
    if may_be_raised(row.grant for row in rows.filter(entitlement=None)):
        return
    mine = Finding.objects.filter(person=person_id, kind=FindingKind.ONCE_DIFFERS, benefit=benefit, state__in=WORKED_ON)
    mine.update(state=FindingState.SETTLED, decided_by=acting_user_id, decided_at=now)

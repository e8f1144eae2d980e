"""Whose amount is held while a fact lacks, and whose school must be asked anew: put on the commune's list with the questions."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from django.db import transaction

from lienthong.assistance.models import Finding
from lienthong.assistance.queries.lacking import Lacking, lacking_facts
from lienthong.assistance.services.uncollected import WORKED_ON
from lienthong.assistance.states import FindingKind, FindingState
from lienthong.kernel.days import format_day, local_day
from lienthong.rules.parameters import NoValueInForce


def note_lacking_facts(*, now: datetime) -> int:
    """List what must be asked of which benefit, and return how many are new; doing it again changes nothing.

    Tạm giữ mức, chưa đủ thông tin. Each is settled by itself once the fact is recorded. What was set aside comes back when other
    facts lack, or in another school year.

    Raises:
        ExceptionGroup: Of some benefits the law of a month is not recorded; they stay as they are, and the others are listed.
    """
    unknown: dict[int, NoValueInForce] = {}
    made = _note(unknown, now=now)
    if unknown:
        for pk, missing in unknown.items():
            missing.add_note(f"for benefit {pk}")
        raise ExceptionGroup("the law is not recorded for some benefits, the others are listed", list(unknown.values()))
    return made


@transaction.atomic
def _note(unknown: dict[int, NoValueInForce], *, now: datetime) -> int:
    on = local_day(now)
    found = {one.entitlement.pk: one for one in lacking_facts(on, unknown=unknown)}
    rows = Finding.objects.filter(kind=FindingKind.LACKS_FACTS)
    rows.filter(state__in=WORKED_ON).exclude(entitlement__in=[*found, *unknown]).update(
        state=FindingState.SETTLED, note=f"Đã đủ thông tin, hoặc đã thôi hưởng, theo lượt xét ngày {format_day(on)}.",
        decided_at=now,
    )  # fmt: skip
    worked_on = {row.entitlement_id: row for row in rows.filter(state__in=WORKED_ON).order_by("pk")}
    over = set(rows.exclude(state__in=WORKED_ON).order_by("pk").values_list("entitlement_id", "state", "ground"))
    made, changed = [], []
    for pk, one in found.items():
        ground = _ground(one)
        if (row := worked_on.get(pk)) is None:
            if (pk, FindingState.DISMISSED.value, ground) not in over:
                made.append(_told(one, Finding(found_on=on, run_id=f"day:{on.isoformat()}"), ground))
        elif (row.ground, row.amount, row.paid) != (ground, one.highest, one.paid):
            changed.append(_told(one, row, ground))
    Finding.objects.bulk_create(made)
    Finding.objects.bulk_update(changed, ["unit", "amount", "paid", "reasons", "missing", "ground"])
    return len(made)


def _told(one: Lacking, finding: Finding, ground: str) -> Finding:
    row = one.entitlement
    finding.person_id, finding.unit_id, finding.entitlement = row.person_id, row.unit_id, row
    finding.kind, finding.programme, finding.benefit = FindingKind.LACKS_FACTS, row.programme, row.benefit
    finding.amount, finding.paid, finding.is_certain = one.highest, one.paid, False
    finding.reasons, finding.missing, finding.ground = [one.reason], list(one.missing), ground
    return finding


def _ground(one: Lacking) -> str:
    text = json.dumps([one.ground, one.missing], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()

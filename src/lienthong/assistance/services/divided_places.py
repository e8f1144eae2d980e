"""What is paid by a commune that was divided: nobody guesses which part pays, somebody who knows where the person lives proposes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from lienthong.assistance.models import Entitlement, Finding
from lienthong.assistance.services.uncollected import WORKED_ON
from lienthong.assistance.states import LIVE_STATES, FindingKind, FindingState
from lienthong.kernel.days import format_day, local_day
from lienthong.people.models import Person
from lienthong.units import queries as units


@transaction.atomic
def note_divided_places(*, now: datetime) -> int:
    """List the benefits whose commune was divided, and return how many are new; doing it again changes nothing.

    Nơi chi trả đã chia về nhiều xã. Each stands on the list of the commune where the person lives, and where that is not known, on
    that of the province alone. What was absorbed whole needs nothing: the commune that took it over pays.
    """
    on = local_day(now)
    divided = units.successions().divided(on)
    rows = {
        row.pk: row
        for row in Entitlement.objects.filter(unit__in=list(divided), state__in=LIVE_STATES).select_related("unit").order_by("pk")
    }  # fmt: skip
    found = Finding.objects.filter(kind=FindingKind.PLACE_DIVIDED)
    found.filter(state__in=WORKED_ON).exclude(entitlement__in=list(rows)).update(
        state=FindingState.SETTLED, note=f"Đã có nơi chi trả hoặc đã thôi hưởng, theo lượt xét ngày {format_day(on)}.",
        decided_at=now,
    )  # fmt: skip
    homes = dict(Person.objects.filter(entitlements__in=list(rows)).order_by("pk").values_list("pk", "unit_id"))
    names = {one.pk: one.name for one in units.communes_on(on)}
    known = dict(found.filter(state__in=WORKED_ON).order_by("pk").values_list("entitlement_id", "pk"))
    made = []
    for row in rows.values():
        heirs, home = divided[row.unit_id], homes.get(row.person_id)
        is_known = home in heirs
        where: dict[str, Any] = {
            "unit_id": home if is_known else row.unit_id, "is_certain": is_known,
            "missing": [] if is_known else ["người này đang ở xã nào"],
        }  # fmt: skip
        if row.pk in known:
            found.filter(pk=known[row.pk]).exclude(unit=where["unit_id"]).update(**where)
            continue
        parts = ", ".join(sorted(names.get(one, str(one)) for one in heirs))
        reason = f"{row.unit.name} đã chia về {parts}; khoản này chưa rõ xã nào chi trả."
        made.append(
            Finding(
                person_id=row.person_id, kind=FindingKind.PLACE_DIVIDED, programme=row.programme, benefit=row.benefit,
                reasons=[reason], entitlement=row, found_on=on, run_id=f"day:{on.isoformat()}", **where,
            )
        )  # fmt: skip
    Finding.objects.bulk_create(made)
    return len(made)

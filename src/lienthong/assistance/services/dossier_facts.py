"""Facts that a dossier brings: recorded when it is approved, in the transaction of the approval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from lienthong.assistance.events import CircumstanceRecorded
from lienthong.assistance.models import Circumstance
from lienthong.infra.events import record
from lienthong.people.models import Person


def write_facts(
    person_id: int, facts: Mapping[str, Any], *, valid_from: date, evidence: str, acting_user_id: int, now: datetime
) -> list[Circumstance]:
    """Record the facts of a dossier that the house does not know already; what stood before ends on that day.

    What was recorded for a later day stands: it is newer than the dossier.

    Args:
        person_id: Whose facts.
        facts: By their names in ``PersonFacts``, as plain files have them.
        valid_from: The day on which the dossier was received.
        evidence: Which dossier.
        acting_user_id: Who approves.
        now: The moment.
    """
    list(Person.objects.select_for_update().filter(pk=person_id).values_list("pk"))
    written = []
    for name, value in facts.items():
        kept = Circumstance.objects.filter(person_id=person_id, name=name, withdrawn_at=None)
        open_rows = kept.filter(Q(valid_until=None) | Q(valid_until__gt=valid_from))
        later = open_rows.filter(valid_from__gte=valid_from).order_by("valid_from", "pk").first()
        before = open_rows.filter(valid_from__lt=valid_from).first()
        if (before is not None and before.value == value) or (later is not None and later.valid_from == valid_from):
            continue
        if before is not None:
            before.valid_until = valid_from
            before.save(update_fields=["valid_until"])
        row = Circumstance.objects.create(
            person_id=person_id, name=name, value=value, valid_from=valid_from,
            valid_until=later.valid_from if later else None, evidence=evidence, recorded_by_id=acting_user_id,
            recorded_at=now,
        )  # fmt: skip
        fact = CircumstanceRecorded(person_id=person_id, circumstance_id=row.pk, name=name, valid_from=valid_from)
        record(fact, stream=f"assistance-person:{person_id}", actor_id=acting_user_id, at=now)
        written.append(row)
    return written

"""Paying merit benefits again that were suspended, by a decision of the province."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance.events import CircumstanceEnded, CircumstanceWithdrawn
from lienthong.assistance.models import Circumstance, Entitlement
from lienthong.assistance.queries.facts import MERIT_PREFIX
from lienthong.assistance.services.changing import adjust, locked, resume
from lienthong.assistance.services.merit_following import Follow, grant_what_follows
from lienthong.assistance.services.refusals import FactWrong, NotOwed
from lienthong.assistance.states import EntitlementState, Programme
from lienthong.infra.events import Fact, record
from lienthong.kernel.days import local_day
from lienthong.rules.merit.facts import Suspension
from lienthong.rules.merit.words import PERSON_QUESTIONS, SUSPENSIONS

SUSPENSION = f"{MERIT_PREFIX}suspension"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeMerit:
    """Quyết định hưởng lại chế độ ưu đãi.

    Attributes:
        from_month: The first month that is paid again.
        reason: Stands in the story of each benefit.
    """

    person_id: int
    unit_id: int
    from_month: date
    reason: str
    dossier_code: str = ""


def resume_merit(command: ResumeMerit, *, acting_user: User, now: datetime) -> list[Entitlement]:
    """End a suspension: what was suspended is paid again, and what is due and not received is granted.

    Hưởng lại chế độ ưu đãi. Runs inside the transaction of whoever decides. The months of the suspension stay unpaid.

    Returns:
        The benefits that are paid again.

    Raises:
        FactWrong: The right to the benefits has ended for good.
        NotOwed: Nothing was suspended.
    """
    is_lifted = _lift(command, acting_user=acting_user, now=now)
    rows = suspended_of(command.person_id)
    if not rows and not is_lifted:
        raise NotOwed(_("Người này không có khoản ưu đãi nào đang tạm dừng, tạm đình chỉ để hưởng lại."))
    resumed = []
    for pk in [row.pk for row in rows]:
        row = locked(pk)
        assert row.suspended_from is not None
        first = max(command.from_month, row.suspended_from)
        resume(row, first_month=first, reason=command.reason, acting_user_id=acting_user.pk, now=now)
        resumed.append(row)
    adjust(
        command.person_id, from_month=command.from_month, reason=command.reason, acting_user_id=acting_user.pk, now=now
    )
    if command.from_month <= local_day(now):
        follow = Follow(
            person_id=command.person_id, unit_id=command.unit_id, dossier_code=command.dossier_code,
            first_month=command.from_month,
        )  # fmt: skip
        resumed += grant_what_follows(follow, acting_user=acting_user, now=now)
    return resumed


def suspended_of(person_id: int) -> list[Entitlement]:
    """Return the merit benefits of a person that are suspended."""
    rows = Entitlement.objects.filter(person_id=person_id, programme=Programme.MERIT, state=EntitlementState.SUSPENDED)
    return list(rows.order_by("pk"))


def suspensions_of(person_id: int) -> list[Circumstance]:
    """Return what is recorded of a person's suspension and has not ended."""
    rows = Circumstance.objects.filter(person_id=person_id, name=SUSPENSION, withdrawn_at=None, valid_until=None)
    return list(rows.order_by("valid_from", "pk"))


def _lift(command: ResumeMerit, *, acting_user: User, now: datetime) -> bool:
    """Let the recorded suspension end where the benefits begin again.

    Raises:
        FactWrong: It is no suspension but the end.
    """
    rows = Circumstance.objects.select_for_update().filter(
        Q(valid_until=None) | Q(valid_until__gt=command.from_month), person_id=command.person_id, name=SUSPENSION,
        withdrawn_at=None,
    )  # fmt: skip
    lifted = False
    for row in rows.order_by("valid_from", "pk"):
        if row.value == Suspension.ENDED:
            raise FactWrong(
                _("Người này %(words)s chế độ ưu đãi nên không hưởng lại được.")
                % {"words": SUSPENSIONS[Suspension.ENDED]}
            )
        _end(row, command, acting_user=acting_user, now=now)
        lifted = True
    return lifted


def _end(row: Circumstance, command: ResumeMerit, *, acting_user: User, now: datetime) -> None:
    """Let a recorded suspension end before the month that is paid again; one that would then hold on no day is withdrawn."""
    fact: Fact
    told = PERSON_QUESTIONS["suspension"]
    if row.valid_from >= command.from_month:
        row.withdrawn_at = now
        row.save(update_fields=["withdrawn_at"])
        fact = CircumstanceWithdrawn(person_id=row.person_id, circumstance_id=row.pk, name=told, reason=command.reason)
    else:
        row.valid_until = command.from_month
        row.save(update_fields=["valid_until"])
        fact = CircumstanceEnded(
            person_id=row.person_id, circumstance_id=row.pk, name=told, valid_until=command.from_month
        )
    record(fact, stream=f"assistance-person:{row.person_id}", actor_id=acting_user.pk, at=now)

"""Granting what the death of somebody with merit brings once: the sum for the relatives, and the costs of the funeral."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance.grant_events import DeathGrantMade
from lienthong.assistance.models import DeathGrant, Finding
from lienthong.assistance.queries.funerals import after_emergency, by_article_eleven
from lienthong.assistance.services.funeral import hold_funeral
from lienthong.assistance.services.refusals import AlreadyReceived, NotOwed
from lienthong.assistance.states import Benefit, DeathGrantPart, FindingState
from lienthong.dossiers.models import Dossier
from lienthong.infra.events import record
from lienthong.kernel.days import local_day
from lienthong.kernel.money import Dong
from lienthong.people.models import Person
from lienthong.rules.merit.at_death import FUNERAL, GRANT, DeathFacts, DeathLine, DeathPayments, death_payments

_CODES: Final = {
    DeathGrantPart.RELATIVES: (GRANT,), DeathGrantPart.FUNERAL: (FUNERAL,), DeathGrantPart.BOTH: (GRANT, FUNERAL),
}  # fmt: skip
"""What each part of the sums after a death consists of."""
ALL_CODES: Final = frozenset({GRANT, FUNERAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAtDeath:
    """Quyết định trợ cấp khi người có công từ trần."""

    dossier_code: str
    deceased_id: int
    died_on: date
    payee_id: int
    unit_id: int
    facts: DeathFacts


def grant_after_death(command: GrantAtDeath, *, acting_user: User, now: datetime) -> DeathGrant:
    """Grant what is paid once, in the amounts of the law on the day of the death.

    Trợ cấp một lần, trợ cấp mai táng khi người có công từ trần. Runs inside the transaction of whoever approves.

    Raises:
        NotOwed: The rules do not give it, or lack a fact.
        AlreadyReceived: It was granted for this death before.
    """
    deceased = Person.objects.get(pk=command.deceased_id)
    hold_funeral(deceased.full_name, deceased.personal_id_number or "", command.died_on)
    found = due_at_death(
        command.facts, command.deceased_id, died_on=command.died_on, on=local_day(now), by=command.dossier_code
    )
    amount = found.decision.value
    if amount is None:
        why = [*(str(one) for one in found.decision.reasons if one.holds is False), *found.decision.missing]
        raise NotOwed(_("Chưa thể quyết định trợ cấp khi từ trần: %(why)s.") % {"why": "; ".join(why)})
    try:
        with transaction.atomic():
            row = DeathGrant.objects.create(
                dossier_code=command.dossier_code, deceased_id=command.deceased_id, died_on=command.died_on,
                payee_id=command.payee_id, unit_id=command.unit_id, part=_part(found), amount=amount,
                lines=[_plain(line) for line in found.lines], reasons=[str(one) for one in found.decision.reasons],
                granted_at=now, granted_by=acting_user.pk,
            )  # fmt: skip
    except IntegrityError as error:
        if "death_grant_once_for" in str(error):
            raise AlreadyReceived(_granted_before()) from error
        raise
    fact = DeathGrantMade(
        person_id=row.deceased_id, dossier_code=row.dossier_code, died_on=row.died_on, amount=row.amount
    )
    record(fact, stream=row.stream, actor_id=acting_user.pk, at=now)
    named = Finding.objects.filter(person=row.deceased_id, benefit=Benefit.AT_DEATH)
    mine = Q(state=FindingState.DRAFTED, draft_id__in=Dossier.objects.filter(code=row.dossier_code).values("pk"))
    if granted_codes(row.deceased_id) == ALL_CODES:
        mine |= Q(state=FindingState.DRAFTED)  # another dossier that waits has nothing left to ask for
    named.filter(Q(state=FindingState.OPEN) | mine).update(
        state=FindingState.SETTLED, decided_by=acting_user, decided_at=now
    )
    return row


def granted_codes(deceased_id: int, *, by: str = "") -> frozenset[str]:
    """Return which of the sums after a death stand granted, by another dossier than ``by``."""
    parts = DeathGrant.objects.filter(deceased=deceased_id, withdrawn_at=None).exclude(dossier_code=by)
    return frozenset(code for part in parts.values_list("part", flat=True) for code in _CODES[DeathGrantPart(part)])


def due_at_death(facts: DeathFacts, deceased_id: int, *, died_on: date, on: date, by: str = "") -> DeathPayments:
    """Return what the rules give for a death and was not granted for it before, by another dossier than ``by``.

    What stands for the same funeral by another article, or after an emergency, is taken off.

    Raises:
        AlreadyReceived: Everything that they give was granted before.
        NoValueInForce: No levels are recorded for the day of the death.
    """
    deceased = Person.objects.get(pk=deceased_id)
    number = deceased.personal_id_number or ""
    granted = granted_codes(deceased_id, by=by)
    if granted == ALL_CODES:
        raise AlreadyReceived(_granted_before())
    before = [*by_article_eleven(deceased, number), *after_emergency(deceased, number)]
    given = Dong(sum(one.amount for one in before))
    found = death_payments(replace(facts, given_before=given), on=died_on, known_on=on)
    left = tuple(line for line in found.lines if line.code not in granted)
    if found.decision.value is None or left == found.lines:
        return found
    if not left:
        raise AlreadyReceived(_granted_before())
    decision = replace(found.decision, value=Dong(sum(line.amount for line in left)))
    return DeathPayments(lines=left, decision=decision, notices=tuple(line.notice for line in left if line.notice))


def _part(found: DeathPayments) -> DeathGrantPart:
    if len(found.lines) > 1:
        return DeathGrantPart.BOTH
    return DeathGrantPart.FUNERAL if found.lines[0].code == FUNERAL else DeathGrantPart.RELATIVES


def _granted_before() -> str:
    return _("Trợ cấp khi người này từ trần đã được quyết định; mỗi khoản chỉ một lần.")


def _plain(line: DeathLine) -> dict[str, object]:
    return {
        "code": line.code, "words": line.words, "amount": line.amount, "reference": str(line.reference),
        "confidence": str(line.confidence), "notices": [line.notice] if line.notice else [],
    }  # fmt: skip

"""What a decided dossier says to the person, frozen with the decision like that of a proposal."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from lienthong.accounts.models import User
from lienthong.assistance.models import Entitlement
from lienthong.assistance.queries.facts import History
from lienthong.assistance.services.decision_sheets import Decided, keep_sheet
from lienthong.assistance.states import LIVE_STATES, Programme, ProposalKind
from lienthong.dossiers.events import DossierApproved, DossierRefused
from lienthong.dossiers.models import Dossier
from lienthong.infra.events import Fact
from lienthong.kernel.days import local_day, parse_day


def keep_dossier_sheet(
    dossier: Dossier, fact: Fact, *, person_id: int, kind: ProposalKind, history: History | None, acting_user: User,
    now: datetime, programme: str = Programme.SOCIAL,
) -> None:  # fmt: skip
    """Freeze what the person is told of a dossier that was approved or refused.

    Args:
        dossier: The dossier; it names the commune.
        fact: How it was decided.
        person_id: Whose benefit it is about.
        kind: What was asked for.
        history: What was known, of a refusal with what the dossier told; None: what the registers say now.
        acting_user: Who decided.
        now: When.
        programme: Of the benefit.
    """
    if not isinstance(fact, DossierApproved | DossierRefused) or dossier.unit_id is None:
        return
    is_granted = isinstance(fact, DossierApproved)
    rows = (
        list(Entitlement.objects.filter(_touched(dossier, person_id, kind, programme)).order_by("pk"))
        if is_granted
        else []
    )
    since = str(dossier.answers.get("changed_on") or "").strip()
    payload: dict[str, str] = {}
    if kind == ProposalKind.ADJUST:
        payload["from_month"] = (parse_day(since) if since else local_day(now)).replace(day=1).isoformat()
    keep_sheet(
        Decided(
            kind=kind, is_granted=is_granted, person_id=person_id, unit_id=dossier.unit_id, programme=programme,
            benefit=rows[0].benefit if len(rows) == 1 else "", payload=payload, history=history,
            reasons=[one.ended_because for one in rows[:1] if one.ended_because],
            number=fact.document_number, note=fact.reason if isinstance(fact, DossierRefused) else fact.note,
            entitlement_ids=[one.pk for one in rows], dossier_code=dossier.code or "",
        ),
        acting_user=acting_user, now=now,
    )  # fmt: skip


def _touched(dossier: Dossier, person_id: int, kind: ProposalKind, programme: str) -> Q:
    """Return which benefits the approval touched: those that name the dossier, or everything that is received."""
    mine = Q(person=person_id, programme=programme)
    if kind == ProposalKind.GRANT:
        return mine & Q(dossier_code=dossier.code)
    if kind == ProposalKind.STOP:
        return mine & Q(ended_because__contains=f"hồ sơ {dossier.code}")
    if kind == ProposalKind.MOVE:
        return mine & Q(unit=dossier.unit_id, state__in=LIVE_STATES)
    return mine & Q(state__in=LIVE_STATES)

"""What was proposed: the work list of those who decide, and one proposal."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.models import Proposal
from lienthong.assistance.states import Programme, ProposalKind, ProposalState
from lienthong.infra.missing import NotFound
from lienthong.kernel.text import fold, whole_number
from lienthong.units import queries as units


class ProposalNotFound(NotFound):
    """There is no such proposal, or none that this user may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalFilter:
    """What the list shows; those that wait unless said otherwise."""

    state: str = ProposalState.PENDING.value
    kind: str = ""
    programme: str = ""
    commune: str = ""
    q: str = ""


def proposals(user: User, asked: ProposalFilter, *, on: date) -> QuerySet[Proposal]:
    """Return the proposals that a user may see and asked for, oldest first while they wait."""
    rows = _seen(user, asked, on=on)
    if asked.state in set(ProposalState):
        rows = rows.filter(state=asked.state)
    if asked.kind in set(ProposalKind):
        rows = rows.filter(kind=asked.kind)
    order = ("prepared_at", "pk") if asked.state == ProposalState.PENDING else ("-prepared_at", "-pk")
    return rows.select_related("person", "unit", "prepared_by", "decided_by").order_by(*order)


def counts(user: User, asked: ProposalFilter, *, on: date) -> tuple[Counter[str], Counter[str]]:
    """Count the states, and the kinds within the state that is asked for."""
    states: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    rows = _seen(user, asked, on=on).order_by().values_list("state", "kind").annotate(n=Count("pk"))
    for state, kind, n in rows:
        states[state] += n if not asked.kind or kind == asked.kind else 0
        kinds[kind] += n if asked.state not in set(ProposalState) or state == asked.state else 0
    return states, kinds


def get_proposal(proposal_id: int, *, as_: User, on: date) -> Proposal:
    """Load a proposal that the user may see.

    Raises:
        ProposalNotFound: There is none.
    """
    rows = Proposal.objects.select_related("person", "unit", "prepared_by", "decided_by", "entitlement__payee")
    found = rows.filter(policies.visible_to(as_, on=on), pk=proposal_id).first()
    if found is None:
        raise ProposalNotFound
    return found


def waiting_for(user: User, *, on: date) -> int:
    """Count what this user could decide now: of their commune or the province, proposed by somebody else."""
    mine = Q(pk__in=[])
    leads = policies.communes_of(user, on=on, roles={"leader"}, programme=Programme.SOCIAL)
    if leads:
        mine |= Q(programme=Programme.SOCIAL) & units.within("unit", leads, on=on)
    if policies.decides_merit(user, on=on):
        mine |= Q(programme=Programme.MERIT)
    rows = Proposal.objects.filter(mine, state=ProposalState.PENDING).exclude(prepared_by=user)
    return rows.count() if mine else 0


def may_decide(user: User, proposal: Proposal, *, on: date) -> bool:
    """Tell whether the user could decide this one: it waits, is theirs to decide, and somebody else proposed it."""
    return (
        proposal.state == ProposalState.PENDING
        and proposal.prepared_by_id != user.pk
        and policies.decides(user, proposal.unit_id, on=on, programme=proposal.programme)
    )


def _seen(user: User, asked: ProposalFilter, *, on: date) -> QuerySet[Proposal]:
    rows = Proposal.objects.filter(policies.visible_to(user, on=on))
    commune = whole_number(asked.commune)
    if commune is not None:
        rows = rows.filter(units.within("unit", [commune], on=on))
    if asked.programme in set(Programme):
        rows = rows.filter(programme=asked.programme)
    for word in fold(asked.q).split():
        rows = rows.filter(Q(person__name_key__contains=word) | Q(person__personal_id_number__contains=word))
    return rows

"""What an officer does about a finding: set it aside with a reason, begin a dossier, or propose what follows from it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.finding_events import FindingDismissed, FindingDrafted, FindingDraftGivenUp, FindingProposed
from lienthong.assistance.models import Entitlement, Finding, Proposal
from lienthong.assistance.queries.findings import dossier_begun
from lienthong.assistance.queries.top_ups import raised_of
from lienthong.assistance.services.asking_to_reinstate import asks_to_reinstate
from lienthong.assistance.services.finding_dossiers import NoDossier, beginning_of, request_of
from lienthong.assistance.services.granting import Grant
from lienthong.assistance.services.once_differing import settle_once_differing
from lienthong.assistance.services.paid_once import hold_once
from lienthong.assistance.services.proposing import ProposeAdjustment, propose_adjustment, propose_grant
from lienthong.assistance.services.proposing_changes import (
    ProposeMove,
    ProposeStop,
    ProposeSuspension,
    propose_move,
    propose_stop,
    propose_suspension,
)
from lienthong.assistance.services.proposing_ways_back import ProposeReinstatement, propose_reinstatement
from lienthong.assistance.services.rates import differing_since
from lienthong.assistance.services.refusals import AlreadySettled, NotOwed, NotYours, reason_given
from lienthong.assistance.services.top_ups import ProposeTopUp, propose_top_up
from lienthong.assistance.services.uncollected import months_uncollected
from lienthong.assistance.states import Benefit, FindingKind, FindingState, PayeeGround
from lienthong.catalogue.states import Channel
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.policies import desks_of
from lienthong.dossiers.states import OPEN_STATES, WAITING_STATES, DossierState
from lienthong.infra.events import record
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import add_months, local_day
from lienthong.people.models import Person
from lienthong.rules.social_assistance.timing import month_of
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit
from lienthong.units.states import AgencyLevel

WORKED_ON: Final = (FindingState.OPEN, FindingState.DRAFTED)
_ASKED_FOR: Final = gettext_lazy("Việc này đang được giải quyết ở hồ sơ %(code)s. Hãy xử lý ở hồ sơ đó.")
_PROPOSED: Final = gettext_lazy("Việc này đã có đề xuất chờ duyệt nên không lập hồ sơ. Hãy xem ở danh sách đề xuất.")
_NO_DRAFT: Final = gettext_lazy("Phát hiện này không có hồ sơ nháp nào. Hãy tải lại trang.")
_DRAFT_WAITS: Final = gettext_lazy(
    "Đã có hồ sơ nháp cho việc này. Hãy tiếp nhận hồ sơ nháp, hoặc xóa nó rồi lập đề xuất."
)


class FindingUnknown(NotFound):
    """There is no such finding."""


def dismiss(finding_id: int, *, reason: str, acting_user: User, now: datetime) -> Finding:
    """Set a finding aside; it comes back only when what it rests on has changed.

    Bỏ qua một phát hiện.

    Raises:
        NotYours: It is a matter of another commune.
        AlreadySettled: Somebody was quicker.
        ReasonMissing: No reason is given.
    """
    with transaction.atomic():
        row = _worked_on(finding_id, acting_user, local_day(now))
        begun = dossier_begun(row)
        if begun is not None and begun.state in (*WAITING_STATES, *OPEN_STATES):
            raise AlreadySettled(_ASKED_FOR % {"code": begun.code})
        row.note, row.state = reason_given(reason), FindingState.DISMISSED
        row.decided_by, row.decided_at = acting_user, now
        if begun is not None and begun.state == DossierState.DRAFT:
            _discard(row, begun, acting_user=acting_user, now=now)
        row.save(update_fields=["note", "state", "draft_id", "decided_by", "decided_at"])
        fact = FindingDismissed(finding_id=row.pk, person_id=row.person_id, kind=row.kind, reason=row.note)
        record(fact, stream=row.stream, actor_id=acting_user.pk, at=now)
        return row


def draft_dossier(finding_id: int, *, acting_user: User, now: datetime) -> Dossier:
    """Begin the dossier of somebody who is left out, with everything that is known filled in; a second press finds the first.

    Lập hồ sơ nháp. The desk continues it: the draft itself becomes the dossier. Another is begun only when that one was thrown
    away, withdrawn or refused.

    Raises:
        NotYours: It is a matter of another commune.
        AlreadySettled: Somebody was quicker.
        NoDossier: Nothing is asked for in this finding, or not by a dossier.
        ProcedureNotInForce: No version of the procedure holds today.
    """
    on = local_day(now)
    with transaction.atomic():
        row = _worked_on(finding_id, acting_user, on)
        if (begun := dossier_begun(row)) is not None:
            return begun
        if row.state == FindingState.DRAFTED and row.draft_id is None:  # a proposal waits
            raise AlreadySettled(_PROPOSED)
        beginning = beginning_of(row, on)
        draft = dossiers.save_draft(
            dossiers.SaveDraft(
                procedure_code=beginning.code, channel=Channel.COUNTER, request=request_of(row, beginning, on),
                receiving_agency_id=_desk_for(row, acting_user, on),
            ),
            acting_user=acting_user, now=now,
        )  # fmt: skip
        row.state, row.draft_id, row.decided_by, row.decided_at = FindingState.DRAFTED, draft.pk, acting_user, now
        row.save(update_fields=["state", "draft_id", "decided_by", "decided_at"])
        fact = FindingDrafted(finding_id=row.pk, person_id=row.person_id, kind=row.kind, procedure_code=beginning.code)
        record(fact, stream=row.stream, actor_id=acting_user.pk, at=now)
        return draft


def give_up_draft(finding_id: int, *, acting_user: User, now: datetime) -> Finding:
    """Throw the draft of a finding away; the finding is open again.

    Xóa hồ sơ nháp.

    Raises:
        NotYours: It is a matter of another commune.
        AlreadySettled: The draft was received already, or there is none.
        DraftNotFound: It was begun for the desk of another agency, by somebody else.
    """
    with transaction.atomic():
        row = _worked_on(finding_id, acting_user, local_day(now))
        begun = dossier_begun(row)
        if begun is None or begun.state != DossierState.DRAFT:
            raise AlreadySettled(_ASKED_FOR % {"code": begun.code} if begun else _NO_DRAFT)
        _discard(row, begun, acting_user=acting_user, now=now)
        row.state, row.decided_by, row.decided_at = FindingState.OPEN, acting_user, now
        row.save(update_fields=["state", "draft_id", "decided_by", "decided_at"])
        fact = FindingDraftGivenUp(finding_id=row.pk, person_id=row.person_id, kind=row.kind)
        record(fact, stream=row.stream, actor_id=acting_user.pk, at=now)
        return row


def _discard(row: Finding, begun: Dossier, *, acting_user: User, now: datetime) -> None:
    dossiers.discard_draft(begun.public_id, acting_user=acting_user, now=now)
    row.draft_id = None


def propose_from(finding_id: int, *, carer_id: int | None = None, acting_user: User, now: datetime) -> Proposal:
    """Propose what follows from a finding: to grant, to adjust, or to stop.

    Lập đề xuất.

    Args:
        finding_id: Which.
        carer_id: Who cares, where the support for that is proposed; needed then.
        acting_user: Who proposes.
        now: The moment.

    Raises:
        NotYours: It is a matter of another commune.
        AlreadySettled: Somebody was quicker.
        AssistanceRefusal: What is proposed would be refused now; the sentence says why.
    """
    try:
        return _proposed(finding_id, carer_id=carer_id, acting_user=acting_user, now=now)
    except _NothingMore as nothing:
        row = nothing.finding
        settle_once_differing(row.person_id, row.benefit, acting_user_id=acting_user.pk, now=now)
        raise


class _NothingMore(AlreadySettled):
    """What was paid once has nothing more due that nobody has proposed."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(_("Không còn chênh lệch nào chưa đề xuất. Hãy xem các đề xuất đang chờ duyệt."))
        self.finding = finding


@transaction.atomic
def _proposed(finding_id: int, *, carer_id: int | None, acting_user: User, now: datetime) -> Proposal:
    on = local_day(now)
    held = _hold_raised(finding_id)
    row = _worked_on(finding_id, acting_user, on)
    if (begun := dossier_begun(row)) is not None:
        raise AlreadySettled(_ASKED_FOR % {"code": begun.code} if begun.code else _DRAFT_WAITS)
    if row.kind == FindingKind.ONCE_DIFFERS:
        proposal = _raise(row, held, acting_user=acting_user, now=now)
    else:
        proposal = _proposal(row, on, carer_id=carer_id, acting_user=acting_user, now=now)
    row.state, row.decided_by, row.decided_at = FindingState.DRAFTED, acting_user, now
    row.save(update_fields=["state", "decided_by", "decided_at"])
    fact = FindingProposed(finding_id=row.pk, person_id=row.person_id, kind=row.kind, proposal_id=proposal.pk)
    record(fact, stream=row.stream, actor_id=acting_user.pk, at=now)
    return proposal


def _hold_raised(finding_id: int) -> list[tuple[str, int]]:
    """Lock the decisions that a finding asks to raise before the finding itself, as whoever decides on them does."""
    row = Finding.objects.filter(pk=finding_id, kind=FindingKind.ONCE_DIFFERS, entitlement=None).first()
    raised = raised_of(row.person_id, row.benefit) if row else []
    for kind, grant_id in raised:
        hold_once(kind, grant_id)
    return raised


def _proposal(row: Finding, on: date, *, carer_id: int | None, acting_user: User, now: datetime) -> Proposal:
    if row.benefit == Benefit.FUNERAL:
        raise NoDossier(_("Hỗ trợ chi phí mai táng được xét theo hồ sơ của người lo mai táng. Hãy lập hồ sơ nháp."))
    if row.benefit == Benefit.AT_DEATH:
        raise NoDossier(_("Trợ cấp khi người có công từ trần được xét theo hồ sơ của thân nhân. Hãy lập hồ sơ nháp."))
    if row.entitlement_id is not None and asks_to_reinstate(row):
        again = ProposeReinstatement(entitlement_id=row.entitlement_id, reason=row.reasons[0])
        return propose_reinstatement(again, acting_user=acting_user, now=now)
    if row.kind == FindingKind.NOT_RECEIVING:
        is_carers = row.benefit == Benefit.CARER
        command = Grant(
            person_id=row.person_id, programme=row.programme, benefit=row.benefit, unit_id=row.unit_id,
            payee_id=carer_id if is_carers else None,
            payee_ground=PayeeGround.CARER if is_carers else PayeeGround.SELF,
        )  # fmt: skip
        return propose_grant(command, acting_user=acting_user, now=now)
    if row.kind == FindingKind.LACKS_FACTS:
        raise NoDossier(_("Hãy ghi thông tin còn thiếu ở trang của người này. Đủ thông tin thì phát hiện tự hết."))
    if row.entitlement_id is None:
        raise AlreadySettled(_("Khoản này không còn được chi trả. Phát hiện sẽ hết ở lượt rà soát sau."))
    if row.kind == FindingKind.AMOUNT_DIFFERS:
        paid = Entitlement.objects.get(pk=row.entitlement_id)
        change = ProposeAdjustment(
            person_id=row.person_id, programme=row.programme,
            from_month=differing_since(paid, on=on) or add_months(month_of(on), 1),
            reason=str(row.reasons[0]) if row.reasons else str(FindingKind(row.kind).label),
        )  # fmt: skip
        return propose_adjustment(change, acting_user=acting_user, now=now)
    if row.kind == FindingKind.UNCOLLECTED:
        suspension = ProposeSuspension(
            entitlement_id=row.entitlement_id, uncollected_months=months_uncollected(row.entitlement_id, on=on)
        )
        return propose_suspension(suspension, acting_user=acting_user, now=now)
    if row.kind == FindingKind.PLACE_DIVIDED:
        place = units.get_unit(row.unit_id)
        move = ProposeMove(
            entitlement_id=row.entitlement_id, unit_id=place.pk,
            reason=_("Nơi chi trả đã chia về nhiều xã; người này ở %(unit)s.") % {"unit": place.name},
        )  # fmt: skip
        return propose_move(move, acting_user=acting_user, now=now)
    if row.kind == FindingKind.REFUSED_REVIEW:
        return propose_stop(ProposeStop(entitlement_id=row.entitlement_id), acting_user=acting_user, now=now)
    died_on = Person.objects.values_list("died_on", flat=True).get(pk=row.person_id)
    stop = ProposeStop(
        entitlement_id=row.entitlement_id,
        died_on=died_on if row.kind == FindingKind.DEAD else None,
        ineligible_on=on if row.kind != FindingKind.DEAD else None,
        note=str(row.reasons[0]) if row.reasons else "",
    )
    return propose_stop(stop, acting_user=acting_user, now=now)


def _raise(row: Finding, held: Collection[tuple[str, int]], *, acting_user: User, now: datetime) -> Proposal:
    """Propose what a new law adds to what was paid once; of several decisions the first of which nobody has proposed it."""
    reason = str(row.reasons[0])
    if row.entitlement is not None:
        change = ProposeAdjustment(
            person_id=row.person_id, programme=row.programme, from_month=row.entitlement.first_month, reason=reason
        )
        return propose_adjustment(change, acting_user=acting_user, now=now)
    due = [one for one in raised_of(row.person_id, row.benefit) if one in held]  # less what came before the locks
    for kind, grant_id in due:
        command = ProposeTopUp(kind=kind, grant_id=grant_id, reason=reason)
        try:
            return propose_top_up(command, acting_user=acting_user, now=now)
        except NotOwed:  # given otherwise meanwhile: the next one may be due still
            continue
    raise _NothingMore(row)


def _desk_for(row: Finding, user: User, on: date) -> int | None:
    """Return where the dossier will be received: the desk of the commune, unless the officer only works at another."""
    place = units.heir_on(AdministrativeUnit.objects.get(pk=row.unit_id), on)
    desks = desks_of(user, on=on)
    of_commune = units.receiving_agencies(AgencyLevel.COMMUNE, on=on).filter(unit=place).first() if place else None
    if of_commune is None or (desks and of_commune not in desks):
        return desks[0].pk if desks else None
    return of_commune.pk


def _worked_on(finding_id: int, user: User, on: date) -> Finding:
    row = Finding.objects.select_for_update().filter(pk=finding_id).first()
    if row is None:
        raise FindingUnknown
    if not policies.proposes(user, row.unit_id, on=on, programme=row.programme):
        raise NotYours(_("Phát hiện này thuộc xã khác. Chỉ cán bộ phụ trách của xã đó xử lý được."))
    if row.state not in WORKED_ON:
        words = FindingState(row.state).label
        raise AlreadySettled(_("Phát hiện này %(state)s. Hãy mở lại trang để xem.") % {"state": words})
    return row

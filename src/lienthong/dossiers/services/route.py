"""Moving a dossier along its steps and between hands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from lienthong.accounts.models import User
from lienthong.dossiers import policies, routing
from lienthong.dossiers.events import (
    DossierAssigned,
    DossierClaimed,
    DossierReleased,
    SentBack,
    StepPassed,
)
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.refusals import DossierRefusal
from lienthong.dossiers.services.moving import Target, make_move
from lienthong.dossiers.services.receive import ReasonMissing
from lienthong.dossiers.states import Action
from lienthong.infra.events import Fact
from lienthong.infra.models import Event
from lienthong.kernel.days import local_day
from lienthong.units import queries as units


class NotThisColleague(DossierRefusal):
    """The officer named for a dossier has no mandate for its step."""

    def __init__(self, colleague: User | None) -> None:
        name = colleague.full_name if colleague else "Người được chọn"
        super().__init__(f"{name} không được phân công cho bước này. Chọn người khác trong danh sách.")


class DecisionStep(DossierRefusal):
    """The step decides: it is approved or refused, not passed on."""

    def __init__(self) -> None:
        super().__init__("Bước này là bước phê duyệt: hãy phê duyệt, từ chối giải quyết hoặc trả lại bước trước.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassOn:
    """The current step is done. Lệnh chuyển bước; ``proposal`` is what the officer proposes to whoever decides."""

    target: Target
    proposal: str = ""
    note: str = ""


def pass_on(command: PassOn, *, acting_user: User, now: datetime) -> Dossier:
    """Finish the current step and hand the dossier to whoever does the next one.

    Chuyển bước, chuyển xử lý. The agency of the next step is found anew for today.

    Raises:
        DecisionStep: The current step decides.
        NobodyDoesStep: No agency does the next step today.

    Legal source:
        61/2018/NĐ-CP, Điều 18 and Điều 19.
    """

    def decide(dossier: Dossier) -> Fact:
        if routing.decides_now(dossier):
            raise DecisionStep
        following = routing.step_after(dossier, dossier.step or 0)
        _, calendar = units.work_calendar(dossier.receiving_agency_id)
        return StepPassed(
            from_step=dossier.step or 0,
            to_step=following.number,
            to_name=following.name,
            step_role=following.role,
            agency_id=routing.agency_for(following, dossier, on=local_day(now)),
            step_due_at=routing.step_due(following, entered_at=now, calendar=calendar),
            proposal=command.proposal.strip(),
            note=command.note.strip(),
        )

    return make_move(command.target, Action.PASS_ON, decide, acting_user=acting_user, now=now)


def send_back(target: Target, *, reason: str, acting_user: User, now: datetime) -> Dossier:
    """Give the dossier back to the step before, to the officer who had done it.

    Trả lại bước trước. The time limit of the dossier runs on.

    Raises:
        ReasonMissing: No reason was given.
    """

    def decide(dossier: Dossier) -> Fact:
        if not reason.strip():
            raise ReasonMissing
        here = dossier.step or 0
        before = [step for step in routing.steps_of(dossier) if step.number < here][-1]
        _, calendar = units.work_calendar(dossier.receiving_agency_id)
        return SentBack(
            from_step=here,
            to_step=before.number,
            step_role=before.role,
            agency_id=routing.agency_for(before, dossier, on=local_day(now)),
            holder_id=_who_finished(dossier, before.number),
            step_due_at=routing.step_due(before, entered_at=now, calendar=calendar),
            reason=reason.strip(),
        )

    return make_move(target, Action.SEND_BACK, decide, acting_user=acting_user, now=now)


def claim(target: Target, *, acting_user: User, now: datetime) -> Dossier:
    """Take a dossier out of the queue into one's own hands. Nhận xử lý."""
    return make_move(
        target, Action.CLAIM, lambda dossier: DossierClaimed(holder_id=acting_user.pk), acting_user=acting_user, now=now
    )


def release(target: Target, *, acting_user: User, now: datetime, reason: str = "") -> Dossier:
    """Put a dossier back into the queue. Thôi xử lý."""
    return make_move(
        target, Action.RELEASE, lambda dossier: DossierReleased(reason=reason.strip()), acting_user=acting_user, now=now
    )


def assign(target: Target, *, colleague_id: int, acting_user: User, now: datetime) -> Dossier:
    """Give a dossier to a colleague whose mandate fits the step.

    Phân công xử lý.

    Raises:
        NotThisColleague: The colleague has no mandate for the step today.
    """

    def decide(dossier: Dossier) -> Fact:
        colleague = User.objects.filter(pk=colleague_id).first()
        if colleague is None or not policies.has_step_role(colleague, dossier, on=local_day(now)):
            raise NotThisColleague(colleague)
        return DossierAssigned(holder_id=colleague.pk)

    return make_move(target, Action.ASSIGN, decide, acting_user=acting_user, now=now)


def _who_finished(dossier: Dossier, step: int) -> int | None:
    return (
        Event.objects.filter(stream=dossier.stream, name="StepPassed", payload__from_step=step)
        .order_by("-sequence")
        .values_list("actor_id", flat=True)
        .first()
    )


@dataclass(frozen=True, slots=True)
class ClaimReport:
    """What became of many claims: how many were made, and a sentence for each that was not."""

    claimed: int
    refusals: list[str]


def claim_many(public_ids: Sequence[UUID], *, acting_user: User, now: datetime) -> ClaimReport:
    """Take several dossiers out of the queue; each is its own move, so one refusal stops no other.

    Nhận xử lý nhiều hồ sơ.
    """
    visible = Dossier.objects.filter(policies.visible_to(acting_user, on=local_day(now)), public_id__in=public_ids)
    claimed, refusals = 0, []
    for dossier in visible.select_related("holder").order_by("current_due_at", "pk"):
        if dossier.holder is not None:
            refusals.append(f"{dossier.code}: {dossier.holder.full_name} đã nhận trước.")
            continue
        seen = Target(dossier_id=dossier.pk, seen=dossier.sequence, client_key=uuid4())
        try:
            claim(seen, acting_user=acting_user, now=now)
            claimed += 1
        except DossierRefusal as refusal:
            refusals.append(f"{dossier.code}: {refusal}")
    return ClaimReport(claimed, refusals)

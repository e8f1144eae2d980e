"""Taking in a request at the desk, refusing it, or asking that it be completed first."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from lienthong.accounts.models import User
from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.models import ProcedureVersion
from lienthong.catalogue.states import Channel
from lienthong.dossiers import policies, routing
from lienthong.dossiers.deadlines import promise
from lienthong.dossiers.digests import request_digest
from lienthong.dossiers.events import CompletionRequested, DossierReceived, IntakeRefused, StepPassed
from lienthong.dossiers.models import Dossier, SubmittedItem
from lienthong.dossiers.numbering import next_dossier_code
from lienthong.dossiers.refusals import DossierRefusal
from lienthong.dossiers.services.continuing import draft_to_receive
from lienthong.dossiers.services.moving import FormUsedElsewhere, NotAllowed, Target, make_move, write
from lienthong.dossiers.services.renew import renew
from lienthong.dossiers.services.request import (
    MarkedItem,
    Request,
    missing_papers,
    missing_sentences,
    new_secret,
    open_items,
    write_items,
    write_request,
)
from lienthong.dossiers.states import Action, DossierState, ItemMark
from lienthong.infra.events import Fact, KeyAlreadyUsed
from lienthong.infra.models import Event
from lienthong.kernel.days import format_day, local_day
from lienthong.rules.timeliness import hand_over_due
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit, Agency
from lienthong.units.states import AgencyLevel


class ItemsMissing(DossierRefusal):
    """The request is not complete; every missing thing is named at once."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = list(missing)
        listed = "; ".join(self.missing)
        super().__init__(
            f"Chưa thể tiếp nhận: thiếu {len(self.missing)} nội dung — {listed}. Bổ sung rồi tiếp nhận, hoặc lưu nháp."
        )


class NewRulesAskMore(ItemsMissing):
    """The procedure was followed by a version that asks for more since the request was sent."""

    def __init__(self, missing: Sequence[str], *, since: date) -> None:
        self.missing = list(missing)
        DossierRefusal.__init__(
            self,
            f"Thủ tục có quy định mới từ {format_day(since)}, sau khi hồ sơ được gửi; theo đó còn thiếu"
            f" {len(self.missing)} nội dung — {'; '.join(self.missing)}. Hãy “Đề nghị hoàn thiện” để người nộp bổ sung.",
        )


class ReasonMissing(DossierRefusal):
    """A refusal or a request for more was made without a reason."""

    def __init__(self) -> None:
        super().__init__("Hãy nêu lý do: người nộp hồ sơ phải biết vì sao và cần làm gì tiếp theo.")


class ChannelNotOffered(DossierRefusal):
    """The procedure does not take requests through this door."""

    def __init__(self, version: ProcedureVersion, channel: str) -> None:
        label = Channel(channel).label
        offered = ", ".join(str(Channel(item).label) for item in version.channels)
        super().__init__(f"Thủ tục này không nhận hồ sơ {label}. Cách nộp: {offered}.")


class HandledElsewhere(DossierRefusal):
    """An agency outside the one-stop shop takes in and decides this procedure."""

    def __init__(self, version: ProcedureVersion) -> None:
        super().__init__(
            f"Thủ tục này do {version.handled_by} tiếp nhận và giải quyết. Hãy hướng dẫn người dân nộp ở đó."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveDossier:
    """A request handed in at the desk or by post, entered and received in one go. Lệnh tiếp nhận hồ sơ.

    ``draft_id`` names the draft that an officer began and that becomes this dossier: the same row, never a second one.
    """

    procedure_code: str
    receiving_agency_id: int
    channel: str
    request: Request
    client_key: UUID
    hand_over: bool = True
    draft_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveSubmitted:
    """A request that was filed online and is now received. Lệnh tiếp nhận hồ sơ trực tuyến."""

    target: Target
    hand_over: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseIntake:
    """A request that the desk does not take in. Lệnh từ chối tiếp nhận."""

    target: Target
    reason: str


def receive_dossier(command: ReceiveDossier, *, acting_user: User, now: datetime) -> Dossier:
    """Take in a complete request at the desk and promise a day for the result.

    Tiếp nhận hồ sơ.

    Args:
        command: What is asked, by whom, with which papers.
        acting_user: The officer at the desk.
        now: The moment of receipt; the time limit starts from it.

    Returns:
        The received dossier, numbered; the same one again when this very command was carried out before.

    Raises:
        NotAllowed: The officer does not receive at this desk today.
        ProcedureNotInForce: No version of the procedure holds today.
        ItemsMissing: Something that the procedure requires was not given; everything is named at once.
        ChannelNotOffered: The procedure does not take requests this way.
        NobodyDoesStep: No agency is assigned to the field today.
        DraftGone: The draft was received or thrown away meanwhile, or is none of this desk.
        FormUsedElsewhere: The key was used for another request.

    Legal source:
        61/2018/NĐ-CP, Điều 17; 118/2025/NĐ-CP, Điều 17.
    """
    today = local_day(now)
    if not policies.works_at_desk(acting_user, command.receiving_agency_id, on=today):
        raise NotAllowed(Action.RECEIVE)
    version = catalogue.procedure_in_force(command.procedure_code, on=today)
    check_offered(version, command.channel)
    missing = missing_sentences(version, command.request.items, command.request.answers, on=today)
    if missing:
        raise ItemsMissing(missing)
    try:
        with transaction.atomic():
            dossier = _opened(command, version, acting_user=acting_user, now=now)
            if dossier.state != DossierState.DRAFT:
                return dossier
            items = write_items(dossier, command.request.items, acting_user=acting_user, now=now)
            facts = _receipt(dossier, version, items, acting_user=acting_user, now=now, hand_over=command.hand_over)
            write(dossier, facts, acting_user=acting_user, now=now, client_key=command.client_key)
            return dossier
    except KeyAlreadyUsed as used:
        received = _received_before(command.client_key)
        if (received.procedure_code, received.applicant_name) != (command.procedure_code, dossier.applicant_name):
            raise FormUsedElsewhere from used
        return received


def receive_submitted(command: ReceiveSubmitted, *, acting_user: User, now: datetime) -> Dossier:
    """Receive a request that was filed online.

    Tiếp nhận hồ sơ trực tuyến. The time limit starts now, not when it was sent, and the law is that of now: a request
    under a version that was followed meanwhile moves to the one in force.

    Raises:
        ItemsMissing: The applicant left something out; ask for completion instead.
        NewRulesAskMore: The version in force asks for something that the request does not have.
        ProcedureNotInForce: The procedure was abolished after the request was filed.
    """

    def decide(dossier: Dossier) -> Sequence[Fact]:
        today = local_day(now)
        version = catalogue.procedure_in_force(dossier.procedure_code, on=today)
        is_followed = version.pk != dossier.version_id
        if is_followed:
            renew(dossier, version, by=acting_user.pk, now=now)
        items = list(dossier.items.order_by("number"))
        missing = missing_sentences(version, items, dossier.answers, on=today, officer_judges_cases=is_followed)
        if missing:
            raise NewRulesAskMore(missing, since=version.valid_from) if is_followed else ItemsMissing(missing)
        return _receipt(dossier, version, items, acting_user=acting_user, now=now, hand_over=command.hand_over)

    return make_move(command.target, Action.RECEIVE, decide, acting_user=acting_user, now=now)


def refuse_intake(command: RefuseIntake, *, acting_user: User, now: datetime) -> Dossier:
    """Refuse to take in a request, with the reasons that the prescribed form prints.

    Từ chối tiếp nhận hồ sơ.

    Raises:
        ReasonMissing: No reason was given.

    Legal source:
        61/2018/NĐ-CP, Điều 17 khoản 1 điểm b.
    """

    def decide(dossier: Dossier) -> Fact:
        if not command.reason.strip():
            raise ReasonMissing
        if dossier.receiving_agency_id is None:
            raise NotAllowed(Action.REFUSE_INTAKE)
        return IntakeRefused(reason=command.reason.strip(), receiving_agency_id=dossier.receiving_agency_id)

    return make_move(command.target, Action.REFUSE_INTAKE, decide, acting_user=acting_user, now=now)


def request_completion(
    target: Target, *, items: Sequence[MarkedItem], reason: str, acting_user: User, now: datetime
) -> Dossier:
    """Ask the applicant, once and for everything, to complete a request before it is received.

    Đề nghị hoàn thiện hồ sơ trước khi tiếp nhận. Where the procedure has a new version meanwhile, the request moves to
    it, and what that one asks for besides is asked for too.

    Args:
        items: Each item to mend, with what is wrong with it.

    Raises:
        ReasonMissing: Neither a reason nor an item was named.
    """

    def decide(dossier: Dossier) -> Fact:
        if not reason.strip():
            raise ReasonMissing
        marks = {item.number: (item.mark, item.comment) for item in items}
        version_id = dossier.version_id
        with suppress(catalogue.ProcedureNotInForce):
            marks = _asked_by_law_of_today(dossier, marks, by=acting_user.pk, now=now)
        mark_open(dossier, marks)
        asked = CompletionRequested(items=sorted(marks), reason=reason.strip())
        if dossier.version_id == version_id:
            return asked
        digest = request_digest(dossier, dossier.items.order_by("number"))
        return replace(asked, version_id=dossier.version_id, request_digest=digest)

    return make_move(target, Action.REQUEST_COMPLETION, decide, acting_user=acting_user, now=now)


def check_offered(version: ProcedureVersion, channel: str) -> None:
    """Refuse a request for a procedure that is not handed in here, or not this way.

    Raises:
        HandledElsewhere: An outside agency handles it.
        ChannelNotOffered: It does not take requests this way.
    """
    if version.handled_by:
        raise HandledElsewhere(version)
    if channel not in version.channels:
        raise ChannelNotOffered(version, channel)


def mark_open(dossier: Dossier, marks: dict[int, tuple[ItemMark, str]]) -> None:
    """Open the named items to the applicant, with what is wrong; every other item is closed.

    That an item does not apply counts no more while it is open, and is taken back when it comes: until then the request
    is still the one whose digest the log keeps.
    """
    rows = list(dossier.items.order_by("number"))
    for row in rows:
        row.is_open = row.number in marks
        if row.is_open:
            row.mark, row.comment = marks[row.number][0], marks[row.number][1][:500]
    SubmittedItem.objects.bulk_update(rows, ["is_open", "mark", "comment"])


def _asked_by_law_of_today(
    dossier: Dossier, marks: dict[int, tuple[ItemMark, str]], *, by: int, now: datetime
) -> dict[int, tuple[ItemMark, str]]:
    """Move a request to the version in force and return the marks under its numbers, with what it asks for besides."""
    version = catalogue.procedure_in_force(dossier.procedure_code, on=local_day(now))
    if version.pk == dossier.version_id:
        return marks
    by_name = {row.name: marks[row.number] for row in dossier.items.order_by("number") if row.number in marks}
    renew(dossier, version, by=by, now=now)
    rows = list(dossier.items.order_by("number"))
    new = (ItemMark.MISSING, f"Theo quy định mới từ {format_day(version.valid_from)}")
    return {item.number: new for item in missing_papers(version, rows)} | {
        row.number: by_name[row.name] for row in rows if row.name in by_name
    }


def _opened(command: ReceiveDossier, version: ProcedureVersion, *, acting_user: User, now: datetime) -> Dossier:
    """Write the request on a new row, or on that of the draft that is continued, with a checklist that nothing is on yet.

    A draft that this very command received before comes back as it stands.
    """
    if command.draft_id is None:
        dossier = Dossier(
            secret=new_secret(), version=version, procedure_code=version.procedure.code,
            field_code=version.procedure.field.code, created_at=now,
        )  # fmt: skip
    else:
        dossier = draft_to_receive(
            command.draft_id, procedure_code=command.procedure_code, client_key=command.client_key,
            acting_user=acting_user, on=local_day(now),
        )  # fmt: skip
        if dossier.state != DossierState.DRAFT:
            return dossier
        if dossier.version_id != version.pk:
            renew(dossier, version, by=acting_user.pk, now=now)
        dossier.items.update(originals=0, certified_copies=0, copies=0, is_given=False, is_not_applicable=False)
    dossier.channel, dossier.receiving_agency_id = command.channel, command.receiving_agency_id
    dossier.submitted_by, dossier.updated_at = None, now
    write_request(dossier, command.request)
    dossier.save()
    if command.draft_id is None:
        open_items(dossier, version)
    return dossier


def _receipt(
    dossier: Dossier,
    version: ProcedureVersion,
    items: Sequence[SubmittedItem],
    *,
    acting_user: User,
    now: datetime,
    hand_over: bool,
) -> Sequence[Fact]:
    """Number the dossier, promise a day, open the first step, and pass it on at once when asked to."""
    today = local_day(now)
    agency_id = dossier.receiving_agency_id
    if agency_id is None:
        raise NotAllowed(Action.RECEIVE)
    agency = units.get_agency(agency_id)
    if dossier.unit_id is None:
        dossier.unit = _place_of(dossier, agency)
        Dossier.objects.filter(pk=dossier.pk).update(unit=dossier.unit)
    calendar_id, calendar = units.work_calendar(agency_id)
    due = promise(version, received_at=now, calendar=calendar)
    first = routing.steps_of(dossier)[0]
    received = DossierReceived(
        code=next_dossier_code(agency.legal_code or agency.code, on=today),
        procedure_code=dossier.procedure_code,
        version_id=version.pk,
        field_code=dossier.field_code,
        channel=dossier.channel,
        receiving_agency_id=agency_id,
        calendar_id=calendar_id,
        promised_due_at=due.due_at,
        hand_over_due_at=hand_over_due(now, calendar),
        step=first.number,
        step_role=first.role,
        step_due_at=routing.step_due(first, entered_at=now, calendar=calendar),
        agency_id=agency_id,
        holder_id=acting_user.pk,
        trace=[line.text for line in due.trace],
        request_digest=request_digest(dossier, items),
    )
    if not hand_over:
        return [received]
    following = routing.step_after(dossier, first.number)
    passed = StepPassed(
        from_step=first.number,
        to_step=following.number,
        to_name=following.name,
        step_role=following.role,
        agency_id=routing.agency_for(following, dossier, on=today),
        step_due_at=routing.step_due(following, entered_at=now, calendar=calendar),
    )
    return [received, passed]


def _place_of(dossier: Dossier, agency: Agency) -> AdministrativeUnit:
    """Return the place a dossier belongs to: the commune of its desk, else where the applicant lives, else the province."""
    if agency.level != AgencyLevel.COMMUNE and dossier.person is not None and dossier.person.unit is not None:
        return dossier.person.unit
    return agency.unit


def _received_before(client_key: UUID) -> Dossier:
    event = Event.objects.get(client_key=client_key)
    return Dossier.objects.get(pk=int(event.stream.removeprefix("dossier:")))

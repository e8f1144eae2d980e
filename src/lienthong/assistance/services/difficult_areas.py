"""Which communes and hamlets are especially difficult: put down by one officer of the province, decided by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.events import DifficultAreaDecided, DifficultAreaPrepared, DifficultAreaRecorded
from lienthong.assistance.models import DifficultArea, DifficultAreaDraft
from lienthong.assistance.services.refusals import AssistanceRefusal, reason_given
from lienthong.assistance.states import Programme, ProposalState
from lienthong.infra.events import record
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import format_day, local_day
from lienthong.kernel.text import UncleanText, clean_line
from lienthong.units.models import AdministrativeUnit
from lienthong.units.states import COMMUNE_KINDS


class AreaRefused(AssistanceRefusal):
    """The area cannot be recorded so; the message says why, and what to do."""


class NotYourAreas(AreaRefused):
    """Only officers of the province's competent agency put areas down, only its heads and leaders decide."""


class PreparedByDecider(AreaRefused):
    """Four eyes: whoever put it down does not decide."""


class AlreadyDecided(AreaRefused):
    """Somebody was quicker."""


class AreaOverlaps(AreaRefused):
    """The place is recorded for some of the days already."""


class AreaDaysWrong(AreaRefused):
    """The place does not exist on the first day, or the span is empty."""


class AreaUnknown(NotFound):
    """There is no such area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareArea:
    """A commune, or a hamlet of it, is especially difficult from a day on. Lập địa bàn đặc biệt khó khăn.

    Attributes:
        hamlet: Empty for the whole commune.
        reference: The instrument that lists it.
        valid_until: The first day on which it no longer is; None while it goes on.
    """

    unit_id: int
    hamlet: str = ""
    reference: str
    valid_from: date
    valid_until: date | None = None
    client_key: UUID | None = None


@transaction.atomic
def prepare_area(command: PrepareArea, *, acting_user: User, now: datetime) -> DifficultAreaDraft:
    """Put an area down for a second person.

    Lập địa bàn đặc biệt khó khăn.

    Raises:
        AreaRefused: The user is no officer of the competent agency, the place is none, a text is missing, or the days cannot be.
        KeyAlreadyUsed: The form was sent before.
    """
    if not policies.runs_province(acting_user, on=local_day(now), programme=Programme.SOCIAL):
        raise NotYourAreas(_("Chỉ cán bộ của sở phụ trách trợ giúp xã hội lập được địa bàn. Hãy gửi văn bản cho sở."))
    unit = AdministrativeUnit.objects.filter(pk=command.unit_id, kind__in=COMMUNE_KINDS).first()
    if unit is None:
        raise AreaRefused(_("Không có xã, phường này. Hãy chọn trong danh sách."))
    reference, hamlet = _line(command.reference, 200), _line(command.hamlet, 120)
    if not reference:
        raise AreaRefused(_("Chưa ghi văn bản công nhận địa bàn. Ví dụ: 861/QĐ-TTg."))
    _check_days(command, unit)
    draft = DifficultAreaDraft.objects.create(
        unit=unit, hamlet=hamlet, reference=reference, valid_from=command.valid_from, valid_until=command.valid_until,
        prepared_by=acting_user, prepared_at=now,
    )  # fmt: skip
    fact = DifficultAreaPrepared(draft_id=draft.pk, unit_id=unit.pk, reference=reference, valid_from=draft.valid_from)
    record(fact, stream=draft.stream, actor_id=acting_user.pk, at=now, client_key=command.client_key)
    return draft


@transaction.atomic
def approve_area(draft_id: int, *, acting_user: User, now: datetime) -> DifficultArea:
    """Let an area hold that another put down.

    Duyệt địa bàn đặc biệt khó khăn.

    Raises:
        AreaUnknown: There is no such draft.
        AreaRefused: The user may not decide or put it down, it is decided, or the place is recorded for the days already.
    """
    draft = _locked_for(draft_id, acting_user=acting_user, now=now)
    try:
        with transaction.atomic():
            area = DifficultArea.objects.create(
                unit=draft.unit, hamlet=draft.hamlet, reference=draft.reference, valid_from=draft.valid_from,
                valid_until=draft.valid_until, recorded_by=acting_user, recorded_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        if "difficult_area_once_a_day" not in str(error):
            raise
        words = {"place": draft.place, "day": format_day(draft.valid_from)}
        raise AreaOverlaps(
            _("%(place)s đã được ghi là địa bàn đặc biệt khó khăn cho những ngày từ %(day)s. Hãy xem lại ngày.") % words
        ) from error
    _decide(draft, ProposalState.APPROVED, acting_user=acting_user, now=now)
    fact = DifficultAreaRecorded(
        area_id=area.pk, unit_id=area.unit_id, reference=area.reference, valid_from=area.valid_from
    )
    record(fact, stream=draft.stream, actor_id=acting_user.pk, at=now)
    return area


@transaction.atomic
def refuse_area(draft_id: int, *, reason: str, acting_user: User, now: datetime) -> DifficultAreaDraft:
    """Turn an area down, or take back one's own.

    Không duyệt địa bàn đặc biệt khó khăn.

    Raises:
        AreaUnknown: There is no such draft.
        AreaRefused: The user may not, it is decided, or no reason is given.
    """
    why = reason_given(reason)[:200]
    draft = _locked_for(draft_id, acting_user=acting_user, now=now, takes_back=True)
    is_own = draft.prepared_by_id == acting_user.pk
    _decide(
        draft, ProposalState.WITHDRAWN if is_own else ProposalState.REFUSED, acting_user=acting_user, now=now, note=why
    )
    return draft


def _locked_for(draft_id: int, *, acting_user: User, now: datetime, takes_back: bool = False) -> DifficultAreaDraft:
    draft = (
        DifficultAreaDraft.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=draft_id).first()
    )
    if draft is None:
        raise AreaUnknown(_("Không có địa bàn này. Hãy mở lại trang."))
    is_own = draft.prepared_by_id == acting_user.pk
    if is_own and not takes_back:
        raise PreparedByDecider(_("Bạn đã lập địa bàn này nên không tự duyệt được. Hãy nhờ người khác của sở duyệt."))
    if not is_own and not policies.approves_at_province(acting_user, on=local_day(now), programme=Programme.SOCIAL):
        raise NotYourAreas(_("Chỉ lãnh đạo sở hoặc trưởng phòng phụ trách trợ giúp xã hội duyệt được địa bàn."))
    if draft.state != ProposalState.PENDING:
        words = {"state": ProposalState(draft.state).label}
        raise AlreadyDecided(_("Địa bàn này %(state)s, không làm lại được. Hãy mở lại trang để xem.") % words)
    return draft


def _decide(
    draft: DifficultAreaDraft, state: ProposalState, *, acting_user: User, now: datetime, note: str = ""
) -> None:
    draft.state, draft.decided_by, draft.decided_at, draft.note = state, acting_user, now, note
    draft.save(update_fields=["state", "decided_by", "decided_at", "note"])
    if state != ProposalState.APPROVED:
        fact = DifficultAreaDecided(draft_id=draft.pk, state=str(state), reason=note)
        record(fact, stream=draft.stream, actor_id=acting_user.pk, at=now)


def _check_days(command: PrepareArea, unit: AdministrativeUnit) -> None:
    if command.valid_until is not None and command.valid_until <= command.valid_from:
        raise AreaDaysWrong(_("Ngày cuối không thể trước ngày đầu. Kiểm tra lại hai ngày."))
    if command.valid_from < unit.valid_from or (
        unit.valid_until is not None and command.valid_from >= unit.valid_until
    ):
        words = {"unit": unit.name, "day": format_day(command.valid_from)}
        raise AreaDaysWrong(_("%(unit)s không tồn tại vào ngày %(day)s; hãy chọn đơn vị của ngày ấy.") % words)


def _line(text: str, at_most: int) -> str:
    try:
        return clean_line(text, at_most=at_most) if text.strip() else ""
    except UncleanText as unclean:
        raise AreaRefused(str(unclean)) from unclean

"""Ways back: what was ended wrongly is received again, who was recorded dead by mistake lives.

Each runs inside the transaction of whoever decides. Nothing earlier is changed: rates follow rates, facts follow facts. What was
not paid meanwhile is owed again, so that the next run carries it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from lienthong.assistance.events import EntitlementEnded
from lienthong.assistance.finding_events import FindingDismissed
from lienthong.assistance.models import (
    DeathGrant,
    EmergencyGrant,
    Entitlement,
    EntitlementRate,
    Finding,
    FuneralSupport,
)
from lienthong.assistance.queries.facts import history_of
from lienthong.assistance.services.asking_to_reinstate import ask_to_reinstate, settle_reinstated
from lienthong.assistance.services.changing import adjust, locked_at_any_time
from lienthong.assistance.services.circumstances import stream_of
from lienthong.assistance.services.death_offers import OF_NO_DEATH
from lienthong.assistance.services.rates import computed, replace_rates
from lienthong.assistance.services.refusals import (
    AlreadyReceived,
    AlreadySettled,
    AssistanceRefusal,
    NotOwed,
    reason_given,
)
from lienthong.assistance.services.surviving import because_of, ended_with_carer
from lienthong.assistance.states import (
    BECAUSE_OF_DEATH,
    Benefit,
    EmergencyGrantKind,
    EntitlementState,
    FindingState,
    Programme,
)
from lienthong.assistance.ways_back_events import DeathTakenBack, EntitlementReinstated
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import OPEN_STATES, WAITING_STATES
from lienthong.infra.events import record
from lienthong.infra.models import Event
from lienthong.kernel.days import add_months, format_day, local_day
from lienthong.kernel.money import format_dong
from lienthong.payments.services.answers import hold_answers
from lienthong.payments.services.overpayments import take_back_what_is_owed
from lienthong.people import services as people
from lienthong.people.models import Person
from lienthong.rules.social_assistance.timing import Conduct, End, end_of, month_of

_RUNS_AHEAD: Final = 3
"""Months ahead of this one that a run may have paid already."""


class FuneralStands(AssistanceRefusal):
    """Support of a funeral was decided or is asked for; that comes first."""


def person_and_row(entitlement_id: int) -> tuple[Person, Entitlement]:
    """Return a benefit, ended or not, and whose it is; both locked, the person first, as a death is recorded.

    Raises:
        RecordUnknown: There is none.
    """
    hold_answers()  # before anybody is locked: a run that is collected holds it while it looks at people
    mine = Entitlement.objects.filter(pk=entitlement_id).values("person_id")
    person = Person.objects.select_for_update().filter(pk__in=mine).first()
    row = locked_at_any_time(entitlement_id)
    assert person is not None
    return person, row


def reinstate(
    row: Entitlement, person: Person, *, reason: str, acting_user_id: int | None, now: datetime
) -> list[date]:
    """Let a benefit that was ended wrongly go on from the month after its last, as if it had not been ended.

    Phục hồi hưởng. By the facts and the law as they are known now; one that was suspended when it was ended is suspended again.
    Where another decision of the same kind followed, or the person died meanwhile, it is received until then and ended again.
    What waits as overpaid of these months is taken back.

    Args:
        row: The benefit, locked.
        person: Whose it is, locked.
        reason: Why it was wrong to end it.
        acting_user_id: Who decided.
        now: The moment.

    Returns:
        The months of which nothing is overpaid any more.

    Raises:
        AlreadySettled: It has not ended, or is paid once.
        AlreadyReceived: Another decision pays from the month on already.
        NotOwed: No month would be paid: dead by then, or the rules give nothing.
    """
    on = local_day(now)
    first = first_missed(row)
    suspended_from = _suspended_from(row)
    last, because = _until(row, person, first, on)
    row.last_month = last
    row.state = EntitlementState.SUSPENDED if suspended_from else EntitlementState.ACTIVE
    row.suspended_from = suspended_from
    spans = computed(row, history_of(row.person_id), from_month=first, on=on)
    if suspended_from is None and not any(span.amount for span in spans):
        raise NotOwed(
            _("Theo thông tin đang có không tháng nào được hưởng nên không phục hồi được. Hãy kiểm tra lại thông tin.")
        )
    row.ended_because = because
    if last is not None:
        row.state, row.suspended_from = EntitlementState.ENDED, None
    row.save(update_fields=["state", "last_month", "ended_because", "suspended_from"])
    replace_rates(row, spans, from_month=first, acting_user_id=acting_user_id, now=now)
    reinstated = EntitlementReinstated(
        entitlement_id=row.pk, person_id=row.person_id, first_month=first, reason=reason_given(reason)
    )
    record(reinstated, stream=row.stream, actor_id=acting_user_id, at=now)
    settle_reinstated(row, acting_user_id=acting_user_id, now=now)
    if row.programme == Programme.MERIT:  # what is received beside it depends on it
        adjust(row.person_id, from_month=first, reason=reason, acting_user_id=acting_user_id, now=now)
    if last is not None:
        ended = EntitlementEnded(entitlement_id=row.pk, person_id=row.person_id, last_month=last, reason=because)
        record(ended, stream=row.stream, actor_id=acting_user_id, at=now)
    return take_back_what_is_owed(
        source=row.programme, person_id=row.person_id, benefit=row.benefit, owed=owed_by_month(row, first, add_months(month_of(on), _RUNS_AHEAD)),
        acting_user_id=acting_user_id, now=now,
    )  # fmt: skip


def first_missed(row: Entitlement) -> date:
    """Return the first month that the end of a benefit took away: after its last, or its first where nothing of it was paid.

    Raises:
        AlreadySettled: It has not ended, or is paid once.
    """
    if row.state != EntitlementState.ENDED or row.last_month is None:
        raise AlreadySettled(_("Khoản này chưa thôi hưởng nên không cần phục hồi. Hãy mở lại trang để xem."))
    if row.benefit == Benefit.ONE_OFF:
        raise AlreadySettled(_("Trợ cấp một lần chỉ trả một lần nên không có gì để phục hồi."))
    has_rates = row.rates.filter(superseded_at=None).exists()
    return add_months(row.last_month, 1) if has_rates else row.first_month


def owed_by_month(row: Entitlement, first: date, last: date) -> dict[date, int]:
    """Return what a person is owed under one benefit, by all decisions, for each month from one to another."""
    mine = {"entitlement__person": row.person_id, "entitlement__programme": row.programme}
    rates = list(EntitlementRate.objects.filter(**mine, entitlement__benefit=row.benefit, superseded_at=None))
    found: dict[date, int] = {}
    month = first
    while month <= last:
        covering = (
            one.amount for one in rates if one.first_month <= month and (one.end_month is None or month < one.end_month)
        )
        found[month], month = sum(covering), add_months(month, 1)
    return found


def _until(row: Entitlement, person: Person, first: date, on: date) -> tuple[date | None, str]:
    """Return the last month that may be paid again, and why it is; None where it goes on."""
    rates = EntitlementRate.objects.filter(entitlement=OuterRef("pk"), superseded_at=None)
    same = Entitlement.objects.filter(
        Exists(rates), person=row.person_id, programme=row.programme, benefit=row.benefit, first_month__gte=first
    ).exclude(pk=row.pk)
    following = same.order_by("first_month").first()
    last: date | None = None
    because = ""
    if following is not None:
        last = add_months(following.first_month, -1)
        because = _("Hưởng tiếp theo quyết định khác, từ tháng %(month)s") % {"month": f"{following.first_month:%m/%Y}"}
        if last < first:
            raise AlreadyReceived(
                _(
                    "Từ tháng %(month)s người này đã hưởng khoản này theo quyết định khác nên không còn tháng nào để phục hồi."
                )
                % {"month": f"{following.first_month:%m/%Y}"}
            )
    end = end_of(Conduct(died_on=person.died_on), on=on, known_on=on)
    if end is not None and (last is None or end.last_month < last):
        last, because = end.last_month, str(end.reason)
        if last < first:
            raise NotOwed(
                _("Người này được ghi là đã chết ngày %(day)s. Nếu ghi nhầm, hãy đề xuất rút ghi nhận đã chết.")
                % {"day": format_day(person.died_on) if person.died_on else ""}
            )
    return last, because


def _suspended_from(row: Entitlement) -> date | None:
    """Return since which month a benefit was suspended when it was ended; None where it was paid."""
    ended = Event.objects.filter(stream=row.stream, name=EntitlementEnded.__name__).order_by("-sequence").first()
    if ended is None:
        return None
    stood = Q(superseded_at=None) | Q(superseded_at=ended.at)
    rates = list(row.rates.filter(stood).order_by("first_month", "pk"))
    found: date | None = None
    for rate in reversed(rates):
        if not rate.basis.get("suspended"):
            break
        found = rate.first_month
    return found


def take_back_death(
    person_id: int, *, programme: str, reason: str, acting_user_id: int | None, now: datetime
) -> list[Entitlement]:
    """Say that somebody who was recorded dead by mistake lives, and reinstate what the death ended in a programme.

    Rút ghi nhận đã chết. What it ended in the other programme is put on the list of whoever decides there. The support of a funeral that
    nobody asked for yet is offered no more.

    Returns:
        The benefits that are received again.

    Raises:
        AlreadySettled: Nobody is recorded dead, or a benefit cannot be received again; its sentence says why.
        FuneralStands: The support of the funeral was decided, or is asked for.
    """
    hold_answers()
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None or person.died_on is None:
        raise AlreadySettled(_("Người này không được ghi là đã chết. Hãy mở lại trang để xem."))
    if stands := in_the_way(person):
        raise FuneralStands(stands[0])
    died_on = person.died_on
    rows = list(ended_by_death(person, on=local_day(now)).filter(programme=programme).select_for_update())
    rows += ended_with_carer(person).filter(programme=programme).select_for_update()
    others = left_to_others(person, programme=programme, on=local_day(now))
    words = reason_given(reason)
    people.withdraw_death(
        people.WithdrawDeath(person_id=person.pk, reason=words), acting_user_id=acting_user_id, now=now
    )
    person.died_on = None
    fact = DeathTakenBack(person_id=person.pk, died_on=died_on, reason=words)
    record(fact, stream=stream_of(person.pk), actor_id=acting_user_id, at=now)
    reinstated = []
    for row in rows:
        try:
            whose = person if row.person_id == person.pk else Person.objects.get(pk=row.person_id)
            reinstate(row, whose, reason=words, acting_user_id=acting_user_id, now=now)
        except (NotOwed, AlreadyReceived):  # nothing of it would be paid since: the person lives all the same
            continue
        reinstated.append(row)
    ask_to_reinstate(others, died_on=died_on, now=now)
    _offer_no_funeral(person, words, acting_user_id=acting_user_id, now=now)
    return reinstated


def ended_by_death(person: Person, *, on: date) -> QuerySet[Entitlement]:
    """Return what a recorded death ended, of both programmes: it ended with the month of the death, and says so."""
    end = _end(person, on)
    if end is None:
        return Entitlement.objects.none()
    ended = Entitlement.objects.filter(
        Q(last_month=end.last_month) | Q(first_month__gt=end.last_month), person=person, state=EntitlementState.ENDED,
        ended_because__startswith=end.reason.text,
    )  # fmt: skip
    return ended.exclude(benefit=Benefit.ONE_OFF).order_by("pk")


def left_to_others(person: Person, *, programme: str, on: date) -> list[Entitlement]:
    """Return what a recorded death ended in the other programme: whoever is competent there proposes that it goes on."""
    ended = ended_by_death(person, on=on).exclude(programme=programme)
    return [*ended, *ended_with_carer(person).exclude(programme=programme)]


def _end(person: Person, on: date) -> End | None:
    return end_of(Conduct(died_on=person.died_on), on=on, known_on=on)


def supports_of(person: Person) -> QuerySet[FuneralSupport]:
    """Return the supports of somebody's funeral that stand."""
    number = person.personal_id_number
    mine = Q(deceased=person) | (Q(deceased_number=number) if number else Q(pk__in=[]))
    return FuneralSupport.objects.filter(mine, withdrawn_at=None).order_by("granted_at", "pk")


def in_the_way(person: Person) -> list[str]:
    """Say what because of a death must be resolved before it can be taken back, each with what to do."""
    found = [
        _(
            "Đã quyết định hỗ trợ chi phí mai táng %(amount)s theo hồ sơ %(code)s. Hãy đề xuất thu hồi quyết định đó trước."
        )
        % {"amount": format_dong(one.amount), "code": one.dossier_code}
        for one in supports_of(person)
    ]
    found += _granted_otherwise(person)
    number, procedures = person.personal_id_number, _asked_because_of_death()
    asked = Dossier.objects.filter(
        procedure_code__in=procedures, answers__deceased_number=number,
        state__in=(*OPEN_STATES, *WAITING_STATES),
    )  # fmt: skip
    found += [
        _("Hồ sơ %(code)s đang đề nghị %(what)s của người này. Hãy giải quyết xong hồ sơ đó trước.")
        % {"code": code or _("chưa cấp số"), "what": procedures[procedure]}
        for code, procedure in (asked.order_by("pk").values_list("code", "procedure_code") if number else ())
    ]
    drafted = Finding.objects.filter(person=person, benefit__in=BECAUSE_OF_DEATH, state=FindingState.DRAFTED)
    if not found and drafted.exists():
        found.append(
            _(
                "Đã lập hồ sơ nháp hỗ trợ chi phí mai táng từ danh sách phát hiện. Hãy bỏ qua phát hiện đó trước, kèm lý do."
            )
        )
    return found


def _asked_because_of_death() -> dict[str, str]:
    """Word what each procedure asks for because somebody died, by its code."""
    return {
        "1.001731": _("hỗ trợ chi phí mai táng"),
        "1.014028": _("hỗ trợ chi phí mai táng"),
        "1.010824": _("trợ cấp khi người có công từ trần"),
        "2.000744": _("hỗ trợ mai táng khẩn cấp"),
    }


def _granted_otherwise(person: Person) -> list[str]:
    """Say what was granted for the same death besides the support of the funeral: each is taken back first."""
    number = person.personal_id_number
    after_emergency = Q(deceased=person) | (Q(deceased_number=number) if number else Q(pk__in=[]))
    found = [
        _(
            "Đã quyết định trợ cấp khi người có công từ trần %(amount)s theo hồ sơ %(code)s. Hãy đề xuất thu hồi quyết định đó trước."
        )
        % {"amount": format_dong(one.amount), "code": one.dossier_code}
        for one in DeathGrant.objects.filter(deceased=person, withdrawn_at=None).order_by("pk")
    ]
    found += [
        _("Đã quyết định hỗ trợ mai táng khẩn cấp %(amount)s theo %(code)s. Hãy đề xuất thu hồi quyết định đó trước.")
        % {"amount": format_dong(one.amount), "code": one.dossier_code or one.decision_number}
        for one in EmergencyGrant.objects.filter(
            after_emergency, kind=EmergencyGrantKind.DEATH, withdrawn_at=None
        ).order_by("pk")
    ]
    return found


def _offer_no_funeral(person: Person, reason: str, *, acting_user_id: int | None, now: datetime) -> None:
    offered = Q(person=person, benefit__in=BECAUSE_OF_DEATH) | because_of(person)
    for row in Finding.objects.select_for_update().filter(offered).exclude(ground=OF_NO_DEATH):
        was_open = row.state == FindingState.OPEN
        row.ground = OF_NO_DEATH
        if was_open:
            row.state, row.note, row.decided_by_id, row.decided_at = (
                FindingState.DISMISSED, reason, acting_user_id, now,
            )  # fmt: skip
        row.save(update_fields=["ground", "state", "note", "decided_by", "decided_at"])
        if was_open:
            fact = FindingDismissed(finding_id=row.pk, person_id=row.person_id, kind=row.kind, reason=reason)
            record(fact, stream=row.stream, actor_id=acting_user_id, at=now)

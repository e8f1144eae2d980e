"""Granting emergency assistance, in money or rice: what an approved proposal and an approved dossier both do, in their transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance.grant_events import EmergencyGranted
from lienthong.assistance.models import EmergencyGrant
from lienthong.assistance.queries.funerals import by_article_eleven, with_merit
from lienthong.assistance.services.funeral import hold_funeral
from lienthong.assistance.services.refusals import AlreadyReceived, FactWrong, NotOwed, PayeeWrong
from lienthong.assistance.states import EmergencyGrantKind, EmergencyPayee
from lienthong.infra.events import record
from lienthong.kernel.days import format_day, local_day
from lienthong.kernel.decisions import Decision, Outcome, Reason
from lienthong.kernel.money import Dong, format_dong
from lienthong.kernel.text import clean_line
from lienthong.people.models import Household, Person
from lienthong.people.queries.facts import household_of
from lienthong.poverty.queries.standing import class_on
from lienthong.rules.emergency.assistance import EmergencyAssistance
from lienthong.rules.emergency.course import Course, course_reasons
from lienthong.rules.emergency.facts import Cause, HousingFacts, ProtectionFacts
from lienthong.rules.emergency.kinds import Emergency, EmergencyKind, decide_emergency, emergency_as_plain
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.poverty.classes import PovertyClass

NEW_YEAR_AHEAD: Final = timedelta(days=60)
"""How long before the lunar new year its rice may be decided on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deceased:
    """Who died or is missing: as the papers call them, or as the registers know them. Người chết, mất tích."""

    name: str
    number: str = ""
    person_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantEmergency:
    """Quyết định trợ giúp xã hội khẩn cấp.

    Attributes:
        person_id: Whom it is for: who was injured, who represents the household; of a death who receives the support.
        emergency: What happened, with its day.
        payee_id: Who receives it; None: the person.
        deceased: Of a death only.
        prepared_by_id: Who proposed it; None: a dossier did.
        received_on: Day on which it was asked for: its law says who decides, and within which time. None: today.
    """

    person_id: int
    unit_id: int
    emergency: Emergency
    payee_id: int | None = None
    payee_ground: str = EmergencyPayee.SELF
    deceased: Deceased | None = None
    course: Course = field(default_factory=Course)
    dossier_code: str = ""
    decision_number: str = ""
    prepared_by_id: int | None = None
    proposal_id: int | None = None
    received_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the rules give for a command, and on which facts."""

    emergency: Emergency
    decision: Decision[EmergencyAssistance]
    household: Household | None
    deceased: Person | None


def grant_emergency(command: GrantEmergency, *, acting_user: User, now: datetime) -> EmergencyGrant:
    """Grant emergency assistance, in the amount of the law on the day of the event.

    Trợ giúp xã hội khẩn cấp. Runs inside the transaction of whoever decides.

    Args:
        command: For whom, what happened, who receives it.
        acting_user: Who decides.
        now: The moment of the decision.

    Returns:
        The grant with its amount in whole đồng, or its rice in kilograms, and the reasons as they were explained.

    Raises:
        NotOwed: The rules refuse, lack a fact, or know no law for the day.
        AlreadyReceived: It was given before for the same event.
        PayeeWrong: Whoever should receive it cannot.
        FactWrong: The day lies in the future.

    Legal source:
        20/2021/NĐ-CP, Điều 12 đến 18, Điều 21.
    """
    on = local_day(now)
    _hold_funeral(command)
    person = Person.objects.select_for_update().filter(pk=command.person_id).first()
    if person is None:
        raise NotOwed(_("Không có người này trong dữ liệu dân cư. Hãy ghi nhận người này trước."))
    check_receiver(command, person, on=on)
    given = decided(command, on=on)
    value = owed_value(given)
    subject = given.deceased or person
    refuse_given_before(command, given)
    grant = EmergencyGrant(
        kind=command.emergency.kind.value, cause=emergency_as_plain(given.emergency.facts).get("cause", ""),
        happened_on=_happened_on(command.emergency, on), person=subject, household=given.household, deceased=given.deceased,
        deceased_name=clean_line(command.deceased.name, at_most=120) if command.deceased else "",
        deceased_number=clean_line(command.deceased.number, at_most=12) if command.deceased else "",
        unit_id=command.unit_id, payee_id=command.payee_id or command.person_id, payee_ground=command.payee_ground,
        amount=value.amount, rice_kg=value.rice_kg, facts=emergency_as_plain(given.emergency.facts),
        words=value.words[:500], reasons=reasons_of(given),
        articles=list(dict.fromkeys(str(one) for one in given.decision.references)),
        listed_on=command.course.listed_on, met_on=command.course.met_on,
        urgent_reason=clean_line(command.course.urgent_reason, at_most=300), dossier_code=command.dossier_code,
        proposal_id=command.proposal_id, decision_number=command.decision_number,
        prepared_by_id=command.prepared_by_id, granted_by=acting_user, granted_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            grant.save(force_insert=True)
    except IntegrityError as twice:
        if "emergency_grant_once" in str(twice):
            raise AlreadyReceived(_given_before(command)) from twice
        raise
    fact = EmergencyGranted(
        grant_id=grant.pk, person_id=subject.pk, kind=grant.kind, happened_on=grant.happened_on,
        given=given_words(grant.amount, grant.rice_kg), amount=grant.amount, rice_kg=grant.rice_kg,
        dossier_code=grant.dossier_code, decision_number=grant.decision_number,
    )  # fmt: skip
    record(fact, stream=grant.stream, actor_id=acting_user.pk, at=now)
    return grant


def decided(command: GrantEmergency, *, on: date) -> Given:
    """Return what the rules say of a command, with what the registers know of the household.

    Raises:
        NotOwed: No law is recorded for the day.
        FactWrong: The day of the event is missing, lies in the future, or is not the recorded day of a death; or the village
            listed or met before the event or after today.
    """
    happened_on = _happened_on(command.emergency, on)
    _check_course(command, happened_on, on)
    person = Person.objects.get(pk=command.person_id)
    household = household_of(person, happened_on)
    emergency, standing = _with_class(command.emergency, household, happened_on)
    deceased = _deceased(command, happened_on)
    try:
        decision = decide_emergency(emergency, on=on, known_on=on, received_on=command.received_on)
        course: tuple[Reason, ...] = ()
        if _has_course(command):
            course = course_reasons(command.course, emergency, on=on, received_on=command.received_on, known_on=on)
    except NoValueInForce as unknown:
        raise NotOwed(str(unknown)) from unknown
    decision = _less_funeral(decision, deceased, command)
    found = [*decision.reasons, *standing, *course]
    return Given(
        emergency=emergency,
        decision=replace(decision, reasons=tuple(found)),
        household=household,
        deceased=deceased,
    )


def owed_value(given: Given) -> EmergencyAssistance:
    """Return what is given.

    Raises:
        NotOwed: The rules refuse or lack a fact, or the village has not met.
    """
    failed = [reason.text for reason in given.decision.reasons if reason.holds is False]
    value = given.decision.value
    if given.decision.outcome is not Outcome.GRANTED or value is None or failed:
        why = "; ".join([*failed, *(_("còn thiếu: %(fact)s") % {"fact": one} for one in given.decision.missing)])
        raise NotOwed(_("Chưa thể trợ giúp khẩn cấp. Điều kiện không đạt hoặc còn thiếu: %(why)s.") % {"why": why})
    return value


def reasons_of(given: Given) -> list[str]:
    """Return the sentences that explain a decision: how much, by whom, each condition, what must be known besides."""
    value = given.decision.value
    told = [f"{reason}." for reason in given.decision.reasons]
    if value is None:
        return told
    return [
        f"Hỗ trợ một lần {given_words(value.amount, value.rice_kg)}: {value.words}.",
        f"{value.decided_by.in_words} quyết định trong {value.within.in_words}.",
        *told,
        *(f"Lưu ý: {notice}" for notice in value.notices),
    ]


def given_words(amount: int, rice_kg: int) -> str:
    """Word what is given, as decisions do: money, or rice."""
    return f"{rice_kg} kg gạo" if rice_kg else format_dong(Dong(amount))


def check_receiver(command: GrantEmergency, person: Person, *, on: date) -> None:
    """Refuse a receiver who cannot receive.

    Raises:
        PayeeWrong: Nobody of that number, dead, somebody else without a ground, or of temporary care nobody who cares.
    """
    if command.emergency.kind is EmergencyKind.PROTECTION and command.payee_id in {None, person.pk}:
        raise PayeeWrong(_("Chăm sóc tạm thời chi cho người, gia đình nhận chăm sóc. Hãy ghi người đó."))
    if command.payee_id in {None, person.pk}:
        if command.deceased is None and command.payee_ground in {EmergencyPayee.GUARDIAN, EmergencyPayee.AUTHORISED}:
            raise PayeeWrong(_("Chính người này nhận thì không chọn tư cách giám hộ, ủy quyền. Hãy chọn lại tư cách."))
        payee = person
    else:
        if command.payee_ground == EmergencyPayee.SELF:
            raise PayeeWrong(_("Người nhận là người khác: hãy chọn tư cách của người nhận."))
        found = Person.objects.filter(pk=command.payee_id).first()
        if found is None:
            raise PayeeWrong(_("Người nhận không có trong dữ liệu dân cư. Hãy kiểm tra lại số định danh."))
        payee = found
    if payee.died_on is not None and payee.died_on <= on:
        raise PayeeWrong(_("Người nhận đã chết. Hãy ghi người nhận khác."))


def refuse_given_before(command: GrantEmergency, given: Given) -> None:
    """Refuse what the tables would refuse, in words, before anybody decides.

    Raises:
        AlreadyReceived: It was given before for the same event.
    """
    kind, happened_on = command.emergency.kind, command.emergency.happened_on
    rows = EmergencyGrant.objects.filter(kind=kind.value, withdrawn_at=None)
    if command.dossier_code:  # of a dossier that was decided, the proposal is looked at still
        rows = rows.exclude(dossier_code=command.dossier_code)
    if command.deceased is not None:
        same = Q(deceased=given.deceased) if given.deceased else Q(pk=0)
        if number := command.deceased.number.strip():
            same |= Q(deceased_number=number)
        elif given.deceased is None:
            name = clean_line(command.deceased.name, at_most=120)
            same |= Q(person=command.person_id, deceased_name=name, happened_on=happened_on)
    else:
        same = Q(person=command.person_id, happened_on=happened_on)
        _refuse_same_days(rows.filter(person=command.person_id), given.emergency)
        if given.household is not None and kind in {EmergencyKind.RICE, EmergencyKind.HOUSE}:
            same |= Q(household=given.household, happened_on=happened_on)
    if rows.filter(same).exists():
        raise AlreadyReceived(_given_before(command))


def _refuse_same_days(earlier: QuerySet[EmergencyGrant], emergency: Emergency) -> None:
    """Refuse temporary care of days that an earlier decision supports already.

    Raises:
        AlreadyReceived: Some of the days are the same.
    """
    facts = emergency.facts
    if not isinstance(facts, ProtectionFacts) or facts.from_day is None or facts.until_day is None:
        return
    for one in earlier.order_by("pk"):
        until = date.fromisoformat(one.facts["until_day"])
        if one.happened_on < facts.until_day and facts.from_day < until:
            raise AlreadyReceived(
                _("Số ngày này đã được hỗ trợ chăm sóc tạm thời từ %(first)s đến %(last)s. Hãy ghi những ngày khác.")
                % {"first": format_day(one.happened_on), "last": format_day(until - timedelta(days=1))}
            )


def _hold_funeral(command: GrantEmergency) -> None:
    if command.deceased is None or command.emergency.happened_on is None:
        return
    found = _known_deceased(command)
    number = command.deceased.number.strip() or (found.personal_id_number or "" if found else "")
    hold_funeral(command.deceased.name, number, command.emergency.happened_on)


def _happened_on(emergency: Emergency, on: date) -> date:
    if emergency.happened_on is None:
        raise FactWrong(_("Ghi ngày xảy ra sự việc."))
    if emergency.happened_on > (on + NEW_YEAR_AHEAD if _is_new_year(emergency) else on):
        raise FactWrong(
            _("Ngày xảy ra %(day)s ở sau hôm nay. Hãy kiểm tra lại ngày.") % {"day": format_day(emergency.happened_on)}
        )
    return emergency.happened_on


def _is_new_year(emergency: Emergency) -> bool:
    return getattr(emergency.facts, "cause", None) is Cause.LUNAR_NEW_YEAR


def _check_course(command: GrantEmergency, happened_on: date, on: date) -> None:
    """Refuse a list or a meeting before the event, or after today; what the new year brings is looked at ahead of it."""
    course = command.course
    for what, day in ((_("Ngày thôn lập danh sách"), course.listed_on), (_("Ngày thôn họp xét"), course.met_on)):
        if day is None:
            continue
        if day > on:
            raise FactWrong(
                _("%(what)s %(day)s ở sau hôm nay. Hãy kiểm tra lại ngày.") % {"what": what, "day": format_day(day)}
            )
        if day < happened_on and not _is_new_year(command.emergency):
            raise FactWrong(
                _("%(what)s %(day)s ở trước ngày xảy ra sự việc %(event)s. Hãy kiểm tra lại hai ngày.")
                % {"what": what, "day": format_day(day), "event": format_day(happened_on)}
            )


def _with_class(
    emergency: Emergency, household: Household | None, happened_on: date
) -> tuple[Emergency, tuple[Reason, ...]]:
    """Take the class that the review of poor households recorded, where it did: it says more than an answer."""
    if household is None or not isinstance(emergency.facts, HousingFacts):
        return emergency, ()
    found = class_on(household.pk, happened_on)
    if found is None:
        return emergency, ()
    recorded = PovertyClass(found.value)
    facts = replace(emergency.facts, poverty_class=recorded)
    words = f"Theo kết quả rà soát, ngày xảy ra hộ là {recorded.in_words}"
    return replace(emergency, facts=facts), (Reason(words, True),)


def _deceased(command: GrantEmergency, happened_on: date) -> Person | None:
    found = _known_deceased(command)
    if found is not None and found.died_on is not None and found.died_on != happened_on:
        raise FactWrong(
            _("Ngày chết đã ghi của %(name)s là %(day)s. Hãy ghi đúng ngày đó, hoặc đính chính ngày chết trước.")
            % {"name": found.full_name, "day": format_day(found.died_on)}
        )
    return found


def _known_deceased(command: GrantEmergency) -> Person | None:
    if command.deceased is not None and command.deceased.person_id is not None:
        return Person.objects.get(pk=command.deceased.person_id)
    number = command.deceased.number.strip() if command.deceased else ""
    found = list(Person.objects.filter(personal_id_number=number).order_by("pk")[:2]) if number else []
    return found[0] if len(found) == 1 else None


def _less_funeral(
    decision: Decision[EmergencyAssistance], deceased: Person | None, command: GrantEmergency
) -> Decision[EmergencyAssistance]:
    """Take off what was given for the same funeral by Article 11 or for somebody with merit: only the highest is due."""
    number = command.deceased.number.strip() if command.deceased else ""
    if decision.value is None or (deceased is None and not number):
        return decision
    before = [*by_article_eleven(deceased, number), *with_merit(deceased, number)]
    if not before:
        return decision
    supported = " và ".join(f"{format_dong(one.amount)} theo hồ sơ {one.dossier_code}" for one in before)
    words = f"Đã hỗ trợ chi phí mai táng {supported}; chỉ hưởng một mức cao nhất"
    left = decision.value.amount - sum(one.amount for one in before)
    if left <= 0:
        return Decision.refused(reasons=[*decision.reasons, Reason(words, False)])
    more = f"{decision.value.words}, trừ {supported}"
    value = replace(decision.value, amount=Dong(left), words=more)
    return replace(decision, value=value, reasons=(*decision.reasons, Reason(words, True)))


def _has_course(command: GrantEmergency) -> bool:
    """Tell whether the way from the village is looked at: always without a dossier, which has steps of its own."""
    return not command.dossier_code or command.course != Course()


def _given_before(command: GrantEmergency) -> str:
    words: Mapping[str, Any] = {
        "kind": EmergencyGrantKind(command.emergency.kind.value).label,
        "day": format_day(command.emergency.happened_on) if command.emergency.happened_on else "",
    }
    if command.emergency.kind is EmergencyKind.DEATH:
        return _("Người chết này đã được hỗ trợ mai táng khẩn cấp; mỗi người chỉ được hỗ trợ một lần.")
    return (
        _("Người này hoặc hộ này đã có quyết định %(kind)s vì việc xảy ra ngày %(day)s; mỗi việc chỉ một lần.") % words
    )

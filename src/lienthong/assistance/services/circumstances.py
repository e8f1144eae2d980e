"""Dated facts of a person that nobody else records: put down once, ended, followed, or withdrawn when they were wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.events import CircumstanceEnded, CircumstanceRecorded, CircumstanceWithdrawn
from lienthong.assistance.models import Circumstance
from lienthong.assistance.queries.facts import MERIT_PREFIX
from lienthong.assistance.services.proposing import ProposeAdjustment, propose_if_changed
from lienthong.assistance.services.refusals import AssistanceRefusal, reason_given
from lienthong.assistance.services.surviving import settle_asked_of_parent
from lienthong.assistance.states import Programme
from lienthong.infra.events import record
from lienthong.infra.missing import NotFound
from lienthong.kernel.days import format_day, local_day
from lienthong.kernel.text import UncleanText, clean_line
from lienthong.people.models import Person
from lienthong.rules.disability import DisabilityLevel
from lienthong.rules.merit.plain_facts import merit_as_plain, merit_from_plain
from lienthong.rules.merit.words import PERSON_QUESTIONS
from lienthong.rules.poverty.plain_facts import FactRefused as MeritFactRefused
from lienthong.rules.social_assistance.facts import FIELDS
from lienthong.rules.social_assistance.plain_facts import FactRefused, person_as_plain, person_from_plain
from lienthong.rules.social_assistance.words import question
from lienthong.units import queries as units

KNOWN_ELSEWHERE: Final = ("birth_date", "sex")
"""Facts that the population data hold. Of the class of a household, a disability and a difficult area the registers count first;
what is recorded here stands where they know nothing."""
RECORDED: Final = tuple(name for name in FIELDS if name not in KNOWN_ELSEWHERE)
MERIT_RECORDED: Final = tuple(f"{MERIT_PREFIX}{name}" for name in PERSON_QUESTIONS)
"""What the rules of merit ask of a person beside their claims."""


class CircumstanceRefused(AssistanceRefusal):
    """The fact was not recorded; the message says what is wrong, which, and what to do."""


class NotYourPerson(CircumstanceRefused):
    """The person lives in another commune, or it is not known where."""


class FactNotRecordedHere(CircumstanceRefused):
    """Another register holds the fact."""


class ValueRefused(CircumstanceRefused):
    """The value is no answer to the question."""


class SpanRefused(CircumstanceRefused):
    """The days cannot be so."""


class SpanOverlaps(CircumstanceRefused):
    """The fact is recorded for some of the days already."""


class EvidenceMissing(CircumstanceRefused):
    """There is no paper that somebody could look at later."""


class CircumstanceUnknown(NotFound):
    """There is no such fact, or it was withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCircumstance:
    """A fact holds for a person from a day on. Ghi hoàn cảnh.

    Attributes:
        name: One of ``RECORDED``.
        value: As plain files hold it.
        valid_until: The first day on which it no longer holds; None while it goes on.
        ends_earlier: The one recorded before, which is still open, ends where this begins.
    """

    person_id: int
    name: str
    value: Any
    valid_from: date
    valid_until: date | None = None
    evidence: str
    ends_earlier: bool = False
    client_key: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectCircumstance:
    """What was recorded was wrong: it is withdrawn, and this stands in its place. Đính chính."""

    circumstance_id: int
    value: Any
    valid_from: date
    valid_until: date | None = None
    evidence: str
    reason: str
    client_key: UUID | None = None


@transaction.atomic
def record_circumstance(command: RecordCircumstance, *, acting_user: User, now: datetime) -> Circumstance:
    """Record a dated fact of a person.

    Ghi hoàn cảnh của người được xét.

    Raises:
        CircumstanceRefused: The person is another commune's, the fact is held elsewhere, the value is none, the days cannot be
            or are taken, or no evidence is given.
        KeyAlreadyUsed: The form was sent before.
    """
    return record_together([command], acting_user=acting_user, now=now)[0]


@transaction.atomic
def record_together(commands: Sequence[RecordCircumstance], *, acting_user: User, now: datetime) -> list[Circumstance]:
    """Record several facts of one interview, all of them or none.

    A fact that one officer records moves no money: where it changes what the person receives, an adjustment is proposed.

    Raises:
        CircumstanceRefused: As when recording one; the sentence names the fact.
        KeyAlreadyUsed: The form was sent before.
    """
    written = [_record(one, acting_user=acting_user, now=now) for one in commands]
    if written:
        since = min(row.valid_from for row in written)
        propose_what_follows(written[0], since=since, acting_user=acting_user, now=now)
    return written


def _record(command: RecordCircumstance, *, acting_user: User, now: datetime) -> Circumstance:
    programme = programme_of(command.name)
    person = person_recorded_by(command.person_id, acting_user=acting_user, now=now, programme=programme)
    written = _put(person, command, acting_user=acting_user, now=now)
    fact = CircumstanceRecorded(
        person_id=person.pk, circumstance_id=written.pk, name=_label(command.name), valid_from=command.valid_from
    )
    record(fact, stream=stream_of(person.pk), actor_id=acting_user.pk, at=now, client_key=command.client_key)
    return written


def propose_what_follows(row: Circumstance, *, since: date, acting_user: User, now: datetime) -> None:
    """Propose an adjustment where what was just recorded changes what the person receives; another decides."""
    if row.name == "children":
        settle_asked_of_parent(row.person_id, decided_by_id=acting_user.pk, now=now)
    command = ProposeAdjustment(
        person_id=row.person_id,
        from_month=since,
        reason=_("thông tin mới: %(name)s") % {"name": _label(row.name)},
        programme=programme_of(row.name),
    )
    propose_if_changed(command, acting_user=acting_user, now=now)


@transaction.atomic
def correct_circumstance(command: CorrectCircumstance, *, acting_user: User, now: datetime) -> Circumstance:
    """Withdraw a fact that was recorded wrongly and record the right one.

    Đính chính hoàn cảnh.

    Raises:
        CircumstanceUnknown: There is no such fact.
        CircumstanceRefused: As when recording; or no reason is given.
        KeyAlreadyUsed: The form was sent before.
    """
    wrong = _locked(command.circumstance_id)
    person = person_recorded_by(wrong.person_id, acting_user=acting_user, now=now, programme=programme_of(wrong.name))
    reason = reason_given(command.reason)
    _withdraw(wrong, reason=reason, acting_user=acting_user, now=now)
    right = RecordCircumstance(
        person_id=person.pk,
        name=wrong.name,
        value=command.value,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        evidence=command.evidence,
    )
    written = _put(person, right, acting_user=acting_user, now=now)
    fact = CircumstanceRecorded(
        person_id=person.pk, circumstance_id=written.pk, name=_label(wrong.name), valid_from=command.valid_from
    )
    record(fact, stream=stream_of(person.pk), actor_id=acting_user.pk, at=now, client_key=command.client_key)
    since = min(wrong.valid_from, written.valid_from)
    propose_what_follows(written, since=since, acting_user=acting_user, now=now)
    return written


@transaction.atomic
def end_circumstance(circumstance_id: int, *, ends_on: date, acting_user: User, now: datetime) -> Circumstance:
    """Record that a fact holds no longer.

    Kết thúc hoàn cảnh.

    Args:
        circumstance_id: Which.
        ends_on: The first day on which it no longer holds.
        acting_user: Who records it.
        now: When.

    Raises:
        CircumstanceUnknown: There is no such fact.
        CircumstanceRefused: The person is another commune's, or the day cannot be.
    """
    row = _locked(circumstance_id)
    person_recorded_by(row.person_id, acting_user=acting_user, now=now, programme=programme_of(row.name))
    if ends_on <= row.valid_from or (row.valid_until is not None and ends_on > row.valid_until):
        raise SpanRefused(
            _("Ngày kết thúc phải sau ngày bắt đầu và không sau ngày kết thúc đã ghi. Kiểm tra lại ngày.")
        )
    _end(row, ends_on, acting_user=acting_user, now=now)
    propose_what_follows(row, since=ends_on, acting_user=acting_user, now=now)
    return row


@transaction.atomic
def withdraw_circumstance(circumstance_id: int, *, reason: str, acting_user: User, now: datetime) -> Circumstance:
    """Withdraw a fact that was recorded by mistake.

    Rút hoàn cảnh ghi nhầm.

    Raises:
        CircumstanceUnknown: There is no such fact.
        CircumstanceRefused: The person is another commune's, or no reason is given.
    """
    row = _locked(circumstance_id)
    person_recorded_by(row.person_id, acting_user=acting_user, now=now, programme=programme_of(row.name))
    _withdraw(row, reason=reason_given(reason), acting_user=acting_user, now=now)
    propose_what_follows(row, since=row.valid_from, acting_user=acting_user, now=now)
    return row


def person_recorded_by(
    person_id: int, *, acting_user: User, now: datetime, programme: str = Programme.SOCIAL
) -> Person:
    """Return a person, locked, of whom the user records facts.

    Raises:
        NotFound: There is no such person.
        NotYourPerson: They live in another commune, or it is not known where.
    """
    on = local_day(now)
    person = Person.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=person_id).first()
    if person is None:
        raise NotFound(_("Không có người này."))
    place = units.heir_on(person.unit, on)
    if place is None:
        raise NotYourPerson(_("Chưa biết %(name)s ở xã nào. Hãy ghi nơi cư trú trước.") % {"name": person.full_name})
    if not policies.proposes(acting_user, place.pk, on=on, programme=programme):
        words = {"name": person.full_name, "place": place.name}
        raise NotYourPerson(_("%(name)s ở %(place)s; chỉ cán bộ của %(place)s ghi được thông tin này.") % words)
    return person


def stream_of(person_id: int) -> str:
    """Name the stream of what is recorded of a person for the programmes."""
    return f"assistance-person:{person_id}"


def line_given(text: str, *, at_most: int, missing: Callable[[], CircumstanceRefused]) -> str:
    """Return a paper or number on one clean line, or raise what it lacks."""
    try:
        line = clean_line(text, at_most=at_most) if text.strip() else ""
    except UncleanText as unclean:
        raise EvidenceMissing(str(unclean)) from unclean
    if not line:
        raise missing()
    return line


def _put(person: Person, command: RecordCircumstance, *, acting_user: User, now: datetime) -> Circumstance:
    if command.name not in RECORDED and command.name not in MERIT_RECORDED:
        raise FactNotRecordedHere(
            _("“%(name)s” lấy từ dữ liệu dân cư, không ghi ở đây. Hãy sửa ở sổ dân cư.")
            % {"name": _label(command.name)}
        )
    value = _plain(person, command.name, command.value)
    _check_days(command, today=local_day(now))
    evidence = line_given(command.evidence, at_most=300, missing=lambda: EvidenceMissing(_("Ghi giấy tờ hoặc căn cứ.")))
    others = Circumstance.objects.filter(person=person, name=command.name, withdrawn_at=None)
    if command.ends_earlier:
        for open_row in others.filter(valid_until=None, valid_from__lt=command.valid_from).select_for_update():
            _end(open_row, command.valid_from, acting_user=acting_user, now=now)
    try:
        with transaction.atomic():
            return Circumstance.objects.create(
                person=person,
                name=command.name,
                value=value,
                valid_from=command.valid_from,
                valid_until=command.valid_until,
                evidence=evidence,
                recorded_by=acting_user,
                recorded_at=now,
            )
    except IntegrityError as error:
        if "circumstance_one_a_day" not in str(error):
            raise
        raise SpanOverlaps(_overlap_words(command)) from error


def _plain(person: Person, name: str, value: Any) -> Any:
    """Give the value as it is stored; empty is no answer."""
    if name in MERIT_RECORDED:
        return _merit_plain(name, value)
    sex = {"sex": person.sex} if name == "is_pregnant" and person.sex in {"female", "male"} else {}
    try:
        read = person_as_plain(person_from_plain({**sex, name: value}))
    except FactRefused as refused:
        raise ValueRefused(f"“{_label(name)}”: {refused.sentence}") from refused
    if name not in read:
        raise ValueRefused(_("Chưa trả lời “%(name)s”. Hãy chọn một câu trả lời.") % {"name": _label(name)})
    if name == "disability" and read[name] != DisabilityLevel.NONE:
        raise ValueRefused(_("Mức độ khuyết tật được ghi bằng giấy xác nhận. Hãy ghi giấy xác nhận khuyết tật."))
    return read[name]


def _merit_plain(name: str, value: Any) -> Any:
    bare = name.removeprefix(MERIT_PREFIX)
    try:
        read = merit_as_plain(merit_from_plain({bare: value}))
    except MeritFactRefused as refused:
        raise ValueRefused(f"“{_label(name)}”: {refused}") from refused
    if bare not in read:
        raise ValueRefused(_("Chưa trả lời “%(name)s”. Hãy chọn một câu trả lời.") % {"name": _label(name)})
    return read[bare]


def _check_days(command: RecordCircumstance, *, today: date) -> None:
    if command.valid_from > today:
        raise SpanRefused(
            _("Ngày %(day)s chưa đến. Hãy ghi ngày không muộn hơn hôm nay.") % {"day": format_day(command.valid_from)}
        )
    if command.valid_until is not None and command.valid_until <= command.valid_from:
        raise SpanRefused(_("Ngày cuối không thể trước ngày đầu. Kiểm tra lại hai ngày."))


def _overlap_words(command: RecordCircumstance) -> str:
    rows = Circumstance.objects.filter(person=command.person_id, name=command.name, withdrawn_at=None)
    later = rows.exclude(valid_until__lte=command.valid_from).order_by("valid_from", "pk")
    other = later.filter(valid_from__lt=command.valid_until).first() if command.valid_until else later.first()
    since = format_day(other.valid_from) if other else format_day(command.valid_from)
    return _(
        "“%(name)s” đã được ghi từ ngày %(day)s cho những ngày này. Hãy ghi ngày kết thúc của lần ghi ấy trước, "
        "hoặc đính chính nếu lần ghi ấy sai."
    ) % {"name": _label(command.name), "day": since}


def _end(row: Circumstance, ends_on: date, *, acting_user: User, now: datetime) -> None:
    row.valid_until = ends_on
    row.save(update_fields=["valid_until"])
    fact = CircumstanceEnded(
        person_id=row.person_id, circumstance_id=row.pk, name=_label(row.name), valid_until=ends_on
    )
    record(fact, stream=stream_of(row.person_id), actor_id=acting_user.pk, at=now)


def _withdraw(row: Circumstance, *, reason: str, acting_user: User, now: datetime) -> None:
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    fact = CircumstanceWithdrawn(person_id=row.person_id, circumstance_id=row.pk, name=_label(row.name), reason=reason)
    record(fact, stream=stream_of(row.person_id), actor_id=acting_user.pk, at=now)


def _locked(circumstance_id: int) -> Circumstance:
    row: Circumstance | None = (
        Circumstance.objects.select_for_update().filter(pk=circumstance_id, withdrawn_at=None).first()
    )
    if row is None:
        raise CircumstanceUnknown(_("Không có thông tin này, hoặc đã được rút. Hãy mở lại trang."))
    return row


def programme_of(name: str) -> str:
    """Say to which programme a fact belongs."""
    return Programme.MERIT if name.startswith(MERIT_PREFIX) else Programme.SOCIAL


def _label(name: str) -> str:
    if name in FIELDS:
        return question(name)
    return PERSON_QUESTIONS.get(name.removeprefix(MERIT_PREFIX), name)

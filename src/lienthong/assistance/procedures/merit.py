"""Procedures for people with merit at the desk: the rules propose, and the approval recognises, grants, adjusts and ends.

Giải quyết chế độ ưu đãi người có công. Which procedure recognises what stands in ``merit_table``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from lienthong.accounts.models import User
from lienthong.assistance.merit_table import Case, MeritProcedure
from lienthong.assistance.models import MeritClaim
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.procedures.beneficiary import (
    PERSON,
    UNKNOWN_PERSON,
    commune_of,
    day_in,
    payee_in,
    person_in,
    received,
    received_on,
    with_answers,
)
from lienthong.assistance.procedures.merit_answers import (
    SINCE,
    case_in,
    claim_in,
    facts_in,
    questions_of,
    told_of,
    wrong_with,
)
from lienthong.assistance.procedures.told import About, ToldHandler, day_told
from lienthong.assistance.queries.facts import History, history_of
from lienthong.assistance.queries.merit_months import merit_benefits_on, merit_on, unreceived
from lienthong.assistance.services.changing import adjust
from lienthong.assistance.services.dossier_facts import write_facts
from lienthong.assistance.services.merit import ChangeClaim, RecogniseClaim, change_claim, recognise_claim
from lienthong.assistance.services.merit_following import Follow, end_what_no_longer_follows, grant_what_follows
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import Programme, ProposalKind
from lienthong.dossiers.handlers import Question
from lienthong.dossiers.models import Dossier
from lienthong.kernel.days import format_day, local_day
from lienthong.kernel.decisions import Decision, Reason
from lienthong.kernel.legal import LegalReference
from lienthong.kernel.money import format_dong
from lienthong.rules.merit.lines import LineKind, MeritLine
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.poverty.plain_facts import FactRefused

_WHICH: Final = "trường hợp đề nghị"
_EACH: Final = {LineKind.YEARLY: "mỗi năm", LineKind.ONE_OFF: "một lần"}


class _CannotBe(Exception):
    """What is asked for has no ground to stand on; the sentence says which and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it is understood.

    Attributes:
        claim: What it says of the ground, all of it.
        facts: What it says of the person, by the names under which it is recorded.
        since: The day from which it counts.
        is_dated: Whether the form names that day.
        changed: The recognised ground whose content it changes or completes.
        is_new: Whether it recognises a ground that is not recognised yet.
        first_month: Nothing that follows a new ground is paid before it; None: from the day from which it counts.
    """

    case: Case
    claim: Mapping[str, Any]
    facts: Mapping[str, Any]
    since: date
    is_dated: bool
    changed: MeritClaim | None = None
    is_new: bool = False
    first_month: date | None = None


class MeritHandler(ToldHandler):
    """Recognises a ground, changes one, or records a fact, by the row of the table; everything that follows is paid.

    Bộ xử lý thủ tục ưu đãi người có công.
    """

    programme = Programme.MERIT

    def __init__(self, procedure: MeritProcedure) -> None:
        self.procedure = procedure

    def questions(self) -> Sequence[Question]:
        """Return what is asked for, what its ground and the person are asked, since when, and who is paid."""
        return questions_of(self.procedure)

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name what the form must say; a dossier that came without this form says nothing of it."""
        return wrong_with(self.procedure, answers, on) if PERSON.name in answers else []

    def proposal(self, dossier: Dossier, *, on: date) -> Decision[Any] | None:
        """Return what the request brings by the law of the day: each amount, every condition tried, what is missing."""
        person_id = person_in(dossier)
        if person_id is None:
            return Decision.unknown(missing=[UNKNOWN_PERSON])
        try:
            history = history_of(person_id)
            asked = self._asked(dossier, history, on)
            if asked is None:
                return Decision.unknown(missing=[_WHICH])
            return self._decision(asked, Brought.by(asked, person_id, on))
        except (_CannotBe, FactRefused, ValueError) as impossible:
            return _refused(_words(impossible), self.procedure.article)
        except NoValueInForce as unknown:
            return Decision.unknown(missing=[str(unknown)])

    def _asked(self, dossier: Dossier, history: History, on: date) -> Asked | None:
        """Return the request; None where it does not say what is asked for.

        Raises:
            _CannotBe: What it changes, or must stand beside, is not recognised.
            FactRefused: An answer cannot be understood.
        """
        answers = dossier.answers
        case = case_in(self.procedure, answers)
        if case is None:
            return None
        dated = day_in(answers, SINCE)
        since = dated or received_on(dossier, on)
        held = [row for row in history.claims if row.valid_from <= since and (row.valid_until or date.max) > since]
        if case.beside and not any(row.category in case.beside for row in held):
            raise _CannotBe(f"Chưa có diện nào được công nhận trong các diện: {_named(case.beside)}")
        claim = claim_in(case, answers)
        same = _one_to_change(case, held) if case.changes else recognised_like(case, claim, held)
        if same is not None:
            claim = {**same.data, **claim}
        return Asked(
            case=case, claim=claim, facts=facts_in(case, answers), since=since, is_dated=dated is not None,
            changed=same if same is not None and claim != same.data else None,
            is_new=case.category is not None and same is None,
        )  # fmt: skip

    def _decision(self, asked: Asked, found: Brought) -> Decision[Any]:
        reasons = [Reason(line_told(line), True, line.article) for line in found.lines]
        reasons += [Reason(f"Không còn hưởng: {line_told(line)}", True, line.article) for line in found.lost]
        reasons += [one for one in found.reasons if one not in reasons]
        reasons += [Reason(f"Lưu ý: {one}", None) for one in found.notices]
        if found.missing:
            return Decision.unknown(missing=found.missing, reasons=reasons)
        monthly = [line.amount for line in found.lines if line.kind.is_monthly]
        if found.lines or found.lost:
            return Decision.granted(sum(monthly or [line.amount for line in found.lines]), reasons=reasons)
        if self._gives_paper(asked):
            words = "Được cấp giấy chứng nhận; theo quy định không có khoản trợ cấp nào"
            return Decision.granted(0, reasons=[*reasons, Reason(words, True, self.procedure.article)])
        return Decision.refused(
            reasons=[*reasons, Reason("Không có khoản nào thay đổi", False, self.procedure.article)]
        )

    def _gives_paper(self, asked: Asked) -> bool:
        return self.procedure.gives_paper and asked.is_new

    def apply(self, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
        """Record what the dossier told, and carry out what follows, in the transaction of the approval.

        Raises:
            ProgrammeRefusal: The person is unknown, or the rules do not give what is asked for.
        """
        if (
            PERSON.name not in dossier.answers
        ):  # came without the form: what follows is proposed at the page of the person
            return
        on, person_id = local_day(now), person_in(dossier)
        if person_id is None:
            raise ProgrammeRefusal(f"Chưa thể phê duyệt: cần biết {UNKNOWN_PERSON}.")
        unit_id = commune_of(dossier, person_id, on, programme=Programme.MERIT)
        try:
            history = history_of(person_id)
            asked = self._asked(dossier, history, on)
            if asked is None:
                raise ProgrammeRefusal(f"Chưa thể phê duyệt: cần biết {_WHICH}.")
            self._refuse_what_brings_nothing(asked, Brought.by(asked, person_id, on))
            before = merit_benefits_on(history, on)
            write_facts(
                person_id, asked.facts, valid_from=asked.since, evidence=f"Hồ sơ {dossier.code}",
                acting_user_id=acting_user.pk, now=now,
            )  # fmt: skip
            carry = Carry(dossier, person_id, unit_id, acting_user, now)
            if asked.changed is not None:
                carry.change(asked, asked.changed)
            elif asked.is_new:
                carry.recognise(asked)
            else:
                carry.follow(asked, before)
        except (_CannotBe, AssistanceRefusal, NoValueInForce, FactRefused, ValueError) as refusal:
            raise ProgrammeRefusal(_words(refusal)) from refusal

    def about(self, dossier: Dossier, *, is_granted: bool, on: date) -> Sequence[About]:
        """Tell what was recognised, or what a recorded fact changes."""
        case, answers = case_in(self.procedure, dossier.answers), dossier.answers
        if PERSON.name not in answers or case is None:
            return ()
        kind = ProposalKind.MERIT_CLAIM if case.category else ProposalKind.ADJUST
        since = day_told(answers, SINCE) or received_on(dossier, on)
        return [About(person_id=person_in(dossier), kind=kind, since=since)]

    def _refuse_what_brings_nothing(self, asked: Asked, found: Brought) -> None:
        """Let nothing be approved of which nothing would follow; what is certain is granted while more is asked."""
        if found.lines or found.lost:
            return
        if found.missing:
            raise _CannotBe(f"Chưa thể phê duyệt: cần biết thêm {'; '.join(found.missing)}.")
        if not self._gives_paper(asked):
            failed = [str(one) for one in found.reasons if one.holds is False]
            told = "; ".join(failed) or "nội dung đề nghị không làm thay đổi khoản nào"
            raise _CannotBe(f"Chưa thể phê duyệt: theo quy định người này không được hưởng thêm. {told}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a request brings: lines that are not received yet or become others, lines that go, and what was tried for it."""

    lines: tuple[MeritLine, ...]
    lost: tuple[MeritLine, ...]
    reasons: tuple[Reason, ...]
    notices: tuple[str, ...]
    missing: tuple[str, ...]

    @classmethod
    def by(cls, asked: Asked, person_id: int, on: date) -> Brought:
        """Compare what a person is due with and without the request, and with what they receive."""
        before = merit_on(history_of(person_id), on, known_on=on)
        history = _as_asked(history_of(person_id), asked)
        after = merit_on(history, on, known_on=on)
        due = unreceived(history, on, {row.benefit for row in received(person_id, Programme.MERIT)})
        lines = lines_beyond(after.lines, before.lines)
        lines += lines_beyond(due, lines)
        lost = lines_beyond(before.lines, after.lines)
        asked_before = before.missing if lines or lost else ()
        return cls(
            lines=tuple(lines),
            lost=tuple(lost),
            reasons=tuple(one for one in after.reasons if one not in before.reasons),
            notices=tuple(one for one in after.notices if one not in before.notices),
            missing=tuple(one for one in after.missing if one not in asked_before),
        )


@dataclass(frozen=True, slots=True)
class Carry:
    """Carries a request out for one person, in one commune, by whoever approves."""

    dossier: Dossier
    person_id: int
    unit_id: int
    user: User
    now: datetime

    @property
    def _decision(self) -> str:
        return f"tại hồ sơ {self.dossier.code}"

    @property
    def _preparer(self) -> int:
        """Whoever prepared the dossier last; the engine keeps them apart from who decides."""
        if not self.dossier.preparer_ids:
            raise ProgrammeRefusal(
                "Chưa thể phê duyệt: hồ sơ chưa qua người thụ lý. Hãy chuyển hồ sơ qua các bước trước."
            )
        return int(self.dossier.preparer_ids[-1])

    def recognise(self, asked: Asked) -> None:
        """Recognise a new ground."""
        payee_id, ground = payee_in(self.dossier, self.person_id)
        recognise_claim(
            RecogniseClaim(
                person_id=self.person_id, unit_id=self.unit_id, data=asked.claim, valid_from=asked.since,
                decision_number=self._decision, prepared_by_id=self._preparer, payee_id=payee_id, payee_ground=ground,
                dossier_code=self.dossier.code or "", first_month=asked.first_month,
            ),
            acting_user=self.user, now=self.now,
        )  # fmt: skip

    def change(self, asked: Asked, row: MeritClaim) -> None:
        """Let another content follow that of a recognised ground."""
        change_claim(
            ChangeClaim(
                claim_id=row.pk, unit_id=self.unit_id, data=asked.claim, valid_from=asked.since,
                decision_number=self._decision, prepared_by_id=self._preparer, dossier_code=self.dossier.code or "",
            ),
            acting_user=self.user, now=self.now,
        )  # fmt: skip

    def follow(self, asked: Asked, before: Iterable[str]) -> None:
        """Adjust, grant and end what a recorded fact brings."""
        reason = f"{asked.case.words} (hồ sơ {self.dossier.code})"
        adjust(self.person_id, from_month=asked.since, reason=reason, acting_user_id=self.user.pk, now=self.now)
        payee_id, ground = payee_in(self.dossier, self.person_id)
        follow = Follow(
            person_id=self.person_id, unit_id=self.unit_id, payee_id=payee_id, payee_ground=ground,
            dossier_code=self.dossier.code or "", first_month=asked.first_month or _month_of(asked),
        )  # fmt: skip
        grant_what_follows(follow, acting_user=self.user, now=self.now)
        end_what_no_longer_follows(
            self.person_id, before=frozenset(before), from_month=asked.since, reason=reason, acting_user=self.user,
            now=self.now,
        )  # fmt: skip


def _as_asked(history: History, asked: Asked) -> History:
    """Return the history as it would be with the claim and the facts that are told."""
    with_answers(history, asked.facts, asked.since)
    if asked.changed is not None:
        history.claims = [_followed(row, asked) if row.pk == asked.changed.pk else row for row in history.claims]
    elif asked.is_new:
        history.claims = [*history.claims, MeritClaim(data=dict(asked.claim), valid_from=asked.since)]
    return history


def _followed(row: MeritClaim, asked: Asked) -> MeritClaim:
    return MeritClaim(data=dict(asked.claim), valid_from=row.valid_from, valid_until=row.valid_until)


def _month_of(asked: Asked) -> date | None:
    """Return before which month nothing is paid; None where a ground that is recognised already says it."""
    is_held = asked.case.category is not None and not asked.is_dated
    return None if is_held else asked.since.replace(day=1)


def recognised_like(case: Case, claim: Mapping[str, Any], held: Sequence[MeritClaim]) -> MeritClaim | None:
    """Return the recognised ground that a request repeats or completes: one that says nothing else."""
    return next((row for row in held if row.category == case.category and _agree(row.data, claim)), None)


def _agree(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(other[name] == value for name, value in one.items() if name in other)


def _one_to_change(case: Case, held: Sequence[MeritClaim]) -> MeritClaim:
    """Return the one recognised ground that a request changes.

    Raises:
        _CannotBe: There is none, or several.
    """
    fitting = [row for row in held if row.category in case.changes]
    if not fitting:
        raise _CannotBe(f"Chưa có diện nào được công nhận trong các diện: {_named(case.changes)}")
    if len(fitting) > 1:
        told = "; ".join(f"{row} từ ngày {format_day(row.valid_from)}" for row in fitting)
        raise _CannotBe(f"Có nhiều diện cùng thuộc đề nghị này ({told}); hãy thay đổi từng diện ở trang của người này")
    return fitting[0]


def _named(categories: Iterable[Any]) -> str:
    return ", ".join(sorted(one.in_words for one in categories))


def lines_beyond(lines: Sequence[MeritLine], others: Sequence[MeritLine]) -> list[MeritLine]:
    """Return the lines that are not among others; a line of another amount is another one."""
    left = Counter((line.kind, line.code, line.amount) for line in others)
    found = []
    for line in lines:
        key = (line.kind, line.code, line.amount)
        if left[key]:
            left[key] -= 1
        else:
            found.append(line)
    return found


def line_told(line: MeritLine) -> str:
    """Say a line with how often it is paid."""
    return f"{line.words}: {format_dong(line.amount)} {_EACH.get(line.kind, 'mỗi tháng')}"


def _refused(words: str, article: LegalReference) -> Decision[Any]:
    return Decision.refused(reasons=[Reason(words, False, article)])


def _words(refusal: Exception) -> str:
    text = told_of(refusal) if isinstance(refusal, FactRefused) else str(refusal)
    return text if text.endswith(".") else f"{text}."

"""Monthly allowances and the social pension at the desk: asked for, changed, ended; the approval does it.

Thực hiện, điều chỉnh, thôi hưởng trợ cấp xã hội, trợ cấp hưu trí xã hội hằng tháng (1.001776, 1.014027).
Whoever approves is not who prepared: the engine sees to that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from lienthong.accounts.models import User
from lienthong.assistance.models import Entitlement
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.procedures.beneficiary import (
    PAYEE,
    PERSON,
    UNKNOWN_PERSON,
    commune_of,
    day_in,
    payee_in,
    person_in,
    received,
    received_on,
    with_answers,
    wrong_with_day,
    wrong_with_person,
)
from lienthong.assistance.procedures.declared import fact_questions, facts_in
from lienthong.assistance.procedures.told import About, ToldHandler, day_told
from lienthong.assistance.queries.facts import histories_of, history_of
from lienthong.assistance.queries.months import is_paid_here, paid_here
from lienthong.assistance.services.changing import adjust, locked, stop
from lienthong.assistance.services.deaths import TellDeath, tell_death
from lienthong.assistance.services.dossier_facts import write_facts
from lienthong.assistance.services.granting import Grant, grant
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import SOCIAL_BENEFITS, Benefit, PayeeGround, Programme, ProposalKind
from lienthong.dossiers.handlers import Question
from lienthong.dossiers.models import Dossier
from lienthong.kernel.days import local_day
from lienthong.kernel.decisions import Decision, Reason
from lienthong.rules.parameters import NoValueInForce
from lienthong.rules.social_assistance.assessing import Assessment, assess
from lienthong.rules.social_assistance.plain_facts import FactRefused
from lienthong.rules.social_assistance.timing import Conduct, End, end_of

MONTHLY_ALLOWANCE: Final = "1.001776"
SOCIAL_PENSION: Final = "1.014027"

_REQUESTS: Final = (
    ("grant", "Đề nghị hưởng"),
    ("adjust", "Đề nghị điều chỉnh mức hưởng"),
    ("stop", "Thôi hưởng"),
)
DIED: Final = "died_on"
_ENDINGS: Final = (
    (DIED, "Người hưởng đã chết"),
    ("missing_on", "Bị tuyên bố mất tích"),
    ("ineligible_on", "Không còn đủ điều kiện"),
    ("imprisoned_on", "Chấp hành án phạt tù"),
    ("declined_on", "Từ chối nhận"),
)
_OF_THE_PERSON: Final = (DIED, "missing_on", "imprisoned_on")
"""What ends everything that somebody receives; of the rest it is asked what ends."""
_ALL: Final = "all"
_WHICH: Final = Question(
    "which", "Khoản thôi hưởng", kind="choice", is_required=False,
    choices=(
        *((str(one.value), f"{str(one.label)[:1].upper()}{str(one.label)[1:]}") for one in (*SOCIAL_BENEFITS, Benefit.INSTITUTION)),
        (_ALL, "Mọi khoản đang hưởng mà lý do này làm thôi hưởng"),
    ),
    hint="Khi không còn đủ điều kiện, hoặc từ chối nhận; khoản mà quy định vẫn cho hưởng thì không thôi vì lý do không còn đủ điều kiện",
)  # fmt: skip
_CHANGED: Final = Question("changed_on", "Ngày có sự thay đổi", kind="day", hint="Khi điều chỉnh, thôi hưởng")
_WHO_DIED: Final = (
    "Số định danh của người hưởng: khi người hưởng đã chết, người nộp hồ sơ là người khác; ghi số của người đã chết"
)


class MonthlyHandler(ToldHandler):
    """Asks for what the house does not know, proposes by the rules, and grants, adjusts or ends on approval."""

    def __init__(self, *, is_pension: bool) -> None:
        self.is_pension = is_pension

    def questions(self) -> Sequence[Question]:
        """Return what is asked for, who is paid, and the facts that registers may lack."""
        return (
            PERSON,
            Question("request", "Nội dung đề nghị", kind="choice", choices=_REQUESTS),
            PAYEE,
            replace(_CHANGED, is_required=False),
            Question("ending", "Lý do thôi hưởng", kind="choice", choices=_ENDINGS, is_required=False),
            *(() if self.is_pension else (_WHICH,)),
            *fact_questions(),
        )  # fmt: skip

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name what the form must say; a dossier that came without this form says nothing of it."""
        if "request" not in answers:
            return []
        asked = str(answers.get("request") or "")
        found = [] if asked else ["Chưa trả lời: Nội dung đề nghị"]
        found += wrong_with_person(answers)
        if asked in {"adjust", "stop"}:
            found += wrong_with_day(answers, _CHANGED, on)
        if asked == "stop" and not answers.get("ending"):
            found.append("Chưa trả lời: Lý do thôi hưởng")
        if asked == "stop" and answers.get("ending") == DIED and not _names_who_died(answers):
            found.append(_WHO_DIED)
        if asked == "stop" and not self.is_pension and not answers.get(_WHICH.name):
            found += (
                [f"Chưa trả lời: {_WHICH.label}"] if answers.get("ending") in {"ineligible_on", "declined_on"} else []
            )
        try:
            facts_in(answers)
        except FactRefused as refused:
            found.append(str(refused))
        return found

    def proposal(self, dossier: Dossier, *, on: date) -> Decision[Any] | None:
        """Return what the rules say of this request by the law of the day, with every condition tried."""
        asked = _asked(dossier)
        if not asked:
            return Decision.unknown(missing=["nội dung đề nghị: hưởng, điều chỉnh hay thôi hưởng"])
        person_id = person_in(dossier)
        if person_id is None:
            return Decision.unknown(missing=[UNKNOWN_PERSON])
        try:
            if asked == "stop":
                return self._ending(dossier, person_id, on)
            return self._assessed(dossier, person_id, on).decision
        except (NoValueInForce, FactRefused) as unknown:
            return Decision.unknown(missing=[str(unknown)])

    def _ending(self, dossier: Dossier, person_id: int, on: date) -> Decision[Any]:
        """Say when it ends by the rules, and what: of somebody who may not meet the conditions what they give no more."""
        end = _end_told(dossier, on)
        if end is None:
            return Decision.unknown(missing=["lý do thôi hưởng, và ngày xảy ra không sau hôm nay"])
        rows = self._ended(dossier, person_id, self._assessed(dossier, person_id, on))
        if not rows:
            return Decision.refused(reasons=[Reason(_STILL_DUE, False)])
        what = ", ".join(str(row.get_benefit_display()) for row in rows)
        last = Reason(f"Hưởng đến hết tháng {end.last_month:%m/%Y}", True, end.reason.reference)
        return Decision.granted(0, reasons=[end.reason, Reason(f"Thôi hưởng {what}", True), last])

    def _ended(self, dossier: Dossier, person_id: int, found: Assessment) -> list[Entitlement]:
        """Return what ends: everything, or what was named; what the rules still give stays where only they end it."""
        rows, ending = received(person_id, Programme.SOCIAL), str(dossier.answers.get("ending") or "")
        if ending in _OF_THE_PERSON:
            return rows
        which = str(Benefit.PERSONAL.value) if self.is_pension else str(dossier.answers.get(_WHICH.name) or _ALL)
        named = [row for row in rows if which in {_ALL, row.benefit}]
        if ending != "ineligible_on":
            return named
        return [row for row in named if _is_over(found, row.benefit, is_named=which != _ALL)]

    def _stop(self, dossier: Dossier, person_id: int, *, acting_user: User, now: datetime) -> None:
        on = local_day(now)
        end = _end_told(dossier, on)
        day, rows = day_in(dossier.answers, _CHANGED.name), received(person_id, Programme.SOCIAL)
        if end is None or day is None or not rows:
            raise ProgrammeRefusal("Chưa thể phê duyệt thôi hưởng: cần lý do, ngày xảy ra, và một khoản đang hưởng.")
        if dossier.answers.get("ending") == DIED:
            if not _names_who_died(dossier.answers):
                raise ProgrammeRefusal(f"Chưa thể phê duyệt: {_WHO_DIED}.")
            paper = f"hồ sơ {dossier.code}"
            death = TellDeath(person_id=person_id, died_on=day, paper=paper, reason=f"{end.reason} ({paper})")
            tell_death(death, acting_user_id=acting_user.pk, now=now)
            return
        ended = self._ended(dossier, person_id, self._assessed(dossier, person_id, on))
        if not ended:
            raise ProgrammeRefusal(f"Chưa thể phê duyệt: {_STILL_DUE[:1].lower()}{_STILL_DUE[1:]}.")
        for row in ended:
            stop(
                locked(row.pk), last_month=end.last_month, reason=f"{end.reason} (hồ sơ {dossier.code})",
                acting_user_id=acting_user.pk, now=now,
            )  # fmt: skip

    def _assessed(self, dossier: Dossier, person_id: int, on: date) -> Assessment:
        history = with_answers(histories_of([person_id])[person_id], self._facts(dossier), received_on(dossier, on))
        return assess(history.facts_on(on), on=on, known_on=on)

    def _facts(self, dossier: Dossier) -> dict[str, Any]:
        told = facts_in(dossier.answers)
        if self.is_pension and _asked(dossier) == "grant":
            told["pension_request"] = "written"
        return told

    def apply(self, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
        """Record what the dossier told and carry the request out, in the transaction of the approval.

        Raises:
            ProgrammeRefusal: The person is unknown, or the rules do not give what is asked for.
        """
        asked = _asked(dossier)
        if not asked:  # came without the form: what follows from it is proposed at the page of the person
            return
        person_id = person_in(dossier)
        if person_id is None:
            raise ProgrammeRefusal(f"Chưa thể phê duyệt: cần biết {UNKNOWN_PERSON}.")
        on = local_day(now)
        unit_id = commune_of(dossier, person_id, on, programme=Programme.SOCIAL)
        try:
            write_facts(
                person_id, self._facts(dossier), valid_from=received_on(dossier, on), evidence=f"Hồ sơ {dossier.code}",
                acting_user_id=acting_user.pk, now=now,
            )  # fmt: skip
            if asked == "grant":
                _grant(dossier, person_id, unit_id, acting_user=acting_user, now=now)
            elif asked == "adjust":
                _adjust(dossier, person_id, acting_user=acting_user, now=now)
            else:
                self._stop(dossier, person_id, acting_user=acting_user, now=now)
        except (AssistanceRefusal, NoValueInForce, FactRefused) as refusal:
            raise ProgrammeRefusal(str(refusal)) from refusal

    def about(self, dossier: Dossier, *, is_granted: bool, on: date) -> Sequence[About]:
        """Tell what was asked for by the rules as they say it: of a refusal with what the dossier itself told."""
        person_id, asked = person_in(dossier), _asked(dossier)
        if person_id is None or not asked:
            return ()
        history = None if asked == "stop" else history_of(person_id)
        if history is not None and not is_granted:
            with suppress(FactRefused):
                history = with_answers(history, self._facts(dossier), received_on(dossier, on))
        since = day_told(dossier.answers, _CHANGED.name) or on if asked == "adjust" else None
        kind = ProposalKind(asked)
        return [About(person_id=person_id, kind=kind, is_by_procedure=False, since=since, history=history)]


def _names_who_died(answers: Mapping[str, Any]) -> bool:
    """Tell whether it is said who died; whoever asks cannot have."""
    return bool(str(answers.get("person_number") or "").strip())


def _asked(dossier: Dossier) -> str:
    return str(dossier.answers.get("request") or "")


def _grant(dossier: Dossier, person_id: int, unit_id: int, *, acting_user: User, now: datetime) -> None:
    on = local_day(now)
    assessment = assess(histories_of([person_id])[person_id].facts_on(on), on=on, known_on=on)
    payee, ground = payee_in(dossier, person_id)
    due = {str(line.category.group) for line in assessment.lines}
    held = {row.benefit for row in received(person_id, Programme.SOCIAL)}
    wanted = [str(one.value) for one in SOCIAL_BENEFITS if one.value in due and one.value not in held]
    for benefit in wanted or [str(Benefit.PERSONAL.value)]:
        is_self = ground == PayeeGround.SELF or (ground == PayeeGround.CARER and benefit != Benefit.CARER)
        if benefit == Benefit.CARER and is_self and len(wanted) > 1:
            continue  # whoever cares asks in a dossier of their own
        grant(
            Grant(
                person_id=person_id, programme=Programme.SOCIAL, benefit=benefit, unit_id=unit_id,
                payee_id=person_id if is_self else payee, payee_ground=PayeeGround.SELF if is_self else ground,
                dossier_code=dossier.code or "",
            ),
            acting_user=acting_user, now=now,
        )  # fmt: skip


def _adjust(dossier: Dossier, person_id: int, *, acting_user: User, now: datetime) -> None:
    if not received(person_id, Programme.SOCIAL):
        raise ProgrammeRefusal("Người này không có khoản nào đang hưởng để điều chỉnh. Hãy xét đề nghị hưởng.")
    adjust(
        person_id, from_month=day_in(dossier.answers, _CHANGED.name) or local_day(now), reason=f"Hồ sơ {dossier.code}",
        acting_user_id=acting_user.pk, now=now,
    )  # fmt: skip


_STILL_DUE: Final = (
    "Theo thông tin đang có, không khoản nào được chọn là thôi hưởng vì lý do này; hãy kiểm tra khoản đang hưởng, "
    "hoặc ghi thông tin đã thay đổi rồi xét lại"
)


def _end_told(dossier: Dossier, on: date) -> End | None:
    """Return when the benefits end by what the dossier tells; None where it says too little, or names a day to come."""
    day, ending = day_in(dossier.answers, _CHANGED.name), str(dossier.answers.get("ending") or "")
    if day is None or ending not in dict(_ENDINGS):
        return None
    return end_of(Conduct(**{ending: day}), on=on, known_on=on)  # type: ignore[arg-type]


def _is_over(found: Assessment, benefit: str, *, is_named: bool) -> bool:
    """Tell whether the rules give a benefit no more; where unknown facts leave it open, whoever named it says so."""
    if any(is_paid_here(line.category, benefit) for line in found.lines):
        return False
    is_open = benefit in SOCIAL_BENEFITS and paid_here(found, benefit)[1] > 0
    return is_named or not is_open

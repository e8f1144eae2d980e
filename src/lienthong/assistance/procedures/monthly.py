"""Monthly allowances and the social pension at the desk: asked for, changed, ended, moved; the approval does it.

Thực hiện, điều chỉnh, thôi hưởng trợ cấp xã hội, trợ cấp hưu trí xã hội hằng tháng (1.001776, 1.014027); thay đổi nơi cư trú
(1.001753). Whoever approves is not who prepared: the engine sees to that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from lienthong.accounts.models import User
from lienthong.assistance.models import Circumstance, Entitlement
from lienthong.assistance.procedures.applicants import ProgrammeRefusal, applicant_of, person_of_number
from lienthong.assistance.procedures.declared import fact_questions, facts_in
from lienthong.assistance.queries.facts import History, histories_of
from lienthong.assistance.services.changing import adjust, locked, move, stop
from lienthong.assistance.services.deaths import TellDeath, tell_death
from lienthong.assistance.services.dossier_facts import write_facts
from lienthong.assistance.services.granting import Grant, grant
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import LIVE_STATES, SOCIAL_BENEFITS, Benefit, PayeeGround, Programme
from lienthong.dossiers.handlers import ProcedureHandler, Question
from lienthong.dossiers.models import Dossier
from lienthong.kernel.days import local_day, parse_day
from lienthong.kernel.decisions import Decision, Reason
from lienthong.kernel.legal import LegalReference
from lienthong.people.models import Person
from lienthong.rules.parameters import NoValueInForce, load_parameter
from lienthong.rules.social_assistance.assessing import Assessment, assess
from lienthong.rules.social_assistance.plain_facts import FactRefused
from lienthong.rules.social_assistance.timing import Conduct, end_of
from lienthong.units import queries as units
from lienthong.units.models import AdministrativeUnit

MONTHLY_ALLOWANCE: Final = "1.001776"
SOCIAL_PENSION: Final = "1.014027"
MOVED_ALLOWANCE: Final = "1.001753"

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
_PERSON: Final = Question(
    "person_number", "Số định danh của người hưởng", kind="personal_id",
    hint="Để trống nếu người nộp hồ sơ là người hưởng", is_required=False,
)  # fmt: skip
_UNKNOWN_PERSON: Final = (
    "người hưởng trong dữ liệu dân cư (kiểm tra số định danh của người hưởng; người chưa có thì ghi nhận trước)"
)
_WHO_DIED: Final = (
    "Số định danh của người hưởng: khi người hưởng đã chết, người nộp hồ sơ là người khác; ghi số của người đã chết"
)


class MonthlyHandler(ProcedureHandler):
    """Asks for what the house does not know, proposes by the rules, and grants, adjusts or ends on approval."""

    def __init__(self, *, is_pension: bool) -> None:
        self.is_pension = is_pension

    def questions(self) -> Sequence[Question]:
        """Return what is asked for, who is paid, and the facts that registers may lack."""
        grounds = tuple((str(one.value), str(one.label).capitalize()) for one in PayeeGround)
        return (
            _PERSON,
            Question("request", "Nội dung đề nghị", kind="choice", choices=_REQUESTS),
            Question(
                "payee_ground", "Người nộp hồ sơ nhận tiền với tư cách", kind="choice", choices=grounds, is_required=False,
                hint="Để trống nếu chính người hưởng nhận",
            ),
            Question("changed_on", "Ngày có sự thay đổi", kind="day", is_required=False, hint="Khi điều chỉnh, thôi hưởng"),
            Question("ending", "Lý do thôi hưởng", kind="choice", choices=_ENDINGS, is_required=False),
            *fact_questions(),
        )  # fmt: skip

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name what the form must say; a dossier that came without this form says nothing of it."""
        if "request" not in answers:
            return []
        asked = str(answers.get("request") or "")
        found = [] if asked else ["Chưa trả lời: Nội dung đề nghị"]
        number = str(answers.get("person_number") or "").strip()
        if number and person_of_number(number) is None:
            found.append(f"Số định danh {number}: không có người này trong dữ liệu dân cư; kiểm tra lại số")
        if asked in {"adjust", "stop"}:
            found += _wrong_with_day(answers, on)
        if asked == "stop" and not answers.get("ending"):
            found.append("Chưa trả lời: Lý do thôi hưởng")
        if asked == "stop" and answers.get("ending") == DIED and not _names_who_died(answers):
            found.append(_WHO_DIED)
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
            return Decision.unknown(missing=[_UNKNOWN_PERSON])
        try:
            if asked == "stop":
                return _end(dossier, on)
            return self._assessed(dossier, person_id, on).decision
        except (NoValueInForce, FactRefused) as unknown:
            return Decision.unknown(missing=[str(unknown)])

    def _assessed(self, dossier: Dossier, person_id: int, on: date) -> Assessment:
        history = _with_answers(histories_of([person_id])[person_id], self._facts(dossier), _received_on(dossier, on))
        return assess(history.facts_on(on), on=on)

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
            raise ProgrammeRefusal(f"Chưa thể phê duyệt: cần biết {_UNKNOWN_PERSON}.")
        on = local_day(now)
        _must_be_of_its_commune(dossier, person_id, on)
        try:
            write_facts(
                person_id, self._facts(dossier), valid_from=_received_on(dossier, on), evidence=f"Hồ sơ {dossier.code}",
                acting_user_id=acting_user.pk, now=now,
            )  # fmt: skip
            if asked == "grant":
                _grant(dossier, person_id, acting_user=acting_user, now=now)
            elif asked == "adjust":
                _adjust(dossier, person_id, acting_user=acting_user, now=now)
            else:
                _stop(dossier, person_id, acting_user=acting_user, now=now)
        except (AssistanceRefusal, NoValueInForce, FactRefused) as refusal:
            raise ProgrammeRefusal(str(refusal)) from refusal


class MovedHandler(ProcedureHandler):
    """Somebody who receives has moved: the commune of the new place pays from the next list on."""

    def questions(self) -> Sequence[Question]:
        """Ask whose benefits move."""
        return (_PERSON,)

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name a number that nobody has."""
        number = str(answers.get("person_number") or "").strip()
        if number and person_of_number(number) is None:
            return [f"Số định danh {number}: không có người này trong dữ liệu dân cư; kiểm tra lại số"]
        return []

    def proposal(self, dossier: Dossier, *, on: date) -> Decision[Any] | None:
        """Say what there is to move."""
        rows = _received(person_in(dossier))
        if not rows:
            return Decision.unknown(missing=["khoản trợ cấp đang hưởng của người này"])
        law = LegalReference(
            document=load_parameter("social_assistance/timing:end").dated_value_on(on).reference.document
        )
        reasons = [
            Reason(f"{str(row.get_benefit_display()).capitalize()}, đang chi trả tại {row.unit}", True, law)
            for row in rows
        ]
        return Decision.granted(0, reasons=reasons)

    def apply(self, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
        """Let the commune of the dossier pay.

        Raises:
            ProgrammeRefusal: The dossier names no commune.
        """
        if "person_number" not in dossier.answers:  # came without the form
            return
        rows = [row for row in _received(person_in(dossier)) if row.unit_id != dossier.unit_id]
        if dossier.unit_id is None or not rows:
            raise ProgrammeRefusal("Chưa thể phê duyệt: không có khoản trợ cấp nào của người này để chuyển về xã này.")
        try:
            for row in rows:
                move(
                    locked(row.pk), unit_id=dossier.unit_id, reason=f"Hồ sơ {dossier.code}",
                    acting_user_id=acting_user.pk, now=now,
                )  # fmt: skip
        except AssistanceRefusal as refusal:
            raise ProgrammeRefusal(str(refusal)) from refusal


def person_in(dossier: Dossier) -> int | None:
    """Return whose benefit a dossier is about: the person it names, or else who asks."""
    number = str(dossier.answers.get("person_number") or "").strip()
    return person_of_number(number) if number else applicant_of(dossier)


def _names_who_died(answers: Mapping[str, Any]) -> bool:
    """Tell whether it is said who died; whoever asks cannot have."""
    return bool(str(answers.get("person_number") or "").strip())


def _asked(dossier: Dossier) -> str:
    return str(dossier.answers.get("request") or "")


def _received_on(dossier: Dossier, on: date) -> date:
    at = dossier.received_at or dossier.submitted_at
    return min(local_day(at), on) if at else on


def _changed_on(dossier: Dossier) -> date | None:
    text = str(dossier.answers.get("changed_on") or "").strip()
    return parse_day(text) if text else None


def _wrong_with_day(answers: Mapping[str, Any], on: date) -> list[str]:
    text = str(answers.get("changed_on") or "").strip()
    if not text:
        return ["Chưa trả lời: Ngày có sự thay đổi"]
    try:
        day = parse_day(text)
    except ValueError as error:
        return [f"Ngày có sự thay đổi: {error}"]
    return ["Ngày có sự thay đổi không thể sau hôm nay; kiểm tra lại"] if day > on else []


def _with_answers(history: History, told: Mapping[str, Any], since: date) -> History:
    """Return the history as it would be with the answers: they follow what was told before and yield to registers."""
    answers = [
        Circumstance(name=name, value=value, valid_from=since, evidence="Nội dung kê khai trong hồ sơ")
        for name, value in told.items()
    ]
    history.circumstances = [*(row for row in history.circumstances if row.name not in told), *answers]
    return history


def _received(person_id: int | None) -> list[Entitlement]:
    if person_id is None:
        return []
    rows = Entitlement.objects.filter(person_id=person_id, programme=Programme.SOCIAL, state__in=LIVE_STATES)
    return list(rows.select_related("unit").order_by("pk"))


def _must_be_of_its_commune(dossier: Dossier, person_id: int, on: date) -> None:
    """Refuse a dossier about somebody whom another commune pays, or who receives nothing and lives in another one.

    Raises:
        ProgrammeRefusal: Which commune it is, and what to do.
    """
    if dossier.unit_id is None:
        raise ProgrammeRefusal("Hồ sơ chưa ghi xã nơi người hưởng cư trú. Hãy bổ sung trước khi phê duyệt.")
    paying = [row.unit for row in _received(person_id)]
    if paying:
        elsewhere = next((unit for unit in paying if not _is_of(dossier, unit, on)), None)
        if elsewhere is not None:
            raise ProgrammeRefusal(
                f"Chưa thể phê duyệt: {elsewhere} đang chi trả cho người này. Hãy gửi hồ sơ về {elsewhere}, hoặc làm thủ tục "
                "thay đổi nơi cư trú trước."
            )
        return
    home = units.heir_on(Person.objects.select_related("unit").get(pk=person_id).unit, on)
    if home is not None and not _is_of(dossier, home, on):
        raise ProgrammeRefusal(
            f"Chưa thể phê duyệt: người này ở {home}. Hãy gửi hồ sơ về {home}, hoặc cập nhật nơi cư trú trước."
        )


def _is_of(dossier: Dossier, unit: AdministrativeUnit, on: date) -> bool:
    heir = units.heir_on(unit, on)
    return dossier.unit_id in {unit.pk, heir.pk if heir else None}


def _grant(dossier: Dossier, person_id: int, *, acting_user: User, now: datetime) -> None:
    on = local_day(now)
    assessment = assess(histories_of([person_id])[person_id].facts_on(on), on=on)
    assert dossier.unit_id is not None
    ground = str(dossier.answers.get("payee_ground") or PayeeGround.SELF)
    payee = applicant_of(dossier)
    due = {str(line.category.group) for line in assessment.lines}
    received = {row.benefit for row in _received(person_id)}
    wanted = [str(one.value) for one in SOCIAL_BENEFITS if one.value in due and one.value not in received]
    for benefit in wanted or [str(Benefit.PERSONAL.value)]:
        is_self = ground == PayeeGround.SELF or (ground == PayeeGround.CARER and benefit != Benefit.CARER)
        if benefit == Benefit.CARER and is_self and len(wanted) > 1:
            continue  # whoever cares asks in a dossier of their own
        grant(
            Grant(
                person_id=person_id, programme=Programme.SOCIAL, benefit=benefit, unit_id=dossier.unit_id,
                payee_id=person_id if is_self else payee, payee_ground=PayeeGround.SELF if is_self else ground,
                dossier_code=dossier.code or "",
            ),
            acting_user=acting_user, now=now,
        )  # fmt: skip


def _adjust(dossier: Dossier, person_id: int, *, acting_user: User, now: datetime) -> None:
    if not _received(person_id):
        raise ProgrammeRefusal("Người này không có khoản nào đang hưởng để điều chỉnh. Hãy xét đề nghị hưởng.")
    adjust(
        person_id, from_month=_changed_on(dossier) or local_day(now), reason=f"Hồ sơ {dossier.code}",
        acting_user_id=acting_user.pk, now=now,
    )  # fmt: skip


def _end(dossier: Dossier, on: date) -> Decision[Any]:
    day, ending = _changed_on(dossier), str(dossier.answers.get("ending") or "")
    if day is None or ending not in dict(_ENDINGS):
        return Decision.unknown(missing=["lý do thôi hưởng và ngày xảy ra"])
    end = end_of(Conduct(**{ending: day}), on=on)  # type: ignore[arg-type]
    if end is None:
        return Decision.unknown(missing=["sự việc đã xảy ra (ngày ghi trong hồ sơ sau hôm nay)"])
    last = Reason(f"Hưởng đến hết tháng {end.last_month:%m/%Y}", True, end.reason.reference)
    return Decision.granted(0, reasons=[end.reason, last])


def _stop(dossier: Dossier, person_id: int, *, acting_user: User, now: datetime) -> None:
    day, ending = _changed_on(dossier), str(dossier.answers.get("ending") or "")
    end = end_of(Conduct(**{ending: day}), on=local_day(now)) if day and ending else None  # type: ignore[arg-type]
    rows = _received(person_id)
    if end is None or day is None or not rows:
        raise ProgrammeRefusal("Chưa thể phê duyệt thôi hưởng: cần lý do, ngày xảy ra, và một khoản đang hưởng.")
    if ending == DIED:
        if not _names_who_died(dossier.answers):
            raise ProgrammeRefusal(f"Chưa thể phê duyệt: {_WHO_DIED}.")
        paper = f"hồ sơ {dossier.code}"
        death = TellDeath(person_id=person_id, died_on=day, paper=paper, reason=f"{end.reason} ({paper})")
        tell_death(death, acting_user_id=acting_user.pk, now=now)
        return
    for row in rows:
        stop(
            locked(row.pk), last_month=end.last_month, reason=f"{end.reason} (hồ sơ {dossier.code})",
            acting_user_id=acting_user.pk, now=now,
        )  # fmt: skip

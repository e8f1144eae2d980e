"""Emergency assistance, as the desk asks for it: a death after a disaster or an accident, and a house lost or damaged.

Trợ giúp xã hội khẩn cấp về hỗ trợ chi phí mai táng (2.000744); về hỗ trợ làm nhà ở, sửa chữa nhà ở (2.000751). Whoever
approves is not who prepared: the engine sees to that.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from lienthong.accounts.models import User
from lienthong.assistance.models import EmergencyGrant
from lienthong.assistance.papers import SheetLine
from lienthong.assistance.procedures.applicants import (
    YES_NO_UNKNOWN,
    ProgrammeRefusal,
    applicant_of,
    known_applicant,
    person_of_number,
)
from lienthong.assistance.procedures.told import About, ToldHandler, day_told
from lienthong.assistance.queries.decision_words import once_told
from lienthong.assistance.services.deaths import TellDeath, tell_death
from lienthong.assistance.services.emergency import (
    Deceased,
    GrantEmergency,
    decided,
    given_words,
    grant_emergency,
    refuse_given_before,
)
from lienthong.assistance.services.refusals import AlreadyReceived, AssistanceRefusal
from lienthong.assistance.states import Benefit, EmergencyPayee, ProposalKind
from lienthong.dossiers.handlers import Question
from lienthong.dossiers.models import Dossier
from lienthong.kernel.days import local_day, parse_day
from lienthong.kernel.decisions import Decision, Reason
from lienthong.kernel.money import parse_dong
from lienthong.kernel.text import fold
from lienthong.people.models import Person
from lienthong.rules.emergency.assistance import EmergencyAssistance
from lienthong.rules.emergency.course import Course
from lienthong.rules.emergency.facts import Cause, Damage, DeathFacts, HousingFacts
from lienthong.rules.emergency.kinds import Emergency, EmergencyKind, decide_emergency
from lienthong.rules.parameters import NoValueInForce, load_parameter

EMERGENCY_FUNERAL: Final = "2.000744"
EMERGENCY_HOUSE: Final = "2.000751"

_FLAGS: Final = {"yes": True, "no": False}
_DEATH_CAUSES: Final = (
    Cause.NATURAL_DISASTER, Cause.FIRE, Cause.EPIDEMIC, Cause.TRAFFIC_ACCIDENT, Cause.WORK_ACCIDENT,
    Cause.FORCE_MAJEURE, Cause.OTHER,
)  # fmt: skip
_HOUSE_CAUSES: Final = (Cause.NATURAL_DISASTER, Cause.FIRE, Cause.FORCE_MAJEURE, Cause.OTHER)


class EmergencyHandler(ToldHandler):
    """Asks what happened, proposes by the rules, and grants on approval."""

    day: str
    """Name of the answer that says on which day it happened."""
    is_of_death = False

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name each answer that is missing, and days that cannot be."""
        found = list(super().missing(answers, on=on))
        if answers.get(self.day):
            found += self._wrong_with_day(answers, on)
        return found

    def proposal(self, dossier: Dossier, *, on: date) -> Decision[EmergencyAssistance] | None:
        """Return what the rules say of this request, by the law of the day on which it happened."""
        if _came_without_form(dossier):
            return Decision.unknown(missing=["nguyên nhân và thiệt hại: hồ sơ tiếp nhận khi chưa có biểu mẫu này"])
        if _day(dossier, self.day) is None:
            return None
        try:
            person_id, emergency = applicant_of(dossier), self._emergency(dossier)
            if person_id is None or dossier.unit_id is None:
                return decide_emergency(emergency, on=on, known_on=on, received_on=_received_on(dossier))
            command = replace(self._command(dossier, emergency, person_id), received_on=_received_on(dossier))
            given = decided(command, on=on)
            refuse_given_before(command, given)
        except AlreadyReceived as received:
            return Decision.refused(reasons=[Reason(str(received), False)])
        except (NoValueInForce, ValueError, AssistanceRefusal) as unknown:
            return Decision.unknown(missing=[str(unknown)])
        return given.decision

    def apply(self, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
        """Grant it in the transaction of the approval.

        Raises:
            ProgrammeRefusal: The rules do not grant it, it was granted before, or nobody can receive it.
        """
        if _came_without_form(dossier):  # what follows from it is proposed at the page of the person
            return
        if _day(dossier, self.day) is None:
            raise ProgrammeRefusal("Hồ sơ chưa ghi ngày xảy ra nên chưa xác định được mức hỗ trợ. Hãy yêu cầu bổ sung.")
        if dossier.unit_id is None:
            raise ProgrammeRefusal("Hồ sơ chưa ghi xã chi trả. Hãy bổ sung trước khi phê duyệt.")
        payee_id = known_applicant(dossier, acting_user=acting_user, now=now)
        try:
            command = self._command(dossier, self._emergency(dossier), payee_id)
            command = replace(command, received_on=_received_on(dossier))
            grant_emergency(command, acting_user=acting_user, now=now)
            self._follow(dossier, acting_user=acting_user, now=now)
        except (NoValueInForce, ValueError, AssistanceRefusal) as refusal:
            raise ProgrammeRefusal(str(refusal)) from refusal

    def about(self, dossier: Dossier, *, is_granted: bool, on: date) -> Sequence[About]:
        """Tell what was given once, by the law of the day on which it happened."""
        if _came_without_form(dossier):
            return ()
        rows = EmergencyGrant.objects.filter(dossier_code=dossier.code) if is_granted else EmergencyGrant.objects.none()
        grant, day = rows.first(), day_told(dossier.answers, self.day)
        found = About(
            person_id=grant.person_id if grant else self._subject(dossier), kind=ProposalKind.EMERGENCY,
            benefit=Benefit.EMERGENCY, of_death=self.is_of_death, payee_id=grant.payee_id if grant else None,
            name=str(dossier.answers.get("deceased_name") or ""), law=("ngày xảy ra", day) if day else None,
        )  # fmt: skip
        if grant is None:
            return [found]
        given = given_words(grant.amount, grant.rice_kg)
        line = SheetLine(words=grant.words, amount=given, source="")
        return [
            replace(
                found,
                words=f"Được {grant.get_kind_display()}: {given}, một lần.",
                sums=[once_told(Benefit.EMERGENCY, grant.amount, [line])],
            )
        ]

    def _subject(self, dossier: Dossier) -> int | None:
        """Return for whom it is asked, as a person of the registers."""
        return applicant_of(dossier)

    def _wrong_with_day(self, answers: Mapping[str, Any], on: date) -> list[str]:
        label = next(one.label for one in self.questions() if one.name == self.day)
        try:
            day = parse_day(str(answers[self.day]))
            load_parameter("emergency/amounts:death_multiple").value_on(day, known_on=on)
        except NoValueInForce:
            return [f"{label} {answers[self.day]}: chưa có mức hỗ trợ cho ngày này; kiểm tra lại năm"]
        except ValueError as error:
            return [f"{label}: {error}"]
        return [f"{label} không thể sau ngày hôm nay; kiểm tra lại ngày, tháng, năm"] if day > on else []

    @abstractmethod
    def _emergency(self, dossier: Dossier) -> Emergency:
        """Return what happened."""

    @abstractmethod
    def _command(self, dossier: Dossier, emergency: Emergency, payee_id: int) -> GrantEmergency:
        """Return what an approval grants."""

    def _follow(self, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
        """Do what else follows from it."""


class EmergencyFuneralHandler(EmergencyHandler):
    """Support where somebody died or is missing after a disaster or an accident.

    Hỗ trợ chi phí mai táng khẩn cấp (2.000744).
    """

    day = "died_on"
    is_of_death = True

    def questions(self) -> Sequence[Question]:
        """Return what the rules must know and the papers do not say by themselves."""
        return (
            Question("deceased_name", "Họ và tên người chết, mất tích"),
            Question(
                "deceased_number", "Số định danh cá nhân của người chết, mất tích", kind="personal_id", is_required=False
            ),
            Question("died_on", "Ngày chết, mất tích", kind="day", hint="Theo giấy báo tử, trích lục khai tử hoặc xác nhận"),
            Question("outcome", "Người đó đã chết hay mất tích?", kind="choice", choices=(("dead", "Đã chết"), ("missing", "Mất tích"))),
            _cause_question(_DEATH_CAUSES),
            Question(
                "buried_by", "Ai đứng ra mai táng?", kind="choice",
                choices=(
                    ("household", "Gia đình"),
                    ("others", "Cơ quan, tổ chức, cá nhân khác, vì không có người nhận trách nhiệm mai táng"),
                    ("unknown", "Chưa rõ"),
                ),
            ),
            Question(
                "actual_cost", "Chi phí mai táng thực tế", kind="money", is_required=False,
                hint="Cần khi cơ quan, tổ chức, cá nhân khác mai táng; theo hóa đơn, chứng từ",
            ),
        )  # fmt: skip

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name each answer that is missing, the cost of a burial by others among them."""
        found = list(super().missing(answers, on=on))
        if answers.get("buried_by") == "others" and not str(answers.get("actual_cost") or "").strip():
            found.append("Chi phí mai táng thực tế: cần khi cơ quan, tổ chức, cá nhân khác đứng ra mai táng")
        return found

    def _emergency(self, dossier: Dossier) -> Emergency:
        answers = dossier.answers
        cost = str(answers.get("actual_cost") or "").strip()
        facts = DeathFacts(
            cause=_cause(dossier),
            buried_by_others={"others": True, "household": False}.get(str(answers.get("buried_by") or "")),
            actual_cost=parse_dong(cost) if cost else None,
        )
        return Emergency(kind=EmergencyKind.DEATH, facts=facts, happened_on=_day(dossier, self.day))

    def _command(self, dossier: Dossier, emergency: Emergency, payee_id: int) -> GrantEmergency:
        by_others = isinstance(emergency.facts, DeathFacts) and emergency.facts.buried_by_others
        return GrantEmergency(
            person_id=payee_id, unit_id=dossier.unit_id or 0, emergency=emergency,
            payee_ground=EmergencyPayee.BURIER if by_others else EmergencyPayee.HOUSEHOLD,
            deceased=Deceased(
                name=str(dossier.answers.get("deceased_name") or ""),
                number=str(dossier.answers.get("deceased_number") or "").strip(),
            ),
            dossier_code=dossier.code or "",
        )  # fmt: skip

    def _subject(self, dossier: Dossier) -> int | None:
        return person_of_number(str(dossier.answers.get("deceased_number") or ""))

    def _follow(self, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
        """Let the register hear of a death, where it knows the person alive, and end what they received."""
        number, died_on = str(dossier.answers.get("deceased_number") or "").strip(), _day(dossier, self.day)
        deceased = Person.objects.filter(pk=person_of_number(number) or 0).first()
        if deceased is None or died_on is None:
            return
        if deceased.name_key != fold(str(dossier.answers.get("deceased_name") or "")):
            raise ProgrammeRefusal(
                f"Số định danh {number} trong dữ liệu dân cư thuộc người có họ tên khác. "
                "Hãy kiểm tra lại họ tên và số định danh của người chết."
            )
        if dossier.answers.get("outcome") == "dead":
            death = TellDeath(person_id=deceased.pk, died_on=died_on, paper=f"hồ sơ {dossier.code}")
            tell_death(death, acting_user_id=acting_user.pk, now=now)


class EmergencyHouseHandler(EmergencyHandler):
    """Support for a house that was lost, must be left at once, or was badly damaged.

    Hỗ trợ làm nhà ở, sửa chữa nhà ở (2.000751).
    """

    day = "happened_on"

    def questions(self) -> Sequence[Question]:
        """Return what the rules must know; the class of the household is taken from the review where it is recorded."""
        return (
            Question("happened_on", "Ngày nhà bị thiệt hại", kind="day"),
            _cause_question(_HOUSE_CAUSES),
            Question(
                "damage", "Thiệt hại về nhà ở", kind="choice",
                choices=tuple((str(one), _capital(one.in_words)) for one in Damage),
            ),
            _yes_no("has_other_home", "Hộ còn nơi ở khác?", hint="Cần khi nhà bị đổ, sập, trôi, cháy hoàn toàn"),
            _yes_no("is_habitable", "Nhà hư hỏng còn ở được?", hint="Cần khi nhà bị hư hỏng nặng"),
            _yes_no("ordered_to_move", "Có quyết định di dời của cơ quan có thẩm quyền?", hint="Cần khi phải di dời khẩn cấp"),
            _yes_no(
                "in_difficulty", "Hộ có hoàn cảnh khó khăn, không có khả năng tự khắc phục?",
                hint="Cần khi hộ không thuộc danh sách hộ nghèo, hộ cận nghèo",
            ),
            Question("met_on", "Ngày thôn, tổ dân phố họp xét", kind="day", hint="Nếu đã họp", is_required=False),
            Question(
                "urgent_reason", "Lý do rất khẩn cấp, không qua họp thôn", is_required=False,
                hint="Chủ tịch Ủy ban nhân dân cấp xã có thể quyết định ngay",
            ),
        )  # fmt: skip

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name each answer that is missing, those that the damage asks for among them."""
        found = list(super().missing(answers, on=on))
        needed = {
            Damage.LOST: "has_other_home", Damage.BADLY_DAMAGED: "is_habitable", Damage.RELOCATION: "ordered_to_move",
        }  # fmt: skip
        name = needed.get(_one_of(Damage, answers.get("damage")))
        if name and not str(answers.get(name) or "").strip():
            label = next(one.label for one in self.questions() if one.name == name)
            found.append(f"Chưa trả lời: {label}")
        if met_on := str(answers.get("met_on") or "").strip():
            try:
                if parse_day(met_on) > on:
                    found.append("Ngày thôn, tổ dân phố họp xét không thể sau ngày hôm nay; kiểm tra lại ngày")
            except ValueError as error:
                found.append(f"Ngày thôn, tổ dân phố họp xét: {error}")
        return found

    def _emergency(self, dossier: Dossier) -> Emergency:
        answers = dossier.answers
        facts = HousingFacts(
            cause=_cause(dossier),
            damage=_one_of(Damage, answers.get("damage")),
            in_difficulty=_flag(answers, "in_difficulty"),
            has_other_home=_flag(answers, "has_other_home"),
            is_habitable=_flag(answers, "is_habitable"),
            ordered_to_move=_flag(answers, "ordered_to_move"),
        )
        return Emergency(kind=EmergencyKind.HOUSE, facts=facts, happened_on=_day(dossier, self.day))

    def _command(self, dossier: Dossier, emergency: Emergency, payee_id: int) -> GrantEmergency:
        reason = str(dossier.answers.get("urgent_reason") or "").strip()
        return GrantEmergency(
            person_id=payee_id, unit_id=dossier.unit_id or 0, emergency=emergency,
            payee_ground=EmergencyPayee.HOUSEHOLD, course=Course(met_on=_day(dossier, "met_on"), urgent_reason=reason),
            dossier_code=dossier.code or "",
        )  # fmt: skip


def _came_without_form(dossier: Dossier) -> bool:
    """Tell whether a dossier was received before the desk asked these questions."""
    return "cause" not in dossier.answers


def _received_on(dossier: Dossier) -> date | None:
    return local_day(dossier.received_at) if dossier.received_at else None


def _yes_no(name: str, label: str, *, hint: str) -> Question:
    return Question(name, label, kind="choice", hint=hint, is_required=False, choices=YES_NO_UNKNOWN)


def _cause_question(causes: Sequence[Cause]) -> Question:
    choices = tuple((str(one), _capital(one.in_words)) for one in causes)
    return Question("cause", "Nguyên nhân", kind="choice", choices=choices)


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _one_of(kind: Any, value: Any) -> Any:
    return kind(str(value)) if str(value or "") in set(kind) else None


def _cause(dossier: Dossier) -> Cause | None:
    found: Cause | None = _one_of(Cause, dossier.answers.get("cause"))
    return found


def _flag(answers: Mapping[str, Any], name: str) -> bool | None:
    return _FLAGS.get(str(answers.get(name) or ""))


def _day(dossier: Dossier, name: str) -> date | None:
    text = str(dossier.answers.get(name) or "").strip()
    return parse_day(text) if text else None

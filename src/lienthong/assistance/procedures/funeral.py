"""Support with the costs of a funeral, as the desk asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from lienthong.accounts.models import User
from lienthong.assistance.models import FuneralSupport
from lienthong.assistance.procedures.applicants import (
    YES_NO_UNKNOWN,
    ProgrammeRefusal,
    known_applicant,
    person_of_number,
)
from lienthong.assistance.procedures.told import About, ToldHandler, day_told
from lienthong.assistance.queries.decision_words import once_told
from lienthong.assistance.queries.facts import History, history_of
from lienthong.assistance.queries.funerals import supported_namesakes
from lienthong.assistance.services.deaths import TellDeath, tell_death
from lienthong.assistance.services.funeral import (
    GrantFuneralSupport,
    NotEntitled,
    SupportedBefore,
    SupportFacts,
    grant_funeral_support,
    less_given,
)
from lienthong.assistance.services.refusals import AssistanceRefusal
from lienthong.assistance.states import Benefit, ProposalKind
from lienthong.dossiers.handlers import Question
from lienthong.dossiers.models import Dossier
from lienthong.kernel.days import BirthDate, local_day, parse_day
from lienthong.kernel.decisions import Decision, Reason
from lienthong.kernel.money import Dong, format_dong, parse_dong
from lienthong.kernel.text import fold
from lienthong.people.models import Person
from lienthong.poverty.queries.results import household_of_number
from lienthong.poverty.queries.standing import class_on
from lienthong.poverty.states import LISTED_CLASSES, HouseholdClass
from lienthong.rules.parameters import NoValueInForce, load_parameter
from lienthong.rules.social_assistance.funeral import FuneralFacts, funeral_support
from lienthong.rules.social_assistance.timing import month_of

FUNERAL_SUPPORT = "1.001731"
Choices = tuple[tuple[str, str], ...]


class FuneralSupportHandler(ToldHandler):
    """Support with the costs of a funeral: asks about the death, proposes by the rules, grants on approval.

    Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội (1.001731).
    """

    circumstances: Choices = (
        ("assistance", "Đang hưởng trợ cấp xã hội hằng tháng"),
        ("institution", "Đang được chăm sóc, nuôi dưỡng trong cơ sở trợ giúp xã hội"),
        ("child", "Con của người đơn thân nghèo đang nuôi con"),
        ("survivor", "Từ đủ 80 tuổi, đang hưởng trợ cấp tuất hằng tháng hoặc trợ cấp hằng tháng khác"),
        ("none", "Không thuộc các trường hợp trên"),
        ("unknown", "Chưa rõ"),
    )
    level = "social_assistance/base_level"
    """The parameter that must hold on the day of a death for there to be an amount."""

    def questions(self) -> Sequence[Question]:
        """Return what the rules must know and the papers do not say by themselves."""
        return (
            Question("deceased_name", "Họ và tên người chết"),
            Question(
                "deceased_number",
                "Số định danh cá nhân của người chết",
                kind="personal_id",
                is_required=False,
                hint="Cần khi người chết đang hưởng trợ cấp: để tra danh sách chi trả",
            ),
            Question("died_on", "Ngày chết", kind="day", hint="Theo trích lục khai tử"),
            Question(
                "circumstance",
                "Khi mất, người đó thuộc trường hợp nào?",
                kind="choice",
                choices=self.circumstances,
            ),
            *self.questions_of_the_case(),
            Question(
                "arranged_funeral", "Người đề nghị trực tiếp tổ chức mai táng?", kind="choice", choices=YES_NO_UNKNOWN
            ),
            Question(
                "other_support",
                "Số tiền hỗ trợ mai táng theo chế độ khác",
                kind="money",
                hint="Ghi 0 nếu không có chế độ nào khác",
            ),
        )

    def questions_of_the_case(self) -> Sequence[Question]:
        """Return what only some of the circumstances need."""
        return (
            Question(
                "deceased_birth",
                "Ngày sinh của người chết",
                kind="day",
                hint="Cần khi người chết từ đủ 80 tuổi",
                is_required=False,
            ),
        )

    def facts(self, dossier: Dossier, *, died_on: date, known_on: date) -> SupportFacts:
        """Return what is known of the case."""
        return _facts(dossier, _history(dossier))

    def decision(self, dossier: Dossier, *, died_on: date, known_on: date) -> Decision[Dong]:
        """Return what the rules in force on a day say, with what the registers know of the case.

        Raises:
            NoValueInForce: There was no amount on the day of the death.
            ValueError: The days contradict each other.
        """
        history = _history(dossier)
        decision = funeral_support(_facts(dossier, history), on=died_on, known_on=known_on)
        found = (
            _standing_at_death(dossier), _received_at_death(dossier, history), _care_at_death(dossier, history),
            *seen_beside(dossier, died_on),
        )  # fmt: skip
        decision = less_given(decision, history.person if history else None, _number(dossier))
        return replace(decision, reasons=(*decision.reasons, *(one for one in found if one is not None)))

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name each answer that is missing, and a day of death that cannot be right."""
        missing = list(super().missing(answers, on=on))
        if answers.get("died_on"):
            missing += _wrong_with_days(answers, on=on, level=self.level)
        if answers.get("circumstance") == "survivor" and not answers.get("deceased_birth"):
            missing.append("Ngày sinh của người chết: cần để xác định người chết từ đủ 80 tuổi")
        return missing

    def proposal(self, dossier: Dossier, *, on: date) -> Decision[Dong] | None:
        """Return what the rules say of this request, by the law of the day of the death as it is in force on ``on``."""
        died_on = day_of_death(dossier)
        if died_on is None:
            return None
        try:
            return self.decision(dossier, died_on=died_on, known_on=on)
        except (NoValueInForce, ValueError) as unknown:
            return Decision.unknown(missing=[str(unknown)])

    def apply(self, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
        """Grant the support in the transaction of the approval, and let the register hear of the death.

        Raises:
            ProgrammeRefusal: The rules do not grant it, it was granted before, nobody can be paid, or the death cannot be.
        """
        died_on = day_of_death(dossier)
        if died_on is None:
            raise ProgrammeRefusal("Hồ sơ chưa ghi ngày chết nên chưa xác định được mức hỗ trợ. Hãy yêu cầu bổ sung.")
        if dossier.unit_id is None:
            raise ProgrammeRefusal("Hồ sơ chưa ghi xã chi trả. Hãy bổ sung trước khi phê duyệt.")
        try:
            command = GrantFuneralSupport(
                dossier_code=dossier.code or "",
                deceased_name=str(dossier.answers.get("deceased_name", "")),
                deceased_number=str(dossier.answers.get("deceased_number", "")),
                died_on=died_on,
                payee_name=dossier.applicant_name,
                payee_id=known_applicant(dossier, acting_user=acting_user, now=now),
                unit_id=dossier.unit_id,
                facts=self.facts(dossier, died_on=died_on, known_on=local_day(now)),
            )
            grant_funeral_support(command, acting_user=acting_user, now=now)
            _tell_death(dossier, died_on, acting_user=acting_user, now=now)
        except (NotEntitled, SupportedBefore, NoValueInForce, AssistanceRefusal, ValueError) as refusal:
            raise ProgrammeRefusal(str(refusal)) from refusal

    def about(self, dossier: Dossier, *, is_granted: bool, on: date) -> Sequence[About]:
        """Tell whoever is paid, or asked, by the law of the day of the death."""
        answers, died_on = dossier.answers, day_told(dossier.answers, "died_on")
        if "deceased_name" not in answers:
            return ()
        rows = FuneralSupport.objects.filter(dossier_code=dossier.code) if is_granted else FuneralSupport.objects.none()
        support = rows.first()
        words = f"Được {Benefit.FUNERAL.label}: {format_dong(support.amount)}, một lần." if support else ""
        return [
            About(
                person_id=person_of_number(str(answers.get("deceased_number") or "")), kind=ProposalKind.GRANT,
                benefit=Benefit.FUNERAL, of_death=True, payee_id=support.payee_id if support else None,
                name=str(answers["deceased_name"]), words=words, law=("ngày chết", died_on) if died_on else None,
                sums=[once_told(Benefit.FUNERAL, support.amount, ())] if support else (),
            )
        ]  # fmt: skip


def _tell_death(dossier: Dossier, died_on: date, *, acting_user: User, now: datetime) -> None:
    """Let the register hear of the death, where it knows the person alive, and end what they received.

    Raises:
        ProgrammeRefusal: The number is that of somebody with another name.
        FactWrong: The day cannot be, or another day is recorded.
    """
    number = str(dossier.answers.get("deceased_number", "")).strip()
    deceased = Person.objects.filter(pk=person_of_number(number) or 0).first()
    if deceased is None:
        return
    if deceased.died_on is None and deceased.name_key != fold(str(dossier.answers.get("deceased_name", ""))):
        raise ProgrammeRefusal(
            f"Số định danh {number} trong dữ liệu dân cư thuộc người có họ tên khác. "
            "Hãy kiểm tra lại họ tên và số định danh của người chết."
        )
    death = TellDeath(person_id=deceased.pk, died_on=died_on, paper=f"hồ sơ {dossier.code}")
    tell_death(death, acting_user_id=acting_user.pk, now=now)


def _wrong_with_days(answers: Mapping[str, Any], *, on: date, level: str) -> list[str]:
    """Return a sentence for each day that cannot be, or for which the law has no amount."""
    try:
        died_on = parse_day(str(answers["died_on"]))
        born = parse_day(str(answers["deceased_birth"])) if answers.get("deceased_birth") else None
        load_parameter(level).value_on(died_on, known_on=on)
    except NoValueInForce:
        return [f"Ngày chết {answers['died_on']}: chưa có mức chuẩn cho ngày này; kiểm tra lại năm"]
    except ValueError as error:
        return [f"Ngày chết, ngày sinh: {error}"]
    if died_on > on:
        return ["Ngày chết không thể sau ngày hôm nay; kiểm tra lại ngày, tháng, năm"]
    if born is not None and born > died_on:
        return ["Ngày sinh của người chết không thể sau ngày chết; kiểm tra lại hai ngày"]
    return []


def day_of_death(dossier: Dossier) -> date | None:
    """Return the day of the death as the form tells it."""
    text = str(dossier.answers.get("died_on", "")).strip()
    return parse_day(text) if text else None


def _class_at_death(dossier: Dossier) -> HouseholdClass | None:
    """Return the class that the household of the person who died held on that day; None where the registers do not say."""
    died_on, number = day_of_death(dossier), str(dossier.answers.get("deceased_number", ""))
    household = household_of_number(number, on=died_on) if died_on else None
    return class_on(household.pk, died_on) if household and died_on else None


def _standing_at_death(dossier: Dossier) -> Reason | None:
    """Say what the review of poor households knows, where the request rests on it."""
    found = _class_at_death(dossier)
    if dossier.answers.get("circumstance") != "child" or found is None:
        return None
    return Reason(f"Theo kết quả rà soát, ngày chết hộ của người chết là {found.label}", found in LISTED_CLASSES)


def _is_child_of_poor_parent(dossier: Dossier) -> bool | None:
    """Take the answer, unless the review of that day says that the household was neither poor nor near-poor: then ask."""
    found = _class_at_death(dossier)
    return None if found is not None and found not in LISTED_CLASSES else True


def seen_beside(dossier: Dossier, died_on: date) -> list[Reason]:
    """Show whoever decides the supports for somebody of the same name who died on the same day."""
    return [
        Reason(
            f"Đã hỗ trợ mai táng cho người cùng họ tên, chết cùng ngày, theo hồ sơ {one.dossier_code} "
            f"({f'số định danh {one.deceased_number}' if one.deceased_number else 'không ghi số định danh'}); "
            "hãy kiểm tra có phải một người",
            None,
        )
        for one in supported_namesakes(str(dossier.answers.get("deceased_name") or ""), _number(dossier), died_on)
        if one.dossier_code != dossier.code
    ]


def _number(dossier: Dossier) -> str:
    return str(dossier.answers.get("deceased_number") or "").strip()


def _history(dossier: Dossier) -> History | None:
    """Return what is recorded of the person who died, where the registers know the number."""
    person_id = person_of_number(_number(dossier))
    return history_of(person_id) if person_id is not None else None


def _has_received(dossier: Dossier, history: History | None) -> bool | None:
    """Return whether an allowance was decided for the month of the death; None where the registers know nobody."""
    died_on = day_of_death(dossier)
    return history.received_assistance_in(month_of(died_on)) if history and died_on else None


def _received_at_death(dossier: Dossier, history: History | None) -> Reason | None:
    """Say what the lists know of the allowance, where they know it or the request rests on that."""
    found = _has_received(dossier, history)
    if found:
        return Reason("Theo danh sách chi trả, người đó hưởng trợ cấp xã hội trong tháng chết", True)
    if dossier.answers.get("circumstance") != "assistance":
        return None
    if found is None:
        words = "Dữ liệu dân cư không có người mang số định danh này; hãy hỏi lại số định danh của người chết"
        return Reason(words, None)
    words = (
        "Theo danh sách chi trả, người đó hưởng trợ cấp xã hội trong tháng chết (không thấy; hãy kiểm tra số định danh)"
    )
    return Reason(words, False)


def _agreed(told: bool | None, found: bool | None) -> bool | None:
    """Believe the lists when they say so; where only the form says so, somebody must look."""
    return True if found else None if told else told


def was_in_institution(dossier: Dossier, history: History | None) -> bool | None:
    """Return what is recorded of the person who died; None where nothing is."""
    died_on = day_of_death(dossier)
    return history.was_in_institution(died_on) if history and died_on else None


def _care_at_death(dossier: Dossier, history: History | None) -> Reason | None:
    """Say what is recorded of the care, where it is in an institution or the request rests on that."""
    found = was_in_institution(dossier, history)
    if found is None or not (found or dossier.answers.get("circumstance") == "institution"):
        return None
    return Reason("Theo dữ liệu đã ghi, ngày chết người đó được nuôi dưỡng trong cơ sở trợ giúp xã hội", found)


def _agreed_in_institution(told: bool | None, found: bool | None) -> bool | None:
    """Believe what is recorded; where only the form says that it was in an institution, somebody must look."""
    return None if told and found is False else told if found is None else found


def _facts(dossier: Dossier, history: History | None) -> FuneralFacts:
    circumstance = str(dossier.answers.get("circumstance", ""))
    known = circumstance in {"assistance", "institution", "child", "survivor", "none"}
    born = str(dossier.answers.get("deceased_birth", "")).strip()
    other = str(dossier.answers.get("other_support", "")).strip()
    return FuneralFacts(
        birth_date=BirthDate(parse_day(born)) if born else None,
        died_on=day_of_death(dossier),
        received_monthly_social_assistance=_agreed(
            circumstance == "assistance" if known else None, _has_received(dossier, history)
        ),
        child_of_poor_single_parent=(
            _is_child_of_poor_parent(dossier) if circumstance == "child" else False if known else None
        ),
        received_survivor_or_other_monthly_benefit=circumstance == "survivor" if known else None,
        claimant_arranged_funeral={"yes": True, "no": False}.get(str(dossier.answers.get("arranged_funeral", ""))),
        highest_other_funeral_support=parse_dong(other) if other else None,
        in_institution=_agreed_in_institution(
            circumstance == "institution" if known else None, was_in_institution(dossier, history)
        ),
    )

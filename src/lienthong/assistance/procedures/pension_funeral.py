"""Support with the costs of the funeral of somebody who received the social pension, as the desk asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from lienthong.assistance.procedures.applicants import YES_NO_UNKNOWN, person_of_number
from lienthong.assistance.procedures.funeral import (
    FUNERAL_SUPPORT,
    Choices,
    FuneralSupportHandler,
    seen_beside,
    was_in_institution,
)
from lienthong.assistance.queries.facts import History, history_of
from lienthong.assistance.services.funeral import less_given
from lienthong.dossiers.handlers import Question
from lienthong.dossiers.models import Dossier
from lienthong.kernel.decisions import Decision, Reason
from lienthong.kernel.money import Dong, parse_dong
from lienthong.rules.social_assistance.assessing import assess
from lienthong.rules.social_assistance.categories import AssistanceCategory
from lienthong.rules.social_assistance.facts import PensionRequest
from lienthong.rules.social_assistance.pension_funeral import PensionFuneralFacts, pension_funeral
from lienthong.rules.social_assistance.timing import month_of

PENSION_FUNERAL: Final = "1.014028"
_RECEIVED, _REQUESTED, _INSTITUTION = "pension", "requested", "institution"
_SENT_ON: Final = f"hỗ trợ chi phí mai táng được đề nghị theo thủ tục {FUNERAL_SUPPORT}"


class PensionFuneralHandler(FuneralSupportHandler):
    """The same support by the law of the social pension: also for whoever had asked and died before the decision.

    Hỗ trợ chi phí mai táng đối với đối tượng hưởng trợ cấp hưu trí xã hội (1.014028).
    """

    circumstances: Choices = (
        (_RECEIVED, "Đang hưởng trợ cấp hưu trí xã hội"),
        (_REQUESTED, "Đã có văn bản đề nghị hưởng, chết trước khi có quyết định"),
        (_INSTITUTION, "Được nuôi dưỡng trong cơ sở trợ giúp xã hội"),
        ("none", "Không thuộc các trường hợp trên"),
        ("unknown", "Chưa rõ"),
    )
    level = "social_assistance/social_pension:level"

    def questions_of_the_case(self) -> Sequence[Question]:
        """Ask whether somebody who had only asked would have received it; the registers say so of most."""
        return (
            Question(
                "was_eligible", "Khi mất, người đó đủ điều kiện hưởng trợ cấp hưu trí xã hội?", kind="choice",
                choices=YES_NO_UNKNOWN, is_required=False,
                hint="Khi chết trước khi có quyết định; hệ thống tự xét nếu có dữ liệu của người đó",
            ),
        )  # fmt: skip

    def elsewhere(self, answers: Mapping[str, Any]) -> str:
        """Send on whoever arranged the funeral of somebody who was cared for in an institution.

        Legal source:
            20/2021/NĐ-CP, Điều 25 khoản 3.
        """
        return FUNERAL_SUPPORT if answers.get("circumstance") == _INSTITUTION else ""

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Name each answer that is missing or cannot be, and where this is asked for instead."""
        found = list(super().missing(answers, on=on))
        if self.elsewhere(answers):
            found.append(f"Người chết được nuôi dưỡng trong cơ sở trợ giúp xã hội: {_SENT_ON}")
        return found

    def facts(self, dossier: Dossier, *, died_on: date, known_on: date) -> PensionFuneralFacts:
        """Return what is known of the case; what the registers know of the person counts before what was told.

        Raises:
            NoValueInForce: There was no social pension on the day of the death.
        """
        history = _history(dossier)
        told = str(dossier.answers.get("circumstance") or "")
        other = str(dossier.answers.get("other_support") or "").strip()
        found = _received(history, died_on) if history else None
        facts = PensionFuneralFacts(
            received_social_pension=_agreed(told, found),
            requested_in_writing=_answer(told, _REQUESTED),
            was_eligible=_eligible(history, died_on, known_on) if history else _told(dossier, "was_eligible"),
            claimant_arranged_funeral=_told(dossier, "arranged_funeral"),
            highest_other_funeral_support=parse_dong(other) if other else None,
        )
        if facts.was_eligible is None:
            facts = replace(facts, was_eligible=_told(dossier, "was_eligible"))
        return facts

    def decision(self, dossier: Dossier, *, died_on: date, known_on: date) -> Decision[Dong]:
        """Return what the rules in force on a day say, with what the lists of payments tell.

        Raises:
            NoValueInForce: There was no social pension on the day of the death.
        """
        facts = self.facts(dossier, died_on=died_on, known_on=known_on)
        history = _history(dossier)
        decision = less_given(
            pension_funeral(facts, on=died_on, known_on=known_on), history.person if history else None,
            str(dossier.answers.get("deceased_number") or "").strip(),
        )  # fmt: skip
        told = [*decision.reasons, *seen_beside(dossier, died_on)]
        if was_in_institution(dossier, history):
            words = f"Theo dữ liệu đã ghi, ngày chết người đó được nuôi dưỡng trong cơ sở trợ giúp xã hội; {_SENT_ON}"
            told.append(Reason(words, True))
        if history is None and dossier.answers.get("circumstance") == _RECEIVED:
            words = "Dữ liệu dân cư không có người mang số định danh này; hãy hỏi lại số định danh của người chết"
            told.append(Reason(words, None))
        found = _received(history, died_on) if history else None
        if found is not None:
            words = "Theo danh sách chi trả, người đó được trả trợ cấp hưu trí xã hội trong tháng chết"
            told.append(Reason(words, found))
        return replace(decision, reasons=tuple(told))


def _history(dossier: Dossier) -> History | None:
    person_id = person_of_number(str(dossier.answers.get("deceased_number") or ""))
    return history_of(person_id) if person_id is not None else None


def _received(history: History, died_on: date) -> bool | None:
    """Return whether the pension was paid for the month of the death; None where nothing was ever decided for the person."""
    if not history.rates:
        return None
    return history.received_pension_in(month_of(died_on))


def _agreed(told: str, found: bool | None) -> bool | None:
    """Believe the lists when they say so; where only the form says so, somebody must look."""
    if found:
        return True
    return None if told == _RECEIVED or (found is None and told in {"", "unknown"}) else False


def _eligible(history: History, died_on: date, known_on: date) -> bool | None:
    facts = replace(history.facts_on(died_on), pension_request=PensionRequest.WRITTEN)
    found = assess(facts, on=died_on, known_on=known_on)
    tried: dict[Any, bool | None] = {one.category: one.holds for one in found.categories}
    return tried.get(AssistanceCategory.SOCIAL_PENSION)


def _answer(told: str, circumstance: str) -> bool | None:
    return None if told in {"", "unknown"} else told == circumstance


def _told(dossier: Dossier, name: str) -> bool | None:
    return {"yes": True, "no": False}.get(str(dossier.answers.get(name) or ""))

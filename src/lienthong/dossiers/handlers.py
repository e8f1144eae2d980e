"""How a programme takes part in its procedures: it registers a handler, and the engine calls it in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from lienthong.accounts.models import User
from lienthong.dossiers.models import Dossier
from lienthong.infra.events import Fact
from lienthong.kernel.decisions import Decision

QuestionKind = Literal["line", "note", "day", "personal_id", "money", "choice"]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a procedure asks besides its papers. Nội dung kê khai."""

    name: str
    label: str
    kind: QuestionKind = "line"
    hint: str = ""
    is_required: bool = True
    choices: tuple[tuple[str, str], ...] = ()


class ProcedureHandler:
    """Base of every handler: by default a procedure asks nothing, proposes nothing and changes nothing else.

    Bộ xử lý nghiệp vụ của thủ tục.
    """

    def questions(self) -> Sequence[Question]:
        """Return what the form asks besides the papers."""
        return ()

    def missing(self, answers: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Return a sentence for each answer that is missing or cannot be right."""
        return [
            f"Chưa trả lời: {question.label}"
            for question in self.questions()
            if question.is_required and not str(answers.get(question.name, "")).strip()
        ]

    def elsewhere(self, answers: Mapping[str, Any]) -> str:
        """Return the code of the procedure in which this is asked for instead; empty where it is asked for here.

        ``missing`` says why. Only what was answered counts: whoever asks learns nothing that is recorded.
        """
        return ""

    def appraised(self) -> Sequence[Question]:
        """Return what the officer who works on it establishes and the applicant cannot tell, such as what a council concluded."""
        return ()

    def wrong_with_appraisal(self, dossier: Dossier, told: Mapping[str, Any], *, on: date) -> Sequence[str]:
        """Return a sentence for each thing established that cannot be; what is not established yet may stay empty."""
        return ()

    def proposal(self, dossier: Dossier, *, on: date) -> Decision[Any] | None:
        """Return what the rules of law say of this request, for the officer who decides."""
        return None

    def apply(self, dossier: Dossier, *, acting_user: User, now: datetime) -> None:
        """Carry out an approval, in the transaction that records it. An exception undoes the approval too."""

    def decided(
        self, dossier: Dossier, fact: Fact, proposal: Decision[Any] | None, *, acting_user: User, now: datetime
    ) -> None:
        """Hear how a dossier was decided, approved (after ``apply``) or refused, in the transaction that records it.

        ``proposal`` is what the rules said of it at that moment, before anything was carried out.
        """


_HANDLERS: dict[str, ProcedureHandler] = {}
_PLAIN = ProcedureHandler()


def register(procedure_code: str, handler: ProcedureHandler) -> None:
    """Let ``handler`` take part in every dossier of a procedure. A second handler for one code is refused."""
    if _HANDLERS.setdefault(procedure_code, handler) is not handler:
        raise ValueError(f"{procedure_code} already has a handler")


def for_procedure(procedure_code: str) -> ProcedureHandler:
    """Return the handler of a procedure, or one that does nothing."""
    return _HANDLERS.get(procedure_code, _PLAIN)


def registered() -> dict[str, ProcedureHandler]:
    """Return every handler by procedure code."""
    return dict(_HANDLERS)

"""What the verbs of social assistance refuse, each in a sentence that says what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lienthong.infra.missing import NotFound

LEAST_REASON = 5


class AssistanceRefusal(Exception):
    """Base of every expected refusal: its text is a sentence for people."""


class NotYours(AssistanceRefusal):
    """The user does not propose, record or decide here."""


class DecidesOwnProposal(AssistanceRefusal):
    """Four eyes: whoever proposed does not decide."""


class AlreadySettled(AssistanceRefusal):
    """Somebody was quicker: the proposal, the benefit or the recovery has gone on."""


class NotOwed(AssistanceRefusal):
    """The rules do not give it, or lack a fact to give it."""


class AlreadyReceived(AssistanceRefusal):
    """The person receives this benefit already, or it is proposed."""


class MonthWrong(AssistanceRefusal):
    """A month lies where it cannot."""


class FactWrong(AssistanceRefusal):
    """What is recorded is no fact, or contradicts what is recorded."""


class PayeeWrong(AssistanceRefusal):
    """Whoever should receive the money cannot."""


class AmountWrong(AssistanceRefusal):
    """An amount that cannot be."""


class ReasonMissing(AssistanceRefusal):
    """What is refused, stopped or recovered needs a reason."""


class RecordUnknown(NotFound):
    """There is no such person, benefit or proposal, or none that the user may see."""


def reason_given(reason: str) -> str:
    """Return the reason on one line.

    Raises:
        ReasonMissing: It says nothing.
    """
    line = " ".join(reason.split())[:500]
    if len(line) < LEAST_REASON:
        raise ReasonMissing(_("Ghi lý do, ít nhất %(n)s chữ cái, để người khác hiểu.") % {"n": LEAST_REASON})
    return line

"""Recording what the officer who works on a dossier establishes, and the decision rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lienthong.accounts.models import User
from lienthong.dossiers import handlers
from lienthong.dossiers.digests import appraisal_digest
from lienthong.dossiers.events import AppraisalRecorded
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.refusals import DossierRefusal
from lienthong.dossiers.services.moving import Target, make_move
from lienthong.dossiers.states import Action
from lienthong.infra.events import Fact
from lienthong.kernel.days import local_day


class AppraisalWrong(DossierRefusal):
    """Something that was established cannot be; every sentence says what and what to do."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(". ".join(sentences) + ".")
        self.sentences = tuple(sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAppraisal:
    """Lệnh ghi kết quả thẩm định; ``told`` by the names of ``ProcedureHandler.appraised``, empty where not known yet."""

    target: Target
    told: Mapping[str, str]


def record_appraisal(command: RecordAppraisal, *, acting_user: User, now: datetime) -> Dossier:
    """Record what was established of a dossier; what was recorded before is replaced, the log keeps a digest of each.

    Ghi kết quả thẩm định. Whoever records it has prepared the dossier and does not decide it.

    Raises:
        AppraisalWrong: Something cannot be; every sentence at once.

    Legal source:
        61/2018/NĐ-CP, Điều 19 khoản 2.
    """

    def decide(dossier: Dossier) -> Fact:
        handler = handlers.for_procedure(dossier.procedure_code)
        told = {one.name: str(command.told.get(one.name, "") or "").strip() for one in handler.appraised()}
        wrong = handler.wrong_with_appraisal(dossier, told, on=local_day(now))
        if wrong:
            raise AppraisalWrong(wrong)
        dossier.appraisal = {name: answer for name, answer in told.items() if answer}
        Dossier.objects.filter(pk=dossier.pk).update(appraisal=dossier.appraisal)
        return AppraisalRecorded(step=dossier.step or 0, appraisal_digest=appraisal_digest(dossier))

    return make_move(command.target, Action.APPRAISE, decide, acting_user=acting_user, now=now)

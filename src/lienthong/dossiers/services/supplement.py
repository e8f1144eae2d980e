"""Asking the applicant for what is missing, once and for everything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lienthong.accounts.models import User
from lienthong.catalogue import queries as catalogue
from lienthong.dossiers.events import SupplementRequested
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.refusals import DossierRefusal
from lienthong.dossiers.services.moving import Target, make_move
from lienthong.dossiers.services.receive import ReasonMissing, mark_open
from lienthong.dossiers.services.request import MarkedItem
from lienthong.dossiers.states import Action
from lienthong.infra.events import Fact
from lienthong.kernel.days import local_day
from lienthong.rules.parameters import load_parameter


class NothingMarked(DossierRefusal):
    """A supplement was requested without naming an item."""

    def __init__(self) -> None:
        super().__init__("Hãy đánh dấu ít nhất một thành phần cần bổ sung; người nộp chỉ sửa được phần được đánh dấu.")


class SecondRoundNeedsBasis(DossierRefusal):
    """A supplement is asked for again: guidance must be given once, so the law that allows it must be named."""

    def __init__(self, rounds: int) -> None:
        super().__init__(
            f"Hồ sơ đã được yêu cầu bổ sung {rounds} lần. Hướng dẫn phải đầy đủ trong một lần; nêu căn cứ pháp lý để yêu cầu thêm."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSupplement:
    """Lệnh yêu cầu bổ sung, hoàn thiện hồ sơ."""

    target: Target
    items: Sequence[MarkedItem]
    reason: str
    legal_basis: str = ""


def request_supplement(command: RequestSupplement, *, acting_user: User, now: datetime) -> Dossier:
    """Ask the applicant for everything that is missing or wrong, and stop the clock until it is there.

    Yêu cầu bổ sung, hoàn thiện hồ sơ. Only the marked items are open to the applicant. A second round is not
    forbidden by the letter of the law, but needs its legal basis.

    Raises:
        NothingMarked: No item was named.
        ReasonMissing: No reason was given.
        SecondRoundNeedsBasis: It is not the first time and no legal basis was named.

    Legal source:
        61/2018/NĐ-CP, Điều 15 khoản 3 and Điều 19 khoản 4.
    """

    def decide(dossier: Dossier) -> Fact:
        if not command.items:
            raise NothingMarked
        if not command.reason.strip():
            raise ReasonMissing
        warned_from = load_parameter("working_time/intake:supplement_round_warning").value_on(local_day(now))
        if dossier.supplement_rounds + 1 >= warned_from and not command.legal_basis.strip():
            raise SecondRoundNeedsBasis(dossier.supplement_rounds)
        mark_open(dossier, {item.number: (item.mark, item.comment) for item in command.items})
        return SupplementRequested(
            items=sorted(item.number for item in command.items),
            reason=command.reason.strip(),
            round=dossier.supplement_rounds + 1,
            rule=catalogue.get_version(dossier.version_id).supplement_rule,
            legal_basis=command.legal_basis.strip(),
        )

    return make_move(command.target, Action.REQUEST_SUPPLEMENT, decide, acting_user=acting_user, now=now)

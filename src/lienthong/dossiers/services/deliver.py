"""Handing over the result, and hearing what the applicant thought of it."""

from dataclasses import dataclass
from datetime import datetime

from lienthong.accounts.models import User
from lienthong.dossiers.events import DossierRated, ResultReturned
from lienthong.dossiers.models import Dossier, Rating
from lienthong.dossiers.refusals import DossierRefusal
from lienthong.dossiers.services.moving import Target, make_move
from lienthong.dossiers.states import Action, ReturnWay, Satisfaction
from lienthong.infra.events import Fact
from lienthong.kernel.text import clean_line


class RatedBefore(DossierRefusal):
    """A dossier is rated once."""

    def __init__(self) -> None:
        super().__init__("Hồ sơ này đã được đánh giá. Cảm ơn bạn.")


class DecidedByTheSame(DossierRefusal):
    """Whoever decided a dossier does not hand its result over."""

    def __init__(self) -> None:
        super().__init__(
            "Bạn đã ký kết quả của hồ sơ này nên không tự trả được. Hãy để người khác ở bộ phận một cửa trả."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnResult:
    """Lệnh trả kết quả. ``proof`` is the authorisation paper of somebody who collects for another."""

    target: Target
    way: ReturnWay
    recipient: str
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateDossier:
    """Lệnh đánh giá sự hài lòng."""

    target: Target
    level: Satisfaction
    trips: int | None = None
    comment: str = ""
    secret: str = ""


def return_result(command: ReturnResult, *, acting_user: User, now: datetime) -> Dossier:
    """Hand the result over: at the desk, by post, or online.

    Trả kết quả.

    Raises:
        DecidedByTheSame: The same officer decided it (four eyes).

    Legal source:
        61/2018/NĐ-CP, Điều 20.
    """

    def decide(dossier: Dossier) -> Fact:
        if acting_user.pk == dossier.decided_by:
            raise DecidedByTheSame
        recipient = clean_line(command.recipient, at_most=255) or dossier.applicant_name
        return ResultReturned(way=command.way.value, recipient=recipient, proof=clean_line(command.proof, at_most=255))

    return make_move(command.target, Action.RETURN_RESULT, decide, acting_user=acting_user, now=now)


def rate(command: RateDossier, *, acting_user: User | None, now: datetime) -> Dossier:
    """Keep what the applicant thought, apart from the log and from who handled the dossier.

    Đánh giá sự hài lòng.

    Raises:
        RatedBefore: There is a rating already.

    Legal source:
        61/2018/NĐ-CP, Điều 27 khoản 3, Điều 29 and Điều 31.
    """

    def decide(dossier: Dossier) -> Fact:
        if Rating.objects.filter(dossier=dossier).exists():
            raise RatedBefore
        Rating.objects.create(
            dossier=dossier,
            level=command.level.value,
            trips=command.trips,
            comment=clean_line(command.comment, at_most=2000),
            rated_at=now,
        )
        return DossierRated()

    return make_move(command.target, Action.RATE, decide, acting_user=acting_user, now=now, secret=command.secret)

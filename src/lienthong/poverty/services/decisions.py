"""The chair decides: prepared by one, signed by another, and from a day on each household holds its class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra.events import record
from lienthong.kernel.days import format_day, local_day
from lienthong.poverty import policies
from lienthong.poverty.events import DecisionPrepared, DecisionSentBack, DecisionSigned
from lienthong.poverty.models import CommuneReview, RecognitionDecision
from lienthong.poverty.queries.decisions import (
    current_decisions,
    default_applies_from,
    kinds_needed,
    later_standings,
    missing_for_decision,
    outcomes_of,
)
from lienthong.poverty.queries.village import latest_posting, named
from lienthong.poverty.services.stages import ReviewRefused, StageNotDone, locked_commune, move_commune
from lienthong.poverty.services.standings import decide_households
from lienthong.poverty.states import CommuneState, DecisionKind, DecisionState

NUMBER_AT_MOST = 60


class DecisionPreparedAlready(ReviewRefused):
    """A decision waits for its signature already."""

    def __init__(self) -> None:
        super().__init__(_("Quyết định đã được trình, đang chờ ký. Muốn trình lại thì người ký trả lại trước."))


class NothingPrepared(ReviewRefused):
    """No decision waits for a signature."""

    def __init__(self) -> None:
        super().__init__(_("Không có quyết định nào đang chờ ký. Tải lại trang để xem tình trạng mới nhất."))


class PreparedBySame(ReviewRefused):
    """Four eyes: whoever prepared does not sign."""

    def __init__(self) -> None:
        super().__init__(_("Bạn là người trình nên không tự ký được. Quyết định cần người thứ hai ký."))


class NotTheSigner(ReviewRefused):
    """Only the commune's leaders sign."""

    def __init__(self) -> None:
        super().__init__(_("Quyết định do lãnh đạo Ủy ban nhân dân xã ký. Quyết định vẫn giữ trong hàng chờ."))


class NumberNeeded(ReviewRefused):
    """A decision lacks its number, two have the same, or a number is too long."""


class SignedOnWrongDay(ReviewRefused):
    """The day of signing cannot be; the message says why."""


class ClassBeginsLater(ReviewRefused):
    """Some households hold a class from that day or a later one already."""

    def __init__(self, codes: list[str], applies_from: date) -> None:
        words = _("Từ ngày %(day)s trở đi đã có phân loại khác của: %(codes)s. Hãy chọn ngày áp dụng muộn hơn.")
        super().__init__(words % {"codes": named(codes), "day": format_day(applies_from)})


class BackNeedsReason(ReviewRefused):
    """Whoever sends back says why."""

    def __init__(self) -> None:
        super().__init__(_("Chưa ghi lý do trả lại. Hãy ghi điều cần sửa để người trình biết."))


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareDecision:
    """Put the decisions of a commune before its chair. Trình quyết định.

    Args:
        applies_from: From which day the classes hold; None for the usual day.
        client_key: Key of this one form.
    """

    commune_review_id: int
    applies_from: date | None = None
    client_key: UUID | None = None


@transaction.atomic
def prepare_decision(command: PrepareDecision, *, acting_user: User, now: datetime) -> list[RecognitionDecision]:
    """Prepare the decisions of a commune: who is recognised, and who leaves the lists; each gets its own number.

    Trình quyết định công nhận.

    Args:
        command: For which commune, from which day.
        acting_user: Who prepares; must run the commune's review.
        now: When.

    Returns:
        One or two decisions, recognition first.

    Raises:
        CommuneReviewNotFound, NotYourCommune, NotThisStage: No such review for this user, not to run, or nothing was posted.
        StageNotDone: The posting is not over, an objection is not answered, or a result changed since; says all of it.
        DecisionPreparedAlready: One waits for its signature.
        ClassBeginsLater: A household holds a class from that day or later already.
        KeyAlreadyUsed: This form was sent before.
    """
    review = locked_commune(command.commune_review_id, acting_user=acting_user, now=now, states=(CommuneState.POSTED,))
    today = local_day(now)
    if missing := missing_for_decision(review, on=today):
        raise StageNotDone(missing)
    if current_decisions(review):
        raise DecisionPreparedAlready
    outcomes = outcomes_of(review)
    applies_from = command.applies_from or default_applies_from(review, on=today)
    _check_later([outcome.household.household_id for outcome in outcomes], applies_from)
    decisions = []
    for kind in kinds_needed(outcomes):
        decision = RecognitionDecision.objects.create(
            commune_review=review, kind=kind, applies_from=applies_from, prepared_by=acting_user, prepared_at=now
        )
        households = sum(outcome.kind == kind for outcome in outcomes)
        fact = DecisionPrepared(decision_id=decision.pk, kind=kind, households=households)
        record(fact, stream=decision.stream, actor_id=acting_user.pk, at=now, client_key=command.client_key)
        command = PrepareDecision(commune_review_id=review.pk)  # the key marks the first fact alone
        decisions.append(decision)
    return decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class SignDecision:
    """Sign what was prepared. Ký quyết định.

    Args:
        numbers: The number of each decision that waits, by its kind.
        signed_on: The day on the paper; None for today.
        client_key: Key of this one form.
    """

    commune_review_id: int
    numbers: Mapping[DecisionKind, str]
    signed_on: date | None = None
    client_key: UUID | None = None


@transaction.atomic
def sign_decision(command: SignDecision, *, acting_user: User, now: datetime) -> list[RecognitionDecision]:
    """Sign the prepared decisions together: every household of the list gets its class, and the commune is decided.

    Ký quyết định công nhận.

    A decision does not apply before it is signed: signed later than it was to apply, it applies from the day it is signed.

    Args:
        command: Numbers and day.
        acting_user: Who signs; a leader of the commune who did not prepare.
        now: When.

    Returns:
        The signed decisions.

    Raises:
        CommuneReviewNotFound, NotYourCommune, NotThisStage: No such review for this user, or it is not posted.
        NotTheSigner: The user signs nothing in this commune.
        NothingPrepared: No decision waits.
        PreparedBySame: The user prepared it.
        StageNotDone: Something happened since it was prepared; says all of it.
        NumberNeeded: A number is missing or used twice.
        SignedOnWrongDay: In the future, or before the posting was over.
        ClassBeginsLater: A household holds a class from that day or later already.
        KeyAlreadyUsed: This form was sent before.
    """
    review, decisions = _prepared(command.commune_review_id, acting_user=acting_user, now=now)
    if any(decision.prepared_by_id == acting_user.pk for decision in decisions):
        raise PreparedBySame
    today = local_day(now)
    signed_on = command.signed_on or today
    if missing := missing_for_decision(review, on=signed_on):
        raise StageNotDone(missing)
    _check_day(review, signed_on, today=today)
    numbers = _numbers(command.numbers, decisions)
    outcomes = outcomes_of(review)
    applies_from = max(decisions[0].applies_from, signed_on)
    _check_later([outcome.household.household_id for outcome in outcomes], applies_from)
    for decision in decisions:
        decision.number, decision.signed_on, decision.applies_from = numbers[decision.kind], signed_on, applies_from
        decision.state, decision.signed_by, decision.signed_at = DecisionState.SIGNED, acting_user, now
        decision.save()
    decide_households(review, outcomes, decisions, acting_user=acting_user, now=now)
    key = command.client_key
    for decision in decisions:
        fact = DecisionSigned(
            decision_id=decision.pk,
            kind=decision.kind,
            number=decision.number,
            signed_on=signed_on,
            households=sum(outcome.kind == decision.kind for outcome in outcomes),
        )
        record(fact, stream=decision.stream, actor_id=acting_user.pk, at=now, client_key=key)
        key = None
    move_commune(review, CommuneState.DECIDED, acting_user=acting_user, now=now)
    return decisions


@transaction.atomic
def send_back(commune_review_id: int, *, reason: str, acting_user: User, now: datetime) -> list[RecognitionDecision]:
    """Send the prepared decisions back; they stay, and others are prepared afterwards.

    Trả lại quyết định đã trình.

    Raises:
        CommuneReviewNotFound, NotYourCommune, NotThisStage, NotTheSigner, NothingPrepared: See ``sign_decision``.
        BackNeedsReason: No reason was given.
    """
    _review, decisions = _prepared(commune_review_id, acting_user=acting_user, now=now)
    if not reason.strip():
        raise BackNeedsReason
    for decision in decisions:
        decision.state, decision.sent_back_reason = DecisionState.SENT_BACK, reason.strip()
        decision.save(update_fields=["state", "sent_back_reason"])
        fact = DecisionSentBack(decision_id=decision.pk)
        record(fact, stream=decision.stream, actor_id=acting_user.pk, at=now)
    return decisions


def _prepared(
    commune_review_id: int, *, acting_user: User, now: datetime
) -> tuple[CommuneReview, list[RecognitionDecision]]:
    review = locked_commune(commune_review_id, acting_user=acting_user, now=now, states=(CommuneState.POSTED,))
    if not policies.signs_in_commune(acting_user, review.unit_id, on=local_day(now)):
        raise NotTheSigner
    decisions = [one for one in current_decisions(review) if one.state == DecisionState.PREPARED]
    if not decisions:
        raise NothingPrepared
    return review, decisions


def _check_day(review: CommuneReview, signed_on: date, *, today: date) -> None:
    posting = latest_posting(review)
    if signed_on > today:
        raise SignedOnWrongDay(_("Ngày ký chưa tới. Hãy ghi ngày ký trên quyết định, không muộn hơn hôm nay."))
    if posting is not None and signed_on < posting.ends_on:
        words = _("Niêm yết kết thúc trước ngày %(day)s; quyết định không thể ký sớm hơn.")
        raise SignedOnWrongDay(words % {"day": format_day(posting.ends_on)})


def _check_later(household_ids: list[int], applies_from: date) -> None:
    if later := later_standings(household_ids, applies_from=applies_from):
        raise ClassBeginsLater([standing.household.code for standing in later], applies_from)


def _numbers(given: Mapping[DecisionKind, str], decisions: list[RecognitionDecision]) -> dict[str, str]:
    numbers = {decision.kind: given.get(DecisionKind(decision.kind), "").strip() for decision in decisions}
    if not all(numbers.values()):
        raise NumberNeeded(_("Mỗi quyết định phải có số. Hãy ghi số như trên văn bản, ví dụ 125/QĐ-UBND."))
    if len(set(numbers.values())) < len(numbers):
        raise NumberNeeded(_("Hai quyết định không thể cùng một số. Kiểm tra lại số văn bản."))
    if any(len(number) > NUMBER_AT_MOST for number in numbers.values()):
        raise NumberNeeded(_("Số quyết định dài tối đa %(n)s ký tự.") % {"n": NUMBER_AT_MOST})
    return numbers

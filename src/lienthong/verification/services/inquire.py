"""Asking about one person: a question of the engine's list is put, and what comes back is written down and used."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from rapidfuzz.fuzz import token_sort_ratio

from lienthong.accounts.models import User
from lienthong.infra.events import KeyAlreadyUsed, record
from lienthong.infra.models import Event
from lienthong.kernel.days import local_day
from lienthong.kernel.text import fold
from lienthong.verification import policies, store
from lienthong.verification.adapters.local_query import LocalQuery
from lienthong.verification.events import PopulationInquired
from lienthong.verification.models import Inquiry, PopulationCopy, RegisterEntry
from lienthong.verification.ports import PopulationQuery
from lienthong.verification.queries.cases import questions_for
from lienthong.verification.services.case_moves import (
    CaseRefused,
    CaseTarget,
    KeyUsedElsewhere,
    NotPossibleNow,
    NotYourCase,
    StaleCase,
    locked_case,
)
from lienthong.verification.sides import plain_value
from lienthong.verification.states import CASE_MOVES, CaseAction, CaseState, CopyState

MOST_ANSWERS = 20
_LEAST_ALIKE = 75.0


class NobodyToAsk(CaseRefused):
    """There is no copy of the population data to ask."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Chưa có bản sao dữ liệu dân cư để hỏi. Hãy báo Sở nạp bản sao, hoặc đưa bản ghi vào danh sách đi xác minh."
            )
        )


class NoSuchQuestion(CaseRefused):
    """The record has changed and is asked otherwise now."""

    def __init__(self) -> None:
        super().__init__(_("Cách hỏi này không còn trong danh sách. Tải lại trang rồi chọn cách hỏi khác."))


def inquire(
    target: CaseTarget, *, place: int, acting_user: User, now: datetime, query: PopulationQuery | None = None
) -> Inquiry:
    """Put one question about the person of a case and write down what came back.

    Hỏi từng người. One person who comes back alone, and can be this one, stands on their side of the case from now on;
    of anybody else nothing is kept but how many they were.

    Args:
        target: The case as it was shown.
        place: Which of ``questions_for`` is asked, from 0.
        acting_user: Who asks.
        now: When.
        query: Whom to ask; the copy in use where None.

    Raises:
        NobodyToAsk: There is no copy in use.
        NoSuchQuestion: There is no question at this place.
        CaseRefused: See ``change_case``.
    """
    try:
        with transaction.atomic():
            case = locked_case(target.case_id, acting_user=acting_user, now=now)
            if case.version != target.seen:
                if Event.objects.filter(stream=case.stream, client_key=target.client_key).exists():
                    return Inquiry.objects.filter(case=case).latest("id")
                raise StaleCase
            if not policies.works_in(acting_user, case.commune_id, on=local_day(now)):
                raise NotYourCase
            if case.state not in CASE_MOVES[CaseAction.DECIDE].origin:
                raise NotPossibleNow(CaseAction.DECIDE, CaseState(case.state))
            questions = questions_for(case.entry, on=local_day(now))
            if not 0 <= place < len(questions):
                raise NoSuchQuestion
            asked = {name: value for name, value in asdict(questions[place]).items() if name != "words"}
            found = (query or _copy_in_use()).find(**asked, at_most=MOST_ANSWERS)
            alone = found[0] if len(found) == 1 and _can_be(case.entry, found[0]) else {}
            inquiry = Inquiry.objects.create(
                case=case, label=questions[place].words[:200], asked=asked, answers=len(found), person=alone,
                asked_by=acting_user, asked_at=now,
            )  # fmt: skip
            case.version += 1
            case.save(update_fields=["version"])
            told = PopulationInquired(case_id=case.pk, inquiry_id=inquiry.pk, answers=len(found))
            record(told, stream=case.stream, actor_id=acting_user.pk, at=now, client_key=target.client_key)
            return inquiry
    except KeyAlreadyUsed as used:
        raise KeyUsedElsewhere from used


def _copy_in_use() -> PopulationQuery:
    copy = PopulationCopy.objects.filter(state=CopyState.READY).first()
    if copy is None or not store.copy_folder(copy.folder).exists():
        raise NobodyToAsk
    return LocalQuery(store.copy_folder(copy.folder))


def _can_be(entry: RegisterEntry, person: dict[str, str]) -> bool:
    """Tell whether somebody can be the person of an entry: a number alone may be a stranger's, whom nobody needs to see."""
    alike = token_sort_ratio(fold(entry.full_name), fold(person.get("full_name", "")))
    ours, theirs = (plain_value("birth_date", text) for text in (entry.birth_date, person.get("birth_date", "")))
    return alike >= _LEAST_ALIKE or (bool(ours) and ours == theirs)

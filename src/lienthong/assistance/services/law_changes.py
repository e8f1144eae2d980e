"""Applying a law that was in force later than it applies: reckoned by a job, approved by a second person, written by a job.

Nothing that was computed earlier is changed: new rates follow the old ones, and the next run of payments carries the arrears.
Both jobs may be killed at any moment and go on where they were.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.assistance import policies
from lienthong.assistance.law_events import (
    LawChangeApplied,
    LawChangeApproved,
    LawChangeOpened,
    LawChangePrepared,
    LawChangeRefused,
)
from lienthong.assistance.models import Entitlement, EntitlementRate, LawChange, LawChangeRow, of
from lienthong.assistance.queries.facts import History, histories_of
from lienthong.assistance.queries.law_differences import (
    PEOPLE_AT_ONCE,
    Difference,
    NewLaw,
    differences_of,
    people_touched,
)
from lienthong.assistance.queries.law_values import known_before, late_months, values_from
from lienthong.assistance.queries.top_ups import law_in_words
from lienthong.assistance.services.bulk import ManyRates
from lienthong.assistance.services.once_differing import note_once_differing
from lienthong.assistance.services.rates import Replacement, amount_in, computed, current_rates, replacement
from lienthong.assistance.services.refusals import (
    AlreadySettled,
    AssistanceRefusal,
    DecidesOwnProposal,
    NotYours,
    RecordUnknown,
    reason_given,
)
from lienthong.assistance.states import LawChangeState, LawRowState, Programme
from lienthong.infra.events import record
from lienthong.infra.working import Progress, alone, moment
from lienthong.kernel.days import format_day, local_day
from lienthong.rules.social_assistance.timing import month_of

APPLIED_AT_ONCE: Final = 200
WORK: Final = "assistance-law-change"


class NothingNew(AssistanceRefusal):
    """No value of the programme applies from the month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeLawChange:
    """Lệnh tính chênh lệch theo mức mới.

    Attributes:
        from_month: From when the new law applies, by any day of the month.
        known_before: The last day of the law before; None: the day before the first of the new values was in force.
    """

    programme: str
    from_month: date
    known_before: date | None = None


def new_law(command: ProposeLawChange, *, on: date) -> NewLaw:
    """Say which law is compared with which.

    Raises:
        NothingNew: No value of the programme applies from the month, as far as it is in force.
    """
    month = month_of(command.from_month)
    values = values_from(command.programme, month, on=on)
    before = command.known_before or known_before(values)
    if before is None or month > on:
        late = ", ".join(f"{one:%m/%Y}" for one in late_months(command.programme, on=on)) or _("không có")
        raise NothingNew(
            _("Không có mức nào của %(programme)s áp dụng từ tháng %(month)s và đã có hiệu lực đến %(day)s. Các tháng có mức áp dụng sớm hơn ngày có hiệu lực: %(late)s.")
            % {
                "programme": Programme(command.programme).label, "month": f"{month:%m/%Y}", "day": format_day(on), "late": late,
            }
        )  # fmt: skip
    return NewLaw(
        programme=command.programme, from_month=month, until_month=month_of(on), known_before=before, known_on=on
    )


def propose_law_change(command: ProposeLawChange, *, acting_user: User, now: datetime) -> LawChange:
    """Have the differences reckoned that the law as it is known now makes; another person then approves.

    Lập bảng áp dụng mức mới.

    Raises:
        NotYours: The user does not work on the programme at the province.
        NothingNew: No value applies from the month.
        AlreadySettled: Another application of the programme is not finished.
    """
    on = local_day(now)
    if not policies.runs_province(acting_user, on=on, programme=command.programme):
        raise NotYours(_("Chỉ cán bộ phụ trách chương trình này ở sở mới lập được bảng áp dụng mức mới."))
    law = new_law(command, on=on)
    values = [one.as_plain() for one in values_from(command.programme, law.from_month, on=on)]
    try:
        with transaction.atomic():
            change = LawChange.objects.create(
                programme=law.programme, from_month=law.from_month, until_month=law.until_month,
                known_before=law.known_before, known_on=law.known_on, values=values, prepared_by=acting_user, prepared_at=now,
                progress={"stage": _("Chờ tính"), "share": 0.0, "began": now.isoformat()},
            )  # fmt: skip
            fact = LawChangeOpened(
                change_id=change.pk, programme=law.programme, from_month=law.from_month, known_before=law.known_before,
                known_on=law.known_on,
            )  # fmt: skip
            record(fact, stream=change.stream, actor_id=acting_user.pk, at=now)
    except IntegrityError as taken:
        raise AlreadySettled(
            _("Chương trình này đang có một bảng áp dụng mức mới chưa xong. Hãy duyệt hoặc bỏ bảng đó trước.")
        ) from taken
    return change


def law_of(change: LawChange) -> NewLaw:
    """Return which law a change compares with which."""
    return NewLaw(
        programme=change.programme, from_month=change.from_month, until_month=change.until_month,
        known_before=change.known_before, known_on=change.known_on,
    )  # fmt: skip


def reckon_law_change(change_id: int) -> None:
    """Reckon everything that is left of a change; after a kill it goes on, done once more it does nothing.

    Raises:
        WorkedElsewhere: Another worker does it.
        NoValueInForce: Something is not recorded for a month.
    """
    with alone(WORK):
        change = LawChange.objects.get(pk=change_id)
        if change.state != LawChangeState.RECKONING:
            return
        law, progress = law_of(change), Progress(change, now=moment())
        people = people_touched(law, after=change.position)
        total = sum(1 for _one in people_touched(law)) or 1
        done = 0
        while chunk := list(islice(people, PEOPLE_AT_ONCE)):
            with transaction.atomic():
                _write_rows(change, differences_of(law, chunk))
                LawChange.objects.filter(pk=change.pk).update(position=chunk[-1])
            done += len(chunk)
            progress(_("Tính chênh lệch"), done / total)
        _finish_reckoning(change_id)


def _write_rows(change: LawChange, found: Sequence[Difference]) -> None:
    LawChangeRow.objects.bulk_create(
        (
            LawChangeRow(
                change=change, person_id=one.person_id, benefit=str(one.of.benefit), unit_id=one.of.unit_id,
                month=one.month, old=one.old, new=one.new, was_paid=one.was_paid, state=one.state,
                **({"entitlement": one.of} if one.entitlement else of(one.of)),
            )
            for one in found
        ),
        batch_size=2_000,
    )  # fmt: skip


@transaction.atomic
def _finish_reckoning(change_id: int) -> None:
    change = LawChange.objects.select_for_update().get(pk=change_id)
    if change.state != LawChangeState.RECKONING:
        return
    rows = LawChangeRow.objects.filter(change=change).order_by()
    by_law = rows.filter(state=LawRowState.LAW)
    sums = by_law.aggregate(
        people=Count("person", distinct=True), months=Count("pk"), amount=Sum(F("new") - F("old")),
        arrears=Sum(F("new") - F("old"), filter=Q(was_paid=True, new__gt=F("old"))),
    )  # fmt: skip
    change.people, change.months = sums["people"], sums["months"]
    change.amount, change.arrears = sums["amount"] or 0, sums["arrears"] or 0
    change.apart = rows.exclude(state=LawRowState.LAW).values("person").distinct().count()
    change.state, change.position = LawChangeState.PREPARED, 0
    change.progress = {**change.progress, "stage": _("Đã tính xong"), "share": 1.0}
    change.save()
    fact = LawChangePrepared(
        change_id=change.pk, people=change.people, months=change.months, amount=change.amount, arrears=change.arrears,
        apart=change.apart,
    )  # fmt: skip
    record(fact, stream=change.stream, actor_id=change.prepared_by_id, at=moment())


def approve_law_change(change_id: int, *, decision_number: str = "", acting_user: User, now: datetime) -> LawChange:
    """Approve what was reckoned; a job then writes the new rates.

    Duyệt áp dụng mức mới.

    Raises:
        RecordUnknown: There is none.
        AlreadySettled: It does not wait for an approval.
        NotYours: The user approves nothing of the programme.
        DecidesOwnProposal: The user prepared it.
    """
    with transaction.atomic():
        change = _to_decide(change_id, acting_user, now)
        change.state, change.position = LawChangeState.APPLYING, 0
        change.decided_by, change.decided_at = acting_user, now
        change.decision_number = decision_number.strip()[:60]
        change.progress = {"stage": _("Chờ ghi mức mới"), "share": 0.0, "began": now.isoformat()}
        change.save()
        fact = LawChangeApproved(change_id=change.pk, decision_number=change.decision_number)
        record(fact, stream=change.stream, actor_id=acting_user.pk, at=now)
    return change


def refuse_law_change(change_id: int, *, reason: str, acting_user: User, now: datetime) -> LawChange:
    """Leave everything as it is. Whoever prepared it may take it back so.

    Không áp dụng bảng tính.

    Raises:
        RecordUnknown, AlreadySettled, NotYours: As for an approval.
        ReasonMissing: No reason is given.
    """
    reason = reason_given(reason)
    with transaction.atomic():
        change = _locked(change_id, (LawChangeState.PREPARED,))
        on = local_day(now)
        if change.prepared_by_id != acting_user.pk and not policies.approves_at_province(
            acting_user, on=on, programme=change.programme
        ):
            raise NotYours(_("Chỉ người lập hoặc lãnh đạo của sở phụ trách bỏ được bảng tính này."))
        change.state, change.note = LawChangeState.REFUSED, reason
        change.save(update_fields=["state", "note"])
        record(
            LawChangeRefused(change_id=change.pk, reason=reason), stream=change.stream, actor_id=acting_user.pk, at=now
        )
    return change


def _locked(change_id: int, states: Sequence[LawChangeState]) -> LawChange:
    change = LawChange.objects.select_for_update().filter(pk=change_id).first()
    if change is None:
        raise RecordUnknown(_("Không có bảng áp dụng mức mới này. Hãy mở lại trang."))
    if change.state not in states:
        words = {"state": LawChangeState(change.state).label}
        raise AlreadySettled(
            _("Bảng áp dụng mức mới này %(state)s, không làm được thao tác đó. Hãy mở lại trang.") % words
        )
    return change


def _to_decide(change_id: int, user: User, now: datetime) -> LawChange:
    change = _locked(change_id, (LawChangeState.PREPARED,))
    if not policies.approves_at_province(user, on=local_day(now), programme=change.programme):
        raise NotYours(_("Chỉ lãnh đạo của sở phụ trách chương trình này duyệt được."))
    if change.prepared_by_id == user.pk:
        raise DecidesOwnProposal(_("Bạn đã lập bảng này nên không tự duyệt được. Hãy nhờ người khác duyệt."))
    return change


def apply_law_change(change_id: int) -> None:
    """Write the new rates of everybody in an approved change; after a kill it goes on, done once more it does nothing.

    Raises:
        WorkedElsewhere: Another worker does it.
    """
    with alone(WORK):
        change = LawChange.objects.get(pk=change_id)
        if change.state != LawChangeState.APPLYING:
            return
        progress, done = Progress(change, now=moment()), 0
        waiting = LawChangeRow.objects.filter(change=change, state=LawRowState.LAW, person_id__gt=change.position)
        people = (
            waiting.order_by("person_id").values_list("person_id", flat=True).distinct().iterator(chunk_size=20_000)
        )
        while chunk := list(islice(people, APPLIED_AT_ONCE)):
            with transaction.atomic():
                _apply_to(change, chunk)
                LawChange.objects.filter(pk=change.pk).update(position=chunk[-1])
            done += len(chunk)
            progress(_("Ghi mức mới"), done / (change.people or 1))
        _finish_applying(change_id)


def _apply_to(change: LawChange, person_ids: Sequence[int]) -> None:
    expected: dict[int, dict[date, int]] = defaultdict(dict)
    rows = LawChangeRow.objects.filter(change=change, person_id__in=person_ids, state=LawRowState.LAW)
    for entitlement_id, month, new in rows.order_by("pk").values_list("entitlement_id", "month", "new"):
        expected[entitlement_id][month] = new or 0
    benefits = list(Entitlement.objects.select_for_update().filter(pk__in=list(expected)).order_by("pk"))
    current: dict[int, list[EntitlementRate]] = defaultdict(list)
    for rate in current_rates(expected, from_month=change.from_month):
        current[rate.entitlement_id].append(rate)
    histories, now, written = histories_of(person_ids), moment(), ManyRates()
    done: list[int] = []
    changed: list[int] = []
    for benefit in benefits:
        made = _following(
            change, benefit, current[benefit.pk], histories[benefit.person_id], expected[benefit.pk], now=now
        )
        (done if made else changed).append(benefit.pk)
        if made is None:
            continue
        written.take(made, at=now)
        if made.change:
            written.tell_adjusted(made.change, reason=law_in_words(change), by=change.decided_by_id, at=now)
    written.write()
    rows.filter(entitlement_id__in=done).update(state=LawRowState.DONE)
    rows.filter(entitlement_id__in=changed).update(state=LawRowState.CHANGED)


def _following(
    change: LawChange, row: Entitlement, current: Sequence[EntitlementRate], history: History,
    expected: Mapping[date, int], *, now: datetime,
) -> Replacement | None:  # fmt: skip
    """Return the rates of one benefit by the law; None where they would be others than those that were approved."""
    spans = computed(row, history, from_month=change.from_month, on=local_day(now), known_on=change.known_on)
    if any(amount_in(spans, month) != amount for month, amount in expected.items()):
        return None
    first = max(change.from_month, row.first_month)
    return replacement(row, current, spans, from_month=first, acting_user_id=change.decided_by_id, now=now)


@transaction.atomic
def _finish_applying(change_id: int) -> None:
    change = LawChange.objects.select_for_update().get(pk=change_id)
    if change.state != LawChangeState.APPLYING:
        return
    rows = LawChangeRow.objects.filter(change=change).order_by()
    applied = rows.filter(state=LawRowState.DONE).values("entitlement").distinct().count()
    changed = rows.filter(state=LawRowState.CHANGED).values("entitlement").distinct().count()
    change.state, change.finished_at = LawChangeState.APPLIED, moment()
    change.progress = {**change.progress, "stage": _("Đã ghi mức mới"), "share": 1.0}
    change.save(update_fields=["state", "finished_at", "progress"])
    note_once_differing(change, now=change.finished_at)
    fact = LawChangeApplied(change_id=change.pk, applied=applied, changed=changed)
    record(fact, stream=change.stream, actor_id=change.decided_by_id, at=change.finished_at)

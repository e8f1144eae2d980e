"""Many cases by one decision: exactly those that were shown, as they were shown; what changed since is left and told.

Chấp nhận hàng loạt. A bulk acceptance is the single one, done to each: a number becomes a proposal, and the second
person may agree in bulk too. All or nothing is written, and a second press writes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra import locks
from lienthong.infra.events import Fact, Head, Link, append, link_to, record
from lienthong.infra.models import Event
from lienthong.kernel.days import local_day
from lienthong.verification import policies
from lienthong.verification.events import CasesBulkAccepted
from lienthong.verification.models import Case, RegisterEntry
from lienthong.verification.queries.cases import acceptable
from lienthong.verification.services.case_moves import CaseRefused
from lienthong.verification.services.corrections import WRITTEN
from lienthong.verification.services.decide import NothingToAccept, decide_or_propose
from lienthong.verification.services.propose import approve_locked
from lienthong.verification.sides import accepted_changes
from lienthong.verification.states import CASE_MOVES, ENDED_CASES, CaseAction, CaseState, Decision

BULK_AT_MOST = 5_000
_AT_ONCE = 500
_SIGNED = (
    "state", "decision", "proposal", "touches_number", "note", "proposed_by", "proposed_at", "decided_by", "decided_at",
    "closed_at", "version",
)  # fmt: skip


class TooManyAtOnce(CaseRefused):
    """More cases than one decision takes."""

    def __init__(self, count: int) -> None:
        words = _(
            "Mỗi lần nhận tối đa %(most)s việc, đang chọn %(count)s. Hãy lọc theo thôn hoặc loại rồi nhận từng phần."
        )
        super().__init__(words % {"most": BULK_AT_MOST, "count": count})


class NothingMarked(CaseRefused):
    """No case was chosen."""

    def __init__(self) -> None:
        super().__init__(_("Chưa chọn việc nào. Đánh dấu các việc cần xử lý rồi bấm lại."))


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyCases:
    """Cases as they were shown: (id, version) each, and the key of this one decision."""

    shown: tuple[tuple[int, int], ...]
    client_key: UUID


@dataclass(frozen=True, slots=True)
class BulkReport:
    """What became of many cases. ``skipped`` changed since they were shown, or cannot be decided in bulk."""

    decided: int
    proposed: int
    skipped: int


def bulk_accept(command: ManyCases, *, acting_user: User, now: datetime) -> BulkReport:
    """Accept all these cases at once: written where no number is touched, proposed to the second person where one is.

    Chấp nhận hàng loạt.

    Only what is open, of a kind for it, and certain from the threshold of its batch on; everything else is left.

    Raises:
        NothingMarked: No case was chosen.
        TooManyAtOnce: More than one decision takes.
    """

    def one(case: Case) -> tuple[CaseAction, list[Fact]]:
        changes = accepted_changes(case.entry, case.verdict)
        if not changes:
            raise NothingToAccept
        return decide_or_propose(
            case, Decision.ACCEPT, changes, note="", acting_user=acting_user, now=now, is_saved_now=False
        )

    may = set(acceptable(Case.objects.filter(pk__in=[pk for pk, _seen in command.shown])).values_list("pk", flat=True))
    return _each(command, one, may=may, acting_user=acting_user, now=now)


def bulk_approve(command: ManyCases, *, acting_user: User, now: datetime) -> BulkReport:
    """Agree at once to many proposals of others. Own proposals and those of other communes are left.

    Đồng ý hàng loạt.

    Raises:
        NothingMarked: No case was chosen.
        TooManyAtOnce: More than one decision takes.
    """

    def one(case: Case) -> tuple[CaseAction, list[Fact]]:
        return CaseAction.APPROVE, approve_locked(case, acting_user=acting_user, now=now, is_saved_now=False)

    return _each(command, one, may=None, acting_user=acting_user, now=now)


@transaction.atomic
def _each(
    command: ManyCases, one: Callable[[Case], tuple[CaseAction, list[Fact]]], *, may: set[int] | None,
    acting_user: User, now: datetime,
) -> BulkReport:  # fmt: skip
    if not command.shown:
        raise NothingMarked
    if len(command.shown) > BULK_AT_MOST:
        raise TooManyAtOnce(len(command.shown))
    stream = f"case_bulk:{acting_user.pk}"
    locks.hold(f"stream:{stream}")
    if Event.objects.filter(stream=stream, client_key=command.client_key).exists():
        return BulkReport(0, 0, 0)
    seen, done, thresholds = dict(command.shown), [], set()
    ordered = sorted(seen)
    for start in range(0, len(ordered), _AT_ONCE):
        cases, facts = [], []
        for case in _locked(ordered[start : start + _AT_ONCE], acting_user, now):
            if case.version != seen[case.pk] or (may is not None and case.pk not in may):
                continue
            try:
                action, happened = one(case)
            except CaseRefused:
                continue
            case.state = CASE_MOVES[action].target
            case.closed_at = now if case.state in ENDED_CASES else None
            case.version += 1
            cases.append(case)
            facts.append(happened)
            thresholds.add(case.verdict.batch.threshold)
        _write(cases, facts, acting_user=acting_user, now=now)
        done += cases
    digest = hashlib.blake2b(",".join(str(case.pk) for case in done).encode(), digest_size=16).hexdigest()
    told = CasesBulkAccepted(
        batch_id=None, threshold=min(thresholds, default=1.0), accepted=len(done), case_ids_digest=digest
    )
    record(told, stream=stream, actor_id=acting_user.pk, at=now, client_key=command.client_key)
    proposed = sum(case.state == CaseState.PROPOSED for case in done)
    return BulkReport(decided=len(done) - proposed, proposed=proposed, skipped=len(seen) - len(done))


def _locked(ids: Sequence[int], user: User, now: datetime) -> list[Case]:
    today = local_day(now)
    rows = (
        Case.objects.select_for_update(of=("self", "entry"))
        .select_related("entry__register", "verdict__batch")
        .filter(policies.visible_to(user, on=today), pk__in=ids)
        .order_by("id")
    )
    return [case for case in rows if policies.works_in(user, case.commune_id, on=today)]


def _write(cases: list[Case], facts: list[list[Fact]], *, acting_user: User, now: datetime) -> None:
    if not cases:
        return
    _write_rows(cases, _SIGNED)
    _write_rows([case.entry for case in cases], WRITTEN)
    streams = [case.stream for case in cases]
    ends = Event.objects.filter(stream__in=streams).order_by("stream", "-sequence").distinct("stream")
    heads = {
        stream: Head(sequence, hash_) for stream, sequence, hash_ in ends.values_list("stream", "sequence", "hash")
    }
    links: list[Link] = []
    for case, happened in zip(cases, facts, strict=True):
        head = heads.get(case.stream, Head())
        for fact in happened:
            link = link_to(head, fact, stream=case.stream, actor_id=acting_user.pk, at=now)
            links.append(link)
            head = link.head
    append(links)


def _write_rows(rows: Sequence[Case | RegisterEntry], names: Sequence[str]) -> None:
    """Write some columns of many rows by one prepared statement: a tenth of the time of Django's one long CASE."""
    table = type(rows[0])._meta
    fields = [field for field in table.concrete_fields if field.name in names]
    assigned = ", ".join(f"{field.column} = %s" for field in fields)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table.db_table} SET {assigned} WHERE id = %s",  # noqa: S608 -- names of our own columns
            [
                [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), row.pk]
                for row in rows
            ],
        )

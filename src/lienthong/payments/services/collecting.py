"""Collect the lines of a run: what the job does, so that it may be killed at any moment and done again.

What sources owe goes into a temporary table, chunk by chunk; nothing of it is kept when the process dies. Lines, what did not
arrive before, overpayments, totals and the fact are then one transaction: all of it is there, or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lienthong.infra import bulk
from lienthong.infra.events import Fact, record
from lienthong.infra.working import Progress, alone, is_cut_off, moment
from lienthong.kernel.days import local_day
from lienthong.payments import sources
from lienthong.payments.digests import digest_of_run
from lienthong.payments.events import (
    OverpaymentFound,
    OverpaymentWithdrawn,
    PaymentRunPrepared,
    PaymentRunStopped,
)
from lienthong.payments.models import Overpayment, PaymentRun
from lienthong.payments.services import statements_of_lines as statements
from lienthong.payments.services.answers import hold_answers
from lienthong.payments.services.budgets_left import BudgetShort, check_budgets
from lienthong.payments.services.refusals import PaymentRefused, SourceWrong
from lienthong.payments.sources import Owed, PayableSource
from lienthong.payments.states import HOLD_SENTENCES, OverpaymentState, RunState
from lienthong.rules.parameters import NoValueInForce
from lienthong.units import queries as units

ROWS_AT_ONCE = 20_000
COLLECTING = "payment-collecting"


def collect_run(run_id: int) -> None:
    """Do everything that is left of a run being collected. After a kill it begins anew; called once more, it does nothing.

    Raises:
        WorkedElsewhere: Another worker collects a run.
    """
    with alone(COLLECTING):
        run = PaymentRun.objects.get(pk=run_id)
        if run.state != RunState.COLLECTING or run.stopped:
            return
        try:
            _collect(run)
        except BudgetShort as short:
            stop_run(run_id, str(short), shortfalls=short.shortfalls)
        except (PaymentRefused, NoValueInForce) as refusal:
            stop_run(run_id, str(refusal))
        except Exception:
            if is_cut_off():
                raise
            stop_run(
                run_id,
                _("Có lỗi khi tổng hợp; chưa khoản nào được ghi. Bấm “Tổng hợp lại”; nếu vẫn dừng, báo quản trị viên."),
            )
            raise


@transaction.atomic
def stop_run(run_id: int, reason: str, *, shortfalls: list[dict[str, Any]] | None = None) -> None:
    """Let a run stand still with a reason; nothing of it was written."""
    run = PaymentRun.objects.select_for_update().get(pk=run_id)
    if run.state != RunState.COLLECTING or run.stopped:
        return
    run.stopped, run.shortfalls = reason[:2000], shortfalls or []
    run.progress = {**run.progress, "stage": _("Đã dừng")}
    run.version += 1
    run.save(update_fields=["stopped", "shortfalls", "progress", "version"])
    record(PaymentRunStopped(run_id=run.pk, reason=run.stopped), stream=run.stream, actor_id=None, at=moment())


def _collect(run: PaymentRun) -> None:
    began = moment()
    progress = Progress(run, now=began)
    with connection.cursor() as cursor:
        cursor.execute(statements.DROP)
        cursor.execute(statements.CREATE)
    asked = sources.registered()
    for place, source in enumerate(asked.values()):
        _take_owed(run, source, progress.within(0.5 * place / len(asked), 0.5 * (place + 1) / len(asked)))
    progress(_("Kiểm tra dữ liệu của các chương trình"), 0.5)
    _refuse_twice()
    progress(_("Lập danh sách"), 0.6)
    with transaction.atomic():
        run = PaymentRun.objects.select_for_update().get(pk=run.pk)
        if run.state != RunState.COLLECTING or run.stopped:
            return
        _write(run, began=began, codes=list(asked))
    with connection.cursor() as cursor:
        cursor.execute(statements.DROP)


def _take_owed(run: PaymentRun, source: PayableSource, progress: Progress) -> None:
    """Copy what a source owes, so many rows at a time: while they are copied, the source is not asked."""
    stage = _("Hỏi %(source)s") % {"source": source.label}
    rows = source.owed(run.month, since=run.since, changed_since=run.changed_since)
    remaining: Iterator[Owed] = iter(rows)
    progress(stage, 0.0)
    taken = 0
    while block := list(islice(remaining, ROWS_AT_ONCE)):
        bulk.copy_lines(
            "payments_owed", statements.OWED_COLUMNS, (_line(source, owed, month=run.month) for owed in block)
        )
        taken += len(block)
        progress(stage, taken / (taken + ROWS_AT_ONCE))


def _line(source: PayableSource, owed: Owed, *, month: date) -> str:
    has_one_payee = (owed.payee_id is None) != (owed.payee_organization_id is None)
    if owed.amount < 0 or not 0 <= owed.deduction <= owed.amount or owed.for_month.day != 1 or not has_one_payee:
        raise SourceWrong(
            _("Nguồn “%(source)s” đưa ra một khoản không thể có (người số %(person)s, tháng %(month)s, %(amount)s đồng).")
            % {
                "source": source.label, "person": owed.person_id, "month": f"{owed.for_month:%m/%Y}",
                "amount": owed.amount,
            }
        )  # fmt: skip
    deduction = owed.deduction if owed.for_month == month else 0
    return bulk.line((
        source.code, owed.benefit, owed.person_id, owed.payee_id, owed.payee_organization_id, owed.unit_id, owed.for_month,
        owed.amount, deduction, owed.words[:1000], json.dumps(dict(owed.basis), ensure_ascii=False, default=str), owed.matter,
    ))  # fmt: skip


def _refuse_twice() -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements.TWICE)
        twice = cursor.fetchone()
        if twice is not None:
            source, benefit, person_id, for_month = twice
            raise SourceWrong(
                _("Nguồn “%(source)s” đưa ra hai lần khoản “%(benefit)s” của người số %(person)s, tháng %(month)s.")
                % {
                    "source": sources.label_of(source), "benefit": sources.benefit_label(source, benefit),
                    "person": person_id, "month": f"{for_month:%m/%Y}",
                }
            )  # fmt: skip
        cursor.execute(statements.INDEX)
        cursor.execute(statements.ANALYZE)


def _write(run: PaymentRun, *, began: datetime, codes: list[str]) -> None:
    """Turn what is owed into lines and everything that belongs to them, in the running transaction."""
    hold_answers()  # what does not arrive while lines are written is for the next run, and nothing is paid in between
    heirs = units.successions().sole_heirs(max(local_day(began), run.month))
    values: dict[str, Any] = {
        "absorbed": list(heirs), "heirs": list(heirs.values()), "run": run.pk, "month": run.month, "since": run.since, "sources": codes, "day": local_day(began),
        "sentences": json.dumps({reason.value: sentence for reason, sentence in HOLD_SENTENCES.items()}),
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in (
            statements.RESUMED, statements.ADD_NOTHING_OWED, statements.ADD_RESUMED, statements.AT_HEIRS, statements.ANALYZE,
            statements.NOTE_OWED, statements.LIVE, statements.WRITE_LINES, statements.MARK_RESUMED,
        ):  # fmt: skip
            cursor.execute(statement, values if "%(" in statement else None)
        cursor.execute(statements.TOTALS, values)
        lines, amount, deducted, held_lines, held_amount = cursor.fetchone()
    run.notices, on = check_budgets(run), local_day(began)
    overpayments = _note_overpayments(run, at=began)
    run.state, run.collected_at, run.prepared_at = RunState.PREPARED, began, moment()
    run.lines_total, run.amount_total, run.deducted_total = lines, amount, deducted
    run.held_lines, run.held_amount = held_lines, held_amount
    run.rule_version = " ".join(
        filter(None, (one.known_on(run.month, on=on) for one in sources.registered().values()))
    )[:64]
    run.digest = digest_of_run(run.pk)
    run.progress = {"stage": _("Đã lập danh sách"), "share": 1.0, "began": began.isoformat()}
    run.version += 1
    run.save()
    fact = PaymentRunPrepared(
        run_id=run.pk, lines=lines, amount=amount, deducted=deducted, held_lines=held_lines, held_amount=held_amount,
        overpayments=overpayments, digest=run.digest,
    )  # fmt: skip
    record(fact, stream=run.stream, actor_id=run.prepared_by_id, at=run.prepared_at)


def _note_overpayments(run: PaymentRun, *, at: datetime) -> int:
    """Bring open overpayments up to date with what is owed now. Return how many are new or have another amount."""
    with connection.cursor() as cursor:
        cursor.execute(statements.OVERPAID)
        rows = cursor.fetchall()
    found, still_open = 0, Overpayment.objects.filter(state=OverpaymentState.OPEN)
    for source, benefit, person_id, for_month, matter, open_id, _open_amount, amount, words in rows:
        fact: Fact
        if not amount:
            still_open.filter(pk=open_id).update(state=OverpaymentState.WITHDRAWN, settled_at=at)
            fact = OverpaymentWithdrawn(overpayment_id=open_id, run_id=run.pk, for_month=for_month)
            record(fact, stream=f"overpayment:{open_id}", actor_id=None, at=at)
            continue
        found += 1
        if open_id:
            still_open.filter(pk=open_id).update(amount=amount, run=run, words=words, found_at=at)
        else:
            open_id = Overpayment.objects.create(  # noqa: PLW2901 -- the row that was open, or the one that is now
                source=source, benefit=benefit, person_id=person_id, for_month=for_month, matter=matter, amount=amount, run=run,
                words=words, found_at=at,
            ).pk  # fmt: skip
        fact = OverpaymentFound(
            overpayment_id=open_id, run_id=run.pk, source=source, benefit=benefit, person_id=person_id, for_month=for_month, amount=amount,
        )  # fmt: skip
        record(fact, stream=f"overpayment:{open_id}", actor_id=None, at=at)
    return found

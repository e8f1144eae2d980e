"""The demo's monthly payments: prepared, signed by four people, sent to three banks, answered and settled, by the services."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

import xlsxwriter
from django.db.models import Sum

from lienthong.accounts.models import User
from lienthong.assistance.models import EntitlementRate
from lienthong.assistance.states import Programme
from lienthong.documents.vault import open_content
from lienthong.infra.working import told_moment
from lienthong.kernel.days import add_months, local_day, local_moment
from lienthong.ops.demo.assistance.calendar import RunDays
from lienthong.ops.demo.assistance.channels import BANKS
from lienthong.ops.demo.staff import Staff
from lienthong.ops.simulated_bank import writing
from lienthong.ops.simulated_bank.answering import BankAnswer, Wishes, answer
from lienthong.ops.simulated_bank.orders import read_order
from lienthong.payments.incoming.paid_lists import HEADS, PAID_WORDS, UNCOLLECTED_WORDS
from lienthong.payments.line_keys import key_of
from lienthong.payments.models import PaymentFile, PaymentLine, PaymentRun
from lienthong.payments.queries.leaving import LISTED_CHANNELS, leaving
from lienthong.payments.services.budgets import PrepareBudget, approve_budget, prepare_budget
from lienthong.payments.services.budgets_left import quarter_of
from lienthong.payments.services.collecting import collect_run
from lienthong.payments.services.exporting import export_run
from lienthong.payments.services.importing import ImportAnswer, import_answer
from lienthong.payments.services.moving import RunTarget
from lienthong.payments.services.paying_accounts import (
    RecordPayingAccount,
    approve_paying_account,
    record_paying_account,
)
from lienthong.payments.services.preparing import PrepareRun, collect_again, prepare_run
from lienthong.payments.services.recording import RecordList, record_list
from lienthong.payments.services.signing import approve_run, check_run, close_run, release_run
from lienthong.payments.states import Channel, LineState, RunState

PREPARER, RELEASER, CHECKER, APPROVER = "demo.ketoan", "demo.ketoan2", "demo.trogiup", "demo.trogiup.lanhdao"
HOLDER: Final = "SO Y TE TINH THAI NGUYEN (MINH HOA)"
OPENING: Final = 90_000_000_000
DECISION: Final = "Quyết định giao dự toán quý {quarter}/{year} (dữ liệu minh họa)"
REJECTED, RETURNED = 0.006, 0.002
NOT_COME: Final = 0.012
ABSENT: Final = "Đi vắng, hẹn nhận tháng sau"
# What a quarter's budget holds beyond what it needed at its beginning: for who comes in, and for arrears.
SPARE: Final = 1.2


@dataclass(slots=True)
class Payments:
    """Pays month by month.

    Args:
        staff: Officers of the demo.
        seed: The same seed gives the same answers of the banks.
        today: The day that is today.
    """

    staff: Staff
    seed: int
    today: date
    _balances: dict[str, int] = field(default_factory=dict)
    _luck: Random = field(init=False)
    _users: dict[str, User] = field(init=False)

    def __post_init__(self) -> None:
        self._luck = Random(f"{self.seed}/paying")
        self._users = {name: self.staff.user(name) for name in (PREPARER, RELEASER, CHECKER, APPROVER)}

    def open_accounts(self, at: datetime) -> None:
        """Let the province have an account at each of the banks."""
        preparer, approver = self._users[PREPARER], self._users[APPROVER]
        for place, bank_code in enumerate(BANKS, start=1):
            command = RecordPayingAccount(
                bank_code=bank_code, number=f"99900000{place:04d}", holder_name=HOLDER, valid_from=local_day(at)
            )
            account = record_paying_account(command, acting_user=preparer, now=at)
            approve_paying_account(account.pk, acting_user=approver, now=at + timedelta(hours=2))
            self._balances[bank_code] = OPENING

    def give_budget(self, month: date, *, spare: float = SPARE) -> None:
        """Let a quarter have its budget before its first month is prepared: what the rates come to, and some more."""
        at = local_moment(add_months(month, -1).replace(day=5), time(9))
        for programme in Programme:
            needed = EntitlementRate.objects.filter(
                superseded_at=None, entitlement__programme=programme, first_month__lte=month, end_month__gt=month
            ).aggregate(total=Sum("amount", default=0))["total"]
            if not needed:
                continue
            amount = -(-int(needed * 3 * spare) // 10_000_000) * 10_000_000
            reference = DECISION.format(quarter=(month.month + 2) // 3, year=month.year)
            command = PrepareBudget(source=programme.value, quarter=month, amount=amount, reference=reference)
            budget = prepare_budget(command, acting_user=self._users[PREPARER], now=at)
            approve_budget(budget.pk, acting_user=self._users[APPROVER], now=at + timedelta(hours=5))

    def prepare(self, days: RunDays) -> PaymentRun:
        """Prepare the list of a month.

        Raises:
            AssertionError: The run stands still; the message says why.
        """
        command = PrepareRun(month=days.month, client_key=self._key())
        run = prepare_run(command, acting_user=self._users[PREPARER], now=days.prepared)
        with told_moment(days.prepared + timedelta(minutes=2)):
            collect_run(run.pk)
            run.refresh_from_db()
            if run.shortfalls:
                self._add_to_budget(run, days.prepared + timedelta(minutes=5))
                collect_again(
                    self._target(run), acting_user=self._users[PREPARER], now=days.prepared + timedelta(hours=6)
                )
                with told_moment(days.prepared + timedelta(hours=6, minutes=2)):
                    collect_run(run.pk)
                run.refresh_from_db()
        assert run.state == RunState.PREPARED, run.stopped
        return run

    def _add_to_budget(self, run: PaymentRun, at: datetime) -> None:
        """Add what a quarter lacks, as a law that raises amounts makes it necessary."""
        for short in run.shortfalls:
            quarter = quarter_of(run.month)
            command = PrepareBudget(
                source=str(short["source"]), quarter=quarter,
                amount=-(-int(short["missing"] * SPARE) // 10_000_000) * 10_000_000,
                reference=f"{DECISION.format(quarter=(quarter.month + 2) // 3, year=quarter.year)}, bổ sung tháng {run.month:%m}",
            )  # fmt: skip
            budget = prepare_budget(command, acting_user=self._users[PREPARER], now=at)
            approve_budget(budget.pk, acting_user=self._users[APPROVER], now=at + timedelta(hours=4))

    def sign_and_send(self, run: PaymentRun, days: RunDays) -> None:
        """Let the run be checked, approved and released, and the banks have their orders.

        The lists of the communes are left to whoever presses the button: so many papers take longer than all the rest.
        """
        run = check_run(self._target(run), acting_user=self._users[CHECKER], now=days.checked)
        run = approve_run(self._target(run), acting_user=self._users[APPROVER], now=days.approved)
        run = release_run(self._target(run), acting_user=self._users[RELEASER], now=days.released)
        export_run(
            run.pk, acting_user=self._users[RELEASER], now=days.released + timedelta(minutes=12), with_lists=False
        )

    def hear_banks(self, run: PaymentRun, days: RunDays, *, without: Sequence[str] = ()) -> None:
        """Take in the banks' reports and statements.

        Args:
            run: What was sent.
            days: Of its month.
            without: Banks that have not answered yet.
        """
        with tempfile.TemporaryDirectory(prefix="lienthong-minh-hoa-") as name:
            for order in PaymentFile.objects.filter(run=run, bank_code__in=BANKS).order_by("bank_code", "part"):
                if order.bank_code not in without:
                    self._hear(order, days, Path(name))

    def hear_counters(
        self, run: PaymentRun, days: RunDays, *, staying_away: Collection[int], without: int | None = None
    ) -> None:
        """Take in what the post and the cashiers hand back: one sheet of each.

        Args:
            run: What was sent.
            days: Of its month.
            staying_away: Ids of payees who have not come for some months.
            without: Id of a commune whose cashier has not answered yet.
        """
        with tempfile.TemporaryDirectory(prefix="lienthong-minh-hoa-") as name:
            for channel in LISTED_CHANNELS:
                lines = list(leaving(run).filter(channel=channel, state=LineState.SENT).order_by("number"))
                if channel is Channel.CASH:
                    lines = [line for line in lines if line.unit_id != without]
                if lines:
                    path = Path(name) / f"ket-qua-{channel.value}-{days.month:%Y-%m}-minh-hoa.xlsx"
                    self._fill_in(lines, days, staying_away, path)
                    command = RecordList(content=BytesIO(path.read_bytes()), name=path.name)
                    record_list(command, acting_user=self._users[PREPARER], now=days.settled)

    def _fill_in(self, lines: Sequence[PaymentLine], days: RunDays, staying_away: Collection[int], path: Path) -> None:
        """Fill a payer's sheet in: most came within some days, a few did not."""
        span = max((local_day(days.settled) - days.booked).days - 1, 1)
        absent = {one.payee_id for one in lines if self._luck.random() < NOT_COME} | set(staying_away)
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        page, day = book.add_worksheet("Ket qua"), book.add_format({"num_format": "dd/mm/yyyy"})
        page.write_row(0, 0, list(HEADS.values()))
        for row, line in enumerate(lines, start=1):
            page.write_string(row, 0, key_of(line.pk))
            page.write_number(row, 1, line.net)
            if line.payee_id in absent:
                page.write_string(row, 2, UNCOLLECTED_WORDS)
                page.write_string(row, 4, ABSENT)
                continue
            page.write_string(row, 2, PAID_WORDS)
            page.write_datetime(
                row, 3, datetime.combine(days.booked + timedelta(days=line.number % span), time.min), day
            )
        book.close()

    def close(self, run: PaymentRun, days: RunDays) -> None:
        """Close a month of which everything was answered."""
        run.refresh_from_db()
        close_run(self._target(run), acting_user=self._users[PREPARER], now=days.settled + timedelta(hours=1))

    def _hear(self, order: PaymentFile, days: RunDays, folder: Path) -> None:
        path = folder / f"{order.message_id}.xml"
        with open_content(order.sha256) as content:
            path.write_bytes(content.read())
        wishes = Wishes(
            rejected=REJECTED, returned=RETURNED, seed=f"{self.seed}/{order.bank_code}/{days.month}", by_place=True
        )
        opening = self._balances[order.bank_code]
        said = answer(read_order(path), wishes, on=days.booked, opening=opening)
        self._balances[order.bank_code] = said.closing
        number = f"{order.bank_code}-{days.month:%Y%m}"
        if said.rejected:
            self._take_in(said, "pain.002", number, days.answered - timedelta(hours=1), folder)
        kind = "mt940" if order.bank_code == BANKS[1] else "camt.053"
        self._take_in(said, kind, number, days.answered, folder)

    def _take_in(self, said: BankAnswer, kind: str, number: str, at: datetime, folder: Path) -> None:
        path = folder / f"{kind}-{number}"
        if kind == "pain.002":
            writing.write_report(said, to=path)
        elif kind == "mt940":
            writing.write_swift(said, to=path, number=f"{at:%y%m}")
        else:
            writing.write_statement(said, to=path, statement_id=number)
        ending = "txt" if kind == "mt940" else "xml"
        command = ImportAnswer(content=BytesIO(path.read_bytes()), name=f"{kind}-{number}-minh-hoa.{ending}")
        import_answer(command, acting_user=self._users[PREPARER], now=at)

    def _target(self, run: PaymentRun) -> RunTarget:
        return RunTarget(run_id=run.pk, seen=run.version, client_key=self._key())

    def _key(self) -> UUID:
        return UUID(int=self._luck.getrandbits(128), version=4)

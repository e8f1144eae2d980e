"""Somebody else's payments behind every address of this group, for the walk of all routes."""

from __future__ import annotations

from datetime import date
from typing import Any

from lienthong.accounts.states import Role
from lienthong.payments.models import AccountImport, AccountImportRow
from lienthong.payments.states import AccountRowOutcome, AccountSource
from tests.factories.payments import (
    BudgetFactory,
    PaymentAccountFactory,
    PaymentComplaintFactory,
    PaymentLineFactory,
    PaymentRunFactory,
)
from tests.factories.people import PersonFactory
from tests.world import COMMUNE, World


def payment_routes(world: World) -> dict[str, dict[str, Any]]:
    """Return by address what belongs to a person of the commune: account, line, complaint, list, and a run that pays them."""
    unit = world.agency(COMMUNE).unit
    person = PersonFactory(full_name="Bàn Thị Khoản", unit=unit)
    account = PaymentAccountFactory(person=person)
    run = PaymentRunFactory(released=True, month=date(2026, 10, 1))
    line = PaymentLineFactory(run=run, person=person, unit=unit)
    complaint = PaymentComplaintFactory(person=person, unit=unit, line=line)
    budget = BudgetFactory(approved_by=None, approved_at=None)
    held = AccountImport.objects.create(
        file_name="tài khoản.xlsx", sha256="0" * 64, source=AccountSource.DECLARED, valid_from=world.today,
        loaded_by=world.officer(Role.PROCESSOR), loaded_at=world.now,
    )  # fmt: skip
    AccountImportRow.objects.create(
        account_import=held, row_number=2, person=person, outcome=AccountRowOutcome.UNCHANGED
    )
    of_run = ("run", "lines", "run_communes", "comparison")
    of_person = ("person", "record_account", "new_complaint")
    return {
        **{f"office:payments_{name}": {"run_id": run.pk} for name in of_run},
        **{f"office:payments_{name}": {"person_id": person.pk} for name in of_person},
        "office:payments_run_act": {"run_id": run.pk, "action": "check"},
        "office:payments_line": {"line_id": line.pk},
        "office:payments_account_act": {"account_id": account.pk, "action": "end"},
        "office:payments_account_import": {"account_import_id": held.pk},
        "office:payments_discard_account_import": {"account_import_id": held.pk},
        "office:payments_budget_act": {"budget_id": budget.pk, "action": "approve"},
        "office:payments_complaint": {"complaint_id": complaint.pk},
        "office:payments_complaint_act": {"complaint_id": complaint.pk, "action": "answer"},
    }

"""Somebody else's payments behind every address of this group, for the walk of all routes."""

from __future__ import annotations

from datetime import date
from typing import Any

from lienthong.accounts.states import Role
from lienthong.assistance.models import Recovery
from lienthong.documents import services as documents
from lienthong.payments.models import (
    AccountImport,
    AccountImportRow,
    BankTemplate,
    PaymentFile,
    Statement,
    StatementLine,
    StatementUpload,
)
from lienthong.payments.states import (
    AccountRowOutcome,
    AccountSource,
    Channel,
    FileKind,
    StatementFormat,
    Strange,
    UploadState,
)
from tests.documents.specimens import pdf, upload
from tests.factories.assistance import EntitlementFactory
from tests.factories.payments import (
    BudgetFactory,
    OverpaymentFactory,
    PayingAccountFactory,
    PaymentAccountFactory,
    PaymentComplaintFactory,
    PaymentLineFactory,
    PaymentRunFactory,
)
from tests.factories.people import OrganizationFactory, PersonFactory
from tests.world import COMMUNE, World


def payment_routes(world: World) -> dict[str, dict[str, Any]]:
    """Return by address what belongs to a person of the commune: account, line, complaint, list, and a run that pays them."""
    unit = world.agency(COMMUNE).unit
    person = PersonFactory(full_name="Bàn Thị Khoản", unit=unit)
    account = PaymentAccountFactory(person=person)
    centre = OrganizationFactory(name="Trung tâm Bảo trợ Thử nghiệm", unit=unit)
    run = PaymentRunFactory(released=True, month=date(2026, 10, 1))
    line = PaymentLineFactory(run=run, person=person, unit=unit)
    complaint = PaymentComplaintFactory(person=person, unit=unit, line=line)
    template = BankTemplate.objects.create(bank_code="970405", name="Mẫu", recorded_at=world.now)
    budget = BudgetFactory(approved_by=None, approved_at=None)
    held = AccountImport.objects.create(
        file_name="tài khoản.xlsx", sha256="0" * 64, source=AccountSource.DECLARED, valid_from=world.today,
        loaded_by=world.officer(Role.PROCESSOR), loaded_at=world.now,
    )  # fmt: skip
    AccountImportRow.objects.create(
        account_import=held, row_number=2, person=person, outcome=AccountRowOutcome.UNCHANGED
    )
    of_run = ("run", "lines", "run_communes", "comparison", "disagreeing", "files", "collected", "tick", "take_sheet")
    statement = Statement.objects.create(
        format=StatementFormat.CAMT053, sha256="1" * 64, number="SK1", lines_total=1, imported_at=world.now
    )
    strange = StatementLine.objects.create(statement=statement, number=1, amount=-1, strange=Strange.UNKNOWN)
    stored = documents.store_upload(upload(pdf(text="Danh sách ký nhận"), "danh-sach.pdf"), by=None, now=world.now)
    sent = StatementUpload.objects.create(
        file_name="sao-ke.xml", sha256="1" * 64, state=UploadState.TAKEN, uploaded_by=world.officer(Role.PROCESSOR),
        uploaded_at=world.now, asked_at=world.now,
    )  # fmt: skip
    file = PaymentFile.objects.create(
        run=run, channel=Channel.CASH, kind=FileKind.LIST, unit=unit, file=stored, sha256=stored.sha256, lines=1, amount=1,
        message_id="LT-walk", made_at=world.now,
    )  # fmt: skip
    stuck = Recovery.objects.create(
        entitlement=EntitlementFactory(person=person, unit=unit, ended=True), amount=500_000, monthly=100_000,
        first_month=date(2026, 10, 1), reason="Hưởng thừa", decided_on=world.today, recorded_at=world.now,
        prepared_by=world.officer(Role.PROCESSOR), decided_by=world.officer(Role.LEADER),
    )  # fmt: skip
    of_person = ("person", "record_account", "new_complaint")
    return {
        **{f"office:payments_{name}": {"run_id": run.pk} for name in of_run},
        **{f"office:payments_{name}": {"person_id": person.pk} for name in of_person},
        "office:payments_organization": {"organization_id": centre.pk},
        "office:payments_record_organization_account": {"organization_id": centre.pk},
        "office:payments_run_act": {"run_id": run.pk, "action": "check"},
        "office:payments_file": {"file_id": file.pk},
        "office:payments_upload": {"upload_id": sent.pk},
        "office:payments_statement": {"statement_id": statement.pk},
        "office:payments_strange_line": {"statement_line_id": strange.pk},
        "office:payments_strange_act": {"statement_line_id": strange.pk, "action": "propose"},
        "office:payments_paying_account_act": {"paying_account_id": PayingAccountFactory().pk, "action": "end"},
        "office:payments_approve_bank_template": {"bank_template_id": template.pk},
        "office:payments_line": {"line_id": line.pk},
        "office:payments_reverse_tick": {"line_id": line.pk},
        "office:payments_account_act": {"account_id": account.pk, "action": "end"},
        "office:payments_account_import": {"account_import_id": held.pk},
        "office:payments_discard_account_import": {"account_import_id": held.pk},
        "office:payments_recovered": {"recovery_id": stuck.pk},
        "office:payments_paid_back": {"overpayment_id": OverpaymentFactory(person=person, run=run).pk},
        "office:payments_paid_back_act": {
            "overpayment_id": OverpaymentFactory(person=person, run=run, benefit="care").pk,
            "action": "confirm",
        },
        "office:payments_budget_act": {"budget_id": budget.pk, "action": "approve"},
        "office:payments_complaint": {"complaint_id": complaint.pk},
        "office:payments_complaint_act": {"complaint_id": complaint.pk, "action": "answer"},
    }

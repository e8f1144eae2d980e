"""Tables of accounts, runs and their lines, budgets, files, statements and complaints."""

from lienthong.payments.models.accounts import PAYABLE, Payee, PaymentAccount
from lienthong.payments.models.budgets import Budget, Overpayment
from lienthong.payments.models.complaints import PaymentComplaint
from lienthong.payments.models.files import BankTemplate, PayingAccount, PaymentFile
from lienthong.payments.models.imports import AccountImport, AccountImportRow
from lienthong.payments.models.runs import PaymentLine, PaymentRun
from lienthong.payments.models.statements import Statement, StatementLine
from lienthong.payments.models.uploads import StatementUpload

__all__ = [
    "PAYABLE",
    "AccountImport",
    "AccountImportRow",
    "BankTemplate",
    "Budget",
    "Overpayment",
    "Payee",
    "PayingAccount",
    "PaymentAccount",
    "PaymentComplaint",
    "PaymentFile",
    "PaymentLine",
    "PaymentRun",
    "Statement",
    "StatementLine",
    "StatementUpload",
]

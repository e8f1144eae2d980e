"""Every list of payments narrows by commune, programme and state, wherever these mean something, and goes out as it is narrowed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lienthong.documents import services as documents
from lienthong.payments.models import (
    AccountImport,
    AccountImportRow,
    BankTemplate,
    PaymentFile,
    Statement,
    StatementLine,
)
from lienthong.payments.states import (
    AccountRowOutcome,
    AccountSource,
    Channel,
    FileKind,
    Match,
    StatementFormat,
    Strange,
)
from tests.documents.specimens import pdf, upload
from tests.factories.payments import BudgetFactory, PayingAccountFactory, PaymentAccountFactory, PaymentRunFactory
from tests.factories.people import OrganizationFactory
from tests.office.payments.payroll import ANOTHER_COMMUNE, COMMUNE, Payroll
from tests.screens import Browser, enter
from tests.sheets import sheet_of
from tests.world import World

pytestmark = pytest.mark.django_db
ROOT = "/office/payments/"
HERE, THERE = COMMUNE[4:], ANOTHER_COMMUNE[4:]


@pytest.fixture
def browser(payroll: Payroll) -> Browser:
    return enter(payroll.accountant)


def narrows(browser: Browser, address: str, table: str = "", **choices: tuple[str, int]) -> None:
    """Check that each choice leaves so many rows, on screen (in the table whose caption begins so) and in the spreadsheet."""
    for name, (value, rows) in choices.items():
        asked = f"{address}?{name}={value}"
        assert len(browser.open(asked).rows(table)) == rows, asked
        assert len(sheet_of(browser.get(f"{asked}&format=xlsx"))) == rows + 1, asked


def test_runs(payroll: Payroll, browser: Browser) -> None:
    payroll.line()
    PaymentRunFactory(released=True, month=date(2025, 5, 1))

    narrows(browser, ROOT, commune=(HERE, 1), source=("allowances", 1), state=("released", 2), year=("2025", 1))
    narrows(browser, ROOT, commune=(THERE, 0))


def test_communes_of_a_run(payroll: Payroll, browser: Browser) -> None:
    run = payroll.line().run

    narrows(browser, f"{ROOT}runs/{run.pk}/communes/", source=("allowances", 1))
    narrows(browser, f"{ROOT}runs/{run.pk}/communes/", source=("merit", 0))


def test_comparison_with_the_month_before(payroll: Payroll, browser: Browser) -> None:
    run = PaymentRunFactory(released=True, month=date(2026, 10, 1))
    payroll.line(run=run, for_month=run.month)
    payroll.line(run=run, for_month=run.month, commune=ANOTHER_COMMUNE, number=2)

    address = f"{ROOT}runs/{run.pk}/comparison/"
    narrows(browser, address, commune=(THERE, 1), source=("allowances", 2), difference=("new", 2))
    narrows(browser, address, commune=("99999", 0))


def test_accounts_by_the_programme_that_pays_there(payroll: Payroll, browser: Browser) -> None:
    paid, other = payroll.person("Ma Văn Ỷ"), payroll.person("Lê Thị An")
    for person in (paid, other):
        PaymentAccountFactory(person=person)
    payroll.line(person=paid, payee=paid)

    narrows(browser, f"{ROOT}accounts/", source=("allowances", 1), commune=(HERE, 2), check=("payable", 2))
    narrows(browser, f"{ROOT}accounts/", source=("merit", 0))


def test_accounts_of_the_province(world: World, browser: Browser) -> None:
    PayingAccountFactory(bank_code="970436")
    PayingAccountFactory(bank_code="970405", approved_by=None, approved_at=None)
    PayingAccountFactory(bank_code="970415", valid_until=world.today - timedelta(days=1))

    narrows(browser, f"{ROOT}paying-accounts/", bank=("970405", 1), state=("used", 1))
    narrows(browser, f"{ROOT}paying-accounts/", state=("waiting", 1))
    narrows(browser, f"{ROOT}paying-accounts/", state=("ended", 1))
    assert "Không có tài khoản chi nào khớp" in browser.open(f"{ROOT}paying-accounts/?bank=970418").words


def test_files_of_a_run(payroll: Payroll, browser: Browser, world: World) -> None:
    run = payroll.line().run
    stored = documents.store_upload(upload(pdf(text="Danh sách"), "danh-sach.pdf"), by=None, now=world.now)
    for number, (kind, unit, bank) in enumerate(
        [(FileKind.LIST, world.agency(COMMUNE).unit, ""), (FileKind.PAIN001, None, "970436")]
    ):
        PaymentFile.objects.create(
            run=run, channel=Channel.CASH if unit else Channel.BANK, kind=kind, unit=unit, bank_code=bank, file=stored,
            sha256=stored.sha256, lines=1, amount=1, message_id=f"LT-{number}", made_at=world.now,
        )  # fmt: skip

    address = f"{ROOT}runs/{run.pk}/files/"
    narrows(browser, address, commune=(HERE, 1), kind=("pain001", 1), bank=("970436", 1), channel=("cash", 1))
    narrows(browser, address, commune=(THERE, 0))


def test_statements_and_strange_lines(payroll: Payroll, browser: Browser, world: World) -> None:
    line = payroll.line(paid=True)
    statement = Statement.objects.create(
        format=StatementFormat.CAMT053, sha256="1" * 64, number="SK1", bank_code="970436", imported_at=world.now
    )
    Statement.objects.create(format=StatementFormat.MT940, sha256="2" * 64, number="SK2", imported_at=world.now)
    StatementLine.objects.create(
        statement=statement, number=1, amount=-1, match=Match.REFERENCE, payment_line=line, named_line=line
    )
    StatementLine.objects.create(statement=statement, number=2, amount=-1, strange=Strange.PARTIAL, named_line=line)
    StatementLine.objects.create(statement=statement, number=3, amount=-1, strange=Strange.UNKNOWN)

    narrows(browser, f"{ROOT}statements/", commune=(HERE, 1), source=("allowances", 1), bank=("970436", 1))
    narrows(browser, f"{ROOT}statements/", commune=(THERE, 0))
    narrows(browser, f"{ROOT}strange/", commune=(HERE, 1), source=("allowances", 1), why=("unknown", 1))
    narrows(browser, f"{ROOT}strange/", commune=(THERE, 0))
    page = f"{ROOT}statements/{statement.pk}/"
    narrows(browser, page, commune=(HERE, 2), source=("allowances", 2), match=("strange", 2))
    narrows(browser, page, commune=(THERE, 0))
    narrows(browser, page, source=("merit", 0))


def test_lists_of_accounts_that_came_as_files(payroll: Payroll, browser: Browser, world: World) -> None:
    for source, commune in ((AccountSource.POST, COMMUNE), (AccountSource.VNEID, ANOTHER_COMMUNE)):
        held = AccountImport.objects.create(
            file_name="tài khoản.xlsx", sha256="0" * 64, source=source, valid_from=world.today,
            loaded_by=payroll.accountant, loaded_at=world.now,
        )  # fmt: skip
        person = payroll.person(commune=commune)
        AccountImportRow.objects.create(
            account_import=held, row_number=2, person=person, outcome=AccountRowOutcome.UNCHANGED
        )

    narrows(browser, f"{ROOT}account-lists/", commune=(HERE, 1), told_by=("vneid", 1), state=("staged", 2))
    narrows(browser, f"{ROOT}account-lists/", state=("committed", 0))


def test_rows_of_such_a_list(payroll: Payroll, browser: Browser, world: World) -> None:
    held = AccountImport.objects.create(
        file_name="tài khoản.xlsx", sha256="0" * 64, source=AccountSource.POST, valid_from=world.today,
        loaded_by=payroll.accountant, loaded_at=world.now, state="staged",
    )  # fmt: skip
    paid, other = payroll.person(), payroll.person(commune=ANOTHER_COMMUNE)
    payroll.line(person=paid, payee=paid)
    for number, person in enumerate((paid, other), 2):
        AccountImportRow.objects.create(
            account_import=held, row_number=number, person=person, outcome=AccountRowOutcome.UNCHANGED
        )

    address = f"{ROOT}account-lists/{held.pk}/"
    narrows(browser, address, commune=(THERE, 1), source=("allowances", 1), outcome=("unchanged", 2))
    narrows(browser, address, source=("merit", 0))


def test_what_somebody_is_paid_has_every_page_and_narrows(payroll: Payroll, browser: Browser) -> None:
    person = payroll.person()
    for year in range(2021, 2027):
        for month in range(1, 11):
            run = PaymentRunFactory(released=True, month=date(year, month, 1))
            payroll.line(run=run, person=person, payee=person, paid=year < 2026, number=month)

    address = f"{ROOT}people/{person.pk}/"
    page = browser.open(address)
    assert len(page.rows("Mới nhất trước")) == 50
    assert len(browser.open(f"{address}?page=2").rows("Mới nhất trước")) == 10
    assert len(sheet_of(browser.get(f"{address}?format=xlsx"))) == 61
    narrows(browser, address, "Mới nhất trước", month=("2026-03-01", 1), state=("sent", 10))
    narrows(browser, address, "Mới nhất trước", source=("merit", 0), month=("2020-01-01", 0))
    assert "10/2026" in browser.open(f"{address}?month=2021-01-01").words, "the newest payment stays in the head"
    assert browser.open(f"{address}?month=khong").status == 200


def test_a_month_of_an_institution_of_a_hundred_people(payroll: Payroll, browser: Browser, world: World) -> None:
    centre = OrganizationFactory(name="Trung tâm Bảo trợ Thử nghiệm", unit=world.agency(COMMUNE).unit)
    for month in (9, 10):
        run = PaymentRunFactory(released=True, month=date(2026, month, 1))
        for number in range(1, 101):
            commune = COMMUNE if number <= 60 else ANOTHER_COMMUNE
            payroll.line(
                run=run,
                commune=commune,
                name="Lê Thị Ỷ" if number == 77 else "Lê Thị An",
                number=number,
                payee_organization=centre,
            )

    address = f"{ROOT}organizations/{centre.pk}/"
    assert len(sheet_of(browser.get(f"{address}?month=2026-10-01&format=xlsx"))) == 101
    assert len(browser.open(f"{address}?month=2026-10-01&page=2").rows("Mới nhất trước")) == 50
    assert len(sheet_of(browser.get(f"{address}?month=2026-10-01&commune={THERE}&format=xlsx"))) == 41
    assert len(sheet_of(browser.get(f"{address}?q=le+thi+y&format=xlsx"))) == 3


def test_templates_of_banks(browser: Browser, world: World) -> None:
    for bank in ("970436", "970405"):
        BankTemplate.objects.create(bank_code=bank, name=f"Mẫu {bank}", recorded_at=world.now)

    address = f"{ROOT}paying-accounts/"
    words = browser.open(f"{address}?bank=970405").words
    assert "Mẫu 970405" in words and "Mẫu 970436" not in words
    rows = sheet_of(browser.get(f"{address}?bank=970405&format=xlsx&part=templates"))
    assert [row[1] for row in rows[1:]] == ["Mẫu 970405"]


def test_budgets_by_how_they_stand(payroll: Payroll, browser: Browser, world: World) -> None:
    BudgetFactory(source="allowances", amount=1_000_000, quarter=date(2026, 10, 1))

    shown = sheet_of(browser.get(f"{ROOT}budgets/?state=done&format=xlsx"))
    assert [row[0] for row in shown[1:]] == ["IV/2026"]
    rows = sheet_of(browser.get(f"{ROOT}budgets/?format=xlsx"))
    assert {row[6] for row in rows[1:]} == {"đủ", "chưa có dự toán được duyệt"}
    assert "Không có chương trình nào khớp" in browser.open(f"{ROOT}budgets/?state=late").words

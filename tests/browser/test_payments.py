"""A month of payments in a real browser: prepared, checked, approved and released by four people, exported, answered, closed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from lienthong.accounts.states import Role
from lienthong.ops.simulated_bank import writing
from lienthong.ops.simulated_bank.answering import Wishes, answer
from lienthong.ops.simulated_bank.orders import read_order
from lienthong.payments import sources
from lienthong.payments.models import PaymentRun, StatementUpload
from lienthong.payments.services import collecting, making_files, uploading
from lienthong.payments.states import LineState, NameCheck, RunState
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.factories.payments import (
    BANK,
    BudgetFactory,
    PayingAccountFactory,
    PaymentAccountFactory,
    PaymentComplaintFactory,
)
from tests.office.payments.payroll import ANOTHER_COMMUNE, Allowances, Payroll
from tests.world import World

pytestmark = pytest.mark.browser

Comers = Callable[..., Visitor]
ROOT = "/office/payments/"


@pytest.fixture
def payroll(world: World, monkeypatch: pytest.MonkeyPatch) -> Payroll:
    source = Allowances()
    monkeypatch.setattr(sources, "_SOURCES", {source.code: source})
    return Payroll(world, source)


def owed(payroll: Payroll) -> None:
    """Let four people be owed money: by bank, in cash, without an account, and under another name."""
    payroll.payee("Nguyễn Thị Hoàng Phương Thảo Nguyên", 810_000)
    PaymentAccountFactory(person=payroll.payee("Lý Thị Pà", 540_000, account=False), cash=True)
    payroll.payee("Ma Văn Ỷ", 1_080_000, account=False, commune=ANOTHER_COMMUNE)
    PaymentAccountFactory(
        person=payroll.payee("Hoàng Văn Đoàn", 675_000, account=False), name_check=NameCheck.DIFFERENT,
        holder_name="TRAN VAN TEO", verified_at=None, verified_by=None,
    )  # fmt: skip
    PayingAccountFactory(bank_code=BANK)
    BudgetFactory(source=payroll.source.code)


def test_a_month_goes_from_the_list_to_closed_books(
    world: World, payroll: Payroll, come_by: Comers, tmp_path: Path
) -> None:
    owed(payroll)
    accountant = come_by(payroll.accountant)
    accountant.open(ROOT).follow("Lập đợt chi trả").press("Lập danh sách")
    run = PaymentRun.objects.get()
    assert "Chờ tổng hợp" in accountant.words
    collecting.collect_run(run.pk)
    # The page asks by itself and shows the run once it is there.
    accountant.page.get_by_text("Đã lập, chờ kiểm tra").first.wait_for(timeout=60_000)
    accountant.is_sound()

    address = f"{ROOT}runs/{run.pk}/"
    come_by(payroll.officer(Role.DIVISION_HEAD)).open(address).follow("Kiểm tra xong").press("Kiểm tra xong")
    come_by(payroll.officer(Role.LEADER)).open(address).follow("Duyệt chi").press("Duyệt chi")
    second = come_by(payroll.second_accountant)
    second.open(address).follow("Chuyển chi trả").press("Chuyển chi trả")
    second.open(f"{address}files/").press("Lập tệp")
    assert "Chờ lập tệp" in second.words
    making_files.make_files(run.pk, acting_user=payroll.second_accountant, now=world.now)
    second.page.get_by_text("đủ mọi khoản").first.wait_for(timeout=60_000)
    with second.page.expect_download() as download:
        second.page.get_by_role("link", name="-NH-").click()
    order = tmp_path / "order.xml"
    download.value.save_as(order)

    said = answer(read_order(order), Wishes(rejected=0, returned=0), on=world.today)
    statement = tmp_path / "sao-ke.xml"
    writing.write_statement(said, to=statement, statement_id="SK1")
    accountant.open(f"{ROOT}statements/new/")
    accountant.page.set_input_files("main input[type=file]", str(statement))
    accountant.press("Nhập và đối soát")
    assert "Chờ đọc tệp" in accountant.words
    accountant.is_sound()
    sent = StatementUpload.objects.get()
    uploading.take_in_upload(sent.pk, acting_user=payroll.accountant, now=world.now)
    accountant.page.get_by_text("1 đã nhận").first.wait_for(timeout=60_000)
    accountant.is_sound()

    cash = run.lines.get(channel="cash")
    accountant.open(f"{address}collected/")
    accountant.page.locator(f"[name='line-{cash.pk}'][value='paid']").check()
    accountant.press("Ghi kết quả của trang này")
    accountant.open(address).follow("Khóa sổ").press("Khóa sổ")

    run.refresh_from_db()
    assert run.state == RunState.CLOSED
    assert sorted(run.lines.values_list("state", flat=True)) == sorted(
        [LineState.PAID, LineState.PAID, LineState.HELD, LineState.HELD]
    )


@pytest.mark.slow
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_every_page_of_payments_is_sound(world: World, payroll: Payroll, come_by: Comers, width: int) -> None:
    owed(payroll)
    run = payroll.released_run()
    line = run.lines.order_by("number").first()
    assert line is not None
    complaint = PaymentComplaintFactory(
        person=line.person, unit=line.unit, line=line, text="Tháng này tôi chưa nhận được tiền, đã hỏi ở xã. " * 6
    )
    visitor = come_by(payroll.accountant, width=width)
    pages = {
        "runs": "", "new-run": "runs/new/", "run": f"runs/{run.pk}/", "lines": f"runs/{run.pk}/lines/",
        "communes": f"runs/{run.pk}/communes/", "comparison": f"runs/{run.pk}/comparison/", "files": f"runs/{run.pk}/files/",
        "collected": f"runs/{run.pk}/collected/", "line": f"lines/{line.pk}/", "unpaid": "unpaid/", "accounts": "accounts/",
        "person": f"people/{line.person_id}/", "record": f"people/{line.person_id}/account/", "find": "people/?q=Nguyễn",
        "imports": "account-lists/", "new-import": "account-lists/new/", "budgets": "budgets/", "new-budget": "budgets/new/",
        "complaints": "complaints/", "complaint": f"complaints/{complaint.pk}/", "statements": "statements/",
        "new-statement": "statements/new/", "uploads": "statements/files/", "strange": "strange/", "overpayments": "overpayments/",
        "paying": "paying-accounts/", "template": "paying-accounts/templates/new/",
    }  # fmt: skip
    for name, address in pages.items():
        visitor.open(ROOT + address)
        if folder := os.environ.get("LIENTHONG_LOOK"):
            visitor.page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
        visitor.is_sound()


@pytest.mark.slow
@pytest.mark.parametrize("width", [DESK, PHONE])
def test_what_is_owed_no_more_is_told_on_sound_pages(payroll: Payroll, come_by: Comers, width: int) -> None:
    owed(payroll)
    run = payroll.prepared_run()
    first, second, *_others = payroll.source.amounts
    payroll.source.amounts |= {first: 0, second: 600_000}
    visitor = come_by(payroll.officer(Role.DIVISION_HEAD), width=width)
    for name, address in {
        "agreeing-run": "", "agreeing-list": "disagreeing/", "agreeing-sign": "do/check/",
    }.items():  # fmt: skip
        visitor.open(f"{ROOT}runs/{run.pk}/{address}")
        if folder := os.environ.get("LIENTHONG_LOOK"):
            visitor.page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
        visitor.is_sound()
        assert "1 khoản, 810.000 ₫, không còn chi được như lúc lập" in visitor.words.replace("\xa0", " ")
        assert "1 khoản nay phải chi nhiều hơn" in visitor.words

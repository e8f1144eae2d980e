"""An organisation that is paid for people whom it cares for, as the accountant and the commune see it."""

from __future__ import annotations

import pytest

from lienthong.accounts.states import Role
from lienthong.payments.models import PaymentAccount
from lienthong.payments.states import NameCheck
from lienthong.people.models import Organization
from tests.factories.payments import PaymentAccountFactory, PaymentLineFactory, PaymentRunFactory
from tests.factories.people import OrganizationFactory
from tests.office.payments.payroll import ANOTHER_COMMUNE, Payroll
from tests.screens import enter
from tests.sheets import sheet_of
from tests.world import COMMUNE, World

pytestmark = pytest.mark.django_db

ROOT = "/office/payments/"
CENTRE = "Trung tâm Bảo trợ xã hội tỉnh"


@pytest.fixture
def centre(world: World) -> Organization:
    organization: Organization = OrganizationFactory(name=CENTRE, unit=world.agency(COMMUNE).unit)
    return organization


def test_from_the_search_to_the_account_and_to_the_list(payroll: Payroll, centre: Organization) -> None:
    browser = enter(payroll.accountant)
    page = browser.open(f"{ROOT}people/").press("Tìm người", q="bảo trợ xã hội").follow(CENTRE)
    assert "Chưa có nơi nhận tiền" in page.words

    page = page.follow("Ghi nơi nhận tiền").press(
        "Ghi nơi nhận tiền", channel="bank", bank_code="970436", number="0071001234567",
        holder_name="TRUNG TAM BAO TRO XA HOI TINH", source="declared",
    )  # fmt: skip

    assert page.heading.endswith(CENTRE)
    assert "chi vào đây" in page.notices
    assert page.main.select_one(".qr svg") is not None
    assert "Ghi phản ánh" not in page.words
    assert PaymentAccount.objects.get(organization=centre).name_check == NameCheck.SAME
    row = browser.open(f"{ROOT}accounts/?sort=commune").rows("Nơi nhận tiền đang dùng")[0]
    assert row[0] == f"{CENTRE} mã số thuế {centre.tax_code}"
    sheet = sheet_of(browser.get(f"{ROOT}accounts/?format=xlsx"))
    assert sheet[1][:2] == (CENTRE, centre.tax_code)


def test_whoever_recorded_a_similar_name_does_not_confirm_it(payroll: Payroll, centre: Organization) -> None:
    account = PaymentAccountFactory(
        of_organization=True, organization=centre, similar=True, holder_name="TRUNG TAM BAO TRO XA HOI TINH TN",
        recorded_by=payroll.accountant, verified_at=None, verified_by=None,
    )  # fmt: skip
    page = enter(payroll.accountant).open(f"{ROOT}organizations/{centre.pk}/")
    assert "Xác nhận đúng của người nhận" not in page.words

    page = enter(payroll.second_accountant).open(page.path).follow("Xác nhận đúng của người nhận")
    page = page.press("Xác nhận đúng của người nhận", reason="Đã xem quyết định thành lập")

    account.refresh_from_db()
    assert account.confirmed_by == payroll.second_accountant
    assert page.heading.endswith(CENTRE)


def test_what_it_was_paid_stands_on_its_page_and_on_the_page_of_the_line(
    payroll: Payroll, centre: Organization
) -> None:
    person = payroll.person("Bàn Văn An")
    run = PaymentRunFactory(released=True)
    line = PaymentLineFactory(run=run, person=person, unit=person.unit, payee_organization=centre)
    held = PaymentLineFactory(
        run=run, person=payroll.person("Chu Thị Bưởi"), unit=person.unit, payee_organization=centre, held=True
    )
    browser = enter(payroll.accountant)

    page = browser.open(f"{ROOT}organizations/{centre.pk}/")
    assert "nhận thay Bàn Văn An" in page.words
    assert "nhận thay Chu Thị Bưởi" in page.words

    page = browser.open(f"{ROOT}lines/{line.pk}/")
    assert f"{CENTRE} (nhận thay)" in page.words
    assert browser.open(f"{ROOT}lines/{held.pk}/").follow("Ghi nơi nhận tiền").heading.endswith(CENTRE)
    assert f"người nhận: {CENTRE}" in browser.open(f"{ROOT}people/{person.pk}/").words
    assert f"người nhận: {CENTRE}" in browser.open(f"{ROOT}runs/{run.pk}/lines/").words
    assert f"người nhận: {CENTRE}" in browser.open(f"{ROOT}unpaid/").words


def test_another_commune_neither_finds_nor_sees_it(world: World, centre: Organization) -> None:
    account = PaymentAccountFactory(of_organization=True, organization=centre)
    stranger = enter(world.officer(Role.PROCESSOR, ANOTHER_COMMUNE))

    assert CENTRE not in stranger.open(f"{ROOT}people/?q=bảo+trợ").words
    for address in ("", "account/"):
        assert stranger.get(f"{ROOT}organizations/{centre.pk}/{address}").status_code == 404
    assert stranger.get(f"{ROOT}accounts/{account.pk}/do/end/").status_code == 404
    assert enter(world.officer(Role.PROCESSOR)).open(f"{ROOT}organizations/{centre.pk}/").heading.endswith(CENTRE)

"""Templates of banks on screen: what a bank wants and sends, written down by an accountant."""

from __future__ import annotations

import pytest

from lienthong.accounts.states import Role
from lienthong.office.payments import bank_templates
from lienthong.payments import templates
from lienthong.payments.models import BankTemplate
from lienthong.payments.queries.leaving import template_of
from lienthong.payments.states import FileKind
from tests.factories.payments import BANK
from tests.office.payments.payroll import Payroll
from tests.screens import Page, enter

pytestmark = pytest.mark.django_db

LIST = "/office/payments/paying-accounts/"
STATEMENT = {
    "in_booked_on": "Ngày GD", "in_debit": "Nợ", "in_credit": "Có", "label_account": "Số TK", "label_opening": "Số dư đầu",
    "label_closing": "Số dư cuối",
}  # fmt: skip


@pytest.fixture
def page(payroll: Payroll) -> Page:
    return enter(payroll.accountant).open(LIST).follow("Ghi mẫu tệp của ngân hàng")


def test_begins_with_our_own_columns_and_keeps_what_the_bank_wants(page: Page) -> None:
    _address, begun = page.form("Ghi mẫu")
    assert [begun[f"meaning_{place}"][0] for place in range(8)] == list(templates.OUT_FIELDS)

    more = page.press("Thêm một cột", bank_code=BANK, heading_0="")
    done = more.press(
        "Ghi mẫu",
        heading_0="",
        meaning_0="",
        heading_8="Loai tien",
        meaning_8=bank_templates.FIXED,
        text_8="VND",
        **STATEMENT,
    )

    assert "phiên bản 1. Lãnh đạo duyệt" in done.notices
    assert template_of(BANK) is None
    kept = BankTemplate.objects.get(bank_code=BANK)
    assert kept.order_kind == FileKind.XLSX
    assert [one["heading"] for one in kept.columns][:2] == ["Mã dòng chi", "Số tài khoản"]
    assert kept.columns[-1] == {"heading": "Loai tien", "text": "VND"}
    assert kept.incoming["labels"] == {"account": "Số TK", "opening": "Số dư đầu", "closing": "Số dư cuối"}


def test_the_one_in_use_is_changed_and_kept_as_an_earlier_version(page: Page) -> None:
    page.press("Ghi mẫu", bank_code=BANK, name="Mẫu cũ", **STATEMENT)

    form = page.browser.open(LIST).follow("Sửa")
    again = form.press("Ghi mẫu")
    assert BankTemplate.objects.count() == 1
    assert again.browser.open(LIST).follow("Sửa").press("Ghi mẫu", name="Mẫu mới").status == 200

    kept = BankTemplate.objects.get(bank_code=BANK, superseded_at=None)
    assert (kept.version, kept.name, len(kept.columns)) == (2, "Mẫu mới", 8)
    assert kept.incoming["columns"]["debit"] == "Nợ"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"heading_1": ""}, "heading_1"), ({"meaning_1": ""}, "meaning_1"),
        ({"meaning_1": bank_templates.FIXED}, "text_1"), ({"text_1": "VND"}, "text_1"),
        ({"first_row": "hai"}, "first_row"), ({"bank_code": ""}, "bank_code"), ({"in_debit": "Nợ"}, "label_opening"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(page: Page, typed: dict[str, str], field: str) -> None:
    answer = page.press("Ghi mẫu", **{"bank_code": BANK, **typed})

    assert answer.status == 422
    assert answer.error_beside(field)
    assert not BankTemplate.objects.exists()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"heading_6": "", "meaning_6": ""}, "số tiền"), ({"meaning_0": "key"}, "hai lần"), ({"first_row": "1"}, "từ 2 đến 50"),
        ({"sheet": "a/b"}, "trang tính"),
    ],
)  # fmt: skip
def test_what_cannot_be_as_a_whole_is_refused_above_the_form(page: Page, typed: dict[str, str], says: str) -> None:
    answer = page.press("Ghi mẫu", **{"bank_code": BANK, **typed})

    assert answer.status == 422
    assert says in " ".join(answer.errors)
    assert not BankTemplate.objects.exists()


def test_a_leader_sees_what_it_says_and_approves_it(payroll: Payroll, page: Page) -> None:
    page.press("Ghi mẫu", bank_code=BANK, name="Mẫu chi lương", **STATEMENT)
    assert "Xem và duyệt" not in page.browser.open(LIST).links()
    leader = enter(payroll.officer(Role.LEADER))

    page = leader.open(LIST).follow("Xem và duyệt")
    assert page.rows("Tệp chi")[2] == ["Số tài khoản", "Số tài khoản"]
    assert ["Ngày GD", "Ngày ghi sổ"] in page.rows("Sao kê Excel")
    done = page.press("Duyệt mẫu")

    assert "Đã duyệt mẫu “Mẫu chi lương”, phiên bản 1" in done.notices
    kept = template_of(BANK)
    assert kept is not None and kept.approved_by is not None
    assert "đã được duyệt" in " ".join(page.press("Duyệt mẫu").errors)


def test_only_accountants_write_one(payroll: Payroll) -> None:
    leader = enter(payroll.officer(Role.LEADER))

    assert "Ghi mẫu tệp của ngân hàng" not in leader.open(LIST).links()
    assert leader.open(f"{LIST}templates/new/").status == 404


def test_every_field_has_its_words() -> None:
    assert list(bank_templates.OUT_WORDS) == list(templates.OUT_FIELDS)
    assert list(bank_templates.IN_WORDS) == list(templates.IN_FIELDS)
    assert list(bank_templates.LABEL_WORDS) == list(templates.LABELS)

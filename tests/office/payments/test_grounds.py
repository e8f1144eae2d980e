"""Who pays sees who is paid how much and where; the ground is seen by whom the programme lets see it."""

from __future__ import annotations

from datetime import date

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.payables import MERIT, SOCIAL_ASSISTANCE
from lienthong.infra import sheets
from lienthong.infra.models import ReadRecord
from lienthong.payments import sources
from tests.factories.payments import OverpaymentFactory, PaymentRunFactory
from tests.office.payments.payroll import AGENCY, COMMUNE, Payroll
from tests.screens import enter
from tests.sheets import sheet_of
from tests.world import World

pytestmark = pytest.mark.django_db
ROOT = "/office/payments/"
WORDS = "Mức chuẩn 540.000 đồng × hệ số 1,5."


@pytest.fixture
def month(payroll: Payroll) -> Payroll:
    """A month with somebody new in it, and something paid too much."""
    person = payroll.payee(amount=810_000)
    run = payroll.prepared_run()
    OverpaymentFactory(person=person, run=run, source="allowances", words=WORDS)
    return payroll


def pages_of(payroll: Payroll) -> dict[str, str]:
    """Return everything that an accountant can read of the person, by what it is."""
    browser = enter(payroll.accountant)
    line = payroll.only_line()
    run = f"{ROOT}runs/{line.run_id}/comparison/"
    over = f"{ROOT}overpayments/"
    return {
        "line": browser.open(f"{ROOT}lines/{line.pk}/").words,
        "person": browser.open(f"{ROOT}people/{line.person_id}/").words,
        "comparison": browser.open(run).words,
        "comparison as a file": str(sheet_of(browser.get(f"{run}?format=xlsx"))),
        "overpayments": browser.open(over).words,
        "overpayments as a file": str(sheet_of(browser.get(f"{over}?format=xlsx"))),
    }


def test_the_ground_is_told_where_the_programme_tells_it(month: Payroll) -> None:
    shown = pages_of(month)

    assert [name for name, words in shown.items() if "hệ số 1,5" not in words] == []
    assert "Hệ số 1,5" in shown["line"]
    assert "Nhóm đối tượng" in shown["line"]


def test_the_ground_is_nowhere_where_the_programme_does_not(month: Payroll) -> None:
    month.source.explained = frozenset()
    shown = pages_of(month)

    told = [name for name, words in shown.items() if "hệ số 1,5" in words.lower()]
    # Nobody signs for a difference, or has money paid back, that they may not understand.
    assert told == ["comparison", "comparison as a file", "overpayments", "overpayments as a file"]
    assert "Nhóm đối tượng" not in shown["line"]
    assert "do chương trình giữ" in shown["line"]
    assert "810.000 ₫" in shown["line"]
    assert "Trợ cấp hằng tháng" in shown["person"]


def test_what_no_longer_agrees_is_explained_to_who_signs_and_to_nobody_else(month: Payroll, world: World) -> None:
    month.source.explained = frozenset()
    run = month.only_line().run
    month.source.amounts = dict.fromkeys(month.source.amounts, 540_000)
    page = f"{ROOT}runs/{run.pk}/disagreeing/"

    shown = enter(month.accountant).open(page).words
    elsewhere = enter(world.officer(Role.PROCESSOR, COMMUNE))

    assert "hệ số 1,5" in shown
    assert "hệ số 1,5" not in elsewhere.open(page).words
    assert "810.000 ₫" in elsewhere.open(page).words
    assert "hệ số 1,5" not in str(sheet_of(elsewhere.get(f"{page}?format=xlsx")))


def test_each_programme_explains_to_its_own_officers(world: World) -> None:
    """The head of the division for social protection, an officer of a commune, an accountant who pays both."""
    on, unit = world.today, world.agency(COMMUNE).unit
    head = world.officer(Role.DIVISION_HEAD, AGENCY)
    processor = world.officer(Role.PROCESSOR, COMMUNE)
    accountant = world.officer(Role.ACCOUNTANT, AGENCY)

    assert SOCIAL_ASSISTANCE.explains_to(head, on=on) is None
    assert unit.pk in (SOCIAL_ASSISTANCE.explains_to(processor, on=on) or ())
    for user in (accountant,):
        assert SOCIAL_ASSISTANCE.explains_to(user, on=on) == frozenset()
        assert MERIT.explains_to(user, on=on) == frozenset()


def test_a_source_that_says_nothing_explains_to_nobody(world: World) -> None:
    assert sources.PayableSource().explains_to(world.officer(Role.LEADER, AGENCY), on=world.today) == frozenset()


def test_every_export_with_people_is_noted_as_one(payroll: Payroll) -> None:
    run = PaymentRunFactory(released=True, month=date(2026, 10, 1))
    line = payroll.line(run=run)
    browser = enter(payroll.accountant)

    for address in (f"runs/{run.pk}/lines/", f"runs/{run.pk}/collected/", f"people/{line.person_id}/", "overpayments/"):
        before = ReadRecord.objects.filter(action="export").count()
        sheet_of(browser.get(f"{ROOT}{address}?format=xlsx"))
        assert ReadRecord.objects.filter(action="export").count() == before + 1, address


def test_a_list_longer_than_a_sheet_is_refused_in_words(payroll: Payroll, monkeypatch: pytest.MonkeyPatch) -> None:
    run = payroll.line().run
    payroll.line(run=run)
    monkeypatch.setattr(sheets, "ROWS_AT_MOST", 1)

    answer = enter(payroll.accountant).get(f"{ROOT}runs/{run.pk}/lines/?format=xlsx")

    assert answer.status_code == 422
    assert "Hãy lọc bớt" in answer.content.decode()

"""Each month's money says what it is for, how it was reckoned, why arrears and why something was kept back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lienthong.accounts.models import User
from lienthong.assistance.models import Entitlement, Recovery
from lienthong.assistance.queries.own_reasons import reasoned
from lienthong.payments.models import PaymentLine
from lienthong.payments.queries.own import own_payments
from tests.factories.accounts import UserFactory
from tests.factories.assistance import EntitlementFactory, EntitlementRateFactory
from tests.factories.payments import PaymentLineFactory, PaymentRunFactory
from tests.portal.applicants import citizen
from tests.screens import Page, enter
from tests.world import COMMUNE, World

pytestmark = pytest.mark.django_db
JUNE, JULY, AUGUST = (date(2026, month, 1) for month in (6, 7, 8))
OLD_LAW, NEW_LAW = "76/2024/NĐ-CP, Điều 1 khoản 1", "335/2026/NĐ-CP, Điều 1"


def words_of(level: str, amount: str, law: str) -> str:
    return f"Người khuyết tật nặng: hệ số 1,5 × mức chuẩn {level} đồng = {amount} đồng mỗi tháng (mức chuẩn: {law})."


OLD, NEW = words_of("500.000", "750.000", OLD_LAW), words_of("600.000", "900.000", NEW_LAW)


def basis(words: str, law: str) -> dict[str, Any]:
    return {
        "category": "disability",
        "lines": [{"words": words, "amount": 1, "reference": "20/2021/NĐ-CP, Điều 5 khoản 6", "level_reference": law}],
    }


@pytest.fixture
def owner(world: World) -> User:
    return citizen(world)


@pytest.fixture
def allowance(world: World, owner: User) -> Entitlement:
    """An allowance whose level rose in July, by a decree that came in August."""
    row = EntitlementFactory(person=owner.person, unit=world.agency(COMMUNE).unit, first_month=JUNE)
    EntitlementRateFactory(
        entitlement=row, first_month=JUNE, end_month=JULY, amount=750_000, words=OLD, basis=basis(OLD, OLD_LAW)
    )
    EntitlementRateFactory(entitlement=row, first_month=JULY, amount=900_000, words=NEW, basis=basis(NEW, NEW_LAW))
    return row


def paid(owner: User, month: date, *, run: date | None = None, **facts: Any) -> PaymentLine:
    told = {"benefit": "personal", "amount": 750_000, "words": OLD, "basis": basis(OLD, OLD_LAW)}
    line: PaymentLine = PaymentLineFactory(
        run=PaymentRunFactory(month=run or month, released=True), person=owner.person, for_month=month, paid=True,
        **{**told, **facts},
    )  # fmt: skip
    return line


def arrears(owner: User, month: date = JULY, **facts: Any) -> PaymentLine:
    """Pay what a month was owed more; the run that asks again notes on its earlier lines what is owed now."""
    told = {"amount": 150_000, "owed": 900_000, "part": 1, "ground": "arrears", "words": NEW}
    PaymentLine.objects.filter(person=owner.person, for_month=month).update(owed=facts.get("owed", 900_000))
    return paid(owner, month, run=AUGUST, **{**told, "basis": basis(NEW, NEW_LAW), **facts})


def opened(user: User, address: str) -> Page:
    return enter(user).open(address)


ADDRESSES = ("/benefits/", "/benefits/payments/")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_payment_names_its_benefit_and_how_it_was_reckoned(owner: User, allowance: Entitlement, address: str) -> None:
    paid(owner, JUNE)

    (row,) = opened(owner, address).rows("Các khoản chi")

    assert row[1].startswith("Trợ cấp hằng tháng")
    assert OLD in row[1]


def test_every_month_has_the_words_of_its_own_rate(owner: User, allowance: Entitlement) -> None:
    rows = {row[0]: row[1] for row in opened(owner, f"/benefits/{allowance.pk}/").rows("Từng tháng")}

    assert OLD in rows["06/2026"]
    assert NEW in rows["07/2026"]
    assert NEW not in rows["06/2026"]


def test_the_rates_until_now_stand_together(owner: User, allowance: Entitlement) -> None:
    words = opened(owner, f"/benefits/{allowance.pk}/").words

    assert "Từ tháng 07/2026: 900.000 ₫." in words
    assert "Từ tháng 06/2026: 750.000 ₫." in words


def test_arrears_say_from_which_to_which_sum_and_by_which_decree(owner: User, allowance: Entitlement) -> None:
    paid(owner, JULY)
    arrears(owner)
    told = f"Truy lĩnh: trước đã tính 750.000 ₫, nay tính lại là 900.000 ₫ theo {NEW_LAW}, chi thêm 150.000 ₫."

    for address in (*ADDRESSES, f"/benefits/{allowance.pk}/"):
        assert told in opened(owner, address).words, address


def test_arrears_of_a_month_that_was_not_paid_say_so(owner: User, allowance: Entitlement) -> None:
    arrears(owner, amount=900_000, part=0)

    assert "Truy lĩnh: tháng này trước đó chưa được chi." in opened(owner, "/benefits/").words


def test_arrears_by_other_facts_name_no_decree(owner: User, allowance: Entitlement) -> None:
    paid(owner, JULY, amount=600_000, basis=basis(NEW, NEW_LAW))
    arrears(owner, amount=300_000)

    words = opened(owner, "/benefits/").words

    assert "trước đã tính 600.000 ₫, nay tính lại là 900.000 ₫, chi thêm 300.000 ₫." in words


def test_what_is_kept_back_says_how_much_and_why(owner: User, allowance: Entitlement, world: World) -> None:
    Recovery.objects.create(
        entitlement=allowance, amount=400_000, monthly=200_000, first_month=JULY, decision_number="31/QĐ-UBND",
        reason="Tháng 05/2026 chi thừa vì đã vào cơ sở", decided_on=JUNE, recorded_at=world.now, prepared_by=UserFactory(),
        decided_by=UserFactory(),
    )  # fmt: skip
    paid(owner, JULY, deducted=200_000)
    told = (
        "Giữ lại 200.000 ₫ để thu hồi tiền hưởng thừa: Tháng 05/2026 chi thừa vì đã vào cơ sở "
        "(quyết định 31/QĐ-UBND ngày 01/06/2026)."
    )

    for address in (*ADDRESSES, f"/benefits/{allowance.pk}/"):
        assert told in opened(owner, address).words, address


def test_what_is_paid_once_has_its_own_words_and_articles(owner: User) -> None:
    words = "Hỗ trợ chi phí mai táng theo hồ sơ H55.1: 10.800.000 đồng."
    reason = "Đủ điều kiện: lo mai táng cho người đang hưởng trợ cấp; 20 lần mức chuẩn"
    paid(
        owner, JULY, benefit="funeral", amount=10_800_000, words=words,
        basis={"supports": [1], "lines": [{"code": "funeral", "words": reason, "reference": "20/2021/NĐ-CP, Điều 11"}]},
    )  # fmt: skip

    (row,) = opened(owner, "/benefits/").rows("Các khoản chi")

    assert "mai táng" in row[1].partition("Cách tính")[0]
    assert words in row[1]
    assert f"{reason} (20/2021/NĐ-CP, Điều 11)" in row[1]


def test_however_many_payments_two_questions_are_asked(
    owner: User, allowance: Entitlement, django_assert_max_num_queries: Any
) -> None:
    paid(owner, JULY, deducted=1_000)
    arrears(owner)
    for month in range(1, 7):
        paid(owner, date(2025, month, 1), deducted=1_000)
    assert owner.person_id is not None
    payments = own_payments(owner.person_id)

    with django_assert_max_num_queries(2):
        assert len(reasoned(payments)) == 8

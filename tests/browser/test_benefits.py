"""A new law and a citizen in a real browser: from the month that reaches back to the money that somebody sees; every page looked over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import LawChange
from lienthong.assistance.services.law_changes import apply_law_change, reckon_law_change
from tests.assistance.known import disabled
from tests.assistance.test_law_changes import HEALTH, recorded
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.factories.payments import PaymentAccountFactory, PaymentLineFactory, PaymentRunFactory
from tests.portal.applicants import citizen
from tests.world import World

pytestmark = pytest.mark.browser

Comers = Callable[..., Visitor]
LONG = "Nguyễn Thị Phương Thảo Nguyên Hoàng Ỷ Ỵ Ặng Nguyễn Thị Phương Thảo Nguyên Hoàng Ỷ Ỵ Ặng"


def test_a_law_that_reaches_back_is_reckoned_and_approved_by_two(world: World, come_by: Comers) -> None:
    recorded(world, disabled(world, full_name=LONG))
    head = come_by(world.officer(Role.DIVISION_HEAD, HEALTH)).open("/office/assistance/laws/").is_sound()
    head.press("Tính chênh lệch", month="social-assistance:2026-07-01").is_sound()
    change = LawChange.objects.get()
    reckon_law_change(change.pk)
    address = f"/office/assistance/laws/{change.pk}/"
    head.open(address).is_sound()
    assert "Chưa có gì thay đổi." in head.words
    head.follow("Từng người, từng tháng").is_sound()
    assert "60.000 ₫" in head.words

    leader = come_by(world.officer(Role.LEADER, HEALTH), width=PHONE).open(address).is_sound()
    leader.press("Duyệt, ghi mức mới", decision_number="77/QĐ-SYT").is_sound()
    apply_law_change(change.pk)
    leader.open(address).is_sound()
    assert "Đã ghi mức mới." in leader.words


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_citizen_sees_the_money_and_says_what_is_wrong(world: World, come_by: Comers, width: int) -> None:
    user = citizen(world)
    person = disabled(world, full_name=LONG)
    assert user.person is not None
    row = recorded(world, person)
    row.payee, row.payee_ground = user.person, "guardian"
    row.save()
    PaymentAccountFactory(person=user.person)
    run = PaymentRunFactory(month=date(2026, 10, 1), released=True)
    PaymentLineFactory(run=run, person=person, payee=user.person, benefit="personal", unit=row.unit, failed=True)

    owner = come_by(user, width=width).open("/benefits/").is_sound()
    owner.follow("Trợ cấp hằng tháng").is_sound()
    assert "Ngân hàng không chuyển được: Tài khoản đã đóng." in owner.words
    owner.follow("Phản ánh").is_sound().press("Gửi phản ánh", text="Bao giờ chi lại?").is_sound()
    assert "Đã gửi, đang chờ xã trả lời." in owner.words
    owner.open("/benefits/account/").is_sound().press(
        "Ghi nơi nhận tiền", channel="cash", begins="next_month"
    ).is_sound()
    assert "tiền mặt" in owner.words.lower()
    owner.open("/benefits/check/").is_sound()

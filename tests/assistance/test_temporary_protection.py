"""Somebody under urgent protection is cared for by a household for a time: food for all days, paid once to whoever cares."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lienthong.accounts.states import Role
from lienthong.assistance.models import DecisionSheet, EmergencyGrant, Entitlement, Proposal
from lienthong.assistance.payables import SOCIAL_ASSISTANCE
from lienthong.assistance.procedures.applicants import ProgrammeRefusal
from lienthong.assistance.procedures.urgent_care import URGENT_CARE
from lienthong.assistance.services.paid_once import NamePayee
from lienthong.assistance.services.proposing_paid_once import propose_once_payee
from lienthong.assistance.services.refusals import AlreadyReceived, NotOwed, PayeeWrong
from lienthong.kernel.decisions import Outcome
from lienthong.payments.models import PaymentLine
from lienthong.people.models import Person
from lienthong.rules.emergency.course import Course
from lienthong.rules.emergency.kinds import EmergencyKind
from tests.assistance import emergencies, onces
from tests.assistance.known import known, processor
from tests.assistance.test_care_places import CARED, CARER, NUMBER, proposed, received
from tests.factories.people import PersonFactory
from tests.office.assistance.test_emergency_screens import day
from tests.payments.house import DECEMBER, NOVEMBER, House
from tests.screens import enter
from tests.world import World

pytestmark = pytest.mark.django_db
FIRST, UNTIL = date(2026, 11, 1), date(2026, 11, 11)
DAYS = {"from_day": FIRST, "until_day": UNTIL}


def asked(world: World, person: Person, carer: Person, **facts: Any) -> Any:
    content = {"group": "vagrant", **DAYS, **facts}
    return emergencies.asked(
        world, person, EmergencyKind.PROTECTION, happened_on=content["from_day"], facts=content, payee_id=carer.pk,
        payee_ground="carer", course=Course(),
    )  # fmt: skip


class TestGranting:
    def test_food_for_ten_days_is_decided_by_two_and_paid_once_to_whoever_cares(self, world: World) -> None:
        house = House(world, SOCIAL_ASSISTANCE)  # type: ignore[arg-type]
        person, carer = emergencies.dweller(world), onces.receiver(world, full_name="Ma Thị Nuôi")

        grant = emergencies.granted(world, asked(world, person, carer))

        assert (grant.kind, grant.cause, grant.amount) == ("protection", "", 600_000)
        assert grant.cause_words == "trẻ em, người lang thang xin ăn"
        assert (grant.person_id, grant.payee_id, grant.payee_ground) == (person.pk, carer.pk, "carer")
        assert any("Điều 21" in one or "20/2021" in one for one in grant.articles)
        assert "từ ngày 01/11/2026" in DecisionSheet.objects.get().outcome
        house.now = world.now
        for month in (NOVEMBER, DECEMBER):
            house.pay(month)
        line = PaymentLine.objects.get()
        assert (line.person_id, line.payee_id, line.amount, line.benefit) == (person.pk, carer.pk, 600_000, "emergency")
        assert "từ ngày 01/11/2026" in line.words

    def test_no_more_than_three_months_are_paid(self, world: World) -> None:
        command = asked(world, emergencies.dweller(world), onces.receiver(world), until_day=date(2027, 6, 1))
        assert emergencies.granted(world, command).amount == 92 * 60_000

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            ({"group": "orphan", "relatives_can_care": True}, "không có người thân thích chăm sóc được"),
            ({"group": "victim"}, "có cần được bảo vệ khẩn cấp hay không"),
            ({"group": "other", "decided_by_province": False}, "Chủ tịch Ủy ban nhân dân cấp tỉnh"),
        ],
    )
    def test_who_is_none_of_them_is_refused_with_the_condition(
        self, world: World, facts: dict[str, Any], sentence: str
    ) -> None:
        with pytest.raises(NotOwed, match=sentence):
            emergencies.proposed(world, asked(world, emergencies.dweller(world), onces.receiver(world), **facts))

    def test_never_to_the_person_themselves(self, world: World) -> None:
        person, carer = emergencies.dweller(world), onces.receiver(world)
        with pytest.raises(PayeeWrong, match="nhận chăm sóc"):
            emergencies.proposed(world, asked(world, person, person))
        grant = emergencies.granted(world, asked(world, person, carer))
        command = NamePayee(kind="emergency", grant_id=grant.pk, payee_id=person.pk, ground="self", reason="Ghi nhầm")
        with pytest.raises(PayeeWrong, match="nhận chăm sóc"):
            propose_once_payee(command, acting_user=processor(world), now=world.now)

    def test_no_day_is_paid_twice_and_other_days_are(self, world: World) -> None:
        person, carer = emergencies.dweller(world), onces.receiver(world)
        emergencies.granted(world, asked(world, person, carer))
        with pytest.raises(AlreadyReceived, match="từ 01/11/2026 đến 10/11/2026"):
            emergencies.proposed(
                world, asked(world, person, carer, from_day=date(2026, 11, 10), until_day=date(2026, 11, 12))
            )
        more = asked(world, person, carer, from_day=UNTIL, until_day=date(2026, 11, 14))
        assert emergencies.granted(world, more).amount == 180_000

    def test_two_of_one_household_are_cared_for_each(self, world: World) -> None:
        _home, (first, second) = emergencies.household(world)
        for person in (first, second):
            emergencies.granted(world, asked(world, person, onces.receiver(world)))
        assert EmergencyGrant.objects.count() == 2

    def test_only_this_kind_goes_without_a_cause(self, world: World) -> None:
        grant = emergencies.granted(world, asked(world, emergencies.dweller(world), onces.receiver(world)))
        grant.pk, grant.kind, grant.proposal = None, "injury", None
        with pytest.raises(IntegrityError, match="emergency_grant_cause"), transaction.atomic():
            grant.save(force_insert=True)


class TestDossier:
    CONFIRMED = {**CARED, "until": "2026-12-10", "group": "orphan", "is_confirmed": "yes"}

    @pytest.fixture
    def child(self, world: World) -> Person:
        PersonFactory(number=CARER)
        return known(world, born=date(2018, 5, 17), number=NUMBER, facts={"father": "dead", "mother": "missing"})

    def test_the_approval_grants_the_food_beside_the_support_of_each_month(self, world: World, child: Person) -> None:
        dossier = received(world, URGENT_CARE, self.CONFIRMED)
        decision = proposed(world, dossier)
        assert any("Tiền ăn" in str(one) for one in decision.reasons)

        dossier = world.approve(dossier)

        grant = EmergencyGrant.objects.get()
        assert (grant.person_id, grant.amount, grant.happened_on) == (child.pk, 30 * 60_000, date(2026, 11, 10))
        assert (grant.payee.personal_id_number, grant.dossier_code) == (CARER, dossier.code)
        assert Entitlement.objects.filter(person=child, benefit="carer").exists()
        sheet = DecisionSheet.objects.get()
        assert "1.800.000" in sheet.outcome

    def test_what_is_not_confirmed_is_asked_and_what_is_not_so_is_refused(self, world: World, child: Person) -> None:
        open_one = received(world, URGENT_CARE, {**self.CONFIRMED, "is_confirmed": ""})
        assert proposed(world, open_one).outcome is Outcome.UNKNOWN
        with pytest.raises(ProgrammeRefusal, match="không có người thân thích"):
            world.approve(received(world, URGENT_CARE, {**self.CONFIRMED, "is_confirmed": "no"}))
        assert not EmergencyGrant.objects.exists()

    def test_without_the_group_only_the_care_is_recorded(self, world: World, child: Person) -> None:
        world.approve(received(world, URGENT_CARE, CARED))
        assert not EmergencyGrant.objects.exists()


def test_it_is_entered_shown_and_listed_like_the_others(world: World) -> None:
    person = emergencies.dweller(world, full_name="Ma Văn Lang")
    onces.receiver(world, full_name="Ma Thị Nuôi", number="019080000088")
    browser = enter(world.officer(Role.PROCESSOR))
    page = browser.open(f"/office/assistance/people/{person.pk}/").follow("Hỗ trợ chăm sóc, nuôi dưỡng tạm thời")
    filled = {
        **day("happened_on", "1"), **day("last_day", "30", "10"), "group": "victim", "needs_protection": "yes", "ground": "carer", "payee_number": "019080000088", "payee_name": "Ma Thị Nuôi",
    }  # fmt: skip
    page = page.press("Xem quy định nói gì", verb="preview", **filled)
    assert (page.status, "Ngày cuối không thể trước ngày đầu" in page.words) == (422, True)
    page = page.press("Xem quy định nói gì", verb="preview", **day("last_day", "10"))
    assert "600.000 ₫" in page.words
    page.press("Đề xuất, chờ duyệt", verb="propose")
    proposal = Proposal.objects.latest("pk")
    enter(world.officer(Role.LEADER)).open(f"/office/assistance/proposals/{proposal.pk}/").press(
        "Duyệt đề xuất", decision_number="31/QĐ-UBND"
    )
    grant = EmergencyGrant.objects.get()
    shown = browser.open(f"/office/assistance/emergency/{grant.pk}/").words
    assert "Nạn nhân bạo lực" in shown
    listed = browser.open("/office/assistance/emergency/?kind=protection")
    assert "Ma Văn Lang" in listed.words
    assert "nạn nhân bạo lực" in browser.open(f"/office/assistance/people/{person.pk}/").words

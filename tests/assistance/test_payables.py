"""What the programmes have paid: every month once, changed months again, and nothing that no decision owes."""

from datetime import date, timedelta
from typing import Any

import pytest

from lienthong.assistance.models import FuneralSupport, Recovery
from lienthong.assistance.payables import MERIT, SOCIAL_ASSISTANCE
from lienthong.assistance.services.changing import adjust, stop, suspend
from lienthong.assistance.services.proposing_changes import ProposePayee, propose_payee
from lienthong.kernel.days import add_months
from lienthong.payments.models import Overpayment
from lienthong.payments.queries.agreeing import disagreeing_lines
from lienthong.payments.sources import Owed, registered
from lienthong.payments.states import LineState
from tests.assistance.known import approved, disabled, granted, leader, processor
from tests.factories.assistance import DisabilityCertificateFactory, EntitlementFactory, EntitlementRateFactory
from tests.factories.payments import PaymentAccountFactory
from tests.factories.people import PersonFactory
from tests.payments.house import House
from tests.world import COMMUNE, World, at

NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)


def owed(month: date, *, since: date | None = None, changed_since: object = None) -> list[Owed]:
    return list(SOCIAL_ASSISTANCE.owed(month, since=since or month, changed_since=changed_since))  # type: ignore[arg-type]


def test_both_programmes_are_sources_and_word_their_benefits(world: World) -> None:
    assert registered()["social-assistance"] is SOCIAL_ASSISTANCE
    assert registered()["merit"] is MERIT
    assert SOCIAL_ASSISTANCE.benefits()["funeral"] == "hỗ trợ chi phí mai táng"
    assert SOCIAL_ASSISTANCE.known_on(NOVEMBER, on=NOVEMBER) == SOCIAL_ASSISTANCE.known_on(NOVEMBER, on=NOVEMBER)
    assert len(MERIT.known_on(NOVEMBER, on=NOVEMBER)) == 12


def test_each_month_of_a_rate_is_owed_with_its_words_and_basis(world: World) -> None:
    row = granted(world, disabled(world))
    (one,) = owed(NOVEMBER)
    assert (one.person_id, one.payee_id, one.unit_id) == (row.person_id, row.payee_id, row.unit_id)
    assert (one.benefit, one.for_month, one.amount) == ("personal", NOVEMBER, 810_000)
    assert "hệ số 1,5" in one.words
    assert one.basis["lines"][0]["amount"] == 810_000
    assert [one.for_month for one in owed(JANUARY, since=NOVEMBER)] == [NOVEMBER, DECEMBER, JANUARY]
    assert owed(date(2026, 10, 1)) == []


def test_what_changed_since_the_last_run_is_told_for_the_months_before(world: World) -> None:
    row = granted(world, disabled(world))
    world.now = at("2027-01-20 09:00")
    row.person.disability_certificates.update(valid_until=date(2026, 12, 5))
    DisabilityCertificateFactory(person=row.person, level="extremely_severe", valid_from=date(2026, 12, 5))
    adjust(row.person_id, from_month=DECEMBER, reason="Giấy mới", acting_user_id=None, now=world.now)

    told = {one.for_month: one.amount for one in owed(JANUARY, changed_since=world.now)}
    assert told[DECEMBER] == 1_080_000
    assert told[JANUARY] == 1_080_000
    later = world.now + timedelta(days=1)
    assert [one.for_month for one in owed(JANUARY, changed_since=later)] == [JANUARY]


def test_months_that_are_owed_no_more_are_told_as_nothing(world: World) -> None:
    row = granted(world, disabled(world))
    world.now = at("2027-02-20 09:00")
    stop(row, last_month=NOVEMBER, reason="Đã chết", acting_user_id=None, now=world.now)
    february = date(2027, 2, 1)
    told = {one.for_month: one.amount for one in owed(february, changed_since=world.now)}
    assert (told[NOVEMBER], told[DECEMBER], told[JANUARY]) == (810_000, 0, 0)
    assert february not in told or told[february] == 0
    assert SOCIAL_ASSISTANCE.why_stopped(february, [(row.person_id, "personal")]) == {
        (row.person_id, "personal"): "Đã chết"
    }


def test_what_changed_alone_is_told_of_this_month_too(world: World) -> None:
    row, other = granted(world, disabled(world)), granted(world, disabled(world))
    world.now = at("2026-12-20 09:00")
    stop(row, last_month=NOVEMBER, reason="Đã chuyển đi nơi khác", acting_user_id=None, now=world.now)
    told = owed(DECEMBER, since=JANUARY, changed_since=world.now)
    of_december = {(one.person_id, one.amount) for one in told if one.for_month == DECEMBER}
    assert of_december == {(row.person_id, 0)}
    assert {one.person_id for one in told} == {row.person_id}
    assert owed(DECEMBER, since=JANUARY, changed_since=world.now + timedelta(seconds=1)) == []
    assert other.person_id in {one.person_id for one in owed(DECEMBER)}


def test_what_never_should_have_been_paid_is_told_as_nothing(world: World) -> None:
    row = granted(world, disabled(world))
    world.now = at("2026-12-20 09:00")
    stop(row, last_month=date(2026, 10, 1), reason="Quyết định sai", acting_user_id=None, now=world.now)
    assert {one.for_month: one.amount for one in owed(DECEMBER, changed_since=world.now)} == {NOVEMBER: 0}


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ({"ended": True, "first_month": date(2025, 9, 1), "last_month": date(2025, 10, 1)}, {NOVEMBER: 0}),
        ({"first_month": DECEMBER}, {NOVEMBER: 0, DECEMBER: 500_000}),
    ],
)
def test_what_never_should_have_been_paid_is_told_beside_another_decision_too(
    world: World, span: dict[str, Any], expected: dict[date, int]
) -> None:
    row = granted(world, disabled(world))
    world.now = at("2026-12-20 09:00")
    stop(row, last_month=date(2026, 10, 1), reason="Quyết định sai", acting_user_id=None, now=world.now)
    other = EntitlementFactory(person=row.person, **span)
    end = add_months(other.last_month, 1) if other.last_month else None
    EntitlementRateFactory(entitlement=other, end_month=end, amount=500_000)
    assert {one.for_month: one.amount for one in owed(DECEMBER, changed_since=world.now)} == expected


def test_a_suspended_benefit_says_why(world: World) -> None:
    row = granted(world, disabled(world))
    suspend(row, first_month=DECEMBER, reason="Bị tạm giam", for_refusal=False, acting_user_id=None, now=world.now)
    assert [one.amount for one in owed(DECEMBER) if one.amount] == []
    assert SOCIAL_ASSISTANCE.why_stopped(DECEMBER, [(row.person_id, "personal")]) == {
        (row.person_id, "personal"): "Tạm dừng hưởng từ tháng 12/2026"
    }


def test_a_benefit_granted_anew_pays_a_month_once(world: World) -> None:
    person = PersonFactory()
    old = EntitlementFactory(person=person, ended=True, first_month=date(2026, 9, 1), last_month=date(2026, 10, 1))
    EntitlementRateFactory(entitlement=old, first_month=date(2026, 9, 1), end_month=NOVEMBER, amount=500_000)
    new = EntitlementFactory(person=person, first_month=NOVEMBER)
    EntitlementRateFactory(entitlement=new, first_month=NOVEMBER, amount=540_000)
    told = [(one.for_month.month, one.amount) for one in owed(NOVEMBER, since=date(2026, 9, 1))]
    assert told == [(9, 500_000), (10, 500_000), (11, 540_000)]


def test_no_more_is_kept_back_than_is_left_to_recover_and_than_is_owed(world: World) -> None:
    row = granted(world, disabled(world))
    recovery = Recovery.objects.create(
        entitlement=row, amount=900_000, monthly=900_000, first_month=DECEMBER, reason="Hưởng thừa",
        decided_on=world.today, prepared_by=processor(world), decided_by=leader(world), recorded_at=world.now,
    )  # fmt: skip
    assert [one.deduction for one in owed(NOVEMBER)] == [0]
    (one,) = owed(DECEMBER)
    assert one.deduction == 810_000
    assert "Khấu trừ 810.000" in one.words
    assert [one.deduction for one in owed(JANUARY, since=DECEMBER)] == [0, 810_000]
    Recovery.objects.filter(pk=recovery.pk).update(state="settled")
    assert [one.deduction for one in owed(DECEMBER)] == [0]


def test_a_funeral_is_paid_once_to_whoever_arranged_it(world: World) -> None:
    payee = PersonFactory(number="019085001234")
    dossier = world.approve(world.receive())
    support = FuneralSupport.objects.get(dossier_code=dossier.code)
    assert support.payee_id == payee.pk
    assert support.unit_id is not None
    (one,) = owed(NOVEMBER)
    assert (one.benefit, one.amount, one.payee_id) == ("funeral", 20 * 540_000, payee.pk)
    assert owed(DECEMBER) == []
    assert [one.for_month for one in owed(DECEMBER, changed_since=support.granted_at)] == [NOVEMBER]
    assert SOCIAL_ASSISTANCE.why_stopped(DECEMBER, [(one.person_id, "funeral")]) == {
        (one.person_id, "funeral"): "Khoản không chi hằng tháng; đã vào danh sách của tháng trước"
    }


def test_of_two_funerals_that_one_person_arranged_both_are_owed_whenever_a_run_looks(world: World) -> None:
    payee = PersonFactory(unit=world.agency(COMMUNE).unit)
    for number, days in (("H1", 0), ("H2", 5)):
        FuneralSupport.objects.create(
            dossier_code=number, deceased_name="Hoàng Văn Cụ", died_on=world.today, payee_name=payee.full_name, payee=payee,
            unit=payee.unit, amount=10_800_000, reasons=["Chết"], granted_at=world.now + timedelta(days=days), granted_by=1,
        )  # fmt: skip
    both = [(payee.pk, NOVEMBER, 10_800_000)] * 2
    told = owed(NOVEMBER)
    assert [(one.person_id, one.for_month, one.amount) for one in told] == both
    assert len({one.matter for one in told}) == 2
    later = owed(DECEMBER, changed_since=world.now + timedelta(days=3))
    assert [(one.person_id, one.for_month, one.amount) for one in later] == both


def test_what_has_ended_is_told_again_for_whoever_receives_it_now(world: World) -> None:
    row, heir = granted(world, disabled(world)), PersonFactory()
    stop(row, last_month=NOVEMBER, reason="Đã chết", acting_user_id=None, now=world.now)
    world.now = at("2027-01-20 09:00")
    assert owed(JANUARY, changed_since=world.now) == []
    command = ProposePayee(entitlement_id=row.pk, payee_id=heir.pk, ground="authorised", reason="Con trai nhận thay")
    approved(world, propose_payee(command, acting_user=processor(world), now=world.now))

    told = owed(JANUARY, changed_since=world.now)

    assert [(one.for_month, one.payee_id, one.amount) for one in told] == [(NOVEMBER, heir.pk, 810_000)]
    assert owed(JANUARY, changed_since=world.now + timedelta(days=1)) == []


def test_the_number_of_questions_does_not_grow(world: World, django_assert_max_num_queries: object) -> None:
    for _ in range(3):
        granted(world, disabled(world))
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        assert len(owed(NOVEMBER, changed_since=world.now)) == 3


@pytest.mark.parametrize("month", [NOVEMBER])
def test_merit_owes_nothing_where_nobody_is_entitled(world: World, month: date) -> None:
    assert list(MERIT.owed(month, since=month, changed_since=None)) == []


def test_what_is_ended_between_list_and_release_is_not_paid(world: World) -> None:
    house = House(world, SOCIAL_ASSISTANCE)  # type: ignore[arg-type]
    house.now = at("2026-11-16 09:00")
    ended, stays = granted(world, disabled(world)), granted(world, disabled(world))
    for row in (ended, stays):
        PaymentAccountFactory(person=row.person)
    run = house.approve(house.check(house.prepare()))
    stop(ended, last_month=date(2026, 10, 1), reason="Quyết định sai", acting_user_id=None, now=house.later(hours=1))
    (found,) = disagreeing_lines(run, on=world.today)
    assert (found.line.person_id, found.now, found.why) == (ended.person_id, 0, "Quyết định sai")

    run = house.release(run)

    states = {line.person_id: line.state for line in house.lines(run)}
    assert states == {ended.person_id: LineState.HELD, stays.person_id: LineState.SENT}
    house.later(days=3)
    following = house.prepare(DECEMBER)
    assert {(line.person_id, line.for_month) for line in house.lines(following)} == {(stays.person_id, DECEMBER)}
    assert not Overpayment.objects.exists()

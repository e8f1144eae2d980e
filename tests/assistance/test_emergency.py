"""Emergency assistance without a dossier: proposed by one, approved by another, given once, paid once or handed out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from lienthong.accounts.queries import happenings_of
from lienthong.accounts.states import Role
from lienthong.assistance.models import EmergencyGrant, FuneralSupport
from lienthong.assistance.payables import SOCIAL_ASSISTANCE
from lienthong.assistance.services.emergency import Deceased, decided, grant_emergency
from lienthong.assistance.services.funeral import SupportedBefore
from lienthong.assistance.services.proposing_emergency import HandOutRice, hand_out_rice, propose_emergency
from lienthong.assistance.services.refusals import (
    AlreadyReceived,
    AlreadySettled,
    AssistanceRefusal,
    DecidesOwnProposal,
    FactWrong,
    NotOwed,
    NotYours,
    PayeeWrong,
    RecordUnknown,
)
from lienthong.rules.emergency.course import Course
from lienthong.rules.emergency.kinds import EmergencyKind
from tests.assistance.emergencies import STORM, asked, dweller, granted, household, proposed
from tests.assistance.known import approved, leader, processor
from tests.factories.people import PersonFactory
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, World

RICE, INJURY, DEATH, HOUSE = EmergencyKind.RICE, EmergencyKind.INJURY, EmergencyKind.DEATH, EmergencyKind.HOUSE
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def owed(month: date, **asked_for: Any) -> list[Any]:
    asked_for = {"since": month, "changed_since": None, **asked_for}
    return list(SOCIAL_ASSISTANCE.owed(month, **asked_for))


class TestGranting:
    def test_one_proposes_another_approves_and_the_decision_is_kept_sentence_by_sentence(self, world: World) -> None:
        person = dweller(world)

        proposal = proposed(world, asked(world, person))
        assert not EmergencyGrant.objects.exists()
        assert proposal.words == "Hỗ trợ người bị thương nặng: 5.400.000\u00a0₫, vì việc xảy ra ngày 08/11/2026."
        approved(world, proposal, "31/QĐ-UBND")

        grant = EmergencyGrant.objects.get()
        assert (grant.amount, grant.rice_kg, grant.person_id, grant.payee_id) == (5_400_000, 0, person.pk, person.pk)
        assert (grant.prepared_by, grant.granted_by, grant.decision_number) == (
            processor(world), leader(world), "31/QĐ-UBND",
        )  # fmt: skip
        assert "20/2021/NĐ-CP, Điều 13 khoản 1" in grant.articles
        assert any("10 lần mức chuẩn 540.000" in reason for reason in grant.reasons)
        assert any("Thôn họp xét ngày 15/11/2026" in reason for reason in grant.reasons)
        (told,) = happenings_of(grant.stream)
        assert told.sentence.startswith("Quyết định hỗ trợ người bị thương nặng vì việc xảy ra ngày 08/11/2026")

    def test_nobody_approves_what_they_proposed(self, world: World) -> None:
        both = world.officer(Role.LEADER, COMMUNE)
        proposal = propose_emergency(asked(world, dweller(world)), acting_user=both, now=world.now)

        with pytest.raises(DecidesOwnProposal):
            approved(world, proposal, by=both)

    def test_the_table_itself_refuses_one_person_alone(self, world: World) -> None:
        command = asked(world, dweller(world), prepared_by_id=leader(world).pk)

        with pytest.raises(IntegrityError, match="emergency_grant_by_two"), transaction.atomic():
            grant_emergency(command, acting_user=leader(world), now=world.now)

    def test_who_works_elsewhere_proposes_nothing(self, world: World) -> None:
        stranger = world.officer(Role.PROCESSOR, ANOTHER_COMMUNE)

        with pytest.raises(NotYours):
            propose_emergency(asked(world, dweller(world)), acting_user=stranger, now=world.now)

    @pytest.mark.parametrize(
        ("kind", "facts", "sentence"),
        [
            (INJURY, {"treated_days": 2}, "từ 3 ngày trở lên"),
            (INJURY, {"at_residence": None}, "bị thương tại nơi cư trú hay ở nơi khác"),
            (DEATH, {"cause": "other"}, "Nguyên nhân là thiên tai"),
            (RICE, {"is_short_of_food": False}, "Hộ thiếu đói"),
        ],
    )
    def test_what_the_rules_do_not_give_is_refused_with_the_condition(
        self, world: World, kind: EmergencyKind, facts: dict[str, Any], sentence: str
    ) -> None:
        more = {"deceased": Deceased(name="Hoàng Thị Mất")} if kind is DEATH else {}

        with pytest.raises(NotOwed, match=sentence):
            proposed(world, asked(world, dweller(world), kind, facts=facts, **more))

    def test_a_day_in_the_future_is_refused_except_the_coming_new_year(self, world: World) -> None:
        person, tomorrow = dweller(world), world.today + timedelta(days=1)

        with pytest.raises(FactWrong, match="ở sau hôm nay"):
            proposed(world, asked(world, person, happened_on=tomorrow))
        rice = {"cause": "lunar_new_year", "persons": 3, "months": None}
        grant = granted(world, asked(world, person, RICE, happened_on=tomorrow, facts=rice))
        assert grant.rice_kg == 45

    def test_money_goes_to_somebody_alive_whose_ground_is_named(self, world: World) -> None:
        person, mother, dead = dweller(world), dweller(world), dweller(world, died_on=date(2026, 1, 5))

        for payee, ground, sentence in (
            (mother, "self", "hãy chọn tư cách"), (dead, "guardian", "đã chết"), (person, "guardian", "Chính người này"),
        ):  # fmt: skip
            with pytest.raises(PayeeWrong, match=sentence):
                proposed(world, asked(world, person, payee_id=payee.pk, payee_ground=ground))
        grant = granted(world, asked(world, person, payee_id=mother.pk, payee_ground="guardian"))
        assert (grant.person_id, grant.payee_id) == (person.pk, mother.pk)


class TestTheWayFromTheVillage:
    def test_without_a_meeting_nothing_is_decided(self, world: World) -> None:
        with pytest.raises(NotOwed, match="Thôn họp xét danh sách, hoặc cần giúp rất khẩn cấp"):
            proposed(world, asked(world, dweller(world), course=Course(listed_on=date(2026, 11, 10))))

    @pytest.mark.parametrize(
        ("course", "sentence"),
        [
            (Course(listed_on=date(2026, 11, 7), met_on=date(2026, 11, 15)), "lập danh sách 07/11/2026 ở trước ngày"),
            (Course(met_on=date(2026, 11, 7)), "họp xét 07/11/2026 ở trước ngày xảy ra sự việc 08/11/2026"),
            (Course(met_on=date(2026, 12, 30)), "họp xét 30/12/2026 ở sau hôm nay"),
        ],
    )
    def test_no_village_meets_before_the_event_or_after_today(
        self, world: World, course: Course, sentence: str
    ) -> None:
        with pytest.raises(FactWrong, match=sentence):
            proposed(world, asked(world, dweller(world), course=course))

    def test_what_is_very_urgent_needs_none(self, world: World) -> None:
        urgent = Course(urgent_reason="Lũ chia cắt xóm")

        grant = granted(world, asked(world, dweller(world), course=urgent))

        assert (grant.met_on, grant.urgent_reason) == (None, "Lũ chia cắt xóm")
        assert any("không qua họp thôn" in reason for reason in grant.reasons)

    def test_a_death_needs_none(self, world: World) -> None:
        grant = granted(world, asked(world, dweller(world), DEATH, deceased=Deceased(name="Hoàng Thị Mất")))

        assert (grant.amount, grant.deceased_name) == (50 * 540_000, "Hoàng Thị Mất")


class TestOnce:
    def test_the_same_event_is_helped_once_and_another_again(self, world: World) -> None:
        person = dweller(world)
        granted(world, asked(world, person))

        with pytest.raises(AlreadyReceived, match="08/11/2026; mỗi việc chỉ một lần"):
            proposed(world, asked(world, person))
        granted(world, asked(world, person, happened_on=date(2026, 10, 2)))
        assert EmergencyGrant.objects.count() == 2

    def test_whoever_decides_reads_what_was_given_before(self, world: World) -> None:
        person = dweller(world)
        granted(world, asked(world, person, happened_on=date(2026, 10, 2)))

        proposal = proposed(world, asked(world, person))

        assert any("Đã được hỗ trợ người bị thương nặng 5.400.000" in reason for reason in proposal.reasons)

    def test_what_waits_is_not_proposed_again(self, world: World) -> None:
        person = dweller(world)
        proposed(world, asked(world, person))

        with pytest.raises(AlreadyReceived, match="đang chờ duyệt"):
            proposed(world, asked(world, person))

    def test_of_a_household_one_member_is_given_the_house_whoever_asks(self, world: World) -> None:
        _home, (head, other) = household(world)
        first, second = proposed(world, asked(world, head, HOUSE)), proposed(world, asked(world, other, HOUSE))
        approved(world, first)

        with pytest.raises(AlreadyReceived):
            approved(world, second)
        assert EmergencyGrant.objects.get().amount == 40_000_000

    def test_a_death_is_helped_once_whatever_day_is_written(self, world: World) -> None:
        deceased = Deceased(name="Hoàng Thị Mất", number="019055000017")
        granted(world, asked(world, dweller(world), DEATH, deceased=deceased))

        with pytest.raises(AlreadyReceived, match="mỗi người chỉ được hỗ trợ một lần"):
            proposed(world, asked(world, dweller(world), DEATH, deceased=deceased, happened_on=date(2026, 11, 7)))

    def test_the_table_refuses_it_too(self, world: World) -> None:
        grant = granted(world, asked(world, dweller(world)))
        grant.pk, grant.proposal_id = None, None

        with pytest.raises(IntegrityError, match="emergency_grant_once_per_person"), transaction.atomic():
            grant.save(force_insert=True)

    def test_what_was_decided_is_never_changed_or_deleted(self, world: World) -> None:
        grant = granted(world, asked(world, dweller(world)))

        for change in (
            lambda: EmergencyGrant.objects.filter(pk=grant.pk).update(amount=1),
            lambda: EmergencyGrant.objects.filter(pk=grant.pk).delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        grant.refresh_from_db()
        assert grant.amount == 5_400_000


class TestHouses:
    @pytest.mark.parametrize(("recorded", "is_given"), [("poor", True), ("near_poor", True), ("not_poor", False)])
    def test_the_review_says_which_class_the_household_is_in(
        self, world: World, recorded: str, *, is_given: bool
    ) -> None:
        _home, (head, _other) = household(world, household_class=recorded)
        command = asked(world, head, HOUSE, facts={"poverty_class": "poor", "in_difficulty": False})

        if not is_given:
            with pytest.raises(NotOwed, match="hoàn cảnh khó khăn"):
                proposed(world, command)
            return
        grant = granted(world, command)
        assert any("Theo kết quả rà soát" in reason for reason in grant.reasons)
        assert grant.household_id is not None


class TestTheFuneralOfTheSameDeath:
    def test_what_was_given_by_article_eleven_is_taken_off(self, world: World) -> None:
        dossier = world.approve(world.receive())
        support = FuneralSupport.objects.get(dossier_code=dossier.code)
        deceased = Deceased(name=support.deceased_name, number=support.deceased_number)

        grant = granted(world, asked(world, dweller(world), DEATH, deceased=deceased, happened_on=support.died_on))

        assert grant.amount == 50 * 540_000 - support.amount
        assert any("chỉ hưởng một mức cao nhất" in reason for reason in grant.reasons)

    def test_what_was_taken_back_is_not_taken_off(self, world: World) -> None:
        dossier = world.approve(world.receive())
        support = FuneralSupport.objects.get(dossier_code=dossier.code)
        support.withdrawn_at, support.withdrawn_by, support.withdrawn_because = world.now, leader(world), "Nhầm người"
        support.save()
        deceased = Deceased(name=support.deceased_name, number=support.deceased_number)

        grant = granted(world, asked(world, dweller(world), DEATH, deceased=deceased, happened_on=support.died_on))

        assert grant.amount == 50 * 540_000

    def test_after_it_article_eleven_gives_nothing(self, world: World) -> None:
        request = world.request()
        deceased = Deceased(name="Hoàng Thị Ổn", number=request.answers["deceased_number"])
        granted(world, asked(world, dweller(world), DEATH, deceased=deceased, happened_on=date(2026, 11, 2)))
        dossier = world.receive(answers=request.answers)

        with pytest.raises(Exception, match="mai táng khẩn cấp") as refused:
            world.approve(dossier)
        assert isinstance(refused.value.__cause__, SupportedBefore)


class TestPayments:
    def test_money_is_owed_in_the_month_of_the_decision_and_once(self, world: World) -> None:
        person, mother = dweller(world), dweller(world)
        grant = granted(world, asked(world, person, payee_id=mother.pk, payee_ground="guardian"))

        (line,) = owed(NOVEMBER)

        assert (line.person_id, line.payee_id, line.benefit, line.amount) == (
            person.pk,
            mother.pk,
            "emergency",
            5_400_000,
        )
        assert line.words.endswith("theo quyết định 31/QĐ-UBND: 5.400.000\u00a0₫.")
        assert owed(DECEMBER) == []
        assert [one.for_month for one in owed(DECEMBER, changed_since=grant.granted_at)] == [NOVEMBER]

    def test_two_events_of_a_month_are_paid_each_for_itself_to_whoever_receives_it(self, world: World) -> None:
        person, mother = dweller(world), dweller(world)
        granted(world, asked(world, person))
        granted(
            world,
            asked(world, person, happened_on=date(2026, 10, 2), payee_id=mother.pk, payee_ground="guardian"),
        )

        assert [(one.payee_id, one.amount) for one in owed(NOVEMBER)] == [
            (person.pk, 5_400_000),
            (mother.pk, 5_400_000),
        ]

    def test_rice_is_no_money(self, world: World) -> None:
        granted(world, asked(world, dweller(world), RICE))

        assert owed(NOVEMBER) == []


class TestRice:
    def test_a_household_is_given_fifteen_kilograms_for_each_person_and_month(self, world: World) -> None:
        grant = granted(world, asked(world, dweller(world), RICE))

        assert (grant.rice_kg, grant.amount, grant.state) == (15 * 4 * 2, 0, "granted")

    def test_it_is_noted_as_handed_out_with_its_day(self, world: World) -> None:
        grants = [granted(world, asked(world, dweller(world), RICE)) for _ in range(2)]
        command = HandOutRice(grant_ids=[one.pk for one in grants], handed_out_on=world.today)

        hand_out_rice(command, acting_user=processor(world), now=world.now)

        assert set(EmergencyGrant.objects.values_list("state", "handed_out_on", "handed_out_by")) == {
            ("handed_out", world.today, processor(world).pk)
        }
        assert [one.sentence for one in happenings_of(grants[0].stream)][1:] == [
            "Đã phát 120 kg gạo hỗ trợ ngày 16/11/2026."
        ]

    def test_all_of_the_list_is_noted_or_nothing(self, world: World) -> None:
        rice, money = (granted(world, asked(world, dweller(world), kind)) for kind in (RICE, INJURY))
        yesterday, today = world.today - timedelta(days=1), world.today
        elsewhere = world.officer(Role.PROCESSOR, ANOTHER_COMMUNE)
        refused: list[tuple[list[int], date, Any, type[Exception]]] = [
            ([rice.pk, money.pk], today, processor(world), FactWrong),
            ([rice.pk], yesterday, processor(world), FactWrong),
            ([rice.pk], today + timedelta(days=1), processor(world), FactWrong),
            ([rice.pk], today, elsewhere, NotYours),
            ([rice.pk, 10**9], today, processor(world), RecordUnknown),
            ([], today, processor(world), RecordUnknown),
        ]

        for ids, day, user, kind in refused:
            with pytest.raises(kind):
                hand_out_rice(HandOutRice(grant_ids=ids, handed_out_on=day), acting_user=user, now=world.now)
        assert set(EmergencyGrant.objects.values_list("state", flat=True)) == {"granted"}
        hand_out_rice(
            HandOutRice(grant_ids=[rice.pk], handed_out_on=today), acting_user=processor(world), now=world.now
        )
        with pytest.raises(AlreadySettled):
            hand_out_rice(
                HandOutRice(grant_ids=[rice.pk], handed_out_on=today), acting_user=processor(world), now=world.now
            )


def test_a_death_whose_day_is_recorded_is_not_told_with_another(world: World) -> None:
    dead = PersonFactory(died_on=date(2026, 11, 3), unit=world.agency(COMMUNE).unit)
    deceased = Deceased(name=dead.full_name, number=dead.personal_id_number, person_id=dead.pk)

    with pytest.raises(AssistanceRefusal, match="Ngày chết đã ghi"):
        proposed(world, asked(world, dweller(world), DEATH, deceased=deceased, happened_on=STORM))
    grant = granted(world, asked(world, dweller(world), DEATH, deceased=deceased, happened_on=date(2026, 11, 3)))
    assert grant.person_id == grant.deceased_id == dead.pk


def test_a_decision_applies_the_law_in_force_on_its_day(world: World) -> None:
    august = Course(listed_on=date(2026, 8, 9), met_on=date(2026, 8, 10))
    command = asked(world, dweller(world), happened_on=date(2026, 8, 8), course=august)

    given = [decided(command, on=day).decision.value for day in (date(2026, 9, 15), date(2026, 10, 5))]

    assert [one.amount for one in given if one] == [10 * 500_000, 10 * 540_000]

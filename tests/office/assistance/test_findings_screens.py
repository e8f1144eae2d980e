"""The work list of a commune and the province, the page of a finding, a review that runs, and drafts of the law."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lienthong.accounts.states import Role
from lienthong.assistance.models import Finding, LeftOutReview, Proposal, Scenario
from lienthong.assistance.services import findings, scenarios
from lienthong.assistance.services.following import follow_death
from lienthong.assistance.states import FindingState
from lienthong.dossiers.models import Dossier
from lienthong.office.assistance import what_if
from lienthong.people.models import Person
from tests.assistance.known import disabled, granted, known
from tests.factories.assistance import CircumstanceFactory, EntitlementFactory, EntitlementRateFactory
from tests.factories.people import HouseholdMembershipFactory, PersonFactory
from tests.office.assistance.people import elder, entitled
from tests.screens import enter
from tests.sheets import sheet_of
from tests.world import COMMUNE, HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db
LIST = "/office/assistance/findings/"
ELSEWHERE = "H55.05500"


def reviewed(world: World) -> None:
    row = LeftOutReview.objects.create(on=world.today, asked_at=world.now)
    assert findings.make_review(row.pk) is not None


def dead(world: World) -> Person:
    unit = world.agency(COMMUNE).unit
    person = PersonFactory(full_name="Hà Văn Mất", lives_in=unit, died_on=world.today - timedelta(days=20))
    EntitlementRateFactory(entitlement=EntitlementFactory(person=person, unit=unit))
    return person


class TestTheList:
    def test_an_officer_sees_the_commune_and_narrows_it(self, world: World) -> None:
        elder(world, number="019150001234")
        entitled(world, "Nông Thị Chắc")
        dead(world)
        elder(world, "Người Xã Khác", commune=ELSEWHERE)
        reviewed(world)

        page = enter(world.officer(Role.PROCESSOR)).open(LIST)

        assert page.heading == "Không bỏ sót ai"
        assert all(name in page.words for name in ("Lường Thị Ỷ", "Nông Thị Chắc", "Hà Văn Mất"))
        assert "Người Xã Khác" not in page.words
        assert "3 phát hiện" in page.words
        only = enter(world.officer(Role.PROCESSOR)).open(f"{LIST}?kind=dead")
        assert "Hà Văn Mất" in only.words
        assert "Nông Thị Chắc" not in only.words
        certain = enter(world.officer(Role.PROCESSOR)).open(f"{LIST}?certainty=ask")
        assert "Lường Thị Ỷ" in certain.words
        assert "Nông Thị Chắc" not in certain.words

    def test_the_list_is_a_sheet_too(self, world: World) -> None:
        entitled(world)
        reviewed(world)

        answer = enter(world.officer(Role.PROCESSOR)).get(f"{LIST}?format=xlsx")

        assert answer.status_code == 200
        assert answer.content[:2] == b"PK"

    def test_a_long_list_asks_as_many_questions_as_a_short_one(
        self, world: World, django_assert_max_num_queries: object
    ) -> None:
        for number in range(12):
            elder(world, f"Nông Thị {'abcdefghijkl'[number]}")
        reviewed(world)
        officer = enter(world.officer(Role.PROCESSOR))
        officer.open(LIST)

        with django_assert_max_num_queries(24):  # type: ignore[operator]
            officer.open(LIST)

    def test_nothing_found_says_what_will_come(self, world: World) -> None:
        page = enter(world.officer(Role.PROCESSOR)).open(LIST)

        assert "Không có phát hiện nào cần xử lý" in page.words
        assert "Chưa rà soát lần nào" in page.words


class TestAFinding:
    def test_it_tells_why_what_to_ask_and_what_is_taken_as_given(self, world: World) -> None:
        elder(world)
        reviewed(world)

        page = enter(world.officer(Role.PROCESSOR)).open(f"{LIST}{Finding.objects.get().pk}/")

        assert "lương hưu" in page.words
        assert "Hệ thống coi như" in page.words
        assert "văn bản đề nghị" in page.words

    def test_a_dossier_is_begun_with_one_press(self, world: World) -> None:
        person = elder(world, number="019150001234")
        reviewed(world)
        row = Finding.objects.get()

        page = enter(world.officer(Role.PROCESSOR)).open(f"{LIST}{row.pk}/").press("Lập hồ sơ nháp")

        assert "Đã lập hồ sơ nháp" in page.words
        assert Dossier.objects.get().person_id == person.pk
        row.refresh_from_db()
        assert row.state == FindingState.DRAFTED

    def test_what_is_certain_is_proposed_with_one_press(self, world: World) -> None:
        person = entitled(world)
        reviewed(world)

        page = (
            enter(world.officer(Role.PROCESSOR)).open(f"{LIST}{Finding.objects.get().pk}/").press("Đề xuất cho hưởng")
        )

        assert page.status == 200
        assert Proposal.objects.get().person_id == person.pk

    def test_the_support_for_caring_is_proposed_to_whoever_cares(self, world: World) -> None:
        cared = disabled(world, level="extremely_severe", facts={"care": "household"})
        granted(world, cared)
        carer = PersonFactory(full_name="Nông Thị Chăm", number="019080000055")
        reviewed(world)
        page = enter(world.officer(Role.PROCESSOR)).open(f"{LIST}{Finding.objects.get(benefit='carer').pk}/")

        missing = page.press("Đề xuất cho hưởng")
        wrong = page.press("Đề xuất cho hưởng", payee_number="019080000055", payee_name="Người Khác")
        page.press("Đề xuất cho hưởng", payee_number="019080000055", payee_name="Nông Thị Chăm")

        assert (missing.status, wrong.status) == (422, 422)
        assert "Không có ai mang cả số định danh và họ tên này" in wrong.words
        assert Proposal.objects.get(benefit="carer").payload["payee_id"] == carer.pk

    def test_the_dead_are_proposed_to_be_stopped(self, world: World) -> None:
        person = dead(world)
        reviewed(world)

        enter(world.officer(Role.PROCESSOR)).open(f"{LIST}{Finding.objects.get().pk}/").press("Đề xuất thôi hưởng")

        assert Proposal.objects.get().person_id == person.pk

    def test_it_is_set_aside_with_a_reason(self, world: World) -> None:
        elder(world)
        reviewed(world)
        row = Finding.objects.get()
        page = enter(world.officer(Role.PROCESSOR)).open(f"{LIST}{row.pk}/")

        refused = page.press("Bỏ qua", reason="")
        assert refused.status == 422
        done = page.press("Bỏ qua", reason="Gia đình không muốn nhận")

        assert "Đã bỏ qua phát hiện" in done.words
        row.refresh_from_db()
        assert (row.state, row.note) == (FindingState.DISMISSED, "Gia đình không muốn nhận")

    def test_another_commune_does_not_find_it_and_a_receiver_does_not_act(self, world: World) -> None:
        elder(world)
        reviewed(world)
        address = f"{LIST}{Finding.objects.get().pk}/"

        assert enter(world.officer(Role.PROCESSOR, ELSEWHERE)).get(address).status_code == 404
        page = enter(world.officer(Role.RECEIVER)).open(address)
        assert "Cán bộ phụ trách của xã xử lý" in page.words


class TestAReview:
    def test_it_is_asked_for_shows_how_far_it_is_and_what_it_found(self, world: World) -> None:
        elder(world)
        officer = enter(world.officer(Role.PROCESSOR))

        waiting = officer.open(LIST).press("Rà soát lại")
        review = LeftOutReview.objects.get()
        assert "Đang xét từng người" in waiting.words
        assert review.unit_id == world.agency(COMMUNE).unit_id
        findings.make_review(review.pk)
        done = officer.open(f"{LIST}review/{review.pk}/")

        assert "Đã rà soát 1 người" in done.words
        assert "Đủ điều kiện nhưng chưa hưởng" in done.words


class TestDraftsOfTheLaw:
    @pytest.mark.parametrize(
        ("amount", "words"),
        [(80_940_000, "+80,9 triệu ₫"), (972_000_000, "+972 triệu ₫"), (1_070_280_000, "+1,07 tỷ ₫"),
         (-2_000_000_000_000, "-2.000 tỷ ₫"), (540_000, "+540.000"), (0, "0")],
    )  # fmt: skip
    def test_a_large_amount_stands_on_one_line(self, amount: int, words: str) -> None:
        assert what_if._short(amount).startswith(words)

    def test_one_is_written_row_by_row_reckoned_and_shown(self, world: World) -> None:
        unit = world.agency(COMMUNE).unit
        CircumstanceFactory(person=PersonFactory(birth_on=date(1948, 1, 1), lives_in=unit), name="pension", value=0)
        leader = enter(world.officer(Role.LEADER, HOME_AFFAIRS))
        form = leader.open("/office/assistance/what-if/").follow("Lập phương án")

        more = form.press(
            "Thêm một thay đổi", name="Hưu trí 600.000", parameter_0="social_pension:level", value_0="600000"
        )
        waiting = more.press("Lưu và tính", parameter_1="ages:social_pension_from", value_1="70", from_1="01/07/2027")
        scenario = Scenario.objects.get()
        assert "Đang tính" in waiting.words
        scenarios.compute_scenario(scenario.pk)
        page = leader.open(f"/office/assistance/what-if/{scenario.pk}/")

        assert page.heading == "Hưu trí 600.000"
        assert "+60.000" in page.words
        assert "Trợ cấp hưu trí xã hội" in page.words
        assert page.main.select_one("svg") is not None
        for name in ("commune", "sex", "ethnicity", "age"):
            part = page.main.select_one(f"#{name}")
            assert part is not None
            assert part.select("svg"), f"{name} is drawn"
            assert len(part.select("table")) == len(part.select("figure.chart")), "and each drawing has its table"
        assert "Chi thêm nhiều nhất cho" in page.words
        assert leader.get(f"/office/assistance/what-if/{scenario.pk}/?format=xlsx").content[:2] == b"PK"
        changed = leader.open(f"/office/assistance/what-if/new/?from={scenario.pk}")
        assert changed.main.select_one("[name=value_1]")["value"] == "70"

    def test_what_cannot_be_is_told_beside_its_field(self, world: World) -> None:
        leader = enter(world.officer(Role.LEADER, HOME_AFFAIRS))

        page = leader.open("/office/assistance/what-if/new/").press(
            "Lưu và tính", name="Thử", parameter_0="base_level", value_0="12"
        )

        assert page.status == 422
        assert any("bội số của 10" in error for error in page.errors)
        assert not Scenario.objects.exists()

    def test_two_stand_beside_each_other_and_one_is_thrown_away(self, world: World) -> None:
        leader = world.officer(Role.LEADER, HOME_AFFAIRS)
        made = [
            scenarios.keep_scenario(
                scenarios.KeepScenario(name=name, changes=scenarios.read_changes([{"parameter": "base_level", "value": value}])),
                acting_user=leader, now=world.now,
            )
            for name, value in (("Một", 600_000), ("Hai", 700_000))
        ]  # fmt: skip
        for one in made:
            scenarios.compute_scenario(one.pk)

        page = enter(leader).open(f"/office/assistance/what-if/?with={made[0].pk}&with={made[1].pk}")
        assert "Đặt cạnh nhau" in page.words
        listed = sheet_of(enter(leader).get("/office/assistance/what-if/?format=xlsx"))
        assert {row[0] for row in listed[1:]} == {one.name for one in made}
        enter(leader).open(f"/office/assistance/what-if/{made[0].pk}/").press("Xóa phương án")
        assert list(Scenario.objects.values_list("name", flat=True)) == ["Hai"]

    def test_a_commune_drafts_no_law(self, world: World) -> None:
        assert enter(world.officer(Role.PROCESSOR)).get("/office/assistance/what-if/").status_code in {403, 404}


def test_a_parent_is_asked_which_children_are_left(world: World) -> None:
    child = {"birth_date": "2015-01-01"}
    mother = known(world, facts={"poverty": "poor", "marital": "widowed", "children": [child, child]})
    granted(world, mother)
    dies = known(world, born=date(2015, 1, 1), full_name="Nông Văn Con")
    household = HouseholdMembershipFactory(person=mother).household
    HouseholdMembershipFactory(person=dies, household=household, relation="child")
    dies.died_on = world.today - timedelta(days=3)
    dies.save()
    follow_death(dies.pk, now=world.now)

    browser = enter(world.officer(Role.PROCESSOR))
    page = browser.open(f"{LIST}{Finding.objects.get(person=mother).pk}/")

    assert "Nông Văn Con, con trong hộ, đã chết" in page.words
    assert "Những người con còn đang nuôi" in page.words
    assert "None" not in page.words
    assert page.follow("Ghi thông tin còn thiếu").status == 200
    assert "None" not in browser.open(LIST).words

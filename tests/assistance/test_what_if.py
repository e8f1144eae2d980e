"""What a draft of the law costs is what the rules for one person give, added up; and it is kept, reckoned and thrown away."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from lienthong.accounts.states import Role
from lienthong.assistance import finding_tasks
from lienthong.assistance.assumptions import assume
from lienthong.assistance.models import Scenario
from lienthong.assistance.queries.facts import facts_of
from lienthong.assistance.queries.left_out import left_out
from lienthong.assistance.queries.register_columns import register_on
from lienthong.assistance.queries.what_if import Effect, effect_of
from lienthong.assistance.services import scenarios
from lienthong.assistance.services.refusals import NotYours
from lienthong.infra.models import Event
from lienthong.people.models import Condition
from lienthong.rules.drafts import Change, ChangeRefused, law_with
from lienthong.rules.merit.assessing import assess_merit
from lienthong.rules.social_assistance.assessing import assess
from lienthong.units.models import AdministrativeUnit
from tests.assistance.known import PLAIN
from tests.assistance.register_folk import ON, settle
from tests.factories.assistance import CircumstanceFactory, DisabilityCertificateFactory, MeritClaimFactory
from tests.factories.people import PersonFactory
from tests.world import HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db
LAST = date(2026, 11, 30)
THREE = [{"birth_date": f"{year}-05-01"} for year in (2012, 2013, 2014)]
HIGHER = (Change(parameter="base_level", value=600_000),)
YOUNGER = (
    Change(parameter="ages:social_pension_from", value=70),
    Change(parameter="social_pension:level", value=600_000),
)


def effect(changes: Sequence[Change], on: date = ON) -> Effect:
    return effect_of(register_on(on), changes)


def pensioner(unit: AdministrativeUnit, *, born: date, **changes: object) -> None:
    person = PersonFactory(birth_on=born, lives_in=unit, **changes)
    CircumstanceFactory(person=person, name="pension", value=0)


@pytest.fixture
def commune(world: World) -> AdministrativeUnit:
    unit = world.agency("H55.05443").unit
    assert unit is not None
    return unit


@pytest.mark.parametrize(("seed", "changes"), [(1, HIGHER), (2, YOUNGER), (3, HIGHER + YOUNGER)])
def test_it_adds_up_what_the_rules_for_one_person_give(seed: int, changes: tuple[Change, ...]) -> None:
    settle(120, seed)
    found, told = left_out(ON), effect(changes)
    register = found.register

    now, then = {}, {}
    for row in [row for row in range(len(register)) if register.is_here[row]]:
        pk = int(register.person[row])
        hints = set(Condition.objects.filter(person_id=pk).values_list("kind", flat=True))
        facts, _made = assume(
            facts_of(pk, ON), hints=hints, receives=bool(found.receiving.of_person(row, "social-assistance"))
        )
        now[pk] = assess(facts, on=LAST)
        then[pk] = assess(facts, on=LAST, law=law_with(LAST, changes))
    before, after = ({pk: int(one.lowest) for pk, one in owed.items()} for owed in (now, then))
    for row, facts_of_merit in zip(register.claimants.rows.tolist(), register.claimants.facts, strict=True):
        pk = int(register.person[row])
        if pk in before:
            merit = assess_merit(facts_of_merit, on=LAST)
            for owed, social in ((before, now[pk]), (after, then[pk])):
                beside_none = social.lowest if social.amount is None else social.beside_none
                owed[pk] += merit.monthly_total - min(beside_none, merit.monthly_amount)

    assert (told.whole.amount_before, told.whole.amount_after) == (sum(before.values()), sum(after.values()))
    assert told.whole.people_before == sum(1 for one in before.values() if one)
    assert told.whole.gained == sum(1 for pk in before if not before[pk] and after[pk])
    assert told.whole.lost == sum(1 for pk in before if before[pk] and not after[pk])
    assert told.more == sum(1 for pk in before if 0 < before[pk] < after[pk])
    for name, lines in told.groups.items():
        assert sum(one.difference for one in lines) == told.whole.difference, name
        assert sum(one.amount_before for one in lines) == told.whole.amount_before, name


def test_what_institutions_are_paid_is_told_apart_from_what_people_are_paid(commune: AdministrativeUnit) -> None:
    pensioner(commune, born=date(1948, 1, 1))
    cared_for = PersonFactory(birth_on=date(1980, 1, 1), lives_in=commune)
    CircumstanceFactory(person=cared_for, name="in_institution", value=True)

    told = effect(HIGHER)

    people, institutions = told.groups["payee"]
    assert (people.words, people.people_before, people.difference) == ("Trả cho người hưởng, người chăm sóc", 1, 0)
    assert (institutions.words, institutions.people_before) == ("Trả cho cơ sở trợ giúp xã hội", 1)
    assert institutions.difference == told.whole.difference > 0


def test_an_age_reaches_people_by_commune_sex_ethnicity_and_age(commune: AdministrativeUnit) -> None:
    for born in (date(1955, 1, 1), date(1954, 1, 1), date(1948, 1, 1)):
        pensioner(commune, born=born, ethnicity="Tày", sex="female")

    told = effect((Change(parameter="ages:social_pension_from", value=70),))

    assert (told.whole.people_before, told.whole.people_after, told.whole.gained, told.whole.lost) == (1, 3, 2, 0)
    assert told.whole.difference == 2 * 540_000
    assert [(one.words, one.gained) for one in told.groups["commune"]] == [(commune.name, 2)]
    assert [(one.words, one.gained) for one in told.groups["sex"]] == [("Nữ", 2)]
    assert [(one.words, one.gained) for one in told.groups["ethnicity"]] == [("Tày", 2)]
    assert [(one.words, one.gained) for one in told.groups["age"]] == [("70–74 tuổi", 2), ("75–79 tuổi", 0)]
    assert [one.words for one in told.groups["benefit"]] == ["Trợ cấp hưu trí xã hội"]


def test_a_dated_change_begins_with_its_month_and_birthdays_pass(commune: AdministrativeUnit) -> None:
    pensioner(commune, born=date(1952, 3, 15))
    change = Change(parameter="social_pension:level", value=700_000, applied_from=date(2027, 7, 1))

    told = effect((change, Change(parameter="base_level", value=540_010)))

    months = {month: (before, after) for month, before, after in told.months}
    assert told.month == date(2026, 11, 1)
    assert months[date(2027, 2, 1)] == (0, 0)
    assert months[date(2027, 3, 1)] == (540_000, 540_000), "75 on 15 March 2027"
    assert months[date(2027, 7, 1)] == (540_000, 700_000)
    assert told.year == (8 * 540_000, 4 * 540_000 + 4 * 700_000)


def test_a_change_that_comes_later_is_broken_down_for_its_first_month(commune: AdministrativeUnit) -> None:
    pensioner(commune, born=date(1948, 1, 1))

    told = effect((Change(parameter="social_pension:level", value=700_000, applied_from=date(2027, 7, 1)),))

    assert told.month == date(2027, 7, 1)
    assert told.whole.difference == 160_000


def test_another_standard_of_merit_moves_what_stands_beside_it(commune: AdministrativeUnit) -> None:
    person = PersonFactory(birth_on=date(1950, 1, 1), lives_in=commune)
    MeritClaimFactory(person=person, data={"category": "war_invalid", "rate": 45})

    told = effect((Change(parameter="merit:standard", value=6_024_000),))

    assert told.whole.amount_after == 2 * told.whole.amount_before > 0
    assert [one.words for one in told.groups["benefit"]] == ["Ưu đãi người có công hằng tháng"]


def test_of_two_programmes_that_never_stand_together_the_higher_is_counted(commune: AdministrativeUnit) -> None:
    person = PersonFactory(birth_on=date(1980, 1, 1), lives_in=commune)
    for name, value in {**PLAIN, "poverty": "poor", "marital": "widowed", "children": THREE}.items():
        if name not in {"disability", "other_benefit"}:
            CircumstanceFactory(person=person, name=name, value=value)
    DisabilityCertificateFactory(person=person, level="severe")
    MeritClaimFactory(person=person, data={"category": "affected_child", "rate": 70})

    told = effect((Change(parameter="merit:standard", value=6_024_000),))

    assert told.one_of_two == 1
    assert told.whole.amount_before == 2_430_000
    assert told.whole.amount_after == 2 * 1_807_000, "the merit is the higher then"


def test_the_dead_and_those_who_live_elsewhere_cost_nothing(commune: AdministrativeUnit) -> None:
    pensioner(commune, born=date(1948, 1, 1), died_on=ON - timedelta(days=2))
    CircumstanceFactory(person=PersonFactory(birth_on=date(1948, 1, 1)), name="pension", value=0)

    assert effect(HIGHER).whole.amount_before == 0


class TestScenarios:
    def test_it_is_kept_and_reckoned_by_a_job(self, world: World, commune: AdministrativeUnit) -> None:
        pensioner(commune, born=date(1948, 1, 1))
        officer = world.officer(Role.LEADER, HOME_AFFAIRS)
        command = scenarios.KeepScenario(name="Hưu trí 600.000", changes=YOUNGER[1:])

        scenario = scenarios.keep_scenario(command, acting_user=officer, now=world.now)
        finding_tasks.compute_scenario(event_id=Event.objects.get(name="ScenarioKept").pk)

        scenario.refresh_from_db()
        assert scenario.results["whole"]["difference"] == 60_000
        assert scenario.results["year"]["difference"] == 12 * 60_000
        assert scenario.problem == ""
        assert Event.objects.get(name="ScenarioComputed").payload["monthly"] == 60_000

    def test_it_may_be_reckoned_twice_and_thrown_away(self, world: World) -> None:
        officer = world.officer(Role.LEADER, HOME_AFFAIRS)
        scenario = scenarios.keep_scenario(
            scenarios.KeepScenario(name="Thử", changes=HIGHER), acting_user=officer, now=world.now
        )
        scenarios.compute_scenario(scenario.pk)
        scenarios.compute_scenario(scenario.pk)

        scenarios.remove_scenario(scenario.pk, acting_user=officer, now=world.now)
        assert scenarios.compute_scenario(scenario.pk) is None
        with pytest.raises(scenarios.ScenarioUnknown):
            scenarios.remove_scenario(scenario.pk, acting_user=officer, now=world.now)

    def test_a_day_without_law_is_told_on_the_row(self, world: World) -> None:
        officer = world.officer(Role.LEADER, HOME_AFFAIRS)
        scenario = Scenario.objects.create(
            name="Xưa", changes=[{"parameter": "base_level", "value": 600_000}], as_of=date(1990, 1, 1),
            created_by=officer, created_at=world.now,
        )  # fmt: skip

        assert scenarios.compute_scenario(scenario.pk) is None
        scenario.refresh_from_db()
        assert "Hãy bổ sung tệp" in scenario.problem

    def test_a_commune_drafts_no_law_and_nothing_is_kept_without_a_name(self, world: World) -> None:
        command = scenarios.KeepScenario(name="  ", changes=HIGHER)

        with pytest.raises(NotYours):
            scenarios.keep_scenario(command, acting_user=world.officer(Role.PROCESSOR), now=world.now)
        leader = world.officer(Role.LEADER, HOME_AFFAIRS)
        with pytest.raises(scenarios.NameMissing):
            scenarios.keep_scenario(command, acting_user=leader, now=world.now)
        with pytest.raises(ChangeRefused):
            scenarios.keep_scenario(
                scenarios.KeepScenario(name="Xưa", changes=YOUNGER, as_of=date(2024, 8, 1)),
                acting_user=leader,
                now=world.now,
            )
        assert not Scenario.objects.exists()


class TestTheCommand:
    def test_it_tells_what_the_file_would_cost(
        self, commune: AdministrativeUnit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pensioner(commune, born=date(1948, 1, 1))
        file = tmp_path / "phuong-an.yaml"
        file.write_text(
            "name: Hưu trí\nchanges:\n  - parameter: social_pension:level\n    value: 600000\n", encoding="utf-8"
        )

        call_command("what_if", str(file), "--on", ON.isoformat(), "--json")
        told = json.loads(capsys.readouterr().out)
        call_command("what_if", str(file), "--on", ON.isoformat())
        words = capsys.readouterr().out

        assert (told["whole"]["difference"], told["year"]["difference"]) == (60_000, 720_000)
        assert told["changes"] == [{"parameter": "social_pension:level", "value": 600_000}]
        assert set(told["groups"]) == {"benefit", "payee", "commune", "sex", "ethnicity", "age"}
        assert all(sum(one["difference"] for one in told["groups"][by]) == 60_000 for by in ("commune", "sex", "age"))
        assert [one["unit"] for one in told["groups"]["commune"]] == [commune.pk]
        assert "unit" not in told["groups"]["sex"][0]
        assert "mức trợ cấp hưu trí xã hội: 600.000" in words
        assert "+60.000" in words

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (
                "changes:\n  - {parameter: base, value: 1}\n",
                "Tệp x.yaml: Mục changes.1.parameter: không có tham số “base”",
            ),
            ("changes:\n  - {parameter: base_level, value: 3}\n", "Mục changes.1.value: “3” không thể là"),
            ("chang: 1\n", "Mục chang"),
            ("- 1\n", "cặp tên và giá trị"),
        ],
    )
    def test_what_the_file_may_not_say_is_refused_with_file_and_key(
        self, content: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "x.yaml"
        file.write_text(content, encoding="utf-8")

        with pytest.raises(SystemExit) as ended:
            call_command("what_if", str(file))

        assert ended.value.code == 2
        assert words in capsys.readouterr().err

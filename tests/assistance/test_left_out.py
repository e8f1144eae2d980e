"""Nobody is left out, and nobody is told of without a reason: the pass over everybody says what the rules say of each."""

from datetime import date, timedelta

import pytest

from lienthong.assistance.assumptions import assume
from lienthong.assistance.queries.facts import facts_of, history_of
from lienthong.assistance.queries.left_out import Chosen, Pass, left_out
from lienthong.assistance.queries.left_out_reasons import Found, explained
from lienthong.assistance.queries.months import paid_here
from lienthong.assistance.queries.receiving import Paid
from lienthong.assistance.states import Benefit, EntitlementState, FindingKind, Programme
from lienthong.kernel.decisions import Outcome
from lienthong.kernel.money import format_dong
from lienthong.people.models import Condition, Person
from lienthong.rules.merit.assessing import assess_merit
from lienthong.rules.merit.lines import OWN_KINDS
from lienthong.rules.social_assistance.assessing import assess
from lienthong.rules.social_assistance.categories import BenefitGroup
from lienthong.units.models import AdministrativeUnit
from tests.assistance.known import PLAIN
from tests.assistance.register_folk import ON, settle
from tests.factories.assistance import (
    CircumstanceFactory,
    DisabilityCertificateFactory,
    EntitlementFactory,
    EntitlementRateFactory,
    MeritClaimFactory,
    ProposalFactory,
)
from tests.factories.people import HouseholdMembershipFactory, PersonFactory
from tests.factories.poverty import HouseholdStandingFactory
from tests.factories.units import AdministrativeUnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune() -> AdministrativeUnit:
    return AdministrativeUnitFactory()


def found_of(person: Person, on: date = ON) -> list[Found]:
    return [one for one in explained(left_out(on)) if one.person_id == person.pk]


def receives(person: Person, *, amount: int, category: str = "disability", **changes: object) -> None:
    changes = {"first_month": date(2026, 8, 1), **changes}
    entitlement = EntitlementFactory(person=person, unit=person.unit or AdministrativeUnitFactory(), **changes)
    EntitlementRateFactory(entitlement=entitlement, amount=amount, basis={"category": category, "lines": []})


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_the_pass_over_everybody_finds_whom_the_rules_find_one_by_one(seed: int) -> None:
    people = settle(150, seed)
    found = left_out(ON)
    told = {
        (one.person_id, str(one.programme), str(one.benefit), one.is_certain)
        for one in explained(found)
        if one.kind is FindingKind.NOT_RECEIVING
    }

    expected = set()
    for person in people:
        expected |= not_receiving_alone(person, found)
    assert told == expected
    assert len(expected) > 8


def not_receiving_alone(person: Person, found: Pass) -> set[tuple[int, str, str, bool]]:
    """Work out for one person, from the person's own records, what the pass should say."""
    person.refresh_from_db()
    history = history_of(person.pk)
    row = int(found.register.rows_of([person.pk])[0])
    if not found.register.is_here[row]:
        return set()
    social = found.receiving.of_person(row, Programme.SOCIAL)
    merits = found.receiving.of_person(row, Programme.MERIT)
    hints = set(Condition.objects.filter(person=person).values_list("kind", flat=True))
    facts, _made = assume(facts_of(person.pk, ON), hints=hints, receives=holds(social))
    alone = assess(facts, on=ON)
    expected = set()
    if alone.outcome is Outcome.GRANTED:
        for group in BenefitGroup:
            if paid_here(alone, group)[1] and str(group) not in social:
                expected.add((person.pk, "social-assistance", str(group), True))
    elif alone.outcome is Outcome.UNKNOWN and not holds(social):
        first = next((group for group in BenefitGroup if paid_here(alone, group)[1]), None)
        if first is not None and facts.in_institution is not True:
            expected.add((person.pk, "social-assistance", str(first), False))
    merit_facts = history.merit_facts_on(ON)
    if merit_facts.claims:
        merit = assess_merit(merit_facts, on=ON)
        kinds = {str(line.kind) for line in merit.lines if line.kind.is_monthly}
        own = social.get("personal")
        if own is not None and not own.is_suspended and alone.beside_none > merit.monthly_amount:
            kinds -= set(OWN_KINDS)  # what is received is the higher
        if merit.outcome is Outcome.GRANTED:
            expected |= {(person.pk, "merit", kind, True) for kind in kinds - set(merits)}
        elif merit.outcome is Outcome.UNKNOWN and holds(merits):
            expected |= {(person.pk, "merit", kind, False) for kind in kinds - set(merits)}
        elif merit.outcome is Outcome.UNKNOWN:
            expected.add((person.pk, "merit", min(kinds, key=list(Benefit).index, default="monthly"), False))
    return expected


def holds(received: dict[str, Paid]) -> bool:
    return any(one.amount > 0 or one.is_suspended for one in received.values())


@pytest.mark.parametrize("seed", [5, 6])
def test_everybody_who_is_chosen_gets_a_reason_that_a_person_can_read(seed: int) -> None:
    settle(200, seed)
    found = left_out(ON)

    for one in found.chosen:
        told = list(explained(found, [one]))
        assert told, one
        for finding in told:
            assert finding.reasons
            assert all(sentence.strip().endswith((".", "₫", ")")) for sentence in finding.reasons), finding.reasons
            assert len(finding.ground) == 64
            assert finding.is_certain or finding.missing or finding.kind is not FindingKind.NOT_RECEIVING


def test_an_old_woman_with_nothing_recorded_is_asked_for_her_pension(commune: AdministrativeUnit) -> None:
    person = PersonFactory(birth_on=date(1948, 3, 2), lives_in=commune)

    (finding,) = found_of(person)

    assert (finding.kind, finding.benefit, finding.is_certain) == (FindingKind.NOT_RECEIVING, Benefit.PERSONAL, False)
    assert finding.amount == 540_000
    assert any("lương hưu" in question for question in finding.missing)
    assert any("văn bản đề nghị" in sentence for sentence in finding.assumed)
    assert finding.unit_id == commune.pk


def test_whose_pension_is_known_to_be_none_is_certainly_left_out(commune: AdministrativeUnit) -> None:
    person = PersonFactory(birth_on=date(1948, 3, 2), lives_in=commune)
    CircumstanceFactory(person=person, name="pension", value=0)

    (finding,) = found_of(person)

    assert finding.is_certain
    assert not finding.missing
    assert "được hưởng 540.000" in finding.reasons[0]
    assert not any(sentence.startswith("Không thuộc diện") for sentence in finding.reasons)


def test_who_lives_nowhere_or_has_died_or_waits_for_a_decision_is_not_offered_anything(
    commune: AdministrativeUnit,
) -> None:
    born = {"birth_on": date(1948, 3, 2)}
    PersonFactory(**born)
    PersonFactory(**born, lives_in=commune, died_on=ON - timedelta(days=3))
    waiting = PersonFactory(**born, lives_in=commune)
    ProposalFactory(person=waiting, unit=commune)

    assert left_out(ON).chosen == ()


def in_institution(person: Person, **facts: object) -> None:
    for name, value in {**facts, "in_institution": True}.items():
        if name != "disability":
            CircumstanceFactory(person=person, name=name, value=value)
    DisabilityCertificateFactory(person=person, level="severe")


@pytest.mark.parametrize("known", [True, False])
def test_who_is_cared_for_in_an_institution_lacks_nothing(commune: AdministrativeUnit, known: bool) -> None:
    person = PersonFactory(birth_on=date(1980, 5, 17), lives_in=commune)
    in_institution(person, **(PLAIN if known else {}))

    assert found_of(person) == []


def test_who_is_cared_for_in_an_institution_and_is_paid_at_home_is_found(commune: AdministrativeUnit) -> None:
    person = PersonFactory(birth_on=date(1980, 5, 17), lives_in=commune)
    in_institution(person, **PLAIN)
    receives(person, amount=810_000)

    (finding,) = found_of(person)

    assert (finding.kind, finding.amount, finding.paid) == (FindingKind.NO_LONGER, 0, 810_000)
    assert "không được hưởng" in finding.reasons[0]


def paid_to_institution(person: Person, amount: int = 2_160_000, **changes: object) -> None:
    receives(person, amount=amount, category="institution", in_institution=True, **changes)


def test_an_institution_that_is_paid_for_whom_it_cares_for_is_not_found(commune: AdministrativeUnit) -> None:
    person = PersonFactory(birth_on=date(1980, 5, 17), lives_in=commune)
    in_institution(person, **PLAIN)
    paid_to_institution(person)

    assert found_of(person) == []


@pytest.mark.parametrize("known", [True, False])
def test_an_institution_that_is_paid_for_who_lives_elsewhere_is_found(commune: AdministrativeUnit, known: bool) -> None:
    person = PersonFactory(birth_on=date(1980, 5, 17), lives_in=commune)
    for name, value in (PLAIN if known else {"in_institution": False}).items():
        if name != "disability":
            CircumstanceFactory(person=person, name=name, value=value)
    DisabilityCertificateFactory(person=person, level="severe")
    paid_to_institution(person)

    finding = next(one for one in found_of(person) if one.benefit == Benefit.INSTITUTION)

    assert (finding.kind, finding.is_certain) == (FindingKind.NO_LONGER, True)
    assert (finding.amount, finding.paid, finding.unit_id) == (0, 2_160_000, commune.pk)
    assert "theo quy định thì không được hưởng" in finding.reasons[0]
    assert any("cơ sở trợ giúp xã hội" in reason for reason in finding.reasons)
    assert finding.entitlement_id is not None
    assert sum(one.benefit == Benefit.INSTITUTION for one in found_of(person)) == 1


def test_an_institution_that_is_paid_for_the_dead_is_found(commune: AdministrativeUnit) -> None:
    person = PersonFactory(lives_in=commune, died_on=ON - timedelta(days=20))
    paid_to_institution(person)

    (finding,) = found_of(person)

    assert (finding.kind, finding.benefit, finding.paid) == (FindingKind.DEAD, Benefit.INSTITUTION, 2_160_000)


def test_an_institution_that_is_paid_another_amount_is_found(commune: AdministrativeUnit) -> None:
    person = PersonFactory(birth_on=date(1980, 5, 17), lives_in=commune)
    in_institution(person, **PLAIN)
    paid_to_institution(person, amount=1_800_000)

    (finding,) = found_of(person)

    assert (finding.kind, finding.amount, finding.paid) == (FindingKind.AMOUNT_DIFFERS, 2_160_000, 1_800_000)


def test_an_institution_loses_nothing_because_nobody_wrote_down_who_lives_there(commune: AdministrativeUnit) -> None:
    person = PersonFactory(birth_on=date(1980, 5, 17), lives_in=commune)
    DisabilityCertificateFactory(person=person, level="severe")
    paid_to_institution(person)

    assert [one for one in found_of(person) if one.benefit == Benefit.INSTITUTION] == []


def test_the_dead_who_are_still_paid_are_found(commune: AdministrativeUnit) -> None:
    person = PersonFactory(lives_in=commune, died_on=ON - timedelta(days=20))
    receives(person, amount=810_000)

    (finding,) = found_of(person)

    assert (finding.kind, finding.paid, finding.unit_id) == (FindingKind.DEAD, 810_000, commune.pk)
    assert finding.reasons[0].startswith("Đã chết ngày 27/10/2026")


def test_whose_entitlement_ends_with_this_month_is_not_found_any_more(commune: AdministrativeUnit) -> None:
    person = PersonFactory(lives_in=commune, died_on=ON - timedelta(days=20))
    receives(person, amount=810_000, last_month=date(2026, 11, 1))

    assert found_of(person) == []


def test_a_household_that_is_no_longer_poor_is_the_reason_that_is_told(commune: AdministrativeUnit) -> None:
    person = PersonFactory(birth_on=date(1955, 2, 1), lives_in=commune)
    membership = HouseholdMembershipFactory(person=person)
    HouseholdStandingFactory(household=membership.household, household_class="not_poor")
    for name, value in (
        ("pension", 0),
        ("has_supporter", True),
        ("disability", "none"),
        ("marital", "married"),
        ("children", []),
        ("has_hiv", False),
    ):
        CircumstanceFactory(person=person, name=name, value=value)
    for name in ("lives_in_difficult_area", "is_pregnant"):
        CircumstanceFactory(person=person, name=name, value=False)
    CircumstanceFactory(person=person, name="care", value="none")
    receives(person, amount=540_000, category="social_pension")

    (finding,) = found_of(person)

    assert finding.kind is FindingKind.CLASS_CHANGED
    assert finding.paid == 540_000
    assert any("hộ nghèo" in sentence for sentence in finding.reasons)


def test_nobody_loses_an_allowance_because_a_record_is_missing(commune: AdministrativeUnit) -> None:
    person = PersonFactory(birth_on=date(1980, 2, 1), lives_in=commune)
    receives(person, amount=810_000)

    assert found_of(person) == []


def test_a_sum_that_no_truth_allows_is_found_even_while_facts_are_unknown(commune: AdministrativeUnit) -> None:
    person = PersonFactory(birth_on=date(1980, 2, 1), lives_in=commune)
    receives(person, amount=81_000_000)

    (finding,) = found_of(person)

    assert finding.kind is FindingKind.AMOUNT_DIFFERS
    assert finding.paid == 81_000_000


def test_an_amount_of_the_law_before_differs_once_the_new_one_is_in_force(commune: AdministrativeUnit) -> None:
    person = PersonFactory(birth_on=date(1980, 2, 1), lives_in=commune)
    DisabilityCertificateFactory(person=person)
    for name, value in (
        ("marital", "married"),
        ("children", []),
        ("has_hiv", False),
        ("is_pregnant", False),
        ("care", "none"),
    ):
        CircumstanceFactory(person=person, name=name, value=value)
    receives(person, amount=750_000)

    (finding,) = found_of(person)

    assert (finding.kind, finding.amount, finding.paid) == (FindingKind.AMOUNT_DIFFERS, 810_000, 750_000)
    assert "750.000" in finding.reasons[0]
    assert found_of(person, date(2026, 10, 2)) == []


def test_an_orphan_who_turned_sixteen_and_does_not_study_is_over_age(commune: AdministrativeUnit) -> None:
    of_age, child = (PersonFactory(birth_on=born, lives_in=commune) for born in (date(2010, 11, 30), date(2011, 3, 1)))
    for person in (of_age, child):
        for name, value in {**PLAIN, "father": "dead", "mother": "dead", "received_as_orphan": True}.items():
            CircumstanceFactory(person=person, name=name, value=value)
        receives(person, amount=810_000, category="child_without_care")

    (finding,) = found_of(of_age, date(2026, 12, 5))

    assert (finding.kind, finding.paid, finding.amount) == (FindingKind.NO_LONGER, 810_000, 0)
    assert any("16" in sentence for sentence in finding.reasons)
    assert found_of(child, date(2026, 12, 5)) == []


def test_two_programmes_for_one_person_are_double(commune: AdministrativeUnit) -> None:
    person = PersonFactory(birth_on=date(1940, 2, 1), lives_in=commune)
    for name, value in (
        ("pension", 0),
        ("has_supporter", True),
        ("disability", "none"),
        ("marital", "married"),
        ("children", []),
        ("has_hiv", False),
        ("poverty", "other"),
        ("care", "none"),
        ("is_pregnant", False),
        ("lives_in_difficult_area", False),
    ):
        CircumstanceFactory(person=person, name=name, value=value)
    MeritClaimFactory(person=person)
    receives(person, amount=540_000, category="social_pension")
    receives(person, amount=3_000_000, programme=Programme.MERIT, benefit=Benefit.MONTHLY)

    kinds = {(one.kind, one.programme) for one in found_of(person)}

    assert (FindingKind.DOUBLE, Programme.SOCIAL) in kinds


def poor_mother(commune: AdministrativeUnit, *, children: int) -> Person:
    """Make a poor widow, severely disabled, whom war has harmed: both programmes know her."""
    person = PersonFactory(birth_on=date(1985, 2, 1), lives_in=commune)
    born = [{"birth_date": f"{2012 + place}-05-01"} for place in range(children)]
    for name, value in {**PLAIN, "poverty": "poor", "marital": "widowed", "children": born}.items():
        if name not in {"disability", "other_benefit"}:
            CircumstanceFactory(person=person, name=name, value=value)
    DisabilityCertificateFactory(person=person, level="severe")
    MeritClaimFactory(person=person, data={"category": "affected_child", "rate": 70})
    return person


@pytest.mark.parametrize(("children", "social"), [(1, 1_350_000), (2, 1_890_000), (3, 2_430_000)])
def test_of_two_programmes_the_lower_is_found_on_each_side(
    commune: AdministrativeUnit, children: int, social: int
) -> None:
    person = poor_mother(commune, children=children)
    receives(person, amount=social, category="single_parent")
    receives(person, amount=1_807_000, programme=Programme.MERIT, benefit=Benefit.MONTHLY)

    (finding,) = [one for one in found_of(person) if one.kind is FindingKind.DOUBLE]

    lower = Programme.SOCIAL if social < 1_807_000 else Programme.MERIT
    assert (finding.programme, finding.amount, finding.paid) == (lower, 0, min(social, 1_807_000))
    said = " ".join(finding.reasons)
    assert all(format_dong(one) in said for one in (social, 1_807_000))
    if lower is Programme.MERIT:
        assert "cao hơn trợ cấp ưu đãi người có công 1.807.000" in finding.reasons[1]
        assert "Phải có quyết định thôi hưởng một trong hai khoản" in finding.reasons[2]


def test_who_kept_the_higher_of_two_lacks_nothing(commune: AdministrativeUnit) -> None:
    person = poor_mother(commune, children=3)
    receives(person, amount=2_430_000, category="single_parent")

    assert [one for one in found_of(person) if one.benefit == Benefit.MONTHLY] == []


def test_a_benefit_that_is_suspended_is_not_double(commune: AdministrativeUnit) -> None:
    person = poor_mother(commune, children=3)
    receives(person, amount=2_430_000, category="single_parent")
    suspended = {"programme": Programme.MERIT, "benefit": Benefit.MONTHLY, "state": EntitlementState.SUSPENDED}
    receives(person, amount=1_807_000, **suspended)

    assert FindingKind.DOUBLE not in {one.kind for one in found_of(person)}


def test_a_war_invalid_who_receives_nothing_is_found_with_the_claim(commune: AdministrativeUnit) -> None:
    person = PersonFactory(birth_on=date(1950, 2, 1), lives_in=commune)
    MeritClaimFactory(person=person, data={"category": "war_invalid", "rate": 45})

    finding = next(one for one in found_of(person) if one.programme is Programme.MERIT)

    assert (finding.kind, finding.benefit, finding.is_certain) == (FindingKind.NOT_RECEIVING, Benefit.MONTHLY, True)
    assert finding.amount > 3_000_000
    assert finding.reasons[0] == "Có diện: thương binh, người hưởng chính sách như thương binh."


def test_a_suspended_benefit_is_neither_missing_nor_wrong(commune: AdministrativeUnit) -> None:
    person = PersonFactory(birth_on=date(1948, 3, 2), lives_in=commune)
    CircumstanceFactory(person=person, name="pension", value=0)
    receives(person, amount=0, category="social_pension", state=EntitlementState.SUSPENDED)

    assert found_of(person) == []


def test_one_commune_is_gone_through_by_itself(
    commune: AdministrativeUnit, django_assert_max_num_queries: object
) -> None:
    here = PersonFactory(birth_on=date(1948, 3, 2), lives_in=commune)
    PersonFactory(birth_on=date(1948, 3, 2), lives_in=AdministrativeUnitFactory())

    with django_assert_max_num_queries(16):  # type: ignore[operator]
        found = left_out(ON, unit_id=commune.pk)

    assert [int(found.register.person[one.row]) for one in found.chosen] == [here.pk]
    assert isinstance(found.chosen[0], Chosen)

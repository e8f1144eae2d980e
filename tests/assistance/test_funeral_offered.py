"""When somebody who received dies, the support of the funeral is offered as a dossier that is filled in."""

from datetime import date
from typing import Any

import pytest

from lienthong.assistance.models import Finding
from lienthong.assistance.procedures.funeral import FuneralSupportHandler
from lienthong.assistance.procedures.pension_funeral import PENSION_FUNERAL
from lienthong.assistance.services import finding_acts, following
from lienthong.assistance.states import Benefit
from lienthong.dossiers.models import Dossier
from lienthong.kernel.decisions import Outcome
from tests.assistance.known import disabled, granted, known, processor
from tests.assistance.test_law_changes import recorded
from tests.world import FUNERAL_SUPPORT, World


@pytest.fixture
def finding(world: World) -> Finding:
    row = granted(world, disabled(world, number="019080000071"))
    row.person.died_on = date(2026, 11, 10)
    row.person.save()
    following.follow_death(row.person_id, now=world.now)
    return Finding.objects.get()


def test_a_dossier_is_begun_with_everything_that_is_known_of_who_died(world: World, finding: Finding) -> None:
    draft = finding_acts.draft_dossier(finding.pk, acting_user=processor(world), now=world.now)
    assert draft.procedure_code == FUNERAL_SUPPORT
    assert draft.answers["deceased_number"] == "019080000071"
    assert draft.answers["died_on"] == "2026-11-10"
    assert draft.answers["circumstance"] == "assistance"
    assert draft.applicant_name == ""
    finding.refresh_from_db()
    assert (finding.state, finding.draft_id) == ("drafted", draft.pk)


def test_of_a_social_pension_it_is_the_support_of_the_pension(world: World) -> None:
    person = known(world, born=date(1950, 1, 5), number="019050000071", facts={"pension_request": "written"})
    granted(world, person)
    person.died_on = date(2026, 11, 10)
    person.save()
    following.follow_death(person.pk, now=world.now)
    finding = Finding.objects.get()
    assert any("trợ cấp hưu trí xã hội" in reason for reason in finding.reasons)
    draft = finding_acts.draft_dossier(finding.pk, acting_user=processor(world), now=world.now)
    assert (draft.procedure_code, draft.answers["circumstance"]) == (PENSION_FUNERAL, "pension")


@pytest.fixture
def inside(world: World) -> Finding:
    """Offered after the death of somebody whom an institution cared for."""
    person = disabled(world, number="019080000077", facts={"in_institution": True})
    recorded(world, person, benefit=Benefit.INSTITUTION, in_institution=True)
    person.died_on = date(2026, 11, 10)
    person.save()
    following.follow_death(person.pk, now=world.now)
    return Finding.objects.get()


def test_of_somebody_in_an_institution_it_is_fifty_times_the_standard_level(world: World, inside: Finding) -> None:
    assert any("trong cơ sở trợ giúp xã hội" in reason for reason in inside.reasons)
    draft = finding_acts.draft_dossier(inside.pk, acting_user=processor(world), now=world.now)
    assert (draft.procedure_code, draft.answers["circumstance"]) == (FUNERAL_SUPPORT, "institution")
    decision = proposed(world, draft.answers)
    assert (decision.outcome, decision.value) == (Outcome.GRANTED, 50 * 540_000)
    assert any("Theo dữ liệu đã ghi" in reason.text for reason in decision.reasons)


def test_what_is_recorded_of_the_care_counts_before_what_the_form_tells(world: World, finding: Finding) -> None:
    draft = finding_acts.draft_dossier(finding.pk, acting_user=processor(world), now=world.now)
    assert proposed(world, draft.answers).value == 20 * 540_000
    other = proposed(world, {**draft.answers, "circumstance": "institution"})
    assert "người mất có được nuôi dưỡng trong cơ sở trợ giúp xã hội hay không" in other.missing


def proposed(world: World, answers: dict[str, Any]) -> Any:
    """What the rules say of a draft, once the desk has asked what it does not say."""
    told = {**answers, "arranged_funeral": "yes", "other_support": "0"}
    return FuneralSupportHandler().proposal(Dossier(answers=told), on=world.today)


def test_nothing_else_is_proposed_for_a_funeral(world: World, finding: Finding) -> None:
    with pytest.raises(finding_acts.NoDossier, match="lập hồ sơ nháp"):
        finding_acts.propose_from(finding.pk, acting_user=processor(world), now=world.now)


def test_what_is_still_to_be_asked_is_not_called_certain(world: World, finding: Finding) -> None:
    assert finding.missing
    assert not finding.is_certain

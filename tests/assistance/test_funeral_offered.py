"""When somebody who received dies, the support of the funeral is offered as a dossier that is filled in."""

from datetime import date

import pytest

from lienthong.assistance.models import Finding
from lienthong.assistance.procedures.pension_funeral import PENSION_FUNERAL
from lienthong.assistance.services import finding_acts, following
from tests.assistance.known import disabled, granted, known, processor
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


def test_nothing_else_is_proposed_for_a_funeral(world: World, finding: Finding) -> None:
    with pytest.raises(finding_acts.NoDossier, match="lập hồ sơ nháp"):
        finding_acts.propose_from(finding.pk, acting_user=processor(world), now=world.now)


def test_what_is_still_to_be_asked_is_not_called_certain(world: World, finding: Finding) -> None:
    assert finding.missing
    assert not finding.is_certain

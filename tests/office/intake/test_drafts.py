"""What the review of everybody began is continued at the desk, and becomes the one dossier there is."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.assistance.models import Finding
from lienthong.assistance.services import finding_acts
from lienthong.assistance.states import FindingState
from lienthong.dossiers import integrity
from lienthong.dossiers import queries as dossier_queries
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import DossierState
from tests.office.assistance.people import elder
from tests.office.assistance.test_findings_screens import reviewed
from tests.screens import enter
from tests.stories import ANOTHER_COMMUNE
from tests.world import COMMUNE, World

pytestmark = pytest.mark.django_db
TICKED: dict[str, Any] = {"item_1_given": "on"}


@pytest.fixture
def finding(world: World) -> Finding:
    elder(world, number="019150001234")
    reviewed(world)
    return Finding.objects.get()


@pytest.fixture
def officer(world: World) -> User:
    return world.officer(Role.PROCESSOR)


@pytest.fixture
def draft(world: World, finding: Finding, officer: User) -> Dossier:
    return finding_acts.draft_dossier(finding.pk, acting_user=officer, now=world.now)


def address_of(draft: Dossier) -> str:
    return f"/office/dossiers/{draft.public_id}/"


class TestTheFindingItself:
    def test_a_second_press_finds_the_first_draft(
        self, world: World, finding: Finding, officer: User, draft: Dossier
    ) -> None:
        again = finding_acts.draft_dossier(finding.pk, acting_user=officer, now=world.now)

        assert again.pk == draft.pk
        assert Dossier.objects.count() == 1

    def test_it_waits_at_the_desk_of_the_commune_though_its_author_receives_nothing(
        self, world: World, draft: Dossier
    ) -> None:
        assert draft.receiving_agency == world.agency(COMMUNE)
        assert list(dossier_queries.work_lists(world.officer(Role.RECEIVER), now=world.now)["drafts"]) == [draft]
        page = enter(world.officer(Role.RECEIVER)).open("/office/desk/")
        assert "1 bản nháp" in page.words
        assert draft.applicant_name in page.words

    def test_no_proposal_is_made_beside_a_draft(
        self, world: World, finding: Finding, officer: User, draft: Dossier
    ) -> None:
        with pytest.raises(finding_acts.AlreadySettled, match="Đã có hồ sơ nháp"):
            finding_acts.propose_from(finding.pk, acting_user=officer, now=world.now)
        page = enter(officer).open(f"/office/assistance/findings/{finding.pk}/")
        assert "Mở hồ sơ nháp" in page.words
        assert "Lập hồ sơ nháp" not in page.words

    def test_a_draft_that_is_given_up_leaves_the_finding_to_be_worked_on(
        self, finding: Finding, officer: User, draft: Dossier
    ) -> None:
        page = enter(officer).open(f"/office/assistance/findings/{finding.pk}/").press("Xóa hồ sơ nháp")

        assert "Đã xóa hồ sơ nháp" in page.words
        finding.refresh_from_db()
        assert (finding.state, finding.draft_id) == (FindingState.OPEN, None)
        assert not Dossier.objects.exists()

    def test_setting_the_finding_aside_takes_the_draft_along(
        self, world: World, finding: Finding, officer: User, draft: Dossier
    ) -> None:
        finding_acts.dismiss(finding.pk, reason="Gia đình không muốn nhận", acting_user=officer, now=world.now)

        finding.refresh_from_db()
        assert (finding.state, finding.draft_id) == (FindingState.DISMISSED, None)
        assert not Dossier.objects.exists()

    def test_its_author_who_receives_nothing_reads_it(self, officer: User, draft: Dossier) -> None:
        page = enter(officer).open(address_of(draft))

        assert (page.status, page.path) == (200, address_of(draft))
        assert draft.applicant_name in page.words


class TestContinuingAtTheDesk:
    def test_the_form_is_filled_and_the_draft_itself_is_received(
        self, world: World, finding: Finding, officer: User, draft: Dossier
    ) -> None:
        clerk = enter(world.officer(Role.RECEIVER))
        page = clerk.open(address_of(draft))
        assert page.path == f"/office/receive/{draft.procedure_code}/"
        assert page.main.select_one("form[method=post] [name=name]")["value"] == draft.applicant_name
        assert page.main.select_one("form[method=post] [name=number]")["value"] == "019150001234"

        done = page.press("Tiếp nhận hồ sơ", **TICKED)

        received = Dossier.objects.get()
        assert f"Đã tiếp nhận hồ sơ {received.code}" in done.words
        assert (received.pk, received.public_id) == (draft.pk, draft.public_id)
        assert (received.person_id, received.submitted_by) == (draft.person_id, None)
        assert received.items.get(number=1).is_given
        assert received.answers["request"] == "grant"
        assert list(integrity.rows_that_differ_from_their_events()) == []
        told = enter(officer).open(f"/office/assistance/findings/{finding.pk}/")
        assert str(received.code) in told.words
        with pytest.raises(finding_acts.AlreadySettled, match=str(received.code)):
            finding_acts.dismiss(finding.pk, reason="Thôi", acting_user=officer, now=world.now)

    def test_sent_twice_it_is_received_once(self, world: World, draft: Dossier) -> None:
        page = enter(world.officer(Role.RECEIVER)).open(address_of(draft))

        first = page.press("Tiếp nhận hồ sơ", **TICKED)
        second = page.press("Tiếp nhận hồ sơ", **TICKED)

        assert first.path == second.path
        assert Dossier.objects.count() == 1

    def test_two_clerks_with_the_form_open_receive_it_once(self, world: World, draft: Dossier) -> None:
        page = enter(world.officer(Role.RECEIVER)).open(address_of(draft))
        colleague = enter(world.officer(Role.RECEIVER, another=True)).open(address_of(draft))

        page.press("Tiếp nhận hồ sơ", **TICKED)
        late = colleague.press("Tiếp nhận hồ sơ", **TICKED)

        assert late.status == 422
        assert f"đã được tiếp nhận thành hồ sơ {Dossier.objects.get().code}" in late.words

    def test_what_is_missing_is_told_and_the_draft_stays(self, world: World, draft: Dossier) -> None:
        page = enter(world.officer(Role.RECEIVER)).open(address_of(draft)).press("Tiếp nhận hồ sơ")

        assert page.status == 422
        assert Dossier.objects.get().state == DossierState.DRAFT

    def test_another_commune_sees_neither_the_draft_nor_receives_it(self, world: World, draft: Dossier) -> None:
        stranger = world.officer(Role.RECEIVER, ANOTHER_COMMUNE)
        assert enter(stranger).get(address_of(draft)).status_code == 404
        address = f"/office/receive/{draft.procedure_code}/?draft={draft.public_id}"
        assert enter(stranger).get(address).status_code == 404
        assert enter(world.officer(Role.RECEIVER)).get(f"{address}x").status_code == 404
        command = dossiers.ReceiveDossier(
            procedure_code=draft.procedure_code, receiving_agency_id=world.agency(ANOTHER_COMMUNE).pk,
            channel="counter", client_key=uuid4(), draft_id=draft.public_id,
            request=world.request(draft.procedure_code, answers=draft.answers),
        )  # fmt: skip
        with pytest.raises(dossiers.DraftGone):
            dossiers.receive_dossier(command, acting_user=stranger, now=world.now)

    def test_the_applicant_does_not_see_it_before_it_is_received(self, world: World, draft: Dossier) -> None:
        own = world.citizen()
        own.person_id = draft.person_id
        own.save()
        assert list(dossier_queries.own_dossiers(own)) == []
        assert list(dossier_queries.drafts_of(own)) == []

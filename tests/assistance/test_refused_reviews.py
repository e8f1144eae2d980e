"""A benefit suspended for refusing a review ends by law after three months: it comes onto the list, and people decide."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement, Finding
from lienthong.assistance.services import finding_acts
from lienthong.assistance.services.changing import resume, suspend
from lienthong.assistance.services.findings import review_at_once
from lienthong.assistance.services.refused_reviews import note_refused_reviews
from lienthong.assistance.states import FindingKind, FindingState, ProposalKind
from tests.assistance.known import approved, disabled, granted, processor
from tests.screens import enter
from tests.world import World, at

pytestmark = pytest.mark.django_db
LIST = "/office/assistance/findings/"


@pytest.fixture
def row(world: World) -> Entitlement:
    """Suspended on 20 November 2026."""
    row = granted(world, disabled(world))
    world.now = at("2026-11-20 09:00")
    suspend(
        row,
        first_month=date(2026, 12, 1),
        reason="Không chấp hành",
        for_refusal=True,
        acting_user_id=None,
        now=world.now,
    )
    return row


@pytest.mark.parametrize(("day", "found"), [("2027-02-19", 0), ("2027-02-20", 1), ("2027-02-28", 1), ("2027-06-01", 1)])
def test_three_months_after_the_suspension_it_is_on_the_list(
    world: World, row: Entitlement, day: str, found: int
) -> None:
    assert note_refused_reviews(now=at(f"{day} 09:00")) == found
    assert note_refused_reviews(now=at(f"{day} 10:00")) == 0
    assert Finding.objects.count() == found


def test_the_end_is_proposed_with_one_press_and_its_last_month_is_that_of_the_law(
    world: World, row: Entitlement, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.now = at("2027-03-02 09:00")
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    note_refused_reviews(now=world.now)
    finding = Finding.objects.get()
    assert (finding.kind, finding.entitlement_id) == (FindingKind.REFUSED_REVIEW, row.pk)
    assert "20/02/2027" in finding.reasons[0]

    page = enter(world.officer(Role.PROCESSOR)).open(f"{LIST}{finding.pk}/")
    assert "quá hạn tạm dừng" in page.words.lower()
    proposal = finding_acts.propose_from(finding.pk, acting_user=processor(world), now=world.now)
    assert (proposal.kind, proposal.payload["last_month"]) == (ProposalKind.STOP, "2027-02-01")
    approved(world, proposal)

    row.refresh_from_db()
    assert (row.state, row.last_month) == ("ended", date(2027, 2, 1))
    note_refused_reviews(now=world.now)
    finding.refresh_from_db()
    assert finding.state == FindingState.SETTLED


def test_whoever_complied_and_is_paid_again_is_off_the_list(world: World, row: Entitlement) -> None:
    world.now = at("2027-03-02 09:00")
    note_refused_reviews(now=world.now)
    resume(row, first_month=date(2027, 3, 1), reason="Đã xác định lại", acting_user_id=None, now=world.now)

    note_refused_reviews(now=world.now)

    assert Finding.objects.get().state == FindingState.SETTLED


def test_what_was_set_aside_comes_back_only_with_another_suspension(world: World, row: Entitlement) -> None:
    world.now = at("2027-03-02 09:00")
    note_refused_reviews(now=world.now)
    finding_acts.dismiss(Finding.objects.get().pk, reason="Đang nằm viện", acting_user=processor(world), now=world.now)

    assert note_refused_reviews(now=at("2027-03-03 09:00")) == 0
    row.refresh_from_db()
    row.suspended_for_refusal_on = date(2026, 12, 1)
    row.save()
    assert note_refused_reviews(now=at("2027-03-04 09:00")) == 1


def test_a_suspension_for_another_reason_has_no_end_by_law(world: World) -> None:
    row = granted(world, disabled(world))
    suspend(
        row, first_month=date(2026, 12, 1), reason="Tạm giam", for_refusal=False, acting_user_id=None, now=world.now
    )

    assert note_refused_reviews(now=at("2028-01-01 09:00")) == 0


def test_a_review_of_everybody_leaves_it_open(world: World, row: Entitlement) -> None:
    world.now = at("2027-03-02 09:00")
    note_refused_reviews(now=world.now)

    review_at_once(now=world.now)

    assert Finding.objects.get(kind=FindingKind.REFUSED_REVIEW).state == FindingState.OPEN

"""A visit that is worth a second look is found; a person looks and says why nothing follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lienthong.accounts.states import Role
from lienthong.infra.events import events_of
from lienthong.poverty.models import HouseholdReview, Submission, Visit, VisitFlag
from lienthong.poverty.services import checks, setting_aside
from lienthong.poverty.states import FlagKind, SubmissionState, VisitState
from tests.factories.poverty import SubmissionFactory
from tests.poverty.filled import Field, members

HOUR = timedelta(hours=1)
HERE, THERE = "21.5900 105.8400 40 5", "22.5900 105.8400 40 5"


def found(field: Field, review: HouseholdReview | None = None) -> dict[str, str]:
    visit = Visit.objects.get(review=review or field.review, is_current=True)
    return {flag.kind: flag.words for flag in checks.check_visit(visit.pk, now=field.now)}


class TestChecks:
    def test_an_ordinary_visit_raises_nothing(self, field: Field) -> None:
        field.visit(people=members(4))

        assert found(field) == {}

    def test_too_fast(self, field: Field) -> None:
        field.visit(minutes=3)

        assert "3 phút" in found(field)[FlagKind.TOO_FAST]

    def test_copied_from_a_household_of_three_on(self, field: Field) -> None:
        other = field.household()
        field.visit(other, people=members(3))
        field.visit(people=members(3))

        assert other.head_name in found(field)[FlagKind.COPIED]

    def test_two_small_households_may_well_be_alike(self, field: Field) -> None:
        field.visit(field.household(), people=members(2))
        field.visit(people=members(2))

        assert FlagKind.COPIED not in found(field)

    def test_numbers_and_places_far_from_the_rest_of_the_commune(self, field: Field) -> None:
        for number in range(21):
            area, size = str(40 + number), members(1 + number % 4)
            field.visit(field.household(), people=size, housing_area_m2=area, location=HERE)
        field.visit(people=members(30), location=THERE)

        flags = found(field)
        assert "30 người" in flags[FlagKind.OUTLIER]
        assert "111 km" in flags[FlagKind.FAR_AWAY]

    def test_many_households_in_one_place(self, field: Field) -> None:
        for _number in range(3):
            field.visit(field.household(), location=HERE)
        field.visit(location=HERE)

        assert "3 hộ khác" in found(field)[FlagKind.SAME_PLACE]

    def test_what_contradicts_the_list(self, field: Field) -> None:
        field.visit(area="urban")

        assert "thành thị" in found(field)[FlagKind.CONTRADICTION]

    def test_done_twice_it_raises_nothing_twice(self, field: Field) -> None:
        field.visit(minutes=1)
        found(field)
        found(field)

        assert VisitFlag.objects.filter(kind=FlagKind.TOO_FAST).count() == 1

    def test_photos_that_do_not_come_are_told_after_a_day(self, field: Field) -> None:
        field.visit(photo="nha.png")

        assert checks.flag_missing_photos(now=field.now + HOUR) == 0
        assert checks.flag_missing_photos(now=field.now + 25 * HOUR) == 1
        assert checks.flag_missing_photos(now=field.now + 26 * HOUR) == 0


class TestClearing:
    def flag(self, field: Field) -> VisitFlag:
        field.visit(minutes=1)
        found(field)
        return VisitFlag.objects.get(kind=FlagKind.TOO_FAST)

    def test_needs_a_note_of_another_person_of_the_commune(self, field: Field) -> None:
        flag = self.flag(field)
        stranger = field.world.officer(Role.PROCESSOR, "H55.05500")

        with pytest.raises(checks.FlagNotFound):
            checks.clear_flag(flag.pk, note="Đã xem", acting_user=stranger, now=field.now)
        with pytest.raises(checks.NoteNeeded):
            checks.clear_flag(flag.pk, note=" ", acting_user=field.officer, now=field.now)
        checks.clear_flag(flag.pk, note="Hộ một người, hỏi nhanh", acting_user=field.officer, now=field.now)

        flag.refresh_from_db()
        assert (flag.cleared_by, flag.note) == (field.officer, "Hộ một người, hỏi nhanh")


class TestSetAside:
    def waiting(self, field: Field) -> Submission:
        field.send(field.xml().replace(field.review.household.code.encode(), b"HT-LA"))
        return Submission.objects.get()

    def test_is_attached_to_a_household_and_counts(self, field: Field) -> None:
        waiting = self.waiting(field)

        with pytest.raises(setting_aside.NamesAnotherHead, match="Phiếu ghi chủ hộ là Ma Văn Sình"):
            setting_aside.attach_submission(
                waiting.pk, field.review.household.code, acting_user=field.officer, now=field.now
            )
        setting_aside.attach_submission(
            waiting.pk, field.review.household.code, is_surely_theirs=True, acting_user=field.officer, now=field.now
        )

        assert "SubmissionAttached" in [event.name for event in events_of(field.review.stream)]
        field.review.refresh_from_db()
        assert field.review.visit_state == VisitState.VISITED
        assert Visit.objects.get().visited_by == field.enumerator
        with pytest.raises(setting_aside.LookedAtAlready):
            setting_aside.discard_submission(waiting.pk, note="Thừa", acting_user=field.officer, now=field.now)

    def test_cannot_be_attached_when_it_is_not_read_any_more(self, field: Field) -> None:
        waiting = SubmissionFactory(
            form_version=field.form(),
            state=SubmissionState.SET_ASIDE,
            unit=field.review.commune_review.unit,
            xml="<data/>",
        )

        with pytest.raises(setting_aside.NoLongerRead, match="khảo sát lại"):
            setting_aside.attach_submission(
                waiting.pk, field.review.household.code, acting_user=field.officer, now=field.now
            )

        assert Submission.objects.get().state == SubmissionState.SET_ASIDE

    def test_or_discarded_with_a_reason_and_kept(self, field: Field) -> None:
        waiting = self.waiting(field)

        setting_aside.discard_submission(waiting.pk, note="Phiếu thử", acting_user=field.officer, now=field.now)

        waiting.refresh_from_db()
        assert (waiting.state, waiting.reason) == (SubmissionState.DISCARDED, "Phiếu thử")

    def test_another_communes_is_not_there(self, field: Field) -> None:
        waiting, stranger = self.waiting(field), field.world.officer(Role.PROCESSOR, "H55.05500")

        with pytest.raises(setting_aside.SubmissionNotFound):
            setting_aside.discard_submission(waiting.pk, note="x", acting_user=stranger, now=field.now)

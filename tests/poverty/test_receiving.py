"""What a phone sends is taken in once, letter for letter, whatever the order; or refused in words, and nothing is stored."""

from __future__ import annotations

import io
import re
import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.kernel.days import local_day
from lienthong.poverty.models import (
    CommuneReview,
    HouseholdReview,
    Score,
    Submission,
    SubmissionMedia,
    Visit,
    VisitFlag,
)
from lienthong.poverty.queries.forms import households_to_visit
from lienthong.poverty.services import setting_aside, submissions
from lienthong.poverty.services.rounds import take_points_table
from lienthong.poverty.services.submissions import Photo
from lienthong.poverty.states import CommuneState, FlagKind, HouseholdClass, SubmissionState, VisitState
from tests.documents.specimens import pdf, png
from tests.factories.poverty import CommuneReviewFactory, HouseholdReviewFactory
from tests.poverty.filled import MEMBER, Field, members, new_instance

HOUR = timedelta(hours=1)
OTHER_COMMUNE = "H55.05500"


def photo(name: str, content: bytes | None = None) -> Photo:
    return Photo(name=name, content=io.BytesIO(png() if content is None else content), declared_type="image/png")


class TestAFilledForm:
    def test_is_a_visit_that_is_scored_at_once(self, field: Field) -> None:
        received = field.visit(people=members(2))

        field.review.refresh_from_db()
        visit = Visit.objects.get(review=field.review)
        assert received.is_new
        assert received.is_complete
        assert (visit.is_current, visit.visited_by) == (True, field.enumerator)
        assert (field.review.visit_state, field.review.surveyed_class) == (VisitState.VISITED, HouseholdClass.POOR)
        assert (field.review.size, field.review.a_points) == (2, 75)
        assert field.review.b_points == 10 * len(field.review.deprivations)
        assert "cleanWater" in field.review.deprivations

    def test_tells_what_happened_in_the_households_stream(self, field: Field) -> None:
        field.visit()

        assert [event.name for event in Event.objects.filter(stream=field.review.stream).order_by("sequence")] == [
            "HouseholdVisited",
            "HouseholdScored",
        ]

    def test_takes_few_statements(self, field: Field, django_assert_max_num_queries: object) -> None:
        field.visit(field.household())
        xml = field.xml()

        with django_assert_max_num_queries(16):  # type: ignore[operator]
            field.send(xml)

    def test_keeps_the_score_with_all_that_it_was_asked(self, field: Field) -> None:
        field.visit()

        score = Visit.objects.get().scores.get()
        assert score.table_digest == field.table.digest
        assert score.points_column == "northern_midlands_mountains"
        assert score.facts["area"] == "rural"
        assert score.result["class"] == score.outcome == HouseholdClass.POOR

    def test_says_where_the_device_computed_otherwise_and_ours_counts(self, field: Field) -> None:
        field.visit(a_points="12", b_points="0", result="not_poor", size="1")

        flag = VisitFlag.objects.get(kind=FlagKind.COMPUTED_OTHERWISE)
        field.review.refresh_from_db()
        assert "a_points, b_points, result" in flag.words
        assert "size" not in flag.words
        assert field.review.surveyed_class == HouseholdClass.POOR

    def test_is_of_average_living_where_the_income_says_so(self, field: Field) -> None:
        people = [
            MEMBER | {"qualification": "college", "job": "public", "work": "employed_contract", "relation": relation}
            for relation in ("head", *["child"] * 7)
        ]

        field.visit(people=people, income_per_person="1800000", asked_color_tv="yes", housing_area_m2="200")

        score = Visit.objects.get().scores.get()
        assert score.facts["income_per_person"] == 1800000

    def test_screened_out_by_form_a_is_not_poor(self, field: Field) -> None:
        field.visit(form="phieu-a", screened="out")

        field.review.refresh_from_db()
        assert (field.review.visit_state, field.review.surveyed_class) == (
            VisitState.SCREENED_OUT,
            HouseholdClass.NOT_POOR,
        )

    def test_form_c_gives_the_causes_and_leaves_the_score_alone(self, field: Field) -> None:
        field.visit()
        field.visit(form="phieu-c", causes="land labour nonsense", people=[MEMBER | {"work": "unable"}])

        field.review.refresh_from_db()
        assert field.review.causes == ["land", "labour"]
        assert field.review.has_no_labour is True
        assert field.review.surveyed_class == HouseholdClass.POOR


class TestSentAgain:
    def test_changes_nothing(self, field: Field) -> None:
        xml = field.xml()

        first, second = field.send(xml), field.send(xml, later=HOUR)

        assert (first.is_new, second.is_new) == (True, False)
        assert Visit.objects.count() == Submission.objects.count() == 1

    def test_with_other_words_is_refused_and_the_first_is_kept(self, field: Field) -> None:
        instance = new_instance()
        field.visit(instance_id=instance)

        with pytest.raises(submissions.SameIdOtherAnswers, match="nội dung khác"):
            field.visit(instance_id=instance, housing_area_m2="80")

        assert Visit.objects.get().answers["housing_area_m2"] == "40"

    def test_photos_come_in_parts_in_any_order(self, field: Field) -> None:
        xml = field.xml(photo="nha.png", photo_2="bep.png")

        assert not field.send(xml).is_complete
        assert not field.send(xml, photo("bep.png"), later=HOUR).is_complete
        assert field.send(xml, photo("nha.png", png(50, 50)), photo("bep.png"), later=2 * HOUR).is_complete
        assert SubmissionMedia.objects.exclude(file=None).count() == 2
        assert Submission.objects.get().completed_at == field.now + 2 * HOUR

    def test_a_file_that_the_form_does_not_name_is_left_alone(self, field: Field) -> None:
        received = field.send(field.xml(photo="nha.png"), photo("khac.png"))

        assert not received.is_complete
        assert SubmissionMedia.objects.get().file is None

    def test_a_photo_that_is_none_is_refused_and_nothing_is_stored(self, field: Field) -> None:
        with pytest.raises(submissions.PhotoRefused, match="không phải ảnh"):
            field.send(field.xml(photo="nha.pdf"), photo("nha.pdf", pdf(text="không")))

        assert not Submission.objects.exists()

    def test_a_photo_too_heavy_is_refused_with_its_name(self, field: Field, settings: object) -> None:
        settings.UPLOAD_LIMIT_BYTES = 1000  # type: ignore[attr-defined]

        with pytest.raises(submissions.PhotoRefused, match=r"nha\.png"):
            field.send(field.xml(photo="nha.png"), photo("nha.png", b"\x89PNG\r\n\x1a\n" + b"0" * 2000))

        assert not Submission.objects.exists()


class TestARoundThatTakesItsTableLater:
    def test_scores_anew_who_was_visited_before(self, field: Field) -> None:
        field.commune.round.points_table = None
        field.commune.round.save()
        field.visit(people=members(2))
        field.review.refresh_from_db()
        assert (field.review.a_points, field.review.surveyed_class) == (None, None)

        taken = take_points_table(
            field.commune.round_id, acting_user=field.world.officer(Role.PROCESSOR, "H55.SNNMT"), now=field.now
        )

        field.review.refresh_from_db()
        assert taken.points_table == field.table
        assert (field.review.a_points, field.review.surveyed_class) == (75, HouseholdClass.POOR)
        older, newer = Score.objects.filter(visit__review=field.review).order_by("pk")
        assert (older.points_table, newer.points_table) == (None, field.table)
        assert field.review.deciding_score == newer
        assert Event.objects.filter(stream=field.review.stream, name="HouseholdScored").count() == 2


class TestOutOfOrder:
    def test_the_visit_that_ended_last_counts_even_if_it_came_first(self, field: Field) -> None:
        field.visit(ended_at=field.now - HOUR, housing_area_m2="90")
        field.visit(ended_at=field.now - 5 * HOUR, housing_area_m2="10")

        assert Visit.objects.get(is_current=True).answers["housing_area_m2"] == "90"
        field.review.refresh_from_db()
        assert field.review.deciding_score is not None
        assert field.review.deciding_score.visit.is_current

    def test_an_edit_counts_even_if_the_original_comes_later(self, field: Field) -> None:
        original, edited = new_instance(), new_instance()
        field.visit(instance_id=edited, deprecated_id=original, ended_at=field.now - 2 * HOUR, housing_area_m2="90")
        field.visit(instance_id=original, ended_at=field.now - HOUR, housing_area_m2="10")

        assert Visit.objects.get(is_current=True).answers["housing_area_m2"] == "90"

    def test_an_edit_counts_after_the_original_too(self, field: Field) -> None:
        original = new_instance()
        field.visit(instance_id=original, ended_at=field.now - HOUR, housing_area_m2="10")
        field.visit(deprecated_id=original, ended_at=field.now - 2 * HOUR, housing_area_m2="90")

        assert Visit.objects.get(is_current=True).answers["housing_area_m2"] == "90"

    def test_an_edit_that_names_another_household_leaves_the_first(self, field: Field) -> None:
        original, other = new_instance(), field.household()
        field.visit(instance_id=original)
        field.visit(other, deprecated_id=original)

        field.review.refresh_from_db()
        other.refresh_from_db()
        assert (field.review.visit_state, field.review.surveyed_class) == (VisitState.TO_VISIT, None)
        assert other.visit_state == VisitState.VISITED

    def test_a_form_replaced_meanwhile_is_still_taken_in(self, field: Field) -> None:
        xml = field.xml()
        newer = field.newer_form()

        field.send(xml)

        assert Submission.objects.get().form_version.replaced_at == field.now
        assert field.form() == newer

    def test_a_visit_asked_again_is_done_when_a_later_one_comes(self, field: Field) -> None:
        field.visit(ended_at=field.now - 5 * HOUR)
        field.review.refresh_from_db()
        field.review.visit_state, field.review.revisit_reason = VisitState.REVISIT, "Xem lại diện tích"
        field.review.save()

        field.visit(ended_at=field.now - 9 * HOUR)
        field.review.refresh_from_db()
        assert field.review.visit_state == VisitState.REVISIT
        field.visit(ended_at=field.now - HOUR)
        field.review.refresh_from_db()
        assert (field.review.visit_state, field.review.revisit_reason) == (VisitState.VISITED, "")


class TestWhatAnEditReplaces:
    """An edit replaces its sender's own submission, or any of a commune that the sender runs; nothing else."""

    def counting(self, review: HouseholdReview) -> set[str]:
        return {visit.answers["housing_area_m2"] for visit in Visit.objects.filter(review=review, is_current=True)}

    def test_who_runs_the_commune_corrects_anybodys(self, field: Field) -> None:
        first = field.visit(ended_at=field.now - HOUR).submission

        field.visit(
            by=field.officer, deprecated_id=first.instance_id, ended_at=field.now - 2 * HOUR, housing_area_m2="90"
        )

        assert self.counting(field.review) == {"90"}

    def test_another_enumerator_of_the_commune_adds_a_visit_and_replaces_nothing(self, field: Field) -> None:
        first, other = field.visit(ended_at=field.now - HOUR).submission, field.another_enumerator()

        field.visit(by=other, deprecated_id=first.instance_id, ended_at=field.now - 2 * HOUR, housing_area_m2="90")

        assert self.counting(field.review) == {"40"}
        assert Visit.objects.count() == 2

    def test_what_another_one_wrote_before_the_original_came_replaces_nothing(self, field: Field) -> None:
        original, other = new_instance(), field.another_enumerator()
        field.visit(by=other, deprecated_id=original, ended_at=field.now - HOUR, housing_area_m2="90")
        field.visit(instance_id=original, ended_at=field.now - HOUR / 2)

        assert self.counting(field.review) == {"40"}

    @pytest.mark.parametrize("role", [Role.ENUMERATOR, Role.PROCESSOR])
    def test_a_visit_of_another_commune_stays(self, field: Field, role: Role) -> None:
        first, stranger = field.visit().submission, field.world.officer(role, OTHER_COMMUNE)
        theirs = CommuneReviewFactory(
            round=field.commune.round, unit=field.world.agency(OTHER_COMMUNE).unit, visiting=True
        )
        household = HouseholdReviewFactory(commune_review=theirs)

        field.visit(household, by=stranger, deprecated_id=first.instance_id)

        assert self.counting(field.review) == self.counting(household) == {"40"}
        field.review.refresh_from_db()
        assert field.review.visit_state == VisitState.VISITED
        assert not Submission.objects.exclude(deprecated_id="").exists()

    def test_a_household_that_the_village_has_met_about_is_not_left_for_another(self, field: Field) -> None:
        first, other = field.visit().submission, field.household(revisit=True)
        CommuneReview.objects.update(state=CommuneState.MEETING)

        field.visit(other, deprecated_id=first.instance_id)

        assert self.counting(field.review) == self.counting(other) == {"40"}


class TestARecheckWhileTheListHangsOut:
    def post(self, field: Field, visit: VisitState) -> None:
        field.visit(ended_at=field.now - 9 * HOUR)
        HouseholdReview.objects.update(visit_state=visit, revisit_reason="Phúc tra")
        CommuneReview.objects.update(state=CommuneState.POSTED)

    def test_is_taken_in_and_scored(self, field: Field) -> None:
        self.post(field, VisitState.REVISIT)

        received = field.visit(wall="durable", pillar="durable", water_source="piped", toilet="septic", devices="tv")

        field.review.refresh_from_db()
        assert received.submission.state == SubmissionState.ACCEPTED
        assert (field.review.visit_state, field.review.revisit_reason) == (VisitState.VISITED, "")
        assert field.review.deciding_score is not None
        assert field.review.deciding_score.visit.submission == received.submission

    def test_once_and_no_more(self, field: Field) -> None:
        self.post(field, VisitState.REVISIT)
        field.visit()

        assert field.visit().submission.state == SubmissionState.SET_ASIDE

    def test_is_attached_by_an_officer_who_has_asked_for_it_only(self, field: Field) -> None:
        self.post(field, VisitState.VISITED)
        aside = field.visit().submission
        with pytest.raises(setting_aside.PastVisiting, match="yêu cầu khảo sát lại"):
            setting_aside.attach_submission(
                aside.pk, field.review.household.code, acting_user=field.officer, now=field.now
            )
        HouseholdReview.objects.update(visit_state=VisitState.REVISIT)

        visit = setting_aside.attach_submission(
            aside.pk, field.review.household.code, is_surely_theirs=True, acting_user=field.officer, now=field.now
        )

        assert Visit.objects.get(is_current=True) == visit

    def test_is_on_the_list_of_the_phone(self, field: Field) -> None:
        self.post(field, VisitState.VISITED)
        assert not households_to_visit(field.enumerator, on=local_day(field.now))

        HouseholdReview.objects.update(visit_state=VisitState.REVISIT)

        assert [one.pk for one in households_to_visit(field.enumerator, on=local_day(field.now))] == [field.review.pk]


@pytest.mark.django_db(transaction=True)
def test_a_commune_does_not_pass_on_while_a_visit_is_being_written(field: Field) -> None:
    told: list[str] = []

    def move() -> None:
        try:
            with transaction.atomic():
                CommuneReview.objects.select_for_update(nowait=True).get(pk=field.commune.pk)
        except OperationalError as locked:
            told.append(str(locked))
        finally:
            connection.close()

    with transaction.atomic():
        field.visit()
        other = threading.Thread(target=move)
        other.start()
        other.join()

    assert "could not obtain lock" in told[0]


class TestDouble:
    def test_two_who_found_otherwise_raise_a_flag(self, field: Field) -> None:
        field.visit(ended_at=field.now - 3 * HOUR)
        good = {"wall": "durable", "pillar": "durable", "water_source": "piped", "toilet": "septic", "devices": "tv"}
        field.visit(ended_at=field.now - HOUR, by=field.another_enumerator(), **good)

        flag = VisitFlag.objects.get(kind=FlagKind.DOUBLE)
        assert flag.visit.is_current
        assert "B2" in flag.words

    def test_two_who_found_the_same_raise_none(self, field: Field) -> None:
        field.visit(ended_at=field.now - 3 * HOUR)
        field.visit(ended_at=field.now - HOUR, by=field.another_enumerator())

        assert not VisitFlag.objects.filter(kind=FlagKind.DOUBLE).exists()


class TestSetAside:
    def reason(self, field: Field) -> str:
        submission = Submission.objects.get()
        assert submission.state == SubmissionState.SET_ASIDE
        assert not Visit.objects.exists()
        return submission.reason

    def test_a_household_that_is_on_no_list(self, field: Field) -> None:
        xml = field.xml().replace(field.review.household.code.encode(), b"HT999999")

        received = field.send(xml)

        assert "không có trong danh sách" in self.reason(field)
        assert "sẽ xem vì" in received.in_words

    def test_a_commune_that_posts_already(self, field: Field) -> None:
        field.commune.state = CommuneState.POSTED
        field.commune.save()
        field.visit()

        assert "đang niêm yết" in self.reason(field)

    def test_a_household_of_somebody_else(self, field: Field) -> None:
        field.review.enumerator = field.another_enumerator()
        field.review.save()
        field.visit()

        assert "người khác" in self.reason(field)

    def test_but_an_officer_may_go_to_any_household_of_the_commune(self, field: Field) -> None:
        field.review.enumerator = field.another_enumerator()
        field.review.save()

        field.visit(by=field.officer)

        assert Visit.objects.get().visited_by == field.officer

    def test_a_household_of_another_commune(self, field: Field) -> None:
        stranger = field.world.officer(Role.ENUMERATOR, "H55.05500")
        field.visit(by=stranger)

        assert "không có trong danh sách" in self.reason(field)


class TestRefused:
    @pytest.mark.parametrize(
        ("xml", "words"),
        [
            (b"", "trống|hỏng"),
            (b"<data", "hỏng"),
            (b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><data id="phieu-b">&y;</data>', "DTD"),
            (b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><data id="phieu-b">&b;</data>', "DTD"),
            (b"\xff\xfe\x00\x01", "hỏng|đọc"),
            (b'<data id="phieu-b" version="1"/>', "instanceID"),
            (b"<html/>", "mã phiếu"),
        ],
    )
    def test_xml_that_is_no_filled_form(self, field: Field, xml: bytes, words: str) -> None:
        with pytest.raises(submissions.SubmissionBroken, match=words):
            field.send(xml)

    def test_a_version_that_was_never_published(self, field: Field) -> None:
        xml = field.xml().replace(field.form().version.encode(), b"19990101")

        with pytest.raises(submissions.FormUnknown, match="19990101"):
            field.send(xml)

    def test_no_version_at_all(self, field: Field) -> None:
        xml = field.xml().replace(f' version="{field.form().version}"'.encode(), b"")

        with pytest.raises(submissions.FormUnknown, match="không ghi phiên bản"):
            field.send(xml)

    def test_impossible_answers_are_told_all_at_once(self, field: Field) -> None:
        with pytest.raises(submissions.AnswersImpossible) as refused:
            field.visit(housing_area_m2="-5", visited_on="2026-02-30", people=[MEMBER | {"birth_date": "2030-01-01"}])

        places = [place for place, _sentence in refused.value.problems]
        assert {"housing_area_m2", "visited_on", "members[1]/birth_date"} <= set(places)
        assert "vẫn còn trên máy" in str(refused.value)
        assert not Submission.objects.exists()

    def test_an_officer_who_no_longer_enumerates(self, field: Field) -> None:
        clerk = field.world.officer(Role.RECEIVER)

        with pytest.raises(submissions.NotAnEnumerator, match="không còn được phân công"):
            field.visit(by=clerk)

    @pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "hôm qua"])
    def test_a_clock_that_is_plainly_wrong_is_not_believed(self, field: Field, moment: str) -> None:
        xml = re.sub(rb"<end>[^<]*", f"<end>{moment}".encode(), field.xml())

        field.send(xml)

        visit = Visit.objects.get()
        assert visit.started_at <= visit.ended_at <= field.now

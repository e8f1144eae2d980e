"""The form in the browser: what the page is given, who is given it, and what becomes of what it sends."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.poverty.models import CommuneReview, HouseholdReview, Submission, Visit
from lienthong.poverty.services.submissions import Photo
from lienthong.poverty.states import CommuneState, HouseholdClass, SubmissionState, VisitState
from tests.documents.specimens import png
from tests.poverty.filled import Field, set_field
from tests.screens import enter
from tests.world import World

OTHER_COMMUNE = "H55.05500"
SEND = "/office/poverty/visits/send/"


@pytest.fixture
def field(world: World) -> Field:
    field = set_field(world)
    HouseholdReview.objects.update(enumerator=field.enumerator)
    field.review.refresh_from_db()
    return field


def page_of(field: Field, rest: str = "", form: str = "phieu-b") -> str:
    return f"/office/poverty/visits/{field.review.pk}/{form}/{rest}"


def parts(user: User, address: str) -> dict[str, Any]:
    """What the page tells its script."""
    page = enter(user).open(address)
    assert page.status == 200
    place = page.main.select_one("[data-webform]")
    assert place is not None, page.words
    return {name.removeprefix("data-"): value for name, value in place.attrs.items()}


def send(user: User, xml: bytes, **more: Any) -> Any:
    part = SimpleUploadedFile("xml_submission_file", xml, content_type="text/xml")
    return enter(user).post(SEND, {"xml_submission_file": part, **more})


def picture(name: str = "nhà.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png(), content_type="image/png")


class TestThePage:
    def test_names_all_that_the_form_asks_for(self, field: Field) -> None:
        told = parts(field.enumerator, page_of(field))
        browser = enter(field.enumerator)

        form = browser.get(told["form"])
        assert form["Content-Type"].startswith("text/xml")
        assert f"<household>{field.review.household.code}</household>" in form.content.decode()
        households = browser.get(told["attachments"] + "households.csv").content.decode().splitlines()
        assert len(households) == 2
        assert households[1].startswith(field.review.household.code)
        assert told["submission"] == SEND
        assert told["edit-instance"] == ""

    def test_keeps_drafts_apart_by_household_form_and_version(self, field: Field) -> None:
        other = field.household(enumerator=field.enumerator)
        address = page_of(field)
        keys = [parts(field.enumerator, one)["draft-key"] for one in (
            address, page_of(field, form="phieu-a"), address.replace(f"/{field.review.pk}/", f"/{other.pk}/")
        )]  # fmt: skip
        field.newer_form(at=timezone.now())

        assert len({*keys, parts(field.enumerator, address)["draft-key"]}) == 4

    def test_alone_may_run_what_the_form_needs(self, field: Field) -> None:
        browser = enter(field.enumerator)

        assert "wasm-unsafe-eval" in browser.get(page_of(field))["Content-Security-Policy"]
        assert "wasm-unsafe-eval" not in browser.get("/office/poverty/visits/")["Content-Security-Policy"]

    def test_says_what_to_do_without_scripts(self, field: Field) -> None:
        assert "Phiếu này cần JavaScript" in enter(field.enumerator).open(page_of(field)).words

    @pytest.mark.parametrize("state", [CommuneState.LISTING, CommuneState.MEETING, CommuneState.POSTED])
    def test_says_that_it_is_not_the_time(self, field: Field, state: CommuneState) -> None:
        CommuneReview.objects.update(state=state)

        page = enter(field.enumerator).open(page_of(field))

        assert "hiện không khảo sát được" in page.words
        assert page.main.select_one("[data-webform]") is None

    def test_opens_for_a_recheck_while_the_list_hangs_out_and_takes_it_in(self, field: Field) -> None:
        field.visit(ended_at=field.now - timedelta(hours=5))
        HouseholdReview.objects.update(visit_state=VisitState.REVISIT)
        CommuneReview.objects.update(state=CommuneState.POSTED)
        assert parts(field.enumerator, page_of(field))

        assert send(field.enumerator, field.xml(housing_area_m2="77")).status_code == 201

        assert Visit.objects.get(is_current=True).answers["housing_area_m2"] == "77"

    def test_says_who_publishes_a_form_that_is_missing(self, field: Field) -> None:
        field.commune.round.standard_id = "2016-2021"
        field.commune.round.save()

        assert "Phiếu này chưa được phát hành" in enter(field.enumerator).open(page_of(field)).words

    def test_is_nowhere_for_another_form_or_file(self, field: Field) -> None:
        browser = enter(field.enumerator)
        for rest in ("files/phieu.xlsx", "form.xml?version=1", "answers.xml", "photos/nhà.png", "?correct=yes"):
            assert browser.get(page_of(field, rest)).status_code == 404
        assert browser.get(page_of(field, form="phieu-d")).status_code == 404


class TestWhoOpensIt:
    def test_an_officer_who_runs_the_commune(self, field: Field) -> None:
        assert parts(field.officer, page_of(field))

    @pytest.mark.parametrize("rest", ["", "form.xml", "files/households.csv", "answers.xml", "photos/nhà.png"])
    def test_nobody_else(self, field: Field, rest: str) -> None:
        field.send(field.xml(photo="nhà.png"), photo("nhà.png"))
        world = field.world
        for user in (
            world.officer(Role.ENUMERATOR, another=True), world.officer(Role.ENUMERATOR, OTHER_COMMUNE),
            world.officer(Role.PROCESSOR, OTHER_COMMUNE), world.officer(Role.RECEIVER), world.citizen(),
        ):  # fmt: skip
            assert enter(user).get(page_of(field, rest)).status_code == 404
        assert enter(field.enumerator).get(page_of(field, rest)).status_code == 200

    def test_who_goes_as_a_control_does_not_see_the_first_answers(self, field: Field) -> None:
        field.visit()
        control = field.another_enumerator()
        HouseholdReview.objects.update(enumerator=control)

        browser = enter(control)

        assert browser.get(page_of(field)).status_code == 200
        assert browser.get(page_of(field, "answers.xml")).status_code == 404
        assert browser.get(page_of(field, "?correct=yes")).status_code == 404


class TestACorrection:
    def test_begins_with_the_answers_as_they_were_sent(self, field: Field) -> None:
        xml = field.xml(photo="nhà.png")
        field.send(xml, photo("nhà.png"))
        told, browser = parts(field.enumerator, page_of(field, "?correct=yes")), enter(field.enumerator)

        assert browser.get(told["edit-instance"]).content == xml
        assert told["edit-files"] == '["nhà.png"]'
        answer = browser.get(told["edit-attachments"] + "nhà.png")
        assert b"".join(answer.streaming_content) == png()
        assert "Bạn đang sửa phiếu đã gửi" in browser.open(page_of(field, "?correct=yes")).words

    def test_stays_on_the_version_that_was_filled(self, field: Field) -> None:
        field.visit()
        was = field.form().version
        field.newer_form()

        assert parts(field.enumerator, page_of(field, "?correct=yes"))["form"].endswith(f"version={was}")
        assert not parts(field.enumerator, page_of(field))["form"].endswith(f"version={was}")

    def test_replaces_the_visit(self, field: Field) -> None:
        first = field.visit().submission
        answer = send(field.enumerator, field.xml(deprecated_id=first.instance_id, housing_area_m2="77"))

        assert answer.status_code == 201
        assert Visit.objects.get(review=field.review, is_current=True).answers["housing_area_m2"] == "77"


class TestSending:
    def test_scores_the_household_and_leads_back_to_the_list(self, field: Field) -> None:
        answer = send(field.enumerator, field.xml())

        field.review.refresh_from_db()
        assert (answer.status_code, answer.json()) == (201, {"location": "/office/poverty/visits/"})
        assert field.review.surveyed_class == HouseholdClass.POOR
        assert Visit.objects.get().visited_by == field.enumerator

    def test_tells_on_the_next_page_what_became_of_it(self, field: Field) -> None:
        browser = enter(field.enumerator)
        part = SimpleUploadedFile("xml_submission_file", field.xml(), content_type="text/xml")
        browser.post(SEND, {"xml_submission_file": part})

        assert "Đã nhận phiếu." in browser.open("/office/poverty/visits/").notices

    def test_takes_photos_in_several_requests_and_tells_once(self, field: Field) -> None:
        xml, browser = field.xml(photo="nhà.png"), enter(field.enumerator)
        for more in ({"*isIncomplete*": "yes"}, {"nhà.png": picture()}):
            part = SimpleUploadedFile("xml_submission_file", xml, content_type="text/xml")
            assert browser.post(SEND, {"xml_submission_file": part, **more}).status_code == 201

        assert Submission.objects.get().completed_at is not None
        assert browser.open("/office/poverty/visits/").notices.count("Đã nhận phiếu") == 1

    def test_the_same_again_changes_nothing(self, field: Field) -> None:
        xml = field.xml()
        send(field.enumerator, xml)

        assert send(field.enumerator, xml).status_code == 201
        assert Visit.objects.count() == 1

    @pytest.mark.parametrize(
        ("xml", "status", "words"),
        [
            (b"<broken", 400, "Phiếu"),
            (b'<data id="phieu-b" version="1"><meta><instanceID>uuid:1</instanceID></meta></data>', 404, "phiên bản"),
        ],
    )
    def test_is_refused_in_words(self, field: Field, xml: bytes, status: int, words: str) -> None:
        answer = send(field.enumerator, xml)

        assert answer.status_code == status
        assert words in answer.json()["message"]
        assert not Submission.objects.exists()

    def test_refuses_what_cannot_be_and_says_where(self, field: Field) -> None:
        answer = send(field.enumerator, field.xml(housing_area_m2="100000"))

        assert answer.status_code == 422
        assert "housing_area_m2" in answer.json()["message"]

    def test_refuses_a_request_without_answers(self, field: Field) -> None:
        answer = enter(field.enumerator).post(SEND, {"xml_submission_file": "no file"})

        assert (answer.status_code, "chưa được nhận" in answer.json()["message"]) == (400, True)

    def test_loses_nothing_when_the_household_was_given_to_somebody_else_meanwhile(self, field: Field) -> None:
        HouseholdReview.objects.update(enumerator=field.another_enumerator())

        answer = send(field.enumerator, field.xml())

        assert answer.status_code == 201
        assert Submission.objects.get().state == SubmissionState.SET_ASIDE

    def test_tells_who_lost_the_role_meanwhile_and_keeps_nothing(self, field: Field) -> None:
        answer = send(field.world.officer(Role.RECEIVER), field.xml())

        assert answer.status_code == 403
        assert "không còn được phân công khảo sát" in answer.json()["message"]

    def test_is_for_staff_only(self, field: Field) -> None:
        assert send(field.world.citizen(), field.xml()).status_code == 404
        assert not Submission.objects.exists()


def photo(name: str) -> Photo:
    return Photo(name=name, content=io.BytesIO(png()), declared_type="image/png")

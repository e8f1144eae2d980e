"""A phone works against the house: fetches, sends, loses its network, sends again. Nothing is lost, nothing is a 500."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from lienthong.accounts.states import Role
from lienthong.poverty.models import (
    CommuneReview,
    EnumeratorDevice,
    FormVersion,
    HouseholdReview,
    Submission,
    SubmissionMedia,
    UsedNonce,
    Visit,
)
from lienthong.poverty.services.devices import DeviceKeys, revoke_device
from lienthong.poverty.states import CommuneState, SubmissionState, VisitState
from tests.documents.specimens import png
from tests.interop.openrosa_client import Answered, Phone, md5, send
from tests.poverty.filled import Field, filled, new_instance, set_field
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def field(world: World) -> Field:
    return set_field(world)


@pytest.fixture
def keys(field: Field) -> DeviceKeys:
    return field.phone()


@pytest.fixture
def phone(live_server: Any, keys: DeviceKeys) -> Phone:
    return Phone(f"{live_server.url}/openrosa/{keys.token}")


@pytest.fixture
def phone_by_name(live_server: Any, keys: DeviceKeys) -> Iterator[Phone]:
    yield Phone(f"{live_server.url}/openrosa", keys.device.login, keys.password)


def is_told_in_words(answered: Answered, status: int, words: str = "") -> None:
    assert answered.status == status, answered.body
    assert answered.headers["Content-Type"].startswith("text/xml")
    assert answered.headers["X-OpenRosa-Version"] == "1.0"
    assert answered.words
    assert words in answered.words


class TestFetching:
    def test_finds_its_forms_and_households_with_sums_that_are_right(self, phone: Phone, field: Field) -> None:
        forms = phone.forms()
        assert set(forms) == {"phieu-a", "phieu-b", "phieu-c"}
        form = forms["phieu-b"]

        xform = phone.get(form["downloadUrl"])
        (households,) = phone.manifest(form["manifestUrl"])
        listed = phone.get(households["downloadUrl"])

        assert form["hash"] == "md5:" + md5(xform.body.decode())
        assert form["version"] == field.form().version
        assert (households["type"], households["filename"]) == ("entityList", "households.csv")
        assert households["hash"] == "md5:" + md5(listed.body.decode())
        (row,) = csv.DictReader(io.StringIO(listed.body.decode()))
        assert (row["name"], row["head"], row["area"], row["previous_class"]) == (
            field.review.household.code,
            field.review.head_name,
            "rural",
            "poor",
        )

    def test_every_answer_has_the_headers_of_the_protocol(self, phone: Phone) -> None:
        for answered in (phone.get(f"{phone.server}/formList"), phone.head(), phone.get(f"{phone.server}/nowhere")):
            assert answered.headers["X-OpenRosa-Version"] == "1.0"
            assert int(answered.headers["X-OpenRosa-Accept-Content-Length"]) >= 25 * 1024 * 1024
        assert phone.head().status == 204

    def test_is_given_only_what_its_enumerator_visits(self, phone: Phone, field: Field) -> None:
        mine = field.household(enumerator=field.enumerator)
        field.household(enumerator=field.another_enumerator())
        field.household(gone=True)

        listed = phone.get(phone.manifest(phone.forms()["phieu-b"]["manifestUrl"])[0]["downloadUrl"])

        codes = {row["name"] for row in csv.DictReader(io.StringIO(listed.body.decode()))}
        assert codes == {mine.household.code, field.review.household.code}

    def test_is_not_sent_again_what_it_has(self, phone: Phone) -> None:
        first = phone.get(f"{phone.server}/formList")

        again = phone.get(f"{phone.server}/formList", **{"If-None-Match": first.headers["ETag"]})

        assert (again.status, again.body) == (304, b"")

    def test_a_form_that_is_not_there(self, phone: Phone) -> None:
        is_told_in_words(phone.get(f"{phone.server}/forms/phieu-b/19990101.xml"), 404, "tải lại danh sách")


class TestSending:
    def test_goes_the_whole_way(self, phone: Phone, field: Field) -> None:
        xml = field.xml(photo="nha.png")

        is_told_in_words(phone.send(xml), 202, "còn chờ ảnh")
        is_told_in_words(phone.send(xml, ("nha.png", png())), 201, "Đã nhận phiếu")
        is_told_in_words(phone.send(xml, ("nha.png", png())), 201, "Đã nhận phiếu")

        assert Visit.objects.get().review == field.review
        assert Submission.objects.get().xml.encode() == xml
        assert Submission.objects.get().device is not None
        assert SubmissionMedia.objects.get().file is not None

    def test_a_recheck_while_the_list_hangs_out_is_on_the_phone_and_is_taken_in(
        self, phone: Phone, field: Field
    ) -> None:
        phone.send(field.xml(ended_at=field.now - timedelta(hours=5)))
        HouseholdReview.objects.update(visit_state=VisitState.REVISIT)
        CommuneReview.objects.update(state=CommuneState.POSTED)

        (households,) = phone.manifest(phone.forms()["phieu-b"]["manifestUrl"])
        assert field.review.household.code in phone.get(households["downloadUrl"]).body.decode()
        is_told_in_words(phone.send(field.xml(housing_area_m2="77")), 201, "Đã nhận phiếu.")

        assert Visit.objects.get(is_current=True).answers["housing_area_m2"] == "77"

    def test_goes_on_after_the_network_was_lost(self, phone: Phone, field: Field) -> None:
        xml = field.xml(photo="nha.png", photo_2="bep.png")

        phone.send(xml, ("nha.png", png()))
        phone.cut_off(xml, ("nha.png", png()), ("bep.png", png(90, 90) * 20))
        is_told_in_words(phone.send(xml, ("bep.png", png(60, 60))), 201)

        assert Submission.objects.count() == Visit.objects.count() == 1
        assert SubmissionMedia.objects.filter(file=None).count() == 0

    def test_the_same_from_two_at_once_is_one(self, phone: Phone, field: Field) -> None:
        xml, answers = field.xml(photo="nha.png"), []

        def work() -> None:
            answers.append(phone.send(xml, ("nha.png", png())))

        threads = [threading.Thread(target=work) for _number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [answered.status for answered in answers] == [201] * 4
        assert Submission.objects.count() == Visit.objects.count() == 1

    def test_many_households_at_once_lose_nothing(self, phone: Phone, field: Field) -> None:
        xmls = [field.xml(field.household()) for _number in range(8)]
        answers: list[int] = []
        threads = [threading.Thread(target=lambda xml=xml: answers.append(phone.send(xml).status)) for xml in xmls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert answers == [201] * 8
        assert Visit.objects.filter(is_current=True).count() == 8

    def test_an_edit_before_its_original_and_an_old_version_are_taken_in(self, phone: Phone, field: Field) -> None:
        original, form = new_instance(), field.form()
        edited = field.xml(instance_id=new_instance(), deprecated_id=original, housing_area_m2="90")
        first = field.xml(instance_id=original)
        field.newer_form()

        assert [phone.send(edited).status, phone.send(first).status] == [201, 201]
        assert Visit.objects.get(is_current=True).answers["housing_area_m2"] == "90"
        assert phone.forms()["phieu-b"]["version"] != form.version

    def test_what_cannot_be_placed_is_set_aside_and_said(self, phone: Phone, field: Field) -> None:
        xml = filled(field.form(), "HT-LA", ended_at=field.now)

        is_told_in_words(phone.send(xml), 201, "không có trong danh sách")

        assert Submission.objects.get().state == SubmissionState.SET_ASIDE


class TestRefused:
    def test_in_words_with_the_right_number(self, phone: Phone, field: Field) -> None:
        instance = new_instance()
        phone.send(field.xml(instance_id=instance))
        refused = {
            400: b"<data",
            404: field.xml().replace(field.form().version.encode(), b"19990101"),
            409: field.xml(instance_id=instance, housing_area_m2="77"),
            422: field.xml(housing_area_m2="-4"),
        }

        for status, xml in refused.items():
            is_told_in_words(phone.send(xml), status)

        assert Submission.objects.count() == 1

    @pytest.mark.parametrize(
        "xml",
        [
            b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><data id="phieu-b" version="1">&x;</data>',
            b'<!DOCTYPE d [<!ENTITY a "1234567890">' + b"".join(
                f'<!ENTITY a{n} "{f"&a{n - 1 if n > 1 else str()};" * 10}">'.encode() for n in range(1, 9)
            ) + b']><data id="phieu-b">&a8;</data>',
            b"\x00\x01\x02",
            b"<data id='phieu-b'>\x00</data>",
            b"<a>" * 5000,
        ],
    )  # fmt: skip
    def test_what_would_harm(self, phone: Phone, xml: bytes) -> None:
        is_told_in_words(phone.send(xml), 400)

    def test_a_photo_too_heavy_keeps_the_rest_on_the_phone(self, phone: Phone, field: Field, settings: Any) -> None:
        settings.UPLOAD_LIMIT_BYTES = 200_000
        huge = b"\x89PNG\r\n\x1a\n" + b"0" * 400_000

        is_told_in_words(phone.send(field.xml(photo="nha.png"), ("nha.png", huge)), 413, "nha.png")

        assert not Submission.objects.exists()

    def test_a_request_heavier_than_any_is_not_looked_into(self, phone: Phone, field: Field) -> None:
        huge = b"0" * (60 * 1024 * 1024)

        is_told_in_words(phone.send(field.xml(photo="nha.png"), ("nha.png", huge)), 413, "quá nặng")

        assert not Submission.objects.exists()

    def test_no_form_two_forms_and_no_multipart(self, phone: Phone, live_server: Any) -> None:
        address = f"{phone.server}/submission"
        plain = {"Content-Type": "text/xml"}
        broken = {"Content-Type": "multipart/form-data"}

        is_told_in_words(phone.ask("POST", address, headers=plain, body=b"<data/>"), 400, "đúng một tệp phiếu")
        is_told_in_words(phone.ask("POST", address, headers=broken, body=b"abc"), 400)
        is_told_in_words(phone.ask("PUT", address, body=b""), 405)
        is_told_in_words(phone.ask("POST", f"{phone.server}/formList", body=b""), 405)


class TestKeys:
    def test_a_token_that_is_wrong_or_revoked(self, phone: Phone, keys: DeviceKeys, field: Field) -> None:
        is_told_in_words(Phone(phone.server[:-43] + "A" * 43).get(phone.server[:-43] + "A" * 43 + "/formList"), 401)
        assert phone.head().status == 204
        assert EnumeratorDevice.objects.get().last_seen_at is not None

        revoke_device(keys.device.pk, acting_user=field.officer, now=field.now)

        is_told_in_words(phone.get(f"{phone.server}/formList"), 401, "thu hồi")
        is_told_in_words(phone.send(field.xml()), 401)
        assert not Submission.objects.exists()

    def test_only_hashes_are_kept(self, keys: DeviceKeys) -> None:
        row = str(EnumeratorDevice.objects.values().get())

        assert keys.token not in row
        assert keys.password not in row
        assert keys.qr_code.startswith("data:image/svg+xml")

    def test_guessing_is_slowed_down(self, phone: Phone, live_server: Any) -> None:
        guesses = [
            send(live_server.url.removeprefix("http://"), "GET", f"/openrosa/{'B' * 43}/formList", {})
            for _number in range(25)
        ]

        assert {answered.status for answered in guesses} == {401, 429}
        is_told_in_words(guesses[-1], 429, "Đã thử sai quá nhiều lần")
        assert phone.head().status == 204, "whoever has the right key is not locked out"

    def test_name_and_password_work_too(self, phone_by_name: Phone, field: Field) -> None:
        assert phone_by_name.head().status == 204
        assert set(phone_by_name.forms()) == {"phieu-a", "phieu-b", "phieu-c"}
        assert phone_by_name.send(field.xml()).status == 201
        assert UsedNonce.objects.get().count == 3

    def test_a_wrong_password(self, phone_by_name: Phone) -> None:
        phone_by_name.password = "khác"

        is_told_in_words(phone_by_name.get(f"{phone_by_name.server}/formList"), 401, "mật khẩu")

    def test_an_answer_is_not_taken_twice(self, phone_by_name: Phone, live_server: Any) -> None:
        place = live_server.url.removeprefix("http://")
        phone_by_name.head()
        told = {"Authorization": phone_by_name.authorization("GET", "/openrosa/formList", place)}

        assert send(place, "GET", "/openrosa/formList", told).status == 200
        replayed = send(place, "GET", "/openrosa/formList", told)

        is_told_in_words(replayed, 401)
        assert "stale=true" in replayed.headers["WWW-Authenticate"]

    def test_nor_for_another_address(self, phone_by_name: Phone, live_server: Any) -> None:
        place = live_server.url.removeprefix("http://")
        phone_by_name.head()
        told = {"Authorization": phone_by_name.authorization("HEAD", "/openrosa/formList", place)}

        assert send(place, "HEAD", "/openrosa/submission", told).status == 401

    def test_a_stranger_of_another_commune_is_given_nothing(self, live_server: Any, field: Field) -> None:
        stranger = field.world.officer(Role.ENUMERATOR, "H55.05500")
        EnumeratorDevice.objects.create(
            user=stranger, unit=field.commune.unit, name="Máy lạ", login="la", token_hash="0" * 64, digest_ha1=md5("la:Lien Thong:x"),
            added_at=field.now, added_by=field.officer,
        )  # fmt: skip
        phone = Phone(f"{live_server.url}/openrosa", "la", "x")
        version = FormVersion.objects.get(form_id="phieu-b").version

        listed = phone.get(f"{phone.server}/forms/phieu-b/{version}/households.csv")

        assert listed.status == 200
        assert list(csv.DictReader(io.StringIO(listed.body.decode()))) == []

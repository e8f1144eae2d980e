"""Phones of enumerators: added with a code that is shown once, found again, revoked; nobody touches another commune's."""

from typing import Any

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.poverty.models import EnumeratorDevice
from lienthong.poverty.services import devices
from tests.screens import enter
from tests.world import COMMUNE, World

DEVICES = "/office/poverty/devices/"
PROVINCE = "H55.SNNMT"
OTHER_COMMUNE = "H55.05500"


@pytest.fixture
def officer(world: World) -> User:
    return world.officer(Role.PROCESSOR)


@pytest.fixture
def enumerator(world: World) -> User:
    return world.officer(Role.ENUMERATOR)


@pytest.fixture
def phone(world: World, officer: User) -> Any:
    """Return a function that adds a phone of somebody in a commune."""

    def make(user: User, name: str = "Máy của chị Lan", agency: str = COMMUNE) -> EnumeratorDevice:
        unit = world.agency(agency).unit
        return devices.add_device(user, unit, name, acting_user=user, now=world.now).device

    return make


class TestAdding:
    def test_shows_the_code_once_and_how_to_use_it(self, officer: User, enumerator: User) -> None:
        page = enter(officer).open(DEVICES).follow("Thêm máy")
        unit_id = enumerator.mandates.get().agency.unit_id
        page = page.press("Thêm máy, xem mã QR", whose=f"{unit_id}-{enumerator.pk}", name="Máy của chị Lan")

        device = EnumeratorDevice.objects.get()
        assert device.user == enumerator
        assert "Trang này chỉ hiện một lần" in page.words
        assert "Chỉ đưa mã cho đúng người" in page.words
        assert device.login in page.words
        assert page.main.select_one("img[src^='data:image/svg+xml']")
        assert page.answer["Cache-Control"] == "no-store"
        assert "Máy của chị Lan" in page.follow("Đã quét xong").words

    def test_lets_an_enumerator_add_their_own_and_nobody_elses(self, world: World, enumerator: User) -> None:
        another = world.officer(Role.ENUMERATOR, another=True)
        browser = enter(enumerator)
        unit_id = enumerator.mandates.get().agency.unit_id

        page = browser.open(f"{DEVICES}add/")
        assert another.full_name not in page.words
        refused = page.press("Thêm máy, xem mã QR", whose=f"{unit_id}-{another.pk}", name="Máy lạ")
        assert refused.status == 422
        assert not EnumeratorDevice.objects.exists()
        assert "Kết nối máy" in page.press("Thêm máy, xem mã QR", name="Máy của tôi").heading
        assert EnumeratorDevice.objects.get().user == enumerator

    def test_asks_for_a_name(self, enumerator: User) -> None:
        page = enter(enumerator).open(f"{DEVICES}add/").press("Thêm máy, xem mã QR", name=" ")

        assert page.status == 422
        assert page.error_beside("name")

    def test_lets_the_province_add_one_for_a_commune_that_is_named(self, world: World, enumerator: User) -> None:
        browser = enter(world.officer(Role.PROCESSOR, PROVINCE))
        unit = world.agency(COMMUNE).unit

        assert "Thêm máy" not in browser.open(DEVICES).links()
        page = browser.open(f"{DEVICES}?unit={unit.code}").follow("Thêm máy")
        page.press("Thêm máy, xem mã QR", whose=f"{unit.pk}-{enumerator.pk}", name="Máy của xã")

        assert EnumeratorDevice.objects.get().unit == unit


class TestTheList:
    def test_shows_a_commune_its_own(self, world: World, officer: User, enumerator: User, phone: Any) -> None:
        phone(enumerator)
        phone(world.officer(Role.ENUMERATOR, OTHER_COMMUNE), "Máy xã khác", OTHER_COMMUNE)

        page = enter(officer).open(DEVICES)

        assert page.lead == "1 máy đang dùng với ODK Collect."
        assert [row[0].split(" may-")[0] for row in page.rows()] == ["Máy của chị Lan"]
        assert "Máy xã khác" in enter(world.officer(Role.AUDITOR, PROVINCE)).open(DEVICES).words

    def test_shows_an_enumerator_their_own(self, world: World, enumerator: User, phone: Any) -> None:
        phone(enumerator)
        phone(world.officer(Role.ENUMERATOR, another=True), "Máy người khác")

        words = enter(enumerator).open(DEVICES).words

        assert "Máy của chị Lan" in words
        assert "Máy người khác" not in words

    def test_finds_without_diacritics_and_by_state(self, officer: User, enumerator: User, phone: Any) -> None:
        phone(enumerator)
        phone(enumerator, "Samsung A15")
        browser = enter(officer)

        assert len(browser.open(f"{DEVICES}?text=chi+lan").rows()) == 1
        assert browser.open(f"{DEVICES}?state=revoked").words.count("Không có máy nào khớp") == 1

    def test_exports_what_it_shows(self, officer: User, enumerator: User, phone: Any) -> None:
        phone(enumerator)

        assert enter(officer).get(f"{DEVICES}?format=xlsx")["Content-Type"].endswith("sheet")

    def test_asks_as_often_for_many_as_for_one(
        self, officer: User, enumerator: User, phone: Any, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(8):
            phone(enumerator, f"Máy {number}")
        browser = enter(officer)
        browser.open(DEVICES)

        with django_assert_max_num_queries(14):
            browser.open(DEVICES)

    def test_says_what_to_do_where_there_is_none(self, enumerator: User) -> None:
        assert "cả khi không có mạng" in enter(enumerator).open(DEVICES).words

    @pytest.mark.parametrize("role", [Role.RECEIVER, Role.AUDITOR])
    def test_is_closed_to_who_visits_nobody(self, world: World, role: Role) -> None:
        assert enter(world.officer(role)).open(DEVICES).status == 404


class TestRevoking:
    def test_asks_first(self, officer: User, enumerator: User, phone: Any) -> None:
        device = phone(enumerator)

        page = enter(officer).open(DEVICES).follow("Thu hồi")
        assert "hãy gửi hết trước khi thu hồi" in page.words
        page = page.press("Thu hồi máy")

        device.refresh_from_db()
        assert device.revoked_at
        assert "Đã thu hồi máy" in page.notices
        assert page.rows()[0][4].startswith("đã thu hồi")

    def test_lets_an_enumerator_end_their_own_lost_phone(self, enumerator: User, phone: Any) -> None:
        device = phone(enumerator)

        enter(enumerator).open(DEVICES).follow("Thu hồi").press("Thu hồi máy")

        device.refresh_from_db()
        assert device.revoked_at

    @pytest.mark.parametrize(
        ("role", "agency"), [(Role.ENUMERATOR, COMMUNE), (Role.PROCESSOR, OTHER_COMMUNE), (Role.AUDITOR, PROVINCE)]
    )
    def test_leaves_anothers_phone_alone(
        self, world: World, enumerator: User, phone: Any, role: Role, agency: str
    ) -> None:
        device = phone(enumerator)
        somebody = world.officer(role, agency, another=True)

        for answer in (enter(somebody).open(f"{DEVICES}{device.pk}/revoke/"), enter(somebody).send(f"{DEVICES}{device.pk}/revoke/", {})):  # fmt: skip
            assert answer.status == 404
        device.refresh_from_db()
        assert device.revoked_at is None

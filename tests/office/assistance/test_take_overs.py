"""A register of an office comes in on screen: every row told, a second person takes it over, nobody else sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.assistance.models import Entitlement, TakeOver
from tests.assistance.known import disabled, leader, processor
from tests.assistance.test_taking_over import row, workbook
from tests.world import COMMUNE, HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db
LIST = "/office/assistance/take-overs/"
OTHER_COMMUNE = "H55.05455"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.VERIFICATION_DIR = tmp_path


def browser(world: World, user: User) -> Client:
    from tests.screens import enter

    return enter(user)


def loaded(world: World, *rows: list[Any], by: User | None = None) -> Any:
    upload = SimpleUploadedFile("trợ cấp.xlsx", workbook(*rows))
    data = {
        "unit": str(world.agency(COMMUNE).unit_id), "programme": "social-assistance", "month": "2026-12-01", "file": upload
    }  # fmt: skip
    return browser(world, by or processor(world)).post(f"{LIST}new/", data)


def test_a_register_is_loaded_looked_through_and_taken_over_by_another(world: World) -> None:
    person = disabled(world, full_name="Hoàng Thị Đúng", number="019080000011")
    answer = loaded(world, row(person.full_name, "019080000011", 700000))
    held = TakeOver.objects.get()
    assert answer.status_code == 302
    assert answer.url == f"{LIST}{held.pk}/"

    own = browser(world, processor(world)).get(answer.url).content.decode()
    assert "Hoàng Thị Đúng" in own
    assert "Theo quy định là 810.000" in own
    assert 'value="approve"' not in own

    second = browser(world, leader(world))
    assert 'value="approve"' in second.get(answer.url).content.decode()
    assert second.post(answer.url, {"verb": "approve"}).status_code == 302
    assert Entitlement.objects.get().person_id == person.pk
    assert "đã tiếp nhận" in second.get(answer.url).content.decode()
    assert second.get(f"{answer.url}?format=xlsx").status_code == 200
    assert "trợ cấp.xlsx" in second.get(f"{LIST}?state=approved").content.decode()


def test_rows_that_cannot_be_taken_stop_it_and_a_reason_turns_it_down(world: World) -> None:
    answer = loaded(world, row("Không Có Ai"))
    second = browser(world, leader(world))
    page = second.get(f"{answer.url}?only=problems").content.decode()
    assert "Không tìm thấy người này trong dữ liệu dân cư" in page
    assert 'value="approve"' not in page
    second.post(answer.url, {"verb": "approve"})
    assert not Entitlement.objects.exists()
    form = second.get(answer.url)
    key = form.context["form"]["client_key"].value()
    assert second.post(answer.url, {"verb": "refuse", "reason": "", "client_key": str(key)}).status_code == 422
    second.post(answer.url, {"verb": "refuse", "reason": "Sai danh sách", "client_key": str(key)})
    assert TakeOver.objects.get().state == "refused"


def test_what_is_no_register_is_refused_above_the_form(world: World) -> None:
    upload = SimpleUploadedFile("a.xlsx", b"khong phai bang tinh")
    data = {
        "unit": str(world.agency(COMMUNE).unit_id),
        "programme": "social-assistance",
        "month": "2026-12-01",
        "file": upload,
    }
    assert browser(world, processor(world)).post(f"{LIST}new/", data).status_code == 422
    assert not TakeOver.objects.exists()


def test_nobody_of_another_commune_or_programme_sees_it(world: World) -> None:
    answer = loaded(world, row("Không Có Ai"))
    for user in (world.officer(Role.PROCESSOR, OTHER_COMMUNE), world.officer(Role.LEADER, HOME_AFFAIRS)):
        assert browser(world, user).get(answer.url).status_code == 404

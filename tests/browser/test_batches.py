"""The batch wizard and the dashboard of verification in a real browser, at a desk and on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.units import queries as units
from lienthong.verification import services
from lienthong.verification.models import Batch
from lienthong.verification.services import exchange as round_trip
from lienthong.verification.services import reading, running
from lienthong.verification.states import BatchKind
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.verification.fakes import FakePopulation, arrived, copy_in_use, csv_of
from tests.world import HOME_AFFAIRS, World

pytestmark = pytest.mark.browser

Comers = Callable[..., Visitor]
STATUSES = ("not_found", "birth_differs", "dead", "number_missing")


def register_rows(world: World) -> list[dict[str, str]]:
    """People of many communes, with the longest names and numbers that lost their zero."""
    communes = [unit.code for unit in units.communes_on(world.today, province_code="19")]
    return [
        {
            "Mã hồ sơ": f"BT{place:05d}", "Họ và tên": "Nguyễn Thị Hoàng Phương Thảo Nguyên" if place % 3 else "Ma Văn Ỷ",
            "Ngày sinh": "05/07/1960" if place % 2 else "1955", "Giới tính": "Nữ", "Dân tộc": "Sán Chay",
            "Số CCCD": "19160000001" if place % 4 else "", "Mã xã": communes[place % len(communes)], "Thôn": "Tổ dân phố số 12",
            "Mã hộ": f"H{place}", "Chủ hộ": "Ma Văn Ỷ",
        }
        for place in range(300) if communes[place % len(communes)] != communes[5]
    ]  # fmt: skip


def created(rows: list[dict[str, str]], officer: User, world: World, key: int) -> Batch:
    from uuid import UUID

    command = services.CreateBatch(
        register_name="Đối tượng bảo trợ xã hội hưởng trợ cấp hằng tháng tại cộng đồng", file=arrived(csv_of(rows)),
        file_name="danh-sach-bao-tro-thang-11.csv", client_key=UUID(int=key),
    )  # fmt: skip
    batch = services.create_batch(command, acting_user=officer, now=world.now)
    reading.read_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def checked(batch: Batch, officer: User, world: World) -> Batch:
    confirm = services.ConfirmColumns(batch_id=batch.pk, mapping=batch.reading["mapping"])
    services.confirm_columns(confirm, acting_user=officer, now=world.now)
    reading.check_batch(batch.pk)
    return batch


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_every_page_of_a_batch_is_sound(
    world: World, come_by: Comers, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = register_rows(world)
    fake = FakePopulation({row["Mã hồ sơ"]: STATUSES[n % 4] for n, row in enumerate(rows) if n % 5 == 0 or n < 40})
    monkeypatch.setattr(running, "port_for", lambda _batch: fake)
    officer = world.officer(Role.PROCESSOR, HOME_AFFAIRS)
    copy = copy_in_use(world, as_of=date(2026, 11, 1))
    visitor = come_by(officer, width=width)
    at = f"{width}"

    def look(name: str, address: str) -> None:
        visitor.open(address)
        visitor.page.evaluate("document.querySelectorAll('details').forEach(one => one.setAttribute('open', ''))")
        _picture(visitor, f"{name}-{at}")
        visitor.is_sound()

    root = "/office/verification/"
    look("empty", root)
    look("new", f"{root}batches/new/")
    visitor.press("Đọc sổ", register="new")
    _picture(visitor, f"new-errors-{at}")
    visitor.is_sound()
    batch = created(rows, officer, world, 1)
    look("columns", f"{root}batches/{batch.pk}/")
    checked(batch, officer, world)
    look("checked", f"{root}batches/{batch.pk}/")
    services.start_batch(services.RunBatch(batch_id=batch.pk, kind=BatchKind.FULL), acting_user=officer, now=world.now)
    Batch.objects.filter(pk=batch.pk).update(
        progress={"stage": "Đối chiếu", "share": 0.37, "began": world.now.replace(minute=0).isoformat()}
    )
    look("running", f"{root}batches/{batch.pk}/")
    running.run_batch(batch.pk)
    look("done", f"{root}batches/{batch.pk}/")
    look("province", root)
    sent = checked(created(rows[:20], officer, world, 2), officer, world)
    services.send_batch(sent.pk, file_format="csv", acting_user=officer, now=world.now)
    round_trip.write_exchange_file(sent.pk, file_format="csv")
    look("sent", f"{root}batches/{sent.pk}/")
    look("batches", f"{root}batches/")
    look("copies", f"{root}copies/")
    look("copy", f"{root}copies/{copy.pk}/")
    look("load-copy", f"{root}copies/new/")


def _picture(visitor: Visitor, name: str) -> None:
    """Keep a picture of the whole page where LIENTHONG_LOOK names a folder: to be looked at, not kept."""
    import os

    if folder := os.environ.get("LIENTHONG_LOOK"):
        visitor.page.screenshot(path=f"{folder}/{name}.png", full_page=True)

"""Copies of the population data: whole or not at all, never older than what is in use, and told what they bring."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.infra.models import Event
from lienthong.verification import services, store
from lienthong.verification.adapters.local_copy import Difference, digests_of
from lienthong.verification.models import PopulationCopy
from lienthong.verification.queries.batches import last_load_failed
from lienthong.verification.services import copies
from lienthong.verification.states import CopyState
from tests.verification.fakes import arrived
from tests.world import COMMUNE, HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db

COLUMNS = ("cccd", "cmnd", "ho_ten", "ngay_sinh", "gioi_tinh", "dan_toc", "ma_xa", "ho_id", "chu_ho", "trang_thai")
LAN = ("019160000001", "", "Ma Thị Lan", "19600705", "Nữ", "Tày", "05443", "1", "true", "song")
HUNG = ("019055000002", "", "Nông Văn Hùng", "19550000", "Nam", "Nùng", "05443", "2", "true", "song")
MAI = ("019170000003", "", "Lý Thị Mai", "19700201", "Nữ", "Dao", "05446", "3", "true", "song")
# Enough people that one who is gone is one in a hundred.
OTHERS = tuple(
    (f"0191800{n:05d}", "", f"Ma Văn {n}", "19800101", "Nam", "Tày", "05443", f"{n}", "true", "song") for n in range(98)
)


@pytest.fixture(autouse=True)
def _prepared_without_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    def prepare(people: pl.DataFrame, _places: pl.DataFrame, folder: Any) -> None:
        people.write_parquet(folder / "people.parquet")
        digests_of(people).write_parquet(folder / "digests.parquet")

    monkeypatch.setattr(copies, "prepare_copy", prepare)


@pytest.fixture
def officer(world: World) -> User:
    return world.officer(Role.PROCESSOR, HOME_AFFAIRS)


def csv_of(*people: tuple[str, ...]) -> bytes:
    return pl.DataFrame(list(people), schema=list(COLUMNS), orient="row").write_csv().encode()


def load(content: bytes, officer: User, world: World, as_of: date, **more: Any) -> PopulationCopy:
    command = services.LoadCopy(file=arrived(content, "dan-cu.csv"), file_name="dan-cu.csv", as_of=as_of, **more)
    copy = services.load_population_copy(command, acting_user=officer, now=world.now)
    services.prepare_population_copy(copy.pk)
    copy.refresh_from_db()
    return copy


def test_a_new_copy_tells_what_it_adds_changes_and_takes_away(world: World, officer: User) -> None:
    first = load(csv_of(LAN, HUNG, *OTHERS), officer, world, date(2026, 10, 1))
    dead = (*HUNG[:9], "chet")

    second = load(csv_of(dead, MAI, *OTHERS), officer, world, date(2026, 11, 1))

    first.refresh_from_db()
    assert (first.state, first.added) == (CopyState.SUPERSEDED, 100)
    assert (second.state, second.rows) == (CopyState.READY, 100)
    assert (second.added, second.changed, second.removed) == (1, 1, 1)
    assert (store.copy_folder(second.folder) / "people.parquet").exists()
    assert Event.objects.filter(name="PopulationCopyLoaded", payload__changed=1).count() == 1


def _moved(person: tuple[str, ...]) -> tuple[str, ...]:
    return (*person[:6], "05446", *person[7:])


@pytest.mark.parametrize(
    ("people", "counts"),
    [
        (OTHERS[6:], "Tệp có 92 người, bản đang dùng có 98: bớt 6, đổi 0."),
        ((*map(_moved, OTHERS[:50]), *OTHERS[50:]), "Tệp có 98 người, bản đang dùng có 98: bớt 0, đổi 50."),
    ],
)
def test_a_copy_that_loses_or_changes_many_is_used_only_for_a_reason(
    world: World, officer: User, people: tuple[tuple[str, ...], ...], counts: str
) -> None:
    used = load(csv_of(*OTHERS), officer, world, date(2026, 10, 1))

    refused = load(csv_of(*people), officer, world, date(2026, 11, 1))

    used.refresh_from_db()
    assert (used.state, refused.state) == (CopyState.READY, CopyState.FAILED)
    assert refused.note.startswith(counts)
    assert "Hãy kiểm tra tệp có đủ các xã" in refused.note
    assert last_load_failed()
    with pytest.raises(services.NoReasonGiven, match="Ghi lý do"):
        load(csv_of(*people), officer, world, date(2026, 11, 1), is_insisted=True, reason=" ")

    taken = load(csv_of(*people), officer, world, date(2026, 11, 1), is_insisted=True, reason="Hai xã đã tách")

    assert (taken.state, taken.note) == (CopyState.READY, "Vẫn nạp bản này. Lý do: Hai xã đã tách")
    assert not last_load_failed()


@pytest.mark.parametrize(
    ("removed", "changed", "rows", "is_much"),
    [(50, 0, 950, False), (51, 0, 949, True), (0, 500, 1000, False), (0, 501, 1000, True), (0, 0, 499, True)],
)
def test_what_is_much(removed: int, changed: int, rows: int, is_much: bool) -> None:
    told = Difference(added=0, changed=changed, removed=removed)

    assert copies.loses_much(told, rows=rows, before=1000) is is_much


def test_older_data_are_refused(world: World, officer: User) -> None:
    load(csv_of(LAN, HUNG), officer, world, date(2026, 11, 1))

    with pytest.raises(services.OlderThanTheLast, match="không mới hơn bản đang dùng"):
        load(csv_of(LAN), officer, world, date(2026, 10, 1))


def test_the_file_in_use_loaded_again_changes_nothing(world: World, officer: User) -> None:
    load(csv_of(LAN, HUNG), officer, world, date(2026, 10, 1))

    with pytest.raises(copies.LoadedAlready, match="Không có gì thay đổi"):
        load(csv_of(LAN, HUNG), officer, world, date(2026, 11, 1))
    assert PopulationCopy.objects.count() == 1


def test_a_day_that_has_not_come_is_refused(world: World, officer: User) -> None:
    with pytest.raises(copies.FromTheFuture):
        load(csv_of(LAN), officer, world, date(2027, 1, 1))


def test_a_file_that_is_no_population_leaves_the_copy_in_use(world: World, officer: User) -> None:
    used = load(csv_of(LAN, HUNG), officer, world, date(2026, 10, 1))

    broken = load(b"a,b\n1,2\n3,4\n", officer, world, date(2026, 11, 1))

    used.refresh_from_db()
    assert (used.state, broken.state) == (CopyState.READY, CopyState.FAILED)
    assert "Không tìm thấy cột" in broken.note
    assert Event.objects.filter(name="PopulationCopyFailed").count() == 1


def test_a_copy_that_is_killed_while_it_is_prepared_begins_again(
    world: World, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = copies.prepare_copy

    def killed(people: pl.DataFrame, _places: pl.DataFrame, folder: Any) -> None:
        people.write_parquet(folder / "people.parquet")
        raise KeyboardInterrupt

    command = services.LoadCopy(file=arrived(csv_of(LAN, HUNG), "x.csv"), file_name="x.csv", as_of=date(2026, 11, 1))
    copy = services.load_population_copy(command, acting_user=officer, now=world.now)
    monkeypatch.setattr(copies, "prepare_copy", killed)
    with pytest.raises(KeyboardInterrupt):
        services.prepare_population_copy(copy.pk)
    copy.refresh_from_db()
    assert copy.state == CopyState.LOADING
    assert not any(store.copy_folder("x").parent.iterdir()), "nothing half stays"

    monkeypatch.setattr(copies, "prepare_copy", whole)
    services.prepare_population_copy(copy.pk)

    copy.refresh_from_db()
    assert copy.state == CopyState.READY


def test_only_the_province_loads_copies(world: World) -> None:
    with pytest.raises(copies.NotForYou):
        load(csv_of(LAN), world.officer(Role.LEADER, COMMUNE), world, date(2026, 11, 1))


def test_an_empty_or_too_large_file_is_refused_before_anything_is_kept(settings: Any) -> None:
    settings.VERIFICATION_LIMIT_BYTES = 10
    for content in (b"", b"x" * 11):
        with pytest.raises(store.FileNotTaken):
            arrived(content)
    assert not list((store.root() / "files").iterdir())

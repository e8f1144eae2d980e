"""The round trip with the police: whatever their file holds, each row is accounted for once, and nothing is taken twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import pytest
from openpyxl import load_workbook

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.verification import services, store
from lienthong.verification.adapters.police_exchange import RETURNED
from lienthong.verification.models import Batch, Case, Exchange, ExchangeRow, RegisterEntry, Verdict
from lienthong.verification.services import exchange as round_trip
from lienthong.verification.states import BatchState, CaseState, RowOutcome
from tests.verification.fakes import HUNG, LAN, MAI, FakePopulation, arrived, checked_batch, copy_in_use, run
from tests.world import HOME_AFFAIRS, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world: World, population: FakePopulation) -> User:
    return world.officer(Role.PROCESSOR, HOME_AFFAIRS)


@pytest.fixture
def sent(world: World, officer: User) -> Batch:
    """A batch of three people whose file is written."""
    return send(checked_batch([LAN, HUNG, MAI], officer, world), officer, world)


def send(batch: Batch, officer: User, world: World, *, file_format: str = "xlsx") -> Batch:
    services.send_batch(batch.pk, file_format=file_format, acting_user=officer, now=world.now)
    round_trip.write_exchange_file(batch.pk, file_format=file_format)
    batch.refresh_from_db()
    return batch


def key(batch: Batch, record_key: str) -> str:
    entry = RegisterEntry.objects.get(register=batch.register, record_key=record_key)
    return f"{round_trip.prefix_of(batch)}{entry.pk}"


def answer(batch: Batch, record_key: str, **said: str) -> dict[str, str]:
    person = {"A1": LAN, "A2": HUNG, "A3": MAI}[record_key]
    known = {
        "key": key(batch, record_key), "result": "Tìm thấy", "found_number": person["so_giay_to"] or "019055000002",
        "found_name": person["ho_ten"].upper(), "found_birth": person["ngay_sinh"], "found_sex": person["gioi_tinh"],
    }  # fmt: skip
    return {**known, **said}


def give_back(batch: Batch, rows: Sequence[Mapping[str, str]], officer: User, world: World) -> Exchange:
    frame = pl.DataFrame(
        [{RETURNED[name]: row.get(name) for name in RETURNED} for row in rows],
        schema=dict.fromkeys(RETURNED.values(), pl.String),
    )
    taken = services.take_return(
        batch.pk, arrived(frame.write_csv().encode()), file_name="tra.csv", acting_user=officer, now=world.now
    )
    services.take_in_return(taken.pk)
    taken.refresh_from_db()
    batch.refresh_from_db()
    return taken


def outcomes(exchange: Exchange) -> list[str]:
    return list(exchange.exchange_rows.order_by("row_number").values_list("outcome", flat=True))


def test_the_file_that_goes_out_has_a_key_for_each_record_and_keeps_zeros(sent: Batch) -> None:
    out = sent.exchanges.get()
    sheet = load_workbook(store.batch_file(sent.pk, out.file_name), read_only=True).active
    rows = list(sheet.iter_rows(values_only=True))

    assert sent.state == BatchState.SENT
    assert rows[0][:2] == ("Khóa đối chiếu", "Số định danh")
    assert rows[1][:3] == (key(sent, "A1"), "019190000001", "Ma Thị Lan")
    assert out.rows == len(rows) - 1 == 3


def test_a_file_in_another_order_and_in_parts_fills_the_batch(sent: Batch, officer: User, world: World) -> None:
    first = give_back(sent, [answer(sent, "A3"), answer(sent, "A1")], officer, world)

    assert (sent.state, first.matched) == (BatchState.SENT, 2)
    give_back(sent, [answer(sent, "A2", found_life="Đã chết")], officer, world)

    assert sent.state == BatchState.DONE
    assert sent.totals["register"] == {"verified": 2, "dead": 1}
    assert set(Case.objects.values_list("entry__record_key", "kind")) == {("A2", "dead")}
    assert not Case.objects.exclude(effect="").exists(), "nobody has looked yet"


def test_each_row_is_accounted_for(sent: Batch, officer: User, world: World) -> None:
    rows = [
        answer(sent, "A1", found_name="Ma Thị Lành"),
        answer(sent, "A1"),
        {"key": "2020-0001-77", "result": "Tìm thấy"},
        {"key": f"{sent.number}-999999999", "result": "Tìm thấy"},
        {"result": "Tìm thấy", "found_name": "Không khóa"},
        {"key": key(sent, "A2")},
    ]

    taken = give_back(sent, rows, officer, world)

    assert outcomes(taken) == [
        RowOutcome.DUPLICATE, RowOutcome.MATCHED, RowOutcome.UNKNOWN, RowOutcome.UNKNOWN, RowOutcome.UNREADABLE,
        RowOutcome.UNREADABLE,
    ]  # fmt: skip
    assert (taken.rows, taken.matched, taken.duplicate, taken.unknown, taken.unreadable) == (6, 1, 1, 2, 2)
    # Of a record that came twice the last row counts.
    assert Verdict.objects.get().status == "verified"


def test_the_same_file_twice_changes_nothing(sent: Batch, officer: User, world: World) -> None:
    rows = [answer(sent, "A1"), answer(sent, "A2")]
    give_back(sent, rows, officer, world)
    before = list(Verdict.objects.order_by("id").values()), ExchangeRow.objects.count()

    with pytest.raises(services.ReturnedAlready, match="Không có gì thay đổi"):
        give_back(sent, rows, officer, world)
    # The same answers under other bytes: told as unchanged, and nothing is written anew.
    again = give_back(sent, list(reversed(rows)), officer, world)

    assert outcomes(again) == [RowOutcome.UNCHANGED, RowOutcome.UNCHANGED]
    assert list(Verdict.objects.order_by("id").values()) == before[0]


def test_a_job_that_runs_twice_takes_the_file_in_once(sent: Batch, officer: User, world: World) -> None:
    taken = give_back(sent, [answer(sent, "A1")], officer, world)

    services.take_in_return(taken.pk)

    assert ExchangeRow.objects.count() == 1


def test_what_comes_after_a_newer_batch_is_kept_but_does_not_count(sent: Batch, officer: User, world: World) -> None:
    copy_in_use(world)
    newer = run(checked_batch([LAN, HUNG, MAI], officer, world, register=sent.register), officer, world)

    taken = give_back(sent, [answer(sent, "A1", found_life="Đã chết")], officer, world)

    assert outcomes(taken) == [RowOutcome.LATE]
    assert set(Verdict.objects.filter(is_current=True).values_list("batch_id", flat=True)) == {newer.pk}
    assert not Case.objects.exists()


def test_a_later_word_on_the_same_record_reopens_what_was_closed_on_the_first(
    sent: Batch, officer: User, world: World
) -> None:
    give_back(sent, [answer(sent, "A1", result="Không tìm thấy", found_number="", found_name="")], officer, world)
    Case.objects.update(state=CaseState.CLOSED, closed_at=world.now)

    give_back(sent, [answer(sent, "A1", found_life="chết")], officer, world)

    assert list(Case.objects.order_by("id").values_list("kind", "state")) == [
        ("not_found", CaseState.CLOSED),
        ("dead", CaseState.OPEN),
    ]
    assert Verdict.objects.get().status == "dead"


def test_a_file_without_our_keys_is_refused_and_the_batch_waits_on(sent: Batch, officer: User, world: World) -> None:
    taken = services.take_return(
        sent.pk,
        arrived(b"Ho ten,Ngay sinh\nLan,1960\nHung,1955\n"),
        file_name="x.csv",
        acting_user=officer,
        now=world.now,
    )
    services.take_in_return(taken.pk)

    sent.refresh_from_db()
    assert sent.state == BatchState.SENT
    assert "Khóa đối chiếu" in sent.failure
    assert not ExchangeRow.objects.exists()


def test_a_large_register_goes_out_as_text(world: World, officer: User) -> None:
    batch = send(checked_batch([LAN], officer, world), officer, world, file_format="csv")

    content = store.batch_file(batch.pk, "outgoing.csv").read_text(encoding="utf-8-sig")
    assert content.splitlines()[1].split(",")[1] == "019190000001"

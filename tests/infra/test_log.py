"""The log: recorded once, handed on once, sealed, and found out when somebody meddles."""

import threading
import time
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from lienthong.infra import dispatch, events, locks, sealing
from lienthong.infra.events import KeyAlreadyUsed, broken_links, record
from lienthong.infra.models import Event, EventSeal
from lienthong.units.events import CalendarPublished

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
APPEND_ONLY = [
    "infra_event",
    "infra_eventseal",
    "infra_readrecord",
    "verification_verdict",
    "verification_exchangerow",
    "verification_judgement",
]


def fact(number: int = 1) -> events.Fact:
    values = {name: field.type for name, field in CalendarPublished.__dataclass_fields__.items()}
    known = {"number": number, "agency_code": "", "note": "thử", "changes": []}
    return CalendarPublished(**{name: known.get(name) for name in values})


@pytest.mark.django_db
class TestRecord:
    def test_numbers_and_chains_the_rows_of_a_stream(self) -> None:
        for number in (1, 2, 3):
            record(fact(number), stream="calendar:1", actor_id=None, at=NOW)

        rows = list(Event.objects.filter(stream="calendar:1").order_by("sequence"))
        assert [row.sequence for row in rows] == [1, 2, 3]
        assert rows[1].previous_hash == rows[0].hash
        assert list(broken_links(rows)) == []

    def test_a_row_that_was_meddled_with_breaks_the_chain(self) -> None:
        for number in (1, 2, 3):
            record(fact(number), stream="calendar:1", actor_id=None, at=NOW)
        rows = list(Event.objects.filter(stream="calendar:1").order_by("sequence"))
        rows[1].payload["note"] = "khác"

        assert any("số 2" in line for line in broken_links(rows))
        assert any("thiếu sự kiện số 2" in line for line in broken_links([rows[0], rows[2]]))

    def test_a_client_key_is_used_once(self) -> None:
        key = uuid4()
        record(fact(), stream="calendar:1", actor_id=None, at=NOW, client_key=key)

        with pytest.raises(KeyAlreadyUsed), transaction.atomic():
            record(fact(), stream="calendar:2", actor_id=None, at=NOW, client_key=key)

    def test_a_lock_needs_a_transaction(self) -> None:
        connection.in_atomic_block, before = False, connection.in_atomic_block
        try:
            with pytest.raises(locks.NoTransaction):
                locks.hold("x")
        finally:
            connection.in_atomic_block = before


@pytest.mark.django_db(transaction=True)
class TestDispatch:
    def test_hands_each_event_on_once(self) -> None:
        drain()
        record_in_transaction(1)
        record_in_transaction(2)

        assert drain() == 2
        assert dispatch.dispatch_events() == 0

    def test_waits_for_a_transaction_that_began_earlier(self) -> None:
        opened, release, done = threading.Event(), threading.Event(), threading.Event()

        def slow() -> None:
            with transaction.atomic():
                record(fact(), stream="calendar:slow", actor_id=None, at=NOW)
                opened.set()
                release.wait(10)
            connection.close()
            done.set()

        drain()
        thread = threading.Thread(target=slow)
        thread.start()
        opened.wait(10)
        record_in_transaction(9)
        assert dispatch.dispatch_events() == 0, "nothing overtakes the slow one"
        release.set()
        thread.join(10)

        assert done.is_set()
        assert drain() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_log_cannot_be_emptied_at_once(table: str) -> None:
    refused = pytest.raises(IntegrityError, match=f"{table} chỉ được ghi thêm")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.django_db(transaction=True)
class TestSeals:
    def test_a_seal_covers_what_came_since_the_last(self) -> None:
        record_in_transaction(1)
        first = seal_now()
        assert sealing.seal_events(now=NOW) is None
        record_in_transaction(2)
        second = seal_now()

        assert first is not None
        assert second is not None
        assert second.first_event_id == first.last_event_id + 1
        assert list(sealing.broken_seals()) == []

    def test_a_lost_tail_is_noticed(self) -> None:
        record_in_transaction(1)
        record_in_transaction(2)
        seal_now()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE infra_event DISABLE TRIGGER infra_event_append_only")
            cursor.execute("DELETE FROM infra_event WHERE id = (SELECT max(id) FROM infra_event)")
            cursor.execute("ALTER TABLE infra_event ENABLE TRIGGER infra_event_append_only")

        assert len(list(sealing.broken_seals())) == 1


def record_in_transaction(number: int) -> None:
    with transaction.atomic():
        record(fact(number), stream=f"calendar:{number}", actor_id=None, at=NOW)


def drain() -> int:
    """Hand everything on. Other databases of the server may hold the horizon back for a moment, so look again."""
    total = 0
    for _look in range(100):
        total += dispatch.dispatch_events()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM infra_event e WHERE NOT EXISTS (SELECT FROM infra_eventcursor c"
                " WHERE (e.transaction_id, e.id) <= (c.transaction_id, c.event_id))"
            )
            if cursor.fetchone() == (0,):
                return total
        time.sleep(0.1)
    raise AssertionError("events are still waiting")


def seal_now() -> EventSeal:
    for _look in range(100):
        last = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
        seal = sealing.seal_events(now=NOW)
        if seal is not None and seal.last_event_id == last:
            return seal
        time.sleep(0.1)
    raise AssertionError("nothing was sealed")

"""How many filled forms a second are received, beside the bare insert of the very same rows.

Receiving is the whole service: reading XML safely, asking what is impossible, finding the household under a lock, scoring,
chaining two events. The floor writes the rows that came of it once more, ready-made: five INSERT, one UPDATE, one COMMIT. Parts
of ours and of the floor take turns, so that whatever else the machine does hits both.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

import psycopg
from django.db import connection, connections
from django.test import Client, override_settings
from psycopg import sql

from lienthong.accounts.models import User
from lienthong.accounts.services.bulk import StaffAccount, StaffMandate, load_staff
from lienthong.accounts.states import Role
from lienthong.kernel.days import local_day, local_moment
from lienthong.ops.bench import scratch
from lienthong.ops.bench.order import Order
from lienthong.ops.bench.poverty import fields
from lienthong.ops.bench.report import Measure, grouped
from lienthong.poverty.models import EnumeratorDevice, FormVersion, HouseholdReview, Submission, Visit
from lienthong.poverty.services.devices import add_device
from lienthong.poverty.services.submissions import ReceiveSubmission, receive_submission
from lienthong.units import queries as units
from lienthong.units import services as units_services

COUNT, COUNT_QUICK = 5_000, 200
BY_ADDRESS, BY_ADDRESS_QUICK = 500, 50
PARTS = 10
WARM_UP = 20
TARGET_RATIO = 6.0
COMMUNE = "H55.05443"
NOW = local_moment(date(2026, 11, 16))
PEOPLE = ("bench.officer", "bench.enumerator")

FLOOR = (
    "INSERT chính các dòng ấy (phiếu, lượt khảo sát, kết quả chấm điểm, hai sự kiện) + UPDATE một dòng + COMMIT bằng psycopg, "
    "trên bảng cùng cột, cùng chỉ mục, cùng độ bền ghi, xen kẽ từng phần với phép đo của ta"
)
_TABLES = ("poverty_submission", "poverty_visit", "poverty_score", "infra_event", "poverty_householdreview")


def measure(order: Order) -> list[Measure]:
    """Measure receiving by the service, with its floor, and by the address that a phone sends to."""
    count, by_address = (COUNT_QUICK, BY_ADDRESS_QUICK) if order.is_quick else (COUNT, BY_ADDRESS)
    total = WARM_UP + count + by_address
    order.say(f"{grouped(total)} hộ của một xã, mỗi hộ một phiếu B")
    original = scratch.prepared(
        order.server_url,
        "submissions",
        {"households": total},
        build=lambda: fill(total),
        fresh=order.is_fresh,
        say=order.say,
    )
    with scratch.copy_of(original) as url:
        scratch.point_django_at(url)
        xmls = _filled(total)
        sender: User = User.objects.get(username=PEOPLE[1])
        sender.mandates_on(local_day(NOW))
        _make_floor()
        _receive(xmls[:WARM_UP], sender)
        order.say("Nhận qua dịch vụ, xen kẽ với mốc")
        pairs = _in_turns(url, xmls[WARM_UP : WARM_UP + count], sender)
        order.say("Nhận qua địa chỉ của máy")
        seconds = _by_address(xmls[WARM_UP + count :])
        measures = [_summed(pairs, count), _through_the_door(seconds, by_address), _lost(total)]
        connections.close_all()
    return measures


def fill(households: int) -> None:
    """Fill an empty database: places, an officer and an enumerator, forms in use, and a commune that visits."""
    units_services.load_places(now=NOW)
    units_services.load_agencies(now=NOW)
    agency = units.agency_on(COMMUNE, local_day(NOW))
    load_staff(
        [
            StaffAccount(
                username=name,
                full_name=f"Cán bộ đo {place}",
                mandates=[StaffMandate(role, agency.pk, date(2025, 7, 1), None)],
            )
            for place, (name, role) in enumerate(zip(PEOPLE, (Role.PROCESSOR, Role.ENUMERATOR), strict=True))
        ],
        basis="Đo tốc độ",
        now=NOW,
    )
    fields.make_commune(agency.unit, households, officers=list(User.objects.order_by("pk")), now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _filled(count: int) -> list[bytes]:
    version = FormVersion.objects.get(form_id="phieu-b").version
    codes = HouseholdReview.objects.order_by("pk").values_list("household__code", flat=True)[:count]
    return [fields.filled_form(code, version, ended_at=NOW - timedelta(hours=1)) for code in codes]


def _receive(xmls: Sequence[bytes], sender: User) -> None:
    for xml in xmls:
        receive_submission(ReceiveSubmission(xml=xml), acting_user=sender, now=NOW)


def _in_turns(url: str, xmls: Sequence[bytes], sender: User) -> list[tuple[float, float]]:
    """Receive a part, then write the rows that came of it once more; seconds of each."""
    size, pairs = len(xmls) // PARTS, []
    with psycopg.connect(url) as link:
        for place in range(PARTS):
            seen = _last_ids()
            part = xmls[place * size : (place + 1) * size]
            ours = _seconds(lambda part=part: _receive(part, sender))  # type: ignore[misc]
            rows = _rows_since(link, seen)
            link.commit()
            pairs.append((ours, _seconds(lambda rows=rows: _write(link, rows))))  # type: ignore[misc]
    return pairs


def _make_floor() -> None:
    """Make tables of the same columns and indexes; only foreign keys and triggers are left out."""
    with connection.cursor() as cursor:
        for name in _TABLES:
            cursor.execute(f"CREATE TABLE floor_{name} (LIKE {name} INCLUDING ALL)")
        cursor.execute("INSERT INTO floor_poverty_householdreview SELECT * FROM poverty_householdreview")
        cursor.execute("CHECKPOINT")


def _last_ids() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for name in _TABLES[:-1]:
            cursor.execute(f"SELECT coalesce(max(id), 0) FROM {name}")  # noqa: S608 -- names of our own tables
            found[name] = cursor.fetchone()[0]
    return found


Row = tuple[str, list[Any]]


def _rows_since(link: psycopg.Connection[Any], seen: dict[str, int]) -> list[list[Row]]:
    """Return for each submission since then the statements that write its rows, with their values."""
    kept: dict[str, list[tuple[Any, ...]]] = {}
    statements: dict[str, str] = {}
    for name in _TABLES[:-1]:
        columns = [
            column.name
            for column in link.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(sql.Identifier(name))).description
            or ()
            if column.name not in {"transaction_id"}
        ]
        selected = sql.SQL(", ").join(
            sql.SQL("{}::text").format(sql.Identifier(column)) if column in _AS_TEXT else sql.Identifier(column)
            for column in columns
        )
        kept[name] = link.execute(
            sql.SQL("SELECT {} FROM {} WHERE id > %s ORDER BY id").format(selected, sql.Identifier(name)), [seen[name]]
        ).fetchall()
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        places = sql.SQL(", ").join([sql.Placeholder()] * len(columns))
        statements[name] = (
            sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})")
            .format(sql.Identifier(f"floor_{name}"), names, places)
            .as_string(link)
        )
    pieces = []
    for place in range(len(kept["poverty_submission"])):
        rows: list[Row] = [
            (statements[name], list(kept[name][place]))
            for name in ("poverty_submission", "poverty_visit", "poverty_score")
        ]
        rows += [(statements["infra_event"], list(row)) for row in kept["infra_event"][2 * place : 2 * place + 2]]
        rows.append((_UPDATE, [HouseholdPlace(rows).review_id]))
        pieces.append(rows)
    return pieces


_AS_TEXT = {"answers", "facts", "result", "provincial_lines", "payload"}
_UPDATE = (
    "UPDATE floor_poverty_householdreview SET visit_state = 'visited', surveyed_class = 'poor', a_points = 75, b_points = 90,"
    " deprivations = '{cleanWater,hygienicToilet}', size = 3, version = version + 1 WHERE id = %s"
)


class HouseholdPlace:
    """Finds the household among the values of a visit's row."""

    def __init__(self, rows: list[Row]) -> None:
        statement, values = rows[1]
        columns = statement.split("(", 1)[1].split(")", 1)[0].replace('"', "").split(", ")
        self.review_id = values[columns.index("review_id")]


def _write(link: psycopg.Connection[Any], pieces: list[list[Row]]) -> None:
    for rows in pieces:
        for statement, values in rows:
            link.execute(statement, values)
        link.commit()


def _by_address(xmls: Sequence[bytes]) -> float:
    """Send as a phone does, through everything but the socket."""
    officer, enumerator = (User.objects.get(username=name) for name in PEOPLE)
    unit = units.agency_on(COMMUNE, local_day(NOW)).unit
    keys = add_device(enumerator, unit, "Máy đo", acting_user=officer, now=NOW)
    address, phone = f"/openrosa/{keys.token}/submission", Client()
    bodies = [fields.as_multipart(xml) for xml in xmls]
    with override_settings(ALLOWED_HOSTS=["testserver"]):

        def send() -> None:
            for body in bodies:
                answer = phone.post(address, body, content_type=fields.MULTIPART)
                assert answer.status_code == 201, answer.content

        seconds = _seconds(send)
    assert EnumeratorDevice.objects.get().last_seen_at is not None
    return seconds


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _summed(pairs: list[tuple[float, float]], count: int) -> Measure:
    size = count // PARTS
    ratio = median(ours / floor for ours, floor in pairs)
    return Measure(
        what=f"Nhận {grouped(count)} phiếu B, chấm điểm ngay",
        ours=size / median(ours for ours, _floor in pairs),
        unit="phiếu/giây",
        floor=size / median(floor for _ours, floor in pairs),
        ratio=ratio,
        target=f"≤ {grouped(TARGET_RATIO)}×",
        is_met=ratio <= TARGET_RATIO,
        detail={
            "parts_ours": [round(size / ours) for ours, _floor in pairs],
            "parts_floor": [round(size / floor) for _ours, floor in pairs],
        },
    )


def _through_the_door(seconds: float, count: int) -> Measure:
    return Measure(
        what="Nhận qua địa chỉ của máy (OpenRosa)", ours=count / seconds, unit="phiếu/giây", detail={"count": count}
    )


def _lost(sent: int) -> Measure:
    """Compare what was sent with what stands there: submissions, visits that count, households with a class."""
    visited = HouseholdReview.objects.exclude(surveyed_class=None).count()
    missing = sum(
        abs(sent - there)
        for there in (Submission.objects.count(), Visit.objects.filter(is_current=True).count(), visited)
    )
    return Measure(what="Phiếu bị mất, hộ chưa có kết quả", ours=missing, unit="phiếu", target="0", is_met=not missing)

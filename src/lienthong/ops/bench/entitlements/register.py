"""Everybody out of PostgreSQL into columns, beside a bare COPY of as many rows and columns of the same widths."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db import connection, connections

from lienthong.assistance.queries.left_out import left_out
from lienthong.assistance.queries.register_columns import register_on
from lienthong.ops.bench import desk, people, scratch
from lienthong.ops.bench.entitlements.timing import interleaved
from lienthong.ops.bench.order import Order
from lienthong.ops.bench.report import Measure, grouped

FLOOR = "COPY nhị phân một bảng phẳng cùng số dòng, cùng số cột, cùng độ rộng, cùng cơ sở dữ liệu, không ghép bảng nào"
# As wide as what the register is read from: five numbers of eight bytes, three of four, four of two less one.
_FLAT = """
CREATE TEMP TABLE floor_register AS
SELECT id::int8 AS person, coalesce(birth_on - DATE '1970-01-01', 0)::int4 AS birth_earliest,
    coalesce(birth_on - DATE '1970-01-01', 0)::int4 AS birth_latest, coalesce(died_on - DATE '1970-01-01', 0)::int4 AS died,
    1::int2 AS sex, 1::int2 AS ethnicity, coalesce(unit_id, 0)::int8 AS unit, coalesce(unit_id, 0)::int8 AS lived_in,
    id::int8 AS household, 0::int2 AS poverty, 0::int2 AS difficult, 1::int2 AS places
FROM people_person ORDER BY id
"""


def measure_register(order: Order, times: int) -> Iterator[Measure]:
    """Read everybody, and let every rule look at everybody, out of a database that holds a province."""
    count = people.PEOPLE_QUICK if order.is_quick else people.PEOPLE
    order.say(f"{grouped(count)} người trong PostgreSQL")
    url = scratch.prepared(
        order.server_url, "people", {"people": count, "seed": people.SEED}, build=partial(people.fill, count),
        fresh=order.is_fresh, say=order.say,
    )  # fmt: skip
    scratch.point_django_at(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(_FLAT)
        read_all()
        floor, ours = interleaved(copy_flat, read_all, times=times)
        yield Measure(
            what=f"{grouped(count)} người đọc từ PostgreSQL thành cột numpy", ours=ours.middle, unit="giây",
            floor=floor.middle, ratio=ours.middle / floor.middle,
            detail={"people": read_all(), "floor": FLOOR, **ours.detail("our"), **floor.detail("floor")},
        )  # fmt: skip
        order.say("Đọc rồi xét mọi chương trình")
        floor, whole = interleaved(copy_flat, partial(left_out, desk.TODAY), times=max(times // 3, 1))
        yield Measure(
            what=f"{grouped(count)} người đọc từ PostgreSQL rồi rà soát mọi chương trình", ours=whole.middle, unit="giây",
            floor=floor.middle, ratio=whole.middle / floor.middle,
            detail={"floor": FLOOR, **whole.detail("our"), **floor.detail("floor")},
        )  # fmt: skip
    finally:
        connections.close_all()


def read_all() -> int:
    """Read everybody as the review does; return how many there are."""
    return len(register_on(desk.TODAY))


def copy_flat() -> int:
    """The floor: let the server send the flat table; return how many bytes came."""
    size = 0
    with connection.cursor() as cursor, cursor.copy("COPY floor_register TO STDOUT (FORMAT binary)") as copy:
        for piece in copy:
            size += len(piece)
    return size

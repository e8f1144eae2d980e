"""How long the screens of every day take with a million dossiers, beside an empty page of the same stack.

Through the real thing: granian and its workers as ``up`` starts them, all middlewares, a session, templates. One visitor at
a time, so that what is measured is the page and not a queue. Queries are counted with the test client, in a small province
and in the large one: they must not grow with the rows.
"""

import random
import socket
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches

from lienthong.accounts.models import User
from lienthong.dossiers.models import Dossier
from lienthong.dossiers.states import OPEN_STATES
from lienthong.ops import startup
from lienthong.ops.bench import machine, scratch, urls
from lienthong.ops.bench.browser import Browser
from lienthong.ops.bench.order import Order
from lienthong.ops.bench.report import Measure, Report, grouped, percentile
from lienthong.ops.demo.province import SCALES, Province
from lienthong.ops.demo.staff import DEMO_COMMUNE, PROVINCE_DESK

DOSSIERS, DOSSIERS_QUICK, DOSSIERS_FEW = 1_000_000, 400, 400
PEOPLE, PEOPLE_QUICK = 60_000, 2_000
SEED = 1
EACH, EACH_QUICK = 150, 4
WORKERS = 2
TARGET_MS = 200.0

FLOOR = (
    "một trang rỗng của cùng hệ thống: granian, mọi middleware, phiên đăng nhập, khung trang, không truy vấn hồ sơ nào"
)

Pages = dict[str, tuple[str, Callable[[], str]]]


def measure(order: Order) -> Report:
    """Measure the pages of officers and of the public, and count their queries in a small and in a large province."""
    quick = order.is_quick
    few = _prepared(order, "inbox_few", people=PEOPLE_QUICK, dossiers=DOSSIERS_FEW)
    scratch.point_django_at(few)
    counted_few = _queries(_pages(random.Random(SEED)))
    large = few if quick else _prepared(order, "inbox", people=PEOPLE, dossiers=DOSSIERS)
    scratch.point_django_at(large)
    facts = machine.facts()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    counted = _queries(_pages(random.Random(SEED)))
    times = _times(_pages(random.Random(SEED)), each=EACH_QUICK if quick else EACH, say=order.say)
    rows = Dossier.objects.count()
    connections.close_all()
    floor = percentile(times.pop("trang rỗng"), 0.95)
    measures = [
        _summed(name, seconds, floor, queries=(counted_few[name], counted[name])) for name, seconds in times.items()
    ]
    growing = [name for name in times if counted[name] > counted_few[name]]
    measures.append(
        Measure(
            what="Trang có số truy vấn tăng theo số hồ sơ", ours=len(growing), unit="trang", target="0", is_met=not growing,
            detail={"pages": growing},
        )
    )  # fmt: skip
    worst = max(measures[:-1], key=lambda one: one.ours)
    return Report(
        name="inbox",
        floor=FLOOR,
        meaning=(
            f"Với {grouped(rows)} hồ sơ, trang chậm nhất là “{worst.what}”: 95 % lần mở xong trong {grouped(worst.ours)} ms, "
            f"trong đó khung trang chiếm {grouped(floor)} ms. Số truy vấn của mỗi trang không phụ thuộc số hồ sơ."
        ),
        measures=measures,
        machine={**facts, "dossiers": rows, "server": f"granian, {WORKERS} tiến trình"},
        is_quick=quick,
    )


def _prepared(order: Order, kind: str, *, people: int, dossiers: int) -> str:
    order.say(f"Tỉnh có {grouped(dossiers)} hồ sơ")
    return scratch.prepared(
        order.server_url, kind, {"people": people, "dossiers": dossiers, "seed": SEED},
        build=partial(_build, people, dossiers, order.say), fresh=order.is_fresh, say=order.say,
    )  # fmt: skip


def _build(people: int, dossiers: int, say: Callable[[str], None]) -> None:
    call_command("load_base_data", verbosity=0)
    scale = replace(SCALES["large"], people=people, dossiers=dossiers, firms=200, pays_benefits=False)
    Province(scale=scale, seed=SEED, today=_today(), say=say).build()


def _today() -> date:
    """Return the day as of which the province is built: a fixed one, so that a second run finds it."""
    return date(2026, 11, 23)


def _pages(luck: random.Random) -> Pages:
    """Return the pages by name: who opens them, and an address drawn anew each time."""
    received = Dossier.objects.filter(receiving_agency__valid_until=None).exclude(code=None)
    desk = received.filter(receiving_agency__code=PROVINCE_DESK)
    commune = received.filter(receiving_agency__code=DEMO_COMMUNE)
    at_desk, at_commune = _some(desk, luck), _some(commune, luck)
    running = _some(commune.filter(state__in=OPEN_STATES), luck)
    return {
        "trang rỗng": ("demo.motcua", lambda: urls.EMPTY),
        "việc của tôi, xã": ("demo.xa.chuyenvien", lambda: "/office/"),
        "việc của tôi, sở": ("demo.chuyenvien", lambda: "/office/"),
        "chờ phê duyệt, sở": ("demo.lanhdao", lambda: "/office/approval/"),
        "quầy của tỉnh": ("demo.motcua", lambda: "/office/desk/"),
        "tất cả hồ sơ, quầy của tỉnh": ("demo.motcua", lambda: "/office/dossiers/"),
        "tìm theo số hồ sơ": ("demo.motcua", lambda: f"/office/search/?q={luck.choice(at_desk).code}"),
        "tìm theo bốn số cuối": ("demo.motcua", lambda: f"/office/search/?q={_last_digits(luck.choice(at_desk))}"),
        "tìm theo số định danh": ("demo.motcua", lambda: f"/office/search/?q={luck.choice(at_desk).applicant_number}"),
        "tìm theo họ tên": ("demo.motcua", lambda: f"/office/search/?q={_quoted(luck.choice(at_desk).applicant_key)}"),
        "tìm theo họ": ("demo.motcua", lambda: "/office/search/?q=nguyen"),
        "tìm theo họ tên, xã": ("demo.xa.tiepnhan", lambda: f"/office/search/?q={_quoted(luck.choice(at_commune).applicant_key)}"),
        "trang hồ sơ, xã": ("demo.xa.lanhdao", lambda: f"/office/dossiers/{luck.choice(running).public_id}/"),
        "trang hồ sơ, quầy của tỉnh": ("demo.motcua", lambda: f"/office/dossiers/{luck.choice(at_desk).public_id}/"),
        "tra cứu công khai": ("", lambda: _tracked(luck.choice(at_desk))),
    }  # fmt: skip


def _some(rows: Any, luck: random.Random) -> Sequence[Dossier]:
    """Return some dossiers from anywhere in the list."""
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:: max(1, rows.count() // 2000)])
    chosen = luck.sample(ids, min(200, len(ids)))
    return list(Dossier.objects.filter(pk__in=chosen).order_by("pk"))


def _last_digits(dossier: Dossier) -> str:
    return (dossier.code or "").rpartition("-")[2]


def _quoted(key: str) -> str:
    return key.replace(" ", "+")


def _tracked(dossier: Dossier) -> str:
    return f"/track/{dossier.public_id}/?secret={dossier.secret}"


def _queries(pages: Pages) -> dict[str, int]:
    """Count the queries of each page, opened once before so that what is read once per process is read."""
    with _our_urls():
        counted = {}
        for name, (username, address) in pages.items():
            client = Client(raise_request_exception=True)
            if username:
                client.force_login(User.objects.get(username=username))
            counts = []
            for _ in range(3):
                path = address()
                if path.startswith("/track/"):
                    _prove(client, path)
                with CaptureQueriesContext(connection) as queries:
                    client.get(path.partition("?secret=")[0])
                counts.append(len(queries))
            counted[name] = counts[-1]
    return counted


def _prove(client: Client, path: str) -> None:
    address, _mark, secret = path.partition("?secret=")
    code = Dossier.objects.get(public_id=address.split("/")[2]).code
    client.post("/track/", {"code": code, "secret": secret})


def _times(pages: Pages, *, each: int, say: Callable[[str], None]) -> dict[str, list[float]]:
    """Open each page some times over HTTP and return how many milliseconds it took."""
    port = _free_port()
    with _our_urls():
        web = startup.web_server(host="127.0.0.1", port=port, workers=WORKERS)
        connections.close_all()
        web.start()
        try:
            startup.await_answer("127.0.0.1", port, server=web)
            visitors: dict[str, Browser] = {}
            times = {}
            for name, (username, address) in pages.items():
                if username not in visitors:
                    visitors[username] = Browser(port)
                    if username:
                        visitors[username].sign_in(username, settings.DEMO_PASSWORD)
                say(f"{name}: {each} lần")
                times[name] = [1000 * _open(visitors[username], address()) for _ in range(each + 5)][5:]
        finally:
            web.stop()
    return times


def _open(visitor: Browser, path: str) -> float:
    address, mark, secret = path.partition("?secret=")
    if mark:
        code = Dossier.objects.get(public_id=address.split("/")[2]).code
        visitor.post("/track/", {"code": code or "", "secret": secret})
    return visitor.seconds_of(address)


@contextmanager
def _our_urls() -> Any:
    """Have the empty page among the addresses, here and in what is forked from here."""
    usual, settings.ROOT_URLCONF = settings.ROOT_URLCONF, urls.__name__
    hosts, settings.ALLOWED_HOSTS = settings.ALLOWED_HOSTS, [*settings.ALLOWED_HOSTS, "testserver"]
    clear_url_caches()
    try:
        yield
    finally:
        settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = usual, hosts
        clear_url_caches()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _summed(name: str, times: list[float], floor: float, *, queries: tuple[int, int]) -> Measure:
    slow = percentile(times, 0.95)
    return Measure(
        what=f"{name[0].upper()}{name[1:]}, p95",
        ours=slow,
        unit="ms",
        floor=floor,
        ratio=slow / floor,
        target=f"≤ {TARGET_MS:.0f} ms",
        is_met=slow <= TARGET_MS,
        detail={
            "p50_ms": round(percentile(times, 0.5), 2), "p95_ms": round(slow, 2), "most_ms": round(max(times), 2),
            "opened": len(times), "queries_few": queries[0], "queries_many": queries[1],
        },
    )  # fmt: skip

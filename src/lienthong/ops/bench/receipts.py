"""Eight clerks receive at one desk at once: how many a second, and is every number given once and none lost?"""

from itertools import count
from typing import Any
from uuid import uuid4

import psycopg

from lienthong.accounts.states import Role
from lienthong.dossiers import services as dossiers
from lienthong.dossiers.models import Dossier, DossierCounter
from lienthong.ops.bench import clients, desk
from lienthong.ops.bench.report import Measure

WARM_UP = 3
# Another hour of the same day, and an own lane of names, so that these receipts are told from those that were there.
_FLOOR_COUNTER = """
INSERT INTO floor_counter (prefix, last) VALUES ('desk', 1)
ON CONFLICT (prefix) DO UPDATE SET last = floor_counter.last + 1 RETURNING last
"""
_FLOOR_DOSSIER = "INSERT INTO floor_receipt (code, body) VALUES (%s, %s)"


def measure(url: str, *, seconds: float, many: int) -> list[Measure]:
    """Measure receipts at one desk beside a bare counter, INSERT and COMMIT, and check the numbers."""
    before = DossierCounter.objects.get().last
    results = clients.run(_receiving, clients=many, seconds=seconds, warm_up=WARM_UP)
    floor = clients.run(lambda client: _floor(url, client), clients=many, seconds=seconds, warm_up=WARM_UP)
    given = [code for result in results for code in result.answers]
    kept = set(Dossier.objects.filter(code__in=given).values_list("code", flat=True))
    last, there = DossierCounter.objects.get().last, Dossier.objects.exclude(code=None).count()
    doubled, lost = len(given) - len(set(given)), len(set(given) - kept)
    gaps = abs(last - there) + abs(last - before - len(given))
    ours, beside = clients.rate(results), clients.rate(floor)
    return [
        Measure(
            what=f"Tiếp nhận tại một quầy, {many} máy khách",
            ours=ours,
            unit="hồ sơ/giây",
            floor=beside,
            ratio=beside / ours,
            detail={"floor": "bộ đếm + INSERT + COMMIT trên cùng một dòng đếm", "received": len(given)},
        ),
        Measure(
            what="Số hồ sơ bị trùng, bị mất, bị hổng",
            ours=doubled + lost + gaps,
            unit="số",
            target="0",
            is_met=not (doubled or lost or gaps),
            detail={"doubled": doubled, "lost": lost, "gaps": gaps},
        ),
    ]


def _receiving(client: int) -> clients.Work:
    clerk, place, numbers = desk.officer(Role.RECEIVER, client), desk.desk(), count(1)

    def work() -> str | None:
        command = dossiers.ReceiveDossier(
            procedure_code=desk.PROCEDURE, receiving_agency_id=place.pk, channel="counter",
            request=desk.request(client * 1_000_000 + next(numbers)), client_key=uuid4(),
        )  # fmt: skip
        return dossiers.receive_dossier(command, acting_user=clerk, now=desk.NOW).code

    return work


def _floor(url: str, client: int) -> clients.Work:
    link: psycopg.Connection[Any] = psycopg.connect(url)
    with link.transaction():
        link.execute("SELECT pg_advisory_xact_lock(1)")
        link.execute("CREATE TABLE IF NOT EXISTS floor_counter (prefix text PRIMARY KEY, last bigint)")
        link.execute("CREATE TABLE IF NOT EXISTS floor_receipt (id bigserial PRIMARY KEY, code text UNIQUE, body text)")

    def work() -> None:
        row = link.execute(_FLOOR_COUNTER).fetchone()
        assert row is not None
        link.execute(_FLOOR_DOSSIER, [f"desk-{row[0]}", "x" * 400])
        link.commit()

    return work

"""What doctor asks of dossiers: the row equals the fold of its events, the chain holds, numbers have no gap."""

from collections.abc import Iterator, Sequence

from django.db import connection

from lienthong.dossiers import projection
from lienthong.dossiers.digests import appraisal_digest, request_digest
from lienthong.dossiers.models import Dossier
from lienthong.infra.events import broken_links
from lienthong.infra.models import Event

BATCH = 2000


def rows_that_differ_from_their_events(*, limit: int = 20) -> Iterator[str]:
    """Rebuild every dossier from its events and yield a sentence for each column that says otherwise."""
    found = 0
    for first in _batches():
        rows = list(Dossier.objects.filter(pk__gt=first).prefetch_related("items").order_by("pk")[:BATCH])
        streams: dict[str, list[Event]] = {row.stream: [] for row in rows}
        for event in Event.objects.filter(stream__in=streams).order_by("stream", "sequence"):
            streams[event.stream].append(event)
        for row in rows:
            stored = {name: getattr(row, name) for name in projection.PROJECTED}
            if not streams[row.stream]:
                if row.sequence:
                    yield f"Hồ sơ {row}: mất toàn bộ nhật ký"
                continue
            yield from broken_links(streams[row.stream])
            yield from _changed_request(row, streams[row.stream])
            yield from _changed_appraisal(row, streams[row.stream])
            folded = projection.rebuild(streams[row.stream], onto=row)
            for name, value in stored.items():
                if getattr(folded, name) != value:
                    found += 1
                    yield f"Hồ sơ {stored['code'] or row.pk}: {name} là “{value}”, theo nhật ký là “{getattr(folded, name)}”"
                    if found >= limit:
                        return


def _changed_request(row: Dossier, told: Sequence[Event]) -> Iterator[str]:
    """Yield a sentence when the request is not the one whose digest the last fact about it keeps.

    Histories taken over from another system may have none.
    """
    digests = [event.payload["request_digest"] for event in told if event.payload.get("request_digest")]
    if digests and digests[-1] != request_digest(row, row.items.all()):
        yield f"Hồ sơ {row}: nội dung yêu cầu hoặc giấy tờ không còn như khi nộp (khác mã băm trong nhật ký)"


def _changed_appraisal(row: Dossier, told: Sequence[Event]) -> Iterator[str]:
    """Yield a sentence when what officers established is not what the last fact about it keeps the digest of."""
    digests = [event.payload["appraisal_digest"] for event in told if event.payload.get("appraisal_digest")]
    if (digests and digests[-1] != appraisal_digest(row)) or (row.appraisal and not digests):
        yield f"Hồ sơ {row}: kết quả thẩm định không còn như khi ghi (khác mã băm trong nhật ký)"


def gaps_in_numbers() -> Iterator[str]:
    """Yield a sentence for each agency and day whose numbers are not exactly 1 to n."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT counter.prefix, counter.day, counter.last, coalesce(given.numbers, 0)"
            " FROM dossiers_dossiercounter AS counter LEFT JOIN ("
            r" SELECT regexp_replace(code, '-\d+$', '') AS book, count(*) AS numbers FROM dossiers_dossier"
            " WHERE code IS NOT NULL GROUP BY book) AS given"
            " ON given.book = counter.prefix || '-' || to_char(counter.day, 'YYMMDD')"
            " WHERE counter.last <> coalesce(given.numbers, 0) ORDER BY counter.day, counter.prefix"
        )
        for prefix, day, last, there in cursor.fetchall():
            yield f"Sổ {prefix} ngày {day:%d/%m/%Y}: đã cấp {last} số, có {there} hồ sơ"


def _batches() -> Iterator[int]:
    last = 0
    while True:
        yield last
        pks = list(Dossier.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not pks:
            return
        last = pks[-1]

"""The province at a glance: how much was sent, what came back, what is verified, and how far each commune is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F

from lienthong.units.queries import communes_on, districts_of
from lienthong.verification.linkage.vocabulary import MINISTRY_STATUS, MinistryStatus, Status
from lienthong.verification.models import Batch, Case, Register, RegisterEntry, Verdict
from lienthong.verification.states import AWAITED_BATCHES, ENDED_CASES, MINISTRY_WORDS, OPEN_CASES

NO_COMMUNE = 0


@dataclass(frozen=True, slots=True)
class CommuneProgress:
    """How far a commune is. ``settled`` counts records that agree and those whose work a person has ended."""

    commune_id: int
    name: str
    group: str
    entries: int
    verified: int
    open_cases: int
    ended_cases: int

    @property
    def settled(self) -> int:
        """Records that need nobody any more."""
        return min(self.entries, self.verified + self.ended_cases)

    @property
    def share(self) -> float | None:
        """Share settled; None where there is no record, which is not the same as none settled."""
        return self.settled / self.entries if self.entries else None


@dataclass(frozen=True, slots=True)
class Funnel:
    """From the register to what is verified. Phễu: gửi, trả, xác thực."""

    entries: int
    answered: int
    linked: int
    verified: int
    statuses: dict[str, int]


def funnel(register: Register | None = None) -> Funnel:
    """Count the records that are in registers now, by the verdict that counts."""
    entries = RegisterEntry.objects.filter(is_current=True)
    verdicts = Verdict.objects.filter(is_current=True, entry__is_current=True)
    if register is not None:
        entries, verdicts = entries.filter(register=register), verdicts.filter(entry__register=register)
    statuses: Counter[str] = Counter()
    linked = 0
    for status, is_linked, count in (
        verdicts.values_list("status", "is_linked").annotate(n=Count("id")).order_by("status")
    ):
        statuses[status] += count
        linked += count if is_linked else 0
    return Funnel(
        entries.count(),
        statuses.total(),
        linked,
        statuses[Status.VERIFIED],
        {str(key): n for key, n in statuses.items()},
    )


def ministry_counts(found: Funnel, register: Register | None = None) -> list[tuple[str, int]]:
    """Return the words of the ministry's six statuses, with how many records are in each.

    Trạng thái rà soát mã định danh dân cư. What was never compared waits for an answer where a batch of its register is
    out, and is not sent otherwise.
    """
    counts: Counter[MinistryStatus] = Counter()
    for status, count in found.statuses.items():
        counts[MINISTRY_STATUS[Status(status)]] += count
    never = RegisterEntry.objects.filter(is_current=True).exclude(verdicts__is_current=True)
    if register is not None:
        never = never.filter(register=register)
    awaited = Batch.objects.filter(state__in=AWAITED_BATCHES).values("register")
    counts[MinistryStatus.PENDING] = never.filter(register__in=awaited).count()
    counts[MinistryStatus.NOT_SENT] = found.entries - found.answered - counts[MinistryStatus.PENDING]
    return [(str(MINISTRY_WORDS[status]), counts[status]) for status in MinistryStatus]


def progress_by_commune(
    *, on: date, province_code: str | None, register: Register | None = None
) -> list[CommuneProgress]:
    """Return every commune of the province by the district it lay in, and last what has no commune, where there is any."""
    entries = RegisterEntry.objects.filter(is_current=True)
    cases = Case.objects.filter(entry__is_current=True)
    if register is not None:
        entries, cases = entries.filter(register=register), cases.filter(entry__register=register)
    counted = dict(_by_commune(entries, "commune"))
    verified = dict(_by_commune(entries.filter(verdicts__is_current=True, verdicts__status=Status.VERIFIED), "commune"))
    opened = dict(_by_commune(cases.filter(state__in=OPEN_CASES), "commune"))
    # A case that ended settles its record while the verdict that counts says what it said then.
    ended_now = cases.filter(
        state__in=ENDED_CASES, entry__verdicts__is_current=True, entry__verdicts__digest=F("verdict_digest")
    ).exclude(kind=Status.VERIFIED)
    ended = dict(ended_now.values_list("commune").annotate(n=Count("entry", distinct=True)).order_by("commune"))
    communes = list(communes_on(on, province_code=province_code))
    groups = districts_of(unit.pk for unit in communes)
    rows = [
        CommuneProgress(
            unit.pk, unit.name, groups.get(unit.pk, ""), counted.get(unit.pk, 0), verified.get(unit.pk, 0),
            opened.get(unit.pk, 0), ended.get(unit.pk, 0),
        )
        for unit in communes
    ]  # fmt: skip
    if counted.get(None):
        rows.append(
            CommuneProgress(
                NO_COMMUNE, "", "", counted[None], verified.get(None, 0), opened.get(None, 0), ended.get(None, 0)
            )
        )
    return rows


def _by_commune(rows: object, name: str) -> list[tuple[int | None, int]]:
    return list(rows.values_list(name).annotate(n=Count("id")).order_by(name))  # type: ignore[attr-defined]

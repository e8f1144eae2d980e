"""What is other than in the month before: who is new, who stopped, whose amount or account changed, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _

from lienthong.kernel.days import add_months, format_day
from lienthong.payments import policies, sources
from lienthong.payments.banks import bank_name
from lienthong.payments.models import PaymentRun
from lienthong.payments.queries.overview import seen_units
from lienthong.payments.states import NUMBERED_CHANNELS, Channel

_AT_ONCE: Final = 2_000


class Difference(StrEnum):
    """How a month stands beside the one before. So với tháng trước."""

    NEW = "new"
    STOPPED = "stopped"
    CHANGED = "changed"
    ELSEWHERE = "elsewhere"
    SAME = "same"
    ONCE = "once"


UNLIKE = (Difference.NEW, Difference.STOPPED, Difference.CHANGED, Difference.ELSEWHERE)
"""What is other than in the month before. Who is paid elsewhere may have another amount, too;
what is paid once is of its month alone, and neither new nor stopped."""


# What runs of a month say of the month itself. What a later run of the same month paid again counts once; a run that is
# looked at counts with those before it.
_MONTHS = """
WITH told AS (
    SELECT run.month, line.source, line.benefit, line.person_id, line.matter <> '' AS is_once,
        sum(line.amount)::bigint AS amount, max(line.unit_id) AS unit_id, (array_agg(line.words ORDER BY line.id DESC))[1] AS words,
        bool_or(line.state = 'held') AS is_held,
        (array_agg(concat_ws(' ', line.channel, line.bank_code, line.account_number) ORDER BY line.id DESC)
            FILTER (WHERE line.state <> 'held'))[1] AS place
    FROM payments_paymentline AS line
    JOIN payments_paymentrun AS run ON run.id = line.run_id
    LEFT JOIN payments_paymentrun AS again ON again.id = line.resumed_by_id
    WHERE line.for_month = run.month AND run.state <> 'cancelled'
        AND (run.month = %(before)s OR (run.month = %(month)s AND run.number <= %(number)s))
        AND again.month IS DISTINCT FROM run.month
        AND (%(units)s::bigint[] IS NULL OR line.unit_id = ANY(%(units)s))
        AND (%(source)s = '' OR line.source = %(source)s)
    GROUP BY run.month, line.source, line.benefit, line.person_id, line.matter <> ''
),
beside AS (
    SELECT source, benefit, person_id, coalesce(this.unit_id, last.unit_id) AS unit_id, last.amount AS amount_before,
        this.amount AS amount_now, last.words AS words_before, this.words AS words_now, coalesce(this.is_held, false) AS is_held,
        CASE WHEN is_once THEN 'once' WHEN last.amount IS NULL THEN 'new' WHEN this.amount IS NULL THEN 'stopped'
            WHEN last.amount <> this.amount THEN 'changed' ELSE 'same' END AS difference,
        coalesce(last.place, earlier.place) AS place_before, this.place AS place_now,
        coalesce(coalesce(last.place, earlier.place) <> this.place, false) AS is_elsewhere
    FROM (SELECT * FROM told WHERE month = %(month)s) AS this
    FULL JOIN (SELECT * FROM told WHERE month = %(before)s) AS last USING (source, benefit, person_id, is_once)
    LEFT JOIN LATERAL (
        SELECT concat_ws(' ', line.channel, line.bank_code, line.account_number) AS place
        FROM payments_paymentline AS line JOIN payments_paymentrun AS run ON run.id = line.run_id
        WHERE last.place IS NULL AND this.place IS NOT NULL AND line.person_id = this.person_id
            AND line.source = this.source AND line.benefit = this.benefit AND run.month < %(month)s
            AND line.state NOT IN ('planned', 'held', 'cancelled')
        ORDER BY run.month DESC, line.id DESC LIMIT 1
    ) AS earlier ON true
)
"""
# Where money went before is what counts, also over months in which it was held.
_COUNTED = (
    _MONTHS
    + """
SELECT difference, is_elsewhere, count(*), coalesce(sum(amount_before), 0)::bigint, coalesce(sum(amount_now), 0)::bigint
FROM beside GROUP BY difference, is_elsewhere
"""
)
_LISTED = (
    _MONTHS
    + """
SELECT beside.*, person.full_name, person.personal_id_number, person.died_on, unit.name
FROM beside
JOIN people_person AS person ON person.id = beside.person_id
JOIN units_administrativeunit AS unit ON unit.id = beside.unit_id
WHERE difference = ANY(%(differences)s) OR (is_elsewhere AND 'elsewhere' = ANY(%(differences)s))
ORDER BY unit.sort_key, person.sort_key, beside.person_id, source, benefit
OFFSET %(offset)s LIMIT %(limit)s
"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """How many there are of one difference, and their amounts in both months, in đồng; ``again``: how many of them are paid elsewhere."""

    difference: Difference
    count: int = 0
    before: int = 0
    now: int = 0
    again: int = 0

    def __add__(self, other: Beside) -> Beside:
        return Beside(
            difference=self.difference, count=self.count + other.count, before=self.before + other.before,
            now=self.now + other.now, again=self.again + other.again,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One person's benefit in both months, and why it differs. ``before`` or ``now`` is None where there was nothing.

    Of ``why`` only a death is told where the programme does not let the user see on what ground it owes.
    """

    difference: Difference
    source: str
    benefit: str
    benefit_label: str
    person_id: int
    person_name: str
    personal_id_number: str
    unit_id: int
    unit_name: str
    before: int | None
    now: int | None
    is_held: bool
    is_elsewhere: bool
    why: str


def run_comparison(
    run: PaymentRun, user: Any, *, on: date, source: str = "", commune: str = ""
) -> dict[Difference, Beside]:
    """Count what is other than in the month before, by kind of difference. So sánh với tháng trước.

    Only what is owed for the months themselves is compared: arrears and what is paid again are in neither. Who is paid elsewhere
    than before stands in that group, and in the one of the amount. What is paid once (chi một lần) is a group of its own.
    """
    found = {difference: Beside(difference=difference) for difference in Difference}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, _values(run, user, source, commune, on=on))
        for difference, is_elsewhere, count, before, now in cursor.fetchall():
            groups = {Difference(difference), Difference.ELSEWHERE} if is_elsewhere else {Difference(difference)}
            again = count if is_elsewhere else 0
            for one in groups:
                found[one] += Beside(difference=one, count=count, before=before, now=now, again=again)
    return found


def how_many(counted: Mapping[Difference, Beside], differences: Sequence[Difference]) -> int:
    """Return how many people and benefits are of one of these differences, each once."""
    if Difference.ELSEWHERE not in differences:
        return sum(counted[one].count for one in differences)
    others = [one for one in counted if one != Difference.ELSEWHERE]
    return sum(counted[one].count if one in differences else counted[one].again for one in others)


def compared_people(
    run: PaymentRun,
    user: Any,
    *,
    on: date,
    differences: Sequence[Difference] = UNLIKE,
    source: str = "",
    commune: str = "",
    offset: int = 0,
    limit: int = 50,
) -> list[Compared]:
    """Return who differs and why, by commune and name, one page at a time."""
    narrowed: dict[str, Any] = {"source": source, "commune": commune}
    return list(every_compared(run, user, on=on, differences=differences, offset=offset, limit=limit, **narrowed))


def every_compared(
    run: PaymentRun,
    user: Any,
    *,
    on: date,
    differences: Sequence[Difference],
    source: str = "",
    commune: str = "",
    offset: int = 0,
    limit: int | None = None,
) -> Iterator[Compared]:
    """Yield who differs and why, by commune and name, however many there are: so many are held at once."""
    sees = policies.reasons_seen(user, on=on)
    wanted = {
        **_values(run, user, source, commune, on=on), "differences": [str(one) for one in differences], "offset": offset,
        "limit": limit,
    }  # fmt: skip
    with connection.chunked_cursor() as cursor:
        cursor.execute(_LISTED, wanted)
        while found := cursor.fetchmany(_AT_ONCE):
            names = [column.name for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in found]
            stopped = _why_stopped(run.month, rows)
            for row in rows:
                yield Compared(
                    difference=Difference(row["difference"]), source=row["source"], benefit=row["benefit"],
                    benefit_label=sources.benefit_label(row["source"], row["benefit"]), person_id=row["person_id"],
                    person_name=row["full_name"], personal_id_number=row["personal_id_number"], unit_id=row["unit_id"],
                    unit_name=row["name"], before=row["amount_before"], now=row["amount_now"], is_held=row["is_held"],
                    is_elsewhere=row["is_elsewhere"],
                    why=" ".join(filter(None, (
                        _why(row, stopped) if sees(row["source"], row["unit_id"]) else _why_without_ground(row),
                        _why_elsewhere(row),
                    ))),
                )  # fmt: skip


def _values(run: PaymentRun, user: Any, source: str, commune: str, *, on: date) -> dict[str, Any]:
    return {
        "month": run.month, "before": add_months(run.month, -1), "number": run.number,
        "units": seen_units(user, on=on, commune=commune),
        "source": source,
    }  # fmt: skip


def _why_stopped(month: date, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, int, str], str]:
    """Ask each source, once, why what it owed is owed no more."""
    told: dict[tuple[str, int, str], str] = {}
    for code, source in sources.registered().items():
        pairs = [
            (row["person_id"], row["benefit"])
            for row in rows
            if row["source"] == code and row["difference"] == Difference.STOPPED
        ]
        if pairs:
            for (person_id, benefit), words in source.why_stopped(month, pairs).items():
                told[code, person_id, benefit] = words
    return told


def _why(row: Mapping[str, Any], stopped: Mapping[tuple[str, int, str], str]) -> str:
    match Difference(row["difference"]):
        case Difference.NEW:
            return str(row["words_now"])
        case Difference.ONCE:
            return " ".join(dict.fromkeys(filter(None, (row["words_before"], row["words_now"]))))
        case Difference.CHANGED:
            return _("Trước: %(before)s Nay: %(now)s") % {"before": row["words_before"], "now": row["words_now"]}
        case Difference.STOPPED:
            if words := stopped.get((row["source"], row["person_id"], row["benefit"])):
                return words
            return _why_without_ground(row) or _(
                "Chương trình không còn đưa vào danh sách của tháng này; hãy xem hồ sơ hưởng."
            )
    return ""


def _why_without_ground(row: Mapping[str, Any]) -> str:
    """Tell that the person died, which whoever pays must know; nothing of what the programme looked at."""
    if row["difference"] == Difference.STOPPED and row["died_on"]:
        return _("Người hưởng chết ngày %(day)s.") % {"day": format_day(row["died_on"])}
    return ""


def _why_elsewhere(row: Mapping[str, Any]) -> str:
    if not row["is_elsewhere"]:
        return ""
    return _("Nơi nhận trước: %(before)s; nay: %(now)s.") % {
        "before": _place_words(row["place_before"]), "now": _place_words(row["place_now"]),
    }  # fmt: skip


def _place_words(place: str) -> str:
    channel, bank_code, number = [*place.split(" "), "", ""][:3]
    if channel not in NUMBERED_CHANNELS:
        return str(Channel(channel).label)
    return f"{bank_name(bank_code)} {number}"

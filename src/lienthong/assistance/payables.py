"""What the programmes have paid: each month of each current rate, changed months again, and supports that are paid once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce, Greatest

from lienthong.assistance import policies
from lienthong.assistance.models import (
    DeathGrant,
    EmergencyGrant,
    Entitlement,
    EntitlementRate,
    FuneralSupport,
    Proposal,
    Recovery,
    TopUp,
)
from lienthong.assistance.queries.emergency import event_words
from lienthong.assistance.states import (
    LIVE_STATES,
    MERIT_BENEFITS,
    PAID_ONCE,
    SOCIAL_BENEFITS,
    Benefit,
    DeathGrantPart,
    EmergencyGrantKind,
    EntitlementState,
    Programme,
    ProposalKind,
    ProposalState,
    RecoveryState,
)
from lienthong.kernel.days import add_months, local_day
from lienthong.kernel.money import format_dong
from lienthong.payments.models import PaymentLine
from lienthong.payments.sources import Owed, PayableSource
from lienthong.rules import payment_calendar
from lienthong.rules.merit.law import merit_law
from lienthong.rules.social_assistance.law import law_on
from lienthong.rules.social_assistance.timing import month_of
from lienthong.units import queries as units

_AT_ONCE: Final = 2000


@dataclass(slots=True)
class _Total:
    """What one person is owed for one month under one benefit, by all their entitlements."""

    entitlement: Entitlement
    amount: int = 0
    words: list[str] = field(default_factory=list)
    lines: list[Any] = field(default_factory=list)
    rates: list[int] = field(default_factory=list)
    basis: Mapping[str, Any] = field(default_factory=dict)


class AssistanceSource(PayableSource):
    """The rates of one programme. Nguồn chi trả của một chương trình."""

    def __init__(self, code: Programme, programme: payment_calendar.Programme, benefits: Sequence[Benefit]) -> None:
        self.code, self.label, self.programme = str(code.value), str(code.label), programme
        self._benefits = tuple(benefits)

    def benefits(self) -> Mapping[str, str]:
        """Return the Vietnamese words of each benefit."""
        return {str(benefit.value): str(benefit.label) for benefit in self._benefits}

    def owed(self, month: date, *, since: date, changed_since: datetime | None) -> Iterator[Owed]:
        """Yield what is owed from ``since`` to ``month``, and each earlier month that was changed since a moment."""
        month, since = month_of(month), month_of(since)
        deductions = self._deductions(month)
        touched = self._touched(since, changed_since)
        wanted = Q(first_month__lte=month) & (Q(end_month=None) | Q(end_month__gt=since))
        if since > month:
            wanted = Q(pk__in=[])
        if touched:
            wanted |= Q(entitlement__person__in={person_id for person_id, _ in touched})
        rows = EntitlementRate.objects.filter(wanted, superseded_at=None, entitlement__programme=self.code)
        ordered = rows.select_related("entitlement").order_by(
            "entitlement__person_id", "entitlement__benefit", "entitlement_id", "first_month"
        )
        nothing_left = dict(touched)
        for key, rates in groupby(
            ordered.iterator(chunk_size=_AT_ONCE), lambda one: (one.entitlement.person_id, one.entitlement.benefit)
        ):
            yield from self._of_group(list(rates), month, since, nothing_left.pop(key, frozenset()), deductions)
        yield from self._nothing_left(nothing_left)

    def _of_group(
        self, rates: Sequence[EntitlementRate], month: date, since: date, changed: frozenset[date],
        deductions: Mapping[tuple[int, str], int],
    ) -> Iterator[Owed]:  # fmt: skip
        totals: dict[date, _Total] = {}
        newest = max((rate.entitlement for rate in rates), key=_rank)
        for one in changed:
            totals[one] = _Total(newest)
        for rate in rates:
            for one in _months(rate.first_month, rate.end_month, month):
                if (one < since and one not in changed) or (one >= since and not rate.amount and one not in totals):
                    continue
                total = totals.setdefault(one, _Total(newest))
                if rate.amount and rate.entitlement.payee_organization_id:
                    total.entitlement = rate.entitlement  # the care of a month is paid to whoever gave it
                total.amount += rate.amount
                total.rates.append(rate.pk)
                if rate.amount:
                    total.words.append(rate.words)
                    total.lines += rate.basis.get("lines", [])
                    total.basis = rate.basis
        for one in sorted(totals):
            yield self._owed(one, totals[one], month, deductions)

    def _owed(self, one: date, total: _Total, month: date, deductions: Mapping[tuple[int, str], int]) -> Owed:
        row = total.entitlement
        deduction = min(deductions.get((row.person_id, row.benefit), 0), total.amount) if one == month else 0
        words = " ".join(total.words) or "Tháng này không có khoản nào được hưởng."
        if deduction:
            words += f" Khấu trừ {format_dong(deduction)} để thu hồi tiền hưởng thừa."
        return Owed(
            person_id=row.person_id, payee_id=row.payee_id, payee_organization_id=row.payee_organization_id,
            unit_id=row.unit_id, benefit=row.benefit, for_month=one, amount=total.amount, deduction=deduction, words=words,
            basis={
                "entitlement": row.pk,
                "rates": total.rates,
                "decision_number": row.decision_number,
                "category": total.basis.get("category", ""),
                "lines": total.lines,
                "known_on": total.basis.get("known_on"),
                "facts": total.basis.get("facts", ""),
            },
        )  # fmt: skip

    def _touched(self, since: date, changed_since: datetime | None) -> dict[tuple[int, str], frozenset[date]]:
        """Return the months before ``since`` that rates written or superseded since a moment speak of, by person and benefit.

        Of what has ended, somebody else who receives the money is such a change: what is unpaid goes to them.
        """
        if changed_since is None:
            return {}
        other_payee = Proposal.objects.filter(
            kind=ProposalKind.CHANGE_PAYEE, state=ProposalState.APPROVED, decided_at__gte=changed_since
        )
        of_the_ended = Q(
            superseded_at=None, entitlement__state=EntitlementState.ENDED,
            entitlement__in=other_payee.values("entitlement"),
        )  # fmt: skip
        changed = EntitlementRate.objects.filter(
            Q(recorded_at__gte=changed_since) | Q(superseded_at__gte=changed_since) | of_the_ended,
            entitlement__programme=self.code,
            first_month__lt=since,
        )
        found: dict[tuple[int, str], set[date]] = {}
        last = add_months(since, -1)
        fields = ("entitlement__person_id", "entitlement__benefit", "first_month", "end_month")
        for person_id, benefit, first, end in changed.order_by("pk").values_list(*fields).iterator(_AT_ONCE):
            found.setdefault((person_id, benefit), set()).update(_months(first, end, last))
        return {key: frozenset(months) for key, months in found.items()}

    def _nothing_left(self, touched: Mapping[tuple[int, str], frozenset[date]]) -> Iterator[Owed]:
        """Yield nothing owed for the changed months of whoever has no rate left."""
        rows = Entitlement.objects.filter(programme=self.code, person__in={person_id for person_id, _ in touched})
        newest = {(row.person_id, row.benefit): row for row in sorted(rows, key=_rank)}
        for key, months in touched.items():
            for one in sorted(months):
                yield self._owed(one, _Total(newest[key]), date.max.replace(day=1), {})

    def _deductions(self, month: date) -> dict[tuple[int, str], int]:
        """Return what is to be kept back in a month, by person and benefit: never more than is left to recover."""
        rows = Recovery.objects.exclude(state=RecoveryState.CANCELLED).filter(entitlement__programme=self.code)
        open_rows = rows.filter(state=RecoveryState.OPEN, first_month__lte=month).select_related("entitlement")
        wanted = {(row.entitlement.person_id, row.entitlement.benefit): row for row in open_rows.order_by("pk")}
        if not wanted:
            return {}
        people = [person_id for person_id, _ in wanted]
        left = rows.filter(entitlement__person__in=people).annotate(kept_here=F("amount") - F("elsewhere"))
        all_of = _sums(left, "entitlement__person_id", "entitlement__benefit", "kept_here")
        lines = PaymentLine.objects.filter(source=self.code, person__in=people, is_live=True)
        kept = _sums(lines.exclude(for_month=month), "person_id", "benefit", "deducted")
        return {key: max(0, min(row.monthly, all_of[key] - kept.get(key, 0))) for key, row in wanted.items()}

    def known_on(self, month: date, *, on: date) -> str:
        """Return a digest of the numbers of the law for a month, as it is in force on a day."""
        law: Any = law_on(month, known_on=on) if self.code == Programme.SOCIAL else merit_law(month, known_on=on)
        return hashlib.sha256(repr(replace(law, known_on=None)).encode()).hexdigest()[:12]

    def explains_to(self, user: Any, *, on: date) -> frozenset[int] | None:
        """Return the communes in which the user sees the entitlements of this programme; None is every one."""
        if self.code in policies.programmes_seen(user, on=on):
            return None
        return units.with_absorbed(policies.communes_of(user, on=on, programme=self.code), on=on)

    def why_stopped(self, month: date, pairs: Sequence[tuple[int, str]]) -> Mapping[tuple[int, str], str]:
        """Return why people are no longer owed anything for a month: what their entitlements say."""
        wanted = set(pairs)
        found = dict.fromkeys(
            (pair for pair in wanted if pair[1] in PAID_ONCE),
            "Khoản không chi hằng tháng; đã vào danh sách của tháng trước",
        )
        rows = Entitlement.objects.filter(programme=self.code, person__in={person for person, _ in wanted}).order_by(
            "pk"
        )
        for row in rows:
            key = (row.person_id, row.benefit)
            if key not in wanted:
                continue
            if row.state == EntitlementState.SUSPENDED and row.suspended_from is not None:
                found[key] = f"Tạm dừng hưởng từ tháng {row.suspended_from:%m/%Y}"
            elif row.ended_because:
                found[key] = row.ended_because
        return found


class SocialAssistanceSource(AssistanceSource):
    """Social assistance, with the costs of funerals and emergency assistance, which are paid once. Nguồn chi trả trợ giúp xã hội."""

    def paid_because_of_death(self) -> frozenset[str]:
        """Return the costs of funerals, whose person is who died, and emergency assistance, which is owed once decided."""
        return frozenset({str(Benefit.FUNERAL.value), str(Benefit.EMERGENCY.value)})

    def owed(self, month: date, *, since: date, changed_since: datetime | None) -> Iterator[Owed]:
        """Yield what is owed month by month, and what was decided to be paid once; rice is no money."""
        yield from super().owed(month, since=since, changed_since=changed_since)
        funerals = FuneralSupport.objects.filter(payee__isnull=False, unit__isnull=False)
        funerals = funerals.annotate(of_person=Coalesce("deceased_id", "payee_id"))
        emergencies = EmergencyGrant.objects.exclude(kind=EmergencyGrantKind.RICE).annotate(of_person=F("person_id"))
        asked: Any = {"month": month_of(month), "since": month_of(since), "changed_since": changed_since}
        yield from _paid_once(funerals, _funeral_words, **asked)
        yield from _paid_once(emergencies, _emergency_words, **asked)
        yield from _added(self.code, **asked)


def _paid_once(
    rows: Any, told: Callable[[Any], str], *, month: date, since: date, changed_since: datetime | None
) -> Iterator[Owed]:  # fmt: skip
    """Yield what was decided in a month to be paid once, each decision for itself, for the month of the decision.

    What was decided before lines told decisions apart is yielded together, as it was paid: all of a person and month.

    Args:
        rows: Of a ``Revocable``, with ``of_person``. One that was taken back is owed nothing.
        told: Words one row.
        month: The last month that is asked for.
        since: The first month that is asked for in full.
        changed_since: What was decided, taken back or given another payee since then is yielded of earlier months too.
    """
    rows = rows.annotate(changed_at=Greatest("granted_at", "withdrawn_at", "payee_named_at")).order_by(
        "granted_at", "pk"
    )
    touched: set[tuple[int, date]] = set()
    for person_id, at, changed_at in rows.values_list("of_person", "granted_at", "changed_at").iterator(_AT_ONCE):
        decided_in = month_of(local_day(at))
        is_new = changed_since is not None and changed_at >= changed_since
        if decided_in <= month and (decided_in >= since or is_new):
            touched.add((person_id, decided_in))
    totals: dict[tuple[int, date, str], list[Any]] = {}
    for one in rows.filter(of_person__in={person_id for person_id, _ in touched}).iterator(_AT_ONCE):
        person_id, decided_in = one.of_person, month_of(local_day(one.granted_at))
        if (person_id, decided_in) in touched:
            totals.setdefault((person_id, decided_in, one.matter), []).append(one)
    for (person_id, decided_in, matter), together in totals.items():
        standing = [one for one in together if one.withdrawn_at is None]
        last = (standing or together)[-1]
        yield Owed(
            person_id=person_id, payee_id=last.payee_id, unit_id=last.unit_id,
            benefit=str(last.benefit), for_month=decided_in, amount=sum(one.amount for one in standing), matter=matter,
            words=" ".join(map(told, standing)) or "Quyết định hỗ trợ đã được thu hồi.",
            basis={last.named_in: [one.pk for one in standing], "lines": [line for one in standing for line in _lines(one)]},
        )  # fmt: skip


def _added(programme: str, **asked: Any) -> Iterator[Owed]:
    """Yield what new laws added to what was decided once, each for itself, for the month of the decision on it."""
    yield from _paid_once(
        TopUp.objects.filter(programme=programme).annotate(of_person=F("person_id")), _top_up_words, **asked
    )


def _top_up_words(one: TopUp) -> str:
    ground = f" theo quyết định {one.decision_number}" if one.decision_number else ""
    return f"Bổ sung chênh lệch{ground}: {' '.join(_line_words(line) for line in one.lines)}"


def _line_words(line: Mapping[str, Any]) -> str:
    return f"{line['words']}: {format_dong(line['amount'])} ({line['reference']})."


def _lines(one: Any) -> list[dict[str, Any]]:
    if isinstance(one, DeathGrant | TopUp):
        return list(one.lines)
    return [
        {"code": str(one.benefit.value), "words": reason, "amount": one.amount, "reference": ""}
        for reason in one.reasons[:1]
    ]


def _funeral_words(one: FuneralSupport) -> str:
    return f"Hỗ trợ chi phí mai táng theo hồ sơ {one.dossier_code}: {format_dong(one.amount)}."


def _emergency_words(one: EmergencyGrant) -> str:
    kind = str(EmergencyGrantKind(one.kind).label).capitalize()
    ground = f"hồ sơ {one.dossier_code}" if one.dossier_code else f"quyết định {one.decision_number}".strip()
    return f"{kind} {event_words(one.kind, one.happened_on)}, theo {ground}: {format_dong(one.amount)}."


class MeritSource(AssistanceSource):
    """What people with merit are owed, with what their deaths bring once. Nguồn chi trả ưu đãi người có công."""

    def paid_because_of_death(self) -> frozenset[str]:
        """Return what is paid once after a death: the person is who died."""
        return frozenset({str(Benefit.AT_DEATH.value), str(Benefit.FUNERAL.value)})

    def owed(self, month: date, *, since: date, changed_since: datetime | None) -> Iterator[Owed]:
        """Yield what is owed month by month, and what was granted after deaths."""
        yield from super().owed(month, since=since, changed_since=changed_since)
        grants = DeathGrant.objects.annotate(of_person=F("deceased_id"))
        of_funerals = Q(part=DeathGrantPart.FUNERAL)
        asked: Any = {"month": month_of(month), "since": month_of(since), "changed_since": changed_since}
        yield from _paid_once(grants.filter(of_funerals), _death_grant_words, **asked)
        yield from _paid_once(grants.exclude(of_funerals), _death_grant_words, **asked)
        yield from _added(self.code, **asked)


def _death_grant_words(one: DeathGrant) -> str:
    return " ".join(_line_words(line) for line in one.lines)


def _rank(row: Entitlement) -> tuple[bool, int]:
    return row.state in LIVE_STATES, row.pk


def _months(month: date, end: date | None, last: date) -> Iterator[date]:
    while month <= last and (end is None or month < end):
        yield month
        month = add_months(month, 1)


def _sums(rows: Any, person: str, benefit: str, amount: str) -> dict[tuple[int, str], int]:
    found: Iterable[tuple[int, str, int]] = (
        rows.order_by().values_list(person, benefit).annotate(total=Sum(amount)).values_list(person, benefit, "total")
    )
    return {(person_id, code): total for person_id, code, total in found}


SOCIAL_ASSISTANCE: Final = SocialAssistanceSource(
    Programme.SOCIAL,
    payment_calendar.Programme.SOCIAL_ASSISTANCE,
    (*SOCIAL_BENEFITS, Benefit.INSTITUTION, Benefit.FUNERAL, Benefit.EMERGENCY),
)
MERIT: Final = MeritSource(
    Programme.MERIT, payment_calendar.Programme.MERIT, (*MERIT_BENEFITS, Benefit.AT_DEATH, Benefit.FUNERAL)
)

"""The benefits of the demo as they were granted, changed and ended: what happens to many is written at once, by the rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from lienthong.accounts.models import User
from lienthong.assistance.events import EntitlementMoved
from lienthong.assistance.models import Entitlement
from lienthong.assistance.queries.facts import History
from lienthong.assistance.queries.merit_months import merit_benefits_on, merit_first_month
from lienthong.assistance.queries.months import starts_of
from lienthong.assistance.services.bulk import GrantOfMany, Rewrite, grant_many, rewrite_many, tell_many
from lienthong.assistance.services.deaths import TellDeath, tell_death
from lienthong.assistance.services.law_changes import (
    ProposeLawChange,
    apply_law_change,
    approve_law_change,
    propose_law_change,
    reckon_law_change,
)
from lienthong.assistance.states import Benefit, EntitlementState, PayeeGround, Programme
from lienthong.infra.working import told_moment
from lienthong.kernel.days import add_months, format_day, local_day, local_moment
from lienthong.ops.demo.assistance.cases import Case
from lienthong.ops.demo.assistance.histories import histories_as_of
from lienthong.ops.demo.assistance.timeline import FIRST_MONTH, MERGER, TAKEN_OVER, Happening, LawDay, What
from lienthong.ops.demo.poverty.officers import Officers
from lienthong.rules.social_assistance.assessing import assess
from lienthong.rules.social_assistance.timing import month_of

OLD_SOFTWARE: Final = "Tiếp nhận từ phần mềm cũ, hưởng từ ngày {day} (dữ liệu minh họa)"
NEIGHBOUR: Final = "Tiếp nhận từ tỉnh Bắc Kạn, hưởng từ ngày {day} (dữ liệu minh họa)"
MONTHLY: Final = (Benefit.MONTHLY, Benefit.SUPPLEMENT, Benefit.ATTENDANT, Benefit.EXTRA)


@dataclass(slots=True)
class Benefits:
    """Keeps the benefits that are being received.

    Args:
        officers: Who works in each commune.
        merit_leader: Id of who decides for people with merit.
        today: The day that is today.
    """

    officers: Officers
    merit_leader: int
    today: date
    live: dict[int, list[Entitlement]] = field(default_factory=dict)
    cases: dict[int, Case] = field(default_factory=dict)
    _numbers: int = 0

    def happen(self, happenings: Sequence[Happening]) -> list[tuple[Case, date]]:
        """Let things happen, oldest first. Return who began to receive, and on which day that was decided."""
        begun = [one for one in happenings if one.what in {What.TAKEN_OVER, What.GRANTED}]
        granted = self._grant(begun)
        changed = {one.case.someone.id: one for one in happenings if one.what is What.CHANGED}
        self._rewrite(
            {pk: one.at for pk, one in changed.items()}, {pk: (one.day, one.reason) for pk, one in changed.items()}
        )
        for one in happenings:
            if one.what is What.DIED:
                self._end(one)
        return granted

    def land(self, law: LawDay) -> None:
        """Compute everybody's rates anew by a law that has become known; of whom nothing changes nothing is written."""
        at = local_moment(law.on, time(7, 30))
        meant = [pk for pk, rows in self.live.items() if any(row.programme in law.programmes for row in rows)]
        self._rewrite(
            dict.fromkeys(meant, at), dict.fromkeys(meant, (law.from_month, law.reason)), programmes=law.programmes
        )

    def land_by_two(self, law: LawDay, officer: User, leader: User) -> None:
        """Let a law be reckoned for everybody of one programme, approved by another and written, as an office does it."""
        (programme,) = law.programmes
        at = local_moment(law.on, time(8, 30))
        change = propose_law_change(
            ProposeLawChange(programme=programme, from_month=law.from_month), acting_user=officer, now=at
        )
        with told_moment(at + timedelta(minutes=10)):
            reckon_law_change(change.pk)
        approve_law_change(
            change.pk,
            decision_number=f"{law.on:%d%m}/QĐ-{'SNV' if programme == Programme.MERIT else 'SYT'}",
            acting_user=leader,
            now=at + timedelta(hours=2),
        )
        with told_moment(at + timedelta(hours=2, minutes=10)):
            apply_law_change(change.pk)

    def merge(self) -> None:
        """Let the communes that came out of the merger pay from then on."""
        told, at = [], local_moment(MERGER, time(7))
        rows = [row for rows in self.live.values() for row in rows]
        for row in rows:
            unit_id, _hamlet = self.cases[row.person_id].someone.place_on(MERGER)
            if row.unit_id != unit_id:
                fact = EntitlementMoved(
                    entitlement_id=row.pk, from_unit_id=row.unit_id, to_unit_id=unit_id,
                    reason="Sáp nhập đơn vị hành chính cấp xã.",
                )  # fmt: skip
                row.unit_id = unit_id
                told.append((row, fact, None, at))
        Entitlement.objects.bulk_update(rows, ["unit"], batch_size=500)
        tell_many(told)

    def forget(self, person_id: int) -> None:
        """Leave somebody to the tables: how their benefits stand is decided by officers from now on."""
        self.live.pop(person_id, None)

    def rows(self) -> Iterator[Entitlement]:
        """Yield the benefits that are being received."""
        for rows in self.live.values():
            yield from rows

    def _grant(self, begun: Sequence[Happening]) -> list[tuple[Case, date]]:
        days = {one.case.someone.id: local_day(one.at) for one in begun}
        histories = histories_as_of(days)
        grants = [grant for one in begun for grant in self._grants_of(one, histories[one.case.someone.id])]
        rows = grant_many(grants)
        for row in rows:
            self.live.setdefault(row.person_id, []).append(row)
        found = [(one.case, days[one.case.someone.id]) for one in begun if one.case.someone.id in self.live]
        self.cases.update({case.someone.id: case for case, _since in found})
        return found

    def _grants_of(self, one: Happening, history: History) -> Iterator[GrantOfMany]:
        case, on = one.case, local_day(one.at)
        is_taken_over = one.what is What.TAKEN_OVER
        least = (FIRST_MONTH if on == TAKEN_OVER else MERGER) if is_taken_over else date.min
        for programme, benefit, starts in _due(case, history, on, least=least):
            row = self._row(case, programme, benefit, min(starts.values()), on, is_taken_over=is_taken_over)
            by = self.merit_leader if programme == Programme.MERIT else self._leader(case)
            yield GrantOfMany(row=row, history=history, starts=starts, known_on=on, at=one.at, by=by)

    def _row(
        self, case: Case, programme: Programme, benefit: Benefit, first_month: date, on: date, *, is_taken_over: bool
    ) -> Entitlement:
        payee, ground = case.payee, case.payee_ground
        if benefit == Benefit.CARER and case.carer is not None:
            payee, ground = case.carer, PayeeGround.CARER
        decided = case.decided_on if is_taken_over and case.decided_on else on
        words = OLD_SOFTWARE if on == TAKEN_OVER else NEIGHBOUR
        self._numbers += 1
        return Entitlement(
            person_id=case.someone.id, programme=programme, benefit=benefit, unit_id=case.someone.place_on(on)[0],
            payee_id=payee.id, payee_ground=ground, first_month=first_month, decided_on=decided,
            decision_number=f"{self._numbers}/QĐ-{'SNV' if programme == Programme.MERIT else 'UBND'}",
            source=words.format(day=format_day(decided)) if is_taken_over else "",
        )  # fmt: skip

    def _rewrite(
        self, moments: Mapping[int, datetime], whats: Mapping[int, tuple[date, str]], *,
        programmes: tuple[Programme, ...] = (),
    ) -> None:  # fmt: skip
        """Compute rates anew; those of some programmes where the law itself changes them, and nobody decides."""
        known = {pk: local_day(at) for pk, at in moments.items() if pk in self.live}
        histories = histories_as_of(known)
        rewrites = []
        for pk, on in known.items():
            from_month, reason = whats[pk]
            for row in self.live[pk]:
                if programmes and row.programme not in programmes:
                    continue
                is_merit = row.programme == Programme.MERIT
                by = None if programmes else (self.merit_leader if is_merit else self._leader(self.cases[pk]))
                rewrites.append(
                    Rewrite(
                        row=row, history=histories[pk], from_month=month_of(from_month), known_on=on, reason=reason,
                        at=moments[pk], by=by,
                    )
                )  # fmt: skip
        rewrite_many(rewrites)
        self._forget_ended(known)

    def _end(self, one: Happening) -> None:
        death = TellDeath(person_id=one.case.someone.id, died_on=one.day, paper="trích lục khai tử")
        tell_death(death, acting_user_id=None, now=one.at)
        self.live.pop(one.case.someone.id, None)

    def _forget_ended(self, person_ids: Iterable[int]) -> None:
        for pk in list(person_ids):
            left = [row for row in self.live.get(pk, ()) if row.state != EntitlementState.ENDED]
            if left:
                self.live[pk] = left
            else:
                self.live.pop(pk, None)

    def _leader(self, case: Case) -> int:
        return self.officers.of(case.someone.place_on(self.today)[0]).leader


def _due(
    case: Case, history: History, on: date, *, least: date
) -> Iterator[tuple[Programme, Benefit, dict[str, date]]]:
    """Yield what the rules give somebody on a day, with the first month of each category."""
    if case.claim is not None:
        for benefit in merit_benefits_on(history, on):
            if benefit in MONTHLY:
                first = max(merit_first_month(history, on, benefit), least, add_months(month_of(on), -12))
                yield Programme.MERIT, Benefit(benefit), {"": first}
        return
    groups = {str(line.category.group) for line in assess(history.facts_on(on), on=on).lines}
    for group in sorted(groups):
        starts = starts_of(history, group, decided_on=on)
        yield Programme.SOCIAL, Benefit(group), {name: max(month, least) for name, month in starts.items()}

"""What is recorded of the demo's people before anything is paid: areas, circumstances, certificates, claims."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from lienthong.accounts.models import User
from lienthong.assistance.models import Circumstance, DifficultArea, DisabilityCertificate, MeritClaim
from lienthong.kernel.days import local_moment
from lienthong.ops.demo.assistance.areas import REFERENCE, Area
from lienthong.ops.demo.assistance.cases import Case
from lienthong.ops.demo.poverty.officers import Officers

AT_ONCE = 1_000


class Recording:
    """Writes what is known of everybody, as officers of their communes would have recorded it.

    Args:
        officers: Who works in each commune.
        merit: Who proposes and who recognises people with merit, at the province.
        today: The day that is today.
        seed: The same seed gives the same hours.
    """

    def __init__(self, officers: Officers, merit: tuple[User, User], *, today: date, seed: int) -> None:
        self._officers, self._merit, self._today = officers, merit, today
        self._luck = Random(f"{seed}/recording")

    def areas(self, areas: Sequence[Area], by: tuple[User, User]) -> None:
        """Record the especially difficult areas; one officer records, another approves."""
        recorder, _approver = by
        DifficultArea.objects.bulk_create(
            DifficultArea(
                unit_id=one.unit_id, hamlet="", reference=REFERENCE, valid_from=one.since, valid_until=one.until,
                recorded_by=recorder, recorded_at=self._at(one.since),
            )
            for one in areas
        )  # fmt: skip

    def cases(self, cases: Sequence[Case]) -> None:
        """Record what is known of people."""
        circumstances, certificates, claims = [], [], []
        for case in cases:
            person_id, officer = case.someone.id, self._officer(case)
            circumstances += [
                Circumstance(
                    person_id=person_id, name=one.name, value=one.value, valid_from=one.since, valid_until=one.until,
                    evidence=one.evidence, recorded_by_id=officer, recorded_at=self._at(one.since),
                )
                for one in case.known
            ]  # fmt: skip
            if case.paper is not None:
                paper = case.paper
                certificates.append(
                    DisabilityCertificate(
                        person_id=person_id, level=paper.level, kind=paper.kind, number=paper.number,
                        issued_on=paper.issued_on, issued_by_id=case.someone.place_on(paper.issued_on)[0],
                        form_items=None, valid_from=paper.issued_on, valid_until=None, recorded_by_id=officer,
                        recorded_at=self._at(paper.issued_on),
                    )
                )  # fmt: skip
            if case.claim is not None:
                claim = case.claim
                proposer, leader = self._merit
                claims.append(
                    MeritClaim(
                        person_id=person_id, category=claim.data["category"], relation=claim.data.get("relation", ""),
                        data=claim.data, decision_number=claim.decision_number, valid_from=claim.since, valid_until=None,
                        prepared_by=proposer, recorded_by=leader, recorded_at=self._at(claim.since),
                    )
                )  # fmt: skip
        Circumstance.objects.bulk_create(circumstances, batch_size=AT_ONCE)
        DisabilityCertificate.objects.bulk_create(certificates, batch_size=AT_ONCE)
        MeritClaim.objects.bulk_create(claims, batch_size=AT_ONCE)

    def _officer(self, case: Case) -> int:
        return self._officers.of(case.someone.place_on(self._today)[0]).officer

    def _at(self, day: date) -> datetime:
        """Return a moment some days later, in office hours, before today."""
        latest = self._today - timedelta(days=1)
        on = min(day + timedelta(days=self._luck.randint(0, 4)), latest)
        return local_moment(on, time(8 + self._luck.randrange(8), self._luck.randrange(60)))

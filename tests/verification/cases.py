"""Cases to test with: a register, a batch, records of a commune with what the population has for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from lienthong.accounts.models import User
from lienthong.accounts.states import Role
from lienthong.verification.linkage.vocabulary import FieldVerdict, Status
from lienthong.verification.models import Batch, Case, Register, RegisterEntry, Verdict
from lienthong.verification.services import cases
from lienthong.verification.states import BatchState
from tests.world import COMMUNE, HOME_AFFAIRS, World

OURS = {
    "number": "019085001234", "full_name": "Ma Thị Hương", "birth_date": "05/07/1960", "sex": "Nữ", "ethnicity": "Tày",
    "village": "Xóm Đồng Tâm", "commune_code": "05443", "head_name": "Ma Văn Tài",
}  # fmt: skip
EQUAL = {
    name: {"verdict": FieldVerdict.EQUAL, "weight": 6.5} for name in ("number", "name", "birth", "sex", "ethnicity")
}
_numbers = count(1)


def theirs(**changes: str) -> dict[str, str]:
    """The person as the population has them."""
    person = {
        name: OURS[name]
        for name in ("number", "full_name", "birth_date", "sex", "ethnicity", "commune_code", "head_name")
    }
    return {**person, "life_status": "song", **changes}


@dataclass
class Caseload:
    """Makes cases of a commune and the people who work them."""

    world: World
    threshold: float = 0.99
    _made: dict[str, Any] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.world.now

    @property
    def register(self) -> Register:
        if "register" not in self._made:
            self._made["register"] = Register.objects.create(
                code=f"so-{next(_numbers)}", name="Sổ đối tượng bảo trợ xã hội", created_at=self.now
            )
        return self._made["register"]  # type: ignore[no-any-return]

    @property
    def batch(self) -> Batch:
        if "batch" not in self._made:
            self._made["batch"] = Batch.objects.create(
                register=self.register, year=2026, sequence=5_000 + next(_numbers), mode="police_exchange", state=BatchState.DONE,
                created_at=self.now, finished_at=self.now, threshold=self.threshold,
            )  # fmt: skip
        return self._made["batch"]  # type: ignore[no-any-return]

    def entry(self, *, commune: str = COMMUNE, **facts: Any) -> RegisterEntry:
        unit = self.world.agency(commune).unit
        said = {**OURS, "record_key": f"A{next(_numbers):05d}", "list_name": "Bảo trợ", "digest": "0" * 32, **facts}
        return RegisterEntry.objects.create(register=self.register, commune=unit, **said)

    def case(
        self, kind: Status = Status.NAME_DIFFERS, *, found: dict[str, str] | None = None, differs: str = "name",
        verdict: FieldVerdict = FieldVerdict.DIFFERENT, probability: float = 0.995, linked: bool = True,
        days_ago: int = 0, commune: str = COMMUNE, **facts: Any,
    ) -> Case:  # fmt: skip
        """A case about one field that differs; the name by default."""
        entry = self.entry(commune=commune, **facts)
        fields = {**EQUAL, **({differs: {"verdict": verdict, "weight": -3.25}} if differs else {})}
        person = (found if found is not None else theirs(full_name="Ma Thị Hường")) if linked else {}
        said = Verdict.objects.create(
            batch=self.batch, entry=entry, status=kind, probability=probability if linked else 0.0, is_linked=linked,
            found_number=person.get("number", ""), stage="blocked" if linked else "none", fields=fields if linked else {},
            snapshot=person, explanation="Trùng số định danh, ngày sinh; họ tên khác một chữ.", digest="1" * 32,
            judged_at=self.now,
        )  # fmt: skip
        return Case.objects.create(
            verdict=said, entry=entry, commune=entry.commune, village=entry.village, kind=kind,
            probability=said.probability, opened_at=self.now - timedelta(days=days_ago),
        )  # fmt: skip

    def number_case(self, **facts: Any) -> Case:
        """A case whose acceptance writes an identity number."""
        return self.case(
            Status.NUMBER_MISSING, found=theirs(), differs="number", verdict=FieldVerdict.MISSING_HERE,
            **{"number": "", **facts},
        )  # fmt: skip

    @property
    def officer(self) -> User:
        return self.world.officer(Role.PROCESSOR)

    @property
    def head(self) -> User:
        return self.world.officer(Role.LEADER)

    @property
    def province(self) -> User:
        return self.world.officer(Role.PROCESSOR, HOME_AFFAIRS)


def target(case: Case) -> cases.CaseTarget:
    """Aim at a case as it stands."""
    return cases.CaseTarget(case_id=case.pk, seen=case.version, client_key=uuid4())


def many(*chosen: Case) -> cases.ManyCases:
    """Aim at cases as they stand."""
    return cases.ManyCases(shown=tuple((case.pk, case.version) for case in chosen), client_key=uuid4())

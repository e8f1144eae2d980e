"""Registers with verdicts, made by hand or at random: what tests of quality, reviews and thresholds stand on."""

from __future__ import annotations

import random
from datetime import date, datetime
from itertools import count
from typing import Any

from lienthong.kernel.days import local_moment
from lienthong.units.models import AdministrativeUnit
from lienthong.verification.linkage.vocabulary import Status
from lienthong.verification.models import Batch, PopulationCopy, Register, RegisterEntry, Verdict
from lienthong.verification.states import BatchMode, BatchState, CopyState

TODAY = date(2026, 11, 16)
NOW = local_moment(TODAY)
NUMBERS = ("", "   ", "090123456", "019185001234", "19185001234", "'019185001234")
_keys = count(1)


def make_register(code: str = "bao-tro") -> Register:
    return Register.objects.create(code=code, name=f"Sổ {code}", created_at=NOW)


def make_copy(as_of: date, *, state: CopyState = CopyState.SUPERSEDED) -> PopulationCopy:
    return PopulationCopy.objects.create(
        as_of=as_of, sha256="0" * 64, file_name="dan-cu.parquet", folder="x", loaded_at=NOW, ready_at=NOW, state=state
    )


def make_batch(register: Register, copy: PopulationCopy | None = None, **facts: Any) -> Batch:
    known = {
        "mode": BatchMode.LOCAL_COPY if copy else BatchMode.POLICE_EXCHANGE,
        "state": BatchState.DONE,
        "finished_at": NOW,
        "threshold": 0.99,
    }
    return Batch.objects.create(
        register=register, year=2026, sequence=next(_keys), population_copy=copy, created_at=NOW, **{**known, **facts}
    )


def make_entry(register: Register, commune: AdministrativeUnit | None = None, **facts: Any) -> RegisterEntry:
    known = {
        "number": "019185001234",
        "full_name": "Ma Thị Lan",
        "birth_date": "01/05/1985",
        "sex": "Nữ",
        "ethnicity": "Tày",
        "commune_code": "05443",
    }
    key = next(_keys)
    return RegisterEntry.objects.create(
        register=register, record_key=f"K{key:05d}", digest=f"{key:032d}", commune=commune, **{**known, **facts}
    )


def make_verdict(batch: Batch, entry: RegisterEntry, status: str = Status.VERIFIED, **facts: Any) -> Verdict:
    known: dict[str, Any] = {
        "probability": 0.9995,
        "is_linked": status not in {Status.NOT_FOUND, Status.SEVERAL_CANDIDATES},
        "stage": "blocked",
        "digest": "1" * 32,
        "judged_at": batch.finished_at or NOW,
    }
    return Verdict.objects.create(batch=batch, entry=entry, status=status, **{**known, **facts})


def random_register(register: Register, communes: list[AdministrativeUnit | None], *, size: int, seed: int) -> None:
    """Fill a register with records of all kinds, checked against a fresh copy, an old one, by the police or not at all."""
    chance = random.Random(seed)
    fresh = PopulationCopy.objects.filter(as_of=date(2026, 11, 1)).first() or make_copy(date(2026, 11, 1))
    old = PopulationCopy.objects.filter(as_of=date(2026, 6, 1)).first() or make_copy(date(2026, 6, 1))
    batches = [make_batch(register, fresh), make_batch(register, old), make_batch(register)]
    statuses = list(Status)
    for _number in range(size):
        gap = chance.choice(["", "", "", "full_name", "birth_date", "sex", "ethnicity", "commune_code"])
        entry = make_entry(
            register,
            chance.choice(communes),
            number=chance.choice(NUMBERS),
            findings=chance.choice(
                [None, None, [], [], ["number_other_sex"], ["number_missing"], ["birth_year_only", "number_twice"]]
            ),
            is_current=chance.random() > 0.05,
            **({gap: ""} if gap else {}),
        )
        if chance.random() < 0.85:
            tags = chance.sample(statuses, chance.choice([0, 0, 0, 1, 2]))
            make_verdict(chance.choice(batches), entry, chance.choice([*statuses, *[Status.VERIFIED] * 9]), tags=tags)
        if chance.random() < 0.2:
            make_verdict(make_batch(register, fresh), entry, Status.DEAD, is_current=False)


def moment(day: str) -> datetime:
    return local_moment(date.fromisoformat(day))

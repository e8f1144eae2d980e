"""Invented provinces on disk, kept for the next run."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from lienthong.ops import demo, invented
from lienthong.ops.bench.order import Order
from lienthong.ops.bench.verification import processes
from lienthong.ops.invented.province import SEED

COMPLETE = "complete.json"
RECORDS_PER_PERSON = 190 / 1300


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A province to measure on.

    Attributes:
        people: People in its population; the registers grow with it.
        tiers: Tiers of dirt of its registers.
        kinds: Other kinds of dirt.
        seed: Where its chance comes from.
    """

    people: int
    tiers: Sequence[str] = ("medium",)
    kinds: Sequence[str] = ()
    seed: int = SEED

    @property
    def records(self) -> int:
        """Records of the registers."""
        return round(self.people * RECORDS_PER_PERSON)


def kept(wanted: Wanted, order: Order) -> Path:
    """Return the folder of a province, invented now or found from an earlier run.

    A folder is named by what it holds: the wishes, and a digest of the generator. Those of another generator are dropped.
    """
    root = Path(settings.DATA_DIR) / "bench" / "provinces"
    generator = _generator()
    for other in root.glob("*"):
        if not other.name.startswith(generator):
            shutil.rmtree(other)
    wish = hashlib.sha256(json.dumps(asdict(wanted), sort_keys=True).encode()).hexdigest()[:10]
    folder = root / f"{generator}-{wish}"
    if (folder / COMPLETE).exists() and not order.is_fresh:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    order.say(f"dựng tỉnh giả định: {wanted.people} người, {wanted.records} hồ sơ")
    ran = processes.run("invent", folder=folder, options={**asdict(wanted), "records": wanted.records})
    (folder / COMPLETE).write_text(json.dumps({**asdict(wanted), "seconds": ran.seconds}), encoding="utf-8")
    return folder


def _generator() -> str:
    """Return a digest of everything that the files depend on: the generator, its tables and those of the demo."""
    digest = hashlib.sha256()
    names = Path(str(demo.__file__)).parent
    for file in (
        *sorted(Path(str(invented.__file__)).parent.glob("*.[py]*")),
        names / "names.yaml",
        names / "names.py",
    ):
        if file.is_file():
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:10]

"""Compare a register with the population, both of them files: no database, nothing kept but what is asked for.

Đối chiếu tệp danh sách với tệp dữ liệu dân cư.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from lienthong.verification.linkage.vocabulary import Status
from lienthong.verification.tables import (
    POPULATION_COLUMNS,
    Canonical,
    Guess,
    TableKind,
    TableRefused,
    canonical_frame,
    guess_mapping,
    read_mapping_file,
    read_table,
    write_results,
)
from lienthong.verification.tables.refusals import FileMissing, reason_of
from lienthong.verification.tables.results import check_writable

# A prepared population of another form is prepared anew.
_PREPARED_FORM = 1
_MOST_SKIPPED_NAMED = 1_000
# What the engine is at, in words.
_STAGES = {
    "exact": "so theo số định danh", "blocked": "tìm người có thể đúng", "weigh": "tính trọng số", "rescue": "tìm lại lần nữa",
    "household": "so theo hộ", "explain": "viết giải thích",
}  # fmt: skip

Tell = Callable[[str], None]


class EngineMissing(TableRefused):
    """The engine that was asked for is not installed, or its cluster is not named."""


class OutputOverInput(TableRefused):
    """What comes out would be written over what goes in."""


class SameFileTwice(TableRefused):
    """The register and the population are one and the same file."""


@dataclass(frozen=True, slots=True)
class VerifyFiles:
    """What to compare, and where the results go. Lệnh đối chiếu.

    Attributes:
        communes: Map of old communes to new ones.
        mapping: Mapping file of the register; ``population_mapping`` likewise.
        out: Where the results go; nowhere when None.
        prepared: Where the prepared population is kept for the next time.
        engine: "local", or "spark" with ``master``, and ``shared``, a folder that all machines of the cluster see.
    """

    register: Path
    population: Path
    communes: Path | None = None
    mapping: Path | None = None
    population_mapping: Path | None = None
    sheet: str | None = None
    out: Path | None = None
    prepared: Path | None = None
    engine: str = "local"
    master: str = ""
    shared: Path | None = None


@dataclass(slots=True)
class Report:
    """What came of it. Báo cáo đối chiếu."""

    records: int = 0
    linked: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    register: dict[str, Any] = field(default_factory=dict)
    population: dict[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    peak_memory_mb: float = 0.0
    out: str | None = None

    def as_plain_data(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "records": self.records, "linked": self.linked, "statuses": self.statuses, "register": self.register,
            "population": self.population, "seconds": self.seconds, "peak_memory_mb": self.peak_memory_mb, "out": self.out,
        }  # fmt: skip


def verify_files(command: VerifyFiles, *, tell: Tell) -> Report:
    """Read both files, compare, write one row for each row of the register.

    Args:
        command: What to compare.
        tell: Is told each step as it begins.

    Returns:
        Counts by status, how every row of the files was accounted for, seconds of each step and the peak of memory.

    Raises:
        TableRefused: A file cannot be taken, or the results not be written; nothing has been written then.
    """
    report = Report(out=str(command.out) if command.out else None)
    clock = _Clock(report.seconds, tell)
    if command.out:
        check_writable(command.out)
    _refuse_overwriting(command)
    if command.prepared and not command.prepared.parent.is_dir():
        raise FileMissing(
            f"Không có thư mục “{command.prepared.parent}” để giữ dữ liệu đã chuẩn bị. Hãy tạo thư mục ấy trước."
        )
    with clock.step("read_register", "Đọc danh sách"):
        register = _read(command.register, TableKind.REGISTER, command.mapping, report.register, sheet=command.sheet)
    places = None
    if command.communes:
        with clock.step("read_communes", "Đọc bảng xã cũ, xã mới"):
            places = _read(command.communes, TableKind.COMMUNES, None, {}).frame
    _refuse_one_file(command)
    verdicts = _on_spark(command, register, places, report, clock) if command.engine == "spark" else _here(
        command, register, places, report, clock
    )  # fmt: skip
    report.records = verdicts.height
    report.linked = verdicts["number"].count()
    counts = dict(verdicts["status"].cast(pl.String).value_counts().iter_rows())
    report.statuses = {status.value: counts.get(status.value, 0) for status in Status}
    if command.out:
        with clock.step("write", "Ghi kết quả"):
            write_results(verdicts, path=command.out)
    report.seconds["total"] = round(time.perf_counter() - clock.began, 2)
    report.peak_memory_mb = peak_memory_mb()
    return report


def _here(
    command: VerifyFiles, register: Canonical, places_frame: pl.DataFrame | None, report: Report, clock: _Clock
) -> pl.DataFrame:
    from lienthong.verification.linkage import Places, Register, link

    places = Places.read(places_frame)
    population = _prepared_population(command, places, report, clock)
    with clock.step("prepare_register", "Chuẩn hóa danh sách"):
        prepared = Register.prepare(register.frame, population=population, places=places)
    with clock.step("link", "Đối chiếu"):
        return link(prepared, population, progress=clock.progress).verdicts


def _on_spark(
    command: VerifyFiles, register: Canonical, places: pl.DataFrame | None, report: Report, clock: _Clock
) -> pl.DataFrame:
    if not command.master:
        raise EngineMissing("Thiếu --master. Ví dụ: --engine spark --master spark://may-chu:7077")
    from lienthong.verification.spark import cluster
    from lienthong.verification.spark.run import run

    try:
        cluster.ensure_installed()
    except cluster.SparkMissing as missing:
        raise EngineMissing(str(missing)) from missing
    if command.shared and not command.shared.is_dir():
        raise EngineMissing(f"Không có thư mục {command.shared}. --shared phải là thư mục mọi máy của cụm đều thấy.")
    with clock.step("read_population", "Đọc dữ liệu dân cư"):
        population = _population_for_cluster(command, report)
    with clock.step("link", f"Đối chiếu trên Spark {command.master}"):
        try:
            return run(register.frame, population, places, master=command.master, folder=command.shared)
        except cluster.MasterUnreachable as refusal:
            raise EngineMissing(str(refusal)) from refusal


def _population_for_cluster(command: VerifyFiles, report: Report) -> pl.DataFrame | Path:
    """Leave a Parquet file in our own columns where it is: the machines of the cluster read it, part by part."""
    path = command.population
    if not command.population_mapping and path.suffix == ".parquet" and path.is_file():
        try:
            kept = pl.read_parquet_schema(path)
        except pl.exceptions.PolarsError:
            kept = {}
        if {"number", "full_name", "birth_date"} <= set(kept) <= set(POPULATION_COLUMNS):
            return path.resolve()
    return _read(path, TableKind.POPULATION, command.population_mapping, report.population).frame


def _prepared_population(command: VerifyFiles, places: Any, report: Report, clock: _Clock) -> Any:
    """Take the prepared population when it is of these very files, else prepare it and keep it where asked."""
    from lienthong.verification.linkage import Population

    mark = _mark(command) if command.prepared else {}
    if command.prepared and _is_kept(command.prepared, mark):
        with clock.step("load_prepared", "Mở dữ liệu dân cư đã chuẩn bị"):
            report.population.update(_note(command.prepared)["account"])
            return Population.load(command.prepared)
    with clock.step("read_population", "Đọc dữ liệu dân cư"):
        canonical = _read(command.population, TableKind.POPULATION, command.population_mapping, report.population)
    with clock.step("prepare_population", "Chuẩn hóa dữ liệu dân cư"):
        population = Population.prepare(canonical.frame, places=places)
    if command.prepared:
        with clock.step("save_prepared", "Giữ dữ liệu dân cư đã chuẩn bị"):
            _keep(population, command.prepared, mark, report.population)
    return population


def _read(
    path: Path, kind: TableKind, mapping: Path | None, account: dict[str, Any], *, sheet: str | None = None
) -> Canonical:
    table = read_table(path, sheet=sheet)
    guess = guess_mapping(table, kind=kind, given=read_mapping_file(mapping) if mapping else None)
    canonical = canonical_frame(table, guess.require(table))
    account.update(_account(path, table.source, guess, canonical))
    return canonical


def _account(path: Path, source: str, guess: Guess, canonical: Canonical) -> dict[str, Any]:
    skipped = [{"first": one.first, "last": one.last, "reason": one.reason} for one in canonical.skipped]
    return {
        "file": path.name, "source": source, "rows_in_file": canonical.rows_in_file, "records": canonical.frame.height,
        "rows_skipped": sum(one.count for one in canonical.skipped), "skipped": skipped[:_MOST_SKIPPED_NAMED],
        "mapping": guess.mapping.as_plain_data(), "confidence": dict(guess.confidence),
        "unmapped": list(guess.unmapped), "signature": guess.signature, "notices": list(canonical.notices),
    }  # fmt: skip


def _refuse_overwriting(command: VerifyFiles) -> None:
    """Refuse to write what comes out over what goes in."""
    read = (command.register, command.population, command.communes, command.mapping, command.population_mapping)
    for written in (command.out, command.prepared):
        if written and any(path and path.resolve() == written.resolve() for path in read):
            raise OutputOverInput(f"“{written}” là tệp đầu vào. Hãy chọn tên khác để không ghi đè lên nó.")


def _refuse_one_file(command: VerifyFiles) -> None:
    try:
        same = command.register.samefile(command.population) or (
            command.register.stat().st_size == command.population.stat().st_size
            and _digest(command.register) == _digest(command.population)
        )
    except OSError as missing:
        raise FileMissing(
            f"Không mở được tệp “{command.population}” ({reason_of(missing)}). Hãy kiểm tra đường dẫn."
        ) from missing
    if same:
        raise SameFileTwice(
            "Danh sách và dữ liệu dân cư là cùng một tệp, nên ai cũng khớp với chính mình. Hãy nêu đúng hai tệp."
        )


def _digest(path: Path | None) -> str:
    if path is None:
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _mark(command: VerifyFiles) -> dict[str, Any]:
    """Return what a prepared population depends on."""
    return {
        "form": _PREPARED_FORM, "population": _digest(command.population), "communes": _digest(command.communes),
        "mapping": _digest(command.population_mapping),
    }  # fmt: skip


def _note_path(prepared: Path) -> Path:
    return prepared.with_name(f"{prepared.name}.json")


def _note(prepared: Path) -> dict[str, Any]:
    try:
        note: dict[str, Any] = json.loads(_note_path(prepared).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note


def _is_kept(prepared: Path, mark: dict[str, Any]) -> bool:
    """Say whether the file is the one this command wrote for the same input; nothing else is ever opened."""
    note = _note(prepared)
    return prepared.is_file() and note.get("mark") == mark and note.get("sha256") == _digest(prepared)


def _keep(population: Any, prepared: Path, mark: dict[str, Any], account: dict[str, Any]) -> None:
    note = _note_path(prepared)
    # The note goes first and comes last: a run that breaks off in between leaves a file that nobody trusts.
    note.unlink(missing_ok=True)
    population.save(prepared)
    draft = note.with_name(f".{note.name}.part")
    told = {"mark": mark, "sha256": _digest(prepared), "account": account}
    draft.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    draft.replace(note)


class _Clock:
    """Tells each step and notes how long it took."""

    def __init__(self, seconds: dict[str, float], tell: Tell) -> None:
        self._seconds, self._tell = seconds, tell
        self.began = self._told_at = time.perf_counter()

    @contextmanager
    def step(self, name: str, title: str) -> Iterator[None]:
        began = time.perf_counter()
        self._tell(f"{title} …")
        yield
        self._seconds[name] = round(time.perf_counter() - began, 2)

    def progress(self, stage: str, share: float) -> None:
        """Pass on where the engine is, not more than twice a second."""
        now = time.perf_counter()
        if now - self._told_at >= 0.5:
            self._told_at = now
            self._tell(f"  {_STAGES.get(stage, stage)} {share:.0%}")


def peak_memory_mb() -> float:
    """Return the most memory that this process has held; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)

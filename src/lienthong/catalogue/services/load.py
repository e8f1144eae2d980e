"""Loading the base data of the catalogue from the files that come with the programme."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.db import transaction

from lienthong.catalogue.comparison import differences
from lienthong.catalogue.definition import ProcedureData, VersionData
from lienthong.catalogue.digests import version_digest
from lienthong.catalogue.events import CATALOGUE, CatalogueLoaded
from lienthong.catalogue.files.reading import read_procedure
from lienthong.catalogue.files.yaml_file import read_yaml
from lienthong.catalogue.findings import errors_of
from lienthong.catalogue.models import Field, Procedure, ProcedureVersion
from lienthong.catalogue.queries.versions import data_of, with_parts
from lienthong.catalogue.services.storage import facts_of, rewrite, write_parts
from lienthong.catalogue.states import VersionStatus
from lienthong.infra import locks
from lienthong.infra.events import events_of, record
from lienthong.kernel.text import sort_key

DATA_FOLDER = Path(__file__).parent.parent / "data"


class UnreadableData(ValueError):
    """A file of the base data does not hold what it should; the message names file and place."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading did. ``kept`` names versions that somebody published or edited otherwise here, and that stay so."""

    procedures: int
    added: int
    changed: int
    kept: tuple[str, ...] = ()


@transaction.atomic
def load_catalogue(*, now: datetime, folder: Path = DATA_FOLDER) -> Loaded:
    """Load fields and procedures from our data files; what is already there and equal is left alone.

    Nạp danh mục gốc. A version that is published here is never changed, except that one without an end gets the end
    that the files give it. A draft that nobody has touched follows the files.

    Args:
        now: The moment of loading.
        folder: Where ``fields.csv`` and ``procedures/*.yaml`` lie.

    Raises:
        UnreadableData: A file cannot be read, or names something that does not exist.
    """
    locks.hold("catalogue")
    files = sorted((folder / "procedures").glob("*.yaml"))
    digest = _digest_of([folder / "fields.csv", *files])
    earlier = [event.payload for event in events_of(CATALOGUE) if event.name == CatalogueLoaded.__name__]
    if earlier and earlier[-1]["digest"] == digest and "versions" in earlier[-1]:
        return Loaded(earlier[-1]["procedures"], 0, 0)
    fields = _load_fields(folder / "fields.csv")
    wanted = _read_all(files, fields)
    procedures = _load_procedures(wanted, fields)
    loaded, published = _load_versions(wanted, procedures, now)
    record(
        CatalogueLoaded(procedures=loaded.procedures, added=loaded.added, digest=digest, versions=published),
        stream=CATALOGUE,
        actor_id=None,
        at=now,
    )
    return loaded


def _digest_of(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _load_fields(file: Path) -> dict[str, Field]:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    Field.objects.bulk_create(
        [
            Field(
                code=row["code"],
                name=row["name_vi"],
                name_en=row["name_en"],
                note=row["note"],
                sort_key=sort_key(row["name_vi"]),
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "name_en", "note", "sort_key"],
    )
    return {field.code: field for field in Field.objects.all()}


def _read_all(files: list[Path], fields: dict[str, Field]) -> list[ProcedureData]:
    wanted: dict[str, ProcedureData] = {}
    for file in files:
        for raw in read_yaml(file.read_bytes()):
            reading = read_procedure(raw, field=file.stem)
            if errors := errors_of(reading.findings):
                raise UnreadableData(f"{file.name}, {reading.code}: {'; '.join(map(str, errors))}")
            if reading.code in wanted:
                raise UnreadableData(f"{file.name}: mã {reading.code} đã có ở tệp khác.")
            if reading.procedure.field not in fields:
                raise UnreadableData(f"{file.name}, {reading.code}: không có lĩnh vực “{reading.procedure.field}”.")
            wanted[reading.code] = reading.procedure
    for procedure in wanted.values():
        if unknown := set(procedure.predecessors) - set(wanted):
            raise UnreadableData(f"{procedure.code}: không có thủ tục tiền thân {', '.join(sorted(unknown))}.")
    return list(wanted.values())


def _load_procedures(wanted: list[ProcedureData], fields: dict[str, Field]) -> dict[str, Procedure]:
    Procedure.objects.bulk_create(
        [
            Procedure(
                code=one.code,
                field=fields[one.field],
                code_confidence=one.code_confidence,
                confidence=one.confidence,
            )
            for one in wanted
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["field", "code_confidence", "confidence"],
    )
    procedures = {procedure.code: procedure for procedure in Procedure.objects.select_related("field")}
    edge = Procedure.predecessors.through
    edge.objects.bulk_create(
        [
            edge(from_procedure_id=procedures[one.code].pk, to_procedure_id=procedures[earlier].pk)
            for one in wanted
            for earlier in one.predecessors
        ],
        ignore_conflicts=True,
    )
    return procedures


def _load_versions(
    wanted: list[ProcedureData], procedures: dict[str, Procedure], now: datetime
) -> tuple[Loaded, dict[str, str]]:
    """Write the versions; return also the digest of each one that is published as the files say it."""
    present: dict[str, list[ProcedureVersion]] = {}
    for there in with_parts(ProcedureVersion.objects.order_by("valid_from")):
        present.setdefault(there.procedure.code, []).append(there)
    added: list[tuple[ProcedureVersion, VersionData]] = []
    published: dict[str, str] = {}
    changed, kept = 0, []
    for procedure in wanted:
        known = present.get(procedure.code, [])
        number = max((one.number for one in known), default=0)
        # What was withdrawn before it began stays so, unless the office published another one for that day.
        by_day = {one.valid_from: one for one in sorted(known, key=lambda one: one.status != VersionStatus.WITHDRAWN)}
        for data in procedure.versions:
            version, digest = by_day.get(data.valid_from), version_digest(data)
            if version is None:
                number += 1
                version = _new(procedures[procedure.code], number, data, now)
                added.append((version, data))
            elif _follow(version, data, now):
                changed += 1
            else:
                ours = data_of(version)
                if differences(ours, data):
                    kept.append(f"{procedure.code} từ {data.valid_from:%d/%m/%Y}")
                if version_digest(ours) != digest:
                    continue
            if version.status != VersionStatus.DRAFT:
                published[f"{procedure.code} {data.valid_from.isoformat()}"] = digest
    ProcedureVersion.objects.bulk_create(version for version, _data in added)
    write_parts(added)
    return Loaded(len(wanted), len(added), changed, tuple(kept)), published


def _new(procedure: Procedure, number: int, data: VersionData, now: datetime) -> ProcedureVersion:
    is_published = data.status == VersionStatus.PUBLISHED
    return ProcedureVersion(
        procedure=procedure,
        number=number,
        status=VersionStatus.PUBLISHED if is_published else VersionStatus.DRAFT,
        published_at=now if is_published else None,
        **facts_of(data),
    )


def _follow(version: ProcedureVersion, data: VersionData, now: datetime) -> bool:
    """Let a version follow its file as far as it may; tell whether anything was done."""
    ours = data_of(version)
    if version.status == VersionStatus.DRAFT and not version.prepared_by:
        is_published = data.status == VersionStatus.PUBLISHED
        if not is_published and not differences(ours, data):
            return False
        version.status, version.published_at = data.status, now if is_published else None
        rewrite(version, data)
        return True
    if (
        version.status == VersionStatus.PUBLISHED
        and version.valid_until is None
        and data.valid_until is not None
        and not differences(replace(ours, valid_until=data.valid_until), data)
    ):
        version.valid_until = data.valid_until
        version.save(update_fields=["valid_until"])
        return True
    return False

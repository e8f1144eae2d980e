"""Points tables of form B1: loaded by one officer from a file, approved by another, replaced by a new version only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.accounts.models import User
from lienthong.infra import locks
from lienthong.infra.events import record
from lienthong.kernel.text import clean_line
from lienthong.poverty.events import PointsTableApproved, PointsTableLoaded
from lienthong.poverty.models import PointsTableVersion
from lienthong.poverty.points_comparison import features_gone
from lienthong.poverty.points_file import read_points_file
from lienthong.poverty.queries.standards import rules_table, version_before
from lienthong.poverty.services import approvals
from lienthong.poverty.services.approvals import StandardRefused
from lienthong.poverty.states import ApprovalState
from lienthong.rules.poverty.points import Feature, PointsTable
from lienthong.rules.poverty.standards import NoStandard, standard


class PointsNamedBadly(StandardRefused):
    """A table without a name or source cannot be told from another."""


class StandardUnknown(StandardRefused):
    """There is no such standard, or the table would begin outside it."""


class SameTableLoaded(StandardRefused):
    """A version with exactly these points is there."""


class FeaturesGone(StandardRefused):
    """The table lacks whole features of the version before, and nobody has said that they are meant to go.

    ``features`` has the names of all that are gone by their codes, those that somebody has confirmed too.
    """

    def __init__(self, gone: Sequence[Feature], *, confirmed: Collection[str], number: int) -> None:
        self.features = {feature.code: feature.label for feature in gone}
        named = ", ".join(f"{name} ({code})" for code, name in self.features.items() if code not in confirmed)
        super().__init__(
            _("Bảng này không có những đặc điểm mà phiên bản %(number)s có: %(names)s.")
            % {"number": number, "names": named}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPointsTable:
    """A file with the points of form B1. Nạp bảng điểm B1.

    Attributes:
        source: The text that sets the points.
        is_superseded: It is of an earlier period and serves trials only; every screen and print will say so.
        valid_from: From when it serves; None for the first day of the standard.
        without: Codes of features of the version before that this one is meant to lack.
    """

    path: Path
    file_name: str
    standard_id: str
    name: str
    source: str
    is_superseded: bool = False
    valid_from: date | None = None
    without: frozenset[str] = frozenset()


@transaction.atomic
def load_points_table(command: LoadPointsTable, *, acting_user: User, now: datetime) -> PointsTableVersion:
    """Keep a points table for a second person to approve. Nothing is scored with it before.

    Nạp bảng điểm B1.

    Raises:
        NotYourStandard: The user is no officer of the competent agency.
        StandardUnknown, PointsNamedBadly: The standard, the day, the name or the source is missing or wrong.
        TableRefused: The file is no table.
        PointsFileRefused: The table is incomplete or contradicts itself; with every problem.
        SameTableLoaded: This table is loaded already.
        FeaturesGone: It lacks features of the version before that ``without`` does not name.
    """
    approvals.may_prepare(acting_user, now)
    try:
        law = standard(command.standard_id)
    except NoStandard as unknown:
        raise StandardUnknown(str(unknown)) from unknown
    begins = command.valid_from or law.valid_from
    if begins < law.valid_from or (law.valid_until is not None and begins >= law.valid_until):
        raise StandardUnknown(
            _("Ngày bắt đầu dùng phải nằm trong thời gian của chuẩn %(standard)s.") % {"standard": law.id}
        )
    name, source = " ".join(command.name.split()), " ".join(command.source.split())
    if not name or not source:
        raise PointsNamedBadly(_("Ghi tên bảng điểm và văn bản ban hành bảng điểm."))
    locks.hold(f"poverty:points:{law.id}")
    number = PointsTableVersion.objects.filter(standard_id=law.id).count() + 1
    table = read_points_file(
        command.path, version=f"{law.id}/{number}", name=command.file_name, is_superseded=command.is_superseded
    )
    content = content_of(table)
    digest = digest_of(content, table.columns)
    _refuse_same(law.id, digest)
    _refuse_gone(law.id, number, table, confirmed=command.without)
    version: PointsTableVersion = PointsTableVersion.objects.create(
        standard_id=law.id,
        number=number,
        name=clean_line(name, at_most=200),
        source=clean_line(source, at_most=300),
        is_superseded=command.is_superseded,
        columns=list(table.columns),
        content=content,
        digest=digest,
        file_name=command.file_name[-255:],
        valid_from=begins,
        prepared_by=acting_user,
        prepared_at=now,
    )
    fact = PointsTableLoaded(table_id=version.pk, standard_id=law.id, number=number, digest=digest)
    record(fact, stream=approvals.stream_of(version), actor_id=acting_user.pk, at=now)
    return version


@transaction.atomic
def approve_points_table(table_id: int, *, acting_user: User, now: datetime) -> PointsTableVersion:
    """Let a loaded table serve rounds that begin from now on; rounds that began keep theirs.

    Duyệt bảng điểm B1.

    Raises:
        StandardChangeUnknown: There is none.
        NotYourStandard, PreparedByApprover, AlreadyDecided: The user or the state does not allow it.
    """
    version = approvals.locked(PointsTableVersion, table_id)
    fact = PointsTableApproved(
        table_id=version.pk, standard_id=version.standard_id, number=version.number, digest=version.digest
    )
    approvals.approve(version, what=_what(version), acting_user=acting_user, now=now, fact=fact)
    return version


@transaction.atomic
def refuse_points_table(table_id: int, *, reason: str, acting_user: User, now: datetime) -> PointsTableVersion:
    """Turn a loaded table down. Không duyệt bảng điểm B1.

    Raises:
        StandardChangeUnknown, StandardRefused: As in ``approvals.refuse``.
    """
    version = approvals.locked(PointsTableVersion, table_id)
    approvals.refuse(version, what=_what(version), reason=reason, acting_user=acting_user, now=now)
    return version


@transaction.atomic
def withdraw_points_table(table_id: int, *, reason: str, acting_user: User, now: datetime) -> PointsTableVersion:
    """Take an approved table out of use for rounds to come. Thôi dùng bảng điểm B1.

    Raises:
        StandardChangeUnknown, StandardRefused: As in ``approvals.withdraw``.
    """
    version = approvals.locked(PointsTableVersion, table_id)
    approvals.withdraw(version, what=_what(version), reason=reason, acting_user=acting_user, now=now)
    return version


def content_of(table: PointsTable) -> dict[str, Any]:
    """Return a table as it is stored."""
    return {
        "features": [
            {
                "code": feature.code,
                "label": feature.label,
                "kind": str(feature.kind),
                "levels": [
                    {
                        "code": level.code,
                        "label": level.label,
                        "minimum": level.minimum,
                        "maximum": level.maximum,
                        "points": dict(level.points),
                    }
                    for level in feature.levels
                ],
            }
            for feature in table.features
        ]
    }


def digest_of(content: dict[str, Any], columns: tuple[str, ...]) -> str:
    """Return the mark of a table's points: the same for the same table, whatever its file is called."""
    plain = json.dumps([list(columns), content], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _refuse_same(standard_id: str, digest: str) -> None:
    kept = (ApprovalState.DRAFT, ApprovalState.APPROVED)
    same = PointsTableVersion.objects.filter(standard_id=standard_id, digest=digest, state__in=kept)
    if (version := same.order_by("number").first()) is not None:
        words = {"number": version.number, "name": version.name, "state": ApprovalState(version.state).label}
        raise SameTableLoaded(
            _("Bảng điểm này giống hệt phiên bản %(number)s (%(name)s, %(state)s), nên không nạp lần nữa.") % words
        )


def _refuse_gone(standard_id: str, number: int, table: PointsTable, *, confirmed: Collection[str]) -> None:
    before = version_before(PointsTableVersion(standard_id=standard_id, number=number))
    gone = features_gone(rules_table(before), table) if before is not None else []
    if before is not None and any(feature.code not in confirmed for feature in gone):
        raise FeaturesGone(gone, confirmed=confirmed, number=before.number)


def _what(version: PointsTableVersion) -> str:
    return _("Bảng điểm B1 phiên bản %(number)s của chuẩn %(standard)s") % {
        "number": version.number,
        "standard": version.standard_id,
    }

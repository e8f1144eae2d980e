"""What the office added to the law on a day: the points table, the provincial lines, and their versions."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from lienthong.infra.missing import NotFound
from lienthong.kernel.legal import LegalReference
from lienthong.poverty.models import PointsTableVersion, ProvincialLine
from lienthong.poverty.states import ApprovalState, AreaKind, LineKind
from lienthong.rules.poverty.points import Feature, Kind, Level, PointsTable
from lienthong.rules.poverty.standards import ProvincialLines, standard


class LineUnknown(NotFound):
    """There is no such provincial line."""


class PointsTableUnknown(NotFound):
    """There is no such points table."""

    def __init__(self) -> None:
        super().__init__("Không có bảng điểm này. Hãy kiểm tra lại mã số của bảng điểm.")


def points_tables(standard_id: str | None = None) -> QuerySet[PointsTableVersion]:
    """Return every version, newest first, with who prepared and approved it."""
    tables = PointsTableVersion.objects.select_related("prepared_by", "approved_by")
    if standard_id is not None:
        tables = tables.filter(standard_id=standard_id)
    return tables.order_by("standard_id", "-number")


def points_table_on(standard_id: str, day: date) -> PointsTableVersion | None:
    """Return the points table approved for a standard that serves on a day: the latest to begin, then the highest number.

    Bảng điểm B1 đang dùng. None when nothing was approved: nobody can then be scored by points.
    """
    tables = PointsTableVersion.objects.filter(
        standard_id=standard_id, state=ApprovalState.APPROVED, valid_from__lte=day
    )
    return tables.order_by("-valid_from", "-number").first()


def points_table_for(standard_id: str, day: date) -> PointsTableVersion | None:
    """Return the points table of a standard that serves on a day, or on the nearest day on which the standard applies."""
    law = standard(standard_id)
    return points_table_on(standard_id, min(max(day, law.valid_from), law.last_day or day))


def get_points_table(table_id: int) -> PointsTableVersion:
    """Return one version.

    Raises:
        PointsTableUnknown: There is none.
    """
    table = PointsTableVersion.objects.select_related("prepared_by", "approved_by").filter(pk=table_id).first()
    if table is None:
        raise PointsTableUnknown
    return table


def version_before(version: PointsTableVersion) -> PointsTableVersion | None:
    """Return the last version of the same standard that was loaded before and not refused."""
    earlier = PointsTableVersion.objects.filter(standard_id=version.standard_id, number__lt=version.number)
    return earlier.exclude(state=ApprovalState.REFUSED).order_by("-number").first()


def feature_names() -> dict[str, str]:
    """Return the names of the features of every version by their codes."""
    contents = PointsTableVersion.objects.order_by("pk").values_list("content", flat=True)
    return {feature["code"]: feature["label"] for content in contents for feature in content["features"]}


def rules_table(version: PointsTableVersion) -> PointsTable:
    """Return a stored version as the rules count with it."""
    return PointsTable(
        version=f"{version.standard_id}/{version.number}",
        features=tuple(
            Feature(
                code=feature["code"],
                label=feature["label"],
                kind=Kind(feature["kind"]),
                levels=tuple(
                    Level(
                        code=level["code"],
                        label=level["label"],
                        minimum=level["minimum"],
                        maximum=level["maximum"],
                        points={column: int(points) for column, points in level["points"].items()},
                    )
                    for level in feature["levels"]
                ),
            )
            for feature in version.content["features"]
        ),
        columns=tuple(version.columns),
        is_superseded=version.is_superseded,
    )


def provincial_line_rows() -> QuerySet[ProvincialLine]:
    """Return every provincial line, newest first, with who prepared and approved it."""
    rows = ProvincialLine.objects.select_related("prepared_by", "approved_by")
    return rows.order_by("-valid_from", "area", "kind", "-pk")


def get_provincial_line(line_id: int) -> ProvincialLine:
    """Return one provincial line.

    Raises:
        LineUnknown: There is none.
    """
    line: ProvincialLine | None = provincial_line_rows().filter(pk=line_id).first()
    if line is None:
        raise LineUnknown
    return line


def provincial_lines_on(day: date) -> ProvincialLines | None:
    """Return the approved lines and ceilings of the province on a day as the rules take them; None when it set none."""
    rows = ProvincialLine.objects.valid_on(day).filter(state=ApprovalState.APPROVED).order_by("valid_from", "pk")
    amounts: dict[tuple[str, str], int] = {}
    instruments: dict[str, dict[str, None]] = {LineKind.POOR: {}, LineKind.AVERAGE: {}}
    for kind, area, amount, instrument in rows.values_list("kind", "area", "amount", "instrument"):
        amounts[kind, area] = amount
        instruments[kind][instrument] = None
    if not amounts:
        return None
    lines, ceilings = ("; ".join(instruments[kind]) for kind in (LineKind.POOR, LineKind.AVERAGE))
    return ProvincialLines(
        rural=amounts.get((LineKind.POOR, AreaKind.RURAL)),
        urban=amounts.get((LineKind.POOR, AreaKind.URBAN)),
        average_rural=amounts.get((LineKind.AVERAGE, AreaKind.RURAL)),
        average_urban=amounts.get((LineKind.AVERAGE, AreaKind.URBAN)),
        reference=LegalReference(document=lines or ceilings),
        average_reference=LegalReference(document=ceilings) if ceilings else None,
    )

"""What changed from one points table to another, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lienthong.rules.poverty.points import COLUMNS, Feature, Level, PointsTable


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsChange:
    """One difference between two tables.

    Attributes:
        feature: Its label.
        level: The label of the level; empty where the whole feature is meant.
        column: The column in words; empty where all are meant.
    """

    feature: str
    level: str
    column: str
    before: str
    after: str


def compare_tables(before: PointsTable, after: PointsTable) -> list[PointsChange]:
    """List the differences, in the order of the newer table; what is gone comes last."""
    old = {feature.code: feature for feature in before.features}
    changes: list[PointsChange] = []
    for feature in after.features:
        known = old.get(feature.code)
        if known is None:
            changes.append(_whole(feature, before=_("không có"), after=_("%s mức") % len(feature.levels)))
        else:
            changes += _of_feature(known, feature)
    return changes + [
        _whole(gone, before=_("%s mức") % len(gone.levels), after=_("không còn"))
        for gone in features_gone(before, after)
    ]


def features_gone(before: PointsTable, after: PointsTable) -> list[Feature]:
    """List the features that the newer table has not any more."""
    kept = {feature.code for feature in after.features}
    return [feature for feature in before.features if feature.code not in kept]


def span_words(level: Level) -> str:
    """Write which numbers belong to a level; empty for a choice."""
    if level.minimum is None:
        return ""
    if level.maximum is None:
        return _("từ %s") % level.minimum
    return str(level.minimum) if level.minimum == level.maximum else f"{level.minimum}–{level.maximum}"


def _whole(feature: Feature, *, before: str, after: str) -> PointsChange:
    return PointsChange(feature=feature.label, level="", column="", before=before, after=after)


def _of_feature(before: Feature, after: Feature) -> list[PointsChange]:
    changes = []
    if (before.label, before.kind) != (after.label, after.kind):
        changes.append(
            _whole(after, before=f"{before.label} ({before.kind.value})", after=f"{after.label} ({after.kind.value})")
        )
    old = {level.code: level for level in before.levels}
    for level in after.levels:
        known = old.pop(level.code, None)
        changes += _new(after, level) if known is None else _of_level(after, known, level)
    changes += [
        PointsChange(feature=after.label, level=gone.label, column="", before=_points(gone), after=_("không còn"))
        for gone in old.values()
    ]
    return changes


def _new(feature: Feature, level: Level) -> list[PointsChange]:
    return [
        PointsChange(feature=feature.label, level=level.label, column="", before=_("không có"), after=_points(level))
    ]


def _of_level(feature: Feature, before: Level, after: Level) -> list[PointsChange]:
    changes = []
    told_before, told_after = (f"{one.label} {span_words(one)}".strip() for one in (before, after))
    if told_before != told_after:
        changes.append(
            PointsChange(feature=feature.label, level=after.label, column="", before=told_before, after=told_after)
        )
    changes += [
        PointsChange(
            feature=feature.label,
            level=after.label,
            column=COLUMNS.get(column, column),
            before=str(before.points.get(column, "–")),
            after=str(after.points.get(column, "–")),
        )
        for column in dict.fromkeys([*before.points, *after.points])
        if before.points.get(column) != after.points.get(column)
    ]
    return changes


def _points(level: Level) -> str:
    points = list(dict.fromkeys(level.points.values()))
    return _("%s điểm") % " / ".join(map(str, points))

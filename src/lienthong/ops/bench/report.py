"""What a benchmark says: figures beside their floor, what they mean, and on which machine they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure beside its floor.

    Attributes:
        what: What was measured, in Vietnamese.
        ours: Our figure.
        unit: Unit of both figures.
        floor: The figure of the floor; None where there is none to compare with.
        ratio: How many times more our work costs than the floor; 1.0 would be the floor itself.
        target: The limit that the house set itself, in words; empty for none.
        is_met: Whether it was kept; None without a target.
        detail: Everything else worth keeping, as plain JSON values.
    """

    what: str
    ours: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    target: str = ""
    is_met: bool | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of one benchmark. ``floor`` says what stands beside them, ``meaning`` what they say of daily work."""

    name: str
    floor: str
    meaning: str
    measures: Sequence[Measure]
    machine: Mapping[str, Any]
    is_quick: bool

    def as_plain_data(self) -> dict[str, Any]:
        """Return everything as JSON values, figures rounded to what they can mean."""
        rows = [{**asdict(measure), "detail": dict(measure.detail)} for measure in self.measures]
        for row in rows:
            row.update({name: _rounded(row[name]) for name in ("ours", "floor", "ratio")})
        return {
            "bench": self.name, "floor": self.floor, "measures": rows, "meaning": self.meaning,
            "machine": dict(self.machine), "quick": self.is_quick,
        }  # fmt: skip

    def as_table(self) -> str:
        """Return the figures as a table for people."""
        lines = [["Đo", "Ta", "Mốc", "Tỷ lệ", "Mục tiêu"]]
        for measure in self.measures:
            mark = {True: " ✓", False: " ✗", None: ""}[measure.is_met]
            lines.append(
                [
                    measure.what,
                    _figure(measure.ours, measure.unit),
                    _figure(measure.floor, measure.unit),
                    "" if measure.ratio is None else f"{grouped(measure.ratio)}×",
                    measure.target + mark,
                ]
            )
        widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
        table = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
        machine = "; ".join(f"{name}: {value}" for name, value in self.machine.items())
        parts = [*table, "", f"Mốc: {self.floor}", f"Ý nghĩa: {self.meaning}", f"Máy: {machine}"]
        if self.is_quick:
            parts.append("Đo nhanh với dữ liệu nhỏ: chỉ để kiểm tra phép đo, không phải để so sánh.")
        return "\n".join(parts)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that a share of the values does not exceed (nearest rank).

    Examples:
        >>> percentile([4, 1, 3, 2], 0.5), percentile([4, 1, 3, 2], 0.95)
        (2, 4)
    """
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)]


def grouped(value: float) -> str:
    """Return a figure as people here write it.

    Examples:
        >>> grouped(1300000), grouped(0.5312)
        ('1.300.000', '0,531')
    """
    text = f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
    return text.translate(str.maketrans(",.", ".,"))


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _figure(value: float | None, unit: str) -> str:
    return "" if value is None else f"{grouped(value)} {unit}"

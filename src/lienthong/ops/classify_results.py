"""What the classification of files says: for each household the class, points, deprivations, reasons and what is missing.

Full reasons are made household by household; above ``FULL_UNTIL`` households the short ones, which are put together from the
columns, so that a province takes seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lienthong.kernel.money import format_dong
from lienthong.ops.classify_files import Reading
from lienthong.rules.poverty.classes import PovertyClass, Route
from lienthong.rules.poverty.classifying import Classification, classify, limits_of
from lienthong.rules.poverty.columns import NO_NUMBER, UNKNOWN, a_points_at, facts_at, given_at
from lienthong.rules.poverty.facts import Area
from lienthong.rules.poverty.points import PointsTable, column_for
from lienthong.rules.poverty.standards import PovertyStandard
from lienthong.rules.poverty.vectorised import CLASSES, ROUTES, classify_columns, columns_of

FULL_UNTIL = 5_000
UNKNOWN_CLASS = "unknown"
Entry = dict[str, Any]


@dataclass
class Results:
    """Everything that was found, and how to say it."""

    reading: Reading
    standard: PovertyStandard
    table: PointsTable | None
    region: str
    is_full: bool

    def __post_init__(self) -> None:
        columns = self.reading.columns
        self.found = classify_columns(
            columns,
            self.standard,
            table=self.table,
            column_of=columns_of(columns, self.table, region=self.region) if self.table else None,
        )

    @cached_property
    def counts(self) -> dict[str, int]:
        """Households by class."""
        numbers = np.bincount(self.found.classes + 1, minlength=len(CLASSES) + 1)
        named = {one.value: int(numbers[place + 1]) for place, one in enumerate(CLASSES)}
        return {**named, UNKNOWN_CLASS: int(numbers[0])}

    def head(self) -> Entry:
        """Say by what was classified."""
        law = self.standard
        return {
            "standard": law.id,
            "valid_from": law.valid_from.isoformat(),
            "valid_to": law.last_day.isoformat() if law.last_day else None,
            "confidence": law.confidence.value,
            "points_table": self.table.version if self.table else None,
            "region": self.region if self.table else None,
            "reasons": "full" if self.is_full else "short",
            "unused_columns": list(self.reading.unused),
            "counts": {"households": len(self.found), **self.counts},
        }

    def entries(self) -> Iterator[Entry]:
        """Give every household in the order of the file."""
        if self.is_full:
            for row, code in enumerate(self.reading.codes):
                yield {"code": code, **full_entry(self.classification(row))}
        else:
            for row, (code, entry) in enumerate(self._short()):
                income = _number(self.reading.columns.income_per_person[row])
                yield {"code": code, "income_per_person": income, **entry}

    def as_json(self) -> Iterator[str]:
        """Give the lines of one JSON document; a household that is like another one is not written out anew."""
        head = json.dumps(self.head(), ensure_ascii=False, indent=1)
        yield f'{head[:-2]},\n "households": ['
        last = len(self.reading.codes) - 1
        if self.is_full:
            for row, entry in enumerate(self.entries()):
                yield f"  {json.dumps(entry, ensure_ascii=False)}{',' if row < last else ''}"
        else:
            texts: dict[int, str] = {}
            for row, (code, entry) in enumerate(self._short()):
                text = texts.get(id(entry))
                if text is None:
                    text = texts[id(entry)] = json.dumps(entry, ensure_ascii=False)[1:]
                income = self.reading.columns.income_per_person[row]
                known = "null" if income == NO_NUMBER else int(income)
                yield (
                    f'  {{"code": {json.dumps(code, ensure_ascii=False)}, "income_per_person": {known}, '
                    f"{text}{',' if row < last else ''}"
                )
        yield " ]\n}"

    def classification(self, row: int) -> Classification:
        """Classify one household with all words."""
        facts = facts_at(self.reading.columns, row, table=self.table)
        has_column = self.table is not None and facts.area is not None
        return classify(
            facts,
            self.standard,
            points_table=self.table if has_column else None,
            column=column_for(facts.area, self.region) if has_column and facts.area else None,
            a_points=a_points_at(self.reading.columns, row),
            given=given_at(self.reading.columns, row),
        )

    def _short(self) -> Iterator[tuple[str, Entry]]:
        """Give each household an entry, the same one for all that agree in everything said."""
        found, columns = self.found, self.reading.columns
        codes = [one.code for one in self.standard.indicators]
        marks = np.zeros(len(found), dtype=np.int64)
        for place, code in enumerate(codes):
            marks += (found.deprivations[code].astype(np.int64) + 1) * 3**place
        # Of the income only what the words say: beside which line it lies.
        lines = np.sort(np.array(list(self.standard.lines.values()), dtype=np.int64))
        beside = np.where(
            columns.income_per_person == NO_NUMBER, UNKNOWN, np.searchsorted(lines, columns.income_per_person)
        )
        rows = zip(
            self.reading.codes, columns.area.tolist(), beside.tolist(), found.is_low_income_worker.tolist(), found.a_points.tolist(),
            found.a_lowest.tolist(), found.a_highest.tolist(), found.routes.tolist(), found.possible.tolist(),
            marks.tolist(), strict=True,
        )  # fmt: skip
        entries: dict[tuple[int, ...], Entry] = {}
        for row, (code, *key) in enumerate(rows):
            entry = entries.get(tuple(key))
            if entry is None:
                entry = entries[tuple(key)] = self._short_entry(row)
            yield code, entry

    def _short_entry(self, row: int) -> Entry:
        found = self.found
        law = self.standard
        possible = [one for place, one in enumerate(CLASSES) if found.possible[row] >> place & 1]
        answers = {one.code: int(found.deprivations[one.code][row]) for one in law.indicators}
        route = ROUTES[found.routes[row]]
        deprived = [code for code, answer in answers.items() if answer == 1]
        undecided = [code for code, answer in answers.items() if answer == UNKNOWN]
        income = _number(self.reading.columns.income_per_person[row])
        entry = _entry(
            poverty_class=possible[0] if len(possible) == 1 else None,
            possible=possible, route=route, a_points=_number(found.a_points[row]), b_points=_number(found.b_points[row]),
            deprived=deprived, undecided=undecided, income=income,
            is_low_income_worker=_flag(int(found.is_low_income_worker[row])),
        )  # fmt: skip
        del entry["income_per_person"]  # its own for each household
        entry["reasons"] = self._short_reasons(row, route, deprived, undecided, income)
        entry["missing"] = [] if len(possible) == 1 else self._short_missing(row, route, undecided)
        return entry

    def _short_reasons(
        self, row: int, route: Route, deprived: list[str], undecided: list[str], income: int | None
    ) -> list[Entry]:
        code = int(self.reading.columns.area[row])
        law = self.standard
        found: list[Entry] = []
        for area in list(Area) if code == UNKNOWN else [list(Area)[code]]:
            limit = limits_of(law, area, route)
            value = _number(self.found.a_points[row]) if route is Route.POINTS else income
            if limit.line is not None:
                what = (
                    f"Điểm B1 không quá ngưỡng A {limit.line} điểm của khu vực {area.in_words}: "
                    f"{'chưa đủ' if value is None else f'{value} điểm'}"
                    if route is Route.POINTS
                    else f"Thu nhập bình quân không quá chuẩn {format_dong(limit.line)} của khu vực {area.in_words}"
                    f"{': chưa biết' if value is None else ''}"
                )
                holds = None if value is None else value <= limit.line
                found.append({"text": what, "holds": holds, "reference": str(limit.line_reference)})
        names = "; ".join(law.indicator(one).name for one in deprived)
        least, most = len(deprived), len(deprived) + len(undecided)
        found.append(
            {
                "text": (
                    f"Thiếu hụt từ {law.minimum_deprivations} chỉ số trở lên: {least if least == most else f'{least} đến {most}'}"
                    f" trên {len(law.indicators)} chỉ số{f' ({names})' if names else ''}"
                ),
                "holds": True
                if least >= law.minimum_deprivations
                else (None if most >= law.minimum_deprivations else False),
                "reference": str(law.references["minimum_deprivations"]),
            }
        )
        return found

    def _short_missing(self, row: int, route: Route, undecided: list[str]) -> list[str]:
        columns = self.reading.columns
        found = ["khu vực (nông thôn hay thành thị)"] if columns.area[row] == UNKNOWN else []
        if route is Route.INCOME and columns.income_per_person[row] == NO_NUMBER:
            found.append("thu nhập bình quân đầu người một tháng")
        if route is Route.POINTS and self.found.a_points[row] == NO_NUMBER:
            found.append("thông tin để chấm đủ điểm B1")
        if route is Route.POINTS and not self.standard.has_points:
            found.append(f"ngưỡng điểm A của chuẩn {self.standard.id}")
        return found + [f"thông tin của chỉ số {self.standard.indicator(code).name}" for code in undecided]


def full_entry(one: Classification) -> Entry:
    """Write one classification for people and programs."""
    entry = _entry(
        poverty_class=one.poverty_class, possible=list(one.possible_classes), route=one.route, a_points=one.a_points,
        b_points=one.b_points, deprived=list(one.deprived_codes),
        undecided=[each.code for each in one.deprivations if each.is_deprived is None],
        income=one.income_per_person, is_low_income_worker=one.is_low_income_worker,
    )  # fmt: skip
    entry["reasons"] = [
        {"text": each.text, "holds": each.holds, "reference": str(each.reference) if each.reference else None}
        for each in one.reasons
    ]
    entry["missing"] = list(one.missing)
    entry["points"] = [
        {"feature": item.feature, "level": item.level, "level_label": item.level_label, "points": item.points}
        for item in (one.points.items if one.points else ())
    ]
    entry["what_would_change"] = list(one.what_would_change)
    entry["notices"] = list(one.notices)
    return entry


def _entry(
    *,
    poverty_class: PovertyClass | None,
    possible: list[PovertyClass],
    route: Route,
    a_points: int | None,
    b_points: int | None,
    deprived: list[str],
    undecided: list[str],
    income: int | None,
    is_low_income_worker: bool | None,
) -> Entry:
    return {
        "class": poverty_class.value if poverty_class else None,
        "class_in_words": poverty_class.in_words if poverty_class else "chưa đủ thông tin để phân loại",
        "possible_classes": [one.value for one in possible],
        "route": route.value,
        "income_per_person": income,
        "a_points": a_points,
        "b_points": b_points,
        "deprivations": deprived,
        "undecided": undecided,
        "is_low_income_worker": is_low_income_worker,
    }


def in_words(results: Results) -> Iterator[str]:
    """Give the lines that people read: each household, then how many there are of each class."""
    names = {one.code: one.name for one in results.standard.indicators}
    marks = {True: "✓", False: "✗", None: "?"}
    for entry in results.entries():
        a_points = "" if entry["a_points"] is None else f"; B1 {entry['a_points']} điểm"
        b_points = "" if entry["b_points"] is None else f"; B2 {entry['b_points']} điểm"
        deprived = ", ".join(names[code] for code in entry["deprivations"]) or "không"
        yield f"{entry['code']}: {entry['class_in_words']}{a_points}{b_points}; thiếu hụt: {deprived}"
        if results.is_full:
            yield from (
                f"    {marks[reason['holds']]} {reason['text']} ({reason['reference']})"
                for reason in entry["reasons"]
                if reason["holds"] is not False or not reason["text"].startswith("Thiếu hụt chỉ số")
            )
            yield from (f"    → {sentence}" for sentence in entry["what_would_change"])
        if entry["missing"]:
            yield f"    còn thiếu: {'; '.join(entry['missing'])}"
    counts = results.counts
    yield ""
    for one in CLASSES:
        yield f"{one.in_words:<28} {counts[one.value]:>9}"
    yield f"{'chưa đủ thông tin':<28} {counts[UNKNOWN_CLASS]:>9}"


def _number(value: np.int64) -> int | None:
    return None if value == NO_NUMBER else int(value)


def _flag(value: int) -> bool | None:
    return None if value == UNKNOWN else bool(value)

"""Compiling a survey form: the standard and the points table of the day go in, an XForm for devices comes out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Final

from lienthong.poverty.survey.workbooks import Row, SourceUnreadable, Workbook, read_workbook
from lienthong.rules.poverty.facts import Area, Study
from lienthong.rules.poverty.points import URBAN_COLUMN, Feature, Kind, PointsTable
from lienthong.rules.poverty.standards import PovertyStandard

SCORING_FORM: Final = "phieu-b"
HOUSEHOLDS_LIST: Final = "households.csv"
HOUSEHOLDS_COLUMNS: Final = ("name", "label", "head", "hamlet", "area", "previous_class", "review")

_NEEDED: Final = [
    "household",
    "area",
    "visited_on",
    "members",
    "full_name",
    "relation",
    "age",
    "size",
    "dependants",
    "pensioners",
    "highest_qualification",
    "best_job",
    "a_points",
    "deprivations",
    "b_points",
    "result",
]
_PLACEHOLDER: Final = re.compile(r"(?<!\$)\{([a-z][a-z_0-9]*)\}")
_SHEET: Final = re.compile(r"On the '(\w+)' sheet")
_ROW: Final = re.compile(r"\[row : (\d+)\]")
_NAMED: Final = re.compile(r"'([^']+)'")
_FORM_ID: Final = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_POINT_COLUMNS: Final = ("feature", "level", "minimum", "maximum", "area", "points")
_FIELDS: Final = {"household_size": "size"}  # where the form has another name for a feature that it derives
_AND_MORE: Final = 999999
_FIRST_LINE: Final = 2  # below the line of column names


class FormDoesNotCompile(ValueError):
    """A form cannot be compiled; the message says where, in the compiler's own words, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledForm:
    """A form as devices take it.

    Phiếu điều tra đã biên dịch.

    Attributes:
        md5: Of the XML, as the list of forms of OpenRosa wants it; it protects nothing.
        warnings: What the compiler found odd, in its own words.
    """

    form_id: str
    version: str
    title: str
    xml: str
    md5: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the sheet "survey" and where the office finds it; None for what was put in here."""

    row: Row
    number: int | None


def compile_form(
    source: str | bytes,
    *,
    standard: PovertyStandard,
    version: str,
    points_table: PointsTable | None = None,
    region_column: str | None = None,
) -> CompiledForm:
    """Compile a form for one standard and, where it scores, one points table and region.

    Args:
        source: Our text, or the bytes of an XLSX.
        version: What devices will name in what they send.
        points_table: None leaves the points of form B1, and with them the class, unknown.
        region_column: The column of the table that holds in the countryside of this province.

    Raises:
        FormDoesNotCompile: Also where the file cannot be read at all.
    """
    book = _read(source)
    settings = _settings(book)
    form_id, title = settings["form_id"], settings.get("form_title") or settings["form_id"]
    lines = [_Line(row, number) for number, row in enumerate(book["survey"], start=_FIRST_LINE)]
    values = _values_of(standard)
    if form_id == SCORING_FORM:
        _refuse_incomplete(lines, standard)
        lines = _fit_indicators(lines, standard, values)
        lines = _fit_points(lines, book, values, points_table, region_column)
    book["survey"] = [_filled(line, values) for line in lines]
    book["settings"] = [settings | {"version": version}]
    book["settings_header"] = [dict.fromkeys(book["settings"][0])]
    # Half a second of every start, for what one in a thousand starts needs.
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    warnings: list[str] = []
    try:
        xml = convert(book, warnings=warnings, validate=False, form_name="data").xform
    except PyXFormError as wrong:
        raise FormDoesNotCompile(_in_words(title, _with_place(str(wrong), lines))) from wrong
    except Exception as wrong:  # the compiler trips over what it did not foresee; an office must read a sentence
        raise FormDoesNotCompile(_in_words(title, f"{type(wrong).__name__}: {wrong}")) from wrong
    return CompiledForm(
        form_id=form_id,
        version=version,
        title=title,
        xml=xml,
        md5=hashlib.md5(xml.encode(), usedforsecurity=False).hexdigest(),
        warnings=tuple(" ".join(_with_place(one, lines).split()) for one in warnings),
    )


def form_id_of(source: str | bytes) -> str:
    """Say which form a file holds.

    Raises:
        FormDoesNotCompile: It cannot be read, or does not say.
    """
    return _settings(_read(source))["form_id"]


def _read(source: str | bytes) -> Workbook:
    try:
        return read_workbook(source)
    except SourceUnreadable as unreadable:
        raise FormDoesNotCompile(str(unreadable)) from unreadable


def _settings(book: Workbook) -> Row:
    settings: Row = dict((book.get("settings") or [{}])[0])
    settings.setdefault("form_id", settings.pop("id_string", ""))
    if not _FORM_ID.fullmatch(settings["form_id"]):
        raise FormDoesNotCompile(
            "Trang “settings” chưa có mã phiếu ở cột form_id, hoặc mã không hợp lệ. "
            "Hãy ghi mã bằng chữ thường, số và dấu gạch, ví dụ phieu-b."
        )
    return settings


def _values_of(standard: PovertyStandard) -> dict[str, str]:
    """Everything that a form may write in braces."""
    definitions = standard.definitions
    values = {one.name: _as_text(getattr(definitions, one.name)) for one in fields(definitions)}
    levels = list(Study)
    for name in ("adult_level", "grown_level"):
        below = levels[: levels.index(Study(getattr(definitions, name)))]
        values[f"below_{name}"] = " ".join(below)
    values |= {f"a_{area}": _as_text(standard.a_thresholds.get(area)) for area in Area}
    values["minimum_deprivations"] = str(standard.minimum_deprivations)
    values["points_of_an_indicator"] = str(standard.points_of_an_indicator)
    return values


def _as_text(value: object) -> str:
    if value is None:
        return "''"
    return " ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _refuse_incomplete(lines: Sequence[_Line], standard: PovertyStandard) -> None:
    named = {line.row.get("name") for line in lines}
    wanted = [*_NEEDED, *(f"d_{one.field}" for one in standard.indicators)]
    if missing := [name for name in wanted if name not in named]:
        raise FormDoesNotCompile(
            f"Trang “survey” của phiếu B thiếu {len(missing)} dòng mà máy chủ cần để đối chiếu (cột name): {', '.join(missing)}. "
            "Hãy lấy lại các dòng này từ mẫu của hệ thống, không đổi tên."
        )


def _fit_indicators(lines: Sequence[_Line], standard: PovertyStandard, values: dict[str, str]) -> list[_Line]:
    """Leave out the indicators that the standard does not have, and add up those it has."""
    names = [f"d_{one.field}" for one in standard.indicators]
    values["sum_of_deprivations"] = " + ".join(f"coalesce(${{{name}}}, 0)" for name in names)
    values["count_of_unknown"] = " + ".join(f"(${{{name}}} = '')" for name in names)
    return [line for line in lines if not line.row.get("name", "").startswith("d_") or line.row["name"] in names]


def _fit_points(
    lines: Sequence[_Line], book: Workbook, values: dict[str, str], table: PointsTable | None, region: str | None
) -> list[_Line]:
    """Put in the questions and the points of the table; the group for its questions goes where it asks nothing."""
    features = table.features if table is not None else ()
    asked = table.asked if table is not None else ()
    if table is not None:
        book.setdefault("choices", []).extend(_choices(features, region or ""))
        columns = dict.fromkeys(("list_name", "name", "label", *_POINT_COLUMNS))
        book["choices_header"] = [book.get("choices_header", [{}])[0] | columns]
    total = " + ".join(f"${{a_{feature.code}}}" for feature in features)
    values["sum_of_points"] = f"if(${{area}} = 'rural' or ${{area}} = 'urban', {total}, '')" if total else "''"
    fitted: list[_Line] = []
    for line in lines:
        kind, name = line.row.get("type", "").replace(" ", "_"), line.row.get("name")
        if name == "b1_asked":
            if not asked:
                continue
            if kind == "end_group":
                fitted += [_Line(_question(feature), None) for feature in asked]
        if name == "a_points":
            fitted += [_Line(_points_of(feature), None) for feature in features]
        fitted.append(line)
    return fitted


def _question(feature: Feature) -> Row:
    return {
        "type": f"select_one b1_{feature.code}",
        "name": f"asked_{feature.code}",
        "label": feature.label,
        "required": "yes",
        "required_message": f"Chưa trả lời: {feature.label}. Hãy chọn một mức.",
    }


def _points_of(feature: Feature) -> Row:
    field = f"asked_{feature.code}" if feature.kind is Kind.ASKED else _FIELDS.get(feature.code, feature.code)
    source = f"${{{field}}}"
    level = f"minimum <= {source} and maximum >= {source}" if feature.is_number else f"level = {source}"
    item = f"instance('b1_points')/root/item[feature = '{feature.code}' and area = ${{area}} and {level}]/points"
    return {"type": "calculate", "name": f"a_{feature.code}", "calculation": f"coalesce({item}, 0)"}


def _choices(features: Iterable[Feature], region: str) -> list[Row]:
    rows: list[Row] = []
    for feature in features:
        for level in feature.levels:
            if feature.kind is Kind.ASKED:
                rows.append({"list_name": f"b1_{feature.code}", "name": level.code, "label": level.label})
            for area, column in ((Area.RURAL, region), (Area.URBAN, URBAN_COLUMN)):
                row = {
                    "list_name": "b1_points",
                    "name": f"{feature.code}-{level.code}-{area}",
                    "label": level.label,
                    "feature": feature.code,
                    "level": level.code,
                    "area": str(area),
                    "points": str(level.points[column]),
                    "minimum": "0",  # every item has every column: a device's engine may not find what only some have
                    "maximum": "0",
                }
                if feature.is_number:
                    row["maximum"] = str(_AND_MORE if level.maximum is None else level.maximum)
                    row["minimum"] = str(level.minimum or 0)
                rows.append(row)
    return rows


def _filled(line: _Line, values: dict[str, str]) -> Row:
    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise FormDoesNotCompile(
                f"Trang “survey”, dòng {line.number}: không có giá trị nào tên “{found[1]}”. "
                "Hãy sửa tên trong ngoặc nhọn theo mẫu của hệ thống."
            )
        return values[found[1]]

    return {column: _fill(text, value) for column, text in line.row.items()}


def _fill(text: str, value: Callable[[re.Match[str]], str]) -> str:
    return _PLACEHOLDER.sub(value, text)


def _with_place(words: str, lines: Sequence[_Line]) -> str:
    """Name sheet and row as the office finds them in its own file, not those after ours were put in between."""
    named = _SHEET.search(words)
    sheet = named[1] if named else "survey"

    def own(found: re.Match[str]) -> str:
        place = int(found[1]) - _FIRST_LINE
        number = lines[place].number if sheet == "survey" and 0 <= place < len(lines) else None
        return f"{_place(sheet, number or int(found[1]))}:"

    if _ROW.search(words):
        return _ROW.sub(own, words)
    quoted = _NAMED.search(words)
    numbers = [
        line.number
        for line in lines
        if quoted and line.number and quoted[1] in {line.row.get("type"), line.row.get("name")}
    ]
    return f"{_place(sheet, numbers[0])}: {words}" if numbers else words


def _place(sheet: str, number: int) -> str:
    return f"trang “{sheet}”, dòng {number}"


def _in_words(title: str, words: str) -> str:
    where = "Hãy sửa ở trang và dòng nêu trên" if "trang “" in words else "Hãy sửa tệp theo đó"
    return (
        f"Phiếu “{title}” chưa biên dịch được. Công cụ biên dịch báo: {' '.join(words.split()).rstrip('.')}. "
        f"{where} rồi tải lên lại."
    )

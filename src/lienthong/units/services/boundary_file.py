"""Read borders from a GeoJSON file: which unit each feature means, its rings made simple, and what is wrong with it.

Knows no database: codes that there are come in as an argument.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from math import cos, isfinite, radians
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

CODE_NAMES = (
    "code", "unit_code", "ma_xa", "maxa", "ma_dvhc", "madvhc", "ma_don_vi", "madonvi", "xa_id", "commune_code", "ward_code",
    "ma", "gid", "gid_3", "cc_3", "id",
)  # fmt: skip
LARGEST_FILE = 64 * 1024 * 1024
# Việt Nam with its islands and seas: longitude, then latitude.
WEST, EAST, SOUTH, NORTH = 102.0, 118.0, 6.0, 23.6
# About sixty metres: half a pixel where a province fills a page.
TOLERANCE = 0.00055
MOST_POINTS_OF_A_RING = 240
LEAST_POINTS_OF_A_RING = 4
SMALLEST_AREA_KM2, LARGEST_AREA_KM2 = 0.001, 20_000
_POINTS_OF_A_SMALL_RING = 8
_DIGITS_OF_A_COMMUNE = 5
_KM_OF_A_DEGREE = 111.2
_WGS84 = re.compile(r"crs84|epsg:+4326|wgs ?84", re.IGNORECASE)
_AS_MANY_AS_ARE_NAMED = 12

Ring = list[list[float]]
Polygons = list[list[Ring]]


class BoundariesRefused(ValueError):
    """The file cannot be loaded; the text says where, what and what to do. Nothing was changed."""


class FeatureResult(StrEnum):
    """What became of one feature. Kết quả của từng đối tượng."""

    LOADED = "loaded"
    UNKNOWN_CODE = "unknown_code"
    NO_CODE = "no_code"
    NO_POLYGON = "no_polygon"
    OUTSIDE = "outside"
    WRONG_GEOMETRY = "wrong_geometry"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class FeatureReport:
    """One feature of the file, counted from 1, with its code, what became of it, and why in words."""

    number: int
    code: str
    result: FeatureResult
    words: str = ""


@dataclass(slots=True)
class BoundaryFile:
    """What a file holds: polygons by unit code, a report of every feature, and the digest of the file."""

    digest: str
    polygons: dict[str, Polygons] = field(default_factory=dict)
    reports: list[FeatureReport] = field(default_factory=list)

    @property
    def troubles(self) -> list[FeatureReport]:
        """The features that were not taken."""
        return [report for report in self.reports if report.result != FeatureResult.LOADED]


class _Trouble(Exception):
    def __init__(self, result: FeatureResult, words: str) -> None:
        super().__init__(words)
        self.result, self.words = result, words


def read_boundaries(file: Path, *, known: Collection[str], skip_unknown: bool = False) -> BoundaryFile:
    """Read a file whole and judge every feature.

    Args:
        file: A GeoJSON FeatureCollection in longitude and latitude (WGS 84).
        known: Codes of the units of the day.
        skip_unknown: Features of other codes are left unread, as in a file of the whole country.

    Raises:
        BoundariesRefused: There is no such file, it is too large, or no collection of features in degrees.
    """
    raw = _bytes_of(file)
    found = BoundaryFile(digest=hashlib.sha256(raw).hexdigest())
    features = _features_of(file, raw)
    name = _code_property(features, known)
    for number, feature in enumerate(features, start=1):
        code = ""
        try:
            code = _code_of(feature, name, known)
            if code not in known:
                raise _Trouble(FeatureResult.UNKNOWN_CODE, f"ngày này không có đơn vị nào mang mã {code}")
            if code in found.polygons:
                raise _Trouble(FeatureResult.TWICE, f"mã {code} đã có ở một đối tượng trước")
            found.polygons[code] = _polygons_of(feature.get("geometry"))
            found.reports.append(FeatureReport(number, code, FeatureResult.LOADED))
        except _Trouble as trouble:
            found.reports.append(FeatureReport(number, code, trouble.result, trouble.words))
    _refuse_troubles(found, skip_unknown=skip_unknown)
    return found


def _refuse_troubles(found: BoundaryFile, *, skip_unknown: bool) -> None:
    passed = {FeatureResult.UNKNOWN_CODE, FeatureResult.NO_CODE} if skip_unknown else set()
    wrong = [report for report in found.troubles if report.result not in passed]
    if wrong:
        lines = [f"  đối tượng {one.number}{f' (mã {one.code})' if one.code else ''}: {one.words}" for one in wrong]
        more = len(lines) - _AS_MANY_AS_ARE_NAMED
        shown = "\n".join(lines[:_AS_MANY_AS_ARE_NAMED]) + (f"\n  … và {more} đối tượng khác" if more > 0 else "")
        only_unknown = all(one.result == FeatureResult.UNKNOWN_CODE for one in wrong)
        hint = " Nếu tệp có cả đơn vị của nơi khác hoặc của ngày khác, thêm --skip-unknown." if only_unknown else ""
        raise BoundariesRefused(
            f"Chưa nạp gì: {len(wrong)} trong {len(found.reports)} đối tượng của tệp chưa dùng được.{hint}\n{shown}"
        )
    if not found.polygons:
        raise BoundariesRefused(
            "Chưa nạp gì: không đối tượng nào của tệp mang mã của một đơn vị trong ngày này. "
            f"Mã đơn vị cần nằm ở một trong các thuộc tính: {', '.join(CODE_NAMES[:6])}."
        )


def _bytes_of(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if file.is_dir():
            raise BoundariesRefused(f"{file} là một thư mục. Hãy nêu tệp GeoJSON.")
        if size > LARGEST_FILE:
            megabytes = f"{size / 1024 / 1024:.0f}"
            raise BoundariesRefused(
                f"Tệp {file.name} nặng {megabytes} MB, quá 64 MB. Bản đồ trên trang không cần chi tiết đến thế: "
                "hãy đơn giản hóa ranh giới (sai số khoảng 50 m) hoặc chỉ giữ các đơn vị của tỉnh rồi nạp lại."
            )
        return file.read_bytes()
    except OSError as error:
        raise BoundariesRefused(f"Không đọc được tệp {file}: {error.strerror}. Hãy kiểm tra đường dẫn.") from error


def _features_of(file: Path, raw: bytes) -> list[Any]:
    try:
        data = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise BoundariesRefused(
            f"Tệp {file.name} không phải văn bản UTF-8. Hãy xuất lại dạng GeoJSON (không phải Shapefile)."
        ) from error
    except BoundariesRefused:
        raise
    except (ValueError, RecursionError) as error:
        place = f" (dòng {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise BoundariesRefused(f"Tệp {file.name} không phải JSON đúng{place}. Hãy xuất lại dạng GeoJSON.") from error
    if (
        not isinstance(data, dict)
        or data.get("type") != "FeatureCollection"
        or not isinstance(data.get("features"), list)
    ):
        raise BoundariesRefused(
            f"Tệp {file.name} không phải GeoJSON kiểu FeatureCollection. Mỗi đơn vị cần là một Feature có mã và đa giác."
        )
    if not data["features"]:
        raise BoundariesRefused(f"Tệp {file.name} không có đối tượng nào.")
    system = data.get("crs")
    if system is not None and not _WGS84.search(json.dumps(system)):
        raise BoundariesRefused(
            f"Tệp {file.name} dùng hệ tọa độ khác WGS 84 ({json.dumps(system, ensure_ascii=False)[:80]}). "
            "Hãy chuyển sang kinh độ, vĩ độ (EPSG:4326) rồi nạp lại."
        )
    return list(data["features"])


def _no_number(text: str) -> NoReturn:
    raise BoundariesRefused(f"Chưa nạp gì: tệp có giá trị {text}, không phải là số. Hãy sửa tọa độ đó rồi nạp lại.")


def _code_property(features: list[Any], known: Collection[str]) -> str:
    """Return the property that holds the codes in this file: the one by which most features are units of the day."""
    hits: Counter[str] = Counter()
    present: Counter[str] = Counter()
    for feature in features:
        properties = _properties_of(feature)
        for name in CODE_NAMES:
            text = _as_code(properties.get(name))
            present[name] += bool(text)
            hits[name] += _known_code(text, known) is not None
    return max(CODE_NAMES, key=lambda name: (hits[name], present[name], -CODE_NAMES.index(name)))


def _code_of(feature: Any, name: str, known: Collection[str]) -> str:
    text = _as_code(_properties_of(feature).get(name))
    if not text:
        raise _Trouble(FeatureResult.NO_CODE, f"không có mã đơn vị ở thuộc tính nào trong: {', '.join(CODE_NAMES[:6])}")
    return _known_code(text, known) or text[:20]


def _known_code(text: str, known: Collection[str]) -> str | None:
    """Return the code of the day that is meant: spreadsheets take the zeros in front away."""
    return next((code for code in (text, text.zfill(_DIGITS_OF_A_COMMUNE)) if code in known), None)


def _properties_of(feature: Any) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return {str(name).lower(): value for name, value in properties.items()} if isinstance(properties, dict) else {}


def _as_code(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def _polygons_of(geometry: Any) -> Polygons:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    parts = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind == "Polygon":
        parts = [parts]
    elif kind != "MultiPolygon":
        raise _Trouble(FeatureResult.NO_POLYGON, f"không có đa giác (hình dạng: {str(kind)[:20] if kind else 'trống'})")
    if not isinstance(parts, list) or not parts or not all(isinstance(part, list) and part for part in parts):
        raise _Trouble(FeatureResult.NO_POLYGON, "đa giác không có điểm nào")
    polygons = [[_checked_ring(ring) for ring in part] for part in parts]
    area = sum(_area_km2(part[0]) for part in polygons)
    if area < SMALLEST_AREA_KM2:
        raise _Trouble(FeatureResult.WRONG_GEOMETRY, "đa giác nhỏ hơn một sân nhà; hãy kiểm tra tọa độ")
    if area > LARGEST_AREA_KM2:
        raise _Trouble(FeatureResult.WRONG_GEOMETRY, "đa giác rộng hơn cả một tỉnh lớn; hãy kiểm tra tọa độ")
    return [[simplify_ring(ring).round(5).tolist() for ring in part] for part in polygons]


def _checked_ring(ring: Any) -> NDArray[np.float64]:
    if not isinstance(ring, list) or len(ring) < LEAST_POINTS_OF_A_RING:
        raise _Trouble(FeatureResult.WRONG_GEOMETRY, "có vòng ít hơn 4 điểm; vòng cần khép kín và bao quanh một vùng")
    for point in ring:
        if not isinstance(point, list) or not 2 <= len(point) <= 4 or not all(map(_is_number, point)):
            raise _Trouble(FeatureResult.WRONG_GEOMETRY, f"có điểm không phải cặp kinh độ, vĩ độ: {str(point)[:40]}")
    points = np.array([point[:2] for point in ring], dtype=float)
    _check_place(points)
    if (points[0] != points[-1]).any():
        raise _Trouble(FeatureResult.WRONG_GEOMETRY, "có vòng chưa khép kín: điểm cuối phải trùng điểm đầu")
    if len(np.unique(points, axis=0)) < LEAST_POINTS_OF_A_RING - 1 or _area_km2(points) == 0:
        raise _Trouble(FeatureResult.WRONG_GEOMETRY, "có vòng không bao quanh vùng nào (diện tích bằng 0)")
    return points


def _check_place(points: NDArray[np.float64]) -> None:
    across, up = points[:, 0], points[:, 1]
    if _within(across, WEST, EAST) and _within(up, SOUTH, NORTH):
        return
    if _within(up, WEST, EAST) and _within(across, SOUTH, NORTH):
        raise _Trouble(FeatureResult.OUTSIDE, "kinh độ và vĩ độ bị đảo; GeoJSON ghi kinh độ (khoảng 105) trước")
    if np.abs(points).max() > 360:
        raise _Trouble(FeatureResult.OUTSIDE, "tọa độ tính bằng mét (VN-2000 hoặc UTM); hãy chuyển sang độ, WGS 84")
    place = f"{across[0]:g}; {up[0]:g}".replace(".", ",")
    raise _Trouble(FeatureResult.OUTSIDE, f"có điểm nằm ngoài Việt Nam, vòng bắt đầu ở kinh độ; vĩ độ {place}")


def _within(values: NDArray[np.float64], low: float, high: float) -> bool:
    return bool((values >= low).all() and (values <= high).all())


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12 and isfinite(value)


def _area_km2(points: NDArray[np.float64]) -> float:
    across, up = points[:, 0] - points[0, 0], points[:, 1] - points[0, 1]
    degrees = abs(float((across[:-1] * up[1:] - across[1:] * up[:-1]).sum())) / 2
    return degrees * _KM_OF_A_DEGREE**2 * cos(radians(float(points[:, 1].mean())))


def simplify_ring(points: NDArray[np.float64], tolerance: float = TOLERANCE) -> NDArray[np.float64]:
    """Return a closed ring with fewer points, none of those left out farther than the tolerance from the line.

    Douglas and Peucker's way, in degrees with longitude narrowed. The tolerance doubles until the ring is short enough; of
    one that is smaller than it, a few points stand for all.
    """
    flat = points * (cos(radians(float(points[:, 1].mean()))), 1.0)
    kept = _corners(flat, tolerance)
    while len(kept) > MOST_POINTS_OF_A_RING:
        tolerance *= 2
        kept = _corners(flat, tolerance)
    if len(kept) < LEAST_POINTS_OF_A_RING:
        kept = np.unique(np.linspace(0, len(points) - 1, min(len(points), _POINTS_OF_A_SMALL_RING)).round().astype(int))
    return points[kept]


def _corners(flat: NDArray[np.float64], tolerance: float) -> NDArray[np.int_]:
    """Return the places of the points that stay. A closed line has no ends: it is cut where it is farthest from its first."""
    turn = int(np.hypot(*(flat - flat[0]).T).argmax())
    kept = {0, turn, len(flat) - 1}
    spans = [(0, turn), (turn, len(flat) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        between, along = flat[first + 1 : last] - flat[first], flat[last] - flat[first]
        square = float(along @ along)
        reached = np.clip(between @ along / square, 0, 1) if square else np.zeros(len(between))
        away = np.hypot(*(between - reached[:, None] * along).T)
        farthest = int(away.argmax())
        if away[farthest] > tolerance:
            corner = first + 1 + farthest
            kept.add(corner)
            spans += [(first, corner), (corner, last)]
    return np.array(sorted(kept))

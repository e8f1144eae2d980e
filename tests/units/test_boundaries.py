"""Borders are loaded whole or not at all; what is wrong with a file is said feature by feature."""

import json
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from lienthong.infra.choropleth import draw_choropleth
from lienthong.infra.map_scale import Area, Scale
from lienthong.infra.models import Event
from lienthong.ops.invented.boundaries import SOURCE, invented_boundaries
from lienthong.units import queries
from lienthong.units import services as units
from lienthong.units.models import AdministrativeUnit, UnitBoundary
from lienthong.units.services.boundary_file import MOST_POINTS_OF_A_RING, read_boundaries, simplify_ring
from tests.units.conftest import NOW

TODAY = date(2026, 11, 23)
RING = [[105.8, 21.5], [105.9, 21.5], [105.9, 21.6], [105.8, 21.6], [105.8, 21.5]]
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(data: Any, name: str = "ranh-gioi.geojson") -> Path:
        file = tmp_path / name
        file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
        return file

    return written


def feature(code: Any = "05443", ring: Any = None, *, name: str = "code", geometry: Any = None) -> dict[str, Any]:
    shape = geometry or {"type": "Polygon", "coordinates": [RING if ring is None else ring]}
    return {"type": "Feature", "properties": {name: code}, "geometry": shape}


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}


def load(file: Path, **changes: Any) -> units.LoadedBoundaries:
    return units.load_boundaries(units.LoadBoundaries(file=file, on=TODAY, **changes), now=NOW)


def communes(day: date) -> list[tuple[str, str]]:
    found = list(queries.communes_on(day, province_code="19"))
    districts = queries.districts_of(unit.pk for unit in found)
    return [(unit.code, districts.get(unit.pk, "")) for unit in found]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["code", "ma_xa", "MaXa", "maDVHC", "MA_XA", "GID"])
def test_finds_the_code_under_the_names_that_files_use(places: None, write: Write, name: str) -> None:
    load(write(collection(feature(name=name))))

    boundary = UnitBoundary.objects.get()
    assert boundary.unit.code == "05443"
    assert (boundary.west, boundary.south, boundary.east, boundary.north) == (105.8, 21.5, 105.9, 21.6)
    assert boundary.source == "ranh-gioi.geojson"
    assert boundary.loaded_at == NOW


@pytest.mark.django_db
@pytest.mark.parametrize("code", [5443, 5443.0, "5443", " 05443 "])
def test_a_code_that_lost_its_zeros_is_still_that_unit(places: None, write: Write, code: Any) -> None:
    assert load(write(collection(feature(code)))).loaded == 1


@pytest.mark.django_db
def test_a_running_number_is_not_taken_for_a_code(places: None, write: Write) -> None:
    features = [feature(code) for code in ("05443", "99999", "05455")]
    for number, one in enumerate(features, start=18):
        one["properties"]["id"] = number  # 19 is the code of the province

    with pytest.raises(units.BoundariesRefused, match="99999"):
        load(write(collection(*features)))


@pytest.mark.django_db
def test_one_wrong_feature_keeps_all_out(places: None, write: Write) -> None:
    with pytest.raises(units.BoundariesRefused, match="đối tượng 2"):
        load(write(collection(feature(), feature("05455", [[0, 0], [1, 0], [1, 1], [0, 0]]))))

    assert not UnitBoundary.objects.exists()
    assert not Event.objects.filter(name="BoundariesLoaded").exists()


@pytest.mark.django_db
def test_units_of_other_places_are_left_out_when_asked(places: None, write: Write) -> None:
    file = write(collection(feature(), feature("00001"), {"type": "Feature", "properties": None, "geometry": None}))

    with pytest.raises(units.BoundariesRefused, match="00001"):
        load(file)
    loaded = load(file, skip_unknown=True)

    assert [str(one.result) for one in loaded.reports] == ["loaded", "unknown_code", "no_code"]
    assert len(loaded.missing) > 80


@pytest.mark.django_db
def test_a_file_in_which_nothing_is_known_is_refused_even_then(places: None, write: Write) -> None:
    with pytest.raises(units.BoundariesRefused, match="không đối tượng nào"):
        load(write(collection(feature("00001"))), skip_unknown=True)


@pytest.mark.django_db
def test_a_second_load_replaces_the_first(places: None, write: Write) -> None:
    load(write(collection(feature())))
    moved = [[across + 0.01, up] for across, up in RING]

    loaded = load(write(collection(feature(ring=moved))), source="Sở Nông nghiệp và Môi trường")

    assert (loaded.loaded, loaded.replaced) == (1, 1)
    assert UnitBoundary.objects.get().west == 105.81
    assert queries.boundary_sources([UnitBoundary.objects.get().unit_id]) == ["Sở Nông nghiệp và Môi trường"]
    assert Event.objects.filter(name="BoundariesLoaded").count() == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (feature(ring=[[up, across] for across, up in RING]), "bị đảo"),
        (feature(ring=RING[:-1]), "chưa khép kín"),
        (feature(ring=RING[:2]), "ít hơn 4 điểm"),
        (feature(ring=[RING[0]] * 5), "diện tích bằng 0"),
        (feature(ring=[[432100.5, 2389000.1]] * 4), "mét"),
        (feature(ring=[[2.3, 48.8], [2.4, 48.8], [2.4, 48.9], [2.3, 48.8]]), "ngoài Việt Nam"),
        (feature(ring=[["a", 1], ["b", 2], ["c", 3], ["a", 1]]), "không phải cặp"),
        (feature(ring=[[True, 1], None, {}, []]), "không phải cặp"),
        (feature(ring="x"), "ít hơn 4 điểm"),
        (feature(ring=[[103, 10], [109, 10], [109, 20], [103, 20], [103, 10]]), "rộng hơn"),
        (feature(ring=[[across / 1e5 + 105, up / 1e5 + 21] for across, up in RING]), "nhỏ hơn"),
        (feature(geometry={"type": "Point", "coordinates": [105, 21]}), "không có đa giác"),
        (feature(geometry={"type": "MultiPolygon", "coordinates": []}), "không có điểm nào"),
        (feature(geometry={"type": "MultiPolygon", "coordinates": [[], 3]}), "không có điểm nào"),
        (feature(geometry={"type": "Polygon"}), "không có điểm nào"),
        (feature(code=None), "không có mã"),
        ("no feature", "không có mã"),
    ],
)
def test_says_what_is_wrong_with_a_feature(write: Write, wrong: Any, words: str) -> None:
    with pytest.raises(units.BoundariesRefused, match=words):
        read_boundaries(write(collection(wrong)), known={"05443"})


def test_a_unit_drawn_twice_is_refused(write: Write) -> None:
    with pytest.raises(units.BoundariesRefused, match="đã có ở một đối tượng trước"):
        read_boundaries(write(collection(feature(), feature())), known={"05443"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "không phải JSON"),
        ("{" * 100_000, "không phải JSON"),
        ("[" * 100_000, "không phải JSON"),
        ("[1, 2]", "FeatureCollection"),
        ('{"type": "FeatureCollection"}', "FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "không có đối tượng nào"),
        ('{"type": "FeatureCollection", "features": [NaN]}', "không phải là số"),
        (f'{{"type": "FeatureCollection", "features": [{"9" * 5000}]}}', "không phải JSON"),
        ('{"type": "FeatureCollection", "features": [1], "crs": {"properties": {"name": "EPSG:3405"}}}', "WGS 84"),
    ],
)
def test_says_what_is_wrong_with_a_file(write: Write, text: str, words: str) -> None:
    with pytest.raises(units.BoundariesRefused, match=words):
        read_boundaries(write(text), known={"05443"})


def test_a_file_of_300_megabytes_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "lon.geojson"
    with file.open("wb") as stream:
        stream.truncate(300 * 1024 * 1024)

    with pytest.raises(units.BoundariesRefused, match="300 MB"):
        read_boundaries(file, known={"05443"})


def test_what_is_no_text_or_no_file_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "xa.shp"
    binary.write_bytes(b"\x00\x00\x27\x0a\xff\xfe" * 40)

    for file, words in ((binary, "UTF-8"), (tmp_path, "thư mục"), (tmp_path / "khong-co.geojson", "Không đọc được")):
        with pytest.raises(units.BoundariesRefused, match=words):
            read_boundaries(file, known={"05443"})


@pytest.mark.django_db
def test_the_command_says_what_it_did_and_refuses_with_2(
    places: None, write: Write, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(collection(feature()))
    out = StringIO()
    monkeypatch.setattr("sys.stdout", out)

    call_command("units", "load-boundaries", str(file), on="01/07/2025")

    assert "Đã nạp ranh giới của 1 đơn vị theo địa bàn ngày 01/07/2025" in out.getvalue()
    for arguments in ([], ["draw"], ["load-boundaries"], ["load-boundaries", "khong-co.geojson"]):
        with pytest.raises(SystemExit) as ended:
            call_command("units", *arguments)
        assert ended.value.code == 2
    with pytest.raises(SystemExit) as ended:
        call_command("units", "load-boundaries", str(file), on="hôm qua")
    assert ended.value.code == 2
    assert "✗ " in capsys.readouterr().err


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "count"), [(date(2022, 10, 1), 178), (date(2025, 1, 1), 172), (TODAY, 92)])
def test_an_invented_ground_can_be_loaded_for_the_map_of_any_day(
    places: None, write: Write, day: date, count: int
) -> None:
    invented = invented_boundaries(communes(day))

    loaded = units.load_boundaries(units.LoadBoundaries(file=write(invented), on=day, source=SOURCE), now=NOW)

    assert loaded.loaded == count
    shapes = queries.boundaries_of(AdministrativeUnit.objects.values_list("pk", flat=True))
    areas = [Area(key, "Xã", "", 1.0, "1", "Xã: 1", "/x/") for key in shapes]
    assert len(draw_choropleth(areas, shapes, scale=Scale(), title="T", description="D")) < 200_000


def test_the_same_seed_gives_the_same_ground() -> None:
    some = [(f"{number:05d}", f"Huyện {number % 5}") for number in range(30)]

    assert invented_boundaries(some) == invented_boundaries(some)
    assert invented_boundaries(some)["invented"] is True


def test_a_winding_border_keeps_its_form_and_loses_its_points() -> None:
    turn = np.linspace(0, 2 * np.pi, 20_000)
    away = 0.1 + 0.01 * np.sin(9 * turn) + 0.0001 * np.sin(900 * turn)
    ring = np.column_stack([105.8 + away * np.cos(turn), 21.6 + away * np.sin(turn)])
    ring[-1] = ring[0]

    simple = simplify_ring(ring)

    assert len(simple) <= MOST_POINTS_OF_A_RING
    assert (simple[0] == simple[-1]).all()
    assert _area(simple) == pytest.approx(_area(ring), rel=0.01)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=3, max_size=24, unique=True),
    st.sampled_from([1e-6, 1e-3, 1.0]),
)
def test_a_simple_ring_is_closed_and_takes_its_points_from_the_first(
    points: list[tuple[int, int]], scale: float
) -> None:
    ring = np.array([*points, points[0]]) * scale / 40 + (105, 21)

    simple = simplify_ring(ring)

    assert len(simple) >= 4
    assert (simple[0] == simple[-1]).all()
    assert {tuple(point) for point in simple} <= {tuple(point) for point in ring}


def _area(ring: Any) -> float:
    across, up = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return abs(float((across[:-1] * up[1:] - across[1:] * up[:-1]).sum())) / 2

"""Maps: round limits from the data, colours by class, borders where all are known, tiles where not."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.infra.map_scale import Area, Scale, key_of, round_limits, scale_of
from lienthong.infra.maps import draw_map

SQUARE = [[[[105.0, 21.0], [106.0, 21.0], [106.0, 22.0], [105.0, 22.0], [105.0, 21.0]]]]
NEIGHBOUR = [[[[106.0, 21.0], [107.0, 21.0], [107.0, 22.0], [106.0, 22.0], [106.0, 21.0]]]]


def area(key: int, value: float | None = None, *, name: str = "Xã A&B", url: str = "") -> Area:
    text = "" if value is None else f"{value:g} %"
    return Area(
        key=key, name=name, group="Huyện Võ Nhai", value=value, text=text, words=f"{name}: {text or 'chưa có'}", url=url
    )


@pytest.mark.parametrize(
    ("values", "limits"),
    [
        ([3.1, 8.0, 22.4], (0, 5, 10, 15, 20, 25)),
        ([0.4, 1.9, 4.9], (0, 1, 2, 3, 4, 5)),
        ([0, 0, 0], (0, 1, 2, 3, 4, 5)),
        ([81, 88, 92], (80, 82.5, 85, 87.5, 90, 92.5)),
        ([], (0, 20, 40, 60, 80, 100)),
        ([float("nan"), 12_000, 31_000], (0, 10_000, 20_000, 30_000, 40_000, 50_000)),
    ],
)
def test_limits_are_round_and_hold_the_values(values: list[float], limits: tuple[float, ...]) -> None:
    assert round_limits(values) == limits


def test_one_far_off_place_does_not_make_all_others_alike() -> None:
    values = [float(value % 9) for value in range(60)] + [75.0]

    scale = scale_of(values)

    assert scale.edges == (0, 2, 4, 6, 8, 10)
    assert scale.labels()[-1] == "từ 8 % trở lên"
    assert scale.class_of(75) == 4


@given(st.lists(st.floats(min_value=0, max_value=1e9), min_size=1, max_size=200))
def test_there_are_always_five_classes_that_hold_all_but_the_highest(values: list[float]) -> None:
    scale = scale_of(values)

    assert len(scale.edges) == 6
    assert all(low < high for low, high in pairwise(scale.edges)) or max(values) < 1e-4
    assert scale.edges[0] <= min(values)
    within = sum(value <= scale.edges[-1] * (1 + 1e-9) + 1e-6 for value in values)
    assert within >= round(0.95 * (len(values) - 1))


def test_a_limit_belongs_to_the_class_above_it_and_all_to_the_last() -> None:
    assert [Scale().class_of(value) for value in (0, 19.9, 20, 50, 80, 100)] == [0, 0, 1, 2, 4, 4]


def test_borders_are_drawn_only_where_all_are_known() -> None:
    areas = [area(1, 4.0), area(2, 30.0)]

    whole = draw_map(areas, title="Tỷ lệ", shapes={1: SQUARE, 2: NEIGHBOUR})
    lacking = draw_map(areas, title="Tỷ lệ", shapes={1: SQUARE})

    assert whole.has_borders
    assert not lacking.has_borders
    assert "<path" in whole.svg
    assert "<text" in lacking.svg


@pytest.mark.parametrize("shapes", [{}, {1: SQUARE, 2: NEIGHBOUR}])
def test_each_area_says_itself_and_leads_somewhere(shapes: dict[int, object]) -> None:
    areas = [area(1, None), area(2, 30.0, name="Phường Phan Đình Phùng", url="/x?a=1&b=2")]

    drawn = draw_map(areas, title="Hộ <nghèo>", shapes=shapes)  # type: ignore[arg-type]

    assert "<title>Hộ &lt;nghèo&gt;</title>" in drawn.svg
    assert "<desc>" in drawn.svg
    assert "<title>Xã A&amp;B: chưa có</title>" in drawn.svg
    assert "url(#no-data)" in drawn.svg
    assert '<a href="/x?a=1&amp;b=2">' in drawn.svg
    assert 'role="group"' in drawn.svg
    assert "style=" not in drawn.svg + drawn.key


def test_the_key_names_what_hatching_means_only_where_there_is_some() -> None:
    assert "chưa có số liệu" in draw_map([area(1, None)], title="T").key
    assert "chưa có số liệu" not in draw_map([area(1, 1.0)], title="T").key
    assert re.findall(r"(\S+–\S+ %)", key_of(Scale())) == ["0–20 %", "20–40 %", "40–60 %", "60–80 %", "80–100 %"]


def test_proportions_are_those_of_the_middle_latitude() -> None:
    drawn = draw_map([area(1, 1.0)], title="T", shapes={1: SQUARE})

    width, height = (int(value) for value in re.findall(r'width="(\d+)" height="(\d+)"', drawn.svg)[0])
    assert 0.92 < width / height < 0.94


def test_a_map_without_areas_is_still_a_drawing() -> None:
    assert draw_map([], title="T").svg.startswith("<svg")

"""Processes as pictures and as BPMN: whole, well-formed, and the same in words."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from lienthong.catalogue import queries as catalogue
from lienthong.catalogue.bpmn import write_bpmn
from lienthong.catalogue.definition import VersionData
from lienthong.catalogue.process_drawing import draw_process, process_in_words
from tests.factories.catalogue import joint_version_data, version_data

SVG = "{http://www.w3.org/2000/svg}"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DIAGRAM = "{http://www.omg.org/spec/BPMN/20100524/DI}"
CANVAS = "{http://www.omg.org/spec/DD/20100524/DC}"
EDGES = "{http://www.omg.org/spec/DD/20100524/DI}"
NOW = datetime(2026, 11, 23, tzinfo=UTC)

VERSIONS = pytest.mark.parametrize(
    "version", [version_data(), joint_version_data(), version_data(steps=())], ids=["short", "joint", "no step"]
)


def drawn_words(svg: ET.Element) -> str:
    return " ".join(" ".join("".join(text.itertext()).split()) for text in svg.iter(f"{SVG}text"))


class TestDrawing:
    @VERSIONS
    def test_shows_every_step_with_role_and_time(self, version: VersionData) -> None:
        svg = ET.fromstring(draw_process(version))
        words = drawn_words(svg)
        for step in version.steps:
            assert f"{step.number}. {step.name}" in words
            assert step.allowance is None or step.allowance.in_words in words
        boxes = [one for one in svg.iter(f"{SVG}rect") if "process__step" in one.attrib["class"]]
        assert len(boxes) == len(version.steps)
        assert len(list(svg.iter(f"{SVG}path"))) == max(len(version.steps) - 1, 0)

    def test_says_in_words_what_it_shows(self) -> None:
        version = joint_version_data()
        svg = ET.fromstring(draw_process(version, ids="a"))
        assert svg.attrib["role"] == "img"
        assert svg.attrib["aria-labelledby"] == "a-title a-desc"
        assert svg.findtext(f"{SVG}title") == f"Quy trình: {version.name}"
        assert svg.findtext(f"{SVG}desc") == process_in_words(version.steps)
        assert "Bước 4, Cơ quan cấp tỉnh, cán bộ thụ lý: Thẩm định tại Sở, 10 ngày." in process_in_words(version.steps)

    @VERSIONS
    def test_is_allowed_under_a_strict_content_security_policy(self, version: VersionData) -> None:
        drawn = draw_process(version)
        assert not re.search(r"\bstyle=|<style|<script|<a\b|href|\bon\w+=", drawn)

    def test_names_each_lane_once_in_the_order_of_the_way(self) -> None:
        words = drawn_words(ET.fromstring(draw_process(joint_version_data())))
        lanes = ["Bộ phận một cửa", "Cơ quan cấp xã", "Cơ quan cấp tỉnh"]
        assert [words.count(lane) for lane in lanes] == [1, 1, 1]
        assert sorted(lanes, key=words.index) == lanes

    def test_keeps_boxes_inside_the_picture_and_apart(self) -> None:
        svg = ET.fromstring(draw_process(joint_version_data()))
        width, height = float(svg.attrib["width"]), float(svg.attrib["height"])
        boxes = [
            {key: float(one.attrib[key]) for key in ("x", "y", "width", "height")}
            for one in svg.iter(f"{SVG}rect")
            if "process__step" in one.attrib["class"]
        ]
        for box in boxes:
            assert box["x"] >= 0 and box["x"] + box["width"] <= width
            assert box["y"] + box["height"] <= height
        for above, below in pairwise(boxes):
            assert above["y"] + above["height"] < below["y"]

    def test_survives_names_with_quotes_tags_emoji_and_no_spaces(self) -> None:
        steps = version_data().steps
        odd = 'Bước <b>"đậm"</b> & 🙂 ' + "x" * 250
        svg = ET.fromstring(draw_process(version_data(name=odd, steps=(replace(steps[0], name=odd), *steps[1:]))))
        assert "<b>" in drawn_words(svg)


class TestBpmn:
    @VERSIONS
    def test_has_a_task_for_each_step_and_a_flow_between_all(self, version: VersionData) -> None:
        process = ET.fromstring(write_bpmn("1.001731", version)).find(f"{BPMN}process")
        assert process is not None
        tasks = process.findall(f"{BPMN}userTask")
        assert [task.attrib["name"] for task in tasks] == [step.name for step in version.steps]
        flows = process.findall(f"{BPMN}sequenceFlow")
        way = ["Start", *[f"Step_{step.number}" for step in version.steps], "End"]
        expected = list(pairwise(way)) if version.steps else []
        assert [(flow.attrib["sourceRef"], flow.attrib["targetRef"]) for flow in flows] == expected

    def test_every_reference_leads_somewhere_and_every_id_is_used_once(self) -> None:
        root = ET.fromstring(write_bpmn("1.001731", joint_version_data()))
        ids = [one.attrib["id"] for one in root.iter() if "id" in one.attrib]
        assert len(ids) == len(set(ids))
        assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", one) for one in ids)
        for one in root.iter():
            for key in ("bpmnElement", "sourceRef", "targetRef", "processRef"):
                assert one.attrib.get(key, ids[0]) in ids
        for tag in ("incoming", "outgoing", "flowNodeRef"):
            for one in root.iter(f"{BPMN}{tag}"):
                assert one.text in ids

    def test_places_every_node_lane_and_flow_in_the_diagram(self) -> None:
        root = ET.fromstring(write_bpmn("1.001731", joint_version_data()))
        shown = {
            one.attrib["bpmnElement"] for one in root.iter() if one.tag in {f"{DIAGRAM}BPMNShape", f"{DIAGRAM}BPMNEdge"}
        }
        drawable = {
            one.attrib["id"]
            for tag in ("participant", "lane", "userTask", "startEvent", "endEvent", "sequenceFlow")
            for one in root.iter(f"{BPMN}{tag}")
        }
        assert shown == drawable
        assert len(list(root.iter(f"{CANVAS}Bounds"))) == len(list(root.iter(f"{DIAGRAM}BPMNShape")))
        assert all(len(list(edge.iter(f"{EDGES}waypoint"))) >= 2 for edge in root.iter(f"{DIAGRAM}BPMNEdge"))

    def test_nodes_of_a_lane_lie_inside_it(self) -> None:
        root = ET.fromstring(write_bpmn("1.001731", joint_version_data()))
        bounds = {
            shape.attrib["bpmnElement"]: [
                float(next(shape.iter(f"{CANVAS}Bounds")).attrib[key]) for key in ("y", "height")
            ]
            for shape in root.iter(f"{DIAGRAM}BPMNShape")
        }
        for lane in root.iter(f"{BPMN}lane"):
            top, height = bounds[lane.attrib["id"]]
            for node in lane.iter(f"{BPMN}flowNodeRef"):
                assert node.text is not None
                y, high = bounds[node.text]
                assert top <= y and y + high <= top + height

    def test_is_the_same_each_time_and_keeps_ids_when_names_change(self) -> None:
        version = joint_version_data()
        renamed = replace(version, steps=tuple(replace(step, name="Khác") for step in version.steps))
        assert write_bpmn("1.1", version) == write_bpmn("1.1", version)
        ids = [re.findall(rb' id="([^"]+)"', write_bpmn("1.1", one)) for one in (version, renamed)]
        assert ids[0] == ids[1]


@pytest.mark.django_db
@pytest.mark.usefixtures("real_catalogue")
def test_every_real_procedure_can_be_drawn_and_exported() -> None:
    for procedure in catalogue.procedures_as_data(drafts=True):
        for version in procedure.versions:
            svg = ET.fromstring(draw_process(version))
            words = drawn_words(svg)
            assert all(f"{step.number}. {step.name}" in words for step in version.steps)
            ET.fromstring(write_bpmn(procedure.code, version))

"""A process as BPMN 2.0 with its diagram, for people who draw and compare processes in other programs.

Only an export: the steps in our tables are what runs. The ids of elements stay the same as long as the steps do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from lienthong.catalogue.definition import StepData, VersionData
from lienthong.catalogue.lanes import Lane, lane_of, lanes_of, role_in_words, time_in_words

_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
_CANVAS = "http://www.omg.org/spec/DD/20100524/DC"
_EDGES = "http://www.omg.org/spec/DD/20100524/DI"
_OURS = "urn:lienthong:catalogue"

_LEFT, _TOP, _LABEL = 160, 80, 30
_LANE_HEIGHT, _TASK_WIDTH, _TASK_HEIGHT, _BETWEEN, _EVENT = 140, 160, 90, 60, 36

for prefix, address in {"bpmn": _MODEL, "bpmndi": _DIAGRAM, "dc": _CANVAS, "di": _EDGES}.items():
    ET.register_namespace(prefix, address)


def write_bpmn(code: str, version: VersionData) -> bytes:
    """Write the process of a version as a BPMN 2.0 document.

    Args:
        code: Code of the procedure.
        version: The version with its steps.
    """
    root = ET.Element(f"{{{_MODEL}}}definitions", {"id": f"Definitions_{_id(code)}", "targetNamespace": _OURS})
    collaboration = _add(root, _MODEL, "collaboration", id=f"Collaboration_{_id(code)}")
    _add(
        collaboration,
        _MODEL,
        "participant",
        id="Participant_1",
        name=f"{version.name} ({code})",
        processRef=f"Process_{_id(code)}",
    )
    _write_process(root, code, version.steps)
    _write_diagram(root, code, version.steps)
    ET.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode").encode()


def _write_process(root: ET.Element, code: str, steps: Sequence[StepData]) -> None:
    process = _add(root, _MODEL, "process", id=f"Process_{_id(code)}", isExecutable="false")
    lane_set = _add(process, _MODEL, "laneSet", id="LaneSet_1")
    for lane in lanes_of(steps):
        drawn = _add(lane_set, _MODEL, "lane", id=_lane_id(lane), name=lane.name)
        for node, owner in _nodes(steps):
            if owner == lane:
                _add(drawn, _MODEL, "flowNodeRef").text = node
    flows = _flows(steps)
    for node, _owner in _nodes(steps):
        element = _node(process, node, steps)
        for flow, _source, target in flows:
            if target == node:
                _add(element, _MODEL, "incoming").text = flow
        for flow, source, _target in flows:
            if source == node:
                _add(element, _MODEL, "outgoing").text = flow
    for flow, source, target in flows:
        _add(process, _MODEL, "sequenceFlow", id=flow, sourceRef=source, targetRef=target)


def _node(process: ET.Element, node: str, steps: Sequence[StepData]) -> ET.Element:
    if node == "Start":
        return _add(process, _MODEL, "startEvent", id=node, name=_("Nộp hồ sơ"))
    if node == "End":
        return _add(process, _MODEL, "endEvent", id=node, name=_("Đã nhận kết quả"))
    step = next(step for step in steps if _step_id(step) == node)
    task = _add(process, _MODEL, "userTask", id=node, name=step.name)
    _add(task, _MODEL, "documentation").text = "; ".join(filter(None, [role_in_words(step), time_in_words(step)]))
    return task


def _nodes(steps: Sequence[StepData]) -> list[tuple[str, Lane]]:
    """Give the nodes in the order of the flow, each with its lane; start and end lie with the step beside them."""
    if not steps:
        return []
    tasks = [(_step_id(step), lane_of(step)) for step in steps]
    return [("Start", tasks[0][1]), *tasks, ("End", tasks[-1][1])]


def _flows(steps: Sequence[StepData]) -> list[tuple[str, str, str]]:
    nodes = [node for node, _lane in _nodes(steps)]
    return [(f"Flow_{one}_{other}", one, other) for one, other in pairwise(nodes)]


def _write_diagram(root: ET.Element, code: str, steps: Sequence[StepData]) -> None:
    diagram = _add(root, _DIAGRAM, "BPMNDiagram", id="Diagram_1")
    plane = _add(diagram, _DIAGRAM, "BPMNPlane", id="Plane_1", bpmnElement=f"Collaboration_{_id(code)}")
    lanes = lanes_of(steps)
    places = _places(steps, lanes)
    width = max((left + wide for left, _top, wide, _high in places.values()), default=_LEFT) - _LEFT + _BETWEEN + _LABEL
    high = max(len(lanes), 1) * _LANE_HEIGHT
    _shape(plane, "Participant_1", (_LEFT - _LABEL, _TOP, width + _LABEL, high), isHorizontal="true")
    for number, lane in enumerate(lanes):
        box = (_LEFT, _TOP + number * _LANE_HEIGHT, width, _LANE_HEIGHT)
        _shape(plane, _lane_id(lane), box, isHorizontal="true")
    for node, place in places.items():
        _shape(plane, node, place)
    for flow, source, target in _flows(steps):
        edge = _add(plane, _DIAGRAM, "BPMNEdge", id=f"{flow}_di", bpmnElement=flow)
        for x, y in _way(places[source], places[target]):
            _add(edge, _EDGES, "waypoint", x=str(x), y=str(y))


def _places(steps: Sequence[StepData], lanes: Sequence[Lane]) -> dict[str, tuple[int, int, int, int]]:
    places, left = {}, _LEFT + _LABEL + _BETWEEN // 2
    for node, lane in _nodes(steps):
        wide, high = (_EVENT, _EVENT) if node in {"Start", "End"} else (_TASK_WIDTH, _TASK_HEIGHT)
        top = _TOP + lanes.index(lane) * _LANE_HEIGHT + (_LANE_HEIGHT - high) // 2
        places[node] = (left, top, wide, high)
        left += wide + _BETWEEN
    return places


def _way(source: tuple[int, int, int, int], target: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    start = (source[0] + source[2], source[1] + source[3] // 2)
    end = (target[0], target[1] + target[3] // 2)
    if start[1] == end[1]:
        return [start, end]
    middle = (start[0] + end[0]) // 2
    return [start, (middle, start[1]), (middle, end[1]), end]


def _shape(plane: ET.Element, element: str, box: tuple[int, int, int, int], **more: str) -> None:
    shape = _add(plane, _DIAGRAM, "BPMNShape", id=f"{element}_di", bpmnElement=element, **more)
    x, y, width, height = box
    _add(shape, _CANVAS, "Bounds", x=str(x), y=str(y), width=str(width), height=str(height))


def _add(parent: ET.Element, namespace: str, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{namespace}}}{tag}", attributes)


def _step_id(step: StepData) -> str:
    return f"Step_{step.number}"


def _lane_id(lane: Lane) -> str:
    return f"Lane_{_id(lane.key)}"


def _id(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "_", text)

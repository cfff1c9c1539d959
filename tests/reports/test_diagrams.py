"""The drawing of a run's model: what its record says, in blocks, and nothing where there is too much of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from mnistspec.reports.contents import read_folder
from mnistspec.reports.diagrams import NODES, diagram_of_run, model_drawing
from mnistspec.reports.html import html_report
from mnistspec.reports.record import RunRecord

from . import folders
from .pages import Page

NODE: dict[str, Any] = {
    "name": "first__dense", "block": "first/", "layer": "Dense", "arguments": {"units": 4}, "inputs": ["x"],
    "output_shapes": [[None, 4]], "params": 20,
}  # fmt: skip
LAST = {**NODE, "name": "y", "block": "", "inputs": ["first__dense"]}


def _run(folder: Path, nodes: list[dict[str, Any]], **model: Any) -> RunRecord:
    known = {"params": 1, "trainable_params": 1, "flops": None, "nodes": nodes, "inputs": ["x"], "outputs": ["y"]}
    folders.write(folder, folders.record(model={**known, **model}))
    return read_folder(folder).run


def test_a_run_is_drawn_as_its_spec_is(tmp_path: Path) -> None:
    drawn = diagram_of_run(_run(tmp_path, [NODE, LAST], input_shapes=[[None, 4]]))
    assert [(box.role, box.name, box.group, box.shape) for box in drawn.boxes] == [
        ("input", "x", (), "(None, 4)"),
        ("layer", "dense", ("first",), "(None, 4)"),
        ("layer", "y", (), "(None, 4)"),
        ("output", "", (), ""),
    ]
    assert drawn.boxes[1].arguments == ("units=4",)
    assert [(line.source, line.target) for line in drawn.lines] == [(0, 1), (1, 2), (2, 3)]


def test_one_of_several_outputs_is_told_from_a_name_with_a_dot(tmp_path: Path) -> None:
    two = {**NODE, "name": "lstm", "block": "", "output_shapes": [[None, 3], [None, 5]]}
    dotted = {**two, "name": "lstm.1", "output_shapes": [[None, 9]], "inputs": ["lstm.0"]}
    last = {**LAST, "inputs": ["lstm.1", "lstm.0"]}
    drawn = diagram_of_run(_run(tmp_path, [two, dotted, last]))
    labels = {(line.source, line.target): line.label for line in drawn.lines}
    assert labels[(1, 2)] == labels[(1, 3)] == "output 0 (None, 3)"
    assert labels[(2, 3)] == ""


def test_a_record_of_an_older_run_is_drawn_without_blocks_and_arguments(tmp_path: Path) -> None:
    old = [{key: value for key, value in node.items() if key not in ("block", "arguments")} for node in (NODE, LAST)]
    drawn = diagram_of_run(_run(tmp_path, old))
    assert [(box.name, box.arguments, box.shape) for box in drawn.boxes[:2]] == [
        ("x", (), ""),
        ("first__dense", (), "(None, 4)"),
    ]


def test_a_model_too_large_for_a_page_is_a_table_alone(tmp_path: Path) -> None:
    many = [{**LAST, "name": f"d{i}", "inputs": ["x"]} for i in range(NODES + 1)]
    assert model_drawing(_run(tmp_path / "many", many)) is None
    assert model_drawing(_run(tmp_path / "some", many[:-1])) is not None
    tangled = [{**node, "inputs": [f"d{i}" for i in range(place)]} for place, node in enumerate(many[:60])]
    assert model_drawing(_run(tmp_path / "tangled", tangled)) is None


def test_the_report_shows_the_drawing_and_its_words_once_each(tmp_path: Path) -> None:
    _run(tmp_path, [NODE, LAST])
    page = html_report(read_folder(tmp_path))
    assert [drawing["aria-label"] for drawing in Page(page).of_class("drawing")] == ["The model digits"]
    assert len(re.findall("<style>", page)) == 2


def test_the_drawing_of_hostile_names_holds_them_as_text(tmp_path: Path) -> None:
    page = Page(html_report(read_folder(folders.hostile(tmp_path))))
    assert page.of_class("drawing")
    assert not page.named("script")

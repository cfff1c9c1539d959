"""Drawings as they are written: each form of some specs beside, and hostile names in all of them.

`pytest tests/exporters/diagram --update-drawings` writes the expected files anew; look at them before you keep them.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from mnistspec.exporters.diagram.dot import dot
from mnistspec.exporters.diagram.mermaid import mermaid
from mnistspec.exporters.diagram.svg import svg

from .diagrams import BLOCKS, HOSTILE, STATES, diagram, hostile

_FOLDER = Path(__file__).parent / "drawings"
_DOCS = Path(__file__).parents[3] / "docs"
_SPECS = Path(__file__).parents[3] / "specs"
_FORMS = {"svg": svg, "mmd": mermaid, "dot": dot}
_SPEC_OF = {"blocks": BLOCKS, "states": STATES}
_SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("ending", _FORMS)
@pytest.mark.parametrize("name", _SPEC_OF)
def test_a_drawing_is_what_it_was(name: str, ending: str, update_drawings: bool) -> None:
    _compare(_FOLDER / f"{name}.{ending}", _FORMS[ending](diagram(_SPEC_OF[name])), update_drawings)


def test_the_drawing_in_the_manual_is_fresh(update_drawings: bool) -> None:
    _compare(_DOCS / "mnist-branches.svg", svg(diagram(str(_SPECS / "mnist-branches.yaml"))), update_drawings)


def _compare(file: Path, drawn: str, update: bool) -> None:
    if update:
        file.write_text(drawn, encoding="utf-8")
    assert drawn == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("spec", sorted(_SPECS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_spec_is_drawn_the_same_each_time_and_whole(spec: Path) -> None:
    drawn = diagram(str(spec))
    first = svg(drawn)
    assert first == svg(diagram(str(spec)))
    said = [title.text or "" for title in ET.fromstring(first).iter(f"{_SVG}title")]
    assert len(said) == 1 + len(drawn.boxes)
    for box, words in zip(drawn.boxes, said[1:], strict=True):
        assert words.splitlines()[:2] == [box.layer, box.whole_name]


def test_the_svg_needs_nothing_else_and_runs_nothing() -> None:
    root = ET.fromstring(svg(hostile()))
    assert {element.tag.removeprefix(_SVG) for element in root.iter()} == {
        "svg", "title", "desc", "style", "rect", "path", "g", "text",
    }  # fmt: skip
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in attributes if name.startswith("on") or "href" in name or name == "src"]
    assert "url(" not in svg(hostile()) and "@import" not in svg(hostile())


def test_the_svg_says_what_it_is_to_those_who_cannot_see_it() -> None:
    root = ET.fromstring(svg(diagram(BLOCKS)))
    assert (root.get("role"), root.get("aria-label")) == ("img", "The model blocks")
    assert root.findtext(f"{_SVG}desc") == "A functional model of 8 layers, from x (None, 4) to y."
    style = root.findtext(f"{_SVG}style") or ""
    assert "prefers-color-scheme: dark" in style


def test_names_are_shown_as_they_are() -> None:
    titles = "\n".join(title.text or "" for title in ET.fromstring(svg(hostile())).iter(f"{_SVG}title"))
    assert all(name in titles for name in HOSTILE)


def test_a_block_both_before_and_after_a_layer_is_drawn_without_frames() -> None:
    names = ("a/first", "between", "a/last")
    layers = "".join(f"    - Dense: {{units: 2, name: {name}}}\n" for name in names)
    root = ET.fromstring(
        svg(diagram(f"mnistspec: 1\nmodel:\n  kind: sequential\n  input: {{shape: [2]}}\n  layers:\n{layers}"))
    )
    assert [text.text for text in root.iter(f"{_SVG}text") if text.get("class") == "name"] == ["input", *names]
    assert not [panel for panel in root.iter(f"{_SVG}rect") if panel.get("class") == "group"]


@pytest.mark.slow
def test_ten_thousand_layers_are_drawn_in_columns() -> None:
    layers = "    - Dense: {units: 2}\n" * 10_000
    root = ET.fromstring(
        svg(diagram(f"mnistspec: 1\nmodel:\n  kind: sequential\n  input: {{shape: [2]}}\n  layers:\n{layers}"))
    )
    assert len([tip for tip in root.iter(f"{_SVG}path") if tip.get("class") == "tip"]) == 10_001
    assert 0.5 < float(root.get("width", 0)) / float(root.get("height", 1)) < 2.5


def test_mermaid_sees_no_sign_of_its_own_in_names() -> None:
    for line in mermaid(hostile()).splitlines():
        names = re.findall(r'"([^"]*)"', line)
        for name in names:
            outside = re.sub(r"#\d+;|<b>|</b>|<br>", "", name)
            assert not set(outside) & set('#;<>&"`\\[]{}|%:*~^')


def test_mermaid_marks_a_graph_that_is_larger_than_it_draws_by_itself() -> None:
    layers = "".join(f"    - Dense: {{units: 2, name: d{i}}}\n" for i in range(501))
    text = f"mnistspec: 1\nmodel:\n  kind: sequential\n  input: {{shape: [2]}}\n  layers:\n{layers}"
    assert "maxEdges" in mermaid(diagram(text))
    assert "maxEdges" not in mermaid(diagram(BLOCKS))


def test_dot_sees_no_quote_or_backslash_of_its_own_in_names() -> None:
    text = dot(hostile())
    for line in text.splitlines():
        left = re.sub(r'"(?:[^"\\]|\\["\\n])*"', "", line)
        assert '"' not in left and "\\" not in left and "click" not in left
    assert "&amp;amp;" in text

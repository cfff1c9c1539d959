"""Diagrams of specs, as tests of several forms of drawing want them."""

from __future__ import annotations

import mnistspec
from mnistspec.exporters.diagram.of_graph import diagram_of
from mnistspec.exporters.diagram.parts import Diagram

# Names that would break out of each of the forms, were they not escaped.
HOSTILE = (
    '"]:::x; click n0 "javascript:alert(1)"',
    "<script>alert(1)</script>",
    '"`md **b**`" --> n1 %%{init: {}}%%',
    "subgraph end",
    "\\N \\n & &amp; #quot; \\",
    "]]></text><svg onload=alert(1)>",
    "日本語の名前、長い長い長い長い長い長い長い長い長い長い長い長い",
)
BLOCKS = """mnistspec: 1
name: blocks
blocks:
  pair:
    layers:
      - Dense: {units: 4, activation: relu, name: first}
      - Dense: {units: 4, name: second}
      - Add: {from: [input, second], name: sum}
model:
  kind: functional
  inputs: {x: [4]}
  layers:
    - use: {block: pair, name: a}
    - use: {block: pair, name: b}
    - Concatenate: {from: [a, b, x], name: all}
    - Dense: {units: 2, name: y}
"""
STATES = """mnistspec: 1
name: states
model:
  kind: functional
  inputs: {x: [5, 4]}
  layers:
    - LSTM: {units: 3, return_state: true, from: x, name: reader}
    - LSTM: {units: 3, from: {sequences: x, initial_state: [reader.1, reader.2]}, name: finisher}
    - Multiply: {from: [finisher, finisher], name: squared}
    - Dense: {units: 7, from: x, name: unused}
  outputs: [squared, reader.0]
"""


def diagram(text: str) -> Diagram:
    result = mnistspec.check(text)
    assert result.ok and result.graph is not None, result.diagnostics
    return diagram_of(result.graph)


def hostile() -> Diagram:
    """A chain of layers with hostile names."""
    layers = "".join(f"    - Dense: {{units: 3, name: '{name}'}}\n" for name in HOSTILE)
    return diagram(f"mnistspec: 1\nmodel:\n  kind: functional\n  inputs: {{x: [4]}}\n  layers:\n{layers}")

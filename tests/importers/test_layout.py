"""The text of imported specs: short lines, and the same data when read back."""

from __future__ import annotations

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mnistspec.importers.layout import WIDTH, entry_lines, one_line, spec_layout
from mnistspec.parse import parse
from mnistspec.source import Source


def test_what_fits_stands_on_one_line() -> None:
    entry = {"Dense": {"units": 10, "name": "digit", "activation": None}}
    assert entry_lines(entry, 4) == ["    - Dense: {units: 10, name: digit, activation: null}"]
    assert entry_lines("Flatten", 4) == ["    - Flatten"]


def test_what_does_not_fit_is_filled_into_lines_that_do() -> None:
    lines = entry_lines({"StringLookup": {"vocabulary": [f"word {number}" for number in range(40)], "name": "x"}}, 4)
    assert lines[0] == "    - StringLookup:" and len(lines) < 10
    assert max(map(len, lines)) <= WIDTH


def test_sections_and_blocks_are_opened_up() -> None:
    block = {"needs": ["units"], "layers": [{"Dense": {"units": "${units}"}}]}
    spec = {"mnistspec": 1, "blocks": {"body": block}, "model": {"kind": "sequential", "layers": ["Flatten"]}}
    assert (
        spec_layout(spec)
        == """\
mnistspec: 1
blocks:
  body:
    needs: [units]
    layers:
      - Dense: {units: "${units}"}
model:
  kind: sequential
  layers:
    - Flatten
"""
    )


_SCALARS = (
    st.none() | st.booleans() | st.integers(-9, 10**6) | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)


@settings(deadline=None)
@given(st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12))
def test_a_line_reads_back_as_what_it_says(value: object) -> None:
    assert yaml.safe_load(f"[{one_line(value)}]") == [value]


def test_texts_that_look_like_something_else_are_quoted() -> None:
    values = ["1e-3", "0x1f", "true", "010", "null", "", "a: b", "${x}", "- a", "1_0"]
    outcome = parse(Source(f"a: {one_line(values)}\n"))
    assert outcome.value is not None and [node.value for node in outcome.value.get("a").items] == values  # type: ignore[union-attr]

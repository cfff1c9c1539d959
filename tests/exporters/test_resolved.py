"""The resolved spec is a valid spec that means the same, and any plain data survives being dumped and parsed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mnistspec.exporters.resolved import dump, resolved_text
from mnistspec.language import SPEC
from mnistspec.nodes import plain
from mnistspec.parse import parse, read_source
from mnistspec.pipeline import CheckResult, check_source
from mnistspec.resolve import resolve
from mnistspec.source import Source
from mnistspec.suggest import suggestion

_ROOT = Path(__file__).parents[2]
_SPECS = sorted([*(_ROOT / "tests/golden/ok").glob("*.yaml"), *(_ROOT / "specs").glob("*.yaml")])

_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=12)
_LOOKS_LIKE_MORE = st.sampled_from(
    ["1e-3", "1e3", "on", "off", "yes", "no", "true", "True", "null", "Null", "~", "0o7", "0x1F", "010", "1_000", ".5",
     "5.", "-.inf", ".nan", "12:30:45", "2024-01-01", "<<", "=", "&", "*", "!", "|", ">", "%", "@", "`", "#", "-", "?",
     ":", "{}", "[]", "${x}", "$${x}", "${", "$", "'", '"', "a:b", "a:", "#b", "-a", "a #b", "a: b", "- a"]
)  # fmt: skip
_SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    _TEXT,
    _LOOKS_LIKE_MORE,
)
_KEYS = st.one_of(_TEXT, _LOOKS_LIKE_MORE)
_DATA = st.recursive(_SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4))


def _is_kept(key: str) -> bool:
    """Whether resolving keeps what stands under the key, and does not take it for the variables or the blocks."""
    meant = suggestion(key, SPEC.fields, SPEC.title)
    return key not in ("vars", "blocks") and (meant is None or meant.names[0] not in ("vars", "blocks"))


@given(st.dictionaries(_KEYS.filter(_is_kept), _DATA, min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
@example({"a": "line\nline", "b": "tab\there", "c": " led by a space", "d": "ends with one ", "e": "", "f": "\u2028"})
@example({"0": {"1": [[], {}, [[]]]}})
@example({"a": "\x00\x1b\x85\ufeff\u2028"})
@example({"a": "$" * 3 + "{x}", "b": "${", "c": "$${${"})
def test_what_is_dumped_is_read_back_as_the_same_data(document: dict[str, Any]) -> None:
    outcome = parse(Source(dump(document)))
    assert outcome.value is not None and outcome.diagnostics == ()
    # `$${` in the text stands for `${`, which resolving takes back.
    resolved = resolve(outcome.value)
    assert resolved.value is not None and resolved.diagnostics == ()
    assert _same(plain(resolved.value), document)


@pytest.mark.parametrize("path", _SPECS, ids=lambda path: path.stem)
def test_the_resolved_spec_means_the_same(path: Path) -> None:
    first = _checked(path)
    text = _resolved(first)
    second = check_source(Source(text, str(path), path))
    assert second.ok, second.diagnostics
    assert _resolved(second) == text
    assert _meaning(second) == _meaning(first)


def test_relative_paths_are_written_as_seen_from_the_folder_of_the_text(tmp_path: Path) -> None:
    text = (
        "mnistspec: 1\ndata: {source: {csv: {path: a.csv, label: y}}}\nmodel: {kind: sequential, layers: [Flatten]}\n"
    )
    result = check_source(Source(text, "spec.yaml", tmp_path / "specs" / "spec.yaml"))
    assert result.spec is not None and result.graph is not None
    written = resolved_text(result.spec, result.graph.graph, folder=tmp_path / "runs" / "001")
    assert "path: ../../specs/a.csv" in written


def test_a_seed_left_to_the_operating_system_is_written_down() -> None:
    text = "mnistspec: 1\nseed: null\nmodel: {kind: sequential, input: [4], layers: [Flatten]}\n"
    result = check_source(Source(text))
    assert result.spec is not None and result.graph is not None
    assert "seed: 42\n" in resolved_text(result.spec, result.graph.graph, seed=42)
    assert "seed: null\n" in resolved_text(result.spec, result.graph.graph)


def _checked(path: Path) -> CheckResult:
    lines = path.read_text("utf-8").splitlines()
    settings_given = ["vars.depth=3"] if "# $ --set vars.depth=3" in lines else []
    source = read_source(path).value
    assert source is not None
    return check_source(source, overrides=settings_given)


def _resolved(result: CheckResult) -> str:
    assert result.spec is not None and result.graph is not None
    return resolved_text(result.spec, result.graph.graph)


def _meaning(result: CheckResult) -> object:
    typed = result.graph
    assert typed is not None
    nodes = [(n.name, n.inputs, n.named, n.placed, n.single, n.call_arguments) for n in typed.graph.nodes]
    return nodes, typed.inferred, typed.inputs, typed.graph.outputs, typed.graph.kind, typed.graph.name


def _same(one: object, other: object) -> bool:
    """Equal, and of equal types: 1, 1.0 and true are three values."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and one == other

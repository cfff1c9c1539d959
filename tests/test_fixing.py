"""Fixing: never for the worse, the same when done twice, and only what is certain and stands there itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mnistspec.catalogue import load
from mnistspec.diagnostics import Diagnostic, Fix, Severity
from mnistspec.fixing import Fixed, applied, certain_fixes, mend
from mnistspec.nodes import MappingNode, Node, ScalarNode, SequenceNode
from mnistspec.parse import parse
from mnistspec.pipeline import CheckResult, check_source
from mnistspec.source import Source, Span

pytestmark = pytest.mark.slow

_ROOT = Path(__file__).parents[1]
_LETTERS = "abcdefghijklmnopqrstuvwxyz_ABCDEFXYZ019"


def _mended(text: str) -> Fixed:
    return mend(Source(text), check_source)


def _errors(text: str) -> int:
    return _badness(check_source(Source(text)))[0]


def _badness(result: CheckResult) -> tuple[int, int]:
    errors = sum(found.severity is Severity.ERROR for found in result.diagnostics)
    return errors, len(result.diagnostics) - errors


@cache
def _right() -> tuple[str, ...]:
    """Specs without errors, none of them long."""
    paths = sorted([*_ROOT.glob("specs/*.yaml"), *_ROOT.glob("tests/golden/ok/*.yaml")])
    texts = [path.read_bytes().decode("utf-8-sig") for path in paths]
    return tuple(text for text in texts if len(text) < 3000 and not _errors(text))


def _names(node: Node) -> list[tuple[int, int]]:
    """Where keys and names of classes stand."""
    if isinstance(node, MappingNode):
        inner = [place for entry in node.entries for place in _names(entry.value)]
        return [(entry.key.span.start, entry.key.span.end) for entry in node.entries] + inner
    if isinstance(node, SequenceNode):
        return [place for item in node.items for place in _names(item)]
    if isinstance(node, ScalarNode) and isinstance(node.value, str) and node.span.text.isidentifier():
        return [(node.span.start, node.span.end)]
    return []


def _slipped(draw: st.DrawFn, word: str) -> str:
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(_LETTERS))
    ways = {
        "drop": word[:at] + word[at + 1 :],
        "insert": word[:at] + letter + word[at:],
        "swap": word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        "change": word[:at] + letter + word[at + 1 :],
    }
    return ways[draw(st.sampled_from(sorted(ways)))]


@st.composite
def _mutated(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(_right()))
    root = parse(Source(text)).value
    assert root is not None
    places = sorted(set(_names(root)))
    chosen = draw(st.lists(st.sampled_from(places), min_size=1, max_size=3, unique=True))
    for start, end in sorted(chosen, reverse=True):
        if end > start:
            text = text[:start] + _slipped(draw, text[start:end]) + text[end:]
    return text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_mutated())
def test_a_fixed_spec_has_fewer_errors_and_nothing_more_to_fix(text: str) -> None:
    once = _mended(text)
    changed = once.result.source.text
    if changed == text:
        assert once.count == 0
    else:
        before, after = check_source(Source(text)), check_source(Source(changed))
        assert before.resolved is None or _badness(after) < _badness(before)
    assert _mended(changed) == Fixed(check_source(Source(changed)), 0)


@pytest.mark.parametrize("text", _right())
def test_a_spec_in_order_is_left_as_it_is(text: str) -> None:
    fixed = _mended(text)
    assert (fixed.result.source.text, fixed.count) == (text, 0)


@pytest.mark.parametrize("namespace", [name for name in load().namespaces if name != "cells"])
def test_the_fix_of_a_swapped_letter_is_the_name_itself(namespace: str) -> None:
    """Certain is certain: where a swap of two letters is fixed at all, the name comes back."""
    from mnistspec.suggest import suggestion

    for facts in load()[namespace].classes.values():
        for name in facts.arguments:
            for at in range(len(name) - 1):
                slip = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
                found = suggestion(slip, facts.arguments, f"arguments of {namespace}")
                if slip not in facts.arguments and found is not None and found.certain:
                    assert found.names == (name,), slip


def _dense(arguments: str) -> str:
    return f"mnistspec: 1\nmodel: {{kind: sequential, input: [4], layers: [{{Dense: {{{arguments}}}}}]}}\n"


@pytest.mark.parametrize("settings", ["model.layers.0.Dense.activaton=relu", "modle=3"])
def test_a_setting_of_the_command_line_is_not_fixed_in_the_file(settings: str) -> None:
    source = Source(_dense("units: 3"))
    fixed = mend(source, lambda changed: check_source(changed, overrides=(settings,)))
    assert not fixed.result.ok
    assert fixed.result.source.text == source.text


def test_fixes_that_disagree_about_a_place_are_left_alone() -> None:
    source = Source("activ: relu\nunit: 3\n")
    places = [(0, 5, "activation"), (0, 5, "activity_regularizer"), (12, 16, "units"), (12, 16, "units"), (14, 20, "x")]
    found = tuple(
        Diagnostic("E206", f"{text} {number}", Span(source, start, end), fix=Fix(Span(source, start, end), text, True))
        for number, (start, end, text) in enumerate(places)
    )
    assert [fix.text for fix in certain_fixes(CheckResult(source, found))] == ["units"]


def test_what_an_alias_repeats_is_left_alone_since_it_may_be_right_elsewhere() -> None:
    text = (
        "mnistspec: 1\nmodel:\n  kind: sequential\n  input: [8, 8, 1]\n  layers:\n"
        "    - MaxPooling2D: &same {strides: 2, pool_sizes: 2}\n    - AveragePooling2D: *same\n"
    )
    assert _errors(text) == 2
    assert _mended(text).result.source.text == text


def test_a_variable_is_not_fixed_through_its_use() -> None:
    text = _dense('units: 3, activation: "${act}"') + "vars: {act: rellu}\n"
    assert _mended(text).result.source.text == text


def test_an_insertion_stands_before_what_it_touches() -> None:
    source = Source("abcdef")
    fixes = [Fix(Span(source, 0, 0), "<"), Fix(Span(source, 0, 2), "AB"), Fix(Span(source, 4, 5), "")]
    assert applied("abcdef", fixes) == "<ABcdf"


def test_certain_fixes_are_of_the_specs_own_text_and_in_its_order() -> None:
    result = check_source(Source(_dense("activaton: relu, unit: 3, zebra: 1")))
    assert [(fix.span.text, fix.text) for fix in certain_fixes(result)] == [
        ("activaton", "activation"),
        ("unit", "units"),
    ]

"""No text takes long or much: what is too large is refused while it is read, and all else costs in proportion."""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable

import pytest

from mnistspec import check
from mnistspec.exporters.resolved import resolved_text
from mnistspec.formats.text import as_text
from mnistspec.parse import decode
from mnistspec.pipeline import CheckResult, check_source

pytestmark = pytest.mark.slow

_HEAD = "mnistspec: 1\nmodel:\n  kind: functional\n  input: [8]\n  layers:\n"
_BY_LAYER: dict[str, Callable[[int], str]] = {
    "layers": lambda i: "Dense: {units: 8, activation: relu}",
    "references": lambda i: f"Dense: {{units: 8, name: n{i}, from: {f'n{i - 1}' if i else 'input'}}}",
    "layers that nothing uses": lambda i: "Dense: {units: 8, from: input}",
    "layers of one name": lambda i: "Dense: {units: 8, name: a}",
    "layers that Keras does not have": lambda i: f"Dnese{i}: {{units: 8}}",
    "arguments that Keras does not have": lambda i: f"Dense: {{units: 8, activaton{i}: relu}}",
    "nodes that are not there": lambda i: f"Dense: {{units: 8, name: abc{i}, from: node{i}}}",
    "shapes that do not fit": lambda i: "Conv2D: {filters: 8, kernel_size: 3, from: input}",
    "nodes in one cycle": lambda i: f"Dense: {{units: 8, name: n{i}, from: n{(i + 1) % 1_000}}}",
    "expressions": lambda i: f'Dense: {{units: "${{{i} + 1}}"}}',
}


def _seconds(text: str) -> tuple[float, CheckResult]:
    """Processor seconds of a check with its messages, and what it found."""
    started = time.process_time()
    result = check(text)
    as_text(result.diagnostics)
    return time.process_time() - started, result


_OF_UNITS = "{Dense: {units: '${units}'}}"
_USE = "{use: {block: three, with: {units: '${8 + i - i}'}}}"
# Each with how many layers with weights it has: a use of a block counts as one without.
_TEN_THOUSAND = {
    "written": (_HEAD + f"    - {_BY_LAYER['layers'](0)}\n" * 10_000, 10_000),
    "repeated": (_HEAD + f"    - repeat: {{times: 10000, layers: [{{{_BY_LAYER['layers'](0)}}}]}}\n", 10_000),
    "in blocks": (
        f"blocks: {{three: {{needs: [units], layers: [{_OF_UNITS}, {_OF_UNITS}, {_OF_UNITS}]}}}}\n"
        f"{_HEAD}    - repeat: {{times: 2500, layers: [{_USE}]}}\n",
        7_500,
    ),
}


@pytest.mark.parametrize(("text", "layers"), _TEN_THOUSAND.values(), ids=_TEN_THOUSAND)
def test_ten_thousand_layers_are_checked_in_about_a_second(text: str, layers: int) -> None:
    seconds, result = _seconds(text)
    assert result.ok and result.graph is not None and result.graph.trainable == layers * 72
    # About one second on a slow core; the bound leaves room for one that does other things as well.
    assert seconds < 4


@pytest.mark.parametrize("what", _BY_LAYER)
def test_a_thousand_of_anything_cost_in_proportion(what: str) -> None:
    seconds, _ = _seconds(_HEAD + "".join(f"    - {_BY_LAYER[what](i)}\n" for i in range(1_000)))
    assert seconds < 2


def test_a_check_leaves_nothing_to_the_cycle_collector() -> None:
    # It is switched off during a check, and a program that checks for days must not grow.
    texts = [_HEAD + f"    - {of(1)}\n    - {of(2)}\n" for of in _BY_LAYER.values()]
    for text in texts:
        check(text)
    gc.collect()
    for text in texts:
        check(text)
    assert gc.collect() == 0


_ANCHORS = "".join(f"a{i}: &x{i} [*x{i - 1}, *x{i - 1}]\n" for i in range(1, 60))
_REFUSED = {
    "brackets": "a: " + "[" * 100_000,
    "braces": "a: " + "{a: " * 100_000,
    "dashes": "- " * 100_000,
    "questions": "? " * 100_000,
    "quotes": "'" * 1_000_000,
    "an alias bomb": f"a0: &x0 lol\n{_ANCHORS}",
    "a merge bomb": "a: &x0 {k: 1}\n" + "".join(f"a{i}: &x{i} {{b: *x{i - 1}, <<: *x{i - 1}}}\n" for i in range(1, 99)),
    "a scalar of 5 MB": f"name: {'x' * 5_000_000}\n",
    "a number of 1 MB": f"seed: {'9' * 1_000_000}\n",
    "a comment of tabs": f"# {chr(9) * 1_000_000}\na:\t1\n",
    "brackets in comments": f"{'# mnistspec: ignore[' * 50_000}\na: 1\n",
    "a power": _HEAD + '    - Dense: {units: "${9**9**9}"}\n',
    "a string to a power": _HEAD + "    - Dense: {units: \"${'a' * 9**9}\"}\n",
    "parentheses": _HEAD + f'    - Dense: {{units: "${{{"(" * 100_000}}}"}}\n',
    "a long sum": _HEAD + f'    - Dense: {{units: "${{{"1+" * 100_000}1}}"}}\n',
    "a list of lists by variables": "vars:\n  v0: [1]\n"
    + "".join(f"  v{i}: [{', '.join([f'${{v{i - 1}}}'] * 30)}]\n" for i in range(1, 9)),
    "a text of texts by variables": "vars:\n  v0: aaaaaaaaaa\n"
    + "".join(f"  v{i}: {f'${{v{i - 1}}}' * 30}\n" for i in range(1, 9)),
    "one line of many mistakes": f"vars: {{v: [1, 2]}}\nignore: [{'${v}, ' * 4_000}]\n".replace("${v}", '"${v}"'),
}

_USES = "".join(
    f"  b{i}: {{layers: [{{use: {{block: b{i - 1}}}}}, {{use: {{block: b{i - 1}}}}}]}}\n" for i in range(1, 30)
)
_LONG = f"Normalization: {{mean: [{'1, ' * 300}]}}"
_DEEP = "".join(f"  b{i}: {{layers: [{{use: {{block: b{i - 1}}}}}]}}\n" for i in range(1, 2_000))
_REFUSED |= {
    "a repeat": _HEAD + "    - repeat: {times: 1000000000, layers: [Flatten]}\n",
    "a repeat of nothing": _HEAD + "    - repeat: {times: 1000000000, layers: []}\n",
    "repeats in repeats": _HEAD + f"    - {'repeat: {times: 1000, layers: [{' * 3}Dense: {{units: 8}}{'}]}' * 3}\n",
    "a repeat of much": _HEAD + f"    - repeat: {{times: 20000, layers: [{{{_LONG}}}]}}\n",
    "blocks that double": f"blocks:\n  b0: {{layers: [Flatten]}}\n{_USES}{_HEAD}    - use: {{block: b29}}\n",
    "blocks that double, unused": f"blocks:\n  b0: {{layers: [Flatten]}}\n{_USES}{_HEAD}    - Flatten\n",
    "blocks in blocks": f"blocks:\n  b0: {{layers: [Flatten]}}\n{_DEEP}{_HEAD}    - use: {{block: b1999}}\n",
}


@pytest.mark.parametrize("what", _REFUSED)
def test_what_is_too_much_is_refused_soon_and_in_little_memory(what: str) -> None:
    tracemalloc.start()
    started = time.process_time()
    source = decode(_REFUSED[what].encode(), "bomb.yaml")
    found = check_source(source.value).diagnostics if source.value is not None else source.diagnostics
    as_text(found)
    seconds, (_, peak) = time.process_time() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert any(diagnostic.code.startswith("E") for diagnostic in found)
    # Measuring the memory makes everything several times as slow.
    assert seconds < 10
    assert peak < 400e6


def test_layers_may_be_nested_to_the_bound_through_every_stage() -> None:
    depth = 46
    axes = "2, " * depth
    text = (
        _HEAD.replace("[8]", f"[{axes}2]")
        + f"    - {'TimeDistributed: {layer: {' * depth}Dense: {{units: 3}}{'}}' * depth}\n"
    )
    result = check(text)
    assert result.ok and result.spec is not None and result.graph is not None, result.diagnostics
    again = check(resolved_text(result.spec, result.graph.graph))
    assert again.ok and again.graph is not None and again.graph.trainable == 9


def test_mistakes_inside_mistakes_are_looked_for_only_so_deep() -> None:
    """Each costs frames of Python's stack, and there are a thousand."""
    lines = ["mnistspec: 1", "model:", "  kind: sequential", "  input: [4, 4]", "  layers:", "    - Bidirectionl:"]
    for depth in range(6, 98):
        lines += [" " * depth + "layr:", " " * (depth + 1) + "Bidirectionl:"]
    lines.append(" " * 98 + "layr: LSTM")
    found = check("\n".join(lines) + "\n").diagnostics
    assert {"E205", "E208"} <= {diagnostic.code for diagnostic in found}
    assert len(found) < 40

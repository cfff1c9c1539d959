"""The graph: names, connections, order, what is used; by the spec's text, as a user writes it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnistspec import check
from mnistspec.graph import Graph, snake_case


def _graph(layers: str, *, kind: str = "functional", more: str = "") -> Graph:
    result = check(f"mnistspec: 1\nmodel:\n  kind: {kind}\n  input: [4]\n  layers: [{layers}]\n{more}")
    assert result.untyped is not None and result.ok, result.diagnostics
    return result.untyped


@pytest.mark.parametrize(
    ("name", "snake"),
    [
        ("Dense", "dense"),
        ("Conv2D", "conv2d"),
        ("MaxPooling2D", "max_pooling2d"),
        ("LSTM", "lstm"),
        ("ReLU", "re_lu"),
        ("BatchNormalization", "batch_normalization"),
        ("Conv2DTranspose", "conv2d_transpose"),
        ("PReLU", "p_re_lu"),
        ("GlobalAveragePooling1D", "global_average_pooling1d"),
        ("STFTSpectrogram", "stft_spectrogram"),
        ("GRUCell", "gru_cell"),
        ("RandAugment", "rand_augment"),
        ("ELU", "elu"),
        ("RMSNormalization", "rms_normalization"),
    ],
)
def test_names_are_in_keras_style(name: str, snake: str) -> None:
    assert snake_case(name) == snake


def test_each_layer_follows_the_one_before_unless_it_says_otherwise() -> None:
    graph = _graph("Dense: {units: 3}, Dense: {units: 3, from: input, name: b}, Add: {from: [dense, b]}, Flatten")
    edges = {node.name: [str(port) for port in node.sources()] for node in graph.nodes}
    assert edges == {"dense": ["input"], "b": ["input"], "add": ["dense", "b"], "flatten": ["add"]}
    assert [str(port) for port in graph.outputs] == ["flatten"]


def test_a_list_without_from_is_one_graph_under_both_kinds() -> None:
    layers = "Flatten, Dense: {units: 3, name: a}, Dense: {units: 3}"
    sequential, functional = _graph(layers, kind="sequential"), _graph(layers)
    assert sequential.nodes == functional.nodes
    assert (sequential.inputs, sequential.outputs) == (functional.inputs, functional.outputs)


def test_one_tensor_is_told_from_a_list_of_one() -> None:
    graph = _graph("Dense: {units: 3, from: input}, Add: {from: [dense]}")
    assert [node.single for node in graph.nodes] == [True, False]


def test_a_place_stands_for_the_name_of_an_argument() -> None:
    graph = _graph("RepeatVector: {n: 3, name: r}, LSTM: {units: 4, from: {2: r, 0: r, initial_state: [input, input]}}")
    node = graph.node("lstm")
    assert {name: str(port) for name, port in node.named.items() if name != "initial_state"} == (
        {"sequences": "r", "mask": "r"}
    )
    assert node.placed == ("sequences", "initial_state", "mask")
    by_name = _graph("RepeatVector: {n: 3, name: r}, LSTM: {units: 4, from: {sequences: r}}").node("lstm")
    assert (by_name.placed, by_name.named["sequences"]) == ((), node.named["sequences"])


def test_a_whole_name_goes_before_an_index() -> None:
    graph = _graph("Dense: {units: 3, name: a}, Dense: {units: 3, name: a.0, from: input}, Add: {from: [a, a.0]}")
    assert [str(port) for port in graph.node("add").sources()] == ["a", "a.0"]
    assert [port.output for port in graph.node("add").sources()] == [None, None]


def test_what_no_output_needs_is_named() -> None:
    result = check(
        "mnistspec: 1\nmodel: {kind: functional, input: [4], layers: [Dense: {units: 3, name: a}, Flatten: {name: b},"
        " Flatten: {name: c}], outputs: [a]}\n"
    )
    assert result.untyped is not None and result.untyped.unused == {"b", "c"}
    assert [(found.code, found.column) for found in result.diagnostics] == [("W506", 76), ("W506", 96)]
    assert [step.name for step in result.plan().steps] == ["a"]


@st.composite
def _wired(draw: st.DrawFn) -> dict[str, list[str]]:
    """Nodes with earlier nodes as their sources, listed in any order."""
    count = draw(st.integers(1, 8))
    sources = {
        f"n{i}": draw(st.lists(st.sampled_from(["input", *(f"n{j}" for j in range(i))]), min_size=1, max_size=3))
        for i in range(count)
    }
    order = draw(st.permutations(list(sources)))
    return {name: sources[name] for name in order}


@given(_wired())
@settings(max_examples=60, deadline=None)
def test_nodes_are_built_after_their_sources_and_otherwise_as_listed(wired: dict[str, list[str]]) -> None:
    layers = ", ".join(f"Add: {{name: {name}, from: [{', '.join(sources)}]}}" for name, sources in wired.items())
    graph = _graph(layers, more=f"  outputs: [{', '.join(wired)}]\n")
    built = [node.name for node in graph.nodes]
    assert sorted(built) == sorted(wired)
    for node in graph.nodes:
        assert all(str(port) in ["input", *built[: built.index(node.name)]] for port in node.sources())
    listed = list(wired)
    for one, other in pairwise(built):
        # Two neighbours stand in another order than listed only where the second could not be built before the first.
        assert listed.index(one) < listed.index(other) or one in wired[other] or _waited(wired, built, one, other)


def _waited(wired: dict[str, list[str]], built: list[str], one: str, other: str) -> bool:
    ready = {"input", *built[: built.index(one)]}
    return not set(wired[other]) <= ready


@given(st.integers(1, 7), st.data())
@settings(max_examples=30, deadline=None)
def test_a_cycle_is_printed_in_the_direction_of_the_data(length: int, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(length)))
    layers = ", ".join(f"Dense: {{units: 3, name: c{i}, from: c{(i + 1) % length}}}" for i in order)
    (found,) = check(f"mnistspec: 1\nmodel: {{kind: functional, input: [4], layers: [{layers}]}}\n").diagnostics
    names = [word.strip("`") for word in found.message.split(": ")[1].split(" -> ")]
    assert found.code == "E403" and len(names) == length + 1 and names[0] == names[-1]
    assert all(int(one[1:]) == (int(other[1:]) + 1) % length for one, other in pairwise(names))


_STAGES = """
blocks:
  step:
    params: {units: 4}
    layers: [{Dense: {units: "${units}", name: 1_dense}}, {Add: {from: [input, 1_dense], name: out}}]
  stage: {layers: [{use: {block: step, prefix: a_}}, {use: {block: step, prefix: b_}}]}
"""


def test_a_prefix_is_all_that_stands_before_the_names_of_a_blocks_nodes() -> None:
    graph = _graph("{use: {block: stage, prefix: one_}}, {use: {block: step, prefix: ''}}", more=_STAGES)
    assert [node.name for node in graph.nodes] == [
        "one_a_1_dense", "one_a_out", "one_b_1_dense", "one_b_out", "1_dense", "out",
    ]  # fmt: skip
    assert graph.keras_names["one_a_out"] == "one_a_out"
    assert [str(port) for port in graph.node("out").inputs] == ["one_b_out", "1_dense"]


def test_nodes_of_a_use_with_a_prefix_are_known_by_their_whole_names() -> None:
    graph = _graph(
        "{use: {block: stage, prefix: one_}}, {use: {block: stage, name: two}},"
        " {Add: {from: [one_a_out, one_b_1_dense, two/a_out], name: end}}", more=_STAGES,
    )  # fmt: skip
    assert [str(port) for port in graph.node("end").inputs] == ["one_a_out", "one_b_1_dense", "two/a_out"]


def test_names_that_prefixes_make_alike_are_told() -> None:
    uses = ", ".join(["{use: {block: step, prefix: a_}}"] * 2)
    result = check(f"mnistspec: 1\nmodel:\n  kind: functional\n  input: [4]\n  layers: [{uses}]\n{_STAGES}")
    assert [(found.code, found.message) for found in result.diagnostics if found.code == "E402"] == [
        ("E402", "the name `a_1_dense` is taken"), ("E402", "the name `a_out` is taken"),
    ]  # fmt: skip


def test_a_prefix_may_end_in_a_slash_and_holds_no_empty_part() -> None:
    graph = _graph("{use: {block: step, prefix: a/}}", more=_STAGES)
    assert [node.name for node in graph.nodes] == ["a/1_dense", "a/out"]
    spec = "mnistspec: 1\nmodel:\n  kind: functional\n  input: [4]\n  layers: [{use: {block: step, prefix: a//b}}]\n"
    assert "E204" in [found.code for found in check(spec + _STAGES).diagnostics]


_USES = """mnistspec: 1
blocks:
  head: {layers: [{Dense: {units: 2}}, {Dense: {units: 3}}]}
  pair: {layers: [{Dense: {units: 2, name: a}}, {Dense: {units: 3, name: b}}], outputs: [a, b]}
model:
  kind: functional
  inputs: {x: [4]}
  layers:
    - use: {block: head, from: x, name: main}
    - use: {block: head, from: x, name: aux}
    - use: {block: pair, from: x, name: two}
  outputs: [main, aux, two.0, two.1]
data: {source: {npz: {path: absent.npz}}, targets: {main: y, aux/dense_1: y, two/a: y, two/b: y}}
compile:
  loss: {main: mse, aux: mae, two/a: mse, two/b: mse}
  loss_weights: {main: 1, aux: 0.5, two/a: 1, two/b: 1}
  metrics: {aux: [mae]}
"""


def test_the_name_of_a_use_stands_for_its_only_output_in_settings() -> None:
    result = check(_USES)
    assert result.ok and result.spec is not None and result.spec.compile is not None, result.diagnostics
    settings = result.spec.compile
    assert [*settings.loss] == [*settings.loss_weights] == ["main/dense_1", "aux/dense_1", "two/a", "two/b"]  # type: ignore[misc]
    assert [*settings.metrics] == ["aux/dense_1"]  # type: ignore[misc]
    assert settings.spans["loss.main/dense_1"].text == "main"
    assert result.spec.data is not None and "main/dense_1" in result.spec.data.targets


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        ("{two: mse}", "did you mean `two/a` or `two/b`?"),
        ("{main: mse, main/dense_1: mae}", "did you mean `main/dense_1`?"),
        ("{mian: mse}", "did you mean `main`?"),
    ],
)
def test_a_use_that_stands_for_no_output_is_no_name_of_one(loss: str, said: str) -> None:
    found = check(_USES.replace("{main: mse, aux: mae, two/a: mse, two/b: mse}", loss)).diagnostics
    unknown = [one for one in found if one.code == "E414"]
    assert len(unknown) == 1 and unknown[0].help is not None and said in unknown[0].help

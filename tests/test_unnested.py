"""Nested models taken apart for what looks at layers one by one."""

from __future__ import annotations

import mnistspec
from mnistspec.typed import TypedGraph
from mnistspec.unnested import unnested

_TEXT = """mnistspec: 1
model:
  kind: functional
  inputs: {left: [8], right: [8]}
  layers:
    - Sequential:
        name: encoder
        from: left
        trainable: false
        layers:
          - Dense: {units: 4, name: first}
          - Sequential: {name: inner, layers: [ReLU, {Dense: {units: 2, name: last}}]}
    - share: {layer: encoder, from: right, call: {training: true}}
    - Functional:
        name: both
        from: [encoder, encoder_1]
        inputs: {a: {}, b: {}}
        layers:
          - Subtract: {from: [a, b]}
          - Dense: {units: 1, name: end}
        outputs: [subtract, end]
    - Dense: {units: 3, from: both.1, name: out}
  outputs: [out, both.0]
"""


def _flat() -> tuple[TypedGraph, TypedGraph]:
    typed = mnistspec.check(_TEXT).graph
    assert typed is not None
    return typed, unnested(typed)


def test_layers_are_named_by_where_they_are_and_the_last_by_its_model() -> None:
    _, flat = _flat()
    assert [node.name for node in flat.graph.nodes] == [
        "encoder/first", "encoder/inner/re_lu", "encoder",
        "encoder_1/first", "encoder_1/inner/re_lu", "encoder_1",
        "both/subtract", "both/end", "both", "out",
    ]  # fmt: skip


def test_what_is_read_leads_through_the_models() -> None:
    _, flat = _flat()
    read = {node.name: [str(port) for port in node.sources()] for node in flat.graph.nodes}
    assert read["encoder/first"] == ["left"] and read["encoder_1/first"] == ["right"]
    assert read["both/subtract"] == ["encoder", "encoder_1"]
    assert read["out"] == ["both/end"]


def test_the_sums_stay() -> None:
    typed, flat = _flat()
    assert (flat.trainable, flat.non_trainable, flat.flops) == (typed.trainable, typed.non_trainable, typed.flops)


def test_layers_know_how_their_model_is_called_and_whether_it_is_trained() -> None:
    _, flat = _flat()
    first = flat.graph.node("encoder_1/first")
    assert first.shares == "encoder/first" and first.call_arguments == {"training": True}
    assert first.call is not None and first.call.argument("trainable") is False


def test_a_model_without_nested_ones_is_itself() -> None:
    typed = mnistspec.check("mnistspec: 1\nmodel: {kind: sequential, input: [4], layers: [Flatten]}\n").graph
    assert typed is not None and unnested(typed) is typed


_WRAPPED = """mnistspec: 1
model:
  kind: sequential
  input: [3, 6, 6, 1]
  layers:
    - TimeDistributed:
        name: frames
        layer: {Sequential: {trainable: false, layers: [{Conv2D: {filters: 2, kernel_size: 3, name: look}}, Flatten]}}
    - LSTM: {units: 3, name: read}
"""


def test_a_model_inside_a_layer_is_taken_apart_at_one_step_and_costs_all_of_them() -> None:
    typed = mnistspec.check(_WRAPPED).graph
    assert typed is not None
    flat = unnested(typed)
    assert [node.name for node in flat.graph.nodes] == ["frames/look", "frames/flatten", "frames", "read"]
    assert [str(port) for port in flat.graph.node("frames").sources()] == ["frames/flatten"]
    assert flat.inferred["frames/look"].outputs[0].shape == (None, 4, 4, 2)
    assert flat.inferred["frames"].outputs[0].shape == (None, 3, 32)
    look = flat.graph.node("frames/look").call
    assert look is not None and look.argument("trainable") is False
    assert (flat.trainable, flat.non_trainable, flat.flops) == (typed.trainable, typed.non_trainable, typed.flops)


def test_a_model_inside_a_layer_reads_what_the_layer_is_called_on_and_not_its_mask() -> None:
    inputs = "kind: functional\n  inputs: {keep: {shape: [3], dtype: bool}, clip: [3, 6, 6, 1]}"
    text = _WRAPPED.replace("kind: sequential\n  input: [3, 6, 6, 1]", inputs)
    text = text.replace("name: frames", "name: frames\n        from: {mask: keep, inputs: clip}")
    typed = mnistspec.check(text).graph
    assert typed is not None and typed.steps(typed.graph.node("frames")) == (3,)
    assert [str(port) for port in unnested(typed).graph.node("frames/look").sources()] == ["clip"]

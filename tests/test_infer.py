"""Shapes and counts through a whole model, and what stays quiet when something is not known."""

from __future__ import annotations

import pytest

from mnistspec import check
from mnistspec.pipeline import CheckResult
from mnistspec.shapes import RULES
from mnistspec.typed import TypedGraph


def _check(layers: str, *, inputs: str = "{a: [4, 8]}", more: str = "") -> CheckResult:
    return check(f"mnistspec: 1\nmodel:\n  kind: functional\n  inputs: {inputs}\n  layers: [{layers}]\n{more}")


def _typed(layers: str, *, inputs: str = "{a: [4, 8]}", more: str = "") -> TypedGraph:
    result = _check(layers, inputs=inputs, more=more)
    assert result.ok and result.graph is not None, result.diagnostics
    return result.graph


def test_counts_of_a_model_leave_out_what_is_not_built() -> None:
    typed = _typed("Flatten, Dense: {units: 3, name: out}, BatchNormalization: {name: lost}", more="  outputs: [out]\n")
    assert (typed.trainable, typed.non_trainable) == (99, 0)
    assert typed.inferred["lost"].non_trainable == 6


def test_one_unknown_count_makes_the_sum_unknown() -> None:
    result = _check("Dense: {units: 3}, Dense: {units: 3}", inputs="{a: {shape: [4, null]}}")
    assert [found.code for found in result.diagnostics] == ["E412"]
    assert result.graph is not None and result.graph.trainable is None


def test_a_mistake_is_told_once_and_what_follows_stays_quiet() -> None:
    result = _check("Reshape: {target_shape: [31]}, Dense: {units: 3}, Conv2D: {filters: 3, kernel_size: 9}")
    assert [found.code for found in result.diagnostics] == ["E412"]
    assert result.graph is not None and result.graph.inferred["conv2d"].outputs[0].shape is None


def test_call_arguments_reach_the_rule() -> None:
    layer = "MultiHeadAttention: {num_heads: 2, key_dim: 4, from: {query: a, value: a}, call: {%s}, name: m}"
    one = _typed(layer % "use_causal_mask: true")
    two = _typed(layer % "return_attention_scores: true" + ", Flatten: {from: m.1}")
    assert len(one.inferred["m"].outputs) == 1
    assert [tensor.shape for tensor in two.inferred["m"].outputs] == [(None, 4, 8), (None, 2, 4, 4)]


def test_the_precision_is_the_dtype_of_layers_without_one_of_their_own() -> None:
    more = "compile: {loss: mse, precision: mixed_bfloat16}\n"
    typed = _typed("Dense: {units: 3}, Dense: {units: 3, dtype: float32}", more=more)
    assert [typed.inferred[name].outputs[0].dtype for name in ("dense", "dense_1")] == ["bfloat16", "float32"]


def test_an_input_may_leave_out_or_add_a_last_axis_of_one() -> None:
    data = "data: {source: mnist, prepare: {x: [{rescale: 255}]}}\n"
    text = f"mnistspec: 1\n{data}model: {{kind: sequential, input: %s, layers: [Flatten]}}\n"
    for shape, ok in (
        ("[28, 28, 1]", True),
        ("[28, 28]", True),
        ("[28, null]", True),
        ("[28, 27]", False),
        ("[784]", False),
    ):
        assert check(text % shape).ok is ok


def test_a_layer_without_a_rule_is_a_note_and_no_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RULES, "Flatten")
    result = _check("Flatten, Dense: {units: 3}, Conv2D: {filters: 2, kernel_size: 3}")
    assert result.ok
    assert [(found.code, found.severity.value, found.line) for found in result.diagnostics] == [("I901", "note", 5)]
    assert result.graph is not None
    assert all(inferred.outputs[0].shape is None for inferred in result.graph.inferred.values())
    assert result.graph.trainable is None


@pytest.mark.parametrize(
    ("layers", "code", "place"),
    [
        ("Add: {from: [a, a.0]}", None, None),
        ("Dense: {units: 3, from: a.1}", "E407", "a.1"),
        ("LSTM: {units: 3, return_state: true, name: l}, Dense: {units: 3, from: l.3}", "E407", "l.3"),
        ("LSTM: {units: 3, return_state: true, name: l}, Add: {from: [l, l.1]}", "E407", "l"),
        ("LSTM: {units: 3, return_state: true, name: l}, Dense: {units: 3, from: l.2}", None, None),
        ("Dense: {units: 3, name: d}, Conv1D: {filters: 3, kernel_size: 9, from: d}", "E412", "9"),
        ("Dense: {units: 3, name: d}, Conv2D: {filters: 3, kernel_size: 3, from: d}", "E412", "d"),
    ],
)
def test_mistakes_point_at_the_argument_or_the_reference(layers: str, code: str | None, place: str | None) -> None:
    told = [(found.code, found.span.text if found.span is not None else "") for found in _check(layers).diagnostics]
    assert told == ([(code, place)] if code is not None else [])


def test_a_mismatch_says_where_each_shape_was_made() -> None:
    (found,) = _check("Dense: {units: 3, name: d}, Add: {from: [a, d]}").diagnostics
    assert [(related.message, related.span.text) for related in found.related] == [
        ("`a` is (None, 4, 8), given here", "a"),
        ("`d` is (None, 4, 3), made here", "Dense"),
    ]

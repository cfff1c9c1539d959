"""The rules without Keras: shapes and counts known by heart, what is said about mistakes, what holds for all."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mnistspec.calls import Call, Value
from mnistspec.catalogue import load
from mnistspec.shapes import RULES, infer_layer
from mnistspec.shapes.base import UNKNOWN, Inputs, Shape, ShapeError, Tensor, show
from mnistspec.source import Source, Span

from .calls import by_name, call, on, on_list
from .cases import CASES
from .cases.case import Case

# Layers that a spec may use and that have no rule, and why.
WITHOUT_RULE: dict[str, str] = {}
_TAKEN = [case for case in CASES if not case.refused]
_IMAGE = on((None, 28, 28, 1))


def test_every_layer_that_a_spec_may_use_has_a_rule_or_a_reason() -> None:
    usable = {facts.name for facts in load()["layers"].classes.values() if not facts.refused}
    assert set(RULES) | set(WITHOUT_RULE) == usable
    assert not set(RULES) & set(WITHOUT_RULE)


def test_every_rule_is_held_by_a_case() -> None:
    assert {case.call.name for case in _TAKEN} == set(RULES)


@pytest.mark.parametrize(
    ("layer", "inputs", "shape", "parameters"),
    [
        (call("Flatten"), _IMAGE, (None, 784), 0),
        (call("Dense", units=10), on((None, 784)), (None, 10), 7850),
        (call("Conv2D", filters=32, kernel_size=3), _IMAGE, (None, 26, 26, 32), 320),
        (call("Conv2D", filters=64, kernel_size=3, padding="same"), on((None, 13, 13, 32)), (None, 13, 13, 64), 18496),
        (call("MaxPooling2D"), on((None, 26, 26, 32)), (None, 13, 13, 32), 0),
        (call("Conv2DTranspose", filters=1, kernel_size=3, strides=2, padding="same"), on((None, 14, 14, 8)),
         (None, 28, 28, 1), 73),
        (call("SeparableConv2D", filters=8, kernel_size=3), _IMAGE, (None, 26, 26, 8), 25),
        (call("GlobalAveragePooling2D"), on((None, 7, 7, 64)), (None, 64), 0),
        (call("LSTM", units=128), on((None, 28, 28)), (None, 128), 80384),
        (call("GRU", units=64, return_sequences=True), on((None, 28, 28)), (None, 28, 64), 18048),
        (call("Bidirectional", layer=call("LSTM", units=64)), on((None, 28, 28)), (None, 128), 47616),
        (call("MultiHeadAttention", num_heads=2, key_dim=16), by_name(query=(None, 28, 28), value=(None, 28, 28)),
         (None, 28, 28), 3708),
        (call("BatchNormalization"), on((None, 26, 26, 32)), (None, 26, 26, 32), 64),
        (call("Concatenate"), on_list((None, 7, 7, 32), (None, 7, 7, 64)), (None, 7, 7, 96), 0),
        (call("Reshape", target_shape=(28, -1)), on((None, 784)), (None, 28, 28), 0),
        (call("Embedding", input_dim=1000, output_dim=16), on((None, 20), "int32"), (None, 20, 16), 16000),
    ],
    ids=lambda value: value.name if isinstance(value, Call) else "",
)  # fmt: skip
def test_known_shapes_and_counts(layer: Call, inputs: Inputs, shape: Shape, parameters: int) -> None:
    inferred = infer_layer(layer, inputs)
    assert [tensor.shape for tensor in inferred.outputs] == [shape]
    assert inferred.trainable == parameters


@pytest.mark.parametrize(
    ("layer", "inputs", "flops"),
    [
        # 784 products and sums a unit; then a bias and an activation for each.
        (call("Dense", units=10), on((None, 784)), 10 * (2 * 784 + 1)),
        (call("Dense", units=10, activation="softmax", use_bias=False), on((None, 784)), 10 * (2 * 784 + 1)),
        (call("Conv2D", filters=32, kernel_size=3, activation="relu"), _IMAGE, 26 * 26 * 32 * (2 * 9 + 2)),
        (call("Conv2D", filters=4, kernel_size=3, groups=2, use_bias=False), on((None, 5, 5, 6)), 3 * 3 * 4 * 2 * 27),
        (call("DepthwiseConv2D", kernel_size=3, use_bias=False), on((None, 5, 5, 6)), 3 * 3 * 6 * 2 * 9),
        (call("Conv1DTranspose", filters=4, kernel_size=3, use_bias=False), on((None, 5, 6)), 5 * 6 * 4 * 3 * 2),
        (call("MaxPooling2D"), on((None, 4, 4, 3)), 2 * 2 * 3 * 4),
        (call("Add"), on_list((None, 4, 6), (None, 4, 6), (None, 4, 6)), 2 * 24),
        (call("Dot", axes=1), on_list((None, 6), (None, 6)), 12),
        (call("SimpleRNN", units=3), on((None, 5, 4)), 5 * (2 * 3 * (4 + 3) + 3 + 2 * 3)),
        (call("LSTM", units=3), on((None, 5, 4)), 5 * (2 * 12 * (4 + 3) + 12 + 13 * 3)),
        (call("Attention"), on_list((None, 4, 6), (None, 5, 6)), 4 * 5 * (2 * 6 + 1 + 2 * 6)),
        (call("EinsumDense", equation="abc,cd->abd", output_shape=(None, 7)), on((None, 4, 6)), 2 * 4 * 6 * 7),
        (call("TimeDistributed", layer=call("Dense", units=3)), on((None, 5, 4)), 5 * 3 * (2 * 4 + 1)),
        (call("ReLU"), on((None, 4, 6)), 24),
        (call("BatchNormalization"), on((None, 4, 6)), 48),
        (call("Dropout", rate=0.5), on((None, 4, 6)), 0),
        (call("Flatten"), _IMAGE, 0),
        (call("Conv2D", filters=4, kernel_size=3), on((None, None, 28, 1)), None),
    ],
    ids=lambda value: value.name if isinstance(value, Call) else "",
)  # fmt: skip
def test_operations_an_example(layer: Call, inputs: Inputs, flops: int | None) -> None:
    assert infer_layer(layer, inputs).flops == flops


_MISTAKES: list[tuple[Call, Inputs, str | None, str]] = [
    (call("Conv2D", filters=4, kernel_size=5), on((None, 3, 9, 1)), "kernel_size",
     "a kernel of 5 does not fit a height of 3 with padding `valid`"),
    (call("Conv2D", filters=4, kernel_size=3, dilation_rate=4), on((None, 28, 8, 1)), "kernel_size",
     "a kernel of 3 spread over 9 does not fit a width of 8 with padding `valid`"),
    (call("MaxPooling1D", pool_size=3), on((None, 2, 1)), "pool_size",
     "a pool of 3 does not fit a length of 2 with padding `valid`"),
    (call("Conv2D", filters=4, kernel_size=3), on((None, 28, 28)), None,
     "Conv2D needs an input of 4 axes (batch, height, width, channels), and is given (None, 28, 28)"),
    (call("Conv2D", filters=4, kernel_size=3, strides=2, dilation_rate=3), _IMAGE, "dilation_rate",
     "strides of 2 and a dilation rate of 3 exclude each other"),
    (call("Conv2D", filters=4, kernel_size=3, groups=2), on((None, 28, 28, 3)), "groups",
     "the input's 3 channels cannot be shared out among 2 groups: it is (None, 28, 28, 3)"),
    (call("Add"), on_list((None, 28, 28, 32), (None, 14, 14, 32)), None,
     "Add needs inputs of one shape, and is given (None, 28, 28, 32) and (None, 14, 14, 32)"),
    (call("Add"), on((None, 6)), None, "Add merges a list of inputs, and is given one"),
    (call("Concatenate"), on_list((None, 4, 6), (None, 3, 6)), None,
     "Concatenate needs inputs that differ only along axis -1, and is given (None, 4, 6) and (None, 3, 6)"),
    (call("Reshape", target_shape=(2, 4)), on((None, 6)), "target_shape", "(6,) has 6 elements, and (2, 4) holds 8"),
    (call("Reshape", target_shape=(-1, 4)), on((None, 6)), "target_shape",
     "(6,) has 6 elements, and (-1, 4) can hold only a multiple of 4"),
    (call("Dense", units=3), on((None, None)), None,
     "Dense needs to know the last size of its input, and is given (None, None)"),
    (call("Dense", units=0), on((None, 6)), "units", "`units` of Dense must be an integer of at least 1, not 0"),
    (call("Dense", units=3), on_list((None, 6), (None, 6)), None, "Dense takes one input, and is given 2"),
    (call("LSTM", units=3), on((None, 6)), None,
     "LSTM needs an input of 3 axes (batch, steps, features), and is given (None, 6)"),
    (call("LSTM", units=3, stateful=True), on((None, 4, 6)), "stateful",
     "a stateful LSTM keeps a state for each example, and the batch size of (None, 4, 6) is open"),
    (call("MultiHeadAttention", num_heads=2, key_dim=3), on((None, 4, 6)), None,
     "MultiHeadAttention needs a query and a value, and is given only the query"),
    (call("TimeDistributed", layer=call("Conv2D", filters=4, kernel_size=5)), on((None, 7, 3, 3, 1)), "layer",
     "inside TimeDistributed, Conv2D: a kernel of 5 does not fit a height of 3 with padding `valid`"),
    (call("Bidirectional", layer=call("Dense", units=3)), on((None, 4, 6)), "layer",
     "Bidirectional runs a recurrent layer, and Dense is none"),
    (call("GroupNormalization"), on((None, 28, 28, 3)), "groups",
     "3 channels cannot be shared out among 32 groups: the input is (None, 28, 28, 3)"),
    (call("BatchNormalization", axis=4), _IMAGE, "axis",
     "BatchNormalization is given (None, 28, 28, 1), which has no axis 4"),
    (call("Cropping2D", cropping=14), _IMAGE, "cropping", "cropping 14 and 14 leaves nothing of a height of 28"),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "inputs", "argument", "message"), _MISTAKES, ids=[case[3] for case in _MISTAKES])
def test_mistakes_are_told_at_the_argument_in_sizes(
    layer: Call, inputs: Inputs, argument: str | None, message: str
) -> None:
    with pytest.raises(ShapeError) as caught:
        infer_layer(layer, inputs)
    assert (caught.value.message, caught.value.argument) == (message, argument)


def test_a_mistake_in_a_layer_inside_a_layer_is_placed_there() -> None:
    place = Span(Source("kernel_size: 5"), 13, 14)
    inner = replace(call("Conv2D", filters=4, kernel_size=5), spans={"kernel_size": place})
    with pytest.raises(ShapeError) as caught:
        infer_layer(call("TimeDistributed", layer=inner), on((None, 7, 3, 3, 1)))
    assert caught.value.span == place


@pytest.mark.parametrize(
    ("layer", "shape", "help"),
    [
        (call("Conv2D", filters=4, kernel_size=3), (None, 28, 28),
         "add an axis of one channel before it, with Reshape: {target_shape: [28, 28, 1]}"),
        (call("LSTM", units=3), (None, 28, 28, 1),
         "drop the last axis of one before it, with Reshape: {target_shape: [28, 28]}"),
        (call("RepeatVector", n=3), (None, 28, 28), "put a Flatten before it"),
    ],
)  # fmt: skip
def test_the_help_says_what_to_write(layer: Call, shape: Shape, help: str) -> None:
    with pytest.raises(ShapeError) as caught:
        infer_layer(layer, on(shape))
    assert caught.value.help == help


@pytest.mark.parametrize("case", [case for case in CASES if case.refused], ids=str)
def test_what_keras_refuses_is_refused(case: Case) -> None:
    with pytest.raises(ShapeError) as caught:
        infer_layer(case.call, case.inputs)
    assert caught.value.argument is None or caught.value.argument in case.call.facts.arguments


def _blank(inputs: Inputs) -> Inputs:
    named = {name: _without_shape(given) for name, given in inputs.named.items()}
    return replace(inputs, tensors=tuple(Tensor(None, tensor.dtype) for tensor in inputs.tensors), named=named)


def _without_shape(given: Tensor | tuple[Tensor, ...]) -> Tensor | tuple[Tensor, ...]:
    return tuple(Tensor(None) for _ in given) if isinstance(given, tuple) else Tensor(None)


@pytest.mark.parametrize("case", _TAKEN, ids=str)
def test_unknown_inputs_give_unknown_shapes_and_keep_what_is_known(case: Case) -> None:
    known, blank = infer_layer(case.call, case.inputs), infer_layer(case.call, _blank(case.inputs))
    assert all(tensor.shape is None for tensor in blank.outputs)
    assert blank.trainable in (None, known.trainable)
    assert blank.non_trainable in (None, known.non_trainable)
    if case.call.name != "Pipeline":
        assert [tensor.dtype for tensor in blank.outputs] == [tensor.dtype for tensor in known.outputs]


@pytest.mark.parametrize(
    ("policy", "dtype"),
    [
        ("int8_from_mixed_bfloat16", "bfloat16"),
        ("float8_from_mixed_float16", "float16"),
        ("int4_from_float32", "float32"),
    ],
)
def test_a_quantized_layer_gives_the_dtype_it_computes_in(policy: str, dtype: str) -> None:
    found = infer_layer(call("Dense", units=3, dtype=policy), on((None, 8)))
    assert found.outputs == (Tensor((None, 3), dtype),)


def test_no_counts_are_told_of_layers_made_of_quantized_ones() -> None:
    attention = call("MultiHeadAttention", num_heads=2, key_dim=3, dtype="int8_from_float32")
    found = infer_layer(attention, by_name(query=(None, 4, 6), value=(None, 4, 6)))
    assert (found.trainable, found.non_trainable) == (None, None)


@pytest.mark.parametrize("case", [case for case in _TAKEN if "trainable" in case.call.facts.arguments], ids=str)
def test_trainable_false_freezes_every_parameter(case: Case) -> None:
    free = infer_layer(case.call, case.inputs)
    frozen = infer_layer(replace(case.call, arguments={**case.call.arguments, "trainable": False}), case.inputs)
    assert (free.trainable is None) == (frozen.non_trainable is None)
    assert frozen.trainable == 0
    assert frozen.non_trainable == (free.trainable or 0) + (free.non_trainable or 0)


_ANY_DATA: tuple[Value, ...] = (
    None, True, -1, 0, 2, 2.5, "x", "same", (), (1,), (None,), (1, 2), (1, "a"), ((1,),), ((1, 2), (3, 4)), {"a": 1},
    call("Dense", units=3), call("LSTM", units=2), call("LSTMCell", units=2), (call("Dense", units=3),),
)  # fmt: skip
_ANY_SHAPES: tuple[Shape | None, ...] = (
    None, (), (None,), (None, 3), (None, None), (2, 3, 4), (None, 0, 3), (None, 4, 5, 3), (None, 4, 5, 6, 3),
)  # fmt: skip


@pytest.mark.parametrize("name", sorted(RULES))
def test_nothing_but_a_shape_error_comes_out_of_a_rule_whatever_it_is_given(name: str) -> None:
    usual = next(case for case in _TAKEN if case.call.name == name)
    changed = st.sampled_from(sorted(usual.call.facts.arguments)), st.sampled_from(_ANY_DATA)
    tensors = st.lists(st.sampled_from(_ANY_SHAPES).map(Tensor), max_size=3).map(tuple)
    others = st.builds(lambda given, single: Inputs(given, single=single), tensors, st.booleans())

    @settings(max_examples=8, derandomize=True, database=None, deadline=None, phases=(Phase.generate,))
    @given(st.lists(st.tuples(*changed), max_size=2), st.just(usual.inputs) | others)
    def holds(changes: list[tuple[str, Value]], inputs: Inputs) -> None:
        with suppress(ShapeError):
            infer_layer(call(name, **{**usual.call.arguments, **dict(changes)}), inputs)

    holds()


def test_a_layer_without_a_rule_and_an_incomplete_one_are_unknown() -> None:
    unruled = replace(call("Dense", units=3), facts=replace(call("Dense").facts, name="SomethingNew"))
    unfinished = replace(call("Dense"), complete=False)
    around = call("TimeDistributed", layer=unfinished)
    for layer in (unruled, unfinished, around):
        assert infer_layer(layer, on((None, 4, 6))) == UNKNOWN


@pytest.mark.parametrize(
    ("layer", "given", "dtype"),
    [
        (call("Dense", units=3), "int32", "float32"),
        (call("Dense", units=3, dtype="float64"), "float32", "float64"),
        (call("Dense", units=3, dtype="mixed_float16"), "float32", "float16"),
        (call("Flatten"), "int32", "int32"),
        (call("Flatten"), "float64", "float32"),
        (call("Embedding", input_dim=9, output_dim=4), "int32", "float32"),
        (call("Hashing", num_bins=4), "string", "int64"),
        (call("Discretization", num_bins=4), "float32", "int32"),
    ],
)
def test_dtypes(layer: Call, given: str, dtype: str) -> None:
    assert infer_layer(layer, on((None, 6), given)).outputs[0].dtype == dtype


@pytest.mark.keras
@pytest.mark.parametrize(("center", "scale"), [(True, True), (False, False)])
def test_the_old_way_to_scale_by_squares_has_a_factor_and_no_offset(center: bool, scale: bool) -> None:
    import keras

    arguments = {"rms_scaling": True, "center": center, "scale": scale}
    with pytest.warns(UserWarning, match="rms_scaling"):
        layer = keras.layers.LayerNormalization(**arguments)
    layer.build((None, 6))
    assert infer_layer(call("LayerNormalization", **arguments), on((None, 6))).trainable == layer.count_params() == 6


def test_the_policy_reaches_layers_inside_layers_that_name_no_dtype() -> None:
    inner: Mapping[str | None, Call] = {None: call("Flatten"), "float64": call("Flatten", dtype="float64")}
    layers = [call("Pipeline", layers=(layer,)) for layer in inner.values()]
    found = [infer_layer(layer, on((None, 6)), policy="mixed_bfloat16").outputs[0].dtype for layer in layers]
    assert found == ["bfloat16", "float64"]


def test_shapes_are_printed_as_python_does() -> None:
    assert [show(shape) for shape in (None, (), (None,), (None, 3))] == ["unknown", "()", "(None,)", "(None, 3)"]

"""Models in memory as specs: the law on chosen models, and what Keras' own config does not show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import mnistspec

from .law import assert_law, chain

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def k() -> Any:
    import keras

    return keras


@pytest.fixture
def policy(k: Any) -> Iterator[Callable[[str], None]]:
    yield k.config.set_dtype_policy
    k.config.set_dtype_policy("float32")


def _ids(k: Any, name: str = "ids") -> tuple[Any, Any]:
    """An input of word ids, and their vectors with a mask."""
    given = k.Input((5,), dtype="int32", name=name)
    return given, k.layers.Embedding(9, 4, mask_zero=True)(given)


def test_a_typical_model_is_said_in_few_words(k: Any) -> None:
    layers = [
        k.Input((28, 28, 1), name="input"), k.layers.Conv2D(8, 3, activation="relu", name="conv2d"),
        k.layers.MaxPooling2D(name="max_pooling2d"), k.layers.Flatten(name="flatten"),
        k.layers.Dropout(0.3, name="dropout"), k.layers.Dense(10, activation="softmax", name="dense"),
    ]  # fmt: skip
    model = k.Sequential(layers, name="net")
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    assert (
        assert_law(model)
        == """\
mnistspec: 1
name: net
model:
  kind: sequential
  input: [28, 28, 1]
  layers:
    - Conv2D: {filters: 8, kernel_size: 3, activation: relu}
    - MaxPooling2D
    - Flatten
    - Dropout: {rate: 0.3}
    - Dense: {units: 10, activation: softmax}
compile:
  optimizer: Adam
  loss: sparse_categorical_crossentropy
  metrics: [accuracy]
"""
    )


def _masked(k: Any) -> dict[str, Any]:
    """Models in which Keras passes masks on, in each way it has of making and joining them."""
    layers, (a, words), (b, others) = k.layers, _ids(k), _ids(k, "more")
    mixed = layers.MultiHeadAttention(2, 3)(words, words)
    steps = k.Input((5, 3))
    return {
        "embedding": k.Model(a, layers.LSTM(3)(words)),
        "masking": chain(k, steps, layers.Masking(0.5), layers.LSTM(3, return_sequences=True), layers.GRU(2)),
        "wrappers": chain(k, steps, layers.Masking(), layers.TimeDistributed(layers.Dense(3)),
                           layers.Bidirectional(layers.GRU(2))),
        "joined": k.Model([a, b], layers.LSTM(2)(layers.Concatenate()([words, others]))),
        "attention": k.Model([a, b], layers.GlobalAveragePooling1D()(layers.Attention()([words, others]))),
        "heads": k.Model(a, layers.GlobalAveragePooling1D()(layers.Add()([words, mixed]))),
    }  # fmt: skip


@pytest.mark.parametrize("name", ["embedding", "masking", "wrappers", "joined", "attention", "heads"])
def test_masks_that_keras_passes_on_are_not_said(k: Any, name: str) -> None:
    model = _masked(k)[name]
    text = assert_law(model)
    assert "mask:" not in text
    assert assert_law(k.models.model_from_json(model.to_json())) == text


def test_a_mask_that_somebody_passes_is_said(k: Any) -> None:
    given, mask = k.Input((5, 3), name="steps"), k.Input((5,), dtype="bool", name="kept")
    assert "mask: kept" in assert_law(k.Model([given, mask], k.layers.LSTM(2)(given, mask=mask)))


def test_a_computed_mask_is_said_even_where_keras_would_pass_on_another(k: Any) -> None:
    given, words = _ids(k)
    model = k.Model(given, k.layers.LSTM(3)(words, mask=k.ops.not_equal(given, 1)))
    assert "mask: not_equal" in assert_law(model)


def test_numbers_of_numpy_keep_their_dtype(k: Any) -> None:
    given = k.Input((4, 3))
    text = assert_law(k.Model(given, [given / np.sqrt(64.0), given * np.array([1, 2, 3]), given + np.float32(1)]))
    assert "float64: 8.0" in text
    assert "int64: [1, 2, 3]" in text


def test_one_layer_may_give_several_outputs_of_the_model(k: Any) -> None:
    given, other = k.Input((4,)), k.Input((4,))
    dense = k.layers.Dense(3, name="d")
    model = k.Model([given, other], [dense(given), dense(other)])
    assert "identity: false" in assert_law(model)
    assert mnistspec.build(mnistspec.from_keras(model)).output_names == ["d", "d"]


def test_settings_go_by_the_only_output_of_a_layer_that_is_called_again(k: Any) -> None:
    given, dense = k.Input((4,)), k.layers.Dense(4, name="d")
    model = k.Model(given, dense(dense(given)))
    model.compile("sgd", {"d": "mse"})
    assert "d_1: mse" in assert_law(model)


def test_states_pass_from_one_layer_to_another(k: Any) -> None:
    (source, words), target = _ids(k), k.Input((4, 3))
    _, *states = k.layers.LSTM(3, return_state=True, name="enc")(words)
    text = assert_law(k.Model([source, target], k.layers.LSTM(3, name="dec")(target, initial_state=states)))
    assert "initial_state: [enc.1, enc.2]" in text


@pytest.mark.parametrize(
    ("call", "written"),
    [
        (lambda k, x, y, h: k.layers.MultiHeadAttention(2, 4)(x, x), "from: {0: x, 1: x}"),
        (lambda k, x, y, h: k.layers.MultiHeadAttention(2, 4)(x, value=y), "from: {0: x, value: y}"),
        (lambda k, x, y, h: k.layers.MultiHeadAttention(2, 4)(value=x, query=y), "from: {query: y, value: x}"),
        (lambda k, x, y, h: k.layers.MultiHeadAttention(2, 4)(x, y, key=y), "from: {0: x, 1: y, key: y}"),
        (lambda k, x, y, h: k.layers.MultiHeadAttention(2, 4)(x, y, attention_mask=None),
         "call: {attention_mask: null}"),
        (lambda k, x, y, h: k.layers.GroupQueryAttention(4, 2, 2)(x, y, y), "from: {0: x, 1: y, 2: y}"),
        (lambda k, x, y, h: k.layers.GroupQueryAttention(4, 2, 2)(query=x, value=y), "from: {query: x, value: y}"),
        (lambda k, x, y, h: k.layers.Attention()([x, y], training=False), "from: [x, y], call: {training: false}"),
        (lambda k, x, y, h: k.layers.Attention()(inputs=[x, y]), "from: {inputs: [x, y]}"),
        (lambda k, x, y, h: k.layers.LSTM(3)(x, [h, h]), "from: {0: x, 1: [h, h]}"),
        (lambda k, x, y, h: k.layers.LSTM(3)(x, None, k.ops.any(x > 0, axis=-1)), "from: {0: x, 2: any"),
        (lambda k, x, y, h: k.layers.LSTM(3)(x, training=False), "call: {training: false}"),
        (lambda k, x, y, h: k.layers.GRU(3)(x, initial_state=h), "from: {0: x, initial_state: h}"),
        (lambda k, x, y, h: k.layers.RNN(k.layers.GRUCell(3))(x, [h]), "from: {0: x, 1: [h]}"),
        (lambda k, x, y, h: k.layers.GRUCell(3)(h, states=[h])[0], "from: {0: h, states: [h]}"),
        (lambda k, x, y, h: k.layers.Dropout(0.5)(x, training=True), "call: {training: true}"),
        (lambda k, x, y, h: k.layers.Dense(2)(inputs=x), "from: {inputs: x}"),
        (lambda k, x, y, h: k.ops.add(x1=x, x2=x), "from: [x, x]"),
    ],
)  # fmt: skip
def test_tensors_by_place_and_by_name_are_told_apart(k: Any, call: Callable[..., Any], written: str) -> None:
    x, y, h = (k.Input(shape, name=name) for name, shape in (("x", (4, 8)), ("y", (5, 8)), ("h", (3,))))
    made = call(k, x, y, h)
    ends = [k.layers.Flatten()(one) for one in (y, h)]
    assert written in assert_law(k.Model([x, y, h], [made, *ends]))


def test_each_call_of_a_shared_layer_is_its_own(k: Any) -> None:
    x, y = k.Input((4, 8), name="x"), k.Input((5, 8), name="y")
    mixed = k.layers.MultiHeadAttention(2, 4, name="mix")
    text = assert_law(k.Model([x, y], mixed(query=mixed(x, y), value=y)))
    assert "from: {0: x, 1: y}" in text and "from: {query: mix, value: y}" in text


def test_several_inputs_and_outputs_keep_their_order(k: Any) -> None:
    given = [k.Input((3,), name=name) for name in ("b", "a", "c")]
    outputs = [k.layers.Dense(2, name=name)(one) for name, one in zip("yxz", reversed(given), strict=True)]
    text = assert_law(k.Model(given, outputs))
    assert "outputs: [y, x, z]" in text
    assert "from: [b, a]" in assert_law(k.Model({"a": given[1], "b": given[0]}, k.layers.Add()(given[:2])))


@pytest.mark.parametrize(
    "arguments",
    [{"dtype": "int64"}, {"batch_size": 3}, {"sparse": True, "batch_size": 2}, {"optional": True}, {"dtype": "bool"}],
    ids=str,
)
def test_inputs_keep_their_arguments(k: Any, arguments: dict[str, Any]) -> None:
    layer = k.layers.Embedding(3, 2) if "dtype" in arguments else k.layers.Dense(2)
    assert_law(chain(k, k.Input((4,), **arguments), layer))


@pytest.mark.parametrize("name", ["a.b", "a.0", "1", "true", "null", "${a}", "a: b", "# x", "- x", "it's", "x\ty", "é"])
def test_names_may_be_whatever_keras_takes(k: Any, name: str) -> None:
    given = k.Input((3,), name=f"in {name}")
    assert_law(k.Model(given, [k.layers.Dense(2, name=name)(given), k.layers.Dense(3, name="end")(given)]))


def test_objects_inside_layers(k: Any) -> None:
    layers = k.layers
    model = k.Sequential([
        k.Input((5, 4)),
        layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
        layers.Bidirectional(layers.LSTM(3, return_sequences=True, name="f"),
                             backward_layer=layers.GRU(2, return_sequences=True, go_backwards=True)),
        layers.TimeDistributed(layers.Dense(4, activation=layers.LeakyReLU(0.1))),
        layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)], return_sequences=True),
        layers.SpectralNormalization(layers.Conv1D(3, 2)),
        layers.Activation(layers.ReLU(max_value=4.0)),
        layers.Dense(2, kernel_initializer=k.initializers.HeNormal(seed=3), bias_constraint=k.constraints.MaxNorm(3),
                     kernel_regularizer=k.regularizers.L1(0.1), activity_regularizer="l2"),
        layers.Dense(2, kernel_initializer=k.initializers.Constant(np.eye(2)), dtype="float64", trainable=False),
        layers.Dropout(0.5, seed=7),
    ])  # fmt: skip
    text = assert_law(model)
    assert text.count("backward_layer") == 1
    assert "kernel_regularizer: {L1: {l1: 0.1}}" in text


def test_a_frozen_layer_keeps_what_is_inside_frozen(k: Any) -> None:
    model = k.Sequential([k.Input((5, 4)), k.layers.TimeDistributed(k.layers.Dense(3)), k.layers.Dense(2)])
    model.layers[0].trainable = False
    assert_law(model)
    model.trainable = False
    assert_law(model)


@pytest.mark.parametrize("name", ["mixed_bfloat16", "mixed_float16", "float64"])
def test_a_dtype_policy_is_said_once(k: Any, policy: Any, name: str) -> None:
    policy(name)
    layers = k.layers
    inner = layers.Bidirectional(layers.GRU(3, return_sequences=True))
    model = chain(k, k.Input((4, 3)), inner, layers.SpatialDropout1D(0.1), layers.Dense(2, dtype="float32"))
    plain = k.Sequential([k.Input((4,)), layers.BatchNormalization(), layers.Dense(3)])
    policy("float32")
    assert assert_law(plain).count(f"dtype: {name}") == 1
    for compiled in (model, plain):
        compiled.compile("sgd", "mse")
        text = assert_law(compiled)
        assert f"precision: {name}" in text and f"dtype: {name}" not in text


def test_a_loss_that_is_not_scaled_is_said(k: Any, policy: Any) -> None:
    policy("mixed_float16")
    model = k.Sequential([k.Input((4,)), k.layers.Dense(3)])
    model.compile("sgd", "mse")
    assert "auto_scale_loss" not in assert_law(model)
    model.compile("sgd", "mse", auto_scale_loss=False)
    assert "auto_scale_loss: false" in mnistspec.from_keras(model)


def test_arguments_that_keras_forgets_are_said(k: Any) -> None:
    layers = k.layers
    model = k.Sequential([
        k.Input((4, 3)),
        layers.LSTM(3, implementation=1, use_cudnn=False, return_sequences=True),
        layers.GRU(3, recurrent_dropout=0.1, return_sequences=True),
        layers.SimpleRNN(3, seed=5),
        layers.Dense(4, autocast=False),
    ])  # fmt: skip
    loss = k.losses.Huber(delta=2.0, dtype="float64")
    model.compile("sgd", loss, metrics=[k.metrics.CosineSimilarity(axis=0), k.metrics.AUC(thresholds=[0.2, 0.5])])
    text = assert_law(model)
    for said in ("implementation: 1", "use_cudnn: false", "seed: 5", "autocast: false", "delta: 2.0", "dtype: float64",
                 "axis: 0", "thresholds: [0.2, 0.5]"):  # fmt: skip
        assert said in text
    assert text.count("implementation") == 1


def _learnt(k: Any) -> dict[str, tuple[Any, Any]]:
    """Layers that learn from data, with data to learn from."""
    numbers = np.random.default_rng(1).normal(3, 2, (50, 4)).astype("float32")
    words, layers = np.array(["a", "b", "a", "c"]), k.layers
    return {
        "mean": (layers.Normalization(), numbers),
        "axes": (layers.Normalization(axis=None), numbers),
        "inverted": (layers.Normalization(invert=True), numbers),
        "bins": (layers.Discretization(num_bins=4), numbers),
        "integers": (layers.IntegerLookup(num_oov_indices=2), np.array([3, 3, 5])),
        "strings": (layers.StringLookup(mask_token=""), words),
        "weighted": (layers.StringLookup(output_mode="tf_idf", num_oov_indices=2), words),
        "text": (layers.TextVectorization(output_sequence_length=4), ["a b", "a"]),
        "weighted text": (layers.TextVectorization(output_mode="tf_idf"), ["a b", "a"]),
        "padded text": (layers.TextVectorization(10, output_mode="count", pad_to_max_tokens=True), ["a b"]),
    }


@pytest.mark.parametrize("name", ["mean", "axes", "inverted", "bins", "integers", "strings", "weighted", "text",
                                  "weighted text", "padded text"])  # fmt: skip
def test_what_a_layer_learnt_is_said_as_its_arguments(k: Any, name: str) -> None:
    layer, data = _learnt(k)[name]
    layer.adapt(data)
    dtype = {"integers": "int64", "mean": "float32", "axes": "float32", "inverted": "float32", "bins": "float32"}
    shape = (1,) if "text" in name else (4,)
    assert_law(chain(k, k.Input(shape, dtype=dtype.get(name, "string")), layer), learnt=True)


def test_a_layer_that_has_not_learnt_yet_says_nothing(k: Any) -> None:
    text = assert_law(chain(k, k.Input((4,)), k.layers.Normalization(name="normalization")))
    assert text.endswith("layers:\n    - Normalization\n")


def test_a_model_without_an_input_says_so(k: Any) -> None:
    assert mnistspec.from_keras(k.Sequential([k.layers.Dense(2)])).startswith("# The model does not say its input's")


def test_a_model_is_left_as_it_was(k: Any) -> None:
    model = k.Sequential([k.Input((4,)), k.layers.Dense(2), k.layers.Dropout(0.5)])
    model.compile("sgd", "mse")
    config, compiled, weights = model.get_config(), model.get_compile_config(), model.get_weights()
    mnistspec.from_keras(model)
    assert (model.get_config(), model.get_compile_config()) == (config, compiled)
    assert all(np.array_equal(one, other) for one, other in zip(weights, model.get_weights(), strict=True))

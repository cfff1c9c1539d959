"""Models inside models, imported and built again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import mnistspec
from mnistspec.diagnostics import UsageError
from mnistspec.importers.files import spec_of_file
from mnistspec.importers.nested import facts_of_nested

from .configs import made
from .law import assert_law, examples, results


def test_a_nested_model_is_known_by_its_class_and_origin() -> None:
    facts = facts_of_nested(made("keras.src.models.functional.Functional"))
    assert facts is not None and facts.name == "Functional"
    assert facts_of_nested(made("mine.Sequential")) is None
    assert facts_of_nested({**made("keras.Sequential"), "registered_name": "mine>Sequential"}) is None


def _nested(keras: Any) -> Any:
    layers = keras.layers
    scaled = layers.Normalization(mean=[1.0, 2.0, 3.0], variance=[1.0, 1.0, 4.0])
    deep = keras.Sequential([keras.Input((4,), name="z"), layers.Dense(2, activation="relu")], name="deep")
    a, b = keras.Input((4,), name="a"), keras.Input((3,), name="b")
    joined = layers.Concatenate()([deep(a), scaled(b)])
    pair = keras.Model([a, b], [joined, layers.Dense(2, name="half")(joined)], name="pair")
    pair.trainable = False
    x, y = keras.Input((4,), name="x"), keras.Input((3,), name="y")
    joined_of_pair, _ = pair([x, y], training=False)
    return keras.Model([x, y], layers.Dense(1)(joined_of_pair), name="net")


@pytest.mark.keras
def test_what_is_imported_builds_the_same_model() -> None:
    import keras

    model = _nested(keras)
    text = mnistspec.from_keras(model)
    again = mnistspec.build(text)
    assert json.loads(again.to_json()) == json.loads(model.to_json())
    assert len(again.trainable_weights) == len(model.trainable_weights) == 2
    assert "from: pair.0" in text and "training: false" in text and "trainable: false" in text


@pytest.mark.keras
def test_what_a_layer_inside_learnt_is_kept() -> None:
    import keras
    import numpy as np

    norm = keras.layers.Normalization()
    norm.adapt(np.array([[1.0, 2.0], [3.0, 6.0]], "float32"))
    model = keras.Sequential([keras.Input((2,)), keras.Sequential([norm, keras.layers.Dense(2)], name="front")])
    again = mnistspec.build(mnistspec.from_keras(model))
    assert np.allclose(again.layers[0].layers[0].mean, norm.mean)


@pytest.mark.keras
def test_models_inside_layers_keep_the_law() -> None:
    import keras
    from keras import layers

    def encoder(*, built: bool) -> Any:
        given = [keras.Input((8, 8, 1))] if built else []
        return keras.Sequential([*given, layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(3)], name="enc ${a}")

    clip, picture = keras.Input((5, 8, 8, 1), name="clip"), keras.Input((8, 8, 1))
    look = keras.Model(picture, layers.Add()([layers.Conv2D(2, 3)(picture), layers.Conv2D(2, 3)(picture)]))
    look.trainable = False
    frames = layers.TimeDistributed(encoder(built=False))(clip)
    steps = layers.TimeDistributed(look)
    outputs = [layers.LSTM(3)(frames), layers.TimeDistributed(encoder(built=True))(clip), steps(clip), steps(clip)]
    text = assert_law(keras.Model(clip, outputs))
    assert text.count("- TimeDistributed:") == 3 and "trainable: false" in text
    keep = keras.Input((5,), dtype="bool", name="keep")
    assert_law(keras.Model([clip, keep], layers.TimeDistributed(encoder(built=False))(clip, mask=keep)))
    each = layers.TimeDistributed(layers.TimeDistributed(encoder(built=False)))
    assert_law(keras.Sequential([keras.Input((2, 5, 8, 8, 1)), each]))


@pytest.mark.keras
def test_weights_go_into_layers_that_know_what_they_learnt(tmp_path: Path) -> None:
    import keras
    import numpy as np
    from keras import layers

    norm, scaled = layers.Normalization(), layers.Normalization()
    for layer in (norm, scaled):
        layer.adapt(np.array([[1.0, 2.0], [3.0, 6.0]], "float32"))
    inner = keras.Sequential([norm, layers.Dense(3)])
    model = keras.Sequential([keras.Input((4, 2)), scaled, layers.TimeDistributed(inner)])
    model.save_weights(tmp_path / "model.weights.h5")
    built = mnistspec.build(mnistspec.from_keras(model), weights=tmp_path / "model.weights.h5")
    assert results(built, examples(model)) == results(model, examples(model))


@pytest.mark.keras
def test_a_layer_that_stands_twice_in_a_list_is_refused() -> None:
    import keras

    twice = keras.layers.Dense(4, name="twice")
    front = keras.Sequential([twice, keras.layers.ReLU(), twice], name="front")
    for model in (front, keras.Sequential([keras.Input((4,)), keras.Sequential([keras.layers.ReLU(), front])])):
        with pytest.raises(UsageError, match="`twice` cannot be written as a spec: it stands twice in `front`"):
            mnistspec.from_keras(model)


@pytest.mark.keras
def test_masks_inside_a_model_come_by_themselves(tmp_path: Path) -> None:
    import keras
    from keras import layers

    words = keras.Input((5,), dtype="int32", name="words")
    known = layers.Embedding(9, 4, mask_zero=True)(words)
    read = keras.Model(words, layers.LSTM(3)(layers.Concatenate()([known, known])), name="read")
    given = keras.Input((2, 5), dtype="int32")
    model = keras.Model(given, layers.TimeDistributed(read)(given))
    text = mnistspec.from_keras(model)
    assert "ops." not in text and "mask:" not in text
    built = mnistspec.build(text)
    assert mnistspec.from_keras(built) == text
    built.set_weights(model.get_weights())
    assert results(built, examples(model)) == results(model, examples(model))
    model.save(tmp_path / "model.keras")
    assert spec_of_file(tmp_path / "model.keras") == text


@pytest.mark.keras
def test_a_nested_model_may_give_the_outputs_of_the_model() -> None:
    import keras
    from keras import layers

    given = keras.Input((4,))
    pair = keras.Model(given, [layers.Dense(2)(given), layers.Dense(3)(given)], name="pair")
    x = keras.Input((4,))
    assert "  outputs: [pair.0, pair.1]" in assert_law(keras.Model(x, pair(x)))
    text = assert_law(keras.Model(x, [*pair(x), pair(layers.ReLU()(x))[1]]))
    assert "  outputs: [pair.0, pair.1, pair_1.1]" in text


@pytest.mark.keras
def test_inputs_and_outputs_keep_their_structure_inside_and_outside() -> None:
    import keras
    from keras import layers

    a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
    low, high = layers.Dense(2, name="low")(a), layers.Dense(1, name="high")(b)
    inner = keras.Model({"a": a, "b": b}, {"x": low, "y": high}, name="inner")
    given = keras.Input((3,), name="given")
    parts = inner({"a": given, "b": layers.ReLU(name="bent")(given)})
    model = keras.Model([[given]], {"p": layers.ReLU(name="last")(parts["y"]), "n": [[parts["x"]]]})
    text = assert_law(model)
    assert "structure: {inputs: {a: a, b: b}, outputs: {x: low, y: high}}" in text
    assert "structure: {inputs: [[given]], outputs: {p: last, n: [[inner.0]]}}" in text
    assert "from: [given, bent]" in text


@pytest.mark.keras
@pytest.mark.parametrize(
    ("inputs", "called", "said"),
    [
        ("a", "x", "from: x"),
        ("a", "[x]", "from: {0: [x]}"),
        ("[a]", "[x]", "from: x"),
        ("[a]", "x", "from: {0: x}"),
        ("{'a': a}", "{'a': x}", "from: x"),
        ("[a]", "{'a': x}", "from: {0: {a: x}}"),
    ],
)
@pytest.mark.parametrize("by_name", [False, True])
def test_a_model_is_called_as_its_inputs_stand_or_to_the_letter(
    inputs: str, called: str, said: str, by_name: bool
) -> None:
    import keras

    a, x = keras.Input((3,), name="a"), keras.Input((3,), name="x")
    inner = keras.Model(_of(inputs, a), keras.layers.Dense(2)(a), name="inner")
    given = _of(called, x)
    first = keras.layers.ReLU(name="first")(x)
    result = inner(inputs=given) if by_name else inner(given)
    text = assert_law(keras.Model(x, [first, result]))
    to_the_letter = "from: {inputs: " + called.replace("'", "") + "}"
    assert (to_the_letter if by_name else said) in text


def _of(form: str, tensor: Any) -> Any:
    return {"[": [tensor], "{": {"a": tensor}}.get(form[0], tensor)


@pytest.mark.keras
def test_losses_go_by_the_keys_of_outputs() -> None:
    import keras
    from keras import layers

    x = keras.Input((4,))
    model = keras.Model(x, {"u": layers.Dense(2, name="a")(x), "w": layers.Dense(1, name="b")(x)})
    model.compile("adam", loss={"u": "mse", "w": "mae"}, loss_weights={"u": 1.0, "w": 2.0}, metrics={"w": ["mae"]})
    text = assert_law(model)
    assert "  loss: {u: mse, w: mae}\n  loss_weights: {u: 1.0, w: 2.0}\n  metrics: {w: [mae]}\n" in text
    by_node = text.replace("loss: {u: mse, w: mae}", "loss: {a: mse, b: mae}")
    assert mnistspec.build(by_node).get_compile_config()["loss"] == {"u": "mse", "w": "mae"}


@pytest.mark.keras
def test_a_nested_model_keeps_its_dtype_policy() -> None:
    import keras

    keras.config.set_dtype_policy("mixed_float16")
    try:
        inner = keras.Sequential([keras.Input((4,)), keras.layers.Dense(4), keras.layers.Dense(2)], name="inner")
    finally:
        keras.config.set_dtype_policy("float32")
    x = keras.Input((4,), name="x")
    text = assert_law(keras.Model(x, inner(x)))
    assert text.count("mixed_float16") == 1


@pytest.mark.keras
@pytest.mark.parametrize(("first", "told"), [("float64", True), ("mixed_bfloat16", True), ("float32", False)])
def test_a_sequential_model_without_an_input_may_begin_in_another_dtype(first: str, told: bool) -> None:
    import keras

    layers, x = keras.layers, keras.Input((6, 4), name="x")
    inner = keras.Sequential([layers.Dense(4, dtype=first), layers.Dense(4)])
    text = assert_law(keras.Model(x, inner(inner(x))))
    assert ("call: {mask: null}" in text) is told


@pytest.mark.keras
def test_a_nested_model_is_told_that_there_is_no_mask() -> None:
    import keras

    x = keras.Input((6, 4), name="x")
    inner = keras.Sequential([keras.Input((6, 4), name="y"), keras.layers.LSTM(4)])
    text = assert_law(keras.Model(x, [inner(x, training=False, mask=None), inner(x, mask=None), inner(x)]))
    assert text.count("mask: null") == 1
    mask = keras.Input((6,), dtype="bool", name="mask")
    with pytest.warns(UserWarning, match="destroy the mask"):
        masked = keras.Model([x, mask], inner(x, mask=mask))
    with pytest.raises(UsageError, match="it is given a tensor as `mask`"):
        mnistspec.from_keras(masked)


@pytest.mark.keras
def test_bodies_of_nested_models_are_folded_with_blocks_of_their_own() -> None:
    import keras
    from keras import layers

    def stack(name: str, turns: int) -> Any:
        given = tensor = keras.Input((8,), name="given")
        for turn in range(turns):
            wide = layers.Dense(16, activation="relu", name=f"{name}{turn}_wide")(tensor)
            wide = layers.LayerNormalization(name=f"{name}{turn}_norm")(wide)
            back = layers.Dense(8, use_bias=False, name=f"{name}{turn}_back")(wide)
            tensor = layers.Add(name=f"{name}{turn}_add")([tensor, back])
        return keras.Model(given, tensor, name=name)

    one, two = stack("one", 6), stack("two", 4)
    two.trainable = False
    x = keras.Input((3, 8), name="x")
    model = keras.Model(x, layers.TimeDistributed(two)(layers.TimeDistributed(one)(x)))
    text = assert_law(model)
    flat = mnistspec.from_keras(model, flat=True)
    assert text.count("Dense:") == 2 and text.count("repeat:") == 2 and text.count("- Add:") == 1
    assert flat.count("Dense:") == 20 and "repeat" not in flat
    assert text.count("trainable: false") == flat.count("trainable: false") == 1


@pytest.mark.keras
def test_each_call_of_a_model_with_two_outputs_is_read_by_its_output() -> None:
    """Also a later call that is read at its first output alone."""
    import keras

    layers = keras.layers
    given = keras.Input((8,))
    hidden = layers.Dense(4)(given)
    encoder = keras.Model(given, [hidden, layers.Dense(2)(hidden)], name="encoder")
    one, other = keras.Input((8,), name="one"), keras.Input((8,), name="other")
    first, _ = encoder(one)
    second, _ = encoder(other)
    assert_law(keras.Model([one, other], [layers.Dense(3)(first), layers.Dense(3)(second)]))

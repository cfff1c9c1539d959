"""Models nested in models: the very models that a person writes in Keras, saved, loaded, printed and resolved."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import mnistspec
from mnistspec.typed import TypedGraph
from mnistspec.wrapping import wrapped

from .nested_specs import ALL, FROZEN, SIAMESE

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module", params=ALL, ids=list(ALL))
def text(request: pytest.FixtureRequest) -> str:
    return ALL[request.param]


def _by_hand() -> Any:
    import keras
    from keras import layers

    keras.utils.set_random_seed(5)
    left, right = keras.Input((12, 12, 1), name="left"), keras.Input((12, 12, 1), name="right")
    encoder = keras.Sequential(
        [
            keras.Input((12, 12, 1), name="input"),
            layers.Conv2D(4, 3, name="conv"),
            layers.BatchNormalization(name="norm"),
            layers.Flatten(name="flat"),
            layers.Dense(6, name="code"),
        ],
        name="encoder",
    )
    one, other = encoder(left), encoder(right)
    a, b = keras.Input((6,), name="a"), keras.Input((6,), name="b")
    gap = layers.Subtract(name="gap")([a, b])
    distance = keras.Model([a, b], [gap, layers.Dense(3, name="mixed")(gap)], name="distance")
    same = layers.Dense(1, activation="sigmoid", name="same")(distance([one, other])[1])
    return keras.Model([left, right], same, name="model")


def test_it_is_the_model_that_is_written_by_hand(building: ModuleType) -> None:
    made, by_hand = building.build(SIAMESE), _by_hand()
    assert building.config(made) == building.config(by_hand)
    assert building.weights(made) == building.weights(by_hand)
    assert building.outputs(made) == building.outputs(by_hand)
    assert [w.path for w in made.weights] == [w.path for w in by_hand.weights]


def _counts(typed: TypedGraph, model: Any) -> Iterator[tuple[object, object]]:
    """Of every layer, what is inferred and what Keras has: parameters, those trained, shapes of the first call."""
    for node in typed.used:
        if node.shares is not None or (node.call is not None and node.call.facts.tensors):
            continue
        layer, inferred = model.get_layer(node.name), typed.inferred[node.name]
        total = (inferred.trainable or 0) + (inferred.non_trainable or 0)
        trained = sum(int(weight.shape.num_elements()) for weight in layer.trainable_weights)
        shapes = [tuple(tensor.shape) for tensor in layer._inbound_nodes[0].output_tensors]
        yield (
            (total, inferred.trainable, [tensor.shape for tensor in inferred.outputs]),
            (layer.count_params(), trained, shapes),
        )
        if node.model is not None and node.call is not None:
            for _ in wrapped(node.call)[1:]:
                layer = layer.layer
            yield from _counts(typed.nested[node.name], layer)


def test_counts_and_shapes_are_keras_own(text: str, building: ModuleType) -> None:
    typed = mnistspec.check(text).graph
    assert typed is not None
    pairs = list(_counts(typed, building.build(text)))
    assert [inferred for inferred, _ in pairs] == [found for _, found in pairs]
    assert len(pairs) > 3


def test_it_is_the_same_when_loaded_again(text: str, building: ModuleType, tmp_path: Path) -> None:
    model = building.build(text)
    model.save(tmp_path / "model.keras")
    again = building.keras.models.load_model(tmp_path / "model.keras")
    assert building.outputs(model) == building.outputs(again)
    assert len(model.trainable_weights) == len(again.trainable_weights)


def test_the_resolved_spec_builds_the_same(text: str, building: ModuleType) -> None:
    resolved = building.resolved(text)
    assert building.resolved(resolved) == resolved
    made, again = building.build(text), building.build(resolved)
    assert building.config(made) == building.config(again)
    assert building.weights(made) == building.weights(again)


def _described(model: Any) -> str:
    return f"{model.to_json()} {[float(weight.numpy().sum()) for weight in model.trainable_weights + model.weights]}"


def test_the_scripts_build_the_same(building: ModuleType, tmp_path: Path) -> None:
    for name, text in ALL.items():
        (tmp_path / f"{name}.py").write_text(mnistspec.to_python(text))
    loop = (
        "import runpy, sys, keras\n"
        "for path in sys.argv[1:]:\n"
        "    keras.backend.clear_session()\n"
        "    m = runpy.run_path(path)['build_model']()\n"
        "    print(m.to_json(), [float(w.numpy().sum()) for w in m.trainable_weights + m.weights])\n"
    )
    command = [sys.executable, "-c", loop, *(str(tmp_path / f"{name}.py") for name in ALL)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=240).stdout
    assert printed.splitlines() == [_described(building.build(text)) for text in ALL.values()]


def test_both_kinds_of_model_start_with_the_same_weights(building: ModuleType) -> None:
    sequential = ALL["sequential"]
    functional = sequential.replace("kind: sequential", "kind: functional")
    assert building.weights(building.build(sequential)) == building.weights(building.build(functional))


def test_what_is_frozen_does_not_learn(building: ModuleType) -> None:
    import numpy as np

    model = building.build(FROZEN)
    before = building.weights(model.get_layer("base"))
    model.compile(optimizer="sgd", loss="mse")
    model.fit(np.ones((8, 6), "float32"), np.ones((8, 1), "float32"), verbose=0)
    assert building.weights(model.get_layer("base")) == before
    assert len(model.trainable_weights) == 2


def test_a_model_at_each_step_is_the_one_that_is_written_by_hand(building: ModuleType) -> None:
    import keras
    from keras import layers

    text = """mnistspec: 1
model:
  kind: sequential
  input: [3, 6, 6, 1]
  layers:
    - TimeDistributed: {layer: {Sequential: {name: look, layers: [{Conv2D: {filters: 2, kernel_size: 3}}, Flatten]}}}
    - LSTM: {units: 3}
"""
    keras.utils.set_random_seed(0)
    given = keras.Input((6, 6, 1), name="input")
    look = keras.Sequential([given, layers.Conv2D(2, 3, name="conv2d"), layers.Flatten(name="flatten")], name="look")
    steps = layers.TimeDistributed(look, name="time_distributed")
    by_hand = keras.Sequential(
        [keras.Input((3, 6, 6, 1), name="input"), steps, layers.LSTM(3, name="lstm")], name="model"
    )
    made = building.build(text)
    assert building.config(made) == building.config(by_hand)
    assert building.weights(made) == building.weights(by_hand)
    assert building.outputs(made) == building.outputs(by_hand)


def test_an_application_looks_at_each_step(building: ModuleType) -> None:
    text = """mnistspec: 1
model:
  kind: sequential
  input: [2, 32, 32, 3]
  layers:
    - TimeDistributed:
        layer: {applications.MobileNetV2: {weights: null, include_top: false, pooling: avg, trainable: false}}
        name: frames
    - GRU: {units: 2}
"""
    typed, model = mnistspec.check(text).graph, building.build(text)
    assert typed is not None and (typed.trainable, typed.non_trainable) == (7_704, 2_257_984)
    assert sum(int(weight.shape.num_elements()) for weight in model.trainable_weights) == 7_704
    assert model.get_layer("frames").output.shape == (None, 2, 1280)
    assert "layers.TimeDistributed(layer=build_mobilenetv2()" in mnistspec.to_python(text)


def test_layers_of_a_model_at_each_step_learn_from_every_step(building: ModuleType) -> None:
    import numpy as np

    from mnistspec.training.adapting import adapt_layers

    text = """mnistspec: 1
model:
  kind: sequential
  input: [2, 3]
  layers:
    - TimeDistributed: {layer: {Sequential: {layers: [{Normalization: {name: scaled}}]}}, name: each}
"""
    model = building.build(text)
    x = np.array([[[1.0, 2, 3], [3, 2, 5]], [[5, 2, 3], [7, 2, 5]]], "float32")
    assert adapt_layers(model, mnistspec.check(text).plan(), x) == ("each/scaled",)
    assert np.allclose(model.get_layer("each").layer.get_layer("scaled").mean, [[4, 2, 4]])


def test_layers_inside_learn_from_what_reaches_them(building: ModuleType) -> None:
    import numpy as np

    from mnistspec.training.adapting import adapt_layers

    text = """mnistspec: 1
model:
  kind: functional
  inputs: {a: [2], b: [2]}
  layers:
    - Rescaling: {scale: 2, from: a, name: doubled}
    - Functional:
        name: both
        from: {p: doubled, q: b}
        inputs: {p: [2], q: [2]}
        layers:
          - Normalization: {from: q, name: scaled}
          - Sequential: {from: p, name: inner, layers: [{Normalization: {name: scaled}}]}
        outputs: [scaled, inner]
  outputs: [both.0]
"""
    model = building.build(text)
    x = {"a": np.array([[1.0, 2], [3, 6]], "float32"), "b": np.array([[0.0, 4], [2, 8]], "float32")}
    assert adapt_layers(model, mnistspec.check(text).plan(), x) == ("both/scaled", "both/inner/scaled")
    means = [model.get_layer("both").get_layer(name) for name in ("scaled", "inner")]
    assert np.allclose(means[0].mean, [[1, 6]]) and np.allclose(means[1].get_layer("scaled").mean, [[4, 8]])

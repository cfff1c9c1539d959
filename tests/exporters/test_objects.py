"""Every optimizer, schedule, loss, metric, initializer, regularizer, constraint and activation, by name and in full."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from mnistspec.catalogue import ClassFacts, load
from mnistspec.catalogue.activations import LAYER_OF

pytestmark = pytest.mark.keras

# Arguments without a default, and those that have one which says nothing.
_NEEDS: dict[str, Any] = {
    "boundaries": [1, 2], "decay_rate": 0.5, "decay_steps": 10, "first_decay_steps": 10, "initial_learning_rate": 0.1,
    "inner_optimizer": "adam", "num_classes": 3, "precision": 0.5, "recall": 0.5, "sensitivity": 0.5,
    "specificity": 0.5, "target_class_ids": [0], "values": [0.1, 0.2, 0.3],
}  # fmt: skip
# Losses and metrics that learn class ids, where the others learn rows of numbers.
_IDS = (
    "CategoricalGeneralizedCrossEntropy", "Circle", "SparseCategoricalAccuracy", "SparseCategoricalCrossentropy",
    "SparseTopKCategoricalAccuracy",
)  # fmt: skip


def usable(namespace: str) -> list[ClassFacts]:
    """The classes of a namespace, each once."""
    return list({facts.name: facts for facts in load()[namespace].classes.values() if not facts.refused}.values())


@dataclass(frozen=True)
class Way:
    """How an object of a class is written: bare, by a word for it, or with arguments.

    One way a class is `thorough`: there the spec is also compared with itself spelled out.
    """

    name: str
    written: str
    thorough: bool = False

    def __str__(self) -> str:
        return self.written


def ways(namespace: str) -> list[Way]:
    """Every way to write an object of a namespace."""
    found: list[Way] = []
    for facts in usable(namespace):
        needed = {name: _NEEDS.get(name) for name, argument in facts.arguments.items() if argument.required}
        if not needed:
            found.append(Way(facts.name, facts.name, thorough=True))
        written = json.dumps({facts.name: needed or first_default(facts)})
        found.append(Way(facts.name, written, thorough=bool(needed)))
    return [*found, *(Way(name, word) for word, name in load()[namespace].identifiers.items())]


def first_default(facts: ClassFacts) -> dict[str, Any]:
    """One argument written out, at its default."""
    return {name: argument.default for name, argument in list(facts.arguments.items())[:1]}


def spec(
    *,
    layer: str = "{Dense: {units: 3, activation: softmax}}",
    optimizer: str = "sgd",
    loss: str = "mse",
    metrics: str = "[]",
    inputs: str = "[4]",
) -> str:
    return f"""\
mnistspec: 1
seed: 2
model: {{kind: sequential, input: {inputs}, layers: [{layer}]}}
compile: {{optimizer: {optimizer}, loss: {loss}, metrics: {metrics}, run_eagerly: true}}
"""


def learnt(building: ModuleType, text: str, *, ids: bool = False) -> tuple[Any, list[float]]:
    """The spec's model after a step on four examples, and what the step measured."""
    model = building.build(text)
    x = building.data_for(model, 4)
    y = np.array([0, 1, 2, 1]) if ids else np.eye(3, dtype="float32")[[0, 1, 2, 1]]
    measured = model.train_on_batch(x, y, return_dict=True)
    return model, [float(number) for values in measured.values() for number in np.ravel(values)]


def step(building: ModuleType, text: str, *, ids: bool = False, thorough: bool = True) -> tuple[Any, list[float]]:
    """The spec's model after a step, and what was measured: with every default spelled out, the same to the bit."""
    model, measured = learnt(building, text, ids=ids)
    if thorough:
        again, also = learnt(building, building.resolved(text), ids=ids)
        assert building.weights(model) == building.weights(again)
        assert measured == pytest.approx(also, abs=0, rel=0, nan_ok=True)
    return model, measured


def each(namespace: str, *without: str) -> Any:
    """A test for every way to write an object of the namespace."""
    return pytest.mark.parametrize("way", [way for way in ways(namespace) if way.name not in without], ids=str)


def dense(**arguments: str) -> str:
    """A layer of three units with these arguments."""
    return "{Dense: {" + ", ".join(f"{name}: {value}" for name, value in {"units": 3, **arguments}.items()) + "}}"


@each("optimizers")
def test_every_optimizer_takes_a_step(building: ModuleType, way: Way) -> None:
    model, _ = step(building, spec(optimizer=way.written), thorough=way.thorough)
    assert type(model.optimizer).__name__ == way.name


@each("schedules")
def test_every_schedule_gives_an_optimizer_its_learning_rate(building: ModuleType, way: Way) -> None:
    model, _ = step(building, spec(optimizer=f"{{SGD: {{learning_rate: {way.written}}}}}"))
    assert type(model.optimizer._learning_rate).__name__ == way.name


@each("losses", "CTC")
def test_every_loss_can_be_learnt_from(building: ModuleType, way: Way) -> None:
    step(building, spec(loss=way.written), ids=way.name in _IDS, thorough=way.thorough)


@pytest.mark.parametrize("written", ["CTC", "ctc"])
def test_the_loss_of_sequences_can_be_learnt_from(building: ModuleType, written: str) -> None:
    model = building.build(spec(loss=written, inputs="[5, 4]"))
    labels = np.ones((4, 2), dtype="int32")
    assert np.isfinite(model.train_on_batch(building.data_for(model, 4), labels))


@each("metrics")
def test_every_metric_is_measured(building: ModuleType, way: Way) -> None:
    ids = way.name in _IDS and way.written not in ("acc", "accuracy")
    loss = "sparse_categorical_crossentropy" if ids else "mse"
    _, measured = step(building, spec(metrics=f"[{way}]", loss=loss), ids=ids, thorough=way.thorough)
    assert len(measured) > 1


@pytest.mark.parametrize("ids", [True, False])
@pytest.mark.parametrize("word", ["accuracy", "acc"])
def test_accuracy_is_the_one_that_fits_the_labels(building: ModuleType, word: str, ids: bool) -> None:
    loss = "sparse_categorical_crossentropy" if ids else "categorical_crossentropy"
    text = spec(loss=loss, metrics=f"[{word}]")
    for written in (text, building.resolved(text)):
        model, _ = learnt(building, written, ids=ids)
        expected = "SparseCategoricalAccuracy" if ids else "CategoricalAccuracy"
        assert type(model.metrics[1].metrics[0]).__name__ == expected


@each("initializers", "STFT")
def test_every_initializer_draws_the_same_weights_written_short_or_in_full(building: ModuleType, way: Way) -> None:
    model, _ = step(building, spec(layer=dense(kernel_initializer=way.written)), thorough=way.thorough)
    assert type(model.layers[0].kernel_initializer).__name__ == way.name


@pytest.mark.parametrize("name", ["SimpleRNN", "GRU", "LSTM", "ConvLSTM1D"])
def test_an_initializer_draws_its_seed_at_the_same_moment_written_short_or_in_full(
    building: ModuleType, name: str
) -> None:
    """An initializer made before its layer would draw other weights than the same one made by the layer."""
    size, inputs = ("filters: 3, kernel_size: 2", "[5, 6, 4]") if name == "ConvLSTM1D" else ("units: 3", "[5, 4]")
    text = spec(layer=f"{{{name}: {{{size}}}}}", inputs=inputs)
    spelled = spec(layer=f"{{{name}: {{{size}, kernel_initializer: GlorotUniform}}}}", inputs=inputs)
    first, *others = (building.weights(building.build(t)) for t in (text, spelled, building.resolved(text)))
    assert others == [first, first]


@each("regularizers")
def test_every_regularizer_adds_to_the_loss(building: ModuleType, way: Way) -> None:
    model, _ = step(building, spec(layer=dense(kernel_regularizer=way.written)), thorough=way.thorough)
    assert type(model.layers[0].kernel_regularizer).__name__ == way.name and len(model.layers[0].losses) == 1


@each("constraints")
def test_every_constraint_holds_the_weights(building: ModuleType, way: Way) -> None:
    model, _ = step(building, spec(layer=dense(kernel_constraint=way.written)), thorough=way.thorough)
    assert type(model.layers[0].kernel_constraint).__name__ == way.name


# All but `glu`, which halves the units; Keras builds the layer after it for all of them.
BARE = [f.name for f in usable("activations") if not any(a.required for a in f.arguments.values()) and f.name != "glu"]


@pytest.mark.parametrize("name", BARE)
def test_every_activation_works_by_name(building: ModuleType, name: str) -> None:
    model, _ = step(building, spec(layer=f"{dense(activation=name)}, {dense()}"))
    assert model.layers[0].activation is getattr(building.keras.activations, name)


_BOUND: dict[str, dict[str, float]] = {
    "elu": {"alpha": 0.5},
    "leaky_relu": {"negative_slope": 0.5},
    "relu": {"max_value": 0.5},
    "softmax": {"axis": 1},
}


@pytest.mark.parametrize("name", LAYER_OF)
def test_an_activation_with_arguments_works_and_can_be_saved(building: ModuleType, tmp_path: Path, name: str) -> None:
    model, _ = step(building, spec(layer=dense(activation=json.dumps({name: _BOUND[name]}))))
    model.save(tmp_path / "it.keras")
    loaded = building.keras.models.load_model(tmp_path / "it.keras", safe_mode=True)
    assert building.outputs(loaded) == building.outputs(model)


@pytest.mark.parametrize("name", LAYER_OF)
def test_an_activation_with_arguments_is_the_function_with_them(building: ModuleType, name: str) -> None:
    plain, bound = (
        building.build(spec(layer=dense(activation=a))) for a in ("linear", json.dumps({name: _BOUND[name]}))
    )
    x = building.data_for(plain)
    expected = getattr(building.keras.activations, name)(plain(x), **_BOUND[name])
    assert np.allclose(bound(x), expected, atol=1e-6)

"""Every class of Keras that a spec may use, and graphs of them: the spec of a model builds that model again."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from catalogue.bench import Bench, facts_of, places
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from shapes.cases import CASES, Case
from shapes.drawing import case_of

import mnistspec
from mnistspec.calls import Call
from mnistspec.catalogue import load
from mnistspec.diagnostics import UsageError
from mnistspec.shapes.base import Inputs

from .drawing import NOWHERE, Refused, calls, compiled_for, graphs, made, model_of, repeated, tried
from .law import assert_law, examples, results, shown

pytestmark = pytest.mark.keras

# SciPy makes the windows of the first, and Keras itself cannot call the second on an open batch. What a cell returns is
# also the first of its states, which stand in a list of their own.
_NOT_HERE = {"STFTSpectrogram", "Equalization", *load()["cells"].classes}
_ONCE = {case.call.name: case for case in reversed(CASES) if not case.refused}
_FORGOTTEN = HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large
_FEW = settings(
    max_examples=3, derandomize=True, database=None, deadline=None, phases=(Phase.generate,),
    suppress_health_check=_FORGOTTEN,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Keras warns of what is drawn: a mask that a layer destroys, a dtype that it does not use."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def test_every_layer_has_its_turn() -> None:
    usable = {name for name, facts in load()["layers"].classes.items() if not facts.refused and name == facts.name}
    assert set(_ONCE) == usable


@pytest.mark.parametrize("case", [case for name, case in _ONCE.items() if name not in _NOT_HERE], ids=str)
def test_a_layer_of_each_class(case: Case) -> None:
    assert_law(model_of(case.call, case.inputs))


@pytest.mark.parametrize("name", sorted(set(_ONCE) - _NOT_HERE))
def test_layers_with_drawn_arguments(name: str) -> None:
    @_FEW
    @given(case_of(name))
    def holds(case: tuple[Call, Inputs]) -> None:
        try:
            model = model_of(*case)
        except Refused:
            assume(False)
        # A layer frozen by its constructor trains inside; see the tests of what is refused.
        assume(all(layer.trainable for layer in model.layers))
        try:
            # On sizes that were not meant for one another TensorFlow may end the process.
            assert_law(model, run=False)
        except UsageError:
            # Keras builds some layers that no batch passes, and a spec does not have these.
            assert isinstance(results(model, examples(model)), type)

    holds()


@settings(_FEW, max_examples=40)
@given(st.data())
def test_graphs_of_layers(data: st.DataObject) -> None:
    import keras

    model = data.draw(graphs())
    if data.draw(st.booleans()):
        model.compile("adam", **data.draw(compiled_for(model)))
    if data.draw(st.integers(0, 9)) == 9:
        model.trainable = False
    text = assert_law(model)
    assert settings_of(mnistspec.build(text)) == settings_of(model)
    reloaded = keras.models.model_from_json(model.to_json())
    assert mnistspec.from_keras(reloaded, compile=False) == text.split("compile:\n")[0]


@settings(_FEW, max_examples=20)
@given(repeated())
def test_structure_that_comes_again(model: Any) -> None:
    text = assert_law(model)
    flat = mnistspec.from_keras(model, flat=True)
    assert len(text.splitlines()) <= len(flat.splitlines()) and "repeat" not in flat and "use" not in flat
    assert shown(mnistspec.build(flat)) == shown(model)


def _dense(**arguments: Any) -> Any:
    import keras

    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(4, **arguments)])


def _compiled(**settings: Any) -> Any:
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Flatten()])
    model.compile(**{"optimizer": "sgd", "loss": "mse", **settings})
    return model


# A model that holds an object, by the object's namespace.
_HOLDERS: dict[str, Callable[[Any], Any]] = {
    "initializers": lambda made: _dense(kernel_initializer=made),
    "regularizers": lambda made: _dense(kernel_regularizer=made),
    "constraints": lambda made: _dense(kernel_constraint=made),
    "optimizers": lambda made: _compiled(optimizer=made),
    "schedules": lambda made: _schedule(made),
    "losses": lambda made: _compiled(loss=made),
    "metrics": lambda made: _compiled(metrics=[made]),
}


def _schedule(made: Any) -> Any:
    import keras

    return _compiled(optimizer=keras.optimizers.SGD(made))


def _held() -> list[str]:
    return [place for place in places() if place.split(".")[0] in _HOLDERS and place != "initializers.STFT"]


@pytest.mark.parametrize("place", _held())
def test_objects_of_each_class(place: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    facts, bench = facts_of(place), Bench(tmp_path_factory.getbasetemp())
    inner = {"inner_optimizer": Call(load()["optimizers"].classes["SGD"], {}, NOWHERE)}
    needs = inner if facts.name == "LossScaleOptimizer" else bench.needs(facts)

    @_FEW
    @given(calls(facts, needs))
    def holds(call: Call) -> None:
        try:
            model = tried(lambda: _HOLDERS[facts.namespace](made(call)))
        except Refused:
            assume(False)
        built = mnistspec.build(mnistspec.from_keras(model))
        assert (shown(built), settings_of(built)) == (shown(model), settings_of(model))

    holds()


def settings_of(model: Any) -> Any:
    """What the model was compiled with; Keras numbers optimizers as it makes them."""
    config = json.loads(json.dumps(model.get_compile_config(), default=lambda number: number.item()))
    for optimizer in (
        config.get("optimizer"),
        (config.get("optimizer") or {}).get("config", {}).get("inner_optimizer"),
    ):
        if optimizer:
            optimizer["config"].pop("name", None)
    return config

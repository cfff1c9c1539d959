"""Every layer of the catalogue, from a minimal spec to a Keras model and back from disk."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

import mnistspec
from mnistspec.catalogue import load
from mnistspec.diagnostics import RunFailed

from .layer_specs import LAYERS, spec_of

# What Keras itself cannot put into a model: its output is its input.
_UNBUILDABLE = ("Equalization",)


def test_there_is_a_spec_of_every_layer_that_may_be_used() -> None:
    assert LAYERS.keys() == {facts.name for facts in load()["layers"].classes.values() if not facts.refused}


@pytest.mark.parametrize("name", LAYERS)
def test_a_minimal_spec_is_in_order(name: str) -> None:
    assert [str(diagnostic) for diagnostic in mnistspec.check(spec_of(name)).diagnostics] == []


@pytest.mark.keras
@pytest.mark.parametrize("name", [name for name in LAYERS if name not in _UNBUILDABLE])
def test_the_layer_is_built_as_it_was_inferred_resolved_and_saved(
    building: ModuleType, tmp_path: Path, name: str
) -> None:
    text = spec_of(name)
    model = building.build(text)
    typed = mnistspec.check(text).graph
    assert typed is not None
    inferred = typed.inferred["it"]
    assert inferred.outputs[0].shape in (None, tuple(model.outputs[0].shape))
    assert inferred.trainable in (None, _count(model.trainable_weights))

    again = building.build(building.resolved(text))
    assert building.config(again) == building.config(model) and building.weights(again) == building.weights(model)

    model.save(tmp_path / "it.keras")
    loaded = building.keras.models.load_model(tmp_path / "it.keras", safe_mode=True)
    assert building.config(loaded) == building.config(model) and building.weights(loaded) == building.weights(model)


def _count(weights: list[object]) -> int:
    return sum(weight.value.shape.num_elements() for weight in weights)  # type: ignore[attr-defined]


@pytest.mark.keras
@pytest.mark.parametrize("name", [name for name in LAYERS if name not in _UNBUILDABLE])
def test_the_record_of_a_run_can_describe_the_layer(building: ModuleType, name: str) -> None:
    from mnistspec.runs.record import model_record

    text = spec_of(name)
    record = model_record(building.build(text), mnistspec.check(text).plan(), None)
    assert [node["layer"] for node in record["nodes"]] == [name] and json.dumps(record, allow_nan=False)


@pytest.mark.keras
@pytest.mark.parametrize("name", _UNBUILDABLE)
def test_what_keras_cannot_build_is_told(building: ModuleType, name: str) -> None:
    with pytest.raises(RunFailed, match="Keras cannot make a model"):
        building.build(spec_of(name))

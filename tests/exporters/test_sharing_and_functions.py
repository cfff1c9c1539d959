"""Layers called again and functions of tensors: the model, the script and the resolved spec agree."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import reduce
from pathlib import Path

import pytest

import mnistspec
from mnistspec.catalogue import ClassFacts, load
from mnistspec.exporters.python_source.naming import OTHERWISE_CALLED

pytestmark = pytest.mark.keras

_SHARED = """mnistspec: 1
model:
  kind: functional
  inputs: {left: [8], right: [8]}
  layers:
    - Dense: {units: 4, from: left, name: encoder}
    - share: {layer: encoder, from: right}
    - Subtract: {from: [encoder, encoder_1]}
    - Dense: {units: 1, name: same}
  outputs: [same, encoder_1]
"""
_FUNCTIONS = """mnistspec: 1
model:
  kind: functional
  inputs: {a: [4, 6], b: [4, 6]}
  layers:
    - ops.multiply: {from: a, x2: 0.5, name: half}
    - ops.add: {x2: [1, 2, 3, 4, 5, 6]}
    - ops.subtract: {from: {x1: add, x2: b}}
    - ops.split: {indices_or_sections: 2, axis: -1, name: parts}
    - ops.concatenate: {from: [parts.1, parts.0, a], axis: -1, name: joined}
    - ops.einsum: {from: [joined, joined], subscripts: "bij,bkj->bik", name: scores}
    - ops.sum: {axis: 1, name: summed}
    - Dense: {units: 3, name: out}
"""
# Prints the names of the operations and a sum over the weights of the model that a script builds.
_PRINT = "m = build_model()\nprint([o.name for o in m.operations], sum(float(w.numpy().sum()) for w in m.weights))\n"


@pytest.mark.parametrize("text", [_SHARED, _FUNCTIONS])
def test_names_and_counts_are_those_that_are_shown(text: str) -> None:
    graph = mnistspec.check(text).graph
    assert graph is not None
    model = mnistspec.build(text, compile=False)
    made = {operation.name: operation for operation in model.operations}
    assert model.count_params() == (graph.trainable or 0) + (graph.non_trainable or 0)
    for node in graph.used:
        outputs = made[node.name].output
        shapes = [tuple(o.shape) for o in outputs] if isinstance(outputs, list) else [tuple(outputs.shape)]
        assert shapes == [tensor.shape for tensor in graph.inferred[node.name].outputs]


def test_outputs_of_a_shared_layer_have_names_of_their_own() -> None:
    assert mnistspec.build(_SHARED, compile=False).output_names == ["same", "encoder_1"]


def test_a_model_with_functions_is_the_same_when_loaded_again(tmp_path: Path) -> None:
    import keras
    import numpy as np

    model = mnistspec.build(_FUNCTIONS, compile=False)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    x = {name: np.ones((2, 4, 6), "float32") for name in ("a", "b")}
    assert (model.predict(x, verbose=0) == again.predict(x, verbose=0)).all()
    assert [o.name for o in again.operations] == [o.name for o in model.operations]


@pytest.mark.parametrize("text", [_SHARED, _FUNCTIONS])
def test_the_script_builds_the_same_model(text: str, tmp_path: Path) -> None:
    script = mnistspec.to_python(text).partition("def main")[0]
    (tmp_path / "script.py").write_text(script + _PRINT)
    printed = subprocess.run(
        [sys.executable, tmp_path / "script.py"], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    model = mnistspec.build(text, compile=False)
    total = sum(float(weight.numpy().sum()) for weight in model.weights)
    assert printed.strip() == f"{[o.name for o in model.operations]} {total}"


@pytest.mark.parametrize("text", [_SHARED, _FUNCTIONS])
def test_the_resolved_spec_means_the_same(text: str) -> None:
    from mnistspec.exporters.resolved import resolved_text

    first = mnistspec.check(text)
    assert first.spec is not None and first.graph is not None
    again = mnistspec.check(resolved_text(first.spec, first.graph.graph))
    assert again.ok and again.graph is not None
    assert again.graph.graph.nodes == first.graph.graph.nodes or again.graph.inferred == first.graph.inferred


def _name_of_operation(facts: ClassFacts) -> str | None:
    """What Keras names the operation of a function after; None where it cannot be called on plain tensors."""
    import keras

    tensors = [name for name, argument in facts.arguments.items() if argument.tensor == "one"]
    for shape in ((4, 4), (2, 4, 4, 3), (4,)) if tensors else ():
        values = {name: keras.KerasTensor(shape) for name in tensors}
        try:
            result = reduce(getattr, facts.path.split(".")[1:], keras)(**values)
        except Exception:
            # Many functions take tensors of certain shapes only, or need settings.
            continue
        operation = keras.tree.flatten(result)[0]._keras_history.operation
        return re.sub(r"_\d+$", "", operation.name)
    return None


def test_the_script_knows_what_keras_names_operations_after() -> None:
    functions = {name: facts for name, facts in load()["ops"].classes.items() if not facts.refused}
    named = {name: found for name, facts in functions.items() if (found := _name_of_operation(facts))}
    told = {name: OTHERWISE_CALLED.get(name, name.rpartition(".")[2]) for name in named}
    assert len(named) > 150
    assert named == told

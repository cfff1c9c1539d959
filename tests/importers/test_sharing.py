"""Layers that a config calls several times: a node for each call, in an order in which they can be made."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

import mnistspec
from mnistspec.diagnostics import UsageError
from mnistspec.importers.document import spec_text

from .configs import called, functional, given, layer, tensor

_X = given("x", None, 4)
_D = layer("Dense", "d", units=4)


def _of(name: str, call: int = 0) -> dict[str, Any]:
    entry = tensor(name)
    return {**entry, "config": {**entry["config"], "keras_history": [name, call, 0]}}


def _shared(*sources: Any) -> dict[str, Any]:
    return {**_D, "name": "d", "inbound_nodes": [{"args": [source], "kwargs": {}} for source in sources]}


def _model(*layers: Any, outputs: Any) -> dict[str, Any]:
    model: dict[str, Any] = yaml.safe_load(spec_text(functional(_X, *layers, inputs=[["x", 0, 0]], outputs=outputs)))[
        "model"
    ]
    return model


def test_each_other_call_is_a_node_of_its_own() -> None:
    add = called(layer("Add", "sum"), [_of("d", 1), _of("d", 2)])
    model = _model(_shared(_of("x"), _of("d"), _of("x")), add, outputs=[["sum", 0, 0]])
    assert model["layers"] == [
        {"Dense": {"units": 4, "name": "d"}},
        {"share": {"layer": "d"}},
        {"share": {"layer": "d", "from": "x"}},
        {"Add": {"from": ["d_1", "d_2"], "name": "sum"}},
    ]


def test_calls_stand_after_what_they_are_called_on_also_where_keras_lists_the_layer_first() -> None:
    other = called(layer("ReLU", "r"), _of("x"))
    model = _model(_shared(_of("r"), _of("x")), other, outputs=[["d", 0, 0], ["d", 1, 0]])
    assert [next(iter(entry)) for entry in model["layers"]] == ["ReLU", "Dense", "share"]
    assert model["outputs"] == ["d", "d_1"]


def test_a_call_gets_a_number_that_no_layer_has() -> None:
    other = called(layer("ReLU", "d_1"), _of("d"))
    model = _model(_shared(_of("x"), _of("d_1")), other, outputs=[["d", 1, 0]])
    assert model["layers"][-1] == {"share": {"layer": "d", "identity": False}}
    config = functional(_X, _shared(_of("x"), _of("d_1")), other, inputs=[["x", 0, 0]], outputs=[["d", 1, 0]])
    graph = mnistspec.check(spec_text(config)).graph
    assert graph is not None
    assert [str(port) for port in graph.graph.outputs] == ["d_2"]


def test_calls_in_a_circle_are_refused() -> None:
    other = called(layer("ReLU", "r"), _of("d", 1))
    with pytest.raises(UsageError, match="it is called on what comes of itself"):
        _model(_shared(_of("r"), _of("x")), other, outputs=[["d", 1, 0]])


def test_a_chain_of_many_calls_is_no_trouble() -> None:
    calls = [_of("x"), *(_of("d", number) for number in range(3000))]
    layers = _model(_shared(*calls), outputs=[["d", 3000, 0]])["layers"]
    assert layers[1] == {"repeat": {"times": 2999, "layers": [{"share": {"layer": "d"}}]}} and len(layers) == 3

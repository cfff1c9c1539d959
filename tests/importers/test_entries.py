"""Names and references that must be written, and those that go without saying."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from mnistspec.catalogue import load
from mnistspec.importers.calls import Given, LayerCall, Output
from mnistspec.importers.entries import Layer, items_of
from mnistspec.importers.folding.items import Ref
from mnistspec.importers.folding.writing import documents, unnamed_layers
from mnistspec.importers.objects import Unsayable


def _layer(class_name: str, name: str, *sources: Given, **arguments: object) -> Layer:
    return Layer(name, load()["layers"].classes[class_name], arguments, LayerCall(dict(enumerate(sources)), {}))


def entries(layers: list[Layer], inputs: list[str], outputs: Sequence[Output]) -> list[Any]:
    items = items_of(layers, inputs, outputs)
    return documents(items, Ref(inputs[0]), unnamed_layers(items, inputs))


def named_layers(layers: list[Layer], inputs: list[str]) -> set[str]:
    items = items_of(layers, inputs, ())
    unnamed = unnamed_layers(items, inputs)
    return {item.nodes[0] for item in items if id(item) not in unnamed}


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (["dense", "dense_1", "dense_2"], set()),
        (["dense_1", "dense"], {"dense_1"}),
        (["dense", "digit", "dense_1"], {"digit"}),
        (["dense_1", "dense_2"], {"dense_1", "dense_2"}),
        (["dense", "dense_2", "dense_1"], {"dense_2"}),
        (["x", "dense"], {"x"}),
    ],
)
def test_only_names_that_the_language_would_not_give_are_written(names: list[str], written: set[str]) -> None:
    assert named_layers([_layer("Dense", name) for name in names], ["input"]) == written


def test_the_names_of_inputs_count_as_taken() -> None:
    assert named_layers([_layer("Dense", "dense_1")], ["dense"]) == set()
    assert named_layers([_layer("Dense", "dense")], ["input"]) == set()


def test_the_node_before_goes_without_saying() -> None:
    layers = [
        _layer("Dense", "dense", Output("x", 0)),
        _layer("Dense", "dense_1", Output("dense", 0)),
        _layer("Dense", "dense_2", Output("dense", 0)),
        _layer("Add", "add", (Output("dense_2", 0),)),
    ]
    expected = ["Dense", "Dense", {"Dense": {"from": "dense"}}, {"Add": {"from": ["dense_2"]}}]
    assert entries(layers, ["x"], [Output("add", 0)]) == expected


def test_the_first_layer_follows_the_first_input() -> None:
    layers = [_layer("Dense", "dense", Output("b", 0)), _layer("Dense", "dense_1", Output("a", 0))]
    assert entries(layers, ["a", "b"], ()) == [{"Dense": {"from": "b"}}, {"Dense": {"from": "a"}}]


def test_a_layer_called_by_argument_has_a_map() -> None:
    attention = load()["layers"].classes["MultiHeadAttention"]
    placed = _layer("MultiHeadAttention", "mix", Output("q", 0), Output("v", 0))
    named = Layer("mix", attention, {}, LayerCall({"query": Output("q", 0), "value": Output("v", 0)}, {}))
    alone = Layer("only", load()["layers"].classes["Dense"], {}, LayerCall({"inputs": Output("q", 0)}, {}))
    assert [entries([layer], ["q", "v"], ()) for layer in (placed, named, alone)] == [
        [{"MultiHeadAttention": {"from": {0: "q", 1: "v"}, "name": "mix"}}],
        [{"MultiHeadAttention": {"from": {"query": "q", "value": "v"}, "name": "mix"}}],
        [{"Dense": {"from": {"inputs": "q"}, "name": "only"}}],
    ]


@pytest.mark.parametrize(
    ("arguments", "index", "said"),
    [
        ({}, 0, "lstm"),
        ({}, 2, "lstm.2"),
        ({"return_state": True}, 0, "lstm.0"),
        ({"layer": {"LSTM": {"return_state": True}}}, 0, "lstm.0"),
        ({"merge_mode": None}, 0, "lstm.0"),
    ],
)
def test_an_output_is_indexed_where_there_may_be_several(arguments: dict[str, object], index: int, said: str) -> None:
    layers = [_layer("LSTM", "lstm", Output("x", 0), **arguments), _layer("ReLU", "end", (Output("lstm", index),))]
    assert entries(layers, ["x"], ())[1]["ReLU"]["from"] == [said]


def test_an_output_that_reads_as_another_layers_name_is_refused() -> None:
    layers = [_layer("LSTM", "l", Output("x", 0)), _layer("ReLU", "l.1", Output("l", 1))]
    with pytest.raises(Unsayable, match=r"`l\.1` is an output of `l` and the name of another layer"):
        entries(layers, ["x"], ())

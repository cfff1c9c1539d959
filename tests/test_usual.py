"""Short forms and what goes without saying, held against Keras: the short form makes the same config."""

from __future__ import annotations

from typing import Any

import pytest

from mnistspec.catalogue import load
from mnistspec.catalogue.kinds import Listing
from mnistspec.usual import EVEN, LONE, LOWER_END, is_usual, nearest, short_form
from mnistspec.values.scalars import is_scalar, options_of


@pytest.mark.parametrize(
    ("place", "kept", "short"),
    [
        ("Conv2D.kernel_size", [3, 3], 3),
        ("Conv2D.kernel_size", [3, 2], [3, 2]),
        ("Conv1D.strides", [2], 2),
        ("ZeroPadding2D.padding", [[1, 1], [1, 1]], 1),
        ("ZeroPadding2D.padding", [[1, 1], [2, 2]], [1, 2]),
        ("ZeroPadding2D.padding", [[1, 2], [1, 2]], [[1, 2], [1, 2]]),
        ("Conv2D.padding", "same", "same"),
        ("Normalization.axis", [-1], -1),
        ("Normalization.axis", [1, 2], [1, 2]),
        ("Normalization.axis", [], None),
        ("LayerNormalization.axis", [-1], -1),
        ("LayerNormalization.axis", [1, 2], [1, 2]),
        ("Softmax.axis", [-1], [-1]),
        ("RandomContrast.factor", [0, 0.3], 0.3),
        ("RandomContrast.factor", [0.1, 0.3], [0.1, 0.3]),
        ("RandomContrast.factor", [0, 3.5], [0, 3.5]),
        ("RandomRotation.factor", [-0.2, 0.2], 0.2),
        ("RandomRotation.factor", [0, 0.2], [0, 0.2]),
        ("Adam.learning_rate", 0.0010000000474974513, 0.001),
        ("Dropout.rate", 0.10000000149011612, 0.10000000149011612),
    ],
)
def test_a_value_is_as_short_as_one_would_write_it(place: str, kept: Any, short: Any) -> None:
    assert _short(place, kept) == short


def _short(place: str, kept: Any) -> Any:
    class_name, argument = place.split(".")
    spaces = load().namespaces.values()
    facts = next(space.classes[class_name] for space in spaces if class_name in space.classes)
    return short_form(class_name, facts.arguments[argument], kept)


@pytest.mark.parametrize(
    ("kept", "short"),
    [(0.10000000149011612, 0.1), (0.1, 0.1), (1.0, 1.0), (0.0, 0.0), (-2.5, -2.5), (1e300, 1e300),
     (0.3333333432674408, 0.33333334), (1.1754943508222875e-38, 1.1754944e-38)],
)  # fmt: skip
def test_a_number_of_32_bits_is_its_shortest_decimal(kept: float, short: float) -> None:
    assert nearest(kept) == short


@pytest.mark.parametrize(
    ("class_name", "argument", "given", "usual"),
    [
        ("Dense", "units", {"units": 3}, False),
        ("Dense", "activation", {"activation": "linear"}, True),
        ("LSTM", "activation", {"activation": "linear"}, False),
        ("LSTM", "activation", {"activation": "tanh"}, True),
        ("Dense", "kernel_initializer", {"kernel_initializer": "GlorotUniform"}, True),
        ("Dense", "kernel_initializer", {"kernel_initializer": {"GlorotUniform": {"seed": 1}}}, False),
        ("Dense", "dtype", {"dtype": "float16"}, True),
        ("Dense", "dtype", {"dtype": "float32"}, False),
        ("Hashing", "dtype", {"dtype": "int64", "output_mode": "int"}, True),
        ("Hashing", "dtype", {"dtype": "int64", "output_mode": "one_hot"}, False),
        ("Flatten", "data_format", {"data_format": "channels_last"}, True),
        ("Flatten", "data_format", {"data_format": "channels_first"}, False),
        ("MaxPooling2D", "strides", {"strides": 3, "pool_size": 3}, True),
        ("MaxPooling2D", "strides", {"strides": 2, "pool_size": 3}, False),
        ("MultiHeadAttention", "value_dim", {"value_dim": 4, "key_dim": 4}, True),
        ("MultiHeadAttention", "value_dim", {"value_dim": 3, "key_dim": 4}, False),
    ],
)
def test_what_goes_without_saying(class_name: str, argument: str, given: dict[str, Any], usual: bool) -> None:
    facts = load()["layers"].classes[class_name]
    assert is_usual(facts, facts.arguments[argument], given, "float16") is usual


def _places(arguments: frozenset[str]) -> list[str]:
    """Every argument of these names that takes a number or a list."""
    layers = load()["layers"].classes
    known = [
        (facts, argument)
        for name, facts in layers.items()
        for argument in facts.arguments.values()
        if name == facts.name
    ]
    return [
        f"{facts.name}.{argument.name}"
        for facts, argument in known
        if argument.name in arguments
        and any(isinstance(kind, Listing) for kind in options_of(argument.kind))
        and is_scalar(1, argument.kind)
    ]


# What a layer needs besides, and numbers that fit it.
_NEEDS: dict[str, Any] = {
    "units": 3, "filters": 4, "kernel_size": 3, "pool_size": 3, "output_size": 2, "output_shape": 3, "factor": 0.5,
    "equation": "ab,bc->ac",
}  # fmt: skip


@pytest.mark.keras
@pytest.mark.parametrize("place", [*_places(EVEN), *sorted(LONE), *sorted(LOWER_END)])
def test_keras_keeps_the_long_form_of_what_was_given_short(place: str) -> None:
    import keras

    class_name, argument = place.split(".")
    facts = load()["layers"].classes[class_name]
    needs = {name: _NEEDS[name] for name, known in facts.arguments.items() if known.required}
    # A kernel of a blur is odd, padding past the output is less than a stride.
    short = 0.2 if place in LOWER_END else 3 if argument == "kernel_size" else 1
    short = 4 if place == "RandomPosterization.factor" else short
    needs |= {"strides": 2} if argument == "output_padding" else {}
    layer = getattr(keras.layers, class_name)(**{**needs, argument: short})
    if class_name == "LayerNormalization":  # once it is built, as every layer of a model is
        layer.build((None, 4, 4))
    kept = _lists(layer.get_config()[argument])
    assert kept != short
    assert _short(place, kept) == short


def _lists(value: Any) -> Any:
    return [_lists(item) for item in value] if isinstance(value, list | tuple) else value

"""Models drawn at random: one layer with drawn arguments, and graphs of layers on sequences."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st
from shapes.strategies import Draw, of_kind

from mnistspec.calls import Call
from mnistspec.catalogue import ClassFacts
from mnistspec.shapes.base import Inputs, Tensor
from mnistspec.source import Source, Span

NOWHERE = Span(Source(""), 0, 0)


class Refused(Exception):
    """Keras does not take the arguments or the inputs."""


def model_of(call: Call, inputs: Inputs) -> Any:
    """A model of one layer. Raises: Refused."""
    import keras

    tensors = [_input(tensor) for tensor in inputs.tensors]
    named = {name: _input(given) for name, given in inputs.named.items()}
    given = [tensors[0] if inputs.single else tensors] if tensors else []
    result = tried(lambda: made(call)(*given, **named, **inputs.arguments))
    # Of states in lists of their own a spec cannot say which is which.
    nested = isinstance(result, list | tuple) and any(isinstance(one, list | tuple) for one in result)
    outputs = result[0] if nested else result
    return tried(lambda: keras.Model(keras.tree.flatten([tensors, named]), outputs))


def _input(given: Tensor | tuple[Tensor, ...]) -> Any:
    import keras

    if isinstance(given, tuple):
        return [_input(tensor) for tensor in given]
    return keras.Input(batch_shape=given.shape, dtype=given.dtype)


def made(call: Call) -> Any:
    """The object of Keras that a spec's call stands for. Raises: Refused."""
    from mnistspec.exporters.keras_model import construct

    return tried(lambda: construct(call))


def tried(make: Any) -> Any:
    """What is made. Raises: Refused for whatever Keras or what it runs on meets it with."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return make()
        except Exception as error:
            raise Refused(f"{type(error).__name__}: {error}") from error


@st.composite
def calls(draw: Draw, facts: ClassFacts, needs: Mapping[str, Any]) -> Call:
    """Calls of a class with `needs` and some other arguments by their kind."""
    others = [name for name, argument in facts.arguments.items() if name not in needs and argument.kind is not None]
    chosen = draw(st.lists(st.sampled_from(others), max_size=2, unique=True)) if others else []
    drawn = {name: draw(of_kind(facts.arguments[name].kind)) for name in chosen}
    return Call(facts, {**needs, **drawn}, NOWHERE)


def _steps(layers: Any) -> dict[str, Any]:
    """Layers from a sequence of vectors of 4 to another, by a word."""
    return {
        "dense": lambda **given: layers.Dense(4, activation="tanh", **given),
        "conv": lambda **given: layers.Conv1D(4, 3, padding="same", **given),
        "norm": lambda **given: layers.LayerNormalization(**given),
        "batch": lambda **given: layers.BatchNormalization(momentum=0.9, **given),
        # Its config says nothing of a policy, which a reloaded model then lacks.
        "drop": lambda **given: layers.SpatialDropout1D(0.2, name=given.get("name")),
        "lstm": lambda **given: layers.LSTM(4, return_sequences=True, **given),
        "both": lambda **given: layers.Bidirectional(layers.GRU(2, return_sequences=True), **given),
        "each": lambda **given: layers.TimeDistributed(layers.Dense(4, use_bias=False), **given),
        "mask": lambda **given: layers.Masking(0.1, **given),
        "relu": lambda **given: layers.ReLU(max_value=3.0, **given),
    }


def _functions(ops: Any) -> dict[str, Any]:
    """Functions of two sequences of vectors of 4 to another, by a word."""
    return {
        "scale": lambda one, other: 0.5 * one - 1,
        "weigh": lambda one, other: one * np.array([0.1, 0.2, 0.3, 0.4]),
        "sum": lambda one, other: one + other,
        "where": lambda one, other: ops.where(one > 0.1, one, other),
        "halves": lambda one, other: ops.concatenate(ops.split(one, 2, axis=-1)[::-1], axis=-1),
        "piece": lambda one, other: ops.concatenate([one[..., :3], other[:, :, -1:]], axis=-1),
        "steps": lambda one, other: abs(one[:, ::-1]) * other[:, :1, None, :][:, :, 0] + np.arange(4, dtype="float32"),
        "best": lambda one, other: ops.tile(ops.top_k(one @ ops.transpose(other, (0, 2, 1)), 2)[0], (1, 1, 2)),
        "mean": lambda one, other: one - ops.mean(other, axis=1, keepdims=True),
        "product": lambda one, other: ops.einsum("bij,bkj,bkl->bil", one, other, one),
        "turned": lambda one, other: ops.flip(ops.tanh(one), axis=1),
    }


@st.composite
def graphs(draw: Draw) -> Any:
    """Functional models on sequences: masks, joins, attention, states, functions, layers called again, several ends."""
    import keras

    layers, steps = keras.layers, _steps(keras.layers)
    ids, vectors = keras.Input((6,), dtype="int32"), keras.Input((6, 4), name="vectors")
    functions, made = _functions(keras.ops), list[Any]()
    known = [layers.Embedding(9, 4, mask_zero=draw(st.booleans()))(ids), vectors]
    for _ in range(draw(st.integers(2, 7))):
        tensor, other = draw(st.sampled_from(known)), draw(st.sampled_from(known))
        match draw(st.sampled_from(_MOVES)):
            case "step":
                made.append(steps[draw(st.sampled_from(sorted(steps)))](**draw(_settings(len(known)))))
                known.append(made[-1](tensor))
            case "again":
                known.append((draw(st.sampled_from(made)) if made else layers.ReLU())(tensor))
            case "function":
                known.append(functions[draw(st.sampled_from(sorted(functions)))](tensor, other))
            case "add":
                known.append(draw(st.sampled_from((layers.Add, layers.Multiply, layers.Maximum)))()([tensor, other]))
            case "join":
                known.append(layers.Dense(4)(layers.Concatenate()([tensor, other])))
            case "attend":
                known.append(layers.Attention(use_scale=True)([tensor, other]))
            case "heads":
                given, named = draw(st.sampled_from(_ways("query", tensor, "value", other)))
                known.append(layers.MultiHeadAttention(2, 2)(*given, **named, use_causal_mask=draw(st.booleans())))
            case "model":
                made.append(draw(_inner(steps)))
                known.append(made[-1](tensor))
            case "frames":
                known.append(layers.TimeDistributed(draw(_of_vectors()))(tensor))
            case "pair":
                pair = draw(_pair(steps))
                made_of, again = draw(_on(pair, [tensor, other])), draw(_on(pair, [other, tensor]))
                known += [made_of[0], again[1]]
            case "state":
                _, *states = layers.LSTM(4, return_state=True)(tensor)
                given, named = draw(st.sampled_from(_ways("sequences", other, "initial_state", states)))
                known.append(layers.LSTM(4, return_sequences=True)(*given, **named))
    outputs = draw(st.lists(st.sampled_from(range(2, len(known))), min_size=1, max_size=3))
    return keras.Model(
        draw(structures([ids, vectors], ["ids", "vectors"])),
        draw(structures([known[index] for index in outputs], ["end", "far_end", "side_end"])),
    )


@st.composite
def structures(draw: Draw, items: list[Any], keys: list[str], depth: int = 2) -> Any:
    """The items alone, in a list, in a map under some of the keys, and these inside one another."""
    forms = ["list", "list", "map", "inside"] if depth else ["list", "map"]
    match draw(st.sampled_from([*forms, *(["alone"] if len(items) == 1 else [])])):
        case "alone":
            return items[0]
        case "list":
            return items
        case "map":
            return dict(zip(draw(st.permutations(keys[: len(items)])), items, strict=True))
    size = draw(st.integers(1, len(items)))
    first = draw(structures(items[:size], keys[:size], depth - 1))
    return [first, *items[size:]] if draw(st.booleans()) else {"a": first, **dict(zip("bcd", items[size:]))}  # noqa: B905


@st.composite
def compiled_for(draw: Draw, model: Any) -> dict[str, Any]:
    """Losses, their weights and metrics for the outputs of a model: for all, by output, and in lists."""
    keys = list(model.output) if isinstance(model.output, dict) else list(dict.fromkeys(model.output_names))
    flat = not any(isinstance(one, dict | list) for one in _ends(model.output))
    count = len(model.output_names)
    losses = [lambda: "mse", lambda: ["mse", "mae", "mse"][:count], lambda: [["mse", "mae"], "mae", "mse"][:count]]
    metrics = [lambda: None, lambda: ["mae"] * count, lambda: [["mae"], ["mse", "acc"], []][:count]]
    weights = [lambda: None, lambda: [0.5, 1.0, 2.0][:count]]
    if flat:
        losses.append(lambda: dict.fromkeys(keys, "mae"))
        metrics.append(lambda: {key: ["mae"] for key in keys})
        weights.append(lambda: dict.fromkeys(keys, 0.5))
    drawn = [draw(st.sampled_from(choices))() for choices in (losses, weights, metrics)]
    return dict(zip(("loss", "loss_weights", "metrics"), drawn, strict=True))


def _ends(structure: Any) -> list[Any]:
    """What stands right inside a structure."""
    return list(structure.values()) if isinstance(structure, dict) else structure if isinstance(structure, list) else []


def _ways(first: str, one: Any, second: str, other: Any) -> list[tuple[list[Any], dict[str, Any]]]:
    """The ways of giving a call its first two arguments: by place, by name, and one after the other."""
    return [([one, other], {}), ([one], {second: other}), ([], {first: one, second: other})]


_MOVES = (
    "step", "step", "step", "again", "function", "function", "add", "join", "attend", "heads", "state", "model",
    "frames", "pair",
)  # fmt: skip
# Masks that come up inside a model are operations there, whose names nobody wrote.
_UNMASKED = ("batch", "both", "conv", "dense", "drop", "each", "lstm", "norm", "relu")


@st.composite
def _inner(draw: Draw, steps: Mapping[str, Any]) -> Any:
    """Sequential models on sequences, one in another, built or not."""
    import keras

    words = draw(st.lists(st.sampled_from(_UNMASKED), min_size=1, max_size=2))
    given = [keras.Input((6, 4))] if draw(st.booleans()) else []
    deep = keras.Sequential([keras.layers.ReLU(), steps[draw(st.sampled_from(_UNMASKED))]()])
    model = keras.Sequential([*given, *(steps[word]() for word in words), *([deep] if draw(st.booleans()) else [])])
    if draw(st.integers(0, 3)) == 3:
        model.trainable = False
    return model


@st.composite
def _of_vectors(draw: Draw) -> Any:
    """Models on vectors of 4, of either kind."""
    import keras

    layers, given = keras.layers, keras.Input((4,))
    if draw(st.booleans()):
        return keras.Sequential([layers.Dense(4, activation="tanh"), layers.BatchNormalization()], name="at each")
    wide = layers.Dense(8)(given)
    return keras.Model(given, layers.Dense(4)(wide * 2 - layers.ReLU()(wide)))


@st.composite
def _pair(draw: Draw, steps: Mapping[str, Any]) -> Any:
    """Functional models of two sequences that give two."""
    import keras

    one, other = keras.Input((6, 4), name="one"), keras.Input((6, 4), name="other")
    first = steps[draw(st.sampled_from(_UNMASKED))]()(one)
    ends = [first, keras.layers.Add()([first, other])]
    keys = ["one", "other"]
    return keras.Model(draw(structures([one, other], keys, 1)), draw(structures(ends, keys, 1)))


@st.composite
def _on(draw: Draw, model: Any, tensors: list[Any]) -> list[Any]:
    """What a model makes of tensors that it is called on in one of the ways of calling it."""
    import keras

    own = keras.tree.pack_sequence_as(model.input, tensors)
    given = draw(st.sampled_from([own, own, tensors]))
    try:
        result = model(given) if draw(st.booleans()) else model(inputs=given)
    except ValueError:  # of a map Keras takes a list in the order of the keys alone
        result = model(own)
    return keras.tree.flatten(result)  # type: ignore[no-any-return]


@st.composite
def repeated(draw: Draw) -> Any:
    """Functional models of a structure that comes again, called in one of the ways people call layers."""
    import keras

    steps = _steps(keras.layers)
    words = draw(st.lists(st.sampled_from(["dense", "conv", "norm", "batch", "drop", "relu"]), min_size=1, max_size=4))
    skips, odd = draw(st.booleans()), draw(st.integers(0, 6))
    called = draw(
        st.sampled_from([None, "block{turn}_{place}_{word}", "{word}_{turn}_{place}", "s{turn}/a {word}{place}"])
    )
    given = tensor = keras.Input((6, 4))
    for turn in range(draw(st.integers(2, 6))):
        before = tensor
        for place, word in enumerate([*words, *(["relu"] if turn == odd else [])]):
            name = {"name": called.format(turn=turn + 1, place=place, word=word).replace("/", "-")} if called else {}
            tensor = steps[word](**name)(tensor)
        if skips:
            tensor = keras.layers.Add()([tensor, before])
    return keras.Model(given, keras.layers.Dense(2, name="end")(tensor))


@st.composite
def _settings(draw: Draw, position: int) -> dict[str, Any]:
    """What any layer may be told besides."""
    choices: list[dict[str, Any]] = [
        {}, {}, {}, {"name": f"at {position}"}, {"dtype": "float64"}, {"dtype": "mixed_bfloat16"},
    ]  # fmt: skip
    return draw(st.sampled_from(choices))

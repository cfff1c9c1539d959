"""What is drawn for each class: inputs of its rank, and strategies for the arguments that must fit one another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from hypothesis import strategies as st

from mnistspec.calls import Call
from mnistspec.shapes.base import Inputs, Tensor

from .calls import call
from .strategies import (
    Draw,
    Values,
    arguments_of,
    batches,
    layers,
    mostly,
    of_rank,
    one,
    related,
    shapes,
    sizes,
)

Cases: TypeAlias = st.SearchStrategy[tuple[Call, Inputs]]
_FEW = st.integers(1, 3)
_AXIS = st.integers(-3, 3)
_AXES = _AXIS | st.just((1, 2))
_PADDING = st.sampled_from(("valid", "same"))


def case_of(name: str) -> Cases:
    """Calls of a class with inputs for them, some of which do not fit."""
    if name in _FITTED:
        return _FITTED[name]
    if "Conv" in name or "Pool" in name or name.startswith(("Cropping", "ZeroPadding", "UpSampling", "Spatial")):
        return _in_space(name)
    if name.startswith(("Random", "Rand", "Aug", "Auto", "Cut", "Mix", "Contrast", "Equal", "Solar", "Max")):
        return _on(name, one(4))
    return _on(name, of_rank(1, 4))


def _on(name: str, inputs: st.SearchStrategy[Inputs], **given: Values) -> Cases:
    return st.tuples(layers(name, given), inputs)


def _ints(count: int, low: int = 1, high: int = 3) -> Values:
    """An integer, or a list of `count` of them."""
    return st.integers(low, high) | st.tuples(*[st.integers(low, high)] * count)


def _pairs(count: int) -> Values:
    """An integer, or for each of `count` axes an integer or a pair; for one axis a pair."""
    few = st.integers(0, 3)
    pair = st.tuples(few, few)
    return few | (pair if count == 1 else st.tuples(*[few | pair] * count))


def _in_space(name: str) -> Cases:
    rank = int(name.removesuffix("Transpose")[-2])
    given: dict[str, Values] = {
        **{argument: _ints(rank, 1, 4) for argument in ("kernel_size", "pool_size", "size", "output_size")},
        "strides": st.none() | _ints(rank) if "Pool" in name else mostly(1, _ints(rank)),
        "dilation_rate": mostly(1, _ints(rank)),
        "output_padding": st.none() | _ints(rank, 0, 2),
        "filters": st.integers(1, 6),
        "groups": mostly(1, _FEW),
        "padding": _pairs(rank) if name.startswith("Zero") else _PADDING,
        "cropping": _pairs(rank),
    }
    if name == "UpSampling1D":
        given["size"] = _FEW
    return _on(name, one(rank + 2, 8), **given)


@st.composite
def _reshape(draw: Draw) -> tuple[Call, Inputs]:
    shape = draw(shapes(draw(st.integers(2, 4)), 6))
    known = draw(st.permutations([size for size in shape[1:] if size is not None]))
    changes = st.sampled_from(("keep", "keep", "keep", "rest", "odd", "open"))
    target = tuple({"keep": size, "rest": -1, "odd": size + 1, "open": None}[draw(changes)] for size in known)
    dtype = draw(st.sampled_from(("float32", "int32")))
    return call("Reshape", target_shape=target), Inputs((Tensor(shape, dtype),))


@st.composite
def _permute(draw: Draw) -> tuple[Call, Inputs]:
    dims = tuple(draw(st.permutations(range(1, draw(st.integers(2, 4))))))
    return call("Permute", dims=draw(mostly(dims, st.just((2, 2))))), draw(one(len(dims) + 1))


# Equations with the number of axes of the input and of the output without the batch.
_EQUATIONS = (
    ("ab,bc->ac", 2, 1), ("abc,cd->abd", 3, 2), ("abc,cde->abde", 3, 3), ("abc,cd->adb", 3, 2), ("abc,bc->ac", 3, 1),
    ("...ab,bc->...ac", 3, 2), ("...b,bc->...c", 4, 1), ("ab...,bc->ac...", 3, 1), ("abc,bd->abc", 3, 2),
    ("ab,bc->ad", 2, 1), ("a,b", 2, 1), ("abcd,cde->abe", 4, 2),
)  # fmt: skip


@st.composite
def _einsum(draw: Draw) -> tuple[Call, Inputs]:
    equation, rank, count = draw(st.sampled_from(_EQUATIONS))
    output = draw(st.lists(sizes(1, 5), min_size=count, max_size=count).map(tuple))
    given = {
        "equation": st.just(equation),
        "output_shape": st.just(output) | st.just(4),
        "bias_axes": st.sampled_from((None, None, "c", "d", "ac", "e", "b")),
    }
    return draw(layers("EinsumDense", given)), draw(one(rank, 5))


@st.composite
def _attended(draw: Draw, name: str) -> tuple[Call, Inputs]:
    features = draw(st.integers(1, 6))
    query, value = ((draw(batches()), draw(sizes()), draw(mostly(features, sizes(1, 6)))) for _ in range(2))
    named = {"value": Tensor(value)} if draw(st.sampled_from((True,) * 8 + (False,))) else {}
    if draw(st.booleans()):
        named["key"] = Tensor((value[0], draw(mostly(value[1], sizes())), draw(sizes(1, 6))))
    given = {"flash_attention": st.just(False), "attention_axes": st.none() | st.integers(-3, 4)}
    arguments = {"return_attention_scores": draw(st.booleans())}
    return draw(layers(name, given)), Inputs((Tensor(query),), named, arguments=arguments)


_CELL = st.builds(
    lambda name, units, bias: call(name, units=units, use_bias=bias),
    st.sampled_from(("LSTMCell", "GRUCell", "SimpleRNNCell")), _FEW, st.booleans(),
)  # fmt: skip
_STACK = st.lists(_CELL, min_size=1, max_size=3).map(tuple)
_CELLS = _CELL | _STACK | _STACK.map(lambda cells: call("StackedRNNCells", cells=cells))


def _recurrent(name: str) -> Cases:
    rank = int(name[-2]) if name.endswith("D") else 0
    given: dict[str, Values] = {
        "cell": _CELLS,
        "use_cudnn": st.just("auto"),
        "stateful": mostly(False, st.booleans()),
        "padding": _PADDING,
        "kernel_size": _ints(rank),
        **{argument: mostly(1, _ints(rank, 1, 2)) for argument in ("strides", "dilation_rate")},
    }
    return _on(name, one(rank + 3, 5), **given)


@st.composite
def _called_cell(draw: Draw, name: str) -> tuple[Call, Inputs]:
    units = draw(_FEW)
    states = tuple(Tensor((None, draw(mostly(units, _FEW)))) for _ in range(2 if name == "LSTMCell" else 1))
    named = {"states": states} if draw(mostly(True, st.booleans())) else {}
    return call(name, units=units), Inputs((Tensor((draw(batches()), draw(sizes()))),), named)


_INNER = st.one_of(
    st.builds(lambda units, on: call("Dense", units=units, trainable=on), _FEW, st.booleans()),
    st.builds(lambda filters, size: call("Conv1D", filters=filters, kernel_size=size), _FEW, _FEW),
    st.builds(lambda filters: call("Conv1DTranspose", filters=filters, kernel_size=2), _FEW),
    st.builds(lambda axis: call("LayerNormalization", axis=axis), _AXIS),
    st.builds(lambda units: call("LSTM", units=units, return_state=units == 3), _FEW),
    st.builds(lambda size: call("EinsumDense", equation="...a,ab->...b", output_shape=size), _FEW),
    st.sampled_from((
        call("Flatten"), call("BatchNormalization"), call("Embedding", input_dim=5, output_dim=3),
        call("DepthwiseConv1D", kernel_size=2), call("SeparableConv1D", filters=2, kernel_size=2),
    )),
)  # fmt: skip


@st.composite
def _bidirectional(draw: Draw) -> tuple[Call, Inputs]:
    forward = draw(_RUN)
    arguments: dict[str, Any] = {"layer": forward}
    if forward.name != "Dense" and draw(st.booleans()):
        flipped = draw(mostly("name", st.sampled_from(("go_backwards", "return_state", "return_sequences"))))
        kept = {**forward.arguments, "go_backwards": True}
        changed = {} if flipped == "name" else {flipped: not kept.get(flipped, False)}
        arguments["backward_layer"] = call(forward.name, **{**kept, **changed})
    if draw(st.booleans()):
        arguments["merge_mode"] = draw(st.sampled_from(("sum", "mul", "ave", "concat", None)))
    return call("Bidirectional", **arguments), draw(one(3, 5))


_ONCE = mostly(False, st.booleans())
_RUN = st.one_of(
    st.builds(
        lambda name, units, every, states, stateful: call(
            name, units=units, return_sequences=every, return_state=states, stateful=stateful
        ),
        st.sampled_from(("LSTM", "GRU", "SimpleRNN")), _FEW, st.booleans(), st.booleans(), _ONCE,
    ),
    st.builds(lambda cell: call("RNN", cell=cell, return_state=True), _CELLS),
    st.just(call("Dense", units=3)),
)  # fmt: skip

_LAYERS = (call("Flatten"), call("Dense", units=3), call("Dropout", rate=0.5), call("Rescaling", scale=0.5))
_TOKENS: Mapping[str, tuple[Values, str]] = {
    "IntegerLookup": (st.integers(-1, 6), "int64"),
    "StringLookup": (st.sampled_from(("a", "b", "c", "[UNK]", "")), "string"),
    "TextVectorization": (st.sampled_from(("a", "b", "c", "[UNK]", "")), "string"),
}


@st.composite
def _vocabulary(draw: Draw, name: str) -> tuple[Call, Inputs]:
    tokens, dtype = _TOKENS[name]
    vocabulary = draw(st.none() | st.lists(tokens, min_size=1, max_size=4, unique=True).map(tuple))
    weights = None if vocabulary is None else (0.5,) * len(vocabulary)
    given: dict[str, Values] = {
        "vocabulary": st.just(vocabulary),
        "idf_weights": st.sampled_from((None, None, weights)),
        "max_tokens": st.sampled_from((None, 3, 9)),
        "mask_token": st.sampled_from((None, 0 if name == "IntegerLookup" else "")),
        "num_oov_indices": st.integers(0, 2),
        "salt": mostly(None, st.just(3)),
        **dict.fromkeys(("sparse", "pad_to_max_tokens"), _ONCE),
        "ngrams": st.none(),
        "ragged": st.just(False),
    }
    return draw(layers(name, given)), Inputs((Tensor(draw(shapes(2, 3)), dtype),))


@st.composite
def _discretization(draw: Draw) -> tuple[Call, Inputs]:
    bins = draw(st.sampled_from((
        {"num_bins": 3}, {"bin_boundaries": (0.0, 1.0)}, {}, {"num_bins": 1, "bin_boundaries": (0.5,)},
    )))  # fmt: skip
    others = draw(arguments_of("Discretization", {"num_bins": st.none(), "bin_boundaries": st.none()}))
    return call("Discretization", **{**others, "num_bins": None, "bin_boundaries": None, **bins}), draw(of_rank(1, 3))


@st.composite
def _normalization(draw: Draw) -> tuple[Call, Inputs]:
    shape = draw(shapes(draw(st.integers(2, 4)), 4))
    last = shape[-1] if len(shape) > 1 and shape[-1] is not None else 2
    mean = draw(st.sampled_from((None, None, 0.5, (0.5,) * last, (0.5, 0.5))))
    variance = draw(mostly(mean, st.sampled_from((None, 1.0))))
    axis = draw(st.sampled_from((-1, -1, None, 1, (1, -1), 3)))
    return call("Normalization", axis=axis, mean=mean, variance=variance), Inputs((Tensor(shape),))


_MERGED = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
_HASHED = {"salt": st.sampled_from((None, 3, (1, 2))), "dtype": st.sampled_from((None, "int32", "float32"))}
_MEL = {
    "fft_length": st.sampled_from((64, 100)), "sequence_length": st.sampled_from((None, 50, 80)),
    "sequence_stride": st.integers(1, 40),
}  # fmt: skip
_STFT = {
    "window": st.none(), "frame_length": st.integers(2, 9), "frame_step": st.none() | st.integers(1, 9),
    "fft_length": st.sampled_from((None, None, 4, 8, 16)),
}  # fmt: skip

_FITTED: dict[str, Cases] = {
    **{name: _on(name, related(2 if name == "Subtract" else 1, 3)) for name in _MERGED},
    "CustomScaleLayer": _on("CustomScaleLayer", related(2, 2)),
    "Concatenate": _on("Concatenate", related(1, 3, 30), axis=st.sampled_from((-1, -1, 1, 2, -2, 0, 3))),
    "Dot": _on("Dot", related(2, 2, 30), axes=_AXIS | st.tuples(_AXIS, _AXIS)),
    "Reshape": _reshape(),
    "Permute": _permute(),
    "RepeatVector": _on("RepeatVector", one(2)),
    "EinsumDense": _einsum(),
    "Attention": _on("Attention", related(1, 3)),
    "AdditiveAttention": _on("AdditiveAttention", related(2, 3)),
    "MultiHeadAttention": _attended("MultiHeadAttention"),
    "GroupQueryAttention": _attended("GroupQueryAttention"),
    **{
        name: _recurrent(name) for name in ("LSTM", "GRU", "SimpleRNN", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
    },
    **{name: _called_cell(name) for name in ("LSTMCell", "GRUCell", "SimpleRNNCell")},
    # Exact ranks: Keras passes by the inner layer's check of its input, and takes some that no run survives.
    "TimeDistributed": _on("TimeDistributed", one(4, 5, exact=True), layer=_INNER),
    "SpectralNormalization": _on("SpectralNormalization", one(3, 5, exact=True), layer=_INNER),
    "Bidirectional": _bidirectional(),
    "Pipeline": _on("Pipeline", one(4, 5), layers=st.lists(st.sampled_from(_LAYERS), min_size=1).map(tuple)),
    **{name: _vocabulary(name) for name in _TOKENS},
    "Discretization": _discretization(),
    "Normalization": _normalization(),
    "Hashing": _on("Hashing", of_rank(1, 3), **_HASHED),
    "HashedCrossing": _on("HashedCrossing", related(1, 3, 30)),
    "CategoryEncoding": _on("CategoryEncoding", of_rank(1, 3)),
    "GroupNormalization": _on("GroupNormalization", of_rank(2, 4), groups=st.sampled_from((-1, 1, 2, 3))),
    "BatchNormalization": _on("BatchNormalization", of_rank(2, 4), axis=mostly(-1, _AXIS)),
    **{
        name: _on(name, of_rank(2, 4), axis=_AXES)
        for name in ("LayerNormalization", "RMSNormalization", "UnitNormalization")
    },
    "PReLU": _on("PReLU", of_rank(2, 4), shared_axes=st.sampled_from((None, 1, 4, (1, 2)))),
    "Masking": _on("Masking", of_rank(2, 4)),
    "Rescaling": _on("Rescaling", of_rank(1, 4), scale=st.just(0.5), offset=st.just(1.0)),
    **{name: _on(name, one(4)) for name in ("CenterCrop", "RandomCrop")},
    "Resizing": _on("Resizing", one(4), pad_to_aspect_ratio=st.just(False)),
    "MelSpectrogram": _on("MelSpectrogram", one(2, 900), **_MEL),
    "STFTSpectrogram": _on("STFTSpectrogram", one(3, 40), **_STFT),
}

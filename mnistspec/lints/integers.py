"""Integers where only floating point numbers are computed with: Keras builds the model, and no batch passes it.

So a spec that brings examples is wrong; a model by itself is one that Keras takes, and is warned of.
"""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.calls import Call
from mnistspec.diagnostics import Diagnostic, Related
from mnistspec.graph import GraphNode, Port
from mnistspec.lints.inputs import fed
from mnistspec.spec import InputSpec, Spec
from mnistspec.typed import TypedGraph
from mnistspec.wrapping import wrapped

# Layers that refuse integers, by backend; each was tried in a training.
_EVERYWHERE = frozenset([
    "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D",
    "SeparableConv2D",
])  # fmt: skip
_SHARED = frozenset([
    "AdaptiveAveragePooling1D", "AdaptiveAveragePooling2D", "AdaptiveAveragePooling3D", "AdaptiveMaxPooling3D",
    "Attention", "Conv1D", "Conv2D", "Conv3D", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "ELU", "Softmax",
])  # fmt: skip
_OWN = {
    "tensorflow": ["AveragePooling1D", "AveragePooling2D", "AveragePooling3D", "MaxPooling3D", "PReLU",
                   "UnitNormalization"],
    "jax": ["RandomSaturation", "UnitNormalization"],
    "torch": ["AdaptiveMaxPooling1D", "AdaptiveMaxPooling2D", "EinsumDense", "LeakyReLU", "MaxPooling1D",
              "RandomSaturation"],
}  # fmt: skip
_LAYERS = {backend: _EVERYWHERE.union(own, () if backend == "jax" else _SHARED) for backend, own in _OWN.items()}
# Layers that refuse them in training alone, by the argument that says how much they drop or add.
_DROPPING = {"Dropout": "rate", "GRU": "dropout", "LSTM": "dropout", "SimpleRNN": "dropout"}
_SPATIAL = {"SpatialDropout1D": "rate", "SpatialDropout2D": "rate", "SpatialDropout3D": "rate"}
_NOISE = {
    "tensorflow": {**_DROPPING, **_SPATIAL, "AlphaDropout": "rate", "GaussianDropout": "rate",
                   "GaussianNoise": "stddev"},
    "jax": {**_DROPPING, **_SPATIAL},
    "torch": _DROPPING,
}  # fmt: skip
# The activation functions of TensorFlow that take them.
_FUNCTIONS = frozenset(["exponential", "leaky_relu", "linear", "relu", "relu6", "tanh"])
# Layers that Keras' symbolic tensors leave as floating point numbers, and that give integers when they are given these.
_PASSING_ON = ("Cropping", "MaxPooling", "ZeroPadding")
_CLASSES = {
    backend: {*layers, *_NOISE[backend], "Activation", "SpectralNormalization", "TimeDistributed"}
    for backend, layers in _LAYERS.items()
}


def integers(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Layers called on integers that the backend cannot compute with.

    A nested model is looked at by itself: what it is called on becomes what its inputs say.
    """
    inside = (found for inner in typed.nested.values() for found in integers(inner, spec))
    return (*(_told(typed, spec, node, port) for node, port in refusing(typed, spec)), *inside)


def refusing(typed: TypedGraph, spec: Spec) -> Iterator[tuple[GraphNode, Port]]:
    """The nodes that refuse integers which they are called on, and what brings these."""
    for node in typed.of_classes(_CLASSES[spec.backend]):
        port = next((port for port in node.sources() if _integer(typed, port)), None)
        if port is not None and node.call is not None and _refuses(wrapped(node.call)[-1], spec):
            yield node, port


def _integer(typed: TypedGraph, port: Port) -> str | None:
    """The dtype of the integers that a port carries; None where it does not."""
    while port.node in typed.inferred:
        node = typed.graph.node(port.node)
        if node.call is None or not node.call.name.startswith(_PASSING_ON):
            break
        port = node.first()
    dtype = typed.tensors(port)[0].dtype
    return dtype if dtype is not None and dtype.startswith(("int", "uint")) else None


def _refuses(call: Call, spec: Spec) -> bool:
    if call.name == "Activation":
        value = call.argument("activation")
        name = value.name if isinstance(value, Call) else value
        return call.complete and spec.backend == "tensorflow" and name not in _FUNCTIONS
    strength = _NOISE[spec.backend].get(call.name)
    if strength is not None:
        return call.complete and spec.fit is not None and call.argument(strength) != 0
    return call.name in _LAYERS[spec.backend]


def _told(typed: TypedGraph, spec: Spec, node: GraphNode, port: Port) -> Diagnostic:
    assert node.call is not None
    name, dtype = wrapped(node.call)[-1].name, _integer(typed, port)
    message = f"`{node.name}`: {name} computes with floating point numbers, and is given integers (`dtype: {dtype}`)"
    given = origin(typed, port)
    place = (given.span or (spec.data.source.span if spec.data is not None else None)) if given is not None else None
    related = (Related(f"`{given.name}` is {dtype}, given here", place),) if given is not None and place else ()
    code = "E412" if spec.data is not None or spec.fit is not None else "W523"
    return Diagnostic(code, message, port.span or node.span, _way_out(typed, spec, given), related)


def origin(typed: TypedGraph, port: Port) -> InputSpec | None:
    """The input whose integers come to a port by layers that only move them about; None where a layer makes them."""
    dtype = _integer(typed, port)
    while port.node in typed.inferred:
        sources = tuple(typed.graph.node(port.node).sources())
        if len(sources) != 1 or _integer(typed, sources[0]) != dtype:
            return None
        port = sources[0]
    return next((given for given in typed.graph.inputs if given.name == port.node), None)


def _way_out(typed: TypedGraph, spec: Spec, given: InputSpec | None) -> str:
    if given is None:
        return "make floating point numbers of them first, with ops.cast: {dtype: float32}"
    array = next((array for one, array in fed(typed) if one.name == given.name), None)
    if array is None or any(one.name == given.name and one.dtype for one in spec.model.inputs or ()):
        return f"give the input `{given.name}` the dtype `float32`"
    step = "{rescale: 255}" if array.maximum == 255 else "{cast: float32}"
    return f"add `{step}` to `data.prepare.x`"

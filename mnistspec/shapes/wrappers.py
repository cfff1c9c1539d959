"""Layers around layers. Their rules are given `infer`, which finds and applies the inner layer's rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mnistspec.calls import Call
from mnistspec.shapes.arguments import flag, items, refuse, whole, word
from mnistspec.shapes.base import UNKNOWN, Inferred, Inputs, Rule, Shape, ShapeError, Size, Tensor
from mnistspec.shapes.dense import einsum_kernel
from mnistspec.shapes.dtypes import FLOATS, cast_input, compute_dtype
from mnistspec.shapes.results import inside, only, unknown
from mnistspec.shapes.sizes import check_minimum_rank, elements, product, scaled, total
from mnistspec.shapes.states import Named, halves
from mnistspec.shapes.volume import channels_first
from mnistspec.wrapping import has_model


def _inner(call: Call, name: str = "layer") -> Call:
    value = call.argument(name)
    if not isinstance(value, Call) or value.facts.namespace != "layers":
        raise refuse(call, name, "a layer")
    return value


def _applied(infer: Rule, call: Call, name: str, shape: Shape | None, states: Named | None = None) -> Inferred:
    """The inner layer on an input of this shape, and on states where some are given."""
    inner = _inner(call, name)
    with inside(call, name, inner):
        return infer(inner, Inputs((Tensor(shape, compute_dtype(call)),), states or {}))


def time_distributed(infer: Rule, call: Call, inputs: Inputs) -> Inferred:
    """The inner layer at each step: `(batch, steps, ...)` to `(batch, steps, *its output)`."""
    given = only(call, inputs)
    shape = given.shape
    if shape is not None:
        check_minimum_rank(call, shape, 3)
    inner = _at_each_step(infer, call, cast_input(call, given))
    counts = (inner.trainable, inner.non_trainable)
    step = inner.outputs[0].shape
    if shape is None or step is None:
        return unknown(call, counts)
    output = Tensor((step[0], shape[1], *step[1:]), compute_dtype(call))
    return Inferred((output,), *counts, product((inner.flops, shape[1])), product((inner.inner, shape[1])))


def _at_each_step(infer: Rule, call: Call, given: Tensor) -> Inferred:
    """What the inner layer, which may be a model, gives for one step of what is given."""
    inner = call.argument("layer")
    if not isinstance(inner, Call) or inner.facts.namespace not in ("layers", "applications"):
        raise refuse(call, "layer", "a layer")
    inputs = inner.model.input_names if inner.model is not None else ("input",)
    if len(inputs) > 1:
        listed = " and ".join(f"`{name}`" for name in inputs)
        message = f"{call.name} calls what is inside it on one tensor, and this model has the inputs {listed}"
        raise ShapeError(message, "layer", "give the model one input, and take it apart inside")
    shape = None if given.shape is None else (given.shape[0], *given.shape[2:])
    with inside(call, "layer", inner):
        found = infer(inner, Inputs((replace(given, shape=shape),)))
    if len(found.outputs) > 1:
        raise _several_outputs(call, inner, len(found.outputs))
    return found


def _several_outputs(call: Call, inner: Call, count: int) -> ShapeError:
    """Keras stacks what each step gives, and can stack no lists."""
    if has_model(inner):
        message = f"{call.name} gives one tensor, and the model inside it has {count} outputs"
        return ShapeError(message, "layer", "leave one output, or write a TimeDistributed for each")
    within = inner.argument("layer") if inner.name == "Bidirectional" else inner
    stateful = isinstance(within, Call) and "return_state" in within.facts.arguments and flag(within, "return_state")
    help = "leave out `return_state`" if stateful else "let it give one, as `merge_mode: concat` does"
    return ShapeError(f"{call.name} gives one tensor, and {inner.name} inside it gives {count}", "layer", help)


# The layers whose kernel SpectralNormalization can take: the size of the kernel's last axis, which its estimate of the
# largest singular value is made for.
_KERNEL_WIDTH: dict[str, Callable[[Call, Shape], Size]] = {
    "Dense": lambda inner, shape: whole(inner, "units"),
    "EinsumDense": lambda inner, shape: einsum_kernel(inner, shape)[-1],
    "Embedding": lambda inner, shape: whole(inner, "output_dim"),
    "ReversibleEmbedding": lambda inner, shape: whole(inner, "output_dim"),
    **{f"Conv{rank}D": lambda inner, shape: whole(inner, "filters") for rank in (1, 2, 3)},
    **{f"Conv{rank}DTranspose": lambda inner, shape: _channels(inner, shape) for rank in (1, 2, 3)},
    **{f"DepthwiseConv{rank}D": lambda inner, shape: whole(inner, "depth_multiplier") for rank in (1, 2)},
}


def _channels(inner: Call, shape: Shape) -> Size:
    return shape[1] if channels_first(inner) else shape[-1]


def spectral_normalization(infer: Rule, call: Call, inputs: Inputs) -> Inferred:
    """The inner layer with its kernel divided by its largest singular value, estimated in one vector of weights."""
    whole(call, "power_iterations")
    inner, shape = _inner(call), only(call, inputs).shape
    width = _KERNEL_WIDTH.get(inner.name)
    if width is None:
        help = "wrap Dense, EinsumDense, Embedding or a convolution that is not separable"
        raise ShapeError(f"{inner.name} has no single kernel to normalize", "layer", help)
    applied = _applied(infer, call, "layer", shape)
    output = replace(applied.outputs[0], dtype=compute_dtype(call))
    vector = None if shape is None else width(inner, shape)
    return replace(applied, outputs=(output,), non_trainable=total((applied.non_trainable, vector)))


_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")


def bidirectional(infer: Rule, call: Call, inputs: Inputs) -> Inferred:
    """A recurrent layer run forwards and another backwards, and their outputs merged; the states follow unmerged."""
    forward = _recurrent(call, "layer")
    mirrored = call.argument("backward_layer") is None
    if not mirrored:
        _check_pair(forward, _recurrent(call, "backward_layer"))
    elif flag(forward, "go_backwards"):
        message = "Bidirectional makes a second layer that goes backwards, and its own is one already"
        raise ShapeError(message, "layer", "leave out `go_backwards`")
    if call.argument("merge_mode") is not None:
        word(call, "merge_mode", ("sum", "mul", "ave", "concat"))
    shape = only(call, inputs).shape
    forwards, backwards = halves(call, inputs)
    there = _applied(infer, call, "layer", shape, forwards)
    back = _applied(infer, call, "layer" if mirrored else "backward_layer", shape, backwards)
    output, *states = there.outputs
    merged = _merged(call, output)
    outputs = tuple(replace(tensor, dtype=compute_dtype(call)) for tensor in (*merged, *states, *states))
    work = total((there.flops, back.flops, _merging_work(call, output.shape)))
    counts = (total((there.trainable, back.trainable)), total((there.non_trainable, back.non_trainable)))
    return Inferred(outputs, *counts, work)


def _recurrent(call: Call, name: str) -> Call:
    inner = _inner(call, name)
    if inner.name not in _RECURRENT:
        raise ShapeError(f"Bidirectional runs a recurrent layer, and {inner.name} is none", name)
    if flag(inner, "stateful") and flag(inner, "return_state"):
        # Keras fails on its own mask for these states: `compute_mask` multiplies a generator.
        raise ShapeError("Bidirectional cannot return the states of a stateful layer", name)
    return inner


def _check_pair(forward: Call, backward: Call) -> None:
    if flag(forward, "go_backwards") == flag(backward, "go_backwards"):
        message = "the two layers of Bidirectional must differ in `go_backwards`"
        raise ShapeError(message, "backward_layer", "set `go_backwards: true` on the second")
    for name in ("stateful", "return_sequences", "return_state"):
        if flag(forward, name) != flag(backward, name):
            raise ShapeError(f"the two layers of Bidirectional must agree in `{name}`", "backward_layer")


def _merged(call: Call, output: Tensor) -> tuple[Tensor, ...]:
    mode, shape = call.argument("merge_mode"), output.shape
    if mode is None:
        return (output, output)
    if mode != "concat" or shape is None:
        return (output,)
    return (replace(output, shape=(*shape[:-1], scaled(shape[-1], 2))),)


def _merging_work(call: Call, shape: Shape | None) -> int | None:
    if call.argument("merge_mode") in (None, "concat"):
        return 0
    return None if shape is None else elements(shape)


# Layers that give another shape when they are run than when they are asked for it.
_OTHERWISE_WHEN_RUN = frozenset({"CategoryEncoding", "CenterCrop", "MelSpectrogram", "RandomColorDegeneration"})


def pipeline(infer: Rule, call: Call, inputs: Inputs) -> Inferred:
    """Layers one after the other as one layer, which Keras runs instead of asking them for their shapes.

    On floats of definite sizes a run gives what the layers say; anything else depends on the backend and is unknown.
    """
    layers = _listed_layers(call)
    if not layers:
        raise ShapeError("a Pipeline needs at least one layer", "layers", "write `Identity` for none")
    predictable = not _OTHERWISE_WHEN_RUN & {layer.name for layer in layers} and all(map(_is_plain, inputs.tensors))
    if not predictable:
        return UNKNOWN
    steps: list[Inferred] = []
    for layer in layers:
        with inside(call, "layers", layer):
            steps.append(infer(layer, inputs))
        inputs = Inputs(steps[-1].outputs, single=len(steps[-1].outputs) == 1)
    counts = (total(step.trainable for step in steps), total(step.non_trainable for step in steps))
    return Inferred(steps[-1].outputs, *counts, total(step.flops for step in steps))


def _listed_layers(call: Call) -> list[Call]:
    values = items(call.argument("layers"))
    layers = [value for value in values or () if isinstance(value, Call) and value.facts.namespace == "layers"]
    if values is None or len(layers) != len(values):
        raise refuse(call, "layers", "a list of layers")
    return layers


def _is_plain(tensor: Tensor) -> bool:
    return tensor.dtype in FLOATS and tensor.shape is not None and None not in tensor.shape[1:]

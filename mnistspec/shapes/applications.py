"""The models of `keras.applications`: what they give and how many parameters they have, and what Keras refuses.

The numbers of `application_facts.py` are of each model as published; where an argument makes another one of it
(`alpha`, `depth_multiplier`, `minimalistic`), its work is unknown here, and with `outputs` what it gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from mnistspec.calls import Call, Value
from mnistspec.shapes.application_facts import FACTS, Application
from mnistspec.shapes.application_variants import variant_counts
from mnistspec.shapes.application_widths import channels_of, check_published, check_width
from mnistspec.shapes.application_work import Sizes, work_inside
from mnistspec.shapes.arguments import flag, items, whole
from mnistspec.shapes.base import UNKNOWN, Inferred, Inputs, Shape, ShapeError, Size, Tensor, show
from mnistspec.shapes.dtypes import compute_dtype
from mnistspec.shapes.results import only
from mnistspec.shapes.sizes import check_rank, required

# What a stage makes of a size, by its letter in the facts.
_STAGES: Mapping[str, Callable[[int], int]] = {
    "c": lambda size: -(-size // 2),
    "f": lambda size: size // 2,
    "v": lambda size: (size - 3) // 2 + 1,
    "2": lambda size: size - 2,
    "4": lambda size: size // 4,
}
# What these arguments are in the model as published.
_PUBLISHED = {"alpha": 1.0, "depth_multiplier": 1, "minimalistic": False}
# Fully connected layers of this many units stand at the end of VGG.
_VGG_UNITS = 4096


def application(call: Call, inputs: Inputs) -> Inferred:
    """`(batch, height, width, channels)` to features of that form, pooled features, or one value a class."""
    given, facts = only(call, inputs).shape, FACTS.get(call.name.rpartition(".")[2])
    if given is None or facts is None:
        return UNKNOWN
    check_rank(call, given, ("batch", "height", "width", "channels"))
    shape = _own_shape(call, given)
    _check(call, facts, shape)
    dtype, names = compute_dtype(call), items(call.argument("outputs"))
    if names is not None:
        return Inferred((Tensor(None, dtype),) * len(names), None, None)
    if any(call.argument(name) not in (None, usual) for name, usual in _PUBLISHED.items()):
        facts = replace(facts, channels=channels_of(call, facts.channels))
        counts = variant_counts(call, facts.channels, required(call, shape[3], shape, "the channels"))
        return Inferred((Tensor((given[0], *_output(call, facts, given)), dtype),), *counts)
    output = (given[0], *_output(call, facts, given))
    return Inferred((Tensor(output, dtype),), *_counts(call, facts, shape), *_work(call, facts, shape))


def _own_shape(call: Call, given: Shape) -> Shape:
    """The shape that the model is made for. Raises: ShapeError where it is called on another."""
    stated = items(call.argument("input_shape"))
    if stated is None:
        return given
    shape = (None, *(size if isinstance(size, int) else None for size in stated))
    if any(one is not None and other is not None and one != other for one, other in zip(shape, given, strict=True)):
        message = f"{call.name} is made for {show(shape)}, and is called on {show(given)}"
        raise ShapeError(message, "input_shape", "leave it out to take the shape of what it is called on")
    return shape


def _check(call: Call, facts: Application, shape: Shape) -> None:
    """Raises: ShapeError for what Keras refuses."""
    smallest = min((size for size in shape[1:3] if size is not None), default=facts.minimum)
    if smallest < facts.minimum:
        message = (
            f"{call.name} takes pictures of at least {facts.minimum} by {facts.minimum}, and here is {show(shape)}"
        )
        raise ShapeError(message, help="enlarge them first, with Resizing")
    required(call, shape[3], shape, "the channels")
    check_width(call)
    check_published(call)
    if flag(call, "include_top"):
        _check_top(call, facts, shape)
    if call.argument("weights") == "imagenet" and shape[3] != 3:
        help = "make three of them first, with Concatenate, or write `weights: null`"
        raise ShapeError(
            f"the published weights of {call.name} are for 3 channels, and here is {show(shape)}", None, help
        )


def _check_top(call: Call, facts: Application, shape: Shape) -> None:
    if facts.size is not None and None in shape[1:3]:
        raise ShapeError(f"with `include_top` {call.name} needs definite sizes, and here is {show(shape)}")
    if call.argument("weights") != "imagenet":
        return
    if facts.size is not None and shape[1:3] != (facts.size, facts.size):
        message = f"the published top of {call.name} is for {facts.size} by {facts.size}, and here is {show(shape)}"
        raise ShapeError(message, "include_top", "write `include_top: false`, or Resizing before it")
    if call.argument("classes") != 1000:
        raise ShapeError("the published weights are for 1000 classes", "classes", "write `include_top: false`")
    if _word(call.argument("classifier_activation")) not in (None, "softmax", "linear"):
        message = "with published weights the classifier ends with `softmax` or null"
        raise ShapeError(message, "classifier_activation", "write `softmax` or null")


def _word(value: Value) -> str | None:
    return value.name if isinstance(value, Call) else value if isinstance(value, str) else None


def _output(call: Call, facts: Application, given: Shape) -> Shape:
    if flag(call, "include_top"):
        return (whole(call, "classes"),)
    if call.argument("pooling") is not None:
        return (facts.channels,)
    return (*(_after(facts, size) for size in given[1:3]), facts.channels)


def _after(facts: Application, size: Size) -> Size:
    return None if size is None else _brought_down(facts, size)[-1]


def _brought_down(facts: Application, size: int) -> list[int]:
    """A height or width as given and after each stage."""
    sizes = [size]
    for stage in facts.stages:
        sizes.append(_STAGES[stage](sizes[-1]))
    return sizes


def _counts(call: Call, facts: Application, shape: Shape) -> tuple[int, int]:
    """The trainable and non-trainable parameters: more channels make a larger first layer."""
    more = required(call, shape[3], shape, "the channels") - 3
    trainable, fixed = facts.trainable + more * facts.trainable_a_channel, facts.fixed + more * facts.fixed_a_channel
    if flag(call, "include_top"):
        trainable += facts.top + (facts.features + 1) * whole(call, "classes")
        if facts.flattens:
            trainable += ((_after(facts, shape[1]) or 0) * (_after(facts, shape[2]) or 0) * facts.channels) * _VGG_UNITS
    return trainable, fixed


def _work(call: Call, facts: Application, shape: Shape) -> tuple[int | None, int | None]:
    """The operations of an example, and how many numbers the layers inside give for it."""
    _, height, width, channels = shape
    if height is None or width is None or channels is None:
        return None, None
    sizes = Sizes(tuple(_brought_down(facts, height)), tuple(_brought_down(facts, width)), channels)
    return work_inside(call, call.name.rpartition(".")[2], sizes)

"""Arithmetic on sizes that may be open, and the checks of shapes that many rules share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod

from mnistspec.calls import Call
from mnistspec.shapes.base import Shape, ShapeError, Size, Tensor, show

# What no tensor has more of, whatever the backend: axes, and values along one.
_MOST_AXES = 254
_LONGEST_AXIS = 2**63 - 1


def check_possible(tensors: Iterable[Tensor]) -> None:
    """Raises: ShapeError for a shape that no tensor can have."""
    for tensor in tensors:
        shape = tensor.shape or ()
        if len(shape) > _MOST_AXES:
            raise ShapeError(f"{len(shape)} axes, and a tensor has at most {_MOST_AXES}")
        if max(filter(None, shape), default=0) > _LONGEST_AXIS:
            raise ShapeError("an axis of more values than 64 bits can count")


def product(sizes: Iterable[Size]) -> Size:
    """The product of sizes; None when one of them is open."""
    known: list[int] = []
    for size in sizes:
        if size is None:
            return None
        known.append(size)
    return prod(known)


def total(counts: Iterable[int | None]) -> int | None:
    """The sum of counts; None when one of them is unknown."""
    found = 0
    for count in counts:
        if count is None:
            return None
        found += count
    return found


def elements(shape: Shape) -> Size:
    """The number of elements in one example of a batch of this shape `(batch, ...)`."""
    return product(shape[1:])


def scaled(size: Size, factor: int) -> Size:
    return None if size is None else size * factor


def axis_size(call: Call, shape: Shape, axis: int, name: str = "axis") -> Size:
    """The size along an axis that may count from the end. Raises: ShapeError for an axis the shape does not have."""
    if not -len(shape) <= axis < len(shape):
        message = f"{call.name} is given {show(shape)}, which has no axis {axis}"
        raise ShapeError(message, name, f"the axes of {len(shape)} sizes are 0 to {len(shape) - 1}, or -1 for the last")
    return shape[axis]


def check_once(call: Call, shape: Shape, axes: Sequence[int], name: str = "axis") -> None:
    """Raises: ShapeError for axes of which two are one, whichever end they count from: Keras can build that alone."""
    places = [axis % len(shape) for axis in axes]
    for place in places:
        if places.count(place) > 1:
            kept = [axis for number, axis in enumerate(axes) if places[number] not in places[:number]]
            message = f"`{name}` of {call.name} names axis {place} of {show(shape)} twice"
            raise ShapeError(message, name, f"name it once: `{kept if len(kept) > 1 else kept[0]}`")


def required(call: Call, size: Size, shape: Shape, what: str) -> int:
    """A size that the layer's weights are made for. Raises: ShapeError where it is open."""
    if size is None:
        help = f"give the input a definite size there: {call.name} makes its weights for it"
        raise ShapeError(f"{call.name} needs to know {what} of its input, and is given {show(shape)}", help=help)
    return size


def check_rank(call: Call, shape: Shape, axes: Sequence[str]) -> None:
    """Raises: ShapeError unless the shape has exactly the axes named, the batch first."""
    if len(shape) == len(axes):
        return
    needed = f"{call.name} needs an input of {len(axes)} axes ({', '.join(axes)})"
    raise ShapeError(f"{needed}, and is given {show(shape)}", help=_way_to_rank(shape, axes))


def _way_to_rank(shape: Shape, axes: Sequence[str]) -> str | None:
    inner = shape[1:]
    if None in inner:
        return None
    if len(shape) == len(axes) - 1 and axes[-1] == "channels":
        return f"add an axis of one channel before it, with Reshape: {{target_shape: [{_listed(inner)}, 1]}}"
    if len(shape) == len(axes) + 1 and inner[-1] == 1:
        return f"drop the last axis of one before it, with Reshape: {{target_shape: [{_listed(inner[:-1])}]}}"
    if len(axes) == 2:
        return "put a Flatten before it"
    if len(shape) > len(axes) == 3 and axes[1] == "steps":
        steps = prod(size or 1 for size in inner[:-1])
        return f"make one axis of steps before it, with Reshape: {{target_shape: [{steps}, {inner[-1]}]}}"
    return None


def _listed(sizes: Iterable[Size]) -> str:
    return ", ".join(str(size) for size in sizes)


def check_minimum_rank(call: Call, shape: Shape, rank: int) -> None:
    """Raises: ShapeError for a shape of fewer axes than `rank`, the batch counted."""
    if len(shape) < rank:
        axes = "axis" if rank == 1 else "axes"
        raise ShapeError(f"{call.name} needs an input of at least {rank} {axes}, batch included: it is {show(shape)}")

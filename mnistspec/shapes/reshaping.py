"""Layers that put the same numbers into another shape, take some away, or repeat them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from math import prod

from mnistspec.calls import Call
from mnistspec.shapes.arguments import integers, items, pairs, refuse, sizes, whole
from mnistspec.shapes.base import Inferred, Inputs, Rule, Shape, ShapeError, Size, Tensor, show
from mnistspec.shapes.dtypes import cast_input
from mnistspec.shapes.results import only, weightless
from mnistspec.shapes.sizes import check_rank, elements, scaled
from mnistspec.shapes.volume import SPACE, volume


def _rearranged(call: Call, inputs: Inputs, shape: Shape | None) -> Inferred:
    """The same elements in another shape, of the dtype that they come in."""
    dtype = cast_input(call, only(call, inputs)).dtype
    return Inferred((Tensor(shape, dtype),), 0, 0, 0 if shape is not None else None)


def flatten(call: Call, inputs: Inputs) -> Inferred:
    """`(batch, ...)` to `(batch, elements)`."""
    shape = only(call, inputs).shape
    if shape is None:
        return _rearranged(call, inputs, None)
    return _rearranged(call, inputs, (shape[0], elements(shape)))


def reshape(call: Call, inputs: Inputs) -> Inferred:
    """`(batch, ...)` to `(batch, *target_shape)`, where one -1 is whatever is left."""
    target = _target(call)
    shape = only(call, inputs).shape
    if shape is None:
        return _rearranged(call, inputs, None)
    return _rearranged(call, inputs, (shape[0], *_resolved(target, shape)))


def _target(call: Call) -> tuple[Size, ...]:
    values = items(call.argument("target_shape"))
    target = tuple(size for size in values or () if size is None or isinstance(size, int))
    if values is None or len(target) != len(values) or any(size is not None and size < -1 for size in target):
        raise refuse(call, "target_shape", "a list of sizes, one of which may be -1")
    if target.count(-1) > 1:
        raise ShapeError("`target_shape` may hold only one -1, which is whatever is left over", "target_shape")
    return target


def _resolved(target: tuple[Size, ...], shape: Shape) -> tuple[Size, ...]:
    given = elements(shape)
    if given is None or None in target:
        return tuple(None if size == -1 else size for size in target)
    wanted = prod(size for size in target if size is not None and size != -1)
    fits = wanted > 0 and given % wanted == 0 if -1 in target else given == wanted
    if not fits:
        message = f"{show(shape[1:])} has {given} elements, and {show(target)} {_holding(target, wanted)}"
        raise ShapeError(message, "target_shape", _way_to_hold(target, given))
    return tuple(given // wanted if size == -1 else size for size in target)


def _way_to_hold(target: tuple[Size, ...], given: int) -> str:
    """A size that would fit in the last place, or what the sizes have to give."""
    before = prod(size or 0 for size in target[:-1])
    if -1 in target[:-1] or before < 1 or given % before:
        return f"the sizes multiplied have to be {given}"
    return f"write `target_shape: [{', '.join(str(size) for size in (*target[:-1], given // before))}]`"


def _holding(target: tuple[Size, ...], wanted: int) -> str:
    return f"can hold only a multiple of {wanted}" if -1 in target else f"holds {wanted}"


def permute(call: Call, inputs: Inputs) -> Inferred:
    """The axes after the batch in another order; `dims` counts them from 1."""
    dims = integers(call, "dims")
    if sorted(dims) != list(range(1, len(dims) + 1)):
        wrong = refuse(call, "dims", f"the numbers 1 to {max(1, len(dims))} in some order")
        raise ShapeError(wrong.message, "dims", _without_batch(dims))
    shape = only(call, inputs).shape
    if shape is None:
        return _rearranged(call, inputs, None)
    if len(shape) != len(dims) + 1:
        message = f"`dims` orders {len(dims)} axes after the batch, and the input is {show(shape)}"
        raise ShapeError(message, "dims")
    return _rearranged(call, inputs, (shape[0], *(shape[dim] for dim in dims)))


def _without_batch(dims: tuple[int, ...]) -> str | None:
    """What to write for `dims` that count the batch as 0, or the axes after it from 0."""
    if sorted(dims) != list(range(len(dims))) or len(dims) < 2:
        return None
    meant = dims[1:] if dims[0] == 0 else tuple(dim + 1 for dim in dims)
    return f"axis 0 is the batch, which stays where it is: write `{list(meant)}`"


def repeat_vector(call: Call, inputs: Inputs) -> Inferred:
    """`(batch, features)` to `(batch, n, features)`."""
    times = whole(call, "n")
    shape = only(call, inputs).shape
    if shape is None:
        return weightless(call, None)
    check_rank(call, shape, ("batch", "features"))
    return weightless(call, (shape[0], times, shape[1]))


def _in_space(call: Call, inputs: Inputs, rank: int, changed: Iterable[tuple[int, int]]) -> Inferred:
    """Each size in space times a factor plus an amount: `changed` holds (factor, amount) an axis."""
    shape = only(call, inputs).shape
    if shape is None:
        return weightless(call, None)
    given = volume(call, shape, rank)
    space = [_changed(size, factor, amount) for size, (factor, amount) in zip(given.space, changed, strict=True)]
    return weightless(call, given.with_space(space).shape)


def _changed(size: Size, factor: int, amount: int) -> Size:
    return None if size is None else size * factor + amount


def zero_padding(rank: int) -> Rule:
    """`(batch, *space, channels)` with zeros before and after along each axis of the space."""
    return partial(_zero_padding, rank)


def _zero_padding(rank: int, call: Call, inputs: Inputs) -> Inferred:
    padding = (sizes(call, "padding", 2, minimum=0),) if rank == 1 else pairs(call, "padding", rank)
    return _in_space(call, inputs, rank, ((1, sum(pair)) for pair in padding))


def up_sampling(rank: int) -> Rule:
    """`(batch, *space, channels)` with each element of the space repeated `size` times along each axis."""
    return partial(_up_sampling, rank)


# How many elements of the input each element of the output is mixed from, along one axis.
TAPS = {"nearest": 0, "bilinear": 2, "bicubic": 4, "lanczos3": 6, "lanczos5": 10}


def _up_sampling(rank: int, call: Call, inputs: Inputs) -> Inferred:
    factors = (whole(call, "size"),) if rank == 1 else sizes(call, "size", rank)
    sampled = _in_space(call, inputs, rank, ((factor, 0) for factor in factors))
    interpolation = call.argument("interpolation")
    shape = sampled.outputs[0].shape
    if rank != 2 or shape is None or not isinstance(interpolation, str):
        return sampled
    taps = TAPS.get(interpolation)
    return weightless(call, shape, None if taps is None else scaled(elements(shape), 2 * taps**2))


def cropping(rank: int) -> Rule:
    """`(batch, *space, channels)` without the first and last elements along each axis of the space."""
    return partial(_cropping, rank)


def _cropping(rank: int, call: Call, inputs: Inputs) -> Inferred:
    cut = (sizes(call, "cropping", 2, minimum=0),) if rank == 1 else pairs(call, "cropping", rank)
    shape = only(call, inputs).shape
    if shape is not None:
        for size, pair, name in zip(volume(call, shape, rank).space, cut, SPACE[rank], strict=True):
            if size is not None and sum(pair) >= size:
                message = f"cropping {pair[0]} and {pair[1]} leaves nothing of a {name} of {size}"
                raise ShapeError(message, "cropping")
    return _in_space(call, inputs, rank, ((1, -sum(pair)) for pair in cut))

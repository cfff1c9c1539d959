"""Pooling: a window's largest or mean value, over steps, over a fixed number of windows, or over everything."""

from __future__ import annotations

from functools import partial
from math import prod

from mnistspec.calls import Call
from mnistspec.shapes.arguments import flag, sizes, word
from mnistspec.shapes.base import Inferred, Inputs, Rule, Shape
from mnistspec.shapes.results import only, weightless
from mnistspec.shapes.sizes import check_minimum_rank, elements, scaled
from mnistspec.shapes.volume import Window, channels_first, volume


def pooling(rank: int) -> Rule:
    """`(batch, *space, channels)` to `(batch, *places of the window, channels)`."""
    return partial(_pooling, rank)


def _pooling(rank: int, call: Call, inputs: Inputs) -> Inferred:
    size = sizes(call, "pool_size", rank)
    window = Window(
        size=size,
        strides=size if call.argument("strides") is None else sizes(call, "strides", rank),
        dilation=(1,) * rank,
        padding=word(call, "padding", ("valid", "same")),
        argument="pool_size",
        noun="a pool",
    )
    shape = only(call, inputs).shape
    if shape is None:
        return weightless(call, None)
    given = volume(call, shape, rank)
    output = given.with_space(window.over(given.space)).shape
    return weightless(call, output, scaled(elements(output), prod(size)))


def adaptive(rank: int) -> Rule:
    """`(batch, *space, channels)` to `(batch, *output_size, channels)`."""
    return partial(_adaptive, rank)


def _adaptive(rank: int, call: Call, inputs: Inputs) -> Inferred:
    size = sizes(call, "output_size", rank)
    first = channels_first(call)
    shape = only(call, inputs).shape
    if shape is None:
        return weightless(call, None)
    # Keras does not look at the number of axes here, as long as there are channels to keep.
    check_minimum_rank(call, shape, 2 if first else 1)
    output: Shape = (shape[0], shape[1], *size) if first else (shape[0], *size, shape[-1])
    return weightless(call, output, elements(shape))


def global_pooling(rank: int) -> Rule:
    """`(batch, *space, channels)` to `(batch, channels)`, or with ones for the space with `keepdims`."""
    return partial(_global_pooling, rank)


def _global_pooling(rank: int, call: Call, inputs: Inputs) -> Inferred:
    shape = only(call, inputs).shape
    if shape is None:
        return weightless(call, None)
    given = volume(call, shape, rank)
    ones = (1,) * rank if flag(call, "keepdims") else ()
    return weightless(call, given.with_space(ones).shape, elements(shape))

"""Waves and their frequencies along the last axis; complex numbers are two tensors, the real and the imaginary part."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mnistspec.calls import Call
from mnistspec.shapes.arguments import flag, whole, whole_or_none
from mnistspec.shapes.base import Inferred, Inputs, Rule, Shape, ShapeError, Size, show
from mnistspec.shapes.ops import work
from mnistspec.shapes.ops.given import Known, array, check_least_rank, outputs, several
from mnistspec.shapes.ops.operands import given
from mnistspec.shapes.sizes import product


def _parts(call: Call, inputs: Inputs, rank: int) -> tuple[Known, Known]:
    """The real and the imaginary part. Raises: ShapeError unless they are two of one shape."""
    parts = several(call, inputs, "x")
    if len(parts) != 2 or parts[0].shape != parts[1].shape:
        listed = " and ".join(show(part.shape) for part in parts)
        raise ShapeError(f"{call.name} needs a real and an imaginary part of one shape, and is given {listed}")
    check_least_rank(call, parts[0].shape, rank)
    return parts[0], parts[1]


def transform(rank: int) -> Rule:
    """Complex numbers to complex numbers, along so many last axes."""
    return partial(_transform, rank)


def _transform(rank: int, call: Call, inputs: Inputs) -> Inferred:
    real, imaginary = _parts(call, inputs, rank)
    if None in real.shape[-rank:]:
        raise ShapeError(
            f"{call.name} needs to know its last {'size' if rank == 1 else 'two sizes'}: it is {show(real.shape)}"
        )
    points = product(real.shape[-rank:])
    flops = _pieces_work(real.shape[:-rank], points, work.fourier)
    return outputs((real.shape, real.dtype), (imaginary.shape, imaginary.dtype), flops=flops)


def _pieces_work(places: Shape, length: Size, each: Callable[[int], int]) -> int | None:
    """`each(length)` operations at each place `(batch, ...)` of an example; None where the batch is transformed."""
    many = product(places[1:]) if places else None
    return None if many is None or length is None else many * each(length)


def rfft(call: Call, inputs: Inputs) -> Inferred:
    """Real numbers to the lower half of their frequencies."""
    x = array(call, inputs, "x")
    check_least_rank(call, x.shape, 1)
    length = whole_or_none(call, "fft_length") or x.shape[-1]
    shape = (*x.shape[:-1], None if length is None else length // 2 + 1)
    flops = _pieces_work(x.shape[:-1], length, work.real_fourier)
    return outputs((shape, x.dtype), (shape, x.dtype), flops=flops)


def irfft(call: Call, inputs: Inputs) -> Inferred:
    """The lower half of frequencies to real numbers."""
    real, _ = _parts(call, inputs, 1)
    last = real.shape[-1]
    length = whole_or_none(call, "fft_length") or (None if last is None else 2 * (last - 1))
    flops = _pieces_work(real.shape[:-1], length, work.real_fourier)
    return given((*real.shape[:-1], length), real.dtype, flops)


def extract_sequences(call: Call, inputs: Inputs) -> Inferred:
    """Pieces of the last axis, each `sequence_stride` after the one before."""
    x = array(call, inputs, "x")
    check_least_rank(call, x.shape, 1)
    length = whole(call, "sequence_length")
    return given((*x.shape[:-1], _pieces(call, x.shape[-1], length), length), x.dtype)


def _pieces(call: Call, size: Size, length: int) -> Size:
    if size is None:
        return None
    count = 1 + (size - length) // whole(call, "sequence_stride")
    if count < 0:
        raise ShapeError(f"a piece of {length} does not fit a length of {size}")
    return count


def stft(call: Call, inputs: Inputs) -> Inferred:
    """Waves to the frequencies of their pieces, `(..., pieces, frequencies)`, real and imaginary."""
    x = array(call, inputs, "x")
    check_least_rank(call, x.shape, 1)
    length = whole(call, "fft_length")
    padded = length // 2 * 2 if flag(call, "center") else 0
    size = x.shape[-1]
    shape = (*x.shape[:-1], _pieces(call, None if size is None else size + padded, length), length // 2 + 1)
    flops = _pieces_work(shape[:-1], length, lambda points: _windowed(call, points))
    return outputs((shape, x.dtype), (shape, x.dtype), flops=flops)


def _windowed(call: Call, points: int) -> int:
    """A transform of a piece, each number of which is multiplied by the window where there is one."""
    return work.real_fourier(points) + (points if call.argument("window") is not None else 0)


def istft(call: Call, inputs: Inputs) -> Inferred:
    """The frequencies of pieces to waves."""
    real, _ = _parts(call, inputs, 2)
    length = whole(call, "fft_length")
    # The pieces are added up where they overlap, and divided by the sum of their windows.
    flops = _pieces_work(real.shape[:-1], length, lambda points: _windowed(call, points) + 2 * points)
    return given((*real.shape[:-2], _wave(call, real.shape[-2])), real.dtype, flops)


def _wave(call: Call, pieces: Size) -> Size:
    stated, length = whole_or_none(call, "length"), whole(call, "fft_length")
    if stated is not None or pieces is None:
        return stated
    return (pieces - 1) * whole(call, "sequence_stride") + (length % 2 if flag(call, "center") else length)

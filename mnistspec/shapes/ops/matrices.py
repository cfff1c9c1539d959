"""Linear algebra: matrices in the last two axes, any number of them in the others."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import TypeAlias

from mnistspec.calls import Call
from mnistspec.shapes.arguments import flag
from mnistspec.shapes.base import Inferred, Inputs, Rule, ShapeError, show
from mnistspec.shapes.ops import work
from mnistspec.shapes.ops.given import Known, array, check_least_rank, check_ranks, outputs
from mnistspec.shapes.ops.operands import given

# The operations for a matrix of so many rows and columns.
Work: TypeAlias = Callable[[int, int], Fraction | int]


def _matrices(call: Call, inputs: Inputs, name: str = "x") -> Known:
    x = array(call, inputs, name)
    check_least_rank(call, x.shape, 2)
    return x


def _squares(call: Call, inputs: Inputs, name: str = "x") -> Known:
    x = _matrices(call, inputs, name)
    if x.shape[-1] != x.shape[-2]:
        raise ShapeError(f"{call.name} needs square matrices, and is given {show(x.shape)}")
    return x


def alike(each: Work) -> Rule:
    """Square matrices to square matrices of their size."""
    return partial(_alike, each)


def _alike(each: Work, call: Call, inputs: Inputs) -> Inferred:
    x = _squares(call, inputs)
    return given(x.shape, x.dtype, work.of_matrices(x.shape, each))


def det(call: Call, inputs: Inputs) -> Inferred:
    """Square matrices to a number each."""
    x = _squares(call, inputs)
    return given(x.shape[:-2], x.dtype, work.of_matrices(x.shape, work.determinant))


def eigen(each: Work) -> Rule:
    """Square matrices to their eigenvalues and eigenvectors."""
    return partial(_eigen, each)


def _eigen(each: Work, call: Call, inputs: Inputs) -> Inferred:
    x = _squares(call, inputs)
    flops = work.of_matrices(x.shape, each)
    return outputs((x.shape[:-1], x.dtype), (x.shape, x.dtype), flops=flops)


def logdet(call: Call, inputs: Inputs) -> Inferred:
    """Matrices to the logarithm of their determinant."""
    x = array(call, inputs, "x")
    return given(x.shape[:-2], x.dtype, work.of_matrices(x.shape, work.determinant))


def slogdet(call: Call, inputs: Inputs) -> Inferred:
    """Matrices to the sign and the logarithm of their determinant; Keras says of the sign that it is one number."""
    x = array(call, inputs, "x")
    return outputs(((), x.dtype), (x.shape[:-2], x.dtype), flops=work.of_matrices(x.shape, work.determinant))


def matrix_rank(call: Call, inputs: Inputs) -> Inferred:
    """Matrices to their ranks."""
    x = _matrices(call, inputs)
    return given(x.shape[:-2], "int32", work.of_matrices(x.shape, work.singular_values))


def pinv(call: Call, inputs: Inputs) -> Inferred:
    """Matrices `(rows, columns)` to their inverses, as far as they have one, `(columns, rows)`."""
    x = _matrices(call, inputs)
    flops = work.of_matrices(x.shape, work.pseudoinverse)
    return given((*x.shape[:-2], x.shape[-1], x.shape[-2]), x.dtype, flops)


def _sides(call: Call, x: Known) -> tuple[int, int]:
    rows, columns = x.shape[-2:]
    if rows is None or columns is None:
        raise ShapeError(f"{call.name} needs to know the last two sizes, and is given {show(x.shape)}")
    return rows, columns


def lu_factor(call: Call, inputs: Inputs) -> Inferred:
    """Matrices to their triangular factors in one, and the order of the rows."""
    x = _matrices(call, inputs)
    flops = work.of_matrices(x.shape, work.lu)
    return outputs((x.shape, x.dtype), ((*x.shape[:-2], min(_sides(call, x))), x.dtype), flops=flops)


def qr(call: Call, inputs: Inputs) -> Inferred:
    """Matrices to an orthogonal and a triangular factor."""
    x = _matrices(call, inputs)
    rows, columns = _sides(call, x)
    inner = min(rows, columns) if call.argument("mode") == "reduced" else rows
    batch = x.shape[:-2]
    flops = work.of_matrices(x.shape, lambda rows, columns: work.qr(rows, columns, inner))
    return outputs(((*batch, rows, inner), x.dtype), ((*batch, inner, columns), x.dtype), flops=flops)


def svd(call: Call, inputs: Inputs) -> Inferred:
    """Matrices to their singular values, between two orthogonal factors unless `compute_uv` is false."""
    x = _matrices(call, inputs)
    rows, columns = _sides(call, x)
    least, batch = min(rows, columns), x.shape[:-2]
    left, right = (rows, columns) if flag(call, "full_matrices") else (least, least)
    if not flag(call, "compute_uv"):
        return given((*batch, least), x.dtype, work.of_matrices(x.shape, work.singular_values))
    flops = work.of_matrices(x.shape, work.full_svd if flag(call, "full_matrices") else work.thin_svd)
    factors = ((*batch, rows, left), (*batch, least), (*batch, right, columns))
    return outputs(*((shape, x.dtype) for shape in factors), flops=flops)


def solve(each: Work) -> Rule:
    """What the square matrices `a` make `b` of; `each(n, columns)` operations for a matrix of n rows."""
    return partial(_solve, each)


def _solve(each: Work, call: Call, inputs: Inputs) -> Inferred:
    a, b = _squares(call, inputs, "a"), array(call, inputs, "b")
    check_least_rank(call, b.shape, 1)
    axis = {a.rank: -2, a.rank + 1: -1}.get(b.rank)
    if axis is not None and a.shape[axis] != b.shape[axis]:
        raise ShapeError(
            f"{call.name} needs as many rows in `b` as in `a`: they are {show(a.shape)} and {show(b.shape)}"
        )
    columns = b.shape[-1] if b.rank == a.rank else 1
    flops = None if columns is None else work.of_matrices(a.shape, lambda rows, _: each(rows, columns))
    return given(b.shape, b.dtype, flops)


def lstsq(call: Call, inputs: Inputs) -> Inferred:
    """What one matrix `a` makes nearly `b` of. Its rows are the batch: there is no work of one example."""
    a, b = array(call, inputs, "a"), array(call, inputs, "b")
    check_ranks(call, a.shape, (2,))
    check_ranks(call, b.shape, (1, 2))
    if a.shape[0] != b.shape[0]:
        raise ShapeError(
            f"{call.name} needs as many rows in `b` as in `a`: they are {show(a.shape)} and {show(b.shape)}"
        )
    return given((a.shape[1], *b.shape[1:]), a.dtype, None)

"""Linear algebra: matrices in the last two axes, any number of them in the others."""

from __future__ import annotations

from mnistspec.shapes.arguments import flag
from mnistspec.shapes.base import Inferred, Inputs, ShapeError, show
from mnistspec.shapes.ops.given import Known, array, check_least_rank, check_ranks, outputs
from mnistspec.shapes.ops.operands import given
from mnistspec.spec import Call


def _matrices(call: Call, inputs: Inputs, name: str = "x") -> Known:
    x = array(call, inputs, name)
    check_least_rank(call, x.shape, 2)
    return x


def _squares(call: Call, inputs: Inputs, name: str = "x") -> Known:
    x = _matrices(call, inputs, name)
    if x.shape[-1] != x.shape[-2]:
        raise ShapeError(f"{call.name} needs square matrices, and is given {show(x.shape)}")
    return x


def alike(call: Call, inputs: Inputs) -> Inferred:
    """Square matrices to square matrices of their size."""
    x = _squares(call, inputs)
    return given(x.shape, x.dtype, None)


def det(call: Call, inputs: Inputs) -> Inferred:
    """Square matrices to a number each."""
    x = _squares(call, inputs)
    return given(x.shape[:-2], x.dtype, None)


def eigen(call: Call, inputs: Inputs) -> Inferred:
    """Square matrices to their eigenvalues and eigenvectors."""
    x = _squares(call, inputs)
    return outputs((x.shape[:-1], x.dtype), (x.shape, x.dtype))


def logdet(call: Call, inputs: Inputs) -> Inferred:
    """Matrices to the logarithm of their determinant."""
    x = array(call, inputs, "x")
    return given(x.shape[:-2], x.dtype, None)


def slogdet(call: Call, inputs: Inputs) -> Inferred:
    """Matrices to the sign and the logarithm of their determinant; Keras says of the sign that it is one number."""
    x = array(call, inputs, "x")
    return outputs(((), x.dtype), (x.shape[:-2], x.dtype))


def matrix_rank(call: Call, inputs: Inputs) -> Inferred:
    """Matrices to their ranks."""
    return given(_matrices(call, inputs).shape[:-2], "int32", None)


def pinv(call: Call, inputs: Inputs) -> Inferred:
    """Matrices `(rows, columns)` to their inverses, as far as they have one, `(columns, rows)`."""
    x = _matrices(call, inputs)
    return given((*x.shape[:-2], x.shape[-1], x.shape[-2]), x.dtype, None)


def _sides(call: Call, x: Known) -> tuple[int, int]:
    rows, columns = x.shape[-2:]
    if rows is None or columns is None:
        raise ShapeError(f"{call.name} needs to know the last two sizes, and is given {show(x.shape)}")
    return rows, columns


def lu_factor(call: Call, inputs: Inputs) -> Inferred:
    """Matrices to their triangular factors in one, and the order of the rows."""
    x = _matrices(call, inputs)
    return outputs((x.shape, x.dtype), ((*x.shape[:-2], min(_sides(call, x))), x.dtype))


def qr(call: Call, inputs: Inputs) -> Inferred:
    """Matrices to an orthogonal and a triangular factor."""
    x = _matrices(call, inputs)
    rows, columns = _sides(call, x)
    inner = min(rows, columns) if call.argument("mode") == "reduced" else rows
    batch = x.shape[:-2]
    return outputs(((*batch, rows, inner), x.dtype), ((*batch, inner, columns), x.dtype))


def svd(call: Call, inputs: Inputs) -> Inferred:
    """Matrices to their singular values, between two orthogonal factors unless `compute_uv` is false."""
    x = _matrices(call, inputs)
    rows, columns = _sides(call, x)
    least, batch = min(rows, columns), x.shape[:-2]
    left, right = (rows, columns) if flag(call, "full_matrices") else (least, least)
    if not flag(call, "compute_uv"):
        return given((*batch, least), x.dtype, None)
    return outputs(((*batch, rows, left), x.dtype), ((*batch, least), x.dtype), ((*batch, right, columns), x.dtype))


def solve(call: Call, inputs: Inputs) -> Inferred:
    """What the square matrices `a` make `b` of."""
    a, b = _squares(call, inputs, "a"), array(call, inputs, "b")
    check_least_rank(call, b.shape, 1)
    axis = {a.rank: -2, a.rank + 1: -1}.get(b.rank)
    if axis is not None and a.shape[axis] != b.shape[axis]:
        raise ShapeError(
            f"{call.name} needs as many rows in `b` as in `a`: they are {show(a.shape)} and {show(b.shape)}"
        )
    return given(b.shape, b.dtype, None)


def lstsq(call: Call, inputs: Inputs) -> Inferred:
    """What one matrix `a` makes nearly `b` of."""
    a, b = array(call, inputs, "a"), array(call, inputs, "b")
    check_ranks(call, a.shape, (2,))
    check_ranks(call, b.shape, (1, 2))
    if a.shape[0] != b.shape[0]:
        raise ShapeError(
            f"{call.name} needs as many rows in `b` as in `a`: they are {show(a.shape)} and {show(b.shape)}"
        )
    return given((a.shape[1], *b.shape[1:]), a.dtype, None)

"""The operations of linear algebra, Fourier transforms and sorting: textbook figures, an example at a time."""

from __future__ import annotations

import pytest

from mnistspec.calls import Call, Value
from mnistspec.catalogue import load
from mnistspec.shapes.base import Inputs, Shape, Tensor
from mnistspec.shapes.ops import infer_function
from mnistspec.source import Source, Span

_MANY: Shape = (None, 5, 12, 12)


def _flops(name: str, tensors: dict[str, Shape | tuple[Shape, Shape]], **arguments: Value) -> int | None:
    named = {key: _tensors(given) for key, given in tensors.items()}
    call = Call(load()["ops"].classes[f"ops.{name}"], arguments, Span(Source(""), 0, 0))
    return infer_function(call, Inputs((), named)).flops


def _tensors(given: Shape | tuple[Shape, Shape]) -> Tensor | tuple[Tensor, ...]:
    if given and isinstance(given[0], tuple):
        return tuple(Tensor(shape) for shape in given if isinstance(shape, tuple))
    return Tensor(tuple(size for size in given if not isinstance(size, tuple)))


@pytest.mark.parametrize(
    ("name", "each"),
    [
        ("cholesky", 12**3 // 3 + 12**2 // 2 + 2),
        ("inv", 2 * 12**3),
        ("det", 2 * 12**3 // 3),
        ("eig", 25 * 12**3),
        ("eigh", 9 * 12**3),
        ("lu_factor", 2 * 12**3 // 3),
        ("matrix_rank", 8 * 12**3 // 3),
        ("pinv", 24 * 12**3),
        ("qr", 8 * 12**3 // 3),
        ("slogdet", 2 * 12**3 // 3),
        ("svd", 21 * 12**3),
    ],
)
def test_square_matrices(name: str, each: int) -> None:
    """Within a tenth of the leading term: what is of a lower order is the smaller part."""
    found = _flops(name, {"x": _MANY})
    assert found is not None and found == pytest.approx(5 * each, rel=0.1)


def test_matrices_that_are_not_square_cost_the_same_lying_and_standing() -> None:
    for name, arguments in (("svd", {"full_matrices": False}), ("svd", {"compute_uv": False}), ("lu_factor", {})):
        tall, wide = (_flops(name, {"x": shape}, **arguments) for shape in ((None, 20, 8), (None, 8, 20)))
        assert tall == wide is not None


def test_the_thin_factors_cost_less_than_the_full_ones() -> None:
    x: dict[str, Shape | tuple[Shape, Shape]] = {"x": (None, 20, 8)}
    thin, full = _flops("qr", x), _flops("qr", x, mode="complete")
    assert thin is not None and full is not None and thin < full
    alone, few, all_ = (
        _flops("svd", x, compute_uv=False), _flops("svd", x, full_matrices=False), _flops("svd", x),
    )  # fmt: skip
    assert alone is not None and few is not None and all_ is not None and alone < few < all_


def test_solving_is_factoring_and_substituting_for_each_column() -> None:
    one = _flops("solve", {"a": (None, 9, 9), "b": (None, 9)})
    four = _flops("solve", {"a": (None, 9, 9), "b": (None, 9, 4)})
    assert one is not None and four is not None and four - one == 3 * (2 * 9**2 - 9)
    assert _flops("solve_triangular", {"a": (None, 9, 9), "b": (None, 9, 4)}) == 4 * 9**2


@pytest.mark.parametrize(
    ("name", "tensors", "arguments", "flops"),
    [
        ("fft", {"x": ((None, 3, 8), (None, 3, 8))}, {}, 3 * 5 * 8 * 3),
        ("fft2", {"x": ((None, 3, 8, 4), (None, 3, 8, 4))}, {}, 3 * 5 * 32 * 5),
        ("ifft2", {"x": ((None, 8, 4), (None, 8, 4))}, {}, 5 * 32 * 5),
        ("rfft", {"x": (None, 3, 16)}, {}, 3 * 5 * 16 * 4 // 2),
        ("rfft", {"x": (None, 16)}, {"fft_length": 8}, 5 * 8 * 3 // 2),
        ("irfft", {"x": ((None, 9), (None, 9))}, {}, 5 * 16 * 4 // 2),
        (
            "stft",
            {"x": (None, 32)},
            {"sequence_length": 8, "sequence_stride": 8, "fft_length": 8, "center": False},
            4 * (5 * 8 * 3 // 2 + 8),
        ),
        (
            "istft",
            {"x": ((None, 4, 5), (None, 4, 5))},
            {"sequence_length": 8, "sequence_stride": 8, "fft_length": 8, "window": None},
            4 * (5 * 8 * 3 // 2 + 2 * 8),
        ),
        ("sort", {"x": (None, 3, 16)}, {}, 3 * 16 * 4),
        ("argsort", {"x": (None, 16, 3)}, {"axis": 1}, 3 * 16 * 4),
        ("sort", {"x": (None, 1)}, {}, 0),
        ("searchsorted", {"sorted_sequence": (15,), "values": (None, 6)}, {}, 6 * 4),
        ("digitize", {"x": (None, 6), "bins": (15,)}, {}, 6 * 4),
    ],
)
def test_transforms_and_orders(
    name: str, tensors: dict[str, Shape | tuple[Shape, Shape]], arguments: dict[str, Value], flops: int
) -> None:
    assert _flops(name, tensors, **arguments) == flops


@pytest.mark.parametrize(
    ("name", "tensors", "arguments"),
    [
        ("cholesky", {"x": (4, 4)}, {}),
        ("inv", {"x": (None, None, None)}, {}),
        ("lstsq", {"a": (4, 3), "b": (4,)}, {}),
        ("sort", {"x": (None, 4)}, {"axis": 0}),
        ("sort", {"x": (None, 4)}, {"axis": None}),
        ("argsort", {"x": (None, None)}, {}),
        ("fft", {"x": ((4,), (4,))}, {}),
    ],
)
def test_what_goes_through_the_batch_and_what_is_open_is_not_known(
    name: str, tensors: dict[str, Shape | tuple[Shape, Shape]], arguments: dict[str, Value]
) -> None:
    assert _flops(name, tensors, **arguments) is None


def test_a_size_that_no_float_holds() -> None:
    size = 2**5000
    assert _flops("sort", {"x": (None, size)}) == 5000 * size

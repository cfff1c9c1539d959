"""How many operations linear algebra, Fourier transforms and sorting take, by the algorithms that are standard there.

A backend may take others, and iterations end when they have converged: these are the counts that such work is rated
by, leading terms where the source gives no more.

Factorizations, solving and inverses: the operation counts of LAPACK (LAPACK Working Note 41, appendix C). Eigenvalues
and singular values: Golub and Van Loan, Matrix Computations, 4th edition, sections 7.5, 8.3 and 8.6 (figure 8.6.1, the
Golub-Reinsch SVD). Fourier transforms: 5 n log2 n for n complex numbers and half of it for real ones, the figure that
FFTW's benchmarks rate all transforms by. Sorting: n log2 n comparisons, those of merge sort (Knuth, volume 3, section
5.2.4).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import log2

from mnistspec.shapes.base import Shape, Size
from mnistspec.shapes.sizes import product


def of_matrices(shape: Shape, work: Callable[[int, int], Fraction | int]) -> int | None:
    """`work(rows, columns)` for each matrix in the last two axes of `(batch, ..., rows, columns)`, in one example.

    None where a size is open, and where the batch is itself one of the two axes.
    """
    many = product(shape[1:-2]) if len(shape) > 2 else None
    rows, columns = shape[-2:] if len(shape) > 1 else (None, None)
    return None if many is None or rows is None or columns is None else many * round(work(rows, columns))


def cholesky(n: int, _: int) -> Fraction:
    """POTRF."""
    return Fraction(n**3, 3) + Fraction(n**2, 2) + Fraction(n, 6)


def inverse_of_factor(n: int, _: int) -> Fraction:
    """POTRI: the inverse of a matrix from its Cholesky factor."""
    return Fraction(2 * n**3, 3) + Fraction(n**2, 2) + Fraction(5 * n, 6)


def lu(rows: int, columns: int) -> Fraction:
    """GETRF."""
    large, small = max(rows, columns), min(rows, columns)
    return large * small**2 - Fraction(small**3, 3) - Fraction(small**2, 2) + Fraction(5 * small, 6)


def determinant(n: int, _: int) -> Fraction:
    """GETRF, and the product of the diagonal."""
    return lu(n, n) + n


def inverse(n: int, _: int) -> Fraction:
    """GETRF and GETRI."""
    return lu(n, n) + Fraction(4 * n**3, 3) - n**2 + Fraction(5 * n, 3)


def substitution(n: int, columns: int) -> int:
    """TRTRS: a triangular matrix of n rows solved for so many columns."""
    return columns * n**2


def solution(n: int, columns: int) -> Fraction:
    """GETRF and GETRS: a square matrix of n rows solved for so many columns."""
    return lu(n, n) + columns * (2 * n**2 - n)


def qr(rows: int, columns: int, inner: int) -> Fraction:
    """GEQRF and ORGQR: a triangular factor, and so many columns of the orthogonal one."""
    large, small = max(rows, columns), min(rows, columns)
    factored = 2 * large * small**2 - Fraction(2 * small**3, 3)
    return factored + 4 * rows * inner * small - 2 * (rows + inner) * small**2 + Fraction(4 * small**3, 3)


def eigenvalues(n: int, _: int) -> int:
    """The QR algorithm with its transformations kept."""
    return 25 * n**3


def symmetric_eigenvalues(n: int, _: int) -> int:
    """The symmetric QR algorithm with its transformations kept."""
    return 9 * n**3


def singular_values(rows: int, columns: int) -> Fraction:
    large, small = max(rows, columns), min(rows, columns)
    return 4 * large * small**2 - Fraction(4 * small**3, 3)


def thin_svd(rows: int, columns: int) -> int:
    """Singular values and as many vectors on either side."""
    large, small = max(rows, columns), min(rows, columns)
    return 14 * large * small**2 + 8 * small**3


def full_svd(rows: int, columns: int) -> int:
    """Singular values and all vectors on either side."""
    large, small = max(rows, columns), min(rows, columns)
    return 4 * large**2 * small + 8 * large * small**2 + 9 * small**3


def pseudoinverse(rows: int, columns: int) -> int:
    """A thin SVD, and the product of its parts."""
    return thin_svd(rows, columns) + 2 * rows * columns * min(rows, columns)


def fourier(n: int) -> int:
    """A transform of n complex numbers."""
    return _n_log_n(5 * n, n)


def real_fourier(n: int) -> int:
    """A transform of n real numbers, or back to them."""
    return _n_log_n(Fraction(5 * n, 2), n)


def sorting(n: int) -> int:
    return _n_log_n(n, n)


def looking_up(n: int) -> int:
    """A place among n that are in order: the comparisons of binary search at most."""
    return n.bit_length()


def _n_log_n(factor: Fraction | int, n: int) -> int:
    # In fractions: a mistaken size can give a number that no float holds.
    return round(factor * Fraction(log2(n))) if n > 0 else 0


def of_rows(shape: Shape, axis: int, work: Callable[[int], int]) -> int | None:
    """`work(length)` for each row along an axis counted from the start, in one example of `(batch, ...)`."""
    length: Size = shape[axis]
    many = product(size for place, size in enumerate(shape) if place not in (0, axis))
    return None if axis == 0 or many is None or length is None else many * work(length)

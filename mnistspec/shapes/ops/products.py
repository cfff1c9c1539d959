"""Products of tensors: matmul and einsum. An element of the result sums up products, two operations each."""

from __future__ import annotations

import re

from mnistspec.calls import Call
from mnistspec.frozen import dataclass
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Size, show
from mnistspec.shapes.broadcasting import broadcast
from mnistspec.shapes.ops.operands import given, operand, operands, promoted, worked

_LETTERS = re.compile(r"[a-zA-Z]+")


def matmul(call: Call, inputs: Inputs) -> Inferred:
    """`(..., rows, k)` and `(..., k, columns)` to `(..., rows, columns)`; a vector's own axis goes away again."""
    left, right = operand(call, inputs, "x1"), operand(call, inputs, "x2")
    dtype = promoted([left.dtype, right.dtype], call)
    if left.shape is None or right.shape is None:
        return given(None, dtype)
    if not left.shape or not right.shape:
        raise ShapeError(f"{call.name} needs tensors of at least one axis")
    one = left.shape if len(left.shape) > 1 else (1, *left.shape)
    other = right.shape if len(right.shape) > 1 else (*right.shape, 1)
    if None not in (one[-1], other[-2]) and one[-1] != other[-2]:
        message = f"{call.name} needs equal sizes inside, and is given {show(left.shape)} and {show(right.shape)}"
        raise ShapeError(message, help=f"{one[-1]} and {other[-2]} must be the same; ops.swapaxes turns a tensor")
    rows = (one[-2],) if len(left.shape) > 1 else ()
    columns = (other[-1],) if len(right.shape) > 1 else ()
    shape = (*broadcast(call, [one[:-2], other[:-2]]), *rows, *columns)
    return summed(shape, dtype, one[-1] if one[-1] is not None else other[-2])


def summed(shape: Shape, dtype: str | None, length: Size) -> Inferred:
    """A product whose elements sum up so many products each."""
    if length is None:
        return given(shape, dtype, None)
    return worked(shape, dtype, 2 * length)


def einsum(call: Call, inputs: Inputs) -> Inferred:
    """What the equation says, where it names the axes of its result: `bij,bjk->bik`, `...ij,jk->...ik`."""
    xs = operands(call, inputs, "operands")
    dtype = promoted([x.dtype for x in xs], call)
    equation = str(call.argument("subscripts"))
    shapes = [x.shape for x in xs if x.shape is not None]
    left, arrow, right = equation.partition("->")
    if len(shapes) < len(xs):
        return given(None, dtype)
    terms = _terms(equation, left, shapes)
    sizes, elided = _sizes(terms), _elided(call, equation, terms)
    if not arrow:
        # Keras and TensorFlow order the axes of such a result in two ways.
        return given(None, dtype)
    shape = _result(call, equation, right.replace(" ", ""), terms, sizes, elided)
    if shape is None:
        return given(None, dtype)
    length: Size = 1
    for letter in sizes.keys() - set(right):
        size = sizes[letter]
        length = None if length is None or size is None else length * size
    return summed(shape, dtype, length)


@dataclass(frozen=True)
class _Term:
    """One tensor's part of an equation: its letters with their sizes, and what its ellipsis stands for."""

    letters: str
    lettered: Shape
    elided: Shape


def _terms(equation: str, left: str, shapes: list[Shape]) -> list[_Term]:
    if " " in left:
        raise ShapeError(f"`{equation}` has blanks before its arrow, which Keras takes for axes", "subscripts",
                         f"write `{equation.replace(' ', '')}`")  # fmt: skip
    texts = left.split(",")
    if len(texts) != len(shapes):
        raise ShapeError(f"the equation has {len(texts)} terms for {len(shapes)} tensors", "subscripts")
    return [_term(equation, text, shape) for text, shape in zip(texts, shapes, strict=True)]


def _term(equation: str, text: str, shape: Shape) -> _Term:
    before, dots, after = text.partition("...")
    letters = before + after
    if letters and not _LETTERS.fullmatch(letters):
        raise ShapeError(f"`{equation}` cannot be read: `{text}` is no axes", "subscripts", "as in `...ij,jk->...ik`")
    if len(letters) > len(shape) or (not dots and len(letters) < len(shape)):
        raise ShapeError(f"`{text}` names {len(letters)} axes of {show(shape)}", "subscripts")
    end = len(shape) - len(after)
    return _Term(letters, (*shape[: len(before)], *shape[end:]), shape[len(before) : end])


def _elided(call: Call, equation: str, terms: list[_Term]) -> Shape:
    """What the ellipsis stands for in all tensors together. Raises: ShapeError where that does not fit."""
    try:
        return broadcast(call, [term.elided for term in terms])
    except ShapeError as error:
        several = " and ".join(show(term.elided) for term in terms if term.elided)
        raise ShapeError(f"`...` of `{equation}` stands for {several}, which do not fit", help=error.help) from None


def _result(
    call: Call, equation: str, result: str, terms: list[_Term], sizes: dict[str, Size], elided: Shape
) -> Shape | None:
    """The shape that the equation gives; None where Keras expects another than there will be."""
    before, dots, after = result.partition("...")
    letters = before + after
    if not set(letters) <= sizes.keys() or len(set(letters)) < len(letters):
        raise ShapeError(f"`{equation}` gives an axis twice, or one that no tensor has", "subscripts")
    if elided and not dots:
        help = f"write `{equation.partition('->')[0]}->...{letters}`, or name the axes that are to go"
        raise ShapeError(f"the result of `{equation}` leaves out what `...` stands for", "subscripts", help)
    _require_small(equation, letters, terms)
    shape = (*(sizes[letter] for letter in before), *elided, *(sizes[letter] for letter in after))
    return shape if _as_keras(call, equation, terms, before, after) == shape else None


def _as_keras(call: Call, equation: str, terms: list[_Term], before: str, after: str) -> Shape:
    """The shape that Keras expects: it lines the tensors up as the result stands, at its end."""
    lined_up = [_lined_up(term, before, after) for term in terms]
    try:
        return broadcast(call, lined_up)
    except ShapeError:
        listed = " and ".join(map(show, lined_up))
        message = f"Keras lines the tensors of `{equation}` up at the end of its result, as {listed}, and stops"
        raise ShapeError(message, "subscripts", "begin each part, and the result, with `...`") from None


def _lined_up(term: _Term, before: str, after: str) -> Shape:
    """One tensor's shape as the result stands, with 1 for what it does not have."""
    known = dict(zip(reversed(term.letters), reversed(term.lettered), strict=True))
    return (*(known.get(letter, 1) for letter in before), *term.elided, *(known.get(letter, 1) for letter in after))


def _require_small(equation: str, letters: str, terms: list[_Term]) -> None:
    """Keras gives a tensor without a letter of the result the size 1 there, and knows small letters alone for that."""
    for letter in letters:
        if letter.isupper() and any(letter not in term.letters for term in terms):
            help = f"write `{equation.lower()}`" if len(set(equation.lower())) == len(set(equation)) else None
            raise ShapeError(f"Keras needs a small letter for the axis `{letter}` of `{equation}`", "subscripts", help)


def _sizes(terms: list[_Term]) -> dict[str, Size]:
    """The size of each letter. Raises: ShapeError where the sizes of one letter do not fit."""
    sizes: dict[str, Size] = {}
    for term in terms:
        for letter, size in zip(term.letters, term.lettered, strict=True):
            before = sizes.setdefault(letter, size)
            if None not in (before, size) and before != size and 1 not in (before, size):
                raise ShapeError(f"axis `{letter}` is {before} in one tensor and {size} in another", "subscripts")
            if before in (None, 1) and size != 1:
                sizes[letter] = size
    return sizes

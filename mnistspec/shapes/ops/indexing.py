"""Pieces of a tensor by a Python index: `ops.get_item`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mnistspec.calls import Call, Value
from mnistspec.catalogue.indices import Index, parsed_index
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Size, show
from mnistspec.shapes.ops.operands import given, operand


def get_item(call: Call, inputs: Inputs) -> Inferred:
    """What `x[key]` is in NumPy: an integer takes an axis away, `newaxis` adds one, `...` stands for those between.

    Of an axis of open size a slice leaves an open size.
    """
    x, key = operand(call, inputs, "x"), call.argument("key")
    items = [parsed_index(item) for item in (key if isinstance(key, tuple) else (key,)) if isinstance(item, int | str)]
    if items.count(...) > 1:
        raise ShapeError("`key` has `...` more than once", "key")
    if x.shape is None:
        return given(None, x.dtype)
    return given(_indexed(call, x.shape, items), x.dtype)


def _indexed(call: Call, shape: Shape, items: Sequence[Index]) -> Shape:
    whole = [slice(None)] * (len(shape) - sum(item is not None and item is not ... for item in items))
    place = items.index(...) if ... in items else len(items)
    sizes, found = list(shape), list[Size]()
    for item in (*items[:place], *whole, *items[place + 1 :]):
        if item is None:
            found.append(1)
        elif not sizes:
            raise ShapeError(f"`key` has more items than {show(shape)} has axes", "key")
        elif isinstance(item, slice):
            found.append(_sliced(sizes.pop(0), item))
        elif isinstance(item, int):
            check_inside(shape, sizes.pop(0), item)
    return tuple(found)


def _sliced(size: Size, part: slice) -> Size:
    return None if size is None else len(range(*part.indices(size)))


def check_inside(shape: Shape, size: Size, position: int, name: str = "key") -> None:
    """Raises: ShapeError for a position that an axis of a known size does not have."""
    if size is not None and not -size <= position < size:
        help = f"positions go from 0 to {size - 1}, or from -1 back to -{size}" if size else None
        raise ShapeError(f"{show(shape)} has no position {position} along an axis of {size}", name, help)


def positions(value: Value | list[Value]) -> Iterator[int]:
    """The whole numbers of a constant: a number, lists of them, or a map of a dtype to them."""
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        for item in value:
            yield from positions(item)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value

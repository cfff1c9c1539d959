"""Constants in the places of tensors: the shape and the dtype that an array of them has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mnistspec.calls import Call, Value
from mnistspec.shapes.base import Shape, Tensor

# Forms of a constant that say nothing of its dtype: a list of Python's, a tensor.
NO_DTYPES = frozenset({"list", "tensor"})


def stands_for_array(call: Call, name: str, value: object) -> bool:
    """Whether a function's argument is a constant that becomes an array: lists in a tensor's place, or with a dtype."""
    in_place = isinstance(value, tuple) and call.facts.arguments[name].tensor is not None
    return in_place or isinstance(value, Mapping)


def tensor_of(value: Value | list[Value]) -> Tensor:
    """A constant as a tensor: lists of numbers, numbers by dtype or form; unknown where there is none (None)."""
    if value is None:
        return Tensor(None, None)
    if isinstance(value, Mapping):
        ((form, inner),) = value.items()
        return tensor_of(inner) if form in NO_DTYPES else Tensor(shape_of(inner), form)
    return Tensor(shape_of(value), dtype_of(value))


def shape_of(value: object) -> Shape:
    """The sizes of lists in lists; those of a number are none."""
    sizes: list[int] = []
    while isinstance(value, tuple | list):
        sizes.append(len(value))
        value = value[0] if value else 0.0
    return tuple(sizes)


def dtype_of(value: object) -> str:
    """What the numbers in lists are kept in together: `float32` where one is a float, `int32` where one is whole."""
    kinds = {type(number) for number in _numbers(value)}
    return "float32" if float in kinds or not kinds else "int32" if int in kinds else "bool"


def _numbers(value: object) -> Iterator[object]:
    if isinstance(value, tuple | list):
        for item in value:
            yield from _numbers(item)
    else:
        yield value

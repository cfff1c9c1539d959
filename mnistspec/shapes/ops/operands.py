"""The tensors and constants that a function of `keras.ops` is called on, and the dtype that comes of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mnistspec.calls import Call, Value
from mnistspec.frozen import dataclass
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Tensor, show
from mnistspec.shapes.constants import tensor_of
from mnistspec.shapes.sizes import elements
from mnistspec.values.evenness import is_even

# Each dtype and those next above it, after the lattice of JAX that Keras follows; `int` and `float` are of numbers
# written as such, which leave the other's dtype as it is.
_ABOVE: Mapping[str, tuple[str, ...]] = {
    "bool": ("int",), "uint8": ("int16", "uint16"), "uint16": ("int32", "uint32"), "uint32": ("int64", "uint64"),
    "uint64": ("float",), "int": ("uint8", "int8", "complex64"), "int8": ("int16",), "int16": ("int32",),
    "int32": ("int64",), "int64": ("float",), "float": ("bfloat16", "float16"), "bfloat16": ("float32",),
    "float16": ("float32",), "float32": ("float64", "complex64"), "float64": ("complex128",),
    "complex64": ("complex128",), "complex128": (),
}  # fmt: skip
# What a number becomes that meets no tensor with a dtype of its own, and what Keras makes narrower.
_SETTLED = {"int": "int32", "float": "float32", "uint64": "uint32", "complex128": "complex64"}


@dataclass(frozen=True)
class Operand:
    """A tensor, or a constant in its place; a number as such has `int` or `float` for its dtype."""

    shape: Shape | None
    dtype: str | None

    @property
    def known(self) -> bool:
        return self.shape is not None and self.dtype is not None


def promoted(dtypes: Sequence[str | None], call: Call) -> str | None:
    """The dtype that Keras brings several to. Raises: ShapeError where it has none for them."""
    names = {dtype for dtype in dtypes if dtype is not None}
    if None in dtypes:
        return None
    if len(names) == 1:
        (only,) = names
        return _SETTLED.get(only, only)
    if not names <= _ABOVE.keys():
        raise ShapeError(f"{call.name} cannot work with {' and '.join(sorted(names))}", help="use ops.cast before it")
    common = set.intersection(*(_reached(name) for name in names))
    least = next(name for name in common if common <= _reached(name))
    return _SETTLED.get(least, least)


def _reached(name: str) -> set[str]:
    found = {name}
    for above in _ABOVE[name]:
        found |= _reached(above)
    return found


def operand(call: Call, inputs: Inputs, name: str) -> Operand:
    """What an argument that is a tensor is given."""
    given = inputs.named.get(name)
    if isinstance(given, Tensor):
        return Operand(given.shape, given.dtype)
    value = call.argument(name)
    if not is_even(value):
        raise ShapeError("the lists of a constant are of several lengths", name)
    return _constant(value)


def operands(call: Call, inputs: Inputs, name: str) -> list[Operand]:
    """What an argument that is a list of tensors is given."""
    given = inputs.named.get(name)
    if isinstance(given, tuple):
        return [Operand(tensor.shape, tensor.dtype) for tensor in given]
    return [Operand(None, None)]


def _constant(value: Value | list[Value]) -> Operand:
    if isinstance(value, tuple | list | Mapping):
        array = tensor_of(value)
        return Operand(array.shape, array.dtype)
    return Operand((), "bool" if isinstance(value, bool) else "int" if isinstance(value, int) else "float")


def given(shape: Shape | None, dtype: str | None, flops: int | None = 0) -> Inferred:
    """One tensor, without parameters."""
    return Inferred((Tensor(shape, dtype),), 0, 0, flops if shape is not None else None)


def worked(shape: Shape | None, dtype: str | None, each: int = 1) -> Inferred:
    """One tensor, each element of it worked out by so many operations."""
    count = elements(shape) if shape else 0 if shape == () else None
    return given(shape, dtype, None if count is None else count * each)


def axes_of(call: Call, shape: Shape, value: Value | list[Value], name: str = "axis") -> tuple[int, ...]:
    """Axes counted from the start. Raises: ShapeError for one that the shape does not have."""
    axes = value if isinstance(value, tuple | list) else (value,)
    return tuple(_axis(call, shape, axis, name) for axis in axes)


def new_axis(call: Call, shape: Shape, axis: Value | list[Value], rank: int) -> int:
    """The place, counted from the start, of an axis that is new among `rank`. Raises: ShapeError for one elsewhere."""
    if not isinstance(axis, int) or isinstance(axis, bool):
        raise ShapeError(f"`axis` of {call.name} must be an integer", "axis")
    if -rank <= axis < rank:
        return axis % rank
    message = f"{call.name} is given {show(shape)}, which has no place for an axis {axis}"
    raise ShapeError(message, "axis", f"a new axis stands at 0 to {rank - 1}, or at -1, the end")


def _axis(call: Call, shape: Shape, axis: Value, name: str) -> int:
    if not isinstance(axis, int) or isinstance(axis, bool):
        raise ShapeError(f"`{name}` of {call.name} must be an integer or a list of integers", name)
    if not -len(shape) <= axis < len(shape):
        help = f"the axes of {len(shape)} sizes are 0 to {len(shape) - 1}, or -1 for the last" if shape else None
        raise ShapeError(f"{call.name} is given {show(shape)}, which has no axis {axis}", name, help)
    return axis % len(shape)

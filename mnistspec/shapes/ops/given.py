"""What a function is given, where all shapes are known: the form in which most rules of this folder read tensors."""

from __future__ import annotations

from collections.abc import Mapping

from mnistspec.calls import Call, Value
from mnistspec.frozen import dataclass
from mnistspec.shapes.base import Inferred, Inputs, Rule, Shape, ShapeError, Tensor, show
from mnistspec.shapes.ops.operands import given, operand, operands, promoted

# What Keras takes for a dtype, after its own names for Python's numbers.
_DTYPES = frozenset({
    "bfloat16", "bool", "complex128", "complex64", "float16", "float32", "float64", "int16", "int32", "int64", "int8",
    "string", "uint16", "uint32", "uint64", "uint8",
})  # fmt: skip
_PYTHONS = {"int": "int64", "float": "float32", "str": "string"}
# What sums and products of small whole numbers are kept in.
SUMMED = {"bool": "int32", "int8": "int32", "int16": "int32", "uint8": "uint32", "uint16": "uint32"}
_HALF_OR_DOUBLE = frozenset({"bfloat16", "float16", "float64"})


@dataclass(frozen=True)
class Known:
    """A tensor of known shape, or a constant in its place; a number as such has `int` or `float` for its dtype."""

    shape: Shape
    dtype: str | None

    @property
    def rank(self) -> int:
        return len(self.shape)


def where_known(rule: Rule) -> Rule:
    """A rule for tensors of known shapes; nothing is known of the others' results."""

    def applied(call: Call, inputs: Inputs) -> Inferred:
        tensors = (one for each in inputs.named.values() for one in ((each,) if isinstance(each, Tensor) else each))
        return given(None, None, None) if any(tensor.shape is None for tensor in tensors) else rule(call, inputs)

    return applied


def known(call: Call, inputs: Inputs, name: str) -> Known:
    """What an argument is given: a tensor, a list of numbers, or a number."""
    found = operand(call, inputs, name)
    assert found.shape is not None
    return Known(found.shape, found.dtype)


def is_number(call: Call, inputs: Inputs, name: str) -> bool:
    """Whether the argument is a number as such, which has no shape and no dtype."""
    return name not in inputs.named and not isinstance(call.argument(name), tuple | list | Mapping)


def array(call: Call, inputs: Inputs, name: str) -> Known:
    """A tensor or a list of numbers. Raises: ShapeError for a number as such, which Keras does not take here."""
    if is_number(call, inputs, name):
        raise ShapeError(f"`{name}` of {call.name} must be a tensor or a list of numbers, not a number", name)
    return known(call, inputs, name)


def symbolic(call: Call, inputs: Inputs, name: str) -> Known:
    """A tensor of the model. Raises: ShapeError for a constant, with which Keras looks at no other tensor."""
    if name not in inputs.named:
        raise ShapeError(f"`{name}` of {call.name} must be a tensor, not a constant", name)
    return known(call, inputs, name)


def several(call: Call, inputs: Inputs, name: str) -> list[Known]:
    """What an argument that is a list of tensors is given."""
    return [Known(one.shape, one.dtype) for one in operands(call, inputs, name) if one.shape is not None]


def optional(call: Call, inputs: Inputs, name: str) -> Known | None:
    """A tensor or a list of numbers that may be left out. Raises: ShapeError as for `array`."""
    return None if is_omitted(call, inputs, name) else array(call, inputs, name)


def is_omitted(call: Call, inputs: Inputs, name: str) -> bool:
    return name not in inputs.named and call.argument(name) is None


def stated_dtype(call: Call, otherwise: str | None) -> str | None:
    """The dtype that the call asks for. Raises: ShapeError for the name of a policy, which is none."""
    asked = call.argument("dtype")
    if asked is None:
        return otherwise
    dtype = _PYTHONS.get(asked, asked) if isinstance(asked, str) else ""
    if dtype not in _DTYPES:
        raise ShapeError(f"`dtype` of {call.name} must be a dtype, like `float32`", "dtype")
    return dtype


def one_axis(call: Call, shape: Shape, name: str = "axis", value: Value = None) -> int:
    """One axis counted from the start. Raises: ShapeError for lists, and for one that the shape does not have."""
    axis = call.argument(name) if value is None else value
    if not isinstance(axis, int) or isinstance(axis, bool):
        raise ShapeError(f"`{name}` of {call.name} must be an integer", name)
    if not -len(shape) <= axis < len(shape):
        help = f"the axes of {len(shape)} sizes are 0 to {len(shape) - 1}, or -1 for the last" if shape else None
        raise ShapeError(f"{call.name} is given {show(shape)}, which has no axis {axis}", name, help)
    return axis % len(shape)


def check_least_rank(call: Call, shape: Shape, rank: int) -> None:
    """Raises: ShapeError for a tensor of fewer axes."""
    if len(shape) < rank:
        raise ShapeError(f"{call.name} needs at least {rank} axes, and is given {show(shape)}")


def check_ranks(call: Call, shape: Shape, ranks: tuple[int, ...]) -> None:
    """Raises: ShapeError for a tensor of any other number of axes."""
    if len(shape) not in ranks:
        raise ShapeError(f"{call.name} needs {' or '.join(map(str, ranks))} axes, and is given {show(shape)}")


def floating(call: Call, *tensors: Known) -> str | None:
    """The dtype of several, a float."""
    return promoted([*(tensor.dtype for tensor in tensors), "float"], call)


def measured(dtype: str | None) -> str | None:
    """The float that a dtype is calculated in where 64 bits are kept."""
    if dtype is None or dtype in _HALF_OR_DOUBLE:
        return dtype
    return "float64" if dtype == "int64" else "float32"


def outputs(*tensors: tuple[Shape, str | None], flops: int | None = None) -> Inferred:
    """Several tensors, without parameters."""
    return Inferred(tuple(Tensor(shape, dtype) for shape, dtype in tensors), 0, 0, flops)

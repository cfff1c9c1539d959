"""What each preparation step does to what is known of an array; the working half of a step is in `step_arrays`."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from mnistspec.datasets.facts import UNKNOWN, ArrayFacts
from mnistspec.datasets.options import HiddenOption, Options, integer, integer_or_none, number, sizes, text
from mnistspec.source import Span
from mnistspec.spec import Step

Sizes: TypeAlias = tuple[int | None, ...]
StepRule: TypeAlias = Callable[[Options, ArrayFacts], ArrayFacts]

INTEGERS = ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64")
FLOATS = ("float16", "float32", "float64")
DTYPES = ("bool", *INTEGERS, *FLOATS)


class StepProblem(Exception):
    """A preparation step that cannot apply, or (`step` None) data that cannot be fed without one.

    `option` is the one at fault. `span` is the place in the spec: the option's value, the step, or that of the source
    where there is no step.
    """

    def __init__(
        self,
        message: str,
        step: Step | None = None,
        help: str | None = None,
        span: Span | None = None,
        option: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.step = step
        self.help = help
        self.option = option
        self.span = span if span is not None or step is None else step.spans.get(option or "", step.span)


def facts_after(steps: tuple[Step, ...], array: ArrayFacts) -> ArrayFacts:
    """What is known of an array after the steps, in their order. Raises: StepProblem for a step that cannot apply."""
    for step in steps:
        try:
            array = RULES[step.name](step.options, array)
        except StepProblem as problem:
            raise StepProblem(f"{step.name}: {problem.message}", step, problem.help, option=problem.option) from None
        except HiddenOption:
            return UNKNOWN
    return array


def show_sizes(shape: Sizes) -> str:
    """The shape of one example as messages print it: `(28, 28)`."""
    inside = ", ".join("None" if size is None else str(size) for size in shape)
    return f"({inside},)" if len(shape) == 1 else f"({inside})"


def fit_axes(axis: int | None, rank: int) -> tuple[int, ...]:
    """The axes of an example (from 0) that keep statistics of their own; empty where one number serves for all.

    By default each feature of a flat example and each channel (last axis) of a picture has its own.
    Raises: StepProblem for an axis that examples of that rank do not have.
    """
    if axis is None:
        return (rank - 1,) if rank == 1 or rank >= 3 else ()
    if not -rank <= axis < rank:
        raise StepProblem(f"there is no axis {axis} in examples of rank {rank}", help=_axis_help(rank), option="axis")
    return (axis % rank,)


def _axis_help(rank: int) -> str:
    if rank == 0:
        return "leave `axis` out: each example is a single number"
    return f"axes count from 0 to {rank - 1} without the batch, or from -{rank} to -1"


def _numeric(array: ArrayFacts) -> None:
    if array.dtype == "string":
        raise StepProblem(
            "the values are text, not numbers", help="turn text into numbers in the model: TextVectorization"
        )


def _even(array: ArrayFacts) -> None:
    _numeric(array)
    if array.ragged:
        raise StepProblem("the examples differ in length", help="put `pad_sequences: {maxlen: ...}` before this step")


def _rescale(options: Options, array: ArrayFacts) -> ArrayFacts:
    _even(array)
    divisor = number(options, "divisor")
    if divisor == 0 or not math.isfinite(divisor):
        help = "divide by the largest value there can be: 255 takes pixels to 0..1"
        raise StepProblem(f"cannot divide by {divisor:g}", help=help, option="divisor")
    ends = [None if end is None else end / divisor for end in (array.minimum, array.maximum)]
    low, high = ends if divisor > 0 else ends[::-1]
    return ArrayFacts(array.shape, "float32", low, high)


def _standardize(options: Options, array: ArrayFacts) -> ArrayFacts:
    _even(array)
    if array.shape is not None:
        fit_axes(integer_or_none(options, "axis"), len(array.shape))
    return ArrayFacts(array.shape, "float32")


def _normalize(options: Options, array: ArrayFacts) -> ArrayFacts:
    return replace(_standardize(options, array), minimum=0.0, maximum=1.0)


def _picture(array: ArrayFacts) -> Sizes | None:
    _even(array)
    if array.shape is not None and len(array.shape) not in (2, 3):
        raise StepProblem(
            f"pictures are (height, width) or (height, width, channels), these examples are {show_sizes(array.shape)}",
            help="reshape them first",
        )
    return array.shape


def _picture_dtype(dtype: str | None) -> str | None:
    return dtype if dtype in (None, "uint8") else "float32"


def _resize(options: Options, array: ArrayFacts) -> ArrayFacts:
    shape = _picture(array)
    height, width = sizes(options, "size")
    if min(height, width) < 1:
        help = "a picture has a pixel at least"
        raise StepProblem(f"there is no picture of {height} by {width} pixels", help=help, option="size")
    resized = None if shape is None else (height, width, *shape[2:])
    return ArrayFacts(resized, _picture_dtype(array.dtype), array.minimum, array.maximum)


def _grayscale(options: Options, array: ArrayFacts) -> ArrayFacts:
    shape = _picture(array)
    if shape is not None and (len(shape) != 3 or shape[2] not in (1, 3, 4, None)):
        raise StepProblem(
            f"colour pictures are (height, width, 3), these examples are {show_sizes(shape)}",
            help="`expand_dims: -1` gives gray pictures a channel axis" if len(shape) == 2 else None,
        )
    gray = None if shape is None else (*shape[:2], 1)
    return ArrayFacts(gray, _picture_dtype(array.dtype), array.minimum, array.maximum)


def dtype_range(dtype: str) -> tuple[float, float] | None:
    """The smallest and largest value of an integer dtype; None for the others."""
    if dtype == "bool":
        return (0, 1)
    if dtype not in INTEGERS:
        return None
    bits = int(dtype.lstrip("uint"))
    return (0, 2**bits - 1) if dtype.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _cast(options: Options, array: ArrayFacts) -> ArrayFacts:
    _even(array)
    dtype = text(options, "dtype")
    if dtype not in DTYPES:
        raise StepProblem(f"data cannot be held as {dtype}", help=f"one of {', '.join(DTYPES)}", option="dtype")
    if dtype == "bool":
        return replace(array, dtype=dtype, minimum=0, maximum=1)
    for bound in (array.minimum, array.maximum):
        check_fits(bound, dtype)
    return replace(array, dtype=dtype)


def check_fits(value: float | None, dtype: str) -> None:
    """Raises: StepProblem for a value (None: not known) that an integer dtype cannot hold."""
    allowed = dtype_range(dtype)
    if value is not None and allowed is not None and not allowed[0] <= value <= allowed[1]:
        message = f"the value {value:g} does not fit {dtype} ({allowed[0]} to {allowed[1]})"
        raise StepProblem(message, help="cast to a wider dtype, or `rescale` before it", option="dtype")


def expanded_axis(options: Options, rank: int) -> int:
    """Where in an example (from 0) `expand_dims` puts the new axis. Raises: StepProblem outside the example."""
    axis = integer(options, "axis")
    if not -(rank + 1) <= axis <= rank:
        raise StepProblem(f"axis {axis} is outside examples of rank {rank}", help=_axis_help(rank + 1), option="axis")
    return axis % (rank + 1)


def _expand_dims(options: Options, array: ArrayFacts) -> ArrayFacts:
    if array.ragged:
        _even(array)
    if array.shape is None:
        return array
    axis = expanded_axis(options, len(array.shape))
    return replace(array, shape=(*array.shape[:axis], 1, *array.shape[axis:]), one_hot=False)


def _reshape(options: Options, array: ArrayFacts) -> ArrayFacts:
    if array.ragged:
        _even(array)
    shape = sizes(options, "shape")
    if shape.count(-1) > 1 or any(size < -1 for size in shape):
        message = f"{show_sizes(shape)} is no shape: sizes are positive, one may be -1"
        raise StepProblem(message, help="write -1 for the one size that follows from the others", option="shape")
    return replace(array, shape=_filled(shape, array.shape), one_hot=array.one_hot and shape == array.shape)


def _filled(shape: tuple[int, ...], given: Sizes | None) -> Sizes:
    """`shape` with -1 worked out, None where that needs a size that is not known."""
    if given is None or None in given:
        return tuple(None if size == -1 else size for size in shape)
    count = math.prod(size for size in given if size is not None)
    known = math.prod(size for size in shape if size != -1)
    if -1 in shape and known > 0 and count % known == 0:
        return tuple(count // known if size == -1 else size for size in shape)
    if -1 in shape or known != count:
        message = f"{show_sizes(given)} holds {count} values, which do not fill {show_sizes(shape)}"
        raise StepProblem(message, help=_way_to_fill(shape, count), option="shape")
    return shape


def _way_to_fill(shape: tuple[int, ...], count: int) -> str:
    """A size that would fit in the last place, or what the sizes have to give."""
    before = math.prod(shape[:-1])
    if -1 in shape[:-1] or before < 1 or count % before:
        return f"the sizes multiplied have to be {count}"
    listed = ", ".join(str(size) for size in (*shape[:-1], count // before))
    return f"write `reshape: [{listed}]`"


def _pad_sequences(options: Options, array: ArrayFacts) -> ArrayFacts:
    _numeric(array)
    if array.shape is not None and len(array.shape) != 1:
        raise StepProblem(f"these examples are {show_sizes(array.shape)}, not sequences of numbers")
    length = integer_or_none(options, "maxlen")
    if length is None and not array.ragged and array.shape is not None:
        length = array.shape[0]
    value = number(options, "value")
    low = None if array.minimum is None else min(array.minimum, value)
    high = None if array.maximum is None else max(array.maximum, value)
    return ArrayFacts((length,), text(options, "dtype"), low, high)


def _one_hot(options: Options, array: ArrayFacts) -> ArrayFacts:
    _even(array)
    if array.one_hot:
        raise StepProblem("the labels are one-hot already", help="leave this step out")
    if array.dtype in FLOATS:
        raise StepProblem(f"class ids are integers, these values are {array.dtype}", help="`cast: int32` before it")
    classes = integer_or_none(options, "classes")
    if classes is not None and array.classes is not None and array.classes > classes:
        message = f"there are {array.classes} classes, more than {classes}"
        raise StepProblem(message, help="leave `classes` out for as many as there are", option="classes")
    classes = classes if classes is not None else array.classes
    shape = None if array.shape is None else (*one_hot_base(array.shape), classes)
    return ArrayFacts(shape, "float32", 0.0, 1.0, classes, one_hot=True)


def one_hot_base(shape: Sizes) -> Sizes:
    """The shape that the classes are appended to: labels of shape (1,) count as single ids."""
    return () if shape == (1,) else shape


# One line a step; `step_arrays` has the same names.
RULES: dict[str, StepRule] = {
    "rescale": _rescale,
    "standardize": _standardize,
    "normalize": _normalize,
    "resize": _resize,
    "grayscale": _grayscale,
    "cast": _cast,
    "expand_dims": _expand_dims,
    "reshape": _reshape,
    "pad_sequences": _pad_sequences,
    "one_hot": _one_hot,
}

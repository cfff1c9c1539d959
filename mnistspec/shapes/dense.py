"""Dense and EinsumDense: a kernel over the last axis, or over the axes that an equation names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import prod

from mnistspec.calls import Call
from mnistspec.frozen import dataclass
from mnistspec.shapes.arguments import items, whole
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Size, show
from mnistspec.shapes.results import finishing_work, has_activation, kernel_counts, only, result, unknown
from mnistspec.shapes.sizes import check_minimum_rank, elements, product, required, scaled, total


def dense(call: Call, inputs: Inputs) -> Inferred:
    """`(batch, ..., features)` to `(batch, ..., units)`."""
    units = whole(call, "units")
    shape = only(call, inputs).shape
    if shape is None:
        return unknown(call)
    check_minimum_rank(call, shape, 2)
    features = required(call, shape[-1], shape, "the last size")
    trainable, frozen = kernel_counts(call, (features, units))
    bias = units if call.argument("use_bias") else 0
    output = (*shape[:-1], units)
    work = total((scaled(elements(output), 2 * features), finishing_work(call, output)))
    return result(call, output, (trainable + bias, frozen), work)


def einsum_dense(call: Call, inputs: Inputs) -> Inferred:
    """An input and a kernel contracted by an equation, as in `...ab,bc->...ac`."""
    equation = _equation(call)
    shape = only(call, inputs).shape
    if shape is None:
        return unknown(call)
    partial, bias_axes = _partial_output(call), call.argument("bias_axes")
    sizes = _measure(call, equation, shape, partial)
    trainable, frozen = kernel_counts(call, sizes.kernel)
    bias = _bias_count(call, equation, sizes, bias_axes) if isinstance(bias_axes, str) else 0
    each = 2 * sizes.contracted + int(bias > 0) + int(has_activation(call))
    return result(call, sizes.output, (trainable + bias, frozen), scaled(elements(sizes.filled), each))


def einsum_kernel(call: Call, shape: Shape) -> tuple[int, ...]:
    """The sizes of the kernel of an EinsumDense that is called on an input of this shape."""
    return _measure(call, _equation(call), shape, _partial_output(call)).kernel


@dataclass(frozen=True)
class _Equation:
    """`input,kernel->output`, one letter an axis. `elided` says on which side input and output have more axes."""

    input: str
    kernel: str
    output: str
    elided: str = ""


@dataclass(frozen=True)
class _EinsumSizes:
    """What an equation means for one input: the output, the kernel, and how many products each output sums up.

    `filled` is the output with the sizes that `output_shape` leaves open and the input knows; `output_axes` gives the
    place in the output of each of its letters.
    """

    output: Shape
    filled: Shape
    kernel: tuple[int, ...]
    contracted: int
    output_axes: dict[str, int]


_FORMS = (
    ("", re.compile(r"([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)")),
    ("left", re.compile(r"\.\.\.([a-zA-Z]+),([a-zA-Z]+)->\.\.\.([a-zA-Z]+)")),
    ("right", re.compile(r"([a-zA-Z]{2,})\.\.\.,([a-zA-Z]+)->([a-zA-Z]+)\.\.\.")),
)


def _equation(call: Call) -> _Equation:
    text = call.argument("equation")
    for elided, form in _FORMS:
        match = form.match(text) if isinstance(text, str) else None
        if match:
            return _Equation(match[1], match[2], match[3], elided)
    message = f"EinsumDense cannot read the equation `{text}`"
    raise ShapeError(message, "equation", "write it as `ab,bc->ac`, `...ab,bc->...ac` or `ab...,bc->ac...`")


def _partial_output(call: Call) -> tuple[Size, ...]:
    value = call.argument("output_shape")
    listed = items(value) if not isinstance(value, int) else (value,)
    sizes = tuple(size for size in listed or () if size is None or isinstance(size, int))
    if listed is None or len(sizes) != len(listed):
        raise ShapeError("`output_shape` of EinsumDense must be an integer or a list of integers", "output_shape")
    return sizes


def _measure(call: Call, equation: _Equation, shape: Shape, partial: Sequence[Size]) -> _EinsumSizes:
    """What the equation means for an input `(batch, ...)`; `partial` is the output without the batch.

    Raises: ShapeError where the equation, the input and the output do not fit.
    """
    extra = len(shape) - len(equation.input)
    from_left = equation.elided == "left"
    output = _whole_output(shape, partial, extra, from_left)
    input_axes = {letter: i - (len(equation.input) if from_left else 0) for i, letter in enumerate(equation.input)}
    output_axes = {letter: i + (extra if from_left else 0) for i, letter in enumerate(equation.output)}
    input_sizes = _sizes_by_letter(call, input_axes, shape, "equation")
    output_sizes = _sizes_by_letter(call, output_axes, output, "output_shape")
    _check_shared(call, input_sizes, output_sizes)
    _check_letters(equation)
    kernel = tuple(_kernel_size(call, letter, input_sizes, output_sizes, shape) for letter in equation.kernel)
    summed = prod(input_sizes[letter] or 0 for letter in set(equation.input) - set(equation.output))
    return _EinsumSizes(output, _filled(output, output_axes, input_sizes), kernel, summed, output_axes)


def _filled(output: Shape, axes: dict[str, int], input_sizes: dict[str, Size]) -> Shape:
    from_input = {axis: input_sizes.get(letter) for letter, axis in axes.items()}
    return tuple(from_input.get(axis) if size is None else size for axis, size in enumerate(output))


def _whole_output(shape: Shape, partial: Sequence[Size], extra: int, from_left: bool) -> Shape:
    """The full output: the batch, `partial`, and on one side the input's axes that the equation leaves out."""
    if extra <= 0:
        return (shape[0], *partial)
    if from_left:
        # Keras puts the elided axes in one by one at the front, which turns their order around.
        return (shape[0], *reversed(shape[1:extra]), *partial)
    return (shape[0], *partial, *shape[len(shape) - extra :])


def _sizes_by_letter(call: Call, axes: dict[str, int], shape: Shape, argument: str) -> dict[str, Size]:
    missing = [letter for letter, axis in axes.items() if not -len(shape) <= axis < len(shape)]
    if missing:
        message = f"the equation `{call.argument('equation')}` names axis `{missing[0]}`, which {show(shape)} lacks"
        raise ShapeError(message, argument)
    return {letter: shape[axis] for letter, axis in axes.items()}


def _check_shared(call: Call, input_sizes: dict[str, Size], output_sizes: dict[str, Size]) -> None:
    for letter, size in input_sizes.items():
        wanted = output_sizes.get(letter)
        if wanted is not None and wanted != size:
            message = f"axis `{letter}` is {size} in the input and {wanted} in `output_shape`"
            raise ShapeError(message, "output_shape", "write null there: the size follows from the input")


def _check_letters(equation: _Equation) -> None:
    for letter in equation.output:
        if letter not in equation.input + equation.kernel:
            raise ShapeError(f"axis `{letter}` of the output is neither in the input nor in the kernel", "equation")
    for letter in equation.kernel:
        if letter not in equation.input + equation.output:
            raise ShapeError(f"axis `{letter}` of the kernel is neither in the input nor in the output", "equation")


def _kernel_size(
    call: Call, letter: str, input_sizes: dict[str, Size], output_sizes: dict[str, Size], shape: Shape
) -> int:
    if letter not in output_sizes:
        return required(call, input_sizes[letter], shape, f"the size of axis `{letter}`")
    size = output_sizes[letter]
    if size is None:
        raise ShapeError(f"`output_shape` leaves axis `{letter}` open, which the kernel is made for", "output_shape")
    return size


def _bias_count(call: Call, equation: _Equation, sizes: _EinsumSizes, bias_axes: str) -> int:
    strangers = [letter for letter in bias_axes if letter not in equation.output]
    if strangers or not bias_axes:
        message = f"`bias_axes` must be letters of the output `{equation.output}`, not `{bias_axes}`"
        raise ShapeError(message, "bias_axes")
    count = product(sizes.output[sizes.output_axes[letter]] for letter in set(bias_axes))
    if count is None:
        raise ShapeError(f"a bias needs definite sizes, and the output is {show(sizes.output)}", "bias_axes")
    return count

"""The working half of the preparation steps: fitted on the training examples, applied to arrays (examples, ...)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mnistspec.datasets import scaling_arrays
from mnistspec.datasets.fitted import FittedStep, State
from mnistspec.datasets.loaded import Array
from mnistspec.datasets.memory import require_memory
from mnistspec.datasets.options import Options, integer_or_none, number, sizes, text
from mnistspec.datasets.scaling_arrays import Examples, chunks
from mnistspec.datasets.step_facts import StepProblem, check_fits, expanded_axis, one_hot_base
from mnistspec.spec import Step


def fit(step: Step, array: Examples, classes: int | None) -> FittedStep:
    """The step, fitted on a training array (examples, ...); `classes` is how many there are, where that is known.

    Raises: StepProblem for values that the step cannot take.
    """
    learn = _FIT.get(step.name)
    return FittedStep(step.name, step.options, {} if learn is None else learn(step.options, array, classes))


def apply(fitted: FittedStep, array: Array) -> Array:
    """The array (examples, ...) after the step. Raises: StepProblem for values that the step cannot take."""
    return _APPLY[fitted.name](fitted, array)


def _resize(fitted: FittedStep, array: Array) -> Array:
    from mnistspec.datasets.picture_arrays import resize_all

    height, width = sizes(fitted.options, "size")
    return resize_all(array, (height, width))


def _grayscale(fitted: FittedStep, array: Array) -> Array:
    from mnistspec.datasets.picture_arrays import gray

    return gray(array)


def _cast(fitted: FittedStep, array: Array) -> Array:
    dtype = text(fitted.options, "dtype")
    if array.size and dtype != "bool":
        _require_range(array.min().item(), array.max().item(), dtype)
    try:
        with np.errstate(over="raise", invalid="raise"):
            return array.astype(dtype, copy=False)
    except FloatingPointError:
        raise StepProblem(f"some values are too large for {dtype}, or no numbers") from None


def _require_range(low: float, high: float, dtype: str) -> None:
    for bound in (low, high):
        check_fits(bound, dtype)


def _expand_dims(fitted: FittedStep, array: Array) -> Array:
    return np.expand_dims(array, expanded_axis(fitted.options, array.ndim - 1) + 1)


def _reshape(fitted: FittedStep, array: Array) -> Array:
    shape = sizes(fitted.options, "shape")
    try:
        return array.reshape(len(array), *shape)
    except ValueError:
        raise StepProblem(f"examples {array.shape[1:]} do not fill {shape}") from None


def _fit_pad_sequences(options: Options, array: Examples, classes: int | None) -> State:
    length = integer_or_none(options, "maxlen")
    return {"length": max(len(row) for part in chunks(array) for row in part) if length is None else length}


def _pad_sequences(fitted: FittedStep, array: Array) -> Array:
    """Sequences of different lengths as an array (examples, length), cut or filled before (`pre`) or after."""
    length, options = fitted.count("length"), fitted.options
    value, dtype = number(options, "value"), np.dtype(text(options, "dtype"))
    filled = [sequence for sequence in array if len(sequence)]
    lowest = min((sequence.min().item() for sequence in filled), default=value)
    highest = max((sequence.max().item() for sequence in filled), default=value)
    _require_range(min(value, lowest), max(value, highest), dtype.name)
    require_memory(len(array) * length * dtype.itemsize, "pad_sequences")
    padded = np.full((len(array), length), value, dtype=dtype)
    before, keep_end = text(options, "padding") == "pre", text(options, "truncating") == "pre"
    for row, sequence in zip(padded, array, strict=True):
        _place(row, sequence, before, keep_end)
    return padded


def _place(row: Array, sequence: Array, before: bool, keep_end: bool) -> None:
    """Writes a sequence into its row of the padded array: filling `before` it, keeping its end where it is too long."""
    kept = sequence[max(0, len(sequence) - len(row)) :] if keep_end else sequence[: len(row)]
    start = len(row) - len(kept) if before else 0
    row[start : start + len(kept)] = kept


def _fit_one_hot(options: Options, array: Examples, classes: int | None) -> State:
    wanted = integer_or_none(options, "classes")
    known = wanted if wanted is not None else classes
    return {"classes": known if known is not None else max(int(part.max()) for part in chunks(array)) + 1}


def _one_hot(fitted: FittedStep, array: Array) -> Array:
    classes = fitted.count("classes")
    ids = array.astype(np.int64).reshape(len(array), *one_hot_base(array.shape[1:]))
    if ids.size and (ids.min() < 0 or ids.max() >= classes):
        wrong = int(ids.min() if ids.min() < 0 else ids.max())
        raise StepProblem(f"the label {wrong} is outside 0 to {classes - 1}")
    require_memory(ids.size * classes * 4, "one_hot")
    hot = np.zeros((ids.size, classes), dtype=np.float32)
    hot[np.arange(ids.size), ids.reshape(-1)] = 1
    return hot.reshape(*ids.shape, classes)


def learns(name: str) -> bool:
    """Whether a step learns something from the training examples."""
    return name in _FIT


_FIT: dict[str, Callable[[Options, Examples, int | None], State]] = {
    "standardize": scaling_arrays.fit_standardize,
    "normalize": scaling_arrays.fit_normalize,
    "pad_sequences": _fit_pad_sequences,
    "one_hot": _fit_one_hot,
}

# One line a step; `step_facts` has the same names.
_APPLY: dict[str, Callable[[FittedStep, Array], Array]] = {
    "rescale": scaling_arrays.rescale,
    "standardize": scaling_arrays.scaled,
    "normalize": scaling_arrays.scaled,
    "resize": _resize,
    "grayscale": _grayscale,
    "cast": _cast,
    "expand_dims": _expand_dims,
    "reshape": _reshape,
    "pad_sequences": _pad_sequences,
    "one_hot": _one_hot,
}
NAMES = tuple(_APPLY)

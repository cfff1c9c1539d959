"""Preparation steps as NumPy code: what a step learns from the training split, and what it makes of each array."""

from __future__ import annotations

from collections.abc import Callable

from mnistspec.data_language import STEP
from mnistspec.datasets.facts import ArrayFacts
from mnistspec.datasets.options import Options, integer, integer_or_none, number, sizes, text
from mnistspec.datasets.step_facts import facts_after, fit_axes
from mnistspec.exporters.python_source.layout import Code, call, quoted, statement
from mnistspec.exporters.python_source.objects import expression
from mnistspec.frozen import dataclass
from mnistspec.spec import Step


@dataclass(frozen=True)
class StepCode:
    """What a step makes of an array, as code; None where it changes nothing.

    `learnt` are the lines before it that look at the training split, `splits[0]`.
    """

    result: Code | None
    learnt: tuple[str, ...] = ()
    snippets: frozenset[str] = frozenset()


def step_codes(steps: tuple[Step, ...], facts: ArrayFacts, name: str) -> list[StepCode]:
    """The code of each step on an array called `name`, whose facts before the first step are given."""
    codes = []
    for index, step in enumerate(steps):
        before = facts_after(steps[:index], facts)
        codes.append(_CODES[step.name](step.options, before, name))
    return codes


def _rescale(options: Options, facts: ArrayFacts, name: str) -> StepCode:
    floats = name if facts.dtype == "float32" else f'{name}.astype("float32")'
    return StepCode(f"{floats} / {expression(number(options, 'divisor'))}")


def _axes(options: Options, facts: ArrayFacts) -> str:
    """The axes that statistics run over, the examples included."""
    rank = len(facts.shape or ())
    kept = fit_axes(integer_or_none(options, "axis"), rank)
    if not kept:
        return "None"
    axes = (0, *(axis + 1 for axis in range(rank) if axis not in kept))
    return "0" if axes == (0,) else repr(axes)


def _standardize(options: Options, facts: ArrayFacts, name: str) -> StepCode:
    over: dict[str, Code] = {"axis": _axes(options, facts), "keepdims": "True", "dtype": '"float64"'}
    learnt = (
        *statement(call("splits[0].mean", (), over), "mean = "),
        *statement(call("splits[0].std", (), over), "deviation = "),
        "deviation[deviation == 0] = 1",
    )
    return StepCode(f'(({name} - mean) / deviation).astype("float32")', learnt)


def _normalize(options: Options, facts: ArrayFacts, name: str) -> StepCode:
    axes = _axes(options, facts)
    learnt = (
        f'low = splits[0].min(axis={axes}, keepdims=True).astype("float64")',
        f"extent = splits[0].max(axis={axes}, keepdims=True) - low",
        "extent[extent == 0] = 1",
    )
    return StepCode(f'(({name} - low) / extent).astype("float32")', learnt)


def _resize(options: Options, facts: ArrayFacts, name: str) -> StepCode:
    return StepCode(call("resize", [name, repr(sizes(options, "size"))]), (), frozenset(["resize"]))


def _grayscale(options: Options, facts: ArrayFacts, name: str) -> StepCode:
    if facts.shape is not None and facts.shape[2] == 1:
        return StepCode(None if facts.dtype in ("uint8", "float32") else f'{name}.astype("float32")')
    return StepCode(call("gray", [name]), (), frozenset(["gray"]))


def _cast(options: Options, facts: ArrayFacts, name: str) -> StepCode:
    return StepCode(f"{name}.astype({quoted(text(options, 'dtype'))})")


def _expand_dims(options: Options, facts: ArrayFacts, name: str) -> StepCode:
    axis = integer(options, "axis")
    return StepCode(f"np.expand_dims({name}, {axis if axis < 0 else axis + 1})")


def _reshape(options: Options, facts: ArrayFacts, name: str) -> StepCode:
    return StepCode(call(f"{name}.reshape", [f"len({name})", *map(repr, sizes(options, "shape"))]))


def _pad_sequences(options: Options, facts: ArrayFacts, name: str) -> StepCode:
    fields = STEP.options["pad_sequences"].fields
    written = {option: value for option, value in options.items() if value != fields[option].default}
    named: dict[str, Code] = {option: expression(value) for option, value in written.items()}
    if integer_or_none(options, "maxlen") is not None:
        return StepCode(call("keras.utils.pad_sequences", [name], named))
    longest = call("keras.utils.pad_sequences", [name], {"maxlen": "longest", **named})
    return StepCode(longest, ("longest = max(len(sequence) for sequence in splits[0])",))


def _one_hot(options: Options, facts: ArrayFacts, name: str) -> StepCode:
    classes = integer_or_none(options, "classes") or facts.classes
    learnt = () if classes is not None else ("classes = int(splits[0].max()) + 1",)
    count = "classes" if classes is None else repr(classes)
    return StepCode(f'keras.utils.to_categorical({name}, {count}).astype("float32")', learnt)


# One line a step; the language has the same names.
_CODES: dict[str, Callable[[Options, ArrayFacts, str], StepCode]] = {
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

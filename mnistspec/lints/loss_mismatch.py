"""Losses that cannot compare an output with what it is to learn: Keras stops in the first step."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mnistspec.diagnostics import Diagnostic, Fix
from mnistspec.infer import TypedGraph
from mnistspec.lints.outputs import Output, outputs, picked_by_shape
from mnistspec.shapes.base import show
from mnistspec.spec import Spec

SPARSE = "SparseCategoricalCrossentropy"
_ONE_HOT = frozenset(["CategoricalCrossentropy", "CategoricalFocalCrossentropy", "CategoricalHinge"])
# Those that are not compared value by value, or in ways of their own.
_OTHERS = frozenset([SPARSE, "CTC", "CategoricalGeneralizedCrossEntropy", "Circle"])


def loss_mismatch(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Keras fails on these with a message about ranks or shapes that names neither the loss nor the labels."""
    return tuple(found for output in outputs(typed, spec) for found in _first(output))


def fits_loss(output: Output) -> bool:
    """Whether the loss can compare the output with what there is to learn, as far as is known."""
    return not any(_first(output))


def _first(output: Output) -> Iterator[Diagnostic]:
    if output.loss is None or picked_by_shape(output.loss):
        return
    checks: tuple[Callable[[Output], Diagnostic | None], ...] = (_labels, _classes, _shapes)
    yield from [found for check in checks if (found := check(output)) is not None][:1]


def _labels(output: Output) -> Diagnostic | None:
    """Class ids are for the sparse loss, one-hot rows for the categorical one."""
    assert output.loss is not None
    if output.loss.name == SPARSE and output.learns_rows:
        message = f"`{output.name}` learns one-hot rows by a loss for class ids"
        help = "use `categorical_crossentropy`, or leave `one_hot` out of `data.prepare.y`"
        return Diagnostic("E416", message, output.loss_span, help, fix=_word(output, "categorical_crossentropy"))
    if output.loss.name in _ONE_HOT and output.learns_ids:
        message = f"`{output.name}` learns class ids by a loss for one-hot rows"
        help = "use `sparse_categorical_crossentropy`, or add `one_hot` to `data.prepare.y`"
        return Diagnostic("E416", message, output.loss_span, help, fix=_word(output, "sparse_categorical_crossentropy"))
    return None


def _classes(output: Output) -> Diagnostic | None:
    """An id beyond the output's values has no place there."""
    assert output.loss is not None
    classes = output.target.classes if output.target is not None and output.learns_ids else None
    if output.loss.name != SPARSE or classes is None or output.size is None or output.size >= classes:
        return None
    return wrong_size("E416", output, classes)


def wrong_size(code: str, output: Output, classes: int) -> Diagnostic:
    """An output of another size than there are classes."""
    call = output.node.call if output.node is not None else None
    has_units = call is not None and "units" in call.arguments
    help = f"write `units: {classes}`" if has_units else f"give the layer before it {classes} units"
    at = call.span_of("units") if call is not None else None
    fix = Fix(at, str(classes)) if has_units and at is not None else None
    return Diagnostic(code, f"`{output.name}` gives {output.size} values, and there are {classes} classes", at, help,
                      fix=fix)  # fmt: skip


def _shapes(output: Output) -> Diagnostic | None:
    """Losses that go value by value take shapes that meet; a single number is no row, and rows have one length."""
    assert output.loss is not None
    wanted, given = output.target.shape if output.target is not None else None, output.tensor.shape
    if output.loss.name in _OTHERS or wanted is None or given is None or output.size in (None, 1):
        return None
    if wanted == () and len(given) == 2:
        name = output.loss.bare or output.loss.name
        message = f"`{name}` compares the {output.size} values of `{output.name}` with a single one"
        return Diagnostic("E416", message, output.loss_span, _for_single(output))
    if len(wanted) + 1 != len(given) or not wanted or wanted[-1] in (None, 1, output.size):
        return None
    if output.learns_rows and wanted[-1] is not None:
        return wrong_size("E416", output, wanted[-1])
    message = f"`{output.name}` gives {show(given[1:])} for each example, and is to learn {show(wanted)}"
    return Diagnostic("E416", message, output.loss_span, "the last sizes have to be equal")


def _for_single(output: Output) -> str:
    if output.learns_ids:
        return "use `sparse_categorical_crossentropy` for class ids, or add `one_hot` to `data.prepare.y`"
    return "give the output one unit"


def _word(output: Output, loss: str) -> Fix | None:
    """The other loss, where the one to be replaced was written as a word."""
    written = output.loss is not None and output.loss.bare is not None and output.loss_span is not None
    return Fix(output.loss_span, loss) if written and output.loss_span is not None else None

"""Losses that cannot compare an output with what it is to learn: Keras stops in the first step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from mnistspec.calls import Call
from mnistspec.diagnostics import Diagnostic, Fix
from mnistspec.lints.comparisons import Fit
from mnistspec.lints.outputs import Output, picked_by_shape
from mnistspec.lints.ways_to_targets import way_out
from mnistspec.shapes.base import show
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph

SPARSE = "SparseCategoricalCrossentropy"
# Losses that compare one distribution over the classes with the class there is, and those that learn one of two.
CATEGORICAL = frozenset([SPARSE, "CategoricalCrossentropy", "CategoricalFocalCrossentropy"])
BINARY = frozenset(["BinaryCrossentropy", "BinaryFocalCrossentropy"])
_ONE_HOT = frozenset(["CategoricalCrossentropy", "CategoricalFocalCrossentropy", "CategoricalHinge"])


def loss_mismatch(outputs: Sequence[Output], typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Keras fails on these with a message about ranks or shapes that names neither the loss nor the labels."""
    return tuple(
        found if found.help is not None else replace(found, help=way_out(typed, output))
        for output in outputs
        for found in _first(output)
    )


def fits_loss(output: Output) -> bool:
    """Whether the loss can compare the output with what there is to learn, as far as is known."""
    return not any(_first(output))


def both_shapes(output: Output) -> str:
    """What the output gives and what it is to learn, as messages say it."""
    assert output.wanted is not None
    single = "one class id" if output.learns_ids else "one number"
    wanted = show(output.wanted) if output.wanted else single
    return f"`{output.name}` gives {show(output.example)} for each example, and is to learn {wanted}"


def _first(output: Output) -> Iterator[Diagnostic]:
    if output.loss is None:
        return
    checks: tuple[Callable[[Output], Diagnostic | None], ...] = (_labels, _classes, _shapes)
    if picked_by_shape(output.loss):
        checks = (_shapes,)
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
    """An id beyond the output's values has no place there; a single value has a place for the id 0 alone."""
    assert output.loss is not None
    classes = output.target.classes if output.target is not None and output.learns_ids else None
    if output.loss.name != SPARSE or output.size is None or output.size >= (classes or 2) or classes == 1:
        return None
    if output.size > 1 or (classes or 0) > 2:
        return wrong_size("E416", output, classes or 2)
    message = f"`{output.name}` gives 1 value, and `{_shown(output.loss)}` needs one for each class"
    help = "use `binary_crossentropy` for two classes, or give the output a value for each class"
    return Diagnostic("E416", message, output.loss_span, help, fix=_word(output, "binary_crossentropy"))


def wrong_size(code: str, output: Output, classes: int) -> Diagnostic:
    """An output of another size than there are classes."""
    call = output.node.call if output.node is not None else None
    has_units = call is not None and "units" in call.arguments
    help = f"write `units: {classes}`" if has_units else f"give the layer before it {classes} units"
    at = call.span_of("units") if call is not None else None
    fix = Fix(at, str(classes)) if has_units and at is not None else None
    return Diagnostic(code, f"`{output.name}` gives {_values(output.size)}, and there are {classes} classes", at, help,
                      fix=fix)  # fmt: skip


def _shapes(output: Output) -> Diagnostic | None:
    """The shapes do not meet; the help is found where the model is known."""
    assert output.loss is not None
    if output.met is not Fit.IMPOSSIBLE:
        return None
    if output.wanted == () and len(output.example or ()) == 1:
        message = f"`{_shown(output.loss)}` compares the {output.size} values of `{output.name}` with a single one"
        return Diagnostic("E416", message, output.loss_span, _for_single(output))
    wanted = output.wanted or ()
    if output.learns_rows and len(wanted) == len(output.example or ()) and wanted[-1] not in (None, output.size):
        assert wanted[-1] is not None
        return wrong_size("E416", output, wanted[-1])
    return Diagnostic("E416", both_shapes(output), output.loss_span)


def _shown(loss: Call) -> str:
    return loss.bare or loss.name


def _for_single(output: Output) -> str:
    if output.learns_ids:
        return "use `sparse_categorical_crossentropy` for class ids, or add `one_hot` to `data.prepare.y`"
    return "give the output one unit"


def _word(output: Output, loss: str) -> Fix | None:
    """The other loss, where the one to be replaced was written as a word."""
    written = output.loss is not None and output.loss.bare is not None and output.loss_span is not None
    return Fix(output.loss_span, loss) if written and output.loss_span is not None else None


def _values(count: int | None) -> str:
    return "one value" if count == 1 else f"{count} values"

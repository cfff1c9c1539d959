"""Weights for classes that there are not, and for what is no class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mnistspec.diagnostics import Diagnostic
from mnistspec.lints.loss_mismatch import BINARY, CATEGORICAL
from mnistspec.lints.outputs import Output, knows_outputs, picked_by_shape
from mnistspec.shapes.base import show
from mnistspec.source import Span
from mnistspec.spec import FitSpec, Spec
from mnistspec.typed import TypedGraph


def class_weight(outputs: Sequence[Output], typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Such a weight is never used, and the class that was meant keeps weight 1; without classes no run begins."""
    fit = spec.fit
    if fit is None or not fit.class_weight or "class_weight" in fit.hidden or not knows_outputs(typed, spec):
        return ()
    return tuple(_found(fit, fit.spans["class_weight"], outputs))


def _found(fit: FitSpec, at: Span, given: Sequence[Output]) -> Iterator[Diagnostic]:
    if len(given) > 1:
        names = " and ".join(f"`{output.name}`" for output in given[:3]) + (" and more" if len(given) > 3 else "")
        message = f"`class_weight` is for a model with one output, and this one has {names}"
        yield Diagnostic("E204", message, at, "leave it out; `loss_weights` in `compile` weighs outputs")
    elif given and _learns_no_classes(given[0]):
        message = f"`class_weight` weighs class ids, and `{given[0].name}` is to learn {show(given[0].wanted)}"
        yield Diagnostic("E204", message, at, "leave it out")
    elif given and isinstance(fit.class_weight, Mapping):
        yield from _unknown(fit, fit.class_weight, given[0])


def _learns_no_classes(output: Output) -> bool:
    """Whether an example is known to have more to learn than a class id or one row."""
    wanted = output.wanted or ()
    return len(wanted) > 1 and any(size is not None and size > 1 for size in wanted)


def _unknown(fit: FitSpec, weights: Mapping[str, float], output: Output) -> Iterator[Diagnostic]:
    classes = _classes(output)
    if classes is None:
        return
    for name in weights:
        if name.isascii() and name.isdigit() and _counts_to(name, classes):
            message = f"there is no class {name}: the classes are 0 to {classes - 1}"
            yield Diagnostic("W520", message, fit.spans.get(f"class_weight.{name}"), "classes count from 0")


def _classes(output: Output) -> int | None:
    """How many classes there are, as the data tells, or else as the loss takes the output's values."""
    if output.target is not None and output.target.classes is not None:
        return output.target.classes
    loss = output.loss
    if loss is None or output.size is None or picked_by_shape(loss):
        return None
    if loss.name in BINARY:
        return 2 if output.size == 1 else None
    return output.size if loss.name in CATEGORICAL and output.size > 1 else None


def _counts_to(digits: str, classes: int) -> bool:
    """Whether the number is that of the classes or above; Python refuses to read thousands of digits."""
    return len(digits) > 18 or int(digits) >= classes

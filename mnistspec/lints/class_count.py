"""The size of an output against the number of classes it learns."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.diagnostics import Diagnostic, Fix
from mnistspec.infer import TypedGraph
from mnistspec.lints.outputs import Output, outputs
from mnistspec.spec import Spec

CATEGORICAL = frozenset(
    ["SparseCategoricalCrossentropy", "CategoricalCrossentropy", "CategoricalFocalCrossentropy", "CategoricalHinge"]
)


def class_count(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Too few units fail in the middle of training or learn nonsense; too many are never used."""
    return tuple(found for output in outputs(typed, spec) for found in _of(output))


def fits_classes(output: Output) -> bool:
    """Whether the output has as many values as there are classes, as far as is known."""
    return not any(_of(output))


def _of(output: Output) -> Iterator[Diagnostic]:
    classes = output.target.classes if output.target is not None else None
    if output.loss is None or output.loss.name not in CATEGORICAL or classes is None or output.size is None:
        return
    if output.size == classes:
        return
    call = output.node.call if output.node is not None else None
    has_units = call is not None and "units" in call.arguments
    help = f"write `units: {classes}`" if has_units else f"give the layer before it {classes} units"
    at = call.span_of("units") if call is not None else None
    fix = Fix(at, str(classes)) if has_units and at is not None else None
    message = f"`{output.name}` gives {output.size} values, and there are {classes} classes"
    yield Diagnostic("W503", message, at, help, fix=fix)

"""The size of an output against the number of classes it learns."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.diagnostics import Diagnostic
from mnistspec.infer import TypedGraph
from mnistspec.lints.outputs import Output, outputs
from mnistspec.spec import Spec

_CATEGORICAL = frozenset(
    ["SparseCategoricalCrossentropy", "CategoricalCrossentropy", "CategoricalFocalCrossentropy", "CategoricalHinge"]
)


def class_count(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Too few units fail in the middle of training or learn nonsense; too many are never used."""
    return tuple(found for output in outputs(typed, spec) for found in _of(output))


def _of(output: Output) -> Iterator[Diagnostic]:
    classes = output.target.classes if output.target is not None else None
    size = output.tensor.shape[-1] if output.tensor.shape else None
    if (
        output.loss is None
        or output.loss.name not in _CATEGORICAL
        or classes is None
        or size is None
        or size == classes
    ):
        return
    call = output.node.call if output.node is not None else None
    has_units = call is not None and "units" in call.arguments
    help = f"write `units: {classes}`" if has_units else f"give the layer before it {classes} units"
    at = call.span_of("units") if call is not None else None
    yield Diagnostic("W503", f"`{output.name}` gives {size} values, and there are {classes} classes", at, help)

"""Weights for classes that there are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mnistspec.diagnostics import Diagnostic
from mnistspec.lints.outputs import Output, knows_outputs
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph


def class_weight(outputs: Sequence[Output], typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Such a weight is never used, and the class that was meant keeps weight 1."""
    weights = spec.fit.class_weight if spec.fit is not None else None
    if spec.fit is None or not isinstance(weights, Mapping) or not knows_outputs(typed, spec):
        return ()
    learnt = [output.target for output in outputs]
    classes = learnt[0].classes if len(learnt) == 1 and learnt[0] is not None else None
    if classes is None:
        return ()
    return tuple(
        Diagnostic("W520", f"there is no class {name}: the classes are 0 to {classes - 1}",
                   spec.fit.spans.get(f"class_weight.{name}"), "classes count from 0")
        for name in weights
        if name.isascii() and name.isdigit() and _counts_to(name, classes)
    )  # fmt: skip


def _counts_to(digits: str, classes: int) -> bool:
    """Whether the number is that of the classes or above; Python refuses to read thousands of digits."""
    return len(digits) > 18 or int(digits) >= classes

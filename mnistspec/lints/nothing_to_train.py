"""A model that has nothing left to train."""

from __future__ import annotations

from mnistspec.diagnostics import Diagnostic
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph


def nothing_to_train(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Training such a model takes its time and changes nothing."""
    if spec.fit is None or not typed.graph.complete or typed.trainable != 0:
        return ()
    if not typed.graph.trainable:
        message, help = "the model is frozen, so that there is nothing to train", "leave out its `trainable: false`"
        return (Diagnostic("W517", message, spec.model.span, help),)
    frozen = [node.call for node in typed.used if node.call is not None and node.call.argument("trainable") is False]
    if not frozen:
        return (Diagnostic("W517", "no layer of the model has weights to train", spec.model.span, "add one that has"),)
    message = "every layer with weights is frozen, so that there is nothing to train"
    at = frozen[-1].span_of("trainable")
    return (Diagnostic("W517", message, at, "let one of them train: leave out its `trainable: false`"),)

"""Training that needs more memory than this machine has."""

from __future__ import annotations

from mnistspec import memory
from mnistspec.diagnostics import Diagnostic
from mnistspec.memory import TrainingMemory, show_bytes, training_memory
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph


def memory_needed(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """The system ends such a run in the middle, with no word of why. Quiet where the memory is not known."""
    needed, there = training_memory(typed, spec), memory.machine_memory()
    if needed is None or there is None or needed.total <= there or spec.fit is None:
        return ()
    message = f"training needs about {show_bytes(needed.total)} of memory, and this machine has {show_bytes(there)}"
    by_batch = needed.activations >= max(needed.weights, needed.data)
    at = spec.fit.spans.get("batch_size", spec.fit.span) if by_batch else spec.model.span
    return (Diagnostic("W518", message, at, _help(needed)),)


def _help(needed: TrainingMemory) -> str:
    parts = {"a smaller batch": needed.activations, "fewer parameters": needed.weights, "fewer examples": needed.data}
    most = max(parts, key=lambda part: parts[part])
    listed = (needed.weights, needed.activations, needed.data)
    weights, activations, data = map(show_bytes, listed)
    return f"{most}: {weights} are weights with gradients, {activations} a batch's activations, {data} the data"

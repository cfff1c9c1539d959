"""Layers given as another layer's activation that bring weights or chance of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mnistspec.calls import Call, Value
from mnistspec.diagnostics import Diagnostic
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph

_ARGUMENTS = ("activation", "recurrent_activation")
# Layers that only compute; an activation function with arguments is written as one of the first four.
_FUNCTIONS = frozenset(["ReLU", "LeakyReLU", "ELU", "Softmax", "Activation", "Identity"])


def inner_activation(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """Keras trains such weights and cannot load them into a model built anew: a run could not be proven."""
    calls = (node.call for node in typed.graph.nodes if node.call is not None)
    return tuple(found for call in calls for found in _of(call))


def _of(call: Call) -> Iterator[Diagnostic]:
    for name, value in call.arguments.items():
        for inner in _calls(value):
            if name in _ARGUMENTS and inner.facts.namespace == "layers" and inner.name not in _FUNCTIONS:
                message = f"`{inner.name}` is more than a function, which an activation of `{call.name}` cannot be"
                yield Diagnostic("E204", message, inner.span, f"make it a layer of its own: `- {inner.name}`")
            if inner.arguments:
                yield from _of(inner)


def _calls(value: Value) -> Iterable[Call]:
    if isinstance(value, Call):
        return (value,)
    return [call for item in value for call in _calls(item)] if isinstance(value, tuple) else ()

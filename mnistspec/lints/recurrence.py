"""Recurrent layers in a form that a GPU's fast kernel does not have."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.calls import Call, Value, is_complete
from mnistspec.diagnostics import Diagnostic
from mnistspec.source import Span
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph

# What the kernel computes, by the layer's arguments; with any other value Keras takes the slow way.
_LSTM: dict[str, Value] = {
    "activation": "tanh", "recurrent_activation": "sigmoid", "recurrent_dropout": 0, "unroll": False, "use_bias": True,
}  # fmt: skip
_FAST = {"LSTM": _LSTM, "GRU": {**_LSTM, "reset_after": True}}
# A cell in `RNN` never takes it; the layer of its own does the same.
_LAYER_OF = {"LSTMCell": "LSTM", "GRUCell": "GRU"}
# Arguments that hold the layers inside a layer.
_INSIDE = ("layer", "backward_layer", "layers")


def recurrence(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """A note, not a warning: the numbers are as good, and without a GPU the time is the same."""
    classes = [name for name, nodes in typed.by_class.items() if _may_recur(nodes[0].call)]
    return tuple(found for node in typed.of_classes(classes) for found in _of(node.call, node.name))


def _may_recur(call: Call | None) -> bool:
    """Whether layers of this one's class are recurrent, or hold others that may be."""
    return call is not None and (
        call.name in _FAST or call.name == "RNN" or any(name in call.facts.arguments for name in _INSIDE)
    )


def _of(value: Value, name: str) -> Iterator[Diagnostic]:
    if isinstance(value, tuple):
        for item in value:
            yield from _of(item, name)
    if not isinstance(value, Call) or not is_complete(value):
        return
    if value.name in _FAST and value.argument("use_cudnn") is not False:
        yield from _slow(value, name, _FAST[value.name])
    if value.name == "RNN" and value.argument("unroll") is False:
        yield from _cell(value.argument("cell"), name, value.span)
    for inside in _INSIDE:
        yield from _of(value.argument(inside), name)


def _slow(call: Call, name: str, fast: dict[str, Value]) -> Iterator[Diagnostic]:
    other = _others(call, fast)
    if not other:
        return
    wanted = ", ".join(f"`{argument}: {_word(fast[argument])}`" for argument in other)
    message = f"`{name}` cannot use the fast kernel that a GPU has for `{call.name}`"
    yield Diagnostic("I903", message, call.span_of(other[0]), f"that needs {wanted}")


def _cell(cell: Value, name: str, span: Span) -> Iterator[Diagnostic]:
    layer = _LAYER_OF.get(cell.name) if isinstance(cell, Call) else None
    if isinstance(cell, Call) and layer is not None and not _others(cell, _FAST[layer]):
        message = f"`{name}` cannot use the fast kernel that a GPU has for `{layer}`"
        yield Diagnostic("I903", message, span, f"write `{layer}`, which does the same as `RNN` of `{cell.name}`")


def _others(call: Call, fast: dict[str, Value]) -> list[str]:
    """The arguments that are not as the kernel has them."""
    known = [name for name in fast if name in call.facts.arguments]
    return [name for name in known if _plain(call.argument(name)) != fast[name]]


def _plain(value: Value) -> Value:
    """The name of an activation without arguments; any other value as it is."""
    return value.name if isinstance(value, Call) and not value.arguments else value


def _word(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

"""A bias right before a batch normalization, which takes it away again."""

from __future__ import annotations

from collections.abc import Iterator

from mnistspec.calls import Call
from mnistspec.diagnostics import Diagnostic, Fix, Related
from mnistspec.graph import GraphNode
from mnistspec.lints.activations import activation_of
from mnistspec.lints.links import pairs, users
from mnistspec.source import Span
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph

_CHANNELS_LAST = (None, "channels_last")


def needless_bias(typed: TypedGraph, spec: Spec) -> tuple[Diagnostic, ...]:
    """The mean that is subtracted holds the bias, and `beta` comes in its place: parameters that learn nothing."""
    found = pairs(typed, ("BatchNormalization",))
    if not typed.graph.complete or not found:
        return ()
    given = {port.node for port in typed.graph.outputs}
    used = users(typed)
    alone = (pair for pair in found if used[pair[0].name] == 1 and pair[0].name not in given)
    return tuple(each for first, second in alone for each in _of(typed, first, second))


def _of(typed: TypedGraph, first: GraphNode, second: GraphNode) -> Iterator[Diagnostic]:
    if not _takes_it_away(typed, first, second) or first.call is None or not _has_plain_bias(first.call):
        return
    related = (Related(f"`{second.name}` subtracts the mean", second.span),)
    message = f"the bias of `{first.name}` is taken away by the normalization after it"
    where = first.call.span_of("use_bias")
    yield Diagnostic("W511", message, where, "add `use_bias: false`", related, _fix(first.call))


def _has_plain_bias(call: Call) -> bool:
    """Whether the layer adds a bias along its last axis, and nothing comes after that."""
    return (
        call.argument("use_bias") is True
        and "bias_initializer" in call.facts.arguments
        and activation_of(call) == "linear"
        and call.argument("data_format") in _CHANNELS_LAST
    )


def _takes_it_away(typed: TypedGraph, first: GraphNode, second: GraphNode) -> bool:
    """Whether the second layer normalizes each entry of the last axis over the batch, and adds a bias of its own.

    A frozen one, or one called as for prediction, subtracts a fixed number, which the bias then moves.
    """
    call, shape = second.call, typed.inferred[first.name].outputs[0].shape
    if call is None or not call.complete or shape is None:
        return False
    frozen = call.argument("trainable") is False or second.call_arguments.get("training") is False
    return call.argument("axis") in (-1, len(shape) - 1) and call.argument("center") is True and not frozen


def _fix(call: Call) -> Fix | None:
    """`use_bias: false` in place of what is written, or after the last argument of a map in braces."""
    if "use_bias" in call.spans:
        return Fix(call.spans["use_bias"], "false")
    if not call.spans:
        return None
    last = max(call.spans.values(), key=lambda span: span.end)
    following = last.source.text[last.end : last.end + 100].lstrip()
    return Fix(Span(last.source, last.end, last.end), ", use_bias: false") if following.startswith("}") else None

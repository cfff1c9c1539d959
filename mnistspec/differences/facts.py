"""A model's layers as a comparison sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mnistspec.catalogue import load
from mnistspec.differences.settling import is_counted, settled
from mnistspec.exporters.resolved import from_value, plain_value
from mnistspec.frozen import dataclass
from mnistspec.graph import GraphNode
from mnistspec.typed import TypedGraph


@dataclass(frozen=True)
class LayerFacts:
    """A layer: every argument, what it is called on, and what it returns and costs (None: not known).

    `settled` are the arguments in one of the forms that mean the same. `shapes` are those of its outputs, each with the
    batch; `sources` names the nodes it reads, in order.
    """

    name: str
    # The name in Keras, which has no `/`, inside the model that the layer belongs to.
    known_as: str
    layer: str
    arguments: Mapping[str, Any]
    settled: Mapping[str, Any]
    from_: Any
    sources: tuple[str, ...]
    shapes: tuple[tuple[int | None, ...] | None, ...]
    params: int | None
    trainable_params: int | None
    flops: int | None
    is_output: bool
    # Whether it is another call of a layer, of which Keras keeps no name.
    again: bool = False
    # The nested model that it belongs to; empty for the model itself.
    inside: str = ""

    @property
    def own_name(self) -> str:
        """The name inside the model that it belongs to."""
        return self.name.removeprefix(f"{self.inside}/")

    @property
    def has_own_name(self) -> bool:
        """Whether somebody named it: not by its class and a number, nor by the layer that is called again."""
        if self.again:
            return False
        return not is_counted(self.name.rpartition("/")[2], self.layer)


def layers_of(typed: TypedGraph, *, used: bool = False) -> tuple[LayerFacts, ...]:
    """The layers of a model in the order in which they are built, those of a nested model after it: `outer/inner`.

    With `used` those alone that an output needs, as a built model has them.
    """
    return tuple(_layers(typed, "", used))


def _layers(typed: TypedGraph, inside: str, used: bool) -> Iterator[LayerFacts]:
    for node in typed.used if used else typed.graph.nodes:
        facts = _facts(typed, node, inside)
        yield facts
        if node.model is not None and node.shares is None:
            yield from _layers(typed.nested[node.name], facts.name, used)


def _facts(typed: TypedGraph, node: GraphNode, inside: str) -> LayerFacts:
    assert node.call is not None, "a valid spec knows its layers"
    prefix = f"{inside}/" if inside else ""
    found = typed.inferred[node.name]
    known = found.trainable is not None and found.non_trainable is not None
    facts, given = node.call.facts, node.call.arguments
    names = [name for name, one in facts.arguments.items() if name != "name" and (one.tensor is None or name in given)]
    arguments = {name: plain_value(node.call.argument(name), Path()) for name in names}
    if node.call_arguments:
        arguments["call"] = plain_value(node.call_arguments, Path())
    return LayerFacts(
        name=prefix + node.name,
        known_as=typed.graph.keras_names[node.name],
        # One name for each operation of Keras, which several functions may make: `ops.abs` and `ops.absolute`.
        layer=load()["ops"].by_operation.get(facts.operation, facts).name if facts.operation else node.call.name,
        arguments=arguments,
        settled=settled(facts, arguments),
        from_=from_value(node),
        sources=tuple(prefix + port.node for port in node.sources()),
        shapes=tuple(tensor.shape for tensor in found.outputs),
        params=(found.trainable or 0) + (found.non_trainable or 0) if known else None,
        trainable_params=found.trainable,
        flops=found.flops,
        is_output=any(port.node == node.name for port in typed.graph.outputs),
        again=node.shares is not None,
        inside=inside,
    )

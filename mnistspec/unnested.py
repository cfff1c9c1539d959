"""A model with the layers of its nested models in place, for what looks at layers one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from mnistspec.calls import Call
from mnistspec.graph import GraphNode, Port, all_followed, followed
from mnistspec.shapes.base import Inferred
from mnistspec.shapes.sizes import product
from mnistspec.typed import TypedGraph
from mnistspec.wrapping import wrapped


def unnested(typed: TypedGraph) -> TypedGraph:
    """The same layers and connections in one graph: those of a nested model are named `outer/inner`.

    The layer that gives the only output of a nested model bears the model's own name, as the rest of the spec has it.
    A nested model of which a mistake hides the shapes stays as it is.
    """
    if not typed.nested:
        return typed
    work = _Unnesting(typed)
    graph = replace(typed.graph, nodes=tuple(work.nodes()))
    return TypedGraph(graph, {**typed.inferred, **work.inferred}, typed.inputs)


@dataclass
class _Unnesting:
    """The unnesting of one model, under way. By the name of a nested model, `names` has those of its layers, and
    `leads` what gives its outputs.
    """

    typed: TypedGraph
    inferred: dict[str, Inferred] = field(default_factory=dict)
    names: dict[str, Mapping[str, str]] = field(default_factory=dict)
    leads: dict[str, tuple[Port, ...]] = field(default_factory=dict)

    def nodes(self) -> Iterator[GraphNode]:
        for node in self.typed.graph.nodes:
            if node.name in self.typed.nested and node.call is not None and node.call.model is None:
                yield from self.wrapped(node, unnested(self.typed.nested[node.name]))
            elif node.name in self.typed.nested and node.inputs:
                yield from self.inside(node, unnested(self.typed.nested[node.name]))
                yield from self.gathered(node)
            else:
                yield _connected(node, self.led)

    def wrapped(self, node: GraphNode, inner: TypedGraph) -> Iterator[GraphNode]:
        """The nodes of a model inside a layer, at one step but for their cost, and after them the layer, which costs
        no more.
        """
        yield from self.inside(replace(node, inputs=(node.first(),)), inner)
        for name in self.names[node.name].values():
            one = self.inferred.get(name)
            if one is not None:
                self.inferred[name] = replace(one, flops=product((one.flops, *self.typed.steps(node))))
        leads = self.leads.pop(node.name)
        self.inferred[node.name] = replace(self.typed.inferred[node.name], trainable=0, non_trainable=0, flops=0)
        yield replace(node, inputs=leads, named={}, single=True, call_arguments={}, shares=None, model=None)

    def inside(self, node: GraphNode, inner: TypedGraph) -> Iterator[GraphNode]:
        """The nodes of a nested model, connected to what it is called on."""
        names = self.names[node.name] = _names(node, inner)
        given = {one.name: self.given(node, place) for place, one in enumerate(inner.graph.inputs)}

        def follow(port: Port) -> Port:
            return given[port.node] if port.node in given else replace(port, node=names[port.node])

        self.leads[node.name] = tuple(map(follow, inner.graph.outputs))
        owners = self.names.get(node.shares or "")
        for each in inner.used:
            one, shares = inner.inferred[each.name], names[each.shares] if each.shares is not None else None
            if owners is not None:
                one, shares = replace(one, trainable=0, non_trainable=0), owners[each.shares or each.name]
            self.inferred[names[each.name]] = one
            call, arguments = _as_trained(each.call, node.call), {**node.call_arguments, **each.call_arguments}
            own = replace(each, name=names[each.name], call=call, call_arguments=arguments, shares=shares)
            yield _connected(own, follow)

    def gathered(self, node: GraphNode) -> Iterator[GraphNode]:
        """A nested model of several outputs, where the model ends in it: a node that costs nothing and gives them."""
        ends = any(port.node == node.name for port in self.typed.graph.outputs)
        if ends and node.name not in self.names[node.name].values():
            inferred = self.typed.inferred[node.name]
            self.inferred[node.name] = replace(inferred, trainable=0, non_trainable=0, flops=0)
            leads = self.leads[node.name]
            yield replace(node, inputs=leads, single=len(leads) == 1, call_arguments={}, shares=None, model=None)

    def given(self, node: GraphNode, place: int) -> Port:
        """What an input of a nested model is given: a node of its own, or one output of a node that gives all."""
        ports = node.sources()
        if len(ports) > place:
            return self.led(ports[place])
        return self.led(replace(ports[0], output=place))

    def led(self, port: Port) -> Port:
        """What gives the tensor that a port carries, once nested models are taken apart."""
        several, place = self.leads.get(port.node, ()), port.output or 0
        one_of_them = place < len(several) and (port.output is not None or len(several) == 1)
        return replace(several[place], span=port.span) if one_of_them else port


def _names(node: GraphNode, inner: TypedGraph) -> dict[str, str]:
    names = {each.name: f"{node.name}/{each.name}" for each in inner.graph.nodes}
    outputs = inner.graph.outputs
    is_model = node.call is not None and node.call.model is not None
    if is_model and len(outputs) == 1 and outputs[0].node in names and outputs[0].output is None:
        names[outputs[0].node] = node.name
    return names


def _connected(node: GraphNode, follow: Callable[[Port], Port]) -> GraphNode:
    """The node, reading what `follow` says in place of what it reads."""
    inputs = tuple(followed(one, follow) for one in node.inputs)
    return replace(node, inputs=inputs, named=all_followed(node.named, follow), model=None)


def _as_trained(call: Call | None, outer: Call | None) -> Call | None:
    """The layer as the nested model around it leaves it: not trained where that is not."""
    around = wrapped(outer) if outer is not None else ()
    frozen = next((one for one in around if one.argument("trainable") is False), None)
    if call is None or frozen is None:
        return call
    spans = {**call.spans, "trainable": frozen.span_of("trainable")}
    return replace(call, arguments={**call.arguments, "trainable": False}, spans=spans)

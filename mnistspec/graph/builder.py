"""Builds the graph: names every layer, connects it to what `from` says, and orders the nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.diagnostics import Diagnostic, Fix, Related
from mnistspec.graph.functions import bound
from mnistspec.graph.naming import array_for, stem_of
from mnistspec.graph.order import cycle_in, in_order
from mnistspec.graph.parts import GraphNode, Port
from mnistspec.graph.sharing import Owners
from mnistspec.hints import Hint, hint
from mnistspec.source import Span
from mnistspec.spec import InputSpec, LayerSpec, ModelSpec, Reference

_INDEX = re.compile(r"[0-9]{1,6}")
# Of more nodes than these a message names the first and counts the rest.
_LISTED = 20


class Builder:
    """Makes one graph from a model as written, and collects what is wrong with it in `diagnostics`."""

    def __init__(self, model: ModelSpec) -> None:
        self.model = model
        self.sequential = model.kind == "sequential"
        self.hidden = any(layer.hidden for layer in model.layers)
        self.diagnostics: list[Diagnostic] = []
        self.known: dict[str, Span | None] = {}
        # How many references led nowhere: only the first few are compared with every name.
        self.unknown = 0

    def report(
        self,
        code: str,
        message: str,
        span: Span | None,
        help: str | None = None,
        *related: Related,
        fix: Fix | None = None,
    ) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help, related, fix))

    def inputs(self, model: ModelSpec, facts: DataFacts | None, *, has_data: bool) -> tuple[InputSpec, ...]:
        """The inputs as written, shapes left out taken from the data."""
        if model.inputs is None:
            if facts is None and not has_data:
                self.report("E405", "nothing says what shape the model's input has", model.span,
                            "add `input: {shape: [...]}`, or a `data:` section whose shape is known")  # fmt: skip
            known = facts.x if facts is not None else {"x": ArrayFacts(None, None)}
            names = dict.fromkeys(known, "input") if len(known) == 1 else {name: name for name in known}
            if self.sequential and len(known) > 1:
                self.report("E404", f"a sequential model has one input, and the data has {len(known)}", model.span,
                            "write `kind: functional`")  # fmt: skip
            return tuple(InputSpec(names[name], array.shape, array.dtype) for name, array in known.items())
        count = len(model.inputs)
        return tuple(self.completed(given, facts, count, has_data=has_data) for given in model.inputs)

    def completed(self, given: InputSpec, facts: DataFacts | None, count: int, *, has_data: bool) -> InputSpec:
        if given.shape is not None or not given.complete:
            return given
        array = array_for(given.name, facts, count) if facts is not None else None
        if array is None:
            if not has_data:
                message = f"nothing says what shape the input `{given.name}` has"
                self.report("E405", message, given.span, "give it a `shape`")
            return given
        return replace(given, shape=array.shape, dtype=given.dtype or array.dtype)

    def nodes(self, inputs: tuple[InputSpec, ...]) -> tuple[GraphNode, ...]:
        if not self.model.layers:
            self.report("E406", "the model has no layers", self.model.span, "add one under `layers:`")
        for given in inputs:
            self.known[given.name] = given.span
        names = self.names(inputs)
        owners = Owners(self.report, dict(zip(names, self.model.layers, strict=True)), hidden=self.hidden)
        before = inputs[0].name if inputs else None
        nodes: list[GraphNode] = []
        for name, layer in zip(names, self.model.layers, strict=True):
            self.known.setdefault(name, layer.name_span or layer.span)
        for name, layer in zip(names, self.model.layers, strict=True):
            nodes.append(self.node(name, owners.resolved(layer), before))
            before = name
        return tuple(nodes)

    def names(self, inputs: tuple[InputSpec, ...]) -> list[str]:
        """The layers' names; those without one, or whose name is taken, get Keras' style of name."""
        taken: dict[str, Span | None] = {given.name: given.span for given in inputs}
        own: list[str | None] = []
        for layer in self.model.layers:
            own.append(self.own_name(layer, taken))
            if layer.name is not None:
                taken.setdefault(layer.name, layer.name_span)
        counts: dict[str, int] = {}
        return [
            name or self.fresh_name(layer, taken, counts) for name, layer in zip(own, self.model.layers, strict=True)
        ]

    def own_name(self, layer: LayerSpec, taken: Mapping[str, Span | None]) -> str | None:
        """The name as written; None where there is none, or after reporting that another node has it."""
        if layer.name is None or layer.name not in taken:
            return layer.name
        first = taken[layer.name]
        related = (Related("first used here", first),) if first is not None else ()
        message = f"the name `{layer.name}` is taken"
        self.report("E402", message, layer.name_span, "give each node a name of its own", *related)
        return None

    def fresh_name(self, layer: LayerSpec, taken: dict[str, Span | None], counts: dict[str, int]) -> str:
        """`dense`, then `dense_1` and so on; `counts` remembers how far each stem has come.

        A layer that is called again gives its own name to its other calls, numbered from 1.
        """
        stem = layer.shares.text if layer.shares is not None else _stem(layer)
        name, count = stem, counts.get(stem, 0)
        if layer.shares is not None and not count:
            name, count = f"{stem}_1", 1
        while name in taken:
            count += 1
            name = f"{stem}_{count}"
        counts[stem] = count
        taken[name] = layer.span
        return name

    def node(self, name: str, layer: LayerSpec, before: str | None) -> GraphNode:
        if self.sequential:
            self.check_sequential(layer)
        call = layer.call
        inputs: tuple[Port, ...] = ()
        named: Mapping[str, Port | tuple[Port, ...]] = {}
        single = True
        if layer.from_ is None or self.sequential:
            inputs = (Port(before, None, layer.span),) if before is not None else ()
        elif isinstance(layer.from_, tuple):
            ports = [self.port(reference) for reference in layer.from_]
            inputs, single = tuple(port for port in ports if port is not None), layer.single
            call = call if len(inputs) == len(ports) else None
        else:
            found = {argument: self.ports(value) for argument, value in layer.from_.items()}
            named = {argument: ports for argument, ports in found.items() if ports is not None}
            call = call if self.named_well(layer) and len(named) == len(found) else None
        if call is not None and call.facts.tensors:
            bound_to = bound(self.report, layer, inputs, named)
            call, inputs, named = (call, (), bound_to) if bound_to is not None else (None, (), {})
            single = True
        shares = layer.shares.text if layer.shares is not None and call is not None else None
        return GraphNode(name, call, inputs, named, single, layer.call_arguments, layer.span, layer.call_spans, shares)

    def check_sequential(self, layer: LayerSpec) -> None:
        if layer.call is not None and layer.call.facts.tensors:
            self.report("E404", "a sequential model consists of layers, and this is a function", layer.span,
                        "write `kind: functional`")  # fmt: skip
        if layer.shares is not None:
            self.report("E404", "a sequential model calls each of its layers once", layer.span,
                        "write `kind: functional` to share a layer")  # fmt: skip
        if layer.from_ is not None:
            self.report("E404", "in a sequential model each layer follows the one before, without `from`",
                        layer.from_spans.get("", layer.span), "remove `from`, or write `kind: functional`")  # fmt: skip
        if layer.call_arguments:
            span = layer.call_spans.get("", layer.span)
            self.report("E404", "a sequential model calls its layers without arguments", span,
                        "remove `call`, or write `kind: functional`")  # fmt: skip

    def named_well(self, layer: LayerSpec) -> bool:
        """Whether `from` names call arguments that the layer has, its first among them; reports it where not."""
        if layer.call is None or not isinstance(layer.from_, Mapping):
            return True
        known = (layer.call.facts.first_argument, *layer.call.facts.call_arguments)
        unknown = [name for name in layer.from_ if name not in known]
        for name in unknown:
            span = layer.from_spans.get(name, layer.span)
            near = hint(name, known, span) or Hint(f"it has {', '.join(f'`{other}`' for other in known)}")
            message = f"a call of `{layer.call.name}` has no argument `{name}`"
            self.report("E408", message, span, near.help, fix=near.fix)
        if unknown or known[0] in layer.from_ or layer.call.facts.tensors:
            return not unknown
        message = f"a call of `{layer.call.name}` needs `{known[0]}`, what the layer is called on"
        self.report("E408", message, layer.from_spans.get("", layer.span), f"add `{known[0]}: ...`")
        return False

    def ports(self, value: Reference | tuple[Reference, ...]) -> Port | tuple[Port, ...] | None:
        if isinstance(value, Reference):
            return self.port(value)
        found = tuple(self.port(reference) for reference in value)
        kept = tuple(port for port in found if port is not None)
        return kept if len(kept) == len(found) else None

    def port(self, reference: Reference) -> Port | None:
        """The port a reference means: a node's whole name first, then `name.index`."""
        if reference.text in self.known:
            return Port(reference.text, None, reference.span)
        name, dot, index = reference.text.rpartition(".")
        if dot and name in self.known and _INDEX.fullmatch(index):
            return Port(name, int(index), reference.span)
        if self.hidden:
            # A layer that a mistake hides may be, or may contain, the node that is meant.
            return None
        self.unknown += 1
        near = self.near_node(reference) if self.unknown <= _LISTED else None
        help, fix = (near.help, near.fix) if near else (None, None)
        self.report("E401", f"there is no node `{reference.text}`", reference.span, help, fix=fix)
        return None

    def near_node(self, reference: Reference) -> Hint:
        return hint(reference.text, self.known, reference.span) or Hint(f"there are: {_listed(list(self.known))}")

    def outputs(self, model: ModelSpec, nodes: tuple[GraphNode, ...]) -> tuple[Port, ...]:
        if "outputs" in model.hidden:
            return ()
        if model.outputs is None:
            return (Port(nodes[-1].name, None, nodes[-1].span),) if nodes else ()
        if self.sequential:
            self.report("E404", "a sequential model's output is its last layer's", model.outputs[0].span,
                        "remove `outputs`, or write `kind: functional`")  # fmt: skip
            return ()
        ports = tuple(port for port in map(self.port, model.outputs) if port is not None)
        for index, port in enumerate(ports):
            if str(port) in map(str, ports[:index]):
                self.report("E402", f"the output `{port}` is listed twice", port.span, "list it once")
        return ports

    def in_order(self, nodes: tuple[GraphNode, ...]) -> tuple[GraphNode, ...] | None:
        """The nodes as they can be built. None, after reporting it, where there is a cycle."""
        ordered = in_order(nodes)
        # Where a mistake hides a layer, a name may have come to mean another node than it should.
        if ordered is None and not self.hidden:
            self.report_cycle(cycle_in(nodes))
        return ordered

    def report_cycle(self, cycle: list[GraphNode]) -> None:
        shown = " -> ".join(f"`{node.name}`" for node in cycle[:_LISTED])
        shown += f" -> ... -> `{cycle[-1].name}`" if len(cycle) > _LISTED else ""
        related = tuple(Related(f"`{node.name}` stands here", node.span) for node in cycle[1:-1][:_LISTED])
        self.report("E403", f"nodes that need each other's output: {shown}", cycle[0].span,
                    "let one of them take its input from elsewhere", *related)  # fmt: skip

    def unused(
        self, inputs: tuple[InputSpec, ...], nodes: tuple[GraphNode, ...] | None, outputs: tuple[Port, ...]
    ) -> frozenset[str]:
        """What no output needs, each said once; nothing where another mistake may be the reason."""
        if nodes is None or self.diagnostics or self.model.hidden or any(node.call is None for node in nodes):
            return frozenset()
        needed = {port.node for port in outputs}
        for node in reversed(nodes):
            if node.name in needed:
                needed.update(node.needs())
        for node in nodes:
            if node.name not in needed:
                message = f"no output of the model needs `{node.name}`"
                self.report("W506", message, node.span, "remove it, or list it in `outputs`")
        for given in inputs:
            if given.name not in needed:
                self.report("W506", f"no output of the model needs the input `{given.name}`", given.span, "remove it")
        return frozenset(node.name for node in nodes if node.name not in needed)


def _stem(layer: LayerSpec) -> str:
    return stem_of(layer.call) if layer.call is not None else "unknown"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(f"`{name}`" for name in names[:_LISTED]) + more

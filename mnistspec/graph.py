"""The graph: layers named, connected, in an order that can be built; inputs from the text or from the data's facts."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.diagnostics import Diagnostic, Outcome, Related
from mnistspec.source import Span
from mnistspec.spec import Call, InputSpec, LayerSpec, ModelSpec, Reference, Spec, Value
from mnistspec.suggest import suggest

_INDEX = re.compile(r"[0-9]{1,6}")
# Of more nodes than these a message names the first and counts the rest.
_LISTED = 20


@dataclass(frozen=True)
class Port:
    """What a node gives: one of its outputs, or with `output` None all that it returns."""

    node: str
    output: int | None = None
    span: Span | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.node if self.output is None else f"{self.node}.{self.output}"


@dataclass(frozen=True)
class GraphNode:
    """A layer and what it is called on: `inputs` in order, `named` by call argument.

    `single` tells a call on one tensor from a call on a list. `call` is None where a mistake hides the layer.
    """

    name: str
    call: Call | None
    inputs: tuple[Port, ...]
    named: Mapping[str, Port | tuple[Port, ...]]
    single: bool
    call_arguments: Mapping[str, Value]
    span: Span = field(compare=False)
    call_spans: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)

    def sources(self) -> Iterable[Port]:
        """Every port the node reads."""
        yield from self.inputs
        for value in self.named.values():
            yield from value if isinstance(value, tuple) else (value,)


@dataclass(frozen=True)
class Graph:
    """A model's graph. `nodes` stand in the order in which they are built: as listed, sources before their users.

    `unused` names the nodes that no output needs; they are checked, not built. `precision` is the dtype policy.
    """

    kind: str
    name: str
    inputs: tuple[InputSpec, ...]
    nodes: tuple[GraphNode, ...]
    outputs: tuple[Port, ...]
    unused: frozenset[str] = frozenset()
    precision: str = "float32"
    facts: DataFacts | None = field(default=None, compare=False, repr=False)

    @cached_property
    def _by_name(self) -> dict[str, GraphNode]:
        return {node.name: node for node in self.nodes}

    def node(self, name: str) -> GraphNode:
        """The node of that name. Raises: KeyError."""
        return self._by_name[name]


def build_graph(spec: Spec, facts: DataFacts | None) -> Outcome[Graph]:
    """The spec's model as a graph. `facts` are the prepared data's, None where there is no data or no knowing."""
    builder = _Builder(spec.model)
    inputs = builder.inputs(spec.model, facts, has_data="data" in spec.spans)
    nodes = builder.nodes(inputs)
    ordered = builder.in_order(nodes)
    outputs = builder.outputs(spec.model, nodes)
    unused = builder.unused(inputs, ordered, outputs)
    if not nodes or ordered is None:
        return Outcome(None, tuple(builder.diagnostics))
    precision = spec.compile.precision if spec.compile is not None else "float32"
    graph = Graph(spec.model.kind, spec.name, inputs, ordered, outputs, unused, precision, facts)
    return Outcome(graph, tuple(builder.diagnostics))


def snake_case(class_name: str) -> str:
    """Keras' style of name for a layer without one: `MaxPooling2D` is `max_pooling2d`."""
    parted = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", class_name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", parted).lower()


def input_from_facts(name: str, facts: ArrayFacts) -> InputSpec:
    return InputSpec(name, facts.shape, facts.dtype)


class _Builder:
    def __init__(self, model: ModelSpec) -> None:
        self.model = model
        self.sequential = model.kind == "sequential"
        self.hidden = any(layer.call is None for layer in model.layers)
        self.diagnostics: list[Diagnostic] = []
        self.known: dict[str, Span | None] = {}
        # How many references led nowhere: only the first few are compared with every name.
        self.unknown = 0

    def report(self, code: str, message: str, span: Span | None, help: str | None = None, *related: Related) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help, related))

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
            return tuple(input_from_facts(names[name], array) for name, array in known.items())
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
        before = inputs[0].name if inputs else None
        nodes: list[GraphNode] = []
        for name, layer in zip(names, self.model.layers, strict=True):
            self.known.setdefault(name, layer.name_span or layer.span)
        for name, layer in zip(names, self.model.layers, strict=True):
            nodes.append(self.node(name, layer, before))
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
        """`dense`, then `dense_1` and so on; `counts` remembers how far each stem has come."""
        stem = snake_case(layer.call.name) if layer.call is not None else "unknown"
        name, count = stem, counts.get(stem, 0)
        while name in taken:
            count += 1
            name = f"{stem}_{count}"
        counts[stem] = count
        taken[name] = layer.span
        return name

    def node(self, name: str, layer: LayerSpec, before: str | None) -> GraphNode:
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
        return GraphNode(name, call, inputs, named, single, layer.call_arguments, layer.span, layer.call_spans)

    def check_sequential(self, layer: LayerSpec) -> None:
        if not self.sequential:
            return
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
            near = suggest(name, known)
            help = f"did you mean `{near}`?" if near else f"it has {', '.join(f'`{other}`' for other in known)}"
            message = f"a call of `{layer.call.name}` has no argument `{name}`"
            self.report("E408", message, layer.from_spans.get(name, layer.span), help)
        if unknown or known[0] in layer.from_:
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
        help = self.near_node(reference.text) if self.unknown <= _LISTED else None
        self.report("E401", f"there is no node `{reference.text}`", reference.span, help)
        return None

    def near_node(self, name: str) -> str:
        near = suggest(name, self.known)
        return f"did you mean `{near}`?" if near else f"there are: {_listed(list(self.known))}"

    def outputs(self, model: ModelSpec, nodes: tuple[GraphNode, ...]) -> tuple[Port, ...]:
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
        """Sources before their users, and otherwise as listed. None, after reporting it, where there is a cycle."""
        index = {node.name: position for position, node in enumerate(nodes)}
        waiting = [{index[p.node] for p in node.sources() if p.node in index} for node in nodes]
        users: list[list[int]] = [[] for _ in nodes]
        for position, sources in enumerate(waiting):
            for source in sources:
                users[source].append(position)
        ready = [position for position, sources in enumerate(waiting) if not sources]
        heapq.heapify(ready)
        ordered: list[GraphNode] = []
        while ready:
            position = heapq.heappop(ready)
            ordered.append(nodes[position])
            for user in users[position]:
                waiting[user].discard(position)
                if not waiting[user]:
                    heapq.heappush(ready, user)
        if len(ordered) == len(nodes):
            return tuple(ordered)
        if not self.hidden:
            # Where a mistake hides a layer, a name may have come to mean another node than it should.
            self.report_cycle(nodes, waiting)
        return None

    def report_cycle(self, nodes: tuple[GraphNode, ...], waiting: list[set[int]]) -> None:
        """One cycle in the direction of the data, however many nodes wait for it."""
        position = next(index for index, sources in enumerate(waiting) if sources)
        trail: dict[int, None] = {}
        while position not in trail:
            trail[position] = None
            position = min(waiting[position])
        steps = list(trail)
        cycle = [nodes[step] for step in [*steps[steps.index(position) :], position][::-1]]
        shown = " -> ".join(f"`{node.name}`" for node in (cycle if len(cycle) <= _LISTED else cycle[:_LISTED]))
        shown += f" -> ... -> `{cycle[-1].name}`" if len(cycle) > _LISTED else ""
        related = tuple(Related(f"`{node.name}` stands here", node.span) for node in cycle[1:-1][:_LISTED])
        self.report("E403", f"nodes that need each other's output: {shown}", cycle[0].span,
                    "let one of them take its input from elsewhere", *related)  # fmt: skip

    def unused(
        self, inputs: tuple[InputSpec, ...], nodes: tuple[GraphNode, ...] | None, outputs: tuple[Port, ...]
    ) -> frozenset[str]:
        """What no output needs, each said once; nothing where another mistake may be the reason."""
        if nodes is None or self.diagnostics or any(node.call is None for node in nodes):
            return frozenset()
        needed = {port.node for port in outputs}
        for node in reversed(nodes):
            if node.name in needed:
                needed.update(port.node for port in node.sources())
        for node in nodes:
            if node.name not in needed:
                self.report(
                    "W506",
                    f"no output of the model needs `{node.name}`",
                    node.span,
                    "remove it, or list it in `outputs`",
                )
        for given in inputs:
            if given.name not in needed:
                self.report("W506", f"no output of the model needs the input `{given.name}`", given.span, "remove it")
        return frozenset(node.name for node in nodes if node.name not in needed)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(f"`{name}`" for name in names[:_LISTED]) + more


def array_for(name: str, facts: DataFacts, count: int) -> ArrayFacts | None:
    """The array of the data that feeds an input: the one of its name, or the only one for the only input."""
    if count == 1 and len(facts.x) == 1:
        return next(iter(facts.x.values()))
    return facts.x.get(name)

"""Builds the graph: names every layer, connects it to what `from` says, and orders the nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from mnistspec.datasets.facts import ArrayFacts, DataFacts
from mnistspec.diagnostics import Outcome, Related, has_errors
from mnistspec.entries.structure import in_structure_order
from mnistspec.graph.connecting import Connecting, On
from mnistspec.graph.functions import bound
from mnistspec.graph.naming import array_for, other_each_turn, stem_of
from mnistspec.graph.order import cycle_in, in_order
from mnistspec.graph.parts import Graph, GraphNode, Port
from mnistspec.graph.placing import named_and_placed
from mnistspec.graph.scopes import Scope
from mnistspec.graph.sharing import Owners
from mnistspec.hints import LISTED
from mnistspec.source import Span
from mnistspec.spec import InputSpec, LayerSpec, ModelSpec, UseSpec
from mnistspec.wrapping import model_inside, wrapped

# Makes the graph of a nested model, given the name that it has in the model around it.
Nested: TypeAlias = "Callable[[ModelSpec, str], Outcome[Graph]]"


class Builder(Connecting):
    """Makes one graph from a model as written, and collects what is wrong with it in `diagnostics`."""

    def __init__(self, model: ModelSpec, nested: Nested) -> None:
        super().__init__(model)
        self.nested = nested

    def inputs(self, model: ModelSpec, facts: DataFacts | None, *, has_data: bool) -> tuple[InputSpec, ...]:
        """The inputs as written, shapes left out taken from the data."""
        if model.inputs is None:
            if facts is None and not has_data:
                self.no_shape(model)
            known = facts.x if facts is not None else {"x": ArrayFacts(None, None)}
            names = dict.fromkeys(known, "input") if len(known) == 1 else {name: name for name in known}
            if self.sequential and len(known) > 1:
                self.report("E404", f"a sequential model has one input, and the data has {len(known)}", model.span,
                            f"write {self.functional}")  # fmt: skip
            found = tuple(InputSpec(names[name], array.shape, array.dtype) for name, array in known.items())
            return in_structure_order(found, model.input_structure) or ()
        number = len(model.inputs)
        return tuple(self.completed(given, facts, number, has_data=has_data) for given in model.inputs)

    def no_shape(self, model: ModelSpec) -> None:
        from mnistspec.entries.not_layers import says_shape  # what only a mistake needs

        if not says_shape(model.layers):
            self.report("E405", "nothing says what shape the model's input has", model.span,
                        "add `input: {shape: [...]}`, or a `data:` section whose shape is known")  # fmt: skip

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
        """Every layer, those of used blocks in their places, each connected to what it is called on."""
        if not self.model.layers:
            self.report("E406", "the model has no layers", self.model.span, "add one under `layers:`")
        for given in inputs:
            self.top.known[given.name] = given.span
        self.name_all(self.top, self.model.layers)
        if self.top.uses:
            self.check_apart()
        return tuple(self.connected(self.top, (Port(inputs[0].name),) if inputs else (), Owners(self)))

    def name_all(self, scope: Scope, layers: Sequence[LayerSpec | UseSpec]) -> None:
        """Names the nodes of a list of layers and of the blocks used in it."""
        self.take_names(scope, len(layers))
        names = self.names(layers, dict(scope.known))
        scope.items = list(zip(names, layers, strict=True))
        for name, item in scope.items:
            scope.known.setdefault(name, item.name_span or item.span)
            if isinstance(item, UseSpec):
                inner = scope.enter(name, item)
                self.name_all(inner, item.layers)
                scope.take_in(inner)

    def check_apart(self) -> None:
        """Reports a name with `/` in it that a used block's node has as well."""
        seen: dict[str, Span] = {}
        for name, layer, _ in self.top.layers():
            place = layer.name_span or layer.span
            if name in seen:
                self.report("E402", f"the name `{name}` is taken", place, "give each node a name of its own",
                            Related("first used here", seen[name]))  # fmt: skip
                # What the name refers to is then anybody's guess.
                self.hidden = True
            seen.setdefault(name, place)

    def connected(self, scope: Scope, before: tuple[Port, ...], owners: Owners) -> Iterator[GraphNode]:
        for place, (name, item) in enumerate(scope.items):
            scope.at = place
            if isinstance(item, UseSpec):
                inner = scope.uses[name]
                inner.given = self.given(item, scope, before)
                yield from self.connected(inner, (inner.given or ())[:1], owners)
                before = self.passed_on(inner)
            else:
                yield self.node(name, owners.resolved(item, scope), before, scope)
                before = (Port(scope.prefix + name, None, item.span),)
        scope.at = None

    def passed_on(self, scope: Scope) -> tuple[Port, ...]:
        """What follows on a used block is called on: its outputs, in a sequential model the one of its last node."""
        outputs = tuple(port for port in self.outputs_of(scope) if port is not None)
        use = scope.use
        if self.sequential and use is not None and use.outputs and outputs and scope.items:
            name, item = scope.items[-1]
            last = self.passed_on(scope.uses[name]) if isinstance(item, UseSpec) else (Port(scope.prefix + name),)
            if outputs != last:
                self.report("E404", "a block in a sequential model passes on what its last node gives",
                            use.outputs[0].span, f"remove `outputs`, or write {self.functional}")  # fmt: skip
                return last
        return outputs

    def names(self, layers: Sequence[LayerSpec | UseSpec], taken: dict[str, Span | None]) -> list[str]:
        """The nodes' names; those without one, or whose name is taken, get Keras' style of name."""
        own: list[str | None] = []
        for layer in layers:
            own.append(self.own_name(layer, taken))
            if layer.name is not None:
                taken.setdefault(layer.name, layer.name_span)
        counts: dict[str, int] = {}
        return [name or self.fresh_name(layer, taken, counts) for name, layer in zip(own, layers, strict=True)]

    def own_name(self, layer: LayerSpec | UseSpec, taken: Mapping[str, Span | None]) -> str | None:
        """The name as written; None where there is none, or after reporting that another node has it."""
        if layer.name is None or layer.name not in taken:
            return layer.name
        first = taken[layer.name]
        self.taken_twice += 1
        message = f"the name `{layer.name}` is taken"
        if first is not None and first == layer.name_span:
            told = f"{message}: every turn of the repeat has it"
            self.report("E402", told, layer.name_span, other_each_turn(layer.name, first))
            return None
        related = (Related("first used here", first),) if first is not None else ()
        self.report("E402", message, layer.name_span, "give each node a name of its own", *related)
        return None

    def fresh_name(self, layer: LayerSpec | UseSpec, taken: dict[str, Span | None], counts: dict[str, int]) -> str:
        """`dense`, then `dense_1` and so on, and so by a block's name; `counts` remembers how far each has come.

        A layer that is called again gives its own name to its other calls, numbered from 1.
        """
        stem = _stem(layer)
        name, count = stem, counts.get(stem, 0)
        if isinstance(layer, LayerSpec) and layer.shares is not None and not count:
            name, count = f"{stem}_1", 1
        while name in taken:
            count += 1
            name = f"{stem}_{count}"
        counts[stem] = count
        taken[name] = layer.span
        return name

    def node(self, name: str, layer: LayerSpec, before: tuple[Port, ...], scope: Scope) -> GraphNode:
        if self.sequential:
            self.check_sequential(layer, before, scope)
        layer, placed = named_and_placed(self.report, layer)
        on = self.on_model(layer, self.on(layer, before, scope))
        model, call = self.inner(layer, name) if layer.shares is None else None, on.call
        if model is None and layer.shares is None and model_inside(layer) is not None:
            call = None
        if call is not None and call.facts.tensors:
            bound_to = bound(self.report, layer, on.inputs, on.named)
            call = call if bound_to is not None else None
            on = On(call, named=bound_to or {})
        return GraphNode(
            name=scope.prefix + name,
            call=call,
            inputs=on.inputs,
            named=on.named,
            placed=placed,
            form=on.form,
            single=on.single,
            call_arguments=layer.call_arguments,
            span=layer.span,
            call_spans=layer.call_spans,
            prefixes=scope.prefixes,
            name_span=layer.name_span,
            is_named=layer.name is not None,
            in_block=scope is not self.top,
            shares=layer.shares.text if layer.shares is not None and call is not None else None,
            identity=layer.identity,
            model=model,
        )

    def inner(self, layer: LayerSpec, name: str) -> Graph | None:
        """The graph of the model that an entry nests or wraps, if there is one; its mistakes are this model's."""
        inside = model_inside(layer)
        if inside is None:
            return None
        if layer.model is None and layer.call is not None:
            around = wrapped(layer.call)[-1]
            name = str(around.argument("name") or stem_of(around))
        found = self.nested(inside, name)
        self.diagnostics.extend(found.diagnostics)
        return found.value

    def in_order(self, nodes: tuple[GraphNode, ...]) -> tuple[GraphNode, ...] | None:
        """The nodes as they can be built. None, after reporting it, where there is a cycle."""
        ordered = in_order(nodes)
        # Where a mistake hides a layer, a name may have come to mean another node than it should.
        if ordered is None and not (self.hidden or self.unnamed):
            self.report_cycle(cycle_in(nodes))
        return ordered

    def report_cycle(self, cycle: list[GraphNode]) -> None:
        shown = " -> ".join(f"`{node.name}`" for node in cycle[:LISTED])
        shown += f" -> ... -> `{cycle[-1].name}`" if len(cycle) > LISTED else ""
        related = tuple(Related(f"`{node.name}` stands here", node.span) for node in cycle[1:-1][:LISTED])
        self.report("E403", f"nodes that need each other's output: {shown}", cycle[0].span,
                    "let one of them take its input from elsewhere", *related)  # fmt: skip

    def unused(
        self, inputs: tuple[InputSpec, ...], nodes: tuple[GraphNode, ...] | None, outputs: tuple[Port, ...]
    ) -> frozenset[str]:
        """What no output needs, each said once; nothing where another mistake may be the reason."""
        if nodes is None or any(node.call is None or not node.call.complete for node in nodes):
            return frozenset()
        if self.model.hidden or has_errors(self.diagnostics):
            return frozenset()
        needed = {port.node for port in outputs}
        for node in reversed(nodes):
            if node.name in needed:
                needed.update(node.needs())
        unused = [node for node in nodes if node.name not in needed]
        used = {node.span for node in nodes if node.name in needed} if unused else frozenset()
        for node in unused:
            # A node of a block is wanted where any of its uses wants it.
            if node.span not in used:
                message = f"no output of the model needs `{node.name}`"
                self.report("W506", message, node.span, "remove it, or list it in `outputs`")
        for given in inputs:
            if given.name not in needed:
                self.report("W506", f"no output of the model needs the input `{given.name}`", given.span, "remove it")
        return frozenset(node.name for node in unused)


def _stem(layer: LayerSpec | UseSpec) -> str:
    if isinstance(layer, UseSpec):
        return layer.block
    if layer.shares is not None:
        return layer.shares.text.rpartition("/")[2]
    return stem_of(layer.call) if layer.call is not None else "unknown"

"""Shapes: what every node returns, in shape and dtype, and what it costs in parameters and operations, without Keras."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mnistspec.diagnostics import Diagnostic, Outcome, Related
from mnistspec.graph import Graph, GraphNode, Port, array_for
from mnistspec.shapes import RULES, infer_layer
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Tensor, show
from mnistspec.source import Span
from mnistspec.spec import InputSpec

_UNKNOWN = Inferred((Tensor(None, None),), None, None, None)


@dataclass(frozen=True)
class TypedGraph:
    """A graph and what is known of each node's outputs, parameters and floating point operations an example."""

    graph: Graph
    inferred: Mapping[str, Inferred]
    inputs: Mapping[str, Tensor]

    def tensors(self, port: Port) -> tuple[Tensor, ...]:
        """What a port carries: one tensor, or all that the node returns."""
        if port.node in self.inputs:
            return (self.inputs[port.node],)
        outputs = self.inferred[port.node].outputs
        return outputs if port.output is None else outputs[port.output : port.output + 1] or (Tensor(None, None),)

    def _total(self, values: list[int | None]) -> int | None:
        known = [value for value in values if value is not None]
        return sum(known) if len(known) == len(values) else None

    @property
    def used(self) -> list[GraphNode]:
        return [node for node in self.graph.nodes if node.name not in self.graph.unused]

    @property
    def trainable(self) -> int | None:
        """Trainable parameters of the whole model; None where one layer's are unknown."""
        return self._total([self.inferred[node.name].trainable for node in self.used])

    @property
    def non_trainable(self) -> int | None:
        return self._total([self.inferred[node.name].non_trainable for node in self.used])

    @property
    def flops(self) -> int | None:
        """Floating point operations of one forward pass of one example."""
        return self._total([self.inferred[node.name].flops for node in self.used])


@dataclass
class _Inference:
    graph: Graph
    diagnostics: list[Diagnostic] = field(default_factory=list)
    inferred: dict[str, Inferred] = field(default_factory=dict)
    inputs: dict[str, Tensor] = field(default_factory=dict)

    def report(self, code: str, message: str, span: Span | None, help: str | None = None, *related: Related) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help, related))


def infer(graph: Graph) -> Outcome[TypedGraph]:
    """Every node's outputs and counts. A node that cannot be worked out is unknown, and so are its users, quietly."""
    work = _Inference(graph)
    for given in graph.inputs:
        work.inputs[given.name] = _input_tensor(given)
    _check_data(work)
    for node in graph.nodes:
        work.inferred[node.name] = _node(work, node)
    typed = TypedGraph(graph, work.inferred, work.inputs)
    _check_outputs(work, typed)
    return Outcome(typed, tuple(work.diagnostics))


def _input_tensor(given: InputSpec) -> Tensor:
    shape: Shape | None = None if given.shape is None else (given.batch_size, *given.shape)
    return Tensor(shape, given.dtype or "float32")


def _check_data(work: _Inference) -> None:
    """Declared inputs against the prepared data's shapes. Keras lets a last axis of size 1 be left out."""
    facts = work.graph.facts
    if facts is None:
        return
    for given in work.graph.inputs:
        array = array_for(given.name, facts, len(work.graph.inputs))
        if array is None:
            known = ", ".join(f"`{name}`" for name in facts.x)
            work.report("E413", f"the data has no array for the input `{given.name}`", given.span, f"it has {known}")
        elif given.shape is not None and array.shape is not None and not _feeds(array.shape, given.shape):
            message = f"the input `{given.name}` is {show(given.shape)} and the prepared data {show(array.shape)}"
            work.report("E413", message, given.span, "leave the shape out, or reshape in `data.prepare`")


def _feeds(have: Shape, want: Shape) -> bool:
    if len(have) == len(want) + 1 and have[-1] == 1:
        have = have[:-1]
    if len(want) == len(have) + 1 and want[-1] == 1:
        want = want[:-1]
    return len(have) == len(want) and all(a is None or b is None or a == b for a, b in zip(have, want, strict=True))


def _node(work: _Inference, node: GraphNode) -> Inferred:
    inputs = _inputs(work, node)
    if inputs is None or node.call is None or not node.call.complete:
        return _UNKNOWN
    if node.call.name not in RULES:
        work.report("I901", f"the output shape of `{node.call.name}` is known only to Keras", node.span)
    try:
        return infer_layer(node.call, inputs)
    except ShapeError as error:
        at = node.call.span_of(error.argument) if error.argument is not None else _place_of_inputs(node)
        work.report("E412", f"`{node.name}`: {error.message}", at, error.help, *_made_here(work, node))
        return _UNKNOWN


def _place_of_inputs(node: GraphNode) -> Span:
    """Where the inputs are named, when the layer says `from`; the layer itself when it follows the one before."""
    spans = [port.span for port in node.sources() if port.span is not None]
    return spans[0] if len(spans) == 1 else node.span


def _made_here(work: _Inference, node: GraphNode) -> tuple[Related, ...]:
    related: list[Related] = []
    for port in node.sources():
        if port.node in work.inputs:
            given = next(given for given in work.graph.inputs if given.name == port.node)
            if given.span is not None:
                related.append(
                    Related(f"`{port.node}` is {show(work.inputs[port.node].shape)}, given here", given.span)
                )
        elif port.node in work.inferred:
            outputs = work.inferred[port.node].outputs
            tensor = outputs[min(port.output or 0, len(outputs) - 1)]
            made = work.graph.node(port.node).span
            related.append(Related(f"`{port}` is {show(tensor.shape)}, made here", made))
    return tuple(related)


def _inputs(work: _Inference, node: GraphNode) -> Inputs | None:
    """What the node is called on; None where a reported mistake hides it."""
    if len(node.inputs) == 1 and node.single:
        tensors = _port_tensors(work, node.inputs[0])
        if tensors is None:
            return None
        return Inputs(tensors, {}, single=len(tensors) == 1)
    ordered = [_one_tensor(work, port) for port in node.inputs]
    named: dict[str, Tensor | tuple[Tensor, ...]] = {}
    for argument, value in node.named.items():
        if isinstance(value, tuple):
            several = [_one_tensor(work, port) for port in value]
            if any(tensor is None for tensor in several):
                return None
            named[argument] = tuple(tensor for tensor in several if tensor is not None)
        else:
            tensor = _one_tensor(work, value)
            if tensor is None:
                return None
            named[argument] = tensor
    if any(tensor is None for tensor in ordered):
        return None
    return _with_first(node, tuple(tensor for tensor in ordered if tensor is not None), named)


def _with_first(node: GraphNode, ordered: tuple[Tensor, ...], named: dict[str, Tensor | tuple[Tensor, ...]]) -> Inputs:
    """Puts a layer's first argument, when it was given by name (`query`, `sequences`), where rules expect it."""
    first = node.call.facts.first_argument if node.call is not None else None
    if ordered or first not in named:
        return Inputs(ordered, named, single=False)
    value = named.pop(first)
    return Inputs(value, named, single=False) if isinstance(value, tuple) else Inputs((value,), named)


def _port_tensors(work: _Inference, port: Port) -> tuple[Tensor, ...] | None:
    if port.node in work.inputs:
        if port.output not in (None, 0):
            work.report("E407", f"the input `{port.node}` is one tensor", port.span, f"write `{port.node}`")
            return None
        return (work.inputs[port.node],)
    outputs = work.inferred[port.node].outputs if port.node in work.inferred else (Tensor(None, None),)
    if port.output is None:
        return outputs
    if work.inferred.get(port.node) is _UNKNOWN or outputs == (Tensor(None),):
        return (Tensor(None, None),)
    if port.output >= len(outputs):
        count = "one output" if len(outputs) == 1 else f"{len(outputs)} outputs"
        help = (
            f"write `{port.node}`"
            if len(outputs) == 1
            else f"they are `{port.node}.0` to `{port.node}.{len(outputs) - 1}`"
        )
        work.report("E407", f"`{port.node}` has {count}, and there is no `{port}`", port.span, help)
        return None
    return (outputs[port.output],)


def _one_tensor(work: _Inference, port: Port) -> Tensor | None:
    tensors = _port_tensors(work, port)
    if tensors is not None and len(tensors) > 1:
        help = f"say which: `{port.node}.0` to `{port.node}.{len(tensors) - 1}`"
        work.report("E407", f"`{port.node}` has {len(tensors)} outputs", port.span, help)
        return None
    return tensors[0] if tensors else None


def _check_outputs(work: _Inference, typed: TypedGraph) -> None:
    """The model's outputs are tensors, one each; in a sequential model so is every layer's output."""
    for port in work.graph.outputs:
        _one_tensor(work, port)
    if work.graph.kind != "sequential":
        return
    for node in work.graph.nodes[:-1]:
        outputs = typed.inferred[node.name].outputs
        if len(outputs) > 1:
            message = f"`{node.name}` has {len(outputs)} outputs, and a sequential model passes on one"
            work.report("E404", message, node.span, "write `kind: functional` and say which output with `from`")

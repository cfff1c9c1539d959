"""What every node returns, in shape and dtype, and what it costs in parameters and operations, without Keras."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from mnistspec.diagnostics import Diagnostic, Outcome, Related
from mnistspec.enough import Found
from mnistspec.graph import Argument, Given, Graph, GraphNode, Port, array_for
from mnistspec.graph.as_written import with_names
from mnistspec.graph.calling import called_on, with_shapes
from mnistspec.graph.places import as_asked, place_of, place_of_inputs
from mnistspec.graph.ways_out import channels_last, every_step
from mnistspec.shapes import BUILT_FOR_RANK, frozen, has_rule, infer_layer
from mnistspec.shapes.base import Inferred, Inputs, Shape, ShapeError, Tensor, show
from mnistspec.shapes.constants import tensor_of
from mnistspec.shapes.sizes import check_possible
from mnistspec.source import Span
from mnistspec.spec import Constant, InputSpec
from mnistspec.typed import TypedGraph
from mnistspec.wrapping import wrapped

_UNKNOWN = Inferred((Tensor(None, None),), None, None, None)


@dataclass
class _Inference:
    """The inference of one graph, under way."""

    graph: Graph
    diagnostics: list[Diagnostic] = field(default_factory=Found)
    inferred: dict[str, Inferred] = field(default_factory=dict)
    inputs: dict[str, Tensor] = field(default_factory=dict)
    nested: dict[str, TypedGraph] = field(default_factory=dict)

    def report(self, code: str, message: str, span: Span | None, help: str | None = None, *related: Related) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help, related))


def infer(graph: Graph) -> Outcome[TypedGraph]:
    """Every node's outputs and counts. A node that cannot be worked out is unknown, and so are its users, quietly."""
    work = _Inference(graph)
    for given in graph.inputs:
        work.inputs[given.name] = _input_tensor(work, given)
    _check_data(work)
    for node in graph.nodes:
        work.inferred[node.name] = _node(work, node)
    for port in graph.outputs:
        _one_tensor(work, port)
    typed = TypedGraph(_with_shapes(work), work.inferred, work.inputs, work.nested)
    return Outcome(typed if graph.trainable else _frozen(typed), tuple(work.diagnostics))


def _with_shapes(work: _Inference) -> Graph:
    """The graph, its nested models with the shapes of inputs that take them from what the model is called on."""
    if not work.nested:
        return work.graph
    made = {name: typed.graph for name, typed in work.nested.items() if work.graph.node(name).model is not None}
    nodes = (replace(node, model=made[node.name]) if node.name in made else node for node in work.graph.nodes)
    return replace(work.graph, nodes=tuple(nodes))


def _input_tensor(work: _Inference, given: InputSpec) -> Tensor:
    shape: Shape | None = None if given.shape is None else (given.batch_size, *given.shape)
    tensor = Tensor(shape, given.dtype or "float32")
    try:
        check_possible((tensor,))
    except ShapeError as error:
        work.report("E412", f"the input `{given.name}`: {error.message}", given.span)
        return replace(tensor, shape=None)
    return tensor


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
            work.inputs[given.name] = replace(work.inputs[given.name], shape=None)


def _feeds(have: Shape, want: Shape) -> bool:
    if len(have) == len(want) + 1 and have[-1] == 1:
        have = have[:-1]
    if len(want) == len(have) + 1 and want[-1] == 1:
        want = want[:-1]
    return len(have) == len(want) and all(a is None or b is None or a == b for a, b in zip(have, want, strict=True))


def _node(work: _Inference, node: GraphNode) -> Inferred:
    inputs = _inputs(work, node)
    if inputs is None or node.call is None or not node.call.complete:
        if node.model is not None:
            # What it is called on is not known: only what is wrong inside is told.
            _inside(work, node.model)
        return _UNKNOWN
    if node.call.code is not None:
        _tell_of_code(work, node)
        return _UNKNOWN
    owner = work.graph.node(node.shares) if node.shares is not None else node
    if node.call.model is None and not has_rule(node.call):
        work.report("I901", f"the output shape of `{node.call.name}` is known only to Keras", node.span)
    try:
        inferred = infer_layer(
            node.call, inputs, work.graph.precision, lambda call, given: _nested(work, node, owner, given)
        )
        check_possible(inferred.outputs)
        _tell_unknown(work, node, inputs, inferred)
        if node.shares is None or owner.model is not None:
            return inferred
        return _called_again(work, node, node.shares, inputs, inferred)
    except ShapeError as error:
        at = error.span or (place_of(node, error.argument) if error.argument else place_of_inputs(node))
        help = _which_output(work, node) or _elsewhere(work, node, error)
        help = help or (with_names(error.help, node) if error.help else None)
        work.report("E412", f"`{node.name}`: {error.message}", at, help, *_made_here(work, node))
        return _UNKNOWN


def _tell_of_code(work: _Inference, node: GraphNode) -> None:
    """Once in a model: that of a layer written in Python nothing is known before it is built."""
    if all(found.code != "I901" for found in work.diagnostics):
        message = f"`{node.name}` is Python code: what comes out of such layers is known once the model is built"
        work.report("I901", message, node.span)


def _tell_unknown(work: _Inference, node: GraphNode, inputs: Inputs, inferred: Inferred) -> None:
    """Says of an application that what it gives is not known, where it is not for want of knowing its input."""
    assert node.call is not None
    inner = wrapped(node.call)[-1]
    if inner.facts.is_application and _first_shape(inputs) and inferred.outputs[0].shape is None:
        message = f"with these arguments the output shape of `{inner.name}` is known only to Keras"
        work.report("I901", message, node.span)


def _nested(work: _Inference, node: GraphNode, owner: GraphNode, inputs: Inputs) -> Inferred:
    """A nested model: made for the inputs that it says, or that it is first called on, and called on these."""
    made = work.nested.get(owner.name)
    if made is None:
        assert owner.model is not None
        made = _frozen_inside(owner, _inside(work, with_shapes(owner.model, inputs)))
        work.nested[owner.name] = made
    called = called_on(made.graph, inputs)
    typed = made if called == made.graph.inputs else _inside(work, replace(made.graph, inputs=called))
    if node is not owner:
        work.nested[node.name] = typed
    outputs = tuple(tensor for port in typed.graph.outputs for tensor in typed.tensors(port))
    if not outputs or not made.graph.complete:
        return _UNKNOWN
    counts = (made.trainable, made.non_trainable) if node is owner else (0, 0)
    return Inferred(outputs, *counts, typed.flops)


def _frozen_inside(owner: GraphNode, typed: TypedGraph) -> TypedGraph:
    """The nested model with nothing in it to train, where its entry or a layer around it says so."""
    if owner.call is None or all(call.argument("trainable") is not False for call in wrapped(owner.call)):
        return typed
    return _frozen(typed)


def _frozen(typed: TypedGraph) -> TypedGraph:
    """The model with nothing in it to train."""
    inner = {name: _frozen(model) for name, model in typed.nested.items()}
    return replace(typed, inferred={name: frozen(one) for name, one in typed.inferred.items()}, nested=inner)


def _inside(work: _Inference, graph: Graph) -> TypedGraph:
    found = infer(graph)
    work.diagnostics.extend(found.diagnostics)
    assert found.value is not None
    return found.value


def _called_again(work: _Inference, node: GraphNode, owner: str, inputs: Inputs, inferred: Inferred) -> Inferred:
    """A further call of a layer: no parameters of its own, and an input that those there are can work with."""
    first = work.inferred[owner]
    counts = [(one.trainable, one.non_trainable) for one in (inferred, first)]
    mine, before = _first_shape(inputs), _first_shape(_inputs(work, work.graph.node(owner)))
    if None not in (*counts[0], *counts[1]) and mine is not None and before is not None:
        ranks = node.call is not None and node.call.name in BUILT_FOR_RANK and len(mine) != len(before)
        if counts[0] != counts[1] or ranks or (_is_made_for_shape(node) and mine[1:] != before[1:]):
            message = f"the weights of `{owner}` are made for inputs like {show(before)}, and here is {show(mine)}"
            raise ShapeError(message, help="bring both inputs to one shape, or write a layer of its own")
    return replace(inferred, trainable=0, non_trainable=0)


def _is_made_for_shape(node: GraphNode) -> bool:
    """Whether the layer is or wraps an application, made for the shape of its first call."""
    inner = wrapped(node.call)[-1] if node.call is not None else None
    return inner is not None and inner.facts.is_application and inner.argument("input_shape") is None


def _first_shape(inputs: Inputs | None) -> Shape | None:
    return inputs.first.shape if inputs is not None and inputs.tensors else None


def _which_output(work: _Inference, node: GraphNode) -> str | None:
    """The way out where a layer is called on all outputs of another, since none of them was named."""
    port = node.sources()[0] if len(node.inputs) == 1 else None
    several = _port_tensors(work, port) if port is not None and port.output is None else None
    if port is None or several is None or len(several) < 2:
        return None
    return f"say which output: `from: {port.node}.0` to `from: {port.node}.{len(several) - 1}`"


def _elsewhere(work: _Inference, node: GraphNode, error: ShapeError) -> str | None:
    """The way out where the reason stands in another layer, or in the input."""
    if error.argument in ("kernel_size", "pool_size"):
        return channels_last(node, work.inputs.values())
    return every_step(work.graph, node) if error.argument in (None, "layer") else None


def _made_here(work: _Inference, node: GraphNode) -> tuple[Related, ...]:
    """The places of what the node is called on, each once, with its shape."""
    ports = {str(port): port for port in node.sources()}
    return tuple(related for port in ports.values() if (related := _origin(work, port)) is not None)


def _origin(work: _Inference, port: Port) -> Related | None:
    if port.node in work.inputs:
        given = next(given for given in work.graph.inputs if given.name == port.node)
        message = f"`{port.node}` is {show(work.inputs[port.node].shape)}, given here"
        return Related(message, given.span) if given.span is not None else None
    if port.node not in work.inferred:
        return None
    outputs = work.inferred[port.node].outputs
    chosen = outputs if port.output is None else outputs[port.output : port.output + 1]
    shapes = " and ".join(show(tensor.shape) for tensor in chosen)
    return Related(f"`{port}` is {shapes}, made here", work.graph.node(port.node).span)


def _inputs(work: _Inference, node: GraphNode) -> Inputs | None:
    """What the node is called on; None where a reported mistake hides it."""
    if len(node.inputs) == 1 and node.single:
        tensors = _passed_on(work, node.first())
        return None if tensors is None else Inputs(tensors, {}, len(tensors) == 1, node.call_arguments)
    ordered = _tensors(work, node.inputs)
    told = {argument: value for argument, value in node.named.items() if not _is_nothing(value)}
    named = {argument: _named(work, value) for argument, value in told.items()}
    if ordered is None or not (ordered or named) or any(value is None for value in named.values()):
        return None
    known = {argument: value for argument, value in named.items() if value is not None}
    if node.call is not None and node.call.facts.tensors:
        return Inputs((), known, single=False)
    return _with_first(node, ordered, known)


def _with_first(node: GraphNode, ordered: tuple[Tensor, ...], named: dict[str, Tensor | tuple[Tensor, ...]]) -> Inputs:
    """Puts a layer's first argument, when it was given by name (`query`, `sequences`), where rules expect it."""
    first = named.pop(node.call.facts.first_argument, None) if node.call is not None and not ordered else None
    if first is None:
        return Inputs(ordered, named, single=False, arguments=node.call_arguments)
    tensors = first if isinstance(first, tuple) else (first,)
    return Inputs(tensors, named, single=not isinstance(first, tuple), arguments=node.call_arguments)


def _passed_on(work: _Inference, port: Port) -> tuple[Tensor, ...] | None:
    """All that a port carries; in a sequential model that is one tensor."""
    tensors = _port_tensors(work, port)
    if tensors is None or len(tensors) == 1 or work.graph.kind != "sequential":
        return tensors
    _report_several(work, port, len(tensors))
    return None


def _is_nothing(value: Argument) -> bool:
    return isinstance(value, Constant) and value.value is None


def _named(work: _Inference, value: Argument) -> Tensor | tuple[Tensor, ...] | None:
    return _tensors(work, value) if isinstance(value, tuple) else _tensor(work, value)


def _tensor(work: _Inference, given: Given) -> Tensor | None:
    return tensor_of(given.value) if isinstance(given, Constant) else _one_tensor(work, given)


def _tensors(work: _Inference, given: tuple[Given, ...]) -> tuple[Tensor, ...] | None:
    """One tensor a port or constant; None where a reported mistake hides one."""
    tensors = [_tensor(work, one) for one in given]
    known = tuple(tensor for tensor in tensors if tensor is not None)
    return known if len(known) == len(tensors) else None


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
        name = as_asked(port)
        help = f"write `{name}`" if len(outputs) == 1 else f"they are `{name}.0` to `{name}.{len(outputs) - 1}`"
        work.report("E407", f"`{name}` has {count}, and there is no `{name}.{port.output}`", port.span, help)
        return None
    return (outputs[port.output],)


def _one_tensor(work: _Inference, port: Port) -> Tensor | None:
    tensors = _port_tensors(work, port)
    if tensors is not None and len(tensors) > 1:
        _report_several(work, port, len(tensors))
        return None
    return tensors[0] if tensors else None


def _report_several(work: _Inference, port: Port, count: int) -> None:
    if work.graph.kind == "sequential":
        message = f"`{port.node}` has {count} outputs, and a sequential model passes on one"
        help = "write `kind: functional` and say which output with `from`"
        work.report("E404", message, work.graph.node(port.node).span, help)
    else:
        help = f"say which: `{port.node}.0` to `{port.node}.{count - 1}`"
        work.report("E407", f"`{port.node}` has {count} outputs", port.span, help)

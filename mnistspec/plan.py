"""The plan: the statements that build a model, in their order, for the Keras builder and the source printers alike.

The order decides the initial weights: each layer is made and called before the next one is, under one seed, whichever
kind of model it goes into.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import Any

from mnistspec.calls import Call, Value, calls_in
from mnistspec.frozen import dataclass
from mnistspec.graph import Argument, Given, GraphNode, Port, all_followed, all_given, by_output, followed
from mnistspec.spec import BY_OUTPUT, CallForm, CompileSpec, Constant, InputSpec, Spec
from mnistspec.structures import Structure, has_lists, keys_of, mapped
from mnistspec.typed import TypedGraph
from mnistspec.wrapping import with_innermost, wrapped

# Layers that learn from the training inputs before the training, and the arguments that, when given, say what.
_LEARN: Mapping[str, tuple[str, ...]] = {
    "Discretization": ("bin_boundaries",),
    "IntegerLookup": ("vocabulary",),
    "Normalization": ("mean", "variance"),
    "StringLookup": ("vocabulary",),
    "TextVectorization": ("vocabulary",),
}


@dataclass(frozen=True)
class LayerStep:
    """Make the layer `call` under `name`, and call it on what earlier steps gave.

    With `shares` the layer is not made but the one of that earlier step, called again.
    """

    name: str
    call: Call
    inputs: tuple[Given, ...]
    named: Mapping[str, Argument]
    single: bool
    call_arguments: Mapping[str, Value]
    shares: str | None = None
    identity: bool = True
    # The names of the used blocks that the layer is in, each with a `/` after it.
    block: str = field(default="", compare=False)
    # The nested model that the layer is.
    model: Plan | None = None
    # The arguments that the call is given by place rather than by name, those that are `named` and those left out.
    placed: tuple[str, ...] = ()
    # How a nested model is called, where that is not on its one input alone or on a list of several.
    form: CallForm | None = None

    def sources(self) -> tuple[Port, ...]:
        """Every port the step reads."""
        return tuple(one for one in all_given(self.inputs, self.named) if isinstance(one, Port))

    def constants(self) -> tuple[Constant, ...]:
        """Every constant among what the step is called on."""
        return tuple(one for one in all_given(self.inputs, self.named) if isinstance(one, Constant))

    @property
    def learns(self) -> bool:
        """Whether a layer is made that learns from the training inputs: a vocabulary, means, bin boundaries."""
        arguments = _LEARN.get(self.call.name)
        given = arguments is None or any(self.call.argument(name) is not None for name in arguments)
        return self.shares is None and not given


@dataclass(frozen=True)
class Plan:
    """How to build one model: its inputs, its layers in order, its outputs, and how it is compiled.

    `output_names` are the names under which losses, metrics and targets know the outputs.
    """

    kind: str
    name: str
    seed: int | None
    precision: str
    inputs: tuple[InputSpec, ...]
    steps: tuple[LayerStep, ...]
    outputs: tuple[Port, ...]
    compile: CompileSpec | None
    deterministic: bool
    # What each output learns, as `data.targets` says.
    targets: str | Mapping[str, str] = "y"
    # Whether it is a model inside another, which is neither seeded nor compiled.
    nested: bool = False
    backend: str = "tensorflow"
    # How Keras has the inputs and the outputs; None for one tensor alone, or one list of several.
    input_structure: Structure = None
    output_structure: Structure = None
    # Whether a nested model has another dtype policy than the model around it.
    own_precision: bool = False
    # Whether the weights are trained; of a nested model its step says that.
    trainable: bool = True

    @property
    def output_names(self) -> tuple[str, ...]:
        keys = keys_of(self.output_structure)
        if keys is not None:
            return keys
        named = {step.name: step.shares for step in self.steps if step.shares is not None and not step.identity}
        return tuple(named.get(port.node, port.node) for port in self.outputs)

    def everywhere(self) -> Iterator[LayerStep]:
        """Every step, those of nested models included."""
        for step in self.steps:
            yield step
            if step.model is not None:
                yield from step.model.everywhere()

    @property
    def forgoes_xla(self) -> bool:
        """Whether determinism is to cost XLA, which rounds otherwise from shape to shape. JAX is nothing without it."""
        return self.deterministic and self.backend != "jax"

    @property
    def called_again(self) -> frozenset[str]:
        """The steps that call the layer of another and get a name of their own as outputs."""
        again = (step for step in self.steps if step.shares is not None and step.identity)
        # A function makes an operation of its own each time.
        return frozenset(step.name for step in again if not step.call.facts.tensors)

    @property
    def structured(self) -> Mapping[str, Structure]:
        """The steps that call a nested model which has its outputs in a structure, and that structure."""
        models = {step.name: step.model for step in self.steps}
        called = {step.name: models[step.shares or step.name] for step in self.steps}
        return {name: one.gives for name, one in called.items() if one is not None and one.gives is not None}

    @property
    def gives(self) -> Structure:
        """The structure of what a nested model gives; of a sequential one that of its last layer."""
        last = self.steps[-1].model if self.kind == "sequential" and self.steps else None
        return self.output_structure if last is None else last.gives

    @property
    def batch_size(self) -> int | None:
        """The number of examples that an input fixes, None where none does."""
        return next((given.batch_size for given in self.inputs if given.batch_size is not None), None)


def make_plan(typed: TypedGraph, spec: Spec) -> Plan:
    """The plan of a graph without errors, by names that Keras takes; nodes that no output needs are left out."""
    names = typed.graph.keras_names
    known_as = {**names, **typed.graph.outputs_in_keras}
    return Plan(
        kind=typed.graph.kind,
        name=typed.graph.name,
        seed=spec.seed,
        precision=typed.graph.precision,
        inputs=typed.graph.inputs,
        steps=_steps(typed),
        outputs=tuple(_port(port, names) for port in typed.graph.outputs),
        compile=_compiled(spec.compile, known_as, typed.graph.output_structure) if spec.compile is not None else None,
        deterministic=spec.deterministic,
        targets=by_output(spec.data.targets, known_as) if spec.data is not None else "y",
        backend=spec.backend,
        input_structure=typed.graph.input_structure,
        output_structure=typed.graph.output_structure,
        trainable=typed.graph.trainable,
    )


def _nested_plan(outer: TypedGraph, node: GraphNode, name: str) -> Plan:
    """The plan of a model that is a layer, or inside one, where it has a name of its own."""
    typed = outer.nested[node.name]
    names = typed.graph.keras_names
    return Plan(
        kind=typed.graph.kind,
        name=name if node.call is not None and node.call.model is not None else typed.graph.name,
        seed=None,
        precision=typed.graph.precision,
        inputs=typed.graph.inputs,
        steps=_steps(typed),
        outputs=tuple(_port(port, names) for port in typed.graph.outputs),
        compile=None,
        deterministic=False,
        nested=True,
        own_precision=typed.graph.precision != outer.graph.precision,
        input_structure=typed.graph.input_structure,
        output_structure=typed.graph.output_structure,
    )


def _steps(typed: TypedGraph) -> tuple[LayerStep, ...]:
    names = typed.graph.keras_names
    return tuple(_step(typed, node, names) for node in typed.used)


def _step(typed: TypedGraph, node: GraphNode, names: Mapping[str, str]) -> LayerStep:
    def known(port: Port) -> Port:
        return _port(port, names)

    return LayerStep(
        name=names[node.name],
        call=_for_its_input(typed, node),
        inputs=tuple(followed(one, known) for one in node.inputs),
        named=all_followed(node.named, known),
        placed=node.placed,
        form=node.form,
        single=node.single,
        call_arguments=node.call_arguments,
        shares=names[node.shares] if node.shares is not None else None,
        identity=node.identity,
        block=node.name[: node.name.rfind("/") + 1],
        model=_nested_plan(typed, node, names[node.name]) if node.model is not None else None,
    )


def _for_its_input(typed: TypedGraph, node: GraphNode) -> Call:
    """The layer; an application, also inside it, with the shape that it is made for, where that is known."""
    assert node.call is not None, "a graph with errors has no plan"
    around = wrapped(node.call)
    if around[-1].facts.namespace != "applications" or around[-1].argument("input_shape") is not None:
        return node.call
    shape = typed.tensors(node.first())[0].shape
    return with_innermost(node.call, {"input_shape": shape[len(around) :]}) if shape else node.call


def _port(port: Port, names: Mapping[str, str]) -> Port:
    return replace(port, node=names[port.node])


def _compiled(compile: CompileSpec, names: Mapping[str, str], structure: Structure) -> CompileSpec:
    """The settings with those that go by output under the outputs' names in Keras, or in their structure."""
    sections = {name: getattr(compile, name) for name in BY_OUTPUT}
    return replace(compile, **{name: _by_output(value, names, structure) for name, value in sections.items()})


def _by_output(value: Any, names: Mapping[str, str], structure: Structure) -> Any:
    """Keras knows outputs by their names unless they stand in lists in a map."""
    if isinstance(value, Mapping) and isinstance(structure, Mapping) and has_lists(structure):
        return mapped(structure, value.get)
    return by_output(value, names)


def python_calls(plan: Plan, spec: Spec | None = None) -> tuple[Call, ...]:
    """The objects of Python outside Keras that a plan names, and a spec's callbacks."""
    compiled = plan.compile
    settings = (compiled.optimizer, compiled.loss, compiled.metrics, compiled.weighted_metrics) if compiled else ()
    callbacks = spec.fit.callbacks if spec is not None and spec.fit is not None else ()
    every: tuple[object, ...] = (*(step.call for step in plan.everywhere()), *settings, *callbacks)
    return tuple(call for value in every for call in calls_in(value) if call.code is not None)

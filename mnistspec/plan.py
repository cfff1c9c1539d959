"""The plan: the statements that build a model, in their order, for the Keras builder and the source printers alike.

The order decides the initial weights: each layer is made and called before the next one is, under one seed, whichever
kind of model it goes into.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mnistspec.graph import Port
from mnistspec.infer import TypedGraph
from mnistspec.spec import Call, CompileSpec, InputSpec, Spec, Value


@dataclass(frozen=True)
class LayerStep:
    """Make the layer `call` under `name`, and call it on what earlier steps gave.

    With `shares` the layer is not made but the one of that earlier step, called again.
    """

    name: str
    call: Call
    inputs: tuple[Port, ...]
    named: Mapping[str, Port | tuple[Port, ...]]
    single: bool
    call_arguments: Mapping[str, Value]
    shares: str | None = None


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

    @property
    def output_names(self) -> tuple[str, ...]:
        return tuple(port.node for port in self.outputs)

    @property
    def called_again(self) -> frozenset[str]:
        """The steps that call the layer of another."""
        return frozenset(step.name for step in self.steps if step.shares is not None)

    @property
    def batch_size(self) -> int | None:
        """The number of examples that an input fixes, None where none does."""
        return next((given.batch_size for given in self.inputs if given.batch_size is not None), None)


def make_plan(typed: TypedGraph, spec: Spec) -> Plan:
    """The plan of a graph without errors; nodes that no output needs are left out."""
    steps: list[LayerStep] = []
    for node in typed.used:
        assert node.call is not None, "a graph with errors has no plan"
        steps.append(
            LayerStep(node.name, node.call, node.inputs, node.named, node.single, node.call_arguments, node.shares)
        )
    return Plan(
        kind=typed.graph.kind,
        name=typed.graph.name,
        seed=spec.seed,
        precision=spec.compile.precision if spec.compile is not None else "float32",
        inputs=typed.graph.inputs,
        steps=tuple(steps),
        outputs=typed.graph.outputs,
        compile=spec.compile,
        deterministic=spec.deterministic,
    )

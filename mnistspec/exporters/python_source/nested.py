"""Models nested in the model: a list of layers where it stands, or a function of its own where more is to be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mnistspec.exporters.python_source.layout import Bracket, Code, call, listing, quoted, statement
from mnistspec.exporters.python_source.model import (
    Naming,
    draws_late,
    freezing,
    functional_lines,
    indented,
    naming_of,
    sequential_code,
    sequential_lines,
    to_freeze,
)
from mnistspec.exporters.python_source.naming import identifier, untaken
from mnistspec.exporters.python_source.objects import construction
from mnistspec.exporters.python_source.symbols import Symbols
from mnistspec.infer import TypedGraph
from mnistspec.plan import LayerStep, Plan


@dataclass
class NestedModels:
    """The nested models of a script: the functions that make some of them, in the order in which they are defined.

    `named` are the layers in them that the script names, `several` those that return more than one tensor.
    """

    symbols: Symbols
    functions: list[list[str]] = field(default_factory=list)
    taken: set[str] = field(default_factory=lambda: {"build_model"})
    named: frozenset[str] = frozenset()
    several: frozenset[str] = frozenset()

    def code(self, plan: Plan, typed: TypedGraph) -> Mapping[str, Bracket]:
        """By its step in the plan, the code that makes each nested model."""
        names = typed.graph.keras_names
        inner = {names[name]: model for name, model in typed.nested.items()}
        self.taken |= {identifier(step.name) for step in plan.everywhere()}
        made = {step.name: self.made(step, step.model, inner[step.name]) for step in plan.steps if step.model}
        applications = (step for step in plan.steps if step.call.facts.namespace == "applications")
        return made | {step.name: self.application(step) for step in applications if step.shares is None}

    def application(self, step: LayerStep) -> Bracket:
        """The call that makes a model of `keras.applications`; in a function where more is to be said of it."""
        own = {name: value for name, value in step.call.arguments.items() if name not in ("outputs", "trainable")}
        call_ = self.symbols.call(replace(step.call, arguments=own))
        name, outputs = quoted(step.name), step.call.argument("outputs")
        if step.call.argument("weights") is None and not outputs:
            return construction(call_, {"name": name})
        lines = [f'"""The model that is the layer {step.name}."""', *statement(construction(call_), "base = ")]
        ends: Code = "base.output"
        if isinstance(outputs, tuple):
            layers = [f"base.get_layer({quoted(str(layer))}).output" for layer in outputs]
            ends = listing(layers) if len(layers) > 1 else layers[0]
        lines += statement(call("keras.Model", ["base.input", ends], {"name": name}), "return ")
        function = untaken(f"build_{identifier(step.name)}", self.taken)
        self.functions.append([f"def {function}():", *indented(lines)])
        return call(function)

    def made(self, step: LayerStep, plan: Plan, typed: TypedGraph) -> Bracket:
        codes = self.code(plan, typed)
        # Keras counts names through all models, and here each model has names of its own.
        named = frozenset(inner.name for inner in plan.steps)
        naming = replace(naming_of(plan, named, several_outputs(typed), (), self.symbols, codes), named=named)
        self.named, self.several = self.named | named, self.several | naming.several
        if plan.kind == "sequential" and not to_freeze(plan) and not any(map(draws_late, plan.steps[:-1])):
            return sequential_code(plan, naming)
        name = untaken(f"build_{identifier(step.name)}", self.taken)
        self.functions.append(_function(name, plan, naming))
        return call(name)


def several_outputs(typed: TypedGraph) -> frozenset[str]:
    """The nodes that return more than one tensor."""
    names = typed.graph.keras_names
    return frozenset(names[name] for name, inferred in typed.inferred.items() if len(inferred.outputs) > 1)


def _function(name: str, plan: Plan, naming: Naming) -> list[str]:
    lines = [f'"""The model that is the layer {quoted(plan.name)[1:-1]}."""']
    lines += sequential_lines(plan, naming) if plan.kind == "sequential" else functional_lines(plan, naming)
    return [f"def {name}():", *indented([*lines, *freezing(plan), "return model"])]

"""Models nested in the model: a list of layers where it stands, or a function of its own where more is to be said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mnistspec.calls import Call
from mnistspec.exporters.python_source.blocks import Blocks
from mnistspec.exporters.python_source.following import fixed_variables
from mnistspec.exporters.python_source.layout import Bracket, Code, call, listing, quoted, statement
from mnistspec.exporters.python_source.model import (
    Naming,
    Steps,
    draws_late,
    freezing,
    indented,
    model_lines,
    naming_of,
    sequential_code,
    to_freeze,
)
from mnistspec.exporters.python_source.naming import identifier, untaken
from mnistspec.exporters.python_source.objects import construction
from mnistspec.exporters.python_source.outline import outline_of, scopes_around
from mnistspec.exporters.python_source.symbols import Symbols
from mnistspec.exporters.python_source.uses import BlockFunction
from mnistspec.graph import stem_of
from mnistspec.plan import LayerStep, Plan
from mnistspec.resolve.scopes import Scope
from mnistspec.typed import TypedGraph
from mnistspec.wrapping import has_model

# A model inside another layer, where no name leads to it, is frozen as soon as it is made.
_FROZEN = ("model.trainable = False",)


@dataclass
class NestedModels:
    """The nested models of a script: the functions that make some of them, in the order in which they are defined.

    `reserved` are the names that no function may take, `blocks` the functions made of used blocks. `named` are the
    layers in the models that the script names, `several` those that return more than one tensor, `inside` what is
    written as blocks and loops, with the scopes in the models.
    """

    symbols: Symbols
    reserved: set[str]
    functions: list[list[str]] = field(default_factory=list)
    taken: set[str] = field(default_factory=lambda: {"build_model"})
    named: frozenset[str] = frozenset()
    several: frozenset[str] = frozenset()
    blocks: dict[str, BlockFunction] = field(default_factory=dict)
    inside: list[tuple[Blocks, list[Scope]]] = field(default_factory=list)

    @property
    def fixed(self) -> set[str]:
        """The variables that not all of the nested models would follow."""
        lines = [line for function in self.functions for line in function]
        return {name for blocks, scopes in self.inside for name in fixed_variables(blocks, scopes, lines)}

    def code(self, plan: Plan, typed: TypedGraph) -> Mapping[str, Bracket]:
        """By its step in the plan, the code that makes each nested model."""
        names = typed.graph.keras_names
        inner = {names[name]: model for name, model in typed.nested.items()}
        around = {names[node.name]: len(scopes_around(node)) for node in typed.used}
        self.taken |= {identifier(step.name) for step in plan.everywhere()}
        made = (step for step in plan.steps if step.shares is None and has_model(step.call))
        return {
            step.name: self.layer(step, step.call, step.name, inner.get(step.name), around[step.name]) for step in made
        }

    def layer(self, step: LayerStep, given: Call, name: str, typed: TypedGraph | None, around: int) -> Bracket:
        """The code that makes a model, or a layer around it, in so many scopes that are `around`."""
        inner = given.arguments.get("layer")
        if not isinstance(inner, Call):
            frozen = given is not step.call and given.argument("trainable") is False
            if step.model is None or typed is None:
                return self.application(given, name, frozen=frozen)
            return self.made(step.model, typed, around, frozen=frozen)
        own_name = str(inner.argument("name") or stem_of(inner))
        code = self.layer(step, inner, own_name, typed, around)
        others = {argument: value for argument, value in given.arguments.items() if argument not in ("layer", "name")}
        wrapper = self.symbols.call(replace(given, arguments=others))
        return construction(wrapper, {"layer": code, "name": quoted(name)})

    def application(self, given: Call, own_name: str, *, frozen: bool) -> Bracket:
        """The call that makes a model of `keras.applications`; in a function where more is to be said of it."""
        own = {key: value for key, value in given.arguments.items() if key not in ("outputs", "trainable", "name")}
        call_ = self.symbols.call(replace(given, arguments=own))
        name, outputs = quoted(own_name), given.argument("outputs")
        if given.argument("weights") is None and not outputs and not frozen:
            return construction(call_, {"name": name})
        lines = [f'"""The model that is the layer {own_name}."""', *statement(construction(call_), "base = ")]
        ends: Code = "base.output"
        if isinstance(outputs, tuple):
            layers = [f"base.get_layer({quoted(str(layer))}).output" for layer in outputs]
            ends = listing(layers) if len(layers) > 1 else layers[0]
        model = call("keras.Model", ["base.input", ends], {"name": name})
        lines += [*statement(model, "model = "), *_FROZEN, "return model"] if frozen else statement(model, "return ")
        function = untaken(f"build_{identifier(own_name)}", self.taken)
        self.functions.append([f"def {function}():", *indented(lines)])
        return call(function)

    def made(self, plan: Plan, typed: TypedGraph, around: int, *, frozen: bool) -> Bracket:
        """The call that makes a nested model, itself in so many scopes that are `around`."""
        codes = self.code(plan, typed)
        # Keras counts names through all models, and here each model has names of its own.
        named = frozenset(inner.name for inner in plan.steps)
        naming = replace(naming_of(plan, named, several_outputs(typed), (), self.symbols, codes), named=named)
        self.named, self.several = self.named | named, self.several | naming.several
        steps = self.steps(plan, typed, naming, around)
        listed = plan.kind == "sequential" and steps is None and not any(map(draws_late, plan.steps[:-1]))
        if listed and not to_freeze(plan) and not frozen and not plan.own_precision:
            return sequential_code(plan, naming)
        name = untaken(f"build_{identifier(plan.name)}", self.taken)
        self.functions.append(_function(name, plan, naming, steps, _FROZEN if frozen else ()))
        return call(name)

    def steps(self, plan: Plan, typed: TypedGraph, naming: Naming, around: int) -> Steps | None:
        """What makes the lines of a model's layers, after the functions of its blocks; None where it has none."""
        taken = self.reserved | {str(lines[0]).removeprefix("def ").partition("(")[0] for lines in self.functions}
        blocks = Blocks(plan, outline_of(plan, typed.used, around), naming, taken, self.blocks)
        self.inside.append((blocks, [scope for node in typed.used for scope in scopes_around(node)[around:]]))
        if not blocks.is_wanted:
            return None
        self.functions += blocks.lines
        self.blocks |= {block: function for block, function in blocks.functions.items() if block not in self.blocks}
        return blocks.statements


def several_outputs(typed: TypedGraph) -> frozenset[str]:
    """The nodes that return more than one tensor."""
    names = typed.graph.keras_names
    return frozenset(names[name] for name, inferred in typed.inferred.items() if len(inferred.outputs) > 1)


def _function(name: str, plan: Plan, naming: Naming, steps: Steps | None, ending: Sequence[str]) -> list[str]:
    lines = [f'"""The model that is the layer {quoted(plan.name)[1:-1]}."""']
    if plan.own_precision:
        lines += ["policy = keras.config.dtype_policy()", f"keras.config.set_dtype_policy({quoted(plan.precision)})"]
    back = ["keras.config.set_dtype_policy(policy)"] if plan.own_precision else []
    made = model_lines(plan, naming, steps, [*back, *freezing(plan), *ending])
    return [f"def {name}():", *indented([*lines, *made])]

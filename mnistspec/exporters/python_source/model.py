"""The part of the script that builds the model: its layers in the plan's order, then how it learns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, TypeAlias

from mnistspec.calls import calls_in
from mnistspec.exporters.mask_operations import operation_of, taken_names
from mnistspec.exporters.python_source.functions import constant_code, function_code
from mnistspec.exporters.python_source.layout import (
    INDENT,
    Bracket,
    Code,
    call,
    called,
    listing,
    quoted,
    statement,
)
from mnistspec.exporters.python_source.naming import layer_variables, port_code, steps_to_name, variables
from mnistspec.exporters.python_source.objects import construction, expression
from mnistspec.exporters.python_source.structured import ends_code, in_order, structure_code
from mnistspec.exporters.python_source.symbols import Symbols
from mnistspec.frozen import dataclass
from mnistspec.graph import Argument, Port
from mnistspec.plan import LayerStep, Plan
from mnistspec.spec import CompileSpec, Constant, InputSpec
from mnistspec.structures import Structure, mapped
from mnistspec.wrapping import has_model

# Makes the lines of the layers, and what writes ports by their variables.
Steps: TypeAlias = "Callable[[], tuple[list[str], Callable[[Argument], Code]]]"

# Layers that make others inside when they are made or built, which `trainable` given to them does not reach.
_LAYERS_INSIDE = frozenset(
    [
        "AugMix", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "GroupQueryAttention", "LSTM", "MultiHeadAttention",
        "RandAugment", "RandomColorJitter", "SimpleRNN", "TextVectorization",
    ]
)  # fmt: skip
# Layers that draw a seed when they are first called, not when they are made.
DRAWS_WHEN_CALLED = frozenset(
    ["AdditiveAttention", "GroupQueryAttention", "MultiHeadAttention", "SpectralNormalization"]
)


@dataclass(frozen=True)
class Naming:
    """The names in the script: variables by node, steps to give a `name=`, nodes that return several tensors.

    `layers` has the variables of layers that are called more than once, `models` the code that makes nested models,
    `labels` the code of names that are no words.
    """

    variables: Mapping[str, str]
    named: frozenset[str]
    several: frozenset[str]
    layers: Mapping[str, str]
    symbols: Symbols
    models: Mapping[str, Bracket]
    labels: Mapping[str, str] = field(default_factory=dict)
    # The steps that call a nested model which has its outputs in a structure.
    structured: Mapping[str, Structure] = field(default_factory=dict)


def naming_of(
    plan: Plan,
    written: frozenset[str],
    several: frozenset[str],
    adapted: tuple[str, ...],
    symbols: Symbols,
    models: Mapping[str, Bracket],
) -> Naming:
    """`written` are the names that the spec gives, `adapted` the layers that the script fetches from the model."""
    asked = {*adapted, *(step.name for step in to_freeze(plan))}
    if len(plan.outputs) > 1 or _by_output(plan.compile):
        asked |= set(plan.output_names)
    constants = symbols.constants.values()
    chosen = variables(plan, written, constants)
    named = steps_to_name(plan, written, asked)
    layers = layer_variables(plan, [*chosen.values(), *constants])
    return Naming(chosen, named, several, layers, symbols, models, structured=plan.structured)


def _by_output(settings: CompileSpec | None) -> bool:
    """Whether losses or metrics go by the outputs' names."""
    sections = (settings.loss, settings.loss_weights, settings.metrics, settings.weighted_metrics) if settings else ()
    return any(isinstance(section, Mapping) for section in sections)


def model_function(plan: Plan, naming: Naming, steps: Steps | None = None) -> list[str]:
    """The lines of `build_model()`; `steps` makes those of the layers where these are not all written one by one."""
    what = "The model, compiled," if plan.compile is not None else "The model"
    body = [f'"""{what} with the weights that the seed draws."""', "keras.utils.set_random_seed(SEED)"]
    if plan.precision != "float32":
        body.append(f"keras.config.set_dtype_policy({quoted(plan.precision)})")
    body += _passed_over(plan, naming)
    after = [*freezing(plan), *([] if plan.trainable else ["model.trainable = False"])]
    if plan.compile is not None:
        after += _compile(plan, plan.compile, naming.symbols)
    return ["def build_model():", *indented([*body, *model_lines(plan, naming, steps, after)])]


def _passed_over(plan: Plan, naming: Naming) -> list[str]:
    """Lines that let Keras name its operations on masks otherwise than the layers that are given a name."""
    given = {operation_of(name) for name in (*naming.named, *(one.name for one in plan.inputs))}
    taken = [entry for entry in taken_names(plan) if entry[0] in given]
    lines = [f"keras.backend.get_uid({quoted(name)})" for name, times in taken for _ in range(times)]
    about = [
        "# Keras makes operations of its own out of masks, and counts their names as",
        "# it does those of layers. These are passed over, so that no operation has the name",
        "# of a layer.",
    ]
    return [*about, *lines] if lines else []


def indented(lines: list[str]) -> list[str]:
    """The lines one indent further in."""
    return [INDENT + line if line else line for line in lines]


def _input(given: InputSpec, symbols: Symbols) -> Bracket:
    assert given.shape is not None
    arguments: dict[str, Code] = {"shape": expression(symbols.value(given.shape, given.shape_span))}
    if given.batch_size is not None:
        arguments["batch_size"] = repr(given.batch_size)
    if given.dtype not in (None, "float32"):
        arguments["dtype"] = expression(given.dtype)
    arguments |= {name: "True" for name in ("sparse", "ragged", "optional") if getattr(given, name)}
    return call("keras.Input", (), {**arguments, "name": quoted(given.name)})


def name_code(step: LayerStep, naming: Naming) -> str:
    """The code for the layer's name."""
    return naming.labels.get(step.name) or quoted(step.name)


def layer_code(step: LayerStep, naming: Naming) -> Bracket:
    """The code that makes the layer."""
    if step.name in naming.models:
        return naming.models[step.name]
    name: dict[str, Code] = {"name": name_code(step, naming)} if step.name in naming.named else {}
    return construction(naming.symbols.call(step.call), name)


def model_lines(plan: Plan, naming: Naming, steps: Steps | None, after: Sequence[str]) -> list[str]:
    """The lines of a function from the first layer on, which makes the model, does with it what `after` says, and
    returns it.
    """
    if plan.kind == "sequential" and (steps is not None or any(map(draws_late, plan.steps[:-1]))):
        return [*_added(plan, naming, steps), *after, "return model"]
    before, made = ([], sequential_code(plan, naming)) if plan.kind == "sequential" else _connected(plan, naming, steps)
    if not after:
        return [*before, *statement(made, "return ")]
    return [*before, *statement(made, "model = "), *after, "return model"]


def _added(plan: Plan, naming: Naming, steps: Steps | None) -> list[str]:
    """Layers added in loops and by functions; or one by one, where a list would draw seeds in another order."""
    if steps is not None:
        return [*_begun(plan), *statement(call("model.add", [_input(plan.inputs[0], naming.symbols)])), *steps()[0]]
    lines = ["# Added one by one, so that each layer draws its weights before the next is made."]
    lines += _begun(plan)
    for entry in _entries(plan, naming):
        lines += statement(call("model.add", [entry]))
    return lines


def _begun(plan: Plan) -> list[str]:
    return statement(call("keras.Sequential", (), {"name": quoted(plan.name)}), "model = ")


def sequential_code(plan: Plan, naming: Naming) -> Bracket:
    """A sequential model in one call."""
    return call("keras.Sequential", [listing(_entries(plan, naming), opened=True)], {"name": quoted(plan.name)})


def _entries(plan: Plan, naming: Naming) -> list[Bracket]:
    return [_input(plan.inputs[0], naming.symbols), *(layer_code(step, naming) for step in plan.steps)]


def draws_late(step: LayerStep) -> bool:
    """Whether the layer draws a seed when it is called; a nested model is complete when it is made."""
    every = calls_in(step.call)
    return any(given.name in DRAWS_WHEN_CALLED or given.argument("lora_rank") is not None for given in every)


def _connected(plan: Plan, naming: Naming, steps: Steps | None) -> tuple[list[str], Bracket]:
    """Each layer made and called in the plan's order, under the variables of the script; and the model of these."""
    lines: list[str] = []
    for given in plan.inputs:
        lines += statement(_input(given, naming.symbols), f"{naming.variables[given.name]} = ")
    made, code = steps() if steps is not None else _one_by_one(plan, naming)
    lines += made
    inputs = [naming.variables[given.name] for given in plan.inputs]
    outputs = [_output(plan, port, code) for port in plan.outputs]
    ends = {"inputs": ends_code(plan.input_structure, inputs), "outputs": ends_code(plan.output_structure, outputs)}
    return lines, call("keras.Model", (), {**ends, "name": quoted(plan.name)})


def _one_by_one(plan: Plan, naming: Naming) -> tuple[list[str], Callable[[Argument], Code]]:
    """The lines of all layers in a row."""
    lines: list[str] = []
    for step in plan.steps:
        if step.name in naming.layers:
            lines += statement(layer_code(step, naming), f"{naming.layers[step.name]} = ")
        lines += statement(applied(step, naming, code_of(naming)), f"{naming.variables[step.name]} = ")
    return lines, code_of(naming)


def _output(plan: Plan, port: Port, coded: Callable[[Argument], Code]) -> Code:
    """An output under its node's name: Keras names outputs after layers, and a layer called again has one already."""
    code = coded(port)
    if port.node not in plan.called_again:
        return code
    return called(call("layers.Identity", (), {"name": quoted(port.node)}), [code], {})


def code_of(naming: Naming) -> Callable[[Argument], Code]:
    """What writes ports by the variables of the script."""

    def code(ports: Argument) -> Code:
        if isinstance(ports, tuple):
            return listing(code(port) for port in ports)
        if isinstance(ports, Constant):
            return constant_code(ports.value)
        return port_code(ports, naming.variables, naming.several)

    return code


def applied(step: LayerStep, naming: Naming, code: Callable[[Argument], Code]) -> Bracket:
    """The layer made and called on what its step says, as `code` writes it."""
    if step.call.facts.tensors:
        made = function_code(_said(step, naming.symbols), code)
        return call("named", [made, name_code(step, naming)]) if step.name in naming.named else made
    named = {argument: code(ports) for argument, ports in step.named.items()}
    placed = [named.pop(argument, "None") for argument in step.placed]
    named |= {name: expression(value) for name, value in step.call_arguments.items()}
    layer = naming.layers.get(step.shares or step.name)
    given = [_first(step, code)] if step.inputs else placed
    if step.form is not None and step.form.named:
        given, named = [], {"inputs": given[0], **named}
    made = call(layer, given, named) if layer is not None else called(layer_code(step, naming), given, named)
    return in_order(made, naming.structured.get(step.name))


def _first(step: LayerStep, code: Callable[[Argument], Code]) -> Code:
    """What a layer is called on."""
    if step.form is not None:
        return structure_code(mapped(step.form.structure, lambda place: code(step.inputs[place])))
    return code(step.inputs[0]) if step.single else code(step.inputs)


def _said(step: LayerStep, symbols: Symbols) -> LayerStep:
    """The call of a function with its settings as written; lists become arrays, and words of an index parts of it."""
    settings = symbols.call(step.call).arguments
    kept_types = (tuple, str) if step.call.name == "ops.get_item" else (tuple,)
    kept = {name: value for name, value in step.call.arguments.items() if isinstance(value, kept_types)}
    return replace(step, call=replace(step.call, arguments={**settings, **kept}))


def to_freeze(plan: Plan) -> list[LayerStep]:
    """Layers set not to train that have others inside, which the argument alone would leave training."""
    made = [step for step in plan.steps if step.shares is None]
    frozen = [step for step in made if step.call.argument("trainable") is False]
    return [
        step for step in frozen if has_model(step.call) or step.call.name in _LAYERS_INSIDE or any(_layers_in(step))
    ]


def _layers_in(step: LayerStep) -> list[str]:
    return [given.name for given in calls_in(step.call.arguments) if given.facts.namespace == "layers"]


def freezing(plan: Plan) -> list[str]:
    """Lines that freeze what is inside layers too."""
    names = [quoted(step.name) for step in to_freeze(plan)]
    if not names:
        return []
    name = names[0] if len(names) == 1 else "name"
    lines = [f"model.get_layer({name}).trainable = {value}" for value in (True, False)]
    return [
        "# Set again, and changed on the way, `trainable` also reaches the layers inside.",
        *(lines if len(names) == 1 else [*statement(listing(names), "for name in ", ":"), *indented(lines)]),
    ]


def _compile(plan: Plan, settings: CompileSpec, symbols: Symbols) -> list[str]:
    arguments: dict[str, Any] = {"optimizer": settings.optimizer, "loss": _listed(settings.loss)}
    arguments |= {"loss_weights": _listed(settings.loss_weights)} if settings.loss_weights is not None else {}
    for name in ("metrics", "weighted_metrics"):
        wanted = getattr(settings, name)
        arguments |= {name: _listed(wanted)} if wanted is not None else {}
    if settings.run_eagerly:
        arguments["run_eagerly"] = True
    if isinstance(settings.steps_per_execution, int) and settings.steps_per_execution > 1:
        arguments["steps_per_execution"] = settings.steps_per_execution
    if plan.forgoes_xla or settings.jit_compile != "auto":
        arguments["jit_compile"] = False if settings.jit_compile == "auto" else settings.jit_compile
    if not settings.auto_scale_loss:
        arguments["auto_scale_loss"] = False
    codes = {name: expression(symbols.value(value, settings.spans.get(name))) for name, value in arguments.items()}
    return statement(call("model.compile", (), codes))


def _listed(value: Any) -> Any:
    """Lists of losses and metrics as lists, which Keras tells from tuples."""
    if isinstance(value, Mapping):
        return {name: _listed(inner) for name, inner in value.items()}
    return [_listed(inner) for inner in value] if isinstance(value, tuple) else value

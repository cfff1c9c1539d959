"""A plan as one Python script that needs Keras and NumPy only: what a person would have written by hand.

The model that the script builds has the configuration and the initial weights of the one that `keras_model` builds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from mnistspec.diagnostics import UsageError
from mnistspec.exporters.python_source.adapting import adapt_function, adapted_steps
from mnistspec.exporters.python_source.blocks import Blocks
from mnistspec.exporters.python_source.data import Loading, loading
from mnistspec.exporters.python_source.feeding import batches_part
from mnistspec.exporters.python_source.following import fixed_variables
from mnistspec.exporters.python_source.functions import naming_function
from mnistspec.exporters.python_source.heading import head_blocks
from mnistspec.exporters.python_source.labels import numbering_function
from mnistspec.exporters.python_source.model import model_function, naming_of
from mnistspec.exporters.python_source.naming import imported
from mnistspec.exporters.python_source.nested import NestedModels, several_outputs
from mnistspec.exporters.python_source.outline import outline_of, scopes_around
from mnistspec.exporters.python_source.snippets import shared_functions
from mnistspec.exporters.python_source.symbols import Symbols
from mnistspec.exporters.python_source.training import main_function, state_functions
from mnistspec.exporters.python_source.words import names_in
from mnistspec.nodes import Node
from mnistspec.plan import Plan
from mnistspec.spec import Spec
from mnistspec.typed import TypedGraph

_MAIN = ('if __name__ == "__main__":', "    main()")


def python_source(plan: Plan, spec: Spec, typed: TypedGraph, variables: Mapping[str, Node]) -> str:
    """The script: it trains, measures, saves and loads where the spec has data, compile and fit, else shows the model.

    Raises: UsageError where an input's shape is not known, DataUnavailable for a data file that is not there (what is
    in it decides the code), BadData.
    """
    _require_shapes(plan)
    trains = spec.data is not None and spec.compile is not None and spec.fit is not None
    if trains:
        _require_adaptable(plan)
    loaded = _loaded(spec, plan, typed) if trains else None
    fixed: set[str] = set()
    while True:
        text, more = _script(plan, spec, typed, Symbols(variables, _reserved(spec, plan, loaded), fixed), loaded)
        if more <= fixed:
            return text
        fixed |= more


def _script(
    plan: Plan, spec: Spec, typed: TypedGraph, symbols: Symbols, loaded: Loading | None
) -> tuple[str, set[str]]:
    """The script, and the variables that must not be constants in it, since not all of it would follow them."""
    adapted = tuple(step.name for step in adapted_steps(plan)) if loaded is not None else ()
    shared = shared_functions(loaded.part.snippets) if loaded is not None else []
    nested = NestedModels(symbols, _reserved_functions(plan, [*shared, *_own(loaded)]))
    models = nested.code(plan, typed)
    naming = naming_of(plan, _written(typed), several_outputs(typed), adapted, symbols, models)
    reserved = _reserved_functions(plan, [*shared, *_own(loaded), *nested.functions])
    blocks = Blocks(plan, outline_of(plan, typed.used), naming, reserved, nested.blocks)
    model = _model_functions(plan, blocks, nested)
    scopes = [scope for node in typed.used for scope in scopes_around(node)]
    fixed = nested.fixed | fixed_variables(blocks, scopes, [line for lines in model for line in lines])
    functions = [*shared, *_functions(spec, plan, typed, symbols, model, loaded, bool(adapted))]
    used = names_in(line for lines in functions for line in lines)
    head = head_blocks(spec, plan, loaded.part if loaded is not None else None, used)
    head[-1] += symbols.constant_lines(used)
    return _text(head, functions), fixed


def _loaded(spec: Spec, plan: Plan, typed: TypedGraph) -> Loading:
    """What loads the data, and makes batches of them."""
    assert spec.fit is not None and typed.graph.facts is not None
    loaded = loading(spec, plan)
    return replace(loaded, part=loaded.part + batches_part(spec.fit, plan, typed.graph.facts))


def _own(loaded: Loading | None) -> list[list[str]]:
    return [list(lines) for lines in loaded.part.functions] if loaded is not None else []


def _reserved(spec: Spec, plan: Plan, loaded: Loading | None) -> set[str]:
    """The constants and classes that the script has of its own."""
    own = loaded.part.constants if loaded is not None else ()
    return {"DATA", "FOLDER", "SEED", *own, *imported(plan, spec)}


def _reserved_functions(plan: Plan, functions: list[list[str]]) -> set[str]:
    """The names of functions and modules that blocks and variables are not to take."""
    own = {found[1] for lines in functions if (found := re.match(r"def (\w+)", lines[0]))}
    modules = {"csv", "hashlib", "itertools", "keras", "layers", "math", "np", "os", "re", "secrets"}
    names = {"adapt", "batches", "build_model", "examples", "forget", "load_data", "main", "predict", "Path"}
    return {*names, *modules, *own, *imported(plan)}


def _require_adaptable(plan: Plan) -> None:
    for step in plan.everywhere():
        if step.model is not None and adapted_steps(step.model):
            raise UsageError(
                f"a layer inside `{step.name}` learns from the data before the training, which the script does only for"
                " layers of the model itself: move it out of the nested model"
            )


def _require_shapes(plan: Plan) -> None:
    for step in plan.steps:
        if step.model is not None and any(given.shape is None for given in step.model.inputs):
            raise UsageError(f"what `{step.name}` is called on has a shape that only Keras knows: give its inputs one")
    for given in plan.inputs:
        if given.shape is None:
            shape = "{shape: [28, 28]}"
            where = f"input: {shape}" if plan.kind == "sequential" else f"inputs: {{{given.name}: {shape}}}"
            raise UsageError(
                f"the shape of the input `{given.name}` comes from data that are not here: give it under `model`,"
                f" as in `{where}`"
            )


def _written(typed: TypedGraph) -> frozenset[str]:
    """The names that the spec gives, and those of the nodes of a block, which Keras would not give."""
    names = typed.graph.keras_names
    return frozenset(names[node.name] for node in typed.graph.nodes if node.is_named or node.in_block)


def _model_functions(plan: Plan, blocks: Blocks, nested: NestedModels) -> list[list[str]]:
    """The function that builds the model, after those that it calls."""
    steps = blocks.statements if blocks.is_wanted else None
    made = [*nested.functions, *blocks.lines, model_function(plan, blocks.naming, steps)]
    used = names_in(line for lines in made for line in lines)
    several = blocks.naming.several | nested.several
    numbering = [numbering_function()] if "numbered" in used else []
    named = [naming_function(plan, blocks.naming.named | nested.named, several)] if "named" in used else []
    return [*numbering, *named, *made]


def _functions(
    spec: Spec, plan: Plan, typed: TypedGraph, symbols: Symbols, model: list[list[str]], loaded: Loading | None,
    adapts: bool,
) -> list[list[str]]:  # fmt: skip
    """The functions of the script in the order in which it runs, without those that it shares with others."""
    if loaded is None:
        return [*model, ["def main():", "    model = build_model()", "    model.summary()"]]
    functions = [
        *_own(loaded),
        *model,
        adapt_function(plan) if adapts else [],
        *state_functions(spec, plan),
        main_function(spec, plan, typed, loaded.splits, symbols, adapts=adapts),
    ]
    return [lines for lines in functions if lines]


def _text(blocks: list[list[str]], functions: list[list[str]]) -> str:
    """The whole script: one empty line between what stands first, two around functions."""
    top = "\n\n".join("\n".join(block) for block in blocks)
    bodies = ["\n".join(block) for block in (*functions, list(_MAIN))]
    return "\n\n\n".join([top, *bodies]) + "\n"

"""A plan as one Python script that needs Keras and NumPy only: what a person would have written by hand.

The model that the script builds has the configuration and the initial weights of the one that `keras_model` builds.
"""

from __future__ import annotations

import textwrap

from mnistspec.diagnostics import UsageError
from mnistspec.exporters.python_source.adapting import adapt_function, adapted_steps
from mnistspec.exporters.python_source.data import Loading, loading
from mnistspec.exporters.python_source.layout import WIDTH, call, quoted, statement
from mnistspec.exporters.python_source.model import Naming, model_function, naming_of
from mnistspec.exporters.python_source.parts import Part
from mnistspec.exporters.python_source.snippets import SNIPPETS, with_needs
from mnistspec.exporters.python_source.training import main_function, predict_function
from mnistspec.infer import TypedGraph
from mnistspec.plan import Plan
from mnistspec.spec import Spec
from mnistspec.version import __version__

_MAIN = ('if __name__ == "__main__":', "    main()")


def python_source(plan: Plan, spec: Spec, typed: TypedGraph) -> str:
    """The script: it trains, measures, saves and loads where the spec has data, compile and fit, else shows the model.

    Raises: UsageError where an input's shape is not known, DataUnavailable for a data file that is not there (what is
    in it decides the code), BadData.
    """
    _require_shapes(plan)
    trains = spec.data is not None and spec.compile is not None and spec.fit is not None
    adapted = tuple(step.name for step in adapted_steps(plan)) if trains else ()
    naming = naming_of(plan, _written(spec), _several(typed), adapted)
    loaded = loading(spec, plan) if trains else None
    return _text(_head(spec, plan, loaded), _functions(spec, plan, typed, naming, loaded, bool(adapted)))


def _require_shapes(plan: Plan) -> None:
    for given in plan.inputs:
        if given.shape is None:
            raise UsageError(
                f"the shape of the input `{given.name}` comes from data that are not here: give it under `model`, as in"
                f" `{'input' if plan.kind == 'sequential' else f'inputs: {{{given.name}'}: {{shape: [28, 28]}}"
                f"{'' if plan.kind == 'sequential' else '}'}`"
            )


def _written(spec: Spec) -> frozenset[str]:
    return frozenset(layer.name for layer in spec.model.layers if layer.name is not None)


def _several(typed: TypedGraph) -> frozenset[str]:
    return frozenset(name for name, inferred in typed.inferred.items() if len(inferred.outputs) > 1)


def _functions(
    spec: Spec, plan: Plan, typed: TypedGraph, naming: Naming, loaded: Loading | None, adapts: bool
) -> list[list[str]]:
    """The functions of the script in the order in which it runs, without those that it shares with others."""
    functions = [list(lines) for lines in loaded.part.functions] if loaded is not None else []
    functions.append(model_function(plan, naming))
    if loaded is None:
        return [*functions, ["def main():", "    model = build_model()", "    model.summary()"]]
    if adapts:
        functions.append(adapt_function(plan))
    functions.append(predict_function(spec, plan))
    functions.append(main_function(spec, plan, typed, loaded.splits, adapts=adapts))
    return [lines for lines in functions if lines]


def _head(spec: Spec, plan: Plan, loaded: Loading | None) -> list[list[str]]:
    """What stands before the functions of this script: docstring, imports, constants, functions from the shelf."""
    part = loaded.part if loaded is not None else Part()
    snippets = [SNIPPETS[name] for name in with_needs(part.snippets)]
    constants = [line for lines in part.constants.values() for line in lines]
    modules = {module for snippet in snippets for module in snippet.imports}
    modules |= {"secrets"} if spec.seed is None else set()
    environment = _environment(spec, plan)
    imports = sorted(modules | ({"os"} if environment else set()))
    lines = [f"import {module}" for module in imports]
    code = [*_FROM_PATHLIB] if loaded is not None else []
    numpy = ["import numpy as np"] if loaded is not None else []
    return [
        _docstring(spec, trains=loaded is not None),
        [*lines, *code, *([""] if lines or code else []), *environment, "import keras", *numpy, "from keras import layers"],
        [*_seed(spec), *constants, *(_folder(spec) if loaded is not None else [])],
        *([line for line in snippet.text.strip("\n").split("\n")] for snippet in snippets),
    ]


_FROM_PATHLIB = ("from pathlib import Path",)


def _seed(spec: Spec) -> list[str]:
    return ["SEED = secrets.randbits(32)  # another one each time" if spec.seed is None else f"SEED = {spec.seed}"]


def _folder(spec: Spec) -> list[str]:
    return ["# Where everything that is made goes.", *statement(call("Path", [quoted(spec.name)]), "FOLDER = ", depth=0)]


def _environment(spec: Spec, plan: Plan) -> list[str]:
    """What Keras reads from the environment when it is imported."""
    lines = [f'os.environ["KERAS_BACKEND"] = {quoted(spec.backend)}'] if spec.backend != "tensorflow" else []
    if plan.deterministic and spec.backend == "tensorflow":
        lines.append('os.environ["TF_DETERMINISTIC_OPS"] = "1"')
    return [*lines, ""] if lines else []


def _docstring(spec: Spec, *, trains: bool) -> list[str]:
    """What the model is, where the script comes from, and in what it differs from a run of the spec."""
    first = " ".join(spec.description.split()) or f"The model `{spec.name}`"
    about = f"Written by mnistspec {__version__} from the spec `{spec.name}`; needs Keras and NumPy only."
    about += " The model and its first weights are those that mnistspec builds."
    if trains:
        about += " So are the rows that train, validate and test. The order of the rows in each epoch is left to Keras,"
        about += " so that what is learnt comes close to what `mnistspec run` learns, and not to the bit."
    wrapped = [*_wrapped(_sentence(first), 3), "", *_wrapped(about)]
    return [f'"""{wrapped[0]}', *wrapped[1:], '"""']


def _wrapped(text: str, used: int = 0) -> list[str]:
    """The text in lines that fit, the first of which begins after `used` columns."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return [line.strip() for line in textwrap.wrap(" " * used + escaped, WIDTH, break_long_words=False)]


def _sentence(text: str) -> str:
    begun = text[:1].upper() + text[1:]
    return begun if begun.endswith((".", "!", "?")) else f"{begun}."


def _text(head: list[list[str]], functions: list[list[str]]) -> str:
    """The whole script: one empty line between the first blocks, two around functions."""
    docstring, imports, constants, *shelf = head
    top = "\n\n".join("\n".join(block) for block in (docstring, imports, constants) if block)
    bodies = ["\n".join(block) for block in (*shelf, *functions, list(_MAIN))]
    return "\n\n\n".join([top, *bodies]) + "\n"

"""What stands first in the script: its docstring, its imports and its constants."""

from __future__ import annotations

import textwrap

from mnistspec.exporters.python_source.code import code_modules, import_lines
from mnistspec.exporters.python_source.functions import has_arrays
from mnistspec.exporters.python_source.layout import WIDTH, call, quoted, statement
from mnistspec.exporters.python_source.parts import Part
from mnistspec.exporters.python_source.snippets import imports_of
from mnistspec.plan import Plan
from mnistspec.spec import Spec
from mnistspec.version import __version__

# What tells a backend how many threads to take, before it is imported.
_THREADS = {"tensorflow": "TF_NUM_INTRAOP_THREADS", "torch": "OMP_NUM_THREADS"}
# A space at which no line ends.
_TIE = "\u00a0"


def head_blocks(spec: Spec, plan: Plan, loading: Part | None, used: set[str]) -> list[list[str]]:
    """The lines of each block; `loading` is the part that loads the data, None in a script that only builds.

    `used` are the names that the rest of the script uses.
    """
    constants = _seed(spec)
    if loading is not None:
        constants += [line for lines in loading.constants.values() for line in lines]
        constants += _folder(spec)
    about = _docstring(spec, plan, loading)
    return [about, *_imports(spec, plan, loading, used), constants]


def _imports(spec: Spec, plan: Plan, loading: Part | None, used: set[str]) -> list[list[str]]:
    environment = _environment(spec, plan)
    modules = {"os"} if environment else set()
    modules |= {"secrets"} if spec.seed is None else set()
    if loading is not None:
        modules |= loading.imports | imports_of(loading.snippets)
    standard = [f"import {module}" for module in sorted(modules)]
    numpy = ["import numpy as np"] if loading is not None or has_arrays(plan) else []
    layers = ["from keras import layers"] if "layers" in used else []
    paths = ["from pathlib import Path"] if loading is not None else []
    blocks = [[*standard, *paths], environment, ["import keras", *numpy, *layers], import_lines(spec, plan)]
    return [block for block in blocks if block]


def _environment(spec: Spec, plan: Plan) -> list[str]:
    """What Keras and its backend read from the environment when they are imported."""
    lines = [f'os.environ["KERAS_BACKEND"] = {quoted(spec.backend)}'] if spec.backend != "tensorflow" else []
    if plan.deterministic and spec.backend == "tensorflow":
        lines.append('os.environ["TF_DETERMINISTIC_OPS"] = "1"')
    if spec.threads != "auto":
        lines.append(f'os.environ["{_THREADS[spec.backend]}"] = "{spec.threads}"')
    return lines


def _seed(spec: Spec) -> list[str]:
    return ["SEED = secrets.randbits(32)  # another one each time" if spec.seed is None else f"SEED = {spec.seed}"]


def _folder(spec: Spec) -> list[str]:
    return [
        "# Where everything that is made goes.",
        *statement(call("Path", [quoted(spec.name)]), "FOLDER = ", depth=0),
    ]


def _docstring(spec: Spec, plan: Plan, loading: Part | None) -> list[str]:
    """What the model is, where the script comes from, and in what it differs from a run of the spec."""
    first = " ".join(spec.description.split()) or f"The model `{spec.name}`"
    wrapped = [
        *_wrapped(_sentence(first), 3),
        "",
        *(line.replace(_TIE, " ") for line in _wrapped(_about(spec, plan, loading))),
    ]
    return [f'"""{wrapped[0]}', *wrapped[1:], '"""']


def _about(spec: Spec, plan: Plan, loading: Part | None) -> str:
    needed = (
        " and ".join(["Keras, NumPy", *code_modules(spec, plan)]) if code_modules(spec, plan) else "Keras and NumPy"
    )
    about = f"Written by mnistspec {__version__} from the spec `{spec.name}`; needs {needed} only."
    if loading is None:
        return f"{about} From one seed, the model and its first weights are those that mnistspec builds."
    about += (
        " From one seed, it builds the model that mnistspec builds, and trains it on the same rows in the same order."
    )
    return f"{about} {_exactness(spec, loading)}"


def _exactness(spec: Spec, loading: Part) -> str:
    """Which run ends with the same bits, and what keeps others from it."""
    if spec.backend != "tensorflow":
        return "What it learns is what `mnistspec run` learns, but for rounding."
    settings = " ".join(f"--set{_TIE}{setting}" for setting in _plain_settings(spec))
    run = f"`mnistspec run` with `{settings}`" if settings else "`mnistspec run`"
    exact = f"On one machine, {run} ends with the same bits"
    return f"{exact}; others may round otherwise." if settings else f"{exact}."


def _plain_settings(spec: Spec) -> list[str]:
    """What leaves a run of the spec to Keras' own loops over arrays in memory, where it does not say so itself."""
    assert spec.compile is not None and spec.data is not None
    settings = ["compile.steps_per_execution=1"] if spec.compile.steps_per_execution != 1 else []
    if spec.compile.jit_compile == "auto" and not spec.deterministic:
        settings.append("compile.jit_compile=false")
    return [*settings, *(["data.hold=prepared"] if spec.data.hold == "streamed" else [])]


def _wrapped(text: str, used: int = 0) -> list[str]:
    """The text in lines that fit, the first of which begins after `used` columns."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    lines = textwrap.wrap("_" * used + escaped, WIDTH, break_long_words=False, break_on_hyphens=False)
    return [lines[0][used:], *lines[1:]]


def _sentence(text: str) -> str:
    begun = text[:1].upper() + text[1:]
    return begun if begun.endswith((".", "!", "?")) else f"{begun}."

"""The contract between modules: who may import whom, and where Keras and NumPy come in.

Read from the sources, so that an import inside a function counts as well; what stands under `TYPE_CHECKING` does not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import mnistspec
from mnistspec.cli.calling import COMMANDS

_ROOT = Path(mnistspec.__file__).parent

# A module or room imports only what stands before it: the way of a spec through the house, and what is made of it.
_ORDER = [
    "version", "frozen", "collecting", "meanings", "suggest", "source", "diagnostics", "enough", "nodes",
    "edits", "hints",
    "expressions", "ignoring", "formats", "interruption", "processors", "backend",
    "parse", "layout", "overrides",
    "structures", "catalogue", "calls", "spec", "wrapping", "data_language", "language", "extending",
    "values", "usual", "entries", "schema", "resolve", "bind",
    "markup", "disk", "datasets", "shapes", "graph", "trails", "typed", "infer", "unnested", "memory", "written_paths",
    "lints", "plan", "decisions", "other_kind", "pipeline",
    "explanations", "fixing", "completeness", "json_schema", "doctor",
    "exporters", "reference", "importers", "training", "runs", "reports", "differences", "recording", "finishing",
    "execution", "running",
    "api", "mnistspec", "cli", "__main__",
]  # fmt: skip

# The one import against that order: the generator of the catalogue writes the JSON Schema along with it, when told to.
_AGAINST_THE_ORDER = {("mnistspec.catalogue.generate", "mnistspec.json_schema")}

_KERAS = {"keras", "tensorflow", "jax", "torch"}
_KERAS_ROOMS = (
    "backend", "catalogue.collect", "catalogue.collect_applications", "catalogue.collect_functions",
    "catalogue.collect_operations", "datasets", "doctor.probe", "exporters.keras_applications",
    "exporters.keras_draws", "exporters.keras_functions", "exporters.keras_model", "exporters.keras_names",
    "exporters.python_objects", "exporters.deployment", "importers", "runs", "training",
)  # fmt: skip

# What costs seconds or hundreds of milliseconds to import, and has no place in a command that only reads a spec.
_HEAVY = {*_KERAS, "numpy", "PIL", "h5py", "scipy", "sklearn", "pandas", "matplotlib", "jsonschema"}


@dataclass(frozen=True)
class _Import:
    """`importer` imports `module`; `at_start` says that importing the one is enough to import the other."""

    importer: str
    module: str
    at_start: bool


@cache
def _modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found: dict[str, Path] = {}
    for path in sorted(_ROOT.rglob("*.py")):
        parts = path.relative_to(_ROOT.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def _imports() -> tuple[_Import, ...]:
    return tuple(
        _Import(name, module, at_start)
        for name, path in _modules().items()
        for statement, at_start in _statements(ast.parse(path.read_text("utf-8")).body, True)
        for module in _named(statement)
    )


def _statements(body: Iterable[ast.AST], at_start: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            yield statement, at_start
        elif isinstance(statement, ast.If) and "TYPE_CHECKING" in ast.unparse(statement.test):
            continue
        else:
            inside = not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _statements(ast.iter_child_nodes(statement), at_start and inside)


def _named(statement: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """The modules that a statement names; of a name in a module, the module."""
    if isinstance(statement, ast.Import):
        yield from (alias.name for alias in statement.names)
        return
    assert statement.level == 0 and statement.module is not None, "imports are absolute"
    for alias in statement.names:
        inner = f"{statement.module}.{alias.name}"
        yield inner if inner in _modules() else statement.module


def _unit(module: str) -> str:
    """The file or room below the package that a module belongs to; the package's own name for the package itself."""
    return module.split(".")[1] if "." in module else module


def _started_by(module: str) -> Iterator[str]:
    """What runs when a module is imported: itself and the packages around it."""
    parts = module.split(".")
    return (".".join(parts[: count + 1]) for count in range(len(parts)) if ".".join(parts[: count + 1]) in _modules())


def _within(module: str, rooms: Iterable[str]) -> bool:
    return any(f"{module}.".startswith(f"mnistspec.{room}.") for room in rooms)


def test_every_module_has_its_place_in_the_order() -> None:
    assert sorted(_ORDER) == sorted({_unit(name) for name in _modules()})


def test_a_module_imports_only_what_stands_before_it() -> None:
    against = {
        (found.importer, found.module)
        for found in _imports()
        if found.module in _modules() and _ORDER.index(_unit(found.module)) > _ORDER.index(_unit(found.importer))
    }
    assert against == _AGAINST_THE_ORDER


def test_no_two_modules_import_each_other() -> None:
    uses = {
        name: {i.module for i in _imports() if i.importer == name and i.module in _modules()} for name in _modules()
    }
    left = {name: used - {name} for name, used in uses.items()}
    left["mnistspec.catalogue.generate"] -= {"mnistspec.json_schema"}
    while ready := [name for name, used in left.items() if not used]:
        left = {name: used - set(ready) for name, used in left.items() if name not in ready}
    assert left == {}


def test_keras_comes_in_only_where_models_are_built_loaded_or_trained() -> None:
    importers = {found.importer for found in _imports() if found.module.split(".")[0] in _KERAS}
    assert {name for name in importers if not _within(name, _KERAS_ROOMS)} == set()


# Commands are imported by name when they are called.
_CALLED = sorted(f"mnistspec.cli.{place.partition(':')[0]}" for place in COMMANDS.values())


@pytest.mark.parametrize("start", ["mnistspec.api", "mnistspec.cli.calling", "mnistspec.__main__", *_CALLED])
def test_nothing_heavy_is_imported_at_the_start(start: str) -> None:
    reached, waiting = set(_started_by(start)), list(_started_by(start))
    heavy: set[tuple[str, str]] = set()
    while waiting:
        importer = waiting.pop()
        for found in _imports():
            if found.importer != importer or not found.at_start:
                continue
            if found.module.split(".")[0] in _HEAVY:
                heavy.add((importer, found.module))
            fresh = set(_started_by(found.module)) - reached
            reached |= fresh
            waiting.extend(fresh)
    assert heavy == set()
    assert len(reached) > 2, "nothing was looked at"


def test_nothing_is_evaluated_unpickled_or_caught_in_silence() -> None:
    for name, path in _modules().items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec"), f"{name}:{node.lineno}"
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert not {"pickle", "marshal", "shelve"} & set(_named(node)), f"{name}:{node.lineno}"
            if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) == "Exception"):
                assert not all(isinstance(line, ast.Pass) for line in node.body), f"{name}:{node.lineno}"
